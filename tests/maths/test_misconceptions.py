"""Wrong gradients as students write them, each of which the check must call by its own name, and no other."""

import warnings
from functools import partial

import numpy as np
import pytest
from mistaken import DENSE, WRONG_DELTAS, WRONG_GRADIENTS, changed, dense
from mistaken_kinds import KINDS
from networks import ELEMENTWISE, SOFTMAX, bell, sigmoid

from helpers.gradcheck import MISTAKES, GradientError, check_gradients
from helpers.misconceptions import misconceptions


def said(forward, backward, shapes, **more):
    with pytest.raises(GradientError) as raised:
        check_gradients(forward, backward, shapes, **more)
    return str(raised.value)


def assert_named(message, name):
    """The message says this name's sentence, or those of both halves of "one and another", and no other sentence."""
    wanted = set(name.split(" and "))
    found = {known for known, sentence in MISTAKES.items() if sentence in message}
    assert found == wanted, message


@pytest.mark.parametrize("name", WRONG_DELTAS)
def test_a_wrong_delta_of_a_dense_layer_is_named(name):
    forward, backward = dense(sigmoid, bell)
    assert "agree" in check_gradients(forward, backward(), DENSE)
    assert_named(said(forward, backward(partial(WRONG_DELTAS[name], bell)), DENSE), name.split(",")[0])


@pytest.mark.parametrize("wrong", DENSE)
@pytest.mark.parametrize(
    "name", [name for name in WRONG_DELTAS if name not in ("times B", "divided by B", "factor 2", "zero", "sign")]
)
def test_a_delta_that_is_wrong_in_one_gradient_only_is_named_there(name, wrong):
    """What is known of the weights does not speak for the bias."""
    forward, backward = dense(sigmoid, bell)
    right, other = backward(), backward(partial(WRONG_DELTAS[name], bell))
    message = said(forward, lambda u, **i: right(u, **i) | {wrong: other(u, **i)[wrong]}, DENSE)
    assert message.startswith(f"gradient of {wrong} ")
    assert_named(message, name.split(",")[0])


@pytest.mark.parametrize("name", WRONG_GRADIENTS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "sin", "softplus by logaddexp"])
def test_a_wrong_gradient_of_a_dense_layer_is_named(activation, name):
    wrong, change = WRONG_GRADIENTS[name]
    forward, backward = dense(*ELEMENTWISE[activation])

    assert_named(said(forward, backward(gradients=changed(wrong, change)), DENSE), name.split(",")[0])


@pytest.mark.parametrize(
    ("activation", "slope", "name"),
    [
        ("tanh", lambda z, n: n * (1 - n), "another activation's slope"),
        ("tanh", lambda z, n: 1 - n, "another activation's slope"),
        ("tanh", lambda z, n: 1 - z**2, "another activation's slope"),
        ("tanh", lambda z, n: 1 - np.tanh(n) ** 2, "slope at the wrong point"),
        ("relu", lambda z, n: np.ones_like(z), "mask missing"),
        ("relu", lambda z, n: n, "another activation's slope"),
        ("leaky", lambda z, n: 1.0 * (z > 0), "another activation's slope"),
        ("sigmoid", lambda z, n: z * (1 - z), "another activation's slope"),
        ("sin", lambda z, n: np.ones_like(z), "outer derivative forgotten"),
        ("square", lambda z, n: 2 * n, "slope at the wrong point"),
    ],
)
@pytest.mark.parametrize("shape", ["dense", "without b", "alone"])
def test_a_wrong_slope_is_named_in_a_layer_with_and_without_bias_and_alone(activation, slope, name, shape):
    f = ELEMENTWISE[activation][0]
    if shape == "alone":
        forward, shapes = lambda z: f(z), {"z": ("N", "B")}
        backward = lambda u, z: {"z": slope(z, f(z)) * u}
    elif shape == "dense":
        forward, backward = dense(f, None)
        backward, shapes = backward(lambda u, z, n, W, x, b: slope(z, n) * u), DENSE
    else:
        forward, shapes = lambda weights, data: f(weights @ data), {"weights": ("K", "L"), "data": ("L", "B")}

        def backward(u, weights, data):
            delta = slope(weights @ data, f(weights @ data)) * u
            return {"weights": delta @ data.T, "data": weights.T @ delta}

    assert_named(said(forward, backward, shapes), name)


