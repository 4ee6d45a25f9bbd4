"""What a class hands in, in the forms in which instructors have it, is told apart by student."""

import json

import pytest
import school

from helpers.classroom.submissions import collect
from helpers.lessons import syllabus

FIVE, SEVEN = syllabus.notebook(5).name, syllabus.notebook(7).name


def content(name):
    """A notebook of lesson 05 where its name says so, else of lesson 07; a zip of one; anything for another file."""
    if name.lower().endswith(".zip"):
        return packed([SEVEN])
    if not name.endswith(".ipynb"):
        return b"anything"
    source = f'check("{5 if "05" in name else 7}.1", answer)'
    cell = {"cell_type": "code", "metadata": {}, "source": [source], "outputs": []}
    return json.dumps({"cells": [cell]}).encode()


def packed(names):
    return school.packed({name: content(name) for name in names})


def lay_out(folder, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_bytes(content(name))


FORMS = {
    "folders": ([f"Ann/{SEVEN}", f"Zoë O'B/{FIVE}", f"Zoë O'B/sub/{SEVEN}"], {"Ann": 1, "Zoë O'B": 2}),
    "zips": (["Ann.zip", "Bob Q.zip"], {"Ann": 1, "Bob Q": 1}),
    "by student and lesson": ([f"ann_{SEVEN}", f"{FIVE[:-6]}-ann.ipynb", f"bob q {SEVEN}"], {"ann": 2, "bob q": 1}),
    "numbered students": ([f"student_7_{SEVEN}", f"student_8_{SEVEN}"], {"student_7": 1, "student_8": 1}),
    "the number at the end": (
        ["Zoë O'B 07.ipynb", "Zoë O'B 05.ipynb", "rosa07.ipynb", "Max_M_07.ipynb"],
        {"Zoë O'B": 2, "rosa": 1, "Max_M": 1},
    ),
    "the number at the front": (["07-lena.ipynb", "05-lena.ipynb", "07 Tom.ipynb"], {"lena": 2, "Tom": 1}),
    "numbers that are the students'": (
        ["student_06.ipynb", "student_07.ipynb"],  # both of lesson 07
        {"student_06": 1, "student_07": 1},
    ),
    "records beside them": (
        [f"ann_{SEVEN}", "ann_my_progress.json", f"bob-{SEVEN}", "my_progress-bob.json"],
        {"ann": 2, "bob": 2},
    ),
    "a name alone": (["ann.ipynb", "bob.ipynb"], {"ann": 1, "bob": 1}),
    "Moodle": (
        [
            f"Ann Lee_12_assignsubmission_file_/{SEVEN}",
            "Ann Lee_12_assignsubmission_onlinetext_/onlinetext.html",
            f"Bob_13_assignsubmission_file/{SEVEN}",
        ],
        {"Ann Lee_12": 2, "Bob_13": 1},
    ),
    "Canvas": (
        [f"leeann_12_345_{SEVEN}", f"leeann_12_346_{FIVE}", f"qbob_LATE_13_347_{SEVEN[:-6]}-1.ipynb"],
        {"leeann_12": 2, "qbob_13": 1},
    ),
    "in a folder of their own": ([f"handed-in/Ann/{SEVEN}", f"handed-in/Bob/{SEVEN}"], {"Ann": 1, "Bob": 1}),
    "zips in a folder of their own": (["week3/handed-in/Ann.zip", "week3/handed-in/Bob.zip"], {"Ann": 1, "Bob": 1}),
    "one student": ([f"Ann/{SEVEN}", f"Ann/{FIVE}"], {"Ann": 2}),
    "one student of a hub": ([f"Ann/notebooks/{SEVEN}"], {"Ann": 1}),
    "what a Mac and Jupyter add": (
        [f"Ann/{SEVEN}", f"__MACOSX/Ann/._{SEVEN}", f"Ann/.ipynb_checkpoints/{SEVEN}", ".DS_Store"],
        {"Ann": 1},
    ),
}


@pytest.mark.parametrize("zipped", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("form", FORMS)
def test_students_are_told_apart(form, zipped, tmp_path):
    names, expected = FORMS[form]
    place = tmp_path / ("class.ZIP" if zipped else "class")  # as a Windows program may write it
    if zipped:
        place.write_bytes(packed(names))
    else:
        lay_out(place, names)
    handed_in = collect(place)
    assert {each.student: len(each.files) for each in handed_in.submissions} == expected
    assert handed_in.left_out == []


def test_what_is_no_students_is_left_out_by_name(tmp_path):
    lay_out(tmp_path, [f"Ann/{SEVEN}", "Thumbs.db", "notes.txt", "tara.tar.gz"])
    handed_in = collect(tmp_path)
    assert [each.student for each in handed_in.submissions] == ["Ann"]
    assert [line.split(" is left out")[0] for line in handed_in.left_out] == ["Thumbs.db", "notes.txt", "tara.tar.gz"]


def test_what_is_empty_or_late_is_noted(tmp_path):
    lay_out(tmp_path, ["Bob/", f"leeann_LATE_12_345_{SEVEN}"])
    bob, ann = collect(tmp_path).submissions
    assert bob.notes == ("nothing was handed in",)
    assert ann.notes == (f"{SEVEN} was handed in late, its name says",)


@pytest.mark.parametrize("names", [[SEVEN], [SEVEN, FIVE], [f"ann_{SEVEN}", SEVEN]])
def test_notebooks_that_name_no_student_are_refused(names, tmp_path):
    lay_out(tmp_path, names)
    with pytest.raises(ValueError, match="names no student: expected a folder or a zip for each student, or notebooks"):
        collect(tmp_path)


def test_a_zip_in_a_folder_loses_what_a_mac_adds(tmp_path):
    (tmp_path / "Ann").mkdir()
    (tmp_path / "Ann" / "mine.ZIP").write_bytes(packed([SEVEN, f"__MACOSX/._{SEVEN}"]))
    [ann] = collect(tmp_path).submissions
    assert list(ann.files) == [f"mine.ZIP/{SEVEN}"]
