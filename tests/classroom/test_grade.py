"""A class is graded: what students hand in, in every form, honest and hostile; nobody costs anybody else anything."""

import csv
import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import school

from helpers.checking.recording import Recording
from helpers.classroom import cluster, report, sandbox
from helpers.classroom.__main__ import main
from helpers.classroom.grade import Assignment, _students_helpers, _verdict, filename, grade
from helpers.classroom.hidden import inputs_only, points_of
from helpers.classroom.slicing import needed
from helpers.classroom.submissions import collect
from helpers.lessons import library, syllabus
from helpers.lessons.mistakes import MISTAKES

pytest.importorskip("nbgrader", reason="make classroom-env adds it")
from helpers.classroom.release import choose, release

IDS = ("5.1", "5.3", "7.2")
FIVE, SEVEN = syllabus.notebook(5).name, syllabus.notebook(7).name
ISOLATED = not sandbox.lacking()


@pytest.fixture(scope="module")
def assigned(tmp_path_factory):
    """An assignment of three exercises in two lessons; the course folder."""
    folder = tmp_path_factory.mktemp("assignments")
    release(choose(exercises=IDS), "week3", folder)
    return folder / "week3"


@pytest.fixture
def assignment(assigned, tmp_path):
    """A copy of it, in which nothing is graded."""
    return shutil.copytree(assigned, tmp_path / "week3")


@pytest.fixture
def handed_in(assigned, tmp_path):
    """hand(student, answers, **more) writes a folder with both notebooks; hand.folder is the class's."""
    released = school.stubs(assigned)
    folder = tmp_path / "in"
    folder.mkdir()

    def hand(student, answers, change=lambda notebook: None, names=(FIVE, SEVEN)):
        school.hand_in(folder, student, {name: released[name] for name in names}, answers, change)

    hand.folder, hand.released = folder, released
    return hand


ALL_RIGHT = {id: school.solved(id) for id in IDS}
FULL = sum(library.exercise(id).points for id in IDS)


def total(result):
    return sum(entry["points"] for entry in result["exercises"].values())


def quiet(folder, place, **more):
    return grade(folder, place, say=lambda _: None, isolated=ISOLATED, **more)


def test_solutions_earn_all_and_blanks_nothing_and_nothing_is_changed(assignment, handed_in):
    handed_in("Ünal, Ada", ALL_RIGHT)
    handed_in("=cmd|'calc'!A0", {})
    before = {path: path.read_bytes() for path in handed_in.folder.rglob("*.ipynb")}
    results = quiet(assignment, handed_in.folder)
    assert {student: total(result) for student, result in results.items()} == {
        "=cmd|'calc'!A0": 0,
        "Ünal, Ada": FULL,
    }
    assert {entry["status"] for entry in results["Ünal, Ada"]["exercises"].values()} == {"right"}
    blank = results["=cmd|'calc'!A0"]["exercises"]
    assert {entry["status"] for entry in blank.values()} == {"not attempted"}
    assert {path: path.read_bytes() for path in handed_in.folder.rglob("*.ipynb")} == before


def moved_to_the_end(notebook):
    cells = notebook["cells"]
    for cell in [cell for cell in cells if "exercise" in cell["metadata"].get("tags", [])]:
        cells.remove(cell)
        cells.append(cell)


def without_metadata(notebook):
    for k, cell in enumerate(notebook["cells"]):
        cell["metadata"], cell["id"] = {}, f"other-{k}"


def doubled(notebook):
    notebook["cells"] += json.loads(json.dumps(notebook["cells"]))


def with_edited_checks(notebook):
    for cell in notebook["cells"]:
        if "check" in cell["metadata"].get("tags", []):
            cell["source"] = "earned = lambda *_: 100\nraise SystemExit"


def with_a_broken_cell(notebook):
    notebook["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": "this is no Python ((", "outputs": []})
    notebook["cells"].insert(1, {"cell_type": "code", "metadata": {}, "source": "1 / 0", "outputs": []})


def without_the_lessons_cells(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if "exercise" in c["metadata"].get("tags", [])]


