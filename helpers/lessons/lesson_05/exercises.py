"""The exercises of lesson 05: contributions of paths, partial and total, matrix times column, two faults."""

import itertools
import math
from collections import ChainMap
from functools import partial

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips

EACH, PATHS, DIRECT, SEVERAL = slips.see(
    "One path at a time", "The sum over the paths", "The direct path", "Several outputs"
)


def _difference(g, up, down, width=2e-5):
    """The difference quotient of g between two pairs (t, v), whose times lie `width` apart."""
    return ((g(np.array([up]).T) - g(np.array([down]).T)) / width).item()


def _direct(g, v, t, h=1e-5):
    """The slope of g(t, v(t)) in t, with v held at v(t)."""
    return _difference(g, (t + h, v(t)), (t - h, v(t)))


def _through(g, v, t, h=1e-5):
    """The contribution of the path through v."""
    return _difference(g, (t, v(t + h)), (t, v(t - h)))


def _contributions(t, outer=None, inner=None):
    """The three products, with other slopes of f or other slopes in t put in."""
    v_1, v_2, v_3 = t**2, math.sin(t), math.exp(-t)
    outer = outer or [v_2, v_1 + v_3**2, 2 * v_2 * v_3]
    inner = inner or [2 * t, math.cos(t), -math.exp(-t)]
    return [a * b for a, b in zip(outer, inner, strict=True)]


