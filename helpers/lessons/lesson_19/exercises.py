"""The exercises of lesson 19: a program, a formula and a backward pass from other layouts; a row taken for a column."""

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

CARD = "the card of conventions in lesson 00"
PROGRAMS, LISTS, UNKNOWN = slips.see("Six layouts, one layer", "Lists of rows", "A formula that you have never seen")
LAYOUTS = "'Six layouts, one layer'"


class TranslateALayout(Exercise):
    id = "19.1"
    title = "From lecture notes to this course"
    points = 2
    name = "to_course"
    arguments = ("X", "W", "b")
    returns = "a tuple of three arrays, X (N, B), W (M, N) and b (M, 1)"
    hints = (
        "Write the shape you have and the shape you want for each of the three, then say what happens to the axes.",
        "Exchanging axes and refilling a shape are two operations. And .T exchanges axes: how many has b?",
    )
    because = "X and W exchange their axes; b has one axis to start with, and reshape gives it the second."

    def cases(self, rng):
        for B, N, M in ((4, 3, 2), (5, 2, 3), (3, 3, 3), (1, 4, 2), *self.more((2, 3, 5), (6, 1, 4))):
            X, W, b = (rng.integers(-9, 10, shape).astype(float) for shape in ((B, N), (N, M), (M,)))
            yield {"X": X, "W": W, "b": b}

    def solution(self, X, W, b):
        return X.T, W.T, b.reshape(-1, 1)

    mistakes = (
        Wrong("reshaped", lambda X, W, b: (X.reshape(X.shape[::-1]), W.reshape(W.shape[::-1]), b.reshape(-1, 1)),
              "The shapes are right and the numbers stand in the wrong places: reshape refills row by row, so the "
              "numbers of one sample end up in several columns. See 'What can go wrong'."),
        Wrong("reshaped", lambda X, W, b: (X.reshape(X.shape[::-1]), W.T, b.reshape(-1, 1)),
              "Your X has the right shape and its numbers in the wrong places, because reshape "
              "refills row by row: see 'What can go wrong'."),
        Wrong("reshaped", lambda X, W, b: (X.T, W.reshape(W.shape[::-1]), b.reshape(-1, 1)),
              "Your W has the right shape and its numbers in the wrong places, because reshape "
              "refills row by row: see 'What can go wrong'."),
        Wrong("reshaped", lambda X, W, b: (X.reshape(X.shape[::-1], order="F"), W.reshape(W.shape[::-1], order="F"),
                                           b.reshape(-1, 1)),
              "The shape is right and the numbers stand in the wrong places: whatever order reshape is given, it "
              "refills and exchanges no axes. See 'What can go wrong'."),
        Wrong("flattened", lambda X, W, b: (X.T, W.T, b),
              "Your b still has one axis, and .T leaves such an array as it is: there is no second "
              f"axis to exchange. See {LAYOUTS}."),
        Wrong("rows for columns", lambda X, W, b: (X.T, W.T, b.reshape(1, -1)),
              f"Your b is a row; vectors of the course stand upright: see {CARD}."),
        Wrong("transposed", lambda X, W, b: (X, W.T, b.reshape(-1, 1)),
              f"Your samples are still in rows: see {CARD}."),
        Wrong("transposed", lambda X, W, b: (X.T, W, b.reshape(-1, 1)),
              f"Your W still has a row for each input. In the course it has a row for each output: see {LAYOUTS}."),
        Wrong("left as it was", lambda X, W, b: (X, W, b),
              f"These are the three arrays as they came. Each of them changes its shape: see {LAYOUTS}."),
        Wrong("reversed order", lambda X, W, b: (W.T, X.T, b.reshape(-1, 1)),
              "The first two arrays have changed places: X comes first."),
        *(Wrong("reversed order", lambda X, W, b, at=at: tuple((X.T, W.T, b.reshape(-1, 1))[k] for k in at),
                "The three arrays are right and stand in another order. X comes first, then W, then b.")
          for at in ((2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 2, 1))),
        Wrong("transposed", lambda X, W, b: (X, W, b.reshape(-1, 1)),
              f"X and W are as they came: samples still lie in rows, and inputs come before outputs. See "
              f"{LAYOUTS}."),
        Wrong("axes miscounted", lambda X, W, b: (X.T, W.T, b.reshape(1, -1, 1)),
              f"Your b has an axis too many: see {CARD}."),
        Wrong("wrong concept", lambda X, W, b: W.T @ X.T + b.reshape(-1, 1),
              "You computed what the layer returns. The exercise asks for the three arrays themselves, in the other "
              "layout."),
        Wrong("term missing", lambda X, W, b: (X.T, W.T),
              "The third array is missing from your tuple."),
        Wrong("wrong concept", lambda X, W, b: (X.T, W.T, np.diag(b)),
              "Your b is a matrix with the biases on its diagonal. It is added to each column of Wx."),
        Wrong("not summed", lambda X, W, b: (X.T, W.T, np.tile(b.reshape(-1, 1), (1, len(X)))),
              f"Your b has a column for each sample. One column serves all of them: see {CARD}."),
        Wrong("reversed order", lambda X, W, b: (X[::-1].T, W.T, b.reshape(-1, 1)),
              "Your samples stand in the reverse order. Exchanging axes keeps their order."),
        *(Wrong("reversed order", turned,
                "A quarter turn brings rows into columns and reverses their order on the way: np.rot90 does two "
                f"things. Which of them is asked for? See {LAYOUTS}.")
          for turned in (lambda X, W, b: (np.rot90(X), np.rot90(W), b.reshape(-1, 1)),
                         lambda X, W, b: (np.rot90(X, -1), np.rot90(W, -1), b.reshape(-1, 1)))),
        Wrong("reversed order", lambda X, W, b: (X.T, W.T, b[::-1].reshape(-1, 1)),
              "Your biases stand in the reverse order: the first belongs to the first output."),
        Wrong("wrong concept", lambda X, W, b: (X.T @ X, W.T @ W, b.reshape(-1, 1)),
              "You multiplied X and W by themselves. A translation moves numbers to other places and changes none."),
    )  # fmt: skip


