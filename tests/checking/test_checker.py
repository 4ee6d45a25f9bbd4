"""The checker's verdicts on functions: not attempted, right however it is written, wrong by which mistake."""

import functools
import operator
import random
import warnings

import numpy as np
import pytest
from answering import COLUMN, FLOAT, assert_wrong, column, right, said

from helpers.checking.checker import judge


def stub(f, x, h): ...


def stub_pass(f, x, h):
    pass


def stub_docstring(f, x, h):
    """To be written."""


def stub_docstring_dots(f, x, h):
    """To be written."""
    ...


def stub_raise(f, x, h):
    raise NotImplementedError


def stub_raise_text(f, x, h):
    """To be written."""
    raise NotImplementedError("write me")


def stub_return(f, x, h):
    return ...


STUBS = [stub, stub_pass, stub_docstring, stub_docstring_dots, stub_raise, stub_raise_text, stub_return, ...]


@pytest.mark.parametrize("answer", [*STUBS, lambda f, x, h: ...])
def test_an_untouched_stub_is_not_attempted(answer):
    assert said(answer) == (
        "not attempted",
        "1.1 not attempted yet. Replace the ... and run both cells.",
    )


def test_a_stub_without_its_source_is_not_attempted():
    namespace = {}
    exec("def f(a, b, c):\n    return ...", namespace)
    assert said(namespace["f"])[0] == "not attempted"


def forgot_return(f, x, h):
    slope = (f(x + h) - f(x - h)) / (2 * h)  # noqa: F841


def says_none(f, x, h):
    return None


def lone_number(f, x, h):
    2.5  # noqa: B018


nothing = lambda f, x, h: None


def unfinished(f, x, h):
    if x > 1:
        ...


def prints(f, x, h):
    print(right(f, x, h))


def returns_in_one_branch(f, x, h):
    if x < 1:
        return right(f, x, h)


@pytest.mark.parametrize("answer", [says_none, nothing, returns_in_one_branch])
def test_a_function_that_was_begun_and_returns_none_is_wrong(answer):
    assert_wrong(answer, "returned None, not a float", "return missing")


@pytest.mark.parametrize("answer", [forgot_return, lone_number, unfinished, prints])
def test_a_function_without_a_return_is_told_so(answer):
    text = assert_wrong(answer, "Your function has no return", "gives back None. Write return before the result")
    assert ("print only shows it" in text) == (answer is prints)


def misspelt(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * hh)  # noqa: F821


def without_numpy(f, x, h):
    return cos(x)  # noqa: F821


def line_missing(f, x, h):
    return slope  # noqa: F821


@pytest.mark.parametrize(
    ("answer", "name", "meant"),
    [(misspelt, "hh", "Is h meant?"), (without_numpy, "cos", "Is np.cos meant?"), (line_missing, "slope", None)],
)
def test_a_name_that_nothing_was_given_to_is_named(answer, name, meant):
    text = assert_wrong(answer, f"uses the name {name}, which nothing was given to", f"of {answer.__name__}: return")
    assert (meant or "line that is missing?\n") in text and (meant is not None or "meant" not in text)


def test_a_branch_left_as_dots_is_named():
    assert_wrong(lambda f, x, h: right(f, x, h) if x < 1 else ..., "x = 1.7", "branch is not finished")


# --- right, also in unusual ways ---------------------------------------------------------------------------


class Callable:
    def __call__(self, f, x, h):
        return right(f, x, h)

    def method(self, f, x, h):
        return right(f, x, h)


def documented(f, x, h):
    """The slope of f."""
    return right(f, x, h)


def dots_left(f, x, h):
    ...
    return right(f, x, h)


RIGHT = [
    right,
    documented,
    dots_left,
    lambda f, x, h: f(x + h) / (2 * h) - f(x - h) / (2 * h),
    lambda *args: right(*args),
    lambda f, x, h, unused=3, **more: right(f, x, h),
    lambda a, b, c, /: right(a, b, c),
    functools.partial(lambda scale, f, x, h: scale * right(f, x, h), 1.0),
    functools.lru_cache(right),
    Callable(),
    Callable().method,
]


@pytest.mark.parametrize("answer", RIGHT)
def test_right_however_it_is_written(answer):
    assert said(answer) == ("right", "1.1 right, on 2 inputs.")


