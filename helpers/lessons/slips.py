"""Slips that can be made in several lessons, each written once.

A function here makes the `Wrong` entries of an exercise from the exercise's own ingredients: how its answer is put
together from a slope or from a difference quotient, what its reference returns, and `see`, where to read again.
The reference is called when the mistake is recorded, so a bank may hand in a lambda that names a class further down.
"""

import numpy as np

from helpers.activations import Sigmoid, Tanh
from helpers.checking.exercise import Wrong


def see(*headings):
    """Where to read again, a sentence for each heading of the lesson."""
    return [f"See '{heading}'." for heading in headings]


_sigmoid, _sigmoid_slope, _tanh_slope = Sigmoid(), Sigmoid().slope, Tanh().slope


def slopes_of_tanh(answer, see):
    """What is put in place of the slope of tanh. `answer(slope)` is the exercise's answer with slope(z) for it."""
    return (
        Wrong("z for n", answer(lambda z: 1 - z**2),
              f"The slope of tanh is written in its value (lesson 04), and you put the input where the value "
              f"belongs. {see}"),
        Wrong("another activation's slope", answer(lambda z: np.tanh(z) * (1 - np.tanh(z))),
              f"Value times one minus value is the slope of the sigmoid. The activation here is another one. {see}"),
        Wrong("another activation's slope", answer(_sigmoid_slope),
              f"Everything is put together correctly, but these are the slopes of the sigmoid. The activation is tanh. "
              f"{see}"),
        Wrong("another activation's slope", answer(lambda z: 1 - _sigmoid(z) ** 2),
              f"Two activations are mixed up: the rule for the slope is that of tanh, the value in it another's. "
              f"{see}"),
        Wrong("square forgotten", answer(lambda z: 1 - np.tanh(z)),
              f"One minus the value is not yet the slope of tanh. Compare both (lesson 04) at 0 and far from 0. "
              f"{see}"),
        Wrong("square forgotten", answer(lambda z: 1 - np.tanh(z) * 2),
              f"The value is doubled where its square belongs: a star is missing. {see}"),
        Wrong("sign", answer(lambda z: 1 + np.tanh(z) ** 2),
              f"Your slope grows where tanh flattens: one sign in it is wrong (lesson 04). {see}"),
        Wrong("value instead of derivative", answer(np.tanh),
              f"The value of tanh stands where its slope belongs. How steep it is there is another number. {see}"),
        Wrong("slope at the wrong point", answer(lambda z: _tanh_slope(np.tanh(z))),
              f"The slope is taken at the output of tanh, not at its input. {see}"),
    )  # fmt: skip


def slopes_of_the_sigmoid(answer, see):
    """What is put in place of the slope of the sigmoid. `answer(slope)` has slope(z) for it."""
    return (
        Wrong("z for n", answer(lambda z: z * (1 - z)),
              f"The slope of the sigmoid is written in its value (lesson 04), and you put the input where the value "
              f"belongs. {see}"),
        Wrong("another activation's slope", answer(lambda z: 1 - _sigmoid(z) ** 2),
              f"One minus the square of the value is the slope of tanh. Which is that of the sigmoid? {see}"),
        Wrong("another activation's slope", answer(_tanh_slope),
              f"Everything is put together correctly, but these are the slopes of tanh. The activation is the sigmoid. "
              f"{see}"),
        Wrong("another activation's slope", answer(lambda z: np.tanh(z) * (1 - np.tanh(z))),
              f"Two activations are mixed up: the rule for the slope is the sigmoid's, the value in it another's. "
              f"{see}"),
        Wrong("term missing", answer(lambda z: 1 - _sigmoid(z)),
              f"A factor is lost: 1 minus the value only falls, and the slope of the sigmoid is largest in the middle "
              f"(lesson 04). {see}"),
        Wrong("sign", answer(lambda z: _sigmoid(z) * (1 + _sigmoid(z))),
              f"Your slope grows where the sigmoid flattens: one sign in it is wrong (lesson 04). {see}"),
        Wrong("value instead of derivative", answer(_sigmoid),
              f"The value of the sigmoid stands where its slope belongs. How steep it is there is another number. "
              f"{see}"),
        Wrong("slope at the wrong point", answer(lambda z: _sigmoid_slope(_sigmoid(z))),
              f"The slope is taken at the output of the sigmoid, not at its input. {see}"),
    )  # fmt: skip


def bias_forgotten(answer, arguments, *biases, see):
    """The right answer for a layer whose `biases` are all 0. `answer` takes the exercise's `arguments`."""

    def without(*inputs):
        return answer(*(0 * given if name in biases else given for name, given in zip(arguments, inputs, strict=True)))

    which = " and ".join(biases)
    verb = "do" if len(biases) > 1 else "does"
    message = f"{which} {verb} not enter your answer. A bias held fixed still moves the point on the curve. {see}"
    return Wrong("bias forgotten", without, message)


