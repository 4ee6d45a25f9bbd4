"""The exercises of lesson 10: the printed logistic loss, a loss at ±1000, weights for labels, the ratio of a step."""

import math

import numpy as np

from helpers.activations import Sigmoid
from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips

LOGISTIC, STABLE = "See 'Two classes: the logistic loss'.", "See 'Scores of ±1000'."
CLASSES, BATCH, STEP = (
    "See 'Ten classes: softmax and cross-entropy'.",
    "See 'The mean over a batch'.",
    "See 'One step downhill'.",
)


def _printed(f, y, **other):
    """The answer of 10.1, with some entries replaced."""
    e = np.exp(y * f)
    right = {"loss": y * f, "slope": (1 + y) / (1 + e), "own": (1 - y * e) / (1 + e), "blind": -1}
    return {key: value if isinstance(value, int) else float(value) for key, value in (right | other).items()}


class TwoFaultsInPrint(Exercise):
    id = "10.1"
    title = "Two faults in print"
    points = 2
    name = "printed_minus_ours"
    arguments = ("f", "y")
    returns = 'a dict {"loss": float, "slope": float, "own": float, "blind": 1 or -1}'
    hints = (
        "For the loss: log(1 + e^m) - log(1 + e^-m) is the logarithm of a quotient. Take e^m out of its numerator.",
        "Two fractions with one denominator: add the numerators. A minus before a negative slope is a plus.",
        "For the third, differentiate log(1 + e^(yf)) yourself. The inner function yf has a slope, too.",
    )
    because = (
        "With m = yf, log(1 + e^m) = m + log(1 + e^-m), so the printed loss is too large by m: it charges what is "
        "right. The printed slope lacks the factor -y of the inner function, which is 1 for y = -1 alone."
    )
    mistakes = (
        Wrong("sign", lambda f, y: _printed(f, y, loss=-y * f, slope=-(1 + y) / (1 + np.exp(y * f)),
                                            own=(y * np.exp(y * f) - 1) / (1 + np.exp(y * f))),
              "All three differences are the other way round: the printed form comes first, then minus."),
        Wrong("sign", lambda f, y: _printed(f, y, loss=-y * f),
              f"Your error of the loss has the opposite sign. Which of the two is larger for a right answer? "
              f"{LOGISTIC}"),
        Wrong("sign", lambda f, y: _printed(f, y, slope=-(1 + y) / (1 + np.exp(y * f))),
              "Your error of the slope is the other way round: the printed factor comes first, then minus."),
        Wrong("sign", lambda f, y: _printed(f, y, own=(y * np.exp(y * f) - 1) / (1 + np.exp(y * f))),
              "The third is the other way round: the printed (49) comes first, then minus."),
        Wrong("sign", lambda f, y: _printed(f, y, loss=np.log(1 + np.exp(f)) + np.log(1 + np.exp(-f))),
              "You added the two losses. A difference is asked for, and it is a much simpler formula."),
        Wrong("sign", lambda f, y: _printed(f, y, slope=1 / (1 + np.exp(y * f)) + y / (1 + np.exp(-y * f))),
              f"In your error of the slope, our slope has another exponent than in Eq. (49) of this lesson. "
              f"{LOGISTIC}"),
        Wrong("formula", lambda f, y: _printed(f, y, loss=np.exp(y * f)),
              "For the loss you have the quotient of 1 + e^m and 1 + e^-m. What becomes of it under the logarithm?"),
        Wrong("one direction only", lambda f, y: _printed(f, y, loss=abs(f)),
              "Your error of the loss is never negative. A difference has a sign, and here it tells whether the print "
              "charges too much or too little."),
        Wrong("term missing", lambda f, y: _printed(f, y, loss=f),
              f"The label does not enter your error of the loss. What is in the exponent? {LOGISTIC}"),
        Wrong("value instead of derivative", lambda f, y: _printed(f, y, loss=np.log(1 + np.exp(y * f))),
              "For the loss you give the printed value itself, and subtract nothing from it."),
        Wrong("as printed", lambda f, y: _printed(f, y, slope=1 / (1 + np.exp(y * f))),
              "For the slope you give the printed factor itself. What remains when our slope is subtracted?"),
        Wrong("term missing", lambda f, y: _printed(f, y, slope=y / (1 + np.exp(y * f))),
              "For the slope you have only one of the two: our slope, with the minus of the difference."),
        Wrong("term missing", lambda f, y: _printed(f, y, own=y / (1 + np.exp(-y * f))),
              "The third is the derivative of the printed (48) alone. It is to be subtracted from something."),
        Wrong("sign", lambda f, y: _printed(f, y, slope=(1 - y) / (1 + np.exp(y * f))),
              f"For the slope you added the two, or took our slope with the wrong sign. {LOGISTIC}"),
        Wrong("inner derivative forgotten", lambda f, y: _printed(f, y, slope=2 / (1 + np.exp(y * f))),
              f"In your error of the slope the label stands in the exponent only. Our slope has it once more. "
              f"{LOGISTIC}"),
        Wrong("inner derivative forgotten", lambda f, y: _printed(
              f, y, own=(1 - np.exp(y * f)) / (1 + np.exp(y * f))),
              "For the third you differentiated log(1 + e^s), but s = yf has a slope in f, too: the chain rule."),
        Wrong("term missing", lambda f, y: _printed(f, y, slope=2 / (1 + np.exp(f))),
              f"Your error of the slope is right for the label +1 only. Where does y stand in the two slopes? "
              f"{LOGISTIC}"),
        Wrong("term missing", lambda f, y: _printed(f, y, own=(1 - np.exp(f)) / (1 + np.exp(f))),
              "Your third difference is right for the label +1 only. Where does y stand in it?"),
        Wrong("sign", lambda f, y: _printed(f, y, own=(1 + y * np.exp(y * f)) / (1 + np.exp(y * f))),
              "The third is a sum: you added the derivative of the printed loss where it is to be subtracted."),
        Wrong("wrong variable", lambda f, y: _printed(f, y, own=1 / (1 + np.exp(y * f)) - f / (1 + np.exp(-y * f))),
              "In the third you differentiated with respect to y. The score f is what moves."),
        Wrong("outer derivative forgotten", lambda f, y: _printed(
              f, y, own=1 / (1 + np.exp(y * f)) - y * np.exp(y * f)),
              "In the third, the derivative of the printed loss lacks its denominator: the slope of a logarithm."),
        Wrong("outer derivative forgotten", lambda f, y: _printed(
              f, y, own=1 / (1 + np.exp(y * f)) - y / (1 + np.exp(y * f))),
              "In the third, the derivative of the logarithm is one over what stands in it, times the slope of what "
              "stands in it. An exponential is lost in yours."),
        Wrong("wrong concept", lambda f, y: _printed(f, y, own=(1 + y) / (1 + np.exp(y * f))),
              "Your third entry is the second again. Here (49) is compared with the derivative of (48) as printed, not "
              "with our slope."),
        Wrong("value instead of derivative", lambda f, y: _printed(
              f, y, own=1 / (1 + np.exp(y * f)) - np.log(1 + np.exp(y * f))),
              "In the third you subtract the printed loss itself. Its derivative is asked for."),
        Wrong("term missing", lambda f, y: _printed(f, y, loss=-f),
              "The label does not enter your error of the loss, and for +1 its sign is wrong as well."),
        Wrong("sign", lambda f, y: _printed(f, y, loss=2 * np.log(1 + np.exp(y * f))),
              "log(1 + e^-m) is not the negative of log(1 + e^m). What becomes of it if e^-m is taken out of the "
              "bracket?"),
        Wrong("sign", lambda f, y: _printed(f, y, slope=(1 + y) / (1 + np.exp(-y * f))),
              f"In your error of the slope, the exponent has another sign than in the two slopes. {LOGISTIC}"),
        Wrong("outer derivative forgotten", lambda f, y: _printed(f, y, slope=1.0 + y),
              "Your error of the slope has lost its denominator."),
        Wrong("outer derivative forgotten", lambda f, y: _printed(f, y, own=1 - y * np.exp(y * f)),
              "Your third difference has lost its denominator."),
        Wrong("value instead of derivative", lambda f, y: _printed(
              f, y, own=1 / (1 + np.exp(y * f)) - y * np.log(1 + np.exp(y * f))),
              "In the third, the logarithm has not been differentiated: only the slope of yf is there."),
        Wrong("formula", lambda f, y: _printed(f, y, loss=np.log(1 + np.exp(y * f)) / np.log(1 + np.exp(-y * f))),
              "For the loss you divided one logarithm by the other. Their difference is the logarithm of a quotient."),
        Wrong("formula", lambda f, y: _printed(f, y, loss=np.log(abs(np.exp(y * f) - np.exp(-y * f)))),
              "For the loss you took the logarithm of the difference. The difference of two logarithms is another "
              "rule."),
        Wrong("zero", lambda f, y: _printed(f, y, own=0.0),
              "A third difference of zero would say that the printed (49) is the derivative of the printed (48). "
              "Differentiate (48) as it is printed, and compare."),
        Wrong("outer derivative forgotten", lambda f, y: _printed(f, y, own=1.0 - y),
              "In your third difference the denominator and the exponentials are lost."),
        Wrong("coincidence", lambda f, y: _printed(f, y, blind=1),
              "Look at the label again: put +1 and then -1 into your error of the slope. Which of them hides the "
              "fault?"),
        Wrong("coincidence", lambda f, y: _printed(f, y, blind=int(y)),
              "The label that hides the fault is one number, the same for every input. Put both into your error of the "
              "slope."),
        Wrong("coincidence", lambda f, y: _printed(f, y, blind=0),
              "A label is +1 or -1. For which of the two is your error of the slope zero, whatever the score?"),
        Wrong("term missing", lambda f, y: _printed(f, y, loss=np.log(1 + np.exp(-y * f))),
              "For the loss you give ours alone. What remains when it is subtracted from the printed one?"),
        Wrong("term missing", lambda f, y: _printed(f, y, slope=-y / (1 + np.exp(y * f))),
              "For the slope you give ours alone. What remains when it is subtracted from the printed factor?"),
        Wrong("term missing", lambda f, y: _printed(f, y, own=-y / (1 + np.exp(-y * f))),
              "In the third the printed (49) is left out: you have what is subtracted from it, with its minus."),
        Wrong("as printed", lambda f, y: _printed(f, y, own=1 / (1 + np.exp(y * f))),
              "For the third you give the printed (49) itself. The derivative of the printed (48) is still to be "
              "subtracted."),
        *(Wrong("coincidence", lambda f, y, blind=blind: _printed(f, y, blind=blind(y)),
                "A truth value stands for the label. Which label hides the fault is asked, not whether this one does.")
          for blind in (lambda y: y == -1, lambda y: y == 1)),
        Wrong("one direction only", lambda f, y: _printed(
              f, y, own=abs((1 - y * np.exp(y * f)) / (1 + np.exp(y * f)))),
              "Your third entry is never negative. It is a difference, too, and has a sign."),
        Wrong("formula", lambda f, y: _printed(f, y, slope=-y / (1 + np.exp(y * f)) ** 2),
              "For the slope the two fractions are multiplied. A difference of fractions with one denominator keeps it "
              "as it is."),
        *(Wrong("formula", lambda f, y, key=key, top=top: _printed(
                f, y, **{key: top(y, np.exp(y * f)) / (1 + np.exp(y * f)) ** 2}),
                f"The denominator of your {what} is squared. When two fractions with one denominator are subtracted, "
                f"it stays as it is.")
          for key, what, top in (("slope", "error of the slope", lambda y, e: 1 + y),
                                 ("own", "third difference", lambda y, e: 1 - y * e))),
    )  # fmt: skip

    def cases(self, rng):
        for sign, y in ((-1, 1), (-1, -1), (1, 1), (1, -1)):
            yield {"f": float(sign * rng.uniform(0.3, 2.5)), "y": y}

    def solution(self, f, y):
        e = np.exp(y * f)
        return {"loss": y * f, "slope": (1 + y) / (1 + e), "own": (1 - y * e) / (1 + e), "blind": -1}


