"""Explorations: controls around a draw function.

`explore(draw, h=Slider(...), f=Choice(...))` shows the picture of the starting state, which stays in the stored
notebook, and over it, in a running one, the same picture with its controls. The page's side is widgets.js: the
browser's own sliders and menus, because the handle of an ipywidgets slider has no name that a screen reader
could say.
"""

import html
from dataclasses import dataclass
from pathlib import Path

import anywidget
import traitlets
from IPython.display import display

VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Slider:
    """A number in [low, high] by steps; integers stay integers. `label` names it on the screen."""

    label: str
    low: float
    high: float
    start: float
    step: float = 1

    def __post_init__(self):
        if not (self.step > 0 and self.low <= self.start <= self.high and self.low < self.high):
            raise ValueError(
                f"expected low <= start <= high and a step > 0, "
                f"got low={self.low}, start={self.start}, high={self.high}, step={self.step}"
            )

    def positions(self):
        """The ends, the middle and the start."""
        steps = int((self.high - self.low) / self.step + 1e-9)
        return sorted({self.low, self.low + self.step * (steps // 2), self.start, self.low + self.step * steps})

    def read(self, sent):
        """The number for draw: the page knows one kind of number, and sends 3.0 as 3."""
        whole = all(isinstance(v, int) for v in (self.low, self.high, self.start, self.step))
        return int(sent) if whole else float(sent)


@dataclass(frozen=True)
class Choice:
    """One of several named options; the draw function receives the option's text."""

    label: str
    options: tuple
    start: str | None = None

    def __post_init__(self):
        if self.start is None:
            object.__setattr__(self, "start", self.options[0])
        if self.start not in self.options:
            raise ValueError(f"expected a start among the options {self.options}, got {self.start!r}")

    def positions(self):
        return list(self.options)

    def read(self, sent):
        return sent


class Exploration(anywidget.AnyWidget):
    """`values` follow the controls on the page, and `picture`, a text of HTML, follows the values."""

    _esm = Path(__file__).with_name("widgets.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("widgets.css").read_text(encoding="utf-8")
    controls = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)


def explore(draw, **controls):
    """Show draw(**values) with a control for each argument.

    draw:      a pure function of the controls' values that returns a Figure.
    controls:  Slider or Choice, named as draw's arguments.

    Every control's ends, middle and options are drawn once before anything is shown, with the others at their
    starts, so that a draw function that fails anywhere there fails here. Raises TypeError for a control that is
    neither, and whatever draw raises.
    """
    for name, control in controls.items():
        if not isinstance(control, Slider | Choice):
            raise TypeError(f"expected {name} to be a Slider or a Choice, got {type(control).__name__}")
    start = {name: control.read(control.start) for name, control in controls.items()}
    for values in positions(controls, start):
        _ = draw(**values).alt

    first = draw(**start)
    widget = Exploration(
        controls={name: vars(control) for name, control in controls.items()}, values=start, picture=first.inline()
    )

    def update(change):
        try:
            sent = change.new
            widget.picture = draw(**{name: control.read(sent[name]) for name, control in controls.items()}).inline()
        except Exception as error:  # an exception in a callback is otherwise shown nowhere
            widget.picture = f"<p role='alert'>{html.escape(f'{type(error).__name__}: {error}')}</p>"

    widget.observe(update, "values")
    display({"text/html": first.image("course-figure course-static"), "text/plain": first.alt}, raw=True)
    display({VIEW: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}, raw=True)


def positions(controls, start):
    """The states to try: each control at its ends, middle and options, the others at their starts."""
    yield dict(start)
    for name, control in controls.items():
        for value in control.positions():
            yield start | {name: value}
