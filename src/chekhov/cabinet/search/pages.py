"""The page of what was found, and the suggestions under the box while a person types."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from chekhov import clock
from chekhov.cabinet.access import person_page
from chekhov.cabinet.kkts.section import visitor_of
from chekhov.cabinet.search.asked import CHARACTERS_MAX, CHARACTERS_MIN, asked_read
from chekhov.cabinet.search.finding import PAGE_ROWS, SHOWN, found_for
from chekhov.cabinet.sections import must_join
from chekhov.face.cells import Empty
from chekhov.face.figures import plural
from chekhov.face.navigation import Crumb
from chekhov.face.pages import page

SUGGESTIONS: Final = "search-found"
"""The id of the place under the box; htmx asks for it by this name."""
NOTHING: Final = Empty(
    "Ничего не найдено",
    "Проверьте цифры или введите часть названия. Чек ищется по ФПД, по номеру ФД, по тексту QR-кода или по сумме с датой.",
    "search",
)


@person_page()
def search(request: HttpRequest) -> HttpResponse:
    """Everything the person may see that fits; `all`: more rows of each group. Not there for staff and strangers."""
    visitor = visitor_of(request)
    if visitor.place is not None and must_join(visitor.place):
        return redirect("joining")
    typed = request.GET.get("q", "")
    now = clock.now()
    asked = asked_read(typed, today=timezone.localdate(now))
    groups = found_for(visitor, asked, now, shown=PAGE_ROWS if "all" in request.GET else SHOWN)
    count = sum(len(group.hits) for group in groups)
    context = {
        "crumbs": [Crumb("Личный кабинет", reverse("cabinet")), Crumb("Поиск")],
        "typed": typed[:CHARACTERS_MAX],
        "asked": asked,
        "too_short": len(typed.strip()) < CHARACTERS_MIN,
        "groups": groups,
        "count": count,
        "empty": NOTHING,
        "count_words": f"{plural(count, 'Найдена', 'Найдено', 'Найдено')} {count} "
        f"{plural(count, 'запись', 'записи', 'записей')}",
    }
    return page(
        request,
        "cabinet/search/search.html",
        context,
        fragments={SUGGESTIONS: "cabinet/search/suggestions.html"},
    )
