import base64
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.ffd.documents import document_decode, document_encode, fields_of
from chekhov.ffd.errors import MalformedDocumentJson
from chekhov.ffd.json import document_from_json, document_to_json, documents_from_json, message_sign_from_json
from chekhov.ffd.json_keys import key_of, tag_of
from chekhov.ffd.tags import TAGS
from chekhov.tlv import Kind, Nodes
from ffd.made import CAPTURES, NOON, RECEIPT, SHIFT_CLOSE, VECTORS, capture, content, document

SAMPLES = json.loads((VECTORS / "fns-receipt-json-flat.json").read_text("utf-8"), parse_float=Decimal)[
    "samples"
]
SMALL = {
    "dateTime": 1554143220,
    "totalSum": 5,
    "fiscalSign": 7,
    "items": [{"name": "A", "price": 5, "sum": 5, "quantity": 1}],
}


def through_text(value):
    return json.loads(json.dumps(value))


def by_tag(nodes):
    """Values of one level by tag, whatever the order of different tags."""
    level = {}
    for node in nodes:
        level.setdefault(node.tag, []).append(
            by_tag(node.value) if isinstance(node.value, Nodes) else node.value
        )
    return level


@pytest.mark.parametrize("name", CAPTURES)
def test_captures_come_back_bit_for_bit_by_their_raw_data(name):
    doc = document_decode(capture(name))
    code, fields = document_from_json(through_text(document_to_json(doc)))
    assert code == doc.code
    assert document_encode(code, fields) == doc.raw
    assert message_sign_from_json(through_text(document_to_json(doc))) == doc.message_sign


@pytest.mark.parametrize("name", CAPTURES)
def test_captures_come_back_by_their_keys(name):
    doc = document_decode(capture(name))
    code, fields = document_from_json(through_text(document_to_json(doc, raw_data=False)))
    back = document_decode(document_encode(code, fields))
    ours, theirs = by_tag(back.nodes), by_tag(doc.nodes)
    assert back.fiscal_sign == doc.fiscal_sign
    ours.pop(1077, None), theirs.pop(1077, None)  # of six bytes JSON carries four
    assert ours == theirs


@pytest.mark.parametrize(("code", "fields"), [(3, RECEIPT), (41, RECEIPT), (5, SHIFT_CLOSE)])
def test_made_documents_come_back_by_their_keys(code, fields):
    doc = document_decode(document_encode(code, fields))
    back = document_from_json(through_text(document_to_json(doc, raw_data=False)))
    assert back[0] == code
    assert by_tag(document_decode(document_encode(*back)).nodes) == by_tag(doc.nodes)
    order = [tag for tag, _ in back[1]]
    assert order[:7] == [1041, 1037, 1018, 1040, 1012, 1077, 1038]


def test_shape_of_what_is_written():
    doc = document_decode(document_encode(3, RECEIPT) + bytes.fromhex("81062f1ed68b19b60000"))
    body = document_to_json(doc)["receipt"]
    assert body["code"] == 3
    assert body["userInn"] == "7707083893  "
    assert body["dateTime"] == 1773489600
    assert body["fiscalSign"] == 2853205313
    assert body["messageFiscalSign"] == 9297170290247932342
    assert base64.b64decode(body["rawData"]) == doc.raw + doc.message_sign
    assert body["properties"] == {"propertyName": "Номер заказа", "propertyValue": "17"}
    assert body["amountsReceiptNds"] == {"amountsNds": [{"nds": 11, "ndsSum": 4698}]}
    assert body["allECashProp"]["ecashProp"][0]["ecashSum"] == 26_050
    assert body["operationalDetails"]["dateTime"] == 1773489600
    item = body["items"][0]
    assert (item["sum"], item["quantity"], item["ndsSum"]) == (26_050, 7.445, 4_698)
    assert item["productCodeNew"] == {"gs1m": "0104601234567893215ABCDEFGHIJKLM"}
    assert item["paymentAgentData"]["transferOperatorPhone"] == ["+74950000000", "+74950000001"]
    assert item["paymentAgentData"]["paymentAgentOperation"] == ["приём"]
    assert item["itemsIndustryDetails"][0]["idFoiv"] == "030"
    assert json.dumps(body)


