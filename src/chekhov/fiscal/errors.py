"""What can go wrong on the operator's side, beyond the wire and the formats."""

from __future__ import annotations

from typing import ClassVar

from chekhov.errors import Conflict, Malformed, NotFound, RuleBroken, Unavailable


class DocumentNotFound(NotFound):
    """The journal has no document of this drive with this number."""

    code: ClassVar[str] = "fiscal_document_not_found"

    def __init__(self, fn: str, fd: int) -> None:
        """Keep the key."""
        super().__init__("Документ не найден", fn=fn, fd=fd)


class ShiftNotFound(NotFound):
    """No document of this shift is known."""

    code: ClassVar[str] = "fiscal_shift_not_found"

    def __init__(self, fn: str, number: int) -> None:
        """Keep the key."""
        super().__init__("Смена не найдена", fn=fn, number=number)


class QuarantinedNotFound(NotFound):
    """The quarantine has no such message."""

    code: ClassVar[str] = "fiscal_quarantined_not_found"

    def __init__(self, quarantined_id: int) -> None:
        """Keep the key."""
        super().__init__("Сообщение в карантине не найдено", id=quarantined_id)


class QuarantinedResolved(Conflict):
    """Somebody has already dealt with this message."""

    code: ClassVar[str] = "fiscal_quarantined_resolved"

    def __init__(self, quarantined_id: int) -> None:
        """Keep the key."""
        super().__init__("Сообщение уже разобрано", id=quarantined_id)


class CursorMalformed(Malformed):
    """The key of a page is not one that a page gave."""

    code: ClassVar[str] = "fiscal_cursor_malformed"

    def __init__(self, text: str) -> None:
        """Keep the key as it came, shortened."""
        super().__init__("Неверный ключ страницы", cursor=text[:80])


class JournalUnavailable(Unavailable):
    """The database did not take the batch; nothing of it was confirmed."""

    code: ClassVar[str] = "fiscal_journal_unavailable"


class ProjectorBusy(Conflict):
    """Another projector holds the lock."""

    code: ClassVar[str] = "fiscal_projector_busy"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Проектор уже работает в другом процессе")


class ClusterChanged(Conflict):
    """The projector's cursor was made in another database cluster: numbers of transactions differ."""

    code: ClassVar[str] = "fiscal_cluster_changed"

    def __init__(self, expected: int, actual: int) -> None:
        """Keep both identifiers."""
        super().__init__(
            "База восстановлена в другом кластере PostgreSQL: выполните «chekhov rebuild»",
            expected=expected,
            actual=actual,
        )


class SilenceWrong(RuleBroken):
    """After so many hours no register is called silent."""

    code: ClassVar[str] = "fiscal_silence_wrong"
