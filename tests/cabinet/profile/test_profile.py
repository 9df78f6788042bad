import pytest
from django.test import Client

import factories
from cabinets import NOW, acts, cabinets_make, offer_ensure, requisites_make
from chekhov.accounts.models import User
from chekhov.audit.services import audit_record
from chekhov.contracts.models import Contract
from chekhov.contracts.services import JoiningForm, contract_join
from chekhov.notify.models import Letter
from chekhov.orgs.models import Membership
from chekhov.orgs.sections import Role, Section

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = cabinets_make()
    offer = offer_ensure()
    contract_join(
        actor=acts(made.owner),
        account_id=made.account.pk,
        form=JoiningForm(
            sole_trader=False, requisites=requisites_make(), accepted=True, offer_number=offer.number
        ),
        now=NOW,
    )
    return made


@pytest.fixture
def enter(client: Client):
    def as_person(user: User) -> Client:
        client.force_login(user)
        return client

    return as_person


def employee_data(**fields) -> dict[str, object]:
    return {
        "full_name": "Гаев Леонид Андреевич",
        "position": "Кассир",
        "email": "gaev@example.test",
        "phone": "912 345-67-89",
        "role": "user",
        "sections": ["kkt", "management"],
        "all_groups": "on",
        "rights_shown": "user:",
    } | fields


def edited(place: Membership, **fields) -> dict[str, object]:
    opened = sorted(place.open_sections)
    return (
        employee_data(
            full_name=place.full_name,
            role=place.role,
            sections=opened,
            version=place.version,
            rights_shown=f"{place.role}:{','.join(opened)}",
        )
        | fields
    )


class TestPerson:
    def test_everything_is_on_the_page(self, world, enter) -> None:
        world.account.manager = world.manager
        world.account.save()
        world.manager.full_name = "Менеджерова Ольга"
        world.manager.save()
        text = enter(world.owner).get("/cabinet/profile/").content.decode()
        for words in (
            world.owner.email,
            "Менеджерова Ольга",
            world.organisation.name,
            "Добавить организацию",
            "Добавить сотрудника",
            "Гаев Леонид",
            "Изменить данные",
        ):
            assert words in text

    def test_names_are_changed_and_nothing_else(self, world, enter) -> None:
        client = enter(world.owner)
        data = {
            "last_name": "Лопахина",
            "first_name": "Юлия",
            "middle_name": "",
            "email": "evil@example.test",
            "phone": "+79990000000",
            "staff_role": "administrator",
            "is_superuser": "on",
        }
        assert client.post("/cabinet/profile/edit/", data)["Location"] == "/cabinet/profile/"
        user = User.objects.get(pk=world.owner.pk)
        assert (user.full_name, user.bar_name) == ("Лопахина Юлия", "Юлия Л.")
        assert (user.email, user.phone, user.staff_role) == (world.owner.email, world.owner.phone, "")
        assert "Юлия Л." in client.get("/cabinet/profile/").content.decode()

    def test_mistakes(self, world, enter) -> None:
        answer = enter(world.owner).post("/cabinet/profile/edit/", {"last_name": "", "first_name": "Я" * 65})
        assert answer.status_code == 422
        assert answer.content.decode().count('aria-invalid="true"') == 2

    def test_a_clerk_sees_neither_companies_nor_employees(self, world, enter) -> None:
        text = enter(world.clerk).get("/cabinet/profile/").content.decode()
        assert world.organisation.name not in text
        assert world.owner.email not in text
        assert "Добавить сотрудника" not in text


