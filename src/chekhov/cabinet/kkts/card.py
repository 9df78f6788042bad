"""The card of a register: «Информация», its name, and what has been told of it so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.cabinet.documents.section import APPLICATION_STATES
from chekhov.cabinet.formerrors import error_place
from chekhov.cabinet.kkts.forms import RenameForm
from chekhov.cabinet.kkts.lists import day_last
from chekhov.cabinet.kkts.section import (
    Visitor,
    actor_upon,
    kkt_of,
    register_context,
    registers_page,
    stage_state,
    visitor_of,
)
from chekhov.cabinet.words import contract_words, requisites_short
from chekhov.contracts.models import OPEN_STATES, Application
from chekhov.contracts.selectors import contract_active, stop_application_last
from chekhov.errors import Conflict, Malformed
from chekhov.face.cells import Column, Digits, Empty, Link, State, Table, Two
from chekhov.face.figures import count_text, plural
from chekhov.face.pages import page
from chekhov.ffd.tags import ENUMS
from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal.forecast import DriveLife, drive_life
from chekhov.fiscal.selectors import drive_gaps
from chekhov.kkt.models import Kkt, Registration, Standing
from chekhov.kkt.selectors import registrations_of_rnm
from chekhov.kkt.selectors_lists import KktLine, kkt_line
from chekhov.kkt.services import kkt_rename, rnm_open
from chekhov.kkt.stages import Stage
from chekhov.kkt.tariffs import tariff_name
from chekhov.orgs.sections import Section

GAPS_SHOWN: Final = 10
HISTORY_SHOWN: Final = 100
SOON_DAYS: Final = 60
NO_REPORT: Final = "Станет известно из отчета о регистрации"
HISTORY_COLUMNS: Final = (
    Column("at", "Когда", title=True),
    Column("report", "Отчет"),
    Column("drive", "ФН"),
    Column("reasons", "Что изменилось"),
)
REPORTS: Final = {1: "О регистрации", 11: "Об изменении параметров регистрации", 6: "О закрытии ФН"}
MARKS: Final = {
    1050: "Ресурс ФН подходит к концу: запланируйте замену",
    1051: "Нужна срочная замена ФН",
    1052: "Память ФН заполнена: замените накопитель",
    1053: "ФН долго не получает ответов оператора: проверьте связь кассы",
}
"""Tags 1050–1053."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of something is left, in hundredths; None: not known."""

    word: str
    percent: int | None
    text: str


@registers_page()
def card(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """«Информация»."""
    return _answer(request, kkt_of(request, kkt_id), None)


@registers_page("GET", "HEAD", "POST", deed="manages")
def rename(request: HttpRequest, kkt_id: int) -> HttpResponse:
    """The same card with the field of the name in place of the title."""
    kkt = kkt_of(request, kkt_id)
    if request.method != "POST":
        return _answer(request, kkt, RenameForm(initial={"name": kkt.name, "version": kkt.version}))
    form = RenameForm(request.POST)
    if form.is_valid():
        try:
            kkt_rename(
                actor=actor_upon(request, kkt.organisation_id),
                kkt=kkt,
                name=form.cleaned_data["name"],
                version=form.cleaned_data["version"],
                now=clock.now(),
            )
        except (Conflict, Malformed) as error:
            error_place(form, error, {type(error): "name"})
        else:
            messages.success(request, "Название сохранено.", extra_tags="fine")
            return redirect("kkt", kkt_id=kkt.pk)
    return _answer(request, kkt, form)


def _answer(request: HttpRequest, kkt: Kkt, form: RenameForm | None) -> HttpResponse:
    visitor, now = visitor_of(request), clock.now()
    line = kkt_line(kkt, now)
    standing = line.standing
    stopping = stop_application_last(kkt_id=kkt.pk)
    gaps = drive_gaps(fn=standing.fn) if standing is not None and standing.fn else []
    context = {
        **register_context(visitor, kkt, "info"),
        "line": line,
        "rename": form,
        "state": stage_state(line),
        "about": about_facts(visitor, line),
        "contract": contract_facts(visitor, line),
        "drive": drive_facts(line),
        "life": life_shown(line, now),
        "marks": [MARKS[mark] for mark in sorted(standing.drive_marks) if mark in MARKS] if standing else [],
        "place": place_facts(line),
        "history": history_table(kkt),
        "gaps": gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(gaps) - GAPS_SHOWN),
        "missing": sum(gap.documents for gap in gaps),
        "stopping": stopping_shown(stopping) if stopping is not None else None,
        "connecting": line.stage in {Stage.AWAITING, Stage.MISMATCH},
        "may_number": visitor.connects and rnm_open(kkt, now),
        "group_url": f"{reverse('kkts_group')}?kkt={kkt.pk}&card=1",
        "may_stop": visitor.manages and line.stage != Stage.STOPPED,
    }
    return page(request, "cabinet/kkts/card.html", context, status=422 if form and form.errors else 200)


