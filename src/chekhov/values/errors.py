"""What can be wrong with a requisite."""

from __future__ import annotations

from chekhov.errors import Malformed


class BadRequisite(Malformed):
    """Text that is not the requisite it claims to be: wrong characters, wrong length, wrong check digit."""

    code = "bad_requisite"


class BadQuantity(Malformed):
    """A number that is no quantity of goods."""

    code = "bad_quantity"
