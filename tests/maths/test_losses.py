"""Losses: values against the formulas in Python's own floats, derivatives against the complex step, labels refused."""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.losses import LogisticLoss, Loss, SoftmaxCrossEntropy, SquaredLoss
from helpers.numerical import numerical_jacobian

scores = st.floats(-30, 30)


def drawn(loss, K, B, seed, spread=1.0):
    """Scores f and labels y that the loss takes, (K, B)."""
    rng = np.random.default_rng(seed)
    f = spread * rng.normal(size=(K, B))
    if isinstance(loss, LogisticLoss):
        return f, rng.choice([-1.0, 1.0], size=(K, B))
    return f, (rng.normal(size=(K, B)) if isinstance(loss, SquaredLoss) else rng.uniform(0, 2, size=(K, B)))


LOSSES = pytest.mark.parametrize("loss", [SquaredLoss(), LogisticLoss(), SoftmaxCrossEntropy()], ids=repr)


@LOSSES
@settings(max_examples=30)
@given(K=st.integers(1, 5), seed=st.integers(0, 2**32 - 1), spread=st.sampled_from([1e-3, 1.0, 30.0]))
def test_the_derivative_is_a_row_and_what_is_measured(loss, K, seed, spread):
    f, y = drawn(loss, K, 1, seed, spread)
    row = loss.d(f, y)
    assert row.shape == (1, K)
    truth = numerical_jacobian(lambda f: loss(f, y), f)
    np.testing.assert_allclose(row, truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))


