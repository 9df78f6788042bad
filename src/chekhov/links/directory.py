"""The directory of companies: from an ИНН to a card, in one of three outcomes.

`Found`, `NotFound` («такого ИНН нет в реестре») and `CouldNotAsk` are answers, not errors: a form goes on with
each of them. Providers are asked in order; the local one needs no network. Answers hold personal data of sole
traders: they are never logged, and kept in memory for a day at most.
Source: the vendor's description of `findById/party`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import queue
import ssl
import threading
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from chekhov.db.guards import outside_transaction
from chekhov.links.directory_reading import CompanyCard, card_of_dadata, card_of_local
from chekhov.values.requisites import Inn

LOCAL_FILE: Final = Path(__file__).parent / "directory_local.json"
LOCAL_PREFIX: Final = "9999"  # such numbers are given to nobody, so the local file knows all of them
DADATA_URL: Final = "https://suggestions.dadata.ru/suggestions/api/4_1/rs/findById/party"
ASK_SECONDS_MAX: Final = 2.0
ATTEMPTS_MAX: Final = 2
ANSWER_BYTES_MAX: Final = 1024 * 1024
QUESTIONS_AT_ONCE_MAX: Final = 16
KEPT_FOR: Final = dt.timedelta(days=1)
KEPT_ANSWERS_MAX: Final = 1000
CONTENT_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Found:
    """The company's card, from where, and when it was true."""

    card: CompanyCard
    source: str
    as_of: dt.datetime


@dataclass(frozen=True, slots=True)
class NotFound:
    """The directory that knows all such numbers does not know this one."""

    source: str


@dataclass(frozen=True, slots=True)
class CouldNotAsk:
    """Nobody could be asked; `reason` is for logs and staff, without personal data."""

    reason: str


Answer = Found | NotFound | CouldNotAsk


class _Reply(NamedTuple):
    status: int
    body: bytes


class Provider(Protocol):
    """One source of cards. `far`: asking costs something, so its sure answers are kept."""

    name: str
    far: bool

    def ask(self, inn: Inn, *, now: dt.datetime) -> Answer:
        """One of the three outcomes; never raises for what a far party does."""
        ...


class LocalDirectory:
    """A file of companies: offline, and authoritative only for made-up numbers."""

    name = "local"
    far = False

    def __init__(self, path: Path = LOCAL_FILE) -> None:
        """`path`: JSON list, see `directory_reading.card_of_local`."""
        self._path = path

    def ask(self, inn: Inn, *, now: dt.datetime) -> Answer:
        """Look into the file."""
        card = _cards(self._path).get(inn)
        if card is not None:
            return Found(card, self.name, now)
        if inn.startswith(LOCAL_PREFIX):
            return NotFound(self.name)
        return CouldNotAsk("local: only demo companies are known")


