"""Pictures of lesson 06: an arm and its cup, Jacobians as blocks that lock or clash, and what a bracketing costs."""

import math
from typing import NamedTuple

import numpy as np

from helpers.figures.axes import Axes
from helpers.figures.blocks import draw_blocks, meets
from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix, entry
from helpers.numerical import numerical_jacobian

FILLS = ("#E3F0F8", "#FBE9DD", "#E2F2EC", "#F4E6EF")  # of the blocks; each also carries its name


def draw_arm(x, lengths, cup):
    """An arm of three links, the cup, how each joint moves the hand, and the gradient of f = ½‖hand − cup‖².

    x: the links' angles (3, 1), each from the horizontal; lengths: of the links (3, 1); cup: its place (2, 1).
    """
    J = np.vstack([-(lengths * np.sin(x)).T, (lengths * np.cos(x)).T])  # (2, 3)
    links = np.vstack([(lengths * np.cos(x)).T, (lengths * np.sin(x)).T])
    joints = np.hstack([np.zeros((2, 1)), np.cumsum(links, axis=1)])
    hand = joints[:, [3]]
    gradient = hand - cup
    row = (gradient.T @ J).ravel()
    figure = Figure(820, 470, "How each joint moves the hand, and which way f rises")
    ax = Axes(figure, (60, 50, 420, 350), (-1.2, 4.8), (-0.6, 4.4), "v_1", "v_2", grid=False)
    turns = np.linspace(0, 2 * math.pi, 73)
    for radius in (0.75, 1.5, 3.0, float(np.linalg.norm(gradient))):
        on_hand = radius == float(np.linalg.norm(gradient))
        ax.curve(cup[0, 0] + radius * np.cos(turns), cup[1, 0] + radius * np.sin(turns),
                 "blue" if on_hand else "sky", 2 if on_hand else 1)  # fmt: skip
    ax.curve(joints[0], joints[1], "grey", 7)
    for j in range(3):
        ax.point(*joints[:, j], color="black", r=5)
        middle = (joints[:, j] + joints[:, j + 1]) / 2
        ax.text(*middle, str(j + 1), dx=(-14, 0, 14)[j], dy=(5, -12, 5)[j], anchor="middle", bold=True)
    ax.point(*cup.ravel(), color="green", r=6, label="cup", dx=10, dy=5)
    places = ((0, 20, "middle"), (-4, -8, "end"), (9, 5, "start"))
    for j, (dx, dy, anchor) in enumerate(places):
        tip = (hand + J[:, [j]] / 2).ravel()
        ax.arrow(hand.ravel(), tip, "orange", 2.5)
        ax.text(*tip, f"joint {j + 1}", dx=dx, dy=dy, color="orange", anchor=anchor, bold=True)
    tip = (hand + gradient / 2).ravel()
    ax.arrow(hand.ravel(), tip, "blue", 2.5, dash="6 4")
    ax.text(*tip, "∇f", dx=2, dy=-7, color="blue", anchor="middle", bold=True)
    ax.point(*hand.ravel(), color="black", r=5)
    figure.text(500, 90, "arrows at the hand, half their length:")
    figure.text(500, 122, f"∇_{{v}}f = {_pair(gradient)}, dashed", color="blue", bold=True)
    for j in range(3):
        y = 160 + 62 * j
        figure.text(500, y, f"∂v/∂x_{j + 1} = {_pair(J[:, j])}", color="orange", bold=True)
        products = " + ".join(f"({entry(g)})({entry(c)})" for g, c in zip(gradient.ravel(), J[:, j], strict=True))
        figure.text(500, y + 22, f"{products} = {entry(row[j])}")
    figure.text(500, 360, f"row of slopes: {_list(row)}", bold=True)
    return figure.describe(
        f"The hand is at {_pair(hand)} and the cup at {_pair(cup)}; f is constant on circles round the cup. Joints 1, "
        f"2 and 3 move the hand along {_pair(J[:, 0])}, {_pair(J[:, 1])} and {_pair(J[:, 2])}; the gradient of f is "
        f"{_pair(gradient)}. The inner products are the row {_list(row)}; the largest "
        f"slope is that of joint {int(np.abs(row).argmax()) + 1}."
    )


