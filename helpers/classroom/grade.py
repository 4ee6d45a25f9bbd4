"""Grade a class: every exercise of every submission by itself, apart from everything else.

The student's function is found by its name, wherever it stands in the notebook, and runs with the cells that it needs;
the rest of the assignment comes from the release. So a cell that was deleted, moved, doubled or edited costs nothing,
and a cell that fails costs only what needs it. What is graded is kept, one file a student, so that a run that was
stopped goes on where it was.
"""

import hashlib
import io
import json
import re
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import nbformat
import numpy as np

from helpers.checking.describe import listed
from helpers.checking.plain import Raised, Strange
from helpers.checking.progress import EMPTY
from helpers.checking.recording import decode
from helpers.checking.running import Run
from helpers.classroom import cluster, sandbox
from helpers.classroom.hidden import hidden, inputs_only, judged, points_of
from helpers.classroom.slicing import in_pieces, needed, where_unreadable
from helpers.classroom.submissions import PROGRESS, UNREADABLE, code_cells, collect, readable
from helpers.lessons import library
from helpers.lessons.mistakes import MISTAKES
from helpers.tuples import Tuple

PREPARING = Lock()
LONGEST = 4000  # characters of what is said of an answer
MOST = 10  # notebooks of one lesson that are graded: each may take the time of all its exercises


class Assignment:
    """A released assignment: its folder, its lessons' cells, and {id: points}."""

    def __init__(self, folder):
        self.folder, self.name = Path(folder), Path(folder).name
        release = self.folder / "release" / self.name
        if not release.is_dir():
            raise FileNotFoundError(f"no assignment in {folder}: expected {release}; make release makes one")
        self.cells, self.points = {}, {}
        for path in sorted(release.glob("*.ipynb")):
            notebook = nbformat.read(path, 4)
            self.cells[path.stem[:2]] = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
            for cell in notebook.cells:
                marked = cell.metadata.get("nbgrader", {})
                if marked.get("grade"):
                    self.points[marked["grade_id"].removeprefix("check-").replace("_", ".")] = marked["points"]

    def ids(self, lesson):
        return [id for id in self.points if id.split(".")[0].zfill(2) == lesson]


# --- one submission ----------------------------------------------------------------------------------------------


def graded(assignment, isolated, packed, submission):
    """What is kept of a submission: {"notes": […], "exercises": {id: entry}}; `packed` are the bytes of the zip."""
    with PREPARING:  # once in a process: references run with warnings off, which is a setting of all its threads
        helpers_folder = _students_helpers(packed, assignment.name)
        for id in assignment.points:
            hidden(id)
    notebooks, notes = _by_lesson(assignment, submission)
    run = lambda job: sandbox.answers(job, {id: inputs_only(id) for id in job}, helpers_folder, isolated) if job else {}
    best = {}
    for turn in range(max(map(len, notebooks.values()))):  # of several notebooks of a lesson, one in each turn
        sources = {lesson: several[turn] for lesson, several in notebooks.items() if turn < len(several)}
        for id, verdict in _verdicts(assignment, sources, notes, run).items():
            best[id] = max(best.get(id, verdict), verdict, key=lambda each: (each.share, each.status == "wrong"))
    progress, entries = _progress(submission), {}
    for id, points in assignment.points.items():
        status, mistake, said, share = best[id]
        entries[id] = {
            "points": points_of(share, points), "of": points, "status": status, "mistake": mistake,
            "said": readable(said[:LONGEST]),
        } | recorded((progress or {}).get(id, EMPTY))  # fmt: skip
    return {"notes": [*submission.notes, *notes], "exercises": entries, "recorded": progress is not None}


def _verdicts(assignment, sources, notes, run):
    """{id: Judged} of one notebook a lesson; sources: {lesson: its code cells, or None where there is no notebook}."""
    job, verdicts = {}, {}
    for lesson, cells in sources.items():
        for id in assignment.ids(lesson):
            name = library.exercise(id).name
            code = needed(name, cells or [], assignment.cells[lesson])
            if code is None:
                verdicts[id] = _without_a_cell(name, lesson, cells, notes)
            else:
                job[id] = {"name": name, "cells": code, "seconds": library.exercise(id).seconds}
    return verdicts | {id: _verdict(id, came_back) for id, came_back in run(job).items()}


class Judged(NamedTuple):
    """What an answer earned: its status, the named mistake or None, what is said of it, its share of the points."""

    status: str
    mistake: str | None
    said: str
    share: float


