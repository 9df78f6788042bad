"""Letters as files: a maildir under the installation's home, for machines without a mail server.

A letter's file is named by its Message-ID, so handing the same letter over twice leaves one file.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from chekhov.notify.errors import LetterNotFound

LETTERS_SHOWN_MAX = 200
KEY_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


@dataclass(frozen=True, slots=True)
class MaildirLetter:
    """A letter as a person would read it. `html` is as sent: show it only where scripts cannot run."""

    key: str
    recipient: str
    sender: str
    subject: str
    at: dt.datetime
    text: str
    html: str


def maildir_deliver(message: EmailMessage, *, folder: Path | None = None) -> Path:
    """Put a message into the maildir; whole or not at all, readable by the owner only. Raises: OSError."""
    home = folder or maildir_folder()
    for name in ("tmp", "new", "cur"):
        (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    key = str(message["Message-ID"]).strip("<>").partition("@")[0]
    if not KEY_FORM.match(key):
        raise ValueError(f"a letter without a number of its own: {key}")
    draft, place = home / "tmp" / f"{key}.{os.getpid()}", home / "new" / key
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    return place


def letters_in_maildir(*, limit: int = LETTERS_SHOWN_MAX, folder: Path | None = None) -> list[MaildirLetter]:
    """The newest letters first."""
    found = []
    for path in _files(folder or maildir_folder()):
        try:
            found.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:  # somebody cleans up
            continue
    newest = [path for _, path in sorted(found, reverse=True)[: max(1, min(limit, LETTERS_SHOWN_MAX))]]
    return [letter for letter in map(_read, newest) if letter is not None]


def letter_in_maildir(key: str, *, folder: Path | None = None) -> MaildirLetter:
    """One letter. Raises: LetterNotFound."""
    home = folder or maildir_folder()
    if KEY_FORM.match(key):
        for name in ("new", "cur"):
            letter = _read(home / name / key)
            if letter is not None:
                return letter
    raise LetterNotFound("Такого письма нет")


def maildir_folder() -> Path:
    """Where letters of this installation lie."""
    return Path(settings.HOME) / "mail"


def _files(home: Path) -> list[Path]:
    return [
        path
        for name in ("new", "cur")
        if (home / name).is_dir()
        for path in (home / name).iterdir()
        if KEY_FORM.match(path.name)
    ]


def _read(path: Path) -> MaildirLetter | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return MaildirLetter(
        key=path.name,
        recipient=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        at=parsedate_to_datetime(str(message["Date"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content())
