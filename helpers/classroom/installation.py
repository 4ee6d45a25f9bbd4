"""Is everything here that a lesson needs? `check_installation()` says yes, or says what is wrong and what to do.

Run as a file, with requirements on standard input, it says which are not installed: for `make ENV=current`, which
installs nothing.

It has to run where packages are missing and where Python is too old for the rest of the course. So it imports the
standard library only, `packaging` where it is found, and is written in a Python as old as 3.8.
"""

import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
PYTHONS = ((3, 11), (3, 12), (3, 13))
LESSONS_NEED = ("numpy", "matplotlib", "ipywidgets", "anywidget", "scikit-learn", "tqdm", "ipykernel", "jupyterlab")
IMPORTED = ("numpy", "matplotlib", "ipywidgets", "anywidget")  # by the lessons' own code; these are also tried

ADVICE = """What to do: save and close JupyterLab, open a terminal in the folder of the course, and run
    make lab
It builds the course's own environment and opens this page in it. With conda instead of make:
    conda env update -f environment.yml
    conda activate matrix-calculus
    jupyter lab notebooks/00_start_here.ipynb
"""
OTHER_COPY = """If another copy of the course is still imported after that, the variable PYTHONPATH may name its folder:
    unset PYTHONPATH
"""


def check_installation():
    """Print that everything is here, in words that are the same on every machine; or what is not, and what to do."""
    lacking = list(faults(sys.version_info[:2], Path.cwd()))
    if not lacking:
        print("Everything is here: Python, numpy, matplotlib, the controls, JupyterLab and the course's own helpers.")
        return
    print("Not everything is here yet.")
    for needed, here in lacking:
        print(f"    needed: {needed}\n      here: {here}")
    other_copy = any(needed.startswith("the helpers") for needed, _ in lacking)
    print(ADVICE + (OTHER_COPY if other_copy else "") + f"This page runs in {sys.prefix}.")


def faults(python, folder):
    """Pairs of texts (what is needed, what is here instead).

    python: the version (major, minor) that runs.
    folder: the notebook's; a course that it lies in must be the one that is imported.
    """
    if python not in PYTHONS:
        versions = ", ".join("{}.{}".format(*version) for version in PYTHONS)
        yield "one of Python " + versions, "Python {}.{}".format(*python)
    for requirement in requirements():
        lack = missing([requirement])
        name = re.match(r"[\w.-]+", requirement).group()
        if lack:
            yield requirement, metadata.version(name) if lack != [requirement] else "none"
        elif name in IMPORTED:
            try:
                importlib.import_module(name)
            except Exception as error:  # a half-installed package may raise anything
                yield requirement, f"one that cannot be imported ({type(error).__name__}: {error})"
    for above in [folder.resolve(), *folder.resolve().parents]:
        if (above / Path(__file__).resolve().relative_to(COURSE)).is_file():
            if above != COURSE:
                yield f"the helpers of {above}, where this page is", f"those of {COURSE}"
            return


def requirements():
    """The lines of environment.yml that a lesson needs; without that file the names alone."""
    file = COURSE / "environment.yml"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    for name in LESSONS_NEED:
        line = re.search(rf"^ *- ({name}[<>=].*)$", text, re.MULTILINE)
        yield line.group(1).strip() if line else name


def missing(requirements):
    """Those of the requirements (lines such as `numpy>=2.2,<3` or `-e .`) that are not installed."""
    absent = (_missing(line.strip()) for line in requirements if line.strip())
    return [requirement for requirement in absent if requirement]


def _missing(requirement):
    if requirement == "-e .":
        spec = importlib.util.find_spec("helpers")
        if spec is None or Path(spec.origin).resolve().parents[1] != COURSE:
            return "helpers (this course; run `pip install --no-deps -e .` in its folder)"
        return None
    name = re.match(r"[\w.-]+", requirement).group()
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return requirement
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return None  # packaging is on the list itself
    if version not in Requirement(requirement).specifier:
        return f"{requirement} (here: {version})"
    return None


if __name__ == "__main__":
    absent = missing(sys.stdin)
    if absent:
        version = sys.version.split()[0]
        print(f"The active environment (Python {version}) lacks:", *absent, sep="\n  ", file=sys.stderr)
        sys.exit(1)
