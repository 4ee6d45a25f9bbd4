"""The exercises of lesson 08: the derivative with respect to a matrix as a tuple, its products, the gradient."""

import numpy as np

from helpers.checking.exercise import Exact, Exercise, Wrong
from helpers.tuples import Tuple


class TupleOfAffine(Exercise):
    id = "8.1"
    title = "The tuple, from any W and x"
    name = "d_Wx_dW"
    arguments = ("W", "x")
    structure_is_asked = True
    returns = "a Tuple of N arrays (M, M)"
    hints = (
        "What is the derivative if one column of W moves and the others are fixed? And how many columns are there?",
        "np.eye(M) is the identity; x.ravel() gives the N numbers of the column x, one after the other.",
    )
    because = "Column j of W enters as w_j x_j, a vector times a number, so its Jacobian is x_j I; there are N columns."
    mistakes = (
        Wrong("sizes swapped", lambda W, x: [x_j * np.eye(W.shape[1]) for x_j in x.ravel()],
              "The number of items is right: one for each column of W. Each item tells how the M outputs answer to "
              "the entries of one column; count both. See 'The affine function'."),
        Wrong("rows for columns", lambda W, x: [np.outer(np.eye(len(W))[i], x) for i in range(len(W))],
              "You have one item for each row of W. The slopes are right, but the tuple runs over what one entry of "
              "x multiplies: see 'A matrix is a tuple of columns'."),
        Wrong("n for N", lambda W, x: [x[i, 0] * np.eye(len(W)) for i in range(len(W))],
              "You count the items as W has rows; a tall W then asks for entries that x does not have. Which of the "
              "two sizes counts the columns? See the printed limit of the sum in 'The affine function'."),
        Wrong("other layout", lambda W, x: np.kron(x.T, np.eye(len(W))),
              "These are the right numbers, glued side by side. Asked is the tuple of the items before glueing: see "
              "'The affine function'."),
        Wrong("value instead of derivative", lambda W, x: [W[:, [j]] * x[j, 0] for j in range(W.shape[1])],
              "These are the terms of the sum over columns, so they add up to Wx itself. Differentiate each with "
              "respect to its column: see 'The affine function'."),
        Wrong("full instead of diagonal", lambda W, x: [np.full((len(W), len(W)), x_j) for x_j in x.ravel()],
              "Your items are filled, as if every output saw every entry of a column. Which outputs does one weight "
              "reach? See 'One weight, wiggled'."),
        Wrong("flattened", lambda W, x: list(x.ravel()),
              "The numbers are the right ones, but each stands for a Jacobian: a vector times a number is "
              "differentiated by a vector. What is its shape? See 'The affine function'."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (5, 3), (3, 3), (2, 5), (4, 1), (1, 4)):
            yield {"W": rng.normal(size=(M, N)), "x": rng.normal(size=(N, 1))}

    def solution(self, W, x):
        M = W.shape[0]
        return Tuple(x_j * np.eye(M) for x_j in x.ravel())


def _unlike(p, A, c, to_p=None, to_A=None, to_c=None):
    """The answer of 8.2, with some of its three elements replaced."""
    M = len(A)
    right = (c**2 * A, [c**2 * p_j * np.eye(M) for p_j in p.ravel()], 2 * c * A @ p)
    return [mine if mine is not None else item for mine, item in zip((to_p, to_A, to_c), right, strict=True)]


class UnlikeThings(Exercise):
    id = "8.2"
    title = "A tuple of unlike things"
    points = 2
    name = "d_unlike"
    arguments = ("p", "A", "c")
    structure_is_asked = True
    returns = "a Tuple of an array (M, N), a Tuple of N arrays (M, M), and an array (M, 1)"
    hints = (
        "Three derivatives, each with the other two held fixed. First p: what is c²A, if only p moves?",
        "For A, write Ap as a sum over the columns of A, and let one of them move. What is its factor?",
        "For c, the vector Ap is fixed, and the factor c² has the slope that one-variable calculus gives.",
    )
    because = "With the others fixed, p meets the matrix c²A, column j of A the number c²p_j, and c² has the slope 2c."
    mistakes = (
        Wrong("power rule", lambda p, A, c: _unlike(p, A, c, to_c=c * A @ p),
              "The elements for p and A are right. In the one for c, differentiate c² again: a factor is missing. "
              "See 'The derivative with respect to a tuple'."),
        Wrong("transposed", lambda p, A, c: _unlike(p, A, c, to_p=c**2 * A.T),
              "The elements for A and c are right. The one for p is transposed: its rows belong to the outputs. See "
              "'The derivative with respect to a tuple'."),
        Wrong("outer derivative forgotten",
              lambda p, A, c: _unlike(p, A, c, to_A=[p_j * np.eye(len(A)) for p_j in p.ravel()]),
              "The elements for p and c are right. The one for A is that of Ap alone; what else multiplies each "
              "column in f? See how J is handled in 'A matrix is a tuple of columns'."),
        Wrong("rows for columns",
              lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * np.outer(np.eye(len(A))[i], p) for i in range(len(A))]),
              "The elements for p and c are right. In the one for A you went by rows, M items; a matrix is the tuple "
              "of the other thing: see 'A matrix is a tuple of columns'."),
        Wrong("full instead of diagonal",
              lambda p, A, c: _unlike(p, A, c, to_A=[np.full((len(A), len(A)), c**2 * p_j) for p_j in p.ravel()]),
              "The elements for p and c are right. In the one for A every output answers to every entry of a column. "
              "Look at one weight's path in 'One weight, wiggled'."),
        Wrong("reversed order", lambda p, A, c: _unlike(p, A, c)[::-1],
              "The three elements are right, in the reverse order. A tuple keeps the order of what one differentiates "
              "by: see 'The derivative with respect to a tuple'."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (4, 2), (3, 3), (2, 5)):
            yield {"p": rng.normal(size=(N, 1)), "A": rng.normal(size=(M, N)), "c": float(rng.uniform(1.2, 1.9))}

    def solution(self, p, A, c):
        M = A.shape[0]
        d_p = c**2 * A
        d_A = Tuple(c**2 * p_j * np.eye(M) for p_j in p.ravel())
        d_c = 2 * c * A @ p
        return Tuple([d_p, d_A, d_c])


