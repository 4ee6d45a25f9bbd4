"""The picture of lesson 20: a small program as a graph, its tape beside it, walked forward and back step by step."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, LABEL, NOTE, ORANGE, edge, node, sheet
from helpers.drawing.table import write_line
from helpers.drawing.template import template

WIDTH, MIDDLE, TOP, BOTTOM = 860, 182, 82, 282  # of the sheet, and the heights of operations and of variables
LEFT, RIGHT, RADIUS, ROUND = 70, 786, 24, 27
TABLE, LINE = 366, 21  # where the tape begins under the graph, and the height of one of its lines
COLUMNS = ("<3", "<6", "<16", ">8", ">11")


class _Walk:
    """A tape of numbers after some steps: forward one operation a step, then a step for u = 1, then one line a step.

    values, grads: {line: number}, what is known by then.   shares: {(line, which input): number}, sent back by then.
    line:  the line that this step has worked on, or None.
    """

    def __init__(self, tape, step):
        self.lines = [[place(tape, a) for a, _ in node.rules] for node in tape]
        operations = [k for k, inputs in enumerate(self.lines) if inputs]
        self.last, self.steps = len(tape) - 1, 2 * len(operations) + 1
        step = min(step, self.steps)
        done = operations[:step]
        self.values = {k: node.value.item() for k, node in enumerate(tape) if not node.rules or k in done}
        self.grads, self.shares, self.line = {}, {}, done[-1] if done else None
        if step > len(operations):
            self.grads[self.last], self.line = 1.0, None
        for k in operations[::-1][: max(0, step - len(operations) - 1)]:
            self.line = k
            for which, (a, rule) in enumerate(tape[k].rules):
                to, share = place(tape, a), rule(np.array([[self.grads[k]]])).item()
                self.shares[k, which] = share
                self.grads[to] = self.grads.get(to, 0.0) + share
        self.back, self.step = step > len(operations), step


def place(tape, node):
    """The line of a tape on which the node stands, counted from 0."""
    return next(k for k, other in enumerate(tape) if other is node)


def names(tape):
    """A name for each line: variables have their own, the last is L, the others get the letters that are left."""
    own = {node.name for node in tape if not node.rules}
    letters = iter(letter for letter in "abcdefghijklmnop" if letter not in own)
    return [*(next(letters) if node.rules else node.name for node in tape[:-1]), "L"]


def said(tape, k, called):
    """Line k as it would be written: a = w ⊙ x, n = tanh(a), or w = 3 for a variable."""
    node, inputs = tape[k], [called[place(tape, a)] for a, _ in tape[k].rules]
    if not inputs:
        return called[k]
    if len(inputs) == 2:
        return f"{called[k]} = {inputs[0]} {node.name} {inputs[1]}"
    return f"{called[k]} = {node.name}({inputs[0]})"


def _height(lines):
    return TABLE + LINE * (lines + 1) + 18


@template
def _page(lines):
    """What is the same in every step: the frame of the tape, its head, and what the colours say."""
    figure, ax = sheet(WIDTH, _height(lines), " ")
    ax.add_artist(Rectangle((20, TABLE - 34), 480, LINE * (lines + 1) + 20, fill=False, ec="C5", lw=0.8))
    write_line(ax, 34, TABLE - 18, ["", "line", "the tape", "value", "gradient"], COLUMNS, weight="bold")
    ax.text(530, TABLE - 18, "over an edge: the value that goes forward", color="C0", va="center_baseline")
    ax.text(530, TABLE + 4, "under it: the share that comes back", color="C1", va="center_baseline")
    return figure


def draw_walk(tape, step):
    """A tape of numbers, nodes (1, 1), after `step` steps of the way forward and of the walk back.

    The operations stand in a row, in the order of the tape, and the variables above and below. Over an edge stands the
    value that goes forward, under it the share of the gradient that comes back; at a variable, what has come together.
    """
    walk, called = _Walk(tape, step), names(tape)
    at = _places(walk.lines)
    figure, way = _page(len(tape)), "the walk back" if walk.back else "forward"
    figure.suptitle(f"Step {walk.step} of {walk.steps}: {way}", y=1 - 14 / _height(len(tape)), va="center_baseline")
    [ax] = figure.axes

    for k, inputs in enumerate(walk.lines):
        for which, a in enumerate(inputs):
            value = entry(walk.values[a]) if a in walk.values and k in walk.values else ""
            share = entry(walk.shares[k, which]) if (k, which) in walk.shares else ""
            bow = 0.0 if len(set(inputs)) == len(inputs) else (-0.6, 0.6)[which]
            style = {"color": "C4", "width": 2.8} if k == walk.line else {}
            edge(ax, at[a], at[k], value, share, ROUND, bow, label=f"edge {a} {k} {which}", **style)
    for k, inputs in enumerate(walk.lines):
        fill = ORANGE if k == walk.line else BLUE if k in walk.values else "white"
        text = f"{called[k]}\n{tape[k].name}" if inputs else called[k]
        node(ax, at[k], text, RADIUS, fill, width=3 if k == walk.line else 1.5, size=LABEL if inputs else 11)
        _beside(ax, walk, k, at[k], called[k])
    told = [_line(ax, walk, tape, k, called) for k in range(len(tape))]
    return Picture(figure, f"{_happened(walk, tape, called)} The tape: {'; '.join(told)}.")


def _places(lines):
    """{line: (x, y)}: operations in a row from left to right, variables over and under it, near their uses."""
    operations = [k for k, inputs in enumerate(lines) if inputs]
    gap = (RIGHT - LEFT) / len(operations)
    at = {k: (LEFT + gap * (n + 1), MIDDLE) for n, k in enumerate(operations)}
    for n, a in enumerate(k for k, inputs in enumerate(lines) if not inputs):
        uses = [at[k][0] for k in operations if a in lines[k]]
        at[a] = (sum(uses) / len(uses) - 0.62 * gap, BOTTOM if n % 2 else TOP)
    return at


def _beside(ax, walk, k, at, name):
    """At a variable, and at L: its value, and its gradient so far. Of the others the edges tell what they have."""
    if walk.lines[k] and k != walk.last:
        return
    x, y = at
    value = f"{name} = {entry(walk.values[k])}" if k in walk.values else ""
    grad = f"∇ {entry(walk.grads[k])}" if k in walk.grads else ""
    side = -1 if y == TOP else 1.5 if k == walk.last else 1  # under L, two arrows may bend
    ax.text(x - 4, y + side * 36, value, ha="right", va="center_baseline", color="C0", size=NOTE)
    ax.text(x + 4, y + side * 36, grad, ha="left", va="center_baseline", color="C1", weight="bold", size=NOTE)


def _line(ax, walk, tape, k, called):
    """One line of the tape under the graph; returns it in words."""
    value = entry(walk.values[k]) if k in walk.values else "–"
    grad = entry(walk.grads[k]) if k in walk.grads else "–"
    text, mark = said(tape, k, called), "▸" if k == walk.line else ""
    weight = "bold" if k == walk.line else "normal"
    write_line(ax, 34, TABLE + 4 + LINE * k, [mark, str(k), text, value, grad], COLUMNS, weight=weight,
               label=f"line {k}")  # fmt: skip
    if k not in walk.values:
        return f"{text}, not yet"
    return f"{text} = {value}" + (f", gradient {grad}" if k in walk.grads else "")


def _happened(walk, tape, called):
    """What this step has done, in a sentence."""
    if walk.step == 0:
        return "Only the variables have values."
    if walk.line is None:
        return "The way forward is done, and the walk begins at the end of the tape with u = 1 for L."
    text = said(tape, walk.line, called)
    if not walk.back:
        return f"Line {walk.line} has been computed and recorded: {text}."
    shares = ", ".join(
        f"{entry(walk.shares[walk.line, which])} to {called[a]}" for which, a in enumerate(walk.lines[walk.line])
    )
    u = entry(walk.grads[walk.line])
    end = " The walk is done." if walk.step == walk.steps else ""
    return f"Back at line {walk.line}, {text}, with u = {u}: its rules send {shares}.{end}"
