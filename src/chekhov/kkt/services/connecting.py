"""Connecting a register, renaming it, taking it out of service."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from chekhov.audit.models import ActorKind
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.entering import (
    NAME_CHARACTERS_MAX,
    Entry,
    check_digits_match,
    entry_clean,
    line_trouble,
    name_default,
)
from chekhov.kkt.errors import OrganisationNotServed, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import ApplicationKind, Group, Kkt
from chekhov.kkt.services.power import Power, group_held, kkt_held, power_upon, section_of
from chekhov.kkt.tariffs import TARIFFS, TRIAL, trial_until
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import Organisation
from chekhov.orgs.services import account_lock

REPEAT_WITHIN = dt.timedelta(minutes=10)
DIGITS_WRONG = (
    "РНМ не подходит к заводскому номеру и ИНН организации: сверьте оба номера с карточкой ККТ в ФНС"
)
ELSEWHERE = (
    "Касса с этим РНМ уже подключена в другом личном кабинете. Если она ваша, напишите оператору: он проверит "
    "документы и поможет"
)
HIDDEN = (
    "Касса с этим РНМ уже есть в вашем кабинете, в группе, которая вам не открыта: обратитесь к владельцу"
)
NOT_SERVED = "Договор с этой организацией расторгнут: её кассы не обслуживаются"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a register is connected. `group_id`: where it is put."""

    kind: ApplicationKind
    tariff_next: str = ""
    renewal: bool = False
    group_id: int | None = None


@transaction.atomic
def kkt_connect(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str,
    rnm: str,
    kind: ApplicationKind | str,
    tariff_next: str = "",
    renewal: bool = False,
    serial: str = "",
    drive_serial: str = "",
    model: str = "",
    group_id: int | None = None,
    now: dt.datetime,
) -> Kkt:
    """Connect a register: «Тестовый» begins, and the report is awaited. Documents that came before attach.

    An own register that was out of service comes back with its history and the term it had. The same request
    within ten minutes gives the same register. group_id: where to put it; an employee of some groups must name
    one if he has several, or the register would be out of his sight.
    Raises: FieldsWrong (fields rnm, name, serial, drive_serial, model, kind, tariff_next, group),
    RnmDoesNotMatch, RnmTaken, OrganisationNotServed, OrganisationNotFound, SectionClosed, BeyondOwnGroups,
    GroupNotFound.
    """
    entry = entry_clean(rnm=rnm, name=name, serial=serial, drive_serial=drive_serial, model=model)
    terms = terms_clean(kind=kind, tariff_next=tariff_next, renewal=renewal, group_id=group_id)
    # A register that is put into a group holds the tree, so that the group cannot go meanwhile.
    if organisation.account_id is not None:
        power = power_upon(
            actor, organisation_id=organisation.pk, account_id=organisation.account_id, now=now
        )
        if group_id is not None or not power.is_whole:
            account_lock(organisation.account_id)
    power = power_upon(actor, organisation_id=organisation.pk, account_id=organisation.account_id, now=now)
    terms = terms_with_group(actor, organisation, power, terms)
    served_check(organisation, now)
    if entry.serial and not check_digits_match(entry.rnm, organisation.inn, entry.serial):
        raise RnmDoesNotMatch(DIGITS_WRONG, rnm=entry.rnm, serial=entry.serial)
    there = Kkt.objects.select_for_update(no_key=True).filter(rnm=entry.rnm).first()
    if there is None:
        try:
            with transaction.atomic():
                return kkt_write(actor, organisation, entry, terms, now)
        except IntegrityError:
            there = Kkt.objects.select_for_update(no_key=True).filter(rnm=entry.rnm).first()
            if there is None:
                raise
    if resumable(there, organisation):
        return kkt_resume(actor, there, entry, terms, now)
    if _is_repeat(there, actor, organisation.pk, entry, terms, now=now):
        return there
    raise rnm_taken(actor, there, organisation, now)


