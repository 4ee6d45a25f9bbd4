"""The exercises of lesson 06: a row of slopes, a product by hand, a four-layer product, a wrong point, the cost."""

from functools import partial

import numpy as np

from helpers.numerical import numerical_jacobian

from . import chains
from .exercise import Close, Exercise, Wrong
from .probes import probe


class RepairTheRow(Exercise):
    id = "6.1"
    title = "Repair the row"
    points = 2
    name = "row_repaired"
    arguments = ("f", "v", "x")
    returns = "a row (1, p)"
    tolerance = Close(1e-6)
    hints = (
        "There are two faults. One is about how many slopes there are, the other about where each is measured.",
        "The inputs of the composed function are the entries of x. What counts them?",
        "While x_j moves by h to both sides, what are the values of the other entries, if they are held fixed?",
    )
    because = "The row has p = len(x) entries, and entry j is measured at x itself, with a step along input j alone."
    mistakes = (
        Wrong("as printed", lambda f, v, x: chains.row_of_slopes(f, v, x, len(v(x)), chains.others_dropped),
              "Both faults are still there. Count the entries that your row should have, and look at the point where "
              "each slope is measured: see 'One entry for each input'."),
        Wrong("others dropped", lambda f, v, x: chains.row_of_slopes(f, v, x, len(x), chains.others_dropped),
              "The number of slopes is right. But each is measured with the other inputs at 0, which is another point "
              "than x: see what holding fixed means in 'One entry for each input'."),
        Wrong("sizes swapped", lambda f, v, x: chains.row_of_slopes(f, v, x, len(v(x)), chains.others_fixed),
              "Each slope is measured at the right point. But you count the slopes by the outputs of v: see what N and "
              "p count in 'One entry for each input'."),
        Wrong("transposed", lambda f, v, x: chains.row_of_slopes(f, v, x, len(x), chains.others_fixed).T,
              "The slopes are right and stand below each other. One output makes one row: see 'One entry for each "
              "input'."),
        Wrong("wrong direction", lambda f, v, x: np.full((1, len(x)), chains.slope_along(f, v, x, np.ones_like(x))),
              "All inputs move together here, so that every entry is the sum of the slopes. Entry j belongs to input "
              "j alone: see 'One entry for each input'."),
        Wrong("inner derivative forgotten",
              lambda f, v, x: chains.row_of_slopes(f, lambda v: v, v(x), len(v(x)), chains.others_fixed),
              "These are the slopes of f in the entries of v. Asked are those of the composed function in the "
              "entries of x: see what moves in 'One entry for each input'."),
        Wrong("one-sided", chains.one_sided,
              "Both faults are repaired. The difference became one-sided, and its error of the size of h is too "
              "large: compare with the program in 'One entry for each input'."),
    )  # fmt: skip

    def cases(self, rng):
        pairs = (("paraboloid", "saddle and waves", 3), ("paraboloid", "polar", 2), ("sin", "bowl", 3))
        for f, v, p in (*pairs, pairs[0]):
            yield {"f": probe(f), "v": probe(v), "x": rng.uniform(0.5, 1.2, size=(p, 1))}

    def solution(self, f, v, x):
        h, p = 1e-5, len(x)
        row = np.zeros((1, p))
        for j in range(p):
            step = h * np.eye(p)[:, [j]]
            row[:, [j]] = (f(v(x + step)) - f(v(x - step))) / (2 * h)
        return row


