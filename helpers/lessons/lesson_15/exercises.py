"""The exercises of lesson 15: factors with deltas, a captured letter, four kinds of bias, and the way back to (55)."""

import numpy as np

from helpers.checking.exercise import Exercise, Wrong

FACTORS, CAPTURE = "See 'A factor is an array and deltas'.", "See 'A letter is taken once'."
BIAS, BRIDGE = "See 'A bias has one number for each unit'.", "See 'The other notation'."


def _factors(W, X, /, **other):
    """The answer of 15.1, with one of its parts replaced."""
    k, n = len(W), X.shape[1]
    return {
        "W": np.einsum("ic,dj->ijcd", np.eye(k), X),
        "X": np.einsum("ic,jd->ijcd", W, np.eye(n)),
        "b": np.einsum("ic,j->ijc", np.eye(k), np.ones(n)),
    } | {name: make(W, X) for name, make in other.items()}


def _part(name, mistake, make, message):
    return Wrong(mistake, lambda W, X: _factors(W, X, **{name: make}), f"For {name}: {message} {FACTORS}")


class TheFactorsInColumns(Exercise):
    id = "15.1"
    title = "The factors, with the samples in columns"
    points = 2
    name = "factors"
    arguments = ("W", "X")
    returns = 'a dict {"W": (k, n, k, m), "X": (k, n, m, n), "b": (k, n, k)}'
    derivation_is_asked = True
    hints = (
        "Differentiate the sum over p, term by term. Which terms does the entry W_cd occur in, and for which i?",
        "For every index of the entry by which you differentiate, ask: must it equal an index of A, or is it one of "
        "the other array's letters? The first kind makes a delta.",
        "np.eye(k) is a delta. np.einsum with the four letters after the arrow puts the axes in order.",
    )
    because = (
        "∂A_ij/∂W_cd = δ_ic X_dj, ∂A_ij/∂X_cd = W_ic δ_jd, ∂A_ij/∂b_c = δ_ic 1_j: what is not differentiated stays, "
        "and each index that must be the same on both sides gives a δ."
    )
    mistakes = (
        _part("W", "other layout", lambda W, X: np.einsum("ic,dj->ijdc", np.eye(len(W)), X),
              "the last two axes have changed places: they are those of W, in W's order."),
        _part("W", "reversed order", lambda W, X: np.einsum("ic,dj->cdij", np.eye(len(W)), X),
              "the axes of A come first, those of W after them."),
        _part("W", "diagonal only", lambda W, X: np.einsum("dj->jd", X),
              "the two axes that a delta joins are missing. The derivative has the axes of A and those of W."),
        _part("W", "full instead of diagonal",
              lambda W, X: np.einsum("ic,dj->ijcd", np.ones((len(W), len(W))), X),
              "every unit's output changes with every row of W in your array. Which entries of A does W_cd reach?"),
        _part("W", "value instead of derivative", lambda W, X: np.einsum("ic,dj->ijcd", W @ W.T, X),
              "W itself stands in it. A is linear in W: what is left of W in the slope?"),
        _part("X", "other layout", lambda W, X: np.einsum("ic,jd->ijdc", W, np.eye(X.shape[1])),
              "the last two axes have changed places: they are those of X, in X's order."),
        _part("X", "reversed order", lambda W, X: np.einsum("ic,jd->cdij", W, np.eye(X.shape[1])),
              "the axes of A come first, those of X after them."),
        _part("X", "diagonal only", lambda W, X: W,
              "this is the derivative for one sample. Written as an array, the samples have two axes more."),
        _part("X", "full instead of diagonal",
              lambda W, X: np.einsum("ic,jd->ijcd", W, np.ones((X.shape[1], X.shape[1]))),
              "one sample's output changes with another sample's input in your array. Does it?"),
        _part("b", "diagonal only", lambda W, X: np.eye(len(W)),
              "this is the derivative for one sample. A has an axis more, that of the samples."),
        _part("b", "full instead of diagonal", lambda W, X: np.ones((len(W), X.shape[1], len(W))),
              "every unit changes with every bias in your array. Which one does b_c belong to?"),
        _part("b", "reversed order", lambda W, X: np.einsum("ic,j->icj", np.eye(len(W)), np.ones(X.shape[1])),
              "the last two axes have changed places: the axes of A come first, that of b after them."),
        Wrong("other layout", lambda W, X: {
            "W": np.einsum("jc,id->ijdc", np.eye(len(W)), X.T),
            "X": np.einsum("jc,id->ijdc", W, np.eye(X.shape[1])),
            "b": np.einsum("jc,i->ijc", np.eye(len(W)), np.ones(X.shape[1]))},
            f"These are the lesson's factors, for samples in rows. Here the samples are columns. {FACTORS}"),
        Wrong("bias not summed", lambda W, X: _factors(W, X, b=lambda W, X: X.shape[1] * np.eye(len(W))),
              f"For b: you added up the samples. That happens only once something stands at the left of the factor. "
              f"{FACTORS}"),
    )  # fmt: skip

    def cases(self, rng):
        for k, m, n in ((2, 3, 4), (3, 2, 5), (3, 3, 3)):
            yield {"W": rng.normal(size=(k, m)), "X": rng.normal(size=(m, n))}

    def solution(self, W, X):
        units, samples = np.eye(W.shape[0]), np.eye(X.shape[1])
        return {
            "W": np.einsum("ic,dj->ijcd", units, X),
            "X": np.einsum("ic,jd->ijcd", W, samples),
            "b": np.einsum("ic,j->ijc", units, np.ones(X.shape[1])),
        }


