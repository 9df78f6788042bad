"""Addresses of registers: lists, connecting, tables of registers, cards."""

from __future__ import annotations

from django.urls import path

from chekhov.cabinet.kkts import batches, card, chosen, connecting, connection, lists, numbering, stopping
from chekhov.face import converters  # noqa: F401  # «whole» in addresses

REGISTER = "cabinet/kkt/<whole:kkt_id>/"
BATCH = "cabinet/kkt/batches/<whole:batch_id>/"

urlpatterns = [
    path("cabinet/", lists.home, name="cabinet"),
    path("cabinet/management/", lists.management, name="management"),
    path("cabinet/management/tariff/", chosen.tariff, name="kkts_tariff"),
    path("cabinet/management/group/", chosen.group, name="kkts_group"),
    path("cabinet/kkt/", lists.kkts, name="cabinet_kkts"),
    path("cabinet/kkt/kkt.csv", chosen.export, name="kkts_export"),
    path("cabinet/kkt/models/", lists.models, name="kkts_models"),
    path("cabinet/kkt/add/", connecting.add, name="kkt_add"),
    path("cabinet/kkt/add/companies/", connecting.companies, name="kkt_companies"),
    path("cabinet/kkt/add/rnm.pdf", connection.rnm_guide, name="rnm_guide_pdf"),
    path("cabinet/kkt/add/batch/", batches.add, name="kkt_batch_add"),
    path("cabinet/kkt/add/batch/template.xlsx", batches.template, name="kkt_batch_template"),
    path("cabinet/kkt/add/batch/help/", batches.guide, name="kkt_batch_guide"),
    path(BATCH, batches.batch, name="kkt_batch"),
    path(f"{BATCH}errors.csv", batches.errors, name="kkt_batch_errors"),
    path(REGISTER, card.card, name="kkt"),
    path(f"{REGISTER}rename/", card.rename, name="kkt_rename"),
    path(f"{REGISTER}number/", numbering.number, name="kkt_number"),
    path(f"{REGISTER}state/", connection.stage, name="kkt_stage"),
    path(f"{REGISTER}connect/", connection.connect, name="kkt_connect"),
    path(f"{REGISTER}connect/<slug:family_key>.pdf", connection.guide_pdf, name="kkt_guide_pdf"),
    path(f"{REGISTER}stop/", stopping.stop, name="kkt_stop"),
    path(f"{REGISTER}stop/application.pdf", stopping.stop_pdf, name="kkt_stop_pdf"),
    path(f"{REGISTER}stop/draft.pdf", stopping.stop_draft_pdf, name="kkt_stop_draft_pdf"),
    path(f"{REGISTER}stop/withdraw/", stopping.withdraw, name="kkt_stop_withdraw"),
]
