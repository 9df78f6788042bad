import datetime as dt
import io
import re
from decimal import Decimal

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.ffd.documents import document_decode, document_encode
from chekhov.ffd.printing import LineKind, PrintedLine, Sheet, printed
from chekhov.fn import commands as cmd
from chekhov.fn.orders import CorrectionOrder
from chekhov.papers import typeset
from chekhov.papers.receipt import STRIP_LINES_MAX, ReceiptSheet, receipt_pdf, receipt_qr_png
from fn.world import BOTH, REGISTRATION, Till, decoded, item, order

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
FOOTER = (("ОФД", "ООО «Оператор»"), ("Сайт ОФД", "https://ofd.example"))
MILLIMETRE = 72 / 25.4


def pages_of(pdf: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Without what the typesetter adds: breaks of lines, leaders, footers with page numbers."""
    return re.sub(r"[\s.\u200b]", "", re.sub(r"\n\d+ из \d+", "", text))


def pdf_text(sheet: Sheet, footer=FOOTER) -> str:
    pdf = receipt_pdf(ReceiptSheet(sheet, footer), made_at=NOW)
    return squeezed("\n".join(page.extract_text() for page in pages_of(pdf)))


def missing(sheet: Sheet, footer=FOOTER) -> list[str]:
    """Words of the sheet that the file does not have, looked for in their order."""
    text, at, lost = pdf_text(sheet, footer), 0, []
    words = [
        part for line in sheet.lines if line.kind not in {"rule", "qr"} for part in (line.text, line.value)
    ]
    for word in [*words, *(part for pair in footer for part in pair)]:
        found = text.find(squeezed(word), at)
        if found < 0:
            lost.append(word)
        else:
            at = found + len(squeezed(word))
    return lost


def sheet_of(*lines: PrintedLine) -> Sheet:
    return Sheet(3, "Кассовый чек", lines, is_test=False)


@pytest.mark.parametrize("ffd", BOTH)
def test_every_document_of_a_registers_life_is_set_with_every_word(ffd) -> None:
    till = Till.working(ffd)
    for operation in (1, 2, 3, 4):
        till.do(cmd.Receipt(order(operation=operation, buyer_contact="anna@example.test")), minutes=1)
    till.do(cmd.Receipt(order(item(subject=4), bso=True)), minutes=1)
    settled = till.now.date()
    till.do(cmd.Correction(CorrectionOrder(receipt=order(), settled_on=settled)), minutes=1)
    by_order = CorrectionOrder(
        receipt=order(bso=True), settled_on=settled, by_order=True, order_number="17-п"
    )
    till.do(cmd.Correction(by_order), minutes=1)
    till.do(cmd.StateReport(), minutes=1)
    till.do(cmd.CloseShift(), minutes=1)
    till.do(cmd.Reregister(REGISTRATION, reasons=1 << 3), minutes=1)
    till.confirm_all()
    till.do(cmd.CloseDrive(), minutes=1)
    codes = set()
    for issued in till.archive.values():
        document = decoded(issued)
        codes.add(document.code)
        assert missing(printed(document)) == [], f"{document.code} {document.fd_number}"
    assert codes == {1, 2, 3, 4, 5, 6, 11, 21, 31, 41}


def test_a_receipt_of_200_items_is_parted_into_pages_and_loses_nothing() -> None:
    items = [
        item(name=f"Чай {number} чёрный крупнолистовой с бергамотом", price_kopecks=100 + number)
        for number in range(200)
    ]
    till = Till.working()
    sheet = printed(decoded(till.do(cmd.Receipt(order(*items)), minutes=1)))
    assert len(sheet.lines) > STRIP_LINES_MAX
    pages = pages_of(receipt_pdf(ReceiptSheet(sheet, FOOTER), made_at=NOW))
    assert len(pages) > 5
    assert {
        (round(page.mediabox.width / MILLIMETRE), round(page.mediabox.height / MILLIMETRE)) for page in pages
    } == {(80, 297)}
    assert missing(sheet) == []


def test_a_short_receipt_is_one_strip() -> None:
    sheet = printed(decoded(Till.working().do(cmd.Receipt(order()), minutes=1)))
    (page,) = pages_of(receipt_pdf(ReceiptSheet(sheet), made_at=NOW))
    assert round(page.mediabox.width / MILLIMETRE) == 80
    assert 100 < page.mediabox.height / MILLIMETRE < 400


# The register's code page has these beyond the alphabet; none may be drawn as an empty box.
BEYOND = "ЁёЄєЇїЎў№¤°·√■░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼"


def test_letters_beyond_the_alphabet_and_long_names_are_kept() -> None:
    names = (
        f"Сыр «Ёжик» {BEYOND}".replace("«", '"').replace("»", '"'),
        "Ъ" * 128,
        "Чай 1/2 [M+] #panic() $x$ *a*",
    )
    till = Till.working()
    sheet = printed(
        decoded(
            till.do(cmd.Receipt(order(*(item(name=name, price_kopecks=10) for name in names))), minutes=1)
        )
    )
    assert missing(sheet) == []
    drawn = {
        tuple(typeset.preview("receipt", ReceiptSheet(sheet_of(PrintedLine("text", one))).as_data()))
        for one in BEYOND
    }
    assert len(drawn) == len(BEYOND)


def test_a_sum_of_nothing_marked_goods_and_fractions() -> None:
    till = Till.working()
    goods = (
        item(name="Подарок", price_kopecks=0),
        item(name="Молоко", product_code=(1305, "0104601234567893215ABCDEFGHIJKLM"), mark_result=15),
        item(name="Чай", quantity=Decimal("0.748"), measure=11, price_kopecks=100_000),
    )
    assert missing(printed(decoded(till.do(cmd.Receipt(order(*goods)), minutes=1)))) == []
    sheet = printed(decoded(till.do(cmd.Receipt(order(goods[0])), minutes=1)))
    assert "ИТОГ0,00" in pdf_text(sheet)


def test_what_no_table_knows_is_set_too() -> None:
    raw = document_encode(
        3, [(1041, "9999078900011918"), (1040, 7), (9999, b"\x01\x02"), (1048, "ООО Лотос")]
    )
    assert missing(printed(document_decode(raw))) == []


def test_the_same_document_is_the_same_file() -> None:
    sheet = ReceiptSheet(printed(decoded(Till.working().do(cmd.Receipt(order()), minutes=1))), FOOTER)
    assert receipt_pdf(sheet, made_at=NOW) == receipt_pdf(sheet, made_at=NOW)
    assert receipt_pdf(sheet, made_at=NOW) != receipt_pdf(
        ReceiptSheet(sheet.sheet, (("ОФД", "Другой"),)), made_at=NOW
    )


def test_a_test_drive_is_marked_and_the_qr_is_drawn() -> None:
    sheet = printed(decoded(Till.working().do(cmd.Receipt(order()), minutes=1)))
    assert "ТЕСТОВЫЙНАКОПИТЕЛЬ" in pdf_text(sheet)
    real = Sheet(sheet.code, sheet.title, sheet.lines, is_test=False)
    assert "ТЕСТОВЫЙНАКОПИТЕЛЬ" not in pdf_text(real)
    without = Sheet(3, sheet.title, tuple(line for line in sheet.lines if line.kind != "qr"), is_test=True)
    assert typeset.preview("receipt", ReceiptSheet(sheet).as_data()) != typeset.preview(
        "receipt", ReceiptSheet(without).as_data()
    )
    assert receipt_qr_png("t=20261115T1200&s=1.00&fn=9999078900011918&i=1&fp=1&n=1").startswith(b"\x89PNG")


KINDS: tuple[LineKind, ...] = ("heading", "text", "pair", "item", "total", "notice")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            PrintedLine,
            st.sampled_from(KINDS),
            st.text(max_size=80),
            st.text(max_size=80),
            st.sampled_from(("normal", "strong", "small")),
            depth=st.integers(0, 9),
        ),
        max_size=12,
    )
)
def test_any_words_are_set(lines) -> None:
    assert receipt_pdf(ReceiptSheet(sheet_of(*lines)), made_at=NOW).startswith(b"%PDF-")


def test_the_looking_finds_what_is_lost() -> None:
    sheet = printed(decoded(Till.working().do(cmd.Receipt(order()), minutes=1)))
    text = pdf_text(sheet)
    assert squeezed("Слово, которого нет") not in text
    assert text.find(squeezed("ООО Вишнёвый сад")) >= 0
