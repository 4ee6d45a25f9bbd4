"""The exercises of lesson 12: a full Jacobian, a tuple turned into gradients, three faults, and a whole network."""

from itertools import pairwise

import numpy as np

from helpers.activations import Tanh
from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips
from helpers.tuples import Tuple

BIAS, WEIGHTS, TRANSPOSE = "See 'The bias'.", "See 'The weights'.", "See 'The transpose of a tuple'."
BELOW, ABOVE = "See 'The layer below'.", "See 'The row from above'."


def _shares(u, n, s):
    return (u - (n.T @ u).item()) / s


class ADeltaOfShares(Exercise):
    id = "12.1"
    title = "Shares"
    points = 2
    name = "delta_of_shares"
    arguments = ("u", "n", "s")
    returns = "a column (M, 1)"
    derivation_is_asked = True
    hints = (
        "By how much does n_i = z_i/s change with z_j? Treat j = i and j different from i apart: s changes both times.",
        "Write D as a diagonal matrix minus a column times a row. Which of the two is n, and which is all ones?",
        "Transpose before you multiply by u. A row times a column, here nᵀu, is one number.",
    )
    because = "D = (I - n 1ᵀ)/s, so Dᵀu = (u - 1 nᵀu)/s: from every entry of u the same number nᵀu is subtracted."
    mistakes = (
        Wrong("transposed", lambda u, n, s: (u - n * u.sum()) / s,
              f"This is D u. A full Jacobian need not be symmetric: which of D and its transpose meets the column u? "
              f"{BIAS}"),
        Wrong("diagonal only", lambda u, n, s: (1 - n) * u / s,
              f"Only the diagonal of D is used. How does the share of one unit change when another unit grows? {BIAS}"),
        Wrong("diagonal only", lambda u, n, s: (1 / s - n / s**2) * u,
              f"Only the diagonal of D is used, and in it z stands for its share. {BIAS}"),
        Wrong("term missing", lambda u, n, s: u / s,
              "You hold the sum fixed. It changes with every entry of z: how many terms has the quotient rule?"),
        Wrong("term missing", lambda u, n, s: -(n.T @ u) / s * np.ones_like(u),
              "You let the sum change and hold the numerator fixed. How many terms has the quotient rule?"),
        Wrong("term missing", lambda u, n, s: u - (n.T @ u).item(),
              "Twice the z, and every slope is half as large: which of your arguments has not been used?"),
        Wrong("constant factor", lambda u, n, s: (u - (n.T @ u).item()) / s**2,
              "Both terms are divided by s once too often. Write the quotient rule out in z and s, and cancel."),
        Wrong("constant factor", lambda u, n, s: (u - (n.T @ u).item()) * s,
              "The sum multiplies here. Does a share change more, or less, with one z if the sum is larger?"),
        Wrong("constant factor", lambda u, n, s: u / s - (n.T @ u).item() / s**2,
              "The two terms are of different sizes if all z are doubled: z_i/s is already n_i in one of them."),
        Wrong("constant factor", lambda u, n, s: u / s - (n.T @ u).item(),
              "One of the two terms has lost its 1/s: write the quotient rule out, and only then put n in."),
        Wrong("another activation's slope", lambda u, n, s: n * (u - (n.T @ u).item()),
              "That is the product for softmax. Its shares are those of e to the z; here they are those of z itself."),
        Wrong("another activation's slope", lambda u, n, s: n * (u - (n.T @ u).item()) / s,
              "The factor n in front belongs to softmax, where the derivative of e to the z brings it. "
              "What is the derivative of z_i with respect to z_i?"),
        Wrong("another activation's slope", lambda u, n, s: n * (1 - n) * u,
              f"Value times one minus value is the slope of the sigmoid, entry by entry. Here every output depends on "
              f"every z. {BIAS}"),
        Wrong("sign", lambda u, n, s: (u + (n.T @ u).item()) / s,
              "If the other units grow, does a share grow or shrink? One sign is wrong."),
        Wrong("upstream forgotten", lambda u, n, s: (np.eye(len(u)) - n @ np.ones((1, len(u)))) / s,
              "This is D itself. What is asked is one number for each z: u has not been used."),
        Wrong("upstream forgotten", lambda u, n, s: (np.eye(len(u)) - n @ np.ones((1, len(u)))).T / s,
              "This is D transposed. What is asked is one number for each z: u has not been used."),
        Wrong("value instead of derivative", lambda u, n, s: n * u,
              f"u is multiplied by the values n. The exercise asks how L changes with z. {BIAS}"),
        Wrong("transposed", lambda u, n, s: _shares(u, n, s).T,
              f"The numbers are right, in a row. A gradient has the shape of z. {BIAS}"),
        Wrong("inner product", lambda u, n, s: (u - n @ u) / s,
              "The factors of an @ do not fit: a column at the left meets nothing but a row. For one number, a row "
              "must meet a column."),
        slips.flattened(_shares, BIAS),
        Wrong("upstream forgotten", lambda u, n, s: (1 - n) / s,
              f"u does not enter, and this is the diagonal of D alone. {BIAS}"),
        Wrong("summed too early", lambda u, n, s: (u - u.sum()) / s,
              "All u are added up with the same weight. Which row of Dᵀ meets u, and what stands in it?"),
        Wrong("upstream forgotten", lambda u, n, s: (u - n) / s,
              "In your second term u does not enter. Which number comes from the row of n and the column u?"),
        Wrong("another activation's slope", lambda u, n, s: (u - n * (n.T @ u)) / s,
              "You have n nᵀ in the Jacobian, as softmax has. What is the derivative of s with respect to z_j?"),
        Wrong("another activation's slope", lambda u, n, s: n * (1 - n) * u / s,
              f"Value times one minus value belongs to the sigmoid, entry by entry. Here every output depends on every "
              f"z. {BIAS}"),
        Wrong("transposed", lambda u, n, s: u / s - n * u.sum() / s**2,
              "This is D u, with a 1/s too many in one term. Which of D and its transpose meets the column u?"),
        Wrong("silent broadcast", lambda u, n, s: (u - n.T * u) / s,
              "A row times a column with * is a table. For one number, the row of n meets the column u with @."),
        Wrong("term missing", lambda u, n, s: -n * u / s,
              "You let the sum change and hold the numerator fixed, and you keep the diagonal alone."),
        Wrong("summed too early", lambda u, n, s: u / s - (n * u).mean() / s,
              "A mean stands where a sum is due: what is a row times a column?"),
        Wrong("summed too early", lambda u, n, s: (u - u.mean()) / s,
              "The mean of u is what equal shares would give. Which row of Dᵀ meets u, and what stands in it?"),
        Wrong("silent broadcast", lambda u, n, s: (u - n @ u.T) / s,
              "A column times a row is a table. For one number, a row must meet a column."),
        Wrong("upstream forgotten", lambda u, n, s: (u - n.sum()) / s,
              "In your second term u does not enter: all that stands there is the sum of the shares."),
        Wrong("counted twice", lambda u, n, s: ((1 - n) * u - (n.T @ u).item()) / s,
              "On the diagonal of D the share is subtracted twice: each term of the quotient rule enters once."),
        Wrong("term missing", lambda u, n, s: (n * u - (n.T @ u).item()) / s,
              "The diagonal of D is missing: a share changes with its own z, too."),
        Wrong("value instead of derivative", lambda u, n, s: n * u / s,
              f"The shares stand where a Jacobian belongs. The exercise asks how L changes with z. {BIAS}"),
        Wrong("summed too early", lambda u, n, s: (u.sum() - (n.T @ u).item()) / s * np.ones_like(u),
              "In your first term every u enters, whichever the z. Which shares have z_j in their numerator?"),
        Wrong("term missing", lambda u, n, s: (u - (n.T @ u).item() + n * u) / s,
              "In your second term the own entry is left out. Is it only for the others that the sum changes?"),
        Wrong("value instead of derivative", lambda u, n, s: (u - n * u**2) / s,
              f"In your second term u is squared and nothing is added up: n meets u in a sum over all units. {BIAS}"),
        Wrong("sign", lambda u, n, s: ((n.T @ u).item() - u) / s,
              f"Every sign is wrong: does a share grow or shrink with its own z? {BIAS}"),
        Wrong("sign", lambda u, n, s: (u - 2 * n * u + (n.T @ u).item()) / s,
              "The diagonal of D is right. Does a share grow or shrink when another unit grows?"),
        Wrong("term missing", lambda u, n, s: ((2 - n) * u - u.sum()) / s,
              "The diagonal of D is right. Beside it the numerator is lost: how much a share shrinks when another unit "
              "grows depends on the share."),
        Wrong("another activation's slope", lambda u, n, s: u / s - n * (n.T @ u).item(),
              "You have n nᵀ in the Jacobian, as softmax has, and one term has lost its 1/s. Write the quotient rule "
              "out in z and s."),
    )  # fmt: skip

    def cases(self, rng):
        for M in (2, 3, 5, *self.more(4, 8)):
            z = rng.uniform(0.5, 3.0, size=(M, 1))
            yield {"u": rng.normal(size=(M, 1)), "n": z / z.sum(), "s": float(z.sum())}

    def solution(self, u, n, s):
        M = len(u)
        D = (np.eye(M) - n @ np.ones((1, M))) / s  # D_ij = ([i = j] - n_i)/s
        return D.T @ u


