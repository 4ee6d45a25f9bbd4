"""Exercises of lesson 02: columns, products by columns, shapes of broadcasts, a silent square, axes."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips

COLUMNS, STACK, BY_COLUMN, RULE, SQUARE, ONE_AXIS = slips.see(
    "A matrix is a tuple of columns",
    "A list of matrices has three axes",
    "A matrix acts column by column",
    "The rule of broadcasting",
    "The silent 20 × 20",
    "A 1-D array has no orientation",
)


class Columns(Exercise):
    id = "2.1"
    title = "From a matrix to its columns"
    name = "columns"
    arguments = ("A",)
    returns = "a list of N columns (M, 1)"
    hints = (
        "A list comprehension with one item for each column: which entry of A.shape counts the columns?",
        "Look at the shapes of A[:, 0] and A[:, [0]].",
    )
    because = "The list as index, [j], keeps the second axis, so that every item is a column and hstack glues them."

    def cases(self, rng):
        for shape in ((2, 3), (5, 2), (3, 3), (1, 4), (4, 1), *self.more((6, 4), (2, 7))):
            yield {"A": rng.normal(size=shape)}

    def solution(self, A):
        return [A[:, [j]] for j in range(A.shape[1])]

    mistakes = (
        Wrong("rows for columns", lambda A: list(A),
              "Your list holds the rows of A. A loop over an array, like list(A), runs along its first axis: see "
              "'A matrix is a tuple of columns'."),
        Wrong("rows for columns", lambda A: [row.reshape(-1, 1) for row in A],
              "Every item is upright, as it should be, but its numbers come from a row of A. The tuple runs over "
              "the second axis: see 'A matrix is a tuple of columns'."),
        Wrong("flattened", lambda A: list(A.T),
              "The right numbers in the right order, but your items have one axis each. Gluing them with np.hstack "
              "would not give A back: see 'A matrix is a tuple of columns'."),
        Wrong("transposed", lambda A: [A[:, [j]].T for j in range(A.shape[1])],
              "Your items hold the right numbers lying down, with shape (1, M). A column stands: see 'A vector is "
              "a list of numbers'."),
        Wrong("sizes swapped", lambda A: [A[:, [j]] for j in range(A.shape[0])],
              "You take as many columns as A has rows; that is what len(A) and A.shape[0] count. The letters M and "
              "N are told apart in 'A matrix is a tuple of columns'."),
        *slips.parts_of_a_list(lambda A: Columns.solution(None, A), COLUMNS),
        Wrong("rows for columns", lambda A: [A[[i], :] for i in range(len(A))],
              f"Your items are the rows of A, one after the other. The tuple runs over the second axis. {COLUMNS}"),
        Wrong("left as it was", lambda A: A.copy(),
              f"This is A itself. The exercise asks for a list with one item for each of its columns. {COLUMNS}"),
        Wrong("transposed", lambda A: A.T.copy(),
              f"Rows and columns of A have changed places, in one array. The exercise asks for a list of "
              f"upright columns. {COLUMNS}"),
        Wrong("first only", lambda A: A[:, [0]],
              f"That is the first column, by itself. The exercise asks for the list of all of them. {COLUMNS}"),
        Wrong("rows for columns", lambda A: np.split(A, A.shape[1]),
              f"np.split cuts along the first axis unless another is named, so that it makes rows. {COLUMNS}"),
        Wrong("first only", lambda A: [A[:, [0]] for _ in range(A.shape[1])],
              f"There are N items, and all of them are the first column. What has to change from item to item? "
              f"{COLUMNS}"),
        Wrong("wrong concept", lambda A: [A[:, [-1]] for _ in range(A.shape[1])],
              f"There are N items, and all of them are the last column. What has to change from item to item? "
              f"{COLUMNS}"),
        Wrong("axes miscounted", lambda A: A[:, :, None],
              f"This is one array with an axis of size 1 at its end. The exercise asks for a list of columns. {STACK}"),
        *(Wrong("wrong concept", make,
                f"Your list has one item, with all numbers of A in it. {COLUMNS}")
          for make in (lambda A: [A.copy()], lambda A: [A.reshape(-1, 1)])),
        Wrong("wrong concept", lambda A: np.array([A[:, [j]] for j in range(A.shape[1])]),
              f"The columns are right, and stacked into one array with three axes. The exercise asks for a list. "
              f"{STACK}"),
        Wrong("wrong concept", lambda A: {j: A[:, [j]] for j in range(A.shape[1])},
              f"This is a dict. Columns that have an order make a list. {COLUMNS}"),
        Wrong("axes miscounted", lambda A: A[:, None],
              f"You added an axis to A. The exercise asks for a list with one item for each column. {COLUMNS}"),
        Wrong("rows for columns", lambda A: [A[j] for j in range(A.shape[1])],
              f"With one index, A[j] is a row. You take as many as A has columns, and there may be fewer. {COLUMNS}"),
        Wrong("axes miscounted", lambda A: A.reshape(A.shape[1], -1, 1),
              "reshape pours the numbers in the order in which they stand, row by row, so that these are no columns of "
              f"A. {COLUMNS}"),
        Wrong("counted from 0", lambda A: [A[:, [j]] for j in range(1, A.shape[1] + 1)],
              f"Your j goes one too far. Does it run from 1, as on paper? In Python the first column has the index 0. "
              f"{COLUMNS}"),
        *(Wrong("coincidence", lambda A, N=N: [A[:, [j]] for j in range(N)],
                f"You write out a fixed number of columns. A may have more of them, or fewer. {COLUMNS}")
          for N in (2, 3)),
        Wrong("axes miscounted", lambda A: [A[:, [j]][None] for j in range(A.shape[1])],
              "The columns are right, and each stands in one pair of brackets too many: an item is a column, not a "
              "list with a column in it."),
        *(Wrong("axes miscounted", lambda A, cut=cut: [A[:, cut(j)] for j in range(A.shape[1])],
                "Your slices hold several columns: from some column to the end, or up to it. An item is one column. "
                f"{COLUMNS}") for cut in (lambda j: slice(j, None), lambda j: slice(None, j + 1))),
        Wrong("state kept", lambda A: A[:, [-1]],
              f"That is the last column, by itself. Is it put in the place of the others in each turn? The exercise "
              f"asks for the list of all of them. {COLUMNS}"),
        *(Wrong("flattened", numbers,
                f"Your list holds the single numbers of A. An item is a whole column. {COLUMNS}")
          for numbers in (lambda A: [A[i, j] for j in range(A.shape[1]) for i in range(len(A))],
                          lambda A: [A[i, j] for i in range(len(A)) for j in range(A.shape[1])],
                          lambda A: list(A.reshape(-1, 1)))),
        Wrong("rows for columns", lambda A: [A[:, [j]] for j in A],
              f"In your loop j is a row of A, not a number: a loop over an array runs through its rows. {COLUMNS}"),
        Wrong("sizes swapped", lambda A: [A.T[j] for j in range(len(A))],
              f"You take as many columns as A has rows, and each has one axis. {COLUMNS}"),
        Wrong("reversed order", lambda A: [A[:, [-j]] for j in range(A.shape[1])],
              f"A minus before an index counts from the end: after the first, your columns come backwards. {COLUMNS}"),
    )  # fmt: skip


def _terms(W, X):
    return OuterTerms.solution(None, W, X)


class OuterTerms(Exercise):
    id = "2.2"
    title = "A product as a sum of N matrices"
    points = 2
    name = "outer_terms"
    arguments = ("W", "X")
    returns = "a list of N arrays (M, B)"
    hints = (
        "Write (WX)_is as a sum over j, and keep one j. Which column of W and which row of X does the term use?",
        "A column (M, 1) times a row (1, B) is a matrix (M, B). W[:, [j]] is a column; which index makes a row of X?",
    )
    because = "For a fixed j, W_ij X_js is the entry (i, s) of column j of W times row j of X."

    def cases(self, rng):
        for M, N, B in (
            (3, 3, 3),
            (2, 3, 4),
            (4, 2, 3),
            (3, 5, 1),
            *self.more((5, 4, 6), (1, 3, 2)),
        ):  # square first, where no pairing fails
            yield {"W": rng.normal(size=(M, N)), "X": rng.normal(size=(N, B))}

    def solution(self, W, X):
        return [W[:, [j]] @ X[[j], :] for j in range(W.shape[1])]

    mistakes = (
        Wrong("wrong concept", lambda W, X: W @ X,
              "This is the whole product, at once or row by row. The exercise asks for the N matrices it is the sum "
              "of, before they are added: see 'A matrix acts column by column'."),
        Wrong("wrong concept", lambda W, X: [W @ X[:, [s]] for s in range(X.shape[1])],
              "These are the columns of the product, one for each sample; glued side by side they give WX. Asked "
              "are terms that give WX when they are added: keep the summed index fixed, not the sample."),
        Wrong("transposed", lambda W, X: [X[[j], :].T @ W[:, [j]].T for j in range(W.shape[1])],
              "Each term is transposed: its rows should belong to the rows of W. Check the order of the two "
              "factors with the shapes in 'A matrix acts column by column'."),
        Wrong("orientation assumed", lambda W, X: [W[:, j] @ X[j] for j in range(W.shape[1])],
              "Between two arrays with one axis each, @ and np.dot are the inner product: one number, not a matrix. "
              "See 'A 1-D array has no orientation'."),
        Wrong("rows for columns", lambda W, X: [np.outer(W[j], X[:, j]) for j in range(W.shape[1])],
              "You pair a row of W with a column of X. That is the pairing of one entry of the product; look at "
              "which indices of W and of X the letter j is."),
        Wrong("rows for columns", lambda W, X: [np.outer(W[j], X[:, j]) for j in range(len(W))],
              f"You pair the rows of W with the columns of X, as many as there are rows. Which letter is summed over, "
              f"and what of W and of X does it count? {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[[j]].T @ X[[j]] for j in range(W.shape[1])],
              "Your items use a row of W. In W_ij, is j the number of a row or of a column?"),
        Wrong("silent broadcast", lambda W, X: [W[:, j] * X[j] for j in range(W.shape[1])],
              f"W[:, j] and X[j] have one axis each, and * pairs them entry by entry, if it can at all. {ONE_AXIS}"),
        Wrong("sizes swapped", lambda W, X: [W[:, [j]] @ X[[j], :] for j in range(W.shape[0])],
              f"You take as many terms as W has rows; that is what len(W) and W.shape[0] count. Which letter is summed "
              f"over? {BY_COLUMN}"),
        Wrong("sizes swapped", lambda W, X: [np.outer(W[:, j], X[j]) for j in range(X.shape[1])],
              f"You take as many terms as there are samples. Which letter is summed over? {BY_COLUMN}"),
        *slips.parts_of_a_list(_terms, BY_COLUMN),
        Wrong("reversed product", lambda W, X: [X[[j], :] @ W[:, [j]] for j in range(W.shape[1])],
              f"A row times a column is one number, if it fits. In which order do they make a matrix? {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[[i], :] @ X for i in range(len(W))],
              f"These are the rows of the product, one for each row of W. The exercise asks for terms that are added "
              f"up. {BY_COLUMN}"),
        Wrong("not summed", lambda W, X: [W[i, j] * X[j] for i in range(len(W)) for j in range(W.shape[1])],
              f"Your items are single rows, one for each weight. Let i run inside a term, too. {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [np.outer(W[:, j], X[:, j]) for j in range(W.shape[1])],
              f"W's column is right, and it is paired with a column of X. Which index of X is j? {BY_COLUMN}"),
        Wrong("orientation assumed", lambda W, X: [W[:, j] @ X for j in range(W.shape[1])],
              f"A column of W with one axis is multiplied by all of X. One row of X belongs to it. {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: [W @ X[:, s] for s in range(X.shape[1])],
              "These are the columns of the product, each with one axis. The exercise asks for terms that give WX "
              f"when they are added: keep the summed index fixed, not the sample. {BY_COLUMN}"),
        Wrong("elementwise product", lambda W, X: W * X,
              f"* multiplies entry by entry, where it can. Start from the sum over j in the statement. {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[:, [j]] * X for j in range(W.shape[1])],
              f"A column of W meets all of X here. Which part of X carries the same index j? {BY_COLUMN}"),
        Wrong("inner product", lambda W, X: [W[[j], :] @ X[:, [j]] for j in range(W.shape[1])],
              f"A row of W meets a column of X: that is one entry of the product, with all j in it. Here one j is "
              f"fixed. {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[:, [j]] * X[:, [j]] for j in range(W.shape[1])],
              f"Two columns are multiplied. In X the index j stands first: is it a column's there? {BY_COLUMN}"),
        *(Wrong("wrong concept", make,
                f"This is one large array of all products of an entry of W and an entry of X. In the sum both have the "
                f"same j. {BY_COLUMN}") for make in (np.outer, np.kron)),
        Wrong("not summed", lambda W, X: [W[i, j] * X[j, s] for i in range(len(W)) for j in range(len(X))
                                          for s in range(X.shape[1])],
              f"Your list holds the single products. For a fixed j they form a matrix, with i and s for its axes. "
              f"{BY_COLUMN}"),
        Wrong("constant factor", lambda W, X: [W[:, [j]] @ X[[j]] / W.shape[1] for j in range(W.shape[1])],
              f"Each term is divided by N. Do your terms add up to WX? {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: np.array([W[:, [j]] @ X[[j]] for j in range(W.shape[1])]),
              "The matrices are right, and stacked into one array with three axes. The exercise asks for a list."),
        Wrong("first only", lambda W, X: [W[:, [j]] @ X[[0]] for j in range(W.shape[1])],
              f"Every column of W meets the first row of X. Which row has the index j? {BY_COLUMN}"),
        Wrong("first only", lambda W, X: [W[:, [0]] @ X[[j]] for j in range(W.shape[1])],
              f"Every row of X meets the first column of W. Which column has the index j? {BY_COLUMN}"),
        Wrong("sum for product", lambda W, X: [W[:, [j]] + X[[j]] for j in range(W.shape[1])],
              f"Column and row are added. Which operation stands between W_ij and X_js? {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: [W @ X / W.shape[1] for _ in range(W.shape[1])],
              f"Your items add up to WX, and all are alike. The exercise asks for one item for each j. {BY_COLUMN}"),
        *(Wrong("summed too early", lambda W, X, last=last: [sum(_terms(W, X)[: j + last]) for j in range(len(X))],
                f"Your items are running sums: one term after the other is added in. The exercise asks for the terms. "
                f"{BY_COLUMN}") for last in (0, 1)),
        *(Wrong("rows for columns", lambda W, X, part=part: [W[:, [j]] @ part(X, j) for j in range(W.shape[1])],
                "A column of W meets under @ what is no row: X[:, [j]] and X[[j]].T stand, and X[j] has one axis. "
                f"Which index of X is j? {BY_COLUMN}")
          for part in (lambda X, j: X[:, [j]], lambda X, j: X[j])),
        Wrong("orientation assumed", lambda W, X: [W[:, j] @ X[[j]] for j in range(W.shape[1])],
              "X[[j]] is a row, and for @ what stands before it is no column: W[:, j] has one axis, and W[:, [j]].T "
              f"lies. {ONE_AXIS}"),
        Wrong("one sample only", lambda W, X: [W[:, [j]] * X[j, 0] for j in range(W.shape[1])],
              f"Only the first sample is there: each item is one column. Let s run as well. {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[[j]].T @ X[[j]] for j in range(len(W))],
              f"Your items use a row of W, as many as W has. In W_ij, is j the number of a row or of a column? "
              f"{BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [np.outer(w, x) for w, x in zip(W, X, strict=False)],
              f"A loop over W runs through its rows, here with those of X. In W_ij, is j the number of a row? "
              f"{BY_COLUMN}"),
        Wrong("silent broadcast", lambda W, X: [W[:, j] * X[[j]] for j in range(W.shape[1])],
              f"W[:, j] has one axis, and flush right it meets the samples. A column has two axes. {ONE_AXIS}"),
        Wrong("wrong concept", lambda W, X: [(W[:, [j]], X[[j]]) for j in range(W.shape[1])],
              f"Column and row stand side by side. Which operation makes a matrix of them? {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: [np.outer(W, X)],
              f"This is one large array of all products of an entry of W and an entry of X, in a list. In the sum both "
              f"have the same j. {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: [W * X[:, [s]].T for s in range(X.shape[1])],
              f"You keep the sample fixed, and j runs inside an item. Which letter is to be fixed? {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: np.stack(_terms(W, X), axis=2),
              "These are the products in one array, with j as its last axis. The exercise asks for a list with one "
              f"matrix for each j. {STACK}"),
        Wrong("counted from 0", lambda W, X: [np.outer(W[:, j], X[j]) for j in range(1, W.shape[1] + 1)],
              f"Your j goes one too far. Does it run from 1, as on paper? In Python the first column has the index 0. "
              f"{BY_COLUMN}"),
        Wrong("coincidence", lambda W, X: [W[:, [j]] @ X[[j]] for j in range(3)],
              f"You write out three terms. Which letter counts them? {BY_COLUMN}"),
        Wrong("axes miscounted", lambda W, X: [term[None] for term in _terms(W, X)],
              "The matrices are right, and each stands in one pair of brackets too many: an item is a matrix, not a "
              "list with a matrix in it."),
        Wrong("inner product", lambda W, X: [W[j] @ X[:, j] for j in range(W.shape[1])],
              f"A row of W meets a column of X: that is one entry of the product, a number with all j in it. Here one "
              f"j is fixed. {BY_COLUMN}"),
        Wrong("left as it was", lambda W, X: [W @ X for _ in range(W.shape[1])],
              f"Each of your items is the whole product, with all j in it. Which part of it has one j? {BY_COLUMN}"),
        Wrong("term missing", lambda W, X: [W[:, [j]] for j in range(W.shape[1])],
              f"Your items are the columns of W. What of X belongs to the same j? {BY_COLUMN}"),
        Wrong("term missing", lambda W, X: [X[[j]] for j in range(W.shape[1])],
              f"Your items are the rows of X. What of W belongs to the same j? {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [np.outer(w, x) for w, x in zip(W.T, X.T, strict=False)],
              f"Columns of W meet columns of X, as many as both have. In X_js, is j the number of a column? "
              f"{BY_COLUMN}"),
        Wrong("counted twice", lambda W, X: [np.outer(w, x) for w in W.T for x in X],
              f"Every column of W meets every row of X. In the sum both have the same j. {BY_COLUMN}"),
        Wrong("summed too early", lambda W, X: [term.sum() for term in _terms(W, X)],
              f"Each term is added up to one number. It stays a matrix, with i and s for its axes. {BY_COLUMN}"),
        Wrong("wrong concept", lambda W, X: list((W @ X).ravel()),
              f"These are the entries of the product, one by one, with all j in each. Here one j is fixed. "
              f"{BY_COLUMN}"),
        Wrong("not summed", lambda W, X: [W[i, j] * X[j, s] for i in range(len(W)) for s in range(X.shape[1])
                                          for j in range(len(X))],
              f"Your list holds the single products, entry after entry. For a fixed j they form a matrix. {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[[j]] @ X for j in range(W.shape[1])],
              f"A row of W is multiplied by all of X: that is a row of the product. In W_ij, is j the number of a row? "
              f"{BY_COLUMN}"),
        Wrong("left as it was", lambda W, X: [W @ X],
              f"Your list has one item, the whole product. How many terms has the sum over j? {BY_COLUMN}"),
        Wrong("rows for columns", lambda W, X: [W[:, j] @ X[:, j] for j in range(W.shape[1])],
              f"Two columns with one axis each: @ makes one number of them, if it can. Which index of X is j? "
              f"{ONE_AXIS}"),
        Wrong("silent broadcast", lambda W, X: [W * X[j] for j in range(W.shape[1])],
              f"All of W meets a row of X, entry by entry, if it can. Which part of W carries the same j? "
              f"{BY_COLUMN}"),
    )  # fmt: skip


def _six(first, bias, one_d, row, stack, product):
    names = (
        "(4, 1) - (4,)",
        "(3, 1) + (3, 5)",
        "(3, 5) + (3,)",
        "(5,) * (1, 5)",
        "(2, 3, 4) + (3, 1)",
        "(4, 1) @ (4, 5)",
    )
    return dict(zip(names, (first, bias, one_d, row, stack, product), strict=True))


class SixShapes(Exercise):
    id = "2.3"
    title = "Six shapes"
    points = 3
    name = "shapes"
    structure_is_asked = True
    returns = 'a dict of shapes, with "error" where numpy refuses'
    tolerance = Close(0)
    hints = (
        "Write each pair of shapes one under the other, flush right, and fill the gap at the left with 1.",
        "Two of the six are refused. For one of them, sizes meet that differ; the other is no sum at all.",
    )
    because = (
        "Flush right, 1 stretches, everything else must be equal; @ compares the inner sizes and stretches nothing."
    )

    def solution(self):
        return {
            "(4, 1) - (4,)": (4, 4),
            "(3, 1) + (3, 5)": (3, 5),
            "(3, 5) + (3,)": "error",
            "(5,) * (1, 5)": (1, 5),
            "(2, 3, 4) + (3, 1)": (2, 3, 4),
            "(4, 1) @ (4, 5)": "error",
        }

    mistakes = (
        Wrong("aligned at the left", lambda: _six((4, 1), (3, 5), (3, 5), (5, 5), "error", "error"),
              "You lined the shapes up at the left. Write them flush right and go from the last axis to the first: "
              "see 'The rule of broadcasting'."),
        Wrong("orientation assumed", lambda: _six((4, 1), (3, 5), (3, 5), (5, 5), (2, 3, 4), "error"),
              "Wherever an array has one axis you took it for a column. Line it up flush right and see what it "
              "becomes: 'The rule of broadcasting'."),
        Wrong("orientation assumed", lambda: _six((4, 4), (3, 5), (3, 5), (1, 5), (2, 3, 4), "error"),
              "A size agrees with one at the far end of the other shape, and that does not count: see the step 'flush "
              "right' in 'The rule of broadcasting'."),
        Wrong("silent broadcast", lambda: _six((4, 1), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
              "Your result pairs the four numbers one by one. numpy follows its rule instead: see 'The rule of "
              "broadcasting'."),
        Wrong("wrong concept", lambda: _six("error", "error", "error", "error", "error", "error"),
              "You let nothing stretch. As a habit that is sound, and as a prediction of numpy it is wrong: see "
              "what a size 1 does in 'The rule of broadcasting'."),
        Wrong("silent broadcast", lambda: _six((4, 4), (3, 5), "error", (1, 5), (2, 3, 4), (4, 5)),
              "You let a 1 stretch under @ as well; what @ compares stands in 'A "
              "matrix acts column by column'."),
        Wrong("flattened", lambda: _six((4, 4), (3, 5), "error", (5,), (2, 3, 4), "error"),
              "An axis has got lost: the result has as many axes as the longer shape, and a size 1 counts: see 'The "
              "rule of broadcasting'."),
        Wrong("silent broadcast", lambda: _six((4,), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
              f"The result has as many axes as the longer of its two shapes. {RULE}"),
        Wrong("aligned at the left", lambda: _six((4, 4), (3, 5), "error", (1, 5), "error", "error"),
              f"You refused the stack of matrices. The numbers of axes may differ: fill the shorter shape at its left, "
              f"and compare from the last axis. {RULE}"),
        Wrong("wrong concept", lambda: _six("error", (3, 5), "error", (1, 5), (2, 3, 4), "error"),
              f"It ought to be refused, and numpy has a rule that lets it pass. "
              f"{RULE}"),
        Wrong("wrong concept", lambda: _six((4, 4), "error", "error", (1, 5), (2, 3, 4), "error"),
              f"That is how a bias meets a batch: what does a size 1 do? {RULE}"),
        Wrong("orientation assumed", lambda: _six((4, 4), (3, 5), "error", (5, 5), (2, 3, 4), "error"),
              f"You took an array with one axis for a column. {RULE}"),
        Wrong("inner product", lambda: _six((4, 4), (3, 5), "error", (1, 1), (2, 3, 4), "error"),
              f"You added up; ⊙ multiplies entry by entry. {RULE}"),
        Wrong("silent broadcast", lambda: _six((4, 4), (3, 5), "error", (1, 5), (2, 3, 4), (1, 5)),
              f"Under @ the first factor would have to be transposed, and numpy does not do that. {BY_COLUMN}"),
        *(Wrong(name, lambda shapes=shapes: _six(*shapes), f"{hint} {RULE}")
          for name, shapes, hint in (
              ("silent broadcast", ((4, 4), (3, 1), "error", (1, 5), (2, 3, 4), "error"),
               "A size 1 stretches, and does not win."),
              ("silent broadcast", ((4, 4), (3, 5), (3, 3), (1, 5), (2, 3, 4), "error"),
               "No size is 1 where it would have to stretch."),
              ("flattened", ((4, 4), (3, 5), "error", (1, 5), (3, 4), "error"),
               "An axis has got lost: the result has as many as the longer shape."),
              ("orientation assumed", ((4, 4), (3, 5), "error", "error", (2, 3, 4), "error"),
               "There is nothing to refuse: line the shapes up."),
              ("wrong concept", ((4, 4), (3, 6), "error", (1, 5), (2, 3, 4), "error"),
               "Nothing is set side by side: a plus adds numbers."),
              ("silent broadcast", ((4, 4), (3, 5), "error", (1, 5), (2, 3, 1), "error"),
               "A size 1 stretches to the other size, also at the end."),
              ("orientation assumed", ((1, 4), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
               "One of the two is a column of 4 numbers, and its first axis does not vanish."),
              ("orientation assumed", ((4, 4), (3, 5), "error", (5, 1), (2, 3, 4), "error"),
               "Nothing is transposed: the shapes are lined up at their ends."),
              *(("silent broadcast", ((4, 4), (3, 5), shape, (1, 5), (2, 3, 4), "error"),
                 "No size is 1 where it would have to stretch.") for shape in ((5, 3), (3,), (5,))),
              ("silent broadcast", ((4, 4), (3, 3), "error", (1, 5), (2, 3, 4), "error"),
               "Which sizes meet at the end, and which of them stretches?"),
              ("silent broadcast", ((4, 4), (3, 5), "error", (1, 5), (2, 3, 3), "error"),
               "Which sizes meet at the end, and which of them stretches?"),
              ("silent broadcast", ((4, 4), (3, 5), "error", (1, 5), (2, 1, 4), "error"),
               "Which sizes meet in the middle, when the ends are flush right?"),
              ("flattened", ((4, 4), (3, 5), "error", (1, 5), (3, 1), "error"),
               "The result has as many axes as the longer shape, and the 1 stretches."),
              ("inner product", ((4, 4), (3, 5), "error", (), (2, 3, 4), "error"),
               "You added up, and no axis is left; * multiplies entry by entry."),
              *(("axes miscounted", ((4, 4), (3, 5), "error", (1, 5), shape, "error"),
                 "The axes of the two are not put one behind the other: they meet at the end.")
                for shape in ((2, 3, 4, 1), (2, 3, 4, 3, 1))),
              ("axes miscounted", ((4, 1, 4), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
               "The axes of the two are not put one behind the other: flush right they meet."),
              ("axes miscounted", (16, 15, "error", 5, 24, 20),
               "This counts numbers. The exercise asks for a shape, a tuple with one size for each axis."))),
        *(Wrong(name, lambda shape=shape: _six((4, 4), (3, 5), "error", (1, 5), (2, 3, 4), shape),
                f"{hint} {BY_COLUMN}")
          for name, shape, hint in (
              ("wrong concept", (4, 1, 5),
               "The sizes are written in a row, and nothing is multiplied: under @ the inner sizes have to agree."),
              ("wrong concept", (4, 4), "Under @ the inner sizes decide."),
              ("transposed", (5, 4), "Under @ the inner sizes decide, and nothing is transposed."),
              ("wrong concept", (1, 1), "Under @ the inner sizes decide."))),
        Wrong("spelling", lambda: {pair: shape if shape == "error" else str(shape)
                                   for pair, shape in SixShapes.solution(None).items()},
              "A shape is a tuple and stands without quotation marks. Only error is a text."),
        *(Wrong("spelling", lambda instead=instead: {pair: instead if shape == "error" else shape
                                                     for pair, shape in SixShapes.solution(None).items()},
                'Where numpy refuses, the text "error" is asked for, and no other sign of it.')
          for instead in (None, False, "ValueError")),
        *(Wrong("wrong concept", lambda shapes=shapes: _six(*shapes),
                f"Nothing is put beside or below the other: plus and minus work on the numbers at each place. {RULE}")
          for shapes in (((4, 2), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((8, 1), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((5, 4), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (6, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), (3, 6), (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), (3, 8), (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), (4, 5), (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (2, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (2, 3, 5), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (2, 6, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (3, 3, 4), "error"))),
        *(Wrong("flattened", lambda shapes=shapes: _six(*shapes),
                f"You counted the numbers. They stand along as many axes as the longer of the two shapes has. {RULE}")
          for shapes in (((16,), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((16, 1), (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (15,), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (25,), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 25), (2, 3, 4), "error"))),
        *(Wrong("wrong concept", lambda nothing=nothing: _six(nothing, (3, 5), "error", (1, 5), (2, 3, 4), "error"),
                f"You gave the value of a difference of sizes. A shape is asked for. {RULE}")
          for nothing in (0, (0,), (4, -3))),
        *(Wrong("axes miscounted", lambda shapes=shapes: _six(*shapes),
                f"You set the sizes of both one behind the other. Flush right they meet, and no axis is added. {RULE}")
          for shapes in (((4, 4), (3, 5, 1), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 1, 5), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), (3, 5, 3), (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (5, 1, 5), (2, 3, 4), "error"))),
        *(Wrong("inner product", lambda shape=shape: _six((4, 4), (3, 5), "error", shape, (2, 3, 4), "error"),
                f"You added the products up. * leaves them where they stand. {RULE}") for shape in (1, (1,))),
        *(Wrong("flattened", lambda shapes=shapes: _six(*shapes),
                f"An axis is lost, or a size with it: the longer shape keeps all its axes. {RULE}")
          for shapes in (((4, 4), (3,), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (5,), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (2, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (2, 3), "error"))),
        *(Wrong("transposed", lambda shapes=shapes: _six(*shapes),
                f"Rows and columns have changed places in your result. Broadcasting turns nothing. {RULE}")
          for shapes in (((4, 4), (5, 3), "error", (1, 5), (2, 3, 4), "error"),
                         ((4, 4), (3, 5), "error", (1, 5), (4, 3, 2), "error"))),
        *(Wrong("wrong concept", lambda shape=shape: _six((4, 4), (3, 5), "error", (1, 5), (2, 3, 4), shape),
                f"Which two sizes stand inside, between the two shapes? Under @ they have to agree. {BY_COLUMN}")
          for shape in ((5,), (1, 4), (5, 1), (4, 1), (4, 20), (16, 5), (4,), ())),
        Wrong("silent broadcast", lambda: _six((4, 4), (3, 5), (3, 1), (1, 5), (2, 3, 4), "error"),
              f"Write the matrix and the array with one axis flush right: which two sizes meet? {RULE}"),
    )  # fmt: skip


class MeanSquaredError(Exercise):
    id = "2.4"
    title = "Repair the loss"
    points = 2
    name = "mean_squared_error"
    arguments = ("predicted", "labels")
    returns = "a float"
    hints = (
        "Print the shape of predicted - labels for each of the three shapes that labels may have.",
        "Bring labels into the one shape that predicted has, whatever shape it came in, before you subtract.",
    )
    because = "Once both are columns (B, 1), each difference belongs to one sample, and nothing is stretched."

    def cases(self, rng):
        perfect = np.array([[2.0], [4.0], [6.0], [8.0]])
        yield {"predicted": perfect, "labels": perfect.ravel()}
        for shape in ((5,), (1, 5), (5, 1), (1, 7), (7, 1), *self.more((6,), (1, 3), (9, 1))):
            yield {"predicted": rng.normal(size=(max(shape), 1)), "labels": rng.normal(size=shape)}

    def solution(self, predicted, labels):
        return float(np.mean((predicted - labels.reshape(-1, 1)) ** 2))

    mistakes = (
        Wrong("silent broadcast", lambda predicted, labels: np.mean((predicted - labels) ** 2),
              "This gives what the program gave as it was, with B × B differences. Look at the shapes before you "
              "subtract: see 'The silent 20 × 20'."),
        Wrong("silent broadcast", lambda predicted, labels: np.sum((predicted - labels) ** 2) / len(predicted),
              "You divide by B, but the sum may still run over B × B differences. Repair the difference, not the "
              "mean: see 'The silent 20 × 20'."),
        Wrong("coincidence", lambda predicted, labels: np.mean((predicted - labels.T) ** 2),
              "Transposing turns a row into a column, but also a column into a row, and an array with one axis "
              "stays as it is: see 'A 1-D array has no orientation'."),
        Wrong("coincidence", lambda predicted, labels: np.mean(np.diag(predicted - labels) ** 2),
              "The diagonal holds the right differences only where numpy has made a square of them. For labels "
              "that are a column already it is one number: do not let the square arise, see 'The silent 20 × 20'."),
        Wrong("coincidence", lambda predicted, labels: np.mean((predicted.ravel() - labels) ** 2),
              "Labels that are a column already come out wrong: either predicted lies flat now, or the labels were "
              "transposed. Then the square arises the other way round: see 'The rule of broadcasting'."),
        Wrong("coincidence", lambda predicted, labels: np.mean((predicted - labels[:, None]) ** 2),
              "labels[:, None] adds an axis, whether one is missing or not. It suits labels of shape (B,) only: "
              "count the axes for the other two, see 'A 1-D array has no orientation'."),
        Wrong("silent broadcast", lambda predicted, labels: np.mean((predicted - labels.ravel()) ** 2),
              "All three kinds of labels come out alike now, and wrong: their one shape is not that of predicted, and "
              "the square arises: see 'The silent 20 × 20'."),
        Wrong("times B", lambda predicted, labels: np.sum((predicted - labels.reshape(-1, 1)) ** 2),
              "The differences are right. You return the sum of their squares; the loss is called a mean."),
        Wrong("wrong concept", lambda predicted, labels: np.mean(predicted - labels.reshape(-1, 1)),
              "The differences are right. Without a square, those of opposite sign cancel: read again what the "
              "mean is taken of."),
        Wrong("wrong concept", lambda predicted, labels: np.mean(np.abs(predicted - labels.reshape(-1, 1))),
              "The differences are right. You take their absolute values; the loss is a mean of squares."),
        Wrong("wrong concept", lambda predicted, labels: np.sqrt(np.mean((predicted - labels.reshape(-1, 1)) ** 2)),
              "You took a root at the end. The mean of the squares itself is asked for."),
        Wrong("wrong concept", lambda predicted, labels: np.mean(predicted - labels.reshape(-1, 1)) ** 2,
              "You square the mean. Errors of opposite sign cancel before they are squared: which comes first?"),
        Wrong("not summed", lambda predicted, labels: (predicted - labels.reshape(-1, 1)) ** 2,
              "These are the squared differences, one for each sample, and they are right. Their mean is asked for."),
        Wrong("not summed", lambda predicted, labels: (predicted.ravel() - labels.ravel()) ** 2,
              "The squared differences are right, one for each sample. The exercise asks for one number, their mean."),
        Wrong("not summed", lambda predicted, labels: (predicted.ravel() - labels.ravel()) ** 2 / len(predicted),
              "Each squared difference is divided by N. They are still to be added up."),
        Wrong("coincidence", lambda predicted, labels: np.mean(
              (predicted - (labels.reshape(-1, 1) if labels.ndim == 1 else labels)) ** 2),
              f"You handle labels with one axis. Labels that lie in a row still make a square. {SQUARE}"),
        Wrong("coincidence", lambda predicted, labels: np.mean(
              (predicted - (labels.T if labels.ndim == 2 and len(labels) == 1 else labels)) ** 2),
              f"You handle labels that lie in a row. Labels with one axis still make a square. {ONE_AXIS}"),
        Wrong("factor 1/2", lambda predicted, labels: np.mean((predicted - labels.reshape(-1, 1)) ** 2) / 2,
              "Everything is halved. Some losses carry a factor 1/2 for their slope's sake; the mean is asked for."),
        *(Wrong("divided by B", lambda predicted, labels, divide=divide: divide(
                np.mean((predicted - labels.reshape(-1, 1)) ** 2), predicted, labels),
                "The mean is divided by the number of labels once more.")
          for divide in (lambda mean, predicted, labels: mean / len(labels),
                         lambda mean, predicted, labels: mean / len(predicted))),
        Wrong("constant factor", lambda predicted, labels: np.sum((predicted - labels.reshape(-1, 1)) ** 2)
              / (len(predicted) - 1),
              "You divide by B - 1, as for a variance that is estimated. The exercise asks for the mean."),
        Wrong("divided by B", lambda predicted, labels: np.mean((predicted - labels) ** 2) / len(predicted),
              f"Dividing by B once more does not repair the square of differences. {SQUARE}"),
        Wrong("coincidence", lambda predicted, labels: np.mean((np.sort(predicted.ravel()) - np.sort(labels.ravel()))
                                                               ** 2),
              "Sorted, a prediction no longer meets the label of its own sample."),
        Wrong("square forgotten", lambda predicted, labels: np.sqrt(np.sum((predicted - labels.reshape(-1, 1)) ** 2))
              / len(predicted),
              "This is the length of the error, a root, divided by B. The exercise asks for the mean of the squares."),
        Wrong("digits lost", lambda predicted, labels: int(np.mean((predicted - labels.reshape(-1, 1)) ** 2)),
              "int cuts off what stands behind the point: a loss is rarely a whole number."),
        Wrong("square forgotten", lambda predicted, labels: np.sqrt(np.sum((predicted - labels.reshape(-1, 1)) ** 2)),
              "This is the length of the error, a root of a sum. The exercise asks for a mean of squares."),
        Wrong("wrong concept", lambda predicted, labels: np.mean(predicted**2 - labels.reshape(-1, 1) ** 2),
              "The squares are subtracted. Which is squared in (p - y)², a number or a difference?"),
        Wrong("wrong concept", lambda predicted, labels: np.var(predicted - labels.reshape(-1, 1)),
              "This is the variance of the errors: their mean is taken off first. Predictions that are all 3 too "
              "high would have the loss 0."),
        Wrong("sign", lambda predicted, labels: np.mean((predicted + labels.reshape(-1, 1)) ** 2),
              "Predictions and labels are added. How far apart are they?"),
        Wrong("sizes swapped", lambda predicted, labels: np.sum((predicted - labels.reshape(-1, 1)) ** 2) / len(labels),
              f"The sum is right. You divide by len(labels), which is 1 where the labels lie in a row. {ONE_AXIS}"),
        Wrong("caret", lambda predicted, labels: np.mean((predicted - labels.reshape(-1, 1)) * 2),
              "The differences are doubled, not squared: a star is missing."),
        Wrong("precedence", lambda predicted, labels: np.mean(predicted - labels.reshape(-1, 1) ** 2),
              "Only the labels are squared, because ** goes before -: the difference needs brackets."),
        Wrong("rows for columns", lambda predicted, labels: (lambda off: off @ off)(predicted - labels.reshape(-1, 1)),
              "A column times a column is no product for @. Which of the two has to lie, if the squares are to be "
              "added?"),
        *(Wrong("not summed", lambda predicted, labels, part=part: (lambda off: off @ off.T / part(off))(
                    predicted - labels.reshape(-1, 1)),
                f"A column times a row is a whole table. Which order adds up? {ONE_AXIS}")
          for part in (len, lambda off: 1)),
        Wrong("coincidence", lambda predicted, labels: np.mean((predicted - labels[:, [0]]) ** 2),
              f"labels[:, [0]] suits labels with two axes that stand. Count the axes of the other two. {ONE_AXIS}"),
        Wrong("not summed", lambda predicted, labels: (predicted.ravel() - labels.ravel())[-1] ** 2 / len(predicted),
              "Only the last difference is left. Does your loop add up, or does it begin anew in each turn?"),
        Wrong("coincidence", lambda predicted, labels: sum(
              (p - y) ** 2 for p, y in zip(predicted, labels, strict=False)) / len(predicted),
              "Labels that lie in a row come out wrong: zip goes along their first axis, which has one item, the whole "
              f"row. {ONE_AXIS}"),
        Wrong("coincidence", lambda predicted, labels: np.trace((predicted - labels) ** 2) / len(predicted),
              "You add up the diagonal of a square of differences. Where the labels stand upright already there is no "
              "square. See 'The silent 20 × 20'."),
        Wrong("not summed", lambda predicted, labels: np.mean((predicted - labels) ** 2, axis=1),
              f"The mean runs along one axis of a square of differences, and one number for each sample is left. "
              f"{SQUARE}"),
        Wrong("coincidence", lambda predicted, labels: np.mean((predicted.reshape(labels.shape) - labels) ** 2, axis=0),
              "The mean runs along axis 0, and labels that lie in a row have one number there. How is a mean taken of "
              "all entries?"),
        *(Wrong("wrong concept", wrong,
                "Every prediction is compared with the same number. Each has a label of its own.")
          for wrong in (lambda predicted, labels: np.mean((predicted - np.mean(labels)) ** 2),
                        lambda predicted, labels: np.mean((predicted - labels.ravel()[0]) ** 2),
                        lambda predicted, labels: np.mean((predicted - labels[0]) ** 2))),
        *(Wrong("wrong concept", lambda predicted, labels, pick=pick: pick((predicted.ravel() - labels.ravel()) ** 2),
                "The squares are right. You pick one of them, the largest or the middle one; their mean is asked for.")
          for pick in (np.max, np.median)),
        *(Wrong("coincidence", wrong,
                "len(labels) and labels[s] go along the first axis, which has one item where the labels lie in a row. "
                f"{ONE_AXIS}")
          for wrong in (lambda predicted, labels: np.mean((predicted - labels.reshape(len(labels), 1)) ** 2),
                        lambda predicted, labels: sum((predicted[s] - labels[s]) ** 2 for s in range(len(predicted)))
                        / len(predicted))),
        Wrong("silent broadcast", lambda predicted, labels: np.sum((predicted - labels.ravel()) ** 2) / len(predicted),
              "Every prediction meets every label, in two loops or in a square, and the sum is divided by B only. "
              f"{SQUARE}"),
        Wrong("coincidence", lambda predicted, labels: np.linalg.norm(predicted - labels.reshape(-1, 1)) ** 2 / 4,
              "The sum of the squares is divided by 4, as in the example. How many labels are there?"),
    )  # fmt: skip


def _depth(stop, step=lambda rest: 1 + rest, first=lambda part: part[0]):
    """A function that calls itself, with another case to stop in, another step, or another way to the first item."""

    def depth(nested):
        return 0 if stop(nested) else step(depth(first(nested)))

    return depth


def _depth_by_items(put):
    """The same, with the depths of all items put together by put(nested, depths)."""

    def depth(nested):
        return put(nested, [depth(item) for item in nested]) if isinstance(nested, list) else 0

    return depth


def _asks_the_item(nested):
    return 1 + _asks_the_item(nested[0]) if isinstance(nested[0], list) else 1


def _asks_before(last, inner):
    """The same mistake with another number for a list of plain numbers, and for each list around it."""

    def depth(nested):
        return inner + depth(nested[0]) if isinstance(nested[0], list) else last

    return depth


def _nothing_for_a_number(nested):
    return 1 + _nothing_for_a_number(nested[0]) if isinstance(nested, list) else None


def _without_return(nested):
    if not isinstance(nested, list):
        return 0
    1 + _without_return(nested[0])


def _innermost(nested):
    return _innermost(nested[0]) if isinstance(nested, list) else nested


class Depth(Exercise):
    id = "2.5"
    title = "How many axes?"
    points = 2
    name = "depth"
    arguments = ("nested",)
    returns = "an int"
    tolerance = Close(0)
    hints = (
        "What is the depth of a plain number, which has no brackets at all?",
        "A list is one bracket deeper than its first item. Let the function call itself on that item.",
    )
    because = "A number has no brackets; a list has one more than each of its items."

    def cases(self, rng):
        yield {"nested": rng.normal(size=3).tolist()}
        yield {"nested": rng.normal(size=(4, 2, 3)).tolist()}
        yield {"nested": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]}
        yield {"nested": rng.normal(size=(3, 1)).tolist()}
        yield {"nested": rng.normal(size=(2, 1, 3, 2)).tolist()}
        yield {"nested": 5.0}
        # Whole numbers are numbers too, in lists and alone.
        yield {"nested": rng.integers(-9, 9, size=(2, 2, 4)).tolist()}
        yield {"nested": rng.integers(-9, 9, size=5).tolist()}
        yield {"nested": 7}
        for shape in self.more((6, 2), (1, 2, 1, 2, 3)):
            yield {"nested": rng.normal(size=shape).tolist()}

    def solution(self, nested):
        def brackets(part):
            return 1 + brackets(part[0]) if isinstance(part, list) else 0

        return brackets(nested)

    mistakes = (
        Wrong("axes miscounted", lambda nested: len(nested) if isinstance(nested, list) else 0,
              "You count the items of the outermost list. That is the size of the first axis; the exercise asks how "
              "many axes there are: see 'A list of matrices has three axes'."),
        Wrong("axes miscounted", lambda nested: np.ndim(nested) + 1,
              "Each answer is one too many. Start from a plain number: how many indices does it need? See 'A list "
              "of matrices has three axes'."),
        Wrong("axes miscounted", lambda nested: max(np.ndim(nested) - 1, 0),
              "A list of plain numbers comes out like a plain number: its one bracket is not counted. See 'A list "
              "of matrices has three axes'."),
        Wrong("axes miscounted", lambda nested: str(nested).count("["),
              "You add up brackets that stand side by side. Only brackets inside one another make the depth: "
              "follow one path down to one number, as in 'A list of matrices has three axes'."),
        Wrong("flattened", lambda nested: np.squeeze(np.array(nested)).ndim,
              "An axis of size 1 is an axis too; yours are skipped. How many indices does an entry of a column (M, "
              "1) need? See 'A vector is a list of numbers'."),
        Wrong("wrong concept", lambda nested: int(np.max(np.linalg.matrix_rank(np.array(nested)))),
              "This is the rank of a matrix, which depends on the numbers inside. The depth does not. "
              f"{STACK}"),
        Wrong("base case missing", _depth(lambda part: type(part) is float),
              "Your function stops at floats only. A number may be a whole one too: what do all numbers have in "
              "common that lists have not?"),
        *(Wrong("base case missing", _depth(stop),
                "Your function goes on inside a plain number, which has no first item. It must stop at every number, "
                "whole or not.")
          for stop in (lambda part: type(part) is int, lambda part: False)),
        Wrong("base case missing", _depth(lambda part: False, first=lambda part: next(iter(part))),
              "Your function loops over a plain number. In which case does it stop?"),
        Wrong("base case missing", _depth(lambda part: len(part) == 0),
              "Your function asks a plain number for its length. Lists are never empty here: in which case does it "
              "stop?"),
        Wrong("axes miscounted", _depth(lambda part: not isinstance(part, list), step=lambda rest: rest),
              "Every answer is 0. Each list on the way down adds a bracket: where is it counted, and does your "
              f"condition ever find a list? {STACK}"),
        Wrong("first only", lambda nested: int(isinstance(nested, list)),
              f"You look at the outermost list and no further. Its items may be lists as well. {STACK}"),
        Wrong("axes miscounted", lambda nested: np.size(nested),
              f"This is how many numbers there are. The exercise asks how many brackets lie around each. {STACK}"),
        Wrong("wrong concept", lambda nested: np.shape(nested),
              f"These are the sizes of the axes. The exercise asks how many axes there are. {STACK}"),
        Wrong("axes miscounted", lambda nested: len(nested[0]) if np.ndim(nested) > 1 else 0,
              f"You count the items of a list inside. The exercise asks how many brackets lie around a number. "
              f"{STACK}"),
        Wrong("base case missing", lambda nested: len([0 for _ in nested]),
              f"You loop over the items, and a plain number has none; what you count is the size of an axis. {STACK}"),
        *(Wrong("axes miscounted", each,
                f"You count what lies side by side. Items of one list have the same depth: one of them tells it. "
                f"{STACK}")
          for each in (_depth_by_items(lambda nested, inner: sum(1 + depth for depth in inner)),
                       _depth_by_items(lambda nested, inner: len(nested) + inner[0]))),
        Wrong("counted from 0", _depth(lambda part: not isinstance(part, list), first=lambda part: part[1]),
              "You go on in the second item, and a list may have one only."),
        Wrong("left as it was", lambda nested: _innermost(nested) + np.ndim(nested),
              f"For a plain number you return the number itself. How many brackets lie around it? {STACK}"),
        Wrong("coincidence", lambda nested: 3,
              "Always 3, as for the T of the lesson. The nesting may be another."),
        Wrong("base case missing", _asks_the_item,
              "Your function asks for the first item before it knows that there is one. What if nested is a plain "
              "number?"),
        Wrong("wrong concept", _without_return,
              "For a list the sum is formed and not handed back: is a return missing?"),
        Wrong("first only", lambda nested: 2 if isinstance(nested[0], list) else 1,
              "You look at two brackets at most, and a plain number has none: let the function call itself."),
        Wrong("first only", lambda nested: min(np.ndim(nested), 2),
              "You look at two brackets at most. There may be more: let the function call itself."),
        Wrong("flattened", _depth(lambda part: not isinstance(part, list) or len(part) == 1),
              f"A list with a single item adds a bracket, too. {STACK}"),
        Wrong("axes miscounted", lambda nested: np.ndim(nested) + 1 if isinstance(nested, list) else 0,
              "A plain number comes out right, and every list one too many: one of its brackets is counted twice."),
        Wrong("sign", _depth(lambda part: not isinstance(part, list), step=lambda rest: 1 - rest),
              f"The depth of the item is subtracted. A list is one deeper than its items. {STACK}"),
        Wrong("axes miscounted", _depth(lambda part: not isinstance(part, list), step=lambda rest: 2 + rest),
              f"Each list counts twice, for its opening and its closing bracket. The two make one pair. {STACK}"),
        Wrong("wrong concept", lambda nested: nested.ndim,
              "A list has no ndim; only arrays have. Call the function itself on an item."),
        Wrong("wrong concept", lambda nested: len(nested.shape),
              "A list has no shape; only arrays have. Call the function itself on an item."),
        Wrong("axes miscounted", lambda nested: np.shape(nested)[0],
              f"This is the size of the first axis, which a plain number does not have. How many axes are there? "
              f"{STACK}"),
        Wrong("axes miscounted", lambda nested: np.ndim(nested) - 1,
              "Each answer is one too small: the bracket of a list of plain numbers is not counted, and a plain number "
              f"falls below 0. {STACK}"),
        Wrong("base case missing", _nothing_for_a_number,
              "What comes back for an item cannot be added to 1. It is None if nothing is returned for a plain number, "
              "and a list if all items are asked at once."),
        Wrong("first only", lambda nested: 1 if isinstance(nested, list) else None,
              "Every list comes out as 1: the function returns in its first turn. Is the return inside the loop?"),
        *(Wrong("base case missing", _asks_before(*inner),
                "Your function looks at the first item before it knows that there is one, and a plain number has none. "
                f"{STACK}")
          for inner in ((0, 1), (1, 0), (0, 0))),
        Wrong("axes miscounted", lambda nested: np.shape(nested)[-1],
              f"This is the size of the last axis, which a plain number does not have. How many axes are there? "
              f"{STACK}"),
        Wrong("axes miscounted", lambda nested: str(nested).count("[") - 1,
              f"You count all opening brackets but one. Only brackets inside one another make the depth. {STACK}"),
    )  # fmt: skip


EXERCISES = [Columns, OuterTerms, SixShapes, MeanSquaredError, Depth]
