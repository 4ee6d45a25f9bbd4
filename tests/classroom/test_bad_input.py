"""Bad input to the two commands: one line that says what to do, an exit that is not 0, and nothing is lost."""

import shutil
import sqlite3

import pytest
import school

from helpers.classroom import report, sandbox
from helpers.classroom.__main__ import main
from helpers.classroom.grade import Assignment

pytest.importorskip("nbgrader", reason="make classroom-env adds it")
from helpers.classroom.release import choose, release


@pytest.fixture(scope="module")
def assigned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assignments")
    release(choose(exercises=["7.2"]), "week3", folder)
    return folder / "week3"


@pytest.fixture
def assignment(assigned, tmp_path):
    """A copy, with a submission beside it in tmp_path/in."""
    school.hand_in(tmp_path / "in", "Ada", school.stubs(assigned), {"7.2": school.solved("7.2")})
    return shutil.copytree(assigned, tmp_path / "week3")


def grade_it(assignment):
    more = [] if not sandbox.lacking() else ["--no-isolation"]
    place = str(assignment.parent / "in")
    return main(["grade", place, "--name", assignment.name, "--into", str(assignment.parent), *more])


def sql(*statements):
    def change(book):
        with sqlite3.connect(book) as opened:
            for statement in statements:
                opened.execute(statement)
        opened.close()

    return change


def flipped(book):
    data = bytearray(book.read_bytes())
    data[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    book.write_bytes(data)


def a_folder(book):
    book.unlink()
    book.mkdir()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda book: book.write_bytes(b"no gradebook " * 1000),
            "cannot be used as nbgrader's gradebook: file is not a",
        ),
        (lambda book: book.write_bytes(b""), "cannot be used as nbgrader's gradebook: no such table: alembic_version"),
        (lambda book: book.unlink(), "is not there: make release made it with week3"),
        (a_folder, "is not there: make release made it with week3"),
        (flipped, "cannot be used as nbgrader's gradebook: "),
        (lambda book: book.write_bytes(book.read_bytes()[:20_000]), "cannot be used as nbgrader's gradebook: "),
        (sql("alter table grade drop column auto_score"), "has no auto_score in its table grade: expected one of e43"),
        (sql("alter table student drop column lms_user_id"), "has no lms_user_id in its table student"),
        (sql("drop table comment"), "in its table comment"),
        (sql("drop table alembic_version"), "no such table: alembic_version"),
        (
            sql("update alembic_version set version_num = '0123456789ab'"),
            "is of version 0123456789ab, and this nbgrader",
        ),
        (sql("delete from alembic_version"), "is of version none, and this nbgrader"),
        (sql("update alembic_version set version_num = '724cde206c17'"), "nbgrader db upgrade in "),
        (sql("update assignment set name = 'week4'"), "has no points for 7.2: expected the one that make release made"),
        (sql("delete from grade_cells"), "has no points for 7.2"),
    ],
)
def test_a_gradebook_that_cannot_be_used_is_one_line_before_anything_is_graded(assignment, change, says, capsys):
    change(assignment / "gradebook.db")
    before = {path: path.read_bytes() for path in assignment.rglob("*") if path.is_file()}
    assert grade_it(assignment) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err and str(assignment / "gradebook.db") in err and "Nothing was graded" in err
    assert {path: path.read_bytes() for path in assignment.rglob("*") if path.is_file()} == before


def test_one_that_another_program_writes_in_is_one_line(assignment, capsys):
    with sqlite3.connect(assignment / "gradebook.db") as opened:
        opened.execute("begin immediate")
        assert grade_it(assignment) == 1
    opened.close()
    assert "database is locked" in capsys.readouterr().err
    assert grade_it(assignment) == 0


def test_one_that_breaks_while_it_is_written_leaves_the_reports(assignment, monkeypatch, capsys):
    monkeypatch.setattr(report, "check_gradebook", lambda _: None)
    sql("alter table grade drop column auto_score")(assignment / "gradebook.db")
    assert grade_it(assignment) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "could not be written ((sqlite3.OperationalError) table grade has no " in err
    assert (assignment / "students.csv").is_file() and (assignment / "report.html").is_file()


def test_a_gradebook_of_this_version_is_left_as_it_is(assignment):
    before = (assignment / "gradebook.db").read_bytes()
    report.check_gradebook(Assignment(assignment))
    assert (assignment / "gradebook.db").read_bytes() == before
    assert [path.name for path in assignment.iterdir() if "gradebook" in path.name] == ["gradebook.db"]


@pytest.mark.parametrize("points", ["inf", "-inf", "nan", "1e400", "0", "-3", "", "three", "3=4"])
def test_points_that_are_no_number_above_zero_are_refused(points, tmp_path, capsys):
    arguments = ["release", "--exercises", "7.2", "--points", f"7.2={points}", "--into", str(tmp_path)]
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), list(tmp_path.iterdir())) == ("", 1, [])
    assert "expected points" in err
