import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chekhov.face.brand import (
    CONTRAST_MIN,
    DARK_SURFACE,
    LIGHT_PAGE,
    BadColour,
    brand_of,
    contrast,
    rgb_parse,
)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((1, 2, 3), (1, 2, 3)) == pytest.approx(1)


def test_published_contrast_example() -> None:
    """#767676 is the lightest grey that passes AA on white."""
    assert contrast(rgb_parse("#767676"), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@given(st.integers(0, 0xFFFFFF))
@settings(max_examples=200)
def test_any_colour_of_an_operator_stays_readable(number: int) -> None:
    brand = brand_of(f"#{number:06x}")
    assert contrast(rgb_parse(brand.bar), rgb_parse(brand.bar_ink)) >= CONTRAST_MIN
    assert contrast(rgb_parse(brand.bar_active), rgb_parse(brand.bar_ink)) >= CONTRAST_MIN
    assert contrast(rgb_parse(brand.ink_light), LIGHT_PAGE) >= CONTRAST_MIN
    assert contrast(rgb_parse(brand.ink_light), (255, 255, 255)) >= CONTRAST_MIN
    assert contrast(rgb_parse(brand.ink_dark), DARK_SURFACE) >= CONTRAST_MIN


def test_a_readable_colour_is_kept_as_it_is() -> None:
    assert brand_of("#2b7a4b").bar == "#2b7a4b"
    assert brand_of("#ffd24d").bar == "#ffd24d"
    assert brand_of("#ffd24d").bar_ink != "#ffffff"


def test_digest_follows_the_colour() -> None:
    assert brand_of("#2b7a4b").digest != brand_of("#2b7a4c").digest
    assert brand_of("#2B7A4B").digest == brand_of("#2b7a4b").digest


@pytest.mark.parametrize("text", ["", "#123", "2b7a4b", "#2b7a4g", "#2b7a4b;}", "#2b7a4b\n"])
def test_bad_colour(text: str) -> None:
    with pytest.raises(BadColour):
        brand_of(text)