@transaction.atomic
def kkt_rename(*, actor: Actor, kkt: Kkt, name: str, version: int, now: dt.datetime) -> Kkt:
    """Call a register otherwise. version: what the name was shown with.

    Raises: FieldsWrong, ChangedMeanwhile, KktNotFound, SectionClosed.
    """
    held = kkt_held(actor, kkt.pk, now)
    _power_check(actor, held, now)
    name = " ".join(name.split()) or name_default(held.rnm or str(held.pk))
    if trouble := line_trouble(name, "Название", NAME_CHARACTERS_MAX):
        raise FieldsWrong({"name": trouble})
    if held.version != version:
        raise ChangedMeanwhile("Кассу уже изменил кто-то другой: посмотрите, как она называется теперь")
    if held.name == name:
        return held
    before, held.name = held.name, name
    held.version += 1
    held.save(update_fields=["name", "version"])
    kkt_record(actor, "kkt.renamed", held, now, facts={"before": before})
    return held


@transaction.atomic
def kkt_stop(*, actor: Actor, kkt: Kkt, now: dt.datetime) -> Kkt:
    """Take a register out of service from now on; its documents stay. Repeating changes nothing.

    Raises: KktNotFound, SectionClosed.
    """
    held = kkt_held(actor, kkt.pk, now)
    _power_check(actor, held, now)
    if held.stopped_at is not None and held.stopped_at <= now:
        return held
    held.stopped_at, held.renewal = now, False
    held.version += 1
    held.save(update_fields=["stopped_at", "renewal", "version"])
    kkt_record(actor, "kkt.stopped", held, now)
    return held


def terms_clean(
    *, kind: ApplicationKind | str, tariff_next: str = "", renewal: bool = False, group_id: int | None = None
) -> Terms:
    """Raises: FieldsWrong."""
    wrong = {}
    if kind not in ApplicationKind.values:
        wrong["kind"] = "Выберите вид заявления"
    if tariff_next and not (tariff_next in TARIFFS and TARIFFS[tariff_next].is_sold):
        wrong["tariff_next"] = "Такого тарифа нет"
    elif renewal and not tariff_next:
        wrong["tariff_next"] = "Выберите тариф, который включится автоматически"
    if wrong:
        raise FieldsWrong(wrong)
    return Terms(
        kind=ApplicationKind(kind), tariff_next=tariff_next, renewal=bool(renewal), group_id=group_id
    )


def terms_with_group(actor: Actor, organisation: Organisation, power: Power, terms: Terms) -> Terms:
    """The same terms with a group the doer may put registers into.

    Raises: FieldsWrong if he must name one, GroupNotFound, BeyondOwnGroups.
    """
    if terms.group_id is not None:
        if organisation.account_id is None or actor.kind == ActorKind.PARTNER:
            raise FieldsWrong({"group": "Группу выбирает владелец касс"})
        power.group_check(group_held(organisation.account_id, terms.group_id).pk)
        return terms
    if power.group_ids is None:
        return terms
    tops = Group.objects.filter(pk__in=power.group_ids).exclude(parent_id__in=power.group_ids)
    only = list(tops.values_list("pk", flat=True)[:2])
    if len(only) != 1:
        raise FieldsWrong({"group": "Выберите группу: касса без группы была бы вам не видна"})
    return Terms(kind=terms.kind, tariff_next=terms.tariff_next, renewal=terms.renewal, group_id=only[0])


