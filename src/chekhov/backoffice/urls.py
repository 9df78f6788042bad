"""Addresses of the staff pages."""

from __future__ import annotations

from django.urls import path, register_converter

from chekhov.backoffice.views import documents, drives, intake, quarantine, registers, shifts


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

urlpatterns = [
    path("staff/", intake.home, name="staff"),
    path("staff/intake/", intake.intake, name="intake"),
    path("staff/registers/", registers.unidentified, name="registers_unidentified"),
    path("staff/registers/add/<fn:fn>/", registers.attach, name="register_attach"),
    path("staff/drives/", drives.drives, name="drives"),
    path("staff/drives/<fn:fn>/", drives.drive, name="drive"),
    path("staff/shifts/<fn:fn>/<whole:number>/", shifts.shift, name="shift"),
    path("staff/documents/<fn:fn>/<whole:fd>/", documents.document, name="document"),
    path("staff/documents/<fn:fn>/<whole:fd>/container.bin", documents.container, name="document_container"),
    path("staff/documents/<fn:fn>/<whole:fd>/answer.bin", documents.answer, name="document_answer"),
    path("staff/documents/<fn:fn>/<whole:fd>/document.json", documents.as_json, name="document_json"),
    path("staff/quarantine/", quarantine.quarantine, name="quarantine"),
    path("staff/quarantine/<whole:quarantined_id>/", quarantine.quarantined, name="quarantined"),
    path("staff/quarantine/<whole:quarantined_id>/raw.bin", quarantine.raw, name="quarantined_raw"),
]
