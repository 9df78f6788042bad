"""All sockets of the gateway in one poll set, which stands in the event loop as a single reader.

An event loop that watches ten thousand sockets by itself makes several objects for every one that becomes
readable and a task for every one that is accepted. Here the loop watches one descriptor, the poll set's own,
and gets a list of ready sockets, whose messages are then judged together. It works under uvloop as it does
under asyncio.
"""

from __future__ import annotations

import select
import selectors
from typing import Final, Protocol

READ: Final = 1
WRITE: Final = 4
"""As EPOLLIN and EPOLLOUT. Errors and hang-ups are reported as readable: the next `recv` tells."""


class Poller(Protocol):
    """A level-triggered poll set."""

    def fileno(self) -> int:
        """The descriptor that is readable while any socket of the set is ready."""

    def register(self, fd: int, mask: int) -> None:
        """Watch a socket."""

    def modify(self, fd: int, mask: int) -> None:
        """Watch it for something else; mask 0: for nothing."""

    def unregister(self, fd: int) -> None:
        """Watch it no more. Closing a socket does so by itself."""

    def poll(self, events_max: int) -> list[tuple[int, int]]:
        """Sockets that are ready just now, without waiting."""

    def close(self) -> None:
        """Give the set back."""


class EpollPoller:
    """Linux."""

    def __init__(self) -> None:
        """An empty set."""
        self._epoll = select.epoll()
        self.fileno = self._epoll.fileno
        self.register = self._epoll.register
        self.modify = self._epoll.modify
        self.unregister = self._epoll.unregister
        self.close = self._epoll.close

    def poll(self, events_max: int) -> list[tuple[int, int]]:
        """See `Poller`."""
        return self._epoll.poll(0, events_max)


class KqueuePoller:
    """Systems with kqueue (macOS, BSD); for development, the figures are Linux's."""

    def __init__(self) -> None:
        """An empty set."""
        self._selector = selectors.KqueueSelector()  # type: ignore[attr-defined,unused-ignore]
        self.fileno = self._selector.fileno
        self.close = self._selector.close

    def register(self, fd: int, mask: int) -> None:
        """See `Poller`."""
        if mask:
            self._selector.register(fd, _selector_events(mask))

    def modify(self, fd: int, mask: int) -> None:
        """See `Poller`."""
        known = self._selector.get_map().get(fd) is not None
        if not mask:
            if known:
                self._selector.unregister(fd)
        elif known:
            self._selector.modify(fd, _selector_events(mask))
        else:
            self.register(fd, mask)

    def unregister(self, fd: int) -> None:
        """See `Poller`."""
        self.modify(fd, 0)

    def poll(self, events_max: int) -> list[tuple[int, int]]:
        """See `Poller`."""
        ready = self._selector.select(0)[:events_max]
        return [
            (
                key.fd,
                (READ if events & selectors.EVENT_READ else 0)
                | (WRITE if events & selectors.EVENT_WRITE else 0),
            )
            for key, events in ready
        ]


def _selector_events(mask: int) -> int:
    return (selectors.EVENT_READ if mask & READ else 0) | (selectors.EVENT_WRITE if mask & WRITE else 0)


def poller_make() -> Poller:
    """The poll set of this system."""
    return EpollPoller() if hasattr(select, "epoll") else KqueuePoller()
