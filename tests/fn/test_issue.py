from __future__ import annotations

import pytest

from chekhov.fn.commands import Receipt
from chekhov.fn.issue import message_bytes
from chekhov.ofdwire import events as ev
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import FLAGS_PLAIN
from chekhov.ofdwire.sealing import Keyring, SignState, TestSealer
from chekhov.ofdwire.session import OperatorSession
from fn.world import BOTH, SEALER, SERIAL, Till, order


@pytest.mark.parametrize(("ffd", "p_version"), list(zip(BOTH, (b"\x01\x05", b"\x01\x20"), strict=True)))
def test_message_is_read_by_the_operator_and_its_signs_are_right(ffd, p_version):
    till = Till.working(ffd)
    issued = till.do(Receipt(order()))
    session = OperatorSession()
    session.receive(message_bytes(till.state, issued.container))
    event = session.next_event()
    assert isinstance(event, ev.ContainerRead)
    assert event.header.p_version == p_version
    assert event.header.flags == FLAGS_PLAIN
    assert event.header.fn_serial == SERIAL
    container = Container.parse(event.container_bytes)
    assert (container.document_code, container.fn_serial, container.fd_number) == (3, SERIAL, 3)
    unsealed = SEALER.unseal(container)
    assert unsealed == (issued.raw, issued.trailer, SignState.VERIFIED)
    assert TestSealer(Keyring(b"another")).unseal(container).sign_state is SignState.MISMATCH


def test_signs_have_the_published_shapes():
    issued = Till.working().archive[2]
    at = issued.raw.index(b"\x35\x04\x06\x00\x21\x04") + 6
    assert int.from_bytes(issued.raw[at : at + 4], "big") == issued.fiscal_sign
    assert issued.trailer[:2] == b"\x81\x06"
    assert issued.trailer[8:] == b"\0\0"
    assert len(issued.trailer) == 10


def test_same_command_gives_the_same_bytes_and_other_drives_other_signs():
    one, two = Till.working(), Till.working()
    assert one.do(Receipt(order())) == two.do(Receipt(order()))
    assert one.archive[1].fiscal_sign != one.archive[2].fiscal_sign
