"""Pictures of lesson 17: digits and what is read, a confusion matrix, and the learning curves of a small network."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers import datasets
from helpers.activations import Tanh
from helpers.drawing.matrices import GREYS, draw_matrix, draw_pixels
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GRID, NOTE, ORANGE, sheet
from helpers.drawing.template import template
from helpers.layers import Affine, Dense
from helpers.losses import SoftmaxCrossEntropy
from helpers.network import Network
from helpers.training import Descent, train

RATES, BATCHES, MOMENTA = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), (10, 50, 300), (0.0, 0.5, 0.9)
EPOCHS, TOP = 8, 3.5  # of the exploration: how long it trains, and the largest loss that its picture shows


def draw_digits(X, F, Y, title):
    """Up to twenty digits X (64, B) as 8 × 8 pixels; under each what is read by the scores F (10, B), if it is wrong.

    Y (10, B) has a 1 at the digit that was meant. A misread digit stands in a thick orange frame.
    """
    B, across, cell = X.shape[1], 10, 8
    figure, ax = sheet(40 + 78 * min(B, across), 42 + 100 * -(-B // across), title)
    meant, read, told = Y.argmax(axis=0), F.argmax(axis=0), []
    for b in range(B):
        left, top, wrong = 28 + 78 * (b % across), 40 + 100 * (b // across), meant[b] != read[b]
        draw_pixels(ax, np.rint(8 * X[:, b]), left, top, cell, GREYS, f"digit {b}: shade", ec=GRID, lw=0.3)
        frame = {"ec": "C1", "lw": 2.5} if wrong else {"ec": "C5", "lw": 0.8}
        ax.add_artist(Rectangle((left, top), 8 * cell, 8 * cell, fill=False, label=f"frame {b}", **frame))
        text = f"{meant[b]}, read {read[b]}" if wrong else f"{meant[b]}"
        ax.text(left + 4 * cell, top + 82, text, ha="center", size=NOTE, color="C1" if wrong else "C4")
        told.append(f"{'an' if meant[b] == 8 else 'a'} {meant[b]} as {read[b]}" if wrong else "")
    misread = [text for text in told if text]
    said = f"{len(misread)} are misread: {', '.join(misread)}" if misread else "All are read correctly"
    return Picture(figure, f"{B} digits of 8 × 8 pixels, each with the digit that was meant. {said}.")


def draw_confusion(F, Y):
    """How many digits of each kind (rows) are read as which digit (columns), for scores F and labels Y (10, B)."""
    meant, read = Y.argmax(axis=0), F.argmax(axis=0)
    C = np.zeros((10, 10), int)
    for i, j in zip(meant, read, strict=True):
        C[i, j] += 1
    figure, ax = sheet(520, 486, "Who is taken for whom")
    fills = {(i, j): BLUE if i == j else ORANGE for i, j in np.argwhere(C)}
    names = [str(digit) for digit in range(10)]
    labels = {"row_labels": names, "column_labels": names}
    draw_matrix(ax, C, 74, 88, name="C", title="read as", cell=38, fills=fills, **labels)
    ax.text(30, 278, "meant", rotation=90, ha="center", va="center", weight="bold")
    right = int(C.trace())
    pairs = sorted(((int(C[i, j]), i, j) for i, j in np.argwhere(C) if i != j), key=lambda pair: (-pair[0], *pair[1:]))
    told = [pair for k, pair in enumerate(pairs[:3]) if k == 0 or pair[0] > 1]
    most = ", ".join(f"{i} read as {j} ({n})" for n, i, j in told)
    return Picture(
        figure,
        f"A table of 10 × 10: the digit that was meant in the rows, what is read in the columns. On the diagonal stand "
        f"the {right} of {C.sum()} that are read correctly. The {C.sum() - right} others"
        + (f": most often {most}." if pairs else "."),
    )


@cache
def _task():
    """300 digits to learn from and 597 to be judged by."""
    X, Y, X_test, Y_test = datasets.digits()
    return X[:, :300], Y[:, :300], X_test, Y_test


@cache
def small_run(rate, batch, momentum):
    """The Run of a network 64 → 16 → 10 over 300 digits, always from the same first weights."""
    X, Y, *test = _task()
    rng = np.random.default_rng(2)
    W0, W1 = rng.normal(size=(16, 64)) / 8, rng.normal(size=(10, 16)) / 4
    net = Network([Dense(W0, np.zeros((16, 1)), Tanh()), Affine(W1, np.zeros((10, 1)))])
    optimizer = Descent(rate, momentum=momentum)
    return train(net, SoftmaxCrossEntropy(), X, Y, optimizer, epochs=EPOCHS, batch=batch, test=tuple(test))


@template
def _curves_page():
    figure = Figure(figsize=(7.2, 3.6))
    ax = figure.subplots()
    figure.subplots_adjust(left=0.09, right=0.97, top=0.88, bottom=0.15)
    ax.set(xlim=(0, EPOCHS), ylim=(0, TOP), xlabel="epoch", ylabel="loss", xticks=range(EPOCHS + 1))
    figure.suptitle("Learning curves")
    return figure


def draw_small_run(rate, batch, momentum):
    """The learning curves of `small_run`: the losses of its mini-batches, of the training and of the test part."""
    run = small_run(rate, batch, momentum)
    figure = _curves_page()
    [ax] = figure.axes
    steps = np.arange(run.steps) / run.steps_an_epoch
    ax.plot(steps, run.batch_loss, color="C5", lw=0.8, label="each mini-batch, before its step")
    ax.plot(range(len(run.loss)), run.loss, "C0o-", ms=4, label="training part")
    ax.plot(range(len(run.test_loss)), run.test_loss, "C1s--", ms=4, label="test part")
    ax.legend(loc="upper right")
    read = f"{100 * run.test_accuracy[-1]:.0f} %"
    figure.suptitle(f"μ = {rate:g}, batch {batch}, β = {momentum:g}: {read} of the test part read correctly")
    above = "" if max(run.loss) <= TOP else f" The largest, {max(run.loss):.0f}, lies above the picture."
    return Picture(
        figure,
        f"{run.steps} steps in {EPOCHS} epochs. The loss of the training part goes from {run.loss[0]:.2f} to "
        f"{run.loss[-1]:.2f}, that of the test part from {run.test_loss[0]:.2f} to {run.test_loss[-1]:.2f}; "
        f"{read} of the test part are read correctly at the end.{above} The grey line, the loss of each mini-batch "
        f"before its step, changes by {np.abs(np.diff(run.batch_loss)).mean():.2f} from step to step, on average.",
    )
