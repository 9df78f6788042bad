"""Icons of the sprite as HTML."""

from __future__ import annotations

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from chekhov.face.assets import assets


def icon_html(name: str, label: str = "") -> SafeString:
    """An icon. With a label it speaks, without it is decoration. Raises: AssetNotFound."""
    built = assets()
    sprite = built.path("icons.svg")
    if not label:
        return _decoration(sprite, built.icon_check(name))
    address = f"{static(sprite)}#{built.icon_check(name)}"
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)


@cache  # a page has a hundred of them; there are no more than the build has icons
def _decoration(sprite: str, name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', f"{static(sprite)}#{name}"
    )