class ProductByHand(Exercise):
    id = "6.2"
    title = "A product by hand"
    points = 1
    name = "by_hand"
    returns = "a dict of four arrays"
    hints = (
        "First v(x), a column of two numbers. Then the formulas for the entries of df and dv, still with letters.",
        "The entries of df are formulas in v_1 and v_2. Which two numbers belong there?",
        "Entry (i, j) of the product is row i of df times column j of dv.",
    )
    because = "v(x) = (7, 6), so df = [[v_2, v_1], [1, -2 v_2]] is taken there; dv is taken at x = (1, 2, 3)."
    mistakes = (
        Wrong("slope at the wrong point", lambda: chains.by_hand([[2, 1], [1, -4]], [[1, 0, 2], [0, 3, 2]]),
              "dv is right. In df you put the first two entries of x where v_1 and v_2 stand: see which point "
              "belongs to which factor in 'Several outputs: a matrix times a matrix'."),
        Wrong("one use only", lambda: chains.by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 3, 0]]),
              "One entry of dv is missing. An input may stand in both outputs of v, and each of them is a path to the "
              "result: write down v_2 and look for every letter in it."),
        Wrong("transposed", lambda: chains.by_hand(
            [[6, 1], [7, -12]], [[1, 0], [0, 3], [2, 2]], [[6, 1], [21, -36], [26, -22]]),
              "Every matrix is transposed. Rows belong to outputs, and columns to inputs: lesson 03 has the order, "
              "and 'Several outputs: a matrix times a matrix' the shapes."),
        Wrong("rows for columns", lambda: chains.by_hand([[6, 1], [7, -12]], [[1, 0, 2], [0, 3, 2]]),
              "df is transposed. It is square, so the product can be formed all the same, with wrong numbers: row 1 of "
              "df belongs to the output f_1."),
        Wrong("power rule", lambda: chains.by_hand([[6, 7], [1, -6]], [[1, 0, 2], [0, 3, 2]]),
              "One entry of df is not right: look again at the slope of a square."),
    )  # fmt: skip

    def solution(self):
        return {
            "v(x)": np.array([[7.0], [6.0]]),
            "df": np.array([[6.0, 7.0], [1.0, -12.0]]),
            "dv": np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 2.0]]),
            "d(f ∘ v)": np.array([[6.0, 21.0, 26.0], [1.0, -36.0, -22.0]]),
        }


class FourLayers(Exercise):
    id = "6.3"
    title = "A four-layer product"
    points = 3
    name = "network_jacobian"
    arguments = ("W0", "b0", "W1", "b1", "x")
    returns = "a Jacobian (M, N)"
    hints = (
        "Four functions, so four factors. Write the product down with letters and shapes before any code.",
        "Two of the factors are W0 and W1. The other two are diagonal, with the slopes 1 - tanh² (lesson 04).",
        "Compute and keep z0 = W0 x + b0 and z1 on the way up. Each diagonal factor needs one of them.",
    )
    because = "df = D1 W1 D0 W0, with D0 = diag(1 - tanh²(z0)), D1 = diag(1 - tanh²(z1)): each at its own input."
    mistakes = (
        Wrong("reversed product", chains.from_factors(lambda W0, W1, D0, D1: W0 @ D0 @ W1 @ D1),
              "The four factors are there, in the order in which the functions act. The function that acts first "
              "stands at the right: see 'Order and points'."),
        Wrong("reversed product", chains.from_factors(lambda W0, W1, D0, D1: W1 @ D1 @ W0 @ D0),
              "The slopes stand on the wrong side of the weights: which function acts first? See 'Longer chains'."),
        Wrong("inner derivative forgotten", chains.from_factors(lambda W0, W1, D0, D1: W1 @ W0),
              "Only the affine maps are differentiated. Four functions give four factors: see 'Longer chains'."),
        Wrong("outer derivative forgotten", chains.from_factors(lambda W0, W1, D0, D1: W1 @ D0 @ W0),
              "One tanh is not differentiated, the one that acts last. Count the factors: see 'Longer chains'."),
        Wrong("inner derivative forgotten", chains.from_factors(lambda W0, W1, D0, D1: D1 @ W1 @ W0),
              "One tanh is not differentiated, the inner one. Count the factors: see 'Longer chains'."),
        Wrong("slope at the wrong point", chains.slopes_at_outputs,
              "The slopes of tanh are taken at its outputs. A Jacobian is taken at the input of its function: see "
              "'Order and points'. (The slope can be had from the output too, but by another formula.)"),
        Wrong("diagonal only", chains.diag_of_a_column,
              "The slopes of tanh belong into a square matrix. A column is none, and np.diag of a column takes out one "
              "number: it needs a 1-D array. See 'Longer chains'."),
        Wrong("transposed", chains.from_factors(lambda W0, W1, D0, D1: (D1 @ W1 @ D0 @ W0).T),
              "Every factor is right, and the result is transposed: rows belong to outputs, as in lesson 03."),
        Wrong("slope at the wrong point", chains.tanh_skipped,
              "The last tanh is asked for its slope at W1 (W0 x + b0) + b1, which occurs nowhere in the network. What "
              "acts between the two affine maps? See 'Longer chains'."),
        Wrong("slope at the wrong point", chains.slopes_at_x,
              "Both slopes are taken at x, which only the first function ever sees: see 'Order and points'."),
    )  # fmt: skip

    def cases(self, rng):
        for N, H, M in ((3, 3, 3), (3, 4, 2), (2, 5, 3), (4, 2, 1)):
            shapes = ((H, N), (H, 1), (M, H), (M, 1), (N, 1))
            yield dict(zip(self.arguments, (rng.normal(size=shape) for shape in shapes), strict=True))

    def solution(self, W0, b0, W1, b1, x):
        z0 = W0 @ x + b0
        z1 = W1 @ np.tanh(z0) + b1
        D0 = np.diag((1 - np.tanh(z0) ** 2).ravel())
        D1 = np.diag((1 - np.tanh(z1) ** 2).ravel())
        return D1 @ W1 @ D0 @ W0


