"""Exercises of lesson 01: measuring derivatives."""

import numpy as np

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe


def _slope(f, x):
    """The derivative of an analytic probe, by the complex step."""
    return float(f(x + 1e-20j).imag / 1e-20)


def _chord(f, x, h):
    return (f(x + h) - f(x)) / h


def _chords(near, far):
    """Two forward differences, with the steps h and 2h, put together with these weights."""
    return lambda f, x, h: near * _chord(f, x, h) + far * _chord(f, x, 2 * h)


def _values(at_0, at_1, at_2, run=lambda h: 2 * h):
    """The three values with these weights, over a run."""
    return lambda f, x, h: (at_0 * f(x) + at_1 * f(x + h) + at_2 * f(x + 2 * h)) / run(h)


class SlopeAtAnEdge(Exercise):
    id = "1.1"
    title = "A slope at an edge"
    points = 2
    name = "slope_at_edge"
    arguments = ("f", "x", "h")
    returns = "a float"
    # Only rounding separates two ways of writing it, some eps/h.
    tolerance = Close(rtol=1e-9)
    hints = (
        "Which term of Taylor's theorem spoils a forward difference? By how much does it grow when h is doubled?",
        "Look for two weights, one for each difference. They have to add up to 1, so that the slope stays what it is.",
        "The second condition on the weights: what they make of the two terms with the second derivative is 0.",
    )
    because = (
        "The errors begin with h f''/2 and 2h f''/2. With the weights a and b the slope stays if a + b = 1, and the "
        "terms cancel if a + 2b = 0: a = 2 and b = -1."
    )

    def cases(self, rng):
        steps = (("sin", 0.1), ("exp over sines", 0.03), ("polynomial", 0.2), ("tanh", 0.05), ("exp", 1e-3))
        steps += (("gaussian", 0.1),)  # it falls
        for name, h in steps:
            yield {"f": probe(name), "x": float(np.round(rng.uniform(0.3, 1.2), 3)), "h": h}

    def solution(self, f, x, h):
        near = (f(x + h) - f(x)) / h
        far = (f(x + 2 * h) - f(x)) / (2 * h)
        return 2 * near - far

    mistakes = (
        Wrong("one-sided", _chord,
              "This is the forward difference with the step h alone, and its error is of size h: see 'Why the error "
              "follows h'."),
        Wrong("one-sided", lambda f, x, h: _chord(f, x, 2 * h),
              "This is the forward difference with the step 2h alone, and its error is of size h: see 'Why the error "
              "follows h'."),
        *(Wrong("one-sided", _chords(1 - far, far),
                "Your weights add up to 1, so the slope is right in the limit. But the two errors do not cancel, "
                "because one is twice the other: see 'Why the error follows h'.") for far in (0.5, 1 / 3, 2 / 3)),
        Wrong("one-sided", _chords(-1.0, 2.0),
              "This is the slope of the chord from x + h to x + 2h, or the two differences with each other's weights. "
              "The terms with the second derivative add up instead of cancelling: see 'Why the error follows h'."),
        Wrong("constant factor", lambda f, x, h: _chord(f, x, h) - h / 2,
              "You took away h/2. In the error it stands beside the second derivative, which nobody has given you: see "
              "'Why the error follows h'."),
        Wrong("one-sided", _chords(4 / 3, -1 / 3),
              "These weights cancel errors of size h². The errors of forward differences are of size h: what becomes "
              "of them when h is doubled? See 'Why the error follows h'."),
        *(Wrong("constant factor", _chords(near, -near / 2),
                "The terms with the second derivative do cancel, but your weights do not add up to 1, and so the slope "
                "is not the slope of f: try a straight line.") for near in (1.0, -1.0, 0.5)),
        *(Wrong("difference not divided", _chords(near, -near),
                "Your weights add up to 0, and so the slope itself is gone: what is left is the difference of the two "
                "errors. See 'Why the error follows h'.") for near in (1.0, -1.0)),
        Wrong("sign", _chords(2.0, 1.0),
              "Your weights add up to 3. The slope must stay what it is, and the errors must be taken away: see 'Why "
              "the error follows h'."),
        Wrong("sum for product", _chords(1.0, 1.0),
              "The two differences are added: that is twice the slope, with both errors in it. See 'Why the error "
              "follows h'."),
        Wrong("sum for product", _chords(2.0, 2.0),
              "Your weights add up to 4. For a straight line both differences are right already: what must the weights "
              "add up to?"),
        *(Wrong("step counted once", lambda f, x, h, sign=sign, near=near:
                near * _chord(f, x, h) + sign * (f(x + 2 * h) - f(x)) / h,
                "The second of the two differences counts twice: is its rise over 2h divided by h only, or does a 2 "
                "stand before both? See 'One step forward'.")
          for near, sign in ((2.0, -1.0), (1.0, 1.0), (1.0, -1.0))),
        Wrong("wrong concept", lambda f, x, h: 2 * _chord(f, x, h) - (f(x + 2 * h) - f(x + h)) / h,
              "Your weights are 3 and -2, or your second difference begins at x + h, which comes to the same. D₊(2h) "
              "begins at x; and does 3 - 2·2 make the terms with the second derivative cancel?"),
        Wrong("wrong concept", _chords(1.5, -0.5),
              "Your weights add up to 1, and the terms with the second derivative shrink, but they do not cancel: by "
              "how much does such a term grow when h is doubled?"),
        *(Wrong("one step for all", lambda f, x, h, put=put, step=step: put(f, x, step),
                "Your step is not the one that is handed in: see 'One step forward'.")
          for put, step in ((_chords(2.0, -1.0), 1e-8), (_chord, 1e-8), (_chord, 1e-6), (_chord, 1e-5))),
        *(Wrong("wrong concept", wrong, "You use f at other points than x, x + h and x + 2h. More points would give a "
                "smaller error; what can the three give?")
          for wrong in (lambda f, x, h: (-11 * f(x) + 18 * f(x + h) - 9 * f(x + 2 * h) + 2 * f(x + 3 * h)) / (6 * h),
                        lambda f, x, h: f(x + 1j * h).imag / h)),
        Wrong("wrong concept", lambda f, x, h: 2 * _chord(f, x, h) - _chord(f, x, h / 2),
              "Your second step is half of h. The exercise asks for the steps h and 2h."),
        Wrong("wrong concept", lambda f, x, h: 2 * _chord(f, x, h / 2) - _chord(f, x, h),
              "The idea is right, with the steps h/2 and h. The exercise asks for h and 2h."),
        Wrong("wrong direction", lambda f, x, h: 2 * _chord(f, x, -h) - _chord(f, x, -2 * h),
              "The weights are right, but your points lie below x, where f has no values."),
        Wrong("wrong direction", lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
              "This is the central difference. It needs the value at x - h, and there f has none: only x, x + h and "
              "x + 2h may be used."),
        Wrong("sign", _values(3, -4, 1),
              "Every slope has the wrong sign. Let f be x itself and put in numbers."),
        Wrong("sign", _values(-3, 4, 1),
              "In the combined fraction the last value has the wrong sign: a minus before a fraction holds for all "
              "that stands above the line."),
        Wrong("sign", _values(-5, 4, -1),
              "The value at x is counted with the wrong sign once: a minus before a fraction holds for all that stands "
              "above the line."),
        Wrong("factor 2", _values(-3, 4, -1, run=lambda h: h),
              "Every slope is twice too large: over which run do the values stand when both fractions are brought to "
              "one?"),
        Wrong("precedence", _values(-3, 4, -1, run=lambda h: 2 / h),
              "Python works from left to right, so that / 2 * h divides by 2 and then multiplies by h: it needs "
              "brackets."),
        Wrong("precedence", lambda f, x, h: -3 * f(x) + 4 * f(x + h) - f(x + 2 * h) / (2 * h),
              "Only the last value is divided, because / goes before + and -: the sum needs brackets."),
        Wrong("precedence", lambda f, x, h: 2 * _chord(f, x, h) - (f(x + 2 * h) - f(x)) / 2 * h,
              "In your second difference, / 2 * h divides by 2 and then multiplies by h: it needs brackets."),
        Wrong("precedence", lambda f, x, h: 2 * (f(x + h) - f(x) / h) - (f(x + 2 * h) - f(x) / (2 * h)),
              "Only the second value of each difference is divided, because / goes before -: they need brackets."),
        Wrong("difference not divided", _values(-3, 4, -1, run=lambda h: 1.0),
              "The values are put together, and not divided by any run: see 'One step forward'."),
        Wrong("difference not divided", _values(-3, 4, -1, run=lambda h: 2.0),
              "The sum of the values is halved, but not divided by the length of the step: see 'One step forward'."),
        Wrong("differentiated twice", lambda f, x, h: (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h**2,
              "This measures how the slope changes, the second derivative. The exercise asks for the slope, without "
              "the error that the second derivative makes."),
        Wrong("one step for all", lambda f, x, h: _slope(f, x),
              "This is the slope of the tangent to nearly all digits, whatever h is. The exercise asks what f at the "
              "three points gives for the h that is handed in."),
        *(Wrong("constant factor", _values(at_0, 4, -1),
                "The value at x has another weight than it should: your three weights do not add up to 0. Try a "
                "constant function, whose slope is 0.") for at_0 in (-2, -1, -4)),
        Wrong("differentiated twice", lambda f, x, h: (f(x + 2 * h) - 2 * f(x + h) + f(x)) / h,
              "The weights of your values are those of a second derivative, 1, -2 and 1. What is left for a straight "
              "line? See 'Why the error follows h'."),
        *(Wrong("constant factor", _chords(near, -near / 2),
                "The terms with the second derivative cancel, and a straight line does not come out with its own slope:"
                " what do your two weights add up to?") for near in (4 / 3, 2 / 3, 3.0)),
        Wrong("constant factor", lambda f, x, h: 2 * _chord(f, x, h) - _chord(f, x, 2 * h) / 2,
              "The second of the two differences is divided by more than its run, or has a weight of its own half as "
              "large as it should be: what do your weights add up to?"),
        *(Wrong("term missing", _values(0, near, -1, run=run),
                "The value at x is not in your sum. Every forward difference subtracts it: see 'One step forward'.")
          for near, run in ((4, lambda h: 2 * h), (2, lambda h: h), (4, lambda h: h))),
        Wrong("wrong concept", lambda f, x, h: 2 * _chord(f, x, 2 * h) - _chord(f, x, 4 * h),
              "The idea is right, with the steps 2h and 4h. The exercise asks for h and 2h."),
        *(Wrong("constant factor", lambda f, x, h, k=k: _chord(f, x, h) + k(h) * (f(x + 2 * h) - 2 * f(x + h) + f(x)),
                "You take a measured second derivative to correct the difference, and it is not divided by the square "
                "of the step. See 'Why the error follows h'.")
          for k in (lambda h: -h / 2, lambda h: h / 2, lambda h: -1 / 2, lambda h: 1 / 2)),
        *(Wrong("one-sided", _chords(near, 1 - near),
                "Your weights add up to 1, and the terms with the second derivative do not cancel: what becomes of "
                "such a term when h is doubled, and what do your weights make of both? See 'Why the error follows h'.")
          for near in (4.0, 5.0, -2.0, -3.0, 0.25, 0.75)),
        Wrong("wrong concept", lambda f, x, h: 2 * _chord(f, x, h) - (f(x + 2 * h) - f(x + h)) / (2 * h),
              "Your second difference begins at x + h and is divided by 2h, which is not its run: D₊(2h) begins at x."),
        Wrong("constant factor", lambda f, x, h: 2 * _chord(f, x, h) - (f(x + 2 * h) - f(x)) / h**2,
              "Your second difference is divided by the square of h. See 'One step forward'."),
        Wrong("sign", _values(3, 4, -1),
              "The value at x is added. Every forward difference subtracts it: see 'One step forward'."),
        Wrong("precedence", lambda f, x, h: 2 * (f(x + h) - f(x) / h) - (f(x + 2 * h) - f(x) / 2 * h),
              "Only the second value of each difference is divided, because / goes before -; and / 2 * h divides by 2 "
              "and then multiplies by h."),
        Wrong("difference not divided", _values(-1, 2, -1, run=lambda h: 1.0),
              "The differences are not divided by their runs, of which one is twice the other: see 'One step "
              "forward'."),
        Wrong("slope at the wrong point", lambda f, x, h: 2 * _chord(f, x, h) - (f(2 * x + h) - f(x)) / (2 * h),
              "One of your points is 2x + h. Which of the two is doubled in x + 2h?"),
    )  # fmt: skip


class BestStep(Exercise):
    id = "1.2"
    title = "The best step of any method"
    points = 3
    name = "best_step"
    arguments = ("p", "C", "F", "eps")
    returns = "a float"
    derivation_is_asked = True
    measured_within = 0.1  # a search among the powers of a number near 1
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
        *(Wrong("coincidence", wrong,
                f"{what}. The balance of the two terms depends on p: see how p enters in 'The V', and what "
                "changes for the E of 'Two sides'.")
          for what, wrong in (("This is right for p = 1 only", lambda p, C, F, eps: (eps * F / C) ** 0.5),
                              ("The square root fits p = 1 only", lambda p, C, F, eps: (eps * F / (p * C)) ** 0.5),
                              ("This is right for p = 2 only", lambda p, C, F, eps: (eps * F / (2 * C)) ** (1 / 3)),
                              ("The cube root fits p = 2 only", lambda p, C, F, eps: (eps * F / C) ** (1 / 3)))),
        Wrong("coincidence", lambda p, C, F, eps: eps**0.5,
              "The square root of eps fits the forward difference and sizes near 1. Here p, C and F vary."),
        Wrong("coincidence", lambda p, C, F, eps: eps ** (1 / 3),
              "The cube root of eps fits the central difference and sizes near 1. Here p, C and F vary."),
        Wrong("constant factor", lambda p, C, F, eps: 2 * (eps * F / C) ** 0.5,
              "This is the result of 'The V', where p is 1, C is half of |f''|, and F is twice |f|. Here p varies, and "
              "C and F stand as they are."),
        Wrong("coincidence", lambda p, C, F, eps: (eps * F / C) ** (1 / (p + 1)),
              "This is right for p = 1 only: there the two terms are equally large at the best step. What does the "
              "derivative of h to the power p bring down? See 'The V'."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / (2 * C)) ** (1 / (p + 1)),
              "This is right for p = 2 only. What does the derivative of h to the power p bring down? See 'The V'."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / ((p + 1) * C)) ** (1 / (p + 1)),
              "The factor in front of C is that of an integral. What does the derivative of h to the power p bring "
              "down? See 'The V'."),
        Wrong("precedence", lambda p, C, F, eps: (eps * F / C) ** (1 / (p + 1)) / p,
              "The p stands outside the root. It belongs to the equation for h that you take the root of."),
        Wrong("precedence", lambda p, C, F, eps: (eps * F / (p * C)) ** (1 // (p + 1)),
              "// cuts the fraction down to a whole number, here 0: write / for the exponent."),
        Wrong("sign", lambda p, C, F, eps: (-eps * F / (p * C)) ** (1 / (p + 1)),
              "Under your root stands a negative number: one sign was lost when the equation was solved. See 'The V'."),
        Wrong("precedence", lambda p, C, F, eps: eps * (F / (p * C)) ** (1 / (p + 1)),
              "eps stands outside the root. It belongs to the equation for h that you take the root of."),
        Wrong("power rule", lambda p, C, F, eps: (p * eps * F / C) ** (1 / (p + 1)),
              "p stands on the wrong side of the fraction line: solve the equation of 'The V' for h once more."),
        Wrong("constant factor", lambda p, C, F, eps: (2 * eps * F / (p * C)) ** (1 / (p + 1)),
              "There is a 2 too many: in this E the rounding is eps F / h, whatever made it. See 'The V'."),
        *(Wrong("sign", lambda p, C, F, eps, k=k: (k(p) * eps * C / F) ** (1 / (p + 1)),
                "C and F have changed places: your step grows with the truncation that it should hold down. Solve the "
                "equation of 'The V' once more, term by term.") for k in (lambda p: p, lambda p: 1, lambda p: 1 / p)),
        *(Wrong("reversed order", lambda p, C, F, eps, k=k: (k(p) * C / (eps * F)) ** (1 / (p + 1)),
                "Your step is enormous: it is one over the right thing, or nearly. Solve the equation of 'The V' for h "
                "once more.") for k in (lambda p: p, lambda p: 1)),
        Wrong("precedence", lambda p, C, F, eps: (eps * F / p * C) ** (1 / (p + 1)),
              "Python works from left to right, so that / p * C divides by p and then multiplies by C. Is that where C "
              "stands in your derivation?"),
        *(Wrong("precedence", wrong,
                "** goes before / and / before +, so that an exponent with a fraction or a sum in it needs brackets. "
                "Your exponent is not the one you meant. See 'The V'.")
          for k in (lambda p: p, lambda p: 1)
          for wrong in (lambda p, C, F, eps, k=k: eps * F / (k(p) * C) / (p + 1),
                        lambda p, C, F, eps, k=k: eps * F / (k(p) * C) / p + 1,
                        lambda p, C, F, eps, k=k: 1 / (p + 1) * eps * F / (k(p) * C),
                        lambda p, C, F, eps, k=k: (eps * F / (k(p) * C)) ** (1 / p + 1))),
        *(Wrong("precedence", lambda p, C, F, eps, k=k: eps * F / (k(p) * C) ** (1 / (p + 1)),
                "** goes before /, so that your root is taken of what stands below only: the fraction needs brackets.")
          for k in (lambda p: p, lambda p: 1)),
        *(Wrong("precedence", lambda p, C, F, eps, k=k: eps * F / (k(p) * C),
                "No root is taken, so your step is far too small. If you meant one: ** goes before /, so that an "
                "exponent that is a fraction needs brackets. See 'The V'.") for k in (lambda p: p, lambda p: 1)),
        *(Wrong("power rule", lambda p, C, F, eps, k=k, power=power: (eps * F / (k(p) * C)) ** power(p),
                "The root is not the right one. Count the powers of h once more: what is the slope of 1/h, and which "
                "power of h is left when all of them stand on one side? See 'The V'.")
          for k in (lambda p: p, lambda p: 1)
          for power in (lambda p: 1 / p, lambda p: 1 / (p + 2), lambda p: 1 / (p - 1) if p > 1 else 1.0,
                        lambda p: 1 / (p - 1) if p > 1 else 2.0, lambda p: 1 / (p - 1))),
        *(Wrong("power rule", lambda p, C, F, eps, k=k: (eps * F / (k(p) * C)) ** (p + 1),
                "You raised to a power where h has to be freed from one. See 'The V'.")
          for k in (lambda p: p, lambda p: 1)),
        Wrong("value instead of derivative", lambda p, C, F, eps: C * (eps * F / (p * C)) ** (p / (p + 1)) * (1 + p),
              "This is the smallest error, not the step at which it occurs. 'The V' computes both, one after the "
              "other."),
        Wrong("one step for all", lambda p, C, F, eps: 1e-5,
              "One step for all methods and all functions. Here p, C, F and eps vary, and the best step with them."),
        Wrong("zero", lambda p, C, F, eps: 0.0,
              "A step of 0 divides by 0. The rounding error alone forbids it: see 'Smaller is not better'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (eps / C) ** (1 / (p + 1)),
              "F has gone. A function of large values asks for a larger step: see 'The V'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (eps / (p * C)) ** (1 / (p + 1)),
              "F has gone. A function of large values asks for a larger step: see 'The V'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (eps * F / p) ** (1 / (p + 1)),
              "C has gone. The more a function is curved, the smaller a step it asks for: see 'The V'."),
        Wrong("sizes ignored", lambda p, C, F, eps: (F / (p * C)) ** (1 / (p + 1)),
              "eps has gone. With finer arithmetic the best step is smaller: see 'The V'."),
        Wrong("sign", lambda p, C, F, eps: -((eps * F / (p * C)) ** (1 / (p + 1))),
              "Your step is negative. Solve the equation of 'The V' once more, sign by sign."),
        *(Wrong("constant factor", lambda p, C, F, eps, k=k: k * (eps * F / (2 * C)) ** 0.5,
                "The square root fits p = 1 only, and a factor is left over from |f''| or |f|. Here C and F stand as "
                "they are, and the root depends on p: see how p enters in 'The V'.") for k in (1, 2)),
        *(Wrong("constant factor", lambda p, C, F, eps, k=k, inside=inside:
                k * (inside * eps * F / C) ** (1 / (p + 1)),
                "There is a 2 from 'The V', which belongs to its own F and C; and the slope of h to the power p "
                "brings something down that is missing.") for k, inside in ((2, 1), (1, 2), (2, 2))),
        Wrong("precedence", lambda p, C, F, eps: p * (eps * F / C) ** (1 / (p + 1)),
              "The p stands outside the root, as a factor. It belongs to the equation for h that you take the root "
              "of."),
        *(Wrong("sign", lambda p, C, F, eps, k=k: (k(p) * eps * F * C) ** (1 / (p + 1)),
                "C stands above the fraction line: your step grows with the truncation that it should hold down. Solve "
                "the equation of 'The V' once more.") for k in (lambda p: p, lambda p: 1)),
        *(Wrong("sign", lambda p, C, F, eps, k=k: (eps / (k(p) * C * F)) ** (1 / (p + 1)),
                "F stands below the fraction line. Should the step grow or shrink when the function has larger values? "
                "See 'The V'.") for k in (lambda p: p, lambda p: 1)),
        Wrong("sizes ignored", lambda p, C, F, eps: eps ** (1 / p),
              "C and F have gone, and the root is not the right one: see the best step in 'The V', where p is 1."),
        Wrong("coincidence", lambda p, C, F, eps: (eps * F / (p * C)) ** (1 / 3),
              "The cube root belongs to p = 2 alone. Which power of h is left when all of them stand on one side?"),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / (p * C)) ** (p / (p + 1)),
              "This is the best step to the power p, as it stands in the first term of E. The step itself is asked "
              "for."),
        Wrong("power rule", lambda p, C, F, eps: ((p + 1) * eps * F / C) ** (1 / (p + 1)),
              "p + 1 belongs to the root. What does the derivative of h to the power p bring down, and on which side "
              "of the fraction line does it end?"),
        Wrong("precedence", lambda p, C, F, eps: eps ** (1 / (p + 1)) * F / C,
              "The root is taken of eps alone. C and F belong to the equation for h as well. See 'The V'."),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / ((p - 1) * C)) ** (1 / (p + 1)),
              "The derivative of h to the power p has two changes: one in front, one in the exponent. Your p - 1 "
              "stands in front. See 'The V'."),
        *(Wrong("power rule", lambda p, C, F, eps, power=power: (eps * F / (p * C)) ** power(p),
                "Your exponent is not one over the number of powers of h that are left. See 'The V'.")
          for power in (lambda p: (p + 1) / 2, lambda p: 1 / (2 * p), lambda p: 1 / (2 * p + 1))),
        *(Wrong("sign", lambda p, C, F, eps, k=k: (F / (k(p) * C * eps)) ** (1 / (p + 1)),
                "eps stands below the fraction line, so that finer arithmetic asks for a larger step. Solve the "
                "equation of 'The V' once more.") for k in (lambda p: p, lambda p: 1)),
        Wrong("power rule", lambda p, C, F, eps: (eps * F / (p * (p + 1) * C)) ** (1 / (p + 1)),
              "In front of C stand two factors. One derivative of h to the power p brings one down. See 'The V'."),
        *(Wrong("precedence", lambda p, C, F, eps, k=k: (k(p) * C / eps * F) ** (1 / (p + 1)),
                "The fraction is turned over; and / eps * F divides by eps and then multiplies by F. Solve the "
                "equation of 'The V' once more.") for k in (lambda p: p, lambda p: 1)),
    )  # fmt: skip


