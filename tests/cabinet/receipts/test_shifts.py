"""The page of a shift."""

from __future__ import annotations

import datetime as dt

import factories
from backoffice.conftest import project
from backoffice.journal import SHOP_INN, Register
from cabinet.receipts.conftest import DAY, Shop
from cabinet.receipts.test_lists import numbers
from chekhov.cabinet.receipts import shifts
from chekhov.face.figures import sum_text
from chekhov.fiscal.models import FiscalDocument, ShiftTotal


def page(shop: Shop, number: int) -> str:
    answer = shop.browser().get(shop.shift_url(number))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_closed_shift(shop: Shop) -> None:
    text = page(shop, 1)
    assert "Закрыта" in text
    assert numbers(text) == [6, 5, 4, 3, 2]
    for total in ShiftTotal.objects.filter(fn=shop.register.fn, number=1):
        assert sum_text(total.total_kopecks) in text
    documents = FiscalDocument.objects.filter(fn=shop.register.fn, shift=1, code=3)
    assert sum(row.total_kopecks for row in documents) == sum(
        total.total_kopecks for total in ShiftTotal.objects.filter(fn=shop.register.fn, number=1)
    )
    assert "сходятся с документами" in text
    assert "НДС" in text


def test_an_open_shift_promises_nothing(shop: Shop) -> None:
    text = page(shop, 2)
    assert "ещё идёт" in text
    assert "сходятся с документами" not in text
    assert "Отчёт не сходится" not in text


def test_receipts_that_did_not_arrive_are_told(shop: Shop) -> None:
    """The register closes its shift over a receipt that never came."""
    from chekhov.fn import commands as cmd  # noqa: PLC0415
    from fn.world import order  # noqa: PLC0415

    at = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time(20))
    shop.register.do(cmd.Receipt(order()), at, stored=False)
    shop.register.do(cmd.CloseShift(), at + dt.timedelta(minutes=1))
    project()
    text = page(shop, 2)
    assert "Отчёт не сходится с документами" in text
    assert "сходятся с документами." not in text.replace("не сходится с документами", "")


def test_documents_are_paged(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(shifts, "ROWS", 2)
    browser = shop.browser()
    first = browser.get(shop.shift_url(1)).content.decode()
    assert numbers(first) == [6, 5]
    assert f'href="{shop.shift_url(1)}?before=5"' in first
    assert numbers(browser.get(shop.shift_url(1), {"before": "5"}).content.decode()) == [4, 3]
    assert numbers(browser.get(shop.shift_url(1), {"before": "2"}).content.decode()) == []
    assert numbers(browser.get(shop.shift_url(1), {"before": "x"}).content.decode()) == [6, 5]


def test_a_shift_of_another_register_is_not_here(shop: Shop) -> None:
    other = Register(2)
    other.register(DAY)
    other.day(DAY, 1)
    project()
    kkt = factories.kkt_make(organisation=shop.people.organisation, rnm=other.rnm, serial=other.serial)
    assert shop.people.organisation.inn == SHOP_INN
    browser = shop.browser()
    assert browser.get(f"/cabinet/kkt/{kkt.pk}/shifts/{other.fn}/1/").status_code == 200
    assert browser.get(f"/cabinet/kkt/{kkt.pk}/shifts/{shop.register.fn}/1/").status_code == 404
    assert browser.get(f"/cabinet/kkt/{shop.kkt.pk}/shifts/{other.fn}/1/").status_code == 404
    assert browser.get(shop.shift_url(77)).status_code == 404
    assert browser.get(shop.shift_url(10**17)).status_code == 404
