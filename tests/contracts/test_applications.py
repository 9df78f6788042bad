import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cabinets import NOW, acts, acts_as_staff, cabinets_make, offer_ensure, requisites_make, together
from chekhov.audit.models import AuditEntry
from chekhov.contracts import hooks
from chekhov.contracts.errors import (
    ApplicationNotFound,
    ApplicationStateWrong,
    ApplicationThere,
    ContractEnded,
    ContractNotFound,
    EndsTooEarly,
    NothingChanged,
    ReasonMissing,
    SigningNotReady,
)
from chekhov.contracts.models import (
    Application,
    ApplicationKind,
    ApplicationState,
    ApplicationStep,
    Contract,
    ContractState,
    SigningMethod,
)
from chekhov.contracts.selectors import (
    application_open,
    applications_awaiting_paper,
    applications_counts,
    applications_decided,
    applications_of_account,
    applications_to_decide,
    organisation_served,
    requisites_lines,
)
from chekhov.contracts.services import (
    JoiningForm,
    application_approve,
    application_refuse,
    application_withdraw,
    contract_join,
    paper_arrive,
    requisites_change_draft,
    requisites_change_send,
    termination_ask,
)
from chekhov.contracts.transitions import TRANSITIONS, transition_check
from chekhov.links.directory_reading import CompanyCard
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import Organisation
from chekhov.orgs.requisites import Requisites
from chekhov.orgs.services import organisation_requisites_set
from chekhov.values.requisites import Inn

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


class Scene:
    """A cabinet with one contract, and the deeds upon it in short."""

    def __init__(self):
        offer_ensure()
        self.world = cabinets_make()
        self.customer = acts(self.world.owner)
        self.manager = acts_as_staff(self.world.manager)
        self.requisites = requisites_make()
        self.contract = contract_join(
            actor=self.customer,
            account_id=self.world.account.pk,
            form=JoiningForm(sole_trader=False, requisites=self.requisites, accepted=True, offer_number=1),
            now=NOW,
        )

    @property
    def organisation(self):
        return Organisation.objects.get(pk=self.contract.organisation_id)

    def draft(self, *, changes=None, **fields):
        return requisites_change_draft(
            **{
                "actor": self.customer,
                "contract_id": self.contract.pk,
                "requisites": dataclasses.replace(self.requisites, **(changes or {"head_name": "Анна"})),
                "organisation_version": self.organisation.version,
                "now": NOW,
            }
            | fields
        )

    def send(self, application):
        return requisites_change_send(
            actor=self.customer,
            application_id=application.pk,
            expected_version=application.version,
            now=NOW,
        )

    def asked(self, **fields):
        return self.send(self.draft(**fields))

    def approve(self, application, **fields):
        return application_approve(
            **{
                "actor": self.manager,
                "application_id": application.pk,
                "expected_version": application.version,
                "now": NOW,
            }
            | fields
        )

    def refuse(self, application, reason="Нет доверенности"):
        return application_refuse(
            actor=self.manager,
            application_id=application.pk,
            expected_version=application.version,
            reason=reason,
            now=NOW,
        )

    def withdraw(self, application):
        return application_withdraw(
            actor=self.customer,
            application_id=application.pk,
            expected_version=application.version,
            now=NOW,
        )

    def terminate(self, method=SigningMethod.PAPER):
        return termination_ask(actor=self.customer, contract_id=self.contract.pk, method=method, now=NOW)

    def arrive(self, application, arrived_on=TODAY):
        return paper_arrive(
            actor=self.manager,
            application_id=application.pk,
            expected_version=application.version,
            arrived_on=arrived_on,
            now=NOW,
        )

    def terminated(self, **fields):
        return self.approve(self.arrive(self.terminate()), **fields)


@pytest.fixture
def scene():
    return Scene()


