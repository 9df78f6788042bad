from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

import factories
from backoffice.journal import Register
from chekhov import clock
from chekhov.accounts.models import StaffRole, User
from chekhov.fiscal.models import Quarantined
from chekhov.fiscal.projector import step
from chekhov.fiscal.verdicts import ALARMS, Reason

DAY = dt.date(2026, 11, 16)


@pytest.fixture
def engineer(db: None) -> User:
    return factories.staff_make(StaffRole.ENGINEER, full_name="Инженеров Антон Павлович")


@pytest.fixture
def staff(engineer: User) -> Client:
    """A browser in which the engineer has logged in."""
    client = Client()
    client.force_login(engineer)
    return client


@pytest.fixture
def register(transactional_db: None) -> Register:
    """A register with a registration, a closed shift of three receipts and an open one of two; projected."""
    made = Register(1)
    made.register(DAY - dt.timedelta(days=1))
    made.day(DAY, 3)
    made.day(DAY + dt.timedelta(days=1), 2, close=False)
    project()
    return made


def project() -> None:
    """Run the projector to the end of the journal."""
    while step():
        pass


def quarantined_make(reason: Reason = Reason.UNREADABLE, raw: bytes = b"\x01\x02", **fields) -> Quarantined:
    return Quarantined.objects.create(
        **{
            "received_at": clock.now(),
            "reason": reason.value,
            "detail": "",
            "alarm": reason in ALARMS,
            "raw": raw,
            "raw_size": len(raw),
        }
        | fields
    )
