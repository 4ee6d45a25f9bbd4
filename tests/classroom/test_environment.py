"""The two commands on a fresh machine: environment.yml for conda and for pip, and when the Makefile builds .venv.

The Makefile's tests install nothing. They run it in a copy of its files, with a PATH that holds the tools it uses
and stand-ins for Python and uv, which write down how they were called.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml  # comes with jupyterlab
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.classroom import installation, student_copy
from helpers.lessons import syllabus
from helpers.lessons.syllabus import ROOT

ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
SPECS = [spec for spec in ENVIRONMENT["dependencies"] if isinstance(spec, str)]
PIP_ONLY = next(entry["pip"] for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict))
BOUNDED = re.compile(r"[a-z0-9-]+>=[\d.]+,<[\d.]+")
TOOLS = ("grep", "sh", "make", "sed", "awk", "cat", "cksum", "rm", "cp", "mkdir", "env")

PYTHON = """#!/bin/sh
echo "python $*" >> calls
case "$1 $2" in
    "-V ") echo "Python ${VERSION:-3.12.1}" ;;
    "-c "*) echo "$0" ;;
    "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip") exit ${INSTALL:-0} ;;
esac
"""
UV = """#!/bin/sh
echo "uv $*" >> calls
case "$1" in
    venv) mkdir -p .venv/bin && cp "$(command -v python3)" .venv/bin/python ;;
    pip) exit ${INSTALL:-0} ;;
esac
"""

NPM = """#!/bin/sh
echo "npm $*" >> calls
case "$*" in
    "install --prefix .venv/proxy "*" configurable-http-proxy@5")
        mkdir -p .venv/proxy/node_modules/.bin && cp "$0" .venv/proxy/node_modules/.bin/configurable-http-proxy ;;
esac
"""


# --- environment.yml -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", SPECS)
def test_every_entry_has_the_form_that_all_readers_take(spec):
    # The form that conda, pip and Binder's builder all take; that conda solves them is not tried here.
    assert spec in ("python=3.12", "pip") or BOUNDED.fullmatch(spec)


def test_pip_gets_the_same_entries_through_the_makefile():
    lines = make(ROOT, "-s", "requirements").stdout.splitlines()
    assert lines == [spec for spec in SPECS if spec not in ("python=3.12", "pip")] + PIP_ONLY
    for line in lines:
        assert line == "-e ." or (BOUNDED.fullmatch(line) and len(Requirement(line).specifier) == 2)


def test_only_conda_forge_and_nothing_twice():
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    names = [re.match(r"[a-z0-9-]+|-e", spec).group() for spec in SPECS + PIP_ONLY]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", [(ROOT / "README.md").read_text(encoding="utf-8"), student_copy.README])
def test_the_way_by_hand_installs_what_the_lessons_need_within_the_bounds(text):
    [lines] = re.findall(r"-m venv \.venv\n(.*?)```", text, re.DOTALL)
    asked = re.findall(r"pip install (.*)", lines)
    assert asked[-1].endswith(" -e .")
    asked = [Requirement(each.strip('"')) for each in " ".join(asked).removesuffix(" -e .").split()]
    assert {each.name for each in asked} == set(installation.LESSONS_NEED)
    listed = {each.name: each.specifier for each in map(Requirement, filter(BOUNDED.fullmatch, SPECS))}
    for each in asked:
        assert set(each.specifier) <= set(listed[each.name])
        [upper] = [bound.version for bound in listed[each.name] if bound.operator == "<"]
        assert each.specifier or "." not in upper  # a bound below the next major version has a reason


def test_this_environment_is_within_the_bounds():
    assert installation.missing(make(ROOT, "-s", "requirements").stdout.splitlines()) == []
    assert installation.missing(["numpy>=99,<100"])[0].startswith("numpy>=99,<100 (here: ")
    assert installation.missing(["no-such-package>=1,<2"]) == ["no-such-package>=1,<2"]


# What is not on the list cannot be imported, as where Binder or conda has installed the list alone.
ONLY_LISTED = """
import json, sys
from importlib.abc import MetaPathFinder

