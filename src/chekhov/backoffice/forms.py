"""Forms of the staff pages. They parse; what is right is decided by services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.backoffice.words import VERDICT_STATES, document_name
from chekhov.face.forms import HouseForm
from chekhov.ffd.versions import DocumentCode
from chekhov.fiscal.selectors_pages import DocumentsWanted
from chekhov.fiscal.verdicts import Reason
from chekhov.values.errors import BadRequisite
from chekhov.values.registers import KktSerial, RegistrationNumber
from chekhov.values.requisites import Inn, Kpp

SHOWN_CODES = (
    DocumentCode.REGISTRATION,
    DocumentCode.REREGISTRATION,
    DocumentCode.SHIFT_OPEN,
    DocumentCode.RECEIPT,
    DocumentCode.RECEIPT_CORRECTION,
    DocumentCode.BSO,
    DocumentCode.BSO_CORRECTION,
    DocumentCode.SHIFT_CLOSE,
    DocumentCode.STATE_REPORT,
    DocumentCode.DRIVE_CLOSE,
)
TRUE = "1"


class DigitsField(forms.CharField):
    """A long number in any spelling: spaces, hyphens and line breaks between the digits are dropped."""

    def to_python(self, value: Any) -> str:
        """The digits alone, or the text as it is for the validator to refuse."""
        return "".join(
            part for part in super().to_python(value) or "" if not part.isspace() and part not in "-–—"
        )

    def validate(self, value: str) -> None:
        """Only digits, no longer than a registration number."""
        super().validate(value)
        if value and not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise forms.ValidationError(_("Здесь нужны только цифры, не больше двадцати."))


class IntakeFilterForm(HouseForm):
    """What the list of documents is narrowed to; lives in the address of the page."""

    number = DigitsField(label=_("Номер ФН или РНМ"), required=False)
    code = forms.TypedChoiceField(
        label=_("Вид документа"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Все")), *((int(code), document_name(code)) for code in SHOWN_CODES)],
    )
    verdict = forms.TypedChoiceField(
        label=_("Состояние"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Любое")),
            *((int(verdict), state.word) for verdict, state in VERDICT_STATES.items()),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Numbers are typed on a digit keyboard."""
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs.update({"inputmode": "numeric", "type": "search"})

    def wanted(self) -> DocumentsWanted:
        """The narrowing as the selector takes it; a mistyped field narrows nothing and shows its error.

        A registration number begins with zeros (it is a count of ten digits and six more), a drive's number
        never does.
        """
        self.is_valid()
        given = self.cleaned_data
        number: str = given.get("number") or ""
        is_rnm = number.startswith("0")
        return DocumentsWanted(
            rnm=number if is_rnm else None,
            fn=number if number and not is_rnm else None,
            code=given.get("code"),
            verdict=given.get("verdict"),
        )


class QuarantineFilterForm(HouseForm):
    """What the quarantine is narrowed to."""

    reason = forms.ChoiceField(
        label=_("Причина"),
        required=False,
        choices=[("", _("Любая")), *((reason.value, reason.label) for reason in Reason)],
    )
    state = forms.ChoiceField(
        label=_("Состояние"),
        required=False,
        choices=[("", _("Не разобранные")), ("resolved", _("Разобранные")), ("all", _("Все"))],
    )


class ResolveForm(HouseForm):
    """The note with which a quarantined message is marked as dealt with."""

    note = forms.CharField(
        label=_("Что выяснено и сделано"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Останется в записи с вашим именем и временем."),
        error_messages={"required": _("Напишите хотя бы несколько слов: по записи будут судить без вас.")},
    )


class DriveFilterForm(HouseForm):
    """Drives by the beginning of their number, or by РНМ or ИНН."""

    number = DigitsField(label=_("Начало номера ФН, РНМ или ИНН"), required=False)


class AttachForm(HouseForm):
    """A register nobody has claimed goes into a company's cabinet."""

    inn = DigitsField(
        label=_("ИНН организации"), help_text=_("Если организация уже есть, касса добавится к ней.")
    )
    kpp = forms.CharField(
        label=_("КПП"),
        required=False,
        max_length=20,
        help_text=_("Нужен, если с таким ИНН есть несколько подразделений."),
    )
    organisation_name = forms.CharField(
        label=_("Название организации"),
        required=False,
        max_length=256,
        help_text=_("Понадобится только для новой организации."),
    )
    name = forms.CharField(
        label=_("Название кассы"),
        max_length=128,
        error_messages={"required": _("Назовите кассу так, чтобы её узнали в списке.")},
    )
    rnm = DigitsField(label=_("Регистрационный номер (РНМ)"))
    serial = forms.CharField(
        label=_("Заводской номер"),
        required=False,
        max_length=20,
        help_text=_("Если указан, по нему проверяются контрольные цифры РНМ."),
    )

    def clean_inn(self) -> str:
        """Check digits, in words a person can act on."""
        return _said_in_russian(
            Inn.parse,
            self.cleaned_data["inn"],
            _(
                "Такого ИНН не бывает: нужно 10 цифр у организации или 12 у предпринимателя, с верной контрольной."
            ),
        )

    def clean_kpp(self) -> str:
        """Form of the КПП."""
        kpp = self.cleaned_data["kpp"].strip()
        return _said_in_russian(Kpp.parse, kpp, _("КПП состоит из девяти знаков.")) if kpp else ""

    def clean_rnm(self) -> str:
        """Sixteen digits."""
        return _said_in_russian(
            RegistrationNumber.parse, self.cleaned_data["rnm"], _("В регистрационном номере 16 цифр.")
        )

    def clean_serial(self) -> str:
        """Form of the serial number."""
        serial = self.cleaned_data["serial"].strip()
        if not serial:
            return ""
        return _said_in_russian(
            KktSerial.parse, serial, _("Заводской номер: до 20 букв и цифр, как на корпусе кассы.")
        )


def _said_in_russian(parse: Callable[[str], str], text: str, words: object) -> str:
    try:
        return str(parse(text))
    except BadRequisite as error:
        raise forms.ValidationError(str(words)) from error
