"""Make an assignment: an nbgrader course folder, and one zip for students. `python -m helpers.classroom release`.

The course folder holds the instructor's notebooks with the solutions and hidden tests (source), the same without them
(release), nbgrader's settings and its gradebook, so that nbgrader's own commands work in it. An exercise of a chosen
lesson that is not chosen itself stays in its notebook, for practice, without points.
"""

import copy
import os
import re
import sys
import tempfile
import zipfile
from datetime import datetime
from math import inf
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_markdown_cell

from helpers.checking.describe import listed
from helpers.checking.showing import solution_source
from helpers.classroom import student_copy
from helpers.classroom.execute import load
from helpers.lessons import library, syllabus

BEGIN, END = "### BEGIN {}", "### END {}"
CONFIG = """# Settings of nbgrader for this assignment; `nbgrader` commands are run in this folder.
c = get_config()
c.CourseDirectory.course_id = {name!r}
c.ClearSolutions.code_stub = {{"python": ""}}  # the stub stands above the solution, so nothing takes its place
c.ClearOutput.enabled = False  # pictures stay visible before a cell is run
"""


class Choice(NamedTuple):
    """What is assigned: {lesson: the ids that are graded}, and {id: points}."""

    graded: dict
    points: dict

    @property
    def ids(self):
        return [id for ids in self.graded.values() for id in ids]


def choose(lessons=(), exercises=(), points=None):
    """The Choice of lessons ("07" or "7"), or of some exercises in them ("7.2"; their lessons need not be named).

    points: {id: points} where an exercise is to earn other points than its own.

    Raises ValueError, with what there is, for lessons or exercises that are not there, for none at all, for points of
    an exercise that is not chosen, and for points that are no number above 0.
    """
    there, points = library.lessons(), points or {}
    named = [lesson.zfill(2) for lesson in lessons] + [id.split(".")[0].zfill(2) for id in exercises]
    if unknown := [lesson for lesson in named if lesson not in there]:
        hint = "; lessons stand apart by spaces" if "," in " ".join(unknown) else ""
        raise ValueError(f"no lesson {', '.join(unknown)}; there are {', '.join(there)}{hint}")
    if unknown := [id for id in exercises if id not in library.ids(id.split(".")[0].zfill(2))]:
        lesson = unknown[0].split(".")[0].zfill(2)
        raise ValueError(f"no exercise {unknown[0]}; lesson {lesson} has {', '.join(library.ids(lesson))}")
    if not named:
        raise ValueError("expected at least one lesson, LESSONS=07, or exercise, EXERCISES=7.2")
    graded = {
        lesson: [id for id in library.ids(lesson) if id in exercises or not exercises]
        for lesson in sorted(dict.fromkeys(named))
    }
    if empty := [lesson for lesson, ids in graded.items() if not ids]:
        raise ValueError(f"no exercise of lesson {', '.join(empty)} is chosen; leave the lesson out or name one of it")
    own = {id: library.exercise(id).points for ids in graded.values() for id in ids}
    if strange := [id for id in points if id not in own]:
        raise ValueError(f"points are given for {', '.join(strange)}, which is not chosen")
    if bad := [id for id, number in points.items() if not 0 < number < inf]:
        raise ValueError(f"expected points above 0 for {bad[0]}, got {points[bad[0]]:g}")
    return Choice(graded, own | points)


def source(lesson, choice):
    """The instructor's notebook: under each stub that is graded the solution, in its check a hidden test."""
    notebook = load(syllabus.notebook(int(lesson)).read_text(encoding="utf-8"))
    stub = None
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            stub = cell
        elif "check" in tags:
            id = re.search(r'check\("([\d.]+)"', cell.source)[1]
            if id in choice.graded[lesson]:
                number = id.replace(".", "_")
                _mark(stub, f"exercise-{number}", solution=True)
                stub.source = _with(stub.source, "SOLUTION", solution_source(library.exercise(id)))
                points = choice.points[id]
                _mark(cell, f"check-{number}", grade=True, locked=True, points=points)
                test = f"earned({id!r}, {library.exercise(id).name}, {points:g})"
                lines = f"from helpers.classroom.hidden import earned\n\n{test}"
                cell.source = _with(cell.source, "HIDDEN TESTS", lines)
    return notebook


