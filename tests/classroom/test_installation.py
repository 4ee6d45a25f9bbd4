"""check_installation: silent about versions where all is well, and clear where something is missing.

The faults are real ones: a Python that sees no installed package, a package of another version or one that
cannot be imported in front of the right one, a page that lies in another copy of the course.
"""

import json
import os
import re
import subprocess
import sys
import tomllib

import pytest

from helpers.classroom import installation
from helpers.lessons.syllabus import ROOT

CALL = "from helpers.classroom.installation import check_installation\ncheck_installation()"
WELL = "Everything is here: Python, numpy, matplotlib, the controls, JupyterLab and the course's own helpers.\n"


def verdict(folder, code=CALL, first=(), options=()):
    """What the code prints when it runs in a folder, with the paths of `first` in front of all others."""
    path = os.pathsep.join(map(str, (*first, ROOT)))
    run = [sys.executable, *options, "-c", code]
    done = subprocess.run(run, cwd=folder, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pairs(text):
    """{what is needed: what is here} of a printed verdict."""
    return dict(re.findall(r"needed: (.*)\n +here: (.*)", text))


@pytest.mark.parametrize("where", ["notebooks", "tmp"])
def test_where_all_is_well_it_says_so_without_a_version(where, tmp_path):
    assert verdict(tmp_path if where == "tmp" else ROOT) == WELL


def test_without_any_package_it_still_runs_and_names_each(tmp_path):
    text = verdict(tmp_path, options=["-S"])  # no site-packages
    assert pairs(text) == dict.fromkeys(installation.requirements(), "none")
    assert "make lab" in text and sys.base_prefix in text


def test_the_first_cell_of_the_lesson_works_without_any_package(tmp_path):
    cells = json.loads((ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))["cells"]
    first = "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))
    assert "needed: numpy" in verdict(tmp_path, first, options=["-S"])


@pytest.mark.parametrize("version, wrong", [("1.26.4", True), ("2.3.5", True), ("3.0.0", True), ("2.4.0", False)])
def test_a_package_of_another_version(tmp_path, version, wrong):
    folder = tmp_path / f"numpy-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: numpy\nVersion: {version}\n")
    numpy = next(line for line in installation.requirements() if line.startswith("numpy"))
    assert pairs(verdict(tmp_path, first=[tmp_path])) == ({numpy: version} if wrong else {})


@pytest.mark.parametrize("name", installation.IMPORTED)
def test_a_package_that_is_there_and_cannot_be_imported(tmp_path, name):
    (tmp_path / f"{name}.py").write_text("raise OSError('planted')")
    found = pairs(verdict(tmp_path, first=[tmp_path]))
    needed = next(line for line in installation.requirements() if line.startswith(name))
    assert found[needed] == "one that cannot be imported (OSError: planted)"
    # Without numpy or ipywidgets those that are built on them cannot be imported either.
    built_on = {"numpy": ("matplotlib",), "ipywidgets": ("anywidget",)}.get(name, ())
    assert {re.match("[a-z]+", line).group() for line in found} <= {name, *built_on}


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_another_python(version):
    [(needed, here)] = installation.faults(version, ROOT)
    assert needed == "one of Python 3.11, 3.12, 3.13"
    assert here == f"Python 3.{version[1]}"


def test_the_pythons_are_those_of_pyproject():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    last = installation.PYTHONS[-1]
    assert asked == ">={}.{},<{}.{}".format(*installation.PYTHONS[0], last[0], last[1] + 1)
    assert list(installation.faults(sys.version_info[:2], ROOT)) == []


def test_a_page_in_another_copy_of_the_course(tmp_path):
    for folder in ("helpers", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "helpers" / "classroom").mkdir()
    (tmp_path / "helpers" / "classroom" / "installation.py").touch()
    text = verdict(tmp_path / "notebooks")
    [(needed, here)] = pairs(text).items()
    assert str(tmp_path) in needed and str(ROOT) in here
    assert "unset PYTHONPATH" in text


def test_every_package_has_its_bounds_from_the_one_list():
    for line in installation.requirements():
        assert re.fullmatch(r"[a-z-]+>=[\d.]+,<[\d.]+", line)


def test_a_copy_without_the_list_asks_for_the_packages_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(installation, "COURSE", tmp_path)
    assert list(installation.requirements()) == list(installation.LESSONS_NEED)
