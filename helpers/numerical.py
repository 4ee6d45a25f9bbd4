"""Derivatives by measurement: the Jacobian of any function of a column, three ways, and how far each may be off.

forward  (f(x+h) - f(x)) / h            error h,   best h about 1e-8
central  (f(x+h) - f(x-h)) / 2h         error h²,  best h about 1e-5
complex  Im f(x + ih) / h               error h² without cancellation, so h may be tiny; f must be analytic
                                        (Squire and Trapp, SIAM Review 40, 1998)

No value is believed because a formula gave it: along one random direction the derivative is measured once more, by
differences at several steps, whose disagreement shows truncation, rounding, noise and kinks (Ridders, Adv. Eng.
Software 4, 1982). `helpers.gradcheck` judges by such a measurement.
"""

import functools
import warnings
from contextlib import suppress
from itertools import pairwise
from numbers import Real
from typing import NamedTuple

import numpy as np

from helpers.compare import near
from helpers.shapes import column, described

EPS = float(np.finfo(float).eps)
STEPS = {"complex": 1e-20, "central": EPS ** (1 / 3), "forward": EPS ** (1 / 2)}
BLOCK = 2**20  # entries evaluated at once: enough to keep numpy busy, small enough to stay in memory
FIRST, FACTOR = 2.0**-7, 2.0**-6  # the steps of differences: where they begin, relative to x, and how they shrink
RATIO = (5**0.5 - 1) / 2  # of neighbouring steps: no whole number of waves fits into all of them
SMALLEST, LARGEST = 2.0**-45, 2.0**36
SETTLED = 1e-10  # a difference this good needs no other step
# Errors at which a measurement is refused: relative to the largest entry of its row, and to the change of f over
# the size of x.
ROUGH = {"complex": 1e-2, "central": 1e-5, "forward": 1e-4}
HIDDEN = {"complex": 1e-9, "central": 1e-9, "forward": 1e-5}
FINE = {"complex": 1e-8, "central": 3e-8, "forward": 1e-4}  # below it no better one is looked for


measured = 0  # how often `measure` was called: an exercise that asks for a derivation asks whether one was measured

NOT_ANALYTIC = (
    "the complex step disagrees with a central difference: f is not analytic at x "
    "(np.abs, np.linalg.norm, .conj(), a kink)"
)
KINK = "f has a kink at x, with another slope on each side and no derivative"
KINK_NEARBY = "f has a kink near x, nearer than its digits allow a step to be"


class Measurement(NamedTuple):
    """A measured Jacobian (M, N), how far each of its entries may be off (M, N), and the method that was used."""

    value: np.ndarray
    error: np.ndarray
    method: str


def numerical_jacobian(f, x, method="complex", h=None):
    """The Jacobian (M, N) of f at the column x (N, 1), measured.

    f maps a column (N, 1) to a column (M, 1) or to a number. Where f maps each column of a batch (N, B) on its
    own, all perturbations are evaluated at once; where it does not, one after the other.

    method: "complex", "central", "forward", or "auto": complex where it agrees with differences along a random
            direction, else central.
    h:      the step, for "auto" that of its complex step; the value is then what the formula gives, right or not.
            Without it the step fits x and f, and the value is right to within 1e-5 of the largest entry of its row
            (1e-4 for forward), or, where all slopes of the row are small beside f, to what f hides of them: 1e-9
            (1e-5) of its change within the size of x, and 1e-10 (1e-6) of its value, both over that size. Where
            f loses digits inside, the complex step loses as many, and is believed down to its last two.

    Raises TypeError for what is no float64 array, ValueError for wrong shapes, for numbers that are not finite, for
    a bad step, for an f that changes x or remembers earlier calls, for method="complex" when f is not analytic
    at x, and where no step gives a value to rely on: at a kink, for noise, for float32 inside f.
    """
    return measure(f, x, method, h).value


