"""Values of a table, and how each is written into a cell.

A row maps column keys to plain values (text, whole numbers, moments, None) or to the small values below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chekhov.face.figures import blocks_text, count_text, moment_text, sum_text
from chekhov.face.icons import icon_html

if TYPE_CHECKING:
    from chekhov.face.tables import Asked

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

    modal: what it leads to opens in a window over the page. icon: shown alone in place of the value, which is then
    spoken.
    """

    url: str
    value: object
    spoken: str = ""
    modal: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Two:
    """A value with a second, smaller one under it."""

    value: object
    under: object


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key in rows, word in the head. `end` aligns right; `title` heads the card of a narrow screen.

    wide: sentences, which have the card's whole width. hint: what the word means, behind a «?». sort: the word of this order in the address («order=name», the other
    way «order=-name»). spare: shown only when chosen. Columns with `title` are always shown.
    """

    key: str
    label: str
    end: bool = False
    title: bool = False
    hint: str = ""
    sort: str = ""
    spare: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands in place of rows: what it means and what to do next."""

    title: str
    text: str
    icon: str = "inbox"
    action_url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button over chosen rows; `url` is where the chosen go. modal: it opens in a window over the page."""

    label: str
    url: str
    icon: str = "check"
    danger: bool = False
    modal: bool = True


@dataclass(frozen=True, slots=True)
class Selection:
    """Boxes to choose rows by, and what can be done with the chosen ones.

    The boxes are sent as `name` with the row's value of `key`; `label_key` is the row's value that names the box to a
    screen reader. By GET they lead to a window, which asks what it needs and posts; POST is for deeds that ask
    nothing. `hidden`: pairs sent along (the filters of the list, say). every: words of a box «not only this page»,
    sent as `every=1`; the page of the action then takes all that the filters find.
    """

    name: str
    actions: Sequence[Action]
    key: str = "id"
    label_key: str = "label"
    method: Literal["get", "post"] = "get"
    hidden: Sequence[tuple[str, str]] = ()
    every: str = ""

    @property
    def form_id(self) -> str:
        """The id of the form that the boxes belong to."""
        return f"chosen-{self.name}"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that is shown. url: the list in this order, or turned round; empty: no such order."""

    column: Column
    url: str = ""
    direction: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table for `components/table.html`. Paging is by key: `older_url` and `first_url`, empty when there is none.

    asked: what the address asks for (order, page size, columns): then heads sort, the page size can be chosen and,
    with `choose_columns`, the columns too. export_url: where the same list is taken out as a file.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]]
    empty: Empty
    older_url: str = ""
    first_url: str = ""
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    select: Selection | None = None
    choose_columns: bool = False
    export_url: str = ""
    export: str = "Скачать таблицу"

    @property
    def heads(self) -> list[Head]:
        """The columns to show, in their order."""
        if self.asked is None:
            return [Head(column) for column in self.columns if not column.spare]
        return [self.asked.head(column) for column in self.columns if self.asked.shows(column)]

    @property
    def orders(self) -> list[Head]:
        """The orders to choose from where heads are not seen."""
        if self.asked is None:
            return []
        return [self.asked.head(column) for column in self.columns if column.sort]

    @property
    def choices(self) -> list[tuple[Column, bool]]:
        """The columns a person may show or hide, and whether each is shown."""
        if self.asked is None or not self.choose_columns:
            return []
        return [(column, self.asked.shows(column)) for column in self.columns if not column.title]

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """The page sizes to choose from; none for a list that the smallest page holds."""
        if self.asked is None or not (
            self.older_url or self.first_url or len(self.rows) > min(self.asked.sizes)
        ):
            return []
        return self.asked.size_links


def cell(value: object) -> SafeString:
    """The value as HTML; text is escaped."""
    match value:
        case None | "":
            return mark_safe('<span class="quiet" aria-label="нет">—</span>')  # constant
        case SafeString():
            return value
        case State():
            return format_html(
                '<span class="state tone-{}">{}{}</span>', value.tone, icon_html(value.icon_name), value.word
            )
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
    if value.icon:
        shown = {"link": value, "spoken": value.spoken or value.value}
        return mark_safe(render_to_string("components/icon_link.html", shown).strip())  # noqa: S308  # our own template escapes
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
