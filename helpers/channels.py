"""Channels: numbers of one kind, treated alike by a tuple of weight matrices (Dillon's closing remarks, U23)."""

import numpy as np

from helpers.layers import Layer, ones
from helpers.shapes import batch, column, described
from helpers.tuples import Tuple


class Channels(Layer):
    """z_c = Σ_d W_cd x_d + b_c: every channel of the input contributes to every channel of the output.

    W:  a list of C lists of D matrices (M, N), W[c][d] from channel d of the input to channel c of the output.
    b:  a list of C columns (M, 1).

    The channels of a sample stand below one another, x (D·N, B) and z (C·M, B). The parameters are named W[c][d] and
    b[c]. It is the dense layer `Affine(np.block(W), np.vstack(b))`, cut into pieces.

    Raises TypeError or ValueError for what are no such lists, or no finite float64 arrays of one shape.
    """

    def __init__(self, W, b):
        rows = isinstance(W, list | tuple) and all(isinstance(row, list | tuple) and row for row in W)
        if not (rows and W and len({len(row) for row in W}) == 1 and isinstance(b, list | tuple) and len(b) == len(W)):
            raise ValueError(
                "expected W as C lists of D matrices and b as a list of C columns, such as [[W00, W01], [W10, W11]] "
                f"and [b0, b1], got {described(W)} and {described(b)}"
            )
        self.C, self.D = len(W), len(W[0])
        params = {f"W[{c}][{d}]": batch(W[c][d], what=f"W[{c}][{d}]") for c in range(self.C) for d in range(self.D)}
        shapes = {matrix.shape for matrix in params.values()}
        if len(shapes) > 1:
            raise ValueError(f"expected matrices of one shape, one for each pair of channels, got {sorted(shapes)}")
        [(M, N)] = shapes
        params |= {f"b[{c}]": column(b[c], M, f"b[{c}]") for c in range(self.C)}
        super().__init__(params, n=self.D * N, m=self.C * M)

    def _W(self):
        return [[self.params[f"W[{c}][{d}]"] for d in range(self.D)] for c in range(self.C)]

    def _forward(self, x):
        parts = np.vsplit(x, self.D)
        z = [sum(W @ part for W, part in zip(row, parts, strict=True)) for row in self._W()]
        return np.vstack([z_c + self.params[f"b[{c}]"] for c, z_c in enumerate(z)]), parts

    def _backward(self, u, parts, input_gradient):
        deltas, W = np.vsplit(u, self.C), self._W()
        grads = {f"W[{c}][{d}]": delta @ part.T for c, delta in enumerate(deltas) for d, part in enumerate(parts)}
        grads |= {f"b[{c}]": delta @ ones(delta.shape[1]) for c, delta in enumerate(deltas)}
        if not input_gradient:
            return None, grads
        # x_d is used by every channel of the output, so that its uses are added.
        return np.vstack([sum(W[c][d].T @ deltas[c] for c in range(self.C)) for d in range(self.D)]), grads

    def _d(self, x):
        return np.block(self._W())

    def _d_params(self, x):
        parts, blocks = np.vsplit(x, self.D), np.hsplit(np.eye(self.m), self.C)  # block c (C·M, M) moves channel c
        of_W = [Tuple(x_j * block for x_j in part.ravel()) for block in blocks for part in parts]
        return Tuple([*of_W, *blocks])
