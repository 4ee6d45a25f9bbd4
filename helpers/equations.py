"""The ritual of every lesson: a statement of the notes is computed both ways in the cell below it.

`holds("5", ours, truth)` raises unless both sides of a statement agree; `fails("E1", printed, truth)` raises unless
the printed form is wrong, and says how wrong and what is right. The ids are those of `helpers.lessons.statements`.
"""

from numbers import Real

import numpy as np

from helpers.compare import digits_apart, near, scale_of
from helpers.lessons.statements import STATEMENTS, statement_name
from helpers.tuples import Tuple

ROUNDING = 8 * float(np.finfo(float).eps)  # what is left of numbers of about 1 that cancel


def holds(id, ours, truth, tol=1e-12):
    """Print that statement `id` holds; raise AssertionError if the two sides differ.

    ours, truth: numbers, arrays, strings, or lists and tuples of them, of one structure; nothing is broadcast.
    tol:         the largest difference allowed, relative to the largest entry of the truth (`helpers.compare`); numbers
                 in a list count as one array. 1e-6 where truth is a difference quotient. What rounding leaves of
                 numbers of about 1, some 2e-15, is allowed beside it.

    Raises KeyError for an unknown id, ValueError if both sides are one object, hold no number, or for a tol that
    would let a false statement pass.
    """
    name = statement_name(id)
    if not (isinstance(tol, Real) and 0 <= tol <= 1e-2):
        raise ValueError(f"{name}: expected a tol between 0 and 0.01, got {tol!r}")
    try:
        gap, allowed, agree = _compare(name, ours, truth, tol)
    except AssertionError as error:
        raise AssertionError(f"{name} does not hold: the first side {error}") from None
    if not agree:
        digits = digits_apart(gap, allowed, least=3)
        raise AssertionError(
            f"{name} does not hold: the sides differ by {gap:.{digits}g}, allowed is {allowed:.{digits}g}"
        )
    verdict = "both sides are equal" if gap == 0 and tol == 0 else f"largest difference below {tol:.0e}"
    print(f"{name} holds: {_shape(truth)}{verdict}")


def fails(id, printed, truth, read_as=None):
    """Print by how much the printed form of erratum `id` is off, and the correction.

    printed: as in `holds`, or a function of no arguments for a form that cannot even be computed.
    read_as: where the note is ambiguous, the reading that is tried, such as "the number of rows".
    Raises AssertionError if the printed form agrees with the truth, KeyError for an id that is no erratum, ValueError
    if the truth holds nothing to compare or is not finite, TypeError for a printed form that is no number or text.
    """
    name, correction = statement_name(id), STATEMENTS[id].correction
    if not correction:
        raise KeyError(f"{id} is no erratum; use holds")
    _two_objects(name, printed, truth)
    leaves = list(_each(truth))
    if not leaves or not all(map(_comparable, leaves)):
        raise ValueError(f"{name}: the truth holds nothing to compare, or what is no number or text")
    if any(not isinstance(leaf, str) and not np.isfinite(leaf).all() for leaf in leaves):
        raise ValueError(f"{name}: the truth itself is not finite")
    how = f"{name}, read as {read_as}," if read_as else f"{name}: as printed,"
    try:
        printed = printed() if callable(printed) else printed
    except (ValueError, TypeError, AssertionError) as error:
        print(f"{how} it cannot be computed ({error}). {correction}")
        return
    if not all(map(_comparable, _each(printed))):
        raise TypeError(f"{name}: expected the printed form as numbers or texts, or as a function that computes it")
    try:
        gap, _, agree = _compare(name, printed, truth, 1e-6)
    except AssertionError as error:
        print(f"{how} it {error}. {correction}")
        return
    if agree:
        raise AssertionError(
            f"{name}: the printed form agrees with the truth here (difference {gap:.1g}); choose other numbers"
        )
    how = f"{name}, read as {read_as}, is" if read_as else f"{name}: as printed it is"
    print(f"{how} off by {f'{gap:#.3g}'.rstrip('.')}. {correction}")


def _compare(name, a, b, tol):
    """(gap, what is allowed, agree) where a and b differ most beside it; AssertionError where the structures differ."""
    _two_objects(name, a, b)
    pairs = list(_leaves(a, b))
    if not pairs:
        raise ValueError(f"{name}: there is nothing to compare")
    found = []
    for p, q in pairs:
        _two_objects(name, p, q)
        p, q = (side.astype(np.result_type(p, q, float)) for side in (p, q))  # truth values have no difference
        with np.errstate(over="ignore"):
            gap = float(np.abs(p - q).max())
        found.append((gap, tol * scale_of(q) + ROUNDING, bool(near(p, q, tol, floor=ROUNDING).all())))
    return *max(found, key=lambda each: each[0] / each[1])[:2], all(agree for *_, agree in found)


def _two_objects(name, a, b):
    if a is b and not isinstance(a, int | str | float):
        raise ValueError(f"{name}: both sides are the same object; compute them separately")


def _leaves(a, b):
    """The pairs of arrays in two nested structures, 0 and 0 for a text; AssertionError says what a is instead of b."""
    if isinstance(b, str):
        if not isinstance(a, str) or a != b:
            raise AssertionError(
                f"is {a!r} instead of {b!r}" if isinstance(a, str) else f"is {_kind(a)} instead of text"
            )
        yield np.array(0.0), np.array(0.0)
    elif isinstance(b, list | tuple | Tuple):
        items = len(a) if isinstance(a, list | tuple | range | Tuple) or np.ndim(a) else "no"
        if items != len(b):
            raise AssertionError(f"has {items} items instead of {len(b)}")
        pairs = [pair for p, q in zip(a, b, strict=True) for pair in _leaves(p, q)]
        if pairs and all(q.shape == () for _, q in pairs) and not any(isinstance(q, str) for q in b):
            pairs = [tuple(np.stack(side) for side in zip(*pairs, strict=True))]
        yield from pairs
    else:
        if not _comparable(a) or isinstance(a, str):
            raise AssertionError(f"is {_kind(a)} instead of numbers")
        a, b = (np.asarray(side) for side in (a, b))
        if a.shape != b.shape:
            raise AssertionError(f"has shape {a.shape} instead of {b.shape}")
        if not np.isfinite(a).all():
            raise AssertionError("is not finite")
        if not np.isfinite(b).all():
            raise AssertionError("is compared with a truth that is not finite")
        if a.size:
            yield a, b


def _each(value):
    """Every number, array or text in nested lists and tuples; arrays without entries are left out."""
    if isinstance(value, list | tuple | Tuple):
        for item in value:
            yield from _each(item)
    elif np.size(value):
        yield value


def _comparable(leaf):
    return isinstance(leaf, str) or (not isinstance(leaf, Tuple) and np.asarray(leaf).dtype.kind in "biufc")


def _shape(truth):
    if isinstance(truth, list | tuple | Tuple):
        shapes = {() if isinstance(item, str | list | tuple | Tuple) else np.shape(item) for item in truth}
        return f"{len(truth)} items{f' of shape {shapes.pop()}' if len(shapes) == 1 and () not in shapes else ''}, "
    return f"shape {truth.shape}, " if isinstance(truth, np.ndarray) and truth.ndim else ""


def _kind(value):
    name = f"array of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
