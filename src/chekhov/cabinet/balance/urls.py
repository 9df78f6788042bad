"""Addresses of «Баланс»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.balance import state

urlpatterns = [
    path("cabinet/balance/", state.state, name="balance"),
]
