import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.papers import typeset
from chekhov.papers.contract_card import ContractCardSheet, RegisterLine, contract_card_pdf
from chekhov.papers.errors import PaperNotSet
from chekhov.papers.offer import Joining, OfferSheet, offer_blocks, offer_pdf
from chekhov.papers.party import Party
from chekhov.papers.termination import TerminationSheet, termination_pdf
from chekhov.papers.words import date_words, initials

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 1)
OPERATOR = Party(
    name="ООО «Оператор»", inn="7700000009", head="Чехов Антон Павлович", head_position="Директор"
)
CUSTOMER = Party(
    name="ООО «Вишнёвый сад»",
    full_name="Общество «Вишнёвый сад»",
    inn="7799000005",
    kpp="779901001",
    ogrn="1257700000018",
    legal_address="101000, г. Москва, ул. Садовая, д. 1",
    head="Раневская Любовь Андреевна",
)
OFFER = OfferSheet(
    title="Договор-оферта",
    text="# 1. Предмет\n\n1.1. Текст — «в кавычках», № 1, ёж.\n",
    version=3,
    published_on=DAY,
    operator=OPERATOR,
)
JOINING = Joining(
    contract_number=249, signed_on=DAY, customer=CUSTOMER, accepted_by="Раневская Л. А.", accepted_at=NOW
)
CONTRACT = OfferSheet(
    title=OFFER.title, text=OFFER.text, version=3, published_on=DAY, operator=OPERATOR, joining=JOINING
)


def termination(customer=CUSTOMER, operator=OPERATOR, send_to="101000, г. Москва, а/я 5"):
    return TerminationSheet(
        application_number=7,
        contract_number=249,
        signed_on=DAY,
        customer=customer,
        operator=operator,
        send_to=send_to,
    )


def card(registers=()):
    return ContractCardSheet(
        contract_number=249,
        signed_on=DAY,
        state="Заключен",
        starts_on=DAY,
        customer=CUSTOMER,
        operator=OPERATOR,
        registers=registers,
    )


PAPERS = [
    (offer_pdf, OFFER),
    (offer_pdf, CONTRACT),
    (termination_pdf, termination()),
    (contract_card_pdf, card()),
    (contract_card_pdf, card([RegisterLine(name="Касса", rnm="0000000001012345", serial="1")])),
]


@pytest.mark.parametrize(("make", "sheet"), PAPERS)
def test_is_a_pdf_and_the_same_one_again(make, sheet):
    made = make(sheet, made_at=NOW)
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert make(sheet, made_at=NOW) == made
    assert make(sheet, made_at=NOW + dt.timedelta(days=1)) != made


def test_every_cyrillic_letter_has_a_face_of_its_own():
    """A font without a letter draws the same empty box for each."""
    pages = set()
    letters = "БГДЁЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯбвгдёжзийклмнптфцчшщъыьэюя№«»—₽"
    for letter in letters:
        sheet = OfferSheet(title="X", text=letter, version=1, published_on=DAY, operator=OPERATOR)
        pages.add(tuple(typeset.preview("offer", sheet.as_data())))
    assert len(pages) == len(letters)


def test_fonts_come_with_the_typesetter():
    fonts = typeset._fonts().fonts()
    assert "Libertinus Serif" in {font.family for font in fonts}
    assert all(font.path is None for font in fonts), "none of the machine's"


def shown(template, sheet):
    return typeset.preview(template, sheet.as_data())


def test_what_differs_is_seen():
    assert shown("offer", OFFER) != shown("offer", CONTRACT)
    assert shown("termination", termination()) != shown("termination", termination(send_to="Другой адрес"))
    assert shown("contract_card", card()) != shown("contract_card", card([RegisterLine(name="Касса")]))


def test_long_papers_have_more_pages():
    long = OfferSheet(
        title="X",
        text="\n\n".join(["Пункт договора. " * 40] * 30),
        version=1,
        published_on=DAY,
        operator=OPERATOR,
    )
    assert len(shown("offer", long)) > 2
    assert len(shown("contract_card", card([RegisterLine(name=f"Касса {n}") for n in range(200)]))) > 3


HOSTILE = [
    '#panic("x")',
    "$x$ *a* _b_ `c` <label> @ref = h",
    "] #set page(width: 1pt) [",
    '"}); #read("/etc/passwd")',
    "\\u{0} \\",
    "// comment /* open",
    "\u202e\u200bскрыто",
    "😀中文",
    "а" * 3000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text(text):
    party = Party(name=text, inn="1", full_name=text + "!", legal_address=text, head=text, head_position=text)
    assert shown("termination", termination(party, party, text))
    sheet = OfferSheet(
        title=text,
        text=text,
        version=1,
        published_on=DAY,
        operator=party,
        joining=Joining(contract_number=1, signed_on=DAY, customer=party, accepted_by=text, accepted_at=NOW),
    )
    assert offer_pdf(sheet, made_at=NOW).startswith(b"%PDF-")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_set(text):
    party = Party(name=text, inn=text, head=text)
    assert termination_pdf(termination(party, party, text), made_at=NOW).startswith(b"%PDF-")


def test_trouble_has_a_name_and_tells_nothing():
    with pytest.raises(PaperNotSet) as trouble:
        typeset.pdf("termination", {"customer": {"name": "Секрет"}}, made_at=NOW)
    assert "Секрет" not in trouble.value.message
    with pytest.raises(ValueError, match="aware"):
        typeset.pdf("offer", OFFER.as_data(), made_at=dt.datetime(2026, 1, 1))  # noqa: DTZ001


def test_blocks():
    assert offer_blocks("# А\r\n\r\nодин\r\nдва\n\n\n\n# Б\nтри\n") == [
        {"kind": "heading", "text": "А"},
        {"kind": "paragraph", "text": "один два"},
        {"kind": "heading", "text": "Б"},
        {"kind": "paragraph", "text": "три"},
    ]
    assert offer_blocks(" \n\n ") == []


def test_party():
    assert Party.from_data({**CUSTOMER.as_data(), "later": 1}) == CUSTOMER
    words = [fact["word"] for fact in CUSTOMER.facts()]
    assert words == ["Полное наименование", "ИНН", "КПП", "ОГРН", "Юридический адрес", "Руководитель"]
    assert {"word": "ОГРНИП", "value": "304500116000157"} in Party(
        name="ИП", inn="500100732259", ogrn="304500116000157"
    ).facts()


def test_words():
    assert date_words(dt.date(2026, 5, 1)) == "1 мая 2026 г."
    assert initials("Чехов Антон Павлович") == "Чехов А. П."
    assert initials("  ") == ""
