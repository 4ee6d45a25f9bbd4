"""The exercises of lesson 16: weighted samples, one matrix for all channels, strides, turned kernels, normalization."""

from itertools import combinations, product

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

BATCH, CHANNELS = "See 'The batch is a tuple of inputs'.", "See 'Channels: a tuple of weight matrices'."
PLACES, PICTURE = "See 'The same weights at every place'.", "See 'On a picture'."
FURTHER = "See 'Further: batch normalization'."


def _weighted(W, b, X, Y, c, *, share=lambda c: c / c.sum(), slope=lambda n, Z: 1 - n**2,
              error=lambda n, Y: 2 * (n - Y),
              for_W=lambda Delta, X: Delta @ X.T, for_b=lambda Delta: Delta.sum(axis=1, keepdims=True),
              for_X=lambda W, Delta, upstream: W.T @ Delta):  # fmt: skip
    """The gradients of 16.1 with other parts."""
    Z = W @ X + b
    n = np.tanh(Z)
    upstream = error(n, Y) * share(c)
    Delta = slope(n, Z) * upstream
    return {"W": for_W(Delta, X), "b": for_b(Delta), "X": for_X(W, Delta, upstream)}


def _with(**parts):
    return lambda W, b, X, Y, c: _weighted(W, b, X, Y, c, **parts)


# A slip, what it changes in the answer, and what is said of it where a second one is beside it.
SLIPS_OF_WEIGHTED = (
    ("divided by B", {"share": lambda c: c / c.size}, "you divide by the number of samples"),
    ("constant factor", {"share": lambda c: c}, "what the weighted sum is divided by is missing"),
    ("argument ignored", {"share": lambda c: np.ones_like(c) / c.size}, "c does not enter"),
    ("factor 1/2", {"error": lambda n, Y: n - Y}, "the square has brought down no factor"),
    ("sign", {"error": lambda n, Y: 2 * (Y - n)}, "the sign is turned"),
    ("outer derivative forgotten", {"slope": lambda n, Z: np.ones_like(n)}, "the slopes of tanh are missing"),
    ("square forgotten", {"slope": lambda n, Z: 1 - n}, "one minus the value is not yet the slope of tanh"),
    ("z for n", {"slope": lambda n, Z: 1 - Z**2}, "z stands where the value belongs in the slope of tanh"),
)


class SamplesThatCountMore(Exercise):
    id = "16.1"
    title = "Samples that count more"
    points = 2
    name = "weighted_gradients"
    arguments = ("W", "b", "X", "Y", "c")
    returns = 'a dict {"W": (M, N), "b": (M, 1), "X": (N, B)}'
    derivation_is_asked = True
    hints = (
        "What is the gradient of L with respect to the output of one sample alone? The rest is as for any batch.",
        "A row (1, B) times a matrix (M, B) with * multiplies column s by entry s: that broadcast is the one you want.",
        "The slope of tanh in its value is 1 - n².",
    )
    because = (
        "The share c_s/Σc takes the place of 1/B, in Δ and nowhere else. The gradients are then those of any batch: "
        "ΔXᵀ, Δ1 and WᵀΔ."
    )
    mistakes = (
        Wrong("divided by B", _with(share=lambda c: c / c.size),
              f"You divide by the number of samples. By what is this mean divided? {BATCH}"),
        Wrong("divided by B", _with(share=lambda c: c / c.sum() / c.size),
              f"Every entry is divided by B, although the mean is taken already. {BATCH}"),
        Wrong("divided by B", _with(share=lambda c: c / c.size, error=lambda n, Y: n - Y),
              f"Two factors are not right: you divide by the number of samples, and a square has brought down nothing. "
              f"By what is this mean divided? {BATCH}"),
        Wrong("factor 1/2", _with(share=lambda c: c, error=lambda n, Y: n - Y),
              f"Two factors are missing: what the sum is divided by, and what the derivative of a square brings down. "
              f"{BATCH}"),
        Wrong("constant factor", _with(share=lambda c: c),
              "The samples are weighted, and what the sum is divided by is missing: all are too long by the same "
              "factor."),
        Wrong("argument ignored", _with(share=lambda c: np.ones_like(c) / c.size),
              f"All samples count alike here: c has not been used. {BATCH}"),
        Wrong("argument ignored", _with(share=lambda c: np.ones_like(c)),
              f"All samples count alike here, and they are summed: neither c nor a mean. {BATCH}"),
        Wrong("argument ignored", _with(share=lambda c: np.ones_like(c) / c.sum()),
              "You divide by the sum of the weights, but no sample is multiplied by its own."),
        Wrong("counted twice", _with(share=lambda c: (c / c.sum()) ** 2),
              "The weight of a sample enters twice: it belongs to the loss of the sample, not to the error as well."),
        Wrong("counted twice", _with(for_W=lambda Delta, X: Delta @ X.T / X.shape[1],
                                     for_b=lambda Delta: Delta.mean(axis=1, keepdims=True)),
              f"For W and b a second mean is taken: the shares of the samples are in Δ already. {BATCH}"),
        Wrong("divided by B", _with(for_b=lambda Delta: Delta.mean(axis=1, keepdims=True)),
              f"For b a mean is taken where the uses are to be added: their shares are in Δ already. {BATCH}"),
        Wrong("divided by B", _with(for_W=lambda Delta, X: Delta @ X.T / X.shape[1]),
              f"For W a second mean is taken: the shares of the samples are in Δ already. {BATCH}"),
        Wrong("bias not summed", _with(for_b=lambda Delta: Delta),
              f"For b there is one column for each sample. All samples use one b: what becomes of its uses? {BATCH}"),
        Wrong("flattened", _with(for_b=lambda Delta: Delta.sum(axis=1)),
              f"That for b has one axis only: it is to have the shape of b. {BATCH}"),
        Wrong("wrong axis", _with(for_b=lambda Delta: Delta.sum(axis=0, keepdims=True)),
              f"For b the sum runs over the units. Which axis counts the samples? {BATCH}"),
        Wrong("wrong axis", _with(for_b=lambda Delta: Delta.sum(axis=0, keepdims=True).T),
              f"For b the sum runs over the units, turned into a column. Which axis counts the samples? {BATCH}"),
        Wrong("summed too early", _with(for_b=lambda Delta: Delta.sum()),
              f"For b everything is added up to one number. Each unit has a bias of its own. {BATCH}"),
        Wrong("summed too early", _with(for_X=lambda W, Delta, u: (W.T @ Delta).sum(axis=1, keepdims=True)),
              f"For X the samples are added up. Does a sample see the input of another? {BATCH}"),
        Wrong("summed too early", _with(for_X=lambda W, Delta, u: (W.T @ Delta).mean(axis=1, keepdims=True)),
              f"For X the mean over the samples is taken. Does a sample see the input of another? {BATCH}"),
        Wrong("factor 1/2", _with(error=lambda n, Y: n - Y),
              "Half as long as it should be: the derivative of a square has a factor that is missing here."),
        Wrong("wrong variable", lambda W, b, X, Y, c: _weighted(
              W, b, X, Y, c, error=lambda n, Y: 2 * (W @ X + b - Y)),
              "The error is taken before tanh: from z, and not from n, the label is subtracted in the loss."),
        Wrong("sign", _with(error=lambda n, Y: 2 * (Y - n)),
              "Every sign is turned: in which order is the difference of n and y differentiated?"),
        Wrong("value instead of derivative", _with(error=lambda n, Y: (n - Y) ** 2),
              "The loss of an entry stands where its derivative with respect to n belongs."),
        *(Wrong("value instead of derivative", _with(
                    error=lambda n, Y, axis=axis: 2 * np.linalg.norm(n - Y, axis=axis)),
                "The length of the errors stands where the errors themselves belong: each entry of n has its own, and "
                "its own sign.") for axis in (None, 0)),
        Wrong("power rule", _with(error=lambda n, Y: 2 * (n - Y) ** 2),
              "The error is still squared, although the factor 2 has come down: the exponent drops by one."),
        Wrong("argument ignored", _with(error=lambda n, Y: 2 * n),
              "The labels do not enter: which way a sample pulls depends on what it should have been."),
        *(Wrong("counted twice", _with(share=lambda c, k=k: c**k / c.sum()),
                "Above the fraction line stands another power of c than in L, where it multiplies each loss once.")
          for k in (2, 0.5)),
        *(Wrong("counted twice", _with(share=lambda c, k=k: c**k / (c**k).sum()),
                f"Above and below the fraction line stands another power of c than in L. {BATCH}") for k in (2, 0.5)),
        Wrong("constant factor", _with(share=lambda c: c / c.max()),
              f"You divide by the largest of the weights. By what is this mean divided? {BATCH}"),
        Wrong("wrong layer's input", _with(for_W=lambda Delta, X: Delta @ np.tanh(X).T),
              f"For W the input is sent through tanh before it meets Δ. What does W multiply on the way up? {BATCH}"),
        Wrong("wrong layer's input", lambda W, b, X, Y, c: _weighted(
              W, b, X, Y, c, for_W=lambda Delta, _: Delta @ np.tanh(W @ X + b).T),
              f"For W you take the output of the layer. What does W multiply on the way up? {BATCH}"),
        *(Wrong("wrong concept", lambda W, b, X, Y, c, of=of: of(_weighted(W, b, X, Y, c).values()),
                "The three are asked for under their names, in a dict. Whether they are right is not judged yet.")
          for of in (tuple, list)),
        Wrong("outer derivative forgotten", _with(slope=lambda n, Z: np.ones_like(n)),
              "The slopes of tanh are missing: Z moves n, and n moves L (lesson 12)."),
        Wrong("outer derivative forgotten", _with(for_X=lambda W, Delta, u: W.T @ u),
              "For X what goes through W has not met the slopes of tanh (lesson 12)."),
        Wrong("bias forgotten", lambda W, b, X, Y, c: _weighted(W, 0 * b, X, Y, c),
              "b does not enter the forward pass: it moves every z."),
        Wrong("transposed", _with(for_W=lambda Delta, X: X @ Delta.T),
              f"For W the factors stand in the wrong order: the gradient is to have the shape of W. {BATCH}"),
        Wrong("transposed", _with(for_X=lambda W, Delta, u: (W.T @ Delta).T),
              "That for X is transposed: samples are columns."),
        Wrong("left as it was", _with(for_X=lambda W, Delta, u: Delta),
              f"For X you hand down Δ itself. What multiplies it on its way to the input? {BATCH}"),
        Wrong("inner product", _with(share=lambda c: c.T / c.sum()),
              "c is a row (1, B), and as a column it no longer meets the samples, which are columns of Δ."),
        Wrong("one sample only", _with(for_W=lambda Delta, X: Delta[:, [0]] @ X[:, [0]].T,
                                       for_b=lambda Delta: Delta[:, [0]]),
              f"For W and b only the first sample is counted. {BATCH}"),
        Wrong("one sample only", _with(for_W=lambda Delta, X: Delta[:, [-1]] @ X[:, [-1]].T,
                                       for_b=lambda Delta: Delta[:, [-1]]),
              f"Only the last sample is counted here, as in a loop with = where += is meant. {BATCH}"),
        Wrong("not summed", _with(for_W=lambda Delta, X: np.outer(Delta, X)),
              f"For W, np.outer flattens both arrays and multiplies every entry with every other: errors of one sample "
              f"meet inputs of another, and nothing is summed. {BATCH}"),
        Wrong("wrong variable", lambda W, b, X, Y, c: _weighted(W, b, X, Y, c, for_W=lambda D, X: W * (D @ X.T)),
              f"The gradient for W is multiplied by W itself once more. What is a weight multiplied by? {BATCH}"),
        Wrong("constant factor", _with(share=lambda c: c / c.mean()),
              f"You divide by the mean of the weights: that makes them 1 on average, and leaves a sum. {BATCH}"),
        Wrong("wrong variable", lambda W, b, X, Y, c: _weighted(
              W, b, X, Y, c, share=lambda c: np.ones_like(c) / c.sum(), error=lambda n, Y: 2 * (c * n - Y)),
              "The weight of a sample multiplies its output, and not its loss: look at what stands in the bracket."),
        Wrong("constant factor", lambda W, b, X, Y, c: _weighted(
              W, b, X, Y, c, share=lambda c: c / c.sum() / len(Y)),
              "You divide by the number of units as well: the loss of a sample is a sum over its entries."),
        Wrong("reversed product", _with(for_X=lambda W, Delta, u: Delta @ W.T),
              f"The factors of an @ do not fit: write their shapes below them. For W the samples are summed, for X the "
              f"units. {BATCH}"),
        *(Wrong("transposed", product,
                f"The factors of an @ do not fit, because one is not transposed, or is and should not be. For W the "
                f"samples are summed; on the way up W stands as it is, and on the way down transposed. {BATCH}")
          for product in (_with(for_W=lambda Delta, X: Delta.T @ X), _with(for_X=lambda W, Delta, u: W @ Delta))),
        *slips.slopes_of_tanh(lambda slope: _with(slope=lambda n, Z: slope(Z)), BATCH),
        *(Wrong(name, _with(**first, **second), f"Two things: {said}, and {too}. {BATCH}")
          for (name, first, said), (other, second, too) in combinations(SLIPS_OF_WEIGHTED, 2)
          if not first.keys() & second.keys()
          and (name, other) not in (("divided by B", "factor 1/2"), ("constant factor", "factor 1/2"))),  # above
    )  # fmt: skip

    def cases(self, rng):
        for M, N, B in ((3, 2, 5), (2, 4, 3), (4, 3, 7), *self.more((5, 2, 4), (2, 3, 9))):
            yield {
                "W": rng.normal(size=(M, N)),
                "b": rng.normal(size=(M, 1)),
                "X": rng.normal(size=(N, B)),
                "Y": rng.normal(size=(M, B)),
                "c": rng.uniform(0.5, 3.0, size=(1, B)),
            }

    def solution(self, W, b, X, Y, c):
        n = np.tanh(W @ X + b)
        Delta = (1 - n**2) * 2 * (n - Y) * c / c.sum()
        return {"W": Delta @ X.T, "b": Delta.sum(axis=1, keepdims=True), "X": W.T @ Delta}


