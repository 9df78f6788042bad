from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.errors import Malformed
from chekhov.ffd.checks import FINDINGS_MAX, RULES, Known, check, plans, worst
from chekhov.ffd.checks.plans import SHAPE_TAGS_MAX, USUAL_ITEMS, document_plan
from chekhov.ffd.documents import document_decode
from chekhov.ffd.printing import printed, tree
from chekhov.ffd.tags import TAGS
from chekhov.ffd.versions import FfdVersion
from ffd.checks import samples as s

BYTES = [document.raw for document in (*s.right_documents().values(), *s.published().values())]
KNOWN = Known(datetime(2024, 9, 20, tzinfo=UTC), taxation=1, kkt_serial="1")


def examine(data: bytes) -> None:
    """All that looks at a decoded document gives an answer or our own error, and the answer is in order."""
    try:
        document = document_decode(data)
    except Malformed:
        return
    findings = check(document, KNOWN)
    for finding in findings:
        rule = RULES[finding.code]
        assert (finding.severity, finding.source) == (rule.severity, rule.source)
    assert check(document, KNOWN) == findings
    sheet = printed(document)
    assert sorted(sheet.tags) == sorted(node.tag for node in document.nodes)
    assert len(tree(document)) >= len(document.nodes)


@given(st.sampled_from(BYTES), st.data())
@settings(max_examples=200, deadline=None)
def test_spoilt_bytes_are_judged_without_a_crash(data: bytes, draw: st.DataObject):
    spoilt = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        spoilt[draw.draw(st.integers(4, len(spoilt) - 1))] = draw.draw(st.integers(0, 255))
    examine(bytes(spoilt))


def elements(depth: int) -> st.SearchStrategy[bytes]:
    plain = st.builds(s.tlv, st.sampled_from(sorted(TAGS)), st.binary(max_size=14))
    if not depth:
        return plain
    groups = st.sampled_from(sorted(number for number, tag in TAGS.items() if tag.kind.name == "STLV"))
    nested = st.builds(s.tlv, groups, st.lists(elements(depth - 1), max_size=6).map(b"".join))
    return st.one_of(plain, nested)


@given(
    st.sampled_from([1, 11, 2, 21, 3, 31, 4, 41, 5, 6, 7, 81, 82, 83, 84, 500]),
    st.integers(0, 5),
    st.lists(elements(2), max_size=25),
)
@settings(max_examples=200, deadline=None)
def test_any_values_under_known_tags_are_judged_without_a_crash(code: int, version: int, body: list[bytes]):
    examine(s.tlv(code, b"".join([s.tlv(1209, bytes([version])), *body])))


@pytest.mark.parametrize("name", sorted(s.right_documents()))
def test_order_of_tags_does_not_matter(name: str):
    document = s.right_documents()[name]
    body = b"".join(s.tlv(node.tag, node.raw) for node in reversed(document.nodes))
    assert check(document_decode(s.tlv(document.code, body))) == []


def test_the_gravest_come_first():
    fields = s.put(s.drop(s.receipt(), 1187), 1054, 9)
    severities = [finding.severity for finding in check(s.document(3, [*fields, (1206, 0)]))]
    assert severities == ["error", "warning", "notice"]


def test_nonsense_does_not_fill_the_store():
    extra = b"".join(s.tlv(20_000 + number, b"") for number in range(1_000))
    findings = check(s.document(3, s.drop(s.receipt(), 1077), extra))
    assert len(findings) == FINDINGS_MAX
    assert findings[0].code == "identity_missing"


def test_many_strange_shapes_do_not_fill_the_memory():
    for number in range(3_000):
        item = s.tlv(1059, s.tlv(30_000 + number, b""))
        check(document_decode(s.tlv(3, s.tlv(1209, b"\4") + s.tlv(40_000 + number, b"") + item)))
    assert len(USUAL_ITEMS[FfdVersion.V1_2]) <= 1_024
    assert plans._document_plan_kept.cache_info().currsize <= 1_024
    assert plans._group_plan_kept.cache_info().currsize <= 1_024


def test_a_long_shape_is_not_kept():
    tags = tuple(range(50_000, 50_000 + SHAPE_TAGS_MAX + 1))
    assert document_plan(3, FfdVersion.V1_2, tags) is not document_plan(3, FfdVersion.V1_2, tags)
    assert document_plan(3, FfdVersion.V1_2, tags[:-1]) is document_plan(3, FfdVersion.V1_2, tags[:-1])


def test_a_value_found_good_once_is_still_judged_with_others():
    assert check(s.document(3, s.receipt())) == []
    assert {finding.code for finding in check(s.document(3, s.put(s.receipt(), 1054, 9)))} == {
        "operation_unknown"
    }
    assert check(s.document(3, s.receipt())) == []


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        (datetime(2024, 9, 17, 15, 1, tzinfo=UTC), False),
        (datetime(2024, 9, 16, 6, 1, tzinfo=UTC), False),  # 36 hours: the easternmost zone and a day
        (datetime(2024, 9, 16, 6, 0, tzinfo=UTC), True),
        (datetime(2024, 9, 16, 9, 0, tzinfo=timezone(timedelta(hours=3))), True),
        (datetime(2024, 9, 16, 9, 1, tzinfo=timezone(timedelta(hours=3))), False),
    ],
)
def test_date_in_the_future_of_its_arrival(received_at: datetime, expected: bool):
    findings = check(s.document(3, s.receipt()), Known(received_at=received_at))
    assert bool(findings) is expected


def test_second_of_two_operators_answers_is_judged_too():
    fields = [*s.drop(s.registration(2, 11), 1101), (1101, 1), (1101, 9)]
    assert [finding.code for finding in check(s.document(11, fields))] == ["value_unlisted"]


def test_a_place_inside_an_item_is_told_by_its_index():
    first = s.tlv(1059, b"".join(s.tlv(tag, b"") for tag in (1030, 1079, 1023, 1043)))
    spoilt = s.tlv(1059, s.tlv(1023, b"\xff\x01\x02"))
    findings = check(s.document(3, s.drop(s.receipt(), 1059), first, spoilt))
    assert "receipt.items[1].quantity" in {one.path for one in findings if one.code == "value_malformed"}


def test_worst():
    findings = check(s.document(3, s.put(s.receipt(), 1054, 9)))
    assert worst(findings) == "error"
    assert worst([]) is None


def test_all_kinds_of_marked_goods_are_judged_each_time():
    fields = s.receipt()
    last = len(fields) - 1
    fields[last] = (1059, s.put(fields[last][1], 1212, 33))
    for _ in range(2):
        assert [finding.code for finding in check(s.document(3, fields))] == ["product_code_missing"]