def _down(G, S2, W2, S1, W1):
    return (((G * S2) @ W2.T) * S1) @ W1.T


class ACapturedLetter(Exercise):
    id = "15.2"
    title = "A captured letter"
    points = 2
    name = "down_to_the_input"
    arguments = ("G", "S2", "W2", "S1", "W1")
    returns = "an array (n, m)"
    hints = (
        "Write out which indices belong together: those of one array, and those that a delta has made equal.",
        "There are three kinds of units, those of the input, of H and of Y. Each needs a letter of its own, and the "
        "samples need one.",
        "Only two letters stand at the right of the arrow: which of the four are they?",
    )
    because = (
        "∂E/∂X_ij = G_id S2_id W2_fd S1_if W1_jf, summed over d and f. In the program j is at once a unit of Y, which "
        "is summed, and an input, which is not."
    )
    mistakes = (
        Wrong("as printed", lambda G, S2, W2, S1, W1: np.einsum("ij,ij,kj,ik,jk->ij", G, S2, W2, S1, W1),
              f"This is the program as given. For how many kinds of things does its letter j stand? {CAPTURE}"),
        Wrong("transposed", lambda *a: _down(*a).T,
              "The numbers are right, with samples and inputs exchanged: X_ij has its samples first."),
        Wrong("transposed", lambda G, S2, W2, S1, W1: (((G * S2) @ W2.T) * S1) @ W1,
              "The weights of the first layer stand in their product the wrong way round. Which letter is summed "
              "there, and which axis of W1 carries it?"),
        Wrong("transposed", lambda G, S2, W2, S1, W1: (((G * S2) @ W2) * S1) @ W1.T,
              "The weights of the second layer stand in their product the wrong way round. Which letter is summed "
              "there, and which axis of W2 carries it?"),
        Wrong("outer derivative forgotten", lambda G, S2, W2, S1, W1: ((G @ W2.T) * S1) @ W1.T,
              "The slopes of the second layer do not enter: one array is not used."),
        Wrong("mask missing", lambda G, S2, W2, S1, W1: ((G * S2) @ W2.T) @ W1.T,
              "The slopes of the first layer do not enter: one array is not used."),
        Wrong("upstream forgotten", lambda G, S2, W2, S1, W1: ((S2 @ W2.T) * S1) @ W1.T,
              "G does not enter: the slope of E with respect to Y."),
        Wrong("left as it was", lambda G, S2, W2, S1, W1: ((G * S2) @ W2.T) * S1,
              "This is the derivative with respect to A1. One factor more leads down to the input."),
        Wrong("one sample only", lambda *a: _down(*a).sum(axis=0),
              "The samples have been added up. Every sample has an input, and a gradient, of its own: which letter did "
              "you lose?"),
        Wrong("summed too early", lambda *a: _down(*a).sum(axis=1),
              "The inputs have been added up: which letter did you lose at the right of the arrow?"),
        Wrong("summed too early", lambda *a: float(_down(*a).sum()),
              "Everything has been added up: what stands at the right of the arrow is not summed."),
        Wrong("summed too early", lambda G, S2, W2, S1, W1: np.einsum("nl,nl,kl,nk,mk->nm", G, np.ones_like(G) *
              S2.sum(), W2, S1, W1), "The slopes S2 have been added up before they met G: their letters are free."),
        Wrong("not summed", lambda G, S2, W2, S1, W1: np.einsum("nl,nl,kl,nk,mk->nkm", G, S2, W2, S1, W1),
              "The units of H still have an axis: their letter does not belong at the right of the arrow."),
        Wrong("slope at the wrong point", lambda G, S2, W2, S1, W1: (((G * S2) @ W2.T) * S1**2) @ W1.T,
              "The slopes of the first layer enter twice."),
        Wrong("reversed product", lambda G, S2, W2, S1, W1: W1 @ (((G * S2) @ W2.T) * S1),
              "The factors of a matrix product stand in an order that their shapes do not allow. Which letter is "
              "summed in it?"),
        Wrong("inner product", lambda G, S2, W2, S1, W1: (((G * S2).sum(axis=1, keepdims=True) @
              W2.sum(axis=1, keepdims=True).T) * S1) @ W1.T,
              "The units of Y are summed in G and S2 and in W2 apart. One letter in three arrays is one sum."),
    )  # fmt: skip

    def cases(self, rng):
        for n, m, k, l in ((4, 3, 5, 3), (3, 2, 4, 2), (2, 4, 3, 5)):
            shapes = {"G": (n, l), "S2": (n, l), "W2": (k, l), "S1": (n, k), "W1": (m, k)}
            yield {name: rng.normal(size=shape) for name, shape in shapes.items()}

    def solution(self, G, S2, W2, S1, W1):
        return np.einsum("id,id,fd,if,jf->ij", G, S2, W2, S1, W1)