def _channels(W, b, x, delta, C, /, **other):
    """The answer of 16.2, with parts replaced: functions of (W, Δ, X), whose columns are the channels."""
    (M, N) = W.shape
    Delta, X = delta.reshape(C, M).T, x.reshape(C, N).T
    right = {
        "block": lambda W, Delta, X: np.kron(np.eye(C), W),
        "W": lambda W, Delta, X: Delta @ X.T,
        "b": lambda W, Delta, X: Delta.sum(axis=1, keepdims=True),
        "x": lambda W, Delta, X: (W.T @ Delta).T.reshape(-1, 1),
    }
    return {key: part(W, Delta, X) for key, part in (right | other).items()}


def _but(**other):
    return lambda W, b, x, delta, C: _channels(W, b, x, delta, C, **other)


class OneMatrixForEveryChannel(Exercise):
    id = "16.2"
    title = "One matrix for every channel"
    points = 2
    name = "shared_by_channels"
    arguments = ("W", "b", "x", "delta", "C")
    returns = 'a dict {"block": (CM, CN), "W": (M, N), "b": (M, 1), "x": (CN, 1)}'
    derivation_is_asked = True
    hints = (
        "Which blocks of the dense layer hold W, and what do the others hold? Write it down for two channels.",
        "How often is W used for one sample, and how often is the first channel of x?",
        "x.reshape(C, N).T has the channels as columns. Which matrix of samples does that remind you of?",
    )
    because = (
        "W stands on the diagonal of the block matrix, once for each channel, and is used C times: its gradient is the "
        "sum of the diagonal blocks of δxᵀ, which is ΔXᵀ with the channels as columns. x_c is used once."
    )
    mistakes = (
        Wrong("elementwise product", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.tile(W, (C, C))),
              f"The block matrix has W everywhere. Does the second channel of x reach the first of z? {CHANNELS}"),
        Wrong("reversed product", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.kron(W, np.eye(C))),
              f"In the block matrix each entry of W became a block: the channels would have to alternate entry by "
              f"entry in x. They stand below one another. {CHANNELS}"),
        Wrong("transposed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.kron(np.eye(C), W.T)),
              f"The block matrix has the transpose of W in its blocks: it goes the way back. {CHANNELS}"),
        Wrong("left as it was", lambda W, b, x, delta, C: _channels(W, b, x, delta, C, block=lambda W, *_: W),
              f"The block matrix is W itself. The dense layer takes all C channels at once. {CHANNELS}"),
        Wrong("glued too early", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.tile(W, (C, 1))),
              f"The copies of W stand below one another in one block column: how wide is x? {CHANNELS}"),
        Wrong("glued too early", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.tile(W, (1, C))),
              f"The copies of W stand side by side in one block row: how long is z? {CHANNELS}"),
        Wrong("not summed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C, W=lambda *_: delta @ x.T),
              f"For W you return the gradient of the block matrix as if its entries were free: there is one W. "
              f"{CHANNELS}"),
        Wrong("counted twice", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: Delta.sum(axis=1, keepdims=True) @ X.sum(axis=1, keepdims=True).T),
              f"For W all blocks are added up, those of two different channels too: a product of sums is no sum of "
              f"products. {CHANNELS}"),
        Wrong("one use only", _but(W=lambda W, Delta, X: Delta[:, [0]] @ X[:, [0]].T,
                                   b=lambda W, Delta, X: Delta[:, [0]]),
              f"For W and b only the first channel is counted. {CHANNELS}"),
        Wrong("one use only", _but(W=lambda W, Delta, X: Delta[:, [0]] @ X[:, [0]].T),
              f"For W only the first channel is counted. {CHANNELS}"),
        Wrong("one use only", _but(W=lambda W, Delta, X: Delta[:, [-1]] @ X[:, [-1]].T),
              f"For W only the last channel is counted: = where += is meant? {CHANNELS}"),
        Wrong("one use only", _but(b=lambda W, Delta, X: Delta[:, [0]]),
              f"For b only the first channel is counted. {CHANNELS}"),
        Wrong("one use only", _but(b=lambda W, Delta, X: Delta[:, [-1]]),
              f"For b only the last channel is counted: = where += is meant? {CHANNELS}"),
        Wrong("divided by the uses", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: Delta @ X.T / C, b=lambda W, Delta, X: Delta.mean(axis=1, keepdims=True)),
              f"For W and b you take the mean over the channels. The loss is no mean over channels: paths are added. "
              f"{CHANNELS}"),
        Wrong("divided by the uses", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: Delta @ X.T / C),
              f"For W you take the mean over the channels: paths are added. {CHANNELS}"),
        Wrong("divided by the uses", _but(b=lambda W, Delta, X: Delta.mean(axis=1, keepdims=True)),
              f"For b you take the mean over the channels: paths are added. {CHANNELS}"),
        Wrong("bias not summed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C, b=lambda *_: delta),
              f"For b all of δ is returned, one part for each channel. There is one b. {CHANNELS}"),
        Wrong("bias not summed", _but(b=lambda W, Delta, X: Delta),
              f"For b there is one column for each channel. There is one b. {CHANNELS}"),
        Wrong("summed too early", lambda W, b, x, delta, C: _channels(W, b, x, delta, C, b=lambda *_: delta.sum()),
              f"For b everything is added up to one number: each unit has a bias of its own. {CHANNELS}"),
        Wrong("summed too early", _but(b=lambda W, Delta, X: np.full((len(W), 1), Delta.sum())),
              f"For b the sum of all entries of δ stands in every entry: each unit has a bias of its own. {CHANNELS}"),
        Wrong("divided by the uses", _but(x=lambda W, Delta, X: (W.T @ Delta).T.reshape(-1, 1) / Delta.shape[1]),
              f"For x you divide by the number of channels. How often is a channel of x used? {CHANNELS}"),
        Wrong("divided by the uses", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.kron(np.eye(C), W) / C),
              f"In the block matrix W is divided by the number of channels. It is to do what the layer does. "
              f"{CHANNELS}"),
        Wrong("flattened", _but(b=lambda W, Delta, X: Delta.sum(axis=1)),
              f"That for b has one axis only. {CHANNELS}"),
        Wrong("flattened", _but(x=lambda W, Delta, X: (W.T @ Delta).T.ravel()),
              f"That for x has one axis only. {CHANNELS}"),
        Wrong("summed too early", _but(x=lambda W, Delta, X: (W.T @ Delta).sum(axis=1, keepdims=True)),
              f"For x the channels are added up. Which channels of z does a channel of x reach in this layer? "
              f"{CHANNELS}"),
        Wrong("summed too early", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              x=lambda W, Delta, X: np.tile((W.T @ Delta).sum(axis=1, keepdims=True), (C, 1))),
              f"For x every channel gets the sum over all channels of z. Which of them does it reach? {CHANNELS}"),
        Wrong("reshaped", _but(x=lambda W, Delta, X: (W.T @ Delta).reshape(-1, 1)),
              f"For x the numbers are right and stand in another order: reshape reads row by row, and the channels are "
              f"your columns. {CHANNELS}"),
        Wrong("axis too many", _but(x=lambda W, Delta, X: (W.T @ Delta).T),
              f"For x the numbers are right, with a row for each channel. In x the channels stand below one another, "
              f"in one column: that step is still missing. {CHANNELS}"),
        Wrong("axis too many", _but(x=lambda W, Delta, X: W.T @ Delta),
              f"For x the channels stand side by side; in x they stand below one another. {CHANNELS}"),
        Wrong("transposed", _but(b=lambda W, Delta, X: Delta.sum(axis=1, keepdims=True).T),
              f"That for b is a row. A gradient has the shape of its parameter. {CHANNELS}"),
        Wrong("wrong variable", _but(W=lambda W, Delta, X: W * (Delta @ X.T)),
              f"The gradient for W is multiplied by W itself once more. What is a weight multiplied by? {CHANNELS}"),
        Wrong("transposed", _but(W=lambda W, Delta, X: X @ Delta.T),
              f"That for W is transposed: the factors stand in the wrong order. {CHANNELS}"),
        Wrong("one use only", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              block=lambda W, *_: np.kron(np.diag(np.arange(C) == 0).astype(float), W)),
              f"In the block matrix W stands once. Every channel passes through it. {CHANNELS}"),
        Wrong("wrong axis", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              b=lambda W, Delta, X: Delta.sum(axis=0).reshape(-1, 1)),
              f"For b the sum runs over the units of each channel. Over what is it to run? {CHANNELS}"),
        Wrong("transposed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: X.T @ Delta),
              f"For W the factors do not fit: which of them is transposed in the sum over samples? {CHANNELS}"),
        Wrong("transposed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              x=lambda W, *_: np.kron(np.eye(C), W) @ delta),
              f"For x the block matrix is taken as on the way up. {CHANNELS}"),
        Wrong("one use only", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: C * Delta[:, [0]] @ X[:, [0]].T, b=lambda W, Delta, X: C * Delta[:, [0]]),
              f"For W and b the first channel is counted for all: each has an input and a δ of its own. {CHANNELS}"),
        Wrong("not summed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: [Delta[:, [c]] @ X[:, [c]].T for c in range(C)]),
              f"For W you have one gradient for each channel. There is one W. {CHANNELS}"),
        Wrong("reshaped", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, *_: delta.reshape(len(W), C) @ x.reshape(W.shape[1], C).T),
              f"For W the channels were mixed: reshape fills row by row; a channel stands in one piece. {CHANNELS}"),
        *(Wrong("wrong concept", lambda W, b, x, delta, C, part=part: _channels(W, b, x, delta, C, x=part),
                f"{what} What is handed down has an entry for each entry of x. {CHANNELS}")
          for what, part in (
              ("For x this is the layer's own output, without the bias.",
               lambda W, Delta, X: (W @ X).T.reshape(-1, 1)),
              ("For x only the first channel is sent back.", lambda W, Delta, X: W.T @ Delta[:, [0]]))),
        Wrong("not summed", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              W=lambda W, Delta, X: np.kron(np.eye(C), np.ones_like(W)) * (delta @ x.T)),
              f"For W you give the gradient of the whole block matrix. Its blocks are one and the same W. {CHANNELS}"),
        Wrong("reshaped", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              x=lambda W, *_: (W.T @ delta.reshape(len(W), C)).reshape(-1, 1)),
              f"For x the channels of δ were mixed: reshape fills row by row; a channel stands in one piece. "
              f"{CHANNELS}"),
        Wrong("divided by the uses", _but(
              W=lambda W, Delta, X: Delta.mean(axis=1, keepdims=True) @ X.mean(axis=1, keepdims=True).T),
              f"For W two means are multiplied. A sum of products, one for each channel, is something else. "
              f"{CHANNELS}"),
        Wrong("counted twice", _but(b=lambda W, Delta, X: Delta.shape[1] * Delta.sum(axis=1, keepdims=True)),
              f"For b the channels are added up and then counted C times once more. {CHANNELS}"),
        Wrong("not summed", _but(W=lambda W, Delta, X: np.einsum("mc,nc->cmn", Delta, X),
                                 b=lambda W, Delta, X: Delta.T[:, :, None]),
              f"For W and b you have a stack with one gradient for each channel. There is one W and one b. {CHANNELS}"),
        Wrong("not summed", _but(W=lambda W, Delta, X: np.einsum("mc,nc->cmn", Delta, X)),
              f"For W you have a stack with one gradient for each channel. There is one W. {CHANNELS}"),
        Wrong("axis too many", _but(block=lambda W, Delta, X: np.stack([W] * X.shape[1])),
              f"The copies of W stand in an array with three axes. The dense layer has one matrix. {CHANNELS}"),
        Wrong("wrong concept", _but(block=lambda W, Delta, X: np.hstack(
              [np.tile(W, (X.shape[1], 1)), np.zeros((Delta.size, X.size - len(X)))])),
              f"All copies of W stand in the first block column: every channel of z would see the first of x. "
              f"{CHANNELS}"),
        Wrong("wrong concept", _but(block=lambda W, Delta, X: np.vstack(
              [np.tile(W, (1, X.shape[1])), np.zeros((Delta.size - len(Delta), X.size))])),
              f"All copies of W stand in the first block row: the first channel of z would see every one of x. "
              f"{CHANNELS}"),
        Wrong("wrong concept", lambda W, b, x, delta, C: _channels(
              W, b, x, delta * (1 - np.tanh(np.kron(np.eye(C), W) @ x + np.tile(b, (C, 1))) ** 2), C),
              f"Slopes of tanh are multiplied in. This layer has no activation: δ belongs to z itself. {CHANNELS}"),
        *(Wrong("wrong concept", lambda W, b, x, delta, C, of=of: of(_channels(W, b, x, delta, C).values()),
                "The four are asked for under their names, in a dict. Whether they are right is not judged yet.")
          for of in (tuple, list)),
        Wrong("reshaped", lambda W, b, x, delta, C: _channels(W, b, x, delta, C,
              b=lambda W, *_: delta.reshape(len(W), C).sum(axis=1, keepdims=True)),
              f"For b the channels were mixed: reshape fills row by row; a channel stands in one piece. {CHANNELS}"),
    )  # fmt: skip

    def cases(self, rng):
        for M, N, C in ((2, 3, 2), (3, 3, 3), (4, 2, 3), *self.more((3, 2, 4), (2, 4, 5))):
            yield {
                "W": rng.normal(size=(M, N)),
                "b": rng.normal(size=(M, 1)),
                "x": rng.normal(size=(C * N, 1)),
                "delta": rng.normal(size=(C * M, 1)),
                "C": C,
            }

    def solution(self, W, b, x, delta, C):
        (M, N) = W.shape
        X, Delta = x.reshape(C, N).T, delta.reshape(C, M).T  # the channels as columns
        return {
            "block": np.kron(np.eye(C), W),
            "W": Delta @ X.T,
            "b": Delta.sum(axis=1, keepdims=True),
            "x": np.vstack([W.T @ Delta[:, [c]] for c in range(C)]),
        }


