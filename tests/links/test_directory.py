import contextlib
import datetime as dt
import http.server
import json
import threading
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from chekhov.db.errors import InsideTransaction
from chekhov.links import directory
from chekhov.links.directory import (
    KEPT_ANSWERS_MAX,
    CouldNotAsk,
    DaData,
    Directory,
    Found,
    LocalDirectory,
    NotFound,
    directory_make,
)
from chekhov.links.directory_reading import CompanyCard, CompanyState, card_of_dadata
from chekhov.values.requisites import Inn

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
INN = Inn("7707083893")
COMPANY = {
    "value": "ООО РОМАШКА",
    "data": {
        "inn": "7707083893",
        "kpp": "770701001",
        "ogrn": "1027700132195",
        "type": "LEGAL",
        "name": {"short_with_opf": "ООО «РОМАШКА»", "full_with_opf": "ОБЩЕСТВО «РОМАШКА»"},
        "management": {"name": "Иванов Иван Иванович", "post": "ГЕНЕРАЛЬНЫЙ ДИРЕКТОР"},
        "address": {
            "value": "г Москва, ул Вавилова, д 19",
            "unrestricted_value": "117997, г Москва, ул Вавилова, д 19",
            "data": {"tax_office": "7736"},
        },
        "state": {"status": "ACTIVE", "registration_date": 677376000000},
    },
}
TRADER = {
    "value": "ИП Иванова Анна",
    "data": {
        "inn": "500100732259",
        "kpp": None,
        "ogrn": "304500116000157",
        "type": "INDIVIDUAL",
        "name": {"full_with_opf": "Индивидуальный предприниматель Иванова Анна"},
        "fio": {"surname": "Иванова", "name": "Анна", "patronymic": None},
        "management": None,
        "address": None,
        "state": {"status": "LIQUIDATED"},
    },
}


@pytest.fixture
def far_party():
    """Serve each request by the next function of (handler); gives the address and what was asked."""
    with contextlib.ExitStack() as stack:

        def start(*answers):
            asked = []
            queue = list(answers)

            class Handler(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    body = self.rfile.read(int(self.headers["Content-Length"]))
                    asked.append((dict(self.headers), json.loads(body)))
                    with contextlib.suppress(OSError):
                        queue.pop(0)(self)

                def log_message(self, *_):
                    pass

            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}/party", asked

        yield start


def answer(status, body):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def serve(handler):
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(raw)

    return serve


def suggestions(*rows):
    return answer(200, {"suggestions": list(rows)})


def asks(url, **keywords):
    return DaData("a-key", url=url, **keywords).ask(INN, now=NOW)


def test_company_is_found(far_party):
    url, asked = far_party(suggestions(COMPANY))
    got = asks(url)
    assert got == Found(
        CompanyCard(
            inn=INN,
            name="ООО «РОМАШКА»",
            full_name="ОБЩЕСТВО «РОМАШКА»",
            kpp="770701001",
            ogrn="1027700132195",
            address="117997, г Москва, ул Вавилова, д 19",
            head_surname="Иванов",
            head_name="Иван",
            head_patronymic="Иванович",
            head_position="Генеральный директор",
            state=CompanyState.ACTIVE,
            registered_on=dt.date(1991, 6, 20),
            tax_office="7736",
        ),
        "dadata",
        NOW,
    )
    headers, question = asked[0]
    assert headers["Authorization"] == "Token a-key"
    assert question == {"query": "7707083893", "branch_type": "MAIN", "count": 1}


def test_sole_trader_has_no_kpp_and_is_the_head():
    card = card_of_dadata(TRADER)
    assert card.is_sole_trader
    assert (card.kpp, card.head_surname, card.head_name, card.head_patronymic) == ("", "Иванова", "Анна", "")
    assert card.state is CompanyState.LIQUIDATED
    assert card.name == "Индивидуальный предприниматель Иванова Анна"


def test_nobody_of_this_number(far_party):
    assert asks(far_party(suggestions())[0]) == NotFound("dadata")
    assert asks(far_party(suggestions(TRADER))[0]) == NotFound("dadata"), "somebody else is not the answer"


@pytest.mark.parametrize(
    "serve",
    [
        answer(403, {}),
        answer(401, {}),
        answer(429, {}),
        answer(302, {}),
        answer(200, b"<html>"),
        answer(200, b"\xff\xfe"),
        answer(200, []),
        answer(200, {"suggestions": None}),
        answer(200, {"suggestions": [{"data": {}}]}),
        answer(200, {"suggestions": [{"data": {"inn": "1"}}]}),
        answer(200, {"suggestions": [{**COMPANY, "data": COMPANY["data"] | {"name": "x"}}]}),
        answer(200, {"suggestions": [{**COMPANY, "data": COMPANY["data"] | {"address": {"value": 7}}}]}),
        answer(200, b"[" * 100_000),
        answer(200, b" " * (directory.ANSWER_BYTES_MAX + 1)),
    ],
)
def test_answers_of_no_use_are_not_not_found(far_party, serve):
    url, asked = far_party(serve, suggestions(COMPANY))
    got = asks(url)
    assert isinstance(got, CouldNotAsk)
    assert "a-key" not in got.reason
    assert len(asked) == 1, "such an answer will not be better the second time"


@pytest.mark.parametrize(
    "first", [answer(500, {}), answer(503, b""), lambda handler: handler.connection.close()]
)
def test_a_failure_on_the_way_is_tried_once_more(far_party, first):
    url, asked = far_party(first, suggestions(COMPANY))
    assert isinstance(asks(url), Found)
    assert len(asked) == 2


