"""From the operator's one colour to the few that pages need, each readable in light and dark.

Source of the contrast formula and of the bound 4.5: WCAG 2.2, 1.4.3 and «relative luminance».
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache

from chekhov.errors import Malformed

CONTRAST_MIN = 4.5
# A hair above the bound: browsers round colours to whole steps.
CONTRAST_AIMED = 4.7
LIGHT_PAGE = (0xF4, 0xF6, 0xF5)
DARK_SURFACE = (0x24, 0x2C, 0x2E)
WHITE = (255, 255, 255)
BLACK = (0, 0, 0)
DARK_INK = (0x10, 0x18, 0x16)
STEPS = 100

Rgb = tuple[int, int, int]


class BadColour(Malformed):
    """The text is not a colour of the form `#rrggbb`."""

    code = "bad_colour"


@dataclass(frozen=True, slots=True)
class Brand:
    """Colours as `#rrggbb`: the bar with its ink and its pressed shade, and the ink of links in both themes."""

    bar: str
    bar_ink: str
    bar_active: str
    ink_light: str
    ink_dark: str

    @property
    def stylesheet(self) -> str:
        """The sheet that gives the page these colours."""
        return (
            ":root{"
            f"--brand-bar:{self.bar};--brand-bar-ink:{self.bar_ink};--brand-bar-active:{self.bar_active};"
            f"--brand-ink:light-dark({self.ink_light},{self.ink_dark})"
            "}\n"
        )

    @property
    def digest(self) -> str:
        """Changes with the colours: the address of the sheet carries it, so it may be cached for ever."""
        return hashlib.sha256(self.stylesheet.encode()).hexdigest()[:8]


@cache  # the setting is one
def brand_of(colour: str) -> Brand:
    """The brand from the operator's colour `#rrggbb`. Raises: BadColour.

    The bar keeps the colour as it is when some ink is readable on it (one of white and near-black always is);
    links keep its hue and move towards black or white until they are readable on the page.
    """
    base = rgb_parse(colour)
    ink = WHITE if contrast(base, WHITE) >= CONTRAST_MIN else DARK_INK
    if contrast(base, ink) < CONTRAST_MIN:
        base = _until_readable(base, BLACK, WHITE)
        ink = WHITE
    # The pressed shade moves away from the ink, so the ink stays readable on it.
    active = _mix(base, BLACK if ink == WHITE else WHITE, 0.22)
    return Brand(
        bar=_hex(base),
        bar_ink=_hex(ink),
        bar_active=_hex(active),
        ink_light=_hex(_until_readable(base, BLACK, LIGHT_PAGE)),
        ink_dark=_hex(_until_readable(base, WHITE, DARK_SURFACE)),
    )


def rgb_parse(colour: str) -> Rgb:
    """Red, green, blue of `#rrggbb`. Raises: BadColour."""
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) is None:
        raise BadColour(f"Цвет задаётся как «#rrggbb», а не «{colour}»")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of two colours, 1…21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _until_readable(colour: Rgb, towards: Rgb, ground: Rgb) -> Rgb:
    for step in range(STEPS + 1):
        moved = _mix(colour, towards, step / STEPS)
        if contrast(moved, ground) >= CONTRAST_AIMED:
            return moved
    return towards


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
