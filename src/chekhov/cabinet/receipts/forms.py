"""What a list of receipts is narrowed to, and where a receipt is sent. Forms parse; services decide."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.face.forms import HouseForm
from chekhov.face.shifts import OPERATIONS
from chekhov.ffd.versions import DocumentCode
from chekhov.fiscal.payments import Payment
from chekhov.fiscal.search import ReceiptsWanted

KINDS: Final[dict[str, tuple[str, tuple[int, ...]]]] = {
    "receipts": ("Кассовые чеки и БСО", (DocumentCode.RECEIPT, DocumentCode.BSO)),
    "corrections": ("Коррекции", (DocumentCode.RECEIPT_CORRECTION, DocumentCode.BSO_CORRECTION)),
    "shifts": ("Открытия и закрытия смен", (DocumentCode.SHIFT_OPEN, DocumentCode.SHIFT_CLOSE)),
    "registrations": ("Отчёты о регистрации", (DocumentCode.REGISTRATION, DocumentCode.REREGISTRATION)),
    "reports": ("Прочие отчёты", (DocumentCode.STATE_REPORT, DocumentCode.DRIVE_CLOSE)),
}
SPARE: Final = ("operation", "payment", "sum_from", "sum_to", "cashier", "item", "fd")
"""Conditions that are folded away until one of them is used."""

SUM = re.compile(r"(\d{1,13})(?:[.,](\d{1,2}))?", re.ASCII)
FPD_MAX: Final = 2**32 - 1
YEAR_MIN: Final = 2017  # registers that send documents to operators began then


class SumField(forms.CharField):
    """A sum in roubles, in any spelling: «1 234,5», «1234.50 ₽»; kopecks, or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """Kopecks."""
        text = "".join((super().to_python(value) or "").split()).removesuffix("₽").removesuffix("руб.")
        if not text:
            return None
        found = SUM.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("Напишите сумму в рублях, например 1234,50."))
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class NumberField(forms.CharField):
    """A number of digits, spaces between them or not; the number, or None."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, *, most: int, **options: Any) -> None:
        """`most`: the largest number there can be."""
        super().__init__(**options)
        self.most = most

    def to_python(self, value: Any) -> Any:
        """The number."""
        text = "".join((super().to_python(value) or "").split())
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= self.most):
            raise forms.ValidationError(_("Здесь нужны только цифры, не больше десяти."))
        return int(text)


class DayField(forms.DateField):
    """A day, from the browser's calendar or typed."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": f"{YEAR_MIN}-01-01"})

    def __init__(self, **options: Any) -> None:
        """Both spellings are read."""
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            error_messages={"invalid": _("Напишите день так: 15.11.2026.")},
            **options,
        )


class ReceiptsFilterForm(HouseForm):
    """What the list is narrowed to; lives in the address of the page."""

    kind = forms.ChoiceField(
        label=_("Вид документа"),
        required=False,
        choices=[("", _("Все")), *((key, word) for key, (word, _codes) in KINDS.items())],
    )
    since = DayField(label=_("С"), required=False)
    until = DayField(label=_("По"), required=False)
    fpd = NumberField(label=_("ФПД"), required=False, most=FPD_MAX)
    operation = forms.TypedChoiceField(
        label=_("Признак расчёта"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Любой")), *OPERATIONS.items()],
    )
    payment = forms.TypedChoiceField(
        label=_("Оплата"),
        required=False,
        coerce=lambda value: Payment(int(value)),
        empty_value=None,
        choices=[("", _("Любая")), *((payment.value, payment.label) for payment in Payment)],
    )
    sum_from = SumField(label=_("Сумма от"), required=False)
    sum_to = SumField(label=_("Сумма до"), required=False)
    cashier = forms.CharField(label=_("Кассир"), required=False, max_length=64)
    item = forms.CharField(label=_("Наименование товара"), required=False, max_length=128)
    fd = NumberField(label=_("№ документа (ФД)"), required=False, most=FPD_MAX)

    def clean(self) -> dict[str, Any]:
        """The end of a period or of a span of sums is not before its beginning."""
        given = super().clean() or {}
        for first, last, words in (
            ("since", "until", _("Конец периода раньше начала.")),
            ("sum_from", "sum_to", _("Эта сумма меньше первой.")),
        ):
            if given.get(first) is not None and given.get(last) is not None and given[first] > given[last]:
                self.add_error(last, words)
        return given

    def wanted(self) -> ReceiptsWanted:
        """The narrowing as the selector takes it; a mistyped field narrows nothing and shows its error."""
        self.is_valid()
        given = self.cleaned_data
        return ReceiptsWanted(
            codes=frozenset(KINDS[given["kind"]][1]) if given.get("kind") else frozenset(),
            since=given.get("since"),
            until=given.get("until"),
            sum_from=given.get("sum_from"),
            sum_to=given.get("sum_to"),
            operation=given.get("operation"),
            cashier=given.get("cashier") or "",
            payment=given.get("payment"),
            fpd=given.get("fpd"),
            fd=given.get("fd"),
            item=given.get("item") or "",
        )

    @property
    def main(self) -> list[forms.BoundField]:
        """Conditions always seen."""
        return [self[name] for name in self.fields if name not in SPARE]

    @property
    def spare(self) -> list[forms.BoundField]:
        """Conditions that open on demand."""
        return [self[name] for name in SPARE]

    @property
    def spare_open(self) -> bool:
        """Whether one of those is used, so that none narrows unseen."""
        return any(str(self.data.get(name, "")).strip() for name in SPARE)


class LetterForm(HouseForm):
    """To whom the document goes."""

    email = forms.CharField(
        label=_("Email:"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Напишите адрес, на который отправить документ.")},
    )
