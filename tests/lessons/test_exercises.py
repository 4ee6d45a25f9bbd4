"""Every exercise of every lesson: what its bank promises, and what its notebook shows of it."""

import ast
import functools
import json
import linecache
import re

import numpy as np
import pytest

import helpers
from helpers.checking.checker import judge, judge_run
from helpers.checking.exercise import Close
from helpers.checking.naming import DERIVED
from helpers.checking.plain import Raised
from helpers.checking.recording import Recording, encode, record
from helpers.checking.running import Run
from helpers.checking.showing import solution_source
from helpers.lessons import library, syllabus
from helpers.lessons.mistakes import MISTAKES, OF_A_GRADIENT, OF_A_LESSON, OF_AN_ANSWER
from helpers.tuples import Tuple

NOTEBOOKS = {f"{number:02}": syllabus.notebook(number) for number in syllabus.written()}
SEED = 1  # another than the lessons'
each = pytest.mark.parametrize("id", library.bank())


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
    linecache.cache["<stub>"] = (len(stub), None, stub.splitlines(keepends=True), "<stub>")  # as a kernel does
    exec(compile(stub, "<stub>", "exec"), names)
    assert answer == library.exercise(id).name
    said = str(judge(library.recording(id), names[answer]))
    assert said == f"{id} not attempted yet. Replace the ... and run both cells."


def statement(id):
    """The text above an exercise's stub."""
    texts, above = {}, ""
    for kind, source, tags in cells(lesson_of(id)):
        above = source if kind == "markdown" else above
        texts |= {tag: [*texts.get(tag, []), above] for tag in tags if kind == "code"}
    return texts["exercise"][library.ids(lesson_of(id)).index(id)]


@each
def test_a_derivation_is_asked_where_the_statement_asks_for_one(id):
    asks = re.search(r"\b[Dd]erive\b|no measurement", statement(id))
    assert library.exercise(id).derivation_is_asked == bool(asks)


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
    # Several forms of one mistake may share their message, two mistakes may not.
    said = {(wrong.name, wrong.message) for wrong in exercise.mistakes}
    assert len({message for _, message in said}) == len(said)
    assert {wrong.name for wrong in exercise.mistakes} <= set(MISTAKES)
    assert exercise.arguments is None or len(library.recording(id).cases) > 1


def test_no_mistake_has_two_texts():
    assert len(MISTAKES) == len(OF_A_GRADIENT) + len(OF_AN_ANSWER) + len(OF_A_LESSON)


def assert_it_earns_its_own_message(verdict, wrong):
    assert (verdict.status, verdict.mistake) == ("wrong", wrong.name)
    praise = verdict.message.removesuffix(wrong.message)
    assert praise != verdict.message and (not praise or praise.endswith((" is right. ", " are right. ")))


@each
def test_the_solution_is_right_and_each_mistake_earns_its_own_message(id):
    exercise, recording = library.exercise(id), library.recording(id)

    def handed_in(function):
        return function if exercise.arguments is not None else function()

    verdict = judge(recording, handed_in(exercise.solution))
    assert (verdict.status, verdict.details) == ("right", ())
    for wrong in exercise.mistakes:
        assert_it_earns_its_own_message(judge(recording, handed_in(wrong.function)), wrong)


def verdicts_on_what_is_recorded(recording):
    """The verdict on the right results, and on those of each mistake, which are not computed once more."""
    cases = recording.cases
    for results in ([case.expected for case in cases], *zip(*(case.mistaken for case in cases), strict=True)):
        yield judged(recording, results)


def judged(recording, results):
    """The verdict on an answer that gives these results, and an exception at the end if the last one stands for one."""
    if recording.arguments is None:
        return judge(recording, results[0])
    end = next((k + 1 for k, result in enumerate(results) if type(result) is Raised), None)
    return judge_run(recording, Run(tuple(results[:end]), stopped="it ended" if end else ""))


@each
def test_the_same_with_other_cases(id):
    right, *mistaken = verdicts_on_what_is_recorded(record(library.exercise(id), SEED))
    assert right.status == "right"
    for verdict, wrong in zip(mistaken, library.exercise(id).mistakes, strict=True):
        assert_it_earns_its_own_message(verdict, wrong)


@each
def test_the_solution_that_is_shown_is_right(id):
    names = namespace()
    exec(solution_source(library.exercise(id)), names)
    assert judge(library.recording(id), names[library.exercise(id).name]).status == "right"


@each
def test_a_recording_from_a_file_has_lost_nothing(id, tmp_path):
    library.recording(id).save(tmp_path / "r.json")
    loaded, kept = (
        {name: encode(part) for name, part in vars(recording).items()}
        for recording in (Recording.load(tmp_path / "r.json"), library.recording(id))
    )
    assert loaded == kept


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


