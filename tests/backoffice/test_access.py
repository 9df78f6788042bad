"""Every address of «Приём» × everybody who may ask it. All doors together: `cabinet/test_rights_matrix`."""

import pytest
from django.test import Client
from django.urls import URLPattern

import world
from backoffice.conftest import quarantined_make
from backoffice.journal import Register
from chekhov.backoffice import urls

ADDRESSES = [
    "/staff/",
    "/staff/intake/",
    "/staff/registers/",
    "/staff/registers/add/{fn}/",
    "/staff/drives/",
    "/staff/drives/{fn}/",
    "/staff/shifts/{fn}/1/",
    "/staff/documents/{fn}/3/",
    "/staff/documents/{fn}/3/container.bin",
    "/staff/documents/{fn}/3/answer.bin",
    "/staff/documents/{fn}/3/document.json",
    "/staff/quarantine/",
    "/staff/quarantine/{quarantined}/",
    "/staff/quarantine/{quarantined}/raw.bin",
]
INTAKE_NAMES = {
    *("staff", "intake", "registers_unidentified", "register_attach", "drives", "drive", "shift"),
    *("document", "document_container", "document_answer", "document_json"),
    *("quarantine", "quarantined", "quarantined_raw"),
}
POSTS = ["/staff/registers/add/{fn}/", "/staff/quarantine/{quarantined}/"]


def test_no_address_is_left_out() -> None:
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns)
    ours = [pattern for pattern in urls.urlpatterns if pattern.name in INTAKE_NAMES]
    assert len(ADDRESSES) == len(ours) == len(INTAKE_NAMES)


@pytest.fixture
def addresses(register: Register) -> list[str]:
    row = quarantined_make()
    return [address.format(fn=register.fn, quarantined=row.pk) for address in ADDRESSES]


def test_who_sees_what(addresses: list[str], register: Register) -> None:
    people = world.world_make()
    anonymous, stranger, dismissed = Client(), Client(), Client()
    stranger.force_login(people.stranger)
    dismissed.force_login(people.dismissed)
    for address in addresses:
        answer = anonymous.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/login/?next=/staff/"), address
        assert anonymous.get(address, HTTP_HX_REQUEST="true").status_code == 401, address
        assert stranger.get(address).status_code == 403, address
        assert dismissed.get(address).status_code == 302, address
        for person in (people.engineer, people.accountant):
            client = Client()
            client.force_login(person)
            expected = 302 if address == "/staff/" else 200
            assert client.get(address).status_code == expected, address


def test_strangers_change_nothing(register: Register) -> None:
    people = world.world_make()
    row = quarantined_make()
    stranger = Client()
    stranger.force_login(people.stranger)
    for address in POSTS:
        url = address.format(fn=register.fn, quarantined=row.pk)
        assert stranger.post(url, {"note": "x"}).status_code == 403
        assert Client().post(url, {"note": "x"}).status_code == 302
    row.refresh_from_db()
    assert row.resolved_at is None


def test_reading_pages_take_no_post(staff: Client, register: Register) -> None:
    posts = {address.split("{")[0] for address in POSTS}
    for address in ADDRESSES:
        if address.split("{")[0] in posts and address in POSTS:
            continue
        assert staff.post(address.format(fn=register.fn, quarantined=1)).status_code == 405, address


def test_a_forged_form_is_refused(register: Register, engineer) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(engineer)
    row = quarantined_make()
    assert strict.post(f"/staff/quarantine/{row.pk}/", {"note": "x"}).status_code == 403
