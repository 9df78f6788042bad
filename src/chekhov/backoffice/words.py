"""How the numbers of the journal look on pages: states with their words, names of documents and operations."""

from __future__ import annotations

from chekhov.face.cells import State
from chekhov.ffd.checks.finding import Severity
from chekhov.ffd.printing import title_of
from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal.verdicts import ALARMS, Reason, SignMark, Verdict

VERDICT_STATES: dict[int, State] = {
    Verdict.CLEAN: State("fine", "Принят"),
    Verdict.FINDINGS: State("attention", "Принят, ошибки ФЛК"),
    Verdict.UNRECOGNISED: State("danger", "Не распознан"),
}

SIGN_STATES: dict[int, State] = {
    SignMark.VERIFIED: State("fine", "Подпись проверена", "shield-lock"),
    SignMark.UNVERIFIED: State("quiet", "Подпись не проверена", "shield-lock"),
    SignMark.MISMATCH: State("danger", "Подпись не сходится", "shield-lock"),
}

SEVERITY_STATES: dict[Severity, State] = {
    "error": State("danger", "Ошибка"),
    "warning": State("attention", "Предупреждение"),
    "notice": State("quiet", "Замечание"),
}

UNIDENTIFIED = State("attention", "Неопознанная", "help-circle")
TEST_DRIVE = State("quiet", "Тестовый", "flask")


def document_name(code: int) -> str:
    """The document's name as it is printed."""
    return title_of(code)


def version_name(ffd: int | None) -> str:
    """«1.05» for the number of tag 1209; a dash when unknown."""
    try:
        return FfdVersion(ffd).label if ffd is not None else "—"
    except ValueError:
        return str(ffd)


def reason_state(reason: str) -> State:
    """Why something lies in the quarantine; reasons to be looked at now are told apart."""
    try:
        known = Reason(reason)
    except ValueError:
        return State("quiet", reason)
    return State("danger" if known in ALARMS else "quiet", known.label)
