"""Sessions kept in the database together with whose they are and where from. Named by SESSION_ENGINE.

What is listed stands in columns of its own and is written without the session's data: so a note that somebody
came neither overwrites what another request has put into the session, nor brings an ended session back.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from chekhov.accounts.models import Session

DEVICE_CHARACTERS_MAX = 300
SEEN_EVERY = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Listed:
    """The columns by which a session is listed; see `Session`."""

    handle: uuid.UUID
    opened_at: dt.datetime
    seen_at: dt.datetime
    address: str | None
    device: str


class SessionStore(DatabaseStore):
    """The database engine of Django over our table."""

    listed: Listed | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of a session."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        if SESSION_KEY in data:
            row.user_id = int(data[SESSION_KEY])
        if self.listed is not None:
            for name, value in asdict(self.listed).items():
                setattr(row, name, value)
        return row

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # Django's signature
        """Write the row; a new one is listed anew. Raises: UpdateError if the session was ended meanwhile."""
        if must_create:
            self.listed = None
        super().save(must_create)

    def seen(self, *, address: str | None, device: str, now: dt.datetime) -> None:
        """Note that a logged-in person came: at his first request all of it, later the moment, now and then."""
        if SESSION_KEY not in self:
            return
        before = self.listed
        device = "".join(one for one in device if one.isprintable())[:DEVICE_CHARACTERS_MAX]
        if before is None:
            self.listed = Listed(uuid.uuid4(), now, now, address, device)
        elif now - before.seen_at < SEEN_EVERY and before.address == address:
            return
        else:
            self.listed = replace(before, seen_at=now, address=address, device=device)
        if not self.modified:  # else it is written with the rest at the end of the request
            Session.objects.filter(session_key=self.session_key).update(**asdict(self.listed))

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        if (
            row is not None
            and row.handle is not None
            and row.opened_at is not None
            and row.seen_at is not None
        ):
            self.listed = Listed(row.handle, row.opened_at, row.seen_at, row.address, row.device)
        return row