class PathContributions(Exercise):
    id = "5.1"
    title = "A sum over three paths"
    points = 2
    name = "path_contributions"
    arguments = ("t",)
    returns = "a list of three floats"
    derivation_is_asked = True
    hints = (
        "Draw the three paths. Write dv_j/dt on the three arrows from t, and ∂f/∂v_j on the three arrows to f.",
        "For ∂f/∂v_2 hold v_1 and v_3 fixed. In how many terms of f does v_2 stand?",
        "First compute v_1, v_2, v_3 at t. The slopes of f are formulas in these three numbers, not in t.",
    )
    because = "Each contribution is ∂f/∂v_j at v(t) times dv_j/dt at t; v_2 stands in both terms of f."
    mistakes = (
        Wrong("slope at the wrong point", lambda t: _contributions(t, outer=[t, t + t**2, 2 * t * t]),
              "In the slopes of f you put t where v_1, v_2 and v_3 belong. f is never asked at t, only at v(t): "
              "see the note on points in 'The sum over the paths'."),
        Wrong("slope at the wrong point", lambda t: _contributions(
                  t, inner=[2 * t**2, math.cos(math.sin(t)), -math.exp(-math.exp(-t))]),
              "The slopes of f are right. The slopes of v_1, v_2 and v_3 are taken at the values of the v, but each of "
              "them is a function of t: see the note on points in 'The sum over the paths'."),
        Wrong("inner derivative forgotten", lambda t: _contributions(t, inner=[1, 1, 1]),
              "Here stands what f does per unit of v_j, and no more. How fast does v_j move? "
              "See 'One path at a time'."),
        Wrong("outer derivative forgotten", lambda t: _contributions(t, outer=[1, 1, 1]),
              "Here stands how fast v_j moves with t, and no more. Each path has a second arrow, from v_j to f: see "
              "'One path at a time'."),
        Wrong("sum for product", lambda t: [a + b for a, b in zip(
                  _contributions(t, inner=[1, 1, 1]), _contributions(t, outer=[1, 1, 1]), strict=True)],
              "You added the two factors of each path. Look at their units: a change passes through one factor after "
              "the other. See 'One path at a time'."),
        Wrong("sign", lambda t: _contributions(t, inner=[2 * t, math.cos(t), math.exp(-t)]),
              "The third contribution has the opposite sign. Does v_3 grow or shrink when t grows?"),
        Wrong("one use only", lambda t: _contributions(t, outer=[math.sin(t), t**2, 2 * math.sin(t) * math.exp(-t)]),
              "In the second contribution v_2 was differentiated in the first term of f alone. Hold v_1 and v_3 fixed "
              "and look for every v_2: see 'One path at a time'."),
        Wrong("power rule", lambda t: [*_contributions(t)[:2], _contributions(t)[2] / 2],
              "The third contribution lacks a factor: look again at the slope of f in v_3, which is squared."),
        Wrong("wrong concept", lambda t: [2 * t * math.sin(t) + t**2 * math.cos(t),
                                          (math.cos(t) - 2 * math.sin(t)) * math.exp(-2 * t)],
              "These are the slopes of the two terms of f, and both are right. The question asks for one number for "
              "each path, not for each term: v_2 stands in both terms and is one path. See 'One path at a time'."),
        Wrong("summed too early", lambda t: sum(_contributions(t)),
              "That is the whole slope, and it is right. The question asks for its three parts, each on its own, in a "
              "list: see 'One path at a time'."),
        Wrong("summed too early", lambda t: [sum(_contributions(t))],
              f"The three parts are added to the whole slope. The list asks for them apart. {EACH}"),
        Wrong("summed too early", lambda t: [sum(_contributions(t))] * 3,
              f"Here stands the whole slope. What does one path bring alone? {EACH}"),
        Wrong("wrong concept", lambda t: [
                  2 * t * math.sin(t), t**2 * math.cos(t), math.exp(-2 * t) * math.cos(t),
                  -2 * math.sin(t) * math.exp(-2 * t)],
              "These are four numbers, and they are right, but v_2 has got two of them. It stands in two terms and is "
              f"one path. {EACH}"),
        Wrong("summed too early", lambda t: np.cumsum(_contributions(t)).tolist(),
              f"From the second number on, each contains the ones before it. What does one path bring alone? {EACH}"),
        Wrong("sign", lambda t: _contributions(t, inner=[2 * t, -math.cos(t), -math.exp(-t)]),
              "The second contribution has the opposite sign. Does the sine rise or fall at t = 0?"),
        Wrong("one use only", lambda t: _contributions(
                  t, outer=[math.sin(t), math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              "In the second contribution v_2 was differentiated in the last term of f alone. Hold v_1 and v_3 fixed "
              f"and look for every v_2. {EACH}"),
        Wrong("power rule", lambda t: [_contributions(t)[0] / 2, *_contributions(t)[1:]],
              "The first contribution lacks a factor: look again at the slope of v_1, which is a square."),
        Wrong("power rule", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + 2 * math.exp(-t), 2 * math.sin(t) * math.exp(-t)]),
              "In the second contribution the square of v_3 was differentiated, but v_3 does not move there. What is "
              f"held fixed stays as it is. {EACH}"),
        Wrong("constant kept", lambda t: _contributions(t, outer=[
                  math.sin(t) + math.sin(t) * math.exp(-2 * t), t**2 + math.exp(-2 * t),
                  t**2 * math.sin(t) + 2 * math.sin(t) * math.exp(-t)]),
              f"A term of f that does not contain v_j was kept in its slope. An added constant has none. {EACH}"),
        Wrong("value instead of derivative", lambda t: [t**2, math.sin(t), math.exp(-t)],
              f"These are v_1, v_2 and v_3 themselves. The exercise asks how each of them carries a change to f. "
              f"{EACH}"),
        Wrong("value instead of derivative", lambda t: _contributions(t, inner=[t**2, math.sin(t), math.exp(-t)]),
              f"The slopes of f are right. You multiply them by the values of v_j, not by how fast they move. {EACH}"),
        Wrong("value instead of derivative", lambda t: _contributions(t, inner=[t**2, math.sin(t), -math.exp(-t)]),
              f"The slopes of f are right. You multiply the first two by the values of v_j, not by how fast they move. "
              f"{EACH}"),
        Wrong("wrong variable", lambda t: _contributions(t, outer=[
                  t**2, t**2 + math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              "In the first contribution the factor that moves was kept. If v_1 alone moves, what is it multiplied by? "
              f"{EACH}"),
        Wrong("term missing", lambda t: _contributions(t, outer=[math.sin(t), t**2 + math.exp(-2 * t), math.exp(-t)]),
              "In the third contribution the slope of f in v_3 is not complete: what multiplies its square?"),
        Wrong("term missing", lambda t: _contributions(t, outer=[math.sin(t), t**2 + math.exp(-2 * t), 1.0]),
              "The third contribution: the slope of f in v_3 is missing, and only that of v_3 in t is there."),
        Wrong("inner derivative forgotten", lambda t: _contributions(t, inner=[2 * t, math.cos(t), -1.0]),
              "The third contribution lacks the slope of v_3 in t, all but its sign."),
        Wrong("sum for product", lambda t: [2 * t * math.sin(t), t**2 * math.cos(t),
                                            (math.cos(t) - 2 * math.sin(t)) * math.exp(-2 * t)],
              f"One part of the path through v_2 stands with v_3: v_2 is in both terms of f and is one path. {EACH}"),
        Wrong("inner derivative forgotten", lambda t: _contributions(t, inner=[2 * t, math.cos(t), 1.0]),
              f"The third contribution lacks the slope of v_3: how fast does it move? {EACH}"),
        Wrong("square forgotten", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + math.exp(-t), 2 * math.sin(t) * math.exp(-t)]),
              "In the second contribution v_3 enters without its square."),
        Wrong("value instead of derivative", lambda t: _contributions(t, inner=[2 * t, math.sin(t), -math.exp(-t)]),
              "In the second contribution the value of v_2 stands where its slope belongs."),
        Wrong("counted twice", lambda t: _contributions(
                  t, outer=[math.cos(t), t**2 + math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              "In the first contribution f is differentiated in v_1, and v_2 stays as it is: it is not "
              "differentiated."),
        Wrong("counted twice", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + math.exp(-2 * t), 2 * math.cos(t) * math.exp(-t)]),
              f"In the third contribution v_2 was differentiated as well. Only v_3 moves on this path. {EACH}"),
        *(Wrong("wrong variable", lambda t, order=order: _contributions(
                    t, inner=[[2 * t, math.cos(t), -math.exp(-t)][j] for j in order]),
                "All six factors are right, but they are paired wrongly: the two arrows of a path meet at the same "
                f"v_j. {EACH}")
          for order in itertools.permutations(range(3)) if order != (0, 1, 2)),
        *(Wrong("power rule", lambda t, sign=sign: [
                    _contributions(t)[0], (t**2 + math.exp(-(t**2))) * math.cos(t),
                    -2 * math.sin(t) * math.exp(sign * t**2)],
                "A rule for powers went wrong: (e^a)^2 is not e^(a^2), and e^a times e^b is not e^(ab).")
          for sign in (1, -1)),
        *(Wrong("power rule", lambda t, slope=slope: _contributions(t, inner=[2 * t, math.cos(t), slope(t)]),
                "In the third contribution the power rule was used on e^(-t). There the variable stands in the "
                "exponent: what is the slope of an exponential function?")
          for slope in (lambda t: -t * math.exp(-t), lambda t: -t * math.exp(-t - 1))),
        Wrong("precedence", lambda t: [_contributions(t)[0], t**2 + math.exp(-2 * t) * math.cos(t),
                                       _contributions(t)[2]],
              "In the second contribution only the last term is multiplied by the slope of v_2: a sum needs brackets."),
        Wrong("reversed order", lambda t: _contributions(t)[::-1],
              "The contributions are right and stand in the reverse order: the path through v_1 comes first."),
        *(Wrong("slope at the wrong point", lambda t, slope=slope: _contributions(t, outer=slope(t)),
                "In one of the slopes of f, t stands where the value of a v belongs. f receives v(t): see the note on "
                "points in 'The sum over the paths'.")
          for slope in (lambda t: [math.sin(t), t + math.exp(-2 * t), 2 * math.sin(t) * t],
                        lambda t: [math.sin(t), 2 * t**2, 2 * t * math.exp(-t)])),
        Wrong("value instead of derivative", lambda t: _contributions(t, outer=[
                  t**2 * math.sin(t), t**2 * math.sin(t) + math.sin(t) * math.exp(-2 * t),
                  math.sin(t) * math.exp(-2 * t)]),
              f"What f contains of v_j was copied as it is where its slope in v_j belongs. {EACH}"),
        Wrong("power rule", lambda t: _contributions(
                  t, outer=[2 * t**2 * math.sin(t), t**2 + math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              f"In the first contribution f is differentiated as if v_1 were squared in it. Which v is? {EACH}"),
        Wrong("product for sum", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 * math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              f"In the second contribution the slopes of the two terms of f are multiplied. f is their sum. {EACH}"),
        Wrong("others dropped", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + math.exp(-2 * t), 2 * math.exp(-t)]),
              "In the third contribution the factor v_2 is lost. What is held fixed drops out of a sum, but it stays "
              f"in a product. {EACH}"),
        Wrong("wrong concept", lambda t: (np.array(_contributions(t)) / sum(_contributions(t))).tolist(),
              f"These are shares, which add up to 1. The contributions themselves add up to the slope. {EACH}"),
        *(Wrong("dropped path", lambda t, j=j: [x for i, x in enumerate(_contributions(t)) if i != j],
                f"What you have is right, but one path is missing: v_{j + 1} lies between t and f as well. {EACH}")
          for j in range(3)),
        *(Wrong("other layout", lambda t, turn=turn: turn(np.array([_contributions(t)])),
                "The right numbers, in an array with two axes. A list of three numbers is asked for.")
          for turn in (np.array, np.transpose)),
        *(Wrong("reversed order", lambda t, order=order: [_contributions(t)[j] for j in order],
                "The three contributions are right, and some have changed places: they stand in the order v_1, v_2, "
                f"v_3. {PATHS}") for order in ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1))),
        Wrong("constant kept", lambda t: _contributions(
                  t, outer=[math.sin(t) + math.exp(-2 * t), t**2 + math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              f"In the first contribution the square of v_3 was kept. It does not multiply v_1 in f. {EACH}"),
        Wrong("constant kept", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + math.exp(-2 * t), t**2 + 2 * math.sin(t) * math.exp(-t)]),
              f"In the third contribution v_1 was kept. It does not multiply v_3 in f. {EACH}"),
        Wrong("value instead of derivative", lambda t: _contributions(
                  t, outer=[math.sin(t), t**2 + math.sin(t) * math.exp(-2 * t), 2 * math.sin(t) * math.exp(-t)]),
              f"In the second contribution the last term of f still holds v_2, which moves there. {EACH}"),
        *(Wrong("wrong variable", lambda t, first=first, last=last: [
                    2 * t * math.sin(t) + first * t**2 * math.cos(t), _contributions(t)[1],
                    _contributions(t)[2] + last * math.cos(t) * math.exp(-2 * t)],
                "A contribution holds the slope of a whole term of f, in which v_2 moves as well. On the paths through "
                f"v_1 and v_3 it is held fixed. {EACH}")
          for first, last in ((1, 0), (0, 1), (1, 1))),
        *(Wrong("term missing", lambda t, third=third: [*_contributions(t)[:2], third(t)], message)
          for message, third in (
              ("In the third contribution the factor v_2 is lost, and the sign is opposite. What is held fixed stays "
               f"in a product. {EACH}", lambda t: 2 * math.exp(-2 * t)),
              ("The third contribution is the slope of the square in v_3 and no more. By what is the square multiplied "
               f"in f, and how fast does v_3 move? {EACH}", lambda t: 2 * math.exp(-t)),
              ("In the third contribution v_2 is lost, and of the slope of v_3 in t only the sign is left. "
               f"{EACH}", lambda t: -2 * math.exp(-t)))),
    )  # fmt: skip

    def cases(self, rng):
        for t in (1.3, 0.5, 2.0, float(np.round(rng.uniform(2.5, 3.0), 2))):
            yield {"t": t}

    def solution(self, t):
        v_1, v_2, v_3 = t**2, np.sin(t), np.exp(-t)
        slopes_of_f = [v_2, v_1 + v_3**2, 2 * v_2 * v_3]
        slopes_in_t = [2 * t, np.cos(t), -np.exp(-t)]
        return [a * b for a, b in zip(slopes_of_f, slopes_in_t, strict=True)]


