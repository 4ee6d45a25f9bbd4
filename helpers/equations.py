"""The ritual of every lesson: a statement of the notes is computed both ways in the cell below it.

`holds("5", ours, truth)` raises unless both sides of a statement agree; `fails("E1", printed, truth)` raises unless
the printed form is wrong, and says how wrong and what is right. The ids are those of `helpers.lessons.statements`.
"""

from numbers import Real

import numpy as np

from helpers.lessons.statements import STATEMENTS, statement_name
from helpers.tuples import Tuple


def holds(id, ours, truth, tol=1e-12):
    """Print that statement `id` holds; raise AssertionError if the two sides differ.

    ours, truth: numbers, arrays, strings, or lists and tuples of them, of one structure; nothing is broadcast.
    tol:         the largest difference allowed, relative to max(1, |truth|); 1e-6 where truth is a difference quotient.

    Raises KeyError for an unknown id, ValueError if both sides are one object, hold no number, or for a tol that
    would let a false statement pass.
    """
    name = statement_name(id)
    if not (isinstance(tol, Real) and 0 <= tol <= 1e-2):
        raise ValueError(f"{name}: expected a tol between 0 and 0.01, got {tol!r}")
    gap, size = _compare(name, ours, truth)
    if gap > tol * size:
        raise AssertionError(f"{name} does not hold: the sides differ by {gap:.3g}, allowed is {tol * size:.0e}")
    verdict = "both sides are equal" if gap == 0 and tol == 0 else f"largest difference below {tol:.0e}"
    print(f"{name} holds: {_shape(truth)}{verdict}")


def fails(id, printed, truth):
    """Print by how much the printed form of erratum `id` is off, and the correction.

    printed: as in `holds`, or a function of no arguments for a form that cannot even be computed.
    Raises AssertionError if the printed form agrees with the truth, KeyError for an id that is no erratum, ValueError
    if the truth holds nothing to compare or is not finite, TypeError for a printed form that is no number or text.
    """
    name, correction = statement_name(id), STATEMENTS[id].correction
    if not correction:
        raise KeyError(f"{id} is no erratum; use holds")
    if printed is truth:
        raise ValueError(f"{name}: both sides are the same object; compute them separately")
    leaves = list(_each(truth))
    if not leaves or not all(map(_comparable, leaves)):
        raise ValueError(f"{name}: the truth holds nothing to compare, or what is no number or text")
    if any(not isinstance(leaf, str) and not np.isfinite(leaf).all() for leaf in leaves):
        raise ValueError(f"{name}: the truth itself is not finite")
    if not callable(printed) and not all(map(_comparable, _each(printed))):
        raise TypeError(f"{name}: expected the printed form as numbers or texts, or as a function that computes it")
    try:
        printed = printed() if callable(printed) else printed
        gap, size = _compare(name, printed, truth)
    except (ValueError, TypeError, AssertionError) as error:
        print(f"{name}: as printed, {_reason(error, name)}. {correction}")
        return
    if gap <= 1e-6 * size:
        raise AssertionError(
            f"{name}: the printed form agrees with the truth here (difference {gap:.1g}); choose other numbers"
        )
    print(f"{name}: as printed it is off by {gap:#.3g}. {correction}")


def _compare(name, a, b):
    """(gap, size) where they differ most for their size, max(1, |b|); AssertionError where the structures differ."""
    if a is b and not isinstance(a, int | str | float):
        raise ValueError(f"{name}: both sides are the same object; compute them separately")
    pairs = list(_leaves(a, b))
    if not pairs:
        raise ValueError(f"{name}: there is nothing to compare")
    return max(pairs, key=lambda pair: pair[0] / pair[1])


def _leaves(a, b):
    if isinstance(b, str):
        if not isinstance(a, str):
            raise AssertionError(f"it is a {type(a).__name__} instead of text")
        yield float(a != b), 1.0
    elif isinstance(b, list | tuple | Tuple):
        items = len(a) if isinstance(a, list | tuple | range | Tuple) or np.ndim(a) else "no"
        if items != len(b):
            raise AssertionError(f"it has {items} items instead of {len(b)}")
        for p, q in zip(a, b, strict=True):
            yield from _leaves(p, q)
    else:
        if not _comparable(a) or isinstance(a, str):
            raise AssertionError(f"it is a {type(a).__name__} instead of numbers")
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape:
            raise AssertionError(f"it has shape {a.shape} instead of {b.shape}")
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            raise AssertionError("it is not finite")
        if a.size:
            gap = np.abs(np.subtract(a, b, dtype=np.result_type(a, b, float))).max()
            yield float(gap), max(1.0, float(np.abs(b).max()))


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
        shapes = {np.shape(item) for item in truth if not isinstance(item, str | list | tuple | Tuple)}
        return f"{len(truth)} items{f' of shape {shapes.pop()}' if len(shapes) == 1 and () not in shapes else ''}, "
    return f"shape {truth.shape}, " if isinstance(truth, np.ndarray) and truth.ndim else ""


def _reason(error, name):
    text = str(error).removeprefix(f"{name}: ")
    return text if isinstance(error, AssertionError) else f"it cannot be computed ({text})"
