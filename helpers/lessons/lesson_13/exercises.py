"""The exercises of lesson 13: the pass down, counted, a width of 1, a faulty step, and two more ways."""

from itertools import pairwise

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips
from helpers.lessons.lesson_13.five_ways import cost, forward_cost

DOWN, PRICE = "See 'One factor more'.", "See 'What the pass costs'."
FIVE, NARROW, STEP = (
    "See 'Five ways to the same numbers'.",
    "See 'Where the narrow end loses'.",
    "See 'A step of training'.",
)
ERRORS = "See 'What can go wrong'."


def _chain(rng, *widths):
    """What a pass up has kept of tanh layers of these widths, and an upstream: Ws, inputs, slopes, u."""
    x, Ws, inputs, slopes = rng.normal(size=(widths[0], 1)), [], [], []
    for n, m in pairwise(widths):
        W = rng.normal(size=(m, n))
        Ws, inputs = [*Ws, W], [*inputs, x]
        x = np.tanh(W @ x / n)
        slopes.append(1 - x**2)
    return {"Ws": Ws, "inputs": inputs, "slopes": slopes, "u": rng.normal(size=(widths[-1], 1))}


def _pass(Ws, inputs, slopes, u, delta=None, below=None, grad=None):
    """The gradients of a pass down, a line of which may be another: delta(i, u), below(i, u, delta), grad(i, delta)."""
    grads_W, grads_b = [], []
    for i in reversed(range(len(Ws))):
        d = delta(i, u) if delta else slopes[i] * u
        grads_W.insert(0, grad(i, d) if grad else d @ inputs[i].T)
        grads_b.insert(0, d)
        u = below(i, u, d) if below else Ws[i].T @ d
    return grads_W, grads_b


def _count(Ws, elementwise=True, outer=True, down=True, first=False, entries=False, layers=None):
    """The multiply-adds of a pass down, of which some may be left out."""
    total = 0
    for i in range(len(Ws)) if layers is None else layers(len(Ws)):
        M, N = Ws[i].shape
        total += (M if elementwise else 0) + (M * N if outer else 0)
        if down and (i > 0 or first):
            total += N if entries else M * N
    return total


def _answer(Ws, inputs, slopes, u, /, count=None, **line):
    grads_W, grads_b = _pass(Ws, inputs, slopes, u, **line)
    return {"W": grads_W, "b": grads_b, "count": _count(Ws) if count is None else count}


def _passed(line):
    """The answer of 13.1 with one line of the pass replaced; `line` makes it from Ws, inputs and slopes."""
    return lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, **line(Ws, inputs, slopes))


def _counted(**parts):
    return lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=_count(Ws, **parts))


def _part(**change):
    """The right answer of 13.1 with a part changed: change(part) for its key."""

    def changed(*given):
        right = _answer(*given)
        return right | {key: function(right[key]) for key, function in change.items()}

    return changed


def _upwards(Ws, inputs, slopes, u, begun=0):
    """The gradients of a loop that begins with layer 0, and hands on from layer `begun`; it fails at unlike widths."""
    grads_W, grads_b = [], []
    for i, (W, x, s) in enumerate(zip(Ws, inputs, slopes, strict=True)):
        grads_b.append(s * u)
        grads_W.append(grads_b[-1] @ x.T)
        if i >= begun:
            u = W.T @ grads_b[-1]
    return {"W": grads_W, "b": grads_b, "count": _count(Ws)}


def _two_layers(Ws, inputs, slopes, u):
    """The pass down of the text; it fails as soon as there are more layers, or only one."""
    delta1 = slopes[1] * u
    delta0 = slopes[0] * (Ws[1].T @ delta1)
    return {"W": [delta0 @ inputs[0].T, delta1 @ inputs[1].T], "b": [delta0, delta1], "count": _count(Ws[:2])}


