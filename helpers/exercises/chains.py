"""Answers about chains of functions, right and wrong, from which the banks of lessons 05 and 06 make their mistakes."""

from itertools import pairwise

import numpy as np

from helpers.numerical import numerical_jacobian


def difference(g, up, down, width=2e-5):
    """The difference quotient of g between two pairs (t, v), whose times lie `width` apart."""
    return ((g(np.array([up]).T) - g(np.array([down]).T)) / width).item()


def direct(g, v, t, h=1e-5):
    """The slope of g(t, v(t)) in t, with v held at v(t)."""
    return difference(g, (t + h, v(t)), (t - h, v(t)))


def through(g, v, t, h=1e-5):
    """The contribution of the path through v."""
    return difference(g, (t, v(t + h)), (t, v(t - h)))


def slope_along(f, v, at, along, h=1e-5):
    """The slope of f(v(x)) at the point `at` in the direction `along`, by a central difference."""
    return ((f(v(at + h * along)) - f(v(at - h * along))) / (2 * h)).item()


def row_of_slopes(f, v, x, entries, held):
    """`entries` slopes; held: the point at which input j is moved, from x and j."""
    row = np.zeros((1, entries))
    for j in range(entries):
        row[0, j] = slope_along(f, v, held(x, j), np.eye(len(x))[:, [j]])
    return row


def one_sided(f, v, x, h=1e-5):
    """The right row, by one-sided differences."""
    return np.array([[((f(v(x + h * e)) - f(v(x))) / h).item() for e in np.eye(len(x))[..., None]]])


def others_dropped(x, j):
    """The point whose entry j is that of x, with 0 elsewhere."""
    alone = np.zeros_like(x)
    alone[j] = x[j]
    return alone


def others_fixed(x, j):
    """x itself, whatever j is."""
    return x


def by_hand(df, dv, product=None, v=((7.0,), (6.0,))):
    """The dict that exercise 6.2 asks for."""
    df, dv = np.array(df, float), np.array(dv, float)
    return {"v(x)": np.array(v), "df": df, "dv": dv, "d(f ∘ v)": df @ dv if product is None else np.array(product)}


def tanh_slopes(z):
    """The Jacobian (N, N) of tanh at the column z."""
    return np.diag((1 - np.tanh(z) ** 2).ravel())


def forward(W0, b0, W1, b1, x):
    """z0, z1 and the Jacobians of tanh there, for tanh(W1 tanh(W0 x + b0) + b1)."""
    z0 = W0 @ x + b0
    z1 = W1 @ np.tanh(z0) + b1
    return z0, z1, tanh_slopes(z0), tanh_slopes(z1)


def from_factors(combine):
    """combine(W0, W1, D0, D1), as a function of the exercise's arguments."""
    return lambda W0, b0, W1, b1, x: combine(W0, W1, *forward(W0, b0, W1, b1, x)[2:])


def slopes_at_x(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who takes the slopes of tanh at x."""
    return tanh_slopes(x) @ W1 @ tanh_slopes(x) @ W0


def slopes_at_outputs(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who takes the slopes of tanh at its outputs."""
    z0, z1, _, _ = forward(W0, b0, W1, b1, x)
    return tanh_slopes(np.tanh(z1)) @ W1 @ tanh_slopes(np.tanh(z0)) @ W0


def tanh_skipped(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who feeds the second affine map with z0 and not with tanh(z0)."""
    z0 = W0 @ x + b0
    return tanh_slopes(W1 @ z0 + b1) @ W1 @ tanh_slopes(z0) @ W0


def diag_of_a_column(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who gives np.diag a column; it raises."""
    z0, z1, _, _ = forward(W0, b0, W1, b1, x)
    return np.diag(1 - np.tanh(z1) ** 2) @ W1 @ np.diag(1 - np.tanh(z0) ** 2) @ W0


def own_jacobians(a, b, c, x):
    """[da, db, dc] of a ∘ b ∘ c, each at its own input."""
    u = c(x)
    return [numerical_jacobian(f, point) for f, point in ((a, b(u)), (b, u), (c, x))]


def factor_named(a, b, c, factors, x, agree=False, reference=None, last=False):
    """The name of the first (or last) factor that differs from the reference (agree: that agrees), or "none"."""
    reference = reference or own_jacobians(a, b, c, x)
    names = zip(("da", "db", "dc"), factors, reference, strict=True)
    found = [name for name, F, J in names if bool(np.abs(F - J).max() < 1e-9) == agree]
    return found[-1 if last else 0] if found else "none"


def all_at_x(a, b, c, factors, x, last=False):
    """The answer of one who takes every factor at x."""
    J = [numerical_jacobian(f, x) for f in (a, b, c)]
    return factor_named(a, b, c, factors, x, reference=J, last=last), J[0] @ J[1] @ J[2]


def all_at_outputs(a, b, c, factors, x, last=False):
    """The answer of one who takes every factor at the output of its function."""
    u, w = c(x), b(c(x))
    J = [numerical_jacobian(f, point) for f, point in ((a, a(w)), (b, w), (c, u))]
    return factor_named(a, b, c, factors, x, reference=J, last=last), J[0] @ J[1] @ J[2]


def right_one_named(a, b, c, factors, x, last=False):
    """The right product, with a factor that is right named as the wrong one."""
    return factor_named(a, b, c, factors, x, agree=True, last=last), product(own_jacobians(a, b, c, x))


def product(J):
    return J[0] @ J[1] @ J[2]


def counts(left, right, pairs):
    """The dict that exercise 6.5 asks for."""
    found = {"left first": left, "right first": right, "pairs first": pairs}
    return found | {"least": min(found, key=found.get)}


def true_counts(n):
    """The right counts for the widths n_0, …, n_4."""
    left = n[4] * n[3] * n[2] + n[4] * n[2] * n[1] + n[4] * n[1] * n[0]
    right = n[2] * n[1] * n[0] + n[3] * n[2] * n[0] + n[4] * n[3] * n[0]
    return counts(left, right, n[4] * n[3] * n[2] + n[2] * n[1] * n[0] + n[4] * n[2] * n[0])


def neighbours_only(n):
    """The sum of n_{i+2} n_{i+1} n_i: as if every product were one of two of the original factors."""
    return n[4] * n[3] * n[2] + n[3] * n[2] * n[1] + n[2] * n[1] * n[0]


def entries_only(n):
    """How many numbers the factors hold."""
    return sum(p * q for p, q in pairwise(n))


def dearest_named(counts):
    """The same counts, with the dearest named as the least."""
    numbers = {name: count for name, count in counts.items() if name != "least"}
    return counts | {"least": max(numbers, key=numbers.get)}
