"""Functions from R^N to R^M that know their total derivative.

`f(x)` is the value and `f.d(x)` the Jacobian; `f @ g` is the composition f ∘ g, and the chain rule is the
same symbol once more: `(f @ g).d(x) == f.d(g(x)) @ g.d(x)` (Dillon, Eqs. (24) and (25)).

Shapes are literal. A point is a column (N, 1), a Jacobian is (M, N), a batch is (N, B) with one sample a column.
"""

import numpy as np

from helpers.numerical import numerical_jacobian
from helpers.shapes import batch, column, described, upstream


class Function:
    """A function f: R^N -> R^M with its total derivative (Dillon, Eqs. (8) and (9)).

    value:  takes a column (N, 1) and returns a column (M, 1). If it maps each column of a batch (N, B) on its
            own, the whole batch may be passed at once.
    d:      takes a column (N, 1) and returns the Jacobian (M, N). Without it the derivative is measured, by the
            complex step where `value` is analytic and by central differences elsewhere.
    n, m:   the sizes N and M, if they are fixed; they are then checked at every call.
    """

    __array_ufunc__ = None  # numpy then leaves `array @ function` to us, and it is refused

    def __init__(self, value, d=None, *, n=None, m=None, name=None):
        for given, role in ((value, "value"), (d, "d")):
            if given is not None and not callable(given):
                raise TypeError(f"expected {role} to be a function, got {type(given).__name__}")
        self._value, self._d, self.n, self.m = value, d, n, m
        self.name = name or getattr(value, "__name__", "f")

    def __call__(self, x):
        x = batch(x, self.n)
        y = self._value(x)
        if not isinstance(y, np.ndarray) or y.ndim != 2 or y.shape[1] != x.shape[1]:
            repair = f"; use .reshape(-1, {x.shape[1]})" if isinstance(y, np.ndarray | np.generic) else ""
            raise ValueError(
                f"{self.name} was given shape {x.shape} and returned {described(y)}; "
                f"expected columns, shape (M, {x.shape[1]}){repair}"
            )
        return batch(y, self.m, f"{self.name}(x)")

    def d(self, x):
        """The Jacobian (M, N) at the column x (N, 1).

        Raises ValueError if the derivative that was given has another shape, TypeError if it is not an array.
        """
        x = column(x, self.n)
        if self._d is None:
            return numerical_jacobian(self, x, method="auto")
        J, expected = self._d(x), (self(x).shape[0], x.shape[0])
        if not isinstance(J, np.ndarray) or J.shape != expected:
            transposed = isinstance(J, np.ndarray) and J.shape == expected[::-1]
            swapped = "; it looks transposed: rows belong to outputs" if transposed else ""
            raise ValueError(
                f"{self.name}.d returned {described(J)}; expected (M, N) = {expected}, "
                f"one row for each output and one column for each input{swapped}"
            )
        return batch(J, expected[0], f"{self.name}.d(x)")

    def vjp(self, x, u):
        """The vector-Jacobian product Jᵀu for each column: x (N, B) and u (M, B) give (N, B), Eq. (53) transposed.

        Raises ValueError for a u of another shape than the output, TypeError for what is no float64 array.
        """
        y = self(x)
        return self._vjp(x, y, batch(upstream(u, y.shape), what="u"))

    def _vjp(self, x, y, u):
        """Jᵀu, where y = f(x) is known already; some derivatives are short in terms of y."""
        return np.hstack([self.d(x[:, [b]]).T @ u[:, [b]] for b in range(x.shape[1])])

    def __matmul__(self, g):
        """f @ g is f ∘ g: g acts first. Raises TypeError unless g is a Function, ValueError if the sizes clash."""
        if not isinstance(g, Function):
            raise TypeError(
                f"{self.name} @ ... composes functions, got {type(g).__name__}; for a value write {self.name}(x)"
            )
        if None not in (self.n, g.m) and self.n != g.m:
            raise ValueError(
                f"{self.name} @ {g.name}: {g.name} returns {g.m} numbers and {self.name} takes {self.n}; "
                f"the function on the right acts first"
            )
        return Composition(self, g)

    def __repr__(self):
        return f"{self.name}: R^{self.n or 'N'} -> R^{self.m or 'M'}"


class Composition(Function):
    """f ∘ g, Eq. (24), with the chain rule of Eq. (25): each factor is taken at its own input."""

    def __init__(self, f, g):
        self.f, self.g = f, g
        super().__init__(
            lambda x: f(g(x)),
            lambda x: f.d(g(x)) @ g.d(x),
            n=g.n,
            m=f.m,
            name=f"{f.name} ∘ {g.name}",
        )

    def _vjp(self, x, y, u):
        # (Jf Jg)ᵀu = Jgᵀ(Jfᵀu), of the whole batch: one of the two may be a layer in which samples meet.
        between = self.g(x)
        return self.g._vjp(x, between, self.f._vjp(between, y, u))


class Elementwise(Function):
    """The same scalar function at every entry, Eq. (10); its Jacobian is diagonal, Eq. (14).

    value and slope take and return arrays of one shape; slope is the derivative of the scalar function.
    """

    def __init__(self, value, slope, *, n=None, name=None):
        if not callable(slope):
            raise TypeError(f"expected slope to be a function, got {type(slope).__name__}")
        self.slope = slope
        super().__init__(value, lambda x: np.diag(self._slope_of(x, x).ravel()), n=n, m=n, name=name)

    def _vjp(self, x, y, u):
        # Jᵀu without the zeros of J: the elementwise product σ'(x) ⊙ u, all of the shape (N, B).
        return self._slope_of(x, u) * u

    def _slope_of(self, x, y):
        slope = self.slope(x)
        for role, array in (("slope", slope), ("value", y)):
            if np.shape(array) != x.shape:  # it would be broadcast
                raise ValueError(
                    f"the {role} of {self.name} was given shape {x.shape} and returned {described(array)}; "
                    f"expected the same shape"
                )
        return slope


def elementwise(value, slope, *, name=None):
    """The elementwise map of a scalar function and its derivative, Eqs. (10) and (14)."""
    return Elementwise(value, slope, name=name)


def affine(W, b=None):
    """x -> W x + b, with derivative W (Eqs. (33) and (34)). W is (M, N), b is (M, 1) or absent.

    Raises as `column` does for an unfit b, ValueError or TypeError for an unfit W.
    """
    if type(W) is not np.ndarray or W.ndim != 2:
        raise (ValueError if type(W) is np.ndarray else TypeError)(
            f"expected W to be a matrix (M, N), got {described(W)}; use np.array([[1.0, 2.0]])"
        )
    W = batch(W, what="W")
    b = np.zeros((W.shape[0], 1)) if b is None else column(b, W.shape[0], "b")
    return Function(lambda x: W @ x + b, lambda x: W.copy(), n=W.shape[1], m=W.shape[0], name="affine")


def identity(n=None):
    """x -> x, with the identity matrix (N, N) as its derivative: dx/dx = I."""
    return Elementwise(np.copy, np.ones_like, n=n, name="identity")
