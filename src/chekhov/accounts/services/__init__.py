"""Deeds on accounts. A package by noun; callers take them from here."""

from __future__ import annotations

from chekhov.accounts.services.asking import ask_count
from chekhov.accounts.services.consents import consent_publish
from chekhov.accounts.services.entrance import lock_lift, log_in_check
from chekhov.accounts.services.letters import letters_prepare
from chekhov.accounts.services.passwords import (
    password_change,
    password_set_by_link,
    recovery_ask,
    recovery_confirm,
)
from chekhov.accounts.services.people import (
    names_change,
    phone_change,
    user_add,
    user_remove,
)
from chekhov.accounts.services.registration import (
    Accepted,
    Invited,
    Registered,
    invitation_accept,
    invitation_send,
    registration_confirm,
    registration_start,
)
from chekhov.accounts.services.sandbox import (
    sandbox_account_ensure,
    sandbox_person_ensure,
    sandbox_staff_ensure,
)
from chekhov.accounts.services.sessions import session_end, sessions_end_all
from chekhov.accounts.services.tidying import accounts_tidy

__all__ = [
    "Accepted",
    "Invited",
    "Registered",
    "accounts_tidy",
    "ask_count",
    "consent_publish",
    "invitation_accept",
    "invitation_send",
    "letters_prepare",
    "lock_lift",
    "log_in_check",
    "names_change",
    "password_change",
    "password_set_by_link",
    "phone_change",
    "recovery_ask",
    "recovery_confirm",
    "registration_confirm",
    "registration_start",
    "sandbox_account_ensure",
    "sandbox_person_ensure",
    "sandbox_staff_ensure",
    "session_end",
    "sessions_end_all",
    "user_add",
    "user_remove",
]
