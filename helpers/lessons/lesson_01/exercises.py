"""Exercises of lesson 01: measuring derivatives."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe
from helpers.lessons import slips


def _slope(f, x):
    """The derivative of an analytic probe, by the complex step."""
    return float(f(x + 1e-20j).imag / 1e-20)


class CentralDifference(Exercise):
    id = "1.1"
    title = "The central difference"
    points = 2
    name = "central_difference"
    arguments = ("f", "x", "h")
    returns = "a float"
    # Only rounding separates two ways of writing it, some eps/h.
    tolerance = Close(rtol=1e-9)
    hints = (
        "How far apart are the two points at which f is evaluated?",
        "The difference of the two values belongs over the whole distance between the two points, in brackets.",
    )
    because = "The points x - h and x + h lie 2h apart, and the slope of the chord is rise over run."

    def cases(self, rng):
        steps = (("sin", 0.1), ("exp over sines", 1e-3), ("polynomial", 0.2), ("tanh", 0.05), ("exp", 1e-5))
        steps += (("gaussian", 0.1),)  # it falls
        for name, h in steps:
            yield {"f": probe(name), "x": float(np.round(rng.uniform(0.3, 1.2), 3)), "h": h}

    def solution(self, f, x, h):
        return (f(x + h) - f(x - h)) / (2 * h)

    mistakes = (
        *slips.difference_quotients(lambda quotient: lambda f, x, h: quotient(lambda s: f(x + s), h),
                                    "See 'Two sides'."),
        Wrong("step counted once", lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h,
              "Your points lie h/2 to each side. That is a central difference too, but with half the step that is "
              "asked for: see the picture of 'Two sides'."),
        Wrong("one step for all", lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
              "This is almost the slope of the tangent, whatever h is. Asked is the slope of the chord for the h that "
              "is handed in: see 'Two sides'."),
        Wrong("one-sided", lambda f, x, h: (f(x + 2 * h) - f(x)) / (2 * h),
              "Your points do lie 2h apart, but both on one side, beginning at x. See the picture of 'Two sides'."),
        Wrong("one-sided", lambda f, x, h: (f(x + h) - f(x)) / (2 * h),
              "One of your two points is x itself, and the run does not fit the two points. See 'Two sides'."),
        Wrong("step counted once", lambda f, x, h: (f(x + 2 * h) - f(x - 2 * h)) / (2 * h),
              "Your points lie twice as far out as the run you divide by: see the picture of 'Two sides'."),
        Wrong("differentiated twice", lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
              "This measures how the slope changes, the second derivative. Asked is the slope: see 'Two sides'."),
        Wrong("constant factor", lambda f, x, h: (f(x + h) - f(x - h)) / h**2,
              "You divide by the square of h. The run of a chord is a length: see 'Two sides'."),
        Wrong("difference not divided", lambda f, x, h: f(x + h) - f(x),
              "This is the rise of a chord on one side. A slope is rise over run: see 'One step forward'."),
        Wrong("sign", lambda f, x, h: abs(f(x + h) - f(x - h)) / (2 * h),
              "Your slopes are never negative. A function may fall: leave the difference its sign."),
        Wrong("precedence", lambda f, x, h: (f(x + h) - f(x - h)) / (2 + h),
              "The run is not 2 plus h. How far apart are the two points? See the picture of 'Two sides'."),
        Wrong("constant factor", lambda f, x, h: 2 * (f(x + h) - f(x - h)) / h,
              "Every slope is four times too large: the 2 stands above the fraction line. See 'Two sides'."),
    )  # fmt: skip


class BestStep(Exercise):
    id = "1.2"
    title = "The best step of any method"
    points = 3
    name = "best_step"
    arguments = ("p", "C", "F", "eps")
    returns = "a float"
    tolerance = Close(factor=10)
    hints = (
        "At the best step a slightly larger h gains as much as it loses: set dE/dh to zero.",
        "The derivative of h**p is p * h**(p - 1), and that of 1/h is -1/h**2. Bring all powers of h to one side.",
        "Check with p = 1: it must give the best step of the forward difference in 'The V'.",
    )
    because = "dE/dh = p C h^(p-1) - eps F / h^2 = 0 gives h^(p+1) = eps F / (p C)."

    def cases(self, rng):
        double, single, quadruple = 2.0**-52, 2.0**-23, 2.0**-112
        sizes = ((1, 0.7, 0.8, double), (2, 0.2, 0.4, double), (1, 2e5, 3e2, double))
        sizes += ((2, 1e-3, 5e3, single), (4, 2e-5, 4e2, double), (6, 3e2, 2e-2, quadruple))
        for p, C, F, eps in sizes:
            yield {"p": p, "C": float(np.round(C * rng.uniform(1, 2), 6)), "F": F, "eps": eps}

    def solution(self, p, C, F, eps):
        return (eps * F / (p * C)) ** (1 / (p + 1))

    mistakes = (
        Wrong("step too small", lambda p, C, F, eps: eps,
              "At h = eps the rounding term is as large as the function itself. The smallest step is not the best "
              "one: see 'Smaller is not better'."),
        Wrong("sizes ignored", lambda p, C, F, eps: eps ** (1 / (p + 1)),
              "The power of eps is right, but C and F have gone. A function of large values or small curvature asks"
              " for a larger step: see 'The V'."),
        Wrong("coincidence", lambda p, C, F, eps: (eps * F / C) ** 0.5,
              "This is right for p = 1 only. The balance of the two terms depends on p: compare the two results of "
              "'The V' and 'Two sides'."),
        Wrong("coincidence", lambda p, C, F, eps: eps**0.5,
              "The square root of eps fits the forward difference and sizes near 1. Here p, C and F vary."),
        Wrong("sign", lambda p, C, F, eps: (eps * p * C / F) ** (1 / (p + 1)),
              "C and F have changed places: your step grows with the truncation that it should hold down. Solve the"
              " equation of 'The V' once more, term by term."),
        Wrong("precedence", lambda p, C, F, eps: (eps * F / p * C) ** (1 / (p + 1)),
              "Python works from left to right, so that / p * C divides by p and then multiplies by C. Is that where C "
              "stands in your derivation?"),
        Wrong("value instead of derivative", lambda p, C, F, eps: C * (eps * F / (p * C)) ** (p / (p + 1)) * (1 + p),
              "This is the smallest error, not the step at which it occurs. 'The V' computes both, one after the "
              "other."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / C) ** (1 / p),
              "The root is not the right one. Either the two terms were set equal as if the rounding did not grow when "
              "h shrinks, or 1/h lost its power when it was differentiated. See 'The V'."),
        Wrong("coincidence", lambda p, C, F, eps: (eps * F / (2 * C)) ** (1 / 3),
              "This is right for p = 2 only. The balance of the two terms depends on p: compare the two results of "
              "'The V' and 'Two sides'."),
        Wrong("coincidence", lambda p, C, F, eps: eps ** (1 / 3),
              "The cube root of eps fits the central difference and sizes near 1. Here p, C and F vary."),
        Wrong("reversed order", lambda p, C, F, eps: (p * C / (eps * F)) ** (1 / (p + 1)),
              "Your step is enormous: it is one over the right thing. Solve the equation of 'The V' for h once more."),
        Wrong("precedence", lambda p, C, F, eps: eps * F / (p * C),
              "No root is taken, so your step is far too small. If you meant one: ** goes before /, so that an "
              "exponent that is a fraction needs brackets. See 'The V'."),
        Wrong("precedence", lambda p, C, F, eps: 1.0,
              "Your step is about 1, whatever the sizes are. ** goes before / and / before +, so that an exponent "
              "with both in it needs brackets. See 'The V'."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / (p * C)) ** (p + 1),
              "You raised to a power where h has to be freed from one. See 'The V'."),
        Wrong("one step for all", lambda p, C, F, eps: 1e-5,
              "One step for all methods and all functions. Here p, C, F and eps vary, and the best step with them."),
        Wrong("zero", lambda p, C, F, eps: 0.0,
              "A step of 0 divides by 0. The rounding error alone forbids it: see 'Smaller is not better'."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / (p * C)) ** (1 / (p - 1)) if p > 1 else eps * F / C,
              "The root is not the right one. Collect the powers of h on one side: one of them is negative, so they do "
              "not go down. See 'The V'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (eps / C) ** (1 / (p + 1)),
              "F has gone. A function of large values asks for a larger step: see 'The V'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (F / (p * C)) ** (1 / (p + 1)),
              "eps has gone. With finer arithmetic the best step is smaller: see 'The V'."),
        Wrong("sign", lambda p, C, F, eps: -((eps * F / (p * C)) ** (1 / (p + 1))),
              "Your step is negative. Solve the equation of 'The V' once more, sign by sign."),
    )  # fmt: skip


class ComplexStep(Exercise):
    id = "1.3"
    title = "The complex step"
    points = 2
    name = "complex_step"
    arguments = ("f", "x", "h")
    returns = "a float"
    tolerance = Close(rtol=1e-12)
    hints = (
        "In Python the imaginary unit is written 1j, and z.imag is the imaginary part of z.",
        "Evaluate f once, at a point that lies h above x. Nothing is subtracted.",
    )
    because = "f(x + ih) = f(x) + ih f'(x) - ..., so the imaginary part is h f'(x), up to h**3."

    def cases(self, rng):
        # All so small that x + h is x: a step along the real axis returns 0 everywhere.
        steps = {"sin": 1e-20, "exp over sines": 1e-20, "polynomial": 1e-50, "oscillating": 1e-30, "exp": 1e-18}
        steps |= {"gaussian": 1e-20}  # it falls
        for name, h in steps.items():
            yield {"f": probe(name), "x": float(np.round(rng.uniform(0.3, 1.2), 3)), "h": h}

    def solution(self, f, x, h):
        return f(x + 1j * h).imag / h

    mistakes = (
        Wrong("real part", lambda f, x, h: f(x + 1j * h).real / h,
              "You took the real part or the absolute value. Both hold the value f(x): see which part holds the slope "
              "in 'A step sideways'."),
        Wrong("value instead of derivative", lambda f, x, h: f(x + 1j * h) / h,
              "You returned a complex number: value and slope together. One of its two parts is asked for: see 'A "
              "step sideways'."),
        Wrong("difference not divided", lambda f, x, h: f(x + 1j * h).imag,
              "This is the height that f reaches over the real axis, not yet the slope: compare it with the height "
              "of the step. See 'A step sideways'."),
        Wrong("step too small", lambda f, x, h: (f(x + h) - f(x)) / h,
              "Every slope comes out as 0: the real part of the value does not move. Along the real axis x + h is x "
              "for so small an h. In which direction does the step go, and in which part of the value does it show? "
              "See 'A step sideways'."),
        Wrong("factor 1/2", lambda f, x, h: f(x + 1j * h).imag / (2 * h),
              "Every slope is half of what it should be. There is one step here, of length h, not two: see 'A step "
              "sideways'."),
        Wrong("step too large", lambda f, x, h: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
              "This is a central difference with a step of its own: right to ten digits, not to twelve. "
              "See why it cannot do better in 'Two sides'."),
        Wrong("value instead of derivative", lambda f, x, h: (f(x + 1j * h) - f(x)) / h,
              "A difference takes the value away and leaves a complex number. Nothing needs to be subtracted: one of "
              "the two parts holds the slope. See 'A step sideways'."),
        Wrong("value instead of derivative", lambda f, x, h: (f(x + 1j * h) - f(x)) / (1j * h),
              "That is a difference quotient along the imaginary axis, a complex number with a part of zeros. Nothing "
              "needs to be subtracted: see 'A step sideways'."),
        Wrong("value instead of derivative", lambda f, x, h: f(x),
              "This is the value f(x). The slope shows only after a step: see 'A step sideways'."),
        Wrong("value instead of derivative", lambda f, x, h: f(x + 1j * h),
              "This is f itself at the shifted point, value and slope together. Take the part that holds the slope, "
              "and compare it with the step: see 'A step sideways'."),
        Wrong("step too large", lambda f, x, h: f(x + 1e-5j).imag / 1e-5,
              "The way is right, and the step is not the one that is handed in: with 1e-5 the next term still counts. "
              "See 'A step sideways'."),
        Wrong("wrong concept", lambda f, x, h: float(np.angle(f(x + 1j * h)) / h),
              "This is the angle of a complex number, which mixes the slope with the value. One part is asked: see 'A "
              "step sideways'."),
        Wrong("factor 2", lambda f, x, h: 2 * f(x + 1j * h).imag / h,
              "Every slope is twice too large: there are two steps in your numerator, and one below. See 'A step "
              "sideways'."),
        Wrong("sign", lambda f, x, h: -f(x + 1j * h).imag / h,
              "Every slope has the wrong sign: does the step go up or down from the real axis? See 'A step sideways'."),
        Wrong("real part", lambda f, x, h: abs(f(x + 1j * h) - f(x)) / h,
              "An absolute value never is negative, and it mixes the two parts. One part holds the slope, with its "
              "sign: see 'A step sideways'."),
        Wrong("one step for all", lambda f, x, h: f(x + 1j).imag,
              "Your step is 1j, whatever h is. The next terms count then: see 'A step sideways'."),
        Wrong("wrong direction", lambda f, x, h: f(1j * h).imag / h,
              "The step is taken from 0, and x is forgotten: this is the slope at 0."),
        Wrong("wrong concept", lambda f, x, h: np.imag(f(x) + 1j * h) / h,
              "The step was added to the value. It belongs to x, inside f: see 'A step sideways'."),
    )  # fmt: skip


class SquaredLength(Exercise):
    id = "1.4"
    title = "A length without a slope"
    points = 2
    name = "squared_length"
    arguments = ("x",)
    returns = "a number: a float for a real column, a complex number for a complex one"
    hints = (
        "Work out (a + ib)**2 and |a + ib|**2 on paper, and look for the imaginary part.",
        "Use products and sums only: no abs, no norm, no conj, no .real.",
    )
    because = "A sum of products x_j * x_j is a polynomial, hence analytic; |x_j|**2 = x_j * conj(x_j) is not."

    def cases(self, rng):
        # Complex columns only: where these are right, so are real ones.
        for n, height in ((3, 1.0), (2, 0.5), (5, 1e-3), (1, 2.0)):
            yield {"x": rng.normal(size=(n, 1)).round(3) + 1j * height * rng.normal(size=(n, 1)).round(3)}

    def solution(self, x):
        return np.sum(x * x)

    mistakes = (
        Wrong("not analytic", lambda x: np.sum(np.abs(x) ** 2),
              "The result is real, whatever the column, so the complex step finds the slope 0. An absolute value "
              "is still in it, by name, in a norm or written out: see 'What the complex step cannot see'."),
        Wrong("not analytic", lambda x: np.vdot(x, x),
              "The imaginary part comes out 0 for every column. A conjugate does that, written out or hidden in "
              "np.vdot or a norm: see 'What the complex step cannot see'."),
        Wrong("real part", lambda x: np.sum(x.real**2),
              "You took the real parts first, and the step with them was thrown away before anything was computed. "
              "See 'What the complex step cannot see'."),
        Wrong("derivative instead of value", lambda x: np.sum(x * x).real,
              "All is right until the end, where the real part is taken (float(...) does it too): the slope sits in "
              "the other part. See 'A step sideways'."),
        Wrong("coincidence", lambda x: np.abs(np.sum(x * x)),
              "Right for real columns. The absolute value around the sum turns every complex result into a real "
              "one: see 'What the complex step cannot see'."),
        Wrong("value instead of derivative", lambda x: np.sqrt(np.sum(x * x)),
              "This is the length; its square is asked for."),
        Wrong("wrong concept", lambda x: np.sum(x) ** 2,
              "You squared the sum, or added up a whole table of products, which is the same. The sum of the squares "
              "is "
              "asked for."),
        Wrong("flattened", lambda x: float((x.T @ x).real),
              "float() does not take an array (1, 1), and with .real the imaginary part would be lost. A row times a "
              "column can be returned as it is, or with .item()."),
        Wrong("not summed", lambda x: x**2,
              "These are the squares, one for each entry. Their sum is asked."),
        Wrong("not summed", lambda x: x * x.T,
              "A column times a row, with *, is a whole table. Which product adds up?"),
        Wrong("square forgotten", lambda x: np.sum(x),
              "This is the sum of the entries; the sum of their squares is asked."),
        Wrong("factor 2", lambda x: 2 * np.sum(x * x),
              "Everything is doubled. Where does the 2 come from?"),
        Wrong("derivative instead of value", lambda x: 2 * x,
              "This is the slope of the squared length. The function itself is asked; the complex step then finds the "
              "slope by itself: see 'A step sideways'."),
        Wrong("derivative instead of value", lambda x: np.sum(x * x).imag,
              "You hand in the imaginary part alone. The whole complex number is asked: see 'A step sideways'."),
        Wrong("not summed", lambda x: np.abs(x) ** 2,
              "These are the squared sizes, one for each entry; and an absolute value hides the slope. See 'What the "
              "complex step cannot see'."),
        Wrong("not analytic", lambda x: np.sum(x.real**2) + 1j * np.sum(x.imag**2),
              "You squared the two parts by themselves. Work out (a + ib)² on paper: see 'What the complex step cannot "
              "see'."),
    )  # fmt: skip


class IsDerivative(Exercise):
    id = "1.5"
    title = "A judge for claims of any size"
    points = 3
    name = "is_derivative"
    arguments = ("f", "x", "claim")
    returns = "True or False"
    hints = (
        "Measure the slope first, by a method of your choice.",
        "An error of 1e-3 is small for a slope of 1e9 and enormous for one of 1e-9. Compare it with what?",
        "abs(claim - measured) is the error. Its size must be put in proportion to the size of the measured slope.",
    )
    because = "The error is compared with 1e-6 times the measured slope, so the verdict does not depend on units."

    def cases(self, rng):
        # The factor by which the claim is off: right to 1e-9 or better, or wrong by 1e-4 or more.
        # A claim that is off comes first: there an error handed in for a verdict is neither 0 nor 1.
        claims = (
            ("exp", 1 + 1e-4),
            ("sin", 1.0),
            ("exp", 1.0),
            ("exp over sines", 1 - 1e-9),
            ("tanh", 1 - 1e-3),
            ("gaussian", 1.0),
        )
        claims += (("huge waves", 1.0), ("huge waves", 0.9))
        claims += (
            ("tiny waves", 1 + 1e-4),
            ("tiny waves", 2.0),
            ("tiny waves", 1 + 1e-9),
            ("tiny waves", -1.0),
            ("gaussian", 1 - 1e-3),
        )
        for name, factor in claims:
            x = float(np.round(rng.uniform(0.3, 1.2), 3))
            yield {"f": probe(name), "x": x, "claim": factor * _slope(probe(name), x)}
        # Near the top of a wave the slope is much smaller than the value.
        yield {"f": probe("huge waves"), "x": 1.57, "claim": (1 + 1e-4) * _slope(probe("huge waves"), 1.57)}

    def solution(self, f, x, claim):
        measured = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
        return abs(claim - measured) <= 1e-6 * abs(measured)

    mistakes = (
        Wrong("absolute tolerance", lambda f, x, claim: abs(claim - (f(x + 1e-5) - f(x - 1e-5)) / 2e-5) <= 1e-6,
              "Right claims about large slopes are rejected and wrong ones about small slopes accepted: the same "
              "amount is allowed for every size. See 'What to ask of a measurement'."),
        Wrong("absolute tolerance", lambda f, x, claim: bool(np.isclose(claim, _slope(f, x))),
              "Wrong claims about small slopes are accepted. A fixed amount is still allowed somewhere: your own, "
              "or the atol=1e-8 that np.isclose adds unasked. See 'What to ask of a measurement'."),
        Wrong("no tolerance", lambda f, x, claim: claim == _slope(f, x),
              "Claims that are right to nine digits are rejected: you ask for equality, or for almost that. See "
              "'What to ask of a measurement'."),
        Wrong("one direction only", lambda f, x, claim: claim - _slope(f, x) <= 1e-6 * abs(_slope(f, x)),
              "Claims that are off in one direction are all accepted. A negative error is an error too: see "
              "'What to ask of a measurement'."),
        Wrong("sign", lambda f, x, claim: abs(claim - _slope(f, x)) / _slope(f, x) <= 1e-6,
              "Wrong claims about falling functions are accepted: where the slope is negative, so is your quotient. "
              "See 'What to ask of a measurement'."),
        Wrong("coincidence", lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-6 * abs(f(x)),
              "Wrong claims are accepted where the slope is much smaller than the value f(x). The size of the slope is "
              "what the error is to be compared with: see 'What to ask of a measurement'."),
        Wrong("sign", lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-6 * _slope(f, x),
              "Right claims about falling functions are rejected: where the slope is negative, so is what you allow. "
              "See 'What to ask of a measurement'."),
        Wrong("step too small", lambda f, x, claim: False,
              "Every claim is rejected, right ones as well. Print your measured slope: the step may be too small or "
              "too "
              "large, the difference one-sided, or == may ask for too much. See 'The V'."),
        Wrong("coincidence", lambda f, x, claim: True,
              "Every claim is accepted, also wrong ones. Whatever you compare, one side must be measured from f: "
              "see 'A claim and a judge'."),
        Wrong("one direction only", lambda f, x, claim: _slope(f, x) - claim <= 1e-6 * abs(_slope(f, x)),
              "Claims that are too large are all accepted. A negative error is an error too: see 'What to ask of a "
              "measurement'."),
        Wrong("verdict missing", lambda f, x, claim: abs(claim - _slope(f, x)),
              "You return the error itself. Is it small enough, and small against what? See 'What to ask of a "
              "measurement'."),
        Wrong("verdict missing", lambda f, x, claim: abs(claim - _slope(f, x)) / abs(_slope(f, x)),
              "You return the relative error. The verdict is still missing: is it small enough?"),
        Wrong("verdict missing", lambda f, x, claim: _slope(f, x),
              "You return the measured slope. The judge compares it with the claim: see 'A claim and a judge'."),
        Wrong("value instead of derivative", lambda f, x, claim: abs(f(x) - claim) <= 1e-6 * abs(f(x)),
              "You compare the claim with the value f(x). It is a claim about the slope: see 'A claim and a judge'."),
        Wrong("answer inverted", lambda f, x, claim: abs(claim - _slope(f, x)) > 1e-6 * abs(_slope(f, x)),
              "Yes and no are exchanged: your judge accepts exactly what is wrong."),
        Wrong("sign", lambda f, x, claim: abs(claim + _slope(f, x)) <= 1e-6 * abs(_slope(f, x)),
              "Your judge accepts a claim of the opposite sign and rejects right ones: how is a difference formed?"),
        *(Wrong("absolute tolerance", lambda f, x, claim, most=most, part=part:
                abs(claim - _slope(f, x)) <= part * abs(_slope(f, x)) + most,
                f"Wrong claims about {which} slopes are accepted: a fixed amount is allowed, and what is little for a "
                "large slope is much for a small one. See 'What to ask of a measurement'.")
          for most, part, which in ((1e-12, 1e-6, "the smallest"), (1e-9, 0.0, "tiny"))),
        Wrong("one direction only", lambda f, x, claim: claim / _slope(f, x) <= 1 + 1e-6,
              "Claims that are too small, or of the opposite sign, are all accepted: an error may go to both sides. "
              "See "
              "'What to ask of a measurement'."),
        Wrong("sign", lambda f, x, claim: abs(abs(claim) - abs(_slope(f, x))) <= 1e-6 * abs(_slope(f, x)),
              "A claim of the opposite sign is accepted: you compare sizes only."),
        Wrong("absolute tolerance", lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-3 * abs(_slope(f, x)),
              "Claims that are off by one in ten thousand are accepted: more is allowed than the statement says."),
    )  # fmt: skip


EXERCISES = [CentralDifference, BestStep, ComplexStep, SquaredLength, IsDerivative]
