"""What the address of a page asks of its table: order, page size, columns, where to go on.

All of it lives in the query, beside the page's filters, so that a list can be kept, sent and gone back to. What the
query asks amiss is taken as not asked. A list may remember a person's columns and page size while he is logged in,
for when the query says nothing of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.http import HttpRequest, QueryDict

from chekhov.face.cells import Column, Head

ORDER: Final = "order"
SIZE: Final = "size"
COLUMNS: Final = "columns"
BEFORE: Final = "before"
PAGE_SIZES: Final = (20, 50, 100)
PAGE_SIZE: Final = 50
WORDS_MAX: Final = 50
WORD_CHARACTERS_MAX: Final = 200
REMEMBERED: Final = "tables"
"""Of the session: what each list remembers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table; made by `asked_of`.

    order: a column's `sort`, with «-» before it for the other way. columns: keys of the chosen ones; None: as the
    table begins. before: the cursor of the page, empty at the beginning; the list's own selector reads it.
    """

    path: str
    query: QueryDict
    order: str
    page_size: int
    sizes: tuple[int, ...] = PAGE_SIZES
    columns: frozenset[str] | None = None
    before: str = ""

    def older_url(self, cursor: object) -> str:
        """The list further on; empty when there is nothing further (None)."""
        if cursor is None:
            return ""
        return self._url(self.query, {BEFORE: str(cursor)})

    @property
    def first_url(self) -> str:
        """The beginning of the list; empty when it is shown already."""
        return self._url(self._without(BEFORE)) if self.before else ""

    def head(self, column: Column) -> Head:
        """The column's head: pressed once it orders the list by the column, pressed again it turns it round."""
        if not column.sort:
            return Head(column)
        direction: Literal["", "ascending", "descending"] = ""
        wanted = column.sort
        if self.order == column.sort:
            direction, wanted = "ascending", f"-{column.sort}"
        elif self.order == f"-{column.sort}":
            direction = "descending"
        return Head(column, self._url(self._without(BEFORE), {ORDER: wanted}), direction)

    def shows(self, column: Column) -> bool:
        """Whether the column is shown."""
        if column.title:
            return True
        return not column.spare if self.columns is None else column.key in self.columns

    @property
    def size_links(self) -> list[tuple[int, str]]:
        """The page sizes, each with its address; empty for the present one."""
        return [
            (size, "" if size == self.page_size else self._url(self._without(BEFORE), {SIZE: str(size)}))
            for size in self.sizes
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form that chooses columns sends along."""
        return pairs_of(self._without(COLUMNS))

    @property
    def columns_url(self) -> str:
        """The list with the columns it begins with; empty when they are shown."""
        return "" if self.columns is None else self._url(self._without(COLUMNS), {COLUMNS: ""})

    def export_url(self, path: str) -> str:
        """Where the same list, in the same order and columns, is taken out whole."""
        shown = {} if self.columns is None else {COLUMNS: ",".join(sorted(self.columns))}
        return self._url(self._without(BEFORE, SIZE, COLUMNS), shown, path=path)

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What narrows the list: all of the query that is not about the table itself."""
        return pairs_of(self._without(ORDER, SIZE, COLUMNS, BEFORE))

    def _without(self, *names: str) -> QueryDict:
        changed = self.query.copy()
        for name in names:
            changed.pop(name, None)
        return changed

    def _url(self, query: QueryDict, changes: dict[str, str] | None = None, path: str = "") -> str:
        changed = query.copy()
        for name, value in (changes or {}).items():
            changed[name] = value
        text = changed.urlencode()
        return f"{path or self.path}?{text}" if text else path or self.path


def asked_of(
    request: HttpRequest,
    columns: Sequence[Column],
    *,
    order: str,
    page_size: int = PAGE_SIZE,
    sizes: tuple[int, ...] = PAGE_SIZES,
    remember: str = "",
) -> Asked:
    """What the request asks of a table with these columns; `order` and `page_size` are what it begins with.

    remember: the name under which the person's columns and page size are kept for his next look at the list.
    """
    query = request.GET
    told = _told(request, remember) if remember else {name: query.getlist(name) for name in (COLUMNS, SIZE)}
    known = {way for column in columns if column.sort for way in (column.sort, f"-{column.sort}")}
    wanted = query.get(ORDER, "")
    size = (told[SIZE] or [""])[-1]
    keys = {column.key for column in columns}
    chosen = frozenset(word for part in told[COLUMNS] for word in part.split(",")) & keys
    return Asked(
        path=request.path,
        query=query,
        order=wanted if wanted in known else order,
        page_size=int(size) if size in {str(known_size) for known_size in sizes} else page_size,
        sizes=sizes,
        columns=chosen or None,
        before=query.get(BEFORE, ""),
    )


def _told(request: HttpRequest, name: str) -> dict[str, list[str]]:
    """Columns and page size: as the query has them, and remembered; else as remembered."""
    lists = request.session.get(REMEMBERED, {})
    before = lists.get(name, {})
    told = {
        word: request.GET.getlist(word) if word in request.GET else before.get(word, [])
        for word in (COLUMNS, SIZE)
    }
    kept = {word: [one[:WORD_CHARACTERS_MAX] for one in words[:WORDS_MAX]] for word, words in told.items()}
    if kept != before and any(word in request.GET for word in kept):
        request.session[REMEMBERED] = {**lists, name: kept}
    return told


def pairs_of(query: QueryDict) -> list[tuple[str, str]]:
    """A query as hidden fields of a form."""
    return [(name, value) for name, values in query.lists() for value in values]
