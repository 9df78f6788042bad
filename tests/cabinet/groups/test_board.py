"""«Группы»: the board, its windows, registers put into groups; who sees and does what."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

import factories
from cabinet.groups.shop import Shop, shop_make
from cabinet.papers_world import browser_of
from chekhov.audit.models import AuditEntry
from chekhov.cabinet.groups.asked import BoardAsked, board_asked
from chekhov.cabinet.groups.board import counts_words
from chekhov.kkt.models import Group, Kkt

pytestmark = pytest.mark.django_db
BOARD = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "groups-board"}


@pytest.fixture
def shop() -> Shop:
    return shop_make()


@pytest.fixture
def owner(shop: Shop) -> Client:
    return browser_of(shop.owner)


def text_of(client: Client, url: str, **fields: str) -> str:
    answer = client.get(url, fields)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def plain(html: str) -> str:
    """The words of the page, one space between them."""
    main = html.split("<main", 1)[-1].split("</main>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ").split())


def posted(client: Client, url: str, **fields: object) -> object:
    return client.post(url, fields, **BOARD)


@pytest.mark.parametrize(
    ("groups", "kkts", "words"),
    [
        (2, 3, "2 группы 3 ККТ"),
        (0, 1, "1 ККТ"),
        (0, 0, "0 ККТ"),
        (1, 0, "1 группа"),
        (5, 10_000, "5 групп 10\N{NARROW NO-BREAK SPACE}000 ККТ"),
        (21, 0, "21 группа"),
    ],
)
def test_counts_are_good_russian(groups: int, kkts: int, words: str) -> None:
    assert counts_words(groups, kkts) == words


def test_the_tree_is_folded_at_first_and_opens_by_its_address(owner: Client, shop: Shop) -> None:
    text = text_of(owner, "/cabinet/groups/")
    assert "Пермский край Код 59 2 группы 3 ККТ" in text
    assert "Кунгурский район" not in text
    assert "Сказка" not in text
    text = text_of(owner, "/cabinet/groups/", open=f"{shop.region.pk},{shop.district.pk}")
    assert "Кунгурский район 2 ККТ" in text
    assert "Александровский район 1 ККТ" in text
    assert "Рябинка" not in text, "that district is folded"
    assert "Сказка 617470, Пермский край, г. Кунгур, ул. Ленина, д. 1" in text
    kkt = shop.kkts["Сказка"]
    blocks = " ".join(kkt.rnm[at : at + 4] for at in range(0, 16, 4))
    assert f"РНМ: {blocks} ККТ: {kkt.serial} ФН: 9999 5400 0000 1234" in text


def test_a_tree_of_two_hundred_floors_is_drawn(owner: Client, shop: Shop) -> None:
    last = shop.region
    for floor in range(200):
        last = shop.group(f"Этаж {floor}", last)
    asked = BoardAsked().with_open(*Group.objects.values_list("pk", flat=True))
    assert "Этаж 199" in text_of(owner, "/cabinet/groups/", open=dict(asked.pairs)["open"])


def test_fifty_registers_of_a_group_at_a_time(owner: Client, shop: Shop) -> None:
    for number in range(120):
        shop.kkt(f"Ларёк {number:03}", shop.other_district)
    group = shop.other_district.pk
    text = text_of(owner, "/cabinet/groups/", open=f"{shop.region.pk},{group}")
    assert "Ларёк 049" in text
    assert "Ларёк 050" not in text
    assert "Показать ещё" in text
    text = text_of(owner, "/cabinet/groups/", open=f"{shop.region.pk},{group}-150")
    assert "Ларёк 119" in text
    assert "Показать ещё" not in text


def test_a_group_of_more_registers_than_can_be_shown_leads_to_their_list(owner, shop, monkeypatch) -> None:
    monkeypatch.setattr("chekhov.cabinet.groups.board.SHOWN_MAX", 50)
    for number in range(60):
        shop.kkt(f"Ларёк {number:03}", shop.region)
    answer = owner.get("/cabinet/groups/", {"open": str(shop.region.pk)}).content.decode()
    assert f"?group={shop.region.pk}" in answer
    assert "Показать ещё" not in answer


def test_what_the_address_says_amiss_is_not_said() -> None:
    asked = board_asked(QueryDict("open=1,x,2-90,3-9999,-5,٣,&q=%00a&free=" + "я" * 200 + "&before=x"))
    assert asked.opened == {1: 50, 2: 90, 3: 500}
    assert asked.text == asked.free_text == ""
    assert board_asked(QueryDict(asked.query)) == asked, "an address leads to the same state"


def test_search_finds_groups_and_registers_with_the_way_to_them(owner: Client, shop: Shop) -> None:
    text = text_of(owner, "/cabinet/groups/", q="сказ")
    assert "Пермский край" in text
    assert "Кунгурский район" in text
    assert "Сказка" in text
    assert "Ромашка" not in text
    assert "Александровский" not in text
    assert "Рябинка" in text_of(owner, "/cabinet/groups/", q="александровск, ул. мира")
    assert "Сказка" in text_of(owner, "/cabinet/groups/", q=shop.kkts["Сказка"].rnm)
    assert "Ничего не найдено" in text_of(owner, "/cabinet/groups/", q="нет такого")
    assert "Очистить" in owner.get("/cabinet/groups/", {"q": "сказ"}).content.decode()
    assert "Александровский район" in text_of(owner, "/cabinet/groups/", q="АЛЕКСАНДРОВСКИЙ")


def test_the_right_list_is_searched_and_paged(owner: Client, shop: Shop) -> None:
    assert "Ничья 614000" in text_of(owner, "/cabinet/groups/")
    assert "Ничья" not in text_of(owner, "/cabinet/groups/", free="входа")
    assert "Ничья" in text_of(owner, "/cabinet/groups/", free="попова")
    for number in range(60):
        shop.kkt(f"Я {number:03}")
    first = owner.get("/cabinet/groups/").content.decode()
    older = re.search(r'href="([^"]*before=[^"]*)" rel="next"', first)
    assert older is not None
    second = plain(owner.get(older[1].replace("&amp;", "&")).content.decode())
    assert "Я 059" in second
    assert "К началу" in second


def test_all_distributed(owner: Client, shop: Shop) -> None:
    Kkt.objects.update(group=shop.region)
    text = text_of(owner, "/cabinet/groups/")
    assert "Все Ваши кассы распределены по группам" in text
    assert "Добавить новую кассу" in text
    Kkt.objects.all().delete()
    text = text_of(owner, "/cabinet/groups/")
    assert "Все Ваши" not in text
    assert "Касс пока нет" in text


def test_a_group_is_added_with_its_parent_and_children(owner: Client, shop: Shop) -> None:
    sent = {
        "name": "  Юг  края ", "code": "Ю-1", "icon": "truck",
        "parent": str(shop.region.pk), "children": [str(shop.district.pk)],
    }  # fmt: skip
    answer = owner.post(f"/cabinet/groups/add/?open={shop.district.pk}", sent)
    assert answer.status_code == 302
    assert answer["Location"] == f"/cabinet/groups/?open={shop.district.pk}%2C{shop.region.pk}"
    made = Group.objects.get(name="Юг края")
    assert (made.code, made.icon, made.parent) == ("Ю-1", "truck", shop.region)
    shop.district.refresh_from_db()
    assert shop.district.parent == made, "a child leaves its old parent"


def test_mistakes_stand_beside_their_fields(owner: Client, shop: Shop) -> None:
    answer = owner.post("/cabinet/groups/add/", {"name": "пермский край", "code": "", "parent": ""})
    assert answer.status_code == 422
    assert "здесь уже есть" in answer.content.decode()
    answer = owner.post("/cabinet/groups/add/", {"name": "Новая", "code": "59"})
    assert answer.status_code == 422
    assert "Код «59» уже есть" in answer.content.decode()
    assert 'value="Новая"' in answer.content.decode(), "nothing typed is lost"
    assert owner.post("/cabinet/groups/add/", {"name": ""}).status_code == 422
    assert owner.post("/cabinet/groups/add/", {"name": "Ы", "icon": "skull"}).status_code == 422
    assert Group.objects.count() == 3


def test_the_window_of_a_change_offers_no_ring(owner: Client, shop: Shop) -> None:
    page = owner.get(f"/cabinet/groups/{shop.region.pk}/").content.decode()
    assert f'<option value="{shop.district.pk}"' not in page, "what is below cannot be the parent"
    page = owner.get(f"/cabinet/groups/{shop.district.pk}/").content.decode()
    assert f'value="{shop.region.pk}" id="id_children' not in page
    answer = owner.post(
        f"/cabinet/groups/{shop.region.pk}/",
        {"name": "Пермский край", "parent": str(shop.district.pk), "version": "1"},
    )
    assert answer.status_code == 422


def test_a_change_and_a_second_editor(owner: Client, shop: Shop) -> None:
    url = f"/cabinet/groups/{shop.district.pk}/"
    sent = {"name": "Кунгур", "code": "К", "icon": "home", "parent": "", "version": "1"}
    assert owner.post(url, sent).status_code == 302
    shop.district.refresh_from_db()
    assert (shop.district.name, shop.district.parent, shop.district.version) == ("Кунгур", None, 2)
    late = owner.post(url, sent | {"name": "Опоздавший"})
    assert late.status_code == 422
    assert "изменил кто-то другой" in late.content.decode()
    shop.district.refresh_from_db()
    assert shop.district.name == "Кунгур"


def test_unticked_children_go_a_floor_up(owner: Client, shop: Shop) -> None:
    sent = {"name": "Пермский край", "version": "1", "children": [str(shop.district.pk)]}
    assert owner.post(f"/cabinet/groups/{shop.region.pk}/", sent).status_code == 302
    shop.other_district.refresh_from_db()
    assert shop.other_district.parent is None


def test_removing_says_what_becomes_of_the_rest(owner: Client, shop: Shop) -> None:
    url = f"/cabinet/groups/{shop.district.pk}/remove/"
    text = text_of(owner, url)
    assert "Кассы группы (2) перейдут в группу «Пермский край»" in text
    answer = owner.post(url, {"version": "1"}, follow=True)
    assert "Группа «Кунгурский район» удалена. 2 ККТ теперь в группе «Пермский край»." in plain(
        answer.content.decode()
    )
    assert shop.kkts["Сказка"].pk in Kkt.objects.filter(group=shop.region).values_list("pk", flat=True)
    text = text_of(owner, f"/cabinet/groups/{shop.region.pk}/remove/")
    assert "станут нераспределенными" in text
    assert "станут корневыми" in text
    assert owner.post(f"/cabinet/groups/{shop.region.pk}/remove/", {"version": "7"}).status_code == 422
    assert owner.post(f"/cabinet/groups/{shop.region.pk}/remove/", {"version": "1"}).status_code == 302
    shop.other_district.refresh_from_db()
    assert shop.other_district.parent is None


def test_registers_are_assigned_in_a_window(owner: Client, shop: Shop) -> None:
    ids = [shop.kkts[name].pk for name in ("Ничья", "Рябинка")]
    page = owner.get("/cabinet/groups/assign/", {"kkt": ids, "open": str(shop.region.pk)}).content.decode()
    assert "Ничья" in page
    assert "Рябинка" in page
    assert f'action="/cabinet/groups/assign/?open={shop.region.pk}"' in page
    answer = owner.post("/cabinet/groups/assign/", {"kkt": ids, "group": str(shop.district.pk)}, follow=True)
    assert "2 кассы теперь в группе «Пермский край → Кунгурский район»." in plain(answer.content.decode())
    assert Kkt.objects.filter(group=shop.district).count() == 4
    owner.post("/cabinet/groups/assign/", {"kkt": ids[:1], "group": ""})
    assert Kkt.objects.get(pk=ids[0]).group is None
    assert AuditEntry.objects.filter(action="kkt.assigned").count() == 2
    assert "Не выбрано ни одной кассы" in text_of(owner, "/cabinet/groups/assign/")


def test_a_drag_answers_with_the_board(owner: Client, shop: Shop) -> None:
    kkt = shop.kkts["Ничья"]
    url = f"/cabinet/groups/assign/?open={shop.region.pk},{shop.district.pk}"
    answer = posted(owner, url, kkt=kkt.pk, group=shop.district.pk, was=f"{kkt.pk}:")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "<html" not in html
    assert 'data-told="Касса «Ничья» теперь в группе' in html
    assert plain(html).index("Кунгурский район 3 ККТ") < plain(html).index("Ничья 614000")


def test_somebody_was_first(owner: Client, shop: Shop) -> None:
    """What stands elsewhere than shown is not moved, and the board of the answer tells where it is."""
    kkt = shop.kkts["Ничья"]
    Kkt.objects.filter(pk=kkt.pk).update(group=shop.other_district)
    answer = posted(owner, "/cabinet/groups/assign/", kkt=kkt.pk, group=shop.district.pk, was=f"{kkt.pk}:")
    assert answer.status_code == 409
    assert "Кто-то другой только что перенёс эту кассу" in answer.content.decode()
    assert Kkt.objects.get(pk=kkt.pk).group == shop.other_district
    answer = posted(owner, "/cabinet/groups/assign/", kkt=kkt.pk, group=999_999)
    assert answer.status_code == 409
    assert "уже нет" in answer.content.decode()


def test_a_group_is_moved_by_a_drag(owner: Client, shop: Shop) -> None:
    url = f"/cabinet/groups/{shop.district.pk}/move/"
    answer = posted(owner, url, parent=shop.other_district.pk, version=1)
    assert answer.status_code == 200
    assert f'data-query="open={shop.other_district.pk}"' in answer.content.decode()
    shop.district.refresh_from_db()
    assert shop.district.parent == shop.other_district
    late = posted(owner, url, parent="", version=1)
    assert late.status_code == 409
    ring = posted(
        owner, f"/cabinet/groups/{shop.other_district.pk}/move/", parent=shop.district.pk, version=1
    )
    assert ring.status_code == 422
    assert "не может входить в саму себя" in ring.content.decode()
    assert posted(owner, url, parent="чужая", version=2).status_code == 409
    assert owner.post(url, {"parent": "", "version": 2}).status_code == 302
    shop.district.refresh_from_db()
    assert shop.district.parent is None


def test_an_employee_of_one_group(shop: Shop) -> None:
    clerk = browser_of(shop.clerk)
    text = text_of(clerk, "/cabinet/groups/", open=f"{shop.region.pk},{shop.district.pk}")
    assert "Кунгурский район 2 ККТ" in text
    assert "Сказка" in text
    assert "Пермский край" not in text.replace("617470, Пермский край", "")
    for hidden in ("Рябинка", "Ничья", "Нераспределенные", "автоматически", "Касса у входа"):
        assert hidden not in text
    assert "Рябинка" not in text_of(clerk, "/cabinet/groups/", q="Рябинка").replace("Очистить", "")


def test_an_employee_of_one_group_touches_no_other(shop: Shop) -> None:
    clerk = browser_of(shop.clerk)
    for foreign in (shop.region, shop.other_district):
        for deed in ("", "move/", "remove/"):
            assert clerk.post(f"/cabinet/groups/{foreign.pk}/{deed}", {"name": "Я"}).status_code == 404
    assert clerk.get("/cabinet/groups/rules/").status_code == 403
    ids = {name: kkt.pk for name, kkt in shop.kkts.items()}
    clerk.post("/cabinet/groups/assign/", {"kkt": ids["Рябинка"], "group": shop.district.pk})
    clerk.post("/cabinet/groups/assign/", {"kkt": ids["Сказка"], "group": shop.other_district.pk})
    clerk.post("/cabinet/groups/assign/", {"kkt": ids["Сказка"], "group": ""})
    clerk.post(f"/cabinet/groups/{shop.district.pk}/move/", {"parent": "", "version": 1})
    clerk.post(f"/cabinet/groups/{shop.district.pk}/remove/", {"version": 1})
    clerk.post("/cabinet/groups/add/", {"name": "В корне", "parent": ""})
    assert Kkt.objects.get(pk=ids["Рябинка"]).group == shop.other_district
    assert Kkt.objects.get(pk=ids["Сказка"]).group == shop.district
    assert list(Group.objects.order_by("pk").values_list("name", "parent__name")) == [
        ("Пермский край", None), ("Кунгурский район", "Пермский край"), ("Александровский район", "Пермский край"),
    ]  # fmt: skip


def test_an_employee_of_one_group_works_below_it(shop: Shop) -> None:
    clerk = browser_of(shop.clerk)
    assert (
        clerk.post("/cabinet/groups/add/", {"name": "Центр", "parent": shop.district.pk}).status_code == 302
    )
    centre = Group.objects.get(name="Центр")
    clerk.post("/cabinet/groups/assign/", {"kkt": shop.kkts["Сказка"].pk, "group": centre.pk})
    assert Kkt.objects.get(name="Сказка").group == centre
    sent = {"name": "Кунгур", "icon": "home", "version": "1", "children": [str(centre.pk)]}
    assert clerk.post(f"/cabinet/groups/{shop.district.pk}/", sent).status_code == 302
    shop.district.refresh_from_db()
    assert (shop.district.name, shop.district.parent) == ("Кунгур", shop.region), "it stays where it stood"
    assert clerk.post(f"/cabinet/groups/{centre.pk}/remove/", {"version": "1"}).status_code == 302
    assert Kkt.objects.get(name="Сказка").group == shop.district


def test_an_employee_of_no_group_is_told_so(shop: Shop) -> None:
    nobody = browser_of(shop.restrict())
    assert "Вам не открыта ни одна группа касс" in text_of(nobody, "/cabinet/groups/")
    assert nobody.get("/cabinet/groups/add/").status_code == 403


def test_a_foreign_register_is_never_named(owner: Client, shop: Shop) -> None:
    foreign = shop.papers.other_kkt
    page = owner.get("/cabinet/groups/assign/", {"kkt": [foreign.pk]}).content.decode()
    assert foreign.name not in page
    owner.post("/cabinet/groups/assign/", {"kkt": [foreign.pk], "group": shop.region.pk})
    foreign.refresh_from_db()
    assert foreign.group is None
    other = Group.objects.create(account=shop.papers.people.other_account, name="Чужая")
    owner.post("/cabinet/groups/assign/", {"kkt": [shop.kkts["Ничья"].pk], "group": other.pk})
    assert Kkt.objects.get(name="Ничья").group is None
    assert owner.get(f"/cabinet/groups/{other.pk}/").status_code == 404


def test_ten_thousand_registers_cost_as_many_questions_as_two(
    owner: Client, shop: Shop, django_assert_max_num_queries
) -> None:
    made = [factories.kkt_make(organisation=shop.papers.organisation, name=f"Т {n}") for n in range(3)]
    Kkt.objects.bulk_create(
        [
            Kkt(organisation=shop.papers.organisation, name=f"М {n:05}", group=shop.region)
            for n in range(10_000)
        ]
    )
    assert made
    url = reverse("groups")
    with django_assert_max_num_queries(40):
        answer = owner.get(url, {"open": f"{shop.region.pk},{shop.district.pk}"})
    assert "10\N{NARROW NO-BREAK SPACE}003 ККТ" in answer.content.decode()
    assert answer.content.count(b'class="register"') < 120
