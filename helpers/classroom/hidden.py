"""The hidden test of an exercise: the same judge, on inputs that no student has seen.

A cell that nbgrader grades ends with `earned("7.2", answer, 2)`, a number, which is how nbgrader takes points in part.
"""

import re
from copy import copy
from functools import cache
from math import floor
from types import EllipsisType

from helpers.checking.checker import RIGHT, judge, judge_run
from helpers.checking.describe import summary
from helpers.checking.naming import divided
from helpers.checking.plain import settle
from helpers.checking.recording import Case, Recording, record
from helpers.checking.running import Run, run, untouched
from helpers.lessons import library

SEEDS = (101, 102, 103)  # other than those of the checks that students run
NUMBER = r"-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)"
FLOAT = r"(?<![\w.])-?\d+\.\d*(?:e[+-]?\d+)?(?!\w)"
GIVEN = rf"(?:{NUMBER}|\({NUMBER}[+-][^ )]*j\)|True|False|a very large int|\"[^\"]*\")"


def drawing_more(id):
    """A copy of the exercise, that also draws what students never see."""
    exercise = copy(library.exercise(id))
    exercise.draws_more = True
    return exercise


@cache
def hidden(id):
    """The Recording of an exercise with the cases of all hidden draws."""
    drawn = [record(drawing_more(id), seed) for seed in SEEDS]
    if drawn[0].arguments is None:
        return drawn[0]
    return Recording(**vars(drawn[0]) | {"cases": tuple(case for each in drawn for case in each.cases)})


def inputs_only(id):
    """The same without what is expected, for the process in which an answer runs."""
    recording = hidden(id)
    cases = tuple(Case(case.inputs, None, ()) for case in recording.cases)
    return Recording(**vars(recording) | {"cases": cases, "mistakes": (), "hints": (), "because": ""})


def judged(id, given):
    """(the verdict, the share of the points) of an answer: a Run for a function, plain data for a value."""
    recording = hidden(id)
    is_run = isinstance(given, Run)
    verdict = judge_run(recording, given) if is_run else judge(recording, given)
    if verdict.status == RIGHT:
        return verdict, 1.0
    results = given.results if is_run else (given,)
    if verdict.mistake == "measured" or len(results) != len(recording.cases) or isinstance(given, EllipsisType):
        return verdict, 0.0
    parts = divided(recording, results)
    return verdict, sum(part.is_right for part in parts.values()) / len(parts)


def for_students(id, said):
    """What is said of an answer without a hidden input and the numbers that it gave; the mistake stays."""
    for case in hidden(id).cases:
        before, found, after = said.partition(f"For {summary(case.inputs)}: ")
        if found:
            first, *lines = after.split("\n")  # the others are lines of the student's own code
            first = re.sub(rf"{GIVEN} is (?:off by {NUMBER}|not right)", "this value is not right", first)
            return before + "\n".join([re.sub(FLOAT, "…", first), *lines])
    return said


def points_of(share, points):
    """The points for a share of an answer, in halves, rounded down."""
    return points if share == 1 else floor(2 * share * points) / 2


def earned(id, answer, points):
    """The points that an answer earns on the hidden draws; prints what is wrong with it."""
    if untouched(answer):
        return 0
    recording = hidden(id)
    verdict, share = judged(id, settle(answer)[0] if recording.arguments is None else run(recording, answer))
    if verdict.status != RIGHT:
        print(f"{id} {verdict.status}. {for_students(id, verdict.message)}")
    elif verdict.details:
        print(verdict)  # right, and a note on what is unusual, such as a type
    return points_of(share, points)
