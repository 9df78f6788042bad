"""What the gateway does about a breach of the protocol: one table, read by `connection`."""

from __future__ import annotations

from typing import ClassVar, Final

from chekhov.errors import Unavailable
from chekhov.fiscal.verdicts import Reason as Quarantine
from chekhov.ofdwire.errors import Reason

QUARANTINED: Final[dict[Reason, Quarantine]] = {
    Reason.CRC: Quarantine.SESSION_CRC,
    Reason.BODY_TOO_LONG: Quarantine.OVERSIZE,
}
"""Breaches whose bytes are kept, because a register seems to stand behind them. In every case the connection
is closed and nothing is answered: the protocol knows no error message, the register repeats the document
(docs/formats/wire.md 9.4). Other breaches (unknown signature, cut stream, flood) are logged and counted only."""


class PortTaken(Unavailable):
    """Another program listens on the gateway's address."""

    code: ClassVar[str] = "gateway_port_taken"
