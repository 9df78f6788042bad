"""`chekhov demo`: fill a running installation with two believable companies and months of trade."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from chekhov.cli.kkt_options import to_option
from chekhov.errors import RuleBroken, Unavailable

if TYPE_CHECKING:
    from chekhov.cli.demo_cabinet import DemoLogin
    from chekhov.config.environment import Environment
    from chekhov.simulator.demo_plan import DemoPlan

FOLDER: Final = "demo"
PLAN_NAME: Final = "plan.json"
NAMES_IN_CP866: Final = str.maketrans({"«": '"', "»": '"', "—": "-", "–": "-"})


class DemoRefused(RuleBroken):
    """An installation in production is not filled with invented documents."""

    code = "demo_refused"


class InstallationSilent(Unavailable):
    """The gateway or the database of the installation does not answer."""

    code = "installation_silent"


@click.command()
@click.option(
    "--months", type=click.IntRange(1, 12), default=3, show_default=True, help="Months of thirty days."
)
@to_option
def demo(*, months: int, to: tuple[str, int]) -> None:
    """Fill the running installation with a believable shop.

    Two companies, eight registers in their cabinets and a ninth that nobody knows, months of shifts and
    receipts, all through the real wire. An interrupted filling goes on; a second one changes nothing.
    Among the good days: a missing number, a receipt with a wrong total, a conflict of contents in the
    quarantine, a foreign test drive, a drive near its end. The companies get a customer's cabinet with an owner,
    employees and a partner; their log-ins are printed at the end.
    """
    from chekhov.config.environment import environment_read
    from chekhov.simulator.demo_run import Notes, documents_planned, fill, filled

    environment = environment_read()
    if not environment.sandbox:
        raise DemoRefused(
            "CHEKHOV_MODE=production: an installation in use is not filled with invented documents"
        )
    _gateway_answers(to)
    _django_begin()
    folder = environment.home / FOLDER
    plan = plan_found(folder, environment, months)
    notes = Notes(folder)
    cabinets_fill(plan)
    logins = _cabinet_opened(plan)
    if filled(plan, notes):
        click.echo(f"already filled: {plan.months} months up to {plan.last_day}")
        _logins_told(environment, logins)
        return
    began_at = time.monotonic()
    sent = _watched(
        documents_planned(plan), lambda told: fill(plan, notes, host=to[0], port=to[1], on_document=told)
    )
    click.echo(
        f"filled: {sent:,} documents of 9 registers, {plan.months} months up to {plan.last_day}, "
        f"in {time.monotonic() - began_at:.0f} s"
    )
    click.echo(
        "companies: ООО «Вишнёвый сад» (5 registers), ООО «Чайка» (3); a ninth register is in no cabinet"
    )
    _logins_told(environment, logins)


def plan_found(folder: Path, environment: Environment, months: int) -> DemoPlan:
    """The plan of this installation: the noted one, the one its registers' numbers tell, or a new one.

    A new plan ends yesterday and is noted before anything is sent by it.
    """
    from chekhov.kkt.selectors import kkts_all
    from chekhov.simulator.delivery import local_now
    from chekhov.simulator.demo_plan import COMPANIES, DemoPlan, plan_of_rnm

    inn, name = environment.operator_inn, environment.operator_name.translate(NAMES_IN_CP866)
    path = folder / PLAN_NAME
    try:
        value: Any = json.loads(path.read_bytes())
        return DemoPlan(
            dt.date.fromisoformat(value["last_day"]),
            value["months"],
            value["operator_inn"],
            value["operator_name"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        pass
    plan = None
    for kkt in kkts_all().filter(organisation__inn__in=[company.inn for company in COMPANIES]):
        plan = plan or (plan_of_rnm(kkt.rnm, operator_inn=inn, operator_name=name) if kkt.rnm else None)
    plan = plan or DemoPlan(local_now().date() - dt.timedelta(days=1), months, inn, name)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    written = {
        "last_day": plan.last_day.isoformat(),
        "months": plan.months,
        "operator_inn": inn,
        "operator_name": name,
    }
    unfinished.write_text(json.dumps(written, ensure_ascii=False))
    unfinished.replace(path)
    return plan


def cabinets_fill(plan: DemoPlan) -> None:
    """The companies and their registers, those that are not there yet."""
    from chekhov.kkt.selectors import kkt_by_rnm
    from chekhov.kkt.services import kkt_add
    from chekhov.orgs.selectors import organisation_by_requisites
    from chekhov.orgs.services import organisation_add
    from chekhov.simulator.demo_plan import COMPANIES, REGISTERS

    for company in COMPANIES:
        organisation = organisation_by_requisites(inn=company.inn, kpp=company.kpp) or organisation_add(
            name=company.name, inn=company.inn, kpp=company.kpp, ogrn=company.ogrn
        )
        for register in REGISTERS:
            rnm = plan.rnm(register)
            if register.listed and register.company is company and kkt_by_rnm(rnm=rnm) is None:
                kkt_add(
                    organisation=organisation,
                    name=register.name,
                    rnm=rnm,
                    serial=plan.kkt_serial(register),
                    model="Эмулятор",
                )


def _cabinet_opened(plan: DemoPlan) -> list[DemoLogin]:
    """The customer's cabinet of the companies, with its people."""
    from chekhov import clock
    from chekhov.cli.demo_cabinet import cabinet_fill

    return cabinet_fill(plan, now=clock.now())


def _logins_told(environment: Environment, logins: list[DemoLogin]) -> None:
    """Where to log in and as whom."""
    from chekhov.accounts.sandbox import SANDBOX_PASSWORD

    click.echo(f"log in at {environment.public_url}/login/ with the password {SANDBOX_PASSWORD} as")
    wide = max(len(login.email) for login in logins)
    for login in logins:
        click.echo(f"  {login.email:<{wide}}  {login.sees}")


def _gateway_answers(to: tuple[str, int]) -> None:
    """Raise InstallationSilent unless somebody answers a connection test."""
    from chekhov.errors import Malformed
    from chekhov.links.ofd import OfdLink

    try:
        with OfdLink(*to, connect_timeout_seconds=5, answer_timeout_seconds=5) as link:
            link.test()
    except (Unavailable, Malformed) as error:
        raise InstallationSilent(
            f"the gateway at {to[0]}:{to[1]} does not answer; is `chekhov up` running? ({error.message})"
        ) from error


def _django_begin() -> None:
    """Load Django and ask the database for a sign of life."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chekhov.config.settings")
    import django

    django.setup()
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise InstallationSilent(
            f"the database of the installation does not answer; is `chekhov up` running? ({reason})"
        ) from error


def _watched(whole: int, run: Callable[[Callable[[int], None]], int]) -> int:
    """Run under a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    lock = threading.Lock()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("documents", total=whole)

        def told(documents: int) -> None:
            with lock:
                bar.advance(task, documents)

        return run(told)
