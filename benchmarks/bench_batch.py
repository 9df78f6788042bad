# ruff: noqa: PLC0415 - Django is set up with the database that is started here
"""A table of 20,000 registers: reading, checking, drafting and applying it, a transaction for each row.

Usage: bench_batch.py [--rows 20000]. A real database of its own (fsync on), one process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

from chekhov.db.embedded import EmbeddedPostgres
from chekhov.values.registers import RegistrationNumber

SECONDS_MAX = 60.0
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
INN = "7700000006"


def table(rows: int) -> bytes:
    """An XLSX file of registers that nobody has, each with all its numbers."""
    from chekhov.kkt.batch_table import COLUMNS

    book = Workbook(write_only=True)
    sheet = book.create_sheet("ККТ")
    sheet.append(COLUMNS)
    for number in range(1, rows + 1):
        serial = f"{number:014}"
        rnm = RegistrationNumber.compose(number, INN, serial)
        sheet.append((rnm, f"Касса {number}", serial, f"{9_960_440_000_000_000 + number}", "12"[number % 2]))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    """Make the table, take it, apply it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, EmbeddedPostgres(Path(home) / "postgres") as server:
        os.environ["DATABASE_URL"] = server.url
        os.environ.setdefault("CHEKHOV_HOME", home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "chekhov.config.settings"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        from chekhov.accounts.models import Account, User
        from chekhov.audit.models import ActorKind
        from chekhov.kkt.models import Kkt
        from chekhov.kkt.services import batch_start, batch_take, batches_step
        from chekhov.orgs.actor import Actor
        from chekhov.orgs.models import Membership, Organisation

        owner = User.objects.create_user("owner@example.test", None, full_name="Раневская Любовь")
        account = Account.objects.create(opened_by=owner)
        Membership.objects.create(
            account=account, user=owner, email=owner.email, full_name="Раневская", role="owner",
            created_at=NOW, confirmed_at=NOW,
        )  # fmt: skip
        company = Organisation.objects.create(
            account=account, name="ООО «Вишнёвый сад»", kpp="770101001", inn=INN
        )
        actor = Actor(user=owner, kind=ActorKind.CUSTOMER)
        content = table(options.rows)
        began_at = time.perf_counter()
        batch = batch_take(actor=actor, organisation=company, name="kkt.xlsx", content=content, now=NOW)
        taken_at = time.perf_counter()
        batch_start(actor=actor, batch=batch, now=NOW)
        while batches_step(NOW):
            pass
        ended_at = time.perf_counter()
        batch.refresh_from_db()
        assert (batch.state, batch.added, batch.refused) == ("done", options.rows, 0)
        assert Kkt.objects.count() == options.rows
        again = batch_take(actor=actor, organisation=company, name="kkt.xlsx", content=content, now=NOW)
        assert again.refused == options.rows
        whole = ended_at - began_at
        print(
            f"table of {options.rows:,} rows, {len(content) / 2**20:.1f} MB; load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"
        )
        print(f"read, checked, drafted  {taken_at - began_at:6.1f} s")
        print(
            f"applied                 {ended_at - taken_at:6.1f} s, {options.rows / (ended_at - taken_at):,.0f} rows/s"
        )
        print(
            f"in all                  {whole:6.1f} s; bound {SECONDS_MAX:.0f} s, {SECONDS_MAX / whole:.1f}× within it"
        )
        connection.close()


if __name__ == "__main__":
    main()