def _unit(w, b, X, y, slope=lambda z: z > 0, error=None, mean=True):
    """The answer of 19.2, with another slope or error in it."""
    z = w.T @ X + b
    e = (np.maximum(0, z) - y) if error is None else error(z, y)
    delta = slope(z) * e * (2 / X.shape[1] if mean else 2)
    return {"w": X @ delta.T, "b": float(delta.sum())}


def _scaled(factor):
    """The right answer of 19.2, multiplied by a number that may depend on X."""

    def answer(w, b, X, y):
        return {key: factor(X) * value for key, value in _unit(w, b, X, y).items()}

    return answer


def _with(**parts):
    """The right answer of 19.2 with a part replaced: name=function of z, the error, X."""

    def answer(w, b, X, y):
        z = w.T @ X + b
        e = np.maximum(0, z) - y
        return _unit(w, b, X, y) | {key: part(z, e, X) for key, part in parts.items()}

    return answer


def _one_of_the_batch(w, b, X, y, at):
    """What one sample adds to the right answer."""
    delta = (w.T @ X + b > 0) * (np.maximum(0, w.T @ X + b) - y) * 2 / X.shape[1]
    return {"w": X[:, [at]] * delta[0, at], "b": float(delta[0, at])}


def _two_slips_of_a_unit():
    """Wrong signs, samples and factors, two of them at once."""
    signs = ("sign", "every slope has the sign of the opposite difference")
    every = ("mask missing", "every sample takes part: to which of them does the unit not respond?")
    factors = (
        (lambda X: 0.5, "half of it is lost, although the loss has no 1/2 in front of the square"),
        (lambda X: X.shape[1], "the slopes are those of a sum, and the loss is a mean"),
        (lambda X: X.shape[1] / 2, "the slopes are those of half a sum of squares, and the loss is a mean of squares"),
        (lambda X: X.shape[1] / X.shape[0], "the mean is taken over something else than the samples"),
    )

    def answer(error, by, respond):
        slope = (lambda z: z > 0) if respond else np.ones_like
        return lambda w, b, X, y: {k: by(X) * v for k, v in _unit(w, b, X, y, slope, error).items()}

    for error in (lambda z, y: y - np.maximum(0, z), lambda z, y: y - z):
        yield Wrong(every[0], answer(error, lambda X: 1, respond=False), f"Two things: {signs[1]}, and {every[1]}")
    for error in (None, lambda z, y: z - y):
        for by, said in factors:
            yield Wrong(every[0], answer(error, by, respond=False), f"Two things: {said}; and {every[1]}")
    for by, said in factors:
        yield Wrong("transposed", lambda *given, by=by: {
                        k: v.T if k == "w" else v for k, v in answer(None, by, respond=True)(*given).items()},
                    f"Two things: for w this is their row, and {said}. {LISTS}")  # fmt: skip
        yield Wrong(signs[0], answer(lambda z, y: y - np.maximum(0, z), by, respond=True),
                    f"Two things: {signs[1]}, and {said}.")  # fmt: skip


