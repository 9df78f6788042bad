"""The stage of a register in SQL: one condition each, and everything that is put together from them.

The conditions speak of three names: `k`, the register (columns of `kkt_kkt`) with `k.inn` of its organisation, and
`s`, the row of `kkt_standing` under its own РНМ and ИНН, if there is one (LEFT JOIN). Parameters, by name:
`now` (aware) and `zone` (the operator's). See `stages` for what they mean.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils import timezone

from chekhov.kkt.stages import PRECEDENCE, REREGISTRATION, Stage

STANDING_JOIN: Final = "LEFT JOIN kkt_standing s ON s.rnm = k.rnm AND s.inn = k.inn"

# True or false, never NULL, so that they can be turned round. No condition asks what an earlier one has settled.
CONDITIONS: Final[dict[Stage, tuple[str, ...]]] = {
    Stage.STOPPED: ("(k.stopped_at IS NOT NULL AND k.stopped_at <= %(now)s)",),
    Stage.NO_RNM: ("(k.rnm IS NULL)",),
    Stage.DRIVE_CLOSED: ("(s.closed_at IS NOT NULL AND (s.fn IS NULL OR s.closed_fn = s.fn))",),
    # A report under this РНМ while none has come under the own ИНН: so it is under another.
    Stage.MISMATCH: (
        "(s.fn IS NULL)",
        "(EXISTS (SELECT 1 FROM kkt_standing f WHERE f.rnm = k.rnm AND f.fn IS NOT NULL))",
    ),
    Stage.TARIFF_OVER: ("(k.served_until IS NOT NULL AND k.served_until <= %(now)s)",),
    Stage.AWAITING: (
        """(s.fn IS NULL OR (
            k.application_kind = %(reregistration)s AND s.reregistered_at IS NULL
            AND NOT coalesce(s.registered_at >= k.created_at AT TIME ZONE %(zone)s - interval '1 day', false)
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
