"""Every address of the customer's and the staff's doors × every role, and a foreign cabinet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, reverse

import factories
from backoffice.conftest import DAY, project, quarantined_make
from backoffice.journal import Register
from cabinet.papers_world import Papers, browser_of, papers_make
from cabinets import acts
from chekhov.accounts.models import GuardKind, LogInGuard, StaffRole, User
from chekhov.backoffice import urls as staff_urls
from chekhov.cabinet import urls as cabinet_urls
from chekhov.contracts.models import SigningMethod
from chekhov.kkt.catalogue import families
from chekhov.kkt.models import Batch, Group
from chekhov.kkt.services import kkt_stop_ask
from chekhov.orgs.models import Membership, PartnerUser
from chekhov.orgs.sections import STAFF_DEEDS, Section, StaffDeed

PUBLIC, PERSON, MEMBER, OWNER, PARTNER, STAFF = "public", "person", "member", "owner", "partner", "staff"
COMPANY = "management or documents"
REGISTERS, CONNECTING = "kkt, management or partner", "management or partner"
RECEIPTS = "kkt or partner"
SUMS = "kkt or partner, each his own"
SEARCH = "member or partner"

RULES: dict[str, str | Section | StaffDeed] = {
    **dict.fromkeys(
        (
            *(
                "start",
                "receipt_check",
                "login",
                "registration",
                "registration_sent",
                "consent",
                "registration_confirm",
            ),
            *("invitation_accept", "recovery", "recovery_sent", "recovery_confirm", "password_set", "offer"),
            *("sandbox_letters", "sandbox_letter", "sandbox_letter_html"),
        ),
        PUBLIC,
    ),
    **dict.fromkeys(("password_change", "sessions", "session_end", "sessions_end_all", "cabinet"), PERSON),
    # A cabinet that has joined is led on from «Присоединение к договору».
    **dict.fromkeys(("profile", "profile_edit", "help", "joining"), MEMBER),
    **dict.fromkeys(("company_add", "journal"), OWNER),
    "company": COMPANY,
    **dict.fromkeys(
        ("employees", "employee_add", "employee", "employee_invite", "employee_remove"), Section.EMPLOYEES
    ),
    **dict.fromkeys(("management", "partners", "partner"), Section.MANAGEMENT),
    "cabinet_kkts": Section.KKT,
    **dict.fromkeys(
        (
            *("contracts", "invoices", "acts", "contract", "contract_pdf", "contract_card_pdf"),
            *("requisites_change", "contract_terminate", "termination_draft_pdf", "contract_application"),
            *("requisites_check", "application_withdraw", "application_pdf"),
        ),
        Section.DOCUMENTS,
    ),
    **dict.fromkeys(("partner_customers", "partner_customer", "partner_kkts"), PARTNER),
    **dict.fromkeys(
        (
            *("staff", "intake", "registers_unidentified", "register_attach", "drives", "drive", "shift"),
            *("document", "document_container", "document_answer", "document_json"),
            *("quarantine", "quarantined", "quarantined_raw"),
        ),
        STAFF,
    ),
    **dict.fromkeys(
        (
            *("applications", "application", "customers", "customer", "organisations_unclaimed"),
            *("staff_organisation", "staff_partners", "staff_partner", "staff_journal"),
            *("letters_unsent", "letter_retry"),
        ),
        StaffDeed.CUSTOMERS_SEE,
    ),
    **dict.fromkeys(
        ("application_approve", "application_refuse", "application_arrival"), StaffDeed.APPLICATIONS_DECIDE
    ),
    **dict.fromkeys(("organisations_stale", "staff_refresh"), StaffDeed.APPLICATIONS_DECIDE),
    **dict.fromkeys(("customer_manager", "customer_phone"), StaffDeed.MANAGER_ASSIGN),
    **dict.fromkeys(
        (
            *("staff_requisites", "staff_termination", "staff_partner_access", "organisation_hand_over"),
            *("locks", "lock_lift"),
        ),
        StaffDeed.ON_BEHALF,
    ),
    **dict.fromkeys(
        (
            *("staff_partner_add", "staff_partner_change", "staff_partner_close"),
            *("staff_partner_person_add", "staff_partner_person_remove", "staff_partner_person_invite"),
        ),
        StaffDeed.PARTNERS_KEEP,
    ),
    "operator": StaffDeed.OPERATOR_CHANGE,
    **dict.fromkeys(("offers", "offer_new", "offer_pdf_staff"), StaffDeed.OFFER_PUBLISH),
    **dict.fromkeys(("consents", "consent_new", "consent_version"), StaffDeed.CONSENT_PUBLISH),
    "reports": Section.REPORTS,
    "search": SEARCH,
    **dict.fromkeys(("attention", "digest"), REGISTERS),
    **dict.fromkeys(("overview", "overview_csv", "overview_xlsx"), SUMS),
    "prices": Section.PRICES,
    "balance": Section.BALANCE,
    "partner_requisites": Section.MANAGEMENT,
    **dict.fromkeys(
        (
            *("groups", "group", "group_add", "group_assign", "group_move", "group_remove"),
            *("group_rules", "group_rule_add"),
        ),
        Section.MANAGEMENT,
    ),
    "employee_groups": Section.EMPLOYEES,
    **dict.fromkeys(
        ("kkt", "kkt_stage", "kkt_connect", "kkt_guide_pdf", "kkts_export", "kkts_models"), REGISTERS
    ),
    **dict.fromkeys(
        (
            *("kkt_add", "kkt_companies", "rnm_guide_pdf", "kkt_number"),
            *("kkt_batch_add", "kkt_batch_template", "kkt_batch_guide"),
        ),
        CONNECTING,
    ),
    **dict.fromkeys(
        (
            *("kkts_tariff", "kkts_group", "kkt_rename", "kkt_batch", "kkt_batch_errors"),
            *("kkt_stop", "kkt_stop_pdf", "kkt_stop_draft_pdf", "kkt_stop_withdraw"),
        ),
        Section.MANAGEMENT,
    ),
    **dict.fromkeys(
        (
            *("kkt_receipts", "kkt_receipts_export", "kkt_shift", "kkt_document", "kkt_document_send"),
            *("kkt_document_pdf", "kkt_document_json"),
        ),
        RECEIPTS,
    ),
}
POST_ONLY = {
    "kkt_document_send",
    "session_end",
    "sessions_end_all",
    "employee_invite",
    "letter_retry",
    "group_move",
}


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            assert pattern.name, pattern
            yield pattern.name


ALL_NAMES = [*addresses(cabinet_urls.urlpatterns), *addresses(staff_urls.urlpatterns)]


def test_no_address_is_left_out() -> None:
    assert set(RULES) == set(ALL_NAMES)
    assert len(ALL_NAMES) == len(set(ALL_NAMES))


@dataclass
class World:
    papers: Papers
    register: Register
    numbers: dict[str, tuple[object, ...]]

    def url(self, name: str) -> str:
        return reverse(name, args=self.numbers.get(name, ()))

    @property
    def roles(self) -> dict[str, User | None]:
        people = self.papers.people
        return {
            "anonymous": None,
            "stranger": people.stranger,
            "owner": people.owner,
            "administrator": people.administrator,
            "clerk of registers": people.clerk,
            "clerk of documents": people.clerk_of_documents,
            "dismissed": people.dismissed,
            "partner": people.partner_user,
            **{f"staff {role}": user for role, user in people.staff.items()},
        }


@pytest.fixture
def world(register: Register) -> World:
    papers = papers_make()
    people = papers.people
    draft = papers.change(send=False)
    ending = papers.ending()
    lock = LogInGuard.objects.create(
        kind=GuardKind.EMAIL,
        key="a@example.test",
        failures=5,
        window_started_at=papers.now,
        locked_until=papers.now + dt.timedelta(hours=1),
    )
    till = Register(90, inn=papers.organisation.inn)
    till.register(DAY)
    till.day(DAY, 1)
    project()
    shop = factories.kkt_make(organisation=papers.organisation, rnm=till.rnm, serial=till.serial)
    unclaimed = factories.organisation_make()
    group = Group.objects.create(account=people.account, name="Группа")
    batch = Batch.objects.create(
        organisation=papers.organisation, created_by=people.owner, created_at=papers.now, total=0
    )
    kkt_stop_ask(actor=acts(people.owner), kkt=papers.kkt, method=SigningMethod.PAPER, now=papers.now)
    place = Membership.objects.get(user=people.administrator)
    person = PartnerUser.objects.get(user=people.partner_user)
    drive = (register.fn,)
    contract, organisation = (papers.contract.pk,), (papers.organisation.pk,)
    of_document = (register.fn, 3)
    quarantined = (quarantined_make().pk,)
    numbers: dict[str, tuple[object, ...]] = {
        **dict.fromkeys(
            ("registration_confirm", "invitation_accept", "recovery_confirm", "password_set"), ("a" * 43,)
        ),
        **dict.fromkeys(("sandbox_letter", "sandbox_letter_html"), ("00000000-0000-4000-8000-000000000000",)),
        **dict.fromkeys(("company", "partner_customer", "staff_organisation"), organisation),
        **dict.fromkeys(("staff_requisites", "staff_termination", "staff_refresh"), organisation),
        **dict.fromkeys(("employee", "employee_invite", "employee_remove", "employee_groups"), (place.pk,)),
        **dict.fromkeys(
            ("contract", "contract_pdf", "contract_card_pdf", "requisites_change", "contract_terminate"),
            contract,
        ),
        "termination_draft_pdf": contract,
        **dict.fromkeys(("contract_application", "requisites_check", "application_withdraw"), (draft.pk,)),
        **dict.fromkeys(("application_pdf", "application", "application_refuse"), (ending.pk,)),
        **dict.fromkeys(("application_arrival", "application_approve"), (ending.pk,)),
        **dict.fromkeys(("register_attach", "drive"), drive),
        "shift": (register.fn, 1),
        **dict.fromkeys(("document", "document_container", "document_answer", "document_json"), of_document),
        **dict.fromkeys(("quarantined", "quarantined_raw"), quarantined),
        **dict.fromkeys(("customer", "customer_manager"), (people.account.pk,)),
        "customer_phone": (people.account.pk, place.pk),
        "staff_partner_access": (papers.organisation.pk, people.partner.pk),
        "organisation_hand_over": (unclaimed.pk,),
        **dict.fromkeys(
            ("partner", "staff_partner", "staff_partner_change", "staff_partner_close", "partner_requisites"),
            (people.partner.pk,),
        ),
        "staff_partner_person_add": (people.partner.pk,),
        "staff_partner_person_remove": (people.partner.pk, person.pk),
        "staff_partner_person_invite": (people.partner.pk, person.pk),
        "letter_retry": (999,),
        "lock_lift": (lock.pk,),
        "consent_version": (1,),
        **dict.fromkeys(("group", "group_move", "group_remove"), (group.pk,)),
        "offer_pdf_staff": (papers.contract.offer.number,),
        **dict.fromkeys(("kkt", "kkt_stage", "kkt_connect", "kkt_rename", "kkt_number"), (papers.kkt.pk,)),
        **dict.fromkeys(
            ("kkt_stop", "kkt_stop_pdf", "kkt_stop_draft_pdf", "kkt_stop_withdraw"), (papers.kkt.pk,)
        ),
        **dict.fromkeys(("kkt_receipts", "kkt_receipts_export"), (shop.pk,)),
        "kkt_shift": (shop.pk, till.fn, 1),
        **dict.fromkeys(
            ("kkt_document", "kkt_document_send", "kkt_document_pdf", "kkt_document_json"), (till.fn, 3)
        ),
        "kkt_guide_pdf": (papers.kkt.pk, families()[0].key),
        **dict.fromkeys(("kkt_batch", "kkt_batch_errors"), (batch.pk,)),
        "overview_csv": ("hours",),
    }
    return World(papers, register, numbers)


def is_open(rule: str | Section | StaffDeed, role: str, user: User | None) -> bool:
    if rule == PUBLIC:
        return True
    if user is None or (role == "dismissed" and rule != PERSON):
        return False
    if rule == PERSON:
        return True
    if rule == STAFF:
        return user.is_staff
    if isinstance(rule, StaffDeed):
        return rule in STAFF_DEEDS.get(user.staff_role, frozenset())
    if rule == PARTNER or (rule in {REGISTERS, CONNECTING, RECEIPTS, SUMS, SEARCH} and role == "partner"):
        return role == "partner"
    place = Membership.objects.filter(user=user, removed_at=None).first()
    if place is None:
        return False
    if rule in {MEMBER, SEARCH}:
        return True
    if rule == OWNER:
        return place.role == "owner"
    if rule == COMPANY:
        return bool({Section.MANAGEMENT, Section.DOCUMENTS} & place.open_sections)
    if rule == REGISTERS:
        return bool({Section.KKT, Section.MANAGEMENT} & place.open_sections)
    if rule in {RECEIPTS, SUMS}:
        return Section.KKT in place.open_sections
    if rule == CONNECTING:
        return Section.MANAGEMENT in place.open_sections
    return rule in place.open_sections


def refused(status: int, location: str) -> bool:
    return status in {403, 404} or (status == 302 and location.startswith("/login/"))


def test_who_opens_what(world: World) -> None:
    wrong = []
    for role, user in world.roles.items():
        client = browser_of(user)
        for name, rule in RULES.items():
            if rule == PUBLIC or name in POST_ONLY:
                continue
            answer = client.get(world.url(name))
            location = answer.headers.get("Location", "")
            opened = answer.status_code in {200, 302} and not location.startswith("/login/")
            expected = is_open(rule, role, user)
            if opened != expected or (not expected and not refused(answer.status_code, location)):
                wrong.append(f"{role} {name}: {answer.status_code} {location}, expected open={expected}")
    assert wrong == []


def test_forms_are_refused_as_pages_are(world: World) -> None:
    """A closed page's form is closed too, and so is a fragment of it."""
    wrong = []
    for role, user in world.roles.items():
        client = browser_of(user)
        for name, rule in RULES.items():
            if rule == PUBLIC or is_open(rule, role, user):
                continue
            answer = client.post(world.url(name), {})
            if (
                not refused(answer.status_code, answer.headers.get("Location", ""))
                and answer.status_code != 405
            ):
                wrong.append(f"{role} POST {name}: {answer.status_code}")
            if name in POST_ONLY:
                continue
            part = client.get(world.url(name), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="termination-way")
            if part.status_code not in {401, 403, 404}:
                wrong.append(f"{role} fragment {name}: {part.status_code}")
    assert wrong == []