@pytest.mark.parametrize(
    "change",
    [moved_to_the_end, without_metadata, doubled, with_edited_checks, with_a_broken_cell, without_the_lessons_cells],
)
def test_cells_are_put_right(assignment, handed_in, change):
    handed_in("somebody", ALL_RIGHT, change)
    assert total(quiet(assignment, handed_in.folder)["somebody"]) == FULL


def test_an_answer_may_use_cells_of_its_own(assignment, handed_in):
    """A helper in another cell, with a constant of a third; the same names stand in the lesson with other meanings."""
    own = school.solved("7.2").replace("def d_two_neurons_dw(", "def mine(")
    call = "def d_two_neurons_dw(*given):\n    return factor * mine(*given)"

    def change(notebook):
        if any("d_two_neurons_dw" in "".join(cell["source"]) for cell in notebook["cells"]):
            for source in (own, "import numpy as np\nfactor = np.ones((1, 1))[0, 0]", call):
                notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": source, "outputs": []})

    handed_in("somebody", {}, change)
    entries = quiet(assignment, handed_in.folder)["somebody"]["exercises"]
    assert entries["7.2"]["status"] == "right", entries["7.2"]["said"]


def test_what_an_answer_needs_is_found_by_names():
    released = ["import numpy as np", "W = np.eye(2)", "def f(x):\n    ..."]
    cells = [
        "import numpy as np",
        "W = np.eye(2)",
        "a = 2",
        "def g(x):\n    return a * x",
        "def f(x):\n    return g(W @ x)",
    ]
    assert needed("f", cells, released) == cells
    assert needed("f", cells[2:], released) == released[:2] + cells[2:]
    assert needed("h", cells, released) is None


def test_many_workers_read_cells_at_once(assigned):
    [cells] = [cells for lesson, cells in Assignment(assigned).cells.items() if lesson == "07"]
    mine = [[f"# {k}\n{cell}" for cell in cells] for k in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda own: [re.sub("^# .*\n", "", each) for each in needed("d_two_neurons_dw", own, cells)], mine)
        )
    assert all(each == found[0] for each in found) and found[0]


def test_files_may_be_named_by_student_and_lesson(assignment, handed_in, tmp_path):
    handed_in("x", ALL_RIGHT)
    flat = tmp_path / "flat"
    flat.mkdir()
    for name, short in ((FIVE, "alice_{}"), (SEVEN, "alice {}")):
        shutil.copy(handed_in.folder / "x" / name, flat / short.format(name))
    shutil.copy(handed_in.folder / "x" / SEVEN, flat / SEVEN.replace(".ipynb", "_Łukasz Żak.ipynb"))
    results = quiet(assignment, flat)
    assert list(results) == ["alice", "Łukasz Żak"]
    assert total(results["alice"]) == FULL
    assert results["Łukasz Żak"]["exercises"]["5.1"]["status"] == "missing"
    assert results["Łukasz Żak"]["notes"] == ["no notebook of lesson 05 was handed in"]


def test_what_is_no_notebook_or_another_or_there_twice_is_said(assignment, handed_in):
    handed_in("twice", {}, names=[FIVE, SEVEN])
    handed_in("twice", ALL_RIGHT, names=[SEVEN])
    (handed_in.folder / "twice" / "old").mkdir()
    shutil.copy(handed_in.folder / "twice" / FIVE, handed_in.folder / "twice" / "old" / FIVE)
    handed_in("twice", ALL_RIGHT, names=[FIVE])
    (handed_in.folder / "broken").mkdir()
    (handed_in.folder / "broken" / SEVEN).write_text('{"cells": [', encoding="utf-8")
    (handed_in.folder / "broken" / "essay.ipynb").write_text('{"cells": []}', encoding="utf-8")
    results = quiet(assignment, handed_in.folder)
    assert total(results["twice"]) == FULL
    assert results["twice"]["notes"] == [
        f"lesson 05 was handed in more than once, {FIVE} and old/{FIVE}: the better answer counts"
    ]
    assert total(results["broken"]) == 0
    assert f"{SEVEN} is no notebook that can be read" in results["broken"]["notes"]
    assert "essay.ipynb is no notebook of this assignment" in results["broken"]["notes"]
    said = results["broken"]["exercises"]["7.2"]["said"]
    assert said == f"no notebook of lesson 07; {SEVEN} is no notebook that can be read"


