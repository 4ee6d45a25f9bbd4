"""The exercises of lesson 20: a tape by hand, the rule of a new operation, dual numbers, and a tape with two faults."""

from itertools import combinations

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips

HAND, RULES, WALK = slips.see("By hand, with a pencil", "From slopes to rules", "The walk")
[FORWARD] = slips.see("The other order")


def _by_hand(
    collect=lambda shares: sum(shares),
    *,
    c_to=(9, 6),
    b_to=(1, 1),
    a_to=(3, 2),
    minus=-1,
    early=False,
    start=1,
    without=(),
):
    """The answer of 20.1 with other parts.

    collect: what becomes of the shares of a value; c_to, b_to, a_to: the slopes of c, b, a in their inputs;
    minus: the slope of L in x; early: a sends what it has before its second share; without: (line, input) left out.
    """
    shares = {name: [] for name in "abcxy"}

    def send(line, to, slope, u):
        if (line, to) not in without:
            shares[to].append(slope * u)

    send("L", "c", 1, start)
    send("L", "x", minus, start)
    c = collect(shares["c"])
    send("c", "a", c_to[0], c)
    send("c", "b", c_to[1], c)
    first = collect(shares["a"]) if shares["a"] else 0
    b = collect(shares["b"])
    send("b", "a", b_to[0], b)
    send("b", "y", b_to[1], b)
    a = first if early else collect(shares["a"])
    send("a", "x", a_to[0], a)
    send("a", "y", a_to[1], a)
    return {name: float(collect(found)) for name, found in shares.items()}


class AValueUsedTwice(Exercise):
    id = "20.1"
    title = "A value used twice"
    name = "by_hand"
    returns = "a dict of five numbers"
    hints = (
        "Write a table with a line for x, y, a, b, c and L, their values, and the slope of each in its inputs.",
        "Begin with u = 1 at L. Which two values does L use, and with which slopes?",
        "a is used in two lines, and so are x and y. Do not go on from a before both of its shares are there.",
    )
    because = (
        "L sends 1 to c and -1 to x; c sends 9 to a and 6 to b; b sends 6 to a and 6 to y; a has 9 + 6 = 15 and sends "
        "45 to x and 30 to y."
    )
    mistakes = (
        Wrong("one use only", lambda: _by_hand(lambda shares: shares[-1]),
              f"Where a value is used twice, only the share that came last is kept. {HAND}"),
        Wrong("one use only", lambda: _by_hand(lambda shares: shares[0]),
              f"Where a value is used twice, only the share that came first is kept. {HAND}"),
        Wrong("dropped path", lambda: _by_hand(early=True),
              f"a has gone on too early, before all of its uses had sent their shares. Its own entry is right; what it "
              f"sent down is not. {HAND}"),
        *(Wrong("dropped path", lambda changed=changed: _by_hand() | changed,
                f"a sends down its whole u, both shares together. To one of its inputs it has sent only a part. {HAND}")
          for changed in ({"y": 24.0}, {"x": 26.0})),
        Wrong("wrong variable", lambda: _by_hand() | {"x": 36.0, "y": 44.0},
              f"Which arrows leave x, and which leave y? Add up the shares of each by itself once more. {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("b", "a")]),
              f"a is used in two lines, and one of the uses has sent nothing. {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("c", "a")]),
              f"One of the two uses of a counts here, the sum; which is the other? {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("b", "y")]),
              f"y is used in two lines, and the second of them has sent nothing. {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("a", "y")]),
              f"y is used in two lines, and the first of them has sent nothing. {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("L", "x")]),
              f"x is used in two lines, and the last of them has sent nothing. {HAND}"),
        Wrong("one use only", lambda: _by_hand(without=[("a", "x")]),
              f"x is used in two lines, and the first of them has sent nothing. {HAND}"),
        Wrong("sign", lambda: _by_hand(minus=1),
              f"One slope on this tape is negative. {HAND}"),
        Wrong("sign", lambda: _by_hand() | {"x": -46.0},
              f"The two shares of x have opposite signs. Which of them is negative? {HAND}"),
        Wrong("sign", lambda: _by_hand() | {"x": -44.0},
              f"The sum of the shares of x has the wrong sign. Which of them is negative? {HAND}"),
        *(Wrong("counted twice", lambda changed=changed: _by_hand() | changed,
                f"One more than it should be: is a share counted that no line sends? {HAND}")
          for changed in ({"y": 37.0}, {"a": 16.0}, {"b": 7.0})),
        *(Wrong("counted twice", lambda changed=changed: _by_hand() | changed,
                f"One of the two shares is counted twice. Each line sends its share once. {HAND}")
          for changed in ({"y": 66.0}, {"y": 42.0}, {"x": 89.0})),
        Wrong("zero", lambda: _by_hand() | {"c": 0.0},
              f"Does L not change at all when c does? {HAND}"),
        Wrong("value instead of derivative", lambda: _by_hand() | {"b": 9.0},
              f"At b stands the value of b. What does the other factor of c send? {HAND}"),
        Wrong("sum for product", lambda: _by_hand(c_to=(1, 6)),
              f"c sends a its u unchanged, as a sum does. What is the slope of a product in one factor? {HAND}"),
        Wrong("sum for product", lambda: _by_hand(c_to=(1, 1)),
              f"c sends its u unchanged, as a sum does. What is the slope of a product in one factor? {HAND}"),
        Wrong("sum for product", lambda: _by_hand(a_to=(1, 1)),
              f"a sends its u unchanged, as a sum does. What is the slope of a product in one factor? {HAND}"),
        Wrong("sum for product", lambda: _by_hand(c_to=(1, 1), a_to=(1, 1)),
              f"Both products send u unchanged, as sums do. What is the slope of a product in one factor? {HAND}"),
        Wrong("product for sum", lambda: _by_hand(b_to=(3, 6)),
              f"b is treated as a product. It is a sum: what are its two slopes? {HAND}"),
        Wrong("wrong variable", lambda: _by_hand(b_to=(6, 3)),
              f"b multiplies by the values of what it adds. What are the two slopes of a sum? {HAND}"),
        Wrong("wrong variable", lambda: _by_hand(c_to=(6, 9), a_to=(2, 3)),
              f"In both products each factor got its own value as its slope. Which slope has a product in one factor? "
              f"{HAND}"),
        Wrong("wrong variable", lambda: _by_hand(a_to=(2, 3)),
              f"In one of the products the slopes of the two factors have changed places. {HAND}"),
        Wrong("wrong variable", lambda: _by_hand(c_to=(6, 9)),
              f"In the product that makes c the slopes of the two factors have changed places. {HAND}"),
        Wrong("upstream forgotten", lambda: {"a": 10.0, "b": 6.0, "c": 1.0, "x": 2.0, "y": 3.0},
              f"These are the slopes of the single lines, added up. A share is the slope times the u of the line. "
              f"{HAND}"),
        Wrong("upstream forgotten", lambda: {"a": 15.0, "b": 6.0, "c": 1.0, "x": 2.0, "y": 8.0},
              f"What a sends down is its slopes alone: where is its u? {HAND}"),
        Wrong("value instead of derivative", lambda: {"a": 6.0, "b": 9.0, "c": 54.0, "x": 2.0, "y": 3.0},
              f"What stands here is a value, from the way forward. The walk back is still to come. {HAND}"),
        Wrong("value instead of derivative", lambda: _by_hand(start=52),
              f"The walk begins with the value of L. How does L change with L? {HAND}"),
        Wrong("partial instead of total", lambda: {"a": 0.0, "b": 0.0, "c": 1.0, "x": -1.0, "y": 0.0},
              f"Only what stands in the last line itself is counted. L depends on the others through c. {HAND}"),
        Wrong("product for sum", lambda: _by_hand(np.prod),
              f"Shares that arrive at one value were multiplied. {HAND}"),
        Wrong("counted twice", lambda: {"a": 15.0, "b": 6.0, "c": 1.0, "x": 71.0, "y": 54.0},
              f"a has sent its shares twice, once before and once after its second share came in. {HAND}"),
        Wrong("constant factor", lambda: _by_hand(lambda shares: sum(shares) / len(shares)),
              f"The mean of the shares is taken. Two uses move L by more than one does. {HAND}"),
        Wrong("wrong variable", lambda: {"a": 3.0, "b": 3.0, "c": 45.0, "x": 44.0, "y": 0.0},
              f"You went forward: these say how the lines change with x. The exercise asks how L changes with each. "
              f"{HAND}"),
    )  # fmt: skip

    def solution(self):
        return {"a": 15.0, "b": 6.0, "c": 1.0, "x": 44.0, "y": 36.0}


