import pytest
from django.db.models import CharField
from django.db.models.functions import Cast
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from cabinets import NOW, acts, acts_as_staff, cabinets_make, membership_make, together
from chekhov.accounts.models import StaffRole
from chekhov.audit.models import ActorKind, AuditEntry
from chekhov.kkt.access import kkts_for_user
from chekhov.kkt.errors import (
    BeyondOwnGroups,
    GroupCodeTaken,
    GroupInsideItself,
    GroupNameTaken,
    GroupNotFound,
    KktNotFound,
)
from chekhov.kkt.models import DistributionRule, Group, Kkt
from chekhov.kkt.selectors_groups import group_access_of, groups_tree
from chekhov.kkt.services import (
    group_access_set,
    group_add,
    group_change,
    group_move,
    group_remove,
    kkts_assign,
)
from chekhov.orgs.actor import Actor
from chekhov.orgs.errors import (
    BeyondOwnRights,
    ChangedMeanwhile,
    DeedNotAllowed,
    EmployeeNotFound,
    FieldsWrong,
    SectionClosed,
)
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Role, Section
from kkt.registers import administrator_of, group_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def owner(world):
    return {"actor": acts(world.owner), "account_id": world.account.pk, "now": NOW}


def kkts(world, group, count=1):
    return [factories.kkt_make(organisation=world.organisation, group=group) for _ in range(count)]


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────────


def test_tree_with_its_counts(world, owner, django_assert_num_queries):
    krai = group_add(name="Пермский край", code="59", icon="map-pin", **owner)
    kungur = group_add(name="Кунгурский район", parent_id=krai.pk, **owner)
    group_add(name="Александровский район", parent_id=krai.pk, **owner)
    kkts(world, kungur, 2)
    kkts(world, krai)
    kkts(world, None)
    group_make(world.other_account, "Чужая")
    with django_assert_num_queries(2):
        tree = groups_tree(account_id=world.account.pk)
    assert [
        (one.group.name, one.depth, one.kkts, one.kkts_total, one.groups, one.groups_total) for one in tree
    ] == [
        ("Пермский край", 0, 1, 3, 2, 2),
        ("Александровский район", 1, 0, 0, 0, 0),
        ("Кунгурский район", 1, 2, 2, 0, 0),
    ]
    assert tree[2].path_text == "Пермский край → Кунгурский район"
    part = groups_tree(account_id=world.account.pk, group_ids={kungur.pk})
    assert [(one.group, one.depth, one.path) for one in part] == [(kungur, 0, ("Кунгурский район",))]


def test_tree_deeper_than_the_stack(world, owner):
    parent = None
    groups = [Group(account=world.account, name=f"{number}") for number in range(1500)]
    Group.objects.bulk_create(groups)
    for group in groups:
        group.parent, parent = parent, group
    Group.objects.bulk_update(groups, ["parent"])
    kkts(world, groups[-1])
    tree = groups_tree(account_id=world.account.pk)
    assert (tree[0].groups_total, tree[0].kkts_total, tree[-1].depth) == (1499, 1, 1499)
    actor = administrator_of(world.account, groups[0])
    assert kkts_for_user(user=actor.user, now=NOW).count() == 1
    with pytest.raises(GroupInsideItself):
        group_move(group_id=groups[0].pk, parent_id=groups[-1].pk, **owner)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "а" * 129},
        {"name": "а\0"},
        {"name": "А", "code": "1" * 21},
        {"name": "А", "icon": "skull"},
    ],
)
def test_fields_of_a_group(world, owner, fields):
    with pytest.raises(FieldsWrong):
        group_add(**fields, **owner)
    assert not Group.objects.exists()


def test_names_and_codes_are_once(world, owner):
    first = group_add(name="Пермь", code="А1", **owner)
    with pytest.raises(GroupNameTaken):
        group_add(name=" ПЕРМЬ ", **owner)
    with pytest.raises(GroupCodeTaken):
        group_add(name="Другая", code="а1", **owner)
    group_add(name="Пермь", parent_id=first.pk, **owner)
    other = {"actor": acts(world.other_owner), "account_id": world.other_account.pk, "now": NOW}
    assert group_add(name="Пермь", code="А1", **other).pk
    second = group_add(name="Без кода", **owner)
    group_add(name="Тоже без кода", **owner)
    with pytest.raises(GroupNameTaken):
        group_change(group_id=second.pk, name="Пермь", version=1, **owner)
    with pytest.raises(GroupCodeTaken):
        group_change(group_id=second.pk, name="Без кода", code="А1", version=1, **owner)


