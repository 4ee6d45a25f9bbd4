"""Learning curves, and how to watch them grow: `train(..., watch=Live())`.

One lesson draws them, the 17th. But they belong to `train`: whoever trains a network elsewhere watches it with them.
"""

import sys
import time

from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, VBox
from matplotlib.figure import Figure
from tqdm.notebook import tqdm as tqdm_notebook
from tqdm.std import tqdm

from .explore import VIEW
from .picture import Picture

PAUSE = 0.5  # seconds between two redraws: a picture takes about 50 ms of the training's time


def draw_curves(run):
    """The learning curves of a `Run`: the losses of both parts by epoch, and the accuracies where there are any."""
    figure = Figure(figsize=(7.6, 3.4))
    axes = figure.subplots(1, 2 if run.accuracy else 1, squeeze=False)[0]
    figure.subplots_adjust(left=0.08, bottom=0.16, top=0.82, wspace=0.24)
    figure.suptitle(f"Learning curves of {_counted(run.epochs, 'epoch')}")
    told = []
    for ax, name, unit in zip(axes, ("loss", "accuracy"), ("", " %"), strict=False):
        factor, digits = (100, 0) if unit else (1, 2)
        for key, part, style in (("", "training part", "C0-"), ("test_", "test part", "C1--")):
            if curve := getattr(run, key + name):
                ax.plot(range(len(curve)), [factor * value for value in curve], style, label=part)
                first, last = (f"{factor * curve[k]:.{digits}f}{unit}" for k in (0, -1))
                told.append(f"the {name} of the {part} goes from {first} to {last}")
        ax.set(title=name + (f" in{unit}" if unit else ""), xlabel="epoch", xlim=(0, max(1, run.epochs)))
        ax.set_ylim(0, 102 if unit else None)
        ax.legend(loc="lower right" if unit else "upper right")
    ended = f" It was stopped: {run.stopped}." if run.stopped else ""
    return Picture(figure, f"In {_counted(run.steps, 'step')} {', '.join(told)}.{ended}")


class Live:
    """What to watch a training run with: watch=Live() shows a bar and, while it runs, the curves as they grow.

    In a notebook both disappear at the end, and one line and the finished curves stay in their place, so that the
    stored output does not depend on how long it took. Without `curves` the line alone stays. In a terminal it is a
    bar on stderr.
    """

    def __init__(self, curves=True):
        self.curves, self.bar = curves, None

    def __call__(self, run):
        if self.bar is None:
            self._begin(run)
        self.bar.update(run.steps - self.bar.n)
        if self.notebook and self.curves and not run.ended and time.monotonic() > self.next:
            self.live.value = draw_curves(run).html()
            self.next = time.monotonic() + PAUSE
        if run.ended:
            self._end(run)

    def _begin(self, run):
        self.notebook = hasattr(get_ipython(), "kernel")
        total, left = run.asked * run.steps_an_epoch, run.steps
        if not self.notebook:
            self.bar = tqdm(total=total, initial=left, unit="step", file=sys.stderr)
            return
        self.bar = tqdm_notebook(total=total, initial=left, unit="step", display=False)
        self.live, self.next = HTML(), time.monotonic() + PAUSE
        self.box = VBox([self.bar.container, self.live])
        view = {VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}}
        self.handle = display(view, raw=True, display_id=True)

    def _end(self, run):
        self.bar.close()
        if self.notebook:
            self.handle.update({}, raw=True)  # nothing is left of what belongs to this session
            self.box.close()
            ended = f", stopped: {run.stopped}" if run.stopped else ""
            print(f"{_counted(run.epochs, 'epoch')}, {_counted(run.steps, 'step')}{ended}")
            if self.curves:
                display(draw_curves(run))
        self.bar = None


def _counted(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