def changed_a_little(value, tolerance, share):
    """Every value that differs from this one in one number, by a share of what is allowed; for a share above 1, also
    in one whole number, truth value or text.

    Of a list, tuple or dict one leaf is changed; of an array the largest and the first entry, one at a time.
    """
    if type(value) in (list, tuple, Tuple):
        for k, item in enumerate(value):
            for other in changed_a_little(item, tolerance, share):
                yield type(value)([*list(value)[:k], other, *list(value)[k + 1 :]])
    elif type(value) is dict:
        for key, item in value.items():
            yield from (value | {key: other} for other in changed_a_little(item, tolerance, share))
    elif type(value) is np.ndarray:
        for at in {0, int(np.argmax(np.abs(value)))}:
            other = value.copy()
            other.flat[at] = off(value.flat[at].item(), np.abs(value).max(), tolerance, share)
            yield other
    elif type(value) in (float, complex):
        yield off(value, abs(value), tolerance, share)
    elif share > 1 and type(value) is bool:
        yield not value
    elif share > 1 and type(value) is str:
        yield value + "x"
    elif share > 1 and type(value) is int:
        yield from (value + 1, value - 1)


def off(number, size, tolerance, share):
    """A number that is off by a share of what is allowed in an array of this size."""
    return number + share * tolerance.rtol * (size or 1.0) if tolerance.rtol else np.nextafter(number, np.inf)


def judged_with_one_leaf_changed(recording, tolerance, share):
    """The verdicts on answers in which one leaf of the result of one case is off by a share of the tolerance."""
    expected = [case.expected for case in recording.cases]
    for k, right in enumerate(expected):
        scaled = type(right) is list and {int, float, complex}.issuperset(map(type, right))
        for other in changed_a_little(np.array(right, float) if scaled else right, tolerance, share):
            yield judged(recording, [*expected[:k], other.tolist() if scaled else other, *expected[k + 1 :]])


@each
def test_no_wrong_answer_passes_by_a_small_change(id):
    recording = library.recording(id)
    verdicts = [*judged_with_one_leaf_changed(recording, recording.tolerance, 1.1)]
    assert verdicts and {verdict.status for verdict in verdicts} == {"wrong"}


@each
def test_a_right_answer_may_be_off_by_what_is_allowed(id):
    """A derivation may be off by rounding; by more than that it is taken for a measurement."""
    recording = library.recording(id)
    asked = recording.derivation_is_asked
    for verdict in judged_with_one_leaf_changed(recording, Close(DERIVED) if asked else recording.tolerance, 0.9):
        assert verdict.status == "right"
    for verdict in judged_with_one_leaf_changed(recording, Close(DERIVED), 1.1) if asked else ():
        assert verdict.mistake in ("measured", None)  # None for what is judged exactly, such as a whole number


GENERIC = [np.zeros_like, np.negative, np.transpose, lambda a: 2 * a, lambda a: 1000 * a + 1e-3, np.ravel]


@each
def test_no_wrong_answer_passes_by_a_general_mistake(id):
    """All floats and arrays of the answer are changed in one way, if that changes anything."""
    recording = library.recording(id)

    def changed(value, change):
        if type(value) in (list, tuple, Tuple):
            return [changed(item, change) for item in value]
        if type(value) is dict:
            return {key: changed(item, change) for key, item in value.items()}
        if type(value) is float:
            return change(np.array([[value]])).item()
        return change(value) if type(value) is np.ndarray else value

    def differs(wrong, right):
        if type(right) in (list, tuple, Tuple, dict):
            pairs = zip(*(v.values() if type(v) is dict else v for v in (wrong, right)), strict=True)
            return any(differs(*pair) for pair in pairs)
        return np.shape(wrong) != np.shape(right) or (
            type(right) in (float, np.ndarray) and not np.allclose(wrong, right, rtol=1e-3, atol=1e-12)
        )

    for change in GENERIC:
        wrong = [changed(case.expected, change) for case in recording.cases]
        if any(differs(mine, case.expected) for mine, case in zip(wrong, recording.cases, strict=True)):
            assert judged(recording, wrong).status == "wrong"


@each
def test_things_of_another_kind_are_wrong(id):
    recording = library.recording(id)
    for thing in (None, {}, [], "", object(), int, len, iter([])):
        answers = [thing] if recording.arguments is None else [thing, lambda *_, thing=thing: thing]
        assert {judge(recording, answer).status for answer in answers} == {"wrong"}