def test_new_group_takes_children_from_their_old_parents(world, owner):
    old = group_make(world.account)
    child, root = group_make(world.account, parent=old), group_make(world.account)
    group = group_add(name="Новая", child_ids=[child.pk, root.pk], **owner)
    assert set(group.children.all()) == {child, root}
    assert not old.children.exists()


def test_children_are_not_taken_from_above(world, owner):
    top = group_make(world.account)
    with pytest.raises(GroupInsideItself):
        group_add(name="Новая", parent_id=top.pk, child_ids=[top.pk], **owner)
    assert Group.objects.count() == 1


def test_change_of_everything(world, owner):
    group, parent = group_make(world.account, "Г"), group_make(world.account, "П")
    leaving, staying, coming = (
        group_make(world.account, "1", parent=group),
        group_make(world.account, "2", parent=group),
        group_make(world.account, "3"),
    )
    changed = group_change(
        group_id=group.pk, name="Новое", code="7", icon="star", parent_id=parent.pk,
        child_ids=[staying.pk, coming.pk], version=1, **owner,
    )  # fmt: skip
    assert (changed.name, changed.code, changed.icon, changed.parent, changed.version) == (
        "Новое",
        "7",
        "star",
        parent,
        2,
    )
    assert set(group.children.all()) == {staying, coming}
    leaving.refresh_from_db()
    assert leaving.parent == parent, "who leaves goes to the group's parent"
    with pytest.raises(ChangedMeanwhile):
        group_change(group_id=group.pk, name="Ещё", version=1, **owner)
    group_change(group_id=group.pk, name="Ещё", parent_id=parent.pk, version=2, **owner)
    assert set(group.children.all()) == {staying, coming}


def test_group_is_never_its_own_ancestor(world, owner):
    top = group_make(world.account, "1")
    middle = group_make(world.account, "2", parent=top)
    low = group_make(world.account, "3", parent=middle)
    for group, parent in ((top, top), (top, low), (middle, low)):
        with pytest.raises(GroupInsideItself):
            group_move(group_id=group.pk, parent_id=parent.pk, **owner)
        with pytest.raises(GroupInsideItself):
            group_change(group_id=group.pk, name="Имя", parent_id=parent.pk, child_ids=[], version=1, **owner)
    with pytest.raises(GroupInsideItself):
        group_change(group_id=low.pk, name="3", parent_id=middle.pk, child_ids=[top.pk], version=1, **owner)
    assert list(Group.objects.order_by("name").values_list("parent_id", flat=True)) == [
        None,
        top.pk,
        middle.pk,
    ]


def test_move_and_move_where_it_stands(world, owner):
    group, parent = group_make(world.account, "Г"), group_make(world.account, "П")
    group_move(group_id=group.pk, parent_id=None, **owner)
    assert not AuditEntry.objects.exists()
    assert group_move(group_id=group.pk, parent_id=parent.pk, version=1, **owner).parent == parent
    with pytest.raises(ChangedMeanwhile):
        group_move(group_id=group.pk, parent_id=None, version=1, **owner)
    group_make(world.account, "г")
    with pytest.raises(GroupNameTaken):
        group_move(group_id=group.pk, parent_id=None, **owner)
    assert AuditEntry.objects.get().facts["parent_before_id"] is None