def _by_lesson(assignment, submission):
    """({lesson: [the sources of the code cells of each notebook of it, or None where there is none]}, notes)."""
    found, notes = {lesson: [] for lesson in assignment.cells}, []
    for path, data in submission.files.items():
        if not path.endswith(".ipynb"):
            continue
        try:
            cells = code_cells(data, path)
        except ValueError as error:
            notes.append(str(error))
            continue
        lesson = _lesson(assignment, path, cells)
        if lesson is None:
            notes.append(f"{path} is no notebook of this assignment")
        else:
            found[lesson].append((path, cells))
    for lesson, several in found.items():
        if len(several) > MOST:
            notes.append(f"of {len(several)} notebooks of lesson {lesson} the first {MOST} are graded")
            del several[MOST:]
        if len(several) > 1:
            paths = listed(path for path, _ in several)
            notes.append(f"lesson {lesson} was handed in more than once, {paths}: the better answer counts")
        elif not several:
            notes.append(f"no notebook of lesson {lesson} was handed in")
    return {lesson: [cells for _, cells in several] or [None] for lesson, several in found.items()}, notes


def _lesson(assignment, path, cells):
    """The lesson whose checks a notebook has, or whose number its name begins with; None if it is none of these."""
    text = "\n".join(cells)
    hits = {
        lesson: sum(bool(re.search(rf'check\(\s*["\']{re.escape(id)}["\']', text)) for id in assignment.ids(lesson))
        for lesson in assignment.cells
    }
    best = max(hits, key=hits.get)
    if hits[best]:
        return best
    named = re.search(r"(\d\d)_[a-z]", path.rsplit("/", 1)[-1])
    return named[1] if named and named[1] in assignment.cells else None


def _progress(submission):
    """What my_progress.json says, {id: entry}; None where there is none, or another thing."""
    for path, data in submission.files.items():
        if re.fullmatch(rf"{PROGRESS}\b.*\.json", path.rsplit("/", 1)[-1]):  # also "my_progress (1).json"
            try:
                entries = json.loads(data)
                return {id: entry for id, entry in entries.items() if entry.keys() == EMPTY.keys()}
            except (ValueError, AttributeError, RecursionError):
                return None
    return None


def recorded(entry):
    """What a student's record says of an exercise, as far as it is one: anybody can write into it.

    {"attempts": …, "met": {named mistake: how often}, "hints": …, "solution": whether it was shown}
    """
    count = lambda value: value if type(value) is int and 0 <= value < 10**6 else 0
    verdicts = entry["verdicts"].items() if type(entry["verdicts"]) is dict else ()
    met = {label.removeprefix("wrong: "): count(times) for label, times in verdicts}
    return {
        "attempts": count(entry["attempts"]),
        "met": {name: times for name, times in met.items() if times and name in MISTAKES},
        "hints": count(entry["hints"]),
        "solution": entry["solution"] is True,
    }


def _without_a_cell(name, lesson, sources, notes):
    if sources is None:
        unread = [note for note in notes if note.endswith(UNREADABLE)]
        return Judged("missing", None, "; ".join([f"no notebook of lesson {lesson}", *unread]), 0.0)
    for source in sources:
        if re.search(rf"\b{re.escape(name)}\b\s*[(=]", source) and not in_pieces(source, whole=True):
            return Judged("wrong", None, f"its cell cannot be read as Python{where_unreadable(source)}", 0.0)
    return Judged("missing", None, f"no cell defines {name}", 0.0)


def _verdict(id, came_back):
    """Judged of what the sandbox gave back."""
    if came_back == {}:
        return Judged("wrong", None, "it did not come back: it ended Python, took too long, or asked for too much", 0.0)
    try:
        for key, what in (("ended", "it did not come back"), ("error", "a cell that it needs fails")):
            if key in came_back:
                return Judged("wrong", None, f"{what}: {str(came_back[key])[:400]}", 0.0)
        if came_back.get("untouched"):
            return Judged("not attempted", None, "", 0.0)
        verdict, share = judged(id, _given(came_back))
    except Exception as error:  # an answer can write what it wants into its result, for the judge to stumble over
        name = type(error).__name__
        return Judged("wrong", None, f"what came back is nothing that can be judged ({name})", 0.0)
    parts = f" ({share:.0%} of its parts are right)" if 0 < share < 1 else ""
    said = " ".join(verdict.details) if verdict.status == "right" else verdict.message + parts
    return Judged(verdict.status, verdict.mistake, said, share)


def _given(came_back):
    """The value or the Run that came back. Raises TypeError for what no answer gives, and others for no such JSON."""
    decoded = {name: decode(part) for name, part in came_back.items() if name != "notes" or "value" not in came_back}
    given = decoded["value"] if "value" in decoded else Run(**decoded)
    if isinstance(given, Run):
        texts = (given.printed, given.stopped, *given.notes)
        if type(given.results) is not tuple or not all(type(text) is str for text in texts):
            raise TypeError
    if not all(map(_is_plain, decoded.values())):
        raise TypeError
    return given


def _is_plain(value):
    """Whether it is as `settle` leaves it, or what an answer raised."""
    if isinstance(value, dict):
        return all(map(_is_plain, [*value.keys(), *value.values()]))
    if isinstance(value, list | tuple | Tuple):
        return all(map(_is_plain, value))
    if isinstance(value, Raised | Strange):
        return all(type(part) is str for part in vars(value).values())
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufcU"
    return value is None or value is ... or isinstance(value, bool | int | float | complex | str)