def draw_chain(factors, names, points):
    """The Jacobians of a composition as blocks, in the written order, each with the point where it is taken.

    factors: arrays (M, N), the last function's first; names: of the blocks; points: texts, one below each block.
    """
    shapes = [np.shape(factor) for factor in factors]
    figure = Figure(840, 310, "A product of Jacobians, each at its own input")
    clashes = draw_blocks(figure, factors, names, FILLS, [(f"at {point}", "") for point in points], 178, 40)
    places = zip(names, shapes, points, strict=True)
    listed = ", ".join(f"{name} {shape} at {point}" for name, shape, point in places)
    verdict = f"All neighbours lock, and the product has the shape {(shapes[0][0], shapes[-1][1])}."
    if clashes:
        verdict = f"{len(clashes)} of {len(shapes) - 1} pairs of neighbours clash."
    return figure.describe(f"From left to right: {listed}. {verdict}".replace("{", "").replace("}", ""))


class Chain(NamedTuple):
    """Three maps a, b, c of y = a(b(c(x))): for each its value and its Jacobian at a column; and the point x."""

    x: np.ndarray
    maps: dict


CHAINS = {
    "3 → 2 → 4 → 2": Chain(
        np.array([[1.0], [-0.5], [0.8]]),
        {
            "a": (
                lambda w: np.vstack([w[0] * w[3], w[1] + w[2] ** 2]),
                lambda w: np.array([[w[3], 0, 0, w[0]], [0, 1, 2 * w[2], 0]]),
            ),
            "b": (
                lambda u: np.vstack([u[0] ** 2, u[0] * u[1], np.sin(u[1]), u[0]]),
                lambda u: np.array([[2 * u[0], 0], [u[1], u[0]], [0, math.cos(u[1])], [1, 0]]),
            ),
            "c": (
                lambda x: np.vstack([x[0] * x[1], x[1] + x[2] ** 2]),
                lambda x: np.array([[x[1], x[0], 0], [0, 1, 2 * x[2]]]),
            ),
        },
    ),
    "2 → 2 → 2 → 2": Chain(
        np.array([[1.0], [-0.5]]),
        {
            "a": (
                lambda w: np.vstack([w[0] * w[1], w[1] - w[0] ** 2]),
                lambda w: np.array([[w[1], w[0]], [-2 * w[0], 1]]),
            ),
            "b": (
                lambda u: np.vstack([u[0] + u[1] ** 2, np.sin(u[0])]),
                lambda u: np.array([[1, 2 * u[1]], [math.cos(u[0]), 0]]),
            ),
            "c": (
                lambda x: np.vstack([x[0] * x[1], x[0] + x[1]]),
                lambda x: np.array([[x[1], x[0]], [1, 1]]),
            ),
        },
    ),
}
ORDERS = ("dc db da", "dc da db", "db dc da", "db da dc", "da dc db", "da db dc")
POINTS = ("x", "c(x)", "b(c(x))")


