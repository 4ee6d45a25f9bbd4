"""The exercises of lesson 09: the three derivatives of a dense layer, their zeros, and the gradients without them."""

import numpy as np

from helpers.checking.exercise import Exact, Exercise, Wrong
from helpers.tuples import Tuple

INPUT, WHOSE, BIAS = "See 'The input: D times W'.", "See 'Whose W?'.", "See 'The bias: D'."
WEIGHTS, CLOSED = "See 'The weights: a tuple of D'.", "See 'Without the zeros'."


def _drawn(rng, M, N, *names):
    """Inputs of a layer of N inputs and M units, by name."""
    sizes = {"W": (M, N), "b": (M, 1), "x": (N, 1), "u": (M, 1), "W0": (N, N), "b0": (N, 1), "W1": (M, N), "b1": (M, 1)}
    return {name: rng.normal(size=sizes[name]) for name in names}


def _value(W, b, x):
    return 1 / (1 + np.exp(-(W @ x + b)))  # 9.1 has the sigmoid


def _slopes(W, b, x):
    return _value(W, b, x) * (1 - _value(W, b, x))


def _tanh_slopes(W, b, x):
    return 1 - np.tanh(W @ x + b) ** 2


class ByTheInput(Exercise):
    id = "9.1"
    title = "With respect to the input"
    name = "dn_dx"
    arguments = ("W", "b", "x")
    returns = "a Jacobian (M, N)"
    hints = (
        "First the input of the activation, z of shape (M, 1). Then the M slopes, then the product.",
        "np.diag builds a matrix from a 1-D array: np.diag(slopes.ravel()). Or multiply each row of W by its slope.",
    )
    because = "The chain rule gives D W, with the slopes σ'(z_i) = s_i(1 - s_i) at z = Wx + b on the diagonal of D."
    mistakes = (
        Wrong("reversed product", lambda W, b, x: W @ np.diag(_slopes(W, b, x).ravel()),
              f"The columns of W are scaled. The function that acts last has its factor at the left. {INPUT}"),
        Wrong("silent broadcast", lambda W, b, x: W * _slopes(W, b, x).ravel(),
              f"A 1-D array is laid along the rows: column j of W meets slope j. Is column j that of a unit? {INPUT}"),
        Wrong("flattened", lambda W, b, x: np.diag(_slopes(W, b, x)) @ W,
              "The left factor is no matrix (M, M). np.diag builds one from a 1-D array only, not from a column."),
        Wrong("slope at the wrong point", lambda W, b, x: np.diag(_slopes(np.eye(len(x)), 0, x).ravel()) @ W,
              "You take the slopes at x, which σ never sees. What does σ see? See 'Perceptrons side by side'."),
        Wrong("slope at the wrong point", lambda W, b, x: _slopes(W, 0, x) * W,
              f"You take the slopes at Wx. For x the bias is a constant, but it moves the point on the curve. {INPUT}"),
        Wrong("wrong concept", lambda W, b, x: _tanh_slopes(W, b, x) * W,
              "These are the slopes of tanh. The layer of this exercise has the sigmoid."),
        Wrong("wrong concept", lambda W, b, x: (1 - _value(W, b, x) ** 2) * W,
              "One minus the square of the value is the slope of tanh. Which is that of the sigmoid?"),
        Wrong("value instead of derivative", lambda W, b, x: _value(W, b, x) * W,
              f"Every row of W is multiplied by the value of its unit, not by its slope. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x: W.copy(),
              f"This is the derivative of Wx + b. The activation comes after it. {INPUT}"),
        Wrong("transposed", lambda W, b, x: (_slopes(W, b, x) * W).T,
              "The numbers are right, but rows and columns have changed places: rows belong to outputs."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 4), (5, 3), (1, 3)):
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, W, b, x):
        z = W @ x + b
        s = 1 / (1 + np.exp(-z))
        D = np.diag((s * (1 - s)).ravel())
        return D @ W


def _D(W, b, x):
    return np.diag(_tanh_slopes(W, b, x).ravel())


