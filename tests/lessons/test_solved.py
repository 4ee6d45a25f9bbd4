"""A lesson whose exercises are all solved still runs to its end: no answer takes a name that a later cell needs."""

import asyncio
import re

from helpers.checking.showing import solution_source
from helpers.classroom import execute
from helpers.lessons import library


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell.metadata.get("tags", [])]


def test_a_solved_lesson_runs_and_every_check_says_right(notebook):
    solved = execute.load(notebook.read_bytes())
    stubs, checks = tagged(solved.cells, "exercise"), tagged(solved.cells, "check")
    ids = [re.search(r'check\("([\d.]+)"', cell.source)[1] for cell in checks]
    assert ids and len(ids) == len(stubs)
    for id, stub in zip(ids, stubs, strict=True):
        stub.source = solution_source(library.exercise(id))
    asyncio.run(execute.execute(solved, notebook.parent))
    said = ["".join(output.get("text", "") for output in cell.outputs) for cell in checks]
    assert all(text.startswith(f"{id} right") and "Note" not in text for id, text in zip(ids, said, strict=True)), said
