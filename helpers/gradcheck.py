"""A gradient check that explains itself: structure first, then values, then the mistake that fits.

`diagnose` compares one array with the truth; `check_gradients` draws the inputs, measures the truth and
diagnoses every gradient of a backward pass. How near is near enough follows from the measurement.
"""

import warnings
from contextlib import contextmanager, suppress
from functools import partial, singledispatch
from itertools import cycle, islice, product
from numbers import Number
from typing import NamedTuple

import numpy as np

from helpers.compare import near
from helpers.misconceptions import misconceptions, of_one_input
from helpers.numerical import EPS, STEPS, differences_along, measure

# The mistakes of a gradient that have a name, and what to say about each.
MISTAKES = {
    # the shape and the order
    "transposed": "It is the transpose of the right answer: rows belong to outputs, columns to inputs.",
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
    "full instead of diagonal": "Entries off the diagonal are filled although each output sees one input only.",
}
PRIMES = (5, 3, 7, 2, 11, 13, 17)  # distinct sizes, none 1: no wrong shape fits by accident
SHARE = {"complex": 1e-10, "central": 1e-7}  # of the largest entry of a gradient that an entry may be off
ROUGH = 5e-7  # an error beyond it, as a share, lets too much pass to be a check
MANY = 4  # entries, from which on it pays to look for a way to measure several at once
DRAWS = 8  # before a gradient that is zero in each is believed to be zero


class GradientError(AssertionError):
    """A gradient that differs from its measurement."""


class Diagnosis(NamedTuple):
    """What is wrong: `mistake` is a name of MISTAKES, two joined by "and", or None; `message` says it in a sentence."""

    mistake: str | None
    message: str


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
        return _largest(self.error) > ROUGH * _largest(self.value)

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


def diagnose(yours, truth, *, tol=1e-9, error=None, candidates=None, batch=None):
    """Compare `yours` with `truth` (an array of any shape); None if they agree, else a Diagnosis.

    tol:         what may differ, relative to the largest entry of the truth (to 1 where that is zero).
    error:       where the truth is measured, what it may be off by, one number for each entry; then a truth of zeros
                 is no scale, and `error` alone decides.
    candidates:  {name of a mistake: the array it would produce}, or pairs of them, tried before the general ones.
    batch:       the batch size B, if there is one, for the factors B and 1/B.

    Structure comes first: type, float64, exact shape, finite entries. Nothing is broadcast.
    Raises ValueError for a truth that is not finite, because everything and nothing would agree with it.
    """
    truth = np.asarray(truth)
    if not np.isfinite(truth).all():
        raise ValueError("the truth has entries that are not finite; nothing can be compared with it")
    if truth.size == 1 and type(yours) is np.float64:
        yours = np.asarray(yours)  # a sum, and arithmetic with arrays of shape (), gives numpy's numbers
    size = _largest(truth)
    right = lambda a: _agree(a, truth, tol, size or 1.0) if error is None else _agree(a, truth, tol, size, error)
    wrong = [*(candidates.items() if isinstance(candidates, dict) else candidates or ())]
    wrong = [(name, array) for name, array in wrong if not right(array)]
    shape = f"Expected shape {truth.shape}, got {np.shape(yours)}." if np.shape(yours) != truth.shape else ""
    if type(yours) is not np.ndarray:
        shape = f"Expected an array of shape {truth.shape}, got a {type(yours).__name__}."
    for name, array in wrong:
        if _agree(yours, array, tol, _largest(array) or size):
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
    scaled = _scaled(truth, batch)
    shaped = [*_reshaped(yours, truth)]
    # One mistake before two, and a mistake of the whole before one that only some gradients know.
    tried = [((name,), yours, array) for name, array in scaled.items()]
    tried += [((name,), array, truth) for name, array in shaped]
    tried += [((form, name), array, wanted) for form, array in shaped for name, wanted in scaled.items()]
    for known, array in wrong:
        tried += [((known, name), yours, wanted) for name, wanted in _scaled(array, batch).items() if name != "zero"]
        if np.shape(array) == truth.shape:
            tried += [((known, form), repaired, array) for form, repaired in _reshaped(yours, array)]
    names = next((names for names, mine, wanted in tried if _agree(mine, wanted, tol, _largest(wanted) or size)), ())
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


