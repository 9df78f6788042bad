import pytest

import factories
from accounts.conftest import NOW
from chekhov.accounts import selectors, services
from chekhov.accounts.errors import (
    BadConsentText,
    BadFullName,
    BadPhone,
    ConsentMoved,
    NoteMissing,
    StaffOnly,
    UserRemoved,
)
from chekhov.accounts.models import Consent, ConsentText, StaffRole
from chekhov.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return factories.user_make(
        email="anton@example.test", password="x", phone="+79120000000", full_name="Чехов Антон"
    )


def names(user, **fields):
    return services.names_change(
        **{
            "user": user,
            "last_name": "Чехов",
            "first_name": "Антон",
            "middle_name": "Павлович",
            "by": user,
            "now": NOW,
        }
        | fields
    )


def test_names_are_changed_and_noted_without_repeating_them(user):
    changed = names(user)
    assert (changed.full_name, changed.bar_name) == ("Чехов Антон Павлович", "Антон Ч.")
    entry = AuditEntry.objects.get()
    assert entry.facts == {"fields": ["first_name", "full_name", "last_name", "middle_name"]}
    names(user)
    assert AuditEntry.objects.count() == 1


def test_bad_names_change_nothing(user):
    with pytest.raises(BadFullName):
        names(user, first_name="")
    user.refresh_from_db()
    assert user.full_name == "Чехов Антон"


def phone(user, by, **fields):
    return services.phone_change(
        **{"user": user, "phone": "9123456789", "by": by, "note": "Паспорт показан в офисе", "now": NOW}
        | fields
    )


@pytest.mark.parametrize("role", [StaffRole.MANAGER, StaffRole.ADMINISTRATOR])
def test_staff_change_a_phone_with_a_note(user, role):
    staff = factories.staff_make(role)
    assert phone(user, staff, account=None).phone == "+79123456789"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.reason) == (
        "accounts.phone_changed",
        staff,
        "Паспорт показан в офисе",
    )
    assert "345" not in str(entry.facts)


@pytest.mark.parametrize("role", [StaffRole.NONE, StaffRole.ENGINEER, StaffRole.ACCOUNTANT])
def test_nobody_else_changes_a_phone(user, role):
    with pytest.raises(StaffOnly):
        phone(user, factories.user_make(staff_role=role))
    with pytest.raises(StaffOnly):
        phone(user, user)
    with pytest.raises(StaffOnly):
        phone(user, factories.staff_make(StaffRole.MANAGER, is_active=False))


@pytest.mark.parametrize(("fields", "error"), [({"note": "  да "}, NoteMissing), ({"phone": "12"}, BadPhone)])
def test_a_bad_change_of_a_phone(user, fields, error):
    with pytest.raises(error):
        phone(user, factories.staff_make(StaffRole.MANAGER), **fields)
    user.refresh_from_db()
    assert user.phone == "+79120000000"


def test_who_is_removed_stays_removed(user):
    services.user_remove(user=user, by=user, now=NOW)
    for deed in (lambda: services.user_remove(user=user, by=user, now=NOW), lambda: names(user)):
        with pytest.raises(UserRemoved):
            deed()
    user.refresh_from_db()
    assert (user.is_active, user.removed_at, user.has_usable_password()) == (False, NOW, False)


# ── consents ─────────────────────────────────────────────────────────────────────────────────────────


def test_versions_follow_each_other(settings):
    settings.OPERATOR_NAME, settings.OPERATOR_INN = "АО «Оператор»", "7700000009"
    admin = factories.staff_make(StaffRole.ADMINISTRATOR)
    first = selectors.consent_in_force()
    assert first.version == 1
    assert "АО «Оператор» (ИНН 7700000009" in first.text
    fresh = services.consent_publish(text=" Новое, {operator}\r\n", expected_version=1, by=admin, now=NOW)
    assert fresh.version == 2
    assert selectors.consent_in_force().text == "Новое, АО «Оператор»"
    assert selectors.consent_shown(fresh, operator_name="Прежний") == "Новое, Прежний"
    assert [row.version for row in ConsentText.objects.order_by("version")] == [1, 2]
    with pytest.raises(ConsentMoved):
        services.consent_publish(text="Другое", expected_version=1, by=admin, now=NOW)
    assert ConsentText.objects.count() == 2


def test_versions_as_staff_see_them():
    only = selectors.consent_versions()
    assert [(row.version, row.published_at, row.given, row.in_force) for row in only] == [(1, None, 0, True)]
    assert not ConsentText.objects.exists()
    admin = factories.staff_make(StaffRole.ADMINISTRATOR)
    services.consent_publish(text="Новое", expected_version=1, by=admin, now=NOW)
    people = [factories.user_make(email=f"a{n}@example.test", full_name=f"Чехов {n}") for n in range(3)]
    first = ConsentText.objects.get(version=1)
    for user in [*people, people[0]]:
        Consent.objects.create(user=user, consent_text=first, operator_name="О", given_at=NOW)
    new, old = selectors.consent_versions()
    assert (new.version, new.given, new.in_force, new.published_by) == (2, 0, True, admin.get_full_name())
    assert (old.version, old.given, old.in_force) == (1, 3, False)
    found = selectors.consents_to(version=1, before=None, limit=3)
    assert [row.user for row in found] == [people[0], people[2], people[1]]
    assert [row.user for row in selectors.consents_to(version=1, before=found[-1].pk, limit=3)] == [people[0]]
    assert selectors.consents_to(version=2, before=None, limit=3) == []
    for text in ("A1@EXAMPLE", "чехов 1"):
        assert [row.user for row in selectors.consents_to(version=1, text=text, before=None, limit=9)] == [
            people[1]
        ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "{",
        "{operator.__class__}",
        "{0}",
        "{}",
        "{password}",
        "а\0",
        "\x07",
        "{operator:>99999999}",
        "{operator!r}",
        "я" * 50_001,
    ],
)
def test_bad_texts_are_refused(text):
    with pytest.raises(BadConsentText):
        services.consent_publish(
            text=text, expected_version=1, by=factories.staff_make(StaffRole.ADMINISTRATOR), now=NOW
        )


def test_only_an_administrator_publishes():
    with pytest.raises(StaffOnly):
        services.consent_publish(
            text="Новое", expected_version=1, by=factories.staff_make(StaffRole.MANAGER), now=NOW
        )
