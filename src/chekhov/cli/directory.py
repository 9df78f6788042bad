"""`chekhov directory`: the list of companies from which forms are filled without asking anybody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import click

from chekhov.cli.service import database_at_hand, django_begin, service_begin
from chekhov.errors import Malformed

TROUBLES_SHOWN_MAX: Final = 20


class DirectoryLinesWrong(Malformed):
    """Some lines of the file hold no company, and nobody said to leave them out."""

    code = "directory_lines_wrong"


@click.group()
def directory() -> None:
    """The list of companies that fills forms when somebody types an ИНН."""


@directory.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day the list was true (YYYY-MM-DD); today if not given.",
)
@click.option(
    "--skip-bad", is_flag=True, help="Leave lines out that hold no company, instead of refusing all."
)
def import_(*, file: Path, as_of: dt.datetime | None, skip_bad: bool) -> None:
    """Take companies from a CSV file: UTF-8 or Windows-1251, with «;», «,» or tabs.

    The first line names the columns: ИНН and Наименование at least; also КПП, ОГРН, Полное наименование, Адрес,
    Руководитель (or Фамилия, Имя, Отчество руководителя), Должность, Состояние, Код налогового органа. Companies
    that are there are brought up to date, unless what is there is newer; others stay.
    """
    from chekhov.links.directory_csv import cards_of_csv

    right = wrong = 0
    for line in cards_of_csv(file):
        if line.card is not None:
            right += 1
            continue
        wrong += 1
        if wrong <= TROUBLES_SHOWN_MAX:
            click.echo(f"line {line.number}: {line.trouble}", err=True)
    if wrong > TROUBLES_SHOWN_MAX:
        click.echo(f"… and {wrong - TROUBLES_SHOWN_MAX} more", err=True)
    if wrong and not skip_bad:
        raise DirectoryLinesWrong(
            f"{wrong} of {right + wrong} lines are wrong, nothing is taken; mend them, or say --skip-bad"
        )
    environment = service_begin()
    with database_at_hand(environment):
        django_begin()
        from django.utils import timezone

        from chekhov import clock
        from chekhov.orgs.services import directory_import

        moment = clock.now()
        if as_of is not None:
            moment = min(moment, timezone.make_aware(as_of, timezone.get_default_timezone()))
        cards = (line.card for line in cards_of_csv(file) if line.card is not None)
        taken = directory_import(cards=cards, as_of=moment)
    day = timezone.localdate(moment)
    click.echo(f"{taken} companies taken as of {day}, {right - taken} left as newer or repeated")


@directory.command()
def status() -> None:
    """How many companies the list has, and how old they are."""
    environment = service_begin()
    with database_at_hand(environment):
        django_begin()
        from django.utils import timezone

        from chekhov.orgs.selectors import directory_extent

        extent = directory_extent()
    if extent is None:
        click.echo("the list is empty; chekhov directory import FILE fills it")
    else:
        oldest, newest = timezone.localdate(extent.oldest), timezone.localdate(extent.newest)
        click.echo(f"{extent.companies} companies, as of {oldest} to {newest}")
