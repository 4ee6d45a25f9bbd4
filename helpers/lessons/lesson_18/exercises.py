"""The exercises of lesson 18: four checks, each for one kind of bug, judged by what it lets through.

A known mistake here is a blind check. It is recognised by its verdicts on all the passes, right and wrong.
"""

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips
from helpers.lessons.lesson_18.bugs import DROPOUTS, POOLS
from helpers.numerical import numerical_jacobian

POOL, DROPOUT, BIAS, ZERO = slips.see(
    "Hunt 2: windows that overlap",
    "Hunt 3: a factor that is 1",
    "Hunt 4: a gradient that fits everywhere",
    "Hunt 5: zero is zero",
)


def _near(a, b):
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=0, atol=1e-7))


def _of_all(see):
    """The verdicts of a check that does not look: the same on every pass."""
    return (
        Wrong("checks nothing", lambda *_: True,
              f"Every backward pass gets through, also the wrong ones. Is the gradient compared with a truth, entry by "
              f"entry? {see}"),
        Wrong("refuses all", lambda *_: False,
              f"Every backward pass is refused, also the right ones, which differ from each other in the last digit. "
              f"Look at your truth, and at what you allow. {see}"),
    )  # fmt: skip


def _pooling(settings=((3, 1), (3, 2), (2, 2)), rising=False, ones=False, near=_near, length=12):
    """A check of 18.1 that tries these windows and strides."""

    def check(pool, backward):
        rng = np.random.default_rng(0)
        x = (np.arange(length) if rising else rng.permutation(length)).reshape(-1, 1) + 0.5
        for window, stride in settings:
            u = rng.normal(size=pool(x, window, stride).shape)
            u = np.ones_like(u) if ones else u
            truth = numerical_jacobian(lambda x, w=window, s=stride: pool(x, w, s), x).T @ u
            if not near(backward(u, x, window, stride), truth):
                return False
        return True

    return check


def _overwriting(pool, backward):
    """A check whose own truth is set where it should be added to."""
    x, u = np.random.default_rng(0).permutation(12).reshape(-1, 1) + 0.5, np.random.default_rng(1).normal(size=(10, 1))
    truth = np.zeros(x.shape)
    for t in range(10):
        truth[t + x[t : t + 3].argmax()] = u[t]
    return _near(backward(u, x, 3, 1), truth)


