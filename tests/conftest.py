"""What the notebooks' tests share: which notebooks they look at, and which tests are started first."""

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from helpers.lessons import syllabus

# On a busy machine an example takes longer than it would by itself: no time is a fault.
settings.register_profile("course", deadline=None)
settings.load_profile("course")

# Started first, in this order, because they wait for other processes or take longest: then both cores finish together.
FIRST = (
    *(
        "test_by_hand.py",
        "test_hidden.py",
        "test_grade.py",
        "test_cluster.py",
        "test_regression.py",
        "test_checker_kernel.py",
    ),
    *("test_execute.py", "test_stored_faults.py", "test_release.py", "test_exercises.py"),
    "test_wrong_answers.py",
)


def pytest_addoption(parser):
    parser.addoption(
        "--notebooks", type=Path, help="look at the stored form of the notebooks below this folder, not of the lessons"
    )


def pytest_generate_tests(metafunc):
    if "notebook" in metafunc.fixturenames:
        folder = metafunc.config.getoption("notebooks")
        paths = sorted(folder.rglob("*.ipynb")) if folder else [*map(syllabus.notebook, syllabus.written())]
        names = [path.relative_to(folder or syllabus.NOTEBOOKS).as_posix() for path in paths]
        metafunc.parametrize("notebook", paths, ids=names, indirect=True)


@pytest.fixture
def notebook(request):
    """The path of a notebook; a test that takes it runs for each."""
    return request.param


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


def pytest_collection_finish():
    """What was collected stays until the end: looking through it again and again for garbage took a tenth of the time.

    Figures are full of cycles, and made by the thousand: they are looked for more rarely, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
