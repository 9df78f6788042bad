"""Values of a table, and how each is written into a cell.

A row maps column keys to plain values (text, whole numbers, moments, None) or to the small values below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chekhov.face.figures import blocks_text, count_text, moment_text, sum_text

Tone = Literal["fine", "attention", "danger", "quiet"]

TONE_ICONS: dict[Tone, str] = {
    "fine": "circle-check",
    "attention": "alert-triangle",
    "danger": "alert-octagon",
    "quiet": "info-circle",
}


@dataclass(frozen=True, slots=True)
class State:
    """A state: told by a word and an icon, and only then by a colour."""

    tone: Tone
    word: str
    icon: str = ""

    @property
    def icon_name(self) -> str:
        """The icon given, or the tone's own."""
        return self.icon or TONE_ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in kopecks; None is written as a dash."""

    kopecks: int | None


@dataclass(frozen=True, slots=True)
class Digits:
    """A number people read in blocks of four and retype elsewhere; `copy` puts the button beside it."""

    text: str
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Any value, leading somewhere. `spoken`: the full words, where the same short ones stand in every row.

    modal: what it leads to opens in a window over the page.
    """

    url: str
    value: object
    spoken: str = ""
    modal: bool = False


@dataclass(frozen=True, slots=True)
class Two:
    """A value with a second, smaller one under it."""

    value: object
    under: object


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key in rows, word in the head. `end` aligns right; `title` heads the card of a narrow screen.

    hint: what the word means, behind a «?».
    """

    key: str
    label: str
    end: bool = False
    title: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands in place of rows: what it means and what to do next."""

    title: str
    text: str
    icon: str = "inbox"
    action_url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table for `components/table.html`. Paging is by key: `older_url` and `first_url`, empty when there is none."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]
    empty: Empty
    older_url: str = ""
    first_url: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def cell(value: object) -> SafeString:
    """The value as HTML; text is escaped."""
    match value:
        case None | "":
            return mark_safe('<span class="quiet" aria-label="нет">—</span>')  # constant
        case SafeString():
            return value
        case State():
            return mark_safe(render_to_string("components/state.html", {"state": value}).strip())  # noqa: S308
        case Money(kopecks=None):
            return cell(None)
        case Money():
            return format_html('<span class="sum">{}</span>', sum_text(value.kopecks or 0))
        case Digits():
            return _digits(value)
        case Link():
            return _link(value)
        case Two():
            return format_html(
                '<span>{}<span class="cell-sub">{}</span></span>', cell(value.value), cell(value.under)
            )
        case dt.datetime():
            return moment_html(value)
        case bool():
            return format_html("{}", "да" if value else "нет")
        case int():
            return format_html('<span class="digits">{}</span>', count_text(value))
        case list() | tuple():
            return format_html_join(" ", "{}", ((cell(part),) for part in value))
        case _:
            return format_html("{}", value)


def _link(value: Link) -> SafeString:
    spoken = format_html(' aria-label="{}"', value.spoken) if value.spoken else ""
    modal = mark_safe(" data-modal") if value.modal else ""  # constant
    return format_html('<a href="{}"{}{}>{}</a>', value.url, spoken, modal, cell(value.value))


def _digits(value: Digits) -> SafeString:
    shown = format_html('<span class="digits">{}</span>', blocks_text(value.text))
    if not value.copy:
        return shown
    button = render_to_string("components/copy.html", {"text": value.text, "what": value.text})
    return format_html('<span class="with-copy">{} {}</span>', shown, mark_safe(button.strip()))  # noqa: S308  # our own template escapes


def moment_html(moment: dt.datetime, *, seconds: bool = False) -> SafeString:
    """A moment as `<time>`: aware moments in the operator's zone, local ones (a register's clock) as they are."""
    shown = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(), moment_text(shown, seconds=seconds)
    )
