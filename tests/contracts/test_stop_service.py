"""The application to stop serving a register: from the customer's window to the register that stands."""

import dataclasses
import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

import factories
from cabinets import (
    NOW,
    acts,
    acts_as_staff,
    cabinets_make,
    membership_make,
    offer_ensure,
    requisites_make,
    together,
)
from chekhov.audit.models import AuditEntry
from chekhov.contracts import hooks, sheets
from chekhov.contracts.access import application_for_user, applications_for_user
from chekhov.contracts.errors import (
    ApplicationNotFound,
    ApplicationStateWrong,
    ApplicationThere,
    ContractEnded,
    ReasonMissing,
    SigningNotReady,
)
from chekhov.contracts.models import (
    OPEN_STATES,
    Application,
    ApplicationKind,
    ApplicationState,
    SigningMethod,
)
from chekhov.contracts.registers import RegisterFacts
from chekhov.contracts.selectors import (
    applications_awaiting_paper,
    applications_counts,
    applications_to_decide,
    stop_application_last,
)
from chekhov.contracts.services import (
    JoiningForm,
    application_approve,
    application_refuse,
    application_withdraw,
    contract_join,
    paper_arrive,
    stop_service_ask,
    termination_ask,
)
from chekhov.kkt.errors import KktStopped
from chekhov.kkt.models import Group, Kkt
from chekhov.kkt.services import kkt_stop_ask
from chekhov.orgs.errors import ChangedMeanwhile
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


class Scene:
    """A contract with a register under it, and the deeds in short."""

    def __init__(self):
        offer_ensure()
        self.world = cabinets_make()
        self.customer = acts(self.world.owner)
        self.manager = acts_as_staff(self.world.manager)
        self.contract = self.join()
        self.kkt = self.register()

    def join(self):
        return contract_join(
            actor=self.customer,
            account_id=self.world.account.pk,
            form=JoiningForm(sole_trader=False, requisites=requisites_make(), accepted=True, offer_number=1),
            now=NOW,
        )

    def register(self, **fields):
        return factories.kkt_make(organisation=self.contract.organisation, **fields)

    def facts(self, kkt):
        return RegisterFacts(
            name=kkt.name,
            user_name=self.contract.organisation.name,
            user_inn=self.contract.organisation.inn,
            rnm=kkt.rnm,
            serial=kkt.serial,
            drive_serial="9999078900000012",
            address="614045, г. Пермь, ул. Ленина, д. 1",
        )

    def ask(self, kkt=None, method=SigningMethod.PAPER, **fields):
        kkt = kkt or self.kkt
        return stop_service_ask(
            **{
                "actor": self.customer,
                "contract_id": self.contract.pk,
                "kkt_id": kkt.pk,
                "register": self.facts(kkt),
                "method": method,
                "now": NOW,
            }
            | fields
        )

    def staff(self, deed, application, **fields):
        return deed(
            **{
                "actor": self.manager,
                "application_id": application.pk,
                "expected_version": application.version,
                "now": NOW,
            }
            | fields
        )

    def arrive(self, application):
        return self.staff(paper_arrive, application, arrived_on=TODAY)

    def approve(self, application):
        return self.staff(application_approve, application)

    def refuse(self, application, reason="Подпись не та"):
        return self.staff(application_refuse, application, reason=reason)

    def withdraw(self, application):
        return self.staff(application_withdraw, application, actor=self.customer)


@pytest.fixture
def scene():
    return Scene()


def test_paper_then_manager_then_the_register_stands(scene):
    asked = scene.ask()
    assert (asked.kind, asked.state) == (ApplicationKind.STOP_SERVICE, ApplicationState.PAPER_AWAITED)
    assert list(applications_awaiting_paper(kind=ApplicationKind.STOP_SERVICE)) == [asked]
    with pytest.raises(ApplicationStateWrong):
        scene.approve(asked)
    arrived = scene.arrive(asked)
    assert list(applications_to_decide(kind=ApplicationKind.STOP_SERVICE)) == [arrived]
    assert not applications_to_decide(kind=ApplicationKind.TERMINATION).exists()
    with pytest.raises(ApplicationStateWrong):
        scene.withdraw(arrived)
    assert Kkt.objects.get(pk=scene.kkt.pk).stopped_at is None
    approved = scene.approve(arrived)
    assert approved.decided_by == scene.world.manager
    assert Kkt.objects.get(pk=scene.kkt.pk).stopped_at == NOW
    steps = list(approved.steps.values_list("state_before", "state_after", "by_staff"))
    assert steps == [
        ("", "paper_awaited", False),
        ("paper_awaited", "sent", True),
        ("sent", "approved", True),
    ]
    scene.contract.refresh_from_db()
    assert scene.contract.ends_on is None, "the contract goes on"
    written = AuditEntry.objects.filter(account_id=scene.world.account.pk, object_kind="application")
    assert [entry.action for entry in written.order_by("id")] == [
        "contracts.stop_service_asked",
        "contracts.paper_arrived",
        "contracts.application_approved",
    ]
    assert {entry.facts["rnm"] for entry in written} == {scene.kkt.rnm}


