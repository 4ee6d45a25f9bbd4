"""The named mistakes: what usually goes wrong with a derivative, and what to say about it.

One list for the gradient check and for the exercises: those of a gradient, those of any answer, and what else a lesson
meets. An exercise may say more about a mistake than stands here, because it knows the question; the name stays the
same, so that a class's mistakes can be counted.
"""

from helpers.checking.naming import OF_AN_ANSWER
from helpers.diagnosis import MISTAKES as OF_A_GRADIENT

OF_A_LESSON = {
    # the kind of thing
    "derivative instead of value": "This is a derivative where the value is asked for.",
    "partial instead of total": "This counts the direct dependence only, and none through other variables.",
    "total instead of partial": "This follows every dependence where the direct one alone is asked for.",
    "antiderivative": "This is an antiderivative: its slope is the given function.",
    "power rule": "The power rule was followed only in part: the exponent comes down as a factor and drops by one.",
    "differentiated twice": "It was differentiated once too often.",
    "wrong variable": "It was differentiated with respect to another variable.",
    "square forgotten": "A square was left out.",
    "caret": "In Python ^ is not a power: write **.",
    "term missing": "One term of the sum is missing.",
    "difference not divided": "The difference of two values was not divided by the step.",
    "wrong direction": "The direction was not used as given.",
    # the slope of a layer
    "z for n": "A slope that is written in the value n was given z in its place.",
    "bias forgotten": "The bias is left out.",
    "learning rate forgotten": "The step was not multiplied by the learning rate.",
    # weights that are used many times
    "argument ignored": "One of the things that were given has not been used.",
    "divided by the uses": "The uses of a weight are added; here they were averaged.",
    "stride ignored": "The window moves by the stride from place to place, and by nothing else.",
    # products
    "elementwise product": "Entries were multiplied one by one where a matrix product is meant.",
    "inner product": "A row times a column is one number; it was taken where a whole array is meant.",
    # numerical measurement
    "one-sided": "This is a one-sided difference: its error shrinks with h only, not with h squared.",
    "step counted once": "The two points are 2h apart, so the difference is divided by 2h.",
    "real part": "The derivative sits in the imaginary part of f(x + ih).",
    "step too small": "The step is so small that rounding eats the difference.",
    "step too large": "The step is so large that the curvature shows.",
    "overflow": "An exponential left the range of floating-point numbers on the way.",
    "ceiling": "A bound was put where the numbers grow without one: large values can no longer be told apart.",
    "digits lost": "Two numbers of very different size were added, or two near ones subtracted: the digits are gone.",
    "not analytic": "The imaginary part is lost on the way (abs, conj, .real), and with it the complex step's slope.",
    "sizes ignored": "The sizes of the function and of its derivatives were left out.",
    "precedence": "Division and multiplication run from left to right: a / 2 * h is (a / 2) * h.",
    # comparing
    "absolute tolerance": "A fixed amount is allowed, whatever the size of what is compared.",
    "no tolerance": "Measured numbers are never equal to the last digit: compare to within a tolerance.",
    "one direction only": "Differences of one sign only are caught: take the absolute value.",
    "verdict missing": "A number was returned where a verdict, True or False, is asked for.",
    "checks nothing": "Every backward pass gets through this check, right or wrong.",
    "refuses all": "Every backward pass is refused by this check, also the right ones.",
    "special case": "The check tries a special case only, in which some mistakes cannot show.",
    "upstream of ones": "The check tries an upstream of ones only, which hides what is done to the upstream.",
    "own forward": "The check measures through the forward pass that it is to judge.",
    "zero against zero": "Zeros are compared with zeros: that proves nothing.",
    "not a number": "A comparison with NaN is always false; a check must not take that for agreement.",
    # conventions
    "other layout": "The numbers belong to another layout: samples in rows, or inputs before outputs.",
    "page order": "The cells were read from top to bottom instead of in the order in which they ran.",
    "formula": "A name was taken for a formula that follows its ingredients; it keeps the value it got.",
    "late binding": "A name in a lambda stands for what it holds when the lambda is called, not when it was written.",
    "choice at zero": "At the kink there is no derivative, only a choice; another one was made here.",
    "as printed": "This repeats the statement as the note prints it, and the print is at fault.",
    "coincidence": "It is right for some inputs and not for others.",
    "constant kept": "A term that is held fixed was kept; its slope is zero.",
    "direction not of length 1": "The direction was used at its own length instead of length 1.",
    "direction ignored": "The slope does not depend on the direction that was given.",
    "one step for all": "One step was used for all inputs, although each has its own.",
    "counted from 0": "Counted from 0 where the mathematics counts from 1.",
    "base case missing": "A function that calls itself needs a case in which it does not.",
    "state kept": "Something was carried over from one try to the next.",
    "repeats lost": "Where one place is named several times, it was counted once.",
    "first order only": "A term of higher order was left out; the exact result is asked for.",
    "first only": "Only the first was treated: a loop ended after one turn.",
    "last dropped": "The last one was left out.",
    "shape only": "Only the shape was tested, not the numbers.",
    "size only": "Only the size of the matrices was compared, not their entries.",
    "some directions only": "Only some directions of the input were tested; mistakes in the others pass.",
    "compared exactly": "A measured number was compared for exact equality.",
    "spelling": "The answer is right, in another spelling than the one that is asked for.",
    "answer inverted": "Yes and no are exchanged.",
    "wrong concept": "The answer belongs to another idea of the lesson.",
}
MISTAKES = OF_A_GRADIENT | OF_AN_ANSWER | OF_A_LESSON
