"""The exercises of lesson 11: the factors of a chain, an empty product, a skip connection, weights used twice."""

from functools import reduce

import numpy as np

from helpers.activations import Tanh
from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

INPUT, ANY = "See 'With respect to the input'.", "See 'With respect to any parameter'."
TWICE, SKIP, LAST = "See 'A layer used twice'.", "See 'A skip connection'.", "See 'The last layer, and the label'."


_slope = Tanh().slope


def _product(factors):
    return reduce(np.matmul, factors)


def _jacobian(W, z, n, slope=_slope):
    """D W, the factor of a layer with tanh at z = W n + b."""
    return np.diag(slope(z).ravel()) @ W


def _chain(W, b, x, factor=_jacobian, last=None):
    """n⁽ᵏ⁾ and the factors of the layers k, …, 0; `last` replaces the factor of layer k."""
    n, factors = x, []
    for i, (W_i, b_i) in enumerate(zip(W, b, strict=True)):
        z = W_i @ n + b_i
        factors.insert(0, (last if last and i == len(W) - 1 else factor)(W_i, z, n))
        n = np.tanh(z)
    return n, factors


def _row(W, b, x, y, change=lambda factors: factors, **others):
    n, factors = _chain(W, b, x, **others)
    return _product([2 * (n - y).T, *change(factors)])


def _first_line(J):
    """As printed: dn⁽⁰⁾/dn⁽⁰⁾, the identity, where dn⁽¹⁾/dn⁽⁰⁾ belongs."""
    return [*J[:-2], np.eye(len(J[-1])), J[-1]] if len(J) > 1 else J


def _without_tanh(W, b, x, y):
    """The row of a network that hands on z instead of n."""
    z, factors = x, []
    for W_i, b_i in zip(W, b, strict=True):
        below, z = z, W_i @ z + b_i
        factors.insert(0, _jacobian(W_i, z, below))
    return _product([2 * (z - y).T, *factors])


def _last_z(W, b, x):
    n = _chain(W[:-1], b[:-1], x)[0]
    return W[-1] @ n + b[-1]


