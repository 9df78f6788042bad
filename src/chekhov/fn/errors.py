"""Refusals of a drive. `result` is the code a drive answers with (docs/formats/wire.md section 10)."""

from __future__ import annotations

from typing import ClassVar

from chekhov.errors import Conflict, RuleBroken


class DriveRefused(RuleBroken):
    """The drive does not do what it was told; its state stays as it was."""

    code = "drive_refused"
    result: ClassVar[int] = 0x01


class WrongState(DriveRefused):
    """The command does not fit the phase of life or the state of the shift."""

    code = "drive_wrong_state"
    result = 0x02


class LifetimeOver(DriveRefused):
    """The term of the drive's keys is over."""

    code = "drive_lifetime_over"
    result = 0x05


class ArchiveFull(DriveRefused):
    """There is no place for one more document of this kind."""

    code = "drive_archive_full"
    result = 0x06


class ClockWrong(DriveRefused):
    """The moment is earlier than the last document's, or is none that a drive can write."""

    code = "drive_clock_wrong"
    result = 0x07


class ParameterWrong(DriveRefused):
    """What was ordered does not add up or does not fit its requisite."""

    code = "drive_parameter_wrong"
    result = 0x09


class DocumentTooLong(DriveRefused):
    """The document would exceed the limit of its form."""

    code = "drive_document_too_long"
    result = 0x10


class ConfirmationWaitOver(DriveRefused):
    """The first unconfirmed document is older than 30 days."""

    code = "drive_confirmation_wait_over"
    result = 0x15


class ShiftTooLong(DriveRefused):
    """The shift has lasted for 24 hours and must be closed first."""

    code = "drive_shift_too_long"
    result = 0x16


class StoredDocumentWrong(Conflict):
    """What the caller gave back as a stored document is not the one the drive issued."""

    code = "drive_stored_document_wrong"