def _matrix(kappa, N, T, q, at=lambda t, r, q: q * t + r):
    W = np.zeros((T, N))
    for t in range(T):
        for r in range(len(kappa)):
            if 0 <= at(t, r, q) < N:
                W[t, at(t, r, q)] = kappa[r, 0]
    return W


def _line(kappa, x, delta, q, /, **other):
    """The answer of 16.3, with parts replaced: functions of (kappa, x, delta, q, W)."""
    W = _matrix(kappa, len(x), len(delta), q)
    picked = np.array([x[r : r + q * (len(delta) - 1) + 1 : q, 0] for r in range(len(kappa))])
    right = {"W": W, "kappa": picked @ delta, "x": W.T @ delta}
    return right | {key: part(kappa, x, delta, q, W) for key, part in other.items()}


def _line_but(**other):
    return lambda kappa, x, delta, q: _line(kappa, x, delta, q, **other)


def _slopes(at):
    """Σ_t δ_t x_at for each tap."""

    def of(kappa, x, delta, q, W):
        places = range(len(delta))
        return np.array([[sum(delta[t, 0] * x[at(t, r, q), 0] for t in places if 0 <= at(t, r, q) < len(x))]
                         for r in range(len(kappa))])  # fmt: skip

    return of


def _sent_back(put):
    """The gradient for x, filled by put(below, t, r, kappa, delta, q)."""

    def of(kappa, x, delta, q, W):
        below = np.zeros_like(x)
        for t in range(len(delta)):
            for r in range(len(kappa)):
                put(below, t, r, kappa, delta, q)
        return below

    return of