@LOSSES
@settings(max_examples=30)
@given(K=st.integers(1, 5), B=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_of_a_batch_it_is_the_mean(loss, K, B, seed):
    f, y = drawn(loss, K, B, seed)
    alone = [(f[:, [b]], y[:, [b]]) for b in range(B)]
    assert math.isclose(loss(f, y), sum(loss(*one) for one in alone) / B, rel_tol=1e-13)
    rows = np.vstack([loss.d(*one) for one in alone]) / B
    np.testing.assert_allclose(loss.gradient(f, y), rows.T, rtol=1e-12, atol=1e-15)


def test_the_values_are_those_of_the_formulas():
    f, y = np.array([[0.3], [-1.2]]), np.array([[1.0], [0.5]])
    assert SquaredLoss()(f, y) == pytest.approx(0.7**2 + 1.7**2, rel=1e-15)
    p = math.exp(0.3) / (math.exp(0.3) + math.exp(-1.2))
    assert SoftmaxCrossEntropy()(f, y) == pytest.approx(-math.log(p) - 0.5 * math.log(1 - p), rel=1e-14)
    for label in (1.0, -1.0):
        for score in (-3.0, 0.0, 0.4):
            value = LogisticLoss()(np.array([[score]]), np.array([[label]]))
            assert value == pytest.approx(math.log(1 + math.exp(-label * score)), rel=1e-14)


@pytest.mark.parametrize(("score", "label", "value", "slope"), [
    (1000.0, 1.0, 0.0, 0.0),
    (-1000.0, 1.0, 1000.0, -1.0),
    (1000.0, -1.0, 1000.0, 1.0),
    (-1000.0, -1.0, 0.0, 0.0),
])  # fmt: skip
def test_nothing_overflows_at_a_thousand(score, label, value, slope):
    f = np.array([[score]])
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert LogisticLoss()(f, np.array([[label]])) == value
        assert LogisticLoss().d(f, np.array([[label]])).item() == slope
        two, right = np.array([[score], [0.0]]), np.array([[1.0], [0.0]]) if label > 0 else np.array([[0.0], [1.0]])
        assert SoftmaxCrossEntropy()(two, right) == value
        np.testing.assert_array_equal(SoftmaxCrossEntropy().d(two, right), [[slope, -slope]])


@pytest.mark.parametrize("gap", [5.0, 20.0, 40.0, 300.0])
def test_a_confident_right_answer_keeps_its_digits(gap):
    # log(1 + e^-gap) and its slope, by the series of the logarithm where e^-gap is small
    small = math.exp(-gap)
    for loss, f, y in (
        (LogisticLoss(), [[gap]], [[1.0]]),
        (LogisticLoss(), [[-gap]], [[-1.0]]),
        (SoftmaxCrossEntropy(), [[0.0], [gap]], [[0.0], [1.0]]),
    ):
        f, y = np.array(f), np.array(y)
        assert math.isclose(loss(f, y), math.log1p(small), rel_tol=1e-12)
        np.testing.assert_allclose(np.abs(loss.d(f, y)), small / (1 + small), rtol=1e-12)


@given(scores, st.sampled_from([-1.0, 1.0]))
def test_the_logistic_loss_is_two_classes_with_the_scores_f_and_0(score, label):
    two = np.array([[score], [0.0]])
    y = np.array([[1.0], [0.0]]) if label > 0 else np.array([[0.0], [1.0]])
    f, label = np.array([[score]]), np.array([[label]])
    assert math.isclose(LogisticLoss()(f, label), SoftmaxCrossEntropy()(two, y), rel_tol=1e-12)
    assert math.isclose(LogisticLoss().d(f, label).item(), SoftmaxCrossEntropy().d(two, y)[0, 0], rel_tol=1e-12)


@given(st.lists(scores, min_size=2, max_size=6), st.floats(-500, 500))
def test_a_shift_of_all_scores_changes_nothing(f, shift):
    f = np.array(f).reshape(-1, 1)
    y = np.linspace(0.2, 1.0, len(f)).reshape(-1, 1)
    loss = SoftmaxCrossEntropy()
    np.testing.assert_allclose(loss.d(f + shift, y), loss.d(f, y), atol=1e-11)
    assert math.isclose(loss.d(f, y).sum(), 0.0, abs_tol=1e-12)


def test_p_minus_y_needs_weights_that_add_up_to_1():
    f, y = np.array([[1.0], [0.2], [-0.5]]), np.array([[2.0], [0.0], [1.0]])
    p = np.exp(f) / np.exp(f).sum()
    loss = SoftmaxCrossEntropy()
    np.testing.assert_allclose(loss.d(f, y), (3 * p - y).T, atol=1e-15)
    assert np.abs(loss.d(f, y) - (p - y).T).max() > 0.5


def test_the_complex_step_passes_where_two_scores_are_equal():
    f, y = np.zeros((3, 1)), np.array([[0.0], [1.0], [0.0]])
    np.testing.assert_allclose(numerical_jacobian(lambda f: SoftmaxCrossEntropy()(f, y), f), [[1 / 3, -2 / 3, 1 / 3]])
    at_zero = numerical_jacobian(lambda f: LogisticLoss()(f, np.ones((1, 1))), np.zeros((1, 1)))
    np.testing.assert_allclose(at_zero, [[-0.5]], rtol=1e-15)


F = np.zeros((3, 4))


@pytest.mark.parametrize(
    ("loss", "f", "y", "kind", "says"),
    [
        (SquaredLoss(), F, np.zeros((3, 2)), ValueError, "expected y in the shape (3, 4) of f, one sample a column"),
        (SquaredLoss(), F, np.zeros((3, 1)), ValueError, "got (3, 1)"),
        (SquaredLoss(), F, np.zeros((1, 4)), ValueError, "got (1, 4)"),
        (SquaredLoss(), F, 1.0, ValueError, "got a float"),
        (SquaredLoss(), F, np.zeros((3, 4), int), TypeError, "expected y in float64, got int64"),
        (SquaredLoss(), F, F + np.nan, ValueError, "got nan at y[0, 0]"),
        (SquaredLoss(), np.zeros(3), np.zeros(3), ValueError, "use f.reshape(-1, 1)"),
        (SquaredLoss(), F.astype(np.float32), F, TypeError, "expected f in float64, got float32"),
        (LogisticLoss(), F, (F == 0) * 1.0 - 1.0, ValueError, "for labels of 0 and 1 pass 2 * y - 1"),
        (
            LogisticLoss(),
            F,
            np.ones((1, 4)),
            ValueError,
            "expected y in the shape (3, 4) of f, one sample a column, got (1,",
        ),
        (LogisticLoss(), F, np.ones((3, 4), int), TypeError, "expected y in float64, got int64"),
        (LogisticLoss(), F, 1.0, ValueError, "got a float"),
        (LogisticLoss(), F, F + 3.0, ValueError, "expected labels y of +1 and -1, got 3"),
        (LogisticLoss(), F, F + np.nan, ValueError, "expected labels y of +1 and -1, got nan"),
        (
            SoftmaxCrossEntropy(),
            F,
            np.arange(4) % 3,
            ValueError,
            "got (4,), class numbers; pass a column of weights for each, np.eye(3)[:, ",
        ),
        (SoftmaxCrossEntropy(), F, np.zeros((1, 4), int), ValueError, "got (1, 4), class numbers"),
        (SoftmaxCrossEntropy(), F[:1], np.zeros(4), ValueError, "got (4,); pass y.reshape(1, 4)"),  # no classes
        (SoftmaxCrossEntropy(), F, np.zeros((3, 5)), ValueError, "expected y in the shape (3, 4)"),
        (SoftmaxCrossEntropy(), F, F - 1.0, ValueError, "expected weights y of 0 or more, got -1"),
        (SoftmaxCrossEntropy(), F, F - np.eye(3, 4), ValueError, "expected weights y of 0 or more, got -1"),
    ],
)
def test_labels_of_the_wrong_kind_are_refused(loss, f, y, kind, says):
    for act in (loss, loss.gradient):
        with pytest.raises(kind, match=re.escape(says)):
            act(f, y)


def test_the_advice_for_class_numbers_works():
    f, numbers = np.random.default_rng(0).normal(size=(3, 4)), np.array([2, 0, 1, 1])
    arrays = (numbers, numbers.reshape(1, 4), 1.0 * numbers, 1.0 * numbers.reshape(1, 4))
    for labels in (*arrays, numbers.tolist(), tuple(numbers.tolist())):
        with pytest.raises(ValueError) as raised:
            SoftmaxCrossEntropy()(f, labels)
        y = eval(str(raised.value).split("for each, ")[1], {"np": np, "y": labels})
        assert y.shape == (3, 4) and (y.argmax(axis=0) == numbers).all()
        SoftmaxCrossEntropy()(f, y)


@pytest.mark.parametrize(
    ("loss", "f", "given", "meant"),
    [
        (SoftmaxCrossEntropy(), F, np.eye(3)[[2, 0, 1, 1]], np.eye(3)[:, [2, 0, 1, 1]]),
        (SoftmaxCrossEntropy(), F, np.eye(3)[[2, 0, 1, 1]].tolist(), np.eye(3)[:, [2, 0, 1, 1]]),
        (LogisticLoss(), F[:1], [1, -1, 1, 1], np.array([[1.0, -1, 1, 1]])),
        (LogisticLoss(), F[:1], np.array([1.0, -1, 1, 1]), np.array([[1.0, -1, 1, 1]])),
        (LogisticLoss(), F[:1, :1], 1, np.ones((1, 1))),
        (SquaredLoss(), F[:, :1], [0.5, 1, 2], np.array([[0.5], [1], [2]])),
        (SquaredLoss(), F[:, :1], [[0.5], [1], [2]], np.array([[0.5], [1], [2]])),
        (SquaredLoss(), F[:, :1], [[0.5, 1, 2]], np.array([[0.5], [1], [2]])),
    ],
)
def test_the_advice_for_labels_of_another_shape_works(loss, f, given, meant):
    with pytest.raises(ValueError, match="expected y in the shape") as raised:
        loss(f, given)
    y = eval(str(raised.value).split("; pass ")[1], {"np": np, "y": given})
    np.testing.assert_array_equal(y, meant, strict=True)
    loss(f, y)


@pytest.mark.parametrize("given", ["ab", None, {}, [[1, 2], [3]], object(), np.ones((2, 3)), [[None]]])
def test_labels_that_are_no_numbers_get_no_advice(given):
    for loss in (SquaredLoss(), LogisticLoss(), SoftmaxCrossEntropy()):
        with pytest.raises(ValueError, match=r"expected y in the shape \(3, 4\) of f, one sample a column, got [^;]*$"):
            loss(F, given)


@pytest.mark.parametrize("numbers", [[1, 2, 3, 3], [1, -1, 1, -1], [0.5, 1, 2, 0]])
def test_numbers_that_are_no_classes_get_no_advice_for_classes(numbers):
    for labels in (np.array(numbers), np.array([numbers], float)):
        with pytest.raises(ValueError, match=r"expected y in the shape \(3, 4\) of f, one sample a column, got \("):
            SoftmaxCrossEntropy()(F, labels)


def test_the_row_is_for_one_column():
    with pytest.raises(ValueError, match="expected f to be one column"):
        SquaredLoss().d(F, F)


class SumByPython(Loss):
    """The squared loss of a reader who adds up by himself: a float of Python's, not of numpy's."""

    def _sum(self, f, y):
        return sum(float(r) ** 2 for r in (f - y).ravel()), 2 * (f - y)


class NotSummed(Loss):
    def _sum(self, f, y):
        return ((f - y) ** 2).sum(axis=0), 2 * (f - y)


def test_a_loss_of_a_readers_own_may_add_up_in_python_but_must_add_up():
    f, y = np.random.default_rng(0).normal(size=(2, 3, 4))
    assert SumByPython()(f, y) == pytest.approx(SquaredLoss()(f, y), rel=1e-14)
    with pytest.raises(TypeError, match=r"expected _sum to return .* one number, got shape \(4,\)"):
        NotSummed()(f, y)
