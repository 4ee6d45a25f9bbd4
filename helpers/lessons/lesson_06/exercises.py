"""The exercises of lesson 06: a walk back, a wrong point, four layers, the cost, a product by hand, a row of slopes."""

from functools import partial
from itertools import pairwise

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips
from helpers.numerical import numerical_jacobian

GRAPH, ENTRY, ORDER, LONGER = slips.see(
    "A graph of five numbers", "One entry for each input", "Order and points", "Longer chains"
)

# Of exercise 6.1: the slope on each arrow, from a node to one of its inputs.
_SLOPES = {
    ("f", "w3"): 10,
    ("f", "w2"): 9,
    ("w3", "w1"): 6,
    ("w2", "y1"): 2,
    ("w2", "y2"): 5,
    ("w1", "y1"): 1,
    ("w1", "y2"): -1,
}


def _walked(changed=None, together=sum, start=1):
    """The upstreams of exercise 6.1. changed: {(node, input): another slope}; together: what is made of the shares."""
    u = {"f": start}
    for name in ("w3", "w2", "w1", "y1", "y2"):
        shares = [slope * u[node] for (node, to), slope in (_SLOPES | (changed or {})).items() if to == name]
        u[name] = together(shares)
    del u["f"]
    return u


def _used_once(*uses):
    """The upstreams where the given uses (node, input) have sent nothing."""
    return lambda: _walked(dict.fromkeys(uses, 0))


class WalkBack(Exercise):
    id = "6.1"
    title = "Walk back"
    points = 1
    name = "walked_back"
    returns = "a dict of five numbers"
    hints = (
        "Draw the graph with the values 5, 2 and those of w_1, w_2, w_3 and f. Which arrows lead into each node?",
        "Write the local slope on every arrow: for a square it depends on the value that is squared.",
        "Begin with u = 1 at f. Go on from a node when all its shares have arrived; y_1 and y_2 have two each.",
    )
    because = (
        "f sends 10 to w_3 and 9 to w_2. w_3 has the slope 2 w_1 = 6 and sends 60 to w_1. w_2 sends 2·9 = 18 to y_1 "
        "and 5·9 = 45 to y_2; w_1 sends 60 to y_1 and -60 to y_2. So y_1 has 78 and y_2 has -15."
    )
    mistakes = (
        *(Wrong("one use only", _used_once(*uses), f"{message} {GRAPH}") for uses, message in (
            ([("w1", "y1"), ("w1", "y2")], "y_1 and y_2 are used twice, and only one of the uses has sent its shares."),
            ([("w2", "y1"), ("w2", "y2")], "y_1 and y_2 are used twice. Their shares from the product are missing."),
            ([("w1", "y1")], "y_1 is used in two nodes, and the difference has sent it nothing."),
            ([("w2", "y1")], "y_1 is used in two nodes, and the product has sent it nothing."),
            ([("w1", "y2")], "y_2 is used in two nodes, and the difference has sent it nothing."),
            ([("w2", "y2")], "y_2 is used in two nodes, and the product has sent it nothing."))),
        Wrong("sign", lambda: _walked({("w1", "y2"): 1}),
              f"One of the local slopes is negative: what does w_1 do when y_2 grows? {GRAPH}"),
        Wrong("sign", lambda: _walked({("w1", "y1"): -1, ("w1", "y2"): 1}),
              f"The two slopes of the difference have exchanged their signs. {GRAPH}"),
        Wrong("sign", lambda: _walked({("w1", "y1"): -1}),
              f"Both slopes of the difference are negative here: what does w_1 do when y_1 grows? {GRAPH}"),
        Wrong("sign", lambda: _walked({("w2", "y2"): -5}),
              f"Both shares of y_2 are negative here: what does w_2 do when y_2 grows? {GRAPH}"),
        Wrong("sign", lambda: _walked({("w2", "y1"): -2}),
              f"The share that y_1 gets from the product has the wrong sign: what does w_2 do when y_1 grows? {GRAPH}"),
        Wrong("value instead of derivative", lambda: _walked() | {"y1": 70, "y2": -50},
              f"What w_2 sends here is its value. A share is a slope times u. {GRAPH}"),
        Wrong("value instead of derivative", lambda: _walked({("f", "w3"): 90, ("f", "w2"): 90}),
              f"f sends its value to both. How does it change with each of its factors? {GRAPH}"),
        Wrong("counted twice", lambda: _walked({("w2", "w1"): 1}),
              f"w_1 has got a share from w_2. Which nodes are computed from w_1? {GRAPH}"),
        Wrong("sign", lambda: _walked() | {"y2": 15},
              f"Of the two shares of y_2, which is larger, and what is its sign? {GRAPH}"),
        Wrong("wrong variable", lambda: _walked({("f", "w3"): 9, ("f", "w2"): 10}),
              f"At f each factor got its own value as its slope. If one moves, what is it multiplied by? {GRAPH}"),
        Wrong("wrong variable", lambda: _walked({("w2", "y1"): 5, ("w2", "y2"): 2}),
              f"At w_2 each factor got its own value as its slope. If one moves, what is it multiplied by? {GRAPH}"),
        Wrong("wrong variable", lambda: _walked({("f", "w3"): 9, ("f", "w2"): 10, ("w2", "y1"): 5, ("w2", "y2"): 2}),
              f"In both products each factor got its own value as its slope. If one moves, what is it multiplied by? "
              f"{GRAPH}"),
        *(Wrong("power rule", lambda slope=slope: _walked({("w3", "w1"): slope}), f"{message} {GRAPH}")
          for slope, message in (
            (2, "The slope of a square depends on where it is taken; yours is the same everywhere."),
            (3, "A factor is lost in the slope of the square."),
            (9, "The square itself stands where its slope belongs."),
            (18, "The exponent has come down, but the power has not dropped."))),
        Wrong("sign", lambda: _walked({("w3", "w1"): -6}),
              f"The share of w_1 has the wrong sign: what is w_1, and does its square grow there or fall? {GRAPH}"),
        Wrong("square forgotten", lambda: _walked({("f", "w2"): 3}),
              f"f sends its other factor to w_2, and that factor is not w_1. {GRAPH}"),
        Wrong("reversed order", lambda: _walked({("w3", "w1"): -6, ("w2", "y1"): 5, ("w2", "y2"): 2}),
              f"y_1 and y_2 have changed places, in their values or in your answer: y_1 is 5. {GRAPH}"),
        Wrong("inner derivative forgotten", lambda: _walked({("w3", "w1"): 1}),
              f"w_3 hands its u on to w_1 unchanged, as if the two were the same. {GRAPH}"),
        Wrong("upstream forgotten", lambda: {"w3": 10, "w2": 9, "w1": 6, "y1": 3, "y2": 4},
              f"These are the local slopes, added up. A share is the slope times the u of the node that sends it. "
              f"{GRAPH}"),
        Wrong("upstream forgotten", lambda: _walked() | {"y1": 3, "y2": 4},
              f"What arrives at y_1 and y_2 are slopes alone. Each belongs with the u of its sender. {GRAPH}"),
        Wrong("upstream forgotten", lambda: _walked() | {"y1": 62, "y2": -55},
              f"What w_2 sends is its slopes alone. It has a u of its own. {GRAPH}"),
        Wrong("upstream forgotten", lambda: _walked() | {"y1": 19, "y2": 44},
              f"What w_1 sends is its slopes alone. It has a u of its own. {GRAPH}"),
        Wrong("upstream forgotten", lambda: _walked({("w3", "w1"): 6 / 10}),
              f"What w_3 sends is its slope alone. It has a u of its own. {GRAPH}"),
        Wrong("value instead of derivative", lambda: {"w3": 9, "w2": 10, "w1": 3, "y1": 5, "y2": 2},
              f"These are the values of the way forward. The walk back is still to come. {GRAPH}"),
        Wrong("value instead of derivative", lambda: _walked(start=90),
              f"The walk begins with the value of f. How does f change with f? {GRAPH}"),
        Wrong("value instead of derivative", lambda: _walked() | {"w3": 9, "w2": 10, "w1": 3},
              f"For the nodes in between you give their values; their upstreams are asked for. {GRAPH}"),
        Wrong("product for sum", lambda: _walked(together=np.prod),
              f"The shares that arrive at one node are multiplied. Each comes by another path. {GRAPH}"),
        Wrong("constant factor", lambda: _walked(together=lambda shares: sum(shares) / len(shares)),
              f"The mean of the shares is taken. Two uses move f by more than one does. {GRAPH}"),
        Wrong("sum for product", lambda: {"w3": 10, "w2": 9, "w1": 16, "y1": 28, "y2": 29},
              f"Slope and upstream are added; a share is their product. {GRAPH}"),
        Wrong("sum for product", lambda: _walked({("f", "w3"): 1, ("f", "w2"): 1}),
              f"f sends its u unchanged, as a sum does. What is the slope of a product in one factor? {GRAPH}"),
        Wrong("sum for product", lambda: _walked({("w2", "y1"): 1, ("w2", "y2"): 1}),
              f"w_2 sends its u unchanged, as a sum does. What is the slope of a product in one factor? {GRAPH}"),
        Wrong("sum for product", lambda: _walked({("f", "w3"): 1, ("f", "w2"): 1, ("w2", "y1"): 1, ("w2", "y2"): 1}),
              f"Both products send u unchanged, as sums do. What is the slope of a product in one factor? {GRAPH}"),
        Wrong("product for sum", lambda: _walked({("w1", "y1"): 2, ("w1", "y2"): 5}),
              f"w_1 is treated as a product. It is a difference: what are its two slopes? {GRAPH}"),
        Wrong("partial instead of total", lambda: {"w3": 10, "w2": 9, "w1": 0, "y1": 0, "y2": 0},
              f"Only what stands in the formula for f is counted. The others move f through w_2 and w_3. {GRAPH}"),
        Wrong("wrong variable", lambda: {"w3": 6, "w2": 2, "w1": 1, "y1": 1, "y2": 0},
              f"You went forward: these say how each node changes with y_1. The exercise asks how f changes with "
              f"each. {GRAPH}"),
        Wrong("value instead of derivative", lambda: _walked() | {"y1": 80, "y2": -10},
              f"What w_2 sends is multiplied by its value, not by its u. {GRAPH}"),
    )  # fmt: skip

    def solution(self):
        y1, y2 = 5, 2
        w1, w2 = y1 - y2, y1 * y2  # 3 and 10
        w3 = w1**2  # 9, and f = w2 * w3 = 90
        u3, u2 = w2, w3
        u1 = 2 * w1 * u3
        return {"w3": u3, "w2": u2, "w1": u1, "y1": y2 * u2 + u1, "y2": y1 * u2 - u1}


