import datetime as dt

import pytest
from django.test import Client

from accounts.post import last_token, letters
from cabinet.entry.conftest import registration_data, taken
from chekhov import clock
from chekhov.accounts.models import Account, Consent, EmailLink, Registration, User
from chekhov.orgs.access import member
from chekhov.orgs.sections import Role

pytestmark = pytest.mark.django_db
URL = "/entry/registration/"


def test_the_page_has_the_words_of_the_manual(client: Client) -> None:
    text = client.get(URL).content.decode()
    for words in (
        "Регистрация клиента ОФД",
        "Заполните контактные данные. E-mail станет логином для входа в кабинет:",
        "Фамилия",
        "Имя",
        "E-mail",
        "Номер телефона",
        "+7",
        "Отправляя заявку, я соглашаюсь на",
        "обработку персональных данных",
        "Войти в личный кабинет",
        "Далее &gt;",
    ):
        assert words in text


def test_from_the_form_to_the_cabinet(client: Client) -> None:
    answer = client.post(URL, registration_data())
    assert answer["Location"] == "/entry/registration/sent/"
    assert "ranevskaya@example.test" in client.get(answer["Location"]).content.decode()
    assert not User.objects.exists()
    link = f"/entry/confirm/{last_token('registration')}/"

    shown = client.get(link)
    assert "Подтвердить адрес" in shown.content.decode()
    assert not User.objects.exists(), "a program that looks through letters uses nothing up"

    made = client.post(link)
    text = made.content.decode()
    password = made.context["password"]
    assert password in text
    assert "ranevskaya@example.test" in text
    assert made["Cache-Control"] == "no-store"
    user = User.objects.get()
    assert user.check_password(password)
    assert user.phone == "+79123456789"
    assert member(user=user).role == Role.OWNER
    assert Consent.objects.get().user == user
    assert letters("credentials", to=user.email)

    entered = client.post("/login/", {"username": user.email, "password": password})
    assert entered["Location"] == "/cabinet/joining/"
    assert client.get("/cabinet/joining/")["Location"] == "/password/", "his own password first"


def test_a_used_link_is_refused_and_says_what_to_do(client: Client) -> None:
    client.post(URL, registration_data())
    link = f"/entry/confirm/{last_token('registration')}/"
    client.post(link)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "уже использована" in answer.content.decode()
    assert Account.objects.count() == 1


def test_an_expired_and_an_unknown_link_are_refused(client: Client) -> None:
    client.post(URL, registration_data())
    link = f"/entry/confirm/{last_token('registration')}/"
    EmailLink.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert client.post(link).status_code == 410
    assert client.get("/entry/confirm/no-such-token/").status_code == 404
    assert not User.objects.exists()


def test_a_taken_email_is_told_only_to_its_owner(client: Client) -> None:
    email = taken()
    free = client.post(URL, registration_data())
    held = client.post(URL, registration_data(email=email))
    assert (held.status_code, held["Location"]) == (free.status_code, free["Location"])
    assert letters("registration_again", to=email)
    assert not letters("registration", to=email)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_name": ""}, "Обязательное поле"),
        ({"first_name": " "}, "Обязательное поле"),
        ({"email": "not-an-email"}, "не адрес электронной почты"),
        ({"phone": "12345"}, "десять цифр"),
        ({"consent": None}, "Без согласия"),
        ({"consent_version": "0"}, "Текст согласия изменился"),
    ],
)
def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(client: Client, changes, words) -> None:
    answer = client.post(URL, registration_data(**changes))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'aria-invalid="true"' in text
    if "first_name" not in changes:
        assert 'value="Любовь"' in text
    assert not Registration.objects.exists()


def test_text_of_a_person_is_never_markup(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    assert evil not in client.post(URL, registration_data(last_name=evil, phone="1")).content.decode()


def test_letters_are_limited(client: Client) -> None:
    for _ in range(3):
        assert client.post(URL, registration_data()).status_code == 302
    answer = client.post(URL, registration_data())
    assert answer.status_code == 422
    assert "Слишком много запросов" in answer.content.decode()


def test_the_consent_can_be_read(client: Client) -> None:
    text = client.get("/entry/consent/").content.decode()
    assert "Согласие на обработку персональных данных" in text
    assert "Редакция 1" in text


def test_the_page_about_the_letter_is_for_those_who_asked(client: Client) -> None:
    assert client.get("/entry/registration/sent/")["Location"] == URL
