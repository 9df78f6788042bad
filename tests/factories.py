"""The smallest valid row of each model. Every call gives another one."""

from __future__ import annotations

import itertools
from typing import Any

from chekhov.accounts.models import StaffRole, User
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import RegistrationFact
from chekhov.orgs.models import Organisation
from chekhov.values import Inn, RegistrationNumber

_numbers = itertools.count(1)


def inn_make(number: int) -> Inn:
    """A valid ИНН of a company."""
    first = f"{770000000 + number:09}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return Inn(first + str(sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11 % 10))


def user_make(**fields: Any) -> User:
    """A customer."""
    fields.setdefault("email", f"person{next(_numbers)}@example.test")
    return User.objects.create_user(fields.pop("email"), fields.pop("password", None), **fields)


def staff_make(role: StaffRole = StaffRole.ENGINEER, **fields: Any) -> User:
    """A member of the operator's staff."""
    return user_make(staff_role=role, **fields)


def organisation_make(**fields: Any) -> Organisation:
    """A company."""
    number = next(_numbers)
    return Organisation.objects.create(
        **{"name": f"ООО «Вишнёвый сад {number}»", "inn": inn_make(number)} | fields
    )


def kkt_make(**fields: Any) -> Kkt:
    """A register with a registration number, in the cabinet of a company of its own."""
    number = next(_numbers)
    organisation = fields.pop("organisation", None) or organisation_make()
    serial = fields.setdefault("serial", f"{number:08}")
    if "rnm" not in fields:
        fields["rnm"] = str(RegistrationNumber.compose(number, organisation.inn, serial))
    return Kkt.objects.create(organisation=organisation, **{"name": f"Касса {number}"} | fields)


def registration_fact(**fields: Any) -> RegistrationFact:
    """What a registration report of a test drive says."""
    number = next(_numbers)
    return RegistrationFact(**{"fn": f"{9999540000001000 + number}", "fd": 1, "code": 1} | fields)
