"""The pictures of lesson 00: the digit network, one weight of it, the card of conventions, the map of the course."""

from functools import cache

import numpy as np
from matplotlib.patches import Rectangle

from helpers.digits import digit_network, some_digits
from helpers.drawing.matrices import GREYS, draw_matrix, draw_pixels, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GREEN, GRID, HAIRLINE, LABEL, NOTE, ORANGE, arrow, box, sheet
from helpers.drawing.template import template
from helpers.lessons.syllabus import SYLLABUS, written

# --- the map ----------------------------------------------------------------------------------------------------

# A lesson's row follows from what it needs. Its column, from 0 to 2, is chosen so that no arrow crosses a lesson.
ACROSS = {0: 1, 1: 0.5, 2: 1.5, 3: 1, 4: 0, 5: 1, 6: 1, 7: 0, 8: 1, 9: 1, 10: 0, 11: 0.5, 12: 1, 13: 1, 14: 2, 15: 2}
ACROSS |= {16: 1, 17: 0, 18: 1, 19: 2, 20: 2}
WIDTH, HEIGHT = 196, 42  # of a lesson's box


def draw_map(ready=None):
    """The lessons of the course, with an arrow from each to those that build on it.

    ready: numbers of the lessons that are there (without it, those with a notebook); the others have dashed frames.
    """
    ready = set(written() if ready is None else ready)
    figure, ax = sheet(760, 824, "The map: an arrow leads from a lesson to one that builds on it")
    for number, lesson in SYLLABUS.items():
        for other in lesson.needs:
            (x0, y0), (x1, y1) = _place(other), _place(number)
            lean = 0.33 * (x1 - x0)  # leave and arrive off the middle, so that the arrow is steep
            start, end = (x0 + lean, y0 + HEIGHT / 2), (x1 - lean, y1 - HEIGHT / 2 - 1)
            arrow(ax, start, end, "C5", label=f"{other:02} → {number:02}")
    for number, lesson in SYLLABUS.items():
        (x, y), there = _place(number), number in ready
        left = x - WIDTH / 2
        _frame(ax, left, y - HEIGHT / 2, WIDTH, HEIGHT, there, label=f"{number:02}")
        ax.text(left + 10, y, f"{number:02}", weight="bold" if there else "normal", va="center_baseline")
        ax.text(left + 38, y, _in_two_lines(lesson.title), va="center")
    described = f"{len(SYLLABUS)} lessons"
    if ready < set(SYLLABUS):
        described += f". Written so far: {_and(sorted(ready))}; those to come have dashed frames"
        for y, there, meaning in ((58, True, "written"), (84, False, "still to come")):
            _frame(ax, 32, y - 8, 32, 16, there)
            ax.text(74, y, meaning, va="center_baseline")
    needs = "; ".join(f"{n:02} needs {_and(lesson.needs)}" for n, lesson in SYLLABUS.items() if lesson.needs)
    return Picture(figure, f"{described}. {needs}.")


def _row(number):
    """One below the lowest of the lessons that it needs."""
    return max((_row(other) + 1 for other in SYLLABUS[number].needs), default=0)


def _place(number):
    """The middle of a lesson's box."""
    return 130 + 250 * ACROSS[number], 62 + 66 * _row(number)


def _frame(ax, left, top, width, height, there, **label):
    look = {"fc": BLUE, "ec": "C0", "lw": 1.5} if there else {"fc": "white", "ec": "C5", "lw": 1.2, "ls": "--"}
    ax.add_artist(Rectangle((left, top), width, height, **look, **label))


def _in_two_lines(title):
    """A long title broken at the space that leaves the shorter lines."""
    broken = [title[:k] + "\n" + title[k + 1 :] for k in range(len(title)) if title[k] == " "]
    return min(broken, key=lambda text: max(map(len, text.split("\n")))) if len(title) > 18 else title


def _and(numbers):
    *most, last = (f"{number:02}" for number in numbers)
    return f"{', '.join(most)} and {last}" if most else last


# --- the card ---------------------------------------------------------------------------------------------------


