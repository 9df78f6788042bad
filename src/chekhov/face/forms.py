"""Forms of the house, and the form of logging in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _


class HouseForm(forms.Form):
    """A form whose fields look as the house draws them; each is shown by `components/field.html`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the widgets their classes."""
        super().__init__(*args, **kwargs)
        widgets_dress(self)


def widgets_dress(form: forms.BaseForm) -> None:
    """Put the house's classes on the widgets of a form that is not ours by birth."""
    for field in form.fields.values():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            name = "form-check-input"
        elif isinstance(widget, forms.Select):
            name = "form-select"
            widget.template_name = "face/select.html"
        else:
            name = "form-control"
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {name}".strip()


def options_html(groups: Iterable[tuple[str | None, Iterable[Mapping[str, Any]], int]]) -> SafeString:
    """The options of a list to choose from, in the groups that its widget makes; there may be hundreds of them."""
    lines = []
    for name, options, _number in groups:
        if name:
            lines.append(format_html('<optgroup label="{}">', name))
        lines += [
            format_html(
                '<option value="{}"{}>{}</option>',
                option["value"],
                flatatt(option["attrs"]) if option["attrs"] else "",
                option["label"],
            )
            for option in options
        ]
        if name:
            lines.append(mark_safe("</optgroup>"))  # constant
    return mark_safe("\n".join(lines))  # noqa: S308  # each line is escaped


def lines_add(form: forms.BaseForm, lines: Iterable[tuple[str, str, int, str]]) -> None:
    """Add lines of text to a form: name, word, longest text, hint. May stay empty: services tell what is missing."""
    for name, label, characters_max, hint in lines:
        field = forms.CharField(label=label, required=False, max_length=characters_max, help_text=hint)
        field.widget.attrs["class"] = "form-control"
        form.fields[name] = field


class LoginForm(AuthenticationForm):
    """E-mail and password. One answer to every failure, so that nobody learns which e-mails exist."""

    error_messages = {  # noqa: RUF012  # Django's own name and type
        "invalid_login": _("Почта или пароль не подходят. Проверьте раскладку и клавишу Caps Lock."),
        "inactive": _("Почта или пароль не подходят. Проверьте раскладку и клавишу Caps Lock."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the fields and tell browsers how to fill them in."""
        super().__init__(*args, **kwargs)
        widgets_dress(self)
        name, password = self.fields["username"], self.fields["password"]
        name.label = _("Электронная почта")
        name.widget = forms.EmailInput(
            attrs={"class": "form-control", "autocomplete": "username", "autofocus": True, "maxlength": 254}
        )
        password.label = _("Пароль")
