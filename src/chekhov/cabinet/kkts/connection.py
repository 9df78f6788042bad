"""How a register is brought to the operator: parameters, instruction by model, waiting for its report, next steps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chekhov import clock
from chekhov.cabinet.documents.section import pdf_answer
from chekhov.cabinet.kkts.section import (
    Visitor,
    kkt_of,
    register_context,
    registers_page,
    stage_state,
    visitor_of,
)
from chekhov.errors import NotFound
from chekhov.face.cells import Digits, State
from chekhov.face.figures import blocks_text
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page
from chekhov.face.steps import Step
from chekhov.kkt.catalogue import RegisterFamily, families, family_by_key, family_of_model
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import KktLine, kkt_line
from chekhov.kkt.services import rnm_open
from chekhov.kkt.stages import REREGISTRATION, Stage
from chekhov.orgs.selectors import operator_card
from chekhov.papers.connection_guide import ConnectionGuideSheet, ConnectionParameters, connection_guide_pdf
from chekhov.papers.rnm_guide import RnmGuideSheet, rnm_guide_pdf

WAITING = {Stage.AWAITING, Stage.MISMATCH}
DONE = State("fine", "сделано")
AHEAD = State("quiet", "предстоит", "hourglass")


class FamilyNotFound(NotFound):
    """There is no such family of registers in the catalogue."""

    code = "family_not_found"


@registers_page()
def connect(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """Parameters with copy buttons, the instruction, and the part that turns green by itself."""
    visitor, kkt, now = visitor_of(request), kkt_of(request, kkt_id), clock.now()
    line = kkt_line(kkt, now)
    family = _family_asked(request, line)
    parameters = parameters_now()
    context = {
        **register_context(visitor, kkt, "info", Crumb("Подключение")),
        "line": line,
        "parameters": [(word, value, word in {"Порт", "ИНН ОФД"}) for word, value in parameters.lines()],
        "own": own_lines(kkt),
        "families": _families_by_maker(),
        "family": family,
        **_waiting(line),
        "number_word": _number_word(line, visitor),
    }
    fragments = {"kkt-waiting": "cabinet/kkts/waiting.html", "kkt-guide": "cabinet/kkts/guide.html"}
    return page(request, "cabinet/kkts/connect.html", context, fragments=fragments)


@registers_page()
def stage(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The window: what state the register is in and what is to be done next."""
    visitor, kkt = visitor_of(request), kkt_of(request, kkt_id)
    line = kkt_line(kkt, clock.now())
    context = {
        **register_context(visitor, kkt, "info", Crumb("Состояние")),
        "line": line,
        "state": stage_state(line),
        "connecting": line.stage in WAITING,
        "steps": _steps(line) if line.stage in WAITING else [],
        "number_word": _number_word(line, visitor),
    }
    return page(request, "cabinet/kkts/stage.html", context)


@registers_page()
def guide_pdf(request: HttpRequest, kkt_id: int, family_key: str) -> HttpResponse:
    """The instruction for a family of registers, with this register's numbers."""
    kkt, now = kkt_of(request, kkt_id), clock.now()
    family = family_by_key(family_key)
    if family is None:
        raise FamilyNotFound("Такой модели в списке нет", family=family_key)
    sheet = ConnectionGuideSheet(
        family=family.shown,
        parameters=parameters_now(),
        sections=[(part.title, part.steps) for part in family.guide()],
        caution=family.certainty_words,
        name=kkt.name,
        rnm=kkt.rnm or "",
    )
    return pdf_answer(connection_guide_pdf(sheet, made_at=now), f"connection-{family.key}")


@registers_page(deed="connects")
def rnm_guide(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # the same for everybody
    """«Получить РНМ»: how to get the number of the tax service."""
    parameters = parameters_now()
    sheet = RnmGuideSheet(operator_name=parameters.operator_name, operator_inn=parameters.operator_inn)
    return pdf_answer(rnm_guide_pdf(sheet, made_at=clock.now()), "rnm-guide")


def parameters_now() -> ConnectionParameters:
    """What registers are told of this operator."""
    card = operator_card()
    host, port = settings.OFD_PUBLIC
    return ConnectionParameters(
        operator_name=card.name,
        operator_inn=card.inn,
        host=host,
        port=port,
        check_url=f"{settings.PUBLIC_URL}{reverse('receipt_check')}",
    )


def own_lines(kkt: Kkt) -> list[tuple[str, str]]:
    """What the register is told of itself and of its user."""
    lines = [("РНМ", kkt.rnm or ""), ("ИНН пользователя", kkt.organisation.inn)]
    return [(word, value) for word, value in lines if value]


def _family_asked(request: HttpRequest, line: KktLine) -> RegisterFamily | None:
    asked = request.GET.get("family", "")
    return family_by_key(asked) if asked else family_of_model(line.model) if line.model else None


def _families_by_maker() -> list[tuple[str, list[RegisterFamily]]]:
    found: dict[str, list[RegisterFamily]] = {}
    for family in families():
        found.setdefault(family.maker, []).append(family)
    return list(found.items())


def _waiting(line: KktLine) -> dict[str, Any]:
    """The part that asks for itself while the report has not come."""
    return {
        "steps": _steps(line),
        "waits": line.stage in WAITING,
        "mismatch": line.stage == Stage.MISMATCH,
        "state": stage_state(line),
        "waiting_url": reverse("kkt_connect", args=(line.kkt.pk,)),
        "came": [
            ("РНМ", Digits(line.kkt.rnm or "")),
            ("Заводской номер", line.serial),
            ("ФН", Digits(line.drive_serial) if line.drive_serial else ""),
            ("Версия ККТ", line.standing.model),
            ("Адрес", line.address),
        ]
        if line.standing is not None and line.standing.fn is not None
        else [],
    }


def _number_word(line: KktLine, visitor: Visitor) -> str:
    """What the link to the window of the number says; "" where nothing can be done there."""
    if (
        not visitor.connects
        or line.stage not in {*WAITING, Stage.NO_RNM}
        or not rnm_open(line.kkt, clock.now())
    ):
        return ""
    return "Исправить РНМ" if line.kkt.rnm else "Указать РНМ"


def _steps(line: KktLine) -> list[Step]:
    """The way from the entered number to the registered register."""
    again = line.kkt.application_kind == REREGISTRATION
    report = "отчет об изменении параметров регистрации" if again else "отчет о регистрации"
    came = line.stage not in WAITING and line.standing is not None
    card = "карточку о перерегистрации" if again else "карточку регистрации"
    awaited = AHEAD
    told = "Касса ещё не передала отчет. Страница проверяет сама."
    if line.stage == Stage.MISMATCH:
        awaited, told = State("danger", "не подошёл"), "Пришёл отчет, в котором ИНН другой организации."
    return [
        Step("Касса добавлена", line.kkt.created_at, f"РНМ {blocks_text(line.kkt.rnm or 'не указан')}", DONE),
        Step(
            f"Получен {report}",
            line.standing.registered_at if came and line.standing else None,
            "РНМ и ИНН в отчете совпали с указанными." if came else told,
            DONE if came else awaited,
        ),
        Step(
            "Завершена перерегистрация в ФНС" if again else "Завершена регистрация в ФНС",
            None,
            "Внесите данные отчета в личном кабинете ФНС не позднее следующего рабочего дня "
            f"и дождитесь, когда налоговая пришлёт {card}.",
            AHEAD,
        ),
    ]
