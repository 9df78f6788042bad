from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.checks import check
from chekhov.ffd.checks.vat import vat_table
from chekhov.values import line_sum, vat_inside
from ffd.checks import samples as s

CONFIRMED = json.loads((s.VECTORS / "totals-and-vat.json").read_text(encoding="utf-8"))


def codes_of(fields: s.Fields, code: int = 3) -> set[str]:
    return {finding.code for finding in check(s.document(code, fields))}


def paid(lines: list[s.Fields], total: int, *more: tuple[int, object], issued_at: datetime) -> s.Fields:
    fields = s.drop(s.receipt(issued_at=issued_at), 1059, 1103)
    for tag in (1020, 1081):
        fields = s.put(fields, tag, total)
    return [*fields, *more, *((1059, line) for line in lines)]


@pytest.mark.parametrize(
    "line", CONFIRMED["line_sums"], ids=lambda line: f"{line['price']}×{line['quantity']}"
)
def test_published_lines_are_right(line: dict[str, object]):
    fields = paid(
        [s.item(4, price=line["price"], quantity=line["quantity"], line=line["sum"], code=6, percent=0)],
        line["sum"],
        (1105, line["sum"]),
        issued_at=s.local(2024, 9, 17),
    )
    assert codes_of(fields) == set()


@pytest.mark.parametrize("vat", CONFIRMED["vat"], ids=lambda vat: f"{vat['base']} at {vat['code']}")
def test_published_taxes_are_right(vat: dict[str, int]):
    tag = {2: 1103, 4: 1107}.get(vat["code"])
    total = (tag, vat["vat"]) if tag else (1115, [(1119, [(1199, vat["code"]), (1120, vat["vat"])])])
    item = s.put(
        s.item(4, price=vat["base"], quantity="1", line=vat["base"], code=vat["code"], percent=0),
        1200,
        vat["vat"],
    )
    assert codes_of(paid([item], vat["base"], total, issued_at=s.local(2026, 10, 8))) == set()


MOMENTS = st.sampled_from(
    [s.local(2018, 5, 1), s.local(2022, 5, 1), s.local(2025, 5, 1), s.local(2026, 5, 1)]
)


@st.composite
def right_receipts(draw: st.DrawFn) -> s.Fields:
    """Receipts whose sums are those that the law's formulas give."""
    issued_at = draw(MOMENTS)
    table = vat_table(issued_at)
    lines: list[s.Fields] = []
    bases: dict[int, int] = {}
    for _ in range(draw(st.integers(1, 5))):
        code = draw(st.sampled_from(sorted(table.in_force)))
        price = draw(st.integers(0, 10**6))
        quantity = Decimal(draw(st.integers(1, 10**7))).scaleb(-draw(st.integers(0, 6)))
        line = line_sum(price, quantity)
        lines.append(
            s.item(4, price=price, quantity=str(quantity), line=line, code=code, percent=table.percents[code])
        )
        bases[code] = bases.get(code, 0) + line
    tags = {1: 1102, 2: 1103, 3: 1106, 4: 1107, 5: 1104, 6: 1105}
    totals: list[tuple[int, object]] = []
    grouped: list[tuple[int, object]] = []
    for code, base in bases.items():
        tax = base if code in {5, 6} else vat_inside(base, table.percents[code])
        if code in tags:
            totals.append((tags[code], tax))
        else:
            grouped.append((1119, [(1199, code), (1120, tax)]))
    if grouped:
        totals.append((1115, grouped))
    return paid(lines, sum(bases.values()), *totals, issued_at=issued_at)


@given(right_receipts())
@settings(max_examples=150, deadline=None)
def test_right_arithmetic_is_never_blamed(fields: s.Fields):
    assert codes_of(fields) == set()