class OneUnit(Exercise):
    id = "19.2"
    title = "One unit, by Parr and Howard"
    points = 2
    name = "unit_gradients"
    arguments = ("w", "b", "X", "y")
    returns = 'a dict {"w": a column (N, 1), "b": a float}'
    derivation_is_asked = True
    hints = (
        "Take one sample alone. Along which path does C change with z, and along which does z change with w?",
        "For which samples does max(0, z) change with z at all? Ask it of every sample by itself.",
        "Write what is left of every sample as a row (1, B), and let a matrix product sum over the samples.",
    )
    because = "A sample with z <= 0 adds nothing; every other adds 2/B times its error times its own column of X."

    def cases(self, rng):
        for N, B, sign in ((3, 5, 1), (2, 4, -1), (4, 3, 1), (5, 8, -1), *self.more((3, 6, -1), (6, 5, 1))):
            z = rng.choice((-1.0, 1.0), size=(1, B)) * rng.uniform(0.3, 2, size=(1, B))
            z[0, :3] = 0.7, -0.9, 2.5  # samples to which the unit responds, and one to which it does not
            z[0, 3:] = np.abs(z[0, 3:])
            if sign < 0:
                z[0, -1] = -20.0  # the sum over the batch is negative, although most are positive
            w, b = rng.normal(size=(N, 1)), sign * float(rng.uniform(1, 2))
            X = rng.normal(size=(N, B))
            X = X + w @ (z - b - w.T @ X) / (w**2).sum()  # so that w.T @ X + b is z
            yield {"w": w, "b": b, "X": X, "y": rng.uniform(0.5, 2, size=(1, B))}

    def solution(self, w, b, X, y):
        z = w.T @ X + b  # (1, B)
        u = 2 / X.shape[1] * (np.maximum(0, z) - y)  # dC/dn, for each sample
        delta = (z > 0) * u
        return {"w": X @ delta.T, "b": float(delta.sum())}

    mistakes = (
        Wrong("mask missing", lambda w, b, X, y: _unit(w, b, X, y, slope=np.ones_like),
              "Every sample takes part. To which of them does the unit not respond, and what is the slope of max(0, z) "
              "there?"),
        Wrong("mask missing", lambda w, b, X, y: _unit(w, b, X, y, np.ones_like, lambda z, y: z - y),
              "This is the printed sum over all samples. It holds for those to which the unit responds: what is the "
              "slope of max(0, z) for the others?"),
        *_two_slips_of_a_unit(),
        *(Wrong("mask missing", lambda w, b, X, y, error=error: {
                    k: v.T if k == "w" else v for k, v in _unit(w, b, X, y, np.ones_like, error).items()},
                "Two things: for w this is their row, and every sample takes part. Which shape has w here, and to "
                f"which samples does the unit not respond? {LISTS}")
          for error in (lambda z, y: z - y, None)),
        Wrong("summed too early", lambda w, b, X, y: _unit(w, b, X, y, lambda z: z.sum() > 0),
              "You decide once for the whole batch whether the unit responds. The condition names one sample, so each "
              "sample has its own answer."),
        Wrong("zero", _with(b=lambda z, e, X: 0.0),
              "For b you return 0. By how much does w·x + b change with b?"),
        Wrong("mask missing", lambda w, b, X, y: _unit(w, b, X, y, lambda z: 1.0 * (z > 0).all()),
              "Every slope is 0, as if one sample with z <= 0 silenced all of them. Each sample has its own answer."),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(w, b, X, y, lambda z: (np.maximum(0, z) - y) > 0),
              "The samples are chosen by the sign of the error. What decides whether max(0, z) changes with z?"),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(w, b, X, y, lambda z: w.T @ X > 0),
              "The samples are chosen by w·x without b. At which point is the slope of the unit taken?"),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(w, b, X, y, lambda z: z < 0),
              "You keep the samples to which the unit does not respond. For which z does max(0, z) change with z?"),
        Wrong("value instead of derivative", lambda w, b, X, y: _unit(w, b, X, y, lambda z: np.maximum(0, z)),
              "The value of the unit stands where its slope belongs. How steep is max(0, z) for z > 0?"),
        Wrong("factor 1/2", _scaled(lambda X: 0.5),
              "Half of it is lost: the loss has no 1/2 in front of the square. What is the slope of a square?"),
        Wrong("times B", _scaled(lambda X: X.shape[1]),
              f"The loss is a mean over the samples, and your slopes are those of a sum. {UNKNOWN}"),
        Wrong("wrong axis", _scaled(lambda X: X.shape[1] / X.shape[0]),
              "The mean is over the samples. Parr and Howard write N for their number, but here N counts inputs: which "
              "axis of X are the samples?"),
        Wrong("divided by B", _scaled(lambda X: 1 / X.shape[1]),
              "You divide by the number of samples twice: does a mean after the product do it again?"),
        Wrong("times B", lambda w, b, X, y: {k: v * X.shape[1] / 2 for k, v in _unit(w, b, X, y).items()},
              f"These are the slopes of half a sum of squares. The loss is a mean of squares. {UNKNOWN}"),
        Wrong("mask missing", _with(b=lambda z, e, X: 2 * float(e.mean())),
              "For b every sample takes part. The path to b leads through the same z as the path to w."),
        Wrong("mask missing", lambda w, b, X, y: _unit(w, b, X, y) | {"b": 2 * float((w.T @ X + b - y).mean())},
              "For b every sample takes part. The path to b leads through the same z as the path to w."),
        Wrong("mask missing", lambda w, b, X, y: _unit(w, b, X, y) | {"w": 2 / X.shape[1] * X @ (w.T @ X + b - y).T},
              "For w every sample takes part. The path to w leads through the same z as the path to b."),
        Wrong("mask missing", _with(w=lambda z, e, X: 2 / X.shape[1] * X @ e.T),
              "For w every sample takes part. The path to w leads through the same z as the path to b."),
        Wrong("times B", _with(b=lambda z, e, X: 2 * float(((z > 0) * e).sum())),
              f"For b the mean over the samples is forgotten. {UNKNOWN}"),
        Wrong("divided by B", _with(b=lambda z, e, X: 2 / X.shape[1] * float(((z > 0) * e).mean())),
              "For b you divide by the number of samples twice."),
        Wrong("wrong axis", _with(b=lambda z, e, X: 2 / X.shape[0] * float(((z > 0) * e).sum())),
              "For b the sum is divided by the number of inputs. The mean is over the samples."),
        Wrong("times B", _with(b=lambda z, e, X: float(((z > 0) * e).sum())),
              f"For b the mean over the samples is forgotten, and the slope of the square has lost its factor. "
              f"{UNKNOWN}"),
        Wrong("factor 1/2", _with(b=lambda z, e, X: float(((z > 0) * e).mean())),
              "For b the slope of the square has lost its factor."),
        Wrong("not summed", _with(b=lambda z, e, X: 2 / X.shape[1] * (z > 0) * e),
              "For b you return a number for each sample. One b serves all samples: what becomes of its slopes?"),
        Wrong("divided by B", lambda w, b, X, y: {
                  "w": X @ (2 / X.shape[1] * (w.T @ X + b > 0) * (np.maximum(0, w.T @ X + b) - y)).T
                       / (w.T @ X + b > 0).sum() * X.shape[1],
                  "b": _unit(w, b, X, y)["b"] / (w.T @ X + b > 0).sum() * X.shape[1]},
              "The mean is taken over the samples to which the unit responds. The loss divides by all of them."),
        Wrong("sign", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: y - np.maximum(0, z)),
              "Every slope has the opposite sign. The square hides which one is subtracted from which; its slope does "
              "not."),
        Wrong("sign", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: np.abs(np.maximum(0, z) - y)),
              "The size of the error is not enough: its sign says to which side the unit is wrong."),
        Wrong("upstream forgotten", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: np.ones_like(z)),
              "The error does not enter: this is how the unit's output changes, not how C changes."),
        Wrong("upstream forgotten", lambda w, b, X, y: {
                  "w": X @ (w.T @ X + b > 0).T.astype(float), "b": float((w.T @ X + b > 0).sum())},
              "This is how the unit's output changes, added up over the samples. How does C change with the output?"),
        Wrong("upstream forgotten", lambda w, b, X, y: {
                  "w": X @ (w.T @ X + b > 0).T / X.shape[1], "b": float((w.T @ X + b > 0).mean())},
              "This is how the unit's output changes, in the mean over the samples. How does C change with it?"),
        Wrong("another activation's slope", lambda w, b, X, y: _unit(
                  w, b, X, y, lambda z: 1 - np.maximum(0, z) ** 2),
              "One minus the square of the value is the slope of tanh. How steep is max(0, z)?"),
        Wrong("wrong axis", _scaled(lambda X: 1 / X.shape[0]),
              "You divide by the number of all entries of X. The mean is over the samples: how many are there?"),
        Wrong("slope at the wrong point", lambda w, b, X, y: {
                  "w": 2 / X.shape[1] * np.maximum(0, X) @ (w.T @ X + b - y).T,
                  "b": 2 * float((w.T @ X + b - y).mean())},
              "The entries of X are chosen by their own sign, and every sample takes part. What decides whether "
              "max(0, z) changes with z?"),
        Wrong("wrong concept", lambda w, b, X, y: {
                  "w": w - _unit(w, b, X, y)["w"], "b": b - _unit(w, b, X, y)["b"]},
              "This is w and b after a step. The exercise asks for the gradients themselves."),
        Wrong("term missing", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: np.maximum(0, z)),
              "y does not enter. It is held fixed, but it says where the square has its lowest point."),
        Wrong("bias forgotten", lambda w, b, X, y: _unit(w, 0.0, X, y),
              "b does not enter. It is held fixed while w moves, but it decides where the unit is."),
        Wrong("bias forgotten", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: z - b - y),
              "The samples are chosen by z, but b is missing in the error: it is part of what the unit puts out."),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(w, b, X, y) | {
                  "w": _unit(w, b, np.maximum(0, X), y, lambda z: w.T @ X + b > 0, lambda z, y: w.T @ X + b - y)["w"]},
              "For w the negative entries of X are left out. It is z whose sign decides, and not that of an input."),
        Wrong("transposed", lambda w, b, X, y: {k: v.T if k == "w" else v for k, v in _unit(w, b, X, y).items()},
              f"For w this is their row. The course asks for the gradient, in the shape of w. {LISTS}"),
        Wrong("flattened", lambda w, b, X, y: {k: v.ravel() if k == "w" else v
                                              for k, v in _unit(w, b, X, y).items()},
              f"For w the numbers are right and an axis is lost: w is a column. {LISTS}"),
        Wrong("not summed", _with(w=lambda z, e, X: 2 / X.shape[1] * X * ((z > 0) * e)),
              "For w you keep a column for each sample. One w serves all samples: what becomes of its slopes?"),
        Wrong("value instead of derivative", lambda w, b, X, y: float(
                  ((np.maximum(0, w.T @ X + b) - y) ** 2).mean()),
              "This is the loss C itself. The exercise asks how it changes with w and with b."),
        Wrong("square forgotten", lambda w, b, X, y: _unit(
                  w, b, X, y, error=lambda z, y: (np.maximum(0, z) - y) ** 2 / 2),
              "The square is still there. What is its slope with respect to the error?"),
        Wrong("square forgotten", lambda w, b, X, y: _unit(w, b, X, y, error=lambda z, y: (np.maximum(0, z) - y) ** 2),
              "The square is still there, beside the 2 that its slope brings."),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(
                  w, b, X, y, lambda z: z <= 0, lambda z, y: z - y),
              "You keep the samples to which the unit does not respond, and for them the unit's output is not z."),
        *(Wrong("wrong variable", _with(w=lambda z, e, X, over=over: 2 / X.shape[1] * over(X, axis=1, keepdims=True)
                                        * ((z > 0) * e).sum()),
                "For w the errors and the inputs are added up separately. Each error belongs to the input of its own "
                "sample.")
          for over in (np.sum, np.mean)),
        Wrong("wrong variable", lambda w, b, X, y: _unit(w, b, X, y) | {"w": w * _unit(w, b, X, y)["b"]},
              "For w you multiply by w. By how much does w·x + b change with w?"),
        Wrong("wrong variable", lambda w, b, X, y: _unit(w, b, X, y) | {"b": b * _unit(w, b, X, y)["b"]},
              "For b you multiply by b. By how much does w·x + b change with b?"),
        Wrong("slope at the wrong point", lambda w, b, X, y: _unit(
                  w, b, X, y, lambda z: w.T @ X > 0, lambda z, y: z - y),
              "The samples are chosen by w·x without b, and for those the unit's output is not always z. At which "
              "point is the slope taken?"),
        Wrong("wrong variable", lambda w, b, X, y: _unit(w, b, X, y) | {"b": float(_unit(w, b, X, y)["w"].sum())},
              "For b you add up the entries of the gradient for w, which has met the inputs. By how much does w·x + b "
              "change with b?"),
        Wrong("wrong variable", lambda w, b, X, y: _unit(w, b, X, y) | {"w": w * _unit(w, b, X, y)["w"]},
              "For w the gradient is multiplied by w itself once more. What is a weight multiplied by in w·x + b?"),
        *(Wrong("one sample only", lambda w, b, X, y, at=at: _one_of_the_batch(w, b, X, y, at),
                f"Only the {which} sample counts here. The loss is a mean over all of them: what becomes of the "
                "slopes of the others?")
          for at, which in ((0, "first"), (-1, "last"))),
        Wrong("summed too early", lambda w, b, X, y: _unit(w, b, X, y, lambda z: 1.0 * (z.sum() > 0) + 0 * z,
                                                           lambda z, y: z - y),
              "You decide once for the whole batch whether the unit responds, and then take all samples. Each has its "
              "own answer."),
    )  # fmt: skip