def _from_below(u):
    return np.cumsum(u[::-1], axis=0)[::-1]


class RuleOfRunningSums(Exercise):
    id = "20.2"
    title = "The rule of one new operation"
    points = 2
    name = "rule_of_running_sums"
    arguments = ("u",)
    returns = "an array (N, B)"
    derivation_is_asked = True
    hints = (
        "Take one column with N = 3 and write down the three sums. In which of them does the second number occur?",
        "Row i of J belongs to the i-th sum: ones up to place i, then zeros. What does the transpose look like?",
        "Compute the share for a small u by hand, first of the last number, then of the one before it.",
    )
    because = "J has ones on and below its diagonal, its transpose on and above it: entry j collects u_j, …, u_N."
    mistakes = (
        Wrong("transposed", lambda u: np.cumsum(u, axis=0),
              f"You apply the operation once more, J u. A rule returns the product with the transposed Jacobian: who "
              f"uses the first number, and who the last? {RULES}"),
        Wrong("reversed order", lambda u: np.cumsum(u[::-1], axis=0),
              f"The sums are the right ones, in the wrong rows: where does the share of the first row stand? {RULES}"),
        Wrong("reversed order", lambda u: np.cumsum(u, axis=0)[::-1],
              f"The rows are turned round after the sums were formed from the top. Which u reach the last number? "
              f"{RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u[:, ::-1], axis=1)[:, ::-1],
              f"The sums run along the rows, from sample to sample. The operation treats each column for itself. "
              f"{RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u, axis=1),
              f"These sums run along the rows, and forward. The operation treats each column for itself. {RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u.ravel()[::-1])[::-1].reshape(u.shape),
              f"Without an axis the sums run through all entries, from one sample into the next. {RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u[::-1]).reshape(u.shape)[::-1],
              f"Without an axis the sums run through all entries, from one sample into the next. {RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u).reshape(u.shape),
              f"Without an axis the sums run through all entries, from one sample into the next; and besides, they are "
              f"those of the operation itself, from the top. {RULES}"),
        Wrong("wrong axis", lambda u: u.sum() - np.cumsum(u, axis=0) + u,
              f"The sum from which you subtract is that of all samples. Each column is treated for itself. {RULES}"),
        Wrong("term missing", lambda u: u.sum() - np.cumsum(u, axis=0),
              f"The sum from which you subtract is that of all samples, and each row lacks its own u. {RULES}"),
        Wrong("counted twice", lambda u: np.cumsum(u, axis=0) + u,
              f"The sums run from the top, and each row counts its own u once more. Which running sums contain a "
              f"number? {RULES}"),
        Wrong("reversed order", lambda u: np.cumsum(u[::-1], axis=0) - u,
              f"u is subtracted while the sums still stand upside down: turn them round first. And does a sum lack the "
              f"u of its own row? {RULES}"),
        Wrong("reversed order", lambda u: np.cumsum(u[::-1], axis=0) - u[::-1],
              f"Two things: the sums stand upside down, and each lacks a u. Does the i-th running sum contain the i-th "
              f"number? {RULES}"),
        Wrong("wrong axis", lambda u: np.cumsum(u[:, ::-1], axis=1),
              f"The sums run along the rows, from sample to sample, and are not turned back. The operation treats each "
              f"column for itself. {RULES}"),
        Wrong("counted twice", lambda u: np.cumsum(np.cumsum(u, axis=0), axis=0),
              f"The operation is applied to u, and then once more. A rule returns the product of u with the transposed "
              f"Jacobian. {RULES}"),
        *(Wrong("flattened", sums, f"Without an axis, cumsum makes one long row of all entries. {RULES}")
          for sums in (lambda u: np.cumsum(u[::-1]), lambda u: np.cumsum(u[::-1])[::-1],
                       lambda u: np.cumsum(u.ravel()[::-1])[::-1])),
        Wrong("summed too early", lambda u: u.sum(axis=0, keepdims=True) + 0 * u,
              f"Every row gets the whole sum. Does the last number occur in every running sum? {RULES}"),
        Wrong("summed too early", lambda u: u.sum(axis=0, keepdims=True),
              f"One row is left of N. Each of the N numbers has a share of its own. {RULES}"),
        Wrong("summed too early", lambda u: u.sum(axis=0),
              f"One number for each sample is left. Each of the N numbers in a column has a share of its own. {RULES}"),
        Wrong("summed too early", lambda u: float(u.sum()),
              f"All is added up to one number. Each entry of A has a share of its own. {RULES}"),
        Wrong("wrong axis", lambda u: _from_below(u).sum(axis=1, keepdims=True) + 0 * u,
              f"The sums run over the samples as well. Each column is treated for itself: sum along one axis only. "
              f"{RULES}"),
        *(Wrong("summed too early", lambda u, keep=keep: _from_below(u).sum(axis=1, keepdims=keep),
                f"The samples have been added up, as for a bias, which was stretched over them. A was not: each column "
                f"has a share of its own. {RULES}")
          for keep in (False, True)),
        Wrong("constant factor", lambda u: u * len(u),
              f"u is multiplied by N. How many running sums contain the first number, and how many the last? {RULES}"),
        Wrong("counted twice", lambda u: _from_below(u) + np.cumsum(u, axis=0),
              f"The sums from above are added to those from below. Which running sums contain a number? {RULES}"),
        Wrong("reversed order", lambda u: u[::-1].copy(),
              f"u is turned upside down, and nothing is added. {RULES}"),
        Wrong("reversed order", lambda u: np.cumsum(u, axis=0)[::-1, ::-1],
              f"The sums from the top were turned round, and the samples with them. {RULES}"),
        Wrong("transposed", lambda u: _from_below(u).T,
              f"The numbers are right, in rows and columns that have changed places. Samples stay columns. {RULES}"),
        Wrong("transposed", lambda u: np.cumsum(u, axis=0).T,
              f"These are the running sums of u itself, and transposed. Not the result is to be transposed, but the "
              f"Jacobian. {RULES}"),
        Wrong("transposed", lambda u: np.triu(np.ones((len(u), len(u)))) @ u.T,
              f"u has been transposed. Each sample is a column, and the matrix stands at its left. {RULES}"),
        Wrong("elementwise product", lambda u: np.triu(np.ones((len(u), len(u)))) * u,
              f"The matrix meets u entry by entry. A matrix product is @. {RULES}"),
        Wrong("elementwise product", lambda u: np.tril(np.ones((len(u), len(u)))) * u,
              f"The Jacobian meets u entry by entry. A matrix product is @, and here with the transpose. {RULES}"),
        Wrong("elementwise product", lambda u: np.sum(np.triu(np.ones((len(u), len(u)))) * u, axis=1),
              f"The matrix meets u entry by entry, and is summed up after that. For several samples use @. {RULES}"),
        Wrong("elementwise product", lambda u: _from_below(u) * u,
              f"Every sum is multiplied by the u of its own row once more. {RULES}"),
        Wrong("elementwise product", lambda u: _from_below(u) * np.cumsum(u, axis=0),
              f"The sums from above and from below are multiplied. Which of them is the share? {RULES}"),
        Wrong("first only", lambda u: np.vstack([u[:1], np.zeros((len(u) - 1, u.shape[1]))]),
              f"Only the first row is filled. Is the return inside the loop? {RULES}"),
        Wrong("first only", lambda u: np.vstack([u.sum(axis=0, keepdims=True), np.zeros((len(u) - 1, u.shape[1]))]),
              f"Only the first row is filled, and its sum is right. Is the return inside the loop? {RULES}"),
        Wrong("last dropped", lambda u: _from_below(u)[:-1],
              "The last row is missing: range(n) stops before n by itself."),
        Wrong("last dropped", lambda u: np.vstack([_from_below(u)[:-1], np.zeros((1, u.shape[1]))]),
              f"The last row is still zero. In how many running sums does the last number occur? {RULES}"),
        Wrong("upstream forgotten", np.ones_like,
              f"Ones, whatever u is. The share is made of u. {RULES}"),
        Wrong("upstream forgotten", lambda u: np.arange(len(u), 0, -1.0).reshape(-1, 1),
              f"You count in how many sums a number occurs; u does not enter, and the samples are lost. {RULES}"),
        Wrong("left as it was", lambda u: u.copy(),
              f"u comes out as it went in: that is the rule of an operation whose outputs each see one input, with "
              f"slope 1. {RULES}"),
        Wrong("term missing", lambda u: _from_below(u) - u,
              f"A sum lacks the u of its own row. Does the i-th running sum contain the i-th number? {RULES}"),
        Wrong("term missing", lambda u: np.cumsum(u, axis=0) - u,
              f"These are the sums over the rows above, without the own one. In which running sums does a number "
              f"occur? {RULES}"),
        Wrong("upstream forgotten", lambda u: np.arange(len(u), 0, -1.0).reshape(-1, 1) + 0 * u,
              f"You count in how many sums a number occurs. Each of them has its own u. {RULES}"),
        Wrong("dropped path", lambda u: np.arange(len(u), 0, -1.0).reshape(-1, 1) * u,
              f"Every row takes its own u once for each use. The uses stand in different rows, and each brings the u "
              f"of the row in which it stands. {RULES}"),
        Wrong("dropped path", lambda u: np.arange(1.0, len(u) + 1).reshape(-1, 1) * u,
              f"Only the u of its own row enters, times a number. Which rows of u depend on a number? {RULES}"),
        Wrong("dropped path", lambda u: u + np.vstack([u[1:], np.zeros((1, u.shape[1]))]),
              f"Each number gets the u of two rows, its own and the next. Where else does it occur? {RULES}"),
        Wrong("wrong concept", lambda u: np.diff(u, axis=0, prepend=0.0),
              f"Differences undo running sums. The exercise does not ask for the way back to A, but how L changes "
              f"with A. {RULES}"),
        Wrong("wrong concept", lambda u: u - np.vstack([u[1:], np.zeros((1, u.shape[1]))]),
              f"This is the inverse of the right matrix: differences in the place of sums. {RULES}"),
        Wrong("upstream forgotten", lambda u: np.tril(np.ones((len(u), len(u)))),
              f"This is the Jacobian. The rule returns its product with u, and never needs the matrix. {RULES}"),
        Wrong("upstream forgotten", lambda u: np.triu(np.ones((len(u), len(u)))),
              f"This is a matrix of the operation, and u has not met it. {RULES}"),
        Wrong("one sample only", lambda u: _from_below(u)[:, :1],
              f"One column is left. Every sample has a share of its own. {RULES}"),
        Wrong("reversed order", lambda u: np.flip(np.cumsum(np.flip(u, axis=0), axis=0)),
              f"np.flip without an axis turns the samples round as well. {RULES}"),
        Wrong("reversed product", lambda u: u @ np.tril(np.ones((len(u), len(u)))),
              f"The matrix stands at the right of u, where it meets the samples. For a column, which side is it on? "
              f"{RULES}"),
        Wrong("divided by B", lambda u: _from_below(u) / u.shape[1],
              f"You divide by the number of samples. The 1/B is in the loss, and has come down with u. {RULES}"),
        Wrong("not summed", lambda u: np.tril(np.ones((len(u), len(u))))[:, :, None] * u,
              f"The products stand side by side, an axis too many; the share is their sum. {RULES}"),
        Wrong("constant factor", lambda u: _from_below(u) / np.arange(len(u), 0, -1.0).reshape(-1, 1),
              f"You take means. The operation adds, and divides by nothing. {RULES}"),
        Wrong("constant factor", lambda u: _from_below(u) / len(u),
              f"You divide by N. Does the operation divide by anything? {RULES}"),
    )  # fmt: skip

    def cases(self, rng):
        for shape in ((4, 1), (3, 5), (5, 2), *self.more((6, 3), (2, 7))):
            yield {"u": rng.normal(size=shape)}

    def solution(self, u):
        return np.cumsum(u[::-1], axis=0)[::-1]


