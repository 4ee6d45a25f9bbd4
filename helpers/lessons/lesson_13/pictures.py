"""Pictures of lesson 13: one pass through the digit network, up and down, and what five ways to the gradients cost."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import GREYS, draw_matrix, draw_pixels, draw_squares, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.powers import powers
from helpers.drawing.scripts import raised
from helpers.drawing.sheet import BLUE, GREEN, LABEL, MIDDLE, ORANGE, TINY, arrow, box, sheet
from helpers.drawing.template import template

from .five_ways import WAYS, cost, forward_cost, work

CELL, UP, DOWN = 44, 112, 404  # of the columns in draw_passes, and where those of the two directions begin
WIDTH, HEIGHT, LEFT, ACROSS = 840, 500, 147, 664  # of draw_costs, and where its axes begin and how wide they are
NAMES = ("forward pass", *WAYS)


def draw_passes(net, x, y, units, digits):
    """The digit network reading x (64, 1) with the label y (10, 1): values above, gradients below, shapes beside them.

    Of the 32 units and the 10 scores those in `units` and `digits` are shown, their numbers as in the lesson: units
    from 1, digits from 0.
    """
    (W0, b0), (W1, b1) = ((layer.W, layer.b) for layer in net.layers)
    z0 = W0 @ x + b0
    n0 = np.tanh(z0)
    f = W1 @ n0 + b1
    p = np.exp(f - f.max())
    p = p / p.sum()
    delta1 = p - y
    u0 = W1.T @ delta1
    delta0 = (1 - n0**2) * u0
    meant, read = int(y.argmax()), int(p.argmax())
    loss = -np.log(p[meant, 0])

    figure, page = sheet(840, 716, f"Up and down again: a {meant} that is read as a {read}")
    rows, scores = [k - 1 for k in units], list(digits)
    tall = CELL * len(units)
    place = {"z": 282, "n": 428, "f": 588, "p": 706, "y": 766}

    def column(name, title, A, shown, labels, left, top, marks=None):
        draw_matrix(
            page,
            A[shown],
            left,
            top,
            name=name,
            title="",
            cell=CELL,
            fills=marks,
            column_labels=[""],
            row_labels=labels,
        )
        page.text(left + CELL / 2, top - 24, title, ha="center", weight="bold")
        page.text(left + CELL / 2, top - 8, str(A.shape), ha="center", size=LABEL, color="C5")

    unit_labels, digit_labels = [str(k) for k in units], [str(d) for d in digits]
    page.text(22, 62, "forward: the values", weight="bold", color="C0")
    for line, text in enumerate(("backward:", "the gradients")):
        page.text(22, DOWN + 22 + 18 * line, text, weight="bold", color="C1")
    pixel = tall / 8
    draw_pixels(page, np.rint(8 * x.ravel()), 22, UP, pixel, GREYS, "x: shade", lw=0)
    page.add_artist(Rectangle((22, UP), 8 * pixel, 8 * pixel, fill=False, ec="C4", lw=0.8))
    page.text(22 + tall / 2, UP - 24, "x", ha="center", weight="bold")
    page.text(22 + tall / 2, UP - 8, str(x.shape), ha="center", size=LABEL, color="C5")
    right, wrong = {scores.index(meant): GREEN}, {scores.index(read): ORANGE}
    both = {(k, 0): fill for k, fill in (right | wrong).items()}
    for name, title, A, at in (("z0", "z⁽⁰⁾", z0, "z"), ("n0", "n⁽⁰⁾", n0, "n")):
        column(name, title, A, rows, unit_labels, place[at], UP)
    for name, title, A, at in (("z1", "z⁽¹⁾ = n⁽¹⁾", f, "f"), ("p", "p", p, "p")):
        column(name, title, A, scores, digit_labels, place[at], UP, both)
    column("y", "y", y, scores, [""] * len(digits), place["y"], UP, both)
    middle = UP + tall / 2
    for start, end, above in (
        (22 + tall, place["z"] - 22, "W⁽⁰⁾, b⁽⁰⁾"),
        (place["z"] + CELL, place["n"] - 22, "tanh"),
        (place["n"] + CELL, place["f"] - 22, "W⁽¹⁾, b⁽¹⁾"),
        (place["f"] + CELL, place["p"] - 22, "softmax"),
    ):
        arrow(page, (start + 5, middle), (end, middle), color="C0", label="forward")
        page.text((start + end) / 2, middle - 9, above, ha="center", size=TINY)
    for start, W in ((22 + tall, W0), (place["n"] + CELL, W1)):
        end = place["z" if W is W0 else "f"] - 22
        page.text((start + end) / 2, middle + 18, str(W.shape), ha="center", size=LABEL, color="C5")
    page.text(764, UP + tall + 26, f"L = −log p  of the {meant}", ha="center", size=LABEL)
    page.text(764, UP + tall + 43, f"= {entry(loss)}", ha="center", weight="bold")

    column("delta0", "δ₀ = ∇b⁽⁰⁾", delta0, rows, unit_labels, place["z"], DOWN)
    column("u0", "u₀", u0, rows, unit_labels, place["n"], DOWN)
    column("delta1", "δ₁ = u₁ = ∇b⁽¹⁾", delta1, scores, digit_labels, place["f"], DOWN, both)
    low = DOWN + tall / 2
    arrow(page, (764, UP + tall + 56), (place["f"] + CELL + 5, low), color="C1", label="backward",
          connectionstyle="angle,angleA=90,angleB=0,rad=12")  # fmt: skip
    page.text(700, low - 9, "p − y", ha="center", size=LABEL)
    for start, end, above in (
        (place["f"] - 22, place["n"] + CELL + 5, "W⁽¹⁾ᵀ"),
        (place["n"] - 22, place["z"] + CELL + 5, "⊙ σ′(z⁽⁰⁾)"),
    ):
        arrow(page, (start, low), (end, low), color="C1", label="backward")
        page.text((start + end) / 2, low - 9, above, ha="center", size=TINY)

    bottom = DOWN + tall + 44
    grads = ((22, 372, 0, delta0, x, "x"), (446, 372, 1, delta1, n0, "n⁽⁰⁾"))
    for left, wide, layer, delta, below, letter in grads:
        text = f"∇W{raised(f'({layer})')} = {'δ₀' if layer == 0 else 'δ₁'} {letter}ᵀ,  {(len(delta), len(below))}"
        box(page, left, bottom, wide, 50, fill=BLUE)
        page.text(left + wide / 2, bottom + 18, text, **MIDDLE, weight="bold")
        largest = np.abs(delta).max() * np.abs(below).max()
        page.text(left + wide / 2, bottom + 37, f"largest entry {entry(largest)} in size", **MIDDLE, size=LABEL)
    for at in (place["z"] + CELL / 2, place["f"] + CELL / 2):
        arrow(page, (at, DOWN + tall + 4), (at, bottom - 3), color="C1", label="backward")
    for at, top, end, word in (
        (178, UP + tall + 4, bottom - 3, "x kept"),
        (place["z"] + CELL + 40, middle + 8, low - 26, "slopes kept"),
        (place["n"] + CELL + 24, middle + 26, bottom - 3, "n⁽⁰⁾ kept"),
    ):
        arrow(page, (at, top), (at, end), color="C5", width=1.2, ls="--", label="kept")
        page.text(at + 5, UP + tall + 30, word, size=TINY, color="C5")
    scored, likely = (f"{entry(A[meant, 0])} for the {meant} and {entry(A[read, 0])} for the {read}" for A in (f, p))
    return Picture(
        figure,
        f"Forward, above: the pixels x (64, 1) become z⁽⁰⁾ and n⁽⁰⁾ (32, 1), of which units {', '.join(unit_labels)} "
        f"are shown with z = {entries(z0[rows])}, then the scores z⁽¹⁾ (10, 1), {scored}, and the probabilities p, "
        f"{likely}: the loss is {entry(loss)}. Backward, below: δ₁ = p − y, {entry(delta1[meant, 0])} for the {meant} "
        f"and {entry(delta1[read, 0])} for the {read}; through W⁽¹⁾ᵀ to u₀, {entries(u0[rows])} in these units, and "
        f"times the slopes to δ₀, {entries(delta0[rows])}. Dashed lines show what was kept on the way up: x and n⁽⁰⁾ "
        "meet δ₀ and δ₁ in the gradients of the weights, and the slopes of tanh turn u₀ into δ₀.",
    )


@template
def _costs():
    figure, page = sheet(WIDTH, HEIGHT, " ")
    bars = figure.add_axes((LEFT / WIDTH, 0.55, ACROSS / WIDTH, 0.345))
    bars.set(xlim=(0.8, 1e18), ylim=(5.6, -0.6), yticks=[])
    powers(bars, "x", 0, 12, 6)
    bars.grid(axis="y", visible=False)
    layers = figure.add_axes((LEFT / WIDTH, 0.1, ACROSS / WIDTH, 0.25))
    layers.set(xlabel="layer", ylabel="multiply-adds", xlim=(-1, 50), ylim=(0.5, 1e12), xticks=[0, 10, 20, 30, 40])
    powers(layers, "y", 0, 12, 6)
    page.text(LEFT, 44, "multiply-adds for the gradients of all weights, and how many times the cached way", size=LABEL)
    page.text(LEFT, 317, "for the gradient of each layer (full: done, hollow: to come)", size=LABEL)
    return figure


def draw_costs(width, depth, way, progress):
    """What each way costs in a network of `depth` layers of one width, and one of them in the middle of its pass.

    progress: percent of the pass that are done; half of them lead up and fill the cache, half of them lead down.
    """
    widths = [width] * (depth + 1)
    steps = round(2 * depth * progress / 100)
    up, down = min(steps, depth), max(0, steps - depth)
    held = up - down  # layers whose input and slopes are in the cache
    totals = dict(zip(NAMES, [forward_cost(widths), *(cost(each, widths) for each in WAYS)], strict=True))
    each, chosen = work(way, widths), NAMES.index(way)

    figure = _costs()
    figure.suptitle(f"{_layers(depth)} of {width}: {way}", y=1 - 14 / HEIGHT, va="center_baseline")
    page, bars, layers = figure.axes
    drawn = bars.barh(range(len(NAMES)), totals.values(), 0.72, color=["C2"] + ["C0"] * len(WAYS))
    drawn[chosen].set(color="C1", ec="C4", lw=1.5)
    for k, (name, value) in enumerate(totals.items()):
        style = {"va": "center_baseline", "weight": "bold" if k == chosen else "normal"}
        bars.text(0.5, k, f"▸ {name}" if k == chosen else name, ha="right", **style)
        ratio = value / totals["cached"]
        times = f" · {ratio:,.0f} times" if ratio >= 100 else f" · {entry(ratio)} times"
        bars.text(1.4 * value, k, f"{value:,}{times if k > 1 else ''}", size=LABEL, **style)

    pitch = ACROSS / 51  # of the layers on the axis below
    corners = [(LEFT + (i + 0.5) * pitch + 1, 280) for i in range(depth)]
    draw_squares(page, corners[held:], pitch - 2, fc="white", label="empty")
    draw_squares(page, corners[:held], pitch - 2, fc="C1", ec="C4", label="held")
    way_there = f"on the way down, {down} done" if down else f"on the way up, {up} done"
    cache = f"cache: {held} of {_layers(depth)}, {2 * width * held:,} numbers ({way_there})"
    page.text(LEFT, 274, cache, size=LABEL)
    for label, first, last, style in (
        ("to come", 0, depth - down, {"mfc": "white", "mec": "C5"}),
        ("done", depth - down, depth, {"color": "C1"}),
    ):
        layers.plot(range(first, last), each[first:last], "o", ms=4.5, label=label, **style)
    return Picture(
        figure,
        f"Multiply-adds: {'; '.join(f'{name} {value:,}' for name, value in totals.items())}. The way marked, {way}, "
        f"spends {each[0]:,} on the gradient of layer 0 and {each[-1]:,} on that of layer {depth - 1}. The {cache}; "
        f"{down} of {depth} gradient{'s' * (depth > 1)} done.",
    )


def _layers(depth):
    return f"{depth} layer{'s' * (depth > 1)}"
