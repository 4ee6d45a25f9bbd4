"""Backward passes for the hunt: the right ones, the six that were wrong in public, and others that a check must see.

Each takes the upstream u of its forward pass and returns the gradient with respect to the input, or for several inputs
a dict. The wrong ones are rebuilt from the public cases that the lesson names; nothing of their code is here.
"""

from itertools import cycle

import numpy as np

from helpers.checking.probes import add_probes

# --- a value that is used twice: y = a b + a c -----------------------------------------------------------------------


def twice(a, b, c):
    """y = a b + a c, all of shape (1, 1)."""
    return a * b + a * c


def _uses(u, a, b, c):
    return (("a", b * u), ("b", a * u), ("a", c * u), ("c", a * u))


def twice_backward(u, a, b, c):
    grads = {"a": 0.0 * a, "b": 0.0 * b, "c": 0.0 * c}
    for name, term in _uses(u, a, b, c):
        grads[name] = grads[name] + term
    return grads


def last_use_wins(u, a, b, c):
    grads = {}
    for name, term in _uses(u, a, b, c):
        grads[name] = term
    return grads


# --- max-pooling of a column: the largest number of each window ------------------------------------------------------


def windows(x, window, stride):
    """The indices (T, window) of the entries of x (N, 1) that each of the T windows sees."""
    T = (len(x) - window) // stride + 1
    return stride * np.arange(T)[:, None] + np.arange(window)


def pool(x, window, stride):
    """y (T, 1): the largest entry of x (N, 1) in each window. Windows begin at 0, stride, 2 stride, …"""
    return x[windows(x, window, stride), 0].max(axis=1, keepdims=True)


def _winners(x, window, stride):
    """The index in x of the largest entry of each window, (T,)."""
    seen = windows(x, window, stride)
    return seen[np.arange(len(seen)), x[seen, 0].argmax(axis=1)]


def pool_backward(u, x, window, stride):
    grad = np.zeros(x.shape)
    np.add.at(grad, _winners(x, window, stride), u)
    return grad


def pool_backward_by_loops(u, x, window, stride):
    """The upstream of a window that begins behind the end of x, for a stride that is not that of pool, is lost."""
    grad = np.zeros(x.shape)
    for t in range(len(u)):
        piece = x[t * stride : t * stride + window, 0]
        if len(piece):
            grad[t * stride + int(piece.argmax()), 0] += u[t, 0]
    return grad


def pool_backward_by_a_matrix(u, x, window, stride):
    return np.eye(len(x))[:, _winners(x, window, stride)] @ u


def last_window_wins(u, x, window, stride):
    grad = np.zeros(x.shape)
    grad[_winners(x, window, stride)] = u
    return grad


def lost_by_indexing(u, x, window, stride):
    """The += that looks right: numpy adds once for an index that occurs twice."""
    grad = np.zeros(x.shape)
    grad[_winners(x, window, stride)] += u
    return grad


def averaged_over_windows(u, x, window, stride):
    counts = np.bincount(_winners(x, window, stride), minlength=len(x)).reshape(-1, 1)
    return pool_backward(u, x, window, stride) / np.maximum(counts, 1)


def stride_forgotten(u, x, window, stride):
    """Windows that begin at 0, window, 2 window, …"""
    return pool_backward_by_loops(u, x, window, window)


def stride_of_one(u, x, window, stride):
    """Windows that begin at 0, 1, 2, …"""
    return pool_backward_by_loops(u, x, window, 1)


def stride_of_two(u, x, window, stride):
    """Windows that begin at 0, 2, 4, …"""
    return pool_backward_by_loops(u, x, window, 2)


def one_too_small(u, x, window, stride):
    return pool_backward(u, x, window, stride) - 1.0


def one_too_large(u, x, window, stride):
    return pool_backward(u, x, window, stride) + 1.0


def one_place_too_far(u, x, window, stride):
    return np.roll(pool_backward(u, x, window, stride), 1, axis=0)


def pool_backward_negated(u, x, window, stride):
    return -pool_backward(u, x, window, stride)


def shared_by_the_window(u, x, window, stride):
    grad = np.zeros(x.shape)
    for t in range(len(u)):
        grad[t * stride : t * stride + window] += u[t, 0] / window
    return grad


def upstream_of_ones(u, x, window, stride):
    return pool_backward(np.ones_like(u), x, window, stride)


# --- dropout: y = x mask / (1 - p), where mask has a 0 for every number that is dropped ------------------------------


def dropout(x, mask, p):
    return x * mask / (1 - p)


def dropout_backward(u, mask, p):
    return u * mask / (1 - p)


def dropout_backward_by_where(u, mask, p):
    return np.where(mask > 0, u, 0.0) * (1 / (1 - p))


