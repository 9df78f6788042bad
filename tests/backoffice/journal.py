"""A small installation in the test database: emulated drives issue documents, the intake judges them, rows are stored.

Everything goes the way of the gateway but for the socket: `fn.apply` → `intake.examine` → the journal's own insert.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

from chekhov.ffd.documents import document_encode
from chekhov.ffd.versions import FfdVersion
from chekhov.fiscal.intake import Accepted, Operator, Refused, examine
from chekhov.fiscal.journal import INSERT_SQL, PackedRows
from chekhov.fiscal.rows import array_pack, peer_pack
from chekhov.fn import commands as cmd
from chekhov.fn.drive import apply
from chekhov.fn.registration import Registration
from chekhov.fn.state import new_drive, serial_compose
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import FLAGS_PLAIN, S_VERSION_OFD, SIGNATURE_OFD, SessionHeader
from chekhov.ofdwire.sealing import TestSealer
from chekhov.simulator.shop import Shop, receipt
from chekhov.values import Inn, KktSerial, RegistrationNumber

ZONE = ZoneInfo("Europe/Moscow")
SHOP_INN = "7707083893"
OPERATOR_INN = "9999999998"
SEALER = TestSealer()


class Register:
    """A register with an emulated drive whose documents go straight into the journal."""

    def __init__(
        self,
        sequence: int,
        *,
        ffd: FfdVersion = FfdVersion.V1_2,
        place: str = 'Магазин "Чайка"',
        inn: str = SHOP_INN,
    ) -> None:
        self.serial = f"0019990{sequence:07}"
        self.rnm = str(RegistrationNumber.compose(sequence, Inn(inn), KktSerial(self.serial)))
        self.state = new_drive(serial_compose(sequence), ffd=ffd)
        self.registration = Registration(
            rnm=self.rnm,
            user_inn=inn,
            user_name='ООО "Вишнёвый сад"',
            kkt_serial=self.serial,
            address="107078, Россия, Москва, Садовая-Спасская ул., д. 18",
            place=place,
            tax_systems=1,
            operator_inn=OPERATOR_INN,
            operator_name='Демо-оператор "Чехов"',
            cashier="Раневская Л. А.",
        )
        self.rng = Random(sequence)
        self.containers: list[bytes] = []

    @property
    def fn(self) -> str:
        return self.state.serial

    def do(self, command: cmd.Command, at: dt.datetime, *, stored: bool = True) -> bytes:
        """Issue a document at the register's local moment, store it as received two seconds later."""
        outcome = apply(self.state, command, at, SEALER)
        self.state = outcome.state
        assert outcome.document is not None
        container = outcome.document.container
        self.containers.append(container)
        if stored:
            store(
                container,
                fn=self.fn,
                p_version=self.state.p_version,
                received_at=at + dt.timedelta(seconds=2),
            )
        return container

    def day(self, day: dt.date, receipts: int, *, close: bool = True) -> None:
        """A shift of one day with believable receipts."""
        at = dt.datetime.combine(day, dt.time(9, 0))
        self.do(cmd.OpenShift(), at)
        for _ in range(receipts):
            at += dt.timedelta(minutes=11)
            order = receipt(Shop("grocery"), at, self.rng)
            self.do(cmd.Receipt(order), at)
        if close:
            self.do(cmd.CloseShift(), at + dt.timedelta(minutes=5))

    def register(self, day: dt.date) -> None:
        """The report of registration."""
        self.do(cmd.Register(self.registration), dt.datetime.combine(day, dt.time(8, 0)))


def judged(
    container: bytes, *, fn: str, p_version: bytes = b"\x01\x20", received_at: dt.datetime
) -> Accepted | Refused:
    """What the intake says of a container; `received_at` is the operator's local moment."""
    return examine(
        header=SessionHeader(SIGNATURE_OFD, S_VERSION_OFD, p_version, fn, len(container), FLAGS_PLAIN, 0),
        container_bytes=container,
        cipher=SEALER,
        operator=Operator(OPERATOR_INN, ZONE),
        received_at=received_at.replace(tzinfo=ZONE).timestamp(),
        peer=peer_pack("127.0.0.1"),
    )


def store(container: bytes, *, fn: str, p_version: bytes = b"\x01\x20", received_at: dt.datetime) -> Accepted:
    """Put a container into the journal in Django's own transaction."""
    verdict = judged(container, fn=fn, p_version=p_version, received_at=received_at)
    assert isinstance(verdict, Accepted), verdict
    connection.ensure_connection()
    link = connection.connection
    row_oid, array_oid = link.execute(
        "SELECT 'fiscal_document_row'::regtype::oid::bigint, 'fiscal_document_row[]'::regtype::oid::bigint"
    ).fetchone()
    cursor = psycopg.Cursor(link)  # Django's own binds on the client's side, which knows no binary

    class AsItIs(Dumper):
        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: PackedRows) -> bytes:
            return obj.data

    cursor.adapters.register_dumper(PackedRows, AsItIs)
    cursor.execute(INSERT_SQL, [PackedRows(array_pack([verdict.packed], row_oid))])
    return verdict


def faulty_receipt(fn: str, at: dt.datetime) -> bytes:
    """A receipt whose total is not the sum of its lines and that lacks most of what it must have."""
    document = document_encode(
        3,
        [
            (1041, fn),
            (1037, "0000000001057222"),
            (1018, SHOP_INN),
            (1040, 1),
            (1012, at),
            (1077, bytes.fromhex("210400000001")),
            (1054, 1),
            (1209, 2),
            (1020, 10_000),
            (1055, 1),
            (
                1059,
                [
                    (1030, "Шампанское <i>Артист</i>"),
                    (1079, 25_000),
                    (1023, Decimal(2)),
                    (1043, 50_000),
                    (1199, 1),
                ],
            ),
            (1031, 10_000),
        ],
    )
    return Container.build(document_code=3, fn_serial=fn, fd_number=1, payload=document + bytes(10))
