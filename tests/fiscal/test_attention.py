"""«Что остановится и когда»: each rule at its bounds, from rows as the projector leaves them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

import factories
from cabinets import Cabinets, cabinets_make, partner_access_make
from chekhov.accounts.models import User
from chekhov.fiscal.attention import (
    BLOCK_AFTER_DAYS,
    Concern,
    ConcernKind,
    concerns_counts,
    concerns_for_user,
    concerns_of,
)
from chekhov.fiscal.digest import digest_of, digest_set, digests_send
from chekhov.fiscal.errors import SilenceWrong
from chekhov.fiscal.models import DriveState
from chekhov.kkt.models import Group, Kkt, Standing
from chekhov.notify.models import Letter
from chekhov.orgs.models import GroupAccess, Membership, Organisation

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
LOCAL = timezone.make_naive(NOW, timezone.get_default_timezone())
TODAY = LOCAL.date()
pytestmark = pytest.mark.django_db

RNM = "0000000001000001"
FN = "9999540000000001"


def ago(**parts: float) -> dt.datetime:
    return LOCAL - dt.timedelta(**parts)


def kkt_make(organisation: Organisation | None = None, **fields: Any) -> Kkt:
    organisation = organisation or factories.organisation_make()
    defaults: dict[str, Any] = {"rnm": RNM, "name": "Касса", "created_at": NOW - dt.timedelta(days=90)}
    row = factories.kkt_make(
        organisation=organisation, name=fields.get("name", "Касса"), rnm=fields.get("rnm", RNM)
    )
    Kkt.objects.filter(pk=row.pk).update(**{**defaults, **fields})
    row.refresh_from_db()
    return row


def standing_make(kkt: Kkt, **fields: Any) -> Standing:
    """A register that works and has nothing amiss."""
    defaults: dict[str, Any] = {
        "fn": FN,
        "registered_fd": 1,
        "registered_at": ago(days=80),
        "registered_code": 1,
        "drive_until": TODAY + dt.timedelta(days=300),
        "documents": 10,
        "last_issued_at": ago(hours=1),
        "last_received_at": NOW - dt.timedelta(hours=1),
    }
    row = Standing.objects.create(rnm=kkt.rnm or "", inn=kkt.organisation.inn, **{**defaults, **fields})
    drive_make(row.fn or FN, 10, 10)
    return row


def drive_make(fn: str, last_fd: int, documents: int) -> None:
    DriveState.objects.update_or_create(
        fn=fn,
        defaults={
            "first_fd": 1, "last_fd": last_fd, "documents": documents, "findings": 0, "unrecognised": 0,
            "first_received_at": NOW, "last_received_at": NOW,
        },
    )  # fmt: skip


def said(**more: Any) -> list[Concern]:
    return concerns_of(Kkt.objects.all(), now=NOW, **more)


def kinds(**more: Any) -> list[ConcernKind]:
    return [concern.kind for concern in said(**more)]


def test_a_register_that_works_is_not_spoken_of() -> None:
    standing_make(kkt_make())
    assert said() == []


@pytest.mark.parametrize(("hours", "expected"), [(47, []), (49, [ConcernKind.SILENCE])])
def test_silence(hours: int, expected: list[ConcernKind]) -> None:
    standing_make(
        kkt_make(), last_issued_at=ago(hours=hours), last_received_at=NOW - dt.timedelta(hours=hours)
    )
    assert kinds() == expected
    assert kinds(silence_hours=720) == []


def test_silence_becomes_the_day_of_the_block() -> None:
    last = ago(days=BLOCK_AFTER_DAYS, hours=1)
    standing_make(kkt_make(), last_issued_at=last, last_received_at=NOW - dt.timedelta(days=BLOCK_AFTER_DAYS))
    (concern,) = said()
    assert concern.kind == ConcernKind.BLOCK
    assert concern.tone == "attention"
    assert concern.ends_on == last.date() + dt.timedelta(days=30)
    assert f"{concern.ends_on:%d.%m.%Y}" in concern.text_ru


@pytest.mark.parametrize(("days", "words"), [(26, "перестанет"), (40, "уже могла заблокироваться")])
def test_the_block_is_near_or_past(days: int, words: str) -> None:
    standing_make(kkt_make(), last_issued_at=ago(days=days), last_received_at=NOW - dt.timedelta(days=days))
    (concern,) = said()
    assert (concern.kind, concern.tone) == (ConcernKind.BLOCK, "danger")
    assert words in concern.text_ru


def test_documents_that_come_late_tell_of_the_block_too() -> None:
    """The register sends what it issued long ago: the rest of its queue is as old."""
    standing_make(kkt_make(), last_issued_at=ago(days=20))
    assert kinds() == [ConcernKind.BLOCK]


@pytest.mark.parametrize(("hours", "expected"), [(23, []), (25, [ConcernKind.SHIFT])])
def test_a_shift_of_more_than_a_day(hours: int, expected: list[ConcernKind]) -> None:
    standing_make(kkt_make(), shift_number=7, shift_opened_at=ago(hours=hours))
    assert kinds() == expected


@pytest.mark.parametrize(
    ("days", "tone"),
    [(61, None), (60, "attention"), (11, "attention"), (10, "danger"), (0, "danger"), (-3, "danger")],
)
def test_the_drives_term(days: int, tone: str | None) -> None:
    standing_make(kkt_make(), drive_until=TODAY + dt.timedelta(days=days))
    assert [(concern.kind, concern.tone) for concern in said()] == (
        [] if tone is None else [(ConcernKind.DRIVE, tone)]
    )


@pytest.mark.parametrize(("mark", "tone"), [(1050, "attention"), (1051, "danger"), (1052, "danger")])
def test_the_drive_says_so_itself(mark: int, tone: str) -> None:
    standing_make(kkt_make(), drive_marks=[mark])
    (concern,) = said()
    assert (concern.kind, concern.tone, concern.ends_on) == (ConcernKind.DRIVE, tone, None)


def test_the_drive_is_full() -> None:
    standing_make(kkt_make())
    drive_make(FN, 230_000, 230_000)
    (concern,) = said()
    assert concern.kind == ConcernKind.DRIVE
    assert concern.ends_on == TODAY
    assert "память ФН" in concern.text_ru.lower() or "Память ФН" in concern.text_ru


def test_a_gap() -> None:
    standing_make(kkt_make())
    drive_make(FN, 12, 10)
    (concern,) = said()
    assert concern.kind == ConcernKind.GAP
    assert "2 документа" in concern.text_ru


@pytest.mark.parametrize(
    ("days", "tone"), [(0, "attention"), (19, "attention"), (20, "danger"), (31, "danger")]
)
def test_no_report(days: int, tone: str) -> None:
    kkt_make(created_at=NOW - dt.timedelta(days=days))
    (concern,) = said()
    assert (concern.kind, concern.tone, concern.to_connect) == (ConcernKind.REPORT, tone, True)
    assert concern.ends_on == TODAY - dt.timedelta(days=days - 30)
    assert "следующий рабочий день" in concern.text_ru


def test_a_report_of_somebody_else_is_told_without_him() -> None:
    kkt = kkt_make()
    foreign = factories.organisation_make()
    Standing.objects.create(
        rnm=kkt.rnm or "", inn=foreign.inn, fn=FN, registered_at=ago(days=1), user_name="Чужие"
    )
    (concern,) = said()
    assert concern.tone == "danger"
    assert "Чужие" not in concern.text_ru + concern.next_ru
    assert foreign.inn not in concern.text_ru + concern.next_ru


@pytest.mark.parametrize(
    ("tariff", "days", "expected"),
    [("test", 3, []), ("test", 2, ["attention"]), ("test", -1, ["danger"]), ("standard", 31, []),
     ("standard", 30, ["attention"]), ("standard", 3, ["danger"])],
)  # fmt: skip
def test_the_tariff(tariff: str, days: int, expected: list[str]) -> None:
    midnight = timezone.make_aware(dt.datetime.combine(TODAY + dt.timedelta(days=days + 1), dt.time.min))
    standing_make(kkt_make(tariff=tariff, served_until=midnight))
    assert [concern.tone for concern in said()] == expected


def test_stopped_and_closed_ones_are_left_alone() -> None:
    standing_make(kkt_make(stopped_at=NOW - dt.timedelta(days=1)), last_issued_at=ago(days=50))
    assert said() == []
    Kkt.objects.update(stopped_at=None)
    Standing.objects.update(closed_fn=FN, closed_at=ago(days=2))
    assert said() == []


def test_the_nearest_end_comes_first() -> None:
    organisation = factories.organisation_make()
    for number, days in enumerate((40, 5, 20)):
        kkt = kkt_make(organisation, rnm=f"000000000100000{number}", name=f"Касса {number}")
        standing_make(kkt, fn=f"999954000000000{number}", drive_until=TODAY + dt.timedelta(days=days))
    found = said()
    assert [concern.kkt_name for concern in found] == ["Касса 1", "Касса 2", "Касса 0"]
    assert concerns_counts(found)[ConcernKind.DRIVE] == 3


# ── whose ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def people() -> Cabinets:
    people = cabinets_make()
    standing_make(kkt_make(people.organisation), drive_until=TODAY + dt.timedelta(days=3))
    return people


def seen(user: User) -> int:
    return len(concerns_for_user(user=user, now=NOW))


def test_everybody_is_told_of_his_own_registers_only(people: Cabinets) -> None:
    assert seen(people.owner) == 1
    assert [
        seen(one)
        for one in (people.other_owner, people.clerk_of_no_group, people.partner_user, people.stranger)
    ] == [0] * 4
    partner_access_make(partner=people.partner, organisation=people.organisation)
    assert seen(people.partner_user) == 1
    group = Group.objects.create(account=people.account, name="Север")
    GroupAccess.objects.create(
        membership=Membership.objects.get(user=people.clerk_of_no_group), group_id=group.pk
    )
    assert seen(people.clerk_of_no_group) == 0
    Kkt.objects.update(group=group)
    assert seen(people.clerk_of_no_group) == 1


MORNING = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)  # 8:00 in Moscow


def run(now: dt.datetime) -> list[str]:
    while digests_send(now=now):
        pass
    return sorted(Letter.objects.filter(template="attention").values_list("recipient", flat=True))


def confirmed(*users: User) -> None:
    User.objects.filter(pk__in=[user.pk for user in users]).update(email_confirmed_at=NOW)


def test_the_letter_goes_once_a_day_to_those_who_have_something(people: Cabinets) -> None:
    everybody = (people.owner, people.clerk, people.clerk_of_no_group, people.clerk_of_documents, people.other_owner,
                 people.partner_user, people.dismissed, people.shut_out)  # fmt: skip
    confirmed(*everybody)
    assert run(MORNING - dt.timedelta(minutes=1)) == []
    told = run(MORNING)
    assert set(told) >= {people.owner.email, people.clerk.email}
    assert not set(told) & {user.email for user in everybody[2:]}
    assert run(MORNING + dt.timedelta(hours=3)) == told
    assert len(run(MORNING + dt.timedelta(days=1))) == 2 * len(told)


def test_the_letter_says_what_and_where(people: Cabinets) -> None:
    confirmed(people.owner)
    run(MORNING)
    letter = Letter.objects.get(template="attention", recipient=people.owner.email)
    assert "1 напоминание" in letter.subject
    (line,) = letter.context["lines"]
    assert line["kkt"] == "Касса"
    assert line["url"].endswith(f"/cabinet/kkt/{Kkt.objects.get().pk}/")


def test_who_does_not_want_it_gets_none(people: Cabinets) -> None:
    confirmed(people.owner)
    digest_set(user=people.owner, wanted=False, silence_hours=48)
    assert people.owner.email not in run(MORNING)


def test_a_person_has_his_own_measure_of_silence(people: Cabinets) -> None:
    confirmed(people.owner)
    Standing.objects.update(
        drive_until=TODAY + dt.timedelta(days=300),
        last_received_at=MORNING - dt.timedelta(hours=5),
        last_issued_at=ago(hours=5),
    )
    assert run(MORNING) == []
    digest_set(user=people.owner, wanted=True, silence_hours=4)
    assert people.owner.email in run(MORNING + dt.timedelta(days=1, hours=-20) + dt.timedelta(hours=20))


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_odd_measures_are_refused(people: Cabinets, hours: int) -> None:
    with pytest.raises(SilenceWrong):
        digest_set(user=people.owner, wanted=True, silence_hours=hours)
    assert digest_of(people.owner).silence_hours == 48