def test_asking_again_gives_the_same_application(scene):
    first = scene.ask()
    assert scene.ask() == first
    assert first.steps.count() == 1
    other = scene.ask(scene.register())
    assert other != first, "another register is another application"


def test_it_stands_beside_the_other_kinds(scene):
    ending = termination_ask(
        actor=scene.customer, contract_id=scene.contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    assert scene.ask() != ending
    assert applications_counts() == {"sent": 0, "paper_awaited": 2}


def test_after_a_refusal_and_a_withdrawal_one_may_ask_again(scene):
    refused = scene.refuse(scene.ask())
    assert (refused.state, refused.reason) == (ApplicationState.REFUSED, "Подпись не та")
    withdrawn = scene.withdraw(scene.ask())
    assert withdrawn.state == ApplicationState.WITHDRAWN
    third = scene.ask()
    assert len({refused.pk, withdrawn.pk, third.pk}) == 3
    assert stop_application_last(kkt_id=scene.kkt.pk) == third
    with pytest.raises(ReasonMissing):
        scene.refuse(third, " ")
    assert Kkt.objects.get(pk=scene.kkt.pk).stopped_at is None


def test_electronic_way_comes_with_signatures(scene):
    with pytest.raises(SigningNotReady):
        scene.ask(method=SigningMethod.ELECTRONIC)
    assert not Application.objects.exists()


def test_no_application_upon_a_contract_that_ended(scene):
    waiting = scene.ask()
    ending = termination_ask(
        actor=scene.customer, contract_id=scene.contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    scene.approve(scene.arrive(ending))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (ApplicationState.REFUSED, "Договор расторгнут")
    with pytest.raises(ContractEnded):
        scene.ask()


def test_a_register_moved_to_another_contract_is_not_asked_for_twice(scene):
    scene.ask()
    with pytest.raises(ApplicationThere):
        scene.ask(contract_id=scene.join().pk)


def test_without_a_room_of_registers_nothing_is_approved(scene, monkeypatch):
    monkeypatch.setattr(hooks, "_stop_hooks", {})
    arrived = scene.arrive(scene.ask())
    with pytest.raises(LookupError), transaction.atomic():
        scene.approve(arrived)
    assert Application.objects.get(pk=arrived.pk).state == ApplicationState.SENT


def test_a_hook_that_fails_decides_nothing(scene, monkeypatch):
    def fail(*, application, actor, now):
        raise ZeroDivisionError

    monkeypatch.setattr(hooks, "_stop_hooks", {"kkt": fail})
    arrived = scene.arrive(scene.ask())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        scene.approve(arrived)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.decided_at) == (ApplicationState.SENT, None)


@pytest.mark.parametrize(
    ("kind", "kkt_id"), [("stop_service", None), ("termination", 5), ("requisites", 5), ("wish", 5)]
)
def test_the_database_knows_which_kind_names_a_register(scene, kind, kkt_id):
    asked = scene.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=asked.pk).update(kind=kind, kkt_id=kkt_id)


def test_the_database_keeps_one_open_application_for_a_register(scene):
    asked = scene.ask()
    second = scene.ask(scene.register())
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=second.pk).update(kkt_id=asked.kkt_id)


def test_who_sees_an_application_upon_a_register(scene):
    asked = scene.ask()
    seen = {"owner", "clerk_of_documents", "manager"}
    for name in (*seen, "other_owner", "stranger", "partner_user", "nobody"):
        user = AnonymousUser() if name == "nobody" else getattr(scene.world, name)
        if name in seen:
            assert application_for_user(user=user, application_id=asked.pk, now=NOW) == asked
        else:
            with pytest.raises(ApplicationNotFound, match=r"^Такой заявки нет$"):
                application_for_user(user=user, application_id=asked.pk, now=NOW)


