"""The registration number (РНМ) of a register that has none yet, or a wrong one: as long as nothing came under it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from chekhov.kkt.entering import check_digits_match, name_default, rnm_read, serial_read
from chekhov.kkt.errors import KktStopped, RnmDoesNotMatch, RnmSettled, RnmTaken
from chekhov.kkt.models import Kkt, Standing
from chekhov.kkt.services.connecting import DIGITS_WRONG, kkt_record, rnm_taken
from chekhov.kkt.services.power import kkt_held, power_upon
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong

SETTLED = "Документы кассы с этим РНМ уже приходили: номер верный, изменить его нельзя"
STOPPED = "Обслуживание кассы прекращено: подключите её снова с верным РНМ"
CHANGED = "Кассу уже изменил кто-то другой: посмотрите, какой у неё номер теперь"


def rnm_open(kkt: Kkt, now: dt.datetime) -> bool:
    """Whether the number may still be set: the register is served, and nothing has come under its own number."""
    stopped = kkt.stopped_at is not None and kkt.stopped_at <= now
    return not stopped and not _is_settled(kkt)


@transaction.atomic
def kkt_number_set(
    *, actor: Actor, kkt: Kkt, rnm: str, serial: str = "", version: int, now: dt.datetime
) -> Kkt:
    """Give a register its number, or the right one in place of a mistyped one. Documents that came before attach.

    serial: the factory number; empty: none is told, or no longer. version: what the numbers were shown with.
    The same again changes nothing. A register that was called by its number is called by the new one.
    Raises: FieldsWrong (fields rnm, serial), RnmDoesNotMatch, RnmTaken, RnmSettled, KktStopped, ChangedMeanwhile,
    KktNotFound, SectionClosed, OrganisationNotFound.
    """
    number, wrong_rnm = rnm_read(rnm)
    factory, wrong_serial = serial_read(serial)
    wrong = {"rnm": wrong_rnm, "serial": wrong_serial}
    if wrong_rnm or wrong_serial:
        raise FieldsWrong({name: text for name, text in wrong.items() if text})
    held = kkt_held(actor, kkt.pk, now)
    organisation = held.organisation
    power_upon(actor, organisation_id=organisation.pk, account_id=organisation.account_id, now=now)
    if (held.rnm, held.serial) == (number, factory):
        return held
    if held.version != version:
        raise ChangedMeanwhile(CHANGED)
    if held.stopped_at is not None and held.stopped_at <= now:
        raise KktStopped(STOPPED, kkt_id=held.pk)
    if _is_settled(held):
        raise RnmSettled(SETTLED, rnm=held.rnm)
    if factory and not check_digits_match(number, organisation.inn, factory):
        raise RnmDoesNotMatch(DIGITS_WRONG, rnm=number, serial=factory)
    before = held.rnm
    if held.name == name_default(before or ""):
        held.name = name_default(number)
    held.rnm, held.serial = number, factory
    held.version += 1
    try:
        with transaction.atomic():
            held.save(update_fields=["name", "rnm", "serial", "version"])
    except IntegrityError as error:
        there = Kkt.objects.filter(rnm=number).first()
        if there is None:
            raise
        taken: RnmTaken = rnm_taken(actor, there, organisation, now)
        raise taken from error
    kkt_record(actor, "kkt.numbered", held, now, facts={"before": before, "serial": factory})
    return held


def _is_settled(kkt: Kkt) -> bool:
    return kkt.rnm is not None and Standing.objects.filter(rnm=kkt.rnm, inn=kkt.organisation.inn).exists()