def _own_jacobians(a, b, c, x):
    """[da, db, dc] of a ∘ b ∘ c, each at its own input."""
    u = c(x)
    return [numerical_jacobian(f, point) for f, point in ((a, b(u)), (b, u), (c, x))]


def _factor_named(a, b, c, factors, x, agree=False, reference=None, last=False):
    """The name of the first (or last) factor that differs from the reference (agree: that agrees), or "none"."""
    reference = reference or _own_jacobians(a, b, c, x)
    names = zip(("da", "db", "dc"), factors, reference, strict=True)
    found = [name for name, F, J in names if bool(np.abs(F - J).max() < 1e-9) == agree]
    return found[-1 if last else 0] if found else "none"


def _all_at_x(a, b, c, factors, x, last=False):
    """The answer of one who takes every factor at x."""
    J = [numerical_jacobian(f, x) for f in (a, b, c)]
    return _factor_named(a, b, c, factors, x, reference=J, last=last), J[0] @ J[1] @ J[2]


def _all_at_outputs(a, b, c, factors, x, last=False):
    """The answer of one who takes every factor at the output of its function."""
    u, w = c(x), b(c(x))
    J = [numerical_jacobian(f, point) for f, point in ((a, a(w)), (b, w), (c, u))]
    return _factor_named(a, b, c, factors, x, reference=J, last=last), J[0] @ J[1] @ J[2]


def _right_one_named(a, b, c, factors, x, last=False):
    """The right product, with a factor that is right named as the wrong one."""
    return _factor_named(a, b, c, factors, x, agree=True, last=last), _product(_own_jacobians(a, b, c, x))


def _product(J):
    return J[0] @ J[1] @ J[2]


def _farthest(factors, reference):
    """The name of the factor that differs most from the reference."""
    gaps = [np.abs(F - J).max() for F, J in zip(factors, reference, strict=True)]
    return ("da", "db", "dc")[int(np.argmax(gaps))]


def _named_by_signed_gap(a, b, c, factors, x, gap):
    """The right product, and the name of the factor whose differences, with their signs, give the largest gap."""
    own = _own_jacobians(a, b, c, x)
    gaps = [gap(F - J) for F, J in zip(factors, own, strict=True)]
    return ("da", "db", "dc")[int(np.argmax(gaps))], _product(own)


def _compared_at(a, b, c, factors, x, points):
    """The answer of one who takes the Jacobians at other points, and names the factor that is farthest from them."""
    J = [numerical_jacobian(f, at) for f, at in zip((a, b, c), points(a, b, c, x), strict=True)]
    return _farthest(factors, J), _product(J)


def _repaired_at(a, b, c, factors, x, points):
    """The right name, and the product with the wrong factor put right at another point than its own."""
    own, mended = _own_jacobians(a, b, c, x), list(factors)
    k = ("da", "db", "dc").index(_farthest(factors, own))
    mended[k] = numerical_jacobian((a, b, c)[k], points(a, b, c, x)[k])
    return _farthest(factors, own), _product(mended)


_WRONG_POINTS = (
    (lambda a, b, c, x: (b(x), c(x), x),
     "You compare da at b(x). What has b received in the composition? See 'Order and points'."),
    (lambda a, b, c, x: (x, a(x), b(a(x))),
     "You let a act first and c last. In a ∘ b ∘ c, which function receives x? See 'Order and points'."),
    (lambda a, b, c, x: (x, c(x), b(c(x))),
     "You compare da at x and dc at b(c(x)): their points have changed places. See 'Order and points'."),
    (lambda a, b, c, x: (c(x), c(x), x),
     "You compare da at c(x). Which function acts between c and a? See 'Order and points'."),
    (lambda a, b, c, x: (b(c(x)), x, x),
     "You compare db at x. What has reached b in the composition? See 'Order and points'."),
    (lambda a, b, c, x: (c(b(x)), c(x), x),
     "You compare da at c(b(x)). In which order do b and c act before a? See 'Order and points'."),
    (lambda a, b, c, x: (x, x, x),
     "You compare all three factors at x. Which of the functions receives x? See 'Order and points'."),
    (lambda a, b, c, x: (a(b(c(x))), b(c(x)), c(x)),
     "You compare each factor at the output of its function. What is the slope of a function taken at? See 'Order and "
     "points'."),
)  # fmt: skip