def test_removed_group_leaves_everything_to_its_parent(world, owner):
    top = group_make(world.account, "Верх")
    group = group_make(world.account, "Г", parent=top)
    child = group_make(world.account, "г", parent=group)  # of the same name: it takes the name's place
    held = kkts(world, group, 3)
    DistributionRule.objects.create(account=world.account, place=1, kind="name", value="*", group=group)
    place = membership_make(account=world.account, all_groups=False, sections=[Section.KKT])
    GroupAccess.objects.create(membership=place, group_id=group.pk)
    removed = group_remove(group_id=group.pk, version=1, **owner)
    assert (removed.kkts, removed.groups, removed.parent) == (3, 1, top)
    child.refresh_from_db()
    assert child.parent == top
    assert Kkt.objects.filter(group=top).count() == len(held)
    assert not DistributionRule.objects.exists()
    assert not GroupAccess.objects.exists()
    assert not kkts_for_user(user=place.user, now=NOW).exists()
    assert AuditEntry.objects.get(action="kkt.group_removed").facts["name"] == "Г"
    group_remove(group_id=top.pk, **owner)
    assert Kkt.objects.filter(group__isnull=True).count() == 3
    with pytest.raises(GroupNotFound):
        group_remove(group_id=top.pk, **owner)


def test_removed_group_does_not_push_a_namesake(world, owner):
    group = group_make(world.account, "Г")
    group_make(world.account, "Пермь", parent=group)
    group_make(world.account, "пермь")
    with pytest.raises(GroupNameTaken):
        group_remove(group_id=group.pk, **owner)
    assert Group.objects.count() == 3


# ── registers in groups ──────────────────────────────────────────────────────────────────────────────


def test_assign(world, owner):
    group, other = group_make(world.account), group_make(world.account)
    here, there, free = kkts(world, group) + kkts(world, other) + kkts(world, None)
    ids = [here.pk, there.pk, free.pk]
    assert kkts_assign(group_id=group.pk, kkt_ids=ids, **owner) == 2
    assert Kkt.objects.filter(group=group).count() == 3
    facts = AuditEntry.objects.get(action="kkt.assigned").facts
    assert sorted(facts["kkts_and_groups_before"]) == sorted([[there.pk, other.pk], [free.pk, None]])
    assert kkts_assign(group_id=group.pk, kkt_ids=ids, **owner) == 0
    assert kkts_assign(group_id=None, kkt_ids=ids, **owner) == 3
    assert kkts_assign(group_id=None, kkt_ids=[], **owner) == 0


def test_assign_all_or_none_and_only_ones_own(world, owner):
    group = group_make(world.account)
    mine, foreign = kkts(world, None)[0], factories.kkt_make(organisation=world.other_organisation)
    for ids in ([mine.pk, foreign.pk], [mine.pk, 0]):
        with pytest.raises(KktNotFound):
            kkts_assign(group_id=group.pk, kkt_ids=ids, **owner)
    with pytest.raises(GroupNotFound):
        kkts_assign(group_id=group_make(world.other_account).pk, kkt_ids=[mine.pk], **owner)
    assert not Kkt.objects.filter(group__isnull=False).exists()


def test_every_move_of_many_is_in_the_journal(world, owner):
    group = group_make(world.account)
    rows = [Kkt(organisation=world.organisation, name=f"{number}") for number in range(600)]
    Kkt.objects.bulk_create(rows)
    assert kkts_assign(group_id=group.pk, kkt_ids=[row.pk for row in rows], **owner) == 600
    entries = AuditEntry.objects.filter(action="kkt.assigned")
    named = {pair[0] for entry in entries for pair in entry.facts["kkts_and_groups_before"]}
    assert named == {row.pk for row in rows}


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────


def deeds(account, group, kkt):
    common = {"account_id": account.pk, "now": NOW}
    return [
        lambda actor: group_add(actor=actor, name="Н", parent_id=group.pk, **common),
        lambda actor: group_change(actor=actor, group_id=group.pk, name="Н", version=1, **common),
        lambda actor: group_move(actor=actor, group_id=group.pk, parent_id=None, **common),
        lambda actor: group_remove(actor=actor, group_id=group.pk, **common),
        lambda actor: kkts_assign(actor=actor, group_id=group.pk, kkt_ids=[kkt.pk], **common),
    ]


