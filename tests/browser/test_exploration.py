"""What explore promises beyond one key press: names, letters, Escape, two views, a restart, a narrow window."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.classroom import execute

CELL = """\
import time
from IPython.display import display
from ipywidgets import Checkbox, Dropdown, FloatSlider, IntSlider, Play
from matplotlib.figure import Figure
from helpers import Picture, explore

drawn = []

def draw(n, x, word, grid, frame):
    drawn.append(n)
    time.sleep(0.05)  # a slow picture
    figure = Figure(figsize=(6, 1))
    figure.suptitle(f"n = {n}, x = {x}, {word}, {grid}, {frame}")
    return Picture(figure, f"n = {n!r}, x = {x!r}, {word}, {grid}, frame {frame}, drawn {len(drawn)} times.")

n = IntSlider(0, min=0, max=40, description="the number n of everything")
explore(
    draw, n=n, x=FloatSlider(0.1, min=-1, max=1, step=0.1), word=Dropdown(options=["a < b", "c"], value="c"),
    grid=Checkbox(False, description="with a grid"), frame=Play(0, min=0, max=9, interval=200),
)
"""
FORMULAS = "one $x_1$, " * 20
CAPTION = "() => document.querySelector('.course-exploration figcaption').textContent"


@pytest.fixture(scope="module")
def sample(open_lesson, tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.ipynb"
    cells = [
        new_markdown_cell(f"# A sample\n\n{FORMULAS}"),
        new_code_cell(CELL),
        new_code_cell("print('several words ' * 40)"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=execute.METADATA), path)
    lesson = open_lesson(path)
    assert lesson.errors() == []
    yield lesson
    lesson.close()


def shows(lesson, text):
    lesson.page.wait_for_function(
        "text => document.querySelector('.course-exploration figcaption').textContent.includes(text)",
        arg=text,
        timeout=10_000,
    )
    return lesson.page.evaluate(CAPTION)


def control(lesson, name):
    return next(c for c in lesson.controls() if c["name"] == name)


N = "the number n of everything"


def test_every_control_has_its_name(sample):
    names = [control["name"] for control in sample.controls()]
    assert names[:4] == [N, "x", "word", "with a grid"] and all(names)


KINDS = """\
from ipywidgets import ColorPicker, DatePicker, FloatRangeSlider, RadioButtons, SelectMultiple, SelectionRangeSlider
from ipywidgets import Textarea
from matplotlib.figure import Figure
from helpers import Picture, explore

def draw(**values):
    figure = Figure(figsize=(6, 1))
    figure.suptitle("all kinds")
    return Picture(figure, ", ".join(f"{name} is {value}" for name, value in values.items()))

