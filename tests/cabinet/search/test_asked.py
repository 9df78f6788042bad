"""What is typed into the one box, in the spellings people use."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.cabinet.search.asked import CHARACTERS_MAX, SumOnDay, asked_read

TODAY = dt.date(2026, 11, 22)
DAY = dt.date(2026, 11, 15)


@pytest.mark.parametrize(
    "typed",
    [
        "1234,50 15.11.2026",
        "1 234.50 15.11.26",
        "15.11.2026 1234,5",
        "2026-11-15 1234.50 ₽",
        "1234,50 руб. от 15.11.2026",
        "1\u202f234,50\u00a0₽ 15.11",
        "сумма 1234,50 на 15/11/2026",
        "  1234.50 р  15.11.2026  ",
    ],
)
def test_sum_with_date(typed: str) -> None:
    assert asked_read(typed, today=TODAY).sum_on_day == SumOnDay(123_450, DAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("88 16.11.2026", SumOnDay(8_800, dt.date(2026, 11, 16))),
        ("0,01 31.12", SumOnDay(1, dt.date(2025, 12, 31))),  # not come yet this year
        ("100 22.11", SumOnDay(10_000, TODAY)),
    ],
)
def test_other_sums(typed: str, expected: SumOnDay) -> None:
    assert asked_read(typed, today=TODAY).sum_on_day == expected


@pytest.mark.parametrize(
    "typed", ["15.11.2026", "1234,50", "100 31.02.2026", "100 32.11", "ул. 15.11.2026", "12-15 15.11"]
)
def test_no_sum_with_date(typed: str) -> None:
    assert asked_read(typed, today=TODAY).sum_on_day is None


def test_digits_alone_are_a_fiscal_sign_or_a_number() -> None:
    asked = asked_read("0123456789", today=TODAY)
    assert (asked.fpd, asked.fd) == (123_456_789, 123_456_789)
    assert asked_read("9999999999", today=TODAY).fpd is None  # beyond four bytes


@pytest.mark.parametrize(
    ("typed", "fd", "fpd"),
    [
        ("ФПД 1168453787", None, 1168453787),
        ("ФП: 42", None, 42),
        ("ФД №17", 17, None),
        ("фд 30526", 30526, None),
    ],
)
def test_numbers_with_their_name(typed: str, fd: int | None, fpd: int | None) -> None:
    asked = asked_read(typed, today=TODAY)
    assert (asked.fd, asked.fpd) == (fd, fpd)


@pytest.mark.parametrize("typed", ["9999078900007432 16", "ФН 9999078900007432 ФД 16", "9999078900007432/16"])
def test_drive_and_number(typed: str) -> None:
    asked = asked_read(typed, today=TODAY)
    assert (asked.drive, asked.fd, asked.is_exact) == ("9999078900007432", 16, True)


def test_qr() -> None:
    asked = asked_read("t=20240917T1801&s=1285.21&fn=7281440500751551&i=30526&fp=1168453787&n=1", today=TODAY)
    assert asked.qr is not None
    assert asked.qr.fd_number == 30526
    assert asked.is_exact


@pytest.mark.parametrize("typed", ["", " ", "a", "\0\0\0", "x" * (CHARACTERS_MAX + 1)])
def test_too_short_too_long_or_unprintable(typed: str) -> None:
    assert asked_read(typed, today=TODAY).text == ""


@given(st.text(max_size=60))
def test_anything_is_read(typed: str) -> None:
    asked_read(typed, today=TODAY)


@given(st.text(alphabet="0123456789 .,-/₽рФДПНфн№=&tsip", max_size=40))
def test_anything_like_numbers_is_read(typed: str) -> None:
    asked_read(typed, today=TODAY)