def draw_product(widths, order, at_a, at_b, at_c):
    """Three Jacobian blocks in a chosen order and at chosen points: what locks, what clashes, how far off it is.

    widths: a key of CHAINS; order: one of ORDERS; at_a, at_b, at_c: where da, db and dc are taken, of POINTS.
    """
    x, maps = CHAINS[widths]
    u = maps["c"][0](x)
    values = dict(zip(POINTS, (x, u, maps["b"][0](u)), strict=True))
    takes = {"a": len(values["b(c(x))"]), "b": len(u), "c": len(x)}
    gives = {"a": len(maps["a"][0](values["b(c(x))"])), "b": takes["a"], "c": takes["b"]}
    chosen, factors, notes, fills, misfits = {"a": at_a, "b": at_b, "c": at_c}, [], [], [], []
    for name in order.split():
        letter = name[1]
        point, size = chosen[letter], len(values[chosen[letter]])
        if fits := size == takes[letter]:
            factors.append(maps[letter][1](values[point].ravel()))
        else:
            factors.append(np.full((gives[letter], takes[letter]), "?", dtype=object))
            misfits.append(f"{letter} takes {takes[letter]} numbers and {point} has {size}")
        verdict = f"takes {takes[letter]}: fits" if fits else f"takes {takes[letter]}: clash"
        notes.append((f"at {point}: {size} numbers", verdict))
        fills.append(FILLS["abc".index(letter)])
    figure = Figure(840, 530, f"The factors {order}, for the widths {widths}")
    clashes = draw_blocks(figure, factors, order.split(), fills, notes, 178, 40)
    truth = numerical_jacobian(lambda x: maps["a"][0](maps["b"][0](maps["c"][0](x))), x)
    names = order.split()
    said = [f"{names[k]} meets {names[k + 1]} with {meets(factors, k)}" for k in clashes] + misfits
    product = None if said else factors[0] @ factors[1] @ factors[2]
    verdict = _draw_verdict(figure, product, truth, len(clashes), len(misfits))
    placed = ", ".join(f"d{letter} at {point}" for letter, point in chosen.items())
    problems = f"What clashes: {'; '.join(said)}." if said else "All shapes fit."
    return figure.describe(f"The order {order}, with {placed}. {problems} {verdict}")


def _draw_verdict(figure, product, truth, clashes, misfits):
    """The product beside the measured Jacobian, and the distance between them, also as a sentence."""
    top, cell = 392, 56
    draw_matrix(figure, truth, 330, top, name=f"measured {truth.shape}", cell=cell, row_labels=["", ""])
    if product is None:
        lines = [f"{clashes} of 2 joints clash", f"{misfits} of 3 points clash", "no product"]
        verdict = "There is no product."
    else:
        draw_matrix(figure, product, 70, top, name=f"product {product.shape}", cell=cell, row_labels=["", ""])
        gap = float(np.abs(product - truth).max())
        right = gap < 1e-12
        lines = ["all shapes fit", "largest difference:", "0: it is the derivative" if right else f"{gap:.2f}"]
        verdict = "It is the derivative." if right else f"The product is off by {gap:.2f} in its worst entry."
    for k, line in enumerate(lines):
        figure.text(560, top + 26 + 28 * k, line, size=16, bold=k == 2)
    return verdict


def draw_bracketings(widths):
    """Every way to bracket the product J_k … J_0, as bars of its multiplications.

    widths: n_0, …, n_{k+1}, from the input to the output; J_i has the shape (n_{i+1}, n_i).
    """
    costs = sorted(bracketings(widths, len(widths) - 2, 0), key=lambda pair: pair[1])
    least, most = costs[0][1], costs[-1][1]
    title = f"{len(costs)} bracketings for the widths {' → '.join(map(str, widths))}"
    figure = Figure(800, 92 + 42 * len(costs), title)
    for k, (text, count) in enumerate(costs):
        y, length = 48 + 42 * k, 400 * count / most
        figure.text(40, y + 19, text)
        figure.rect(220, y, length, 28, fill="green" if k == 0 else "sky", color="black")
        figure.text(228 + length, y + 19, f"{count:,}" + (", the least" if k == 0 else ""), bold=k == 0)
    figure.text(420, 74 + 42 * len(costs), "multiplications", size=13, anchor="middle")
    listed = ", ".join(f"{text.replace('_', '')} takes {count:,}" for text, count in costs)
    return figure.describe(f"{listed}. The last is {most / least:.0f} times the first.")


def bracketings(widths, last, first):
    """[(text, multiplications)] of every way to multiply J_last … J_first; (m, n)(n, p) takes m·n·p."""
    if last == first:
        return [(f"J_{first}", 0)]
    found = []
    for cut in range(first, last):
        own = widths[last + 1] * widths[cut + 1] * widths[first]
        for left, left_cost in bracketings(widths, last, cut + 1):
            for right, right_cost in bracketings(widths, cut, first):
                parts = [f"({part})" if " " in part else part for part in (left, right)]
                found.append((" ".join(parts), left_cost + right_cost + own))
    return found


def _pair(v):
    return _list(np.ravel(v))


def _list(values):
    return f"({', '.join(entry(v) for v in values)})"