def test_counters_have_their_own_meaning_of_common_names():
    body = document_to_json(document_decode(document_encode(5, SHIFT_CLOSE)))["closeShift"]["shiftSumReports"]
    assert body["sellOper"]["totalSum"] == 5
    assert body["receiptCorrection"]["sellReturnCorrection"]["receiptBsoCount"] == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_real_flat_receipts(sample):
    source = sample["json"] | {"operatorInn": "500100732259"}
    code, fields = document_from_json(source)
    doc = document_decode(document_encode(code, fields))
    assert doc.defects == []
    assert (doc.code, doc.total_kopecks, doc.fiscal_sign) == (3, source["totalSum"], source["fiscalSign"])
    assert doc.issued_at.isoformat() == source["dateTime"]
    assert [item.first()[1043] for item in doc.all(1059)] == [item["sum"] for item in source["items"]]
    assert message_sign_from_json(source) in (b"", (9297260049989052000).to_bytes(8, "big"))
    written = document_to_json(doc, raw_data=False)["receipt"]
    ignored = {"messageFiscalSign", "metadata", "region", "numberKkt", "redefine_mask", "dateTime"}
    for key, value in source.items():
        if key not in ignored:
            expected = through_text(json.loads(json.dumps(value, default=float)))
            assert written[key] == expected or written[key].strip() == expected.strip()


@pytest.mark.parametrize(
    "envelope",
    [
        {"receipt": SMALL},
        {"document": {"receipt": SMALL}},
        {"id": 1, "ticket": {"document": {"receipt": SMALL | {"code": 3}}}},
        [{"ticket": {"document": {"receipt": SMALL}}}],
        SMALL | {"code": 3, "metadata": {"id": 5}},
        {"code": 1, "data": {"json": SMALL | {"code": 3}, "html": ""}},
    ],
)
def test_every_envelope(envelope):
    code, fields = document_from_json(envelope)
    assert code == 3
    assert dict(fields)[1020] == 5
    assert dict(fields)[1077] == bytes.fromhex("210400000007")


def test_many_documents_in_one_export():
    export = [{"ticket": {"document": {"receipt": SMALL}}}, {"bso": SMALL}]
    assert [code for code, _ in documents_from_json(export)] == [3, 4]
    with pytest.raises(MalformedDocumentJson, match="got 2"):
        document_from_json(export)


@pytest.mark.parametrize(
    ("key", "value", "tag", "expected"),
    [
        ("totalSum", 5.0, 1020, 5),
        ("totalSum", "5", 1020, 5),
        ("internetSign", True, 1108, 1),
        ("dateTime", "2026-03-14T12:00:00", 1012, NOON),
        ("dateTime", "1773489600", 1012, NOON),
        ("userInn", 7707083893, 1018, "7707083893"),
        ("userInn", "7707083893      ", 1018, "7707083893"),
        ("fiscalSign", 36303916791105, 1077, bytes.fromhex("2104aa107541")),
        ("fiscalSign", 2853205313, 1077, bytes.fromhex("2104aa107541")),
        ("taxationType", 1, 1055, 1),
        ("nds20", 7, 1102, 7),
        ("items", {"name": "A"}, 1059, [(1030, "A")]),
        ("properties", [{"propertyName": "A"}], 1084, [(1085, "A")]),
        ("transferOperatorPhone", "+7", 1075, "+7"),
        ("items", [{"quantity": 0.748}], 1059, [(1023, Decimal("0.748"))]),
        ("items", [{"quantity": Decimal("0.7480")}], 1059, [(1023, Decimal("0.7480"))]),
        ("items", [{"productCode": "RE0="}], 1059, [(1162, b"DM")]),
        ("items", [{"productCode": {"rawProductCode": "444D"}}], 1059, [(1162, b"DM")]),
        (
            "items",
            [{"productCodeNew": {"gs1m": {"rawProductCode": "30311d41"}}}],
            1059,
            [(1163, [(1305, "01\x1dA")])],
        ),
    ],
)
def test_spellings_of_values(key, value, tag, expected):
    assert dict(document_from_json({"receipt": {key: value}})[1]) == {tag: expected}


