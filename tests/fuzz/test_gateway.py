"""A gateway fed with garbage and with honest messages that something went wrong with: it lives and stays right."""

from __future__ import annotations

import random
import socket

from chekhov.ofdwire.header import SessionHeader
from fiscal.messages import FOREIGN_FN, crc_mended, receipt
from gateway.conftest import gateway, query, stored  # noqa: F401 - fixtures
from gateway.talk import ask, read_exactly

ROUNDS = 400


def mutated(rng, whole):
    """Bytes changed, cut, doubled, inserted; half of the time with the container's CRC mended after that."""
    data = bytearray(whole)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                data[at] = rng.choice((0, 0xFF, 0x7F, 0x80))
            case 2:
                data[at:at] = rng.randbytes(rng.randrange(1, 30))
            case 3:
                del data[at : at + rng.randrange(1, 30)]
            case _:
                data[at : at + 4] = rng.randbytes(4)
        if not data:
            return b"\0"
    if rng.random() < 0.6 and len(data) > 70:
        container = crc_mended((len(data) - 30).to_bytes(2, "little") + bytes(data[32:]))
        header = SessionHeader.parse(whole[:30])._replace(body_size=len(container))
        return header.pack() + container
    return bytes(data)


def test_gateway_lives_through_garbage(gateway, stored):  # noqa: F811
    running = gateway(connections_per_address_max=1000)
    rng = random.Random(20261120)
    answered = {}
    for number in range(ROUNDS):
        whole = mutated(rng, receipt(FOREIGN_FN, rng.randrange(1, 60), total=rng.randrange(1, 10**6)))
        with running.connect() as sock:
            sock.settimeout(5)
            try:
                for at in range(0, len(whole), 300):
                    sock.sendall(whole[at : at + 300])
                sock.shutdown(socket.SHUT_WR)
                header = read_exactly(sock, 30)
                if header:
                    body = read_exactly(sock, header[24] | header[25] << 8)
                    size = whole[24] | whole[25] << 8
                    answered[whole[30 : 30 + size]] = header + body
            except TimeoutError:
                raise
            except OSError:  # closed while we were still sending
                continue
        if number % 50 == 0:
            with running.connect() as honest:
                assert ask(honest, receipt(fd=number + 1)) != b""
    assert running.thread.is_alive()
    containers = {row[2]: row[3] for row in stored()}
    assert {container: answer for container, answer in containers.items() if container in answered} == {
        container: answered[container] for container in answered if container in containers
    }
    assert [container for container in answered if container and container not in containers] == []
    assert len(answered) > ROUNDS // 20
