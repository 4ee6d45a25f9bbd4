"""A gradient check that explains itself: structure first, then values, then the mistake that fits.

`diagnose` compares one array with the truth; `check_gradients` draws the inputs, measures the truth and
diagnoses every gradient of a backward pass.
"""

import contextlib
from itertools import cycle, islice, product
from typing import NamedTuple

import numpy as np

from helpers.numerical import EPS, STEPS, numerical_jacobian

# The mistakes of a gradient that have a name, and what to say about each.
MISTAKES = {
    # the shape and the order
    "transposed": "It is the transpose of the right answer: rows belong to outputs, columns to inputs.",
    "sizes swapped": "The number of inputs and the number of outputs have changed places.",
    "reversed product": "The factors of the product are in the reverse order.",
    "reversed order": "The entries are right but stand in the reverse order.",
    "rows for columns": "Rows were taken where columns are meant.",
    "reshaped": "The shape is right and the entries stand elsewhere: reshape refills, it does not exchange axes.",
    "n for N": "The number of rows was taken where the number of columns counts: the tuple of W has N items, not M.",
    "glued too early": "The items of a tuple were joined to one matrix before that was asked.",
    "summed too early": "Items that must stay apart, one for each weight or path, were added up.",
    "not summed": "The products of a contraction are added up; here they were left side by side.",
    "left as it was": "It is what was given, without the change that is asked.",
    "flattened": "The numbers are right but an axis is missing: shapes are literal here.",
    "axes miscounted": "The number of axes is not the number of entries along one of them.",
    "silent broadcast": "Two shapes that do not fit were stretched to one that was not meant.",
    "aligned at the left": "Shapes meet at the right, axis by axis from the last; they were aligned at the left.",
    "orientation assumed": "An array with one axis was taken for a row or a column; it is neither.",
    # the size
    "sign": "Every entry has the opposite sign.",
    "factor 2": "Every entry is twice what it should be.",
    "factor 1/2": "Every entry is half of what it should be.",
    "times B": "Every entry is multiplied by the batch size B: the mean over the batch was left out.",
    "divided by B": "Every entry is divided by the batch size B, once too often.",
    "constant factor": "Every entry is the right one times the same constant.",
    "zero": "Every entry is zero.",
    # the chain
    "upstream forgotten": "It is the derivative for an upstream of ones: the factor from above is missing.",
    "inner derivative forgotten": "The derivative of the inner function is missing from the product.",
    "sum for product": "The factors of a chain are multiplied; only separate paths are added.",
    "product for sum": "Separate paths are added; only the factors along one path are multiplied.",
    "outer derivative forgotten": "The derivative of the outer function is missing from the product.",
    "slope at the wrong point": "The slope is taken at the wrong point: it belongs at the input of its own function.",
    "mask missing": "The slope of the activation is missing where it is zero.",
    "bias not summed": "The bias is used by every sample, so its gradient sums over the batch.",
    "one use only": "A quantity that is used several times collects one term for each use; here one is counted.",
    "dropped path": "A path from the variable to the result is missing from the sum.",
    "others dropped": "The other variables were set to 0 or left out; held fixed, they keep their values.",
    "counted twice": "One dependence is counted twice.",
    "wrong layer's input": "The input of another layer was used.",
    "wrong layer's W": "The weights of another layer were used.",
    "diagonal only": "Only the diagonal is there, but the outputs depend on all inputs.",
    "full instead of diagonal": "Entries off the diagonal are filled although each output sees one input only.",
}
PRIMES = (5, 3, 7, 2, 11, 13, 17)  # distinct sizes, none 1: no wrong shape fits by accident


class GradientError(AssertionError):
    """A gradient that differs from its measurement."""


class Diagnosis(NamedTuple):
    """What is wrong: `mistake` is a name of MISTAKES or None, `message` says it in a sentence."""

    mistake: str | None
    message: str


