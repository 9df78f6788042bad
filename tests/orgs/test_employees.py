import itertools

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from cabinets import NOW, account_make, acts, acts_as_staff, cabinets_make, membership_make, together
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.errors import ChekhovError
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import (
    BeyondOwnRights,
    ChangedMeanwhile,
    EmployeeNotFound,
    EmployeeThere,
    FieldsWrong,
    LastOwner,
    PersonTaken,
    SectionClosed,
)
from chekhov.orgs.models import GroupAccess, Membership
from chekhov.orgs.sections import ROLE_SECTIONS, Role, Section
from chekhov.orgs.selectors import employees_of_account, owners_of_account
from chekhov.orgs.services import (
    EmployeeForm,
    cabinet_open,
    employee_add,
    employee_change,
    employee_confirm,
    employee_remove,
    group_forget,
)

pytestmark = pytest.mark.django_db
_emails = itertools.count(1)


@pytest.fixture
def world():
    return cabinets_make()


def form(role=Role.USER, sections=(), **fields):
    wanted = ROLE_SECTIONS.get(role, frozenset(sections)) if not sections else frozenset(sections)
    return EmployeeForm(**{"full_name": "Яша Лакеев", "role": role, "sections": wanted} | fields)


def add(world, by, **fields):
    return employee_add(
        actor=acts(by),
        account_id=world.account.pk,
        email=fields.pop("email", f"new{next(_emails)}@example.test"),
        form=form(**fields),
        now=NOW,
    )


def change(world, by, place, **fields):
    place.refresh_from_db()
    return employee_change(
        actor=acts(by) if not isinstance(by, Actor) else by,
        account_id=world.account.pk,
        membership_id=place.pk,
        form=form(**fields),
        expected_version=fields.pop("version", place.version),
        now=NOW,
    )


def remove(world, by, place):
    return employee_remove(actor=acts(by), account_id=world.account.pk, membership_id=place.pk, now=NOW)


def place_of(user):
    return Membership.objects.get(user=user)


def test_owner_of_a_new_cabinet():
    user = factories.user_make(full_name="Лопахин Ермолай")
    account = account_make()
    place = cabinet_open(user=user, account_id=account.pk, now=NOW)
    assert (place.role, place.open_sections) == (Role.OWNER, frozenset(Section))
    assert cabinet_open(user=user, account_id=account.pk, now=NOW) == place
    with pytest.raises(PersonTaken):
        cabinet_open(user=user, account_id=account_make().pk, now=NOW)
    with pytest.raises(PersonTaken):
        cabinet_open(user=factories.staff_make(), account_id=account.pk, now=NOW)


def test_owner_adds_a_user(world):
    place = add(
        world, world.owner, email=" Yasha@Example.test ", sections=[Section.KKT], phone="8 (912) 345-67-89"
    )
    assert (place.email, place.phone) == ("Yasha@Example.test", "+79123456789")
    assert (place.role, place.open_sections, place.user) == (Role.USER, {Section.KKT}, None)
    assert place in employees_of_account(account_id=world.account.pk)
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.account_id) == ("orgs.employee_invited", world.account.pk)
    assert entry.facts == {"role": "user", "sections": ["kkt"], "all_groups": True}


def test_role_with_changed_sections_is_saved_as_user(world):
    place = add(world, world.owner, role=Role.ADMINISTRATOR, sections=[Section.KKT])
    assert (place.role, place.open_sections) == (Role.USER, {Section.KKT})
    kept = add(world, world.owner, role=Role.ADMINISTRATOR)
    assert (kept.role, kept.sections) == (Role.ADMINISTRATOR, [])


def test_the_same_email_again(world):
    add(world, world.owner, email="a@example.test")
    with pytest.raises(EmployeeThere):
        add(world, world.owner, email="A@EXAMPLE.test")
    elsewhere = employee_add(
        actor=acts(world.other_owner),
        account_id=world.other_account.pk,
        email="a@example.test",
        form=form(),
        now=NOW,
    )
    assert elsewhere.account == world.other_account, "what another cabinet has is not told"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "не почта"}, "email"),
        ({"full_name": " "}, "full_name"),
        ({"full_name": "Одно"}, "full_name"),
        ({"full_name": "а б" + "в" * 200}, "full_name"),
        ({"full_name": "Яша \0"}, "full_name"),
        ({"position": "д" * 129}, "position"),
        ({"phone": "12"}, "phone"),
        ({"sections": ["everything"]}, "sections"),
    ],
)
def test_bad_fields(world, fields, wrong):
    before = Membership.objects.count()
    with pytest.raises(FieldsWrong) as refused:
        add(world, world.owner, **fields)
    assert set(refused.value.fields) == {wrong}
    assert Membership.objects.count() == before


