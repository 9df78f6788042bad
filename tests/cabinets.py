"""Cabinets for tests of companies, contracts and partners: an owner, colleagues, a partner, strangers, staff."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import factories
from chekhov.accounts.models import Account, StaffRole, User
from chekhov.audit.models import ActorKind
from chekhov.contracts.models import OfferVersion
from chekhov.orgs.actor import Actor
from chekhov.orgs.models import Membership, Organisation, Partner, PartnerAccess, PartnerUser
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.sections import Role, Section

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def account_make(**fields: Any) -> Account:
    """A cabinet with an owner who can log in."""
    owner = fields.pop("owner", None) or factories.user_make(full_name="Раневская Любовь Андреевна")
    account = Account.objects.create(opened_by=owner, **fields)
    membership_make(account=account, user=owner, role=Role.OWNER)
    return account


def membership_make(*, account: Account, **fields: Any) -> Membership:
    """An employee who can log in; a user, if sections are given without a role."""
    user = fields.pop("user", None) or factories.user_make(full_name=f"Сотрудников Пётр {next(_numbers)}")
    defaults = {"role": Role.USER, "email": user.email, "full_name": user.full_name or "Имя Имя"}
    return Membership.objects.create(
        account=account, user=user, **{**defaults, "created_at": NOW, "confirmed_at": NOW, **fields}
    )


def partner_make(**fields: Any) -> Partner:
    """A partner."""
    number = next(_numbers)
    return Partner.objects.create(
        **{"name": f"ООО «Партнёр {number}»", "inn": factories.inn_make(50_000 + number), "created_at": NOW}
        | fields
    )


def partner_user_make(*, partner: Partner) -> User:
    """A person of a partner."""
    user = factories.user_make(full_name="Партнёров Иван")
    PartnerUser.objects.create(
        partner=partner,
        user=user,
        email=user.email,
        full_name=user.full_name,
        created_at=NOW,
        confirmed_at=NOW,
    )
    return user


def partner_access_make(*, partner: Partner, organisation: Organisation, **fields: Any) -> PartnerAccess:
    """A partner let in."""
    by = fields.pop("granted_by", None) or factories.user_make()
    defaults = {"granted_at": NOW - dt.timedelta(days=1), "granted_by": by}
    return PartnerAccess.objects.create(partner=partner, organisation=organisation, **{**defaults, **fields})


def offer_ensure() -> OfferVersion:
    """The offer in force; a test that commits empties the table of the one that came with the migration."""
    offer = OfferVersion.objects.order_by("-number").first()
    return offer or OfferVersion.objects.create(
        number=1, title="Договор-оферта", text="# 1. Предмет\n\n1.1. Текст.\n", published_at=NOW
    )


def requisites_make(**fields: Any) -> Requisites:
    """A company's requisites, another one at every call."""
    defaults = {
        "inn": str(factories.inn_make(100_000 + next(_numbers))),
        "kpp": "770101001",
        "ogrn": "1027700132195",
        "full_name": "Общество с ограниченной ответственностью «Вишнёвый сад»",
        "name": "ООО «Вишнёвый сад»",
        "legal_address": "101000, г. Москва, ул. Садовая, д. 1",
        "head_surname": "Раневская",
        "head_name": "Любовь",
        "head_patronymic": "Андреевна",
        "head_position": "Генеральный директор",
    }
    return Requisites(**(defaults | fields))


def acts(user: User, **fields: Any) -> Actor:
    """The person as a customer."""
    return Actor(user=user, kind=ActorKind.CUSTOMER, **fields)


def acts_as_staff(user: User, **fields: Any) -> Actor:
    """The person as staff."""
    return Actor(user=user, kind=ActorKind.STAFF, **fields)


@dataclass(frozen=True)
class Cabinets:
    """One cabinet with everybody around it. `other_owner` has a cabinet of his own, the stranger none."""

    account: Account
    owner: User
    administrator: User
    clerk: User  # «ККТ» only
    clerk_of_documents: User  # «Документы» only
    clerk_of_no_group: User  # «ККТ», but no group of registers
    dismissed: User
    shut_out: User
    invited: Membership
    organisation: Organisation
    other_account: Account
    other_owner: User
    other_organisation: Organisation
    partner: Partner
    partner_user: User
    stranger: User
    staff: dict[StaffRole, User] = field(default_factory=dict)

    @property
    def manager(self) -> User:
        """Staff who decide applications."""
        return self.staff[StaffRole.MANAGER]


def cabinets_make() -> Cabinets:
    """Store the world. The partner is let into nothing yet."""
    account, other = account_make(), account_make()
    partner = partner_make()

    def employee(**fields: Any) -> User:
        user = membership_make(account=account, **fields).user
        assert user is not None
        return user

    shut_out = employee(role=Role.OWNER)
    shut_out.is_active = False
    shut_out.save()
    invited = Membership.objects.create(
        account=account,
        email="invited@example.test",
        full_name="Гаев Леонид",
        role=Role.USER,
        created_at=NOW,
    )
    return Cabinets(
        account=account,
        owner=account.opened_by,
        administrator=employee(role=Role.ADMINISTRATOR),
        clerk=employee(sections=[Section.KKT]),
        clerk_of_documents=employee(sections=[Section.DOCUMENTS]),
        clerk_of_no_group=employee(sections=[Section.KKT], all_groups=False),
        dismissed=employee(role=Role.ADMINISTRATOR, removed_at=NOW),
        shut_out=shut_out,
        invited=invited,
        organisation=factories.organisation_make(account=account, kpp="770101001"),
        other_account=other,
        other_owner=other.opened_by,
        other_organisation=factories.organisation_make(account=other, kpp="770101001"),
        partner=partner,
        partner_user=partner_user_make(partner=partner),
        stranger=factories.user_make(),
        staff={role: factories.staff_make(role) for role in StaffRole if role},
    )


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds at the same moment, each on a connection of its own; gives results or errors, in order."""
    from django.db import connection  # noqa: PLC0415  # only tests that commit come here

    ready = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            ready.wait(10)
            results[place] = deed()
        except Exception as error:  # noqa: BLE001  # the test looks which
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
