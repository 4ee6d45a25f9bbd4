"""The exercises of lesson 09: the three derivatives of a dense layer, their zeros, and the gradients without them."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips
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
              "The left factor is no matrix (M, M). A column is none, and np.diag builds one from a 1-D array only."),
        Wrong("slope at the wrong point", lambda W, b, x: np.diag(_slopes(np.eye(len(x)), 0, x).ravel()) @ W,
              "You take the slopes at x, which σ never sees. What does σ see? See 'Perceptrons side by side'."),
        Wrong("outer derivative forgotten", lambda W, b, x: W.copy(),
              f"This is the derivative of Wx + b. The activation comes after it. {INPUT}"),
        Wrong("inner derivative forgotten", lambda W, b, x: _slopes(W, b, x) * np.ones_like(W),
              f"Each row holds the slope of its unit and nothing else. How much does z_i move when x_j does? {INPUT}"),
        Wrong("transposed", lambda W, b, x: (_slopes(W, b, x) * W).T,
              "The numbers are right, but rows and columns have changed places: rows belong to outputs."),
        *slips.slopes_of_the_sigmoid(lambda slope: lambda W, b, x: slope(W @ x + b) * W, INPUT),
        slips.bias_forgotten(lambda *inputs: ByTheInput.solution(None, *inputs), ("W", "b", "x"), "b", see=INPUT),
        Wrong("silent broadcast", lambda W, b, x: W * _slopes(W, b, x).T,
              f"The slopes lie in a row, so that column j of W meets slope j. Is column j that of a unit? {INPUT}"),
        Wrong("inner derivative forgotten", lambda W, b, x: np.diag(_slopes(W, b, x).ravel()),
              f"This is the derivative of n by z. How does z answer to x? {INPUT}"),
        Wrong("elementwise product", lambda W, b, x: np.diag(_slopes(W, b, x).ravel()) * W,
              f"The two matrices are multiplied entry by entry, which needs a square W and keeps its diagonal. "
              f"{INPUT}"),
        Wrong("summed too early", lambda W, b, x: _slopes(W, b, x).T @ W,
              f"A row times W adds the units up: one row is left for M outputs. {INPUT}"),
        Wrong("wrong variable", lambda W, b, x: _slopes(W, b, x) @ x.T,
              f"Your result contains x. x moves here: what is it multiplied by? {INPUT}"),
        Wrong("wrong concept", lambda W, b, x: (_slopes(W, b, x) * W) @ x,
              f"The Jacobian is multiplied by x, and a column is left. x is the point at which it is taken. {INPUT}"),
        Wrong("summed too early", lambda W, b, x: _slopes(W, b, x),
              f"These are the M slopes. How does each output answer to each input? {INPUT}"),
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
        *slips.slopes_of_tanh(lambda slope: lambda W0, b0, W1, b1, x: np.diag(
              slope(W1 @ np.tanh(W0 @ x + b0) + b1).ravel()), BIAS),
        *(slips.bias_forgotten(lambda *inputs: WhoseSlopes.solution(None, *inputs), ("W0", "b0", "W1", "b1", "x"),
                               *biases, see=WHOSE) for biases in (("b0",), ("b1",), ("b0", "b1"))),
        Wrong("another activation's slope", lambda W0, b0, W1, b1, x: np.diag(
              _slopes(W1, b1, _value(W0, b0, x)).ravel()),
              f"Both layers are taken for sigmoids; here they have tanh. {BIAS}"),
        Wrong("flattened", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)).ravel(),
              f"The slopes are right, in an array with one axis. A derivative of M outputs by M biases has M rows and "
              f"M columns. {BIAS}"),
        Wrong("outer derivative forgotten", lambda W0, b0, W1, b1, x: np.eye(len(W1)),
              f"That is how z answers to b1. The activation comes after it. {BIAS}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)) * W1,
              f"This is the derivative by the input of layer 1. What does b1 meet in z1? {BIAS}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x: (_tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)) * W1)
              @ _D(W0, b0, x), f"This is the derivative by b0: the path goes on below layer 1. {WHOSE}"),
        Wrong("full instead of diagonal", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0))
              * np.ones((1, len(W1))), f"Every row is filled. How many outputs does one bias reach? {BIAS}"),
        Wrong("full instead of diagonal", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0))
              @ _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)).T,
              f"A column times a row gives products of two slopes. One bias passes through one unit. {BIAS}"),
        Wrong("summed too early", lambda W0, b0, W1, b1, x: float(_tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)).sum()),
              f"The slopes are added up. Asked is the answer of each output to each bias. {BIAS}"),
        Wrong("summed too early", lambda W0, b0, W1, b1, x: _tanh_slopes(W1, b1, np.tanh(W0 @ x + b0)).T,
              f"The slopes are those of layer 1, in a row. Asked is the answer of each output to each bias. {BIAS}"),
        Wrong("derivative instead of value", lambda W0, b0, W1, b1, x: _D(W1, b1, _tanh_slopes(W0, b0, x)),
              f"Layer 1 is fed with the slopes of layer 0. What does layer 0 hand over? {WHOSE}"),
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
    follows = (1,)
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
        Wrong("summed too early", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * _tanh_slopes(W, b, x)),
              f"The numbers are right. Your items have one column for M weights, not one for each of them. {WEIGHTS}"),
        Wrong("other layout", lambda W, b, x: _both(W, b, x, wide=np.kron(_D(W, b, x), x.T)),
              f"Your wide matrix takes the weights row by row, not column by column. {WEIGHTS}"),
        Wrong("reshaped", lambda W, b, x: _both(W, b, x, wide=np.kron(x, _D(W, b, x)).reshape(len(W), -1)),
              "Reshape fills the wide matrix row by row and tears the items apart."),
        *slips.slopes_of_tanh(lambda slope: lambda W, b, x: _both(
              W, b, x, lambda j, x_j: x_j * np.diag(slope(W @ x + b).ravel())), WEIGHTS),
        slips.bias_forgotten(lambda *inputs: _both(*inputs), ("W", "b", "x"), "b", see=INPUT),
        Wrong("n for N", lambda W, b, x: (lambda items: [Tuple(items), np.hstack(items)])(
              [x[j, 0] * _D(W, b, x) for j in range(len(W))]),
              f"Your items are counted by the rows of W; a tall W asks for entries that x does not have. {WEIGHTS}"),
        Wrong("rows for columns", lambda W, b, x: _both(W, b, x, wide=np.vstack(list(_both(W, b, x)[0]))),
              f"Your second array is tall: the items stand below each other, and not side by side. "
              f"{WEIGHTS}"),
        Wrong("reversed order", lambda W, b, x: _both(W, b, x)[::-1],
              "The two have changed places: the tuple comes first."),
        Wrong("flattened", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * np.diag(_tanh_slopes(W, b, x))),
              "np.diag of a column (M, 1) takes its diagonal out, one number. It builds a matrix from a 1-D array."),
        Wrong("wrong variable", lambda W, b, x: _both(W, b, x, lambda j, x_j: _D(W, b, x) @ W[:, [j]]),
              f"Your items hold the columns of W. W moves; what is it multiplied by in z? {WEIGHTS}"),
        Wrong("rows for columns", lambda W, b, x: (lambda items: [Tuple(items), np.hstack(items)])(
              [np.outer(np.eye(len(W))[i], s * x) for i, s in enumerate(_tanh_slopes(W, b, x).ravel())]),
              f"You have an item for each row of W. The tuple runs over its columns. {WEIGHTS}"),
        Wrong("full instead of diagonal", lambda W, b, x: _both(
              W, b, x, lambda j, x_j: x_j * _tanh_slopes(W, b, x) * np.ones((1, len(W)))),
              f"Your items are filled. How many outputs does one weight reach? {WEIGHTS}"),
        Wrong("other layout", lambda W, b, x: _both(W, b, x, wide=np.stack(_both(W, b, x)[0], axis=2)),
              f"Your second answer has three axes; glued side by side, the items make a matrix. "
              f"{WEIGHTS}"),
        Wrong("summed too early", lambda W, b, x: _both(W, b, x, wide=np.sum(x) * _D(W, b, x)),
              f"In the second the items are added up; glued, they stand side by side. {WEIGHTS}"),
        Wrong("wrong variable", lambda W, b, x: _both(W, b, x, lambda j, x_j: x_j * _D(W, b, x) @ W),
              f"Your items contain W. W moves here: what is its column j multiplied by? {WEIGHTS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (4, 2), (2, 5)):
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, W, b, x):
        D = np.diag((1 - np.tanh(W @ x + b) ** 2).ravel())
        items = [x_j * D for x_j in x.ravel()]
        return [Tuple(items), np.hstack(items)]


def _counted(M, N, **other):
    right = {"stored": M * M * N, "not_zero": M * N, "bias": M, "softmax": M * M * N}
    return dict(zip(CountTheZeros.solution(None, M, N), (right | other).values(), strict=True))


class CountTheZeros(Exercise):
    id = "9.4"
    title = "Count what is not zero"
    points = 2
    name = "counts"
    arguments = ("M", "N")
    returns = "a dict of four ints"
    tolerance = Close(0)
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
              f"For the bias you count every entry of the matrix. {BIAS}"),
        Wrong("diagonal only", lambda M, N: _counted(M, N, softmax=M * N),
              "With softmax every output depends on every z (lesson 04). What stands off the diagonal then?"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, stored=M * N, softmax=M * N),
              f"MN is the number of weights. Each has a slope for every output. {WEIGHTS}"),
        Wrong("n for N", lambda M, N: _counted(M, N, bias=N),
              f"How many biases has a layer of M units? {BIAS}"),
        Wrong("n for N", lambda M, N: _counted(M, N, stored=M**3, not_zero=M * M, softmax=M**3),
              f"You gave the tuple as many items as there are units. What does it have one item for? {WEIGHTS}"),
        Wrong("n for N", lambda M, N: _counted(M, N, not_zero=N * N),
              f"In what is not zero, the diagonal of an item has the length of its side. {WEIGHTS}"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, not_zero=N, bias=1),
              f"You count one number for each item. How many stand on its diagonal? {WEIGHTS}"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, not_zero=M),
              f"For what is not zero in dn/dW you count one item. How many items has the tuple? {WEIGHTS}"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, stored=M * N),
              f"MN is the number of weights; what is stored has a slope for every output, zeros as well. {WEIGHTS}"),
        Wrong("full instead of diagonal", lambda M, N: _counted(M, N, not_zero=M * M * N),
              f"What is stored for the weights is not all different from zero: how many outputs does "
              f"one weight reach? {WEIGHTS}"),
        Wrong("wrong concept", lambda M, N: _counted(M, N, stored=M * M * N * N, softmax=M * M * N * N),
              f"You let every item hold a slope for every weight. Item j belongs to column j alone. {WEIGHTS}"),
        Wrong("wrong concept", lambda M, N: _counted(M, N, stored=(M, M, N), not_zero=(M, N), bias=(M, 1),
                                                     softmax=(M, M, N)),
              "These are shapes. Asked are four numbers: how many entries there are."),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, softmax=M * M),
              f"With softmax you count one item. {WEIGHTS}"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, bias=1),
              f"How many slopes has the bias of a whole layer? {BIAS}"),
        Wrong("sizes ignored", lambda M, N: _counted(M, N, not_zero=N),
              f"How many slopes stand on the diagonal of one item? {WEIGHTS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 2), (4, 6), (2, 7), (128, 784)):
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
        Wrong("upstream forgotten", lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(W, b, x)),
              f"u does not enter: these are the gradients for a u of ones. {CLOSED}"),
        Wrong("outer derivative forgotten", lambda u, W, b, x: _gradients(u, W, b, x, x=W.T @ u),
              f"For x you pass u through W alone; what comes first? {CLOSED}"),
        Wrong("transposed", lambda u, W, b, x: _gradients(u, W, b, x, W=x @ (_tanh_slopes(W, b, x) * u).T),
              f"The gradient for W lies on its side; it has the shape of W. {CLOSED}"),
        *slips.slopes_of_tanh(lambda slope: lambda u, W, b, x: _gradients(u, W, b, x, slope(W @ x + b) * u), CLOSED),
        slips.bias_forgotten(lambda *inputs: _gradients(*inputs), ("u", "W", "b", "x"), "b", see=INPUT),
        Wrong("outer derivative forgotten", lambda u, W, b, x: _gradients(u, W, b, x, W=u @ x.T),
              f"For W you pair u itself with x; what does u meet first? {CLOSED}"),
        Wrong("outer derivative forgotten", lambda u, W, b, x: _gradients(u, W, b, x, b=u),
              f"The gradient for b is u itself, as if no activation followed. {BIAS}"),
        Wrong("upstream forgotten", lambda u, W, b, x: _gradients(u, W, b, x, b=np.ones_like(b)),
              f"Your gradient for b is how z answers to b: all that comes after z is "
              f"missing. {BIAS}"),
        Wrong("transposed", lambda u, W, b, x: _gradients(u, W, b, x, x=W @ (_tanh_slopes(W, b, x) * u)),
              f"For x, the shapes fit only if W is square: on its way down a gradient meets W the other way round. "
              f"{CLOSED}"),
        Wrong("transposed", lambda u, W, b, x: _gradients(u, W, b, x, x=(W.T @ (_tanh_slopes(W, b, x) * u)).T),
              f"The gradient for x is a row; it has the shape of x. {CLOSED}"),
        Wrong("silent broadcast", lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(W, b, x) * u.T),
              f"Slopes and u do not meet entry by entry: one of them lies in a row, which with * makes a table and "
              f"with @ "
              f"a number. {CLOSED}"),
        Wrong("inner product", lambda u, W, b, x: _gradients(u, W, b, x, _tanh_slopes(W, b, x) @ u),
              f"The factors of an @ do not fit: between two columns they never do, and np.diag of a column is one "
              f"number. "
              f"Where entry meets entry, write *; where a table is meant, a column meets a row. {CLOSED}"),
        Wrong("elementwise product", lambda u, W, b, x: _gradients(u, W, b, x, W=_tanh_slopes(W, b, x) * u * x),
              f"For W you multiply two columns entry by entry; they have different sizes, and a table of slopes is "
              f"asked. {CLOSED}"),
        Wrong("elementwise product", lambda u, W, b, x: _gradients(
              u, W, b, x, x=W.T @ (_tanh_slopes(W, b, x) * u) * x),
              f"The gradient for x is multiplied by x itself, which belongs to the "
              f"gradient for W. {CLOSED}"),
        Wrong("elementwise product", lambda u, W, b, x: _gradients(u, W, b, x, x=W.T @ u * x),
              f"For x you multiply by x, which belongs to the gradient for W, and pass u by the activation. {CLOSED}"),
        Wrong("summed too early", lambda u, W, b, x: _gradients(u, W, b, x, b=float(
              np.sum(_tanh_slopes(W, b, x) * u))),
              f"Each of the M biases has a gradient of its own: nothing is added "
              f"up. {BIAS}"),
        slips.flattened(lambda *inputs: _gradients(*inputs), CLOSED),
        Wrong("flattened", lambda u, W, b, x: _gradients(
              u, W, b, x, b=(_tanh_slopes(W, b, x) * u).ravel(), x=W.T @ (_tanh_slopes(W, b, x) * u).ravel()),
              f"Those for b and x have one axis only, because a column was flattened on "
              f"the way; each has the shape of its namesake. {CLOSED}"),
        Wrong("transposed", lambda u, W, b, x: _gradients(u, W, b, x, b=(_tanh_slopes(W, b, x) * u).T),
              f"The gradient for b lies in a row. {BIAS}"),
        Wrong("constant kept", lambda u, W, b, x: _gradients(u, W, b, x, b=_tanh_slopes(W, b, x) * u * b),
              f"The gradient for b is multiplied by b itself. {BIAS}"),
        Wrong("wrong variable", lambda u, W, b, x: _gradients(u, W, b, x, W=_tanh_slopes(W, b, x) * u * W),
              f"The gradient for W contains W: what is a weight multiplied by? "
              f"{CLOSED}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 4), (5, 3), (4, 1)):
            yield _drawn(rng, M, N, *self.arguments)

    def solution(self, u, W, b, x):
        slopes = 1 - np.tanh(W @ x + b) ** 2
        delta = slopes * u
        return {"W": delta @ x.T, "b": delta, "x": W.T @ delta}


EXERCISES = [ByTheInput, WhoseSlopes, ByTheWeights, CountTheZeros, UseTheDiagonal]