class RepairTheProduct(Exercise):
    id = "11.1"
    title = "The product, repaired"
    points = 2
    name = "input_row"
    arguments = ("W", "b", "x", "y")
    returns = "a row (1, N)"
    derivation_is_asked = True
    hints = (
        "On paper, with k = 3: follow the arrows from L back to x, and write down what each of them carries.",
        "Run the network first and keep every n. The factor of layer i needs the n of layer i alone, for the slopes.",
        "Start with the row of the loss and multiply by one factor after the other, the last layer's first.",
    )
    because = (
        "From L back to x the arrows carry dL/dn⁽ᵏ⁾, then D⁽ⁱ⁾W⁽ⁱ⁾ for i = k, …, 0: one factor for each layer, layer 0 "
        "with respect to x included."
    )
    mistakes = (
        Wrong("as printed", lambda W, b, x, y: _row(W, b, x, y, _first_line),
              f"This is the first line as it is printed: the derivative of a node with respect to itself is I, and the "
              f"factor that belongs in its place is missing. {INPUT}"),
        Wrong("inner derivative forgotten", lambda W, b, x, y: _row(W, b, x, y, lambda J: J[:-1]),
              f"Your row ends at the output of layer 0; it is the derivative with respect to that. One arrow is left "
              f"to walk, that from x. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _row(W, b, x, y, lambda J: J[1:]),
              f"The factor of the last layer is missing from your product. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _product(_chain(W, b, x)[1]),
              f"This is the Jacobian of the network. The arrow into L has a factor, too. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n: W),
              f"Your factors are the W alone. A layer with an activation has D W (lesson 09). {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _row(W, b, x, y, last=lambda W, z, n: W),
              "The last layer of the digit network has no activation. Here every layer has tanh, the last one too."),
        Wrong("upstream forgotten", lambda W, b, x, y: np.ones((1, len(W[-1]))) @ _product(_chain(W, b, x)[1]),
              f"The rows of the Jacobian are added up as they are. What does the loss put in front of them? {INPUT}"),
        Wrong("factor 1/2", lambda W, b, x, y: _row(W, b, x, y) / 2,
              "Every entry is half of what it should be: the loss is a sum of squares (lesson 10)."),
        Wrong("sign", lambda W, b, x, y: -_row(W, b, x, y),
              "Every sign is wrong. Does the loss fall or rise when the output moves towards y (lesson 10)?"),
        Wrong("reversed product", lambda W, b, x, y: _row(W, b, x, y, lambda J: J[::-1]),
              f"The Jacobians stand in the order in which the network runs. Which of them stands beside the loss? "
              f"{INPUT}"),
        Wrong("reversed product", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n: W * _slope(z).T),
              "The slopes scale the columns of W, as in W D or in W * slopes with slopes in a row. In D W row i is "
              "multiplied by slope i (lesson 09)."),
        Wrong("flattened", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n: np.diag(_slope(z)) @ W),
              "The sizes at an @ do not fit: one side has a single row or a single entry. np.diag builds D from a 1-D "
              "array only, and the row of the loss is (1, K)."),
        *slips.slopes_of_tanh(lambda slope: lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: _jacobian(W, z, n, slope)), INPUT),
        Wrong("slope at the wrong point", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: np.diag((1 - n**2).ravel()) @ W),
              f"The slopes of a layer are taken from its input, n of the layer below; they follow from its own z or n. "
              f"{INPUT}"),
        Wrong("bias forgotten", lambda W, b, x, y: _row(W, [0 * c for c in b], x, y),
              f"The biases do not enter, but they move the points at which the slopes are taken. {INPUT}"),
        Wrong("slope at the wrong point", lambda W, b, x, y: _product([2 * (_chain(W, b, x)[0] - y).T, *(
              _jacobian(W_i, W_i @ x + b_i, x) for W_i, b_i in zip(W[::-1], b[::-1], strict=True))]),
              f"Every layer is given x. Above layer 0 the input of a layer is the n of the layer below. {INPUT}"),
        Wrong("slope at the wrong point", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: W @ np.diag((1 - n**2).ravel())),
              f"Each W is followed by the slopes of the layer below it. To which arrow does a layer's slope belong, "
              f"and what follows W⁽⁰⁾? {INPUT}"),
        Wrong("constant factor", lambda W, b, x, y: _row(W, b, x, y) / len(y),
              "Every entry is divided by K. The loss here is the sum of the squares, not their mean."),
        Wrong("transposed", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n: _jacobian(W.T, z, n)),
              f"Every W is transposed. A row walks back through W as it is; which shape has the Jacobian? {INPUT}"),
        Wrong("first only", lambda W, b, x, y: _row(W, b, x, y, lambda factors: factors[:1]),
              "Only the factor of the last layer is multiplied. Is the return inside the loop?"),
        Wrong("silent broadcast", lambda W, b, x, y: reduce(
              lambda u, step: u * step[0] @ step[1],
              [(_slope(z), W_i) for W_i, z in _chain(W, b, x, factor=lambda W, z, n: (W, z))[1]],
              2 * (_chain(W, b, x)[0] - y).T),
              "The row meets a column of slopes with *, which makes a table where it fits. Entry by entry a row is "
              "multiplied with a row."),
        Wrong("z for n", lambda W, b, x, y: _without_tanh(W, b, x, y),
              "What you hand from layer to layer is z. A layer returns n = tanh(z), and the next one gets that."),
        Wrong("z for n", lambda W, b, x, y: _product([2 * (_last_z(W, b, x) - y).T, *_chain(W, b, x)[1]]),
              "The row of the loss is taken at the z of the last layer. The loss compares y with the n of that layer."),
        Wrong("term missing", lambda W, b, x, y: _product([2 * _chain(W, b, x)[0].T, *_chain(W, b, x)[1]]),
              "y does not enter. The slope of a squared difference holds the difference (lesson 10)."),
        Wrong("value instead of derivative", lambda W, b, x, y: _product([
              ((_chain(W, b, x)[0] - y) ** 2).T, *_chain(W, b, x)[1]]),
              "Your row begins with squares, which belong to the value of the loss. What is its slope (lesson 10)?"),
        Wrong("summed too early", lambda W, b, x, y: np.sum(2 * (_chain(W, b, x)[0] - y))
              * _product(_chain(W, b, x)[1]),
              f"The slopes of the loss are added up to one number before they meet the Jacobians. {INPUT}"),
        Wrong("coincidence", lambda W, b, x, y: _row(W[:2], b[:2], x, y),
              "Two layers are written out. The networks have different numbers of layers, and W is as long as that."),
        Wrong("as printed", lambda W, b, x, y: W[len(W)],
              f"You go beyond the end of a list. Does the product begin one layer above the last, as the second line "
              f"is printed, or are more layers written out than W has? {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _product([
              2 * (_last_z(W, b, x) - y).T, W[-1], *_chain(W, b, x)[1][1:]]),
              "You run the last layer without its activation, as in the digit network. Here every layer has tanh."),
        Wrong("transposed", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: W.T @ np.diag(_slope(z).ravel())),
              f"The Jacobian of every layer is transposed. That is how a column walks back; yours is a row. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _row(W, b, x, y, lambda J: [*J[:-1], W[0]]),
              f"Layer 0 has a tanh, too: its factor is not W alone. {INPUT}"),
        Wrong("counted twice", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: np.diag(_slope(z).ravel() ** 2) @ W),
              f"The slopes of each layer enter twice, as a square. {INPUT}"),
        Wrong("sign", lambda W, b, x, y: _product([2 * (_chain(W, b, x)[0] + y).T, *_chain(W, b, x)[1]]),
              "The output and the label are added. The loss compares the two (lesson 10)."),
        Wrong("inner derivative forgotten", lambda W, b, x, y: _product([_row(W, b, x, y, lambda J: J[:-1]), np.diag(
              _slope(W[0] @ x + b[0]).ravel())]),
              f"Your row ends at the bias of layer 0. From there x is one factor further. {INPUT}"),
        Wrong("outer derivative forgotten", lambda W, b, x, y: _product([2 * (_chain(W, b, x)[0] - y).T, np.diag(
              _slope(_last_z(W, b, x)).ravel()), *_chain(W, b, x)[1][1:]]),
              f"Of the last layer's D W only D is there. {INPUT}"),
        Wrong("bias forgotten", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n, b=b: np.diag(
              _slope(W @ n).ravel()) @ W),
              f"The slopes are taken at W n, without the bias. {INPUT}"),
        Wrong("precedence", lambda W, b, x, y: _row(W, b, x, y, factor=lambda W, z, n: np.diag(
              (1 - np.tanh(z)).ravel() ** 2) @ W),
              f"The difference 1 - n is squared as a whole. In the slope of tanh (lesson 04) only n is. {INPUT}"),
        Wrong("flattened", lambda W, b, x, y: _product([2 * (_chain(W, b, x)[0] - y).T, np.diag(
              _slope(_last_z(W, b, x)))]),
              "The row of the loss does not fit what it meets. np.diag of a column (M, 1) takes its diagonal out, "
              "one number; it builds D from a 1-D array only."),
        Wrong("slope at the wrong point", lambda W, b, x, y: _row(W, b, x, y, factor=lambda V, z, n: np.diag(
              1 - _chain(W, b, x)[0].ravel() ** 2) @ V),
              f"Every layer has the slopes of the last one. Each has an n of its own. {INPUT}"),
        Wrong("coincidence", lambda W, b, x, y: _row(W[:4], b[:4], x, y) if len(W) > 3 else W[len(W)],
              "Four layers are written out. The networks have different numbers of layers, and W is as long as that."),
        Wrong("counted twice", lambda W, b, x, y: _row(
              W, b, x, y, lambda factors: factors if len(factors) > 1 else 2 * factors),
              f"With more layers this is right. Where there is one, it is the first and the last, and its factor is "
              f"in your product twice. {INPUT}"),
        *(Wrong("counted twice", lambda W, b, x, y, more=more: _row(W, b, x, y, more),
                f"The factor of one layer, the {which}, is in your product twice. {INPUT}")
          for which, more in (("last", lambda factors: [factors[0], *factors]),
                              ("lowest", lambda factors: [*factors, factors[-1]]))),
        Wrong("precedence", lambda W, b, x, y: reduce(
              lambda u, step: u @ step[0] * step[1],
              [(_slope(z), W_i) for W_i, z in _chain(W, b, x, factor=lambda W, z, n: (W, z))[1]],
              2 * (_chain(W, b, x)[0] - y).T),
              f"@ and * are worked out from left to right. The row meets the column of slopes first, and of the two "
              f"one number is left, which multiplies the whole W. {INPUT}"),
        Wrong("coincidence", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: np.diag(_slope(z).squeeze()) @ W),
              "squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              "for np.diag."),
        slips.transposed(lambda *inputs: _row(*inputs), "A derivative of the loss is a row."),
        slips.flattened(lambda *inputs: _row(*inputs), INPUT),
        Wrong("slope at the wrong point", lambda W, b, x, y: _row(
              W, b, x, y, factor=lambda W, z, n: _jacobian(W, n, n)),
              f"The slope is taken at the input of the layer. The activation receives something else. {INPUT}"),
        Wrong("counted twice", lambda W, b, x, y: _row(
              W, b, x, y, last=lambda W, z, n: np.diag(_slope(z).ravel() ** 2) @ W),
              f"The slopes of the last layer enter twice: with the row of the loss, and once more in D W. {INPUT}"),
        Wrong("coincidence", lambda W, b, x, y: _row(W[:4], b[:4], x, y),
              "At most four layers are run. The networks have different numbers of layers, and W is as long as that."),
        Wrong("inner derivative forgotten", lambda W, b, x, y: _product([
              2 * (_chain(W, b, x)[0] - y).T, *(np.diag(_slope(z).ravel()) for z in _chain(
              W, b, x, factor=lambda W, z, n: z)[1])]),
              f"Only the slopes are multiplied. Each layer has its W behind them. {INPUT}"),
        Wrong("square forgotten", lambda W, b, x, y: _row(W, b, x, y) / (2 * np.linalg.norm(_chain(W, b, x)[0] - y)),
              f"Your row begins with the slope of the length of the error. The loss is the square of that length. "
              f"{INPUT}"),
        Wrong("sign", lambda W, b, x, y: _product([2 * np.abs(_chain(W, b, x)[0] - y).T, *_chain(W, b, x)[1]]),
              f"Your row begins with the sizes of the errors. Whether an output is above its y or below decides which "
              f"way the loss goes. {INPUT}"),
        Wrong("summed too early", lambda W, b, x, y: np.full((1, len(y)), np.sum(2 * (_chain(W, b, x)[0] - y)))
              @ _product(_chain(W, b, x)[1]),
              f"The slopes of the loss are added up, and every output gets the sum. Each has its own. {INPUT}"),
    )  # fmt: skip

    def cases(self, rng):
        for widths in (
            (3, 3, 3, 3, 3),
            (3, 3, 3),
            (4, 3, 5, 2),
            (3, 2),
            (2, 1, 3),
            (2, 3, 2, 3, 3, 3),
            *self.more((2, 4, 3, 5), (6, 2)),
        ):
            sizes = list(zip(widths[1:], widths, strict=False))
            yield {
                "W": [rng.normal(size=size) for size in sizes],
                "b": [rng.normal(size=(M, 1)) for M, _ in sizes],
                "x": rng.normal(size=(widths[0], 1)),
                "y": rng.normal(size=(widths[-1], 1)),
            }

    def solution(self, W, b, x, y):
        k, n = len(W) - 1, {-1: x}
        for i in range(k + 1):
            n[i] = np.tanh(W[i] @ n[i - 1] + b[i])
        row = 2 * (n[k] - y).T
        for i in range(k, -1, -1):
            row = row @ np.diag(1 - n[i].ravel() ** 2) @ W[i]
        return row


