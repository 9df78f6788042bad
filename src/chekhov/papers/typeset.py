"""Setting a paper: a template of ours and data, to PDF. Fonts are those inside the typesetter's wheel.

Data goes in as JSON and is only ever text: nothing a person typed is read as markup.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from chekhov.papers.errors import PaperNotSet

TEMPLATES: Final = Path(__file__).parent / "templates"
PREVIEW_PIXELS_PER_INCH: Final = 72.0


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf(template: str, data: Mapping[str, object], *, made_at: dt.datetime) -> bytes:
    """The paper as PDF. The same template, data and `made_at` give the same bytes.

    `template`: its name without the suffix. `made_at`: aware; stands in the file's properties.
    Raises: PaperNotSet.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at must be aware")
    pages = _set(template, data, kind="pdf", timestamp=int(made_at.timestamp()))
    assert isinstance(pages, bytes)
    return pages


def preview(template: str, data: Mapping[str, object]) -> list[bytes]:
    """The pages as PNG, small; for a glance and for tests."""
    pages = _set(template, data, kind="png", timestamp=0)
    return pages if isinstance(pages, list) else [pages]


def _set(
    template: str, data: Mapping[str, object], *, kind: typst.OutputFormat, timestamp: int
) -> bytes | list[bytes]:
    try:
        compiler = typst.Compiler(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        pages = compiler.compile(format=kind, ppi=PREVIEW_PIXELS_PER_INCH, timestamp=timestamp)
    except RuntimeError as error:  # the typesetter's own error; its text may repeat the data
        raise PaperNotSet("Документ не удалось сверстать", template=template) from error
    assert pages is not None
    return pages
