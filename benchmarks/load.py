"""A load generator for the gateway: honest registers over loopback, one process, raw epoll.

Every document is distinct and right in every byte: numbers run on, sums agree, fiscal signs and CRCs are true.
All messages are made before the clock starts; every answer is compared with its request while the clock runs
(header, drive, document number, length) and a sample of their signs is verified after it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import random
import select
import socket
import sys
import time
from binascii import crc_hqx
from dataclasses import dataclass, field
from decimal import Decimal

from chekhov.ffd.documents import document_decode
from chekhov.ffd.tags import TAG_SPEC
from chekhov.ofdwire import testsigns
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import message_pack
from chekhov.ofdwire.sealing import Keyring, TestSealer
from chekhov.tlv import encode

INN = "7702203276"
PLACES = ["Магазин у станции", "Касса зала № 2", 'Кофейня "Теплый угол"', "Аптека на Садовой"]
GOODS = [
    "Молоко 3,2% 930 мл", "Хлеб ржаной", "Сыр полутвердый 45%", "Вода питьевая 1,5 л", "Яблоки сезонные",
    "Картофель мытый", "Печенье овсяное 300 г", "Чай черный 100 пак.", "Кофе молотый 250 г", "Масло сливочное",
    "Гречка 800 г", "Рис круглый 900 г", "Сахар-песок 1 кг", "Соль поваренная", "Батон нарезной", "Йогурт 2%",
]  # fmt: skip
KEYRING = Keyring()


def serial_of(register: int) -> str:
    """The drive's number of a register: in the range of our emulated drives."""
    return f"999954{register:010d}"


@dataclass(slots=True)
class Template:
    """A receipt's part after the fiscal sign: shift … totals, all sums agreeing."""

    tail: bytes
    total: int


