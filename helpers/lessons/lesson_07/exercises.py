"""The exercises of lesson 07: a unit of distance, two neurons in a row, a step of descent repaired, towards a step."""

from dataclasses import replace

import numpy as np

from helpers.activations import Sigmoid
from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

# Who makes one of these mistakes may also have lost a link, or have differentiated with respect to x.
OF_A_SLOPE = ("slope at the wrong point", "bias forgotten", "another activation's slope", "z for n")
ALL_THERE, W_FOR_X = "All factors are there. ", "And w stands where x belongs: it is w that moves."

CHAIN, POINT, STEP = slips.see("Three derivatives", "Where the slope is taken", "From a row to a step")

# --- answers about one neuron, right and wrong, of which the mistakes are made ----------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def affine(w, x, b):
    return w.T @ x + b


def drawn(rng, N):
    """A column of N weights, a column of N inputs and a bias (1, 1), none of them near 0."""
    w, x = rng.choice([-1.0, 1.0], size=(2, N, 1)) * rng.uniform(0.2, 1.2, size=(2, N, 1))
    return w, x, rng.uniform(0.3, 0.9, size=(1, 1))


def compared(w, x, b):
    """φ of the unit that measures a distance, (1, 1)."""
    return b - np.sum((x - w) ** 2) / 2


def tanh_slope(w, x, b):
    return 1 - np.tanh(compared(w, x, b)) ** 2


def rows(slope=tanh_slope, turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, s)):
    """The three rows of that unit with another slope, or the right slope put together in another way."""
    return lambda w, x, b: turn(w, x, slope(w, x, b))


def two_neurons(chain):
    """dg/dw of two sigmoid neurons, put together by chain(w, x, v, φ, f, ψ), where ψ = v f + c."""

    def derivative(w, x, b, v, c):
        phi = affine(w, x, b)
        f = sigmoid(phi)
        return chain(w, x, v, phi, f, v * f + c)

    return derivative


def hurried_step(w, b, x, y, mu):
    w = w - mu * 2 * (sigmoid(w.T @ x + b) - y) * slope(w.T @ x + b) * x.T
    b = b - mu * 2 * (sigmoid(w.T @ x + b) - y) * slope(w.T @ x + b)
    return w, b


def step(factor=lambda gap, phi: 2 * gap * slope(phi), move=lambda w, x, u: w - u * x):
    """One step with another factor for dL/dφ, or with w moved in another way."""

    def step(w, b, x, y, mu):
        phi = affine(w, x, b)
        u = mu * factor(sigmoid(phi) - y, phi)
        return move(w, x, u), b - u

    return step


def one_after_the_other(w, b, x, y, mu):
    w = w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b)) * x
    return w, b - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b))


def bias_first(w, b, x, y, mu):
    b = b - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b))
    return w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b)) * x, b


def steep(chain):
    """df/dw of f = σ(kφ), put together by chain(w, x, φ, k)."""
    return lambda w, x, b, k: chain(w, x, affine(w, x, b), k)


# --- the exercises ----------------------------------------------------------------------------------------------


