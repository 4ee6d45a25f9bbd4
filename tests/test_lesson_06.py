"""Lesson 06: blocks lock where shapes fit, the error shown is the true one, and the costs are counted one by one."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.exercises.lesson_06 import CheaperBracketing, FourLayers, ProductByHand, WrongPoint
from helpers.figures.lesson_06 import (
    CHAINS,
    ORDERS,
    POINTS,
    bracketings,
    draw_arm,
    draw_bracketings,
    draw_chain,
    draw_product,
)
from helpers.numerical import numerical_jacobian

SVG = "{http://www.w3.org/2000/svg}"
UNEQUAL, EQUAL = CHAINS
SHAPES = {UNEQUAL: {"da": (2, 4), "db": (4, 2), "dc": (2, 3)}, EQUAL: dict.fromkeys(("da", "db", "dc"), (2, 2))}


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-"))]


def outlines(figure):
    """The blocks' corners, in pixels, from left to right."""
    polygons = ET.fromstring(figure.svg()).iter(f"{SVG}polygon")
    return [np.array([p.split(",") for p in e.get("points").split()], float) for e in polygons]


def edges(block):
    """How many tabs reach out to the left, how many sockets into the right, and where the edges are."""
    xs = block[:, 0]
    left, right = xs.min() + 10, xs.max()  # a tab is 10 pixels long, a socket as deep
    return int((xs == left - 10).sum() // 2), int((xs == right - 10).sum() // 2), left, right


@pytest.mark.parametrize("widths", CHAINS)
@pytest.mark.parametrize("letter", "abc")
def test_each_written_jacobian_is_the_measured_one(widths, letter):
    chain = CHAINS[widths]
    u = chain.maps["c"][0](chain.x)
    point = {"a": chain.maps["b"][0](u), "b": u, "c": chain.x}[letter]
    value, jacobian = chain.maps[letter]
    np.testing.assert_allclose(jacobian(point.ravel()), numerical_jacobian(value, point), atol=1e-14)


@pytest.mark.parametrize("order", ORDERS)
def test_blocks_touch_exactly_where_their_shapes_fit(order):
    figure = draw_product(UNEQUAL, order, *POINTS)
    shapes = [SHAPES[UNEQUAL][name] for name in order.split()]
    blocks = [edges(outline) for outline in outlines(figure)]
    assert [(tabs, sockets) for tabs, sockets, _, _ in blocks] == shapes
    for k in (0, 1):
        fits = shapes[k][1] == shapes[k + 1][0]
        assert (blocks[k][3] == blocks[k + 1][2]) == fits
        told = f"{order.split()[k]} meets {order.split()[k + 1]} with {shapes[k][1]} ≠ {shapes[k + 1][0]}"
        assert (told in figure.description) == (not fits)


@pytest.mark.parametrize("points", list(itertools.product(POINTS, repeat=3)))
def test_unequal_widths_leave_one_product(points):
    sizes = dict(zip(POINTS, (3, 2, 4), strict=True))
    fits = [sizes[point] == size for point, size in zip(points, (4, 2, 3), strict=True)]
    said = draw_product(UNEQUAL, "da db dc", *points).description
    assert said.count(" numbers and ") == 3 - sum(fits)
    assert ("It is the derivative." in said) == all(fits)
    assert "no product" in draw_product(UNEQUAL, "dc db da", *points).description


def plane_jacobians():
    """The three maps of the plane once more, with the Jacobians measured at each of the three points."""
    c = lambda x: np.vstack([x[0] * x[1], x[0] + x[1]])
    b = lambda u: np.vstack([u[0] + u[1] ** 2, np.sin(u[0])])
    a = lambda w: np.vstack([w[0] * w[1], w[1] - w[0] ** 2])
    x = np.array([[1.0], [-0.5]])
    points = dict(zip(POINTS, (x, c(x), b(c(x))), strict=True))
    factors = {
        name: {at: numerical_jacobian(f, point) for at, point in points.items()}
        for name, f in (("da", a), ("db", b), ("dc", c))
    }
    return factors, numerical_jacobian(lambda x: a(b(c(x))), x)


def test_equal_widths_show_the_error_of_all_162_products_and_one_is_right():
    factors, truth = plane_jacobians()
    right = []
    for order, *at in itertools.product(ORDERS, POINTS, POINTS, POINTS):
        where = dict(zip(("da", "db", "dc"), at, strict=True))
        one, two, three = (factors[name][where[name]] for name in order.split())
        gap = np.abs(one @ two @ three - truth).max()
        said = draw_product(EQUAL, order, *at).description
        assert "All shapes fit" in said
        if "It is the derivative." in said:
            assert gap < 1e-12
            right.append((order, *at))
        else:
            assert float(re.search(r"off by (\d+\.\d\d) in", said)[1]) == pytest.approx(gap, abs=0.0051)
            assert gap > 0.01
    assert right == [("da db dc", "b(c(x))", "c(x)", "x")]


@pytest.mark.parametrize("angles", [(1.5708, 0.6435, -1.5708), (0.3, 1.0, -0.4), (2.0, 0.1, 0.5)])
def test_the_arm_tells_the_measured_slopes(angles):
    lengths, cup, x = np.array([[2.0], [2.5], [1.0]]), np.array([[3.0], [0.5]]), np.reshape(angles, (3, 1))
    hand = lambda x: np.vstack([(lengths * np.cos(x)).sum(axis=0), (lengths * np.sin(x)).sum(axis=0)])
    half = lambda x: 0.5 * ((hand(x) - cup) ** 2).sum(axis=0, keepdims=True)
    said = draw_arm(x, lengths, cup).description
    row = numerical_jacobian(half, x).ravel()
    assert numbers(said.split("the row (")[1].split(")")[0]) == pytest.approx(row, abs=0.0051)
    columns = re.search(r"hand along \((.*?)\), \((.*?)\) and \((.*?)\);", said).groups()
    for told, column in zip(columns, numerical_jacobian(hand, x).T, strict=True):
        assert numbers(told) == pytest.approx(column, abs=0.0051)
    assert said.endswith(f"joint {np.abs(row).argmax() + 1}.")


def test_a_chain_that_clashes_is_said_to_clash():
    factors = [np.ones((2, 4)), np.ones((3, 3)), np.ones((3, 2))]
    said = draw_chain(factors, ["da", "db", "dc"], ["w", "u", "x"]).description
    assert said.endswith("1 of 2 pairs of neighbours clash.")
    assert draw_chain(factors[1:], ["db", "dc"], ["u", "x"]).description.endswith("the shape (3, 2).")


class Sized:
    """A matrix of which only the shape is known; multiplying counts."""

    count = 0

    def __init__(self, rows, columns):
        self.shape = rows, columns

    def __matmul__(self, other):
        assert self.shape[1] == other.shape[0]
        Sized.count += self.shape[0] * self.shape[1] * other.shape[1]
        return Sized(self.shape[0], other.shape[1])


@pytest.mark.parametrize("widths", [[100, 50, 50, 10, 1], [1, 2, 3, 4, 5], [7, 1, 9, 2, 6]])
def test_the_five_bracketings_are_counted(widths):
    found = dict(bracketings(widths, 3, 0))
    assert len(found) == 5
    names = {f"J_{i}": Sized(q, p) for i, (p, q) in enumerate(itertools.pairwise(widths))}
    for text, cost in found.items():
        Sized.count = 0
        assert eval(text.replace(" ", " @ "), names).shape == (widths[-1], widths[0])
        assert Sized.count == cost
    said = draw_bracketings(widths).description
    assert [int(n.replace(",", "")) for n in re.findall(r"takes ([\d,]+\d)", said)] == sorted(found.values())


def test_the_counts_of_6_5_are_those_of_the_picture():
    for case in CheaperBracketing().cases(np.random.default_rng(3)):
        found = dict(bracketings(case["n"], 3, 0))
        told = CheaperBracketing().solution(**case)
        assert told["left first"] == found["((J_3 J_2) J_1) J_0"]
        assert told["right first"] == found["J_3 (J_2 (J_1 J_0))"]
        assert told["pairs first"] == found["(J_3 J_2) (J_1 J_0)"]
        counts = sorted((told["left first"], told["right first"], told["pairs first"]))
        assert counts[0] < counts[1]  # no tie
        assert told[told["least"]] == counts[0]


def test_the_reference_of_6_2_is_the_measured_jacobian():
    f = lambda v: np.vstack([v[0] * v[1], v[0] - v[1] ** 2])
    v = lambda x: np.vstack([x[0] + 2 * x[2], x[1] * x[2]])
    x, told = np.array([[1.0], [2.0], [3.0]]), ProductByHand().solution()
    np.testing.assert_array_equal(told["v(x)"], v(x))
    np.testing.assert_allclose(told["df"], numerical_jacobian(f, v(x)), atol=1e-12)
    np.testing.assert_allclose(told["dv"], numerical_jacobian(v, x), atol=1e-12)
    np.testing.assert_allclose(told["d(f ∘ v)"], numerical_jacobian(lambda x: f(v(x)), x), atol=1e-12)


def test_the_reference_of_6_3_is_the_measured_jacobian():
    for case in FourLayers().cases(np.random.default_rng(5)):
        W0, b0, W1, b1, x = case.values()
        measured = numerical_jacobian(lambda x, p=(W0, b0, W1, b1): np.tanh(p[2] @ np.tanh(p[0] @ x + p[1]) + p[3]), x)
        np.testing.assert_allclose(FourLayers().solution(**case), measured, atol=1e-13)


@pytest.mark.parametrize("seed", range(10))
def test_the_wrong_factor_of_6_4_is_clearly_off_and_the_others_are_not(seed):
    for case in WrongPoint().cases(np.random.default_rng(seed)):
        a, b, c, factors, x = case.values()
        own = [numerical_jacobian(f, point) for f, point in ((a, b(c(x))), (b, c(x)), (c, x))]
        gaps = [np.abs(F - J).max() for F, J in zip(factors, own, strict=True)]
        name, J = WrongPoint().solution(**case)
        assert ("da", "db", "dc")[int(np.argmax(gaps))] == name
        assert sorted(gaps)[1] < 1e-12 and max(gaps) > 0.01
        np.testing.assert_allclose(J, numerical_jacobian(lambda x, f=(a, b, c): f[0](f[1](f[2](x))), x), atol=1e-12)
