"""This door's own errors. How families look on a page is `chekhov.face.errors`."""

from __future__ import annotations

from typing import ClassVar

from chekhov.errors import Conflict, Malformed, RuleBroken


class OrganisationAmbiguous(RuleBroken):
    """Several branches have this ИНН: the КПП must say which."""

    code: ClassVar[str] = "backoffice_organisation_ambiguous"

    def __init__(self, names: str) -> None:
        """Name the branches."""
        super().__init__(f"С этим ИНН есть несколько подразделений: {names}. Укажите КПП.")


class PageCursorMalformed(Malformed):
    """The place to page on from is not a number."""

    code: ClassVar[str] = "backoffice_page_cursor_malformed"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Адрес страницы списка повреждён")


class DirectoryAnswerMoved(Conflict):
    """The directory tells something else than what was shown."""

    code: ClassVar[str] = "backoffice_directory_answer_moved"

    def __init__(self) -> None:
        """One message for all."""
        super().__init__("Справочник отвечает уже иначе: посмотрите отличия ещё раз")
