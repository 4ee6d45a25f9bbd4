"""The exercises of lesson 18: five checks, each for one kind of bug or for any, judged by what they let through.

A known mistake here is a blind check. It is recognised by its verdicts on all the passes, right and wrong.
"""

from functools import lru_cache
from itertools import combinations, product

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips
from helpers.lessons.lesson_18.bugs import DROPOUTS, FAINT, FOLDED, NEARLY_DROPOUTS, POOLS, SUMMED, TWICE
from helpers.numerical import numerical_jacobian

POOL, DROPOUT, BIAS, ZERO, EXPERIMENT = slips.see(
    "Hunt 2: windows that overlap",
    "Hunt 3: a factor that is 1",
    "Hunt 4: a gradient that fits everywhere",
    "Hunt 5: zero is zero",
    "A check is an experiment",
)


def _near(a, b):
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=0, atol=1e-7))


def _not_above(a, b):
    """A comparison that forgets to take the size of the difference."""
    return np.shape(a) == np.shape(b) and bool((a - b).max() < 1e-7)


def _not_below(a, b):
    return _not_above(b, a)


def _one_is_near(a, b):
    return np.shape(a) == np.shape(b) and bool(np.isclose(a, b).any())


def _asserting(check, verdict=None):
    """The check as a test of pytest: it stops where it finds a mistake, and returns nothing to speak of."""

    def asserts(*passes):
        assert check(*passes)
        return verdict

    return asserts


def _of_all(see, check, look="Look at your truth, and at what you allow."):
    """The verdicts of a check that does not look: the same on every pass. And those of a right one that asserts."""
    return (
        *(Wrong("verdict missing", _asserting(check, verdict),
                f"Your check stops with an error where it finds a mistake. Here it is to return False instead. {see}")
          for verdict in (None, True)),
        Wrong("checks nothing", lambda *_: True,
              f"Every backward pass gets through, also the wrong ones. Is the gradient compared with a truth, entry by "
              f"entry? {see}"),
        Wrong("refuses all", lambda *_: False,
              f"Every backward pass is refused, also the right ones, which may differ from each other in the last "
              f"digit. {look} {see}"),
    )  # fmt: skip


def _pooling(settings=((3, 1), (3, 2), (2, 2)), rising=False, ones=False, near=_near, length=12, scale=1.0):
    """A check of 18.1 that tries these windows and strides."""

    def check(pool, backward):
        rng = np.random.default_rng(0)
        x = (np.arange(length) if rising else rng.permutation(length)).reshape(-1, 1) + 0.5
        for window, stride in settings:
            u = rng.normal(size=pool(x, window, stride).shape)
            u = np.ones_like(u) if ones else scale * u
            truth = numerical_jacobian(lambda x, w=window, s=stride: pool(x, w, s), x).T @ u
            if not near(backward(u, x, window, stride), truth):
                return False
        return True

    return check


def _some_of(names):
    """Every choice of one or more of the names, but not of all."""
    return [chosen for count in range(1, len(names)) for chosen in combinations(names, count)]


def _overwriting(pool, backward):
    """A check whose own truth is set where it should be added to."""
    x, u = np.random.default_rng(0).permutation(12).reshape(-1, 1) + 0.5, np.random.default_rng(1).normal(size=(10, 1))
    truth = np.zeros(x.shape)
    for t in range(10):
        truth[t + x[t : t + 3].argmax()] = u[t]
    return _near(backward(u, x, 3, 1), truth)


class CheckOfPooling(Exercise):
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
        *_of_all(POOL, _pooling()),
        Wrong("special case", _pooling(((2, 2), (3, 3))),
              f"Your check lets passes through that are wrong only where an entry is seen by more than one window. Is "
              f"there such an entry in your x? {POOL}"),
        Wrong("special case", _pooling(((2, 2), (3, 3)), ones=True),
              "Two kinds of wrong passes get through: those that are wrong only where an entry wins two windows, "
              f"and one that does not use u. Is there such an entry, and are the values compared? {POOL}"),
        Wrong("special case", _pooling(rising=True),
              "No entry of your x is the largest of two windows, and some wrong passes get through. Do the windows "
              f"overlap, and in which order do the entries stand? {POOL}"),
        Wrong("special case", _pooling(rising=True, ones=True),
              "No entry of your x is the largest of two windows, and besides, your check would not notice if u were "
              f"not used. {POOL}"),
        Wrong("special case", _pooling(((3, 1), (2, 1))),
              f"A pass gets through that takes every stride for 1. Which strides do you try? {POOL}"),
        Wrong("special case", _pooling(((3, 1),), rising=True),
              "A pass gets through that takes every stride for 1, and others because no entry of your x is the largest "
              f"of two windows. {POOL}"),
        Wrong("special case", _pooling(((3, 2),), length=10),
              f"A pass gets through that takes every stride for 2. Which strides do you try? {POOL}"),
        *(Wrong("special case", _pooling(((window, 2),)),
                "In your x no entry is the largest of two windows, and a pass gets through that takes every stride for "
                f"2. Which windows and strides do you try? {POOL}")
          for window in (2, 3)),
        Wrong("special case", _pooling(((12, 1),)),
              f"In your x no entry wins two windows, and it makes no difference where the windows begin: give it more "
              f"of them. {POOL}"),
        Wrong("special case", _pooling(((1, 1),)),
              f"A window of one number has one winner, whatever the others are, and no two windows meet. Which windows "
              f"do you try? {POOL}"),
        Wrong("size only", _pooling(near=lambda a, b: bool(((a != 0) == (b != 0)).all())),
              f"You compare only where the zeros stand: passes that put wrong numbers into the right places get "
              f"through. {POOL}"),
        *(Wrong("size only", _pooling(settings, length=10,
                                      near=lambda a, b: bool(np.isclose(np.linalg.norm(a), np.linalg.norm(b)))),
                f"Two lengths are compared: a pass with the wrong sign and one with the right numbers in the wrong "
                f"rows get through. Compare entry by entry. {POOL}")
          for settings in (((3, 1), (3, 2), (2, 2)), ((3, 2),))),
        Wrong("size only", _pooling(near=lambda a, b: bool(np.allclose(np.sort(a, axis=0), np.sort(b, axis=0)))),
              f"The right numbers in the wrong rows get through. Compare entry by entry. {POOL}"),
        *(Wrong("one direction only", _pooling(near=near),
                f"A pass with an error of one sign gets through. Is a difference of -1 small? {POOL}")
          for near in (_not_above, _not_below)),
        Wrong("special case", _pooling(near=_one_is_near),
              f"One right entry is enough for your check, and a zero is one. All of them have to be right. {POOL}"),
        *(Wrong("upstream of ones", _pooling(((3, stride),), ones=True, length=10),
                f"A pass gets through that takes every stride for {stride}, and another that does not use u. Try more "
                "than one stride, and see 'A check is an experiment'.")
          for stride in (1, 2)),
        Wrong("upstream of ones", _pooling(ones=True),
              "A backward pass gets through that does not use u at all. What is special about the u of your check? "
              "See 'A check is an experiment'."),
        Wrong("summed too early", _pooling(near=lambda a, b: abs(a.sum() - b.sum()) < 1e-7),
              f"A pass gets through that puts the right amount into the wrong entries. Compare entry by entry. {POOL}"),
        Wrong("summed too early", _pooling(((3, 2),), near=lambda a, b: abs(a.sum() - b.sum()) < 1e-7, length=7),
              "Nearly every wrong pass gets through: only a sum is compared, and for one stride. Compare entry by "
              f"entry. {POOL}"),
        Wrong("zero against zero", _pooling(scale=0.0),
              f"Nearly every wrong pass gets through: what do you compare if u is zero? {POOL}"),
        *(Wrong("compared exactly", lambda pool, backward, refused=refused: (
                    backward.name not in refused and _pooling()(pool, backward)),
                f"A right pass is refused, and another is not. Where several numbers are added in another order, the "
                f"last digit may differ. {POOL}")
          for refused in _some_of(list(POOLS)[:3])),
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