def _ours(f, y):
    return np.maximum(0, -y * f) + np.log1p(np.exp(-np.abs(f)))


def _quiet(function):
    """What numpy makes of a formula that leaves the range of floats: its infinities, without the warnings."""

    def quietly(*inputs):
        with np.errstate(all="ignore"):
            return function(*inputs)

    return quietly


class LossAtAThousand(Exercise):
    id = "10.2"
    title = "A loss at ±1000"
    points = 2
    name = "logistic_loss"
    arguments = ("f", "y")
    returns = "an array (1, B)"
    hints = (
        "Which sign must the exponent have, so that the exponential is never larger than 1?",
        "Take e^-m out of the bracket where m is negative: log(1 + e^-m) = -m + log(1 + e^m).",
        "np.maximum(0, v) or np.where choose for each entry, and log(1 + e) is np.log1p(e).",
    )
    because = (
        "log(1 + e^-m) is -m + log(1 + e^m) where m is negative; both read max(0, -m) + log(1 + e^-|m|), whose "
        "exponential is at most 1. log1p keeps the digits that 1 + e loses where e is tiny."
    )
    mistakes = (
        Wrong("overflow", _quiet(lambda f, y: np.log(1 + np.exp(-y * f))),
              "Right for small scores, and infinite for large ones: an exponential overflows on the way, and one over "
              f"it is a probability of 0. {STABLE}"),
        Wrong("overflow", _quiet(lambda f, y: -np.log(Sigmoid()(y * f))),
              "Right for small scores, and infinite for answers that are far wrong: their probability is so small that "
              f"it becomes 0, and 0 has no logarithm. {STABLE}"),
        Wrong("overflow", _quiet(lambda f, y: np.log1p(np.exp(-y * f))),
              f"log1p saves the tail of right answers. For wrong ones an exponential still overflows. {STABLE}"),
        Wrong("digits lost", lambda f, y: np.maximum(0, -y * f) + np.log(1 + np.exp(-np.abs(f))),
              f"Nothing overflows. But far on the right side the loss is small and not zero: what is 1 + e, in "
              f"float64, when e is tiny? {STABLE}"),
        Wrong("sign", _quiet(lambda f, y: np.logaddexp(0, y * f)),
              f"Your loss is large where the sign of the score is right. {LOGISTIC}"),
        Wrong("as printed", _quiet(lambda f, y: np.log(1 + np.exp(y * f))),
              f"Your loss is large where the sign of the score is right, and there it overflows as well. {LOGISTIC}"),
        Wrong("term missing", lambda f, y: np.log1p(np.exp(-np.abs(f))),
              f"This is small for every sure answer, right or wrong: the larger part of a wrong one is missing. "
              f"{STABLE}"),
        Wrong("term missing", lambda f, y: np.maximum(0.0, -y * f),
              f"This is the loss of the far wrong, with a kink at 0. What does the loss cost in doubt, at f = 0? "
              f"{LOGISTIC}"),
        Wrong("wrong concept", lambda f, y: np.maximum(0.0, 1 - y * f),
              f"This is another loss for labels of ±1, the hinge: zero as soon as the margin is 1. {LOGISTIC}"),
        Wrong("wrong concept", lambda f, y: (f - y) ** 2,
              f"This is the squared loss. It charges a score of 1000 for the label +1 with nearly a million. "
              f"{LOGISTIC}"),
        Wrong("term missing", lambda f, y: np.logaddexp(0, -f),
              f"The label does not enter: every sample is treated as if it had the label +1. {LOGISTIC}"),
        *(Wrong("ceiling", _quiet(lambda f, y, most=most: np.log1p(np.exp(np.clip(-y * f, -most, most)))),
                f"Clipping stops the overflow by giving another answer: from a margin of -{most} on, the loss no "
                f"longer grows. {STABLE}") for most in (500, 700, 709, 100, 50, 20)),
        *(Wrong("ceiling", _quiet(lambda f, y, most=most: np.log(1 + np.exp(np.clip(-y * f, -most, most)))),
                f"Clipping at {most} stops the overflow by giving another answer. And in the tail, 1 + e has lost the "
                f"digits of e. {STABLE}") for most in (500, 700, 100, 50)),
        *(Wrong("ceiling", _quiet(lambda f, y, least=least: -np.log(
                np.clip(1 / (1 + np.exp(-y * f)), least, 1 - least))),
                f"A probability that is clipped at {least} and at 1 - {least} puts a ceiling on the loss, and a floor "
                f"under it. {STABLE}") for least in (1e-12, 1e-10, 1e-8, 1e-7)),
        Wrong("formula", _quiet(lambda f, y: np.log2(1 + np.exp(-y * f))),
              f"The logarithm of this lesson is the natural one. {LOGISTIC}"),
        *(Wrong("ceiling", _quiet(lambda f, y, least=least: -np.log(
                np.maximum(1 / (1 + np.exp(-y * f)), least))),
                f"A probability that is kept above {least} puts a ceiling on the loss: it cannot tell -100 from -1000. "
                f"{STABLE}") for least in (1e-15, 1e-12, 1e-10)),
        *(Wrong("ceiling", _quiet(lambda f, y, least=least: -np.log(1 / (1 + np.exp(-y * f)) + least)),
                f"The {least} that is added to the probability puts a ceiling on the loss. {STABLE}")
          for least in (1e-15, 1e-12, 1e-10, 1e-16, 1e-8)),
        Wrong("ceiling", _quiet(lambda f, y: np.minimum(np.log(1 + np.exp(-y * f)), 1000.0)),
              f"You put a ceiling where the overflow was. Large losses differ, too. {STABLE}"),
        *(Wrong("ceiling", _quiet(lambda f, y, most=most: np.nan_to_num(np.log1p(np.exp(-y * f)), posinf=most)),
                f"What overflowed is replaced by {most:g}. Large losses differ, too. {STABLE}")
          for most in (1000.0, float(np.finfo(float).max))),
        Wrong("digits lost", _quiet(lambda f, y: -(y + 1) / 2 * np.log(1 / (1 + np.exp(-f))) - (1 - y) / 2 * np.log(
              1 - 1 / (1 + np.exp(-f)))),
              "On paper this is the loss. In float64 a probability near 1 has lost the digits of what it lacks, and "
              f"one of 0 has no logarithm. Work with the margin instead. {STABLE}"),
        Wrong("digits lost", _quiet(lambda f, y: y * f * -1 + np.log1p(np.exp(y * f))),
              "Right where the answer is wrong. Where it is right, the exponential overflows, or the difference keeps "
              f"no digits. {STABLE}"),
        *(Wrong("digits lost", _quiet(lambda f, y, top=top, log=log: top(-y * f) + log(np.exp(-top(-y * f)), np.exp(
                -y * f - top(-y * f)))),
                f"You take out the same number for all samples. Each has its own largest exponent: 0 or -m. {STABLE}")
          for top in (np.max, lambda s: max(np.max(s), 0.0))
          for log in (lambda one, e: np.log(one + e), lambda one, e: np.log1p(one + e - 1))),
        Wrong("term missing", _quiet(lambda f, y: np.log1p(np.exp(np.abs(f)))),
              f"The label does not enter: every answer is charged as if it were wrong. {LOGISTIC}"),
        Wrong("term missing", lambda f, y: np.abs(f) + np.log1p(np.exp(-np.abs(f))),
              f"Nothing overflows, but the label does not enter: every answer is charged as if it were wrong. "
              f"{LOGISTIC}"),
        Wrong("one direction only", lambda f, y: -y * f + np.log1p(np.exp(-np.abs(f))),
              "Right where the answer is wrong. Your first term belongs there only: where the answer is right, the "
              f"loss cannot be negative. {STABLE}"),
        Wrong("term missing", lambda f, y: np.where(y * f > 0, np.log1p(np.exp(-np.abs(f))), -y * f),
              f"Where the answer is wrong, you keep the large part only, and the logarithm is left out. {STABLE}"),
        Wrong("product for sum", lambda f, y: np.maximum(0, -y * f) * np.log1p(np.exp(-np.abs(f))),
              f"The two pieces are the right ones. They come from the logarithm of a product. {STABLE}"),
        Wrong("overflow", lambda f, y: np.array([[math.log(1 + math.exp(-m)) for m in (y * f).ravel()]]),
              f"Where numpy says inf, the functions of math stop with an error: an exponential overflows. {STABLE}"),
        Wrong("summed too early", _quiet(lambda f, y: float(np.sum(np.log(1 + np.exp(-y * f))))),
              f"One loss for each sample is asked for, and no sum. An exponential overflows besides. {STABLE}"),
        Wrong("inner product", _quiet(lambda f, y: np.log(1 + np.exp(-y @ f.T))),
              "A row times a column is one number, the sum of all margins. Each sample has its own margin."),
        Wrong("wrong concept", lambda f, y: np.log1p(np.exp(-y * f)) if y * f > 0 else -y * f,
              "An if asks for one truth value, and here is one for each sample. Choose entry by entry."),
        Wrong("derivative instead of value", _quiet(lambda f, y: -y / (1 + np.exp(y * f))),
              f"This is the slope of the loss. Its value is asked for. {LOGISTIC}"),
        Wrong("summed too early", lambda f, y: float(np.sum(_ours(f, y))),
              "The right losses, added up. One loss for each sample is asked for, in the shape of f."),
        Wrong("summed too early", lambda f, y: float(np.mean(_ours(f, y))),
              "The right losses, and then their mean. One loss for each sample is asked for, in the shape of f."),
        Wrong("summed too early", _quiet(lambda f, y: float(np.mean(np.log(1 + np.exp(-y * f))))),
              f"One loss for each sample is asked for, and no mean of them. An exponential overflows besides. "
              f"{STABLE}"),
        Wrong("wrong concept", _quiet(lambda f, y: -y * np.log(1 / (1 + np.exp(-f))) - (1 - y) * np.log(
              1 - 1 / (1 + np.exp(-f)))),
              f"This formula is for labels 0 and 1, and here a label is +1 or -1. {LOGISTIC}"),
        Wrong("wrong concept", lambda f, y: np.maximum(0, f) - y * f + np.log1p(np.exp(-np.abs(f))),
              f"This formula, too, is for labels 0 and 1. It overflows nowhere, but here a label is +1 or -1. "
              f"{LOGISTIC}"),
        Wrong("formula", lambda f, y: np.logaddexp2(0, -y * f),
              f"logaddexp2 takes powers of 2 and the logarithm to the base 2. Here the base is e. {LOGISTIC}"),
        Wrong("formula", lambda f, y: np.logaddexp(0, y - f),
              f"Your margin is the score minus the label. How is the margin defined? {LOGISTIC}"),
        Wrong("digits lost", lambda f, y: np.maximum(0, -y * f) + np.log1p(1 + np.exp(-np.abs(f))),
              f"np.log1p adds the 1 by itself, and you added it as well. {STABLE}"),
        Wrong("inner product", lambda f, y: np.logaddexp(0, -y @ f.T),
              "A row times a column is one number, the sum of all margins. Each sample has its own loss."),
        slips.transposed(lambda f, y: _ours(f, y), STABLE),
        Wrong("wrong concept", lambda f, y: np.array([[math.exp(-np.abs(f))]]),
              "float() and the functions of math take a single number, and here is a row of them. numpy has an exp "
              "and a log1p of its own, for whole arrays."),
        Wrong("wrong concept", lambda f, y: -np.log(_softmax(f)),
              f"You let the samples compete for one probability, as if they were classes. Each has its own score and "
              f"label. {LOGISTIC}"),
        Wrong("digits lost", _quiet(lambda f, y: np.where(
              y * f > 30, 0.0, np.where(y * f < -30, -y * f, np.log(1 + np.exp(-y * f))))),
              f"Far on the right side you put 0, and before that 1 + e has lost digits of e. {STABLE}"),
        Wrong("sign", _quiet(lambda f, y: np.maximum(0, -y * f) + np.log1p(np.exp(np.abs(f)))),
              f"The larger part is there. The exponent of the rest has the wrong sign: it should be small far out. "
              f"{STABLE}"),
        Wrong("inner product", _quiet(lambda f, y: np.logaddexp(0, -y.T @ f)),
              "Every label meets every score in your margins. A sample has one label and one score."),
        Wrong("wrong concept", _quiet(lambda f, y: -(y * np.log(1 / (1 + np.exp(-np.clip(f, -700, 700))))
              + (1 - y) * np.log1p(-1 / (1 + np.exp(-np.clip(f, -700, 700)))))),
              f"This is the formula for labels 0 and 1. Here a label is +1 or -1, and 1 - y would be 2. {LOGISTIC}"),
        Wrong("outer derivative forgotten", lambda f, y: np.maximum(0, -y * f) + np.exp(-np.abs(f)),
              f"The larger part is right. The rest has lost its logarithm: what is the loss at f = 0? {STABLE}"),
        Wrong("divided by B", lambda f, y: _ours(f, y) / f.size,
              "The losses are divided by the number of samples. One loss for each sample is asked for, and no mean."),
        slips.flattened(lambda f, y: _ours(f, y), STABLE),
        *(Wrong("ceiling", lambda f, y, most=most: np.logaddexp(0, np.maximum(-y * f, -most)),
                f"You cut the margin off at {most}: from there on the loss does not become smaller. {STABLE}")
          for most in (20, 30, 33, 36, 40, 50, 100)),
        *(Wrong("digits lost", lambda f, y, most=most: np.where(y * f > most, 0.0, _ours(f, y)),
                f"Far on the right side you put 0. The loss there is tiny, but it has digits. {STABLE}")
          for most in (20, 25, 30, 40, 100)),
        *(Wrong("ceiling", _quiet(lambda f, y, kept=kept: -np.log(kept(Sigmoid()(y * f)))),
                "The probability is kept away from 0 by 1e-300, which puts a ceiling on the loss: far wrong answers "
                f"can no longer be told apart. {STABLE}")
          for kept in (lambda p: np.maximum(p, 1e-300), lambda p: p + 1e-300)),
        *(Wrong("wrong concept", _quiet(lambda f, y, least=least, entropy=entropy: entropy(y, Sigmoid()(f), least)),
                "This is the cross-entropy for labels 0 and 1, kept away from the logarithm of 0. Here a label is +1 "
                f"or -1. {LOGISTIC}")
          for least in (1e-300, 1e-16, 1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7)
          for entropy in (
              lambda y, p, least: -(y * np.log(p + least) + (1 - y) * np.log(1 - p + least)),
              lambda y, p, least: -(y * np.log(np.maximum(p, least)) + (1 - y) * np.log(np.maximum(1 - p, least))),
              lambda y, p, least: (lambda q: -(y * np.log(q) + (1 - y) * np.log(1 - q)))(np.clip(p, least, 1 - least)),
          )),
        Wrong("wrong concept", lambda f, y: np.logaddexp(0, -(2 * y - 1) * f),
              f"2y - 1 turns labels 0 and 1 into -1 and +1. Here they are -1 and +1 already. {LOGISTIC}"),
        Wrong("wrong concept", lambda f, y: np.logaddexp(0, -(y + 1) / 2 * f),
              f"You made the labels 1 and 0 first. The formula is for +1 and -1. {LOGISTIC}"),
        Wrong("formula", lambda f, y: np.maximum(0, -y * f) + np.expm1(np.exp(-np.abs(f))),
              f"np.expm1 is another function: it is e^x - 1. {STABLE}"),
        *(Wrong("digits lost", _quiet(loss),
                "You take the probability of the right class as 1 minus that of the other one. Far on the wrong side "
                f"the other one is 1 to all digits, and nothing is left. {STABLE}")
          for loss in (lambda f, y: -np.log1p(-Sigmoid()(-y * f)), lambda f, y: -np.log(1 - Sigmoid()(-y * f)))),
        *(Wrong("wrong concept", _quiet(lambda f, y, of=of: of(f) - y * f),
                f"log(1 + e^f) - yf is the loss for labels 0 and 1. Here a label is +1 or -1. {LOGISTIC}")
          for of in (lambda f: np.logaddexp(0, f), lambda f: np.log(1 + np.exp(f)), lambda f: np.log1p(np.exp(f)))),
        *(Wrong("formula", lambda f, y, base=base: _ours(f, y) / np.log(base),
                f"Your logarithm has the base {base}. Minus the natural logarithm is the loss. {LOGISTIC}")
          for base in (2, 10)),
        *(Wrong("wrong variable", _quiet(lambda f, y, right=right: np.where(
                right(f), np.log1p(np.exp(-y * f)), -y * f + np.log1p(np.exp(y * f)))),
                f"The sign of the score chooses between your two forms. Whether an exponential overflows depends on "
                f"the label as well. {STABLE}")
          for right in (lambda f: f > 0, lambda f: f >= 0)),
        Wrong("elementwise product", lambda f, y: np.logaddexp(0, y * np.abs(f)),
              f"The sign of the score does not enter: the label alone decides what is charged. {LOGISTIC}"),
        Wrong("ceiling", lambda f, y: np.log1p(np.exp(-np.maximum(y * f, 0))),
              f"The margin is not allowed to become negative: every wrong answer costs the same. {STABLE}"),
        *(Wrong("factor 2", loss,
                f"Your probability is that of softmax for the scores f and -f, or of twice the score. Their difference "
                f"is not the margin. {LOGISTIC}")
          for loss in (lambda f, y: np.logaddexp(0, -2 * y * f), lambda f, y: np.logaddexp(f, -f) - y * f,
                       _quiet(lambda f, y: np.log(1 + np.exp(-2 * y * f))))),
        *(Wrong("one direction only", _quiet(lambda f, y, sign=sign: np.maximum(0, -y * f) + np.log1p(np.exp(
                sign * y * f))),
                f"The larger part is there. The exponent of the rest changes its sign with the margin; small it is to "
                f"be on both sides. {STABLE}")
          for sign in (1, -1)),
        Wrong("coincidence", lambda f, y: np.maximum(0, -y * f) + np.log(2),
              f"The rest is held at its value for f = 0. It becomes small on both sides. {STABLE}"),
    )  # fmt: skip

    def cases(self, rng):
        for B in (3, 5, *self.more(8, 6)):
            yield {
                "f": rng.normal(scale=3, size=(1, B)),
                "y": rng.permutation([1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0][:B])[None],
            }
        yield {"f": np.array([[1000.0, -1000.0, 1000.0, -1000.0]]), "y": np.array([[1.0, 1.0, -1.0, -1.0]])}
        # At -720 a sigmoid is not yet 0, and e^720 is infinite.
        yield {"f": np.array([[-650.0, 800.0, 0.0, -720.0]]), "y": np.array([[1.0, -1.0, -1.0, 1.0]])}
        # Each tiny loss alone: entries are judged against the largest one beside them.
        yield {"f": np.array([[30.0, -32.0]]), "y": np.array([[1.0, -1.0]])}
        yield {"f": np.array([[45.0]]), "y": np.array([[1.0]])}
        yield {"f": np.array([[-300.0]]), "y": np.array([[-1.0]])}

    def solution(self, f, y):
        m = y * f
        return np.maximum(0, -m) + np.log1p(np.exp(-np.abs(m)))