def about_facts(visitor: Visitor, line: KktLine) -> list[tuple[str, object]]:
    """«Сведения о кассе»."""
    kkt, standing = line.kkt, line.standing
    facts: list[tuple[str, object]] = [
        ("РНМ", Digits(kkt.rnm, copy=True) if kkt.rnm else None),
        ("Заводской номер", Digits(line.serial, copy=True) if line.serial else None),
        ("Модель", kkt.model),
    ]
    if standing is not None and standing.fn is not None:
        facts += [
            ("Зарегистрирована", standing.registered_at),
            ("Параметры изменены", standing.reregistered_at),
            ("Версия ККТ", standing.model),
            ("Версия ФФД", version_name(standing.ffd)),
        ]
    if standing is not None and standing.documents:
        facts += [
            ("Последняя связь", line.last_heard_at),
            ("Последний документ", standing.last_issued_at),
            ("Смена", shift_words(standing)),
            ("Не передано", unsent_words(standing)),
        ]
    if visitor.place is not None:
        facts.append(("Группа", kkt.group.name if kkt.group else "Без группы"))
    return [(word, value) for word, value in facts if value or word in {"РНМ", "Заводской номер", "Модель"}]


def contract_facts(visitor: Visitor, line: KktLine) -> list[tuple[str, object]]:
    """«Сведения о договоре»: the company, its contract, the tariff. A partner is not told of the contract."""
    kkt = line.kkt
    facts: list[tuple[str, object]] = [
        ("Организация", Two(kkt.organisation.name, requisites_short(kkt.organisation))),
    ]
    contract = contract_active(organisation_id=kkt.organisation_id) if visitor.place is not None else None
    if contract is not None and visitor.place is not None:
        words: object = contract_words(contract)
        if Section.DOCUMENTS in visitor.place.open_sections:
            words = Link(reverse("contract", args=(contract.pk,)), words)
        facts.append(("Договор", words))
    facts += [
        ("Тариф", line.tariff_name if kkt.tariff else "Без срока"),
        ("Действует до", day_last(kkt.served_until)),
        ("Следующий тариф", tariff_name(kkt.tariff_next) if kkt.tariff_next else "Не выбран"),
        ("Автопродление", "включено" if kkt.renewal else "выключено"),
    ]
    if kkt.stopped_at is not None:
        facts.append(("Обслуживание прекращено", kkt.stopped_at))
    return [(word, value) for word, value in facts if value]


def drive_facts(line: KktLine) -> list[tuple[str, object]]:
    """«Сведения о фискальном накопителе»."""
    if not line.drive_serial:
        return []
    until = f"{line.drive_until:%d.%m.%Y}" if line.drive_until else None
    closed = line.standing.closed_at if line.standing is not None else None
    facts: list[tuple[str, object]] = [
        ("Номер ФН", Digits(line.drive_serial, copy=True)),
        ("Действует до", until),
        ("Закрыт", closed),
    ]
    return [(word, value) for word, value in facts if value]


def place_facts(line: KktLine) -> list[tuple[str, object]]:
    """«Адрес установки кассы», as its report has it."""
    standing = line.standing
    if standing is None:
        return []
    facts = [("Адрес расчётов", standing.address), ("Место расчётов", standing.place)]
    return [(word, value) for word, value in facts if value]