class UnitOfDistance(Exercise):
    id = "7.1"
    title = "A unit that measures a distance"
    points = 2
    name = "three_rows"
    arguments = ("w", "x", "b")
    returns = "three arrays, of shapes (1, N), (1, N) and (1, 1)"
    derivation_is_asked = True
    hints = (
        "The activation is at the outside, as before; only φ is new. Lesson 04 has the slope of tanh, from its value.",
        "Write out the sum. In which terms does one x_j occur? One w_j? Each is a square: mind the inner derivative.",
        "φ and the slope of tanh are (1, 1). Each row is that slope times a row: .T turns a column into one.",
    )
    because = (
        "φ = b - ½ Σ (x_j - w_j)², so ∂φ/∂x_j = -(x_j - w_j), ∂φ/∂w_j = +(x_j - w_j), ∂φ/∂b = 1, each times the slope "
        "1 - tanh² at φ: raising f moves x towards w, and w towards x."
    )
    mistakes = (
        Wrong("transposed", rows(turn=lambda w, x, s: (s * (w - x), s * (x - w), s)),
              "The numbers are right, in columns. A derivative of one output stands in one row, so that it can be "
              "multiplied by a step: see 'From a row to a step'."),
        Wrong("transposed", rows(turn=lambda w, x, s: (s * (w - x), s * (x - w).T, s)),
              f"The derivative with respect to x is a column here. One output makes one row. {STEP}"),
        Wrong("sign", rows(turn=lambda w, x, s: (s * (x - w).T, s * (w - x).T, s)),
              "The first two have the wrong signs, or have changed places. Which way does the answer go when x moves "
              f"towards w? {CHAIN}"),
        Wrong("sign", rows(turn=lambda w, x, s: (s * (x - w).T, s * (x - w).T, s)),
              f"x and w stand in the bracket with different signs, and your first two rows do not differ. One of them "
              f"has lost a minus. {CHAIN}"),
        Wrong("sign", rows(turn=lambda w, x, s: (s * (w - x).T, s * (w - x).T, s)),
              f"x and w stand in the bracket with different signs, and your first two rows do not differ: an inner "
              f"derivative has lost its sign. {CHAIN}"),
        Wrong("sign", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, -s)),
              f"In φ the bias stands without a minus. Does f rise or fall when b grows? {CHAIN}"),
        *(Wrong("power rule", rows(turn=lambda w, x, s, k=k: (k * s * (w - x).T, k * s * (x - w).T, s)), message)
          for k, message in ((2, f"Twice too large: where did the ½ go? {CHAIN}"),
                             (0.5, f"Half as large as it should be: a square brings down a factor. {CHAIN}"))),
        *(Wrong("power rule", rows(turn=lambda w, x, s, k=k: (-k * s * ((x - w) ** 2).T, k * s * ((x - w) ** 2).T, s)),
                f"{what}. What is the slope of a square? {CHAIN}")
          for k, what in ((0.5, "The squares and the ½ are still there"), (1, "The squares are still there"))),
        Wrong("sum for product", rows(turn=lambda w, x, s: ((w - x).T + s, (x - w).T + s, s)),
              f"The slope of tanh is added to the rows of φ. In a chain the factors are multiplied. {CHAIN}"),
        Wrong("wrong concept", rows(turn=lambda w, x, s: (s * w.T, s * x.T, s)),
              f"The first two are the rows of a unit that weighs its input. This one has another φ: find its slopes "
              f"as they are found there. {CHAIN}"),
        Wrong("wrong concept", rows(lambda w, x, b: 1 - np.tanh(affine(w, x, b)) ** 2,
                                    lambda w, x, s: (s * w.T, s * x.T, s)),
              f"This is a unit that weighs its input, wᵀx + b. Here φ is made of a distance. {CHAIN}"),
        Wrong("slope at the wrong point", rows(lambda w, x, b: 1 - np.tanh(affine(w, x, b)) ** 2),
              f"The slope of tanh is taken at wᵀx + b. What is the input of the activation here? {POINT}"),
        Wrong("slope at the wrong point", rows(lambda w, x, b: 1 - np.tanh(b - np.sum((x - w) ** 2)) ** 2),
              f"The slope is taken where φ would be without the ½. {POINT}"),
        Wrong("slope at the wrong point", rows(lambda w, x, b: 1 - np.tanh(b + np.sum((x - w) ** 2) / 2) ** 2),
              f"The slope is taken at a φ in which the distance counts with a plus. {POINT}"),
        Wrong("square forgotten", rows(lambda w, x, b: 1 - np.tanh(b - np.linalg.norm(x - w) / 2) ** 2),
              f"In your φ the distance is not squared. {POINT}"),
        Wrong("square forgotten", rows(lambda w, x, b: 1 - np.tanh(b - np.sum(x - w) / 2) ** 2),
              f"In your φ the differences are added without being squared. {POINT}"),
        Wrong("wrong concept", rows(lambda w, x, b: 1 - np.tanh(b - np.sum(x - w) ** 2 / 2) ** 2),
              f"In your φ the differences are added first and squared then. The distance is made of squares. {POINT}"),
        Wrong("term missing", rows(lambda w, x, b: np.tanh(compared(w, x, b)) ** 2),
              f"The square of the value is not yet the slope of tanh. Compare it with lesson 04 at z = 0. {CHAIN}"),
        Wrong("sign", rows(turn=lambda w, x, s: (-s * np.abs(x - w).T, s * np.abs(x - w).T, s)),
              f"Each entry has its own sign: it depends on which of x_j and w_j is larger. {CHAIN}"),
        Wrong("inner product", rows(turn=lambda w, x, s: (
                  np.diag((s * (w - x)).ravel()), np.diag((s * (x - w)).ravel()), s)),
              f"Your first two are square, with zeros beside the diagonal. f has one output only. {CHAIN}"),
        Wrong("slope at the wrong point", lambda w, x, b: (lambda s, t: ((s * (w - x)).T, (s * (x - w)).T, t))(
                  1 - np.tanh(x) ** 2, tanh_slope(w, x, b)),
              "In the first two rows each entry has a slope of its own, taken at an input. There is one activation, "
              "so there is one slope: see 'Where the slope is taken'."),
        Wrong("silent broadcast", lambda w, x, b: (lambda s: ((s * (w - x)).T, (s * (x - w)).T, s))(
                  1 - np.tanh(b - (x - w) ** 2 / 2) ** 2),
              f"φ is one number, with the sum over all inputs in it. Yours is a column, so there are N slopes for one "
              f"activation. {POINT}"),
        Wrong("silent broadcast", lambda w, x, b: (lambda s, t: ((s * (w - x)).T, (s * (x - w)).T, t))(
                  1 - np.tanh(b - (x - w) ** 2 / 2) ** 2, tanh_slope(w, x, b)),
              f"In the first two rows φ is a column, so there are N slopes for one activation. {POINT}"),
        Wrong("outer derivative forgotten", rows(turn=lambda w, x, s: ((w - x).T, (x - w).T, np.ones((1, 1)))),
              "These are the derivatives of φ. The activation comes after it, and its slope is the first factor: see "
              "'Three derivatives'."),
        Wrong("outer derivative forgotten", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, np.ones((1, 1)))),
              "When b grows, φ grows as much; but f does not: see how (29) is derived in 'Three derivatives'."),
        Wrong("outer derivative forgotten", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, 1.0)),
              "When b grows, φ grows as much; but f does not. The third is an array, too: see how (29) is derived in "
              "'Three derivatives'."),
        Wrong("outer derivative forgotten", rows(turn=lambda w, x, s: ((w - x).T, (x - w).T, s)),
              f"In the first two the slope of the activation is missing. {CHAIN}"),
        *slips.slopes_of_tanh(lambda slope: rows(lambda w, x, b: slope(compared(w, x, b))), CHAIN),
        slips.bias_forgotten(rows(), ("w", "x", "b"), "b", see=POINT),
        Wrong("term missing", rows(turn=lambda w, x, s: (-s * x.T, -s * w.T, s)),
              f"Multiply the square out: besides x² and w² there is a product of both, which depends on each. {CHAIN}"),
        Wrong("term missing", rows(turn=lambda w, x, s: (-s * x.T, s * x.T, s)),
              f"w has disappeared from the bracket in the first two rows. It is held fixed, and still there. {CHAIN}"),
        Wrong("term missing", rows(turn=lambda w, x, s: (s * w.T, -s * w.T, s)),
              f"x has disappeared from the bracket in the first two rows. {CHAIN}"),
        Wrong("summed too early", rows(turn=lambda w, x, s: (s * np.sum(w - x), s * np.sum(x - w), s)),
              f"The entries of the first two rows are added up. Each input and each weight has a slope of its own. "
              f"{CHAIN}"),
        Wrong("inner product", rows(turn=lambda w, x, s: (
                  -s * np.sum((x - w) ** 2), s * np.sum((x - w) ** 2), s)),
              f"Your first two are single numbers: the squared distance is still in them. {CHAIN}"),
        Wrong("constant kept", lambda w, x, b: (*rows()(w, x, b)[:2], b * tanh_slope(w, x, b)),
              f"In the third you multiply by b itself, not by the slope of φ in b. {CHAIN}"),
        Wrong("wrong concept", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, s * np.zeros((1, 1)))),
              f"When b moves, φ moves as much: how does f change? {CHAIN}"),
        slips.flattened(rows(), STEP),
        Wrong("flattened", rows(turn=lambda w, x, s: (s[0] * (w - x).ravel(), s[0] * (x - w).ravel(), s)),
              f"The right numbers; the first two arrays have one axis, so they are neither rows nor columns. {STEP}"),
        Wrong("flattened", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T, s.item())),
              f"The number of the third is right. A derivative of one output by one input is an array too, of shape "
              f"(1, 1). {STEP}"),
        *(Wrong("reversed order", rows(turn=lambda w, x, s, order=order: tuple(
                    (s * (w - x).T, s * (x - w).T, s)[k] for k in order)),
                "The three have changed places. The exercise asks for them in the order x, w, b.")
          for order in ((1, 2, 0), (2, 0, 1), (2, 1, 0), (0, 2, 1))),
        Wrong("square forgotten", rows(turn=lambda w, x, s: (lambda far: (s * (w - x).T / far, s * (x - w).T / far, s))(
                  np.linalg.norm(x - w))),
              "In the first two you differentiated the distance itself. In φ it is squared, and the squares of the "
              f"differences are easier. {CHAIN}"),
        Wrong("power rule", rows(turn=lambda w, x, s: (lambda far: (s * (w - x).T * far, s * (x - w).T * far, s))(
                  np.linalg.norm(x - w))),
              f"The distance itself is a factor of your first two rows. Write its square as a sum first. {CHAIN}"),
        Wrong("square forgotten", rows(turn=lambda w, x, s: (s * np.sign(w - x).T, s * np.sign(x - w).T, s)),
              f"In the first two every entry has the same size: these are slopes of |x_j - w_j|, not of a square. "
              f"{CHAIN}"),
        Wrong("slope at the wrong point", rows(lambda w, x, b: 1 - np.tanh(b - np.mean((x - w) ** 2) / 2) ** 2),
              f"In your φ the squares are averaged. The distance is made of their sum. {POINT}"),
        Wrong("silent broadcast", rows(turn=lambda w, x, s: (s * (w - x.T), s * (x - w.T), s)),
              "Your first two are tables: a column minus a row gives each difference of two entries. See 'From a row "
              "to a step'."),
        Wrong("term missing", rows(turn=lambda w, x, s: (s * (w - x).T, s * (x - w).T)),
              "The first two are right. The derivative with respect to b is missing."),
        Wrong("slope at the wrong point", lambda w, x, b: (lambda s, t: ((s * (w - x)).T, (s * (x - w)).T, t))(
                  1 - np.tanh(x - w) ** 2, tanh_slope(w, x, b)),
              "In the first two rows the slope is taken at x - w, another one for each entry. What is the input of the "
              f"activation? {POINT}"),
        Wrong("slope at the wrong point", rows(lambda w, x, b: 1 - np.tanh(b) ** 2),
              f"The slope is taken at b: the distance does not enter it. {POINT}"),
        Wrong("left as it was", lambda w, x, b: (*rows()(w, x, b)[:2], b),
              f"The third is b itself. How much does f change when b grows a little? {CHAIN}"),
        *(Wrong("term missing", rows(turn=turn),
                "This is one of the three. The exercise asks for all of them, in a tuple.")
          for turn in (lambda w, x, s: s * (w - x).T, lambda w, x, s: s * (x - w).T)),
        Wrong("silent broadcast", rows(turn=lambda w, x, s: (s * (w.T - x), s * (x - w.T), s)),
              "Your first two are tables: a column and a row give each difference of two entries. Subtract columns, "
              f"and turn the result. {STEP}"),
        Wrong("sign", rows(turn=lambda w, x, s: (-s * w.T, -s * x.T, s)),
              "The first two are those of a unit that weighs its input, with a minus. This one has another φ: write "
              f"out the sum. {CHAIN}"),
        Wrong("sign", rows(turn=lambda w, x, s: ((x - w).T, (w - x).T, s)),
              "The slope of the activation is missing in the first two, and their signs are wrong. Which way does the "
              f"answer go when x moves towards w? {CHAIN}"),
    )  # fmt: skip

    def cases(self, rng):
        for N in (4, 3, 5, 1, *self.more(2, 8)):
            w, away, b = drawn(rng, N)
            away = away / np.linalg.norm(away) * rng.uniform(1.0, 1.4)
            yield {"w": w, "x": w + away, "b": b + np.sum(away**2) / 2}  # tanh is not saturated, with φ as b was drawn

    def solution(self, w, x, b):
        slope = 1 - np.tanh(b - np.sum((x - w) ** 2) / 2) ** 2
        return slope * (w - x).T, slope * (x - w).T, slope


