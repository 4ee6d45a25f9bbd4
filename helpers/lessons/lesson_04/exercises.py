"""The exercises of lesson 04: slopes from values, which Jacobians fill, the corner of ReLU, softmax and its log."""

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

SIGMOID, DIAGONAL, AT_ZERO, SEES_ALL, OVERFLOW = slips.see(
    "The sigmoid and its slope",
    "The Jacobian is diagonal",
    "The slope at 0",
    "Softmax: every output sees every input",
    "Exponentials that overflow",
)


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


class SlopeFromValue(Exercise):
    id = "4.1"
    title = "The slope from the value alone"
    points = 1
    name = "slope_from_value"
    arguments = ("y", "low", "high")
    returns = "a column (N, 1)"
    derivation_is_asked = True
    hints = (
        "Differentiate y = low + (high - low) sigmoid(z) with respect to z. The constant low drops out.",
        "Write sigmoid(z) and 1 - sigmoid(z) in terms of y: solve y = low + (high - low) sigmoid(z) for sigmoid(z).",
        "With s = (y - low)/(high - low) for sigmoid(z), the slope is (high - low) s (1 - s). Put s in and cancel.",
    )
    because = (
        "dy/dz = (high - low) s (1 - s), with s = (y - low)/(high - low) and 1 - s = (high - y)/(high - low). "
        "With low = 0 and high = 1 this is y (1 - y)."
    )
    mistakes = (
        Wrong("coincidence", lambda y, low, high: y * (1 - y),
              "This is right for low = 0 and high = 1, and for no other ends: once stretched, y is not the value of "
              "the sigmoid any more. See 'The sigmoid and its slope'."),
        Wrong("slope at the wrong point", lambda y, low, high: (high - low) * y * (1 - y),
              "The factor from the stretching is right. But y itself is not the value of the sigmoid any more: solve "
              "y = low + (high - low) sigmoid(z) for sigmoid(z) first."),
        Wrong("outer derivative forgotten", lambda y, low, high: (y - low) * (high - y) / (high - low) ** 2,
              "You found the value of the sigmoid inside, and its slope. A factor from the stretching is missing: "
              "differentiate the whole right side of y = low + (high - low) sigmoid(z)."),
        Wrong("constant factor", lambda y, low, high: (y - low) * (high - y),
              "The shape of the curve is right, its scale is not: both factors still carry the length high - low. "
              "Solve y = low + (high - low) sigmoid(z) for sigmoid(z) once more."),
        Wrong("slope at the wrong point", lambda y, low, high: (high - low) * _sigmoid(y) * (1 - _sigmoid(y)),
              "You put y into the sigmoid. But y is a value already, not a z, and no exponential is needed. "
              "See 'The sigmoid and its slope'."),
        Wrong("another activation's slope", lambda y, low, high: 1 - y**2,
              "This is the slope of tanh from its value. Here the curve is a sigmoid between two given ends. "
              "See 'The sigmoid and its slope'."),
        Wrong("value instead of derivative", lambda y, low, high: (y - low) / (high - low),
              "This is sigmoid(z), found from y: half of the way. The slope is still to be formed from it."),
        Wrong("slope at the wrong point", lambda y, low, high: _sigmoid(y) * (1 - _sigmoid(y)),
              f"You put y into the sigmoid, as if it were z; and the stretching is forgotten. {SIGMOID}"),
        Wrong("value instead of derivative", lambda y, low, high: y - low,
              f"This is the stretched value, measured from low. How steep is the curve there? {SIGMOID}"),
        Wrong("constant factor", lambda y, low, high: (y - low) * (high - y) / (high - low) ** 3,
              "The right shape, but divided by the length high - low instead of multiplied: does a curve that climbs "
              "higher get steeper or flatter?"),
        *(Wrong("coincidence", wrong, "Right where low is 0 and high is 1. For other ends, what in your formula "
                f"{what}? {SIGMOID}") for wrong, what in (
              (lambda y, low, high: (y - low) * (1 - y), "should be 0 at the upper end"),
              (lambda y, low, high: y * (high - y), "should be 0 at the lower end"),
              (lambda y, low, high: (high - low) * (y - low) * (1 - (y - low)), "is the value of the sigmoid"))),
        Wrong("term missing", lambda y, low, high: y * (high - y) / (high - low),
              f"In one factor low is lost: at the lower end the slope should be 0. {SIGMOID}"),
        Wrong("term missing", lambda y, low, high: (high - low) * (y - low) / high * (1 - (y - low) / high),
              "You solved for sigmoid(z) and lost low on the way: the length of the climb is high - low."),
        Wrong("another activation's slope", lambda y, low, high: (high - low) * (1 - ((y - low) / (high - low)) ** 2),
              f"The value of the sigmoid is right, and the rule for the slope is that of tanh. {SIGMOID}"),
        Wrong("constant kept", lambda y, low, high: low + (y - low) * (high - y) / (high - low),
              "All is right but for low, which was kept as a term. What is the slope of a constant?"),
        Wrong("constant factor", lambda y, low, high: (high - low) * (y - low) * (high - y),
              "The shape of the curve is right, and the length high - low stands above instead of below: solve for "
              "sigmoid(z) once more."),
        Wrong("sign", lambda y, low, high: (y + low) * (high - y) / (high - low),
              "One sign is wrong: at the lower end the slope should be 0."),
        Wrong("coincidence", lambda y, low, high: (y - low) / (high - low) * (1 - y),
              f"One factor was put in terms of the sigmoid, the other not: right for low = 0 and high = 1. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: y * (1 - y) / (high - low),
              f"y itself is not the value of the sigmoid any more; dividing at the end does not mend that. {SIGMOID}"),
        slips.flattened(lambda y, low, high: SlopeFromValue.solution(None, y, low, high), SIGMOID),
        Wrong("wrong concept", lambda y, low, high: np.diagflat(SlopeFromValue.solution(None, y, low, high)),
              "The slopes are right and stand on the diagonal of a matrix. The exercise asks for the column of "
              "slopes."),
        Wrong("coincidence", lambda y, low, high: (high - low) ** 2 * y * (1 - y),
              f"The product is right for low = 0 and high = 1 only: y is not the value of the sigmoid. {SIGMOID}"),
        Wrong("term missing", lambda y, low, high: (high - low) * (1 - y / (high - low)) * y / (high - low),
              "When you solved for sigmoid(z), low was lost: take it to the other side first."),
        Wrong("term missing", lambda y, low, high: high * (y - low) * (high - y) / (high - low) ** 2,
              "The factor in front is the upper end. How far does the curve climb from low to high?"),
        Wrong("sign", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))((y + low) / (high - low)),
              "When you solved for sigmoid(z), low was taken to the other side with the wrong sign."),
        Wrong("term missing", lambda y, low, high: high - y,
              f"One factor of the slope of the sigmoid is lost: what you have falls all the way. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: np.full_like(y, (high - low) / 4),
              "This is the slope in the middle of the climb. Elsewhere the curve is flatter."),
        Wrong("sign", lambda y, low, high: (y - low) * (high + y) / (high - low),
              "One sign is wrong: at the upper end the slope should be 0."),
        slips.transposed(lambda y, low, high: SlopeFromValue.solution(None, y, low, high), "A column comes in, and one "
                         "goes out."),
        Wrong("coincidence", lambda y, low, high: (y - low) * (1 - (y - low)),
              f"Right for low = 0 and high = 1: y - low still has the length of the climb in it. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: y * (high - low - y),
              f"Right for low = 0 and high = 1: solve y = low + (high - low) sigmoid(z) for the sigmoid. {SIGMOID}"),
        Wrong("precedence", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))((y - low) / high - low),
              "Python divides before it subtracts: (y - low) / high - low needs brackets."),
        Wrong("counted twice", lambda y, low, high: (y - low) ** 2 * (high - y) / (high - low) ** 2,
              "The value of the sigmoid stands in your slope twice."),
        Wrong("constant factor", lambda y, low, high: (y - low) * (high - y) / 2,
              "The 2 is the length of one climb, from -1 to 1. How far is it from low to high?"),
        Wrong("constant factor", lambda y, low, high: 2 * (y - low) * (high - y) / (high - low) ** 2,
              "The factor 2 in front is that of tanh, which climbs from -1 to 1. How far does this curve climb?"),
        Wrong("constant kept", lambda y, low, high: low + (y - low) * (high - y) / (high - low) ** 2,
              "The constant low was kept as a term, and a factor from the stretching is missing. Go "
              "through the right side term by term."),
        Wrong("constant kept", lambda y, low, high: low + y * (1 - y),
              f"The constant low was kept as a term, and y itself is not the value of the sigmoid. {SIGMOID}"),
        Wrong("constant kept", lambda y, low, high: low + (high - low) * _sigmoid(y) * (1 - _sigmoid(y)),
              f"The constant low was kept as a term, and y was put into the sigmoid as if it were z. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: (high - low) / 4,
              "This is one number, the slope in the middle of the climb. The exercise asks for the slope at each y."),
        Wrong("coincidence", lambda y, low, high: y / high * (1 - y / high),
              "Right for low = 0 and high = 1. Does your formula contain low at all?"),
        Wrong("constant factor", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))((y - low) * (high - low)),
              "When you solved for sigmoid(z), you multiplied by the length high - low where it belongs below."),
        Wrong("wrong concept", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))((high - low) / (y - low)),
              "When you solved for sigmoid(z), the fraction was turned over."),
        Wrong("constant kept", lambda y, low, high: low + (high - low) * y * (1 - y),
              f"The constant low was kept as a term, and y itself is not the value of the sigmoid. {SIGMOID}"),
        Wrong("counted twice", lambda y, low, high: (high - low) * (1 - y) * y**2,
              f"One factor stands in your slope twice, and y itself is not the value of the sigmoid. {SIGMOID}"),
        Wrong("sign", lambda y, low, high: (y - low) * (high - y) / (high + low),
              "The length of the climb from low to high is a difference."),
        Wrong("coincidence", lambda y, low, high: (1 - y**2) / 2,
              f"This is right for low = -1 and high = 1, and for no other ends. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: y * (high - y) / high,
              "This is right for low = 0, and for no other lower end: take low to the other side first."),
        Wrong("another activation's slope",
              lambda y, low, high: 1 - ((y - (low + high) / 2) / ((high - low) / 2)) ** 2,
              "You brought y back to the range from -1 to 1 and used the rule of tanh. Its height is forgotten, and a "
              "tanh climbs twice as fast as the sigmoid that it is made of."),
        Wrong("term missing", lambda y, low, high: (y - low) * (high - low - y) / (high - low),
              "One low is lost on the way: at the upper end the slope should be 0."),
        Wrong("differentiated twice", lambda y, low, high: (low + high - 2 * y) / (high - low),
              "This is how the slope changes with y. The slope itself is asked for."),
        Wrong("wrong variable", lambda y, low, high: (high - low) / ((y - low) * (high - y)),
              "You differentiated z with respect to y. The question is how y changes with z."),
        Wrong("wrong concept", lambda y, low, high: np.log((y - low) / (high - y)),
              f"This is z, found back from y. The slope at that z is still to come. {SIGMOID}"),
        Wrong("constant kept", lambda y, low, high: low + high * (y - low) * (high - y) / (high - low) ** 2,
              "The constant low was kept as a term, and the factor in front is the upper end instead of the climb."),
        *(Wrong("precedence", wrong, "Brackets are missing: Python multiplies and divides before it subtracts.")
          for wrong in (lambda y, low, high: y - low * (high - y) / high - low,
                        lambda y, low, high: y - low * high - y / high - low,
                        lambda y, low, high: (y - low) * (high - y) / high - low,
                        lambda y, low, high: y - low * (high - y) / (high - low),
                        lambda y, low, high: (y - low) * high - y / (high - low),
                        lambda y, low, high: y - low * high - y / (high - low),
                        lambda y, low, high: y - low * (high - y / (high - low)),
                        lambda y, low, high: (high - low) * (lambda s: s * (1 - s))(y - low / (high - low)),
                        lambda y, low, high: (high - low) * (lambda s: s * (1 - s))(y - low / high - low),
                        lambda y, low, high: (high - low - 1) * (y - low) / (high - low),
                        lambda y, low, high: high - low * (lambda s: s * (1 - s))((y - low) / (high - low)))),
        Wrong("rows for columns", lambda y, low, high: (y - low) @ (high - y) / (high - low),
              "A column times a column is no product for @ or np.dot, and each y has a slope of its own: which sign "
              "multiplies entry by entry?"),
        Wrong("inner product", lambda y, low, high: (y - low).T @ (high - y) / (high - low),
              "A row times a column adds up over all entries. Each y has a slope of its own."),
        Wrong("sign", lambda y, low, high: (high - low) * (lambda s: s * (1 + s))((y - low) / (high - low)),
              f"The value of the sigmoid is right. In the rule for its slope one sign is wrong. {SIGMOID}"),
        *(Wrong("sign", lambda y, low, high, s=s: (high - low) * s(y, low, high) * (1 - s(y, low, high)),
                "When you solved for sigmoid(z), it came out below 0: at low it should be 0, and at high 1.")
          for s in (lambda y, low, high: (y - high) / (high - low), lambda y, low, high: (y - low) / (low - high))),
        Wrong("sign", lambda y, low, high: (y - low) * (y - high),
              "Two things went wrong: the sign, since the curve climbs, and the scale, since both factors still carry "
              "the length high - low."),
        Wrong("sign", lambda y, low, high: (high + low) * (y - low) * (high - y) / (high - low) ** 2,
              "The factor in front is a sum. How far does the curve climb from low to high?"),
        *(Wrong("term missing", lambda y, low, high, front=front, s=s: front(low, high) * s(y, low, high)
                * (1 - s(y, low, high)),
                "You solved for sigmoid(z) in the wrong order: low is taken away before you divide by the length of "
                "the climb.")
          for front, s in ((lambda low, high: high - low, lambda y, low, high: y / (high - low) - low),
                           (lambda low, high: 1, lambda y, low, high: y / (high - low) - low),
                           (lambda low, high: 1, lambda y, low, high: y / (high - low)))),
        *(Wrong("summed too early", lambda y, low, high, one=one: one((y - low) * (high - y) / (high - low)),
                "The slopes are made into one number. Each y has a slope of its own.") for one in (np.sum, np.mean)),
        *(Wrong("slope at the wrong point", lambda y, low, high, front=front: front(low, high) * (
                lambda s: s * (1 - s))(_sigmoid((y - low) / (high - low))),
                "You found the value of the sigmoid, and put it into the sigmoid once more. Its slope follows from the "
                "value alone.") for front in (lambda low, high: high - low, lambda low, high: 1)),
        Wrong("coincidence", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))(
              (y - y.min()) / (y.max() - y.min())),
              "You took the smallest and the largest y for the ends. The curve comes near its ends and does not reach "
              "them: they are handed in."),
        Wrong("slope at the wrong point", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))(
              _sigmoid(np.log(y / (1 - y)))),
              "You found z from y as if y were the value of the plain sigmoid, which lies between 0 and 1. "
              f"{SIGMOID}"),
        *(Wrong("product for sum", wrong,
                "What has to be multiplied is added: the slope is 0 at both ends of the climb.")
          for wrong in (lambda y, low, high: (y - low) + (high - y),
                        lambda y, low, high: (lambda s: (high - low) * (s + (1 - s)))((y - low) / (high - low)))),
        Wrong("counted twice", lambda y, low, high: y * (y - low) * (high - y) / (high - low),
              "There is a factor y too many: is the slope formed already, and then multiplied by the value?"),
        Wrong("another activation's slope", lambda y, low, high: 1 - y**2 / (high - low),
              f"This has the form of the slope of tanh. Here the curve is a sigmoid between two given ends. {SIGMOID}"),
        Wrong("coincidence", lambda y, low, high: (high - low) * y * (high - y),
              f"This is right for low = 0 and high = 1: solve y = low + (high - low) sigmoid(z) first. {SIGMOID}"),
        Wrong("sign", lambda y, low, high: (high - low) * (lambda s: s * (1 - s))((y + low) / (high + low)),
              "When you solved for sigmoid(z), two signs turned. On which side does low end, and how far is it from "
              "low to high?"),
    )  # fmt: skip

    def cases(self, rng):
        for low, high, N in (
            (0.0, 1.0, 4),
            (-1.0, 1.0, 5),
            (2.0, 5.0, 3),
            (-0.5, 0.25, 6),
            *self.more((0.0, 3.0, 2), (-4.0, -1.0, 8)),
        ):
            yield {"y": low + (high - low) * _sigmoid(rng.normal(size=(N, 1))), "low": low, "high": high}

    def solution(self, y, low, high):
        return (y - low) * (high - y) / (high - low)


