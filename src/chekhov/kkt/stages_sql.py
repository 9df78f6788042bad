"""The stage of a register in SQL: one condition each, and everything that is put together from them.

The conditions speak of `k`, the register (columns of `kkt_kkt`, with what documents told). Parameters, by name:
`now` (aware) and `zone` (the operator's). See `stages` for what they mean.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils import timezone

from chekhov.kkt.stages import PRECEDENCE, REREGISTRATION, Stage

STANDING_JOIN: Final = "LEFT JOIN kkt_standing s ON s.rnm = k.rnm AND s.inn = k.inn"
"""What documents told beyond the copies that `k` holds, as `s`: for moments that change with every document."""

# True or false, never NULL, so that they can be turned round. No condition asks what an earlier one has settled.
CONDITIONS: Final[dict[Stage, tuple[str, ...]]] = {
    Stage.STOPPED: ("(k.stopped_at IS NOT NULL AND k.stopped_at <= %(now)s)",),
    Stage.NO_RNM: ("(k.rnm IS NULL)",),
    Stage.DRIVE_CLOSED: ("(k.told_closed)",),
    # A report under this РНМ while none has come under the own ИНН: so it is under another.
    Stage.MISMATCH: ("(k.told_fn IS NULL)", "(k.told_elsewhere)"),
    Stage.TARIFF_OVER: ("(k.served_until IS NOT NULL AND k.served_until <= %(now)s)",),
    Stage.AWAITING: (
        """(k.told_fn IS NULL OR (
            k.application_kind = %(reregistration)s AND k.told_reregistered_at IS NULL
            AND NOT coalesce(k.told_registered_at >= k.created_at AT TIME ZONE %(zone)s - interval '1 day', false)
        ))""",
    ),
    Stage.REGISTERED: (),
}


def stage_parameters(now: dt.datetime) -> dict[str, Any]:
    """The parameters by name that conditions need."""
    return {
        "now": now,
        "zone": timezone.get_default_timezone_name(),
        "reregistration": REREGISTRATION,
    }


def stage_case() -> str:
    """An expression: the stage's code."""
    arms = " ".join(f"WHEN {_all(stage)} THEN '{stage.value}'" for stage in PRECEDENCE[:-1])
    return f"CASE {arms} ELSE '{PRECEDENCE[-1].value}' END"


def stage_where(stage: Stage) -> str:
    """A condition: the register is in this stage. What is nearest to the stage, and costs least, is asked first."""
    earlier = PRECEDENCE[: PRECEDENCE.index(stage)]
    return " AND ".join([*CONDITIONS[stage], *(f"NOT ({_all(one)})" for one in reversed(earlier))])


def _all(stage: Stage) -> str:
    return " AND ".join(CONDITIONS[stage])
