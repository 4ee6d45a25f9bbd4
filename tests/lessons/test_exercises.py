"""Every exercise of every lesson: what its bank promises, and what its notebook shows of it."""

import ast
import functools
import json
import re

import numpy as np
import pytest
from hostile import AlwaysEqual, EndlessArray, Lazy, Liar, LyingArray, LyingFloat

import helpers
from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Factor
from helpers.checking.recording import Recording, record
from helpers.checking.showing import solution_source
from helpers.lessons import library, syllabus
from helpers.lessons.mistakes import MISTAKES
from helpers.tuples import Tuple

NOTEBOOKS = {f"{number:02}": syllabus.notebook(number) for number in syllabus.written()}
SEEDS = range(5)
each = pytest.mark.parametrize("id", library.bank())


@functools.cache
def recorded(id, seed=library.SEED):
    return record(library.exercise(id), seed)


def lesson_of(id):
    return id.split(".")[0].zfill(2)


@functools.cache
def cells(lesson):
    """The (kind, source, tags) of a lesson's cells."""
    notebook = json.loads(NOTEBOOKS[lesson].read_text(encoding="utf-8"))
    return [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])) for cell in notebook["cells"]
    ]


def checks(lesson):
    """{id: (source of the stub's cell, source of the answer in the check)} of a lesson's notebook."""
    found, stub = {}, None
    for kind, source, tags in cells(lesson):
        if kind == "code" and "exercise" in tags:
            stub = source
        elif kind == "code" and "check" in tags:
            call = next(
                node
                for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "check"
            )
            found[ast.literal_eval(call.args[0])] = (stub, ast.unparse(call.args[1]))
            stub = None
    return found


def headings(lesson):
    markdown = "\n".join(source for kind, source, _ in cells(lesson) if kind == "markdown")
    return {heading.strip() for heading in re.findall(r"^#+ (.*)$", markdown, re.MULTILINE)}


def namespace():
    """What a lesson has at hand."""
    return {"np": np} | {name: getattr(helpers, name) for name in helpers.__all__}


# --- the lessons --------------------------------------------------------------------------------------------


def test_there_are_lessons_and_each_has_three_exercises():
    assert NOTEBOOKS
    assert {lesson: len(library.bank(lesson)) for lesson in library.lessons()}.keys() == NOTEBOOKS.keys()
    assert all(len(library.bank(lesson)) >= 3 for lesson in library.lessons())


@pytest.mark.parametrize("lesson", NOTEBOOKS)
def test_a_lesson_checks_its_exercises_each_once_and_in_order(lesson):
    assert list(checks(lesson)) == library.ids(lesson)


@each
def test_the_untouched_stub_is_not_attempted(id):
    stub, answer = checks(lesson_of(id))[id]
    names = namespace()
    exec(stub, names)
    assert answer == library.exercise(id).name
    assert str(judge(recorded(id), names[answer])) == f"{id} not attempted yet. Replace the ... and run both cells."


@each
def test_headings_that_messages_point_to_exist(id):
    exercise = library.exercise(id)
    texts = [*exercise.hints, exercise.because, *(wrong.message for wrong in exercise.mistakes)]
    named = {
        name for text in texts for name in re.findall(r"\b(?:see|read|in|under|of) '([A-Z0-9].*?)'(?!\w)", text, re.I)
    }
    assert named <= headings(lesson_of(id))


# --- the banks ----------------------------------------------------------------------------------------------


@each
def test_an_exercise_is_complete(id):
    exercise = library.exercise(id)
    assert exercise.title and exercise.because
    assert exercise.points >= 1
    assert exercise.name.isidentifier()
    assert len(exercise.hints) >= 2
    assert len(exercise.mistakes) >= 4
    assert len({wrong.message for wrong in exercise.mistakes}) == len(exercise.mistakes)
    assert {wrong.name for wrong in exercise.mistakes} <= set(MISTAKES)
    assert exercise.arguments is None or len(recorded(id).cases) > 1


@each
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_is_right_and_each_mistake_earns_its_own_message(id, seed):
    exercise, recording = library.exercise(id), recorded(id, seed)

    def handed_in(function):
        return function if exercise.arguments is not None else function()

    verdict = judge(recording, handed_in(exercise.solution))
    assert (verdict.status, verdict.details) == ("right", ())
    for wrong in exercise.mistakes:
        verdict = judge(recording, handed_in(wrong.function))
        assert (verdict.status, verdict.message, verdict.mistake) == ("wrong", wrong.message, wrong.name)