class WrongPoint(Exercise):
    id = "6.2"
    title = "The factor at the wrong point"
    points = 3
    name = "find_and_repair"
    arguments = ("a", "b", "c", "factors", "x")
    returns = "a tuple of a text and an array (2, 2)"
    hints = (
        "All shapes are (2, 2), so only the numbers can tell. Against what can you compare each factor?",
        "numerical_jacobian(f, point) measures the Jacobian of f at a point. Which point belongs to a, to b, to c?",
        "Compare with np.abs(...).max() > 1e-6, and multiply the measured ones in the order of the composition.",
    )
    because = "c is taken at x, b at c(x), a at b(c(x)); the factor that differs from its measurement is the one."
    mistakes = (
        *(Wrong("sign", partial(_named_by_signed_gap, gap=gap),
                "You add up the differences with their signs, so that they cancel, and a negative sum counts for less "
                "than none. How far apart are two numbers?")
          for gap in (np.sum, lambda d: np.sum(-d))),
        *(Wrong("slope at the wrong point", partial(_all_at_x, last=which == "last"),
                f"You compare every factor with the Jacobian at x, and name the {which} that differs. Only c sees x: "
                "see 'Order and points'.") for which in ("first", "last")),
        *(Wrong("slope at the wrong point", partial(_all_at_outputs, last=which == "last"),
                f"You compare every factor with the Jacobian at the output of its function, and name the {which} that "
                "differs. It belongs at the input: see 'Order and points'.") for which in ("first", "last")),
        Wrong("reversed product", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), _product(_own_jacobians(a, b, c, x)[::-1])),
              "Your product has the factors in the order in which the functions act, which is "
              "not the order in which they are written: see 'Order and points'."),
        Wrong("left as it was", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), _product(factors)),
              "You multiplied the factors as they were given, with the wrong one among them. "
              "Put it right first."),
        *(Wrong("answer inverted", partial(_right_one_named, last=which == "last"),
                f"You name a factor that is right, the {which} one of them: look at the "
                "direction of your comparison.") for which in ("first", "last")),
        Wrong("transposed", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), _product(_own_jacobians(a, b, c, x)).T),
              "Your product is transposed: rows belong to outputs, as in lesson 03."),
        Wrong("elementwise product", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), np.prod(_own_jacobians(a, b, c, x), axis=0)),
              "The three matrices are multiplied entry by entry: the product of Jacobians is "
              "written @."),
        Wrong("reversed order", lambda a, b, c, factors, x: WrongPoint.solution(None, a, b, c, factors, x)[::-1],
              "The two have changed places: the name comes first."),
        Wrong("counted from 0", lambda a, b, c, factors, x:
              (["da", "db", "dc"].index(_factor_named(a, b, c, factors, x)), _product(_own_jacobians(a, b, c, x))),
              "You give the place of the factor; its name is asked for, as a text."),
        Wrong("reversed order", lambda a, b, c, factors, x:
              (["dc", "db", "da"][["da", "db", "dc"].index(_factor_named(a, b, c, factors, x))],
               _product(_own_jacobians(a, b, c, x))),
              "You counted the factors from the other end: da belongs to the function that acts "
              "last."),
        *(Wrong("wrong layer's input", partial(_compared_at, points=points), message)
          for points, message in _WRONG_POINTS),
        Wrong("reversed order", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), numerical_jacobian(lambda x: c(b(a(x))), x)),
              "Your Jacobian belongs to c ∘ b ∘ a: which function receives x first? See 'Three functions'."),
        Wrong("term missing", lambda a, b, c, factors, x: _factor_named(a, b, c, factors, x),
              "You return the name alone. The Jacobian is asked for too."),
        Wrong("term missing", lambda a, b, c, factors, x: _product(_own_jacobians(a, b, c, x)),
              "You return the Jacobian alone. The name of the wrong factor is asked for too."),
        *(Wrong("coincidence", lambda a, b, c, factors, x, name=name: (name, _product(_own_jacobians(a, b, c, x))),
                f"You name {name} whatever is given. In another example another factor is the wrong one.")
          for name in ("da", "db", "dc")),
        Wrong("value instead of derivative", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), a(b(c(x)))),
              "Your second answer is the value of the composition, not its Jacobian."),
        Wrong("left as it was", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), dict(zip(("da", "db", "dc"), _own_jacobians(a, b, c, x), strict=True)
                                                        )[_factor_named(a, b, c, factors, x)]),
              "This is one factor, put right. The exercise asks for the Jacobian of the composition, from all three."),
        Wrong("spelling", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x)[1], _product(_own_jacobians(a, b, c, x))),
              "You name the function; the name of its factor begins with d."),
        Wrong("not summed", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), _own_jacobians(a, b, c, x)),
              "The three Jacobians are right. Their product is asked for."),
        Wrong("sum for product", lambda a, b, c, factors, x:
              (_factor_named(a, b, c, factors, x), sum(_own_jacobians(a, b, c, x))),
              "The three Jacobians are added; along a chain they are multiplied."),
        Wrong("reversed product", lambda a, b, c, factors, x: (_factor_named(a, b, c, factors, x), (
              lambda J: J[0] @ J[2] @ J[1])(_own_jacobians(a, b, c, x))),
              "Two of the three stand in the wrong order in your product: see 'Order and "
              "points'."),
        Wrong("reversed product", lambda a, b, c, factors, x: (_factor_named(a, b, c, factors, x), (
              lambda J: J[1] @ J[0] @ J[2])(_own_jacobians(a, b, c, x))),
              "In your product the factors of a and b have changed places: see 'Order and points'."),
        Wrong("transposed", lambda a, b, c, factors, x: (_factor_named(a, b, c, factors, x), (
              lambda J: J[0].T @ J[1].T @ J[2].T)(_own_jacobians(a, b, c, x))),
              "Each of your factors is transposed: rows belong to outputs, as in lesson 03."),
        Wrong("wrong concept", lambda a, b, c, factors, x: (
              _factor_named(a, b, c, factors, x), _product(_own_jacobians(a, b, c, x)) @ x),
              "Your product is multiplied by x at the end. x is the point at which it is taken, not a factor."),
        Wrong("wrong concept", lambda a, b, c, factors, x: (lambda J: (_farthest(factors, [J] * 3), J))(
              _product(_own_jacobians(a, b, c, x))),
              "You compare each factor with the Jacobian of the whole composition. A factor belongs to one function "
              "alone: see 'Order and points'."),
        *(Wrong("slope at the wrong point", partial(_repaired_at, points=points), message)
          for points, message in (
              (lambda a, b, c, x: (x, x, x),
               "You put the wrong factor right at x, whichever it is. Which function receives x? See 'Order and "
               "points'."),
              (lambda a, b, c, x: (a(b(c(x))), b(c(x)), c(x)),
               "You put the wrong factor right at the output of its function. What has the function received? See "
               "'Order and points'."))),
        *(Wrong("others dropped", lambda a, b, c, factors, x, pair=pair: (
                    _factor_named(a, b, c, factors, x), np.linalg.multi_dot(_own_jacobians(a, b, c, x)[pair])),
                f"Your product has two factors. The third is that of {missing}, which belongs to the chain as well: "
                "see 'Three functions'.")
          for missing, pair in (("c", slice(0, 2)), ("a", slice(1, 3)))),
    )  # fmt: skip

    def cases(self, rng):
        orders = (("fold", "twist", "polar"), ("polar", "fold", "twist"), ("twist", "polar", "fold"))
        for k, (factor, at) in enumerate(((1, 2), (0, 1), (2, 0), (1, 0), (0, 2))):
            a, b, c = map(probe, orders[k % 3])
            x = np.round(rng.uniform(0.6, 1.4, size=(2, 1)), 2)
            factors = _own_jacobians(a, b, c, x)
            factors[factor] = numerical_jacobian((a, b, c)[factor], (b(c(x)), c(x), x)[at])
            yield {"a": a, "b": b, "c": c, "factors": factors, "x": x}

    def solution(self, a, b, c, factors, x):
        u = c(x)
        w = b(u)
        right = [numerical_jacobian(a, w), numerical_jacobian(b, u), numerical_jacobian(c, x)]
        for name, given, own in zip(("da", "db", "dc"), factors, right, strict=True):
            if np.abs(given - own).max() > 1e-6:
                wrong = name
        return wrong, right[0] @ right[1] @ right[2]


def _tanh_slopes(z):
    """The Jacobian (N, N) of tanh at the column z."""
    return np.diag((1 - np.tanh(z) ** 2).ravel())


def _forward(W0, b0, W1, b1, x):
    """z0, z1 and the Jacobians of tanh there, for tanh(W1 tanh(W0 x + b0) + b1)."""
    z0 = W0 @ x + b0
    z1 = W1 @ np.tanh(z0) + b1
    return z0, z1, _tanh_slopes(z0), _tanh_slopes(z1)


def _from_factors(combine):
    """combine(W0, W1, D0, D1), as a function of the exercise's arguments."""
    return lambda W0, b0, W1, b1, x: combine(W0, W1, *_forward(W0, b0, W1, b1, x)[2:])


