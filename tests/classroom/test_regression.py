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
        return re.sub(r'(<path d="M )([\d.]+)', lambda found: found[1] + str(float(found[2]) + 2), svg)

    planting.change_picture(notebook, moved)


def a_changed_curve(notebook, folder):
    planting.in_every_picture(folder, "line.set_ydata([v * 3.2 / 3 for v in line.get_ydata()])")


def another_colour_of_one_line(notebook, folder):
    planting.in_every_picture(folder, "line.set_color('C3' if line.get_color() != 'C3' else 'C1')")


def a_changed_label(notebook, folder):
    planting.in_every_picture(folder, "text.set_text(text.get_text()[:-1] + '?')")


def a_blank_plot(notebook, folder):
    planting.in_every_picture(folder, "[ax.remove() for ax in figure.axes]")


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
    a_changed_curve,
    another_colour_of_one_line,
    a_changed_label,
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
    for fault in (a_changed_curve, another_colour_of_one_line, a_changed_label, a_blank_plot, a_wrong_derivative):
        assert "Cell 0" not in red[fault]
