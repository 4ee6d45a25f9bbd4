"""Three real data sets that come with scikit-learn, as columns: digits, breast cancer and diabetes.

Each function returns a `Data`: X (N, B) and Y (K, B), from which a network learns, and X_test and Y_test, which it
never sees in training. The samples are shuffled by `seed` and the last ones become the test part.
scikit-learn is imported when the first set is asked for: it takes a second.
"""

from typing import NamedTuple

import numpy as np


class Data(NamedTuple):
    """X (N, B), Y (K, B) to learn from; X_test, Y_test, one sample a column as well, to be judged by."""

    X: np.ndarray
    Y: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray


def digits(seed=0, test=597):
    """1,797 pictures of a digit, 8 × 8 pixels row by row, from 0 to 1: X (64, B). Y (10, B) has a 1 at the digit.

    seed:  a number, or a numpy Generator, from which the order is drawn.
    test:  how many samples become the test part.
    Raises ImportError where scikit-learn is missing, ValueError for another kind of seed and unless both parts have a
    sample.
    """
    pixels, labels = _loaded("load_digits")
    return Data(*_split(pixels / 16, np.eye(10)[:, labels], seed, test))


def breast_cancer(seed=0, test=169):
    """569 tumours, 30 measurements of their cells each: X (30, B). Y (1, B) is +1 for benign, -1 for malignant.

    The rows of X are scaled by the mean and the standard deviation of the part to learn from. Else as `digits`.
    """
    measured, labels = _loaded("load_breast_cancer")
    X, Y, X_test, Y_test = _split(measured, 2.0 * labels.reshape(1, -1) - 1, seed, test)
    X, X_test = _scaled(X, X_test)
    return Data(X, Y, X_test, Y_test)


def diabetes(seed=0, test=142):
    """442 patients, 10 measurements each: X (10, B). Y (1, B) is how far the disease has gone a year later.

    X and Y are scaled by the mean and the standard deviation of the part to learn from, so that guessing the mean has
    a squared loss of 1 there. Else as `digits`.
    """
    measured, progress = _loaded("load_diabetes")
    X, Y, X_test, Y_test = _split(measured, progress.reshape(1, -1), seed, test)
    (X, X_test), (Y, Y_test) = _scaled(X, X_test), _scaled(Y, Y_test)
    return Data(X, Y, X_test, Y_test)


def _loaded(name):
    """(the samples as columns, their labels) of one of scikit-learn's sets."""
    try:
        from sklearn import datasets
    except ImportError as error:
        raise ImportError(
            "the data sets come with scikit-learn, which is missing here; run `make env`, or install scikit-learn"
        ) from error
    samples, labels = getattr(datasets, name)(return_X_y=True)
    return samples.T, labels


def _split(X, Y, seed, test):
    B = X.shape[1]
    if not (isinstance(test, int | np.integer) and 1 <= test < B):
        raise ValueError(f"expected a test part of 1 to {B - 1} of the {B} samples, got {test!r}")
    try:
        order = np.random.default_rng(seed).permutation(B)
    except (TypeError, ValueError):
        raise ValueError(f"expected seed to be a whole number of 0 or more or a Generator, got {seed!r}") from None
    learn, judge = order[:-test], order[-test:]
    return X[:, learn], Y[:, learn], X[:, judge], Y[:, judge]


def _scaled(A, A_test):
    """Both parts, less the mean of A and divided by its standard deviation, row by row: the test part is not asked."""
    mean, deviation = A.mean(axis=1, keepdims=True), A.std(axis=1, keepdims=True)
    return (A - mean) / deviation, (A_test - mean) / deviation
