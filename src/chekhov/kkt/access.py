"""From a person and a number to a register, a group or a table, or NotFound: the only way for pages."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from chekhov.accounts.models import User
from chekhov.kkt.errors import BatchNotFound, GroupNotFound, KktNotFound
from chekhov.kkt.models import Batch, Group, Kkt
from chekhov.orgs.access import (
    GroupScope,
    groups_for,
    member_or_none,
    organisation_for_user,
    organisations_for_user,
)
from chekhov.orgs.errors import OrganisationNotFound, SectionClosed
from chekhov.orgs.sections import Section

Person = User | AnonymousUser

# UNION, not UNION ALL: a ring, which services never make, would end all the same.
SUBTREE = """
    WITH RECURSIVE open (id) AS (
        SELECT g.id FROM kkt_group g WHERE g.id = ANY({ids})
        UNION
        SELECT g.id FROM kkt_group g JOIN open ON g.parent_id = open.id
    ) SELECT id FROM open
"""


def subtree_of(group_ids: Collection[int]) -> RawSQL:
    """The numbers of these groups and of all below them, as a subquery."""
    return RawSQL(SUBTREE.format(ids="%s"), [sorted(group_ids)])  # noqa: S611  # a constant and a parameter


def kkts_for_user(*, user: Person, now: dt.datetime, section: Section = Section.KKT) -> QuerySet[Kkt]:
    """The registers the person sees through a section.

    Staff see all, employees their cabinet's, partners those of customers who let them in; nobody else any.
    An employee who does not see all groups sees the registers of his groups and of groups below them; a register
    that is in no group is then not his.
    """
    rows = Kkt.objects.select_related("organisation").order_by("organisation__name", "name", "id")
    rows = rows.filter(_in_groups(groups_for(user=user, now=now)))
    place = None if getattr(user, "is_staff", False) else member_or_none(user=user)
    if place is not None and section in place.open_sections:
        # Those of the organisations of his cabinet, by the column that lists are indexed by.
        return rows.filter(account_id=place.account_id)
    organisations = organisations_for_user(user=user, section=section, now=now)
    return rows.filter(organisation__in=organisations.order_by())


def kkt_for_user(*, user: Person, kkt_id: int, now: dt.datetime, section: Section = Section.KKT) -> Kkt:
    """The register, if this person may see it.

    Raises: KktNotFound, and a stranger does not learn whether the register is there; SectionClosed to
    colleagues without the section.
    """
    rows = kkts_for_user(user=user, now=now, section=section).select_related("organisation", "group")
    kkt = rows.filter(pk=kkt_id).first()
    if kkt is not None:
        return kkt
    _colleague_check(user=user, kkt_id=kkt_id, now=now, section=section)
    raise KktNotFound("Такой кассы нет", kkt_id=kkt_id)


def groups_for_user(
    *, user: Person, now: dt.datetime, section: Section = Section.MANAGEMENT
) -> QuerySet[Group]:
    """The groups the person sees, by name: those of his cabinet that are open to him, with all below them.

    Staff see every cabinet's. A partner sees the registers of a customer, but not how the customer groups them.
    """
    rows = Group.objects.order_by("name", "id")
    place = member_or_none(user=user)
    if place is not None:
        if section not in place.open_sections:
            return rows.none()
        scope = groups_for(user=user, now=now)
        return rows.filter(_groups_in(scope), account_id=place.account_id)
    seen = groups_for(user=user, now=now)
    return rows if seen.everything and isinstance(user, User) and user.is_staff else rows.none()


def group_for_user(
    *, user: Person, group_id: int, now: dt.datetime, section: Section = Section.MANAGEMENT
) -> Group:
    """The group, if this person may see it. Raises: GroupNotFound; SectionClosed to colleagues."""
    found = groups_for_user(user=user, now=now, section=section).filter(pk=group_id).first()
    if found is not None:
        return found
    place = member_or_none(user=user)
    if place is not None and section not in place.open_sections:
        there = Group.objects.filter(
            _groups_in(groups_for(user=user, now=now)), pk=group_id, account_id=place.account_id
        )
        if there.exists():
            raise SectionClosed("Раздел недоступен: обратитесь к владельцу кабинета", section=str(section))
    raise GroupNotFound("Такой группы нет", group_id=group_id)


def batches_for_user(*, user: Person, now: dt.datetime, section: Section) -> QuerySet[Batch]:
    """Tables of registers of the organisations the person sees, the newest first.

    An employee of some groups, and a partner's person, see only what they have brought themselves: a table names
    registers that may not be theirs.
    """
    organisations = organisations_for_user(user=user, section=section, now=now)
    rows = Batch.objects.select_related("organisation").order_by("-id")
    rows = rows.filter(organisation__in=organisations.order_by())
    place = member_or_none(user=user)
    if isinstance(user, User) and (user.is_staff or (place is not None and place.all_groups)):
        return rows
    return rows.filter(created_by_id=user.pk)


def batch_for_user(*, user: Person, batch_id: int, now: dt.datetime, section: Section) -> Batch:
    """The table, if this person may see it. Raises: BatchNotFound."""
    found = batches_for_user(user=user, now=now, section=section).filter(pk=batch_id).first()
    if found is None:
        raise BatchNotFound("Такой загрузки нет. Черновик хранится сутки", batch_id=batch_id)
    return found


def kkts_seen(*, user: Person, kkt_ids: Collection[int], now: dt.datetime) -> set[int]:
    """Those of the registers that the person may see where contracts are shown, or in «Управление» or «ККТ»."""
    seen: set[int] = set()
    for section in (Section.DOCUMENTS, Section.MANAGEMENT, Section.KKT):
        rest = set(kkt_ids) - seen
        if rest:
            rows = kkts_for_user(user=user, now=now, section=section).filter(pk__in=rest)
            seen.update(rows.order_by().values_list("pk", flat=True))
    return seen


def _in_groups(scope: GroupScope) -> Q:
    if scope.everything:
        return Q()
    return Q(group_id__in=subtree_of(scope.group_ids)) if scope.group_ids else Q(pk__in=[])


def _groups_in(scope: GroupScope) -> Q:
    if scope.everything:
        return Q()
    return Q(pk__in=subtree_of(scope.group_ids)) if scope.group_ids else Q(pk__in=[])


def _colleague_check(*, user: Person, kkt_id: int, now: dt.datetime, section: Section) -> None:
    """Raise SectionClosed if only the section is missing. A group that is not his is a stranger's to him."""
    there = Kkt.objects.filter(_in_groups(groups_for(user=user, now=now)), pk=kkt_id)
    organisation_id = there.values_list("organisation_id", flat=True).first()
    if organisation_id is None:
        return
    with contextlib.suppress(OrganisationNotFound):
        organisation_for_user(user=user, organisation_id=organisation_id, section=section, now=now)
