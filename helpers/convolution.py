"""Convolution and max-pooling: layers that look at an image through a small window, at one place after the other.

A sample is a column of C channels, and a channel holds its numbers row by row: (C·H·W, 1) for images of size (H, W),
(C·N, 1) for lines of size (N,). So a batch can be read as an array (C, H·W, B) without being moved.

A window has R cells and stands at T places. What cell r sees of a channel x, at one place after the other, is
S_r x = x[seen[r]]: the matrix S_r (T, H·W) of zeros and ones is an index and never formed.
"""

from collections.abc import Iterable
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.layers import Layer, ones, parameter
from helpers.shapes import column, described, finite
from helpers.tuples import Tuple


def windows(size, window, stride=1):
    """seen (R, T): the number of the pixel that cell r of the window sees at place t, both counted row by row.

    size, window:  tuples with one entry for each axis, (8, 8) and (3, 3), or (8,) and (3,).
    stride:        how far the window moves from one place to the next, along every axis.

    Raises ValueError, with what to do, where the window is larger than the image, or ends before the image does.
    """
    axes = isinstance(size, Iterable) and isinstance(window, Iterable) and len(size) == len(window)
    if not (axes and all(map(_is_count, (*size, *window, stride)))):
        raise ValueError(
            "expected a size and a window with one whole number above 0 for each axis, such as (8, 8) and (3, 3), and "
            f"such a stride; got size {size}, window {window}, stride {stride!r}"
        )
    size, window = tuple(size), tuple(window)
    for n, k in zip(size, window, strict=True):
        if k > n:
            raise ValueError(f"expected a window within the size {size}, got {window}: {k} does not fit into {n}")
        if rest := (n - k) % stride:
            raise ValueError(
                f"expected windows of {k} in steps of {stride} that end where the {n} numbers of an axis end, got "
                f"{rest} over; take {n - rest} or {n - rest + stride} numbers, or a stride that divides {n - k}"
            )
    at_every_pixel = sliding_window_view(np.arange(prod(size)).reshape(size), window)
    at_the_places = at_every_pixel[(slice(None, None, stride),) * len(size)]
    return np.ascontiguousarray(at_the_places.reshape(-1, prod(window)).T)


def _is_count(n):
    return isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0


def gather(x, seen, pixels):
    """S_r x for every channel and cell: from x (C·P, B), P pixels a channel, an array (C, R, T, B)."""
    return x.reshape(-1, pixels, x.shape[1]).take(seen, axis=1)


def scatter(y, seen, pixels):
    """Σ_r S_rᵀ y_r, the transpose of `gather`: from y (C, R, T, B) to (C·P, B). Where windows overlap, they add up."""
    C, _, _, B = y.shape
    x = np.zeros((C, pixels, B), y.dtype)
    for r, places in enumerate(seen):
        x[:, places] += y[:, r]  # one cell sees no pixel twice
    return x.reshape(-1, B)


def selections(seen, pixels):
    """[S_1, …, S_R], each (T, P): one 1 in every row, at the pixel that is seen."""
    return [np.eye(pixels)[places] for places in seen]


