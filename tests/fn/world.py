"""What the tests of the drive share: a registered drive, orders, an operator who confirms, an archive."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from chekhov.ffd.documents import Document, document_decode
from chekhov.ffd.versions import FfdVersion
from chekhov.fn.commands import AcceptConfirmation, Command, OpenShift, Register
from chekhov.fn.drive import Outcome, apply
from chekhov.fn.issue import IssuedDocument, message_bytes
from chekhov.fn.orders import Item, ReceiptOrder
from chekhov.fn.registration import Registration
from chekhov.fn.state import FnState, new_drive, serial_compose, unsent
from chekhov.ofdwire.answers import answer_bytes
from chekhov.ofdwire.confirmation import Confirmation
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader
from chekhov.ofdwire.sealing import TestSealer
from chekhov.values import RegistrationNumber

SEALER = TestSealer()
SERIAL = serial_compose(1)
START = dt.datetime.fromisoformat("2026-03-02T09:00:00")
USER_INN = "7702203276"
OPERATOR_INN = "7704358518"
KKT_SERIAL = "0000000000000017"
BOTH = (FfdVersion.V1_05, FfdVersion.V1_2)

REGISTRATION = Registration(
    rnm=RegistrationNumber.compose(17, USER_INN, KKT_SERIAL),
    user_inn=USER_INN,
    user_name="ООО Вишнёвый сад",
    kkt_serial=KKT_SERIAL,
    address="101000, Москва, ул. Садовая, д. 3",
    place="магазин",
    tax_systems=1 | 4,
    operator_inn=OPERATOR_INN,
    operator_name="Оператор",
    cashier="Раневская Л. А.",
    sender_email="shop@example.org",
)


def item(**change: Any) -> Item:
    return Item(**{"name": "Чай чёрный", "price_kopecks": 12_345, "vat": 2, **change})


def order(*items: Item, **change: Any) -> ReceiptOrder:
    """An order paid in cash, unless `change` says otherwise."""
    items = items or (item(),)
    values: dict[str, Any] = {"operation": 1, "items": items, "tax_system": 1}
    if "cash_kopecks" not in change:
        values["cash_kopecks"] = sum(
            one.sum_kopecks if one.sum_kopecks is not None else int(one.price_kopecks * one.quantity)
            for one in items
        )
    return ReceiptOrder(**{**values, **change})


class Till:
    """A drive with its archive and a clock: what a caller of `apply` keeps."""

    def __init__(self, state: FnState, now: dt.datetime = START) -> None:
        self.state = state
        self.now = now
        self.archive: dict[int, IssuedDocument] = {}

    @classmethod
    def working(cls, ffd: FfdVersion = FfdVersion.V1_2, *, model: str = "15", **change: Any) -> Till:
        """A registered drive with an open shift, nothing confirmed."""
        till = cls(new_drive(SERIAL, model=model, ffd=ffd))
        till.do(Register(dataclasses.replace(REGISTRATION, **change)))
        till.do(OpenShift())
        return till

    @classmethod
    def in_shift_at(cls, moment: str, ffd: FfdVersion = FfdVersion.V1_2, *, model: str = "15") -> Till:
        """A drive registered at that moment, its shift open."""
        till = cls(new_drive(SERIAL, model=model, ffd=ffd), dt.datetime.fromisoformat(moment))
        till.do(Register(REGISTRATION))
        till.do(OpenShift())
        return till

    def do(self, command: Command, **later: float) -> IssuedDocument:
        """Do a command `later` (arguments of timedelta) and keep what was issued."""
        self.now += dt.timedelta(**later)
        outcome = apply(self.state, command, self.now, SEALER)
        assert outcome.document is not None
        self.archive[outcome.document.fd_number] = outcome.document
        self.state = outcome.state
        return outcome.document

    def answer(self, fd_number: int | None = None, **change: Any) -> AcceptConfirmation:
        """The operator's answer to a document, by default to the first unsent one."""
        fd_number = fd_number or self.state.unsent_from
        issued = self.archive[fd_number]
        message = message_bytes(self.state, issued.container)
        request = Container.parse(message[30:])
        confirmation = Confirmation(
            int(self.state.ffd), OPERATOR_INN, self.state.serial, fd_number, self.now
        )._replace(**change)
        answer = answer_bytes(SEALER, SessionHeader.parse(message[:30]), request, confirmation)
        following = self.archive.get(fd_number + 1)
        return AcceptConfirmation(answer[30:], issued.raw, following.raw if following else None)

    def accept(self, command: AcceptConfirmation) -> Outcome:
        outcome = apply(self.state, command, self.now, SEALER)
        self.state = outcome.state
        return outcome

    def confirm_all(self) -> None:
        for _ in unsent(self.state):
            outcome = self.accept(self.answer())
            assert outcome.result is not None
            assert outcome.result.accepted


def decoded(issued: IssuedDocument) -> Document:
    document = document_decode(issued.raw + issued.trailer)
    assert not document.defects
    return document


def values_of(group: Any) -> dict[int, Any]:
    return {node.tag: node.value for node in group}


KILO = Decimal("0.748")
