"""From an error of a service to the field of a form where the person looks for it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from chekhov.errors import ChekhovError
from chekhov.orgs.errors import FieldsWrong


def error_place(
    form: forms.Form, error: ChekhovError, fields: Mapping[type[ChekhovError], str] | None = None
) -> None:
    """Put the error beside its field; what has no field stands above the form, and no word of it is lost."""
    if isinstance(error, FieldsWrong):
        for wrong, text in error.fields.items():
            form.add_error(wrong if wrong in form.fields else None, _sentence(text))
        return
    name = (fields or {}).get(type(error))
    form.add_error(
        name if name in form.fields else None, [_sentence(line) for line in error.message.split("\n")]
    )


def _sentence(text: str) -> str:
    """With a full stop."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
