"""The ways of an application from state to state: a table, so that nothing else is possible."""

from __future__ import annotations

from typing import Final

from chekhov.contracts.errors import ApplicationStateWrong
from chekhov.contracts.models import ApplicationKind, ApplicationState

ON_PAPER: Final = (ApplicationKind.TERMINATION, ApplicationKind.STOP_SERVICE)
"""Kinds that a customer signs; the others are sent from the page."""

TRANSITIONS: Final[dict[tuple[ApplicationKind, ApplicationState], frozenset[ApplicationState]]] = {
    (ApplicationKind.REQUISITES, ApplicationState.DRAFT): frozenset(
        {ApplicationState.DRAFT, ApplicationState.SENT, ApplicationState.WITHDRAWN}
    ),
    (ApplicationKind.REQUISITES, ApplicationState.SENT): frozenset(
        {ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    ),
    **{
        way: after
        for kind in ON_PAPER
        for way, after in (
            (
                (kind, ApplicationState.PAPER_AWAITED),
                frozenset({ApplicationState.SENT, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}),
            ),
            # The original is with the operator: the customer cannot take it back by a click.
            (
                (kind, ApplicationState.SENT),
                frozenset({ApplicationState.APPROVED, ApplicationState.REFUSED}),
            ),
        )
    },
}


def transition_check(kind: str, before: str, after: ApplicationState) -> None:
    """Raise ApplicationStateWrong unless an application of this kind may go from one state to the other."""
    if after not in TRANSITIONS.get((ApplicationKind(kind), ApplicationState(before)), frozenset()):
        raise ApplicationStateWrong(
            f"Заявка в состоянии «{ApplicationState(before).label}»: сделать это с ней уже нельзя",
            kind=kind,
            before=before,
            after=str(after),
        )