def _bias(i, dL, J, D, factors=None, last=None):
    """dL/db⁽ⁱ⁾ from other numbers of layers than k, …, i + 1, or another answer for the last layer."""
    k = len(J) - 1
    if last and i == k:
        return last(dL, J, D)
    between = range(k, i, -1) if factors is None else factors(k, i)
    return _product([dL, *(J[j] for j in between), D[i]])


class TheEmptyProduct(Exercise):
    id = "11.2"
    title = "The layer that fails"
    points = 2
    name = "bias_row"
    arguments = ("i", "dL", "J", "D")
    returns = "a row (1, M)"
    hints = (
        "Count the factors between dL and D[i] for i = k - 1, and then for i = k. What does the program have there?",
        "Let the loop do nothing when there is nothing to multiply: with what must it start?",
    )
    because = (
        "A product of k - i factors starts from the row itself, and the loop takes l = 1, …, k - i. For i = k it runs "
        "zero times: an empty product changes nothing."
    )
    mistakes = (
        Wrong("as printed", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: [k, *range(k - 1, i, -1)]),
              f"This does what the program in the exercise does. Follow it with i = k on paper. {ANY}"),
        Wrong("special case", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: (
              dL @ J[-1] @ D[-1] if J[-1].shape[0] == J[-1].shape[1] else dL @ D[-1])),
              f"Right where the program stops with an error. Where the last two widths are equal it stops nowhere, and "
              f"for i = k its numbers are wrong. {ANY}"),
        Wrong("wrong concept", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: 0 * dL),
              f"For the last layer you return zeros. A sum without terms is 0; a product without factors is "
              f"something else. {ANY}"),
        Wrong("inner derivative forgotten", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: dL),
              f"For the last layer you return the row of the loss. The bias acts through something else first. {LAST}"),
        Wrong("outer derivative forgotten", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: D[-1]),
              f"For the last layer the row of the loss is missing. {LAST}"),
        Wrong("outer derivative forgotten", lambda i, dL, J, D: _product([*(J[j] for j in range(len(J) - 1, i, -1)),
                                                                          D[i]]),
              f"The row of the loss is missing from your product. {ANY}"),
        Wrong("dropped path", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(k, i + 1, -1)),
              f"One factor too few: the product must go down to the arrow that leaves layer i. {ANY}"),
        Wrong("wrong layer's W", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(k, i - 1, -1)),
              f"One factor too many: the Jacobian of layer i itself leads on to its input, and the bias does not go "
              f"that way. {ANY}"),
        Wrong("wrong layer's W", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(k - 1, i - 1, -1)),
              f"Your Jacobians are shifted by one layer: the first of them must lead from the last layer. {ANY}"),
        Wrong("dropped path", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(k - 1, i, -1)),
              f"For the last layer this is right. For the others one factor is in no product: with which of them does "
              f"your loop begin? {ANY}"),
        Wrong("reversed product", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(i + 1, k + 1)),
              f"The Jacobians stand in the order in which the network runs. Which of them stands beside the loss? "
              f"{ANY}"),
        Wrong("first only", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: range(k, max(i, k - 1), -1)),
              f"One Jacobian at most is multiplied. Does the loop end after one turn, or is there none? {ANY}"),
        Wrong("inner derivative forgotten", lambda i, dL, J, D: _product([dL, *(J[j] for j in
                                                                                range(len(J) - 1, i, -1))]),
              f"This is the derivative with respect to the output of layer i. Its bias is one arrow further. {ANY}"),
        Wrong("wrong variable", lambda i, dL, J, D: _product([dL, *(J[j] for j in range(len(J) - 1, i - 1, -1))]),
              f"This is the derivative with respect to the input of layer i, and not to its bias. {ANY}"),
        Wrong("wrong layer's W", lambda i, dL, J, D: _product([dL, *(J[j] for j in range(len(J) - 1, i, -1)), D[-1]]),
              f"D is taken from the last layer, whichever bias is asked for. {ANY}"),
        Wrong("dropped path", lambda i, dL, J, D: _bias(
              i, dL, J, D, lambda k, i: [k, *range(k - 1, i + 1, -1)][: k - i]),
              f"For the last layer this is right; for one far below, the factor next to it is missing: where must the "
              f"loop end? {ANY}"),
        Wrong("dropped path", lambda i, dL, J, D: dL @ D[i],
              f"No Jacobian is multiplied, whatever i is. Does the loop run at all? range(k, i) counts upwards. {ANY}"),
        Wrong("coincidence", lambda i, dL, J, D: _bias(
              i, dL, J, D, last=lambda dL, J, D: J[len(J)]),
              f"For i < k this is right. The program still takes a first Jacobian from the list; for the last layer "
              f"there is none. {ANY}"),
        Wrong("axes miscounted", lambda i, dL, J, D: J[len(J)],
              "You go beyond the end of a list. The layers are numbered 0, …, k: how many are they, and what is k?"),
        Wrong("counted twice", lambda i, dL, J, D: _bias(i, dL, J, D, lambda k, i: [k, *range(k, i, -1)]),
              f"J[k] is there twice: before the loop, and in it. {ANY}"),
        Wrong("counted twice", lambda i, dL, J, D: _bias(
              i, dL, J, D, lambda k, i: [k, *range(k, i, -1)] if i < k else []),
              f"For the last layer this is right. For the others J[k] is there twice: before the loop, and in it. "
              f"{ANY}"),
        Wrong("counted twice", lambda i, dL, J, D: _bias(i, dL, J, D) @ J[i],
              f"One factor stands behind D[i]. At the bias the walk is over. {ANY}"),
        Wrong("elementwise product", lambda i, dL, J, D: reduce(np.multiply, [dL, *J[:i:-1]]) @ D[i],
              f"With * the row is laid over every row of a Jacobian. The factors of a chain meet in a matrix product. "
              f"{ANY}"),
        Wrong("wrong concept", lambda i, dL, J, D: dL @ _product([1, *(J[j] for j in range(len(J) - 1, i, -1))]) @ D[i],
              f"You start from the number 1, and @ takes no number. What does I stand for? {ANY}"),
        Wrong("elementwise product", lambda i, dL, J, D: dL @ reduce(np.multiply, [1.0, *J[:i:-1]]) @ D[i],
              f"The Jacobians are multiplied with *, entry by entry, and for the last layer only the number 1 is left, "
              f"which @ does not take. The factors of a chain meet in a matrix product. {ANY}"),
        Wrong("full instead of diagonal", lambda i, dL, J, D: _product([
              dL, np.ones_like(D[-1]), *(J[j] for j in range(len(J) - 1, i, -1)), D[i]]),
              f"You start from a matrix of ones. Multiplied by it a row does not stay as it is. {ANY}"),
        *(Wrong("sizes swapped", lambda i, dL, J, D, size=size: dL @ _product([
                np.eye(size(i, J, D)), *(J[j] for j in range(len(J) - 1, i, -1))]) @ D[i],
                f"Your identity matrix does not have the size of the last layer. It is to stand beside the row of the "
                f"loss. {ANY}")
          for size in (lambda i, J, D: len(D[i]), lambda i, J, D: J[-1].shape[1])),
        Wrong("sizes swapped", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: dL @ np.eye(1) @ D[-1]),
              f"For the last layer two sizes do not fit: one factor has the size 1, or the row does not stand at the "
              f"left. len of a row is 1, the number of its rows. {ANY}"),
        Wrong("counted twice", lambda i, dL, J, D: _product([
              dL, *(D[j] @ J[j] for j in range(len(J) - 1, i, -1)), D[i]]),
              f"The slopes of the layers above enter twice: J[j] is D[j] times W already. {ANY}"),
        Wrong("slope at the wrong point", lambda i, dL, J, D: _product([
              dL, D[-1], *(J[j] for j in range(len(J) - 1, i, -1))]),
              f"You begin with the D of the last layer. A bias enters at its own layer: there its D stands. {ANY}"),
        Wrong("wrong variable", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: dL @ J[-1]),
              f"For the last layer you go on to its input. The bias has another arrow. {LAST}"),
        Wrong("reversed product", lambda i, dL, J, D: dL @ _product([
              np.eye(len(D[i])), *(J[j] for j in range(i + 1, len(J)))]) @ D[i],
              f"You begin with layer i and go up. On the way back from L, which Jacobian comes first? {ANY}"),
        Wrong("coincidence", lambda i, dL, J, D: _bias(min(i, len(J) - 2), dL, J, D),
              f"For the last layer you return the row of the layer below it. Each layer has its own bias. {LAST}"),
        Wrong("wrong layer's W", lambda i, dL, J, D: _product([
              dL, *(J[j] for j in range(len(J) - 1, i, -1)), D[min(i + 1, len(J) - 1)]]),
              f"Your D is that of the layer above. Which layer does the bias enter? {ANY}"),
        Wrong("transposed", lambda i, dL, J, D: _product([dL, *(J[j].T for j in range(len(J) - 1, i, -1)), D[i]]),
              f"Every Jacobian is transposed. That is how a column walks back; dL is a row. {ANY}"),
        Wrong("counted twice", lambda i, dL, J, D: _bias(i, dL, J, D, last=lambda dL, J, D: dL @ D[-1] @ D[-1]),
              f"For the last layer the slopes enter twice. {LAST}"),
        Wrong("counted twice", lambda i, dL, J, D: _product([
              dL, D[-1], *(J[j] for j in range(len(J) - 1, i, -1)), D[i]]),
              f"Beside the row of the loss you put the D of the last layer. Is it not in J[k] already, or at the end "
              f"of the product? {ANY}"),
        Wrong("counted twice", lambda i, dL, J, D: _bias(i, dL, J, D) @ D[i],
              f"D[i] stands there twice. How often does the bias of layer i pass the activation of layer i? {ANY}"),
        slips.transposed(lambda *inputs: _bias(*inputs), "A derivative of the loss is a row."),
        slips.flattened(lambda *inputs: _bias(*inputs), ANY),
        Wrong("elementwise product", lambda i, dL, J, D: _product([dL, *(J[j] for j in range(len(J) - 1, i, -1))])
              * D[i],
              f"With * the row is laid over every row of D. The factors of a chain meet in a matrix product. {ANY}"),
        Wrong("special case", lambda i, dL, J, D: dL @ D[0] if i == 0 else _bias(
              i, dL, J, D, lambda k, i: [k, *range(k - 1, i, -1)]),
              f"You gave layer 0 a case of its own; there the program was right. For which i is there nothing to "
              f"multiply? {ANY}"),
        Wrong("zero", lambda i, dL, J, D: 0 * _bias(i, dL, J, D),
              f"Every entry is zero. Does your product start from zeros? What is multiplied by them is lost. {ANY}"),
        Wrong("inner derivative forgotten", lambda i, dL, J, D: _product([
              dL, *(D[j] for j in range(len(J) - 1, i - 1, -1))]),
              f"Only D are multiplied. What leads from one layer to the next is D W, and J holds that. {ANY}"),
        Wrong("sum for product", lambda i, dL, J, D: _product([dL, sum(
              (J[j] for j in range(len(J) - 1, i, -1)), np.eye(len(D[-1]))), D[i]]),
              f"The Jacobians are added. Along one path the factors are multiplied. {ANY}"),
        Wrong("reversed order", lambda i, dL, J, D: _bias(len(J) - 1 - i, dL, J, D),
              f"You count the layers from the top: this is the row of the layer that lies as far below L as layer i "
              f"above x. {ANY}"),
        Wrong("special case", lambda i, dL, J, D: dL @ D[i] if i == len(J) - 2 else _bias(
              i, dL, J, D, lambda k, i: [k, *range(k - 1, i, -1)]),
              f"You gave a case of its own to the layer below the last one; there the program was right. For which i "
              f"is there nothing to multiply? {ANY}"),
    )  # fmt: skip

    def cases(self, rng):
        for widths, i in (((3, 3, 3, 3), 0), ((3, 3, 3, 3), 2), ((4, 3, 5, 2), 1), ((4, 3, 5, 2), 2), ((2, 3), 0),
                          ((3, 4, 2, 3, 2, 3), 1), *self.more(((2, 5, 3), 0), ((3, 2, 4, 6), 1))):  # fmt: skip
            D = [np.diag(rng.uniform(0.1, 1, size=M)) for M in widths[1:]]
            yield {
                "i": i,
                "dL": rng.normal(size=(1, widths[-1])),
                "J": [D_j @ rng.normal(size=(M, N)) for D_j, M, N in zip(D, widths[1:], widths, strict=False)],
                "D": D,
            }

    def solution(self, i, dL, J, D):
        k, row = len(J) - 1, dL
        for l in range(1, k - i + 1):
            row = row @ J[k - l + 1]
        return row @ D[i]


