"""What can go wrong with organisations, the people who work in cabinets, and partners."""

from __future__ import annotations

from collections.abc import Mapping

from chekhov.errors import AccessDenied, Conflict, Malformed, NotFound, RuleBroken, Unavailable


class OrganisationThere(Conflict):
    """An organisation with this ИНН and КПП is already there."""

    code = "organisation_there"


class OrganisationNotFound(NotFound):
    """There is no such organisation, or the asker may not see it."""

    code = "organisation_not_found"


class OrganisationNameless(RuleBroken):
    """The name is empty, too long for an invoice, or has characters that cannot be printed."""

    code = "organisation_nameless"


class KppMisplaced(RuleBroken):
    """A company has a КПП, a sole trader has none."""

    code = "kpp_misplaced"


class FieldsWrong(Malformed):
    """A form's fields do not hold. `fields`: name of the field → what is wrong with it, for the person."""

    code = "fields_wrong"

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Keep every field's trouble, so that the form tells them all at once."""
        super().__init__("; ".join(fields.values()), fields=sorted(fields))
        self.fields = dict(fields)


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the thing since it was shown; nothing is overwritten."""

    code = "changed_meanwhile"


class NotMember(NotFound):
    """The person works in no cabinet."""

    code = "not_member"


class SectionClosed(AccessDenied):
    """The section is not open to this employee."""

    code = "section_closed"


class OwnerOnly(AccessDenied):
    """Only an owner of the cabinet may do this."""

    code = "owner_only"


class DeedNotAllowed(AccessDenied):
    """The role of this member of the operator's staff does not include the deed."""

    code = "deed_not_allowed"


class EmployeeNotFound(NotFound):
    """There is no such employee in this cabinet."""

    code = "employee_not_found"


class EmployeeThere(Conflict):
    """An employee with this e-mail is in the cabinet already."""

    code = "employee_there"


class LastOwner(RuleBroken):
    """A cabinet keeps at least one owner who can log in."""

    code = "last_owner"


class BeyondOwnRights(AccessDenied):
    """Nobody gives, takes or changes more rights than he has himself."""

    code = "beyond_own_rights"


class PersonTaken(Conflict):
    """The person belongs to another cabinet, to a partner, or to the operator's staff."""

    code = "person_taken"


class PartnerNotFound(NotFound):
    """There is no such partner."""

    code = "partner_not_found"


class PartnerThere(Conflict):
    """A partner with this ИНН and КПП, or a person of his with this e-mail, is there already."""

    code = "partner_there"


class PartnerClosed(RuleBroken):
    """The operator works with this partner no more."""

    code = "partner_closed"


class AccessEndsBefore(RuleBroken):
    """The end of a partner's access is not in the future."""

    code = "access_ends_before"


class LookupTooOften(Unavailable):
    """The person asks the directory of companies too often; later may do."""

    code = "lookup_too_often"


class ReasonTooShort(RuleBroken):
    """Acting for a customer needs a reason that the customer can understand."""

    code = "reason_too_short"