class AOverlap(Exercise):
    id = "18.1"
    title = "A check for pooling"
    points = 2
    name = "pooling_is_right"
    arguments = ("pool", "backward")
    returns = "True or False"
    hints = (
        "Which numbers do you have to choose before you can call backward? Go through them one by one.",
        "A mistake with an entry that wins two windows shows only if one does. Which window, stride and x see to that?",
        "numerical_jacobian(lambda x: pool(x, window, stride), x) is the Jacobian (T, N). What is the gradient?",
    )
    because = (
        "The windows overlap, the entries of x are in no order, so that one wins several windows, and u is random. "
        "Several strides are tried, among them one that is not the window."
    )
    mistakes = (
        *_of_all(POOL),
        Wrong("special case", _pooling(((2, 2), (3, 3))),
              f"Your check lets passes through that are wrong only where an entry is seen by more than one window. Is "
              f"there such an entry in your x? {POOL}"),
        Wrong("special case", _pooling(((2, 2), (3, 3)), ones=True),
              "Two kinds of wrong passes get through: those that are wrong only where an entry wins two windows, "
              f"and one that does not use u. Is there such an entry, and are the values compared? {POOL}"),
        Wrong("special case", _pooling(rising=True),
              "Your windows may overlap, but no entry is the largest of two of them: some wrong passes get through. "
              f"Look at the order of the entries of your x. {POOL}"),
        Wrong("special case", _pooling(rising=True, ones=True),
              "Your windows may overlap, but no entry is the largest of two of them, and besides, your check would not "
              f"notice if u were not used. {POOL}"),
        Wrong("special case", _pooling(((3, 1), (2, 1))),
              f"A pass gets through that takes every stride for 1. Which strides do you try? {POOL}"),
        Wrong("special case", _pooling(((3, 1),), rising=True),
              "A pass gets through that takes every stride for 1, and others because no entry of your x is the largest "
              f"of two windows. {POOL}"),
        Wrong("special case", _pooling(((12, 1),)),
              f"Your x has room for one window only, so that nothing can go wrong between two. {POOL}"),
        Wrong("upstream of ones", _pooling(((3, 1),), ones=True),
              "A pass gets through that takes every stride for 1, and another that does not use u. Try more than one "
              "stride, and see 'A check is an experiment'."),
        Wrong("upstream of ones", _pooling(ones=True),
              "A backward pass gets through that does not use u at all. What is special about the u of your check? "
              "See 'A check is an experiment'."),
        Wrong("summed too early", _pooling(near=lambda a, b: abs(a.sum() - b.sum()) < 1e-7),
              f"A pass gets through that puts the right amount into the wrong entries. Compare entry by entry. {POOL}"),
        Wrong("summed too early", _pooling(((3, 2),), near=lambda a, b: abs(a.sum() - b.sum()) < 1e-7, length=7),
              "Only the pass that does not use u is refused. Do you compare only a sum, or is your u all zeros? "
              f"Compare entry by entry, for a u in which no number is like another. {POOL}"),
        Wrong("one use only", _overwriting,
              "Your check refuses the right passes: its own truth has the mistake of the pass above. What happens to "
              f"an entry that wins two windows? {POOL}"),
        Wrong("answer inverted", lambda pool, backward: not _pooling()(pool, backward),
              "Yes and no are exchanged: True is for the right passes."),
        Wrong("answer inverted", lambda pool, backward: not _pooling(((3, 1),))(pool, backward),
              "Yes and no are exchanged: True is for the right passes. Besides, you try only the stride 1."),
        Wrong("answer inverted", lambda pool, backward: not _pooling(((2, 2), (3, 3)))(pool, backward),
              "Yes and no are exchanged: True is for the right passes. Besides, no entry of your x wins two windows."),
    )  # fmt: skip

    def cases(self, rng):
        for name in POOLS:
            yield {"pool": probe("max-pooling"), "backward": probe(name)}

    def solution(self, pool, backward):
        rng = np.random.default_rng(0)
        x = rng.permutation(12).reshape(-1, 1) + 0.5  # in no order, and no two equal
        for window, stride in ((3, 1), (3, 2), (2, 2)):
            u = rng.normal(size=pool(x, window, stride).shape)
            J = numerical_jacobian(lambda x, w=window, s=stride: pool(x, w, s), x)
            yours = backward(u, x, window, stride)
            if np.shape(yours) != x.shape or np.abs(yours - J.T @ u).max() > 1e-7:
                return False
        return True


MASK = np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]])


def _dropping(p=0.3, mask=MASK, truth=lambda u, mask, p: u * mask / (1 - p), near=_near, u=None):
    def check(backward):
        upstream = np.random.default_rng(0).normal(size=mask.shape) if u is None else u
        return near(backward(upstream, mask, p), truth(upstream, mask, p))

    return check


def _along(a, b):
    return bool(np.isfinite(a).all() and abs((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b) - 1) < 1e-9)


