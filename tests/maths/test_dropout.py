"""Dropout: the mask and its factor, the same in both passes; what it is outside training; the judge."""

import re

import numpy as np
import pytest

from helpers.activations import Tanh
from helpers.dropout import Dropout
from helpers.gradcheck import GradientError, check_gradients
from helpers.layers import Affine, Dense
from helpers.losses import SquaredLoss
from helpers.network import Network


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.9, 1.0])
def test_a_number_is_dropped_or_divided_by_keep_in_both_passes(keep):
    layer, x = Dropout(keep, seed=4), np.random.default_rng(0).normal(size=(40, 50))
    y, cache = layer.forward(x)
    dropped = y == 0
    np.testing.assert_allclose(y, np.where(dropped, 0, x / keep), rtol=1e-15)
    assert dropped.mean() == pytest.approx(1 - keep, abs=4 * (keep * (1 - keep) / 2000) ** 0.5)
    u = np.random.default_rng(1).normal(size=x.shape)
    np.testing.assert_allclose(layer.backward(u, cache)[0], np.where(dropped, 0, u / keep), rtol=1e-15)


def test_the_mean_over_the_masks_is_the_input():
    x = np.array([[1.0], [-2.0], [0.5]])
    layer = Dropout(0.25)
    outputs = []
    for layer.seed in range(4000):
        outputs.append(layer(x))
    # A factor of 0 or 4 has the variance 3: three standard deviations of the mean of 4000.
    np.testing.assert_array_less(np.abs(np.mean(outputs, axis=0) - x), 3 * np.abs(x) * (3 / 4000) ** 0.5)


def test_without_a_seed_nothing_is_dropped():
    x = np.random.default_rng(0).normal(size=(5, 3))
    layer = Dropout(0.5)
    np.testing.assert_array_equal(layer(x), x)
    np.testing.assert_array_equal(layer.backward(2 * x, layer.forward(x)[1])[0], 2 * x)
    layer.seed = 0
    assert (layer(x) == 0).any()
    layer.seed = None
    np.testing.assert_array_equal(layer(x), x)


def test_the_same_number_gives_the_same_masks_and_another_gives_others():
    layer, x = Dropout(0.5, seed=1), np.ones((30, 4))
    first = layer(x)
    np.testing.assert_array_equal(layer(x), first)
    assert len({tuple(column) for column in first.T}) == 4, "each sample has a mask of its own"
    np.testing.assert_array_equal(layer(x[:, :2]), first[:, :2])
    layer.seed = 2
    assert not np.array_equal(layer(x), first)


def test_a_cache_keeps_its_own_mask():
    layer, x = Dropout(0.5, seed=1), np.ones((30, 4))
    y, cache = layer.forward(x)
    layer.seed = 2
    np.testing.assert_array_equal(layer.backward(x, cache)[0], y)


class NoFactor(Dropout):
    def _backward(self, u, factors, input_gradient):
        return (factors > 0) * u, {}


class NoMask(Dropout):
    def _backward(self, u, factors, input_gradient):
        return u / self.keep, {}


class AnotherMask(Dropout):
    def _backward(self, u, factors, input_gradient):
        return np.roll(factors, 1, axis=1) * u, {}


def network(layer):
    rng = np.random.default_rng(0)
    return Network([
        Dense(rng.normal(size=(12, 4)), rng.normal(size=(12, 1)), Tanh()),
        layer,
        Affine(rng.normal(size=(2, 12)), rng.normal(size=(2, 1))),
    ])  # fmt: skip


def judged(layer):
    rng = np.random.default_rng(1)
    return check_gradients(network(layer), SquaredLoss(), rng.normal(size=(4, 6)), rng.normal(size=(2, 6)))


def test_the_judge_passes_it_and_finds_what_is_forgotten():
    assert "agree" in judged(Dropout(0.7, seed=3)) and "agree" in judged(Dropout(0.7))
    with pytest.raises(GradientError, match=r"layer 1: NoFactor.*same constant. The constant is 0.7"):
        judged(NoFactor(0.7, seed=3))
    for fault in (NoMask, AnotherMask):
        with pytest.raises(GradientError, match=rf"gradient of x \(layer 1: {fault.__name__}"):
            judged(fault(0.7, seed=3))


@pytest.mark.parametrize("seed", [-1, 1.5, "1", np.random.default_rng(0), [1, -1], np.ones(3), Dropout])
def test_a_seed_that_is_none_is_refused(seed):
    layer = Dropout(0.5)
    layer.seed = seed
    for act in (lambda: Dropout(0.5, seed), lambda: layer(np.ones((3, 1)))):
        with pytest.raises(
            ValueError, match="expected seed to be None, a whole number of 0 or more, or a list of them"
        ):
            act()
    for fit in (0, np.int64(3), [0, 2, 1], None):
        Dropout(0.5, fit)(np.ones((3, 1)))


@pytest.mark.parametrize("keep", [0, -0.5, 1.5, float("nan"), "0.5", None, np.full((2, 1), 0.5)])
def test_a_share_that_is_none_is_refused(keep):
    with pytest.raises(ValueError, match=re.escape(f"above 0 and at most 1, got {keep!r}")):
        Dropout(keep)
