"""Deeds upon chosen registers: group, tariff, file."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest

import factories
from cabinet.papers_world import Papers, browser_of
from chekhov.audit.models import AuditEntry
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db
GROUP = "/cabinet/management/group/"
EXPORT = "/cabinet/kkt/kkt.csv"


def exported(client, query: str = "") -> list[list[str]]:
    body = b"".join(client.get(f"{EXPORT}?{query}").streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body), delimiter=";"))


@pytest.fixture
def group(papers: Papers) -> Group:
    return Group.objects.create(account=papers.people.account, name="Пермский край")


def test_a_group_is_given_to_the_chosen(papers: Papers, browsers: SimpleNamespace, group: Group) -> None:
    other = factories.kkt_make(organisation=papers.organisation)
    text = browsers.owner.get(f"{GROUP}?kkt={papers.kkt.pk}&kkt={other.pk}").content.decode()
    assert "Выбрано: 2 кассы" in text
    answer = browsers.owner.post(GROUP, {"kkt": [papers.kkt.pk, other.pk], "to_group": group.pk, "q": "а"})
    assert answer.headers["Location"] == "/cabinet/management/?q=%D0%B0"
    assert set(Kkt.objects.filter(group=group)) == {papers.kkt, other}
    assert AuditEntry.objects.filter(account_id=papers.people.account.pk, action__startswith="kkt").exists()
    browsers.owner.post(GROUP, {"kkt": [papers.kkt.pk], "to_group": "", "card": "1"})
    papers.kkt.refresh_from_db()
    assert papers.kkt.group is None


def test_all_that_the_filters_find(papers: Papers, browsers: SimpleNamespace, group: Group) -> None:
    for number in range(3):
        factories.kkt_make(organisation=papers.organisation, name=f"Павильон {number}")
    browsers.owner.post(GROUP, {"every": "1", "q": "Павильон", "to_group": group.pk})
    assert Kkt.objects.filter(group=group).count() == 3


def test_registers_of_others_are_not_touched(papers: Papers, browsers: SimpleNamespace, group: Group) -> None:
    answer = browsers.owner.post(GROUP, {"kkt": [papers.other_kkt.pk], "to_group": group.pk})
    assert "Не выбрано ни одной кассы" in answer.content.decode()
    papers.other_kkt.refresh_from_db()
    assert papers.other_kkt.group is None
    foreign = Group.objects.create(account=papers.people.other_account, name="Чужая")
    answer = browsers.owner.post(GROUP, {"kkt": [papers.kkt.pk], "to_group": foreign.pk})
    assert answer.status_code == 422
    papers.kkt.refresh_from_db()
    assert papers.kkt.group is None


def test_a_restricted_manager_stays_within_his_groups(papers: Papers, group: Group) -> None:
    place = Membership.objects.get(user=papers.people.clerk_of_no_group)
    Membership.objects.filter(pk=place.pk).update(sections=[Section.KKT, Section.MANAGEMENT])
    GroupAccess.objects.create(membership=place, group_id=group.pk)
    Kkt.objects.filter(pk=papers.kkt.pk).update(group=group)
    client = browser_of(papers.people.clerk_of_no_group)
    text = client.get(f"{GROUP}?kkt={papers.kkt.pk}").content.decode()
    assert "Пермский край" in text
    assert "Без группы" not in text, "he would lose sight of the register"
    assert client.post(GROUP, {"kkt": [papers.kkt.pk], "to_group": ""}).status_code == 422
    papers.kkt.refresh_from_db()
    assert papers.kkt.group_id == group.pk


def test_the_tariff_window_promises_nothing(papers: Papers, browsers: SimpleNamespace) -> None:
    text = browsers.owner.get(f"/cabinet/management/tariff/?kkt={papers.kkt.pk}").content.decode()
    assert "Выбрано: 1 касса" in text
    assert "Доступно для активации ККТ: 0" in text
    assert "Оплата в кабинете ещё не открыта" in text
    assert "Не выбрано ни одной кассы" in browsers.owner.get("/cabinet/management/tariff/").content.decode()


def test_the_file_holds_the_chosen_in_the_shown_columns(papers: Papers, browsers: SimpleNamespace) -> None:
    other = factories.kkt_make(organisation=papers.organisation, name='=HYPERLINK("//зло")')
    rows = exported(browsers.owner, f"kkt={papers.kkt.pk}&kkt={papers.other_kkt.pk}&columns=rnm,serial")
    assert rows == [
        ["Касса", "РН ККТ", "Заводской номер"],
        ["Касса у входа", f'="{papers.kkt.rnm}"', f'="{papers.kkt.serial}"'],
    ]
    rows = exported(browsers.owner)
    assert [row[0] for row in rows[1:]] == ["'" + other.name, "Касса у входа"]
    assert [row[0] for row in exported(browsers.owner, "q=входа")[1:]] == ["Касса у входа"]
    assert len(exported(browsers.owner, f"kkt={papers.kkt.pk}&every=1")) == 3


def test_the_file_is_taken_page_by_page_to_the_end(
    papers: Papers, browsers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chekhov.cabinet.kkts.chosen.LIMIT_MAX", 2)
    made = {factories.kkt_make(organisation=papers.organisation).name for _ in range(6)} | {"Касса у входа"}
    rows = exported(browsers.owner, "order=-name")
    assert [row[0] for row in rows[1:]] == sorted(made, reverse=True)


def test_a_partner_takes_out_what_he_sees(papers: Papers, browsers: SimpleNamespace) -> None:
    assert [row[0] for row in exported(browsers.partner)[1:]] == ["Касса у входа"]