@pytest.mark.parametrize(
    "body", [{"paymentAgentType": -1}, {"user": None}, {"metadata": {}, "unknown": [1]}, {}]
)
def test_what_means_nothing_is_left_out(body):
    assert document_from_json({"receipt": body}) == (3, [])


@pytest.mark.parametrize(
    ("version", "tags", "shown"),
    [
        (2, [(1101, 2), (1101, 3)], {"correctionReasonCode": [2, 3]}),
        (4, [(1205, 0b1001)], {"correctionKktReasonCode": 9, "correctionReasonCode": [1, 4]}),
        (3, [(1205, 1 << 31)], {"correctionKktReasonCode": 1 << 31, "correctionReasonCode": [32]}),
        (2, [(1205, 12), (1205, 9)], {"correctionKktReasonCode": [12, 9]}),
    ],
)
def test_reasons_of_a_reregistration(version, tags, shown):
    doc = document_decode(document_encode(11, [(1209, version), *tags]))
    body = through_text(document_to_json(doc, raw_data=False))
    assert shown.items() <= body["fiscalReportCorrection"].items()
    assert ("correctionReasonCode" in body["fiscalReportCorrection"]) == ("correctionReasonCode" in shown)
    assert sorted(document_from_json(body)[1]) == sorted([(1209, version), *tags])


def test_reasons_as_places_of_bits_alone():
    body = {"fiscalReportCorrection": {"fiscalDocumentFormatVer": 4, "correctionReasonCode": [1, 4]}}
    assert dict(document_from_json(body)[1])[1205] == 9


def test_unknown_tags_survive_through_the_raw_data_only():
    doc = document_decode(document(3, content(65_000, b"\1\2") + content(1020, b"\5")))
    assert list(document_to_json(doc, raw_data=False)["receipt"]) == ["code", "totalSum"]
    assert document_from_json(document_to_json(doc)) == (3, [(65_000, b"\1\2"), (1020, 5)])


def test_raw_data_may_have_a_container_header_in_front():
    raw = document_encode(3, RECEIPT)
    for header in (28, 32):
        data = b"\xff\xff" + len(raw).to_bytes(2, "big") + b"\xa5" * header + raw + bytes(8)
        body = {"receipt": {"rawData": base64.b64encode(data).decode()}}
        assert document_from_json(body) == (3, RECEIPT)


