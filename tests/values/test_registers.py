import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.values import BadRequisite, FnSerial, KktSerial, RegistrationNumber

VECTORS = Path(__file__).parents[1] / "vectors"
NUMBERS = json.loads((VECTORS / "rnm-checksum.json").read_text("utf-8"))["vectors"]


@pytest.mark.parametrize("vector", NUMBERS, ids=lambda vector: vector["rnm"])
def test_check_of_the_registration_number(vector):
    number = RegistrationNumber(vector["rnm"])
    assert number.check_digits_match(vector["inn"], vector["kkt_serial"]) is vector["valid"]
    composed = RegistrationNumber.compose(int(vector["first_part"]), vector["inn"], vector["kkt_serial"])
    assert (composed == number) is vector["valid"]
    assert composed.sequence == int(vector["first_part"])


def test_leading_zeros_and_padding_of_the_serial_change_nothing():
    number = RegistrationNumber.parse("0007795807 005569    ")
    assert number.check_digits_match("7825706086  ", "105726645591")
    assert not number.check_digits_match("7825706086", "105726645592")


@given(
    st.integers(0, 10**10 - 1),
    st.sampled_from(["7707083893", "500100732259"]),
    st.text("0123456789A", min_size=1, max_size=20),
)
def test_a_composed_number_agrees_with_itself(sequence, inn, serial):
    number = RegistrationNumber.compose(sequence, inn, serial)
    assert len(number) == 16
    assert number.check_digits_match(inn, serial)


@pytest.mark.parametrize("sequence", [-1, 10**10])
def test_sequence_out_of_range(sequence):
    with pytest.raises(BadRequisite):
        RegistrationNumber.compose(sequence, "7707083893", "1")


@pytest.mark.parametrize("text", ["", "000779580700556", "00077958070055690", "000779580700556X"])
def test_registration_number_refused(text):
    with pytest.raises(BadRequisite):
        RegistrationNumber.parse(text)


def test_fn_serial():
    assert FnSerial.parse("9999 0789 0001 1918").is_test
    assert not FnSerial("7281440500751551").is_test
    assert FnSerial.parse("999907891234567 ") == "999907891234567"
    for text in ("", "99990789", "99990789000119181", "9999078900011918X"):
        with pytest.raises(BadRequisite):
            FnSerial.parse(text)


def test_kkt_serial():
    assert KktSerial.parse(" 00106900000001 ") == "00106900000001"
    for text in ("", " ", "1" * 21, "12\n34", " 1"):
        with pytest.raises(BadRequisite):
            KktSerial(text)