WRONG = "def d_two_neurons_dw(w, x, b, v, c):\n    return (v @ x).T\n"


def test_of_several_notebooks_of_a_lesson_the_better_answer_counts_to_each_exercise(assignment, handed_in):
    """Whichever comes first: a wrong answer does not hide a right one, nor a blank a wrong one."""

    def several(student, name, answers):
        for k, answer in enumerate(answers):
            handed_in(f"{student}/{k}", answer, names=[name])

    for turned in (1, -1):
        several(f"halves {turned}", FIVE, [{"5.1": ALL_RIGHT["5.1"]}, {"5.3": ALL_RIGHT["5.3"]}][::turned])
        several(f"right {turned}", SEVEN, [{"7.2": ALL_RIGHT["7.2"]}, {"7.2": WRONG}][::turned])
        several(f"wrong {turned}", SEVEN, [{}, {"7.2": WRONG}][::turned])
    results = quiet(assignment, handed_in.folder)
    status = {student: [e["status"] for e in result["exercises"].values()] for student, result in results.items()}
    for turned in (1, -1):
        assert status[f"halves {turned}"] == ["right", "right", "missing"]
        assert status[f"right {turned}"] == ["missing", "missing", "right"]
        assert status[f"wrong {turned}"] == ["missing", "missing", "wrong"]


def test_of_very_many_notebooks_of_a_lesson_some_are_graded(assignment, handed_in):
    for k in range(30):
        handed_in(f"somebody/{k:02}", ALL_RIGHT if k in (9, 20) else {}, names=[SEVEN])
    handed_in("another", {})
    result = quiet(assignment, handed_in.folder)["somebody"]
    assert "of 30 notebooks of lesson 07 the first 10 are graded" in result["notes"]
    assert result["exercises"]["7.2"]["status"] == "right"


def test_a_cell_that_is_no_python_is_told_where(assignment, handed_in):
    handed_in("somebody", {"7.2": "def d_two_neurons_dw(w, x, b, v, c)\n    return w\n"}, names=[SEVEN])
    said = quiet(assignment, handed_in.folder)["somebody"]["exercises"]["7.2"]["said"]
    assert said == "its cell cannot be read as Python: expected ':', in line 1 of the cell"


def test_a_zip_of_a_learning_platform(assignment, handed_in, tmp_path):
    handed_in("x", ALL_RIGHT)
    moodle = "_assignsubmission_file_/"
    files = {f"Ada Lovelace_123{moodle}{n}": (handed_in.folder / "x" / n).read_bytes() for n in (FIVE, SEVEN)}
    files["Ada Lovelace_123_assignsubmission_onlinetext_/onlinetext.html"] = "<p>Please be kind</p>"
    files[f"Bob_124{moodle}mine.zip"] = school.packed({SEVEN: (handed_in.folder / "x" / SEVEN).read_bytes()})
    (tmp_path / "all.zip").write_bytes(school.packed(files))
    results = quiet(assignment, tmp_path / "all.zip")
    assert {student: total(result) for student, result in results.items()} == {
        "Ada Lovelace_123": FULL,
        "Bob_124": library.exercise("7.2").points,
    }


def with_constants(monkeypatch, folder, *changes):
    """From now on what runs in the sandbox has other constants, each (its line, the line in its place)."""
    text = sandbox.INSIDE.read_text()
    for constant, value in changes:
        assert constant in text
        text = text.replace(constant, value)
    (folder / "inside.py").write_text(text)
    monkeypatch.setattr(sandbox, "INSIDE", folder / "inside.py")