def _counts(other):
    return OffTheDiagonal.solution(None) | other


def _miscounted(name, message, **entries):
    """The right counts of 4.2 but for some entries."""
    return slips.changed(lambda: OffTheDiagonal.solution(None), name, message, **entries)


class OffTheDiagonal(Exercise):
    id = "4.2"
    title = "What stands off the diagonal"
    points = 2
    name = "off_diagonal"
    returns = "a dict of six counts"
    hints = (
        "For each map write output i as a formula. Which x_j stand in it?",
        "The running sum: output i is x_1 + … + x_i. How many j other than i stand in it, for i = 1, 2, 3, 4?",
        "In x * x[0] the first entry stands in every output; in x / x.sum() every entry does.",
    )
    because = (
        "Entry (i, j) is filled where output i contains x_j. Elementwise maps fill nothing off the diagonal; the "
        "running sum fills the triangle below it; reversing puts all four 1s off it; x * x[0] fills the first "
        "column; dividing by the sum fills everything."
    )
    mistakes = (
        Wrong("diagonal only", lambda: dict.fromkeys(_counts({}), 0),
              "All zero: that is so for elementwise maps, and some of these are not. Look for an output that contains "
              "another input than its own. See 'The Jacobian is diagonal'."),
        Wrong("wrong concept", lambda: {name: off + 4 * (name != "x[::-1]") for name, off in _counts({}).items()},
              "You counted every entry that is not zero. Only those off the diagonal are asked for."),
        Wrong("full instead of diagonal", lambda: _counts({"np.cumsum(x, axis=0)": 12}),
              "For the running sum you filled the whole matrix. Does its first output contain the last input?"),
        Wrong("reversed order", lambda: _counts({"x[::-1]": 0}),
              "In the reversed column each output is one input alone. Is it the input with the same number?"),
        Wrong("one use only", lambda: _counts({"x * x[0]": 0}),
              "x * x[0] looks like an elementwise product, but x[0] is an input too. Which outputs answer when x[0] "
              "alone is raised?"),
        Wrong("coincidence", lambda: _counts({"x / x.sum()": 0, "x * x[0]": 0}),
              "The same formula at every entry is not enough: x.sum() and x[0] bring other inputs into it. "
              "See 'The Jacobian is diagonal'."),
        _miscounted("coincidence", "In x / x.sum() each output divides by the sum. What stands in the sum?",
                    **{"x / x.sum()": 0}),
        _miscounted("wrong concept", "For the running sum you counted every entry that is not zero. Only those off the "
                    "diagonal are asked for.", **{"np.cumsum(x, axis=0)": 10}),
        _miscounted("wrong concept", "For x * x[0] you counted the diagonal's share of its column, too. Only entries "
              "off the diagonal are asked for.", **{"x * x[0]": 4}),
        _miscounted("one use only", "In the running sum an output contains every input before it, not the last one "
                    "alone.", **{"np.cumsum(x, axis=0)": 3}),
        _miscounted("wrong concept", "For x / x.sum() you counted every entry. Only those off the diagonal are asked "
                    "for.", **{"x / x.sum()": 16}),
        _miscounted("full instead of diagonal", "In x * x[0] does every output contain every input? Write the second "
                    "one as a formula.", **{"x * x[0]": 12}),
        _miscounted("full instead of diagonal", "In the reversed column, how many inputs stand in one output?",
                    **{"x[::-1]": 12}),
        _miscounted("diagonal only", "The second output of the running sum contains more than the second input.",
                    **{"np.cumsum(x, axis=0)": 0}),
        _miscounted("full instead of diagonal", f"tanh and the ReLU act on each entry by itself. {DIAGONAL}",
                    **{"np.tanh(x)": 12, "np.maximum(0, x)": 12}),
        _miscounted("wrong concept", "For tanh and the ReLU you counted the diagonal. Only the entries off it are "
              "asked for.", **{"np.tanh(x)": 4, "np.maximum(0, x)": 4}),
        _miscounted("reversed order", "Does any entry of the reversed column of four stay in its place?",
                    **{"x[::-1]": 2}),
        *(_miscounted("wrong concept", f"In x / x.sum() you counted {k}. How many other inputs stand in one output? "
                      "And there are four outputs.", **{"x / x.sum()": k}) for k in (3, 4, 6, 8)),
        *(_miscounted("wrong concept", f"In x * x[0] you counted {k}. Go through the outputs one by one: which of them "
                      "contain an input of another number, and how many?", **{"x * x[0]": k}) for k in (1, 2, 6)),
        _miscounted("wrong concept", "For x * x[0] you counted every entry that is not zero. Only those off the "
                    "diagonal are asked for.", **{"x * x[0]": 7}),
        *(_miscounted("wrong concept", f"In the running sum you counted {k}. Go through it output by output: the first "
                      "contains no other input. How many does each of the next contain?", **{"np.cumsum(x, axis=0)": k})
          for k in (4, 5, 8, 9)),
        *(_miscounted("wrong concept", f"In the reversed column you counted {k}. Each output is one input: which?",
                      **{"x[::-1]": k}) for k in (1, 3, 8)),
        *(_miscounted("wrong concept", f"For the ReLU you counted {k}. Each output contains one entry alone, whatever "
                      "its sign.",
                      **{"np.maximum(0, x)": k}) for k in (1, 2, 12)),
        _miscounted("wrong concept", "For the ReLU you counted the diagonal. Only the entries off it are asked for.",
                    **{"np.maximum(0, x)": 4}),
        _miscounted("wrong concept", "For tanh you counted the diagonal. Only the entries off it are asked for.",
                    **{"np.tanh(x)": 4}),
        _miscounted("wrong concept", f"Each tanh contains one entry. {DIAGONAL}", **{"np.tanh(x)": 12}),
        Wrong("answer inverted", lambda: {name: 12 - off for name, off in _counts({}).items()},
              "You counted the zeros off the diagonal. The entries that are not zero are asked for."),
        *(Wrong("wrong concept", lambda k=k: dict.fromkeys(_counts({}), 4) | {"x[::-1]": 0, "np.maximum(0, x)": k},
                f"You counted what stands on the diagonal. The rest is asked for. {DIAGONAL}") for k in (4, 2, 3)),
        Wrong("wrong concept", lambda: {name: off > 0 for name, off in _counts({}).items()},
              "You say where something stands off the diagonal. How many entries is it?"),
        Wrong("spelling", lambda: {name: str(off) for name, off in _counts({}).items()},
              "A count is a number, and stands without quotation marks."),
        *(_miscounted("wrong concept", f"In x / x.sum() you counted {k}. How many inputs other than its own stand in "
                      "one output? And there are four outputs.", **{"x / x.sum()": k}) for k in (1, 2, 9, 10)),
        *(_miscounted("wrong concept", f"In x * x[0] you counted {k}. Write each output as a formula: how many of them "
                      "contain an input of another number?", **{"x * x[0]": k}) for k in (5, 8, 9, 16)),
        *(_miscounted("wrong concept", f"For the running sum you counted {k}. Output by output, how many inputs of "
                      "another number are in it?", **{"np.cumsum(x, axis=0)": k}) for k in (1, 2, 7, 16)),
        *(_miscounted("wrong concept", f"For the reversed column you counted {k}. Each output is one input: how many "
                      "entries of a row are filled?", **{"x[::-1]": k}) for k in (6, 16)),
        *(_miscounted("wrong concept", f"For the ReLU you gave {k}. Does any output contain an input of another "
                      f"number? {DIAGONAL}", **{"np.maximum(0, x)": k}) for k in (3, 6, 16)),
        *(_miscounted("wrong concept", f"For tanh you gave {k}. Does any output contain an input of another number? "
                      f"{DIAGONAL}", **{"np.tanh(x)": k}) for k in (1, 3, 6, 16)),
    )  # fmt: skip

    def solution(self):
        return {"np.tanh(x)": 0, "x / x.sum()": 12, "np.cumsum(x, axis=0)": 6,
                "x[::-1]": 4, "x * x[0]": 3, "np.maximum(0, x)": 0}  # fmt: skip


