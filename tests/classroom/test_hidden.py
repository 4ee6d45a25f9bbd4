"""The hidden tests: other inputs and further sizes than students see, types as the check has them, nothing told."""

import functools
import html
import re
from types import SimpleNamespace

import numpy as np
import pytest
import school
from answerbook import read

import helpers
from helpers.checking.checker import RIGHT, WRONG, judge
from helpers.checking.plain import settle
from helpers.checking.progress import EMPTY
from helpers.checking.recording import encode
from helpers.checking.running import run
from helpers.classroom import report
from helpers.classroom.grade import _verdict, recorded
from helpers.classroom.hidden import SEEDS, drawing_more, earned, for_students, hidden, judged
from helpers.lessons import library
from helpers.tuples import Tuple


def made(id, cell):
    """The function that a cell defines."""
    names = {"np": np} | {name: getattr(helpers, name) for name in helpers.__all__}
    exec(cell, names)
    return names[library.exercise(id).name]


def changed(id, change):
    """The solution, with a change of what it returns."""
    right = made(id, school.solved(id))
    return lambda *given: change(right(*given))


def came_back(id, answer):
    """As the sandbox gives it back."""
    return {name: encode(part) for name, part in vars(run(hidden(id), answer)).items()}


@pytest.mark.parametrize(
    ("id", "change", "note"),
    [
        ("7.2", np.ndarray.tolist, "Note: a list where an array of float64 is meant."),
        ("7.2", lambda row: row.astype(np.float32), "Note: an array of float32 where an array of float64 is meant."),
        ("7.2", lambda row: row.astype(object), None),
        ("12.1", lambda row: row.astype(np.float32), "Note: an array of float32 where an array of float64 is meant."),
        ("0.1", lambda y: np.array([[y]]), "Note: an array (1, 1) of float64 where a float is meant."),
    ],
)
def test_a_right_answer_of_another_type_has_the_note_of_the_check_or_is_wrong(id, change, note, capsys):
    answer = changed(id, change)
    entry = _verdict(id, came_back(id, answer))
    points = earned(id, answer, 2)
    if note:
        assert (entry.status, entry.share, points) == (RIGHT, 1, 2) and note in entry.said
        assert note in capsys.readouterr().out
    else:
        assert (entry.status, points) == (WRONG, 0) and "object" in entry.said
    assert _verdict(id, came_back(id, changed(id, lambda row: row))).said == ""


# What is drawn has the sizes of the functions that it is drawn for, and there are no others.
OF_A_FUNCTION = {"3.3", "3.5", "6.6", "18.3"}


def shapes(value):
    """The shapes of the arrays and nested lists in plain data."""
    if isinstance(value, np.ndarray):
        return value.shape
    return tuple(map(shapes, value)) if isinstance(value, list | tuple | Tuple) else ()


def shapes_drawn(exercise, *seeds):
    draws = (inputs for seed in seeds for inputs in exercise.cases(np.random.default_rng(seed)))
    return {tuple(shapes(settle(inputs[name])[0]) for name in exercise.arguments) for inputs in draws}


def test_a_hidden_test_has_all_that_is_drawn_for_it():
    recorded = {tuple(map(shapes, case.inputs.values())) for case in hidden("12.1").cases}
    assert recorded == shapes_drawn(drawing_more("12.1"), *SEEDS) > shapes_drawn(library.exercise("12.1"), library.SEED)


@pytest.mark.parametrize("id", [id for id, each in library.bank().items() if each.arguments is not None])
def test_where_shapes_are_drawn_the_hidden_tests_have_further_ones(id):
    seen, unseen = shapes_drawn(library.exercise(id), library.SEED), shapes_drawn(drawing_more(id), *SEEDS)
    assert seen <= unseen
    if len(seen) > 1 and id not in OF_A_FUNCTION:
        assert len(unseen - seen) >= 1


@pytest.mark.parametrize("lesson", library.lessons())
def test_every_right_answer_of_the_book_is_right_on_the_hidden_tests(lesson):
    with school.hidden_draws_without_mistakes():
        for id, verdict, lines in read(lesson):
            if verdict == "right" and library.exercise(id).arguments is not None:
                answer = made(id, "import math\nfrom fractions import Fraction\n" + school.mistaken(id, lines))
                assert str(judge(hidden(id), answer)).startswith(f"{id} right"), lines


LESSONS = ("14",)
each_lesson = pytest.mark.parametrize("lesson", LESSONS)


def in_few_characters(value):
    """The numbers of plain data as messages show them."""
    if isinstance(value, list | tuple):
        return {text for each in value for text in in_few_characters(each)}
    if isinstance(value, np.ndarray):
        return in_few_characters(value.ravel().tolist())
    return {f"{value:.6g}"} if isinstance(value, float) and value % 0.25 else set()


@functools.cache
def hidden_numbers(id):
    cases = hidden(id).cases
    return set().union(*(in_few_characters([*case.inputs.values(), case.expected]) for case in cases))


@each_lesson
def test_a_students_page_has_no_input_and_no_number_of_a_hidden_test(lesson):
    """For every wrong answer of the book; the instructor's says the same and where it was seen."""
    shown = 0
    for id, verdict, lines in read(lesson):
        if library.exercise(id).arguments is None or verdict == "right" or "R" in re.findall(r"\w+", "".join(lines)):
            continue
        names = "import math\nfrom fractions import Fraction\n"
        said = judged(id, run(hidden(id), made(id, names + school.mistaken(id, lines))))[0].message
        told = for_students(id, said)
        first = told.split("\n")[0]
        assert not re.search(r"\bFor \w+ (=|of shape)|off by", first), first
        assert not hidden_numbers(id) & set(re.findall(r"-?\d+\.\d+(?:e[+-]\d+)?", first)), first
        shown += told != said
    assert shown > 3


NOT_TOLD = (
    (lambda w, x, b, v, c: 0.5 * x.T, r"result\[0, \d\]: this value is not right \(3 of 3 entries are not right\)\."),
    (lambda w, x, b, v, c: w, r"expected a row \(1, 3\), got shape \(3, 1\), rows and columns the other way round\."),
    (lambda w, x, b, v, c: {}[w.sum()], r"your function raises KeyError: (np\.float64\()?…\)?\.\n    line \d+ of .*"),
    (lambda w, x, b, v, c: np.inf * x.T, r"result\[0, \d\]: -?inf where a finite number is expected\."),
)


@pytest.mark.parametrize(("answer", "told"), NOT_TOLD)
def test_the_students_page_says_what_is_wrong_without_the_numbers(answer, told):
    [id] = points = {"7.2": 3}
    entry = _verdict(id, came_back(id, answer))
    assert entry.said.startswith("For w of shape (3, 1), x of shape (3, 1), b of shape (1, 1), v of ")
    assert re.fullmatch(told, for_students(id, entry.said), re.S)
    assignment = SimpleNamespace(name="week", points=points)
    kept = recorded(EMPTY) | {"points": 0, "of": 3, "status": "wrong", "mistake": None, "said": entry.said}
    result = {"notes": [], "recorded": False, "exercises": {id: kept}}
    page = report.page_for("Ada", assignment, result)
    assert html.escape(for_students(id, entry.said)) in page and "For w" not in page