def _bend(f, x, h):
    """What is missing of f(x) in the real part."""
    return f(x) - f(x + 1j * h).real


class RealPart(Exercise):
    id = "1.3"
    title = "What the real part holds"
    points = 3
    name = "second_derivative"
    arguments = ("f", "x", "h")
    returns = "a float"
    tolerance = Close(rtol=1e-9)
    hints = (
        "In Python the imaginary unit is written 1j, and z.real is the real part of z.",
        "In the series above, which group has no i? Leave out all of it that is smaller than h².",
        "You have one equation in which f''(x) is the only unknown. Solve it for f''(x).",
    )
    because = (
        "Re f(x + ih) = f(x) - h²/2 f''(x) + ..., so 2 (f(x) - Re f(x + ih)) / h² is f''(x) up to h². "
        "Here two nearly equal numbers are subtracted again: with h = 1e-20 nothing would be left."
    )

    def cases(self, rng):
        steps = {"sin": 0.1, "exp over sines": 0.05, "polynomial": 0.2, "oscillating": 0.02, "exp": 0.1}
        steps |= {"gaussian": 0.1, "tanh": 0.2}
        for name, h in steps.items():
            yield {"f": probe(name), "x": float(np.round(rng.uniform(0.3, 1.2), 3)), "h": h}

    def solution(self, f, x, h):
        return 2 * (f(x) - f(x + 1j * h).real) / h**2

    mistakes = (
        Wrong("sign", lambda f, x, h: -2 * _bend(f, x, h) / h**2,
              "Every result has the wrong sign. Does (ih)² raise the real part or lower it? See 'A step sideways'."),
        Wrong("factor 1/2", lambda f, x, h: _bend(f, x, h) / h**2,
              "Every result is half of what it should be: which number stands below h² in the series? See 'A step "
              "sideways'."),
        Wrong("factor 1/2", lambda f, x, h: _bend(f, x, h) / (2 * h**2),
              "Every result is a quarter of what it should be: on which side of your equation does the ½ stand? See 'A "
              "step sideways'."),
        Wrong("sign", lambda f, x, h: -_bend(f, x, h) / h**2,
              "Two things are lost, the sign of (ih)² and the number below h²: see 'A step sideways'."),
        Wrong("sign", lambda f, x, h: -_bend(f, x, h) / (2 * h**2),
              "Two things went wrong: the sign of (ih)², and the side on which the ½ stands. See 'A step sideways'."),
        *(Wrong("constant factor", lambda f, x, h, k=k: k * _bend(f, x, h) / h,
                "You divide by h. The second derivative stands beside another power of the step: see 'A step "
                "sideways'.")
          for k in (1, 2, -1, -2)),
        *(Wrong("precedence", lambda f, x, h, k=k: k * _bend(f, x, h) * h**2,
                "You multiply by a power of h where you have to divide by it. Solve the equation for f''(x) once more, "
                "or look for missing brackets.") for k in (0.5, 1, 2, -0.5, -2)),
        *(Wrong("difference not divided", lambda f, x, h, k=k: k * _bend(f, x, h),
                "What is missing in the real part is not yet the second derivative: compare it with the step. If you "
                "wrote / h * h, the step is gone again, because Python works from left to right. See 'A step "
                "sideways'.") for k in (1, 2, -1, -2)),
        Wrong("precedence", lambda f, x, h: 2 * f(x) - f(x + 1j * h).real / h**2,
              "Only the second value is divided, because / goes before -: the difference needs brackets."),
        Wrong("precedence", lambda f, x, h: 2 * (f(x) - f(x + 1j * h).real / h**2),
              "Only the second value is divided, because / goes before -: the difference needs brackets."),
        *(Wrong("wrong concept", lambda f, x, h, k=k: k * f(x + 1j * h).real / h**2,
                "The real part holds the value f(x) first, and that must be taken away before you divide: see 'A step "
                "sideways'.") for k in (1, 2, -1, -2)),
        Wrong("wrong concept", lambda f, x, h: f(x + 1j * h).real / h,
              "The real part holds the value f(x) first, and that must be taken away before you divide; and not by h: "
              "see 'A step sideways'."),
        Wrong("wrong concept", lambda f, x, h: f(x + 1j * h).real,
              "This is the whole real part: nearly the value f(x). What is left of it without f(x)? See 'A step "
              "sideways'."),
        Wrong("real part", lambda f, x, h: f(x + 1j * h).imag / h,
              "This is the first derivative, and it sits in the imaginary part. The second sits in the other one: see "
              "'A step sideways'."),
        *(Wrong("real part", lambda f, x, h, k=k: k * f(x + 1j * h).imag / h**2,
                "You took the imaginary part. Derivatives of which orders stand in it? See 'A step sideways'.")
          for k in (1, 2, -2)),
        *(Wrong("wrong concept", lambda f, x, h, k=k: k * (f(x) - abs(f(x + 1j * h))) / h**2,
                "An absolute value mixes the two parts. The real part is asked for: see 'A step sideways'.")
          for k in (1, 2, -1, -2)),
        *(Wrong("value instead of derivative", lambda f, x, h, k=k: k * (f(x) - f(x + 1j * h)) / h**2,
                "You return a complex number: one of its two parts is asked for. See 'A step sideways'.")
          for k in (1, 2, -1, -2)),
        *(Wrong("wrong direction", lambda f, x, h, k=k: k * (f(x) - f(x + h)) / h**2,
                "Your step goes along the real axis: there the first derivative is not separated from the second. See "
                "'A step sideways'.") for k in (1, 2, -1, -2)),
        Wrong("wrong direction", lambda f, x, h: (f(x + h) - 2 * f(x) + f(x - h)) / h**2,
              "This is a second difference along the real axis. It is near f''(x) too, but the exercise asks what the "
              "real part of one step sideways gives."),
        Wrong("real part", lambda f, x, h: 2 * (f(x) - f(x + 1j * h).imag) / h**2,
              "You took the imaginary part. Derivatives of which orders stand in it? See 'A step sideways'."),
        Wrong("wrong direction", lambda f, x, h: 2 * (f(x) - f(x * 1j * h).real) / h**2,
              "Your point is x·ih. The step is added to x, not multiplied."),
        *(Wrong("constant factor", lambda f, x, h, k=k: k * _bend(f, x, h) / h**3,
                "You divide by h³. The second derivative stands beside another power of the step: see 'A step "
                "sideways'.") for k in (1, 2)),
        Wrong("one step for all", lambda f, x, h: 2 * _bend(f, x, h / 2) / (h / 2) ** 2,
              "Your step is half of the one that is handed in: the series of 'A step sideways' has the step h."),
        Wrong("wrong direction", lambda f, x, h: (f(x + h + 1e-20j).imag - f(x - h + 1e-20j).imag) / (2 * h * 1e-20),
              "This is a difference of slopes at two points. It is near f''(x) too, but the exercise asks what the "
              "real part of one step sideways gives."),
        Wrong("wrong concept", lambda f, x, h: (f(x + 1j * h).imag / h) ** 2,
              "The first derivative squared is not the second derivative. Where in the series does f'' stand?"),
        *(Wrong("one step for all", lambda f, x, h, step=step: 2 * _bend(f, x, step) / step**2,
                "Your step is not the one that is handed in: see 'A step sideways'.") for step in (1e-4, 1e-3, 1.0)),
        Wrong("step too small", lambda f, x, h: 0.0,
              "Every result is 0: with a step such as 1e-20 the real part is f(x) to the last digit, and nothing is "
              "left when f(x) is subtracted. Use the h that is handed in."),
        Wrong("value instead of derivative", lambda f, x, h: f(x + 1j * h),
              "This is f at the shifted point, a complex number. One of its two parts is asked for, and of that what "
              "the step has changed: see 'A step sideways'."),
        Wrong("value instead of derivative", lambda f, x, h: f(x),
              "This is the value f(x). The second derivative shows only after a step: see 'A step sideways'."),
        *(Wrong("caret", lambda f, x, h, k=k: k * _bend(f, x, h) / h,
                "The step comes in without its square: h * 2 is not h ** 2, and / h * 2 divides by h and then doubles.")
          for k in (4, -4)),
        Wrong("one step for all", lambda f, x, h: 2 * (f(x) - f(x + 1j).real) / h**2,
              "You divide by the right power of h, but your point is x + i: the step is not in it. See 'A step "
              "sideways'."),
        Wrong("sign", lambda f, x, h: abs(2 * _bend(f, x, h) / h**2),
              "The sizes are right and the signs are lost: where a curve bends downwards, f'' is negative. See 'A step "
              "sideways'."),
        Wrong("precedence", lambda f, x, h: (2 * f(x) - f(x + 1j * h).real) / h**2,
              "The 2 multiplies f(x) alone. It belongs to the whole difference, which needs brackets."),
        Wrong("slope at the wrong point", lambda f, x, h: 2 * (f(x) - f(1j * h).real) / h**2,
              "Your shifted point is ih. The step starts from x: see 'A step sideways'."),
        *(Wrong("sign", lambda f, x, h, k=k: k * (f(x) + f(x + 1j * h).real) / h**2,
                "f(x) is added to the real part, and so it is there twice instead of cancelling. See 'A step "
                "sideways'.") for k in (1, 2, -1, -2)),
        *(Wrong("one step for all", lambda f, x, h, k=k: k * _bend(f, x, 2 * h) / h**2,
                "Your step is twice the one that is handed in: the series of 'A step sideways' has the step h.")
          for k in (2, 1, 0.5, 0.25)),
        Wrong("wrong direction", lambda f, x, h: 2 * (f(x + h) - f(x + 1j * h).real) / h**2,
              "You subtract the real part from f(x + h), a step along the real axis. What has the step sideways "
              "changed? See 'A step sideways'."),
        Wrong("power rule", lambda f, x, h: 6 * _bend(f, x, h) / h**3,
              "The 6 and the third power of h stand beside the third derivative, in the imaginary part. See 'A step "
              "sideways'."),
        *(Wrong("constant factor", lambda f, x, h, k=k: k * _bend(f, x, h) / h**4,
                "You divide by the fourth power of h: in which power does f'' stand beside the step? See 'A step "
                "sideways'.") for k in (2, 1, 24)),
        Wrong("precedence", lambda f, x, h: f(x) - f(x + 1j * h).real / (h**2 / 2),
              "f(x) is not divided by anything, because / goes before -: the difference needs brackets. See 'A step "
              "sideways'."),
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
        for n, height in ((3, 1.0), (2, 0.5), (5, 1e-3), (1, 2.0), *self.more((4, 0.7), (8, 0.1))):
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
              "The real part is right, and the other part is gone, where the slope sits: float(...) and .real take it "
              "away, and so does (a + ib)² without the product of a and b. See 'A step sideways'."),
        Wrong("coincidence", lambda x: np.abs(np.sum(x * x)),
              "Right for real columns. The absolute value around the sum turns every complex result into a real "
              "one: see 'What the complex step cannot see'."),
        Wrong("value instead of derivative", lambda x: np.sqrt(np.sum(x * x)),
              "This is the length; its square is asked for."),
        Wrong("wrong concept", lambda x: np.sum(x) ** 2,
              "You squared the sum, or added up a whole table of products, which is the same. The sum of the squares "
              "is asked for."),
        Wrong("flattened", lambda x: float((x.T @ x).real),
              "float() does not take an array (1, 1), and with .real the imaginary part would be lost. A row times a "
              "column can be returned as it is, or with .item()."),
        Wrong("not summed", lambda x: x**2,
              "These are the squares, one for each entry. Their sum is asked for."),
        Wrong("not summed", lambda x: x * x.T,
              "A column times a row, with * or @, is a whole table. Which product adds up?"),
        Wrong("factor 1/2", lambda x: np.sum(x * x) / 2,
              "Everything is halved. The slope would be simpler then, but it is another function."),
        Wrong("wrong concept", lambda x: np.mean(x * x),
              "This is the mean of the squares. Their sum is asked for."),
        Wrong("caret", lambda x: np.sum(x * 2),
              "The entries are doubled, not squared: a star is missing."),
        *(Wrong("not analytic", wrong, "The two parts were put together by hand, and one of the products of (a + ib)² "
                "is not right: work it out on paper. Is there a way that needs no parts?")
          for wrong in (lambda x: np.sum(np.abs(x) ** 2) + 2j * np.sum(x.real * x.imag),
                        lambda x: np.sum(x.real**2) + 2j * np.sum(x.real * x.imag),
                        lambda x: np.sum(x.real**2 - x.imag**2 + 1j * x.real * x.imag),
                        lambda x: np.sum(x.real**2 - x.imag**2 - 2j * x.real * x.imag),
                        lambda x: np.sum(x.real**2 - x.imag**2) + 2j * np.sum(x.real) * np.sum(x.imag))),
        Wrong("square forgotten", lambda x: np.sum(x),
              "This is the sum of the entries; the sum of their squares is asked for."),
        Wrong("factor 2", lambda x: 2 * np.sum(x * x),
              "Everything is doubled. Where does the 2 come from?"),
        Wrong("derivative instead of value", lambda x: 2 * x,
              "This is the slope of the squared length. The function itself is asked for; the complex step then finds "
              "the slope by itself: see 'A step sideways'."),
        Wrong("derivative instead of value", lambda x: np.sum(x * x).imag,
              "You hand in the imaginary part alone. The whole complex number is asked for: see 'A step sideways'."),
        Wrong("not summed", lambda x: np.abs(x) ** 2,
              "These are the squared sizes, one for each entry; and an absolute value hides the slope. See 'What the "
              "complex step cannot see'."),
        Wrong("not analytic", lambda x: np.sum(x.real**2) + 1j * np.sum(x.imag**2),
              "You squared the two parts by themselves. Work out (a + ib)² on paper: see 'What the complex step cannot "
              "see'."),
        Wrong("rows for columns", lambda x: x @ x,
              "A column times a column is no product with @ or np.dot. Which of the two has to lie?"),
        Wrong("not analytic", lambda x: np.linalg.norm(x * x),
              "A norm takes the absolute value of every entry, whatever stands in it: see 'What the complex step "
              "cannot see'."),
        Wrong("first only", lambda x: x[0, 0] ** 2,
              "This is the square of the first entry alone. Is there a return inside a loop, or an index 0? All "
              "entries count."),
        Wrong("not summed", lambda x: x[-1, 0] ** 2,
              "This is the square of the last entry alone. Does your loop add up, or does it begin anew in each turn?"),
        *(Wrong("coincidence", wrong, "You count on a certain number of entries. A column may have more of them, or "
                "fewer.")
          for wrong in (lambda x: x[0, 0] ** 2 + x[1, 0] ** 2 + x[2, 0] ** 2,
                        lambda x: x[0, 0] ** 2 + x[1, 0] ** 2)),
        Wrong("counted twice", lambda x: np.sum(x * x) ** 2,
              "The sum of the squares is squared once more. The squared length has one square."),
        Wrong("not summed", lambda x: (x**2).sum(axis=1),
              "Along axis 1 a column has one number in each row, so that nothing is added. The sum of all squares is "
              "asked for."),
        Wrong("product for sum", lambda x: np.prod(x**2),
              "The squares are multiplied. Their sum is asked for."),
        *(Wrong("not analytic", wrong, "You put a real and an imaginary part together by hand, and they are not those "
                "of the sum of (a + ib)². Work one entry out on paper: is there a way that needs no parts?")
          for wrong in (lambda x: complex(np.sum(x.real**2), np.sum(x.real * x.imag)),
                        lambda x: np.sum(x.real**2) + 2j * np.sum(x.imag),
                        lambda x: np.sum(x.real) ** 2 + 1j * np.sum(x.imag) ** 2,
                        lambda x: np.sum(x.real**2) + 1j * np.sum(x.imag))),
        Wrong("wrong concept", lambda x: np.abs(x).sum() ** 2,
              "The sizes of the entries are added before they are squared; and a size hides the slope. See 'What the "
              "complex step cannot see'."),
        Wrong("wrong concept", lambda x: np.max(x) ** 2,
              "This is the square of one entry, the largest. All entries count."),
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
        # The factor by which the claim is off. The limit is 1e-6; what is nearer to it than 3 times is not asked.
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
            ("tanh", 1 - 3e-7),
            ("sin", 1 - 6e-6),
            ("tiny waves", 1 + 3e-6),
        )
        for name, factor in claims:
            x = float(np.round(rng.uniform(0.3, 1.2), 3))
            yield {"f": probe(name), "x": x, "claim": factor * _slope(probe(name), x)}
        # A small slope shows a fixed amount beside a relative one.
        yield {"f": probe("tanh"), "x": 2.2, "claim": (1 - 3e-6) * _slope(probe("tanh"), 2.2)}
        # Near the top of a wave the slope is much smaller than the value.
        yield {"f": probe("huge waves"), "x": 1.57, "claim": (1 + 1e-4) * _slope(probe("huge waves"), 1.57)}
        # Of a large slope, numbers that agree to nine digits differ before the point.
        yield {"f": probe("huge waves"), "x": 0.9, "claim": (1 + 1e-9) * _slope(probe("huge waves"), 0.9)}

    def solution(self, f, x, claim):
        measured = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
        return abs(claim - measured) <= 1e-6 * abs(measured)

    mistakes = (
        *(Wrong("absolute tolerance", verdict,
                "Right claims about large slopes are rejected and wrong ones about small slopes accepted: the same "
                "amount is allowed for every size, be it by rounding to places behind the point. See 'What to ask of a "
                "measurement'.")
          for verdict in (lambda f, x, claim: abs(claim - (f(x + 1e-5) - f(x - 1e-5)) / 2e-5) <= 1e-6,
                          lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-6,
                          lambda f, x, claim: round(_slope(f, x), 6) == round(claim, 6),
                          lambda f, x, claim: round(_slope(f, x), 7) == round(claim, 7))),
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
        *(Wrong("step too small", verdict,
                "Every claim is rejected, or all but a few, right ones as well. Print your measured slope: the step "
                "may be too small or too large, the difference one-sided or not divided by the step, or == may ask "
                "for too much. See 'The V'.")
          for verdict in (lambda f, x, claim: False, *(
              lambda f, x, claim, h=h, back=back: (lambda measured: abs(claim - measured) <= 1e-6 * abs(measured))(
                  (f(x + h) - f(x - back * h)) / (h + back * h))
              for h in (1e-11, 1e-12) for back in (0, 1)))),
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
          for most, part, which in ((1e-12, 1e-6, "the smallest"), (1e-9, 0.0, "tiny"), (1e-8, 1e-6, "very small"),
                                    (1e-6, 1e-6, "small"))),
        Wrong("one direction only", lambda f, x, claim: claim / _slope(f, x) <= 1 + 1e-6,
              "Claims that are too small, or of the opposite sign, are all accepted: an error may go to both sides. "
              "See 'What to ask of a measurement'."),
        Wrong("sign", lambda f, x, claim: abs(abs(claim) - abs(_slope(f, x))) <= 1e-6 * abs(_slope(f, x)),
              "A claim of the opposite sign is accepted: you compare sizes only."),
        *(Wrong("absolute tolerance", lambda f, x, claim, part=part:
                abs(claim - _slope(f, x)) <= part * abs(_slope(f, x)),
                "Claims that are off by one in ten thousand are accepted: more is allowed than the statement says.")
          for part in (1e-3, 0.01)),
        Wrong("absolute tolerance", lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-5 * abs(_slope(f, x)),
              "Claims that are off by three millionths are accepted: more is allowed than the statement says."),
        Wrong("no tolerance", lambda f, x, claim: abs(claim - _slope(f, x)) <= 1e-7 * abs(_slope(f, x)),
              "Claims are rejected that are right to within three parts in ten million: the statement allows more."),
        Wrong("sign", lambda f, x, claim: abs(claim - _slope(f, x)) / claim <= 1e-6,
              "Every claim below 0 is accepted: where the claim is negative, so is your quotient. See 'What to ask of "
              "a measurement'."),
        Wrong("one direction only", lambda f, x, claim: 1 <= claim / _slope(f, x) <= 1 + 1e-6,
              "Claims that are a little too small are rejected, however little: an error may go to both sides. See "
              "'What to ask of a measurement'."),
        *(Wrong("one direction only", verdict,
                "Claims whose size is too large are all accepted: the error has a sign there, and only one sign is "
                "refused. See 'What to ask of a measurement'.")
          for verdict in (lambda f, x, claim: (_slope(f, x) - claim) / _slope(f, x) <= 1e-6,
                          lambda f, x, claim: abs(_slope(f, x)) - abs(claim) <= 1e-6 * abs(_slope(f, x)),
                          lambda f, x, claim: abs(_slope(f, x) / claim) - 1 <= 1e-6)),
        Wrong("step counted once", lambda f, x, claim: abs(claim - 2 * _slope(f, x)) <= 1e-6 * abs(2 * _slope(f, x)),
              "Your judge accepts a claim of twice the slope and rejects right ones. How far apart are the two points "
              "of your difference? See 'Two sides'."),
        Wrong("counted twice", lambda f, x, claim: abs((claim - _slope(f, x)) / _slope(f, x)) <= 1e-6
              * abs(_slope(f, x)),
              "The error is in proportion to the slope already, and what you allow grows with the slope once more: "
              "wrong claims about large slopes are accepted. See 'What to ask of a measurement'."),
    )  # fmt: skip


EXERCISES = [SlopeAtAnEdge, BestStep, RealPart, SquaredLength, IsDerivative]
