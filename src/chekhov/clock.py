"""The only reader of the wall clock. Doors and jobs call it and hand `now` down as an argument."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The present moment: aware, UTC."""
    return dt.datetime.now(tz=dt.UTC)
