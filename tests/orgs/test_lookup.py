import datetime as dt

import pytest

import factories
from cabinets import NOW
from chekhov.links.directory import CouldNotAsk, Found, NotFound
from chekhov.orgs.errors import LookupTooOften
from chekhov.orgs.lookup import ASKED_A_MINUTE_MAX, company_lookup
from chekhov.values import BadRequisite

pytestmark = pytest.mark.django_db


def test_three_outcomes_offline():
    user = factories.user_make()
    assert isinstance(company_lookup(user=user, inn=" 9999100018 ", now=NOW), Found)
    assert isinstance(company_lookup(user=user, inn="9999999998", now=NOW), NotFound)
    assert isinstance(company_lookup(user=user, inn="7707083893", now=NOW), CouldNotAsk)


@pytest.mark.parametrize("inn", ["", "770708389", "7707083894", "0000000000", "абв"])
def test_nobody_is_asked_about_what_is_no_inn(inn):
    with pytest.raises(BadRequisite):
        company_lookup(user=factories.user_make(), inn=inn, now=NOW)


def test_so_many_a_minute_for_each():
    user, other = factories.user_make(), factories.user_make()
    for second in range(ASKED_A_MINUTE_MAX):
        company_lookup(user=user, inn="9999100018", now=NOW + dt.timedelta(seconds=second))
    with pytest.raises(LookupTooOften):
        company_lookup(user=user, inn="9999100018", now=NOW + dt.timedelta(seconds=59))
    company_lookup(user=other, inn="9999100018", now=NOW)
    company_lookup(user=user, inn="9999100018", now=NOW + dt.timedelta(seconds=60))
