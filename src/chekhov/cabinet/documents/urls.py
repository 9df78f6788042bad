"""Addresses of «Документы»."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.documents import applications, contracts, requisites, settlements, termination

urlpatterns = [
    path("cabinet/documents/", contracts.contracts, name="contracts"),
    path("cabinet/documents/invoices/", settlements.invoices, name="invoices"),
    path("cabinet/documents/acts/", settlements.acts, name="acts"),
    path("cabinet/documents/contracts/<int:contract_id>/", contracts.contract, name="contract"),
    path(
        "cabinet/documents/contracts/<int:contract_id>/contract.pdf",
        contracts.contract_pdf,
        name="contract_pdf",
    ),
    path(
        "cabinet/documents/contracts/<int:contract_id>/card.pdf",
        contracts.contract_card_pdf,
        name="contract_card_pdf",
    ),
    path(
        "cabinet/documents/contracts/<int:contract_id>/requisites/",
        requisites.change,
        name="requisites_change",
    ),
    path(
        "cabinet/documents/contracts/<int:contract_id>/termination/",
        termination.terminate,
        name="contract_terminate",
    ),
    path(
        "cabinet/documents/contracts/<int:contract_id>/termination/draft.pdf",
        termination.draft_pdf,
        name="termination_draft_pdf",
    ),
    path(
        "cabinet/documents/applications/<int:application_id>/",
        applications.application,
        name="contract_application",
    ),
    path(
        "cabinet/documents/applications/<int:application_id>/check/",
        requisites.check,
        name="requisites_check",
    ),
    path(
        "cabinet/documents/applications/<int:application_id>/withdraw/",
        applications.withdraw,
        name="application_withdraw",
    ),
    path(
        "cabinet/documents/applications/<int:application_id>/application.pdf",
        applications.application_pdf,
        name="application_pdf",
    ),
]
