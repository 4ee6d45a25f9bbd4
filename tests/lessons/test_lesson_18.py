"""Lesson 18: its pictures against loops, its exploration against the answers that the lesson gives, its references."""

import itertools
import json

import numpy as np
import pytest
from reading import assert_legible, cells, marked, numbers, texts, values

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_18 import bugs
from helpers.lessons.lesson_18.exercises import (
    CheckOfAnyPass,
    CheckOfBothPasses,
    CheckOfDropout,
    CheckOfPooling,
    SameGradient,
)
from helpers.lessons.lesson_18.pictures import COMPARISONS, TRUTHS, UPSTREAMS, USES, draw_fold, draw_hunt, found
from helpers.lessons.syllabus import notebook
from helpers.losses import SoftmaxCrossEntropy

BLIND = {"upstream": "ones", "uses": "once", "p": 0.0, "units": 1, "comparison": "broadcast", "truth": TRUTHS[0]}
SHARP = {"upstream": "random", "uses": "several times", "p": 0.3, "units": 3, "comparison": "shape first"}
SHARP |= {"truth": TRUTHS[1]}
CATCHES = {"upstream": {6}, "uses": {1, 2}, "p": {3}, "units": {4}, "comparison": {4}, "truth": {5}}


def caught(habits):
    seen = found(**habits)
    return {k for k, d in enumerate(seen, start=1) if isinstance(d, str) or d > 1e-7}


def test_each_habit_hides_its_own_bug():
    assert not caught(BLIND)
    for habit, opened in CATCHES.items():
        assert caught(BLIND | {habit: SHARP[habit]}) == opened


def test_an_upstream_of_ones_hides_the_sixth_alone():
    assert caught(SHARP) == {1, 2, 3, 4, 5, 6}
    assert caught(SHARP | {"upstream": "ones"}) == {1, 2, 3, 4, 5}


STATES = list(itertools.product(UPSTREAMS, USES, (0.0, 0.4, 0.8), (1, 3), COMPARISONS, TRUTHS))


@pytest.mark.parametrize("state", STATES[::5])
def test_the_exploration_says_what_it_found(state):
    habits = dict(zip(BLIND, state, strict=True))
    picture, seen = draw_hunt(**habits), caught(habits)
    assert picture.title == f"This test catches {len(seen)} of 6 bugs"
    assert [t for t in texts(picture) if t in ("caught", "passes")] == [
        "caught" if k in seen else "passes" for k in range(1, 7)
    ]
    assert set(numbers(picture.description.split(". ")[-1])) == seen
    assert f"p = {habits['p']:g}, " in picture.description
    assert_legible(picture)


@pytest.mark.parametrize("r", [2, 3])
@pytest.mark.parametrize("u", [[1.0, -2.0, 0.5], [1.0, 1.0, 1.0]])
def test_the_fold_shows_where_each_number_goes(u, r):
    picture = draw_fold(np.array(u).reshape(-1, 1), r)
    right, tiled = values(cells(picture, "right")), values(cells(picture, "tiled"))
    assert right.tolist() == [[u[i]] * r for i in range(3)]
    assert tiled.ravel().tolist() == u * r
    differ = {(i, j) for i in range(3) for j in range(r) if right[i, j] != tiled[i, j]}
    assert marked(picture, "tiled") == differ
    assert (f"{len(differ)} of {3 * r} entries" if differ else "no entry") in picture.description
    assert_legible(picture)


def test_the_biases_of_the_last_layer_would_never_move():
    X, Y = some_digits()
    u = SoftmaxCrossEntropy().gradient(digit_network()(X), Y)
    assert abs(u.sum()) < 1e-14 < 0.01 < np.abs(u.sum(axis=1)).max()


# --- what the lesson says of its own code ----------------------------------------------------------------------------


def run_cell(names, id, slip="", repair=""):
    """Run a cell of the lesson, with its slip repaired if it is told."""
    stored = json.loads(notebook(18).read_text(encoding="utf-8"))["cells"]
    [source] = ["".join(cell["source"]) for cell in stored if cell["id"] == f"l18-{id}"]
    assert slip in source
    exec(source.replace(slip, repair) if slip else source, names)