class PassDown(Exercise):
    id = "13.1"
    title = "The pass down, counted"
    points = 3
    name = "pass_down"
    arguments = ("Ws", "inputs", "slopes", "u")
    returns = 'a dict {"W": a list of the ∇W, "b": a list of the ∇b, "count": an int}'
    hints = (
        "Three lines a layer: delta from u, the gradients from delta, the next u from delta. Add to the count beside "
        "each of them.",
        "reversed(range(len(Ws))) goes from the last layer to layer 0. What is handed down from layer 0, and to whom?",
        "To have the lists in the order of the layers, insert each gradient at the front: grads.insert(0, …).",
    )
    because = (
        "delta = σ'(z) ⊙ u takes M, its outer product with the input MN, and Wᵀ delta MN again, except in layer 0, "
        "which has no layer below: Σm + 2S − a₀ together."
    )
    mistakes = (
        Wrong("outer derivative forgotten", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i].T @ u}),
              f"The gradients of the last layer are right and those below are not: what you hand down has passed the W "
              f"of its layer. What did it have to pass before? {DOWN}"),
        Wrong("outer derivative forgotten", _passed(lambda W, x, s: {"delta": lambda i, u: u}),
              f"The slopes of the activations do not enter. u belongs to the output of a layer; its parameters sit "
              f"before the activation. {DOWN}"),
        Wrong("upstream forgotten", _passed(lambda W, x, s: {"delta": lambda i, u: s[i]}),
              f"Every layer gets its own slopes alone. Nothing is handed down, not even from the loss. {DOWN}"),
        Wrong("upstream forgotten", _passed(lambda W, x, s: {"below": lambda i, u, d: u}),
              f"Every layer is given the u of the last one. It changes at each step down. {DOWN}"),
        Wrong("transposed", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i] @ d}),
              f"On its way down a gradient meets W the other way round. {DOWN}"),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {
              "below": lambda i, u, d: s[i - 1] * (W[i].T @ d) if i > 0 else u}),
              f"What you hand down has met the slopes of the layer below already, and there it meets them once more. "
              f"{DOWN}"),
        Wrong("differentiated twice", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i].T @ (s[i] * d)}),
              f"What is handed down has met the slopes of its layer twice. {DOWN}"),
        Wrong("wrong layer's input", _passed(lambda W, x, s: {"grad": lambda i, d: d @ x[0].T}),
              f"Every delta is paired with the input of the network. Each layer has its own. {DOWN}"),
        Wrong("wrong layer's input", _passed(lambda W, x, s: {"grad": lambda i, d: d @ x[i - 1].T}),
              f"Each delta is paired with the input of the layer below its own. {DOWN}"),
        Wrong("wrong layer's W", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i - 1].T @ d}),
              f"Layer i hands down through its own W, not through that of the layer below. {DOWN}"),
        Wrong("outer derivative forgotten", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u) | {"b": _upstreams(Ws, slopes, u)},
              f"For the biases you hand in u. A bias sits before the activation. {DOWN}"),
        Wrong("transposed", _passed(lambda W, x, s: {"grad": lambda i, d: x[i] @ d.T}),
              f"The gradients of the weights are transposed; each has the shape of its W. {DOWN}"),
        Wrong("reversed order", _part(W=lambda grads: grads[::-1], b=lambda grads: grads[::-1]),
              "The gradients stand in the order in which they arise, the last layer's first. The lists are asked "
              "for in the order of the layers."),
        Wrong("reversed order", _part(W=lambda grads: grads[::-1]),
              "The gradients of the weights stand with the last layer first."),
        Wrong("last dropped", _part(W=lambda grads: grads[1:], b=lambda grads: grads[1:]),
              f"Layer 0 is missing: does your loop stop before it? {DOWN}"),
        Wrong("upstream forgotten", _passed(lambda W, x, s: {"delta": lambda i, u: s[i] * u.sum()}),
              f"u is added up before it meets the slopes. Entry belongs to entry. {DOWN}"),
        Wrong("term missing", _counted(first=True),
              f"You count a product that nobody needs: what does layer 0 hand down, and to whom? {PRICE}"),
        Wrong("term missing", _counted(elementwise=False),
              f"The count lacks the elementwise products, one for each unit. {PRICE}"),
        Wrong("term missing", _counted(elementwise=False, first=True),
              f"The count is off in two ways: the elementwise products are missing, and one product is counted that "
              f"nobody needs. {PRICE}"),
        Wrong("term missing", _counted(outer=False),
              f"The count lacks the gradients of the weights: an outer product takes one for each entry. {PRICE}"),
        Wrong("term missing", _counted(down=False),
              f"You count MN once for each layer. Which two products of that size does a layer take? {PRICE}"),
        Wrong("sizes ignored", _counted(entries=True),
              f"For the steps down you count the entries of the result. Each is a sum of how many products? {PRICE}"),
        Wrong("sizes ignored", _counted(entries=True, first=True),
              f"For the steps down you count the entries of the result, and one step too many. Each entry is a sum of "
              f"how many products? {PRICE}"),
        Wrong("first only", _counted(layers=lambda depth: range(1)),
              f"The count is that of the last turn of the loop. Is it set anew in each, instead of added to? {PRICE}"),
        Wrong("wrong concept", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              W.size for W in Ws)), f"This is the count of the pass up. {PRICE}"),
        Wrong("wrong concept", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              (i + 1) * (W.size + len(W)) for i, W in enumerate(Ws))),
              f"This is the count of a pass that starts at the loss for every layer. {PRICE}"),
        Wrong("page order", _passed(lambda W, x, s: {"below": lambda i, u, d: (W[i].T @ u) * s[i]}),
              f"On its way down u meets W first and the slopes of the same layer after it. Which of them acts last "
              f"on the way up? {DOWN}"),
        Wrong("first only", _part(W=lambda grads: grads[-1:], b=lambda grads: grads[-1:]),
              f"Only the last layer is there: is the return inside the loop? {DOWN}"),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {"delta": lambda i, u: s[i - 1] * u}),
              f"The slopes are those of the layer below. {DOWN}"),
        Wrong("n for N", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=_count(Ws) + sum(
              W.shape[1] - W.shape[0] for W in Ws)),
              f"In the count, the slopes are as many as the inputs. They belong to the units. {PRICE}"),
        Wrong("term missing", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws, first=True) - Ws[-1].size),
              f"You leave out the step down from the last layer. Which one is not needed? {PRICE}"),
        Wrong("factor 2", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=2 * _count(Ws) - sum(len(W) for W in Ws)),
              f"You count a multiplication and an addition for each entry of a product with W. Together they are one "
              f"multiply-add. {PRICE}"),
        Wrong("factor 2", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=2 * _count(Ws)),
              f"You count multiplications and additions. Together they are one multiply-add. {PRICE}"),
        Wrong("factor 2", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(W.size for W in Ws[1:])),
              f"For the steps down you count a multiplication and an addition for each weight. Together they are one "
              f"multiply-add. {PRICE}"),
        Wrong("coincidence", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=2730),
              f"This is the count for the digit network, whatever the layers. {PRICE}"),
        Wrong("transposed", _part(b=lambda grads: [grad.T for grad in grads]),
              f"The gradients of the biases are rows. Each has the shape (M, 1) of its bias. {DOWN}"),
        Wrong("last dropped", _part(W=lambda grads: [None, *grads[1:]], b=lambda grads: [None, *grads[1:]]),
              f"The place of layer 0 is still empty: where does a range that counts down stop? {DOWN}"),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              len(W) + sum(W.shape) * (1 + (i > 0)) for i, W in enumerate(Ws))),
              f"For the products with W you count rows plus columns. How many entries has a table? {PRICE}"),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(sum(W.shape) - W.size for W in Ws)),
              f"For the outer products you count the entries of the two columns. How many entries has the table that "
              f"they make? {PRICE}"),
        Wrong("counted twice", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(len(W) for W in Ws)),
              f"You count one too many for each unit. Does the gradient of a bias take a product of its own? {PRICE}"),
        Wrong("n for N", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=_count(Ws) + sum(
              len(W) * (len(W) - W.shape[1]) for W in Ws)),
              f"The outer products are counted as M times M. Which two columns do they come from? {PRICE}"),
        Wrong("wrong variable", _passed(lambda W, x, s: {"grad": lambda i, d: W[i] * d}),
              f"For the weights delta is multiplied by W itself. What are the weights multiplied by? {DOWN}"),
        Wrong("outer derivative forgotten", _passed(lambda W, x, s: {"grad": lambda i, d: (d / s[i]) @ x[i].T}),
              f"For the weights u itself is paired with the input, before it has met the slopes. {DOWN}"),
        Wrong("term missing", _counted(elementwise=False, outer=False),
              f"Only the steps down are counted. What else is formed in each layer? {PRICE}"),
        Wrong("term missing", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=0),
              f"The count is still 0. {PRICE}"),
        Wrong("last dropped", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) - len(Ws[-1])),
              f"The elementwise product of the last layer is not counted. {PRICE}"),
        Wrong("counted twice", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(len(W) for W in Ws[:-1])),
              f"The entries of what is handed down are counted as well. They are the results of a product that is "
              f"counted already. {PRICE}"),
        Wrong("term missing", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(W.size for W in Ws)),
              f"You count one product of the size of W too many in each layer. Is it that of the pass up? {PRICE}"),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=3 * len(Ws)),
              f"You count the products. Each of them takes many multiply-adds. {PRICE}"),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=3 * len(Ws) - 1),
              f"You count the products, and correctly. Each of them takes many multiply-adds. {PRICE}"),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              W.size + 2 * len(W) for W in Ws)),
              f"You count the sizes of what is there. Each entry of Wᵀ delta is a sum of how many "
              f"products? {PRICE}"),
        Wrong("full instead of diagonal", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              len(W) ** 2 - len(W) for W in Ws) + _count(Ws)),
              f"You count a full matrix D times u. The slopes meet u entry by entry. {PRICE}"),
        Wrong("full instead of diagonal", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u, count=sum(
              len(W) ** 2 - len(W) for W in Ws) + _count(Ws, first=True)),
              f"You count a full matrix D times u, where slopes meet u entry by entry, and a step down "
              f"from layer 0. {PRICE}"),
        *(Wrong("page order", upwards,
                f"You begin with layer 0, but u belongs to the last layer. Which way does the pass go? {DOWN}")
          for upwards in (_upwards, lambda *given: _upwards(*given, begun=1))),
        Wrong("precedence", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i].T @ s[i] * u}),
              f"@ and * are worked out from left to right: the transposed W meets the slopes first, without u. {DOWN}"),
        Wrong("page order", _passed(lambda W, x, s: {
              "delta": lambda i, u: s[i] * (W[i].T @ u), "below": lambda i, u, d: W[i].T @ u}),
              f"u is handed down before the layer has used it: two lines have changed places. {DOWN}"),
        Wrong("reversed order", lambda Ws, inputs, slopes, u: _answer(Ws, inputs, slopes, u) | _paired(
              Ws, inputs, slopes, _upstreams(Ws, slopes, u)[::-1]),
              f"What you have kept of u stands with the last layer first, and you read it from layer 0 on. {DOWN}"),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {"delta": lambda i, u: s[-1] * u}),
              f"Every layer has the slopes of the last one. {DOWN}"),
        Wrong("counted twice", _passed(lambda W, x, s: {"delta": lambda i, u: s[i] ** 2 * u}),
              f"The slopes of each layer enter twice. {DOWN}"),
        Wrong("coincidence", _passed(lambda W, x, s: {"delta": lambda i, u: np.diag(s[i].squeeze()) @ u}),
              f"squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              f"for np.diag. {DOWN}"),
        *(Wrong("sizes ignored", lambda Ws, inputs, slopes, u, axis=axis: _answer(
                Ws, inputs, slopes, u, count=_count(Ws, outer=False) + sum(W.shape[axis] for W in Ws)),
                f"For the outer products you count the entries of one of the two columns. How many entries has the "
                f"table that they make? {PRICE}")
          for axis in (0, 1)),
        Wrong("inner product", _passed(lambda W, x, s: {"delta": lambda i, u: s[i] @ u}),
              f"What stands before @ has one column, or one entry only, as np.diag of a column has. Slopes and u meet "
              f"entry by entry. {DOWN}"),
        *(Wrong("silent broadcast", _passed(line),
                f"Somewhere a row meets a column, which gives one number or a whole table. Slopes and u are columns, "
                f"and they meet entry by entry. {DOWN}")
          for line in (lambda W, x, s: {"delta": lambda i, u: s[i].T @ u},
                       lambda W, x, s: {"below": lambda i, u, d: d.T @ W[i] if i > 0 else d})),
        Wrong("wrong layer's W", _passed(lambda W, x, s: {"below": lambda i, u, d: W[i - 1] @ d if i > 0 else d}),
              f"Layer i hands down through its own W, transposed, and not through that of the layer below. {DOWN}"),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {"delta": lambda i, u: (1 - s[i] ** 2) * u}),
              f"The list holds the slopes already. You treat them as values of tanh and take their slopes. {DOWN}"),
        Wrong("flattened", _part(b=lambda grads: [grad.ravel() for grad in grads]),
              f"The gradients of the biases have one axis only. Each has the shape (M, 1) of its bias. {DOWN}"),
        Wrong("summed too early", _part(b=lambda grads: [float(grad.sum()) for grad in grads]),
              f"Each unit has a bias of its own: nothing is added up in the gradients of b. {DOWN}"),
        Wrong("elementwise product", _passed(lambda W, x, s: {"grad": lambda i, d: d * x[i]}),
              f"For the weights you multiply two columns entry by entry; a column and a row make the table. {DOWN}"),
        slips.flattened(lambda *given: _answer(*given), DOWN),
        Wrong("outer derivative forgotten", _passed(lambda W, x, s: {
              "delta": lambda i, u: s[i] * u if i + 1 < len(W) else u}),
              f"The slopes of the last layer do not enter. In the digit network they are all 1; here the last layer "
              f"has an activation like every other. {DOWN}"),
        Wrong("wrong layer's input", _passed(lambda W, x, s: {"grad": lambda i, d: d @ x[min(i + 1, len(x) - 1)].T}),
              f"Each delta is paired with what its layer gave out. The weights multiply what the layer took in. "
              f"{DOWN}"),
        Wrong("coincidence", _two_layers,
              f"This is the pass of the text, through two layers. Here a network may have any number. {DOWN}"),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {"delta": lambda i, u: (1 - x[i] ** 2) * u}),
              f"The slopes are made of what a layer takes in. They belong to what it gives out, and they stand in the "
              f"list. {DOWN}"),
        *(Wrong("slope at the wrong point", _passed(lambda W, x, s, below=below: {"below": below(W, s)}),
                f"On its way down u meets the slopes of the layer below instead of those of its own. {DOWN}")
          for below in (lambda W, s: lambda i, u, d: s[i - 1] * (W[i].T @ u) if i > 0 else u,
                        lambda W, s: lambda i, u, d: W[i].T @ (s[i - 1] * u) if i > 0 else u,
                        lambda W, s: lambda i, u, d: s[i - 1] * (W[i].T @ u))),
        Wrong("slope at the wrong point", _passed(lambda W, x, s: {"below": lambda i, u, d: s[i - 1] * (W[i].T @ d)}),
              f"The slopes of the layer below are put in as you go down, and again when you get there. Below layer 0 "
              f"there are none. {DOWN}"),
        *(Wrong("upstream forgotten", _part(W=lambda grads, k=k: [grads[k]] * len(grads)),
                f"One gradient stands for the weights of every layer. Does each turn of the loop write into the same "
                f"place? {DOWN}")
          for k in (0, -1)),
        *(Wrong("last dropped", lambda Ws, inputs, slopes, u, lacks=lacks: _answer(
                Ws, inputs, slopes, u, count=_count(Ws) - lacks(Ws[0])),
                f"For layer 0 {what} counted. One of its products is not needed; the others are. {PRICE}")
          for what, lacks in (("nothing is", lambda W: W.size + len(W)), ("the elementwise product is not", len),
                              ("the outer product is not", lambda W: W.size))),
        Wrong("sizes ignored", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) - sum(W.shape[1] for W in Ws[1:])),
              f"For the steps down you count the additions: one fewer than the products in each entry. A multiply-add "
              f"is a product. {PRICE}"),
        *(Wrong("n for N", lambda Ws, inputs, slopes, u, axis=axis: _answer(
                Ws, inputs, slopes, u, count=_count(Ws, down=False) + sum(W.shape[axis] ** 2 for W in Ws[1:])),
                f"The steps down are counted as if W were square. {PRICE}")
          for axis in (0, 1)),
        Wrong("counted twice", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws) + sum(W.shape[1] for W in Ws)),
              f"One too many is counted for each input of a layer. Which product has as many entries? {PRICE}"),
        Wrong("term missing", lambda Ws, inputs, slopes, u: _answer(
              Ws, inputs, slopes, u, count=_count(Ws, first=True) + sum(W.size for W in Ws)),
              f"Three products of the size of W are counted in every layer. Which two are formed on the way down, and "
              f"which of them not in layer 0? {PRICE}"),
    )  # fmt: skip

    def cases(self, rng):
        for widths in (
            (3, 3, 3),
            (3, 3, 3, 3),
            (4, 3, 2),
            (5, 2, 4, 3),
            (2, 3),
            (3, 1, 2, 4, 2),
            *self.more((2, 6, 3), (3, 2, 3, 5, 2, 4)),
        ):
            yield _chain(rng, *widths)

    def solution(self, Ws, inputs, slopes, u):
        grads_W, grads_b, count = [], [], 0
        for i in reversed(range(len(Ws))):
            M, N = Ws[i].shape
            delta = slopes[i] * u
            count += M
            grads_W.insert(0, delta @ inputs[i].T)
            grads_b.insert(0, delta)
            count += M * N
            if i > 0:
                u = Ws[i].T @ delta
                count += M * N
        return {"W": grads_W, "b": grads_b, "count": count}


