"""The arrows of the house run one way: mathematics ← checking, drawing ← lessons ← classroom."""

import ast

import pytest

from helpers.lessons.syllabus import ROOT

HELPERS = ROOT / "helpers"
# The rooms that a room may use, beside itself. `equations` reads the statements, which are a table and no more.
MAY_USE = {
    "": set(),
    "checking": {""},
    "drawing": {""},
    "lessons": {"", "checking", "drawing"},
    "classroom": {"", "checking", "drawing", "lessons"},
}
EXCEPTIONS = {("helpers/equations.py", "helpers.lessons.statements")}
MODULES = sorted(path for path in HELPERS.rglob("*.py") if path != HELPERS / "__init__.py")


def room(name):
    """The room of helpers that a dotted name lies in: "" for the mathematics on top."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in MAY_USE else ""


def imported(path):
    """The dotted names of the course's own that a module imports."""
    package = [*path.relative_to(ROOT).with_suffix("").parts][:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            base = inside + (node.module or "")
            yield base
            yield from (f"{base.rstrip('.')}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HELPERS).as_posix())
def test_a_room_uses_no_room_above_it(path):
    module = path.relative_to(ROOT).as_posix()
    here = room(module.removesuffix(".py").replace("/", "."))
    for name in imported(path):
        if name.split(".")[0] == "helpers" and not any((module, name[: len(n)]) == (m, n) for m, n in EXCEPTIONS):
            assert room(name) in MAY_USE[here] | {here}, f"{module} imports {name}"


def test_a_lesson_uses_no_other_lesson():
    for path in HELPERS.glob("lessons/lesson_*/*.py"):
        for name in imported(path):
            lesson = next((part for part in name.split(".") if part.startswith("lesson_")), path.parent.name)
            assert lesson == path.parent.name, f"{path.relative_to(ROOT)} imports {name}"
