"""A short deed in a window with an address of its own: one form, one button, one template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from chekhov.backoffice.desk import errors_put, refused_answer
from chekhov.errors import ChekhovError, Conflict, Malformed, RuleBroken
from chekhov.face.forms import HouseForm
from chekhov.face.pages import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a window says. `danger`: the deed cannot be undone, its button is red. `facts`: label and value.

    mark_optional: say which fields may stay empty; not where nearly all may and services decide.
    """

    title: str
    button: str
    back_url: str
    lead: str = ""
    icon: str = "check"
    danger: bool = False
    mark_optional: bool = True
    facts: Sequence[tuple[str, object]] = ()


class VersionForm(HouseForm):
    """A form about a thing that others may change too: it carries the version that was shown."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        """A version that is missing or no number is told above the form: its field is not seen."""
        data = super().clean()
        if "version" in self.errors:
            self.add_error(None, "Форма повреждена по дороге: откройте её заново.")
        return data


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        """Browsers take and give ISO days only."""
        super().__init__(format="%Y-%m-%d", **kwargs)


def deed_done(
    form: forms.Form,
    deed: Callable[[Mapping[str, Any]], object],
    fields: Mapping[type[ChekhovError], str] | None = None,
) -> bool:
    """Do the deed with the form's clean values, if there are any; whether it was done.

    A service's refusal is shown in the form; fields: which field an error belongs to.
    """
    if not form.is_bound or not form.is_valid():
        return False
    try:
        deed(form.cleaned_data)
    except (Conflict, RuleBroken, Malformed) as error:
        errors_put(form, error, fields)
        return False
    return True


def window_page(
    request: HttpRequest, form: forms.Form, window: Window, context: Mapping[str, Any]
) -> HttpResponse:
    """The window as a page; opened by a link with `data-modal` it stands in a dialog."""
    shown = {**context, "form": form, "window": window}
    return page(request, "backoffice/window.html", shown, status=refused_answer(form))
