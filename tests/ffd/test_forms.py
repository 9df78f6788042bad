"""The tables of requisites say exactly what the compiled table of sources says."""

import json
from pathlib import Path

import pytest

from chekhov.ffd.forms import form, group_form
from chekhov.ffd.forms.form import COLUMNS, Form, Requirement
from chekhov.ffd.tags import TAGS
from chekhov.ffd.versions import DOCUMENT_KINDS, FfdVersion
from chekhov.tlv import Kind

SOURCE = json.loads((Path(__file__).parents[1] / "vectors" / "ffd-tags.json").read_text("utf-8"))["tags"]


def stated(place, number, version):
    """Rows that the source has for a document or a group; usages without a version have that of their tag."""
    rows = {}
    for tag in SOURCE:
        for usage in tag["usage"] or []:
            if number in (usage.get(place) or []) and version.label in (usage["ffd"] or tag["ffd"]):
                assert tag["tag"] not in rows
                rows[tag["tag"]] = (usage["req"], usage["form"], usage["repeated"], usage["table"])
    return rows


def ours(found):
    return {row.tag: (row.requirement, row.form, row.repeated, row.table) for row in found or ()}


@pytest.mark.parametrize("version", COLUMNS, ids=lambda version: version.label)
@pytest.mark.parametrize("code", DOCUMENT_KINDS, ids=lambda code: f"document{int(code)}")
def test_documents(code, version):
    expected = stated("doc", code, version)
    if code == 11:  # the source names both tables of document 11 for the rows that only it has
        expected = {tag: (*row[:3], ours(form(code, version))[tag][3]) for tag, row in expected.items()}
    assert ours(form(code, version)) == expected


GROUPS = [tag.number for tag in TAGS.values() if tag.kind is Kind.STLV]


@pytest.mark.parametrize("version", COLUMNS, ids=lambda version: version.label)
@pytest.mark.parametrize("parent", GROUPS)
def test_groups(parent, version):
    assert ours(group_form(parent, version)) == stated("parent", parent, version)


def test_document_11_has_its_own_tables_for_its_own_rows():
    tables = {row.tag: row.table for row in form(11, FfdVersion.V1_1)}
    assert (tables[1205], tables[1157], tables[1048]) == ("Таблица 50", "Таблица 50", "Таблица 49")


def test_looking_up():
    receipt = form(3, FfdVersion.V1_2)
    assert 1059 in receipt
    assert 1227 not in receipt
    assert receipt.get(1059) == Requirement(1059, 1, "PE", repeated=True, table="Таблица 96")
    assert receipt.get(1227) is None
    assert (receipt.code, receipt.parent, receipt.version) == (3, None, FfdVersion.V1_2)
    assert receipt.get(1059).is_electronic
    assert not receipt.get(1196).is_electronic
    assert receipt.get(1115).is_electronic
    assert form(3, FfdVersion.V1_2) is receipt


@pytest.mark.parametrize(
    ("code", "version"), [(81, FfdVersion.V1_1), (3, FfdVersion.V1_0), (99, FfdVersion.V1_2)]
)
def test_what_there_is_no_table_of(code, version):
    assert form(code, version) is None
    assert group_form(code, version) is None


def test_every_row_is_of_a_known_tag():
    forms = [form(code, version) for code in DOCUMENT_KINDS for version in COLUMNS]
    forms += [group_form(parent, version) for parent in GROUPS for version in COLUMNS]
    rows = [row for one in forms if one for row in one]
    assert len(rows) > 900
    assert {row.tag for row in rows} <= set(TAGS)


def test_a_tag_stands_in_a_form_once():
    row = Requirement(1048, 1, "P", repeated=False, table=None)
    with pytest.raises(ValueError, match="twice"):
        Form(FfdVersion.V1_2, (row, row), code=3)
