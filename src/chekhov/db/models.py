"""Rows of the floor itself: signs of life of the processes, series of numbers."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of one process. Written by the process, read by the health check.

    `beaten_at` is the database's clock, so that clocks of several machines do not matter.
    """

    process = models.TextField(primary_key=True)  # e.g. "gateway:host:4711"
    kind = models.TextField()
    beaten_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        """Table."""

        db_table = "db_heartbeat"

    def __str__(self) -> str:
        return self.process


class Numbering(models.Model):
    """The last number given out in a series that has no gaps, e.g. numbers of contracts."""

    series = models.TextField(primary_key=True)
    last = models.BigIntegerField()

    class Meta:
        """Table."""

        db_table = "db_numbering"

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