def diagnose(yours, truth, *, tol=1e-9, candidates=None, batch=None):
    """Compare `yours` with `truth` (an array of any shape); None if they agree, else a Diagnosis.

    tol:         what may differ, relative to the largest entry of the truth.
    candidates:  {name of a mistake: the array it would produce}, tried before the general ones.
    batch:       the batch size B, if there is one, for the factors B and 1/B.

    Structure comes first: type, float64, exact shape, finite entries. Nothing is broadcast.
    Raises ValueError for a truth that is not finite, because everything and nothing would agree with it.
    """
    truth = np.asarray(truth)
    if not np.isfinite(truth).all():
        raise ValueError("the truth has entries that are not finite; nothing can be compared with it")
    if truth.shape == () and type(yours) is np.float64:
        yours = np.asarray(yours)  # arithmetic with arrays of this shape gives numpy's numbers
    for name, array in (candidates or {}).items():
        if _agree(yours, array, tol) and not _agree(array, truth, tol):
            return _named(name)
    if wrong_structure := _structure(yours, truth, tol):
        return wrong_structure
    if _agree(yours, truth, tol):
        return None
    for name, array in _general(truth, batch).items():
        if _agree(yours, array, tol):
            return _named(name)
    size = np.abs(truth).max() or 1.0  # dividing by it first keeps the products from leaving float64
    factor = np.vdot(truth / size, yours / size) / max(np.vdot(truth / size, truth / size), np.finfo(float).tiny)
    # A factor of nearly 1 is a small error, and one number is always a multiple of another: neither has a name.
    if truth.size > 1 and abs(factor - 1) > 1e-3 and _agree(yours, factor * truth, tol):
        return Diagnosis("constant factor", f"{MISTAKES['constant factor']} The constant is {factor:.6g}.")
    return Diagnosis(None, worst_entry(yours, truth))


def worst_entry(yours, truth):
    """Where two arrays of one shape differ most, in words."""
    gap = np.abs(yours - truth)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    # As many digits as it takes to see a difference.
    shown = next(d for d in range(6, 18) if d == 17 or f"{yours[at]:.{d}g}" != f"{truth[at]:.{d}g}")
    return (
        f"The worst entry is {list(at)}: {yours[at]:.{shown}g} instead of {truth[at]:.{shown}g}, off by {gap[at]:.3g}."
    )


def check_gradients(forward, backward, shapes, *, choices=None, off_kinks=None, mistakes=None, seeds=3):
    """Check a backward pass against measurement, on drawn inputs; return a verdict, or raise GradientError.

    forward(**inputs) -> y:       the reference forward pass (the course's, never the one under test), y any shape.
    backward(u, **inputs) -> {}:  for each name of `shapes`, the gradient of sum(u * y), in that input's shape.
    shapes:      {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}; each letter is drawn as a prime of its own.
    choices:     {"y": (-1.0, 1.0)}: further arguments that are not differentiated; every value is tried.
    off_kinks:   off_kinks(**inputs) -> an array that must stay away from 0; draws nearer than 1e-2 are drawn again.
    mistakes:    {name: function like backward}: what a misconception would return, to name it if it fits.
    seeds:       how many draws. The upstream u is random in each, so that no row or column can hide.

    The measurement is the complex step where forward is analytic, else the central difference.
    Raises ValueError where nothing would be compared, where forward changes its arguments, and where the central
    difference is too rough to judge by.
    """
    choices, mistakes, count = choices or {}, mistakes or {}, 0
    for seed, chosen in product(range(seeds), product(*choices.values())):
        rng, sizes, labels = np.random.default_rng(seed), _sizes(shapes, seed), dict(zip(choices, chosen, strict=True))
        inputs = _draw(rng, shapes, sizes, labels, off_kinks)
        kept = {name: np.copy(value) for name, value in inputs.items()}
        y = np.array(forward(**inputs))
        if changed := _changed(inputs, kept):
            raise ValueError(f"forward changed its argument {changed}; let it work on a copy")
        u = rng.normal(size=y.shape)
        where = _described(sizes, labels)
        yours = _call_twice(backward, u, inputs, shapes, where)
        for name in shapes:
            truth, tol = _measured(forward, inputs, name, u)
            if not np.any(truth):
                raise GradientError(
                    f"the true gradient of {name} is zero here, and zeros prove nothing; change forward"
                )
            if found := diagnose(yours[name], truth, tol=tol, batch=sizes.get("B")):
                wrong = _candidates(forward, inputs, name, u, y, mistakes)
                found = diagnose(yours[name], truth, tol=tol, candidates=wrong, batch=sizes.get("B")) or found
                raise GradientError(f"gradient of {name} ({where}): {found.message}")
            count += truth.size
    if not count:
        raise ValueError("nothing was compared: expected at least one shape, one seed, and a value for each choice")
    return f"gradients of {', '.join(shapes)} agree with their measurement: {count} entries compared"