def _overwrite(below, t, r, kappa, delta, q):
    below[q * t + r] = kappa[r] * delta[t]


def _turned(below, t, r, kappa, delta, q):
    below[q * t + len(kappa) - 1 - r] += kappa[r] * delta[t]


def _no_stride(below, t, r, kappa, delta, q):
    below[t + r] += kappa[r] * delta[t]


def _weights_apart(below, t, r, kappa, delta, q):
    below[t + q * r] += kappa[r] * delta[t]


def _no_kernel(below, t, r, kappa, delta, q):
    below[q * t + r] += delta[t]


def _first_pixel(below, t, r, kappa, delta, q):
    below[q * t] += kappa[r] * delta[t]


def _to_the_end(of):
    """The gradient for kappa, by of(slice to the end of the line, δ)."""
    return lambda kappa, x, delta, q, W: np.array([of(x[r::q], delta) for r in range(len(kappa))]).reshape(-1, 1)


def _added_to_the_end(kappa, x, delta, q, W):
    """The gradient for x, added up in slices to the end of the line."""
    below = np.zeros_like(x)
    for r in range(len(kappa)):
        below[r::q] += kappa[r] * delta
    return below


def _repeated(kappa, x, delta, q, W):
    """The gradient for x, with δ repeated where zeros belong between the places."""
    apart = np.repeat(delta.ravel(), q)[: q * (len(delta) - 1) + 1]
    return np.convolve(apart, kappa.ravel()).reshape(-1, 1)


