"""The exercises of lesson 17: a learning rate, a confusion matrix, weight decay, and a program whose loss falls."""

from itertools import product

import numpy as np

from helpers.checking.exercise import Exercise, Wrong
from helpers.lessons import slips

RATE, CONFUSION, DECAY = "See 'How long a step?'.", "See 'Which digits are confused?'.", "See 'Smaller weights'."
FALLS, PARTS = "See 'What can go wrong'.", "See 'A part of the data at a time'."


def _tried(X, y, rates, steps, *, slope=None, start=0.0, keep=False, judged=None, after=0, sign=1):
    """[(rate, loss)] of 17.1, with other parts: the gradient, the first weights, what is kept, the loss that judges."""
    B, found = X.shape[1], []
    w = np.full((1, len(X)), start)
    for rate in rates:
        if not keep:
            w = np.full((1, len(X)), start)
        for _ in range(steps + after):
            r = w @ X - y
            w = w - sign * rate * (2 * r @ X.T / B if slope is None else slope(r, X, B))
        r = w @ X - y
        found.append((rate, float((r**2).sum() / B if judged is None else judged(r, B, w))))
    return found


def _best(tried, choose=min):
    rate, loss = choose(tried, key=lambda pair: pair[1])
    return {"rate": rate, "loss": loss}


def _largest_that_learns(X, y, rates, steps):
    learning = [pair for pair in _tried(X, y, rates, steps) if pair[1] < (y**2).mean()]
    return dict(zip(("rate", "loss"), max(learning), strict=True))


def _lowest_on_the_way(X, y, rates, steps):
    return _best([min(_tried(X, y, [rate], n)[0][::-1] for n in range(1, steps + 1))[::-1] for rate in rates])


def _one_sample_a_step(X, y, rates, steps):
    found = []
    for rate in rates:
        w = np.zeros((1, len(X)))
        for b in np.arange(steps) % X.shape[1]:
            w = w - rate * 2 * (w @ X[:, [b]] - y[:, [b]]) @ X[:, [b]].T
        found.append((rate, float(((w @ X - y) ** 2).mean())))
    return _best(found)


def _one_sample_after_another(X, y, rates, steps, share=1):
    """The best of the rates if every step goes through all samples, and w moves once for each."""
    found = []
    for rate in rates:
        w = np.zeros((1, len(X)))
        for b in list(range(X.shape[1])) * steps:
            w = w - rate * 2 / share * (w @ X[:, [b]] - y[:, [b]]) @ X[:, [b]].T
        found.append((rate, float(((w @ X - y) ** 2).mean())))
    return _best(found)


# What goes wrong in the steps, and in the loss that is compared: (name, what it changes, in words).
IN_THE_STEPS = (
    ("factor 1/2", {"slope": lambda r, X, B: r @ X.T / B}, "your steps are half as long as the rate says"),
    ("times B", {"slope": lambda r, X, B: 2 * r @ X.T}, "your gradient is that of the sum over the samples"),
    ("times B", {"slope": lambda r, X, B: r @ X.T}, "your gradient is that of half the sum of the squares"),
    ("divided by B", {"slope": lambda r, X, B: 2 * r @ X.T / len(X)}, "your gradient is divided by the number of "
     "weights"),
    ("last dropped", {"after": -1}, "there is one step too few"),
    ("counted from 0", {"after": 1}, "there is one step too many"),
)  # fmt: skip
IN_THE_LOSS = (
    ({"judged": lambda r, B, w: (r**2).sum()}, "for the loss the squares are added up"),
    ({"judged": lambda r, B, w: (r**2).sum() / 2}, "for the loss half the squares are added up"),
    ({"judged": lambda r, B, w: (r**2).mean() / 2}, "for the loss a factor 1/2 stands before the squares"),
)


