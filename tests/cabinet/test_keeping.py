"""A session that ends while a form is being filled in, at the customer's door; the staff's has its own."""

import datetime as dt

import pytest
from django.test import Client

from cabinets import NOW, acts, cabinets_make, offer_ensure, requisites_make
from chekhov import clock
from chekhov.accounts.models import Session
from chekhov.contracts.services import JoiningForm, contract_join
from chekhov.orgs.models import Membership

pytestmark = pytest.mark.django_db
PASSWORD = "чайка-и-дядя-Ваня"
URL = "/cabinet/employees/add/"
FORM = {
    "full_name": "Гаев Леонид",
    "email": "gaev@example.test",
    "role": "user",
    "sections": ["kkt", "cloud"],
}


@pytest.fixture
def world(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = cabinets_make()
    form = JoiningForm(
        sole_trader=False, requisites=requisites_make(), accepted=True, offer_number=offer_ensure().number
    )
    contract_join(actor=acts(made.owner), account_id=made.account.pk, form=form, now=NOW)
    made.owner.set_password(PASSWORD)
    made.owner.save()
    return made


def log_in(client: Client, world) -> str:
    data = {"username": world.owner.email, "password": PASSWORD, "next": URL}
    return client.post("/login/", data)["Location"]


def test_nothing_typed_is_lost_after_log_in(client: Client, world) -> None:
    log_in(client, world)
    Session.objects.all().delete()
    answer = client.post(URL, FORM | {"old_password": "секрет-секрет"})
    assert answer["Location"] == f"/login/?next={URL}"
    assert not Membership.objects.filter(email="gaev@example.test").exists()

    assert log_in(client, world) == URL
    shown = client.get(URL)
    text = shown.content.decode()
    assert "Введённое не потеряно" in text
    assert 'value="Гаев Леонид"' in text
    assert "секрет-секрет" not in text
    assert not Membership.objects.filter(email="gaev@example.test").exists(), "only the person sends it"

    kept: dict[str, list[str]] = {}
    for name, value in shown.context["fields"]:
        kept.setdefault(name, []).append(value)
    assert client.post(URL, kept)["Location"].startswith("/cabinet/employees/")
    assert set(Membership.objects.get(email="gaev@example.test").sections) == {"kkt", "cloud"}
    assert "Введённое" not in client.get(URL).content.decode(), "once"


def test_it_is_kept_for_a_short_time_and_for_its_own_address(client: Client, world, monkeypatch) -> None:
    client.post(URL, FORM)
    log_in(client, world)
    assert "Введённое" not in client.get("/cabinet/employees/").content.decode()
    later = clock.now() + dt.timedelta(minutes=31)
    monkeypatch.setattr("chekhov.face.keeping.clock.now", lambda: later)
    assert "Введённое" not in client.get(URL).content.decode()


def test_a_strangers_session_ends_with_the_form_and_a_persons_does_not(
    client: Client, world, settings
) -> None:
    client.post(URL, FORM)
    assert client.session.get_expiry_age() <= 1800
    log_in(client, world)
    client.get("/cabinet/employees/")
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_the_query_of_the_address_stays(client: Client, world) -> None:
    client.post(f"{URL}?from=list", FORM)
    log_in(client, world)
    assert client.get(URL).context["url"] == f"{URL}?from=list"


def test_too_much_is_not_kept(client: Client, world) -> None:
    client.post(URL, FORM | {"position": "я" * 400_001})
    log_in(client, world)
    assert "Введённое" not in client.get(URL).content.decode()


def test_without_the_token_nothing_is_kept(world) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, FORM).status_code == 403
    assert "kept_form" not in strict.session
