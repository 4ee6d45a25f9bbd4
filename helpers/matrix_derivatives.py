"""Three ways to write the derivative of σ(Wx + b) with respect to W, and the one that never writes it.

D (M, M) is the Jacobian of the activation, I for an affine map (Eq. (38)); x (N, 1) is the input (Eq. (42)). All three
hold the same M²N numbers; a loss whose upstream is u (M, 1) needs M·N of them. `costs` counts what each takes.

All raise TypeError or ValueError for a D, x or u that is no finite float64 array of these shapes.
"""

import numpy as np

from helpers.shapes import batch, column, described
from helpers.tuples import Tuple


def _jacobian(D):
    """Return `D` itself if it is a matrix (M, M)."""
    shape = np.shape(D)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError(f"expected D to be the Jacobian (M, M) of an activation, got {described(D)}")
    return batch(D, what="D")


def _upstream(u, D):
    """Return `u` itself if it is a column (M, 1) above D (M, M)."""
    return column(u, len(_jacobian(D)), "u")


def as_tuple(D, x):
    """[x_1 D, ..., x_N D], Eq. (42): a Tuple of N items (M, M), one for each column of W."""
    D = _jacobian(D)
    return Tuple(x_j * D for x_j in column(x).ravel())


def as_array(D, x):
    """The array (M, M, N) whose entry [i, k, j] is the derivative of output i with respect to W_kj."""
    return np.einsum("ik,j->ikj", _jacobian(D), column(x).ravel())


def as_kronecker(D, x):
    """xᵀ ⊗ D, the matrix (M, MN): the items of the tuple side by side; W is read column by column."""
    return np.kron(column(x).T, _jacobian(D))


def gradient_by_tuple(u, D, x):
    """(uᵀ T)ᵀ glued into columns, (M, N)."""
    return (_upstream(u, D).T @ as_tuple(D, x)).T.columns()


def gradient_by_array(u, D, x):
    """u contracted with the output axis of the array, (M, N)."""
    return np.einsum("i,ikj->kj", _upstream(u, D).ravel(), as_array(D, x))


def gradient_by_kronecker(u, D, x):
    """uᵀ(xᵀ ⊗ D), read back into columns, (M, N)."""
    return (_upstream(u, D).T @ as_kronecker(D, x)).reshape(len(x), len(u)).T


def gradient_in_closed_form(u, D, x):
    """(Dᵀu) xᵀ, (M, N): one outer product. For an elementwise σ, Dᵀu is σ'(z) ⊙ u and takes M multiplications."""
    return (_jacobian(D).T @ _upstream(u, D)) @ column(x).T


def costs(M, N):
    """{form: (multiplications, bytes)} of forming the gradient (M, N) from u, D and x, with a diagonal D.

    The explicit forms multiply every entry of D by every x_j, M²N, and the upstream by each of them, M²N more. The
    closed form multiplies M slopes by u and forms M·N products. Bytes are those of the derivative and of the gradient,
    8 for a number.
    """
    explicit = (2 * M * M * N, 8 * (M * M * N + M * N))
    return {"tuple": explicit, "array": explicit, "kronecker": explicit, "closed form": (M + M * N, 8 * (M + M * N))}