def _with(cell_source, what, text):
    return "\n".join([cell_source, BEGIN.format(what), text, END.format(what)])


def _mark(cell, grade_id, *, grade=False, solution=False, locked=False, points=None):
    data = {"schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked}
    cell.metadata["nbgrader"] = data | {"task": False} | ({} if points is None else {"points": points})


def release(choice, name, into, due=None):
    """Write the course folder `into`/name with the zip for students in it; returns the path of the zip.

    Raises ValueError for a name that is none, FileExistsError where there is such a folder already: it may hold
    submissions. RuntimeError, with nbgrader's own words, where nbgrader refuses.
    """
    if not re.fullmatch(r"[\w-][\w.-]*", name):
        raise ValueError(f"expected a name of letters, digits, - and _, got {name!r}")
    folder = Path(into) / name
    if folder.exists():
        raise FileExistsError(f"{folder} is there already, perhaps with submissions; take another NAME or move it away")
    with tempfile.TemporaryDirectory(dir=_made(Path(into))) as temporary:  # all of it or nothing
        made = Path(temporary) / name
        _build(choice, name, made, due)
        made.rename(folder)
    return folder / f"{name}.zip"


def _made(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _build(choice, name, folder, due):
    sources = folder / "source" / name
    sources.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(name=name), encoding="utf-8")
    for lesson in choice.graded:
        notebook = source(lesson, choice)
        others = set(library.ids(lesson)) - set(choice.graded[lesson])
        said = f"**{name}**: exercises {with_points(choice.graded[lesson], choice.points)}.{deadline(due)}"
        said += " The others are for practice." if others else ""
        notebook.cells.insert(1, new_markdown_cell(said, id="assignment"))
        nbformat.write(notebook, sources / syllabus.notebook(int(lesson)).name)
    _by_nbgrader(folder, name, due)
    released = {
        lesson: _cleaned(nbformat.read(folder / "release" / name / syllabus.notebook(int(lesson)).name, 4))
        for lesson in choice.graded
    }
    for lesson, notebook in released.items():
        nbformat.write(notebook, folder / "release" / name / syllabus.notebook(int(lesson)).name)
    with tempfile.TemporaryDirectory() as temporary:
        said = f"Assigned are {with_points(choice.ids, choice.points)}.{deadline(due)}"
        student_copy.write(temporary, released, name, choice.points, said)
        _zip(Path(temporary), folder / f"{name}.zip", name)


def with_points(ids, points):
    """ "7.2 (3 points) and 12.1 (1 point)"."""
    return listed((f"{id} ({points[id]:g} point{'s' * (points[id] != 1)})" for id in ids), most=len(ids))


def deadline(due):
    """The sentence that says until when, with a space before it; nothing without a due date."""
    return f" Due {due:%Y-%m-%d %H:%M}{f' (UTC{due:%z})' if due.tzinfo else ''}." if due else ""


def _by_nbgrader(folder, name, due):
    """nbgrader's generate_assignment: release from source, and the gradebook."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    # nbgrader starts alembic, which is where this Python is.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    config.CourseDirectory.root = str(folder.resolve())
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    with Gradebook(api.coursedir.db_url, name) as gradebook:
        gradebook.update_or_create_assignment(name, duedate=due)
    told = api.generate_assignment(name, force=True)
    if not told["success"]:
        raise RuntimeError(f"nbgrader refuses the assignment: {told.get('log') or told.get('error')}")


def _cleaned(notebook):
    """The released notebook with cells as they stand in the lesson, without the empty lines that regions leave."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.source = cell.source.rstrip("\n")
    return notebook


def _zip(folder, path, name):
    """All files of a folder, in a folder of the assignment's name; the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", (2026, 1, 1, 0, 0, 0))
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)


def due_date(text):
    """A due date, "2026-12-01T23:59", or "2026-12-01", the end of that day. Raises ValueError for another form."""
    try:
        due = datetime.fromisoformat(text) if text else None
        return due.replace(hour=23, minute=59) if due and re.fullmatch(r"[\d-]+", text) else due
    except ValueError:
        raise ValueError(f'expected a due date such as "2026-12-01T23:59", got {text!r}') from None
