"""What a gateway process is told at its start. The environment is read elsewhere (`config`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from chekhov.gateway.limits import GatewayLimits
from chekhov.ofdwire.sealing import CipherModule, TestSealer


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    """Where to listen, where the database is, who answers.

    `conninfo`: libpq's form. `time_zone`: of the operator's clock in confirmations. `cipher`: the module that
    opens containers and makes signs; the test sealer serves only drives of the test range.
    `reuse_port`: several gateway processes share the port.
    """

    host: str
    port: int
    conninfo: str
    operator_inn: str
    time_zone: str = "Europe/Moscow"
    limits: GatewayLimits = field(default_factory=GatewayLimits)
    cipher: CipherModule = field(default_factory=TestSealer)
    reuse_port: bool = False
    beats: bool = True
    """Write signs of life into the database, for the health check."""
