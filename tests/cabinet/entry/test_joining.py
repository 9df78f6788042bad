import pytest
from django.test import Client

from cabinet.entry.conftest import COMPANY_INN, PASSWORD
from cabinets import cabinets_make
from chekhov.contracts.models import Acceptance, Contract, OfferVersion
from chekhov.contracts.selectors import offer_current
from chekhov.links.directory import CouldNotAsk
from chekhov.orgs.models import Organisation

pytestmark = pytest.mark.django_db
URL = "/cabinet/joining/"
FRAGMENT = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "requisites"}


def find(client: Client, **fields: str):
    data = {"kind": "company", "inn": COMPANY_INN, "find": "1", "same_address": "on", "offer_number": "1"}
    return client.post(URL, data | fields, **FRAGMENT)


def sent(**fields: str) -> dict[str, str]:
    offer = offer_current()
    assert offer is not None
    data = {
        "kind": "company",
        "inn": "7799000012",
        "kpp": "779901001",
        "ogrn": "1257700000051",
        "full_name": "Общество с ограниченной ответственностью «Чайка»",
        "name": "ООО «Чайка»",
        "legal_address": "101000, г. Москва, Озёрная наб., д. 4",
        "head_surname": "Заречная",
        "head_name": "Нина",
        "head_patronymic": "Михайловна",
        "head_position": "Директор",
        "same_address": "on",
        "accepted": "on",
        "offer_number": str(offer.number),
    } | fields
    return {name: value for name, value in data.items() if value is not None}


def test_the_page_has_the_words_of_the_manual(registered: Client) -> None:
    text = registered.get(URL).content.decode()
    for words in (
        "Для завершения процедуры регистрации укажите данные организации и подтвердите присоединение к договору",
        "Юридическое лицо",
        "Индивидуальный предприниматель",
        "ИНН организации",
        "0 / 10",
        "Если данные указаны неверно, измените их",
        "Адрес корреспонденции совпадает с юридическим",
        "Подтверждаю корректность предоставленных данных и согласен с условиями",
        "Договора-оферты на обработку фискальных данных",
    ):
        assert words in text
    assert "/offer.pdf" in text


def test_until_joined_every_page_leads_here(registered: Client) -> None:
    for url in ("/cabinet/management/", "/cabinet/kkt/", "/cabinet/employees/", "/cabinet/companies/add/"):
        assert registered.get(url)["Location"] == URL
    registered.post("/logout/")
    entered = registered.post("/login/", {"username": "ranevskaya@example.test", "password": PASSWORD})
    assert entered["Location"] == URL


def test_joined(registered: Client) -> None:
    answer = registered.post(URL, sent(), HTTP_USER_AGENT="Firefox")
    assert answer["Location"] == "/cabinet/management/"
    contract = Contract.objects.get()
    assert contract.state == "active"
    assert contract.organisation.name == "ООО «Чайка»"
    accepted = Acceptance.objects.get()
    assert (accepted.user.email, accepted.device) == ("ranevskaya@example.test", "Firefox")
    assert accepted.address == "127.0.0.1"
    text = registered.get("/cabinet/management/").content.decode()
    assert "Касс пока нет" in text
    assert "Добавить кассу" in text
    assert "ООО «Чайка»" in registered.get("/cabinet/profile/").content.decode()
    assert registered.get(URL)["Location"] == "/cabinet/management/", "joined once"


class TestLookup:
    def test_found_fills_the_form_and_answers_with_the_fragment(self, registered: Client) -> None:
        answer = find(registered)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Данные загружены" in text
        assert "<html" not in text
        assert "Дядя" in text

    def test_without_script_the_whole_page_comes_with_what_was_typed(self, registered: Client) -> None:
        data = {
            "kind": "company",
            "inn": COMPANY_INN,
            "find": "1",
            "postal_address": "а/я 7",
            "accepted": "on",
        }
        text = registered.post(URL, data).content.decode()
        assert "<html" in text
        assert "Дядя" in text
        assert 'value="а/я 7"' in text
        assert not Contract.objects.exists()

    def test_a_number_nobody_has(self, registered: Client) -> None:
        text = find(registered, inn="9999999994").content.decode()
        assert "В реестре нет такого ИНН" in text or "контрольное число" in text
        assert "<details" in text
        assert " open" in text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"inn": "9999100019"}, "контрольное число не сходится"),
            ({"inn": "99991"}, "10 цифр, а введено 5"),
            ({"kind": "trader"}, "12 цифр, а введено 10"),
            ({"inn": ""}, "не бывает"),
        ],
    )
    def test_wrong_digits_ask_nobody(self, registered: Client, fields, words: str) -> None:
        assert words in find(registered, **fields).content.decode()

    def test_a_silent_directory_stops_nobody(self, registered: Client, monkeypatch) -> None:
        monkeypatch.setattr("chekhov.cabinet.entry.joining.company_lookup", lambda **_: CouldNotAsk("down"))
        assert "Заполните данные вручную" in find(registered).content.decode()
        assert registered.post(URL, sent())["Location"] == "/cabinet/management/"
        assert Organisation.objects.get().source == ""

    def test_nothing_is_concluded_unseen(self, registered: Client) -> None:
        blank = dict.fromkeys(
            ("full_name", "name", "kpp", "ogrn", "legal_address", "head_surname", "head_name"), ""
        )
        answer = registered.post(URL, sent(inn=COMPANY_INN, **blank))
        assert "Дядя" in answer.content.decode()
        assert not Contract.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"accepted": None}, "Подтвердите согласие"),
        ({"inn": "7799000013"}, "контрольное число"),
        ({"kpp": "1"}, "девять знаков"),
        ({"head_surname": ""}, "не заполнено"),
        ({"kind": "trader"}, "12 цифр"),
        ({"offer_number": "77"}, "новая редакция"),
    ],
)
def test_mistakes_stand_beside_their_fields(registered: Client, fields, words: str) -> None:
    answer = registered.post(URL, sent(**fields))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "Озёрная наб." in text
    assert not Contract.objects.exists()


def test_a_correspondence_address_of_its_own(registered: Client) -> None:
    registered.post(URL, sent(same_address=None, postal_address="614000, г. Пермь, а/я 7"))
    assert Organisation.objects.get().postal_address == "614000, г. Пермь, а/я 7"


def test_a_sole_trader(registered: Client) -> None:
    fields = sent(kind="trader", inn="500100732259", ogrn="304500116000157", kpp="779901001")
    assert registered.post(URL, fields).status_code == 302, registered.post(URL, fields).content.decode()
    made = Organisation.objects.get()
    assert (made.is_sole_trader, made.kpp, made.head_position) == (True, "", "")


def test_the_offer_is_a_pdf_for_everybody(client: Client) -> None:
    answer = client.get("/offer.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.get("/offer.pdf?version=999").status_code == 404
    assert OfferVersion.objects.exists()


def test_only_owners_join(client: Client) -> None:
    world = cabinets_make()
    client.force_login(world.administrator)
    answer = client.post(URL, sent())
    assert not Contract.objects.exists()
    assert answer["Location"] == "/cabinet/management/"
    client.force_login(world.stranger)
    assert client.post(URL, sent()).status_code == 404
