"""Rules of reports: registration, shifts, state, close of the drive. Each looks at one document only.

The counters have no text of law at hand: their equations are the natural ones, hence notices.
Sources: ФФД, 1111, 1118, 1129…1134, 1144…1146, 1157, 1158, 1194, 1201, 1232, 1233.
"""

from __future__ import annotations

from typing import Any, Final

from chekhov.ffd.checks.case import Case, Values, key_of, values_of
from chekhov.tlv import Nodes

_OPERATIONS: Final = (1129, 1130, 1131, 1132)
_CORRECTIONS: Final = (1145, 1146, 1232, 1233)
_MEANS: Final = (1136, 1138, 1218, 1219, 1220)
_REREGISTRATION: Final = 11
_FFD_1_05: Final = 2
_REPORTS_OF_SHIFT: Final = 2  # its own opening and closing


def registration(case: Case) -> None:
    """Modes that ask for a requisite, and versions that must not be passed by the document's own."""
    first = case.first
    if first.get(1001) == 1 and not str(first.get(1036, "")).strip():
        case.add("machine_number_missing", 1036)
    if first.get(1002) == 0:
        for tag in (1017, 1046):
            if not str(first.get(tag, "")).strip():
                case.add("operator_missing", tag)
    version = case.number(1209)
    for tag in (1189, 1190):
        if tag in first and case.number(tag) < version:
            case.add("versions_order", tag, f"ожидалось не меньше {version}, получено {case.number(tag)}")
    if case.document.code == _REREGISTRATION:
        tag = 1101 if case.document.version == _FFD_1_05 else 1205
        if not case.number(tag):
            case.add("reason_missing", tag)


def shift_close(case: Case) -> None:
    """Counts of a close report: 1111 holds the receipts of 1118 and the two reports of the shift itself."""
    first = case.first
    documents, receipts = first.get(1111), first.get(1118)
    if isinstance(documents, int) and isinstance(receipts, int):
        if documents < receipts:
            case.add("documents_fewer", 1111, f"ожидалось не меньше {receipts}, получено {documents}")
        elif documents < receipts + _REPORTS_OF_SHIFT:
            expected = receipts + _REPORTS_OF_SHIFT
            case.add("documents_count", 1111, f"ожидалось не меньше {expected}, получено {documents}")


def unsent(case: Case) -> None:
    """A count of unsent documents goes with the date of the first."""
    if case.number(1097) and 1098 not in case.first:
        case.add("unsent_date_missing", 1098)


def counters(case: Case) -> None:
    """1157, 1194 and 1158: totals against their parts, and the shift against the drive."""
    levels: dict[int, Values] = {}
    for tag in (1157, 1194):
        group = case.first.get(tag)
        if isinstance(group, Nodes):
            levels[tag] = values_of(group)
            _totals(case, levels[tag], key_of(tag))
    unsent_group = case.first.get(1158)
    if isinstance(unsent_group, Nodes):
        _corrections(case, values_of(unsent_group), key_of(1158))
    if len(levels) > 1:
        _shift_within_drive(case, levels[1194], levels[1157])


def _totals(case: Case, values: Values, within: str) -> None:
    expected = 0
    complete = True
    for tag in _OPERATIONS:
        group = _group(values, tag)
        if group is None:
            continue
        complete = complete and isinstance(group.get(1135), int)
        expected += _number(group, 1135)
        _means(case, group, f"{within}.{key_of(tag)}")
    corrections = _group(values, 1133)
    if corrections is not None:
        complete = complete and isinstance(corrections.get(1144), int)
        expected += _number(corrections, 1144)
        _corrections(case, corrections, f"{within}.{key_of(1133)}")
    stated = values.get(1134)
    if isinstance(stated, int) and complete and stated != expected:
        case.add("counter_receipts", 1134, f"ожидалось {expected}, получено {stated}", within=within)


def _corrections(case: Case, values: Values, within: str) -> None:
    expected = 0
    complete = True
    for tag in _CORRECTIONS:
        group = _group(values, tag)
        if group is None:
            continue
        complete = complete and isinstance(group.get(1135), int)
        expected += _number(group, 1135)
        _means(case, group, f"{within}.{key_of(tag)}")
    stated = values.get(1144)
    if isinstance(stated, int) and complete and stated != expected:
        case.add("counter_corrections", 1144, f"ожидалось {expected}, получено {stated}", within=within)


def _means(case: Case, group: Values, within: str) -> None:
    stated = group.get(1201)
    if not isinstance(stated, int):
        return
    expected = sum(_number(group, tag) for tag in _MEANS)
    if stated != expected:
        case.add("counter_total", 1201, f"ожидалось {expected}, получено {stated}", within=within)


def _shift_within_drive(case: Case, shift: Values, drive: Values) -> None:
    """The drive has seen all that the shift has."""
    if _number(shift, 1134) > _number(drive, 1134) and 1134 in drive:
        case.add("counter_drive", 1134, _more(shift[1134], drive[1134]), within=key_of(1194))
    for tag in _OPERATIONS:
        inner, outer = _group(shift, tag), _group(drive, tag)
        if inner is None or outer is None:
            continue
        for part in (1135, 1201):
            if part in outer and _number(inner, part) > _number(outer, part):
                within = f"{key_of(1194)}.{key_of(tag)}"
                case.add("counter_drive", part, _more(inner[part], outer[part]), within=within)


def _more(shift: Any, drive: Any) -> str:
    return f"за смену {shift}, по ФН {drive}"


def _group(values: Values, tag: int) -> Values | None:
    group = values.get(tag)
    return values_of(group) if isinstance(group, Nodes) else None


def _number(values: Values, tag: int) -> int:
    value = values.get(tag, 0)
    return value if isinstance(value, int) else 0