class TestFrame:
    @pytest.mark.parametrize(
        ("who", "seen", "unseen"),
        [
            ("owner", ["ККТ", "Документы", "Управление", "Добавить кассу"], []),
            ("administrator", ["ККТ", "Управление"], ["Документы"]),
            ("clerk", ["ККТ"], ["Документы", "Управление", "Добавить кассу"]),
        ],
    )
    def test_sections_by_rights(self, world, enter, who: str, seen, unseen) -> None:
        text = enter(getattr(world, who)).get("/cabinet/profile/").content.decode()
        bar = text.split("<main")[0]
        for word in seen:
            assert word in bar
        for word in unseen:
            assert word not in bar

    @pytest.mark.parametrize(
        ("who", "url", "status"),
        [
            ("clerk", "/cabinet/management/", 403),
            ("clerk", "/cabinet/kkt/", 200),
            ("clerk", "/cabinet/kkt/add/", 403),
            ("clerk", "/cabinet/employees/", 403),
            ("clerk", "/cabinet/journal/", 403),
            ("clerk", "/cabinet/companies/add/", 403),
            ("administrator", "/cabinet/employees/", 200),
            ("administrator", "/cabinet/journal/", 403),
            ("clerk_of_documents", "/cabinet/kkt/", 403),
            ("stranger", "/cabinet/profile/", 404),
            ("stranger", "/cabinet/management/", 404),
            ("partner_user", "/cabinet/profile/", 404),
            ("partner_user", "/cabinet/journal/", 404),
            ("dismissed", "/cabinet/profile/", 404),
            ("manager", "/cabinet/profile/", 404),
            ("manager", "/cabinet/sessions/", 200),
            ("owner", "/help/", 200),
        ],
    )
    def test_rights_hold_by_address(self, world, enter, who: str, url: str, status: int) -> None:
        assert enter(getattr(world, who)).get(url).status_code == status

    def test_nobody_is_sent_to_log_in_and_a_fragment_is_told(self, client: Client) -> None:
        assert client.get("/cabinet/profile/")["Location"] == "/login/?next=/cabinet/profile/"
        assert client.get("/cabinet/profile/", HTTP_HX_REQUEST="true").status_code == 401

    def test_registers_of_no_group_are_not_seen(self, world, enter) -> None:
        kkt = factories.kkt_make(organisation=world.organisation, name="Касса у входа")
        assert kkt.name in enter(world.clerk).get("/cabinet/kkt/").content.decode()
        assert kkt.name in enter(world.owner).get("/cabinet/management/").content.decode()
        assert kkt.name not in enter(world.clerk_of_no_group).get("/cabinet/kkt/").content.decode()
        assert kkt.name not in enter(world.other_owner).get("/cabinet/kkt/", follow=True).content.decode()


class TestCompanies:
    def test_the_card(self, world, enter) -> None:
        url = f"/cabinet/companies/{world.organisation.pk}/"
        assert world.organisation.inn in enter(world.owner).get(url).content.decode()
        assert enter(world.clerk).get(url).status_code == 403
        assert enter(world.stranger).get(url).status_code == 404
        foreign = f"/cabinet/companies/{world.other_organisation.pk}/"
        assert enter(world.owner).get(foreign).status_code == 404

    def test_a_second_company_gets_a_contract_of_its_own(self, world, enter) -> None:
        requisites = requisites_make(name="ООО «Второе»")
        data = requisites.as_data() | {
            "kind": "company",
            "same_address": "on",
            "accepted": "on",
            "offer_number": str(offer_ensure().number),
        }
        answer = enter(world.owner).post("/cabinet/companies/add/", data)
        assert answer["Location"] == "/cabinet/profile/"
        assert Contract.objects.filter(organisation__account=world.account).count() == 2
        again = enter(world.owner).post("/cabinet/companies/add/", data)
        assert "договор уже заключён" in again.content.decode()


