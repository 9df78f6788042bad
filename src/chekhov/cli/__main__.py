"""`python -m chekhov.cli`: the command, where the script `chekhov` is not on the path."""

from __future__ import annotations

from chekhov.cli.main import main

main()