def _slopes_at_x(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who takes the slopes of tanh at x."""
    return _tanh_slopes(x) @ W1 @ _tanh_slopes(x) @ W0


def _with_slopes(slope, inner=None, outer=None):
    """The answer to 6.3 of one who puts slope(z) for the slopes of tanh, or inner and outer for those of one layer."""

    def answer(W0, b0, W1, b1, x):
        z0, z1, _, _ = _forward(W0, b0, W1, b1, x)
        return (outer or slope)(z1) * (W1 @ ((inner or slope)(z0) * W0))

    return answer


def _slope_of_tanh(z):
    return 1 - np.tanh(z) ** 2


def _two_sigmoids(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who takes both layers for sigmoids."""
    n0 = 1 / (1 + np.exp(-(W0 @ x + b0)))
    n1 = 1 / (1 + np.exp(-(W1 @ n0 + b1)))
    return n1 * (1 - n1) * (W1 @ (n0 * (1 - n0) * W0))


def _tanh_skipped(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who feeds the second affine map with z0 and not with tanh(z0)."""
    z0 = W0 @ x + b0
    return _tanh_slopes(W1 @ z0 + b1) @ W1 @ _tanh_slopes(z0) @ W0


def _hidden_values_in_one_axis(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who lays tanh(z0) flat: W1 n0 + b1 is a table then, and np.diag takes its diagonal."""
    n0 = np.tanh(W0 @ x + b0).ravel()
    n1 = np.tanh(W1 @ n0 + b1)
    return np.diag(1 - n1**2) @ W1 @ np.diag(1 - n0**2) @ W0


def _diag_of_a_column(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who gives np.diag a column; it raises."""
    z0, z1, _, _ = _forward(W0, b0, W1, b1, x)
    return np.diag(1 - np.tanh(z1) ** 2) @ W1 @ np.diag(1 - np.tanh(z0) ** 2) @ W0


def _from_columns(combine):
    """combine(W0, W1, d0, d1) with the slopes in columns, as a function of the exercise's arguments."""

    def answer(W0, b0, W1, b1, x):
        z0, z1, _, _ = _forward(W0, b0, W1, b1, x)
        return combine(W0, W1, _slope_of_tanh(z0), _slope_of_tanh(z1))

    return answer


def _slopes_in_columns(W0, b0, W1, b1, x):
    """The answer to 6.3 of one who leaves np.diag out; it raises."""
    z0, z1, _, _ = _forward(W0, b0, W1, b1, x)
    return (1 - np.tanh(z1) ** 2) @ W1 @ (1 - np.tanh(z0) ** 2) @ W0


class FourLayers(Exercise):
    id = "6.3"
    title = "A product of four factors"
    points = 3
    name = "network_jacobian"
    arguments = ("W0", "b0", "W1", "b1", "x")
    returns = "a Jacobian (K, p)"
    derivation_is_asked = True
    hints = (
        "Four functions, so four factors. Write the product down with letters and shapes before any code.",
        "Two of the factors are W0 and W1. The other two are diagonal, with the slopes 1 - tanh² (lesson 04).",
        "Compute and keep z0 = W0 x + b0 and z1 on the way up. Each diagonal factor needs one of them.",
    )
    because = "df = D1 W1 D0 W0, with D0 = diag(1 - tanh²(z0)), D1 = diag(1 - tanh²(z1)): each at its own input."
    mistakes = (
        Wrong("reversed product", _from_factors(lambda W0, W1, D0, D1: W0 @ D0 @ W1 @ D1),
              "The four factors are there, in the order in which the functions act. The function that acts first "
              "stands at the right: see 'Order and points'."),
        Wrong("reversed product", _from_factors(lambda W0, W1, D0, D1: W1 @ D1 @ W0 @ D0),
              "The slopes stand on the wrong side of the weights: which function acts first? See 'Longer chains'."),
        Wrong("inner derivative forgotten", _from_factors(lambda W0, W1, D0, D1: W1 @ W0),
              "Only the affine maps are differentiated. Four functions give four factors: see 'Longer chains'."),
        Wrong("outer derivative forgotten", _from_factors(lambda W0, W1, D0, D1: W1 @ D0 @ W0),
              "One tanh is not differentiated, the one that acts last. Count the factors: see 'Longer chains'."),
        Wrong("inner derivative forgotten", _from_factors(lambda W0, W1, D0, D1: D1 @ W1 @ W0),
              "One tanh is not differentiated, the inner one. Count the factors: see 'Longer chains'."),
        Wrong("silent broadcast", _hidden_values_in_one_axis,
              "A hidden column was flattened before the second layer, where its product with W1 meets the column b1 "
              "and makes a table of both. Keep columns until np.diag: see 'Longer chains'."),
        *(Wrong("flattened", answer,
                "The slopes of tanh belong in a square matrix. A column is not one, and np.diag of a column takes out "
                "one number: it needs a 1-D array. See 'Longer chains'.")
          for answer in (_diag_of_a_column, _slopes_in_columns)),
        Wrong("flattened", lambda W0, b0, W1, b1, x: (lambda z0, z1: (
              np.diag(_slope_of_tanh(z1)) * W1 @ (np.diag(_slope_of_tanh(z0)) * W0)))(
              *_forward(W0, b0, W1, b1, x)[:2]),
              "np.diag of a column takes out one number, and your matrices are multiplied by that number alone: it "
              "needs a 1-D array. See 'Longer chains'."),
        Wrong("transposed", _from_factors(lambda W0, W1, D0, D1: (D1 @ W1 @ D0 @ W0).T),
              "Every factor is right, and the result is transposed: rows belong to outputs, as in lesson 03."),
        Wrong("slope at the wrong point", _tanh_skipped,
              "The last tanh is asked for its slope at W1 (W0 x + b0) + b1, which occurs nowhere in the network. What "
              "acts between the two affine maps? See 'Longer chains'."),
        Wrong("slope at the wrong point", _slopes_at_x,
              "Both slopes are taken at x, which only the first function ever sees: see 'Order and points'."),
        *slips.slopes_of_tanh(_with_slopes, LONGER),
        *slips.slopes_of_tanh(partial(_with_slopes, outer=_slope_of_tanh), f"Only in the first layer. {LONGER}"),
        *slips.slopes_of_tanh(partial(_with_slopes, inner=_slope_of_tanh), f"Only in the last layer. {LONGER}"),
        Wrong("square forgotten", _with_slopes(lambda z: 1 / np.cosh(z)),
              f"1/cosh is not yet the slope of tanh: compare both (lesson 04) far from 0. {LONGER}"),
        Wrong("outer derivative forgotten", lambda W0, b0, W1, b1, x: _tanh_slopes(W0 @ x + b0) @ W0,
              f"Only the first layer is there, with two of the four factors. {LONGER}"),
        slips.flattened(lambda *inputs: FourLayers.solution(None, *inputs), LONGER),
        *(slips.bias_forgotten(lambda *inputs: FourLayers.solution(None, *inputs), ("W0", "b0", "W1", "b1", "x"),
                               *biases, see=LONGER) for biases in (("b0",), ("b1",), ("b0", "b1"))),
        Wrong("another activation's slope", _two_sigmoids,
              f"Both layers are taken for sigmoids; here they have tanh. {LONGER}"),
        Wrong("reversed product", _from_factors(lambda W0, W1, D0, D1: D0 @ W0 @ D1 @ W1),
              f"Each layer has its two factors in the right order, and the layers stand the wrong way round. {ORDER}"),
        Wrong("reversed product", lambda W0, b0, W1, b1, x: (lambda z0, z1, D0, D1: (
              W1 * np.diag(D1)) @ (W0 * np.diag(D0)))(*_forward(W0, b0, W1, b1, x)),
              f"A 1-D array times a matrix scales its columns. The slopes belong to the rows, the outputs. {LONGER}"),
        Wrong("value instead of derivative", lambda W0, b0, W1, b1, x: np.tanh(_forward(W0, b0, W1, b1, x)[1]),
              f"This is f(x) itself. The exercise asks for its Jacobian. {LONGER}"),
        Wrong("wrong concept", lambda W0, b0, W1, b1, x: FourLayers.solution(None, W0, b0, W1, b1, x) @ x,
              f"The Jacobian is multiplied by x at the end, and a column is left. x is the point at which it is taken, "
              f"not a factor. {ORDER}"),
        Wrong("term missing", _from_factors(lambda W0, W1, D0, D1: D1 @ W1 @ D0),
              f"One of the four factors is missing, the one of the function that acts first. {LONGER}"),
        Wrong("elementwise product", lambda W0, b0, W1, b1, x: (lambda z0, z1, D0, D1: D1 * W1 * D0 * W0)(
              *_forward(W0, b0, W1, b1, x)),
              f"The four matrices are multiplied entry by entry, which needs squares. {LONGER}"),
        Wrong("elementwise product", lambda W0, b0, W1, b1, x: (lambda z0, z1: (
              _slope_of_tanh(z1) * W1 * _slope_of_tanh(z0) * W0))(*_forward(W0, b0, W1, b1, x)[:2]),
              "All four factors are multiplied entry by entry. A column of slopes may scale the rows of a matrix like "
              f"that; what the two layers make is joined by @. {LONGER}"),
        Wrong("reversed product", lambda W0, b0, W1, b1, x: (lambda z0, z1: (
              (_slope_of_tanh(z1) * W1) @ (_slope_of_tanh(z0).T * W0)))(*_forward(W0, b0, W1, b1, x)[:2]),
              "The inner slopes scale the columns of W0: they multiply it as a row, or as a factor at its right. They "
              f"belong to its rows, the outputs. {LONGER}"),
        Wrong("reversed product", _from_factors(lambda W0, W1, D0, D1: W1 @ D1 @ D0 @ W0),
              f"The two slopes stand side by side, and W1 in front of both. What acts between them? {ORDER}"),
        Wrong("slope at the wrong point", _from_factors(lambda W0, W1, D0, D1: D0 @ W1 @ D1 @ W0),
              f"The slopes of the two layers have changed places. Which of them belongs to the last tanh? {ORDER}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x: (
              _forward(W0, b0, W1, b1, x)[3] @ W1 @ W0 @ _tanh_slopes(x)),
              f"The inner slopes are taken at x, and before W0. What does the first tanh receive? {ORDER}"),
        Wrong("term missing", _with_slopes(lambda z: np.tanh(z) ** 2),
              f"The square of the value is not yet the slope of tanh: what is the slope at 0? {LONGER}"),
        Wrong("constant kept", lambda W0, b0, W1, b1, x: (lambda z0, z1, D0, D1: D1 @ (W1 + b1) @ D0 @ (W0 + b0))(
              *_forward(W0, b0, W1, b1, x)),
              f"The biases are added to the matrices. What is the slope of an added constant? {LONGER}"),
        Wrong("not summed", lambda W0, b0, W1, b1, x: (lambda z0, z1, D0, D1: (D1, W1, D0, W0))(
              *_forward(W0, b0, W1, b1, x)),
              f"These are the four factors. Their product is asked for. {LONGER}"),
        Wrong("bias forgotten", lambda W0, b0, W1, b1, x: (
              _tanh_slopes(W1 @ (W0 @ x + b0)) @ W1 @ _tanh_slopes(W0 @ x + b0) @ W0),
              "The last tanh is asked for its slope at W1 (W0 x + b0), without the first tanh and without b1. What "
              f"does it receive? {LONGER}"),
        Wrong("precedence", _from_columns(lambda W0, W1, d0, d1: d1 * W1 @ d0 * W0),
              "* and @ have the same rank, so Python takes them from left to right: here W1 meets the inner slopes "
              f"before they have met W0. Set brackets around each layer. {LONGER}"),
        Wrong("silent broadcast", _from_columns(lambda W0, W1, d0, d1: d1 * (W1 * d0) @ W0),
              "The inner slopes scale the rows of W1: they multiply it as a column, or as a factor at its left. Which "
              f"index do they share with W1, that of its rows or of its columns? {LONGER}"),
        Wrong("inner derivative forgotten", _from_factors(lambda W0, W1, D0, D1: D1 @ W1),
              f"Only the last layer is there, with two of the four factors. {LONGER}"),
        *(Wrong("slope at the wrong point", _from_factors(combine),
                f"Both slopes are taken at {point}. Each tanh has an input of its own. {ORDER}")
          for point, combine in (("z0", lambda W0, W1, D0, D1: D0 @ W1 @ D0 @ W0),
                                 ("z1", lambda W0, W1, D0, D1: D1 @ W1 @ D1 @ W0))),
        Wrong("summed too early", _from_factors(lambda W0, W1, D0, D1: (D1 @ W1 @ D0 @ W0).sum(axis=0, keepdims=True)),
              "The rows of the product are added up, by a sum or by slopes that lie in a row. Each output keeps a row "
              f"of its own. {LONGER}"),
        Wrong("slope at the wrong point", lambda W0, b0, W1, b1, x: (
                  _forward(W0, b0, W1, b1, x)[3] @ W1 @ _tanh_slopes(x) @ W0),
              "The inner slopes are taken at x, which the first tanh never sees. The outer ones are right. "
              f"{ORDER}"),
        *(Wrong("sum for product", _from_factors(combine),
                f"You added where the factors of a chain are multiplied: one function acts on what the other returns. "
                f"{LONGER}")
          for combine in (lambda W0, W1, D0, D1: D1 @ W1 + D0 @ W0, lambda W0, W1, D0, D1: (D1 + W1) @ (D0 + W0))),
        *(Wrong("transposed", _from_factors(combine),
                f"{which} is transposed in your product. What was a row of it for the forward pass, and which index of "
                f"a Jacobian counts the outputs? {LONGER}")
          for which, combine in (("W1", lambda W0, W1, D0, D1: D1 @ W1.T @ D0 @ W0),
                                 ("W0", lambda W0, W1, D0, D1: D1 @ W1 @ D0 @ W0.T),
                                 ("Each of the two W", lambda W0, W1, D0, D1: D1 @ W1.T @ D0 @ W0.T))),
        Wrong("outer derivative forgotten", _with_slopes(lambda z: 1 - np.tanh(z), outer=np.ones_like),
              "The last tanh is not differentiated. And for the first one, one minus the value is not yet the slope "
              f"(lesson 04). {LONGER}"),
        Wrong("outer derivative forgotten", _from_factors(lambda W0, W1, D0, D1: (W1 @ D0 @ W0).T),
              f"The last tanh is not differentiated. And the result is transposed: rows belong to outputs. {LONGER}"),
    )  # fmt: skip

    def cases(self, rng):
        for p, N, K in ((3, 3, 3), (3, 4, 2), (2, 5, 3), (4, 2, 1), *self.more((2, 3, 5), (1, 4, 2))):
            shapes = ((N, p), (N, 1), (K, N), (K, 1), (p, 1))
            yield dict(zip(self.arguments, (rng.normal(size=shape) for shape in shapes), strict=True))

    def solution(self, W0, b0, W1, b1, x):
        z0 = W0 @ x + b0
        z1 = W1 @ np.tanh(z0) + b1
        D0 = np.diag((1 - np.tanh(z0) ** 2).ravel())
        D1 = np.diag((1 - np.tanh(z1) ** 2).ravel())
        return D1 @ W1 @ D0 @ W0


# Of exercise 6.4: the sizes of the three products, (rows, middle, columns), for left first, right first, pairs first.
_ORDERS = (
    ((4, 3, 2), (4, 2, 1), (4, 1, 0)),
    ((2, 1, 0), (3, 2, 0), (4, 3, 0)),
    ((4, 3, 2), (2, 1, 0), (4, 2, 0)),
)


def _counts(left, right, pairs):
    """The dict that exercise 6.4 asks for."""
    found = {"left first": left, "right first": right, "pairs first": pairs}
    return found | {"least": min(found, key=found.get)}


def _true_counts(n):
    """The right counts for the widths n_0, …, n_4."""
    left = n[4] * n[3] * n[2] + n[4] * n[2] * n[1] + n[4] * n[1] * n[0]
    right = n[2] * n[1] * n[0] + n[3] * n[2] * n[0] + n[4] * n[3] * n[0]
    return _counts(left, right, n[4] * n[3] * n[2] + n[2] * n[1] * n[0] + n[4] * n[2] * n[0])


def _with_additions(n):
    """What the three bracketings cost if the additions count too: (m, n)(n, p) has m·p sums of n terms."""
    return [sum(n[i] * (2 * n[j] - 1) * n[k] for i, j, k in order) for order in _ORDERS]


def _neighbours_only(n):
    """The sum of n_{i+2} n_{i+1} n_i: as if every product were one of two of the original factors."""
    return n[4] * n[3] * n[2] + n[3] * n[2] * n[1] + n[2] * n[1] * n[0]


def _entries_only(n):
    """How many numbers the factors hold."""
    return sum(p * q for p, q in pairwise(n))


def _dearest_named(counts):
    """The same counts, with the dearest named as the least."""
    numbers = {name: count for name, count in counts.items() if name != "least"}
    return counts | {"least": max(numbers, key=numbers.get)}


class CheaperBracketing(Exercise):
    id = "6.4"
    title = "The cheaper bracketing"
    points = 2
    name = "multiplications"
    arguments = ("n",)
    returns = "a dict of three counts and a name"
    follows = ("least",)
    hints = (
        "Write the shapes of the four factors in the order of the product. Each product takes three sizes.",
        "Left first: the result keeps n[4] rows and enters the next product. Right first: it keeps n[0] columns.",
    )
    because = (
        "J_3 is (n_4, n_3), …, J_0 is (n_1, n_0), and (m, n)(n, p) costs m·n·p. Left first keeps n_4 rows through all "
        "three products, right first keeps n_0 columns, and pairs first ends with (n_4, n_2)(n_2, n_0)."
    )
    mistakes = (
        Wrong("reversed order", lambda n: _true_counts(n[::-1]),
              "Left and right are exchanged. n runs from the input to the output, and the factors stand the other "
              "way: which shape has the factor at the very left? See 'Same numbers, different cost'."),
        Wrong("sizes ignored", lambda n: _counts(*[_neighbours_only(n)] * 3),
              "You multiply the sizes of the original neighbours. After the first product one of the two matrices is "
              "a result, with a shape of its own: see 'Same numbers, different cost'."),
        Wrong("sizes ignored", lambda n: _counts(
              n[4] * n[3] * (n[2] + n[1] + n[0]), n[1] * n[0] * (n[2] + n[3] + n[4]),
              _true_counts(n)["pairs first"]),
              "One size is taken for the middle of every product. The middle is the size at which two neighbours meet, "
              "and it changes: see 'Same numbers, different cost'."),
        Wrong("wrong concept", lambda n: _counts(*[_entries_only(n)] * 3),
              "You counted how many numbers the four Jacobians hold. The exercise asks for the multiplications: see "
              "'Same numbers, different cost'."),
        Wrong("term missing", lambda n: _counts(n[4] * n[3] * n[2], n[2] * n[1] * n[0],
                                                n[4] * n[3] * n[2] + n[2] * n[1] * n[0]),
              "The last products are missing. Four factors need three products, in any bracketing."),
        Wrong("answer inverted", lambda n: _dearest_named(_true_counts(n)),
              "The bracketing that you name is the one with the most multiplications."),
        Wrong("product for sum", lambda n: _counts(
              n[4] * n[3] * n[2] * n[4] * n[2] * n[1] * n[4] * n[1] * n[0],
              n[2] * n[1] * n[0] * n[3] * n[2] * n[0] * n[4] * n[3] * n[0],
              n[4] * n[3] * n[2] * n[2] * n[1] * n[0] * n[4] * n[2] * n[0]),
              "The costs of the three products are multiplied. They are formed one after the other: see 'Same numbers, "
              "different cost'."),
        Wrong("product for sum", lambda n: _counts(_true_counts(n)["left first"], _true_counts(n)["right first"],
                                                   n[4] * n[3] * n[2] * n[2] * n[1] * n[0]),
              "For pairs first, the costs of the two pairs are multiplied. And what joins the two results?"),
        Wrong("term missing", lambda n: _counts(n[4] * n[3] * n[2] + n[4] * n[2] * n[1],
                                                n[2] * n[1] * n[0] + n[3] * n[2] * n[0],
                                                n[4] * n[3] * n[2] + n[2] * n[1] * n[0]),
              "The last product is missing each time. Four factors need three products, in any bracketing."),
        Wrong("term missing", lambda n: _counts(_true_counts(n)["left first"], _true_counts(n)["right first"],
                                                n[4] * n[3] * n[2] + n[2] * n[1] * n[0]),
              "For pairs first, one more product joins the two results."),
        Wrong("wrong concept", lambda n: _counts(n[4] * (n[2] + n[1] + n[0]), n[0] * (n[2] + n[3] + n[4]),
                                                 n[4] * n[2] + n[2] * n[0] + n[4] * n[0]),
              "You count the entries of the results. Each entry takes several multiplications: see 'Same numbers, "
              "different cost'."),
        Wrong("factor 2", lambda n: {name: 2 * count if name != "least" else count
                                     for name, count in _true_counts(n).items()},
              "The count is doubled, as if additions counted too. The exercise asks for the multiplications."),
        Wrong("wrong concept", lambda n: _counts(*_with_additions(n)),
              "You count additions as well. The exercise asks for multiplications alone: see 'Same numbers, different "
              "cost'."),
        *(Wrong("coincidence", lambda n, first=first: _true_counts(n) | {"least": first},
                f"You always name {first}; which is cheapest depends on the widths.")
          for first in ("left first", "right first", "pairs first")),
        Wrong("wrong concept", lambda n: _counts(*[n[4] * n[3] * n[2] * n[1] * n[0]] * 3),
              "You multiply all widths. Each product of two matrices takes three sizes: see 'Same numbers, "
              "different cost'."),
        Wrong("wrong concept", lambda n: _true_counts(n) | {"least": min(
              count for name, count in _true_counts(n).items() if name != "least")},
              "The fourth key asks for a name, not for the count."),
        Wrong("counted from 0", lambda n: _true_counts(n) | {"least": list(_true_counts(n)).index(
              _true_counts(n)["least"])},
              "The fourth key asks for the name of the bracketing, not for its place."),
        *(Wrong("sizes ignored", lambda n, middle=middle: _counts(
                _true_counts(n)["left first"], _true_counts(n)["right first"],
                n[4] * n[3] * n[2] + n[2] * n[1] * n[0] + n[4] * n[middle] * n[0]),
                f"For pairs first, the two pairs are counted right. In the last product you count with {size}, which "
                "neither of their results has: write down their shapes.")
          for middle, size in ((1, "n_1"), (3, "n_3"))),
        Wrong("wrong concept", lambda n: _true_counts(n) | {"least": "left first" if n[4] < n[0] else "right first"},
              "You choose the cheapest by the two ends alone. The widths between them count as well: compare your "
              "three numbers."),
        Wrong("spelling", lambda n: _true_counts(n) | {"least": _true_counts(n)["least"].split()[0]},
              "The fourth key asks for one of the other three keys, spelled in full."),
        Wrong("wrong concept", lambda n: _counts(*(
                  sum(n[i] * (n[j] - 1) * n[k] for i, j, k in order) for order in _ORDERS)),
              "You count the additions: a sum has one less of them than it has terms. The exercise asks for the "
              "multiplications: see 'Same numbers, different cost'."),
        Wrong("first only", lambda n: _counts(*(max(n[i] * n[j] * n[k] for i, j, k in order) for order in _ORDERS)),
              "Of the three products you count the dearest alone. All three have to be formed: see 'Same numbers, "
              "different cost'."),
        *(Wrong("term missing", lambda n, pair=pair: _counts(
                _true_counts(n)["left first"], _true_counts(n)["right first"],
                n[pair + 2] * n[pair + 1] * n[pair] + n[4] * n[2] * n[0]),
                "For pairs first, one of the two pairs is not counted. Both are multiplied before they are joined.")
          for pair in (2, 0)),
    )  # fmt: skip

    def cases(self, rng):
        for n in ([3, 4, 4, 2, 2], [80, 40, 30, 10, 1], [1, 12, 20, 30, 60], [50, 40, 2, 30, 60]):
            yield {"n": n}
        yield {"n": sorted(int(size) for size in rng.choice(np.arange(5, 60), size=5, replace=False))}

    def solution(self, n):
        counts = {
            "left first": n[4] * n[3] * n[2] + n[4] * n[2] * n[1] + n[4] * n[1] * n[0],
            "right first": n[2] * n[1] * n[0] + n[3] * n[2] * n[0] + n[4] * n[3] * n[0],
            "pairs first": n[4] * n[3] * n[2] + n[2] * n[1] * n[0] + n[4] * n[2] * n[0],
        }
        return counts | {"least": min(counts, key=counts.get)}


def _by_hand(df, dv, product=None, v=((7.0,), (6.0,))):
    """The dict that exercise 6.5 asks for."""
    df, dv = np.array(df, float), np.array(dv, float)
    return {"v(x)": np.array(v), "df": df, "dv": dv, "d(f ∘ v)": df @ dv if product is None else np.array(product)}


class ProductByHand(Exercise):
    id = "6.5"
    title = "A product by hand"
    points = 1
    name = "by_hand"
    returns = "a dict of four arrays"
    hints = (
        "First v(x), a column of two numbers. Then the formulas for the entries of df and dv, still with letters.",
        "The entries of df are formulas in v_1 and v_2. Which two numbers belong there?",
        "Entry (i, j) of the product is row i of df times column j of dv.",
    )
    because = "v(x) = (7, 6), so df = [[v_2, v_1], [1, -2 v_2]] is taken there; dv is taken at x = (1, 2, 3)."
    mistakes = (
        Wrong("slope at the wrong point", lambda: _by_hand([[2, 1], [1, -4]], [[1, 0, 2], [0, 3, 2]]),
              "In df you put the first two entries of x where v_1 and v_2 stand: see which point "
              "belongs to which factor in 'Several outputs: a matrix times a matrix'."),
        Wrong("one use only", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 3, 0]]),
              "One entry of dv is missing. An input may stand in both outputs of v, and each of them is a path to the "
              "result: write down v_2 and look for every letter in it."),
        Wrong("transposed", lambda: _by_hand(
            [[6, 1], [7, -12]], [[1, 0], [0, 3], [2, 2]], [[6, 1], [21, -36], [26, -22]]),
              "Every matrix is transposed. Rows belong to outputs, and columns to inputs: lesson 03 has the order, "
              "and 'Several outputs: a matrix times a matrix' the shapes."),
        Wrong("rows for columns", lambda: _by_hand([[6, 1], [7, -12]], [[1, 0, 2], [0, 3, 2]]),
              "df is transposed. It is square, so the product can be formed all the same, with wrong numbers: row 1 of "
              "df belongs to the output f_1."),
        Wrong("rows for columns", lambda: ProductByHand.solution(None) | {
              "d(f ∘ v)": np.array([[6.0, 1.0], [7.0, -12.0]]) @ np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 2.0]])},
              "In the product you read df by columns: a row of df meets a column of dv."),
        Wrong("power rule", lambda: _by_hand([[6, 7], [1, -6]], [[1, 0, 2], [0, 3, 2]]),
              "One entry of df is not right: look again at the slope of a square."),
        Wrong("power rule", lambda: _by_hand([[6, 7], [1, -2]], [[1, 0, 2], [0, 3, 2]]),
              "One entry of df is not right: the slope of a square depends on where it is taken."),
        Wrong("sign", lambda: _by_hand([[6, 7], [1, 12]], [[1, 0, 2], [0, 3, 2]]),
              "One sign is lost in df: does f_2 grow or fall with v_2?"),
        Wrong("slope at the wrong point", lambda: _by_hand(
            [[2, 1], [1, -4]], [[1, 0, 2], [0, 3, 2]], [[6, 21, 26], [1, -36, -22]]),
              "df is not the factor that your product was made from: in df the entries of x stand "
              "where v_1 and v_2 belong."),
        Wrong("slope at the wrong point", lambda: _by_hand([[3, 2], [1, -6]], [[1, 0, 2], [0, 3, 2]]),
              "In df you put entries of x for v_1 and v_2: compute v(x) first. See 'Several outputs: a "
              "matrix times a matrix'."),
        *(Wrong("slope at the wrong point", lambda df=df: _by_hand(df, [[1, 0, 2], [0, 3, 2]]),
                f"In df, {where} is an entry of x: compute v(x) first. See 'Several outputs: a matrix times a matrix'.")
          for where, df in (("what you put for v_2", [[2, 7], [1, -4]]), ("what you put for v_1", [[6, 1], [1, -12]]))),
        *(Wrong("reversed order", lambda df=df, dv=dv: _by_hand(df, dv),
                f"The two rows of {which} have changed places: row 1 belongs to the first output.")
          for which, df, dv in (("df", [[1, -12], [6, 7]], [[1, 0, 2], [0, 3, 2]]),
                                ("dv", [[6, 7], [1, -12]], [[0, 3, 2], [1, 0, 2]]))),
        Wrong("reversed order", lambda: ProductByHand.solution(None) | {
              "d(f ∘ v)": np.array([[26.0, 21.0, 6.0], [-22.0, -36.0, 1.0]])},
              "The columns of the product stand in the reverse order: column 1 belongs to x_1."),
        Wrong("sum for product", lambda: _by_hand([[1, 1], [1, -12]], [[1, 0, 2], [0, 3, 2]]),
              "In row 1 of df stand the slopes of a sum. How are v_1 and v_2 joined in f_1?"),
        Wrong("value instead of derivative", lambda: ProductByHand.solution(None) | {
              "d(f ∘ v)": np.array([[42.0], [-29.0]])},
              "For the Jacobian of the composition you give its value, the two numbers f(v(x))."),
        Wrong("term missing", lambda: _by_hand([[6, 3], [1, -12]], [[1, 0, 2], [0, 3, 2]], v=((3.0,), (6.0,))),
              "In v_1 the second term is too small: by what is the 2 multiplied?"),
        Wrong("wrong variable", lambda: _by_hand([[7, 6], [1, -12]], [[1, 0, 2], [0, 3, 2]]),
              "In row 1 of df the two slopes of the product have changed places. If v_1 alone moves, which factor "
              "stays as it is?"),
        Wrong("wrong variable", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 2, 3]]),
              "In row 2 of dv the two slopes of the product have changed places. If x_2 alone moves, which factor "
              "stays as it is?"),
        Wrong("value instead of derivative", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 6, 6]]),
              "In row 2 of dv the value of v_2 stands where its slopes belong. If x_2 alone moves, what is it "
              "multiplied by?"),
        Wrong("sum for product", lambda: ProductByHand.solution(None) | {"v(x)": np.array([[7.0], [5.0]])},
              "In v_2 the two inputs are added. How are they joined in its formula?"),
        Wrong("wrong variable", lambda: ProductByHand.solution(None) | {"v(x)": np.array([[5.0], [6.0]])},
              "In v_1 the wrong input is doubled."),
        Wrong("constant kept", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 6], [0, 3, 2]]),
              "In row 1 of dv you give the whole term in x_3. What is its slope?"),
        Wrong("value instead of derivative", lambda: ProductByHand.solution(None) | {
              "df": np.array([[6.0, 7.0], [1.0, -36.0]])},
              "In row 2 of df the square itself stands where its slope belongs."),
        Wrong("value instead of derivative", lambda: ProductByHand.solution(None) | {
              "df": np.array([[42.0, 42.0], [1.0, -12.0]])},
              "In row 1 of df the value of f_1 stands where its slopes belong."),
        Wrong("wrong variable", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [2, 3, 0]]),
              "In row 2 of dv a slope stands in the column of another input: which entries of x stand in v_2?"),
        Wrong("sign", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 3, 2]], [[6, 21, 26], [1, 36, -22]]),
              "Both factors are right. In row 2 of their product a sign is lost."),
        Wrong("sizes ignored", lambda: _by_hand([[6, 7], [1, -12]], [[1, 2], [3, 2]]),
              "dv has a column for each input, and there are three. An input that does not stand in an output has a "
              "slope there too."),
        Wrong("constant kept", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [1, 3, 2]]),
              "In row 2 of dv there is a slope too many. Does x_1 stand in v_2?"),
        Wrong("term missing", lambda: _by_hand([[6, 7], [0, -12]], [[1, 0, 2], [0, 3, 2]]),
              "A slope is missing in row 2 of df: f_2 has a term in v_1 as well."),
        *(Wrong("elementwise product", lambda corner=corner: _by_hand(
                [[6, 7], [1, -12]], [[1, 0, 2], [0, 3, 2]], [[6, 0, corner], [0, -36, -24]]),
                "The product is not made entry by entry: a row meets a column.") for corner in (2, 12, 14)),
        Wrong("transposed", lambda: _by_hand(
            [[6, 7], [1, -12]], np.transpose([[1, 0, 2], [0, 3, 2]]), [[6, 21, 26], [1, -36, -22]]),
              "dv is transposed: its rows belong to the outputs of v. As it stands, the product could not be formed."),
        Wrong("flattened", lambda: ProductByHand.solution(None) | {"v(x)": np.array([7.0, 6.0])},
              "v(x) is asked for as a column, with two axes."),
        Wrong("rows for columns", lambda: ProductByHand.solution(None) | {"v(x)": np.array([[7.0, 6.0]])},
              "v(x) is asked for as a column, and yours is a row."),
        Wrong("wrong variable", lambda: _by_hand([[6, 7], [1, -12]], [[1, 2, 0], [0, 3, 2]]),
              "Row 1 of dv has a slope in the column of another input: which entries of x stand in v_1?"),
        Wrong("constant factor", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 1], [0, 3, 2]]),
              "In row 1 of dv a factor is lost: by what is x_3 multiplied in v_1?"),
        Wrong("reversed product", lambda: ProductByHand.solution(None) | {
              "d(f ∘ v)": np.array([[1.0, 0.0], [0.0, 3.0], [2.0, 2.0]]) @ np.array([[6.0, 7.0], [1.0, -12.0]])},
              "The product was formed in the other order, with dv turned over to make it fit. See 'Several outputs: a "
              "matrix times a matrix'."),
        Wrong("term missing", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 0], [0, 3, 2]]),
              "A slope is missing in row 1 of dv: look for every input that stands in v_1."),
        Wrong("term missing", lambda: _by_hand([[6, 7], [1, -12]], [[0, 0, 2], [0, 3, 2]]),
              "In row 1 of dv the slope of the first term is missing. An input without a factor has a slope too."),
        Wrong("slope at the wrong point", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 6, 7]]),
              "In dv you put the entries of v(x), or of df. v receives x: see which point belongs to which factor in "
              "'Several outputs: a matrix times a matrix'."),
        Wrong("sum for product", lambda: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], [0, 1, 1]]),
              "In row 2 of dv stand the slopes of a sum. How are the inputs joined in v_2?"),
        Wrong("constant kept", lambda: _by_hand([[6, 7], [7, -12]], [[1, 0, 2], [0, 3, 2]]),
              "In row 2 of df you give the first term itself. What is the slope of v_1 in v_1?"),
        Wrong("value instead of derivative", lambda: ProductByHand.solution(None) | {
              "v(x)": np.array([[42.0], [-29.0]])},
              "For v(x) you give f(v(x)), which is one function further."),
        *(Wrong("wrong variable", lambda row=row: _by_hand([[6, 7], [1, -12]], [[1, 0, 2], row]),
                "In row 2 of dv the same number stands twice. If one factor of a product moves, the slope is the "
                "other one.")
          for row in ([0, 2, 2], [0, 3, 3])),
    )  # fmt: skip

    def solution(self):
        return {
            "v(x)": np.array([[7.0], [6.0]]),
            "df": np.array([[6.0, 7.0], [1.0, -12.0]]),
            "dv": np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 2.0]]),
            "d(f ∘ v)": np.array([[6.0, 21.0, 26.0], [1.0, -36.0, -22.0]]),
        }