def _measured(quotient, h=1e-5):
    """Partial and total slope, by another quotient than the central one, or with another step."""

    def along(g, v, t, follow):
        return quotient(lambda s: g(np.array([[t + s], [v(t + follow * s)]])).item(), h)

    return lambda g, v, t: (along(g, v, t, 0), along(g, v, t, 1))


def _by_slopes(g, v, t, combine):
    """The answer to 5.2 from the two partial slopes of g and the slope of v: (∂g/∂t, combine(∂g/∂t, ∂g/∂v, v, t))."""
    g_t, g_v = _direct(g, v, t), _difference(g, (t, v(t) + 1e-5), (t, v(t) - 1e-5))
    return g_t, combine(g_t, g_v, v, t)


def _exchanged(g, v, t):
    """The answer to 5.2 of one who puts v above t."""

    def slope(up, down):
        return _difference(g, up[::-1], down[::-1])

    h = 1e-5
    return slope((t + h, v(t)), (t - h, v(t))), slope((t + h, v(t + h)), (t - h, v(t - h)))


class PartialAndTotal(Exercise):
    id = "5.2"
    title = "Partial and total, measured"
    points = 2
    name = "partial_and_total"
    arguments = ("g", "v", "t")
    returns = "a tuple of two floats"
    tolerance = Close(1e-6)
    hints = (
        "Two central differences with h = 1e-5, and t moves in both. What does v do in the first and in the second?",
        "For the partial derivative compute v(t) once, before anything moves, and use that number on both sides.",
        "np.array([[t + h], [v_fixed]]) is one of the columns you need; .item() makes a float of a (1, 1) array.",
    )
    because = "For ∂g/∂t the lower entry stays v(t), for dg/dt it follows: v(t ± h). The second path is the difference."
    mistakes = (
        Wrong("partial instead of total", lambda g, v, t: (_direct(g, v, t), _direct(g, v, t)),
              "Both of your numbers hold v fixed. For the second one v has to follow t: see 'The direct path'."),
        Wrong("total instead of partial", lambda g, v, t: (PartialAndTotal.solution(None, g, v, t)[1],) * 2,
              "In both of your numbers v follows t. For a partial derivative everything but t keeps its value: see "
              "'The direct path'."),
        Wrong("reversed order", lambda g, v, t: PartialAndTotal.solution(None, g, v, t)[::-1],
              "The two numbers have changed places: the partial one, in which less moves, comes first."),
        Wrong("dropped path", lambda g, v, t: (_direct(g, v, t), _through(g, v, t)),
              "In your second number only v moves; the direct path has been "
              "dropped. See 'The direct path'."),
        Wrong("inner derivative forgotten", lambda g, v, t: (_direct(g, v, t), _direct(g, v, t)
                  + _difference(g, (t, v(t) + 1e-5), (t, v(t) - 1e-5))),
              "In your second number v moves as much as t does, by h. How much does "
              "v(t) move when t moves by h? See 'One path at a time'."),
        Wrong("product for sum", lambda g, v, t: (_direct(g, v, t), _direct(g, v, t) * _through(g, v, t)),
              "For the total one you multiplied two paths. Along a path factors "
              "are multiplied; what happens with separate paths? See 'The sum over the paths'."),
        Wrong("wrong concept", lambda g, v, t: g(t, v(t)),
              "g takes one argument and you gave it two. It wants a column of shape (2, 1), t above v, such as "
              "np.array([[t], [v(t)]])."),
        *slips.difference_quotients(_measured, "See lesson 01."),
        *(wrong for step in (1e-3, 1e-4, 1e-2)
          for wrong in slips.difference_quotients(lambda q, h=step: _measured(q, h), "See lesson 01.")
          if wrong.name == "one-sided"),
        *(Wrong("step too large", _measured(lambda g, h: (g(h) - g(-h)) / (2 * h), step),
                "These are central differences, and their error shows: with so long a step the curve bends between the "
                "two points. See lesson 01.")
          for step in (0.1, 0.01, 0.001)),
        *(Wrong("step too small", _measured(lambda g, h: (g(h) - g(-h)) / (2 * h), step),
                "These are central differences, with so short a step that rounding shows. See lesson 01.")
          for step in (1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15)),
        Wrong("counted twice", lambda g, v, t: (_direct(g, v, t), 2 * _direct(g, v, t)),
              "The second is twice the first. The other path has factors of its own: how fast does g change with v, "
              f"and v with t? {DIRECT}"),
        *(Wrong("one-sided", lambda g, v, t, h=h, up=up, down=down: (
                    _direct(g, v, t), _difference(g, (t + h, v(t + up * h)), (t - h, v(t - down * h)), 2 * h)),
                "In the second number v follows t to one side only. Both of its values belong to the times at which "
                f"they are taken. {DIRECT}")
          for h in (1e-6, 1e-5, 1e-4) for up, down in ((1, 0), (0, 1))),
        Wrong("rows for columns", lambda g, v, t: g(np.array([[t + 1e-5, v(t)]])),
              "g wants a column of shape (2, 1), t above v; you gave it a row. Two pairs of brackets, one number in "
              "each inner one."),
        Wrong("flattened", lambda g, v, t: g(np.array([t + 1e-5, v(t)])),
              "g wants a column of shape (2, 1), t above v; you gave it an array with one axis."),
        Wrong("reversed order", _exchanged,
              "In your column v stands above t. g takes t first."),
        Wrong("inner derivative forgotten", lambda g, v, t: _by_slopes(g, v, t, lambda g_t, g_v, v, t: g_v),
              "The second number is the slope of g in v alone: how fast does v move, "
              f"and what of the direct path? {DIRECT}"),
        Wrong("slope at the wrong point", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t + g_v * (v(v(t) + 1e-5) - v(v(t) - 1e-5)) / 2e-5),
              f"The slope of v is taken at v(t); v is a function of t. {PATHS}"),
        Wrong("value instead of derivative", lambda g, v, t: (g(np.array([[t], [v(t)]])).item(),) * 2,
              "The value of g stands where a slope is asked for: see lesson 01 for a difference quotient."),
        Wrong("coincidence", lambda g, v, t: (1.69, 5.07),
              "These are the numbers of the statement, right for one g, one v and one t."),
        Wrong("coincidence", lambda g, v, t: (t**2, 3 * t**2),
              "This was derived for the example t·v with v = t². g and v are handed in; measure them."),
        Wrong("value instead of derivative", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t + g_v * v(t)),
              "In the second the slope of g in v is multiplied by v itself: how fast "
              f"does v move? {EACH}"),
        Wrong("wrong variable", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t * (v(t + 1e-5) - v(t - 1e-5)) / 2e-5),
              "In your second number the slope of v is multiplied by that of g in t. Which slope of g belongs to the "
              f"path through v, and which other path is there? {DIRECT}"),
        Wrong("slope at the wrong point", lambda g, v, t: (lambda g_t, g_v: (
                  g_t, g_t + g_v * (v(t + 1e-5) - v(t - 1e-5)) / 2e-5))(
                  _difference(g, (t + 1e-5, t), (t - 1e-5, t)), _difference(g, (t, t + 1e-5), (t, t - 1e-5))),
              f"g is asked at (t, t). Which two numbers does it receive? {PATHS}"),
        Wrong("slope at the wrong point", lambda g, v, t: (_direct(g, v, t), _direct(g, v, t) + _difference(
                  g, (t, t + 1e-5), (t, t - 1e-5)) * (v(t + 1e-5) - v(t - 1e-5)) / 2e-5),
              f"In your second number the slope of g in v is taken at (t, t). Which two numbers does g receive? "
              f"{PATHS}"),
        *(Wrong("slope at the wrong point", lambda g, v, t, h=h, ahead=ahead: (
                    _difference(g, (t + h, v(t + ahead * h)), (t - h, v(t + ahead * h)), 2 * h),
                    PartialAndTotal.solution(None, g, v, t)[1]),
                "In the first number v keeps its value, as it should, but not the value that it has at t: it has "
                f"already moved. {DIRECT}")
          for h in (1e-5, 1e-4, 1e-3) for ahead in (1, -1)),
        Wrong("wrong variable", lambda g, v, t: (
                  _difference(g, (t, v(t) + 1e-5), (t, v(t) - 1e-5)), PartialAndTotal.solution(None, g, v, t)[1]),
              f"The first number is the slope of g in v. There t moves, and v stays where it is. {DIRECT}"),
        Wrong("wrong variable", lambda g, v, t: (_through(g, v, t), PartialAndTotal.solution(None, g, v, t)[1]),
              f"The first number belongs to the path through v. Which path is left if v stays where it is? {DIRECT}"),
        Wrong("not summed", lambda g, v, t: (
                  np.array([[_direct(g, v, t), _difference(g, (t, v(t) + 1e-5), (t, v(t) - 1e-5))]]),
                  PartialAndTotal.solution(None, g, v, t)[1]),
              "The first is the whole row of slopes of g. One of its two numbers is asked for: which of them moves t?"),
        Wrong("sign", lambda g, v, t: (_direct(g, v, t), _direct(g, v, t) - _through(g, v, t)),
              f"The second is the difference of the two paths. What is done with separate paths? {PATHS}"),
        Wrong("constant factor", lambda g, v, t: (_direct(g, v, t), 1 + _through(g, v, t)),
              "In your second number the direct path contributes 1. That is its first factor, dt/dt; a path also has a "
              f"slope of g. {DIRECT}"),
        Wrong("outer derivative forgotten", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t + (v(t + 1e-5) - v(t - 1e-5)) / 2e-5),
              f"In your second number the path through v has one factor only: what does g do when v moves? {EACH}"),
        Wrong("outer derivative forgotten", lambda g, v, t: (
                  PartialAndTotal.solution(None, g, v, t)[1] - (v(t + 1e-5) - v(t - 1e-5)) / 2e-5,
                  PartialAndTotal.solution(None, g, v, t)[1]),
              "In your first number the slope of v is taken away from the total one. The path through v has a second "
              f"factor, from v to g. {EACH}"),
        Wrong("counted twice", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t + g_v * ((v(t + 1e-5) - v(t - 1e-5)) / 2e-5) ** 2),
              "In your second number the path through v has the slope of v twice. Where v follows t, it moves at its "
              f"own speed already. {EACH}"),
        Wrong("counted twice", lambda g, v, t: (_direct(g, v, t), 2 * _direct(g, v, t) + _through(g, v, t)),
              "In your second number the direct path is counted twice: where everything moves, it is there already. "
              f"{DIRECT}"),
        *(Wrong("one-sided", lambda g, v, t, h=h: _by_slopes(
                    g, v, t, lambda g_t, g_v, v, t: g_t + g_v * (v(t + h) - v(t)) / h),
                "The paths are put together correctly, but the slope of v is a one-sided difference, whose error is of "
                "size h. See lesson 01.")
          for h in (1e-5, 1e-4, 1e-3, 1e-2)),
        *(Wrong("coincidence", lambda g, v, t, direct=direct: _by_slopes(
                    g, v, t, lambda g_t, g_v, v, t: direct * g_t + g_v * 2 * t),
                "In your second number v has the slope 2t, which is that of one v. v is handed in: measure how fast it "
                f"moves. {EACH}") for direct in (1, 0)),
        Wrong("wrong variable", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t * (v(t + 1e-5) - v(t - 1e-5)) / 2e-5 + g_v),
              "In your second number the slope of v stands with the direct path. On which of the two paths does v "
              f"move? {DIRECT}"),
        Wrong("outer derivative forgotten", lambda g, v, t: (_direct(g, v, t), (v(t + 1e-5) - v(t - 1e-5)) / 2e-5),
              f"Your second number is the slope of v. What does g do when v moves, and when t does? {DIRECT}"),
        *(Wrong("first only", lambda g, v, t, k=k: PartialAndTotal.solution(None, g, v, t)[k],
                "You return one number. Two are asked for, in a tuple.") for k in (0, 1)),
        *(Wrong("value instead of derivative", lambda g, v, t, direct=direct: _by_slopes(
                    g, v, t, lambda g_t, g_v, v, t: direct * g_t + g_v * v(t) / t),
                "In your second number v is divided by t where its slope belongs. That is the slope of v only if v is "
                f"t times a number. {EACH}") for direct in (1, 0)),
        Wrong("wrong variable", lambda g, v, t: _by_slopes(
                  g, v, t, lambda g_t, g_v, v, t: g_t + g_t * (v(t + 1e-5) - v(t - 1e-5)) / 2e-5),
              "In your second number the slope of g in t stands on both paths. With what does g change when v moves? "
              f"{DIRECT}"),
        Wrong("wrong variable", lambda g, v, t: (
                  _direct(g, v, t), _difference(g, (t + 1e-5, t + 1e-5), (t - 1e-5, t - 1e-5))),
              "In your second number g is asked at (t, t): t itself stands where v(t) belongs. "
              f"{DIRECT}"),
    )  # fmt: skip

    def cases(self, rng):
        yield {"g": probe("product"), "v": probe("square"), "t": 1.3}
        yield {"g": probe("power"), "v": probe("sin"), "t": 2.0}
        for g, v in (("paraboloid", "exp"), ("product", "gaussian")):
            yield {"g": probe(g), "v": probe(v), "t": float(np.round(rng.uniform(0.4, 1.0), 2))}

    def solution(self, g, v, t):
        h = 1e-5

        def slope(t_up, v_up, t_down, v_down):
            up, down = np.array([[t_up], [v_up]]), np.array([[t_down], [v_down]])
            return ((g(up) - g(down)) / (2 * h)).item()

        partial = slope(t + h, v(t), t - h, v(t))
        total = slope(t + h, v(t + h), t - h, v(t - h))
        return partial, total