def _upstreams(Ws, slopes, u):
    found = []
    for i in reversed(range(len(Ws))):
        found.insert(0, u)
        u = Ws[i].T @ (slopes[i] * u)
    return found


def _paired(Ws, inputs, slopes, upstreams):
    """The gradients from one u for each layer."""
    deltas = [s * u for s, u in zip(slopes, upstreams, strict=True)]
    return {"W": [delta @ x.T for delta, x in zip(deltas, inputs, strict=True)], "b": deltas}


def _orders(d0, d1, d2):
    """What the row takes from the loss and from the input: (1, d2)(d2, d1)(d1, d0)."""
    return {"from the loss": d2 * d1 + d1 * d0, "from the input": d2 * d1 * d0 + d2 * d0}


def _chosen(widths, counts=_orders):
    return lambda limit: {"widths": list(widths(limit))} | counts(*widths(limit))


class WhereItLoses(Exercise):
    id = "13.2"
    title = "The worst case for backpropagation"
    points = 2
    name = "worst_case"
    arguments = ("limit",)
    returns = 'a dict {"widths": a list of three ints, "from the loss": an int, "from the input": an int}'
    tolerance = Close(0)
    follows = ("from the loss", "from the input")
    hints = (
        "Write down both counts for d0, d1 and d2. Where is their difference positive at all?",
        "Or let three loops try all widths up to the limit and keep the best.",
    )
    because = (
        "The difference d1(d0 + d2) − d0 d2(d1 + 1) is positive only if d0 or d2 is 1, because otherwise d0 + d2 is at "
        "most d0 d2. With d0 = 1 it is d1 − d2, which is largest for the widest middle and the narrowest end."
    )
    mistakes = (
        Wrong("answer inverted", _chosen(lambda n: (n, n, n)),
              f"Here the order from the input takes far more. The exercise asks where it saves. {NARROW}"),
        Wrong("answer inverted", _chosen(lambda n: (1, n, 1), lambda a, b, c: dict(
              zip(_orders(1, 1, 1), list(_orders(a, b, c).values())[::-1], strict=True))),
              f"The two counts have changed places. {NARROW}"),
        Wrong("some directions only", _chosen(lambda n: (1, n, 2)),
              f"This chain saves something, but not the most. Can the other end be as narrow as this one? {NARROW}"),
        Wrong("some directions only", _chosen(lambda n: (2, n, 1)),
              f"This chain saves something, but not the most. What if the input were as narrow as the other end? "
              f"{NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (1, n, n)),
              f"Here both orders take nearly the same. Which width has to be small for the second product? {NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (n, n, 1)),
              f"Here both orders take the same. {NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b + b * a, "from the input": c * b + b * a}),
              f"From the input, the second product is that of the row with J1 J0, whose shape is not that of J1. "
              f"{NARROW}"),
        Wrong("last dropped", _chosen(lambda n: (1, n - 1, 1)),
              f"A wider chain is allowed: range(1, limit) stops before the limit. {NARROW}"),
        Wrong("first only", _chosen(lambda n: (1, 2, 1)),
              f"Here the order from the input saves something, but wider chains are allowed. {NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (1, 3, 1)),
              f"This is right for one limit only. {NARROW}"),
        Wrong("wrong concept", lambda n: {"widths": [1, n, 1, 1], **_orders(1, n, 1)},
              f"The counts are right. The list has one width too many: the loss is not in it. {NARROW}"),
        Wrong("sizes ignored", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b + b * a + 1, "from the input": c * b * a + c * a + 1}),
              f"One multiply-add too many is counted. The row is there already. {NARROW}"),
        Wrong("wrong concept", _chosen(lambda n: (n, 1, n)),
              f"A narrow middle makes the order from the input expensive. {NARROW}"),
        *(Wrong("sizes ignored", _chosen(lambda n: (1, n, 1), lambda a, b, c, first=first: {
                "from the loss": first(a, b, c), "from the input": c * b * a + c * a}),
                f"From the loss, there is a matrix in each product, J1 or J0. Which two widths has each? {NARROW}")
          for first in (lambda a, b, c: c * b + c * a, lambda a, b, c: c * a + b * a)),
        Wrong("wrong concept", _chosen(lambda n: (1, 1, n)),
              f"The last width is large here, and the order from the input carries it along. {NARROW}"),
        Wrong("wrong concept", _chosen(lambda n: (n, 1, 1)),
              f"The input is the wide place here. Which order then carries the larger arrays? {NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (1, 1, 1)),
              f"With all widths 1 both orders take the same. If a search has found this chain, it has left chains out, "
              f"or one of the two counts in it is off: try both on the chains of the text. {NARROW}"),
        *(Wrong("some directions only", _chosen(widths),
                f"Here it is the order from the loss that saves. If a search has found this chain, which ones has it "
                f"left out? itertools.combinations gives widths in increasing order only. {NARROW}")
          for widths in (lambda n: (1, 2, 3), lambda n: (1, n - 1, n))),
        Wrong("coincidence", _chosen(lambda n: (1, 10, 2)),
              f"This is the chain of the text, whatever the limit. {NARROW}"),
        Wrong("sizes ignored", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b * a, "from the input": c * b * a}),
              f"One product of all widths is not the count. Count each of the two matrix products. {NARROW}"),
        Wrong("sizes ignored", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b + b * a, "from the input": c * b * a}),
              f"From the input, the count lacks a product: the row still has to meet the matrix. {NARROW}"),
        Wrong("sizes ignored", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b, "from the input": c * b * a + c * a}),
              f"From the loss, the count lacks a product: the row meets two matrices. {NARROW}"),
        Wrong("wrong concept", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": c * b + b * a, "from the input": c * b + b * a - c * b * a - c * a}),
              f"Under one of the keys stands what is saved. The exercise asks what each order takes. {NARROW}"),
        Wrong("factor 2", _chosen(lambda n: (1, n, 1), lambda a, b, c: {
              "from the loss": 2 * (c * b + b * a), "from the input": 2 * (c * b * a + c * a)}),
              f"Multiplications and additions are counted. Together they are one multiply-add. {NARROW}"),
        Wrong("some directions only", _chosen(lambda n: (2, n, 2)),
              f"With both ends at 2 it is the order from the loss that saves. Have you tried all widths that are "
              f"allowed? {NARROW}"),
        Wrong("some directions only", _chosen(lambda n: (2, 2, 2)),
              f"Here it is the order from the loss that saves. Have you tried all widths that are allowed? {NARROW}"),
        Wrong("coincidence", _chosen(lambda n: (1, 10, 1)),
              f"The middle is as wide for every limit, even where so wide a layer is not allowed. {NARROW}"),
        Wrong("some directions only", _chosen(lambda n: (1, n, 3)),
              f"Can the other end be as narrow as this one? {NARROW}"),
        *(Wrong("some directions only", _chosen(lambda n, last=last: (1, n, last(n))),
                f"The input is as narrow as it can be, and the middle as wide. Compare the counts for some widths at "
                f"the other end. {NARROW}")
          for last in (lambda n: n - 1, lambda n: n // 2 + 1, lambda n: n // 2, lambda n: (n + 1) // 2)),
        *(Wrong("some directions only", _chosen(lambda n, first=first: (first(n), n, 1)),
                f"One end is as narrow as it can be, and the middle as wide. Compare the counts for some widths of the "
                f"input. {NARROW}")
          for first in (lambda n: n - 1, lambda n: n // 2 + 1, lambda n: n // 2, lambda n: (n + 1) // 2)),
        *(Wrong("some directions only", _chosen(lambda n, middle=middle: (1, middle(n), 1)),
                f"Both ends are as narrow as they can be. Compare the counts for some widths of the middle. {NARROW}")
          for middle in (lambda n: n // 2, lambda n: n // 2 + 1, lambda n: (n + 1) // 2)),
        Wrong("coincidence", _chosen(lambda n: (2, 3, 1)),
              f"This is the chain of the text, whatever the limit. Is the input as narrow as it can be? {NARROW}"),
        Wrong("counted from 0", _chosen(lambda n: (1, n + 1, 1)),
              f"One width is larger than the limit. {NARROW}"),
        *(Wrong("counted from 0", _chosen(widths),
                f"A width of 0 is no layer: range begins at 0 by itself, and the widths begin at 1. {NARROW}")
          for widths in (lambda n: (0, n - 1, n - 1), lambda n: (0, n, n), lambda n: (n - 1, n - 1, 0),
                         lambda n: (n, n, 0), lambda n: (0, n, 0), lambda n: (0, n - 1, 0))),
    )  # fmt: skip

    def cases(self, rng):
        for limit in (3, 4, 7, 12):
            yield {"limit": limit}

    def solution(self, limit):
        best = None
        for d0 in range(1, limit + 1):
            for d1 in range(1, limit + 1):
                for d2 in range(1, limit + 1):
                    left, right = d2 * d1 + d1 * d0, d2 * d1 * d0 + d2 * d0
                    if best is None or left - right > best[0]:
                        best = left - right, [d0, d1, d2], left, right
        return {"widths": best[1], "from the loss": best[2], "from the input": best[3]}


def _step(Ws, inputs, slopes, u, mu, /, fed="delta", through="old", step=None, delta=None, below=None):
    """The new weights of 13.3, u fed from delta or u through the old or the new W; a line may be another function."""
    new = []
    for i in reversed(range(len(Ws))):
        d = delta(i, u, slopes) if delta else slopes[i] * u
        gradient = d @ inputs[i].T
        new.insert(0, step(Ws[i], gradient) if step else Ws[i] - mu * gradient)
        if below:
            u = below(i, Ws[i], u, d)
        else:
            u = (Ws[i] if through == "old" else new[0]).T @ (d if fed == "delta" else u)
    return new


def _step_with_mu_in_delta(Ws, inputs, slopes, u, mu):
    return _step(Ws, inputs, slopes, u, 1.0, delta=lambda i, u, slopes: mu * slopes[i] * u)


def _step_by_upstreams_reversed(Ws, inputs, slopes, u, mu):
    gradients = _paired(Ws, inputs, slopes, _upstreams(Ws, slopes, u)[::-1])["W"]
    return [W - mu * gradient for W, gradient in zip(Ws, gradients, strict=True)]


def _step_by_deltas_reversed(Ws, inputs, slopes, u, mu):
    deltas = _paired(Ws, inputs, slopes, _upstreams(Ws, slopes, u))["b"][::-1]
    return [W - mu * delta @ x.T for W, delta, x in zip(Ws, deltas, inputs, strict=True)]


def _step_by_gradients_reversed(Ws, inputs, slopes, u, mu):
    gradients = _paired(Ws, inputs, slopes, _upstreams(Ws, slopes, u))["W"][::-1]
    return [W - mu * gradient for W, gradient in zip(Ws, gradients, strict=True)]


class FaultyStep(Exercise):
    id = "13.3"
    title = "A step in one loop"
    points = 2
    name = "step"
    arguments = ("Ws", "inputs", "slopes", "u", "mu")
    returns = "a list of the new weights, in the order of the layers"
    hints = (
        "Follow the loop by hand for two layers. Which arrays does the second turn use, and in which state are they?",
        "At which values of the weights was the pass up made? The gradient belongs to those.",
        "What is handed down from a layer: what did its output get, or what did its z get?",
    )
    because = (
        "All gradients belong to the weights of the pass up, so the old W hands the gradient down, and what it hands "
        "down is delta: Wᵀ(σ'(z) ⊙ u). The new weights go into arrays of their own."
    )
    mistakes = (
        Wrong("as printed", lambda *given: _step(*given, fed="u", through="new"),
              f"The numbers are still those of the program as given. {STEP}"),
        Wrong("outer derivative forgotten", lambda *given: _step(*given, fed="u"),
              f"One fault is repaired: the gradients belong to the old weights. With an affine layer on top the other "
              f"fault does not show. Which layers then show it? {DOWN}"),
        Wrong("wrong layer's W", lambda *given: _step(*given, through="new"),
              f"One fault is repaired: delta is handed down. It still goes through weights that the pass up has never "
              f"seen. {STEP}"),
        Wrong("sign", lambda Ws, inputs, slopes, u, mu: _step(Ws, inputs, slopes, u, -mu),
              f"This step climbs: it adds the gradient. {STEP}"),
        Wrong("learning rate forgotten", lambda Ws, inputs, slopes, u, mu: _step(Ws, inputs, slopes, u, 1.0),
              f"mu does not enter. {STEP}"),
        Wrong("reversed order", lambda *given: _step(*given)[::-1],
              "The new weights are right; the last layer's stand first."),
        Wrong("derivative instead of value", lambda *given: _step(*given, step=lambda W, gradient: gradient),
              f"These are the gradients. The exercise asks for the weights after the step. {STEP}"),
        Wrong("derivative instead of value", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, step=lambda W, gradient: -mu * gradient),
              f"These are the changes. The exercise asks for the weights after the step. {STEP}"),
        Wrong("outer derivative forgotten", lambda *given: _step(
              *given, delta=lambda i, u, slopes: slopes[i] * u if i + 1 < len(slopes) else u),
              f"The slopes of the last layer do not enter. In the digit network they are all 1; here the last layer "
              f"has an activation like every other. {DOWN}"),
        Wrong("outer derivative forgotten", lambda *given: _step(*given, delta=lambda i, u, slopes: u),
              f"The slopes do not enter any more. {DOWN}"),
        Wrong("upstream forgotten", lambda Ws, inputs, slopes, u, mu: [
              W - mu * (s * u) @ x.T for W, x, s in zip(Ws, inputs, slopes, strict=True)],
              f"Every layer is given the u of the last one. {DOWN}"),
        Wrong("learning rate forgotten", lambda *given: _step_with_mu_in_delta(*given),
              f"The last layer is right. Below it mu enters again at every step down, because it is part of what is "
              f"handed on. {STEP}"),
        Wrong("differentiated twice", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: W.T @ (slopes[i] * d)),
              f"What is handed down has met the slopes of its layer twice. {DOWN}"),
        Wrong("wrong layer's W", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: (W - 2 * mu * d @ inputs[i].T).T @ d),
              f"The gradient goes down through weights after two steps. Which weights has the pass up seen? {STEP}"),
        Wrong("slope at the wrong point", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: slopes[i - 1] * (W.T @ d) if i > 0 else u),
              f"What you hand down has met the slopes of the layer below already, and there it meets them once more. "
              f"{DOWN}"),
        Wrong("outer derivative forgotten", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, delta=lambda i, u, slopes: u,
              below=lambda i, W, u, d: W.T @ (slopes[i] * d)),
              f"What is handed down is right. For the step, the input is paired with u before it has met the slopes. "
              f"{DOWN}"),
        Wrong("slope at the wrong point", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: slopes[i - 1] * (W.T @ u) if i > 0 else u),
              f"On its way down u meets the slopes of the layer below instead of those of its own. {DOWN}"),
        Wrong("counted twice", lambda Ws, inputs, slopes, u, mu: _step(Ws, inputs, slopes, u, mu**2),
              f"mu enters twice. {STEP}"),
        Wrong("sign", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, -mu, delta=lambda i, u, slopes: -slopes[i] * u),
              f"The last layer is right. Below it the sign changes at every step down, because it is part of what is "
              f"handed on. {STEP}"),
        Wrong("derivative instead of value", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, step=lambda W, gradient: mu * gradient),
              f"This is what is to be subtracted. The exercise asks for the weights after the step. {STEP}"),
        Wrong("wrong variable", lambda Ws, inputs, slopes, u, mu: [
              s * v for s, v in zip(slopes, _upstreams(Ws, slopes, u), strict=True)],
              f"These are the deltas. The exercise asks for the weights after the step. {STEP}"),
        Wrong("wrong variable", lambda Ws, inputs, slopes, u, mu: [
              W - mu * s * v for W, s, v in zip(Ws, slopes, _upstreams(Ws, slopes, u), strict=True)],
              f"The inputs do not enter: delta alone is the gradient of a bias. {DOWN}"),
        Wrong("counted twice", lambda *given: _step(*given, delta=lambda i, u, slopes: slopes[i] ** 2 * u),
              f"The slopes of each layer enter twice. {DOWN}"),
        Wrong("constant factor", lambda Ws, inputs, slopes, u, mu: _step(Ws, inputs, slopes, u, 1 / mu),
              f"mu divides. Is a step longer, or shorter, with a larger mu? {STEP}"),
        Wrong("summed too early", lambda *given: _step(
              *given, step=lambda W, gradient: W - given[-1] * gradient.mean(axis=0, keepdims=True)),
              f"All units take the same step, the mean of theirs. Each has its own. {STEP}"),
        Wrong("page order", lambda Ws, inputs, slopes, u, mu: [
              W - mu * grad for W, grad in zip(Ws, _upwards(Ws, inputs, slopes, u)["W"], strict=True)],
              f"You begin with layer 0, but u belongs to the last layer. {DOWN}"),
        Wrong("transposed", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: W @ d),
              f"On its way down a gradient meets W the other way round. {DOWN}"),
        Wrong("transposed", lambda *given: _step(*given, step=lambda W, gradient: W - given[-1] * gradient.T),
              f"The gradient of a weight matrix has its shape; yours is transposed. {DOWN}"),
        Wrong("wrong variable", lambda Ws, inputs, slopes, u, mu: [
              W - mu * (W.T @ v) @ x.T for W, x, v in
              list(zip(Ws, inputs, _upstreams(Ws, [np.ones_like(s) for s in slopes], u), strict=True))[::-1]][::-1],
              f"For the step you pair the input with what is handed down, and that has never met the slopes. {DOWN}"),
        Wrong("wrong variable", lambda Ws, inputs, slopes, u, mu: [
              W - mu * (W.T @ (s * v)) @ x.T for W, x, s, v in
              list(zip(Ws, inputs, slopes, _upstreams(Ws, slopes, u), strict=True))[::-1]][::-1],
              f"For the step you pair the input with the u of the layer below, which is handed on. {DOWN}"),
        Wrong("page order", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, delta=lambda i, u, slopes: slopes[i] * (Ws[i].T @ u), fed="u"),
              f"u is handed down before the layer has used it: two lines have changed places. {DOWN}"),
        Wrong("constant kept", lambda Ws, inputs, slopes, u, mu: [W.copy() for W in Ws],
              f"The weights have not moved. {STEP}"),
        Wrong("first only", lambda *given: [*(W.copy() for W in given[0][:-1]), _step(*given)[-1]],
              f"Only the last layer's weights have moved. Is the return inside the loop? {STEP}"),
        Wrong("last dropped", lambda *given: [given[0][0].copy(), *_step(*given)[1:]],
              f"Layer 0 keeps its old weights: does your loop stop before it? {STEP}"),
        Wrong("wrong layer's input", lambda Ws, inputs, slopes, u, mu: _step(Ws, [inputs[0]] * len(Ws), slopes, u, mu),
              f"Every delta is paired with the input of the network. Each layer has its own. {DOWN}"),
        Wrong("slope at the wrong point", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, delta=lambda i, u, slopes: (1 - slopes[i] ** 2) * u),
              f"The list holds the slopes already. You treat them as values of tanh and take their slopes. {DOWN}"),
        Wrong("inner product", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, delta=lambda i, u, slopes: slopes[i] @ u),
              f"What stands before @ has one column, or one entry only, as np.diag of a column has. Slopes and u meet "
              f"entry by entry. {DOWN}"),
        Wrong("precedence", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: W.T @ slopes[i] * u),
              f"@ and * are worked out from left to right: the transposed W meets the slopes first, without u. {DOWN}"),
        *(Wrong("reversed order", upside_down,
                f"What you have kept on the way down stands with the last layer first, and you read it from layer 0 "
                f"on. {DOWN}")
          for upside_down in (_step_by_upstreams_reversed, _step_by_deltas_reversed, _step_by_gradients_reversed)),
        Wrong("wrong layer's input", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, [inputs[-1], *inputs[:-1]], slopes, u, mu),
              f"Each delta is paired with the input of the layer below its own. {DOWN}"),
        Wrong("slope at the wrong point", lambda *given: _step(*given, delta=lambda i, u, slopes: slopes[-1] * u),
              f"Every layer has the slopes of the last one. {DOWN}"),
        Wrong("coincidence", lambda *given: _step(
              *given, delta=lambda i, u, slopes: np.diag(slopes[i].squeeze()) @ u),
              f"squeeze() takes away every axis of length 1. A layer may have a single unit, and then no axis is left "
              f"for np.diag. {DOWN}"),
        Wrong("wrong layer's W", lambda Ws, inputs, slopes, u, mu: _step(
              Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: Ws[i - 1].T @ d),
              f"Layer i hands down through its own W, not through that of the layer below. {DOWN}"),
        Wrong("counted twice", lambda Ws, inputs, slopes, u, mu: [
              W - mu * (s**2 * v) @ x.T for W, x, s, v in
              list(zip(Ws, inputs, slopes, _upstreams(Ws, slopes, u), strict=True))],
              f"What is handed down is right. For the step, delta meets the slopes once more. {DOWN}"),
        *(Wrong("slope at the wrong point", lambda Ws, inputs, slopes, u, mu, below=below: _step(
                Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: below(slopes[i - 1], W, u, d)),
                f"The slopes of the layer below are put in as you go down. They enter when you get there, and below "
                f"layer 0 there are none. {DOWN}")
          for below in (lambda s, W, u, d: s * (W.T @ d), lambda s, W, u, d: s * (W.T @ u))),
        *(Wrong("wrong layer's W", lambda Ws, inputs, slopes, u, mu, fed=fed: _step(
                Ws, inputs, slopes, u, mu, below=lambda i, W, u, d: (mu * d @ inputs[i].T).T @ fed(u, d)),
                f"What goes down passes the step alone, without the weights. {DOWN}")
          for fed in (lambda u, d: d, lambda u, d: u)),
        Wrong("constant factor", lambda *given: _step(
              *given, step=lambda W, gradient: W - given[-1] * gradient / np.linalg.norm(gradient)),
              f"Your steps have the length mu. A step of descent is mu times the gradient as it is. {STEP}"),
        *(Wrong("constant factor", lambda *given, by=by: _step(
                *given, step=lambda W, gradient: W - given[-1] * gradient / by(W)),
                f"The gradient is divided by a number of units or of weights. There is one sample, and no mean is "
                f"taken. {STEP}")
          for by in (len, lambda W: W.size, lambda W: W.shape[1])),
    )  # fmt: skip

    def cases(self, rng):
        for widths, mu in (
            ((3, 3, 3), 0.5),
            ((4, 3, 2), 0.1),
            ((5, 2, 4, 3), 0.7),
            ((2, 3), 0.2),
            ((3, 2, 2, 4, 2), 0.4),
            ((2, 1, 3), 0.3),
            *self.more(((2, 6, 3), 0.6), ((3, 2, 3, 5, 2, 4), 0.25)),
        ):
            yield _chain(rng, *widths) | {"mu": mu}

    def solution(self, Ws, inputs, slopes, u, mu):
        new = []
        for i in reversed(range(len(Ws))):
            delta = slopes[i] * u
            u = Ws[i].T @ delta
            new.insert(0, Ws[i] - mu * delta @ inputs[i].T)
        return new


