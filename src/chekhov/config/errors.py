"""What can be wrong with the process's environment."""

from __future__ import annotations

from chekhov.errors import Malformed


class BadSetting(Malformed):
    """A variable of the environment has a value we cannot use; the message names it."""

    code = "bad_setting"
