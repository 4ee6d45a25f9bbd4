"""Lesson 06: blocks lock where shapes fit, the error shown is the true one, and the costs are counted one by one."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.patches import Circle, PathPatch, Polygon
from reading import arrows, assert_legible, cells, numbers, plain, points, shades, shown, texts, values, within

from helpers.drawing.matrices import entry
from helpers.lessons.lesson_06.exercises import CheaperBracketing, FourLayers, ProductByHand, WalkBack, WrongPoint
from helpers.lessons.lesson_06.pictures import (
    CHAINS,
    ORDERS,
    POINTS,
    bracketings,
    draw_bracketings,
    draw_five_numbers,
    draw_ink,
    draw_product,
)
from helpers.numerical import numerical_jacobian

UNEQUAL, EQUAL = CHAINS
SHAPES = {UNEQUAL: {"da": (2, 4), "db": (4, 2), "dc": (2, 3)}, EQUAL: dict.fromkeys(("da", "db", "dc"), (2, 2))}


def outlines(picture):
    """(name, corners) of the blocks, from left to right."""
    found = [(block.get_label(), block.get_xy()[:-1]) for block in within(picture.figure, Polygon)]
    return sorted(found, key=lambda block: block[1][:, 0].min())


def edges(corners):
    """The block's right and left edge, and the heights of the corners of its tabs and of its sockets."""
    tip, left, depth, right = np.unique(corners[:, 0])
    assert left - tip == pytest.approx(right - depth)  # a tab fills a socket
    tabs, sockets = (np.sort(corners[corners[:, 0] == x, 1]) for x in (tip, depth))
    return left, right, tabs, sockets


def assert_locked_where_they_fit(picture, shapes):
    """One tab for each row and one socket for each column; neighbours touch where they fit, else a cross parts them."""
    blocks = [edges(corners) for _, corners in outlines(picture)]
    assert [(len(tabs), len(sockets)) for _, _, tabs, sockets in blocks] == [(2 * M, 2 * N) for M, N in shapes]
    parted = []
    for k, (one, other) in enumerate(itertools.pairwise(blocks)):
        meets = shapes[k][1], shapes[k + 1][0]
        assert texts(picture).count(f"{meets[0]} {'≠' if meets[0] != meets[1] else '='} {meets[1]}") >= 1
        if meets[0] == meets[1]:
            assert one[1] == other[0]
            np.testing.assert_array_equal(one[3], other[2])
        else:
            assert one[1] < other[0]
            parted.append((one[1], other[0]))
    crosses = points(picture, "clash")[0]
    assert len(crosses) == len(parted)
    assert all(right < x < left for x, (right, left) in zip(crosses, parted, strict=True))


@pytest.mark.parametrize("widths", CHAINS)
@pytest.mark.parametrize("letter", "abc")
def test_each_written_jacobian_is_the_measured_one(widths, letter):
    chain = CHAINS[widths]
    u = chain.maps["c"][0](chain.x)
    point = {"a": chain.maps["b"][0](u), "b": u, "c": chain.x}[letter]
    value, jacobian = chain.maps[letter]
    np.testing.assert_allclose(jacobian(point.ravel()), numerical_jacobian(value, point), atol=1e-14)


