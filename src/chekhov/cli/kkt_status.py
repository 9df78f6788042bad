"""`chekhov kkt status`: what a register's state says, for people and for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from chekhov.fn.limits import SHIFT_MAX, UNCONFIRMED_MAX
from chekhov.fn.state import Phase, unsent
from chekhov.values import roubles

if TYPE_CHECKING:
    from chekhov.simulator.register import SimulatedRegister

PHASES: Final = {
    Phase.READY: "ready for fiscalisation",
    Phase.FISCAL: "fiscal mode",
    Phase.CLOSED_SENDING: "closed, sending",
    Phase.CLOSED_SENT: "closed, all sent",
}
OPERATIONS: Final = ("sale", "sale_return", "purchase", "purchase_return")


def status_data(till: SimulatedRegister, now: dt.datetime) -> dict[str, Any]:
    """The state as plain data. Sums are kopecks, moments local."""
    state = till.state
    registration, shift = state.registration, state.shift
    waiting = unsent(state)
    data: dict[str, Any] = {
        "folder": str(till.folder.path),
        "fn_serial": state.serial,
        "model_months": state.model,
        "ffd": state.ffd.label,
        "phase": int(state.phase),
        "phase_name": PHASES[state.phase],
        "kkt_serial": till.kkt_serial,
        "registration": None,
        "shift": None,
        "last_fd": state.last_fd,
        "last_at": _moment(state.last_at),
        "unsent": len(waiting),
        "unsent_from": waiting.start if waiting else None,
        "unsent_at": _moment(state.unsent_at),
        "blocked_at": _moment(state.unsent_at + UNCONFIRMED_MAX) if state.unsent_at else None,
        "confirmed_at": _moment(state.confirmed_at),
        "operator_message": state.operator_message,
        "expires_on": state.expires_on.isoformat() if state.expires_on else None,
        "days_left": state.days_left(now),
        "documents_left": state.documents_left,
        "receipts": _turnover(state.turnover.receipts),
        "corrections": _turnover(state.turnover.corrections),
    }
    if registration is not None:
        data["registration"] = {
            "rnm": registration.rnm,
            "inn": registration.user_inn,
            "name": registration.user_name,
            "address": registration.address,
            "place": registration.place,
            "tax_systems": registration.tax_systems,
            "operator_inn": registration.operator_inn,
            "registered_at": _moment(state.registered_at),
        }
    if shift is not None:
        data["shift"] = {
            "number": shift.number,
            "opened_at": _moment(shift.opened_at),
            "must_close_by": _moment(shift.opened_at + SHIFT_MAX),
            "receipts": shift.receipts,
            "documents": shift.documents,
            "turnover": _turnover(shift.turnover.receipts),
        }
    return data


def status_lines(data: dict[str, Any]) -> Iterator[str]:
    """The same as lines: name and value."""
    registration, shift = data["registration"], data["shift"]
    pairs = [
        ("drive", f"{data['fn_serial']}, {data['model_months']} months, ФФД {data['ffd']}"),
        ("phase", f"{data['phase_name']} ({data['phase']})"),
        ("register", data["kkt_serial"]),
    ]
    if registration:
        pairs += [
            ("РНМ", registration["rnm"]),
            ("user", f"{registration['name']}, ИНН {registration['inn']}"),
            ("registered", registration["registered_at"]),
            ("place", f"{registration['place']}; {registration['address']}"),
        ]
    if shift:
        hours = f"open since {shift['opened_at']}, to close by {shift['must_close_by']}"
        pairs.append(("shift", f"{shift['number']}, {hours}; {shift['receipts']} receipts"))
        pairs += [("  " + name, each) for name, each in _turnover_lines(shift["turnover"])]
    else:
        pairs.append(("shift", "closed"))
    pairs.append(
        ("documents", f"{data['last_fd']}" + (f", last at {data['last_at']}" if data["last_at"] else ""))
    )
    pairs += [("  " + name, each) for name, each in _turnover_lines(data["receipts"])]
    pairs += [("  corrections, " + name, each) for name, each in _turnover_lines(data["corrections"])]
    if data["unsent"]:
        since = f"{data['unsent']} from document {data['unsent_from']}, since {data['unsent_at']}"
        pairs.append(("unsent", f"{since}; work stops at {data['blocked_at']}"))
    else:
        pairs.append(("unsent", "none"))
    if data["operator_message"]:
        pairs.append(("operator says", f"1206 = {data['operator_message']}"))
    until = f" (until {data['expires_on']})" if data["expires_on"] else ""
    pairs.append(("left", f"{data['days_left']} days{until}, {data['documents_left']} documents"))
    width = max(len(name) for name, _ in pairs) + 2
    for name, value in pairs:
        yield f"{name:<{width}}{value}"


def _turnover(four: Any) -> dict[str, dict[str, int]]:
    """By operation; those without documents are left out."""
    return {
        name: {"count": totals.documents, "total_kopecks": totals.total}
        for name, totals in zip(OPERATIONS, four, strict=True)
        if totals.documents
    }


def _turnover_lines(turnover: dict[str, dict[str, int]]) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), f"{each['count']} for {roubles(each['total_kopecks'])} ₽")
        for name, each in turnover.items()
    ]


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(sep=" ") if moment else None
