"""The command `chekhov`. A command's module is loaded only when the command is called or helped about."""

from __future__ import annotations

import importlib
from typing import Any, Final

import click

from chekhov import __version__
from chekhov.errors import AccessDenied, ChekhovError, Conflict, Malformed, NotFound, RuleBroken, Unavailable

# name → (module, attribute, what the list of commands says, so that listing loads nothing)
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "up": ("chekhov.cli.up", "up", "Run everything in the foreground: database, web, gateway, worker."),
    "web": ("chekhov.cli.service", "web", "Run the web pages alone."),
    "gateway": ("chekhov.cli.service", "gateway", "Run the gateway, which takes documents, alone."),
    "worker": ("chekhov.cli.service", "worker", "Run the worker, which derives what pages show, alone."),
    "migrate": ("chekhov.cli.service", "migrate", "Bring the database's tables up to date."),
    "rebuild": ("chekhov.cli.service", "rebuild", "Derive everything anew from the journal."),
    "healthz": ("chekhov.cli.service", "healthz", "Print whether each part works."),
    "directory": ("chekhov.cli.directory", "directory", "The list of companies that forms are filled from."),
    "kkt": ("chekhov.cli.kkt", "kkt", "A simulated register with an emulated fiscal drive."),
    "decode": ("chekhov.cli.decode", "decode", "Print the tree of a fiscal document, container or session."),
    "demo": ("chekhov.cli.demo", "demo", "Fill the installation with a believable shop."),
}

# What the shell learns of an error, by its family.
EXIT_CODES: Final[tuple[tuple[type[ChekhovError], int], ...]] = (
    (Malformed, 2),
    (Conflict, 2),
    (RuleBroken, 1),
    (NotFound, 1),
    (AccessDenied, 1),
    (Unavailable, 1),
)


def exit_code_of(error: ChekhovError) -> int:
    """The exit code of an error of ours."""
    return next((code for family, code in EXIT_CODES if isinstance(error, family)), 1)


class Commands(click.Group):
    """The table above as a group of commands; errors of ours become one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _text = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, _attribute, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run, turning an error of ours into one line on stderr."""
        try:
            return super().invoke(ctx)
        except ChekhovError as error:
            click.echo(f"chekhov: {error.message}", err=True)
            ctx.exit(exit_code_of(error))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chekhov")
def cli() -> None:
    """Operator of Russian online cash registers: the service, and tools for those who write for it."""


def main() -> None:
    """Entry point of the script `chekhov`."""
    cli(prog_name="chekhov")


if __name__ == "__main__":
    main()
