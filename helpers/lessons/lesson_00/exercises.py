"""The exercises of lesson 00: a first check, shapes by convention, the order of cells."""

import math

from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.lessons import slips

CARD = "'The conventions on one card'"


class FirstCheck(Exercise):
    id = "0.1"
    title = "A first check"
    name = "slope"
    arguments = ("x",)
    returns = "a float"
    hints = (
        "Differentiate the two terms one after the other and add the results.",
        "The power rule takes x**n to n * x**(n - 1). For the second term, think of a straight line: how steep is it?",
    )
    because = "The power rule gives 3x² for the cube; the line −2x falls by 2 for every step of 1, wherever x is."

    def cases(self, rng):
        for x in (2.0, -1.5, 0.0, *rng.uniform(-3, 3, 3)):
            yield {"x": float(x)}

    def solution(self, x):
        return 3 * x**2 - 2

    mistakes = (
        Wrong("value instead of derivative", lambda x: x**3 - 2 * x,
              "This is f(x) itself: how high the curve is, not how steep. The slope is asked for: see 'A first "
              "check'."),
        Wrong("term missing", lambda x: 3 * x**2,
              "The slope of the cube is right. The other term has a slope too, and it is left out: "
              "see 'A first check'."),
        Wrong("constant kept", lambda x: 3 * x**2 - 2 * x,
              "The slope of the cube is right. The other term is copied as it stands, although the slope of a straight "
              "line does not depend on x: see 'A first check'."),
        Wrong("power rule", lambda x: 3 * x**3 - 2,
              "In the cube the factor came down and the exponent stayed. The power rule changes both: "
              "see 'A first check'."),
        Wrong("power rule", lambda x: x**2 - 2,
              "In the cube the exponent dropped and nothing came down as a factor. The power rule changes both: "
              "see 'A first check'."),
        Wrong("antiderivative", lambda x: x**4 / 4 - x**2,
              "This is an antiderivative: its slope is f. You went the other way: see 'A first check'."),
        Wrong("sign", lambda x: 3 * x**2 + 2,
              "The slope of the cube is right. Does the other term make f steeper or less steep? See 'A first check'."),
        Wrong("caret", lambda x: 3 * x ^ 2,
              "In Python a power is written with two stars: x**2. The sign ^ is another operation, which floats do not "
              "have: see step 2 in 'A first check'."),
        Wrong("sign", lambda x: 2 - 3 * x**2,
              "The size is right and the sign is opposite. Does f rise or fall at x = 2? See 'A first check'."),
        Wrong("power rule", lambda x: 3 * x - 2,
              "The factor of the cube is right, and its exponent dropped by more than one. The power rule takes one "
              "away: see 'A first check'."),
        Wrong("power rule", lambda x: 2 * x**2 - 2,
              "The exponent of the cube dropped before it came down as a factor. Which comes first? See 'A first "
              "check'."),
        Wrong("differentiated twice", lambda x: 6 * x,
              "You differentiated once too often: this tells how the slope changes. See 'A first check'."),
        Wrong("coincidence", lambda x: 10.0,
              "This is the slope at one point only. x may be any number: see 'A first check'."),
        Wrong("constant kept", lambda x: 3 * x**2 - x,
              "The slope of the cube is right. How steep is a straight line? Its slope does not depend on x: see 'A "
              "first check'."),
        Wrong("power rule", lambda x: x**2 - 2 * x,
              "The exponent of the cube dropped and nothing came down as a factor; and the other term is copied as it "
              "stands. See 'A first check'."),
        Wrong("sign", lambda x: 3 * x**2 + 2 * x,
              "The slope of the cube is right. The other term falls, and how steeply does not depend on x: see 'A "
              "first check'."),
        Wrong("power rule", lambda x: 2 * x - 2,
              "The slope of the straight line is right. The cube was taken for a square: see 'A first check'."),
        Wrong("power rule", lambda x: 3 * (x**2 - 2),
              "The factor 3 belongs to the cube alone. Differentiate the two terms one after the other: see 'A first "
              "check'."),
        Wrong("power rule", lambda x: 3 * x**4 - 2 * x**2,
              "The exponents came down and went up by one. The power rule takes one away: see 'A first check'."),
        Wrong("power rule", lambda x: 3 * x - 2 * x,
              "Both exponents are off: the cube's dropped by two, the line's not at all. See 'A first check'."),
        Wrong("value instead of derivative", lambda x: 2 * (x**3 - 2 * x),
              "This is a multiple of f(x): how high the curve is, not how steep. See 'A first check'."),
        Wrong("factor 2", lambda x: 2 * (3 * x**2 - 2),
              "Everything is twice as large as it should be: at x = 0, how steep is the straight line? See 'A first "
              "check'."),
        Wrong("precedence", lambda x: (3 * x) ** 2 - 2,
              "The 3 is squared together with x. Python takes the power first, unless brackets say otherwise."),
        Wrong("differentiated twice", lambda x: 6 * x - 2,
              "The cube was differentiated once too often, the line once; or one of the two stars of a power "
              "is missing: see 'A first check'."),
        Wrong("power rule", lambda x: x**3 - 2,
              "The slope of the line is right, and the cube stands as it was: see 'A first check'."),
        Wrong("term missing", lambda x: -2.0,
              "This is the slope of the straight line alone. The cube has one too, and it depends on x: see 'A first "
              "check'."),
        Wrong("power rule", lambda x: 3 * x**2 - 2 * x**2,
              "The slope of the cube is right. The power of x in the other term went up instead of down: see 'A first "
              "check'."),
        Wrong("power rule", lambda x: 3 * x**2 - x**2,
              "The slope of the cube is right. The other term was integrated: see 'A first check'."),
        Wrong("power rule", lambda x: 3 * x**2 - 1,
              "The slope of the cube is right. In the other term a constant factor stands before x, and it stays: see "
              "'A first check'."),
        Wrong("wrong concept", lambda x: (x**3 - 2 * x) / x,
              "f(x) divided by x is how steep the line is from the origin to the curve, not the curve itself: see 'A "
              "first check'."),
        Wrong("coincidence", lambda x: 1.0,
              "This is the slope at x = 1 only. x may be any number: see 'A first check'."),
        Wrong("product for sum", lambda x: 3 * x**2 * (-2),
              "The slopes of the two terms are multiplied. What is the slope of a sum? See 'A first check'."),
        *(Wrong("one-sided", lambda x, h=h: (_f(x + h) - _f(x)) / h,
                f"This is a difference of two values, divided by the step {h:g}: close to the slope, and not the slope "
                f"itself. It has a formula: see 'A first check'.") for h in (0.01, 0.001, 1e-4, 1e-5, 1e-6)),
        Wrong("power rule", lambda x: 3 * x**3 - 2 * x,
              "In the cube the factor came down and the exponent stayed; and the other term is copied as it stands. "
              "See 'A first check'."),
        *(Wrong("digits lost", cut,
                "Your slope is cut off or rounded. Return it with all its digits: a slope is rarely a whole number.")
          for cut in (lambda x: int(3 * x**2 - 2), lambda x: round(3 * x**2 - 2), lambda x: round(3 * x**2 - 2, 1),
                      lambda x: round(3 * x**2 - 2, 2))),
        Wrong("sign", lambda x: abs(3 * x**2 - 2),
              "The sizes are right and the signs are lost. Where f falls the slope is negative: see 'A first check'."),
        Wrong("power rule", lambda x: 3**x - 2,
              "In the cube the 3 is raised to the power x. Which of the two comes down as a factor? See 'A first "
              "check'."),
        Wrong("power rule", lambda x: 3 * x**2 - 4 * x,
              "The slope of the cube is right. The other term was differentiated like a square, and it is a straight "
              "line: see 'A first check'."),
        Wrong("caret", lambda x: 3 * x * 2 - 2 * x,
              "A star is missing, so that x is doubled and not squared; and the other term is copied as it stands. See "
              "'A first check'."),
        Wrong("precedence", lambda x: (3 * x) ** 2 - 2 * x,
              "The 3 is squared together with x; and the other term is copied as it stands. See 'A first check'."),
        Wrong("power rule", lambda x: x**3 / 3 - 2,
              "The cube was divided by its exponent, and the exponent stayed. The power rule takes it as a factor and "
              "lowers it: see 'A first check'."),
        Wrong("product for sum", lambda x: (x**3 - 2 * x) * (3 * x**2 - 2),
              "f(x) is multiplied by something. How steep the curve is does not depend on how high it is: see 'A first "
              "check'."),
        Wrong("power rule", lambda x: x**2 + 2,
              "In the cube nothing came down as a factor; and the other term falls. See 'A first check'."),
        Wrong("power rule", lambda x: 2 * x**2 - 2 * x,
              "The exponent of the cube dropped before it came down as a factor; and the other term is copied as it "
              "stands. See 'A first check'."),
    )  # fmt: skip


