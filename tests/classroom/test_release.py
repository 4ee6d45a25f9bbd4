"""An assignment: what is in the zip for students and what is not, and that it works by itself."""

import gzip
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import datetime

import nbformat
import numpy as np
import pytest
import school
from answerbook import read

import helpers
from helpers.checking.recording import Recording
from helpers.checking.showing import solution_source
from helpers.classroom import hidden, sandbox, student_copy
from helpers.classroom.__main__ import main
from helpers.classroom.grade import grade
from helpers.classroom.release import choose, deadline, due_date, release
from helpers.lessons import library, syllabus

MetadataValidator = pytest.importorskip(
    "nbgrader.nbgraderformat", reason="make classroom-env adds it"
).MetadataValidator
LESSONS = library.lessons()
each_lesson = pytest.mark.parametrize("lesson", LESSONS)
# Runs each notebook's cells as a kernel does, and checks every exercise twice, untouched and solved; judges answers
# then. All with the helpers of the folder it is in.
RUNNER = """
import gc, json, sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
import helpers
assert Path(helpers.__file__).is_relative_to(Path.cwd().parent), helpers.__file__
from helpers.lessons import library
from helpers.checking.checker import judge
shell = InteractiveShell.instance()
for name, (solutions, tried) in json.load(sys.stdin).items():
    print("===== " + name)
    solved = []
    for cell in json.loads(Path(name).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()
        if "check" in cell["metadata"].get("tags", []):
            with redirect_stdout(StringIO()) as said:
                shell.run_cell(solutions[len(solved)]).raise_error()
                shell.run_cell("".join(cell["source"])).raise_error()
            solved.append(said.getvalue())
    print("-----")
    print(json.dumps(solved))
    print("-----")
    names = shell.user_ns | {name: getattr(helpers, name) for name in helpers.__all__}
    for id, code in tried:
        exec(code, names)
        verdict = judge(library.recording(id), names["answer"])
        print(json.dumps([id, verdict.status, verdict.mistake]))
    print("-----")
    helpers.solution(tried[0][0])
    for _ in range(1 + len(library.recording(tried[0][0]).hints)):
        helpers.hint(tried[0][0])
    gc.freeze()  # or each of the resets would look through all that the lessons before have left
    shell.reset()
"""


@pytest.fixture(scope="module", autouse=True)
def hidden_draws_without_mistakes():
    with school.hidden_draws_without_mistakes():
        yield


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """All lessons assigned: the course folder, with the zip unpacked in it."""
    folder = tmp_path_factory.mktemp("assignments")
    path = release(choose(LESSONS), "all", folder)
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder / "student")
    return folder


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def student_notebook(course, lesson):
    return course / "student" / "all" / "notebooks" / syllabus.notebook(int(lesson)).name


@each_lesson
def test_students_get_the_cells_of_the_lesson_and_one_that_says_what_is_assigned(course, lesson):
    given, own = cells(student_notebook(course, lesson)), cells(syllabus.notebook(int(lesson)))
    said = source(given.pop(1))
    assert said.startswith("**all**: exercises ") and all(f"{id} (" in said for id in library.ids(lesson))
    assert [(c["cell_type"], source(c)) for c in given] == [(c["cell_type"], source(c)) for c in own]
    assert [c.get("outputs") for c in given] == [c.get("outputs") for c in own]


def everything_in(course):
    """{name: text} of all files for students, the recordings unpacked, notebooks without their outputs."""
    found = {}
    for path in (course / "student" / "all").rglob("*"):
        if path.suffix == ".ipynb":
            found[path.name] = "\n".join(source(cell) for cell in cells(path))
        elif path.is_file() and path.suffix != ".npz":
            stored = path.read_bytes()
            found[str(path)] = (gzip.decompress(stored) if path.suffix == ".gz" else stored).decode("utf-8")
    return found


def squeezed(text):
    return "".join(text.split())


def test_no_line_of_a_solution_is_in_the_zip(course):
    """But those that stand in a lesson for everybody, such as a line of a program that is to be repaired."""
    texts = {name: squeezed(text) for name, text in everything_in(course).items()}
    lessons = "".join(text for name, text in texts.items() if name.endswith(".ipynb"))
    helped = "\n".join(text for name, text in texts.items() if not name.endswith(".ipynb"))
    tried = 0
    for exercise in library.bank().values():
        first = 0 if exercise.arguments is None else 1
        lines = map(squeezed, solution_source(exercise).splitlines()[first:])
        lines = [line for line in lines if len(line) >= 16 and line not in lessons]
        tried += len(lines)
        assert [line for line in lines if line in helped] == []
        assert squeezed(exercise.because) not in helped + lessons
    assert tried > 200


