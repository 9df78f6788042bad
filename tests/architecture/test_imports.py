"""The import contracts of pyproject.toml hold, and no application knows of HTTP."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "chekhov"
APPS = ["audit", "notify", "accounts", "orgs", "contracts", "kkt", "fiscal"]
HTTP_MODULES = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.template")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_contracts():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("app", APPS)
def test_apps_are_deaf_to_http(app):
    modules = sorted((SOURCE / app).rglob("*.py"))
    assert modules
    spoken = HTTP_MODULES if app != "notify" else HTTP_MODULES[:-1]  # letters are templates, not answers
    heard = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules
        for name in imported(path)
        if any(name == module or name.startswith(f"{module}.") for module in spoken)
    ]
    assert heard == []


def test_the_clock_is_read_by_doors_and_jobs_only():
    """Services and pure rooms take `now` as an argument; a model's default is the row's own moment."""
    allowed = {"gateway", "worker", "backoffice", "cabinet", "cli", "config", "face", "simulator"}
    readers = [
        path.relative_to(SOURCE)
        for path in sorted(SOURCE.rglob("*.py"))
        if any(name.startswith("chekhov.clock") or name == "chekhov.clock" for name in imported(path))
    ]
    strangers = [
        str(path)
        for path in readers
        if path.parts[0] not in allowed
        and path.name not in {"models.py", "jobs.py"}
        and "migrations" not in path.parts
    ]
    assert strangers == []