class Convolution(Layer):
    """z_o[t] = b_o + Σ_c Σ_r κ_ocr x_c[seen[r, t]]: the same kernel κ at every place of the image.

    kernel:  (C_out, C_in, kh, kw) for images of size (H, W), (C_out, C_in, k) for lines of size (N,).
    b:       (C_out, 1), one number for each channel of the output.
    size, stride:  as for `windows`.

    The kernel is not turned round: what is called convolution here, as everywhere in this field, is a correlation.
    It is the affine layer whose weights are tied, W = Σ_r κ_r ⊗ S_r with the matrices κ_r (C_out, C_in). So
    ∂L/∂κ_ocr = ⟨S_r, δ_o x_cᵀ⟩ = Σ_t δ_o[t] x_c[seen[r, t]], summed over all uses, and ∇ₓL = Wᵀδ.

    Raises TypeError or ValueError, saying what was received, for a kernel or b that is no finite float64 array of its
    shape, and where the windows do not fit the size.
    """

    kernel, b = parameter("kernel"), parameter("b")

    def __init__(self, kernel, b, size, stride=1):
        if type(kernel) is not np.ndarray or kernel.ndim < 3 or not kernel.size:
            raise ValueError(f"expected a kernel (C_out, C_in, kh, kw) or (C_out, C_in, k), got {described(kernel)}")
        c_out, c_in, *window = finite(kernel, "kernel").shape
        self.seen, self.pixels = windows(size, tuple(window), stride), prod(size)
        params = {"kernel": kernel, "b": column(b, c_out, "b")}
        super().__init__(params, n=c_in * self.pixels, m=c_out * self.seen.shape[1])

    def _forward(self, x):
        patches = gather(x, self.seen, self.pixels).reshape(-1, self.seen.shape[1] * x.shape[1])  # (C_in·R, T·B)
        z = self.kernel.reshape(len(self.b), -1) @ patches
        # z is large and nobody else's, so the bias is added in place, unless it alone is complex.
        z = np.add(z, self.b, out=z if z.dtype == np.result_type(z, self.b) else None)
        return z.reshape(-1, x.shape[1]), patches

    def _backward(self, u, patches, input_gradient):
        delta, B = u.reshape(len(self.b), -1), u.shape[1]  # (C_out, T·B)
        grads = {"kernel": (delta @ patches.T).reshape(self.kernel.shape), "b": delta @ ones(delta.shape[1])}
        if not input_gradient:
            return None, grads
        spread = self.kernel.reshape(len(delta), -1).T @ delta
        return scatter(spread.reshape(-1, *self.seen.shape, B), self.seen, self.pixels), grads

    def _d(self, x):
        """W itself, (M, N)."""
        matrices = np.moveaxis(self.kernel.reshape(*self.kernel.shape[:2], -1), 2, 0)
        return sum(np.kron(K, S) for K, S in zip(matrices, selections(self.seen, self.pixels), strict=True))

    def _d_params(self, x):
        """Tuple([dkernel, db]). An array is the tuple of its parts along the last axis, down to columns, as Eq. (2)
        has it for a matrix; so is dkernel, with a Jacobian (M, C_out) for each column κ_cr: S_r x_c for each output.
        """
        c_out, c_in, *window = self.kernel.shape
        each = np.eye(c_out)
        patches = gather(x, self.seen, self.pixels).reshape(c_in, *window, -1, 1)
        return Tuple([_along_the_last_axis(patches, each), np.kron(each, np.ones((self.seen.shape[1], 1)))])


def _along_the_last_axis(patches, each):
    if patches.ndim == 2:
        return np.kron(each, patches)
    return Tuple(_along_the_last_axis(part, each) for part in np.moveaxis(patches, -3, 0))


class MaxPooling(Layer):
    """The largest number in every window, for each channel by itself.

    size, window, stride:  as for `windows`; with a stride smaller than the window the windows overlap.
    channels:              how many channels a sample has.

    The whole gradient of an output goes to the pixel that won, and a pixel that won in several windows gets the sum.
    Of equal numbers the first wins, row by row: there max has a kink and no derivative, and this is a choice.

    Raises ValueError for channels that are no whole number above 0, and as `windows` does.
    """

    def __init__(self, size, window, stride, channels=1):
        if not _is_count(channels):
            raise ValueError(f"expected channels to be a whole number above 0, got {channels!r}")
        self.seen, self.pixels = windows(size, window, stride), prod(size)
        super().__init__({}, n=channels * self.pixels, m=channels * self.seen.shape[1])

    def _forward(self, x):
        patches = gather(x, self.seen, self.pixels)  # (C, R, T, B)
        won = patches.real.argmax(axis=1, keepdims=True)
        return np.take_along_axis(patches, won, axis=1).reshape(-1, x.shape[1]), won

    def _backward(self, u, won, input_gradient):
        if not input_gradient:
            return None, {}
        C, _, T, B = won.shape
        cells = np.arange(len(self.seen)).reshape(1, -1, 1, 1)
        return scatter(np.where(won == cells, u.reshape(C, 1, T, B), 0.0), self.seen, self.pixels), {}

    def _d(self, x):
        """Row t has a single 1, at the pixel that won in window t."""
        patches = gather(x, self.seen, self.pixels)[..., 0]  # (C, R, T)
        won = np.take_along_axis(self.seen[None], patches.real.argmax(axis=1, keepdims=True), axis=1)
        return np.eye(self.n)[(won[:, 0] + self.pixels * np.arange(len(won)).reshape(-1, 1)).ravel()]

    def _d_params(self, x):
        return Tuple([])
