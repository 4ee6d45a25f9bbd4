"""The small file that a student owns: what is kept, where not, and what happens to a damaged one."""

import json
import os
from types import SimpleNamespace

import pytest
from answering import COLUMN, FLOAT, Double, lesson_98

from helpers.checking.checker import Verdict
from helpers.checking.progress import EMPTY, note_verdict, report
from helpers.checking.recording import record
from helpers.lessons.exercises import check, hint, progress, solution

FILE = "my_progress.json"


@pytest.fixture(autouse=True)
def bank_98(monkeypatch, tmp_path):
    yield from lesson_98(monkeypatch, tmp_path)


@pytest.fixture
def in_lab(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/98.ipynb")


def entries():
    with open(FILE, encoding="utf-8") as file:
        return json.load(file)


def test_nothing_is_kept_outside_a_jupyter_server(capsys, tmp_path):
    check("98.1", lambda x: 2 * x)
    hint("98.1")
    solution("98.1")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_lies_there_is_not_read_outside_a_jupyter_server(monkeypatch, capsys, in_lab):
    check("98.1", lambda x: 2 * x)
    monkeypatch.delenv("JPY_SESSION_NAME")
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out == "Nothing attempted yet.\n"


def test_what_is_kept(in_lab, tmp_path):
    check("98.1", ...)  # not attempted: nothing to keep
    assert not os.path.exists(FILE)
    check("98.1", lambda x: 0.0)
    check("98.1", lambda x: x)
    check("98.1", lambda x: x)
    hint("98.1")
    hint("98.1")
    hint("98.1")
    check("98.1", lambda x: 2 * x)
    check("98.1", lambda x: x)
    solution("98.10")
    assert entries() == {
        "98.1": {
            "attempts": 5,
            "right": True,
            "verdicts": {"wrong: zero": 1, "wrong: factor 1/2": 3, "right": 1},
            "hints": 2,
            "solution": False,
        },
        "98.10": {"attempts": 0, "right": False, "verdicts": {}, "hints": 0, "solution": True},
    }
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_file_is_to_be_read_by_people(in_lab, tmp_path):
    note_verdict(Verdict("98.1", "wrong", "", "σ′ at the wrong point"))
    assert "σ′ at the wrong point" in (tmp_path / FILE).read_text(encoding="utf-8")


def test_progress_tells_it_lesson_by_lesson(in_lab, capsys):
    progress()
    check("98.1", lambda x: x)
    check("98.1", lambda x: 2 * x)
    hint("98.1")
    solution("98.10")
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out == (
        "Lesson 98: 1 of 2 right, 3 of 5 points\n"
        "    98.1 Twice: right, 2 attempts, 1 hint\n"
        "    98.10 Sizes: not attempted, solution seen\n"
    )


def test_one_attempt_is_one_and_two_hints_are_two(in_lab, capsys):
    check("98.10", {"a": (3, 2), "b": (3, 1)})
    hint("98.1")
    hint("98.1")
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out == (
        "Lesson 98: 0 of 2 right, 0 of 5 points\n"
        "    98.1 Twice: not attempted, 2 hints\n"
        "    98.10 Sizes: not right yet, 1 attempt\n"
    )


def test_lessons_stand_in_the_order_of_their_numbers_and_half_points_are_counted():
    recordings = {id: SimpleNamespace(title=f"T{id}", points=0.5) for id in ("10.1", "2.1", "2.2")}
    assert report({"2.2": EMPTY | {"right": True, "attempts": 1}}, recordings).splitlines() == [
        "Lesson 02: 1 of 2 right, 0.5 of 1 points",
        "    2.1 T2.1: not attempted",
        "    2.2 T2.2: right, 1 attempt",
        "Lesson 10: 0 of 1 right, 0 of 0.5 points",
        "    10.1 T10.1: not attempted",
    ]


def test_an_exercise_counts_one_point_unless_it_says_more():
    text = report(
        {"1.2": EMPTY | {"right": True, "attempts": 1}}, {"1.1": FLOAT, "1.2": COLUMN, "98.1": record(Double())}
    )
    assert text.splitlines()[0] == "Lesson 01: 1 of 2 right, 1 of 2 points"
    assert "Lesson 98: 0 of 1 right, 0 of 3 points" in text


def test_two_kernels_add_to_one_file(in_lab):
    check("98.1", lambda x: x)
    other = entries()
    other["98.10"] = {"attempts": 7, "right": True, "verdicts": {"right": 7}, "hints": 0, "solution": False}
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump(other, file)
    check("98.1", lambda x: x)
    assert (entries()["98.10"]["attempts"], entries()["98.1"]["attempts"]) == (7, 2)


def test_a_new_kernel_counts_hints_from_one_again_but_forgets_none(in_lab, monkeypatch):
    hint("98.1")
    hint("98.1")
    monkeypatch.setattr("helpers.lessons.exercises._hints_given", {})
    hint("98.1")
    assert entries()["98.1"]["hints"] == 2


def test_the_file_may_be_deleted_at_any_time(in_lab):
    check("98.1", lambda x: x)
    os.unlink(FILE)
    check("98.1", lambda x: x)
    assert entries()["98.1"]["attempts"] == 1


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"3",
        b'{"98.1": 3}',
        b'{"98.1": {}}',
        json.dumps({"98.10": EMPTY, "98.1": {}}).encode(),
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_moved_aside(damaged, in_lab, tmp_path, capsys):
    (tmp_path / FILE).write_bytes(damaged)
    check("98.1", lambda x: 2 * x)
    assert f"{FILE} could not be read. It is now called my_progress.damaged.json" in capsys.readouterr().out
    assert (tmp_path / "my_progress.damaged.json").read_bytes() == damaged
    assert entries()["98.1"]["attempts"] == 1


def test_where_nothing_can_be_written_it_says_so_once(in_lab, tmp_path, monkeypatch, capsys):
    def refuses(*_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.write_text", refuses)
    check("98.1", lambda x: x)
    check("98.1", lambda x: x)
    hint("98.1")
    out = capsys.readouterr().out
    assert out.count("progress is not kept") == 1
    assert out.count("98.1 wrong. Once only.") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_and_a_folder_that_is_gone(in_lab, tmp_path, monkeypatch, capsys):
    os.mkdir(FILE)
    check("98.1", lambda x: x)
    progress()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    check("98.1", lambda x: x)
    assert capsys.readouterr().out.count("98.1 wrong.") == 2


def test_a_file_that_cannot_be_read_is_not_overwritten(in_lab, monkeypatch):
    check("98.1", lambda x: x)
    before = entries()

    def refuses(*_, **__):
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.read_text", refuses)
        check("98.1", lambda x: x)
    assert entries() == before
