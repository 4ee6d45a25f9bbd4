"""README.md and its picture follow the lessons and the table of equations."""

import re
import subprocess

import pytest

from helpers.classroom.readme import PICTURE, README, renewed
from helpers.classroom.svg import difference
from helpers.lessons.lesson_00.pictures import draw_map
from helpers.lessons.syllabus import ROOT


def test_the_generated_parts_are_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert renewed(text) == text, "run `make notebooks` and commit README.md"
    stored = PICTURE.read_text(encoding="utf-8")
    assert not difference(stored, draw_map().svg()), "run `make notebooks` and commit the picture"


def test_a_missing_marker_is_named():
    with pytest.raises(ValueError, match="<!-- equations -->"):
        renewed(README.read_text(encoding="utf-8").replace("<!-- equations -->", ""))


def test_every_module_of_the_mathematics_is_in_the_table():
    text = README.read_text(encoding="utf-8")
    for path in (ROOT / "helpers").glob("[!_]*.py"):
        assert re.search(rf"`(helpers/)?{path.name}`", text), path.name


def test_every_link_and_every_make_target_exists():
    text = README.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert f"make {target} " in listed, target