def _matrix(dL):
    return np.hstack([row.T for row in dL[0]])


def _as_asked(dL, **other):
    """The answer of 12.2, with one of its two parts replaced."""
    return {"W": _matrix(dL), "b": dL[1].T} | other


def _put_into_rows(dL):
    W = np.zeros((dL[1].size, len(dL[0])))
    for j, row in enumerate(dL[0]):
        W[j] = row
    return _as_asked(dL, W=W)


class BackIntoShape(Exercise):
    id = "12.2"
    title = "Back into the shape of the parameters"
    name = "as_gradients"
    arguments = ("dL",)
    returns = 'a dict {"W": (M, N), "b": (M, 1)}'
    hints = (
        "dL[0] is a tuple itself. What has to be done with each of its rows, and what then?",
        "A Tuple can be looped over like a list. np.hstack sets arrays side by side, np.vstack one below the other.",
    )
    because = "Every item is transposed and the order kept; N columns side by side are a matrix with the shape of W."
    mistakes = (
        Wrong("transposed", lambda dL: _as_asked(dL, W=np.vstack(list(dL[0]))),
              f"For W item j became row j. Which part of W is its item j, a row or a column? "
              f"{TRANSPOSE}"),
        Wrong("transposed", lambda dL: _as_asked(dL, W=np.array(list(dL[0])).squeeze()),
              f"For W item j became row j, and squeeze() takes away every axis of length 1. Which part of W is its "
              f"item j, a row or a column? {TRANSPOSE}"),
        Wrong("left as it was", lambda dL: _as_asked(dL, b=dL[1]),
              f"That for b is still the derivative, a row. {TRANSPOSE}"),
        Wrong("left as it was", lambda dL: {"W": dL[0], "b": dL[1]},
              f"This is still the derivative: rows, in a tuple or alone. A gradient has the shape of its parameter. "
              f"{TRANSPOSE}"),
        Wrong("left as it was", lambda dL: _as_asked(dL, W=dL[0].T),
              f"For W each item is transposed, and they are a tuple still. When is a tuple of columns a matrix? "
              f"{TRANSPOSE}"),
        Wrong("glued too early", lambda dL: _as_asked(dL, W=np.hstack(list(dL[0]))),
              f"For W the rows were glued to one long row: that is the derivative with respect to all weights in one "
              f"column. {TRANSPOSE}"),
        Wrong("glued too early", lambda dL: _as_asked(dL, W=np.hstack(list(dL[0])).T),
              f"For W all numbers stand in one long column. Each item is to be a column of its own. {TRANSPOSE}"),
        Wrong("reshaped", lambda dL: _as_asked(dL, W=np.hstack(list(dL[0])).reshape(dL[1].size, -1)),
              f"For W reshape fills row after row, and the numbers come column after column. {TRANSPOSE}"),
        Wrong("reshaped", lambda dL: _as_asked(dL, W=np.vstack(list(dL[0])).reshape((dL[1].size, -1), order="F")),
              f"For W reshape reads the rows, one below the other, column by column, and tears the items apart. "
              f"{TRANSPOSE}"),
        Wrong("reversed order", lambda dL: _as_asked(dL, W=_matrix(dL)[:, ::-1]),
              f"For W the columns stand in the reverse order: the items of a tuple keep their places. {TRANSPOSE}"),
        Wrong("reversed order", lambda dL: _as_asked(dL, W=_matrix(dL)[::-1]),
              f"For W each row was turned round instead of transposed. {TRANSPOSE}"),
        Wrong("axis too many", lambda dL: _as_asked(dL, W=np.array([row.T for row in dL[0]])),
              f"For W there are three axes: the columns were stacked, and not set side by side. {TRANSPOSE}"),
        Wrong("axis too many", lambda dL: _as_asked(dL, W=np.array(list(dL[0]))),
              f"For W there are three axes: the rows were stacked as they are. {TRANSPOSE}"),
        Wrong("axis too many", lambda dL: _as_asked(dL, W=np.array(list(dL[0])).T),
              f"For W there are three axes, in reverse order: numpy's .T of a stack is not the transpose of each item. "
              f"{TRANSPOSE}"),
        Wrong("summed too early", lambda dL: _as_asked(dL, W=sum(row.T for row in dL[0])),
              f"For W the columns were added up. Each belongs to its own column of W. {TRANSPOSE}"),
        Wrong("first only", lambda dL: _as_asked(dL, W=dL[0][0].T),
              f"For W only the first item is there: does a loop end after one turn? {TRANSPOSE}"),
        Wrong("n for N", lambda dL: _as_asked(dL, W=np.hstack([dL[0][j].T for j in range(dL[1].size)])),
              f"For W the items are counted by the number of biases. How many columns has W? {WEIGHTS}"),
        Wrong("flattened", lambda dL: _as_asked(dL, b=dL[1].ravel()),
              f"That for b has one axis only; it is to have the shape of b. {TRANSPOSE}"),
        Wrong("wrong concept", lambda dL: _as_asked(dL, W=dL[1].T @ dL[0][0]),
              f"For W you made an outer product with the derivative for b. The rows for W are given: use all of them. "
              f"{TRANSPOSE}"),
        Wrong("flattened", lambda dL: _as_asked(dL, W=_matrix(dL).ravel()),
              f"That for W has one axis only; it is to have the shape of W. {TRANSPOSE}"),
        Wrong("counted from 0", lambda dL: _as_asked(dL, W=_matrix(dL)[:, 1:]),
              f"For W a column is missing, the first: in Python the first index is not 1. {TRANSPOSE}"),
        Wrong("last dropped", lambda dL: _as_asked(dL, W=_matrix(dL)[:, :-1]),
              f"For W a column is missing, the last: range(n) stops before n by itself. {TRANSPOSE}"),
        Wrong("last dropped", lambda dL: _as_asked(dL, W=_matrix(dL) * (np.arange(len(dL[0])) < len(dL[0]) - 1)),
              f"For W the last column is still 0: where does your loop end? {TRANSPOSE}"),
        Wrong("left as it was", lambda dL: _as_asked(dL, W=dL[0].columns()),
              f"columns() sets columns side by side, and your items are rows still. {TRANSPOSE}"),
        Wrong("summed too early", lambda dL: _as_asked(dL, b=float(dL[1].sum())),
              f"For b all entries are added up. Every bias has a slope of its own. {TRANSPOSE}"),
        Wrong("rows for columns", lambda dL: _put_into_rows(dL),
              f"Item j is put into row j. Which part of W does item j of the tuple belong to? {TRANSPOSE}"),
        Wrong("reversed order", lambda dL: {"W": dL[1].T, "b": _matrix(dL)},
              "The two have changed places: dL[0] belongs to W."),
        Wrong("wrong concept", lambda dL: _as_asked(dL, W=dL[1].T @ np.ones((1, len(dL[0])))),
              f"For W every column is the derivative for b. The rows for W are given: use them. {TRANSPOSE}"),
        Wrong("wrong variable", lambda dL: _as_asked(dL, b=sum(row.T for row in dL[0])),
              f"For b you added up what belongs to W. Which of the two items of dL is that for b? {TRANSPOSE}"),
        Wrong("glued too early", lambda dL: _as_asked(dL, W=np.hstack([_matrix(dL), dL[1].T])),
              f"For W there is a column too many: that for b was set beside the others. {TRANSPOSE}"),
        Wrong("counted from 0", lambda dL: _as_asked(dL, W=np.roll(_matrix(dL), 1, axis=1)),
              f"For W every column stands one place too far, and the last has become the first. {TRANSPOSE}"),
        Wrong("first only", lambda dL: _as_asked(dL, W=dL[0][0]),
              f"For W only the first item is there, and it is still a row. {TRANSPOSE}"),
        Wrong("wrong concept", lambda dL: _as_asked(dL, W=dL[1].T @ [[row[0, 0] / dL[1][0, 0] for row in dL[0]]]),
              f"For W row 1 is right. Every item is taken for the derivative for b times a number, as x_jδᵀ is. "
              f"Here the rows are arbitrary. {TRANSPOSE}"),
        *(Wrong("wrong concept", lambda dL, column=column: _as_asked(
                dL, W=column(dL) @ [[row.sum() for row in dL[0]]]),
                f"For W you made an outer product, with the sum of each row in it. The rows for W are given: use "
                f"every entry of them. {TRANSPOSE}")
          for column in (lambda dL: dL[1].T, lambda dL: sum(row.T for row in dL[0]),
                         lambda dL: np.ones((dL[1].size, 1)))),
        Wrong("wrong concept", lambda dL: _as_asked(dL, W=sum(row.T for row in dL[0]) @ np.ones((1, len(dL[0])))),
              f"For W every column is the sum of the rows. Each item belongs to one column. {TRANSPOSE}"),
        Wrong("coincidence", lambda dL: _as_asked(dL, W=np.array(list(dL[0])).squeeze().T),
              f"For W squeeze() takes away every axis of length 1. A layer may have a single unit. "
              f"{TRANSPOSE}"),
        Wrong("wrong variable", lambda dL: _as_asked(dL, b=dL[0][0].T),
              f"For b you took the first item for W. Which of the two items of dL is that for b? {TRANSPOSE}"),
        Wrong("wrong variable", lambda dL: _as_asked(dL, b=list(dL[0])[-1].T),
              f"For b you took the last item for W. Which of the two items of dL is that for b? {TRANSPOSE}"),
        Wrong("constant factor", lambda dL: _as_asked(dL, W=_matrix(dL) / len(dL[0])),
              f"For W every entry is divided by the number of items. Each item is a column of its own, and no mean is "
              f"taken. {TRANSPOSE}"),
        Wrong("sign", lambda dL: {"W": -_matrix(dL), "b": -dL[1].T},
              "Every sign is turned round, as in a step. The gradients themselves are asked for."),
        Wrong("sign", lambda dL: _as_asked(dL, W=-_matrix(dL)),
              "For W every sign is turned round. The gradient itself is asked for."),
        Wrong("axis too many", lambda dL: _as_asked(dL, W=np.stack(list(dL[0]), axis=1)),
              f"For W there are three axes: np.stack makes a new one, and each item is still a row. {TRANSPOSE}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (3, 3), (4, 2), (1, 3), *self.more((5, 3), (2, 6))):
            rows = Tuple(rng.normal(size=(1, M)) for _ in range(N))
            yield {"dL": Tuple([rows, rng.normal(size=(1, M))])}

    def solution(self, dL):
        return {"W": np.hstack([row.T for row in dL[0]]), "b": dL[1].T}


_tanh_slope = Tanh().slope


def _square_too_far(z):
    return (1 - np.tanh(z)) ** 2


def _first_layer(
    W0, b0, W1, b1, x, u1, *, slope=_tanh_slope, at="z0", pairs_with="x", hands_down="delta1", feeds="n0", **given
):
    """∇W0 of 12.3 with other parts: where the slope is taken, what meets δ₀, passes W1ᵀ or feeds layer 1, or u0."""
    z0 = W0 @ x + b0
    n0 = np.tanh(z0)
    z1 = W1 @ {"n0": n0, "x": x}[feeds] + b1
    delta1 = _tanh_slope(z1) * u1
    values = {"x": x, "z0": z0, "z0 without b0": W0 @ x, "n0": n0, "z1": z1, "n1": np.tanh(z1)}
    values |= {"delta1": delta1, "u1": u1}
    u0 = given["u0"](values) if "u0" in given else W1.T @ values[hands_down]
    delta0 = slope(values[at]) * u0
    return delta0 if "meets_nothing" in given else delta0 @ values[pairs_with].T


class ThreeFaults(Exercise):
    id = "12.3"
    title = "Three lines, three faults"
    points = 2
    name = "repaired"
    arguments = ("W0", "b0", "W1", "b1", "x", "u1")
    returns = "a gradient (H, N), in the shape of W0"
    hints = (
        "Write the three lines for layer 1, then for layer 0, each letter with its layer's number, and compare.",
        "What goes through W1ᵀ? Where is the slope of layer 0 taken? What is the input of layer 0?",
    )
    because = (
        "δ₁ goes through W1ᵀ, not u₁; the slope of layer 0 is taken at z₀; δ₀ meets the input of layer 0, which is x. "
        "Unequal widths show the last fault, by its shape. No shape shows the other two."
    )
    mistakes = (
        Wrong("as printed", lambda *a: _first_layer(*a, at="n0", pairs_with="n0", hands_down="u1"),
              "This is still the program as given. Compare its lines with the three of the lesson, one by one."),
        Wrong("outer derivative forgotten", lambda *a: _first_layer(*a, hands_down="u1"),
              f"Two faults are repaired. What goes down through W1 has passed layer 1 without its slopes. {BELOW}"),
        Wrong("slope at the wrong point", lambda *a: _first_layer(*a, at="n0"),
              f"Two faults are repaired. The slope of layer 0 is still taken at the wrong point. {BIAS}"),
        Wrong("wrong layer's input", lambda *a: _first_layer(*a, pairs_with="n0"),
              f"Two faults are repaired. What does layer 0 multiply its weights by? {WEIGHTS}"),
        Wrong("outer derivative forgotten", lambda *a: _first_layer(*a, at="n0", hands_down="u1"),
              f"One fault is repaired, the input of layer 0. The other two leave every shape as it is. {BELOW}"),
        Wrong("outer derivative forgotten", lambda *a: _first_layer(*a, pairs_with="n0", hands_down="u1"),
              f"One fault is repaired, the point of the slope. Two are left. {BELOW}"),
        Wrong("wrong layer's input", lambda *a: _first_layer(*a, at="n0", pairs_with="n0"),
              f"One fault is repaired: layer 1 hands the right thing down. Two are left, both in layer 0. {WEIGHTS}"),
        Wrong("slope at the wrong point", lambda *a: _first_layer(*a, at="x"),
              f"The slope of layer 0 is taken at x, the input of the layer. The activation receives something else. "
              f"{BIAS}"),
        Wrong("slope at the wrong point", lambda *a: _first_layer(*a, slope=lambda n: 1 - n**2, at="x"),
              f"The slope of layer 0 is written in x, as if that were the value of tanh there. {BIAS}"),
        Wrong("outer derivative forgotten", lambda *a: _first_layer(*a, slope=np.ones_like),
              f"What arrives at the output of layer 0 is paired with x at once: its own slopes are missing. {BIAS}"),
        Wrong("outer derivative forgotten", lambda *a: _first_layer(*a, slope=np.ones_like, hands_down="u1"),
              f"There is no slope at all, as in two affine layers. {BIAS}"),
        Wrong("transposed", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1 @ v["delta1"]),
              f"On the way down W1 is met the other way round; with equal widths only the numbers tell. {BELOW}"),
        Wrong("wrong layer's W", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W0.T @ v["delta1"]),
              f"u goes down through the weights of layer 0. Which weights lie between the two layers? {BELOW}"),
        Wrong("transposed", lambda *a: _first_layer(*a).T,
              f"The gradient has rows and columns exchanged: it is to have the shape of W0. {TRANSPOSE}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x, u1: (
              _tanh_slope(W1 @ np.tanh(W0 @ x + b0) + b1) * u1 @ np.tanh(W0 @ x + b0).T),
              f"This is the gradient for W1. One layer further down is asked for. {BELOW}"),
        Wrong("dropped path", lambda *a: _first_layer(*a, u0=lambda v: v["delta1"]),
              f"W1 does not enter. Between the two layers something multiplies. {BELOW}"),
        Wrong("wrong layer's input", lambda *a: _first_layer(*a, pairs_with="z0"),
              f"δ of layer 0 is paired with its own z. What are the weights of layer 0 multiplied by? {WEIGHTS}"),
        Wrong("wrong layer's input", lambda *a: _first_layer(*a, feeds="x"),
              f"On the way forward layer 1 is fed with x. In the program as given this line was right. {ABOVE}"),
        Wrong("wrong layer's input", lambda *a: _first_layer(*a, pairs_with="n1"),
              f"δ of layer 0 is paired with the output of layer 1, two places too high. {WEIGHTS}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x, u1: (
              _tanh_slope(W1 @ np.tanh(W0 @ x + b0) + b1) * u1 @ x.T),
              f"δ of layer 1 is paired with x. The δ and the input have to be those of one layer. {WEIGHTS}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ (_tanh_slope(v["z0"]) * u1)),
              f"Layer 1 gets the slopes of layer 0. In the program as given this line was right. {BIAS}"),
        Wrong("precedence", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ _tanh_slope(v["z1"]) * u1),
              f"@ and * are worked out from left to right: W1.T meets the slopes of layer 1 first, without u1. "
              f"{BELOW}"),
        Wrong("coincidence", lambda *a: _first_layer(
              *a, slope=lambda z: np.diag(_tanh_slope(z).squeeze()) @ np.ones_like(z)),
              "squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              "for np.diag."),
        Wrong("slope at the wrong point", lambda *a: _first_layer(*a, at="z1"),
              f"Layer 0 gets the slopes of layer 1, one layer too high. {BIAS}"),
        Wrong("silent broadcast", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: (W1.T @ v["delta1"]).T),
              f"What layer 1 hands down is no column (H, 1), so that the slopes meet it as a table. {BELOW}"),
        Wrong("wrong variable", lambda *a: _first_layer(*a, meets_nothing=True),
              f"This is the gradient for b0. What does the slope of a weight have besides? {WEIGHTS}"),
        Wrong("wrong concept", lambda *a: a[0] - _first_layer(*a),
              "This is W0 after a step. The exercise asks for the gradient itself."),
        Wrong("another activation's slope", lambda *a: _first_layer(*a, slope=_square_too_far),
              f"The square reaches too far: 1 - n² is not (1 - n)². {BIAS}"),
        Wrong("another activation's slope", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, slope=_square_too_far, u0=lambda v: W1.T @ (_square_too_far(v["z1"]) * u1)),
              f"The square reaches too far, in both layers: 1 - n² is not (1 - n)². {BIAS}"),
        Wrong("elementwise product", lambda *a: _first_layer(*a, meets_nothing=True) * a[4],
              f"Two columns are multiplied entry by entry, which needs one size and gives a column. How do they make a "
              f"table? {TRANSPOSE}"),
        Wrong("inner product", lambda *a: _first_layer(*a, meets_nothing=True).T @ a[4],
              f"A row times a column is one number. A table comes from a column and a row. {TRANSPOSE}"),
        Wrong("bias forgotten", lambda W0, b0, W1, b1, x, u1: _first_layer(W0, b0, W1, b1, x, u1, at="z0 without b0"),
              f"Where the slope of layer 0 is taken, b0 does not enter. What does the activation receive? {BIAS}"),
        Wrong("value instead of derivative", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, slope=np.tanh, u0=lambda v: W1.T @ (np.tanh(v["z1"]) * u1)),
              f"Values stand where slopes belong, in both layers. {BIAS}"),
        Wrong("inner product", lambda W0, b0, W1, b1, x, u1: _first_layer(W0, b0, W1, b1, x, u1)[:, :1] @ x,
              f"Two columns have no matrix product. A table comes from a column and a row. {TRANSPOSE}"),
        Wrong("upstream forgotten", lambda W0, b0, W1, b1, x, u1: _first_layer(W0, b0, W1, b1, x, np.ones_like(u1)),
              f"u1 does not enter: this is the gradient for an upstream of ones. {ABOVE}"),
        Wrong("summed too early", lambda *a: _first_layer(*a) @ np.ones((len(a[4]), 1)),
              f"The rows are added up to a column. Each weight has a slope of its own. {TRANSPOSE}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ (_tanh_slope(np.tanh(v["z1"])) * u1)),
              f"In layer 1 the program was right: n1 is a value of tanh already, and 1 - n1² is the slope at z1. "
              f"{BIAS}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, at="n0", u0=lambda v: W1.T @ (_tanh_slope(np.tanh(v["z1"])) * u1)),
              f"Both slopes are taken at outputs. The slope belongs at the input of the activation. {BIAS}"),
        Wrong("counted twice", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ (_tanh_slope(v["z1"]) * v["delta1"])),
              f"The slopes of layer 1 enter twice. {BELOW}"),
        Wrong("another activation's slope", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, slope=lambda z: np.tanh(z) * (1 - np.tanh(z)),
              u0=lambda v: W1.T @ (np.tanh(v["z1"]) * (1 - np.tanh(v["z1"])) * u1)),
              f"Value times one minus value is the slope of the sigmoid. Both layers have tanh. {BIAS}"),
        Wrong("counted twice", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ (v["delta1"] * u1)),
              f"u1 enters twice. It is in δ of layer 1 already. {BELOW}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ _tanh_slope(u1)),
              f"In layer 1 tanh is given u1, a gradient. What does its slope have to be taken at? {BIAS}"),
        Wrong("z for n", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, u0=lambda v: W1.T @ ((1 - v["z1"] ** 2) * u1)),
              f"In layer 1 z stands where the value of tanh belongs: has your n1 passed the activation? {BIAS}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x, u1: (
              W1.T @ (_tanh_slope(W1 @ np.tanh(W0 @ x + b0) + b1) * u1)),
              f"This is the upstream of layer 0. How do its weights get their gradient from it? {WEIGHTS}"),
        Wrong("term missing", lambda *a: _first_layer(*a, slope=lambda z: np.tanh(z) ** 2),
              f"Your slope is 0 where tanh is steepest. Compare it with lesson 04. {BIAS}"),
        Wrong("wrong variable", lambda *a: _first_layer(*a, meets_nothing=True) * a[0],
              f"δ of layer 0 is multiplied by W0 itself. What are its weights multiplied by? {WEIGHTS}"),
        Wrong("glued too early", lambda *a: np.hstack([x_j * _first_layer(*a, meets_nothing=True).T for x_j in a[4]]),
              f"This is the derivative, its rows glued to one long row. {TRANSPOSE}"),
        *slips.slopes_of_tanh(lambda slope: lambda *a: _first_layer(*a, slope=slope), BIAS)[:-1],
        *(slips.bias_forgotten(lambda *a: _first_layer(*a), ("W0", "b0", "W1", "b1", "x", "u1"), *biases, see=BIAS)
          for biases in (("b0",), ("b1",), ("b0", "b1"))),
        Wrong("z for n", lambda W0, b0, W1, b1, x, u1: _first_layer(
              W0, b0, W1, b1, x, u1, meets_nothing=True) @ np.tanh(x).T,
              f"x has been through tanh where it meets δ. The input of layer 0 is x itself. {WEIGHTS}"),
        Wrong("wrong variable", lambda W0, b0, W1, b1, x, u1: W0.T @ _first_layer(
              W0, b0, W1, b1, x, u1, meets_nothing=True),
              f"This is the gradient for x. The one for W0 is made of δ before it goes on. {WEIGHTS}"),
    )  # fmt: skip

    def cases(self, rng):
        for N, H, M in ((3, 3, 3), (4, 2, 3), (2, 5, 3), (2, 1, 3), *self.more((3, 4, 2), (5, 2, 1))):
            yield {
                "W0": rng.normal(size=(H, N)), "b0": rng.normal(size=(H, 1)), "W1": rng.normal(size=(M, H)),
                "b1": rng.normal(size=(M, 1)), "x": rng.normal(size=(N, 1)), "u1": rng.normal(size=(M, 1)),
            }  # fmt: skip

    def solution(self, W0, b0, W1, b1, x, u1):
        n0 = np.tanh(W0 @ x + b0)
        n1 = np.tanh(W1 @ n0 + b1)
        delta1 = (1 - n1**2) * u1
        u0 = W1.T @ delta1
        delta0 = (1 - n0**2) * u0
        return delta0 @ x.T