def test_everything_but_the_email_is_changed(world):
    place = place_of(world.clerk)
    email = place.email
    changed = change(
        world,
        world.owner,
        place,
        full_name="Шарлотта Ивановна",
        position="Гувернантка",
        phone="9123456789",
        sections=[Section.REPORTS],
        all_groups=False,
        group_ids=frozenset({3, 1}),
    )
    changed.refresh_from_db()
    assert (changed.full_name, changed.position, changed.email) == ("Шарлотта Ивановна", "Гувернантка", email)
    assert changed.open_sections == {Section.REPORTS}
    assert set(changed.group_accesses.values_list("group_id", flat=True)) == {1, 3}
    again = change(world, world.owner, changed, all_groups=True, group_ids=frozenset({3}))
    assert not again.group_accesses.exists()


def test_groups_that_are_gone(world):
    place = change(world, world.owner, place_of(world.clerk), all_groups=False, group_ids=frozenset({1, 2}))
    group_forget(group_id=1)
    assert list(GroupAccess.objects.filter(membership=place).values_list("group_id", flat=True)) == [2]


def test_owner_sees_all_groups_whatever_is_sent(world):
    place = change(
        world,
        world.owner,
        place_of(world.clerk),
        role=Role.OWNER,
        all_groups=False,
        group_ids=frozenset({1}),
    )
    assert place.all_groups
    assert not place.group_accesses.exists()


def test_of_two_editors_the_second_is_told(world):
    place = place_of(world.clerk)
    shown = place.version
    change(world, world.owner, place, sections=[Section.REPORTS])
    with pytest.raises(ChangedMeanwhile):
        employee_change(
            actor=acts(world.administrator),
            account_id=world.account.pk,
            membership_id=place.pk,
            form=form(sections=[Section.BALANCE]),
            expected_version=shown,
            now=NOW,
        )
    assert place_of(world.clerk).open_sections == {Section.REPORTS}


def test_administrator_makes_administrators_but_no_owners(world):
    assert add(world, world.administrator, role=Role.ADMINISTRATOR).role == Role.ADMINISTRATOR
    with pytest.raises(BeyondOwnRights):
        add(world, world.administrator, role=Role.OWNER)
    with pytest.raises(BeyondOwnRights, match="Документы"):
        add(world, world.administrator, sections=[Section.KKT, Section.DOCUMENTS])


def test_administrator_touches_nobody_above_him(world):
    owner, clerk = place_of(world.owner), place_of(world.clerk_of_documents)
    for deed in (
        lambda: change(world, world.administrator, owner, role=Role.USER),
        lambda: remove(world, world.administrator, owner),
        lambda: change(world, world.administrator, clerk, sections=[Section.KKT]),
        lambda: remove(world, world.administrator, clerk),
        lambda: change(world, world.administrator, place_of(world.administrator), role=Role.OWNER),
    ):
        with pytest.raises(BeyondOwnRights):
            deed()
    renamed = change(world, world.administrator, clerk, sections=[Section.DOCUMENTS], full_name="Новое Имя")
    assert renamed.open_sections == {Section.DOCUMENTS}, "what is not his he leaves as it was"


def test_groups_are_given_within_ones_own(world):
    user = membership_make(
        account=world.account, sections=[Section.EMPLOYEES, Section.KKT], all_groups=False
    ).user
    GroupAccess.objects.create(membership=place_of(user), group_id=5)
    add(world, user, all_groups=False, group_ids=frozenset({5}))
    for fields in ({"all_groups": True}, {"all_groups": False, "group_ids": frozenset({5, 6})}):
        with pytest.raises(BeyondOwnRights):
            add(world, user, **fields)
    with pytest.raises(BeyondOwnRights):
        change(world, user, place_of(user), sections=[Section.EMPLOYEES, Section.KKT], all_groups=True)


@pytest.mark.parametrize("who", ["clerk", "dismissed", "stranger", "other_owner", "partner_user", "shut_out"])
def test_rights_are_read_again_under_the_lock(world, who):
    """Whatever the door believed, the deed does not happen."""
    for deed in (
        lambda: add(world, getattr(world, who)),
        lambda: change(world, getattr(world, who), place_of(world.clerk)),
        lambda: remove(world, getattr(world, who), place_of(world.clerk)),
    ):
        with pytest.raises(SectionClosed):
            deed()


def test_staff_only_on_behalf(world):
    with pytest.raises(AssertionError):
        change(world, acts_as_staff(world.manager), place_of(world.clerk))
    changed = change(
        world,
        acts_as_staff(world.manager, reason="Письмо клиента от 20.11"),
        place_of(world.clerk),
        role=Role.ADMINISTRATOR,
    )
    assert changed.role == Role.ADMINISTRATOR
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor_kind, entry.reason) == (ActorKind.STAFF, "Письмо клиента от 20.11")


