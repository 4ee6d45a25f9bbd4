"""Three ways to write the derivative of σ(Wx + b) with respect to W, and the one that never writes it.

D (M, M) is the Jacobian of the activation, I for an affine map (Eq. (38)); x (N, 1) is the input (Eq. (42)). All three
hold the same M²N numbers; a loss whose upstream is u (M, 1) needs M·N of them. `costs` counts what each takes.
"""

import numpy as np

from helpers.shapes import column
from helpers.tuples import Tuple


def as_tuple(D, x):
    """[x_1 D, ..., x_N D], Eq. (42): a Tuple of N items (M, M), one for each column of W."""
    return Tuple(x_j * D for x_j in column(x).ravel())


def as_array(D, x):
    """The array (M, M, N) whose entry [i, k, j] is the derivative of output i with respect to W_kj."""
    return np.einsum("ik,j->ikj", D, column(x).ravel())


def as_kronecker(D, x):
    """xᵀ ⊗ D, the matrix (M, MN): the items of the tuple side by side; W is read column by column."""
    return np.kron(column(x).T, D)


def gradient_by_tuple(u, D, x):
    """(uᵀ T)ᵀ glued into columns, (M, N)."""
    return (u.T @ as_tuple(D, x)).T.columns()


def gradient_by_array(u, D, x):
    """u contracted with the output axis of the array, (M, N)."""
    return np.einsum("i,ikj->kj", u.ravel(), as_array(D, x))


def gradient_by_kronecker(u, D, x):
    """uᵀ(xᵀ ⊗ D), read back into columns, (M, N)."""
    return (u.T @ as_kronecker(D, x)).reshape(len(x), len(u)).T


def gradient_in_closed_form(u, D, x):
    """(Dᵀu) xᵀ, (M, N): one outer product. For an elementwise σ, Dᵀu is σ'(z) ⊙ u and takes M multiplications."""
    return (D.T @ u) @ column(x).T


def costs(M, N):
    """{form: (multiplications, bytes)} of forming the gradient (M, N) from u, D and x, with a diagonal D.

    The explicit forms multiply every entry of D by every x_j, M²N, and the upstream by each of them, M²N more. The
    closed form multiplies M slopes by u and forms M·N products. Bytes are those of the derivative and of the gradient,
    8 for a number.
    """
    explicit = (2 * M * M * N, 8 * (M * M * N + M * N))
    return {"tuple": explicit, "array": explicit, "kronecker": explicit, "closed form": (M + M * N, 8 * (M + M * N))}
