"""Order, page size, columns and chosen rows of a table, as they stand in addresses and on the page."""

import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

from chekhov.face.cells import Action, Column, Empty, Selection, Table
from chekhov.face.tables import Asked, asked_of

COLUMNS = (
    Column("name", "Касса", title=True, sort="name"),
    Column("tariff", "Тариф", sort="tariff"),
    Column("rnm", "РНМ"),
    Column("model", "Модель", spare=True),
)
ROWS = [
    {"id": number, "label": f"Касса {number}", "name": f"Касса {number}", "rnm": "1"} for number in (1, 2)
]
EMPTY = Empty("Пусто", "Ничего нет.")


def asked(query: str = "", **fields: object) -> Asked:
    return asked_of(RequestFactory().get(f"/kkts/?{query}"), COLUMNS, order="name", **fields)


def query_of(url: str) -> QueryDict:
    return QueryDict(url.partition("?")[2])


def table(query: str = "", **fields: object) -> Table:
    return Table("Кассы", COLUMNS, ROWS, EMPTY, asked=asked(query), **fields)


def test_what_is_asked_amiss_is_not_asked() -> None:
    found = asked("order=password&size=100000&columns=secret&before=x")
    assert (found.order, found.page_size, found.columns) == ("name", 50, None)


def test_what_is_asked_is_taken() -> None:
    found = asked("order=-tariff&size=20&columns=rnm&columns=model&before=7")
    assert (found.order, found.page_size, found.before) == ("-tariff", 20, "7")
    assert found.columns == {"rnm", "model"}
    assert asked("columns=rnm,model").columns == {"rnm", "model"}


@pytest.mark.parametrize("size", ["²", "٢٠", "-20", " 20", "20.0", "021"])
def test_a_size_is_one_of_those_offered(size: str) -> None:
    assert asked(f"size={size}").page_size == 50


def test_the_head_turns_the_order_round_and_goes_back_to_the_beginning() -> None:
    found = asked("text=чай&order=name&before=7&size=20")
    own, other = found.head(COLUMNS[0]), found.head(COLUMNS[1])
    assert own.direction == "ascending"
    assert query_of(own.url).dict() == {"text": "чай", "order": "-name", "size": "20"}
    assert other.direction == ""
    assert query_of(other.url)["order"] == "tariff"
    back = asked("order=-name").head(COLUMNS[0])
    assert (back.direction, query_of(back.url)["order"]) == ("descending", "name")
    assert found.head(COLUMNS[2]).url == ""


def test_paging_keeps_what_is_asked() -> None:
    found = asked("text=чай&order=-name")
    assert query_of(found.older_url(12)).dict() == {"text": "чай", "order": "-name", "before": "12"}
    assert found.older_url(None) == ""
    assert found.first_url == ""
    assert query_of(asked("text=a&before=3").first_url).dict() == {"text": "a"}
    assert asked("before=3").first_url == "/kkts/"


def test_a_new_size_begins_anew_and_the_present_one_is_no_link() -> None:
    links = dict(asked("size=20&before=4").size_links)
    assert links[20] == ""
    assert query_of(links[100]).dict() == {"size": "100"}


def test_a_file_has_the_filters_the_order_and_the_columns_of_the_page() -> None:
    url = asked("text=чай&order=-name&columns=rnm&size=20&before=3").export_url("/kkts/table.csv")
    assert url.startswith("/kkts/table.csv?")
    assert query_of(url).dict() == {"text": "чай", "order": "-name", "columns": "rnm"}
    assert asked().export_url("/x/") == "/x/"


def test_filters_are_what_is_not_about_the_table() -> None:
    found = asked("text=чай&stage=a&stage=b&order=name&size=20&columns=rnm&before=1")
    assert found.filters == [("text", "чай"), ("stage", "a"), ("stage", "b")]


def test_spare_columns_are_shown_when_chosen_and_the_title_always() -> None:
    assert [head.column.key for head in table().heads] == ["name", "tariff", "rnm"]
    assert [head.column.key for head in table("columns=model").heads] == ["name", "model"]
    assert [head.column.key for head in table("columns=name").heads] == ["name"]
    plain = Table("Кассы", COLUMNS, ROWS, EMPTY)
    assert [head.column.key for head in plain.heads] == ["name", "tariff", "rnm"]
    assert plain.choices == []


def test_sizes_are_offered_only_where_they_matter() -> None:
    assert table().sizes == []
    assert [size for size, _url in table(older_url="/x/").sizes] == [20, 50, 100]


