"""Lesson 15: its chains against a measured gradient, its pictures by their data, and its references."""

import math

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import Rectangle
from reading import arrows, assert_legible, numbers, texts, within

from helpers.index_notation import Derivative, delta
from helpers.lessons.lesson_15.chains import GRADIENTS, chain, steps
from helpers.lessons.lesson_15.exercises import ACapturedLetter, FourBiases, TheFactorsInColumns, TheWayBack
from helpers.lessons.lesson_15.pictures import DIGITS, draw_chain, draw_layers


def by_loops(which, n, m, k, l):
    """The gradient from the arrays that stand in the chain, without einsum and without a matrix product."""
    found = {}
    for f in chain("W1", n, m, k, l).expanded().factors + chain("W2", n, m, k, l).expanded().factors:
        if f.array is not delta:
            found[f.array.name] = f.array.values
    G, S2, W2, S1, X, H = (found[name] for name in ("G", "S2", "W2", "S1", "X", "H"))
    D2 = [[G[a, b] * S2[a, b] for b in range(l)] for a in range(n)]
    D1 = [[S1[a, f] * sum(D2[a][b] * W2[f, b] for b in range(l)) for f in range(k)] for a in range(n)]
    D, below = (D2, H) if which[1] == "2" else (D1, X)
    if which[0] == "b":
        return [sum(D[a][j] for a in range(n)) for j in range(len(D[0]))]
    return [[sum(below[a, i] * D[a][j] for a in range(n)) for j in range(len(D[0]))] for i in range(below.shape[1])]


@pytest.mark.parametrize("which", GRADIENTS)
def test_every_step_of_a_chain_has_the_value_of_its_closed_form(which):
    truth, found = by_loops(which, 4, 3, 5, 2), steps(which, 4, 3, 5, 2)
    for product, _ in found:
        np.testing.assert_allclose(product.to(GRADIENTS[which]), truth, atol=1e-12)
    deltas = [sum(f.array is delta for f in product.factors) for product, _ in found[1:]]
    assert deltas == list(range(len(found) - 2, -1, -1)) and len(found) == (8 if which[1] == "1" else 5)
    sizes = [product.bytes() for product, _ in found]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == len(sizes)
    assert all(isinstance(f.array, Derivative) for f in found[0].product.factors[1:])


def expected_bytes(which, n, m, k, l):
    """Of the chain as it is written, from the sizes alone."""
    parameter = {"W2": k * l, "b2": l, "W1": m * k, "b1": k}[which]
    below = n * l if which[1] == "2" else n * k
    numbers = n * l + (n * l) ** 2 + below * parameter
    return 8 * (numbers + ((n * l) * (n * k) + (n * k) ** 2 if which[1] == "1" else 0))


@pytest.mark.parametrize("which", GRADIENTS)
@pytest.mark.parametrize("step", [0, 4, 7])
def test_the_bars_are_the_bytes_of_every_step(which, step):
    picture, found = draw_chain(which, step), steps(which, **DIGITS)
    step = min(step, len(found) - 1)
    bars = {b.get_label(): b for b in within(picture.figure, Rectangle) if "bytes[" in str(b.get_label())}
    assert len(bars) == len(found)
    first, last = (bars[f"bytes[{at}]"].get_width() for at in (0, len(found) - 1))
    whole, rest = expected_bytes(which, **DIGITS), found[-1].product.bytes()
    assert found[0].product.bytes() == whole
    assert last / first == pytest.approx(math.log(rest / 1000) / math.log(whole / 1000))
    wide = {label for label, bar in bars.items() if bar.get_linewidth() > 1}
    assert wide == {f"bytes[{step}]"}
    written = texts(picture)
    assert {str(f) for f in found[step].product.factors if not isinstance(f.array, Derivative)} <= set(written)
    assert picture.title.startswith(f"∂E/∂{which}_{GRADIENTS[which]}, step {step} of {len(found) - 1}")
    assert str(found[step].product) in picture.description
    assert numbers(picture.description)
    assert_legible(picture)


