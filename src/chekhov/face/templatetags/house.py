"""Tags and filters of every page: `{% load house %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chekhov.face import cells, figures
from chekhov.face.assets import assets
from chekhov.face.brand import brand_of
from chekhov.face.forms import options_html
from chekhov.face.icons import icon_html
from chekhov.face.navigation import (
    SearchBox,
    Section,
    deeds_for,
    home_for,
    own_pages_for,
    search_for,
    sections_for,
)
from chekhov.face.rows import rows_html

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "main.css" %}`."""
    return static(assets().path(name))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite: `{% icon "copy" %}`. With a label it speaks, without it is decoration."""
    return icon_html(name, label)


@register.simple_tag
def table_rows(table: cells.Table, heads: Sequence[cells.Head]) -> SafeString:
    """The rows of a table in the columns of these heads."""
    return rows_html(table, heads)


@register.simple_tag
def operator_name() -> str:
    """The operator's name, a setting."""
    return str(getattr(settings, "OPERATOR_NAME", "Оператор"))


@register.simple_tag
def brand_digest() -> str:
    """What the address of the brand's sheet carries."""
    return brand_of(settings.OPERATOR_BRAND_COLOR).digest


@register.simple_tag
def sandbox() -> bool:
    """Whether this installation is a sandbox, where nothing is real."""
    return bool(getattr(settings, "SANDBOX", False))


@register.simple_tag(takes_context=True)
def sections(context: dict[str, Any]) -> list[Section]:
    """The sections the person of this request may enter; none on an error page made without a request."""
    user = getattr(context.get("request"), "user", None)
    return [] if user is None else sections_for(user)


@register.simple_tag(takes_context=True)
def own_pages(context: dict[str, Any]) -> list[Section]:
    """The lines of the window at the person's name."""
    user = getattr(context.get("request"), "user", None)
    return [] if user is None else own_pages_for(user)


@register.simple_tag(takes_context=True)
def bar_deeds(context: dict[str, Any]) -> list[Section]:
    """The buttons of the top bar."""
    user = getattr(context.get("request"), "user", None)
    return [] if user is None else deeds_for(user)


@register.simple_tag(takes_context=True)
def search_box(context: dict[str, Any]) -> SearchBox | None:
    """The one box of search; none for those who have nothing to search."""
    user = getattr(context.get("request"), "user", None)
    return None if user is None else search_for(user)


@register.simple_tag(takes_context=True)
def home(context: dict[str, Any]) -> str:
    """Where the logo leads: the person's first section, or the start page."""
    user = getattr(context.get("request"), "user", None)
    return "/" if user is None else home_for(user)


@register.filter
def cell(value: object) -> SafeString:
    """Any value as a table writes it."""
    return cells.cell(value)


@register.filter
def options(groups: list[Any]) -> SafeString:
    """The options of a list to choose from, by the groups of its widget."""
    return options_html(groups)


@register.filter
def at(row: dict[str, object], key: str) -> object:
    """The value of a mapping under a key that the template has in a variable."""
    return row.get(key)


@register.filter
def money(kopecks: int | None) -> SafeString:
    """A sum in kopecks: «1 234,56 ₽»."""
    return cells.cell(cells.Money(kopecks))


@register.filter
def price(kopecks: int) -> SafeString:
    """A price in kopecks: «2 500 ₽»."""
    return format_html('<span class="sum">{}</span>', figures.price_text(kopecks))


@register.filter
def count(number: int) -> str:
    """A whole number with thin spaces."""
    return figures.count_text(number)


@register.filter
def blocks(text: str) -> SafeString:
    """A long number in blocks of four."""
    return cells.cell(cells.Digits(str(text)))


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """«30.10.2017 11:07»."""
    return cells.cell(value)


@register.filter
def moment_seconds(value: dt.datetime | None) -> SafeString:
    """«30.10.2017 11:07:25»."""
    return cells.cell(None) if value is None else cells.moment_html(value, seconds=True)


@register.filter
def duration(seconds: float) -> str:
    """A length of time in short words."""
    return figures.duration_text(seconds)


@register.filter
def size(size_bytes: int) -> str:
    """«690 байт»."""
    return figures.size_text(size_bytes)


@register.filter
def hexadecimal(data: bytes) -> str:
    """Bytes as hex pairs, cut when long."""
    return figures.hex_text(bytes(data))


@register.filter
def plural(number: int, words: str) -> str:
    """The noun for the number: `{{ n|plural:"касса,кассы,касс" }}`."""
    one, few, many = words.split(",")
    return figures.plural(number, one, few, many)
