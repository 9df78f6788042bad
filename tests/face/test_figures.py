import datetime as dt

import pytest

from chekhov.face.figures import (
    blocks_text,
    count_text,
    duration_text,
    hex_text,
    moment_text,
    plural,
    price_text,
    size_text,
    sum_text,
)

THIN, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("kopecks", "text"),
    [
        (0, "0,00 ₽"),
        (1, "0,01 ₽"),
        (99, "0,99 ₽"),
        (-1, "−0,01 ₽"),
        (-150, "−1,50 ₽"),
        (123_456, "1_234,56 ₽"),
        (123_456_789_01, "123_456_789,01 ₽"),
    ],
)
def test_sum(kopecks: int, text: str) -> None:
    assert sum_text(kopecks) == text.replace(" ", FIXED).replace("_", THIN)


def test_count_has_thin_spaces_that_do_not_break() -> None:
    assert count_text(1_234_567) == f"1{THIN}234{THIN}567"
    assert count_text(-1000) == f"−1{THIN}000"
    assert count_text(999) == "999"


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("9999078900001234", "9999 0789 0000 1234"),
        ("999907890000123", "9999 0789 0000 123"),
        ("7707083893", "7707083893"),
        ("0072471600", "0072471600"),
        ("ABCD078900001234", "ABCD078900001234"),
        ("", ""),
    ],
)
def test_blocks_of_four_only_for_drives_and_registers(digits: str, text: str) -> None:
    assert blocks_text(digits) == text.replace(" ", FIXED)


def test_moment() -> None:
    moment = dt.datetime(2017, 10, 30, 11, 7, 5)  # noqa: DTZ001
    assert moment_text(moment) == "30.10.2017 11:07"
    assert moment_text(moment, seconds=True) == "30.10.2017 11:07:05"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "менее 1 с"),
        (1, "1 с"),
        (59.9, "59 с"),
        (60, "1 мин"),
        (3599, "59 мин"),
        (3600, "1 ч"),
        (7800, "2 ч 10 мин"),
        (86_400, "1 дн"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration_text(seconds).replace(FIXED, " ") == text


@pytest.mark.parametrize(
    ("number", "word"),
    [(0, "касс"), (1, "касса"), (2, "кассы"), (4, "кассы"), (5, "касс"), (11, "касс"), (12, "касс"),
     (14, "касс"), (21, "касса"), (22, "кассы"), (111, "касс"), (1001, "касса")],
)  # fmt: skip
def test_plural(number: int, word: str) -> None:
    assert plural(number, "касса", "кассы", "касс") == word


def test_size_and_hex() -> None:
    assert size_text(1) == f"1{FIXED}байт"
    assert size_text(2) == f"2{FIXED}байта"
    assert hex_text(b"\x00\xff") == "00 ff"
    assert hex_text(bytes(70), bytes_max=64).endswith(f"… ещё 6{FIXED}байт")
    assert hex_text(bytes(64), bytes_max=64).count("00") == 64


def test_a_whole_price_has_no_kopecks() -> None:
    assert price_text(250_000) == f"2{THIN}500{FIXED}₽"
    assert price_text(250_050) == f"2{THIN}500,50{FIXED}₽"
    assert price_text(0) == f"0{FIXED}₽"
