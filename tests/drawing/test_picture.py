"""Pictures: words that are in every form, the same SVG in every run, one style for all."""

import base64
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

import helpers.lessons
from helpers import drawing
from helpers.drawing.picture import Picture


def figure(title="W₁₂ < 1"):
    made = Figure(figsize=(3, 2))
    made.suptitle(title)
    made.subplots().plot([0, 1], [0, 2])
    return made


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match=r'no title; call figure.suptitle\("..."\)'):
        Picture(Figure(), "A line.")
    with pytest.raises(ValueError, match="'W₁₂ < 1' has no description"):
        Picture(figure(), "  ")


def test_the_words_are_in_every_form_and_safely_written():
    picture = Picture(figure(), 'x > 0 &\n "quoted"')
    said = "W₁₂ &lt; 1. x &gt; 0 &amp; &quot;quoted&quot;"
    assert f'alt="{said}"' in picture.html()
    assert ">x &gt; 0 &amp; &quot;quoted&quot;</figcaption>" in picture.html()
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == 'W₁₂ < 1. x > 0 & "quoted"'
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", bundle["text/html"])[1])
    root = ET.fromstring(svg)
    assert root.get("viewBox") == "0 0 216 144"
    assert 'width="300" height="200"' in bundle["text/html"]


DRAW = """
from matplotlib.figure import Figure
from helpers.drawing.picture import Picture
figure = Figure()
figure.suptitle("t")
figure.subplots().plot([0, 1], [0, 2], label="a line")
figure.axes[0].legend(loc="upper left")
print(Picture(figure, "A line.").svg())
"""


def test_two_processes_draw_the_same_svg():
    one, two = (subprocess.run([sys.executable, "-c", DRAW], capture_output=True, text=True).stdout for _ in range(2))
    assert one == two and "<svg" in one and "date" not in one.lower()


def test_a_figure_of_pyplot_is_shown_once():
    made, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    made.suptitle("t")
    assert plt.fignum_exists(made.number)
    Picture(made, "A line.")
    assert not plt.get_fignums()


def test_the_style_is_set_by_importing_what_draws():
    file = Path(drawing.__file__).with_name("course.mplstyle")
    style = matplotlib.rc_params_from_file(file, use_default_template=False)
    assert style and {name: matplotlib.rcParams[name] for name in style} == style


def modules():
    names = [m.name for m in pkgutil.iter_modules(helpers.lessons.__path__) if m.name.startswith("lesson_")]
    return [importlib.import_module(f"helpers.lessons.{name}.pictures") for name in names]


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.__name__)
def test_lessons_draw_with_functions_that_are_documented(module):
    drawers = [f for name, f in vars(module).items() if name.startswith("draw_") and f.__module__ == module.__name__]
    assert drawers
    assert all(inspect.getdoc(f) for f in drawers)


def test_the_letters_are_those_of_matplotlib_whatever_fonts_a_machine_has():
    own = Path(matplotlib.get_data_path(), "fonts", "ttf")
    for weight in ("normal", "bold"):
        assert Path(font_manager.findfont(f"DejaVu Sans:{weight}")).parent == own