def measure(f, x, method="auto", h=None, y=None):
    """A Measurement of the Jacobian of f at x; arguments and errors as for `numerical_jacobian`.

    y:  f(x) as a column (M, 1), where the caller has it and knows that f repeats itself.
    """
    global measured
    measured += 1
    if not callable(f):
        raise TypeError(f"expected f to be a function of a column, got {type(f).__name__}")
    x = column(x)
    if x.dtype != np.float64:
        raise TypeError(f"expected x in float64, got {x.dtype}; the complex step adds its own imaginary part")
    if method not in (*STEPS, "auto"):
        raise ValueError(f'expected method "complex", "central", "forward" or "auto", got {method!r}')
    _check_step(h)
    known = y is not None
    y = y if known else _value(f, x)
    with np.errstate(all="ignore"):  # what overflows beside x is seen by its result, whatever the reader has set
        if not known and not _same(_value(f, x), y):
            raise ValueError("f gives another result when it is called again; it depends on more than x")
        if h and method in ("central", "forward"):
            J = _columns(f, x, y, method, np.full(len(x), h, float))
            return Measurement(J, np.full(J.shape, np.inf), method)
        tiny = h if h and h <= 1e-13 * _scale(x).min() else STEPS["complex"]
        found = _measure(f, x, method, tiny, y)
        if h and h != tiny and found.method == "complex":  # f was judged by a step whose square is not seen
            J = _columns(f, x, y, "complex", np.full(len(x), h, float))
            found = found._replace(value=J, error=found.error + np.abs(J - found.value))
        return found


def _measure(f, x, method, h, y):
    v = _direction(x)
    along, found = differences_along(f, x, y, v), None
    if not along.moved.all() and (few := _digits_of_what_rests(f, x, y, v, ~along.moved)):
        raise ValueError(f"f stands still beside x, because it {few}")
    if method in ("complex", "auto"):
        problem, imag, noise = _why_not_complex(f, x, v, along)
        found = None if problem else _complex(f, x, y, v, along, noise, h)
        if found is None and problem in ("", NOT_ANALYTIC) and np.any(imag) and np.isfinite(along.error).all():
            # Before f is blamed: terms that cancel inside it are rounded by more than its value shows.
            along = along._replace(error=along.error + _own_rounding(f, x, v) / along.step)
            along = _reconciled(f, x, y, v, along, imag)
            problem = "" if _fits(along, imag, noise) else NOT_ANALYTIC
            found = None if problem else _complex(f, x, y, v, along, noise, h)
        unmoved = (along.slope == 0) & np.isfinite(along.error)
        if found is None and problem and np.any(unmoved & (np.abs(imag) > 1e-6 * along.size)):
            raise ValueError(
                "a complex step changes f, a real one does not: its slope is lost to rounding, or f is constant here "
                'and not analytic (np.sign); for the second use method="central"'
            )
        if found is None and method == "complex":
            raise ValueError(f'{problem or NOT_ANALYTIC}; use method="central"')
    if found is None:
        try:
            found = _difference(f, x, y, v, along, "forward" if method == "forward" else "central")
        except ValueError:  # f is not defined so far from x; each entry by itself is measured at smaller steps too
            if method == "forward":
                raise
            found = Measurement(np.zeros((len(y), len(x))), np.full((len(y), len(x)), np.inf), "central")
    fine = found.error <= FINE[found.method] * _largest_in_row(found.value)
    if fine.all():
        return found
    change = _change(f, x, y, v)
    allowed = _allowed(found, x, y, change)
    still = (change <= 16 * EPS * np.abs(y)) & (found.error <= 10 * allowed)  # what jumps aside is not still
    if (fine | still).all():
        return found
    alone = _each_entry(f, x, y, found.value if found.method == "complex" else None)
    found = _confirmed(found, alone, method)
    allowed = _allowed(found, x, y, change)
    if found.method == "forward" and np.any(np.abs(along.slope) > 10 * along.error):
        # One step alone may see nothing, where several see a slope.
        allowed = np.minimum(allowed, ROUGH["forward"] * np.abs(along.slope).max() / _scale(x))
    # The last digits of f may hide much, but no kink that is seen, and a complex step sees none.
    unseen = _allowed(found if found.method == "forward" else alone, x, 0 * y, change)
    kinks = np.zeros(alone.error.shape)
    for j in np.flatnonzero((alone.error > unseen).any(axis=0)):
        kinks[:, [j]] = _kinks(f, x, y, j)
    bent = (alone.error > unseen) & (kinks > unseen)
    error = np.where(bent, np.maximum(found.error, alone.error), found.error)
    rough = bent | ~(error <= allowed)
    if not rough.any():
        return found
    i, j = (int(k) for k in np.argwhere(rough)[0])
    if bent[i, j]:
        reason = KINK if alone.error[i, j] > 0.5 * kinks[i, j] else KINK_NEARBY
    else:
        reason = _reason(f, x, y, j, i, found.method)
    raise ValueError(
        f"entry [{i}, {j}] of the Jacobian cannot be measured ({found.value[i, j]:.3g}, "
        f"give or take {error[i, j]:.1g}): {reason}"
    )