class Unlisted(MetaPathFinder):
    names = set(json.loads(sys.argv[1]))

    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            raise ModuleNotFoundError(f"{name} is not on the list", name=name)

sys.meta_path.insert(0, Unlisted())
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in json.loads(sys.argv[2]):
    shell.run_cell(source).raise_error()
"""


def listed():
    """The names of the packages that environment.yml lists, and of all that they ask for."""
    names, waiting = set(), [Requirement(spec) for spec in SPECS + PIP_ONLY if BOUNDED.fullmatch(spec)]
    while waiting:
        asked = waiting.pop()
        for extra in ("", *asked.extras):
            if (canonicalize_name(asked.name), extra) in names:
                continue
            names.add((canonicalize_name(asked.name), extra))
            try:
                below = map(Requirement, metadata.requires(asked.name) or ())
            except metadata.PackageNotFoundError:  # of another system
                continue
            waiting += [each for each in below if not each.marker or each.marker.evaluate({"extra": extra})]
    return {name for name, _ in names} | {"matrix-calculus-course"}


def run_with_the_listed_alone(folder, sources):
    """What is printed by the sources of cells, in a folder from which only an installed course is found."""
    here, listed_ = metadata.packages_distributions(), listed()
    unlisted = [name for name, by in here.items() if not {canonicalize_name(each) for each in by} & listed_]
    run = [sys.executable, "-c", ONLY_LISTED, json.dumps([*unlisted, "nbgrader", "jupyterhub"]), json.dumps(sources)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"IPYTHONDIR": str(folder)}
    return subprocess.run(run, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def cells(number):
    found = json.loads(syllabus.notebook(number).read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]


def test_with_the_listed_packages_alone_lesson_00_runs_and_all_lessons_import(tmp_path):
    imports = [
        ast.unparse(node)
        for number in syllabus.written()
        for cell in cells(number)
        for node in ast.walk(ast.parse(TransformerManager().transform_cell(cell)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert len(imports) > 40
    done = run_with_the_listed_alone(tmp_path, [*sorted({*imports}), *cells(0)])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is here: Python, numpy, matplotlib" in done.stdout
    for unlisted in ("nbgrader", "jupyterhub"):
        done = run_with_the_listed_alone(tmp_path, [f"import {unlisted}"])
        assert done.returncode != 0 and f"{unlisted} is not on the list" in done.stderr


# --- the Makefile ----------------------------------------------------------------------------------------------


def make(folder, *arguments, **environment):
    # Under `make test` a make would inherit the outer one's flags and print the folders it enters.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    run = ["make", *arguments]
    return subprocess.run(run, cwd=folder, env=environment or inherited, capture_output=True, text=True, timeout=60)


@pytest.fixture
def checkout(tmp_path):
    """A copy of the files that `make env` reads."""
    for name in ("Makefile", "environment.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def stand_in(checkout, name, text):
    path = checkout / "bin" / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def build(checkout, *arguments, **environment):
    """Run `make env`; returns what it did and the calls of the stand-ins since the last time."""
    (checkout / "calls").unlink(missing_ok=True)
    done = make(checkout, "env", *arguments, PATH=str(checkout / "bin"), **environment)
    calls = (checkout / "calls").read_text().splitlines() if (checkout / "calls").exists() else []
    return done, [call for call in calls if not call.startswith(("python -V", "python -c"))]


@pytest.fixture(params=["uv", "pip"])
def built(checkout, request):
    """A checkout whose .venv was built, with either installer."""
    stand_in(checkout, "python3", PYTHON)
    if request.param == "uv":
        stand_in(checkout, "uv", UV)
    done, calls = build(checkout)
    assert done.returncode == 0, done.stderr
    assert [call.split()[:3] for call in calls] == [
        ["uv", "venv", "--quiet"] if request.param == "uv" else ["python", "-m", "venv"],
        ["uv", "pip", "install"] if request.param == "uv" else ["python", "-m", "pip"],
    ]
    return checkout


def test_nothing_is_built_twice(built):
    done, calls = build(built)
    assert (done.returncode, done.stdout, calls) == (0, "", [])


@pytest.mark.parametrize("change", ["environment.yml", "pyproject.toml", "stamp", "python", "interpreter"])
def test_a_change_builds_it_again_from_nothing(built, change):
    (built / ".venv" / "old").touch()
    if change == "stamp":
        (built / ".venv" / "stamp").unlink()
    elif change == "interpreter":
        (built / ".venv" / "bin" / "python").unlink()
    elif change != "python":
        with (built / change).open("a") as file:
            file.write("# changed\n")
    done, calls = build(built, VERSION="3.13.0" if change == "python" else "3.12.1")
    assert done.returncode == 0 and len(calls) == 2
    assert not (built / ".venv" / "old").exists()


def test_the_hubs_proxy_is_added_once_and_left_out_where_there_is_no_npm(built):
    def calls():
        done = make(built, "hub-env", PATH=str(built / "bin"))
        assert done.returncode == 0, done.stderr
        return (built / "calls").read_text().count("npm install")

    assert calls() == 0
    stand_in(built, "npm", NPM)
    assert [calls(), calls()] == [1, 1]


def test_a_failed_installation_leaves_nothing_and_says_what_failed(built):
    (built / ".venv" / "stamp").unlink()
    done, _ = build(built, INSTALL="1")
    assert done.returncode != 0
    assert not (built / ".venv").exists()
    assert re.search(r"not built: (uv )?pip install failed", done.stderr)
    done, calls = build(built)
    assert done.returncode == 0 and len(calls) == 2


@pytest.mark.parametrize("fault", ["missing", "empty", "indented"])
def test_a_list_that_cannot_be_read_builds_nothing(built, fault):
    listed = built / "environment.yml"
    if fault == "missing":
        listed.unlink()
    else:
        listed.write_text("" if fault == "empty" else listed.read_text().replace("  - numpy", "  -numpy"))
    (built / ".venv" / "stamp").unlink()
    done, _ = build(built)
    assert done.returncode != 0
    assert not (built / ".venv" / "stamp").exists()
    assert "environment.yml: missing" in done.stderr if fault != "empty" else "not built" in done.stderr
    assert fault != "indented" or "-numpy" in done.stdout


def test_a_python_under_a_path_with_a_space(checkout):
    (checkout / "my tools").mkdir()
    stand_in(checkout, "../my tools/python", PYTHON)
    done, calls = build(checkout, f"PYTHON={checkout}/my tools/python")
    assert done.returncode == 0 and len(calls) == 2, done.stderr


def test_a_python_that_fails_when_run_is_passed_over(checkout):
    stand_in(checkout, "python3", "#!/bin/sh\nexit 127\n")
    stand_in(checkout, "python3.12", PYTHON)
    done, calls = build(checkout)
    assert done.returncode == 0 and calls[0] == "python -m venv .venv"


def test_without_a_python_the_message_says_what_to_do(checkout):
    done, calls = build(checkout)
    assert done.returncode != 0 and calls == []
    assert "No Python 3.11, 3.12 or 3.13 found" in done.stderr and "PYTHON=" in done.stderr


def test_the_active_environment_is_checked_and_left_alone(checkout):
    file = Path("helpers", "classroom", "installation.py")
    (checkout / file).parent.mkdir(parents=True)
    shutil.copy(ROOT / file, checkout / file)
    with (checkout / "environment.yml").open("a") as file:
        file.write("      - no-such-package>=1,<2\n")
    done = make(checkout, "env", "ENV=current", f"PYTHON={sys.executable}", PATH=str(checkout / "bin"))
    assert done.returncode != 0 and not (checkout / ".venv").exists()
    lacks = [line.strip() for line in done.stderr.splitlines() if line.startswith("  ")]
    assert len(lacks) == 2 and "no-such-package>=1,<2" in lacks and any("helpers" in line for line in lacks)


def test_make_alone_lists_every_target():
    lines = make(ROOT).stdout.splitlines()
    listed = {line.split()[1] for line in lines}
    students = {"env", "lab", "requirements"}
    instructors = {"classroom-env", "release", "grade", "bench-classroom", "hub-env", "hub", "bench-hub"}
    assert listed == students | instructors | {"test", "notebooks", "test-browser", "test-hub", "bench", "clean"}
    assert all(line.startswith("make ") and len(line.split()) > 4 for line in lines)
