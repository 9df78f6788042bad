import pytest
from django.test import Client

import factories
from accounts.post import last_token
from cabinets import offer_ensure
from chekhov.accounts.selectors import consent_in_force

PASSWORD = "чайка-и-дядя-Ваня"
COMPANY_INN = "9999100018"  # of the local directory


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    """Passwords of tests are hashed fast; how slow it is in life is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _offer(db: None) -> None:
    """The offer that came with the migration, if a test that commits has emptied its table."""
    offer_ensure()


@pytest.fixture
def registered(client: Client) -> Client:
    """A browser of a new owner who has set his password and not joined the contract yet."""
    client.post("/entry/registration/", registration_data())
    answer = client.post(f"/entry/confirm/{last_token('registration')}/")
    password = answer.context["password"]
    client.post("/login/", {"username": "ranevskaya@example.test", "password": password})
    client.post("/password/", {"old_password": password, "new_password": PASSWORD, "repeated": PASSWORD})
    return client


def registration_data(**fields: str) -> dict[str, str]:
    """The form as a person fills it; None leaves a field out."""
    data = {
        "last_name": "Раневская",
        "first_name": "Любовь",
        "email": "ranevskaya@example.test",
        "phone": "(912) 345-67-89",
        "consent": "on",
        "consent_version": str(consent_in_force().version),
    } | fields
    return {name: value for name, value in data.items() if value is not None}


def taken() -> str:
    """An e-mail that is registered."""
    factories.user_make(email="taken@example.test", password=PASSWORD, full_name="Гаев Леонид")
    return "taken@example.test"
