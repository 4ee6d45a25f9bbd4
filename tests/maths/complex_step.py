"""The complex step, written out once for the tests: a truth that stands on nothing of the course."""

import numpy as np


def complex_step(f, A):
    """The slopes of every entry of f(A) for every entry of the array A, with the axes of f(A) and then those of A."""
    slopes = np.empty(np.shape(f(A)) + A.shape)
    for at in np.ndindex(A.shape):
        raised = A.astype(complex)
        raised[at] += 1e-20j
        slopes[(..., *at)] = np.imag(f(raised)) / 1e-20
    return slopes