def test_two_steps_then_the_manager_then_the_customer_sees(scene):
    draft = scene.draft(changes={"head_name": "Анна", "postal_address": "а/я 5"})
    assert draft.state == ApplicationState.DRAFT
    lines = {line.field: line for line in requisites_lines(application=draft)}
    assert (lines["head"].word, lines["head"].value, lines["head"].old_shown) == (
        "Руководитель",
        "Анна Андреевна Раневская",
        "(Старое значение: Любовь Андреевна Раневская)",
    )
    assert lines["postal_address"].old_shown == "(Старое значение: —)"
    assert (lines["inn"].changed, lines["inn"].old_shown) == (False, "")
    assert not applications_to_decide().exists(), "a draft is the customer's own"
    sent = scene.send(draft)
    assert list(applications_to_decide(kind=ApplicationKind.REQUISITES)) == [sent]
    assert scene.organisation.head_name == "Любовь", "nothing changes before approval"
    approved = scene.approve(sent, note="Проверено")
    assert scene.organisation.head_name == "Анна"
    assert scene.organisation.correspondence_address == "а/я 5"
    assert (approved.state, approved.decided_by) == (ApplicationState.APPROVED, scene.world.manager)
    assert list(applications_of_account(account_id=scene.world.account.pk)) == [approved]
    assert list(applications_decided()) == [approved]
    steps = list(approved.steps.values_list("state_before", "state_after", "by_staff", "note"))
    assert steps == [
        ("", "draft", False, ""),
        ("draft", "sent", False, ""),
        ("sent", "approved", True, "Проверено"),
    ]
    actions = AuditEntry.objects.filter(account_id=scene.world.account.pk).values_list("action", flat=True)
    assert {
        "contracts.requisites_asked",
        "contracts.application_approved",
        "orgs.requisites_changed",
    } <= set(actions)


def test_draft_is_kept_and_changed_and_sent_once(scene):
    first = scene.draft()
    second = scene.draft(changes={"head_name": "Варвара"}, expected_version=first.version)
    assert (second.pk, second.new["head_name"]) == (first.pk, "Варвара")
    with pytest.raises(ChangedMeanwhile):
        scene.send(first)
    with pytest.raises(ChangedMeanwhile):
        scene.draft(changes={"head_name": "Анна"}, expected_version=first.version)
    with pytest.raises(ChangedMeanwhile):
        scene.draft(changes={"head_name": "Анна"}, expected_version=None)
    sent = scene.send(second)
    with pytest.raises(ApplicationStateWrong):
        scene.send(sent)
    with pytest.raises(ApplicationThere):
        scene.draft(expected_version=sent.version)


def test_same_values_are_no_application(scene):
    with pytest.raises(NothingChanged):
        scene.draft(changes={"head_name": " Любовь "})
    assert not Application.objects.exists()


def test_inn_cannot_be_changed_whatever_is_sent(scene):
    draft = scene.draft(changes={"inn": requisites_make().inn, "head_name": "Анна"})
    assert draft.new["inn"] == scene.requisites.inn


def test_what_the_directory_tells_is_taken_from_it(scene):
    card = CompanyCard(
        inn=Inn(scene.requisites.inn), name="А", kpp="590201002", address="614045, г. Пермь, ул. Ленина, д. 2"
    )
    draft = scene.draft(changes={"kpp": "770199001", "legal_address": "Луна", "head_name": "Анна"}, card=card)
    assert (draft.new["kpp"], draft.new["legal_address"]) == ("590201002", card.address)
    assert draft.new["ogrn"] == scene.requisites.ogrn
    assert draft.new["head_name"] == "Анна"
    foreign = dataclasses.replace(card, inn=Inn(requisites_make().inn))
    kept = scene.draft(changes={"kpp": "770199001"}, card=foreign, expected_version=draft.version)
    assert kept.new["kpp"] == "770199001"


def test_bad_values(scene):
    with pytest.raises(FieldsWrong):
        scene.draft(changes={"ogrn": "1"})
    assert not Application.objects.exists()


def test_form_filled_with_old_requisites(scene):
    shown = scene.organisation.version
    draft = scene.draft()
    organisation_requisites_set(
        actor=scene.manager,
        organisation_id=scene.organisation.pk,
        requisites=dataclasses.replace(scene.requisites, head_position="Директор"),
        expected_version=shown,
        now=NOW,
    )
    with pytest.raises(ChangedMeanwhile):
        scene.draft(organisation_version=shown, expected_version=draft.version)
    with pytest.raises(ChangedMeanwhile):
        scene.send(draft)


