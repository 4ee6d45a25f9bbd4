"""Explorations: ipywidgets controls around a draw function.

`explore(draw, h=FloatSlider(...), f=Dropdown(...))` shows the picture of the starting state, which stays in the
stored notebook, and in a running one, in its place, the same picture with its controls. What ipywidgets lacks, a
name for a slider's handle and letters that stay with it, is added on the page by explore.js.
"""

import gc
import html
from numbers import Real
from pathlib import Path

import anywidget
from IPython.display import display
from ipywidgets import HTML, FloatsInput, IntsInput, SelectionRangeSlider, SelectMultiple, ValueWidget, VBox

from .picture import Picture

VIEW = "application/vnd.jupyter.widget-view+json"
STORED = (
    '<div class="course-stored">{picture}<p><em>Run this cell to bring the controls to life. Where it says '
    "“model not found”, they belong to an earlier session.</em></p></div>"
)


class Manners(anywidget.AnyWidget):
    """What the page adds to the controls and the picture beside it."""

    _esm = Path(__file__).with_name("explore.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("explore.css").read_text(encoding="utf-8")


def explore(draw, **controls):
    """Show draw(**values) with a control for each argument.

    draw:      a pure function of the controls' values that returns a Picture.
    controls:  ipywidgets controls, named as draw's arguments: sliders, Dropdown, Checkbox, Play, any with a value. One
               without a description is called by its argument's name.

    Every control's ends, middle and options are drawn once before anything is shown, with the others at their
    starts, so that a draw function that fails anywhere there fails here. Raises TypeError for what is no control or no
    Picture, and whatever draw raises.
    """
    for name, control in controls.items():
        if not (isinstance(control, ValueWidget) and control.has_trait("description")):
            raise TypeError(
                f"expected {name} to be a control of ipywidgets, got {type(control).__name__}; "
                f"write {name}=IntSlider(3, min=0, max=9), for example"
            )
    first = None
    for values in states(controls):
        picture = draw(**values)
        if not isinstance(picture, Picture):
            raise TypeError(
                f"expected {draw.__name__} to return a Picture, got {type(picture).__name__} for {values}; "
                "end it with return Picture(figure, description)"
            )
        first = first or picture
    live = HTML(first.html())

    def redraw(change):
        gc.disable()  # a figure leaves much to collect: after it has been shown, not while the reader waits
        try:
            live.value = draw(**_values(controls)).html()
        except Exception as error:  # an exception in a callback is otherwise shown nowhere
            live.value = f'<p role="alert">{html.escape(f"{type(error).__name__}: {error}")}</p>'
        finally:
            gc.enable()

    for name, control in controls.items():
        control.description = control.description or name
        control.style.description_width = "initial"
        control.observe(redraw, "value")
    exploration = VBox([*controls.values(), live, Manners()]).add_class("course-exploration")
    display({"text/html": STORED.format(picture=live.value), "text/plain": first.alt}, raw=True)
    display({VIEW: {"version_major": 2, "version_minor": 0, "model_id": exploration.model_id}}, raw=True)


def states(controls):
    """The states to try: the start, then each control at its ends, middle and options, the others where they are."""
    start = _values(controls)
    yield start
    for name, control in controls.items():
        for value in positions(control):
            yield start | {name: value}


def positions(control):
    """The values of a control to try: all options of a choice, both of a checkbox, the ends and middle of a range."""
    if hasattr(control, "_options_values"):
        options = list(control._options_values)  # as ipywidgets reads a list, pairs of name and value, or a dict
        if isinstance(control, SelectionRangeSlider):
            return [(options[0], options[0]), (options[0], options[-1]), (options[-1], options[-1])]
        return [(), *((one,) for one in options)] if isinstance(control, SelectMultiple) else options
    if isinstance(control.value, bool):
        return [False, True]
    low, high = (getattr(control, end, None) for end in ("min", "max"))
    if isinstance(control, IntsInput | FloatsInput):
        return []
    if not (isinstance(low, Real) and isinstance(high, Real)):  # dates have ends and no middle
        return [end for end in (low, high) if end is not None]
    if control.has_trait("base"):
        return [control.base**power for power in (low, (low + high) / 2, high)]
    if isinstance(control.value, tuple):
        return [(low, low), (low, high), (high, high)]
    step = (control.step if control.has_trait("step") else None) or 1
    return [low, low + step * round((high - low) / step / 2), high]


def _values(controls):
    return {name: control.value for name, control in controls.items()}
