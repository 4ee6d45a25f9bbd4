"""Where exercises and recordings are found by their id."""

import functools
import importlib
from pathlib import Path

from helpers.checking.recording import Recording, record

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"  # in a copy handed to students: <id>.json.gz instead of the banks
PACKED = ".json.gz"  # so that nobody reads by accident what is expected
SEED = 0


class UnknownExercise(ValueError):
    """No exercise of that id."""


@functools.cache
def lessons() -> tuple[str, ...]:
    """The lessons that have a bank: ("00", "01", …)."""
    banks = HERE.glob("lesson_[0-9][0-9]/exercises.py")
    return tuple(sorted(path.parent.name.removeprefix("lesson_") for path in banks))


@functools.cache
def bank(lesson: str | None = None) -> dict:
    """{id: Exercise} of one lesson ("01"), or of all. Imports the banks when first asked.

    Raises ValueError if two exercises have one id, or an id does not begin with its lesson's number.
    """
    if lesson is None:
        return {id: exercise for each in lessons() for id, exercise in bank(each).items()}
    found = {}
    for exercise in importlib.import_module(f"{__package__}.lesson_{lesson}.exercises").EXERCISES:
        exercise = exercise() if isinstance(exercise, type) else exercise
        if exercise.id in found:
            raise ValueError(f"two exercises have the id {exercise.id}")
        if _lesson_of(exercise.id) != lesson:
            raise ValueError(f"exercise {exercise.id} is in the bank of lesson {lesson}")
        found[exercise.id] = exercise
    return found


def exercise(id: str):
    """The Exercise of that id; raises UnknownExercise if this copy of the course has none."""
    lesson = _lesson_of(id)
    known = bank(lesson) if lesson in lessons() else {}
    if lesson is None or id not in known:
        raise UnknownExercise(_not_there(id))
    return known[id]


def recording(id: str) -> Recording:
    """The Recording of that id, from a file if there is one, else made now from the bank."""
    if _lesson_of(id) is None:
        raise UnknownExercise(_not_there(id))
    return _recording(id)


@functools.cache
def _recording(id):
    recorded = RECORDED / f"{id}{PACKED}"
    return Recording.load(recorded) if recorded.is_file() else record(exercise(id), SEED)


def is_held_back(id: str) -> bool:
    """Whether this copy of the course has the exercise without its solution."""
    return _lesson_of(id) is not None and (RECORDED / f"{id}{PACKED}").is_file()


def ids(lesson: str | None = None) -> list[str]:
    """All ids there are, or those of one lesson, in order."""
    recorded = (path.name.removesuffix(PACKED) for path in RECORDED.glob(f"*{PACKED}"))
    found = {id for id in recorded if lesson in (None, _lesson_of(id))}
    for each in lessons():
        if lesson in (None, each):
            found |= set(bank(each))
    return sorted(found, key=lambda id: [int(part) for part in id.split(".")])


def _lesson_of(id) -> str | None:
    """ "03" for "3.2", None for what is no id."""
    parts = id.split(".") if isinstance(id, str) else []
    return parts[0].zfill(2) if len(parts) == 2 and all(part.isdecimal() for part in parts) else None


def _not_there(id):
    lesson = _lesson_of(id)
    if lesson is None:
        return f'expected the id of an exercise as a text, such as "1.1"; got {id!r:.80}'
    if near := ids(lesson):
        return f"no exercise {id}; lesson {lesson} has {', '.join(near)}"
    return f"no exercise {id}; there are exercises in the lessons {', '.join(lessons()) or '(none)'}"
