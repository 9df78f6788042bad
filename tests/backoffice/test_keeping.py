"""A member of staff whose session ends while he writes."""

import pytest
from django.test import Client

import factories
from cabinets import offer_ensure
from chekhov.accounts.models import Session, StaffRole, User
from chekhov.contracts.selectors import offer_current

pytestmark = pytest.mark.django_db
PASSWORD = "чайка-и-дядя-Ваня"
URL = "/staff/operator/offers/new/"


@pytest.fixture
def chief(settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return factories.staff_make(StaffRole.ADMINISTRATOR, email="chief@example.test", password=PASSWORD)


def log_in(client: Client, user: User) -> str:
    data = {"username": user.email, "password": PASSWORD, "next": URL}
    return client.post("/login/", data)["Location"]


def test_an_offer_as_long_as_offers_may_be_is_not_lost(client: Client, chief: User) -> None:
    last = offer_ensure()
    text = "# 1. Предмет\r\n\r\n" + "1.1. Текст «оферты» & <прочее>.\r\n" * 5_500
    assert len(text) > 170_000
    log_in(client, chief)
    Session.objects.all().delete()
    form = {"version": last.number, "title": "Новая редакция", "text": text, "password": "секрет-секрет"}
    assert client.post(URL, form)["Location"] == f"/login/?next={URL}"
    assert offer_current() == last

    assert log_in(client, chief) == URL
    shown = client.get(URL)
    assert "Введённое не потеряно" in shown.content.decode()
    kept = dict(shown.context["fields"])
    assert kept["text"] == text
    assert "password" not in kept
    assert "секрет-секрет" not in shown.content.decode()
    assert offer_current() == last, "only the person sends it"
    assert client.post(URL, kept)["Location"] == "/staff/operator/offers/"
    published = offer_current()
    assert published is not None
    assert published.number == last.number + 1
    assert published.title == "Новая редакция"


def test_it_is_not_shown_to_one_who_may_not_open_the_page(client: Client, chief: User) -> None:
    client.post(URL, {"version": "1", "title": "Тайная редакция", "text": "# 1."})
    engineer = factories.staff_make(StaffRole.ENGINEER, email="engineer@example.test", password=PASSWORD)
    log_in(client, engineer)
    answer = client.get(URL)
    assert answer.status_code == 403
    assert "Тайная" not in answer.content.decode()


def test_a_fragment_is_told_to_log_in_and_nothing_is_kept(client: Client) -> None:
    answer = client.post(URL, {"text": "x"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 401
    assert "kept_form" not in client.session
