"""What a class hands in, in the forms in which instructors have it, is told apart by student."""

import io
import json
import os
import random
import subprocess
import unicodedata
import zipfile

import pytest
import school

from helpers.classroom import submissions
from helpers.classroom.slicing import in_pieces
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


FINE = {SEVEN: content(SEVEN)}


def flipped(data, name):
    """A zip with some bytes of an entry's data flipped."""
    start = data.index(name.encode()) + len(name) + 8
    return data[:start] + bytes(255 - byte for byte in data[start : start + 40]) + data[start + 40 :]


def zip_of(name, data, compression=zipfile.ZIP_DEFLATED, mode=0o644, others=FINE):
    """The bytes of a zip of one entry, and others that are fine."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = (0o100000 | mode) << 16
        archive.writestr(entry, data, compression)
        for path, fine in others.items():
            archive.writestr(path, fine)
    return made.getvalue()


NOISY = random.Random(1).randbytes(5000)
STRANGE = {
    "up": (lambda name, others: zip_of(f"{name}/../../x.ipynb", "x", others=others), "it leads outside"),
    "link": (
        lambda name, others: zip_of(f"{name}/x.ipynb", "/etc/passwd", mode=0o120777, others=others),
        "it is a link",
    ),
    "bomb": (lambda name, others: zip_of(f"{name}/x.ipynb", bytes(51 * 2**20), others=others), "has more than 50 MB"),
    **{
        f"flipped by {kind}": (
            lambda name, others, number=number: flipped(
                zip_of(f"{name}/x.ipynb", NOISY, number, others=others), f"{name}/x.ipynb"
            ),
            "cannot be unpacked",
        )
        for kind, number in (
            ("nothing", zipfile.ZIP_STORED),
            ("zlib", zipfile.ZIP_DEFLATED),
            ("bz2", zipfile.ZIP_BZIP2),
            ("lzma", zipfile.ZIP_LZMA),
        )
    },
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_file_in_a_zip_that_cannot_be_read_is_named_and_costs_nothing_else(strange, tmp_path):
    """In a student's own zip, and in the one zip of a class."""
    make, says = STRANGE[strange]
    (tmp_path / "in" / "Ann").mkdir(parents=True)
    (tmp_path / "in" / "Ann" / "mine.zip").write_bytes(make("week3", FINE))
    (tmp_path / "class.zip").write_bytes(make("Ann", {f"Ann/{SEVEN}": FINE[SEVEN], f"Bob/{SEVEN}": FINE[SEVEN]}))
    [ann] = collect(tmp_path / "in").submissions
    assert list(ann.files) == [f"mine.zip/{SEVEN}"]
    [note] = ann.notes
    assert "mine.zip" in note and says in note
    ann, bob = collect(tmp_path / "class.zip").submissions
    assert list(ann.files) == list(bob.files) == [SEVEN]
    [note] = ann.notes
    assert "x.ipynb" in note and says in note and bob.notes == ()


@pytest.mark.parametrize("path", ["../x.ipynb", "/x.ipynb", "C:\\x.ipynb"])
def test_what_leads_outside_of_a_class_is_left_out_by_name(path, tmp_path):
    (tmp_path / "class.zip").write_bytes(
        zip_of(path, "x", others={f"{name}/{SEVEN}": b"{}" for name in ("Ann", "Bob")})
    )
    handed_in = collect(tmp_path / "class.zip")
    assert [each.student for each in handed_in.submissions] == ["Ann", "Bob"]
    assert handed_in.left_out == [f"{path.replace(chr(92), '/')} is left out: it leads outside"]


def test_how_much_is_read_is_limited_for_each_student(tmp_path, monkeypatch):
    """Not for the class, and what is no notebook is not read at all."""
    monkeypatch.setattr(submissions, "MOST", 10_000)
    files = {f"{name}/{k}.ipynb": bytes(4000) for name in ("Ann", "Bob", "Cy") for k in (1, 2)}
    files |= {"Bob/3.ipynb": bytes(4000), "Cy/film.mov": bytes(10**6)}
    (tmp_path / "class.zip").write_bytes(school.packed(files))
    ann, bob, cy = collect(tmp_path / "class.zip").submissions
    assert (len(ann.files), len(bob.files), ann.notes, cy.notes) == (2, 2, (), ())
    assert bob.notes == ("3.ipynb is not read: with it, what was handed in has more than 0 MB",)
    assert cy.files["film.mov"] == b""


def test_a_zip_of_very_many_files_is_read_to_a_number(tmp_path):
    (tmp_path / "Ann").mkdir()
    (tmp_path / "Ann" / "mine.zip").write_bytes(school.packed({f"{k}.txt": b"" for k in range(3000)}))
    [ann] = collect(tmp_path).submissions
    assert (len(ann.files), ann.notes) == (1000, ("mine.zip has 3000 files, of which the first 1000 are read",))


def test_files_in_a_folder_that_cannot_be_read_are_named_and_cost_nothing_else(tmp_path):
    """A file of a terabyte, which takes no room; a link; bytes that are no zip; folders deeper than a path may be."""
    for name in ("Ann", "Bob"):
        lay_out(tmp_path, [f"{name}/{SEVEN}"])
    for name in ("big.ipynb", "big.zip", "big.mov"):
        with open(tmp_path / "Bob" / name, "wb") as file:
            file.truncate(2**40)
    (tmp_path / "Bob" / "passwd.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "Bob" / "none.zip").write_bytes(b"no zip at all")
    here = os.getcwd()
    os.chdir(tmp_path / "Bob")
    try:
        for _ in range(1500):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.chdir(here)
    try:
        ann, bob = collect(tmp_path).submissions
        assert ann.notes == () and sorted(bob.files) == [SEVEN, "big.mov"]
        said = "\n".join(bob.notes)
        for part in (
            "big.ipynb has more than 50 MB",
            "big.zip is not read: with it, what was handed in has more than 200 MB",
            "passwd.ipynb is a link, which is not followed",
            "none.zip cannot be read as a zip",
            "deep/",
        ):
            assert part in said
        assert len(bob.notes) == 5 and max(map(len, bob.notes)) <= 500
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "Bob"])  # pytest's own way does not go so deep


def test_two_names_that_become_one_keep_all_files(tmp_path):
    """The same letters in two forms, as a Mac and another system write them."""
    for form in ("NFC", "NFD"):
        lay_out(tmp_path, [unicodedata.normalize(form, f"Zoë/{SEVEN}")])
    [zoe] = collect(tmp_path).submissions
    assert list(zoe.files) == [SEVEN, f"1 {SEVEN}"]


def test_halves_of_characters_in_a_notebook_are_not_the_end():
    assert submissions.readable("a\udcfcb\ud800c\udcff") == "aüb?cÿ"
    assert submissions.readable("Zoë 😀") == "Zoë 😀"


def test_a_cell_of_many_empty_lines_is_read(tmp_path):
    cell = {"cell_type": "code", "source": "\n" * 400_000 + "x", "metadata": {}, "outputs": []}
    [source] = submissions.code_cells(json.dumps({"cells": [cell]}).encode(), "mine.ipynb")
    assert in_pieces(source, whole=True)
