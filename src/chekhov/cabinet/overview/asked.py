"""What «Обзор» is asked for, as its address says it: a period, a company, a group, a register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chekhov.cabinet.kkts.filters import NO_GROUP
from chekhov.cabinet.kkts.groups import group_filters
from chekhov.cabinet.kkts.section import Visitor
from chekhov.cabinet.overview.periods import FIRST_SHOWN, PERIODS, period_named
from chekhov.cabinet.receipts.forms import YEAR_MIN, DayField
from chekhov.face.forms import HouseForm
from chekhov.fiscal.dashboard import Period, PeriodWrong
from chekhov.kkt.access import subtree_of
from chekhov.kkt.models import Kkt
from chekhov.orgs.access import organisations_for_user

COMPANIES_CHOSEN_MAX: Final = 500
KKTS_CHOSEN_MAX: Final = 300
"""A longer list is not chosen from but searched in."""
YEARS_AHEAD_MAX: Final = 1
"""A register's clock may be ahead, but not by more than that."""
NARROWING: Final = ("company", "group", "kkt", "q")
DAYS: Final = ("since", "until")


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of value and word. kkts: None when they are too many to be chosen from."""

    companies: list[tuple[str, str]]
    groups: list[tuple[str, str]]
    kkts: list[tuple[str, str]] | None


class OverviewForm(HouseForm):
    """Days and filters. A kept address may name what is no more: that narrows nothing; days amiss are told."""

    since = DayField(label=_("С"), required=False)
    until = DayField(label=_("По"), required=False)
    company = forms.ChoiceField(label=_("Компания"), required=False)
    group = forms.ChoiceField(label=_("Группа"), required=False)
    kkt = forms.ChoiceField(label=_("Касса"), required=False)
    q = forms.CharField(
        label=_("Касса"),
        required=False,
        max_length=128,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Название или РНМ")}),
    )

    def __init__(self, query: QueryDict, *, choices: Choices, today: dt.date) -> None:
        """Bound to the address; fields with nothing to choose from are left out."""
        super().__init__(query)
        self.today = today
        lists = {
            "company": [("", _("Все мои компании")), *choices.companies],
            "group": [("", _("Все группы")), *choices.groups],
            "kkt": [("", _("Все кассы")), *(choices.kkts or [])],
        }
        for name, pairs in lists.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]  # stubs
            if len(pairs) <= (1 if name == "group" else 2):
                del self.fields[name]
        if choices.kkts is not None:
            del self.fields["q"]

    def full_clean(self) -> None:
        """Only days can be wrong in a way that must be told."""
        super().full_clean()
        if self.is_bound:
            for name in set(NARROWING) & set(self.errors):
                del self.errors[name]

    def clean(self) -> dict[str, Any]:
        """One day given stands for a span: up to today, or that day alone."""
        given = super().clean() or {}
        if set(DAYS) & set(self.errors):
            return given
        since: dt.date | None = given.get("since") or given.get("until")
        if since is None:
            return given
        until: dt.date = given.get("until") or max(since, self.today)
        if since.year < YEAR_MIN:
            self.add_error("since", f"Документов до {YEAR_MIN} года нет")
            return given
        if until.year > self.today.year + YEARS_AHEAD_MAX:
            self.add_error("until", "Так далеко вперёд документов нет")
            return given
        try:
            given["period"] = Period(since, until)
        except PeriodWrong as error:
            self.add_error("until", str(error))
        return given

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields in their order."""
        return [self[name] for name in self.fields]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. named: the period's name, empty for days of one's own. rows: the registers it is about.

    settled: the address to go to instead, for days that are those of the named period; else empty.
    """

    form: OverviewForm
    period: Period
    named: str
    rows: QuerySet[Kkt]
    kept: dict[str, str]
    settled: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether it is about some of the registers only."""
        return bool(self.kept)

    @property
    def query(self) -> str:
        """The address's query for the same page or a file of it."""
        days = {"period": self.named} if self.named else _days(self.period)
        return urlencode(days | self.kept)

    def query_of(self, name: str) -> str:
        """The query for another named period, narrowed the same way."""
        return urlencode({"period": name} | self.kept)

    def query_narrowed(self, **narrowing: object) -> str:
        """The query for the same period, narrowed to something more."""
        days = {"period": self.named} if self.named else _days(self.period)
        return urlencode(days | self.kept | narrowing)


def overview_asked(query: QueryDict, visitor: Visitor, now: dt.datetime, today: dt.date) -> Asked:
    """Read the address. Whatever it says, the registers are those the visitor sees."""
    rows = visitor.kkts(now)
    wanted = query.get("period", "")
    named = wanted if wanted in PERIODS else FIRST_SHOWN
    period = period_named(named, today)
    bound = query.copy()
    own_days = any(query.get(name, "").strip() for name in DAYS)
    if not own_days:
        for name, value in _days(period).items():
            bound[name] = value
    form = OverviewForm(bound, choices=_choices(rows, visitor, now), today=today)
    form.is_valid()
    given = form.cleaned_data
    kept = {name: str(given[name]) for name in NARROWING if given.get(name)}
    settled = ""
    if own_days and not form.errors:
        if wanted in PERIODS and given["period"] == period:
            settled = urlencode({"period": named} | kept)
        else:
            named, period = "", given["period"]
    return Asked(form, period, named, _narrowed(rows, kept), kept, settled)


def _days(period: Period) -> dict[str, str]:
    return {"since": period.first.isoformat(), "until": period.last.isoformat()}


def _narrowed(rows: QuerySet[Kkt], kept: dict[str, str]) -> QuerySet[Kkt]:
    """Values are of the choices, so they are numbers."""
    if "company" in kept:
        rows = rows.filter(organisation_id=int(kept["company"]))
    if kept.get("group") == NO_GROUP:
        rows = rows.filter(group__isnull=True)
    elif "group" in kept:
        rows = rows.filter(group_id__in=subtree_of([int(kept["group"])]))
    if "kkt" in kept:
        rows = rows.filter(pk=int(kept["kkt"]))
    if "q" in kept:
        digits = "".join(kept["q"].split())
        by_number = Q(rnm__startswith=digits) if digits.isascii() and digits.isdigit() else Q()
        rows = rows.filter(Q(name__icontains=kept["q"]) | by_number)
    return rows


def _choices(rows: QuerySet[Kkt], visitor: Visitor, now: dt.datetime) -> Choices:
    companies = organisations_for_user(user=visitor.person, section=visitor.section_seen, now=now)
    kkts = list(rows.order_by("name", "id").values_list("pk", "name", "rnm")[: KKTS_CHOSEN_MAX + 1])
    return Choices(
        companies=[
            (str(number), f"{name}, ИНН {inn}")
            for number, name, inn in companies.values_list("pk", "name", "inn")[:COMPANIES_CHOSEN_MAX]
        ],
        groups=group_filters(visitor, now),
        kkts=None
        if len(kkts) > KKTS_CHOSEN_MAX
        else [(str(number), f"{name}, РНМ {rnm}" if rnm else name) for number, name, rnm in kkts],
    )
