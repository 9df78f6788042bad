"""Sizes, banned calls, docstrings, and words that must not stand in our files. Exceptions may only shrink."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "chekhov"
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

# Tables of data: rows, not statements.
DATA_TABLES = {"ffd/tags.py", "ffd/tag_table.py", "ffd/enums.py", "ffd/forms.py"}
BANNED_FILE_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "managers.py", "misc.py"}
BANNED_CALLS = {
    "datetime.now": {"clock.py"},
    "datetime.utcnow": set(),
    "datetime.today": set(),
    "date.today": set(),
    "timezone.now": set(),
    "time.time": set(),
}
# Where a person or a program reads our standard output.
PRINTING_ROOMS = {"cli"}


def modules():
    found = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    assert len(found) > 20
    return found


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_module_fits_in_a_head(path):
    if name_of(path) in DATA_TABLES:
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES_MAX


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_function_fits_on_a_screen(path):
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


def test_no_drawers():
    assert [name_of(path) for path in modules() if path.name in BANNED_FILE_NAMES] == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_banned_calls(path):
    found = []
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        for banned, homes in BANNED_CALLS.items():
            if (name == banned or name.endswith(f".{banned}")) and name_of(path) not in homes:
                found.append(f"line {node.lineno}: {name}")
        if name == "print" and path.relative_to(SOURCE).parts[0] not in PRINTING_ROOMS:
            found.append(f"line {node.lineno}: print")
    assert found == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_public_things_tell_what_they_are(path):
    tree = tree_of(path)
    if path.name != "__init__.py" or tree.body:
        assert ast.get_docstring(tree), "the module has no docstring"
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def tracked_texts():
    """Files that are or would be in the repository, as text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert len(listed) > 50
    for name in listed:
        path = ROOT / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 4_000_000:
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# Joined here, so that this file does not hold what it looks for.
FOREIGN_WORDS = re.compile(
    "|".join(
        (
            "/" + "root/",
            "/" + "work/",
            "/" + "home/[a-z]",
            "registry" + r"\.npmjs",
            "files" + r"\.pythonhosted",
            "pypi" + r"\.org/simple",
            "deb" + r"\.debian\.org",
        )
    )
)


def test_no_paths_of_a_machine_and_no_hosts_of_registries():
    found = [
        f"{name}:{number}: {match[0]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := FOREIGN_WORDS.search(line))
    ]
    assert found == []


def test_tests_mirror_the_source():
    """A folder of tests for each room, so that a reader knows where to look."""
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert rooms - folders == set()
