"""holds and fails: they raise when it is not so. And no statement of the notes goes unchecked."""

import ast
import functools
import json

import numpy as np
import pytest

from helpers.equations import fails, holds
from helpers.lessons import syllabus
from helpers.lessons.statements import STATEMENTS, equation_table

WRITTEN = syllabus.written()
NOTEBOOKS = [syllabus.notebook(number) for number in WRITTEN]
A = np.array([[1.0, 2.0], [3.0, 4.0]])


def test_holds_says_what_was_compared(capsys):
    holds("9", A + 1e-14, A)
    holds("3", [A.copy(), 2 * A], [A, 2 * A])
    holds("5", 1.0, 1.0 + 1e-15)
    holds("U4", ["scalar", "column"], ["scalar", "column"], tol=0)
    assert capsys.readouterr().out.splitlines() == [
        "Eq. (9) holds: shape (2, 2), largest difference below 1e-12",
        "Eq. (3) holds: 2 items of shape (2, 2), largest difference below 1e-12",
        "Eq. (5) holds: largest difference below 1e-12",
        "U4 holds: 2 items, both sides are equal",
    ]


@pytest.mark.parametrize(
    ("ours", "truth"),
    [
        (A + 1e-9, A),
        (A.T.copy(), A),
        (A[:1], A),
        (A.ravel(), A),
        (1.0, A),
        ([A.copy()], [A, A]),
        ([A.copy(), A.T.copy()], [A, A]),
        (A * np.nan, A),
        (A.copy(), A * np.nan),
        ("column", "row"),
        (1.0, "row"),
        ([], [A]),
    ],
)
def test_holds_raises_when_the_sides_differ(ours, truth):
    with pytest.raises(AssertionError):
        holds("9", ours, truth)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_one_entry_that_is_not_finite_is_said(wrong):
    spoilt = A.copy()
    spoilt[1, 0] = wrong
    for ours, truth in ((spoilt, A), (A, spoilt), (spoilt, spoilt.copy())):
        says = "the first side is not finite" if ours is spoilt else "with a truth that is not finite"
        with pytest.raises(AssertionError, match=says):
            holds("9", ours, truth)


def test_holds_refuses_a_comparison_that_cannot_fail():
    with pytest.raises(ValueError, match="same object"):
        holds("9", A, A)
    with pytest.raises(ValueError, match="nothing to compare"):
        holds("9", [], [])
    with pytest.raises(KeyError, match="no statement of the course"):
        holds("999", A, A + 0)


def test_one_array_in_two_lists_is_one_object():
    with pytest.raises(ValueError, match="same object"):
        holds("9", [A, 1.0], [A, 1.0])
    with pytest.raises(ValueError, match="same object"):
        fails("E8", lambda: A, A)
    holds("9", [A, A], [A + 0, A + 0])


@pytest.mark.parametrize(
    ("ours", "truth", "says"),
    [
        ("column", "row", "the first side is 'column' instead of 'row'"),
        (3, "row", "the first side is an int instead of text"),
        (A[:1], A, r"the first side has shape \(1, 2\) instead of \(2, 2\)"),
        ([1.0], [1.0, 2.0], "the first side has 1 items instead of 2"),
        (np.array([None]), A, "the first side is an array of object instead of numbers"),
        (1 + 1.003e-12, 1.0, "differ by 1.003e-12, allowed is 1.002e-12"),
        (8.1 * 2.0**-52, 0.0, "differ by 1.8e-15, allowed is 1.78e-15"),
        # Of two items, one off by all of its size and yet by rounding only, the other is at fault.
        ([2e-16 * A, 1.5 * A], [1e-16 * A, A], "the sides differ by 2, allowed is 4e-12"),
        # The one that is told is off by most of what is allowed for it, not by most.
        ([1e12 * A + 0.5, 1.0625 * A], [1e12 * A, A], "the sides differ by 0.25, allowed is 4e-12"),
    ],
)
def test_what_holds_says_is_of_the_statement_and_its_numbers_differ(ours, truth, says):
    with pytest.raises(AssertionError, match=rf"Eq\. \(5\) does not hold: .*{says}"):
        holds("5", ours, truth, tol=0 if np.ndim(ours) == 0 and truth == 0.0 else 1e-12)


def test_a_large_item_does_not_hide_a_fault_in_a_small_one():
    with pytest.raises(AssertionError, match="differ by 1e-06"):
        holds("3", [np.full((2, 2), 1e9), A + 1e-6], [np.full((2, 2), 1e9), A])


def test_a_truth_that_is_not_finite_makes_nothing_fail():
    with pytest.raises(ValueError, match="truth itself is not finite"):
        fails("E1", A, A * np.nan)
    with pytest.raises(ValueError, match="truth itself is not finite"):
        fails("E1", [A, A], [A, A * np.inf])


