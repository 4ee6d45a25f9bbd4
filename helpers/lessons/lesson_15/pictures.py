"""Pictures of lesson 15: the two layers with their letters, and a chain whose deltas go one at a time."""

from math import log10, prod

from matplotlib.patches import Rectangle

from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GREEN, GRID, LABEL, NOTE, ORANGE, PALE, TINY, arrow, box, sheet
from helpers.index_notation import Derivative, delta
from helpers.lessons.lesson_15.chains import GRADIENTS, steps

DIGITS = {"n": 20, "m": 64, "k": 32, "l": 10}  # twenty digits, and the widths of the network that reads them


def draw_layers(n, m, k, l):
    """The forward pass, samples in rows, with the shape of each array; under it, which gradient is formed where."""
    figure, ax = sheet(860, 250, "Two layers, forward and backward")
    names = ("X", "A1", "H", "A2", "Y", "E")
    shapes = ((n, m), (n, k), (n, k), (n, l), (n, l), None)
    steps_ = ("W1, b1", "σ₁", "W2, b2", "σ₂", "labels T")
    back = ("", "D1", "D2 W2ᵀ", "D2", "G")
    for at, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        left = 40 + 144 * at
        box(ax, left, 70, 60, 40, name, fill=PALE if name in "XE" else BLUE, weight="bold")
        ax.text(left + 30, 128, f"{shape}" if shape else "a number", ha="center", va="center_baseline", size=NOTE)
        if at < 5:
            arrow(ax, (left + 62, 90), (left + 142, 90), label="forward")
            ax.text(left + 102, 80, steps_[at], ha="center", size=NOTE)
        if 1 <= at < 5:
            ax.text(left + 30, 176, f"{back[at]}", ha="center", va="center_baseline", color="C1", weight="bold")
        if 1 <= at < 4:
            arrow(ax, (left + 128, 172), (left + 76, 172), color="C1", label="back")
    for left, text in ((40 + 144 + 30, "dW1 = Xᵀ D1"), (40 + 3 * 144 + 30, "dW2 = Hᵀ D2")):
        ax.text(left, 204, text, ha="center", color="C1", size=NOTE)
        ax.text(left, 224, f"d{'b1' if 'W1' in text else 'b2'} = column sums", ha="center", color="C1", size=NOTE)
    return Picture(
        figure,
        f"Forward, from left to right: X {(n, m)} becomes A1 {(n, k)} by W1 and b1, then H {(n, k)} by σ₁, A2 {(n, l)} "
        f"by W2 and b2, and Y {(n, l)} by σ₂; with the labels T, Y gives the number E. Back, from right to left: "
        f"G under Y, D2 under A2, D2 W2ᵀ under H, D1 under A1. The gradients of W2 and b2 are formed at D2, those of "
        f"W1 and b1 at D1.",
    )


def draw_chain(which, step, n=20, m=64, k=32, l=10):
    """∂E/∂which after so many steps: a box for each factor with its sizes, and the bytes of every step as bars."""
    found = steps(which, n, m, k, l)
    step = min(step, len(found) - 1)
    product, done = found[step]
    lengths = product.lengths()
    title = f"∂E/∂{which}_{GRADIENTS[which]}, step {step} of {len(found) - 1}: {done}"
    figure, ax = sheet(860, 200 + 25 * len(found), title)
    width = min(150, 820 / len(product.factors))
    left = 20
    for f in product.factors:
        whole, is_delta = isinstance(f.array, Derivative), f.array is delta
        box(ax, left + 2, 50, width - 4, 56, fill=ORANGE if is_delta else GREEN if whole else BLUE)
        middle = left + width / 2
        if whole:
            over, under = str(f).split("/")
            ax.text(middle, 70, over, ha="center", va="center_baseline", size=10)
            ax.text(middle, 92, f"by {under}", ha="center", va="center_baseline", size=10)
        else:
            ax.text(middle, 78, str(f), ha="center", va="center_baseline", size=10)
        ax.text(middle, 124, f"{prod(lengths[c] for c in f.letters):,}", ha="center", va="center_baseline", size=TINY)
        left += width
    told = "under each factor: how many numbers it holds, written out. Orange: a δ. Green: a derivative."
    ax.text(20, 148, told, size=LABEL)
    note = "bars: all factors together, on a logarithmic scale from 1 kB"
    ax.text(84, 174 + 25 * len(found), note, size=LABEL, va="top")
    largest = found[0].product.bytes()
    reach = lambda size: 620 * log10(size / 1000) / log10(largest / 1000)  # ten times as much is a step to the right
    for at, (other, _) in enumerate(found):
        top, size = 166 + 25 * at, other.bytes()
        here = at == step
        ax.add_artist(
            Rectangle((84, top), reach(size), 17, fc=ORANGE if here else GRID,
                      ec="C1" if here else "C5", lw=1.8 if here else 0.8, label=f"bytes[{at}]")
        )  # fmt: skip
        ax.text(76, top + 9, f"step {at}", ha="right", va="center_baseline", size=NOTE, weight="bold" if here else None)
        ax.text(92 + reach(size), top + 9, _bytes(size), va="center_baseline", size=NOTE)
    holds = ", ".join(f"{f} {prod(lengths[c] for c in f.letters):,}" for f in product.factors)
    return Picture(
        figure,
        f"At this step: {done}. The product is now {product}. Numbers in each factor: {holds}; together "
        f"{_bytes(product.bytes())}. The steps need {', '.join(_bytes(s.product.bytes()) for s in found)}.",
    )


def _bytes(size):
    return f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"