def history_table(kkt: Kkt) -> Table:
    """Registrations and drives, the newest first; reports of others under this number are not shown."""
    rows = (
        registrations_of_rnm(rnm=kkt.rnm).filter(inn=kkt.organisation.inn).reverse()[:HISTORY_SHOWN]
        if kkt.rnm
        else []
    )
    empty = Empty("Отчетов ещё не было", f"{NO_REPORT}.", "history")
    return Table(
        "История регистраций и накопителей", HISTORY_COLUMNS, [_history_row(row) for row in rows], empty
    )


def _history_row(row: Registration) -> dict[str, object]:
    return {
        "at": row.registered_at,
        "report": Two(REPORTS.get(row.code, f"Документ {row.code}"), f"ФД {row.fd}"),
        "drive": Digits(row.fn),
        "reasons": ", ".join(reasons_of(row)),
    }


def reasons_of(row: Registration) -> list[str]:
    """Why the parameters were changed: tag 1205 from ФФД 1.1 on, 1101 before."""
    if row.reasons:
        return ENUMS["1205"].names_of_bits(row.reasons)
    found = ENUMS["1101"].name_ru(row.reason) if row.reason is not None else None
    return [found] if found else []


def shift_words(standing: Standing) -> object:
    """Whether a shift is open, and since when."""
    if standing.shift_opened_at is not None:
        since = f"{standing.shift_opened_at:%d.%m.%Y %H:%M}"
        return State("quiet", f"Открыта с {since}, № {standing.shift_number}", "clock")
    return f"Закрыта, № {standing.shift_number}" if standing.shift_number is not None else ""


def unsent_words(standing: Standing) -> object:
    """How many documents wait in the drive, as it said itself."""
    if not standing.unsent:
        return ""
    count = f"{count_text(standing.unsent)} {plural(standing.unsent, 'документ', 'документа', 'документов')}"
    since = f", первый от {standing.unsent_since_at:%d.%m.%Y}" if standing.unsent_since_at else ""
    return State("attention", f"{count}{since}")


def version_name(ffd: int | None) -> str:
    """«1.2»."""
    known = {version.value: version.label for version in FfdVersion}
    return known.get(ffd, "") if ffd is not None else ""


def life_shown(line: KktLine, now: dt.datetime) -> dict[str, Any] | None:
    """«Остаток ФН»: what is left in days and in documents, the smaller first, and when the drive ends."""
    kkt = line.kkt
    life = drive_life(rnm=kkt.rnm, inn=kkt.organisation.inn, today=timezone.localdate(now))
    if life is None:
        return None
    bars = [Bar("Память", life.documents_left_percent, _documents_left(life))]
    if life.days_left is not None:
        days = f"{count_text(life.days_left)} {plural(life.days_left, 'день', 'дня', 'дней')}"
        bars.append(Bar("Срок ключей", life.days_left_percent, f"осталось {days}"))
    bars.sort(key=lambda bar: 100 if bar.percent is None else bar.percent)
    return {
        "percent": life.left_percent,
        "bars": bars,
        "pace": _pace_words(life),
        "ends_on": f"{life.ends_on:%d.%m.%Y}" if life.ends_on else "",
        "ends_by": life.ends_by.word if life.ends_by else "",
        "soon": life.ends_on is not None and (life.ends_on - timezone.localdate(now)).days <= SOON_DAYS,
    }


def _documents_left(life: DriveLife) -> str:
    word = plural(life.documents_left, "документ", "документа", "документов")
    return (
        f"осталось около {count_text(life.documents_left)} {word}, занято {count_text(life.documents_used)}"
    )


def _pace_words(life: DriveLife) -> str:
    pace = round(life.documents_a_day)
    if not pace:
        return "За последние 30 дней документов почти не было: по темпу конец не предсказать."
    word = plural(pace, "документ", "документа", "документов")
    full = f", память заполнится около {life.full_on:%d.%m.%Y}" if life.full_on else ", памяти хватит на годы"
    return f"Сейчас около {count_text(pace)} {word} в день{full}."


def stopping_shown(application: Application) -> dict[str, object]:
    """How the application to stop stands."""
    return {
        "state": APPLICATION_STATES[application.state],
        "open": application.state in OPEN_STATES,
        "reason": application.reason,
        "at": application.created_at,
    }