def _bowl(v_1, v_2, radius=None, sign=-1):
    """The Jacobian (3, 2); radius stands for v_1 in column 2, sign for that of the slope of the cosine."""
    c, s, radius = math.cos(v_2), math.sin(v_2), v_1 if radius is None else radius
    return np.array([[c, sign * radius * s], [s, radius * c], [2 * v_1, 0.0]])


def _velocity(t, dv_1=None, dv_2=3.0, J=None):
    J = _bowl(t**2, 3 * t) if J is None else J
    return J @ np.array([[2 * t if dv_1 is None else dv_1], [dv_2]])


def _instead(t, output, number):
    """The right velocity, but for one output."""
    velocity = _velocity(t)
    velocity[output] = number
    return velocity


def _slipped(t, sign=-1, radius=None, dv_2=3.0, height=None):
    """The velocity with another sign, radius or slope of the angle, or with another slope of the height."""
    velocity = _velocity(t, dv_2=dv_2, J=_bowl(t**2, 3 * t, radius=radius, sign=sign))
    return velocity if height is None else np.vstack([velocity[:2], [[height(t)]]])


def _several_slips():
    """Two or more of the commonest slips in one answer to 5.3; what is said of each stands one after the other."""
    common = (
        ("sign", {"sign": 1}, "One sign is lost in the first output: what is the slope of the cosine?"),
        ("term missing", {"radius": 1.0}, "In column 2 of J the factor v_1 is lost."),
        ("inner derivative forgotten", {"dv_2": 1.0},
         "The path through v_2 lacks a factor: how fast does the angle grow with t?"),
        ("inner derivative forgotten", {"height": lambda t: 2 * t**2},
         "In the height one factor is missing: it grows with v_1, and v_1 with t."),
    )  # fmt: skip
    for count in range(2, len(common) + 1):
        for chosen in itertools.combinations(common, count):
            names, changes, said = zip(*chosen, strict=True)
            yield Wrong(names[0], partial(_slipped, **ChainMap(*changes)), " ".join((*said, SEVERAL)))