@pytest.mark.parametrize(
    "who", ["clerk", "clerk_of_documents", "dismissed", "shut_out", "stranger", "other_owner"]
)
def test_without_the_section_nothing(world, who):
    top = group_make(world.account, "Верх")
    group, kkt = group_make(world.account, "Г", parent=top), kkts(world, None)[0]
    for deed in deeds(world.account, group, kkt):
        with pytest.raises(SectionClosed):
            deed(acts(getattr(world, who)))
    assert sorted(Group.objects.values_list("name", "parent_id")) == sorted([("Верх", None), ("Г", top.pk)])


def test_partner_keeps_no_groups(world):
    actor = Actor(user=world.partner_user, kind=ActorKind.PARTNER, partner=world.partner)
    for deed in deeds(world.account, group_make(world.account), kkts(world, None)[0]):
        with pytest.raises(DeedNotAllowed):
            deed(actor)


def test_owner_of_another_cabinet_by_his_own_account(world):
    group, kkt = group_make(world.account), kkts(world, None)[0]
    for deed in deeds(world.other_account, group, kkt):
        with pytest.raises((GroupNotFound, KktNotFound)):
            deed(acts(world.other_owner))


def test_employee_of_a_group_stays_in_it(world):
    top, alien = group_make(world.account, "Верх"), group_make(world.account, "Чужая")
    own = group_make(world.account, "Своя", parent=top)
    inner = group_make(world.account, "Внутри", parent=own)
    actor = administrator_of(world.account, own)
    common = {"actor": actor, "account_id": world.account.pk, "now": NOW}
    mine, foreign, free = kkts(world, inner)[0], kkts(world, alien)[0], kkts(world, None)[0]
    assert group_add(name="Новая", parent_id=inner.pk, **common).parent == inner
    assert kkts_assign(group_id=own.pk, kkt_ids=[mine.pk], **common) == 1
    refused = [
        lambda: group_add(name="В корне", **common),
        lambda: group_add(name="Под чужой", parent_id=alien.pk, **common),
        lambda: group_add(name="С чужой", parent_id=own.pk, child_ids=[alien.pk], **common),
        lambda: group_move(group_id=inner.pk, parent_id=None, **common),
        lambda: group_move(group_id=inner.pk, parent_id=top.pk, **common),
        lambda: group_move(group_id=own.pk, parent_id=inner.pk, **common),
        lambda: group_move(group_id=alien.pk, parent_id=own.pk, **common),
        lambda: group_remove(group_id=own.pk, **common),
        lambda: group_change(
            group_id=own.pk, name="Своя", parent_id=top.pk, child_ids=[], version=1, **common
        ),
        lambda: group_change(group_id=top.pk, name="Верх", version=1, **common),
        lambda: kkts_assign(group_id=None, kkt_ids=[mine.pk], **common),
        lambda: kkts_assign(group_id=alien.pk, kkt_ids=[mine.pk], **common),
        lambda: kkts_assign(group_id=own.pk, kkt_ids=[foreign.pk], **common),
        lambda: kkts_assign(group_id=own.pk, kkt_ids=[free.pk], **common),
    ]
    before = sorted(Group.objects.values_list("pk", "parent_id", "name"))
    for deed in refused:
        with pytest.raises((BeyondOwnGroups, GroupNotFound, KktNotFound, GroupInsideItself)):
            deed()
    assert sorted(Group.objects.values_list("pk", "parent_id", "name")) == before
    assert group_change(group_id=own.pk, name="Моя", parent_id=top.pk, version=1, **common).name == "Моя"


def test_staff_on_behalf(world):
    actor = acts_as_staff(world.staff[StaffRole.MANAGER], reason="По звонку владельца")
    group = group_add(actor=actor, account_id=world.account.pk, name="Г", now=NOW)
    assert AuditEntry.objects.get().account_id == group.account_id


# ── opening groups to employees ──────────────────────────────────────────────────────────────────────


