"""The judgement of one draw: the true gradients are measured, and those of a backward pass compared and diagnosed.

How near is near enough follows from the measurement. What cannot be measured well enough is no judge of anybody.
"""

import warnings
from contextlib import contextmanager, suppress
from functools import partial
from numbers import Number
from typing import NamedTuple

import numpy as np

from helpers.compare import near
from helpers.diagnosis import diagnose, in_words, largest, same_form
from helpers.misconceptions import misconceptions, of_one_input
from helpers.numerical import EPS, STEPS, differences_along, measure
from helpers.shapes import described

SHARE = {"complex": 1e-10, "central": 1e-7}  # of the largest entry of a gradient that an entry may be off
ROUGH = 5e-7  # an error beyond it, as a share, lets too much pass to be a check
MANY = 4  # entries, from which on it pays to look for a way to measure several at once
DRAWS = 8  # before a gradient that is zero in each is believed to be zero


class GradientError(AssertionError):
    """A gradient that differs from its measurement."""


class Truth(NamedTuple):
    """A measured gradient, the share of its largest entry that may be missing, and what each entry may be off by."""

    value: np.ndarray
    tol: float
    error: np.ndarray

    @property
    def is_zero(self):
        """Whether no entry is larger than what it may be off by."""
        return bool((np.abs(self.value) <= self.error).all())

    @property
    def is_rough(self):
        """Whether so much may be missing that a wrong gradient could pass."""
        return largest(self.error) > ROUGH * largest(self.value)

    def asked(self):
        """What diagnose asks of it, by name."""
        return {"truth": self.value, "tol": self.tol, "error": self.error}


class Draw(NamedTuple):
    """One set of inputs for a check: those in `names` are differentiated; the upstream u has the shape of y."""

    forward: object
    inputs: dict
    names: tuple
    u: np.ndarray
    y: np.ndarray


def judge(rng, draw, truths, backward, where, mistakes=None, batch=None):
    """Raise GradientError unless backward returns for this draw the gradients that were measured, {name: Truth}.

    where, mistakes, batch: what a message says of the draw, and what helps to name a mistake.
    Raises ValueError where a gradient is measured too roughly to judge by, unless it is nothing but rounding.
    """
    yours = _call_twice(backward, draw, where)
    for name, truth in truths.items():
        said = partial(diagnose, yours[name], batch=batch)
        found = said(**truth.asked())
        if found and type(yours[name]) is np.ndarray:
            draw.forward(**draw.inputs)
            if not _repeats(called(backward, draw, where)[name], yours[name]):
                raise GradientError(
                    f"gradient of {name} ({where}): it depends on what forward was called with last; compute it from u "
                    f"and the inputs that backward receives, not from what forward has kept"
                )
        for_yours, for_truth = _supported(draw, name, truth, yours[name]) if found else (False, False)
        if for_yours and not for_truth:
            truth = truth_of(draw, name, "central")
            found = said(**truth.asked())
        if (found or truth.is_rough) and same_form(yours[name], truth.value):
            rounding = _rounding(rng, draw, backward, name, truth, yours[name])
            if truth.is_rough and largest(truth.value) > rounding:
                raise ValueError(
                    f"gradient of {name} ({where}): it cannot be measured well enough to judge by. Its largest entry "
                    f"is {largest(truth.value):.3g} and may be off by {largest(truth.error):.1g}: forward has kinks "
                    f"near by, or is so large or changes so fast that rounding hides the gradient"
                )
            truth = truth._replace(error=truth.error + rounding)
            found = said(**truth.asked())
        if found and for_yours and for_truth:
            raise ValueError(
                f"gradient of {name} ({where}): it cannot be measured well enough to judge by. The complex step is "
                f"off by {largest(yours[name] - truth.value):.1g} from it, and differences agree with both"
            )
        if found:
            candidates = misconceptions(
                draw.forward, draw.inputs, name, draw.u, draw.y, truth.value, mistakes or {}, batch
            )
            found = said(**truth.asked(), candidates=candidates) or found
            raise GradientError(f"gradient of {name} ({where}): {in_words(found, yours[name], truth.value)}")


def drawn_and_measured(rng, forward, names, inputs, wanted, where):
    """(a Draw, {name: Truth}), the first in which the gradients of the names in `wanted` are known well and not zero.

    inputs() draws the arguments of forward by name; where says so in a message. Raises ValueError where forward fails
    or no draw can be measured.
    """
    problem = found = None
    for _ in range(DRAWS):
        drawn = inputs()
        try:
            y = value_of(forward, drawn)
            draw = Draw(forward, drawn, tuple(names), rng.normal(size=y.shape), y)
            found = draw, {name: truth_of(draw, name) for name in names}
        except ValueError as error:
            problem = error
            continue
        if not any(found[1][name].is_zero or found[1][name].is_rough for name in wanted):
            break
    if found is None:
        raise ValueError(f"{where}: {problem}") from problem
    return found


