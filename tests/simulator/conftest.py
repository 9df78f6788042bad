"""Fixtures of the simulated register."""

from __future__ import annotations

import datetime as dt

import pytest

from chekhov.ffd.versions import FfdVersion
from chekhov.fn.registration import Registration
from chekhov.simulator.register import SimulatedRegister
from chekhov.values import RegistrationNumber
from simulator.tiny_operator import tiny_operator

NOW = dt.datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001
SERIAL = "9999540000000042"
KKT_SERIAL = "00106900000042"
INN = "7799000005"


@pytest.fixture
def operator():
    """An operator in a thread, with real sessions and confirmations."""
    with tiny_operator() as operator:
        yield operator


@pytest.fixture
def registration():
    """What the till is registered with."""
    return Registration(
        rnm=str(RegistrationNumber.compose(42, INN, KKT_SERIAL)),
        user_inn=INN,
        user_name='ООО "Сад"',
        kkt_serial=KKT_SERIAL,
        address="г. Таганрог, ул. Садовая, д. 1",
        place="Касса",
        tax_systems=1,
        operator_inn="9999999998",
        operator_name="Оператор",
        cashier="Раневская Л. А.",
    )


@pytest.fixture(params=[FfdVersion.V1_2, FfdVersion.V1_05], ids=lambda ffd: ffd.label)
def till(request, tmp_path, registration):
    """A register in its first shift, in either format: documents 1 and 2 are unsent."""
    path = tmp_path / "till"
    with SimulatedRegister.create(
        path, serial=SERIAL, model="15", ffd=request.param, kkt_serial=KKT_SERIAL
    ) as register:
        register.register(registration, NOW)
        register.shift_open(NOW)
        yield register