NOTHING_COMPUTED = re.compile(r"(for\b.*|else):|return \w+|\w+ = \w+")


@pytest.fixture(scope="module")
def told():
    """{lesson: the code of its notebook}, which everybody has who has the lesson, and {lesson: its helpers}."""
    notebooks = {lesson: nbformat.read(syllabus.notebook(int(lesson)), 4) for lesson in LESSONS}
    helped = {lesson: student_copy.files([notebook]) for lesson, notebook in notebooks.items()}
    code = {path: squeezed((syllabus.ROOT / path).read_text(encoding="utf-8"))
            for paths in helped.values() for path in paths if path.suffix == ".py"}  # fmt: skip
    said = {lesson: squeezed("\n".join(cell.source for cell in nb.cells)) for lesson, nb in notebooks.items()}
    return said, {lesson: {path: code[path] for path in paths if path in code} for lesson, paths in helped.items()}


@each_lesson
def test_no_line_of_a_solution_is_in_the_helpers_of_a_lesson_by_itself(told, lesson):
    """Of any exercise: a line may stand where the exercise's own lesson shows it, or the one that is released."""
    said, helped = told
    found = []
    for exercise in library.bank().values():
        first = 0 if exercise.arguments is None else 1
        for line in map(str.strip, solution_source(exercise).splitlines()[first:]):
            code = squeezed(line.split("  #")[0])
            if len(code) < 12 or NOTHING_COMPUTED.fullmatch(line):
                continue
            if code not in said[exercise.id.split(".")[0].zfill(2)] + said[lesson]:
                found += [(exercise.id, line, str(path)) for path, text in helped[lesson].items() if code in text]
    assert found == []


def test_no_hidden_test_and_no_bank_is_in_the_zip(course):
    texts = everything_in(course)
    assert not [name for name in texts if name.endswith("exercises.py") and "lesson_" in name]
    assert not [
        name for name, text in texts.items() if "earned(" in text or "hidden" in name or "BEGIN SOLUTION" in text
    ]
    assert not [name for name in texts if "/tests/" in name.replace(str(course), "")]


def answers(lesson):
    """[(id, code)]: of every exercise a right answer, and one that is a known mistake."""
    found = {}
    for id, verdict, lines in read(lesson):
        kind = "right" if verdict == "right" else "wrong" if verdict in library_mistakes(id) else ""
        if kind and (id, kind) not in found and "R" not in re.findall(r"\w+", "".join(lines)):
            exercise = library.exercise(id)
            body = "\n".join([f"def answer({', '.join(exercise.arguments or ())}):", *lines])
            call = "" if exercise.arguments is not None else "\nanswer = answer()"
            found[id, kind] = (id, f"import math\nfrom fractions import Fraction\n{body}{call}", verdict)
    return list(found.values())


def library_mistakes(id):
    return {wrong.name for wrong in library.exercise(id).mistakes}


