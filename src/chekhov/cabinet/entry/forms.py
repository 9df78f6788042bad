"""Forms of the way in. They parse; what is right is decided by services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chekhov.accounts.personal import email_parse, phone_parse
from chekhov.errors import ChekhovError
from chekhov.face.forms import HouseForm

EMAIL = {"autocomplete": "email", "inputmode": "email", "maxlength": 254}


def _parsed(parse: Callable[[str], str], text: str) -> str:
    """What the room of people makes of the text, or its words of what is wrong."""
    try:
        return parse(text)
    except ChekhovError as error:
        raise forms.ValidationError(f"{error.message}.") from error


class RegistrationForm(HouseForm):
    """«Регистрация клиента ОФД»."""

    last_name = forms.CharField(
        label=_("Фамилия"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    first_name = forms.CharField(
        label=_("Имя"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs=EMAIL),
        help_text=_("На него придёт письмо со ссылкой."),
    )
    phone = forms.CharField(
        label=_("Номер телефона"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel-national", "inputmode": "tel"}),
        help_text=_("Десять цифр, например 912 345-67-89."),
    )
    consent_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    consent = forms.BooleanField(
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the name."""
        super().__init__(*args, **kwargs)
        self.fields["last_name"].widget.attrs["autofocus"] = True

    def clean_email(self) -> str:
        """An e-mail."""
        return _parsed(email_parse, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        """A telephone in any spelling."""
        return _parsed(phone_parse, self.cleaned_data["phone"])

    def clean_consent(self) -> bool:
        """Ticked."""
        if not self.cleaned_data["consent"]:
            raise forms.ValidationError(
                _("Без согласия на обработку персональных данных зарегистрироваться нельзя.")
            )
        return True


class RecoveryForm(HouseForm):
    """«Восстановление пароля»: the e-mail given at registration."""

    email = forms.CharField(
        label=_("E-mail, указанный при регистрации"),
        max_length=254,
        widget=forms.EmailInput(attrs={**EMAIL, "autofocus": True}),
    )


class NewPasswordForm(HouseForm):
    """A password of one's own, typed twice."""

    new_password = forms.CharField(
        label=_("Новый пароль"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Не короче десяти знаков и не из частых паролей."),
    )
    repeated = forms.CharField(
        label=_("Новый пароль ещё раз"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_repeated(self) -> str:
        """The same twice."""
        repeated = str(self.cleaned_data["repeated"])
        if "new_password" in self.cleaned_data and repeated != self.cleaned_data["new_password"]:
            raise forms.ValidationError(_("Пароли не совпадают. Введите один и тот же дважды."))
        return repeated


class PasswordChangeForm(NewPasswordForm):
    """The same, with the present password first."""

    old_password = forms.CharField(
        label=_("Текущий пароль"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    field_order = ("old_password", "new_password", "repeated")
