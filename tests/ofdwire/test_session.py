from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ofdwire import events as ev
from chekhov.ofdwire import session as sessions
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.errors import LocalProtocolError, Reason, RemoteProtocolError
from chekhov.ofdwire.header import SIGNATURE_MARKING, SessionHeader
from chekhov.ofdwire.limits import BUFFER_BYTES_MAX, CONTAINER_BYTES_MAX
from chekhov.ofdwire.session import OperatorSession, Phase, RegisterSession
from ofdwire.world import OWN_SERIAL, VECTORS, cuts, message, vector

CAPTURE = vector("session-doc11-ffd105.bin")
SAMPLES = {s["name"]: s for s in json.loads((VECTORS / "session-test-messages.json").read_text())["samples"]}
PING = bytes.fromhex(SAMPLES["ofd-ping"]["hex"])


def header_bytes(**change: object) -> bytes:
    return SessionHeader.parse(CAPTURE[:30])._replace(**change).pack()


def read_all(session: OperatorSession, pieces: list[bytes], answer: bytes = b"") -> list[object]:
    """Feed the pieces, answer every message at once, give the events."""
    events = []
    for piece in pieces:
        session.receive(piece)
        while (event := session.next_event()) is not None:
            events.append(event)
            if isinstance(event, ev.ContainerRead) and event.answer_expected:
                session.send(ev.Confirmation(answer or CAPTURE))
            elif isinstance(event, ev.TestRead):
                session.send(ev.TestAnswer())
    return events


@pytest.mark.parametrize("pieces", cuts(CAPTURE), ids=["whole", "bytes", "halves", "edges"])
def test_capture_in_any_cutting(pieces):
    (event,) = read_all(OperatorSession(), pieces)
    assert event == ev.ContainerRead(SessionHeader.parse(CAPTURE[:30]), CAPTURE[30:])
    assert event.p_version_known


@pytest.mark.parametrize("pieces", cuts(CAPTURE + message(6) + PING + message(7)))
def test_several_messages_on_one_connection(pieces):
    events = read_all(OperatorSession(), pieces)
    assert [type(event).__name__ for event in events] == [
        "ContainerRead",
        "ContainerRead",
        "TestRead",
        "ContainerRead",
    ]
    assert [Container.parse(events[i].container_bytes).fd_number for i in (0, 1, 3)] == [1, 6, 7]


def test_tail_waits_for_its_turn():
    session = OperatorSession()
    session.receive(CAPTURE + CAPTURE[:40])
    assert isinstance(session.next_event(), ev.ContainerRead)
    assert session.phase is Phase.MUST_ANSWER
    assert session.next_event() is None
    assert session.unread_bytes == 40
    assert session.send(ev.Confirmation(CAPTURE)) == CAPTURE
    assert session.next_event() is None
    assert session.mid_message
    session.receive(CAPTURE[40:])
    assert isinstance(session.next_event(), ev.ContainerRead)
    assert not session.mid_message


def test_every_proper_prefix_says_more_and_its_end_is_truncation():
    for size in range(len(CAPTURE)):
        session = OperatorSession()
        session.receive(CAPTURE[:size])
        assert session.next_event() is None
        session.receive_eof()
        if size == 0:
            assert session.next_event() == ev.PeerClosed()
            assert session.phase is Phase.CLOSED
        else:
            with pytest.raises(RemoteProtocolError) as caught:
                session.next_event()
            assert caught.value.reason is Reason.TRUNCATED
            assert session.phase is Phase.FAILED


def test_connection_test_is_answered_as_published():
    session = OperatorSession()
    session.receive(PING)
    assert isinstance(session.next_event(), ev.TestRead)
    assert session.send(ev.TestAnswer()).hex() == SAMPLES["ofd-ping"]["expected_answer_hex"]
    assert session.phase is Phase.LISTENING


@pytest.mark.parametrize("name", ["marking-oism-ping", "okp-keys-ping"])
def test_marking_channel_is_refused_and_nothing_after_it_is_read(name):
    session = OperatorSession()
    session.receive(bytes.fromhex(SAMPLES[name]["hex"]) + CAPTURE)
    event = session.next_event()
    assert isinstance(event, ev.MarkingChannelRefused)
    assert event.reason == "marking_channel"
    assert event.header.signature == SIGNATURE_MARKING
    assert session.phase is Phase.CLOSED
    session.receive(CAPTURE)
    assert session.unread_bytes == 0
    assert session.next_event() is None