@given(right_receipts(), st.integers(100, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_total_off_by_a_rouble_is_always_found(fields: s.Fields, difference: int):
    total = dict(fields)[1020] + difference
    assert {"total_sum", "payments_sum"} <= codes_of(s.put(fields, 1020, total))


@given(right_receipts(), st.integers(3, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_tax_off_by_kopecks_is_always_found(fields: s.Fields, difference: int):
    place = next(index for index, (tag, _) in enumerate(fields) if tag == 1059)
    line = dict(fields[place][1])
    fields[place] = (1059, s.put(fields[place][1], 1200, line.get(1200, 0) + difference))
    assert "vat_line" in codes_of(fields)


def one_line(issued_at: datetime, code: int, **changes: int) -> s.Fields:
    percent = vat_table(issued_at).percents[code]
    tax = vat_inside(10000, percent)
    totals = (1102, tax) if code == 1 else (1115, [(1119, [(1199, code), (1120, tax)])])
    fields = paid(
        [s.item(4, price=10000, quantity="1", line=10000, code=code, percent=percent)],
        10000,
        totals,
        issued_at=issued_at,
    )
    for tag, value in changes.items():
        fields = s.put(fields, int(tag[1:]), value)
    return fields


def test_twenty_percent_in_2026_is_right_only_for_what_was_sold_before():
    after = s.local(2026, 2, 1)
    assert codes_of(one_line(after, 1)) == {"vat_not_in_force"}
    assert codes_of(one_line(after, 1, t1054=2)) == set()
    credit = one_line(after, 1)
    place = next(index for index, (tag, _) in enumerate(credit) if tag == 1059)
    credit[place] = (1059, s.put(credit[place][1], 1214, 7))
    assert codes_of(credit) == set()


def test_twenty_two_percent_is_not_right_before_2026_even_in_a_return():
    assert codes_of(one_line(s.local(2025, 12, 31, 23, 59), 11, t1054=2)) == {"vat_not_in_force"}
    assert codes_of(one_line(s.local(2026, 1, 1), 11)) == set()


def test_code_one_means_eighteen_percent_before_2019():
    assert codes_of(one_line(s.local(2018, 12, 31), 1)) == set()
    assert vat_inside(10000, 18) != vat_inside(10000, 20)


def test_a_discount_spread_over_pieces_is_a_notice_and_not_an_error():
    # 299,99 for three pieces: the price of one is rounded to 100,00
    fields = paid(
        [s.item(4, price=10000, quantity="3", line=29999, code=6, percent=0)],
        29999,
        (1105, 29999),
        issued_at=s.local(2024, 9, 17),
    )
    assert [(finding.code, finding.severity) for finding in check(s.document(3, fields))] == [
        ("line_sum_rounding", "notice")
    ]


def test_finding_tells_the_place_the_expected_and_the_received():
    fields = s.receipt()
    last = len(fields) - 1
    assert fields[last][0] == 1059
    fields[last] = (1059, s.put(fields[last][1], 1043, 20000))
    finding = next(one for one in check(s.document(3, fields)) if one.code == "line_sum")
    assert finding.path == "receipt.items[1].sum"
    assert finding.tag == 1043
    assert finding.text_ru.endswith("ожидалось 24737.526, получено 20000")


def test_correction_of_105_without_items_is_judged_by_its_payments_only():
    fields = s.drop(s.receipt(2, code=31), 1059)
    assert codes_of(fields, 31) == set()
    assert codes_of(s.put(fields, 1081, 1), 31) == {"payments_sum"}


def test_part_of_a_marked_package_is_not_multiplied():
    fields = s.drop(s.receipt(), 1059)
    part = [(1291, [(1292, "1/2"), (1293, 1), (1294, 2)])]
    item = [*s.item(4, price=9999, quantity="1", line=5000, percent=0, code=6), *part]
    fields = [*fields, (1059, item)]
    assert "line_sum" not in codes_of(fields)


def with_group(*members: tuple[int, object], times: int = 1) -> s.Fields:
    """A receipt of 22 % whose 1115 is as given."""
    fields = s.drop(one_line(s.local(2026, 5, 5), 11), 1115)
    return [*fields, *[(1115, list(members))] * times]


def test_sums_of_vat_as_they_should_be():
    assert codes_of(with_group((1119, [(1120, 1803), (1199, 11)]))) == set()


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (with_group((1119, [(1199, 11), (1120, 1803)]), times=2), {"tag_repeated"}),
        (with_group((1119, [(1199, 11), (1120, 1803), (9999, b"?")])), {"tag_unknown"}),
        (with_group((1119, [(1199, 11), (1120, 1803)]), (9999, b"?")), {"tag_unknown"}),
        (with_group((1119, [(1199, 11), (1120, 1000)]), (1119, [(1199, 11), (1120, 803)])), {"vat_group"}),
        (with_group((1119, [(1199, 11), (1120, 1700)])), {"vat_total"}),
        (with_group((1119, [(1199, 11), (1120, 1803)]), (1119, [(1199, 7), (1120, 5)])), {"vat_total_extra"}),
        (with_group((1119, [(1199, 77), (1120, 1803)])), {"vat_code_unknown", "vat_total_missing"}),
        (with_group((1119, [(1120, 1803)])), {"vat_group", "vat_total_missing"}),
        (with_group(), {"vat_total_missing"}),
    ],
)
def test_sums_of_vat_out_of_order(group: s.Fields, expected: set[str]):
    assert codes_of(group) == expected


@pytest.mark.parametrize(
    ("quantity", "line", "expected"),
    [
        ("1.5", 2, set()),  # a half goes up
        ("1.5", 1, {"line_sum_rounding"}),
        ("1.4", 1, set()),
        ("1.4", 2, {"line_sum_rounding"}),
        ("1.499999", 1, set()),
        ("1.499999", 2, {"line_sum_rounding"}),
        ("1.5", 4, {"line_sum"}),
    ],
)
def test_rounding_of_a_line_at_its_edges(quantity: str, line: int, expected: set[str]):
    item = s.item(4, price=1, quantity=quantity, line=line, code=6, percent=0)
    assert codes_of(paid([item], line, (1105, line), issued_at=s.EVENING)) == expected