CHAIN, CHANGE = "dh/dW, J the Jacobian of h at z", "change of z if W changes by S"


class Products(Exercise):
    id = "8.3"
    title = "What comes out?"
    points = 2
    name = "products"
    structure_is_asked = True
    returns = "a dict of shapes and texts"
    tolerance = Exact()
    hints = (
        "Begin with T itself: one item for each of what, and each as large as how many outputs by how many weights?",
        "Left keeps the items apart, a contraction adds them up. Only the second ends in one array.",
    )
    because = (
        "A factor at the left meets every element, in the chain rule; at the right each element has its own partner, "
        "and the products are added, in the differential."
    )
    mistakes = (
        Wrong("n for N", lambda: Products.solution(None) | {
                  "T": (2, (2, 2)), "J @ T": (2, (4, 2)), "u.T @ T": (2, (1, 2)), "(u.T @ T).T": (2, (2, 1))},
              "Your tuples have one item for each row of W. The tuple runs over its columns: see 'A matrix is a tuple "
              "of columns'."),
        Wrong("summed too early", lambda: Products.solution(None) | {
                  "J @ T": (4, 2), "u.T @ T": (1, 2), "(u.T @ T).T": (2, 1)},
              "You add the items up after multiplying from the left. Then one could no longer tell the weights "
              "apart: see 'From the left or from the right'."),
        Wrong("not summed", lambda: Products.solution(None) | {"T @ S": (5, (2, 1)), "T @ y": (5, (2, 2))},
              "At the right of T you multiply item by item and leave the products in a tuple. A contraction does one "
              "thing more: see the table in 'A list that multiplies'."),
        Wrong("reversed product", lambda: Products.solution(None) | {"T @ K": (5, (2, 2))},
              "You let one matrix multiply all items from the right, because the shapes would allow it. Who has a "
              "place at the right of a derivative? See 'A list that multiplies'."),
        Wrong("glued too early", lambda: Products.solution(None) | {"(u.T @ T).T": (2, 5)},
              "You have glued the columns already. The transpose acts on the elements and leaves a tuple; glueing is "
              "a step of its own: see 'The gradient has W's shape'."),
        Wrong("answer inverted", lambda: Products.solution(None) | {CHAIN: "T @ S", CHANGE: "J @ T"},
              "The shapes are right. The last two answers have changed places: one keeps the weights apart, the "
              "other adds up what they do. See 'From the left or from the right'."),
        Wrong("wrong concept", lambda: Products.solution(None) | {CHANGE: "T @ y"},
              "A column y has one number for each item; a change of W has a whole column for each. Which of the two "
              "is meant? See 'From the left or from the right'."),
    )  # fmt: skip

    def solution(self):
        return {
            "T": (5, (2, 2)),
            "J @ T": (5, (4, 2)),
            "u.T @ T": (5, (1, 2)),
            "(u.T @ T).T": (5, (2, 1)),
            "T @ S": (2, 1),
            "T @ y": (2, 2),
            "T @ K": "error",
            "dh/dW, J the Jacobian of h at z": "J @ T",
            "change of z if W changes by S": "T @ S",
        }


def _stacked_rows(W, x, u, count):
    """The program of 8.4 with `count` items."""
    return np.vstack([u.T @ (x[j, 0] * np.eye(len(W))) for j in range(count)])