def test_prints_and_warnings_become_notes():
    def chatty(f, x, h):
        print("x is", x)
        warnings.warn("careful", RuntimeWarning, stacklevel=1)
        np.log(np.zeros(1))
        return right(f, x, h)

    status, text = said(chatty)
    assert status == "right"
    assert "prints on the way" in text
    assert "careful" in text
    assert "divide by zero" in text


def test_what_is_printed_stays_out_of_the_notebook_but_helps_a_wrong_answer(capsys):
    def chatty(f, x, h):
        print("here", object())
        return 0.0

    text = assert_wrong(chatty, "It printed:", "here <object object at 0x…>")
    assert capsys.readouterr() == ("", "")
    assert text == said(chatty)[1]


def test_of_what_is_printed_five_lines_are_shown_and_a_hundred_characters_of_each():
    def chatty(count):
        left = iter(["x" * 150] * count)  # in all its calls together

        def answer(f, x, h):
            for line in left:
                print(line)
            return 0.0

        return answer

    five = "".join(["\n    " + "x" * 100] * 5)
    assert assert_wrong(chatty(5)).endswith("It printed:" + five)
    assert assert_wrong(chatty(6)).endswith("It printed:" + five + "\n    …")


def test_the_first_three_warnings_become_notes():
    def warns(f, x, h):
        for k in range(5):
            warnings.warn(f"number {k}", stacklevel=1)
        return right(f, x, h)

    status, text = said(warns)
    assert status == "right" and [f"number {k}" in text for k in range(5)] == [True, True, True, False, False]


def test_global_state_that_a_function_changes_does_not_reach_the_checker():
    def meddling(f, x, h):
        np.seterr(all="raise")
        np.random.seed(0)
        random.seed(0)
        warnings.simplefilter("error")
        return right(f, x, h)

    before = np.geterr(), list(warnings.filters)
    assert said(meddling)[0] == "right"
    assert (np.geterr(), list(warnings.filters)) == before


def test_floating_point_settings_of_the_notebook_do_not_matter():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(right)[0] == "right"
        assert_wrong(lambda f, x, h: np.inf, "inf where a finite number is expected")


# --- wrong: known mistakes, then the general ones ------------------------------------------------------------


def test_a_known_mistake_earns_its_message_and_the_input():
    verdict = judge(FLOAT, lambda f, x, h: (f(x + h) - f(x)) / h)
    assert verdict.mistake == "one-sided"
    assert str(verdict) == ("1.1 wrong. You went to one side, see 'Two sides'.\nSeen for f = sin, x = 0.3, h = 0.001.")


def test_a_mistake_must_fit_every_input():
    def two_mistakes(f, x, h):
        return (f(x + h) - f(x)) / h if x < 1 else (f(x + h) - f(x - h)) / h

    verdict = judge(FLOAT, two_mistakes)
    assert (verdict.status, verdict.mistake) == ("wrong", None)


def test_right_for_some_inputs_only_is_wrong():
    text = assert_wrong(lambda f, x, h: right(f, x, h) if x < 1 else 0.0)
    assert "x = 1.7" in text
    assert "0 is not right" in text
    assert "8.67" not in text  # 3 * 1.7 ** 2: how far off 0 is would be the answer


def test_a_mistake_that_raises_is_recognised_by_what_it_raises():
    raising = judge(COLUMN, lambda W, x: W.T @ x)
    assert raising.mistake == "reversed product"
    assert "raises ValueError" in str(raising)
    assert judge(COLUMN, lambda W, x: operator.index(x)).mistake is None


def test_a_general_mistake_is_named_when_none_of_its_own_fits():
    assert judge(COLUMN, lambda W, x: -column(W, x)).mistake == "sign"
    assert judge(COLUMN, lambda W, x: column(W, x).T).mistake == "transposed"
    assert judge(FLOAT, lambda f, x, h: -right(f, x, h)).mistake == "sign"
    assert judge(FLOAT, lambda f, x, h: right(f, x, h) + x).mistake is None


def test_the_same_answer_gets_the_same_text():
    for answer in (right, stub, lambda f, x, h: x, lambda f, x, h: 1 / 0, lambda f, x, h: object()):
        assert len({said(answer)[1] for _ in range(3)}) == 1