def _forward(
    W, dW, x, dx, y, *, dz=lambda W, dW, x, dx: dW @ x + W @ dx, slope=lambda z: 1 - np.tanh(z) ** 2,
    value=lambda r: (r * r).sum(), dL=lambda r, dn, n, y: 2 * (r * dn).sum(), sigma=np.tanh,
):  # fmt: skip
    """The answer of 20.3 with other parts."""
    z = W @ x
    n = sigma(z)
    dn = slope(z) * dz(W, dW, x, dx)
    r = n - y
    return float(value(r)), float(dL(r, dn, n, y))


def _with(**parts):
    return lambda *inputs: _forward(*inputs, **parts)


def _with_gradients(weights, input):
    """In place of the slope, the sum of all entries of the gradients for the weights, for the input, or for both."""

    def answer(W, dW, x, dx, y):
        delta = 2 * (np.tanh(W @ x) - y) * (1 - np.tanh(W @ x) ** 2)
        return _forward(W, dW, x, dx, y)[0], float(weights * (delta @ x.T).sum() + input * (W.T @ delta).sum())

    return answer


# A slip on the way of the second number, what it changes, and what is said of it where a second one is beside it.
SLIPS_OF_FORWARD = (
    ("term missing", {"dz": lambda W, dW, x, dx: W @ dx}, "the slope of the weights does not enter"),
    ("term missing", {"dz": lambda W, dW, x, dx: dW @ x}, "the slope of the input does not enter"),
    ("product for sum", {"dz": lambda W, dW, x, dx: dW @ dx},
     "the slopes of the two factors were multiplied with each other"),
    ("outer derivative forgotten", {"slope": np.ones_like}, "the slope of tanh is missing"),
    ("z for n", {"slope": lambda z: 1 - z**2}, "in the slope of tanh z stands where the value belongs"),
    ("square forgotten", {"slope": lambda z: 1 - np.tanh(z)}, "one minus the value is not yet the slope of tanh"),
    ("factor 1/2", {"dL": lambda r, dn, n, y: (r * dn).sum()}, "the square has lost a factor"),
    ("sign", {"dL": lambda r, dn, n, y: -2 * (r * dn).sum()}, "L' has the wrong sign"),
    ("power rule", {"dL": lambda r, dn, n, y: 2 * dn.sum()}, "the square of r has a slope that depends on r"),
)  # fmt: skip


