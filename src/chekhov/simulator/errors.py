"""What can go wrong with a simulated register."""

from __future__ import annotations

from chekhov.errors import Conflict, Malformed, NotFound, RuleBroken, Unavailable


class FolderMissing(NotFound):
    """There is no register in this folder."""

    code = "register_folder_missing"


class FolderTaken(Conflict):
    """The folder already holds a register, or something else that must not be overwritten."""

    code = "register_folder_taken"


class FolderBusy(Conflict):
    """Another process is working with the register in this folder."""

    code = "register_folder_busy"


class FolderBroken(Malformed):
    """What is written in the folder is not what a register leaves there."""

    code = "register_folder_broken"


class OrderMalformed(Malformed):
    """The JSON of a receipt is not of the described form. The message begins with the path."""

    code = "order_malformed"


class SettingMalformed(Malformed):
    """A setting given to the register is not of its form."""

    code = "register_setting_malformed"


class ConfirmationRefused(RuleBroken):
    """The drive refused the operator's answer; the document stays unsent.

    `reason` is the number of docs/formats/wire.md 6.4.
    """

    code = "confirmation_refused"

    def __init__(self, message: str, *, fd_number: int, reason: int) -> None:
        """Keep the drive's reason apart from the sentence."""
        super().__init__(message, fd_number=fd_number, reason=reason)
        self.fd_number = fd_number
        self.reason = reason


class OperatorSilent(Unavailable):
    """The operator could not be reached, or did not answer, as often as it was tried."""

    code = "operator_silent"
