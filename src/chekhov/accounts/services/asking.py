"""What may be asked without a log-in is asked so often and no oftener from one place of the net."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from chekhov.accounts.errors import AskedTooOften
from chekhov.accounts.models import AskKind
from chekhov.accounts.services.limits import network_of

WINDOW: Final = dt.timedelta(minutes=10)
ASKED_MAX: Final[dict[AskKind, int]] = {AskKind.RECEIPT: 30}
NOWHERE: Final = "-"
"""Those whose place is not known are counted together."""

# One statement: however many ask at once, each is counted.
COUNT_SQL: Final = """
INSERT INTO accounts_askcount AS kept (kind, place, since, asked) VALUES (%s, %s, %s, 1)
ON CONFLICT (kind, place) DO UPDATE SET
    asked = CASE WHEN kept.since <= %s THEN 1 ELSE least(kept.asked + 1, 1000000) END,
    since = CASE WHEN kept.since <= %s THEN excluded.since ELSE kept.since END
RETURNING asked
"""


def ask_count(*, kind: AskKind, address: str | None, now: dt.datetime) -> None:
    """Count one question, before it is answered. Raises: AskedTooOften.

    To be called outside a transaction that may be rolled back, or the question would not be counted.
    """
    over = now - WINDOW
    with connection.cursor() as sql:
        sql.execute(COUNT_SQL, [kind.value, network_of(address) or NOWHERE, now, over, over])
        (asked,) = sql.fetchone()
    if asked > ASKED_MAX[kind]:
        raise AskedTooOften