def test_marking_document_is_refused_before_its_body_comes():
    session = OperatorSession()
    session.receive(header_bytes(signature=SIGNATURE_MARKING, s_version=b"\x82\xa2", body_size=60_000))
    assert isinstance(session.next_event(), ev.MarkingChannelRefused)


BROKEN = {
    Reason.S_VERSION: header_bytes(s_version=b"\x82\xa2"),
    Reason.BODY_TOO_LONG: header_bytes(body_size=CONTAINER_BYTES_MAX + 1),
    Reason.BODY_MISSING: header_bytes(body_size=0),
    Reason.BODY_UNEXPECTED: header_bytes(flags=0x10),
    Reason.FN_SERIAL: header_bytes(fn_serial="99990789000054AB"),
    Reason.SIGNATURE: header_bytes(signature=b"GET "),
}


@pytest.mark.parametrize(("reason", "data"), BROKEN.items())
def test_broken_header_ends_the_session(reason, data):
    session = OperatorSession()
    session.receive(data)
    with pytest.raises(RemoteProtocolError) as caught:
        session.next_event()
    assert caught.value.reason is reason
    assert session.phase is Phase.FAILED
    with pytest.raises(RemoteProtocolError) as again:
        session.receive(CAPTURE)
    assert again.value is caught.value
    with pytest.raises(RemoteProtocolError):
        session.next_event()
    assert session.send(ev.Close()) == b""


@pytest.mark.parametrize("flags", [0x17, 0x13, 0x24, 0x34])
def test_forbidden_flags(flags):
    session = OperatorSession()
    session.receive(header_bytes(flags=flags))
    with pytest.raises(RemoteProtocolError) as caught:
        session.next_event()
    assert caught.value.reason is Reason.FLAGS


