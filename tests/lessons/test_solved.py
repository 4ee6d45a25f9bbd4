"""A lesson whose exercises are all solved still runs to its end: no answer takes a name that a later cell needs."""

import asyncio
import re

from nbformat.v4 import new_code_cell, new_notebook

from helpers.checking.showing import solution_source
from helpers.classroom import execute
from helpers.lessons import library, syllabus


def tagged(cells, tag):
    return [cell for cell in cells if tag in cell.metadata.get("tags", [])]


def test_the_solved_lessons_run_and_every_check_says_right():
    """One after the other in one kernel, each without the names of the last: to start one costs more than a lesson."""
    course, checked = new_notebook(), {}
    for number in syllabus.written():
        lesson = execute.load(syllabus.notebook(number).read_bytes())
        stubs, checks = tagged(lesson.cells, "exercise"), tagged(lesson.cells, "check")
        ids = [re.search(r'check\("([\d.]+)"', cell.source)[1] for cell in checks]
        for id, stub in zip(ids, stubs, strict=True):
            stub.source = solution_source(library.exercise(id))
        course.cells += [new_code_cell("%reset -f"), *lesson.cells]
        checked |= dict(zip(ids, checks, strict=True))
    assert [*checked] == library.ids()
    asyncio.run(execute.execute(course, syllabus.NOTEBOOKS))
    said = {id: "".join(output.get("text", "") for output in cell.outputs) for id, cell in checked.items()}
    assert {id: text for id, text in said.items() if not text.startswith(f"{id} right") or "Note" in text} == {}
