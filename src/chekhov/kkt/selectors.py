"""Questions about registers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from chekhov.kkt.models import Kkt, Registration

# Report of closing the drive («отчёт о закрытии ФН»): it tells of the end, not of how the register stands.
DRIVE_CLOSE_CODE = 6


def kkts_all() -> QuerySet[Kkt]:
    """Every register with its organisation; for staff."""
    return Kkt.objects.select_related("organisation").order_by("organisation__name", "name", "id")


def kkts_of_organisation(*, organisation_id: int) -> QuerySet[Kkt]:
    """The registers of one organisation, by name."""
    return Kkt.objects.filter(organisation_id=organisation_id).order_by("name", "id")


def kkt_by_rnm(*, rnm: str) -> Kkt | None:
    """The register with this registration number, if it stands in a cabinet."""
    return Kkt.objects.select_related("organisation").filter(rnm=rnm).first()


def rnms_known(*, rnms: Iterable[str]) -> set[str]:
    """Those of the registration numbers that stand in some cabinet."""
    return {rnm for rnm in Kkt.objects.filter(rnm__in=set(rnms)).values_list("rnm", flat=True) if rnm}


def registration_current(*, fn: str) -> Registration | None:
    """How the register with this drive stands by its last report; None while no report has come."""
    return Registration.objects.filter(fn=fn).exclude(code=DRIVE_CLOSE_CODE).order_by("-fd").first()


def registrations_of_rnm(*, rnm: str) -> QuerySet[Registration]:
    """All reports of a register, over all its drives, by the register's clock."""
    return Registration.objects.filter(rnm=rnm).order_by("registered_at", "fn", "fd")