class TwoSlopesOnTheirWay(Exercise):
    id = "20.3"
    title = "Two slopes on their way"
    points = 2
    name = "forward_mode"
    arguments = ("W", "dW", "x", "dx", "y")
    derivation_is_asked = True
    returns = "a tuple of two floats, (L, L')"
    hints = (
        "Go line by line: z = Wx, n = tanh(z), r = n - y, L. Beside each line write its slope along the direction.",
        "(W + εW')(x + εx') with ε² = 0: how many terms have one ε?",
        "y does not move. The square r·r is a product of two numbers that move alike.",
    )
    because = "z' = W'x + Wx', n' = (1 - n²) ⊙ z', r' = n', and L' = 2 rᵀr': one new line beside each old one."
    mistakes = (
        Wrong("term missing", _with(dz=lambda W, dW, x, dx: W @ dx),
              f"The slope of the weights does not enter: a product has two factors, and both move. {FORWARD}"),
        Wrong("term missing", _with(dz=lambda W, dW, x, dx: dW @ x),
              f"The slope of the input does not enter: a product has two factors, and both move. {FORWARD}"),
        Wrong("power rule", _with(dL=lambda r, dn, n, y: 2 * (r**2 * dn).sum()),
              f"The square is still there beside the factor 2. What is the slope of r · r? {FORWARD}"),
        Wrong("wrong concept", lambda W, dW, x, dx, y: (
              float(((np.tanh(W @ x) - y) ** 2).sum()), float(((np.tanh((W + dW) @ (x + dx)) - y) ** 2).sum())),
              f"This is the loss after a whole step, with ε = 1. The exercise asks for the slope at ε = 0. {FORWARD}"),
        Wrong("wrong concept", _with(dL=lambda r, dn, n, y: ((r + dn) ** 2).sum()),
              f"The slope is added to the value, and the loss taken of the sum. The two travel side by side. "
              f"{FORWARD}"),
        Wrong("product for sum", _with(dz=lambda W, dW, x, dx: dW @ dx),
              f"The slopes of the two factors were multiplied with each other. That term has ε². {FORWARD}"),
        Wrong("counted twice", _with(dz=lambda W, dW, x, dx: dW @ x + W @ dx + dW @ dx),
              f"One term too many: it has ε², which is 0. {FORWARD}"),
        Wrong("product for sum", _with(dz=lambda W, dW, x, dx: dW @ dx + W @ dx),
              f"In one term both factors are slopes. Each term of the product rule has one slope and one value. "
              f"{FORWARD}"),
        Wrong("product for sum", _with(dz=lambda W, dW, x, dx: dW @ dx + dW @ x),
              f"In one term of the product rule both factors are slopes. How many slopes has each term? {FORWARD}"),
        Wrong("product for sum", _with(dz=lambda W, dW, x, dx: (dW @ x) * (W @ dx)),
              f"The two terms of the product rule are multiplied with each other. {FORWARD}"),
        Wrong("wrong concept", _with(dz=lambda W, dW, x, dx: (W + dW) @ (x + dx)),
              f"For z' you take what z would be after a whole step. z' is how fast z changes, its own value left out. "
              f"{FORWARD}"),
        Wrong("term missing", lambda W, dW, x, dx, y: _forward(W, dW, x, dx, 0 * y),
              f"y enters neither L nor L'. The square is that of n - y. {FORWARD}"),
        Wrong("square forgotten", _with(
              value=np.linalg.norm, dL=lambda r, dn, n, y: (r * dn).sum() / np.linalg.norm(r)),
              f"You have the length and its slope. L is the square of the length. {FORWARD}"),
        Wrong("sign", _with(dz=lambda W, dW, x, dx: dW @ x - W @ dx),
              f"The two terms of the product rule are subtracted. {FORWARD}"),
        Wrong("sign", _with(dz=lambda W, dW, x, dx: W @ dx - dW @ x),
              f"Of the two terms of the product rule one has the wrong sign. {FORWARD}"),
        Wrong("outer derivative forgotten", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (dW @ x + (1 - np.tanh(W @ x) ** 2) * (W @ dx))).sum().item()),
              f"The part that comes from the weights has not met the slope of tanh. {FORWARD}"),
        Wrong("outer derivative forgotten", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (W @ dx + (1 - np.tanh(W @ x) ** 2) * (dW @ x))).sum().item()),
              f"The part that comes from the input has not met the slope of tanh. {FORWARD}"),
        Wrong("slope at the wrong point", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (1 - np.tanh(dW @ x + W @ dx) ** 2) * (dW @ x + W @ dx)).sum().item()),
              f"The slope of tanh is taken at the slope z'. It belongs at the value z. {FORWARD}"),
        *(Wrong("outer derivative forgotten", lambda W, dW, x, dx, y, of=of: (
                ((np.tanh(W @ x) - y) ** 2).sum().item(),
                (2 * (np.tanh(W @ x) - y) * (1 - of(dW @ x + W @ dx) ** 2)).sum().item()),
                f"z' stands inside the slope of tanh, where a value belongs. That slope is taken on the way of the "
                f"value, and then it meets z': how? {FORWARD}")
          for of in (lambda dz: dz, np.tanh)),
        *(Wrong("silent broadcast", _with(dz=dz),
                f"In z' a row and a column are added, and numpy makes an array with two long axes of them, without a "
                f"word. In which order do the factors stand on the way of the value? {FORWARD}")
          for dz in (lambda W, dW, x, dx: x.T @ dW.T + W @ dx, lambda W, dW, x, dx: dW @ x + dx.T @ W.T)),
        *(Wrong("direction ignored", _with_gradients(weights, input),
                f"{what} Which number along the direction W', x' do you want? {FORWARD}")
          for weights, input, what in (
              (1, 0, "L' is the sum of all entries of a gradient, that for the weights, whatever the direction is."),
              (0, 1, "L' is the sum of all entries of a gradient, that for the input, whatever the direction is."),
              (1, 1, "L' is the sum of all entries of two gradients, whatever the direction is."))),
        Wrong("slope at the wrong point", lambda W, dW, x, dx, y: (
              ((np.tanh((W + dW) @ (x + dx)) - y) ** 2).sum().item(),
              (2 * (np.tanh((W + dW) @ (x + dx)) - y) * (1 - np.tanh((W + dW) @ (x + dx)) ** 2)
               * (dW @ x + W @ dx)).sum().item()),
              f"Value and slope are taken where the weights and the input would be after a whole step. ε is no number: "
              f"they are taken at W and x. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(slope=lambda z: 1 / (1 - np.tanh(z) ** 2)),
              f"You divide by the slope of tanh. Does n move more, or less, where tanh is flat? {FORWARD}"),
        Wrong("another activation's slope", _with(slope=lambda z: (1 - np.tanh(z)) ** 2),
              f"The square reaches too far: 1 - n² is not (1 - n)². {FORWARD}"),
        Wrong("value instead of derivative", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * np.tanh(W @ x + dW @ x + W @ dx)).sum().item()),
              f"Value and slope were added and sent through tanh together. They go side by side. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: (r * r * dn).sum()),
              f"The square itself was multiplied by the slope n'. What is the slope of a square? {FORWARD}"),
        Wrong("precedence", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (1 - np.tanh(W @ x) ** 2 * (dW @ x + W @ dx))).sum().item()),
              "A product goes before a difference: the slope of tanh needs brackets around it."),
        Wrong("inner derivative forgotten", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (1 - np.tanh(W @ x) ** 2)).sum().item()),
              f"The directions W' and x' do not enter: what is multiplied by the slope of tanh? {FORWARD}"),
        Wrong("difference not divided", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * (np.tanh((W + dW) @ (x + dx)) - np.tanh(W @ x))).sum().item()),
              f"n' is the change of n over a whole step. A slope is the rate at its beginning. {FORWARD}"),
        Wrong("difference not divided", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (((np.tanh((W + dW) @ (x + dx)) - y) ** 2).sum() - ((np.tanh(W @ x) - y) ** 2).sum()).item()),
              f"This is how L changes over a whole step. A slope is the rate at its beginning. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(slope=np.ones_like),
              f"The slope of tanh is missing on the way of the second number. {FORWARD}"),
        Wrong("value instead of derivative", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y) * np.tanh(dW @ x + W @ dx)).sum().item()),
              f"tanh was applied to the slope. A slope is multiplied by the slope of tanh at the value. {FORWARD}"),
        *slips.slopes_of_tanh(lambda slope: _with(slope=slope), FORWARD),
        Wrong("factor 1/2", _with(dL=lambda r, dn, n, y: (r * dn).sum()),
              f"L' is half of what it should be. What does r·r become if both factors move? {FORWARD}"),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: (dn * dn).sum()),
              f"The slopes themselves were squared. The square is a product: use its rule. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: dn.sum()),
              f"Where L is formed, the slopes are only added up. The square has a slope, too. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: 2 * dn.sum()),
              f"The square of r has a slope that depends on r. {FORWARD}"),
        Wrong("inner derivative forgotten", _with(dL=lambda r, dn, n, y: 2 * r.sum()),
              f"L' does not depend on the directions at all: what has become of the slope of n? {FORWARD}"),
        Wrong("constant kept", _with(dL=lambda r, dn, n, y: 2 * (r * (dn - y)).sum()),
              f"y was subtracted from the slope as well. How does y move? {FORWARD}"),
        Wrong("constant kept", _with(dL=lambda r, dn, n, y: ((dn - y) ** 2).sum()),
              f"The loss was applied to the slope as if it were an output. {FORWARD}"),
        Wrong("constant kept", _with(dL=lambda r, dn, n, y: 2 * (n * dn).sum()),
              f"y does not enter L'. The square is that of n - y. {FORWARD}"),
        Wrong("summed too early", _with(dL=lambda r, dn, n, y: 2 * r.sum() * dn.sum()),
              f"The errors and the slopes were added up before they were multiplied. {FORWARD}"),
        Wrong("summed too early", _with(dL=lambda r, dn, n, y: 2 * (r * r).sum() * dn.sum()),
              f"L itself was multiplied by the slopes. What is the slope of the square of one entry? {FORWARD}"),
        Wrong("inner product", lambda W, dW, x, dx, y: (
              ((np.tanh(W @ x) - y) ** 2).sum().item(),
              (2 * (np.tanh(W @ x) - y).T @ (1 - np.tanh(W @ x) ** 2) * (dW @ x + W @ dx)).sum().item()),
              f"The errors and the slopes of tanh were made into one number before z' came in. Which entry of z' meets "
              f"which error? {FORWARD}"),
        Wrong("square forgotten", _with(slope=lambda z: 1 / np.cosh(z)),
              f"1/cosh z is not yet the slope of tanh: compare it at a few z with 1 - tanh² z. {FORWARD}"),
        Wrong("summed too early", _with(value=lambda r: r.sum() ** 2),
              "L is wrong: the errors were added up before they were squared."),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: 2 * (abs(r) * dn).sum()),
              f"The size of the error enters L', and its sign is lost. {FORWARD}"),
        Wrong("outer derivative forgotten", _with(dL=lambda r, dn, n, y: 2 * (dn * dn).sum()),
              f"The slope n' occurs twice in L', and the error not at all. {FORWARD}"),
        Wrong("not summed", lambda W, dW, x, dx, y: (
              (np.tanh(W @ x) - y) ** 2,
              2 * (np.tanh(W @ x) - y) * (1 - np.tanh(W @ x) ** 2) * (dW @ x + W @ dx)),
              "The parts stand side by side, one for each output. L is their sum, and so is its slope."),
        Wrong("last dropped", lambda *a: _forward(*a)[0],
              "Only the value is returned. The exercise asks for the pair, the value and its slope."),
        Wrong("first only", lambda *a: _forward(*a)[1],
              "Only the slope is returned. The exercise asks for the pair, the value and its slope."),
        Wrong("sign", _with(dL=lambda r, dn, n, y: -2 * (r * dn).sum()),
              f"L' has the wrong sign: which is subtracted from which, and which of the two moves? {FORWARD}"),
        Wrong("constant factor", _with(value=lambda r: (r * r).mean(), dL=lambda r, dn, n, y: 2 * (r * dn).mean()),
              f"You take the mean over the outputs. The loss here is a sum of squares. {FORWARD}"),
        Wrong("constant factor", _with(value=lambda r: (r * r).sum() / 2, dL=lambda r, dn, n, y: (r * dn).sum()),
              f"You have the loss with a 1/2 in front. Here it has none. {FORWARD}"),
        Wrong("wrong concept", _with(value=np.linalg.norm),
              "L is the square of the length, not the length."),
        Wrong("reversed order", lambda *a: _forward(*a)[::-1],
              "The two numbers stand in the reverse order: the value first, then its slope."),
        Wrong("another activation's slope", _with(sigma=lambda z: 1 / (1 + np.exp(-z)),
              slope=lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
              "The activation here is tanh, and you have taken the sigmoid, forward and in the slope."),
        Wrong("outer derivative forgotten", _with(sigma=lambda z: z, slope=np.ones_like),
              "There is no tanh in your layer."),
        Wrong("value instead of derivative", lambda W, dW, x, dx, y: _forward(W, dW, x, dx, y)[:1] * 2,
              "You return L twice. The second number is its slope along the direction."),
        *(Wrong(name, _with(**first, **second), f"Two things: {said}, and {too}. {FORWARD}")
          for (name, first, said), (_, second, too) in combinations(SLIPS_OF_FORWARD, 2)
          if not first.keys() & second.keys()),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (3, 3), (4, 2), *self.more((5, 3), (2, 6))):
            yield {
                "W": rng.normal(size=(M, N)) / np.sqrt(N), "dW": rng.normal(size=(M, N)),
                "x": rng.normal(size=(N, 1)), "dx": rng.normal(size=(N, 1)), "y": rng.normal(size=(M, 1)),
            }  # fmt: skip

    def solution(self, W, dW, x, dx, y):
        z, dz = W @ x, dW @ x + W @ dx
        n = np.tanh(z)
        dn = (1 - n**2) * dz
        r, dr = n - y, dn
        return (r * r).sum(), 2 * (r * dr).sum()


