"""What can go wrong with registers."""

from __future__ import annotations

from chekhov.errors import Conflict, Malformed, NotFound, RuleBroken


class KktNotFound(NotFound):
    """There is no such register, or the asker may not see it."""

    code = "kkt_not_found"


class RnmTaken(Conflict):
    """A register with this registration number («РНМ») stands in a cabinet already."""

    code = "rnm_taken"


class RnmDoesNotMatch(RuleBroken):
    """The registration number's check digits do not fit the ИНН and the serial number.

    Source: the tax service's rule of composing the registration number.
    """

    code = "rnm_does_not_match"


class KktNameless(RuleBroken):
    """The name is empty, too long for a list, or has characters that cannot be printed."""

    code = "kkt_nameless"


class BadKktModel(Malformed):
    """The name of the register's model is too long, or has characters that cannot be printed."""

    code = "bad_kkt_model"
