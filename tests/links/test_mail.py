import socket
import socketserver
import threading
from email.message import EmailMessage

import pytest

from chekhov.links.errors import LinkBroken, LinkRefused, LinkTimeout
from chekhov.links.mail import MailNotTaken, MailRefused, SmtpServer, mail_send


class Sink(socketserver.ThreadingTCPServer):
    """A mail server of the test: answers from `answers` by the command's first word, keeps what it took."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers = {}
        self.greeting = b"220 sink ready"
        self.taken = []
        self.said = []


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        if self.server.greeting is None:
            self.rfile.readline()  # says nothing and waits
            return
        self.say(self.server.greeting)
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode()
            self.server.said.append(line.strip().decode())
            answer = self.server.answers.get(
                word, {"DATA": b"354 go on", "QUIT": b"221 bye"}.get(word, b"250 ok")
            )
            if answer is None:
                return
            self.say(answer)
            if word == "DATA" and answer.startswith(b"354"):
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                end = self.server.answers.get("END", b"250 taken")
                if end == "silence":
                    self.rfile.readline()
                    return
                if end is None:
                    return
                self.server.taken.append(body)
                self.say(end)
            if word == "QUIT":
                return

    def say(self, answer):
        self.wfile.write(answer + b"\r\n")


@pytest.fixture
def sink():
    with Sink() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def message():
    made = EmailMessage()
    made["Subject"], made["To"] = "Тема", "anton@example.test"
    made.set_content("Привет\n.\nточка")
    return made


def send(sink, recipient="anton@example.test", **fields):
    host, port = sink.server_address
    server = SmtpServer(
        **{
            "host": host,
            "port": port,
            "security": "plain",
            "connect_timeout_seconds": 0.5,
            "answer_timeout_seconds": 0.5,
        }
        | fields
    )
    mail_send(server, message(), sender="no-reply@касса.рф", recipient=recipient)


def test_a_message_is_handed_over(sink):
    send(sink)
    assert len(sink.taken) == 1
    assert "mail FROM:<no-reply@xn--80aa2a3aa.xn--p1ai>" in sink.said[1]
    assert sink.said[2] == "rcpt TO:<anton@example.test>"


@pytest.mark.parametrize(
    ("word", "answer", "error"),
    [
        ("RCPT", b"550 no such user", MailRefused),
        ("RCPT", b"450 mailbox busy", MailNotTaken),
        ("RCPT", b"421 closing", MailNotTaken),
        ("MAIL", b"550 sender not allowed", MailNotTaken),  # our sender is our trouble, not the letter's
        ("MAIL", None, LinkRefused),
        ("DATA", b"554 no", MailRefused),
        ("DATA", b"451 later", MailNotTaken),
        ("DATA", b"250 what", MailNotTaken),
        ("END", b"554 looks like spam", MailRefused),
        ("END", b"452 full", MailNotTaken),
        ("END", None, LinkBroken),
        ("END", "silence", LinkBroken),
    ],
)
def test_each_answer_has_its_meaning(sink, word, answer, error):
    sink.answers[word] = answer
    with pytest.raises(error):
        send(sink)


@pytest.mark.parametrize("answer", [b"500 never heard", None])
def test_a_bad_farewell_changes_nothing(sink, answer):
    sink.answers["QUIT"] = answer
    send(sink)
    assert len(sink.taken) == 1


def test_a_busy_greeting(sink):
    sink.greeting = b"421 too many"
    with pytest.raises(MailNotTaken):
        send(sink)


def test_a_silent_server(sink):
    sink.greeting = None
    with pytest.raises(LinkTimeout):
        send(sink)


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = SmtpServer("127.0.0.1", port, "plain")
    with pytest.raises(LinkRefused):
        mail_send(server, message(), sender="a@b.test", recipient="c@d.test")


def test_no_letter_goes_without_the_protection_that_is_asked_for(sink):
    sink.answers["STARTTLS"] = b"502 no"
    with pytest.raises(MailNotTaken):
        send(sink, security="starttls")
    assert not [line for line in sink.said if line.upper().startswith("MAIL")]


def test_a_log_in_that_does_not_suit_is_our_trouble(sink):
    sink.answers |= {"EHLO": b"250-sink\r\n250 AUTH PLAIN", "AUTH": b"535 no"}
    with pytest.raises(MailNotTaken) as caught:
        send(sink, user="me", password="s3cret-w0rd")
    assert "s3cret" not in str(caught.value)


def test_an_address_that_cannot_be_written(sink):
    with pytest.raises(MailRefused):
        send(sink, recipient="антон@example.test")


def test_the_password_is_not_shown():
    assert "s3cret" not in repr(SmtpServer("h", 25, password="s3cret"))
