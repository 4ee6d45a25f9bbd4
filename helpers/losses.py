"""Losses: how far an output f is from what it should be, y, as one number, and its derivative with respect to f.

f and y are columns (K, 1), or batches (K, B) with one sample a column. Of a batch the loss is the mean over its B
samples, L = (1/B) Σ_b ℓ(f_b, y_b): every gradient of the course with a batch in it has this 1/B, and from here alone.
"""

from cmath import isfinite
from numbers import Number

import numpy as np

from helpers.shapes import batch, column, described, finite


class Loss:
    """The mean over the batch of a loss ℓ of one sample, from which all losses come.

    loss(f, y)           the number L
    loss.d(f, y)         the derivative dL/df at one column, a row (1, K): Eqs. (44) and (45)
    loss.gradient(f, y)  its transpose for a whole batch (K, B): the upstream with which the backward pass begins

    A loss writes down its mathematics in one method, whose arrays have been checked:
        _sum(f, y) -> (total, gradient)    ℓ summed over the samples, and its gradient with respect to f (K, B)

    All raise TypeError or ValueError, saying what was received and what to pass, for an f or y that is no finite
    array of one shape, and for labels of another kind than the loss is made for.
    """

    def __call__(self, f, y):
        return self._value_and_gradient(batch(f, what="f"), y)[0]

    def d(self, f, y):
        """dL/df at the columns f and y (K, 1), a row (1, K). Raises as the class says, also for a batch."""
        return self.gradient(column(f, what="f"), y).T

    def gradient(self, f, y):
        """dL/df transposed, for f and y (K, B) an array (K, B) with the 1/B of the mean. Raises as the class says."""
        return self._value_and_gradient(batch(f, what="f"), y)[1]

    def _value_and_gradient(self, f, y):
        self._check(f, y)
        total, gradient = self._sum(f, y)
        B = f.shape[1]
        try:
            value = total.item() / B
        except (AttributeError, ValueError):  # no number of numpy's
            value = _one_number(total) / B
        if not isfinite(value):
            finite(y, "y")
        return value, gradient / B

    def _check(self, f, y):
        if type(y) is not np.ndarray or y.shape != f.shape:
            got = y.shape if isinstance(y, np.ndarray) else described(y)
            name = "y" if isinstance(y, np.ndarray) else "np.array(y, float)"
            try:
                advice = self._advice(name, np.array(y, float), f.shape)
            except (TypeError, ValueError):  # no numbers
                advice = ""
            raise ValueError(f"expected y in the shape {f.shape} of f, one sample a column, got {got}{advice}")
        if y.dtype.char not in "dD":
            finite(y, "y")

    def _advice(self, name, numbers, shape):
        """What to pass in the place of labels of another shape: the end of a message, empty where nothing is known."""
        if numbers.shape == shape:
            return f"; pass {name}"
        if numbers.T.shape == shape:
            return f"; pass {name}.T"
        return f"; pass {name}.reshape{shape}" if numbers.size == max(shape) and 1 in shape else ""

    def __repr__(self):
        return f"{type(self).__name__}()"


def _one_number(total):
    if not isinstance(total, Number):
        raise TypeError(f"expected _sum to return the sum over the samples first, one number, got {described(total)}")
    return total


class SquaredLoss(Loss):
    """ℓ = ‖f - y‖², Eq. (46), with the gradient 2(f - y), Eq. (47)."""

    def _sum(self, f, y):
        r = f - y
        entries = r.ravel()
        return entries.dot(entries), 2 * r


class LogisticLoss(Loss):
    """ℓ = log(1 + e^(-yf)) for a label y of +1 or -1, with the derivative -y / (1 + e^(yf)).

    Eqs. (48) and (49) with their signs put right. Where f has several rows the losses of a column are added. Neither
    value nor derivative overflows: a score of -1000 for the label +1 costs 1000.
    """

    def _sum(self, f, y):
        m = y * f  # the margin: positive where the sign of f is right
        with np.errstate(under="ignore"):
            e = np.exp(np.where(m.real >= 0, -m, m))  # e^-|m|, never larger than 1
            losses = np.where(m.real >= 0, 0, -m) + np.log1p(e)
            return losses.sum(), -y * np.where(m.real >= 0, e, 1) / (1 + e)

    def _check(self, f, y):
        super()._check(f, y)
        if not (y * y == 1).all():
            other = y[y * y != 1][0]
            advice = "; for labels of 0 and 1 pass 2 * y - 1" if np.isin(y, (0, 1)).all() else ""
            raise ValueError(f"expected labels y of +1 and -1, got {other:g}{advice}")


class SoftmaxCrossEntropy(Loss):
    """ℓ = -Σ_i y_i log p_i with p = softmax(f), with the gradient p·Σy - y. f holds scores, before any softmax.

    y is a column of weights, most often a 1 at the right class and 0 elsewhere; only then, or where its entries add up
    to 1, is the gradient p - y. log p_i = f_i - log Σ_j e^(f_j) is computed by the log-sum-exp, so that scores of
    ±1000 do not overflow, and no difference p_i - 1 is formed, which has no digits where p_i is near 1.
    """

    def _sum(self, f, y):
        with np.errstate(under="ignore"):
            s = f - f.max(axis=0, keepdims=True)
            e = np.exp(s)  # the largest is 1
            others = (1 - np.eye(len(f))) @ e  # Σ_{j≠i} e_j for every i
            log_total = np.log1p(others.min(axis=0))  # the total is 1 and the others of the largest
            total = e.sum(axis=0)
            return (y * (log_total - s)).sum(), (e * (y.sum(axis=0) - y) - y * others) / total

    def _advice(self, name, numbers, shape):
        K, B = shape
        if K > 1 and numbers.size == B and np.isin(numbers, range(K)).all():
            return f", class numbers; pass a column of weights for each, np.eye({K})[:, np.ravel(y).astype(int)]"
        return super()._advice(name, numbers, shape)

    def _check(self, f, y):
        super()._check(f, y)
        if (y < 0).any():
            raise ValueError(
                f"expected weights y of 0 or more, got {y.min():g}; for a label of +1 or -1 use LogisticLoss"
            )