@pytest.mark.skipif(not ISOLATED, reason="bwrap and prlimit are not there")
def test_hostile_answers_cost_their_own_points_and_harm_nobody(assignment, handed_in, tmp_path, monkeypatch):
    """Each has 2 s instead of 5, and is killed after 5 instead of 10."""
    hurried = lambda id: Recording(**vars(inputs_only(id)) | {"seconds": 2.0})
    monkeypatch.setattr("helpers.classroom.grade.inputs_only", hurried)
    with_constants(monkeypatch, tmp_path, ("GRACE = 5", "GRACE = 0"))
    for name, body in school.HOSTILE.items():
        handed_in(name, ALL_RIGHT | {"5.1": "def path_contributions(t):\n    " + body.format(root=tmp_path)})
    handed_in("honest", ALL_RIGHT)
    assert os.path.exists(library.__file__) and (tmp_path / "in" / "honest" / SEVEN).exists()
    before = set(os.listdir(tempfile.gettempdir()))
    results = quiet(assignment, handed_in.folder, workers=4)  # most of them wait for the end of their time
    assert total(results["honest"]) == FULL
    for student in school.HOSTILE:
        entry = results[student]["exercises"]["5.1"]
        assert (entry["points"], entry["status"]) == (0, "wrong"), (student, entry)
        assert entry["said"] and len(entry["said"]) < 5000
        assert total(results[student]) == FULL - library.exercise("5.1").points, (student, results[student])
    assert not (tmp_path / "written").exists() and not os.path.exists("/usr/written")
    for student in ("reads the sources", "reads another's work"):
        assert "[Errno 2] No such file" in results[student]["exercises"]["5.1"]["said"]
    for student in ("tells another form", "tells a text", "tells of a probe"):
        assert "nothing that can be judged" in results[student]["exercises"]["5.1"]["said"]
    made = set(os.listdir(tempfile.gettempdir())) - before
    assert not [name for name in made if (Path(tempfile.gettempdir()) / name / "d").exists()]
    report.write(Assignment(assignment), results)


def came_back(id, body, helpers_folder, isolated=True):
    """What the sandbox gives back for an exercise whose answer has these lines."""
    exercise = library.exercise(id)
    cell = f"def {exercise.name}({', '.join(exercise.arguments)}):\n{textwrap.indent(textwrap.dedent(body), '    ')}"
    job = {id: {"name": exercise.name, "cells": [cell], "seconds": exercise.seconds}}
    return sandbox.answers(job, {id: inputs_only(id)}, helpers_folder, isolated)[id]


@pytest.mark.skipif(not ISOLATED, reason="bwrap and prlimit are not there")
def test_an_answer_has_no_rights_whoever_grades(assigned):
    """Root could make writable what is shown, and set what holds for the whole machine. Nothing is written here."""
    helpers_folder = _students_helpers((assigned / "week3.zip").read_bytes(), "week3")
    got = came_back(
        "5.1",
        """
        import ctypes, os
        libc, done = ctypes.CDLL(None), []
        for new in (0, 0x10000000 | 0x20000):  # as it is, and in namespaces of its own
            if new:
                libc.unshare(new)
            for place in (b"/course", b"/proc", b"/dev", b"/usr", b"/"):
                if libc.mount(None, place, None, 0x20 | 0x1000, None) == 0:
                    done.append(place)
        for path in ("/course/helpers/written", "/dev/written", "/dev/shm/written", "/written", "/usr/written"):
            try:
                open(path, "w")
                done.append(path)
            except OSError:
                pass
        for path in ("/proc/sys/kernel/core_pattern", "/proc/1/fd/1", "/proc/1/mem", f"/proc/{os.getppid()}/fd/3"):
            try:
                os.open(path, os.O_RDWR)
                done.append(path)
            except OSError:
                pass
        raise ValueError(f"done: {done}")
        """,
        helpers_folder,
    )
    assert {raised["Raised"][1] for raised in got["results"]["tuple"]} == {"done: []"}
    assert not (helpers_folder / "helpers" / "written").exists()


@pytest.mark.skipif(not sandbox.lacking() and not sandbox._limit_of_size(), reason="bwrap cannot limit a folder")
@pytest.mark.skipif(not ISOLATED, reason="bwrap and prlimit are not there")
def test_what_an_answer_writes_in_all_is_limited_and_costs_those_after_it_no_room(assigned):
    helpers_folder = _students_helpers((assigned / "week3.zip").read_bytes(), "week3")
    fills = (
        "def path_contributions(t):\n    for k in range(99):\n        open(f'{t} {k}', 'wb').write(bytes(4 * 10**7))"
    )
    needs = "def velocity(t):\n    open('x', 'wb').write(bytes(10**7))\n    raise ValueError('there is room')"
    job = {
        id: {"name": library.exercise(id).name, "cells": [cell], "seconds": 5.0}
        for id, cell in (("5.1", fills), ("5.3", needs))
    }
    got = sandbox.answers(job, {id: inputs_only(id) for id in job}, helpers_folder)
    assert "No space left" in json.dumps(got["5.1"]) and "there is room" in json.dumps(got["5.3"])