class AnyStride(Exercise):
    id = "16.3"
    title = "Any kernel, any stride"
    points = 3
    name = "convolution"
    arguments = ("kappa", "x", "delta", "q")
    returns = 'a dict {"W": (T, N), "kappa": (R, 1), "x": (N, 1)}'
    derivation_is_asked = True
    hints = (
        "At which pixel does place t begin? Which entry of row t of W is κ_r?",
        "A slice x[start:stop:step] holds what κ_r sees. T numbers in steps of q: where must it stop?",
        "δ_t reaches every pixel that place t has seen, and a pixel may be seen from several places.",
    )
    because = (
        "Row t of W has κ_r in column qt + r. So κ_r meets x_{qt+r} and collects Σ_t δ_t x_{qt+r}, and pixel qt + r "
        "collects κ_r δ_t, added up over all places that see it."
    )
    mistakes = (
        Wrong("stride ignored", _line_but(W=lambda k, x, d, q, W: _matrix(k, len(x), len(d), 1)),
              f"In W every row is moved by one pixel, whatever the stride. {PLACES}"),
        Wrong("stride ignored", _line_but(kappa=_slopes(lambda t, r, q: t + r)),
              f"For kappa place t is taken to begin at pixel t, whatever the stride. {PLACES}"),
        Wrong("stride ignored", _line_but(x=_sent_back(_no_stride)),
              f"For x place t is taken to begin at pixel t, whatever the stride. {PLACES}"),
        Wrong("stride ignored", lambda kappa, x, delta, q: _line(kappa, x, delta, 1),
              f"The stride has not been used: place t begins at another pixel than t. {PLACES}"),
        Wrong("wrong variable", _line_but(
              W=lambda k, x, d, q, W: _matrix(k, len(x), len(d), q, lambda t, r, q: t + q * r),
              kappa=_slopes(lambda t, r, q: t + q * r), x=_sent_back(_weights_apart)),
              f"The stride stands between the weights, as if place t saw every q-th pixel from pixel t on. It moves "
              f"the whole window; inside it neighbours stay neighbours. {PLACES}"),
        Wrong("wrong variable", _line_but(
              W=lambda k, x, d, q, W: _matrix(k, len(x), len(d), q, lambda t, r, q: t + q * r)),
              f"In W the weights of a row are q apart. The stride moves the whole window; inside it neighbours stay "
              f"neighbours. {PLACES}"),
        Wrong("wrong variable", _line_but(kappa=_slopes(lambda t, r, q: t + q * r)),
              f"For kappa the stride multiplies the number of the weight. It moves the window from place to place. "
              f"{PLACES}"),
        Wrong("reversed order", _line_but(W=lambda k, x, d, q, W: _matrix(k[::-1], len(x), len(d), q)),
              f"In W the kernel is turned round. {PLACES}"),
        Wrong("reversed order", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, d, q)["kappa"][::-1]),
              f"For kappa the slopes stand in the reverse order: the kernel is not turned round. {PLACES}"),
        Wrong("reversed order", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, d[::-1], q)["kappa"]),
              f"For kappa δ runs from its end while the pixels run from their beginning. {PLACES}"),
        Wrong("reversed order", _line_but(x=_sent_back(_turned)),
              f"For x the kernel is turned round inside each window. Which weight had met the pixel? {PLACES}"),
        Wrong("one use only", _line_but(x=_sent_back(_overwrite)),
              f"For x the last window wins where windows overlap. A pixel that is seen from several places is used "
              f"several times. {PLACES}"),
        Wrong("one use only", _line_but(kappa=lambda k, x, d, q, W: d[0] * x[: len(k)]),
              f"For kappa only the first place is counted. Each weight is used at every place. {PLACES}"),
        Wrong("one use only", _line_but(kappa=lambda k, x, d, q, W: d[-1] * x[q * (len(d) - 1) :][: len(k)]),
              f"For kappa only the last place is counted: = where += is meant? {PLACES}"),
        Wrong("divided by the uses", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, d, q)["kappa"] / len(d)),
              f"For kappa you take the mean over the places. The uses are added. {PLACES}"),
        Wrong("not summed", _line_but(kappa=lambda k, x, d, q, W: d @ x.T),
              f"For kappa you return δxᵀ, as if every entry of W were free. {PLACES}"),
        Wrong("upstream forgotten", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, np.ones_like(d), q)["kappa"]),
              f"For kappa the pixels are added up without δ. {PLACES}"),
        Wrong("upstream forgotten", _line_but(x=lambda k, x, d, q, W: W.T @ np.ones_like(d)),
              f"For x the weights are added up without δ. {PLACES}"),
        Wrong("inner derivative forgotten", _line_but(x=_sent_back(_no_kernel)),
              f"For x the δ are added up without the weights that met the pixel. {PLACES}"),
        Wrong("transposed", _line_but(W=lambda k, x, d, q, W: W.T),
              f"W is transposed: it has a row for each place. {PLACES}"),
        Wrong("flattened", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, d, q)["kappa"].ravel()),
              f"That for kappa has one axis only. {PLACES}"),
        Wrong("flattened", _line_but(x=lambda k, x, d, q, W: (W.T @ d).ravel()),
              f"That for x has one axis only. {PLACES}"),
        Wrong("flattened", _line_but(kappa=lambda k, x, d, q, W: _line(k, x, d, q)["kappa"].ravel(),
                                     x=lambda k, x, d, q, W: (W.T @ d).ravel()),
              f"Those for kappa and x have one axis only. {PLACES}"),
        Wrong("sign", _line_but(kappa=lambda k, x, d, q, W: -_line(k, x, d, q)["kappa"],
                                x=lambda k, x, d, q, W: -W.T @ d),
              "The gradients for kappa and x have the opposite signs: no step of descent is asked here."),
        Wrong("argument ignored", _line_but(W=lambda k, x, d, q, W: (W != 0) * 1.0),
              f"Your W has ones where the weights belong: it is the sum of the S_r. {PLACES}"),
        Wrong("derivative instead of value", _line_but(W=lambda k, x, d, q, W: d @ x.T),
              f"For W you return δxᵀ, a gradient. The exercise asks for the matrix of the layer. {PLACES}"),
        Wrong("value instead of derivative", _line_but(kappa=lambda k, x, d, q, W: W @ x),
              f"For kappa you return z, the output of the layer. {PLACES}"),
        Wrong("summed too early", _line_but(
              kappa=lambda k, x, d, q, W: (d @ x.T).sum(axis=0)[: len(k)].reshape(-1, 1)),
              f"For kappa whole columns of δxᵀ are added up. Which of their entries belong to the weight? {PLACES}"),
        Wrong("summed too early", _line_but(
              kappa=lambda k, x, d, q, W: _line(k, x, np.ones_like(d), q)["kappa"] * d.sum()),
              f"For kappa the sums are multiplied. A sum of products is something else. {PLACES}"),
        Wrong("transposed", _line_but(x=lambda k, x, d, q, W: W @ d),
              f"For x, W is taken as on the way up. {PLACES}"),
        Wrong("one use only", _line_but(kappa=lambda k, x, d, q, W: np.array(
              [[d[r, 0] * x[q * r, 0] if r < len(d) else 0.0] for r in range(len(k))])),
              f"For kappa each weight gets a single product. At how many places is it used? {PLACES}"),
        Wrong("one use only", _line_but(x=lambda k, x, d, q, W: np.array(
              [[k[0, 0] * d[j // q, 0] if j % q == 0 and j // q < len(d) else 0.0] for j in range(len(x))])),
              f"For x only the first pixel of each window gets something back. {PLACES}"),
        Wrong("wrong variable", _line_but(kappa=lambda k, x, d, q, W: d.sum() * k),
              f"For kappa the taps themselves are multiplied by δ. What is a tap multiplied by at place t? {PLACES}"),
        Wrong("value instead of derivative", _line_but(x=lambda k, x, d, q, W: W @ x),
              f"For x this is the output of the layer. What comes back goes the other way through the matrix. "
              f"{PLACES}"),
        Wrong("not summed", _line_but(x=lambda k, x, d, q, W: np.vstack([d_t * k for d_t in d])),
              f"For x the shares of all windows stand below one another. A pixel that several windows see gets "
              f"several. {PLACES}"),
        Wrong("stride ignored", _line_but(kappa=lambda k, x, d, q, W: np.correlate(x.ravel(), d.ravel(), "valid")
              .reshape(-1, 1)),
              f"For kappa, np.correlate moves by 1 from place to place. How far apart are two places here? {PLACES}"),
        *(Wrong("last dropped", _line_but(kappa=_to_the_end(of)),
                f"For kappa δ meets more pixels than there are places: a slice is to be as long as δ. {PLACES}")
          for of in (lambda x_r, d: np.sum(d * x_r), lambda x_r, d: (d.T @ x_r).item(),
                     lambda x_r, d: np.vdot(x_r, d))),
        Wrong("last dropped", _line_but(kappa=lambda k, x, d, q, W: np.array(
              [x[r::q, 0] for r in range(len(k))]) @ d),
              f"For kappa the slices are not all of one length, because they run on to the end of the line: where does "
              f"each have to stop? {PLACES}"),
        Wrong("last dropped", _line_but(x=_added_to_the_end),
              f"For x a slice runs on beyond the last place: it is to be as long as δ. {PLACES}"),
        Wrong("stride ignored", _line_but(W=lambda k, x, d, q, W: _matrix(k, len(k) + len(d) - 1, len(d), 1)),
              f"W has rows that are moved by one pixel, and as many columns as these reach. How many pixels has the "
              f"line? {PLACES}"),
        Wrong("one use only", _line_but(W=lambda k, x, d, q, W: W * (np.arange(len(d)) == 0)[:, None]),
              f"In W only the first row is filled. Every place has one. {PLACES}"),
        *(Wrong("summed too early", _line_but(kappa=of),
                f"For kappa all of δxᵀ is added up. Which of its entries belong to one weight? {PLACES}")
          for of in (lambda k, x, d, q, W: (d @ x.T).sum(), lambda k, x, d, q, W: (d @ x.T).sum() + 0 * k)),
        *(Wrong("one use only", _line_but(x=lambda k, x, d, q, W, t=t: W[[t]].T * d[t]),
                f"For x only the {which} place sends something back. Each place sends to the pixels that it has seen. "
                f"{PLACES}")
          for t, which in ((0, "first"), (-1, "last"))),
        Wrong("left as it was", _line_but(kappa=lambda k, x, d, q, W: d),
              f"For kappa you hand back δ itself, a number for each place. What did a weight meet at each place? "
              f"{PLACES}"),
        Wrong("left as it was", _line_but(x=lambda k, x, d, q, W: d),
              f"For x you hand back δ itself. Through which weights does it go on its way to the pixels? {PLACES}"),
        Wrong("last dropped", lambda k, x, d, q: _line(k, x, d, q) | {
                  "W": _line(k, x, d, q)["W"][:-1], "x": _line(k, x, d, q)["W"][:-1].T @ d[:-1],
                  "kappa": _line(k, x, np.vstack([d[:-1], [[0.0]]]), q)["kappa"]},
              f"The last place is missing, in all three: if the kernel can move on n times, how many places are there? "
              f"{PLACES}"),
        Wrong("last dropped", _line_but(W=lambda k, x, d, q, W: W[:-1]),
              f"W lacks the row of the last place. {PLACES}"),
        Wrong("last dropped", _line_but(x=lambda k, x, d, q, W: W[:-1].T @ d[:-1]),
              f"For x the last place sends nothing back. {PLACES}"),
        *(Wrong("reversed order", _line_but(kappa=lambda k, x, d, q, W, by=by: by(x.ravel(), d.ravel(), "valid")
                .reshape(-1, 1)),
                f"For kappa δ runs against the pixels, because np.convolve turns it round; and it moves by 1 from "
                f"place to place, whatever the stride. {PLACES}")
          for by in (np.convolve, lambda p, d, mode: np.convolve(d, p, mode))),
        Wrong("reversed order", _line_but(x=lambda k, x, d, q, W: np.correlate(d.ravel(), k.ravel(), "full")
              .reshape(-1, 1)),
              f"For x the kernel is read in the wrong direction, because np.correlate does not turn it round; and it "
              f"moves by 1 from place to place, whatever the stride. {PLACES}"),
        Wrong("inner derivative forgotten", _line_but(kappa=lambda k, x, d, q, W: d.sum() + 0 * k),
              f"For kappa the δ are added up without the pixels. What is a weight multiplied by at place t? {PLACES}"),
        Wrong("last dropped", _line_but(
              kappa=lambda k, x, d, q, W: _line(k, x, np.vstack([d[:-1], [[0.0]]]), q)["kappa"]),
              f"For kappa the last place is missing. Where must a slice stop, to hold T numbers? {PLACES}"),
        Wrong("stride ignored", _line_but(x=lambda k, x, d, q, W: np.convolve(d.ravel(), k.ravel()).reshape(-1, 1)),
              f"For x, np.convolve moves by 1 from place to place. How far apart are two places here? {PLACES}"),
        Wrong("stride ignored", _line_but(W=lambda k, x, d, q, W: _matrix(k, len(x), len(x) - len(k) + 1, 1)),
              f"W has a row for every pixel at which the kernel could begin. At which of them does it? {PLACES}"),
        Wrong("counted twice", _line_but(x=_repeated),
              f"For x every δ is sent back q times. Between two places nothing was seen. {PLACES}"),
        Wrong("divided by the uses", _line_but(
              x=lambda k, x, d, q, W: W.T @ d / np.maximum(1, (W != 0).sum(axis=0))[:, None]),
              f"For x you take the mean over the windows that see a pixel. The uses are added. {PLACES}"),
        Wrong("summed too early", _line_but(x=_sent_back(_first_pixel)),
              f"For x all that a window sends back is added up at its first pixel. Each of its pixels had a weight of "
              f"its own. {PLACES}"),
        Wrong("value instead of derivative", _line_but(kappa=lambda k, x, d, q, W: k * _line(k, x, d, q)["kappa"]),
              f"For kappa each slope is multiplied by its weight, which still stands in it. {PLACES}"),
        *(Wrong("wrong concept", lambda kappa, x, delta, q, of=of: of(_line(kappa, x, delta, q).values()),
                "The three are asked for under their names, in a dict. Whether they are right is not judged yet.")
          for of in (tuple, list)),
    )  # fmt: skip

    def cases(self, rng):
        for R, T, q in (
            (4, 3, 1),
            (3, 4, 2),
            (2, 3, 3),
            (4, 5, 2),
            *self.more((3, 6, 1), (2, 5, 4)),
        ):  # R <= T, so that t + qr stays on the line
            yield {
                "kappa": rng.normal(size=(R, 1)),
                "x": rng.normal(size=(R + q * (T - 1), 1)),
                "delta": rng.normal(size=(T, 1)),
                "q": q,
            }

    def solution(self, kappa, x, delta, q):
        W, grad_kappa, grad_x = np.zeros((len(delta), len(x))), np.zeros_like(kappa), np.zeros_like(x)
        for t in range(len(delta)):
            window = slice(q * t, q * t + len(kappa))  # the pixels that place t sees
            W[t, window] = kappa.ravel()
            grad_kappa += delta[t] * x[window]
            grad_x[window] += delta[t] * kappa
        return {"W": W, "kappa": grad_kappa, "x": grad_x}


def _library(kappa, x, delta, for_kappa=np.correlate, for_x=np.convolve, change=lambda part: part.reshape(-1, 1)):
    k, pixels, d = kappa.ravel(), x.ravel(), delta.ravel()
    return {"kappa": change(for_kappa(pixels, d, "valid")), "x": change(for_x(d, k, "full"))}


def _last_window(d, k, mode):
    """The gradient for x, each window written over those before."""
    below = np.zeros(len(d) + len(k) - 1)
    for t in range(len(d)):
        below[t : t + len(k)] = d[t] * k
    return below


class TwoNamesExchanged(Exercise):
    id = "16.4"
    title = "Two names, exchanged"
    points = 2
    name = "repaired"
    arguments = ("kappa", "x", "delta")
    returns = 'a dict {"kappa": (R, 1), "x": (N, 1)}'
    hints = (
        "Write out the first two entries of the gradient for κ: which δ meets which pixel?",
        "Does a product of numpy read the second array forward or backward? Compare with your two entries.",
        "In your sum for pixel j, does the index of κ grow or fall as t grows? And that of `a` in numpy's two sums?",
    )
    because = (
        "∂L/∂κ_r = Σ_t δ_t x_{r+t} is a correlation, and the gradient for pixel j, Σ_t δ_t κ_{j-t}, a convolution: the "
        "way back of one is the other. An unsymmetric kernel shows the fault in x, an unsymmetric δ that in kappa."
    )
    mistakes = (
        Wrong("as printed", lambda kappa, x, delta: _library(kappa, x, delta, np.convolve, np.correlate),
              f"These are still the numbers of the program as given: nothing is changed, or two changes cancel. Try it "
              f"on a kernel and a δ that are not symmetric. {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta, np.convolve),
              f"For kappa δ is still turned round: which δ meets which pixel? {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta, for_x=np.correlate),
              f"For x the kernel is still read in the wrong direction: which weight met the last pixel? {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.correlate(p, d, mode)[::-1]),
              f"For kappa the slopes stand in the reverse order: one array too many is turned, or the two have changed "
              f"places. {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.convolve(p, d, mode)[::-1]),
              f"For kappa the result is turned round, and δ still runs against the pixels. {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta,
              for_x=lambda d, k, mode: np.convolve(d, k, mode)[::-1]),
              f"For x the pixels stand in the reverse order. {PLACES}"),
        Wrong("reversed order", lambda kappa, x, delta: _library(kappa, x, delta,
              for_x=lambda d, k, mode: np.correlate(d, k, mode)[::-1]),
              f"For x the result is turned round as a whole, so that δ runs against the pixels. {PLACES}"),
        Wrong("last dropped", lambda kappa, x, delta: _library(kappa, x, delta,
              for_x=lambda d, k, mode: np.convolve(d, k, "valid") if len(d) >= len(k) else np.convolve(k, d, "valid")),
              f"For x only those pixels are there that every weight has met. The others are seen from fewer places. "
              f"{PLACES}"),
        Wrong("last dropped", lambda kappa, x, delta: _library(kappa, x, delta,
              for_x=lambda d, k, mode: np.convolve(d, k, "same")),
              f"For x some pixels at the ends are missing: how many pixels do the places see together? {PLACES}"),
        Wrong("axis too many", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.correlate(p, d, "full")),
              f"For kappa there are more slopes than weights: places outside the line are counted. {PLACES}"),
        Wrong("axis too many", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.convolve(p, d, "full")),
              f"For kappa there are more slopes than weights, and δ is turned round. {PLACES}"),
        Wrong("axis too many", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.correlate(p, d, "same")),
              f"For kappa there are as many slopes as pixels: the mode says which places count. {PLACES}"),
        Wrong("axis too many", lambda kappa, x, delta: {"kappa": np.correlate(x, delta, "valid")},
              "numpy's two products take arrays with one axis: the columns have to lose one, and get it back after."),
        *(Wrong("wrong variable", lambda kappa, x, delta, mode=mode, other=other: _library(kappa, x, delta,
                for_x=lambda d, k, _: np.convolve(x.ravel(), {"k": k, "d": d}[other], mode)),
                f"For x the pixels themselves are taken. Which two arrays meet in its gradient? {PLACES}")
          for mode in ("valid", "same", "full") for other in "kd"),
        *(Wrong("wrong variable", lambda kappa, x, delta, product=product: _library(kappa, x, delta,
                lambda p, d, mode: product(d, kappa.ravel(), mode)),
                f"For kappa the weights themselves are taken. Which two arrays meet in its gradient? {PLACES}")
          for product in (np.correlate, np.convolve)),
        *(Wrong("wrong variable", lambda kappa, x, delta, mode=mode: _library(kappa, x, delta,
                for_x=lambda d, k, _: np.correlate(x.ravel(), k, mode)),
                f"For x the kernel slides over the pixels themselves. Which two arrays meet in its gradient? {PLACES}")
          for mode in ("valid", "same", "full")),
        Wrong("divided by the uses", lambda kappa, x, delta: _library(kappa, x, delta,
              lambda p, d, mode: np.correlate(p, d, mode) / len(d)),
              f"For kappa you take the mean over the places. The uses are added. {PLACES}"),
        Wrong("one use only", lambda kappa, x, delta: _library(kappa, x, delta, for_x=_last_window),
              f"For x the last window wins where windows overlap. A pixel that is seen from several places is used "
              f"several times. {PLACES}"),
        *(Wrong("one use only", lambda kappa, x, delta, t=t: _library(
                    kappa, x, delta, lambda p, d, mode: d[t] * p[t % len(d) :][: len(kappa)]),
                f"For kappa only the {which} place is counted. Each weight is used at every place. {PLACES}")
          for t, which in ((0, "first"), (-1, "last"))),
        Wrong("wrong concept", lambda kappa, x, delta: _library(
                  kappa, x, delta, lambda p, d, mode: np.correlate(p, d, "full")[: len(kappa)]),
              f"For kappa you cut the first entries out of a longer result: there δ lies partly off the "
              f"line. The mode says which places count. {PLACES}"),
        Wrong("value instead of derivative", lambda kappa, x, delta: np.correlate(
              x.ravel(), kappa.ravel(), "valid").reshape(-1, 1),
              f"This is z, what the layer itself gives. The program is to return two gradients, in a dict. {PLACES}"),
        *(Wrong("wrong concept", lambda kappa, x, delta, of=of: of(_library(kappa, x, delta).values()),
                "The two are asked for under their names, in a dict. Whether they are right is not judged yet.")
          for of in (tuple, list)),
        Wrong("flattened", lambda kappa, x, delta: _library(kappa, x, delta, change=lambda part: part),
              f"The numbers are right, and the columns have lost an axis. {PLACES}"),
        Wrong("transposed", lambda kappa, x, delta: _library(kappa, x, delta, change=lambda part: part.reshape(1, -1)),
              f"The numbers are right, in rows. {PLACES}"),
        Wrong("wrong variable", lambda kappa, x, delta: dict(zip(
              ("x", "kappa"), _library(kappa, x, delta).values(), strict=True)),
              "The two gradients have changed places."),
        Wrong("value instead of derivative", lambda kappa, x, delta: {
              **_library(kappa, x, delta), "kappa": np.correlate(x.ravel(), kappa.ravel(), "valid").reshape(-1, 1)},
              f"For kappa you slide the kernel over the line: that is z. What slides over the line in its gradient? "
              f"{PLACES}"),
    )  # fmt: skip

    def cases(self, rng):
        for R, N in ((3, 9), (2, 6), (4, 6), *self.more((5, 8), (2, 7))):
            yield {
                "kappa": rng.normal(size=(R, 1)),
                "x": rng.normal(size=(N, 1)),
                "delta": rng.normal(size=(N - R + 1, 1)),
            }

    def solution(self, kappa, x, delta):
        k, pixels, d = kappa.ravel(), x.ravel(), delta.ravel()
        grad_kappa = np.correlate(pixels, d, "valid")  # Σ_t δ_t x_{r+t}
        grad_x = np.convolve(d, k, "full")  # Σ_t δ_t κ_{j-t}
        return {"kappa": grad_kappa.reshape(-1, 1), "x": grad_x.reshape(-1, 1)}