# --- the class -----------------------------------------------------------------------------------------------------


def grade(folder, place, *, workers=2, isolated=True, scheduler=None, say=print):
    """Grade all submissions in `place` for the assignment in `folder`; {student: what is kept}, in order.

    So many `workers` at a time on this machine, or by those of a Dask scheduler, "tcp://host:port". What is kept goes
    to folder/graded, and is used again as long as the submission is the same.
    Raises RuntimeError where isolation is asked for and this system has none, and for a scheduler that cannot do it.
    """
    if isolated and not scheduler and (missing := sandbox.lacking()):
        raise RuntimeError(
            f"submissions cannot be run apart here: {', '.join(missing)} is lacking. Install it, or say "
            "ISOLATION=no (--no-isolation without make): then what students wrote runs as you, and can read and write "
            "what you can"
        )
    assignment, (handed_in, left_out) = Assignment(folder), collect(place)
    for line in left_out:
        say(line)
    kept = assignment.folder / "graded"
    kept.mkdir(exist_ok=True)
    results, fingerprints, waiting = {}, {}, []
    for submission in handed_in:
        fingerprints[submission.student] = _fingerprint(submission, assignment)
        old = _read(kept / f"{filename(submission.student)}.json")
        if old and old["fingerprint"] == fingerprints[submission.student]:
            results[submission.student] = old
        else:
            waiting.append(submission)
    if results:
        say(f"{len(results)} of {len(handed_in)} are graded already")
    others = {path.name for path in kept.glob("*.json")} - {f"{filename(student)}.json" for student in fingerprints}
    if others:
        say(f"{len(others)} who were graded before are not in {place}: the reports leave them out")
    packed = (assignment.folder / f"{assignment.name}.zip").read_bytes()
    work = partial(graded, assignment, isolated)

    def keep(submission, result):
        student = submission.student
        result |= {"student": student, "fingerprint": fingerprints[student]}
        _write(kept / f"{filename(student)}.json", json.dumps(result, indent=1, ensure_ascii=False))
        results[student] = result

    def grade_here(submission):  # what keeps it is not the loop below, which Ctrl-C may end at any place
        keep(submission, work(packed, submission))

    ready, stopped = len(results), False
    with ThreadPoolExecutor(workers) as pool:
        try:
            if scheduler and waiting:
                finished = cluster.finished(scheduler, work, packed, waiting, isolated)
            else:
                finished = _finished_here(pool, grade_here, waiting)
            for done, (submission, result, lost) in enumerate(finished, ready + 1):
                student = submission.student
                if lost:
                    results[student] = _not_graded(assignment, lost)
                elif result:
                    keep(submission, result)
                say(f"{done} of {len(handed_in)}: {student}, {total(results[student]):g} points")
        except KeyboardInterrupt:
            stopped = True
            say("stopping: what is being graded now is finished first, and kept")
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if stopped:
        count = sum(bool(result["fingerprint"]) for result in results.values())
        raise RuntimeError(
            f"stopped: {count} of {len(handed_in)} are graded and kept, and the same command goes on with the others"
        )
    return {submission.student: results[submission.student] for submission in handed_in}


def total(result, key="points"):
    """A student's points, or with "of" those of the assignment."""
    return sum(entry[key] for entry in result["exercises"].values())


def _finished_here(pool, grade_here, submissions):
    """As cluster.finished, on this machine, and what is graded is kept already.

    Threads are enough, because every submission has processes of its own.
    """
    tasks = {pool.submit(grade_here, each): each for each in submissions}
    for task in as_completed(tasks):
        error = task.exception()
        yield tasks[task], None, f"{type(error).__name__}: {error}" if error else ""


def _not_graded(assignment, why):
    """What stands for a submission that could not be graded: it costs the others nothing, and is tried again."""
    zero = {"points": 0, "status": "not graded", "mistake": None} | recorded(EMPTY)
    said = readable(f"by a fault of the grading itself ({why})")
    entries = {id: zero | {"of": points, "said": said} for id, points in assignment.points.items()}
    return {"notes": [said], "exercises": entries, "recorded": False, "fingerprint": ""}


def _write(path, text):
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


@cache
def _unpacked(packed):
    folder = tempfile.TemporaryDirectory()  # kept, and so removed, with the process
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        files.extractall(folder.name)
    return folder


def _students_helpers(packed, name):
    """The folder of the students' helpers, unpacked once in a process."""
    return Path(_unpacked(packed).name) / name


def filename(student):
    """A file's name for a student, whatever the student's name is."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"


def _fingerprint(submission, assignment):
    """What a grade depends on, as a short text."""
    whole = hashlib.sha256(repr((cluster.version(), assignment.points, submission.notes)).encode())
    for path, data in sorted(submission.files.items()):
        whole.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    return whole.hexdigest()


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
