"""Writing the journal of deeds: called inside the transaction of the deed itself."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model

from chekhov.audit.actions import ACTIONS
from chekhov.audit.errors import BadEntry, ReasonMissing, UnknownAction
from chekhov.audit.models import ActorKind, AuditEntry

REASON_CHARACTERS_MAX = 2000
FACTS_BYTES_MAX = 8192
OBJECT_CHARACTERS_MAX = 64
NAME_CHARACTERS_MAX = 254

# The last guard, not the first: callers give no personal data. Whatever looks like an e-mail or a telephone
# is blotted out rather than refused, so that a company's odd name does not stop a deed.
EMAIL_SHAPE = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+")
PHONE_SHAPE = re.compile(r"\+7[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}")
BLOT = "▒▒▒"


def audit_record(
    *,
    action: str,
    now: dt.datetime,
    actor_kind: ActorKind | str,
    object_kind: str,
    object_id: object,
    actor: Any = None,
    account: Model | int | None = None,
    organisation_id: int | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    address: str | None = None,
    on_behalf: Model | int | None = None,
    partner: Model | int | None = None,
) -> AuditEntry:
    """Add a deed to the journal. Must run inside the deed's transaction, so that both are kept or neither.

    action: a name of `ACTIONS`. actor: the User who acted, None for the system. account: whose journal shows
    the entry. on_behalf: the organisation for which staff acted. partner: through whose access it was done.
    For these three the row or its number; of a row the name is copied. facts: JSON without personal data.
    Raises: UnknownAction, BadEntry, ReasonMissing.
    """
    if action not in ACTIONS:
        raise UnknownAction(f"no such deed is registered: {action}", action=action)
    if not connection.in_atomic_block:
        raise BadEntry("a deed and its entry are written in one transaction", action=action)
    if now.utcoffset() is None:
        raise BadEntry("the moment of a deed has a zone", action=action)
    reason = " ".join(reason.split())
    if on_behalf is not None and not reason:
        raise ReasonMissing("Действие от имени клиента требует основания", action=action)
    if len(reason) > REASON_CHARACTERS_MAX or not reason.isprintable():
        raise BadEntry(f"Основание — до {REASON_CHARACTERS_MAX} печатных знаков", action=action)
    kind = ActorKind(actor_kind)
    if (actor is None) != (kind == ActorKind.SYSTEM):
        raise BadEntry("the system is nobody, and everybody else is somebody", action=action)
    on_behalf_id, on_behalf_name = _number_and_name(on_behalf)
    partner_id, partner_name = _number_and_name(partner)
    return AuditEntry.objects.create(
        at=now,
        action=action,
        actor_kind=kind,
        actor=actor,
        actor_name="" if actor is None else actor.get_full_name()[:NAME_CHARACTERS_MAX],
        account_id=_number_and_name(account)[0],
        organisation_id=organisation_id,
        on_behalf_id=on_behalf_id,
        on_behalf_name=on_behalf_name,
        partner_id=partner_id,
        partner_name=partner_name,
        object_kind=_short(object_kind, action),
        object_id=_short(str(object_id), action),
        reason=reason,
        facts=_facts(facts or {}, action),
        address=_address(address),
    )


def _number_and_name(thing: Model | int | None) -> tuple[int | None, str]:
    if thing is None or isinstance(thing, int):
        return thing, ""
    return int(thing.pk), str(thing)[:NAME_CHARACTERS_MAX]


def _short(text: str, action: str) -> str:
    if not text or len(text) > OBJECT_CHARACTERS_MAX or not text.isprintable():
        raise BadEntry("an object has a kind and a number", action=action)
    return text


def _facts(facts: Mapping[str, Any], action: str) -> dict[str, Any]:
    try:
        text = json.dumps(dict(facts), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadEntry(f"facts are not JSON: {error}", action=action) from error
    if len(text.encode()) > FACTS_BYTES_MAX:
        raise BadEntry(f"facts take more than {FACTS_BYTES_MAX} bytes", action=action)
    clean: dict[str, Any] = _blotted(json.loads(text))
    return clean


def _blotted(value: Any) -> Any:
    if isinstance(value, str):
        # PostgreSQL's jsonb takes no NUL.
        return PHONE_SHAPE.sub(BLOT, EMAIL_SHAPE.sub(BLOT, value.replace("\0", "")))
    if isinstance(value, list):
        return [_blotted(one) for one in value]
    if isinstance(value, dict):
        return {_blotted(key): _blotted(one) for key, one in value.items()}
    return value


def _address(text: str | None) -> str | None:
    """An address that cannot be read is left out: it comes from the far side and must not stop a deed."""
    try:
        return str(ipaddress.ip_address(text)) if text else None
    except ValueError:
        return None
