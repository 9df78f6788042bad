"""Questions of staff over several apps at once: the list of customers and what is told of each in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from chekhov.accounts.models import Account
from chekhov.contracts.models import Contract
from chekhov.contracts.selectors import customers_search
from chekhov.orgs.models import Organisation


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A cabinet with its companies and their contracts, as the list shows it."""

    account: Account
    companies: list[Organisation] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Lines, the newest cabinet first, and the number to go on from."""

    lines: list[CustomerLine]
    next_before: int | None


def customers_page(*, text: str, before: int | None, limit: int) -> CustomersPage:
    """All cabinets, or those `customers_search` finds by the text."""
    rows: QuerySet[Account]
    if text.strip():
        rows = customers_search(text=text)
    else:
        rows = Account.objects.select_related("manager", "opened_by").order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return CustomersPage(_lines(found[:limit]), found[limit - 1].pk if len(found) > limit else None)


def organisations_unclaimed(*, before: int | None, limit: int) -> tuple[list[Organisation], int | None]:
    """Companies that staff entered and no cabinet has, the newest first, and the number to go on from."""
    rows = Organisation.objects.filter(account__isnull=True).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def _lines(accounts: Sequence[Account]) -> list[CustomerLine]:
    ids = [account.pk for account in accounts]
    companies: dict[int | None, list[Organisation]] = defaultdict(list)
    for organisation in Organisation.objects.filter(account_id__in=ids).order_by("name", "id"):
        companies[organisation.account_id].append(organisation)
    contracts: dict[int | None, list[Contract]] = defaultdict(list)
    for contract in (
        Contract.objects.filter(organisation__account_id__in=ids)
        .select_related("organisation")
        .order_by("-number")
    ):
        contracts[contract.organisation.account_id].append(contract)
    return [CustomerLine(one, companies[one.pk], contracts[one.pk]) for one in accounts]
