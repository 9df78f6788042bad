"""What can go wrong on the way to a far party."""

from __future__ import annotations

from chekhov.errors import Unavailable


class LinkRefused(Unavailable):
    """Nobody listens at the far address, or the name of the host is not known."""

    code = "link_refused"


class LinkTimeout(Unavailable):
    """The far party did not connect, take or answer within the time."""

    code = "link_timeout"


class LinkBroken(Unavailable):
    """The connection broke, or ended without an answer; whether the message was taken is not known."""

    code = "link_broken"
