"""«Прайс-лист»: tariffs as the manual names them, and whom to order from."""

import re

import pytest

from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import membership_make
from chekhov.cabinet.shop.cards import price_cards
from chekhov.kkt.tariffs import TARIFFS
from chekhov.orgs.models import OperatorCard
from chekhov.orgs.sections import Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers() -> Papers:
    return papers_make()


def test_cards_are_the_tariffs_for_sale() -> None:
    cards = {card.name: card for card in price_cards()}
    assert {name: card.price_kopecks for name, card in cards.items()} == {
        "СТАНДАРТ": 250_000,
        "СТАНДАРТ+": 360_000,
        "МИКРОБИЗНЕС": 135_000,
    }
    assert len(cards) == sum(tariff.is_sold for tariff in TARIFFS.values())
    assert (cards["СТАНДАРТ+"].before_kopecks, cards["СТАНДАРТ+"].mark) == (450_000, "Рекомендуем")
    assert cards["СТАНДАРТ+"].services == "Услуги ОФД +КЭП"
    assert cards["СТАНДАРТ"].before_kopecks is None


def test_the_page_says_prices_and_the_manager(papers: Papers) -> None:
    account = papers.people.account
    account.manager = papers.people.manager
    account.save()
    text = browser_of(papers.people.owner).get("/cabinet/prices/").content.decode()
    plain = re.sub(r"<[^>]+>", "", text).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Выберите тариф" in plain
    assert "2 500 ₽ за год" in plain
    assert re.search(r"<s>.*4\u202f500\u00a0₽.*</s>", text)
    assert papers.people.manager.email in text
    assert 'aria-current="page"' in text


def test_without_a_manager_the_operator_is_named(papers: Papers) -> None:
    OperatorCard.objects.create(
        name="ООО «Оператор»", inn="7707083893", email="sales@example.test", changed_at=papers.now
    )
    text = browser_of(papers.people.owner).get("/cabinet/prices/").content.decode()
    assert "sales@example.test" in text
    assert "Ваш менеджер" not in text


def test_adding_a_register_is_offered_to_those_who_may(papers: Papers) -> None:
    buyer = membership_make(account=papers.people.account, sections=[Section.PRICES]).user
    assert "/cabinet/kkt/add/" not in browser_of(buyer).get("/cabinet/prices/").content.decode()
    assert "/cabinet/kkt/add/" in browser_of(papers.people.owner).get("/cabinet/prices/").content.decode()
