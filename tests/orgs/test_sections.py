import pytest
from hypothesis import given
from hypothesis import strategies as st

from chekhov.accounts.models import StaffRole
from chekhov.orgs.sections import (
    ALL_SECTIONS,
    ROLE_SECTIONS,
    STAFF_DEEDS,
    Rights,
    Role,
    Section,
    StaffDeed,
    rights_settled,
    role_chosen,
    section_ticked,
    sections_of,
    staff_may,
)

ROLES = st.sampled_from(Role)
SECTIONS = st.frozensets(st.sampled_from(Section))
FIXED = [Role.OWNER, Role.ADMINISTRATOR]


def test_the_matrix_of_the_manual():
    assert ROLE_SECTIONS[Role.OWNER] == ALL_SECTIONS
    assert {section.label for section in ROLE_SECTIONS[Role.ADMINISTRATOR]} == {
        "ККТ",
        "Отчёты",
        "Управление",
        "Баланс",
        "Сотрудники",
    }
    assert Role.USER not in ROLE_SECTIONS


@pytest.mark.parametrize("role", FIXED)
@pytest.mark.parametrize("section", Section)
def test_the_first_change_makes_a_user_and_undoing_it_does_not_return_the_role(role, section):
    rights = role_chosen(role, frozenset())
    had = section in rights.sections
    changed = section_ticked(rights, section, on=not had)
    assert changed.role == Role.USER
    assert changed.sections == rights.sections ^ {section}
    back = section_ticked(changed, section, on=had)
    assert back == Rights(Role.USER, rights.sections)
    assert role_chosen(role, back.sections) == rights, "only choosing the role returns it"


@given(ROLES, SECTIONS, st.sampled_from(Section), st.booleans())
def test_ticking_what_is_ticked_changes_nothing(role, sections, section, on):
    rights = role_chosen(role, sections)
    if (section in rights.sections) == on:
        assert section_ticked(rights, section, on=on) == rights


@given(ROLES, SECTIONS)
def test_what_is_saved_opens_exactly_what_was_sent(role, sections):
    rights = rights_settled(role, sections)
    assert rights.sections == sections
    assert sections_of(rights.role, rights.sections) == sections
    assert rights.role == (role if ROLE_SECTIONS.get(role, sections) == sections else Role.USER)


@given(ROLES, SECTIONS, st.lists(st.tuples(st.sampled_from(Section), st.booleans()), max_size=6))
def test_the_form_and_the_service_agree(role, sections, clicks):
    """Whatever is clicked in the form, the service saves what the form showed."""
    rights = role_chosen(role, sections)
    for section, on in clicks:
        rights = section_ticked(rights, section, on=on)
    assert rights_settled(rights.role, rights.sections) == rights


def test_unknown_words_of_a_row_open_nothing():
    assert sections_of(Role.USER, ["kkt", "everything"]) == {Section.KKT}


def test_staff():
    assert {role for role in StaffRole if staff_may(role, StaffDeed.APPLICATIONS_DECIDE)} == {
        StaffRole.MANAGER,
        StaffRole.ADMINISTRATOR,
    }
    assert not any(staff_may("", deed) or staff_may("director", deed) for deed in StaffDeed)
    assert STAFF_DEEDS[StaffRole.ADMINISTRATOR] == set(StaffDeed)
