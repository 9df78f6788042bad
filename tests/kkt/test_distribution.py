import pytest

import factories
from cabinets import NOW, acts, cabinets_make
from chekhov.audit.models import AuditEntry
from chekhov.kkt.errors import BeyondOwnGroups, RulesWrong
from chekhov.kkt.models import Kkt
from chekhov.kkt.services import RuleForm, distribution_apply, distribution_preview, rules_set
from chekhov.kkt.services.distribution import regions_of_account, rules_of_account, rules_token
from chekhov.orgs.errors import ChangedMeanwhile, SectionClosed
from kkt.registers import administrator_of, group_make, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cabinets_make()


@pytest.fixture
def owner(world):
    return {"actor": acts(world.owner), "account_id": world.account.pk, "now": NOW}


@pytest.fixture
def groups(world):
    return {name: group_make(world.account, name) for name in ("первая", "вторая", "третья")}


@pytest.fixture
def kkts(world):
    other = factories.organisation_make(account=world.account)

    def make(name, organisation=world.organisation, address=None, **fields):
        kkt = factories.kkt_make(name=name, organisation=organisation, **fields)
        if address:
            told(kkt, address=address)
        return kkt

    factories.kkt_make(organisation=world.other_organisation, name="Чужая аптека")
    return {
        "аптека": make("Аптека 1"),
        "кафе": make("Кафе «У Ани»", address="614000, Пермский край, г. Пермь, ул. Чехова, 5"),
        "москва": make("Касса", address="101000, г. Москва, ул. Садовая, 1", tariff="micro"),
        "сестра": make("Касса сестры", organisation=other),
        "прочая": make("Прочая"),
    }


def rules(groups, *triples):
    return [RuleForm(kind, value, groups[name].pk) for kind, value, name in triples]


def moves(owner, **fields):
    return {move.name: move.after.name for move in distribution_preview(**owner, **fields).moves}


def test_first_rule_that_fits_decides(owner, groups, kkts):
    sister = str(kkts["сестра"].organisation_id)
    rules_set(
        rules=rules(
            groups,
            ("name", "аптека*", "первая"),
            ("region", "Пермский край", "вторая"),
            ("address", "садовая", "третья"),
            ("tariff", "micro", "первая"),
            ("organisation", sister, "вторая"),
            ("name", "Аптека 1", "третья"),
        ),
        **owner,
    )
    preview = distribution_preview(**owner)
    assert {move.name: (move.before, move.after.name, move.rule_place) for move in preview.moves} == {
        "Аптека 1": (None, "первая", 1),
        "Кафе «У Ани»": (None, "вторая", 2),
        "Касса": (None, "третья", 3),
        "Касса сестры": (None, "вторая", 5),
    }
    assert (preview.staying, preview.unmatched) == (0, 1)
    assert not Kkt.objects.filter(group__isnull=False).exists(), "a preview moves nothing"
    assert distribution_apply(token=preview.token, **owner) == 4
    assert {kkt.name: kkt.group and kkt.group.name for kkt in Kkt.objects.exclude(name="Чужая аптека")} == {
        "Аптека 1": "первая", "Кафе «У Ани»": "вторая", "Касса": "третья", "Касса сестры": "вторая", "Прочая": None,
    }  # fmt: skip
    assert {entry.facts["by_rules"] for entry in AuditEntry.objects.filter(action="kkt.assigned")} == {True}
    again = distribution_preview(only_unassigned=False, **owner)
    assert (again.moves, again.staying, again.unmatched) == ([], 4, 1)
    assert distribution_apply(token=again.token, only_unassigned=False, **owner) == 0


def test_those_in_a_group_are_left_unless_asked_for(owner, groups, kkts):
    Kkt.objects.filter(pk=kkts["аптека"].pk).update(group=groups["третья"])
    rules_set(rules=rules(groups, ("name", "*", "первая")), **owner)
    assert "Аптека 1" not in moves(owner)
    assert moves(owner, only_unassigned=False)["Аптека 1"] == "первая"
    [move] = [one for one in distribution_preview(only_unassigned=False, **owner).moves if one.before]
    assert move.before == groups["третья"]


def test_nothing_is_done_but_what_was_shown(owner, groups, kkts):
    rules_set(rules=rules(groups, ("name", "касса*", "первая")), **owner)
    preview = distribution_preview(**owner)
    Kkt.objects.filter(pk=kkts["прочая"].pk).update(name="Касса ещё одна")
    with pytest.raises(ChangedMeanwhile):
        distribution_apply(token=preview.token, **owner)
    assert not Kkt.objects.filter(group__isnull=False).exists()


def test_rules_are_kept_in_order_and_replaced_as_a_whole(owner, groups, world):
    first = rules_set(
        rules=rules(groups, ("name", " Касса  * ", "первая"), ("tariff", "test", "вторая")), **owner
    )
    assert [(rule.place, rule.value) for rule in first] == [(1, "Касса *"), (2, "test")]
    token = rules_token(first)
    second = rules_set(rules=rules(groups, ("tariff", "test", "вторая")), token=token, **owner)
    assert [(rule.place, rule.kind) for rule in second] == [(1, "tariff")]
    with pytest.raises(ChangedMeanwhile):
        rules_set(rules=[], token=token, **owner)
    rules_set(rules=rules(groups, ("tariff", "test", "вторая")), **owner)
    assert AuditEntry.objects.filter(action="kkt.rules_changed").count() == 2, "the same again is no change"
    groups["вторая"].delete()
    assert rules_of_account(account_id=world.account.pk) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("name", " "), ("name", "а" * 129), ("name", "\0"), ("region", "Нарния"), ("tariff", "нет"), ("x", "y"),
        ("organisation", "foreign"), ("organisation", "0"), ("organisation", "x"),
    ],
)  # fmt: skip
def test_rules_that_do_not_hold(owner, groups, world, kind, value):
    value = str(world.other_organisation.pk) if value == "foreign" else value
    with pytest.raises(RulesWrong, match="Правило 2"):
        rules_set(
            rules=[*rules(groups, ("name", "*", "первая")), RuleForm(kind, value, groups["первая"].pk)],
            **owner,
        )
    assert rules_of_account(account_id=world.account.pk) == []


def test_rules_go_to_groups_of_the_cabinet(owner, world):
    foreign = group_make(world.other_account)
    with pytest.raises(RulesWrong):
        rules_set(rules=[RuleForm("name", "*", foreign.pk)], **owner)
    with pytest.raises(RulesWrong):
        rules_set(rules=[RuleForm("name", "*", foreign.pk)] * 101, **owner)


def test_regions_to_choose_from(owner, kkts, world):
    assert regions_of_account(account_id=world.account.pk, now=NOW) == ["Москва", "Пермский край"]


def test_who_may(world, owner, groups, kkts):
    rules_set(rules=rules(groups, ("name", "*", "первая")), **owner)
    token = distribution_preview(**owner).token
    some = administrator_of(world.account, groups["первая"])
    refused = [
        (some, BeyondOwnGroups),
        *((acts(getattr(world, who)), SectionClosed) for who in ("clerk", "stranger", "other_owner")),
    ]
    for actor, error in refused:
        common = {"actor": actor, "account_id": world.account.pk, "now": NOW}
        for deed in (
            lambda c=common: rules_set(rules=[], **c),
            lambda c=common: distribution_preview(**c),
            lambda c=common: distribution_apply(token=token, **c),
        ):
            with pytest.raises(error):
                deed()
    assert not Kkt.objects.filter(group__isnull=False).exists()
