"""Who stands before pages of registers, and what all of them share: the way back, tabs, words of states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from chekhov import clock
from chekhov.accounts.models import User
from chekhov.cabinet.access import address_of, person_of, person_page
from chekhov.cabinet.sections import must_join
from chekhov.face.cells import State
from chekhov.face.navigation import Crumb, Tab
from chekhov.kkt.access import kkt_for_user, kkts_for_user
from chekhov.kkt.models import Kkt
from chekhov.kkt.selectors_lists import KktLine
from chekhov.kkt.stages import Stage
from chekhov.orgs.access import (
    actor_for_organisation,
    member_or_none,
    organisation_for_user,
    organisations_for_user,
    partner_or_none,
)
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import NotMember, SectionClosed
from chekhov.orgs.models import Membership, Organisation, Partner
from chekhov.orgs.sections import Section

if TYPE_CHECKING:
    from django.http import HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

ROOT = "Личный кабинет"
KEPT = "_registers_visitor"
CLOSED = "Раздел недоступен: обратитесь к владельцу кабинета"
STAGE_ICONS = {
    Stage.AWAITING: "hourglass",
    Stage.STOPPED: "ban",
    Stage.TARIFF_OVER: "clock",
    Stage.DRIVE_CLOSED: "lock",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """An employee of a cabinet, or a person of a partner whom customers let in; exactly one of the two."""

    person: User
    place: Membership | None = None
    partner: Partner | None = None

    @property
    def manages(self) -> bool:
        """Whether «Управление» is his: to rename, to group, to stop."""
        return self.place is not None and Section.MANAGEMENT in self.place.open_sections

    @property
    def connects(self) -> bool:
        """Whether he may connect registers: his cabinet's, or those of customers who let his partner in."""
        return self.partner is not None or self.manages

    @property
    def reads(self) -> bool:
        """Whether receipts of the registers are open to him."""
        return self.partner is not None or (
            self.place is not None and Section.KKT in self.place.open_sections
        )

    @property
    def section_seen(self) -> Section:
        """Through which section he sees registers at all; a manager sees the same ones as a reader."""
        return Section.KKT if self.reads else Section.MANAGEMENT

    @property
    def section_connecting(self) -> Section:
        """Through which section he connects; a partner has one only."""
        return Section.KKT if self.partner is not None else Section.MANAGEMENT

    def kkts(self, now: dt.datetime) -> QuerySet[Kkt]:
        """The registers he sees."""
        return kkts_for_user(user=self.person, now=now, section=self.section_seen)

    def organisations(self, now: dt.datetime) -> QuerySet[Organisation]:
        """The companies he may connect registers for."""
        return organisations_for_user(user=self.person, section=self.section_connecting, now=now)

    def organisation(self, organisation_id: int, now: dt.datetime) -> Organisation:
        """One of them. Raises: OrganisationNotFound, SectionClosed."""
        return organisation_for_user(
            user=self.person, organisation_id=organisation_id, section=self.section_connecting, now=now
        )


def visitor_of(request: HttpRequest) -> Visitor:
    """Who asks, once a request. Raises: NotMember to staff and strangers."""
    person = person_of(request)
    kept: Visitor | None = person.__dict__.get(KEPT)
    if kept is not None:
        return kept
    place = member_or_none(user=person)
    partner = None if place is not None else partner_or_none(user=person)
    if person.is_staff or (place is None and partner is None):
        raise NotMember("У вас нет личного кабинета")
    found = person.__dict__[KEPT] = Visitor(person, place, partner)
    return found


def registers_page(*methods: str, deed: str = "") -> Callable[[View[P]], View[P]]:
    """A page of registers. To strangers it is not there; an owner without a contract is led to joining.

    deed «connects»: for those who connect; «manages»: for those with «Управление»; empty: for all who see
    registers.
    """

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            visitor = visitor_of(request)
            if visitor.place is not None and must_join(visitor.place):
                return HttpResponseRedirect(reverse("joining"))
            allowed = {
                "": visitor.reads or visitor.manages,
                "connects": visitor.connects,
                "manages": visitor.manages,
            }
            if not allowed[deed]:
                raise _closed(visitor)
            return view(request, *args, **kwargs)

        return cast(
            "View[P]",
            person_page(*methods)(cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)),
        )

    return wrap


def _closed(visitor: Visitor) -> NotMember | SectionClosed:
    if visitor.place is None:
        return NotMember("У вас нет личного кабинета")
    return SectionClosed(CLOSED, section=str(Section.MANAGEMENT))


def kkt_of(request: HttpRequest, kkt_id: int) -> Kkt:
    """The register, if the asker may see it. Raises: KktNotFound, SectionClosed."""
    visitor = visitor_of(request)
    return kkt_for_user(user=visitor.person, kkt_id=kkt_id, now=clock.now(), section=visitor.section_seen)


def actor_upon(request: HttpRequest, organisation_id: int) -> Actor:
    """Who acts upon the company's registers: its employee or its partner's person.

    Raises: OrganisationNotFound, SectionClosed.
    """
    visitor = visitor_of(request)
    actor, _organisation = actor_for_organisation(
        user=visitor.person,
        organisation_id=organisation_id,
        section=visitor.section_connecting,
        now=clock.now(),
        address=address_of(request),
    )
    return actor


def stage_state(line: KktLine) -> State:
    """The state of a register as tables write it; what is awaited depends on the kind of application."""
    return State(line.tone, line.stage_word, STAGE_ICONS.get(line.stage, ""))


def connecting_context(visitor: Visitor, *crumbs: Crumb) -> dict[str, Any]:
    """Section and crumbs of pages of connecting."""
    if visitor.partner is not None:
        back = Crumb(f"Кабинет партнёра {visitor.partner.name}", reverse("partner_customers"))
        return {"section": "partner_customers", "crumbs": [back, *crumbs]}
    back, here = Crumb(ROOT, reverse("cabinet")), Crumb("Управление", reverse("management"))
    return {"section": "management", "crumbs": [back, here, *crumbs]}


def register_context(visitor: Visitor, kkt: Kkt, tab: str, *crumbs: Crumb) -> dict[str, Any]:
    """Section, tabs «Информация» and «Чеки» and crumbs of pages of one register."""
    tabs = [Tab("info", "Информация", reverse("kkt", args=(kkt.pk,)))]
    if visitor.reads:
        tabs.append(Tab("receipts", "Чеки", reverse("kkt_receipts", args=(kkt.pk,))))
    here = Crumb(kkt.name, reverse("kkt", args=(kkt.pk,)) if crumbs else "")
    return {
        "section": _section_of(visitor),
        "tab": tab,
        "tabs": tabs,
        "crumbs": [*_way(visitor, kkt), here, *crumbs],
        "kkt": kkt,
        "visitor": visitor,
    }


def _section_of(visitor: Visitor) -> str:
    if visitor.partner is not None:
        return "partner_kkts"
    return "kkt" if visitor.reads else "management"


def _way(visitor: Visitor, kkt: Kkt) -> list[Crumb]:
    if visitor.partner is not None:
        return [
            Crumb(f"Кабинет партнёра {visitor.partner.name}", reverse("partner_customers")),
            Crumb(kkt.organisation.name, reverse("partner_customer", args=(kkt.organisation_id,))),
        ]
    root = Crumb(ROOT, reverse("cabinet"))
    if visitor.reads:
        return [root, Crumb("ККТ", reverse("cabinet_kkts"))]
    return [root, Crumb("Управление", reverse("management"))]