class TwoNeurons(Exercise):
    id = "7.2"
    title = "Two neurons in a row"
    points = 3
    name = "d_two_neurons_dw"
    arguments = ("w", "x", "b", "v", "c")
    returns = "a row (1, N)"
    derivation_is_asked = True
    hints = (
        "From the outside in: g = σ(ψ), ψ = v f + c, f = σ(φ), φ = wᵀx + b. One factor for each link of the chain.",
        "Four factors: dg/dψ, dψ/df, df/dφ, dφ/dw. Write each one's shape under it before you multiply.",
        "There are two slopes of σ. Each is taken at the input of its own activation: one at ψ, one at φ.",
    )
    because = "dg/dw = σ'(ψ) · v · σ'(φ) · xᵀ, shapes (1,1)(1,1)(1,1)(1,N); ψ and φ are the inputs of the two sigmoids."
    mistakes = (
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * f * slope(phi) * x.T),
              "Between the two slopes stands f. That is the derivative of ψ = v f + c with respect to v; here f moves: "
              "follow the factors as in 'Three derivatives'."),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(phi) * v * slope(phi) * x.T),
              "Both of your slopes are taken at φ. The second neuron has an input of its own: see 'Where the slope "
              "is taken'."),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(f) * v * slope(phi) * x.T),
              "The inner slope is right. The outer one is taken at f, but between f and the second activation stand "
              "another weight and another bias: see 'Where the slope is taken'."),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * (slope(x) * x).T),
              "Your inner slope is taken at x, so that each entry has another one: see 'Where the slope is taken'."),
        Wrong("slope at the wrong point",
              two_neurons(lambda w, x, v, phi, f, psi: slope(psi - v * f + v * phi) * v * slope(phi) * x.T),
              "Your outer slope is taken at vφ + c. The second neuron is not fed with φ but with the first one's "
              "answer: see 'Where the slope is taken'."),
        Wrong("inner derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * slope(phi) * x.T),
              "A link is missing between the two activations. Follow the factors as in 'Three derivatives'."),
        Wrong("outer derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: v * slope(phi) * x.T),
              "The last activation is missing: this is the derivative of ψ. See which factor stands first in 'Three "
              "derivatives'."),
        Wrong("inner derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * x.T),
              "There are two activations on the way from w to g, and only one slope in your product. See 'Three "
              "derivatives' for the chain through one of them."),
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * w.T),
              "This is the derivative with respect to x. Here w moves; what is it multiplied by? Compare (27) with "
              "(28) in 'Three derivatives'."),
        Wrong("transposed", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * x),
              "The right numbers, in a column. That is the gradient, and the derivative is asked for: see 'From a row "
              "to a step'."),
        Wrong("sum for product", two_neurons(lambda w, x, v, phi, f, psi: (slope(psi) * v + slope(phi)) * x.T),
              "The two neurons act one after the other, and you added their slopes. In a chain they are multiplied; "
              "compare the two links in 'Three derivatives'."),
        Wrong("constant kept", two_neurons(
              lambda w, x, v, phi, f, psi: slope(psi) * (v * slope(phi) + psi - v * f) * x.T),
              "c was kept beside the slope of v f. An added constant has no slope: see 'Three derivatives'."),
        Wrong("constant kept", two_neurons(
              lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * (x.T + phi - w.T @ x)),
              "b was kept in the derivative of φ. An added constant has no slope: see 'Three derivatives'."),
        Wrong("counted twice", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * f * slope(phi) * x.T),
              "f itself is among your factors, besides its slope. Which links has the chain? See 'Three derivatives'."),
        Wrong("sum for product", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * (v + slope(phi)) * x.T),
              "v and the inner slope are added. They belong to two links of one chain, and in a chain the slopes are "
              "multiplied: see 'Three derivatives'."),
        *slips.slopes_of_the_sigmoid(lambda slope: two_neurons(
              lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * x.T), POINT),
        *(slips.bias_forgotten(lambda *inputs: TwoNeurons.solution(None, *inputs), ("w", "x", "b", "v", "c"), *biases,
                               see=POINT) for biases in (("b",), ("c",), ("b", "c"))),
        slips.flattened(lambda *inputs: TwoNeurons.solution(None, *inputs), STEP),
        Wrong("another activation's slope", lambda w, x, b, v, c: (1 - np.tanh(v * np.tanh(affine(w, x, b)) + c) ** 2)
              * v * (1 - np.tanh(affine(w, x, b)) ** 2) * x.T,
              f"Both neurons are taken for tanh; here they have the sigmoid. {CHAIN}"),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(f) * x.T),
              f"The outer slope is right. The inner one is taken at f, the answer of its own neuron. {POINT}"),
        Wrong("value instead of derivative", two_neurons(lambda w, x, v, phi, f, psi: sigmoid(psi)),
              f"This is g itself, one number. The exercise asks how it changes with each entry of w. {CHAIN}"),
        Wrong("outer derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: slope(phi) * x.T),
              f"This is df/dw, the derivative of the first neuron. The second one follows. {CHAIN}"),
        Wrong("sign", two_neurons(lambda w, x, v, phi, f, psi: -slope(psi) * v * slope(phi) * x.T),
              f"Every sign is opposite. Which is larger, 1 or the value of a sigmoid? {CHAIN}"),
        Wrong("value instead of derivative", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * f * x.T),
              f"The outer slope is right. For the inner neuron its value stands where its slope belongs. {CHAIN}"),
        Wrong("value instead of derivative", two_neurons(
              lambda w, x, v, phi, f, psi: sigmoid(psi) * v * slope(phi) * x.T),
              f"The inner slope is right. For the outer neuron its value stands where its slope belongs. {CHAIN}"),
        Wrong("constant kept", lambda w, x, b, v, c: TwoNeurons.solution(None, w, x, b, v, c) / v * (v + c),
              f"c was kept in the link from f to ψ. An added constant has no slope. {CHAIN}"),
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * (psi - v * f) * slope(phi) * x.T),
              f"Between the two slopes stands c. What is f multiplied by in ψ? {CHAIN}"),
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi)),
              f"This is the derivative with respect to b, one number. What does each w_j meet in φ? {CHAIN}"),
        Wrong("counted twice", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * v * slope(phi) * x.T),
              f"The link from f to ψ is counted twice. {CHAIN}"),
        Wrong("inner derivative forgotten", two_neurons(
              lambda w, x, v, phi, f, psi: slope(v * phi + psi - v * f) * v * x.T),
              f"The first neuron has no activation in your answer. {CHAIN}"),
        Wrong("derivative instead of value", two_neurons(
              lambda w, x, v, phi, f, psi: slope(v * slope(phi) + psi - v * f) * v * slope(phi) * x.T),
              f"The second neuron is fed with the slope of the first one. It is fed with its answer. {POINT}"),
        Wrong("sum for product", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) + v * slope(phi) * x.T),
              f"The first factor is added to the others. In a chain all are multiplied. {CHAIN}"),
        Wrong("sum for product", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v + slope(phi) * x.T),
              f"dg/df and df/dw are added. In a chain they are multiplied. {CHAIN}"),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(psi) * x.T),
              f"Both of your slopes are taken at ψ. The first neuron has an input of its own. {POINT}"),
        Wrong("slope at the wrong point", two_neurons(
              lambda w, x, v, phi, f, psi: slope(sigmoid(psi)) * v * slope(phi) * x.T),
              f"The inner slope is right. The outer one is taken at g, the answer of its own neuron. {POINT}"),
        Wrong("slope at the wrong point", two_neurons(
              lambda w, x, v, phi, f, psi: slope(psi) * v * slope(v * phi) * x.T),
              "The outer slope is right. The inner one is taken at vφ, but v comes after the first activation. "
              f"{POINT}"),
        Wrong("slope at the wrong point", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * slope(v * phi) * x.T),
              "The weight v of the second neuron has gone into the first one's activation. It multiplies that neuron's "
              f"answer. {POINT}"),
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * f),
              f"This is the derivative with respect to v, one number. Here w moves, and v stays. {CHAIN}"),
        Wrong("term missing", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v),
              f"This is the derivative with respect to f, one number. The chain goes on from f to w. {CHAIN}"),
        Wrong("power rule", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * (w * x).T),
              f"The last factor still holds w. What is the slope of the term w_j x_j in w_j? {CHAIN}"),
        Wrong("counted twice", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * (x * x).T),
              f"x is multiplied twice. How often does each w_j meet it in φ? {CHAIN}"),
        Wrong("silent broadcast", lambda w, x, b, v, c: (lambda phi: (
                  slope(v * sigmoid(phi) + c) * v * slope(phi) * x).T)(w * x + b),
              "In your φ the products w_j x_j are not added up: it is a column, with N slopes for one activation. "
              f"{POINT}"),
        Wrong("silent broadcast", lambda w, x, b, v, c: (lambda phi: (
                  slope(v * sigmoid(phi) + c) * v * slope(w * x + b) * x).T)(affine(w, x, b)),
              "The outer slope is right. The inner one is taken at w * x + b, where the products are not added up: "
              f"there are N slopes for one activation. {POINT}"),
        Wrong("matrix for its diagonal", lambda *inputs: np.diag(TwoNeurons.solution(None, *inputs).ravel()),
              "The numbers stand on the diagonal of a square. g is one output: how many rows has its derivative? "
              f"{STEP}"),
        Wrong("constant kept", two_neurons(
              lambda w, x, v, phi, f, psi: (slope(psi) * v + psi - v * f) * slope(phi) * x.T),
              f"c was added to dg/df. An added constant has no slope, and it has had its effect inside ψ. {CHAIN}"),
        Wrong("summed too early", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) * x.sum()),
              f"The entries of the row are added up. Each weight has a slope of its own. {CHAIN}"),
        Wrong("one use only", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * v * slope(phi) + 0 * x.T),
              f"Every entry is the same. What does each w_j meet in φ? {CHAIN}"),
        Wrong("wrong variable", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * f * x.T),
              "After the outer slope stands f, which is dψ/dv, and then x. Through which links does w reach ψ? "
              f"{CHAIN}"),
        Wrong("sum for product", two_neurons(lambda w, x, v, phi, f, psi: (slope(psi) + slope(phi)) * v * x.T),
              f"The two slopes are added. The activations act one after the other, in one chain. {CHAIN}"),
        Wrong("constant factor", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * slope(phi) * x.T / v),
              f"You divide by v. By what does ψ grow when f does? {CHAIN}"),
        *(Wrong("z for n", two_neurons(chain),
                f"The rule for the slope of the sigmoid is written in its value (lesson 04). For the {which} neuron "
                f"you put the input where the value belongs. {POINT}")
          for which, chain in (
              ("second", lambda w, x, v, phi, f, psi: psi * (1 - psi) * v * slope(phi) * x.T),
              ("first", lambda w, x, v, phi, f, psi: slope(psi) * v * phi * (1 - phi) * x.T))),
        *(Wrong("sizes swapped", lambda w, x, b, v, c, link=link: slope(c * sigmoid(affine(w, x, b)) + v) * link(v, c)
                * slope(affine(w, x, b)) * x.T,
                "In your ψ the weight and the bias of the second neuron have changed places. Which of the two "
                f"multiplies f? {POINT}")
          for link in (lambda v, c: v, lambda v, c: c)),
        Wrong("inner derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * x.T),
              "After the outer slope you go straight to x. Between ψ and w lie the link from f to ψ and the first "
              f"activation. {CHAIN}"),
        Wrong("inner derivative forgotten", two_neurons(lambda w, x, v, phi, f, psi: slope(psi) * slope(phi) * w.T),
              "A link is missing between the two activations. And at the end w is multiplied by something else than w. "
              f"{CHAIN}"),
    )  # fmt: skip
    # Who slips elsewhere may also have lost a link, or have differentiated with respect to x.
    mistakes += (
        *slips.with_another(
            # At vφ, v has a link in another place.
            [wrong for wrong in mistakes if wrong.name in OF_A_SLOPE and "is taken at vφ," not in wrong.message],
            (lambda row, w, x, b, v, c: row / v, "And a link is missing between the two activations."),
        ),
        *slips.with_another(
            [wrong for wrong in mistakes if wrong.name in OF_A_SLOPE],
            (lambda row, w, x, b, v, c: row * (w / x).T, W_FOR_X),
        ),
    )

    def cases(self, rng):
        for N in (3, 4, 2, *self.more(6, 1)):
            w, x, b = drawn(rng, N)
            v, c = rng.uniform(1.2, 2.5, size=(2, 1, 1)) * np.array([1.0, -1.0]).reshape(2, 1, 1)
            yield {"w": w, "x": x, "b": b, "v": v, "c": c}

    def solution(self, w, x, b, v, c):
        phi = w.T @ x + b
        f = 1 / (1 + np.exp(-phi))
        g = 1 / (1 + np.exp(-(v * f + c)))
        return g * (1 - g) * v * (f * (1 - f)) * x.T


