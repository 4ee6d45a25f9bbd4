"""A hub serves the course: a class of six at once gets through a lesson, each in a folder that is theirs alone."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from types import SimpleNamespace

import hub_class
import psutil
import pytest
from httpx import Client

from helpers.classroom import hub, submissions
from helpers.classroom.execute import load, normalise
from helpers.classroom.serving import free_ports
from helpers.lessons import syllabus

# Names of six students as they come, and the folder of each.
CLASS = {
    "ada": "ada",
    "zoë o'neil": "zoë o'neil",
    "b.c@d.org": "b.c@d.org",
    "50%{home}": "50%25%7Bhome%7D",
    "ada2": "ada2",
    "..x": "%2E.x",
}
CHANGED = "eve"  # has already worked on lesson 03, and one of its cells is wrong
LESSON = syllabus.notebook(3)

pytest.importorskip("jupyterhub", reason="make hub-env adds it")
with_node = pytest.mark.skipif(shutil.which("node") is None, reason="no node: JupyterHub's proxy needs Node.js")


@pytest.fixture(scope="module")
def attended(tmp_path_factory):
    """What a class of six and one more have met at a hub that has ended since."""
    folder = tmp_path_factory.mktemp("hub")
    own = folder / "students" / CHANGED / "notebooks" / LESSON.name
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps(load(LESSON.read_text(encoding="utf-8")) | {"cells": [cell("a = 1"), cell("a / 0")]}))
    running = hub.Hub(folder, free_ports(1)[0], as_root=True)
    try:
        running.wait()
        visits = asyncio.run(hub_class.attend(running.address, [*CLASS, CHANGED]))
        memory = {name: hub_class.memory(running, name) for name in CLASS}
        formgrader, lab = asyncio.run(pages(running.address, "ada", "/formgrader", "/lab"))
        processes = psutil.Process(running.process.pid).children(recursive=True)
    finally:
        running.stop()
    _, left = psutil.wait_procs(processes, timeout=20)
    return SimpleNamespace(
        students=folder / "students", visits=visits, memory=memory, processes=processes, left=left, own=own,
        formgrader=formgrader, lab=lab,
    )  # fmt: skip


async def pages(address, name, *paths):
    """What a student whose server runs gets at some paths of it."""
    student = hub_class.Student(address, name, patience=60)
    async with student.web:
        await student.log_in()
        return [await student.web.get(student.user + path) for path in paths]


def cell(source):
    return {
        "cell_type": "code", "id": f"c{len(source)}", "metadata": {}, "source": source, "outputs": [],
        "execution_count": None,
    }  # fmt: skip


# --- a class at a hub ------------------------------------------------------------------------------------------


@with_node
@pytest.mark.parametrize("name", CLASS)
def test_a_student_of_a_class_runs_the_lesson_to_its_end(attended, name):
    visit = attended.visits[name]
    if isinstance(visit, BaseException):
        raise visit
    code = [cell for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert visit.cells == len(code) > 20
    folder = attended.students / CLASS[name] / "notebooks"
    for number in syllabus.written():
        stored, copy = syllabus.notebook(number), folder / syllabus.notebook(number).name
        # What was saved in the student's folder are the outputs that the lesson has.
        assert normalise(load(copy.read_text(encoding="utf-8"))) == stored.read_bytes(), copy.name
    assert json.loads((folder / LESSON.name).read_bytes()) != json.loads(LESSON.read_bytes())  # it was saved


@with_node
def test_every_student_has_one_folder(attended):
    assert {path.name for path in attended.students.iterdir()} == {*CLASS.values(), CHANGED}
    for student in attended.students.iterdir():
        assert [path.name for path in student.iterdir() if path.name[0] != "."] == ["notebooks"]
    # Grading takes the folder as it is.
    handed_in = submissions.collect(attended.students).submissions
    assert {submission.student for submission in handed_in} == {*CLASS.values(), CHANGED}
    assert all(f"notebooks/{LESSON.name}" in submission.files for submission in handed_in)


@with_node
def test_a_lesson_that_was_worked_on_stays_as_it_is_and_its_fault_is_seen(attended):
    fault = attended.visits[CHANGED]
    assert isinstance(fault, RuntimeError), fault
    assert str(fault) == f"cell 2 of {LESSON.name}: ZeroDivisionError: division by zero"
    assert [cell["source"] for cell in json.loads(attended.own.read_text())["cells"]] == ["a = 1", "a / 0"]
    assert {path.name for path in attended.own.parent.glob("*.ipynb")} == {
        syllabus.notebook(number).name for number in syllabus.written()
    }


@with_node
def test_the_memory_of_each_is_found_and_nothing_runs_on(attended):
    for server, kernels in attended.memory.values():
        assert min(server, kernels) > 10e6  # an interpreter alone takes as much
    assert len(attended.processes) > 2 * len(CLASS) and attended.left == []


@with_node
def test_nbgraders_pages_are_not_for_students(attended):
    assert attended.formgrader.status_code == 404
    assert attended.lab.status_code == 200
    settings = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', attended.lab.text, re.DOTALL)[1])
    assert "@jupyter/nbgrader" in settings["disabledExtensions"]


# --- what is handed out ----------------------------------------------------------------------------------------


def test_lessons_are_handed_out_once_and_one_that_was_removed_again(tmp_path):
    names = [syllabus.notebook(number).name for number in syllabus.written()]
    hub.hand_out(tmp_path / "notebooks")
    assert sorted(os.listdir(tmp_path / "notebooks")) == names
    changed, removed, link = (tmp_path / "notebooks" / name for name in names[:3])
    changed.write_text("mine")
    removed.unlink()
    link.unlink()
    link.symlink_to("elsewhere")
    hub.hand_out(tmp_path / "notebooks")
    assert sorted(os.listdir(tmp_path / "notebooks")) == names
    assert changed.read_text() == "mine" and os.readlink(link) == "elsewhere"
    assert removed.read_bytes() == syllabus.notebook(1).read_bytes()


def test_a_lesson_that_comes_while_it_is_copied_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    name = syllabus.notebook(0).name
    (tmp_path / name).write_text("mine")
    hub.hand_out(tmp_path)
    assert (tmp_path / name).read_text() == "mine"
    assert (tmp_path / syllabus.notebook(20).name).is_file()


# --- the command -----------------------------------------------------------------------------------------------


@with_node
def test_the_command_prints_the_address_and_ends_everything_when_it_is_ended(tmp_path):
    [port] = free_ports(1)
    command = [sys.executable, "-m", "helpers.classroom.hub", "--port", str(port), "--into", "class", "--as-root"]
    run = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert run.stdout.readline().startswith(f"The course is at http://127.0.0.1:{port}. Ctrl-C ends it")
        assert "any name, without a password" in run.stdout.readline()
        with pytest.raises(RuntimeError, match=f"Port {port} is taken: choose another, as in `make hub PORT="):
            hub.Hub(tmp_path / "second", port, as_root=True)
        assert (tmp_path / "class").stat().st_mode & 0o077 == 0  # its keys and the students' work
        below = psutil.Process(run.pid).children(recursive=True)
        assert any(hub.PROXY in " ".join(process.cmdline()) for process in below)
        run.send_signal(signal.SIGINT)
        assert "Ending the hub" in run.communicate(timeout=60)[0] and run.returncode == 0
        assert psutil.wait_procs(below, timeout=20)[1] == []
    finally:
        run.kill()
        run.wait()


@pytest.mark.parametrize(
    ("lacks", "says"),
    [("jupyterhub", "`make hub-env` adds it"), ("node", "It needs Node.js: install nodejs and npm"),
     ("account", "You are root"), ("settings", "There is no file")],
)  # fmt: skip
def test_what_is_lacking_is_said_in_one_line(lacks, says, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(hub.importlib.util, "find_spec", lambda name: None if lacks == "jupyterhub" else name)
    monkeypatch.setattr(hub.shutil, "which", lambda *_, **__: None if lacks == "node" else "/bin/true")
    monkeypatch.setattr(os, "geteuid", lambda: 0 if lacks == "account" else 1000)
    config = ["--config", str(tmp_path / "none.py")] if lacks == "settings" else []
    assert hub.main(["--port", "1", "--into", str(tmp_path / "hub"), *config]) == 1
    said = capsys.readouterr()
    assert said.out == "" and says in said.err and said.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# --- settings of one's own -------------------------------------------------------------------------------------


def settings():
    """The example of the README, with this course's path in it."""
    text = (syllabus.ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(load_subconfig.*?)```", text, re.DOTALL)[1]
    assert "/path/to/course/helpers" in example
    return example.replace("/path/to/course", str(syllabus.ROOT))


@with_node
def test_the_settings_of_the_readme_ask_for_a_password(tmp_path):
    (tmp_path / "my_hub.py").write_text(settings())
    password = re.search(r'user_password = "(.*)"', settings())[1]
    running = hub.Hub(tmp_path / "hub", free_ports(1)[0], as_root=True, config=tmp_path / "my_hub.py")
    try:
        running.wait()
        with Client(base_url=running.address, timeout=30) as web:
            for tried, status in ((password[:-1], 403), ("", 403), (password, 302)):
                web.get("/hub/login")
                form = {"username": "ada", "password": tried, "_xsrf": web.cookies["_xsrf"]}
                assert web.post("/hub/login", data=form).status_code == status
    finally:
        running.stop()


@with_node
@pytest.mark.parametrize("address", ["http://0.0.0.0:{}", "http://:{}"])
def test_without_an_authenticator_no_other_machine_is_let_in(tmp_path, address):
    [port] = free_ports(1)
    command = [
        sys.executable, "-m", "jupyterhub", "--config", str(hub.CONFIG),
        f"--JupyterHub.bind_url={address.format(port)}",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "would let everybody in" in done.stderr