def dropout_backward_by_a_loop(u, mask, p):
    grad = np.zeros(u.shape)
    for at in np.ndindex(u.shape):
        grad[at] = u[at] / (1 - p) if mask[at] else 0.0
    return grad


def factor_missing(u, mask, p):
    return u * mask


def mask_missing(u, mask, p):
    return u / (1 - p)


def divided_by_p(u, mask, p):
    with np.errstate(all="ignore"):
        return u * mask / p


def multiplied(u, mask, p):
    return u * mask * (1 - p)


def another_mask(u, mask, p):
    """The mask drawn anew, so to speak: as many numbers are kept, and others."""
    return u * np.roll(mask, 1) / (1 - p)


def opposite(u, mask, p):
    return -u * mask / (1 - p)


def kept_and_dropped_exchanged(u, mask, p):
    return u * (1 - mask) / (1 - p)


def factor_of_one_half(u, mask, p):
    return u * mask * 2


def dropout_upstream_of_ones(u, mask, p):
    return np.ones_like(u) * mask / (1 - p)


def beginning_of_the_series(u, mask, p):
    """1/(1 - p) = 1 + p + p² + …, broken off: nearly right for a small p."""
    return u * mask * (1 + p + p**2)


def dropout_too_small(u, mask, p):
    return u * mask / (1 - p) - 1.0


def dropout_too_large(u, mask, p):
    return u * mask / (1 - p) + 1.0


def moved_by_one_entry(u, mask, p):
    return np.roll(u * mask, 1) / (1 - p)


# --- the bias of a layer: z = W x + b, b (M, 1), a batch of B columns ------------------------------------------------


def bias_backward(u):
    return u.sum(axis=1, keepdims=True)


def bias_as_one_number(u):
    return u.sum()


# --- leaky ReLU: z for z >= 0, alpha z for z < 0 ---------------------------------------------------------------------


def leaky(z, alpha):
    return np.where(z >= 0, z, alpha * z)


def leaky_by_maximum(z, alpha):
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def leaky_backward(u, z, alpha):
    return u * np.where(z >= 0, 1.0, alpha)


def leaky_backward_by_a_mask(u, z, alpha):
    left = z < 0
    return u * ~left + alpha * u * left


def alpha_for_alpha_z(z, alpha):
    """Left of 0 it is the number alpha, and moves no more."""
    return np.where(z >= 0, z, alpha)


def zero_on_the_left(u, z, alpha):
    return u * np.where(z >= 0, 1.0, 0.0)


def relu(z, alpha):
    return np.maximum(z, 0.0)


def alpha_on_the_right(z, alpha):
    return np.where(z >= 0, alpha * z, z)


def alpha_on_the_right_backward(u, z, alpha):
    return u * np.where(z >= 0, alpha, 1.0)


def shifted(z, alpha):
    """The right slopes, and another value."""
    return leaky(z, alpha) + 1.0


def left_everywhere(z, alpha):
    return alpha * z


def right_everywhere(z, alpha):
    return 1.0 * z


def fixed_slope(u, z, alpha):
    """The alpha that many libraries begin with, whatever alpha is given."""
    return u * np.where(z >= 0, 1.0, 0.01)


def one_minus_alpha(u, z, alpha):
    return u * np.where(z >= 0, 1.0, 1 - alpha)


def minus_alpha(u, z, alpha):
    return u * np.where(z >= 0, 1.0, -alpha)


def side_of_the_upstream(u, z, alpha):
    """The side is chosen by u, and z is not looked at."""
    return u * np.where(u >= 0, 1.0, alpha)


def shifted_down(z, alpha):
    return leaky(z, alpha) - 1.0


def alpha_at_zero_too(u, z, alpha):
    """Right: at 0 the slope is a matter of choice."""
    return u * np.where(z > 0, 1.0, alpha)


def one_everywhere(u, z, alpha):
    return 1.0 * u


def alpha_everywhere(u, z, alpha):
    return alpha * u


def leaky_upstream_of_ones(u, z, alpha):
    return np.where(z >= 0, 1.0, alpha) * np.ones_like(u)


def minus_alpha_for_alpha_z(z, alpha):
    """Right at z = -1."""
    return np.where(z >= 0, z, -alpha)


def one_for_z(z, alpha):
    """Right at z = 1."""
    return np.where(z >= 0, 1.0, alpha * z)


def slopes_times_z(u, z, alpha):
    """Right at z = 1 and at z = -1."""
    return u * np.where(z >= 0, z, -alpha * z)


# --- folding: y_i is the sum of r neighbours, x (M r, 1) to y (M, 1) -------------------------------------------------


def fold(x, r):
    return x.reshape(-1, r).sum(axis=1, keepdims=True)


def fold_backward(u, r):
    return np.repeat(u, r, axis=0)