explore(
    draw, colour=ColorPicker(value="#336699"), day=DatePicker(), bounds=FloatRangeSlider(value=(0.2, 0.5), max=1.0),
    kind=RadioButtons(options=["a", "b"]), layers=SelectMultiple(options=[8, 16, 32], value=[8, 16]),
    sizes=SelectionRangeSlider(options=[1, 2, 4], value=(1, 4)), words=Textarea(value="several"),
)
"""


def test_any_control_of_ipywidgets_works_and_has_its_name(open_lesson, tmp_path):
    path = tmp_path / "kinds.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(KINDS)], metadata=execute.METADATA), path)
    lesson = open_lesson(path)
    try:
        assert lesson.errors() == []
        names = [control["name"] for control in lesson.controls()]
        kinds = {"colour", "day", "bounds", "layers", "sizes", "words"}  # those of radio buttons are their options
        assert {name for name in names if name in kinds} == kinds and all(names), names
        lesson.reach(control(lesson, "layers"))
        lesson.page.keyboard.press("End")
        shows(lesson, "layers is (32,)")
    finally:
        lesson.close()


def test_the_keys_of_a_slider(sample):
    sample.reach(control(sample, N))
    for key, value in (("End", 40), ("ArrowLeft", 39), ("Home", 0), ("ArrowRight", 1), ("ArrowUp", 2)):
        sample.page.keyboard.press(key)
        shows(sample, f"n = {value},")


def test_values_arrive_as_ipywidgets_has_them(sample):
    sample.reach(control(sample, "x"))
    sample.page.keyboard.press("Home")
    shows(sample, "x = -1.0,")
    sample.reach(control(sample, "word"))
    sample.page.keyboard.press("ArrowUp")
    shows(sample, "a < b,")
    sample.reach(control(sample, "with a grid"))
    sample.page.keyboard.press("Space")
    shows(sample, ", True,")


def test_play_moves_the_picture(sample):
    sample.page.locator(".course-exploration .widget-play button").first.click()
    shows(sample, "frame 3,")
    sample.page.locator(".course-exploration .widget-play button").first.click()


def test_a_held_key_does_not_queue_pictures(sample):
    sample.reach(control(sample, N))
    sample.page.keyboard.press("Home")
    before = int(shows(sample, "n = 0,").split("drawn ")[1].split()[0])
    # What a held key does to a slider, 40 times before Python can have answered often.
    sample.page.evaluate("""() => {
      const handle = document.activeElement;
      for (let press = 0; press < 40; press++)
        handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    }""")
    after = int(shows(sample, "n = 40,").split("drawn ")[1].split()[0])
    assert after - before <= 5, "not the first and the last state were drawn, but those between too"


def test_the_mouse_moves_a_slider(sample):
    handle = sample.page.locator(".course-exploration .noUi-handle").first
    handle.focus()
    sample.page.keyboard.press("End")
    shows(sample, "n = 40,")
    box = handle.bounding_box()
    middle = box["y"] + box["height"] / 2
    sample.page.mouse.move(box["x"] + box["width"] / 2, middle)
    sample.page.mouse.down()
    sample.page.mouse.move(0, middle, steps=5)
    sample.page.mouse.up()
    shows(sample, "n = 0,")


@pytest.mark.parametrize("name", [N, "word", "with a grid"])
def test_letters_stay_with_the_control(sample, name):
    cells = "() => jupyterapp.shell.currentWidget.content.widgets.length"
    before = sample.page.evaluate(cells)
    sample.reach(control(sample, name))
    for letter in "babxm":  # insert below, above, below; cut; markdown
        sample.page.keyboard.press(letter)
    sample.page.wait_for_timeout(300)
    assert sample.page.evaluate(cells) == before
    assert sample.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets[1].model.type") == "code"


def test_escape_leads_back_to_the_cell(sample):
    sample.reach(control(sample, N))
    sample.page.keyboard.press("Escape")
    inside = "() => !!document.activeElement.closest('.course-exploration')"
    sample.page.wait_for_function(f"() => !({inside})()", timeout=3000)
    # JupyterLab's own keys work again: an arrow moves to the next cell.
    active = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"
    before = sample.page.evaluate(active)
    sample.page.keyboard.press("ArrowDown")
    sample.page.wait_for_function(f"before => ({active})() === before + 1", arg=before, timeout=3000)


def test_the_new_description_is_announced_once_the_control_rests(sample):
    sample.reach(control(sample, N))
    sample.page.keyboard.press("End")
    shows(sample, "n = 40,")
    status = sample.page.locator(".course-exploration [role=status]")
    sample.page.wait_for_function(
        """() => {
          const live = document.querySelector('.course-exploration');
          return live.querySelector('[role=status]').textContent === live.querySelector('figcaption').textContent;
        }""",
        timeout=5000,
    )
    assert status.count() == 1


def test_it_fits_a_window_320_pixels_wide(sample):
    sample.page.set_viewport_size({"width": 320, "height": 900})
    sample.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    sample.page.wait_for_timeout(500)
    cut = sample.page.evaluate("""() => {
      const area = document.querySelector('.course-exploration').closest('.jp-OutputArea').getBoundingClientRect();
      return [...document.querySelectorAll('.course-exploration :is(.noUi-base, .widget-label, select, img, input)')]
        .map(e => [e.className || e.tagName, e.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.right > Math.min(area.right, innerWidth) + 1 || box.left < area.left))
        .map(([name]) => name);
    }""")
    widths = sample.page.evaluate(
        "() => [...document.querySelectorAll('.course-exploration .noUi-base')].map(e => e.clientWidth)"
    )
    sample.page.set_viewport_size({"width": 1280, "height": 1000})
    assert cut == [] and min(widths) >= 60


def test_a_long_message_is_broken_between_words(sample):
    rows = sample.page.evaluate("""() => {
      const text = [...document.querySelectorAll('.jp-OutputArea-output pre')].at(-1).firstChild;
      return [...text.textContent.matchAll(/\\w+/g)].map(word => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return [...range.getClientRects()].map(box => box.top);
      });
    }""")
    assert len(rows) == 80 and len(set(map(tuple, rows))) >= 3, "the message fills several lines"
    assert all(len(row) == 1 for row in rows)


def test_a_comma_stays_with_its_formula(sample):
    gaps = sample.page.evaluate("""() => {
      const formulas = [...document.querySelectorAll('.jp-RenderedMarkdown mjx-container')];
      const text = formulas[0].closest('p'), found = [];
      for (let width = 200; width < 300; width++) {  // at some of them the line ends between the two
        text.style.width = `${width}px`;
        for (const formula of formulas) {
          const comma = document.createRange();
          comma.setStart(formula.nextSibling, 0);
          comma.setEnd(formula.nextSibling, 1);
          found.push(comma.getBoundingClientRect().left - formula.getBoundingClientRect().right);
        }
      }
      return found;
    }""")
    assert len(gaps) == 20 * 100
    assert max(map(abs, gaps)) < 2


def test_two_views_of_one_output_stay_in_step(sample):
    sample.page.evaluate("""() => {
      const notebook = jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = 1;
      return jupyterapp.commands.execute('notebook:create-output-view');
    }""")
    sample.page.wait_for_function("() => document.querySelectorAll('.course-exploration').length === 2", timeout=10_000)
    sample.page.evaluate("() => jupyterapp.shell.activateById([...jupyterapp.shell.widgets('main')][0].id)")
    sample.reach(control(sample, N))
    for key, value in (("Home", 0), ("ArrowRight", 1)):
        sample.page.keyboard.press(key)
        sample.page.wait_for_function(
            """value => [...document.querySelectorAll('.course-exploration')].every(live =>
              live.querySelector('figcaption').textContent.includes(`n = ${value},`) &&
              live.querySelector('.noUi-handle').getAttribute('aria-valuenow') === `${value}.0`)""",
            arg=value,
            timeout=5000,
        )
    sample.page.evaluate("() => [...jupyterapp.shell.widgets('main')].at(-1).close()")
    sample.page.wait_for_function("() => document.querySelectorAll('.course-exploration').length === 1", timeout=5000)


def test_after_a_restart_the_reader_is_told(sample):
    told = "() => getComputedStyle(document.querySelector('.course-exploration'), '::after').content"
    assert "kernel was restarted" not in sample.page.evaluate(told)
    sample.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    sample.page.wait_for_function(
        f"() => ({told})().includes('The kernel was restarted, and this picture no longer follows')", timeout=30_000
    )


def test_a_saved_lesson_opened_again_shows_its_picture_and_says_what_to_do(sample, lab):
    sample.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page = sample.page.context.browser.new_page()
    page.goto(lab.link("sample.ipynb"))
    page.wait_for_selector(".course-stored img", timeout=60_000)
    assert "Run this cell" in page.locator(".course-stored").inner_text()
    assert page.locator(".course-stored").is_visible()
    page.close()
