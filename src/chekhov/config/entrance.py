"""How Django's own log-in asks us: every way in passes the guard of `accounts`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from chekhov import clock
from chekhov.accounts.errors import LogInLocked, LogInRefused
from chekhov.accounts.models import User
from chekhov.accounts.services import log_in_check


class GuardedBackend(ModelBackend):
    """E-mail and password, guarded. Why it was refused stands in `request.log_in_trouble` for the form."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The person, or None. Raises: PermissionDenied while the log-in is closed, so nobody else is asked."""
        if username is None or password is None:
            return None
        address = getattr(request, "client_address", None)
        try:
            return log_in_check(email=username, password=password, now=clock.now(), address=address)
        except LogInRefused as error:
            _told(request, error)
            return None
        except LogInLocked as error:
            _told(request, error)
            raise PermissionDenied from error


def _told(request: HttpRequest | None, error: LogInRefused | LogInLocked) -> None:
    if request is not None:
        request.log_in_trouble = error.message  # type: ignore[attr-defined]
