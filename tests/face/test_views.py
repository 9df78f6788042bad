import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import get_resolver

import factories
from chekhov.accounts.models import StaffRole
from chekhov.face.brand import brand_of
from chekhov.face.errors import WORDS, server_error

pytestmark = pytest.mark.django_db
PASSWORD = "чайка-и-дядя-Ваня"


def test_start_page_tells_where_registers_connect(client: Client) -> None:
    answer = client.get("/")
    text = answer.content.decode()
    assert answer.status_code == 200
    host, port = settings.OFD_PUBLIC
    assert host in text
    assert f'data-copy="{port}"' in text
    assert settings.OPERATOR_NAME in text
    assert "Личный кабинет" in text
    assert "Подключиться" in text


def test_pages_are_not_stored_and_carry_a_strict_policy(client: Client) -> None:
    answer = client.get("/")
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_login_leads_staff_to_their_section_whatever_the_case_of_the_email(client: Client) -> None:
    factories.staff_make(StaffRole.ENGINEER, email="Engineer@Example.test", password=PASSWORD)
    answer = client.post("/login/", {"username": " engineer@example.TEST ", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/staff/intake/"


def test_login_leads_a_customer_to_the_start_page(client: Client) -> None:
    factories.user_make(email="a@example.test", password=PASSWORD)
    answer = client.post("/login/", {"username": "a@example.test", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert "Приём" not in client.get("/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_login_never_leads_elsewhere(client: Client, target: str) -> None:
    factories.user_make(email="a@example.test", password=PASSWORD)
    answer = client.post("/login/", {"username": "a@example.test", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_every_failure_of_login_has_the_same_answer(client: Client) -> None:
    """Nobody learns which e-mails exist."""
    factories.user_make(email="a@example.test", password=PASSWORD)
    factories.user_make(email="b@example.test", password=PASSWORD, is_active=False)
    tries = [
        {"username": "a@example.test", "password": "другой"},
        {"username": "b@example.test", "password": PASSWORD},
        {"username": "c@example.test", "password": PASSWORD},
    ]
    seen = set()
    for attempt in tries:
        answer = client.post("/login/", attempt)
        assert answer.status_code == 200
        text = answer.content.decode()
        for varying in (attempt["username"], answer.headers.get("X-Request-Number", "-")):
            text = text.replace(varying, "")
        seen.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text))
    assert len(seen) == 1
    assert "Почта или пароль не подходят" in seen.pop()


def test_a_typed_email_is_kept_and_a_password_is_not(client: Client) -> None:
    text = client.post(
        "/login/", {"username": "a@example.test", "password": "секрет-секрет"}
    ).content.decode()
    assert "a@example.test" in text
    assert "секрет-секрет" not in text


def test_logout_by_get_only_asks(client: Client) -> None:
    person = factories.user_make()
    client.force_login(person)
    assert "Выйти из кабинета?" in client.get("/logout/").content.decode()
    assert "_auth_user_id" in client.session
    answer = client.post("/logout/")
    assert answer["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_names_are_escaped_in_the_frame(client: Client) -> None:
    client.force_login(factories.user_make(full_name="<script>alert(1)</script> Иван"))
    assert "<script>alert" not in client.get("/").content.decode()


def test_brand_sheet_may_be_cached_for_ever_only_under_its_own_address(client: Client) -> None:
    digest = brand_of(settings.OPERATOR_BRAND_COLOR).digest
    assert "immutable" in client.get(f"/brand.css?v={digest}")["Cache-Control"]
    assert client.get("/brand.css?v=old")["Cache-Control"] == "no-cache"
    assert f"/brand.css?v={digest}" in client.get("/").content.decode()
    with override_settings(OPERATOR_BRAND_COLOR="#123456"):
        assert "#123456" in client.get("/brand.css").content.decode()


def test_gallery_shows_every_component(client: Client) -> None:
    with override_settings(SANDBOX=True):
        answer = client.get("/ui/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for mark in (
        "data-table",
        "notice tone-danger",
        "choice-options",
        "prefixed-mark",
        "field-error",
        "way-mark",
        "<progress",
        "tree-tag",
        "modal-window",
    ):
        assert mark in text


def test_gallery_is_closed_in_production(client: Client) -> None:
    with override_settings(SANDBOX=False, DEBUG=False):
        assert client.get("/ui/").status_code == 404
        assert client.get("/ui/window/").status_code == 404


def test_built_files_are_served_compressed(client: Client) -> None:
    page = client.get("/").content.decode()
    url = re.search(r'href="(/static/dist/main-[^"]+\.css)"', page)
    assert url
    answer = client.get(url[1], HTTP_ACCEPT_ENCODING="gzip, br")
    assert answer.status_code == 200
    assert answer["Content-Encoding"] in {"br", "gzip"}
    assert "max-age=" in answer["Cache-Control"]
    answer.close()


class TestErrorPages:
    def test_the_house_has_its_own(self, client: Client) -> None:
        answer = client.get("/нет-такой/")
        text = answer.content.decode()
        assert answer.status_code == 404
        assert WORDS[404].title in text
        assert answer["X-Request-Number"] in text
        assert "На главную" in text

    def test_the_root_names_them_all(self) -> None:
        resolver = get_resolver()
        for status, name in (
            (400, "bad_request"),
            (403, "permission_denied"),
            (404, "page_not_found"),
            (500, "server_error"),
        ):
            handler = resolver.resolve_error_handler(status)
            assert (handler.__module__, handler.__name__) == ("chekhov.face.errors", name)

    def test_an_old_form_is_told_so(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post("/login/", {"username": "a@example.test", "password": "x"})
        assert answer.status_code == 403
        assert "Форма устарела" in answer.content.decode()

    def test_500_says_the_number_and_nothing_of_the_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> None:
            raise RuntimeError("секрет устройства")

        monkeypatch.setattr("chekhov.cabinet.entry.start.settings", property(broken))
        answer = Client(raise_request_exception=False).get("/")
        text = answer.content.decode()
        assert answer.status_code == 500
        assert answer["X-Request-Number"] in text
        assert "секрет" not in text

    def test_500_is_shown_even_when_the_person_cannot_be_asked(self, rf) -> None:
        class Broken:
            @property
            def is_authenticated(self) -> bool:
                raise RuntimeError("no database")

        request = rf.get("/")
        request.user, request.number = Broken(), "abc123"
        answer = server_error(request)
        assert answer.status_code == 500
        assert "abc123" in answer.content.decode()
