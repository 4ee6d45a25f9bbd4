"""The exercises of lesson 19."""

import numpy as np

from helpers.checking.exercise import Exercise, Wrong

CARD = "'The conventions on one card' in lesson 00"
LAYOUTS = "'Six programs, one layer'"


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
        for B, N, M in ((4, 3, 2), (5, 2, 3), (3, 3, 3), (1, 4, 2)):
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
        Wrong("flattened", lambda X, W, b: (X.T, W.T, b),
              "Your b still has one axis, and .T leaves such an array as it is: there is no second "
              f"axis to exchange. See {LAYOUTS}."),
        Wrong("rows for columns", lambda X, W, b: (X.T, W.T, b.reshape(1, -1)),
              f"Your b is a row; vectors of the course stand upright: see {CARD}."),
        Wrong("rows for columns", lambda X, W, b: (X, W.T, b.reshape(-1, 1)),
              f"Your samples are still in rows: see {CARD}."),
        Wrong("transposed", lambda X, W, b: (X.T, W, b.reshape(-1, 1)),
              "Your W has a row for each input still; that is right for PyTorch's weights only, "
              f"which begin as outputs by inputs. See {LAYOUTS}."),
        Wrong("left as it was", lambda X, W, b: (X, W, b),
              f"These are the three arrays as they came. Each of them changes its shape: see {LAYOUTS}."),
        Wrong("reversed order", lambda X, W, b: (W.T, X.T, b.reshape(-1, 1)),
              "The first two arrays have changed places: X comes first."),
        Wrong("transposed", lambda X, W, b: (X, W, b.reshape(-1, 1)),
              f"X and W are as they came: samples still lie in rows, and inputs come before outputs. See "
              f"{LAYOUTS}."),
        Wrong("axes miscounted", lambda X, W, b: (X.T, W.T, b.reshape(1, -1, 1)),
              f"Your b has an axis too many: see {CARD}."),
        Wrong("wrong concept", lambda X, W, b: W.T @ X.T + b.reshape(-1, 1),
              "You computed what the layer returns. Asked are the three arrays themselves, in the other layout."),
        Wrong("term missing", lambda X, W, b: (X.T, W.T),
              "The third array is missing from your tuple."),
    )  # fmt: skip


class AStepDownhill(Exercise):
    id = "19.2"
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
        for N in (4, 2, 7):
            yield {"theta": rng.normal(size=(N, 1)), "derivative": rng.normal(size=(1, N))}

    def solution(self, theta, derivative):
        gradient = derivative.T  # (N, 1), as theta
        return theta - 0.1 * gradient

    mistakes = (
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative,
              "A column minus a row: numpy takes every entry of the one with every entry of the other, and says "
              "nothing. See 'What can go wrong'."),
        Wrong("transposed", lambda theta, derivative: theta.T - 0.1 * derivative,
              "The numbers are right and lie in a row. The new theta takes the place of the old one, so it needs its "
              f"shape: see {CARD}."),
        Wrong("flattened", lambda theta, derivative: theta.ravel() - 0.1 * derivative.ravel(),
              f"The numbers are right, and an axis is lost: vectors of the course have two. See {CARD}."),
        Wrong("sign", lambda theta, derivative: theta + 0.1 * derivative.T,
              "The shapes fit and the step leads uphill. Compare the sign with the printed function in "
              "'What can go wrong'."),
        Wrong("constant factor", lambda theta, derivative: theta - derivative.T,
              "The direction is right and the step is ten times too long: compare the factor with the printed function "
              "in 'What can go wrong'."),
        Wrong("term missing", lambda theta, derivative: -0.1 * derivative.T,
              "This is the change alone. The function returns the parameters after the step: compare the printed "
              "function in 'What can go wrong'."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative.sum(),
              "One number was subtracted from every entry. Each entry of theta has a slope of its own: "
              "see 'What can go wrong'."),
        Wrong("reshaped", lambda theta, derivative: (theta - 0.1 * derivative)[:, [0]],
              "You picked one column of the (N, N) array; it uses the first slope for every entry. Mend the "
              "subtraction, not its result: see 'What can go wrong'."),
        Wrong("constant factor", lambda theta, derivative: theta - 10 * derivative.T,
              "You took ten times the slope. A tenth of it is asked: see the printed function in 'What can go wrong'."),
        Wrong("constant factor", lambda theta, derivative: theta - 0.01 * derivative.T,
              "The direction is right and the step is too short: compare the factor with the printed function in 'What "
              "can go wrong'."),
        Wrong("term missing", lambda theta, derivative: 0.1 * derivative.T,
              "This is a tenth of the gradient alone. It is still to be subtracted: compare the printed function in "
              "'What can go wrong'."),
        Wrong("silent broadcast", lambda theta, derivative: theta - 0.1 * derivative.mean(),
              "One number, the mean of the slopes, was subtracted from every entry (an average over the (N, N) array "
              "does that too). Each entry of theta has a slope of its own: see 'What can go wrong'."),
        Wrong("elementwise product", lambda theta, derivative: theta - 0.1 * theta * derivative.T,
              "The slope is multiplied by the parameter itself. Nothing of the kind stands in the printed function: "
              "see 'What can go wrong'."),
        Wrong("sign", lambda theta, derivative: 0.1 * derivative.T - theta,
              "The two terms have changed places around the minus sign: compare with the printed function in 'What can "
              "go wrong'."),
        Wrong("inner product", lambda theta, derivative: theta - 0.1 * derivative @ theta,
              "A row times a column, with @, is one number, and it was subtracted from every entry. Each entry of "
              "theta "
              "has a slope of its own: see 'What can go wrong'."),
        Wrong("silent broadcast", lambda theta, derivative: theta.ravel() - 0.1 * derivative.T,
              "theta lies flat now, as a row or with one axis, and the derivative stands upright: the square arises "
              "again. See 'What can go wrong'."),
        Wrong("elementwise product", lambda theta, derivative: theta - 0.1 * derivative.T**2,
              "Every slope is squared, and the step loses its sign. A tenth of the slope itself is asked."),
        Wrong("sign", lambda theta, derivative: theta - 0.1 * np.abs(derivative.T),
              "You subtract sizes: where the slope is negative the step goes uphill."),
    )  # fmt: skip


EXERCISES = [TranslateALayout, AStepDownhill]
