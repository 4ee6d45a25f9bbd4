"""The stored form of every notebook: what nbval does not compare, or would pass in silence.

Whether the outputs are still what the cells print is nbval's part, and test_execute's.
"""

import base64
import json
import re
import subprocess
import sys

import pytest

from helpers.classroom import execute
from helpers.classroom.regression import PICTURE
from helpers.drawing.explore import VIEW
from helpers.lessons.syllabus import ROOT

TAGS = {"exercise", "check", execute.PREDICT, "tape"}  # what stands in tape cells is executed by the bench and by tests
# Rounding noise: a mantissa with a fraction times 1e-13 or less, or a float printed to its last digits. The
# spacing of float64, 2.2e-16, is a number that the lessons talk about.
NOISE = re.compile(r"(?<![\d.])(?!2\.2e-16)\d\.\d+e-(?:1[3-9]|[2-9]\d|\d{3})|\d\.\d{14,}")
MACHINE = re.compile(r"/home/|/Users/|/root/|/tmp/|/var/folders/|/site-packages/")
DRIVE = re.compile(r"\b[A-Z]:\\\\?(?:Users|Windows|Program)")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
HIDES_OUTPUT = re.compile(r"NBVAL_|PYTEST_VALIDATE|%%capture|clear_output")
WRITTEN = re.compile(r"<!-- (.*?) -->", re.DOTALL)  # the texts of a picture, whose letters are drawn


@pytest.fixture
def cells(notebook):
    return json.loads(notebook.read_bytes())["cells"]


@pytest.fixture
def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def outputs(code):
    return [output for cell in code for output in cell["outputs"]]


@pytest.fixture
def texts(outputs):
    """Everything the outputs show as text: streams, results, HTML, and what is written in its pictures."""
    parts = [_joined(output["text"]) for output in outputs if "text" in output]
    parts += [_joined(value) for output in outputs for value in output.get("data", {}).values()]
    drawings = [base64.b64decode(data).decode() for part in parts for data in PICTURE.findall(part)]
    return [PICTURE.sub("", part) for part in parts] + [text for svg in drawings for text in WRITTEN.findall(svg)]


def _joined(value):
    return "".join(value) if isinstance(value, list) else value if isinstance(value, str) else json.dumps(value)


def test_the_code_is_in_good_order(notebook):
    """ruff passes over notebooks, because there may be others beside the lessons, and is asked for each lesson here."""
    run = [sys.executable, "-m", "ruff", "check", "--quiet", "--config", ROOT / "pyproject.toml", notebook]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_no_line_of_code_is_cut_off(code):
    """JupyterLab beside its list of files, in a window 1280 pixels wide, shows 104 characters of a line."""
    lines = [line for cell in code for line in "".join(cell["source"]).splitlines()]
    assert [line for line in lines if len(line) > 104] == []


def test_cells_are_counted_from_1(code):
    # nbval compares nothing in a cell without a count and outputs, so a stripped notebook would pass.
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert code, "a notebook without code"


def test_it_has_outputs(outputs):
    assert outputs


def test_no_cell_failed_or_warned(outputs):
    kinds = [output.get("name", output["output_type"]) for output in outputs]
    assert not {"error", "stderr"} & set(kinds)


def test_nothing_hides_an_output(cells):
    for cell in cells:
        assert not HIDES_OUTPUT.search("".join(cell["source"]))
        tags = cell["metadata"].get("tags", [])
        hidden = {"jupyter": {"outputs_hidden": True}} if execute.PREDICT in tags else {}
        assert cell["metadata"] == hidden | ({"tags": tags} if tags else {})
        assert set(tags) <= TAGS


def test_nbval_compares_every_picture(outputs):
    # It skips PNG and JPEG, so a blank plot would pass: a picture is SVG inside HTML.
    for output in outputs:
        assert not {"image/png", "image/jpeg", VIEW} & set(output.get("data", {}))


def test_every_picture_has_a_description(texts):
    for tag in re.findall(r"<img\b[^>]*>", "\n".join(texts)):
        assert re.search(r'\balt="[^"]{20,}"', tag), tag


def test_no_picture_is_blank(outputs):
    html = "\n".join(_joined(output.get("data", {}).get("text/html", "")) for output in outputs)
    for data in PICTURE.findall(html):
        drawing = base64.b64decode(data).decode()
        # A card and a title are drawn in every one; what it shows comes on top.
        assert (
            len(re.findall(r"<(?:path|use) [^>]*(?:clip-path|style)=", drawing)) >= 3
            and len(WRITTEN.findall(drawing)) > 1
        )


def test_no_rounding_noise(texts):
    for text in texts:
        assert not (found := NOISE.search(text)), text[max(0, found.start() - 60) : found.end() + 20]


def test_no_trace_of_a_machine(cells, texts):
    for text in ["".join(cell["source"]) for cell in cells] + texts:
        assert not MACHINE.search(text)
        assert not DRIVE.search(text)
        assert not ADDRESS.search(text)


def test_code_cells_fit_on_a_screen(code):
    for cell in code:
        assert 1 <= len(cell["source"]) <= 18, "".join(cell["source"])


def test_it_opens_quickly(notebook):
    assert notebook.stat().st_size < 1_500_000


def test_it_is_in_normal_form(notebook):
    stored = notebook.read_bytes()
    # Not compared in the assertion: where CI is set, pytest would write out the differences of two whole notebooks,
    # which takes it minutes.
    normal = execute.normalise(execute.load(stored)) == stored
    assert normal, f"run: make notebooks NB={notebook.name[:2]}"