def _pytorch(weight=None, bias=None, input=None):
    """The answer of 19.3 with some lines replaced, each a function of (x, weight, grad_output)."""

    def answer(x, weight_, grad_output):
        given = (x, weight_, grad_output)
        right = {"weight": grad_output.T @ x, "bias": grad_output.sum(axis=0), "input": grad_output @ weight_}
        other = {"weight": weight, "bias": bias, "input": input}
        return right | {key: line(*given) for key, line in other.items() if line}

    return answer


class ALayerFromPyTorch(Exercise):
    id = "19.3"
    title = "A layer from PyTorch"
    points = 2
    name = "repaired"
    arguments = ("x", "weight", "grad_output")
    returns = 'a dict {"weight": (M, N), "bias": (M,), "input": (B, N)}'
    hints = (
        "Write the shapes of the three arguments down, with three different sizes, and under them the shapes to "
        "return.",
        "For each product: which axis has to disappear, because one sums over it? In which order do the two factors "
        "meet at that axis?",
        "The bias is used once for each sample. Which axis of grad_output are the samples here?",
    )
    because = "The samples disappear from the gradients of weight and bias, the outputs from that of the input."

    def cases(self, rng):
        for B, N, M in ((3, 3, 3), (4, 3, 2), (2, 3, 5), (1, 2, 4), (5, 4, 1), *self.more((3, 5, 2), (6, 2, 1))):
            yield {
                "x": rng.normal(size=(B, N)),
                "weight": rng.normal(size=(M, N)),
                "grad_output": rng.normal(size=(B, M)),
            }

    def solution(self, x, weight, grad_output):
        return {
            "weight": grad_output.T @ x,  # (M, B)(B, N)
            "bias": grad_output.sum(axis=0),  # over the samples
            "input": grad_output @ weight,  # (B, M)(M, N)
        }

    mistakes = (
        Wrong("left as it was", _pytorch(lambda x, w, g: x.T @ g, lambda x, w, g: g.sum(axis=1),
                                         lambda x, w, g: g @ w.T),
              "All three lines are as printed. Take three different sizes: which of the products can be formed, and in "
              "which shapes?"),
        Wrong("transposed", _pytorch(lambda x, w, g: x.T @ g),
              f"The gradient for weight has the shape that weight has in the lecture notes. {PROGRAMS}"),
        Wrong("wrong axis", _pytorch(bias=lambda x, w, g: g.sum(axis=1)),
              f"The line for the bias adds up the outputs of each sample. Which axis are the samples here? {PROGRAMS}"),
        Wrong("other layout", _pytorch(input=lambda x, w, g: g @ w.T),
              f"In the line for the input, weight is taken as inputs by outputs. How does PyTorch keep it? {PROGRAMS}"),
        Wrong("other layout", _pytorch(lambda x, w, g: g @ x.T),
              f"The line for weight is that of this course, where the samples are columns. {PROGRAMS}"),
        Wrong("other layout", _pytorch(input=lambda x, w, g: w.T @ g),
              f"The line for the input is that of this course, where the samples are columns. {PROGRAMS}"),
        Wrong("transposed", _pytorch(input=lambda x, w, g: w.T @ g.T),
              "The gradient for the input has its samples in columns. It needs the shape of the input."),
        Wrong("other layout", _pytorch(lambda x, w, g: g @ x.T, lambda x, w, g: g.sum(axis=1, keepdims=True),
                                       lambda x, w, g: w.T @ g),
              f"These are the three lines of this course. In PyTorch's arrays the samples are rows. {PROGRAMS}"),
        Wrong("other layout", _pytorch(lambda x, w, g: x.T @ g, input=lambda x, w, g: g @ w.T),
              f"Weight and input are those of the lecture notes, where weights are inputs by outputs. {PROGRAMS}"),
        Wrong("axis too many", _pytorch(bias=lambda x, w, g: g.sum(axis=0, keepdims=True)),
              "For the bias you keep the axis of the samples. How many axes has PyTorch's bias?"),
        Wrong("axis too many", _pytorch(bias=lambda x, w, g: g.sum(axis=0).reshape(-1, 1)),
              "For the bias you return a column, as this course has it. How many axes has PyTorch's bias?"),
        Wrong("divided by B", _pytorch(bias=lambda x, w, g: g.mean(axis=0)),
              f"For the bias you take the mean over the samples. If there is a mean, grad_output has it. {UNKNOWN}"),
        *(Wrong("divided by B", _pytorch(lambda x, w, g: g.T @ x / len(x), lambda x, w, g: g.mean(axis=0), input),
                f"You divide by the number of samples. If there is a mean, grad_output has its 1/B already. {UNKNOWN}")
          for input in (lambda x, w, g: g @ w / len(x), None)),
        Wrong("divided by B", _pytorch(lambda x, w, g: g.T @ x / len(x)),
              f"For weight you divide by the number of samples. If there is a mean, grad_output has it. {UNKNOWN}"),
        Wrong("not summed", _pytorch(bias=lambda x, w, g: g),
              "For the bias you return a row for each sample. One bias serves them all."),
        Wrong("wrong axis", _pytorch(bias=lambda x, w, g: g.sum()),
              "For the bias everything is added up. There is a bias for each output."),
        Wrong("upstream forgotten", _pytorch(bias=lambda x, w, g: np.ones(g.shape[1])),
              "For the bias grad_output does not enter."),
        Wrong("upstream forgotten", _pytorch(
                  lambda x, w, g: np.ones_like(g).T @ x, lambda x, w, g: np.ones_like(g).sum(axis=0),
                  lambda x, w, g: np.ones_like(g) @ w),
              f"grad_output does not enter: these are the gradients for slopes that are all 1. {PROGRAMS}"),
        Wrong("upstream forgotten", _pytorch(input=lambda x, w, g: np.ones_like(g) @ w),
              "For the input grad_output does not enter."),
        Wrong("wrong axis", _pytorch(lambda x, w, g: x.T @ g, lambda x, w, g: g.sum(axis=1)),
              f"Weight and bias still need work: which axis of grad_output are the samples, and which of weight the "
              f"outputs? {PROGRAMS}"),
        Wrong("wrong axis", _pytorch(None, lambda x, w, g: g.sum(axis=1), lambda x, w, g: g @ w.T),
              f"Bias and input still need work: which axis of grad_output are the samples, and which of weight the "
              f"inputs? {PROGRAMS}"),
        Wrong("reshaped", _pytorch(lambda x, w, g: (x.T @ g).reshape(w.shape)),
              "For weight the shape is right and the numbers stand in wrong places: see 'What can go wrong'."),
        Wrong("reshaped", _pytorch(input=lambda x, w, g: (w.T @ g.T).reshape(x.shape)),
              "For the input the shape is right and the numbers stand in wrong places: see 'What can go wrong'."),
        Wrong("wrong concept", lambda x, weight, grad_output: x @ weight.T,
              "This is what the layer returns. The exercise asks for three gradients."),
        Wrong("one sample only", _pytorch(bias=lambda x, w, g: g[0]),
              "For the bias only the first sample counts. One bias serves them all."),
        Wrong("wrong concept", _pytorch(input=lambda x, w, g: x @ w.T),
              "For the input you return what the layer computes. How does L change with the input?"),
        Wrong("elementwise product", lambda x, weight, grad_output: {
                  "weight": grad_output.sum(axis=0)[:, None] * x.sum(axis=0)[None, :],
                  "bias": grad_output.sum(axis=0), "input": grad_output @ weight},
              "For weight the samples are added up before the product. Each sample's slopes belong to its own input."),
        Wrong("one sample only", _pytorch(lambda x, w, g: np.outer(g[-1], x[-1]), lambda x, w, g: g[-1]),
              "Only the last sample counts here, as in a loop with = where += is meant. Weight and bias serve all of "
              "them."),
        Wrong("not summed", _pytorch(lambda x, w, g: np.outer(g, x)),
              "For weight, np.outer flattens both arrays and multiplies every entry with every other: slopes of one "
              "sample meet inputs of another, and nothing is summed."),
        Wrong("wrong variable", _pytorch(lambda x, w, g: g.T @ x * w),
              f"The gradient for weight is multiplied by weight once more. What is a weight multiplied by in a layer? "
              f"{PROGRAMS}"),
        Wrong("one sample only", _pytorch(lambda x, w, g: np.outer(g[0], x[0])),
              "For weight only the first sample counts. The same weights serve all of them."),
        Wrong("reversed order", _pytorch(lambda x, w, g: g @ w, input=lambda x, w, g: g.T @ x),
              "The gradients for weight and input have changed places: compare their shapes."),
        Wrong("wrong variable", _pytorch(bias=lambda x, w, g: x.sum(axis=0)),
              "For the bias you add up the inputs. Does the bias meet x?"),
        Wrong("wrong variable", _pytorch(lambda x, w, g: w * g.sum(axis=0)[:, None]),
              f"The gradient for weight contains weight itself. What is a weight multiplied by? {PROGRAMS}"),
        Wrong("value instead of derivative", _pytorch(bias=lambda x, w, g: (x @ w.T).sum(axis=0)),
              "For the bias you add up what the layer computes. How does L change with the outputs?"),
        Wrong("value instead of derivative", _pytorch(input=lambda x, w, g: x @ w.T @ w),
              "In the line for the input, what the layer computes stands where grad_output belongs."),
        Wrong("summed too early", _pytorch(input=lambda x, w, g: (g @ w).sum(axis=0)),
              "For the input the samples are added up. Each sample has an input of its own."),
        Wrong("summed too early", _pytorch(input=lambda x, w, g: np.tile(g.sum(axis=0) @ w, (len(x), 1))),
              "For the input every row is the same, added up over the samples. Each sample has an input of its own."),
        Wrong("not summed", _pytorch(lambda x, w, g: np.einsum("si,sj->sij", g, x)),
              "For weight you keep a matrix for each sample. The same weights serve them all."),
        Wrong("transposed", _pytorch(lambda x, w, g: x.T @ g, input=lambda x, w, g: (g @ w).T),
              "Weight and input lie on their sides: each gradient has the shape of what it belongs to."),
    )  # fmt: skip