@pytest.mark.parametrize("widths", CHAINS)
@pytest.mark.parametrize("order", ORDERS)
def test_blocks_touch_exactly_where_their_shapes_fit(widths, order):
    picture = draw_product(widths, order, *POINTS)
    names = order.split()
    shapes = [SHAPES[widths][name] for name in names]
    assert [name for name, _ in outlines(picture)] == names
    assert_locked_where_they_fit(picture, shapes)
    for k in (0, 1):
        told = f"{names[k]} meets {names[k + 1]} with {shapes[k][1]} ≠ {shapes[k + 1][0]}"
        assert (told in picture.description) == (shapes[k][1] != shapes[k + 1][0])
    assert {f"{name} {shape}" for name, shape in SHAPES[widths].items()} <= set(texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize("at", list(itertools.product(POINTS, repeat=3)))
def test_unequal_widths_leave_one_product(at):
    chain = CHAINS[UNEQUAL]
    a, b, c = (chain.maps[letter][0] for letter in "abc")
    where = dict(zip(POINTS, (chain.x, c(chain.x), b(c(chain.x))), strict=True))
    fits = [len(where[point]) == size for point, size in zip(at, (4, 2, 3), strict=True)]
    picture = draw_product(UNEQUAL, "da db dc", *at)
    said = picture.description
    assert said.count(" numbers and ") == 3 - sum(fits)
    assert ("It is the derivative." in said) == all(fits)
    for (name, shape), f, point, fit in zip(SHAPES[UNEQUAL].items(), (a, b, c), at, fits, strict=True):
        shown = cells(picture, name)
        if fit:
            np.testing.assert_allclose(values(shown), numerical_jacobian(f, where[point]), atol=0.0051)
        else:
            assert shown.shape == shape and set(shown.ravel()) == {"?"}
    truth = numerical_jacobian(lambda x: a(b(c(x))), chain.x)
    np.testing.assert_allclose(values(cells(picture, "measured")), truth, atol=0.0051)
    if all(fits):
        np.testing.assert_allclose(values(cells(picture, "product")), truth, atol=0.0051)
    else:
        assert {"0 of 2 joints clash", f"{3 - sum(fits)} of 3 points clash", "no product"} <= set(texts(picture))
    assert texts(picture).count("takes 2: fits") == fits[1]
    assert [text for text in texts(picture) if text.startswith("at ")] == [f"at {point}" for point in at]
    assert_legible(picture)
    assert "no product" in draw_product(UNEQUAL, "dc db da", *at).description


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


def test_of_the_162_products_of_equal_widths_one_is_right_and_the_picture_shows_the_error():
    factors, truth = plane_jacobians()
    right = []
    for number, (order, *at) in enumerate(itertools.product(ORDERS, POINTS, POINTS, POINTS)):
        where = dict(zip(("da", "db", "dc"), at, strict=True))
        one, two, three = (factors[name][where[name]] for name in order.split())
        gap = np.abs(one @ two @ three - truth).max()
        if gap < 1e-12:
            right.append((order, *at))
        else:
            assert gap > 0.01
        if order != "da db dc" and number % 7:
            continue  # a picture of every point in the right order, and of some in the others
        picture = draw_product(EQUAL, order, *at)
        said = picture.description
        assert "All shapes fit" in said and ("It is the derivative." in said) == (gap < 1e-12)
        if gap > 1e-12:
            assert float(re.search(r"off by (\d+\.\d\d) in", said)[1]) == pytest.approx(gap, abs=0.0051)
        if order == "da db dc":
            np.testing.assert_allclose(values(cells(picture, "product")), one @ two @ three, atol=0.0051)
            for name, point in where.items():
                np.testing.assert_allclose(values(cells(picture, name)), factors[name][point], atol=0.0051)
            assert f"{gap:.2f}" in texts(picture) or "0: it is the derivative" in texts(picture)
            assert_legible(picture)
    assert right == [("da db dc", "b(c(x))", "c(x)", "x")]


@pytest.mark.parametrize(("x1", "x2"), [(2, 3), (-1, 2), (3, -3)])
def test_the_five_numbers_go_forward_and_their_shares_come_back(x1, x2):
    picture, upstream = draw_five_numbers(x1, x2), {"x₁": 2 * x1 * x2 + x2**2, "x₂": x1**2 + 2 * x1 * x2}
    value = {"x₁": x1, "x₂": x2, "v₁": x1 * x2, "v₂": x1 + x2, "f": x1 * x2 * (x1 + x2)}
    upstream |= {"v₁": x1 + x2, "v₂": x1 * x2, "f": 1}
    circles = {tuple(circle.center) for circle in within(picture.figure, Circle)}
    seen, shares = {t.get_text(): np.array(t.get_position()) for t in shown(picture)}, {"x₁": [], "x₂": []}
    for tail, head in [("x₁", "v₁"), ("x₁", "v₂"), ("x₂", "v₁"), ("x₂", "v₂"), ("v₁", "f"), ("v₂", "f")]:
        [(start, end)] = np.array(arrows(picture, f"{tail} to {head}"))
        assert all(min(np.hypot(*(at - circle)) for circle in circles) < 40 for at in (start, end))
        slope = x1 + x2 if tail == "v₁" else value["v₁"] if tail == "v₂" else 1
        if head == "v₁":
            slope = x2 if tail == "x₁" else x1
        share = slope * upstream[head]
        told = f"{entry(slope)} · {entry(upstream[head]) if upstream[head] >= 0 else f'({entry(upstream[head])})'}"
        assert f"{told} = {entry(share)}" in seen
        assert f"{head} sends {entry(slope)} times {entry(upstream[head])} to {tail}" in picture.description
        if tail in shares:
            shares[tail].append(share)
    for name, u in upstream.items():
        [text] = [t.get_text() for t in shown(picture) if t.get_label() == f"u of {name}"]
        assert text.endswith(f" {entry(u)}") and (name[0] == "v" or f"{name} = {entry(value[name])}, " in text)
        assert f"{name} = {entry(value[name])}" in picture.description
    assert [sum(arrived) for arrived in shares.values()] == pytest.approx([upstream["x₁"], upstream["x₂"]])
    assert_legible(picture)


def test_the_shares_of_the_lesson_stand_under_their_arrows():
    over = {t.get_text(): t.get_position()[1] for t in shown(draw_five_numbers(2, 3))}
    assert {"3 · 5 = 15", "2 · 5 = 10", "1 · 6 = 6", "5 · 1 = 5", "6 · 1 = 6", "v₁\nx₁x₂"} <= set(over)
    assert {"x₁ = 2,  u = 15 + 6 = 21", "x₂ = 3,  u = 10 + 6 = 16", "u = 5", "u = 6", "f = 30,  u = 1"} <= set(over)
    assert over["6"] < over["5 · 1 = 5"] and over["5"] < over["6 · 1 = 6"]


@pytest.mark.parametrize("seed", range(3))
def test_the_ink_and_its_slopes_stand_pixel_by_pixel(seed):
    rng = np.random.default_rng(seed)
    digit, row = rng.integers(0, 17, size=(64, 1)) / 16, rng.normal(size=(1, 64))
    moved = np.clip(digit + 0.1 * row.T, 0, 1)
    picture, slopes = draw_ink(digit, row, moved), row.ravel().tolist()
    for name, ink in (("the digit", digit), ("after the step", moved)):
        assert shades(picture, name) == [[round(8 * ink[8 * i + j, 0]) for j in range(8)] for i in range(8)]

    steepest, drawn = max(map(abs, slopes)), {}
    for patch in within(picture.figure, PathPatch):
        if match := re.fullmatch(r"(more|less): shade (\d)", str(patch.get_label())):
            outlines = patch.get_path().vertices.reshape(-1, 5, 2)
            drawn |= {tuple(outline.min(axis=0)): (match[1], int(match[2])) for outline in outlines}
    in_order = [drawn[corner] for corner in sorted(drawn, key=lambda corner: corner[::-1])]
    assert in_order == [("more" if s >= 0 else "less", round(8 * abs(s) / steepest)) for s in slopes]
    signs = {int(t.get_label().split()[1]): t.get_text() for t in shown(picture) if "sign" in str(t.get_label())}
    assert signs == {k: "+" if s > 0 else "−" for k, s in enumerate(slopes) if round(8 * abs(s) / steepest) >= 3}

    told = numbers(picture.description.split("rise is")[1])
    up, down = slopes.index(max(slopes)), slopes.index(min(slopes))
    places = [slopes[up], up // 8 + 1, up % 8 + 1, slopes[down], down // 8 + 1, down % 8 + 1]
    assert told == pytest.approx([*places, abs(moved - digit).max()], abs=0.0051)
    assert_legible(picture)


def test_the_reference_of_6_1_is_the_measured_derivative():
    f = lambda x: x[0] * x[1] * (x[0] - x[1]) ** 2
    told = WalkBack().solution()
    measured = numerical_jacobian(lambda x: f(x)[None], np.array([[5.0], [2.0]])).ravel()
    assert [told["y1"], told["y2"]] == pytest.approx(measured)
    assert told["w1"] == pytest.approx(numerical_jacobian(lambda a: 10 * a**2, np.array([[3.0]])).item())
    assert (told["w2"], told["w3"]) == (9, 10)


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
    names = {f"J{i}": Sized(q, p) for i, (p, q) in enumerate(itertools.pairwise(widths))}
    for text, cost in found.items():
        Sized.count = 0
        assert eval(plain(text).replace(" ", " @ "), names).shape == (widths[-1], widths[0])
        assert Sized.count == cost
    picture = draw_bracketings(widths)
    told = re.findall(r"(?:^|, )([^,]*) takes ([\d,]*\d)", picture.description)
    assert [(text, int(cost.replace(",", ""))) for text, cost in told] == sorted(
        found.items(), key=lambda pair: pair[1]
    )
    [ax] = picture.figure.axes
    for label, bar in zip(ax.get_yticklabels(), ax.patches, strict=True):
        assert bar.get_width() == found[label.get_text()]
        assert abs(bar.get_y() + bar.get_height() / 2 - label.get_position()[1]) < 1e-9
        most = f"{bar.get_width():,.0f}"
        assert {most, f"{most}, the least"} & set(texts(picture))
    assert f"{min(found.values()):,}, the least" in texts(picture)
    assert f"The last is {max(found.values()) / min(found.values()):.0f} times" in picture.description
    assert_legible(picture)


def test_the_counts_of_6_4_are_those_of_the_picture():
    for case in CheaperBracketing().cases(np.random.default_rng(3)):
        found = dict(bracketings(case["n"], 3, 0))
        told = CheaperBracketing().solution(**case)
        assert told["left first"] == found["((J₃ J₂) J₁) J₀"]
        assert told["right first"] == found["J₃ (J₂ (J₁ J₀))"]
        assert told["pairs first"] == found["(J₃ J₂) (J₁ J₀)"]
        counts = sorted((told["left first"], told["right first"], told["pairs first"]))
        assert counts[0] < counts[1]  # no tie
        assert told[told["least"]] == counts[0]


def test_the_reference_of_6_5_is_the_measured_jacobian():
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
def test_the_wrong_factor_of_6_2_is_clearly_off_and_the_others_are_not(seed):
    for case in WrongPoint().cases(np.random.default_rng(seed)):
        a, b, c, factors, x = case.values()
        own = [numerical_jacobian(f, point) for f, point in ((a, b(c(x))), (b, c(x)), (c, x))]
        gaps = [np.abs(F - J).max() for F, J in zip(factors, own, strict=True)]
        name, J = WrongPoint().solution(**case)
        assert ("da", "db", "dc")[int(np.argmax(gaps))] == name
        assert sorted(gaps)[1] < 1e-12 and max(gaps) > 0.01
        np.testing.assert_allclose(J, numerical_jacobian(lambda x, f=(a, b, c): f[0](f[1](f[2](x))), x), atol=1e-12)