@pytest.mark.parametrize("beginning", [b"G", b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", b"\x2a\x08\x41\x0b"])
def test_foreign_protocol_is_recognised_by_its_first_bytes(beginning):
    session = OperatorSession()
    session.receive(beginning)
    with pytest.raises(RemoteProtocolError) as caught:
        session.next_event()
    assert caught.value.reason is Reason.SIGNATURE
    assert caught.value.body == beginning


def test_serial_that_is_not_ascii_is_a_breach():
    data = bytearray(CAPTURE)
    data[8] = 0xC1
    session = OperatorSession()
    session.receive(bytes(data))
    with pytest.raises(RemoteProtocolError) as caught:
        session.next_event()
    assert caught.value.reason is Reason.FN_SERIAL


@pytest.mark.parametrize("p_version", [b"\0\1", b"\0\2", b"\1\0", b"\1\5", b"\1\x10", b"\1\x20", b"\7\7"])
def test_every_application_version_is_accepted(p_version):
    session = OperatorSession()
    session.receive(header_bytes(p_version=p_version) + CAPTURE[30:])
    event = session.next_event()
    assert isinstance(event, ev.ContainerRead)
    assert event.header.p_version == p_version
    assert event.p_version_known == (p_version != b"\7\7")


@pytest.mark.parametrize("flags", [0x15, 0x16])
def test_header_crc_in_use_is_verified(flags):
    right = message(flags=flags)
    session = OperatorSession()
    session.receive(right)
    assert isinstance(session.next_event(), ev.ContainerRead)
    wrong = bytearray(right)
    wrong[28] ^= 1
    session = OperatorSession()
    session.receive(bytes(wrong))
    with pytest.raises(RemoteProtocolError) as caught:
        session.next_event()
    assert caught.value.reason is Reason.CRC
    assert caught.value.header is not None
    assert caught.value.body == right[30:]


def test_crc_of_the_body_counts_in_mode_10_only():
    for flags, noticed in ((0x15, False), (0x16, True)):
        data = bytearray(message(flags=flags))
        data[-1] ^= 1
        session = OperatorSession()
        session.receive(bytes(data))
        if noticed:
            with pytest.raises(RemoteProtocolError):
                session.next_event()
        else:
            assert isinstance(session.next_event(), ev.ContainerRead)


def test_junk_crc_in_mode_00_is_tolerated():
    session = OperatorSession()
    session.receive(header_bytes(crc=0xBEEF) + CAPTURE[30:])
    assert isinstance(session.next_event(), ev.ContainerRead)


def test_message_that_wants_no_answer_gets_none():
    session = OperatorSession()
    session.receive(message(flags=0x04) + message(8))
    event = session.next_event()
    assert isinstance(event, ev.ContainerRead)
    assert not event.answer_expected
    with pytest.raises(LocalProtocolError):
        session.send(ev.Confirmation(CAPTURE))
    assert isinstance(session.next_event(), ev.ContainerRead)


def test_limit_of_a_container_is_a_setting():
    session = OperatorSession(container_bytes_max=435)
    session.receive(CAPTURE)
    with pytest.raises(RemoteProtocolError):
        session.next_event()
    session = OperatorSession(container_bytes_max=436)
    session.receive(CAPTURE)
    assert session.next_event() is not None
    for bad in (0, 65_536):
        with pytest.raises(LocalProtocolError):
            OperatorSession(container_bytes_max=bad)


def test_flood_without_waiting_is_cut_off():
    session = OperatorSession()
    session.receive(CAPTURE)
    session.next_event()
    session.receive(bytes(BUFFER_BYTES_MAX))
    with pytest.raises(RemoteProtocolError) as caught:
        session.receive(b"x")
    assert caught.value.reason is Reason.FLOOD
    assert session.unread_bytes == 0


def test_end_of_stream_while_the_answer_is_due_waits_for_it():
    session = OperatorSession()
    session.receive(CAPTURE)
    session.next_event()
    session.receive_eof()
    assert session.next_event() is None
    assert session.send(ev.Confirmation(CAPTURE)) == CAPTURE
    assert session.next_event() == ev.PeerClosed()
    with pytest.raises(LocalProtocolError):
        session.receive(b"x")


def in_phase(phase: Phase) -> OperatorSession | RegisterSession:
    if phase in {Phase.LISTENING, Phase.MUST_ANSWER, Phase.MUST_ANSWER_TEST}:
        session = OperatorSession()
        if phase is Phase.MUST_ANSWER:
            session.receive(CAPTURE)
            session.next_event()
        elif phase is Phase.MUST_ANSWER_TEST:
            session.receive(PING)
            session.next_event()
        return session
    register = RegisterSession()
    if phase is Phase.AWAITING_CONFIRMATION:
        register.send(ev.Message(CAPTURE))
    elif phase is Phase.AWAITING_TEST_ANSWER:
        register.send(ev.ConnectionTest())
    elif phase is Phase.CLOSED:
        register.send(ev.Close())
    elif phase is Phase.FAILED:
        register.receive(b"x")
        with pytest.raises(RemoteProtocolError):
            register.next_event()
    return register


COMMANDS = [
    ev.Confirmation(CAPTURE),
    ev.TestAnswer(),
    ev.Message(CAPTURE),
    ev.ConnectionTest(),
    ev.Close(),
]


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_table_decides_what_may_be_sent_and_a_refusal_changes_nothing(phase, command):
    session = in_phase(phase)
    assert session.phase is phase
    following = session.transitions[phase].get(type(command))
    if following is None:
        with pytest.raises(LocalProtocolError):
            session.send(command)
        assert session.phase is phase
    else:
        session.send(command)
        assert session.phase is following


def test_tables_name_every_phase_of_their_role():
    named = set(sessions.OPERATOR_TRANSITIONS) | set(sessions.REGISTER_TRANSITIONS)
    assert named == set(Phase)


def test_bad_answer_of_ours_is_not_sent():
    session = in_phase(Phase.MUST_ANSWER)
    with pytest.raises(LocalProtocolError):
        session.send(ev.Confirmation(b"no header"))
    assert session.phase is Phase.MUST_ANSWER


class TestRegister:
    def test_document_and_confirmation(self):
        answer = vector("operator-ack-constructed.bin")
        for pieces in cuts(answer):
            session = RegisterSession()
            assert session.send(ev.Message(CAPTURE)) == CAPTURE
            events = []
            for piece in pieces:
                session.receive(piece)
                while (event := session.next_event()) is not None:
                    events.append(event)
            (read,) = events
            assert isinstance(read, ev.ConfirmationRead)
            assert read.container_bytes == answer[30:]
            assert read.container.document_code == 7
            assert session.phase is Phase.IDLE

    def test_connection_test(self):
        session = RegisterSession()
        assert session.send(ev.ConnectionTest()) == PING
        session.receive(bytes.fromhex(SAMPLES["ofd-ping"]["expected_answer_hex"]))
        assert isinstance(session.next_event(), ev.TestAnswered)
        assert session.phase is Phase.IDLE

    def test_answer_for_another_drive_is_a_breach(self):
        session = RegisterSession()
        session.send(ev.Message(CAPTURE))
        session.receive(message(serial=OWN_SERIAL))
        with pytest.raises(RemoteProtocolError) as caught:
            session.next_event()
        assert caught.value.reason is Reason.FN_SERIAL

    def test_answer_of_the_marking_channel_is_a_breach(self):
        session = RegisterSession()
        session.send(ev.Message(CAPTURE))
        session.receive(bytes.fromhex(SAMPLES["marking-oism-ping"]["hex"]))
        with pytest.raises(RemoteProtocolError) as caught:
            session.next_event()
        assert caught.value.reason is Reason.SIGNATURE

    def test_answer_without_a_container_is_a_breach(self):
        session = RegisterSession()
        session.send(ev.Message(CAPTURE))
        session.receive(header_bytes(body_size=0, flags=0))
        with pytest.raises(RemoteProtocolError) as caught:
            session.next_event()
        assert caught.value.reason is Reason.BODY_MISSING

    def test_container_in_answer_to_a_test_is_a_breach(self):
        session = RegisterSession()
        session.send(ev.ConnectionTest())
        session.receive(message(serial="9" * 16))
        with pytest.raises(RemoteProtocolError) as caught:
            session.next_event()
        assert caught.value.reason is Reason.BODY_UNEXPECTED

    def test_bytes_nobody_asked_for_are_a_breach(self):
        session = RegisterSession()
        session.receive(b"\x2a")
        with pytest.raises(RemoteProtocolError) as caught:
            session.next_event()
        assert caught.value.reason is Reason.ANSWER_UNASKED

    def test_end_of_stream_instead_of_the_answer(self):
        session = RegisterSession()
        session.send(ev.Message(CAPTURE))
        session.receive_eof()
        assert session.next_event() == ev.PeerClosed()
        assert session.phase is Phase.CLOSED
        assert session.next_event() is None

    @pytest.mark.parametrize("bad", [b"", CAPTURE[:-1], CAPTURE + b"x", PING])
    def test_only_whole_messages_are_sent(self, bad):
        session = RegisterSession()
        with pytest.raises(LocalProtocolError):
            session.send(ev.Message(bad))
        assert session.phase is Phase.IDLE

    def test_two_sessions_over_a_wire(self):
        register, operator = RegisterSession(), OperatorSession()
        for fd_number in range(1, 20):
            operator.receive(register.send(ev.Message(message(fd_number))))
            read = operator.next_event()
            assert isinstance(read, ev.ContainerRead)
            register.receive(operator.send(ev.Confirmation(message(fd_number))))
            confirmed = register.next_event()
            assert isinstance(confirmed, ev.ConfirmationRead)
            assert confirmed.container.fd_number == fd_number


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([CAPTURE, PING, CAPTURE[:31]])), max_size=6)
)
def test_garbage_gives_events_or_our_error(pieces):
    session = OperatorSession()
    try:
        read_all(session, pieces)
    except RemoteProtocolError:
        assert session.phase is Phase.FAILED


@given(st.integers(0, len(CAPTURE) - 1), st.integers(1, 255))
def test_damaged_capture_gives_an_event_or_our_error(at, change):
    data = bytearray(CAPTURE)
    data[at] ^= change
    with contextlib.suppress(RemoteProtocolError):
        read_all(OperatorSession(), [bytes(data)])