class CheckOfDropout(Exercise):
    id = "18.2"
    title = "A check for dropout"
    name = "dropout_is_right"
    arguments = ("backward",)
    returns = "True or False"
    hints = (
        "Write down what backward should return, from y = x * mask / (1 - p).",
        "For which p is 1/(1 - p) the same as 1? For which is it the same as 1/p? Which masks hide "
        "whether the mask is used, and which u hide whether u is used?",
    )
    because = "A p at which 1, p, 1 - p and their inverses are all different, a mask with zeros and ones, a random u."
    mistakes = (
        *_of_all(DROPOUT, _dropping()),
        Wrong("special case", _dropping(p=0.0),
              f"u * mask gets through. For which p is it right, or nearly so for what you allow? {DROPOUT}"),
        Wrong("special case", _dropping(p=0.5),
              f"Your p has a special property: p and 1 - p cannot be told apart, and some wrong passes get through. "
              f"{DROPOUT}"),
        Wrong("special case", _dropping(mask=np.ones((4, 3))),
              f"A pass that does not use the mask gets through. Is anything dropped in your check? {DROPOUT}"),
        Wrong("special case", _dropping(p=0.0, mask=np.ones((4, 3))),
              f"In your check nothing is dropped and nothing is scaled: neither factor can be seen. {DROPOUT}"),
        Wrong("special case", _dropping(p=0.5, u=np.ones((4, 3))),
              "In your check p and 1 - p cannot be told apart, and all entries of u are alike, so that a pass that "
              f"does not use u gets through. {DROPOUT}"),
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
        *(Wrong("compared exactly", lambda backward, refused=refused: (
                    backward.name not in refused and _dropping()(backward)),
                f"A right pass is refused: u / (1 - p) and u times 1/(1 - p) may differ in the last digit. {DROPOUT}")
          for refused in _some_of(list(DROPOUTS)[:3])),
        Wrong("absolute tolerance", _dropping(near=lambda a, b: bool(np.allclose(a, b, rtol=0.1, atol=0.1))),
              f"A pass gets through whose factor is only nearly right. By how much do two right passes differ, and how "
              f"much do you allow? {DROPOUT}"),
        Wrong("zero against zero", _dropping(u=np.zeros((4, 3))),
              f"Nearly every wrong pass gets through. Is your u zero, or is what you allow as large as what you "
              f"compare? {DROPOUT}"),
        Wrong("special case", _dropping(mask=np.ones((1, 1))),
              f"In your check there is one number, and it is kept: a pass without a mask gets through, and others that "
              f"have it in the wrong place. {DROPOUT}"),
        Wrong("upstream of ones", _dropping(u=np.ones((4, 3))),
              "A pass gets through that does not use u at all. What is special about your u, where the mask keeps it? "
              "See 'A check is an experiment'."),
        Wrong("upstream forgotten", _dropping(truth=lambda u, mask, p: mask / (1 - p)),
              f"Your check refuses the right passes: its own truth does not depend on u. {DROPOUT}"),
        Wrong("size only", _dropping(near=lambda a, b: bool(np.allclose(np.abs(a), np.abs(b)))),
              f"A pass with the wrong sign gets through: compare the numbers, not their sizes. {DROPOUT}"),
        *(Wrong("one direction only", _dropping(near=near),
                f"A pass with an error of one sign gets through. Is a difference of -1 small? {DROPOUT}")
          for near in (_not_above, _not_below)),
        *(Wrong("special case", _dropping(near=_one_is_near, mask=mask),
                f"One right entry is enough for your check, and a zero is one. All of them have to be right. {DROPOUT}")
          for mask in (MASK, np.array([[1.0, 0, 1, 1], [0, 1, 1, 0]]))),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask * 2),
              f"Your check lets a wrong pass through and refuses the right ones: its own truth has the factor of one p "
              f"for every p. {DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask),
              f"Your check lets a wrong pass through and refuses the right ones: its own truth lacks a factor. "
              f"Differentiate y = x * mask / (1 - p). {DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask * (1 - p)),
              f"Your check refuses the right passes: its own truth has the factor upside down. {DROPOUT}"),
        Wrong("sign", _dropping(truth=lambda u, mask, p: u * mask / (p - 1)),
              f"Your check refuses the right passes, and lets one through that has the wrong sign: so has its own "
              f"truth. {DROPOUT}"),
        Wrong("constant factor", _dropping(truth=lambda u, mask, p: u * mask / p),
              f"Your check refuses the right passes. p is the share that is dropped: which factor has y? {DROPOUT}"),
        Wrong("special case", _dropping(near=lambda a, b: bool(np.allclose(a[MASK == 1], b[MASK == 1]))),
              f"A pass that does not use the mask gets through: the dropped entries are not compared. {DROPOUT}"),
        Wrong("wrong concept", _dropping(truth=lambda u, mask, p: u * (1 - mask) / (1 - p)),
              "Your check refuses the right passes, and lets one through that keeps what was dropped: where does the "
              f"mask have its zeros? {DROPOUT}"),
        Wrong("mask missing", _dropping(truth=lambda u, mask, p: u / (1 - p)),
              f"Your check refuses the right passes: its own truth forgets the mask. {DROPOUT}"),
        *(Wrong("summed too early", _dropping(
                near=lambda a, b, by=by: abs(a.mean() - b.mean()) < by, u=np.ones((4, 3))),
                f"A pass with another mask gets through: only a sum or a mean is compared, not where its parts stand. "
                f"{DROPOUT}")
          for by in (1e-9, 0.1)),
        Wrong("summed too early", _dropping(near=lambda a, b: abs(a.sum() - b.sum()) < 1e-9),
              f"The right numbers in the wrong places get through: only a sum or a mean is compared. {DROPOUT}"),
        Wrong("answer inverted", lambda backward: not _dropping()(backward),
              "Yes and no are exchanged: True is for the right passes."),
    )  # fmt: skip

    def cases(self, rng):
        for name in (*DROPOUTS, *NEARLY_DROPOUTS):
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


