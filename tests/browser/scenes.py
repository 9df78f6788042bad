"""What stands in the database while pages are looked at."""

from __future__ import annotations

import datetime as dt

import factories
from backoffice.conftest import project, quarantined_make
from backoffice.journal import Register, faulty_receipt, store
from chekhov.fiscal.models import Quarantined
from chekhov.fiscal.verdicts import Reason
from chekhov.fn import commands as cmd
from chekhov.ofdwire.container import Container

DAY = dt.date(2026, 11, 16)
UNREADABLE_FN = "9999078900000012"
FAULTY_FN = "9999078900000013"


class Scene:
    """One register in a cabinet, one unknown, a document that cannot be read, three things in the quarantine."""

    def __init__(self) -> None:
        self.known, self.unknown = Register(1), Register(2, place='Кафе "Три сестры"')
        for register in (self.known, self.unknown):
            register.register(DAY)
            register.day(DAY, 3)
            register.day(DAY + dt.timedelta(days=1), 2, close=False)
        self.unknown.do(
            cmd.StateReport(), dt.datetime.combine(DAY, dt.time(23)) + dt.timedelta(days=1), stored=False
        )
        self.unknown.do(cmd.StateReport(), dt.datetime.combine(DAY, dt.time(23, 5)) + dt.timedelta(days=1))
        unreadable = Container.build(
            document_code=3,
            fn_serial=UNREADABLE_FN,
            fd_number=1,
            payload=bytes.fromhex("0300ff00") + b"\x01" * 255,
        )
        store(unreadable, fn=UNREADABLE_FN, received_at=dt.datetime.combine(DAY, dt.time(9)))
        at = dt.datetime.combine(DAY, dt.time(10))
        store(faulty_receipt(FAULTY_FN, at), fn=FAULTY_FN, received_at=at)
        self.kkt = factories.kkt_make(rnm=self.known.rnm, name="Касса у входа")
        self.quarantined: list[Quarantined] = [
            quarantined_make(
                Reason.KEY_CONFLICT, self.known.containers[2], fn=self.known.fn, fd=3, peer="203.0.113.7"
            ),
            quarantined_make(
                Reason.UNREADABLE, b"GET / HTTP/1.1\r\n", detail="a container has at least 32 bytes"
            ),
            quarantined_make(Reason.REAL_DRIVE, bytes(range(256)), fn="8710000100186516", fd=7),
        ]
        project()

    @property
    def addresses(self) -> list[str]:
        """Every page of a member of staff, full."""
        fn = self.known.fn
        return [
            "/",
            "/logout/",
            "/ui/",
            "/staff/intake/",
            "/staff/intake/?number=abc",
            "/staff/intake/?number=9999540000000099",
            "/staff/registers/",
            f"/staff/registers/add/{self.unknown.fn}/",
            "/staff/drives/",
            f"/staff/drives/{self.unknown.fn}/",
            f"/staff/shifts/{fn}/1/",
            *(f"/staff/documents/{fn}/{fd}/" for fd in (1, 2, 3, 6)),
            f"/staff/documents/{UNREADABLE_FN}/1/",
            f"/staff/documents/{FAULTY_FN}/1/",
            "/staff/quarantine/",
            *(f"/staff/quarantine/{row.pk}/" for row in self.quarantined),
            "/staff/documents/9999540000000001/999/",
            "/нет-такой-страницы/",
        ]


EMPTY_ADDRESSES = ["/staff/intake/", "/staff/registers/", "/staff/drives/", "/staff/quarantine/"]
STRANGER_ADDRESSES = ["/", "/check/", "/login/", "/logout/", "/ui/"]