def _biases(D, **other):
    return {"j": D.sum(axis=0), "i": D.sum(axis=1), "ij": D.copy(), "": float(D.sum())} | other


class FourBiases(Exercise):
    id = "15.3"
    title = "Four kinds of bias"
    name = "bias_gradients"
    arguments = ("D",)
    returns = 'a dict {"j": ..., "i": ..., "ij": ..., "": ...}, each in the shape of its bias'
    structure_is_asked = True
    hints = (
        "Write each factor, as 1_g δ_hi is that of b_j: which index must be the same, and which one is any?",
        "What is summed are the indices of D that the bias does not have.",
    )
    because = "∂E/∂b is D_ij summed over each index that the bias lacks: its entry is used once for every value of it."
    mistakes = (
        Wrong("wrong axis", lambda D: _biases(D, j=D.sum(axis=1), i=D.sum(axis=0)),
              f"The sums of b_j and of c_i are exchanged. axis=... names the axis that goes away. {BIAS}"),
        Wrong("wrong axis", lambda D: _biases(D, j=D.sum(axis=1)),
              f"For b_j the sum runs along the wrong axis: which entries of A does one b_j reach? {BIAS}"),
        Wrong("wrong axis", lambda D: _biases(D, i=D.sum(axis=0)),
              f"For c_i the sum runs along the wrong axis: which entries of A does one c_i reach? {BIAS}"),
        Wrong("times B", lambda D: _biases(D, j=D.mean(axis=0)),
              f"For b_j a mean stands where a sum is due: the sum over the samples is that of E itself. {BIAS}"),
        Wrong("divided by B", lambda D: _biases(D, **{"j": D.mean(axis=0), "i": D.mean(axis=1), "": float(D.mean())}),
              f"Means stand where sums are due. An entry that is used often collects one term for each use. {BIAS}"),
        Wrong("divided by B", lambda D: _biases(D, **{"": float(D.mean())}),
              f"For the one number a mean stands where a sum is due. {BIAS}"),
        Wrong("bias not summed", lambda D: _biases(D, j=D.copy()),
              f"For b_j nothing is summed, so that the result has the shape of the batch. {BIAS}"),
        Wrong("bias not summed", lambda D: _biases(D, i=D.copy()),
              f"For c_i nothing is summed, so that the result has the shape of the whole batch. {BIAS}"),
        Wrong("summed too early", lambda D: _biases(D, ij=D.sum(axis=0)),
              f"For B_ij something is summed, although every entry of B is used only once. {BIAS}"),
        Wrong("summed too early", lambda D: _biases(D, ij=float(D.sum())),
              f"For B_ij everything is summed, although every entry of B is used only once. {BIAS}"),
        Wrong("axis too many", lambda D: _biases(D, j=D.sum(axis=0, keepdims=True)),
              f"For b_j the numbers are right and an axis of length 1 is left over. {BIAS}"),
        Wrong("axis too many", lambda D: _biases(D, i=D.sum(axis=1, keepdims=True)),
              f"For c_i the numbers are right and an axis of length 1 is left over. {BIAS}"),
        Wrong("axis too many", lambda D: _biases(D, j=D.sum(axis=0, keepdims=True), i=D.sum(axis=1, keepdims=True)),
              f"For b_j and for c_i the numbers are right and an axis of length 1 is left over. {BIAS}"),
        Wrong("one sample only", lambda D: _biases(D, j=D[0]),
              f"For b_j one sample is counted: the same b_j is used by all. {BIAS}"),
        Wrong("constant factor", lambda D: _biases(D, ij=np.ones_like(D)),
              f"For B_ij the derivative of A stands there and that of E with respect to A is forgotten. {BIAS}"),
        Wrong("upstream forgotten", lambda D: _biases(D, j=np.full(D.shape[1], float(len(D)))),
              f"For b_j you counted the uses: D itself does not enter. {BIAS}"),
    )  # fmt: skip

    def cases(self, rng):
        for shape in ((4, 3), (2, 5), (3, 3)):
            yield {"D": rng.normal(size=shape)}

    def solution(self, D):
        return {"j": D.sum(axis=0), "i": D.sum(axis=1), "ij": D, "": float(D.sum())}