def test_access_is_set_and_shown(world):
    place = membership_make(account=world.account, sections=[Section.KKT])
    first, second = group_make(world.account, "А"), group_make(world.account, "Б")
    kkt = kkts(world, group_make(world.account, parent=second))[0]
    assert group_access_of(place).everything
    common = {"actor": acts(world.owner), "membership": place, "now": NOW}
    place = group_access_set(all_groups=False, group_ids=[second.pk, first.pk], **common)
    assert group_access_of(place).groups == (first, second)
    assert list(kkts_for_user(user=place.user, now=NOW)) == [kkt]
    group_access_set(all_groups=False, group_ids=[first.pk, second.pk], **common)
    assert AuditEntry.objects.filter(action="kkt.group_access_changed").count() == 1, (
        "repeating changes nothing"
    )
    assert (place.version, GroupAccess.objects.count()) == (2, 2)
    place = group_access_set(all_groups=True, group_ids=[first.pk], **common)
    assert group_access_of(place).everything
    assert not GroupAccess.objects.exists()


def test_access_to_foreign_groups_is_refused(world):
    place = membership_make(account=world.account, sections=[Section.KKT], all_groups=False)
    foreign = group_make(world.other_account)
    with pytest.raises(GroupNotFound):
        group_access_set(
            actor=acts(world.owner), membership=place, all_groups=False, group_ids=[foreign.pk], now=NOW
        )
    with pytest.raises((EmployeeNotFound, SectionClosed)):
        group_access_set(actor=acts(world.other_owner), membership=place, all_groups=True, now=NOW)
    GroupAccess.objects.create(membership=place, group_id=foreign.pk)
    factories.kkt_make(organisation=world.other_organisation, group=foreign)
    assert not kkts_for_user(user=place.user, now=NOW).exists(), "even if a row were there"


def test_owner_sees_all(world):
    place = membership_make(account=world.account, role=Role.OWNER)
    with pytest.raises(FieldsWrong):
        group_access_set(actor=acts(world.owner), membership=place, all_groups=False, now=NOW)


def test_nobody_opens_more_than_he_sees(world):
    own, alien = group_make(world.account), group_make(world.account)
    inner = group_make(world.account, parent=own)
    place = membership_make(account=world.account, sections=[Section.KKT], all_groups=False)
    common = {"actor": administrator_of(world.account, own), "membership": place, "now": NOW}
    place = group_access_set(all_groups=False, group_ids=[inner.pk], **common)
    for wanted in ({"all_groups": True}, {"all_groups": False, "group_ids": [inner.pk, alien.pk]}):
        with pytest.raises(BeyondOwnRights):
            group_access_set(**wanted, **common)
    assert group_access_of(place).groups == (inner,)


# ── many at once ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_ring(world, owner):
    for _ in range(3):
        first, second = group_make(world.account), group_make(world.account)
        results = together(
            lambda a=first, b=second: group_move(group_id=a.pk, parent_id=b.pk, **owner),
            lambda a=first, b=second: group_move(group_id=b.pk, parent_id=a.pk, **owner),
        )
        assert sorted(isinstance(one, GroupInsideItself) for one in results) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_group_goes_while_registers_come(world, owner):
    group, kkt = group_make(world.account), kkts(world, None)[0]
    assigned, removed = together(
        lambda: kkts_assign(group_id=group.pk, kkt_ids=[kkt.pk], **owner),
        lambda: group_remove(group_id=group.pk, **owner),
    )
    assert assigned == 1 or isinstance(assigned, GroupNotFound)
    assert removed.kkts == (1 if assigned == 1 else 0)
    kkt.refresh_from_db()
    assert kkt.group is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=12))
def test_no_moves_ever_make_a_ring(world, owner, moves):
    Group.objects.update(parent=None, name=Cast("pk", CharField()))
    Group.objects.all().delete()
    groups = [group_make(world.account) for _ in range(6)]
    model = {group.pk: None for group in groups}

    def above(number):
        found = []
        while number is not None:
            found.append(number)
            number = model[number]
        return found

    for which, where in moves:
        group, parent = groups[which].pk, None if where < 0 else groups[where].pk
        allowed = group not in above(parent)
        if allowed:
            group_move(group_id=group, parent_id=parent, **owner)
            model[group] = parent
        else:
            with pytest.raises(GroupInsideItself):
                group_move(group_id=group, parent_id=parent, **owner)
    assert dict(Group.objects.values_list("pk", "parent_id")) == model
    assert len(groups_tree(account_id=world.account.pk)) == 6, "every group hangs on the root"