def tolerance(method="complex", h=None, scale=1.0):
    """How far a derivative of size `scale` may lie from its measurement.

    Truncation (h for forward, h² for central and complex) plus rounding (eps/h for differences), times 100 for the
    constants that neither knows; never below 1e-12 of the scale, which is more than a complex step is rounded by.
    Raises ValueError for another method, for a step that is not a number > 0 and one with which the derivative may be
    off by a tenth of its size or more, so that nothing can be judged by it, and for a scale that is no size.
    """
    if method not in STEPS:
        raise ValueError(f'expected method "complex", "central" or "forward", got {method!r}')
    _check_step(h)
    if not (isinstance(scale, Real) and np.isfinite(scale) and scale >= 0):
        raise ValueError(f"expected the size of a derivative, a number >= 0, got scale={scale!r}")
    h = STEPS[method] if h is None else float(h)
    error = {"forward": h + EPS / h, "central": h * h + EPS / h, "complex": h * h}[method]
    if 100 * error >= 0.1:
        raise ValueError(
            f"a {method} difference with h = {h:g} may be off by {100 * error:.2g} times its size; take another step"
        )
    return float(max(100 * error, 1e-12) * max(1.0, scale))


def _check_step(h):
    if h is not None and not (isinstance(h, Real) and np.isfinite(h) and h > 0):
        raise ValueError(f"expected a step h > 0, got {h!r}")


# --- the three formulas, for all columns of the Jacobian ------------------------------------------------------


