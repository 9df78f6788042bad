"""The words and the order of a printed document, and its tree of tags: pure data for pages, PDF, terminal."""

from chekhov.ffd.printing.layout import printed
from chekhov.ffd.printing.sheet import LineKind, PrintedLine, Sheet, Weight
from chekhov.ffd.printing.tree import TreeRow, tree
from chekhov.ffd.printing.troubles import trouble_words
from chekhov.ffd.printing.wording import human, tag_name, title_of

__all__ = [
    "LineKind",
    "PrintedLine",
    "Sheet",
    "TreeRow",
    "Weight",
    "human",
    "printed",
    "tag_name",
    "title_of",
    "tree",
    "trouble_words",
]