class FindTheRate(Exercise):
    id = "17.1"
    title = "Find the learning rate"
    points = 2
    name = "best_rate"
    arguments = ("X", "y", "rates", "steps")
    returns = 'a dict {"rate": a float, "loss": a float}'
    hints = (
        "Two loops: one over the rates, and in it one over the steps. What has to be done anew for every rate?",
        "The residuals w @ X - y are a row (1, B). Which matrix must they meet to give a row (1, N), and what divides?",
        "Keep the best pair so far, and compare the loss after the last step with its loss.",
    )
    because = "Each rate starts at w = 0; ∇L = 2(wX - y)Xᵀ/B; after all the steps the smallest loss decides."
    mistakes = (
        Wrong("state kept", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps, keep=True)),
              "The second rate goes on from where the first one ended. From where should every rate start?"),
        Wrong("factor 1/2", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: r @ X.T / B)),
              f"Your steps are half as long as the rate says: what is the slope of a square? {RATE}"),
        Wrong("times B", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r @ X.T)),
              f"Your gradient is that of the sum over the samples. The loss is their mean. {PARTS}"),
        Wrong("times B", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps, slope=lambda r, X, B: r @ X.T)),
              f"Your gradient is that of half the sum of the squares. The loss is their mean. {PARTS}"),
        Wrong("divided by B", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r @ X.T / len(X))),
              "Your gradient is divided by the number of weights. Over what is the mean taken?"),
        Wrong("divided by B", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r @ X.T / B**2)),
              f"Your gradient is divided by the number of samples twice. {PARTS}"),
        *(Wrong("sign", lambda X, y, rates, steps, slope=slope: _best(_tried(
                X, y, rates, steps, slope=slope, sign=-1)),
                "Your steps lead uphill, so that the smallest rate seems the best. Which way does the gradient point?")
          for slope in (None, lambda r, X, B: r @ X.T / B, lambda r, X, B: 2 * r @ X.T, lambda r, X, B: r @ X.T)),
        Wrong("inner derivative forgotten", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r.mean())),
              "The same number is subtracted from every weight, the mean of the errors: what a weight is multiplied "
              f"by, its input, does not occur in your gradient. {PARTS}"),
        Wrong("wrong concept", lambda X, y, rates, steps: _best(_tried(X, y, [min(rates)], steps)),
              "This is the smallest rate of the list, and its loss. Which rate has the smallest loss?"),
        Wrong("answer inverted", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps), max),
              "This is the rate with the largest loss at the end."),
        Wrong("first only", lambda X, y, rates, steps: _best(_tried(X, y, rates, 1)),
              "Your best rate is that after one step. How many are to be taken before the losses are compared?"),
        Wrong("last dropped", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps, after=-1)),
              "There is one step too few, or the loss is measured before the last step."),
        Wrong("counted from 0", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps, after=1)),
              "There is one step too many."),
        Wrong("first only", lambda X, y, rates, steps: _best(_tried(X, y, rates[:1], steps)),
              "Only the first rate has a say: does your loop over the rates end too early?"),
        Wrong("wrong concept", _largest_that_learns,
              "This is the largest rate whose loss has fallen at all. The exercise asks for the one with the smallest "
              "loss."),
        Wrong("wrong concept", lambda X, y, rates, steps: dict(zip(("rate", "loss"), _tried(
              X, y, rates, steps)[-1], strict=True)),
              "This is the last rate that was tried, not the best: which numbers does your loop keep?"),
        Wrong("times B", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, judged=lambda r, B, w: (r**2).sum())),
              f"For the loss the squares are added up. The loss is their mean. {PARTS}"),
        Wrong("factor 1/2", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, judged=lambda r, B, w: (r**2).mean() / 2)),
              "For the loss a factor 1/2 stands before the squares, which the squared loss of this course does not "
              "have."),
        Wrong("square forgotten", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, judged=lambda r, B, w: np.abs(r).mean())),
              "For the loss the errors are not squared."),
        Wrong("square forgotten", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, judged=lambda r, B, w: np.sqrt((r**2).mean()))),
              "For the loss there is a square root too many."),
        Wrong("left as it was", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps, start=1.0)),
              "Your weights begin at 1. From where are they to start?"),
        Wrong("counted from 0", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps)) | {
              "rate": rates.index(_best(_tried(X, y, rates, steps))["rate"])},
              "For the rate you return its place in the list. The exercise asks for the rate itself."),
        *(Wrong("silent broadcast", lambda X, y, rates, steps, judged=judged: _best(_tried(
                X, y, rates, steps, slope=lambda r, X, B: 2 * X @ r.T / B, judged=judged)),
                "Your gradient is a column and w is a row. numpy stretches both to a matrix and says nothing: look at "
                "the shape of w after the first step.")
          for judged in (lambda r, B, w: (r**2).mean(), None)),
        Wrong("counted from 0", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps)) | {
              "loss": float((y**2).mean())},
              "The rate is right, and the loss is that before the first step, at w = 0. Which one is asked for?"),
        Wrong("wrong concept", lambda X, y, rates, steps: _best(_tried(
              X, y, [1 / np.linalg.eigvalsh(2 * X @ X.T / X.shape[1])[-1].item()], steps)),
              "This rate is computed, and it is none of the list. Which of the list does best?"),
        Wrong("summed too early", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r.mean() * X.mean(axis=1).reshape(1, -1))),
              f"The mean of a product is not the product of the means: in your gradient error and input of a sample do "
              f"not meet. {PARTS}"),
        Wrong("divided by B", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: 2 * r @ X.T / X.size)),
              "Your gradient is divided by the number of entries of X. Over what is the mean taken?"),
        Wrong("transposed", lambda X, y, rates, steps: X @ (0 * y),
              "A matrix (N, B) cannot meet a row (1, B) from the left. In which order, and transposed or not, do the "
              "two give a row (1, N)?"),
        Wrong("wrong concept", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps))["rate"],
              "This is the rate alone. The loss is asked as well, both in a dict."),
        Wrong("square forgotten", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, judged=lambda r, B, w: np.linalg.norm(r))),
              f"For the loss you took the length of the row of errors. The loss is the mean of their squares. {PARTS}"),
        Wrong("inner derivative forgotten", lambda X, y, rates, steps: np.zeros((1, len(X))) - 2 * y / y.size,
              "Your step has an entry for each sample, and w one for each row of X: through what does w act on the "
              "errors?"),
        Wrong("wrong concept", _lowest_on_the_way,
              "With some rates the loss falls at first and rises later. You take the smallest on the way, or stop "
              "there. Which loss does the exercise ask for?"),
        Wrong("wrong concept", lambda X, y, rates, steps: _best(_tried(
              np.vstack([X, np.ones_like(y)]), y, rates, steps)),
              "Something is added to wX in your network, a bias it seems. The network here has none."),
        Wrong("one sample only", _one_sample_a_step,
              f"Each of your steps sees one sample. Here a step takes the mean over all of them. {PARTS}"),
        *(Wrong("one sample only", lambda X, y, rates, steps, share=share: _one_sample_after_another(
                X, y, rates, steps, share(X)),
                f"In each of your steps w moves once for every sample. Here it moves once, by the mean over all of "
                f"them. {PARTS}")
          for share in (lambda X: 1, lambda X: X.shape[1])),
        Wrong("one sample only", lambda X, y, rates, steps: _one_sample_after_another(X, y, rates, 1),
              f"Your steps are counted by the samples, one for each, and see only this one. How many steps are asked "
              f"for, and over what does each take the mean? {PARTS}"),
        *(Wrong("one sample only", lambda X, y, rates, steps, b=b: _best(_tried(
                X, y, rates, steps, slope=lambda r, X, B: 2 * r[:, [b]] @ X[:, [b]].T)),
                f"In every step your gradient is that of the {which} sample alone. Here a step takes the mean over all "
                f"of them. {PARTS}")
          for b, which in ((0, "first"), (-1, "last"))),
        *(Wrong("square forgotten", lambda X, y, rates, steps, judged=judged: _best(_tried(
                X, y, rates, steps, judged=judged)),
                "For the loss the errors are averaged as they are: those of opposite signs cancel, and large ones may "
                "count as good. What stands in the loss of a sample?")
          for judged in (lambda r, B, w: r.mean(), lambda r, B, w: -r.mean(), lambda r, B, w: abs(r.mean()))),
        Wrong("wrong concept", lambda X, y, rates, steps: _best(_tried(X, y, rates, steps)) | {
              "loss": float(((np.linalg.lstsq(X.T, y.T)[0].T @ X - y) ** 2).mean())},
              "For the loss you return the smallest that any weights have. Which do these steps reach?"),
        Wrong("factor 1/2", lambda X, y, rates, steps: _best(_tried(
              X, y, rates, steps, slope=lambda r, X, B: r @ X.T / B, judged=lambda r, B, w: (r**2).mean() / 2)),
              "You work with half the squared loss, in the steps and in the result. That of this course has no 1/2."),
        *(Wrong(name, lambda X, y, rates, steps, both=steps_are | loss_is: _best(_tried(X, y, rates, steps, **both)),
                f"Two things: {said}, and {too}. The loss is the mean of the squares.")
          for (name, steps_are, said), (loss_is, too) in product(IN_THE_STEPS, IN_THE_LOSS)
          if (name, too) != ("factor 1/2", IN_THE_LOSS[-1][1])),
    )  # fmt: skip

    def cases(self, rng):
        rates = [float(f"{0.01 * 1.4**k:.2g}") for k in (6, 2, 9, 15, 0, 11, 5, 13, 8, 3, 14, 1, 10, 7, 12, 4)]
        for N, B, steps in ((3, 8, 12), (2, 20, 5), (4, 11, 30), *self.more((2, 15, 8), (5, 9, 20))):
            X = rng.normal(size=(N, B)) * rng.uniform(1, 1.6, size=(N, 1))
            y = rng.normal(size=(1, N)) @ X + 0.3 * rng.normal(size=(1, B))
            yield {"X": X, "y": y, "rates": rates, "steps": steps}
        # Steep in one direction, flat in the other: with some rates the loss falls at first and rises later.
        X = np.diag([3.0, 0.5]) * rng.choice([-1, 1], size=(2, 1))
        yield {"X": X, "y": rng.uniform(0.5, 2) * np.array([[0.03, 1.0]]), "rates": rates, "steps": 6}

    def solution(self, X, y, rates, steps):
        best = None
        for rate in rates:
            w = np.zeros((1, len(X)))
            for _ in range(steps):
                w = w - rate * 2 * (w @ X - y) @ X.T / X.shape[1]
            loss = float(((w @ X - y) ** 2).mean())
            if best is None or loss < best["loss"]:
                best = {"rate": rate, "loss": loss}
        return best


