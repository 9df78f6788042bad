"""«Проверить чек»: anybody who holds a receipt asks whether the operator has it.

A receipt is shown to whoever names the drive, the number and the fiscal sign, all three as printed: he has the paper
before him. To everything else there is one answer, so nothing can be learnt by trying; and questions are counted.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chekhov import clock
from chekhov.accounts.errors import AskedTooOften
from chekhov.accounts.models import AskKind
from chekhov.accounts.services import ask_count
from chekhov.cabinet.access import address_of, public_page
from chekhov.cabinet.formerrors import error_place
from chekhov.errors import Malformed
from chekhov.face.forms import HouseForm
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page, sent_of
from chekhov.face.paper import document_in, paper_of
from chekhov.ffd.qr import TEXT_CHARACTERS_MAX, QrFields, qr_parse
from chekhov.fiscal.models import FiscalDocument
from chekhov.fiscal.printed import receipt_printed
from chekhov.values.registers import FnSerial

NUMBER_MAX: Final = 2**32 - 1
SUM: Final = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]{1,2}))?", re.ASCII)
NUMERIC: Final = {"inputmode": "numeric", "autocomplete": "off", "class": "digits"}
QR_BAD: Final = "Это не похоже на текст QR-кода чека. Он начинается с «t=» и содержит «fn=», «i=» и «fp=»."
NUMBERS: Final = ("fn", "fd", "fpd")


class NumberField(forms.CharField):
    """A whole number of a document: digits, spaces between them forgiven."""

    def to_python(self, value: Any) -> Any:
        """Without spaces; the number itself is made by `clean`."""
        return "".join(str(value or "").split())

    def clean(self, value: Any) -> Any:
        """The number, or an empty text."""
        text = super().clean(value)
        if not text:
            return ""
        if not (text.isascii() and text.isdecimal()) or len(text) > 10 or not 0 < int(text) <= NUMBER_MAX:
            raise forms.ValidationError(_("До десяти цифр, как напечатано на чеке."))
        return int(text)


class ReceiptForm(HouseForm):
    """Either the text of the QR code, or the numbers from the paper."""

    qr = forms.CharField(
        label=_("Текст QR-кода"),
        required=False,
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Считайте код телефоном и вставьте текст. Тогда остальное заполнять не нужно."),
    )
    fn = forms.CharField(
        label=_("ФН"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs=NUMERIC),
        help_text=_("16 цифр."),
    )
    fd = NumberField(label=_("ФД"), required=False, max_length=20, widget=forms.TextInput(attrs=NUMERIC))
    fpd = NumberField(
        label=_("ФПД (ФП)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=NUMERIC),
        help_text=_("Фискальный признак."),
    )
    total = forms.CharField(
        label=_("Сумма, ₽"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "digits"}),
        help_text=_("Необязательно."),
    )

    def clean_qr(self) -> QrFields | None:
        """What the text tells."""
        text = self.cleaned_data["qr"].strip()
        if not text:
            return None
        try:
            return qr_parse(text)
        except Malformed:
            raise forms.ValidationError(QR_BAD) from None

    def clean_fn(self) -> str:
        """The number of the drive."""
        text = self.cleaned_data["fn"]
        if not text.strip():
            return ""
        try:
            return FnSerial.parse(text)
        except Malformed:
            raise forms.ValidationError(_("Номер накопителя — 16 цифр, он напечатан внизу чека.")) from None

    def clean_total(self) -> int | None:
        """Kopecks."""
        text = "".join(self.cleaned_data["total"].split())
        if not text:
            return None
        match = SUM.fullmatch(text)
        if match is None:
            raise forms.ValidationError(_("Сумма пишется как «1285,21»."))
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))

    def clean(self) -> dict[str, Any] | None:
        """Without the QR code all three numbers are needed."""
        data = super().clean()
        if "qr" in self.errors or self.cleaned_data.get("qr"):
            return data
        for name in NUMBERS:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("Перепишите это число с чека."))
        return data

    def found(self) -> FiscalDocument | None:
        """The receipt that is meant; only of a valid form."""
        data = self.cleaned_data
        qr: QrFields | None = data["qr"]
        if qr is None:
            return receipt_printed(
                fn=data["fn"], fd=data["fd"], fiscal_sign=data["fpd"], total_kopecks=data["total"]
            )
        return receipt_printed(
            fn=qr.fn_serial,
            fd=min(qr.fd_number, NUMBER_MAX + 1),
            fiscal_sign=qr.fiscal_sign,
            total_kopecks=qr.total_kopecks,
        )


@public_page("GET", "HEAD", "POST")
def receipt_check(request: HttpRequest) -> HttpResponse:
    """The form, and the answer in words; the paper, if all numbers agree."""
    form = ReceiptForm(sent_of(request))
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [Crumb("Главная", reverse("start")), Crumb("Проверить чек")],
    }
    if request.method == "POST" and form.is_valid() and _allowed(request, form):
        row = form.found()
        context |= {"asked": True, "row": row, "paper": None if row is None else _paper(row)}
    return page(request, "cabinet/entry/receipt_check.html", context, status=422 if form.errors else 200)


def _allowed(request: HttpRequest, form: forms.Form) -> bool:
    try:
        ask_count(kind=AskKind.RECEIPT, address=address_of(request), now=clock.now())
    except AskedTooOften as error:
        error_place(form, error)
        return False
    return True


def _paper(row: FiscalDocument) -> object:
    """The paper; None for a document whose content cannot be read."""
    document, _trouble = document_in(bytes(row.container))
    return None if document is None else paper_of(document)
