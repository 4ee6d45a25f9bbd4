"""Exercises that check themselves: check("1.1", answer), hint("1.1"), solution("1.1"), progress().

Each prints what it has to say and returns None, so that a cell can end with it.
"""

from helpers.checking import progress as _kept
from helpers.checking.checker import judge
from helpers.checking.showing import show_solution

from . import library
from .library import UnknownExercise, bank

__all__ = ["UnknownExercise", "bank", "check", "hint", "progress", "solution"]

_hints_given = {}


def check(id: str, answer) -> None:
    """Print the verdict on an answer: not attempted, wrong and by which known mistake, or right.

    Raises UnknownExercise (a ValueError) for an id that does not exist.
    """
    recording = library.recording(id)
    try:
        verdict = judge(recording, answer)
    except Exception as error:  # the last net: a lesson goes on even if the checker has a fault of its own
        return print(f"{id} could not be judged, by a fault of the checker's own ({type(error).__name__}).")
    print(verdict)
    _kept.note_verdict(verdict)


def hint(id: str) -> None:
    """Print the next hint for an exercise."""
    hints = library.recording(id).hints
    given = _hints_given.get(id, 0)
    if given == len(hints):
        held_back = library.is_held_back(id)
        further = "Your instructor has the solution." if held_back else f'solution("{id}") shows one way.'
        return print(f"No more hints for {id}: you have seen all {len(hints)}. {further}")
    _hints_given[id] = given + 1
    print(f"Hint {given + 1} of {len(hints)} for {id}: {hints[given]}")
    _kept.note_hint(id, given + 1)


def solution(id: str) -> None:
    """Print the reference solution of an exercise, and the reasoning behind it.

    In a copy that an instructor has handed out it says who holds the solution.
    """
    if library.is_held_back(id):
        return print(f'The solution of {id} is with your instructor. hint("{id}") gives the hints.')
    print(show_solution(library.exercise(id)))
    _kept.note_solution(id)


def progress() -> None:
    """Print what you have done so far, lesson by lesson."""
    entries = _kept.read()
    lessons = sorted({id.split(".")[0].zfill(2) for id in entries})
    shown = [id for lesson in lessons for id in library.ids(lesson)]
    print(_kept.report(entries, {id: library.recording(id) for id in shown}))
