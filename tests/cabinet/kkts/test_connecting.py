"""«Подключение ККТ»: the form of one register and the window of companies."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

import factories
from cabinet.papers_world import Papers, browser_of
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.contracts.models import Contract, ContractState
from chekhov.kkt.models import ApplicationKind, Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership, PartnerAccess
from chekhov.orgs.sections import Section
from chekhov.values import Inn, RegistrationNumber

pytestmark = pytest.mark.django_db
ADD = "/cabinet/kkt/add/"


def rnm_of(papers: Papers, sequence: int = 70, serial: str = "00106900000001") -> str:
    return str(RegistrationNumber.compose(sequence, Inn(papers.organisation.inn), serial))


def form(papers: Papers, **fields) -> dict[str, object]:
    sent = {"organisation": papers.organisation.pk, "name": "Павильон 12", "kind": "registration"}
    return {**sent, "rnm": rnm_of(papers), "serial": "00106900000001"} | fields


def test_a_register_is_connected_and_its_page_opens(papers: Papers, browsers: SimpleNamespace) -> None:
    answer = browsers.owner.post(ADD, form(papers, tariff_next="standard", renewal="on"))
    kkt = Kkt.objects.get(name="Павильон 12")
    assert answer.headers["Location"] == f"/cabinet/kkt/{kkt.pk}/connect/"
    assert (kkt.tariff, kkt.tariff_next, kkt.renewal) == ("test", "standard", True)
    last = timezone.localdate() + dt.timedelta(days=5)
    assert timezone.localtime(kkt.served_until) == timezone.make_aware(
        dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
    )
    card = browsers.owner.get(f"/cabinet/kkt/{kkt.pk}/").content.decode()
    assert f"{last:%d.%m.%Y}" in card, "the end of «Тестовый» is shown"


def test_the_same_form_twice_adds_one(papers: Papers, browsers: SimpleNamespace) -> None:
    first, second = (browsers.owner.post(ADD, form(papers)) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Kkt.objects.filter(name="Павильон 12").count() == 1


@pytest.mark.parametrize(
    ("fields", "place", "told"),
    [
        ({"rnm": ""}, "rnm", "Обязательное поле"),
        ({"rnm": "12345"}, "rnm", "16 цифр"),
        ({"rnm": "1234 5678 9012 345а"}, "rnm", "только цифры"),
        ({"serial": "00106900000002"}, "rnm", "не подходит"),
        ({"name": "я" * 129}, "name", "128"),
        ({"kind": "прочее"}, "kind", ""),
        ({"tariff_next": "нет-такого"}, "tariff_next", ""),
        ({"renewal": "on"}, "tariff_next", "Выберите тариф"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    papers: Papers, browsers: SimpleNamespace, fields: dict[str, str], place: str, told: str
) -> None:
    answer = browsers.owner.post(ADD, form(papers, **fields))
    assert answer.status_code == 422
    assert told in " ".join(answer.context["form"].errors[place])
    assert not Kkt.objects.filter(name="Павильон 12").exists()
    if "name" not in fields:
        assert 'value="Павильон 12"' in answer.content.decode(), "nothing typed is lost"


@pytest.mark.parametrize(
    "spell", ["{0} {1} {2} {3}", "№ {0}-{1}-{2}-{3}", "РНМ: {0}{1}{2}{3}", "\u00a0{0}{1}\u2009{2}{3}"]
)
def test_the_number_is_taken_in_any_spelling(papers: Papers, browsers: SimpleNamespace, spell: str) -> None:
    rnm = rnm_of(papers)
    written = spell.format(*(rnm[at : at + 4] for at in range(0, 16, 4)))
    assert browsers.owner.post(ADD, form(papers, rnm=written)).status_code == 302
    assert Kkt.objects.get(name="Павильон 12").rnm == rnm


def test_a_number_in_use_is_told_and_foreign_ones_tell_nothing(
    papers: Papers, browsers: SimpleNamespace
) -> None:
    answer = browsers.owner.post(ADD, form(papers, rnm=papers.kkt.rnm, serial=""))
    assert "Касса у входа" in answer.content.decode()
    assert f'href="/cabinet/kkt/{papers.kkt.pk}/">Открыть эту кассу' in answer.content.decode()
    answer = browsers.owner.post(ADD, form(papers, rnm=papers.other_kkt.rnm, serial=""))
    text = answer.content.decode()
    assert "в другом личном кабинете" in text
    assert "Чужая касса" not in text
    assert papers.people.other_organisation.inn not in text
    assert "Открыть эту кассу" not in text


def test_without_a_company_nothing_is_connected(papers: Papers, browsers: SimpleNamespace) -> None:
    factories.organisation_make(account=papers.people.account, kpp="770101009")
    answer = browsers.owner.post(ADD, form(papers, organisation=""))
    assert "Выберите организацию" in answer.content.decode()
    assert (
        browsers.owner.post(ADD, form(papers, organisation=papers.people.other_organisation.pk)).status_code
        == 404
    )
    assert not Kkt.objects.filter(name="Павильон 12").exists()


def test_the_only_company_is_chosen_already(papers: Papers, browsers: SimpleNamespace) -> None:
    assert browsers.owner.get(ADD).context["company"] == papers.organisation
    other = factories.organisation_make(account=papers.people.account, kpp="770101009", name="Ещё одна")
    assert browsers.owner.get(ADD).context["company"] is None
    assert browsers.owner.get(f"{ADD}?organisation={other.pk}").context["company"] == other


def test_the_window_of_companies(papers: Papers, browsers: SimpleNamespace) -> None:
    for number in range(12):
        factories.organisation_make(
            account=papers.people.account, kpp=f"77010{number:04}", name=f"Филиал {number}"
        )
    window = f"{ADD}companies/"
    text = browsers.owner.get(f"{window}?way=batch").content.decode()
    assert f'href="/cabinet/kkt/add/batch/?organisation={papers.organisation.pk}"' in text
    assert papers.people.owner.email in text
    assert papers.people.other_organisation.name not in text
    found = browsers.owner.get(f"{window}?q=Филиал 11").context["table"].rows
    assert [row["name"].value for row in found] == ["Филиал 11"]
    assert "Добавить новую организацию" in text
    assert "Добавить новую организацию" not in browsers.administrator.get(window).content.decode()


def test_what_was_typed_comes_back_with_the_company(papers: Papers, browsers: SimpleNamespace) -> None:
    url = f"{ADD}?organisation={papers.organisation.pk}&name=Павильон&rnm=1234 5678&kind=reregistration"
    made = browsers.owner.get(url).context["form"]
    assert (made["name"].value(), made["rnm"].value(), made["kind"].value()) == (
        "Павильон",
        "1234 5678",
        "reregistration",
    )


def test_a_company_whose_contract_ended_cannot_be_chosen(papers: Papers, browsers: SimpleNamespace) -> None:
    day = timezone.localdate() - dt.timedelta(days=2)
    Contract.objects.filter(pk=papers.contract.pk).update(
        state=ContractState.TERMINATED, ends_on=day, terminated_at=papers.now
    )
    assert "Договор расторгнут" in browsers.owner.get(f"{ADD}companies/").content.decode()
    answer = browsers.owner.post(ADD, form(papers))
    assert answer.status_code == 422
    assert "не обслуживаются" in answer.content.decode()


def test_a_partner_connects_and_the_customer_reads_who_did(papers: Papers, browsers: SimpleNamespace) -> None:
    page = browsers.partner.get(f"/partner/customers/{papers.organisation.pk}/").content.decode()
    assert f'href="{ADD}?organisation={papers.organisation.pk}"' in page
    assert papers.people.owner.email not in browsers.partner.get(f"{ADD}companies/").content.decode()
    answer = browsers.partner.post(ADD, form(papers))
    kkt = Kkt.objects.get(name="Павильон 12")
    assert answer.headers["Location"] == f"/cabinet/kkt/{kkt.pk}/connect/"
    assert browsers.partner.get(answer.headers["Location"]).status_code == 200
    entry = AuditEntry.objects.get(action="kkt.connected", object_id=str(kkt.pk))
    assert (entry.actor_kind, entry.account_id) == (ActorKind.PARTNER, papers.people.account.pk)
    assert papers.people.partner.name in browsers.owner.get("/cabinet/journal/").content.decode().replace(
        "&quot;", '"'
    )
    PartnerAccess.objects.update(revoked_at=papers.now)
    assert browsers.partner.post(ADD, form(papers, rnm=rnm_of(papers, 71))).status_code == 404
    assert browsers.partner.get(f"/cabinet/kkt/{kkt.pk}/connect/").status_code == 404


def test_a_restricted_manager_names_a_group(papers: Papers) -> None:
    north, south = (
        Group.objects.create(account=papers.people.account, name=name) for name in ("Север", "Юг")
    )
    place = Membership.objects.get(user=papers.people.clerk_of_no_group)
    Membership.objects.filter(pk=place.pk).update(sections=[Section.MANAGEMENT])
    GroupAccess.objects.create(membership=place, group_id=north.pk)
    client = browser_of(papers.people.clerk_of_no_group)
    sent = form(papers)
    assert client.post(ADD, {**sent, "group": south.pk}).status_code == 422
    assert client.post(ADD, {**sent, "group": north.pk}).status_code == 302
    kkt = Kkt.objects.get(name="Павильон 12")
    assert (kkt.group, kkt.application_kind) == (north, ApplicationKind.REGISTRATION)


def test_the_guide_to_the_number_is_a_paper(papers: Papers, browsers: SimpleNamespace) -> None:
    answer = browsers.owner.get(f"{ADD}rnm.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"
