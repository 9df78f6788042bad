"""Deeds on registers, their groups and tables of them. Keyword-only, one transaction each."""

from chekhov.kkt.services.batches import batch_start, batch_take, batches_step, batches_tidy
from chekhov.kkt.services.connecting import kkt_connect, kkt_rename, kkt_stop
from chekhov.kkt.services.distribution import (
    RuleForm,
    distribution_apply,
    distribution_preview,
    rules_set,
)
from chekhov.kkt.services.ending import kkt_stop_ask, register_facts
from chekhov.kkt.services.group_access import group_access_set
from chekhov.kkt.services.groups import (
    GroupRemoved,
    group_add,
    group_change,
    group_move,
    group_remove,
    kkts_assign,
)
from chekhov.kkt.services.numbering import kkt_number_set, rnm_open
from chekhov.kkt.services.registrations import RegistrationFact, registrations_forget, registrations_record
from chekhov.kkt.services.staff import kkt_add

__all__ = [
    "GroupRemoved",
    "RegistrationFact",
    "RuleForm",
    "batch_start",
    "batch_take",
    "batches_step",
    "batches_tidy",
    "distribution_apply",
    "distribution_preview",
    "group_access_set",
    "group_add",
    "group_change",
    "group_move",
    "group_remove",
    "kkt_add",
    "kkt_connect",
    "kkt_number_set",
    "kkt_rename",
    "kkt_stop",
    "kkt_stop_ask",
    "kkts_assign",
    "register_facts",
    "registrations_forget",
    "registrations_record",
    "rnm_open",
    "rules_set",
]
