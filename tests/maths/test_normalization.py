"""Batch normalization: mean 0 and deviation 1, its gradients measured on whole batches, and the judge."""

import re

import numpy as np
import pytest

from helpers.activations import Tanh
from helpers.gradcheck import GradientError, check_gradients
from helpers.layers import Activation, Affine
from helpers.losses import SquaredLoss
from helpers.network import Network
from helpers.normalization import BatchNormalization


def drawn(N=4, B=6, seed=0):
    rng = np.random.default_rng(seed)
    layer = BatchNormalization(rng.normal(size=(N, 1)), rng.normal(size=(N, 1)))
    return layer, 3 * rng.normal(size=(N, B)) + 5, rng.normal(size=(N, B))


def test_every_row_has_the_mean_beta_and_the_deviation_gamma():
    layer, x, _ = drawn(B=50)
    y = layer(x)
    np.testing.assert_allclose(y.mean(axis=1, keepdims=True), layer.beta, atol=1e-13)
    np.testing.assert_allclose(y.std(axis=1, keepdims=True), np.abs(layer.gamma), rtol=1e-5)  # epsilon is 1e-5
    np.testing.assert_allclose(layer(7 * x - 3), y, atol=1e-5)


@pytest.mark.parametrize("B", [2, 3, 7])
def test_the_gradients_by_central_differences(B):
    layer, x, u = drawn(B=B)
    below, grads = layer.backward(u, layer.forward(x)[1])
    h = 1e-5
    for array, ours in ((x, below), (layer.gamma, grads["gamma"]), (layer.beta, grads["beta"])):
        for at in np.ndindex(array.shape):
            kept, values = array[at], []
            for sign in (1, -1):
                array[at] = kept + sign * h
                values.append((u * layer(x)).sum())
            array[at] = kept
            assert ours[at] == pytest.approx((values[0] - values[1]) / (2 * h), abs=1e-7)


def test_a_shift_and_a_scale_of_a_row_change_nothing_so_its_gradient_is_orthogonal_to_both():
    layer, x, u = drawn()
    layer.epsilon = 0.0
    below, _ = layer.backward(u, layer.forward(x)[1])
    np.testing.assert_allclose(below.sum(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose((below * x).sum(axis=1), 0, atol=1e-13)


def test_a_bias_before_it_has_the_gradient_zero():
    layer, _, _ = drawn(4)
    rng = np.random.default_rng(2)
    net = Network([
        Affine(rng.normal(size=(4, 3)), rng.normal(size=(4, 1))), layer, Activation(Tanh()),
        Affine(rng.normal(size=(2, 4)), rng.normal(size=(2, 1))),
    ])  # fmt: skip
    x, y = rng.normal(size=(3, 8)), rng.normal(size=(2, 8))
    _, grads = net.gradients(x, y, SquaredLoss())
    assert np.abs(grads[0, "b"]).max() < 1e-14 < 0.1 < np.abs(grads[1, "beta"]).max()
    check_gradients(net, SquaredLoss(), x, y)


def test_alone_a_sample_becomes_beta_and_fixed_is_the_layer_for_it():
    layer, x, _ = drawn(B=9)
    np.testing.assert_array_equal(layer(x[:, [0]]), layer.beta)
    fixed = layer.fixed(x)
    np.testing.assert_allclose(fixed(x), layer(x), atol=1e-13)
    np.testing.assert_allclose(np.hstack([fixed(x[:, [b]]) for b in range(9)]), layer(x), atol=1e-13)


def test_a_row_of_equal_numbers_is_not_divided_by_zero():
    layer, x, u = drawn()
    x[1] = 2.0
    y, cache = layer.forward(x)
    np.testing.assert_allclose(y[1], layer.beta[1, 0], atol=1e-10)
    assert np.isfinite(layer.backward(u, cache)[0]).all()


class Wrong(BatchNormalization):
    def __init__(self, gamma, beta, fault):
        super().__init__(gamma, beta)
        self.fault = fault

    def _backward(self, u, kept, input_gradient):
        x_hat, s = kept
        below, grads = super()._backward(u, kept, input_gradient)
        g, mean = self.gamma * u, lambda a: a.mean(axis=1, keepdims=True)
        faults = {
            "mean held fixed": lambda: (g - x_hat * mean(g * x_hat)) / s,
            "deviation held fixed": lambda: (g - mean(g)) / s,
            "both held fixed": lambda: g / s,
            "sum for mean": lambda: (g - mean(g) - x_hat * (g * x_hat).sum(axis=1, keepdims=True)) / s,
            "gamma forgotten": lambda: below / self.gamma,
        }
        if self.fault == "gamma's gradient":
            return below, grads | {"gamma": u.sum(axis=1, keepdims=True)}
        return faults[self.fault](), grads


FAULTS = {"mean held fixed", "deviation held fixed", "both held fixed", "sum for mean", "gamma forgotten"}


@pytest.mark.parametrize("fault", [*sorted(FAULTS), "gamma's gradient"])
def test_the_judge_finds_what_is_forgotten(fault):
    layer, x, _ = drawn()
    net = Network([Wrong(layer.gamma, layer.beta, fault), Affine(np.eye(4), np.zeros((4, 1)))])
    part = "x" if fault in FAULTS else "gamma"
    with pytest.raises(GradientError, match=rf"gradient of {part} \(layer 0: Wrong"):
        check_gradients(net, SquaredLoss(), x, np.zeros((4, 6)))


def test_parameters_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=re.escape("expected beta to have 3 rows")):
        BatchNormalization(np.ones((3, 1)), np.ones((2, 1)))
    with pytest.raises(ValueError, match=re.escape("use gamma.reshape(-1, 1)")):
        BatchNormalization(np.ones(3), np.ones((3, 1)))
    for epsilon in (-1e-12, np.nan, np.inf, None, "1e-5", np.full((3, 1), 1e-5)):
        with pytest.raises(
            ValueError, match=re.escape(f"expected epsilon to be a number of 0 or more, got {epsilon!r}")
        ):
            BatchNormalization(np.ones((3, 1)), np.ones((3, 1)), epsilon)
    BatchNormalization(np.ones((3, 1)), np.ones((3, 1)), 0)