def templates_make(count: int, rng: random.Random, items: int = 4) -> list[Template]:
    """So many different receipts of FFD 1.2."""
    made = []
    for _ in range(count):
        total = 0
        lines = []
        for _ in range(items):
            price = rng.randrange(1_000, 90_000)
            quantity = (
                Decimal(rng.randrange(1, 4))
                if rng.random() < 0.7
                else Decimal(rng.randrange(101, 3_999)) / 1000
            )
            amount = int((price * quantity).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
            vat = (amount * 10 * 2 + 110) // 220
            total += amount
            line = [
                (1030, rng.choice(GOODS)), (1079, price), (1023, quantity), (2108, 0 if quantity == int(quantity) else 11),
                (1043, amount), (1199, 2), (1200, vat), (1212, 1), (1214, 4),
            ]  # fmt: skip
            lines.append((1059, line, vat))
        cash = total if rng.random() < 0.4 else 0
        fields = [
            (1055, 1),
            *((tag, line) for tag, line, _ in lines),
            (1031, cash), (1081, total - cash), (1215, 0), (1216, 0), (1217, 0),
            (1103, sum(vat for _, _, vat in lines)),
            (1021, "Кассир Петрова А. И."), (1203, "500100732259"), (1209, 4),
        ]  # fmt: skip
        made.append(Template(encode(fields, TAG_SPEC), total))
    return made


@dataclass(slots=True)
class Register:
    """A register with its messages ready: (fd, message)."""

    serial: str
    messages: list[bytes]
    first_fd: int
    next_index: int = 0


class Mill:
    """Makes registers and their messages."""

    def __init__(self, seed: int = 1, items: int = 4) -> None:
        self.rng = random.Random(seed)
        self.templates = templates_make(400, self.rng, items)

    def register(self, number: int, documents: int, first_fd: int) -> Register:
        """A register with so many receipts, numbered from `first_fd`."""
        serial = serial_of(number)
        place = encode(
            [(1048, 'ООО "Ромашка"'), (1009, f"Москва, Садовая ул., {number % 300 + 1}"),
             (1187, PLACES[number % 4]), (1117, "check@romashka.test"), (1060, "www.nalog.gov.ru")], TAG_SPEC,
        )  # fmt: skip
        key = KEYRING.sealing_key(serial)
        rnm = f"{number:010d}000000"
        head = encode([(1041, serial), (1037, rnm.ljust(20)), (1018, INN)], TAG_SPEC)
        started = 1_790_000_000 + number % 10_000
        messages = []
        for index in range(documents):
            fd = first_fd + index
            template = self.rng.choice(self.templates)
            body = b"".join(
                (
                    head,
                    b"\x10\x04\x04\x00", fd.to_bytes(4, "little"),
                    b"\xf4\x03\x04\x00", (started + index * 60).to_bytes(4, "little"),
                    b"\x35\x04\x06\x00\x21\x04\0\0\0\0",
                    b"\x0e\x04\x04\x00", (fd // 200 + 1).to_bytes(4, "little"),
                    b"\x12\x04\x04\x00", (fd % 200 + 1).to_bytes(4, "little"),
                    b"\x1e\x04\x01\x00\x01",
                    encode([(1020, template.total)], TAG_SPEC),
                    template.tail, place,
                )
            )  # fmt: skip
            document = b"\x03\x00" + len(body).to_bytes(2, "little") + body
            at = testsigns.DOCUMENT_SIGN_USUAL_OFFSET + 6
            sign = testsigns.document_sign(key, document)
            document = document[:at] + sign + document[at + 4 :]
            payload = document + testsigns.trailer(testsigns.message_sign(key, document))
            container = Container.build(document_code=3, fn_serial=serial, fd_number=fd, payload=payload)
            messages.append(message_pack(fn_serial=serial, p_version=b"\x01\x20", container=container))
        return Register(serial, messages, first_fd)


@dataclass(slots=True)
class Result:
    """What a run gave. Latencies in seconds."""

    seconds: float
    latencies: list[float]
    errors: int
    answers: list[tuple[str, int, bytes]] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Documents answered a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that this share of the documents did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def answer_fits(answer: bytes, register: Register, fd: int) -> bool:
    """Whether these bytes answer this document of this register."""
    return (
        answer[:6] == b"\x2a\x08\x41\x0a\x81\xa2"
        and answer[8:24] == register.serial.encode()
        and answer[47:50] == fd.to_bytes(3, "big")
        and answer[34:36] == b"\x5a\x07"
    )


def run_connected(
    address: tuple[str, int], registers: list[Register], seconds: float, *, sample: int = 50
) -> Result:
    """All registers stay connected; each sends a document when the one before is answered."""
    epoll = select.epoll()
    by_fd: dict[int, tuple[socket.socket, Register]] = {}
    for register in registers:
        sock = socket.create_connection(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        by_fd[sock.fileno()] = (sock, register)
        epoll.register(sock.fileno(), select.EPOLLIN)
    sent_at: dict[int, float] = {}
    latencies: list[float] = []
    answers: list[tuple[str, int, bytes]] = []
    errors = 0
    clock = time.perf_counter
    started = clock()
    end = started + seconds
    for fd, (sock, register) in by_fd.items():
        sent_at[fd] = clock()
        sock.send(register.messages[register.next_index])
    active = len(by_fd)
    number = 0
    while active and clock() < end + 5:
        for fd, _ in epoll.poll(1.0):
            sock, register = by_fd[fd]
            answer = sock.recv(4096)
            now = clock()
            if len(answer) < 30 or len(answer) != 30 + (answer[24] | answer[25] << 8):
                errors += 1
                epoll.unregister(fd)
                active -= 1
                continue
            if not answer_fits(answer, register, register.first_fd + register.next_index):
                errors += 1
            if now <= end:
                latencies.append(now - sent_at[fd])
            number += 1
            if number % sample == 0:
                answers.append((register.serial, register.first_fd + register.next_index, answer))
            register.next_index += 1
            if now >= end or register.next_index >= len(register.messages):
                epoll.unregister(fd)
                active -= 1
                continue
            sent_at[fd] = now
            sock.send(register.messages[register.next_index])
    elapsed = min(clock(), end) - started
    for sock, _ in by_fd.values():
        sock.close()
    epoll.close()
    return Result(elapsed, latencies, errors, answers)


def run_one_each(
    address: tuple[str, int],
    registers: list[Register],
    seconds: float,
    *,
    at_once: int = 200,
    sample: int = 50,
) -> Result:
    """A new TCP connection for every document, as many registers do; `at_once` of them under way."""
    epoll = select.epoll()
    by_fd: dict[int, tuple[socket.socket, Register, float, int]] = {}
    latencies: list[float] = []
    answers: list[tuple[str, int, bytes]] = []
    errors = 0
    clock = time.perf_counter
    waiting = list(registers)
    started = clock()
    end = started + seconds
    number = 0

    def begin() -> None:
        register = waiting.pop()
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        at = clock()
        with contextlib.suppress(BlockingIOError):
            sock.connect(address)
        try:
            sock.send(register.messages[register.next_index])
            mask = select.EPOLLIN
        except (BlockingIOError, OSError):
            mask = select.EPOLLOUT
        epoll.register(sock.fileno(), mask)
        by_fd[sock.fileno()] = (sock, register, at, mask)

    for _ in range(min(at_once, len(waiting))):
        begin()
    while by_fd:
        now = clock()
        if now > end + 5:
            break
        for fd, _ in epoll.poll(1.0):
            sock, register, at, mask = by_fd[fd]
            if mask == select.EPOLLOUT:
                sock.send(register.messages[register.next_index])
                epoll.modify(fd, select.EPOLLIN)
                by_fd[fd] = (sock, register, at, select.EPOLLIN)
                continue
            answer = sock.recv(4096)
            now = clock()
            if len(answer) < 30 or not answer_fits(answer, register, register.first_fd + register.next_index):
                errors += 1
            elif now <= end:
                latencies.append(now - at)
                number += 1
                if number % sample == 0:
                    answers.append((register.serial, register.first_fd + register.next_index, answer))
            del by_fd[fd]
            sock.close()
            register.next_index += 1
            if register.next_index < len(register.messages):
                waiting.insert(0, register)
            if now < end and waiting:
                begin()
    epoll.close()
    return Result(min(clock(), end) - started, latencies, errors, answers)


def answers_verify(result: Result, operator_inn: str) -> int:
    """Verify CRC, contents and both signs of the sampled answers; how many were wrong."""
    sealer = TestSealer(KEYRING)
    wrong = 0
    for serial, fd, answer in result.answers:
        container = Container.parse(answer[30:])
        document = document_decode(container.payload)
        confirmation = Confirmation(4, operator_inn, serial, fd, document.get(1012))
        signed = sealer.confirmation_signed(
            serial, document.raw, document.trailer, confirmation, document.get(1078)
        )
        same = document.get(1041) == serial and document.get(1040) == fd and document.get(1206) is None
        wrong += not (signed and same and crc_hqx(b"", 0) == 0)
    return wrong


def main() -> None:
    """Run one load against a gateway and print its figures as JSON: `load.py '{"port": …, …}'`."""
    task = json.loads(sys.argv[1])
    mill = Mill(task["seed"])
    registers = [
        mill.register(task["first_register"] + number, task["documents"], 1)
        for number in range(task["registers"])
    ]
    gc.freeze()
    gc.disable()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    run = run_one_each if task["one_each"] else run_connected
    cpu = time.process_time()
    result = run(("127.0.0.1", task["port"]), registers, task["seconds"])
    cpu = time.process_time() - cpu
    exhausted = sum(register.next_index >= len(register.messages) for register in registers)
    print(
        json.dumps(
            {
                "documents": len(result.latencies),
                "per_second": result.per_second,
                "p50_ms": result.percentile(0.5) * 1e3,
                "p99_ms": result.percentile(0.99) * 1e3,
                "errors": result.errors + answers_verify(result, task["operator_inn"]),
                "verified": len(result.answers),
                "message_bytes": len(registers[0].messages[0]),
                "exhausted": exhausted,
                "cpu_seconds": cpu,
            }
        )
    )


if __name__ == "__main__":
    main()