def _backward(
    W, b, x, y, *, slope=lambda i, z, n: _tanh_slope(z[i]), meets=lambda i, z, n: n[i], top=lambda f, y: 2 * (f - y),
    times=np.multiply, down=lambda W, i, delta, u: W[i].T @ delta, for_W=lambda delta, x: delta @ x.T,
    for_b=lambda delta, u: delta, order=lambda count: reversed(range(count)), late="",
):  # fmt: skip
    """The answer of 12.4 with other parts. n[i] is the input of layer i, z[i] what its activation receives."""
    n, z = [x], []
    for A, c in zip(W, b, strict=True):
        z.append(A @ n[-1] + c)
        n.append(np.tanh(z[-1]))
    u, grads = top(n[-1], y), {}
    for i in order(len(W)):
        delta = times(slope(i, z, n), u)
        below = down(W, i, delta, u)
        first = {"W": u, "both": below}.get(late, delta)
        grads[i, "W"], grads[i, "b"] = for_W(first, meets(i, z, n)), below if late == "both" else for_b(delta, u)
        u = below
    return grads


def _with(**parts):
    return lambda W, b, x, y: _backward(W, b, x, y, **parts)


def _inputs(W, b, x):
    """What goes into each layer of 12.4, and the output of the last one."""
    n = [x]
    for A, c in zip(W, b, strict=True):
        n.append(np.tanh(A @ n[-1] + c))
    return n


