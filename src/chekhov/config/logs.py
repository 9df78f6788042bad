"""Lines of events: moment in UTC, level, name of the room, the event with its facts."""

from __future__ import annotations

import logging
import re
import time

EVENT_FORMAT = "{asctime}.{msecs:03.0f}Z {levelname} {name} {message}"
# Links of letters are keys: a refused or mistaken form at their address is logged by Django with its path.
LETTER_LINK = re.compile(r"(/entry/(?:confirm|invitation|recovery|password)/)[\w-]{20,}")


class EventFormatter(logging.Formatter):
    """UTC whatever the operator's zone, so that lines of several processes and machines can be laid together."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        """The one form of all processes."""
        super().__init__(EVENT_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the keys of letters' links left out."""
        return LETTER_LINK.sub(r"\1…", super().format(record))
