"""The plane of a neuron's two inputs: shaded by the slope of its answer, with its boundary and labelled points.

theta = (w1, w2, b); φ = w1 x_1 + w2 x_2 + b; the answer is σ(kφ) with a steepness k, infinite for a step.
"""

import math
from itertools import pairwise

import numpy as np

from helpers.activations import Sigmoid
from helpers.figures.axes import Axes
from helpers.figures.matrices import entry

SIGMA = Sigmoid()
LOW, HIGH = -0.75, 1.75  # what is shown of the inputs, on both axes
FRAME = ((LOW, LOW), (HIGH, LOW), (HIGH, HIGH), (LOW, HIGH))
SHARES = (0.04, 0.2, 0.4, 0.6, 0.8, 0.96)  # of the largest slope, k/4: the edges of the shaded strips
SHADES = ("#EEF5FA", "#D9E9F4", "#BFDAED", "#A2C9E4", "#84B8DB", "#62A4D0")


def phi_at(theta, point):
    return theta[0] * point[0] + theta[1] * point[1] + theta[2]


def answer(phi, k):
    """σ(kφ) for an array (1, B) of φ."""
    return np.where(phi >= 0, 1.0, 0.0) if k == math.inf else SIGMA(k * phi)


def slope_of_answer(phi, k):
    """Its slope in φ, kσ'(kφ). A step has slope 0, and none at φ = 0, where 0 stands for it."""
    return np.zeros_like(phi) if k == math.inf else k * SIGMA.slope(k * phi)


def shaded_plane(figure, box, theta, k=1, title=""):
    """Axes of the plane, with a strip along the boundary for each share of the largest slope."""
    ax = Axes(figure, box, (LOW, HIGH), (LOW, HIGH), "x_1", "x_2", title, grid=False)
    for share, shade in zip(SHARES, SHADES, strict=True):
        value = (1 + math.sqrt(1 - share)) / 2  # σ where σ(1 − σ) = share/4
        reach = math.log(value / (1 - value)) / k
        strip = FRAME
        for sign in (1, -1):
            strip = _cut(strip, lambda p, sign=sign, reach=reach: reach - sign * phi_at(theta, p))
        if len(strip) > 2 and reach > 0:
            ax.polygon(strip, shade, fill=shade, opacity=1, width=0)
    left, top, width, height = box
    figure.rect(left, top, width, height, color="grey")
    return ax


def draw_shades(figure, left, top, k=1):
    """What the shades mean: the slope at the outer edge of each strip, one under the other."""
    for row, (share, shade) in enumerate(zip(SHARES, SHADES, strict=True)):
        figure.rect(left, top + 22 * row, 30, 18, shade, "grey")
        figure.text(left + 40, top + 14 + 22 * row, f"slope above {entry(share * k / 4)}", size=13)


def boundary(theta):
    """The two points where the line φ = 0 crosses the frame, or none."""
    found = []
    for p, q in pairwise((*FRAME, FRAME[0])):
        a, c = phi_at(theta, p), phi_at(theta, q)
        if (a >= 0) != (c >= 0):
            found.append(_between(p, q, a / (a - c)))
    return found


def draw_boundary(ax, theta, color="black", dash=None, label=None, arrow=True):
    """The line φ = 0, and from its middle an arrow of fixed length in the direction of w."""
    ends = boundary(theta)
    ax.curve(*(zip(*ends, strict=True) if ends else ([], [])), color, 2.5, dash, label)
    length = math.hypot(*theta[:2])
    if arrow and ends and length:
        middle = _between(*ends, 0.5)
        tip = tuple(m + 0.3 * v / length for m, v in zip(middle, theta, strict=False))
        if all(LOW < v < HIGH for v in tip):
            ax.arrow(middle, tip, color, 2)
            ax.text(*tip, "w", dx=5, dy=-5, color=color, bold=True)


def draw_points(ax, points, labels, texts=None):
    """points (2, B): a filled circle for the label 1, a white square for 0, with a text beside each."""
    for (x1, x2), label, text in zip(points.T, labels, texts or [""] * len(labels), strict=True):
        px, py = ax.at(x1, x2)
        if label > 0:
            ax.figure.circle(px, py, 8, "black", "white", 2)
        else:
            ax.figure.rect(px - 8, py - 8, 16, 16, "white", "black", 2.5)
        ax.figure.text(px + 14, py + 5, text, size=13, halo=True)


def _cut(corners, height):
    """The part of a polygon where height(p) ≥ 0, for an affine height (Sutherland and Hodgman, 1974)."""
    kept = []
    for p, q in pairwise((*corners, *corners[:1])):
        a, c = height(p), height(q)
        if a >= 0:
            kept.append(p)
        if (a >= 0) != (c >= 0):
            kept.append(_between(p, q, a / (a - c)))
    return kept


def _between(p, q, t):
    return p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])