def served_check(organisation: Organisation, now: dt.datetime) -> None:
    """Let through an organisation that is served, and hold its contracts as they are. Raises: OrganisationNotServed.

    The same answer as `contracts.selectors.organisation_served`. Held, so that a termination at the same moment
    comes before, and is seen here, or after, and finds the register.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT starts_on, ends_on FROM contracts_contract WHERE organisation_id = %s FOR SHARE",
            [organisation.pk],
        )
        terms = cursor.fetchall()
    day = timezone.localdate(now)
    if terms and not any(begins <= day and (ends is None or day <= ends) for begins, ends in terms):
        raise OrganisationNotServed(NOT_SERVED, organisation_id=organisation.pk)


def kkt_write(actor: Actor, organisation: Organisation, entry: Entry, terms: Terms, now: dt.datetime) -> Kkt:
    """Store a register nobody has, and the deed. Raises: IntegrityError if somebody has it after all."""
    kkt = kkt_new(actor, organisation, entry, terms, now)
    kkt.save(force_insert=True)
    kkt_record(actor, "kkt.connected", kkt, now)
    return kkt


def kkt_new(actor: Actor, organisation: Organisation, entry: Entry, terms: Terms, now: dt.datetime) -> Kkt:
    """A register as it begins, not stored."""
    return Kkt(
        organisation=organisation,
        group_id=terms.group_id,
        name=entry.name,
        rnm=entry.rnm,
        serial=entry.serial,
        drive_serial=entry.drive_serial,
        model=entry.model,
        application_kind=terms.kind,
        tariff=TRIAL,
        served_until=trial_until(now),
        tariff_next=terms.tariff_next,
        renewal=terms.renewal,
        created_at=now,
        created_by=actor.user,
    )


def resumable(there: Kkt, organisation: Organisation) -> bool:
    """Whether a register with this number is the organisation's own and out of service, or soon to be."""
    return there.stopped_at is not None and there.organisation_id == organisation.pk


def kkt_resume(actor: Actor, there: Kkt, entry: Entry, terms: Terms, now: dt.datetime) -> Kkt:
    """Take back a register that was out of service. The free term is given once: what was left of it holds."""
    there.name = entry.name
    there.serial = entry.serial or there.serial
    there.drive_serial = entry.drive_serial or there.drive_serial
    there.model = entry.model or there.model
    there.application_kind = terms.kind
    there.tariff_next, there.renewal = terms.tariff_next, terms.renewal
    there.group_id = terms.group_id or there.group_id
    there.stopped_at = None
    there.version += 1
    there.save()
    kkt_record(actor, "kkt.resumed", there, now)
    return there


def rnm_taken(actor: Actor, there: Kkt, organisation: Organisation, now: dt.datetime) -> RnmTaken:
    """The refusal, with no more of the other register than the doer may know."""
    seen = kkts_for_user(user=actor.user, now=now, section=section_of(actor))
    own = seen.select_related("organisation", "group").filter(pk=there.pk).first()
    if own is not None:
        return RnmTaken(place_words(own), rnm=own.rnm, kkt_id=own.pk)
    same = Organisation.objects.filter(pk=there.organisation_id).values_list("account_id", flat=True).get()
    hidden = same is not None and same == organisation.account_id and actor.kind == ActorKind.CUSTOMER
    return RnmTaken(HIDDEN if hidden else ELSEWHERE, rnm=there.rnm)


def place_words(own: Kkt) -> str:
    """Where a register that the doer may see stands."""
    place = f"«{own.name}», {own.organisation.name}" + (f", группа «{own.group.name}»" if own.group else "")
    return f"Касса с этим РНМ уже подключена: {place}"


def kkt_record(
    actor: Actor, action: str, kkt: Kkt, now: dt.datetime, *, facts: dict[str, object] | None = None
) -> None:
    """Write a deed upon a register."""
    deed_record(
        actor,
        action,
        now=now,
        object_kind="kkt",
        object_id=kkt.pk,
        organisation=kkt.organisation,
        facts={"name": kkt.name, "rnm": kkt.rnm, **(facts or {})},
    )


def _power_check(actor: Actor, kkt: Kkt, now: dt.datetime) -> None:
    power_upon(actor, organisation_id=kkt.organisation_id, account_id=kkt.organisation.account_id, now=now)


def _is_repeat(
    there: Kkt, actor: Actor, organisation_id: int, entry: Entry, terms: Terms, *, now: dt.datetime
) -> bool:
    """Whether the same person asks the same again: a form sent twice."""
    return (
        there.organisation_id == organisation_id
        and there.created_by_id == actor.user.pk
        and now - there.created_at <= REPEAT_WITHIN
        and (there.name, there.application_kind) == (entry.name, terms.kind)
        and (there.tariff_next, there.renewal) == (terms.tariff_next, terms.renewal)
    )
