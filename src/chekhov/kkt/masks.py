"""A mask of a name or an address: `*` stands for any signs, `?` for one, letters count alike great or small."""

from __future__ import annotations

from typing import Final

SIGNS: Final = frozenset("*?")


def mask_matches(mask: str, text: str) -> bool:
    """Whether the whole text is of the mask; a mask without `*` and `?` need only stand somewhere in it.

    Takes no more steps than the product of both lengths, whatever the mask: people type them.
    """
    mask, text = mask.casefold(), text.casefold()
    if not SIGNS & set(mask):
        return mask in text
    here = there = 0
    star, tried = -1, 0
    while there < len(text):
        if here < len(mask) and mask[here] == "*":
            star, tried = here, there
            here += 1
        elif here < len(mask) and mask[here] in {"?", text[there]}:
            here, there = here + 1, there + 1
        elif star >= 0:
            tried += 1
            here, there = star + 1, tried
        else:
            return False
    return all(sign == "*" for sign in mask[here:])
