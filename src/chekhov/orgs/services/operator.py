"""The operator's own card: what papers, applications and pages say of him."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace

from django.db import IntegrityError, transaction

from chekhov.notify.errors import BadRecipient
from chekhov.notify.services import recipient_parse
from chekhov.orgs.actor import Actor, deed_record
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import OperatorCard
from chekhov.orgs.requisites import line_clean, line_trouble
from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import Inn, Kpp, Ogrn

WORDS = {
    "name": "Название",
    "full_name": "Полное наименование",
    "inn": "ИНН",
    "kpp": "КПП",
    "ogrn": "ОГРН",
    "legal_address": "Юридический адрес",
    "postal_address": "Адрес для писем",
    "data_centre_address": "Адрес дата-центра",
    "head": "Руководитель",
    "head_position": "Должность",
    "phone": "Телефон",
    "email": "Электронная почта",
    "bank": "Банк",
    "brand": "Бренд",
}
CHARACTERS_MAX = {
    "name": 256,
    "full_name": 1000,
    "legal_address": 512,
    "postal_address": 512,
    "data_centre_address": 256,  # as tag 1009
    "head": 200,
    "head_position": 128,
    "phone": 32,
    "bank": 300,
    "brand": 64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorForm:
    """The operator's card as typed. `phone` is free text for people; `bank` one line."""

    name: str
    inn: str
    full_name: str = ""
    kpp: str = ""
    ogrn: str = ""
    legal_address: str = ""
    postal_address: str = ""
    data_centre_address: str = ""
    head: str = ""
    head_position: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    brand: str = ""


@transaction.atomic
def operator_change(
    *, actor: Actor, form: OperatorForm, expected_version: int, now: dt.datetime
) -> OperatorCard:
    """Change the operator's card. expected_version: what the form was shown with, 0 for the first time.

    Raises: FieldsWrong, ChangedMeanwhile.
    """
    values = asdict(_clean(form))
    card = OperatorCard.objects.select_for_update().first()
    if (0 if card is None else card.version) != expected_version:
        raise ChangedMeanwhile("Данные оператора уже изменил кто-то другой: откройте их заново")
    before = {} if card is None else {name: getattr(card, name) for name in values}
    try:
        with transaction.atomic():
            if card is None:
                card = OperatorCard.objects.create(**values, changed_at=now)
            else:
                for name, value in values.items():
                    setattr(card, name, value)
                card.version, card.changed_at = card.version + 1, now
                card.save()
    except IntegrityError as error:  # two first fillings at once
        raise ChangedMeanwhile("Данные оператора уже изменил кто-то другой: откройте их заново") from error
    deed_record(
        actor,
        "orgs.operator_changed",
        now=now,
        object_kind="operator",
        object_id="operator",
        facts={"changed": [name for name, value in values.items() if before.get(name, "") != value]},
    )
    return card


def _clean(form: OperatorForm) -> OperatorForm:
    values = {name: line_clean(getattr(form, name)) for name in WORDS}
    wrong: dict[str, str] = {}
    for name, characters_max in CHARACTERS_MAX.items():
        if trouble := line_trouble(values[name], characters_max):
            wrong[name] = f"{WORDS[name]}: {trouble}"
    if not values["name"]:
        wrong["name"] = "Название: не заполнено"
    for name, parse in (("inn", Inn.parse), ("kpp", Kpp.parse), ("ogrn", Ogrn.parse)):
        try:
            values[name] = str(parse(values[name])) if values[name] or name == "inn" else ""
        except BadRequisite:
            wrong[name] = f"{WORDS[name]}: проверьте знаки"
    try:
        values["email"] = recipient_parse(values["email"]) if values["email"] else ""
    except BadRecipient:
        wrong["email"] = "Это не адрес электронной почты"
    if wrong:
        raise FieldsWrong(wrong)
    return replace(form, **values)