def _tape(
    inputs, steps, *, collect=lambda old, share: old + share, late=(), slopes=None, start=lambda values: 1.0,
    twice=False, order=reversed, result=lambda grads, inputs, values: grads[: len(inputs)], fill=0.0,
    added=lambda p, inputs: True,
):  # fmt: skip
    """The answer of 20.4 with other parts.

    added: whether the shares of the value at place p are collected; if not, the last one is kept.
    twice: a value that occurs twice in one line gets twice the share, and nothing is collected.
    late: the operations, or pairs (operation, which of its rules), whose rules look their numbers up when they are
    called, and so find those of the last step.
    """
    values, tape = [float(value) for value in inputs], []
    last = {}
    for name, *places in steps:
        v = [values[p] for p in places]
        value = v[0] + v[1] if name == "+" else v[0] * v[1] if name == "*" else float(np.tanh(v[0]))
        values.append(value)
        own = {"v": v, "result": value}
        last.update(own)
        tape.append((name, places, [last if {name, (name, which)} & set(late) else own for which in range(len(v))]))

    def of(name, seen, which):
        if slopes and name in slopes:
            return slopes[name](seen["v"], seen["result"], which)
        return {"+": lambda: 1.0, "*": lambda: seen["v"][1 - which], "tanh": lambda: 1 - seen["result"] ** 2}[name]()

    grads = [fill] * len(values)
    grads[-1] = start(values)
    for k in order(range(len(tape))):
        name, places, seen = tape[k]
        for which, p in enumerate(places):
            uses = places.count(p) if twice else 1
            share = uses * of(name, seen[which], which) * grads[len(inputs) + k]
            grads[p] = collect(grads[p], share) if added(p, inputs) else share
    return result(grads, inputs, values)