def difference_quotients(answer, see):
    """What is measured in place of the central difference of lesson 01.

    `answer(quotient)` is the exercise's answer with quotient(g, h) for the slope at 0 of g, a function of one number.
    """
    return (
        Wrong("one-sided", answer(lambda g, h: (g(h) - g(0)) / h),
              f"One of your two points is the given one: a one-sided difference, whose error is of size h. {see}"),
        Wrong("one-sided", answer(lambda g, h: (g(0) - g(-h)) / h),
              f"This difference looks backwards only, from x: it is one-sided, and its error is of size h. {see}"),
        Wrong("step counted once", answer(lambda g, h: (g(h) - g(-h)) / h),
              f"Every slope is twice too large. How far apart are the two points? {see}"),
        Wrong("precedence", answer(lambda g, h: (g(h) - g(-h)) / 2 * h),
              "Python works from left to right, so that / 2 * h divides by 2 and then multiplies by h: it needs "
              f"brackets. {see}"),
        *(Wrong("precedence", answer(quotient),
                f"Only the second value is divided, because / goes before -{more}: the difference needs brackets. "
                f"{see}")
          for quotient, more in ((lambda g, h: g(h) - g(-h) / (2 * h), ""),
                                 (lambda g, h: g(h) - g(-h) / 2 * h, ", and then multiplied by h"))),
        Wrong("difference not divided", answer(lambda g, h: g(h) - g(-h)),
              f"This is the difference of two values only. A slope is rise over run. {see}"),
        Wrong("difference not divided", answer(lambda g, h: (g(h) - g(-h)) / 2),
              f"The difference is halved, but not divided by the length of the step. {see}"),
        Wrong("sign", answer(lambda g, h: (g(-h) - g(h)) / (2 * h)),
              f"Every slope has the wrong sign: the two values stand in the wrong order. {see}"),
        Wrong("sign", answer(lambda g, h: (g(h) + g(-h)) / (2 * h)),
              f"The two values are added. What tells how steep it is between them? {see}"),
    )  # fmt: skip


def transposed(answer, see):
    """The right array, transposed."""
    return Wrong("transposed", lambda *inputs: answer(*inputs).T,
                 f"The numbers are right, but rows and columns have changed places. {see}")  # fmt: skip


def flattened(answer, see):
    """The right numbers in arrays with one axis: an array, or each array of a tuple, a list or a dict."""

    def flat(value):
        if isinstance(value, np.ndarray):
            return value.ravel()
        if isinstance(value, dict):
            return {key: flat(item) for key, item in value.items()}
        return type(value)(flat(item) for item in value)

    return Wrong("flattened", lambda *inputs: flat(answer(*inputs)),
                 "The right numbers, in an array with one axis: it is neither a row nor a column. Somewhere the second "
                 f"axis was lost, by ravel or by an index. {see}")  # fmt: skip


def parts_of_a_list(answer, see):
    """What a loop that begins too late, ends too early or turns round hands in. `answer` returns the right list."""
    return (
        Wrong("counted from 0", lambda *inputs: answer(*inputs)[1:],
              f"One item is missing, the first: in Python the first index is not 1. {see}"),
        Wrong("last dropped", lambda *inputs: answer(*inputs)[:-1],
              f"One item is missing, the last: range(n) stops before n by itself. {see}"),
        Wrong("first only", lambda *inputs: answer(*inputs)[:1],
              f"Only the first item is there. Does the loop go round once, because of a return inside it? {see}"),
        Wrong("reversed order", lambda *inputs: answer(*inputs)[::-1],
              f"The items are right and stand in the reverse order. {see}"),
    )  # fmt: skip


def first_column_only(answer, see):
    """What a return inside the loop over the columns hands in: the others are still 0. `answer` returns an array."""

    def begun(*inputs):
        array = np.zeros_like(answer(*inputs))
        array[:, :1] = answer(*inputs)[:, :1]
        return array

    return Wrong("first only", begun,
                 f"Only the first column is filled. Is the return inside the loop? {see}")  # fmt: skip


def changed(right, name, message, **entries):
    """The right dict but for some entries: what one slip makes of a table of answers. `right()` returns the dict.

    The keys of such tables are formulas; an entry that is no keyword is handed in as **{"J @ T": …}.
    """
    return Wrong(name, lambda: right() | entries, message)


def with_another(mistakes, *others):
    """The mistakes, each with another slip beside it: (what that makes of the result and the inputs, what is said)."""
    return tuple(
        Wrong(wrong.name, lambda *inputs, wrong=wrong, change=change: change(wrong.function(*inputs), *inputs),
              f"{wrong.message} {said}")
        for wrong in mistakes for change, said in others
    )  # fmt: skip