def draw_conventions():
    """The eight conventions of the course, each with its drawing, for N = 3, M = 2 and B = 4; first their letters."""
    figure, ax = sheet(846, 656, "The conventions, for N = 3 inputs, M = 2 outputs and B = 4 samples")
    panels = (
        (_letters, "The letters", ""),
        (_point, "A vector is a column", "x: (N, 1) = (3, 1)\ntwo axes, never one"),
        (
            _jacobian,
            "A Jacobian: row = output",
            "dz/dx: (M, N) = (2, 3); ∂z₁/∂x₂ is\nthe slope of output 1 for input 2",
        ),
        (
            _gradient,
            "A gradient: as its parameter",
            "∇L for W is (M, N), for x it is (N, 1);\na derivative dL/dx is a row",
        ),
        (_batch, "A batch: column = sample", "X: (N, B) = (3, 4)\none bias b, added to each column"),
        (_layers, "Layers 0, 1, …, k", "k + 1 layers, numbered i = 0 to k;\nn⁽⁻¹⁾ is the input x of the network"),
        (_circles, "∘ is not ⊙", "∘ composes functions: g acts first;\n⊙ multiplies entry by entry"),
        (_axes, "The number of axes", "is the length of the shape;\nrank means something else"),
        (_order, "Products keep their order", "Here AC does not fit; where both\norders fit, the results may differ"),
    )
    for k, (draw, title, sentence) in enumerate(panels):
        left, top = 12 + 276 * (k % 3), 38 + 205 * (k // 3)
        ax.add_artist(Rectangle((left, top), 270, 199, fc="none", ec=HAIRLINE))
        ax.text(left + 12, top + 24, title, weight="bold")
        ax.text(left + 12, top + 190, sentence, size=LABEL, va="bottom")
        draw(ax, left, top)
    return Picture(
        figure,
        "A layer turns inputs x into z = Wx + b, and its activation σ turns z into n; L is the loss. "
        "A vector is a column (3, 1), a Jacobian is (2, 3) with a row for each output, a gradient has the shape of its "
        "parameter while the derivative of a number is a row, and a batch (3, 4) holds one sample in each column. "
        "Layers are numbered 0 to k, ∘ composes and ⊙ multiplies entry by entry, the number of axes is the "
        "length of the shape, 3 for (2, 3, 4), and a product such as (4, 2)(2, 3) keeps its written order.",
    )


def _grid(ax, name, texts, left, top, cell=38, **style):
    """A matrix without indices at its sides; `texts` are its entries, or its shape where they do not matter."""
    entries = np.full(texts, "") if isinstance(texts, tuple) else np.array(texts)
    rows, columns = entries.shape
    blank = {"title": "", "row_labels": [""] * rows, "column_labels": [""] * columns}
    draw_matrix(ax, entries, left, top, name=name, cell=cell, **blank | style)


def _letters(ax, left, top):
    meanings = {
        "x, X": "inputs; those of a batch",
        "W, b": "weights, biases of a layer",
        "z": "Wx + b",
        "σ": "activation, a function of z",
        "n": "σ(z), outputs of the layer",
        "L": "the loss, one number",
        "f, g": "any functions",
    }
    for k, (letter, meaning) in enumerate(meanings.items()):
        ax.text(left + 12, top + 50 + 22 * k, letter)
        ax.text(left + 56, top + 50 + 22 * k, meaning, size=LABEL)


def _point(ax, left, top):
    _grid(ax, "x", [["x₁"], ["x₂"], ["x₃"]], left + 116, top + 38)


def _jacobian(ax, left, top):
    slopes = [[f"∂z{i}/∂x{j}" for j in "₁₂₃"] for i in "₁₂"]
    row = dict.fromkeys([(0, 0), (0, 1), (0, 2)], ORANGE)
    _grid(ax, "dz/dx", slopes, left + 45, top + 36, cell=60, fills=row)


def _gradient(ax, left, top):
    parts = ((12, 50, "W and ∇L for W", (2, 3)), (142, 50, "x and ∇L for x", (3, 1)), (12, 122, "dL/dx", (1, 3)))
    for x, y, name, shape in parts:
        ax.text(left + x, top + y, name, size=LABEL)
        _grid(ax, name, shape, left + x, top + y + 6, cell=22)


def _batch(ax, left, top):
    sample = dict.fromkeys([(0, 1), (1, 1), (2, 1)], ORANGE)
    _grid(ax, "X", (3, 4), left + 71, top + 56, cell=32, fills=sample)
    ax.text(left + 119, top + 50, "sample 2", size=LABEL, ha="center")


def _layers(ax, left, top):
    ax.text(left + 135, top + 60, "z⁽ⁱ⁾ = W⁽ⁱ⁾ n⁽ⁱ⁻¹⁾ + b⁽ⁱ⁾", ha="center")
    for k, name in enumerate(("x", "0", "1", "…", "k", "L")):
        x, y = left + 25 + 44 * k, top + 92
        if k:
            arrow(ax, (x - 30, y), (x - 14, y), "C5", mutation_scale=9)
        if name in "01k":
            box(ax, x - 13, y - 18, 26, 36, name, BLUE, "C0")
        else:
            ax.text(x, y, name, ha="center", va="center_baseline")
    ax.text(left + 135, top + 136, "n⁽ⁱ⁾ = σ⁽ⁱ⁾(z⁽ⁱ⁾)", ha="center")


def _circles(ax, left, top):
    ax.text(left + 135, top + 56, "(f ∘ g)(x) = f(g(x))", ha="center")
    for k, (column, sign) in enumerate((([["2"], ["3"]], "⊙"), ([["4"], ["5"]], "="), ([["8"], ["15"]], ""))):
        _grid(ax, f"factor {k}", column, left + 47 + 70 * k, top + 74, cell=36)
        ax.text(left + 100 + 70 * k, top + 110, sign, size=14, ha="center", va="center_baseline")


def _axes(ax, left, top):
    for k, shape in enumerate(((), (3,), (3, 1), (2, 3, 4))):
        ax.text(left + 40, top + 56 + 26 * k, str(shape))
        ax.text(left + 150, top + 56 + 26 * k, f"{len(shape)} ax{'i' if len(shape) == 1 else 'e'}s")


def _order(ax, left, top):
    for x, name, shape, sign in ((20, "C", (4, 2), "·"), (96, "A", (2, 3), "="), (194, "CA", (4, 3), "")):
        _grid(ax, name, shape, left + x, top + 56, cell=22)
        ax.text(left + x + 11 * shape[1], top + 50, f"{name} {shape}", size=LABEL, ha="center")
        ax.text(left + x + 22 * shape[1] + 16, top + 82, sign, size=14, ha="center", va="center_baseline")


# --- the network ------------------------------------------------------------------------------------------------

PIXEL, UNIT, SCORE = 23, 11.5, 34  # how high a pixel, a unit and a score are in draw_digit_network
LONG = 28  # the bar of a unit with the output 1


def draw_digit_network(net, x, y, unit, pixel):
    """The digit network reading x (64, 1) with the label y (10, 1); one weight stands out.

    unit, pixel: the ends of that weight, counted from 1.
    """
    n, f, p = forward(net, x)
    meant, said = int(y.argmax()), int(p.argmax())
    figure, ax = sheet(840, 500, f"A {meant} goes through the network, which takes it for a {said}")
    left, top = 30, 158
    centres = [(left + (j + 0.5) * PIXEL, top + (i + 0.5) * PIXEL) for i, j in np.ndindex(8, 8)]
    units = [(418, 68 + (k + 0.5) * UNIT) for k in range(32)]
    scores = [(600, 82 + (k + 0.5) * SCORE) for k in range(10)]
    for starts, end, leave, gap in (
        (centres, units[unit - 1], 0, LONG + 4),
        (units, scores[meant], LONG + 4, SCORE / 2 + 22),
    ):
        for start in starts:  # under everything else: the weights of one unit and of one score
            across, down = (start[0] + leave, end[0] - gap), (start[1], end[1])
            ax.plot(across, down, color="#C4C4C4", lw=0.6, zorder=0.5, label="weight")
    draw_pixels(ax, np.rint(8 * x.ravel()), left, top, PIXEL, GREYS, "x: shade", ec=HAIRLINE, lw=0.5)
    ax.add_artist(Rectangle((left, top), 8 * PIXEL, 8 * PIXEL, fill=False, ec="C4", lw=1))
    ax.plot((418, 418), (64, 440), color="C5", lw=0.8)
    for k, ((middle, y_k), value) in enumerate(zip(units, n.ravel(), strict=True)):
        bar = {"fc": "C0" if value > 0 else "C1", "ec": "white", "lw": 0.6, "label": f"n[{k}]"}
        ax.add_artist(Rectangle((middle, y_k - UNIT / 2), LONG * value, UNIT, **bar))
    marks = {(said, 0): ORANGE, (meant, 0): GREEN}
    for name, values, (cx, cy), labels, digits in (
        ("f", f, scores[0], map(str, range(10)), 1),
        ("p", p, (720, scores[0][1]), [""] * 10, 2),
    ):
        draw_matrix(ax, values, cx - SCORE / 2, cy - SCORE / 2, name=name, title="", cell=SCORE, digits=digits,
                    fills=marks, column_labels=[""], row_labels=list(labels))  # fmt: skip
    value = net.layers[0].W[unit - 1, pixel - 1]
    start, end = centres[pixel - 1], units[unit - 1]
    corner = start[0] - PIXEL / 2, start[1] - PIXEL / 2
    ax.add_artist(Rectangle(corner, PIXEL, PIXEL, fill=False, ec="C1", lw=2.5, label="pixel"))
    arrow(ax, start, (end[0] - LONG - 4, end[1]), "C1", 2, label="one weight")
    ax.text(258, 118, f"one weight: {entry(value)}", color="C1", weight="bold", ha="center")
    for at, title, shape in ((left + 4 * PIXEL, "x: 64 pixels", 142), (418, "n: 32 units", 58)):
        ax.text(at, shape, title, ha="center", weight="bold")
    ax.text(600, 66, "10 scores", ha="center", weight="bold")
    ax.text(720, 66, "shares p", ha="center", weight="bold")
    for k, line in enumerate(("layer 0: 32 · 64 weights,", "32 biases; then tanh")):
        ax.text(300, 420 + 17 * k, line, ha="center", size=LABEL)
    for k, line in enumerate(("layer 1: 10 · 32", "weights, 10 biases")):
        ax.text(506, 462 + 17 * k, line, ha="center", size=LABEL)
    arrow(ax, (scores[0][0] + SCORE / 2 + 6, 252), (720 - SCORE / 2 - 6, 252), "C5")
    loss = -np.log(p[meant, 0])
    ax.text(748, scores[meant][1], "what it is", va="center_baseline", size=LABEL)
    ax.text(748, scores[said][1], "its answer", va="center_baseline", size=LABEL)
    box(ax, 622, 446, 200, 40, f"loss L = −log {p[meant, 0]:.4f} = {loss:.2f}", GREEN, "C2", size=NOTE)
    return Picture(
        figure,
        f"The 64 pixels of a {meant}, from 0 (white) to 1 (black), become the outputs of 32 units, bars to the right "
        f"above 0 and to the left below, and these become ten scores, {entry(f[said, 0])} for the {said} and "
        f"{entry(f[meant, 0])} for the {meant}. As shares of 1 these are about {p[said, 0]:.2f} and "
        f"{p[meant, 0]:.2f}, so the loss is {loss:.2f}. Grey lines are the 64 weights of unit {unit} and the 32 "
        f"weights of the score of the {meant}; one of them, from pixel {pixel} to unit {unit}, stands out: "
        f"{entry(value)}.",
    )


def forward(net, x):
    """(n, f, p): the units (32, 1), the scores (10, 1) and their shares of 1, (10, 1), for one digit x (64, 1)."""
    n = net.layers[0](x)
    f = net.layers[1](n)
    p = np.exp(f - f.max())
    return n, f, p / p.sum()


# --- one weight -------------------------------------------------------------------------------------------------

# The weights of the exploration: the layer, and the row and column of the weight in its matrix, counted from 0.
WEIGHTS = {
    "from pixel 5 to unit 12": (0, 11, 4),
    "from pixel 1, which is white, to unit 12": (0, 11, 0),
    "from unit 19 to the score of the 9": (1, 9, 18),
    "from unit 19 to the score of the 5": (1, 5, 18),
}
CHANGES = np.linspace(-3, 3, 61)


@template
def _one_weight():
    figure, _ = sheet(840, 380, " ")
    curve = figure.add_axes((0.52, 0.15, 0.45, 0.7))
    curve.set(xlabel="change of the weight", ylabel="loss L", xlim=(-3.1, 3.1), ylim=(0, 7))
    return figure


def draw_one_weight(weight, change):
    """What becomes of the hard nine when one weight of the digit network is changed: its shares and its loss."""
    layer, row, column = WEIGHTS[weight]
    (name, value, old, _), (before, *_) = _outcome(layer, row, column, 0.0)
    (_, _, new, slope), (p, meant, loss) = _outcome(layer, row, column, change)
    losses = [_outcome(layer, row, column, c)[1][2] for c in CHANGES]

    figure = _one_weight()
    figure.suptitle(f"The weight {weight}", y=1 - 14 / 380, va="center_baseline")
    page, curve = figure.axes
    page.text(30, 56, f"the weight: {entry(value)} → {entry(value + change)}", weight="bold")
    page.text(30, 78, f"{name}: {entry(old)} → {entry(new)}", size=NOTE)
    said = int(p.argmax())
    for digit, share in enumerate(p.ravel()):
        top = 100 + 25 * digit
        fill, ec = {meant: (GREEN, "C2"), said: (ORANGE, "C1")}.get(digit, (GRID, "C5"))
        page.text(44, top + 9, str(digit), ha="right", va="center_baseline", size=NOTE)
        page.add_artist(Rectangle((52, top), 230 * share, 18, fc=fill, ec=ec, lw=1, label=f"p[{digit}]"))
        ends = {said: ", its answer", meant: ", what it is"} | ({said: ", right"} if said == meant else {})
        text = f"{share:.2f}{ends.get(digit, '')}"
        page.text(60 + 230 * share, top + 9, text, va="center_baseline", size=NOTE)
    page.text(30, 366, f"share of the {meant} before: {before[meant, 0]:.2f}", size=LABEL)
    curve.plot(CHANGES, losses, color="C0", label="loss")
    ends = np.array([-0.8, 0.8])
    curve.plot(change + ends, loss + slope * ends, color="C1", lw=1.5, ls="--", label="slope")
    curve.plot([change], [loss], "o", color="C1", ms=8, label="here")
    page.text(826, 46, f"here: L = {loss:.2f}, slope {entry(slope)}", ha="right", weight="bold")
    return Picture(
        figure,
        f"The weight {weight} goes from {entry(value)} to {entry(value + change)}, and {name} from {entry(old)} to "
        f"{entry(new)}. The answer is {said}, with the share {p[said, 0]:.2f}; the {meant} has {p[meant, 0]:.2f}. The "
        f"loss is {loss:.2f}, and its slope at this point, drawn as a dashed line, is {entry(slope)}.",
    )


@cache
def _hard_nine():
    """(net, x, the units n, the scores f, the label) for the nine that the network takes for a five."""
    net, (X, Y) = digit_network(), some_digits()
    x = X[:, [19]]
    return net, x, *forward(net, x)[:2], int(Y[:, 19].argmax())


@cache
def _outcome(layer, row, column, change):
    """What one changed weight does: to the number that it leads to, and to the whole.

    ((name of that number, the weight as trained, the number now, the slope of the loss), (shares, label, loss))
    """
    net, x, n, f, meant = _hard_nine()
    value, f = net.layers[layer].W[row, column], f.copy()
    if layer == 0:
        name, new = f"the output of unit {row + 1}", np.tanh(np.arctanh(n[row, 0]) + change * x[column, 0])
        through = net.layers[1].W[:, [row]]
        f += through * (new - n[row, 0])
        below = (1 - new**2) * x[column, 0]
    else:
        name, through, below = f"the score of the {row}", np.eye(10)[:, [row]], n[column, 0]
        f[row] += change * below
        new = f[row, 0]
    p = np.exp(f - f.max())
    p = p / p.sum()
    error = p - np.eye(10)[:, [meant]]
    return (name, value, new, (error.T @ through).item() * below), (p, meant, -np.log(p[meant, 0]))