def _normal(G, X, axis=1, mean=True, spread=True, root=np.sqrt, through=lambda G, x_hat, over: over(G * x_hat), by=1.0,
            sign=(-1, -1), hats=lambda x_hat, s: x_hat):  # fmt: skip
    over = lambda a: a.mean(axis=axis, keepdims=True)
    s = root(over((X - over(X)) ** 2))
    x_hat = (X - over(X)) / s
    total = G + sign[0] * mean * over(G) + sign[1] * spread * by * hats(x_hat, s) * through(G, x_hat, over)
    return total / s


# What goes wrong in each of the three pieces of the answer: (name, by which number the piece is multiplied, in words).
IN_THE_MEAN = (
    ("dropped path", lambda B, v: 0, "the path through the mean is missing"),
    ("sign", lambda B, v: -1, "the path through the mean has the wrong sign"),
    ("times B", lambda B, v: B, "in the path through the mean a sum stands where a mean belongs"),
)
IN_THE_SPREAD = (
    ("dropped path", lambda B, v: 0, "the path through the deviation is missing, or comes out as 0"),
    ("sign", lambda B, v: -1, "the path through the deviation has the wrong sign"),
    ("times B", lambda B, v: B, "in the path through the deviation a sum stands where a mean belongs"),
    ("constant factor", lambda B, v: 2, "the path through the deviation counts twice"),
    ("constant factor", lambda B, v: 0.5, "the path through the deviation counts half"),
    ("constant factor", lambda B, v: v, "in the path through the deviation x - m stands where x̂ belongs"),
)
AT_THE_END = (
    ("constant factor", lambda B, v: np.sqrt(v), "the division by the deviation is missing at the end"),
    ("square forgotten", lambda B, v: 1 / np.sqrt(v), "at the end you divide by the variance"),
)
NAMED_ABOVE = {("dropped path", "dropped path"), ("sign", "sign"), ("times B", "times B")}  # of the two paths