def _slope_along(f, v, at, along, h=1e-5):
    """The slope of f(v(x)) at the point `at` in the direction `along`, by a central difference."""
    return ((f(v(at + h * along)) - f(v(at - h * along))) / (2 * h)).item()


def _row_of_slopes(f, v, x, entries, held):
    """`entries` slopes; held: the point at which input j is moved, from x and j."""
    row = np.zeros((1, entries))
    for j in range(entries):
        row[0, j] = _slope_along(f, v, held(x, j), np.eye(len(x))[:, [j]])
    return row


def _row(quotient):
    """The right row, by another quotient than the central one."""

    def row(f, v, x, h=1e-5):
        directions = np.eye(len(x))[..., None]
        return np.array([[quotient(lambda s, e=e: f(v(x + s * e)).item(), h) for e in directions]])

    return row


def _others_dropped(x, j):
    """The point whose entry j is that of x, with 0 elsewhere."""
    alone = np.zeros_like(x)
    alone[j] = x[j]
    return alone


def _others_fixed(x, j):
    """x itself, whatever j is."""
    return x


def _not_put_back(f, v, x, h=1e-5):
    """The row of one who moves the inputs in place, up and down, and leaves them there."""
    x, row = x.copy(), np.zeros((1, len(x)))
    for j in range(len(x)):
        x[j] += h
        up = f(v(x))
        x[j] -= 2 * h
        row[:, [j]] = (up - f(v(x))) / (2 * h)
    return row


