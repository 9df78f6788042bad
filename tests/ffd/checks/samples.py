"""Right documents of every kind, and ways to spoil them. Drives are test ones, sums are made up."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from chekhov.ffd.documents import Document, document_decode, document_encode
from chekhov.ffd.json import document_from_json
from chekhov.ffd.tags import TAG_SPEC
from chekhov.tlv import encode
from chekhov.values import RegistrationNumber, vat_inside

VECTORS = Path(__file__).parents[2] / "vectors"
INN = "7825706086"
SERIAL = "00105726645591"
RNM = str(RegistrationNumber.compose(7795807, INN, SERIAL))

Fields = list[tuple[int, Any]]


def local(*parts: int) -> datetime:
    """A moment of a register's clock, as 1012 carries it."""
    return datetime(*parts)  # noqa: DTZ001


EVENING = local(2024, 9, 17, 18, 1)


def tlv(tag: int, raw: bytes) -> bytes:
    return tag.to_bytes(2, "little") + len(raw).to_bytes(2, "little") + raw


def document(code: int, fields: Fields, *extra: bytes) -> Document:
    """Encode and decode; `extra`: ready-made elements behind the fields."""
    body = encode(fields, TAG_SPEC) + b"".join(extra)
    return document_decode(tlv(code, body))


def put(fields: Fields, tag: int, value: Any) -> Fields:
    """The fields with the first `tag` replaced, or the tag added at the end."""
    found = False
    result: Fields = []
    for number, old in fields:
        if number == tag and not found:
            result.append((tag, value))
            found = True
        else:
            result.append((number, old))
    return result if found else [*result, (tag, value)]


def drop(fields: Fields, *tags: int) -> Fields:
    return [(number, value) for number, value in fields if number not in tags]


def head(version: int, issued_at: datetime) -> Fields:
    return [
        (1041, "9999078900011918"),
        (1037, RNM),
        (1018, INN),
        (1040, 132),
        (1012, issued_at),
        (1077, bytes.fromhex("310491e563d7")),
        (1209, version),
    ]


def place() -> Fields:
    return [
        (1048, "ООО «Ромашка»".replace("«", '"').replace("»", '"')),
        (1009, "101000, Москва"),
        (1187, "Магазин"),
    ]


def item(
    version: int,
    *,
    price: int = 9999,
    quantity: str = "2.474",
    line: int = 24738,
    code: int = 2,
    percent: int = 10,
) -> Fields:
    fields: Fields = [
        (1030, "Тыква свежая"),
        (1079, price),
        (1023, Decimal(quantity)),
        (1043, line),
        (1199, code),
        (1212, 1),
        (1214, 4),
    ]
    if percent:
        fields.append((1200, vat_inside(line, percent)))
    return [*fields, (2108, 11)] if version == 4 else fields


def receipt(version: int = 4, *, code: int = 3, issued_at: datetime = EVENING) -> Fields:
    """Two lines, 10 %, paid by card."""
    total = 24738 * 2
    fields = [
        *head(version, issued_at),
        *place(),
        (1038, 4),
        (1042, 72),
        (1054, 1),
        (1020, total),
        (1055, 1),
        (1021, "Иванова"),
        (1031, 0),
        (1081, total),
        (1215, 0),
        (1216, 0),
        (1217, 0),
        (1103, vat_inside(total, 10)),
        (1059, item(version)),
        (1059, item(version)),
    ]
    if code in {31, 41}:
        fields += [(1173, 0), (1174, [(1178, local(2024, 9, 1)), (1179, "б/н")])]
    return fields


def counters(receipts: int = 2, total: int = 49476, corrections: int = 1) -> Fields:
    side: Fields = [
        (1135, receipts),
        (1201, total),
        (1136, 0),
        (1138, total),
        (1218, 0),
        (1219, 0),
        (1220, 0),
    ]
    taxes: Fields = [(tag, 0) for tag in (1139, 1140, 1141, 1142, 1143, 1183)]
    empty: Fields = [(1135, 0), (1201, 0), (1136, 0), (1138, 0), (1218, 0), (1219, 0), (1220, 0)]
    one: Fields = [(1135, corrections), (1201, 100), (1136, 100), (1138, 0), (1218, 0), (1219, 0), (1220, 0)]
    return [
        (1134, receipts + corrections),
        (1129, side + taxes),
        (1130, empty + taxes),
        (1131, empty + taxes),
        (1132, empty + taxes),
        (1133, [(1144, corrections), (1145, one), (1146, empty), (1232, empty), (1233, empty)]),
    ]


def shift_close(version: int = 4) -> Fields:
    fields = [
        *head(version, local(2024, 9, 17, 22, 0)),
        *place(),
        (1021, "Иванова"),
        (1038, 4),
        (1118, 3),
        (1111, 5),
    ]
    if version > 2:
        fields += [(1213, 400), (1194, counters()), (1157, counters(receipts=20, total=494760))]
    return fields


