"""Requisites of companies, people and bank accounts, valid by construction.

Source of the check digits: orders of the tax service on ИНН and ОГРН, of the Bank of Russia on account keys.
"""

from __future__ import annotations

from typing import Self

from chekhov.values.errors import BadRequisite

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_ACCOUNT = (7, 1, 3) * 7 + (7, 1)


def digits_only(text: str) -> bool:
    """Whether the text is of ASCII digits and not empty."""
    return text.isascii() and text.isdigit()


def _weighed(text: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))


class Inn(str):
    """ИНН: 10 digits of a company, 12 of a person."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) not in (10, 12):
            raise BadRequisite("ИНН is 10 or 12 digits")
        if not int(text):
            raise BadRequisite("ИНН of zeros belongs to nobody")
        if not _inn_agrees(text):
            raise BadRequisite("the check digits of the ИНН do not agree")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces around, as the fixed-length fields of documents have. Raises BadRequisite."""
        return cls(text.strip())

    @property
    def is_person(self) -> bool:
        """Whether it is of a person (an entrepreneur among them) and not of a company."""
        return len(self) == 12


def _inn_agrees(text: str) -> bool:
    if len(text) == 10:
        return _weighed(text, _INN_10) % 11 % 10 == int(text[9])
    first, second = _weighed(text, _INN_12_FIRST) % 11 % 10, _weighed(text, _INN_12_SECOND) % 11 % 10
    return first == int(text[10]) and second == int(text[11])


class Kpp(str):
    """КПП: 4 digits of the tax office, 2 digits or Latin capitals of the reason, 3 digits. No check digit."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the nine characters. Raises BadRequisite."""
        office, reason, number = text[:4], text[4:6], text[6:]
        well_formed = len(text) == 9 and digits_only(office) and digits_only(number)
        if not well_formed or not all(char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for char in reason):
            raise BadRequisite("КПП is 4 digits, 2 digits or Latin capitals, 3 digits")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces around and small letters. Raises BadRequisite."""
        return cls(text.strip().upper())


class Ogrn(str):
    """ОГРН of a company (13 digits) or ОГРНИП of an entrepreneur (15 digits)."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) not in (13, 15):
            raise BadRequisite("ОГРН is 13 digits, ОГРНИП 15")
        if not int(text):
            raise BadRequisite("ОГРН of zeros belongs to nobody")
        if int(text[:-1]) % (len(text) - 2) % 10 != int(text[-1]):
            raise BadRequisite("the check digit of the ОГРН does not agree")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces around. Raises BadRequisite."""
        return cls(text.strip())

    @property
    def is_person(self) -> bool:
        """Whether it is an ОГРНИП."""
        return len(self) == 15


class Bik(str):
    """БИК of a bank: 9 digits, no check digit."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) != 9:
            raise BadRequisite("БИК is 9 digits")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces around. Raises BadRequisite."""
        return cls(text.strip())


class BankAccount(str):
    """Account in a bank: 20 digits. Its key depends on the bank, see `key_agrees`."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) != 20:
            raise BadRequisite("an account is 20 digits")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces, also between groups of digits. Raises BadRequisite."""
        return cls("".join(text.split()))

    @property
    def is_treasury(self) -> bool:
        """Accounts of the Treasury begin with 0 and have no key."""
        return self.startswith("0")

    @property
    def is_correspondent(self) -> bool:
        """Whether it is an account in the central bank itself: of a bank, or the single treasury account."""
        return self.startswith(("301", "40102"))

    def key_agrees(self, bik: str) -> bool:
        """Whether the key belongs to this account in the bank `bik`; Treasury accounts always agree.

        The digits before the account are two of the region for accounts in the central bank (whose own
        divisions have a БИК ending in 000..002), otherwise three of the bank.
        """
        if self.is_treasury:
            return True
        by_region = self.is_correspondent or bik[-3:] in ("000", "001", "002")
        prefix = f"0{bik[4:6]}" if by_region else bik[-3:]
        return _weighed_units(prefix + self) % 10 == 0


def _weighed_units(text: str) -> int:
    return sum(int(digit) * weight % 10 for digit, weight in zip(text, _ACCOUNT, strict=True))