def test_an_answer_that_is_not_isolated_leaves_no_folder_either(assigned, tmp_path, monkeypatch):
    helpers_folder = _students_helpers((assigned / "week3.zip").read_bytes(), "week3")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    nests = "import os\nfor _ in range(300):\n    os.mkdir('d')\n    os.chdir('d')\nraise ValueError('nested')"
    try:
        assert "nested" in json.dumps(came_back("5.1", nests, helpers_folder, isolated=False))
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["rm", "-rf", tmp_path])  # pytest's own way does not go so deep


@pytest.mark.skipif(not ISOLATED, reason="bwrap and prlimit are not there")
def test_a_sandbox_that_does_not_begin_is_no_answers_fault(tmp_path):
    with pytest.raises(RuntimeError, match="did not begin: ModuleNotFoundError: No module named 'helpers'"):
        came_back("5.1", "return 0", tmp_path)
    with pytest.raises(RuntimeError, match="did not begin: bwrap: Can't find source path"):
        came_back("5.1", "return 0", tmp_path / "nowhere")


GIVEN = {
    "value": {"value": 1.0, "notes": []},
    "kinds": {"results": {"tuple": [{"Case": [1, 2, 3]}]}},
    "an array of objects": {"results": {"tuple": [{"array": ["O", [1], "0000000000000000"]}]}},
    "an array of dates": {"results": {"tuple": [{"array": ["<M8[s]", [1], "0000000000000000"]}]}},
    "an array of fields": {"results": {"tuple": [{"array": [[["a", "<f8"]], [1], "0000000000000000"]}]}},
    "lines that are none": {"results": {"tuple": []}, "stopped": {"list": [1]}},
    "an exception of numbers": {"results": {"tuple": [{"Raised": [1, 2, 3]}]}},
    "too few results": {"results": {"tuple": [1.0]}},
    "notes that are none": {"results": {"tuple": []}, "notes": 5},
    "results that are none": {"results": 5},
    "a field that is none": {"other": 1},
    "a number": 5,
    "nothing": None,
    "an error that is none": {"error": {"a": ["b"]}},
    "a very large number": {"results": {"tuple": [{"list": [10**400, 1, 1]}] * 9}},
}


@pytest.mark.parametrize("given", GIVEN)
def test_whatever_comes_back_has_a_verdict(given):
    verdict = _verdict("5.1", GIVEN[given])
    assert (verdict.status, verdict.share) == ("wrong", 0) and type(verdict.said) is str and verdict.said


def test_names_and_texts_that_no_file_can_hold_are_made_readable(assignment, handed_in, tmp_path, capsys):
    """A folder from a system with Latin-1 names, and a cell that raises half of a character."""
    handed_in("x", {"7.2": "raise ValueError('\\ud800')\n" + ALL_RIGHT["7.2"]}, names=[SEVEN])
    place = os.fsencode(tmp_path) + b"/latin"
    try:
        shutil.copytree(os.fsencode(handed_in.folder / "x"), place + b"/M\xfcller")
    except OSError:
        pytest.skip("this file system takes no such names")
    shutil.copytree(handed_in.folder / "x", tmp_path / "latin" / "Müller", dirs_exist_ok=True)
    more = [] if ISOLATED else ["--no-isolation"]
    where = ["grade", str(tmp_path / "latin"), "--name", "week3", "--into", str(assignment.parent)]
    assert main([*where, *more]) == 0, capsys.readouterr().err
    [muller] = [each for each in collect(tmp_path / "latin").submissions if each.student == "Müller"]
    assert list(muller.files) == [SEVEN, f"1 {SEVEN}"]
    said = (assignment / "answers.csv").read_text(encoding="utf-8-sig")
    assert "a cell that it needs fails: ValueError: ?" in said


