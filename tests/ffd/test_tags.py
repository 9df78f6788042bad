"""The table of tags says exactly what the compiled table of sources says."""

import json
from pathlib import Path

import pytest

from chekhov.ffd.tags import ENUMS, LENGTHS_NOT_ENFORCED, TAG_SPEC, TAGS, enum_of, name_ru
from chekhov.ffd.twins import NEW_ONLY_INSIDE, OLDER
from chekhov.ffd.versions import DOCUMENT_KINDS, DocumentCode, FfdVersion
from chekhov.tlv import Kind

SOURCE = json.loads((Path(__file__).parents[1] / "vectors" / "ffd-tags.json").read_text("utf-8"))


def listed(values):
    return None if values is None else list(values)


@pytest.mark.parametrize("row", SOURCE["tags"], ids=lambda row: row["tag"])
def test_every_attribute_of_every_tag(row):
    tag = TAGS[row["tag"]]
    ours = {
        "tag": tag.number,
        "name_ru": tag.name_ru,
        "key": tag.key,
        "key_aliases": list(tag.key_aliases),
        "name_en": tag.name_en,
        "type": tag.kind.name.lower(),
        "max_len": tag.max_len,
        "fixed": tag.fixed,
        "padding": "right-space" if tag.padded else None,
        "repeated": tag.repeated,
        "status": tag.status,
        "ffd": listed(tag.versions),
        "parents": listed(tag.parents),
        "enum": tag.enum,
        "note": tag.note,
        "sources": list(tag.sources),
        "confidence": tag.confidence,
    }
    expected = {key: value for key, value in row.items() if key not in ("usage", "legacy_meaning")}
    if row["note"]:  # one note names the page, which has another place in this project
        expected["note"] = row["note"].replace("ffd-documents.md", "docs/formats/documents.md")
    expected["fixed"] = bool(row["fixed"])  # of seven old tags nobody knows, which counts as no
    assert ours == expected


@pytest.mark.parametrize(
    "row", [row for row in SOURCE["tags"] if row["legacy_meaning"]], ids=lambda row: row["tag"]
)
def test_older_meanings(row):
    old, source = TAGS[row["tag"]].legacy_meaning, row["legacy_meaning"]
    assert (old.name_ru, old.kind.name.lower(), old.max_len, old.key, list(old.sources)) == (
        source["name_ru"],
        source["type"],
        source["max_len"],
        source.get("key"),
        source["sources"],
    )
    assert OLDER[row["tag"]].kind is old.kind
    assert OLDER[row["tag"]].max_len == old.max_len


def test_there_are_all_tags_and_no_others():
    assert list(TAGS) == [row["tag"] for row in SOURCE["tags"]]
    assert len(TAGS) == 291
    assert set(OLDER) == {row["tag"] for row in SOURCE["tags"] if row["legacy_meaning"]}


@pytest.mark.parametrize("name", SOURCE["enums"])
def test_tables_of_values(name):
    table, source = ENUMS[name], SOURCE["enums"][name]
    assert table.is_bits == (source["kind"] == "bits")
    assert list(table.tags) == source["tags"]
    assert table.note == source.get("note")
    values = [
        {"code": code, "name_ru": text, **table.extras.get(code, {})} for code, text in table.names_ru.items()
    ]
    assert values == source["values"]
    assert set(ENUMS) == set(SOURCE["enums"])


def test_tags_and_their_tables_name_each_other():
    for tag in TAGS.values():
        if tag.enum is not None:
            assert enum_of(tag.number) is ENUMS[tag.enum]
    for table in ENUMS.values():
        assert any(TAGS[number].enum == table.name for number in table.tags)
    assert enum_of(1048) is None
    assert enum_of(65_000) is None


def test_documents_have_their_names_and_limits():
    rows = [
        {
            "code": int(kind.code),
            "json_name": kind.json_name,
            "name_ru": kind.name_ru,
            "max_len": kind.bytes_max,
            "direction": kind.direction,
        }
        for kind in DOCUMENT_KINDS.values()
    ]
    assert rows == SOURCE["documents"]
    assert set(DOCUMENT_KINDS) == set(DocumentCode)


def test_names_for_people():
    assert name_ru(1048) == "наименование пользователя"
    assert name_ru(65_000) == "тег 65000"
    assert ENUMS["1054"].name_ru(2) == "возврат прихода"
    assert ENUMS["1054"].name_ru(9) is None
    assert ENUMS["СНО"].names_of_bits(0b100_0101) == ["ОСН", "УСН доход минус расход", "бит 6"]
    assert ENUMS["СНО"].mask == 63
    assert ENUMS["1054"].mask == 0


def test_versions():
    assert [version.label for version in FfdVersion] == ["1.0", "1.05", "1.1", "1.2"]
    assert all(FfdVersion.of_label(version.label) is version for version in FfdVersion)
    with pytest.raises(ValueError, match=r"1\.3"):
        FfdVersion.of_label("1.3")


def test_the_spec_reads_by_the_table():
    for number, tag in TAGS.items():
        if number in NEW_ONLY_INSIDE:
            continue
        field = TAG_SPEC[number]
        assert (field.kind, field.fixed, field.padded) == (tag.kind, tag.fixed, tag.padded)
        assert field.max_len == (None if number in LENGTHS_NOT_ENFORCED else tag.max_len)
    assert set(TAG_SPEC) == set(TAGS)
    assert all(TAGS[number].kind is Kind.STLV for number in LENGTHS_NOT_ENFORCED)