SLOPES = {
    "sigmoid's": lambda z, n: bell(z),
    "sigmoid's, of the output": lambda z, n: n * (1 - n),
    "sigmoid's, of the input": lambda z, n: z * (1 - z),
    "sigmoid for softplus": lambda z, n: sigmoid(z),
    "tanh's": lambda z, n: 1 - np.tanh(z) ** 2,
    "tanh's, of the output": lambda z, n: 1 - n**2,
    "tanh's, of the input": lambda z, n: 1 - z**2,
    "without its square": lambda z, n: 1 - n,
    "with another sign": lambda z, n: 1 + n,
    "the exponential's": lambda z, n: n,
    "ReLU's": lambda z, n: 1.0 * (z > 0),
    "ReLU's, of the output": lambda z, n: 1.0 * (n > 0),
    "the square's": lambda z, n: 2 * z,
    "sine's": lambda z, n: np.cos(z),
    "of |z|": lambda z, n: np.sign(z),
}


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("shape", ["dense", "alone"])
def test_the_slope_of_each_usual_activation_is_known(name, shape):
    activation = np.tanh if name == "sine's" else np.sin
    slope = SLOPES[name]
    forward, backward = dense(activation, None)
    if shape == "alone":
        message = said(lambda z: activation(z), lambda u, z: {"z": slope(z, activation(z)) * u}, {"z": ("N", "B")})
    else:
        message = said(forward, backward(lambda u, z, n, W, x, b: slope(z, n) * u), DENSE)
    assert_named(message, "another activation's slope")


def test_an_activation_that_is_analytic_in_some_entries_only_is_known_in_all():
    """The complex step gives 0 for the slope of |z| where z < 0 is written as np.abs, and is right elsewhere."""
    forward, backward = dense(lambda z: np.where(z.real > 0, z * z, np.abs(z)), lambda z: np.where(z > 0, 2 * z, -1.0))
    assert "agree" in check_gradients(forward, backward(), DENSE)
    message = said(forward, backward(lambda u, z, n, W, x, b: u), DENSE)
    assert_named(message, "outer derivative forgotten")


@pytest.mark.parametrize("name", SOFTMAX)
def test_the_diagonal_of_a_softmax_is_named(name):
    p = SOFTMAX["stable softmax"]
    message = said(SOFTMAX[name], lambda u, z: {"z": p(z) * (1 - p(z)) * u}, {"z": ("N", "B")})
    assert_named(message, "diagonal only")


@pytest.mark.parametrize(
    ("gradient", "name"),
    [
        (lambda f, t: (f - t) / f.shape[1], "factor 1/2"),
        (lambda f, t: 2 * (f - t), "times B"),
        (lambda f, t: 2 * (t - f) / f.shape[1], "sign"),
        (lambda f, t: 2 * (f - t) / f.shape[1] ** 2, "divided by B"),
        (lambda f, t: 2 * (f - t) / f.shape[1] * (np.arange(f.shape[1]) == 0), "one sample only"),
        (lambda f, t: 2 * (f - t) / f.shape[1] * (np.arange(f.shape[1]) == f.shape[1] - 1), "one sample only"),
        (lambda f, t: 2 * (f - t) / f.shape[1] * (np.arange(f.shape[1]) > 0), "sample dropped"),
        (lambda f, t: 2 * (f - t) / f.shape[1] * (np.arange(f.shape[1]) < f.shape[1] - 1), "sample dropped"),
        (lambda f, t: np.mean((f - t) ** 2) * np.ones((1, 1)), None),
    ],
)
def test_a_wrong_gradient_of_a_mean_squared_loss_is_named(gradient, name):
    forward = lambda f, t: np.mean(np.sum((f - t) ** 2, axis=0)).reshape(1, 1)
    backward = lambda u, f, t: {"f": u * gradient(f, t), "t": -u * 2 * (f - t) / f.shape[1]}
    message = said(forward, backward, {"f": ("M", "B"), "t": ("M", "B")})
    if name:
        assert_named(message, name)