class BFactor(Exercise):
    id = "18.2"
    title = "A check for dropout"
    name = "dropout_is_right"
    arguments = ("backward",)
    returns = "True or False"
    hints = (
        "Write down what backward should return, from y = x * mask / (1 - p).",
        "For which p is 1/(1 - p) the same as 1? For which is it the same as 1/p? For which masks is mask not seen?",
    )
    because = "A p at which 1, p, 1 - p and their inverses are all different, a mask with zeros and ones, a random u."
    mistakes = (
        *_of_all(DROPOUT),
        Wrong("special case", _dropping(p=0.0),
              f"u * mask gets through. For which p is it right? {DROPOUT}"),
        Wrong("special case", _dropping(p=0.5),
              f"Your p has a special property: p and 1 - p cannot be told apart, and some wrong passes get through. "
              f"{DROPOUT}"),
        Wrong("special case", _dropping(mask=np.ones((4, 3))),
              f"A pass that does not use the mask gets through. Is anything dropped in your check? {DROPOUT}"),
        Wrong("special case", _dropping(p=0.0, mask=np.ones((4, 3))),
              f"In your check nothing is dropped and nothing is scaled: neither factor can be seen. {DROPOUT}"),
        Wrong("special case", _dropping(p=0.5, mask=np.ones((4, 3))),
              f"In your check nothing is dropped, and p and 1 - p cannot be told apart. {DROPOUT}"),
        Wrong("special case", _dropping(mask=np.zeros((4, 3))),
              f"In your check everything is dropped, and most passes return the same zeros. {DROPOUT}"),
        Wrong("size only", _dropping(near=lambda a, b: bool(((a != 0) == (b != 0)).all())),
              f"Passes with a wrong factor get through, even with the wrong sign: you compare only where the zeros "
              f"stand. {DROPOUT}"),
        Wrong("size only", _dropping(near=_along),
              f"Your check sees where and which way, but not how much: passes with a wrong factor get through. "
              f"{DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask),
              f"Your check lets a wrong pass through and refuses the right ones: its own truth lacks a factor. "
              f"Differentiate y = x * mask / (1 - p). {DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask * (1 - p)),
              f"Your check refuses the right passes: its own truth has the factor upside down. {DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask / p),
              f"Your check refuses the right passes. p is the share that is dropped: which factor has y? {DROPOUT}"),
        Wrong("special case", _dropping(near=lambda a, b: bool(np.allclose(a[MASK == 1], b[MASK == 1]))),
              f"A pass that does not use the mask gets through: the dropped entries are not compared. {DROPOUT}"),
        Wrong("wrong concept", _dropping(truth=lambda u, mask, p: u * (1 - mask) / (1 - p)),
              "Your check refuses the right passes, and lets one through that keeps what was dropped: where does the "
              f"mask have its zeros? {DROPOUT}"),
        Wrong("mask missing", _dropping(truth=lambda u, mask, p: u / (1 - p)),
              f"Your check refuses the right passes: its own truth forgets the mask. {DROPOUT}"),
        Wrong("summed too early", _dropping(near=lambda a, b: abs(a.sum() - b.sum()) < 1e-9, u=np.ones((4, 3))),
              f"A pass with another mask gets through: only a sum or a mean is compared, not where its parts stand. "
              f"{DROPOUT}"),
        Wrong("answer inverted", lambda backward: not _dropping()(backward),
              "Yes and no are exchanged: True is for the right passes."),
    )  # fmt: skip

    def cases(self, rng):
        for name in DROPOUTS:
            yield {"backward": probe(name)}

    def solution(self, backward):
        p, mask = 0.3, np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
        u = np.random.default_rng(0).normal(size=mask.shape)
        yours = backward(u, mask, p)
        return np.shape(yours) == mask.shape and bool(np.allclose(yours, u * mask / (1 - p), rtol=0, atol=1e-12))


def _gap(yours, truth):
    return np.abs(yours - truth)


def _same(yours, truth):
    if np.shape(yours) != truth.shape:
        return False
    return bool((_gap(yours, truth) <= 1e-9 * np.abs(truth).max()).all())


def _shaped(compare):
    return lambda yours, truth: np.shape(yours) == truth.shape and bool(compare(yours, truth))