def test_the_wrong_pooling_of_the_lesson_is_the_one_of_the_hunt():
    from helpers import numerical_jacobian

    names = {"np": np, "numerical_jacobian": numerical_jacobian}
    run_cell(names, "hunt2-code")
    rng = np.random.default_rng(2)
    for window, stride in ((3, 1), (3, 2), (2, 2)):
        x = rng.normal(size=(12, 1))
        u = rng.normal(size=bugs.pool(x, window, stride).shape)
        assert np.array_equal(names["pool"](x, window, stride), bugs.pool(x, window, stride))
        np.testing.assert_array_equal(
            names["pool_backward"](u, x, window, stride), bugs.last_window_wins(u, x, window, stride)
        )
    assert not CheckOfPooling().solution(names["pool"], names["pool_backward"])


def test_the_engine_is_repaired_by_one_character():
    names = {}
    run_cell(names, "hunt1-engine", "self.grad = u", "self.grad += u")
    a, b, c = (names["Number"](v) for v in (2.0, -3.0, 5.0))
    (a * b + a * c + a * a).backward()
    assert (a.grad, b.grad, c.grad) == (-3 + 5 + 4, 2, 2)


def test_the_first_hunt_and_the_sixth_are_refused_by_the_last_check_and_their_repairs_are_not():
    from helpers import numerical_jacobian

    judged, columns = CheckOfAnyPass().solution, np.random.default_rng(3).uniform(1, 2, size=(3, 4, 1))
    for engine, folding in (
        ((), ()),
        (("self.grad = u", "self.grad += u"), ("np.tile(u, (2, 1))", "np.repeat(u, 2, 0)")),
    ):
        names = {"np": np, "numerical_jacobian": numerical_jacobian}
        run_cell(names, "hunt1-engine", *engine)
        run_cell(names, "hunt1-run")
        run_cell(names, "hunt6-run", *folding)
        inputs = dict(zip("abc", columns, strict=True))
        assert judged(lambda a, b, c: a * b + a * c, names["engine_backward"], inputs) == bool(engine)
        assert judged(names["fold"], names["fold_backward"], {"x": names["x"]}) == bool(folding)


def test_the_pair_of_the_fifth_hunt_is_refused_and_its_repair_is_not():
    names = {"np": np}
    from helpers import numerical_jacobian

    names["numerical_jacobian"] = numerical_jacobian
    run_cell(names, "hunt5-run")
    assert not CheckOfBothPasses().solution(names["forward"], names["backward"])
    assert CheckOfBothPasses().solution(
        lambda z, alpha: np.where(z >= 0, z, alpha * z), lambda u, z, alpha: np.where(z >= 0, u, alpha * u)
    )


# --- the references of the exercises, on passes that they were not made for ------------------------------------------


def test_the_references_on_other_passes():
    second = lambda u, mask, p: u * mask / (1 - p) * (1 + 1e-6)
    assert not CheckOfDropout().solution(second) and CheckOfDropout().solution(lambda u, mask, p: u / (1 - p) * mask)
    dropped = lambda u, x, window, stride: bugs.pool_backward(np.vstack([u[:-1], [[0.0]]]), x, window, stride)
    assert not CheckOfPooling().solution(bugs.pool, dropped)
    x, W = np.array([[0.3], [-1.2]]), np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
    passes = lambda change: CheckOfAnyPass().solution(
        lambda x: W @ x**2, lambda u, x: change(W.T @ u * 2 * x), {"x": x}
    )
    assert passes(lambda grad: {"x": grad * (1 + 1e-10)}) and not passes(lambda grad: {"x": grad * (1 + 1e-6)})
    assert not any(map(passes, (lambda grad: {}, lambda grad: {"x": grad.T}, lambda grad: {"x": grad * np.nan})))
    same = SameGradient().solution
    truth = np.array([[1e-12], [-3e-12]])
    assert same(truth * (1 + 1e-10), truth) and not same(truth * (1 + 1e-8), truth)
    assert same(np.zeros((2, 1)), np.zeros((2, 1))) and not same(np.full((2, 1), 1e-300), np.zeros((2, 1)))
    assert not same(np.float64(1.0), np.ones((2, 1))) and not same(np.ones((2, 2)), np.ones((2, 1)))