def test_messages_about_marked_goods_have_names_of_ours():
    fields = [(2001, 1), (1018, "7707083893  "), (2114, NOON), (2000, "0104601234567893"), (2100, 4)]
    doc = document_decode(document_encode(81, fields))
    body = document_to_json(doc, raw_data=False)
    assert list(body) == ["document81"]
    assert body["document81"]["tag2001"] == 1
    assert sorted(document_from_json(through_text(body))[1]) == sorted(fields)


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (5, ""),
        ([], ""),
        ({}, ""),
        ({"code": 99}, ""),
        ({"document": {"document": {"document": {"document": {"receipt": {}}}}}}, "document.document.document.document"),
        ({"receipt": {"code": 4}}, "receipt"),
        ({"receipt": {"totalSum": -1}}, "receipt.totalSum"),
        ({"receipt": {"totalSum": 1.5}}, "receipt.totalSum"),
        ({"receipt": {"totalSum": float("nan")}}, "receipt.totalSum"),
        ({"receipt": {"totalSum": Decimal("sNaN")}}, "receipt.totalSum"),
        ({"receipt": {"totalSum": {}}}, "receipt.totalSum"),
        ({"receipt": {"totalSum": 10**5000}}, "receipt.totalSum"),
        ({"receipt": {"user": 10**5000}}, "receipt.user"),
        ({"receipt": {"user": True}}, "receipt.user"),
        ({"receipt": {"dateTime": "yesterday"}}, "receipt.dateTime"),
        ({"receipt": {"dateTime": "2026-03-14T12:00:00Z"}}, "receipt.dateTime"),
        ({"receipt": {"dateTime": 1 << 33}}, "receipt.dateTime"),
        ({"receipt": {"fiscalSign": 1 << 48}}, "receipt.fiscalSign"),
        ({"receipt": {"items": [{}, {"quantity": "a lot"}]}}, "receipt.items[1].quantity"),
        ({"receipt": {"items": [{"quantity": 10**5000}]}}, "receipt.items[0].quantity"),
        ({"receipt": {"items": [{"quantity": Decimal("NaN")}]}}, "receipt.items[0].quantity"),
        ({"receipt": {"items": [[]]}}, "receipt.items[0]"),
        ({"receipt": {"items": "A"}}, "receipt.items"),
        ({"receipt": {"items": [{"productCode": "?"}]}}, "receipt.items[0].productCode"),
        ({"receipt": {"items": [{"productCode": {"rawProductCode": "xx"}}]}}, "receipt.items[0].productCode"),
        ({"receipt": {"rawData": "?"}}, "receipt.rawData"),
        ({"receipt": {"rawData": "AAAA"}}, "receipt.rawData"),
        ({"receipt": {"rawData": 5}}, "receipt.rawData"),
        ({"bso": {"rawData": base64.b64encode(document(3)).decode()}}, "bso"),
        ({"fiscalReportCorrection": {"fiscalDocumentFormatVer": 4, "correctionReasonCode": [33]}}, "fiscalReportCorrection.correctionReasonCode"),
        ({"fiscalReportCorrection": {"correctionReasonCode": ["x"]}}, "fiscalReportCorrection.correctionReasonCode[0]"),
        ([{"receipt": {}}, {"receipt": {"totalSum": "x"}}], "[1].receipt.totalSum"),
    ],
)  # fmt: skip
def test_refused_with_the_path(obj, path):
    with pytest.raises(MalformedDocumentJson) as caught:
        list(documents_from_json(obj)) or document_from_json(obj)
    assert caught.value.path == path


def test_names_go_both_ways_on_every_level():
    parents = [None, *(tag.number for tag in TAGS.values() if tag.kind is Kind.STLV)]
    for parent in parents:
        for code in (1, 3, 5, 21):
            keys = {tag: key_of(tag, parent, code) for tag in TAGS}
            assert len(set(keys.values())) == len(keys)
            assert all(tag_of(key, parent, code) == tag for tag, key in keys.items())
    assert key_of(1213, None, 21) == "keyResource"
    assert key_of(1213, None, 5) == "fdKeyResource"
    assert key_of(1201, None, 5) == "tag1201"


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.decimals()
KEYS = st.sampled_from(["receipt", "items", "code", "totalSum", "user", "quantity", "properties", "rawData", "dateTime",
                        "fiscalSign", "productCode", "correctionReasonCode", "ticket", "document", "data", "json"])  # fmt: skip


@given(
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    )
)
def test_any_json_is_documents_or_malformed(obj):
    for envelope in (obj, {"receipt": obj}, {"receipt": {"items": obj}}):
        try:
            found = list(documents_from_json(envelope))
        except MalformedDocumentJson:
            continue
        assert all(isinstance(code, int) and isinstance(fields, list) for code, fields in found)


@given(st.integers(0, (1 << 56) - 1), st.integers(0, 15))
def test_quantities_lose_nothing(digits, places):
    quantity = Decimal(digits).scaleb(-places)
    doc = document_decode(document_encode(3, [(1059, [(1023, quantity)])]))
    _, fields = document_from_json(through_text(document_to_json(doc, raw_data=False)))
    assert fields == [(1059, [(1023, quantity)])] == fields_of(doc.nodes)
