"""The browser's checks, checked: each fault planted in a notebook is found by the check that is meant to."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.classroom import execute

from . import checks

HELPERS = """\
from IPython.display import HTML, display
from ipywidgets import IntSlider
from matplotlib.figure import Figure
from helpers import Picture, explore
from helpers.drawing.explore import VIEW

def draw(k, kind="a"):
    figure = Figure(figsize=(3, 1))
    figure.suptitle(f"{kind}: {k}")
    return Picture(figure, f"k is {k}, of kind {kind}.")
"""
DEAF = 'explore(lambda k: draw(1), k=IntSlider(4, min=0, max=9, description="deaf"))'
HOLLOW = """
def hollow(k):
    if k == 5:
        raise ValueError("planted between the tried positions")
    return draw(k)

explore(hollow, k=IntSlider(4, min=0, max=8, description="hollow"))
"""
NAMELESS = "from ipywidgets import IntSlider\ndisplay(IntSlider(4, min=0, max=9))"
SHOW = "display(HTML({!r}))"
MUTE = SHOW.format("<figure><img src='data:image/svg+xml,%3Csvg/%3E'></figure>")
TORN = SHOW.format(
    "<figure><img alt='torn' src='data:image/svg+xml;base64,PHN2Zw'><figcaption>torn</figcaption></figure>"
)
PALE = SHOW.format("<p style='color: #bbb; background: #fff'>pale</p>")
GONE = 'display({VIEW: {"version_major": 2, "version_minor": 0, "model_id": "gone"}}, raw=True)'
HIDDEN = (
    "<figure><img alt='hidden' style='display: none' src='data:image/svg+xml;base64,PHN2Zy8+'>"
    "<figcaption>hidden</figcaption></figure>"
)
FAULTS = [
    ("errors", "ZeroDivisionError"),
    ("console", "widget model not found"),
    ("mathematics", r"'\\frac' is left in the text"),
    ("mathematics", "cell 1: no formula is typeset"),
    ("mathematics", "mathematics in error"),
    ("descriptions", "has no text alternative"),
    ("descriptions", "'torn' cannot be drawn"),
    ("descriptions", "the stored ones as"),
    ("still_and_live", "not visible before the run: 'hidden'"),
    ("deaf", "the picture is the same at 4 and at 5"),
    ("deaf", "the label is the same"),
    ("hollow", "hollow at 5: ValueError: planted between"),
    ("", "aria-input-field-name"),
    ("Light", "color-contrast"),
    ("Dark", "color-contrast"),
]


@pytest.fixture(scope="module")
def found(open_lesson, tmp_path_factory):
    """A faulty notebook, opened and run; what each check finds in it."""
    stored = new_output("display_data", data={"text/html": HIDDEN, "text/plain": "hidden"})
    cells = [
        new_markdown_cell("# Faults\n\nA bare \\frac{1}{2}, and $\\unheardof{x}$."),
        new_markdown_cell("A formula $x_1 that never ends."),
        new_code_cell(HELPERS, outputs=[stored], execution_count=1),
        *map(new_code_cell, (DEAF, HOLLOW, NAMELESS, MUTE, TORN, PALE, GONE, "1 / 0")),
    ]
    path = tmp_path_factory.mktemp("faulty") / "faulty.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=execute.METADATA), path)
    lesson = open_lesson(path)
    controls = {control["name"]: control for control in lesson.controls()}
    yield {
        "errors": lesson.errors(),
        "console": lesson.console,
        "mathematics": list(checks.mathematics(lesson)),
        "descriptions": list(checks.descriptions(lesson)),
        "still_and_live": list(checks.still_and_live(lesson)),
        **{name: list(checks.control(lesson, controls[name])) for name in ("deaf", "hollow")},
        **{theme: list(checks.accessibility(lesson, theme)) for theme in ("Light", "Dark")},
    }
    lesson.close()


@pytest.mark.parametrize(("check", "fault"), FAULTS)
def test_a_planted_fault_is_found(found, check, fault):
    problems = found[check or "Light"]
    assert any(fault in problem for problem in problems), problems
