"""What students hand in, in their own idioms: each wrong answer gets the name that fits it, each right one passes.

The bank's own mistakes prove nothing about the bank: these answers are written without looking at it. How they are
written down says answerbook.py.
"""

import functools
import math
from fractions import Fraction

import numpy as np
import pytest
from answerbook import read

import helpers
from helpers.checking.checker import judge
from helpers.lessons import library
from helpers.lessons.mistakes import MISTAKES

ALL = [answer for lesson in library.lessons() for answer in read(lesson)]
each = pytest.mark.parametrize("id", library.bank())


@pytest.fixture(scope="module", autouse=True)
def imported():
    """Two answers use it, and its import may take as long as an answer may."""
    import sklearn.metrics  # noqa: F401


def handed_in(id, lines):
    """The answer as the student's cell makes it: a function, or a value."""
    exercise = library.exercise(id)
    names = {"np": np, "math": math, "Fraction": Fraction} | {name: getattr(helpers, name) for name in helpers.__all__}
    if exercise.arguments is None:
        names["R"] = exercise.solution()
    exec("\n".join([f"def {exercise.name}({', '.join(exercise.arguments or ())}):", *lines]), names)
    return names[exercise.name] if exercise.arguments is not None else names[exercise.name]()


@functools.cache
def known_messages(id):
    return {wrong.message for wrong in library.exercise(id).mistakes}


def fits(verdict, given, id):
    """Whether what was said of an answer is the verdict that its line asks for."""
    if verdict == "right" or given.status != "wrong":
        return verdict == given.status
    if verdict == "-":
        return given.message not in known_messages(id)
    return given.mistake == verdict.rstrip("?") or (given.mistake is None and (verdict == "none" or "?" in verdict))


@each
@pytest.mark.filterwarnings("ignore:the matrix subclass")  # a student may use it
def test_an_answer_gets_the_verdict_that_fits_it(id):
    misjudged = []
    for _, verdict, lines in (answer for answer in ALL if answer[0] == id):
        given = judge(library.recording(id), handed_in(id, lines))
        if not fits(verdict, given, id):
            misjudged.append("\n".join([f"{verdict} | ", *lines, f"but: {given.mistake}, {given}"]))
    assert not misjudged, "\n\n".join(misjudged)


def test_the_verdicts_are_names_of_mistakes():
    assert {verdict.removesuffix("?") for _, verdict, _ in ALL} <= {"right", "-", "none", *MISTAKES}


@each
def test_every_exercise_is_tried_by_many_students(id):
    verdicts = [verdict for other, verdict, _ in ALL if other == id]
    wrong = [verdict for verdict in verdicts if verdict != "right"]
    named = [verdict for verdict in wrong if verdict in MISTAKES]
    assert len(wrong) >= 12
    assert verdicts.count("right") >= 5
    assert len(named) >= 0.7 * len(wrong)


def test_most_wrong_answers_are_named():
    wrong = [verdict for _, verdict, _ in ALL if verdict != "right"]
    assert sum(verdict in MISTAKES for verdict in wrong) >= 0.85 * len(wrong)
