"""`chekhov kkt`: a simulated register with an emulated fiscal drive, its state in a folder."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from chekhov.cli.fleet import fleet
from chekhov.cli.kkt_options import (
    acting_at,
    cashier_options,
    clock_option,
    directory,
    in_russian,
    to_option,
)
from chekhov.cli.kkt_registration import register, reregister
from chekhov.errors import RuleBroken

if TYPE_CHECKING:
    from chekhov.fn.issue import IssuedDocument
    from chekhov.simulator.register import SimulatedRegister

EPILOG = """
\b
A day at the till:
  chekhov kkt new till            a register with a new drive, in the folder `till`
  chekhov kkt register till       fiscalise it, with a demo company unless told otherwise
  chekhov kkt open till           open a shift
  chekhov kkt sell till --demo    ring up a believable receipt; `sell till FILE.json` for your own
  chekhov kkt close till          close the shift
  chekhov kkt send till           send what is unsent to the operator, in order
  chekhov kkt status till

\b
The drive refuses what a real one refuses; the line then says with which result code.
Numbers of drives begin with 999954, and documents have no fiscal force.
"""

LISTED_MAX = 20
"""Receipts of one `sell --count` that are listed singly."""


class Kkt(click.Group):
    """The commands of a register; a refusal of the drive tells its result code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of a register's life."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; see `chekhov.fn.errors` for the codes."""
        try:
            return super().invoke(ctx)
        except RuleBroken as error:
            from chekhov.fn.errors import DriveRefused

            if not isinstance(error, DriveRefused):
                raise
            raise RuleBroken(f"the drive refused, result 0x{error.result:02X}: {error.message}") from error


@click.group(cls=Kkt, epilog=EPILOG)
def kkt() -> None:
    """A simulated register with an emulated fiscal drive."""


@click.command(short_help="Make a register with a new drive.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--ffd", type=click.Choice(["1.2", "1.05"]), default="1.2", show_default=True, help="Format version."
)
@click.option(
    "--model",
    type=click.Choice(["13", "15", "36"]),
    default="15",
    show_default=True,
    help="Months the drive lives.",
)
@click.option(
    "--serial", help="Number of the drive: 16 digits, beginning with 9999; default: 999954 and chance."
)
@click.option("--kkt-serial", help="Serial number of the register (1013); default: from the drive's number.")
def new(*, directory: Path, ffd: str, model: str, serial: str | None, kkt_serial: str | None) -> None:
    """Make a register with a new drive in the folder DIR."""
    from chekhov.ffd.versions import FfdVersion
    from chekhov.fn.state import SEQUENCE_DIGITS, serial_compose
    from chekhov.simulator.register import SimulatedRegister

    serial = serial or serial_compose(secrets.randbelow(10**SEQUENCE_DIGITS))
    kkt_serial = kkt_serial or serial[-SEQUENCE_DIGITS:].zfill(14)
    with SimulatedRegister.create(
        directory, serial=serial, model=model, ffd=FfdVersion.of_label(ffd), kkt_serial=kkt_serial
    ):
        click.echo(
            f"new register {kkt_serial} with drive {serial}, {model} months, ФФД {ffd}, in {directory}"
        )
    click.echo(f"next: chekhov kkt register {directory}")


@click.command("open", short_help="Open a shift.")
@directory
@cashier_options
@clock_option
def open_shift(*, directory: Path, cashier: str, cashier_inn: str, clock: dt.datetime | None) -> None:
    """Open a shift (отчёт об открытии смены)."""
    with opened(directory) as till:
        document = till.shift_open(acting_at(clock), cashier=in_russian(cashier), cashier_inn=cashier_inn)
        shift = till.state.shift
        assert shift is not None
        say(document, f"shift {shift.number} is open")
    click.echo(f"next: chekhov kkt sell {directory} --demo")


@click.command("close", short_help="Close the shift.")
@directory
@cashier_options
@clock_option
def close_shift(*, directory: Path, cashier: str, cashier_inn: str, clock: dt.datetime | None) -> None:
    """Close the shift (отчёт о закрытии смены)."""
    with opened(directory) as till:
        shift = till.state.shift
        document = till.shift_close(acting_at(clock), cashier=in_russian(cashier), cashier_inn=cashier_inn)
        assert shift is not None
        say(document, f"shift {shift.number} is closed, {shift.receipts} receipts")
    click.echo(f"next: chekhov kkt send {directory}")


@click.command("close-drive", short_help="Close the drive's archive for good.")
@directory
@cashier_options
@clock_option
def close_drive(*, directory: Path, cashier: str, cashier_inn: str, clock: dt.datetime | None) -> None:
    """Close the drive's archive for good (отчёт о закрытии фискального накопителя)."""
    with opened(directory) as till:
        document = till.drive_close(acting_at(clock), cashier=in_russian(cashier), cashier_inn=cashier_inn)
        say(document, "the drive is closed; what is unsent can still be sent")
    click.echo(f"next: chekhov kkt send {directory}")


@click.command(short_help="Report on the state of settlements.")
@directory
@clock_option
def report(*, directory: Path, clock: dt.datetime | None) -> None:
    """Issue a report on the state of settlements (отчёт о текущем состоянии расчётов)."""
    with opened(directory) as till:
        say(till.state_report(acting_at(clock)), f"{till.state.unsent_count} unsent, this one included")