class WrongPoint(Exercise):
    id = "6.4"
    title = "The factor at the wrong point"
    points = 3
    name = "find_and_repair"
    arguments = ("a", "b", "c", "factors", "x")
    returns = "a tuple of a text and an array (2, 2)"
    hints = (
        "All shapes are (2, 2), so only the numbers can tell. Against what can you compare each factor?",
        "numerical_jacobian(f, point) measures the Jacobian of f at a point. Which point belongs to a, to b, to c?",
        "Compare with np.abs(...).max() > 1e-6, and multiply the measured ones in the order of the composition.",
    )
    because = "c is taken at x, b at c(x), a at b(c(x)); the factor that differs from its measurement is the one."
    mistakes = (
        *(Wrong("slope at the wrong point", partial(chains.all_at_x, last=which == "last"),
                f"You compare every factor with the Jacobian at x, and name the {which} that differs. Only c sees x: "
                "see 'Order and points'.") for which in ("first", "last")),
        *(Wrong("slope at the wrong point", partial(chains.all_at_outputs, last=which == "last"),
                f"You compare every factor with the Jacobian at the output of its function, and name the {which} that "
                "differs. It belongs at the input: see 'Order and points'.") for which in ("first", "last")),
        Wrong("reversed product", lambda a, b, c, factors, x:
              (chains.factor_named(a, b, c, factors, x), chains.product(chains.own_jacobians(a, b, c, x)[::-1])),
              "You found the factor. Your product has the factors in the order in which the functions act, which is "
              "not the order in which they are written: see 'Order and points'."),
        Wrong("left as it was", lambda a, b, c, factors, x:
              (chains.factor_named(a, b, c, factors, x), chains.product(factors)),
              "You found the factor, and multiplied the factors as they were given, with the wrong one among them. "
              "Put it right first."),
        *(Wrong("answer inverted", partial(chains.right_one_named, last=which == "last"),
                f"Your product is right. The factor that you name is the {which} of the right ones: look at the "
                "direction of your comparison.") for which in ("first", "last")),
        Wrong("transposed", lambda a, b, c, factors, x:
              (chains.factor_named(a, b, c, factors, x), chains.product(chains.own_jacobians(a, b, c, x)).T),
              "You found the factor. Your product is transposed: rows belong to outputs, as in lesson 03."),
    )  # fmt: skip

    def cases(self, rng):
        orders = (("fold", "twist", "polar"), ("polar", "fold", "twist"), ("twist", "polar", "fold"))
        for k, (factor, at) in enumerate(((1, 2), (0, 1), (2, 0), (1, 0), (0, 2))):
            a, b, c = map(probe, orders[k % 3])
            x = np.round(rng.uniform(0.6, 1.4, size=(2, 1)), 2)
            factors = chains.own_jacobians(a, b, c, x)
            factors[factor] = numerical_jacobian((a, b, c)[factor], (b(c(x)), c(x), x)[at])
            yield {"a": a, "b": b, "c": c, "factors": factors, "x": x}

    def solution(self, a, b, c, factors, x):
        u = c(x)
        w = b(u)
        right = [numerical_jacobian(a, w), numerical_jacobian(b, u), numerical_jacobian(c, x)]
        for name, given, own in zip(("da", "db", "dc"), factors, right, strict=True):
            if np.abs(given - own).max() > 1e-6:
                wrong = name
        return wrong, right[0] @ right[1] @ right[2]


