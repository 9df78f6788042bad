import pytest
from django.db import transaction

from cabinets import together
from chekhov.db.errors import OutsideTransaction
from chekhov.db.numbering import number_take


@pytest.mark.django_db
def test_series_are_apart_and_begin_where_told():
    assert [number_take("a"), number_take("a"), number_take("b", first=100), number_take("b")] == [
        1,
        2,
        100,
        101,
    ]


@pytest.mark.django_db
def test_what_is_rolled_back_is_given_again():
    number_take("a")
    with transaction.atomic():
        assert number_take("a") == 2
        transaction.set_rollback(True)
    assert number_take("a") == 2


@pytest.mark.django_db(transaction=True)
def test_only_inside_a_transaction():
    with pytest.raises(OutsideTransaction):
        number_take("a")


@pytest.mark.django_db(transaction=True)
def test_many_takers_at_once_leave_no_gap():
    def take(fails):
        def deed():
            with transaction.atomic():
                number = number_take("a")
                if fails:
                    raise ZeroDivisionError
                return number

        return deed

    results = together(*[take(fails=number % 3 == 0) for number in range(12)])
    assert sorted(result for result in results if isinstance(result, int)) == list(range(1, 9))