class WhoseSlopes(Exercise):
    id = "9.2"
    title = "Whose slopes?"
    points = 2
    name = "dn1_db1"
    arguments = ("W0", "b0", "W1", "b1", "x")
    returns = "a Jacobian (M, M)"
    hints = (
        "How does each of the M outputs answer to each of the M biases: how many numbers is that?",
        "Run layer 0 first. What is the input of layer 1?",
        "tanh' = 1 - tanh², taken at the z of layer 1, on the diagonal of a matrix.",
    )
    because = (
        "By Eq. (41) it is the D of layer 1, a matrix, with slopes at W1 n0 + b1. Two units show the first fault. With "
        "zero input and biases n0 = tanh(0) = 0 = x; an input or a b0 that is not zero shows the second."
    )
    mistakes = (
        Wrong("as printed", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, x),
              "This is still the program as given. What can be changed in the author's network, one thing at a time?"),
        Wrong("wrong layer's input", lambda W0, b0, W1, b1, x: _D(W1, b1, x),
              f"One fault is repaired: the shape. Layer 1 is still fed with the input of the network. {WHOSE}"),
        Wrong("wrong layer's input", lambda W0, b0, W1, b1, x: _D(W1, b1, W0 @ x + b0),
              f"Layer 1 is fed with the z of layer 0. What else does layer 0 do before it hands over? {WHOSE}"),
        Wrong("summed too early", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)),
              "One fault is repaired: the slopes are those of layer 1. A column tells what happens if all biases move "
              f"by the same amount; asked is the answer to each alone. {BIAS}"),
        Wrong("flattened", lambda W0, b0, W1, b1, x: np.diag(_tanh_slopes(W1, b1, np.tanh(W0 @ x + b0))),
              "The slopes are right, but np.diag of a column (M, 1) takes its diagonal out, which is one number."),
        Wrong("wrong layer's W", lambda W0, b0, W1, b1, x: _D(W0, b0, np.tanh(W0 @ x + b0)),
              f"Layer 1 gets the right input, and then the W and b of layer 0. {WHOSE}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x: _D(W0, b0, x),
              f"These are the slopes of layer 0. The bias b1 enters one layer further. {WHOSE}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x: _D(np.eye(len(W1)), 0, np.tanh(
              W1 @ np.tanh(W0 @ x + b0) + b1)), "You take tanh of the output once more. The slope belongs at z1."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 2), (2, 4), (4, 3)):  # W0 is (N, N): x fits wherever n0 does
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, W0, b0, W1, b1, x):
        n0 = np.tanh(W0 @ x + b0)
        z1 = W1 @ n0 + b1
        return np.diag((1 - np.tanh(z1) ** 2).ravel())


def _both(W, b, x, item=None, wide=None):
    """The answer of 9.3 with other items, item(j, x_j), or another wide matrix; the wide one follows the items."""
    items = [item(j, x_j) if item else x_j * _D(W, b, x) for j, x_j in enumerate(x.ravel())]
    return [Tuple(items), np.hstack(items) if wide is None else wide]


class ByTheWeights(Exercise):
    id = "9.3"
    title = "With respect to the weights"
    points = 2
    name = "dn_dW"
    arguments = ("W", "b", "x")
    structure_is_asked = True
    returns = "a list of a Tuple of N arrays (M, M) and an array (M, MN)"
    hints = (
        "There is one D for the whole layer. What does item j of the tuple multiply it by?",
        "x.ravel() gives the N numbers of x one after the other; np.hstack sets matrices side by side.",
    )
    because = "Column j of W reaches z through x_j I and n through D, which gives x_j D; side by side that is xᵀ ⊗ D."
    mistakes = (
        Wrong("outer derivative forgotten", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * np.eye(len(W))),
              f"This is the derivative of Wx + b. What multiplies every item if an activation follows? {WEIGHTS}"),
        Wrong("inner derivative forgotten", lambda W, b, x: _both(W, b, x, lambda j, x_j: _D(W, b, x)),
              f"All your items are the same. What does column j of W meet? {WEIGHTS}"),
        Wrong("slope at the wrong point", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * _D(W, 0, x)),
              f"The form is right, the slopes are taken at Wx, without the bias. {INPUT}"),
        Wrong("summed too early", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * _tanh_slopes(W, b, x)),
              f"The numbers are right. Your items have one column for M weights, not one for each of them. {WEIGHTS}"),
        Wrong("other layout", lambda W, b, x: _both(W, b, x, wide=np.kron(_D(W, b, x), x.T)),
              f"The tuple is right. Your wide matrix takes the weights row by row, not column by column. {WEIGHTS}"),
        Wrong("other layout", lambda W, b, x: _both(W, b, x, wide=np.kron(x, _D(W, b, x)).reshape(len(W), -1)),
              "The tuple is right. reshape fills the wide matrix row by row and tears the items apart."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (3, 3), (4, 2), (2, 5)):
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, W, b, x):
        D = np.diag((1 - np.tanh(W @ x + b) ** 2).ravel())
        items = [x_j * D for x_j in x.ravel()]
        return [Tuple(items), np.hstack(items)]


def _counted(M, N, **other):
    right = {"stored": M * M * N, "not_zero": M * N, "bias": M, "softmax": M * M * N}
    return dict(zip(CountTheZeros().solution(M, N), (right | other).values(), strict=True))


