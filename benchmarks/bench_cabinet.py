# ruff: noqa: PLC0415 - Django is set up when the database is there
"""Figures of a customer's questions: a real database (fsync on), millions of honest documents, one account.

CHEKHOV_BENCH_DOCUMENTS: how many documents, by default 1,000,000; the stated bounds are for 10,000,000.
CHEKHOV_BENCH_HOME: a folder to keep the database in, so that the next run finds it filled.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chekhov.db.embedded import EmbeddedPostgres
from loader import LAST_DAY, OPERATOR_INN, USER_INN, fill, registers_of

# Taken out of the environment: the settings refuse names they do not know.
DOCUMENTS = int(os.environ.pop("CHEKHOV_BENCH_DOCUMENTS", "1000000"))
KEPT_IN = os.environ.pop("CHEKHOV_BENCH_HOME", None)
REGISTERS = 50
RUNS = 200
PROJECTED_PER_SECOND_MIN = 5_000
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
MONTH = dt.date(2026, 11, 1), LAST_DAY
THIRTY_DAYS = dt.date(2026, 10, 23), LAST_DAY


def percentile(figures: list[float], share: float) -> float:
    """The figure that this share did not exceed."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(name: str, bound_ms: float, work: Callable[[random.Random], Any], runs: int = RUNS) -> None:
    """Print median and p95 of the runs, the bound and their ratio."""
    dice = random.Random(name)
    for _ in range(3):
        work(dice)
    figures = []
    for _ in range(runs):
        began = time.perf_counter()
        work(dice)
        figures.append((time.perf_counter() - began) * 1000)
    p95 = percentile(figures, 0.95)
    print(
        f"{name:44}{statistics.median(figures):9.1f}{p95:9.1f}{bound_ms:9.0f}{p95 / bound_ms:8.2f}",
        flush=True,
    )


def prepare(url: str) -> None:
    """A journal filled and projected, if it is not yet."""
    from django.db import connection

    from chekhov.fiscal import projector
    from chekhov.fiscal.models import FiscalDocument, ProjectorCursor

    if not FiscalDocument.objects.exists():
        made = fill(url, DOCUMENTS, registers=REGISTERS)
        print(f"{made['documents']:,} documents of {made['days']} days in {made['seconds']:.0f} s")
    began, done = time.perf_counter(), 0
    while count := projector.step():
        done += count
    if done:
        rate = done / (time.perf_counter() - began)
        print(
            f"projected {rate:,.0f} documents/s; bound {PROJECTED_PER_SECOND_MIN:,}, ratio {rate / PROJECTED_PER_SECOND_MIN:.2f}"
        )
        with connection.cursor() as sql:
            sql.execute("VACUUM ANALYZE")
    print(f"{ProjectorCursor.objects.get().documents:,} documents in the journal")


def owner_of(registers: list[tuple[str, str]]) -> Any:
    """The account with these registers; its owner."""
    from chekhov.accounts.models import Account, User
    from chekhov.kkt.models import Kkt
    from chekhov.orgs.models import Membership, Organisation
    from chekhov.orgs.sections import Role

    if found := User.objects.filter(email="owner@bench.test").first():
        return found
    owner = User.objects.create_user("owner@bench.test", None, full_name="Раневская Любовь")
    account = Account.objects.create(opened_by=owner)
    Membership.objects.create(
        account=account, user=owner, role=Role.OWNER, email=owner.email, full_name=owner.full_name,
        created_at=NOW, confirmed_at=NOW,
    )  # fmt: skip
    organisation = Organisation.objects.create(account=account, name="ООО «Вишнёвый сад»", inn=USER_INN)
    for number, (rnm, _) in enumerate(registers):
        Kkt.objects.create(organisation=organisation, name=f"Касса {number + 1}", rnm=rnm)
    return owner


