import pytest
from django.db import DatabaseError, transaction

from cabinets import NOW, acts_as_staff, cabinets_make, offer_ensure, together
from chekhov.contracts.errors import BadOfferText, OfferMoved
from chekhov.contracts.models import OfferVersion
from chekhov.contracts.selectors import offer_by_number, offer_current, offers_all
from chekhov.contracts.services import OFFER_TITLE, offer_publish
from chekhov.contracts.services.offers import FIRST_OFFER_FILE
from chekhov.papers.offer import offer_blocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    offer_ensure()
    return acts_as_staff(cabinets_make().manager)


def publish(staff, text="# 1\n\n1.1. Новое.", number=1, **fields):
    return offer_publish(actor=staff, text=text, expected_number=number, now=NOW, **fields)


def test_first_offer_is_whole_and_numbered_in_order():
    blocks = offer_blocks(FIRST_OFFER_FILE.read_text(encoding="utf-8"))
    heads = [block["text"].split(".")[0] for block in blocks if block["kind"] == "heading"]
    assert heads == [str(number) for number in range(1, 12)]
    section, clause = 0, 0
    for block in blocks:
        if block["kind"] == "heading":
            section, clause = section + 1, 0
        else:
            clause += 1
            assert block["text"].startswith(f"{section}.{clause}. "), block["text"][:40]


def test_versions_go_on_and_old_ones_stay(staff):
    first = offer_current()
    second = publish(staff, "# 1\r\n\r\n1.1. Новое.")
    assert (second.number, second.title, second.text) == (2, OFFER_TITLE, "# 1\n\n1.1. Новое.\n")
    assert offer_current() == second
    assert list(offers_all()) == [second, first]
    assert offer_by_number(number=1) == first
    with pytest.raises(OfferMoved):
        publish(staff)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": " \n "},
        {"text": "а\0"},
        {"text": "а" * 200_001},
        {"title": ""},
        {"title": "а" * 201},
        {"title": "а\0"},
    ],
)
def test_bad_text(staff, fields):
    with pytest.raises(BadOfferText):
        publish(staff, **fields)


def test_published_is_published(staff):
    for deed in (lambda: OfferVersion.objects.update(text="x"), lambda: OfferVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


@pytest.mark.django_db(transaction=True)
def test_two_editors_publish_at_once():
    offer_ensure()
    staff = acts_as_staff(cabinets_make().manager)
    results = together(lambda: publish(staff, "А"), lambda: publish(staff, "Б"))
    assert sorted(type(result).__name__ for result in results) == ["OfferMoved", "OfferVersion"]
    assert OfferVersion.objects.count() == 2