def _sizes(widths):
    return widths[1:], [m * n for n, m in pairwise(widths)]


def _no_cache(widths, passed=lambda i, k: range(i + 1), unit=False):
    """The count with the cache, and for each layer i a pass up through the layers `passed`, perhaps with its units."""
    m, a = _sizes(widths)
    k = len(a) - 1
    return cost("cached", widths) + sum(a[j] + unit * m[j] for i in range(k + 1) for j in passed(i, k))


def _shared(widths, jacobians=True, products=True, rows=True, deltas=True, outer=True):
    m, a = _sizes(widths)
    k = len(a) - 1
    total = sum(a[1:]) if jacobians else 0
    total += sum(m[k] * a[j] for j in range(1, k)) if products else 0
    total += sum(m[k] * m[i] for i in range(k)) if rows else 0
    return total + (sum(m) if deltas else 0) + (sum(a) if outer else 0)


def _shared_with(products):
    """The count of product shared with other products of Jacobians: products(m, a, k)."""

    def counted(widths):
        m, a = _sizes(widths)
        return _shared(widths, products=False) + products(m, a, len(a) - 1)

    return counted


def _counts(no_cache=None, shared=None):
    """The answer of 13.4 with one or both of the numbers counted in another way, functions of the widths."""
    return lambda widths: {
        "no cache": (no_cache or _no_cache)(widths),
        "product shared": (shared or _shared)(widths),
    }


