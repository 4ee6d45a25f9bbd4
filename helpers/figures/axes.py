"""Axes in a figure: data coordinates, ticks, a grid, curves that are cut off at the frame."""

import math
from itertools import pairwise

import numpy as np

from helpers.figures.canvas import Figure


class Axes:
    """A frame inside a Figure. Data methods take data coordinates, on linear or logarithmic scales.

    box:     (left, top, width, height) of the frame in pixels; leave 60 at the left and 50 below for the labels.
    x, y:    (low, high) in data units; for a logarithmic scale both are > 0.
    """

    def __init__(self, figure, box, x, y, xlabel="", ylabel="", title="", logx=False, logy=False, grid=True):
        self.figure, self.box, self.x, self.y, self.logx, self.logy = figure, box, x, y, logx, logy
        left, top, width, height = box
        figure.rect(left, top, width, height, fill="white")
        for value, label in _ticks(*x, logx, width / 60):
            px = self.at(value, y[0])[0]
            if grid:
                figure.line([(px, top), (px, top + height)], "light", 1)
            figure.text(px, top + height + 18, label, size=12, anchor="middle")
        for value, label in _ticks(*y, logy, height / 40):
            py = self.at(x[0], value)[1]
            if grid:
                figure.line([(left, py), (left + width, py)], "light", 1)
            figure.text(left - 6, py + 4, label, size=12, anchor="end")
        figure.rect(left, top, width, height, color="grey")
        figure.text(left + width / 2, top + height + 40, xlabel, anchor="middle")
        figure.text(left - 44, top + height / 2, ylabel, anchor="middle", turn=-90)
        figure.text(left + width / 2, top - 8, title, anchor="middle")
        self._labels = []

    def at(self, x, y):
        """Pixels of the data point (x, y)."""
        left, top, width, height = self.box
        u, v = _share(x, *self.x, self.logx), _share(y, *self.y, self.logy)
        return left + width * u, top + height * (1 - v)

    def curve(self, xs, ys, color="blue", width=2.5, dash=None, label=None):
        """A curve through the points (xs[i], ys[i]); it breaks at NaN and is cut off at the frame."""
        points = [self.at(x, y) if np.isfinite(y) and np.isfinite(x) else None for x, y in zip(xs, ys, strict=True)]
        for run in _inside(points, self.box):
            self.figure.line(run, color, width, dash)
        if label:
            self._labels.append((label, color, dash))

    def point(self, x, y, color="orange", r=6, label=None, dx=10, dy=-8, anchor="start"):
        """A marked point; one outside the frame is drawn hollow on its edge."""
        left, top, width, height = self.box
        px, py = self.at(x, y)
        cx, cy = min(max(px, left), left + width), min(max(py, top), top + height)
        self.figure.circle(cx, cy, r, fill=color if (cx, cy) == (px, py) else "white", color=color)
        if label:
            self.figure.text(cx + dx, cy + dy, label, anchor=anchor, halo=True)

    def arrow(self, start, end, color="orange", width=3, dash=None):
        """An arrow between two data points."""
        self.figure.arrow(self.at(*start), self.at(*end), color, width, dash=dash)

    def polygon(self, corners, color="blue", fill="none", opacity=0.25, width=2, dash=None):
        """A closed shape through data points; it is not cut off at the frame."""
        self.figure.line([self.at(*c) for c in corners], color, width, dash, close=True, fill=fill, opacity=opacity)

    def text(self, x, y, content, dx=0, dy=0, **style):
        """Text at a data point, moved by (dx, dy) pixels."""
        px, py = self.at(x, y)
        self.figure.text(px + dx, py + dy, content, **{"halo": True} | style)

    def legend(self, corner="ne"):
        """The labels of the curves, each beside a sample of its line; corner is ne, nw, se or sw."""
        left, top, width, height = self.box
        w = 46 + 7.2 * max(len(label) for label, _, _ in self._labels)
        h = 8 + 20 * len(self._labels)
        x = left + width - w - 8 if "e" in corner else left + 8
        y = top + 8 if "n" in corner else top + height - h - 8
        self.figure.rect(x, y, w, h, fill="white", color="light", radius=3)
        for row, (label, color, dash) in enumerate(self._labels):
            middle = y + 14 + 20 * row
            self.figure.line([(x + 8, middle), (x + 36, middle)], color, 2.5, dash)
            self.figure.text(x + 42, middle + 4, label, size=13)


def plot(title, x, y, xlabel, ylabel, width=640, height=400, **scales):
    """A figure that is one pair of axes; returns (figure, axes)."""
    figure = Figure(width, height, title)
    return figure, Axes(figure, (70, 40, width - 95, height - 95), x, y, xlabel, ylabel, **scales)


def _share(value, low, high, log):
    if not log:
        return (value - low) / (high - low)
    return (math.log10(max(value, 1e-300)) - math.log10(low)) / (math.log10(high) - math.log10(low))


def _ticks(low, high, log, most):
    """At most about `most` round values in [low, high], each with its label."""
    if log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        stride = max(1, math.ceil((last - first + 1) / max(most, 2)))
        return [(10.0**k, f"10^{{{_minus(str(k))}}}") for k in range(first, last + 1, stride)]
    raw = (high - low) / max(most, 2)
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(s * unit for s in (1, 2, 5, 10) if s * unit >= raw * (1 - 1e-9))
    values = [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return [(v, _minus(f"{v + 0.0:.10g}")) for v in values]


def _minus(text):
    return text.replace("-", "\N{MINUS SIGN}")


def _inside(points, box):
    """Cut a polyline (None is a gap) into the runs that lie in the box."""
    run = []
    for a, b in pairwise(points):
        piece = _clip(a, b, box) if a and b else None
        if piece is None:
            if run:
                yield run
            run = []
            continue
        if run and run[-1] != piece[0]:
            yield run
            run = []
        run = run or [piece[0]]
        run.append(piece[1])
    if run:
        yield run


def _clip(a, b, box):
    """The part of the segment ab inside the box (Liang and Barsky, 1984), or None."""
    left, top, width, height = box
    (x, y), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    t0, t1 = 0.0, 1.0
    for p, q in ((-dx, x - left), (dx, left + width - x), (-dy, y - top), (dy, top + height - y)):
        if p == 0:
            if q < 0:
                return None
        elif p < 0:
            t0 = max(t0, q / p)
        else:
            t1 = min(t1, q / p)
    if t0 > t1:
        return None
    start = a if t0 == 0 else (x + t0 * dx, y + t0 * dy)
    return start, (b if t1 == 1 else (x + t1 * dx, y + t1 * dy))
