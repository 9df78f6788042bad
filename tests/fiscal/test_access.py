"""Who gets which document: both numbers must be of a register he may see; strangers learn nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

import factories
from cabinets import NOW, cabinets_make, membership_make, partner_access_make
from chekhov.accounts.models import StaffRole
from chekhov.fiscal import projector
from chekhov.fiscal.access import (
    document_and_kkt_for_user,
    document_for_user,
    scope_for_user,
    scope_of_kkt,
    shift_and_kkt_for_user,
    shift_for_user,
)
from chekhov.fiscal.errors import DocumentNotFound, ShiftNotFound
from chekhov.kkt.models import Group
from chekhov.orgs.errors import SectionClosed
from chekhov.orgs.models import GroupAccess
from chekhov.orgs.sections import Section
from fiscal.journalling import journal_write
from fiscal.messages import FN, FOREIGN_FN, message, receipt


class Scene:
    """Two registers of a cabinet, one of them in a group; a third, whose number another cabinet claims."""

    def __init__(self, url):
        self.all = cabinets_make()
        mine = self.all.organisation
        self.loose = factories.kkt_make(organisation=mine)
        parent = Group.objects.create(account=self.all.account, name="Город")
        self.child = Group.objects.create(account=self.all.account, name="Улица", parent=parent)
        self.parent = parent
        self.grouped = factories.kkt_make(organisation=mine, group=self.child)
        # Somebody else's cabinet has entered a number of which this company's documents come.
        self.claimed = factories.kkt_make(organisation=self.all.other_organisation)
        self.of_group = self.employee(all_groups=False)
        GroupAccess.objects.create(membership=self.of_group.membership, group_id=parent.pk)
        journal_write(
            url,
            [
                message(2, FN, 1, shift=1, rnm=self.loose.rnm, inn=mine.inn),
                receipt(FN, 2, rnm=self.loose.rnm, inn=mine.inn),
                receipt(FOREIGN_FN, 1, rnm=self.grouped.rnm, inn=mine.inn),
                receipt(FOREIGN_FN, 2, shift=2, rnm=self.claimed.rnm, inn=mine.inn),
            ],
        )
        projector.step()

    def employee(self, **fields):
        place = membership_make(account=self.all.account, sections=[Section.KKT], **fields)
        user = place.user
        user.membership = place
        return user

    def seen(self, user, section=Section.KKT):
        """Which of the documents and shifts the person gets; what else is raised."""
        found = {}
        for name, (fn, fd) in {
            "loose": (FN, 2),
            "grouped": (FOREIGN_FN, 1),
            "claimed": (FOREIGN_FN, 2),
        }.items():
            try:
                row = document_for_user(user=user, fn=fn, fd=fd, now=NOW, section=section)
                assert (row.fn, row.fd) == (fn, fd)
                card = shift_for_user(user=user, fn=fn, number=row.shift, now=NOW, section=section)
                assert card.shift.last_fd >= fd
                found[name] = "seen"
            except (DocumentNotFound, SectionClosed) as error:
                found[name] = type(error).__name__
                with pytest.raises((ShiftNotFound, SectionClosed)):
                    shift_for_user(
                        user=user, fn=fn, number=2 if name == "claimed" else 1, now=NOW, section=section
                    )
        return found


@pytest.fixture
def scene(test_database_url):
    return Scene(test_database_url)


MISSING = "DocumentNotFound"
NOTHING = {"loose": MISSING, "grouped": MISSING, "claimed": MISSING}
OWN = {"loose": "seen", "grouped": "seen", "claimed": MISSING}
GROUPED = {"loose": MISSING, "grouped": "seen", "claimed": MISSING}
CLOSED = {"loose": "SectionClosed", "grouped": "SectionClosed", "claimed": MISSING}


def test_who_sees_which(scene):
    people = scene.all
    matrix = [
        (people.owner, OWN),
        (people.administrator, OWN),
        (people.clerk, OWN),
        (people.clerk_of_documents, CLOSED),
        (people.clerk_of_no_group, NOTHING),
        (scene.of_group, GROUPED),
        (people.dismissed, NOTHING),
        (people.shut_out, NOTHING),
        (people.other_owner, NOTHING),  # the number is in his cabinet, the documents are another company's
        (people.partner_user, NOTHING),
        (people.stranger, NOTHING),
        (AnonymousUser(), NOTHING),
        (people.staff[StaffRole.ENGINEER], OWN),
    ]
    for user, expected in matrix:
        assert scene.seen(user) == expected, user
    partner_access_make(partner=people.partner, organisation=people.organisation)
    assert scene.seen(people.partner_user) == OWN
    people.partner.accesses.update(revoked_at=NOW)
    assert scene.seen(people.partner_user) == NOTHING


def test_a_document_of_no_register_is_nobodys(scene, test_database_url):
    scene.loose.rnm = None
    scene.loose.save()
    assert scene.seen(scene.all.owner)["loose"] == MISSING
    for fd in (77, 1 << 40):
        with pytest.raises(DocumentNotFound):
            document_for_user(user=scene.all.owner, fn=FN, fd=fd, now=NOW)
    with pytest.raises(ShiftNotFound):
        shift_for_user(user=scene.all.owner, fn=FN, number=99, now=NOW)


def test_the_register_comes_with_the_document(scene):
    owner = scene.all.owner
    assert document_and_kkt_for_user(user=owner, fn=FOREIGN_FN, fd=1, now=NOW)[1] == scene.grouped
    assert shift_and_kkt_for_user(user=owner, fn=FN, number=1, now=NOW)[1] == scene.loose


def test_scopes(scene):
    people = scene.all
    loose, grouped, claimed = (
        (kkt.rnm, kkt.organisation.inn) for kkt in (scene.loose, scene.grouped, scene.claimed)
    )

    def pairs(user, **narrowed):
        return set(scope_for_user(user=user, now=NOW, **narrowed).pairs)

    assert pairs(people.owner) == {loose, grouped}
    assert pairs(people.other_owner) == {claimed}
    assert pairs(scene.of_group) == {grouped}
    assert pairs(people.clerk_of_documents) == pairs(people.stranger) == pairs(AnonymousUser()) == set()
    assert (
        pairs(people.owner, group_id=scene.parent.pk)
        == pairs(people.owner, group_id=scene.child.pk)
        == {grouped}
    )
    assert pairs(people.other_owner, group_id=scene.parent.pk) == set()
    assert pairs(people.owner, kkt_ids=[scene.loose.pk, scene.claimed.pk]) == {loose}
    assert pairs(people.owner, kkt_ids=[]) == set()
    assert pairs(people.owner, organisation_id=people.organisation.pk) == {loose, grouped}
    assert pairs(people.owner, organisation_id=people.other_organisation.pk) == set()
    assert scope_for_user(user=people.stranger, now=NOW).is_empty
    assert scope_of_kkt(scene.loose).pairs == (loose,)
    scene.loose.rnm = None
    assert scope_of_kkt(scene.loose).is_empty


def test_a_partner_let_in_until_yesterday_sees_nothing(scene):
    people = scene.all
    partner_access_make(
        partner=people.partner, organisation=people.organisation, until=NOW - dt.timedelta(hours=1)
    )
    assert scene.seen(people.partner_user) == NOTHING
    assert scope_for_user(user=people.partner_user, now=NOW).is_empty
