"""Derivatives by measurement: the Jacobian of any function of a column, three ways.

forward  (f(x+h) - f(x)) / h            error h,   best h about 1e-8
central  (f(x+h) - f(x-h)) / 2h         error h²,  best h about 1e-5
complex  Im f(x + ih) / h               error h² without cancellation, so h may be tiny; f must be analytic
                                        (Squire and Trapp, SIAM Review 40, 1998)

`helpers.gradcheck` compares a derivative with such a measurement and names the mistake.
"""

import warnings
from numbers import Real

import numpy as np

from helpers.shapes import column

EPS = np.finfo(float).eps
STEPS = {"complex": 1e-20, "central": EPS ** (1 / 3), "forward": EPS ** (1 / 2)}
BLOCK = 2**20  # entries evaluated at once: enough to keep numpy busy, small enough to stay in memory


def numerical_jacobian(f, x, method="complex", h=None):
    """The Jacobian (M, N) of f at the column x (N, 1), measured.

    f maps a column (N, 1) to a column (M, 1) or to a number. Where f maps each column of a batch (N, B) on its
    own, all perturbations are evaluated at once; where it does not, one after the other.

    method: "complex", "central", "forward", or "auto": complex where it agrees with a central difference along
            one random direction, else central.
    h:      the step. Without it: 1e-20 for complex; eps^(1/3) or eps^(1/2) times max(1, |x_j|) for the others.

    Raises TypeError for what is no float64 array, ValueError for wrong shapes, for numbers that are not finite, for
    a bad step, for an f that changes x or remembers earlier calls, and for method="complex" when f is not analytic
    at x.
    """
    x = column(x)
    if x.dtype != np.float64:
        raise TypeError(f"expected x in float64, got {x.dtype}; the complex step adds its own imaginary part")
    if method not in (*STEPS, "auto"):
        raise ValueError(f'expected method "complex", "central", "forward" or "auto", got {method!r}')
    _check_step(h)
    y = _value(f, x)
    if not _same(_value(f, x), y):
        raise ValueError("f gives another result when it is called again; it depends on more than x")
    if method in ("complex", "auto"):
        problem = _why_not_complex(f, x, y, h)
        if problem and method == "complex":
            raise ValueError(f'{problem}; use method="central"')
        method = "central" if problem else "complex"

    steps = np.full(len(x), h, float) if h else _default_steps(method, x)
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


def tolerance(method="complex", h=None, scale=1.0):
    """How far a derivative of size `scale` may lie from its measurement.

    Truncation (h for forward, h² for central and complex) plus rounding (eps/h for differences, eps for the
    complex step), times 100 for the constants that neither knows; never below 1e-12 of the scale.
    Raises ValueError for another method and for a step that is not a number > 0.
    """
    if method not in STEPS:
        raise ValueError(f'expected method "complex", "central" or "forward", got {method!r}')
    _check_step(h)
    h = STEPS[method] if h is None else h
    error = {"forward": h + EPS / h, "central": h**2 + EPS / h, "complex": h**2 + EPS}[method]
    return float(max(100 * error, 1e-12) * max(1.0, scale))


def _check_step(h):
    if h is not None and not (isinstance(h, Real) and np.isfinite(h) and h > 0):
        raise ValueError(f"expected a step h > 0, got {h!r}")


def _value(f, x):
    """f at one column, as a column (M, 1): float64 for a real x, complex128 for a complex one."""
    given = x.copy()
    y = np.array(f(given))  # a copy: f may use the same memory at its next call
    if not np.array_equal(given, x):
        raise ValueError("f changed its argument; let it work on a copy, x.copy()")
    if y.ndim == 0:
        y = y.reshape(1, 1)
    if y.ndim != 2 or y.shape[1] != 1 or y.size == 0:
        raise ValueError(f"f returned shape {y.shape} for one column; expected (M, 1) or a number")
    if y.dtype not in (np.float64, np.complex128):
        raise TypeError(f"f returned {y.dtype}; expected float64, because fewer digits hide the difference")
    if x.dtype == np.float64 and y.dtype == np.complex128:
        raise TypeError("f returned complex numbers for a real x; expected float64")
    if not np.isfinite(y).all():
        raise ValueError(f"f(x) is not finite at {_first_bad(y)}")
    return y


def _at_once_if_each_column_is_treated_alone(f, X):
    """f(X) for all columns, or None unless the first, the middle and the last come out as they do alone."""
    some = sorted({0, X.shape[1] // 2, X.shape[1] - 1})
    alone = {j: _value(f, X[:, [j]]) for j in some}
    try:
        Y = _at_once(f, X.copy())
    except Exception:  # f was written for one column; what it says about many does not matter
        return None
    fits = Y.shape == (len(alone[0]), X.shape[1]) and Y.dtype in (np.float64, np.complex128)
    return Y if fits and all(_same(Y[:, [j]], alone[j]) for j in some) else None


def _at_once(f, X):
    return np.array(f(X))  # a copy, as in _value


def _one_by_one(f, X):
    return np.hstack([_value(f, X[:, [j]]) for j in range(X.shape[1])])


def _same(a, b):
    # The imaginary parts carry the perturbation of the complex step, some 1e-20 in size: each part by its own scale.
    return a.shape == b.shape and all(
        np.abs(p - q).max() <= 1e-12 * np.abs(q).max() for p, q in ((a.real, b.real), (a.imag, b.imag))
    )


def _why_not_complex(f, x, y, h):
    """Compare the complex step with a central difference along one direction; the reason it fails, or ''."""
    wide = _default_steps("central", x).reshape(-1, 1)
    far, step = wide.max(), h or STEPS["complex"]
    v = np.random.default_rng(len(x)).uniform(0.5, 1.0, x.shape) * wide / far  # large entries take large steps
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            along = _value(f, x + 1j * step * v).imag / step
    except (TypeError, ValueError) as error:
        return f"f does not take complex numbers ({error})"
    far, (down2, down, up, up2) = _around(f, x, v, far)
    difference = (up - down) / (2 * far)
    # What a difference cannot know: rounding, and truncation, which a step of twice the size makes visible.
    rounding = 100 * EPS * max(np.abs(values).max() for values in (y, up, down)) / far
    truncation = np.abs((up2 - down2) / (4 * far) - difference)
    if (np.abs(along - difference) <= 1e-5 * np.abs(difference) + rounding + truncation).all():
        return ""
    return (
        "the complex step disagrees with a central difference: f is not analytic at x "
        "(np.abs, np.linalg.norm, .conj(), a kink), or the step is too large"
    )


def _around(f, x, v, far):
    """(far, [f(x - 2 far v), ..., f(x + 2 far v)]), nearer to x where f is not defined so far away."""
    for nearer in (1, 1e-3, 1e-6, 1e-9):
        try:
            with np.errstate(all="ignore"):
                return nearer * far, [_value(f, x + k * nearer * far * v) for k in (-2, -1, 1, 2)]
        except ValueError as error:
            problem = error
    raise problem


def _default_steps(method, x):
    return STEPS[method] * (np.ones(len(x)) if method == "complex" else np.maximum(1.0, np.abs(x.ravel())))


def _first_bad(J):
    return f"entry {[int(i) for i in np.argwhere(~np.isfinite(J))[0]]}"
