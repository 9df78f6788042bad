import pytest
from django.test import Client

from backoffice.conftest import quarantined_make
from backoffice.journal import Register
from chekhov import clock
from chekhov.accounts.models import User
from chekhov.fiscal.models import QuarantineOverflow
from chekhov.fiscal.verdicts import Reason

pytestmark = pytest.mark.django_db


def test_an_empty_quarantine_is_good_news(staff: Client) -> None:
    assert "Карантин пуст" in staff.get("/staff/quarantine/").content.decode()


def test_list_and_filters(staff: Client) -> None:
    for reason in Reason:
        quarantined_make(reason)

    def shown(query: str) -> int:
        return staff.get(f"/staff/quarantine/?{query}").content.decode().count('class="cell-title"')

    assert shown("") == len(Reason)
    assert shown("reason=key_conflict") == 1
    assert shown("state=resolved") == 0
    assert shown("state=all") == len(Reason)
    assert shown("reason=nonsense&state=nonsense") == len(Reason)


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30])
def test_a_spoilt_cursor(staff: Client, before: str) -> None:
    assert staff.get("/staff/quarantine/", {"before": before}).status_code == 400


def test_one_message_with_its_bytes(staff: Client) -> None:
    row = quarantined_make(Reason.UNREADABLE, bytes(range(256)), detail="<b>плохо</b>", peer="203.0.113.7")
    text = staff.get(f"/staff/quarantine/{row.pk}/").content.decode()
    assert "Контейнер не читается" in text
    assert "00 01 02 03" in text
    assert "<b>плохо</b>" not in text
    assert staff.get(f"/staff/quarantine/{row.pk}/raw.bin").content == bytes(range(256))


def test_resolving_keeps_who_when_and_why(staff: Client, engineer: User) -> None:
    row = quarantined_make()
    before = clock.now()
    answer = staff.post(f"/staff/quarantine/{row.pk}/", {"note": "  Касса на стенде, <выключена>. "})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.resolved_by == engineer
    assert row.resolved_at is not None
    assert before <= row.resolved_at <= clock.now()
    assert row.resolution == "Касса на стенде, <выключена>."
    text = staff.get(f"/staff/quarantine/{row.pk}/").content.decode()
    assert "Касса на стенде, &lt;выключена&gt;." in text
    assert engineer.full_name in text
    assert "Отметить разобранным" not in text


def test_the_second_who_resolves_is_told(staff: Client) -> None:
    row = quarantined_make()
    staff.post(f"/staff/quarantine/{row.pk}/", {"note": "первый"})
    answer = staff.post(f"/staff/quarantine/{row.pk}/", {"note": "второй"})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.resolution == "первый"


@pytest.mark.parametrize("note", ["", "   ", "x" * 2001])
def test_a_note_is_needed_and_bounded(staff: Client, note: str) -> None:
    row = quarantined_make()
    answer = staff.post(f"/staff/quarantine/{row.pk}/", {"note": note})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    row.refresh_from_db()
    assert row.resolved_at is None


def test_messages_that_were_only_counted_are_told(staff: Client) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    QuarantineOverflow.objects.create(hour_at=hour, reason="unreadable", dropped=123_456)
    assert "123\u202f456" in staff.get("/staff/quarantine/").content.decode()


def test_a_conflict_leads_to_the_document_that_was_first(staff: Client, register: Register) -> None:
    row = quarantined_make(Reason.KEY_CONFLICT, fn=register.fn, fd=3)
    text = staff.get(f"/staff/quarantine/{row.pk}/").content.decode()
    assert f"/staff/documents/{register.fn}/3/" in text


def test_a_message_that_is_not_there(staff: Client) -> None:
    assert staff.get("/staff/quarantine/987654321/").status_code == 404
