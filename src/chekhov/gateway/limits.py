"""Limits of the gateway, each with its unit. Set by the environment as CHEKHOV_GATEWAY_<NAME>.

Sources: docs/formats/wire.md section 9 where a register's patience matters; the rest is ours, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from chekhov.errors import Malformed
from chekhov.ofdwire.limits import CONTAINER_BYTES_CEILING, CONTAINER_BYTES_MAX


class BadLimit(Malformed):
    """A limit is not a number, or out of its range."""

    code: ClassVar[str] = "gateway_bad_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """What one gateway process allows. Counts are of this process, not of all of them together."""

    connections_max: int = 15_000
    """Over it the gateway stops accepting until somebody leaves; the kernel's queue holds the next ones."""

    connections_per_address_max: int = 5_000
    """Over it a new connection is closed at once. High: whole chains of shops stand behind one address."""

    idle_seconds: int = 300
    """A register that says nothing between messages. It waits as long for us (section 9.1)."""

    message_seconds: int = 20
    """From the first byte of a message to its last, and from connecting to the first byte: slow senders."""

    answer_seconds: int = 120
    """How long a document waits for the database before its connection is given up; registers repeat."""

    sending_seconds: int = 20
    """How long a register may take to read its answer."""

    pending_documents_max: int = 20_000
    pending_bytes_max: int = 64 * 1024 * 1024
    """Documents examined and not yet committed; over either, sockets are not read."""

    batch_documents_max: int = 400
    """Rows of one transaction: more gains nothing (measured) and makes the first wait for the last."""

    flushers: int = 2
    """Batches under way at a time, each on its own database connection (measured: a third gains nothing)."""

    container_bytes_max: int = CONTAINER_BYTES_MAX
    drain_seconds: int = 10
    """After SIGTERM: what is examined gets committed and answered within this time."""

    quarantine_per_address_hour: int = 100
    quarantine_per_hour: int = 2_000
    """Refused messages kept with their bytes; what comes over is only counted, so a flood fills no disk."""

    _RANGES: ClassVar[dict[str, tuple[int, int]]] = {
        "container_bytes_max": (CONTAINER_BYTES_MAX, CONTAINER_BYTES_CEILING),
        "flushers": (1, 16),
        "batch_documents_max": (1, 10_000),
        "idle_seconds": (1, 86_400),
        "message_seconds": (1, 3_600),
        "answer_seconds": (1, 3_600),
        "sending_seconds": (1, 3_600),
        "drain_seconds": (1, 600),
    }

    @classmethod
    def from_mapping(cls, texts: Mapping[str, str]) -> GatewayLimits:
        """Limits by name, as the environment has them; those not named keep their defaults.

        Raises: BadLimit, naming the first that makes no sense.
        """
        known = {field.name for field in fields(cls)}
        values: dict[str, int] = {}
        for name, text in texts.items():
            variable = f"CHEKHOV_GATEWAY_{name.upper()}"
            if name not in known:
                raise BadLimit(
                    f"{variable}: такой настройки нет; есть: {', '.join(sorted(known))}", name=name
                )
            low, high = cls._RANGES.get(name, (1, 10_000_000_000))
            digits = text.strip().replace("_", "")
            if not (digits.isascii() and digits.isdigit() and low <= int(digits) <= high):
                raise BadLimit(f"{variable}: нужно целое число от {low} до {high}", name=name)
            values[name] = int(digits)
        return cls(**values)