def _back(X, D, **other):
    return {"W": D.T @ X / len(X), "b": D.sum(axis=0).reshape(-1, 1) / len(X)} | other


class TheWayBack(Exercise):
    id = "15.4"
    title = "The way back"
    name = "to_columns"
    arguments = ("X", "D")
    returns = 'a dict {"W": (k, m), "b": (k, 1)}'
    hints = (
        "First the layout: what is W of the one notation in the other, and what is b?",
        "Then the size: how does the mean over the samples differ from their sum?",
    )
    because = (
        "The gradient of the sum is XᵀD; its transpose DᵀX has the shape of W in columns, and the mean is 1/n of it."
    )
    mistakes = (
        Wrong("times B", lambda X, D: {"W": D.T @ X, "b": D.sum(axis=0).reshape(-1, 1)},
              "Both belong to the sum over the samples. What is asked is their mean."),
        Wrong("times B", lambda X, D: _back(X, D, b=D.sum(axis=0).reshape(-1, 1)),
              "For b the sum over the samples stands where the mean is asked for."),
        Wrong("times B", lambda X, D: _back(X, D, W=D.T @ X),
              "For W the sum over the samples stands where the mean is asked for."),
        Wrong("transposed", lambda X, D: _back(X, D, W=X.T @ D / len(X)),
              f"For W this is still the shape of the index notation. {BRIDGE}"),
        Wrong("left as it was", lambda X, D: {"W": X.T @ D / len(X), "b": D.sum(axis=0) / len(X)},
              f"Both are still in the shapes of the index notation. {BRIDGE}"),
        Wrong("left as it was", lambda X, D: {"W": X.T @ D, "b": D.sum(axis=0)},
              f"Both are still the gradients of the lesson: neither the layout nor the size has changed. {BRIDGE}"),
        Wrong("flattened", lambda X, D: _back(X, D, b=D.mean(axis=0)),
              f"For b the numbers are right and the array has one axis; in columns a bias is a column. {BRIDGE}"),
        Wrong("transposed", lambda X, D: _back(X, D, b=D.mean(axis=0, keepdims=True)),
              f"For b the numbers are right, in a row. {BRIDGE}"),
        Wrong("divided by B", lambda X, D: _back(X, D, W=D.T @ X / D.shape[1], b=D.sum(axis=0)[:, None] / D.shape[1]),
              "The mean is over the samples. You divided by the number of units."),
        Wrong("divided by B", lambda X, D: _back(X, D, W=D.T @ X / X.size),
              "For W you divided by the number of all entries of X. How many samples are there?"),
        Wrong("divided by B", lambda X, D: _back(X, D, W=D.T @ X / len(X) ** 2, b=_back(X, D)["b"] / len(X)),
              "You divided by the number of samples twice."),
        Wrong("wrong axis", lambda X, D: _back(X, D, b=D.mean(axis=1).reshape(-1, 1)),
              "For b the mean runs along the units: there is one number for each sample now."),
        Wrong("one sample only", lambda X, D: _back(X, D, W=D[[0]].T @ X[[0]], b=D[[0]].T),
              "Only the first sample is counted."),
        Wrong("wrong concept", lambda X, D: _back(X, D, W=D.mean(axis=0)[:, None] @ X.mean(axis=0)[None]),
              "For W you multiplied two means. The mean of products is another number than the product of means."),
        Wrong("reshaped", lambda X, D: _back(X, D, W=(X.T @ D / len(X)).reshape(D.shape[1], -1)),
              "For W reshape was used: it refills the shape row after row, and exchanges no axes."),
        Wrong("times B", lambda X, D: _back(X, D, W=D.T @ X * len(X), b=D.sum(axis=0)[:, None] * len(X)),
              "You multiply by the number of samples: is a mean larger than the sum?"),
        Wrong("bias not summed", lambda X, D: _back(X, D, b=D.T / len(X)),
              "For b the samples still have an axis: b is used by all of them."),
    )  # fmt: skip

    def cases(self, rng):
        for n, m, k in ((4, 3, 5), (5, 4, 2), (3, 2, 4)):
            yield {"X": rng.normal(size=(n, m)), "D": rng.normal(size=(n, k))}

    def solution(self, X, D):
        return {"W": D.T @ X / len(X), "b": D.mean(axis=0).reshape(-1, 1)}


EXERCISES = [TheFactorsInColumns, ACapturedLetter, FourBiases, TheWayBack]
