"""Addresses of receipts: the tab of a register, its shifts, documents."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.receipts import documents, lists, shifts
from chekhov.face import converters  # noqa: F401  # «fn» and «whole» in addresses

REGISTER = "cabinet/kkt/<whole:kkt_id>/"
DOCUMENT = "cabinet/documents/<fn:fn>/<whole:fd>/"

urlpatterns = [
    path(f"{REGISTER}receipts/", lists.receipts, name="kkt_receipts"),
    path(f"{REGISTER}receipts/receipts.csv", lists.receipts_export, name="kkt_receipts_export"),
    path(f"{REGISTER}shifts/<fn:fn>/<whole:number>/", shifts.shift, name="kkt_shift"),
    path(DOCUMENT, documents.document, name="kkt_document"),
    path(f"{DOCUMENT}send/", documents.document_send, name="kkt_document_send"),
    path(f"{DOCUMENT}document.pdf", documents.document_file, name="kkt_document_pdf"),
    path(f"{DOCUMENT}document.json", documents.document_as_json, name="kkt_document_json"),
]