def test_an_employee_of_some_groups_sees_those_of_his_registers_only(scene):
    account = scene.world.account
    group = Group.objects.create(account=account, name="Его")
    place = membership_make(account=account, sections=[Section.DOCUMENTS], all_groups=False)
    GroupAccess.objects.create(membership=place, group_id=group.pk)
    his, foreign = scene.ask(scene.register(group=group)), scene.ask()
    ending = termination_ask(
        actor=scene.customer, contract_id=scene.contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    assert application_for_user(user=place.user, application_id=his.pk, now=NOW) == his
    with pytest.raises(ApplicationNotFound):
        application_for_user(user=place.user, application_id=foreign.pk, now=NOW)
    listed = applications_for_user(user=place.user, contract=scene.contract, now=NOW)
    assert listed == [ending, his]
    everybody = applications_for_user(user=scene.world.owner, contract=scene.contract, now=NOW)
    assert everybody == [ending, foreign, his]


def test_while_nobody_knows_who_sees_what_nobody_does(scene, monkeypatch):
    asked = scene.ask()
    monkeypatch.setattr(hooks, "_sight", [])
    with pytest.raises(ApplicationNotFound):
        application_for_user(user=scene.world.owner, application_id=asked.pk, now=NOW)


def test_the_paper_names_the_register(scene, monkeypatch):
    made = []
    monkeypatch.setattr(sheets, "stop_service_pdf", lambda sheet, **_: made.append(sheet) or b"")
    asked = scene.ask()
    sheets.application_paper(application=asked)
    (sheet,) = made
    assert sheet.application_number == asked.pk
    assert (sheet.contract_number, sheet.signed_on) == (scene.contract.number, scene.contract.signed_on)
    assert [word for word, _value in sheet.register] == [
        "РНМ", "ЗН ККТ", "ЗН ФН", "Место установки", "Пользователь", "ИНН пользователя",
    ]  # fmt: skip
    assert dict(sheet.register)["РНМ"] == scene.kkt.rnm
    assert sheet.send_to == sheets.paper_address()


def test_which_applications_have_a_paper(scene):
    assert sheets.application_paper(application=scene.ask()).startswith(b"%PDF-")
    ending = termination_ask(
        actor=scene.customer, contract_id=scene.contract.pk, method=SigningMethod.PAPER, now=NOW
    )
    assert sheets.application_paper(application=ending).startswith(b"%PDF-")
    assert sheets.application_paper(application=Application(kind=ApplicationKind.REQUISITES)) is None


def test_facts_come_back_whole(scene):
    facts = scene.facts(scene.kkt)
    assert RegisterFacts.from_data(facts.as_data() | {"later": "x"}) == facts
    bare = dataclasses.replace(facts, serial="", drive_serial="", address="")
    assert [word for word, _value in bare.lines()] == ["РНМ", "Пользователь", "ИНН пользователя"]
    assert RegisterFacts.from_data({}).lines() == []


@pytest.mark.django_db(transaction=True)
def test_two_people_ask_at_once():
    scene = Scene()
    results = together(scene.ask, scene.ask)
    assert results[0] == results[1]
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_approval_meets_a_refusal():
    scene = Scene()
    arrived = scene.arrive(scene.ask())
    results = together(lambda: scene.approve(arrived), lambda: scene.refuse(arrived))
    assert sorted(type(result).__name__ for result in results) == ["Application", "ChangedMeanwhile"]
    arrived.refresh_from_db()
    stopped = Kkt.objects.get(pk=scene.kkt.pk).stopped_at
    assert (stopped is not None) == (arrived.state == ApplicationState.APPROVED)


@pytest.mark.django_db(transaction=True)
def test_approval_meets_the_end_of_the_contract():
    scene = Scene()
    stop = scene.arrive(scene.ask())
    end = scene.arrive(
        termination_ask(
            actor=scene.customer, contract_id=scene.contract.pk, method=SigningMethod.PAPER, now=NOW
        )
    )
    results = together(lambda: scene.approve(stop), lambda: scene.approve(end))
    allowed = Application | ChangedMeanwhile | ContractEnded | ApplicationStateWrong
    assert all(isinstance(result, allowed) for result in results), results
    stop.refresh_from_db()
    assert not stop.is_open
    assert Kkt.objects.get(pk=scene.kkt.pk).stopped_at <= NOW + dt.timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_asking_meets_the_approval_of_the_same():
    scene = Scene()
    arrived = scene.arrive(scene.ask())
    ask = {"actor": scene.customer, "kkt": scene.kkt, "method": SigningMethod.PAPER, "now": NOW}
    results = together(lambda: scene.approve(arrived), lambda: kkt_stop_ask(**ask))
    assert isinstance(results[1], Application | KktStopped), results
    assert Kkt.objects.get(pk=scene.kkt.pk).stopped_at == NOW
    left = Application.objects.filter(kkt_id=scene.kkt.pk, state__in=OPEN_STATES)
    assert not left.exists(), "none for a register that stands"