def _rows(r, W0, b0, W1, b1, x, slope=_slope, /, **other):
    """The answer of 11.3 with another slope of tanh, or with some rows replaced."""
    by_b0 = r @ W1 @ np.diag(slope(W0 @ x + b0).ravel())
    return {"x": r + by_b0 @ W0, "b0": by_b0, "b1": r.copy()} | other


def _long_way(r, W0, b0, W1, b1, x):
    return _rows(r, W0, b0, W1, b1, x)["b0"] @ W0


class ASkipOverTwoLayers(Exercise):
    id = "11.3"
    title = "A skip over two layers"
    points = 2
    name = "skip_rows"
    arguments = ("r", "W0", "b0", "W1", "b1", "x")
    returns = 'a dict {"x": (1, N), "b0": (1, M), "b1": (1, N)}'
    derivation_is_asked = True
    hints = (
        "Draw the graph: two arrows lead into the sum. From which of the three nodes can you reach L in two ways?",
        "Along the skip nothing is done to x. What is its Jacobian?",
        "np.diag builds D from a 1-D array of slopes; the slopes are those at W0 @ x + b0.",
    )
    because = (
        "x reaches the sum directly, with I, and through both layers, with W1 D0 W0. The biases have one path each: "
        "r W1 D0 for b0, and r for b1."
    )
    mistakes = (
        Wrong("dropped path", lambda *a: _rows(*a, x=_long_way(*a)),
              f"For x you follow the layers only. A second path leads from x to the sum. {SKIP}"),
        Wrong("dropped path", lambda *a: _rows(*a, x=a[0].copy()),
              f"For x you follow the skip only. x goes through the layers as well. {SKIP}"),
        Wrong("silent broadcast", lambda *a: _rows(*a, x=_long_way(*a) + a[0].sum() * np.ones_like(a[0])),
              f"A 1 was added to every entry of a Jacobian, or the row was summed. What is the Jacobian of the map "
              f"that leaves x as it is? {SKIP}"),
        Wrong("silent broadcast", lambda *a: _rows(*a, x=_long_way(*a) + 1),
              f"For x, a 1 stands for the term of the skip. Its factor is a matrix, and r stands before it. {SKIP}"),
        Wrong("wrong variable", lambda *a: _rows(*a, x=_long_way(*a) + a[5].T),
              f"For x, its value was added. The term of the skip is a derivative of L. {SKIP}"),
        Wrong("product for sum", lambda *a: _rows(*a, x=a[0] * _long_way(*a)),
              f"For x, the terms of the two paths are multiplied. Factors along a path are multiplied; what is done "
              f"with the paths? {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, x=2 * _long_way(*a)),
              f"For x, both terms go through the layers. The skip has a factor of its own. {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, b0=a[0] + _rows(*a)["b0"]),
              f"For b0 you count two paths. Draw them: does the skip begin before b0 enters, or after it? {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, b1=2 * a[0]),
              f"For b1 you count two paths; it enters once, into the sum. {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, x=_rows(*a)["x"] @ (np.eye(len(a[5])) + a[3] @ np.diag(
              _slope(a[1] @ a[5] + a[2]).ravel()) @ a[1])),
              f"For x the block is walked twice. {SKIP}"),
        Wrong("outer derivative forgotten", lambda r, W0, b0, W1, b1, x: _rows(r, W0, b0, W1, b1, x, np.ones_like),
              "The slopes of tanh are missing: for x and for b0 the path passes an activation (lesson 09)."),
        Wrong("outer derivative forgotten", lambda *a: _rows(*a, b0=a[0] @ a[3]),
              f"For b0 the path passes the activation, too. {LAST}"),
        Wrong("outer derivative forgotten", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ W1 @ W0),
              "For x the path through the layers passes an activation between the two matrices."),
        Wrong("upstream forgotten", lambda r, *rest: _rows(np.ones_like(r), *rest),
              "r does not enter, or as a row of ones: each path begins with it."),
        Wrong("upstream forgotten", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=np.eye(len(x)) + W1 @ np.diag(_slope(W0 @ x + b0).ravel()) @ W0,
              b0=W1 @ np.diag(_slope(W0 @ x + b0).ravel()), b1=np.eye(len(x))),
              "These are Jacobians of the block. The exercise asks for derivatives of L: each path begins with r."),
        Wrong("wrong variable", lambda *a: _rows(*a, b1=np.ones_like(a[0])),
              f"For b1 you return the derivative of the sum, and not of L. {LAST}"),
        Wrong("wrong variable", lambda *a: _rows(*a, b0=_long_way(*a)),
              f"For b0 you walk on to x. The arrow from b0 carries no W. {LAST}"),
        Wrong("inner derivative forgotten", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b0=r @ np.diag(_slope(W0 @ x + b0).ravel())),
              f"For b0 the factor of the upper layer is missing: how does n0 reach the sum? {SKIP}"),
        Wrong("inner derivative forgotten", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ np.diag(_slope(W0 @ x + b0).ravel()) @ W0),
              f"For x the factor of the upper layer is missing: how does n0 reach the sum? {SKIP}"),
        Wrong("wrong variable", lambda *a: _rows(*a, b1=_rows(*a)["x"]),
              f"For b1 you return what belongs to x. How does b1 enter the sum? {LAST}"),
        Wrong("flattened", lambda r, W0, b0, W1, b1, x: _rows(r, W0, b0, W1, b1, x, b0=r @ W1 @ np.diag(
              _slope(W0 @ x + b0))),
              "The factors of an @ do not fit. np.diag of a column (M, 1) takes its diagonal out, one number: it "
              "builds a matrix from a 1-D array."),
        Wrong("wrong concept", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b1=r * _slope(x + W1 @ np.tanh(W0 @ x + b0) + b1).T),
              "For b1 you take a slope of tanh. Nothing follows upon the sum: look at the formula of the block."),
        Wrong("wrong concept", lambda r, W0, b0, W1, b1, x: _rows(
              r * _slope(W1 @ np.tanh(W0 @ x + b0) + b1).T, W0, b0, W1, b1, x) | {"x": r + _long_way(
              r * _slope(W1 @ np.tanh(W0 @ x + b0) + b1).T, W0, b0, W1, b1, x)},
              "You give both layers a tanh. In the block there is one, around the lower layer."),
        Wrong("silent broadcast", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ W1 @ W0 * _slope(W0 @ x + b0), b0=r @ W1 * _slope(W0 @ x + b0)),
              "A row meets the column of slopes with *, which makes a table. np.diag of a 1-D array builds D."),
        Wrong("upstream forgotten", lambda *a: _rows(*a, x=_long_way(*a) + np.eye(len(a[5]))),
              f"For x, I is added without r before it, and numpy lays the row over every row of it. {SKIP}"),
        Wrong("reversed product", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ np.diag(_slope(W0 @ x + b0).ravel()) @ W0 @ W1),
              f"For x, the factors along the layers are out of order: which arrow comes first on the way back? {SKIP}"),
        *slips.slopes_of_tanh(lambda slope: lambda r, W0, b0, W1, b1, x: _rows(r, W0, b0, W1, b1, x, slope), SKIP),
        slips.bias_forgotten(lambda *a: _rows(*a), ("r", "W0", "b0", "W1", "b1", "x"), "b0", see=SKIP),
        *(Wrong("slope at the wrong point", lambda r, W0, b0, W1, b1, x, slope=slope: _rows(
                r, W0, b0, W1, b1, x, lambda z: slope(x)),
                f"The slopes are those at x, the input of the layer. The activation receives something else. {SKIP}")
          for slope in (_slope, lambda x: 1 - x**2)),
        *(Wrong("precedence", lambda r, W0, b0, W1, b1, x, long=long: _rows(
                r, W0, b0, W1, b1, x, x=r + long(r, W1, _slope(W0 @ x + b0), W0)),
                f"For x, @ and * are worked out from left to right: what stands before the column of slopes meets it "
                f"first, and the result then multiplies W0 entry by entry. {SKIP}")
          for long in (lambda r, W1, slopes, W0: r @ (W1 @ slopes * W0),
                       lambda r, W1, slopes, W0: r @ W1 @ slopes * W0)),
        Wrong("inner product", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b0=r @ W1 @ _slope(W0 @ x + b0)),
              f"For b0, a row meets the column of slopes in a matrix product, and one number is left. {SKIP}"),
        Wrong("coincidence", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ W1 @ np.diag(_slope(W0 @ x + b0).squeeze()) @ W0),
              "squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              "for np.diag."),
        Wrong("wrong concept", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b1=r * (1 - (x + W1 @ np.tanh(W0 @ x + b0) + b1) ** 2).T),
              "For b1 you take a slope of tanh at the sum. Nothing follows upon the sum: look at the formula."),
        Wrong("wrong layer's W", lambda r, W0, b0, W1, b1, x: _rows(r, W0, b0, W1, b1, x, b1=r @ W1),
              f"For b1 a factor too many: W1 is passed by what comes from n0, and b1 does not. {LAST}"),
        Wrong("counted twice", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b0=_rows(r, W0, b0, W1, b1, x)["b0"] + _slope(W0 @ x + b0).T),
              f"For b0 there are two terms. From b0 no path leads over the skip, which begins at x. {SKIP}"),
        Wrong("counted twice", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=_long_way(r, W0, b0, W1, b1, x) + r @ W1 @ W0),
              f"For x, your second path passes both W. Which nodes does the skip connect? {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, x=_long_way(*a) + 2 * a[0]),
              f"For x, the path over the skip is counted twice. {SKIP}"),
        Wrong("sign", lambda *a: _rows(*a, x=_long_way(*a) - a[0]),
              f"For x, the term of the skip has the wrong sign: in the block, x is added. {SKIP}"),
        Wrong("counted twice", lambda *a: _rows(*a, b0=_rows(*a)["b0"] + a[0] @ a[3]),
              f"For b0 there are two terms, one of them without the slopes. How many paths lead to b0? {SKIP}"),
        Wrong("wrong variable", lambda *a: _rows(*a, b0=a[0].copy(), b1=_rows(*a)["b0"]),
              "The rows of the two biases have changed places. Which of them lies beside the output?"),
        Wrong("wrong variable", lambda *a: _rows(*a, x=_rows(*a)["b0"], b0=_rows(*a)["x"]),
              "The rows of x and b0 have changed places."),
        Wrong("counted twice", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b0=r @ W1 @ np.diag(_slope(W0 @ x + b0).ravel() ** 2)),
              "For b0 the slopes of tanh enter twice."),
        Wrong("zero", lambda *a: _rows(*a, b1=0 * a[0]),
              "For b1 you return zeros. b1 is added to the output of the block: does L not change with it?"),
        Wrong("value instead of derivative", lambda r, W0, b0, W1, b1, x: {
              "x": x.T, "b0": np.tanh(W0 @ x + b0).T, "b1": (x + W1 @ np.tanh(W0 @ x + b0) + b1).T},
              "These are the values of the nodes. The exercise asks how L changes with x, b0 and b1."),
        Wrong("reversed product", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ W0.T @ np.diag(_slope(W0 @ x + b0).ravel()) @ W1.T),
              f"For x, the matrices are transposed and stand in the order in which the block runs. On the way back, "
              f"which of them comes first? {SKIP}"),
        Wrong("reversed product", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + r @ W0 @ np.diag(_slope(W0 @ x + b0).ravel()) @ W1),
              f"For x, the factors stand in the order in which the block runs. On the way back, which of them comes "
              f"first? {SKIP}"),
        Wrong("transposed", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, b0=r @ W1.T @ np.diag(_slope(W0 @ x + b0).ravel())),
              f"For b0, W1 is transposed. That is how a column walks back; r is a row. {SKIP}"),
        Wrong("counted twice", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=r + (r @ W1 + r) @ np.diag(_slope(W0 @ x + b0).ravel()) @ W0),
              f"For x, a third path passes layer 0 and leaves out layer 1. Where does the skip begin? {SKIP}"),
        Wrong("counted twice", lambda r, W0, b0, W1, b1, x: _rows(
              r, W0, b0, W1, b1, x, x=_rows(r, W0, b0, W1, b1, x)["x"] + r @ W1),
              f"For x, a third path passes layer 1 and leaves out layer 0. Where does the skip end? {SKIP}"),
        Wrong("transposed", lambda *a: {key: row.T for key, row in _rows(*a).items()},
              "The right numbers, as columns. The exercise asks for derivatives, which are rows."),
        slips.flattened(lambda *a: _rows(*a), SKIP),
        Wrong("factor 1/2", lambda *a: _rows(*a, x=_rows(*a)["x"] / 2),
              "For x you took the mean of two terms. What does lesson 05 do with the paths?"),
        Wrong("z for n", lambda r, W0, b0, W1, b1, x: _rows(r, W0, b0, W1, b1, x, b0=r @ W1 * (1 - b0**2).T),
              f"For b0 the slopes are made of b0 itself. They belong to the value that tanh gives. {SKIP}"),
        *(Wrong("wrong variable", lambda r, W0, b0, W1, b1, x, long=long: _rows(
                r, W0, b0, W1, b1, x, x=long(r, W1, np.diag(_slope(W0 @ x + b0).ravel()) @ W0)),
                f"For x, your I stands beside one of the two layers: a skip over that layer alone. Over what does this "
                f"one lead? {SKIP}")
          for long in (lambda r, W1, J: r @ W1 @ (J + np.eye(*J.shape)), lambda r, W1, J: r @ (
              W1 + np.eye(*W1.shape)) @ J)),
        Wrong("constant kept", lambda *a: _rows(*a, b1=a[0] * a[4].T),
              f"For b1 every entry is multiplied by the bias itself. What is added has the slope 1. {LAST}"),
        *(Wrong("reversed product", lambda r, W0, b0, W1, b1, x, key=key, way=way: _rows(
                r, W0, b0, W1, b1, x, **{key: way(r, W0, W1, np.diag(_slope(W0 @ x + b0).ravel()))}),
                f"For {key}, the slopes stand before W1. What comes back from the sum meets W1 first. {SKIP}")
          for key, way in (("b0", lambda r, W0, W1, D: r @ D @ W1), ("x", lambda r, W0, W1, D: r + r @ D @ W1 @ W0))),
        *(Wrong("transposed", lambda r, W0, b0, W1, b1, x, change=change: change(
                r, W0, W1, np.diag(_slope(W0 @ x + b0).ravel())),
                f"{which} is transposed in your product. A row walks back through a matrix as it is. {SKIP}")
          for which, change in (
              ("W1", lambda r, W0, W1, D: {"x": r + r @ W1.T @ D @ W0, "b0": r @ W1.T @ D, "b1": r.copy()}),
              ("W0", lambda r, W0, W1, D: {"x": r + r @ W1 @ D @ W0.T, "b0": r @ W1 @ D, "b1": r.copy()}))),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (4, 2), (1, 3), *self.more((5, 2), (3, 4))):
            yield {
                "r": rng.normal(size=(1, N)),
                "W0": rng.normal(size=(M, N)),
                "b0": rng.normal(size=(M, 1)),
                "W1": rng.normal(size=(N, M)),
                "b1": rng.normal(size=(N, 1)),
                "x": rng.normal(size=(N, 1)),
            }

    def solution(self, r, W0, b0, W1, b1, x):
        D0 = np.diag(1 - np.tanh(W0 @ x + b0).ravel() ** 2)
        by_b0 = r @ W1 @ D0
        return {"x": r + by_b0 @ W0, "b0": by_b0, "b1": r}