def worst_entry(yours, truth):
    """Where two arrays of one shape differ most, in words."""
    gap = np.abs(yours - truth)
    at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
    # As many digits as it takes to see a difference.
    shown = next(d for d in range(6, 18) if d == 17 or f"{yours[at]:.{d}g}" != f"{truth[at]:.{d}g}")
    return (
        f"The worst entry is {list(at)}: {yours[at]:.{shown}g} instead of {truth[at]:.{shown}g}, off by {gap[at]:.3g}."
    )


@singledispatch
@np.errstate(under="ignore")
def check_gradients(forward, backward, shapes, *, choices=None, off_kinks=None, mistakes=None, seeds=3):
    """Check a backward pass against measurement, on drawn inputs; return a verdict, or raise GradientError.

    check_gradients(net, loss, X, Y) checks a network instead: see `helpers.layer_check.check_network`.

    forward(**inputs) -> y:       the reference forward pass (the course's, never the one under test), y any shape.
    backward(u, **inputs) -> {}:  for each name of `shapes`, the gradient of sum(u * y), in that input's shape.
    shapes:      {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}; each letter is drawn as a prime of its own.
    choices:     {"y": (-1.0, 1.0)}: further arguments that are not differentiated; every value is tried.
    off_kinks:   off_kinks(**inputs) -> an array that must stay away from 0; draws nearer than 1e-2 are drawn again.
    mistakes:    {name: function like backward}: what a misconception would return, to name it if it fits.
    seeds:       how many draws. The upstream u is random in each, so that no row or column can hide.

    The measurement is `helpers.numerical.measure`. An entry may differ from it by 1e-10 of the largest entry of its
    gradient (1e-7 where forward is not analytic) and by ten times what the measurement may be off. Inputs for which
    it fails (a kink) or for which a gradient is zero by chance (a dead unit) are drawn again.

    Raises ValueError where nothing would be compared, where forward changes its arguments or returns no float64,
    and where no draw can be measured.
    """
    choices, count, alive = choices or {}, 0, set()
    for what, given, such in ("shapes", shapes, '("M", "N")'), ("choices", choices, "(-1.0, 1.0)"):
        bad = [value for value in given.values() if type(value) is not tuple] if type(given) is dict else [given]
        if bad:
            raise TypeError(f"expected {what} as {{name: {such}}}, a tuple for each name, got {_kind(bad[0])}")
    for seed, chosen in product(range(seeds), product(*choices.values())):
        sizes, labels = _sizes(shapes, seed), dict(zip(choices, chosen, strict=True))
        rng, wanted = np.random.default_rng(seed), set(shapes) if seed == 0 else alive
        inputs = partial(_draw, rng, shapes, sizes, labels, off_kinks)
        where = _described(sizes, labels)
        draw, truths = drawn_and_measured(rng, forward, shapes, inputs, wanted, where)
        judge(rng, draw, truths, backward, where, mistakes, sizes.get("B"))
        count += sum(truth.value.size for truth in truths.values())
        alive |= {name for name, truth in truths.items() if not truth.is_zero}
    if not count:
        raise ValueError("nothing was compared: expected at least one shape, one seed, and a value for each choice")
    if not alive:
        raise ValueError("the true gradient of every input is zero in every draw, and zeros prove nothing")
    return f"gradients of {', '.join(shapes)} agree with their measurement: {count} entries compared"


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
            if truth.is_rough and max(_largest(truth.value), _largest(yours[name])) > rounding:
                raise ValueError(
                    f"gradient of {name} ({where}): it cannot be measured well enough to judge by. Its largest entry "
                    f"is {_largest(truth.value):.3g} and may be off by {_largest(truth.error):.1g}: forward has kinks "
                    f"near by, or is so large or changes so fast that rounding hides the gradient"
                )
            truth = truth._replace(error=truth.error + rounding)
            found = said(**truth.asked())
        if found and for_yours and for_truth:
            raise ValueError(
                f"gradient of {name} ({where}): it cannot be measured well enough to judge by. The complex step is "
                f"off by {_largest(yours[name] - truth.value):.1g} from it, and differences agree with both"
            )
        if found:
            candidates = misconceptions(draw.forward, draw.inputs, name, draw.u, draw.y, truth.value, mistakes or {})
            found = said(**truth.asked(), candidates=candidates) or found
            raise GradientError(f"gradient of {name} ({where}): {found.message}")


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
        raise ValueError(f"expected forward to return an array or a number, got {_kind(y)}")
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
    zero, flat, exact = np.zeros((1, 1)), y.reshape(-1, 1), None
    for _ in range(1 if y.size < 100 else 3):  # of many outputs one may look by chance as if it had a kink
        v = direction(rng, a)
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

    for turn in (np.asarray, np.transpose):  # by rows, then by columns
        V, U = turn(v), turn(u)
        first = V * (np.arange(len(V)) == 0)[:, None]
        if len(V) != len(U) or not near(turn(moved(turn(first)))[1:], turn(y)[1:], 1e-12).all():
            continue
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
        off = max(off, _largest(again - truth.value), _largest(theirs - yours))
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