def _chosen(A, choose=np.argmax):
    """A with a 1 at the entry of each column that `choose` finds, and 0 elsewhere."""
    return np.eye(len(A))[:, choose(A, axis=0)]


def _softmax(F):
    E = np.exp(F - F.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


def _counted(F, Y):
    return Y @ _chosen(F).T


def _once(F, Y):
    C = np.zeros((len(F), len(F)))
    C[Y.argmax(axis=0), F.argmax(axis=0)] += 1
    return C


def _shares(counts, axis):
    with np.errstate(invalid="ignore"):
        return counts / counts.sum(axis=axis, keepdims=True)  # 0/0 for a class that is not there


def _of_those_that_occur(F, Y):
    seen = np.unique([Y.argmax(axis=0), F.argmax(axis=0)])
    return _counted(F, Y)[np.ix_(seen, seen)]


def _up_to_the_last_that_occurs(F, Y):
    last = np.max([Y.argmax(axis=0), F.argmax(axis=0)])
    return _counted(F, Y)[: last + 1, : last + 1]


class TheConfusionMatrix(Exercise):
    id = "17.2"
    title = "The confusion matrix"
    name = "confusion"
    arguments = ("F", "Y")
    returns = "an array (K, K)"
    hints = (
        "A matrix with a 1 at the class that is read in each column has the shape of Y: np.eye(K)[:, numbers].",
        "One sample adds a 1 at one place: an outer product of two columns. A sum of outer products is one product.",
        "Or count in a loop over the samples: in which row and in which column does each of them fall?",
    )
    because = (
        "With R, (K, B), a 1 at what is read: C = YRᵀ, the sum over the samples of what was meant times what is read."
    )
    mistakes = (
        Wrong("transposed", lambda F, Y: _counted(F, Y).T,
              f"The counts are right and stand in the wrong places: what do the rows stand for? {CONFUSION}"),
        Wrong("repeats lost", _once,
              "Each place is counted once, however many samples fall there. In a loop, does a sample add to its place? "
              "With arrays as indices, C[i, j] += 1 adds to each place once."),
        Wrong("repeats lost", lambda F, Y: _once(F, Y).T,
              "Each place is counted once, however many samples fall there, and rows and columns are exchanged."),
        Wrong("constant factor", lambda F, Y: _counted(F, Y) / F.shape[1],
              "These are shares of all samples. The exercise asks for counts."),
        Wrong("constant factor", lambda F, Y: _counted(F, Y) / np.maximum(1, Y.sum(axis=1, keepdims=True)),
              "Every row is divided by its sum: these are shares. The exercise asks for counts."),
        Wrong("constant factor", lambda F, Y: _shares(_counted(F, Y), axis=1),
              "Every row is divided by its sum: these are shares. The exercise asks for counts."),
        Wrong("wrong concept", lambda F, Y: Y @ F.T,
              f"The scores themselves are added up. Which class is read in a column? {CONFUSION}"),
        Wrong("wrong concept", lambda F, Y: Y @ _softmax(F).T,
              "Probabilities are added up. A digit is read as one class, that with the largest score."),
        Wrong("wrong concept", lambda F, Y: Y @ (F > 0).T.astype(float),
              "A score above 0 is taken for a reading. Only the largest of a column is one."),
        Wrong("wrong concept", lambda F, Y: Y @ (F > 0.5).T.astype(float),
              "A score above 1/2 is taken for a reading. Scores are no probabilities, and only the largest of a column "
              "is a reading."),
        Wrong("answer inverted", lambda F, Y: Y @ _chosen(F, np.argmin).T,
              "The class with the smallest score is taken."),
        Wrong("diagonal only", lambda F, Y: np.diag(np.diag(_counted(F, Y))),
              f"Only what is read correctly is counted. {CONFUSION}"),
        Wrong("diagonal only", lambda F, Y: np.diag(_counted(F, Y)).reshape(-1, 1),
              f"This counts the right ones of each class, in a column. As what are the others read? {CONFUSION}"),
        Wrong("term missing", lambda F, Y: _counted(F, Y) - np.diag(np.diag(_counted(F, Y))),
              f"Only the mistakes are counted. What is read correctly has its place in the table, too. {CONFUSION}"),
        Wrong("term missing", lambda F, Y: (_counted(F, Y) - np.diag(np.diag(_counted(F, Y)))).T,
              f"Only the mistakes are counted, and rows and columns are exchanged: what do the rows stand for? "
              f"{CONFUSION}"),
        *(Wrong(name, lambda F, Y, table=table: table(F, Y).T,
                f"Two things: {said}, and rows and columns are exchanged. {CONFUSION}")
          for name, table, said in (
              ("constant factor", lambda F, Y: _counted(F, Y) / F.shape[1],
               "these are shares of all samples, where counts are asked for"),
              ("wrong concept", lambda F, Y: Y @ _softmax(F).T,
               "probabilities are added up, where a digit is read as one class"),
              ("wrong concept", lambda F, Y: Y @ (F > 0).T.astype(float),
               "a score above 0 is taken for a reading, where only the largest of a column is one"),
              ("answer inverted", lambda F, Y: Y @ _chosen(F, np.argmin).T,
               "the class with the smallest score is taken"))),
        Wrong("constant factor", lambda F, Y: 100 * _counted(F, Y) / np.maximum(1, Y.sum(axis=1, keepdims=True)),
              "These are percentages of each class. The exercise asks for counts."),
        Wrong("term missing", lambda F, Y: (_counted(F, Y) - np.diag(np.diag(_counted(F, Y))))
              / np.maximum(1, Y.sum(axis=1, keepdims=True)),
              f"Two things: only the mistakes are there, and they are shares of a class, where counts are asked for. "
              f"{CONFUSION}"),
        *(Wrong("constant factor", lambda F, Y, axis=axis, shares=shares: shares(_counted(F, Y), axis).T,
                f"These are shares, and the exercise asks for counts. Besides, rows and columns are exchanged: what do "
                f"the rows stand for? {CONFUSION}")
          for axis in (0, 1)
          for shares in (_shares, lambda counts, axis: counts / np.maximum(1, counts.sum(axis=axis, keepdims=True)))),
        Wrong("wrong variable", lambda F, Y: Y @ Y.T,
              f"The labels are compared with themselves. F does not enter. {CONFUSION}"),
        Wrong("wrong variable", lambda F, Y: _chosen(F) @ _chosen(F).T,
              f"What is read is compared with itself. Y does not enter. {CONFUSION}"),
        Wrong("summed too early", lambda F, Y: float(np.trace(_counted(F, Y)) / F.shape[1]),
              f"This is the accuracy, one number. {CONFUSION}"),
        Wrong("summed too early", lambda F, Y: float(np.trace(_counted(F, Y))),
              f"This is how many are right, one number. {CONFUSION}"),
        Wrong("elementwise product", lambda F, Y: Y * _chosen(F),
              "Entry by entry it is told for each sample whether it is right. The sum over the samples is missing, and "
              "so is what wrong ones are read as."),
        Wrong("wrong axis", lambda F, Y: Y.T @ _chosen(F),
              "Your product sums over the classes and leaves the samples: it is (B, B)."),
        Wrong("sample dropped", lambda F, Y: _counted(F[:, 1:], Y[:, 1:]),
              "One sample is missing, the first: in Python the first index is not 1."),
        Wrong("sample dropped", lambda F, Y: _counted(F[:, :-1], Y[:, :-1]),
              "One sample is missing, the last: range(n) stops before n by itself."),
        slips.flattened(lambda F, Y: _counted(F, Y), CONFUSION),
        Wrong("sample dropped", lambda F, Y: _counted(F[:, :len(F)], Y[:, :len(F)]),
              "Your loop stops after as many samples as there are classes."),
        Wrong("wrong axis", lambda F, Y: Y @ (F == F.max()).T.astype(float),
              "Only the largest score of all is taken for a reading. Each column has a largest one."),
        Wrong("wrong axis", lambda F, Y: Y @ np.eye(len(F))[:, F.argmax(axis=1)].T,
              "The largest score is looked for in each row, along the samples. It belongs to a column."),
        Wrong("wrong axis", lambda F, Y: Y @ (F == F.max(axis=1, keepdims=True)).T.astype(float),
              "The largest score of each class is taken for a reading, along the samples. Every column has a largest "
              "one."),
        Wrong("wrong axis", lambda F, Y: Y.T @ np.eye(len(F))[F.argmax(axis=0)],
              "One of the two factors has its samples in rows: over what does the product sum?"),
        Wrong("wrong variable", lambda F, Y: np.repeat((Y * _chosen(F)).sum(axis=1, keepdims=True), len(F), axis=1),
              "All entries of a row are equal: the number of the column does not enter."),
        Wrong("wrong concept", lambda F, Y: Y @ (_softmax(F) > 0.5).T.astype(float),
              "A probability above 1/2 is asked for. The largest is enough, even if it is smaller."),
        Wrong("wrong concept", lambda F, Y: F @ Y.T,
              f"The scores themselves are added up, one column for each class. {CONFUSION}"),
        Wrong("first only", lambda F, Y: Y[:, :1] @ _chosen(F)[:, :1].T,
              "Only the first sample is counted: is the return inside the loop?"),
        Wrong("constant factor", lambda F, Y: _counted(F, Y) / np.maximum(1, _chosen(F).sum(axis=1)),
              "Every column is divided by its sum: these are shares. The exercise asks for counts."),
        Wrong("constant factor", lambda F, Y: _shares(_counted(F, Y), axis=0),
              "Every column is divided by its sum: these are shares. The exercise asks for counts."),
        Wrong("constant factor", lambda F, Y: 100 * _counted(F, Y) / F.shape[1],
              "These are percentages of all samples. The exercise asks for counts."),
        Wrong("wrong concept", lambda F, Y: Y @ (_chosen(F) * F).T,
              "Each sample counts as much as its largest score. A count adds 1 for each."),
        Wrong("coincidence", _of_those_that_occur,
              "A class that no sample has and none is read as is left out. The table has a row and a column for it, "
              "too."),
        Wrong("coincidence", _up_to_the_last_that_occurs,
              "Your table ends with the last class that occurs. How many rows has F?"),
        Wrong("coincidence", lambda F, Y: np.pad(_counted(F, Y), (0, 10 - len(F))),
              "Your table is made for ten classes. The digits have ten; how many has F?"),
        Wrong("counted twice", lambda F, Y: _counted(F, Y) + _counted(F, Y).T,
              f"Each sample is counted twice, the second time with rows and columns exchanged. {CONFUSION}"),
    )  # fmt: skip

    def cases(self, rng):
        for K, B in ((3, 14), (4, 30), (2, 9), *self.more((5, 20), (3, 25))):
            labels = np.concatenate([np.arange(K), rng.integers(K, size=B - K)])
            Y = np.eye(K)[:, labels]
            F = rng.normal(size=(K, B)) + 1.2 * Y
            F[:, 0] = F[::-1, 0] if F[:, 0].argmax() == labels[0] else F[:, 0]
            yield {"F": F, "Y": Y}
        Y = np.eye(4)[:, [0, 2, *rng.choice([0, 2], size=9)]]  # two of four classes do not occur, the last among them
        F = rng.normal(size=Y.shape)
        F[1::2] -= 9.0
        yield {"F": F, "Y": Y}

    def solution(self, F, Y):
        R = np.eye(len(F))[:, F.argmax(axis=0)]  # (K, B), a 1 at what is read
        return Y @ R.T


def _decayed(W=None, b=None, halved=None):
    """An answer of 17.3 with one of its parts replaced; a part is a function of (grad_W, grad_b, W, b, lam, mu)."""
    right = {
        "W": lambda grad_W, grad_b, W, b, lam, mu: grad_W + lam * W,
        "b": lambda grad_W, grad_b, W, b, lam, mu: grad_b.copy(),
        "halved": lambda grad_W, grad_b, W, b, lam, mu: float(np.log(0.5) / np.log(1 - mu * lam)),
    }
    parts = right | {name: part for name, part in (("W", W), ("b", b), ("halved", halved)) if part}
    return lambda *given: {name: part(*given) for name, part in parts.items()}


class WeightDecay(Exercise):
    id = "17.3"
    title = "Weight decay"
    points = 2
    name = "decayed"
    arguments = ("grad_W", "grad_b", "W", "b", "lam", "mu")
    derivation_is_asked = True
    returns = 'a dict {"W": (M, N), "b": (M, 1), "halved": a float}'
    hints = (
        "Which terms of the sum over all squares contain the one weight W_mj, and what is their derivative?",
        "Where the slope of L is 0, a step takes W to W - μ times what the penalty adds. By which factor is that?",
        "After t such steps the weight has been multiplied by this factor t times. Solve for t with a logarithm.",
    )
    because = (
        "∂/∂W_mj of (λ/2)ΣW² is λW_mj. A step multiplies by 1 - μλ, and (1 - μλ)^t = 1/2 at t = ln(1/2)/ln(1 - μλ)."
    )
    mistakes = (
        Wrong("factor 2", _decayed(W=lambda G, g, W, b, lam, mu: G + 2 * lam * W),
              f"For W the penalty counts twice. Which factor stands before the sum of the squares? {DECAY}"),
        Wrong("factor 1/2", _decayed(W=lambda G, g, W, b, lam, mu: G + lam / 2 * W),
              f"For W the penalty counts half. What does the square bring down? {DECAY}"),
        Wrong("sign", _decayed(W=lambda G, g, W, b, lam, mu: G - lam * W),
              f"For W the penalty has the wrong sign: a step against this gradient makes weights larger. {DECAY}"),
        Wrong("term missing", _decayed(W=lambda G, g, W, b, lam, mu: lam * W),
              f"For W only the penalty is differentiated. The loss L is there, too. {DECAY}"),
        Wrong("left as it was", _decayed(W=lambda G, g, W, b, lam, mu: G.copy()),
              f"For W the penalty does not enter. {DECAY}"),
        Wrong("value instead of derivative", _decayed(W=lambda G, g, W, b, lam, mu: G + lam / 2 * W**2),
              f"For W the penalty's terms were added themselves, not their derivatives. {DECAY}"),
        Wrong("value instead of derivative", _decayed(W=lambda G, g, W, b, lam, mu: G + lam / 2 * (W**2).sum()),
              f"For W the whole penalty, one number, was added to each entry. {DECAY}"),
        Wrong("summed too early", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * W.sum()),
              f"For W the sum of all weights was added to each entry: which terms contain this one weight? {DECAY}"),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * np.sign(W)),
              f"For W you differentiated a sum of sizes |W|. The penalty here has squares. {DECAY}"),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * W / np.linalg.norm(W)),
              f"For W you differentiated the length of W, without its square. {DECAY}"),
        Wrong("divided by B", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * W / W.size),
              f"For W the penalty is divided by the number of weights. It is a sum here. {DECAY}"),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: (1 - mu * lam) * W - mu * G),
              "For W this is the matrix after a step. The exercise asks for the gradient."),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: (1 - mu * lam) * W),
              "For W this is the matrix after a step by the penalty alone. The exercise asks for the gradient of both "
              "parts of the loss."),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: G + mu * lam * W),
              "For W the learning rate is in the gradient. It belongs to the step."),
        Wrong("constant factor", _decayed(W=lambda G, g, W, b, lam, mu: G + W),
              f"For W the λ is missing. {DECAY}"),
        Wrong("power rule", _decayed(W=lambda G, g, W, b, lam, mu: G + lam),
              f"For W the same number, λ, is added to each entry: the weight itself is gone. Which slope has a square? "
              f"{DECAY}"),
        Wrong("wrong variable", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * G * W),
              f"For W the gradient of L stands in the penalty's term, too. On what does the penalty depend? {DECAY}"),
        Wrong("constant factor", _decayed(W=lambda G, g, W, b, lam, mu: lam * (G + W)),
              f"For W the gradient of L is multiplied by λ, too. {DECAY}"),
        *(Wrong("wrong variable", _decayed(b=lambda G, g, W, b, lam, mu, share=share: g + share * lam * b),
                f"That for b contains a penalty. Over which parameters does the sum run? {DECAY}")
          for share in (1, -1, 2, 0.5)),
        Wrong("wrong concept", _decayed(b=lambda G, g, W, b, lam, mu: b - mu * g),
              "For b this is the column after a step. The exercise asks for the gradient."),
        Wrong("factor 2", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(2) / (2 * mu * lam))),
              "For the number of steps a factor 2 has come in, and the weight shrinks without a pause. By which factor "
              "does one step multiply a weight?"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / (1 - mu * lam))),
              "For the number of steps a logarithm is missing below the fraction line: the logarithm of a power is the "
              "exponent times which number?"),
        Wrong("term missing", _decayed(b=lambda G, g, W, b, lam, mu: np.zeros_like(g)),
              "That for b is 0. The penalty does not see b, but the loss does."),
        Wrong("first order only", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(2) / (mu * lam))),
              "For the number of steps the weight shrinks without a pause. That is close, but it shrinks in steps: by "
              "which factor does each multiply it?"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: 1 / (2 * mu * lam)),
              "For the number of steps you subtract the same amount each time. What a step takes shrinks with the "
              "weight."),
        Wrong("learning rate forgotten", _decayed(
              halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log(1 - lam))),
              "For the number of steps the learning rate does not enter. By which factor does one step multiply?"),
        Wrong("learning rate forgotten", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(2) / lam)),
              "For the number of steps the learning rate does not enter, and the weight shrinks without a pause."),
        Wrong("factor 2", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log(1 - 2 * mu * lam))),
              "For the number of steps a factor 2 has come in. By which factor does one step multiply a weight?"),
        Wrong("factor 1/2", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log(1 - mu * lam / 2))),
              "For the number of steps a factor 1/2 has come in. By which factor does one step multiply a weight?"),
        Wrong("sign", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(2) / np.log(1 - mu * lam))),
              "The number of steps is negative. Which logarithm of a half is it?"),
        Wrong("sign", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(2) / np.log(1 + mu * lam))),
              "For the number of steps you let the weight grow to twice its size."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: 1 - mu * lam),
              "For the number of steps you return the factor of one step. How many of them make a half?"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(
              np.ceil(np.log(0.5) / np.log(1 - mu * lam)))),
              "The number of steps is rounded up. The exercise asks for the solution t itself, which need not be "
              "whole."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(
              np.floor(np.log(0.5) / np.log(1 - mu * lam)))),
              "The number of steps is rounded down. The exercise asks for the solution t itself, which need not be "
              "whole."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(
              np.round(np.log(0.5) / np.log(1 - mu * lam)))),
              "The number of steps is rounded to the nearest. The exercise asks for the solution t itself, which need "
              "not be whole."),
        Wrong("wrong concept", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * np.abs(W)),
              f"For W the size of each weight is added, without its sign. Which slope has a square left of 0? {DECAY}"),
        Wrong("product for sum", _decayed(W=lambda G, g, W, b, lam, mu: (1 - mu * lam) * G),
              "For W the gradient of L is shrunk. What shrinks is the weight, and only in a step."),
        Wrong("wrong variable", _decayed(W=lambda G, g, W, b, lam, mu: (1 + lam) * G),
              f"For W a multiple of the gradient of L is added. On what does the penalty depend? {DECAY}"),
        Wrong("transposed", lambda grad_W, grad_b, W, b, lam, mu: grad_W + lam * W.T,
              f"For W the penalty is transposed. Which shape has the gradient? {DECAY}"),
        Wrong("flattened", _decayed(b=lambda G, g, W, b, lam, mu: g.ravel()),
              f"That for b has one axis only: it is to be a column. {DECAY}"),
        Wrong("answer inverted", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(1 - mu * lam) / np.log(0.5))),
              "For the number of steps the quotient is upside down: try it with a factor of 1/4 a step."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.exp(-mu * lam))),
              "For the number of steps you return about the factor of one step. How many of them make a half?"),
        Wrong("value instead of derivative", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * W**2),
              f"For W squares were added. What is the derivative of a square? {DECAY}"),
        Wrong("divided by B", _decayed(W=lambda G, g, W, b, lam, mu: G + lam * W / len(W)),
              f"For W the penalty is divided by the number of rows. It is a sum here. {DECAY}"),
        Wrong("product for sum", _decayed(W=lambda G, g, W, b, lam, mu: G * lam * W),
              f"For W the two derivatives are multiplied. L and the penalty are added: what follows? {DECAY}"),
        Wrong("left as it was", _decayed(b=lambda G, g, W, b, lam, mu: b.copy()),
              "That for b is b itself. The exercise asks for a gradient."),
        Wrong("transposed", _decayed(b=lambda G, g, W, b, lam, mu: g.T),
              "That for b is a row. A gradient has the shape of its parameter."),
        Wrong("wrong variable", _decayed(b=lambda G, g, W, b, lam, mu: g + lam * W.sum(axis=1, keepdims=True)),
              f"That for b contains weights. Which terms of the penalty contain b? {DECAY}"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: 1 / (mu * lam)),
              "For the number of steps you ask when nothing is left, at the pace of the first step. Half is asked "
              "for, and what a step takes shrinks with the weight."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log(mu * lam))),
              "For the number of steps you took what a step takes away for what it leaves."),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: 0.5 / (1 - mu * lam)),
              "For the number of steps a half is divided by the factor of one step. t steps multiply by this factor t "
              "times: where does t stand then?"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(
              np.log(0.5) - np.log(1 - mu * lam))),
              "For the number of steps one logarithm is subtracted from the other, as in the logarithm of a quotient. "
              "Take the logarithm of a power once more: what becomes of its exponent?"),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(-1 / np.log(1 - mu * lam))),
              "For the number of steps two kinds of logarithm meet, or a logarithm of a half is taken for -1. Both "
              "sides need the same kind."),
        *(Wrong("wrong concept", _decayed(halved=steps),
                "For the number of steps the logarithm to the base 10 of one number meets another kind of logarithm, "
                "or none. Both sides of an equation need the same kind.")
          for steps in (lambda G, g, W, b, lam, mu: float(np.log10(2) / (mu * lam)),
                        lambda G, g, W, b, lam, mu: float(np.log10(0.5) / np.log(1 - mu * lam)),
                        lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log10(1 - mu * lam)))),
        Wrong("wrong concept", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.sqrt(1 - mu * lam))),
              "For the number of steps you take the root of the factor of one step. How many of these factors, "
              "multiplied, make a half?"),
        Wrong("term missing", _decayed(halved=lambda G, g, W, b, lam, mu: float(np.log(0.5) / np.log(1 - mu))),
              "For the number of steps λ does not enter. By which factor does one step multiply?"),
    )  # fmt: skip

    def cases(self, rng):
        for (M, N), lam, mu in (
            ((2, 3), 0.5, 0.1),
            ((3, 3), 0.02, 0.7),
            ((4, 2), 0.9, 0.3),
            *self.more(((5, 3), 0.1, 0.4), ((1, 6), 0.3, 0.9)),
        ):
            yield {
                "grad_W": rng.normal(size=(M, N)), "grad_b": rng.normal(size=(M, 1)), "W": rng.normal(size=(M, N)),
                "b": rng.normal(size=(M, 1)), "lam": lam, "mu": mu,
            }  # fmt: skip

    def solution(self, grad_W, grad_b, W, b, lam, mu):
        steps = np.log(0.5) / np.log(1 - mu * lam)
        return {"W": grad_W + lam * W, "b": grad_b, "halved": float(steps)}