def test_two_failures_are_enough(far_party):
    url, asked = far_party(answer(500, {}), answer(500, {}), suggestions(COMPANY))
    assert asks(url) == CouldNotAsk("dadata: status 500")
    assert len(asked) == 2


@pytest.mark.parametrize("drips", [True, False])
def test_slow_party_is_not_waited_for(far_party, drips):
    over = threading.Event()

    def serve(handler):
        """It never ends by itself."""
        if drips:
            handler.send_response(200)
            handler.end_headers()
        while not over.wait(0.02):
            if drips:
                handler.wfile.write(b" ")

    url, _ = far_party(serve, serve)
    try:
        assert isinstance(asks(url, timeout_seconds=0.2), CouldNotAsk)
    finally:
        over.set()


def test_nobody_listens():
    assert isinstance(asks("http://127.0.0.1:9/"), CouldNotAsk)


@pytest.mark.parametrize(
    ("key", "keywords"),
    [
        ("", {}),
        ("a\nb", {}),
        ("ключ", {}),
        ("k", {"url": "file:///etc/passwd"}),
        ("k", {"timeout_seconds": 0}),
    ],
)
def test_wrong_settings(key, keywords):
    with pytest.raises(ValueError, match="directory"):
        DaData(key, **keywords)


@pytest.mark.django_db
def test_never_inside_a_transaction():
    with transaction.atomic(), pytest.raises(InsideTransaction):
        asks("http://127.0.0.1:9/")


def test_local_file_holds_valid_companies():
    rows = json.loads(directory.LOCAL_FILE.read_bytes())
    assert len({row["inn"] for row in rows}) == len(rows) > 10
    for row in rows:
        got = LocalDirectory().ask(Inn(row["inn"]), now=NOW)
        assert isinstance(got, Found)
        assert got.card.ogrn == row["ogrn"]
        assert bool(got.card.kpp) != got.card.is_sole_trader
        assert got.card.name
        assert got.card.address


def test_local_file_is_sure_of_made_up_numbers_only():
    local = directory_make(["local"])
    assert local.lookup(Inn("9999999998"), now=NOW) == NotFound("local")
    assert isinstance(local.lookup(INN, now=NOW), CouldNotAsk)


class Scripted:
    name = "scripted"
    far = True

    def __init__(self, *answers):
        self.answers = list(answers)

    def ask(self, *_, **__):
        return self.answers.pop(0)


def found(inn=INN):
    return Found(CompanyCard(inn=inn, name="Имя"), "scripted", NOW)


def test_the_next_is_asked_when_one_could_not():
    assert Directory([Scripted(CouldNotAsk("a")), Scripted(found())]).lookup(INN, now=NOW) == found()
    assert Directory([Scripted(NotFound("a")), Scripted()]).lookup(INN, now=NOW) == NotFound("a")
    both = Directory([Scripted(CouldNotAsk("a")), Scripted(CouldNotAsk("b"))])
    assert both.lookup(INN, now=NOW) == CouldNotAsk("a; b")
    assert isinstance(Directory([]).lookup(INN, now=NOW), CouldNotAsk)


def test_answers_are_kept_for_a_day_and_failures_are_not():
    asked = Directory([Scripted(CouldNotAsk("a"), found(), NotFound("later"))])
    assert asked.lookup(INN, now=NOW) == CouldNotAsk("a")
    assert asked.lookup(INN, now=NOW) == found()
    assert asked.lookup(INN, now=NOW + dt.timedelta(hours=23)) == found()
    assert asked.lookup(INN, now=NOW + dt.timedelta(hours=24)) == NotFound("later")


def test_what_is_kept_is_passed_over_when_asked_afresh():
    asked = Directory([Scripted(found(), NotFound("later"))])
    assert asked.lookup(INN, now=NOW) == found()
    assert asked.lookup(INN, now=NOW, afresh=True) == NotFound("later")
    assert asked.lookup(INN, now=NOW) == NotFound("later"), "the newer answer is kept instead"


def test_near_answers_are_not_kept():
    near = Scripted(found(), NotFound("later"))
    near.far = False
    asked = Directory([near])
    assert asked.lookup(INN, now=NOW) == found()
    assert asked.lookup(INN, now=NOW) == NotFound("later")


def test_what_is_kept_is_bounded():
    class Anybody:
        name = "anybody"
        far = True

        def ask(self, *_, **__):
            return NotFound("anybody")

    asked = Directory([Anybody()])
    for number in range(KEPT_ANSWERS_MAX + 10):
        asked.lookup(str(number), now=NOW)
    assert len(asked._kept) == KEPT_ANSWERS_MAX


def test_unknown_provider():
    with pytest.raises(ValueError, match="egrul"):
        directory_make(["egrul"])
    with pytest.raises(ValueError, match="key"):
        directory_make(["local", "dadata"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(sorted(COMPANY["data"])), inner)
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(sorted(COMPANY["data"])))
def test_any_answer_is_read_or_could_not_be(value, key):
    body = json.dumps({"suggestions": [{"data": COMPANY["data"] | {key: value}}]}).encode()
    got = DaData("k")._read(INN, 200, body, NOW)
    assert isinstance(got, Found | NotFound | CouldNotAsk)
    if isinstance(got, Found):
        assert len(got.card.name) <= 1000
        assert got.card.name.isprintable()


def test_file_of_ones_own(tmp_path: Path):
    path = tmp_path / "own.json"
    path.write_text(json.dumps([{"inn": str(INN), "name": "Своя\nкомпания"}]))
    got = LocalDirectory(path).ask(INN, now=NOW)
    assert isinstance(got, Found)
    assert got.card.name == "Своя компания"
