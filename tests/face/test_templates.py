"""Rules of ui.md that can be read off the templates themselves."""

import re
from pathlib import Path

import pytest

import chekhov
from chekhov.face.assets import assets

SOURCE = Path(chekhov.__file__).parent
# Letters are not pages: mail programs know no sheets. What they may hold is told by tests/notify/test_rendering.py.
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.html") if "letters" not in path.parts)
COMPONENTS = sorted((SOURCE / "face" / "templates" / "components").glob("*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20
    assert COMPONENTS


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", html), "styles live in the sheet"
    assert not re.search(r"<style", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html), "scripts live in files"
    assert not re.search(r"\son[a-z]+\s*=", html), "handlers are tied by data- attributes"
    assert not re.search(r"hx-on|hx-vals=['\"]js:", html), "htmx without eval"
    assert "|safe" not in html
    assert "autoescape off" not in html
    assert not re.search(r"https?://", html)


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_each_component_says_how_it_is_used(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert re.search(r"\{% comment %\}.*(Use:|Blocks:)|\{#.*(Use:|Blocks:)", html, re.DOTALL)


def test_every_icon_used_is_in_the_sprite_and_every_icon_of_the_sprite_is_used() -> None:
    used: set[str] = set()
    for path in TEMPLATES:
        used |= set(re.findall(r"\{% icon \"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*/**/*.py"))
    in_code = {name for name in assets().icons if f'"{name}"' in code}
    assert used <= assets().icons
    assert assets().icons - used - in_code == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_post_form_carries_its_token(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
        assert "{% csrf_token %}" in form