class Velocity(Exercise):
    id = "5.3"
    title = "A marble in a bowl"
    points = 2
    name = "velocity"
    arguments = ("t",)
    returns = "a column (3, 1)"
    derivation_is_asked = True
    hints = (
        "Two factors: J = df/dv has a row for each of the three outputs and a column for each of v_1, v_2.",
        "For column 1 hold v_2 fixed: what is the slope of v_1 cos v_2 in v_1? For column 2 hold v_1 fixed.",
        "Compute v_1 and v_2 first and write J with them. Its last entry tells how the height changes with the angle.",
    )
    because = "J is (3, 2), taken at v(t), and dv/dt is (2, 1), taken at t; the height does not see the angle: a zero."
    mistakes = (
        Wrong("dropped path", lambda t: _velocity(t, dv_2=0.0),
              "This is the part through v_1 alone, as if the marble did not turn. t also reaches the outputs through "
              "v_2: see 'The sum over the paths'."),
        Wrong("dropped path", lambda t: _velocity(t, dv_1=0.0),
              "This is the part through v_2 alone, as if the marble kept its distance from the middle. See 'The sum "
              "over the paths'."),
        Wrong("inner derivative forgotten", lambda t: _velocity(t, dv_1=1.0, dv_2=1.0),
              "You added the columns of J as they are. Column j tells what one unit of v_j does; how many units "
              "of v_j come with one unit of t? See 'Several outputs'."),
        Wrong("inner derivative forgotten", lambda t: _velocity(t, dv_2=1.0),
              "The path through v_2 lacks a factor: how fast does the angle grow with t? See 'Several outputs'."),
        Wrong("slope at the wrong point", lambda t: _velocity(t, J=_bowl(t, t)),
              "J has the right form, but it is taken at t. Which two numbers does f receive? See the note on points "
              "in 'The sum over the paths'."),
        Wrong("outer derivative forgotten", lambda t: np.array(
                  [[2 * t * math.cos(3.0)], [2 * t * math.sin(3.0)], [4 * t * t]]),
              "You put the slopes of v_1 and v_2 into f itself. They are multiplied by the slopes of f, and f is not "
              "evaluated at them: see 'Several outputs'."),
        Wrong("not summed", lambda t: _bowl(t**2, 3 * t) * np.array([[2 * t, 3.0]]),
              "These are the right contributions, path by path: a column for each. Each output needs the sum over "
              "the paths: see 'Several outputs'."),
        Wrong("term missing", lambda t: _velocity(t, J=_bowl(t**2, 3 * t, radius=1.0)),
              "In column 2 of J the factor v_1 is lost. What is held fixed drops out of a sum, but it stays in a "
              "product: a marble farther out moves faster for the same turn. See 'Several outputs'."),
        Wrong("sign", lambda t: _velocity(t, J=_bowl(t**2, 3 * t, sign=1)),
              "One sign is lost in the first output: what is the slope of the cosine?"),
        slips.flattened(lambda t: _velocity(t), SEVERAL),
        slips.transposed(lambda t: _velocity(t), SEVERAL),
        Wrong("transposed", lambda t: _bowl(t**2, 3 * t).T @ np.array([[2 * t], [3.0]]),
              f"Your J has a row for each of v_1 and v_2, and does not fit. Rows belong to outputs. {SEVERAL}"),
        Wrong("value instead of derivative", lambda t: np.array(
                  [[t**2 * math.cos(3 * t)], [t**2 * math.sin(3 * t)], [t**4]]),
              f"This is where the marble is. The question asks for its velocity. {SEVERAL}"),
        Wrong("inner derivative forgotten", lambda t: _bowl(t**2, 3 * t),
              f"This is J, how the place changes with distance and angle. How do these two change with t? {SEVERAL}"),
        Wrong("product for sum", lambda t: np.array([[2 * t * -3 * math.sin(3 * t)], [2 * t * 3 * math.cos(3 * t)],
                                                     [4 * t**3]]),
              f"You multiplied the slopes of the two factors. A product of two moving things has two paths. {PATHS}"),
        Wrong("power rule", lambda t: _velocity(t) - np.array([[0.0], [0.0], [2 * t**3]]),
              "Two outputs are right. In the height a factor is lost: what is the slope of a square?"),
        Wrong("slope at the wrong point", lambda t: _velocity(t) + np.array([[0.0], [0.0], [4 * t**2 - 4 * t**3]]),
              f"Two outputs are right. In the height the slope is taken at t; which number does f receive? {PATHS}"),
        Wrong("inner derivative forgotten", lambda t: _velocity(t) + np.array([[0.0], [0.0], [2 * t**2 - 4 * t**3]]),
              f"Two outputs are right. The height grows with v_1, and v_1 with t: one factor is missing. {SEVERAL}"),
        *(Wrong("constant kept", lambda t, more=more: _velocity(t) + np.array([[0.0], [0.0], [more(t)]]),
                f"Two outputs are right. Does the height change with the angle? {SEVERAL}")
          for more in (lambda t: 3 * t**4, lambda t: 3.0, lambda t: 3 * t**2)),
        Wrong("value instead of derivative", lambda t: _velocity(t, dv_1=t**2, dv_2=3 * t),
              f"You multiply J by v itself. How fast do distance and angle move? {SEVERAL}"),
        Wrong("dropped path", lambda t: _velocity(t) + np.array([[0.0], [0.0], [2 * t - 4 * t**3]]),
              f"Two outputs are right. The height is the square of a distance that itself moves with t. {SEVERAL}"),
        Wrong("sign", lambda t: _velocity(t, dv_2=-3.0),
              "The part through the angle has the opposite sign: look at the slopes of sine and cosine."),
        Wrong("slope at the wrong point", lambda t: _velocity(t, J=_bowl(t**2, 3 * t, radius=t)),
              f"In column 2 of J the distance is t. Which number is v_1? {PATHS}"),
        *(Wrong("slope at the wrong point", lambda t, at=at: _velocity(t, J=_bowl(*at(t))),
                "A slope stands in J where a value belongs. J is taken at v(t), and the slopes of v are the other "
                f"factor. {PATHS}")
          for at in (lambda t: (t**2, 3.0), lambda t: (2 * t, 3.0), lambda t: (2 * t, 3 * t))),
        Wrong("slope at the wrong point", lambda t: _velocity(t, J=_bowl(t**2, t)),
              f"In J the angle is t. Which number is v_2? {PATHS}"),
        Wrong("reversed order", lambda t: _velocity(t, dv_1=3.0, dv_2=2 * t),
              "The two slopes of v have changed places: column 1 of J belongs to v_1, and row 1 of dv/dt too. "
              f"{SEVERAL}"),
        Wrong("reversed order", lambda t: _velocity(t)[[1, 0, 2]],
              "The three numbers are right, but the first two have changed places: which output has the cosine?"),
        Wrong("rows for columns", lambda t: _bowl(t**2, 3 * t) @ np.array([[2 * t, 3.0]]),
              f"One of your factors lies as a row. One input and several outputs make which shape? {SEVERAL}"),
        Wrong("power rule", lambda t: _velocity(t, dv_1=t),
              "Everything that comes through v_1 is half as large as it is: what is the slope of t squared?"),
        *(Wrong("power rule", lambda t, slope=slope: _instead(t, 2, slope(t)),
                "Two outputs are right. The height is a square of a square: look again at the powers of t in its "
                f"slope, and at the factor in front. {PATHS}")
          for slope in (lambda t: 3 * t**3, lambda t: t**3, lambda t: 4 * t**4, lambda t: 4 * t)),
        Wrong("value instead of derivative", lambda t: _velocity(t, J=np.array(
                  [[math.cos(3 * t), t**2 * math.cos(3 * t)], [math.sin(3 * t), t**2 * math.sin(3 * t)],
                   [2 * t**2, 0.0]])),
              f"In column 2 of J the cosine and the sine are not differentiated; v_2 moves there. {SEVERAL}"),
        Wrong("others dropped", lambda t: _velocity(t)[:2],
              "The marble also goes up and down: one output is missing."),
        Wrong("constant kept", lambda t: _instead(t, 2, 4 * t**3 + 6 * t**2),
              f"Two outputs are right. The height was given a path through the angle, too. {SEVERAL}"),
        *(Wrong("wrong concept", lambda t, form=form: form(np.linalg.norm(_velocity(t))),
                "This is the speed, one number. The velocity has three entries, one for each direction in space.")
          for form in (float, lambda speed: np.array([[speed]]))),
        Wrong("not summed", lambda t: (_bowl(t**2, 3 * t), np.array([[2 * t], [3.0]])),
              f"Both factors are right, J and dv/dt. How does Eq. (18) put them together? {SEVERAL}"),
        *(Wrong("dropped path", lambda t, i=i, slopes=slopes: _instead(
                    t, i, _velocity(t, **slopes)[i, 0]),
                f"Two outputs are right. In output {i + 1} one path is missing: both v_1 and v_2 stand in it. {PATHS}")
          for i in (0, 1) for slopes in ({"dv_1": 0.0}, {"dv_2": 0.0})),
        *(Wrong("inner derivative forgotten", lambda t, i=i: _instead(t, i, _velocity(t, dv_2=1.0)[i, 0]),
                f"Two outputs are right. In output {i + 1} the path through the angle lacks a factor: how fast does "
                f"the angle grow? {SEVERAL}")
          for i in (0, 1)),
        *(Wrong("inner derivative forgotten", lambda t, rows=rows: np.where(
                    np.isin(np.arange(3), rows)[:, None], _velocity(t, dv_1=1.0), _velocity(t)),
                f"The path through v_1 lacks a factor: how fast does the distance grow? {SEVERAL}")
          for rows in ((0,), (1,), (0, 1), (0, 1, 2))),
        Wrong("sign", lambda t: _instead(t, 1, _velocity(t, dv_2=-3.0)[1, 0]),
              "One sign is wrong in the second output: what is the slope of the sine?"),
        Wrong("slope at the wrong point", lambda t: _velocity(t, J=_bowl(t, 3 * t)),
              f"In J the distance is t. Which number is v_1? {PATHS}"),
        Wrong("value instead of derivative", lambda t: _velocity(t, dv_1=t**2),
              f"On the path through v_1 the distance itself stands where its slope in t belongs. {SEVERAL}"),
        Wrong("value instead of derivative", lambda t: _velocity(t, dv_2=3 * t),
              f"On the path through v_2 the angle itself stands where its slope in t belongs. {SEVERAL}"),
        *(Wrong("derivative instead of value", lambda t, turned=turned: _velocity(t, J=_bowl(t**2, 3 * t) + np.array(
                    [[turned[0] * math.sin(3 * t) - math.cos(3 * t) * (turned[0] != 0), 0.0],
                     [turned[1] * math.cos(3 * t) - math.sin(3 * t) * (turned[1] != 0), 0.0], [0.0, 0.0]])),
                "In column 1 of J a sine stands for a cosine, or a cosine for a sine. The angle does not move there: "
                f"it is not differentiated. {SEVERAL}")
          for turned in ((-1, 0), (1, 0), (0, 1), (-1, 1))),
        *(Wrong("wrong concept", lambda t, i=i: _velocity(t)[[i, i, 2]],
                "Your first two numbers are equal. One of these outputs has the cosine, the other one the sine.")
          for i in (0, 1)),
        Wrong("dropped path", lambda t: _instead(t, 2, 0.0),
              f"Two outputs are right. With yours, the marble stays at its height. On what does v_1^2 depend? {PATHS}"),
        Wrong("wrong concept", lambda t: np.array([[2 * t], [3 * t**2], [4 * t**3]]),
              "The first two are the speeds outwards and around the middle. The outputs of f are coordinates along "
              f"fixed axes, and both v_1 and v_2 stand in each. {SEVERAL}"),
        Wrong("wrong concept", lambda t: _velocity(t, J=_bowl(t**2, math.radians(3 * t))),
              "The angle was converted as if it were in degrees. Sine and cosine take v_2 as it is, in radians."),
        Wrong("differentiated twice", lambda t: np.array(
                  [[(2 - 9 * t**2) * math.cos(3 * t) - 12 * t * math.sin(3 * t)],
                   [(2 - 9 * t**2) * math.sin(3 * t) + 12 * t * math.cos(3 * t)], [12 * t**2]]),
              f"This is the acceleration, how the velocity changes. One derivative is asked for. {SEVERAL}"),
        Wrong("reshaped", lambda t: _velocity(t, J=_bowl(t**2, 3 * t).T.reshape(3, 2)),
              "Your J has the right numbers in wrong places: it was written in two rows, and reshape poured them into "
              f"three. Rows belong to outputs. {SEVERAL}"),
        Wrong("reshaped", lambda t: _bowl(t**2, 3 * t).reshape(2, 3).T @ np.array([[2 * t], [3.0]]),
              "Your J was poured into another shape and transposed: its numbers have left their places. "
              f"{SEVERAL}"),
        *(Wrong("reversed product", lambda t, turn=turn: turn(np.array([[2 * t], [3.0]])) @ _bowl(t**2, 3 * t),
                f"dv/dt stands before J. What happens first stands on the right. {SEVERAL}")
          for turn in (np.array, np.transpose)),
        Wrong("summed too early", lambda t: float(_velocity(t).sum()),
              f"You added the three outputs. Each has a slope of its own. {SEVERAL}"),
        Wrong("wrong variable", lambda t: _instead(t, 2, 6 * t**2),
              "Two outputs are right. The slope of the height stands in the column of the angle. Which of v_1 and v_2 "
              f"is in the height? {SEVERAL}"),
        *(Wrong("value instead of derivative", lambda t, i=i, sign=sign, wave=wave: _instead(
                    t, i, (2 * t + sign * 3 * t**2) * wave(3 * t)),
                f"Two outputs are right. In output {i + 1} the angle moves on one of the paths, and the {name} was not "
                f"differentiated there. {SEVERAL}")
          for i, wave, name in ((0, math.cos, "cosine"), (1, math.sin, "sine")) for sign in (1, -1)),
        *(Wrong("value instead of derivative", lambda t, moved=moved, height=height: _velocity(
                    t, J=_bowl(t**2, 3 * t) * np.where(np.array(moved)[:, None] * [1, 0], t**2, 1)) * np.array(
                        [[1], [1], [height]]),
                "In column 1 of J the factor v_1 is still there. It is what moves in that column: what is the slope of "
                f"v_1 times a number? {SEVERAL}")
          for moved in ((1, 1, 0), (1, 0, 0), (0, 1, 0)) for height in (1, 0.5)),
        *_several_slips(),
        Wrong("product for sum", lambda t: np.array([[-2 * t * math.sin(3 * t)], [2 * t * math.cos(3 * t)],
                                                     [4 * t**3]]),
              "You multiplied the slope of the distance by that of the sine or the cosine, and the angle has no slope "
              f"in t. A product of two moving things has two paths. {PATHS}"),
        Wrong("sum for product", lambda t: np.array([[2 * t - 3 * math.sin(3 * t)], [2 * t + 3 * math.cos(3 * t)],
                                                     [4 * t**3]]),
              "You added the slopes of the two factors. Each is multiplied by the factor that is held fixed. "
              f"{PATHS}"),
    )  # fmt: skip

    def cases(self, rng):
        for t in (0.4, 1.1, 2.0, float(np.round(rng.uniform(1.2, 1.8), 2))):
            yield {"t": t}

    def solution(self, t):
        v_1, v_2 = t**2, 3 * t
        c, s = np.cos(v_2), np.sin(v_2)
        J = np.array([[c, -v_1 * s], [s, v_1 * c], [2 * v_1, 0.0]])
        return J @ np.array([[2 * t], [3.0]])


