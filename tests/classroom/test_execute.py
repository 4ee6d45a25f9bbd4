"""Executing notebooks: the normal form, byte for byte the same each time, and what is refused."""

import asyncio
import base64
import json

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.classroom import execute, kernels
from helpers.classroom.regression import PICTURE, KernelDied, PatientKernel
from helpers.classroom.svg import difference
from helpers.drawing.explore import VIEW
from helpers.lessons import syllabus


def made(*sources):
    """A notebook of code cells, never executed, which all have one id."""
    cell = {"cell_type": "code", "id": "same", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [cell | {"source": source} for source in sources]
    return nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def stored(folder, name, *sources):
    path = folder / name
    path.write_text(json.dumps(made(*sources)), encoding="utf-8")
    return path


def test_executing_again_changes_nothing_but_the_layout_of_text():
    """A lesson of many kinds of cells; that every lesson's outputs are those of a run is compared by nbval."""
    notebook = syllabus.notebook(13)
    again = execute.load(notebook.read_bytes())
    asyncio.run(execute.execute(again, notebook.parent))
    old, new = notebook.read_text(encoding="utf-8"), execute.normalise(again).decode()
    pictures = zip(PICTURE.findall(old), PICTURE.findall(new), strict=True)
    # Another version of matplotlib draws the same picture in other bytes.
    assert [*filter(None, (difference(*(base64.b64decode(data).decode() for data in pair)) for pair in pictures))] == []
    assert PICTURE.sub("", new) == PICTURE.sub("", old)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Two notebooks, of which the second fails; a first and a second run of both."""
    folder = tmp_path_factory.mktemp("executed", numbered=False)
    good = stored(
        folder,
        "01_good.ipynb",
        "import os, sys, ipywidgets\nprint('é'); sys.stdout.flush(); print('two')",
        "print(os.environ.get('JPY_SESSION_NAME'), 'planted' in dir(), os.path.basename(os.getcwd()))",
        "from IPython.display import display\nmodel = ipywidgets.IntSlider().model_id\n"
        f"display({{'{VIEW}': {{'model_id': model}}}}, raw=True)",
        "1 + 1",
    )
    bad = stored(folder, "02_bad.ipynb", "print('before')", "1 / 0")
    raw = bad.read_bytes()
    settings = tmp_path_factory.mktemp("ipython")
    (settings / "profile_default" / "startup").mkdir(parents=True)
    (settings / "profile_default" / "startup" / "mine.py").write_text("planted = 1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JPY_SESSION_NAME", "notebooks/01_good.ipynb")
        patch.setenv("IPYTHONDIR", str(settings))
        first = asyncio.run(execute.rewrite([good, bad]))
        bytes_after_first = good.read_bytes()
        asyncio.run(execute.rewrite([good]))
    return {
        "cells": json.loads(bytes_after_first)["cells"],
        "notebook": json.loads(bytes_after_first),
        "same": good.read_bytes() == bytes_after_first,
        "failures": first,
        "bad untouched": bad.read_bytes() == raw,
    }


def test_a_second_run_changes_no_byte(executed):
    assert executed["same"]


def test_one_stream_is_one_output(executed):
    assert executed["cells"][0]["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["é\n", "two\n"]}]


def test_the_kernel_runs_in_the_notebook_s_folder_and_sees_no_session_and_no_settings(executed):
    assert executed["cells"][1]["outputs"][0]["text"] == ["None False executed\n"]


def test_no_widget_is_stored(executed):
    assert executed["cells"][2]["outputs"] == []
    assert executed["notebook"]["metadata"] == execute.METADATA


def test_counts_run_from_1(executed):
    assert [cell["execution_count"] for cell in executed["cells"]] == [1, 2, 3, 4]
    assert executed["cells"][3]["outputs"][0]["execution_count"] == 4


def test_a_failing_notebook_is_not_written_and_its_cell_is_shown(executed):
    assert executed["bad untouched"]
    (failure,) = executed["failures"]
    assert "02_bad.ipynb" in failure and "1 / 0" in failure and "ZeroDivisionError" in failure


def test_ids_stay_unless_two_are_equal():
    notebook = made("1", "2", "3")
    notebook.cells[2].id = "cell-1"
    ids = [cell.id for cell in execute.load(json.dumps(notebook)).cells]
    assert ids[0] == "same" and len(set(ids)) == 3
    assert ids == [cell.id for cell in execute.load(json.dumps(notebook)).cells]
    kept = execute.load(execute.normalise(execute.load(json.dumps(notebook))))
    assert [cell.id for cell in kept.cells] == ids


def test_metadata_goes_and_tags_stay():
    notebook = made("1")
    notebook.metadata = {"widgets": {"state": 1}, "kernelspec": {"name": "mine"}}
    notebook.cells[0].metadata = {
        "tags": ["check"],
        "collapsed": True,
        "execution": {"iopub.execute_input": "now"},
    }
    normal = json.loads(execute.normalise(notebook))
    assert normal["cells"][0]["metadata"] == {"tags": ["check"]}
    assert normal["metadata"] == execute.METADATA


def test_an_unknown_number_is_refused():
    assert [path.name[:2] for path in execute.chosen(["4", "01"])] == ["04", "01"]
    assert execute.chosen([]) == [syllabus.notebook(number) for number in syllabus.written()]
    with pytest.raises(ValueError, match=r"no lesson 77 in notebooks/; there are: 00, 01"):
        execute.chosen(["1", "77"])


def test_a_plain_figure_of_a_student_is_shown_as_usual(tmp_path):
    notebook = made(
        "import matplotlib.pyplot as plt\nfrom helpers import Picture\n_ = plt.plot([0, 1], [0, 2])",
        "fig, ax = plt.subplots()\nfig.suptitle('t')\nPicture(fig, 'Described.')",
    )
    asyncio.run(execute.execute(notebook, tmp_path))
    plain, described = ([set(output["data"]) for output in cell.outputs] for cell in notebook.cells)
    assert plain == [{"image/png", "text/plain"}] and described == [{"text/html", "text/plain"}]


def dying(start, times):
    """The function `start`, which the first few times behaves as a kernel that dies at its start."""
    left = [times]

    def started(*args, **kwargs):
        if left[0]:
            left[0] -= 1
            raise RuntimeError("Kernel died before replying to kernel_info")
        return start(*args, **kwargs)

    return started


def test_a_kernel_that_dies_at_its_start_is_started_again(tmp_path, monkeypatch):
    start = NotebookClient.async_start_new_kernel_client
    monkeypatch.setattr(NotebookClient, "async_start_new_kernel_client", dying(start, 2))
    notebook = made("1 + 1")
    asyncio.run(execute.execute(notebook, tmp_path))
    assert notebook.cells[0].outputs[0]["data"]["text/plain"] == "2"


def test_a_kernel_that_never_starts_is_an_error(tmp_path, monkeypatch):
    start = NotebookClient.async_start_new_kernel_client
    monkeypatch.setattr(NotebookClient, "async_start_new_kernel_client", dying(start, kernels.STARTS))
    with pytest.raises(RuntimeError, match="Kernel died"):
        asyncio.run(execute.execute(made("1 + 1"), tmp_path))


@pytest.mark.parametrize("deaths", [0, 3, 4])
def test_nbval_s_kernel_is_started_again_too(monkeypatch, deaths):
    monkeypatch.setattr("nbval.kernel.start_new_kernel", dying(lambda **_: ("manager", "client"), deaths))
    monkeypatch.setattr(PatientKernel, "_ensure_iopub_up", lambda self: None)
    if deaths < kernels.STARTS:
        assert PatientKernel("python3").kc == "client"
    else:
        with pytest.raises(RuntimeError, match="Kernel died"):
            PatientKernel("python3")


def test_a_kernel_that_dies_in_the_middle_is_reported_at_once(monkeypatch):
    kernel = PatientKernel("python3")
    kernel.kc.execute("import os; os._exit(1)")
    with pytest.raises(KernelDied, match="the kernel died while this cell ran"):
        while True:
            kernel.get_message("iopub", timeout=60)
