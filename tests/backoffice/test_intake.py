import datetime as dt

import pytest
from django.test import Client

import factories
from backoffice.conftest import DAY, quarantined_make
from backoffice.journal import Register
from chekhov.backoffice.forms import IntakeFilterForm
from chekhov.backoffice.section import ROWS
from chekhov.fiscal.verdicts import Reason


def text_of(client: Client, url: str, status: int = 200, **headers: str) -> str:
    answer = client.get(url, **headers)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.django_db
def test_an_empty_installation_says_what_to_do(staff: Client) -> None:
    text = text_of(staff, "/staff/intake/")
    assert "Документов ещё нет" in text
    assert "Адрес и порт для кассы" in text


def test_documents_of_an_unknown_register_are_shown_as_such(staff: Client, register: Register) -> None:
    text = text_of(staff, "/staff/intake/")
    assert "Отчёт о регистрации" in text
    assert "Неопознанная" in text
    assert f"/staff/documents/{register.fn}/3/" in text


def test_a_register_in_a_cabinet_is_named(staff: Client, register: Register) -> None:
    factories.kkt_make(name="Касса у входа", rnm=register.rnm)
    text = text_of(staff, "/staff/intake/")
    assert "Касса у входа" in text
    assert "Ждут, чтобы их добавили" not in text


def test_filters_live_in_the_address(staff: Client, register: Register) -> None:
    def documents(query: str) -> int:
        return text_of(staff, f"/staff/intake/?{query}").count('class="cell-title"')

    everything = documents("")
    assert everything == register.state.last_fd
    assert documents("code=1") == 1
    assert documents("code=2") == 2
    assert documents("verdict=0") == everything
    assert documents("verdict=2") == 0
    assert documents(f"number={register.fn}") == everything
    assert documents(f"number={register.rnm}") == everything
    assert documents("number=9999540000000099") == 0


def test_a_pasted_number_may_have_spaces_and_hyphens() -> None:
    form = IntakeFilterForm({"number": " 9999 5400-0000 0001\u00a0"})
    assert form.wanted().fn == "9999540000000001"


def test_a_mistyped_number_is_told_and_narrows_nothing(staff: Client, register: Register) -> None:
    text = text_of(staff, "/staff/intake/?number=abc&code=1")
    assert "только цифры" in text
    assert text.count('class="cell-title"') == 1


@pytest.mark.parametrize("query", ["code=x", "verdict=99", "number=%00", "code=1;DROP"])
def test_nonsense_in_the_address_is_no_fault(staff: Client, register: Register, query: str) -> None:
    text_of(staff, f"/staff/intake/?{query}")


@pytest.mark.parametrize(
    "cursor", ["", "x", "d-1", "a-1-2", "a-1-2-3-4", "a--1-9-9", "a-1-9-" + "9" * 40, "r-1-2-3"]
)
def test_a_spoilt_cursor_is_a_400_of_the_house(staff: Client, register: Register, cursor: str) -> None:
    answer = staff.get("/staff/intake/", {"before": cursor})
    assert answer.status_code == 400
    assert "На главную" in answer.content.decode()


def test_paging_shows_every_document_once(staff: Client, register: Register) -> None:
    register.day(DAY + dt.timedelta(days=4), ROWS, close=False) if register.state.shift is None else None
    second = Register(2)
    second.register(DAY)
    second.day(DAY, ROWS)
    seen: list[str] = []
    url = "/staff/intake/"
    for _ in range(10):
        text = text_of(staff, url)
        seen += [part.split('"')[0] for part in text.split('href="/staff/documents/')[1:]]
        if 'rel="next"' not in text:
            break
        url = text.split('" rel="next"')[0].rsplit('href="', 1)[1].replace("&amp;", "&")
        assert url.startswith("/staff/intake/?before=a-")
    assert len(seen) == len(set(seen)) == register.state.last_fd + second.state.last_fd
    assert "К началу" in text


def test_fragments_are_given_alone_and_only_the_named_ones(staff: Client, register: Register) -> None:
    whole = text_of(staff, "/staff/intake/")
    assert whole.count("data-live hx-get") == 2
    for name in ("intake-figures", "intake-documents"):
        part = text_of(staff, "/staff/intake/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET=name)
        assert "<html" not in part
        assert f'id="{name}"' in part
    foreign = text_of(staff, "/staff/intake/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="../base.html")
    assert "<html" in foreign


def test_older_pages_do_not_refresh_themselves(staff: Client, register: Register) -> None:
    row = register.fn
    text = text_of(staff, f"/staff/intake/?before=a-9999999999-{row}-1")
    assert "data-live hx-get" not in text


def test_what_needs_a_person_stands_above(staff: Client, register: Register) -> None:
    quarantined_make(Reason.KEY_CONFLICT)
    quarantined_make(Reason.UNREADABLE)
    text = text_of(staff, "/staff/intake/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="intake-figures")
    assert "Посмотреть сразу: 1" in text
    assert "Успевает" in text


def test_lists_cost_the_same_number_of_questions_whatever_they_show(
    staff: Client, register: Register, django_assert_max_num_queries
) -> None:
    second = Register(2)
    second.register(DAY)
    second.day(DAY, 40)
    with django_assert_max_num_queries(14):
        staff.get("/staff/intake/")
