# ruff: noqa: PLC0415 - Django is set up with the database that is started here
"""The list of registers of one account: 50,000 of them behind it, among as many of others.

Usage: bench_kkts.py [--kkts 50000] [--rounds 30]. A real database of its own (fsync on); figures are server time of
the selector with all its queries, in milliseconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from chekhov.db.embedded import EmbeddedPostgres

P95_MS_MAX = 100.0
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
TOWNS = ("Пермь", "Кунгур", "Александровск", "Лысьва", "Чусовой", "Соликамск", "Березники", "Чайковский")
STREETS = ("Ленина", "Садовая", "Мира", "Советская", "Чехова", "Вокзальная", "Луговая", "Заречная")
PLACES = ("Касса", "Павильон", "Ларёк", "Магазин", "Кафе", "Склад", "Аптека", "Пекарня")
MODELS = ("Модель-1Ф", "Модель-2Ф", "Портативная-05Ф", "Терминал-ФР", "Стойка-20Ф")


def fill(kkts: int) -> tuple[int, int]:
    """Store an account with its registers, and others with as many; gives the owner and a group of the middle."""
    from chekhov.accounts.models import Account, User
    from chekhov.kkt.models import Group, Kkt, Standing
    from chekhov.orgs.models import Membership, Organisation

    dice = random.Random(54)
    owner_id = group_id = 0
    number = 0
    for place in range(5):
        owner = User.objects.create_user(f"owner{place}@example.test", None, full_name="Раневская Любовь")
        account = Account.objects.create(opened_by=owner)
        Membership.objects.create(
            account=account, user=owner, email=owner.email, full_name="Раневская", role="owner",
            created_at=NOW, confirmed_at=NOW,
        )  # fmt: skip
        tops = [Group.objects.create(account=account, name=town) for town in TOWNS]
        groups = [
            Group.objects.create(account=account, name=street, parent=top)
            for top in tops
            for street in STREETS
        ]
        if place == 0:
            owner_id, group_id = owner.pk, tops[2].pk
        companies = [
            Organisation.objects.create(
                account=account, name=f"ООО «Вишнёвый сад {place}-{one}»", kpp="770101001",
                inn=f"{7_000_000_000 + place * 100 + one}",
            )
            for one in range(3)
        ]  # fmt: skip
        mine, told = [], []
        for _ in range(kkts if place == 0 else kkts // 4):
            number += 1
            company, rnm = dice.choice(companies), f"{number:010}{dice.randrange(65536):06}"
            mine.append(
                Kkt(
                    organisation=company, rnm=rnm, name=f"{dice.choice(PLACES)} {dice.randrange(kkts)}",
                    serial=f"{dice.randrange(10**14):014}", tariff=dice.choice(("test", "standard", "micro", "")),
                    group=dice.choice([*groups, None]), created_at=NOW - dt.timedelta(days=dice.randrange(400)),
                    served_until=dice.choice((None, NOW + dt.timedelta(days=dice.randrange(-20, 300)))),
                )
            )  # fmt: skip
            if dice.random() < 0.9:
                fn = f"{9_960_440_000_000_000 + number}"
                told.append(
                    Standing(
                        rnm=rnm, inn=company.inn if dice.random() < 0.99 else "7799999999", fn=fn,
                        registered_fd=1, registered_code=1, registered_at=dt.datetime(2026, 1, 5, 10),  # noqa: DTZ001
                        user_name=company.name, model=dice.choice(MODELS), serial=mine[-1].serial,
                        address=f"614000, Пермский край, г. {dice.choice(TOWNS)}, ул. {dice.choice(STREETS)}, д. {dice.randrange(1, 300)}",
                        drive_until=dt.date(2026, 10, 1) + dt.timedelta(days=dice.randrange(1000)),
                        closed_at=None if dice.random() < 0.98 else dt.datetime(2026, 8, 1), closed_fn=fn,  # noqa: DTZ001
                        last_received_at=NOW - dt.timedelta(minutes=dice.randrange(60 * 24 * 60)),
                    )
                )  # fmt: skip
        Kkt.objects.bulk_create(mine, batch_size=5000)
        Standing.objects.bulk_create(told, batch_size=5000)
    return owner_id, group_id


def questions(owner_id: int, group_id: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is asked, by name."""
    from chekhov.accounts.models import User
    from chekhov.kkt.access import kkts_for_user
    from chekhov.kkt.models import Kkt
    from chekhov.kkt.selectors_lists import KktsWanted, kkts_counts, kkts_page, models_of
    from chekhov.kkt.stages import Stage
    from chekhov.orgs.models import Organisation

    owner = User.objects.get(pk=owner_id)

    def page(order: str = "name", before: str | None = None, **wanted: object) -> Callable[[], object]:
        return lambda: kkts_page(
            kkts_for_user(user=owner, now=NOW),
            KktsWanted(**wanted),
            NOW,
            order=order,
            before=before,  # type: ignore[arg-type]
        )

    def middle(order: str) -> str | None:
        cursor = None
        for _ in range(10):
            cursor = kkts_page(
                kkts_for_user(user=owner, now=NOW), KktsWanted(), NOW, order=order, before=cursor, limit=500
            ).next_cursor
        return cursor

    company = Organisation.objects.filter(account__opened_by=owner).first()
    one = Kkt.objects.filter(organisation=company).order_by("-id").first()
    assert company is not None
    assert one is not None
    for order in ("name", "-name", "address", "drive_until", "last_heard"):
        yield f"first page by {order}", page(order)
        yield f"middle page by {order}", page(order, middle(order))
    yield "company", page(organisation_id=company.pk)
    yield "group with those below", page(group_id=group_id)
    yield "in no group", page(no_group=True)
    for stage in Stage:
        yield f"stage {stage}", page(stage=stage)
    yield "tariff", page(tariff="micro")
    yield "model", page(model=MODELS[2])
    yield "no such model", page(model="Никакая")
    yield "drive ends soon", page(drive_ends_before=dt.date(2026, 12, 22))
    yield "silent", page(silent_since=NOW - dt.timedelta(days=30))
    yield "search by number: 1", page(text=one.rnm)
    yield "search by number: none", page(text="9999999999999999")
    yield "search by word: many", page(text="чехова")
    yield "search by word: none", page(text="вишнёвый сад")
    yield "search by word: 1", page(text=one.name.upper())
    yield "counts", lambda: kkts_counts(kkts_for_user(user=owner, now=NOW), NOW)
    yield "models to choose from", lambda: models_of(kkts_for_user(user=owner, now=NOW), NOW)


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kkts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=30)
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
        began_at = time.monotonic()
        owner_id, group_id = fill(options.kkts)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        print(
            f"{options.kkts:,} registers of one account filled in {time.monotonic() - began_at:.0f} s; load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"
        )
        print(f"{'question':32} {'p50':>8} {'p95':>8}  bound {P95_MS_MAX:.0f} ms")
        for name, ask in questions(owner_id, group_id):
            ask()
            took = []
            for _ in range(options.rounds):
                began_at = time.perf_counter()
                ask()
                took.append((time.perf_counter() - began_at) * 1000)
            p95 = statistics.quantiles(took, n=20)[-1]
            print(
                f"{name:32} {statistics.median(took):8.1f} {p95:8.1f}  {P95_MS_MAX / p95:5.1f}×", flush=True
            )
        connection.close()


if __name__ == "__main__":
    main()
