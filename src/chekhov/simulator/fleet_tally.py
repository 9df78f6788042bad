"""What a run of many registers counted, and how it is summed up over processes."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Tally:
    """Counts of one process or of all. Latencies are in seconds, from sending to the whole answer."""

    documents: int = 0
    """Acknowledged within the window."""
    documents_late: int = 0
    """Sent within the window, acknowledged after its end; not in the rate."""
    seconds: float = 0.0
    """Length of the window."""
    latencies: array[float] = field(default_factory=lambda: array("f"))
    bytes_sent: int = 0
    bytes_received: int = 0
    connections: int = 0
    made_on_the_fly: int = 0
    """Documents made inside the window because the prepared ones had run out."""
    verified: int = 0
    """Answers whose CRC and signs were verified by the drive's side after the window."""
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Take in the counts of another process that ran at the same time."""
        self.documents += other.documents
        self.documents_late += other.documents_late
        self.seconds = max(self.seconds, other.seconds)
        self.latencies.extend(other.latencies)
        self.bytes_sent += other.bytes_sent
        self.bytes_received += other.bytes_received
        self.connections += other.connections
        self.made_on_the_fly += other.made_on_the_fly
        self.verified += other.verified
        self.errors.update(other.errors)

    @property
    def documents_per_second(self) -> float:
        """Acknowledged documents a second."""
        return self.documents / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded; latencies in milliseconds."""
        ordered = sorted(self.latencies)
        return {
            "documents": self.documents,
            "documents_late": self.documents_late,
            "seconds": round(self.seconds, 3),
            "documents_per_second": round(self.documents_per_second, 1),
            "ack_p50_ms": milliseconds(percentile(ordered, 0.50)),
            "ack_p95_ms": milliseconds(percentile(ordered, 0.95)),
            "ack_p99_ms": milliseconds(percentile(ordered, 0.99)),
            "ack_max_ms": milliseconds(ordered[-1] if ordered else None),
            "bytes_sent": self.bytes_sent,
            "bytes_received": self.bytes_received,
            "connections": self.connections,
            "made_on_the_fly": self.made_on_the_fly,
            "answers_verified": self.verified,
            "errors": dict(sorted(self.errors.items())),
        }


def percentile(ordered: list[float], share: float) -> float | None:
    """The smallest value that at least `share` (0..1] of the values do not exceed; None of nothing."""
    if not ordered:
        return None
    rank = -(-len(ordered) * round(share * 1000) // 1000)
    return ordered[min(len(ordered), max(1, rank)) - 1]


def milliseconds(seconds: float | None) -> float | None:
    """For people and JSON: two decimals."""
    return None if seconds is None else round(seconds * 1000, 2)