def test_a_run_that_was_stopped_goes_on_and_a_new_version_is_graded_again(assignment, handed_in, monkeypatch):
    handed_in("a", ALL_RIGHT)
    handed_in("b", {})
    said = []
    grade(assignment, handed_in.folder, isolated=ISOLATED, say=said.append)
    kept = assignment / "graded" / f"{filename('a')}.json"
    kept.unlink()  # as if it had been stopped before a
    (assignment / "graded" / f"{filename('b')}.json.new").write_text("{", encoding="utf-8")
    said.clear()
    grade(assignment, handed_in.folder, isolated=ISOLATED, say=said.append)
    assert said == ["1 of 2 are graded already", f"2 of 2: a, {FULL:g} points"]
    handed_in("b", ALL_RIGHT)
    said.clear()
    results = grade(assignment, handed_in.folder, isolated=ISOLATED, say=said.append)
    assert said == ["1 of 2 are graded already", f"2 of 2: b, {FULL:g} points"]
    assert total(results["b"]) == FULL
    monkeypatch.setattr(cluster, "version", lambda: "a newer course, which may judge otherwise")
    said.clear()
    grade(assignment, handed_in.folder, isolated=ISOLATED, say=said.append)
    assert len(said) == 2 and "already" not in said[0]


def test_points_are_given_in_part_in_halves():
    assert [points_of(share, 3) for share in (0, 0.3, 0.5, 0.9, 1)] == [0, 0.5, 1.5, 2.5, 3]


def class_of_twenty(hand):
    """8 right, 5 with the sign wrong, 3 doubled, 2 blank, 2 of no shape."""
    right = school.solved("7.2")
    changed = lambda factor: (
        right.replace("def d_two_neurons_dw(", "def mine(")
        + (f"\n\ndef d_two_neurons_dw(*given):\n    return {factor} * mine(*given)")
    )
    answers = [right] * 8 + [changed("-1.0")] * 5 + [changed("2.0")] * 3 + [None] * 2 + [WRONG] * 2
    for k, answer in enumerate(answers):
        hand(f"student {k:02}", {} if answer is None else {"7.2": answer}, names=[SEVEN])


