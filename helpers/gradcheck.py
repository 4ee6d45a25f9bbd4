"""A gradient check that explains itself: structure first, then values, then the mistake that fits.

`check_gradients` draws the inputs, measures the truth and diagnoses every gradient of a backward pass. How near is
near enough follows from the measurement.
"""

from functools import singledispatch
from itertools import cycle, islice, product

import numpy as np

from helpers.diagnosis import MISTAKES, Diagnosis, diagnose
from helpers.judging import GradientError, drawn_and_measured, judge
from helpers.layer_check import check_network
from helpers.layers import Layer
from helpers.shapes import described

__all__ = ["MISTAKES", "Diagnosis", "GradientError", "check_gradients", "diagnose"]

FAR_OUT = 6.5  # beyond the last kink of the usual activations
PRIMES = (5, 3, 7, 2, 11, 13, 17)  # distinct sizes, none 1: no wrong shape fits by accident


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
    it fails (a kink) or for which a gradient is zero by chance (a dead unit) are drawn again. Numbers are normal; of a
    function of one array two lie far out in the last draw, where its slope may be another one (ReLU6).

    Raises ValueError where nothing would be compared, where forward changes its arguments or returns no float64,
    and where no draw can be measured.
    """
    choices, count, alive = choices or {}, 0, set()
    for what, given, such in ("shapes", shapes, '("M", "N")'), ("choices", choices, "(-1.0, 1.0)"):
        bad = [value for value in given.values() if type(value) is not tuple] if type(given) is dict else [given]
        if bad:
            raise TypeError(f"expected {what} as {{name: {such}}}, a tuple for each name, got {described(bad[0])}")
    for seed, chosen in product(range(seeds), product(*choices.values())):
        sizes, labels = _sizes(shapes, seed), dict(zip(choices, chosen, strict=True))
        rng, wanted = np.random.default_rng(seed), set(shapes) if seed == 0 else alive
        inputs = _draws(rng, shapes, sizes, labels, off_kinks, far_out=len(shapes) == 1 and seed == seeds - 1).__next__
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


check_gradients.register(Layer, check_network)


def _described(sizes, labels):
    """The drawn sizes and the arguments that are not differentiated, for a message."""
    shown = {
        name: f"an array {v.shape}"
        if type(v) is np.ndarray
        else f"{v!r}"
        if np.isscalar(v) or v is None
        else described(v)
        for name, v in labels.items()
    }
    return ", ".join(f"{name} = {value}" for name, value in (sizes | shown).items()) or "all sizes given"


def _sizes(shapes, seed):
    letters = list(dict.fromkeys(s for shape in shapes.values() for s in shape if isinstance(s, str)))
    if len(letters) > len(PRIMES):
        raise ValueError(f"expected at most {len(PRIMES)} different sizes, got {len(letters)}: {letters}")
    sizes = dict(zip(letters, islice(cycle(PRIMES[: max(len(letters), 4)]), seed, None), strict=False))
    if sizes.get("B") == 2:  # a batch of 2 could not be told from a factor 2
        other = next((letter for letter in letters if letter != "B"), None)
        sizes |= {"B": sizes[other], other: 2} if other else {"B": PRIMES[0]}
    return sizes


def _draws(rng, shapes, sizes, labels, off_kinks, far_out):
    """Yield the arguments of forward again and again, off the kinks; only the first time with numbers far out."""
    tries = 0
    while tries < 1000:
        inputs = {name: rng.normal(size=[sizes.get(s, s) for s in shape]) for name, shape in shapes.items()}
        for array in inputs.values() if far_out else ():
            some = rng.permutation(array.size)[:2]
            array.flat[some] = rng.uniform(FAR_OUT, 2 * FAR_OUT, some.size) * (1, -1)[: some.size]
        inputs |= labels
        tries += 1
        if off_kinks is None or np.abs(off_kinks(**inputs)).min() > 1e-2:
            yield inputs
            tries, far_out = 0, False
    raise ValueError("off_kinks came within 1e-2 of zero in 1000 draws; it does not depend on the inputs")