class CountTheZeros(Exercise):
    id = "9.4"
    title = "Count what is not zero"
    points = 2
    name = "counts"
    arguments = ("M", "N")
    returns = "a dict of four ints"
    tolerance = Exact()
    hints = (
        "How many items has the tuple, and how many entries has each? How many of those lie on its diagonal?",
        "Count in another way, too: each weight reaches how many outputs? And if D is full?",
    )
    because = "N items of M² numbers; each of the MN weights reaches one output, and with softmax all M of them."
    mistakes = (
        Wrong("n for N", lambda M, N: _counted(M, N, stored=M * N * N, softmax=M * N * N),
              f"For what is stored, the sizes have changed places: how many items, and how large is each? {WEIGHTS}"),
        Wrong("wrong concept", lambda M, N: _counted(M, N, not_zero=M * M * N - M * N, bias=M * M - M),
              "For the layer with tanh you counted the zeros. Asked are the others."),
        Wrong("full instead of diagonal", lambda M, N: _counted(M, N, not_zero=M * M * N, bias=M * M),
              f"You count every entry. Which are not zero, if the activation acts on each unit alone? {WEIGHTS}"),
        Wrong("full instead of diagonal", lambda M, N: _counted(M, N, bias=M * M),
              f"Three are right. For the bias you count every entry of the matrix. {BIAS}"),
        Wrong("diagonal only", lambda M, N: _counted(M, N, softmax=M * N),
              "With softmax every output depends on every z (lesson 04). What stands off the diagonal then?"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, stored=M * N, softmax=M * N),
              f"MN is the number of weights. Each has a slope for every output. {WEIGHTS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 2), (4, 4), (2, 7), (128, 784)):
            yield {"M": M, "N": N}

    def solution(self, M, N):
        return {"dn/dW, stored": N * M**2, "dn/dW, not zero": N * M, "dn/db, not zero": M,
                "dn/dW, not zero with softmax": N * M**2}  # fmt: skip


def _gradients(u, W, b, x, delta=None, /, **other):
    """The answer of 9.5 from another delta, or with some gradients replaced."""
    delta = _tanh_slopes(W, b, x) * u if delta is None else delta
    return {"W": delta @ x.T, "b": delta, "x": W.T @ delta} | other


class UseTheDiagonal(Exercise):
    id = "9.5"
    title = "Three gradients, no Jacobian"
    points = 3
    name = "my_backward"
    arguments = ("u", "W", "b", "x")
    returns = 'a dict {"W": (M, N), "b": (M, 1), "x": (N, 1)}'
    hints = (
        "All three gradients contain the same column, the gradient with respect to z. Compute it once.",
        "tanh' = 1 - tanh², as a column (M, 1); times u, entry by entry.",
        "Let the shapes lead: (M, 1)(1, N) for W, (M, 1) for b, (N, M)(M, 1) for x.",
    )
    because = "delta = σ'(z) ⊙ u is the gradient in z. For b that is all, for x it meets Wᵀ, and for W the row xᵀ."
    mistakes = (
        Wrong("outer derivative forgotten", lambda u, W, b, x: _gradients(u, W, b, x, u),
              f"These are the gradients of an affine layer. What does u meet first on its way down? {CLOSED}"),
        Wrong("value instead of derivative", lambda u, W, b, x: _gradients(u, W, b, x, np.tanh(W @ x + b) * u),
              f"You multiply u by the outputs of the units, not by their slopes. {CLOSED}"),
        Wrong("slope at the wrong point", lambda u, W, b, x: _gradients(u, W, b, x, (1 - (W @ x + b) ** 2) * u),
              "In tanh' = 1 - t² the t is the value of tanh (lesson 04). You put z in its place."),
        Wrong("slope at the wrong point", lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(W, 0, x) * u),
              f"You take the slopes at Wx, without the bias. {INPUT}"),
        Wrong("slope at the wrong point",
              lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(np.eye(len(W)), 0, np.tanh(W @ x + b)) * u),
              f"You take tanh of the output once more. The slope belongs at z. {INPUT}"),
        Wrong("upstream forgotten", lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(W, b, x)),
              f"u does not enter: these are the gradients for a u of ones. {CLOSED}"),
        Wrong("outer derivative forgotten", lambda u, W, b, x: _gradients(u, W, b, x, x=W.T @ u),
              f"The gradients for W and b are right. For x you pass u through W alone; what comes first? {CLOSED}"),
        Wrong("transposed", lambda u, W, b, x: _gradients(u, W, b, x, W=x @ (_tanh_slopes(W, b, x) * u).T),
              f"The gradients for b and x are right. The one for W lies on its side; it has the shape of W. {CLOSED}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 4), (5, 3), (4, 1)):
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, u, W, b, x):
        slopes = 1 - np.tanh(W @ x + b) ** 2
        delta = slopes * u
        return {"W": delta @ x.T, "b": delta, "x": W.T @ delta}


EXERCISES = [ByTheInput, WhoseSlopes, ByTheWeights, CountTheZeros, UseTheDiagonal]
