"""`GET /healthz`: whether each part of the installation works; 200 if all do, 503 if one does not.

A process that hangs is told from one that works by the age of its last sign of life (`db.heartbeat`).
"""

from __future__ import annotations

import socket
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from chekhov.db.heartbeat import Beat, beats

PORT_SECONDS_MAX = 2.0
DATABASE_SECONDS_MAX = 3
WATCHED = ("gateway", "worker")

Part = dict[str, Any]


@never_cache
@require_GET
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """The state of the parts as JSON; nothing in it is secret."""
    parts: dict[str, Part] = {"web": {"state": "up"}}
    try:
        parts["database"] = {"state": "up", "version": _database_version()}
        signs = beats()
    except (DatabaseError, InterfaceError, psycopg.Error) as error:
        parts["database"] = {"state": "down", "reason": type(error).__name__}
        signs = []
    for kind in WATCHED:
        parts[kind] = _process_part(kind, signs)
    if not _port_answers():
        parts["gateway"] |= {"state": "down", "reason": "the port does not answer"}
    down = [name for name, part in parts.items() if part["state"] != "up"]
    return JsonResponse(
        {"state": "down" if down else "up", "down": down, "parts": parts}, status=503 if down else 200
    )


def _database_version() -> str:
    """Ask over a connection of its own, which a server that hangs does not give within the time.

    Over an old one we would wait for a server that hangs, and nobody would learn that it does.
    Raises: psycopg.Error.
    """
    parameters = connection.get_connection_params() | {"connect_timeout": DATABASE_SECONDS_MAX}
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters, autocommit=True) as fresh:
        version: str = fresh.info.parameter_status("server_version") or ""
        return version


def _process_part(kind: str, signs: list[Beat]) -> Part:
    alive = [sign for sign in signs if sign.kind == kind and sign.alive]
    if not alive:
        last = next((sign for sign in signs if sign.kind == kind), None)
        part: Part = {"state": "down", "reason": "no sign of life"}
        return part if last is None else part | {"age_seconds": round(last.age_seconds, 1)}
    return {
        "state": "up",
        "processes": [
            {"process": sign.process, "age_seconds": round(sign.age_seconds, 1), **sign.details}
            for sign in alive
        ],
    }


def _port_answers() -> bool:
    """Whether the gateway's port takes a connection: a sign of life alone may come from a deaf process."""
    host, port = settings.OFD_ADDRESS
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((host, port), timeout=PORT_SECONDS_MAX):
            return True
    except OSError:
        return False