class RepairTheGradient(Exercise):
    id = "8.4"
    title = "Two faults and a test that sees neither"
    points = 3
    name = "gradient"
    arguments = ("W", "x", "u")
    returns = "an array (M, N)"
    hints = (
        "Run the program with W of shape (2, 3), then (3, 2). Which shape should come out, which does?",
        "One fault is in how many items there are, the other in what happens to the rows at the end.",
        "The gradient is the transpose of a tuple, glued: each row turned into a column, the columns side by side.",
    )
    because = (
        "There is an item for each of the N columns, and each row x_j uᵀ becomes column j. With ones for x and u, "
        "u xᵀ is its own transpose, and for M = N the counts agree, so that test sees neither fault."
    )
    mistakes = (
        Wrong("as printed", lambda W, x, u: _stacked_rows(W, x, u, W.shape[0]),
              "This is still the program as given. Compare the shape of its result with that of W: see 'The gradient "
              "has W's shape'."),
        Wrong("transposed", lambda W, x, u: _stacked_rows(W, x, u, W.shape[1]),
              "The number of items is right. But your result is W's shape turned over: its row j holds the slopes of "
              "column j of W. See 'The gradient has W's shape'."),
        Wrong("n for N", lambda W, x, u: _stacked_rows(W, x, u, W.shape[0]).T,
              "One fault is repaired: the rows become columns. But there is still one item for each row of W: see 'A "
              "matrix is a tuple of columns'."),
        Wrong("reshaped", lambda W, x, u: _stacked_rows(W, x, u, W.shape[1]).reshape(W.shape),
              "The shape is that of W, and most numbers stand in the wrong place: reshape deals the rows out one "
              "after the other. See 'What can go wrong'."),
        Wrong("summed too early", lambda W, x, u: sum(x_j * u.T for x_j in x.ravel()),
              "You add the rows up. One number is left for each output, and there are M times N weights: see 'From "
              "the left or from the right'."),
        Wrong("upstream forgotten", lambda W, x, u: np.ones((len(W), 1)) @ x.T,
              "The upstream u does not enter: this is the gradient for a u of ones. That is why the author's test "
              "was a weak one. See 'The gradient has W's shape'."),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((2, 3), (3, 3), (5, 3), (2, 4)):
            yield {name: rng.normal(size=size) for name, size in (("W", (M, N)), ("x", (N, 1)), ("u", (M, 1)))}

    def solution(self, W, x, u):
        M, N = W.shape
        T = [x[j, 0] * np.eye(M) for j in range(N)]
        rows = [u.T @ item for item in T]
        return np.hstack([row.T for row in rows])


class Rearranged(Exercise):
    id = "8.5"
    title = "Rearrange a tuple"
    points = 2
    name = "rearranged"
    arguments = ("items",)
    returns = "a list of an array (K, M, N) and an array (K, MN)"
    hints = (
        "In the array, j is the last index. So the items must be piled up along which axis?",
        "np.stack(arrays, axis=...) makes a new axis, np.hstack(arrays) sets matrices side by side.",
    )
    because = "Item j is [:, :, j] of the array, and the block of columns j of the wide matrix."
    mistakes = (
        Wrong("other layout", lambda items: [np.stack(items), np.hstack(items)],
              "The wide matrix is right. In your array the item is chosen by the first index; asked is [i, k, j], "
              "with the output first: see 'The same numbers in three arrangements'."),
        Wrong("reshaped", lambda items: [np.stack(items).reshape(*items[0].shape, len(items)), np.hstack(items)],
              "The wide matrix is right. Your array has the right shape and the numbers stand elsewhere: reshape "
              "pours, it does not move an axis. See the last paragraph of 'What can go wrong'."),
        Wrong("transposed", lambda items: [np.stack([item.T for item in items], axis=2), np.hstack(items)],
              "The wide matrix is right. In your array the first two indices have changed places: the output comes "
              "before the weight's row. See 'The same numbers in three arrangements'."),
        Wrong("other layout",
              lambda items: [np.stack(items, axis=2), np.stack(items, axis=2).reshape(len(items[0]), -1)],
              "The array is right. Your wide matrix reads W row by row; for an affine function it would be I ⊗ xᵀ. See "
              "'The same numbers in three arrangements'."),
        Wrong("reversed order", lambda items: [np.hstack(items), np.stack(items, axis=2)],
              "Both are right, in the reverse order: the array with three axes comes first, as in 'The same numbers in "
              "three arrangements'."),
    )  # fmt: skip

    def cases(self, rng):
        for K, M, N in ((2, 2, 3), (2, 3, 4), (3, 3, 3), (4, 2, 5)):
            yield {"items": [rng.normal(size=(K, M)) for _ in range(N)]}

    def solution(self, items):
        return [np.stack(items, axis=2), np.hstack(items)]


EXERCISES = [TupleOfAffine, UnlikeThings, Products, RepairTheGradient, Rearranged]