def _gradients(
    W0, b0, W1, b1, X, Y, *, slope=lambda n: 1 - n**2, for_b1=np.sum, for_b0=np.sum, scale=None, top=None,
    down="delta1", pairs0="X", pairs1="N0", slope_at="N0", shares=_softmax, through=np.transpose,
    meet=np.multiply,
):  # fmt: skip
    """The answer of 17.4 with other parts; slope takes the value n of tanh."""
    Z0 = W0 @ X + b0
    N0 = np.tanh(Z0)
    values = {"X": X, "Z0": Z0, "N0": N0, "W0 X": W0 @ X}
    P = shares(W1 @ N0 + b1)
    B = X.shape[1] if scale is None else scale(X)
    delta1 = (P - Y if top is None else top(P, Y)) / B
    delta0 = meet(slope(values[slope_at]), through(W1) @ {"delta1": delta1, "P": P / B}[down])
    return {
        "W0": delta0 @ values[pairs0].T, "b0": for_b0(delta0, axis=1, keepdims=True),
        "W1": delta1 @ values[pairs1].T, "b1": for_b1(delta1, axis=1, keepdims=True),
    }  # fmt: skip


def _as_printed(F):
    E = np.exp(F)
    return E / E.sum(axis=0, keepdims=True)


def _repairs(**faults):
    return lambda *given: _gradients(*given, **faults)