def registration(version: int = 4, code: int = 1) -> Fields:
    fields = [
        *head(version, local(2024, 9, 1, 9, 0)),
        *place(),
        (1001, 0),
        (1002, 0),
        (1056, 0),
        (1062, 1),
        (1013, SERIAL),
        (1021, "Иванова"),
        (1017, "7704358518"),
        (1046, "ОФД"),
        (1060, "www.nalog.gov.ru"),
        (1117, "shop@example.ru"),
        (1188, "1.0"),
        (1189, version),
        (1190, version),
        (1213, 400),
    ]
    if version == 4:
        fields.append((1290, 512))
    else:
        fields += [(tag, 0) for tag in (1108, 1110, 1221, 1207, 1193, 1126)]
    if code == 11:
        fields.append((1101, 1) if version == 2 else (1205, 4))
    return fields


def shift_open(version: int = 4) -> Fields:
    return [
        *head(version, local(2024, 9, 17, 9, 0)),
        *place(),
        (1021, "Иванова"),
        (1038, 4),
        (1188, "1.0"),
        (1189, version),
    ]


def state_report(version: int = 4) -> Fields:
    fields = [*head(version, local(2024, 9, 17, 12, 0)), *place(), (1038, 4), (1097, 0)]
    if version > 2:
        fields.append((1157, counters()))
    if version == 4:
        fields.append((1213, 400))
    return fields


def drive_close(version: int = 4) -> Fields:
    fields = [*head(version, local(2024, 9, 18, 9, 0)), *place(), (1021, "Иванова"), (1038, 4)]
    return [*fields, (1157, counters())] if version > 2 else fields


def operator_ack(version: int = 4) -> Fields:
    fields: Fields = [
        (1017, "7704358518"),
        (1041, "9999078900011918"),
        (1040, 132),
        (1012, local(2024, 9, 17, 18, 2)),
        (1078, bytes(18)),
    ]
    return [*fields, (1068, [(1022, 0)])] if version == 2 else [*fields, (1206, 0)]


def mark_request() -> Fields:
    return [
        (2001, 1),
        (1018, INN),
        (2114, local(2024, 9, 17, 18, 0)),
        (1041, "9999078900011918"),
        (2004, 3),
        (2003, 1),
        (2100, 4),
        (2000, "0104670540176099215'W9Um"),
        (2102, 0),
    ]


def mark_notice() -> Fields:
    goods: Fields = [
        (2000, "0104670540176099215'W9Um"),
        (2100, 4),
        (2101, "0104670540176099215'W9Um"),
        (2115, "abcd"),
        (2110, 1),
        (2106, 15),
        (2102, 0),
        (1214, 4),
        (1030, "Ботинки"),
        (1079, 500000),
        (1043, 500000),
        (1199, 1),
        (1200, 83333),
    ]
    return [
        (2002, 1),
        (1012, local(2024, 9, 17, 18, 1)),
        (1041, "9999078900011918"),
        (1018, INN),
        (1055, 1),
        (1054, 1),
        (2116, 1),
        (2007, goods),
    ]


def mark_answer() -> Fields:
    return [(2001, 1), (2114, local(2024, 9, 17, 18, 0)), (2105, 0), (2005, 15), (2109, 1)]


def mark_ticket() -> Fields:
    return [(2002, 1), (1012, local(2024, 9, 17, 18, 3)), (2111, 0), (2006, 0)]


def right_documents() -> dict[str, Document]:
    """One right document of each form and version."""
    made: dict[str, Document] = {}
    for version, label in ((2, "1.05"), (3, "1.1"), (4, "1.2")):
        made[f"registration {label}"] = document(1, registration(version))
        made[f"reregistration {label}"] = document(11, registration(version, 11))
        made[f"shift open {label}"] = document(2, shift_open(version))
        made[f"state report {label}"] = document(21, state_report(version))
        made[f"shift close {label}"] = document(5, shift_close(version))
        made[f"drive close {label}"] = document(6, drive_close(version))
        made[f"operator ack {label}"] = document(7, operator_ack(version))
        for code in (3, 4, 31, 41):
            made[f"document {code} {label}"] = document(code, receipt(version, code=code))
    made["mark request"] = document(81, mark_request())
    made["mark notice"] = document(82, mark_notice())
    made["mark answer"] = document(83, mark_answer())
    made["mark ticket"] = document(84, mark_ticket())
    return made


def published() -> dict[str, Document]:
    """The published captures."""
    starts = {
        "receipt-doc3-ffd105": 0,
        "session-doc11-ffd105": 62,
        "container-doc1-ffd10": 32,
        "operator-ack-constructed": 62,
    }
    return {
        name: document_decode((VECTORS / f"{name}.bin").read_bytes()[start:])
        for name, start in starts.items()
    }


def exported() -> dict[str, Document]:
    """The published receipts of checking services, written from their JSON."""
    samples = json.loads(
        (VECTORS / "fns-receipt-json-flat.json").read_text(encoding="utf-8"), parse_float=Decimal
    )
    made: dict[str, Document] = {}
    for sample in samples["samples"]:
        body = {key: value for key, value in sample["json"].items() if key != "messageFiscalSign"}
        for key, value in body.items():
            if value == "[removed]":
                body[key] = INN if key == "operatorInn" else "removed"
        code, fields = document_from_json(body)
        made[sample["name"]] = document_decode(document_encode(code, fields))
    return made