def _described(sizes, labels):
    """The drawn sizes and the arguments that are not differentiated, for a message."""
    shown = {
        name: f"an array {v.shape}" if type(v) is np.ndarray else f"{v!r}" if np.isscalar(v) or v is None else _kind(v)
        for name, v in labels.items()
    }
    return ", ".join(f"{name} = {value}" for name, value in (sizes | shown).items()) or "all sizes given"


def _kind(value):
    return f"a {type(value).__name__}"


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
    got = sorted(map(str, dict.keys(returned))) if isinstance(returned, dict) else _kind(returned)
    if got != sorted(names):
        raise GradientError(f"{where}: expected a dict of gradients with the names {sorted(names)}, got {got}")
    return dict(dict.items(returned))


def _kept(inputs):
    return {name: value.copy() for name, value in inputs.items() if isinstance(value, np.ndarray)}


def _changed(inputs, kept):
    """The name of the first array that is no longer what was kept of it, bit by bit, or None."""
    return next((name for name, value in kept.items() if inputs[name].tobytes() != value.tobytes()), None)


def _sizes(shapes, seed):
    letters = list(dict.fromkeys(s for shape in shapes.values() for s in shape if isinstance(s, str)))
    if len(letters) > len(PRIMES):
        raise ValueError(f"expected at most {len(PRIMES)} different sizes, got {len(letters)}: {letters}")
    sizes = dict(zip(letters, islice(cycle(PRIMES[: max(len(letters), 4)]), seed, None), strict=False))
    if sizes.get("B") == 2:  # a batch of 2 could not be told from a factor 2
        other = next((letter for letter in letters if letter != "B"), None)
        sizes |= {"B": sizes[other], other: 2} if other else {"B": PRIMES[0]}
    return sizes


def _draw(rng, shapes, sizes, labels, off_kinks):
    for _ in range(1000):
        inputs = {name: rng.normal(size=[sizes.get(s, s) for s in shape]) for name, shape in shapes.items()} | labels
        if off_kinks is None or np.abs(off_kinks(**inputs)).min() > 1e-2:
            return inputs
    raise ValueError("off_kinks came within 1e-2 of zero in 1000 draws; it does not depend on the inputs")


def _reshaped(yours, truth):
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
        yield "bias not summed", yours.sum(axis=1, keepdims=True)
    elif yours.size > truth.size == 1:
        yield "not summed", yours.sum().reshape(truth.shape)


def _scaled(truth, batch):
    """{mistake of size: what it makes of the truth}."""
    factors = {"zero": 0.0, "sign": -1.0, "factor 2": 2.0, "factor 1/2": 0.5}
    factors |= {"times B": float(batch), "divided by B": 1 / batch} if batch and batch != 1 else {}
    return {name: factor * truth for name, factor in factors.items()}


def _agree(a, b, tol, scale, floor=0.0):
    a, b = np.asarray(a), np.asarray(b)
    return same_form(a, b) and bool(near(a, b, tol, scale, floor).all())


def same_form(a, b):
    return type(a) is np.ndarray and a.dtype == b.dtype and a.shape == b.shape and bool(np.isfinite(a).all())


def _largest(array):
    return float(np.abs(array).max(initial=0.0))


def _named(*names, before="", after=""):
    said = [MISTAKES.get(name, name) for name in names]
    return Diagnosis(" and ".join(names), " ".join(text for text in (before, *said, after) if text))


import helpers.layer_check  # noqa: E402, F401  check_gradients(net, loss, X, Y): it stands on all that is above
