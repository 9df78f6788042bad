from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ffd.documents import document_decode, document_encode
from chekhov.ofdwire.confirmation import Confirmation, confirmation_document, confirmation_fields
from chekhov.ofdwire.limits import CONFIRMATION_BYTES_MAX

NOON = dt.datetime.fromisoformat("2026-03-03T12:00:05")
SIGN = bytes(range(18))

confirmations = st.builds(
    Confirmation,
    ffd_version=st.integers(1, 4),
    operator_inn=st.sampled_from(["7704358518", "771234567890"]),
    fn_serial=st.text("0123456789", min_size=15, max_size=16),
    fd_number=st.integers(1, (1 << 24) - 1),
    issued_at=st.integers(0, 10**9).map(lambda seconds: NOON + dt.timedelta(seconds=seconds)),
    response_code=st.sampled_from([0, 11, 14]),
    message_bits=st.integers(0, 127),
)


@given(confirmations)
def test_template_equals_the_generic_encoder(confirmation):
    fast = confirmation_document(confirmation, SIGN)
    assert fast == document_encode(7, confirmation_fields(confirmation, SIGN))
    assert len(fast) <= CONFIRMATION_BYTES_MAX


@given(confirmations)
def test_document_is_read_by_the_generic_decoder(confirmation):
    document = document_decode(confirmation_document(confirmation, SIGN))
    assert not document.defects
    assert document.code == 7
    assert document.fn_serial == confirmation.fn_serial
    assert document.fd_number == confirmation.fd_number
    assert document.issued_at == confirmation.issued_at
    assert document.get(1017).strip() == confirmation.operator_inn
    assert document.get(1078) == SIGN
    if confirmation.ffd_version < 3:
        (code,) = document.get(1068)
        assert (code.tag, code.value) == (1022, confirmation.response_code)
        assert document.get(1206) is None
    else:
        assert document.get(1068) is None
        assert document.get(1206, 0) == confirmation.message_bits


@pytest.mark.parametrize("microsecond", [0, 999_999])
def test_moment_is_whole_seconds_of_the_local_clock(microsecond):
    confirmation = Confirmation(4, "7704358518", "9" * 16, 1, NOON.replace(microsecond=microsecond))
    assert confirmation.issued_at_seconds == int(NOON.replace(tzinfo=dt.UTC).timestamp())