def _tied(W, x, slope=_slope, factor=2.0):
    """u, n⁽⁰⁾ and δ of the tied network, and its two terms for W."""
    z = W @ x
    n = np.tanh(z)
    u = factor * (W.T @ n - x)
    delta = slope(z) * (W @ u)
    return u, n, delta, delta @ x.T, n @ u.T


def _answer(W, x, slope=_slope, factor=2.0, /, **other):
    u, _, delta, first, second = _tied(W, x, slope, factor)
    return {"W": first + second, "x": W.T @ delta - u} | other


def _through(W, x, back):
    """The answer when `back` stands for W u, the gradient with respect to n⁽⁰⁾."""
    u, _, _, _, second = _tied(W, x)
    delta = _slope(W @ x) * back
    return {"W": delta @ x.T + second, "x": W.T @ delta - u}


def _without_label(W, x):
    """The answer for L = ‖Wᵀn‖²."""
    n = np.tanh(W @ x)
    u = 2 * W.T @ n
    delta = _slope(W @ x) * (W @ u)
    return {"W": delta @ x.T + n @ u.T, "x": W.T @ delta}


def _twice_tanh(W, x, forward=np.tanh, of_label=lambda label, u: label, slope=_slope):
    """The answer for n⁽¹⁾ = tanh(Wᵀ n⁽⁰⁾), or that of one who puts this tanh into the way back only."""
    n = np.tanh(W @ x)
    z = W.T @ n
    label = 2 * (forward(z) - x)
    u = label * slope(z)
    delta = _slope(W @ x) * (W @ u)
    return {"W": delta @ x.T + n @ u.T, "x": W.T @ delta - of_label(label, u)}


