"""Numbers in addresses of pages: `<fn:fn>` for a drive, `<whole:fd>` for any whole number. Registered at import."""

from __future__ import annotations

from django.urls import register_converter


class DriveNumber:
    """Number of a fiscal drive in an address: 15 or 16 digits."""

    regex = "[0-9]{15,16}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class Whole:
    """A whole number that fits eight bytes."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return str(value)


register_converter(DriveNumber, "fn")
register_converter(Whole, "whole")
