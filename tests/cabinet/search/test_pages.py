"""«Поиск»: what is found, and that nobody finds what he may not see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from cabinet.papers_world import browser_of
from cabinet.receipts.conftest import Shop, shop_make
from cabinets import partner_access_make
from chekhov.accounts.models import User
from chekhov.fiscal.models import FiscalDocument
from chekhov.kkt.models import Group, Kkt
from chekhov.orgs.models import GroupAccess, Membership

RECEIPT_FD = 3


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Shop]:
    yield shop_make()  # noqa: PT022


def found(client: Client, typed: str, **more: str) -> str:
    answer = client.get(reverse("search"), {"q": typed, **more})
    assert answer.status_code == 200
    return str(answer.content.decode()).split("<main")[1]


def receipt(shop: Shop) -> FiscalDocument:
    return FiscalDocument.objects.get(fn=shop.register.fn, fd=RECEIPT_FD)


def spellings(shop: Shop) -> list[str]:
    """Everything that leads to the receipt, or to its register."""
    row = receipt(shop)
    assert row.fpd is not None
    assert row.total_kopecks is not None
    assert row.issued_at is not None
    roubles, kopecks = divmod(row.total_kopecks, 100)
    moment = row.issued_at
    return [
        f"{row.fpd:010}",
        f"ФПД {row.fpd}",
        f"ФН {row.fn} ФД {row.fd}",
        f"{roubles},{kopecks:02} {moment:%d.%m.%Y}",
        f"t={moment:%Y%m%dT%H%M}&s={roubles}.{kopecks:02}&fn={row.fn}&i={row.fd}&fp={row.fpd}&n={row.operation}",
    ]


def test_a_receipt_is_found_by_each_of_its_signs(shop: Shop) -> None:
    for typed in spellings(shop):
        assert shop.document_url(RECEIPT_FD) in found(shop.browser(), typed), typed


def test_a_qr_code_with_another_sign_finds_nothing(shop: Shop) -> None:
    genuine = spellings(shop)[-1]
    forged = genuine.replace(f"fp={receipt(shop).fpd}", f"fp={(receipt(shop).fpd or 0) ^ 1}")
    assert "Ничего не найдено" in found(shop.browser(), forged)


def test_a_register_is_found_by_name_and_numbers(shop: Shop) -> None:
    for typed in (
        "у входа",
        "КАССА У ВХОДА",
        shop.register.rnm,
        shop.register.rnm[:6],
        shop.register.fn,
        "Садовая-Спасская",
    ):
        assert reverse("kkt", args=(shop.kkt.pk,)) in found(shop.browser(), typed), typed


def test_a_company_and_a_contract(shop: Shop) -> None:
    organisation = shop.people.organisation
    for typed in (organisation.inn, organisation.name[2:8]):
        assert reverse("company", args=(organisation.pk,)) in found(shop.browser(), typed)
    assert "Договор № 249" in found(shop.browser(), "249")
    assert "Договор № 250" not in found(shop.browser(), "250")


@pytest.mark.parametrize("who", ["other_owner", "clerk_of_no_group", "clerk_of_documents", "partner_user"])
def test_others_find_none_of_it(shop: Shop, who: str) -> None:
    client = browser_of(getattr(shop.people, who))
    for typed in [*spellings(shop), shop.register.rnm, shop.register.fn, "у входа"]:
        text = found(client, typed)
        assert shop.document_url(RECEIPT_FD) not in text, typed
        assert reverse("kkt", args=(shop.kkt.pk,)) not in text, typed
        assert "Ничего не найдено" in text, typed


def test_a_partner_finds_what_he_was_let_into(shop: Shop) -> None:
    partner_access_make(partner=shop.people.partner, organisation=shop.people.organisation)
    client = browser_of(shop.people.partner_user)
    assert shop.document_url(RECEIPT_FD) in found(client, spellings(shop)[0])
    assert reverse("partner_customer", args=(shop.people.organisation.pk,)) in found(
        client, shop.people.organisation.inn
    )


def test_a_restricted_employee_finds_his_group_only(shop: Shop) -> None:
    group = Group.objects.create(account=shop.people.account, name="Север")
    below = Group.objects.create(account=shop.people.account, name="Точка", parent=group)
    place = Membership.objects.get(user=shop.people.clerk_of_no_group)
    GroupAccess.objects.create(membership=place, group_id=group.pk)
    client = browser_of(shop.people.clerk_of_no_group)
    assert "Ничего не найдено" in found(client, spellings(shop)[0])
    Kkt.objects.filter(pk=shop.kkt.pk).update(group=below)
    assert shop.document_url(RECEIPT_FD) in found(client, spellings(shop)[0])


def test_somebody_elses_number_shows_nothing_of_it(shop: Shop) -> None:
    """Whoever enters a РНМ that is not his gets none of its documents."""
    Kkt.objects.filter(pk=shop.kkt.pk).update(organisation=shop.people.other_organisation)
    client = browser_of(shop.people.other_owner)
    for typed in spellings(shop):
        assert shop.document_url(RECEIPT_FD) not in found(client, typed), typed


def test_suggestions_are_a_fragment(shop: Shop) -> None:
    answer = shop.browser().get(
        reverse("search"), {"q": "у входа"}, headers={"HX-Request": "true", "HX-Target": "search-found"}
    )
    text = answer.content.decode()
    assert "<main" not in text
    assert "Касса у входа" in text


def test_what_is_typed_is_shown_as_text(shop: Shop) -> None:
    text = found(shop.browser(), "<script>alert(1)</script>")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_odd_questions_are_answered(shop: Shop) -> None:
    for typed in (
        "",
        " ",
        "\0\0",
        "%",
        "%%%___",
        "'; --",
        "9" * 512,
        "1" * 16,
        "№",
        "ФД 0",
        "0,00 01.01.0001",
    ):
        found(shop.browser(), typed)


def people_with_the_box(shop: Shop) -> list[tuple[User, bool]]:
    people = shop.people
    staff = next(iter(people.staff.values()))
    return [
        (people.owner, True),
        (people.clerk, True),
        (people.partner_user, True),
        (people.stranger, False),
        (staff, False),
    ]


def test_the_box_is_in_the_frame_of_those_who_can_find(shop: Shop) -> None:
    for user, expected in people_with_the_box(shop):
        text = browser_of(user).get(reverse("sessions")).content.decode()
        assert ('id="search-q"' in text) == expected, user