@pytest.mark.parametrize(
    ("gradient", "name"),
    [
        (lambda u, z: np.sin(z), "value instead of derivative"),
        (lambda u, z: np.cos(z), "upstream forgotten"),
        (lambda u, z: np.cos(np.sin(z)) * u, "slope at the wrong point"),
        (lambda u, z: u, "outer derivative forgotten"),
        (lambda u, z: np.cos(z) * u * (np.arange(u.shape[1]) == 0), "one sample only"),
        (lambda u, z: np.cos(z) * u * (np.arange(u.shape[1]) > 0), "sample dropped"),
    ],
)
def test_a_wrong_gradient_of_an_activation_alone_is_named(gradient, name):
    assert_named(said(lambda z: np.sin(z), lambda u, z: {"z": gradient(u, z)}, {"z": ("N", "B")}), name)


def test_a_misconception_that_cannot_be_computed_is_passed_over():
    def forward(x):
        if np.iscomplexobj(x) or x.shape != (5, 3):
            raise TypeError("only as it is")
        return np.sin(x)

    message = said(forward, lambda u, x: {"x": 2.5 * np.cos(x) * u}, {"x": ("N", "B")}, seeds=1)
    assert_named(message, "constant factor")


@pytest.mark.parametrize(("size", "tried"), [(1000, True), (1001, False)])
def test_a_jacobian_of_more_than_a_million_entries_is_not_formed_to_find_a_name(size, tried):
    x, u = np.linspace(0, 1, size).reshape(-1, 1), np.ones((size, 1))
    said = [name for name, _ in misconceptions(lambda x: np.sin(x), {"x": x}, "x", u, np.sin(x), np.cos(x) * u, {})]
    assert ("value instead of derivative" in said) == tried


@pytest.mark.parametrize(("size", "tried"), [(866, True), (867, False)])
def test_no_more_than_three_million_derivatives_between_the_steps_are_formed(size, tried):
    """Two steps here: a half of x, and its sine."""
    x, u = np.linspace(0, 1, size).reshape(-1, 1), np.ones((size, 1))
    said = [*misconceptions(lambda x: np.sin(x / 2), {"x": x}, "x", u, np.sin(x / 2), np.cos(x / 2) * u / 2, {})]
    assert ("outer derivative forgotten" in [name for name, _ in said]) == tried


@pytest.mark.parametrize(("operations", "tried"), [(60, True), (61, False)])
def test_no_more_than_sixty_operations_are_looked_at(operations, tried):
    def forward(x):
        for _ in range(operations - 1):
            x = 1.1 * x
        return np.sin(x)

    size = 1.1 ** (operations - 1)
    x, u = np.array([[0.01], [0.02]]), np.ones((2, 1))
    said = [*misconceptions(forward, {"x": x}, "x", u, np.sin(size * x), size * np.cos(size * x) * u, {})]
    assert ("slope at the wrong point" in [name for name, _ in said]) == tried


@pytest.mark.parametrize(("off", "named"), [(0.9e-12, True), (1.1e-12, False), (1e-3, False)])
def test_a_forward_that_gives_another_result_when_it_is_looked_at_is_let_be(off, named):
    def forward(x):
        return np.sin(x) * (1 + off * (type(x) is not np.ndarray))

    x, u = np.array([[0.1], [0.2]]), np.ones((2, 1))
    said = [*misconceptions(forward, {"x": x}, "x", u, forward(x), np.cos(x) * u, {})]
    assert ("outer derivative forgotten" in [name for name, _ in said]) == named


@pytest.mark.parametrize("use", ["first", "last"])
@pytest.mark.parametrize("shape", [("N", 1), ("N", "M")])
def test_a_gradient_that_is_set_where_it_should_be_added_to_is_named(use, shape):
    """Each entry of x is used twice, by two outputs."""

    def backward(u, x):
        uses = {"first": u[: len(x)] * np.cos(x), "last": u[len(x) :] * 2 * x}
        return {"x": uses[use]}

    message = said(lambda x: np.vstack([np.sin(x), x * x]), backward, {"x": shape})
    assert_named(message, "one use only")


def test_zeros_are_called_zeros_also_where_another_slope_is_zero():
    """Where every output is negative, ReLU's slope of the output is 0."""
    forward, backward = dense(lambda z: -np.log(1 + np.exp(-z)), lambda z: sigmoid(-z))
    assert "agree" in check_gradients(forward, backward(), DENSE)
    for name in DENSE:
        zero = lambda u, name=name, **i: (g := backward()(u, **i)) | {name: 0 * g[name]}
        assert_named(said(forward, zero, DENSE), "zero")


