"""Names, telephones and e-mails as people write them, brought to the form that is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from chekhov.accounts.errors import BadEmail, BadFullName, BadPhone

EMAIL_CHARACTERS_MAX = 254
NAME_CHARACTERS_MAX = 64
FULL_NAME_CHARACTERS_MAX = 200
PHONE_CHARACTERS_MAX = 40
PHONE_FORM = re.compile(r"(?:\+?7|8)?([3-9][0-9]{9})\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """«Фамилия», «Имя», «Отчество»; a person may have no patronymic."""

    last_name: str
    first_name: str
    middle_name: str = ""

    @property
    def full_name(self) -> str:
        """All of them in one line."""
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))


def email_parse(text: str) -> str:
    """An e-mail without the spaces around it, letters as written. Raises: BadEmail."""
    email = text.strip()
    try:
        validate_email(email)
        local, _, domain = email.rpartition("@")
        local.encode("ascii")
        domain.encode("idna")
    except (ValidationError, UnicodeError) as error:
        raise BadEmail("Это не адрес электронной почты") from error
    if len(email) > EMAIL_CHARACTERS_MAX:
        raise BadEmail("Адрес электронной почты слишком длинный")
    return email


def names_parse(*, last_name: str, first_name: str, middle_name: str = "") -> Names:
    """Names with single spaces. Raises: BadFullName, naming the field."""
    return Names(
        _name(last_name, "Фамилия", required=True),
        _name(first_name, "Имя", required=True),
        _name(middle_name, "Отчество", required=False),
    )


def names_split(full_name: str) -> Names:
    """«Фамилия», «Имя» and the rest of one line, as they stand; not checked, to be corrected by the person."""
    last_name, first_name, middle_name = [*full_name.split(maxsplit=2), "", "", ""][:3]
    return Names(last_name, first_name, " ".join(middle_name.split()))


def phone_parse(text: str) -> str:
    """A Russian number as `+7XXXXXXXXXX` from what people type: with 8, with +7, with ten digits.

    Raises: BadPhone.
    """
    digits = re.sub(r"[\s()\u2010-\u2015-]", "", text.strip())
    match = PHONE_FORM.match(digits) if len(text) <= PHONE_CHARACTERS_MAX else None
    if match is None:
        raise BadPhone("Номер телефона — десять цифр после +7, например 912 345-67-89")
    return f"+7{match[1]}"


def phone_shown(phone: str) -> str:
    """`+7 912 345-67-89`, or nothing for no number."""
    if not phone:
        return ""
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:12]}"


def _name(text: str, field: str, *, required: bool) -> str:
    name = " ".join(text.split())
    if required and not name:
        raise BadFullName(f"{field}: не указано", field=field)
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        raise BadFullName(f"{field}: до {NAME_CHARACTERS_MAX} печатных знаков", field=field)
    return name
