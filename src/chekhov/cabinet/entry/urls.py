"""Addresses of the way in: start, registration, links of letters, log-in, passwords, joining the contract."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.entry import joining, links, passwords, receipt_check, registration, start

urlpatterns = [
    path("", start.start, name="start"),
    path("check/", receipt_check.receipt_check, name="receipt_check"),
    path("login/", start.LogIn.as_view(), name="login"),
    path("entry/registration/", registration.registration, name="registration"),
    path("entry/registration/sent/", registration.sent, name="registration_sent"),
    path("entry/consent/", registration.consent, name="consent"),
    path("entry/confirm/<str:token>/", links.confirm, name="registration_confirm"),
    path("entry/invitation/<str:token>/", links.invitation, name="invitation_accept"),
    path("entry/recovery/", passwords.recovery, name="recovery"),
    path("entry/recovery/sent/", passwords.recovery_sent, name="recovery_sent"),
    path("entry/recovery/<str:token>/", links.recovery, name="recovery_confirm"),
    path("entry/password/<str:token>/", links.password, name="password_set"),
    path("password/", passwords.change, name="password_change"),
    path("offer.pdf", joining.offer, name="offer"),
    path("cabinet/joining/", joining.joining, name="joining"),
]
