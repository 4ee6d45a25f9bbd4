"""One JupyterLab and one browser for all tests, each lesson opened and run once, and the table of times."""

import shutil
from statistics import median, quantiles

import pytest
from playwright.sync_api import sync_playwright

from helpers.lessons import syllabus

from .lab import CHROMIUM_ARGS, NO_BROWSER, Lab, chromium
from .lesson import Lesson

TIMES = pytest.StashKey[list]()
GOAL, LIMIT = 60, 100  # ms from key press to changed document: one pair of axes, every other picture


def pytest_configure(config):
    config.stash[TIMES] = []


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        paths = [syllabus.notebook(number) for number in syllabus.written()]
        # One scope for all files: pytest then runs all tests of a lesson while it is open.
        metafunc.parametrize("lesson", paths, ids=[p.stem for p in paths], indirect=True, scope="session")


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    if path is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """A JupyterLab on an empty folder; who opens a notebook puts it there first."""
    lab = Lab(tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("jupyter"))
    try:
        lab.wait()
        yield lab
    finally:
        lab.stop()


@pytest.fixture(scope="session")
def open_lesson(browser, lab):
    """A function: the path of a notebook -> its copy, opened and run."""

    def open_(path):
        copy = lab.folder / path.name
        shutil.copyfile(path, copy)
        return Lesson(browser, lab, copy.relative_to(lab.folder))

    return open_


@pytest.fixture(scope="session")
def lesson(request, open_lesson):
    """A lesson that has been opened and run; a test that takes it runs for each."""
    lesson = open_lesson(request.param)
    yield lesson
    lesson.close()


@pytest.fixture
def times(request):
    """A list to add (lesson, control, [ms to the changed document], [ms to the next frame]) to."""
    return request.config.stash[TIMES]


def pytest_terminal_summary(terminalreporter, config):
    times = config.stash[TIMES]
    if not times:
        return
    terminalreporter.section("key press to changed picture, ms (median / 95 %)")
    terminalreporter.line(f"{'lesson':<32}{'control':<28}{'presses':>8}{'in the document':>18}{'on the screen':>18}")
    for lesson, control, document, frame in times:
        both = "".join(f"{median(ms):>10.0f} / {quantiles(ms, n=20)[-1]:<5.0f}" for ms in (document, frame))
        terminalreporter.line(f"{lesson:<32}{control:<28}{len(document):>8}{both}")
    terminalreporter.line(
        f"Goals, in the document, on a quiet machine: one pair of axes {GOAL} ms, others {LIMIT}. Nothing fails here."
    )
