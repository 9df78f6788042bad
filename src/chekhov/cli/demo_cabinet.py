"""The demo shop's customer cabinet: its companies handed over, people with log-ins, groups, a partner.

Everything goes the way of the deeds that people do, so the journal tells it. Gone through again, it adds only what
is missing; what somebody changed by hand stays. Django is loaded before this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from chekhov.accounts.models import Account, StaffRole, User
from chekhov.accounts.services import sandbox_account_ensure, sandbox_person_ensure, sandbox_staff_ensure
from chekhov.audit.models import ActorKind
from chekhov.contracts.selectors import offer_current
from chekhov.contracts.services import JoiningForm, contract_join
from chekhov.db.locks import transaction_lock
from chekhov.errors import ChekhovError
from chekhov.kkt.models import Group, Kkt
from chekhov.kkt.services.groups import group_add, kkts_assign
from chekhov.links.directory import Found
from chekhov.orgs.access import actor_on_behalf, actor_owner
from chekhov.orgs.actor import Actor
from chekhov.orgs.lookup import directory_of_settings
from chekhov.orgs.models import Membership, Partner
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.sections import ROLE_SECTIONS, Role, Section
from chekhov.orgs.selectors import (
    accesses_of_organisation,
    organisation_by_requisites,
    people_of_partner,
)
from chekhov.orgs.services import (
    EmployeeForm,
    PartnerForm,
    cabinet_open,
    employee_add,
    employee_confirm,
    manager_assign,
    organisation_hand_over,
    partner_access_set,
    partner_add,
    partner_user_add,
    partner_user_confirm,
)
from chekhov.simulator.demo_people import EMPLOYEES, GROUPS, OWNER, PARTNER, DemoEmployee
from chekhov.simulator.demo_plan import COMPANIES, REGISTERS, DemoCompany, DemoPlan
from chekhov.values.requisites import Inn

REASON = "Демонстрация: организации демо-магазина переданы в его кабинет"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A line of what `chekhov demo` prints: the e-mail and what is seen with it, or why there is no such log-in."""

    email: str
    sees: str


@dataclass(frozen=True, slots=True)
class Cabinet:
    """What the deeds are done with: the cabinet, who acts in it, and at which moment."""

    account: Account
    owner: Actor
    staff: dict[str, User]
    now: dt.datetime

    @property
    def manager(self) -> User:
        """The operator's manager."""
        return self.staff[StaffRole.MANAGER]


def cabinet_fill(plan: DemoPlan, *, now: dt.datetime) -> list[DemoLogin]:
    """The cabinet of the companies that `demo.cabinets_fill` has entered; gives the log-ins that are there then.

    Raises: SandboxOnly.
    """
    cards = {company.inn: _told(company, now) for company in COMPANIES}
    with transaction.atomic():
        transaction_lock("demo.cabinet")
        staff = {user.staff_role: user for user, _ in sandbox_staff_ensure()}
        owner = sandbox_person_ensure(email=OWNER.email, full_name=OWNER.full_name, now=now)
        if owner is None:
            return [DemoLogin(OWNER.email, "is shut out by staff, so the demo cabinet stays as it is")]
        account = sandbox_account_ensure(owner=owner, now=now)
        cabinet_open(user=owner, account_id=account.pk, now=now)
        cabinet = Cabinet(account, actor_owner(user=owner), staff, now)
        companies = [
            name for company in COMPANIES if (name := _company(cabinet, company, cards[company.inn]))
        ]
        if account.manager_id is None:
            actor = Actor(user=cabinet.manager, kind=ActorKind.STAFF)
            manager_assign(actor=actor, account_id=account.pk, manager_id=cabinet.manager.pk, now=now)
        groups = _groups(cabinet, plan)
        told = ", ".join(companies) or "no companies, they are in another cabinet"
        logins = [DemoLogin(OWNER.email, f"{OWNER.sees}: {told}")]
        for employee in EMPLOYEES:
            let_in = partial(_employee, cabinet, employee, groups)
            logins.append(_login(employee.email, employee.sees, let_in))
        logins.append(_login(PARTNER.email, PARTNER.sees, partial(_partner, cabinet)))
    return logins


def _login(email: str, sees: str, let_in: Callable[[], bool]) -> DemoLogin:
    """Let one person in, whatever became of the others."""
    try:
        with transaction.atomic():
            return DemoLogin(email, sees if let_in() else "is shut out by staff")
    except ChekhovError as error:
        return DemoLogin(email, f"could not be let in: {error.message}")


def _told(company: DemoCompany, now: dt.datetime) -> Found | None:
    """What the directory knows; asked before the transaction, as every far party is."""
    answer = directory_of_settings().lookup(Inn(company.inn), now=now)
    return answer if isinstance(answer, Found) else None


