"""Deeds on registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, connection, transaction

from chekhov.kkt.errors import BadKktModel, KktNameless, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import Kkt, Registration
from chekhov.orgs.models import Organisation
from chekhov.values.registers import KktSerial, RegistrationNumber

REGISTRATIONS_AT_ONCE_MAX = 1000
NAME_CHARACTERS_MAX = 128
MODEL_CHARACTERS_MAX = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFact:
    """What a report of registration, re-registration or close of the drive says; see `Registration`."""

    fn: str
    fd: int
    code: int
    rnm: str | None = None
    inn: str | None = None
    user_name: str | None = None
    model: str | None = None
    serial: str | None = None
    address: str | None = None
    place: str | None = None
    modes: tuple[int, ...] = ()
    tax_systems: int | None = None
    ffd: int | None = None
    ofd_inn: str | None = None
    ofd_name: str | None = None
    registered_at: dt.datetime | None = None
    reason: int | None = None
    reasons: int | None = None


@transaction.atomic
def kkt_add(
    *, organisation: Organisation, name: str, rnm: str | None = None, serial: str = "", model: str = ""
) -> Kkt:
    """Put a register into the organisation's cabinet; documents that came before attach by themselves.

    Without `rnm` the register is not registered yet. With both numbers the check digits are verified.
    Raises: BadRequisite, RnmDoesNotMatch, RnmTaken, KktNameless, BadKktModel.
    """
    name = " ".join(name.split())
    if not name:
        raise KktNameless("Название кассы не указано")
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise KktNameless(f"Название кассы — до {NAME_CHARACTERS_MAX} печатных знаков")
    model = model.strip()
    if len(model) > MODEL_CHARACTERS_MAX or not model.isprintable():
        raise BadKktModel(f"Модель кассы — до {MODEL_CHARACTERS_MAX} печатных знаков")
    number = RegistrationNumber.parse(rnm) if rnm and rnm.strip() else None
    factory = KktSerial.parse(serial) if serial.strip() else None
    if (
        number is not None
        and factory is not None
        and not number.check_digits_match(organisation.inn, factory)
    ):
        raise RnmDoesNotMatch(
            "Регистрационный номер не подходит к ИНН и заводскому номеру",
            rnm=str(number),
            serial=str(factory),
        )
    try:
        with transaction.atomic():
            return Kkt.objects.create(
                organisation=organisation,
                name=name,
                rnm=None if number is None else str(number),
                serial="" if factory is None else str(factory),
                model=model,
            )
    except IntegrityError as error:
        raise RnmTaken("Касса с таким регистрационным номером уже добавлена", rnm=str(number)) from error


def registrations_record(*, facts: Sequence[RegistrationFact]) -> None:
    """Write what the projector read from reports. The same fact may come again, in any order.

    Runs inside the caller's transaction, so that the projector's place moves together with it.
    """
    rows = {(fact.fn, fact.fd): fact for fact in facts}
    Registration.objects.bulk_create(
        [Registration(**{**asdict(fact), "modes": list(fact.modes)}) for fact in rows.values()],
        batch_size=REGISTRATIONS_AT_ONCE_MAX,
        update_conflicts=True,
        unique_fields=["fn", "fd"],
        update_fields=[field for field in RegistrationFact.__slots__ if field not in {"fn", "fd"}],
    )


def registrations_forget() -> None:
    """Empty the derived table before a rebuild; the journal holds all of it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kkt_registration")
