"""What the frontend build left in `static/dist`: hashed files by their stable names, and the icons of the sprite."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chekhov.errors import NotFound, Unavailable

DIST = Path(__file__).parent / "static" / "dist"
MANIFEST = DIST / "assets.json"


class AssetsNotBuilt(Unavailable):
    """The frontend has not been built on this machine."""

    code = "assets_not_built"


class AssetNotFound(NotFound):
    """The build has no file or icon of this name."""

    code = "asset_not_found"


@dataclass(frozen=True, slots=True)
class Assets:
    """Stable names → paths below STATIC_URL, and the names of the icons in the sprite."""

    files: dict[str, str]
    icons: frozenset[str]

    def path(self, name: str) -> str:
        """The file's path below STATIC_URL. Raises: AssetNotFound."""
        try:
            return f"dist/{self.files[name]}"
        except KeyError:
            raise AssetNotFound(f"В сборке нет файла «{name}»", name=name) from None

    def icon_check(self, name: str) -> str:
        """The icon's name if the sprite has it. Raises: AssetNotFound."""
        if name not in self.icons:
            raise AssetNotFound(
                f"В наборе нет значка «{name}»: добавьте его в frontend/icons.json", name=name
            )
        return name


def assets() -> Assets:
    """The build's list, read again when the build is newer. Raises: AssetsNotBuilt."""
    try:
        changed_ns = MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetsNotBuilt("Страницы не собраны: выполните «make assets»") from None
    return _read(changed_ns)


@lru_cache(maxsize=1)
def _read(changed_ns: int) -> Assets:  # noqa: ARG001  # the key of the cache
    data = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return Assets(dict(data["files"]), frozenset(data["icons"]))
