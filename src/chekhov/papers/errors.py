"""What can go wrong while a paper is set."""

from __future__ import annotations

from chekhov.errors import Unavailable


class PaperNotSet(Unavailable):
    """The typesetter failed; the text of a paper never decides whether it does."""

    code = "paper_not_set"
