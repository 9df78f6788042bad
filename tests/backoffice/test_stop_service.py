"""Staff decide applications to stop serving a register; the customer sees how his stands."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import acts, membership_make
from chekhov.accounts.models import StaffRole
from chekhov.contracts.models import Application, ApplicationState, SigningMethod
from chekhov.kkt.services import kkt_stop_ask
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> Papers:
    return papers_make()


@pytest.fixture
def manager(papers: Papers) -> Client:
    return browser_of(papers.people.manager)


@pytest.fixture
def application(papers: Papers) -> Application:
    return kkt_stop_ask(
        actor=acts(papers.people.owner), kkt=papers.kkt, method=SigningMethod.PAPER, now=papers.now
    )


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def arrived(manager: Client, application: Application, papers: Papers) -> None:
    sent = {"version": application.version, "arrived_on": timezone.localdate(papers.now).isoformat()}
    assert manager.post(f"/staff/applications/{application.pk}/arrival/", sent).status_code == 302
    application.refresh_from_db()


def test_the_work_list_shows_and_finds_the_kind(
    manager: Client, papers: Papers, application: Application
) -> None:
    listed = text_of(manager, "/staff/applications/?list=paper&kind=stop_service")
    assert f"/staff/applications/{application.pk}/" in listed
    assert "Прекращение обслуживания ККТ" in listed
    assert f"РНМ {papers.kkt.rnm}" in listed
    other = text_of(manager, "/staff/applications/?list=paper&kind=termination")
    assert f"/staff/applications/{application.pk}/" not in other


def test_the_card_tells_which_register(manager: Client, papers: Papers, application: Application) -> None:
    card = text_of(manager, f"/staff/applications/{application.pk}/")
    for told in ("Касса у входа", papers.kkt.rnm, papers.kkt.serial, "ИНН пользователя", "Оригинал получен"):
        assert told is not None
        assert told in card
    assert "Одобрить" not in card, "the original is still awaited"


def test_the_paper_comes_and_the_register_stands(
    manager: Client, papers: Papers, application: Application
) -> None:
    arrived(manager, application, papers)
    url = f"/staff/applications/{application.pk}/approve/"
    window = text_of(manager, url)
    assert "Прекратить обслуживание кассы" in window
    assert papers.kkt.rnm is not None
    assert papers.kkt.rnm in window
    assert "Последний день обслуживания" not in window, "that is asked of a contract"
    answer = manager.post(url, {"version": application.version, "note": "Подпись сверена"}, follow=True)
    assert "Обслуживание кассы прекращено." in answer.content.decode()
    papers.kkt.refresh_from_db()
    application.refresh_from_db()
    assert papers.kkt.stopped_at is not None
    assert application.state == ApplicationState.APPROVED
    papers.contract.refresh_from_db()
    assert papers.contract.ends_on is None


def test_a_refusal_is_read_by_the_customer(manager: Client, papers: Papers, application: Application) -> None:
    url = f"/staff/applications/{application.pk}/refuse/"
    assert manager.post(url, {"version": application.version, "reason": "Подпись не та"}).status_code == 302
    card = text_of(browser_of(papers.people.owner), f"/cabinet/documents/applications/{application.pk}/")
    assert "Подпись не та" in card
    papers.kkt.refresh_from_db()
    assert papers.kkt.stopped_at is None


def test_an_accountant_decides_nothing(papers: Papers, application: Application) -> None:
    accountant = browser_of(papers.people.staff[StaffRole.ACCOUNTANT])
    for deed in ("arrival", "approve", "refuse"):
        answer = accountant.post(
            f"/staff/applications/{application.pk}/{deed}/", {"version": application.version}
        )
        assert answer.status_code == 403, deed


def test_the_customer_sees_state_paper_and_takes_it_back(papers: Papers, application: Application) -> None:
    owner = browser_of(papers.people.owner)
    card = text_of(owner, f"/cabinet/documents/applications/{application.pk}/")
    assert "Ожидается оригинал заявления" in card
    assert "Касса у входа" in card
    assert "Отправьте оригинал" in card
    listed = text_of(owner, f"/cabinet/documents/contracts/{papers.contract.pk}/")
    assert f"Прекращение обслуживания ККТ № {application.pk}: Касса у входа" in listed
    paper = owner.get(f"/cabinet/documents/applications/{application.pk}/application.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert f"stop-service-{application.pk}.pdf" in paper["Content-Disposition"]
    back = f"/cabinet/documents/applications/{application.pk}/withdraw/"
    assert owner.post(back, {"version": application.version}).status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN


def test_with_the_original_here_nothing_is_taken_back(
    manager: Client, papers: Papers, application: Application
) -> None:
    arrived(manager, application, papers)
    owner = browser_of(papers.people.owner)
    card = text_of(owner, f"/cabinet/documents/applications/{application.pk}/")
    assert "Отозвать" not in card
    answer = owner.post(
        f"/cabinet/documents/applications/{application.pk}/withdraw/", {"version": application.version}
    )
    assert answer.status_code == 422
    application.refresh_from_db()
    assert application.state == ApplicationState.SENT


def test_an_employee_of_no_group_learns_nothing_of_the_register(
    papers: Papers, application: Application
) -> None:
    place = membership_make(account=papers.people.account, sections=[Section.DOCUMENTS], all_groups=False)
    assert place.user is not None
    clerk = browser_of(place.user)
    for tail in ("", "application.pdf", "withdraw/"):
        answer = clerk.get(f"/cabinet/documents/applications/{application.pk}/{tail}")
        assert answer.status_code == 404, tail
    card = text_of(clerk, f"/cabinet/documents/contracts/{papers.contract.pk}/")
    assert "Прекращение обслуживания" not in card
    assert "Касса у входа" not in card