@pytest.mark.parametrize("tol", [1e-12, 1e-6, 1e-2])
@pytest.mark.parametrize("scale", [1.0, 1e9])
def test_holds_allows_its_share_of_the_largest_entry_and_no_more(scale, tol):
    truth = scale * np.array([[1.0, 0.0], [-4.0, 1e-3]])
    for at in np.ndindex(2, 2):
        off = np.zeros((2, 2))
        off[at] = 4 * scale * tol
        holds("9", truth + 0.99 * off, truth, tol)
        with pytest.raises(AssertionError, match="does not hold"):
            holds("9", truth - 1.01 * off, truth, tol)


def test_numbers_beside_a_text_are_judged_each_by_its_own_size():
    holds("9", [1e6, 1.0 + 1e-9], [1e6, 1.0])  # one vector, whose largest entry is 1e6
    with pytest.raises(AssertionError, match="does not hold"):
        holds("9", ["step", 1e6, 1.0 + 1e-9], ["step", 1e6, 1.0])


def test_the_share_of_holds_is_1e_12_unless_another_is_asked_for():
    holds("9", A + 0.99 * 4e-12, A)
    with pytest.raises(AssertionError, match=r"the sides differ by 4\.0[34]\d*e-12, allowed is 4e-12"):
        holds("9", A + 1.01 * 4e-12, A)


def test_a_small_number_is_judged_by_its_own_size_down_to_rounding():
    with pytest.raises(AssertionError, match="differ by 4e-07"):
        holds("5", 5e-7, 1e-7, tol=1e-6)
    holds("5", 1e-7 + 0.99e-13, 1e-7, tol=1e-6)
    with pytest.raises(AssertionError):
        holds("5", 1e-7 + 1.05e-13, 1e-7, tol=1e-6)
    eps = 2.0**-52  # numbers of about 1 that cancel leave some of these
    holds("5", 7.9 * eps, 0.0, tol=0)
    with pytest.raises(AssertionError):
        holds("5", 8.1 * eps, 0.0, tol=0)


def test_fails_asks_for_more_than_a_millionth_of_the_largest_entry(capsys):
    truth = np.array([[1.0, 0.0], [-4.0, 1e-3]])
    for at in np.ndindex(2, 2):
        off = np.zeros((2, 2))
        off[at] = 4e-6
        fails("E8", truth + 1.01 * off, truth)
        assert "it is off by 4.04e-06" in capsys.readouterr().out
        with pytest.raises(AssertionError, match="agrees with the truth"):
            fails("E8", truth - 0.99 * off, truth)


def test_equal_numbers_agree_and_one_array_twice_is_one_object():
    with pytest.raises(AssertionError, match="agrees with the truth"):
        fails("E7", 2, 2)
    with pytest.raises(ValueError, match="same object"):
        fails("E8", A, A)


@pytest.mark.parametrize("tol", [np.nan, np.inf, -1e-12, 0.1, 0.0101, "1e-6"])
def test_a_tolerance_that_lets_everything_pass_is_refused(tol):
    with pytest.raises(ValueError, match="tol"):
        holds("5", 1.0, 2.0, tol)


@pytest.mark.parametrize(
    ("ours", "truth"),
    [("ab", ["a", "b"]), ({0: 1.0, 1: 2.0}, [0.0, 1.0]), ({1.0, 2.0}, [1.0, 2.0]), (b"a", [97])],
)
def test_what_only_looks_like_a_list_is_none(ours, truth):
    with pytest.raises(AssertionError, match="instead of"):
        holds("5", ours, truth)


@pytest.mark.parametrize("truth", [[], [[]], np.zeros(0), None, {"a": 1.0}, [None], np.array(["a"]), len])
def test_a_truth_with_nothing_to_compare_makes_nothing_fail(truth):
    with pytest.raises(ValueError, match="truth"):
        fails("E1", 1.0, truth)
    with pytest.raises((ValueError, TypeError)):
        fails("E1", [], truth)


def test_what_is_no_number_does_not_agree_and_is_no_number_of_the_note():
    for nothing in (None, "1", {"a": 1.0}, np.array(["1"]), object()):
        with pytest.raises((AssertionError, TypeError), match="instead of numbers"):
            holds("5", nothing, 1.0)
        if not isinstance(nothing, str):  # a text is a form of its own: "column" where a row is due
            with pytest.raises(TypeError, match="numbers or texts"):
                fails("E1", nothing, 1.0)


def test_a_function_that_computes_nothing_is_no_form_that_fails():
    for nothing in (lambda: None, lambda: len, lambda: {"a": 1.0}):
        with pytest.raises(TypeError, match="numbers or texts"):
            fails("E1", nothing, 1.0)


def test_a_text_is_off_by_no_number_and_a_number_ends_in_no_second_stop(capsys):
    fails("E8", ["column", 1.0], ["row", 1.0])
    fails("E8", 256.0, 2.0)
    text, number = capsys.readouterr().out.splitlines()
    assert text == f"E8: as printed, it is 'column' instead of 'row'. {STATEMENTS['E8'].correction}"
    assert number == f"E8: as printed it is off by 254. {STATEMENTS['E8'].correction}"