def questions(owner: Any, registers: list[tuple[str, str]]) -> None:
    """The table."""
    from django.db import connection

    from chekhov.ffd.checks import check
    from chekhov.ffd.documents import document_decode
    from chekhov.ffd.printing import printed
    from chekhov.fiscal import dashboard as board
    from chekhov.fiscal.access import document_for_user, scope_for_user
    from chekhov.fiscal.forecast import drive_lives
    from chekhov.fiscal.payments import Payment
    from chekhov.fiscal.scope import Scope
    from chekhov.fiscal.search import ReceiptsWanted, receipts_page
    from chekhov.ofdwire.limits import CONTAINER_HEADER_BYTES

    with connection.cursor() as sql:
        sql.execute(
            "SELECT fn, fd, fpd FROM fiscal_document TABLESAMPLE SYSTEM (1)"
            " WHERE code = 3 AND rnm = ANY(%s) LIMIT 5000",
            [[rnm for rnm, _ in registers]],
        )
        sample = sql.fetchall()

    def whole() -> Scope:
        return scope_for_user(user=owner, now=NOW)

    def one(dice: random.Random) -> Scope:
        return Scope.of(dice.choice(registers))

    def latest(dice: random.Random) -> None:
        assert len(receipts_page(one(dice)).documents) == 50

    def by_sign(dice: random.Random) -> None:
        fn, fd, fpd = dice.choice(sample)
        found = receipts_page(whole(), ReceiptsWanted(fpd=fpd)).documents
        assert (fn, fd) in {(row.fn, row.fd) for row in found}

    def opened(dice: random.Random) -> None:
        fn, fd, _ = dice.choice(sample)
        row = document_for_user(user=owner, fn=fn, fd=fd, now=NOW)
        document = document_decode(bytes(row.container)[CONTAINER_HEADER_BYTES:])
        check(document)
        assert printed(document)

    month, thirty = board.Period(*MONTH), board.Period(*THIRTY_DAYS)
    page = receipts_page(Scope.of(registers[0]))
    for _ in range(20):
        page = receipts_page(Scope.of(registers[0]), before=page.next_cursor)
    deep = page.next_cursor
    milk = ReceiptsWanted(item="молоко", since=MONTH[0], until=MONTH[1])
    day = ReceiptsWanted(since=LAST_DAY, until=LAST_DAY, sum_from=50_000, sum_to=50_500)
    print(f"\n{'':44}{'median':>9}{'p95 ms':>9}{'bound':>9}{'ratio':>8}")
    measure("last 50 of a register", 20, latest)
    measure("50 of a register, page 22", 20, lambda _: receipts_page(Scope.of(registers[0]), before=deep))
    measure("last 50 of all registers", 100, lambda _: receipts_page(whole()), 50)
    measure("search by ФПД over all registers", 20, by_sign)
    measure(
        "search by ФД over all registers",
        20,
        lambda dice: receipts_page(whole(), ReceiptsWanted(fd=dice.randrange(1, 9_999))),
    )
    measure("sum with a date, all registers", 100, lambda _: receipts_page(whole(), day), 50)
    measure("goods by a word, a register, a month", 100, lambda dice: receipts_page(one(dice), milk), 50)
    measure("goods by a word, all registers, a month", 300, lambda _: receipts_page(whole(), milk), 30)
    measure(
        "paid in cash, a register",
        100,
        lambda dice: receipts_page(one(dice), ReceiptsWanted(payment=Payment.CASH)),
        50,
    )
    measure(
        "returns, a register", 100, lambda dice: receipts_page(one(dice), ReceiptsWanted(operation=2)), 50
    )
    measure("dashboard of a month, all registers", 150, lambda _: board.dashboard(whole(), month), 50)
    measure("dashboard of a month, a register", 150, lambda dice: board.dashboard(one(dice), month), 50)
    measure("dashboard of 30 days, all registers", 300, lambda _: board.dashboard(whole(), thirty), 50)
    measure("drives' life, all registers", 100, lambda _: drive_lives(whole(), today=LAST_DAY), 50)
    measure("opening a receipt", 50, opened)
    pages(owner, sample)


def pages(owner: Any, sample: list[tuple[str, int, int]]) -> None:
    """Whole pages, from the request to the last byte: rights, questions, templates."""
    from django.conf import settings
    from django.test import Client

    from chekhov.contracts.models import Contract, OfferVersion
    from chekhov.kkt.models import Kkt
    from chekhov.orgs.models import Organisation

    organisation = Organisation.objects.get(inn=USER_INN)
    if not Contract.objects.filter(organisation=organisation).exists():
        Contract.objects.create(
            organisation=organisation, number=1, offer=OfferVersion.objects.order_by("number")[0],
            signed_on=NOW.date(), starts_on=NOW.date(), created_at=NOW,
        )  # fmt: skip
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0].lstrip(".")})
    client.force_login(owner)
    kkts = list(Kkt.objects.filter(organisation=organisation).values_list("pk", flat=True))

    def got(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    def document(dice: random.Random) -> None:
        fn, fd, _ = dice.choice(sample)
        got(f"/cabinet/documents/{fn}/{fd}/")

    def receipts(dice: random.Random) -> None:
        got(f"/cabinet/kkt/{dice.choice(kkts)}/receipts/")

    measure("page of a receipt", 50, document)
    measure("page of a register's documents", 100, receipts)
    measure(
        "page of the overview, last month", 150, lambda _: got("/cabinet/overview/?period=last_month"), 50
    )
    measure("page of registers", 100, lambda _: got("/cabinet/kkt/"), 50)
    measure("page of reminders", 100, lambda _: got("/cabinet/attention/"), 50)


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory(prefix="chekhov-bench-") as folder:
        home = Path(KEPT_IN or folder) / "home"
        with EmbeddedPostgres(home) as database:
            os.environ.update(
                DATABASE_URL=database.url, CHEKHOV_HOME=str(home), CHEKHOV_OPERATOR_INN=OPERATOR_INN,
                DJANGO_SETTINGS_MODULE="chekhov.config.settings",
            )  # fmt: skip
            import django

            django.setup()
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", verbosity=0)
            prepare(database.url)
            registers = registers_of(REGISTERS)
            questions(owner_of(registers), registers)
            connection.close()


if __name__ == "__main__":
    main()