def _softmax(f):
    e = np.exp(f - f.max())
    return e / e.sum()


class AnyWeights(Exercise):
    id = "10.3"
    title = "Labels that do not add up to 1"
    points = 2
    name = "dL_df"
    arguments = ("f", "y")
    returns = "a row (1, K)"
    derivation_is_asked = True
    hints = (
        "Write the loss without a fraction first: log p_i = f_i - log S with S = Σ_j e^(f_j). Which factor does log S "
        "have, when all terms of the sum are taken together?",
        "The derivative of log S with respect to f_i is a number you know. That of Σ_k y_k f_k is y_i.",
    )
    because = (
        "L = (Σ_k y_k) log S - Σ_k y_k f_k, and log S has the slopes p: the row (p Σy - y)ᵀ. With Σy = 1 it is "
        "(p - y)ᵀ."
    )
    mistakes = (
        Wrong("coincidence", lambda f, y: (_softmax(f) - y).T,
              f"Right where the weights add up to 1, and only there. Where does their sum come in? {CLASSES}"),
        Wrong("transposed", lambda f, y: _softmax(f) * y.sum() - y,
              "The numbers are right. The derivative of a number with respect to a column is a row."),
        Wrong("transposed", lambda f, y: _softmax(f) - y,
              f"This is p - y, a column, for weights that add up to 1. What is asked is a row, for any weights. "
              f"{CLASSES}"),
        Wrong("sign", lambda f, y: (y - _softmax(f) * y.sum()).T,
              "Every entry has the opposite sign: this is the way downhill. The derivative points uphill."),
        Wrong("sign", lambda f, y: (y - _softmax(f)).T,
              f"The sign is that of the way downhill, and the sum of the weights is missing. {CLASSES}"),
        Wrong("constant factor", lambda f, y: (_softmax(f) - y / y.sum()).T,
              "You made the weights add up to 1 first. That is another loss: a sample of weight 3 counts three times."),
        Wrong("constant factor", lambda f, y: ((_softmax(f) - y) * y.sum()).T,
              "The sum of the weights multiplies both terms in your row. Of which of the two is it the factor?"),
        Wrong("constant factor", lambda f, y: (len(f) * _softmax(f) - y).T,
              "You count the classes where their weights are to be added up."),
        Wrong("wrong variable", lambda f, y: (-y / _softmax(f)).T,
              f"This is the derivative with respect to p. The scores f come before the softmax. {CLASSES}"),
        Wrong("constant factor", lambda f, y: (_softmax(f) * y.mean() - y).T,
              "You took the mean of the weights. In the loss they are added up."),
        Wrong("constant factor", lambda f, y: (_softmax(f) * y.max() - y).T,
              "You took the largest of the weights. In the loss all of them are added up."),
        Wrong("summed too early", lambda f, y: (_softmax(f) * y.sum() - y.sum()).T,
              "The sum of the weights stands in both terms. A score occurs in the linear term with its own weight."),
        Wrong("coincidence", lambda f, y: np.where(y > 0, _softmax(f) - 1, _softmax(f)).T,
              "You subtract a 1 wherever there is a weight. The size of the weights does not enter."),
        Wrong("coincidence", lambda f, y: (_softmax(f) - np.eye(len(f))[:, [y.argmax()]]).T,
              "You looked for the largest weight and put a 1 there. All weights count, each by its size."),
        Wrong("wrong concept", lambda f, y: np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T,
              "This is the derivative of the probabilities. The loss comes behind them, and it is one number."),
        Wrong("constant factor", lambda f, y: ((_softmax(f) - y) * y).T,
              "You weighted each entry by its own weight. A term y_k log p_k has a slope in every score, not in f_k "
              "alone."),
        Wrong("another activation's slope", lambda f, y: (y.sum() / (1 + np.exp(-f)) - y).T,
              "Your probabilities are sigmoids, each of its own score: they do not add up to 1. Here they are a "
              "softmax."),
        Wrong("inner product", lambda f, y: _softmax(f).T @ y - y.T,
              "A row times a column is one number, subtracted from here for all classes. By what is log S "
              "multiplied in the loss?"),
        Wrong("counted twice", lambda f, y: (_softmax(f) * y.sum() - y).T @ (
              np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T),
              "The slopes of softmax are in your row already. You multiplied by its Jacobian once more."),
        Wrong("value instead of derivative", lambda f, y: (np.log(np.exp(f).sum()) * y.sum() - y * f).T,
              "This is the loss, with its terms not yet differentiated."),
        Wrong("silent broadcast", lambda f, y: _softmax(f) * y.T - y,
              "A column times a row is a whole array, of every probability with every weight. They are to be added "
              "up."),
        Wrong("silent broadcast", lambda f, y: (np.exp(f) / np.exp(f).sum(axis=1) * y.sum() - y).T,
              "Over axis 1 a column has nothing to add up: every exponential was divided by each one. The sum goes "
              "down the column."),
        Wrong("wrong axis", lambda f, y: (y.sum() - y).T,
              "Every probability in your row is 1. Did a sum run over axis 1, where a column has nothing to add up?"),
        Wrong("inner product", lambda f, y: (_softmax(f) * (y.T @ _softmax(f)) - y).T,
              "The factor of your first term is the sum of weights times probabilities. By what is log S multiplied "
              "in the loss?"),
        Wrong("inner derivative forgotten", lambda f, y: (np.log(_softmax(f)) * y.sum() - y).T,
              "Logarithms of probabilities stand in your first term. What is the derivative of log S with respect to "
              "a score?"),
        Wrong("silent broadcast", lambda f, y: (_softmax(f) * y.sum()).T - y,
              "A row minus a column is a whole array. Bring both into one shape first."),
        Wrong("diagonal only", lambda f, y: (-y * _softmax(f) * (1 - _softmax(f))).T,
              "You let each score move its own probability alone, and the logarithm has lost its slope."),
        *(Wrong("outer derivative forgotten", lambda f, y, sign=sign: sign * y.T @ (
                np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T),
                f"The Jacobian of softmax is there. What is the slope of -log at p{more}?")
          for sign, more in ((1, ", and which sign does it have"), (-1, ""))),
        Wrong("transposed", lambda f, y: -(y / _softmax(f)) @ (np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T),
              "The right factors, but the derivative of L with respect to p is a row: as a column it does not meet the "
              "Jacobian."),
        Wrong("value instead of derivative", lambda f, y: -(y * np.log(_softmax(f))).T,
              "These are the terms of the loss. Its derivative with respect to the scores is asked for."),
        Wrong("diagonal only", lambda f, y: (_softmax(f) * y - y).T,
              "Each probability is multiplied by its own weight. Either you let each score move its own probability "
              "alone (lesson 04: it moves all of them), or the sum of the weights ran over the wrong axis."),
        Wrong("inner derivative forgotten", lambda f, y: -np.log(_softmax(f)).T,
              "This is the derivative with respect to y, which is fixed. The scores are what moves."),
        Wrong("summed too early", lambda f, y: -np.diagflat(y) + y @ _softmax(f).T,
              "You have a matrix: the slopes of each term of the sum. L is one number, so its derivative is one row."),
        Wrong("sign", lambda f, y: (_softmax(f) * y.sum() + y).T,
              "One sign is wrong: raising the score of a class with a weight makes the loss smaller."),
        Wrong("term missing", lambda f, y: (_softmax(f) * y.sum()).T,
              "One of the two terms of the loss is lost: the one that is linear in the scores."),
        Wrong("term missing", lambda f, y: -y.T,
              "One of the two terms of the loss is lost: the logarithm of the sum depends on the scores, too."),
        Wrong("term missing", lambda f, y: (np.exp(f) * y.sum() - y).T,
              "Exponentials stand where probabilities belong. What is the derivative of the logarithm of a sum?"),
        Wrong("value instead of derivative", lambda f, y: (f * y.sum() - y).T,
              "The scores themselves stand where probabilities belong. What is the derivative of the logarithm of a "
              "sum?"),
        Wrong("value instead of derivative", lambda f, y: -float((y * np.log(_softmax(f))).sum()),
              "This is the loss itself, one number. Its derivative with respect to K scores is asked for."),
        Wrong("value instead of derivative", lambda f, y: _softmax(f).T,
              "These are the probabilities. The weights y do not enter."),
        Wrong("wrong concept", lambda f, y: 2 * (f - y).T,
              f"This is the derivative of the squared loss. {CLASSES}"),
        Wrong("wrong concept", lambda f, y: 2 * (_softmax(f) - y).T,
              f"This is the rule of the squared loss with p in the place of f. {CLASSES}"),
        Wrong("divided by B", lambda f, y: (_softmax(f) * y.sum() - y).T / len(f),
              "Divided by the number of classes: the loss is a sum over them. The mean is over samples, and here is "
              "one."),
        Wrong("wrong variable", lambda f, y: (y / _softmax(f)).T,
              "This is the derivative with respect to p, without its sign. The scores f come before the softmax."),
        Wrong("silent broadcast", lambda f, y: _softmax(f).T * y - y.T,
              "A row times a column with * is a table. In which way do the weights enter: one by one, or together?"),
        Wrong("coincidence", lambda f, y: (_softmax(f) * (y.T @ y) - y).T,
              "The squares of the weights are added up. That a label of 0 and 1 equals its square hides it there."),
        Wrong("constant factor", lambda f, y: (_softmax(f) / y.sum() - y).T,
              "You divide by the sum of the weights. Put in a single weight of 3 and look at the first term again."),
        Wrong("constant factor", lambda f, y: (_softmax(f) * np.count_nonzero(y) - y).T,
              "You count the weights that are not 0. Each of them counts by its size."),
        Wrong("diagonal only", lambda f, y: (_softmax(f) * y.sum() - y * _softmax(f)).T,
              "In your second term a probability stands beside the weight. How does a weight times its score change?"),
        Wrong("term missing", lambda f, y: (_softmax(f) * y.sum() - 1).T,
              "A 1 is subtracted from every entry. Which f_i stand in the loss by themselves, and with which factors?"),
        Wrong("sign", lambda f, y: -(_softmax(f) * y.sum() + y).T,
              "One sign is wrong: raising the score of a class without a weight makes the loss larger."),
        slips.flattened(lambda f, y: (_softmax(f) * y.sum() - y).T, CLASSES),
        *(Wrong("silent broadcast", lambda f, y, p=p: p(f, y) - y.T,
                "A column minus a row is a table of differences. Which score does an entry of your answer belong to?")
          for p in (lambda f, y: _softmax(f), lambda f, y: _softmax(f) * y.sum())),
        Wrong("matrix for its diagonal", lambda f, y: np.diagflat(_softmax(f) * y.sum() - y),
              "The right numbers, on the diagonal of a square. L is one number: how many rows has its derivative?"),
        Wrong("counted twice", lambda f, y: (_softmax(f) * y.sum() ** 2 - y).T,
              "The sum of the weights is squared. How often does log S stand in the loss?"),
        Wrong("summed too early", lambda f, y: np.sum(_softmax(f) * y.sum() - y, keepdims=True),
              "The entries are added up, and one number is left, which is always 0. Each score has a slope. "
              f"{CLASSES}"),
        Wrong("summed too early", lambda f, y: (_softmax(f) - y.sum()).T,
              "The sum of all weights is subtracted from every probability. With which weight does a single score "
              "stand in the linear term?"),
        *(Wrong("another activation's slope", lambda f, y, k=k: (
                k(y) * (_softmax(f) - y) * _softmax(f) * (1 - _softmax(f))).T,
                "p - y is multiplied by slopes p(1 - p), as behind the squared loss. What has become of them here? See "
                "'The slope that cancels'.")
          for k in (lambda y: 1, lambda y: 2)),
        Wrong("another activation's slope", lambda f, y: 2 * (_softmax(f) - y).T @ (
              np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T),
              f"This is the derivative of the squared loss of p and y, through softmax. The loss here is another one. "
              f"{CLASSES}"),
        Wrong("counted twice", lambda f, y: (_softmax(f) - y).T @ (
              np.diagflat(_softmax(f)) - _softmax(f) @ _softmax(f).T),
              f"p - y has met the slopes of softmax already, and you multiplied by its Jacobian once more. The sum of "
              f"the weights is missing besides. {CLASSES}"),
        Wrong("wrong concept", lambda f, y: (_softmax(y * f) - y).T,
              "The weights multiply the scores inside your softmax. In the loss they stand outside, before the "
              "logarithms."),
        Wrong("wrong concept", lambda f, y: (_softmax(f) - _softmax(y)).T,
              "The weights have been through a softmax as well. In the loss they stand as they are."),
        Wrong("constant factor", lambda f, y: (_softmax(f) - y * y.sum()).T,
              "The sum of the weights stands beside the weights. Which of the two terms of the loss holds all of them "
              "together?"),
        Wrong("sign", lambda f, y: (-y / _softmax(f)).T @ (
              np.diagflat(_softmax(f) - 2 * _softmax(f) ** 2) + _softmax(f) @ _softmax(f).T),
              "Beside the diagonal, your derivative of softmax has the wrong sign: what becomes of the other "
              "probabilities when one score rises?"),
        Wrong("term missing", lambda f, y: (len(f) * _softmax(f) - 1).T,
              "The weights do not enter: every class counts as if its weight were 1."),
    )  # fmt: skip

    def cases(self, rng):
        for K in (4, 3, 5, *self.more(7, 2)):
            yield {"f": rng.normal(size=(K, 1)), "y": rng.uniform(0.2, 2, size=(K, 1))}
        yield {"f": rng.normal(size=(4, 1)), "y": np.array([[0.0], [3.0], [0.0], [0.0]])}

    def solution(self, f, y):
        e = np.exp(f - f.max())
        p = e / e.sum()
        return (p * y.sum() - y).T