class TestEmployees:
    def test_added_and_invited(self, world, enter) -> None:
        answer = enter(world.owner).post("/cabinet/employees/add/", employee_data())
        assert answer["Location"] == "/cabinet/employees/"
        place = Membership.objects.get(email="gaev@example.test")
        assert (place.role, set(place.sections)) == (Role.USER, {"kkt", "management"})
        assert Letter.objects.filter(template="employee_invitation", recipient=place.email).exists()
        assert "Не подтвердил почту" in enter(world.owner).get("/cabinet/employees/").content.decode()
        again = enter(world.owner).post(f"/cabinet/employees/{place.pk}/invite/")
        assert again["Location"] == "/cabinet/employees/"
        assert Letter.objects.filter(template="employee_invitation", recipient=place.email).count() == 2

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"full_name": ""}, "Обязательное поле"),
            ({"email": "x"}, "не адрес электронной почты"),
            ({"email": "invited@example.test"}, "уже есть"),
            ({"phone": "1"}, "десять цифр"),
            ({"role": "emperor"}, "Выберите корректный вариант"),
            ({"sections": ["secrets"]}, "Выберите корректный вариант"),
        ],
    )
    def test_mistakes(self, world, enter, fields, words: str) -> None:
        before = Membership.objects.count()
        answer = enter(world.owner).post("/cabinet/employees/add/", employee_data(**fields))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "Кассир" in answer.content.decode()
        assert Membership.objects.count() == before

    def test_changed_sections_make_a_user(self, world, enter) -> None:
        place = Membership.objects.get(user=world.administrator)
        data = edited(place, sections=["kkt", "reports"])
        enter(world.owner).post(f"/cabinet/employees/{place.pk}/", data)
        place.refresh_from_db()
        assert (place.role, set(place.sections)) == (Role.USER, {"kkt", "reports"})

    def test_without_script_a_chosen_role_speaks(self, world, enter) -> None:
        place = Membership.objects.get(user=world.clerk)
        enter(world.owner).post(f"/cabinet/employees/{place.pk}/", edited(place, role="administrator"))
        place.refresh_from_db()
        assert place.role == Role.ADMINISTRATOR
        assert Section.EMPLOYEES in place.open_sections

    def test_the_email_is_never_changed(self, world, enter) -> None:
        place = Membership.objects.get(user=world.clerk)
        page = enter(world.owner).get(f"/cabinet/employees/{place.pk}/")
        assert 'name="email"' not in page.content.decode()
        enter(world.owner).post(f"/cabinet/employees/{place.pk}/", edited(place, email="evil@example.test"))
        place.refresh_from_db()
        assert place.email == world.clerk.email

    def test_of_two_who_edit_the_second_is_told(self, world, enter) -> None:
        place = Membership.objects.get(user=world.clerk)
        data = edited(place)
        client = enter(world.owner)
        assert (
            client.post(f"/cabinet/employees/{place.pk}/", data | {"position": "Первый"}).status_code == 302
        )
        answer = client.post(f"/cabinet/employees/{place.pk}/", data | {"position": "Второй"})
        assert answer.status_code == 422
        assert "уже изменил кто-то другой" in answer.content.decode()
        assert "Второй" in answer.content.decode()

    def test_the_last_owner_stays(self, world, enter) -> None:
        place = Membership.objects.get(user=world.owner)
        answer = enter(world.owner).post(f"/cabinet/employees/{place.pk}/", edited(place, role="user"))
        assert "хотя бы один владелец" in answer.content.decode()
        answer = enter(world.owner).post(f"/cabinet/employees/{place.pk}/remove/", follow=True)
        assert "хотя бы один владелец" in answer.content.decode()
        place.refresh_from_db()
        assert (place.role, place.removed_at) == (Role.OWNER, None)

    def test_an_administrator_makes_no_owner(self, world, enter) -> None:
        answer = enter(world.administrator).post(
            "/cabinet/employees/add/", employee_data(role="owner", sections=[*Section.values])
        )
        assert answer.status_code == 422
        assert "только владелец" in answer.content.decode()

    def test_the_deleted_is_out_at_once(self, world, enter) -> None:
        place = Membership.objects.get(user=world.clerk)
        clerk = Client()
        clerk.force_login(world.clerk)
        assert clerk.get("/cabinet/kkt/").status_code == 200
        asked = enter(world.owner).get(f"/cabinet/employees/{place.pk}/remove/").content.decode()
        assert place.full_name in asked
        enter(world.owner).post(f"/cabinet/employees/{place.pk}/remove/")
        assert clerk.get("/cabinet/kkt/").status_code == 302

    def test_a_foreign_employee_is_not_there(self, world, enter) -> None:
        foreign = Membership.objects.get(user=world.other_owner)
        client = enter(world.owner)
        for url in (f"/cabinet/employees/{foreign.pk}/", f"/cabinet/employees/{foreign.pk}/remove/"):
            assert client.get(url).status_code == 404
            assert client.post(url, edited(foreign)).status_code == 404
        assert client.post(f"/cabinet/employees/{foreign.pk}/invite/").status_code == 404


