"""Numbers of cash registers («ККТ») and fiscal drives («ФН»)."""

from __future__ import annotations

import binascii
from typing import Self

from chekhov.values.errors import BadRequisite
from chekhov.values.requisites import digits_only

SEQUENCE_DIGITS = 10
CHECK_DIGITS = 6
SERIAL_CHARACTERS_MAX = 20
TEST_PREFIX = "9999"


class KktSerial(str):
    """Serial number of a register (tag 1013): up to 20 characters."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the characters. Raises BadRequisite."""
        if not 1 <= len(text) <= SERIAL_CHARACTERS_MAX or not text.isprintable() or text != text.strip():
            raise BadRequisite("the serial number of a register is 1 to 20 characters")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces around. Raises BadRequisite."""
        return cls(text.strip())


class FnSerial(str):
    """Number of a fiscal drive (tag 1041): 16 digits, in old test drives 15."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) not in (15, 16):
            raise BadRequisite("the number of a fiscal drive is 16 digits")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces, around and between groups. Raises BadRequisite."""
        return cls("".join(text.split()))

    @property
    def is_test(self) -> bool:
        """Whether it is of a drive without fiscal power («МГМ»)."""
        return self.startswith(TEST_PREFIX)


class RegistrationNumber(str):
    """РНМ: 10 digits of sequence and 6 of a check that depends on the user's ИНН and the register's serial."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Accept exactly the digits. Raises BadRequisite."""
        if not digits_only(text) or len(text) != SEQUENCE_DIGITS + CHECK_DIGITS:
            raise BadRequisite("РНМ is 16 digits")
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept spaces, around and between groups. Raises BadRequisite."""
        return cls("".join(text.split()))

    @classmethod
    def compose(cls, sequence: int, inn: str, serial: str) -> Self:
        """The number that the tax service would give. Raises BadRequisite."""
        if not 0 <= sequence < 10**SEQUENCE_DIGITS:
            raise BadRequisite("the sequence number of a РНМ has at most 10 digits")
        first = f"{sequence:0{SEQUENCE_DIGITS}}"
        return cls(first + _check(first, inn, serial))

    @property
    def sequence(self) -> int:
        """The first ten digits as a number."""
        return int(self[:SEQUENCE_DIGITS])

    def check_digits_match(self, inn: str, serial: str) -> bool:
        """Whether this number can be of a register with this serial that belongs to this user."""
        first = str(self[:SEQUENCE_DIGITS])
        return self[SEQUENCE_DIGITS:] == _check(first, inn, serial)


def _check(first: str, inn: str, serial: str) -> str:
    """CRC-16/CCITT-FALSE of sequence, ИНН and serial, padded with zeros on the left; six decimal digits.

    Source: the rule used by register software, checked against real receipts.
    """
    text = first + inn.strip().rjust(12, "0") + serial.strip().rjust(SERIAL_CHARACTERS_MAX, "0")
    return f"{binascii.crc_hqx(text.encode('cp866', 'replace'), 0xFFFF):0{CHECK_DIGITS}}"