def test_employee_of_another_cabinet_is_not_there(world):
    foreign = place_of(world.other_owner)
    for deed in (
        lambda: change(world, world.owner, foreign),
        lambda: remove(world, world.owner, foreign),
    ):
        with pytest.raises(EmployeeNotFound):
            deed()


def test_last_owner_stays(world):
    """The one who is shut out and the one who has not confirmed do not count."""
    Membership.objects.filter(pk=world.invited.pk).update(role=Role.OWNER)
    for deed in (
        lambda: remove(world, world.owner, place_of(world.owner)),
        lambda: change(world, world.owner, place_of(world.owner), role=Role.ADMINISTRATOR),
    ):
        with pytest.raises(LastOwner):
            deed()
    change(world, world.owner, place_of(world.clerk), role=Role.OWNER)
    remove(world, world.clerk, place_of(world.owner))
    assert list(owners_of_account(account_id=world.account.pk)) == [place_of(world.clerk)]


def test_the_invited_confirms(world):
    user = factories.user_make(email="Invited@example.test")
    place = employee_confirm(membership_id=world.invited.pk, user=user, now=NOW)
    assert (place.user, place.confirmed_at) == (user, NOW)
    assert employee_confirm(membership_id=place.pk, user=user, now=NOW) == place
    with pytest.raises(EmployeeNotFound):
        employee_confirm(membership_id=place.pk, user=factories.user_make(), now=NOW)


def test_the_invited_who_works_elsewhere_or_was_removed(world):
    world.other_owner.email = "invited@example.test"
    world.other_owner.save()
    with pytest.raises(PersonTaken):
        employee_confirm(membership_id=world.invited.pk, user=world.other_owner, now=NOW)
    remove(world, world.owner, world.invited)
    with pytest.raises(EmployeeNotFound):
        employee_confirm(membership_id=world.invited.pk, user=world.other_owner, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "king"},
        {"role": Role.OWNER, "sections": ["kkt"]},
        {"sections": ["everything"]},
        {"role": Role.OWNER, "sections": [], "all_groups": False},
        {"confirmed_at": None},
    ],
)
def test_database_refuses_what_services_should_have(world, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=world.clerk).update(**change)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_sequence_of_deeds_lifts_anybody_above_the_doers(data):
    """Two who are not owners do what they like: nobody gets a section that neither had, and the owner stays."""
    with transaction.atomic():
        account = account_make()
        doers = [
            membership_make(
                account=account,
                sections=sorted({Section.EMPLOYEES, *data.draw(st.frozensets(st.sampled_from(Section)))}),
            )
            for _ in range(2)
        ]
        ceiling = doers[0].open_sections | doers[1].open_sections
        for _ in range(data.draw(st.integers(1, 5))):
            doer = data.draw(st.sampled_from(doers))
            target = data.draw(
                st.sampled_from(list(Membership.objects.filter(account=account, removed_at=None)))
            )
            wanted = form(
                role=data.draw(st.sampled_from(Role)),
                sections=data.draw(st.frozensets(st.sampled_from(Section), min_size=1)),
            )
            held = {"actor": acts(doer.user), "account_id": account.pk, "now": NOW}
            deed = data.draw(st.sampled_from(["add", "change", "remove"]))
            try:
                if deed == "add":
                    employee_add(email=f"p{next(_emails)}@example.test", form=wanted, **held)
                elif deed == "change":
                    employee_change(
                        membership_id=target.pk, form=wanted, expected_version=target.version, **held
                    )
                else:
                    employee_remove(membership_id=target.pk, **held)
            except ChekhovError:
                continue
        for place in Membership.objects.filter(account=account, removed_at=None).exclude(role=Role.OWNER):
            assert place.open_sections <= ceiling
        assert [place.user for place in owners_of_account(account_id=account.pk)] == [account.opened_by]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_owners_remove_each_other_at_once():
    account = account_make()
    first = Membership.objects.get(user=account.opened_by)
    second = membership_make(account=account, role=Role.OWNER)

    def removes(doer, target):
        return lambda: employee_remove(
            actor=acts(doer.user), account_id=account.pk, membership_id=target.pk, now=NOW
        )

    results = together(removes(first, second), removes(second, first))
    assert sum(isinstance(result, Membership) for result in results) == 1
    assert sum(isinstance(result, SectionClosed | LastOwner) for result in results) == 1
    assert owners_of_account(account_id=account.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_step_down_at_once():
    account = account_make()
    places = [
        Membership.objects.get(user=account.opened_by),
        membership_make(account=account, role=Role.OWNER),
    ]

    def steps_down(place):
        return lambda: employee_change(
            actor=acts(place.user),
            account_id=account.pk,
            membership_id=place.pk,
            form=form(Role.ADMINISTRATOR),
            expected_version=place.version,
            now=NOW,
        )

    results = together(*map(steps_down, places))
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "Membership"]
    assert owners_of_account(account_id=account.pk).count() == 1
