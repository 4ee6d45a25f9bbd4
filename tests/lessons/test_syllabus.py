"""The syllabus agrees with the notebooks that are there, and can be taken in the order of its numbers."""

import json
import re
import shutil

import nbformat
import pytest

from helpers.lessons import syllabus
from helpers.lessons.syllabus import SYLLABUS, notebook, written


def first_cell(number):
    return nbformat.read(notebook(number), as_version=4).cells[0].source


def everything_before(number):
    """The lessons that a lesson needs, and those that they need, and so on."""
    needs = SYLLABUS[number].needs
    return set(needs).union(*map(everything_before, needs))


def named(line):
    """The numbers of the lessons that a line names: "lessons 01 to 03 and 07" names four."""
    numbers = {int(n) for n in re.findall(r"\b\d\d\b", line)}
    return numbers.union(*(range(int(a), int(b) + 1) for a, b in re.findall(r"\b(\d\d) to (\d\d)\b", line)))


def test_the_lessons_are_numbered_in_order_and_each_has_a_name_of_its_own():
    assert list(SYLLABUS) == list(range(len(SYLLABUS)))
    for names in ([each.slug for each in SYLLABUS.values()], [each.title for each in SYLLABUS.values()]):
        assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", lesson.slug) for lesson in SYLLABUS.values())


@pytest.mark.parametrize("number", SYLLABUS)
def test_a_lesson_needs_earlier_ones_and_names_only_what_does_not_follow(number):
    needs = SYLLABUS[number].needs
    assert all(other < number for other in needs) and list(needs) == sorted(set(needs))
    assert needs or number == 0, "the first lesson is for everyone"
    implied = set().union(*map(everything_before, needs))
    assert not implied & set(needs), "an arrow of the map that follows from the others"


def test_a_line_of_needs_is_read():
    assert named("needs lessons 01 to 03") == {1, 2, 3}
    assert named("needs lesson 00 and the derivative of a function of one variable") == {0}
    assert named("needs lessons 04 and 06") == {4, 6} and named("needs no other lesson") == set()


@pytest.mark.parametrize("number", written())
def test_the_notebook_says_the_same(number):
    text = first_cell(number)
    assert text.splitlines()[0] == f"# {number} · {SYLLABUS[number].title}"
    stated = named(re.search(r"· (needs .*?) ·", text)[1])
    if stated:
        assert set(SYLLABUS[number].needs) <= stated <= everything_before(number)
    else:
        assert SYLLABUS[number].needs == ()


def test_a_notebook_is_found_by_its_number():
    assert written() == sorted(written()) and {0, 9} <= set(written())
    assert notebook(4).name == "04_activation_functions.ipynb" and notebook(4).parent == syllabus.NOTEBOOKS
    with pytest.raises(KeyError):
        notebook(len(SYLLABUS))


def test_copies_and_scratch_notebooks_do_not_count(tmp_path, monkeypatch):
    for name in ("03_derivatives_and_jacobians", "03_derivatives_and_jacobians-Copy1", "05_my_own_notes", "21_scratch"):
        shutil.copy(notebook(0), tmp_path / f"{name}.ipynb")
    (tmp_path / "07_perceptron.ipynb").mkdir()  # a folder is no notebook
    monkeypatch.setattr(syllabus, "NOTEBOOKS", tmp_path)
    assert written() == [3]


def test_a_reader_meets_matplotlib_in_the_lessons_own_cells():
    """A simple plot stands where it can be changed: a figure, its lines, and the words that say what it shows."""
    sources = [
        "".join(cell["source"])
        for number in written()
        for cell in json.loads(notebook(number).read_bytes())["cells"]
        if cell["cell_type"] == "code"
    ]
    plotting = [source for source in sources if "plt.subplots()" in source]
    assert len(plotting) >= 5
    assert all("ax.plot(" in source and "Picture(figure, " in source for source in plotting)
