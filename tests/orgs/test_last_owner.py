"""A cabinet keeps an owner who can log in, by whatever way a log-in is taken away; and who heads its list."""

import pytest

import factories
from cabinets import NOW, acts, cabinets_make, membership_make, together
from chekhov.accounts.services import user_remove
from chekhov.orgs.errors import LastOwner
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role, Section
from chekhov.orgs.selectors import employees_of_account, owners_of_account
from chekhov.orgs.services import employee_dismiss

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


def remove(world, user):
    return user_remove(user=user, by=world.manager, now=NOW, reason="По заявлению")


def test_the_last_owner_keeps_his_log_in(world):
    with pytest.raises(LastOwner):
        remove(world, world.owner)
    world.owner.refresh_from_db()
    assert world.owner.is_active
    second = membership_make(account=world.account, role=Role.OWNER)
    remove(world, world.owner)
    world.owner.refresh_from_db()
    assert not world.owner.is_active
    with pytest.raises(LastOwner):
        remove(world, second.user)


def test_an_owner_who_cannot_log_in_is_no_second_owner(world):
    assert Membership.objects.filter(account=world.account, role=Role.OWNER).count() == 2  # one is shut out
    with pytest.raises(LastOwner):
        remove(world, world.owner)


@pytest.mark.parametrize("who", ["administrator", "clerk", "partner_user", "stranger", "dismissed"])
def test_others_go_as_before(world, who):
    user = getattr(world, who)
    remove(world, user)
    user.refresh_from_db()
    assert not user.is_active


def test_who_left_the_cabinet_first_holds_nothing(world):
    place = membership_make(account=world.account, role=Role.OWNER)
    employee_dismiss(actor=acts(world.owner), account_id=world.account.pk, membership_id=place.pk, now=NOW)
    place.user.refresh_from_db()
    assert not place.user.is_active


def test_owners_then_administrators_then_users_each_by_name(world):
    membership_make(account=world.account, role=Role.ADMINISTRATOR, full_name="Аа Админ")
    membership_make(account=world.account, role=Role.OWNER, full_name="Яя Владелец")
    membership_make(account=world.account, sections=[Section.KKT], full_name="Аа Пользователь")
    listed = [(place.role, place.full_name) for place in employees_of_account(account_id=world.account.pk)]
    order = [Role.OWNER, Role.ADMINISTRATOR, Role.USER]
    assert [order.index(role) for role, _name in listed] == sorted(
        order.index(role) for role, _name in listed
    )
    for wanted in order:
        names = [name for role, name in listed if role == wanted]
        assert len(names) >= 2
        assert names == [
            place.full_name
            for place in employees_of_account(account_id=world.account.pk)
            .filter(role=wanted)
            .order_by("full_name", "id")
        ]


@pytest.mark.django_db(transaction=True)
def test_two_owners_removed_at_once_by_different_ways():
    world = cabinets_make()
    second = membership_make(account=world.account, role=Role.OWNER)
    boss = factories.staff_make()
    results = together(
        lambda: user_remove(user=world.owner, by=boss, now=NOW),
        lambda: employee_dismiss(
            actor=acts(world.owner), account_id=world.account.pk, membership_id=second.pk, now=NOW
        ),
    )
    failed = [result for result in results if isinstance(result, Exception)]
    assert len(failed) == 1, results
    assert owners_of_account(account_id=world.account.pk).count() == 1