class ChoiceAtZero(Exercise):
    id = "4.3"
    title = "A slope of 2"
    points = 2
    name = "slopes_at_zero"
    arguments = ("s",)
    returns = "a tuple of two floats"
    hints = (
        "Differentiate each expression as in one-variable calculus, with relu' for each ReLU. Only then put in x = 0.",
        "The inner function of relu(-x) is -x, with derivative -1.",
        "relu(relu(x)) is a ReLU of a ReLU: its derivative is relu'(relu(x)) times relu'(x). Where is each one taken?",
    )
    because = (
        "g₁′(0) = s - s·(-1) = 2s and g₂′(0) = s·s - s·(-1) = s² + s. The truth is 1 for both, but 2s = 1 asks for "
        "s = 1/2, which makes g₂′(0) = 3/4. No choice serves every way of writing the same function."
    )
    mistakes = (
        Wrong("wrong concept", lambda s: (1.0, 1.0),
              "That is the true slope of x. The exercise asks what the rules of differentiation give when every "
              "corner is given the slope s. See 'The slope at 0'."),
        Wrong("inner derivative forgotten", lambda s: (0.0, s * s - s),
              "In both, the last term is not right: the inner function of relu(-x) is -x, and it has a derivative."),
        Wrong("choice at zero", lambda s: (2.0, 2.0),
              "You put the slope 1 into every corner, whatever s is. Here the choice is an argument."),
        Wrong("outer derivative forgotten", lambda s: (2 * s, 2 * s),
              "In relu(relu(x)) two ReLUs act one after the other, and you differentiated one."),
        Wrong("sum for product", lambda s: (2 * s, 3 * s),
              "In relu(relu(x)) you added the slopes of the two ReLUs, which act one after the "
              "other: that is the chain rule of one-variable calculus."),
        Wrong("one use only", lambda s: (s, s * s),
              "Each expression has two terms that contain x, each with its corner at 0. You kept the first alone."),
        Wrong("choice at zero", lambda s: (0.0, 0.0),
              f"You put the slope 0 into every corner, whatever s is. Here the choice is an argument. {AT_ZERO}"),
        Wrong("coincidence", lambda s: (1.0, 0.75),
              "This is right for one choice of s. The exercise asks what comes out for any s."),
        Wrong("inner derivative forgotten", lambda s: (2 * s, s * s - s),
              "In the second, the last term has the wrong sign: the inner function of relu(-x) has "
              "a derivative there too."),
        Wrong("reversed order", lambda s: (s * s + s, 2 * s),
              "The two have changed places: the slope of g₁ comes first."),
        Wrong("one use only", lambda s: (2 * s, s),
              "In the second the first term does not count in your slope. Each of its ReLUs has its corner at 0, with "
              "the slope s."),
        Wrong("constant factor", lambda s: (2 * s, 2 * s * s),
              "In the second the two terms are not alike: how many ReLUs act in each?"),
        Wrong("one use only", lambda s: (s, s * s + s),
              "In the first you kept one term; both contain x."),
        Wrong("product for sum", lambda s: (s * s, s**3),
              "You multiplied the slopes of the two terms. Terms are added; only what acts inside one another is "
              "multiplied."),
        Wrong("summed too early", lambda s: s * s + 3 * s,
              "You added the two slopes. The exercise asks for a tuple of both."),
        Wrong("counted twice", lambda s: (2 * s, s * s + 2 * s),
              "Go through the second term by term: one slope was counted once too often."),
        Wrong("one use only", lambda s: (2 * s, s * s),
              "In the second the last term is lost: relu(-x) has its corner at 0, too."),
        Wrong("inner derivative forgotten", lambda s: (0.0, s * s + s),
              "In the first the inner function -x has a derivative that is lost."),
        Wrong("wrong concept", lambda s: (1.0, s * s + s),
              "For the first you gave the true slope; the exercise asks what the rules give."),
        Wrong("first only", lambda s: 2 * s, "Only one slope is there. Two are asked for, as a tuple."),
        Wrong("choice at zero", lambda s: (s + 1, s * s + 1),
              f"In the last term you took another slope for the corner than s. {AT_ZERO}"),
        Wrong("wrong concept", lambda s: (2 * s - 1, s * s + s - 1),
              "You give the difference to the true slope. The exercise asks for the slope that the rules give."),
        Wrong("factor 1/2", lambda s: (s / 2, s * s / 2),
              "Each expression is a difference of two terms, not a mean: nothing is halved, and both count."),
        Wrong("inner derivative forgotten", lambda s: (s - 1, s * s - 1),
              f"In the last term the inner function -x has a derivative, and the corner has the slope s. {AT_ZERO}"),
        Wrong("product for sum", lambda s: (2 * s, s**3 + s),
              "In the second the first term has two ReLUs, one inside the other. How many slopes does that multiply?"),
        Wrong("choice at zero", lambda s: (1.0, s * s + 1 - s),
              f"At its corner you gave relu(-x) the slope 1 - s, as if its two sides had changed places there. The "
              f"corner has the slope s, whatever stands inside. {AT_ZERO}"),
        Wrong("counted twice", lambda s: (2 * s, 2 * s * s + s),
              "In the second the first term is counted twice. How many slopes does relu(relu(x)) multiply?"),
        Wrong("choice at zero", lambda s: (0.5, 0.5),
              "You took ½, whatever s is. Here the choice is an argument, and each expression has more than one "
              f"corner. {AT_ZERO}"),
        Wrong("wrong concept", lambda s: (0.5, (5**0.5 - 1) / 2),
              "These are the choices for which the slopes are true. The exercise asks for the slopes, for the s that "
              "is given."),
        Wrong("wrong concept", lambda s: (2 * s == 1, s * s + s == 1),
              "You say whether each slope is true. The slopes themselves are asked for."),
        Wrong("choice at zero", lambda s: (2 * s, s + 1),
              f"In the second one corner has another slope than s: relu(relu(x)) has two, one in the other. {AT_ZERO}"),
        Wrong("caret", lambda s: (2 * s, s ^ 2 + s),
              "In Python a power is written with two stars. The sign ^ is another operation, which floats do not "
              "have."),
        Wrong("sign", lambda s: (2 * s, s - s * s),
              "In the second a sign has gone to the wrong term: which of the two terms stands behind the minus, and "
              f"which has an inner function that falls? {AT_ZERO}"),
        *(Wrong("product for sum", lambda s, k=k: (2 * s, k * s * s),
                "In the second the two terms have different numbers of slopes in them: write each term by itself, and "
                "add them only then.") for k in (3, 4)),
        Wrong("sum for product", lambda s: (2 * s, 4 * s),
              "In the second you added as many slopes as there are ReLUs, or more. What acts inside one another is "
              "multiplied, not added."),
    )  # fmt: skip

    def cases(self, rng):
        for s in (0.3, 0.0, 1.0, 0.5, float(np.round(rng.uniform(0.6, 0.9), 3))):
            yield {"s": s}

    def solution(self, s):
        return s - s * (-1), s * s - s * (-1)