def test_text_of_people_is_never_markup(world, enter) -> None:
    evil = '<script>alert("x")</script>'
    Membership.objects.filter(user=world.clerk).update(full_name=evil, position=evil)
    type(world.organisation).objects.filter(pk=world.organisation.pk).update(name=evil, legal_address=evil)
    place = Membership.objects.get(user=world.clerk)
    factories.kkt_make(organisation=world.organisation, name=evil)
    client = enter(world.owner)
    for url in (
        "/cabinet/profile/",
        "/cabinet/management/",
        f"/cabinet/companies/{world.organisation.pk}/",
        "/cabinet/employees/",
        f"/cabinet/employees/{place.pk}/",
        f"/cabinet/employees/{place.pk}/remove/",
    ):
        text = client.get(url).content.decode()
        assert "&lt;script&gt;" in text
        assert evil not in text


class TestJournal:
    def test_deeds_are_told_in_words_and_staff_without_names(self, world, enter) -> None:
        audit_record(
            action="orgs.employee_changed",
            now=NOW,
            actor=world.manager,
            actor_kind="staff",
            account=world.account,
            organisation_id=world.organisation.pk,
            object_kind="employee",
            object_id="1",
            reason="Звонок клиента 21.11",
            on_behalf=world.organisation,
        )
        text = enter(world.owner).get("/cabinet/journal/").content.decode()
        assert "Изменены данные или права сотрудника" in text
        assert "Сотрудник оператора" in text
        assert "Основание: Звонок клиента 21.11" in text
        assert "Заключён договор" in text
        assert world.manager.email not in text

    def test_paging_shows_each_once(self, world, enter, monkeypatch) -> None:
        monkeypatch.setattr("chekhov.cabinet.profile.journal.ROWS", 1)
        client, url, seen = enter(world.owner), "/cabinet/journal/", []
        for _ in range(10):
            answer = client.get(url)
            seen += [str(row["action"]) for row in answer.context["table"].rows]
            url = answer.context["table"].older_url
            if not url:
                break
        assert seen == ["Заключён договор", "Добавлена организация"]
        assert enter(world.owner).get("/cabinet/journal/?before=x").status_code == 200


class TestSessions:
    def test_one_is_ended_and_all(self, world, enter) -> None:
        here, elsewhere = enter(world.owner), Client()
        elsewhere.force_login(world.owner)
        for browser in (here, elsewhere):
            browser.get("/cabinet/sessions/")
        lines = here.get("/cabinet/sessions/").context["lines"]
        assert [line.current for line in lines] == [True, False]
        here.post("/cabinet/sessions/end/", {"handle": str(lines[1].handle)})
        assert elsewhere.get("/cabinet/sessions/").status_code == 302
        assert here.post("/cabinet/sessions/end-all/")["Location"] == "/login/"
        assert here.get("/cabinet/sessions/").status_code == 302

    def test_a_foreign_session_is_not_there(self, world, enter) -> None:
        other = Client()
        other.force_login(world.other_owner)
        other.get("/cabinet/sessions/")
        handle = other.get("/cabinet/sessions/").context["lines"][0].handle
        client = enter(world.owner)
        assert client.post("/cabinet/sessions/end/", {"handle": str(handle)}).status_code == 404
        assert client.post("/cabinet/sessions/end/", {"handle": "x"}).status_code == 404
        assert other.get("/cabinet/sessions/").status_code == 200


def test_of_whom_only_the_whole_name_is_known_the_form_is_filled(world, enter):
    User.objects.filter(pk=world.owner.pk).update(
        full_name="Раневская Любовь Андреевна", last_name="", first_name="", middle_name=""
    )
    client = enter(world.owner)
    form = client.get("/cabinet/profile/edit/").context["form"]
    assert [form[name].value() for name in ("last_name", "first_name", "middle_name")] == [
        "Раневская",
        "Любовь",
        "Андреевна",
    ]
    assert "<dd>Любовь</dd>" in client.get("/cabinet/profile/").content.decode()
    User.objects.filter(pk=world.owner.pk).update(last_name="Чехова")
    form = client.get("/cabinet/profile/edit/").context["form"]
    assert [form[name].value() for name in ("last_name", "first_name")] == ["Чехова", ""], (
        "what is known is not guessed"
    )