def _change(**parts):
    return lambda inputs, steps: _tape(inputs, steps, **parts)


def _last(old, share):
    return share


BOTH = ("*", "tanh")


class FindTheFaultInATape(Exercise):
    id = "20.4"
    title = "Find the fault in a tape"
    points = 3
    name = "repaired"
    arguments = ("inputs", "steps")
    returns = "a list of floats, one for each input"
    tolerance = Close(1e-11)  # what is measured by differences has not been repaired
    hints = (
        'One fault shows with a single step, such as ("+", 0, 0). What arrives at the value, and what is kept?',
        "The other needs two steps. When is the body of a lambda carried out, and what do the names in it stand for "
        "by then?",
        "A function that is called once a step has names of its own. So has a default argument, lambda u, v=v: …",
    )
    because = (
        "Shares are added up, +=. And a lambda in a loop looks up v and result when it is called, after the loop: "
        "every rule then uses the numbers of the last step. In the lesson each operation is a call, with its own names."
    )
    mistakes = (
        Wrong("as printed", _change(collect=_last, late=BOTH),
              f"Both faults are still there. Try a value that is used twice, and a tape with two products. {WALK}"),
        Wrong("sign", _change(collect=lambda old, share: old - share),
              f"A share is subtracted from what has arrived before it. What becomes of shares that meet? {WALK}"),
        Wrong("late binding", _change(late=BOTH),
              "One fault is mended. The other: the names in a lambda are looked up when it is called. By then the loop "
              "is over."),
        Wrong("one use only", _change(collect=_last),
              f"One fault is mended, that of the rules. The other: a value that is used twice keeps one share. {WALK}"),
        Wrong("late binding", _change(late=("*",)),
              "The rule of tanh is mended, and that of the product still looks up its numbers after the loop."),
        Wrong("late binding", _change(late=("tanh",)),
              "The rules of the product are mended, and that of tanh still looks up its number after the loop."),
        *(Wrong("late binding", _change(late=(("*", which),)),
                f"One rule of the product is mended, and that for the {of_which} factor still looks up its number "
                f"after the loop.")
          for which, of_which in ((0, "first"), (1, "second"))),
        *(Wrong("wrong variable", _change(slopes={"*": lambda v, result, which, at=at: v[at]}),
                f"In the product both rules multiply by the {of_which} factor. In the program as given each took the "
                f"other one. {RULES}")
          for at, of_which in ((0, "first"), (1, "second"))),
        Wrong("wrong variable", _change(slopes={"*": lambda v, result, which: v[which]}, collect=_last),
              f"Two things: in the product each factor gets its own value for its slope, and a value that is used "
              f"twice keeps one share. {WALK}"),
        Wrong("late binding", _change(late=("*",), collect=_last),
              f"The rule of tanh is mended; the product and the collecting are as they were. {WALK}"),
        Wrong("late binding", _change(late=("tanh",), collect=_last),
              f"The rules of the product are mended; tanh and the collecting are as they were. {WALK}"),
        Wrong("one use only", _change(collect=lambda old, share: old or share),
              f"Of several shares the first one is kept. All of them count. {WALK}"),
        Wrong("one use only", _change(added=lambda p, inputs: p < len(inputs)),
              f"The shares of an input are added up; a value that was computed on the way still keeps the last one. "
              f"{WALK}"),
        Wrong("product for sum", _change(collect=lambda old, share: old * share, fill=1.0),
              f"Shares that arrive at one value are multiplied. {WALK}"),
        Wrong("wrong variable", _change(slopes={"*": lambda v, result, which: v[which]}),
              f"In the product each factor gets its own value for its slope. In the program as given the factors were "
              f"the right ones. {RULES}"),
        *slips.slopes_of_tanh(
            lambda slope: _change(slopes={"tanh": lambda v, result, which: float(slope(v[0]))}), RULES),
        Wrong("outer derivative forgotten", _change(slopes={"tanh": lambda v, result, which: 1.0}),
              f"The slope of tanh is lost. In the program as given it was there. {RULES}"),
        Wrong("dropped path", _change(order=lambda places: places),
              f"Only what the last line sends has arrived. In which order does your walk meet the lines, and does it "
              f"meet all of them? {WALK}"),
        Wrong("last dropped", _change(order=lambda places: reversed(places[1:])),
              "The first line of the tape has sent nothing: where does a range that counts down stop?"),
        Wrong("one use only", _change(collect=lambda old, share: share, twice=True),
              f"A value that is used twice in one line is right now; one that is used in two lines still keeps one "
              f"share. {WALK}"),
        Wrong("one use only", _change(collect=lambda old, share: old if abs(old - share) < 1e-12 else old + share),
              f"Two equal shares are taken for one, as in a set. Each use counts. {WALK}"),
        Wrong("last dropped", _change(result=lambda grads, inputs, values: values[-1]),
              "You return the last value. The exercise asks for the gradients of the inputs."),
        Wrong("wrong variable", _change(result=lambda grads, inputs, values: grads[len(inputs) :]),
              "These are the gradients of the computed values. The exercise asks for those of the inputs, which stand "
              "first."),
        Wrong("wrong variable", _change(result=lambda grads, inputs, values: grads[-len(inputs) :]),
              "The slice takes the gradients at the end of the list. The exercise asks for those of the inputs: where "
              "do they stand?"),
        Wrong("wrong variable", _change(slopes={"+": lambda v, result, which: v[which]}),
              f"The sum multiplies u by the values. In the program as given its rules were right. {RULES}"),
        Wrong("wrong variable", _change(slopes={"+": lambda v, result, which: v[1 - which]}),
              f"The sum has the rules of a product. In the program as given they were right. {RULES}"),
        Wrong("value instead of derivative", _change(start=lambda values: values[-1]),
              f"The walk begins with the last value. How does it change with itself? {WALK}"),
        Wrong("value instead of derivative", lambda inputs, steps: [float(v) for v in inputs],
              f"These are the inputs themselves. {WALK}"),
        Wrong("counted twice", _change(fill=1.0),
              f"Every value has a gradient of 1 before anything has arrived. Where does the walk begin? {WALK}"),
        Wrong("last dropped", _change(result=lambda grads, inputs, values: grads[: len(inputs) - 1]),
              "The gradient of the last input is missing: a slice stops before its end by itself."),
        Wrong("axis too many", _change(result=lambda grads, inputs, values: grads),
              "You return the gradients of all values. The exercise asks for those of the inputs."),
        Wrong("reversed order", _change(result=lambda grads, inputs, values: grads[: len(inputs)][::-1]),
              "The gradients stand in the reverse order: the first belongs to the first input."),
        Wrong("upstream forgotten", lambda inputs, steps: _local(inputs, steps),
              f"The slopes are added up without their u. What does a rule do with its u? {HAND}"),
        Wrong("zero", lambda inputs, steps: [0.0] * len(inputs),
              f"Every gradient is zero. Does anything reach the inputs? {WALK}"),
        Wrong("constant factor", lambda inputs, steps: _averaged(inputs, steps),
              f"Where a value is used several times you take the mean of the shares. {WALK}"),
    )  # fmt: skip

    def cases(self, rng):
        for count, steps in (
            (2, [("*", 0, 1), ("tanh", 2), ("*", 3, 3)]),
            (2, [("+", 0, 0), ("*", 2, 1)]),
            (3, [("*", 0, 1), ("*", 3, 2), ("tanh", 4), ("+", 5, 3), ("tanh", 6), ("*", 7, 0)]),
            (3, [("tanh", 0), ("*", 3, 1), ("+", 4, 2), ("*", 5, 3)]),
            (3, [("*", 0, 1), ("tanh", 3), ("+", 3, 0), ("*", 0, 5)]),  # nothing uses input 2 and value 4
            *self.more(
                (3, [("+", 0, 1), ("*", 3, 2), ("tanh", 4), ("*", 5, 3), ("*", 6, 6)]),
                (2, [("tanh", 1), ("*", 2, 0), ("+", 3, 2), ("*", 4, 4), ("*", 5, 1)]),
            ),
        ):
            yield {"inputs": [float(v) for v in rng.uniform(0.5, 1.5, size=count) * [1, -1, 1][:count]], "steps": steps}

    def solution(self, inputs, steps):
        def record(name, v):  # a call for each step: its rules remember their own v and result
            if name == "+":
                return v[0] + v[1], [lambda u: u, lambda u: u]
            if name == "*":
                return v[0] * v[1], [lambda u: u * v[1], lambda u: u * v[0]]
            result = float(np.tanh(v[0]))
            return result, [lambda u: u * (1 - result**2)]

        values, tape = list(inputs), []
        for name, *places in steps:
            result, rules = record(name, [values[p] for p in places])
            values.append(result)
            tape.append((places, rules))
        grads = [0.0] * len(values)
        grads[-1] = 1.0
        for k in reversed(range(len(tape))):
            for p, rule in zip(*tape[k], strict=True):
                grads[p] += rule(grads[len(inputs) + k])
        return grads[: len(inputs)]


