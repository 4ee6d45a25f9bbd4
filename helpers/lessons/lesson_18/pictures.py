"""Pictures of lesson 18: what an upstream of ones hides, and which habits of a test hide which of the six bugs."""

import numpy as np

from helpers.checking.describe import listed
from helpers.drawing.matrices import draw_matrix, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import GREEN, ORANGE, arrow, box, sheet
from helpers.drawing.template import template
from helpers.lessons.lesson_18 import bugs

UPSTREAMS, USES = ("ones", "random"), ("once", "several times")
COMPARISONS, TRUTHS = ("broadcast", "shape first"), ("its own forward", "an independent one")
BUGS = (
    ("1", "the last use wins"), ("2", "the last window wins"), ("3", "a dropout factor missing"),
    ("4", "a bias gradient that is one number"), ("5", "zero on the left"), ("6", "tiled, not repeated"),
)  # fmt: skip


def draw_fold(u, r):
    """The gradient of a fold for the upstream u (M, 1) as a table with a row for each block: repeated, and tiled."""
    M, cell = len(u), 46
    right, wrong = (f(u, r).reshape(M, r) for f in (bugs.fold_backward, bugs.tiled))
    figure, ax = sheet(760, 110 + M * cell, "The same numbers, in other places")
    blank = {"row_labels": [""] * M, "cell": cell}
    top = 76
    draw_matrix(ax, u, 60, top, name="u", title=f"u ({M}, 1)", column_labels=[""], **blank)
    arrow(ax, (130, top + M * cell / 2), (190, top + M * cell / 2), width=2)
    differ = {(i, j): ORANGE for i, j in np.ndindex(M, r) if right[i, j] != wrong[i, j]}
    for left, table, name, fills in ((220, right, "right", {}), (500, wrong, "tiled", differ)):
        title = {"right": "right: row i is uᵢ", "tiled": "wrong: u again and again"}[name]
        draw_matrix(ax, table, left, top, name=name, title=title, fills=fills, column_labels=[""] * r, **blank)
    ax.text(60, top + M * cell + 20, "read row by row, each table is the column of the gradient", size=9.5)
    said = f"{len(differ)} of {M * r} entries differ" if differ else "no entry differs"
    return Picture(
        figure,
        f"For u = ({entries(u)}) the right gradient, a row for each block, has the rows "
        + " and ".join(f"({entries(row)})" for row in right)
        + "; the tiled one has the rows "
        + " and ".join(f"({entries(row)})" for row in wrong)
        + f"; {said}.",
    )


def _gap(yours, truth):
    """The largest difference, as numpy compares: shapes that differ are stretched."""
    return float(np.abs(yours - truth).max())


def found(upstream, uses, p, units, comparison, truth):
    """For each bug what a test of these habits sees: the largest difference, or a text about the shape."""
    rng = np.random.default_rng(18)
    drawn = lambda *shape: np.ones(shape) if upstream == "ones" else rng.normal(size=shape)

    u, a, b, c = drawn(1, 1), *np.array([[[0.7]], [[-1.3]], [[0.4]]])
    name = "b" if uses == "once" else "a"  # y = a b + a c uses b once and a twice
    yield _gap(bugs.last_use_wins(u, a, b, c)[name], bugs.twice_backward(u, a, b, c)[name])

    x, stride = np.array([[2.0], [0], [5], [1], [4], [3], [6], [2.5], [0.5]]), 3 if uses == "once" else 2
    u = drawn(*bugs.pool(x, 3, stride).shape)
    yield _gap(bugs.last_window_wins(u, x, 3, stride), bugs.pool_backward_by_a_matrix(u, x, 3, stride))

    u, mask = drawn(2, 3), np.array([[1.0, 0, 1], [0, 1, 1]])
    yield _gap(bugs.factor_missing(u, mask, p), bugs.dropout_backward(u, mask, p))

    u = drawn(units, 4)
    yours, right = bugs.bias_as_one_number(u), bugs.bias_backward(u)
    yield f"shape () for ({units}, 1)" if comparison == "shape first" else _gap(yours, right)

    z, u = np.array([[-1.5, 0.4], [2.0, -0.3]]), drawn(2, 2)
    forward = bugs.alpha_for_alpha_z if truth == "its own forward" else bugs.leaky
    measured = u * (forward(z + 1e-3, 0.1) - forward(z - 1e-3, 0.1)) / 2e-3
    yield _gap(bugs.zero_on_the_left(u, z, 0.1), measured)

    u = drawn(3, 1)
    yield _gap(bugs.tiled(u, 2), bugs.fold_backward_by_kron(u, 2))


@template
def _hunt_page():
    figure, ax = sheet(760, 330, "title")
    ax.text(40, 60, "bug", weight="bold")
    ax.text(400, 60, "yours against the truth", weight="bold")
    ax.text(650, 60, "the test says", weight="bold")
    for k, (number, name) in enumerate(BUGS):
        ax.text(40, 92 + 40 * k, f"{number}  {name}", va="center_baseline")
    return figure


def draw_hunt(upstream, uses, p, units, comparison, truth):
    """Which of the six bugs a test of these habits sees."""
    seen = [(d, not (isinstance(d, float) and d < 1e-7)) for d in found(upstream, uses, p, units, comparison, truth)]
    caught = [number for (number, _), (_, is_caught) in zip(BUGS, seen, strict=True) if is_caught]
    figure = _hunt_page()
    figure.suptitle(f"This test catches {len(caught)} of 6 bugs", y=1 - 14 / 330, va="center_baseline")
    [ax] = figure.axes
    for k, (difference, is_caught) in enumerate(seen):
        y = 92 + 40 * k
        text = difference if isinstance(difference, str) else f"off by {entry(difference, 3)}"
        ax.text(400, y, text, va="center_baseline", label=f"gap {k + 1}")
        word, fill = ("caught", GREEN) if is_caught else ("passes", ORANGE)
        box(ax, 650, y - 14, 80, 28, word, fill, weight="bold" if is_caught else "normal")
    told = f"It catches bug{'s' * (len(caught) > 1)} {listed(caught)}." if caught else "All six pass."
    return Picture(
        figure,
        f"The upstream is {upstream}, every value is used {uses}, p = {entry(p)}, {units} "
        f"unit{'s' * (units > 1)}, the comparison is {comparison}, the truth is measured through {truth}. {told}",
    )