class TiedWeights(Exercise):
    id = "11.4"
    title = "There and back with one matrix"
    points = 3
    name = "tied_gradients"
    arguments = ("W", "x")
    returns = 'a dict {"W": (M, N), "x": (N, 1)}'
    derivation_is_asked = True
    hints = (
        "Draw the graph: W has two arrows, and so has x. One term for each arrow.",
        "The use at the end: entry j of Wᵀn is the sum of W_ij n_i over i. Which slope does that give for W_ij?",
        "With u the gradient with respect to Wᵀn, a column (N, 1): one of the terms for W holds u once more times W, "
        "the slopes and x; the other holds n and u alone.",
    )
    because = (
        "With u = 2(Wᵀn - x) and delta = σ'(Wx) ⊙ Wu, the first use of W adds delta xᵀ and the second n uᵀ. x reaches "
        "L through the layers, Wᵀdelta, and as the label, -u."
    )
    mistakes = (
        Wrong("one use only", lambda W, x: _answer(W, x, W=_tied(W, x)[3]),
              f"For W you count its use at the beginning. It has two arrows. {TWICE}"),
        Wrong("one use only", lambda W, x: _answer(W, x, W=_tied(W, x)[4]),
              f"For W you count its use at the end. It has two arrows. {TWICE}"),
        Wrong("constant factor", lambda W, x: _answer(W, x, W=(_tied(W, x)[3] + _tied(W, x)[4]) / 2),
              f"For W you took the mean of two terms. What does lesson 05 do with the paths? {TWICE}"),
        Wrong("counted twice", lambda W, x: _answer(W, x, W=2 * _tied(W, x)[3]),
              f"For W you took the term of the first use twice. The second use meets other numbers. {TWICE}"),
        Wrong("counted twice", lambda W, x: _answer(W, x, W=2 * _tied(W, x)[4]),
              f"For W you took the term of the second use twice. The first use meets other numbers. {TWICE}"),
        Wrong("transposed", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _tied(W, x)[0] @ _tied(W, x)[1].T),
              "For W, the term of the second use is that of Wᵀ, in the shape of Wᵀ. Which entries of W stand in column "
              "j of it?"),
        Wrong("dropped path", lambda W, x: _answer(W, x, x=W.T @ _tied(W, x)[2]),
              f"For x you follow the layers only. Where else does x enter the loss? {LAST}"),
        Wrong("dropped path", lambda W, x: _answer(W, x, x=-_tied(W, x)[0]),
              f"For x you follow the label only. x goes through the layers as well. {LAST}"),
        Wrong("sign", lambda W, x: _answer(W, x, x=W.T @ _tied(W, x)[2] + _tied(W, x)[0]),
              "For x, the term of the label has the wrong sign: how does L change when the label alone moves?"),
        Wrong("sign", lambda W, x: {key: -value for key, value in _answer(W, x).items()},
              "Every sign is wrong: which of the two is subtracted in the loss?"),
        Wrong("factor 1/2", lambda W, x: _answer(W, x, _slope, 1.0),
              "Every entry is half of what it should be: the loss is a sum of squares (lesson 10)."),
        Wrong("outer derivative forgotten", lambda W, x: _answer(W, x, np.ones_like),
              "The slopes of tanh are missing from the path through the first use of W (lesson 09)."),
        Wrong("outer derivative forgotten", lambda W, x: _answer(W, x, W=_slope(W @ x) @ x.T + _tied(W, x)[4]),
              f"For W, the term of the first use holds the slopes and x only. What comes down from the loss? {TWICE}"),
        Wrong("outer derivative forgotten", lambda W, x: _answer(W, x, x=W.T @ W @ _tied(W, x)[0] - _tied(W, x)[0]),
              "For x, the slopes of tanh are missing from the path through the layers."),
        Wrong("transposed", lambda W, x: _through(W, x, W.T @ _tied(W, x)[0]),
              "On the way back through the second use you multiply by Wᵀ. Forwards that use is Wᵀ already; what turns "
              "its gradient round?"),
        Wrong("inner derivative forgotten", lambda W, x: _through(W, x, _tied(W, x)[0]),
              f"u is multiplied by the slopes at once. Between the loss and the activation lies the second use of W. "
              f"{TWICE}"),
        Wrong("inner derivative forgotten", lambda W, x: _answer(W, x, x=_tied(W, x)[2] - _tied(W, x)[0]),
              "For x you stop at the input of the activation. One factor is left on the way to x."),
        Wrong("counted twice", lambda W, x: _answer(W, x, x=_answer(W, x)["x"] - _tied(W, x)[0]),
              "For x, the term of the label is counted twice."),
        Wrong("wrong variable", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _tied(W, x)[1] @ x.T),
              f"For W, no gradient of the loss enters the term of the second use. {TWICE}"),
        Wrong("wrong variable", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _tied(W, x)[2] @ _tied(W, x)[0].T),
              f"For W, the term of the second use holds delta, which belongs to the first. What does W meet there, on "
              f"the way forward? {TWICE}"),
        Wrong("wrong concept", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _tied(W, x)[1] @ (
              _slope(W.T @ _tied(W, x)[1]) * _tied(W, x)[0]).T),
              "For W, the term of the second use holds a slope of tanh. The second layer has no activation."),
        Wrong("wrong concept", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _slope(W @ x) * _tied(W, x)[4]),
              "For W, the slopes of tanh stand in the term of the second use, too. That use comes after tanh. "
              f"{TWICE}"),
        Wrong("wrong layer's input", lambda W, x: _answer(W, x, W=_tied(W, x)[2] @ _tied(W, x)[0].T + _tied(W, x)[4]),
              f"For W, u stands in the place of the input in the term of the first use. What does W meet there, on the "
              f"way forward? {TWICE}"),
        Wrong("constant factor", lambda W, x: {key: value / len(x) for key, value in _answer(W, x).items()},
              "Every entry is divided by N. The loss here is the sum of the squares, not their mean."),
        Wrong("square forgotten", lambda W, x: {
              key: value / np.sqrt((_tied(W, x)[0] ** 2).sum()) for key, value in _answer(W, x).items()},
              "You differentiated the length of n1 - x. The loss is its square."),
        Wrong("outer derivative forgotten", lambda W, x: _answer(W, x, x=W.T @ _tied(W, x)[2] - 1),
              "For x, a 1 is subtracted for the label. By how much L changes with the label is a column."),
        Wrong("z for n", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + W @ x @ _tied(W, x)[0].T),
              f"For W, the term of the second use holds z. What does the second use meet on the way forward? {TWICE}"),
        Wrong("sign", lambda W, x: _answer(W, x, W=_tied(W, x)[3] - _tied(W, x)[4]),
              f"For W, one term is subtracted from the other. {TWICE}"),
        Wrong("sign", lambda W, x: _answer(W, x, W=_tied(W, x)[4] - _tied(W, x)[3]),
              f"For W, the term of the first use is subtracted. {TWICE}"),
        Wrong("wrong variable", lambda W, x: _answer(W, x, x=W.T @ _tied(W, x)[2] - x),
              "For x, the value of the label was subtracted. What is missing is the slope of L in the label."),
        Wrong("term missing", lambda W, x: _without_label(W, x),
              "x does not enter as the label: the loss compares Wᵀn with x."),
        Wrong("elementwise product", lambda W, x: _answer(W, x, W=_tied(W, x)[2] * x + _tied(W, x)[4]),
              f"For W, two columns are multiplied entry by entry; for a matrix a column meets a row. {TWICE}"),
        Wrong("product for sum", lambda W, x: _answer(W, x, W=_tied(W, x)[3] @ _tied(W, x)[4]),
              f"For W, the terms of the two uses meet in a matrix product. {TWICE}"),
        Wrong("factor 1/2", lambda W, x: _answer(W, x, W=_tied(W, x)[3] + _tied(W, x)[4] / 2),
              f"For W, the term of the second use is half of what it should be. {TWICE}"),
        Wrong("factor 1/2", lambda W, x: _answer(W, x, W=_tied(W, x)[3] / 2 + _tied(W, x)[4]),
              f"For W, the term of the first use is half of what it should be. {TWICE}"),
        *(Wrong("wrong variable", lambda W, x, factor=factor: _answer(W, x, x=W.T @ _tied(W, x)[2] + factor * x),
                f"For x, a multiple of the label itself stands for the slope of L in {it}.")
          for factor, it in ((1, "the label"), (-2, "it"))),
        Wrong("wrong concept", lambda W, x: _twice_tanh(W, x),
              "You give both layers a tanh. The formula for n1 has none."),
        *(Wrong("wrong concept", lambda W, x, of_label=of_label: _twice_tanh(W, x, lambda z: z, of_label),
                f"Between the loss and the second use of W you put a slope of tanh. Has the formula for n1 a tanh? "
                f"{TWICE}")
          for of_label in (lambda label, u: label, lambda label, u: u)),
        Wrong("factor 1/2", lambda W, x: _answer(W, x, x=W.T @ _tied(W, x)[2] - _tied(W, x)[0] / 2),
              "For x, the term of the label is half of what it should be: it is the slope of a square, too."),
        *slips.slopes_of_tanh(lambda slope: lambda W, x: _answer(W, x, slope), TWICE),
        Wrong("product for sum", lambda W, x: _answer(W, x, W=_tied(W, x)[3] * _tied(W, x)[4]),
              f"For W, the terms of the two uses are multiplied. {TWICE}"),
        Wrong("transposed", lambda W, x: {key: value.T for key, value in _answer(W, x).items()},
              "The right numbers, transposed. A gradient has the shape of its namesake."),
        Wrong("reshaped", lambda W, x: _answer(
              W, x, W=_tied(W, x)[3] + (_tied(W, x)[0] @ _tied(W, x)[1].T).reshape(W.shape)),
              "For W, reshape gives the term of the second use the right shape, but fills its entries in again in "
              "their order. It does not exchange rows and columns."),
        Wrong("precedence", lambda W, x: _answer(
              W, x, x=W.T @ _slope(W @ x) * W @ _tied(W, x)[0] - _tied(W, x)[0]),
              "For x, @ and * are worked out from left to right: Wᵀ meets the slopes first, and the result then "
              "multiplies W entry by entry."),
        Wrong("coincidence", lambda W, x: _answer(W, x, lambda z: np.diag(_slope(z).squeeze()) @ np.ones_like(z)),
              "squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              "for np.diag."),
        Wrong("reshaped", lambda W, x: _answer(
              W, x, W=(x @ _tied(W, x)[2].T).reshape(W.shape) + _tied(W, x)[4]),
              "For W, reshape gives the term of the first use the right shape, but fills its entries in again in "
              "their order. It does not exchange rows and columns."),
        Wrong("reshaped", lambda W, x: _answer(W, x, W=_answer(W, x)["W"].T.reshape(W.shape)),
              "For W, reshape gives your sum the right shape, but fills its entries in again in their order. It does "
              "not exchange rows and columns."),
        *(Wrong("wrong variable", lambda W, x, k=k: _answer(
                W, x, W=_tied(W, x)[3] + k * _tied(W, x)[1] @ (W.T @ _tied(W, x)[1]).T),
                f"For W, the output n1 itself stands in the term of the second use. How steep is L there? {TWICE}")
          for k in (2, 1)),
        *(Wrong("wrong variable", lambda W, x, k=k: _through(W, x, W @ (k * W.T @ _tied(W, x)[1])),
                f"Back through the second use you hand the output n1 itself. How steep is L there? {TWICE}")
          for k in (2, 1)),
        *(Wrong("wrong variable", lambda W, x, k=k: _answer(
                W, x, x=W.T @ _tied(W, x)[2] - k * W.T @ _tied(W, x)[1]),
                "For x, the output n1 is subtracted, or a multiple of it. By how much does L change with the label?")
          for k in (2, 1)),
        *(Wrong("slope at the wrong point", lambda W, x, slope=slope: _answer(W, x, lambda z: slope(x)),
                f"The slopes are those at x, the input of the layer. The activation receives something else. {TWICE}")
          for slope in (_slope, lambda x: 1 - x**2)),
        slips.flattened(lambda W, x: _answer(W, x), TWICE),
        *(Wrong("wrong concept", lambda W, x, of_label=of_label: _twice_tanh(
                W, x, lambda z: z, of_label, lambda z: 1 - z**2),
                f"One minus the square of n1 stands between the loss and the second use of W, as if n1 were a value of "
                f"tanh. Has its formula one? {TWICE}")
          for of_label in (lambda label, u: label, lambda label, u: u)),
        Wrong("factor 1/2", lambda W, x: {"W": _answer(W, x)["W"] / 2, "x": W.T @ _tied(W, x)[2] / 2},
              f"The 2 of the square is lost in both. And for x you follow the layers only: where else does x enter the "
              f"loss? {LAST}"),
        Wrong("constant factor", lambda W, x: _answer(W, x, x=_answer(W, x)["x"] / 2),
              "For x you took the mean of two terms. Paths are added up."),
        Wrong("one use only", lambda W, x: _answer(W, x, W=_tied(W, x)[3], x=W.T @ _tied(W, x)[2]),
              f"For W and for x only the path through all layers is there. Each of them has two arrows. {TWICE}"),
        *(Wrong("wrong variable", lambda W, x, k=k: _answer(W, x, W=_tied(W, x)[3] + k * _tied(W, x)[1] @ x.T),
                f"For W, a multiple of the label stands in the term of the second use. How steep is L there? {TWICE}")
          for k in (2, -2)),
        Wrong("wrong layer's input", lambda W, x: _answer(
              W, x, W=_tied(W, x)[2] @ _tied(W, x)[1].T + _tied(W, x)[4]),
              f"For W, n0 stands in the term of the first use. What does W meet there, on the way forward? {TWICE}"),
        Wrong("transposed", lambda W, x: _answer(W, x, x=W @ _tied(W, x)[2] - _tied(W, x)[0]),
              "For x, the way back through the first use meets W as it is. Forwards it is W; what turns its gradient "
              "round?"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 4), (4, 3), (1, 3), *self.more((2, 5), (5, 2))):
            yield {"W": rng.normal(size=(M, N)), "x": rng.normal(size=(N, 1))}

    def solution(self, W, x):
        n = np.tanh(W @ x)
        u = 2 * (W.T @ n - x)
        delta = (1 - n**2) * (W @ u)
        return {"W": delta @ x.T + n @ u.T, "x": W.T @ delta - u}


EXERCISES = [RepairTheProduct, TheEmptyProduct, ASkipOverTwoLayers, TiedWeights]