def _mean_loss(w, X, y):
    return np.mean(_ours(w.T @ X, y))


def _gradient(w, X, y):
    return X @ (-y / (1 + np.exp(y * (w.T @ X)))).T / y.size


def _ratio(w, X, y, mu, gradient=None, /, *, after=None, loss=_mean_loss, power=2):
    """The answer of 10.4 with another gradient, loss or place after the step."""
    g = _gradient(w, X, y) if gradient is None else gradient
    change = loss(w - mu * g if after is None else after, X, y) - loss(w, X, y)
    return float(change / (-mu * np.sqrt((g**2).sum()) ** power))


class RatioOfAStep(Exercise):
    id = "10.4"
    title = "What a step promises"
    points = 3
    name = "step_ratio"
    arguments = ("w", "X", "y", "mu")
    returns = "a float"
    derivation_is_asked = True
    tolerance = Close(rtol=1e-7)
    hints = (
        "Three parts: the mean loss at some w, the gradient at w, and the step. Write a small function for the loss, "
        "inside yours: the name loss is taken in this lesson.",
        "The gradient of one sample's loss is its slope in f, a number, times the derivative of f in w, turned into a "
        "column. Then the mean over the samples.",
        "X @ slopes.T, with slopes of shape (1, B), adds up the columns of X, each times its slope.",
    )
    because = (
        "f = wᵀX has the derivative xᵀ for each sample, so the gradient is the mean of slope times x. The loss falls "
        "by μ‖∇L‖² to first order; the ratio of the true change to that differs from 1 by about a multiple of μ."
    )
    mistakes = (
        Wrong("sign", lambda w, X, y, mu: _ratio(w, X, y, mu, after=w + mu * _gradient(w, X, y)),
              f"Your ratio is near -1: the loss rises. Does the step go uphill, or has the gradient the opposite "
              f"sign? {STEP}"),
        Wrong("sign", lambda w, X, y, mu: -_ratio(w, X, y, mu),
              f"Your ratio has the wrong sign: either the change is taken as before minus after, or a minus is lost "
              f"in the denominator. {STEP}"),
        Wrong("square forgotten", lambda w, X, y, mu: _ratio(w, X, y, mu, power=1),
              f"In the denominator stands the length of the gradient where its square is due. {STEP}"),
        Wrong("learning rate forgotten", lambda w, X, y, mu: mu * _ratio(w, X, y, mu),
              f"Your ratio goes to zero with the step. What is promised is proportional to the learning rate. {STEP}"),
        Wrong("learning rate forgotten", lambda w, X, y, mu: _ratio(w, X, y, mu, after=w - _gradient(w, X, y)),
              f"The step itself lacks the learning rate. {STEP}"),
        Wrong("times B", lambda w, X, y, mu: _ratio(w, X, y, mu, y.size * _gradient(w, X, y)),
              f"The gradient is that of the sum, and the loss is the mean: your ratio is too small by the number of "
              f"samples. {BATCH}"),
        Wrong("times B", lambda w, X, y, mu: _ratio(
              w, X, y, mu, y.size * _gradient(w, X, y), loss=lambda w, X, y: np.sum(_ours(w.T @ X, y))),
              f"Loss and gradient fit together, but both are sums over the samples. The mean is asked for. {BATCH}"),
        Wrong("times B", lambda w, X, y, mu: y.size * _ratio(w, X, y, mu),
              f"The gradient is that of the mean, and the loss is the sum: your ratio is too large by the number of "
              f"samples. {BATCH}"),
        Wrong("as printed", lambda w, X, y, mu: _ratio(w, X, y, mu, X @ (1 / (1 + np.exp(y * (w.T @ X)))).T / y.size),
              f"Your gradient is right for the label -1 only; your ratio does not go to 1. {LOGISTIC}"),
        Wrong("as printed", lambda w, X, y, mu: _ratio(
              w, X, y, mu, X @ (1 / (1 + np.exp(y * (w.T @ X)))).T / y.size,
              loss=lambda w, X, y: np.mean(_ours(w.T @ X, -y))),
              f"Loss and slope are those of the print, and the one is not the derivative of the other. {LOGISTIC}"),
        Wrong("as printed", lambda w, X, y, mu: _ratio(
              w, X, -y, mu),
              f"Your loss charges the right answers; its gradient fits it, so the ratio looks well. {LOGISTIC}"),
        Wrong("learning rate forgotten", lambda w, X, y, mu: mu * _ratio(
              w, X, y, mu, after=w - _gradient(w, X, y)),
              f"The learning rate does not enter, neither in the step nor below it. {STEP}"),
        Wrong("n for N", lambda w, X, y, mu: _ratio(w, X, y, mu, _gradient(w, X, y) * y.size / len(w)),
              f"The mean divides by the number of samples. You divided by the number of weights. {BATCH}"),
        Wrong("square forgotten", lambda w, X, y, mu: float(
              (_mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y))
              / (-mu * _gradient(w, X, y).sum() ** 2)),
              f"You squared the sum of the entries. The squared length is the sum of the squares. {STEP}"),
        Wrong("square forgotten", lambda w, X, y, mu: float(
              (_mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y))
              / (-mu * np.abs(_gradient(w, X, y)).sum())),
              f"You added up the sizes of the entries. The squared length is the sum of their squares. {STEP}"),
        Wrong("constant factor", lambda w, X, y, mu: _ratio(w, X, y, mu) / mu,
              f"The learning rate stands twice in your denominator. {STEP}"),
        Wrong("wrong variable", lambda w, X, y, mu: _ratio(
              w, X, y, mu, np.mean(-y / (1 + np.exp(y * (w.T @ X)))) * w),
              "Your gradient contains w. In f = wᵀx it is w that moves: what is it multiplied by?"),
        Wrong("term missing", lambda w, X, y, mu: float(-mu * (_gradient(w, X, y) ** 2).sum()),
              f"This is what the slope promised. The exercise asks how much of it the step keeps. {STEP}"),
        Wrong("wrong variable", lambda w, X, y, mu: _ratio(
              (w.T @ X).T, np.eye(y.size), y, mu),
              f"You moved the scores. The exercise asks for a step of the weights, which move all scores together. "
              f"{STEP}"),
        Wrong("transposed", lambda w, X, y, mu: X @ (-y / (1 + np.exp(y * (w.T @ X)))),
              "The factors of an @ do not fit: a row stands where a column belongs. To add up the columns of X, each "
              "times its slope, a column has to stand at the right."),
        Wrong("inner derivative forgotten", lambda w, X, y, mu: _ratio(
              w, X, y, mu, np.mean(-y / (1 + np.exp(y * (w.T @ X))), keepdims=True)),
              "Your gradient is one number, the mean slope in f. How does the score change with each weight?"),
        Wrong("outer derivative forgotten", lambda w, X, y, mu: _ratio(
              w, X, y, mu, X @ (-y * np.exp(-y * (w.T @ X))).T / y.size),
              f"In the slope the logarithm has lost its own: 1 over what stands in it. {LOGISTIC}"),
        Wrong("precedence", lambda w, X, y, mu: _ratio(w, X, y, mu) * (_gradient(w, X, y) ** 2).sum() ** 2,
              "Python works from left to right: what stands after a * is multiplied, not divided by. The denominator "
              "needs brackets."),
        Wrong("not summed", lambda w, X, y, mu: (_ours((w - mu * _gradient(w, X, y)).T @ X, y) - _ours(w.T @ X, y)) / (
              -mu * (_gradient(w, X, y) ** 2).sum()),
              f"You have a ratio for each sample. The loss is the mean over them. {BATCH}"),
        Wrong("not summed", lambda w, X, y, mu: _ratio(w, X, y, mu, X * (-y / (1 + np.exp(y * (w.T @ X))))),
              f"Your gradient has a column for each sample. It has the shape of w. {BATCH}"),
        Wrong("silent broadcast", lambda w, X, y, mu: _ratio(w, X, y, mu, _gradient(w, X, y).T),
              "Your gradient is a row, or has one axis, so that w minus a multiple of it is a table (N, N) and no "
              "column of weights. A gradient has the shape of w: see 'One step downhill'."),
        Wrong("summed too early", lambda w, X, y, mu: _ratio(w, X, y, mu, np.mean(
              -y / (1 + np.exp(y * (w.T @ X)))) * X.mean(axis=1, keepdims=True)),
              f"The mean of the slopes times the mean of the samples is not the mean of their products. {BATCH}"),
        Wrong("sign", lambda w, X, y, mu: _ratio(w, X, y, mu, X @ (-y / (1 + np.exp(-y * (w.T @ X)))).T / y.size),
              f"In the slope the exponent has the wrong sign: the loss pulls hardest at what is wrong. {LOGISTIC}"),
        Wrong("inner derivative forgotten", lambda w, X, y, mu: _ratio(
              w, X, y, mu, X @ (-1 / (1 + np.exp(y * (w.T @ X)))).T / y.size),
              f"In the slope the label stands in the exponent only; the inner function yf has a slope, too. "
              f"{LOGISTIC}"),
        Wrong("inner derivative forgotten", lambda w, X, y, mu: _ratio(
              w, X, y, mu, np.mean(-y / (1 + np.exp(y * (w.T @ X)))) * np.ones_like(w)),
              "Your gradient has one number for all weights. How does the score change with each weight?"),
        Wrong("wrong concept", lambda w, X, y, mu: _ratio(
              w, X, y, mu, X @ (1 / (1 + np.exp(-(w.T @ X))) - y).T / y.size),
              f"p - y is the slope for labels 0 and 1. Here a label is +1 or -1. {LOGISTIC}"),
        Wrong("wrong concept", lambda w, X, y, mu: _ratio(
              w, X, y, mu, 2 * X @ (w.T @ X - y).T / y.size, loss=lambda w, X, y: np.mean((w.T @ X - y) ** 2)),
              f"The ratio is that of the squared loss. The exercise asks for the logistic one. {LOGISTIC}"),
        Wrong("one sample only", lambda w, X, y, mu: _ratio(w, X[:, :1], y[:, :1], mu),
              f"Only the first sample enters. The loss is the mean over all of them. {BATCH}"),
        Wrong("derivative instead of value", lambda w, X, y, mu: float(
              _mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y)),
              f"This is the change of the loss. Divide it by what the slope promised. {STEP}"),
        Wrong("reversed order", lambda w, X, y, mu: 1 / _ratio(w, X, y, mu),
              f"Your ratio is upside down: the true change stands above, what was promised below. {STEP}"),
        Wrong("left as it was", lambda w, X, y, mu: float(_mean_loss(w - mu * _gradient(w, X, y), X, y) / (
              -mu * (_gradient(w, X, y) ** 2).sum())),
              "The loss after the step is divided, not its change: subtract the loss before the step."),
        Wrong("coincidence", lambda w, X, y, mu: 1.0,
              "That is the limit for μ → 0. What the ratio is for the step that was taken has to be computed."),
        Wrong("as printed", lambda w, X, y, mu: _ratio(
              w, X, y, mu, loss=lambda w, X, y: np.mean(_ours(w.T @ X, -y))),
              f"Your gradient is right, but it is not that of your loss, which charges the right answers. {LOGISTIC}"),
        Wrong("constant factor", lambda w, X, y, mu: _ratio(w, X, y, mu, after=(
              w - mu * _gradient(w, X, y) / np.linalg.norm(_gradient(w, X, y)))),
              f"Your step has the length mu. A step of gradient descent is mu times the gradient as it is. {STEP}"),
        Wrong("summed too early", lambda w, X, y, mu: len(w) * _ratio(w, X, y, mu),
              f"The squares of the gradient are averaged. The squared length is their sum. {STEP}"),
        Wrong("slope at the wrong point", lambda w, X, y, mu: _ratio(w, X, y, mu) * (_gradient(w, X, y) ** 2).sum() / (
              _gradient(w - mu * _gradient(w, X, y), X, y) ** 2).sum(),
              f"The gradient in your denominator is that after the step. The promise is made before it. {STEP}"),
        Wrong("outer derivative forgotten", lambda w, X, y, mu: _ratio(w, X, y, mu, X @ (
              -y / (1 + np.exp(y * (w.T @ X))) / (1 + np.exp(-y * (w.T @ X)))).T / y.size),
              "Your slope is that of the sigmoid, without the logarithm around it. See 'The slope that cancels'."),
        Wrong("term missing", lambda w, X, y, mu: _ratio(
              w, X, y, mu, loss=lambda w, X, y: np.mean(_ours(w.T @ X, np.ones_like(y)))),
              f"The labels do not enter your loss, only its gradient. {LOGISTIC}"),
        *(Wrong("one direction only", lambda w, X, y, mu, least=least: least(_ratio(w, X, y, mu)),
                f"Your ratio cannot become negative. It is negative where the step is so large that the loss rises. "
                f"{STEP}") for least in (abs, lambda ratio: max(ratio, 0.0))),
        Wrong("times B", lambda w, X, y, mu: _ratio(
              w, X, y, mu, after=w - mu * y.size * _gradient(w, X, y)),
              f"Your step goes by the gradient of the sum; in the denominator is that of the mean. {BATCH}"),
        Wrong("wrong concept", lambda w, X, y, mu: _ratio(w, X, y, mu, X @ (
              -(y + 1) / 2 / (1 + np.exp((y + 1) / 2 * (w.T @ X)))).T / y.size),
              f"In the slope you made the labels 1 and 0 first. The formula is for +1 and -1. {LOGISTIC}"),
        Wrong("square forgotten", lambda w, X, y, mu: float(
              (_mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y))
              / (-mu * np.abs(_gradient(w, X, y)).sum() ** 2)),
              f"You squared the sum of the sizes of the entries. The squared length is the sum of their squares. "
              f"{STEP}"),
        Wrong("n for N", lambda w, X, y, mu: y.size / len(w) * _ratio(w, X, y, mu),
              f"Your loss is divided by the number of weights. The mean divides by the number of samples. {BATCH}"),
        Wrong("transposed", lambda w, X, y, mu: (-y / (1 + np.exp(y * (w.T @ X)))) @ X,
              "A row of B slopes times X does not fit: X has its samples side by side. Turn it, or put it first and "
              "the slopes as a column behind it."),
        Wrong("coincidence", lambda w, X, y, mu: _ratio(w, X, y, 1e-6),
              "You took a tiny step instead of the one with the given mu. What is asked is the ratio for that one."),
        Wrong("divided by B", lambda w, X, y, mu: _ratio(w, X, y, mu, _gradient(w, X, y) / y.size),
              f"The gradient is divided by the number of samples twice. {BATCH}"),
        Wrong("term missing", lambda w, X, y, mu: _ratio(w, X, y, mu, X @ (-y / (1 + np.exp(w.T @ X))).T / y.size),
              f"In the exponent of your slope the label is lost. {LOGISTIC}"),
        Wrong("wrong concept", lambda w, X, y, mu: _ratio(
              w, X, 2 * y - 1, mu, loss=lambda w, X, y: np.mean(np.logaddexp(0, -y * (w.T @ X)))),
              f"2y - 1 turns labels 0 and 1 into -1 and +1. Here they are -1 and +1 already. {LOGISTIC}"),
        Wrong("constant factor", lambda w, X, y, mu: _ratio(
              w, X, y, mu, _gradient(w, X, y) / np.linalg.norm(_gradient(w, X, y))),
              f"You brought the gradient to length 1 first. The step and the promise take it as it is. {STEP}"),
        *(Wrong("wrong variable", lambda w, X, y, mu, B=B: float(
                (_mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y))
                / (-mu * np.sum((1 / (1 + np.exp(y * (w.T @ X))) / B(y)) ** 2))),
                f"In your denominator are the slopes with respect to the scores. The step moves the weights: whose "
                f"gradient is squared there? {STEP}")
          for B in (lambda y: y.size, lambda y: 1)),
        Wrong("wrong variable", lambda w, X, y, mu: float(
              (_mean_loss(w - mu * _gradient(w, X, y), X, y) - _mean_loss(w, X, y)) / (-mu * np.sum(w**2))),
              f"In your denominator is the squared length of the weights. Which length was promised? {STEP}"),
        Wrong("summed too early", lambda w, X, y, mu: _ratio(
              w, X, y, mu, np.full_like(w, np.mean(X * (-y / (1 + np.exp(y * (w.T @ X))))))),
              "Your gradient has one number for all weights: the mean runs over the weights as well. It is one over "
              "the samples."),
        Wrong("wrong concept", lambda w, X, y, mu: 1 - _ratio(w, X, y, mu),
              f"This is what is missing to 1. The ratio itself is asked for. {STEP}"),
        Wrong("counted twice", lambda w, X, y, mu: _ratio(w, X, y, mu, after=w - mu * _gradient(w, X, y)
              - mu * _gradient(w - mu * _gradient(w, X, y), X, y)),
              f"Two steps are taken. What is promised belongs to one. {STEP}"),
    )  # fmt: skip

    def cases(self, rng):
        for N, B, mu in ((2, 7, 0.5), (3, 5, 0.1), (4, 3, 0.02), (1, 6, 0.03), *self.more((5, 4, 0.05), (2, 9, 0.2))):
            y = np.where(np.arange(B) % 2 == 0, 1.0, -1.0).reshape(1, B)
            w, X = rng.normal(size=(N, 1)), rng.normal(size=(N, B))
            while np.sum(_gradient(w, X, y) ** 2) < 0.02:  # the change of the loss would have lost too many digits
                w, X = rng.normal(size=(N, 1)), rng.normal(size=(N, B))
            yield {"w": w, "X": X, "y": y, "mu": mu}
        # A step across the valley: the loss rises, and the ratio is negative.
        yield {
            "w": np.ones((2, 1)),
            "X": rng.uniform(0.5, 1.5, size=(2, 5)),
            "y": -((-1.0) ** np.arange(1, 6))[None],
            "mu": 10.0,
        }

    def solution(self, w, X, y, mu):
        def loss(w):
            return np.mean(np.logaddexp(0, -y * (w.T @ X)))

        slopes = -y / (1 + np.exp(y * (w.T @ X)))
        gradient = X @ slopes.T / y.size
        return float((loss(w - mu * gradient) - loss(w)) / (-mu * np.sum(gradient**2)))


EXERCISES = [TwoFaultsInPrint, LossAtAThousand, AnyWeights, RatioOfAStep]