def _f(x):
    return x**3 - 2 * x


def _shapes(**changes):
    """The right shapes, but for some; dz_dx stands for "dz/dx", grad_x for "gradient for x"."""
    named = {"dz_dx": "dz/dx", "dL_dx": "dL/dx", "grad_x": "gradient for x", "grad_W": "gradient for W"}
    return ShapesByConvention().solution() | {named.get(name, name): shape for name, shape in changes.items()}


class ShapesByConvention(Exercise):
    id = "0.2"
    title = "Shapes by convention"
    points = 2
    name = "shapes"
    structure_is_asked = True
    returns = "a dict from each name to a shape"
    tolerance = Close(0)
    hints = (
        "Write N = 3, M = 2, B = 5 beside the card and go from panel to panel.",
        "Three questions settle all eight: what is a column, what belongs to a row of a Jacobian, and whose shape "
        "does a gradient take?",
    )
    because = "Each of the eight is one line of the card, with N = 3 inputs, M = 2 outputs and B = 5 samples."

    def solution(self):
        return {
            "x": (3, 1),
            "W": (2, 3),
            "b": (2, 1),
            "X": (3, 5),
            "dz/dx": (2, 3),
            "dL/dx": (1, 3),
            "gradient for x": (3, 1),
            "gradient for W": (2, 3),
        }

    mistakes = (
        Wrong("other layout", lambda: _shapes(x=(1, 3), W=(3, 2), b=(2,), X=(5, 3), grad_x=(1, 3), grad_W=(3, 2)),
              "These are the shapes of the usual lecture notes, samples in rows and inputs before outputs. "
              f"This course lays them out otherwise: see {CARD}."),
        Wrong("rows for columns", lambda: _shapes(X=(5, 3)),
              f"Your batch has its samples in rows: see its panel in {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(W=(3, 2), grad_W=(3, 2)),
              "Your W has inputs before outputs. Can W @ x be formed with the two shapes you gave? "
              f"See {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(W=(3, 2), dz_dx=(3, 2), grad_W=(3, 2)),
              "In three shapes the inputs come before the outputs. Can W @ x be formed with your two "
              f"shapes? See {CARD}."),
        Wrong("transposed", lambda: _shapes(grad_W=(3, 2)),
              "A gradient is subtracted from its parameter; yours does not fit W: see the panel on "
              f"gradients in {CARD}."),
        Wrong("transposed", lambda: _shapes(dL_dx=(3, 1), grad_x=(1, 3)),
              "dL/dx has a row for each output of L, and the gradient for x is there to be added to x. "
              f"Do your two shapes allow that? See the panel on gradients in {CARD}."),
        Wrong("transposed", lambda: _shapes(dz_dx=(3, 2)),
              f"Your Jacobian has a row for each input: see its panel in {CARD}."),
        Wrong("flattened", lambda: _shapes(x=(3,), b=(2,), grad_x=(3,)),
              "Your vectors have one axis, so they are neither rows nor columns: see the panels on vectors and on axes "
              f"in {CARD}."),
        Wrong("rows for columns", lambda: _shapes(grad_x=(1, 3)),
              "You made the gradient for x a row, which is the shape of another of the eight: "
              f"see the panel on gradients in {CARD}."),
        Wrong("transposed", lambda: _shapes(dL_dx=(3, 1)),
              "L is one number that depends on three. As a Jacobian, how many rows has dL/dx? "
              f"See {CARD}."),
        Wrong("flattened", lambda: _shapes(grad_W=(1, 6)),
              "The gradient for W holds six numbers, and you laid them out in one row: see the panel "
              f"on gradients in {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(W=(3, 2)),
              f"Can W @ x be formed with the two shapes you gave? See {CARD}."),
        Wrong("flattened", lambda: _shapes(b=(2,)),
              f"Your b has one axis, so it is neither a row nor a column: see the panel on axes in "
              f"{CARD}."),
        Wrong("flattened", lambda: _shapes(x=(3,)),
              f"Your x has one axis, so it is neither a row nor a column: see the panel on axes in "
              f"{CARD}."),
        Wrong("axes miscounted", lambda: _shapes(x=3, b=2),
              "For the vectors you give how many numbers there are. A shape is a tuple, and vectors of the course have "
              f"two axes: see {CARD}."),
        Wrong("rows for columns", lambda: _shapes(x=(1, 3), b=(1, 2)),
              f"Your vectors lie in rows; those of the course stand upright: see {CARD}."),
        Wrong("not summed", lambda: _shapes(b=(2, 5)),
              f"You gave each sample a bias of its own. The layer has one for each output: see "
              f"{CARD}."),
        Wrong("wrong concept", lambda: _shapes(X=(3, 1)),
              f"You gave the batch the shape of one sample; it holds B of them: see {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(dz_dx=(2, 1)),
              f"Your dz/dx has one column; it has one for each input: see {CARD}."),
        Wrong("flattened", lambda: _shapes(dL_dx=(3,)),
              f"Your dL/dx has one axis; a Jacobian has two: see the panel on axes in {CARD}."),
        Wrong("flattened", lambda: _shapes(grad_x=(3,)),
              f"Your gradient for x has one axis: see the panel on axes in {CARD}."),
        Wrong("wrong concept", lambda: _shapes(dL_dx=(2, 3)),
              f"dL/dx is the Jacobian of the loss, one number: how many rows has it? See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(x=(3, 5)),
              f"x is one sample, the batch has a name of its own: see {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(X=(2, 5)),
              f"Your batch has as many rows as the layer has outputs. What does a column of it hold? See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(X=(3, 4)),
              "The card draws its own batch. How many samples has the one of the exercise?"),
        Wrong("wrong concept", lambda: _shapes(W=(3, 5)),
              f"Your W depends on the number of samples. The same weights serve every sample: see {CARD}."),
        Wrong("wrong concept", lambda: _shapes(W=(2, 5)),
              f"Your W depends on the number of samples, and not on that of the inputs: see {CARD}."),
        Wrong("wrong concept", lambda: _shapes(W=(2, 1)),
              f"Your W has one weight for each output. Every output has one for each input: see {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(b=(3, 1)),
              f"Your b has a number for each input. It is added to Wx: how many numbers are those? See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(b=(1,)),
              f"You gave the layer a single bias. It has one for each output, and vectors have two axes: see {CARD}."),
        Wrong("wrong concept", lambda: _shapes(b=(1, 1)),
              f"You gave the layer a single bias. It has one for each output: see {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(dL_dx=(1, 2)),
              f"Your dL/dx has a slope for each output. With respect to what is L differentiated? See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(dL_dx=()),
              f"L is one number, and it has a slope for each input: see the panel on gradients in {CARD}."),
        Wrong("wrong concept", lambda: _shapes(dL_dx=(1, 1)),
              f"L is one number, and it has a slope for each input. See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(dz_dx=(1, 3)),
              f"Your dz/dx has one row. How many outputs has the layer? See {CARD}."),
        Wrong("wrong concept", lambda: _shapes(grad_W=(2, 1)),
              f"Your gradient for W has one slope for each output. Whose shape does a gradient take? See {CARD}."),
        Wrong("flattened", lambda: _shapes(grad_W=(2,)),
              f"Your gradient for W has one axis. Whose shape does a gradient take? See {CARD}."),
        Wrong("flattened", lambda: _shapes(grad_W=(6,)),
              f"Your gradient for W has its six slopes along one axis. Whose shape does a gradient take? See {CARD}."),
        Wrong("flattened", lambda: _shapes(grad_W=(6, 1)),
              f"Your gradient for W has its six slopes in one column. Whose shape does a gradient take? See {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(grad_x=(2, 1)),
              f"Your gradient for x has a slope for each output. Whose shape does a gradient take? See {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(x=(2, 1)),
              f"Your x has as many numbers as the layer has outputs: see {CARD}."),
        Wrong("rows for columns", lambda: _shapes(x=(1, 3)),
              f"Your x is a row; the vectors of the course stand upright: see {CARD}."),
        Wrong("rows for columns", lambda: _shapes(b=(1, 2)),
              f"Your b is a row; it is added to the column Wx: see {CARD}."),
        Wrong("axes miscounted", lambda: _shapes(x=3),
              f"For x you give how many numbers there are. A shape is a tuple, and a vector has two axes: see {CARD}."),
        Wrong("axes miscounted", lambda: _shapes(b=2),
              f"For b you give how many numbers there are. A shape is a tuple, and a vector has two axes: see {CARD}."),
        Wrong("axes miscounted", lambda: _shapes(W=6),
              f"For W you give how many weights there are. A shape has a number for each axis: see {CARD}."),
        Wrong("not summed", lambda: _shapes(grad_x=(3, 5)),
              f"x is one sample, and you give it the gradient of a batch: see the panel on gradients in {CARD}."),
        Wrong("sizes swapped", lambda: _shapes(b=(2, 3)),
              f"You gave b the shape of W. It has one number for each output: see {CARD}."),
        Wrong("axes miscounted", lambda: _shapes(X=(5, 3, 1)),
              f"You set the samples one behind the other, in a third axis. Here they are the columns of a matrix: see "
              f"{CARD}."),
        Wrong("sizes swapped", lambda: _shapes(x=(2, 1), W=(3, 2), b=(3, 1), X=(2, 5), dz_dx=(3, 2), dL_dx=(1, 2),
                                               grad_x=(2, 1), grad_W=(3, 2)),
              f"You took N for the number of outputs and M for that of inputs, everywhere: see {CARD}."),
        Wrong("axes miscounted", lambda: {name: math.prod(shape) for name, shape in _shapes().items()},
              f"You give how many numbers there are. A shape is a tuple with a number for each axis: see {CARD}."),
        *(Wrong("spelling", lambda comma=comma: {
              name: f"({shape[0]}{comma}{shape[1]})" for name, shape in _shapes().items()},
              "Your shapes stand in quotes, which makes them texts. A tuple is written without, as in (7, 1).")
          for comma in (", ", ",")),
        *(Wrong("axes miscounted", lambda shapes=shapes: _shapes(**shapes),
                f"You gave {which} an axis for the samples. Count the axes on its panel in {CARD}.")
          for shapes, which in (({"dz_dx": (2, 3, 5)}, "dz/dx"), ({"grad_W": (2, 3, 5)}, "the gradient for W"))),
        Wrong("axes miscounted", lambda: _shapes(X=(3, 5, 1)),
              f"Your batch has a third axis. Here its samples stand side by side, as the columns of a matrix: see "
              f"{CARD}."),
        *(Wrong("wrong concept", lambda shapes=shapes: _shapes(**shapes),
                f"Your {which} has a column for each sample. Here one sample goes through the layer: see {CARD}.")
          for shapes, which in (({"dz_dx": (2, 5)}, "dz/dx"), ({"dL_dx": (1, 5)}, "dL/dx"))),
        *(Wrong("wrong concept", lambda shape=shape: _shapes(grad_W=shape),
                f"Your gradient for W depends on the number of samples. Whose shape does a gradient take? See {CARD}.")
          for shape in ((3, 5), (2, 5))),
        Wrong("spelling", lambda: {name: f"{shape[0]}x{shape[1]}" for name, shape in _shapes().items()},
              "Your shapes are texts. A tuple has brackets and a comma, as in (7, 1)."),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(dL_dx=shape),
                f"Your dL/dx has a number for each output of the layer. L depends on three inputs, and is one number: "
                f"see {CARD}.") for shape in ((2, 1), (2,))),
        *(Wrong("wrong concept", lambda shape=shape: _shapes(dL_dx=shape),
                f"Your dL/dx has a row for each of several outputs. How many numbers is L? See {CARD}.")
          for shape in ((3, 3), (3, 2))),
        Wrong("wrong concept", lambda: _shapes(dL_dx=(1,)),
              f"L is one number, but it has a slope for each input; and a Jacobian has two axes: see {CARD}."),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(dz_dx=shape),
                f"Your dz/dx takes one of its two sizes twice, or for the wrong axis. What does a row of a Jacobian "
                f"belong to, and what a column? See its panel in {CARD}.")
          for shape in ((3, 3), (2, 2), (1, 2), (3, 1))),
        *(Wrong("flattened", lambda shape=shape: _shapes(dz_dx=shape),
                f"Your dz/dx has one axis; a Jacobian has two: see the panel on axes in {CARD}.")
          for shape in ((2,), (3,), (6,))),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(grad_x=shape),
                f"Your gradient for x goes by the outputs. Whose shape does a gradient take? See {CARD}.")
          for shape in ((1, 2), (2, 3), (2,))),
        *(Wrong("wrong concept", lambda shape=shape: _shapes(grad_x=shape),
                f"Your gradient for x is one number. x has more entries, and each has a slope of its own: see {CARD}.")
          for shape in ((1, 1), (), (1,))),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(grad_W=shape),
                f"Your gradient for W has one slope for each input. W has a weight for each pair of an output and an "
                f"input: see {CARD}.") for shape in ((3, 1), (1, 3), (3,))),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(grad_W=shape),
                f"Your gradient for W has not as many slopes as W has weights. Whose shape does a gradient take? See "
                f"{CARD}.") for shape in ((1, 2), (1, 1), (2, 2), (), (3, 3))),
        Wrong("axes miscounted", lambda: _shapes(grad_W=(1, 2, 3)),
              f"Your gradient for W has an axis more than W, for the output L. Whose shape does a gradient take? See "
              f"{CARD}."),
        *(Wrong("rows for columns", lambda shape=shape: _shapes(X=shape),
                f"Your batch has one number for each sample. A sample is a whole column: see {CARD}.")
          for shape in ((5, 1), (1, 5), (5,))),
        Wrong("rows for columns", lambda: _shapes(X=(5, 2)),
              f"Your batch has its samples in rows, and as many numbers in each as the layer has outputs: see {CARD}."),
        *(Wrong("flattened", lambda shape=shape: _shapes(X=shape),
                f"All numbers of your batch stand in one line. Its samples are columns, side by side: see {CARD}.")
          for shape in ((15,), (15, 1), (1, 15))),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(W=shape),
                f"Your W has a weight for each input only. There is more than one output: see {CARD}.")
          for shape in ((3, 1), (1, 3), (3,))),
        *(Wrong("sizes swapped", lambda shape=shape: _shapes(W=shape),
                f"Your W has as many rows as columns. Which of its sizes counts outputs, and which inputs? See {CARD}.")
          for shape in ((3, 3), (2, 2))),
        Wrong("sizes swapped", lambda: _shapes(b=(3,)),
              f"Your b has a number for each input, and one axis. It is added to the column Wx: see {CARD}."),
        *(Wrong("not summed", lambda shape=shape: _shapes(b=shape),
                f"Your b has a number for each sample. It belongs to the layer, and every sample meets the same: see "
                f"{CARD}.") for shape in ((5, 1), (1, 5), (5,))),
        *(Wrong("wrong concept", lambda shape=shape: _shapes(x=shape),
                f"{which} How many numbers is one input of the layer? See {CARD}.")
          for shape, which in (((5, 1), "Your x has a number for each sample."), ((1, 1), "Your x is one number."),
                               ((3, 3), "Your x is a whole matrix."))),
    )  # fmt: skip