class RepairTheRow(Exercise):
    id = "6.6"
    title = "Repair the row"
    points = 2
    name = "row_repaired"
    arguments = ("f", "v", "x")
    returns = "a row (1, p)"
    tolerance = Close(1e-6)
    hints = (
        "There are two faults. One is about how many slopes there are, the other about where each is measured.",
        "The inputs of the composed function are the entries of x. What counts them?",
        "While x_j moves by h to both sides, what are the values of the other entries, if they are held fixed?",
    )
    because = "The row has p = len(x) entries, and entry j is measured at x itself, with a step along input j alone."
    mistakes = (
        Wrong("as printed", lambda f, v, x: _row_of_slopes(f, v, x, len(v(x)), _others_dropped),
              "Both faults are still there. Count the entries that your row should have, and look at the point where "
              "each slope is measured: see 'One entry for each input'."),
        Wrong("others dropped", lambda f, v, x: _row_of_slopes(f, v, x, len(x), _others_dropped),
              "The number of slopes is right. But each is measured with the other inputs at 0, which is another point "
              "than x: see what holding fixed means in 'One entry for each input'."),
        Wrong("sizes swapped", lambda f, v, x: _row_of_slopes(f, v, x, len(v(x)), _others_fixed),
              "Each slope is measured at the right point. But you count the slopes with respect to the outputs of v: "
              "see what N and p count in 'One entry for each input'."),
        *slips.difference_quotients(_row, "Compare with the program above."),
        slips.flattened(lambda *inputs: RepairTheRow.solution(None, *inputs), ENTRY),
        slips.first_column_only(lambda *inputs: RepairTheRow.solution(None, *inputs), ENTRY),
        Wrong("sizes swapped", lambda f, v, x: _row_of_slopes(f, v, x, len(x), _others_fixed) * (
                  np.arange(len(x)) < len(v(x))),
              "Your row is long enough, but the last slopes are still 0: does the loop count the outputs of v? See "
              "what N and p count in 'One entry for each input'."),
        Wrong("state kept", lambda f, v, x: np.array([[
                  _slope_along(f, v, x, 1.0 * (np.arange(len(x))[:, None] <= j)) for j in range(len(x))]]),
              f"The first slope is right. Then the inputs before x_j are moved along with it: their step is never "
              f"taken back. {ENTRY}"),
        Wrong("state kept", _not_put_back,
              f"The first slope is right. The following ones are taken beside x, because the inputs before x_j were "
              f"not put back after their step. {ENTRY}"),
        Wrong("others dropped", lambda f, v, x: numerical_jacobian(f, v(x)) @ np.hstack([
                  numerical_jacobian(v, _others_dropped(x, j))[:, [j]] for j in range(len(x))]),
              f"The factor of f is right. The slopes of v are measured with the other inputs at 0. {ENTRY}"),
        Wrong("outer derivative forgotten", lambda f, v, x: numerical_jacobian(v, x).sum(axis=0, keepdims=True),
              f"The slopes of all outputs of v are added up. f weighs them, each with a slope of its own. {ENTRY}"),
        Wrong("not summed", lambda f, v, x: numerical_jacobian(f, v(x)).T * numerical_jacobian(v, x),
              f"Each number is a slope of f times a slope of v, one for each path. They are still to be added up. "
              f"{ENTRY}"),
        Wrong("reversed product", lambda f, v, x: (numerical_jacobian(v, x) @ numerical_jacobian(f, v(x)).T).T,
              f"One of the two Jacobians is turned round, so that their shapes do not fit. Which of them stands at the "
              f"left? {ORDER}"),
        *(Wrong("step too large", _row(lambda g, h, step=step: (g(step) - g(-step)) / (2 * step)),
                f"The slopes are right to a few digits: a step of {step} is too large. Compare with the program above.")
          for step in (1e-1, 1e-2)),
        Wrong("transposed", lambda f, v, x: _row_of_slopes(f, v, x, len(x), _others_fixed).T,
              "The slopes are right and stand below each other. One output makes one row: see 'One entry for each "
              "input'."),
        Wrong("wrong direction", lambda f, v, x: np.full((1, len(x)), _slope_along(f, v, x, np.ones_like(x))),
              "All inputs move together here, so that every entry is the sum of the slopes. Entry j belongs to input "
              "j alone: see 'One entry for each input'."),
        Wrong("inner derivative forgotten",
              lambda f, v, x: _row_of_slopes(f, lambda v: v, v(x), len(v(x)), _others_fixed),
              "These are the slopes of f in the entries of v. The exercise asks for those of the composed function in "
              "the entries of x: see what moves in 'One entry for each input'."),
        Wrong("outer derivative forgotten", lambda f, v, x: numerical_jacobian(v, x),
              f"This is the Jacobian of v, with a row for each of its outputs. f comes after it. {ENTRY}"),
        Wrong("value instead of derivative", lambda f, v, x: f(v(x)),
              f"This is the value g(x). The exercise asks how it changes with each input. {ENTRY}"),
        Wrong("last dropped", lambda f, v, x: _row_of_slopes(f, v, x, len(x), _others_fixed)[:, :-1],
              f"The last input has a slope too: where does your loop end? {ENTRY}"),
        Wrong("summed too early", lambda f, v, x: np.array([[_slope_along(f, v, x, np.ones_like(x))]]),
              f"All inputs move together, and one number comes out. The exercise asks for a slope for each input "
              f"alone. {ENTRY}"),
        Wrong("reversed product", lambda f, v, x: numerical_jacobian(v, x) @ numerical_jacobian(f, v(x)),
              f"The two Jacobians stand in the order in which the functions act, and their shapes do not fit. Which of "
              f"them has one row? {ORDER}"),
        *(Wrong("slope at the wrong point", answer,
                f"f or v is asked at a point that it never receives here. Who gets x, and who gets v(x)? {ORDER}")
          for answer in (lambda f, v, x: numerical_jacobian(f, x) if len(x) != len(v(x)) else
                         numerical_jacobian(lambda at: f(v(at)), v(x)),
                         lambda f, v, x: numerical_jacobian(f, x) @ numerical_jacobian(v, x))),
        *(Wrong("step too small", _row(lambda g, h, step=step: (g(step) - g(-step)) / (2 * step)),
                "These are central differences, with so short a step that rounding shows. Compare with the program "
                "above.")
          for step in (1e-11, 1e-12, 1e-13, 1e-14, 1e-15)),
        *(Wrong("counted from 0", lambda f, v, x, by=by: np.roll(RepairTheRow.solution(None, f, v, x), by, axis=1),
                "The slopes are right, and each stands one place beside its own. With which number does your loop "
                f"begin, and with which does Python? {ENTRY}")
          for by in (-1, 1)),
        Wrong("last dropped", lambda f, v, x: RepairTheRow.solution(None, f, v, x) * (np.arange(len(x)) < len(x) - 1),
              f"The last slope is still 0: range(n) stops before n by itself. {ENTRY}"),
    )  # fmt: skip

    def cases(self, rng):
        pairs = (("paraboloid", "saddle and waves", 3), ("paraboloid", "polar", 2), ("sin", "bowl", 3))
        for f, v, p in (*pairs, pairs[0]):
            yield {"f": probe(f), "v": probe(v), "x": rng.uniform(0.5, 1.2, size=(p, 1))}

    def solution(self, f, v, x):
        h, p = 1e-5, len(x)
        row = np.zeros((1, p))
        for j in range(p):
            step = h * np.eye(p)[:, [j]]
            row[:, [j]] = (f(v(x + step)) - f(v(x - step))) / (2 * h)
        return row


EXERCISES = [WalkBack, WrongPoint, FourLayers, CheaperBracketing, ProductByHand, RepairTheRow]