class DaData:
    """DaData's search by ИНН; head offices only. `key` goes into a header and nowhere else."""

    name = "dadata"
    far = True

    def __init__(self, key: str, *, url: str = DADATA_URL, timeout_seconds: float = ASK_SECONDS_MAX) -> None:
        """`url`: https, or http for tests and a proxy of one's own."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or timeout_seconds <= 0:
            raise ValueError(
                "the address of the directory must be http(s)://host/path, the time-out positive"
            )
        if not key.isascii() or not key.isprintable() or not key.strip():
            raise ValueError("the key of the directory must be printable ASCII")
        self._parts = parts
        self._key = key.strip()
        self._timeout_seconds = timeout_seconds
        self._places = threading.BoundedSemaphore(QUESTIONS_AT_ONCE_MAX)

    def __repr__(self) -> str:
        return f"DaData({self._parts.hostname})"

    def ask(self, inn: Inn, *, now: dt.datetime) -> Answer:
        """Ask over the network, twice if the first time failed on the way. Raises: InsideTransaction.

        Takes `timeout_seconds` an attempt at most, names' resolution and a dripping answer included.
        """
        outside_transaction()
        outcome: Answer = CouldNotAsk("dadata: not asked")
        for _ in range(ATTEMPTS_MAX):
            reply = self._post_in_time({"query": str(inn), "branch_type": "MAIN", "count": 1})
            if isinstance(reply, CouldNotAsk):
                outcome = reply
            elif reply.status < 500:
                return self._read(inn, reply.status, reply.body, now)
            else:
                outcome = CouldNotAsk(f"dadata: status {reply.status}")
        return outcome

    def _post_in_time(self, question: Mapping[str, object]) -> _Reply | CouldNotAsk:
        """Ask in a thread of its own, which may be left behind: no socket option bounds a whole exchange."""
        if not self._places.acquire(blocking=False):
            return CouldNotAsk("dadata: too many questions wait for an answer")
        replies: queue.SimpleQueue[_Reply | CouldNotAsk] = queue.SimpleQueue()

        def work() -> None:
            try:
                replies.put(self._post(question))
            except TimeoutError:
                replies.put(CouldNotAsk("dadata: no answer in time"))
            except (OSError, http.client.HTTPException) as error:
                replies.put(CouldNotAsk(f"dadata: {type(error).__name__}"))
            finally:
                self._places.release()

        threading.Thread(target=work, name="directory", daemon=True).start()
        try:
            return replies.get(timeout=self._timeout_seconds)
        except queue.Empty:
            return CouldNotAsk("dadata: no answer in time")

    def _post(self, question: Mapping[str, object]) -> _Reply:
        host, port = self._parts.hostname or "", self._parts.port
        connection: http.client.HTTPConnection
        if self._parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, port, timeout=self._timeout_seconds, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=self._timeout_seconds)
        with contextlib.closing(connection):
            connection.request(
                "POST",
                self._parts.path or "/",
                body=json.dumps(question),
                headers={
                    "Content-Type": CONTENT_TYPE,
                    "Accept": CONTENT_TYPE,
                    "Authorization": f"Token {self._key}",
                },
            )
            answer = connection.getresponse()
            return _Reply(answer.status, answer.read(ANSWER_BYTES_MAX + 1))

    def _read(self, inn: Inn, status: int, body: bytes, now: dt.datetime) -> Answer:
        if status in {401, 403}:
            return CouldNotAsk("dadata: the key is refused or its limit is spent")
        if status != 200:
            return CouldNotAsk(f"dadata: status {status}")
        if len(body) > ANSWER_BYTES_MAX:
            return CouldNotAsk("dadata: the answer is too long")
        try:
            suggestions: Any = json.loads(body)["suggestions"]
            cards = [card_of_dadata(suggestion) for suggestion in suggestions]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return CouldNotAsk("dadata: the answer is not understood")
        card = next((card for card in cards if card.inn == inn), None)
        return NotFound(self.name) if card is None else Found(card, self.name, now)


class Directory:
    """Providers in order: the first that found, or that is sure there is no such company, answers.

    Sure answers of far parties are kept for a day in this process. Safe for several threads.
    """

    def __init__(self, providers: Sequence[Provider]) -> None:
        """`providers`: asked in this order."""
        self._providers = tuple(providers)
        self._kept: dict[str, tuple[dt.datetime, Answer]] = {}
        self._lock = threading.Lock()

    def lookup(self, inn: Inn, *, now: dt.datetime, afresh: bool = False) -> Answer:
        """Found, NotFound or CouldNotAsk. Raises: InsideTransaction if a far party had to be asked there.

        afresh: do not take an answer that was kept.
        """
        kept = None if afresh else self._recall(inn, now)
        if kept is not None:
            return kept
        reasons = []
        for provider in self._providers:
            answer = provider.ask(inn, now=now)
            if not isinstance(answer, CouldNotAsk):
                if provider.far:
                    self._keep(inn, now, answer)
                return answer
            reasons.append(answer.reason)
        return CouldNotAsk("; ".join(reasons) or "no directory is set up")

    def _recall(self, inn: Inn, now: dt.datetime) -> Answer | None:
        with self._lock:
            kept = self._kept.get(inn)
            if kept is None:
                return None
            if not dt.timedelta() <= now - kept[0] < KEPT_FOR:
                del self._kept[inn]
                return None
            return kept[1]

    def _keep(self, inn: Inn, now: dt.datetime, answer: Answer) -> None:
        with self._lock:
            while len(self._kept) >= KEPT_ANSWERS_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[str(inn)] = (now, answer)


def directory_make(
    names: Sequence[str], *, dadata_key: str = "", own: Mapping[str, Provider] | None = None
) -> Directory:
    """The directory of these providers: `local`, `dadata`, or one of `own`, which rooms above bring along.

    Raises ValueError for any other, or without a key.
    """
    providers: list[Provider] = []
    for name in names:
        match name:
            case "local":
                providers.append(LocalDirectory())
            case "dadata":
                providers.append(DaData(dadata_key))
            case _ if own and name in own:
                providers.append(own[name])
            case _:
                raise ValueError(f"there is no directory of companies named {name!r}")
    return Directory(providers)


@lru_cache(maxsize=8)
def _cards(path: Path) -> dict[str, CompanyCard]:
    rows: Any = json.loads(path.read_bytes())
    cards = [card_of_local(row) for row in rows]
    return {card.inn: card for card in cards}