def _softmax(f):
    return np.exp(f) / np.exp(f).sum()


def _each_row(row, f):
    """The identity minus this row (1, N) in every row."""
    return np.eye(len(f)) - np.ones((len(f), 1)) @ row


class LogOfAProbability(Exercise):
    id = "4.4"
    title = "The logarithm of a probability"
    points = 3
    name = "log_softmax_jacobian"
    arguments = ("f",)
    returns = "a Jacobian (N, N)"
    derivation_is_asked = True
    hints = (
        "Differentiate the two terms of f_i - log S with respect to f_j, one after the other. What is the second?",
        "The logarithm has the slope 1/S at S, and the derivative of S stands in 'Softmax: every output sees every "
        "input'. Their product has a name already.",
        "The first term contributes where i = j only. The second does not depend on i: what does that say about the "
        "rows?",
    )
    because = (
        "The first term f_i has the derivative 1 at i = j and 0 elsewhere: the identity. The second, log S, has "
        "e^(f_j)/S = p_j, whatever i is: every row subtracts the same row of probabilities. Unlike the Jacobian of "
        "softmax, this one is not symmetric."
    )
    mistakes = (
        slips.transposed(lambda f: _each_row(_softmax(f).T, f), "In which index do the entries that you subtract vary, "
                         f"in that of the output or in that of the input? {SEES_ALL}"),
        Wrong("diagonal only", lambda f: np.diag(1 - _softmax(f).ravel()),
              "Your diagonal is right and the rest is empty. But log S stands in every output, and S contains every "
              f"score. {SEES_ALL}"),
        Wrong("diagonal only", lambda f: 1 - _softmax(f),
              f"This column holds the case i = j. A Jacobian is a matrix: what of the entries with i ≠ j? {SEES_ALL}"),
        Wrong("outer derivative forgotten", lambda f: np.diag(_softmax(f).ravel()) - _softmax(f) @ _softmax(f).T,
              "This is the Jacobian of softmax itself. There is a logarithm behind it here, and it has a slope."),
        Wrong("inner derivative forgotten", lambda f: np.diag(1 / _softmax(f).ravel()),
              "These are the slopes of the logarithm, taken at the probabilities. But the probabilities depend on the "
              f"scores. {SEES_ALL}"),
        Wrong("wrong concept", lambda f: (lambda p: np.diag(p.ravel()) @ (np.diag(p.ravel()) - p @ p.T))(_softmax(f)),
              "You multiply the Jacobian of softmax by the probabilities. The logarithm has another slope."),
        Wrong("sign", lambda f: 2 * np.eye(len(f)) - _each_row(_softmax(f).T, f),
              "A sign is wrong in the second term: if one score is raised, do the other probabilities grow?"),
        Wrong("sign", lambda f: _each_row(_softmax(f).T, f) * (2 * np.eye(len(f)) - 1),
              "Your diagonal is right; off it every sign is the opposite. If one score is raised, do the other "
              "probabilities grow?"),
        Wrong("sign", lambda f: -_each_row(_softmax(f).T, f),
              "Every sign is the opposite. If a score is raised, does its own probability fall?"),
        Wrong("partial instead of total", lambda f: np.eye(len(f)),
              f"You differentiated the first term and kept S fixed. But S contains every score. {SEES_ALL}"),
        Wrong("term missing", lambda f: _each_row(_softmax(f).T, f) - np.eye(len(f)),
              "This is the second term alone. What does the first contribute, and where?"),
        Wrong("outer derivative forgotten", lambda f: _each_row(np.exp(f).T, f),
              "You subtract the derivative of S. But the term is the logarithm of S, and the logarithm has a slope."),
        Wrong("inner derivative forgotten", lambda f: _each_row(np.full((1, len(f)), 1 / np.exp(f).sum()), f),
              f"The slope of the logarithm is right; S itself is to be differentiated too. {SEES_ALL}"),
        Wrong("slope at the wrong point", lambda f: _each_row(f.T, f),
              "The form is right, and the scores stand where something else belongs: what is the derivative of log S?"),
        Wrong("value instead of derivative", lambda f: _each_row(np.log(_softmax(f)).T, f),
              "The form is right, and the logarithms stand where something else belongs: what is the derivative of "
              "log S?"),
        Wrong("counted twice", lambda f: _each_row(_softmax(f).T, f) - np.diag(_softmax(f).ravel()),
              "Off the diagonal this is right. On it the second term is subtracted twice."),
        Wrong("wrong concept", lambda f: np.eye(len(f)) - _softmax(f) @ _softmax(f).T,
              "In what you subtract there is one factor too many: the derivative of log S with respect to f_j does not "
              "depend on i."),
        Wrong("term missing", lambda f: np.diag(1 / _softmax(f).ravel()) - _softmax(f) @ _softmax(f).T,
              "The slope of the logarithm belongs to the whole Jacobian of softmax, not to its first term alone."),
        Wrong("constant factor", lambda f: np.eye(len(f)) - np.ones((len(f), len(f))) / len(f),
              "Every score has the same share in what you subtract. Does S grow equally with every score?"),
        Wrong("silent broadcast", lambda f: np.eye(len(f)) - 1.0,
              "You subtract 1 from every entry. A p with one axis is added up by a product with ones; and a column of "
              f"exponentials over its sum along axis 1 is divided by itself. {SEES_ALL}"),
        Wrong("silent broadcast", lambda f: np.ones((len(f), len(f))) - _softmax(f).T,
              "Every entry has the 1 that belongs to the case i = j: a number, or ones, in place of the identity "
              "matrix."),
        Wrong("silent broadcast", lambda f: 1 - _softmax(f).T,
              "This row holds the case i = j. A Jacobian is a matrix: what of the entries with i ≠ j?"),
        Wrong("silent broadcast", lambda f: np.ones((len(f), len(f))) - _softmax(f),
              "Every entry has the 1 that belongs to the case i = j, and what you subtract varies in the wrong index."),
        Wrong("value instead of derivative", lambda f: np.log(_softmax(f)),
              "These are the logarithms themselves. The exercise asks how each changes with each score."),
        Wrong("value instead of derivative", lambda f: _softmax(f),
              f"These are the probabilities. The exercise asks how each logarithm changes with each score. {SEES_ALL}"),
        Wrong("another activation's slope", lambda f: _each_row(_sigmoid(f).T, f),
              "You subtract sigmoids. What is e^(f_j) divided by here?"),
        Wrong("another activation's slope", lambda f: np.diag(1 - _sigmoid(f).ravel()),
              "This is the slope of the logarithm of a sigmoid, score by score. Softmax is not elementwise. "
              f"{SEES_ALL}"),
        Wrong("factor 2", lambda f: 2 * _each_row(_softmax(f).T, f) - np.eye(len(f)),
              "The second term is subtracted twice."),
        slips.flattened(lambda f: LogOfAProbability.solution(None, f), "A Jacobian has two axes."),
        Wrong("constant factor", lambda f: np.diag(1 / _softmax(f).ravel()) - 1,
              "You divide by two probabilities. The slope of the logarithm of p_i brings one."),
        Wrong("constant factor", lambda f: _each_row((_softmax(f) / np.exp(f).sum()).T, f),
              "What you subtract is divided by S once too often."),
        Wrong("inner derivative forgotten", lambda f: 1 / _softmax(f),
              "This is the slope of the logarithm at each probability. But the probabilities depend on the scores. "
              f"{SEES_ALL}"),
        Wrong("term missing", lambda f: np.ones((len(f), 1)) @ _softmax(f).T,
              "This is the derivative of log S. It enters with another sign, and the first term is missing."),
        Wrong("slope at the wrong point", lambda f: _each_row(_softmax(_softmax(f)).T, f),
              "Softmax is applied twice. What stands in S are the scores."),
        Wrong("silent broadcast", lambda f: f - _softmax(f).T,
              "The first term is not yet differentiated, and numpy stretched its column: what is the derivative of f_i "
              "with respect to f_j?"),
        Wrong("outer derivative forgotten", lambda f: np.diag(np.exp(f).ravel()) - _softmax(f).T,
              "Off the diagonal this is right. On it you differentiated an exponential; the first term is f_i."),
        Wrong("constant factor", lambda f: _each_row(np.exp(-f).T, f),
              "You subtract something other than the derivative of log S: S is a sum of exponentials."),
        Wrong("silent broadcast", lambda f: np.eye(len(f)) - np.diag(_softmax(f).ravel()) - _softmax(f),
              "The second term is subtracted twice on the diagonal, and it varies in the wrong index."),
        Wrong("term missing", lambda f: (np.eye(len(f)) - 1) * _softmax(f).T,
              "Off the diagonal this is right, and on it everything cancels. How does f_i change with itself?"),
        Wrong("inner product", lambda f: np.eye(len(f)) - _softmax(f).T @ _softmax(f),
              "A row times a column is one number, which numpy stretched over the matrix."),
        Wrong("sign", lambda f: np.eye(len(f)) + _softmax(f),
              "A sign is wrong in the second term, and the term varies in the wrong index."),
        Wrong("slope at the wrong point", lambda f: _each_row(f.T / np.exp(f).sum(), f),
              "Above the sum stands the score itself. What is the derivative of S with respect to f_j?"),
        Wrong("value instead of derivative", lambda f: np.eye(len(f)) - np.log(_softmax(f)),
              "Logarithms stand in the second term, where a derivative belongs, and they vary in the wrong index."),
        Wrong("another activation's slope", lambda f: _softmax(f) * (1 - _softmax(f)),
              "This is the diagonal of the Jacobian of softmax, as a column: the logarithm is not there yet, nor is "
              "what stands off the diagonal."),
        Wrong("partial instead of total", lambda f: np.diag(1 / _softmax(f).ravel()) - _softmax(f).T,
              "Off the diagonal this is right. On it the slope of the logarithm stands alone: the first term is f_i."),
        Wrong("wrong concept", lambda f: (lambda p: np.diag((1 - p + p * p).ravel()) - p @ p.T)(_softmax(f)),
              "On the diagonal this is right. Off it there is one factor too many: the derivative of log S with "
              "respect to f_j does not depend on i."),
        Wrong("sign", lambda f: np.eye(len(f)) + _softmax(f) @ _softmax(f).T,
              "A sign is wrong in the second term, and it has one factor too many."),
        Wrong("wrong concept", lambda f: (lambda p: (np.diag(p.ravel()) - p @ p.T) @ np.diag(p.ravel()))(_softmax(f)),
              "You multiply the Jacobian of softmax by the probabilities, from the right. The logarithm has another "
              "slope, and it acts after softmax."),
        Wrong("coincidence", lambda f: np.eye(3) - _softmax(f).T,
              "Your identity matrix has the size 3. How many scores are there?"),
        Wrong("value instead of derivative", lambda f: np.eye(len(f)) - np.log(np.exp(f).sum()),
              f"You subtract log S itself. How does it change with each score? {SEES_ALL}"),
        Wrong("sign", lambda f: _each_row(_softmax(-f).T, f),
              f"What you subtract is the softmax of -f: a sign has turned in the exponent. {SEES_ALL}"),
        Wrong("summed too early", lambda f: LogOfAProbability.solution(None, f).sum(axis=0, keepdims=True),
              "You added the rows. Each logarithm keeps its own."),
        *(Wrong("value instead of derivative", lambda f, first=first: np.diag(first(f).ravel()) - _softmax(f).T,
                "Off the diagonal this is right. On it a value stands where the derivative of f_i with respect to f_i "
                "belongs.") for first in (lambda f: f, lambda f: np.log(_softmax(f)))),
        Wrong("value instead of derivative", lambda f: np.diag(np.log(_softmax(f)).ravel()),
              f"These are the logarithms themselves, on a diagonal. How does each change with each score? {SEES_ALL}"),
        Wrong("value instead of derivative", lambda f: _softmax(f).T,
              f"This is the row of probabilities. The exercise asks how each logarithm changes with each score. "
              f"{SEES_ALL}"),
        Wrong("sign", lambda f: np.diag(_softmax(f).ravel() - 1),
              "On the diagonal every sign is the opposite, and the rest is empty. But log S stands in every output."),
        Wrong("outer derivative forgotten", lambda f: (lambda p: np.log(np.diag(p.ravel()) - p @ p.T))(_softmax(f)),
              "You took the logarithm of the Jacobian of softmax, which has entries below 0. The logarithm acts on the "
              "probabilities, and has a slope there."),
        *(Wrong("silent broadcast", lambda f, sign=sign: np.eye(len(f)) - sign(np.exp(f).T / np.exp(f)),
                "You subtract the ratios of two exponentials, a whole table of them; a sum along axis 1 makes it, too. "
                f"S is one number. {SEES_ALL}")
          for sign in (np.array, np.transpose)),
        *(Wrong(name, lambda f, first=first: (lambda p: np.diag((first(p) + p).ravel()) - np.ones((len(p), 1)) @ p.T)(
                _softmax(f)), f"Off the diagonal this is right. {what}")
          for name, first, what in (
              ("term missing", lambda p: 1 + 0 * p, "On it the second term is missing: S contains f_i as well."),
              ("value instead of derivative", lambda p: p, "On it stand the probabilities themselves. Which two terms "
                                                           "meet where i = j?"),
              ("outer derivative forgotten", lambda p: p * (1 - p), "On it stand the entries of softmax's own "
                                                                    "Jacobian. There is a logarithm behind it."))),
        Wrong("silent broadcast", lambda f: np.ones((len(f), len(f))) - _softmax(f) @ _softmax(f).T,
              "Ones stand in place of the identity matrix; and in what you subtract there is one factor too many."),
        Wrong("outer derivative forgotten", lambda f: (lambda p: 1 / (np.diag(p.ravel()) - p @ p.T))(_softmax(f)),
              "You took one over each entry of the Jacobian of softmax. The logarithm acts on the probabilities: where "
              f"is its slope to be taken, and what does it multiply? {SEES_ALL}"),
        *(Wrong("wrong concept", lambda f, row=row: _each_row(row(f).T, f), f"{what} {SEES_ALL}")
          for row, what in (
              (lambda f: np.exp(f) / np.exp(f).max(), "You divide the exponentials by the largest of them. What is S?"),
              (lambda f: f / f.sum(), "You divide the scores by their sum. S is a sum of exponentials."),
              (lambda f: np.exp(f) / len(f), "You divide the exponentials by their number. What is S?"))),
        Wrong("value instead of derivative", lambda f: np.diag(f.ravel()) - np.log(np.exp(f).sum()),
              "Both terms stand there as they are, one of them on a diagonal. They are still to be differentiated."),
        Wrong("partial instead of total", lambda f: (lambda p: np.diag((1 / p - p).ravel()))(_softmax(f)),
              "Your matrix is diagonal, and the slope of the logarithm meets the first term alone. But log S stands in "
              f"every output. {SEES_ALL}"),
        Wrong("flattened", lambda f: np.eye(len(f), 1) - _softmax(f),
              "np.eye with a second size is not square: this is one column of the identity. A Jacobian is a matrix."),
        Wrong("wrong concept", lambda f: _each_row(1 / _softmax(f).T, f),
              "You subtract one over a probability. That is the slope of the logarithm of p_j; what is the derivative "
              f"of log S? {SEES_ALL}"),
        Wrong("wrong concept", lambda f: _each_row(1 - _softmax(f).T, f),
              "You subtract what is left of 1, where the derivative of log S belongs. "
              f"{SEES_ALL}"),
        Wrong("wrong concept", lambda f: _each_row(np.exp(f).T / np.log(np.exp(f).sum()), f),
              "You divide by log S. The slope of the logarithm has the argument itself below the line, not its "
              "logarithm."),
        Wrong("value instead of derivative", lambda f: np.eye(len(f)) - np.exp(f).sum(),
              "You subtract S itself, the same from every entry. How does log S change with each score?"),
    )  # fmt: skip

    def cases(self, rng):
        for N in (3, 5, 2, 7, *self.more(4, 9)):
            yield {"f": rng.normal(scale=1.5, size=(N, 1))}

    def solution(self, f):
        p = np.exp(f) / np.exp(f).sum()
        return np.eye(len(f)) - np.ones((len(f), 1)) @ p.T


