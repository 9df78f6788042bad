import pytest

import factories
from cabinets import NOW, acts_as_staff, together
from chekhov.accounts.models import StaffRole
from chekhov.orgs.errors import ChangedMeanwhile, FieldsWrong
from chekhov.orgs.models import OperatorCard
from chekhov.orgs.selectors import operator_card
from chekhov.orgs.services import OperatorForm, operator_change

FORM = {
    "name": "ООО «Оператор»",
    "inn": "7700000009",
    "postal_address": "101000, г. Москва, а/я 5",
    "data_centre_address": "105203, г. Москва",
}
pytestmark = pytest.mark.django_db


def change(version, **fields):
    staff = acts_as_staff(factories.staff_make(StaffRole.ADMINISTRATOR))
    return operator_change(actor=staff, form=OperatorForm(**FORM | fields), expected_version=version, now=NOW)


def test_until_somebody_fills_it_the_settings_speak(settings):
    card = operator_card()
    assert (card.name, card.inn, card.version) == (settings.OPERATOR_NAME, settings.OPERATOR_INN, 0)
    assert not OperatorCard.objects.exists()


def test_change_and_version():
    assert change(0).version == 1
    assert change(1, brand="Чехов").version == 2
    assert operator_card().brand == "Чехов"
    for stale in (0, 1):
        with pytest.raises(ChangedMeanwhile):
            change(stale, brand="Другой")
    assert operator_card().brand == "Чехов"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"inn": "7700000008"}, "inn"),
        ({"kpp": "1"}, "kpp"),
        ({"email": "x"}, "email"),
        ({"data_centre_address": "а" * 257}, "data_centre_address"),
        ({"head": "а\u2028б\0"}, "head"),
    ],
)
def test_bad_fields(fields, wrong):
    with pytest.raises(FieldsWrong) as refused:
        change(0, **fields)
    assert set(refused.value.fields) == {wrong}


@pytest.mark.django_db(transaction=True)
def test_two_first_fillings_at_once():
    results = together(lambda: change(0, brand="А"), lambda: change(0, brand="Б"))
    assert sorted(type(result).__name__ for result in results) == ["ChangedMeanwhile", "OperatorCard"]
    assert OperatorCard.objects.count() == 1