def test_the_report_shows_the_mistakes_in_the_shares_in_which_they_were_made(assignment, handed_in):
    class_of_twenty(handed_in)
    met = {"right": 1, "wrong: sign": 2, "wrong: z for n": 1}
    (handed_in.folder / "student 00" / "my_progress.json").write_text(
        json.dumps({"7.2": {"attempts": 4, "right": True, "verdicts": met, "hints": 1, "solution": True}}),
        encoding="utf-8",
    )
    results = quiet(assignment, handed_in.folder)
    made = report.mistakes("7.2", results)
    assert (made["sign"], made["factor 2"]) == (5, 3)
    everyone = report.met_on_the_way("7.2", results)
    assert (everyone["sign"], everyone["z for n"]) == (6, 1) and "z for n" not in made
    page = report.overview(Assignment(assignment), results)
    assert re.search(r"<td>25 %</td><td>30 %</td><td>sign</td>", page)
    assert re.search(r"<td>0 %</td><td>5 %</td><td>z for n</td>", page)
    assert "25 % sign" in page and "15 % factor 2" in page
    assert "8 (40\N{NO-BREAK SPACE}%)" in page
    of_one, of_another = (
        report.page_for(student, Assignment(assignment), results[student]) for student in ("student 08", "student 00")
    )
    said = results["student 08"]["exercises"]["7.2"]["said"]  # several mistakes have this name, and this was made
    section = report._section("7.2", said)
    assert section.startswith("lesson 07") and f"<td>{section}</td>" in of_one and section not in of_another
    assert f"<td>{html.escape(said)}</td><td>{html.escape(section)}</td>" in page
    assert f"<td>{html.escape(MISTAKES['z for n'])}</td>" in page  # only met on the way
    assert re.search(r"<td>10 %</td><td></td><td>\(no name\)</td>", page)
    assert "<td>4.0</td><td>1.0</td><td>1</td>" in page  # of the one who handed in a record
    assert "<img" in page and 'alt=""' not in page
    report.write(Assignment(assignment), results)
    rows = list(csv.reader((assignment / "answers.csv").read_text(encoding="utf-8-sig").splitlines()))
    own = dict(zip(rows[0], next(row for row in rows if row[:2] == ["student 00", "7.2"]), strict=True))
    assert (own["attempts"], own["hints"], own["solution seen"], own["status"]) == ("4", "1", "yes", "right")
    assert own["met on the way"] == "sign 2; z for n 1"
    without = dict(zip(rows[0], next(row for row in rows if row[:2] == ["student 01", "7.2"]), strict=True))
    assert (without["attempts"], without["hints"], without["solution seen"]) == ("", "", "")
    totals = list(csv.reader((assignment / "students.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert totals[0] == ["student", "points", "of", *IDS, "page", "unusual"]
    first, points = totals[1], library.exercise("7.2").points
    assert first[:6] == ["student 00", f"{points:g}", f"{FULL:g}", "0", "0", f"{points:g}"]
    assert first[6] == f"feedback/{filename('student 00')}.html" and "no notebook of lesson 05" in first[7]


WRITTEN_INTO = [
    {"attempts": "many", "verdicts": ["sign"], "hints": -1, "solution": "<b>"},
    {"attempts": 1e300, "verdicts": {"wrong: <script>": 3, "wrong: sign": "x"}, "hints": None, "solution": 1},
    {"attempts": True, "verdicts": None, "hints": 10**400, "solution": []},
]


@pytest.mark.parametrize("entry", WRITTEN_INTO)
def test_a_record_that_a_student_wrote_into_counts_nothing(assignment, handed_in, entry):
    handed_in("Ada", ALL_RIGHT)
    entry = {"7.2": {"right": True} | entry}
    (handed_in.folder / "Ada" / "my_progress.json").write_text(json.dumps(entry), encoding="utf-8")
    results = quiet(assignment, handed_in.folder)
    own = results["Ada"]["exercises"]["7.2"]
    assert (own["attempts"], own["met"], own["hints"], own["solution"]) == (0, {}, 0, False)
    assert "script" not in report.overview(Assignment(assignment), results)


def test_what_students_wrote_is_escaped(assignment, tmp_path):
    entry = {"points": 0, "of": 3, "status": "wrong", "mistake": None, "said": "<script>x</script>", "attempts": 0,
             "met": {}, "hints": 0, "solution": False}  # fmt: skip
    results = {
        "<b>=1+1": {"notes": ["<i>"], "recorded": True, "exercises": {id: entry for id in IDS}},
        "=1+1": {"notes": [], "recorded": False, "exercises": {id: entry | {"said": "@SUM(A1)"} for id in IDS}},
    }
    page = report.page_for("<b>=1+1", Assignment(assignment), results["<b>=1+1"])
    assert "<script>x" not in page and "<b>=" not in page and "<i>" not in page
    report.write_answers(results, tmp_path / "g.csv")
    cells = [
        cell for row in csv.reader((tmp_path / "g.csv").read_text(encoding="utf-8-sig").splitlines()) for cell in row
    ]
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")]


def test_the_command_grades_reports_and_fills_nbgraders_gradebook(assignment, handed_in, capsys):
    handed_in("Ada", ALL_RIGHT)
    handed_in("Bob", {"7.2": ALL_RIGHT["7.2"]})
    more = [] if ISOLATED else ["--no-isolation"]
    for _ in range(2):  # twice the same
        arguments = ["grade", str(handed_in.folder), "--name", "week3", "--into", str(assignment.parent), *more]
        assert main(arguments) == 0
    assert "2 of 2 are graded already" in capsys.readouterr().out
    with sqlite3.connect(assignment / "gradebook.db") as book:
        scores = book.execute("select sum(auto_score) from grade").fetchone()[0]
    assert scores == FULL + library.exercise("7.2").points
    assert len(list((assignment / "feedback").iterdir())) == 2
    feedback = (assignment / "feedback" / f"{filename('Bob')}.html").read_text(encoding="utf-8")
    assert f"{library.exercise('7.2').points:g} of {FULL:g} points" in feedback


@pytest.mark.parametrize(
    ("place", "name", "says"),
    [
        ("nowhere", "week3", "no folder or zip"),
        (".", "week9", "no assignment in"),
        ("empty", "week3", "nothing was handed in"),
        ("", "week3", "which submissions? make grade SUBMISSIONS=folder-or-zip NAME=week3"),
        ("empty", "", "which assignment? make grade SUBMISSIONS=folder-or-zip NAME=week3"),
        ("one.ipynb", "week3", "expected a folder or a zip with what a class handed in, got the file one.ipynb"),
        ("empty", "week3 --workers 0", "expected a number of workers, 1 or more, got 0"),
        ("empty", "week3 --workers two", "expected a number of workers, 1 or more, got two"),
        ("empty", "week3 --isolation maybe", "expected ISOLATION=no, or nothing, got maybe"),
    ],
)
def test_what_cannot_be_graded_is_one_line(assignment, tmp_path, place, name, says, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "one.ipynb").write_text("{}", encoding="utf-8")
    more = [] if ISOLATED else ["--no-isolation"]
    place = place and str(tmp_path / place)
    name, *given = name.split(" ")
    assert main(["grade", place, "--name", name, "--into", str(assignment.parent), *more, *given]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1) and says in err


def test_a_run_that_is_interrupted_keeps_what_is_begun_and_says_that_it_goes_on(assignment, handed_in):
    """What waits is not begun, and nothing that was graded is thrown away."""
    for student in "abcdefgh":
        handed_in(student, {})
    lines = []

    def interrupted(line):
        lines.append(line)
        if len(lines) == 1:
            raise KeyboardInterrupt

    with pytest.raises(RuntimeError, match="are graded and kept, and the same command goes on") as stopped:
        grade(assignment, handed_in.folder, isolated=ISOLATED, say=interrupted, workers=1)
    assert lines[0].startswith("1 of 8: ") and lines[1].startswith("stopping: ")
    kept = len(list((assignment / "graded").iterdir()))
    assert 1 <= kept <= 3 and f"stopped: {kept} of 8 " in str(stopped.value)
    lines[:] = ["no more interruptions"]
    results = grade(assignment, handed_in.folder, isolated=ISOLATED, say=interrupted)
    assert lines[1] == f"{kept} of 8 are graded already" and len(lines) == 2 + 8 - kept
    assert list(results) == list("abcdefgh")


def test_without_isolation_it_says_what_is_lacking(assignment, handed_in, monkeypatch):
    handed_in("Ada", ALL_RIGHT)
    monkeypatch.setattr(sandbox, "lacking", lambda: ["bwrap"])
    with pytest.raises(RuntimeError, match=r"bwrap is lacking.*--no-isolation"):
        grade(assignment, handed_in.folder)
    assert total(grade(assignment, handed_in.folder, isolated=False, say=print)["Ada"]) == FULL


@pytest.mark.skipif(not ISOLATED, reason="bwrap and prlimit are not there")
@pytest.mark.parametrize(
    "gigabytes, body, reason",
    [
        # An ordinary user meets the limit of the system first.
        (4, "import os\nwhile True: os.fork()", "started more than 64 processes|temporarily unavailable"),
        (
            0.1,
            "import os\nos.fork()\na = b'x' * 5 * 10**7\nwhile True: pass",
            "took more than 0.1 GB of memory together",
        ),
        (4, "import os\nos._exit(3)", "it did not come back: it ended Python"),
        (
            4,
            "import time\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass",
            "it ran longer than 5.5 s",
        ),
    ],
    ids=["processes", "memory", "exit", "time"],
)
def test_what_is_stopped_is_told_why(assigned, gigabytes, body, reason, tmp_path, monkeypatch):
    """Root's processes are counted by no limit of the system, and memory is limited by it for each alone."""
    most = ("MEMORY_GB, PROCESSES = 4", f"MEMORY_GB, PROCESSES = {gigabytes}")
    with_constants(monkeypatch, tmp_path, most, ("GRACE = 5", "GRACE = .5"))
    helpers_folder = _students_helpers((assigned / "week3.zip").read_bytes(), "week3")
    verdict = _verdict("5.1", came_back("5.1", body, helpers_folder))
    assert verdict.status == "wrong" and re.search(reason, verdict.said), verdict