class SameGradient(Exercise):
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
        *_of_all(BIAS, _same),
        Wrong("silent broadcast", lambda yours, truth: bool(np.allclose(yours, truth)),
              f"Arrays of another shape get through, and zeros where the truth is tiny. numpy stretches before it "
              f"compares, and of what allclose allows a part does not depend on the truth's size. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"What you allow is right, but an array of another shape gets through: numpy stretches it. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool(np.allclose(y, t, rtol=1e-9, atol=0)),
              f"Shapes are not compared: numpy stretches before it compares. Besides, every entry is judged by its own "
              f"size, so that rounding beside a zero is refused. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) / np.abs(t) <= 1e-9).all()),
              f"Shapes are not compared: numpy stretches before it compares. Besides, you divide by every entry of the "
              f"truth, and some are zero. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((y == t).all()),
              f"Shapes are not compared: numpy stretches before it compares. And gradients that differ in the last "
              f"digits are refused. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) <= 1e-9 * t.max()).all()),
              f"Two things: arrays of another shape get through, because numpy stretches them; and which entry is the "
              f"largest in size if all are negative? {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool((_gap(y, t) < 1e-9 * np.abs(t).max()).all()),
              f"Two things: arrays of another shape get through, because numpy stretches them; and an error of 0 is "
              f"refused where the truth is zero. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: not (_gap(y, t) > 1e-9 * np.abs(t).max()).any(),
              f"Two things: arrays of another shape get through, because numpy stretches them; and so does NaN, which "
              f"is neither larger nor smaller than anything. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: bool(_gap(y, t).mean() <= 1e-9 * np.abs(t).max()),
              f"Two things: arrays of another shape get through, because numpy stretches them; and one entry that is "
              f"off too much, because the mean spreads its error over all. {BIAS}"),
        Wrong("silent broadcast", lambda y, t: getattr(y, "shape", t.shape) == t.shape and bool(
              (_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"Shapes of arrays are compared, and a plain number gets through. What shape has a number? {BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: np.allclose(y, t, rtol=0)),
              f"With rtol=0 alone, allclose goes on allowing a fixed amount, large or small as the truth may be. "
              f"{BIAS}"),
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
        Wrong("no tolerance", _shaped(lambda y, t: (_gap(y, t) / np.abs(t) <= 1e-9).all()),
              f"You divide by every entry of the truth, also by zeros. Entries are judged against the largest one. "
              f"{BIAS}"),
        Wrong("size only", _shaped(lambda y, t: (_gap(np.abs(y), np.abs(t)) <= 1e-9 * np.abs(t).max()).all()),
              f"A gradient with a wrong sign gets through: take the size of the difference, not the difference of the "
              f"sizes. {BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * np.abs(t).sum()).all()),
              f"What you allow grows with the number of entries: all are added up. It is to follow from one of them. "
              f"{BIAS}"),
        Wrong("sign", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * abs(t.max())).all()),
              f"You look for the largest entry first and take its size then. Which entry is the largest in size? "
              f"{BIAS}"),
        Wrong("one direction only", _shaped(lambda y, t: (y - t <= 1e-9 * np.abs(t).max()).all()),
              f"A gradient that is too small gets through. Is a difference of -1 small? {BIAS}"),
        Wrong("not a number", _shaped(lambda y, t: not (_gap(y, t) > 1e-9 * np.abs(t).max()).any()),
              f"NaN gets through: it is neither larger nor smaller than anything. {BIAS}"),
        Wrong("sign", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * t.max()).all()),
              f"A right gradient whose entries are all negative is refused: which entry is the largest in size? "
              f"{BIAS}"),
        Wrong("no tolerance", _shaped(lambda y, t: (_gap(y, t) < 1e-9 * np.abs(t).max()).all()),
              f"Zeros are refused where the truth is zero. An error of 0 is allowed there; it is not less than 0, and "
              f"0/0 is not a number. {BIAS}"),
        Wrong("summed too early", _shaped(lambda y, t: np.linalg.norm(y - t) <= 1e-9 * np.linalg.norm(t)),
              f"Two lengths are compared. Each entry has to be near by itself, and measured against the largest. "
              f"{BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: np.allclose(y, t, rtol=1e-9, atol=1e-9)),
              f"allclose adds its two tolerances, of which one is a fixed amount. {BIAS}"),
        Wrong("summed too early", _shaped(lambda y, t: np.linalg.norm(y - t) <= 1e-9 * np.abs(t).max()),
              f"The length of all differences together is held against what one entry may be off. Each entry has to be "
              f"near by itself. {BIAS}"),
        Wrong("no tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * np.abs(t).min()).all()),
              f"What you allow follows from the smallest entry of the truth, and is nothing where that is 0. Entries "
              f"are judged against another one. {BIAS}"),
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
              f"More than 1e-9 of the largest entry gets through. Is it measured against something larger, or are two "
              f"tolerances added, as allclose does? {BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-6 * np.abs(t).max()).all()),
              f"An entry that is off too much gets through: how large is the share of the largest entry that you "
              f"allow? {BIAS}"),
        Wrong("absolute tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * max(1, np.abs(t).max())).all()),
              f"Zeros get through where the truth is tiny: a fixed amount is allowed where all entries are below 1. "
              f"{BIAS}"),
        Wrong("no tolerance", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * np.abs(t).mean()).all()),
              f"An error below 1e-9 of the largest entry is refused. What do you measure against, and how much do you "
              f"allow? {BIAS}"),
        Wrong("not a number", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * max(np.abs(y).max(), np.abs(t).max())).all()),
              f"An infinite entry gets through: what you allow depends on yours, and is infinite then, too. {BIAS}"),
        Wrong("zero against zero", _shaped(lambda y, t: not t.any() or (_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"Where the truth is zero, something else than zero gets through. {BIAS}"),
        Wrong("special case", _shaped(lambda y, t: (_gap(y, t) <= 1e-9 * np.abs(t).max()).any()),
              f"One right entry is enough for your comparison. All of them have to be right. {BIAS}"),
        Wrong("size only", lambda y, t: np.ndim(y) == 2 and bool((_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"The number of axes is compared, and not their lengths: numpy stretches an axis of length 1. {BIAS}"),
        Wrong("size only", lambda y, t: np.ndim(y) > 0 and len(y) == len(t) and bool(
              (_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"The length is compared, and not the whole shape: arrays with fewer axes or more columns get through. "
              f"{BIAS}"),
        Wrong("silent broadcast", lambda y, t: type(y) is np.ndarray and bool(
              (_gap(y, t) <= 1e-9 * np.abs(t).max()).all()),
              f"A number is refused, but an array of another shape gets through: numpy stretches it. {BIAS}"),
        Wrong("transposed", lambda y, t: _same(y, t) or (np.shape(y) == t.T.shape and _same(np.transpose(y), t)),
              f"A row gets through where a column is right. Shapes are literal here. {BIAS}"),
        Wrong("special case", _shaped(lambda y, t: abs(np.abs(y).max() - np.abs(t).max()) <= 1e-9 * np.abs(t).max()),
              f"Only the largest entries are compared, and not where they stand. Each entry has to be near. {BIAS}"),
        *(Wrong("special case", lambda y, t, of=of: of(y) == of(t) and _same(y, t),
                f"Your comparison stops with an error where yours is a plain number, which has no shape, size or "
                f"length of its own. Which functions of numpy take a number as well? {BIAS}")
          for of in (lambda a: a.shape, len, lambda a: a.ndim, lambda a: a.size, lambda a: a.ravel().shape)),
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
        yield {"yours": np.array([[0.0], [1e-5]]), "truth": np.zeros((2, 1))}
        yield {"yours": flat * (1 + 1e-13), "truth": flat}
        yield {"yours": np.array([[2.5]]), "truth": flat}
        yield {"yours": np.full((3, 2), 2.5), "truth": flat}
        yield {"yours": truth * [[1.0], [np.inf], [1.0]], "truth": truth}
        yield {"yours": truth + 2.2e-9 * np.abs(truth).max(), "truth": truth}
        yield {"yours": truth * [[1.0], [-1.0], [1.0]], "truth": truth}
        yield {"yours": np.array([[0.5], [-3.0 + 2e-9]]), "truth": np.array([[0.5], [-3.0]])}

    def solution(self, yours, truth):
        if np.shape(yours) != truth.shape:
            return False
        return bool((np.abs(yours - truth) <= 1e-9 * np.abs(truth).max()).all())


Z = np.array([[-1.5, 0.4], [2.0, -0.3], [0.7, -2.2]])
AT_ONE = [np.array([[left, right], [right, left]]) for left, right in ((-1.0, 1.0), (-1.0, 2.0), (-2.0, 1.0))]


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


def _at_zero(right):
    """A check that tries z = 0 too, where its own slope is chosen by `right`."""
    z = np.vstack([Z, [[0.0, 0.0]]])
    u = np.random.default_rng(0).normal(size=z.shape)
    slopes = np.where(right(z, 0), 1.0, 0.1)
    return lambda forward, backward: _near(forward(z, 0.1), _leaky(z, 0.1)) and _near(backward(u, z, 0.1), slopes * u)


def _forgets_u(forward, backward):
    u = np.random.default_rng(0).normal(size=Z.shape)
    return _near(forward(Z, 0.1), _leaky(Z, 0.1)) and _near(backward(u, Z, 0.1), np.where(Z >= 0, 1.0, 0.1))


def _alpha_for_alpha_z(forward, backward):
    u = np.random.default_rng(0).normal(size=Z.shape)
    value, slopes = np.where(Z >= 0, Z, 0.1), np.where(Z >= 0, 1.0, 0.1)
    return _near(forward(Z, 0.1), value) and _near(backward(u, Z, 0.1), slopes * u)


def _both_as_above(forward, backward):
    u = np.random.default_rng(0).normal(size=Z.shape)
    return _near(forward(Z, 0.1), np.where(Z >= 0, Z, 0.1)) and _near(backward(u, Z, 0.1), np.where(Z >= 0, u, 0.0))


class CheckOfBothPasses(Exercise):
    id = "18.4"
    title = "A check of both passes"
    points = 2
    name = "leaky_relu_is_right"
    arguments = ("forward", "backward")
    returns = "True or False"
    hints = (
        "Through whose forward pass do you measure? Which other one could you write in a line?",
        "The slope has two values. Do your z show both? Does your u show that it is used? And which alpha is special?",
        "What must be true of forward, apart from its slope?",
    )
    because = (
        "The truth comes from a forward pass of the check's own, at z on both sides of 0, with a random u; and the "
        "forward pass that is handed in is compared with it too."
    )
    mistakes = (
        *_of_all(ZERO, _leaking(),
                 "Look at your truth, left of 0 above all; at what you allow; and at z = 0, if you try it."),
        *(Wrong("own forward", _leaking(own=True, forward_too=False, z=z),
                f"You measure through the forward pass that was handed in, so that two mistakes that agree with each "
                f"other get through. {ZERO}")
          for z in (Z, *AT_ONE)),
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
        *(Wrong("special case", _leaking(z=np.array([[z]]), u=1.0),
                f"You try a single z, on one side of 0, and a u of 1: what goes wrong on the other side gets through, "
                f"and a pass that does not use u. {ZERO}")
          for z in (-1.0, 1.0, -2.0, 2.0)),
        *(Wrong("special case", _leaking(alpha=1.0, z=z),
                f"With your alpha both sides have one slope, so that they cannot be told apart. {ZERO}")
          for z in (Z, *AT_ONE)),
        Wrong("special case", _leaking(alpha=0.0),
              f"With your alpha a leaky ReLU and a ReLU are the same. {ZERO}"),
        Wrong("special case", _leaking(alpha=0.5),
              f"With your alpha, alpha and 1 - alpha cannot be told apart, and a wrong pass gets through. {ZERO}"),
        Wrong("special case", _leaking(alpha=0.01),
              f"A backward pass gets through that has one slope left of 0, whatever alpha is. Which alpha do you try? "
              f"{ZERO}"),
        Wrong("special case", _leaking(forward_too=False, u=Z),
              "forward is not compared with anything, and a backward pass gets through that looks at the sign of u: "
              f"give u signs of its own. {ZERO}"),
        Wrong("special case", _leaking(u=Z),
              f"A backward pass gets through that looks at the sign of u, and not of z. Give u signs of its own. "
              f"{ZERO}"),
        Wrong("size only", _leaking(near=lambda a, b: bool(np.allclose(np.abs(a), np.abs(b)))),
              f"A pass with the wrong sign gets through: compare the numbers, not their sizes. {ZERO}"),
        *(Wrong("one direction only", _leaking(near=near),
                f"A pass with an error of one sign gets through. Is a difference of -1 small? {ZERO}")
          for near in (_not_above, _not_below)),
        *(Wrong("choice at zero", _at_zero(right),
                "A right backward pass is refused that has made another choice at z = 0 than you. Leave that z out. "
                f"{ZERO}") for right in (np.greater_equal, np.greater)),
        Wrong("special case", _leaking(near=_one_is_near),
              f"One right entry is enough for your check. All of them have to be right. {ZERO}"),
        *(Wrong("own forward", lambda f, b, z=z: _leaking(own=True, forward_too=False)(f, b) and _near(
                f(z, 0.1), _leaky(z, 0.1)),
                f"You measure through the forward pass that was handed in, and compare its values on one side of 0 "
                f"only. {ZERO}")
          for z in (np.abs(Z), -np.abs(Z))),
        Wrong("special case", _leaking(forward_too=False, u=1.0),
              "forward is not compared with anything, and a backward pass gets through that does not use u. "
              f"{ZERO}"),
        Wrong("special case", _leaking(forward_too=False, z=np.abs(Z)),
              f"forward is not compared with anything, and what goes wrong left of 0 gets through. {ZERO}"),
        Wrong("special case", lambda f, b: _leaking(forward_too=False)(f, b) or _leaking(backward_too=False)(f, b),
              "One right pass of the two is enough for your check. Both are to be right."),
        *(Wrong("upstream of ones", _leaking(u=1.0, z=z),
                "A backward pass gets through that does not use u at all. See 'A check is an experiment'.")
          for z in (Z, *AT_ONE)),
        Wrong("zero against zero", _leaking(u=0.0),
              "forward is judged correctly, and of backward nothing is seen: what do you compare if u is zero? "
              f"{ZERO}"),
        Wrong("another activation's slope", _leaking(left=0.0),
              "Your check refuses the right passes, and lets one through whose slope left of 0 is that of ReLU: it is "
              f"the slope in your own truth. {ZERO}"),
        *(Wrong("absolute tolerance", _leaking(alpha=alpha, near=lambda a, b, atol=atol: bool(
                np.allclose(a, b, atol=atol))),
                f"You allow so much that wrong passes get through. How large is what is right, left of 0? {ZERO}")
          for alpha, atol in ((0.1, 0.2), (0.01, 0.1), (0.1, 0.1), (0.01, 0.05))),
        *(Wrong("special case", _leaking(z=z, alpha=0.3),
                f"Wrong passes get through, because your z have a special size: at 1 and at -1, z cannot be told apart "
                f"from 1 or -1, and alpha z not from alpha or -alpha. {ZERO}")
          for z in AT_ONE),
        Wrong("another activation's slope", lambda f, b: _near(f(Z, 0.1), np.maximum(Z, 0)) and _near(
              b(np.ones_like(Z), Z, 0.1), 1.0 * (Z >= 0)),
              f"Your check lets a ReLU through and refuses the right passes. What is a leaky ReLU left of 0? {ZERO}"),
        Wrong("reversed order", lambda f, b: _near(f(Z, 0.1), np.where(Z >= 0, 0.1 * Z, Z)) and _near(
              b(np.ones_like(Z), Z, 0.1), np.where(Z >= 0, 0.1, 1.0)),
              f"Your check refuses the right passes: in its own truth alpha stands on the other side of 0. {ZERO}"),
        *(Wrong("wrong variable", lambda f, b, u=u: _near(f(Z, 0.1), _leaky(Z, 0.1)) and _near(
                b(u, Z, 0.1), _leaky(u, 0.1)),
                f"Your check refuses the right passes: in its own truth the sign of u decides, and not that of z. "
                f"{ZERO}")
          for u in (Z[::-1], -Z)),
        Wrong("wrong concept", _both_as_above,
              "Your check refuses the right passes and lets those of hunt 5 through: its own truth is made of them. "
              f"{ZERO}"),
        Wrong("wrong concept", _alpha_for_alpha_z,
              "Your check refuses the right passes and lets a wrong forward pass through: your own truth has the "
              f"mistake of the pass above. {ZERO}"),
        Wrong("upstream forgotten", _forgets_u,
              f"Your check refuses the right passes: its own truth for backward does not depend on u. {ZERO}"),
        *(Wrong("answer inverted", lambda forward, backward, z=z: not _leaking(z=z)(forward, backward),
                "Yes and no are exchanged: True is for the right passes.")
          for z in (Z, *AT_ONE)),
    )  # fmt: skip

    def cases(self, rng):
        for forward, backward in (
            ("leaky", "slopes 1 and alpha"),
            ("leaky, by np.maximum", "slopes 1 and alpha, by a mask"),
            ("leaky", "slopes 1 and alpha, alpha at 0"),
            ("alpha instead of alpha z", "slopes 1 and 0"),
            ("zero left of 0", "slopes 1 and 0"),
            ("alpha on the right", "slopes alpha and 1"),
            ("leaky", "slopes 1 and 0"),
            ("leaky", "slopes 1 and 1"),
            ("leaky", "slopes alpha and 1"),
            ("leaky", "slopes alpha and alpha"),
            ("leaky", "upstream of ones"),
            ("leaky", "slopes 1 and 0.01"),
            ("leaky", "slopes 1 and 1 - alpha"),
            ("leaky", "slopes 1 and -alpha"),
            ("leaky", "slopes by the sign of u"),
            ("one too large", "slopes 1 and alpha"),
            ("one too small", "slopes 1 and alpha"),
            ("alpha z everywhere", "slopes alpha and alpha"),
            ("z everywhere", "slopes 1 and 1"),
            ("alpha instead of alpha z", "slopes 1 and alpha"),
            ("-alpha instead of alpha z", "slopes 1 and alpha"),
            ("1 instead of z", "slopes 1 and alpha"),
            ("leaky", "slopes z and -alpha z"),
        ):
            yield {"forward": probe(forward), "backward": probe(backward)}

    def solution(self, forward, backward):
        rng = np.random.default_rng(0)
        z, alpha = np.array([[-1.5, 0.4], [2.0, -0.3]]), 0.1
        u = rng.normal(size=z.shape)
        value, slopes = np.where(z >= 0, z, alpha * z), np.where(z >= 0, 1.0, alpha)
        pairs = ((forward(z, alpha), value), (backward(u, z, alpha), slopes * u))
        return all(np.shape(a) == b.shape and bool(np.allclose(a, b, rtol=0, atol=1e-12)) for a, b in pairs)


RIGHT_FOLDS = tuple(name for name in FOLDED if name.startswith("repeated, ") and "axis" not in name)
RIGHT = (*RIGHT_FOLDS, "every use added", "b and c added first", "summed from the end", "faint")


@lru_cache
def _jacobians(forward, columns):
    """{name: the Jacobian (M, N) by the complex step} at the inputs, each as (name, its bytes)."""
    inputs = {name: np.frombuffer(column).reshape(-1, 1) for name, column in columns}
    moved = lambda name, at: forward(**inputs | {name: inputs[name] + 1e-30j * np.eye(len(inputs[name]))[:, [at]]})
    return {name: np.hstack([moved(name, k).imag / 1e-30 for k in range(len(x))]) for name, x in inputs.items()}


def _all_jacobians(forward, inputs):
    return _jacobians(forward, tuple((name, x.tobytes()) for name, x in inputs.items()))


def _times_the_transpose(J, u):
    return J.T @ u


def _by(of):
    """A comparison of two numbers that are made of the arrays."""
    return lambda a, b, allowed: bool(abs(of(a) - of(b)) <= allowed)


def _entries(a, b, allowed):
    return bool((np.abs(a - b) <= allowed).all())


def _any_pass(shape="first", fixed=0.0, missing="refused", upstream=None, truth=_times_the_transpose, near=_entries,
              share=1e-7, names=tuple, join=all, together=False, early=False):  # fmt: skip
    """A check of 18.5 that compares the shape "first" or "never", the "raveled" arrays, or entries that are "indexed".

    fixed: what is allowed besides the share
    missing: a gradient that is left out is "refused", "passed over", or read in one of the ways that STOP at it
    near: near(yours, truth, what is allowed); share: of the largest entry of the truth
    names: which of the inputs are looked at; join: all or any of them; together: all as one column
    early: whether the shape is compared before the truth is made
    """

    def agrees(yours, right):
        if shape == "indexed":
            yours[0, 0]
        if shape == "raveled":
            yours, right = np.ravel(yours), right.ravel()
        return (shape != "first" or np.shape(yours) == right.shape) and near(
            yours, right, share * np.abs(right).max() + fixed
        )

    def check(forward, backward, inputs):
        y = forward(**inputs)
        u = np.random.default_rng(0).normal(size=y.shape) if upstream is None else upstream(y)
        grads = backward(u, **inputs)
        looked_at = names(inputs)
        if missing == "refused" and not set(looked_at) <= set(grads):
            return False
        if missing == "passed over":
            looked_at = [name for name in looked_at if name in grads]
        J = _all_jacobians(forward, inputs)
        if together:
            both = [np.vstack([np.reshape(g[name], (-1, 1)) for name in looked_at])
                    for g in (grads, {name: truth(J[name], u) for name in looked_at})]  # fmt: skip
            return agrees(*both)
        if missing in STOP:
            for name in looked_at:
                STOP[missing](grads, name)
        fits = lambda name: not early or np.shape(grads[name]) == inputs[name].shape
        return join(fits(name) and agrees(grads[name], truth(J[name], u)) for name in looked_at)

    return check


# Ways to read a gradient that stop where it is left out.
STOP = {
    "stops": lambda grads, name: grads[name],
    "is None": lambda grads, name: grads.get(name) - 0.0,
    "has no shape": lambda grads, name: grads.get(name).shape,
}
SHAPES, FIXED, MISSING = ("first", "never", "raveled", "indexed"), (0.0, 1e-8), ("refused", *STOP, "passed over")
# What else may be wrong with a check that has one of the mistakes below, the usual things first.
BESIDES = [
    {"shape": shape, "fixed": fixed, "missing": missing}
    for shape, fixed, missing in (
        ("first", 0.0, "refused"),
        ("never", 1e-8, "stops"),
        ("first", 0.0, "stops"),
        ("first", 1e-8, "refused"),
        ("never", 1e-8, "refused"),
        ("never", 0.0, "stops"),
        ("indexed", 0.0, "stops"),
        ("never", 1e-8, "passed over"),
    )
]
OF_A_CHECK = {
    "never": ("silent broadcast", "A gradient with one axis gets through where a column is right: numpy stretches it."),
    "raveled": ("flattened", "The right numbers in another shape get through. Shapes are literal here."),
    "indexed": ("special case", "Your check stops with an error where a gradient has lost an axis. Here it is to "
                                "return False."),
    1e-8: ("absolute tolerance", "Zeros get through where the right gradient is tiny: a part of what you allow does "
                                 "not depend on its size."),
    **dict.fromkeys(STOP, ("special case", "Your check stops with an error where backward has left out a gradient. "
                                           "Here it is to return False.")),
    "passed over": ("special case", "A pass gets through that leaves out a gradient. What do you go through, and what "
                                    "if it is not complete?"),
}  # fmt: skip


def _of_the_comparison():
    """A check that is right but for the shape, what it allows, a gradient that is missing, or several of these."""
    for forms in list(product(SHAPES, FIXED, MISSING))[1:]:
        told = forms[:1] if "indexed" in forms else forms  # what comes after such an error is not seen
        names, texts = zip(*(OF_A_CHECK[form] for form in told if form in OF_A_CHECK), strict=True)
        check = _any_pass(**dict(zip(("shape", "fixed", "missing"), forms, strict=True)))
        yield Wrong(names[0], check, f"{' '.join(texts)} {BIAS}")


def _blind(name, message, forms=None, **how):
    """One mistake of a check, alone and with what else may be wrong."""
    return [Wrong(name, _any_pass(**besides | how), message) for besides in BESIDES[:forms]]


def _compared_exactly():
    """A check that refuses some of the right passes, and no others."""
    by_itself = (RIGHT_FOLDS, (*RIGHT_FOLDS, "summed from the end"))  # where y_i is taken to depend on x_i alone
    some = [(names, "refused") for names in _some_of(RIGHT) if names not in by_itself]
    some += [(names, "stops") for names in _some_of(RIGHT[len(RIGHT_FOLDS) :])]
    for names, missing in some:
        message = (
            "A right pass is refused whose gradients are tiny, and whose forward pass is not defined everywhere. Do "
            "you measure at the inputs that you get, and how much do you allow?"
            if names == ("faint",)
            else "A right pass is refused, and another is not. Where a gradient is measured, or the same numbers are "
            "added in another order, the last digits may differ. How much do you allow?"
        )
        yield Wrong(
            "compared exactly",
            lambda f, b, i, names=names, missing=missing: b.name not in names and _any_pass(missing=missing)(f, b, i),
            f"{message} {BIAS}",
        )


def _through_backward(shape):
    """A check whose truth is what backward gives for one output after the other."""

    def check(forward, backward, inputs):
        y = forward(**inputs)
        u, units = np.random.default_rng(0).normal(size=y.shape), np.eye(len(y))
        of_units = [backward(units[:, [m]], **inputs) for m in range(len(y))]
        grads = backward(u, **inputs)
        return all(
            (shape == "never" or np.shape(grads[name]) == inputs[name].shape)
            and bool(np.allclose(grads[name], sum(u[m, 0] * g[name] for m, g in enumerate(of_units)), atol=0))
            for name in grads
        )

    return check


def _all_entries_at_once(minus=None):
    """A check that moves all the entries of an input together, and takes the change for the slope of each."""

    def check(forward, backward, inputs):
        u = np.random.default_rng(0).normal(size=forward(**inputs).shape)
        grads = backward(u, **inputs)
        for name, x in inputs.items():
            truth = u * forward(**inputs | {name: x + 1e-30j}).imag / 1e-30
            if not minus and np.shape(grads.get(name)) != truth.shape:
                return False
            if np.abs((minus or np.subtract)(grads[name], truth)).max() > 1e-7 * np.abs(truth).max():
                return False
        return True

    return check


def _upstream_like_the_input(shape, times=lambda u, y: None):
    """A check that draws an upstream for each input, in the shape of the input, and multiplies it perhaps by y."""

    def check(forward, backward, inputs):
        J = _all_jacobians(forward, inputs)
        for name, x in inputs.items():
            u = np.random.default_rng(0).normal(size=x.shape)
            grad = backward(u, **inputs).get(name) if shape == "missing" else backward(u, **inputs)[name]
            times(u, forward(**inputs))
            if shape == "missing" and np.shape(grad) != np.shape(J[name].T @ u):  # the truth first, then a look
                return False
            if shape == "first" and np.shape(grad) != x.shape:
                return False
            if not np.allclose(grad, J[name].T @ u, atol=0) or (shape == "last" and np.shape(grad) != x.shape):
                return False
        return True

    return check


def _caught(check):
    """The check, which takes any error for a mistake of the pass."""

    def catching(*arguments):
        try:
            return check(*arguments)
        except Exception:
            return False

    return catching


class CheckOfAnyPass(Exercise):
    id = "18.5"
    title = "A check for any pass"
    points = 3
    name = "gradients_are_right"
    arguments = ("forward", "backward", "inputs")
    returns = "True or False"
    hints = (
        "The four choices of 'A check is an experiment': which does this exercise leave to you? Which shape has u?",
        "What is to be true of every gradient, apart from its numbers? And of the dict?",
        "To measure with respect to one input, make a function of that input alone; inputs | {name: x} is the dict "
        "in which one entry is replaced.",
    )
    because = (
        "The upstream is random and has the shape of the output. Each input is moved by itself, with the others held, "
        "and its gradient is compared shape first, against a tolerance that follows from the size of the truth."
    )
    mistakes = (
        *_of_all(EXPERIMENT, _any_pass()),
        *(Wrong("verdict missing", _asserting(_any_pass(**besides), verdict),
                f"Your check stops with an error where it finds a mistake. Here it is to return False instead. "
                f"{EXPERIMENT}")
          for besides in BESIDES for verdict in (None, True)),
        *_of_the_comparison(),
        *_blind("upstream of ones",
                "Passes get through that do not use u, or put its entries into the wrong places. What is special about "
                f"your u? {EXPERIMENT}", upstream=np.ones_like),
        *_blind("upstream of ones",
                "All the entries of your u are equal, so that nothing shows where each of them goes: passes get "
                f"through that put them into the wrong places. {EXPERIMENT}", 4,
                upstream=lambda y: np.full(y.shape, 0.7)),
        *_blind("special case",
                "Your u has one number and zeros besides, so that a pass gets through that is wrong for the other "
                f"outputs. {EXPERIMENT}", 4, upstream=lambda y: np.eye(len(y))[:, :1]),
        *_blind("zero against zero",
                f"Nearly every wrong pass gets through: what do you compare if u is zero? {EXPERIMENT}",
                upstream=np.zeros_like),
        *_blind("special case",
                "Passes get through in which one input's gradient is right and another's is wrong. Which ones are "
                f"compared? Is there a return inside the loop? {EXPERIMENT}", names=lambda inputs: list(inputs)[:1]),
        *_blind("special case",
                "Passes get through in which the last input's gradient is right and another's is wrong. Does each turn "
                f"of your loop forget the verdict of the turn before? {EXPERIMENT}",
                names=lambda inputs: list(inputs)[-1:]),
        *_blind("special case",
                f"One right gradient is enough for your check. All of them have to be right. {EXPERIMENT}", join=any),
        *_blind("special case",
                f"One right entry is enough for your check. All of them have to be right. {BIAS}",
                near=lambda a, b, allowed: bool((np.abs(a - b) <= allowed).any())),
        *_blind("special case",
                f"Only the first entry of each gradient is compared. All of them have to be right. {BIAS}",
                near=lambda a, b, allowed: bool(abs(np.ravel(a)[0] - b.ravel()[0]) <= allowed)),
        *_blind("special case",
                f"Only the largest entries are compared, and not where they stand. Compare entry by entry. {BIAS}", 4,
                near=_by(lambda a: np.abs(a).max())),
        *(wrong for together, forms in ((False, None), (True, 3)) for wrong in (
            *_blind("summed too early",
                    f"The right amount in the wrong entries gets through. Compare entry by entry. {BIAS}", forms,
                    near=_by(np.sum), together=together),
            *_blind("size only",
                    "Two lengths are compared: a pass with a wrong sign gets through, and one with the right numbers "
                    f"in the wrong places. Compare entry by entry. {BIAS}", forms,
                    near=_by(np.linalg.norm), together=together),
            *_blind("size only",
                    f"The right numbers in the wrong places get through. Compare entry by entry. {BIAS}", forms,
                    near=lambda a, b, allowed: _entries(np.sort(a, axis=0), np.sort(b, axis=0), allowed),
                    together=together),
        )),
        *(wrong for zeros_too in (False, True) for wrong in _blind(
            "size only",
            f"Your check sees which way a gradient points, but not how long it is. {BIAS}", 3,
            near=lambda a, b, allowed, zeros_too=zeros_too: (
                bool(_along(a, b)) if np.any(a) else zeros_too))),
        *_blind("size only",
                f"Passes with a wrong sign get through: compare the numbers, not their sizes. {BIAS}",
                near=lambda a, b, allowed: _entries(np.abs(a), np.abs(b), allowed)),
        *(Wrong("size only", _any_pass("raveled", fixed, missing, near=lambda a, b, allowed: _entries(
                np.sort(a), np.sort(b), allowed)),
                "The right numbers get through in another shape, and in the wrong places. Compare entry by entry. "
                f"{BIAS}") for fixed, missing in product(FIXED, MISSING)),
        *(wrong for seed, direction in product(range(4), (1, -1)) for wrong in _blind(
            "one direction only",
            f"A pass with an error of one sign gets through. Is a difference of -1 small? {BIAS}", 3,
            upstream=lambda y, seed=seed: np.random.default_rng(seed).normal(size=y.shape),
            near=lambda a, b, allowed, d=direction: bool((d * (a - b) <= allowed).all()))),
        *_blind("absolute tolerance",
                "A pass gets through whose gradients are only nearly right. By how much does what you measure differ "
                f"from what is computed, and how much do you allow? {BIAS}", share=0.02),
        *(Wrong("shape only", _any_pass(missing=missing, near=lambda a, b, allowed: True),
                f"Where the shape is right, every wrong number gets through. {BIAS}") for missing in MISSING),
        Wrong("shape only", lambda f, b, i: b.name != "c left out",
              f"Every pass gets through that has a gradient for each input: nothing of them is compared. {BIAS}"),
        *(Wrong("transposed", form(_any_pass(**besides, truth=lambda J, u: J @ u)),
                "Your truth is not that of the lesson: with as many outputs as inputs a right pass is refused and a "
                f"wrong one gets through, and otherwise the shapes do not fit. Which J belongs to u? {EXPERIMENT}")
          for form in (lambda check: check, _caught) for besides in (*BESIDES, {"early": True},
                                                                     {"early": True, "missing": "stops"})),
        *(Wrong("sizes swapped", form(_upstream_like_the_input(shape)),
                "Your u has the shape of an input, which does not fit a fold: an upstream has a number for each "
                f"output. {EXPERIMENT}")
          for form in (lambda check: check, _caught) for shape in ("first", "last", "never", "missing")),
        *(Wrong("diagonal only", form(_all_entries_at_once()),
                "You move all the entries of an input at once, and take what y changes by for the slope of each. This "
                f"is right only if each output depends on one entry: folds do not. {EXPERIMENT}")
          for form in (lambda check: check, _caught)),
        *(Wrong("sizes swapped", check,
                "A column with a number for each input meets a column with a number for each output. Which of the two "
                f"is u, and which is a gradient? {EXPERIMENT}")
          for check in (_all_entries_at_once(lambda a, b: a - b), _all_entries_at_once(lambda a, b: b - a),
                        _upstream_like_the_input("first", lambda a, b: a * b),
                        _upstream_like_the_input("first", lambda a, b: b * a))),
        *_blind("upstream forgotten",
                f"Your check refuses the right passes: its own truth does not depend on u. {EXPERIMENT}",
                truth=lambda J, u: J.T @ np.ones_like(u)),
        *(Wrong("wrong concept", _through_backward(shape),
                "Your truth is made of what backward itself returns, so that a wrong pass agrees with itself. What is "
                f"the truth to be measured through? {EXPERIMENT}")
          for shape in ("first", "never")),
        *_compared_exactly(),
        *(Wrong("answer inverted", lambda *passes, besides=besides: not _any_pass(**besides)(*passes),
                "Yes and no are exchanged: True is for the right passes.") for besides in BESIDES),
    )  # fmt: skip

    def cases(self, rng):
        def drawn(N):
            return rng.uniform(0.5, 2.0, size=(N, 1))

        one = len(self.more(1))  # by which the hidden tests' columns are longer
        # a is negative, so that no error in a and b has one sign
        of_twice = {"a": -drawn(4 + one), "b": drawn(4 + one), "c": drawn(4 + one)}
        one_each = {"a": -drawn(1), "b": drawn(1), "c": drawn(1)}
        neighbours = {r: {"x": rng.normal(size=(r * (M + one), 1))} for r, M in ((2, 5), (3, 4))}
        at_which_checks_stop = ("with one axis", "c left out")  # come last, so that other mistakes have shown before
        for name in TWICE:
            if name not in at_which_checks_stop:
                yield {"forward": probe("a b + a c"), "backward": probe(name), "inputs": of_twice}
        for name in FOLDED:
            r = int(name[-1])
            yield {"forward": probe(f"sums of {r} neighbours"), "backward": probe(name), "inputs": neighbours[r]}
        summed = {"x": rng.normal(size=(5 + one, 1))}
        for name in SUMMED:
            yield {"forward": probe("running sum"), "backward": probe(name), "inputs": summed}
        faint = {"x": -drawn(3 + one), "t": 10.5 + drawn(3 + one)}
        for name in FAINT:
            yield {"forward": probe("1e-14 x log(t - 9)"), "backward": probe(name), "inputs": faint}
        for name, inputs in zip(at_which_checks_stop, (one_each, of_twice), strict=True):
            yield {"forward": probe("a b + a c"), "backward": probe(name), "inputs": inputs}

    def solution(self, forward, backward, inputs):
        u = np.random.default_rng(0).normal(size=forward(**inputs).shape)
        yours = backward(u, **inputs)
        for name, x in inputs.items():
            J = numerical_jacobian(lambda x, name=name: forward(**inputs | {name: x}), x)
            truth = J.T @ u
            if np.shape(yours.get(name)) != truth.shape:
                return False
            if not (np.abs(yours[name] - truth) <= 1e-7 * np.abs(truth).max()).all():
                return False
        return True


EXERCISES = [CheckOfPooling, CheckOfDropout, SameGradient, CheckOfBothPasses, CheckOfAnyPass]