@click.command(short_help="Ring up a receipt.")
@directory
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--demo", is_flag=True, help="A believable receipt instead of FILE.")
@click.option(
    "--count", type=click.IntRange(1, 100_000), default=1, show_default=True, help="So many receipts."
)
@clock_option
def sell(
    *, directory: Path, file: BinaryIO | None, demo: bool, count: int, clock: dt.datetime | None
) -> None:
    """Ring up a receipt from FILE (JSON, `-` is standard input) or, with --demo, a believable one."""
    from chekhov.simulator.orders import ORDER_BYTES_MAX, order_read

    _one_source(file, demo=demo)
    order = order_read(file.read(ORDER_BYTES_MAX + 1)) if file is not None else None
    now = acting_at(clock)
    made = 0
    with opened(directory) as till:
        orders = till.demo_orders(count, now) if order is None else (order for _ in range(count))
        for document in till.sell(orders, now):
            made += 1
            if count <= LISTED_MAX:
                say(document)
        if count > LISTED_MAX:
            click.echo(f"{made} receipts, documents up to {till.state.last_fd}")
    click.echo(f"next: chekhov kkt send {directory}, or chekhov kkt close {directory}")


@click.command(short_help="Make a correction.")
@directory
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--demo", is_flag=True, help="A believable correction instead of FILE.")
@clock_option
def correct(*, directory: Path, file: BinaryIO | None, demo: bool, clock: dt.datetime | None) -> None:
    """Make a correction (чек коррекции) from FILE (JSON with "correction") or a believable one."""
    from chekhov.simulator.orders import ORDER_BYTES_MAX, correction_read

    _one_source(file, demo=demo)
    order = correction_read(file.read(ORDER_BYTES_MAX + 1)) if file is not None else None
    now = acting_at(clock)
    with opened(directory) as till:
        say(till.correct(order or till.demo_correction(now), now))
    click.echo(f"next: chekhov kkt send {directory}")


@click.command("order-format", short_help="Explain the JSON of `sell` and `correct`.")
def order_format() -> None:
    """Explain the JSON that `sell` and `correct` take."""
    from chekhov.simulator import orders

    click.echo((orders.__doc__ or "").strip())


@click.command(short_help="Send unsent documents to the operator.")
@directory
@to_option
@click.option("--keep-going", is_flag=True, help="Never give up: after a burst of failures rest, then go on.")
@click.option("--timeout", "timeout_seconds", type=click.FloatRange(0.1, 300), default=30.0, show_default=True,
              help="Seconds to wait for a confirmation.")  # fmt: skip
def send(*, directory: Path, to: tuple[str, int], keep_going: bool, timeout_seconds: float) -> None:
    """Send unsent documents to the operator, in order; the drive verifies each confirmation."""
    from chekhov.ffd.printing import title_of
    from chekhov.links.ofd import OfdLink
    from chekhov.simulator.delivery import Patience, deliver_unsent

    def failed(fd_number: int, attempt: int, why: str) -> None:
        click.echo(f"document {fd_number}, attempt {attempt}: {why}", err=True)

    confirmed = 0
    with opened(directory) as till:
        waiting = till.state.unsent_count
        click.echo(f"{waiting} unsent, to {to[0]}:{to[1]}" if waiting else "nothing is unsent")
        with OfdLink(*to, connect_timeout_seconds=10, answer_timeout_seconds=timeout_seconds) as link:
            for done in deliver_unsent(
                till, link, patience=Patience(keep_going=keep_going), on_failure=failed
            ):
                confirmed += 1
                remarks = "".join(f", {each}" for each in _remarks(done.result))
                if waiting <= LISTED_MAX or remarks:
                    title = title_of(done.code)
                    ms = f"{done.seconds * 1000:.0f} ms"
                    click.echo(f"document {done.fd_number}  {title}: confirmed, {ms}{remarks}")
    if waiting:
        click.echo(f"{confirmed} confirmed, {till.state.unsent_count} unsent")


@click.command(short_help="Show shift, counters, what is unsent and left.")
@directory
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@clock_option
def status(*, directory: Path, as_json: bool, clock: dt.datetime | None) -> None:
    """Show phase, shift, counters, unsent documents and what is left of the drive."""
    from chekhov.cli.kkt_status import status_data, status_lines

    with opened(directory) as till:
        data = status_data(till, acting_at(clock))
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in status_lines(data):
        click.echo(line)


for each in (
    *(new, register, open_shift, sell, correct, report, close_shift, send, status),
    *(reregister, close_drive, order_format, fleet),
):
    kkt.add_command(each)


def opened(directory: Path) -> SimulatedRegister:
    """The register of a folder, locked."""
    from chekhov.simulator.register import SimulatedRegister

    return SimulatedRegister.open(directory)


def say(document: IssuedDocument, what: str = "") -> None:
    """A line about an issued document."""
    from chekhov.ffd.documents import document_decode
    from chekhov.ffd.printing import title_of
    from chekhov.values import roubles

    parts = [f"document {document.fd_number}", title_of(document.code)]
    total = document_decode(document.raw).total_kopecks
    if total is not None:
        parts.append(f"{roubles(total)} ₽")
    parts.append(f"ФПД {document.fiscal_sign:010d}")
    click.echo("  ".join(parts) + (f"  ({what})" if what else ""))


def _one_source(file: BinaryIO | None, *, demo: bool) -> None:
    if (file is None) is not demo:
        raise click.UsageError("give either FILE or --demo")


def _remarks(result: Any) -> list[str]:
    """What the operator said besides yes."""
    from chekhov.ffd.printing import human

    remarks = []
    if result.response_code:
        remarks.append(f"1022 = {result.response_code}: {human(1022, result.response_code)}")
    if result.message_bits:
        remarks.append(f"1206 = {result.message_bits}: {human(1206, result.message_bits)}")
    return remarks
