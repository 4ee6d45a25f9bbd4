"""What the notebooks' tests share: which notebooks, and how their kernels are started."""

import os
import tempfile
from pathlib import Path

# Before numpy is loaded: two workers have two cores, and a second thread in each product would only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
# Started first, because they take longest and both cores should finish together.
FIRST = ("test_regression.py", "test_execute.py", "test_solved.py", "test_stored_faults.py")


class PatientKernel(RunningKernel):
    """nbval's kernel, started again if it dies at its start, as one in many does on a busy machine."""

    STARTS = 4

    def __init__(self, *args, **kwargs):
        for start in range(1, self.STARTS + 1):
            try:
                return super().__init__(*args, **kwargs)
            except RuntimeError:
                if start == self.STARTS:
                    raise


nbval.plugin.RunningKernel = PatientKernel


def pytest_configure(config):
    # For nbval's kernels, as in helpers.classroom.execute: a Jupyter server sets the variable for its kernels, and
    # with it a student's progress is kept; IPython's settings are those of the user.
    os.environ.pop("JPY_SESSION_NAME", None)
    settings = tempfile.TemporaryDirectory(prefix="ipython-")
    config.add_cleanup(settings.cleanup)
    os.environ["IPYTHONDIR"] = settings.name


def pytest_addoption(parser):
    parser.addoption(
        "--notebooks",
        type=Path,
        default=NOTEBOOKS,
        help="the folder whose notebooks, at any depth, the tests of the stored form look at",
    )


def pytest_generate_tests(metafunc):
    if "notebook" in metafunc.fixturenames:
        folder = metafunc.config.getoption("notebooks")
        paths = [p for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
        names = [p.relative_to(folder).as_posix() for p in paths]
        metafunc.parametrize("notebook", paths, ids=names, indirect=True)


@pytest.fixture
def notebook(request):
    """The path of a notebook; a test that takes it runs for each."""
    return request.param


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))
