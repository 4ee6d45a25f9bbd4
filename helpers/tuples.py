"""Tuples: ordered lists of arrays of any shapes, other tuples included, on which derivatives act.

The derivative with respect to a tuple is the tuple of derivatives (Dillon, Eq. (30)); a matrix is the tuple of its
columns (Eqs. (2) and (31)). Four operations are all that the notes need: multiply every element from the left,
transpose every element, glue columns into a matrix, and contract with a vector, which sums.
"""

from collections.abc import Iterable
from numbers import Number

import numpy as np

from helpers.shapes import described


class Tuple:
    """Tuple([a, b, ...]): arrays of any shapes with at least two axes, or Tuples.

    J @ T    every element multiplied from the left: Tuple([J @ a, J @ b, ...])
    T @ x    contraction with a column x (N, 1), one number for each element: x_1 a + x_2 b + ...
    T @ S    contraction with a Tuple, one factor for each element: a @ S[0] + b @ S[1] + ...
    T.T      every element transposed, the order kept
    T + S, T - S, c * T, T * c, T / c, T == S    element by element; structures are compared before any arithmetic

    Raises TypeError for what is no list, for an element that is no array, and for a partner of an operation that is of
    another kind; ValueError for an element with fewer than two axes, and wherever lengths or shapes do not fit, naming
    the element. Products and transposes take elements with two axes only.
    """

    __array_ufunc__ = None  # numpy then hands `array @ Tuple` to us instead of taking the Tuple apart
    __hash__ = None

    def __init__(self, items):
        if not isinstance(items, Iterable):
            raise TypeError(f"expected a list of arrays or Tuples, got {described(items)}")
        self._items = tuple(items)
        for k, item in enumerate(self._items):
            if isinstance(item, Tuple):
                continue
            if type(item) is not np.ndarray:  # np.matrix and masked arrays have rules of their own
                raise TypeError(f"expected element {k} to be an array or a Tuple, got {type(item).__name__}")
            if item.ndim < 2:
                raise ValueError(f"expected element {k} to have two axes, got shape {item.shape}; a column is (N, 1)")

    @classmethod
    def of_columns(cls, A):
        """The tuple of the N columns (M, 1) of a matrix A (M, N), Eq. (2); `columns` is its inverse."""
        if type(A) is not np.ndarray or A.ndim != 2:
            raise ValueError(f"expected a matrix (M, N), got {_described(A)}")
        return cls(A[:, [j]] for j in range(A.shape[1]))

    def columns(self):
        """The matrix (M, N) whose columns are the elements; each must be a column (M, 1), all of one length."""
        for k, item in enumerate(self._items):
            first = np.shape(self._items[0]) if not isinstance(self._items[0], Tuple) else None
            if isinstance(item, Tuple) or item.shape != first or item.shape[1] != 1:
                expected = first if first and first[1] == 1 else "(M, 1)"
                raise ValueError(f"expected element {k} to be a column {expected}, got {_described(item)}")
        if not self._items:
            raise ValueError("an empty Tuple has no columns")
        return np.hstack(self._items)

    @property
    def T(self):
        """The Tuple of the transposes. Raises ValueError for an element that has not two axes."""
        self._two_axes("T.T")
        return Tuple(item.T for item in self._items)

    @property
    def shapes(self):
        """The elements' shapes, nested as the elements are."""
        return tuple(item.shapes if isinstance(item, Tuple) else item.shape for item in self._items)

    @property
    def size(self):
        """How many numbers the Tuple stores."""
        return sum(item.size for item in self._items)

    def __rmatmul__(self, J):
        if type(J) is not np.ndarray or J.ndim != 2:
            raise ValueError(f"expected a matrix (K, M) to the left of a Tuple, got {_described(J)}")
        self._two_axes("J @ T")
        for place, item in self._leaves():
            if J.shape[1] != item.shape[0]:
                raise ValueError(f"J @ T: J is {J.shape} and element {place} is {item.shape}; {_inner(J, item)}")
        return Tuple(J @ item for item in self._items)

    def __matmul__(self, other):
        if isinstance(other, Tuple):
            self._same_length(other, "T @ S")
            self._two_axes("T @ S")
            other._two_axes("T @ S")
            for k, (a, b) in enumerate(zip(self, other, strict=True)):
                if isinstance(a, Tuple) != isinstance(b, Tuple):
                    raise ValueError(f"T @ S: the elements {k} are {_described(a)} and {_described(b)}")
                if not isinstance(a, Tuple) and a.shape[1] != b.shape[0]:
                    raise ValueError(f"T @ S: the elements {k} are {a.shape} and {b.shape}; {_inner(a, b)}")
            return _sum([a @ b for a, b in zip(self, other, strict=True)])
        if type(other) is not np.ndarray or other.shape != (len(self), 1):
            raise ValueError(
                f"T @ x: expected a column ({len(self)}, 1), one number for each element, got {_described(other)}; "
                "for a product with each element write Tuple(a @ K for a in T)"
            )
        return _sum([x_j * item for x_j, item in zip(other.ravel(), self._items, strict=True)])

    def __add__(self, other):
        self._same_structure(other, "+")
        return Tuple(a + b for a, b in zip(self, other, strict=True))

    def __sub__(self, other):
        self._same_structure(other, "-")
        return Tuple(a - b for a, b in zip(self, other, strict=True))

    def __radd__(self, other):
        raise TypeError(f"expected a Tuple to the left of the sign too, got {_described(other)}; nothing is broadcast")

    __rsub__ = __radd__

    def __rmul__(self, c):
        if not isinstance(c, Number):
            raise TypeError(f"expected a number times a Tuple, got {_described(c)}")
        return Tuple(c * item for item in self._items)

    def __mul__(self, c):
        if not isinstance(c, Number):
            raise TypeError(f"expected a Tuple times a number, got {_described(c)}; products are written with @")
        return c * self

    def __truediv__(self, c):
        if not isinstance(c, Number):
            raise TypeError(f"expected a Tuple divided by a number, got {_described(c)}")
        return Tuple(item / c for item in self._items)

    def __neg__(self):
        return -1.0 * self

    def __eq__(self, other):
        if not isinstance(other, Tuple):
            return NotImplemented
        pairs = zip(self._leaves(), other._leaves(), strict=False)
        return self.shapes == other.shapes and all(np.array_equal(a, b) for (_, a), (_, b) in pairs)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __getitem__(self, k):
        return self._items[k]

    def __array__(self, dtype=None, copy=None):
        raise TypeError("a Tuple is no array: its elements may differ in shape; use np.stack(list(T)) if they do not")

    def __repr__(self):
        return f"Tuple of {len(self)} items, shapes {', '.join(map(str, self.shapes))}"

    def _leaves(self, place=""):
        """(place, array) of every array inside, at any depth."""
        for k, item in enumerate(self._items):
            here = f"{place}[{k}]" if place else str(k)
            if isinstance(item, Tuple):
                yield from item._leaves(here)
            else:
                yield here, item

    def _two_axes(self, operation):
        for place, item in self._leaves():
            if item.ndim != 2:
                raise ValueError(
                    f"{operation}: expected elements with two axes, element {place} has shape {item.shape}"
                )

    def _same_length(self, other, operation):
        if len(self) != len(other):
            raise ValueError(f"{operation}: the Tuples have {len(self)} and {len(other)} elements")

    def _same_structure(self, other, sign):
        if not isinstance(other, Tuple):
            raise TypeError(f"T {sign} S: expected a Tuple, got {_described(other)}")
        self._same_length(other, f"T {sign} S")
        for k, (a, b) in enumerate(zip(self.shapes, other.shapes, strict=True)):
            if a != b:
                raise ValueError(f"T {sign} S: the elements {k} have shapes {a} and {b}; nothing is broadcast")


def _sum(terms):
    if not terms:
        raise ValueError("the contraction of an empty Tuple is not defined")
    for k, term in enumerate(terms):
        if type(term) is not type(terms[0]) or _structure(term) != _structure(terms[0]):
            raise ValueError(f"the contraction adds elements of one shape; element {k} is {_described(term)}")
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _structure(value):
    return value.shapes if isinstance(value, Tuple) else value.shape


def _inner(a, b):
    return f"{a.shape[1]} columns do not meet {b.shape[0]} rows"


def _described(value):
    return repr(value) if isinstance(value, Tuple) else described(value)