def _in_pieces(mean, spread, end):
    def answer(G, X):
        over = lambda a: a.mean(axis=1, keepdims=True)
        B, v, h = X.shape[1], X.var(axis=1, keepdims=True), _hat(X)
        total = G - mean(B, v) * over(G) - spread(B, v) * h * over(G * h)
        return end(B, v) * total / np.sqrt(v)

    return answer


def _two_slips_in_a_normalization():
    right = ("", lambda B, v: 1, "")
    pieces = [(m, s, right) for m, s in product(IN_THE_MEAN, IN_THE_SPREAD) if (m[0], s[0]) not in NAMED_ABOVE]
    pieces += [(m, right, end) for m, end in product(IN_THE_MEAN, AT_THE_END)]
    pieces += [(right, s, end) for s, end in product(IN_THE_SPREAD, AT_THE_END)]
    for slips_made in pieces:
        (name, _, said), (_, _, too) = (slip for slip in slips_made if slip[0])
        yield Wrong(name, _in_pieces(*(by for _, by, _ in slips_made)), f"Two things: {said}, and {too}. {FURTHER}")


def _hat(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


def _normal_with(**parts):
    return lambda G, X: _normal(G, X, **parts)


class NormalizationBackward(Exercise):
    id = "16.5"
    title = "Backward through a normalization"
    points = 3
    name = "normalization_backward"
    arguments = ("G", "X")
    returns = "an array (N, B)"
    derivation_is_asked = True
    hints = (
        "x̂ is a quotient. The root of v in the denominator moves by Δv/(2√v).",
        "Name s = √v. Two terms of Δx̂_s are the same for all samples but for a factor: that of Δm and that of Δv.",
        "Exchange the two sums: Σ_s g_s Δm is (the mean of g) times ΣΔx, and so for Δv.",
    )
    because = (
        "Δx̂ = (Δx - Δm)/s - x̂ Δs/s with Δs = mean of x̂ Δx. So what multiplies Δx is (g - mean g - x̂ · mean(g "
        "x̂))/s, all means over the batch."
    )
    mistakes = (
        Wrong("dropped path", _normal_with(mean=False, spread=False),
              f"Only the direct path is there: the mean and the deviation were held fixed. {FURTHER}"),
        Wrong("dropped path", _normal_with(spread=False),
              f"The path through the deviation is missing, or comes out as 0. {FURTHER}"),
        Wrong("dropped path", _normal_with(mean=False),
              f"The path through the mean is missing. {FURTHER}"),
        Wrong("constant factor", _normal_with(by=2.0),
              f"The path through the deviation counts twice: what does the root do to Δv? {FURTHER}"),
        Wrong("constant factor", _normal_with(by=0.5),
              f"The path through the deviation counts half: a factor of Δv is lost, or the root is counted twice. "
              f"{FURTHER}"),
        Wrong("times B", lambda G, X: _normal(G, X, through=lambda G, h, over: (G * h).sum(axis=1, keepdims=True)),
              f"In the path through the deviation a sum stands where a mean belongs. {FURTHER}"),
        Wrong("times B", lambda G, X: _normal(G, X) - (X.shape[1] - 1) * G.mean(axis=1, keepdims=True)
              / X.std(axis=1, keepdims=True),
              f"In the path through the mean a sum stands where a mean belongs. {FURTHER}"),
        Wrong("times B", lambda G, X: X.shape[1] * _normal(G, X),
              f"Every entry is B times too large. {FURTHER}"),
        Wrong("sign", _normal_with(sign=(-1, 1)),
              f"The path through the deviation has the wrong sign: does x̂ grow or shrink when the deviation grows? "
              f"{FURTHER}"),
        Wrong("sign", _normal_with(sign=(1, -1)),
              f"The path through the mean has the wrong sign. {FURTHER}"),
        Wrong("sign", _normal_with(sign=(1, 1)),
              f"The paths through the mean and through the deviation have the wrong signs. {FURTHER}"),
        Wrong("wrong axis", _normal_with(axis=0),
              f"Your means run down the columns. Which axis counts the samples? {FURTHER}"),
        Wrong("term missing", _normal_with(hats=lambda x_hat, s: 1.0),
              f"In the path through the deviation the mean is not multiplied by anything: by how much does each x̂ move "
              f"when the deviation does? {FURTHER}"),
        Wrong("upstream forgotten", _normal_with(through=lambda G, h, over: over(h * h)),
              f"In the path through the deviation G does not enter. {FURTHER}"),
        Wrong("wrong variable", lambda G, X: (G - G.mean(axis=1, keepdims=True)
              - G * (G * _hat(X)).mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True),
              f"In the path through the deviation G stands once too often: what multiplies the mean is something else. "
              f"{FURTHER}"),
        Wrong("diagonal only", lambda G, X: G * (1 - 1 / X.shape[1] - _hat(X) ** 2 / X.shape[1])
              / X.std(axis=1, keepdims=True),
              f"Only what a sample does to its own x̂ is there, as on the diagonal of a Jacobian. It moves all x̂ of "
              f"its row. {FURTHER}"),
        Wrong("constant factor", lambda G, X: _normal(G, X) * np.sqrt(1 - 1 / X.shape[1]),
              f"At the end you divide by a deviation with B - 1 in it. By what is v divided? {FURTHER}"),
        Wrong("value instead of derivative", lambda G, X: G * _hat(X),
              f"G is multiplied by x̂ itself. {FURTHER}"),
        Wrong("square forgotten", _normal_with(root=lambda v: v),
              f"You divide by the variance where its root belongs. {FURTHER}"),
        Wrong("upstream forgotten", lambda G, X: _normal(np.ones_like(G), X) + 0 * G,
              f"G has not been used, or only as ones. {FURTHER}"),
        Wrong("constant factor", lambda G, X: _normal(G, X) * X.std(axis=1, keepdims=True),
              f"The division by the deviation is missing at the end. {FURTHER}"),
        Wrong("constant factor", _normal_with(hats=lambda x_hat, s: x_hat * s),
              f"In the path through the deviation a division by the deviation is missing: count them again. {FURTHER}"),
        Wrong("constant factor", _normal_with(hats=lambda x_hat, s: x_hat / s),
              f"The path through the deviation is divided by the deviation once too often. {FURTHER}"),
        Wrong("transposed", lambda G, X: _normal(G, X).T,
              f"The numbers are right, and rows and columns have changed places. {FURTHER}"),
        Wrong("diagonal only", lambda G, X: (G - G.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
              * (1 - _hat(X) ** 2),
              f"In the path through the deviation a sample sees itself alone. It moves all the others. {FURTHER}"),
        Wrong("wrong axis", _normal_with(axis=None),
              f"Your means run over the whole array. Each row has a mean and a deviation of its own. {FURTHER}"),
        Wrong("term missing", _normal_with(through=lambda G, h, over: over(G)),
              f"In the path through the deviation one factor is missing inside the mean. {FURTHER}"),
        Wrong("constant factor", lambda G, X: _normal(
              G, X, root=lambda v: np.sqrt(v * X.shape[1] / (X.shape[1] - 1))),
              f"You divide by B - 1 in the variance. By what is v divided? {FURTHER}"),
        Wrong("wrong variable", lambda G, X: (G - G.mean(axis=1, keepdims=True)
              - X * (G * X).mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True),
              f"X itself stands where x̂ belongs. {FURTHER}"),
        Wrong("times B", lambda G, X: _normal(G, X, through=lambda G, h, over: (G * h).sum(axis=1, keepdims=True))
              - (X.shape[1] - 1) * G.mean(axis=1, keepdims=True) / X.std(axis=1, keepdims=True),
              f"In both paths a sum stands where a mean belongs. {FURTHER}"),
        *(Wrong("wrong axis", lambda G, X, axis=axis: (G - G.mean(axis=axis, keepdims=True) - _hat(X)
                * (G * _hat(X)).mean(axis=axis, keepdims=True)) / X.std(axis=1, keepdims=True),
                f"x̂ is formed row by row, as it should be, and the means of g and of g x̂ are not. {FURTHER}")
          for axis in (0, None)),
        Wrong("constant factor", lambda G, X: _normal(G, X) / X.std(axis=1, keepdims=True),
              f"Every entry is divided by the deviation once too often. {FURTHER}"),
        Wrong("wrong concept", lambda G, X: _normal(G, X, hats=lambda h, s: h**2, through=lambda G, h, over: over(G)),
              f"In the path through the deviation x̂ of one sample stands twice. One of the two belongs to another "
              f"sample, inside the mean. {FURTHER}"),
        Wrong("one sample only", lambda G, X: (G - G[:, :1] - _hat(X) * (G * _hat(X))[:, :1])
              / X.std(axis=1, keepdims=True),
              f"In both paths the first sample stands where a mean over all of them belongs. {FURTHER}"),
        Wrong("dropped path", lambda G, X: G * (1 - 1 / X.shape[1]) / X.std(axis=1, keepdims=True),
              f"A sample is held to move the mean for itself alone, and no deviation. It moves all x̂ of its row. "
              f"{FURTHER}"),
        *(Wrong("few digits", _normal_with(root=root),
                f"A small number is added to v or to its root. Here v stands alone. {FURTHER}")
          for root in (lambda v: np.sqrt(v + 1e-5), lambda v: np.sqrt(v + 1e-8), lambda v: np.sqrt(v) + 1e-5,
                       lambda v: np.sqrt(v) + 1e-8, lambda v: np.sqrt(v + 1e-3))),
        Wrong("dropped path", lambda G, X: -_hat(X) * (G * _hat(X)).mean(axis=1, keepdims=True)
              / X.std(axis=1, keepdims=True),
              f"Only the path through the deviation is there. {FURTHER}"),
        Wrong("constant factor", lambda G, X: _normal(G, X) * X.var(axis=1, keepdims=True),
              f"All is multiplied by the deviation where it is to be divided. {FURTHER}"),
        Wrong("constant factor", lambda G, X: G * X.std(axis=1, keepdims=True),
              f"Only the direct path is there, and it is multiplied by the deviation where it is to be divided. "
              f"{FURTHER}"),
        Wrong("constant factor", _normal_with(hats=lambda x_hat, s: x_hat * s**2),
              f"In the path through the deviation x - m stands where x̂ belongs. {FURTHER}"),
        Wrong("wrong variable", lambda G, X: _normal(G, X, through=lambda G, h, over: over(G * X)),
              f"In the path through the deviation X itself is averaged where x̂ belongs. {FURTHER}"),
        Wrong("wrong variable", lambda G, X: _normal(G, X, hats=lambda x_hat, s: X),
              f"In the path through the deviation X itself stands where x̂ belongs. {FURTHER}"),
        Wrong("wrong variable", lambda G, X: _normal(G, X, mean=False)
              - X.mean(axis=1, keepdims=True) / X.std(axis=1, keepdims=True),
              f"The mean of X is subtracted. What comes back through the mean is made of G. {FURTHER}"),
        Wrong("value instead of derivative", lambda G, X: _hat(X),
              "This is the normalization itself. The exercise asks for what comes back through it."),
        Wrong("orientation assumed", lambda G, X: (X - X.mean(axis=1)) / X.std(axis=1),
              "A mean over an axis has lost this axis: keepdims=True keeps it, and a column meets the rows again."),
        Wrong("elementwise product", _normal_with(through=lambda G, h, over: G * h),
              f"In the path through the deviation each sample sees only its own g: all of them are to be averaged. "
              f"{FURTHER}"),
        *_two_slips_in_a_normalization(),
    )  # fmt: skip

    def cases(self, rng):
        for N, B in ((3, 5), (2, 7), (4, 4), *self.more((5, 3), (2, 9))):
            yield {"G": rng.normal(size=(N, B)), "X": 3 * rng.normal(size=(N, B)) + 2}

    def solution(self, G, X):
        def mean(A):
            return A.mean(axis=1, keepdims=True)

        s = np.sqrt(mean((X - mean(X)) ** 2))
        x_hat = (X - mean(X)) / s
        return (G - mean(G) - x_hat * mean(G * x_hat)) / s


EXERCISES = [SamplesThatCountMore, OneMatrixForEveryChannel, AnyStride, TwoNamesExchanged, NormalizationBackward]