class RepairTheStep(Exercise):
    id = "7.3"
    title = "Two faults in a step of descent"
    points = 3
    name = "repaired_step"
    arguments = ("w", "b", "x", "y", "mu")
    returns = "w of shape (N, 1) and b of shape (1, 1)"
    hints = (
        "One fault is a shape. Write the shape of each factor under the first line, and what the minus does with them.",
        "The other shows in numbers only. Which w stands in the second line when that line runs?",
        "Compute φ and what both lines share before either parameter changes.",
    )
    because = (
        "dL/dw is a row, so the gradient, its transpose, is subtracted. Both gradients belong to the same point "
        "(w, b), so both are computed before anything moves."
    )
    mistakes = (
        Wrong("silent broadcast", hurried_step,
              "Both faults are still there: w comes back as a table of differences. See 'From a row to a step'."),
        Wrong("silent broadcast", step(move=lambda w, x, u: w - u * x.T),
              "One fault is gone. But w still comes back as a table of differences, a column minus a row: "
              "see 'From a row to a step'."),
        Wrong("slope at the wrong point", one_after_the_other,
              "b is moved with a slope taken after w has moved, at another "
              "φ. The step of 'From a row to a step' moves both from one place."),
        Wrong("slope at the wrong point", bias_first,
              "w is moved with a slope taken after b has moved, at another "
              "φ. The step of 'From a row to a step' moves both from one place."),
        Wrong("transposed", step(move=lambda w, x, u: w.T - u * x.T),
              "The numbers are right, but your w is a row now, and the next wᵀx would fail. A step leaves the "
              "parameter its shape: see 'From a row to a step'."),
        Wrong("silent broadcast", step(move=lambda w, x, u: (w - u * x.T).mean(axis=1, keepdims=True)),
              "The table was made and then averaged back to (N, 1). The shape fits, but each weight was moved by the "
              "mean of all the slopes. Do not repair the table, prevent it: see 'From a row to a step'."),
        Wrong("power rule", step(lambda gap, phi: gap * slope(phi)),
              "The move is half as long as it should be: the derivative of a square lost a factor. See "
              "'From a row to a step'."),
        Wrong("inner derivative forgotten", step(lambda gap, phi: 2 * gap),
              "The slope of the activation is missing. The chain has three links: see 'From a row to a step'."),
        Wrong("outer derivative forgotten", step(lambda gap, phi: slope(phi)),
              "You subtracted the derivative of the answer f. The loss comes after it, and its slope tells whether f "
              "should grow or fall: see 'From a row to a step'."),
        Wrong("slope at the wrong point", lambda w, b, x, y, mu: (
                  w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(x) * x, step()(w, b, x, y, mu)[1]),
              "In the line of w the slope is taken at x, another one for each "
              "weight: see 'Where the slope is taken'."),
        *slips.slopes_of_the_sigmoid(lambda slope: step(lambda gap, phi: 2 * gap * slope(phi)), STEP),
        Wrong("bias forgotten", lambda w, b, x, y, mu: (
              step()(w, 0 * b, x, y, mu)[0], b + step()(w, 0 * b, x, y, mu)[1]),
              f"b does not enter φ. It is a parameter like the others: it moves the point on the curve. {POINT}"),
        Wrong("bias forgotten", lambda w, b, x, y, mu: step(lambda gap, phi: 2 * gap * slope(phi - b))(w, b, x, y, mu),
              f"The answer f is right, and the slope is taken at wᵀx. What is the input of the activation? {POINT}"),
        Wrong("sign", lambda w, b, x, y, mu: step()(w, b, x, y, -mu),
              "Your step goes uphill: look at how the loss changes. See the sign in 'From a row to a step'."),
        Wrong("learning rate forgotten", lambda w, b, x, y, mu: step()(w, b, x, y, 1),
              f"The direction is right. mu does not enter, so that every step has the whole length of the slopes. "
              f"{STEP}"),
        Wrong("learning rate forgotten", lambda w, b, x, y, mu: (
              step()(w, b, x, y, mu)[0], step()(w, b, x, y, 1)[1]),
              f"In the line of b the step is not multiplied by mu. {STEP}"),
        Wrong("term missing", lambda w, b, x, y, mu: tuple(
              new - old for new, old in zip(step()(w, b, x, y, mu), (w, b), strict=True)),
              f"These are the changes alone. The exercise asks for w and b after the step. {STEP}"),
        Wrong("derivative instead of value", lambda w, b, x, y, mu: tuple(
              (old - new) / mu for new, old in zip(step()(w, b, x, y, mu), (w, b), strict=True)),
              f"These are the two gradients. The exercise asks for w and b after the step. {STEP}"),
        Wrong("left as it was", lambda w, b, x, y, mu: (step()(w, b, x, y, mu)[0], b),
              f"b was not moved; it is a parameter too. {STEP}"),
        Wrong("one use only", step(move=lambda w, x, u: w - u),
              f"Every weight is moved by the same amount. What does each of them meet in φ? {CHAIN}"),
        Wrong("wrong variable", step(move=lambda w, x, u: w - u * w),
              f"In the line of w, φ was differentiated with respect to x. Which letter moves? {CHAIN}"),
        slips.flattened(step(), STEP),
        Wrong("flattened", lambda w, b, x, y, mu: (step()(w, b, x, y, mu)[0].ravel(), step()(w, b, x, y, mu)[1]),
              f"The numbers of w are right too, in an array with one axis. {STEP}"),
        Wrong("power rule", step(lambda gap, phi: gap**2 * slope(phi)),
              f"The squared error is the loss itself. What is its slope in f? {STEP}"),
        Wrong("reversed order", lambda w, b, x, y, mu: step()(w, b, x, y, mu)[::-1],
              "The two have changed places: w comes first."),
        Wrong("constant kept", lambda w, b, x, y, mu: (
              step()(w, b, x, y, mu)[0], b - (b - step()(w, b, x, y, mu)[1]) * b),
              f"The step of b is multiplied by b itself, not by the slope of φ in b. {CHAIN}"),
        Wrong("sign", lambda w, b, x, y, mu: (step()(w, b, x, y, mu)[0], step()(w, b, x, y, -mu)[1]),
              f"b goes uphill. {STEP}"),
        Wrong("wrong variable", lambda w, b, x, y, mu: (
              step()(w, b, x, y, mu)[0], b - (w - step()(w, b, x, y, mu)[0])),
              f"In the line of b there is a factor x too many: what is b multiplied by in φ? {CHAIN}"),
        Wrong("inner derivative forgotten", lambda w, b, x, y, mu: (
              step()(w, b, x, y, mu)[0], step(lambda gap, phi: 2 * gap)(w, b, x, y, mu)[1]),
              f"In the line of b the slope of the activation is missing. {STEP}"),
        Wrong("z for n", lambda w, b, x, y, mu: step(lambda gap, phi: 2 * (phi - y) * slope(phi))(w, b, x, y, mu),
              f"The error is taken between φ and y. What does the neuron answer? {STEP}"),
        Wrong("summed too early", lambda w, b, x, y, mu: (
              w - (w - step()(w, b, x, y, mu)[0]).sum(), step()(w, b, x, y, mu)[1]),
              f"Every weight is moved by the sum of all steps. Each has its own. {STEP}"),
        Wrong("silent broadcast", step(move=lambda w, x, u: (w - u * x.T).T),
              f"w comes back as a table of differences, transposed. One of its rows or columns is not yet w. {STEP}"),
        Wrong("inner derivative forgotten", step(lambda gap, phi: gap),
              f"The error alone moves the parameters: two factors of the chain are missing. {STEP}"),
        Wrong("another activation's slope", step(lambda gap, phi: (
                  2 * (np.tanh(phi) - sigmoid(phi) + gap) * (1 - np.tanh(phi) ** 2))),
              f"Your neuron has tanh. The one asked for has the sigmoid. {STEP}"),
        Wrong("counted twice", lambda w, b, x, y, mu: (
                  step()(w, b, x, y, mu)[0], step()(w, b, x, y, mu**2)[1]),
              f"In the line of b the learning rate is multiplied twice. {STEP}"),
        Wrong("term missing", lambda w, b, x, y, mu: tuple(
              old - new for new, old in zip(step()(w, b, x, y, mu), (w, b), strict=True)),
              f"These are the amounts to be subtracted. The exercise asks for w and b after the step. {STEP}"),
        Wrong("flattened", lambda w, b, x, y, mu: (step()(w, b, x, y, mu)[0], step()(w, b, x, y, mu)[1].item()),
              f"The number of b is right. It should be an array of shape (1, 1), like the b that was given. {STEP}"),
        Wrong("term missing", lambda w, b, x, y, mu: step()(w, b, x, 0, mu),
              f"The label y does not enter: your step brings every answer to 0. {STEP}"),
        Wrong("left as it was", lambda w, b, x, y, mu: (w, step()(w, b, x, y, mu)[1]),
              f"w was not moved: the old one is returned. {STEP}"),
        Wrong("counted twice", lambda w, b, x, y, mu: step()(*step()(w, b, x, y, mu), x, y, mu),
              f"These are w and b after two steps. One is asked for. {STEP}"),
        Wrong("constant factor", step(move=lambda w, x, u: w - u * x / len(x)),
              f"The step of w is divided by the number of inputs. There is one sample, and nothing to average. {STEP}"),
        Wrong("power rule", step(lambda gap, phi: np.sign(gap) * slope(phi)),
              f"The size of the error does not enter. That is a descent on |f - y|, not on its square. {STEP}"),
        Wrong("wrong concept", lambda w, b, x, y, mu: (lambda u: (w - u * x, b - u))(
                  mu * ((affine(w, x, b) >= 0) - y)),
              f"Your neuron answers with a step, 0 or 1, and no slope enters. This one has the sigmoid. {STEP}"),
        Wrong("summed too early", lambda w, b, x, y, mu: (
              step()(w, b, x, y, mu)[0], b - (w - step()(w, b, x, y, mu)[0]).sum()),
              f"In the line of b there is a factor too many, the sum over x: what is b multiplied by in φ? {CHAIN}"),
        *(Wrong("silent broadcast", step(move=lambda w, x, u, back=back: back(w - u * x.T)),
                f"The table was made, and then {how}. The shape fits, the numbers do not: do not repair the table, "
                f"prevent it. {STEP}")
          for how, back in (("added up to (N, 1)", lambda table: table.sum(axis=1, keepdims=True)),
                            ("one column of it was taken", lambda table: table[:, :1]))),
        Wrong("silent broadcast", lambda w, b, x, y, mu: (lambda phi: (
                  lambda u: (w - u * x, b - u))(mu * 2 * (sigmoid(phi) - y) * slope(phi)))(w * x + b),
              "In your φ the products w_j x_j are not added up, so there are N answers for one neuron. See what φ is "
              "made of in 'One neuron'."),
        Wrong("silent broadcast", lambda w, b, x, y, mu: (
                  w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(w * x + b) * x, step()(w, b, x, y, mu)[1]),
              "In the line of w the slope is taken at w * x + b, where the products are not added up: another slope "
              f"for each weight. {POINT}"),
        Wrong("matrix for its diagonal", lambda w, b, x, y, mu: (
                  np.diag(step()(w, b, x, y, mu)[0].ravel()), step()(w, b, x, y, mu)[1]),
              "The new weights stand on the diagonal of a square, with zeros beside them. A step leaves the parameter "
              f"its shape. {STEP}"),
        Wrong("constant kept", step(move=lambda w, x, u: w - u * (x + 1)),
              "To the step of each weight the step of b is added. What is a weight multiplied by in φ? "
              f"{CHAIN}"),
        Wrong("wrong concept", step(lambda gap, phi: 2 * (gap + phi - sigmoid(phi))),
              "Your neuron answers φ, without an activation, and no slope of one enters. This one has the sigmoid. "
              f"{STEP}"),
        Wrong("factor 2", step(lambda gap, phi: 4 * gap * slope(phi)),
              "The move is twice as long as it should be: which factor came down from the square, and how often? "
              f"{STEP}"),
        Wrong("power rule", step(lambda gap, phi: 2 * gap**2 * slope(phi)),
              "The factor of the square has come down, but its power has not dropped. For both labels the step would "
              f"go the same way. {STEP}"),
        *(Wrong("wrong concept", step(factor),
                "The answer was rounded to 0 or 1 before it was compared with the label, as in Rosenblatt's rule. The "
                f"error of this neuron is f - y, with f itself. {STEP}")
          for factor in (
              lambda gap, phi: 2 * ((phi >= 0) - (sigmoid(phi) - gap)) * slope(phi),
              lambda gap, phi: 2 * ((phi >= 0) - (sigmoid(phi) - gap)))),
        Wrong("sign", step(lambda gap, phi: 2 * np.abs(gap) * slope(phi)),
              f"Your error has lost its sign, so that f is always brought down. {STEP}"),
    )  # fmt: skip

    def cases(self, rng):
        for N, y in ((4, 0.0), (3, 1.0), (5, 0.0), (2, 1.0), *self.more((1, 1.0), (7, 0.0))):
            w, x, b = drawn(rng, N)
            yield {"w": w, "b": b, "x": x, "y": y, "mu": float(np.round(rng.uniform(0.5, 2.0), 2))}

    def solution(self, w, b, x, y, mu):
        f = 1 / (1 + np.exp(-(w.T @ x + b)))
        u = 2 * (f - y) * f * (1 - f)  # dL/dφ, (1, 1), at the old w and b
        return w - mu * (u @ x.T).T, b - mu * u.T


