"""What explore promises beyond one key press: held keys, the mouse, kinds of numbers, words for a screen reader."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.classroom import execute

CELL = """\
import time
from helpers import Choice, Slider, explore
from helpers.figures import Figure

drawn = []

def draw(n, x, word):
    drawn.append(n)
    time.sleep(0.05)  # a slow picture
    return Figure(300, 80, "Values").describe(f"n = {n!r}, x = {x!r}, {word}, drawn {len(drawn)} times.")

explore(draw, n=Slider("n", 0, 40, 0), x=Slider("x", -1.0, 1.0, 0.1, 0.1), word=Choice("word", ("a < b", "c"), "c"))
"""
CAPTION = "() => document.querySelector('.course-live figcaption').textContent"


@pytest.fixture(scope="module")
def sample(open_lesson, tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(CELL)], metadata=execute.METADATA), path)
    lesson = open_lesson(path)
    assert lesson.errors() == []
    yield lesson
    lesson.close()


def shows(lesson, text):
    lesson.page.wait_for_function(
        "text => document.querySelector('.course-live figcaption').textContent.includes(text)", arg=text, timeout=10_000
    )
    return lesson.page.evaluate(CAPTION)


def test_a_held_key_does_not_queue_pictures(sample):
    n, _, _ = sample.controls()
    sample.reach(n)
    before = int(sample.page.evaluate(CAPTION).split("drawn ")[1].split()[0])
    # What a held key does to a slider, 40 times before Python can have answered once.
    sample.page.evaluate("""() => {
      const slider = document.activeElement;
      for (let press = 0; press < 40; press++) {
        slider.stepUp();
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }""")
    after = int(shows(sample, "n = 40,").split("drawn ")[1].split()[0])
    assert after - before <= 3, "not the first and the last state were drawn, but those between too"


def test_numbers_arrive_as_they_were_given(sample):
    _, x, word = sample.controls()
    sample.reach(x)
    sample.page.keyboard.press("ArrowRight")
    sample.page.keyboard.press("ArrowRight")
    shows(sample, "x = 0.3,")
    sample.page.keyboard.press("Home")
    shows(sample, "x = -1.0,")
    sample.reach(word)
    sample.page.keyboard.press("ArrowUp")
    shows(sample, "a < b,")


def test_the_mouse_moves_a_slider(sample):
    slider = sample.page.locator(".course-live input").first
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    sample.page.mouse.move(box["x"] + box["width"] / 2, middle)
    sample.page.mouse.down()
    sample.page.mouse.move(box["x"] + 1, middle, steps=5)
    sample.page.mouse.up()
    shows(sample, "n = 0,")


def test_the_new_description_is_announced_once_the_control_rests(sample):
    n, _, _ = sample.controls()
    sample.reach(n)
    sample.press("End")
    caption = shows(sample, "n = 40,")
    status = sample.page.locator(".course-live [role=status]")
    sample.page.wait_for_function(
        "text => document.querySelector('.course-live [role=status]').textContent === text", arg=caption, timeout=5000
    )
    assert status.count() == 1
