from __future__ import annotations

import datetime as dt
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ofdwire import testsigns
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.errors import CipherUnavailable, PayloadMalformed, RealDriveRefused
from chekhov.ofdwire.sealing import Keyring, SignState, TestSealer
from ofdwire.world import FOREIGN_SERIAL, OWN_SERIAL, document, vector

NOON = dt.datetime.fromisoformat("2026-03-03T12:00:00")


def signed_document(key: testsigns.SignKey, filler: bytes = b"") -> bytes:
    zeroed = document(filler + b"\x35\x04\x06\x00\x21\x04" + bytes(4) + b"\x10\x04\x04\x00\x05\x00\x00\x00")
    at = testsigns.document_sign_offset(zeroed)
    assert at is not None
    return zeroed[:at] + testsigns.document_sign(key, zeroed) + zeroed[at + 4 :]


def container(payload: bytes, serial: str = OWN_SERIAL, service1: bytes = b"\x10\x09") -> Container:
    return Container.parse(
        Container.build(document_code=3, fn_serial=serial, fd_number=5, payload=payload, service1=service1)
    )


def sealed(serial: str = OWN_SERIAL, keyring: Keyring | None = None) -> Container:
    key = (keyring or Keyring()).sealing_key(serial)
    signed = signed_document(key)
    return container(signed + testsigns.trailer(testsigns.message_sign(key, signed)), serial)


def test_own_drive_is_verified():
    request = sealed()
    unsealed = TestSealer().unseal(request)
    assert unsealed.sign_state is SignState.VERIFIED
    assert unsealed.document_bytes + unsealed.trailer == request.payload
    assert len(unsealed.trailer) == testsigns.TRAILER_BYTES


@given(at=st.integers(4, 10_000), bit=st.integers(0, 7))
def test_any_change_of_an_own_drives_document_is_a_mismatch(at, bit):
    payload = bytearray(sealed().payload)
    payload[4 + at % (len(payload) - 4)] ^= 1 << bit
    assert TestSealer().unseal(container(bytes(payload))).sign_state is SignState.MISMATCH


def test_message_sign_alone_does_not_verify():
    key = Keyring().sealing_key(OWN_SERIAL)
    for bad in (document(), document(b"\x35\x04\x06\x00\x31\x04" + bytes(4))):
        payload = bad + testsigns.trailer(testsigns.message_sign(key, bad))
        assert TestSealer().unseal(container(payload)).sign_state is SignState.MISMATCH


def test_missing_trailer_of_an_own_drive_is_a_mismatch():
    signed = signed_document(Keyring().sealing_key(OWN_SERIAL))
    assert TestSealer().unseal(container(signed)).sign_state is SignState.MISMATCH


def test_sign_is_found_wherever_it_stands():
    key = testsigns.SignKey(b"k" * 32)
    for filler in (b"", b"\x00\x05\x03\x00abc", b"\x00\x05\x48\x00" + bytes(72)):
        assert testsigns.document_signed(key, signed_document(key, filler))
    assert not testsigns.document_signed(key, document())


def test_foreign_test_drive_is_accepted_unverified():
    capture = Container.parse(vector("session-doc11-ffd105.bin")[30:])
    assert TestSealer().unseal(capture).sign_state is SignState.UNVERIFIED


def test_foreign_drive_with_a_given_key_is_verified():
    keyring = Keyring(given={FOREIGN_SERIAL: b"their key"})
    sealer = TestSealer(keyring)
    assert sealer.unseal(sealed(FOREIGN_SERIAL, keyring)).sign_state is SignState.VERIFIED
    capture = Container.parse(vector("session-doc11-ffd105.bin")[30:])
    assert sealer.unseal(capture).sign_state is SignState.MISMATCH


def test_installations_with_other_secrets_do_not_verify_each_other():
    assert TestSealer(Keyring(b"other")).unseal(sealed()).sign_state is SignState.MISMATCH


def test_real_drives_are_refused():
    request = container(document() + bytes(10), "7380440812345678")
    with pytest.raises(RealDriveRefused, match="модуля"):
        TestSealer().unseal(request)
    with pytest.raises(RealDriveRefused):
        TestSealer().seal_confirmation(request, Confirmation(4, "7704358518", "7380440812345678", 5, NOON))
    with pytest.raises(RealDriveRefused):
        Keyring(given={"7380440812345678": b"k"})


def test_encrypted_document_needs_a_cipher_module():
    with pytest.raises(CipherUnavailable):
        TestSealer().unseal(container(bytes(50), service1=b"\x11\x09"))


@pytest.mark.parametrize(
    "payload", [b"", b"\x03", b"\x03\x00\x00\x00", b"\x03\x00\x05\x00abcd", b"\xff" * 40]
)
def test_payload_that_is_no_document_is_our_error(payload):
    with pytest.raises(PayloadMalformed):
        TestSealer().unseal(container(payload))


def test_keys_differ_by_drive_and_are_bounded(monkeypatch):
    monkeypatch.setattr("chekhov.ofdwire.sealing.CACHED_KEYS_MAX", 10)
    keyring = Keyring()
    signs = [keyring.sealing_key(f"999954{number:010}").digest(b"x") for number in range(25)]
    assert len(set(signs)) == 25
    assert signs == [keyring.sealing_key(f"999954{number:010}").digest(b"x") for number in range(25)]
    assert len(keyring._derived) <= 10


def test_labels_keep_the_signs_apart():
    key = testsigns.SignKey(b"k")
    signs = [
        testsigns.document_sign(key, b"x")[:4],
        testsigns.message_sign(key, b"x")[:4],
        testsigns.operator_sign(key, b"x")[:4],
        testsigns.transport_sign(key, b"x")[:4],
    ]
    assert len(set(signs)) == 4


@pytest.mark.parametrize("key", [b"", b"k", b"k" * 64, b"k" * 65, bytes(range(200))])
def test_sign_key_is_hmac(key):
    sign_key = testsigns.SignKey(key)
    for data in (b"", b"x", b"x" * 1000):
        assert sign_key.digest(data) == hmac.digest(key, data, "sha256")
