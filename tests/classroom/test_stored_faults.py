"""Faults in a notebook's stored form, each planted in a copy of a lesson, and the test that must notice it.

nbval passes many of them in silence: it compares nothing in a cell without a count and outputs, and no PNG.
"""

import re

import planting
import pytest


def untouched(notebook, folder):
    pass


def stripped_with_a_wrong_number(notebook, folder):
    planting.change_text(notebook, planting.next_digit)
    for cell in planting.code(notebook):
        cell["outputs"], cell["execution_count"] = [], None


def counts_out_of_order(notebook, folder):
    planting.code(notebook)[1]["execution_count"] = 1


def no_outputs(notebook, folder):
    for cell in planting.code(notebook):
        cell["outputs"] = []


def an_error(notebook, folder):
    error = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}
    planting.code(notebook)[0]["outputs"] = [error]


def a_warning(notebook, folder):
    warning = {"output_type": "stream", "name": "stderr", "text": ["careful\n"]}
    planting.code(notebook)[0]["outputs"] = [warning]


def an_ignored_output(notebook, folder):
    planting.code(notebook)[0]["source"].insert(0, "# NBVAL_IGNORE_OUTPUT\n")


def a_hidden_output(notebook, folder):
    planting.code(notebook)[0]["metadata"] = {"jupyter": {"outputs_hidden": True}}


def an_error_allowed_by_a_tag(notebook, folder):
    planting.code(notebook)[0]["metadata"] = {"tags": ["raises-exception"]}


def a_picture_that_is_not_compared(notebook, folder):
    png = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo="}}
    planting.code(notebook)[0]["outputs"].append(png)


def a_picture_without_description(notebook, folder):
    planting.change_html(notebook, r'\balt="[^"]+"', lambda found: 'alt=""')


def a_blank_picture(notebook, folder):
    axes = re.compile(r'<g id="axes_\d.*?(?=<defs>\s*<clipPath|</svg>)', re.DOTALL)
    planting.change_picture(notebook, lambda svg: axes.sub("</g>", svg))


def all_the_digits_of_a_float(notebook, folder):
    planting.change_text(notebook, lambda text: text + "0.30000000000000004\n")


def a_tiny_difference(notebook, folder):
    planting.change_text(notebook, lambda text: text + "1.2e-16\n")


def a_tiny_difference_in_a_picture(notebook, folder):
    planting.change_picture(notebook, lambda svg: svg.replace("</svg>", "<!-- 4.4e-16 --></svg>"))


def a_path_of_a_machine(notebook, folder):
    planting.change_text(notebook, lambda text: text + "/home/ada/course\n")


def a_path_with_a_drive(notebook, folder):
    planting.change_text(notebook, lambda text: text + "C:\\Users\\ada\n")


def an_address(notebook, folder):
    planting.change_text(notebook, lambda text: text + "<function f at 0x7f3a5c0d1e40>\n")


def a_cell_too_long(notebook, folder):
    planting.code(notebook)[0]["source"] += ["\n"] + ["a = 1\n"] * 18


def a_notebook_too_large(notebook, folder):
    planting.change_text(notebook, lambda text: text + "a" * 1_500_000)


def a_version_in_the_metadata(notebook, folder):
    notebook["metadata"]["language_info"]["version"] = "3.12.1"


NOTICED_BY = {
    stripped_with_a_wrong_number: "test_cells_are_counted_from_1",
    counts_out_of_order: "test_cells_are_counted_from_1",
    no_outputs: "test_it_has_outputs",
    an_error: "test_no_cell_failed_or_warned",
    a_warning: "test_no_cell_failed_or_warned",
    an_ignored_output: "test_nothing_hides_an_output",
    a_hidden_output: "test_nothing_hides_an_output",
    an_error_allowed_by_a_tag: "test_nothing_hides_an_output",
    a_picture_that_is_not_compared: "test_nbval_compares_every_picture",
    a_picture_without_description: "test_every_picture_has_a_description",
    a_blank_picture: "test_no_picture_is_blank",
    all_the_digits_of_a_float: "test_no_rounding_noise",
    a_tiny_difference: "test_no_rounding_noise",
    a_tiny_difference_in_a_picture: "test_no_rounding_noise",
    a_path_of_a_machine: "test_no_trace_of_a_machine",
    a_path_with_a_drive: "test_no_trace_of_a_machine",
    an_address: "test_no_trace_of_a_machine",
    a_cell_too_long: "test_code_cells_fit_on_a_screen",
    a_notebook_too_large: "test_it_opens_quickly",
    a_version_in_the_metadata: "test_it_is_in_normal_form",
}


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    root = tmp_path_factory.mktemp("stored")
    stored_form = planting.ROOT / "tests" / "classroom" / "test_notebooks.py"
    return planting.turned_red(root, (untouched, *NOTICED_BY), stored_form)


@pytest.mark.parametrize(("fault", "test"), NOTICED_BY.items(), ids=[fault.__name__ for fault in NOTICED_BY])
def test_a_stored_fault_is_noticed(red, fault, test):
    assert test in red[fault]


def test_an_untouched_copy_is_not(red):
    assert not red[untouched]