class TestOnThePage:
    def shown(self, query: str = "", **fields: object) -> str:
        return render_to_string("components/table.html", {"table": table(query, **fields)})

    def test_a_plain_table_has_no_tools(self) -> None:
        html = render_to_string("components/table.html", {"table": Table("Кассы", COLUMNS, ROWS, EMPTY)})
        assert "table-tools" not in html
        assert "checkbox" not in html
        assert "head-order" not in html

    def test_the_order_is_told_to_a_screen_reader(self) -> None:
        html = self.shown("order=-tariff")
        assert re.findall(r'aria-sort="(\w+)"[^>]*><a[^>]*>([^<]+)<', html) == [("descending", "Тариф")]

    def test_each_box_names_its_row_and_belongs_to_the_form_of_the_bar(self) -> None:
        select = Selection(
            "kkt", [Action("В группу", "/move/")], hidden=[("text", '"><script>')], every="Все 2 кассы"
        )
        html = self.shown(select=select)
        form = re.search(r"<form[^>]*data-chosen>.*?</form>", html, re.DOTALL)
        assert form
        assert 'id="chosen-kkt" method="get"' in form[0]
        assert 'formaction="/move/" data-modal' in form[0]
        assert 'name="every"' in form[0]
        assert "<script>" not in html
        assert re.findall(r'name="kkt" value="(\d)" form="chosen-kkt"', html) == ["1", "2"]
        assert "Выбрать: Касса 2" in html

    def test_numbers_of_rows_are_written_without_spaces(self) -> None:
        rows = [{"id": 1_234_567, "label": "Касса", "name": "Касса"}]
        found = Table("Кассы", COLUMNS, rows, EMPTY, select=Selection("kkt", []))
        assert 'value="1234567"' in render_to_string("components/table.html", {"table": found})

    def test_a_deed_without_a_window_is_posted_with_its_token(self) -> None:
        select = Selection("kkt", [Action("Убрать", "/remove/", danger=True)], method="post")
        html = render_to_string(
            "components/table.html", {"table": table(select=select), "csrf_token": "t" * 64}
        )
        assert 'method="post"' in html
        assert "csrfmiddlewaretoken" in html
        assert "data-modal" not in html

    def test_choosing_columns_keeps_the_rest_of_the_address(self) -> None:
        html = self.shown("text=чай&order=-name&columns=rnm", choose_columns=True)
        form = re.search(r'<form class="menu-sheet".*?</form>', html, re.DOTALL)
        assert form
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form[0])
        assert sorted(hidden) == [("columns", "name"), ("order", "-name"), ("text", "чай")]
        assert re.findall(r'value="(\w+)" checked', form[0]) == ["rnm"]
        assert "Как было" in form[0]


class TestRemembered:
    def look(self, session: dict[str, object], query: str = "", name: str = "kkts") -> Asked:
        request = RequestFactory().get(f"/kkts/?{query}")
        request.session = session
        return asked_of(request, COLUMNS, order="name", remember=name)

    def test_columns_and_page_size_hold_until_others_are_chosen(self) -> None:
        session: dict[str, object] = {}
        assert self.look(session).columns is None
        assert session == {}, "who has chosen nothing leaves nothing"
        self.look(session, "columns=name&columns=model&size=20")
        for _ in range(2):
            found = self.look(session, "text=чай")
            assert (found.columns, found.page_size) == ({"name", "model"}, 20)
        assert self.look(session, "columns=rnm").page_size == 20
        assert self.look(session).columns == {"rnm"}
        assert self.look(session, name="others").columns is None, "each list has its own"

    def test_as_it_was_forgets(self) -> None:
        session: dict[str, object] = {}
        self.look(session, "columns=name&columns=model")
        found = self.look(session)
        assert self.look(session, found.columns_url.partition("?")[2]).columns is None
        assert self.look(session).columns is None

    def test_a_file_has_the_remembered_columns(self) -> None:
        session: dict[str, object] = {}
        self.look(session, "columns=name&columns=model")
        url = self.look(session, "text=чай").export_url("/kkts/table.csv")
        assert query_of(url).dict() == {"text": "чай", "columns": "model,name"}

    def test_nonsense_is_bounded_and_not_believed(self) -> None:
        session: dict[str, object] = {}
        self.look(session, "&".join(f"columns={'x' * 2000}" for _ in range(300)) + "&size=9999999")
        found = self.look(session)
        assert (found.columns, found.page_size) == (None, 50)
        assert len(str(session)) < 12_000
