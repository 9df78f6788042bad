"""What a person's own standing allows. Rights in a customer's cabinet are `orgs.access`."""

from __future__ import annotations

from chekhov.accounts.errors import StaffOnly
from chekhov.accounts.models import StaffRole, User


def require_staff(person: object, *roles: StaffRole) -> User:
    """The person, if he works for the operator and has one of the roles (none named: any). Raises: StaffOnly."""
    if not isinstance(person, User) or not person.is_active or not person.is_staff:
        raise StaffOnly("Это могут делать только сотрудники оператора")
    if not roles or person.is_superuser or StaffRole(person.staff_role) in roles:
        return person
    raise StaffOnly("Это могут делать только уполномоченные сотрудники оператора")
