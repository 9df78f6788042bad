"""Tokens of links and generated passwords."""

from __future__ import annotations

import hashlib
import secrets

# No letter or digit that is taken for another one on paper or on the phone: i l o 0 1.
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105
PASSWORD_GROUPS = 4
PASSWORD_GROUP_CHARACTERS = 4
"""Four groups of four: 79 bits, more than can be guessed; an attacker has some attempts an hour."""

TOKEN_BYTES = 32
TOKEN_CHARACTERS_MAX = 64


def password_generate() -> str:
    """A password that can be read aloud: `k7mp-x2vh-9rtn-4cwe`. It always has a letter and a digit."""
    while True:
        groups = [
            "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(PASSWORD_GROUP_CHARACTERS))
            for _ in range(PASSWORD_GROUPS)
        ]
        password = "-".join(groups)
        if any(one.isdigit() for one in password) and any(one.isalpha() for one in password):
            return password


def token_make() -> str:
    """A token of a link: 256 bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token. A plain hash will do: nobody guesses 256 bits."""
    return hashlib.sha256(token[:TOKEN_CHARACTERS_MAX].encode()).hexdigest()
