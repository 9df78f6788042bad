"""Sizes and waits of the exchange, each with its unit and its source.

Sources: docs/formats/wire.md sections 2.4, 5, 6.1 and 9; where no source was found the reason is given.
"""

from __future__ import annotations

from typing import Final

SESSION_HEADER_BYTES: Final = 30
"""Section 2: the same layout in both directions."""

CONTAINER_HEADER_BYTES: Final = 32
"""Section 3.1: format versions 0x have a 32-byte header."""

CONTAINER_BYTES_MAX: Final = 33 * 1024
"""Section 2.4: the longest document is 32 768 bytes (section 5), plus the header and the signs."""

CONTAINER_BYTES_CEILING: Final = 0xFFFF
"""Section 2: the length field of the session header is two bytes; a setting may not exceed it."""

READ_BYTES_MAX: Final = 256 * 1024
"""The largest piece an asyncio transport hands over at once (CPython's selector transports)."""

BUFFER_BYTES_MAX: Final = SESSION_HEADER_BYTES + CONTAINER_BYTES_CEILING + READ_BYTES_MAX
"""One unfinished message of the longest kind and one read after it; whoever sends more is cut off."""

CONFIRMATION_BYTES_MAX: Final = 512
"""Section 6.1: the limit of document 7."""

CONFIRMATION_WAIT_SECONDS: Final = 300
"""Section 9.1: a register waits for the answer up to 300 s."""

RETRY_PAUSE_SECONDS: Final = 0.5
"""Section 9.1: the pause of one firmware before it repeats a message."""

RETRIES_MAX: Final = 10
"""Section 9.1: after more failures in a row that firmware gives up the burst."""

IDLE_POLL_SECONDS: Final = 60
"""Section 9.1: how often that firmware looks for unsent documents."""

CACHED_KEYS_MAX: Final = 16_384
"""Ours: keys of drives kept ready by one process; about 20 MB."""
