"""What near means, everywhere in the course: within a share of the largest entry, and what rounding leaves."""

from math import isfinite

import numpy as np


def near(given, truth, tol, scale=None, floor=0.0):
    """Which entries of `given` lie within tol * scale + floor of `truth`: a bool array of their shape.

    tol:    the share of the scale that may be missing.
    scale:  without it the largest finite magnitude in the truth, and 1 where that is zero: entries are judged against
            the largest, because a formula that is written in another way leaves rounding of that size in all of them.
    floor:  a number, or one for each entry: what the truth itself may be off by.

    NaN is near NaN, and an infinity near the same one, never otherwise. Nothing is broadcast: raises ValueError for
    arrays of two shapes.
    """
    if type(given) is type(truth) is float and isfinite(given - truth):  # without arrays in a tenth of the time
        return np.bool_(abs(given - truth) <= tol * (abs(truth) or 1.0 if scale is None else scale) + floor)
    given, truth = np.asarray(given), np.asarray(truth)
    if given.shape != truth.shape:
        raise ValueError(f"expected two arrays of one shape, got {given.shape} and {truth.shape}")
    with np.errstate(all="ignore"):
        gap = np.abs(np.subtract(given, truth, dtype=np.result_type(given, truth, float)))
        finite = np.isfinite(gap)
        within = (gap <= tol * (scale_of(truth) if scale is None else scale) + floor) & finite
        return within if finite.all() else within | same(given, truth)


def same(given, truth):
    """Which entries are equal, infinities of one sign included, or both NaN: a bool array."""
    return (given == truth) | (np.isnan(given) & np.isnan(truth))


def scale_of(truth):
    """The largest finite magnitude in an array, 1.0 where there is none above zero."""
    magnitudes = np.abs(np.asarray(truth))
    largest = float(magnitudes.max(initial=0))
    if not isfinite(largest):
        largest = float(magnitudes[np.isfinite(magnitudes)].max(initial=0))
    return largest or 1.0


def digits_apart(a, b, least):
    """How many digits it takes to see that two numbers differ: `least` or more, 17 where they are equal."""
    return next(d for d in range(least, 18) if d == 17 or f"{a:.{d}g}" != f"{b:.{d}g}")