def _columns(f, x, y, method, steps):
    """The Jacobian by one formula; steps (N,), one for each entry of x."""
    width = max(3, BLOCK // max(len(x), len(y)))
    evaluate, blocks = None, []
    for start in range(0, len(x), width):
        j = np.arange(start, min(start + width, len(x)))
        E = np.zeros((len(x), len(j)))
        E[j, j - start] = steps[j]
        if method == "complex":
            E = 1j * E
        if evaluate is None:
            raised = _at_once_if_each_column_is_treated_alone(f, x + E)
            evaluate = _one_by_one if raised is None else _at_once
            raised = _one_by_one(f, x + E) if raised is None else raised
        else:
            raised = evaluate(f, x + E)
        if method == "complex":
            blocks.append(raised.imag / steps[j])
        elif method == "central":
            blocks.append((raised - evaluate(f, x - E)) / (2 * steps[j]))
        else:
            blocks.append((raised - y) / steps[j])
    J = np.hstack(blocks)
    if not np.isfinite(J).all():
        raise ValueError(f"the {method} derivative is not finite at {_first_bad(J)}; f is undefined near x")
    return J


def _complex(f, x, y, v, along, noise, h):
    """The Jacobian by the complex step, or None where the differences along v say that it is not."""
    J = _columns(f, x, y, "complex", np.full(len(x), h))
    # A difference is rounded as the terms are that it sums, so that a small sum of large terms is less exact.
    terms = np.abs(J) @ np.abs(v) + along.size
    unseen = 4 * along.error + noise + 16 * EPS * terms / along.step
    gap = np.abs(J @ v - along.slope)
    if (gap > unseen).any() and (
        gap > unseen + 1e-25 * _at_step(f, x, y, v, 1.0).size
    ).any():  # its own h² is never seen
        return None
    # What is not analytic and yet unseen may hide in any entry; that it is as large as it may be is not likely, unless
    # nothing can be seen at all.
    unseen = np.where(unseen > 1e-3 * terms, unseen, unseen / 400)
    error = (noise + unseen) / np.abs(v).ravel() + 16 * EPS * _largest_in_row(J)
    return Measurement(J, error, "complex")


def _difference(f, x, y, v, along, method):
    """The Jacobian by differences for each entry, at one step, or central at two where the first is not fine."""
    scale = _scale(x)
    steps = (STEPS["forward"] if method == "forward" else 2.0**-17) * scale
    rounding = _rounding(along.size, steps)
    off_along = lambda J: np.abs(J @ v - along.slope)

    def measurement(J, truncation=0.0):
        # What the sum along v misses may be missing in one entry, at a kink or another scale; its rounding adds up as
        # noise does.
        missed = np.maximum(0, off_along(J) - np.sqrt(rounding**2 @ v**2))
        return Measurement(J, rounding + truncation + (missed + along.error) / scale, method)

    found = measurement(J := _columns(f, x, y, method, steps))
    fine = FINE["central"] * _largest_in_row(J)
    # Where steps 1,000 times as wide were good, this one loses next to nothing; what several entries miss together
    # could cancel along v.
    gap = (off_along(J) + along.error) / scale
    if method == "forward" or ((along.step >= FIRST) & (found.error <= fine) & (gap <= fine / 10)).all():
        return found
    # What is left when h² has gone is far less than what went, unless the two steps disagree.
    went = (J - _columns(f, x, y, method, 2 * steps)) / 3
    return measurement(J + went, 0.1 * np.abs(went))


def _each_entry(f, x, y, exact=None):
    """The Jacobian by differences at several steps for each entry by itself: slow, and as good as they can be."""
    found, scale = [], _scale(x)
    for j in range(len(x)):
        v = _moving(x, j, _size(x, j))
        along = differences_along(f, x, y, v, patient=True, natural=scale[j] / v[j])
        along = along if exact is None else _reconciled(f, x, y, v, along, exact[:, [j]] * v[j])
        found.append((along.slope / v[j], along.error / v[j]))
    J, error = (np.hstack(parts) for parts in zip(*found, strict=True))
    return Measurement(J, error, "central")


def _size(x, j):
    """The size of entry j, 1 where it is zero, and not below a millionth of what the others let expect."""
    return max(abs(x.item(j)), 2.0**-20 * _scale(x).item(j)) if x.item(j) else 1.0


def _moving(x, j, by):
    v = np.zeros_like(x)
    v[j] = by
    return v


def _kinks(f, x, y, j):
    """How much the slopes of each output (M, 1) on both sides of x_j differ, where three steps in turn see the same."""
    v, kink = _moving(x, j, _scale(x)[j]), np.zeros(y.shape)
    seen = [_at_step(f, x, y, v, 2.0**-k) for k in range(1, 23, 3)]
    for *wider, last in zip(seen, seen[1:], seen[2:], strict=False):
        size = np.abs(last.kink)
        alike = [np.abs(wide.kink - last.kink) < 0.2 * size for wide in wider]
        kink = np.where(np.all([*alike, size > 10 * last.rounding], axis=0), size, kink)
    return kink / v[j]


# --- one direction, by differences at several steps -----------------------------------------------------------


class Along(NamedTuple):
    """The derivative along a direction at a step t, all (M, 1).

    error is infinite where f is not defined so far from x; kink is the difference of the slopes on both sides;
    rounding is the part of the error that smaller steps would make larger; moved says which outputs the step changes;
    size is what rounding is relative to, the largest value of f near x and its change over the size of x.
    """

    slope: np.ndarray
    error: np.ndarray
    kink: np.ndarray
    rounding: np.ndarray
    moved: np.ndarray
    size: np.ndarray
    step: np.ndarray


def differences_along(f, x, y, v, patient=False, natural=1.0):
    """The derivative of f at x along v (N, 1) by differences, at one step after another until it is good: an Along.

    y is f(x). With patience every output is known for its own size, and no slope is believed to be zero before large
    steps have been tried; without it an output of small slope need not be better known than the largest. natural is
    the multiple of v by which x may be expected to move: an entry may be small by chance.
    """
    best = _at_step(f, x, y, v, FIRST)
    good, ever_moved, tried = _good(best, patient), best.moved, [best]
    for factor in (1 / FACTOR, FACTOR):
        # Larger steps help where rounding rules, smaller ones against truncation and a kink nearby, as long as they
        # are not rounded by more than what is known already.
        t, rounded, new = FIRST * factor, np.isfinite(best.error) & (best.error <= 100 * best.rounding), best
        while SMALLEST <= t <= LARGEST:
            hopeless = (factor < 1) & (_rounding(np.minimum(new.size, best.size), t) > best.error)
            if not (~good & (rounded == (factor > 1)) & ~hopeless).any():
                break
            new = _at_step(f, x, y, v, t)
            better = (new.error < best.error) & (np.abs(new.slope - best.slope) <= 4 * (new.error + best.error))
            if factor > 1:
                # Where f is flat further out, a large step sees nothing of a slope at x, however little it is off.
                better &= ((np.abs(new.slope) > 10 * new.error) | (t <= natural / 8)) & rounded
            else:
                # Far from x there may be small slopes with small errors: what counts is their share of the size. And
                # a step that changes nothing, where larger ones do, may be too small for float32.
                with np.errstate(all="ignore"):
                    better |= new.error / new.size < best.error / best.size
                better &= new.moved | ~ever_moved | (t >= 2.0**-18)
                tried.append(new)
            ever_moved = ever_moved | new.moved
            best = _chosen(better & ~good, new, best)
            good = _good(best, patient and t < 2.0**12)
            t *= factor
    for other in tried:  # rounding grows as the step shrinks, and may look small by chance at one of them
        seen = np.where((other.step < best.step) & np.isfinite(other.error), other.error * other.step / 4, 0)
        best = best._replace(error=np.maximum(best.error, seen / best.step))
    return _free_of_jumps(f, x, y, v, best, tried)


def _chosen(where, new, best):
    return Along(*(np.where(where, *pair) for pair in zip(new, best, strict=True)))


def _free_of_jumps(f, x, y, v, best, tried):
    """`best`, or where f jumps by its own rounding and that step sees only what is between two jumps, a wider one.

    A factor that has lost its digits, such as 1 - cos(x) beside 0, stands still until x has moved by enough. Over
    steps as small as that f is a line, and differences of it agree with each other to all digits.
    """
    jumps = np.zeros(y.shape)
    for wide in tried[::-1]:
        doubtful = (wide.step > best.step) & np.isfinite(wide.error) & (jumps == 0)
        gap = np.abs(wide.slope - best.slope)
        share = np.where(gap <= 4 * wide.error, 1e-2, 1e-6)  # what a wide step is off by itself is no contradiction
        doubtful &= gap > share * np.abs(best.slope) + 4 * best.error
        jumps = np.maximum(jumps, _jumps(f, x, y, v, best, doubtful, wide.step.item(0), gap))
    if not jumps.any():
        return best
    least = best._replace(error=best.error + jumps / best.step)
    for other in (*tried, *(_at_step(f, x, y, v, t) for t in (2.0**-4, 2.0**-1))):
        other = other._replace(error=other.error + jumps / other.step)
        least = _chosen((jumps > 0) & (other.error < least.error), other, least)
    return _chosen(best.moved | (np.abs(least.slope) > least.error), least, best)


def _reconciled(f, x, y, v, along, exact):
    """`along`, or where it contradicts a complex step, the step of differences that does not.

    Differences may look exact and be wrong: where f waves on a scale far below the first step, and between two jumps
    of its own rounding.
    """
    unlike = lambda: (exact != 0) & (np.abs(exact - along.slope) > 4 * along.error + 16 * EPS * along.size / along.step)
    for t in (2.0**-1, 2.0**-4, 2.0**2, 2.0**5, *2.0 ** np.arange(-7.0, -44, -6)) if unlike().any() else ():
        at, gap = _at_step(f, x, y, v, t), np.abs(exact - along.slope)
        agrees = unlike() & (np.abs(exact - at.slope) <= 4 * at.error) & (at.error <= 0.1 * gap)
        wider = agrees & (t > along.step)
        jumps = _jumps(f, x, y, v, along, wider, min(t, 0.5), gap)
        at = at._replace(error=at.error + jumps / t)
        along = _chosen(agrees & (~wider | (jumps > 0)), at, along)
    for times in (8, 64, 512, 4096) if unlike().any() else ():
        wide = np.minimum(times * along.step, 0.5)
        jumps = _jumps(f, x, y, v, along, unlike(), wide, np.abs(exact - along.slope))
        along = along._replace(error=along.error + jumps / along.step)
    return along


def _jumps(f, x, y, v, along, doubtful, wide, gap):
    """By how much an output (M, 1) jumps within a step `wide` on both sides of x, where it is doubtful; else 0.

    A jump that does not explain why another slope differs by `gap` is none.
    """
    jumps, enough = np.zeros(doubtful.shape), 0.25 * gap * along.step
    for i in np.flatnonzero(doubtful):
        beside = lambda t, i=i: _value(f, x + t * v)[i, 0] - t * along.slope[i, 0]
        end = np.broadcast_to(wide, gap.shape)[i, 0]
        with suppress(Exception):  # f is not defined so far from x
            jumped = lambda to, i=i, beside=beside: _jump(beside, y[i, 0], to, enough[i, 0])
            sides = [jumped(end), jumped(-end)]
            if any(sides):  # rounding has a step on the other side, too, perhaps not as near
                far = 10 * RATIO * end  # of which no part leads to x = 0
                sides = [sides[0] or jumped(far), sides[1] or jumped(-far)]
            jumps[i] = max(sides) if all(sides) else 0
    return jumps


def _jump(f, start, end, enough=0.0):
    """By how much a function of one number, `start` at 0, jumps on its way to `end`, or 0 where not by `enough`."""
    at = np.linspace(0, end, 9)
    values = [start, *(f(t) for t in at[1:])]
    least = max(enough, 16 * EPS * np.abs(values).max())
    return max(_jump_between(f, *pair, least) for pair in pairwise(zip(at, values, strict=True)))


def _jump_between(f, from_, to, least):
    """By how much f jumps between two of its points (t, f(t))."""
    (a, first), (b, last) = from_, to
    moved, even = abs(last - first), 0
    # The half in which f moves by more, until it moves no more than its last digits, or its argument does not.
    while abs(last - first) > least:
        if abs(b - a) <= 2.0**-50 * max(1, abs(a)):
            # More of it: a pole lies between. Next to nothing: f is steep.
            return abs(last - first) if 1e-3 * moved <= abs(last - first) <= 2 * moved else 0
        middle = (a + b) / 2
        value = f(middle)
        less, more = sorted((abs(value - first), abs(last - value)))
        even += more < 1.2 * less
        if even == 4:  # f is smooth: of a jump the half that has it would have shown the more, the nearer it is
            return 0
        if abs(value - first) > abs(last - value):
            b, last = middle, value
        else:
            a, first = middle, value
    return 0


def _good(along, patient):
    slope = np.abs(along.slope)
    nothing = (slope <= 10 * along.error) & (along.error <= 1e-2 * SETTLED * along.size)
    if patient:
        return along.error <= SETTLED * slope
    return nothing | (along.error <= SETTLED * np.maximum(slope, 0.1 * slope.max()))


def _at_step(f, x, y, v, t):
    """The derivative of f at x along v from three steps, the largest t: an Along."""
    steps, step = (t, RATIO * t, RATIO**2 * t), np.full(y.shape, t)
    try:
        with np.errstate(all="ignore"):
            up, down = ([_value(f, x + sign * s * v) for s in steps] for sign in (1, -1))
    except Exception:  # f may refuse in a way of its own what lies so far from x
        nothing, without = np.zeros(y.shape), np.full(y.shape, np.inf)
        return Along(nothing, without, nothing, without, np.zeros(y.shape, bool), np.ones(y.shape), step)
    # The even powers of t leave the difference one after the other, the odd ones leave the bend; a kink stays.
    difference = [(a - b) / (2 * s) for a, b, s in zip(up, down, steps, strict=True)]
    bend = [(a - 2 * y + b) / s for a, b, s in zip(up, down, steps, strict=True)]
    slope, truncation = _extrapolated(difference, 2, 4)
    kink, _ = _extrapolated(bend, 1, 3)
    values = np.hstack([*up, *down])
    size = np.abs(values).max(axis=1, keepdims=True) + np.abs(slope)
    rounding = _rounding(size, t)
    moved = (values != y).any(axis=1, keepdims=True)
    by_chance = 1e-12 * np.abs(slope)  # what an estimate of the truncation may be too small by, where its terms cancel
    return Along(slope, truncation + np.abs(kink) + rounding + by_chance, kink, rounding, moved, size, step)


def _rounding(size, step):
    """What the rounding of values of this size may leave in a difference over this step."""
    return 4 * EPS * size / step


def _extrapolated(values, first, second):
    """(what three values at t, rt, r²t tend to, free of two powers of t, by how much it may be off) (Richardson)."""
    r, s = RATIO**first, RATIO**second
    early, late = ((values[k + 1] - r * values[k]) / (1 - r) for k in (0, 1))
    limit = (late - s * early) / (1 - s)
    last, before = np.abs(limit - late), np.abs(late - values[2])
    # A smooth function loses much with each power that goes, and as much again with the next. Another does not.
    with np.errstate(all="ignore"):
        return limit, last * np.where(last < 0.05 * before, last / before, 10)


def _direction(x):
    """A direction (N, 1) that moves every entry of x by about its size, up or down."""
    return _signs(len(x)) * _scale(x).reshape(-1, 1)


@functools.lru_cache(maxsize=32)  # to seed a generator takes a tenth of a small measurement
def _signs(N):
    rng = np.random.default_rng(N)
    return rng.uniform(1, 2, (N, 1)) * rng.choice([-1.0, 1.0], (N, 1))


def _scale(x):
    """(N,): powers of 2 near |x_j|, not far below the others: an entry that is small by chance can still move."""
    size = np.maximum(np.abs(x), np.sqrt(np.mean(x**2)))
    return 2.0 ** np.floor(np.log2(np.where(size > 0, size, 1.0))).ravel()


# --- what may be relied on ------------------------------------------------------------------------------------


def _why_not_complex(f, x, v, along):
    """(why the complex step fails along v, where differences contradict it, or ''; what it gives; its noise (M, 1))."""
    h = STEPS["complex"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            # Other steps are rounded otherwise: what the results differ by is noise.
            imag = [_value(f, x + 1j * (h * k) * v).imag / (h * k) for k in (1, 0.7)]
    except Exception as error:
        return f"f does not take complex numbers ({error})", 0.0, None
    noise = 16 * np.abs(imag[1] - imag[0])
    return "" if _fits(along, imag[0], noise) else NOT_ANALYTIC, imag[0], noise


def _fits(along, imag, noise):
    # Only what is plain to see: how exact the differences are is known once the terms are known that they sum.
    plain = 1e-6 * np.maximum(np.abs(along.slope), along.size)
    return (np.abs(imag - along.slope) <= 4 * along.error + noise + plain).all()


def _own_rounding(f, x, v):
    """How much each output (M, 1) changes by rounding inside f: what a line through values very near x does not fit.

    As near as the output changes at all: behind a saturated unit several last digits of x give the same value.
    """
    rounding = np.zeros((1, 1))
    for t in (2.0**-48, 2.0**-40, 2.0**-32):
        near_x = np.hstack([_value(f, x + k * t * v) for k in range(-3, 4)])
        bend = np.abs(np.diff(near_x, 2, axis=1)).max(axis=1, keepdims=True)
        rounding = np.where(rounding == 0, bend, rounding)
        if rounding.all():
            break
    return rounding


def _confirmed(found, alone, method):
    """`found` if the differences of each entry by itself agree with it, else what they give.

    One direction says too little where x, f or J has entries of very different sizes.
    """
    if found.method == "forward":
        return found
    if found.method == "central":
        return alone
    # The least of many estimates of an error is too small itself.
    if (np.abs(found.value - alone.value) <= 16 * alone.error + 1e-9 * _largest_in_row(found.value)).all():
        return found._replace(error=np.minimum(found.error, alone.error))
    if method == "complex":
        raise ValueError(f'{NOT_ANALYTIC}; use method="central"')
    return alone


def _allowed(found, x, y, change):
    """How far each entry may be off: its method's share of the largest entry in its row.

    A row of zeros has no largest entry: there a share of what f changes by when x changes by its own size, and what
    its last digits can hide.
    """
    hidden = HIDDEN[found.method] * (change + 0.1 * np.abs(y)) / _scale(x)
    return ROUGH[found.method] * _largest_in_row(found.value) + hidden


def _change(f, x, y, v):
    """How far each output moves (M, 1) between x and x ± v, as far as f is defined there."""
    change = np.zeros(y.shape)
    for sign in (1, -1):
        with suppress(Exception):
            change = np.maximum(change, np.abs(_value(f, x + sign * v) - y))
    return change


def _largest_in_row(J):
    return np.abs(J).max(axis=1, keepdims=True)


def _reason(f, x, y, j, i, method):
    """What is the matter with output i of f when entry j of x moves."""
    v = _moving(x, j, _size(x, j))
    early, late = (_at_step(f, x, y, v, t) for t in (2.0**-18, 2.0**-24))
    if np.isinf(early.error[i, 0]):
        return "f is not defined on both sides of x"
    kink = early.kink[i, 0]
    if abs(kink) > 10 * early.rounding[i, 0] and abs(kink - late.kink[i, 0]) < 0.1 * abs(kink):
        return KINK
    beside = (_value(f, x + FIRST * k * v)[i, 0] for k in (-1, 0, 0.4, 1))
    with suppress(ValueError):  # f is not defined so far from x
        if few := _few_digits(beside):
            return f"f {few}"
    wide = _at_step(f, x, y, v, FIRST)
    if method == "forward" and wide.error[i, 0] < 0.01 * abs(wide.slope[i, 0]):
        return 'the step of a forward difference is lost in the last digits of f; use method="central"'
    return (
        "at no step do differences agree. f is noisy, jumps, loses its digits to rounding, or changes on a scale "
        "that no step met"
    )


def _digits_of_what_rests(f, x, y, v, rests):
    """What to say if an output (M, 1) rests only because f computes in few digits inside, else ''.

    Then it takes a step far beyond the size of x, and what it moves to has few digits. A zero beside other outputs is
    that of a unit that rests.
    """
    rests = np.flatnonzero(rests & ((y != 0) | (y == 0).all()))
    with suppress(Exception):  # f is not defined so far from x
        for t in 2.0 ** np.arange(0, 40, 6) if rests.size else ():
            values = np.hstack([y, *(_value(f, x + k * t * v) for k in (1, 1.3))])
            for i in rests:
                if np.ptp(values[i]) and (few := _few_digits(values[i])):
                    return few
            rests = [i for i in rests if (values[i] == values[i].astype(np.float32)).all()]
    return ""


def _few_digits(values):
    """What to say of an f that gives these values if all fit into float32 or float16, else ''."""
    values = np.array(list(values))
    for kind, digits in ((np.float16, 3), (np.float32, 7)):
        # Whole numbers, 0.5 and 1/8 fit into any: some of the values must need all of its digits but three.
        needed = np.frexp(values)[0] * 2.0 ** (np.finfo(kind).nmant - 2) % 1
        if (values == values.astype(kind)).all() and ((needed > 0) & (values % 1 > 0)).any():
            return f"computes in {kind.__name__} inside, which leaves it {digits} digits; use float64"
    return ""


def _value(f, x):
    """f at one column, as a column (M, 1): float64 for a real x, complex128 for a complex one."""
    given = x.copy()
    returned = f(given)
    try:
        y = np.array(returned)  # a copy: f may use the same memory at its next call
    except ValueError:
        raise ValueError("f returned rows of several lengths; expected one column (M, 1) or a number") from None
    if given.shape != x.shape or (given != x).any():
        raise ValueError("f changed its argument; let it work on a copy, x.copy()")
    if y.dtype.kind not in "biufc":
        raise TypeError(f"f returned {described(returned)}; expected a column (M, 1) or a number, in float64")
    if y.ndim == 0:
        y = y.reshape(1, 1)
    if y.ndim != 2 or y.shape[1] != 1 or y.size == 0:
        raise ValueError(f"f returned shape {y.shape} for one column; expected (M, 1) or a number")
    if y.dtype not in (np.float64, np.complex128):
        hidden = ", because fewer digits hide the difference" if y.dtype.itemsize < 8 else ""
        raise TypeError(f"f returned {y.dtype}; expected float64{hidden}")
    if x.dtype == np.float64 and y.dtype == np.complex128:
        raise TypeError("f returned complex numbers for a real x; expected float64")
    if not np.isfinite(y).all():
        raise ValueError(f"f(x) is not finite at {_first_bad(y)}")
    return y


def _at_once_if_each_column_is_treated_alone(f, X):
    """f(X) for all columns, or None unless the first, the middle and the last come out as they do alone."""
    try:
        Y = _at_once(f, X.copy())
    except Exception:  # f was written for one column; what it says about many does not matter
        return None
    some = sorted({0, X.shape[1] // 2, X.shape[1] - 1})
    alone = {j: _value(f, X[:, [j]]) for j in some}
    fits = Y.shape == (len(alone[0]), X.shape[1]) and Y.dtype in (np.float64, np.complex128)
    return Y if fits and all(_same(Y[:, [j]], alone[j]) for j in some) else None


def _at_once(f, X):
    return np.array(f(X))  # a copy, as in _value


def _one_by_one(f, X):
    return np.hstack([_value(f, X[:, [j]]) for j in range(X.shape[1])])


def _same(a, b):
    if np.array_equal(a, b):
        return True
    # The imaginary parts carry the perturbation of the complex step, some 1e-20 in size: each part by its own scale.
    parts = ((a.real, b.real), (a.imag, b.imag))
    return a.shape == b.shape and all(near(p, q, 1e-12, np.abs(q).max()).all() for p, q in parts)


def _first_bad(J):
    return f"entry {[int(i) for i in np.argwhere(~np.isfinite(J))[0]]}"