@pytest.fixture(scope="module")
def ran(course):
    """{notebook: what it printed} of a copy whose exercises are solved on the way, with the verdicts on some answers;
    ran to its end by itself: no solution takes a name that a later cell needs."""
    tried = {student_notebook(course, lesson): answers(lesson) for lesson in LESSONS}
    solutions = [[solution_source(library.exercise(id)) for id in library.ids(lesson)] for lesson in LESSONS]
    folder = next(iter(tried)).parent
    run = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps(
            {
                path.name: (solved, [(id, code) for id, code, _ in found])
                for solved, (path, found) in zip(solutions, tried.items(), strict=True)
            }
        ),
        cwd=folder,
        env={"PYTHONPATH": str(folder.parent), "PATH": "/usr/bin:/bin", "HOME": str(course), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return dict(part.split("\n", 1) for part in run.stdout.split("===== ")[1:])


@each_lesson
def test_a_copy_runs_by_itself_and_its_checks_name_mistakes(course, ran, lesson):
    tried = answers(lesson)
    assert len(tried) >= len(library.ids(lesson))
    untouched, solved, verdicts, told = ran[student_notebook(course, lesson).name].split("-----\n")
    said = re.findall(r"^(\d+\.\d+) (not attempted yet|right|wrong)", untouched, re.M)
    assert {id for id, _ in said} >= set(library.ids(lesson))
    assert [id for id, status in said if status == "right" and id in library.ids(lesson)] == []
    for id, text in zip(library.ids(lesson), json.loads(solved), strict=True):
        assert text.startswith(f"{id} right") and "Note" not in text
    for line, (id, _, verdict) in zip(verdicts.splitlines(), tried, strict=True):
        expected = [id, "right", None] if verdict == "right" else [id, "wrong", verdict]
        assert json.loads(line) == expected
    assert "is with your instructor" in told
    assert re.search(r"Hint \d of", told) and told.endswith("Your instructor has the solution.\n")


@each_lesson
def test_with_the_solutions_put_in_every_point_is_earned(course, lesson):
    """And untouched none: the cells of the instructor's notebook, one exercise after the other."""
    path = course / "all" / "source" / "all" / syllabus.notebook(int(lesson)).name
    stub = None
    for cell in cells(path):
        marked = cell["metadata"].get("nbgrader")
        if not marked:
            continue
        if marked["solution"]:
            stub = source(cell)
            continue
        names = {"np": np} | {name: getattr(helpers, name) for name in helpers.__all__}
        exec(stub, names)
        *_, test, end = source(cell).split("\n")
        assert end == "### END HIDDEN TESTS"
        earned = eval(test, names | {"earned": hidden.earned})
        id = re.search(r'earned\("?\'?([\d.]+)', test)[1]
        assert earned == marked["points"] == library.exercise(id).points
        untouched = {"np": np}
        exec(stub.split("### BEGIN SOLUTION")[0], untouched)
        assert eval(test, untouched | {"earned": hidden.earned}) == 0


def test_every_exercise_of_the_course_can_be_graded_apart(course):
    """Through the sandbox: the solutions earn every point, and what nobody touched was not attempted."""
    class_ = course / "in"
    for student, answered in (("ada", True), ("blank", False)):
        (class_ / student).mkdir(parents=True)
        for lesson in LESSONS:
            name = syllabus.notebook(int(lesson)).name
            released = json.loads((course / "all" / "release" / "all" / name).read_text(encoding="utf-8"))
            made = school.notebook(released, {id: school.solved(id) for id in library.ids(lesson)} if answered else {})
            (class_ / student / name).write_text(json.dumps(made), encoding="utf-8")
    results = grade(course / "all", class_, isolated=not sandbox.lacking(), say=lambda _: None)
    assert results["ada"]["notes"] == results["blank"]["notes"] == []
    ada, blank = (results[student]["exercises"] for student in ("ada", "blank"))
    assert {id: entry["said"] for id, entry in ada.items() if entry["points"] != entry["of"]} == {}
    assert {id: entry["said"] for id, entry in blank.items() if entry["status"] != "not attempted"} == {}
    assert list(ada) == list(library.bank())


@each_lesson
def test_nbgrader_accepts_the_notebooks_and_every_graded_cell_has_points(course, lesson):
    for kind in ("source", "release"):
        notebook = nbformat.read(course / "all" / kind / "all" / syllabus.notebook(int(lesson)).name, 4)
        MetadataValidator().validate_nb(notebook)
        graded = [c.metadata.nbgrader for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
        assert [cell.points for cell in graded] == [library.exercise(id).points for id in library.ids(lesson)]


def test_a_selection_has_its_exercises_points_and_lessons_only(tmp_path):
    choice = choose(exercises=["7.2", "12.1"], points={"7.2": 5.0})
    path = release(choice, "week3", tmp_path, due_date("2026-12-01"))
    assert choice.points == {"7.2": 5.0, "12.1": library.exercise("12.1").points}
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        notebook = json.loads(packed.read(f"week3/notebooks/{syllabus.notebook(7).name}"))
        readme = packed.read("week3/README.md").decode("utf-8")
        packed.extractall(tmp_path / "student")
    kept = tmp_path / "student" / "week3" / "helpers" / "lessons" / "recorded"
    recorded = {id: Recording.load(kept / f"{id}.json.gz") for id in ("7.1", "7.2")}
    assert [name for name in names if name.endswith(".ipynb")] == [
        f"week3/notebooks/{syllabus.notebook(number).name}" for number in (7, 12)
    ]
    assert {
        name for name in names if "/lesson_" in name and not name.split("/lesson_")[1].startswith(("07", "12"))
    } == set()
    marked = [cell["metadata"]["nbgrader"] for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    assert [cell["grade_id"] for cell in marked] == ["exercise-7_2", "check-7_2"]
    assert marked[1]["points"] == 5
    said = "**week3**: exercises 7.2 (5 points). Due 2026-12-01 23:59. The others are for practice."
    assert source(notebook["cells"][1]) == said
    assert "Assigned are 7.2 (5 points) and 12.1 (" in readme and "Due 2026-12-01 23:59." in readme
    assert [(id, recorded[id].points) for id in ("7.1", "7.2")] == [("7.1", 0), ("7.2", 5)]
    assert {"week3/Makefile", "week3/environment.yml", "week3/pyproject.toml", "week3/README.md"} <= set(names)
    # The other exercises of the lesson are there for practice, and are no less held back.
    assert {f"week3/helpers/lessons/recorded/{id}.json.gz" for id in library.ids("07")} <= set(names)


def test_the_students_makefile_has_what_students_run_and_nothing_else(course):
    folder = course / "student" / "all"
    command = ["make", "-n", "lab", "ENV=current", "--no-print-directory"]
    mine = {name: value for name, value in os.environ.items() if name not in ("ARGS", "MAKEFLAGS")}  # make test's own
    done = subprocess.run(command, cwd=folder, env=mine, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("--ServerApp.root_dir=notebooks ")
    text = (folder / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^([a-z-]+):(?!=)", text, re.M) == list(student_copy.TARGETS)
    assert not re.search("nbgrader|jupyterhub|instructor|pytest|helpers.classroom.execute|hub|NB=|INTO=", text)


def test_the_same_choice_makes_the_same_zip(tmp_path):
    first, second = (release(choose(exercises=["3.1"]), name, tmp_path / name) for name in ("a", "b"))
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b:
        assert [n.removeprefix("a/") for n in a.namelist()] == [n.removeprefix("b/") for n in b.namelist()]
        differ = {n for n in a.namelist() if a.read(n) != b.read("b" + n.removeprefix("a"))}
    assert differ == {"a/README.md", f"a/notebooks/{syllabus.notebook(3).name}"}  # which have the name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((["99"],), "no lesson 99; there are 00, 01"),
        (((), ["7.99"]), r"no exercise 7\.99; lesson 07 has 7\.1, 7\.2"),
        (((), ["x"]), "no lesson 0x"),
        ((), "at least one lesson"),
        ((["07", "08"], ["7.1"]), "no exercise of lesson 08 is chosen"),
        ((["07"], (), {"8.1": 2.0}), r"points are given for 8\.1, which is not chosen"),
        ((["07"], (), {"7.1": 0.0}), r"expected points above 0 for 7\.1, got 0"),
    ],
)
def test_what_cannot_be_chosen_is_said(arguments, says):
    with pytest.raises(ValueError, match=says):
        choose(*arguments)


def test_a_failure_leaves_nothing_behind_and_a_folder_is_never_overwritten(tmp_path, monkeypatch):
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileExistsError, match="take another NAME"):
        release(choose(["00"]), "taken", tmp_path)
    with pytest.raises(ValueError, match="a name of letters"):
        release(choose(["00"]), "../elsewhere", tmp_path)
    monkeypatch.setattr("helpers.classroom.release._zip", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        release(choose(["00"]), "new", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize(
    ("given", "due", "said"),
    [
        ("2026-12-01T08:30", datetime(2026, 12, 1, 8, 30), " Due 2026-12-01 08:30."),
        ("2026-12-01", datetime(2026, 12, 1, 23, 59), " Due 2026-12-01 23:59."),
        (
            "2026-12-01T08:30+01:00",
            datetime.fromisoformat("2026-12-01T07:30+00:00"),
            " Due 2026-12-01 08:30 (UTC+0100).",
        ),
        (None, None, ""),
    ],
)
def test_a_due_date_without_a_time_is_the_end_of_the_day(given, due, said):
    assert due_date(given) == due and deadline(due_date(given)) == said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--lessons", "42"], "no lesson 42"),
        (["--lessons", "07", "--points", "7.1"], "expected points such as 7.2=3"),
        (["--lessons", "07", "--due", "tomorrow"], "expected a due date such as"),
        (["--lessons", "07,12"], "no lesson 07,12; there are 00, 01"),
        (["--lessons", "07,12"], "lessons stand apart by spaces"),
    ],
)
def test_the_command_says_one_line_and_fails(arguments, says, capsys, tmp_path):
    assert main(["release", *arguments, "--into", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert list(tmp_path.iterdir()) == []