def _by_layer(chosen):
    """The answer of 13.4 for some of the layers: chosen([(no cache, product shared) of layer 0, …])."""

    def counted(widths):
        m, a = _sizes(widths)
        k = len(a) - 1
        layers = [(m[i] + sum(a[: i + 1]) + a[i] + (a[i] if i > 0 else 0),
                   m[i] + a[i] + (a[i] if i > 0 else 0) + (m[k] * a[i] if 0 < i < k else 0)
                   + (m[k] * m[i] if i < k else 0)) for i in range(k + 1)]  # fmt: skip
        no_cache, shared = np.sum([(0, 0), *chosen(layers)], axis=0).tolist()
        return {"no cache": no_cache, "product shared": shared}

    return counted


class WithoutTheCache(Exercise):
    id = "13.4"
    title = "Two more ways, counted"
    points = 2
    name = "without_the_cache"
    arguments = ("widths",)
    returns = 'a dict {"no cache": an int, "product shared": an int}'
    tolerance = Close(0)
    hints = (
        "Take three layers and write down, in the order in which they happen, all products of each way with their "
        "shapes.",
        "No cache: which layers does the pass up for layer i go through, and what does it take? A loop over the layers "
        "with a loop inside it is as good as a formula. The steps down stay those of cached.",
        "Product shared: a product (m, n)(n, p) takes m·n·p. How many rows has the product at every stage? And which "
        "Jacobian is the first that it is multiplied by?",
    )
    because = (
        "Layer j is passed up once for its own gradient and once for that of each layer above it, k − j + 1 times, "
        "beside the steps down of cached. The shared product has as many rows as the network has outputs: extending it "
        "through layer j takes m_k a_j for the layers k − 1 down to 1, and the row meets it in each layer below the "
        "last, m_k m_i."
    )
    mistakes = (
        # no cache
        Wrong("wrong concept", _counts(lambda w: cost("cached", w)),
              f"This is the count with the cache: nothing in it is computed again. {ERRORS}"),
        Wrong("wrong concept", _counts(lambda w: cost("afresh", w)),
              f"This is the count of afresh. There each row starts again at the loss; what starts again here, and "
              f"where? {ERRORS}"),
        *(Wrong("reversed order", _counts(lambda w, own=own: _no_cache(w, lambda i, k: range(i + 1 - own, k + 1))),
                f"Which layers are passed up most often, those near x or those near the loss? You have it the other "
                f"way round. {ERRORS}")
          for own in (0, 1)),
        *(Wrong("sizes ignored", _counts(lambda w, fewer=fewer: cost("cached", w) + (len(w) - fewer) * forward_cost(w)),
                f"Every pass up goes through the whole network. How far up is it needed for layer i? {ERRORS}")
          for fewer in (1, 2)),
        Wrong("term missing", _counts(lambda w: _no_cache(w) - cost("cached", w)),
              f"Only the passes up are counted. The steps down are taken as well. {ERRORS}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w) + forward_cost(w)),
              f"One pass through all layers too many is counted. Is it the first one, which gave the loss? {ERRORS}"),
        Wrong("counted from 0", _counts(lambda w: _no_cache(w, lambda i, k: range(i + 1) if i else ())),
              f"There is no pass up for layer 0. Its input is x, but where do its slopes come from? {ERRORS}"),
        Wrong("last dropped", _counts(lambda w: _no_cache(w, lambda i, k: range(i if i == k else i + 1))),
              f"The pass for the last layer stops below it. Its slopes are needed as well. {ERRORS}"),
        Wrong("counted from 0", _counts(lambda w: _no_cache(w, lambda i, k: range(1, i + 1))),
              f"The passes up begin above layer 0. They begin at x. {ERRORS}"),
        Wrong("wrong concept", _counts(lambda w: _no_cache(w, lambda i, k: [i])),
              f"The passes up take as much as a single one. Nothing is kept: from where can the input of layer i be "
              f"had? {ERRORS}"),
        Wrong("first only", _counts(lambda w: _no_cache(w, lambda i, k: [0])),
              f"Every pass up goes through layer 0 only. {ERRORS}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w, lambda i, k: [*range(i), *range(i + 1)])),
              f"You pass up twice for each layer, for its input and for its slopes. Does one pass not give both? "
              f"{ERRORS}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w, lambda i, k: 2 * [*range(i + 1)])),
              f"Every pass up is counted twice. {ERRORS}"),
        Wrong("wrong concept", _counts(lambda w: _no_cache(w) - cost("cached", w) + cost("afresh", w)),
              f"The passes up are right, but your steps down are those of afresh. Here u is handed down from layer to "
              f"layer. {FIVE}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w, unit=True)),
              f"The passes up take something for each unit. Biases, activations and slopes are not counted there. "
              f"{ERRORS}"),
        Wrong("term missing", _counts(lambda w: _no_cache(w) - sum(w[1:])),
              f"The elementwise products of the deltas are missing. {PRICE}"),
        Wrong("term missing", _counts(lambda w: _no_cache(w) - sum(w[1:]) - forward_cost(w)),
              f"Each layer's own delta and outer product are missing. {PRICE}"),
        Wrong("term missing", _counts(lambda w: _no_cache(w, lambda i, k: range(i))),
              f"One product of the size of W too few is counted for each layer. Does the pass up stop below layer i, "
              f"has the last layer no pass, or is it the outer product? {ERRORS}"),
        Wrong("term missing", _counts(lambda w: _no_cache(w) - forward_cost(w[1:])),
              f"The steps down from layer to layer are missing, or as many products of their size. {PRICE}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w) + w[0] * w[1]),
              f"A product is counted that nobody needs: what does layer 0 hand down, and to whom? {PRICE}"),
        Wrong("counted twice", _counts(lambda w: _no_cache(w) + sum(w[1:])),
              f"You count one too many for each unit. The gradient of a bias is a delta, and that is counted already. "
              f"{PRICE}"),
        Wrong("sizes ignored", _counts(lambda w: cost("cached", w) + len(w) * (len(w) - 1) // 2),
              f"You count how many layers are passed up. Each of them takes many multiply-adds. {ERRORS}"),
        Wrong("sizes ignored", _counts(lambda w: cost("cached", w) + len(w) * (len(w) - 1) // 2 * forward_cost(w)),
              f"Each layer that is passed up takes as much as the whole network. {ERRORS}"),
        Wrong("sizes ignored", _counts(lambda w: cost("cached", w) + w[0] * sum(w[1:])),
              f"A pass up is counted as a single product from x to layer i. It goes through all layers between. "
              f"{ERRORS}"),
        *(Wrong("sizes ignored", _counts(lambda w, of=of: cost("cached", w) + len(w) * (len(w) - 1) // 2 * of(w)),
                f"Every layer that is passed up takes the same, as if all had one size. {ERRORS}")
          for of in (lambda w: w[0] * w[1], lambda w: w[-1] * w[-2], lambda w: w[0] ** 2, lambda w: w[-1] ** 2,
                     lambda w: w[1] ** 2, lambda w: max(w) ** 2)),
        Wrong("sizes ignored", _counts(lambda w: cost("cached", w) + len(w) * forward_cost(w) // 2),
              f"Every pass up takes a number of average layers. The layers have different sizes, and some are passed "
              f"more often. {ERRORS}"),
        Wrong("sizes ignored", _counts(lambda w: cost("cached", w) + sum(
              j * m for j, m in enumerate(reversed(w[1:]), 1))),
              f"A layer that is passed up takes as much as it has units. Each unit is a sum of how many products? "
              f"{ERRORS}"),
        *(Wrong("sizes ignored", _counts(passes),
                f"A pass down of its own is taken for each layer. There is one for all; only the passes up are "
                f"repeated. {ERRORS}")
          for passes in (lambda w: (len(w) - 1) * (cost("cached", w) + forward_cost(w)),
                         lambda w: _no_cache(w) + sum(cost("cached", w[:i]) for i in range(2, len(w))))),
        Wrong("term missing", _counts(lambda w: _no_cache(w) - sum(w[1:]) + w[0] * w[1]),
              f"The steps down are off in two ways: the elementwise products are missing, and one product is counted "
              f"that nobody needs. {PRICE}"),
        Wrong("last dropped", _counts(lambda w: _no_cache(w) - w[-1]),
              f"The delta of the last layer is not counted. {PRICE}"),
        Wrong("n for N", _counts(lambda w: _no_cache(w) + w[0] - w[-1]),
              f"What belongs to the units of a layer is counted by its inputs. {PRICE}"),
        Wrong("full instead of diagonal", _counts(lambda w: _no_cache(w) + sum(m * m - m for m in w[1:])),
              f"You count a full matrix D times u. The slopes meet u entry by entry. {PRICE}"),
        # product shared
        Wrong("wrong concept", _counts(shared=lambda w: cost("product first", w)),
              f"This is the count of product first: each layer's product is formed from the start. Which part of it is "
              f"there already? {FIVE}"),
        *(Wrong("reversed product", _counts(shared=_shared_with(products)),
                f"The products are formed from the right end. From there, the rows of the layers between have nothing "
                f"in common. {FIVE}")
          for products in (lambda m, a, k: sum(m[0] * a[j] for j in range(2, k + 1)),
                           lambda m, a, k: sum(m[i] * a[j] for i in range(k) for j in range(i + 2, k + 1)))),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, jacobians=False)),
              f"The Jacobians cost nothing. Each is DW: its rows are scaled. {FIVE}"),
        Wrong("counted twice", _counts(shared=lambda w: _shared(w) + w[0] * w[1]),
              f"You form one Jacobian too many. Which layer's is in no product? {FIVE}"),
        Wrong("counted twice", _counts(shared=lambda w: _shared(w) + sum(
              j * a for j, a in enumerate(_sizes(w)[1][1:]))),
              f"The Jacobians are formed anew for every layer. They are written down once. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, rows=False)),
              f"The row dL never meets a product. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, deltas=False, outer=False)),
              f"Each layer's own delta and outer product are missing. {PRICE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, deltas=False)),
              f"The elementwise products of the deltas are missing. The slopes in the Jacobians are those of the "
              f"layers above. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w) - sum(w[2:])),
              f"The elementwise products of some deltas are missing. The slopes in a Jacobian take the row to the "
              f"layer below, and not to the weights of its own. {FIVE}"),
        *(Wrong("n for N", _counts(shared=lambda w, by=by: _shared(w) + by(w)),
                f"What belongs to the units of a layer is counted by its inputs. {PRICE}")
          for by in (lambda w: w[0] - w[-1], lambda w: w[-1] * (w[0] - w[-2]),
                     lambda w: w[0] - w[-1] + w[-1] * (w[0] - w[-2]))),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, outer=False)),
              f"The outer products are missing. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, products=False)),
              f"The product itself costs nothing. What does it take to add a factor? {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, rows=False, deltas=False, outer=False)),
              f"Only the Jacobians and their product are there, and no gradient of any layer. {FIVE}"),
        Wrong("last dropped", _counts(shared=lambda w: _shared(w) - (w[-1] * w[-2] if len(w) > 2 else 0)),
              f"One product of the size of the last W is missing. Is it the Jacobian of that layer? {FIVE}"),
        Wrong("wrong layer's W", _counts(shared=lambda w: _shared(w) + w[0] * w[1] - w[-1] * w[-2]),
              f"The Jacobian of one layer is missing, and another is counted that nobody needs. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, products=False, rows=False) + w[-1] * forward_cost(
              w[1:])),
              f"The first Jacobian costs nothing but itself, for there the product begins. And the row dL has still to "
              f"meet the product. {FIVE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, jacobians=False, deltas=False, outer=False)),
              f"Only the product and the rows are there. The Jacobians cost something, too, and so do the delta and "
              f"the outer product of each layer. {FIVE}"),
        Wrong("last dropped", _counts(shared=lambda w: _shared(w) - w[1] - w[0] * w[1]),
              f"The delta and the outer product of layer 0 are missing. {FIVE}"),
        Wrong("last dropped", _counts(shared=lambda w: _shared(w) - w[-1]),
              f"The delta of the last layer is not counted. {PRICE}"),
        Wrong("term missing", _counts(shared=lambda w: _shared(w, jacobians=False) + (
              w[-1] ** 2 * w[-2] if len(w) > 2 else 0)),
              f"The product has one factor too many, for it begins with the Jacobian of the last layer as it is. And "
              f"the Jacobians themselves are not counted. {FIVE}"),
        Wrong("last dropped", _counts(shared=lambda w: _shared(w) - w[-1] - w[-1] * w[-2]),
              f"The delta and the outer product of the last layer are missing. {FIVE}"),
        Wrong("first only", _counts(shared=lambda w: _shared(w, rows=False) + (w[-1] * w[1] if len(w) > 2 else 0)),
              f"The row dL meets the finished product only. Every layer below the last needs a row. {FIVE}"),
        Wrong("counted from 0", _counts(shared=lambda w: _shared(w) + w[-1] ** 2),
              f"The row meets a product for every layer. For the last one there is no Jacobian above, and nothing to "
              f"meet. {FIVE}"),
        *(Wrong("counted twice", _counts(shared=lambda w, own=own, row=row: _shared(w) + (
                own + w[-1] * (len(w) > 2)) * w[0] * w[1] + row * w[-1] * w[0]),
                f"The product goes on through layer 0. Who needs it below? {FIVE}")
          for own in (0, 1) for row in (0, 1)),
        Wrong("counted from 0", _counts(shared=_shared_with(lambda m, a, k: sum(
              m[k] * a[j] for j in range(1, k + 1)))),
              f"The first Jacobian of the product costs nothing but itself: it is where the product begins. {FIVE}"),
        Wrong("last dropped", _counts(shared=_shared_with(lambda m, a, k: sum(m[k] * a[j] for j in range(2, k)))),
              f"The product stops one factor too early. Which layers' Jacobians does the gradient of layer 0 need? "
              f"{FIVE}"),
        Wrong("n for N", _counts(shared=_shared_with(lambda m, a, k: sum(m[j] * a[j] for j in range(1, k)))),
              f"Every factor is counted as if the product had as many rows as the factor. It keeps the rows of the "
              f"Jacobian with which it begins. {FIVE}"),
        Wrong("n for N", _counts(shared=_shared_with(lambda m, a, k: sum(m[j + 1] * a[j] for j in range(1, k)))),
              f"You multiply neighbouring Jacobians. The product keeps the rows of the one with which it begins. "
              f"{FIVE}"),
        *(Wrong("n for N", _counts(shared=lambda w, rows=rows: _shared(w) + (w[rows] - w[-1]) * forward_cost(
                w[1:-1])),
                f"The product has as many rows as a layer at the wrong end of the network. It keeps the rows of the "
                f"Jacobian with which it begins. {FIVE}")
          for rows in (0, 1)),
        Wrong("sizes ignored", _counts(shared=_shared_with(lambda m, a, k: sum(
              m[k] * m[j - 1] for j in range(1, k)))),
              f"You count the entries of each product. Each is a sum of how many products? {FIVE}"),
        Wrong("sizes ignored", _counts(shared=_shared_with(lambda m, a, k: sum(a[1:k]))),
              f"A factor more takes as much as for a single row. How many rows has the product? {FIVE}"),
        Wrong("sizes ignored", _counts(shared=lambda w: _shared(w, rows=False) + sum(w[1:-1])),
              f"You count the entries of the rows. Each is a sum of how many products? {FIVE}"),
        *(Wrong("wrong concept", _counts(shared=lambda w, row=row: _shared(w, products=False, rows=False) + row(w)),
                f"The row goes through one Jacobian after the other. Here the Jacobians are multiplied before dL meets "
                f"them. {FIVE}")
          for row in (lambda w: forward_cost(w[1:]), lambda w: sum(forward_cost(w[i:]) for i in range(1, len(w))))),
        Wrong("wrong concept", _counts(shared=lambda w: _shared(w, rows=False) + forward_cost(w[1:])),
              f"The row meets the Jacobians themselves. It is to meet their product. {FIVE}"),
        Wrong("full instead of diagonal", _counts(shared=lambda w: _shared(w, jacobians=False) + sum(
              m * a for m, a in zip(w[2:], _sizes(w)[1][1:], strict=True))),
              f"You form DW as a product of two full matrices. D is diagonal: it scales the rows of W. {FIVE}"),
        Wrong("counted twice", _counts(shared=lambda w: _shared(w) + sum(w[1:])),
              f"You count one too many for each unit. The gradient of a bias is a delta, and that is counted already. "
              f"{FIVE}"),
        Wrong("counted twice", _counts(shared=lambda w: _shared(w) + forward_cost(w)),
              f"One product of the size of W too many is counted for each layer. The pass up is not counted. {FIVE}"),
        Wrong("counted twice", _counts(shared=lambda w: _no_cache(w) - cost("cached", w) + _shared(w)),
              f"The passes up of no cache are counted as well. What it needs of the pass up is kept. {FIVE}"),
        *(Wrong("wrong concept", _counts(shared=lambda w, way=way: cost(way, w)),
                f"This is the count of one of the five ways. {FIVE}")
          for way in ("cached", "afresh", "dn/dW explicit", "right to left")),
        # both
        Wrong("last dropped", _by_layer(lambda layers: layers[:-1]),
              f"Nothing is counted for the last layer: does your loop stop before it? {FIVE}"),
        Wrong("last dropped", _by_layer(lambda layers: layers[1:]),
              f"Nothing is counted for layer 0: does your loop leave it out? {FIVE}"),
        *(Wrong("first only", _by_layer(chosen),
                f"One layer alone is counted. Is the return inside the loop? {FIVE}")
          for chosen in (lambda layers: layers[:1], lambda layers: layers[-1:])),
        *(Wrong("sizes ignored", lambda widths, of=of: _counts()([of(widths)] * len(widths)),
                f"All layers are counted as if they had one width. {FIVE}")
          for of in (lambda w: w[0], lambda w: w[-1], lambda w: w[1])),
        Wrong("factor 2", _counts(lambda w: 2 * _no_cache(w), lambda w: 2 * _shared(w)),
              f"Multiplications and additions are counted. Together they are one multiply-add. {PRICE}"),
        Wrong("answer inverted", lambda widths: {"no cache": _shared(widths), "product shared": _no_cache(widths)},
              "The two counts have changed places."),
        Wrong("reversed order", lambda widths: _counts()(widths[::-1]),
              f"The widths are read from the last layer to the input. {FIVE}"),
        Wrong("term missing", lambda widths: _counts()(widths[1:]),
              f"Layer 0 is in neither count. The first width is that of the inputs, and layer 0 takes them in. {FIVE}"),
        *(Wrong("coincidence", lambda widths, of=of: _counts()(of),
                f"These are the numbers of one network, whatever the widths. {FIVE}")
          for of in ([3, 2], [2, 3, 4, 2, 3], [64, 32, 10], [784, 128, 64, 10], [100] * 51)),
        Wrong("coincidence", lambda widths: _counts()([widths[0], widths[1], widths[-1]]),
              f"These are the counts for two layers, as in the digit network. Here there may be any number. {FIVE}"),
    )  # fmt: skip

    def cases(self, rng):
        for widths in (
            (4, 3, 2),
            (2, 5, 3, 4),
            (5, 4, 3, 2, 7),
            (7, 3),
            (784, 128, 64, 10),
            *self.more((3, 6, 2, 4, 5, 2), (5, 1, 3)),
        ):
            yield {"widths": list(widths)}

    def solution(self, widths):
        m = widths[1:]
        a = [widths[i + 1] * widths[i] for i in range(len(m))]
        k = len(a) - 1
        no_cache = product_shared = 0
        for i in range(k + 1):
            no_cache += sum(a[: i + 1]) + m[i] + a[i]  # the pass up, then the steps in the layer
            no_cache += a[i] if i > 0 else 0
            product_shared += m[i] + a[i]
            product_shared += a[i] if i > 0 else 0  # its Jacobian
            product_shared += m[k] * a[i] if 0 < i < k else 0  # one factor more
            product_shared += m[k] * m[i] if i < k else 0  # the row meets the product
        return {"no cache": no_cache, "product shared": product_shared}


EXERCISES = [PassDown, WhereItLoses, FaultyStep, WithoutTheCache]
