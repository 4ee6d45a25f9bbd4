"""The exercises of lesson 08: the derivative with respect to a matrix as a tuple, its products, the gradient."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips
from helpers.tuples import Tuple

AFFINE, COLUMNS, TUPLE, SHAPE, THREE, SIDES = slips.see(
    "The affine function",
    "A matrix is a tuple of columns",
    "The derivative with respect to a tuple",
    "The gradient has W's shape",
    "The same numbers in three arrangements",
    "From the left or from the right",
)


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
        Wrong("inner derivative forgotten", lambda W, x: [np.eye(len(W)) for _ in x],
              f"All your items are the same. What does column j of W meet? {AFFINE}"),
        Wrong("wrong variable", lambda W, x: W.copy(),
              f"This is the derivative with respect to x. Here W moves, column by column. {AFFINE}"),
        Wrong("wrong variable", lambda W, x: [W[:, [j]] for j in range(W.shape[1])],
              f"These are the columns of W themselves. Each is multiplied by a number; how does the product answer to "
              f"the column? {AFFINE}"),
        Wrong("left as it was", lambda W, x: x.copy(),
              f"That is x. It would be enough if W were a number; here each column of W has a Jacobian. {COLUMNS}"),
        Wrong("transposed", lambda W, x: x.T.copy(),
              f"The row xᵀ is the derivative of one output by one row of W. Here all M outputs are asked, by the "
              f"columns. {COLUMNS}"),
        Wrong("flattened", lambda W, x: [x_j * np.ones((len(W), 1)) for x_j in x.ravel()],
              f"Each of your items is a column. A vector differentiated by a vector is a matrix. {AFFINE}"),
        Wrong("other layout", lambda W, x: np.vstack([x_j * np.eye(len(W)) for x_j in x.ravel()]),
              f"The items are right, glued below each other to one array. Asked is the tuple of them. {AFFINE}"),
        Wrong("other layout", lambda W, x: np.kron(np.eye(len(W)), x.T),
              f"This is one wide matrix, for W read row by row. Asked is a tuple with an item for each column. "
              f"{COLUMNS}"),
        Wrong("first only", lambda W, x: x[0, 0] * np.eye(len(W)),
              f"That is the first item alone. The tuple has one for each column of W. {COLUMNS}"),
        Wrong("summed too early", lambda W, x: np.sum(x) * np.eye(len(W)),
              f"The items are added up. They stay apart, one for each column: otherwise one could not tell the weights "
              f"apart. {SIDES}"),
        *slips.parts_of_a_list(lambda *inputs: list(TupleOfAffine.solution(None, *inputs)), AFFINE)[1:2],
        Wrong("reversed order", lambda W, x: list(TupleOfAffine.solution(None, W, x))[::-1],
              f"The items are right and stand in the reverse order. {COLUMNS}"),
    )  # fmt: skip

    def cases(self, rng):
        # Square first: where all products can be formed, numbers tell two mistakes apart that raise the same later.
        for M, N in ((3, 3), (2, 3), (5, 3), (2, 5), (4, 1), (1, 4)):
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
    derivation_is_asked = True
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
              "In the element for c, differentiate c² again: a factor is missing. "
              "See 'The derivative with respect to a tuple'."),
        Wrong("transposed", lambda p, A, c: _unlike(p, A, c, to_p=c**2 * A.T),
              "The element for p is transposed: its rows belong to the outputs. See "
              "'The derivative with respect to a tuple'."),
        Wrong("outer derivative forgotten",
              lambda p, A, c: _unlike(p, A, c, to_A=[p_j * np.eye(len(A)) for p_j in p.ravel()]),
              "The element for A is that of Ap alone; what else multiplies each "
              "column in f? See how J is handled in 'A matrix is a tuple of columns'."),
        Wrong("rows for columns",
              lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * np.outer(np.eye(len(A))[i], p) for i in range(len(A))]),
              "In the element for A you went by rows, M items; a matrix is the tuple "
              "of the other thing: see 'A matrix is a tuple of columns'."),
        Wrong("full instead of diagonal",
              lambda p, A, c: _unlike(p, A, c, to_A=[np.full((len(A), len(A)), c**2 * p_j) for p_j in p.ravel()]),
              "In the element for A every output answers to every entry of a column. "
              "Look at one weight's path in 'One weight, wiggled'."),
        Wrong("reversed order", lambda p, A, c: _unlike(p, A, c)[::-1],
              "The elements stand in the reverse order. A tuple keeps the order of what one differentiates "
              "by: see 'The derivative with respect to a tuple'."),
        Wrong("outer derivative forgotten", lambda p, A, c: _unlike(p, A, c, to_p=A),
              f"The element for p is that of Ap alone; what else multiplies p? "
              f"{TUPLE}"),
        Wrong("outer derivative forgotten", lambda p, A, c: _unlike(
              p, A, c, to_p=A, to_A=[p_j * np.eye(len(A)) for p_j in p.ravel()]),
              f"The elements for p and A are the derivatives of Ap; what else stands in f? "
              f"{TUPLE}"),
        Wrong("outer derivative forgotten", lambda p, A, c: _unlike(
              p, A, c, to_p=A, to_A=[p_j * np.eye(len(A)) for p_j in p.ravel()], to_c=A @ p),
              f"You differentiated Ap, and left out the factor before it. {TUPLE}"),
        Wrong("sizes swapped",
              lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * p_j * np.eye(len(p)) for p_j in p.ravel()]),
              f"Your items for A have as many rows as there are inputs. {COLUMNS}"),
        Wrong("n for N", lambda p, A, c: _unlike(
              p, A, c, to_A=[c**2 * p[i, 0] * np.eye(len(A)) for i in range(len(A))]),
              f"The items for A are counted by its rows; a tall A asks for entries that p does not have. {COLUMNS}"),
        Wrong("value instead of derivative", lambda p, A, c: _unlike(p, A, c, to_c=c**2 * A @ p),
              f"The element for c is f itself. {TUPLE}"),
        Wrong("transposed", lambda p, A, c: _unlike(p, A, c, to_c=(2 * c * A @ p).T),
              f"The element for c lies in a row: its M rows belong to the outputs. "
              f"{TUPLE}"),
        Wrong("flattened", lambda p, A, c: _unlike(p, A, c, to_c=(2 * c * A @ p).ravel()),
              f"The element for c has one axis; it has a row for each output. {TUPLE}"),
        Wrong("glued too early", lambda p, A, c: _unlike(p, A, c, to_A=np.kron(c**2 * p.T, np.eye(len(A)))),
              f"The items for A are glued to one wide matrix. {COLUMNS}"),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_p=c**2 * p),
              f"In the element for p it is p that moves: what is it multiplied by? "
              f"{TUPLE}"),
        Wrong("flattened", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * p),
              f"For A you give a column of numbers; each of them stands for a "
              f"Jacobian. {COLUMNS}"),
        Wrong("constant kept", lambda p, A, c: _unlike(p, A, c, to_c=2 * c * A),
              f"In the element for c the vector Ap stays whole: only c moves. {TUPLE}"),
        Wrong("inner derivative forgotten", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * np.eye(len(A)) for _ in p]),
              f"In the element for A all items are the same: what does column j of A "
              f"meet? {COLUMNS}"),
        Wrong("others dropped", lambda p, A, c: _unlike(p, A, c, to_c=np.array([[2 * c]])),
              f"In the element for c the vector Ap is lost: what is held fixed stays "
              f"in a product. {TUPLE}"),
        Wrong("power rule", lambda p, A, c: _unlike(
              p, A, c, to_p=2 * c * A, to_A=[2 * c * p_j * np.eye(len(A)) for p_j in p.ravel()]),
              f"In the elements for p and A c is held fixed, and its factor is no slope. {TUPLE}"),
        Wrong("flattened", lambda p, A, c: Tuple([A, A, (2 * c * A @ p).ravel()]),
              f"The element for c has lost an axis on the way, by ravel or by an index; a Tuple takes arrays with two. "
              f"{TUPLE}"),
        Wrong("term missing", lambda p, A, c: _unlike(p, A, c)[:2],
              f"Two elements are right, and the third is missing: c moves, too. {TUPLE}"),
        Wrong("value instead of derivative", lambda p, A, c: _unlike(p, A, c, to_p=c**2 * A @ p),
              f"The element for p is f itself. {TUPLE}"),
        Wrong("power rule", lambda p, A, c: _unlike(p, A, c, to_c=2 * A @ p),
              f"In the element for c the slope of a square depends on c. {TUPLE}"),
        Wrong("flattened", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * p.T),
              f"For A you give a row of numbers; each stands for a Jacobian. "
              f"{COLUMNS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (4, 2), (2, 5)):
            yield {"p": rng.normal(size=(N, 1)), "A": rng.normal(size=(M, N)), "c": float(rng.uniform(1.2, 1.9))}

    def solution(self, p, A, c):
        M = A.shape[0]
        d_p = c**2 * A
        d_A = Tuple(c**2 * p_j * np.eye(M) for p_j in p.ravel())
        d_c = 2 * c * A @ p
        return Tuple([d_p, d_A, d_c])


CHAIN, CHANGE = "dh/dW, J the Jacobian of h at z", "change of z if W changes by S"


def _products(name, message, **entries):
    """The right table of 8.3 but for some entries."""
    return slips.changed(lambda: Products.solution(None), name, message, **entries)


class Products(Exercise):
    id = "8.3"
    title = "What comes out?"
    points = 2
    name = "products"
    structure_is_asked = True
    returns = "a dict of shapes and texts"
    tolerance = Close(0)
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
              "The last two answers have changed places: one keeps the weights apart, the "
              "other adds up what they do. See 'From the left or from the right'."),
        Wrong("wrong concept", lambda: Products.solution(None) | {CHANGE: "T @ y"},
              "A column y has one number for each item; a change of W has a whole column for each. Which of the two "
              "is meant? See 'From the left or from the right'."),
        _products("n for N", "You let T have one item for each row of W. Count the columns: see 'A matrix is a tuple "
                  "of columns'.", T=(2, (2, 2))),
        _products("sizes swapped", "Your items are as large as there are inputs, and then little fits. Each tells how "
                  "the outputs answer to one column: see 'The affine function'.",
                  **{"T": (5, (5, 5)), "J @ T": "error", "u.T @ T": "error", "(u.T @ T).T": "error", "T @ S": "error",
                     "T @ y": (5, 5)}),
        _products("transposed", "In (u.T @ T).T the items are not yet transposed: see 'The gradient has W's shape'.",
                  **{"(u.T @ T).T": (5, (1, 2))}),
        _products("silent broadcast", "At the right of T each item has a partner of its own. Does K have one for each? "
                  "See 'A list that multiplies'.", **{"T @ K": (2, 2)}),
        _products("wrong concept", "A column y has one number for each item, so it does contract T: see 'A list that "
                  "multiplies'.", **{"T @ y": "error"}),
        _products("wrong concept", "The columns of S are partners for the items: see 'From the left or from the "
              "right'.",
                  **{"T @ S": "error"}),
        _products("sizes swapped", "In J @ T the two sizes of an item have changed places: J takes two numbers and "
                  "returns four.", **{"J @ T": (5, (2, 4))}),
        _products("glued too early", "For T you give the wide matrix. T itself is the tuple before glueing: see 'The "
                  "affine function'.", T=(2, 10)),
        _products("wrong concept", "For dh/dW you chose the product for one number h, a loss. Here h has as many "
                  "outputs as J has rows: see 'From the left or from the right'.", **{CHAIN: "u.T @ T"}),
        _products("wrong concept", "T @ y adds up items, each times a number of its own. What is the shape of a sum of "
                  "items? See 'A list that multiplies'.", **{"T @ y": (2, 1)}),
        _products("wrong concept", "J at the left meets each item, and their shapes fit: see 'A list that multiplies'.",
                  **{"J @ T": "error"}),
        _products("flattened", "The items of T are not columns: each is a Jacobian, of outputs by the entries of one "
                  "column. See 'The affine function'.", T=(5, (2, 1))),
        _products("wrong concept", "T @ S is a change of z: what is the shape of z?", **{"T @ S": (2, 5)}),
        _products("wrong concept", "T @ y adds up items, so that it has the shape of one.", **{"T @ y": (2, 5)}),
        _products("glued too early", "J @ T is a tuple still: J meets each item.", **{"J @ T": (4, 5)}),
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
        Wrong("glued too early", lambda W, x, u: np.hstack([x_j * u.T for x_j in x.ravel()]),
              f"The number of items is right. The rows stand side by side and make one long row: turn each into a "
              f"column before glueing. {SHAPE}"),
        Wrong("glued too early", lambda W, x, u: np.vstack([x_j * u for x_j in x.ravel()]),
              f"The rows have become columns, as they should. But they stand below each other. {SHAPE}"),
        Wrong("sizes swapped", lambda W, x, u: np.hstack([(u.T @ (x_j * np.eye(len(x)))).T for x_j in x.ravel()]),
              f"Your items are as large as there are inputs, and u has an entry for each output. {AFFINE}"),
        Wrong("sizes swapped", lambda W, x, u: np.vstack([u.T @ (x[j, 0] * np.eye(len(x))) for j in range(len(W))]),
              f"The two sizes are exchanged in T: how many items are there, and how large is each? {AFFINE}"),
        Wrong("not summed", lambda W, x, u: [x_j * u for x_j in x.ravel()],
              f"These are the columns of the gradient, in a list. One step is missing: they stand side by side. "
              f"{SHAPE}"),
        Wrong("not summed", lambda W, x, u: [x_j * u.T for x_j in x.ravel()],
              f"These are the derivatives by each column, in a tuple. The gradient is an array with W's shape. "
              f"{SHAPE}"),
        Wrong("inner product", lambda W, x, u: u.T @ x,
              f"A row times a column is one number, if it fits at all. Each weight has a slope of its own. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, u: W.T @ u,
              f"This is the gradient with respect to x. Here W moves. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, u: u * W,
              f"Your result contains W. What is a weight multiplied by on its way to z? {AFFINE}"),
        Wrong("elementwise product", lambda W, x, u: u * x,
              f"Two columns are multiplied entry by entry; they have different sizes, and a table of slopes is asked. "
              f"{SHAPE}"),
        slips.flattened(lambda *inputs: RepairTheGradient.solution(None, *inputs), SHAPE),
        Wrong("summed too early", lambda W, x, u: np.sum(x) * u,
              f"The columns are added up. They stand side by side, one for each weight's column. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, u: W * (u @ x.T),
              f"The right slopes, each multiplied by its weight. A gradient does not contain W here. {AFFINE}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (5, 3), (2, 4)):
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
              "In your array the item is chosen by the first index; asked is [i, k, j], "
              "with the output first: see 'The same numbers in three arrangements'."),
        Wrong("reshaped", lambda items: [np.stack(items).reshape(*items[0].shape, len(items)), np.hstack(items)],
              "Your array has the right shape and the numbers stand elsewhere: reshape "
              "pours, it does not move an axis. See the last paragraph of 'What can go wrong'."),
        Wrong("transposed", lambda items: [np.stack([item.T for item in items], axis=2), np.hstack(items)],
              "In your array the first two indices have changed places: the output comes "
              "before the weight's row. See 'The same numbers in three arrangements'."),
        Wrong("other layout",
              lambda items: [np.stack(items, axis=2), np.stack(items, axis=2).reshape(len(items[0]), -1)],
              "Your wide matrix reads W row by row; for an affine function it would be I ⊗ xᵀ. See "
              "'The same numbers in three arrangements'."),
        Wrong("reversed order", lambda items: [np.hstack(items), np.stack(items, axis=2)],
              "The two have changed places: the array with three axes comes first, as in 'The same numbers in "
              "three arrangements'."),
        Wrong("rows for columns", lambda items: [np.stack(items, axis=2), np.vstack(items)],
              f"Your second one is tall: the items stand side by side, not below each other. "
              f"{THREE}"),
        Wrong("other layout", lambda items: [np.stack(items, axis=1), np.hstack(items)],
              f"In your array the item is chosen by the second index, [i, j, k]. {THREE}"),
        Wrong("transposed", lambda items: [np.stack(items, axis=2), np.hstack(items).T],
              f"Your wide matrix is tall: its rows belong to the outputs. {THREE}"),
        Wrong("transposed", lambda items: [np.stack(items, axis=2), np.hstack([item.T for item in items])],
              f"In your wide matrix each item is transposed. {THREE}"),
        Wrong("reshaped", lambda items: [np.stack(items, axis=2), np.stack(items).reshape(len(items[0]), -1)],
              "Your wide matrix was made by reshape, which pours the numbers row by row and tears "
              "the items apart. See 'What can go wrong'."),
        Wrong("reshaped", lambda items: [np.hstack(items).reshape(*items[0].shape, -1), np.hstack(items)],
              "reshape makes an array of the right shape from it, with the numbers "
              "elsewhere. See 'What can go wrong'."),
        Wrong("flattened", lambda items: [np.stack(items, axis=2), np.hstack(items).ravel()],
              f"Your second answer has one axis; it has a row for each output. {THREE}"),
        Wrong("summed too early", lambda items: [sum(items), np.hstack(items)],
              f"For the array the items are added up; they stay apart, along a third axis. "
              f"{THREE}"),
        Wrong("reversed order", lambda items: [np.stack(items, axis=2), np.hstack(items[::-1])],
              f"In your wide matrix the items stand in the reverse order. {THREE}"),
        Wrong("other layout", lambda items: [np.stack(items), np.vstack(items)],
              f"In both, the items come first and the outputs later. Asked is [i, k, j], and rows for outputs. "
              f"{THREE}"),
        Wrong("reshaped", lambda items: [np.array(items).reshape(*items[0].shape, len(items)),
                                         np.array(items).reshape(len(items[0]), -1)],
              "Both were made by reshape, which pours the numbers row by row and tears the items apart. See 'What can "
              "go wrong'."),
    )  # fmt: skip

    def cases(self, rng):
        for K, M, N in ((2, 2, 3), (2, 3, 4), (3, 3, 3), (4, 2, 5)):
            yield {"items": [rng.normal(size=(K, M)) for _ in range(N)]}

    def solution(self, items):
        return [np.stack(items, axis=2), np.hstack(items)]


EXERCISES = [TupleOfAffine, UnlikeThings, Products, RepairTheGradient, Rearranged]
