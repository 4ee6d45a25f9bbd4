"""The hidden test of an exercise: the same judge, on inputs that no student has seen.

A cell that nbgrader grades ends with `earned("7.2", answer, 2)`, a number, which is how nbgrader takes points in part.
"""

from helpers.checking.checker import judge
from helpers.checking.recording import record
from helpers.lessons import library

SEEDS = (101, 102, 103)  # other than those of the checks that students run


def verdicts(id, answer):
    """The verdict on an answer for each hidden draw of inputs."""
    return [judge(record(library.exercise(id), seed), answer) for seed in SEEDS]


def earned(id, answer, points):
    """The points that an answer earns: all if it is right on every hidden draw, else none. Prints the first fault."""
    wrong = next((verdict for verdict in verdicts(id, answer) if verdict.status != "right"), None)
    if wrong is None:
        return points
    print(wrong)
    return 0
