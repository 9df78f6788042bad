"""The bounded buffer of what the peer sent and nobody has read yet.

The common case, a whole message in one piece, costs no copy: the piece itself is the buffer. Only when a
second piece arrives on top of an unread one does it become a growing `bytearray`.
"""

from __future__ import annotations

from chekhov.ofdwire.errors import Reason, RemoteProtocolError
from chekhov.ofdwire.limits import BUFFER_BYTES_MAX


class Inbox:
    """Bytes in, bytes out, in order; never more than `bytes_max` unread."""

    __slots__ = ("_at", "_bytes_max", "_chunk", "unread")

    def __init__(self, bytes_max: int = BUFFER_BYTES_MAX) -> None:
        """`bytes_max`: how many unread bytes are held; `unread`: how many there are."""
        self._chunk: bytes | bytearray = b""
        self._at = 0
        self._bytes_max = bytes_max
        self.unread = 0

    def put(self, data: bytes | bytearray | memoryview) -> None:
        """Add what was received.

        Raises: RemoteProtocolError(FLOOD) when there would be too much; nothing is added then.
        """
        unread = self.unread + len(data)
        if unread > self._bytes_max:
            raise RemoteProtocolError(
                Reason.FLOOD, f"more than {self._bytes_max} bytes without waiting for the answer"
            )
        if not self.unread:
            self._chunk = bytes(data)  # of bytes, this is the same object
            self._at = 0
        else:
            if isinstance(self._chunk, bytes):
                self._chunk = bytearray(memoryview(self._chunk)[self._at :])
            elif self._at:
                del self._chunk[: self._at]
            self._at = 0
            self._chunk += data
        self.unread = unread

    def peek(self, size: int) -> bytes:
        """The first `size` unread bytes, or fewer when there are fewer; they stay."""
        return bytes(self._chunk[self._at : self._at + size])

    def take(self, size: int) -> bytes:
        """Remove and return exactly `size` unread bytes, which must be there."""
        if size > self.unread:
            raise AssertionError("take more than there is")
        start = self._at
        end = self._at = start + size
        taken = bytes(self._chunk[start:end])
        self.unread -= size
        if not self.unread:
            self.clear()
        return taken

    def clear(self) -> None:
        """Forget all."""
        self._chunk = b""
        self._at = 0
        self.unread = 0
