from __future__ import annotations

from types import SimpleNamespace

import pytest

from backoffice.journal import SHOP_INN, Register
from cabinet.papers_world import Papers, browser_of, papers_make
from chekhov.orgs.models import Organisation


@pytest.fixture
def papers(db: None) -> Papers:
    return papers_make()


@pytest.fixture
def shop(papers: Papers) -> Papers:
    """The same cabinet, whose company is the one that emulated registers print."""
    Organisation.objects.filter(pk=papers.organisation.pk).update(inn=SHOP_INN, kpp="770801001")
    papers.organisation.refresh_from_db()
    return papers


@pytest.fixture
def browsers(papers: Papers) -> SimpleNamespace:
    """A browser for each person of the world, logged in."""
    people = papers.people
    return SimpleNamespace(
        owner=browser_of(people.owner),
        administrator=browser_of(people.administrator),
        clerk=browser_of(people.clerk),
        other=browser_of(people.other_owner),
        partner=browser_of(people.partner_user),
    )


@pytest.fixture
def register(transactional_db: None) -> Register:
    """A register whose documents go straight into the journal; nothing is issued yet."""
    return Register(1)
