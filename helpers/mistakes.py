"""The named mistakes: what usually goes wrong with a derivative, and what to say about it.

One list for the gradient check and for the exercises. An exercise may say more about a mistake than stands
here, because it knows the question; the name stays the same, so that a class's mistakes can be counted.
"""

MISTAKES = {
    # the shape and the order
    "transposed": "It is the transpose of the right answer: rows belong to outputs, columns to inputs.",
    "sizes swapped": "The number of inputs and the number of outputs have changed places.",
    "reversed product": "The factors of the product are in the reverse order.",
    "reversed order": "The entries are right but stand in the reverse order.",
    "rows for columns": "Rows were taken where columns are meant.",
    "flattened": "The numbers are right but an axis is missing: shapes are literal here.",
    "axes miscounted": "The number of axes is not the number of entries along one of them.",
    "silent broadcast": "Two shapes that do not fit were stretched to one that was not meant.",
    # the size
    "sign": "Every entry has the opposite sign.",
    "factor 2": "Every entry is twice what it should be.",
    "factor 1/2": "Every entry is half of what it should be.",
    "times B": "Every entry is multiplied by the batch size B: the mean over the batch was left out.",
    "divided by B": "Every entry is divided by the batch size B, once too often.",
    "constant factor": "Every entry is the right one times the same constant.",
    "zero": "Every entry is zero.",
    # the chain
    "upstream forgotten": "It is the derivative for an upstream of ones: the factor from above is missing.",
    "inner derivative forgotten": "The derivative of the inner function is missing from the product.",
    "outer derivative forgotten": "The derivative of the outer function is missing from the product.",
    "slope at the wrong point": "The slope is taken at the wrong point: it belongs at the input of its own function.",
    "mask missing": "The slope of the activation is missing where it is zero.",
    "bias not summed": "The bias is used by every sample, so its gradient sums over the batch.",
    "one use only": "A quantity that is used several times collects one term for each use; here one is counted.",
    "wrong layer's input": "The input of another layer was used.",
    "diagonal only": "Only the diagonal is there, but the outputs depend on all inputs.",
    "full instead of diagonal": "Entries off the diagonal are filled although each output sees one input only.",
    # the kind of thing
    "value instead of derivative": "This is the value of the function, not its derivative.",
    "derivative instead of value": "This is a derivative where the value is asked.",
    "partial instead of total": "This counts the direct dependence only, and none through other variables.",
    "difference not divided": "The difference of two values was not divided by the step.",
    "wrong direction": "The direction was not used as given.",
    # numerical measurement
    "one-sided": "This is a one-sided difference: its error shrinks with h only, not with h squared.",
    "step counted once": "The two points are 2h apart, so the difference is divided by 2h.",
    "real part": "The derivative sits in the imaginary part of f(x + ih).",
    "step too small": "The step is so small that rounding eats the difference.",
    "step too large": "The step is so large that the curvature shows.",
    # conventions
    "choice at zero": "At the kink there is no derivative, only a choice; another one was made here.",
    "as printed": "This repeats the statement as the note prints it, and the print is at fault.",
    "coincidence": "It is right for some inputs and not for others.",
    "wrong concept": "The answer belongs to another idea of the lesson.",
}
