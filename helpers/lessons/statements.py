"""Every statement of the two notes that the lessons check: the one table of ids.

The notes: K. Dillon, "Calculus for Deep Learning, with Vectors, Matrices, and a few Tuples" (numbered equations
and U for its unnumbered statements, E for its errata); S. Neoh, "Finding gradients of neural networks" (N, and F
for its errata).
"""

from typing import NamedTuple


class Statement(NamedTuple):
    """One statement: the lesson or lessons that check it, what it says, where it stands. Errata add what is right."""

    lessons: int | tuple[int, ...]
    title: str
    source: str
    correction: str = ""


STATEMENTS = {
    "N8": Statement(1, "the derivative of a scalar function of a scalar", "Neoh, section 4"),
    # vectors, matrices, tuples
    "1": Statement(2, "a vector is a list of scalars", "Dillon, Eq. (1)"),
    "2": Statement(2, "a matrix is a list of column vectors", "Dillon, Eq. (2)"),
    "3": Statement(2, "a list of matrices", "Dillon, Eq. (3)"),
    "U1": Statement(2, "vector operations are scalar operations on every element", "Dillon, after Eq. (1)"),
    "U2": Statement(2, "matrix operations are vector operations on every column", "Dillon, after Eq. (2)"),
    "N1": Statement(2, "an array is named by one index for each of its axes", "Neoh, section 2"),
    "E11": Statement(
        2, "a list of lists of lists is called rank 3", "Dillon, before Eq. (3)",
        "The number of axes is meant; the rank of a matrix is another number.",
    ),
    # vector calculus
    "4": Statement(3, "a function of a vector is a function of its N components", "Dillon, Eq. (4)"),
    "5": Statement(3, "the total derivative is the row of partial derivatives", "Dillon, Eq. (5)"),
    "6": Statement(3, "a vector-valued function of a scalar is a column of functions", "Dillon, Eq. (6)"),
    "7": Statement(3, "its derivative is the column of derivatives", "Dillon, Eq. (7)"),
    "8": Statement(3, "a vector-valued function of a vector", "Dillon, Eq. (8)"),
    "9": Statement(3, "the Jacobian has the transposed gradients as rows", "Dillon, Eq. (9)"),
    "U3": Statement(3, "for a scalar domain the total derivative is the partial one", "Dillon, after Eq. (7)"),
    "U4": Statement(3, "partial, gradient and Jacobian: scalar, column, matrix", "Dillon, after Eq. (9)"),
    "U5": Statement(3, "the shorthand df for the total derivative of f", "Dillon, after Eq. (9)"),
    "N9": Statement(3, "the derivative of a scalar function of two variables", "Neoh, section 4"),
    "N10": Statement(3, "the derivative of a vector-valued function of a scalar", "Neoh, section 4"),
    "N11": Statement(3, "the Jacobian of a map from two variables to two", "Neoh, section 4"),
    "E1": Statement(
        3, "the sizes of domain and range", "Dillon, after Eq. (9)",
        "The domain is (N, 1) and the range (M, 1), so that the Jacobian is (M, N).",
    ),
    "E8": Statement(
        (3, 5), "total and partial derivatives under one sign", "Dillon, Eqs. (7) to (21)",
        "The total derivative follows every dependence, the partial one only the direct dependence.",
    ),
    "E10": Statement(
        3, "the gradient as a row", "Dillon, before Eq. (8) and after Eq. (9)",
        "The gradient is a column; the total derivative of a scalar function is its transpose.",
    ),
    "F1": Statement(
        3, "a scalar function of a vector under the heading of a vector function of a scalar", "Neoh, section 4",
        "One output and two inputs make one row with two entries.",
    ),
    "F10": Statement(
        3, "d for the entries of a Jacobian", "Neoh, section 4",
        "The entries are partial derivatives: the other variable is held fixed.",
    ),
    # activation functions
    "10": Statement(4, "an activation acts on every element", "Dillon, Eq. (10)"),
    "11": Statement(4, "the sigmoid", "Dillon, Eq. (11)"),
    "12": Statement(4, "the rectified linear unit", "Dillon, Eq. (12)"),
    "13": Statement(4, "the derivative of the rectified linear unit", "Dillon, Eq. (13)"),
    "14": Statement(4, "the Jacobian of an elementwise map is diagonal", "Dillon, Eq. (14)"),
    "U6": Statement(4, "the derivative of the sigmoid from its value", "Dillon, before Eq. (11)"),
    "U7": Statement(4, "sin, exp and log of a vector act on every element", "Dillon, after Eq. (14)"),
    "E5": Statement(
        4, "the derivative of ReLU at 0", "Dillon, Eq. (13)",
        "At 0 the slopes from the two sides differ; any number put there is a choice.",
    ),
    "E7": Statement(
        4, "activations are called one-to-one", "Dillon, before Eq. (10)",
        "Elementwise is meant: ReLU sends many numbers to the same one.",
    ),
    "E13": Statement(
        4, "sizes M and N for one map", "Dillon, Eqs. (10) and (14)",
        "An elementwise map has as many outputs as inputs.",
    ),
    "E22": Statement(
        4, "α in ReLU is not introduced", "Dillon, Eq. (12)",
        "α is the slope to the right of 0; a leaky unit has a second slope to the left.",
    ),
    "E23": Statement(
        4, "the step function fails because it is not differentiable", "Dillon, after Eq. (26)",
        "Its slope is 0 almost everywhere, so that no step downhill is ever taken.",
    ),
    # the chain rule along a path
    "15": Statement(5, "a scalar function of a vector function of a scalar", "Dillon, Eq. (15)"),
    "16": Statement(5, "the chain rule is a sum over the paths", "Dillon, Eq. (16)"),
    "17": Statement(5, "a vector function of a vector function of a scalar", "Dillon, Eq. (17)"),
    "18": Statement(5, "its derivative is a matrix times a column", "Dillon, Eq. (18)"),
    "U8": Statement(5, "the sum over paths is an inner product, a row times a column", "Dillon, after Eq. (16)"),
    # the chain rule as composition
    "19": Statement(6, "a scalar function of a vector function of a vector", "Dillon, Eq. (19)"),
    "20": Statement(6, "its derivative is a row, one entry for each input", "Dillon, Eq. (20)"),
    "21": Statement(6, "its derivative is a row times a matrix", "Dillon, Eq. (21)"),
    "22": Statement(6, "a vector function of a vector function of a vector", "Dillon, Eq. (22)"),
    "23": Statement(6, "the Jacobian of a composition is the product of the Jacobians", "Dillon, Eq. (23)"),
    "24": Statement(6, "a composition of k + 1 functions", "Dillon, Eq. (24)"),
    "25": Statement(6, "its derivative is the product of all Jacobians, each at its own input", "Dillon, Eq. (25)"),
    "U9": Statement(
        6, "composition is associative, so the product may be bracketed anywhere", "Dillon, before Eq. (24)"
    ),
    "U10": Statement(6, "the derivative of x with respect to x is the identity matrix", "Dillon, after Eq. (25)"),
    "E6": Statement(
        6, "the last index and the arguments in the row of partial derivatives", "Dillon, Eq. (20)",
        "There are p inputs, and the others are held fixed while one varies; they are not dropped.",
    ),
    "E18": Statement(
        6, "products of derivatives without order and evaluation points", "Dillon, Eqs. (21) to (25)",
        "The factors keep the order of the composition, and each is taken at its own input.",
    ),
    "E19": Statement(
        6, "x as a function that takes no input", "Dillon, after Eq. (25)",
        "A function without input is a constant, with derivative 0; the identity map is meant.",
    ),
    # the perceptron
    "26": Statement(7, "the perceptron: an activation of an affine function", "Dillon, Eq. (26)"),
    "27": Statement(7, "its derivative with respect to the input", "Dillon, Eq. (27), as a row"),
    "28": Statement(7, "its derivative with respect to the weights", "Dillon, Eq. (28), as a row"),
    "29": Statement(7, "its derivative with respect to the bias", "Dillon, Eq. (29)"),
    "U11": Statement(7, "a step function gives gradient descent nothing to follow", "Dillon, after Eq. (26)"),
    "U12": Statement(7, "df is the derivative in x; for a parameter, d/dθ is written out", "Dillon, before Eq. (27)"),
    "U13": Statement(7, "the slope of the activation is taken at wᵀx + b", "Dillon, after Eq. (29)"),
    "E4": Statement(
        7, "columns where rows are due", "Dillon, Eqs. (27) and (28)",
        "The derivative of a scalar function is a row: the slope times wᵀ, and the slope times xᵀ.",
    ),
    "E16": Statement(
        (7, 12), "the slope of the activation taken at x", "Dillon, before Eq. (54)",
        "The slope belongs at the input of the activation, z = Wx + b.",
    ),
    # derivatives by tuples and matrices
    "30": Statement(8, "the derivative with respect to a tuple is the tuple of derivatives", "Dillon, Eq. (30)"),
    "31": Statement(8, "the derivative with respect to a matrix is the tuple over its columns", "Dillon, Eq. (31)"),
    "32": Statement(8, "the same for a composition", "Dillon, Eq. (32)"),
    "33": Statement(8, "the affine function", "Dillon, Eq. (33)"),
    "34": Statement(8, "its derivative with respect to x", "Dillon, Eq. (34)"),
    "35": Statement(8, "its derivative with respect to b", "Dillon, Eq. (35)"),
    "36": Statement(8, "the affine function as a sum over the columns of W", "Dillon, Eq. (36), to N"),
    "37": Statement(8, "its derivative with respect to one column", "Dillon, Eq. (37)"),
    "38": Statement(8, "its derivative with respect to W", "Dillon, Eq. (38)"),
    "U14": Statement(8, "a tuple of scalars behaves as a vector", "Dillon, after Eq. (30)"),
    "U15": Statement(8, "the same numbers as a tuple, an array or a wide matrix", "Dillon, after Eq. (31)"),
    "E12": Statement(
        8, "the upper limit of the sum", "Dillon, Eq. (36)",
        "The sum runs over all N columns of W, one for each entry of x.",
    ),
    # the dense layer
    "39": Statement(9, "the dense layer", "Dillon, Eq. (39)"),
    "40": Statement(9, "its derivative with respect to the input", "Dillon, Eq. (40)"),
    "41": Statement(9, "its derivative with respect to the bias", "Dillon, Eq. (41)"),
    "42": Statement(9, "its derivative with respect to the weights", "Dillon, Eq. (42)"),
    "43": Statement(9, "its derivative with respect to one column of the weights", "Dillon, Eq. (43)"),
    "U16": Statement(9, "inside a network a layer's x is the output of the layer below", "Dillon, after Eq. (39)"),
    "E14": Statement(
        9, "missing layer superscripts", "Dillon, Eqs. (40) to (43)",
        "W, b, x and dσ are all those of layer i.",
    ),
    # losses and descent
    "44": Statement(10, "the loss of a network is one more composition", "Dillon, Eq. (44)"),
    "45": Statement(10, "its derivative is that of the loss times that of the network", "Dillon, Eq. (45)"),
    "46": Statement(10, "the squared loss", "Dillon, Eq. (46)"),
    "47": Statement(10, "its derivative with respect to a parameter", "Dillon, Eq. (47)"),
    "48": Statement(10, "the logistic loss", "Dillon, Eq. (48), with the sign of E3"),
    "49": Statement(10, "its derivative with respect to a parameter", "Dillon, Eq. (49), with the sign of E3"),
    "U17": Statement(10, "gradient descent: to first order the loss falls by μ times ‖∇L‖²", "Dillon, before Eq. (44)"),
    "E3": Statement(
        10, "the signs of the logistic loss and of its derivative", "Dillon, Eqs. (48) and (49)",
        "The loss is log(1 + e^(-yf)), and its derivative is -y/(1 + e^(yf)) times df/dθ.",
    ),
    "E9": Statement(
        10, "dL without saying with respect to what", "Dillon, Eq. (45)",
        "dL is the derivative with respect to f, a row; it is multiplied by df/dθ.",
    ),
    "E25": Statement(
        10, "L composed with a value, and y dropped", "Dillon, Eq. (44)",
        "y is fixed: the composition is of L(., y) with the function f.",
    ),
    "F14": Statement(
        10, "backward propagation is said to change the parameters", "Neoh, section 1",
        "It computes gradients; changing the parameters is the step of the optimizer.",
    ),
    # the network as a graph
    "50": Statement(11, "the derivative of the loss with respect to the input", "Dillon, Eq. (50), with l from 1 to k"),
    "51": Statement(11, "the derivative with respect to the last layer's parameters", "Dillon, Eq. (51)"),
    "52": Statement(11, "the derivative with respect to any layer's parameters", "Dillon, Eq. (52)"),
    "U18": Statement(11, "the label does not depend on the parameters", "Dillon, after Eq. (51)"),
    "U19": Statement(11, "the row of a layer, the derivative of the loss by its output", "Dillon, after Eq. (53)"),
    "E2": Statement(
        11, "the factors of the product for dL/dx", "Dillon, Eq. (50)",
        "The product runs from l = 1 to k, and the factor of layer 0 with respect to x stands after it.",
    ),
    "E21": Statement(
        11, "one chain is assumed, with nothing shared", "Dillon, Eqs. (51) and (52)",
        "Every path and every use adds a term: tied weights and skip connections have several.",
    ),
    # parameter gradients
    "53": Statement(12, "the derivative with respect to a bias", "Dillon, Eq. (53)"),
    "54": Statement(12, "the derivative with respect to a weight matrix, a tuple of rows", "Dillon, Eq. (54)"),
    "55": Statement(12, "the gradient with respect to a weight matrix, one outer product", "Dillon, Eq. (55)"),
    "U20": Statement(12, "with a diagonal Jacobian the product is elementwise", "Dillon, after Eq. (53)"),
    "U21": Statement(12, "the gradient with respect to a bias", "Dillon, before Eq. (54)"),
    "U22": Statement(12, "a tuple is transposed element by element", "Dillon, after Eq. (55)"),
    "E15": Statement(
        12, "x for the input of a layer", "Dillon, Eqs. (54) and (55)",
        "It is the layer's own input, the output of the layer below, and not the network's.",
    ),
    "E17": Statement(
        12, "∘ for two operations", "Dillon, before Eq. (54)",
        "∘ composes functions; the elementwise product is written ⊙.",
    ),
    "E20": Statement(
        12, "arbitrary activation functions", "Dillon, summary",
        "The elementwise product needs an elementwise activation; in general the factor is the transposed Jacobian.",
    ),
    # backpropagation
    "U23": Statement(
        (13, 16), "shared terms are computed once; batches, channels and convolutions add over uses",
        "Dillon, closing remarks, where it is left to the reader",
    ),
    "E24": Statement(
        13, "derivatives with respect to the loss", "Dillon, closing remarks",
        "The derivatives that are shared are those of the loss, with respect to each node.",
    ),
    # index notation
    "N2": Statement(14, "the inner product of two vectors is a sum over one index", "Neoh, section 3"),
    "N3": Statement(14, "the same without the sign of the sum", "Neoh, section 3"),
    "N4": Statement(14, "a row times a matrix contracts the first axis", "Neoh, section 3"),
    "N5": Statement(14, "a matrix times a column contracts the second axis", "Neoh, section 3"),
    "N6": Statement(14, "one axis of A contracted with one of B leaves n + m - 2 axes", "Neoh, section 3"),
    "N7": Statement(14, "several pairs of axes are contracted at once", "Neoh, section 3"),
    "N12": Statement(14, "the derivative of n axes by m axes has n + m axes", "Neoh, section 4"),
    "N13": Statement(14, "the chain rule is a contraction over every axis of what lies between", "Neoh, section 5"),
    "N14": Statement(14, "a number that depends on x through a matrix", "Neoh, section 5, with df/dx at the left"),
    "F2": Statement(
        14, "the left side of the example of the chain rule", "Neoh, section 5",
        "The sum over all entries of W is df/dx, one number; df/dW is the array before the sum.",
    ),
    "F5": Statement(
        14, "every index that occurs twice is summed", "Neoh, section 3",
        "What stands on the left is not summed: exactly the indices that are absent there are.",
    ),
    "F11": Statement(
        14, "one vector b for both sides of A", "Neoh, section 3",
        "The axis that is contracted must be as long as b: one b serves both only if A is square.",
    ),
    "F12": Statement(
        14, "A · B for a contraction of some axes", "Neoh, section 3",
        "Which axis of A meets which axis of B must be written; the dot does not say it.",
    ),
    # two layers by index
    "N15": Statement(15, "the first layer before its activation", "Neoh, section 6"),
    "N16": Statement(15, "the first layer", "Neoh, section 6"),
    "N17": Statement(15, "the second layer before its activation", "Neoh, section 6"),
    "N18": Statement(15, "the second layer", "Neoh, section 6"),
    "N19": Statement(15, "the error", "Neoh, section 6"),
    "N20": Statement(15, "the derivative of the error by the second weights", "Neoh, section 6"),
    "N21": Statement(15, "the derivative of the error by the second bias", "Neoh, section 6"),
    "N22": Statement(15, "the derivative of the error by the first weights", "Neoh, section 6"),
    "N23": Statement(15, "the derivative of the error by the first bias", "Neoh, section 6"),
    "F3": Statement(
        15, "the sizes of the biases", "Neoh, section 6",
        "A bias has one number for each unit, (k,) and (l,); as a matrix it would belong to one batch.",
    ),
    "F4": Statement(
        15, "a term in j beside terms in i and j", "Neoh, section 6",
        "Every term has the same free indices: the bias is 1_i b_j.",
    ),
    "F8": Statement(
        15, "i and j for other axes in each gradient", "Neoh, section 6",
        "A summed index is renamed before an expression is put into another.",
    ),
    "F15": Statement(
        15, "the error of a batch", "Neoh, section 6",
        "Whether it is the sum over the samples or their mean must be said: it is a factor of n.",
    ),
}  # fmt: skip


def statement_name(id):
    """ "Eq. (5)" for "5", and "U4" for "U4". Raises KeyError for an id that is not in the table."""
    if id not in STATEMENTS:
        raise KeyError(f"{id!r} is no statement of the course; known are {', '.join(STATEMENTS)}")
    return f"Eq. ({id})" if id.isdigit() else id


def equation_table():
    """The statements as a Markdown table, in the order of the lessons."""
    rows = [f"| {statement_name(id)} | {s.title} | {s.source} | {_lessons(s)} |" for id, s in STATEMENTS.items()]
    return "\n".join(["| id | statement | source | lesson |", "|---|---|---|---|", *rows])


def _lessons(statement):
    lessons = statement.lessons if isinstance(statement.lessons, tuple) else (statement.lessons,)
    return ", ".join(f"{lesson:02d}" for lesson in lessons)
