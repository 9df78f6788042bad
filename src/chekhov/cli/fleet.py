"""`chekhov kkt fleet`: many simulated registers as a load generator."""

from __future__ import annotations

import json
import secrets
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from chekhov.cli.kkt_options import to_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from chekhov.simulator.fleet import FleetOrder, Progress
    from chekhov.simulator.fleet_tally import Tally

SEED_BITS: Final = 48
WORDS: Final = {
    "preparing": "making receipts",
    "opening": "opening shifts",
    "running": "sending",
    "verifying": "verifying answers",
}


@click.command(short_help="Load an operator with many registers at once.")
@click.option(
    "--registers", type=click.IntRange(1, 50_000), default=1_000, show_default=True, help="How many."
)
@click.option(
    "--seconds", type=click.FloatRange(0.1, 3_600), default=30.0, show_default=True, help="How long."
)
@to_option
@click.option(
    "--ffd", type=click.Choice(["1.2", "1.05"]), default="1.2", show_default=True, help="Format version."
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Of the generator."
)
@click.option("--one-connection-per-document", "one_each", is_flag=True,
              help="Connect anew for every document, as many registers do.")  # fmt: skip
@click.option("--memory-mb", type=click.IntRange(16, 65_536), default=384, show_default=True,
              help="For receipts made before the clock starts; when they run out, more are made on the fly.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), help="Repeat a fleet: same drives, same receipts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fleet(
    *, registers: int, seconds: float, to: tuple[str, int], ffd: str, processes: int, one_each: bool,
    memory_mb: int, seed: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Load an operator with many registers at once and measure his confirmations.

    Every document is distinct, signed and numbered as a drive's; every answer is compared with its document
    at once, and its CRC and signs are verified after the clock. Exit code 1 when anything went wrong.
    """
    from chekhov.ffd.versions import FfdVersion
    from chekhov.simulator.delivery import local_now
    from chekhov.simulator.fleet import FleetOrder, fleet_run

    order = FleetOrder(
        host=to[0],
        port=to[1],
        started_at=local_now(),
        seed=secrets.randbits(SEED_BITS) if seed is None else seed,
        registers=registers,
        seconds=seconds,
        processes=min(processes, registers),
        ffd=FfdVersion.of_label(ffd),
        one_connection_per_document=one_each,
        prepared_bytes_max=memory_mb << 20,
    )
    tally = watched(lambda progress: fleet_run(order, progress))
    if as_json:
        click.echo(json.dumps(_order_data(order) | tally.as_json(), indent=2))
    else:
        _print(order, tally)
    if tally.errors or not tally.documents:
        sys.exit(1)


def watched(run: Callable[[Callable[[Progress], None]], Tally]) -> Tally:
    """Run under progress bars on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[rate]}"),
    )  # fmt: skip
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        return run(lambda progress: _advance(bar, bars, progress))


def _advance(bar: Bar, bars: dict[str, TaskID], progress: Progress) -> None:
    task = bars.get(progress.stage)
    if task is None:
        for earlier in bars.values():
            bar.update(earlier, completed=bar.tasks[earlier].total)
        task = bars[progress.stage] = bar.add_task(WORDS[progress.stage], total=progress.whole, rate="")
    rate = ""
    if progress.stage == "running" and progress.done:
        errors = f", {progress.errors} errors" if progress.errors else ""
        rate = f"{progress.documents / progress.done:,.0f} documents/s{errors}"
    bar.update(task, completed=round(progress.done, 1), total=round(progress.whole, 1), rate=rate)


def _order_data(order: FleetOrder) -> dict[str, Any]:
    return {
        "to": f"{order.host}:{order.port}",
        "registers": order.registers,
        "processes": order.processes,
        "ffd": order.ffd.label,
        "one_connection_per_document": order.one_connection_per_document,
        "seed": order.seed,
    }


def _print(order: FleetOrder, tally: Tally) -> None:
    data = tally.as_json()
    way = "a connection for every document" if order.one_connection_per_document else "connected"
    click.echo(
        f"{order.registers} registers, {way}, ФФД {order.ffd.label}, {data['seconds']:g} s, seed {order.seed}"
    )
    lines = [
        ("documents", f"{data['documents']:,} confirmed, {data['documents_late']:,} after the end"),
        ("rate", f"{data['documents_per_second']:,.0f} documents/s"),
        ("ack, ms", ", ".join(f"{name} {data[f'ack_{name}_ms']}" for name in ("p50", "p95", "p99", "max"))),
        ("bytes", f"{data['bytes_sent']:,} sent, {data['bytes_received']:,} received"),
        ("connections", f"{data['connections']:,}"),
        ("answers", f"{data['answers_verified']:,} verified by CRC and signs"),
    ]
    if data["made_on_the_fly"]:
        made = f"{data['made_on_the_fly']:,} receipts were made on the fly: the rate has suffered (see --memory-mb)"
        lines.append(("note", made))
    lines.append(
        ("errors", ", ".join(f"{kind} {count:,}" for kind, count in data["errors"].items()) or "none")
    )
    for name, value in lines:
        click.echo(f"  {name:<12} {value}")
