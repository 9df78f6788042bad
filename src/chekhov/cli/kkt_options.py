"""Arguments and options that commands about registers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

ADDRESS_DEFAULT: Final = "127.0.0.1:7777"
CLOCK_FORMATS: Final = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
]
UNSPECIFIED: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
"""CHEKHOV_OFD says where to listen; what listens everywhere is reached on loopback."""
NOT_IN_CP866: Final = str.maketrans(
    {"«": '"', "»": '"', "“": '"', "”": '"', "—": "-", "–": "-", "\u00a0": " "}
)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


if TYPE_CHECKING:
    AddressBase = click.ParamType[tuple[str, int]]
else:  # it became generic in a late 8.x
    AddressBase = click.ParamType


class AddressType(AddressBase):
    """`host:port`, `[v6]:port`, a host or a port alone."""

    name = "host:port"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Host and port; what is missing comes from the default."""
        if isinstance(value, tuple):
            return value
        text = str(value).strip()
        default_host, _, default_port = ADDRESS_DEFAULT.partition(":")
        if text.isdigit():
            host, port = default_host, text
        elif text.startswith("["):
            host, _, rest = text[1:].partition("]")
            port = rest.removeprefix(":") or default_port
        elif text.count(":") > 1:
            host, port = text, default_port
        else:
            host, _, port = text.partition(":")
            host, port = host or default_host, port or default_port
        if not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
            self.fail(f"{text!r} is not host:port", param, ctx)
        return UNSPECIFIED.get(host, host), int(port)


directory: Final[Decorator] = click.argument(
    "directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False)
)

to_option: Final[Decorator] = click.option(
    "--to", type=AddressType(), envvar="CHEKHOV_OFD", default=ADDRESS_DEFAULT, show_default=True, show_envvar=True,
    help="Address of the operator.",
)  # fmt: skip

clock_option: Final[Decorator] = click.option(
    "--clock", type=click.DateTime(CLOCK_FORMATS), metavar="'YYYY-MM-DD HH:MM'",
    help="Act at this local time instead of now.",
)  # fmt: skip


def cashier_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--cashier` and `--cashier-inn`; empty: those of the registration."""
    command = click.option("--cashier-inn", default="", help="ИНН of the cashier (1203).")(command)
    return click.option("--cashier", default="", help="Cashier (1021); default: of the registration.")(
        command
    )


def acting_at(clock: dt.datetime | None) -> dt.datetime:
    """The moment of a deed: what `--clock` says, or this machine's local time; without zone."""
    from chekhov.simulator.delivery import local_now

    return clock or local_now()


def in_russian(text: str) -> str:
    """With the quotation marks and dashes that CP866, the alphabet of fiscal documents, has."""
    return text.translate(NOT_IN_CP866)