def _first(delta, **_):
    return delta[:, :1]


def _last(delta, **_):
    return delta[:, -1:]


def _each(delta, **_):
    return delta.copy()


def _over_classes(delta, **_):
    return delta.sum(axis=0, keepdims=True)


def _all(delta, **_):
    return delta.sum()


def _all_in_a_column(delta, **_):
    return np.full((len(delta), 1), delta.sum())


def _all_in_brackets(delta, **_):
    return delta.sum(keepdims=True)


def _errors(W0, b0, W1, b1, X, Y):
    """(δ, what it is paired with) for W0 and for W1."""
    N0 = np.tanh(W0 @ X + b0)
    delta1 = (_softmax(W1 @ N0 + b1) - Y) / X.shape[1]
    return {"W0": ((1 - N0**2) * (W1.T @ delta1), X), "W1": (delta1, N0)}


def _of_one_sample(*given, b, name):
    delta, paired = _errors(*given)[name]
    return _gradients(*given) | {name: delta[:, [b]] @ paired[:, [b]].T}


def _multiplied_out(*given):
    return _gradients(*given) | {name: np.outer(*pair) for name, pair in _errors(*given).items()}


_AS_GIVEN = {"slope": lambda n: 1 - n, "for_b1": np.mean, "for_b0": _first}


