"""The regression test itself, tested: faults planted in copies of a lesson turn `make test` red under nbval.

test_stored_faults.py has the faults that nbval passes in silence.
"""

import re

import planting
import pytest


def nothing(notebook, folder):
    """All that the faults below need in place, and no fault."""
    planting.own_helpers(folder, "calculus.py", "PLANTED = None")
    planting.around_the_draw_function(notebook)


def a_changed_number(notebook, folder):
    planting.change_text(notebook, planting.next_digit)


def a_changed_curve_stored(notebook, folder):
    def moved(svg):
        return re.sub(r"(<polyline points='\d+)", r"\g<1>1", svg)

    planting.change_picture(notebook, moved)


def a_changed_curve_drawn(notebook, folder):
    curve = "Axes.curve = lambda self, x, y, *a, **k: _curve(self, x, [1.02 * v for v in y], *a, **k)"
    planting.own_helpers(folder, "figures/axes.py", "_curve = Axes.curve", curve)


def a_blank_plot(notebook, folder):
    names = "Figure.line = Figure.circle = Figure.rect = Figure.text"
    planting.own_helpers(folder, "figures/canvas.py", f"{names} = lambda *a, **k: None")


def an_exception(notebook, folder):
    planting.code(notebook)[-1]["source"].append("\n1 / 0")


def a_removed_output(notebook, folder):
    next(cell for cell in planting.code(notebook) if cell["outputs"])["outputs"] = []


def a_wrong_derivative(notebook, folder):
    slope = "lambda self, value, slope, **k: _init(self, value, lambda z: 1.001 * slope(z), **k)"
    planting.own_helpers(folder, "calculus.py", "_init = Elementwise.__init__", f"Elementwise.__init__ = {slope}")


def a_callback_broken_away_from_its_start(notebook, folder):
    planting.around_the_draw_function(notebook, "if state != seen[0]: raise ValueError('planted')")


FAULTS = (
    a_changed_number,
    a_changed_curve_stored,
    a_changed_curve_drawn,
    a_blank_plot,
    an_exception,
    a_removed_output,
    a_wrong_derivative,
    a_callback_broken_away_from_its_start,
)


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    root = tmp_path_factory.mktemp("planted")
    return planting.turned_red(root, (nothing, *FAULTS), root)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_turns_the_suite_red(red, fault):
    assert red[fault]


def test_a_copy_without_a_fault_stays_green(red):
    assert not red[nothing]


def test_a_fault_in_the_outputs_turns_one_cell_red(red):
    for fault in (a_changed_number, a_changed_curve_stored, an_exception, a_removed_output):
        assert len(red[fault]) == 1


def test_a_fault_in_the_helpers_is_not_one_of_importing_them(red):
    for fault in (a_changed_curve_drawn, a_blank_plot, a_wrong_derivative):
        assert "Cell 0" not in red[fault]
