"""The tabs of «ККТ», the same on all its first pages."""

from __future__ import annotations

from typing import Literal

from django.urls import reverse

from chekhov.cabinet.kkts.section import Visitor
from chekhov.face.navigation import Tab

Place = Literal["kkts", "overview", "attention"]


def kkt_tabs(visitor: Visitor) -> list[Tab]:
    """«Кассы», «Обзор», «Что остановится»; none for those to whom «ККТ» is closed."""
    if not visitor.reads:
        return []
    first = "cabinet_kkts" if visitor.partner is None else "partner_kkts"
    return [
        Tab("kkts", "Кассы", reverse(first)),
        Tab("overview", "Обзор", reverse("overview")),
        Tab("attention", "Что остановится", reverse("attention")),
    ]