def test_fails_says_how_wrong_and_what_is_right(capsys):
    fails("E8", 1.69, 5.07)
    fails("E1", A[:, :1], A)
    fails("E13", lambda: A @ np.ones((3, 1)), A)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"E8: as printed it is off by 3.38. {STATEMENTS['E8'].correction}"
    assert lines[1] == f"E1: as printed, it has shape (2, 1) instead of (2, 2). {STATEMENTS['E1'].correction}"
    assert lines[2].startswith("E13: as printed, it cannot be computed (matmul")


def test_an_ambiguous_statement_fails_in_the_reading_that_is_tried(capsys):
    fails("E12", np.ones((2, 1)), np.array([[1.0], [5.0]]), read_as="the number of rows")
    fails("E12", np.ones((3, 1)), np.array([[1.0], [5.0]]), read_as="the number of rows")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("E12, read as the number of rows, is off by 4.00. The sum runs over all N columns")
    assert second.startswith("E12, read as the number of rows, it has shape (3, 1) instead of (2, 1). The sum runs")


def test_fails_raises_when_the_printed_form_is_right():
    with pytest.raises(AssertionError, match="agrees with the truth"):
        fails("E8", A + 1e-13, A)
    with pytest.raises(KeyError, match="no erratum"):
        fails("9", A + 1, A)
    with pytest.raises(KeyError):
        fails("E99", A + 1, A)


def test_an_error_of_the_checker_itself_is_not_taken_for_a_fault_of_the_note():
    with pytest.raises(NameError):
        fails("E8", lambda: no_such_name, A)  # noqa: F821


@functools.cache
def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@functools.cache
def ids_checked():
    """(verb, id) -> lesson numbers: the calls in code cells whose stored output shows that they ran."""
    checked = {}
    for path in NOTEBOOKS:
        for cell in cells(path):
            if cell["cell_type"] == "code":
                output = "".join("".join(o.get("text", "")) for o in cell["outputs"])
                for verb, id in calls("".join(cell["source"])):
                    name = f"Eq. ({id})" if id.isdigit() else id
                    said = (f"{name} holds",) if verb == "holds" else (f"{name}: as printed", f"{name}, read as ")
                    if any(each in output for each in said):
                        checked.setdefault((verb, id), set()).add(int(path.name[:2]))
    return checked


def lessons_of(statement):
    return statement.lessons if isinstance(statement.lessons, tuple) else (statement.lessons,)


def calls(source):
    """The calls of holds and fails in a cell, with their ids; an id must be written out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("holds", "fails"):
            yield node.func.id, node.args[0].value


@pytest.mark.parametrize("id", STATEMENTS)
def test_every_statement_is_checked_by_its_lessons(id):
    statement, verb = STATEMENTS[id], "fails" if STATEMENTS[id].correction else "holds"
    written = {lesson for lesson in lessons_of(statement) if lesson in WRITTEN}
    missing = written - ids_checked().get((verb, id), set())
    assert written and not missing, f"no {verb}({id!r}, …) in the lessons {sorted(missing)}"


# A misprint, or what needs a convention: it is read in one way that is wrong, and is not wrong as printed.
AMBIGUOUS = ("E9", "E15", "E17", "E21", "E25", "F4", "F8", "F11", "F12", "F15")


def test_what_is_ambiguous_is_read_and_not_called_wrong_as_printed():
    outputs = [c["outputs"] for path in NOTEBOOKS for c in cells(path) if "outputs" in c]
    told = "".join("".join(o.get("text", "")) for cell in outputs for o in cell)
    assert not [id for id in AMBIGUOUS if f"{id}: as printed" in told]


def test_no_lesson_checks_an_unknown_statement():
    sources = ["".join(c["source"]) for path in NOTEBOOKS for c in cells(path) if c["cell_type"] == "code"]
    unknown = {id for source in sources for _, id in calls(source)} - set(STATEMENTS)
    assert not unknown, f"not in the table of statements.py: {sorted(unknown)}"


def test_the_table_knows_every_statement_of_the_notes():
    """Dillon's equations (1)-(55), the unnumbered statements of both notes, and every erratum with a number."""
    wanted = [str(n) for n in range(1, 56)]
    wanted += [
        f"{letter}{n}" for letter, last in (("U", 23), ("N", 23), ("E", 25), ("F", 15)) for n in range(1, last + 1)
    ]
    lines_only = {"F6", "F7", "F9", "F13"}  # letters and misprints: a sentence, no number
    assert set(STATEMENTS) == set(wanted) - lines_only


def test_errata_are_those_with_a_correction():
    for id, statement in STATEMENTS.items():
        assert bool(statement.correction) == (id[0] in "EF"), id
        assert statement.source.startswith(("Dillon, ", "Neoh, ")), id


def test_the_table_has_one_row_for_each_statement():
    rows = equation_table().splitlines()
    assert len(rows) == 2 + len(STATEMENTS)
    assert rows[2].startswith("| ") and "| 01 |" in rows[2]
