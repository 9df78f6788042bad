"""Format control («ФЛК») of one document: the straight road of a right one, and the order of the rules.

The gateway calls `check` for every document before it answers, so a right receipt must cost microseconds: one
look-up of the shape of its tags, one of the shape of each item, one of the enumerated values together, and the
arithmetic of `lines`. Rules proper run only where a tag they are about is present.
"""

from __future__ import annotations

from typing import Any, Final

from chekhov.ffd.checks import receipts, requisites
from chekhov.ffd.checks.case import Case, Values, key_of, reads_as_bytes, unreadable_dropped
from chekhov.ffd.checks.finding import NOTHING_KNOWN, SEVERITIES, Finding, Known
from chekhov.ffd.checks.lines import lines_check
from chekhov.ffd.checks.nested import faults_tell, group_check, nodes_judge, values_judge
from chekhov.ffd.checks.plans import ITEM_TAG, VAT_SUMS_TAG, Plan, document_plan
from chekhov.ffd.checks.sums import usual_vat_sums
from chekhov.ffd.documents import Document
from chekhov.ffd.versions import DOCUMENT_KINDS, FfdVersion
from chekhov.tlv import Defect, Nodes, Plain

FINDINGS_MAX: Final = 200
"""Of a document full of nonsense only so many findings are kept, the gravest first."""

_MODERN: Final = FfdVersion.V1_05
_GRAVITY: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_VERSIONS: Final[dict[Any, FfdVersion]] = {int(version): version for version in FfdVersion}

# Documents without 1209: their version is told by what they carry, or there is only one.
_ACK: Final = 7
_MARKING_MESSAGES: Final = frozenset({81, 82, 83, 84})


def check(document: Document, known: Known = NOTHING_KNOWN) -> list[Finding]:
    """Everything that is wrong with a document, the gravest first; an empty list for a right one.

    `known`: facts from outside, see `Known`. Never raises for a decoded document, whatever its bytes.
    """
    first: Values = document.first
    nodes = document.nodes
    items = [node for node in nodes.plain() if node[0] == ITEM_TAG] if ITEM_TAG in first else []
    version = _VERSIONS.get(first.get(1209)) or _version_told(document)
    tags = tuple(first)
    if len(tags) != len(nodes) - (len(items) - 1 if items else 0):
        tags = tuple([node[0] for node in nodes.plain() if node[0] != ITEM_TAG] + [ITEM_TAG] * bool(items))
    plan = document_plan(document.code, version, tags)
    spoilt = bool(document.defects)
    if spoilt:
        first = unreadable_dropped(first)
    case = Case(document, known, first, items)
    if plan.faults:
        faults_tell(case, plan, "")
    if plan.repeats:
        nodes_judge(case, plan, nodes, "")
    elif plan.pick is not None and (spoilt or plan.pick(first) not in plan.good):
        values_judge(case, plan, first, "")
    if spoilt:
        _defects(case)
    if not requisites.requisites_fine(first.get(1041), first.get(1037), first.get(1018), first.get(1203)):
        requisites.repeated_requisites(case, version)
    if version is None or version < _MODERN:
        _older(case)
    else:
        _modern(case, plan, version, items)
    found = case.found
    if len(found) > 1:
        found.sort(key=lambda finding: _GRAVITY[finding.severity])
        del found[FINDINGS_MAX:]
    return found


def _version_told(document: Document) -> FfdVersion | None:
    """Version by which to judge a document whose 1209 is absent or unknown; None when nothing tells it."""
    if document.code in _MARKING_MESSAGES:
        return FfdVersion.V1_2
    if document.code == _ACK:
        return FfdVersion.V1_05 if {1022, 1068} & document.first.keys() else FfdVersion.V1_2
    return None


def _modern(case: Case, plan: Plan, version: FfdVersion, items: list[Plain]) -> None:
    """Rules of FFD 1.05 and later, beyond tags and single values."""
    if VAT_SUMS_TAG in case.first:
        case.vat_sums = usual_vat_sums(case.first[VAT_SUMS_TAG])
        if case.vat_sums is None or plan.repeats:
            for node in case.document.nodes.plain():
                if node[0] == VAT_SUMS_TAG:
                    group_check(case, node, version, "")
    if items:
        lines_check(case, version, items)
    for part in plan.parts:
        part(case)
    if plan.groups:
        for node in case.document.nodes.plain():
            if node[0] in plan.groups:
                group_check(case, node, version, "")
    if plan.masked:
        requisites.text_masks(case, case.first, "")
    known = case.known
    if known.taxation is not None:
        receipts.taxation_registered(case)
    issued_at = case.first.get(1012)
    if issued_at is not None and (known.received_at is not None or issued_at < requisites.DATA_SENT_FROM):
        requisites.issued_at_bounds(case)


def _older(case: Case) -> None:
    """Neither 1.05 nor 1.1 nor 1.2: say so, and judge no further."""
    stated = case.first.get(1209)
    if case.document.code not in DOCUMENT_KINDS:
        case.add("document_unknown", None, f"код {case.document.code}")
    elif isinstance(stated, int) and stated > FfdVersion.V1_2:
        case.add("version_unknown", 1209, f"получено {stated}")
    else:
        case.add("version_legacy", 1209)


def _defects(case: Case) -> None:
    """Values that reading could not make sense of, as findings."""
    for defect in case.document.defects[:FINDINGS_MAX]:
        if defect.code == "document_too_long":
            case.add("document_too_long", None, f"{len(case.document.raw)} байт")
            continue
        within, node = _place(case.document, defect)
        tag = defect.path[-1]
        stays_bytes = node is not None and isinstance(node[3], bytes) and not reads_as_bytes(tag)
        code = "value_malformed" if defect.code == "bad_number" or stays_bytes else "value_length"
        case.add(code, tag, f"{len(node[2])} байт" if node is not None else "", within=within)


def _place(document: Document, defect: Defect) -> tuple[str, Plain | None]:
    """Path of the level a defect stands on, and its node, found by the offset."""
    words: list[str] = []
    level = document.nodes
    for tag in defect.path[:-1]:
        inside = [node for node in level.plain() if node[0] == tag and node[1] < defect.offset]
        group = inside[-1][3] if inside else None
        if not isinstance(group, Nodes):
            return ".".join(words), None
        words.append(f"items[{len(inside) - 1}]" if tag == ITEM_TAG else key_of(tag))
        level = group
    return ".".join(words), next((node for node in level.plain() if node[1] == defect.offset), None)
