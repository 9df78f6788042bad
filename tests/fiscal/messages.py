"""Messages of registers for tests: any document, honestly numbered and signed unless told otherwise."""

from __future__ import annotations

import datetime as dt
from binascii import crc_hqx
from decimal import Decimal

from chekhov.ffd.documents import document_encode
from chekhov.ofdwire import testsigns
from chekhov.ofdwire.container import Container
from chekhov.ofdwire.header import SessionHeader, message_pack
from chekhov.ofdwire.sealing import Keyring

FN = "9999540000000001"
FOREIGN_FN = "9999078900011918"
RNM = "0000000001005209"
INN = "7702203276"
KEYRING = Keyring()
MOMENT = dt.datetime(2026, 11, 20, 12, 30)  # noqa: DTZ001 - a register's clock
P_VERSIONS = {2: b"\x01\x05", 4: b"\x01\x20"}


def document(code, fn=FN, fd=1, fields=(), *, rnm=RNM, inn=INN, at=MOMENT, shift=None, ffd=4, key=None):
    """A TLV document of this code with the drive's own requisites first, signed under the drive's key."""
    head = [
        (1041, fn),
        (1037, rnm.ljust(20)),
        (1018, inn.ljust(12)),
        (1040, fd),
        (1012, at),
        (1077, b"\x21\x04\0\0\0\0"),
    ]
    if shift is not None:
        head.append((1038, shift))
    raw = document_encode(code, [*head, *fields, (1209, ffd)])
    at_ = testsigns.document_sign_offset(raw)
    sign = testsigns.document_sign(key or KEYRING.sealing_key(fn), raw)
    return raw[:at_] + sign + raw[at_ + 4 :]


def sealed(raw, fn=FN, fd=1, code=None, *, p_version=b"\x01\x20", flags=0x14, header_fn=None, trailer=None):
    """A whole message around a TLV document."""
    if trailer is None:
        trailer = testsigns.trailer(testsigns.message_sign(KEYRING.sealing_key(fn), raw))
    code = raw[0] if code is None else code
    container = Container.build(document_code=code, fn_serial=fn, fd_number=fd, payload=raw + trailer)
    return message_pack(fn_serial=header_fn or fn, p_version=p_version, container=container, flags=flags)


def message(code, fn=FN, fd=1, fields=(), *, ffd=4, flags=0x14, **requisites):
    """A whole message with a document of this code."""
    raw = document(code, fn, fd, fields, ffd=ffd, **requisites)
    return sealed(raw, fn, fd, p_version=P_VERSIONS[ffd], flags=flags)


def receipt_fields(*, total=10_000, operation=1, cash=0, vat=None, name="Молоко", cashier="Кассир"):
    """A receipt of one item with 10 % VAT; `cash` of the total in cash, the rest electronic."""
    vat = (total * 10 * 2 + 110) // 220 if vat is None else vat
    item = [
        (1030, name), (1079, total), (1023, Decimal(1)), (2108, 0), (1043, total), (1199, 2), (1200, vat),
        (1212, 1), (1214, 4),
    ]  # fmt: skip
    return [
        (1042, 1), (1054, operation), (1020, total), (1055, 1), (1059, item), (1031, cash), (1081, total - cash),
        (1215, 0), (1216, 0), (1217, 0), (1103, vat), (1021, cashier), (1048, "ООО Ромашка"), (1009, "Москва"),
        (1187, "Касса 1"),
    ]  # fmt: skip


def receipt(fn=FN, fd=1, *, code=3, shift=1, flags=0x14, rnm=RNM, inn=INN, at=MOMENT, ffd=4, **sums):
    """A whole message with a receipt."""
    return message(
        code, fn, fd, receipt_fields(**sums), shift=shift, flags=flags, rnm=rnm, inn=inn, at=at, ffd=ffd
    )


def parts(whole):
    """Session header and container of a message."""
    return SessionHeader.parse(whole[:30]), whole[30:]


def crc_broken(whole):
    """The same message with a wrong container CRC."""
    return whole[:32] + bytes((whole[32] ^ 0xFF,)) + whole[33:]


def crc_mended(container):
    """The container with the CRC that its bytes ask for."""
    return (
        container[:2]
        + crc_hqx(container[4:], crc_hqx(container[:2], 0xFFFF)).to_bytes(2, "little")
        + container[4:]
    )