class AStepDownhill(Exercise):
    id = "19.4"
    title = "Find the mistake in a step"
    points = 2
    name = "step"
    arguments = ("theta", "derivative")
    returns = "a column (N, 1)"
    hints = (
        "Write the two shapes under the minus sign. What should they be?",
        "The card says how a derivative of L and a gradient of L differ.",
    )
    because = "The gradient is the transposed derivative. It has theta's shape, so that entry meets entry."

    def cases(self, rng):
        for N in (4, 2, 7, *self.more(5, 3)):
            yield {"theta": rng.normal(size=(N, 1)), "derivative": rng.normal(size=(1, N))}

    def solution(self, theta, derivative):
        gradient = derivative.T  # (N, 1), as theta
        return theta - 0.1 * gradient

    mistakes = (
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative,
              "A column minus a row: numpy takes every entry of the one with every entry of the other, and says "
              "nothing. See 'A silent step'."),
        Wrong("transposed", lambda theta, derivative: theta.T - 0.1 * derivative,
              "The numbers are right and lie in a row. The new theta takes the place of the old one, so it needs its "
              f"shape: see {CARD}."),
        Wrong("flattened", lambda theta, derivative: theta.ravel() - 0.1 * derivative.ravel(),
              f"The numbers are right, and an axis is lost: vectors of the course have two. See {CARD}."),
        Wrong("sign", lambda theta, derivative: theta + 0.1 * derivative.T,
              "The shapes fit and the step leads uphill. Compare the sign with the printed function in "
              "'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: theta - derivative.T,
              "The direction is right and the step is ten times too long: compare the factor with the printed function "
              "in 'A silent step'."),
        Wrong("term missing", lambda theta, derivative: -0.1 * derivative.T,
              "This is the change alone. The function returns the parameters after the step: compare the printed "
              "function in 'A silent step'."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative.sum(),
              "One number was subtracted from every entry. Each entry of theta has a slope of its own: "
              "see 'A silent step'."),
        Wrong("sign", lambda theta, derivative: theta + derivative.T,
              "Two things: the step leads uphill, and it is ten times too long. Compare sign and factor with the "
              "printed function in 'A silent step'."),
        Wrong("silent broadcast", lambda theta, derivative: (theta - 0.1 * derivative)[[0]].T,
              "Every slope is subtracted from the first parameter, as in the first row of the (N, N) array. Each slope "
              "belongs to a parameter of its own: see 'A silent step'."),
        *(Wrong("silent broadcast", lambda theta, derivative, over=over: over(
                theta - 0.1 * derivative, axis=0).reshape(-1, 1),
                f"The {what} of the columns of the (N, N) array mix all parameters. Mend the subtraction, not its "
                f"result: see 'A silent step'.")
          for over, what in ((np.sum, "sums"), (np.mean, "means"))),
        Wrong("silent broadcast", lambda theta, derivative: (theta - 0.1 * derivative)[:, [0]],
              "Every entry is moved by the first slope, as in the first column of the (N, N) array. Each entry of "
              "theta has a slope of its own: see 'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: theta - 10 * derivative.T,
              "You took ten times the slope. A tenth of it is asked for: see the printed function in 'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: theta - 0.01 * derivative.T,
              "The direction is right and the step is too short: compare the factor with the printed function in 'A "
              "silent step'."),
        Wrong("term missing", lambda theta, derivative: 0.1 * derivative.T,
              "This is a tenth of the gradient alone. It is still to be subtracted: compare the printed function in "
              "'A silent step'."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative.mean(),
              "One number, the mean of the slopes, was subtracted from every entry (an average over the (N, N) array "
              "does that too). Each entry of theta has a slope of its own: see 'A silent step'."),
        Wrong("elementwise product", lambda theta, derivative: theta - 0.1 * theta * derivative.T,
              "The slope is multiplied by the parameter itself. Nothing of the kind stands in the printed function: "
              "see 'A silent step'."),
        Wrong("sign", lambda theta, derivative: 0.1 * derivative.T - theta,
              "The two terms have changed places around the minus sign: compare with the printed function in 'A "
              "silent step'."),
        Wrong("inner product", lambda theta, derivative: theta - 0.1 * derivative @ theta,
              "A row times a column, with @, is one number, and it was subtracted from every entry. Each entry of "
              "theta has a slope of its own: see 'A silent step'."),
        Wrong("silent broadcast", lambda theta, derivative: theta.ravel() - 0.1 * derivative.T,
              "You get an (N, N) array again, the transpose of the first one. While one of the two lies flat and the "
              "other stands upright, they always make one: see 'A silent step'."),
        Wrong("elementwise product", lambda theta, derivative: theta - 0.1 * derivative.T**2,
              "Every slope is squared, and the step loses its sign. A tenth of the slope itself is asked for."),
        Wrong("sign", lambda theta, derivative: theta - 0.1 * np.abs(derivative.T),
              "You subtract sizes: where the slope is negative the step goes uphill."),
        Wrong("value instead of derivative", lambda theta, derivative: 0.9 * theta,
              "A tenth of the parameter is subtracted, and the derivative does not enter."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * theta @ derivative,
              "theta @ derivative multiplies every parameter by every slope. In the printed function the two are not "
              "multiplied: see 'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: 0.1 * theta - derivative.T,
              "The 0.1 multiplies the parameter and not its slope: compare with the printed function in 'A silent "
              "step'."),
        Wrong("constant factor", lambda theta, derivative: 0.9 * theta - 0.1 * derivative.T,
              "A tenth of the parameter is subtracted as well. The printed function in 'A silent step' leaves the "
              "parameter whole."),
        Wrong("constant factor", lambda theta, derivative: theta - 0.1 * derivative.T / np.linalg.norm(derivative),
              "The derivative is divided by its length, so that every step is equally long. A tenth of each slope is "
              "asked for."),
        Wrong("precedence", lambda theta, derivative: 0.1 * (theta - derivative.T),
              "The 0.1 multiplies the whole difference, and so the parameter, too: compare with the printed function "
              "in 'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: theta - 0.1 * derivative.T / len(theta),
              "The step is divided by the number of parameters. Nothing is averaged over them: compare with the "
              "printed function in 'A silent step'."),
        Wrong("reversed order", lambda theta, derivative: theta - 0.1 * derivative[:, ::-1].T,
              "The slopes are subtracted in the reverse order, as after a quarter turn. Each entry of theta needs its "
              "own: see 'A silent step'."),
        Wrong("left as it was", lambda theta, derivative: theta,
              "theta comes back as it was: no slope is subtracted."),
        Wrong("upstream forgotten", lambda theta, derivative: theta - 0.1,
              "The same tenth is subtracted everywhere, and the derivative does not enter."),
        Wrong("silent broadcast", lambda theta, derivative: (theta - 0.1 * derivative).sum(axis=1, keepdims=True),
              "The sums of the rows of the (N, N) array mix all slopes. Mend the subtraction, not its result: see 'A "
              "silent step'."),
        Wrong("wrong variable", lambda theta, derivative: derivative.T - 0.1 * theta,
              "Parameters and slopes have changed places: compare with the printed function in 'A silent step'."),
        Wrong("constant factor", lambda theta, derivative: theta - 0.1 / derivative.T,
              "You divide by the slope: the flatter, the longer the step. Compare with the printed function in 'A "
              "silent step'."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative.max(),
              "The largest slope was subtracted everywhere. Each entry of theta has a slope of its own."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * np.linalg.norm(derivative),
              "The length of the derivative, one number, was subtracted everywhere. Each entry of theta has a slope of "
              "its own."),
    )  # fmt: skip


EXERCISES = [TranslateALayout, OneUnit, ALayerFromPyTorch, AStepDownhill]