def _zs(W, b, x):
    """What the activation of each layer of 12.4 receives."""
    return [A @ n + c for A, n, c in zip(W, _inputs(W, b, x), b, strict=False)]


def _early(W, b, x, y):
    """The answer of 12.4 if u has gone through W before the layer uses it."""
    n, grads = _inputs(W, b, x), {}
    u = 2 * (n[-1] - y)
    for i in reversed(range(len(W))):
        u = W[i].T @ u
        delta = (1 - n[i + 1] ** 2) * u
        grads[i, "W"], grads[i, "b"] = delta @ n[i].T, delta
    return grads


def _one_too_far(W, b, x, y):
    """The answer of 12.4 if delta has gone down before it is kept."""
    n, grads = _inputs(W, b, x), {}
    delta = (1 - n[-1] ** 2) * 2 * (n[-1] - y)
    for i in reversed(range(len(W))):
        delta = (1 - n[i] ** 2) * (W[i].T @ delta)
        grads[i, "W"], grads[i, "b"] = delta @ n[i].T, delta
    return grads


def _after_a_step(mu):
    """The answer of 12.4 if each W takes its step before delta goes through it."""

    def gradients(W, b, x, y):
        n, grads = _inputs(W, b, x), {}
        u = 2 * (n[-1] - y)
        for i in reversed(range(len(W))):
            delta = (1 - n[i + 1] ** 2) * u
            grads[i, "W"], grads[i, "b"] = delta @ n[i].T, delta
            u = (W[i] - mu * grads[i, "W"]).T @ delta
        return grads

    return gradients


