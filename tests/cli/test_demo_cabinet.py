"""The demo shop's cabinet: made by deeds, repeated without harm, never outside a sandbox."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

import cabinets
import factories
from chekhov.accounts.errors import SandboxOnly
from chekhov.accounts.models import Account, Consent, User
from chekhov.accounts.sandbox import SANDBOX_PASSWORD
from chekhov.audit.models import AuditEntry
from chekhov.cli.demo import cabinets_fill
from chekhov.cli.demo_cabinet import DemoLogin, cabinet_fill
from chekhov.contracts.models import Contract
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.models import Group, Kkt
from chekhov.notify.models import Letter
from chekhov.orgs.models import Membership, Organisation, Partner, PartnerAccess, PartnerUser
from chekhov.orgs.services import employee_dismiss, partner_access_set
from chekhov.simulator.demo_people import EMPLOYEES, GROUPS, OWNER, PARTNER
from chekhov.simulator.demo_plan import COMPANIES, REGISTERS, SEAGULL, DemoPlan

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)
PLAN = DemoPlan(dt.date(2026, 11, 20), 1, "9999999998", "Демо-оператор")
ROWS = (
    User,
    Account,
    Consent,
    Organisation,
    Membership,
    Contract,
    Group,
    Partner,
    PartnerUser,
    PartnerAccess,
)


def filled(now: dt.datetime = NOW) -> list[DemoLogin]:
    cabinets.offer_ensure()
    cabinets_fill(PLAN)
    return cabinet_fill(PLAN, now=now)


def person(email: str) -> User:
    return User.objects.get(email=email)


def seen_by(email: str) -> set[str]:
    return {kkt.name for kkt in kkts_for_user(user=person(email), now=LATER)}


def names_of(numbers: tuple[int, ...]) -> set[str]:
    return {register.name for register in REGISTERS if register.number in numbers}


def test_everybody_logs_in_and_sees_what_is_said() -> None:
    logins = filled()
    assert [login.email for login in logins] == [
        OWNER.email,
        *(employee.email for employee in EMPLOYEES),
        PARTNER.email,
    ]
    assert logins[0].sees == "owner: ООО «Вишнёвый сад», ООО «Чайка»"
    for login in logins:
        client = Client()
        form = {"username": login.email, "password": SANDBOX_PASSWORD}
        answer = client.post("/login/", form, follow=True)
        assert answer.status_code == 200, login
        path = answer.redirect_chain[-1][0]
        assert path.startswith(("/cabinet/", "/partner/", "/profile/")), (login, path)
    everything = {register.name for register in REGISTERS if register.listed}
    assert seen_by(OWNER.email) == everything
    assert seen_by("deputy@demo.chekhov.test") == everything
    assert seen_by("cafe@demo.chekhov.test") == names_of((6, 7, 8))
    assert seen_by("clerk@demo.chekhov.test") == set()
    assert seen_by(PARTNER.email) == {one.name for one in REGISTERS if one.company is SEAGULL}


def test_the_cabinet_is_whole() -> None:
    filled()
    account = Account.objects.get(opened_by=person(OWNER.email))
    assert account.manager == person("manager@demo.chekhov.test")
    for company in COMPANIES:
        organisation = Organisation.objects.get(inn=company.inn)
        assert (organisation.account, organisation.source, organisation.source_at) == (account, "local", NOW)
        assert organisation.legal_address
        assert organisation.contracts.get().acceptance.user == person(OWNER.email)
    for name, parent, numbers, _icon in GROUPS:
        group = Group.objects.get(name=name)
        assert (group.parent.name if group.parent else "") == parent
        assert set(group.kkts.values_list("name", flat=True)) == names_of(numbers)
    assert Consent.objects.get().user == person(OWNER.email)
    assert not Letter.objects.exists(), "nobody of the demonstration has a mailbox"


def test_a_second_time_changes_nothing() -> None:
    first = filled()
    before = [list(model.objects.order_by("pk").values()) for model in (*ROWS, Kkt)]
    entries = AuditEntry.objects.count()
    assert filled(LATER) == first
    assert [list(model.objects.order_by("pk").values()) for model in (*ROWS, Kkt)] == before
    assert AuditEntry.objects.count() == entries


def test_what_people_changed_stays() -> None:
    filled()
    owner, account = person(OWNER.email), Account.objects.get()
    acts = cabinets.acts(owner, membership=Membership.objects.get(user=owner))
    partner, seagull = Partner.objects.get(), Organisation.objects.get(inn=SEAGULL.inn)
    partner_access_set(actor=acts, partner_id=partner.pk, organisation=seagull, allowed=False, now=LATER)
    Group.objects.filter(name="Книги").update(name="Лавка")
    Kkt.objects.update(group=None)
    owner.set_password("мой пароль, 1904")
    owner.save()
    filled(LATER)
    assert not PartnerAccess.objects.filter(revoked_at=None).exists()
    assert sorted(Group.objects.values_list("name", flat=True)) == [
        "Вишнёвый сад",
        "Кофейни",
        "Лавка",
        "Садовая, 1",
    ]
    assert not Kkt.objects.exclude(group=None).exists()
    assert person(OWNER.email).check_password(SANDBOX_PASSWORD), "what is printed is true"
    assert Account.objects.get() == account


def test_a_dismissed_employee_is_taken_on_again() -> None:
    filled()
    owner = person(OWNER.email)
    place = Membership.objects.get(email=EMPLOYEES[1].email)
    acts = cabinets.acts(owner, membership=Membership.objects.get(user=owner))
    employee_dismiss(actor=acts, account_id=place.account_id, membership_id=place.pk, now=LATER)
    assert not Client().login(username=place.email, password=SANDBOX_PASSWORD)
    filled(LATER)
    assert Client().login(username=place.email, password=SANDBOX_PASSWORD)
    assert seen_by(place.email) == names_of((6, 7, 8))


def test_who_is_shut_out_stays_out() -> None:
    filled()
    for email in (EMPLOYEES[0].email, PARTNER.email):
        User.objects.filter(email=email).update(is_active=False)
    told = {login.email: login.sees for login in filled(LATER)}
    assert told[EMPLOYEES[0].email] == told[PARTNER.email] == "is shut out by staff"
    assert not person(PARTNER.email).is_active
    User.objects.filter(email=OWNER.email).update(is_active=False)
    assert filled(LATER)[0].sees.startswith("is shut out")


def test_a_company_of_another_cabinet_stays_there() -> None:
    other = cabinets.account_make()
    Organisation.objects.create(account=other, name="Чужая", inn=SEAGULL.inn, kpp=SEAGULL.kpp)
    told = filled()
    assert told[0].sees == "owner: ООО «Вишнёвый сад»"
    assert Organisation.objects.get(inn=SEAGULL.inn).account == other
    assert not Contract.objects.filter(organisation__inn=SEAGULL.inn).exists()
    assert not PartnerAccess.objects.exists()


def test_one_who_works_elsewhere_is_told_and_the_rest_go_on() -> None:
    cabinets.offer_ensure()
    other = cabinets.account_make()
    user = factories.user_make(email=EMPLOYEES[0].email, full_name="Гаев Леонид")
    cabinets.membership_make(account=other, user=user)
    told = {login.email: login.sees for login in filled()}
    assert told[EMPLOYEES[0].email].startswith("could not be let in: ")
    assert not Membership.objects.filter(account__opened_by=person(OWNER.email), user=user).exists()
    assert seen_by(EMPLOYEES[1].email)


def test_only_in_a_sandbox(settings) -> None:  # type: ignore[no-untyped-def]
    cabinets_fill(PLAN)
    settings.SANDBOX = False
    with pytest.raises(SandboxOnly):
        cabinet_fill(PLAN, now=NOW)
    assert not User.objects.filter(staff_role="").exists()