def fold_backward_by_kron(u, r):
    return np.kron(u, np.ones((r, 1)))


def tiled(u, r):
    return np.tile(u, (r, 1))


def fold_averaged(u, r):
    return np.repeat(u, r, axis=0) / r


def fold_reversed(u, r):
    return np.repeat(u[::-1], r, axis=0)


def fold_of_ones(u, r):
    return np.ones((r * len(u), 1))


def first_neighbour_only(u, r):
    grad = np.zeros((r * len(u), 1))
    grad[::r] = u
    return grad


def flat(u, r):
    return np.repeat(u.ravel(), r)


def first_everywhere(u, r):
    return np.full((r * len(u), 1), u[0, 0])


def mean_everywhere(u, r):
    return np.full((r * len(u), 1), u.mean())


# --- the running sum, whose Jacobian is square and not symmetric; and a product so small that its slopes are tiny ----


def running_sum(x):
    """y_i = x_1 + … + x_i, all (N, 1)."""
    return np.cumsum(x, axis=0)


def faint(x, t):
    """y = 1e-14 x log(t - 9), all (N, 1), for t > 9 only."""
    return 1e-14 * x * np.log(t - 9)


def faint_backward(u, x, t):
    return {"x": 1e-14 * u * np.log(t - 9), "t": 1e-14 * u * x / (t - 9)}


# What the exercises hand to a student's check, under names that a message can say.
POOLS = {
    "a right one": pool_backward,
    "a right one, by loops": pool_backward_by_loops,
    "a right one, by a matrix": pool_backward_by_a_matrix,
    "the last window wins": last_window_wins,
    "+= with an index that occurs twice": lost_by_indexing,
    "averaged over the windows": averaged_over_windows,
    "the stride forgotten": stride_forgotten,
    "the stride taken for 1": stride_of_one,
    "the stride taken for 2": stride_of_two,
    "one place too far": one_place_too_far,
    "every entry one too small": one_too_small,
    "every entry one too large": one_too_large,
    "with the wrong sign": pool_backward_negated,
    "shared by the whole window": shared_by_the_window,
    "the upstream forgotten": upstream_of_ones,
}
DROPOUTS = {
    "u * mask / (1 - p)": dropout_backward,
    "the same by np.where": dropout_backward_by_where,
    "the same by a loop": dropout_backward_by_a_loop,
    "u * mask": factor_missing,
    "u / (1 - p)": mask_missing,
    "u * mask / p": divided_by_p,
    "u * mask * (1 - p)": multiplied,
    "u * mask * 2": factor_of_one_half,
    "u * another mask / (1 - p)": another_mask,
    "-u * mask / (1 - p)": opposite,
    "u * (1 - mask) / (1 - p)": kept_and_dropped_exchanged,
    "mask / (1 - p)": dropout_upstream_of_ones,
    "u * mask / (1 - p), moved by one entry": moved_by_one_entry,
    "u * mask / (1 - p) - 1": dropout_too_small,
    "u * mask / (1 - p) + 1": dropout_too_large,
}
FORWARDS = {
    "leaky": leaky,
    "leaky, by np.maximum": leaky_by_maximum,
    "alpha instead of alpha z": alpha_for_alpha_z,
    "zero left of 0": relu,
    "alpha on the right": alpha_on_the_right,
    "one too large": shifted,
    "one too small": shifted_down,
    "alpha z everywhere": left_everywhere,
    "z everywhere": right_everywhere,
}
BACKWARDS = {
    "slopes 1 and alpha": leaky_backward,
    "slopes 1 and alpha, by a mask": leaky_backward_by_a_mask,
    "slopes 1 and alpha, alpha at 0": alpha_at_zero_too,
    "slopes 1 and 0": zero_on_the_left,
    "slopes alpha and 1": alpha_on_the_right_backward,
    "slopes 1 and 1": one_everywhere,
    "slopes alpha and alpha": alpha_everywhere,
    "slopes 1 and 0.01": fixed_slope,
    "slopes 1 and 1 - alpha": one_minus_alpha,
    "slopes 1 and -alpha": minus_alpha,
    "slopes by the sign of u": side_of_the_upstream,
    "upstream of ones": leaky_upstream_of_ones,
}
# What is wrong by little, or right at some points: these show what a check allows, and where it looks.
NEARLY_DROPOUTS = {"u * mask * (1 + p + p**2)": beginning_of_the_series}
RIGHT_AT_ONE = {
    "-alpha instead of alpha z": minus_alpha_for_alpha_z,
    "1 instead of z": one_for_z,
    "slopes z and -alpha z": slopes_times_z,
}
FOLDS = {
    "repeated": fold_backward,
    "repeated, by kron": fold_backward_by_kron,
    "tiled": tiled,
    "repeated and divided by r": fold_averaged,
    "repeated in reverse order": fold_reversed,
    "ones": fold_of_ones,
    "the first neighbour only": first_neighbour_only,
    "the first u everywhere": first_everywhere,
    "the mean of u everywhere": mean_everywhere,
    "repeated, with one axis": flat,
}


