import json
from pathlib import Path

from chekhov.kkt.icons import ICONS


def test_every_icon_is_in_the_sprite():
    names = json.loads((Path(__file__).parents[2] / "frontend" / "icons.json").read_text(encoding="utf-8"))
    assert len(ICONS) == 24
    assert set(ICONS) <= set(names)
    assert len(set(ICONS.values())) == 24, "each has a word of its own"