def _local(inputs, steps):
    """The slopes of the single lines, added up at each input, whatever u is."""
    values, grads = [float(v) for v in inputs], [0.0] * (len(inputs) + len(steps))
    for name, *places in steps:
        v = [values[p] for p in places]
        values.append(v[0] + v[1] if name == "+" else v[0] * v[1] if name == "*" else float(np.tanh(v[0])))
        for which, p in enumerate(places):
            grads[p] += 1.0 if name == "+" else v[1 - which] if name == "*" else 1 - values[-1] ** 2
    return grads[: len(inputs)]


def _averaged(inputs, steps):
    """The walk with the mean of the shares at every value."""
    values, tape = [float(v) for v in inputs], []
    for name, *places in steps:
        v = [values[p] for p in places]
        values.append(v[0] + v[1] if name == "+" else v[0] * v[1] if name == "*" else float(np.tanh(v[0])))
        tape.append((name, places, v, values[-1]))
    shares = [[] for _ in values]
    shares[-1].append(1.0)
    for k in reversed(range(len(tape))):
        name, places, v, result = tape[k]
        u = sum(shares[len(inputs) + k]) / max(1, len(shares[len(inputs) + k]))
        for which, p in enumerate(places):
            shares[p].append(u * (1.0 if name == "+" else v[1 - which] if name == "*" else 1 - result**2))
    return [sum(found) / max(1, len(found)) for found in shares[: len(inputs)]]


EXERCISES = [AValueUsedTwice, RuleOfRunningSums, TwoSlopesOnTheirWay, FindTheFaultInATape]
