"""Registers that staff and the command line enter: without a tariff, served without end."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from chekhov.kkt.entering import MODEL_CHARACTERS_MAX, NAME_CHARACTERS_MAX
from chekhov.kkt.errors import BadKktModel, KktNameless, RnmDoesNotMatch, RnmTaken
from chekhov.kkt.models import Kkt
from chekhov.orgs.models import Organisation
from chekhov.values.registers import KktSerial, RegistrationNumber


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
