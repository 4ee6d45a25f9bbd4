"""Re-execute notebooks and store them in their normal form: `python -m helpers.classroom.execute [03 ...]`.

The normal form is a function of the sources and what they print, so that a second run changes no byte: counts
1..n, no timing, no versions, no kernel's random ids, one fixed layout of the JSON.
"""

import argparse
import asyncio
import copy
import json
import re
import sys
from subprocess import DEVNULL

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.classroom.kernels import STARTS, isolated
from helpers.drawing.explore import VIEW
from helpers.lessons import syllabus

PREDICT = "predict"  # the tag of a cell whose stored output is collapsed, because the reader predicts it first
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS = 120  # for one cell
AT_A_TIME = 2


def load(text):
    """The notebook in a JSON text (nbformat 4). A cell without an id of its own gets one from its place."""
    raw = json.loads(text)
    if raw.get("nbformat") != 4:
        raise ValueError(f"expected a notebook of nbformat 4, got {raw.get('nbformat')}; save it in JupyterLab")
    raw["nbformat_minor"] = max(5, raw["nbformat_minor"])
    seen = set()
    for place, cell in enumerate(raw["cells"]):
        if cell.get("id") in seen | {None}:
            cell["id"] = next(f"cell-{n}" for n in range(place, 10**6) if f"cell-{n}" not in seen)
        seen.add(cell["id"])
    return nbformat.reads(json.dumps(raw), as_version=4)


def normalise(notebook):
    """The normal form of a notebook (a NotebookNode, left as it is): the bytes to store."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata = nbformat.from_dict(METADATA)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        kept = {"tags": tags} if tags else {}
        if PREDICT in kept.get("tags", []):
            kept["jupyter"] = {"outputs_hidden": True}
        cell.metadata = nbformat.from_dict(kept)
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
        cell.outputs = list(_outputs(cell.outputs))
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def _outputs(outputs):
    # A widget's view is the random id of a model that dies with its kernel, and where one was taken away nothing is
    # left. The text of a stream comes in any number of pieces.
    last = None
    for output in outputs:
        if VIEW in output.get("data", {}) or output.get("data") == {}:
            continue
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
            continue
        if last:
            yield last
        last = output
    if last:
        yield last


async def execute(notebook, folder):
    """Execute a notebook in a folder, top to bottom, by this environment's Python; it holds the new outputs.

    Raises nbclient's CellExecutionError when a cell fails, RuntimeError when no kernel starts.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for start in range(1, STARTS + 1):
        # No folders to look for kernels in: what is left is this environment's own.
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        client = NotebookClient(notebook, km=manager, timeout=SECONDS, record_timing=False)
        try:
            return await client.async_execute(cwd=str(folder), stderr=DEVNULL, cleanup_kc=True)
        except RuntimeError:
            if client.code_cells_executed or start == STARTS:
                raise


async def _rewrite(path, turns):
    try:
        stored = path.read_bytes()
        notebook = load(stored)
        async with turns:
            await execute(notebook, path.parent)
    except CellExecutionError as error:
        return f"{path.name}: not rewritten, a cell fails\n{_plain(str(error))}"
    except Exception as error:
        return f"{path.name}: not rewritten, {type(error).__name__}: {error}"
    new = normalise(notebook)
    if new != stored:
        path.write_bytes(new)
    print(f"{path.name}: {'unchanged' if new == stored else 'rewritten'}", flush=True)
    return None


def _plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


async def rewrite(paths):
    """Execute the notebooks at these paths and store those that change; returns a text for each failure."""
    turns = asyncio.Semaphore(AT_A_TIME)
    with isolated():
        return [failure for failure in await asyncio.gather(*(_rewrite(path, turns) for path in paths)) if failure]


def chosen(numbers):
    """The paths of the lessons with these numbers, "03" or "3"; without any, of all. Raises ValueError."""
    known = {f"{number:02}": syllabus.notebook(number) for number in syllabus.written()}
    unknown = [number for number in numbers if number.zfill(2) not in known]
    if unknown:
        raise ValueError(f"no lesson {', '.join(unknown)} in notebooks/; there are: {', '.join(known)}")
    return [known[number.zfill(2)] for number in numbers] or list(known.values())


def main(arguments=None):
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="helpers.classroom.execute", description=__doc__.splitlines()[0])
    parser.add_argument("numbers", nargs="*", metavar="NB", help="a notebook's number, such as 03; without any, all")
    try:
        paths = chosen(parser.parse_args(arguments).numbers)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    failures = asyncio.run(rewrite(paths))
    print(*failures, sep="\n", end="\n" if failures else "", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
