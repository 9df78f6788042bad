"""What can go wrong with registers, their groups and tables of registers."""

from __future__ import annotations

from chekhov.errors import AccessDenied, Conflict, Malformed, NotFound, RuleBroken


class KktNotFound(NotFound):
    """There is no such register, or the asker may not see it."""

    code = "kkt_not_found"


class RnmTaken(Conflict):
    """A register with this registration number («РНМ») stands in a cabinet already.

    `details["kkt_id"]` is given only to those who may see that register.
    """

    code = "rnm_taken"


class RnmSettled(RuleBroken):
    """Documents have come under the register's number: it is the right one, and they belong to it."""

    code = "rnm_settled"


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


class OrganisationNotServed(RuleBroken):
    """The organisation's contract has ended: its registers are not served."""

    code = "organisation_not_served"


class KktStopped(RuleBroken):
    """The register is out of service already."""

    code = "kkt_stopped"


class GroupNotFound(NotFound):
    """There is no such group, or the asker may not see it."""

    code = "group_not_found"


class GroupNameTaken(Conflict):
    """A group with this name stands at the same place of the tree."""

    code = "group_name_taken"


class GroupCodeTaken(Conflict):
    """Another group of the cabinet has this code."""

    code = "group_code_taken"


class GroupInsideItself(RuleBroken):
    """A group cannot stand under itself or under one of its own."""

    code = "group_inside_itself"


class BeyondOwnGroups(AccessDenied):
    """An employee of some groups deals with those groups and their registers only."""

    code = "beyond_own_groups"


class BatchNotFound(NotFound):
    """There is no such table of registers, or it is another's, or its day is over."""

    code = "batch_not_found"


class TableRefused(Malformed):
    """The file cannot be read as a table of registers; the message tells why and what to do."""

    code = "table_refused"


class RulesWrong(Malformed):
    """A rule of distribution does not hold. `place`: which, from 1."""

    code = "rules_wrong"