class CComparison(Exercise):
    id = "18.3"
    title = "A comparison that is not deceived"
    points = 2
    name = "same_gradient"
    arguments = ("yours", "truth")
    returns = "True or False"
    hints = (
        "What does numpy do with two shapes that differ, before anything is compared? np.shape works on numbers too.",
        "np.allclose allows 1e-8, whatever the size. What if every entry of the truth is 1e-9?",
        "What is the largest entry of the truth, in size? Every entry may be off by a share of it.",
    )
    because = (
        "The shape comes first, because afterwards numpy stretches. What is allowed follows from the truth's size, "
        "and <= is false for NaN, so that NaN is refused."
    )
    mistakes = (
        *_of_all(BIAS),
        Wrong("silent broadcast", lambda yours, truth: bool(np.allclose(yours, truth)),
              f"Arrays of another shape get through, and zeros where the truth is tiny. numpy stretches before it "
              f"compares, and what allclose allows does not depend on the truth's size. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"What you allow is right, but an array of another shape gets through: numpy stretches it. {BIAS}"),
        Wrong("absolute tolerance", _shaped(np.allclose),
              f"Shapes are compared. But zeros get through where the truth is tiny: look up what allclose allows. "
              f"{BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-9).all()),
              f"A fixed amount is allowed: too little for large gradients, too much for tiny ones. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) <= 1e-9).all()),
              f"A fixed amount is allowed, whatever the size of the truth, and numpy stretches shapes that differ. "
              f"{BIAS}"),
        Wrong("no tolerance", _shaped(lambda y, t: np.allclose(y, t, rtol=1e-9, atol=0)),
              f"An entry that is 0 in the truth and rounding in yours is refused. Entries are judged against the "
              f"largest one. {BIAS}"),
        Wrong("compared exactly", _shaped(np.array_equal),
              f"A gradient that differs in the last digits is refused: measured numbers are never equal. {BIAS}"),
        Wrong("one direction only", _shaped(lambda y, t: (y - t <= 1e-9 * np.abs(t).max()).all()),
              f"A gradient that is too small gets through. Is a difference of -1 small? {BIAS}"),
        Wrong("not a number", _shaped(lambda y, t: not (_gap(y, t) > 1e-9 * np.abs(t).max()).any()),
              f"NaN gets through: it is neither larger nor smaller than anything. {BIAS}"),
        Wrong("sign", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * t.max()).all()),
              f"A right gradient whose entries are all negative is refused: which entry is the largest in size? "
              f"{BIAS}"),
        Wrong("no tolerance", _shaped(lambda y, t: (_gap(y, t) < 1e-9 * np.abs(t).max()).all()),
              f"Zeros are refused where the truth is zero: an error of 0 is allowed there, and is not less than 0. "
              f"{BIAS}"),
        Wrong("summed too early", _shaped(lambda y, t: np.linalg.norm(y - t) <= 1e-9 * np.linalg.norm(t)),
              f"Two lengths are compared. Each entry has to be near by itself, and measured against the largest. "
              f"{BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: np.allclose(y, t, rtol=1e-9, atol=1e-9)),
              f"allclose adds its two tolerances, of which one is a fixed amount. {BIAS}"),
        Wrong("shape only", _shaped(lambda y, t: True),
              f"The shape is compared, and the numbers are not. {BIAS}"),
        Wrong("summed too early", _shaped(lambda y, t: abs((y - t).sum()) <= 1e-9 * np.abs(t).max()),
              f"Entries that are wrong in opposite directions get through: take the size before you add. {BIAS}"),
        Wrong("summed too early", _shaped(lambda y, t: _gap(y, t).mean() <= 1e-9 * np.abs(t).max()),
              f"One entry that is off too much gets through: the mean spreads its error over all. {BIAS}"),
        Wrong("size only", lambda y, t: bool(np.size(y) == t.size and
                                             (np.abs(np.ravel(y) - t.ravel()) <= 1e-9 * np.abs(t).max()).all()),
              f"The right numbers in another shape get through. Shapes are literal here. {BIAS}"),
        Wrong("size only", lambda y, t: bool(np.size(y) == t.size and (_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"As many numbers in another shape get through, because numpy stretches them. Shapes are literal here. "
              f"{BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: np.allclose(y, t, rtol=1e-9, atol=1e-9 * np.abs(t).max())),
              f"allclose adds its two tolerances: twice as much as you want is allowed at the largest entry. {BIAS}"),
        Wrong("special case", _shaped(lambda y, t: abs(np.abs(y).max() - np.abs(t).max()) <= 1e-9 * np.abs(t).max()),
              f"Only the largest entries are compared, and not where they stand. Each entry has to be near. {BIAS}"),
        Wrong("answer inverted", lambda y, t: not _same(y, t),
              "Yes and no are exchanged: True means the same."),
    )  # fmt: skip

    def cases(self, rng):
        truth = rng.uniform(1, 2, size=(3, 1)) * [[1.0], [-1.0], [1.0]]
        flat, one = np.full((3, 1), 2.5), np.array([[1.5]])
        change = np.array([[1e-3], [-1e-3], [0.0]])
        yield {"yours": truth.copy(), "truth": truth}
        yield {"yours": truth * (1 + 1e-13), "truth": truth}
        yield {"yours": 1e7 * truth * (1 + 1e-12), "truth": 1e7 * truth}
        yield {"yours": 1e-12 * truth * (1 + 1e-13), "truth": 1e-12 * truth}
        yield {"yours": np.array([[1e-14], [3.0]]), "truth": np.array([[0.0], [3.0]])}
        yield {"yours": 2.5, "truth": flat}
        yield {"yours": 1.5, "truth": one}
        yield {"yours": flat.ravel(), "truth": flat}
        yield {"yours": truth.T, "truth": truth}
        yield {"yours": 0 * truth, "truth": 1e-12 * truth}
        yield {"yours": truth + change, "truth": truth}
        yield {"yours": truth - [[0.0], [0.0], [1e-3]], "truth": truth}
        yield {"yours": truth + 2.5e-9 * np.abs(truth).max() * np.eye(3)[:, [2]], "truth": truth}
        yield {"yours": truth * [[1.0], [np.nan], [1.0]], "truth": truth}
        yield {"yours": 1.2 * truth, "truth": truth}
        yield {"yours": -np.abs(truth) * (1 + 1e-13), "truth": -np.abs(truth)}
        yield {"yours": np.array([[1.0], [1 + 1.5e-9], [1.0]]), "truth": np.ones((3, 1))}
        yield {"yours": np.array([[3.0], [0.0], [0.0]]) + 2.7e-9, "truth": np.array([[3.0], [0.0], [0.0]])}
        yield {"yours": np.zeros((2, 1)), "truth": np.zeros((2, 1))}

    def solution(self, yours, truth):
        if np.shape(yours) != truth.shape:
            return False
        return bool((np.abs(yours - truth) <= 1e-9 * np.abs(truth).max()).all())


Z = np.array([[-1.5, 0.4], [2.0, -0.3], [0.7, -2.2]])


def _leaky(z, alpha):
    return np.where(z >= 0, z, alpha * z)


def _measured(f, z, alpha, u):
    return u * (f(z + 1e-6, alpha) - f(z - 1e-6, alpha)) / 2e-6


def _leaking(z=Z, alpha=0.1, u=None, own=False, forward_too=True, backward_too=True, near=_near, left=None):
    def check(forward, backward):
        upstream = np.random.default_rng(0).normal(size=z.shape) if u is None else u * np.ones(z.shape)
        truth = _measured(forward if own else _leaky, z, alpha, upstream)
        if left is not None:
            truth = np.where(z >= 0, truth, left * upstream)
        right = not forward_too or near(forward(z, alpha), _leaky(z, alpha))
        return bool(right and (not backward_too or near(backward(upstream, z, alpha), truth)))

    return check


def _forgets_u(forward, backward):
    u = np.random.default_rng(0).normal(size=Z.shape)
    return _near(forward(Z, 0.1), _leaky(Z, 0.1)) and _near(backward(u, Z, 0.1), np.where(Z >= 0, 1.0, 0.1))


def _alpha_for_alpha_z(forward, backward):
    u = np.random.default_rng(0).normal(size=Z.shape)
    value, slopes = np.where(Z >= 0, Z, 0.1), np.where(Z >= 0, 1.0, 0.1)
    return _near(forward(Z, 0.1), value) and _near(backward(u, Z, 0.1), slopes * u)


class DZero(Exercise):
    id = "18.4"
    title = "A check of both passes"
    points = 2
    name = "leaky_relu_is_right"
    arguments = ("forward", "backward")
    returns = "True or False"
    hints = (
        "Through whose forward pass do you measure? Which other one could you write in a line?",
        "The slope has two values. Do your z show both? Does your u show that it is used?",
        "What must be true of forward, apart from its slope?",
    )
    because = (
        "The truth comes from a forward pass of the check's own, at z on both sides of 0, with a random u; and the "
        "forward pass that is handed in is compared with it too."
    )
    mistakes = (
        *_of_all(ZERO),
        Wrong("own forward", _leaking(own=True, forward_too=False),
              f"You measure through the forward pass that was handed in, so that two mistakes that agree with each "
              f"other get through. {ZERO}"),
        Wrong("own forward", _leaking(own=True, forward_too=False, u=1.0),
              "You measure through the forward pass that was handed in, and with an upstream that would not show if it "
              f"were not used. {ZERO}"),
        Wrong("zero against zero", _leaking(own=True, forward_too=False, u=0.0),
              f"Almost everything gets through: what do you compare if u is zero? {ZERO}"),
        Wrong("special case", _leaking(forward_too=False),
              "The backward pass is judged correctly. But a wrong forward pass gets through if the backward pass "
              f"beside it is right. {ZERO}"),
        Wrong("special case", _leaking(backward_too=False),
              f"The forward pass is judged correctly, and the backward pass beside it is not looked at. {ZERO}"),
        Wrong("special case", _leaking(z=np.abs(Z)),
              f"What goes wrong left of 0 gets through. Which z do you try? {ZERO}"),
        Wrong("special case", _leaking(z=-np.abs(Z)),
              f"What goes wrong right of 0 gets through. Which z do you try? {ZERO}"),
        Wrong("special case", _leaking(alpha=1.0),
              f"With your alpha both sides have one slope, so that they cannot be told apart. {ZERO}"),
        Wrong("special case", _leaking(alpha=0.0),
              f"With your alpha a leaky ReLU and a ReLU are the same. {ZERO}"),
        Wrong("special case", _leaking(forward_too=False, u=1.0),
              "forward is not compared with anything, and a backward pass gets through that does not use u. "
              f"{ZERO}"),
        Wrong("special case", _leaking(forward_too=False, z=np.abs(Z)),
              f"forward is not compared with anything, and what goes wrong left of 0 gets through. {ZERO}"),
        Wrong("special case", lambda f, b: _leaking(forward_too=False)(f, b) or _leaking(backward_too=False)(f, b),
              "One right pass of the two is enough for your check. Both are to be right."),
        Wrong("upstream of ones", _leaking(u=1.0),
              "A backward pass gets through that does not use u at all. See 'A check is an experiment'."),
        Wrong("zero against zero", _leaking(u=0.0),
              "forward is judged correctly, and of backward nothing is seen: what do you compare if u is zero? "
              f"{ZERO}"),
        Wrong("another activation's slope", _leaking(left=0.0),
              "Your check refuses the right passes, and lets one through whose slope left of 0 is that of ReLU: it is "
              f"the slope in your own truth. {ZERO}"),
        Wrong("absolute tolerance", _leaking(near=lambda a, b: bool(np.allclose(a, b, atol=0.2))),
              f"You allow so much that wrong passes get through. How large is what is right, left of 0? {ZERO}"),
        Wrong("wrong concept", _alpha_for_alpha_z,
              "Your check refuses the right passes and lets a wrong forward pass through: your own truth has the "
              f"mistake of the pass above. {ZERO}"),
        Wrong("upstream forgotten", _forgets_u,
              f"Your check refuses the right passes: its own truth for backward does not depend on u. {ZERO}"),
        Wrong("answer inverted", lambda forward, backward: not _leaking()(forward, backward),
              "Yes and no are exchanged: True is for the right passes."),
    )  # fmt: skip

    def cases(self, rng):
        for forward, backward in (
            ("leaky", "slopes 1 and alpha"),
            ("leaky, by np.maximum", "slopes 1 and alpha, by a mask"),
            ("alpha instead of alpha z", "slopes 1 and 0"),
            ("zero left of 0", "slopes 1 and 0"),
            ("alpha on the right", "slopes alpha and 1"),
            ("leaky", "slopes 1 and 0"),
            ("leaky", "slopes 1 and 1"),
            ("leaky", "slopes alpha and 1"),
            ("leaky", "slopes alpha and alpha"),
            ("leaky", "upstream of ones"),
            ("one too large", "slopes 1 and alpha"),
            ("alpha instead of alpha z", "slopes 1 and alpha"),
        ):
            yield {"forward": probe(forward), "backward": probe(backward)}

    def solution(self, forward, backward):
        rng = np.random.default_rng(0)
        z, alpha = np.array([[-1.5, 0.4], [2.0, -0.3]]), 0.1
        u = rng.normal(size=z.shape)
        value, slopes = np.where(z >= 0, z, alpha * z), np.where(z >= 0, 1.0, alpha)
        pairs = ((forward(z, alpha), value), (backward(u, z, alpha), slopes * u))
        return all(np.shape(a) == b.shape and bool(np.allclose(a, b, rtol=0, atol=1e-12)) for a, b in pairs)


EXERCISES = [AOverlap, BFactor, CComparison, DZero]