def _candidates(forward, inputs, name, u, y, mistakes):
    """{mistake: what it would hand in}, computed only to name a mismatch. One that fails leaves it without a name."""
    makers = {mistake: lambda f=f: np.asarray(f(u, **inputs)[name]) for mistake, f in mistakes.items()}
    makers["upstream forgotten"] = lambda: _measured(forward, inputs, name, np.ones_like(u))[0]
    wrong = {"value instead of derivative": y}
    for mistake, make in makers.items():
        with contextlib.suppress(Exception):
            wrong[mistake] = make()
    return wrong


def _described(sizes, labels):
    """The drawn sizes and the arguments that are not differentiated, for a message."""
    shown = {name: f"an array {np.shape(v)}" if np.ndim(v) else f"{v!r}" for name, v in labels.items()}
    return ", ".join(f"{name} = {value}" for name, value in (sizes | shown).items())


def _call_twice(backward, u, inputs, shapes, where):
    """The gradients, after making sure that backward keeps nothing between calls and leaves its arguments alone."""
    kept = {name: np.copy(value) for name, value in (inputs | {"u": u}).items()}
    try:
        returned = backward(u, **inputs)
    except Exception as error:
        shown = ", ".join(f"{name} {value.shape}" for name, value in kept.items() if np.ndim(value))
        raise GradientError(f"backward raises {type(error).__name__} for {where}, with {shown}: {error}") from error
    first = {name: g.copy() if isinstance(g, np.ndarray) else g for name, g in _gradients(returned, shapes).items()}
    second = _gradients(backward(u, **inputs), shapes)
    if changed := _changed(inputs | {"u": u}, kept):
        raise GradientError(f"backward changed its argument {changed}; work on a copy")
    for name, gradient in first.items():
        # Bytes, because NaN differs from itself; what is no array at all is for the diagnosis to refuse.
        again = second[name]
        if isinstance(gradient, np.ndarray) and not (
            isinstance(again, np.ndarray) and gradient.tobytes() == again.tobytes()
        ):
            raise GradientError(
                f"gradient of {name}: a second call gave another result; something is kept between calls"
            )
    return first


def _gradients(returned, shapes):
    """What backward returned as a plain dict, made sure that it has one gradient for each name."""
    got = sorted(map(str, dict.keys(returned))) if isinstance(returned, dict) else type(returned).__name__
    if got != sorted(shapes):
        raise GradientError(f"expected a dict of gradients with the names {sorted(shapes)}, got {got}")
    return dict(dict.items(returned))


def _changed(inputs, kept):
    """The name of the first input that is no longer what was kept of it, or None."""
    return next((name for name, value in inputs.items() if not np.array_equal(value, kept[name])), None)


