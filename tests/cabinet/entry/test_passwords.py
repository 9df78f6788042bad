import re

import pytest
from django.test import Client

import factories
from accounts.post import last_token, letters, secrets_of
from cabinet.entry.conftest import PASSWORD
from chekhov import clock
from chekhov.accounts.models import User
from chekhov.accounts.services import letters_prepare
from chekhov.accounts.services.letters import credentials_send

pytestmark = pytest.mark.django_db
OTHER = "вишнёвый-сад-1903"


@pytest.fixture
def person() -> User:
    return factories.user_make(email="a@example.test", password=PASSWORD, full_name="Гаев Леонид")


def log_in(client: Client, password: str, email: str = "a@example.test"):
    return client.post("/login/", {"username": email, "password": password})


class TestLogIn:
    def test_it_leads_to_recovery_and_registration(self, client: Client) -> None:
        text = client.get("/login/").content.decode()
        assert 'href="/entry/recovery/"' in text
        assert "Восстановить пароль" in text

    @pytest.mark.usefixtures("person")
    def test_after_failures_it_is_closed_even_for_the_right_password(self, client: Client) -> None:
        for _ in range(5):
            assert "не подходят" in log_in(client, "wrong").content.decode()
        assert "Повторите через 15 мин" in log_in(client, PASSWORD).content.decode()
        assert "_auth_user_id" not in client.session

    def test_an_unknown_email_is_closed_alike(self, client: Client) -> None:
        for _ in range(5):
            log_in(client, "wrong", "nobody@example.test")
        assert "Повторите через 15 мин" in log_in(client, "x", "nobody@example.test").content.decode()

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_never_leads_elsewhere(self, client: Client, person, target: str) -> None:
        answer = client.post("/login/", {"username": person.email, "password": PASSWORD, "next": target})
        assert answer["Location"] == "/"

    def test_what_was_asked_for_is_shown_afterwards(self, client: Client, person) -> None:
        answer = client.get("/cabinet/sessions/")
        assert answer["Location"] == "/login/?next=/cabinet/sessions/"
        entered = client.post(
            "/login/", {"username": person.email, "password": PASSWORD, "next": "/cabinet/sessions/"}
        )
        assert entered["Location"] == "/cabinet/sessions/"


class TestRecovery:
    def test_known_and_unknown_are_answered_alike(self, client: Client, person) -> None:
        seen = set()
        for email in (person.email, "nobody@example.test"):
            answer = client.post("/entry/recovery/", {"email": email})
            page = client.get(answer["Location"])
            text = page.content.decode().replace(page.headers["X-Request-Number"], "")
            seen.add((answer.status_code, answer["Location"], re.sub(r'value="\w{64}"', "", text)))
        assert len(seen) == 1

    def test_the_old_password_holds_until_the_link_is_followed(self, client: Client, person) -> None:
        client.post("/entry/recovery/", {"email": person.email})
        letters_prepare(now=clock.now())
        link = f"/entry/recovery/{last_token('password_link')}/"
        client.get(link)
        assert log_in(client, PASSWORD).status_code == 302
        client.logout()
        answer = client.post(link)
        assert answer["Location"] == "/login/"
        assert log_in(client, PASSWORD).status_code == 200
        fresh = secrets_of(letters("new_password")[-1])["password"]
        assert log_in(client, fresh).status_code == 302
        assert client.get("/cabinet/sessions/")["Location"] == "/password/"
        assert Client().post(link).status_code == 410

    def test_nonsense_is_told_beside_the_field(self, client: Client) -> None:
        answer = client.post("/entry/recovery/", {"email": "x"})
        assert answer.status_code == 422
        assert "не адрес электронной почты" in answer.content.decode()


class TestPasswordByLink:
    def test_it_is_set_once(self, client: Client, person) -> None:
        credentials_send(template="credentials", user=person, password="x", now=clock.now())
        link = f"/entry/password/{last_token('credentials')}/"
        assert person.email in client.get(link).content.decode()
        weak = client.post(link, {"new_password": "123", "repeated": "123"})
        assert weak.status_code == 422
        assert "короткий" in weak.content.decode()
        answer = client.post(link, {"new_password": OTHER, "repeated": OTHER})
        assert answer["Location"] == "/login/"
        assert log_in(client, OTHER).status_code == 302
        assert client.post(link, {"new_password": OTHER, "repeated": OTHER}).status_code == 410


class TestChange:
    @pytest.fixture
    def entered(self, client: Client, person: User) -> Client:
        assert person.is_active
        log_in(client, PASSWORD)
        return client

    def change(self, client: Client, **fields: str):
        data = {"old_password": PASSWORD, "new_password": OTHER, "repeated": OTHER} | fields
        return client.post("/password/", data)

    def test_others_are_logged_out_and_this_session_stays(self, entered: Client) -> None:
        elsewhere = Client()
        log_in(elsewhere, PASSWORD)
        assert self.change(entered)["Location"] == "/cabinet/sessions/"
        assert entered.get("/cabinet/sessions/").status_code == 200
        assert elsewhere.get("/cabinet/sessions/").status_code == 302

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"old_password": "wrong"}, "Старый пароль не подходит"),
            ({"repeated": "another-one-1"}, "Пароли не совпадают"),
            ({"new_password": "123", "repeated": "123"}, "короткий"),
            ({"new_password": PASSWORD, "repeated": PASSWORD}, "должен отличаться"),
        ],
    )
    def test_mistakes(self, entered: Client, person, fields, words: str) -> None:
        answer = self.change(entered, **fields)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        person.refresh_from_db()
        assert person.check_password(PASSWORD)

    def test_nothing_else_is_shown_before_the_first_change(self, client: Client, person) -> None:
        person.must_change_password = True
        person.save()
        log_in(client, PASSWORD)
        assert client.get("/cabinet/sessions/")["Location"] == "/password/"
        self.change(client)
        assert client.get("/cabinet/sessions/").status_code == 200