class CheaperBracketing(Exercise):
    id = "6.5"
    title = "The cheaper bracketing"
    points = 2
    name = "multiplications"
    arguments = ("n",)
    returns = "a dict of three counts and a name"
    hints = (
        "Write the shapes of the four factors in the order of the product. Each product takes three sizes.",
        "Left first: the result keeps n[4] rows and enters the next product. Right first: it keeps n[0] columns.",
    )
    because = (
        "J_3 is (n_4, n_3), …, J_0 is (n_1, n_0), and (m, n)(n, p) costs m·n·p. Left first keeps n_4 rows through all "
        "three products, right first keeps n_0 columns, and pairs first ends with (n_4, n_2)(n_2, n_0)."
    )
    mistakes = (
        Wrong("reversed order", lambda n: chains.true_counts(n[::-1]),
              "Left and right are exchanged. n runs from the input to the output, and the factors stand the other "
              "way: which shape has the factor at the very left? See 'Same numbers, other cost'."),
        Wrong("sizes ignored", lambda n: chains.counts(*[chains.neighbours_only(n)] * 3),
              "You multiply the sizes of the original neighbours. After the first product one of the two matrices is "
              "a result, with a shape of its own: see 'Same numbers, other cost'."),
        Wrong("wrong concept", lambda n: chains.counts(*[chains.entries_only(n)] * 3),
              "You counted how many numbers the four Jacobians hold. Asked are the multiplications: see 'Same "
              "numbers, other cost'."),
        Wrong("term missing", lambda n: chains.counts(n[4] * n[3] * n[2], n[2] * n[1] * n[0],
                                                n[4] * n[3] * n[2] + n[2] * n[1] * n[0]),
              "The last products are missing. Four factors need three products, in any bracketing."),
        Wrong("answer inverted", lambda n: chains.dearest_named(chains.true_counts(n)),
              "The counts are right. The bracketing that you name is the one with the most multiplications."),
    )  # fmt: skip

    def cases(self, rng):
        for n in ([3, 4, 4, 2, 2], [80, 40, 30, 10, 1], [1, 12, 20, 30, 60], [50, 40, 2, 30, 60]):
            yield {"n": n}
        yield {"n": sorted(int(size) for size in rng.choice(np.arange(5, 60), size=5, replace=False))}

    def solution(self, n):
        counts = {
            "left first": n[4] * n[3] * n[2] + n[4] * n[2] * n[1] + n[4] * n[1] * n[0],
            "right first": n[2] * n[1] * n[0] + n[3] * n[2] * n[0] + n[4] * n[3] * n[0],
            "pairs first": n[4] * n[3] * n[2] + n[2] * n[1] * n[0] + n[4] * n[2] * n[0],
        }
        return counts | {"least": min(counts, key=counts.get)}


EXERCISES = [RepairTheRow, ProductByHand, FourLayers, WrongPoint, CheaperBracketing]
