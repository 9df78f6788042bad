"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import path

from chekhov.backoffice.views import (
    applications,
    consents,
    customers,
    directory,
    documents,
    drives,
    intake,
    journal,
    letters,
    locks,
    operator,
    organisations,
    partners,
    quarantine,
    registers,
    shifts,
)
from chekhov.face import converters  # noqa: F401  # «fn» and «whole» in addresses

urlpatterns = [
    path("staff/", intake.home, name="staff"),
    path("staff/intake/", intake.intake, name="intake"),
    path("staff/registers/", registers.unidentified, name="registers_unidentified"),
    path("staff/registers/add/<fn:fn>/", registers.attach, name="register_attach"),
    path("staff/drives/", drives.drives, name="drives"),
    path("staff/drives/<fn:fn>/", drives.drive, name="drive"),
    path("staff/shifts/<fn:fn>/<whole:number>/", shifts.shift, name="shift"),
    path("staff/documents/<fn:fn>/<whole:fd>/", documents.document, name="document"),
    path("staff/documents/<fn:fn>/<whole:fd>/container.bin", documents.container, name="document_container"),
    path("staff/documents/<fn:fn>/<whole:fd>/answer.bin", documents.answer, name="document_answer"),
    path("staff/documents/<fn:fn>/<whole:fd>/document.json", documents.as_json, name="document_json"),
    path("staff/quarantine/", quarantine.quarantine, name="quarantine"),
    path("staff/quarantine/<whole:quarantined_id>/", quarantine.quarantined, name="quarantined"),
    path("staff/quarantine/<whole:quarantined_id>/raw.bin", quarantine.raw, name="quarantined_raw"),
    path("staff/applications/", applications.applications, name="applications"),
    path("staff/applications/<whole:application_id>/", applications.application, name="application"),
    path(
        "staff/applications/<whole:application_id>/approve/", applications.approve, name="application_approve"
    ),
    path("staff/applications/<whole:application_id>/refuse/", applications.refuse, name="application_refuse"),
    path(
        "staff/applications/<whole:application_id>/arrival/", applications.arrival, name="application_arrival"
    ),
    path("staff/customers/", customers.customers, name="customers"),
    path("staff/customers/<whole:account_id>/", customers.customer, name="customer"),
    path("staff/customers/<whole:account_id>/manager/", customers.manager, name="customer_manager"),
    path(
        "staff/customers/<whole:account_id>/people/<whole:membership_id>/phone/",
        customers.phone,
        name="customer_phone",
    ),
    path("staff/locks/", locks.locks, name="locks"),
    path("staff/locks/<whole:guard_id>/", locks.lift, name="lock_lift"),
    path("staff/organisations/", organisations.unclaimed, name="organisations_unclaimed"),
    path("staff/organisations/stale/", directory.stale, name="organisations_stale"),
    path("staff/organisations/<whole:organisation_id>/refresh/", directory.refresh, name="staff_refresh"),
    path(
        "staff/organisations/<whole:organisation_id>/", organisations.organisation, name="staff_organisation"
    ),
    path(
        "staff/organisations/<whole:organisation_id>/requisites/",
        organisations.requisites,
        name="staff_requisites",
    ),
    path(
        "staff/organisations/<whole:organisation_id>/termination/",
        organisations.termination,
        name="staff_termination",
    ),
    path(
        "staff/organisations/<whole:organisation_id>/partners/<whole:partner_id>/",
        organisations.partner_access,
        name="staff_partner_access",
    ),
    path(
        "staff/organisations/<whole:organisation_id>/hand-over/",
        organisations.hand_over,
        name="organisation_hand_over",
    ),
    path("staff/partners/", partners.partners, name="staff_partners"),
    path("staff/partners/add/", partners.add, name="staff_partner_add"),
    path("staff/partners/<whole:partner_id>/", partners.partner, name="staff_partner"),
    path("staff/partners/<whole:partner_id>/change/", partners.change, name="staff_partner_change"),
    path("staff/partners/<whole:partner_id>/close/", partners.close, name="staff_partner_close"),
    path(
        "staff/partners/<whole:partner_id>/people/add/", partners.person_add, name="staff_partner_person_add"
    ),
    path(
        "staff/partners/<whole:partner_id>/people/<whole:person_id>/remove/",
        partners.person_remove,
        name="staff_partner_person_remove",
    ),
    path(
        "staff/partners/<whole:partner_id>/people/<whole:person_id>/invite/",
        partners.person_invite,
        name="staff_partner_person_invite",
    ),
    path("staff/journal/", journal.journal, name="staff_journal"),
    path("staff/letters/", letters.unsent, name="letters_unsent"),
    path("staff/letters/<whole:letter_id>/retry/", letters.retry, name="letter_retry"),
    path("staff/operator/", operator.operator, name="operator"),
    path("staff/operator/offers/", operator.offers, name="offers"),
    path("staff/operator/offers/new/", operator.offer_new, name="offer_new"),
    path("staff/operator/offers/<whole:number>.pdf", operator.offer_pdf, name="offer_pdf_staff"),
    path("staff/operator/consents/", consents.consents, name="consents"),
    path("staff/operator/consents/new/", consents.consent_new, name="consent_new"),
    path("staff/operator/consents/<whole:number>/", consents.consent_version, name="consent_version"),
    path("sandbox/letters/", letters.sandbox_letters, name="sandbox_letters"),
    path("sandbox/letters/<str:key>/", letters.sandbox_letter, name="sandbox_letter"),
    path("sandbox/letters/<str:key>/html/", letters.sandbox_letter_html, name="sandbox_letter_html"),
]