def _left(*names):
    return _repairs(**{name: _AS_GIVEN[name] for name in names})


class ALossThatFalls(Exercise):
    id = "17.4"
    title = "A loss that falls"
    points = 2
    name = "repaired"
    arguments = ("W0", "b0", "W1", "b1", "X", "Y")
    returns = "a dict of four gradients, each in the shape of its parameter"
    hints = (
        "Three of the four gradients are wrong. Write each beside its formula: what is summed over the samples?",
        "Where does the mean of the loss come in? It must come in once. And what is the slope of tanh, written in "
        "its value?",
    )
    because = (
        "tanh' is 1 - n², not 1 - n; δ₁ has its 1/B already, so that b1 takes the sum; b0 is used by every sample, not "
        "by the first alone."
    )
    mistakes = (
        Wrong("as printed", _left("slope", "for_b1", "for_b0"),
              "This is still the program as given. Which of its gradients does a check call wrong?"),
        Wrong("square forgotten", _left("slope", "for_b1"),
              "One fault is repaired, that of b0's sum. Two are left."),
        Wrong("square forgotten", _left("slope", "for_b0"),
              "One fault is repaired, that of b1. Two are left, both in layer 0."),
        Wrong("one sample only", _left("for_b1", "for_b0"),
              "One fault is repaired, the slope. Two are left, both in the biases."),
        Wrong("square forgotten", _repairs(slope=_AS_GIVEN["slope"], for_b1=np.mean, for_b0=np.mean),
              "The slope of tanh is still wrong, and for both biases the mean is taken a second time."),
        Wrong("square forgotten", _repairs(slope=_AS_GIVEN["slope"], for_b0=np.mean),
              "The slope of tanh is still wrong, and for b0 the mean is taken a second time."),
        Wrong("square forgotten", _left("slope"),
              "The slope of tanh is still wrong; compare it with lesson 04 far out."),
        Wrong("divided by B", _left("for_b1"),
              "In the gradient for b1 the mean is still taken twice: where does the 1/B come in already?"),
        Wrong("one sample only", _left("for_b0"),
              "For b0 still only the first sample counts. How many samples use it?"),
        Wrong("divided by B", _repairs(for_b0=np.mean),
              "For b0 the mean is taken a second time: where does its 1/B come in already?"),
        Wrong("divided by B", _repairs(for_b0=np.mean, for_b1=np.mean),
              "For both biases the mean is taken a second time: where does the 1/B come in already?"),
        Wrong("times B", _repairs(scale=lambda X: 1),
              f"Here the 1/B is gone. The loss is the mean over the samples. {PARTS}"),
        Wrong("divided by B", _repairs(scale=lambda X: X.shape[1] ** 2),
              f"The 1/B is there twice. {PARTS}"),
        Wrong("wrong axis", _repairs(scale=lambda X: len(X)),
              "You divide by the number of pixels. How many samples are there?"),
        Wrong("sign", _repairs(top=lambda P, Y: Y - P),
              "The sign is the opposite: with which difference does the cross-entropy begin?"),
        Wrong("factor 2", _repairs(top=lambda P, Y: 2 * (P - Y)),
              "A factor 2 belongs to the squared loss. The loss here is the cross-entropy."),
        Wrong("another activation's slope", _repairs(slope=lambda n: n * (1 - n)),
              "For layer 0 value times one minus value is the slope of the sigmoid. The activation is tanh."),
        Wrong("square forgotten", _repairs(slope=lambda n: (1 - n) ** 2),
              "For layer 0 the square reaches too far in the slope of tanh."),
        Wrong("precedence", _repairs(slope=np.square, meet=lambda square, u: 1 - square * u),
              "For layer 0 brackets are missing: 1 - N0**2 * u is 1 minus a product."),
        Wrong("square forgotten", _repairs(slope=lambda n: 1 - np.abs(n)),
              "For layer 0 the size of the value stands in the slope where its square belongs."),
        Wrong("bias forgotten", _repairs(slope_at="W0 X", slope=lambda z: 1 - np.tanh(z) ** 2),
              "For layer 0 the slope of tanh is taken without the bias. Where was tanh on the way forward?"),
        Wrong("slope at the wrong point", _repairs(slope=lambda n: 1 - np.tanh(n) ** 2),
              "For layer 0 the value of tanh is put into tanh again."),
        Wrong("outer derivative forgotten", _repairs(slope=np.ones_like),
              "For layer 0 there is no slope at all now."),
        Wrong("value instead of derivative", _repairs(slope=lambda n: n),
              "For layer 0 the value of tanh stands where its slope belongs."),
        Wrong("sign", _repairs(slope=lambda n: 1 + n**2),
              "For layer 0 your slope grows where tanh flattens."),
        Wrong("wrong layer's input", _repairs(pairs1="Z0"),
              "For W1 the input of the layer is what has passed the activation."),
        Wrong("dropped path", _repairs(down="P"),
              "What goes down to layer 0 has lost the labels."),
        Wrong("transposed", lambda *given: {
              name: grad.T if name[0] == "W" else grad for name, grad in _gradients(*given).items()},
              "A gradient for weights is to have the shape of its matrix. Here it is transposed."),
        Wrong("flattened", lambda *given: {
              name: grad.ravel() if name[0] == "b" else grad for name, grad in _gradients(*given).items()},
              "Those for the biases have one axis only: a bias is a column."),
        Wrong("bias not summed", _repairs(for_b1=_each),
              "For b1 there is one column for each sample. Which sum is missing?"),
        Wrong("wrong axis", _repairs(for_b1=_over_classes),
              "For b1 the sum runs over the classes. It belongs to the samples."),
        Wrong("wrong concept", lambda W0, b0, W1, b1, X, Y: {
              name: {"W0": W0, "b0": b0, "W1": W1, "b1": b1}[name] - 0.1 * grad
              for name, grad in _gradients(W0, b0, W1, b1, X, Y).items()},
              "These look like parameters after a step. The exercise asks for the gradients."),
        # Over the classes P - Y adds up to rounding, which is that of the program as printed or that of a safe softmax.
        *(Wrong("wrong axis", _repairs(for_b1=_over_classes, for_b0=_over_classes, shares=shares),
                "Here a bias gets a sum over the units. It belongs to the samples.")
          for shares in (_softmax, _as_printed)),
        Wrong("bias not summed", _repairs(for_b1=_each, for_b0=_each),
              "Here a bias gets one column for each sample. Which sum is missing?"),
        Wrong("one sample only", _repairs(for_b1=_first),
              "For b1 only the first sample counts now. How many use it?"),
        Wrong("one sample only", _repairs(for_b1=_first, for_b0=_first),
              "For both biases only the first sample counts. How many use them?"),
        Wrong("one sample only", _repairs(for_b0=lambda delta, **_: delta[:, :1] * delta.shape[1]),
              "For b0 the first sample stands for all of them. Each has an error of its own."),
        Wrong("one sample only", _repairs(for_b0=_last),
              "For b0 only the last sample counts. How many use it?"),
        *(Wrong("summed too early", _repairs(**{bias: sums for bias in biases}),
                f"For {which} everything is added up to one number. Each unit has a bias of its own.")
          for biases, which in ((("for_b0",), "b0"), (("for_b1",), "b1"), (("for_b0", "for_b1"), "both biases"))
          for sums in (_all, _all_in_brackets, _all_in_a_column)),
        *(Wrong("one sample only", lambda *given, b=b, name=name: _of_one_sample(*given, b=b, name=name),
                f"For {name} only the {which} sample counts. The same weights serve all of them.")
          for name in ("W0", "W1") for b, which in ((0, "first"), (-1, "last"))),
        Wrong("not summed", lambda *given: _multiplied_out(*given),
              "np.outer flattens its two arrays and multiplies every entry with every other: errors of one sample meet "
              "values of another, and nothing is summed."),
        Wrong("wrong layer's input", _repairs(pairs0="N0"),
              "What are the weights W0 multiplied by on the way forward?"),
        Wrong("z for n", _repairs(slope_at="Z0"),
              "For layer 0 the slope of tanh is written in its value, and z stands where the value belongs."),
        Wrong("counted twice", _repairs(top=lambda P, Y: (P - Y) * P * (1 - P)),
              "At the top a slope has come in that cancels in the cross-entropy (lesson 10)."),
        Wrong("wrong axis", _repairs(shares=lambda F: np.exp(F) / np.exp(F).sum()),
              "On the way forward the probabilities of all samples together add up to 1. That line was right."),
        Wrong("wrong axis", _repairs(shares=lambda F: np.exp(F) / np.exp(F).sum(axis=1, keepdims=True)),
              "On the way forward the probabilities of each class add up to 1. That line was right."),
        Wrong("wrong concept", _repairs(shares=lambda F: F, top=lambda F, Y: 2 * (F - Y)),
              "This is the squared loss of the scores. The loss here is the cross-entropy."),
        *(slips.bias_forgotten(_gradients, ("W0", "b0", "W1", "b1", "X", "Y"), *biases, see=FALLS)
          for biases in (("b0",), ("b1",), ("b0", "b1"))),
        Wrong("transposed", _repairs(through=lambda W1: W1),
              "On the way down W1 is met the other way round. In the program that line was right."),
        Wrong("wrong concept", _repairs(shares=lambda F: 1 / (1 + np.exp(-F))),
              "On the way forward each class has a probability of its own, by the sigmoid. That line was right."),
    )  # fmt: skip

    def cases(self, rng):
        for N, H, K, B in ((4, 3, 3, 5), (2, 5, 3, 7), (3, 2, 4, 4), *self.more((3, 4, 2, 6), (5, 2, 5, 3))):
            yield {
                "W0": rng.normal(size=(H, N)), "b0": rng.normal(size=(H, 1)), "W1": rng.normal(size=(K, H)),
                "b1": rng.normal(size=(K, 1)), "X": rng.normal(size=(N, B)),
                "Y": np.eye(K)[:, rng.integers(K, size=B)],
            }  # fmt: skip

    def solution(self, W0, b0, W1, b1, X, Y):
        N0 = np.tanh(W0 @ X + b0)
        E = np.exp(W1 @ N0 + b1)
        P = E / E.sum(axis=0, keepdims=True)
        delta1 = (P - Y) / X.shape[1]
        delta0 = (1 - N0**2) * (W1.T @ delta1)
        return {
            "W0": delta0 @ X.T, "b0": delta0.sum(axis=1, keepdims=True),
            "W1": delta1 @ N0.T, "b1": delta1.sum(axis=1, keepdims=True),
        }  # fmt: skip


EXERCISES = [FindTheRate, TheConfusionMatrix, WeightDecay, ALossThatFalls]
