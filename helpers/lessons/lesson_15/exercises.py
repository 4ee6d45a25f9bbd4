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
              "the axes of A come first, those of W after them; and in X the samples are the second axis."),
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
              "the axes of A come first, those of X after them; or W was read with its inputs first."),
        _part("X", "diagonal only", lambda W, X: W,
              "this is the derivative for one sample. With n samples the array has two axes more, one for the sample "
              "of A and one for that of X."),
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
              f"For b: you added up the samples. That happens only once something stands on the left of the factor. "
              f"{FACTORS}"),
        *(_part(name, "other layout", make,
                "this is the lesson's factor, letter for letter, for samples in rows. Here the samples are columns.")
          for name, make in (
              ("W", lambda W, X: np.einsum("ci,dj->cdij", X, np.eye(len(W)))),
              ("W", lambda W, X: np.einsum("jc,id->ijdc", np.eye(len(W)), X.T)),
              ("X", lambda W, X: np.einsum("ce,fd->cdef", np.eye(X.shape[1]), W)),
              ("X", lambda W, X: np.einsum("jc,id->ijdc", W, np.eye(X.shape[1]))),
              ("b", lambda W, X: np.einsum("jc,i->ijc", np.eye(len(W)), np.ones(X.shape[1]))))),
        _part("W", "reshaped", lambda W, X: np.einsum("ic,jd->ijcd", np.eye(len(W)), X.reshape(X.shape[1], -1)),
              "reshape fills the entries of X in again in their order. It does not exchange axes."),
        *(_part("W", "diagonal only", make,
                "only those entries count in which unit and sample have one number. Is there a delta between them?")
          for make in (
              lambda W, X: np.einsum("ic,dj,ij->ijcd", np.eye(len(W)), X, np.eye(len(W), X.shape[1])),
              lambda W, X: np.einsum("ic,dj,dj->ijcd", np.eye(len(W)), X, np.eye(*X.shape)))),
        _part("W", "constant factor", lambda W, X: np.einsum("ic,dj->ijcd", np.eye(len(W)), np.ones(X.shape)),
              "only the delta is left. By which number is W_cd multiplied in A?"),
        _part("X", "constant factor", lambda W, X: np.einsum("ic,jd->ijcd", np.ones(W.shape), np.eye(X.shape[1])),
              "only the delta is left. By which number is X_cd multiplied in A?"),
        *(_part("b", "diagonal only", make,
                "ones for A, without the axis of b. The derivative has the axes of A and that of b.")
          for make in (lambda W, X: np.ones((len(W), X.shape[1])), lambda W, X: np.ones((X.shape[1], len(W))),
                       lambda W, X: np.ones(len(W)), lambda W, X: np.ones(X.shape[1]), lambda W, X: 1.0,
                       lambda W, X: np.ones((len(W), 1)))),
        *(_part(name, "zero", make, "all entries are 0. Does A change when this one changes?")
          for name, make in (
              ("b", lambda W, X: np.zeros((len(W), X.shape[1], len(W)))),
              ("W", lambda W, X: np.zeros((len(W), X.shape[1], *W.shape))),
              ("X", lambda W, X: np.zeros((len(W), X.shape[1], *X.shape))))),
        _part("b", "full instead of diagonal",
              lambda W, X: np.einsum("ic,jd->ijcd", np.eye(len(W)), np.eye(X.shape[1])),
              "you have given it an axis for the samples. How many axes does b have?"),
        _part("b", "divided by B", lambda W, X: _factors(W, X)["b"] / X.shape[1],
              "you divide by the number of samples. By how much does one entry of A grow with its b?"),
        _part("W", "bias not summed", lambda W, X: np.einsum("ic,dj->icd", np.eye(len(W)), X),
              "the samples have been added up. A factor keeps both axes of A."),
        _part("b", "wrong axis", lambda W, X: np.einsum("i,jc->ijc", np.ones(len(W)), np.eye(X.shape[1])),
              "the delta stands between the samples and the index of b. Does b have an entry for each sample?"),
        _part("b", "wrong axis", lambda W, X: np.einsum("jc,i->ijc", np.eye(X.shape[1], len(W)), np.ones(len(W))),
              "the delta stands between the samples and the index of b, as where samples are in rows. Which axis of A "
              "are the units?"),
        _part("W", "other layout", lambda W, X: np.einsum("jc,di->ijcd", np.eye(len(W)), X),
              "the units are taken for the second axis of A, as where samples are in rows. Here the samples are "
              "columns."),
        _part("X", "other layout", lambda W, X: np.einsum("ic,jd->jicd", W, np.eye(X.shape[1])),
              "the samples are taken for the first axis of A, as where samples are in rows. Here the samples are "
              "columns."),
        *(_part("W", "wrong axis", make,
                "a delta joins an index of the samples with one of the units. Which axes of A and of W are units?")
          for make in (lambda W, X: np.einsum("jc,dj,i->ijcd", np.eye(X.shape[1], len(W)), X, np.ones(len(W))),
                       lambda W, X: np.einsum("ij,dj,c->ijcd", np.eye(len(W), X.shape[1]), X, np.ones(len(W))))),
        *(_part("X", "wrong axis", make,
                "a delta joins an index of the units with one of the samples or of the inputs. Which axes of A and of "
                "X are samples?")
          for make in (lambda W, X: np.einsum("ic,ic,j,d->ijcd", np.eye(*W.shape), W, *[np.ones(X.shape[1])] * 2),
                       lambda W, X: np.einsum("id,ic,j->ijcd", np.eye(len(W), X.shape[1]), W, np.ones(X.shape[1])),
                       lambda W, X: np.einsum("ij,ic,d->ijcd", np.eye(len(W), X.shape[1]), W, np.ones(X.shape[1])))),
        _part("b", "wrong axis", lambda W, X: np.einsum("ij,c->ijc", np.eye(len(W), X.shape[1]), np.ones(len(W))),
              "a delta joins the units with the samples. Which index of A must be that of b?"),
        _part("X", "reshaped",
              lambda W, X: np.kron(np.eye(X.shape[1]), W).reshape(len(W), X.shape[1], *X.shape),
              "a flat matrix was reshaped. Do its rows and columns run in the order of the axes of A and of X?"),
        _part("b", "axis too many", lambda W, X: _factors(W, X)["b"][..., None],
              "an axis of length 1 is left over. How many axes does b have?"),
        _part("W", "reshaped",
              lambda W, X: np.kron(X.T, np.eye(len(W))).reshape(len(W), X.shape[1], len(W), -1),
              "a flat matrix was reshaped. Do its rows and columns run in the order of the axes of A and of W?"),
        _part("W", "diagonal only", lambda W, X: np.einsum("dj,i->ijd", X, np.ones(len(W))),
              "each entry of A is differentiated by its own row of W only, and the axis for the rows is missing."),
        *(_part(name, "summed too early", make, "the units have been added up. A factor keeps both axes of A.")
          for name, make in (
              ("W", lambda W, X: np.einsum("ic,dj->jcd", np.eye(len(W)), X)),
              ("X", lambda W, X: np.einsum("ic,jd->jcd", W, np.eye(X.shape[1]))))),
        *(_part(name, "diagonal only", make,
                "this is one of the given matrices, at most transposed. The derivative has the axes of A, and then "
                "those of what A is differentiated by.")
          for name, make in (("W", lambda W, X: X), ("X", lambda W, X: W.T))),
        *(_part(name, "value instead of derivative", lambda W, X: W @ X, "this is the value of WX. How does it change?")
          for name in "WX"),
        *(Wrong("flattened", lambda W, X, which=which: {
                  name: D.reshape(W.shape[0] * X.shape[1], -1) if name in which else D
                  for name, D in _factors(W, X).items()},
                f"For {' and '.join(which)}: the numbers are in a matrix. Every axis of the two arrays keeps a place "
                f"of its own. {FACTORS}")
          for which in (("W", "X"), ("W",), ("X",), ("b",), ("W", "X", "b"))),
        *(Wrong("wrong variable", lambda W, X, order=order: dict(zip(order, _factors(W, X).values(), strict=True)),
                "The factors are right, and stand under other keys: a key is what is differentiated by.")
          for order in ("XWb", "WbX", "bXW", "bWX", "XbW")),
    )  # fmt: skip

    def cases(self, rng):
        for k, m, n in ((3, 3, 3), (2, 3, 4), (3, 2, 5), *self.more((4, 2, 3), (1, 5, 2))):
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
        "Only two letters stand on the right of the arrow: which of the four are they?",
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
        Wrong("left as it was", lambda G, S2, W2, S1, W1: (G * S2) @ W2.T,
              "This is the derivative with respect to H. Two factors more lead down to the input."),
        Wrong("left as it was", lambda G, S2, W2, S1, W1: G * S2,
              "This is the derivative with respect to A2. Three factors more lead down to the input."),
        Wrong("one sample only", lambda *a: _down(*a).sum(axis=0),
              "The samples have been added up. Every sample has an input, and a gradient, of its own: which letter did "
              "you lose?"),
        Wrong("summed too early", lambda *a: _down(*a).sum(axis=1),
              "The inputs have been added up: which letter did you lose on the right of the arrow?"),
        Wrong("summed too early", lambda *a: float(_down(*a).sum()),
              "Everything has been added up: what stands on the right of the arrow is not summed."),
        Wrong("summed too early", lambda G, S2, W2, S1, W1: np.einsum("nl,nl,kl,nk,mk->nm", G, np.ones_like(G) *
              S2.sum(), W2, S1, W1), "The slopes S2 have been added up before they met G: their letters are free."),
        Wrong("not summed", lambda G, S2, W2, S1, W1: np.einsum("nl,nl,kl,nk,mk->nkm", G, S2, W2, S1, W1),
              "The units of H still have an axis: their letter does not belong on the right of the arrow."),
        Wrong("slope at the wrong point", lambda G, S2, W2, S1, W1: (((G * S2) @ W2.T) * S1**2) @ W1.T,
              "The slopes of the first layer enter twice."),
        Wrong("reversed product", lambda G, S2, W2, S1, W1: W1 @ (((G * S2) @ W2.T) * S1),
              "The factors of a matrix product stand in an order that their shapes do not allow. Which letter is "
              "summed in it?"),
        Wrong("inner product", lambda G, S2, W2, S1, W1: (((G * S2).sum(axis=1, keepdims=True) @
              W2.sum(axis=1, keepdims=True).T) * S1) @ W1.T,
              "The units of Y are summed in G and S2 and in W2 apart. One letter in three arrays is one sum."),
        *(Wrong("summed too early", lambda G, S2, W2, S1, W1, string=string: np.einsum(string, G, S2, W2, S1, W1),
                f"{name} has got a letter of its own, so that it is summed by itself. Which of its letters does "
                f"another array have as well? {CAPTURE}")
          for name, string in (
              ("S2", "ia,ib,fa,if,jf->ij"), ("G", "ia,ib,fb,if,jf->ij"), ("S1", "id,id,fd,ig,jf->ij"),
              ("W2", "id,id,gd,if,jf->ij"), ("W1", "id,id,fd,if,jg->ij"))),
        *(Wrong("one use only", lambda G, S2, W2, S1, W1, string=string: np.einsum(string, G, S2, W2, S1, W1),
                f"One of the arrays that share a summed letter has it under another name than the rest. In which "
                f"arrays does a unit of Y stand? {CAPTURE}")
          for string in ("iq,ij,kj,ik,jk->ij", "ij,iq,kj,ik,jk->ij", "ij,ij,kq,ik,jk->ij",
                         "iq,iq,kj,ik,jk->ij", "iq,ij,kq,ik,jk->ij", "ij,iq,kq,ik,jk->ij")),
        *(Wrong("transposed", lambda G, S2, W2, S1, W1, string=string: np.einsum(string, G, S2, W2, S1, W1),
                f"The letters on the right of the arrow are not those of a sample and an input. {CAPTURE}")
          for string in ("ij,ij,kj,ik,lk->lj", "ij,ij,kj,ik,lk->jl", "ij,ij,kj,ik,lk->ij", "ij,ij,kj,ik,lk->ik")),
        Wrong("transposed", lambda G, S2, W2, S1, W1: (((G * S2) @ W2) * S1) @ W1,
              "Both weights stand in their products the wrong way round. Which letters are summed there, and which "
              "axes carry them?"),
        *(Wrong("reversed product", wrong,
                "The weights of the first layer stand in front. Which letter is summed there, and which axes carry it?")
          for wrong in (lambda G, S2, W2, S1, W1: W1.T @ (((G * S2) @ W2.T) * S1),
                        lambda G, S2, W2, S1, W1: W1.T @ (S1 * (W2.T @ (G * S2))),
                        lambda G, S2, W2, S1, W1: W1 @ (S1 * (W2 @ (G * S2))))),
        *(Wrong("divided by B", lambda G, S2, W2, S1, W1, n=n: _down(G, S2, W2, S1, W1) / n(G, W2, W1),
                "You take a mean. A sum over units adds up all ways in which an input reaches E; none is averaged.")
          for n in (lambda G, W2, W1: len(G), lambda G, W2, W1: len(W2), lambda G, W2, W1: G.shape[1],
                    lambda G, W2, W1: len(W1))),
        *(Wrong("wrong concept", wrong,
                "The slopes of the first layer come in at another place. With which array do they share both letters?")
          for wrong in (lambda G, S2, W2, S1, W1: ((G * S2) @ W2.T) * (S1 @ W1.T),
                        lambda G, S2, W2, S1, W1: (((G * S2) @ W2.T) @ W1.T) * S1,
                        lambda G, S2, W2, S1, W1: ((G * S2 * S1) @ W2.T) @ W1.T)),
        *(Wrong("wrong concept", wrong,
                "The slopes of the second layer come in at another place. With which array do they share both letters?")
          for wrong in (lambda G, S2, W2, S1, W1: ((G @ W2.T) * S2 * S1) @ W1.T,
                        lambda G, S2, W2, S1, W1: (((G @ W2.T) * S1) @ W1.T) * S2,
                        lambda G, S2, W2, S1, W1: (G * (S2 @ W2.T) * S1) @ W1.T)),
        *(Wrong("full instead of diagonal", wrong,
                "Slopes enter by a matrix product. With the array that they meet they share both letters. What is "
                "summed between the two?")
          for wrong in (lambda G, S2, W2, S1, W1: (G * S2) @ W2.T @ S1 @ W1.T,
                        lambda G, S2, W2, S1, W1: (G * S2) @ W2.T @ S1.T @ W1.T,
                        lambda G, S2, W2, S1, W1: (G * S2) @ W2.T @ S1.T @ S1 @ W1.T,
                        lambda G, S2, W2, S1, W1: ((G @ S2) @ W2.T * S1) @ W1.T,
                        lambda G, S2, W2, S1, W1: ((G @ S2.T) @ W2.T * S1) @ W1.T,
                        lambda G, S2, W2, S1, W1: ((G @ S2.T @ G) @ W2.T * S1) @ W1.T,
                        lambda G, S2, W2, S1, W1: G @ S2 @ W2.T @ S1 @ W1.T)),
        *(Wrong("sum for product", wrong, "Slopes are added to what comes from above. What becomes of them on a path?")
          for wrong in (lambda G, S2, W2, S1, W1: (((G + S2) @ W2.T) * S1) @ W1.T,
                        lambda G, S2, W2, S1, W1: (((G * S2) @ W2.T) + S1) @ W1.T)),
        *(Wrong("slope at the wrong point", wrong,
                "A slope is computed from S1 or S2, as if they were values. They are the slopes already.")
          for wrong in (lambda G, S2, W2, S1, W1: _down(G, S2, W2, 1 - S1**2, W1),
                        lambda G, S2, W2, S1, W1: _down(G, S2 * (1 - S2), W2, S1, W1),
                        lambda G, S2, W2, S1, W1: _down(G, S2, W2, S1 * (1 - S1), W1),
                        lambda G, S2, W2, S1, W1: _down(G, 1 - S2**2, W2, S1, W1),
                        lambda G, S2, W2, S1, W1: _down(G, S2, W2, 1 - S1, W1),
                        lambda G, S2, W2, S1, W1: _down(G, 1 - S2, W2, S1, W1),
                        lambda G, S2, W2, S1, W1: _down(G, S2 * (1 - S2), W2, 1 - S1**2, W1))),
        Wrong("counted twice", lambda G, S2, W2, S1, W1: _down(G, S2**2, W2, S1, W1),
              "The slopes of the second layer enter twice."),
        Wrong("term missing", lambda G, S2, W2, S1, W1: G @ W2.T @ W1.T,
              "No slope of an activation enters: two arrays are not used."),
    )  # fmt: skip

    def cases(self, rng):
        for n, m, k, l in (
            (3, 3, 3, 3),
            (4, 3, 5, 3),
            (3, 2, 4, 2),
            (2, 4, 3, 5),
            *self.more((5, 2, 3, 4), (2, 6, 4, 3)),
        ):
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
        Wrong("divided by B", lambda D: _biases(D, j=D.mean(axis=0)),
              f"For b_j a mean stands where a sum is due: every sample uses this b_j. {BIAS}"),
        Wrong("divided by B", lambda D: _biases(D, i=D.mean(axis=1)),
              f"For c_i a mean stands where a sum is due: every unit uses this c_i. {BIAS}"),
        *(Wrong("divided by B", lambda D, n=n: _biases(D, ij=D / n(D)),
                f"For B_ij you divide. How often is one entry of B used? {BIAS}")
          for n in (lambda D: len(D), lambda D: D.shape[1], lambda D: D.size)),
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
        *(Wrong("summed too early", lambda D, letter=letter, axis=axis: _biases(
                  D, **{letter: np.full(D.shape[axis], D.sum())}),
                f"For {name} the sum of all entries stands in every entry. Its own letter is not summed. {BIAS}")
          for letter, axis, name in (("j", 1, "b_j"), ("i", 0, "c_i"))),
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
        Wrong("upstream forgotten", lambda D: _biases(D, i=np.full(len(D), float(D.shape[1]))),
              f"For c_i you counted the uses: D itself does not enter. {BIAS}"),
        Wrong("upstream forgotten", lambda D: _biases(D, **{"": float(D.size)}),
              f"For the one number you counted the uses: D itself does not enter. {BIAS}"),
        *(Wrong("upstream forgotten", lambda D, one=one: _biases(D, **one(D)),
                f"One use is counted, and D does not enter. {BIAS}")
          for one in (lambda D: {"j": np.ones(D.shape[1])}, lambda D: {"i": np.ones(len(D))}, lambda D: {"": 1.0})),
        Wrong("one sample only", lambda D: _biases(D, j=D[-1]),
              f"For b_j only the last sample is counted: the same b_j is used by all. {BIAS}"),
        *(Wrong("one use only", lambda D, at=at: _biases(D, i=D[:, at]),
                f"For c_i only one unit is counted: all of them use the same c_i. {BIAS}")
          for at in (0, -1)),
        Wrong("one use only", lambda D: _biases(D, **{"": float(D[0, 0])}),
              f"For the one number only the first entry of A is counted: all of them use it. {BIAS}"),
        Wrong("diagonal only", lambda D: _biases(D, **{"": float(np.trace(D))}),
              f"For the one number only the diagonal is added up: i and j are two letters, not one. {BIAS}"),
        Wrong("axis too many", lambda D: _biases(D, j=D.sum(axis=0).reshape(-1, 1)),
              f"For b_j the numbers are right, as a column. How many axes does b have? {BIAS}"),
        Wrong("axis too many", lambda D: _biases(D, i=D.sum(axis=1).reshape(1, -1)),
              f"For c_i the numbers are right, as a row. How many axes does c have? {BIAS}"),
        *(Wrong("not summed", lambda D, spread=spread: _biases(D, ij=np.broadcast_to(spread(D), D.shape).copy()),
                f"For B_ij sums are spread over its entries. Which entries of A does one entry of B reach? {BIAS}")
          for spread in (np.sum, lambda D: D.sum(axis=0), lambda D: D.sum(axis=1, keepdims=True), np.mean)),
        *(Wrong("wrong concept", lambda D, of=of: _biases(D, ij=of(D)),
                f"For B_ij sums are put together again. Which entries of A does one entry of B reach? {BIAS}")
          for of in (lambda D: np.outer(D.sum(axis=1), D.sum(axis=0)),
                     lambda D: D.sum(axis=1, keepdims=True) + D.sum(axis=0))),
        *(Wrong("not summed", lambda D, key=key, axis=axis: _biases(D, **{
                  key: np.broadcast_to(D.sum(axis=axis, keepdims=True), D.shape).copy()}),
                f"The sums for {name} are right and are written out for the whole batch. {name} has one axis. {BIAS}")
          for key, axis, name in (("j", 0, "b_j"), ("i", 1, "c_i"))),
        Wrong("transposed", lambda D: _biases(D, ij=D.T), f"For B_ij the axes have changed places. {BIAS}"),
        Wrong("bias not summed", lambda D: _biases(D, **{"": D.copy()}),
              f"For the one number nothing is summed. How often is it used? {BIAS}"),
        *(Wrong("bias not summed", lambda D, axis=axis: _biases(D, **{"": D.sum(axis=axis)}),
                f"For the one number only one of the two letters is summed. {BIAS}")
          for axis in (0, 1)),
        *(Wrong("summed too early", lambda D, key=key: _biases(D, **{key: float(D.sum())}),
                f"For {name} everything is summed. Its own letter stays. {BIAS}")
          for key, name in (("j", "b_j"), ("i", "c_i"))),
        Wrong("counted twice", lambda D: _biases(D, **{"": float(2 * D.sum())}),
              f"For the one number every entry of D counts twice. It is used once in each entry of A. {BIAS}"),
        *(Wrong("constant factor", lambda D, n=n: _biases(D, **{"": float(D.sum() * n(D))}),
                f"For the one number the sum is multiplied by the uses. Adding up has counted them already. {BIAS}")
          for n in (lambda D: len(D), lambda D: D.shape[1], lambda D: D.size)),
        *(Wrong("spelling", lambda D, keys=keys: dict(zip(keys, _biases(D).values(), strict=True)),
                "The four gradients are there, under other keys than those of the question.")
          for keys in (("b", "c", "B", "beta"), ("j", "i", "ji", ""), ("j", "i", "ij", None))),
        Wrong("spelling", lambda D: [*_biases(D).values()],
              "The four gradients are there, without their keys: a dict is asked for."),
        Wrong("last dropped", lambda D: {key: part for key, part in _biases(D).items() if key},
              "The single bias is left out; its key is the empty text, as it has no index."),
        Wrong("axis too many", lambda D: _biases(D, **{"": [float(D.sum())]}),
              f"For the one number a list stands there. How many axes does a single number have? {BIAS}"),
        Wrong("digits lost", lambda D: _biases(D, **{"": int(D.sum())}),
              "For the one number the decimals are cut off. Which kind of number is asked for?"),
    )  # fmt: skip

    def cases(self, rng):
        for shape in ((4, 3), (2, 5), (3, 3), *self.more((6, 2), (3, 7))):
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
              "Both belong to the sum over the samples. The question asks for their mean."),
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
        *(Wrong("wrong axis", lambda X, D, n=n: _back(X, D, b=D.sum(axis=1).reshape(-1, 1) / n(D)),
                "For b you add along the units: there is one number for each sample now.")
          for n in (lambda D: D.shape[1], len)),
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
        Wrong("bias not summed", lambda X, D: _back(X, D, b=D.T),
              "For b the samples still have an axis: b is used by all of them, and the mean is over them."),
        Wrong("left as it was", lambda X, D: _back(X, D, b=D.sum(axis=0)),
              f"For b this is still the gradient of the lesson: neither the layout nor the size has changed. {BRIDGE}"),
        Wrong("left as it was", lambda X, D: _back(X, D, W=X.T @ D),
              f"For W this is still the gradient of the lesson: neither the layout nor the size has changed. {BRIDGE}"),
        *(Wrong("divided by B", lambda X, D, n=n: {name: part * len(X) / n(X, D) for name, part in _back(X, D).items()},
                "The mean is over the samples. You divide by another number: which axis are the samples?")
          for n in (lambda X, D: X.shape[1], lambda X, D: D.size, lambda X, D: X.size, lambda X, D: X.size + D.size)),
        *(Wrong("divided by B", lambda X, D, n=n: _back(X, D, W=D.T @ X / n(X, D)),
                "For W you divide by another number than that of the samples. Which axis of X are they?")
          for n in (lambda X, D: X.shape[1], lambda X, D: D.shape[1], lambda X, D: D.size)),
        *(Wrong("divided by B", lambda X, D, n=n: _back(X, D, b=D.sum(axis=0).reshape(-1, 1) / n(X, D)),
                "For b you divide by another number than that of the samples. Which axis of D are they?")
          for n in (lambda X, D: X.shape[1], lambda X, D: D.shape[1], lambda X, D: D.size)),
        *(Wrong("divided by B", lambda X, D, n=n: {
                  name: part * len(X) / n(len(X)) for name, part in _back(X, D).items()},
                "You divide by a number that is near that of the samples. A mean divides by how many there are.")
          for n in (lambda n: n - 1, lambda n: n + 1, np.sqrt)),
        Wrong("divided by B", lambda X, D: _back(X, D, W=D.T @ X / len(X) ** 2),
              "For W you divided by the number of samples twice."),
        Wrong("divided by B", lambda X, D: _back(X, D, b=_back(X, D)["b"] / len(X)),
              "For b you divided by the number of samples twice."),
        *(Wrong("reversed product", lambda X, D, product=product: _back(X, D, W=product(X, D) / len(X)),
                "For W the samples are not what is summed in your product. Which axis of X and of D are they?")
          for product in (lambda X, D: D @ X.T, lambda X, D: D @ X, lambda X, D: X @ D, lambda X, D: X @ D.T)),
        *(Wrong("summed too early", lambda X, D, W=W: _back(X, D, W=W(X, D)),
                "For W the samples are added up in X and in D apart. Each sample's two arrays belong together.")
          for W in (lambda X, D: D.sum(axis=0)[:, None] * X.sum(axis=0), lambda X, D: D.sum(axis=0)[:, None] *
                    X.mean(axis=0), lambda X, D: D.sum(axis=0)[:, None] * X.sum(axis=0) / len(X))),
        *(Wrong("summed too early", lambda X, D, of=of: _back(X, D, W=of(D.T @ X)),
                "For W more than the samples is averaged: np.mean without an axis, or along another one, takes in the "
                "units or the inputs as well.")
          for of in (lambda W: float(W.mean()), lambda W: W.mean(axis=1, keepdims=True), lambda W: W.mean(axis=0),
                     lambda W: W.mean(axis=1))),
        *(Wrong("summed too early", lambda X, D, b=b: _back(X, D, b=b(D)),
                "For b the units are put together as well. There is a number for each of them.")
          for b in (lambda D: float(D.mean()), lambda D: np.full((D.shape[1], 1), D.mean()),
                    lambda D: float(D.sum() / len(D)))),
        *(Wrong("one sample only", lambda X, D, at=at, n=n: {
                  "W": D[[at]].T @ X[[at]] / (len(X) if n else 1), "b": D[[at]].T / (len(X) if n else 1)},
                "Only one sample is counted. Does the loop add to what it has, or replace it?")
          for at, n in ((0, True), (-1, True), (-1, False))),
        *(Wrong("other layout", lambda X, D, n=n: {"W": D @ X.T / n(X), "b": D.sum(axis=1, keepdims=True) / n(X)},
                "You took the columns of X and D for the samples. Both have a sample in each row.")
          for n in (lambda X: X.shape[1], lambda X: 1)),
        Wrong("wrong variable", lambda X, D: {"W": _back(X, D)["b"], "b": _back(X, D)["W"]},
              "The gradient of W stands under the key of b, and that of b under the key of W."),
        Wrong("wrong variable", lambda X, D: _back(X, D, b=X.mean(axis=0).reshape(-1, 1)),
              "For b you took the mean of X. Which array has an entry for each unit?"),
        Wrong("not summed", lambda X, D: {"W": np.einsum("sj,si->sji", D, X) / len(X), "b": D[:, :, None] / len(X)},
              "Each sample's share of the mean stands by itself: the shares are still to be added up."),
        Wrong("not summed", lambda X, D: {"W": np.einsum("sj,si->sji", D, X), "b": D[:, :, None]},
              "The gradients of the samples stand side by side. They are still to be averaged."),
    )  # fmt: skip

    def cases(self, rng):
        for n, m, k in ((3, 3, 3), (4, 3, 5), (5, 4, 2), (3, 2, 4), *self.more((2, 5, 3), (6, 2, 4))):
            yield {"X": rng.normal(size=(n, m)), "D": rng.normal(size=(n, k))}

    def solution(self, X, D):
        return {"W": D.T @ X / len(X), "b": D.mean(axis=0).reshape(-1, 1)}


EXERCISES = [TheFactorsInColumns, ACapturedLetter, FourBiases, TheWayBack]
