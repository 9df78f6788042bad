"""From a person and a number to a register, or NotFound: the only way for pages."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from chekhov.accounts.models import User
from chekhov.kkt.errors import KktNotFound
from chekhov.kkt.models import Kkt
from chekhov.orgs.access import groups_for, organisation_for_user, organisations_for_user
from chekhov.orgs.errors import OrganisationNotFound
from chekhov.orgs.sections import Section


def kkts_for_user(
    *, user: User | AnonymousUser, now: dt.datetime, section: Section = Section.KKT
) -> QuerySet[Kkt]:
    """The registers the person sees through a section.

    Staff see all, employees their cabinet's, partners those of customers who let them in; nobody else any.
    An employee who does not see all groups sees the registers of his groups. There are no groups yet, so none.
    """
    organisations = organisations_for_user(user=user, section=section, now=now)
    rows = Kkt.objects.select_related("organisation").order_by("organisation__name", "name", "id")
    if not groups_for(user=user, now=now).everything:
        return rows.none()
    return rows.filter(organisation__in=organisations.order_by())


def kkt_for_user(
    *, user: User | AnonymousUser, kkt_id: int, now: dt.datetime, section: Section = Section.KKT
) -> Kkt:
    """The register, if this person may see it.

    Raises: KktNotFound, and a stranger does not learn whether the register is there; SectionClosed to
    colleagues without the section.
    """
    kkt = kkts_for_user(user=user, now=now, section=section).filter(pk=kkt_id).first()
    if kkt is not None:
        return kkt
    _colleague_check(user=user, kkt_id=kkt_id, now=now, section=section)
    raise KktNotFound("Такой кассы нет", kkt_id=kkt_id)


def _colleague_check(*, user: User | AnonymousUser, kkt_id: int, now: dt.datetime, section: Section) -> None:
    """Raise SectionClosed if only the section is missing. A group that is not his is a stranger's to him."""
    organisation_id = Kkt.objects.filter(pk=kkt_id).values_list("organisation_id", flat=True).first()
    if organisation_id is None or not groups_for(user=user, now=now).everything:
        return
    with contextlib.suppress(OrganisationNotFound):
        organisation_for_user(user=user, organisation_id=organisation_id, section=section, now=now)
