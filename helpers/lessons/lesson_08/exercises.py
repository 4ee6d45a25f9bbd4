"""The exercises of lesson 08: the derivative with respect to a matrix as a tuple, its products, the gradient."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips
from helpers.tuples import Tuple

WEIGHT, COLUMNS, TUPLE, SIDES, SHAPE, THREE = slips.see(
    "One weight, raised",
    "A matrix is a tuple of columns",
    "The derivative with respect to a tuple",
    "From the left, and from the right",
    "The gradient has W's shape",
    "Further: the same numbers in three arrangements",
)


def _rows(W, y, row=None, count=None):
    """The answer of 8.1 as a list: `count` items (N, M), all zero but for row j, which is y or `row(j)`."""
    M, N = W.shape
    items = []
    for j in range(N if count is None else count):
        items.append(np.zeros((N, M)))
        items[j][j] = y.ravel() if row is None else row(j)
    return items


def _filled(W, y, shape, fill):
    """N items that a loop makes of zeros, one way or another; numpy refuses some of the ways."""
    items = [np.zeros(shape(*W.shape)) for _ in range(W.shape[1])]
    for j, item in enumerate(items):
        fill(item, j, y)
    return items


def _column_filled(item, j, y):
    item[:, j] = y.ravel()


def _row_filled(item, j, y):
    item[j] = y.ravel()


def _column_for_a_row(item, j, y):
    item[j] = y


def _row_of_one_number(item, j, y):
    item[j] = y[j, 0]


def _one_entry_filled(item, j, y):
    item[j, j] = y[j, 0]


class TupleOfTranspose(Exercise):
    id = "8.1"
    title = "The tuple for the transpose"
    points = 2
    name = "d_WTy_dW"
    arguments = ("W", "y")
    derivation_is_asked = True
    structure_is_asked = True
    returns = "a Tuple of N arrays (N, M)"
    hints = (
        "Add a small column (e₁, e₂)ᵀ to column 2 of W and write the outputs out again: what was added to which?",
        "How many items are there, and how large is each? Its rows belong to the outputs, its columns to the entries "
        "of one column of W.",
        "np.zeros((rows, columns)) makes an array of zeros; A[j] = y.ravel() fills row j of it.",
    )
    because = "Entry j is w_j^T y and sees column j alone, with the row y^T; the other outputs do not change with w_j."
    mistakes = (
        Wrong("rows for columns", lambda W, y: [y_i * np.eye(W.shape[1]) for y_i in y.ravel()],
              f"This is the tuple of Wx with y in the place of x: an item for each row of W. The items run over the "
              f"columns; see which outputs contain one of them. {COLUMNS}"),
        Wrong("sizes swapped", lambda W, y: [y_i * np.eye(len(W)) for y_i in y.ravel()],
              f"This is the tuple of Wx with y in the place of x. Here W is transposed: which outputs contain a given "
              f"column of W? {COLUMNS}"),
        Wrong("sizes swapped", lambda W, y: [y[j, 0] * np.eye(len(W)) for j in range(W.shape[1])],
              f"These are the items of Wx with y for x, and y has no entry for each column. {COLUMNS}"),
        Wrong("others dropped", lambda W, y: [y.T.copy() for _ in range(W.shape[1])],
              f"The row is right. A derivative has a row for every output, also for those that do not change with "
              f"this column. {WEIGHT}"),
        Wrong("others dropped", lambda W, y: [y.T.copy() for _ in range(len(W))],
              f"The row is right, and there are more outputs than one. How many derivatives are asked for, and how "
              f"many rows has each? {COLUMNS}"),
        Wrong("others dropped", lambda W, y: [y_i * y.T for y_i in y.ravel()],
              f"You multiplied the tuple of Wx by y. Here W is transposed: which outputs contain a given column of W? "
              f"{COLUMNS}"),
        Wrong("others dropped", lambda W, y: [y.copy() for _ in range(W.shape[1])],
              f"Every one of your items is the column y. A derivative has a row for each output, and a column for each "
              f"entry of what moves. {WEIGHT}"),
        Wrong("others dropped", lambda W, y: [y.copy() for _ in y],
              f"Every one of your items is the column y, one for each row of W. How many columns has W, and how many "
              f"rows has a derivative? {COLUMNS}"),
        Wrong("inner derivative forgotten", lambda W, y: [np.eye(W.shape[1]) for _ in range(W.shape[1])],
              f"Your items are identities, and y does not enter. What does a weight carry upwards? {WEIGHT}"),
        Wrong("value instead of derivative", lambda W, y: [v * np.eye(len(W)) for v in (W.T @ y).ravel()],
              f"On your diagonals stand the outputs themselves. Differentiate them with respect to one column. "
              f"{COLUMNS}"),
        Wrong("others dropped", lambda W, y: np.hstack([y.T] * W.shape[1]),
              f"One long row is left. The question asks for a tuple of matrices, each with a row for every output. "
              f"{COLUMNS}"),
        Wrong("transposed", lambda W, y: [item.T for item in _rows(W, y)],
              f"Every item is transposed: rows belong to outputs. {COLUMNS}"),
        Wrong("full instead of diagonal", lambda W, y: [np.ones((W.shape[1], 1)) @ y.T for _ in range(W.shape[1])],
              f"In your items every output changes with every column of W. Which outputs does one weight reach now? "
              f"(Or is it one array that the loop fills on and on?) {WEIGHT}"),
        Wrong("summed too early", lambda W, y: np.ones((W.shape[1], 1)) @ y.T,
              f"The items are added up, or are all rows of one matrix. They stay apart, one for each column. "
              f"{COLUMNS}"),
        Wrong("other layout", lambda W, y: np.hstack(_rows(W, y)),
              f"These are the right numbers in one wide array, or in items with one axis. The question asks "
              f"for a tuple of matrices, each with a row for every output. {COLUMNS}"),
        Wrong("other layout", lambda W, y: np.stack(_rows(W, y)),
              f"These are the right numbers, piled up in one array with three axes. The question asks for a Tuple. "
              f"{COLUMNS}"),
        Wrong("other layout", lambda W, y: np.vstack(_rows(W, y)),
              f"The items are right, glued below each other to one array. The question asks for the tuple of them. "
              f"{COLUMNS}"),
        Wrong("other layout", lambda W, y: np.kron(y.T, np.eye(W.shape[1])),
              f"This is one wide matrix, for W read row by row. The question asks for a tuple with an item for each "
              f"column. {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: W.T.copy(),
              f"This is the derivative with respect to y. Here W moves, column by column. {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: W.copy(),
              f"That is W. The function is linear in W: does its derivative contain W? {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: _rows(W, y, row=lambda j: W[:, j]),
              f"The places are right, but in them stand the weights: that is what moves. What is it multiplied by? "
              f"{COLUMNS}"),
        Wrong("wrong variable", lambda W, y: [W[:, [j]] for j in range(W.shape[1])],
              f"These are the columns of W themselves. What is each of them multiplied by? {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: [W[:, [j]].T for j in range(W.shape[1])],
              f"These rows are the derivatives of the outputs with respect to y. Here W moves. {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: [W[:, [j]] @ y.T for j in range(W.shape[1])],
              f"Your items contain W. The function is linear in W: does its derivative contain W? {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: [np.ones((W.shape[1], 1)) * W[:, [j]].T for j in range(W.shape[1])],
              f"Your items contain W and not y. What is a weight multiplied by? {COLUMNS}"),
        Wrong("value instead of derivative", lambda W, y: W.T @ y,
              f"This is the function itself. The question asks for its derivative. {COLUMNS}"),
        Wrong("value instead of derivative", lambda W, y: [W[:, [j]].T @ y for j in range(W.shape[1])],
              f"These numbers are the outputs themselves. Differentiate them with respect to one column. {COLUMNS}"),
        Wrong("value instead of derivative", lambda W, y: _rows(W, y, row=lambda j: W[:, j] * y.ravel()),
              f"In your items stand the terms of the sum. Differentiate each with respect to its weight. {COLUMNS}"),
        Wrong("inner derivative forgotten", lambda W, y: _rows(W, y, row=lambda j: 1.0),
              f"The places are right, but all slopes are 1. What does a weight carry upwards? {WEIGHT}"),
        Wrong("left as it was", lambda W, y: y.copy(),
              f"That is y. It would be enough for one output of one number. {COLUMNS}"),
        Wrong("left as it was", lambda W, y: y.T.copy(),
              f"The row is right for one output and one column of W. There are more of both. {COLUMNS}"),
        Wrong("first only", lambda W, y: _rows(W, y)[0],
              f"That is one item alone. The tuple has one for each column of W. {COLUMNS}"),
        Wrong("first only", lambda W, y: [_rows(W, y)[0] for _ in range(W.shape[1])],
              f"Your items are all the same. Does column 2 of W enter where column 1 does? {COLUMNS}"),
        *slips.parts_of_a_list(lambda W, y: _rows(W, y), COLUMNS)[:3],
        Wrong("reversed order", lambda W, y: _rows(W, y)[::-1],
              f"The items are right and stand in the reverse order. {COLUMNS}"),
        Wrong("sign", lambda W, y: [-item for item in _rows(W, y)],
              f"Every sign is wrong. Nothing is subtracted here. {COLUMNS}"),
        Wrong("full instead of diagonal", lambda W, y: [y @ y.T for _ in range(W.shape[1])],
              f"Your items are products of y with itself. The function is linear in y. {COLUMNS}"),
        Wrong("full instead of diagonal", lambda W, y: [np.diag(y.ravel()) for _ in range(W.shape[1])],
              f"Your items have the numbers of y on a diagonal. How many outputs contain a given column of W? "
              f"{COLUMNS}"),
        Wrong("value instead of derivative", lambda W, y: [v * np.eye(W.shape[1]) for v in (W.T @ y).ravel()],
              f"On your diagonals stand the outputs themselves. Differentiate them with respect to one column. "
              f"{COLUMNS}"),
        Wrong("wrong variable", lambda W, y: [W.T.copy() for _ in range(W.shape[1])],
              f"Each of your items is the derivative with respect to y. Here W moves, column by column. {COLUMNS}"),
        Wrong("inner derivative forgotten", lambda W, y: [np.eye(len(W)) for _ in range(W.shape[1])],
              f"Your items are identities, and y does not enter. What does a weight carry upwards? {WEIGHT}"),
        Wrong("glued too early", lambda W, y: np.hstack([y] * W.shape[1]),
              "This is one number for each weight. Each weight also has a slope for each output, though most of them "
              f"are zero: that takes a tuple. {COLUMNS}"),
        *(Wrong("constant factor", lambda W, y, count=count: [item / count(W) for item in _rows(W, y)],
                f"The places are right. The numbers are divided, and there is no mean in the function. {WEIGHT}")
          for count in (len, lambda W: W.shape[1])),
        Wrong("transposed", lambda W, y: _filled(W, y, lambda M, N: (N, M), _column_filled),
              f"You fill a column of each item. Its rows belong to the outputs: which of them contains column j of W? "
              f"{COLUMNS}"),
        Wrong("sizes swapped", lambda W, y: _filled(W, y, lambda M, N: (M, N), _row_filled),
              f"Your arrays of zeros have the shape of W. How many outputs has the function, and how many entries has "
              f"what moves? {COLUMNS}"),
        Wrong("transposed", lambda W, y: _filled(W, y, lambda M, N: (N, M), _column_for_a_row),
              "You put a column into a row of an array, and a row has one axis. The numbers have to be laid along it "
              f"first: see the hints. {COLUMNS}"),
        Wrong("diagonal only", lambda W, y: _filled(W, y, lambda M, N: (N, M), _one_entry_filled),
              f"Each of your items has one entry. How many weights stand in column j of W? {WEIGHT}"),
        Wrong("counted from 0", lambda W, y: [np.roll(item, -1, axis=0) for item in _rows(W, y)],
              f"The rows stand one place too high. In Python the first column of W has the number 0. {COLUMNS}"),
        *(Wrong("flattened", lambda W, y, shape=shape: [item.reshape(shape) for item in _rows(W, y)],
                f"Each of your items lies in one line. A derivative has a row for each output. {COLUMNS}")
          for shape in ((1, -1), (-1, 1))),
        Wrong("axis too many", lambda W, y: [Tuple(item[[i]] for i in range(len(item))) for item in _rows(W, y)],
              f"Your items are tuples of rows. Each of them is one Jacobian, a matrix. {COLUMNS}"),
        Wrong("n for N", lambda W, y: _rows(W, y, count=len(W)),
              f"Your items are counted by the rows of W. A matrix is the tuple of something else. {COLUMNS}"),
        Wrong("rows for columns", lambda W, y: [np.outer(np.eye(W.shape[1])[j % W.shape[1]], y) for j in range(len(W))],
              f"Your items are counted by the rows of W. {COLUMNS}"),
        Wrong("wrong variable", lambda W, y: _filled(W, y, lambda M, N: (N, M), _row_of_one_number),
              "Row j of your item j holds one number, y_j, all along. Which entry of y does the weight in row i and "
              f"column j meet? {COLUMNS}"),
        Wrong("value instead of derivative", lambda W, y: [W[:, [j]] * y for j in range(W.shape[1])],
              "Your items are columns with the terms of the sums. Differentiate every output with respect to one "
              f"column of W. {COLUMNS}"),
        Wrong("glued too early", lambda W, y: [np.kron(np.eye(W.shape[1]), y.T)],
              f"Your tuple has one item, in which all are glued side by side. Each stays by itself. {COLUMNS}"),
        Wrong("digits lost", lambda W, y: [item.astype(int) for item in _rows(W, y)],
              "Your entries are whole numbers, because the array was made for whole numbers. Slopes are floats."),
    )  # fmt: skip

    def cases(self, rng):
        # Square first: where all products can be formed, numbers tell two mistakes apart that raise the same later.
        for M, N in ((3, 3), (2, 3), (5, 3), (2, 5), (4, 1), (1, 4), *self.more((3, 6), (6, 2))):
            yield {"W": rng.normal(size=(M, N)), "y": rng.normal(size=(M, 1))}

    def solution(self, W, y):
        M, N = W.shape
        items = []
        for j in range(N):
            item = np.zeros((N, M))
            item[j] = y.ravel()
            items.append(item)
        return Tuple(items)


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
        "For A, let only column 2 move, by a small vector v. What is added to f? Which matrix takes v to that?",
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
              f"The element for A is that of Ap alone; what else multiplies each column in f? {TUPLE}"),
        Wrong("rows for columns",
              lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * np.outer(np.eye(len(A))[i], p) for i in range(len(A))]),
              "In the element for A you went by rows, M items; a matrix is the tuple "
              "of the other thing: see 'A matrix is a tuple of columns'."),
        Wrong("full instead of diagonal",
              lambda p, A, c: _unlike(p, A, c, to_A=[np.full((len(A), len(A)), c**2 * p_j) for p_j in p.ravel()]),
              "In the element for A every output changes with every entry of a column. "
              "Look at one weight's path in 'One weight, raised'."),
        Wrong("reversed order", lambda p, A, c: _unlike(p, A, c)[::-1],
              "The elements stand in the reverse order. A tuple keeps the order of what one differentiates "
              "by: see 'The derivative with respect to a tuple'."),
        *(Wrong("reversed order", lambda p, A, c, order=order: [_unlike(p, A, c)[i] for i in order],
                "The elements are right and have changed places. A tuple keeps the order of what one differentiates "
                f"with respect to. {TUPLE}")
          for order in ((1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1))),
        Wrong("others dropped", lambda p, A, c: [_unlike(p, A, c)[0], *_unlike(p, A, c)[1], _unlike(p, A, c)[2]],
              "The items for A stand among the others. There are three things that move, and A is one of them: its "
              f"items make a tuple of their own. {TUPLE}"),
        Wrong("square forgotten", lambda p, A, c: _unlike(
                  p, A, c, to_p=c * A, to_A=[c * p_j * np.eye(len(A)) for p_j in p.ravel()], to_c=A @ p),
              f"This is the derivative of a function in which c has no square: read the statement again. {TUPLE}"),
        *(Wrong("square forgotten", lambda p, A, c, to_p=to_p, to_A=to_A: _unlike(
                    p, A, c, to_p=c * A if to_p else None,
                    to_A=[c * p_j * np.eye(len(A)) for p_j in p.ravel()] if to_A else None),
                f"c stands without its square. For p and A it is held fixed, and so is its power. {TUPLE}")
          for to_p, to_A in ((False, True), (True, False), (True, True))),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * p_j * A for p_j in p.ravel()]),
              f"Your items for A contain A. f is linear in A: does its derivative contain it? {COLUMNS}"),
        Wrong("glued too early", lambda p, A, c: np.hstack([
                  c**2 * A, np.kron(c**2 * p.T, np.eye(len(A))), 2 * c * A @ p]),
              f"Everything is glued to one wide array. The three elements stay apart, and so do the items for A. "
              f"{TUPLE}"),
        *(Wrong("term missing", lambda p, A, c, kept=kept: [_unlike(p, A, c)[i] for i in kept],
                f"Two elements are right, and one is missing: three things move. {TUPLE}")
          for kept in ((0, 2), (1, 2))),
        Wrong("others dropped", lambda p, A, c: _unlike(p, A, c, to_c=2 * c * p),
              f"In the element for c the matrix A is lost: what is held fixed stays in a product. {TUPLE}"),
        *(Wrong("summed too early", lambda p, A, c, form=form: _unlike(p, A, c, to_c=form((2 * c * A @ p).sum())),
                f"The element for c is one number. f has M entries, and each has its slope. {TUPLE}")
          for form in (float, lambda total: np.array([[total]]))),
        *(Wrong("elementwise product", lambda p, A, c, turn=turn: _unlike(p, A, c, to_c=2 * c * A * turn(p)),
                f"In the element for c, A and p are multiplied entry by entry. Which product is meant in f? {TUPLE}")
          for turn in (np.array, np.transpose)),
        Wrong("flattened", lambda p, A, c: _unlike(
                  p, A, c, to_A=[np.full((len(A), 1), c**2 * p_j) for p_j in p.ravel()]),
              "The items for A are columns. A column of A has M entries that move, and each output has a slope for "
              f"each of them. {COLUMNS}"),
        Wrong("other layout", lambda p, A, c: _unlike(p, A, c, to_A=np.kron(np.eye(len(A)), c**2 * p.T)),
              f"For A you give one wide matrix, and it reads A row by row. {COLUMNS}"),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * A[:, [j]] for j in range(len(p))]),
              f"In the element for A it is A that moves: what is each of its columns multiplied by? {COLUMNS}"),
        Wrong("power rule", lambda p, A, c: _unlike(p, A, c, to_p=2 * c * A),
              f"In the element for p, c is held fixed, and its factor is no slope. {TUPLE}"),
        Wrong("outer derivative forgotten", lambda p, A, c: _unlike(p, A, c, to_c=A @ p),
              f"In the element for c the slope of c² is missing. {TUPLE}"),
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
              f"The element for c is a row: its M rows belong to the outputs. "
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
        Wrong("others dropped", lambda p, A, c: _unlike(p, A, c, to_c=2 * c * np.ones((len(A), 1))),
              f"The element for c does not contain Ap. What is held fixed does not drop out of a product. {TUPLE}"),
        Wrong("others dropped", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * p.T] * A.shape[1]),
              f"The items for A are rows. There are M outputs and M entries in a column of A: what is the shape of an "
              f"item? {COLUMNS}"),
        Wrong("rows for columns", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * p.T] * len(A)),
              f"For each row of A you give how its own output changes with it. A matrix is the tuple of something "
              f"else. {COLUMNS}"),
        Wrong("power rule", lambda p, A, c: _unlike(p, A, c, to_c=2 * c**2 * A @ p),
              f"In the element for c the square keeps its power. {TUPLE}"),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_A=[A[:, [j]] for j in range(len(p))]),
              f"In the element for A stand its own columns. What is each of them multiplied by? {COLUMNS}"),
        Wrong("others dropped", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * np.ones((len(A), 1)) @ p.T),
              f"For A you give one matrix in the shape of A. Each of its numbers stands for a Jacobian. {COLUMNS}"),
        Wrong("rows for columns", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * v * np.eye(len(A)) for v in A.ravel()]),
              f"In the element for A you have one item for each entry of A. {COLUMNS}"),
        Wrong("term missing", lambda p, A, c: _unlike(p, A, c)[:2],
              f"Two elements are right, and the third is missing: c moves, too. {TUPLE}"),
        Wrong("value instead of derivative", lambda p, A, c: _unlike(p, A, c, to_p=c**2 * A @ p),
              f"The element for p is f itself. {TUPLE}"),
        Wrong("axis too many", lambda p, A, c: _unlike(
              p, A, c, to_A=np.array([c**2 * p_j * np.eye(len(A)) for p_j in p.ravel()])),
              f"For A you give one array with three axes. Each item is a Jacobian, an array of its own. {COLUMNS}"),
        Wrong("counted twice", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * q * np.eye(len(A)) for q in p.ravel()**2]),
              f"In the items for A the entries of p are squared. How often does p_j stand beside column j? {COLUMNS}"),
        Wrong("n for N", lambda p, A, c: _unlike(
              p, A, c, to_A=[c**2 * p_j * np.eye(len(A)) for p_j in p.ravel()[:len(A)]]),
              f"With a wide A some items are missing: there is one for each column of A. {COLUMNS}"),
        Wrong("power rule", lambda p, A, c: _unlike(p, A, c, to_c=2 * A @ p),
              f"In the element for c the slope of a square depends on c. {TUPLE}"),
        Wrong("flattened", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * p.T),
              f"For A you give a row of numbers; each stands for a Jacobian. "
              f"{COLUMNS}"),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * A),
              "For A you give the derivative with respect to p once more. Here p is held fixed, and A moves. "
              f"{COLUMNS}"),
        Wrong("value instead of derivative", lambda p, A, c: _unlike(
                  p, A, c, to_A=[c**2 * A[:, [j]] * p[j, 0] for j in range(len(p))]),
              "Your items for A are the terms of the sum that c²Ap is. Differentiate each of them with respect to its "
              f"column. {COLUMNS}"),
        Wrong("wrong variable", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * np.diag(A[:, j]) for j in range(len(p))]),
              "On the diagonals of your items stand the columns of A, which is what moves. What is each column "
              f"multiplied by? {COLUMNS}"),
        Wrong("summed too early", lambda p, A, c: _unlike(p, A, c, to_A=[c**2 * p.sum() * np.eye(len(A))] * len(p)),
              "In the items for A the entries of p are added up. How many of them does one column of A meet? "
              f"{COLUMNS}"),
        Wrong("matrix for its diagonal", lambda p, A, c: _unlike(p, A, c, to_c=np.diag((2 * c * A @ p).ravel())),
              "For c the numbers stand on the diagonal of a square. c is one number: how many columns has its "
              f"derivative? {TUPLE}"),
        Wrong("reversed order", lambda p, A, c: _unlike(
                  p, A, c, to_A=[c**2 * p_j * np.eye(len(A)) for p_j in p.ravel()[::-1]]),
              f"The items for A stand in the reverse order. {COLUMNS}"),
        Wrong("matrix for its diagonal", lambda p, A, c: _unlike(p, A, c, to_A=c**2 * np.diag(p.ravel())),
              "For A the entries of p stand on one diagonal. Each of them belongs to a column of A, and there is an "
              f"item for each. {COLUMNS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (4, 2), (2, 5), *self.more((5, 4), (3, 1))):
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
        "and the products are added, in a change. T @ K could be taken for that, and is refused."
    )
    mistakes = (
        Wrong("n for N", lambda: Products.solution(None) | {
                  "T": (2, (2, 2)), "J @ T": (2, (4, 2)), "u.T @ T": (2, (1, 2)), "(u.T @ T).T": (2, (2, 1))},
              "Your tuples have one item for each row of W. The tuple runs over its columns: see 'A matrix is a tuple "
              "of columns'."),
        Wrong("summed too early", lambda: Products.solution(None) | {
                  "J @ T": (4, 2), "u.T @ T": (1, 2), "(u.T @ T).T": (2, 1)},
              "You add the items up after multiplying from the left. Then one could no longer tell the weights "
              "apart: see 'From the left, and from the right'."),
        Wrong("not summed", lambda: Products.solution(None) | {"T @ S": (5, (2, 1)), "T @ y": (5, (2, 2))},
              "At the right of T you multiply item by item and leave the products in a tuple. A contraction does one "
              "thing more: see the table in 'From the left, and from the right'."),
        Wrong("reversed product", lambda: Products.solution(None) | {"T @ K": (5, (2, 2))},
              "You let K multiply every item from the right. The lesson writes these products out, item by item. What "
              "does @ at the right of a Tuple mean? See 'From the left, and from the right'."),
        Wrong("glued too early", lambda: Products.solution(None) | {"(u.T @ T).T": (2, 5)},
              "You have glued the columns already. The transpose acts on the elements and leaves a tuple; glueing is "
              "a step of its own: see 'The gradient has W's shape'."),
        Wrong("answer inverted", lambda: Products.solution(None) | {CHAIN: "T @ S", CHANGE: "J @ T"},
              "The last two answers have changed places: one keeps the weights apart, the "
              "other adds up what they do. See 'From the left, and from the right'."),
        Wrong("wrong concept", lambda: Products.solution(None) | {CHANGE: "T @ y"},
              "A column y has one number for each item; a change of W has a whole column for each. Which of the two "
              "is meant? See 'From the left, and from the right'."),
        _products("n for N", "You let T have one item for each row of W. Count the columns: see 'A matrix is a tuple "
                  "of columns'.", T=(2, (2, 2))),
        _products("sizes swapped", "Your items are as large as there are inputs, and then little fits. Each tells how "
                  "the outputs change with one column: see 'A matrix is a tuple of columns'.",
                  **{"T": (5, (5, 5)), "J @ T": "error", "u.T @ T": "error", "(u.T @ T).T": "error", "T @ S": "error",
                     "T @ y": (5, 5)}),
        _products("transposed", "In (u.T @ T).T the items are not yet transposed: see 'The gradient has W's shape'.",
                  **{"(u.T @ T).T": (5, (1, 2))}),
        _products("silent broadcast", "At the right of T each item has a partner of its own. Does K have one for each? "
                  "See 'From the left, and from the right'.", **{"T @ K": (2, 2)}),
        _products("wrong concept", "A column y has one number for each item, so it does contract T: see 'From the "
                  "left, and from the right'.", **{"T @ y": "error"}),
        _products("wrong concept", "The columns of S are partners for the items: see 'From the left, and from "
                  "the right'.",
                  **{"T @ S": "error"}),
        _products("sizes swapped", "In J @ T the two sizes of an item have changed places: J takes two numbers and "
                  "returns four.", **{"J @ T": (5, (2, 4))}),
        _products("glued too early", "For T you have set the items side by side. T itself keeps them apart: see 'A "
                  "matrix is a tuple of columns'.", T=(2, 10)),
        *(_products("wrong concept", "At the end the product itself is asked for, spelled as its key is, and not its "
                    "shape.", **shapes)
          for shapes in ({CHAIN: (5, (4, 2))}, {CHANGE: (2, 1)}, {CHAIN: (5, (4, 2)), CHANGE: (2, 1)})),
        _products("wrong concept", "For dh/dW you chose the product for one number h, a loss. Here h has as many "
                  "outputs as J has rows: see 'From the left, and from the right'.", **{CHAIN: "u.T @ T"}),
        _products("wrong concept", "T @ y adds up items, each times a number of its own. What is the shape of a sum of "
                  "items? See 'From the left, and from the right'.", **{"T @ y": (2, 1)}),
        _products("wrong concept", f"J at the left meets each item, and their shapes fit. {SIDES}",
                  **{"J @ T": "error"}),
        _products("flattened", "The items of T are not columns: each is a Jacobian, of outputs by the entries of one "
                  "column. See 'A matrix is a tuple of columns'.", T=(5, (2, 1))),
        _products("wrong concept", "T @ S is a change of z: what is the shape of z?", **{"T @ S": (2, 5)}),
        _products("wrong concept", "T @ y adds up items, so that it has the shape of one.", **{"T @ y": (2, 5)}),
        _products("glued too early", "J @ T is a tuple still: J meets each item.", **{"J @ T": (4, 5)}),
        _products("sizes swapped", "An item of T tells how the outputs change with one column of W: how many entries "
                  f"has that? {COLUMNS}", T=(5, (5, 2))),
        _products("sizes swapped", f"u.T @ T: a row times an item. How many columns has an item? {SIDES}",
                  **{"u.T @ T": (5, (1, 5))}),
        _products("not summed", f"T @ S is a change of z: each product is a column, and they are added up. {SIDES}",
                  **{"T @ S": (5, (2, 2))}),
        _products("reversed order", "In (u.T @ T).T the number of items has changed places with their size: the "
                  f"transpose leaves the tuple as long as it is. {SHAPE}", **{"(u.T @ T).T": (2, (5, 1))}),
        _products("sizes swapped", "J @ T: J has four rows, and the columns of an item stay. How many are there? "
                  f"{SIDES}", **{"J @ T": (5, (4, 5))}),
        _products("wrong concept", "T @ y: the numbers of y multiply the items, and these are added up.",
                  **{"T @ y": (5, 1)}),
        _products("sizes swapped", "J @ T: each item of T gets as many rows as J has.", **{"J @ T": (5, (2, 2))}),
        _products("wrong concept", "T @ S is a change of z, which has more than one entry.", **{"T @ S": (1, 1)}),
        _products("sizes swapped", f"In T the number of items and their size have changed places. {COLUMNS}",
                  T=(2, (5, 5))),
        _products("wrong concept", "u.T @ T: every item is multiplied by the row, and there are five. "
                  f"{SIDES}", **{"u.T @ T": (2, (1, 5))}),
        *(_products(name, message, **{key: size})
          for key, name, message, sizes in (
              ("T", "rows for columns", "You gave T an item for each weight. The items belong to the columns of W, and "
               f"each has a column for each entry of one. {COLUMNS}", ((10, (2, 1)), (10, (1, 1)), (10, (1, 2)))),
              ("T", "sizes swapped", "A derivative has a row for each output, and an item of T has a column for each "
               f"entry of one column of W. {COLUMNS}", ((5, (1, 2)), (5, (1, 5)), (5, (5, 1)), (5, (1, 1)))),
              ("T", "summed too early", "T is a tuple. An array would have no place for three indices. "
               f"{COLUMNS}", ((2, 2), (2, 5), (5, 2))),
              ("J @ T", "sizes swapped", f"J @ T: the rows come from J, and the columns are those of an item. {SIDES}",
               ((5, (4, 1)), (5, (2, 1)), (5, (1, 4)), (4, (5, 2)), (4, (2, 2)))),
              ("J @ T", "glued too early", f"J @ T is a tuple still: J meets each item. {SIDES}",
               ((4, 10), (8, 5), (20, 2))),
              ("u.T @ T", "glued too early", "The rows of u.T @ T are glued to one array. A matrix at the left of a "
               f"tuple leaves a tuple. {SIDES}", ((2, 5), (5, 2), (1, 10))),
              ("u.T @ T", "sizes swapped", "u.T @ T: each item is multiplied by a row from the left. What is left of a "
               f"matrix then? {SIDES}", ((5, (2, 1)), (5, (1, 1)), (5, (2, 2)), (2, (5, 1)), (5, (5, 1)))),
              ("u.T @ T", "wrong concept", f"The shapes fit: u.T has a number for each row of an item. {SIDES}",
               ("error",)),
              ("(u.T @ T).T", "glued too early", "The transpose acts on each element and leaves a tuple; glueing is a "
               f"step of its own. {SHAPE}", ((5, 2), (10, 1))),
              ("(u.T @ T).T", "sizes swapped", "(u.T @ T).T: take what you have for u.T @ T, and transpose each item. "
               f"{SHAPE}", ((5, (2, 2)), (5, (5, 1)), (2, (1, 5)), (2, (2, 1)), (5, (1, 1)))),
              ("(u.T @ T).T", "wrong concept", f"A tuple can be transposed: see the table. {SIDES}", ("error",)),
              ("T @ S", "wrong concept", "T @ S adds up an item times a column for each column of W. What is the shape "
               f"of such a product? {SIDES}", ((2, 2), (5, 1), (1, 2), (5, 2), (5, 5), (5, (2, 5)))),
              ("T @ y", "wrong concept", "T @ y adds up items, each times a number. What is the shape of a sum of "
               f"items? {SIDES}", ((5, 2), (5, 5), (1, 1), (1, 2))),
              ("T @ y", "not summed", f"A contraction with the numbers in a column adds the items up. {SIDES}",
               ((5, (2, 1)), (5, (1, 1)))),
          ) for size in sizes),
        *(_products(name, message.format(key), **{key: size})
          for name, message, sizes in (
              ("other layout", "For {} you give one array with three axes. The items of a tuple stay apart. " + COLUMNS,
               {"T": (5, 2, 2), "J @ T": (5, 4, 2), "u.T @ T": (5, 1, 2), "(u.T @ T).T": (5, 2, 1)}),
              ("spelling", "In the pair for {} the number of items comes first, and then their shape.",
               {"T": ((2, 2), 5), "J @ T": ((4, 2), 5), "u.T @ T": ((1, 2), 5), "(u.T @ T).T": ((2, 1), 5)}),
              ("flattened", "{}: a row and a column have two axes, and so has each item here. " + SIDES,
               {"u.T @ T": (5, (2,)), "(u.T @ T).T": (5, (2,))}),
          ) for key, size in sizes.items()),
        _products("wrong concept", "You gave the items of T the shape of W. An item tells how the outputs change with "
                  f"one column of W. {COLUMNS}", T=(5, (2, 5))),
        *(_products("wrong concept", "For dh/dW: h comes after z, and W before it. On which side of dz/dW does J stand "
                    f"in the chain rule? {SIDES}", **{CHAIN: key})
          for key in ("T", "(u.T @ T).T", "T @ S", "T @ y", "T @ K")),
        *(_products("wrong concept", "The change of z: what each column of S brings is added up. Which of the products "
                    f"is a contraction with S? {SIDES}", **{CHANGE: key})
          for key in ("T", "J @ T", "u.T @ T", "(u.T @ T).T", "T @ K")),
        _products("not summed", "T @ S: each item meets its own column, and you keep the products apart. A contraction "
                  f"does one thing more. {SIDES}", **{"T @ S": (5, (2, 1))}),
        _products("not summed", "T @ y: each item meets its own number, and you keep the products apart. A contraction "
                  f"does one thing more. {SIDES}", **{"T @ y": (5, (2, 2))}),
        _products("reversed order", "For dh/dW you put J at the right of T. Which function of a chain has its factor "
                  f"at the left (lesson 06)? {SIDES}", **{CHAIN: "T @ J"}),
        _products("reversed order", "For the change of z you put S in front. On which side of a derivative does a "
                  f"change stand? {SIDES}", **{CHANGE: "S @ T"}),
        *(_products(name, message, **{key: size})
          for key, name, message, sizes in (
              ("T", "rows for columns", "You gave T an item for each weight. The items belong to the columns of W, and "
               f"each has a column for each entry of one. {COLUMNS}", ((10, (2, 2)), (10, (2, 5)))),
              ("T", "other layout", "For T you give one array with three axes. The items of a tuple stay apart. "
               f"{COLUMNS}", ((2, 2, 5), (2, 5, 2))),
              ("u.T @ T", "inner product", "For u.T @ T you give one number. u meets the rows of each item; what is "
               f"left of its columns? {SIDES}", ((1, 1), "number")),
              ("(u.T @ T).T", "glued too early", "You let the transpose make one item of five. It leaves the tuple as "
               f"long as it is. {SHAPE}", ((1, (2, 5)), (1, (5, 2)), (1, (10, 1)))),
              ("T @ K", "wrong concept", "For T @ K you give a shape. At the right of a tuple each item has a partner "
               f"of its own. How many items has T, and how many partners could K offer? {SIDES}",
               ((2, (2, 2)), (2, 1), (2, 10), (10, 2), (2, 5), (5, (2, 1)))),
          ) for size in sizes),
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


def _stacked_rows(W, x, g, u, count):
    """The program of 8.4 with `count` items."""
    return np.vstack([u.T @ (x[j, 0] * np.diag(g.ravel())) for j in range(count)])


class RepairTheGradient(Exercise):
    id = "8.4"
    title = "Two faults and a test that sees neither"
    points = 3
    name = "gradient"
    arguments = ("W", "x", "g", "u")
    returns = "an array (M, N)"
    hints = (
        "Take a W of shape (2, 3). How many items does its tuple have, one for each of what? How many does the program "
        "make?",
        "One fault is in how many items there are, the other in what happens to the rows at the end.",
        "The gradient is the transpose of a tuple, glued: each row turned into a column, the columns side by side.",
    )
    because = (
        "There is an item for each of the N columns, and each row x_j (g ⊙ u)ᵀ becomes column j. With ones for x, g "
        "and u the result is its own transpose, and for M = N the counts agree, so that test sees neither fault."
    )
    mistakes = (
        Wrong("as printed", lambda W, x, g, u: _stacked_rows(W, x, g, u, W.shape[0]),
              "This is still the program as given. Compare the shape of its result with that of W: see 'The gradient "
              "has W's shape'."),
        Wrong("transposed", lambda W, x, g, u: _stacked_rows(W, x, g, u, W.shape[1]),
              "The number of items is right. But your result is W's shape turned over: its row j holds the slopes of "
              "column j of W. See 'The gradient has W's shape'."),
        Wrong("n for N", lambda W, x, g, u: _stacked_rows(W, x, g, u, W.shape[0]).T,
              "One fault is repaired: the rows become columns. But there is still one item for each row of W: see 'A "
              "matrix is a tuple of columns'."),
        Wrong("n for N", lambda W, x, g, u: _stacked_rows(W, x, g, u, min(W.shape)).T,
              f"With a tall W your result is right, with a wide one columns are missing. How many items has the tuple? "
              f"{COLUMNS}"),
        Wrong("n for N", lambda W, x, g, u: _stacked_rows(W, x, g, u, min(W.shape)),
              f"The index no longer runs out of x. But with a wide W some items are missing, and the rows still lie "
              f"below each other. {SHAPE}"),
        Wrong("reshaped", lambda W, x, g, u: _stacked_rows(W, x, g, u, W.shape[1]).reshape(W.shape),
              "The shape is that of W, and most numbers stand in the wrong place: reshape deals the rows out one "
              f"after the other. {SHAPE}"),
        Wrong("summed too early", lambda W, x, g, u: sum(x_j * (g * u).T for x_j in x.ravel()),
              "You add the rows up. One number is left for each output, and there are M times N weights. "
              f"{SIDES}"),
        Wrong("upstream forgotten", lambda W, x, g, u: g @ x.T,
              "The upstream u does not enter: this is the gradient for a u of ones. That is why the author's test "
              "was a weak one. See 'The gradient has W's shape'."),
        Wrong("glued too early", lambda W, x, g, u: np.hstack([x_j * (g * u).T for x_j in x.ravel()]),
              f"The number of items is right. The rows stand side by side and make one long row: turn each into a "
              f"column before glueing. {SHAPE}"),
        Wrong("glued too early", lambda W, x, g, u: np.vstack([x_j * g * u for x_j in x.ravel()]),
              f"The rows have become columns, as they should. But they stand below each other. {SHAPE}"),
        Wrong("sizes swapped", lambda W, x, g, u: np.hstack([(u.T @ (x_j * np.eye(len(x)))).T for x_j in x.ravel()]),
              f"Your items are as large as there are inputs, and u has an entry for each output. {COLUMNS}"),
        Wrong("sizes swapped", lambda W, x, g, u: np.vstack([u.T @ (x[j, 0] * np.eye(len(x))) for j in range(len(W))]),
              f"The two sizes are exchanged in T: how many items are there, and how large is each? {COLUMNS}"),
        Wrong("not summed", lambda W, x, g, u: [x_j * g * u for x_j in x.ravel()],
              f"These are the columns of the gradient, in a list. One step is missing: they stand side by side. "
              f"{SHAPE}"),
        Wrong("not summed", lambda W, x, g, u: [x_j * (g * u).T for x_j in x.ravel()],
              f"These are the derivatives by each column, in a tuple. The gradient is an array with W's shape. "
              f"{SHAPE}"),
        Wrong("inner product", lambda W, x, g, u: (g * u).T @ x,
              f"A row times a column is one number, if it fits at all. Each weight has a slope of its own. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: W.T @ (g * u),
              f"This is the gradient with respect to x. Here W moves. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: g * u * W,
              f"Your result contains W. What is a weight multiplied by on its way to z? {COLUMNS}"),
        Wrong("elementwise product", lambda W, x, g, u: g * u * x,
              f"Two columns are multiplied entry by entry; they have different sizes, and a table of slopes is asked "
              f"for. {SHAPE}"),
        slips.flattened(lambda *inputs: RepairTheGradient.solution(None, *inputs), SHAPE),
        Wrong("summed too early", lambda W, x, g, u: np.sum(x) * g * u,
              f"The columns are added up. They stand side by side, one for each weight's column. {SHAPE}"),
        Wrong("inner derivative forgotten", lambda W, x, g, u: u @ x.T,
              f"The gains do not enter. In the program as given that part was right. {SHAPE}"),
        Wrong("inner derivative forgotten", lambda W, x, g, u: x @ u.T,
              f"The gains do not enter, and rows and columns have changed places. {SHAPE}"),
        Wrong("counted twice", lambda W, x, g, u: g**2 * u @ x.T,
              f"The gains enter twice. {SHAPE}"),
        Wrong("not summed", lambda W, x, g, u: np.stack([x_j * (g * u).T for x_j in x.ravel()]),
              f"The rows are piled up in an array with three axes. The gradient is a matrix with W's shape. {SHAPE}"),
        *(Wrong("inner product", product,
                f"A column stands where a row belongs: the factors of an @ do not fit. Which of u and its transpose "
                f"multiplies an item from the left? {SIDES}")
          for product in (lambda W, x, g, u: u @ np.diag(g.ravel()), lambda W, x, g, u: u @ x)),
        Wrong("inner product", lambda W, x, g, u: g * u.T @ x.T,
              f"The factors of an @ do not fit. With * a column and a row make a table, and np.diag of a column is one "
              f"number. g and u are both columns. {SHAPE}"),
        Wrong("inner product", lambda W, x, g, u: u @ x.T @ g,
              f"The gains are multiplied with @ from the right, where the inputs are. They belong to the outputs. "
              f"{SHAPE}"),
        Wrong("silent broadcast", lambda W, x, g, u: (u @ x.T) * g.T,
              f"The gains lie in a row, so that column j meets gain j. Is column j that of an output? {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: g * (W @ x) * u,
              f"Your result contains W and is a column. Each weight has a slope of its own. {SHAPE}"),
        Wrong("reversed order", lambda W, x, g, u: g * u @ x[::-1].T,
              f"The columns stand in the reverse order: a tuple keeps its order when it is transposed. {SHAPE}"),
        Wrong("summed too early", lambda W, x, g, u: g * u,
              f"x does not enter, and a column is left. Each weight has a slope of its own. {SHAPE}"),
        Wrong("upstream forgotten", lambda W, x, g, u: x.T.copy(),
              f"This is how one output changes with its own row of W. What comes after it? {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: u @ (g * x).T,
              f"The gains multiply the inputs. They belong to the outputs, and there are M of them. {SHAPE}"),
        Wrong("constant kept", lambda W, x, g, u: g * u @ x.T + W,
              f"W is added to its own gradient. {SHAPE}"),
        Wrong("sign", lambda W, x, g, u: -g * u @ x.T,
              f"Every sign is wrong. The gradient itself is asked for, not the step against it. {SHAPE}"),
        *(Wrong("divided by the uses", lambda W, x, g, u, count=count: g * u @ x.T / count(W),
                f"The gradient is divided by a number of rows or columns. There is no mean in L. {SHAPE}")
          for count in (len, lambda W: W.shape[1], np.size)),
        Wrong("wrong variable", lambda W, x, g, u: np.diag(g.ravel()) @ W,
              f"This is the Jacobian of the layer with respect to x. Here W moves. {SHAPE}"),
        Wrong("argument ignored", lambda W, x, g, u: g * u @ np.ones_like(x).T,
              f"The inputs do not enter: this is right for an x of ones, as in the author's test. {SHAPE}"),
        Wrong("first only", lambda W, x, g, u: x[0, 0] * g * u @ np.ones_like(x).T,
              f"All columns are the first one. Does the index move with the loop? {SHAPE}"),
        Wrong("summed too early", lambda W, x, g, u: u.sum() * g @ x.T,
              f"The upstream is summed to one number. Each output has its own. {SHAPE}"),
        Wrong("counted twice", lambda W, x, g, u: g * u @ (x**2).T,
              f"The inputs enter twice. How often does W stand beside x in z? {SHAPE}"),
        Wrong("wrong concept", lambda W, x, g, u: W - g * u @ x.T,
              f"This is W after a step against its gradient. The gradient alone is asked for. {SHAPE}"),
        Wrong("n for N", lambda W, x, g, u: np.vstack([x[j, 0] * g * u for j in range(len(W))]),
              "The rows have become columns, but they stand below each other; and there is still one item for each "
              f"row of W. {SHAPE}"),
        Wrong("first only", lambda W, x, g, u: np.diag(g * u) * x.T,
              "One row is left, that of the first output. np.diag of a column takes one number from it; it makes a "
              f"matrix of an array with one axis. {SHAPE}"),
        Wrong("other layout", lambda W, x, g, u: np.kron(g * u, x),
              f"One long column is left, the rows of the gradient one below the other. {SHAPE}"),
        *(Wrong("inner product", lambda W, x, g, u, turn=turn: turn((u.T @ g) * x.T),
                "u and g have met in one number, and all outputs are mixed in it. Each output keeps its own slope and "
                f"its own gain. {SHAPE}")
          for turn in (np.array, np.transpose)),
        Wrong("inner product", lambda W, x, g, u: (u.T @ g) * np.ones_like(g) @ x.T,
              "u and g have met in one number, and every row of your result is the same. Each output keeps its own "
              f"slope and its own gain. {SHAPE}"),
        Wrong("wrong concept", lambda W, x, g, u: (g + u) @ x.T,
              f"Gain and upstream are added. What does a gain do to an output, and so to its slopes? {SHAPE}"),
        Wrong("first only", lambda W, x, g, u: g[0, 0] * u @ x.T,
              "All outputs have the first gain. Look at what np.diag does with a column, and with an array of one "
              f"axis. {SHAPE}"),
        Wrong("wrong concept", lambda W, x, g, u: (g.T @ u) * (u @ x.T),
              f"The gains are summed to one number. Each output has its own. {SHAPE}"),
        Wrong("wrong concept", lambda W, x, g, u: (u @ x.T) / g,
              f"You divide by the gains. What does an output do when its row of Wx moves? {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: u * (W @ x),
              f"This is the gradient with respect to g. Here W moves. {SHAPE}"),
        Wrong("wrong variable", lambda W, x, g, u: W * (g * u @ x.T),
              f"The right slopes, each multiplied by its weight. A gradient does not contain W here. {COLUMNS}"),
        Wrong("summed too early", lambda W, x, g, u: x.sum() * np.diag(g.ravel()),
              f"You add up the items of the tuple, and u does not enter. {SIDES}"),
        Wrong("value instead of derivative", lambda W, x, g, u: ((W @ x) * u) @ x.T,
              "Where the gain belongs stands Wx, the value that it multiplies. Here W moves: what is Wx multiplied by? "
              f"{SHAPE}"),
        Wrong("upstream forgotten", lambda W, x, g, u: np.ones_like(u) @ x.T,
              "Neither the gains nor u enter: this is right where both are ones, as in the author's test. "
              f"{SHAPE}"),
        Wrong("glued too early", lambda W, x, g, u: np.kron(x.T, np.diag((g * u).ravel())),
              "The items are glued, with u on their diagonals entry by entry. u should multiply each item from the "
              f"left, and make a row of it. {SIDES}"),
        *(Wrong("upstream forgotten", lambda W, x, g, u, arrange=arrange: arrange(
                    [x_j * np.diag(g.ravel()) for x_j in x.ravel()]),
                f"This is {what}, and u does not enter. What multiplies each item on the way back? {SIDES}")
          for what, arrange in (("the tuple of the layer", list), ("the tuple of the layer, glued", np.hstack),
                                ("the tuple of the layer, glued", np.vstack),
                                ("the tuple of the layer, piled up in one array", np.stack))),
        Wrong("inner product", lambda W, x, g, u: (g.T @ u) * (g @ x.T),
              "u and g have met in one number, which multiplies all the gains. Each output keeps its own slope. "
              f"{SHAPE}"),
        Wrong("upstream forgotten", lambda W, x, g, u: x @ g.T,
              f"The upstream u does not enter, and rows and columns have changed places. {SHAPE}"),
        *(Wrong("n for N", left, f"{message} And there is still one item for each row of W. {COLUMNS}")
          for message, left in (
              ("The rows stand side by side and make one long row.",
               lambda W, x, g, u: _stacked_rows(W, x, g, u, len(W)).reshape(1, -1)),
              ("You force the result into W's shape, which does not turn rows into columns.",
               lambda W, x, g, u: _stacked_rows(W, x, g, u, len(W)).reshape(W.shape)),
              ("The gains do not enter any more. They were right.",
               lambda W, x, g, u: _stacked_rows(W, x, np.ones_like(g), u, len(W))),
              ("You add the rows up, and one number is left for each output.",
               lambda W, x, g, u: _stacked_rows(W, x, g, u, len(W)).sum(axis=0, keepdims=True)))),
    )  # fmt: skip

    def cases(self, rng):
        for M, N in ((3, 3), (2, 3), (5, 3), (2, 4), *self.more((4, 1), (3, 6))):
            sizes = {"W": (M, N), "x": (N, 1), "g": (M, 1), "u": (M, 1)}
            yield {name: rng.normal(size=size) for name, size in sizes.items()}

    def solution(self, W, x, g, u):
        N = W.shape[1]
        T = [x[j, 0] * np.diag(g.ravel()) for j in range(N)]
        rows = [u.T @ item for item in T]
        return np.hstack([row.T for row in rows])


def _wide(items):
    """The items as one matrix (P, MN) for W read row by row."""
    return np.stack(items, axis=2).reshape(len(items[0]), -1)


class Rearranged(Exercise):
    id = "8.5"
    title = "Rearrange a tuple"
    points = 2
    name = "rearranged"
    arguments = ("items",)
    returns = "a list of an array (P, M, N) and an array (P, MN)"
    hints = (
        "In the array, j is the last index. So the items must be piled up along which axis?",
        "np.stack(arrays, axis=...) makes a new axis. What stands in the columns of the wide matrix, one weight after "
        "the other, if W is read row by row?",
        "reshape pours numbers in the order of the indices, the last index running fastest. Which of your arrays has j "
        "as its last index, and k before it?",
    )
    because = "Item j is [:, :, j] of the array. Poured with k before j, its columns follow W row by row."
    mistakes = (
        Wrong("other layout", lambda items: [np.stack(items), _wide(items)],
              f"In your array the item is chosen by the first index; in [i, k, j] the output comes first. "
              f"{THREE}"),
        Wrong("reshaped", lambda items: [np.stack(items).reshape(*items[0].shape, len(items)), _wide(items)],
              f"Your array has the right shape and the numbers stand elsewhere: reshape pours, it does not move an "
              f"axis. {THREE}"),
        Wrong("transposed", lambda items: [np.stack([item.T for item in items], axis=2), _wide(items)],
              f"In your array the first two indices have changed places: the output comes before the weight's row. "
              f"{THREE}"),
        Wrong("other layout", lambda items: [np.stack(items, axis=2), np.hstack(items)],
              f"Your wide matrix reads W column by column; for an affine function it would be xᵀ ⊗ I. {THREE}"),
        Wrong("other layout", lambda items: [np.stack(items, axis=2)] * 2,
              f"Your second answer is the array once more. A wide matrix has two axes, a row for each output and a "
              f"column for each weight. {THREE}"),
        Wrong("reversed order", lambda items: [_wide(items), np.stack(items, axis=2)],
              f"The two have changed places: the array with three axes comes first. {THREE}"),
        Wrong("reversed order", lambda items: [np.hstack(items), np.stack(items, axis=2)],
              f"The two have changed places, and your wide matrix reads W column by column. {THREE}"),
        Wrong("rows for columns", lambda items: [np.stack(items, axis=2), np.vstack(items)],
              f"Your second one is tall, with the items below each other: its rows belong to the outputs. {THREE}"),
        Wrong("other layout", lambda items: [np.stack(items, axis=1), _wide(items)],
              f"In your array the item is chosen by the second index, [i, j, k]. {THREE}"),
        Wrong("transposed", lambda items: [np.stack(items, axis=2), _wide(items).T],
              f"Your wide matrix is tall: its rows belong to the outputs. {THREE}"),
        Wrong("reshaped", lambda items: [np.stack(items, axis=2), np.stack(items, axis=2).reshape(-1, len(items))],
              f"Your second one has a row for each output and each row of W. How many rows has a derivative? {THREE}"),
        *(Wrong("sizes swapped", lambda items, pour=pour: [np.stack(items, axis=2), pour(items)],
                "Your second one has a row for each item. A wide matrix has a row for each output and a column for "
                f"each weight. {THREE}")
          for pour in (lambda items: np.stack(items).reshape(len(items), -1),
                       lambda items: np.stack(items, axis=2).reshape(len(items), -1),
                       lambda items: np.stack(items, axis=2).reshape(-1, len(items)).T)),
        Wrong("first only", lambda items: [np.stack(items, axis=2), np.stack(items, axis=2)[0]],
              f"Your second one belongs to the first output alone. {THREE}"),
        *(Wrong("term missing", lambda items, part=part: part(items),
                f"One of the two arrays is there, and it is right. Both are asked for, in a list. {THREE}")
          for part in (lambda items: np.stack(items, axis=2), _wide,
                       lambda items: [np.stack(items, axis=2)], lambda items: [_wide(items)])),
        *(Wrong("special case", lambda items, axes=axes: [np.stack(items, axis=2), np.kron(
                    np.eye(*items[0].shape[axes]), np.array([[item[0, 0] for item in items]]))],
                f"Your wide matrix is right for the affine function. These items are any matrices. {THREE}")
          for axes in (np.s_[:1], np.s_[1:], np.s_[:])),
        Wrong("other layout", lambda items: [np.stack(items, axis=2), np.hstack(items)[:, np.arange(
                  items[0].shape[1] * len(items)).reshape(items[0].shape[1], -1).T.ravel()]],
              f"Your wide matrix holds the columns of the items in another order. Where in the items side by side does "
              f"column k of item j stand, and where should it stand? {THREE}"),
        Wrong("transposed", lambda items: [np.stack(items, axis=2), np.hstack([item.T for item in items])],
              f"In your wide matrix the items stand side by side, each of them transposed. {THREE}"),
        Wrong("reshaped", lambda items: [np.stack(items, axis=2), np.stack(items).reshape(len(items[0]), -1)],
              f"Your wide matrix was poured from an array whose first index is the item: that tears the items apart. "
              f"{THREE}"),
        Wrong("reshaped", lambda items: [np.hstack(items).reshape(*items[0].shape, -1), _wide(items)],
              f"Your array has the right shape, but reshape pours the items side by side: the numbers stand elsewhere. "
              f"{THREE}"),
        Wrong("flattened", lambda items: [np.stack(items, axis=2), _wide(items).ravel()],
              f"Your second answer has one axis; it has a row for each output. {THREE}"),
        Wrong("summed too early", lambda items: [sum(items), _wide(items)],
              f"For the array the items are added up; they stay apart, along a third axis. {THREE}"),
        Wrong("reversed order", lambda items: [np.stack(items, axis=2), _wide(items[::-1])],
              f"In your wide matrix the items are taken in the reverse order. {THREE}"),
        Wrong("other layout", lambda items: [np.stack(items), np.vstack(items)],
              f"In both, the items come first and the outputs later. The array is to be [i, k, j], and the wide matrix "
              f"has a row for each output. "
              f"{THREE}"),
        Wrong("transposed", lambda items: [np.stack(items, axis=2),
                                           np.stack(items, axis=2).transpose(1, 0, 2).reshape(len(items[0]), -1)],
              f"Before your wide matrix was poured, the first two indices changed places. {THREE}"),
        Wrong("reshaped", lambda items: [np.stack(items, axis=2),
                                         np.stack(items, axis=2).reshape(-1, len(items[0])).T],
              f"Your wide matrix was poured into the transposed shape and then turned: the rows are torn apart. "
              f"{THREE}"),
        Wrong("other layout", lambda items: [np.stack(items, axis=2), np.stack(items)],
              f"Your second answer has three axes. A wide matrix has a row for each output and a column for each "
              f"weight. {THREE}"),
        Wrong("other layout", lambda items: [np.stack(items), np.hstack(items)],
              f"In your array the item comes first, and your wide matrix reads W column by column. {THREE}"),
        Wrong("reshaped", lambda items: [np.array(items).reshape(*items[0].shape, len(items)),
                                         np.array(items).reshape(len(items[0]), -1)],
              f"Both were made by reshape from an array whose first index is the item: it pours the numbers as they "
              f"come, and tears the items apart. {THREE}"),
        *(Wrong("other layout", lambda items, axes=axes: [np.stack(items).transpose(axes), _wide(items)],
                f"In your array the output is chosen by the last index; in [i, k, j] it comes first. {THREE}")
          for axes in ((2, 0, 1), (0, 2, 1))),
        Wrong("reversed order", lambda items: [np.stack(items, axis=2), np.hstack(items[::-1])],
              f"In your wide matrix the items stand side by side in the reverse order. And which weight comes after "
              f"W_11? {THREE}"),
    )  # fmt: skip

    def cases(self, rng):
        for P, M, N in ((2, 2, 3), (2, 3, 4), (3, 3, 3), (4, 2, 5), *self.more((3, 1, 6), (5, 2, 3))):
            yield {"items": [rng.normal(size=(P, M)) for _ in range(N)]}

    def solution(self, items):
        array = np.stack(items, axis=2)
        P, M, N = array.shape
        return [array, array.reshape(P, M * N)]


EXERCISES = [TupleOfTranspose, UnlikeThings, Products, RepairTheGradient, Rearranged]
