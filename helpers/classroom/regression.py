"""pytest's part of the regression test, loaded by pyproject.toml: nbval, made safe for whoever calls it, and pictures.

nbval executes every notebook and compares each output with the stored one, letter by letter. Here its kernels are
isolated and patient, a kernel that dies is reported as that, notebooks that are no lessons are nobody's business, a
notebook stays on one worker, and the pictures in an output are compared as `helpers.classroom.svg` says.
"""

import base64
import re
import time
from contextlib import ExitStack
from queue import Empty

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

from helpers.classroom import kernels
from helpers.classroom.svg import difference
from helpers.lessons.syllabus import NOTEBOOKS, SYLLABUS, notebook

PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


class KernelDied(RuntimeError):
    """The kernel's process is gone, in the middle of a notebook."""


class PatientKernel(RunningKernel):
    """nbval's kernel, started again if it dies at its start, and missed at once if it dies later."""

    def __init__(self, *args, **kwargs):
        for start in range(1, kernels.STARTS + 1):
            try:
                return super().__init__(*args, **kwargs)
            except RuntimeError:
                if start == kernels.STARTS:
                    raise

    def get_message(self, stream, timeout=None):
        end = time.monotonic() + (timeout or 0)
        while True:
            try:
                return super().get_message(stream, timeout=1 if timeout is None else min(1, timeout))
            except Empty:
                if not self.is_alive():
                    raise KernelDied(
                        "the kernel died while this cell ran: its process is gone. It may have been killed for want "
                        "of memory, or by the cell itself"
                    ) from None
                if timeout is not None and time.monotonic() >= end:
                    raise


nbval.plugin.RunningKernel = PatientKernel


def compare_outputs(cell, test, ref, skip_compare=None, *, compare=nbval.plugin.IPyNbCell.compare_outputs):
    """nbval's comparison of the outputs of a cell, after each pair of pictures has been compared."""
    stored = [found for output in ref for found in PICTURE.findall(_html(output))]
    turn = iter(stored)

    def as_words(found):
        old = next(turn, None)
        if old is None:
            return "a picture that is not stored"
        return difference(*(base64.b64decode(data).decode() for data in (old, found[1]))) or "the stored picture"

    def written(output, words):
        html = PICTURE.sub(words, _html(output))
        return output if not html else type(output)(output | {"data": dict(output["data"]) | {"text/html": html}})

    test = [written(output, as_words) for output in test]
    return compare(cell, test, [written(output, lambda found: "the stored picture") for output in ref], skip_compare)


def _html(output):
    html = output.get("data", {}).get("text/html", "")
    return "".join(html) if isinstance(html, list) else html


nbval.plugin.IPyNbCell.compare_outputs = compare_outputs


def pytest_configure(config):
    isolation = ExitStack()
    isolation.enter_context(kernels.isolated())
    config.add_cleanup(isolation.close)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    # A notebook's cells need one kernel. xdist alone would deal them out to all workers.
    if config.getoption("numprocesses", None) and config.option.dist not in ("loadfile", "loadscope", "each"):
        config.option.dist = "loadfile"


def pytest_ignore_collect(collection_path):
    """Scratch notebooks and copies beside and below the lessons are passed over."""
    if collection_path.suffix == ".ipynb" and NOTEBOOKS in collection_path.parents:
        return True if collection_path not in {notebook(number) for number in SYLLABUS} else None
    return None
