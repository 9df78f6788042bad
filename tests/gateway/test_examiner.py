from __future__ import annotations

from zoneinfo import ZoneInfo

from chekhov.fiscal import intake
from chekhov.fiscal.intake import Accepted, Message, Operator
from chekhov.fiscal.verdicts import Reason
from chekhov.gateway.examiner import Examiner
from chekhov.ofdwire.sealing import TestSealer
from fiscal.messages import FN, crc_broken, parts, receipt

OPERATOR = Operator("9999999998", ZoneInfo("Europe/Moscow"))


def examiner_with(*wholes):
    examiner = Examiner(TestSealer(), OPERATOR)
    for number, whole in enumerate(wholes):
        examiner.read(number, Message(*parts(whole), None))
    return examiner


def judged(examiner):
    return [
        (connection, verdict.fd if isinstance(verdict, Accepted) else verdict.reason)
        for connection, _, verdict in examiner.verdicts(1_795_000_000.0)
    ]


def test_verdicts_come_in_order_and_once():
    examiner = examiner_with(receipt(fd=7), crc_broken(receipt(fd=8)), receipt(fd=9))
    assert examiner.waiting == 3
    assert judged(examiner) == [(0, 7), (1, Reason.CONTAINER_CRC), (2, 9)]
    assert examiner.waiting == 0
    assert judged(examiner) == []


def test_message_that_breaks_the_examination_is_told_apart_and_the_others_are_served(monkeypatch):
    check = intake.check

    def breaks(document):
        if document.fd_number == 8:
            raise ZeroDivisionError
        return check(document)

    monkeypatch.setattr(intake, "check", breaks)
    examiner = examiner_with(receipt(fd=7), receipt(fd=8), receipt(fd=9))
    assert judged(examiner) == [(0, 7), (1, Reason.INTERNAL), (2, 9)]


def test_batch_judges_as_each_alone():
    wholes = [receipt(fd=fd, total=100 * fd) for fd in range(1, 40)]
    batch = [verdict for _, _, verdict in examiner_with(*wholes).verdicts(1_795_000_000.0)]
    alone = [verdict for whole in wholes for _, _, verdict in examiner_with(whole).verdicts(1_795_000_000.0)]
    assert batch == alone
    assert {verdict.fn for verdict in batch} == {FN}