def _orders(name, message, **entries):
    """The right numbers of 0.3 but for some orders."""
    return slips.changed(lambda: OrderOfCells.solution(None), name, message, **entries)


class OrderOfCells(Exercise):
    id = "0.3"
    title = "What is y?"
    name = "y_after"
    returns = "a dict from each order to a number"
    tolerance = Close(0)
    hints = (
        "Take a sheet of paper with two columns, x and y. Go through an order letter by letter and note what changes.",
        "A cell changes only the name on the left of its =. When A runs again, which of the two names changes?",
    )
    because = "Each run changes one name and reads the values of that moment. Nothing looks back or follows later."

    def solution(self):
        return {"A B C": 8, "A B B C": 10, "A C B": 6, "A B C A": 8, "A B C A C": 6}

    mistakes = (
        Wrong("page order", lambda: {"A B C": 8, "A B B C": 8, "A C B": 8, "A B C A": 8, "A B C A C": 8},
              "You found the same y for every order. The page shows the cells from top to bottom; what counts is "
              "the order in which you run them: see 'What can go wrong'."),
        Wrong("formula", lambda: {"A B C": 8, "A B B C": 10, "A C B": 8, "A B C A": 6, "A B C A C": 6},
              "Your y follows every later change of x, as in a spreadsheet. Here y is a number that was computed once, "
              "when C ran: see 'What can go wrong'."),
        Wrong("one use only", lambda: {"A B C": 8, "A B B C": 8, "A C B": 6, "A B C A": 8, "A B C A C": 6},
              "B runs twice in one of the orders, and you let it count once. A cell does its work each time it runs: "
              "see 'What can go wrong'."),
        Wrong("left as it was", lambda: {"A B C": 8, "A B B C": 10, "A C B": 6, "A B C A": 8, "A B C A C": 8},
              "When A runs a second time it sets x again; in the last order you kept the older x: "
              "see 'What can go wrong'."),
        Wrong("wrong concept", lambda: {"A B C": 4, "A B B C": 5, "A C B": 4, "A B C A": 3, "A B C A C": 3},
              "These are the values of x at the end. What is asked is y: see 'What can go wrong'."),
        _orders("formula", "Where A runs again after C, your y follows the new x, as in a spreadsheet. y is a number "
                "that was computed once: see 'What can go wrong'.", **{"A B C A": 6}),
        _orders("page order", "Where C runs before B, you let C see what B does only later: see 'What can "
              "go wrong'.",
                **{"A C B": 8}),
        _orders("counted twice", "Where C runs twice you let it double y. Which name stands on the right of its =? "
                "See 'What can go wrong'.", **{"A B C A C": 12}),
        _orders("counted twice", "Where B runs twice you let it double x. What does B do to x? See 'What can go "
                "wrong'.", **{"A B B C": 16}),
        Wrong("wrong concept", lambda: {"A B C": (4, 8), "A B B C": (5, 10), "A C B": (4, 6), "A B C A": (3, 8),
                                        "A B C A C": (3, 6)},
              "You give both names at the end. The exercise asks for the number y alone."),
        Wrong("left as it was", lambda: dict.fromkeys(("A B C", "A B B C", "A C B", "A B C A", "A B C A C"), 6),
              "You found the same y for every order, as if B had never run. Go through an order letter by letter: see "
              "'What can go wrong'."),
        _orders("wrong concept", "In the first order you gave x. What is asked is y.", **{"A B C": 4}),
        _orders("wrong concept", "In the order with B twice you gave x. What is asked is y.", **{"A B B C": 5}),
        _orders("wrong concept", "In the order that ends with A you gave x. What is asked is y.", **{"A B C A": 3}),
        _orders("wrong concept", "In the order in which C runs before B you gave x. What is asked is y.",
                **{"A C B": 3}),
        _orders("wrong concept", "In the order in which C runs twice you gave x. What is asked is y.",
                **{"A B C A C": 4}),
        _orders("counted twice", "Where B runs twice, how much does it add to x each time, and what does C then make "
                "of it? See 'What can go wrong'.", **{"A B B C": 12}),
        _orders("formula", "In the order in which C runs before B, what B does to x is added to y. y is a number that "
                "was computed once: see 'What can go wrong'.", **{"A C B": 7}),
        _orders("left as it was", "In the first order you let C work with the x of A, but B has run before C: see "
                "'What can go wrong'.", **{"A B C": 6}),
        _orders("page order", "In the first order you double first and add B's 1 after it. Which of the two cells runs "
                "first? See 'What can go wrong'.", **{"A B C": 7}),
        _orders("wrong concept", "Where B runs twice, you add 1 to y for its second run. B changes x, and C comes "
                "after it: see 'What can go wrong'.", **{"A B B C": 9}),
        Wrong("spelling", lambda: {order: str(y) for order, y in OrderOfCells.solution(None).items()},
              "Your numbers stand in quotes, which makes them texts. Write them without."),
        _orders("counted twice", "Where C runs twice you add its two results. Each run gives y a new value in place of "
                "the old one: see 'What can go wrong'.", **{"A B C A C": 14}),
        Wrong("spelling", lambda: {order: (y,) for order, y in OrderOfCells.solution(None).items()},
              "A number stands in brackets with a comma, which makes it a tuple. Write the number alone."),
        _orders("left as it was", "In the order with B twice you let C work with the x of A, but B has run before C: "
                "see 'What can go wrong'.", **{"A B B C": 6}),
        *(_orders("wrong concept", "Where C runs before B nothing is missing: x has a value from A. Which number does "
                  "C make of it? See 'What can go wrong'.", **{"A C B": nothing})
          for nothing in (None, "error", 0, "NameError")),
        _orders("counted twice", "Where C runs twice you double the y that was there. Which name stands on the right "
                "of its =? See 'What can go wrong'.", **{"A B C A C": 16}),
        _orders("formula", "In the order that ends with A you add the new x to y. A changes x alone: see 'What can go "
                "wrong'.", **{"A B C A": 11}),
        *(_orders("page order", f'In the order "{order}" you double first and add afterwards. Which cell runs last? '
                  "See 'What can go wrong'.", **{order: y}) for order, y in (("A B B C", 7), ("A B C A C", 7))),
        *(_orders("wrong concept", f'In the order "{order}" you gave a value that x has on the way. What is asked is '
                  "y.", **{order: x}) for order, x in (("A B C", 3), ("A B B C", 4))),
    )  # fmt: skip


EXERCISES = [FirstCheck, ShapesByConvention, OrderOfCells]
