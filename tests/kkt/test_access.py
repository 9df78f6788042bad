import pytest
from django.contrib.auth.models import AnonymousUser

from chekhov.kkt.access import kkt_for_user
from chekhov.kkt.errors import KktNotFound
from world import world_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return world_make()


@pytest.mark.parametrize("who", ["engineer", "accountant"])
def test_staff_sees_every_register(world, who):
    assert kkt_for_user(user=getattr(world, who), kkt_id=world.kkt.id) == world.kkt


@pytest.mark.parametrize("who", ["stranger", "dismissed"])
def test_others_do_not_learn_that_it_is_there(world, who):
    with pytest.raises(KktNotFound) as there:
        kkt_for_user(user=getattr(world, who), kkt_id=world.kkt.id)
    with pytest.raises(KktNotFound) as nowhere:
        kkt_for_user(user=getattr(world, who), kkt_id=world.kkt.id + 1)
    assert there.value.message == nowhere.value.message


def test_nobody_sees_nothing(world):
    with pytest.raises(KktNotFound):
        kkt_for_user(user=AnonymousUser(), kkt_id=world.kkt.id)


def test_no_such_register_even_for_staff(world):
    with pytest.raises(KktNotFound):
        kkt_for_user(user=world.engineer, kkt_id=world.kkt.id + 1)
