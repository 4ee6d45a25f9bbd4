"""Each lesson in JupyterLab: it runs, reads, answers to the keyboard, and can be read without seeing it."""

import pytest

from . import checks


def none(problems):
    """Fail with all of the problems, if there are any."""
    problems = list(problems)
    assert not problems, "\n".join(problems)


def test_it_runs_without_an_error(lesson):
    none(lesson.errors())
    none(lesson.console)


def test_its_mathematics_is_typeset(lesson):
    none(checks.mathematics(lesson))


def test_every_picture_has_its_text_alternative(lesson):
    none(checks.descriptions(lesson))


def test_the_starting_picture_gives_way_to_the_living_one(lesson):
    none(checks.still_and_live(lesson))


def test_the_keyboard_alone_moves_each_control_and_its_picture(lesson):
    controls = lesson.controls()
    # A lesson whose code explores has living controls.
    explores = any(
        "explore(" in "".join(cell["source"]) for cell in lesson.stored["cells"] if cell["cell_type"] == "code"
    )
    assert bool(controls) == explores
    none(problem for control in controls for problem in checks.control(lesson, control))


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_axe_finds_nothing_in_our_content(lesson, theme):
    none(checks.accessibility(lesson, theme))