@each
def test_the_solution_that_is_shown_is_right(id):
    names = namespace()
    exec(solution_source(library.exercise(id)), names)
    assert judge(recorded(id), names[library.exercise(id).name]).status == "right"


@each
def test_a_recording_from_a_file_gives_the_same_verdicts(id, tmp_path):
    exercise, recording = library.exercise(id), recorded(id)
    recording.save(tmp_path / "r.json")
    loaded = Recording.load(tmp_path / "r.json")
    for function in (exercise.solution, *(wrong.function for wrong in exercise.mistakes)):
        answer = function if exercise.arguments is not None else function()
        assert judge(loaded, answer) == judge(recording, answer)


@each
def test_hints_and_messages_do_not_contain_the_solution(id):
    exercise = library.exercise(id)
    lines = [line.strip() for line in solution_source(exercise).splitlines()[1:]]
    if exercise.arguments is not None:
        lines = [line.removeprefix("return ") for line in lines if line.startswith("return ")]
    told = "".join("".join([*exercise.hints, *(wrong.message for wrong in exercise.mistakes)]).split())
    for line in lines:
        assert len(line) < 12 or "".join(line.split()) not in told


# --- wrong answers that nobody foresaw ----------------------------------------------------------------------


def changed(value, change):
    """The value with `change` applied to its arrays and floats; ints, texts and the rest stay."""
    if type(value) in (list, tuple, Tuple):
        return type(value)(changed(item, change) for item in value)
    if type(value) is dict:
        return {key: changed(item, change) for key, item in value.items()}
    if type(value) is float:
        return float(change(np.array([[value]]))[0, 0])
    return change(value) if type(value) is np.ndarray and value.dtype == float else value


def largest_entry_off(array):
    array = array.copy()
    at = np.unravel_index(np.argmax(np.abs(array)), array.shape)
    array[at] = array[at] * (1 + 1e-6) or 1e-6
    return array


def far_off(array):
    return 1000 * array + 1e-3


GENERIC = [np.zeros_like, np.ones_like, np.negative, np.transpose, largest_entry_off, far_off]


def leaves(value):
    if type(value) in (list, tuple, Tuple, dict):
        return [leaf for item in (value.values() if type(value) is dict else value) for leaf in leaves(item)]
    return [np.asarray(value)] if type(value) in (float, np.ndarray) else []


def clearly_different(wrong, expected, tolerance):
    """Whether some array or float differs by more than twice what the exercise allows."""
    for a, b in zip(leaves(wrong), leaves(expected), strict=True):
        if a.shape != b.shape:
            return True
        if isinstance(tolerance, Factor):
            gap = np.any((np.sign(a) != np.sign(b)) | (np.abs(a) > 2 * tolerance.factor * np.abs(b)))
        elif isinstance(tolerance, Close):
            gap = np.any(np.abs(a - b) > 2 * (tolerance.atol + tolerance.rtol * (np.abs(b).max(initial=0) or 1)))
        else:
            gap = np.any(a != b)
        if gap:
            return True
    return False


@each
@pytest.mark.parametrize("change", GENERIC, ids=lambda change: change.__name__)
def test_a_generic_wrong_answer_never_passes(id, change):
    recording = recorded(id)
    wrong = [changed(case.expected, change) for case in recording.cases]
    pairs = zip(wrong, recording.cases, strict=True)
    differs = any(clearly_different(result, case.expected, recording.tolerance) for result, case in pairs)
    calls = iter([*wrong, wrong[0]])
    verdict = judge(recording, wrong[0] if recording.arguments is None else lambda *_: next(calls))
    assert verdict.status == "wrong" or not differs


PRETENDERS = [AlwaysEqual(), Liar(), Lazy(), EndlessArray(), LyingFloat(12.3), np.zeros((9, 9)).view(LyingArray)]


@each
def test_nothing_passes_by_pretending(id):
    recording = recorded(id)
    for pretender in (*PRETENDERS, None, {}, [], "", object(), int, len, iter([])):
        answers = [pretender] if recording.arguments is None else [pretender, lambda *_, p=pretender: p]
        assert {judge(recording, answer).status for answer in answers} == {"wrong"}
