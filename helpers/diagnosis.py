"""What is wrong with an array: structure first, then values, then the mistake that fits."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from helpers.compare import digits_apart, near

# The mistakes of a gradient that have a name, and what to say about each.
MISTAKES = {
    # the shape and the order
    "transposed": "It is the transpose of the right answer. In a Jacobian rows belong to outputs, columns to inputs; "
    "a gradient has the shape of its parameter.",
    "sizes swapped": "The number of inputs and the number of outputs have changed places.",
    "reversed product": "The factors of the product are in the reverse order.",
    "reversed order": "The entries are right but stand in the reverse order.",
    "rows for columns": "Rows were taken where columns are meant.",
    "reshaped": "The entries were filled in again in their order: reshape refills, it does not exchange axes.",
    "n for N": "The number of rows was taken where the number of columns counts: the tuple of W has N items, not M.",
    "glued too early": "The items of a tuple were joined to one matrix before that was asked.",
    "summed too early": "Items that must stay apart, one for each weight or path, were added up.",
    "not summed": "The products of a contraction are added up; here they were left side by side.",
    "left as it was": "It is what was given, without the change that is asked.",
    "flattened": "The numbers are right but an axis is missing: shapes are literal here.",
    "axis too many": "The numbers are right but there is an axis too many: shapes are literal here.",
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
    "value instead of derivative": "This is the value of the function, not its derivative.",
    "upstream forgotten": "It is the derivative for an upstream of ones: the factor from above is missing.",
    "inner derivative forgotten": "The derivative of the inner function is missing from the product.",
    "sum for product": "The factors of a chain are multiplied; only separate paths are added.",
    "product for sum": "Separate paths are added; only the factors along one path are multiplied.",
    "outer derivative forgotten": "The derivative of the outer function is missing from the product.",
    "slope at the wrong point": "The slope is taken at the wrong point: it belongs at the input of its own function.",
    "another activation's slope": "The slope belongs to another activation.",
    "mask missing": "The slope of the activation is missing where it is zero.",
    "bias not summed": "The bias is used by every sample, so its gradient sums over the batch.",
    "wrong axis": "It is summed over the wrong axis: the sum runs over the samples, one for each column.",
    "one sample only": "Only one sample of the batch is counted; the gradient sums over all.",
    "sample dropped": "One sample of the batch is missing from the sum.",
    "one use only": "A quantity that is used several times collects one term for each use; here one is counted.",
    "dropped path": "A path from the variable to the result is missing from the sum.",
    "others dropped": "The other variables were set to 0 or left out; held fixed, they keep their values.",
    "counted twice": "One dependence is counted twice.",
    "wrong layer's input": "The input of another layer was used.",
    "wrong layer's W": "The weights of another layer were used.",
    "diagonal only": "Only the diagonal is there, but the outputs depend on all inputs.",
    "matrix for its diagonal": "This is a matrix with the right numbers on its diagonal, and zeros beside them.",
    "full instead of diagonal": "Entries off the diagonal are filled although each output sees one input only.",
}


class Diagnosis(NamedTuple):
    """What is wrong: `mistake` is a name of MISTAKES, two joined by "and", or None; `message` says it in a sentence."""

    mistake: str | None
    message: str


def diagnose(yours, truth, *, tol=1e-9, error=None, candidates=None, batch=None):
    """Compare `yours` with `truth` (an array of any shape); None if they agree, else a Diagnosis.

    tol:         what may differ, relative to the largest entry of the truth (to 1 where that is zero).
    error:       where the truth is measured, what it may be off by, one number for each entry; then a truth of zeros
                 is no scale, and `error` alone decides.
    candidates:  {name of a mistake: the array it would produce}, or pairs of them, tried before the general ones.
    batch:       the batch size B, if there is one, for the factors B and 1/B.

    Structure comes first: type, float64, exact shape, finite entries. Nothing is broadcast.
    Raises ValueError for a truth that is not finite, because everything and nothing would agree with it, and TypeError
    for one that is no array of real numbers.
    """
    truth = np.asarray(truth)
    if truth.dtype.kind not in "biuf":
        raise TypeError(f"expected the truth as an array of real numbers, got {truth.dtype}")
    truth = truth.astype(float)
    if not np.isfinite(truth).all():
        raise ValueError("the truth has entries that are not finite; nothing can be compared with it")
    if truth.size == 1 and type(yours) is np.float64:
        yours = np.asarray(yours)  # a sum, and arithmetic with arrays of shape (), gives numpy's numbers
    size = largest(truth)
    right = lambda a: _agree(a, truth, tol, size or 1.0) if error is None else _agree(a, truth, tol, size, error)
    wrong = [*(candidates.items() if isinstance(candidates, dict) else candidates or ())]
    wrong = [(name, array) for name, array in wrong if not right(array)]
    shape = f"Expected shape {truth.shape}, got {np.shape(yours)}." if np.shape(yours) != truth.shape else ""
    if type(yours) is not np.ndarray:
        shape = f"Expected an array of shape {truth.shape}, got a {type(yours).__name__}."
    for name, array in wrong:
        if _agree(yours, array, tol, largest(array) or size):
            return _named(name, before=shape)
    if type(yours) is not np.ndarray:
        return Diagnosis(None, shape)
    if yours.dtype != np.float64:
        return Diagnosis(None, f"Expected float64, got {yours.dtype}.")
    if not shape:
        if not np.isfinite(yours).all():
            at = [int(i) for i in np.argwhere(~np.isfinite(yours))[0]]
            return Diagnosis(None, f"Entry {at} is {yours[tuple(at)]}.")
        if right(yours):
            return None
    scaled = _scaled(batch)
    shaped = [*_reshaped(yours, truth, batch)]
    # One mistake before two, and a mistake of the whole before one that only some gradients know.
    tried = [((name,), yours, factor * truth) for name, factor in scaled.items()]
    tried += [((name,), array, truth) for name, array in shaped]
    sizes = {name: factor for name, factor in scaled.items() if factor}
    tried += [((form, name), array, factor * truth) for form, array in shaped for name, factor in sizes.items()]
    for (one, a), (other, b) in combinations(sizes.items(), 2):
        if a * b not in (1.0, *sizes.values()):
            tried.append(((one, other), yours, a * b * truth))
    for known, array in wrong:
        tried += [((known, name), yours, factor * array) for name, factor in sizes.items()]
        if np.shape(array) == truth.shape:
            tried += [((known, form), repaired, array) for form, repaired in _reshaped(yours, array, batch)]
    names = next((names for names, mine, wanted in tried if _agree(mine, wanted, tol, largest(wanted) or size)), ())
    if names:
        return _named(*names, before=shape)
    if shape:
        return Diagnosis(None, shape)
    unit = truth / (size or 1.0)  # dividing by it first keeps the products from leaving float64
    factor = np.vdot(unit, yours / (size or 1.0)) / max(np.vdot(unit, unit), np.finfo(float).tiny)
    # A factor of nearly 1 is a small error, and one number is always a multiple of another: neither has a name.
    if truth.size > 1 and abs(factor - 1) > 1e-3 and _agree(yours, factor * truth, tol, abs(factor) * size):
        return _named("constant factor", after=f"The constant is {factor:.6g}.")
    return Diagnosis(None, worst_entry(yours, truth))


def in_words(found, yours, truth):
    """The message of a Diagnosis, with the worst entry where a mistake has a name and the two arrays have one shape."""
    named = found.mistake and same_form(yours, truth)
    return f"{found.message} {worst_entry(yours, truth)}" if named else found.message


def worst_entry(yours, truth):
    """Where two arrays of one shape differ most, in words."""
    gap = np.abs(yours - truth)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    shown = digits_apart(yours[at], truth[at], least=6)
    return (
        f"The worst entry is {list(at)}: {yours[at]:.{shown}g} instead of {truth[at]:.{shown}g}, off by {gap[at]:.3g}."
    )


def _reshaped(yours, truth, batch):
    """Pairs (a mistake of shape, `yours` with its shape repaired), for all that may have led from truth to yours."""
    if yours.shape == truth.shape[::-1] and yours.ndim == 2:
        yield "transposed", yours.T
    if yours.shape == truth.shape and truth.ndim > 2:
        yield "reversed order", np.flip(yours, tuple(range(2, truth.ndim)))  # a kernel that is turned round
    if yours.shape == truth.shape and truth.ndim == 2 and 1 in truth.shape:
        yield "reversed order", yours[::-1, ::-1]
        # A column that is a table, read row by row or column by column.
        for rows in range(2, min(truth.size, 1000)):
            if truth.size % rows == 0:
                yield "reshaped", yours.reshape(rows, -1).T.reshape(truth.shape)
    if yours.size == truth.size and yours.shape != truth.shape:
        fewer = yours.ndim < truth.ndim
        name = "flattened" if fewer else "axis too many" if yours.ndim > truth.ndim else "reshaped"
        yield name, yours.reshape(truth.shape)
        if fewer and truth.ndim == 2:
            yield name, yours.reshape(truth.shape[::-1]).T
    if yours.ndim == 2 and truth.shape == (len(yours), 1):
        summed = yours.sum(axis=1, keepdims=True)
        if yours.shape == (len(yours), len(yours)) and np.array_equal(yours, np.diag(summed.ravel())):
            yield "matrix for its diagonal", summed
        yield "bias not summed" if yours.shape[1] == batch else "not summed", summed
    elif yours.size > truth.size == 1:
        yield "not summed", yours.sum().reshape(truth.shape)


def _scaled(batch):
    """{mistake of size: its factor}."""
    factors = {"zero": 0.0, "sign": -1.0, "factor 2": 2.0, "factor 1/2": 0.5}
    return factors | ({"times B": float(batch), "divided by B": 1 / batch} if batch and batch != 1 else {})


def _agree(a, b, tol, scale, floor=0.0):
    a, b = np.asarray(a), np.asarray(b)
    return same_form(a, b) and bool(near(a, b, tol, scale, floor).all())


def same_form(a, b):
    return type(a) is np.ndarray and a.dtype == b.dtype and a.shape == b.shape and bool(np.isfinite(a).all())


def largest(array):
    return float(np.abs(array).max(initial=0.0))


def _named(*names, before="", after=""):
    said = [MISTAKES.get(name, name) for name in names]
    return Diagnosis(" and ".join(names), " ".join(text for text in (before, *said, after) if text))