def test_a_residual_connection_that_is_forgotten_is_a_dropped_path():
    forward = lambda W, x: x + W @ np.sin(x)
    right = lambda u, W, x: {"W": u @ np.sin(x).T, "x": u + np.cos(x) * (W.T @ u)}
    shapes = {"W": ("N", "N"), "x": ("N", "B")}
    assert "agree" in check_gradients(forward, right, shapes)
    assert_named(said(forward, lambda u, W, x: (g := right(u, W, x)) | {"x": g["x"] - u}, shapes), "dropped path")


@pytest.mark.parametrize("shape", [(1, 1), (1,), ()])
def test_a_number_whose_terms_are_not_added_up_is_named(shape):
    forward = lambda a, x: a * np.sin(x)

    def backward(u, a, x, change=lambda terms: terms.sum().reshape(shape)):
        return {"a": change(u * np.sin(x)), "x": a * np.cos(x) * u}

    shapes = {"a": shape, "x": ("N", "B")}
    assert "agree" in check_gradients(forward, backward, shapes)
    assert_named(said(forward, lambda u, a, x: backward(u, a, x, lambda terms: terms), shapes), "not summed")
    if shape:
        assert_named(said(forward, lambda u, a, x: backward(u, a, x, np.sum), shapes), "flattened")


@pytest.mark.parametrize("axis", [None, 0, 1])
@pytest.mark.parametrize("keepdims", [True, False])
def test_a_gradient_that_is_added_up_along_an_axis_is_named_and_nothing_else_is_said(axis, keepdims):
    wrong = lambda u, z: {"z": (np.cos(z) * u).sum(axis, keepdims=keepdims)}
    assert_named(said(lambda z: np.sin(z), wrong, {"z": ("N", "B")}), "summed too early")


@pytest.mark.parametrize("axis", [None, 0])
@pytest.mark.parametrize("keepdims", [True, False])
def test_of_one_column_there_are_no_samples_to_be_summed_over(axis, keepdims):
    wrong = lambda u, z: {"z": (np.cos(z) * u).sum(axis, keepdims=keepdims)}
    assert_named(said(lambda z: np.sin(z), wrong, {"z": ("N", 1)}), "summed too early")


def test_the_columns_of_weights_are_no_samples():
    forward = lambda W, x: np.sin(W @ x)

    def backward(u, W, x, kept=1.0):
        delta = np.cos(W @ x) * u
        return {"W": delta @ x.T * kept, "x": W.T @ delta}

    shapes = {"W": ("M", "N"), "x": ("N", 1)}
    assert "agree" in check_gradients(forward, backward, shapes)
    message = said(forward, lambda u, W, x: backward(u, W, x, kept=np.arange(W.shape[1]) == 0), shapes)
    assert not [known for known, sentence in MISTAKES.items() if sentence in message], message


@pytest.mark.parametrize(("kept", "name"), [(lambda b: b == 0, "one sample only"), (lambda b: b > 0, "sample dropped")])
def test_the_samples_are_known_in_a_loss_whose_steps_are_not_seen(kept, name):
    forward = lambda f: np.mean(np.sum(np.asarray(f) ** 2, axis=0)).reshape(1, 1)
    backward = lambda u, f: {"f": u * 2 * f / f.shape[1]}
    wrong = lambda u, f: {"f": u * 2 * f / f.shape[1] * kept(np.arange(f.shape[1]))}
    assert "agree" in check_gradients(forward, backward, {"f": ("M", "B")})
    assert_named(said(forward, wrong, {"f": ("M", "B")}), name)


def test_entries_in_another_order_are_not_taken_for_a_sum():
    """The sum of all is the same in every order."""
    forward = lambda z: np.sin(z)
    message = said(forward, lambda u, z: {"z": np.roll(np.cos(z) * u, 1)[:, [1, 0, 2]]}, {"z": ("N", "B")}, seeds=1)
    assert "The worst entry is" in message