class SteeperSigmoid(Exercise):
    id = "7.4"
    title = "Towards the step"
    points = 2
    name = "d_steep_dw"
    arguments = ("w", "x", "b", "k")
    returns = "a row (1, N)"
    derivation_is_asked = True
    hints = (
        "One more link than in (28): w, then φ, then kφ, then f.",
        "The new link multiplies by k. What is its derivative, and where is the slope of σ taken now?",
    )
    because = (
        "f = σ(kφ): the slope of σ at its own input kφ, times k, times xᵀ. For φ ≠ 0 it is below k e^(-k|φ|) times xᵀ, "
        "which goes to 0 as k grows: at last nothing is left to follow."
    )
    mistakes = (
        Wrong("inner derivative forgotten", steep(lambda w, x, phi, k: slope(k * phi) * x.T),
              "The slope is taken at the right point. A link is missing: kφ grows faster than φ. See how the chain is "
              "followed in 'Three derivatives'."),
        Wrong("slope at the wrong point", steep(lambda w, x, phi, k: k * slope(phi) * x.T),
              "All factors are there. The slope is taken at φ, but the activation is given something else: see 'Where "
              "the slope is taken'."),
        Wrong("left as it was", steep(lambda w, x, phi, k: slope(phi) * x.T),
              "This is (28) for k = 1. The factor k changes the point where the slope is taken, and adds a link: see "
              "'Where the slope is taken'."),
        Wrong("slope at the wrong point", lambda w, x, b, k: k * slope(k * (w.T @ x) + b) * x.T,
              "Your k multiplies the weighted inputs and leaves the bias out. In f, k stands before the bracket: see "
              "what φ contains in 'Where the slope is taken'."),
        Wrong("counted twice", steep(lambda w, x, phi, k: k * k * slope(k * phi) * x.T),
              "The link from φ to kφ is counted twice. See how the chain is followed in 'Three derivatives'."),
        Wrong("zero", steep(lambda w, x, phi, k: np.zeros((1, len(w)))),
              "That is what a true step gives. For a finite k the sigmoid is smooth, and its row is not zero: follow "
              "the chain of 'Three derivatives'."),
        Wrong("zero", steep(lambda w, x, phi, k: k * slope(k * phi) * x.T * (k < 50)),
              "For a large k your row is 0. It goes to 0 if φ stays where it is; but a point may be as close to the "
              f"boundary as it likes, and one formula holds for every k. {CHAIN}"),
        Wrong("wrong variable", steep(lambda w, x, phi, k: slope(k * phi) * phi),
              "This is the derivative with respect to k, one number. Here w moves, and k stays: see 'Three "
              "derivatives'."),
        Wrong("wrong variable", steep(lambda w, x, phi, k: k * slope(k * phi) * w.T),
              "This is the derivative with respect to x. Here w moves; what is it multiplied by? Compare (27) with "
              "(28) in 'Three derivatives'."),
        Wrong("transposed", steep(lambda w, x, phi, k: k * slope(k * phi) * x),
              "The right numbers, in a column: see 'From a row to a step'."),
        *slips.slopes_of_the_sigmoid(lambda slope: steep(lambda w, x, phi, k: k * slope(k * phi) * x.T), POINT),
        slips.bias_forgotten(lambda *inputs: SteeperSigmoid.solution(None, *inputs), ("w", "x", "b", "k"), "b",
                             see=POINT),
        slips.flattened(lambda *inputs: SteeperSigmoid.solution(None, *inputs), STEP),
        Wrong("value instead of derivative", steep(lambda w, x, phi, k: sigmoid(k * phi)),
              f"This is f itself, one number. The exercise asks how it changes with each entry of w. {CHAIN}"),
        Wrong("constant factor", steep(lambda w, x, phi, k: slope(k * phi) * x.T / k),
              f"You divide by k. Does kφ grow faster or slower than φ? {CHAIN}"),
        Wrong("wrong variable", steep(lambda w, x, phi, k: k * slope(k * phi)),
              f"This is the derivative with respect to b, one number. What does each w_j meet in φ? {CHAIN}"),
        Wrong("outer derivative forgotten", steep(lambda w, x, phi, k: k * x.T),
              f"This is the derivative of kφ. The activation comes after it. {CHAIN}"),
        Wrong("slope at the wrong point", steep(lambda w, x, phi, k: k * sigmoid(phi)**k * (1 - sigmoid(phi)**k) * x.T),
              f"Your k is an exponent of the sigmoid. It multiplies what goes into it. {POINT}"),
        Wrong("wrong concept", steep(lambda w, x, phi, k: k * sigmoid(phi)**k * (1 - sigmoid(phi)) * x.T),
              f"This is the derivative of a power, σ(φ)ᵏ. Here k multiplies what goes into the sigmoid. {POINT}"),
        Wrong("slope at the wrong point", lambda w, x, b, k: (lambda f: k * f * (1 - k * f) * x.T)(
              sigmoid(k * (w.T @ x + b))),
              f"In the slope, k multiplies the value as well. It belongs inside the sigmoid only. {POINT}"),
        Wrong("slope at the wrong point", lambda w, x, b, k: k * slope(w.T @ x + k * b) * x.T,
              f"Your k multiplies the bias and leaves the weighted inputs out. It stands before the bracket. {POINT}"),
        Wrong("precedence", lambda w, x, b, k: k * slope(k * (w.T @ x) - b) * x.T,
              f"In the exponent, the minus and k stand before wᵀx only, not before the bias: brackets. {POINT}"),
        Wrong("slope at the wrong point", steep(lambda w, x, phi, k: k * slope(phi / k) * x.T),
              f"The slope is taken at φ divided by k. {POINT}"),
        Wrong("slope at the wrong point", steep(lambda w, x, phi, k: k * slope(k * sigmoid(phi)) * x.T),
              f"The slope is taken at kσ(φ), behind one sigmoid too many. {POINT}"),
        *(Wrong("slope at the wrong point", steep(lambda w, x, phi, k, one=one, two=two: (
                    k * sigmoid(one(k) * phi) * (1 - sigmoid(two(k) * phi)) * x.T)),
                f"Your slope holds two values of the sigmoid, one at kφ and one at φ. There is one activation: what is "
                f"given to it? {POINT}")
          for one, two in ((lambda k: k, lambda k: 1), (lambda k: 1, lambda k: k))),
        Wrong("one use only", steep(lambda w, x, phi, k: k * slope(k * phi) + 0 * x.T),
              f"Every entry is the same. What does each w_j meet in φ? {CHAIN}"),
        Wrong("power rule", steep(lambda w, x, phi, k: k * slope(k * phi) * (w * x).T),
              f"The last factor still holds w. What is the slope of the term w_j x_j in w_j? {CHAIN}"),
        *(Wrong("wrong variable", steep(lambda w, x, phi, k, kept=kept: k * slope(k * phi) * kept(w, x, phi) * x.T),
                f"{what} is among your factors. Which links has the chain from w to f? {CHAIN}")
          for what, kept in (("φ itself", lambda w, x, phi: phi), ("wᵀx", lambda w, x, phi: w.T @ x))),
        Wrong("wrong variable", steep(lambda w, x, phi, k: k * slope(k * phi) * (w + x).T),
              f"The rows with respect to w and to x are added. Here w alone moves. {CHAIN}"),
        Wrong("sum for product", steep(lambda w, x, phi, k: slope(k * phi) * x.T + k),
              f"k is added where the chain has a factor. {CHAIN}"),
        Wrong("constant factor", steep(lambda w, x, phi, k: np.sqrt(k) * slope(k * phi) * x.T),
              f"The root of k is among your factors. How fast does kφ grow with φ? {CHAIN}"),
        *(Wrong("wrong concept", lambda w, x, b, k, power=power: (lambda f: k**power * f * (1 - f) * x.T)(
                    k * sigmoid(w.T @ x + b)),
                f"Your k multiplies the answer. It multiplies what goes into the sigmoid. {POINT}")
          for power in (0, 1)),
        Wrong("wrong variable", steep(lambda w, x, phi, k: slope(k * phi) * phi * x.T),
              f"One of your factors belongs to the derivative with respect to k. Here k stays. {CHAIN}"),
        Wrong("wrong concept", steep(lambda w, x, phi, k: k * np.exp(-k * abs(phi)) * x.T),
              f"That is a bound, which the slope comes near to far from 0. The exercise asks for the slope itself. "
              f"{POINT}"),
        Wrong("constant kept", steep(lambda w, x, phi, k: slope(k * phi) * (k * x.T + phi - w.T @ x)),
              f"b was kept in the derivative of kφ. An added constant has no slope. {CHAIN}"),
        Wrong("constant kept", steep(lambda w, x, phi, k: k * slope(k * phi) * (x.T + 1)),
              f"The slope with respect to b is added to each entry of the row. Here w alone moves. {CHAIN}"),
        # Far out 1 - σ has lost its digits, and Sigmoid().slope has not.
        *(Wrong("slope at the wrong point", steep(
                    lambda w, x, phi, k, at=at, form=form: k * (form(at(k) * x) * x).T),
                f"The slope is taken at {where}, so that each entry has another one. There is one activation: what is "
                f"given to it? {POINT}")
          for where, at in (("x", lambda k: 1), ("kx", lambda k: k)) for form in (slope, Sigmoid().slope)),
        Wrong("silent broadcast", lambda w, x, b, k: (k * slope(k * (w * x + b)) * x).T,
              "In your φ the products w_j x_j are not added up: it is a column, with N slopes for one activation. "
              f"{POINT}"),
        Wrong("matrix for its diagonal", lambda *inputs: np.diag(SteeperSigmoid.solution(None, *inputs).ravel()),
              "The numbers stand on the diagonal of a square. f is one output: how many rows has its derivative? "
              f"{STEP}"),
        Wrong("summed too early", steep(lambda w, x, phi, k: k * slope(k * phi) * x.sum()),
              f"The entries of the row are added up. Each weight has a slope of its own. {CHAIN}"),
        Wrong("constant kept", lambda w, x, b, k: k * slope(k * affine(w, x, b)) * (x.T + b),
              f"b is added to each entry of x. An added constant has no slope. {CHAIN}"),
        Wrong("inner product", steep(lambda w, x, phi, k: k * slope(k * phi) * (x.T @ x)),
              f"The row is multiplied by x once more, and one number is left. {CHAIN}"),
        Wrong("slope at the wrong point", lambda w, x, b, k: k * slope(k * (x.T @ x + b)) * x.T,
              f"The slope is taken where φ would be with x in the place of w. {POINT}"),
        Wrong("wrong variable", steep(lambda w, x, phi, k: slope(k * phi) * w.T),
              f"The link from φ to kφ is missing. And at the end stands w: what is it multiplied by in φ? {CHAIN}"),
        Wrong("counted twice", steep(lambda w, x, phi, k: k * k * slope(phi) * x.T),
              f"The link from φ to kφ is counted twice, and the slope is taken as if it were not there. {POINT}"),
    )  # fmt: skip
    # Who slips elsewhere may also have lost the link, or have differentiated with respect to x.
    mistakes += (
        *slips.with_another(
            # Where all other factors are there, that is (28), and has a name.
            [wrong for wrong in mistakes if wrong.name in OF_A_SLOPE and ALL_THERE not in wrong.message],
            (lambda row, w, x, b, k: row / k, "And a link is missing: kφ grows faster than φ."),
        ),
        *slips.with_another(
            [replace(wrong, message=wrong.message.removeprefix(ALL_THERE))
             for wrong in mistakes if wrong.name in OF_A_SLOPE],
            (lambda row, w, x, b, k: row * (w / x).T, W_FOR_X),
        ),
    )  # fmt: skip

    def cases(self, rng):
        for N, k in ((3, 2.0), (4, 4.0), (2, 0.5), *self.more((5, 3.0), (1, 1.5))):
            w, x, b = drawn(rng, N)
            # No k times φ of more than 3, where σ(1 - σ) would lose digits.
            w = w / max(1.0, k * abs((w.T @ x + b).item()) / 3)
            yield {"w": w, "x": x, "b": b / 2, "k": k}
        w, x, b = drawn(rng, 3)
        share = 2 / (80 * affine(w, x, b).item())  # a point close to the boundary: kφ is 2 for k = 80
        yield {"w": share * w, "x": x, "b": share * b, "k": 80.0}

    def solution(self, w, x, b, k):
        f = 1 / (1 + np.exp(-k * (w.T @ x + b)))
        return f * (1 - f) * k * x.T


EXERCISES = [UnitOfDistance, TwoNeurons, RepairTheStep, SteeperSigmoid]
