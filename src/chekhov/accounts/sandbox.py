"""Log-ins of a sandbox's staff. Data only, so that a start can print them without loading Django.

Published on purpose: these accounts are made in a sandbox only, where nothing real is kept.
"""

from __future__ import annotations

from typing import Final, NamedTuple

SANDBOX_PASSWORD: Final = "chekhov"  # noqa: S105


class SandboxLogin(NamedTuple):
    """A demo account: its e-mail, name, and role as in `StaffRole`."""

    email: str
    full_name: str
    staff_role: str


SANDBOX_STAFF: Final = (
    SandboxLogin("engineer@demo.chekhov.test", "Инженеров Антон Павлович", "engineer"),
    SandboxLogin("manager@demo.chekhov.test", "Менеджерова Ольга Леонардовна", "manager"),
    SandboxLogin("accountant@demo.chekhov.test", "Счетоводова Мария Павловна", "accountant"),
    SandboxLogin("administrator@demo.chekhov.test", "Управляющий Иван Петрович", "administrator"),
)
