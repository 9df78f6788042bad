import gzip
import json
import os
from pathlib import Path

import pytest

from chekhov.face import assets as module
from chekhov.face.assets import DIST, AssetNotFound, AssetsNotBuilt, assets

FIRST_LOAD_BYTES_MAX = 200_000


def test_every_file_of_the_list_is_there() -> None:
    for name in assets().files:
        assert (DIST.parent / assets().path(name)).is_file(), name


def test_unknown_names_are_told() -> None:
    with pytest.raises(AssetNotFound):
        assets().path("nothing.js")
    with pytest.raises(AssetNotFound):
        assets().icon_check("unicorn")


def test_a_missing_build_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "MANIFEST", tmp_path / "assets.json")
    with pytest.raises(AssetsNotBuilt, match="make assets"):
        assets()


def test_a_newer_build_is_read_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    manifest = tmp_path / "assets.json"
    monkeypatch.setattr(module, "MANIFEST", manifest)
    manifest.write_text(json.dumps({"files": {"a.js": "a-1.js"}, "icons": []}))
    assert assets().path("a.js") == "dist/a-1.js"
    manifest.write_text(json.dumps({"files": {"a.js": "a-2.js"}, "icons": []}))
    os.utime(manifest, ns=(1, 1))
    assert assets().path("a.js") == "dist/a-2.js"


def test_text_files_have_compressed_neighbours_of_the_same_content() -> None:
    texts = [path for path in DIST.iterdir() if path.suffix in {".js", ".css", ".svg"}]
    assert texts
    for path in texts:
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
        assert path.with_name(path.name + ".br").is_file()


def test_first_load_is_within_the_budget() -> None:
    """Sheet, scripts and icons as gzip, both fonts as they are; a page's own HTML is some 5 kB more."""
    total = 10_000
    for name, path in assets().files.items():
        file = DIST.parent / "dist" / path
        if name.endswith(".woff2"):
            total += file.stat().st_size  # the third, with the sign of the rouble, counted too
        elif name.endswith((".js", ".css", ".svg")):
            total += file.with_name(file.name + ".gz").stat().st_size
    assert total <= FIRST_LOAD_BYTES_MAX


def test_styles_load_nothing_from_elsewhere_and_fonts_are_files() -> None:
    css = (DIST / assets().files["main.css"]).read_text()
    assert "http://" not in css.replace("http://www.w3.org/", "")
    assert "https://" not in css
    assert "font/woff2;base64" not in css
    assert "@import" not in css