def test_requisites_that_changed_while_the_manager_thought(scene):
    sent = scene.asked()
    organisation_requisites_set(
        actor=scene.manager,
        organisation_id=scene.organisation.pk,
        requisites=dataclasses.replace(scene.requisites, head_position="Директор"),
        expected_version=scene.organisation.version,
        now=NOW,
    )
    with pytest.raises(ChangedMeanwhile), transaction.atomic():
        scene.approve(sent)
    sent.refresh_from_db()
    assert sent.state == ApplicationState.SENT
    assert scene.organisation.head_position == "Директор"
    scene.refuse(sent)


def test_refusal_has_a_reason_the_customer_reads(scene):
    sent = scene.asked()
    for empty in ("", "  \n"):
        with pytest.raises(ReasonMissing):
            scene.refuse(sent, empty)
    refused = scene.refuse(sent)
    assert (refused.state, refused.reason) == (ApplicationState.REFUSED, "Нет доверенности")
    assert scene.organisation.head_name == "Любовь"
    assert AuditEntry.objects.latest("id").reason == "Нет доверенности"
    assert scene.draft(), "one may ask again"


@pytest.mark.parametrize("deed", ["approve", "refuse", "withdraw"])
def test_decided_is_decided(scene, deed):
    sent = scene.asked()
    refused = scene.refuse(sent)
    with pytest.raises(ApplicationStateWrong):
        getattr(scene, deed)(refused)
    with pytest.raises(ChangedMeanwhile):
        getattr(scene, deed)(sent)


def test_a_draft_is_not_decided(scene):
    draft = scene.draft()
    for deed in (scene.approve, scene.refuse):
        with pytest.raises(ApplicationStateWrong):
            deed(draft)
    assert scene.withdraw(draft).state == ApplicationState.WITHDRAWN
    assert application_open(contract_id=scene.contract.pk, kind=ApplicationKind.REQUISITES) is None


def test_termination_on_paper(scene):
    asked = scene.terminate()
    assert asked.state == ApplicationState.PAPER_AWAITED
    assert scene.terminate() == asked, "asking again gives the same application"
    assert list(applications_awaiting_paper()) == [asked]
    with pytest.raises(ApplicationStateWrong):
        scene.approve(asked)
    arrived = scene.arrive(asked)
    assert (arrived.state, arrived.paper_arrived_on) == (ApplicationState.SENT, TODAY)
    assert applications_counts() == {"sent": 1, "paper_awaited": 0}
    with pytest.raises(ApplicationStateWrong):
        scene.arrive(arrived)
    with pytest.raises(ApplicationStateWrong):
        scene.withdraw(arrived)
    last_day = TODAY + dt.timedelta(days=9)
    scene.approve(arrived, ends_on=last_day)
    contract = Contract.objects.get(pk=scene.contract.pk)
    assert (str(contract.get_state_display()), contract.ends_on) == ("Расторгнут", last_day)
    served = {"organisation_id": contract.organisation_id}
    assert organisation_served(day=last_day, **served)
    assert not organisation_served(day=last_day + dt.timedelta(days=1), **served)
    assert not contract.served_on(last_day + dt.timedelta(days=1))


def test_electronic_way_answers_that_it_is_not_ready(scene):
    with pytest.raises(SigningNotReady):
        scene.terminate(SigningMethod.ELECTRONIC)
    assert not Application.objects.exists()


@pytest.mark.parametrize("days", [-1, 1])
def test_paper_arrives_neither_before_it_was_asked_for_nor_tomorrow(scene, days):
    asked = scene.terminate()
    with pytest.raises(FieldsWrong):
        scene.arrive(asked, TODAY + dt.timedelta(days=days))


@pytest.mark.parametrize("days", [-1, 400])
def test_end_of_the_contract(scene, days):
    arrived = scene.arrive(scene.terminate())
    with pytest.raises(EndsTooEarly), transaction.atomic():
        scene.approve(arrived, ends_on=TODAY + dt.timedelta(days=days))
    assert Contract.objects.get(pk=scene.contract.pk).state == ContractState.ACTIVE
    assert Application.objects.get(pk=arrived.pk).state == ApplicationState.SENT