def value_of(forward, inputs):
    """forward's result, once it is sure that it is a float64 array, repeats itself and leaves its arguments alone."""
    kept = _kept(inputs)
    with told(ValueError, "forward", inputs):
        y = forward(**inputs)
    if not isinstance(y, (np.ndarray, Number)):
        raise ValueError(f"expected forward to return an array or a number, got {described(y)}")
    y = np.array(y)
    if changed := _changed(inputs, kept):
        raise ValueError(f"forward changed its argument {changed}; let it work on a copy")
    if y.dtype != np.float64:
        raise ValueError(f"expected forward to return float64, got {y.dtype}; the gradient has no more digits than it")
    if not np.isfinite(y).all():
        raise ValueError("forward returned a number that is not finite")
    if not near(forward(**inputs), y, 1e-12).all():
        raise ValueError("forward gives another result when it is called again; it depends on more than its arguments")
    return y


def truth_of(draw, name, method="auto", h=None):
    """The Truth about the gradient of sum(u * forward) with respect to one input."""
    shape, u = draw.inputs[name].shape, draw.u.reshape(-1, 1)
    outputs = of_one_input(draw.forward, draw.inputs, name)
    with suppress(Exception):  # forward may fail further away than it is asked for here
        if method == "auto" and (found := _measured_side_by_side(draw, name, h)):
            return found
    try:
        found = measure(outputs, draw.inputs[name].reshape(-1, 1), method, h, draw.y.reshape(-1, 1))
    except ValueError as error:
        raise ValueError(f"the gradient of {name} cannot be measured: {error}") from error
    error = np.sqrt((u**2).T @ found.error**2)  # the errors of the outputs are independent of each other
    return Truth((u.T @ found.value).reshape(shape), SHARE[found.method], 10 * error.reshape(shape))


def _measured_side_by_side(draw, name, h):
    """The Truth, where each row of the input moves the same row of y and no other, or each column; else None.

    So it is with W and b of a dense layer whose activation is elementwise, and with the samples in x. All rows are
    then measured at once, for one column of the input after the other: N measurements, not M·N.
    """
    a, y, u, h = draw.inputs[name], draw.y, draw.u, h or STEPS["complex"]
    if a.size < MANY or a.ndim != 2 or y.ndim != 2:
        return None
    rng = np.random.default_rng(a.size)
    moved = lambda change: draw.forward(**(draw.inputs | {name: a + change}))
    v = direction(rng, a)

    def apart(turn):
        """Whether the first row, moved alone, moves no other: seen in one evaluation, before anything is measured."""
        V = turn(v)
        first = V * (np.arange(len(V)) == 0)[:, None]
        return len(V) == len(turn(u)) and near(turn(moved(turn(first)))[1:], turn(y)[1:], 1e-12).all()

    turns = [turn for turn in (np.asarray, np.transpose) if apart(turn)]  # by rows, by columns
    if not turns:
        return None
    zero, flat, exact = np.zeros((1, 1)), y.reshape(-1, 1), None
    for tries in range(1 if y.size < 100 else 3):  # of many outputs one may look by chance as if it had a kink
        v = direction(rng, a) if tries else v
        with suppress(TypeError, ValueError), warnings.catch_warnings():
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            if np.iscomplexobj(moved(1j * h * v)):
                exact = measure(lambda t, v=v: moved(t * v).reshape(-1, 1), zero, "complex", h, flat)
                break

    def slope_along(change):
        """The slope of every entry of y when the input moves by t times the change, and how far it may be off."""
        if exact:
            return moved(1j * h * change).imag / h, exact.error.reshape(y.shape)
        along = differences_along(lambda t: moved(t * change).reshape(-1, 1), zero, flat, np.ones((1, 1)))
        return along.slope.reshape(y.shape), along.error.reshape(y.shape)

    for turn in turns:
        V, U = turn(v), turn(u)
        columns = [V * (np.arange(V.shape[1]) == k) for k in range(V.shape[1])]
        slopes, errors = zip(*([turn(found) for found in slope_along(turn(only))] for only in columns), strict=True)
        # Rows that are stretched each by its own factor must stretch the rows of y by the same, and do nothing else.
        factors = rng.uniform(1, 2, (len(V), 1))
        stretched, error = (turn(found) for found in slope_along(turn(factors * V)))
        if not near(stretched, factors * sum(slopes), 1e-12, floor=4 * (error + sum(errors))).all():
            continue
        truth = np.column_stack([(U * slope).sum(axis=1) for slope in slopes]) / V
        error = np.column_stack([np.sqrt((U**2 * off**2).sum(axis=1)) for off in errors]) / np.abs(V)
        found = Truth(turn(truth), SHARE["complex" if exact else "central"], 10 * turn(error))
        return found if exact or not found.is_rough else None
    return None


