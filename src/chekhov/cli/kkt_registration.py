"""`chekhov kkt register` and `reregister`: the parameters of registration as options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from chekhov.cli.kkt_options import acting_at, clock_option, directory, in_russian

TAXES: Final = {"osn": 1, "usn_income": 2, "usn_income_expense": 4, "esn": 16, "patent": 32}
DEMO: Final[dict[str, Any]] = {
    "user_inn": "7799000005",
    "user_name": 'ООО "Вишневый сад"',
    "address": "347900, Ростовская обл., г. Таганрог, ул. Садовая, д. 1",
    "place": 'Магазин "Вишневый сад"',
    "operator_inn": "9999999998",
    "operator_name": 'Демо-оператор "Чехов"',
    "cashier": "Раневская Л. А.",
    "sender_email": "shop@example.ru",
}
"""A demo company and the demo operator of an installation without settings."""
REASON_OF: Final = {
    "user_name": 4, "address": 8, "place": 8, "tax_systems": 128, "operator_inn": 2, "operator_name": 2,
    "kkt_version": 64,
}  # fmt: skip
"""Which reason of 1205 a change of a parameter is; the rest is «иные причины»."""
REASON_OTHER: Final = 1 << 31

OPTIONS: Final = (
    click.option("--name", "user_name", help="Name of the user (1048)."),
    click.option("--address", help="Address of settlements (1009)."),
    click.option("--place", help="Place of settlements (1187)."),
    click.option(
        "--tax", "tax", multiple=True, type=click.Choice(list(TAXES)), help="Tax system (1062); may repeat."
    ),
    click.option("--operator-inn", help="ИНН of the operator (1017)."),
    click.option("--operator-name", help="Name of the operator (1046)."),
    click.option("--cashier", help="Who registers (1021)."),
    click.option("--cashier-inn", help="His ИНН (1203)."),
    click.option("--sender-email", help="Address receipts are sent from (1117)."),
    click.option("--kkt-version", help="Version of the register's model (1188)."),
)


def registration_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options in their order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command(short_help="Fiscalise the drive.")
@directory
@click.option("--inn", "user_inn", help=f"ИНН of the user (1018); default: {DEMO['user_inn']}.")
@click.option("--rnm", help="Registration number (1037); default: a valid one is computed.")
@registration_options
@click.option("--automat", "machine_number", help="Number of the vending machine (1036): automatic mode.")
@click.option("--offline", is_flag=True, help="Autonomous mode (1002): nothing is sent.")
@click.option("--services", is_flag=True, help="Services only (1109).")
@click.option("--internet", is_flag=True, help="Settlements in the Internet only (1108).")
@clock_option
def register(
    *, directory: Path, rnm: str | None, tax: tuple[str, ...], machine_number: str | None, offline: bool,
    services: bool, internet: bool, clock: dt.datetime | None, **given: str | None,
) -> None:  # fmt: skip
    """Fiscalise the drive (отчёт о регистрации); a demo company unless told otherwise."""
    from chekhov.cli.kkt import opened, say
    from chekhov.fn.registration import Condition, Registration
    from chekhov.values import Inn, RegistrationNumber

    parameters = DEMO | _given(given)
    if machine_number:
        parameters |= {"machine_number": machine_number, "automatic": True}
    conditions = (Condition.SERVICES_ONLY * services) | (Condition.INTERNET_ONLY * internet)
    with opened(directory) as till:
        inn = Inn.parse(parameters.pop("user_inn"))
        number = (
            RegistrationNumber.parse(rnm)
            if rnm
            else RegistrationNumber.compose(int(till.state.serial[-10:]), inn, till.kkt_serial)
        )
        registration = Registration(
            rnm=str(number),
            user_inn=str(inn),
            kkt_serial=till.kkt_serial,
            tax_systems=_taxes(tax) or 1,
            offline=offline,
            conditions=int(conditions),
            **parameters,
        )
        say(till.register(registration, acting_at(clock)), f"РНМ {number}, {registration.user_name}")
    click.echo(f"next: chekhov kkt open {directory}")


@click.command(short_help="Change parameters of the registration.")
@directory
@registration_options
@click.option("--reason", "reasons", multiple=True, metavar="BITS", type=click.IntRange(1, (1 << 32) - 1),
              help="Reason (1205); default: what follows from the changes.")  # fmt: skip
@clock_option
def reregister(
    *, directory: Path, tax: tuple[str, ...], reasons: tuple[int, ...], clock: dt.datetime | None,
    **given: str | None,
) -> None:  # fmt: skip
    """Change parameters of the registration (отчёт об изменении параметров регистрации)."""
    from chekhov.cli.kkt import opened, say

    changes = _given(given)
    if tax:
        changes["tax_systems"] = _taxes(tax)
    mask = 0
    for reason in reasons:
        mask |= reason
    if not mask:
        if not changes:
            raise click.UsageError("nothing changes: give a parameter or --reason")
        for name in changes:
            mask |= REASON_OF.get(name, REASON_OTHER)
    with opened(directory) as till:
        say(
            till.reregister(changes, mask, acting_at(clock)),
            f"reasons {mask}: {', '.join(changes) or 'no change'}",
        )
    click.echo(f"next: chekhov kkt send {directory}")


def _given(options: dict[str, str | None]) -> dict[str, Any]:
    """Options that were given, in the alphabet of fiscal documents."""
    return {name: in_russian(value) for name, value in options.items() if value is not None}


def _taxes(names: tuple[str, ...]) -> int:
    mask = 0
    for name in names:
        mask |= TAXES[name]
    return mask
