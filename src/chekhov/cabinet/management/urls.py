"""Addresses of «Управление», «ККТ» and «Помощь»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.management import help as help_pages
from chekhov.cabinet.management import registers

urlpatterns = [
    path("cabinet/", registers.home, name="cabinet"),
    path("cabinet/management/", registers.management, name="management"),
    path("cabinet/kkt/", registers.kkts, name="cabinet_kkts"),
    path("cabinet/kkt/add/", registers.kkt_add, name="kkt_add"),
    path("help/", help_pages.help_page, name="help"),
]