def _sizes(shapes, seed):
    letters = list(dict.fromkeys(s for shape in shapes.values() for s in shape if isinstance(s, str)))
    if len(letters) > len(PRIMES):
        raise ValueError(f"expected at most {len(PRIMES)} different sizes, got {len(letters)}: {letters}")
    sizes = dict(zip(letters, islice(cycle(PRIMES[: max(len(letters), 4)]), seed, None), strict=False))
    if sizes.get("B") == 2:  # a batch of 2 could not be told from a factor 2
        other = next((letter for letter in letters if letter != "B"), None)
        unused = next(p for p in PRIMES if p != 2 and p not in sizes.values())
        sizes |= {"B": unused if other is None else sizes[other]} | ({other: 2} if other else {})
    return sizes


def _draw(rng, shapes, sizes, labels, off_kinks):
    for _ in range(1000):
        inputs = {name: rng.normal(size=[sizes.get(s, s) for s in shape]) for name, shape in shapes.items()} | labels
        if off_kinks is None or np.abs(off_kinks(**inputs)).min() > 1e-2:
            return inputs
    raise ValueError("off_kinks came within 1e-2 of zero in 1000 draws; it does not depend on the inputs")


def _measured(forward, inputs, name, u):
    """The gradient of sum(u * forward) with respect to one input, and the tolerance it deserves."""
    shape = inputs[name].shape

    def along(column):
        return np.sum(u * forward(**(inputs | {name: column.reshape(shape)})))

    point = inputs[name].reshape(-1, 1)
    try:
        return numerical_jacobian(along, point, "complex").reshape(shape), 1e-11
    except ValueError:
        truth = numerical_jacobian(along, point, "central").reshape(shape)
    # The difference of two sums that are large beside the gradient keeps few of its digits.
    summed = np.abs(u * forward(**inputs)).sum()
    rounding = EPS * summed / STEPS["central"] / max(np.abs(truth).max(), np.finfo(float).tiny)
    if np.any(truth) and rounding > 1e-5:
        raise ValueError(f"the gradient of {name} cannot be measured: it is too small beside the values of forward")
    return truth, max(1e-7, 10 * rounding)


def _structure(yours, truth, tol):
    if type(yours) is not np.ndarray:
        return Diagnosis(None, f"Expected an array of shape {truth.shape}, got a {type(yours).__name__}.")
    if yours.dtype != np.float64:
        return Diagnosis(None, f"Expected float64, got {yours.dtype}.")
    if yours.shape != truth.shape:
        name = next((n for n, a in _reshaped(yours, truth).items() if _agree(a, truth, tol)), None)
        return Diagnosis(
            name, f"Expected shape {truth.shape}, got {yours.shape}." + (f" {MISTAKES[name]}" if name else "")
        )
    if not np.isfinite(yours).all():
        at = [int(i) for i in np.argwhere(~np.isfinite(yours))[0]]
        return Diagnosis(None, f"Entry {at} is {yours[tuple(at)]}.")
    return None


def _reshaped(yours, truth):
    """What `yours` would be, were its shape repaired: the names of mistakes that change a shape."""
    repaired = {"transposed": yours.T}
    if yours.size == truth.size:
        repaired["flattened"] = yours.reshape(truth.shape)
    if yours.ndim == 2 and truth.shape == (len(yours), 1):
        repaired["bias not summed"] = yours.sum(axis=1, keepdims=True)
    return repaired


def _general(truth, batch):
    wrong = {"zero": 0 * truth, "sign": -truth, "factor 2": 2 * truth, "factor 1/2": truth / 2}
    if truth.ndim == 2 and truth.shape[0] == truth.shape[1]:
        wrong["transposed"] = truth.T
    if truth.ndim == 2 and 1 in truth.shape:
        wrong["reversed order"] = truth[::-1, ::-1]
    if batch:
        wrong |= {"times B": batch * truth, "divided by B": truth / batch}
    return wrong


def _agree(a, b, tol):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or a.dtype != np.float64 or not np.isfinite(a).all():
        return False
    return a.size == 0 or bool(np.abs(a - b).max() <= tol * np.abs(b).max())


def _named(name):
    return Diagnosis(name, MISTAKES.get(name, name))
