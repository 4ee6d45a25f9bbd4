"""Shapes are literal: the checks at the door of everything that takes an array.

A column is (N, 1) and a batch (N, B), one sample a column. Nothing is broadcast, and nothing is converted in silence.
"""

from math import isfinite

import numpy as np


def column(x, length=None, what="x"):
    """Return `x` itself if it is a finite float64 column (N, 1), or complex for the complex step.

    Raises TypeError for what is not a floating-point array, ValueError for a wrong shape, a wrong length,
    or an entry that is not finite.
    """
    x = batch(x, length, what)
    if x.shape[1] != 1:
        raise ValueError(
            f"expected {what} to be one column (N, 1), got shape {x.shape}; pass one sample at a time, {what}[:, [0]]"
        )
    return x


def batch(x, length=None, what="x"):
    """Return `x` itself if it is a finite array (N, B) of columns; raises as `column` does."""
    if type(x) is not np.ndarray:  # np.matrix and masked arrays have rules of their own
        raise TypeError(f"expected {what} to be an array (N, 1), got {described(x)}; use np.array([[1.0], [2.0]])")
    if x.ndim != 2:
        use = f"{what}.reshape(len({what}), -1).T, one sample a column" if x.ndim > 2 else f"{what}.reshape(-1, 1)"
        raise ValueError(f"expected a column (N, 1), got shape {x.shape}; use {use}")
    if length is not None and x.shape[0] != length:
        raise ValueError(f"expected {what} to have {length} rows, got shape {x.shape}; one row for each component")
    if x.size == 0:
        raise ValueError(f"expected {what} to have at least one entry, got shape {x.shape}")
    return finite(x, what)


def finite(x, what="x"):
    """Return the array `x` of any shape if it is float64, or complex for the complex step, and finite throughout.

    Raises TypeError for another dtype, ValueError naming an entry that is not finite.
    """
    if x.dtype.char not in "dD":
        raise TypeError(f"expected {what} in float64, got {x.dtype}; use {what}.astype(float)")
    # The sum of squares is finite only if every entry is, and takes a fraction of the time of looking at each.
    if not isfinite(np.vdot(x, x).real) and not np.isfinite(x).all():
        place = [int(i) for i in np.argwhere(~np.isfinite(x))[0]]
        raise ValueError(f"expected finite numbers, got {x[tuple(place)]} at {what}{place}; find where it arose")
    return x


def upstream(u, shape):
    """Return `u` itself if it has the shape (M, B) of the output; raises ValueError if not: nothing is broadcast."""
    if np.shape(u) != shape:
        got = u.shape if isinstance(u, np.ndarray) else described(u)
        raise ValueError(f"expected u in the shape {shape} of the output, got {got}")
    return u


def described(y):
    """What was received, for a message: the shape of an array, the type of anything else."""
    if isinstance(y, type):
        return f"the class {y.__name__}"
    return f"shape {y.shape}" if type(y) is np.ndarray else f"a {type(y).__name__}"