def _but(right, **changed):
    """A backward pass like the right one but for some gradients, each of (u, **inputs)."""
    return lambda u, **inputs: right(u, **inputs) | {name: f(u, **inputs) for name, f in changed.items()}


def _each(right, change):
    """A backward pass like the right one, in which every gradient is changed."""
    return lambda u, **inputs: {name: change(grad) for name, grad in right(u, **inputs).items()}


TWICE = {
    "every use added": twice_backward,
    "b and c added first": _but(twice_backward, a=lambda u, a, b, c: (b + c) * u),
    "the last use wins": last_use_wins,
    "the first use counts": _but(twice_backward, a=lambda u, a, b, c: b * u),
    "the second use subtracted": _but(twice_backward, a=lambda u, a, b, c: (b - c) * u),
    "the wrong sign for b": _but(twice_backward, b=lambda u, a, b, c: -a * u),
    "the wrong sign for c": _but(twice_backward, c=lambda u, a, b, c: -a * u),
    "zeros for c": _but(twice_backward, c=lambda u, a, b, c: 0 * a),
    "a and b exchanged": _but(twice_backward, a=lambda u, a, b, c: a * u, b=lambda u, a, b, c: (b + c) * u),
    "u not used": lambda u, **inputs: twice_backward(np.ones_like(u), **inputs),
    "a third of u squared": lambda u, **inputs: twice_backward(u**2 / 3, **inputs),
    "every entry less by one": _each(twice_backward, lambda grad: grad - 1),
    "every entry more by one": _each(twice_backward, lambda grad: grad + 1),
    "every entry 1 % too large": _each(twice_backward, lambda grad: 1.01 * grad),
    "every first entry halved": _each(twice_backward, lambda grad: np.vstack([grad[:1] / 2, grad[1:]])),
    "every last entry halved": _each(twice_backward, lambda grad: np.vstack([grad[:-1], grad[-1:] / 2])),
    "with one axis": _each(twice_backward, np.ravel),
    "c left out": lambda u, **inputs: {name: twice_backward(u, **inputs)[name] for name in "ab"},
}
FOLDED = {  # by twos and by threes in turn
    f"{name}, r = {r}": lambda u, x, f=f, r=r: {"x": f(u, r)} for (name, f), r in zip(FOLDS.items(), cycle((2, 3)))
}
SUMMED = {
    "summed from the end": lambda u, x: {"x": np.cumsum(u[::-1], axis=0)[::-1]},
    "summed from the beginning": lambda u, x: {"x": np.cumsum(u, axis=0)},
}
FAINT = {
    "faint": faint_backward,
    "faint, zeros": _each(faint_backward, lambda grad: 0 * grad),
    "faint, the wrong sign for t": _but(faint_backward, t=lambda u, x, t: -faint_backward(u, x, t)["t"]),
}
add_probes(__name__, {"max-pooling": pool, "a b + a c": twice, "running sum": running_sum, "1e-14 x log(t - 9)": faint})
add_probes(__name__, {f"sums of {r} neighbours": lambda x, r=r: fold(x, r) for r in (2, 3)})
for table in (POOLS, DROPOUTS, NEARLY_DROPOUTS, FORWARDS, BACKWARDS, RIGHT_AT_ONE, TWICE, FOLDED, SUMMED, FAINT):
    add_probes(__name__, table)


def hunts():
    """{hunt: (an independent forward pass, its wrong backward pass, the inputs' shapes)}, for `check_gradients`."""
    mask = np.array([[1.0, 0, 1], [0, 1, 1]])
    return {
        "1 used twice ": (twice, last_use_wins, dict.fromkeys("abc", (1, 1))),
        "2 overlapping": (lambda x: pool(x, 3, 1), lambda u, x: {"x": last_window_wins(u, x, 3, 1)}, {"x": (8, 1)}),
        "3 factor     ": (lambda x: dropout(x, mask, 0.2), lambda u, x: {"x": u * mask}, {"x": (2, 3)}),
        "4 one number ": (lambda b: b + np.zeros((5, 3)), lambda u, b: {"b": bias_as_one_number(u)}, {"b": (5, 1)}),
        "5 zero left  ": (
            lambda z: leaky(z, 0.1),
            lambda u, z: {"z": zero_on_the_left(u, z, 0.1)},
            {"z": ("N", "B")},
        ),
        "6 tiled      ": (lambda x: fold(x, 2), lambda u, x: {"x": tiled(u, 2)}, {"x": (6, 1)}),
    }
