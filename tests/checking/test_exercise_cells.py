"""What a lesson's cells print: check, hint, solution; and where exercises are found."""

import pytest
from answering import Double, Sizes, lesson_98

from helpers.checking.recording import record
from helpers.checking.showing import solution_source
from helpers.lessons.exercises import UnknownExercise, bank, check, hint, library, progress, solution


@pytest.fixture(autouse=True)
def bank_98(monkeypatch, tmp_path):
    yield from lesson_98(monkeypatch, tmp_path)


def test_each_prints_and_returns_none(capsys):
    assert check("98.1", lambda x: 2 * x) is None
    assert hint("98.1") is None
    assert solution("98.1") is None
    assert progress() is None
    assert capsys.readouterr().out == (
        "98.1 right, on 1 input.\n"
        "Hint 1 of 2 for 98.1: Two.\n"
        "def double(x):\n    # added, not multiplied\n    y = x\n\n    return x + y\n\nTwice x is x + x.\n"
        "Nothing attempted yet.\n"
    )


def test_hints_run_out(capsys):
    for _ in range(3):
        hint("98.10")
    assert capsys.readouterr().out == (
        "Hint 1 of 2 for 98.10: Count.\n"
        "Hint 2 of 2 for 98.10: Again.\n"
        'No more hints for 98.10: you have seen all 2. solution("98.10") shows one way.\n'
    )


def test_the_solution_of_a_value_is_an_assignment(capsys):
    solution("98.10")
    out = capsys.readouterr().out
    assert out == 'sizes = {\n    "a": (2, 3),\n    "b": (3, 1),\n}\n\nThey are counted.\n'
    namespace = {}
    exec(out.split("\n\n")[0], namespace)
    assert namespace["sizes"] == Sizes().solution()


def test_only_the_first_return_becomes_the_assignment_and_the_first_def_the_students():
    class Proverb(Sizes):
        def solution(self):
            return "no return without a ticket"

    assert solution_source(Proverb()) == 'sizes = "no return without a ticket"'

    class Quoted(Double):
        def solution(self, x):
            return "def solution(self, x): ..."

    assert solution_source(Quoted()) == 'def double(x):\n    return "def solution(self, x): ..."'


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("98.2", r"no exercise 98\.2; lesson 98 has 98\.1, 98\.10"),
        ("97.1", r"no exercise 97\.1; there are exercises in the lessons 98"),
        ("x", "expected the id of an exercise as a text"),
        (98.1, "expected the id of an exercise as a text"),
        ([], "expected the id of an exercise as a text"),
        ("../1.1", "expected the id of an exercise as a text"),
    ],
)
def test_an_unknown_id_is_a_clear_error(id, words):
    for call in (lambda: check(id, 3), lambda: hint(id), lambda: solution(id)):
        with pytest.raises(UnknownExercise, match=words):
            call()
    assert issubclass(UnknownExercise, ValueError)


def test_a_bank_refuses_two_exercises_of_one_id_or_of_another_lesson(bank_98):
    assert list(bank()) == ["98.10", "98.1"]
    bank_98.EXERCISES = [Double, Double]
    library.bank.cache_clear()
    with pytest.raises(ValueError, match=r"two exercises have the id 98\.1"):
        bank()
    bank_98.EXERCISES = [type("Stray", (Double,), {"id": "9.1"})]
    library.bank.cache_clear()
    with pytest.raises(ValueError, match=r"exercise 9\.1 is in the bank of lesson 98"):
        bank("98")


def test_recorded_files_take_the_place_of_a_bank(monkeypatch, tmp_path, capsys, bank_98):
    record(Double()).save(tmp_path / "98.1.json.gz")
    monkeypatch.setattr(library, "RECORDED", tmp_path)
    monkeypatch.setattr(library, "lessons", lambda: [])
    check("98.1", lambda x: x)
    hint("98.1")
    assert capsys.readouterr().out == "98.1 wrong. Once only.\nSeen for x = 1.5.\nHint 1 of 2 for 98.1: Two.\n"
    assert library.ids() == ["98.1"]
    solution("98.1")
    assert "The solution of 98.1 is with your instructor." in capsys.readouterr().out
    with pytest.raises(UnknownExercise):
        solution("98.2")


def test_a_fault_of_the_checker_itself_does_not_stop_a_lesson(monkeypatch, capsys):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("helpers.lessons.exercises.judge", broken)
    check("98.1", 3)
    assert capsys.readouterr().out == "98.1 could not be judged, by a fault of the checker's own (ZeroDivisionError).\n"