def _supported(draw, name, truth, yours):
    """(whether differences agree with `yours`, whether with a truth that the complex step has measured).

    A small part of forward that is not analytic, such as a penalty on |W|, may hide from one random direction. Along
    the one in which the two gradients differ in every entry it cannot.
    """
    if truth.tol != SHARE["complex"] or not same_form(yours, truth.value):
        return False, False
    x, u = draw.inputs[name].reshape(-1, 1), draw.u.ravel()
    v = np.sign(yours - truth.value).reshape(-1, 1)
    along = differences_along(of_one_input(draw.forward, draw.inputs, name), x, draw.y.reshape(-1, 1), v)
    slope, error = u @ along.slope, 4 * np.sqrt(u**2 @ along.error**2)
    return tuple(bool(abs(slope - gradient.ravel() @ v) <= error) for gradient in (yours, truth.value))


def _rounding(rng, draw, backward, name, truth, yours):
    """What the last digits of the inputs make of a gradient and of its measurement.

    Much, where it is a small sum of large terms, such as a gradient that is zero in theory.
    """
    off = 0.0
    for _ in range(3):
        inputs = {n: last_digits(rng, v) if n in draw.names else v for n, v in draw.inputs.items()}
        draw = draw._replace(inputs=inputs, y=value_of(draw.forward, inputs))
        again = truth_of(draw, name, h=1e-20 * rng.uniform(0.3, 3)).value
        theirs = np.array(called(backward, draw._replace(u=last_digits(rng, draw.u)), "")[name], float)
        off = max(off, largest(again - truth.value), largest(theirs - yours))
    return 16 * off


def direction(rng, array):
    """A random direction that moves every entry of an array by about its size, up or down."""
    size = np.maximum(np.abs(array), typical(array))
    return rng.uniform(1, 2, array.shape) * rng.choice([-1.0, 1.0], array.shape) * size


def typical(array):
    """The size of a typical entry, the root of the mean square, and 1 where all are zero."""
    return np.sqrt(np.mean(array**2)) or 1.0


def last_digits(rng, value):
    return value * (1 + 4 * EPS * rng.uniform(-1, 1, value.shape))


@contextmanager
def told(kind, what, inputs, where=""):
    """An exception that is raised inside becomes one of this kind, and says what raised it, where, for which shapes."""
    try:
        yield
    except Exception as error:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in _kept(inputs).items())
        raise kind(f"{what} raises {type(error).__name__}{where} with {shapes or 'no arrays'}: {error}") from error


def _call_twice(backward, draw, where):
    """The gradients, after making sure that backward keeps nothing between calls."""
    first = {name: g.copy() if type(g) is np.ndarray else g for name, g in called(backward, draw, where).items()}
    for name, again in called(backward, draw, where).items():
        gradient = first[name]
        # What is no array of float64 is for the diagnosis to refuse.
        if type(gradient) is np.ndarray and gradient.dtype == np.float64 and not _repeats(again, gradient):
            raise GradientError(
                f"gradient of {name}: a second call gave another result; something is kept between calls"
            )
    return first


def called(backward, draw, where):
    """The gradients that one call of backward returns, after making sure that it leaves its arguments alone."""
    given = draw.inputs | {"u": draw.u}
    kept = _kept(given)
    with told(GradientError, "backward", kept, f" for {where},"):
        returned = backward(draw.u, **draw.inputs)
    if changed := _changed(given, kept):
        raise GradientError(f"backward changed its argument {changed} ({where}); work on a copy")
    return _gradients(returned, draw.names, where)


def _repeats(again, first):
    same_kind = type(again) is np.ndarray and (again.shape, again.dtype) == (first.shape, first.dtype)
    return same_kind and (first.dtype.kind not in "fc" or bool(near(again, first, 1e-12).all()))


def _gradients(returned, names, where):
    """What backward returned as a plain dict, made sure that it has one gradient for each name."""
    got = sorted(map(str, dict.keys(returned))) if isinstance(returned, dict) else described(returned)
    if got != sorted(names):
        raise GradientError(f"{where}: expected a dict of gradients with the names {sorted(names)}, got {got}")
    return dict(dict.items(returned))


def _kept(inputs):
    return {name: value.copy() for name, value in inputs.items() if isinstance(value, np.ndarray)}


def _changed(inputs, kept):
    """The name of the first array that is no longer what was kept of it, bit by bit, or None."""
    return next((name for name, value in kept.items() if inputs[name].tobytes() != value.tobytes()), None)
