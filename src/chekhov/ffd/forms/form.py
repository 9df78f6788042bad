"""What a form of a document, or a group inside one, is made of in one version of the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from chekhov.ffd.versions import FfdVersion

Row = tuple[int, str, str, str]
"""Tag and its cells for FFD 1.05, 1.1 and 1.2. A cell: requirement, form, `*` if it may repeat; "" if absent."""

Tables = dict[str, str]
"""Label of a version to the table of the order that the column is from."""

COLUMNS = (FfdVersion.V1_05, FfdVersion.V1_1, FfdVersion.V1_2)


class Requirement(NamedTuple):
    """One row of a table.

    `requirement`: 1 must be there, 2 in the cases that the notes name, 3 may be absent, None not known.
    `form`: P printed, E electronic, PE both, None not known. `table`: of the order ЕД-7-20/662@, None for
    requisites added by later orders.

    Caution: the transcription flattens cells that differ between the printed and the electronic form, so
    1 is a reason to warn and no proof of a mistake.
    """

    tag: int
    requirement: int | None
    form: str | None
    repeated: bool
    table: str | None

    @property
    def is_electronic(self) -> bool:
        """Whether it belongs into the bytes; a requisite of unknown form may."""
        return self.form is None or "E" in self.form


@dataclass(frozen=True, slots=True)
class Form:
    """Requisites of a document (`code`) or of a group (`parent`) in one version, in the order of the table."""

    version: FfdVersion
    rows: tuple[Requirement, ...]
    code: int | None = None
    parent: int | None = None
    by_tag: dict[int, Requirement] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the rows; a tag stands in a table once."""
        by_tag = {row.tag: row for row in self.rows}
        if len(by_tag) != len(self.rows):
            raise ValueError(f"a tag stands twice in form {self.code or self.parent}")
        object.__setattr__(self, "by_tag", by_tag)

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.rows)

    def __contains__(self, tag: object) -> bool:
        return tag in self.by_tag

    def get(self, tag: int) -> Requirement | None:
        """The row of a tag, None if the version's table has no such row."""
        return self.by_tag.get(tag)


def requirements(
    version: FfdVersion, rows: Iterable[Row], tables: Tables | None = None
) -> tuple[Requirement, ...]:
    """The column of one version as requirements; rows without a cell there are left out."""
    column = COLUMNS.index(version) + 1
    table = (tables or {}).get(version.label)
    return tuple(_requirement(row[0], str(row[column]), table) for row in rows if row[column])


def _requirement(tag: int, cell: str, table: str | None) -> Requirement:
    requirement, form = cell.split()
    repeated, form = form.endswith("*"), form.removesuffix("*")
    return Requirement(
        tag, None if requirement == "?" else int(requirement), None if form == "?" else form, repeated, table
    )
