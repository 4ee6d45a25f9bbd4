"""The gradient check under attack: it refuses to compare nothing, and accuses nobody wrongly."""

import numpy as np
import pytest
from planted import PLANTED, SHAPES, backward, forward

from helpers.gradcheck import GradientError, check_gradients, diagnose


def test_a_truth_that_is_not_finite_agrees_with_nothing():
    for truth in (np.array([np.inf, 2.0]), np.array([np.nan, 2.0])):
        with pytest.raises(ValueError, match="truth"):
            diagnose(np.array([1.0, 2.0]), truth)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_special_arrays_are_no_arrays():
    truth = np.array([[1.0, 2.0], [3.0, 4.0]])
    for yours in (np.asmatrix(truth), np.ma.array(truth, mask=truth > 2)):
        assert type(yours).__name__ in diagnose(yours, truth).message
    assert diagnose(np.float64(2.0), np.array(2.0)) is None
    assert "3 instead of 2" in diagnose(np.float64(3.0), np.array(2.0)).message


@pytest.mark.parametrize("scale", [1e-250, 1e250])
def test_a_constant_factor_is_named_at_every_size(scale):
    truth = scale * np.array([[1.0, 2.0], [3.0, 4.0]])
    assert diagnose(1.5 * truth, truth).mistake == "constant factor"


@pytest.mark.parametrize("nothing", [{"seeds": 0}, {"seeds": -1}, {"choices": {"y": ()}}])
def test_a_check_of_nothing_is_refused(nothing):
    with pytest.raises(ValueError, match="nothing was compared"):
        check_gradients(forward, lambda u, **inputs: {}, SHAPES, **nothing)


class Pretends(dict):
    """A dict that answers every question but its own contents."""

    def __getitem__(self, name):
        return None

    def items(self):
        return []


def test_the_dict_itself_is_read_whatever_its_class_says():
    assert check_gradients(forward, lambda u, **inputs: Pretends(backward(u, **inputs)), SHAPES)
    with pytest.raises(GradientError, match="opposite sign"):
        check_gradients(forward, lambda u, **inputs: Pretends(PLANTED["sign"](u, **inputs)), SHAPES)
    with pytest.raises(GradientError, match="expected a dict of gradients"):
        check_gradients(forward, lambda u, **inputs: {1: u, "W": u}, SHAPES)


def test_the_second_call_is_held_to_the_same_form():
    for later in ({}, None, {"W": None}):
        calls = []

        def backward_once(u, calls=calls, later=later, **inputs):
            calls.append(u)
            return backward(u, **inputs) if len(calls) % 2 else later

        with pytest.raises(GradientError, match=r"expected a dict of gradients|a second call"):
            check_gradients(forward, backward_once, SHAPES)


def test_a_forward_that_changes_its_inputs_accuses_nobody():
    with pytest.raises(ValueError, match="forward changed its argument x"):
        check_gradients(lambda x: np.multiply(x, x, out=x), lambda u, x: {"x": 2 * u * x}, {"x": ("N", "B")})


def test_what_cannot_be_measured_well_accuses_nobody():
    def forward(x, y):
        return 1e14 * np.abs(x) + np.abs(y)  # |.|: no complex step, and y drowns in the rounding of x

    def backward(u, x, y):
        return {"x": 1e14 * u * np.sign(x), "y": u * np.sign(y)}

    says = r"gradient of y \(N = 5, B = 3\): it cannot be measured well enough .* may be off by .* so large"
    with pytest.raises(ValueError, match=says):
        check_gradients(forward, backward, {"x": ("N", "B"), "y": ("N", "B")})


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_a_forward_that_draws_is_refused_and_one_that_is_rounded_otherwise_is_not(size):
    """Two ways to add up differ by some 1e-16; what draws differs by more."""
    for off, repeats in ((0.9e-12, True), (1.1e-12, False), (1e-3, False)):
        calls = []

        def forward(x, off=off, calls=calls):
            calls.append(x)
            return size * np.array([[1.0 + off * (len(calls) % 2)]]) + 0 * x.sum()

        with pytest.raises(ValueError, match="zeros prove nothing|cannot be measured" if repeats else "another result"):
            check_gradients(forward, lambda u, x: {"x": 0 * x}, {"x": ("N", 1)})


def test_a_forward_that_draws_in_one_of_its_outputs_is_refused():
    rng = np.random.default_rng(0)

    def forward(x):
        return np.vstack([x, rng.normal(size=(1, 1))])

    with pytest.raises(ValueError, match="forward gives another result when it is called again"):
        check_gradients(forward, lambda u, x: {"x": u[:-1]}, {"x": ("N", 1)})
