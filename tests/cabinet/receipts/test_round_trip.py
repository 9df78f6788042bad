"""From the emulated register through intake and projector to the page and the file: the sums are the same all the way."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
from decimal import Decimal

import pypdf
import pytest

from backoffice.journal import Register
from cabinet.receipts.conftest import DAY, Shop, shop_make
from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal.models import FiscalDocument, ShiftTotal
from chekhov.fn import commands as cmd
from chekhov.fn.orders import CorrectionOrder
from chekhov.values import roubles
from fn.world import item, order

BOTH = (FfdVersion.V1_05, FfdVersion.V1_2)
LONG = (
    "Сыр твёрдый выдержанный из молока коров чёрно-пёстрой породы, нарезка в газовой среде, 150 г ёЄєЇїЎў№¤"
)


def life(register: Register) -> dict[int, int]:
    """Every kind of document a drive issues; gives the sums that were asked for, by number of document."""
    at = dt.datetime.combine(DAY, dt.time(9))
    sums: dict[int, int] = {}

    def do(command: cmd.Command, kopecks: int | None = None) -> None:
        nonlocal at
        at += dt.timedelta(minutes=3)
        register.do(command, at)
        if kopecks is not None:
            sums[register.state.last_fd] = kopecks

    def sold(*items, kopecks: int, **change) -> cmd.Receipt:
        return cmd.Receipt(order(*items, **{"cash_kopecks": 0, "cashless_kopecks": kopecks, **change}))

    register.register(DAY)
    do(cmd.OpenShift())
    for operation in (1, 2, 3, 4):
        do(sold(item(), kopecks=12_345, operation=operation), 12_345)
    do(sold(item(price_kopecks=0), kopecks=0), 0)
    do(sold(item(name=LONG), item(quantity=Decimal("2.474"), price_kopecks=9_999), kopecks=37_083), 37_083)
    do(sold(*(item(name=f"Товар {n}", price_kopecks=100) for n in range(200)), kopecks=20_000), 20_000)
    do(sold(item(), kopecks=12_345, bso=True), 12_345)
    do(
        cmd.Receipt(
            order(
                item(),
                cash_kopecks=2_345,
                prepaid_kopecks=4_000,
                credit_kopecks=5_000,
                provision_kopecks=1_000,
            )
        ),
        12_345,
    )
    if register.state.ffd == FfdVersion.V1_2:
        marked = item(name="Молоко", product_code=(1305, "0104601234567893215ABCDEFGHIJKLM"), mark_result=15)
        do(sold(marked, kopecks=12_345), 12_345)
    do(cmd.Correction(CorrectionOrder(receipt=order(), settled_on=DAY)), 12_345)
    by_order = CorrectionOrder(receipt=order(bso=True), settled_on=DAY, by_order=True, order_number="17-п")
    do(cmd.Correction(by_order), 12_345)
    do(cmd.StateReport())
    do(cmd.CloseShift())
    do(cmd.Reregister(register.registration, reasons=1 << 3))
    return sums


@pytest.fixture(params=BOTH, ids=lambda version: version.label)
def lived(request, transactional_db) -> tuple[Shop, dict[int, int]]:
    register = Register(5, ffd=request.param)
    sums = life(register)
    return shop_make(register), sums


def total_of_page(text: str) -> str:
    found = re.search(r"<span>ИТОГ</span>.*?<span>([^<]+)</span>", text)
    return html.unescape(found[1]) if found else ""


def total_of_file(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = "\n".join(one.extract_text() for one in pages)
    found = re.search(r"ИТОГ[\s.]*([\d ]+,\d\d)", text)
    return found[1].strip() if found else ""


def total_of_json(data: bytes) -> int | None:
    found = re.search(r'"totalSum": (\d+)', json.dumps(json.loads(data)))
    return int(found[1]) if found else None


def test_sums_are_the_same_all_the_way(lived) -> None:
    shop, sums = lived
    browser = shop.browser()
    codes = set()
    for row in FiscalDocument.objects.filter(fn=shop.register.fn).order_by("fd"):
        codes.add(row.code)
        page = browser.get(shop.document_url(row.fd)).content.decode()
        file = browser.get(shop.document_url(row.fd, "document.pdf")).content
        asked = sums.get(row.fd)
        assert row.verdict == 0, f"{row.code} {row.fd}"
        if asked is None:
            assert total_of_page(page) == ""
            assert file.startswith(b"%PDF-")
            continue
        assert row.total_kopecks == asked
        assert total_of_page(page) == roubles(asked), f"{row.code} {row.fd}"
        assert total_of_file(file) == roubles(asked), f"{row.code} {row.fd}"
        assert total_of_json(browser.get(shop.document_url(row.fd, "document.json")).content) == asked
    assert codes == {1, 2, 3, 31, 4, 41, 5, 11, 21}


def test_the_shift_has_the_sums_of_its_receipts(lived) -> None:
    shop, sums = lived
    totals = ShiftTotal.objects.filter(fn=shop.register.fn, number=1)
    assert sum(total.total_kopecks for total in totals) == sum(sums.values())
    page = shop.browser().get(shop.shift_url(1)).content.decode()
    assert "сходятся с документами" in page
    assert "Отчёт не сходится" not in page


def test_a_long_receipt_has_every_line_on_its_page(lived) -> None:
    shop, sums = lived
    fd = next(fd for fd, kopecks in sums.items() if kopecks == 20_000)
    page = shop.browser().get(shop.document_url(fd)).content.decode()
    assert all(f"{number + 1}. Товар {number}" in page for number in range(200))
    tags = shop.browser().get(shop.document_url(fd), {"view": "tags"}).content.decode()
    assert tags.count('class="tree-tag">1059<') == 200


def test_words_of_the_code_page_are_kept(lived) -> None:
    shop, sums = lived
    fd = next(fd for fd, kopecks in sums.items() if kopecks == 37_083)
    assert LONG in html.unescape(shop.browser().get(shop.document_url(fd)).content.decode())
