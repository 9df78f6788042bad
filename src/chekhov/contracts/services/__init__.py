"""Deeds on offers, contracts and applications. Keyword-only, one transaction each."""

from chekhov.contracts.services.applications import (
    application_approve,
    application_refuse,
    application_withdraw,
    paper_arrive,
    requisites_change_draft,
    requisites_change_send,
    stop_service_ask,
    termination_ask,
)
from chekhov.contracts.services.contracts import JoiningForm, contract_join
from chekhov.contracts.services.offers import OFFER_TITLE, offer_publish

__all__ = [
    "OFFER_TITLE",
    "JoiningForm",
    "application_approve",
    "application_refuse",
    "application_withdraw",
    "contract_join",
    "offer_publish",
    "paper_arrive",
    "requisites_change_draft",
    "requisites_change_send",
    "stop_service_ask",
    "termination_ask",
]