def _batch(Z, shift, axis):
    E = np.exp(Z - shift)
    return E / E.sum(axis=axis, keepdims=True)


class RepairSoftmax(Exercise):
    id = "4.5"
    title = "Two faults in a softmax"
    points = 3
    name = "softmax_batch"
    arguments = ("Z",)
    returns = "an array (N, B)"
    hints = (
        "Samples are columns: the N scores of one sample stand along axis 0. Which sums should be 1?",
        "Try two samples of very different size, such as the columns (1000, 999) and (0, 1). What is left of the "
        "second after the maximum of the whole batch is subtracted?",
        "Each sample may subtract a number of its own. keepdims=True keeps the shape (1, B), which fits (N, B).",
    )
    because = (
        "Sum and maximum both belong to one sample, a column, so both run along axis 0. With the maximum of the whole "
        "batch a much smaller sample loses all its exponentials, and 0/0 is nan."
    )
    mistakes = (
        Wrong("as printed", lambda Z: _batch(Z, Z.max(), 1),
              "Both faults are still there. Take one sample, a column: do its probabilities add up to 1?"),
        Wrong("overflow", lambda Z: _batch(Z, Z.max(), 0),
              "One fault is repaired. The other shows where one sample is much larger than another: then every "
              "exponential of the small one is 0, and 0/0 is nan. See 'Exponentials that overflow'."),
        Wrong("rows for columns", lambda Z: _batch(Z, Z.max(axis=0, keepdims=True), 1),
              "The maximum is right now. The sum still adds one score of different samples, instead of the scores "
              "of one sample."),
        Wrong("overflow", lambda Z: _batch(Z, 0.0, 0),
              "The sum is right now. But large scores still reach the exponential, and that of 1000 is inf. "
              "See 'Exponentials that overflow'."),
        Wrong("wrong concept", lambda Z: _batch(Z, Z.max(axis=0, keepdims=True), (0, 1)),
              "All entries of the batch together add up to 1. Each sample needs a sum of its own."),
        Wrong("wrong concept", lambda Z: _batch(Z, Z.max(), (0, 1)),
              "All entries of the batch together add up to 1, and one maximum serves for all. Each sample needs both "
              "for itself."),
        Wrong("rows for columns", lambda Z: _batch(Z, Z.max(axis=1, keepdims=True), 0),
              "The sum is right. The maximum runs along the other axis, so that the entries of one sample lose "
              "different amounts and their ratios change. See 'Exponentials that overflow'."),
        Wrong("wrong concept", lambda Z: _batch(np.clip(Z, -500, 500), 0.0, 0),
              "Cutting the scores off at a limit avoids inf and changes the answer: 1000 and 998 become equal. "
              "See what may be subtracted in 'Exponentials that overflow'."),
        Wrong("rows for columns", lambda Z: _batch(Z, Z.max(axis=1, keepdims=True), 1),
              "Both, the maximum and the sum, run over the samples now. The scores of one sample stand along the other "
              f"axis. {OVERFLOW}"),
        Wrong("term missing", lambda Z: np.exp(Z - Z.max(axis=0, keepdims=True)),
              "These are the exponentials. They are still to be divided, so that each sample adds up to 1."),
        Wrong("flattened", lambda Z: (lambda E: E / E.sum(axis=1))(np.exp(Z - Z.max(axis=0))),
              "The maximum is right. The sum runs along the other axis, and without keepdims it meets the wrong one."),
        Wrong("flattened", lambda Z: (lambda E: E / E.sum(axis=0))(np.exp(Z - Z.max(axis=1))),
              "The sum is right. The maximum runs along the other axis, and without keepdims it meets the wrong one."),
        Wrong("wrong concept", lambda Z: _batch(Z / Z.max(axis=0, keepdims=True), 0.0, 0),
              "You divide by the maximum, which changes the ratios of the exponentials. What may be done to all scores "
              f"of a sample without a change? {OVERFLOW}"),
        *(Wrong("overflow", lambda Z, middle=middle: _batch(Z, middle(Z, axis=0, keepdims=True), 0),
                f"What you subtract cancels, but does not always help: a score may lie far above it. {OVERFLOW}")
          for middle in (np.mean, np.median)),
        Wrong("overflow", lambda Z: _batch(Z, Z.min(axis=0, keepdims=True), 0),
              f"Subtracting the smallest score leaves the others large. {OVERFLOW}"),
        Wrong("sign", lambda Z: _batch(-Z, -Z.max(axis=0, keepdims=True), 0),
              "A sign has turned: the largest score has the smallest probability."),
        Wrong("wrong concept", lambda Z: (lambda D: D / D.sum(axis=0))(Z - Z.max(axis=0)),
              "The exponential is lost: you divide differences by their sum."),
        slips.transposed(lambda Z: RepairSoftmax.solution(None, Z), "Samples are columns here."),
        *(Wrong("constant kept", lambda Z, small=small: (lambda E: E / (E.sum(axis=0) + small))(
                    np.exp(Z - Z.max(axis=0))),
                "A small number was added to the sum. It cannot be 0 here: the largest exponential is 1.")
          for small in (1e-8, 1e-7, 1e-6, 1e-5)),
        Wrong("wrong concept", lambda Z: (lambda E: E / np.linalg.norm(E, axis=0))(np.exp(Z - Z.max(axis=0))),
              "You divide by the length of a column of exponentials. Probabilities add up to 1: divide by the sum."),
        slips.flattened(lambda Z: RepairSoftmax.solution(None, Z), "A batch has two axes."),
        Wrong("overflow", lambda Z: _batch(Z, np.abs(Z).max(axis=0, keepdims=True), 0),
              f"You subtract the largest size, not the largest score: far below 0, nothing is left. {OVERFLOW}"),
        Wrong("overflow", lambda Z: _batch(np.minimum(Z, 700), 0.0, 0),
              f"A limit above changes the answer, and far below 0 every exponential is 0. {OVERFLOW}"),
        Wrong("overflow", lambda Z: _batch(Z, Z[:1], 0),
              f"Subtracting the first score of a sample leaves the others as far above it as they are. {OVERFLOW}"),
        Wrong("overflow", lambda Z: np.nan_to_num(_batch(Z, Z.max(), 0)),
              "The probabilities of a small sample are all 0 with you. Every sample should add up to 1."),
        Wrong("overflow", lambda Z: (lambda P: np.where(np.isnan(P), 1 / len(Z), P))(_batch(Z, Z.max(), 0)),
              "A sample far below the largest shares equally with you. But it has scores of its own: let none of its "
              "exponentials be lost."),
        Wrong("constant factor", lambda Z: np.exp(Z - Z.max(axis=0, keepdims=True)) / len(Z),
              "You divide by the number of scores. What should each sample be divided by, to add up to 1?"),
        Wrong("wrong concept", lambda Z: _batch(Z / 1000, 0.0, 0),
              f"You divide the scores by a fixed number, which changes the ratios of the exponentials. {OVERFLOW}"),
        *(Wrong("digits lost", lambda Z, k=k: np.round(RepairSoftmax.solution(None, Z), k),
                "The numbers are rounded. Keep all their digits.") for k in (3, 4, 6)),
        Wrong("wrong concept", lambda Z: _batch(Z, Z.max(axis=1, keepdims=True), (0, 1)),
              "All entries of the batch together add up to 1, and the maximum runs over the samples. Each sample needs "
              "both for itself."),
        Wrong("sign", lambda Z: _batch(Z, -Z.max(axis=0, keepdims=True), 0),
              f"You add the largest score instead of subtracting it. {OVERFLOW}"),
        Wrong("wrong concept", lambda Z: RepairSoftmax.solution(None, Z).sum(axis=0),
              "You return the sums, which should be 1. The exercise asks for the probabilities."),
        Wrong("wrong concept", lambda Z: np.log(RepairSoftmax.solution(None, Z)),
              "These are the logarithms of the probabilities. The exercise asks for the probabilities."),
        Wrong("constant factor", lambda Z: len(Z) * RepairSoftmax.solution(None, Z),
              "You divide by the mean. What should each sample be divided by, to add up to 1?"),
        Wrong("rows for columns", lambda Z: _batch(Z, 0.0, 1),
              f"Nothing is subtracted any more, and the sum runs over the samples. {OVERFLOW}"),
        Wrong("overflow", lambda Z: _batch(Z, Z[np.abs(Z).argmax(axis=0), np.arange(Z.shape[1])], 0),
              f"You subtract the score of the largest size. Where that is far below 0, the others are lifted, and "
              f"overflow. {OVERFLOW}"),
        Wrong("overflow", lambda Z: _batch(Z, 700.0, 0),
              f"You subtract the same number everywhere. Each sample has scores of a size of its own. {OVERFLOW}"),
        Wrong("overflow", lambda Z: (lambda E: E / E.sum(axis=0))(np.exp(Z) / np.exp(Z).max(axis=0)),
              f"You divide by the largest exponential, which is inf already. What can be done before the exponential? "
              f"{OVERFLOW}"),
        Wrong("precedence", lambda Z: (lambda E: E / E.sum(axis=0))(np.exp(Z) - Z.max(axis=0)),
              f"The maximum is subtracted after the exponential: look at the brackets. {OVERFLOW}"),
        Wrong("wrong concept", lambda Z: Z - Z.max(axis=0) - np.log(np.exp(Z - Z.max(axis=0)).sum(axis=0)),
              "These are the logarithms of the probabilities. The exercise asks for the probabilities."),
        Wrong("wrong concept", lambda Z: RepairSoftmax.solution(None, np.abs(Z)),
              "You take the sizes of the scores. A score far below 0 should have a small probability."),
        Wrong("divided by B", lambda Z: RepairSoftmax.solution(None, Z) / Z.shape[1],
              "Every probability is divided by the number of samples. Each sample should add up to 1 by itself."),
        Wrong("counted twice", lambda Z: RepairSoftmax.solution(None, RepairSoftmax.solution(None, Z)),
              "Softmax is applied twice: once to the scores, and once more to its own result."),
        Wrong("sign", lambda Z: RepairSoftmax.solution(None, -Z),
              "A sign has turned: the largest score has the smallest probability."),
        Wrong("wrong concept", lambda Z: (Z == Z.max(axis=0)).astype(float),
              "You give everything to the largest score. The others have their shares, too."),
        Wrong("wrong concept", lambda Z: np.exp(-np.logaddexp(0, -Z)),
              "You apply the sigmoid to each score. The probabilities of one sample should add up to 1."),
        Wrong("flattened", lambda Z: (lambda E: E / E.sum(axis=1))(np.exp(Z - Z.max(axis=1))),
              "Maximum and sum run over the samples, and without keepdims they meet the wrong axis."),
        Wrong("single precision", lambda Z: RepairSoftmax.solution(None, Z.astype(np.float32)).astype(float),
              "Your numbers are right to a few digits: somewhere the scores became float32. Keep all their digits."),
        Wrong("wrong concept", lambda Z: Z / Z.sum(axis=0),
              "The exponential is lost: you divide the scores by their sum."),
        Wrong("wrong concept", lambda Z: _batch(Z / Z.std(axis=0), (Z / Z.std(axis=0)).max(axis=0), 0),
              f"You divide by a spread, which changes the ratios of the exponentials. {OVERFLOW}"),
        *(Wrong("wrong concept", lambda Z, axis=axis: _batch(Z, Z.max(axis=axis), (0, 1)) * Z.shape[1],
                "All entries of the batch together add up to the number of samples. Each sample should add up to 1 by "
                "itself.") for axis in (0, None)),
        Wrong("wrong concept", lambda Z: _batch(-np.abs(Z), 0.0, 0),
              "You take the sizes of the scores and turn their sign, so that the score nearest to 0 has the largest "
              f"probability. {OVERFLOW}"),
        Wrong("constant kept", lambda Z: (lambda E: E / (E.sum(axis=0) + 1e-8))(np.exp(Z - Z.max())),
              "A small number was added to the sum, so that 0/0 does not arise. But then the probabilities of a small "
              "sample are all 0: let none of its exponentials be lost."),
        Wrong("rows for columns", lambda Z: (lambda E: E / E.sum(axis=0).reshape(-1, 1))(np.exp(Z - Z.max(axis=0))),
              "The sums are right, one for each sample, and you stood them upright: then each meets a row. Samples are "
              "columns."),
        *(Wrong("spelling", wrong,
                "Python's max compares whole rows with one another, and cannot. An array has a max of its own, along "
                "an axis that you name.")
          for wrong in (lambda Z: (lambda E: E / sum(E))(np.exp(Z - max(Z))), lambda Z: _batch(Z, max(Z), 0))),
        Wrong("overflow", lambda Z: _batch(Z, Z.sum(axis=0), 0),
              f"You subtract the sum of the scores. It cancels, and may be far from the largest. {OVERFLOW}"),
        Wrong("precedence", lambda Z: (lambda E: E / E.sum(axis=0))(np.exp(Z) - np.exp(Z.max(axis=0))),
              f"You subtract exponentials. The maximum is taken from the scores, before the exponential. {OVERFLOW}"),
        Wrong("divided by B", lambda Z: np.exp(Z - Z.max(axis=0)) / Z.shape[1],
              "You divide by the number of samples. What should each sample be divided by, to add up to 1?"),
        Wrong("wrong concept", lambda Z: np.exp(Z - Z.max(axis=0)) / Z.sum(axis=0),
              "You divide the exponentials by the sum of the scores. Which numbers should add up to 1?"),
        Wrong("wrong concept", lambda Z: np.exp(Z - Z.max(axis=0)) / np.exp(Z).sum(axis=0),
              f"Above, the maximum is subtracted, and below it is not: then it does not cancel. {OVERFLOW}"),
        Wrong("wrong concept", lambda Z: np.exp(Z) / np.exp(Z - Z.max(axis=0)).sum(axis=0),
              f"Below, the maximum is subtracted, and above it is not: then it does not cancel. {OVERFLOW}"),
        Wrong("wrong concept", lambda Z: np.exp(Z - Z.max(axis=0)).sum(axis=0),
              "These are the sums of the exponentials, one for each sample. The exponentials are to be divided by "
              "them."),
        Wrong("wrong concept", lambda Z: Z.argmax(axis=0),
              "This says which score of a sample is the largest. The probabilities are asked for."),
        *(Wrong("digits lost", lambda Z, k=k: np.round(RepairSoftmax.solution(None, Z), k),
                "Your probabilities are rounded to one or two places. Keep all their digits.") for k in (1, 2)),
        *(Wrong("sizes swapped", wrong,
                "Your loop counts one axis and takes from the other: how many samples are there, and what of Z is one?")
          for wrong in (lambda Z: np.column_stack([RepairSoftmax.solution(None, Z[:, [s]]) for s in range(len(Z))]),
                        lambda Z: np.vstack([RepairSoftmax.solution(None, Z[[s]].T).T for s in range(Z.shape[1])]))),
        Wrong("state kept", lambda Z: RepairSoftmax.solution(None, Z)[:, [-1]],
              "This is the last sample alone: each turn replaces what the turn before it found."),
        Wrong("first only", lambda Z: RepairSoftmax.solution(None, Z)[:, [0]],
              "This is the first sample alone. Is there a return inside the loop?"),
        Wrong("counted twice", lambda Z: RepairSoftmax.solution(None, Z) / len(Z),
              "The probabilities are divided by the number of scores once more. Each sample should add up to 1."),
        Wrong("overflow", lambda Z: np.exp(Z - np.log(np.exp(Z).sum(axis=0))),
              "The logarithm of the sum is what softmax subtracts, but on the way to it the exponential of 1000 is "
              f"inf, and the logarithm of 0 follows for small scores. {OVERFLOW}"),
    )  # fmt: skip

    def cases(self, rng):
        yield {"Z": rng.normal(size=(4, 4))}  # square first, where nothing fails by its shape
        yield {"Z": rng.normal(size=(3, 4))}
        yield {"Z": rng.normal(size=(3, 3)) + np.array([[1000.0, 0.0, -1000.0]])}
        yield {"Z": rng.normal(size=(5, 2)) + np.array([[-800.0, 900.0]])}
        yield {"Z": rng.normal(size=(3, 2)) + np.array([[1000.0, 0.0], [0.0, -1000.0], [-1000.0, 1000.0]])}
        # The largest size far below 0; and more than the exponential of any float can hold.
        yield {"Z": rng.normal(size=(3, 2)) + np.array([[-1000.0, 20000.0], [0.0, 20000.0], [0.0, 0.0]])}
        for shape in self.more((6, 2), (2, 5)):
            yield {"Z": rng.normal(size=shape)}

    def solution(self, Z):
        E = np.exp(Z - Z.max(axis=0, keepdims=True))
        return E / E.sum(axis=0, keepdims=True)


EXERCISES = [SlopeFromValue, OffTheDiagonal, ChoiceAtZero, LogOfAProbability, RepairSoftmax]
