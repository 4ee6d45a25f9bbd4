"""The exercises of lesson 03: Jacobians on paper and measured, their sizes, slopes in a direction."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe


def _jacobian(f, x, h=1e-5):
    """The Jacobian of f at x, by central differences."""
    return np.hstack([(f(x + step) - f(x - step)) / (2 * h) for step in h * np.eye(len(x))[..., np.newaxis]])


def _rows(entries):
    """A function of x, written as one of x1, x2, x3."""
    return lambda x: np.array(entries(*x.ravel()))


class JacobianByHand(Exercise):
    id = "3.1"
    title = "A Jacobian on paper, then in code"
    points = 2
    name = "d_f"
    arguments = ("x",)
    returns = "an array of shape (2, 3)"
    hints = (
        "Three inputs, two outputs: six partial derivatives. Write them on paper first, one output at a time.",
        "np.array([[..., ..., ...], [..., ..., ...]]) holds two rows, one for each output.",
    )
    because = "Row 1 differentiates x1 x2 - x3², row 2 differentiates x2 sin x1. Output 2 does not see x3: a zero."
    mistakes = (
        Wrong("transposed", lambda x: JacobianByHand.solution(None, x).T,
              "The right numbers, with rows and columns exchanged: each of your rows belongs to one input. "
              "Read again what a row is in 'Several of both: the Jacobian'."),
        Wrong("value instead of derivative", _rows(lambda a, b, c: [[a * b - c**2], [b * np.sin(a)]]),
              "This is f(x) itself, one number for each output. A derivative has a number for each pair of an output "
              "and an input: see 'Several of both: the Jacobian'."),
        Wrong("wrong concept", _rows(lambda a, b, c: [[a, b, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "In row 1 the slopes of the product x1 x2 have changed places. If x1 alone moves, which factor stays "
              "as it is? See how the volume is differentiated in 'One output, several inputs: a row'."),
        Wrong("constant kept",
              _rows(lambda a, b, c: [[b - c**2, a - c**2, a * b - 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "In row 1 a term without the variable was kept as it stands. What is held fixed is a number, and an "
              "added number has no slope: see 'One output, several inputs: a row'."),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), b * np.sin(a)]]),
              "The last entry asks how output 2 answers to x3. Look whether x3 occurs in it at all: see 'Several of "
              "both: the Jacobian'."),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "One sign is lost in row 1: x3 enters the first output through a difference. Compute that entry again, "
              "as in 'One output, several inputs: a row'."),
    )  # fmt: skip

    def cases(self, rng):
        for x in rng.uniform(0.3, 1.4, size=(4, 3, 1)):
            yield {"x": x}

    def solution(self, x):
        x1, x2, x3 = x.ravel()
        return np.array([[x2, x1, -2 * x3], [x2 * np.cos(x1), np.sin(x1), 0.0]])


class ReadTheSizes(Exercise):
    id = "3.2"
    title = "Read a Jacobian"
    name = "reading"
    structure_is_asked = True
    returns = "a dict"
    hints = (
        "J is (4, 2). One of the two numbers counts inputs: which one, if J @ (a column of input steps) exists?",
        "Row i is a gradient lying on its side; a gradient stands upright and has one entry for each input.",
    )
    because = "Columns count inputs and rows outputs; a gradient has N entries, df/dx_j has M, both upright."
    mistakes = (
        Wrong("sizes swapped", lambda: ReadTheSizes.solution(None) | {
                  "N": 4, "M": 2, "shape of x": (4, 1), "shape of the gradient of f_3": (4, 1),
                  "shape of df/dx_2": (2, 1)},
              "Inputs and outputs have changed places all the way through. J is multiplied by a column of input "
              "steps; which of its sizes must fit that column? See 'Several of both: the Jacobian'."),
        Wrong("rows for columns", lambda: ReadTheSizes.solution(None) | {"shape of the gradient of f_3": (1, 2)},
              "What you call the gradient is a row of J. That row is the gradient transposed: see 'One output, "
              "several inputs: a row'."),
        Wrong("transposed", lambda: ReadTheSizes.solution(None) | {
                  "shape of the gradient of f_3": (4, 1), "shape of df/dx_2": (2, 1)},
              "The gradient of one output and the derivative by one input have changed places. One comes from a row "
              "of J, the other is a column: see 'Several of both: the Jacobian'."),
        Wrong("counted from 0", lambda: ReadTheSizes.solution(None) | {"output that ignores x_1": 0},
              "Python counts from 0, the mathematics from 1: the first output is f_1. See the labels in the picture "
              "of 'Several of both: the Jacobian'."),
        Wrong("one step for all", lambda: ReadTheSizes.solution(None) | {"change of f_2": 0.04},
              "For the change of f_2 both slopes were multiplied by the same step. Each input has its own: see how "
              "the question is answered in 'Several of both: the Jacobian'."),
    )  # fmt: skip

    def solution(self):
        return {
            "N": 2,
            "M": 4,
            "shape of x": (2, 1),
            "shape of the gradient of f_3": (2, 1),
            "shape of df/dx_2": (4, 1),
            "output that ignores x_1": 1,
            "change of f_2": -1 * 0.01 + 5 * 0.03,
        }


class SlopeAlong(Exercise):
    id = "3.3"
    title = "The slope in a direction"
    points = 2
    name = "slope_along"
    arguments = ("f", "x", "u")
    returns = "a float"
    tolerance = Close(1e-6)
    hints = (
        "Divide u by its length first. Then walk along it, a little forwards and a little backwards.",
        "np.linalg.norm(u) is the length. Lesson 01 found the best step of the central difference near 1e-5.",
    )
    because = "The slope along a unit direction e is (df/dx) e, and a central difference along e measures it."
    mistakes = (
        Wrong("direction not of length 1", lambda f, x, u: ((f(x + 1e-5 * u) - f(x - 1e-5 * u)) / 2e-5).item(),
              "Your answer grows with the length of u: it is the slope for one whole u, not for one unit of length. "
              "See what a direction is in 'The slope in a direction'."),
        Wrong("direction ignored", lambda f, x, u: float(np.linalg.norm(_jacobian(f, x))),
              "This is the length of the gradient, the slope in the steepest direction; u does not matter to it. See "
              "'The slope in a direction'."),
        Wrong("direction ignored", lambda f, x, u: float(np.sum(_jacobian(f, x))),
              "These are the partial derivatives, added up. Each must count as much as the direction goes its way: "
              "see 'The slope in a direction'."),
        Wrong("silent broadcast", lambda f, x, u: _jacobian(f, x) * (u / np.linalg.norm(u)),
              "A row times a column with * fills a whole table. The product that sums is written @: see 'One output, "
              "several inputs: a row'."),
        Wrong("difference not divided", lambda f, x, u: 2e-5 * SlopeAlong.solution(None, f, x, u),
              "The difference of the two values is not yet a slope: divide it by the distance of the two points. "
              "See 'The slope in a direction'."),
        Wrong("one-sided", lambda f, x, u: ((f(x + 1e-5 * u / np.linalg.norm(u)) - f(x)) / 1e-5).item(),
              "The idea is right; a one-sided difference with h = 1e-5 is too coarse here. See which one 'The slope "
              "in a direction' uses."),
    )  # fmt: skip

    def cases(self, rng):
        yield {"f": probe("paraboloid"), "x": np.array([[1.0], [2.0]]), "u": np.array([[3.0], [4.0]])}
        yield {"f": probe("bowl"), "x": np.array([[1.0], [-0.5], [2.0]]), "u": np.array([[-2.0], [1.0], [-2.0]])}
        for name, N in (("paraboloid", 2), ("bowl", 3)):
            x, u = rng.uniform(0.5, 2.0, size=(2, N, 1))
            yield {"f": probe(name), "x": x, "u": u}

    def solution(self, f, x, u):
        e, h = u / np.linalg.norm(u), 1e-5
        return ((f(x + h * e) - f(x - h * e)) / (2 * h)).item()


def _as_printed(f, x):
    J = np.zeros((len(x), len(f(x))))
    for j, slope in enumerate(_jacobian(f, x).T[: J.shape[1], :, np.newaxis]):
        J[:, [j]] = slope
    return J


class RepairTheSizes(Exercise):
    id = "3.4"
    title = "Correct the note's sizes"
    points = 2
    name = "jacobian_repaired"
    arguments = ("f", "x")
    returns = "an array (M, N)"
    tolerance = Close(1e-6)
    hints = (
        "Say in words what len(x) counts and what len(f(x)) counts. Which letter did each of them get?",
        "The loop moves one input in each turn and fills one column. So how many turns are there?",
    )
    because = "N counts the inputs, len(x), and M the outputs, len(f(x)). The rest of the program was right."
    mistakes = (
        Wrong("as printed", _as_printed,
              "This is still the printed reading: right where M = N, and nowhere else. See 'The sizes, as printed'."),
        Wrong("transposed", lambda f, x: _jacobian(f, x).T,
              "The sizes fit together now, but each of your rows tells what one input does. Which size of J must fit a "
              "column of input steps? See 'Several of both: the Jacobian'."),
        Wrong("sizes swapped", lambda f, x: _jacobian(f, x).reshape(len(x), len(f(x))),
              "The right numbers were poured into an array with the two sizes exchanged, and stand in the wrong "
              "places: see 'What can go wrong'."),
        Wrong("one-sided", lambda f, x: np.hstack([(f(x + s) - f(x)) / 1e-5 for s in 1e-5 * np.eye(len(x))[..., None]]),
              "The sizes are right. The difference became one-sided, and its error of the size of h is too large: "
              "compare with the program in 'The sizes, as printed'."),
        Wrong("rows for columns", lambda f, x: _jacobian(f, x).T.reshape(-1, 1),
              "Your columns form one long column. They stand side by side: see 'Several of both: the Jacobian'."),
    )  # fmt: skip

    def cases(self, rng):
        for name, N in (("polar", 2), ("paraboloid", 2), ("saddle and waves", 3), ("helix", 1), ("bowl", 3)):
            yield {"f": probe(name), "x": rng.uniform(0.5, 1.5, size=(N, 1))}

    def solution(self, f, x):
        h, M, N = 1e-5, len(f(x)), len(x)
        J = np.zeros((M, N))
        for j in range(N):
            step = h * np.eye(N)[:, [j]]
            J[:, [j]] = (f(x + step) - f(x - step)) / (2 * h)
        return J


class IsDerivative(Exercise):
    id = "3.5"
    title = "Which matrix is the derivative?"
    points = 3
    name = "is_derivative"
    arguments = ("f", "x", "A")
    returns = "True or False"
    hints = (
        "Transposing a square matrix leaves its shape as it is. The shape cannot decide; the numbers must.",
        "One direction e tests one combination of the columns of A. Which directions together settle every column?",
        "A measured slope has an error of about 1e-10; np.abs(...).max() < 1e-4 leaves room for it.",
    )
    because = "Measure along every input, compare every entry, and allow for the error of the measurement."
    mistakes = (
        Wrong("shape only", lambda f, x, A: A.shape == (len(f(x)), len(x)),
              "Your test says yes to every matrix of the right shape. If it looks at the residual: small is not "
              "enough, it must be small against h. See 'The best linear map'."),
        Wrong("compared exactly", lambda f, x, A: False,
              "Your test says no even to the right matrix. Allow for the error of a measurement. If the test waits for "
              "a residual to shrink: along a straight line it is 0 from the start. See 'The best linear map'."),
        Wrong("some directions only", lambda f, x, A: bool(np.abs((_jacobian(f, x) - A)[:, 0]).max() < 1e-4),
              "Your test catches a mistake in the first column of A and no other: it moves only the first input. See "
              "what a column is in 'Several of both: the Jacobian'."),
        Wrong("some directions only", lambda f, x, A: bool(np.abs((_jacobian(f, x) - A)[:, -1]).max() < 1e-4),
              "Your test catches a mistake in the last column of A and no other: it moves only the last input. See "
              "what a column is in 'Several of both: the Jacobian'."),
        Wrong("some directions only", lambda f, x, A: bool(np.abs((_jacobian(f, x) - A).sum(axis=1)).max() < 1e-4),
              "Your test moves all inputs together by the same amount, and mistakes that cancel in a row's sum pass. "
              "See 'The best linear map', where A must do for every e."),
        Wrong("one direction only", lambda f, x, A: bool((_jacobian(f, x) - A).max() < 1e-4),
              "Your test passes a matrix with an entry that is too large: it catches differences of one sign only. "
              "Which size of a difference counts? See 'The best linear map'."),
        Wrong("absolute tolerance", lambda f, x, A: bool(np.abs(_jacobian(f, x) - A).max() < 0.1),
              "Your test passes matrices that are off by a few hundredths: it allows too much. If it looks at the "
              "residual, compare that with h. See 'The best linear map'."),
        Wrong("size only", lambda f, x, A: bool(abs(np.linalg.norm(_jacobian(f, x)) - np.linalg.norm(A)) < 1e-4),
              "Your test compares how large two matrices are, not their entries: it passes the transpose, exchanged "
              "rows and the opposite sign. See 'What can go wrong'."),
        Wrong("answer inverted", lambda f, x, A: bool(np.abs(_jacobian(f, x) - A).max() > 1e-4),
              "Yes and no are exchanged: your test passes exactly what is wrong. See 'The best linear map'."),
    )  # fmt: skip

    def cases(self, rng):
        f, x = probe("polar"), np.array([[2.0], [0.5]])
        J = _jacobian(f, x)
        # Off in the last column only; but right along (1, 1); but right along (1, 2); off in the first column only.
        off = ([[0, 0], [0, 0.05]], [[0.03, -0.03], [0, 0]], [[0, 0], [-0.04, 0.02]], [[-0.05, 0], [0, 0]])
        for A in (J, J.T.copy(), *(J + np.array(entries) for entries in off)):
            yield {"f": f, "x": x, "A": A}
        f, x = probe("saddle and waves"), rng.uniform(0.5, 1.5, size=(3, 1))
        J = _jacobian(f, x)
        for A in (J, -J, J[::-1].copy(), J + np.array([[0, 0, 0], [0.03, 0, 0]])):
            yield {"f": f, "x": x, "A": A}

    def solution(self, f, x, A):
        h, steps = 1e-5, np.eye(len(x))[..., np.newaxis]  # each step moves one input
        slopes = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in steps]
        return bool(np.abs(np.hstack(slopes) - A).max() < 1e-4)


EXERCISES = [JacobianByHand, ReadTheSizes, SlopeAlong, RepairTheSizes, IsDerivative]