def _repair(t, direct=None, v_1=None):
    """The slope, with another direct path, or another point for the slope in v_1."""
    direct, v_1 = math.sin(t) if direct is None else direct, t**2 if v_1 is None else v_1
    return direct + 2 * v_1 * math.sin(t) * 2 * t + (t**4 + t) * math.cos(t)


class RepairedSlope(Exercise):
    id = "5.4"
    title = "A program with two faults"
    points = 3
    name = "repaired_slope"
    arguments = ("t",)
    returns = "a float"
    derivation_is_asked = True
    hints = (
        "Draw all paths from t to f: how many arrows lead into f? Then count the products in the program.",
        "Go through the factors and ask of each: is it written with t where it should be written with v_1?",
        "Hold v_1 and v_2 fixed. Where does t still stand in f, and what is the slope there?",
    )
    because = (
        "∂f/∂v_1 = 2 v_1 v_2 belongs at v_1, not at t; and t stands in f itself: a direct path, of slope v_2. At t = 0 "
        "both mistaken terms are 0; at t = 1 the first cannot be seen, because v_1 = t."
    )
    mistakes = (
        Wrong("as printed", lambda t: _repair(t, direct=0.0, v_1=t),
              "Both faults are still there. Compare the number of products with the number of arrows into f, as in "
              "'The direct path'."),
        Wrong("dropped path", lambda t: _repair(t, direct=0.0),
              "One fault is repaired: every factor that is there is right now. But one way from t to f is not in the "
              "sum. See 'The direct path'."),
        Wrong("slope at the wrong point", lambda t: _repair(t, v_1=t),
              "One fault is repaired: every path is in the sum now. One factor is still taken at another point than "
              "the value that f receives. See the note on points in 'The sum over the paths'."),
        Wrong("value instead of derivative", lambda t: _repair(t, direct=t * math.sin(t)),
              "The direct path is there, with the value of the term t v_2 in place of its slope. Hold v_2 fixed and "
              "differentiate: see 'The direct path'."),
        Wrong("constant factor", lambda t: _repair(t, direct=1.0),
              "You gave the direct path the contribution 1. That is its first factor, dt/dt; a path also has a slope "
              "of f: see 'The direct path'."),
        Wrong("counted twice", lambda t: _repair(t, direct=math.sin(t) + t * math.cos(t)),
              "You differentiated t v_2 by the product rule, both parts, and one of the parts was in the sum already: "
              "it runs through v_2. Hold v_2 fixed for the direct path, as in 'The direct path'."),
        Wrong("wrong variable", lambda t: _repair(t, direct=math.sin(t) * math.cos(t)),
              "The direct path is there, with one factor too many: what moves on this path, and does v_2 move with it? "
              f"{DIRECT}"),
        Wrong("partial instead of total", lambda t: math.sin(t),
              "That is the partial derivative alone. The other two paths belong to the sum as well: see 'The direct "
              "path'."),
        Wrong("value instead of derivative", lambda t: (t**4 + t) * math.sin(t),
              "This is f itself. Its slope is asked for."),
        Wrong("one use only", lambda t: _repair(t) - t * math.cos(t),
              "In the slope of f in v_2 one term is lost: look for every v_2 in f."),
        Wrong("inner derivative forgotten", lambda t: _repair(t) - 2 * t**2 * math.sin(t) * (2 * t - 1),
              f"The path through v_1 lacks a factor: how fast does v_1 move? {EACH}"),
        Wrong("inner derivative forgotten", lambda t: _repair(t) + (t**4 + t) * (1 - math.cos(t)),
              f"The path through v_2 lacks a factor: how fast does v_2 move? {EACH}"),
        Wrong("slope at the wrong point", lambda t: _repair(t) + (t**2 - t**4) * math.cos(t),
              f"In the path through v_2, v_1 has lost its square, or t stands where v_1 belongs: compare with f. "
              f"{PATHS}"),
        Wrong("slope at the wrong point", lambda t: _repair(t) + (t**4 + t) * (math.cos(math.sin(t)) - math.cos(t)),
              f"The slope of v_2 is taken at v_2. v_2 is a function of t. {PATHS}"),
        Wrong("slope at the wrong point", lambda t: _repair(t) + 2 * t**2 * math.sin(t) * 2 * (t**2 - t),
              f"The slope of v_1 is taken at v_1. v_1 is a function of t. {PATHS}"),
        Wrong("sign", lambda t: _repair(t) - 2 * (t**4 + t) * math.cos(t),
              "The path through v_2 has the opposite sign: what is the slope of the sine?"),
        Wrong("sign", lambda t: _repair(t, direct=-math.sin(t)),
              f"All paths are there. The direct one has the opposite sign. {DIRECT}"),
        Wrong("dropped path", lambda t: math.sin(t) + (t**4 + t) * math.cos(t),
              f"The direct path is there, and the one through v_1 is gone. {PATHS}"),
        Wrong("dropped path", lambda t: math.sin(t) + 4 * t**3 * math.sin(t),
              f"The direct path is there, and the one through v_2 is gone. {PATHS}"),
        Wrong("not summed", lambda t: [math.sin(t), 4 * t**3 * math.sin(t), (t**4 + t) * math.cos(t)],
              f"The three contributions are right. They are still to be added. {PATHS}"),
        Wrong("value instead of derivative", lambda t: _repair(t, direct=t),
              f"The direct path has the contribution t in your sum. Hold v_2 fixed and differentiate. {DIRECT}"),
        Wrong("others dropped", lambda t: (4 * t**3) * math.sin(t) + t**4 * math.cos(t),
              f"The second term of f is lost altogether: t stands in it twice, directly and through v_2. {DIRECT}"),
        Wrong("others dropped", lambda t: _repair(t) + 4 * t**3 * (1 - math.sin(t)),
              "In the path through v_1 the factor v_2 is lost. What is held fixed stays in a product."),
        Wrong("value instead of derivative", lambda t: _repair(t) + (2 * t**5 - 4 * t**3) * math.sin(t),
              f"In the path through v_1 the square itself stands where its slope belongs. {EACH}"),
        Wrong("power rule", lambda t: _repair(t) - 2 * t**3 * math.sin(t),
              f"The path through v_1 comes out half as large as it is: it crosses two squares. {EACH}"),
        Wrong("counted twice", lambda t: _repair(t) + 4 * t**3 * math.sin(t),
              f"The path through v_1 comes out twice as large as it is: which of its factors of 2 is too many? {EACH}"),
        Wrong("others dropped", lambda t: _repair(t) + (1 - t) * math.cos(t),
              "In the path through v_2 a 1 stands where t multiplies v_2 in f. What is held fixed stays in a product. "
              f"{EACH}"),
        Wrong("power rule", lambda t: _repair(t) + (2 * t**2 - t**4) * math.cos(t),
              "In the path through v_2 the square of v_1 was differentiated, but v_1 does not move there. What is held "
              f"fixed stays as it is. {EACH}"),
        Wrong("value instead of derivative", lambda t: _repair(t, v_1=2 * t),
              "In the path through v_1, its slope stands twice: also where its value belongs. "
              f"{PATHS}"),
        *(Wrong("sum for product", lambda t, direct=direct: direct * math.sin(t) + 2 * t**2 * math.sin(t) + 2 * t
                  + (t**4 + t) * math.cos(t),
                f"The two factors of the path through v_1 are added. A change passes through one after the other. "
                f"{EACH}")
          for direct in (0, 1)),
        Wrong("counted twice", lambda t: _repair(t, direct=t * math.cos(t)),
              "What you added is the way through v_2, and that is in the sum already. On the direct path v_2 stays "
              f"where it is. {DIRECT}"),
        Wrong("derivative instead of value", lambda t: _repair(t, direct=math.cos(t)),
              "On the direct path you took the slope of v_2. v_2 does not move there, so it is not differentiated. "
              f"{DIRECT}"),
        Wrong("counted twice", lambda t: _repair(t, direct=2 * math.sin(t)),
              f"The direct path was counted twice. In how many places does t itself stand in f? {DIRECT}"),
        *(Wrong("value instead of derivative", lambda t, direct=direct: _repair(t, direct=direct(t), v_1=t),
                "A direct path is there now, but its contribution is not right: hold v_2 fixed and differentiate. And "
                f"one factor is still taken at another point than the value that f receives. {DIRECT}")
          for direct in (lambda t: 1.0, lambda t: t, lambda t: t * math.sin(t), math.cos,
                         lambda t: t * math.cos(t))),
        Wrong("slope at the wrong point", lambda t: _repair(t, direct=0.0) + 2 * t**2 * math.sin(t) * 2 * (t**2 - t),
              "v_1 stands in one place too many now: the slope of v_1 is a function of t. And one way from t to f is "
              f"not in the sum. {DIRECT}"),
        Wrong("counted twice", lambda t: _repair(t) + 4 * t**3 * math.sin(t) * (t**2 - 1),
              "In the path through v_1 one factor is squared once too often: f contains the square of v_1, and its "
              f"slope has a lower power. {EACH}"),
        Wrong("value instead of derivative", lambda t: _repair(t) + 2 * t**2 * math.sin(t) * (t**2 - 2 * t),
              f"In the path through v_1 the value of v_1 stands where its slope in t belongs. {EACH}"),
        Wrong("slope at the wrong point", lambda t: _repair(t) + (t**2 - t) * math.cos(t),
              f"In the path through v_2, v_1 stands in one place where t belongs: compare with f. {PATHS}"),
        Wrong("power rule", lambda t: _repair(t) + (t**3 - t**4) * math.cos(t),
              "In the path through v_2 a power is wrong: what is the square of t^2?"),
        Wrong("wrong variable", lambda t: _repair(t, direct=2 * t * math.sin(t)),
              "The direct path has got the slope of v_1 for a factor, as if it stood in the brackets of the other one. "
              f"v_1 does not move on it. {DIRECT}"),
        Wrong("precedence", lambda t: 2 * t**2 * math.sin(t) * 2 * t + t**4 + t * math.cos(t) + math.sin(t),
              "In the path through v_2 only the last term is multiplied by the slope of v_2: a sum needs brackets. "
              f"{EACH}"),
        Wrong("wrong variable", lambda t: _repair(t, direct=t**4),
              "On the direct path only the t moves that stands in f itself, and it does not multiply v_1^2. "
              f"{DIRECT}"),
        Wrong("product for sum", lambda t: math.sin(t) * 4 * t**3 * math.sin(t) * (t**4 + t) * math.cos(t),
              "The three contributions are multiplied. Factors along one path are; what happens with separate paths? "
              f"{PATHS}"),
        Wrong("others dropped", lambda t: math.sin(t) + t * math.cos(t),
              f"The first term of f is lost altogether: t reaches it through v_1 and through v_2. {PATHS}"),
        Wrong("derivative instead of value", lambda t: math.cos(t) + 4 * t**3 * math.cos(t) + (t**4 + t) * math.sin(t),
              f"Value and slope of v_2 have changed places, on every path. On which one does v_2 move? {EACH}"),
        Wrong("slope at the wrong point", lambda t: _repair(t) + (t**4 + t) * (math.cos(t**2) - math.cos(t)),
              f"In the path through v_2 the slope of v_2 is taken at v_1. v_2 is a function of t. {PATHS}"),
        *(Wrong("constant kept", lambda t, more=more: _repair(t, direct=math.sin(t) + more(t)),
                f"The contribution of the direct path has a term too many. Hold v_1 and v_2 fixed: in how many terms "
                f"of f does a t still stand? {DIRECT}")
          for more in (lambda t: t, lambda t: 1.0, math.cos, lambda t: 2 * t, lambda t: 2 * t * math.sin(t))),
    )  # fmt: skip
    # Who slips in one path may also have left the direct one out, or t where v_1 belongs.
    mistakes += (
        *slips.with_another(
            [wrong for wrong in mistakes if "path through v_" in wrong.message and wrong.name != "sum for product"],
            (lambda slope, t: slope - math.sin(t), "And one way from t to f is not in the sum."),
        ),
        *slips.with_another(
            [wrong for wrong in mistakes if "path through v_" in wrong.message and wrong.name != "sum for product"
             and "through v_1" not in wrong.message],
            (lambda slope, t: slope + 4 * t**2 * math.sin(t) * (1 - t), "And in one place t stands where v_1 belongs."),
        ),
    )  # fmt: skip

    def cases(self, rng):
        for t in (2.0, 0.5, 1.0, float(np.round(rng.uniform(2.4, 2.9), 2))):
            yield {"t": t}

    def solution(self, t):
        v_1, v_2 = t**2, np.sin(t)
        directly = v_2
        through_v_1 = 2 * v_1 * v_2 * 2 * t
        through_v_2 = (v_1**2 + t) * np.cos(t)
        return directly + through_v_1 + through_v_2


EXERCISES = [PathContributions, PartialAndTotal, Velocity, RepairedSlope]