def test_a_foreign_cabinet_is_not_there(world: World) -> None:
    """The owner of another cabinet has every right in his own and learns nothing here."""
    client = browser_of(world.papers.people.other_owner)
    closed = [
        name
        for name, rule in RULES.items()
        if world.numbers.get(name)
        and (isinstance(rule, Section) or rule in {OWNER, COMPANY, PARTNER, REGISTERS, RECEIPTS})
    ]
    assert len(closed) > 14
    for name in closed:
        # Partners are the operator's: every cabinet sees them, with its own grants only.
        if name in {"partner", "partner_requisites"}:
            continue
        url = world.url(name)
        missing = url.replace(str(world.numbers[name][0]), "99999999", 1)
        for method in (client.get, client.post):
            answer = method(url)
            if answer.status_code == 405:
                continue
            assert answer.status_code == 404, url
            assert method(missing).status_code == 404, missing
            assert (
                "Раневская" not in answer.content.decode().replace("Раневская Л. А.", "").split("<main")[1]
            ), url


def test_a_number_beyond_the_database_is_not_there(world: World) -> None:
    owner = browser_of(world.papers.people.owner)
    for url in ("/cabinet/documents/contracts/", "/cabinet/documents/applications/", "/cabinet/partners/"):
        assert owner.get(f"{url}{10**25}/").status_code == 404


@pytest.mark.parametrize("role", [role for role in StaffRole if role])
def test_the_bar_shows_what_is_open(world: World, role: StaffRole) -> None:
    """A section in the menu leads to a page that opens; what is closed is absent."""
    client = browser_of(world.papers.people.staff[role])
    text = client.get("/staff/intake/").content.decode()
    for name, rule in (("applications", StaffDeed.CUSTOMERS_SEE), ("operator", StaffDeed.OPERATOR_CHANGE)):
        assert (f'href="{reverse(name)}"' in text) == (rule in STAFF_DEEDS[role])


def test_the_customers_bar_shows_what_is_open(world: World) -> None:
    people = world.papers.people
    for user in (people.owner, people.administrator, people.clerk, people.clerk_of_documents):
        place = Membership.objects.get(user=user)
        text = browser_of(user).get("/help/").content.decode()
        assert (f'href="{reverse("contracts")}"' in text) == (Section.DOCUMENTS in place.open_sections)
        assert (f'href="{reverse("management")}"' in text) == (Section.MANAGEMENT in place.open_sections)
    assert (
        f'href="{reverse("partner_customers")}"' in browser_of(people.partner_user).get("/").content.decode()
    )
