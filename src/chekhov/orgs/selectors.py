"""Questions about organisations, employees and partners. Who may ask is `access`'s business."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import Case, Count, Max, Min, Prefetch, Q, QuerySet, Value, When

from chekhov.accounts.models import Account
from chekhov.orgs.models import (
    DirectoryEntry,
    Membership,
    OperatorCard,
    Organisation,
    Partner,
    PartnerAccess,
    PartnerUser,
)
from chekhov.orgs.sections import Role

ROLE_ORDER = Case(
    *(
        When(role=role, then=Value(place))
        for place, role in enumerate((Role.OWNER, Role.ADMINISTRATOR, Role.USER))
    )
)
"""Whom a list of employees begins with."""


def organisations_all() -> QuerySet[Organisation]:
    """Every organisation, by name; for staff."""
    return Organisation.objects.order_by("name", "id")


def organisation_by_requisites(*, inn: str, kpp: str = "") -> Organisation | None:
    """The organisation with this ИНН and КПП, if it is known; the oldest, if several cabinets have it."""
    return Organisation.objects.filter(inn=inn, kpp=kpp).order_by("id").first()


def organisations_of_account(*, account_id: int) -> QuerySet[Organisation]:
    """«Мои компании»: those of one cabinet, by name."""
    return Organisation.objects.filter(account_id=account_id).order_by("name", "id")


def account_of(*, account_id: int) -> Account | None:
    """The cabinet with its responsible manager and the person who opened it."""
    return Account.objects.select_related("manager", "opened_by").filter(pk=account_id).first()


def employees_of_account(*, account_id: int) -> QuerySet[Membership]:
    """«Сотрудники»: who works here or is invited: owners, administrators, users; by name among each."""
    return (
        Membership.objects.filter(account_id=account_id, removed_at__isnull=True)
        .select_related("user")
        .prefetch_related("group_accesses")
        .order_by(ROLE_ORDER, "full_name", "id")
    )


def owners_of_account(*, account_id: int) -> QuerySet[Membership]:
    """Owners who can log in."""
    return Membership.objects.filter(
        account_id=account_id, role=Role.OWNER, removed_at__isnull=True, user__is_active=True
    )


class AccessState(StrEnum):
    """How a partner's access to an organisation stands."""

    FULL = "full"
    NONE = "none"
    ENDED = "ended"


ACCESS_WORDS = {
    AccessState.FULL: "Полный доступ",
    AccessState.NONE: "Нет доступа",
    AccessState.ENDED: "Срок доступа истёк",
}


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A row of «Партнеры»: access by organisation, as it holds at the moment of asking."""

    partner: Partner
    accesses: tuple[PartnerAccess, ...]
    state: AccessState

    @property
    def organisation_ids(self) -> tuple[int, ...]:
        """Organisations into which the partner is let just now; to count his registers by."""
        return tuple(access.organisation_id for access in self.accesses)

    @property
    def words(self) -> str:
        """«Полный доступ», «Нет доступа»."""
        return ACCESS_WORDS[self.state]


def partners_for_account(*, account_id: int, now: dt.datetime) -> list[PartnerLine]:
    """«Партнеры» of a cabinet: every partner the operator works with, and how far he is let in.

    Of others' grants nothing is told.
    """
    granted = PartnerAccess.objects.filter(
        organisation__account_id=account_id, revoked_at__isnull=True
    ).select_related("organisation")
    partners = (
        Partner.objects.filter(closed_at__isnull=True)
        .prefetch_related(Prefetch("accesses", queryset=granted, to_attr="granted"))
        .order_by("name", "id")
    )
    return [_partner_line(partner, partner.granted, now) for partner in partners]


def _partner_line(partner: Partner, granted: Sequence[PartnerAccess], now: dt.datetime) -> PartnerLine:
    holding = tuple(access for access in granted if access.until is None or access.until > now)
    state = AccessState.FULL if holding else AccessState.ENDED if granted else AccessState.NONE
    return PartnerLine(partner, holding, state)


def accesses_of_partner(*, partner: Partner, now: dt.datetime) -> QuerySet[PartnerAccess]:
    """The partner's customers: the grants that hold, by the organisation's name."""
    return (
        PartnerAccess.objects.filter(
            Q(until__isnull=True) | Q(until__gt=now), partner=partner, revoked_at__isnull=True
        )
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )


def accesses_of_organisation(*, organisation_id: int) -> QuerySet[PartnerAccess]:
    """Every grant there ever was, the newest first."""
    return (
        PartnerAccess.objects.filter(organisation_id=organisation_id)
        .select_related("partner", "granted_by")
        .order_by("-granted_at", "-id")
    )


def partners_all() -> QuerySet[Partner]:
    """Every partner, those the operator works with first; for staff."""
    return Partner.objects.order_by("closed_at", "name", "id")


def people_of_partner(*, partner_id: int) -> QuerySet[PartnerUser]:
    """Who works for the partner or is invited."""
    return (
        PartnerUser.objects.filter(partner_id=partner_id, removed_at__isnull=True)
        .select_related("user")
        .order_by("full_name", "id")
    )


SOURCE_LIFE = dt.timedelta(days=92)
"""A quarter: older requisites from a directory are to be compared with it again."""


def source_stale(organisation: Organisation, *, now: dt.datetime) -> bool:
    """Whether the company's requisites came from a directory longer ago than a quarter."""
    return organisation.source_at is not None and organisation.source_at < now - SOURCE_LIFE


def organisations_stale(*, now: dt.datetime) -> QuerySet[Organisation]:
    """Companies of cabinets whose requisites came from a directory longer ago than a quarter, the newest first."""
    return Organisation.objects.filter(account__isnull=False, source_at__lt=now - SOURCE_LIFE).order_by("-id")


@dataclass(frozen=True, slots=True)
class DirectoryExtent:
    """How much the imported list holds, and of what age."""

    companies: int
    oldest: dt.datetime
    newest: dt.datetime


def directory_extent() -> DirectoryExtent | None:
    """The imported list, or None while it is empty."""
    told = DirectoryEntry.objects.aggregate(count=Count("pk"), oldest=Min("as_of"), newest=Max("as_of"))
    return DirectoryExtent(told["count"], told["oldest"], told["newest"]) if told["count"] else None


def operator_card() -> OperatorCard:
    """The operator's card; while nobody has filled it, one of the settings' name and ИНН, with version 0."""
    stored = OperatorCard.objects.first()
    if stored is not None:
        return stored
    return OperatorCard(name=settings.OPERATOR_NAME, inn=settings.OPERATOR_INN, version=0)