@pytest.mark.parametrize("sizes", [(4, 3, 5, 2), (64, 784, 128, 10)])
def test_two_layers_forward_and_backward(sizes):
    n, m, k, l = sizes
    picture = draw_layers(*sizes)
    assert len(arrows(picture, "forward")) == 5 and len(arrows(picture, "back")) == 3
    assert all(start[0] < end[0] for start, end in arrows(picture, "forward"))
    assert all(start[0] > end[0] for start, end in arrows(picture, "back"))
    assert [texts(picture).count(str(shape)) for shape in ((n, m), (n, k), (n, l))] == [1, 2, 2]
    assert f"X {(n, m)}" in picture.description
    assert_legible(picture)


# --- the references of the exercises ---------------------------------------------------------------------------


def test_the_factors_in_columns_are_measured():
    rng = np.random.default_rng(1)
    W, X, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=2)
    found = TheFactorsInColumns().solution(W, X)
    column = lambda b: W @ X + b.reshape(-1, 1)
    for name, f, at in (("W", lambda W: W @ X, W), ("X", lambda X: W @ X, X), ("b", column, b)):
        np.testing.assert_allclose(found[name], complex_step(f, at), atol=1e-14)


def test_the_gradient_of_the_input_is_measured():
    rng = np.random.default_rng(2)
    X, W1, W2, R = (rng.normal(size=shape) for shape in ((4, 3), (3, 5), (5, 2), (4, 2)))
    hidden = np.tanh(X @ W1)
    error = lambda X: (R * np.sin(np.tanh(X @ W1) @ W2)).sum()
    found = ACapturedLetter().solution(R, np.cos(hidden @ W2), W2, 1 - hidden**2, W1)
    np.testing.assert_allclose(found, complex_step(error, X), atol=1e-13)


def test_the_program_of_exercise_2_runs_where_inputs_and_outputs_are_as_many():
    rng = np.random.default_rng(3)
    for l in (3, 2):
        shapes = ((4, l), (4, l), (5, l), (4, 5), (3, 5))
        given = [rng.normal(size=shape) for shape in shapes]
        faulty = lambda G, S2, W2, S1, W1: np.einsum("ij,ij,kj,ik,jk->ij", G, S2, W2, S1, W1)
        if l == 3:
            assert np.abs(faulty(*given) - ACapturedLetter().solution(*given)).max() > 0.1
        else:
            with pytest.raises(ValueError):
                faulty(*given)


def test_four_biases_are_measured():
    D, zero = np.random.default_rng(4).normal(size=(4, 3)), np.zeros(())
    error = lambda b: (D * b).sum()
    found = FourBiases().solution(D)
    for key, f, at in (
        ("j", lambda b: error(np.ones((4, 1)) * b), np.zeros(3)),
        ("i", lambda c: error(c.reshape(-1, 1) * np.ones((1, 3))), np.zeros(4)),
        ("ij", error, np.zeros((4, 3))),
        ("", error, zero),
    ):
        np.testing.assert_allclose(found[key], complex_step(f, at), atol=1e-14)
    assert type(found[""]) is float


def test_the_way_back_is_measured():
    rng = np.random.default_rng(5)
    X, W, b, R = (rng.normal(size=shape) for shape in ((4, 3), (5, 3), (5, 1), (4, 5)))
    mean = lambda W, b: np.mean([(R[[s]] @ np.sin(W @ X[[s]].T + b)).item() for s in range(4)])
    D = R * np.cos(X @ W.T + b.T)  # of the sum
    found = TheWayBack().solution(X, D)
    np.testing.assert_allclose(found["W"], complex_step(lambda W: mean(W, b), W), atol=1e-13)
    np.testing.assert_allclose(found["b"], complex_step(lambda b: mean(W, b), b), atol=1e-13)
