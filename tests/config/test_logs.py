import logging
import sys

import pytest
from django.conf import settings

from chekhov.accounts.secrecy import token_make
from chekhov.config.logs import EventFormatter


def line_of(message: str, *arguments: object) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, arguments, None)
    return EventFormatter().format(record)


@pytest.mark.parametrize("name", [name for name, path in settings.PUBLIC_PATHS.items() if "{token}" in path])
def test_keys_of_links_are_not_logged(name: str) -> None:
    token = token_make()
    path = settings.PUBLIC_PATHS[name].format(token=token)
    line = line_of("Unprocessable Entity: %s", path)
    assert token not in line
    assert path.split(token)[0] in line


def test_keys_are_left_out_of_tracebacks_too() -> None:
    token = token_make()
    try:
        int(f"/entry/password/{token}/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broken", (), sys.exc_info())
    line = EventFormatter().format(record)
    assert "ValueError" in line
    assert token not in line


def test_other_paths_stand_as_they_are() -> None:
    line = line_of("Not Found: %s", "/entry/recovery/sent/")
    assert line.endswith("WARNING django.request Not Found: /entry/recovery/sent/")
