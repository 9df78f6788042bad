"""Waiting for what must happen: as long as it takes, within a bound that only a fault reaches.

How long a thing takes tells of the machine and of what else runs on it. A test therefore waits for the condition it
needs rather than for a time in which it will surely have come true.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable

SECONDS_MAX = 60.0
LOOK_EVERY_SECONDS = 0.01

PORTS = range(20_000, 32_000)
"""Below those the system itself gives out, so that no connection of another test takes one meanwhile."""

_chance = random.SystemRandom()  # the seed of the suite is the same in each of its processes


def until(condition: Callable[[], object], seconds: float = SECONDS_MAX) -> None:
    """Wait till it is so. Raises: AssertionError."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(LOOK_EVERY_SECONDS)


def port_free() -> int:
    """A port of the loopback on which nothing listens, for a program that is told its port."""
    while True:
        port = _chance.choice(PORTS)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
