"""«Пакетное добавление ККТ»: template, upload, draft, application, what is left of it."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

import factories
from cabinet.papers_world import Papers, browser_of
from chekhov import clock
from chekhov.kkt.models import Batch, Kkt
from chekhov.kkt.services.batches import batches_step
from chekhov.values import Inn, RegistrationNumber

pytestmark = pytest.mark.django_db
ADD = "/cabinet/kkt/add/batch/"
SERIAL = "00106900000001"


def rnm(papers: Papers, sequence: int) -> str:
    return str(RegistrationNumber.compose(sequence, Inn(papers.organisation.inn), SERIAL))


def table(*rows: tuple[str, ...], name: str = "кассы.csv") -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(), content_type="text/csv")


def upload(client, papers: Papers, file: SimpleUploadedFile):
    return client.post(ADD, {"organisation": papers.organisation.pk, "file": file})


def run() -> None:
    while batches_step(clock.now()):
        pass


def test_the_template_is_one_that_can_be_filled(browsers: SimpleNamespace) -> None:
    answer = browsers.owner.get(f"{ADD}template.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    assert book.worksheets[0]["A1"].value == "РНМ"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_from_the_file_to_the_registers(papers: Papers, browsers: SimpleNamespace) -> None:
    rows = [
        (rnm(papers, number), f"Касса {number}", "", "", str(1 + number % 2)) for number in range(300, 306)
    ]
    answer = upload(
        browsers.owner,
        papers,
        table(*rows, ("12", "Плохая", "", "", "1"), (rnm(papers, 400), "", "", "", "7")),
    )
    row = Batch.objects.get()
    url = f"/cabinet/kkt/batches/{row.pk}/"
    assert answer.headers["Location"] == url
    page = browsers.owner.get(url)
    text = page.content.decode()
    assert "будет добавлено: 6 касс" in text
    titles = [block.title for block in page.context["blocks"]]
    assert titles == [
        "ККТ регистрируемые с РНМ: 4 кассы",
        "ККТ перерегистрируемые с РНМ: 3 кассы",
        "Действие с ККТ не указано: 1 касса",
    ]
    assert "В РНМ должно быть 16 цифр" in text
    assert not Kkt.objects.filter(name__startswith="Касса 3").exists(), "a draft connects nothing"
    assert browsers.owner.post(url).headers["Location"] == url
    running = browsers.owner.get(url).content.decode()
    assert "<progress" in running
    assert 'hx-trigger="every 2s, live-refresh"' in running
    run()
    part = browsers.owner.get(url, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="batch-progress")
    assert part.headers["HX-Refresh"] == "true"
    done = browsers.owner.get(url).content.decode()
    assert "Подключено: 6 касс" in done
    assert "Не подключено: 2" in done
    assert Kkt.objects.filter(name__startswith="Касса 3", tariff="test").count() == 6
    assert "Ожидается отчет о регистрации" in done
    text = browsers.owner.get("/cabinet/management/?stage=awaiting").content.decode()
    assert "Касса 300" in text


def test_errors_can_be_shown_alone_and_taken_out(papers: Papers, browsers: SimpleNamespace) -> None:
    upload(
        browsers.owner,
        papers,
        table(
            (rnm(papers, 1), "Хорошая", "", "", "1"),
            ("12", "=Плохая", "", "", "1"),
            ("1,23E+15", "", "", "", "1"),
        ),
    )
    url = f"/cabinet/kkt/batches/{Batch.objects.get().pk}/"
    [block] = browsers.owner.get(f"{url}?only=errors").context["blocks"]
    assert len(block.table.rows) == 2
    body = b"".join(browsers.owner.get(f"{url}errors.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body), delimiter=";"))
    assert [row[0] for row in rows] == ["Строка", "2", "3"]
    assert rows[1][2] == "'=Плохая"
    assert "испорчен табличной программой" in rows[2][-1]


def test_a_long_table_is_paged_each_row_once(
    papers: Papers, browsers: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chekhov.cabinet.kkts.batches.ROWS", 3)
    made = [(rnm(papers, number), f"Касса {number}", "", "", "1") for number in range(600, 608)]
    upload(browsers.owner, papers, table(*made))
    base = f"/cabinet/kkt/batches/{Batch.objects.get().pk}/"
    seen: list[str] = []
    url = base
    for _ in range(5):
        [block] = browsers.owner.get(url).context["blocks"]
        seen += [str(row["name"]) for row in block.table.rows]
        if not block.table.older_url:
            break
        url = base + block.table.older_url
    assert seen == [name for _rnm, name, *_ in made]


def test_the_same_file_twice_adds_nothing(papers: Papers, browsers: SimpleNamespace) -> None:
    rows = [(rnm(papers, number), "", "", "", "1") for number in (500, 501)]
    for _ in range(2):
        upload(browsers.owner, papers, table(*rows))
        browsers.owner.post(f"/cabinet/kkt/batches/{Batch.objects.latest('id').pk}/")
        run()
    assert Kkt.objects.filter(organisation=papers.organisation).count() == 3
    text = browsers.owner.get(f"/cabinet/kkt/batches/{Batch.objects.latest('id').pk}/").content.decode()
    assert "уже подключена" in text


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (SimpleUploadedFile("a.xlsx", b""), "пуст"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "не читается"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "не читается"),
        (SimpleUploadedFile("a.csv", b"1;" * (3 * 1024 * 1024)), "больше 5 МБ"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    papers: Papers, browsers: SimpleNamespace, file: SimpleUploadedFile, told: str
) -> None:
    answer = upload(browsers.owner, papers, file)
    assert answer.status_code == 422
    assert told in " ".join(answer.context["form"].errors["file"])
    assert not Batch.objects.exists()


def test_without_a_file_or_a_company(papers: Papers, browsers: SimpleNamespace) -> None:
    answer = browsers.owner.post(ADD, {"organisation": papers.organisation.pk})
    assert "Выберите файл" in answer.content.decode()
    factories.organisation_make(account=papers.people.account, kpp="770101009")
    answer = browsers.owner.post(ADD, {"file": table((rnm(papers, 1), "", "", "", "1"))})
    assert "Выберите организацию" in answer.content.decode()


def test_a_draft_that_was_left_is_offered_again(papers: Papers, browsers: SimpleNamespace) -> None:
    upload(browsers.owner, papers, table((rnm(papers, 1), "", "", "", "1"), name="оставленная.csv"))
    text = browsers.owner.get(ADD).content.decode()
    assert "Незаконченные загрузки" in text
    assert "оставленная.csv" in text
    assert "оставленная.csv" not in browser_of(papers.people.other_owner).get(ADD).content.decode()


def test_tables_of_others_are_not_there(papers: Papers, browsers: SimpleNamespace) -> None:
    upload(browsers.owner, papers, table((rnm(papers, 1), "", "", "", "1")))
    url = f"/cabinet/kkt/batches/{Batch.objects.get().pk}/"
    for client in (browsers.other, browsers.partner):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404
    assert browsers.clerk.get(url).status_code == 403
    assert Batch.objects.get().state == Batch.State.DRAFT


def test_a_partner_brings_a_table_for_his_customer(papers: Papers, browsers: SimpleNamespace) -> None:
    upload(browsers.partner, papers, table((rnm(papers, 700), "От партнёра", "", "", "1")))
    url = f"/cabinet/kkt/batches/{Batch.objects.get().pk}/"
    browsers.partner.post(url)
    run()
    assert "/partner/kkts/" in browsers.partner.get(url).content.decode()
    assert papers.people.partner.name in browsers.owner.get("/cabinet/journal/").content.decode()
    assert Kkt.objects.get(name="От партнёра").organisation == papers.organisation
