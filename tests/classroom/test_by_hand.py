"""What makes a run of the notebooks safe holds for `pytest` called by hand, in any way."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.classroom import execute, regression
from helpers.lessons.syllabus import NOTEBOOKS, ROOT, notebook

CELLS = (
    ("x = 1\nprint(x)", "1\n"),
    ("print(x + 1)", "2\n"),
    ("import os\nprint('planted' in dir(), os.environ.get('JPY_SESSION_NAME'), os.environ.get('MPLBACKEND'))",
     "False None module://matplotlib_inline.backend_inline\n"),
)  # fmt: skip


def by_hand(folder, *arguments, cells=CELLS, **environment):
    """Call pytest on a notebook of these (source, output) as a person would; returns what it printed, and its code."""
    made = [
        new_code_cell(source, outputs=[new_output("stream", name="stdout", text=text)], execution_count=k)
        for k, (source, text) in enumerate(cells, start=1)
    ]
    path = folder / "by_hand.ipynb"
    nbformat.write(new_notebook(cells=made, metadata=execute.METADATA), path)
    run = [
        sys.executable,
        "-m",
        "pytest",
        "--config-file",
        ROOT / "pyproject.toml",
        "-p",
        "no:cacheprovider",
        path,
        *arguments,
    ]
    done = subprocess.run(run, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120)
    return done.stdout, done.returncode


@pytest.mark.parametrize(
    "arguments",
    [(), ("-n", "2"), ("-n", "2", "--dist", "worksteal")],
    ids=" ".join,
)
def test_a_notebook_stays_whole_and_sees_no_settings_of_the_user(tmp_path, arguments):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("planted = 1")
    users = {"IPYTHONDIR": str(tmp_path / "ipython"), "JPY_SESSION_NAME": "a.ipynb", "MPLBACKEND": "agg"}
    printed, code = by_hand(tmp_path, *arguments, **users)
    assert code == 0 and "3 passed" in printed, printed


def test_a_kernel_that_dies_is_reported_as_that(tmp_path):
    printed, code = by_hand(tmp_path, cells=(*CELLS, ("os._exit(1)", ""), ("1", "")))
    assert code == 1 and "the kernel died while this cell ran" in printed and "Timeout" not in printed, printed


@pytest.mark.parametrize(
    "name",
    ["Untitled.ipynb", "04_activation_functions-Copy1.ipynb", "05_mine.ipynb", "backup/04_activation_functions.ipynb"],
)
def test_scratch_notebooks_and_copies_are_nobody_s_business(name, tmp_path):
    assert regression.pytest_ignore_collect(NOTEBOOKS / name) is True
    assert regression.pytest_ignore_collect(tmp_path / name) is None
    assert regression.pytest_ignore_collect(notebook(4)) is None
