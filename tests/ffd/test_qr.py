import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ffd.documents import document_decode, document_encode
from chekhov.ffd.errors import MalformedQr
from chekhov.ffd.qr import NoQr, QrFields, qr_parse, qr_text, qr_text_of
from ffd.made import RECEIPT, VECTORS, capture

STRINGS = json.loads((VECTORS / "qr-strings.json").read_text("utf-8"))["vectors"]
OPENED_AT = dt.datetime(2017, 1, 1)  # noqa: DTZ001
TEXT = STRINGS[0]["qr"]


@pytest.mark.parametrize("vector", STRINGS, ids=lambda vector: vector["kind"])
def test_published_strings(vector):
    fields = qr_parse(vector["qr"])
    read = {
        "dateTime": fields.issued_at.isoformat(),
        "totalSum": fields.total_kopecks,
        "fiscalDriveNumber": fields.fn_serial,
        "fiscalDocumentNumber": fields.fd_number,
        "fiscalSign": fields.fiscal_sign,
        "operationType": fields.operation,
    }
    assert vector["decoded"].items() <= read.items()


@pytest.mark.parametrize("text", [STRINGS[0]["qr"], STRINGS[2]["qr"]])
def test_written_as_registers_print_it(text):
    assert qr_text_of(qr_parse(text)) == text


def test_of_a_captured_receipt():
    expected = json.loads((VECTORS / "receipt-doc3-ffd105.json").read_text("utf-8"))["expected"]["qr"]
    assert qr_text(document_decode(capture("receipt-doc3-ffd105"))) == expected


@pytest.mark.parametrize("tag", [1012, 1020, 1054, 1041, 1040])
def test_no_qr_without_what_it_is_made_of(tag):
    doc = document_decode(document_encode(3, [field for field in RECEIPT if field[0] != tag]))
    with pytest.raises(NoQr):
        qr_text(doc)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.lower(),
        TEXT.upper().replace("&S=1285.21", "&S=1285,21"),
        f"  {TEXT}\n",
        f"https://check.example/?{TEXT}",
        TEXT + "&x=unknown",
    ],
)
def test_read_in_other_spellings(text):
    assert qr_parse(text) == qr_parse(TEXT)


def test_a_sign_of_six_bytes_is_cut_to_what_is_printed():
    assert qr_parse(TEXT.replace("fp=1168453787", "fp=36303916791105")).fiscal_sign == 2853205313


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t",
        TEXT.replace("&n=1", ""),
        TEXT + "&n=2",
        TEXT.replace("20240917T1801", "20240931T1801"),
        TEXT.replace("20240917T1801", "20240917T2461"),
        TEXT.replace("20240917T1801", "2024-09-17T18:01"),
        TEXT.replace("1285.21", "-1"),
        TEXT.replace("1285.21", "1285.211"),
        TEXT.replace("30526", "x"),
        TEXT.replace("30526", "٣"),
        TEXT + "&" + "x" * 600,
    ],
)
def test_refused(text):
    with pytest.raises(MalformedQr):
        qr_parse(text)


@given(
    st.builds(
        QrFields,
        st.integers(0, 60_000_000).map(lambda minutes: OPENED_AT + dt.timedelta(minutes=minutes)),
        st.integers(0, (1 << 48) - 1),
        st.from_regex(r"[0-9]{16}", fullmatch=True),
        st.integers(1, (1 << 32) - 1),
        st.integers(0, (1 << 32) - 1),
        st.integers(1, 4),
    )
)
def test_written_and_read_back(fields):
    assert qr_parse(qr_text_of(fields)) == fields


@given(st.text("tsfnip=&0123456789T.x?", max_size=80))
def test_any_text_is_a_qr_or_malformed(text):
    try:
        fields = qr_parse(text)
    except MalformedQr:
        return
    assert qr_parse(qr_text_of(fields))._replace(issued_at=fields.issued_at) == fields
