"""The limits of time and memory where they are needed: in a kernel, with its threads and its own input()."""

import asyncio

import nbformat
import pytest

from helpers.classroom import execute

GROWS = """
def grows(x):
    arrays = []
    while True:
        arrays.append(np.zeros(2**26))

check("0.1", grows)"""
CELLS = {
    "import numpy as np; from helpers import *; from helpers.lessons import library": "",
    # Which limit comes first here is a question of the machine.
    'check("0.1", lambda x: [None for _ in iter(int, 1)])': "0.1 wrong. For x = 2: your function",
    GROWS: "asks for more than 2 GB of memory",
    'library.recording("0.1").seconds = 1  # of five, which nobody has to wait for twice': "",
    'check("0.1", lambda x: [sum(range(99)) for _ in iter(int, 1)])': "had not come back after 1 second",
    'check("0.1", lambda x: float(input("x = ")))': "asks for input()",
    'check("0.1", lambda x: 2 * x)': "0.1 wrong.",
    'print("still", "here", input.__name__)': "still here raw_input",
}


def test_in_a_kernel_every_accident_is_explained_and_the_kernel_lives(tmp_path):
    pytest.importorskip("resource")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    asyncio.run(execute.execute(notebook, tmp_path))
    said = ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]
    for text, words in zip(said, CELLS.values(), strict=True):
        assert words in text, said
