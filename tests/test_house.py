"""The house: who may import whom, and that pages only define a function (README, “How it travels”)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from townboard.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "townboard").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))

FLOORS = [
    {"punctuation"},
    {"text", "periods", "turns"},
    {"findings"},
    {"catalogue"},
    {"submission", "loading", "atlas"},
    {"access", "cycle", "deadlines", "passwords", "tables"},
    {"formulas"},
    {"guard"},
    {"workbook"},
    {"marks"},
    {"recognise"},
    {"apart"},
    {"checks"},
    {"answers", "preview", "template", "versions"},
    {"store"},
    {"accounts", "indicators", "downloads", "journey"},
    {"forecast", "comparing"},
    {
        "demo",
        "charts",
        "explain",
        "provenance",
        "exploring",
        "theme_tables",
        "desk",
        "uploader_words",
        "reporting",
        "waiting",
        "briefing",
        "trail",
        "registering",
        "annotate",
    },
    {"terminal", "relay", "commands", "cli", "shell", "logs", "door", "watch", "server", "__main__"},
]
"""From the ground up; a module may import what stands on its own floor or below. A package is one room."""


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports when it runs (not for types only)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }  # fmt: skip
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("townboard", "pages"):
            parts = node.module.split(".")
            found |= {alias.name for alias in node.names} if len(parts) == 1 else {parts[1]}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("townboard.")}
    return found


def test_nobody_imports_from_a_floor_above():
    floor = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
    for path in MODULES:
        parts = path.relative_to(ROOT / "townboard").with_suffix("").parts
        if parts == ("__init__",):
            continue
        assert parts[0] in floor, f"{parts[0]} has no floor: give it one in this test and in the README's picture"
        for other in imports(path) - {"__init__"}:
            assert other in floor, f"{path.name} imports {other}, which has no floor"
            assert floor[other] <= floor[parts[0]], f"{'/'.join(parts)} imports {other} from a floor above"


def test_the_readme_shows_every_room_and_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    picture = readme[readme.index("app.py  ") : readme.index("## The month of a unit")]
    for room in set.union(*FLOORS) - {"__main__"}:
        written = f"{room}/" if (ROOT / "townboard" / room).is_dir() else room
        assert re.search(rf"(?<![\w/]){written}(?![\w/])", picture), f"{written} is missing from the README's picture"
    said = readme[readme.index("## Command line") : readme.index("Exit status")]
    assert set(COMMANDS) == set(re.findall(r"`([a-z]+)[ `]", said[said.index("data/live") :])), "the README's list of commands"


def test_every_module_opens_with_what_it_holds():
    for path in [*MODULES, *PAGES, ROOT / "app.py"]:
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring and len(docstring) > 30, path


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_only_defines(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        harmless = isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign)
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        assert harmless or docstring, f"{path.name} line {node.lineno} does something at import"
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            assert "st." not in ast.unparse(node.value), f"{path.name} line {node.lineno} draws at import"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_asks_the_store_through_named_queries(path):
    written = path.read_text(encoding="utf-8").lower()
    assert "select " not in written, "SQL lives in queries/"
    assert "duckdb" not in written and "openpyxl" not in written


def test_engines_stay_in_their_rooms():
    allowed = {
        "duckdb": {"store", "formulas", "tables"}, "openpyxl": {"downloads", "store", "demo"}, "xlsxwriter": {"template", "downloads", "demo", "annotate"},
        "xlrd": {"workbook"}, "streamlit": {"shell", "door", "server"}, "starlette": {"door", "watch", "server"}, "argon2": {"passwords"},
    }  # fmt: skip
    for path in MODULES:
        room = path.relative_to(ROOT / "townboard").with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            for name in names:
                rooms = allowed.get(name.split(".")[0])
                assert rooms is None or room in rooms, f"{path.relative_to(ROOT)} imports {name}"
