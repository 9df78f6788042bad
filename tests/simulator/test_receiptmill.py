"""The mill gives what the drive would have given, byte for byte."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from chekhov.ffd.checks import check
from chekhov.ffd.documents import document_decode, document_encode
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import OpenShift, Receipt, Register
from chekhov.fn.drive import apply
from chekhov.fn.issue import message_bytes
from chekhov.fn.state import new_drive
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.sealing import Keyring, SignState, TestSealer
from chekhov.simulator.fleet_registers import SHOP, registration_of
from chekhov.simulator.receiptmill import Mill, Template, TemplateUnfit, local_seconds
from chekhov.simulator.shop import receipt

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001
SEALER = TestSealer()


def drive_at(serial, sequence, ffd):
    state = new_drive(serial, ffd=ffd)
    for command in (Register(registration_of(sequence)), OpenShift()):
        state = apply(state, command, NOW, SEALER).state
    return state


@pytest.mark.parametrize("ffd", [FfdVersion.V1_2, FfdVersion.V1_05])
def test_equal_to_the_drive_itself(ffd):
    """A template of one drive, milled for another, equals that other drive's own receipt."""
    orders = [receipt(SHOP, NOW, Random(seed)) for seed in range(4)]
    first, second = drive_at("9999540000000001", 1, ffd), drive_at("9999540000000002", 2, ffd)
    template = Template(apply(first, Receipt(orders[0]), NOW, SEALER).document.raw)
    mill = Mill(
        fn_serial=second.serial,
        rnm=registration_of(2).rnm,
        p_version=second.p_version,
        templates=[template],
        keyring=SEALER.keyring,
    )
    for number, order in enumerate([*orders[1:], orders[0]], 1):
        moment = NOW + dt.timedelta(seconds=number)
        outcome = apply(second, Receipt(order), moment, SEALER)
        second = outcome.state
    assert mill.message(6, 4, local_seconds(moment)) == message_bytes(second, outcome.document.container)


def test_every_message_is_distinct_signed_and_clean():
    state = drive_at("9999540000000001", 1, FfdVersion.V1_2)
    templates = [
        Template(apply(state, Receipt(receipt(SHOP, NOW, Random(seed))), NOW, SEALER).document.raw)
        for seed in range(3)
    ]
    mill = Mill(
        fn_serial="9999540000000007",
        rnm=registration_of(7).rnm,
        p_version=b"\x01\x20",
        templates=templates,
        keyring=Keyring(),
    )
    messages = [mill.message(fd, fd - 2, local_seconds(NOW) + fd) for fd in range(3, 40)]
    assert len(set(messages)) == len(messages)
    for fd, message in enumerate(messages, 3):
        container = Container.parse(message[30:])
        unsealed = SEALER.unseal(container)
        document = document_decode(unsealed.document_bytes)
        assert unsealed.sign_state is SignState.VERIFIED
        assert (container.fd_number, document.fd_number, document.get(1042)) == (fd, fd, fd - 2)
        assert document.fn_serial == container.fn_serial == "9999540000000007"
        assert document.issued_at == NOW + dt.timedelta(seconds=fd)
        assert [each for each in check(document) if each.severity != "notice"] == []


def test_a_document_without_the_requisites_is_no_template():
    with pytest.raises(TemplateUnfit, match="1042"):
        Template(document_encode(2, [(1041, "9999540000000001"), (1040, 1)]))
    with pytest.raises(TemplateUnfit):
        Mill(fn_serial="9999540000000001", rnm="", p_version=b"\1\5", templates=[], keyring=Keyring())