@pytest.mark.parametrize(
    ("forward", "wrong", "name"),
    [
        (lambda x: x + np.tanh(x), lambda u, x: (1 - np.tanh(x) ** 2) * u, "dropped path"),
        (lambda x: x * x + x, lambda u, x: 2 * x * u, "dropped path"),
        (lambda x: x * np.sin(x), lambda u, x: np.sin(x) * u, "one use only"),
        (lambda x: x * np.sin(x), lambda u, x: x * np.cos(x) * u, "one use only"),
        (lambda x: x * x, lambda u, x: x * u, "factor 1/2"),  # which of two equal terms is there, nobody can say
        (lambda x: x * np.exp(x) + np.sin(x), lambda u, x: (1 + x) * np.exp(x) * u, "dropped path"),
        (
            lambda x: (t := np.sin(x)) ** 3 + np.maximum(t, 0),
            lambda u, x: 3 * np.sin(x) ** 2 * np.cos(x) * u,
            "dropped path",
        ),
        (lambda x: (x - x.mean(axis=0)) ** 2, lambda u, x: 2 * (x - x.mean(axis=0)) * u, "dropped path"),
    ],
)
def test_a_use_that_is_forgotten_is_named_in_a_black_box_too(forward, wrong, name):
    message = said(lambda x: forward(x), lambda u, x: {"x": wrong(u, x)}, {"x": ("N", "B")})
    assert_named(message, name)


def test_what_a_forward_asks_of_an_array_is_no_step():
    forward = lambda x: np.sin(x) / np.size(x) + np.ndim(x)
    assert "agree" in check_gradients(forward, lambda u, x: {"x": np.cos(x) / x.size * u}, {"x": ("N", "B")})
    wrong = lambda u, x: {"x": np.cos(np.sin(x)) / x.size * u}
    assert_named(said(forward, wrong, {"x": ("N", "B")}), "slope at the wrong point")


def test_a_forward_that_warns_of_what_it_is_given_is_looked_at_without_a_word(recwarn):
    def forward(x):
        if type(x) is not np.ndarray:
            warnings.warn("meant for plain arrays", stacklevel=1)
        return np.sin(x)

    assert_named(
        said(forward, lambda u, x: {"x": np.cos(np.sin(x)) * u}, {"x": ("N", "B")}), "slope at the wrong point"
    )
    assert not recwarn.list


@pytest.mark.parametrize("first", [True, False])
def test_a_use_of_weights_that_is_forgotten_is_named(first):
    """The tied network of lesson 11: W there and Wᵀ back."""

    def forward(W, x):
        return W.T @ np.tanh(W @ x)

    def backward(u, W, x):
        n = np.tanh(W @ x)
        delta = (1 - n**2) * (W @ u)
        return {"W": delta @ x.T if first else n @ u.T, "x": W.T @ delta}

    assert_named(said(forward, backward, {"W": ("M", "N"), "x": ("N", "B")}), "one use only")


# Not the mistakes of size, which are the same in all kinds: tests/maths/mistaken.py tries those too.
OF_KINDS = [(kind, *mistake) for kind in KINDS for mistake in KINDS[kind].mistakes]


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradients_in_which_the_mistakes_of_a_kind_are_made_are_right(kind):
    kind = KINDS[kind]
    assert "agree" in check_gradients(kind.forward, kind.right, kind.shapes, choices=kind.choices)


@pytest.mark.parametrize(("kind", "name", "wrong", "change"), OF_KINDS, ids=[" ".join(one[:3]) for one in OF_KINDS])
def test_a_mistake_of_a_kind_of_layer_or_loss_is_named(kind, name, wrong, change):
    kind = KINDS[kind]
    message = said(kind.forward, kind.wrong(wrong, change), kind.shapes, choices=kind.choices)
    assert message.startswith(f"gradient of {wrong} ")
    assert_named(message, name)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("sigma", ["tanh", "sigmoid", "relu", "abs"])
def test_a_layer_too_wide_for_that_is_known_by_what_it_does(sigma, bias):
    f, slope = ELEMENTWISE[sigma]
    rng = np.random.default_rng(0)
    W, x, b, u = (rng.normal(size=size) for size in ((300, 200), (200, 9), (300, 1), (300, 9)))
    b = b if bias else 0 * b
    z = W @ x + b
    forward = lambda W, x, b=b: f(W @ x + b)
    backward = {"W": lambda delta: delta @ x.T}
    backward |= {"b": lambda delta: delta.sum(axis=1, keepdims=True)} if bias else {}
    inputs = {"W": W, "x": x} | ({"b": b} if bias else {})
    name = "mask missing" if sigma == "relu" else "outer derivative forgotten"
    for key, gradient in backward.items():
        said = misconceptions(forward, inputs, key, u, f(z), gradient(slope(z) * u), {})
        assert any(mistake == name and np.allclose(array, gradient(u)) for mistake, array in said), key
