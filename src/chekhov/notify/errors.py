"""What can go wrong with letters."""

from __future__ import annotations

from chekhov.errors import Conflict, Malformed, NotFound, RuleBroken


class UnknownLetter(Malformed):
    """There is no such kind of letter; a mistake of the calling code."""

    code = "unknown_letter"


class BadLetter(Malformed):
    """What the letter is filled with is not what its kind asks for; a mistake of the calling code."""

    code = "bad_letter"


class BadRecipient(Malformed):
    """The text is not an e-mail address that letters can be sent to."""

    code = "bad_recipient"


class LetterNotFound(NotFound):
    """There is no such letter."""

    code = "letter_not_found"


class LetterNotDead(Conflict):
    """Only a letter that was given up can be sent anew."""

    code = "letter_not_dead"


class LetterSecretGone(RuleBroken):
    """What the letter had to carry is no longer kept; the person asks for a new link."""

    code = "letter_secret_gone"


class SealBroken(Malformed):
    """Sealed bytes were changed, are another row's, or were sealed under another key."""

    code = "seal_broken"
