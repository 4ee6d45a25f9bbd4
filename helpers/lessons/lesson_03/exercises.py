"""The exercises of lesson 03: Jacobians on paper and measured, their sizes, slopes in a direction."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips
from helpers.numerical import numerical_jacobian


def _steps(x, h=1e-5):
    """The steps that move one input each, (N, N, 1)."""
    return h * np.eye(len(x))[..., np.newaxis]


def _jacobian(f, x, h=1e-5):
    """The Jacobian of f at x, by central differences."""
    return np.hstack([(f(x + step) - f(x - step)) / (2 * h) for step in _steps(x, h)])


def _along(f, x, e, h):
    """The central difference of f at x along e, with the step h."""
    return ((f(x + h * e) - f(x - h * e)) / (2 * h)).item()


def _rows(entries):
    """A function of x, written as one of x1, x2, x3."""
    return lambda x: np.array(entries(*x.ravel()))


BOTH, ROW, ALONG, WRONG, LINEAR = slips.see(
    "Several of both: the Jacobian",
    "One output, several inputs: a row",
    "The slope in a direction",
    "What can go wrong",
    "The best linear map",
)


class JacobianByHand(Exercise):
    id = "3.1"
    title = "A Jacobian on paper, then in code"
    points = 2
    name = "d_f"
    arguments = ("x",)
    returns = "an array of shape (2, 3)"
    derivation_is_asked = True
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
        Wrong("wrong variable", _rows(lambda a, b, c: [[a, b, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "In row 1 the slopes of the product x1 x2 have changed places. If x1 alone moves, which factor stays "
              "as it is? See how the volume is differentiated in 'One output, several inputs: a row'."),
        Wrong("constant kept",
              _rows(lambda a, b, c: [[b - c**2, a - c**2, a * b - 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "In row 1 a term without the variable was kept as it stands. What is held fixed is a number, and an "
              "added number has no slope: see 'One output, several inputs: a row'."),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), b * np.sin(a)]]),
              "The last entry asks how output 2 changes with x3. Look whether x3 occurs in it at all: see 'Several of "
              "both: the Jacobian'."),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              "One sign is lost in row 1: x3 enters the first output through a difference. Compute that entry again, "
              "as in 'One output, several inputs: a row'."),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, -2 * c], [-b * np.cos(a), np.sin(a), 0.0]]),
              f"One sign is wrong in row 2: does the sine rise or fall at a small x1? {BOTH}"),
        Wrong("term missing", _rows(lambda a, b, c: [[b, a, -2 * c], [np.cos(a), np.sin(a), 0.0]]),
              f"In the first entry of row 2 a factor is lost. What is held fixed drops out of a sum, and stays in a "
              f"product. {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), b * np.sin(a), 0.0]]),
              f"The second entry of row 2 still holds x2, which moves there: that is the value, not its slope. {ROW}"),
        Wrong("counted twice", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a) + np.sin(a), np.sin(a), 0.0]]),
              f"In the first entry of row 2 you followed the product rule as if both factors moved. Only x1 does. "
              f"{ROW}"),
        Wrong("power rule", _rows(lambda a, b, c: [[b, a, -c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The last entry of row 1 is half of what it should be: what is the slope of a square? {ROW}"),
        Wrong("power rule", _rows(lambda a, b, c: [[b, a, -2], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The last entry of row 1 is a plain number. The slope of a square depends on where it is taken. {ROW}"),
        slips.flattened(lambda x: JacobianByHand.solution(None, x), BOTH),
        Wrong("flattened", lambda x: np.array([[x[1], x[0], -2 * x[2]], [x[1] * np.cos(x[0]), np.sin(x[0]), 0 * x[0]]]),
              f"The right numbers, each in brackets of its own: x1, x2, x3 = x takes arrays out of the column. Use "
              f"x.ravel(), which gives numbers. {BOTH}"),
        Wrong("flattened", lambda x: np.array([[x[1], x[0], -2 * x[2]], [x[1] * np.cos(x[0]), np.sin(x[0]), 0]]),
              "x1, x2, x3 = x takes arrays out of the column, and arrays and a plain 0 do not make rows of one length. "
              f"Use x.ravel(), which gives numbers. {BOTH}"),
        Wrong("summed too early", _rows(lambda a, b, c: [[b + a - 2 * c], [b * np.cos(a) + np.sin(a)]]),
              f"You added the slopes of each row. They stay side by side, one for each input. {BOTH}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), 1.0]]),
              f"Look at the last entry once more: how does output 2 change if x3 alone moves? {BOTH}"),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), -np.sin(a), 0.0]]),
              f"One sign is wrong in row 2. If x2 alone moves, what multiplies it? {BOTH}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, a, -2 * c], [np.sin(a), b * np.cos(a), 0.0]]),
              f"In row 2 the first two slopes have changed places. Which input does each column belong to? {BOTH}"),
        Wrong("reshaped", lambda x: JacobianByHand.solution(None, x).reshape(3, 2),
              f"The right numbers, poured into the other shape: the two rows are torn apart. {WRONG}"),
        Wrong("others dropped", _rows(lambda a, b, c: [[1, 1, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"In row 1 the factors of the product are lost. What is held fixed stays in a product. {ROW}"),
        Wrong("counted twice", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a) * np.cos(a), 0.0]]),
              f"In the second entry of row 2 the sine was differentiated, too. x1 is held fixed there. {ROW}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, -2 * c, a], [b * np.cos(a), 0.0, np.sin(a)]]),
              f"The last two columns have changed places in both rows. Which input does each column belong to? {BOTH}"),
        Wrong("reversed order", _rows(lambda a, b, c: [[b * np.cos(a), np.sin(a), 0.0], [b, a, -2 * c]]),
              f"The two rows have changed places: rows stand in the order of the outputs. {BOTH}"),
        Wrong("first only", _rows(lambda a, b, c: [[b, a, -2 * c]]),
              f"This is the row of output 1. The map has another output, with slopes of its own. {BOTH}"),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, -2 * c], [-b * np.cos(a), -np.sin(a), 0.0]]),
              f"Both signs of row 2 are wrong: does output 2 rise or fall when x2 grows a little? {BOTH}"),
        Wrong("derivative instead of value", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.sin(a), np.cos(a), 0.0]]),
              f"In row 2 the sine is differentiated in the wrong entry: in which of them does x1 move? {ROW}"),
        Wrong("value instead of derivative",
              _rows(lambda a, b, c: [[b, a, -(c**2)], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The last entry of row 1 is a term of f itself. What is the slope of a square? {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[a * b, a * b, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The first two entries of row 1 still hold the variable that moves: that is the term, not its slope. "
              f"{ROW}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, a, 0.0], [b * np.cos(a), np.sin(a), -2 * c]]),
              f"The slopes in x3 have changed rows. Which of the two outputs holds x3? {BOTH}"),
        Wrong("term missing", _rows(lambda a, b, c: [[b, a, -2 * c], [np.cos(a), b, 0.0]]),
              f"In row 2 each slope has lost the factor that is held fixed. It stays in a product. {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), b]]),
              f"Look at the last entry once more: does x3 occur in output 2? {BOTH}"),
        Wrong("value instead of derivative",
              _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.sin(a), np.sin(a), 0.0]]),
              f"The first entry of row 2 is output 2 itself. What is the slope of the sine? {ROW}"),
        Wrong("differentiated twice", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.cos(a), 0.0]]),
              f"In the second entry of row 2 the sine was differentiated as well, though x1 does not move. {ROW}"),
        Wrong("sign", _rows(lambda a, b, c: [[b, a, 2 * c], [-b * np.cos(a), np.sin(a), 0.0]]),
              f"Two signs are wrong, one in each row. Compute the last entry of row 1 and the first of row 2 again. "
              f"{ROW}"),
        Wrong("constant kept",
              _rows(lambda a, b, c: [[b - c**2, a - c**2, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"In the first two entries of row 1, the square of x3 is kept as it stands. An added number that is held "
              f"fixed has no slope. {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, a * b - 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"In the last entry of row 1, the product x1 x2 is kept as it stands. It does not move with x3. {ROW}"),
        *(Wrong("constant kept",
                _rows(lambda a, b, c, j=j: [[b - c**2 * (j == 0), a - c**2 * (j == 1), -2 * c],
                                            [b * np.cos(a), np.sin(a), 0.0]]),
                f"In the {which} entry of row 1, the square of x3 is kept as it stands. An added number that is held "
                f"fixed has no slope. {ROW}") for j, which in enumerate(("first", "second"))),
        Wrong("digits lost", lambda x: JacobianByHand.solution(None, x).astype(int),
              "Your entries are whole numbers, because the array was made for whole numbers. Slopes are floats."),
        Wrong("reshaped", lambda x: JacobianByHand.solution(None, x).T.reshape(2, 3),
              f"The right numbers, listed column by column and filled in row by row. {WRONG}"),
        Wrong("summed too early", lambda x: JacobianByHand.solution(None, x).sum(axis=0, keepdims=True),
              f"You added the two rows. Each output keeps its own. {BOTH}"),
        Wrong("sizes swapped", _rows(lambda a, b, c: [[a + b, -2 * c], [b * np.cos(a), np.sin(a)]]),
              f"You have one slope for each term. Count the inputs: each row has one slope for each of them. {BOTH}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), a * np.cos(b), 0.0]]),
              f"In the second entry of row 2, x1 and x2 have changed places: the sine is of x1. {ROW}"),
        Wrong("sign", _rows(lambda a, b, c: [[-b, -a, 2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"All of row 1 has the wrong sign: does output 1 rise or fall when x1 grows a little? {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a)]]),
              f"One row has fewer entries than the other. An input that does not occur in an output has a slope there, "
              f"too. {BOTH}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), -2 * c]]),
              f"The slope in x3 stands in both rows. Which of the two outputs holds x3? {BOTH}"),
        Wrong("last dropped", _rows(lambda a, b, c: [[b, a], [b * np.cos(a), np.sin(a)]]),
              "The column of x3 is missing. A row has a slope for every input, also for one that its output does not "
              f"hold. {BOTH}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(a), np.sin(a)]]),
              f"The last entry still holds the sine. Does output 2 change if x3 alone moves? {BOTH}"),
        *(Wrong("constant kept", _rows(lambda a, b, c, last=last: [[b, a, -2 * c], [b * np.cos(a), np.sin(a),
                                                                                     last(a, b, c)]]),
                f"Your last entry depends on x1 or x3. Output 2 is x2 sin x1: does it change if x3 alone moves? {BOTH}")
          for last in (lambda a, b, c: c, lambda a, b, c: np.cos(a), lambda a, b, c: b * np.cos(a))),
        *(Wrong("others dropped", _rows(lambda a, b, c, row=row: [[b, a, -2 * c], row(a, b)]),
                f"In row 2 one slope is 0. A product moves with each of its factors. {ROW}")
          for row in (lambda a, b: [b * np.cos(a), 0.0, 0.0], lambda a, b: [0.0, np.sin(a), 0.0])),
        Wrong("last dropped", _rows(lambda a, b, c: [[b, a, 0.0], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The last entry of row 1 is 0, but output 1 contains x3. {ROW}"),
        *(Wrong("wrong variable", _rows(lambda a, b, c, first=first: [[b, a, -2 * c], [first(a, b), np.sin(a), 0.0]]),
                f"In the first entry of row 2, x1 and x2 have changed places somewhere: which of them stands before "
                f"the sine, and which in it? {ROW}")
          for first in (lambda a, b: a * np.cos(b), lambda a, b: a * np.cos(a), lambda a, b: b * np.cos(b))),
        Wrong("counted twice", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), b * np.cos(a), 0.0]]),
              f"In row 2 both slopes are the same. If x2 alone moves, what multiplies it? {ROW}"),
        *(Wrong("power rule", _rows(lambda a, b, c, last=last: [[b, a, last(c)], [b * np.cos(a), np.sin(a), 0.0]]),
                f"In the last entry of row 1 the exponent has stayed. The slope of a square has a lower power. {ROW}")
          for last in (lambda c: -2 * c**2, lambda c: -3 * c**2, lambda c: 2 * c**2)),
        *(Wrong("summed too early", _rows(lambda a, b, c, row=row: [row(a, b, c), [b * np.cos(a), np.sin(a), 0.0]]),
                f"In row 1 the slopes of the product are added. Each input has an entry of its own. {ROW}")
          for row in (lambda a, b, c: [a + b, 0.0, -2 * c], lambda a, b, c: [a + b, a + b, -2 * c])),
        *(Wrong("others dropped", _rows(lambda a, b, c, row=row: [[b, a, -2 * c], row(a, b)]),
                f"In the second entry of row 2 the factor that stays is lost or was taken for another. x2 alone moves "
                f"there, and what multiplies it? {ROW}")
          for row in (lambda a, b: [b * np.cos(a), b, 0.0], lambda a, b: [b * np.cos(a), 1.0, 0.0])),
        *(Wrong("others dropped", _rows(lambda a, b, c, top=top, bottom=bottom: [top(a, b, c), bottom(a, b)]),
                f"Factors that are held fixed are lost, in more than one entry. They stay in a product. {ROW}")
          for top, bottom in ((lambda a, b, c: [1.0, 1.0, -2 * c], lambda a, b: [np.cos(a), np.sin(a), 0.0]),
                              (lambda a, b, c: [1.0, 1.0, -2 * c], lambda a, b: [np.cos(a), 1.0, 0.0]),
                              (lambda a, b, c: [b, a, -2 * c], lambda a, b: [np.cos(a), 1.0, 0.0]))),
        Wrong("sum for product", _rows(lambda a, b, c: [[b, a, -2 * c], [b + np.cos(a), np.sin(a), 0.0]]),
              f"In the first entry of row 2 a factor is added. What is held fixed stays a factor. {ROW}"),
        Wrong("counted twice", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a) * np.sin(a), np.sin(a), 0.0]]),
              f"In the first entry of row 2 the sine is still there beside its slope. {ROW}"),
        Wrong("constant kept", _rows(lambda a, b, c: [[b - 2 * c, a - 2 * c, -2 * c], [b * np.cos(a), np.sin(a), 0.0]]),
              f"The slope in x3 stands in all entries of row 1. x3 moves in one of them only. {ROW}"),
        Wrong("constant kept",
              _rows(lambda a, b, c: [[b - c**2, a - c**2, a * b - 2 * c], [b * np.cos(a), np.sin(a), b * np.sin(a)]]),
              f"In both rows, terms without the variable were kept as they stand. An added number that is held fixed "
              f"has no slope. {ROW}"),
        Wrong("wrong variable", _rows(lambda a, b, c: [[c, b, -2 * c], [c * np.cos(b), np.sin(b), 0.0]]),
              "Every name belongs to the next entry: the mathematics counts x1, x2, x3, and with x[0] Python's first "
              "is x1."),
        Wrong("spelling", lambda x: (lambda J: np.array(list(J[0]), list(J[1])))(JacobianByHand.solution(None, x)),
              "np.array takes one list, and yours are two. Put one more pair of brackets around both rows."),
        Wrong("wrong variable", _rows(lambda a, b, c: [[b, a, -2 * c], [b * np.cos(a), np.sin(b), 0.0]]),
              f"In the second entry of row 2 you took the sine of x2. Of which input is it in output 2? {ROW}"),
        *(Wrong("wrong variable",
                _rows(lambda a, b, c, last=last: [[b, a, -2 * last(a, b)], [b * np.cos(a), np.sin(a), 0.0]]),
                f"The last entry of row 1 has the form of the slope of a square, of another input than x3. {ROW}")
          for last in (lambda a, b: a, lambda a, b: b)),
        *(Wrong("counted twice",
                _rows(lambda a, b, c, j=j: [[b - 2 * c * (j == 0), a - 2 * c * (j == 1), -2 * c],
                                            [b * np.cos(a), np.sin(a), 0.0]]),
                f"In the {which} entry of row 1 the square of x3 was differentiated as well. x3 is held fixed there. "
                f"{ROW}") for j, which in enumerate(("first", "second"))),
        Wrong("wrong concept",
              _rows(lambda a, b, c: [[b * c, a * c, a * b], [b * np.cos(a), np.sin(a), 0.0]]),
              f"Row 1 is that of the box's volume, a product of three. Output 1 here is another function. {ROW}"),
    )  # fmt: skip

    def cases(self, rng):
        for x in rng.uniform(0.3, 1.4, size=(4, 3, 1)):
            yield {"x": x}

    def solution(self, x):
        x1, x2, x3 = x.ravel()
        return np.array([[x2, x1, -2 * x3], [x2 * np.cos(x1), np.sin(x1), 0.0]])


def _reading(name, message, **entries):
    """The right reading but for some entries."""
    return slips.changed(lambda: ReadTheSizes.solution(None), name, message, **entries)


class ReadTheSizes(Exercise):
    id = "3.2"
    title = "Read a Jacobian"
    name = "reading"
    structure_is_asked = True
    returns = "a dict"
    hints = (
        "J is (4, 2). One of the two numbers counts inputs: which one, if J @ (a column of input steps) exists?",
        "Row i is a gradient transposed; the gradient itself is a column and has one entry for each input.",
    )
    because = "Columns count inputs and rows outputs; a gradient has N entries, df/dx_j has K, both upright."
    mistakes = (
        Wrong("sizes swapped", lambda: ReadTheSizes.solution(None) | {
                  "N": 4, "K": 2, "shape of x": (4, 1), "shape of the gradient of f_3": (4, 1),
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
              "Python counts from 0, the mathematics from 1, also the outputs. See the labels in the picture "
              "of 'Several of both: the Jacobian'."),
        Wrong("one step for all", lambda: ReadTheSizes.solution(None) | {"change of f_2": 0.04},
              "For the change of f_2 both slopes were multiplied by the same step. Each input has its own: see how "
              "the question is answered in 'Several of both: the Jacobian'."),
        _reading("sizes swapped", f"N and K have changed places. Which of them counts the columns of J? {BOTH}",
                 N=4, K=2),
        _reading("rows for columns", f"df/dx_2 is a column of J, and you laid it down. {BOTH}",
                 **{"shape of df/dx_2": (1, 4)}),
        _reading("flattened", f"A shape with one axis is not that of a column. Vectors stand upright here. {BOTH}",
                 **{"shape of x": (2,), "shape of the gradient of f_3": (2,), "shape of df/dx_2": (4,)}),
        _reading("flattened", f"The shape of x has one axis only. Vectors of the course stand upright, in two. {BOTH}",
                 **{"shape of x": (2,)}),
        _reading("sign", f"In the change of f_2 one sign is lost: look at the row of J again. {BOTH}",
                 **{"change of f_2": 0.01 + 0.15}),
        _reading("counted from 0", f"You took the row of f_3. Counted from 1, which row belongs to f_2? {BOTH}",
                 **{"change of f_2": 3 * 0.01 + 0.5 * 0.03}),
        _reading("dropped path", f"In the change of f_2 only one of the two inputs counts. Both move. {BOTH}",
                 **{"change of f_2": 0.15}),
        _reading("dropped path", "In the change of f_2 only x_1 counts. Both inputs move: see 'Several of both: the "
                 "Jacobian'.", **{"change of f_2": -0.01}),
        _reading("direction ignored", "You added the slopes of f_2. Each is to be multiplied by the step of its "
                 f"input. {BOTH}", **{"change of f_2": 4.0}),
        _reading("reversed order", f"In the change of f_2 each slope meets the step of the other input. {BOTH}",
                 **{"change of f_2": -1 * 0.03 + 5 * 0.01}),
        _reading("sizes swapped", f"x has as many entries as there are outputs here. What does x count? {BOTH}",
                 **{"shape of x": (4, 1)}),
        _reading("rows for columns", f"You laid x down; it is a column. {BOTH}", **{"shape of x": (1, 2)}),
        _reading("sizes swapped", f"df/dx_2 has one entry for each output. How many are there? {BOTH}",
                 **{"shape of df/dx_2": (2, 1)}),
        _reading("one step for all", "For the change of f_2 both slopes were multiplied by 0.03. Each input has a step "
              f"of its own. {BOTH}", **{"change of f_2": 0.12}),
        _reading("sizes swapped", f"N counts what goes in. Which size of J must fit that? {BOTH}", N=4),
        _reading("sizes swapped", f"K counts what comes out. Which size of J is that? {BOTH}", K=2),
        _reading("wrong concept", f"The 3 of f_3 tells which output it is. How many entries has its gradient? {BOTH}",
                 **{"shape of the gradient of f_3": (3, 1)}),
        _reading("wrong concept", f"The output that ignores x_1: look for a 0 in the column of x_1. {BOTH}",
                 **{"output that ignores x_1": 2}),
        _reading("not summed", f"For the change of f_2 you give the two contributions. They are added. {BOTH}",
                 **{"change of f_2": [-0.01, 0.15]}),
        _reading("flattened", f"The gradient of f_3 has one axis only in your answer; it stands upright, in two. "
              f"{BOTH}",
                 **{"shape of the gradient of f_3": (2,)}),
        _reading("sign", f"The change of f_2 has the wrong sign as a whole. Which of its two terms is larger? {BOTH}",
                 **{"change of f_2": 0.01 - 0.15}),
        _reading("wrong concept", "The output that ignores x_1 has a slope that says so: go down the column of x_1. "
                 f"{BOTH}", **{"output that ignores x_1": 4}),
        _reading("wrong concept", f"df/dx_2 has the shape of all of J in your answer. It belongs to one input. {BOTH}",
                 **{"shape of df/dx_2": (4, 2)}),
        _reading("wrong concept", f"The gradient of f_3 has the shape of all of J. It belongs to one output. {BOTH}",
                 **{"shape of the gradient of f_3": (4, 2)}),
        _reading("digits lost", f"The change of f_2 is off by a power of ten: multiply again. {BOTH}",
                 **{"change of f_2": 1.4}),
        _reading("wrong concept", f"Your shape of x is that of J. What does J multiply? {BOTH}",
                 **{"shape of x": (4, 2)}),
        _reading("sizes swapped", f"The gradient of f_3 is a column, with one entry for each input. {BOTH}",
                 **{"shape of the gradient of f_3": (1, 4)}),
        _reading("sizes swapped", "The gradient of f_3 has as many entries as there are outputs in your answer. It "
                 f"asks how one output changes. {ROW}", **{"shape of the gradient of f_3": (4, 1)}),
        _reading("wrong concept", f"The gradient of f_3 is one number in your answer. How many slopes has f_3? {ROW}",
                 **{"shape of the gradient of f_3": (1, 1)}),
        _reading("sizes swapped", f"df/dx_2 is the change of all outputs, and stands upright. {BOTH}",
                 **{"shape of df/dx_2": (1, 2)}),
        _reading("wrong concept", f"df/dx_2 is one number in your answer. How many outputs change with x_2? {BOTH}",
                 **{"shape of df/dx_2": (1, 1)}),
        _reading("wrong concept", "The output that ignores x_1: down its column, one slope says that nothing changes. "
                 f"{BOTH}", **{"output that ignores x_1": 3}),
        _reading("sign", f"In the change of f_2 both terms have the same sign. Look at the row of J again. {BOTH}",
                 **{"change of f_2": -0.01 - 0.15}),
        _reading("wrong concept", f"You give the changes of all outputs. The question is about one of them. {BOTH}",
                 **{"change of f_2": np.array([[0.06], [0.14], [0.045], [-0.14]])}),
        _reading("digits lost", f"For the change of f_2, x_1 grows by 0.01 and not by 1. {BOTH}",
                 **{"change of f_2": 14.0}),
        _reading("counted from 0", f"For the change of f_2 you took the first row of J. {BOTH}",
                 **{"change of f_2": 2 * 0.03}),
        *(_reading("spelling", "The output that ignores x_1 is asked for by its number, without a letter or quotation "
                   "marks.", **{"output that ignores x_1": text}) for text in ("f_1", "f1", "1")),
        _reading("spelling", "The change of f_2 stands in brackets of its own. A number is asked for.",
                 **{"change of f_2": (-1 * 0.01 + 5 * 0.03,)}),
        *(_reading("spelling", "A count is a number, and stands without quotation marks.", **{key: text})
          for key, text in (("N", "2"), ("K", "4"))),
        _reading("rows for columns", "For the change of f_2 you went down a column of J, or put one of its slopes into "
                 f"the row. Which numbers of J belong to f_2? {BOTH}", **{"change of f_2": 2 * 0.01 + 5 * 0.03}),
        _reading("digits lost", "In the change of f_2 one contribution is ten times too small, or its slope comes from "
                 f"the row of another output. {BOTH}", **{"change of f_2": -0.01 + 0.015}),
        *(_reading("wrong concept", f"For {key} you counted all entries of J. {BOTH}", **{key: 8})
          for key in ("N", "K")),
        *(_reading("wrong concept", f"For {key} you give a shape. It is a number, a count. {BOTH}", **{key: shape})
          for key, shape in (("N", (2, 1)), ("K", (4, 1)), ("N", (4, 2)), ("K", (4, 2)))),
        *(_reading("transposed", f"The {key} is that of all of J, turned over. One row or one column of J is asked "
                   f"for. {BOTH}", **{key: (2, 4)})
          for key in ("shape of the gradient of f_3", "shape of df/dx_2")),
        *(_reading("wrong concept", f"For {key} you took a number from another place: which size of J counts it? "
                   f"{BOTH}", **{key: number}) for key, number in (("N", 3), ("N", 1), ("K", 3), ("K", 1))),
        _reading("wrong concept", f"Your shape of x has two columns. One x is one point. {BOTH}",
                 **{"shape of x": (2, 2)}),
        _reading("product for sum", "The change of f_2 has two contributions, and you multiplied them. How do the "
                 f"effects of two inputs combine? {ROW}", **{"change of f_2": -0.01 * 0.15}),
        *(_reading("difference not divided", "You divided the change of f_2 by the size of the step. That is a slope; "
                   f"the change itself is asked for. {BOTH}", **{"change of f_2": value})
          for value in (0.14 / 0.04, 0.14 / (0.01**2 + 0.03**2) ** 0.5)),
        _reading("spelling", "The output that ignores x_1 is one number, not a place in the matrix.",
                 **{"output that ignores x_1": (1, 1)}),
    )  # fmt: skip

    def solution(self):
        return {
            "N": 2,
            "K": 4,
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
        *(Wrong("silent broadcast", lambda f, x, u, table=table, unit=unit:
                table(_jacobian(f, x) * u) / (np.linalg.norm(u) if unit else 1),
                "A row times a column fills a whole table, unless the product is one that sums and the row stands "
                "first: see 'One output, several inputs: a row'.")
          for table in (np.array, np.transpose) for unit in (True, False)),
        *(Wrong("silent broadcast", lambda f, x, u, one=one, unit=unit:
                one(_jacobian(f, x) * u) / (np.linalg.norm(u) if unit else 1),
                "A row times a column, with a star, fills a whole table, and you made one number of all of it. Each "
                f"slope belongs to one entry of u. {ROW}") for one in (np.sum, np.mean) for unit in (True, False)),
        *slips.difference_quotients(lambda quotient: lambda f, x, u: quotient(
              lambda s: f(x + s * u / np.linalg.norm(u)).item(), 1e-5), ALONG),
        *(Wrong("direction not of length 1", lambda f, x, u, length=length: (_jacobian(f, x) @ (u / length(u))).item(),
                f"{what} {ALONG}") for length, what in (
              (lambda u: np.abs(u).sum(), "You divide u by the sum of its entries' sizes. Its length is another "
                    "number."),
              (lambda u: (u**2).sum(), "You divide u by the square of its length."),
              (lambda u: 1 / np.linalg.norm(u), "You multiply u by its length, which makes it longer still."),
              (len, "len(u) counts the entries of u; its length is another number."))),
        Wrong("value instead of derivative", lambda f, x, u: f(u / np.linalg.norm(u)).item(),
              f"This is a value of f, at a point near the origin. The exercise asks for a slope at x. {ALONG}"),
        Wrong("slope at the wrong point", lambda f, x, u: (_jacobian(f, u) @ (u / np.linalg.norm(u))).item(),
              f"The slope is taken at u. u is the direction; the point is x. {ALONG}"),
        Wrong("not summed", lambda f, x, u: _jacobian(f, x).T * (u / np.linalg.norm(u)),
              f"These are the contributions of the inputs, one below the other. They add up to one slope. {ALONG}"),
        Wrong("direction ignored", lambda f, x, u: (_jacobian(f, x) @ (np.ones_like(u) / np.sqrt(len(u)))).item(),
              f"You walk along (1, 1, …), whatever u is. {ALONG}"),
        Wrong("step too large", lambda f, x, u: ((f(x + 0.1 * u / np.linalg.norm(u)) - f(x)) / 0.1).item(),
              f"A one-sided difference with so large a step is far off. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ (u / u.max())).item(),
              f"You divide u by its largest entry; its length is another number. {ALONG}"),
        Wrong("direction ignored", lambda f, x, u: float(np.sum(_jacobian(f, x)) * np.linalg.norm(u)),
              f"The partial derivatives are added up and multiplied by the length of u. Only where u points should "
              f"matter. {ALONG}"),
        Wrong("one direction only", lambda f, x, u: abs((_jacobian(f, x) @ u).item()) / np.linalg.norm(u),
              f"A slope has a sign: f may fall in the direction of u. {ALONG}"),
        Wrong("size only", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.linalg.norm(u)
              / np.linalg.norm(_jacobian(f, x)),
              f"This is the cosine of the angle between the gradient and u. The slope has another factor. {ALONG}"),
        Wrong("direction not of length 1",
              lambda f, x, u: (_jacobian(f, x) @ u).item() / np.linalg.norm(_jacobian(f, x)),
              f"You divide by the length of the gradient. Which of the two columns should have length 1? {ALONG}"),
        Wrong("step too large", lambda f, x, u: (f(x + u / np.linalg.norm(u)) - f(x)).item(),
              f"You go a whole unit along u. The slope is what is left when the step is small. {ALONG}"),
        Wrong("step too large", lambda f, x, u: (f(x + u) - f(x)).item() / np.linalg.norm(u),
              f"You go the whole way along u. The slope is what is left when the step is small. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.sqrt(np.abs(u.sum())),
              f"You divide u by the root of the sum of its entries. Its length is another number. {ALONG}"),
        Wrong("wrong direction", lambda f, x, u: (_jacobian(f, x) @ x).item() / np.linalg.norm(x),
              f"You walk along x. The point is x; the direction is u. {ALONG}"),
        Wrong("wrong direction", lambda f, x, u: (_jacobian(f, x) @ (u - x)).item() / np.linalg.norm(u - x),
              f"You walk from x to u, as if u were a point. It is a direction. {ALONG}"),
        Wrong("direction ignored", lambda f, x, u: _jacobian(f, x),
              f"This is the whole row of slopes. The one slope along u is still to be made of it. {ALONG}"),
        Wrong("slope at the wrong point", lambda f, x, u: (
              (f(1e-5 * u / np.linalg.norm(u)) - f(-1e-5 * u / np.linalg.norm(u))) / 2e-5).item(),
              f"The slope is taken at the origin. The point is x. {ALONG}"),
        Wrong("step counted once", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.linalg.norm(u) / 2,
              f"Your slope is half as large as it should be: how far apart are your two points? {ALONG}"),
        Wrong("step counted once", lambda f, x, u: (f(x + 1e-5 * u / np.linalg.norm(u)) - f(x)).item() / 2e-5,
              f"You go to one side only, and divide as if you had gone to both. {ALONG}"),
        Wrong("wrong direction", lambda f, x, u: (_jacobian(f, x) @ x).item(),
              f"The slopes are multiplied by the point. The direction is u. {ALONG}"),
        Wrong("size only", lambda f, x, u: float(np.linalg.norm(_jacobian(f, x).T * u) / np.linalg.norm(u)),
              f"You take the length of the contributions. They are added, each with its sign. {ALONG}"),
        Wrong("not summed", lambda f, x, u: float(np.mean(_jacobian(f, x).T * u) / np.linalg.norm(u)),
              f"You take the mean of the contributions of the inputs. How do the effects of several inputs combine? "
              f"{LINEAR}"),
        Wrong("direction not of length 1", lambda f, x, u: (f(x + 1e-6 * u) - f(x)).item() / 1e-6,
              f"Your difference goes to one side only, and your answer grows with the length of u. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() / u.sum(),
              f"You divide u by the sum of its entries. Its length is another number. {ALONG}"),
        Wrong("not summed", lambda f, x, u: (_jacobian(f, x) * u.T).ravel(),
              f"These are the contributions of the inputs, and u keeps its own length. They add up to one slope. "
              f"{ALONG}"),
        Wrong("not summed", lambda f, x, u: _jacobian(f, x) * u.T,
              f"These are the contributions of the inputs, and u keeps its own length. They add up to one slope. "
              f"{ALONG}"),
        *(Wrong("step too large", lambda f, x, u, h=h: _along(f, x, u / np.linalg.norm(u), h),
                f"Your step is so large that the bend of f shows; it would do for a straighter f. Lesson 01 found a "
                f"better step. {ALONG}") for h in (1, 0.1, 0.05, 0.01, 0.003)),
        Wrong("step too large", lambda f, x, u: _along(f, x, u, 1) / np.linalg.norm(u),
              f"You go the whole of u, to both sides. The slope is what is left when the step is small. {ALONG}"),
        *(Wrong("step too small", lambda f, x, u, h=h: _along(f, x, u / np.linalg.norm(u), h),
                "Your step is so small that only rounding is left of the difference. Lesson 01 found a better step.")
          for h in (1e-12, 1e-13, 1e-14, 1e-15, 1e-16)),
        Wrong("rows for columns", lambda f, x, u: _jacobian(f, x).T @ (u / np.linalg.norm(u)),
              f"A column times a column is no product: one of the two must be a row. {ROW}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ (u / np.abs(u).max())).item(),
              f"You divide u by the size of its largest entry; its length is another number. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.sqrt(len(u)),
              f"You divide u by the root of its number of entries. Its length depends on the entries. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ np.sign(u)).item(),
              f"You divide each entry of u by its own size, so that only the signs are left: norm with axis=1 takes "
              f"each row for itself. {ALONG}"),
        Wrong("wrong concept", lambda f, x, u: (f(u) - f(x)).item() / np.linalg.norm(u - x),
              f"You measure the slope of the chord from x to u. u is no point, and the slope is at x. {ALONG}"),
        Wrong("some directions only", lambda f, x, u: _jacobian(f, x)[0, 0] * u[0, 0] / np.linalg.norm(u),
              f"You count the first input only. They all move. {ALONG}"),
        Wrong("not summed", lambda f, x, u: (_jacobian(f, x) @ u).item() * u / np.sum(u * u),
              f"You return a column along u. The slope is one number. {ALONG}"),
        Wrong("value instead of derivative", lambda f, x, u: f(x).item(),
              f"This is f(x) itself. The exercise asks how steeply f rises from there. {ALONG}"),
        Wrong("rows for columns", lambda f, x, u: _jacobian(f, x) @ u.T,
              f"A row times a row is no product: one of the two must stand. {ROW}"),
        *(Wrong("slope at the wrong point", lambda f, x, u, at=at: (_jacobian(f, at(x, u)) @ u).item()
                / np.linalg.norm(u), f"{what} u is the direction; the point is x. {ALONG}")
          for at, what in ((lambda x, u: u * x, "The slope is taken at u times x."),
                           (lambda x, u: x * u / np.linalg.norm(u), "The slope is taken at x times a direction."),
                           (lambda x, u: x + u, "The slope is taken at x + u, where a whole u leads."))),
        Wrong("size only", lambda f, x, u: float(np.linalg.norm(_jacobian(f, x)) * np.linalg.norm(u)),
              f"You multiply two lengths. Where u points does not matter to that, and the angle should. {ALONG}"),
        Wrong("size only", lambda f, x, u: float(np.arccos(np.clip((_jacobian(f, x) @ u).item() / np.linalg.norm(u)
                                                                   / np.linalg.norm(_jacobian(f, x)), -1, 1))),
              f"This is the angle between the gradient and u. The slope is asked for. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.linalg.norm(x),
              f"You divide by the length of x. Which of the two columns is the direction? {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() / np.sqrt(np.linalg.norm(u)),
              f"A root is taken twice: np.linalg.norm is the length already. {ALONG}"),
        Wrong("slope at the wrong point", lambda f, x, u: (_jacobian(f, u) @ x).item() / np.linalg.norm(x),
              f"x and u have changed places: the slope is taken at x, and u is the direction. {ALONG}"),
        Wrong("slope at the wrong point", lambda f, x, u: (_jacobian(f, x / np.linalg.norm(x)) @ u).item()
              / np.linalg.norm(u),
              f"You divide x by its length, too, and so move the point. Only the direction has length 1. {ALONG}"),
        Wrong("sign", lambda f, x, u: (_jacobian(f, x) @ np.abs(u)).item() / np.linalg.norm(u),
              f"The signs in u are lost: a direction may go towards smaller values of an input. {ALONG}"),
        *(Wrong("not summed", lambda f, x, u, lay=lay: lay((_jacobian(f, x) @ u).item() * u / np.sum(u * u)),
                f"You return an array with an entry for each input. The slope along u is one number. {ALONG}")
          for lay in (np.ravel, np.transpose)),
        Wrong("direction ignored", lambda f, x, u: float(_jacobian(f, x).max()),
              f"This is the largest of the partial derivatives. The direction of u does not matter to it. {ALONG}"),
        Wrong("direction not of length 1", lambda f, x, u: (_jacobian(f, x) @ u).item() * np.linalg.norm(u) ** 2,
              f"The length of u multiplies twice. Walking farther does not make a hill steeper. {ALONG}"),
    )  # fmt: skip

    def cases(self, rng):
        yield {"f": probe("paraboloid"), "x": np.array([[1.0], [2.0]]), "u": np.array([[3.0], [4.0]])}
        yield {"f": probe("bowl"), "x": np.array([[1.0], [-0.5], [2.0]]), "u": np.array([[-2.0], [1.0], [-2.0]])}
        for name, N in (("paraboloid", 2), ("bowl", 3)):
            x, u = rng.uniform(0.5, 2.0, size=(2, N, 1))
            yield {"f": probe(name), "x": x, "u": u}
        # The others are quadratic, so that a central difference is exact for any step; this one tells a large step.
        yield {"f": probe("exp"), "x": np.array([[0.4]]), "u": np.array([[-0.25]])}

    def solution(self, f, x, u):
        e, h = u / np.linalg.norm(u), 1e-5
        return ((f(x + h * e) - f(x - h * e)) / (2 * h)).item()


def _columns(quotient):
    """The right Jacobian, by another quotient than the central one."""
    return lambda f, x: np.hstack([quotient(lambda s, e=e: f(x + s * e), 1e-5) for e in np.eye(len(x))[..., None]])


def _loop(f, x, shape, turns, long, slot=lambda j: np.s_[:, [j]], change=lambda column: column):
    """The program of 3.4 with an array of another shape, another number of turns, or a step of another length.

    slot    the place that turn j fills
    change  what is made of the column before
    """
    J = np.zeros(shape)
    for j in range(turns):
        step = 1e-5 * np.eye(long)[:, [j]]
        J[slot(j)] = change((f(x + step) - f(x - step)) / 2e-5)
    return J


def _a_turn_for_each_output(f, x, h=1e-5):
    """Column by column, with as many columns as f has outputs; it raises where there are more outputs than inputs."""
    columns = []
    for j in range(len(f(x))):
        step = np.zeros_like(x)
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.hstack(columns)


def _flat_steps(f, x):
    """The answer to 3.4 of one whose steps have one axis; it raises."""
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        step = 1e-5 * np.eye(len(x))[j]
        J[:, [j]] = (f(x + step) - f(x - step)) / 2e-5
    return J


class RepairTheSizes(Exercise):
    id = "3.4"
    title = "Correct the note's sizes"
    points = 2
    name = "jacobian_repaired"
    arguments = ("f", "x")
    returns = "an array (K, N), for K outputs and N inputs"
    tolerance = Close(1e-6)
    hints = (
        "Say in words what len(x) counts and what len(f(x)) counts. Which letter did each of them get?",
        "The loop moves one input in each turn and fills one column. So how many turns are there?",
    )
    because = (
        "There are len(x) inputs, one a column, and len(f(x)) outputs, one a row. The rest of the program was right."
    )
    mistakes = (
        Wrong("as printed", lambda f, x: _loop(f, x, (len(x), len(f(x))), len(f(x)), len(x)),
              "This is still the printed reading: right where there are as many outputs as inputs, and nowhere else. "
              "See 'Several of both: the Jacobian'."),
        Wrong("transposed", lambda f, x: _jacobian(f, x).T,
              "The sizes fit together now, but each of your rows tells what one input does. Which size of J must fit a "
              "column of input steps? See 'Several of both: the Jacobian'."),
        Wrong("sizes swapped", lambda f, x: _jacobian(f, x).reshape(len(x), len(f(x))),
              "The right numbers were poured into an array with the two sizes exchanged, and stand in the wrong "
              "places: see 'What can go wrong'."),
        Wrong("rows for columns", lambda f, x: _jacobian(f, x).T.reshape(-1, 1),
              "Your columns form one long column. They stand side by side: see 'Several of both: the Jacobian'."),
        *slips.difference_quotients(_columns, BOTH),
        Wrong("sizes swapped", lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(f(x)), len(x)),
              f"The array has the right sizes. The loop makes a turn for each output: what does a turn move? {BOTH}"),
        *(Wrong("sizes swapped", answer,
                "The loop makes the right number of turns. One size is still exchanged, that of the array or that of "
                f"the step: which letter counts what? {BOTH}")
          for answer in (lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(x), len(f(x))),
                         lambda f, x: _loop(f, x, (len(x), len(f(x))), len(x), len(x)))),
        Wrong("wrong direction", lambda f, x: np.tile(_jacobian(f, x).sum(axis=1, keepdims=True), len(x)),
              f"All columns are the same, each the sum of the right ones. Does every input move in each turn, or does "
              f"each turn write into all columns? Column j belongs to input j alone. {BOTH}"),
        Wrong("value instead of derivative", lambda f, x: f(x),
              f"This is f(x) itself. A derivative has a number for each pair of an output and an input. {BOTH}"),
        slips.flattened(_jacobian, BOTH),
        slips.first_column_only(_jacobian, BOTH),
        Wrong("sizes swapped", _a_turn_for_each_output,
              f"Your loop makes a turn for each output. What does a turn move? {BOTH}"),
        Wrong("flattened", _flat_steps,
              f"Your step has one axis, so that x + step is a table and no column. The step has the shape of x. "
              f"{BOTH}"),
        Wrong("reversed order", lambda f, x: _jacobian(f, x)[::-1],
              f"The rows stand in the opposite order. Row 1 belongs to output 1. {BOTH}"),
        Wrong("reversed order", lambda f, x: _jacobian(f, x)[:, ::-1],
              f"The columns stand in the opposite order. Column 1 belongs to input 1. {BOTH}"),
        Wrong("other layout", lambda f, x: np.diag(np.diag(_jacobian(f, x))),
              f"Only the diagonal is filled. Every output may change with every input. {BOTH}"),
        Wrong("slope at the wrong point", lambda f, x: _jacobian(f, 0 * x),
              f"Your slopes are taken at the origin. The point is x. {BOTH}"),
        Wrong("summed too early", lambda f, x: _jacobian(f, x).sum(axis=1, keepdims=True),
              f"Your columns are added up. They stand side by side. {BOTH}"),
        Wrong("summed too early", lambda f, x: _jacobian(f, x).sum(axis=0, keepdims=True),
              f"Your rows are added up. Each output keeps its own. {BOTH}"),
        Wrong("other layout", lambda f, x: _jacobian(f, x).T[..., None],
              f"You return the columns as a list. They are to be joined side by side to one array. {BOTH}"),
        Wrong("sign", lambda f, x: np.abs(_jacobian(f, x)),
              f"The sizes are right and the signs are lost: a slope may be negative. {BOTH}"),
        Wrong("last dropped", lambda f, x: _jacobian(f, x) * (np.arange(len(x)) < len(x) - 1),
              f"The last column is empty: range(n) stops before n by itself. {BOTH}"),
        Wrong("step counted once", lambda f, x: _jacobian(f, x) / 2,
              f"Every slope is half as large as it should be. Does your difference go to both sides? {BOTH}"),
        Wrong("sizes swapped", lambda f, x: _jacobian(f, x) * (np.arange(len(x)) < len(f(x))),
              f"Some columns stay empty where there are more inputs than outputs. How many turns does the loop need? "
              f"{BOTH}"),
        Wrong("axis too many",
              lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(x), len(x), slot=lambda j: np.s_[:, j]),
              "J[:, j] with a plain j has one axis, and your column has two. Keep the column's second axis with [j]."),
        Wrong("rows for columns",
              lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(x), len(x), slot=lambda j: np.s_[j], change=np.ravel),
              f"Each turn fills a row. What one input does stands in a column. {BOTH}"),
        Wrong("rows for columns",
              lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(x), len(x), slot=lambda j: np.s_[[j]],
                                 change=np.transpose),
              f"Each turn fills a row. What one input does stands in a column. {BOTH}"),
        *(Wrong("step too large", lambda f, x, h=h: _jacobian(f, x, h),
                f"Your step is so large that the bend of f shows. Did the step get lost, or is it far from the one "
                f"that the printed program takes? {BOTH}") for h in (1, 0.1, 0.01)),
        *(Wrong("step too small", lambda f, x, h=h: _jacobian(f, x, h),
                "Your step is so small that rounding eats the difference. Lesson 01 found a better one.")
          for h in (1e-12, 1e-13, 1e-14, 1e-15, 1e-16)),
        Wrong("step too small", lambda f, x: _jacobian(f, x) * np.where(x.ravel() == 0, np.nan, 1),
              "Your step is a share of x, and where an entry of x is 0 nothing moves. A step has a size of its own."),
        Wrong("zero", lambda f, x: 0 * _jacobian(f, x),
              "Every entry is 0, or too small to count. Is the array never filled, a step sideways not divided by, or "
              "are your two points one and the same array? up = x is a second name for x and no copy: what moves the "
              "one moves the other."),
        Wrong("step counted once", lambda f, x: np.hstack([(f(x + step) - f(x)) / 2e-5 for step in _steps(x)]),
              f"Your difference goes to one side only, and is divided as if it had gone to both. {BOTH}"),
        Wrong("first only", lambda f, x: _jacobian(f, x)[:, :1],
              f"You return the first column alone. Is the return inside the loop? {BOTH}"),
        Wrong("state kept", lambda f, x: _jacobian(f, x)[:, -1:],
              f"You return the last column alone: each turn replaces what the turn before it found. {BOTH}"),
        Wrong("digits lost", lambda f, x: _jacobian(f, x).astype(int),
              "Your slopes lose what stands after the point: is your array made for whole numbers?"),
        Wrong("transposed", lambda f, x: _jacobian(f, x).T if len(x) == len(f(x)) else _jacobian(f, x),
              f"A square Jacobian comes out transposed, the others are right. {BOTH}"),
        Wrong("transposed", lambda f, x: _jacobian(f, x).T if len(f(x)) < len(x) else _jacobian(f, x),
              f"Where there are fewer outputs than inputs, your Jacobian is transposed. {BOTH}"),
        Wrong("wrong direction", lambda f, x: np.tile(_jacobian(f, x)[:, :1], len(x)),
              f"All columns are the same as the first: each turn moves the same input. {BOTH}"),
        Wrong("state kept", lambda f, x: _jacobian(f, x).cumsum(axis=1),
              f"From turn to turn more inputs move: what moved before is not put back. {BOTH}"),
        Wrong("slope at the wrong point", lambda f, x: _jacobian(f, np.abs(x)),
              f"Your slopes are right only where no entry of x is below zero. Where are they taken? {BOTH}"),
        Wrong("value instead of derivative", lambda f, x: _jacobian(f, x) @ x,
              f"You return J times x, one number for each output. J itself is asked for. {BOTH}"),
        Wrong("reshaped", lambda f, x: _jacobian(f, x).T.ravel().reshape(len(f(x)), len(x)),
              f"The columns were put below each other and poured into the shape row by row. They stand side by side. "
              f"{WRONG}"),
        Wrong("rows for columns",
              lambda f, x: _loop(f, x, (len(f(x)), len(x)), len(x), len(x), slot=lambda j: np.s_[[j]]),
              f"Your difference is a column, and J[[j], :] is a row. What one input does stands in a column. {BOTH}"),
        Wrong("rows for columns", lambda f, x: _jacobian(f, x).T.reshape(1, -1),
              f"Your columns lie behind each other in one long row. They stand side by side. {BOTH}"),
        Wrong("counted from 0",
              lambda f, x: np.hstack([_jacobian(f, x)[:, [j]] for j in range(1, len(x) + 1)]),
              f"Your j goes one too far. Does it run from 1, as on paper? In Python the first input has the index 0. "
              f"{BOTH}"),
        Wrong("first only", lambda f, x: np.tile(_jacobian(f, x)[:1], (len(f(x)), 1)),
              f"Every row is that of output 1. Each output has slopes of its own. {BOTH}"),
        Wrong("counted from 0", lambda f, x: _jacobian(f, x) * (np.arange(len(x)) > 0),
              f"The first column is empty: in Python the first index is 0. {BOTH}"),
        Wrong("difference not divided", lambda f, x: _jacobian(f, x) / x.T,
              f"Each column is divided by the input as well. A slope is the change per step, whatever x is. {BOTH}"),
        Wrong("real part", lambda f, x: np.hstack([f(x + 1e-20j * e).real / 1e-20 for e in np.eye(len(x))[..., None]]),
              "You divide the real part by the step, and that holds the value of f. Where does a step sideways put the "
              "slope (lesson 01)?"),
        Wrong("last dropped", lambda f, x: _jacobian(f, x)[:, :-1],
              f"The last column is missing: range(n) stops before n by itself. {BOTH}"),
    )  # fmt: skip

    def cases(self, rng):
        # With a zero and with entries below zero: no step may be a share of x.
        signs = {
            "polar": [1, -1],
            "paraboloid": [1, 1],
            "saddle and waves": [-1, 0, 1],
            "helix": [1],
            "bowl": [1, -1, 1],
        }
        for name, sign in (*signs.items(), *self.more(("tanh", [1, 0, -1, 1]), ("sin", [1, 1, -1, -1, 1]))):
            yield {"f": probe(name), "x": rng.uniform(0.5, 1.5, size=(len(sign), 1)) * np.array(sign)[:, np.newaxis]}

    def solution(self, f, x):
        h, K, N = 1e-5, len(f(x)), len(x)
        J = np.zeros((K, N))
        for j in range(N):
            step = h * np.eye(N)[:, [j]]
            J[:, [j]] = (f(x + step) - f(x - step)) / (2 * h)
        return J


def _judge(accepts):
    """A test of A that looks at its difference from the measured Jacobian, A - J, and at x."""
    return lambda f, x, A: bool(accepts(A - _jacobian(f, x), x))


def _residual(f, x, A, step):
    return f(x + step) - f(x) - A @ step


def _largest(off):
    return np.abs(off).max()


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
              "Your test says no even to the right matrix. Print what you measure: is it near that matrix? Then allow "
              "for the error of a measurement; and if the test waits for a residual to shrink, along a straight line "
              "it is 0 from the start. See 'The best linear map'."),
        Wrong("some directions only", lambda f, x, A: bool(np.abs((_jacobian(f, x) - A)[:, 0]).max() < 1e-4),
              "Your test catches a mistake in the first column of A and no other: it moves only the first input. See "
              "what a column is in 'Several of both: the Jacobian'."),
        Wrong("some directions only", lambda f, x, A: bool(np.abs((_jacobian(f, x) - A)[:, -1]).max() < 1e-4),
              "Your test catches a mistake in the last column of A and no other: it moves only the last input. See "
              "what a column is in 'Several of both: the Jacobian'."),
        *(Wrong("some directions only", _judge(
                lambda off, x, most=most, unit=unit:
                    np.linalg.norm(off.sum(axis=1)) < most * (len(x) ** 0.5 if unit else 1)),
                "Your test moves all inputs together by the same amount, and mistakes that cancel in a row's sum pass. "
                "See 'The best linear map', where A must do for every e.")
          for most, unit in ((1e-4, False), (0.015, False), (0.02, True), (0.03, False), (0.05, False))),
        *(Wrong("coincidence", lambda f, x, A, h=h: all(
                    np.linalg.norm(_residual(f, x, A, h * e)) > 50 * np.linalg.norm(_residual(f, x, A, h / 10 * e))
                    for e in np.eye(len(x))[..., np.newaxis]),
                "Your test refuses right matrices where f runs straight along an input: there only rounding is left of "
                f"the residual, and that does not shrink like h². {LINEAR}") for h in (0.01, 0.1)),
        Wrong("one direction only", lambda f, x, A: bool((_jacobian(f, x) - A).max() < 1e-4),
              "Your test passes a matrix with an entry that is too large: it catches differences of one sign only. "
              "Which size of a difference counts? See 'The best linear map'."),
        *(Wrong("absolute tolerance", lambda f, x, A, size=size, most=most: bool(size(_jacobian(f, x) - A) < most),
                "Your test passes matrices that are off by a few hundredths: it allows too much. If it looks at the "
                "residual, compare that with h. See 'The best linear map'.")
          for size in (_largest, np.linalg.norm) for most in (0.1, 0.07, 0.05, 0.036, 0.03)),
        *(Wrong("size only", lambda f, x, A, most=most, part=part: bool(np.isclose(
                    np.linalg.norm(A), np.linalg.norm(_jacobian(f, x)), atol=most, rtol=part)),
                "Your test compares how large two matrices are, not their entries: it passes the transpose, exchanged "
                "rows and the opposite sign. See 'What can go wrong'.")
          for most, part in ((1e-4, 0), (1e-3, 0), (0.01, 0), (0.02, 0), (0.05, 0), (0, 1e-3), (0, 0.01))),
        Wrong("answer inverted", lambda f, x, A: bool(np.abs(_jacobian(f, x) - A).max() > 1e-4),
              "Yes and no are exchanged: your test passes exactly what is wrong. See 'The best linear map'."),
        Wrong("some directions only", _judge(lambda off, x: np.abs(off @ x).max() < 1e-4),
              f"Your test looks along x alone, and mistakes that cancel there pass. {LINEAR} There A must do for every "
              "e."),
        Wrong("one direction only", _judge(lambda off, x: off.max() < 1e-4),
              "Your test passes a matrix with an entry that is too small: it catches differences of one sign only. "
              f"Which size of a difference counts? {LINEAR}"),
        Wrong("size only", _judge(lambda off, x: abs(off.sum()) < 1e-4),
              f"Your test looks at the sum or the mean of all entries, and mistakes that cancel pass. {LINEAR}"),
        Wrong("some directions only", _judge(lambda off, x: (np.abs(off) < 1e-4).any()),
              "It is enough for your test that one entry is right. Every entry has to be: any or all?"),
        Wrong("verdict missing", lambda f, x, A: np.abs(A - _jacobian(f, x)) < 1e-4,
              "You return a verdict for each entry. One is asked for, for the whole matrix."),
        Wrong("verdict missing", lambda f, x, A: float(np.abs(A - _jacobian(f, x)).max()),
              "You return how far A is off. The verdict is still missing: is that small enough?"),
        Wrong("transposed", lambda f, x, A: A.shape[0] == A.shape[1] and bool(np.allclose(A.T, _jacobian(f, x))),
              f"Your test passes the transpose, and refuses what is right. {BOTH}"),
        Wrong("value instead of derivative", lambda f, x, A: bool(np.allclose(A @ x, f(x))),
              f"You ask whether A x is f(x). A tells how f changes around x, not how large it is. {LINEAR}"),
        Wrong("size only", lambda f, x, A: bool(np.allclose(np.sort(A.ravel()), np.sort(_jacobian(f, x).ravel()))),
              "Your test asks which numbers occur, not where they stand: it passes the transpose and exchanged rows. "
              f"{WRONG}"),
        Wrong("some directions only", _judge(lambda off, x: abs(off[0, 0]) < 1e-4),
              "Your test looks at one entry. Every entry has to be right."),
        Wrong("some directions only", _judge(lambda off, x: np.abs(np.diag(off)).max() < 1e-4),
              "Your test looks at the diagonal only. Every entry has to be right."),
        Wrong("sign", lambda f, x, A: bool(np.abs(np.abs(A) - np.abs(_jacobian(f, x))).max() < 1e-4),
              "Your test compares sizes only: it passes the opposite sign."),
        Wrong("size only", lambda f, x, A: bool(np.linalg.matrix_rank(A) == np.linalg.matrix_rank(_jacobian(f, x))),
              f"Your test compares the ranks. Very different matrices have the same rank. {WRONG}"),
        Wrong("absolute tolerance", _judge(lambda off, x: np.abs(off).mean() < 0.01),
              "Your test looks at the mean size of the differences. One entry that is off hides among the right ones."),
        Wrong("size only", _judge(lambda off, x: np.abs(off.sum(axis=0)).max() < 1e-4),
              f"Your test compares the sums of the columns, and mistakes that cancel in a column pass. {LINEAR}"),
        Wrong("some directions only", _judge(lambda off, x: np.abs(off[0]).max() < 1e-4),
              "Your test looks at the first row. Every output has to be right."),
        Wrong("some directions only", _judge(lambda off, x: np.abs(off[-1]).max() < 1e-4),
              "Your test looks at the last row. Every output has to be right."),
        Wrong("verdict missing", lambda f, x, A: A == _jacobian(f, x),
              "You return a verdict for each entry, and ask for equality to the last digit. One verdict is asked for, "
              "with room for the error of a measurement."),
        Wrong("transposed", lambda f, x, A: bool(np.allclose(A.T if A.shape[0] == A.shape[1] else A, _jacobian(f, x),
                                                             atol=1e-4)),
              f"For a square A your test passes the transpose, and refuses what is right. {BOTH}"),
        Wrong("transposed", lambda f, x, A: (A.shape[0] == A.shape[1] and bool(
                  np.allclose(A.T, _jacobian(f, x), atol=1e-4))) or bool(np.allclose(A, _jacobian(f, x), atol=1e-4)),
              f"Your test passes what is right, and the transpose too. {BOTH}"),
        Wrong("one direction only", _judge(lambda off, x: off.sum() < 1e-4),
              "Your test adds the differences up, and passes a sum that is far below zero. Every entry counts, with "
              f"its size. {LINEAR}"),
        *(Wrong("some directions only",
                _judge(lambda off, x, along=along: np.abs(off @ along(len(x))[:, np.newaxis]).max() < 1e-4),
                f"Your test looks along one direction, and mistakes that cancel there pass. {LINEAR} There A must do "
                f"for every e.")
          for along in (lambda N: np.arange(1.0, N + 1), lambda N: np.resize([0.6, 0.8], N),
                        lambda N: np.array([1.0, 2.0, 2.0])[:N], lambda N: (-1.0) ** np.arange(N))),
        Wrong("some directions only",
              _judge(lambda off, x: np.abs(off.sum(axis=1)).max() < 1e-4 and np.abs(off[:, 0]).max() < 1e-4),
              "Your test moves all inputs together, and the first alone. Mistakes that cancel in the other columns "
              f"pass. {LINEAR}"),
        *(Wrong("some directions only", _judge(lambda off, x, part=part: np.abs(part(off)).max() < 1e-4),
                f"Your test leaves a column of A out. Every entry has to be right. {BOTH}")
          for part in (lambda off: off[:, :2], lambda off: off[:, [0, -1]])),
        Wrong("some directions only", _judge(lambda off, x: (np.abs(off).max(axis=0) < 1e-4).any()),
              "It is enough for your test that one column is right. Every column has to be: any or all?"),
        Wrong("size only", _judge(lambda off, x: np.abs(off.sum(axis=0)).max() < 1e-4
                                  and np.abs(off.sum(axis=1)).max() < 1e-4),
              f"Your test compares the sums of rows and columns, and mistakes that cancel in both pass. {LINEAR}"),
        Wrong("size only", _judge(lambda off, x: abs(off.mean()) < 0.01),
              f"Your test looks at the mean of all differences, and they cancel or hide among the others. {LINEAR}"),
        *(Wrong("coincidence", lambda f, x, A, rtol=rtol: bool(np.allclose(_jacobian(f, x), A, rtol=rtol)),
                "What your test allows grows with the entry: at a large entry it is more than the error of a "
                "measurement.") for rtol in (0.02, 0.01, 0.05, 0.1)),
        Wrong("digits lost", lambda f, x, A: bool((np.round(_jacobian(f, x), 1) == np.round(A, 1)).all()),
              "Your test rounds before it compares. Numbers that are a few hundredths apart may round to the same."),
        Wrong("shape only", lambda f, x, A: A.shape[0] != A.shape[1] or bool(np.abs(A - _jacobian(f, x)).max() < 1e-4),
              "Your test judges square matrices, and lets all others pass. Do the numbers not count there?"),
        Wrong("verdict missing", lambda f, x, A: float((A - _jacobian(f, x)).max()),
              "You return how far A is off, and a difference below zero is not seen. The verdict is missing: is the "
              "largest size small enough?"),
        Wrong("size only", lambda f, x, A: bool(abs(_jacobian(f, x).max() - A.max()) < 0.01),
              "Your test compares the largest entries of the two matrices, wherever they stand. Every entry has to be "
              f"right. {WRONG}"),
        *(Wrong("verdict missing", lambda f, x, A, axis=axis: (np.abs(A - _jacobian(f, x)) < 0.01).all(axis=axis),
                "You return a verdict for each row or column: with an axis, all looks at one after the other. One "
                "verdict is asked for.") for axis in (0, 1)),
        *(Wrong("transposed", wrong,
                "Your test compares A with a transpose, and the two do not fit where A is not square. Which of the two "
                f"has a row for each output? {BOTH}")
          for wrong in (lambda f, x, A: bool(np.allclose(_jacobian(f, x).T, A, atol=0.01)),
                        lambda f, x, A: bool(np.allclose(_jacobian(f, x), A, atol=0.01)
                                             or np.allclose(_jacobian(f, x), A.T, atol=0.01)))),
        *(Wrong("no tolerance", lambda f, x, A, h=h: all(
                    np.linalg.norm(_residual(f, x, A, h * e)) <= h**2 for e in np.eye(len(x))[..., np.newaxis]),
                "Your test refuses right matrices where f bends strongly: the residual stays below a constant times "
                f"h², and the constant need not be 1. {LINEAR}") for h in (1e-2, 1e-3, 1e-4)),
        *(Wrong("some directions only", lambda f, x, A, h=h, most=most: bool(
                    np.linalg.norm(_residual(f, x, A, h * x / np.linalg.norm(x))) < most),
                f"Your test looks along x alone, and asks little there: the residual is to be compared with h. "
                f"{LINEAR}") for h, most in ((1e-4, 1e-6), (1e-5, 1e-7), (1e-3, 1e-5))),
        Wrong("size only", lambda f, x, A: bool(abs(np.linalg.det(A) - np.linalg.det(_jacobian(f, x))) < 0.01),
              f"Your test compares determinants, which only square matrices have; and very different ones share one. "
              f"{WRONG}"),
    )  # fmt: skip

    def cases(self, rng):
        f, x = probe("polar"), np.array([[2.0], [0.5]])
        # Right to nine decimals: no measurement returns exactly this, so that a comparison must allow for an error.
        J = np.round(numerical_jacobian(f, x), 9)
        # Off in the last column only; but right along (1, 1); but right along (1, 2); off in the first column only;
        # but right along x.
        # No size is one that a student would allow: 0.03, 0.04, 0.05.
        off = ([[0, 0], [0, 0.06]], [[0.034, -0.034], [0, 0]], [[0, 0], [-0.046, 0.023]], [[-0.06, 0], [0, 0]])
        # But right along (3, 4); but right along (1, -1); but right in the sum of every row and column.
        off += (
            [[0.02, -0.08], [0, 0]],
            [[0.044, -0.033], [0, 0]],
            [[0.034, 0.034], [0, 0]],
            [[0.034, -0.034], [-0.034, 0.034]],
        )
        for A in (J, J.T.copy(), *(J + np.array(entries) for entries in off), f(x) @ x.T / np.sum(x * x)):
            yield {"f": f, "x": x, "A": A}
        f, x = probe("saddle and waves"), np.sqrt([[2.0], [0.3], [1.5]])
        J = np.round(numerical_jacobian(f, x), 9)
        # Off in one column; but right along (1, 2, 2), (1, 2, 3), (1, -1, 1); along (1, 1, 1) and (1, 0, 0).
        off = ([0.034, 0, 0], [0, -0.034, 0], [0, 0, 0.046], [0, 0.024, 0])
        off += ([0.046, -0.046, 0.023], [-0.034, -0.034, 0.034], [0.034, 0.034, 0], [0, 0.034, -0.034])
        for A in (J, -J, J[::-1].copy(), *(J + np.array([[0, 0, 0], row]) for row in off)):
            yield {"f": f, "x": x, "A": A}
        f, x = probe("paraboloid"), np.sqrt([[2.0], [5.0]])  # one output, and a large slope that is off
        J = np.round(numerical_jacobian(f, x), 9)
        for A in (J, J + np.array([[0, 0.06]]), J / 2):
            yield {"f": f, "x": x, "A": A}

    def solution(self, f, x, A):
        h, steps = 1e-5, np.eye(len(x))[..., np.newaxis]  # each step moves one input
        slopes = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in steps]
        return bool(np.abs(np.hstack(slopes) - A).max() < 1e-4)


EXERCISES = [JacobianByHand, ReadTheSizes, SlopeAlong, RepairTheSizes, IsDerivative]