def _layers(kept):
    """The right answer of 12.4 for the layers of these numbers alone."""
    return lambda W, b, x, y: {key: grad for key, grad in _backward(W, b, x, y).items() if key[0] in kept}


def _under(key):
    """The right answer of 12.4 under other keys, key(i, name)."""
    return lambda W, b, x, y: {key(*place): grad for place, grad in _backward(W, b, x, y).items()}


def _nested(W, b, x, y):
    grads = _backward(W, b, x, y)
    return {i: {"W": grads[i, "W"], "b": grads[i, "b"]} for i in range(len(W))}


def _listed(W, b, x, y):
    grads = _backward(W, b, x, y)
    return {name: [grads[i, name] for i in range(len(W))] for name in ("W", "b")}


class AllLayers(Exercise):
    id = "12.4"
    title = "All layers"
    points = 3
    name = "gradients"
    arguments = ("W", "b", "x", "y")
    returns = 'a dict {(0, "W"): …, (0, "b"): …, …, (3, "b"): …}'
    derivation_is_asked = True
    hints = (
        "Run forward first, and keep the input and the z, or the output, of every layer in lists.",
        "The u of the last layer comes from the loss alone. Then the three lines, for i = 3, 2, 1, 0.",
        "range(3, -1, -1) counts down. The line that makes the u of the layer below comes last.",
    )
    because = "One δ for each layer: it is the gradient for b, its outer product with the layer's input is that for W."
    mistakes = (
        Wrong("factor 1/2", _with(top=lambda f, y: f - y),
              f"Half of what it should be. What is the derivative of the square in the loss? {ABOVE}"),
        Wrong("sign", _with(top=lambda f, y: 2 * (y - f)),
              f"Every sign is wrong: in the gradient of the loss, which is subtracted from which? {ABOVE}"),
        Wrong("value instead of derivative", _with(top=lambda f, y: f),
              f"You begin with the output of the network. What is the u of the last layer? {ABOVE}"),
        Wrong("constant kept", _with(top=lambda f, y: 2 * f),
              f"y does not enter where you begin. What is the gradient of the loss? {ABOVE}"),
        Wrong("upstream forgotten", _with(top=lambda f, y: np.ones_like(f)),
              f"You begin with ones: the loss does not enter. What is the u of the last layer? {ABOVE}"),
        Wrong("constant factor", _with(top=lambda f, y: (f - y) ** 2),
              f"You begin with the squared errors themselves. What is the u of the last layer? {ABOVE}"),
        Wrong("outer derivative forgotten", _with(slope=lambda i, z, n: np.ones_like(z[i])),
              f"No slope enters, as in a network of affine layers. {BIAS}"),
        Wrong("outer derivative forgotten", _with(slope=lambda i, z, n: 1 + 0 * z[i] if i == 3 else _tanh_slope(z[i])),
              f"The last layer is taken for an affine one. Here it has tanh as well. {BIAS}"),
        Wrong("outer derivative forgotten", _with(down=lambda W, i, delta, u: W[i].T @ u),
              f"Below the last layer: what went down through W had not met the slopes. {BELOW}"),
        Wrong("outer derivative forgotten", _with(for_b=lambda delta, u: u),
              f"For each b stands u itself. Does b act behind the activation? {BIAS}"),
        *slips.slopes_of_tanh(lambda slope: _with(slope=lambda i, z, n: slope(z[i])), BIAS),
        Wrong("another activation's slope", _with(slope=lambda i, z, n: _square_too_far(z[i])),
              f"The square reaches too far: 1 - n² is not (1 - n)². {BIAS}"),
        Wrong("slope at the wrong point", _with(
              slope=lambda i, z, n: 1 - n[i] ** 2, meets=lambda i, z, n: n[i - 1]),
              f"Both the slopes and the inputs are taken one place too low in the list of n. Which n stands at its "
              f"place 0? {WEIGHTS}"),
        Wrong("slope at the wrong point", _with(slope=lambda i, z, n: _tanh_slope(z[-1])),
              f"Every layer has the slopes of the last one. {BIAS}"),
        Wrong("slope at the wrong point", _with(slope=lambda i, z, n: 1 - n[i] ** 2),
              f"Each layer has the slopes that belong to the layer below, one place off in the list. {BIAS}"),
        Wrong("slope at the wrong point", _with(slope=lambda i, z, n: _tanh_slope(n[i])),
              f"The slope is taken at the input of the layer. The activation receives something else. {BIAS}"),
        Wrong("inner product", _with(times=np.matmul),
              f"Two columns have no matrix product. Entry by entry is *, and for a table a column meets a row. {BIAS}"),
        Wrong("wrong layer's W", _with(down=lambda W, i, delta, u: W[i - 1].T @ delta),
              f"On the way down the weights of the layer below are used. Which lie between the two layers? {BELOW}"),
        Wrong("first only", _layers({3}),
              "Only the last layer is there: is the return inside the loop?"),
        Wrong("last dropped", _layers({1, 2, 3}),
              "Layer 0 is missing: where does a range that counts down stop?"),
        Wrong("wrong layer's input", _with(meets=lambda i, z, n: n[0]),
              f"Every δ is paired with the input of the network. What does layer i multiply its weights by? {WEIGHTS}"),
        Wrong("wrong layer's input", _with(meets=lambda i, z, n: n[i + 1]),
              f"Every δ is paired with the output of its own layer. What are the weights multiplied by? {WEIGHTS}"),
        Wrong("wrong layer's input", _with(meets=lambda i, z, n: z[i - 1] if i else n[0]),
              f"For W the z of the layer below was taken, before its activation. {WEIGHTS}"),
        Wrong("wrong layer's input", _with(meets=lambda i, z, n: z[i]),
              f"Every δ is paired with the z of its own layer. What are the weights multiplied by? {WEIGHTS}"),
        Wrong("wrong layer's input", _with(meets=lambda i, z, n: n[i] if i else n[-1]),
              f"Layer 0 is paired with the output of the network: in a list, the index -1 is the last item. {WEIGHTS}"),
        Wrong("transposed", _with(for_W=lambda delta, x: x @ delta.T),
              f"For W rows and columns are exchanged: a gradient has the shape of its parameter. {TRANSPOSE}"),
        Wrong("transposed", _with(down=lambda W, i, delta, u: W[i] @ delta),
              f"On the way down W is met the other way round. {BELOW}"),
        Wrong("transposed", _with(for_b=lambda delta, u: delta.T),
              f"For b stands a row, the derivative. A gradient has the shape of its parameter. {TRANSPOSE}"),
        Wrong("transposed", _with(down=lambda W, i, delta, u: delta.T @ W[i]),
              f"A row is handed down, the derivative. u and δ are columns, its transpose. {BELOW}"),
        Wrong("constant factor", _with(top=lambda f, y: 2 * (f - y) / len(y)),
              f"You divide by the number of outputs, as for a mean. The loss here is a sum of squares. {ABOVE}"),
        Wrong("constant kept", lambda W, b, x, y: {
              key: grad * b[key[0]] if key[1] == "b" else grad for key, grad in _backward(W, b, x, y).items()},
              f"For b every entry is multiplied by the bias itself. What is added has the slope 1. {BIAS}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _backward(
              W, b, x, y, top=lambda f, y: 2 * (np.arctanh(f) - y),
              slope=lambda i, z, n: 1 + 0 * z[i] if i == 3 else _tanh_slope(z[i])),
              f"The last layer is taken for an affine one, forward and back. Here it has tanh as well. {BIAS}"),
        Wrong("wrong concept", _with(top=lambda f, y: np.exp(f) / np.exp(f).sum() - y),
              f"You begin as for cross-entropy. The loss here is the squared one. {ABOVE}"),
        Wrong("outer derivative forgotten", _with(late="W"),
              f"For W u itself is paired with the input, before it has met the slopes. {WEIGHTS}"),
        Wrong("wrong variable", _with(late="both"),
              f"The gradients of a layer are made of what it hands down. That line comes last. {BELOW}"),
        Wrong("wrong concept", lambda W, b, x, y: {
              (i, name): (W if name == "W" else b)[i] - 0.1 * grad
              for (i, name), grad in _backward(W, b, x, y).items()},
              "These look like parameters after a step. The exercise asks for the gradients."),
        Wrong("reversed order", _with(order=range),
              f"The loop runs from layer 0 upwards. Which layer's u is known at the start? {BELOW}"),
        Wrong("reversed order", _with(order=range, down=lambda W, i, delta, u: W[i].T @ delta if i else u),
              f"The loop runs upwards, and what is handed on goes to the layer above. Which layer's u is known at the "
              f"start? {BELOW}"),
        Wrong("precedence", _with(down=lambda W, i, delta, u: W[i].T @ (delta / u) * u),
              f"@ and * are worked out from left to right: on the way down the transposed W meets the slopes first, "
              f"without u. {BELOW}"),
        Wrong("coincidence", _with(times=lambda slopes, u: np.diag(slopes.squeeze()) @ u),
              f"squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              f"for np.diag. {BIAS}"),
        Wrong("page order", _early,
              f"u goes down through the weights of a layer before the layer has used it: two lines have changed "
              f"places. {BELOW}"),
        Wrong("page order", _one_too_far,
              f"What you keep for a layer has passed its weights already, and slopes below them. The line that goes "
              f"down comes last. {BELOW}"),
        Wrong("counted twice", _with(slope=lambda i, z, n: _tanh_slope(z[i]) ** 2),
              f"The slopes of each layer enter twice. {BIAS}"),
        *(Wrong("wrong layer's W", _after_a_step(mu),
                f"On its way down the gradient meets weights after a step. Which weights has the forward pass seen? "
                f"{BELOW}")
          for mu in (1, 0.1, 0.01, 0.5)),
        Wrong("elementwise product", _with(for_W=lambda delta, x: delta * x),
              f"For W two columns are multiplied entry by entry, which needs one size and gives a column. {TRANSPOSE}"),
        Wrong("summed too early", _with(for_b=lambda delta, u: float(delta.sum())),
              f"For b all of δ is added up. Every bias has a slope of its own. {BIAS}"),
        Wrong("reversed order", lambda W, b, x, y: {
              (len(W) - 1 - i, name): grad for (i, name), grad in _backward(W, b, x, y).items()},
              "The layers are counted from the top. Layer 0 is the one that sees x."),
        Wrong("spelling", _under(lambda i, name: (i + 1, name)),
              "The gradients are right, but the layers are counted from 1. Which number has the layer that sees x?"),
        *(Wrong("spelling", spelt,
                "The gradients are right. What is asked is one dict with eight keys, each of them a pair: the number "
                "of the layer and the name of the parameter.")
          for spelt in (_under(lambda i, name: f"{name}{i}"), _under(lambda i, name: (name, i)), _nested, _listed)),
        Wrong("counted twice", _with(down=lambda W, i, delta, u: W[i].T @ (delta * delta)),
              f"δ is squared on its way down. {BELOW}"),
        Wrong("left as it was", _with(down=lambda W, i, delta, u: u),
              f"u stays the same from layer to layer. What becomes of it on its way down? {BELOW}"),
        Wrong("dropped path", _with(down=lambda W, i, delta, u: delta),
              f"δ itself is handed down. What multiplies it on its way to the layer below? {BELOW}"),
        Wrong("bias forgotten", lambda W, b, x, y: _backward(W, [0 * c for c in b], x, y),
              f"The biases do not enter the forward pass: they move every z. {ABOVE}"),
        Wrong("outer derivative forgotten", _with(slope=lambda i, z, n: _tanh_slope(z[i]) if i == 3 else 1 + 0 * z[i]),
              f"Slopes enter in the last layer only. Every layer has tanh. {BELOW}"),
        Wrong("term missing", lambda W, b, x, y: {
              key: grad for key, grad in _backward(W, b, x, y).items() if key[1] == "W"},
              f"Only the gradients for W are there. What is that for b? {BIAS}"),
        Wrong("counted twice", _with(down=lambda W, i, delta, u: W[i].T @ (delta * delta / u)),
              f"What is handed down has met the slopes of its layer twice. {BELOW}"),
        Wrong("constant factor", _with(top=lambda f, y: (f - y) / np.linalg.norm(f - y)),
              f"You begin with the slope of the length of the error. The loss is the square of that length. {ABOVE}"),
        Wrong("value instead of derivative", _with(top=lambda f, y: np.full_like(f, np.sum((f - y) ** 2))),
              f"You begin with the value of the loss. What is the u of the last layer? {ABOVE}"),
        Wrong("sign", _with(for_b=lambda delta, u: -delta),
              f"For each b the sign is wrong, and only there. Does L change with b otherwise than with z? {BIAS}"),
        Wrong("counted twice", _with(slope=lambda i, z, n: _tanh_slope(z[i]) ** (1 if i == 3 else 2)),
              f"What is handed down has met the slopes of the layer below already, and there it meets them once more. "
              f"{BELOW}"),
        Wrong("wrong concept", _with(
              top=lambda f, y: f - y, slope=lambda i, z, n: 1 + 0 * z[i] if i == 3 else _tanh_slope(z[i])),
              f"Output minus label is taken for δ of the last layer, as for softmax with cross-entropy. Here it has "
              f"tanh and the squared loss. {ABOVE}"),
        Wrong("flattened", _with(for_b=lambda delta, u: delta.ravel()),
              f"Those for b have one axis only; each is to have the shape of its b. {TRANSPOSE}"),
        Wrong("summed too early", _with(top=lambda f, y: np.full_like(f, 2 * np.sum(f - y))),
              f"You begin with the sum of the errors. Each output has its own slope. {ABOVE}"),
        Wrong("sign", _with(top=lambda f, y: 2 * np.abs(f - y)),
              f"You begin with the sizes of the errors. Whether an output is above its y or below decides which way "
              f"the loss goes. {ABOVE}"),
        Wrong("value instead of derivative", _with(top=lambda f, y: np.full_like(f, 2 * np.linalg.norm(f - y))),
              f"You begin with the length of the error, one number for all outputs. Each output has its own slope. "
              f"{ABOVE}"),
        Wrong("counted twice", _with(top=lambda f, y: 2 * (f - y) * (1 - f**2)),
              f"The slopes of the last layer enter twice: where you begin, and in the loop. {BIAS}"),
        Wrong("slope at the wrong point", lambda W, b, x, y: _backward(
              W, b, x, y, slope=lambda i, z, n: _tanh_slope(z[3]) if i == 3 else 1 + 0 * z[i],
              down=lambda W, i, delta, u: W[i].T @ (_tanh_slope(_zs(W, b, x)[i]) * delta)),
              f"On its way down δ meets the slopes of the layer that it leaves. It becomes the δ of the layer below by "
              f"the slopes there. {BELOW}"),
    )  # fmt: skip

    def cases(self, rng):
        for widths in ((3, 3, 3, 3, 3), (3, 5, 4, 6, 2), (2, 4, 1, 3, 2), *self.more((4, 2, 3, 5, 3), (1, 3, 2, 4, 1))):
            yield {
                "W": [rng.normal(size=(m, n)) / np.sqrt(n) for n, m in pairwise(widths)],
                "b": [rng.normal(size=(m, 1)) / 2 for m in widths[1:]],
                "x": rng.normal(size=(widths[0], 1)),
                "y": rng.normal(size=(widths[-1], 1)),
            }

    def solution(self, W, b, x, y):
        n = [x]
        for i in range(4):
            n.append(np.tanh(W[i] @ n[i] + b[i]))  # n[i] is the input of layer i, n[i + 1] its output
        grads = {}
        u = 2 * (n[4] - y)
        for i in (3, 2, 1, 0):
            delta = (1 - n[i + 1] ** 2) * u
            grads[i, "W"] = delta @ n[i].T
            grads[i, "b"] = delta
            u = W[i].T @ delta
        return grads


EXERCISES = [ADeltaOfShares, BackIntoShape, ThreeFaults, AllLayers]