def _company(cabinet: Cabinet, company: DemoCompany, found: Found | None) -> str:
    """Hand one company over and join it to the contract; its name, or nothing if it is in another cabinet."""
    organisation = organisation_by_requisites(inn=company.inn, kpp=company.kpp)
    if organisation is None or organisation.account_id not in {None, cabinet.account.pk}:
        return ""
    if organisation.account_id is None:
        organisation = organisation_hand_over(
            actor=actor_on_behalf(user=cabinet.manager, reason=REASON),
            organisation_id=organisation.pk,
            account_id=cabinet.account.pk,
            reason=REASON,
            now=cabinet.now,
        )
    offer = offer_current()
    if found is not None and offer is not None and not organisation.contracts.exists():
        contract_join(
            actor=cabinet.owner,
            account_id=cabinet.account.pk,
            form=JoiningForm(
                sole_trader=found.card.is_sole_trader,
                requisites=Requisites.of_card(found.card),
                accepted=True,
                offer_number=offer.number,
            ),
            now=cabinet.now,
            found=found,
            device="chekhov demo",
        )
    return organisation.name


def _groups(cabinet: Cabinet, plan: DemoPlan) -> dict[str, int]:
    """Groups by name. Made once: a tree that is there is left as people have made it."""
    there = dict(Group.objects.filter(account=cabinet.account).values_list("name", "pk"))
    if there:
        return there
    for name, parent, numbers, icon in GROUPS:
        group = group_add(
            actor=cabinet.owner,
            account_id=cabinet.account.pk,
            name=name,
            parent_id=there[parent] if parent else None,
            icon=icon,
            now=cabinet.now,
        )
        there[name] = group.pk
        rnms = [plan.rnm(register) for register in REGISTERS if register.number in numbers]
        kkts_assign(
            actor=cabinet.owner,
            account_id=cabinet.account.pk,
            group_id=group.pk,
            kkt_ids=_kkts_of(cabinet.account, rnms),
            now=cabinet.now,
        )
    return there


def _kkts_of(account: Account, rnms: list[str]) -> list[int]:
    found = Kkt.objects.filter(rnm__in=rnms, organisation__account=account)
    return list(found.values_list("pk", flat=True))


def _employee(cabinet: Cabinet, employee: DemoEmployee, groups: dict[str, int]) -> bool:
    """One employee with a log-in, his e-mail confirmed; False if staff shut him out."""
    user = sandbox_person_ensure(email=employee.email, full_name=employee.full_name, now=cabinet.now)
    if user is None:
        return False
    place = (
        Membership.objects.filter(
            account=cabinet.account, email__iexact=employee.email, removed_at__isnull=True
        ).first()
    )  # fmt: skip
    if place is None:
        form = EmployeeForm(
            full_name=employee.full_name,
            role=Role(employee.role),
            position=employee.position,
            sections=frozenset(map(Section, employee.sections)) or ROLE_SECTIONS[Role(employee.role)],
            all_groups=not employee.groups,
            group_ids=frozenset(groups[name] for name in employee.groups if name in groups),
        )
        place = employee_add(
            actor=cabinet.owner,
            account_id=cabinet.account.pk,
            email=employee.email,
            form=form,
            now=cabinet.now,
        )
    employee_confirm(membership_id=place.pk, user=user, now=cabinet.now)
    return True


def _partner(cabinet: Cabinet) -> bool:
    """The partner with one person, let into one company by the owner; False if his person is shut out."""
    user = sandbox_person_ensure(email=PARTNER.email, full_name=PARTNER.full_name, now=cabinet.now)
    if user is None:
        return False
    actor = Actor(user=cabinet.staff[StaffRole.ADMINISTRATOR], kind=ActorKind.STAFF)
    partner = Partner.objects.filter(inn=PARTNER.inn, kpp=PARTNER.kpp).first() or partner_add(
        actor=actor,
        form=PartnerForm(
            name=PARTNER.name,
            inn=PARTNER.inn,
            kpp=PARTNER.kpp,
            ogrn=PARTNER.ogrn,
            legal_address=PARTNER.address,
            email=PARTNER.email,
        ),
        now=cabinet.now,
    )
    person = people_of_partner(partner_id=partner.pk).filter(email__iexact=PARTNER.email).first()
    person = person or partner_user_add(
        actor=actor,
        partner_id=partner.pk,
        email=PARTNER.email,
        full_name=PARTNER.full_name,
        now=cabinet.now,
    )
    partner_user_confirm(partner_user_id=person.pk, user=user, now=cabinet.now)
    organisation = organisation_by_requisites(inn=PARTNER.company.inn, kpp=PARTNER.company.kpp)
    if organisation is not None and organisation.account_id == cabinet.account.pk:
        ever = accesses_of_organisation(organisation_id=organisation.pk).filter(partner=partner)
        if not ever.exists():  # an access that the owner has closed stays closed
            partner_access_set(
                actor=cabinet.owner,
                partner_id=partner.pk,
                organisation=organisation,
                allowed=True,
                now=cabinet.now,
            )
    return True