def test_after_the_end_nothing_more_is_asked(scene):
    waiting = scene.asked()
    scene.terminated()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == (ApplicationState.REFUSED, "Договор расторгнут")
    for deed in (scene.draft, scene.terminate):
        with pytest.raises(ContractEnded):
            deed()


@pytest.fixture
def hooked(monkeypatch):
    called = []
    monkeypatch.setattr(hooks, "_hooks", {})
    hooks.termination_hook_add("kkt", lambda *, contract, now: called.append((contract, now)))
    return called


def test_rooms_above_are_told_within_the_transaction(scene, hooked):
    scene.terminated()
    assert hooked == [(scene.contract, NOW)]


def test_a_hook_that_fails_ends_nothing(scene, monkeypatch):
    monkeypatch.setattr(hooks, "_hooks", {})

    def fail(*, contract, now):
        raise ZeroDivisionError

    hooks.termination_hook_add("kkt", fail)
    arrived = scene.arrive(scene.terminate())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        scene.approve(arrived)
    assert Contract.objects.get(pk=scene.contract.pk).state == ContractState.ACTIVE


def test_what_is_not_there(scene):
    with pytest.raises(ContractNotFound):
        scene.draft(contract_id=0)
    with pytest.raises(ApplicationNotFound):
        scene.approve(scene.asked(), application_id=0)


@pytest.mark.parametrize("kind", ApplicationKind)
@pytest.mark.parametrize("before", ApplicationState)
@pytest.mark.parametrize("after", ApplicationState)
def test_only_the_ways_of_the_table(kind, before, after):
    if after in TRANSITIONS.get((kind, before), ()):
        transition_check(kind, before, after)
    else:
        with pytest.raises(ApplicationStateWrong):
            transition_check(kind, before, after)


def test_nothing_leaves_a_decided_state():
    ends = {ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    assert not ends & {before for _kind, before in TRANSITIONS}


def test_database_keeps_the_history(scene):
    sent = scene.asked()
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicationStep.objects.update(note="x")
    for change in ({"state": "approved"}, {"state": "refused"}, {"kind": "wish"}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=sent.pk).update(**change)


def test_work_list_of_one_manager(scene):
    sent = scene.asked()
    scene.world.account.manager = scene.world.manager
    scene.world.account.save()
    assert list(applications_to_decide(manager_id=scene.world.manager.pk)) == [sent]
    assert not applications_to_decide(manager_id=scene.world.owner.pk).exists()
    assert not applications_to_decide(kind=ApplicationKind.TERMINATION).exists()


def test_requisites_come_back_whole(scene):
    assert Requisites.of_organisation(scene.organisation) == scene.requisites


@pytest.mark.django_db(transaction=True)
def test_two_managers_decide_at_once():
    scene = Scene()
    sent = scene.asked()
    results = together(lambda: scene.approve(sent), lambda: scene.refuse(sent))
    assert sorted(type(result).__name__ for result in results) == ["Application", "ChangedMeanwhile"]
    sent.refresh_from_db()
    done = sent.state == ApplicationState.APPROVED
    assert scene.organisation.head_name == ("Анна" if done else "Любовь")
    assert sent.steps.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_draft_at_once():
    scene = Scene()
    results = together(
        lambda: scene.draft(changes={"head_name": "Анна"}), lambda: scene.draft(changes={"head_name": "Варя"})
    )
    assert sorted(type(result).__name__ for result in results) == ["Application", "ChangedMeanwhile"]


@pytest.mark.django_db(transaction=True)
def test_termination_meets_a_change_of_requisites():
    scene = Scene()
    change, end = scene.asked(), scene.arrive(scene.terminate())
    results = together(lambda: scene.approve(change), lambda: scene.approve(end))
    assert all(
        isinstance(result, Application | ChangedMeanwhile | ContractEnded | ApplicationStateWrong)
        for result in results
    )
    assert Contract.objects.get(pk=scene.contract.pk).state == ContractState.TERMINATED
    change.refresh_from_db()
    assert not change.is_open
