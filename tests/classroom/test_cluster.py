"""A class graded by the workers of a Dask scheduler: one dies in the middle, nothing is lost or counted twice."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
import school

from helpers.classroom import cluster, sandbox
from helpers.classroom.__main__ import main
from helpers.classroom.grade import filename, grade
from helpers.classroom.serving import free_ports
from helpers.classroom.submissions import collect
from helpers.lessons import library

pytest.importorskip("nbgrader", reason="make classroom-env adds it")
from helpers.classroom.release import choose, release

dask = pytest.importorskip("dask", reason="make classroom-env adds it")
distributed = pytest.importorskip("distributed", reason="make classroom-env adds it")

ISOLATED = not sandbox.lacking()
IDS = ("5.1", "7.2")
STUDENTS = 10


def workers(n, threads=1):
    """A scheduler with n worker processes on this machine."""
    return distributed.LocalCluster(
        n_workers=n, threads_per_worker=threads, processes=True, dashboard_address=None, silence_logs=50
    )


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler with two workers. A test that kills more than one has a scheduler of its own."""
    with workers(2) as two:
        yield two.scheduler_address


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assignments")
    release(choose(exercises=IDS), "week3", folder)
    return folder / "week3"


@pytest.fixture
def course(released, tmp_path):
    """(the assignment's folder, the class's): every third student has both right, one nothing, the others 5.1."""
    shutil.copytree(released, tmp_path / "week3")
    for k in range(STUDENTS):
        right = IDS if k % 3 == 0 else IDS[:1] if k > 1 else ()
        answers = {id: school.solved(id) for id in right}
        school.hand_in(tmp_path / "in", f"student {k}", school.stubs(released), answers)
    return tmp_path / "week3", tmp_path / "in"


def test_a_worker_dies_in_the_middle_and_nothing_is_lost_or_counted_twice(scheduler, course):
    folder, handed_in = course
    pids, lines = [], []

    def say(line):
        lines.append(line)
        if len(lines) == 2:
            os.kill(pids[0], signal.SIGKILL)

    with distributed.Client(scheduler, set_as_default=False) as client:
        pids += client.run(os.getpid).values()
    results = grade(folder, handed_in, isolated=ISOLATED, scheduler=scheduler, say=say)
    told = Counter(line.split(": ")[1].split(",")[0] for line in lines)
    assert told == {f"student {k}": 1 for k in range(STUDENTS)}
    kept = {path.name for path in (folder / "graded").iterdir()}
    assert kept == {f"{filename(student)}.json" for student in results}
    points = {id: library.exercise(id).points for id in IDS}
    for k in range(STUDENTS):
        expected = sum(points.values()) if k % 3 == 0 else points["5.1"] if k > 1 else 0
        assert sum(entry["points"] for entry in results[f"student {k}"]["exercises"].values()) == expected
    with distributed.Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=20)
        assert pids[0] not in client.run(os.getpid).values()  # it was killed, and another took its place

    again = []
    assert grade(folder, handed_in, isolated=ISOLATED, scheduler=scheduler, say=again.append) == results
    assert again == [f"{STUDENTS} of {STUDENTS} are graded already"]
    for path in (folder / "graded").iterdir():
        path.unlink()
    assert grade(folder, handed_in, isolated=ISOLATED, say=lambda _: None) == results


@pytest.mark.parametrize(("dies", "said"), [(False, "ZeroDivisionError"), (True, "every worker that graded it died")])
def test_one_that_takes_every_worker_with_it_costs_the_others_nothing(course, dies, said):
    def work(packed, submission):
        if submission.student != "student 1":
            return len(packed)
        return os.kill(os.getpid(), signal.SIGKILL) if dies else 1 / 0

    # The scheduler gives up after two deaths instead of four; each takes the time in which a worker starts.
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), workers(2) as two:
        finished = cluster.finished(two.scheduler_address, work, b"123", collect(course[1]).submissions, isolated=False)
        came = {submission.student: (result, lost) for submission, result, lost in finished}
    assert len(came) == STUDENTS
    result, lost = came.pop("student 1")
    assert result is None and said in lost
    assert set(came.values()) == {(3, "")}


def test_what_waits_beside_one_that_takes_its_worker_with_it_is_not_held_for_the_cause(course):
    """Here one death is enough for the scheduler to hold every task of that worker for its cause."""

    def work(packed, submission):
        if submission.student == "student 1":
            os.kill(os.getpid(), signal.SIGKILL)
        return len(packed)

    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), workers(1, STUDENTS) as one:
        submissions = collect(course[1]).submissions
        finished = [*cluster.finished(one.scheduler_address, work, b"123", submissions, isolated=False)]
    came = {submission.student: (result, lost) for submission, result, lost in finished}
    assert len(came) == len(finished) == STUDENTS
    assert came.pop("student 1") == (None, cluster.KILLED)
    assert set(came.values()) == {(3, "")}


def test_no_such_scheduler_is_one_line(course, capsys, monkeypatch):
    address = f"tcp://127.0.0.1:{free_ports(1)[0]}"
    folder, handed_in = course
    monkeypatch.setattr(cluster, "SECONDS", 1)
    arguments = ["grade", str(handed_in), "--name", folder.name, "--into", str(folder.parent), "--scheduler", address]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"no Dask scheduler answers at {address}" in said and "dask scheduler" in said
    assert not list((folder / "graded").iterdir())


def test_a_server_of_another_kind_is_one_line(course, capsys, monkeypatch):
    """One that waits to be asked, as a web server does."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    folder, handed_in = course
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        arguments = ["grade", str(handed_in), "--name", folder.name, "--into", str(folder.parent)]
        assert main([*arguments, "--scheduler", address]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"no Dask scheduler answers at {address}" in said


@pytest.mark.parametrize(
    "address", ["tcp//nowhere", "127.0.0.1", "localhost:8786", "tcp://localhost", "foo://a:1", "http://localhost:8786"]
)
def test_what_is_no_address_is_one_line(address, course, capsys):
    folder, handed_in = course
    arguments = ["grade", str(handed_in), "--name", folder.name, "--into", str(folder.parent), "--scheduler", address]
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"expected a scheduler such as tcp://host:8786, got {address}\n"


def test_a_scheduler_without_workers_is_one_line(course, monkeypatch):
    folder, handed_in = course
    monkeypatch.setattr(cluster, "SECONDS", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as none,
        pytest.raises(RuntimeError, match=f"the scheduler at {none.scheduler_address} has no workers; start some"),
    ):
        grade(folder, handed_in, isolated=ISOLATED, scheduler=none.scheduler_address, say=lambda _: None)


def test_a_worker_with_another_version_of_the_course_is_refused(scheduler, course, monkeypatch):
    """Those that are there at first, and one that comes later, whose work is then done again."""
    folder, handed_in = course
    asking = os.getpid()
    monkeypatch.setattr(cluster, "version", lambda: "a newer one" if os.getpid() == asking else "this one")
    with pytest.raises(RuntimeError, match="has another version of the course; install this one there"):
        grade(folder, handed_in, isolated=ISOLATED, scheduler=scheduler, say=lambda _: None)
    monkeypatch.setattr(cluster, "_check_workers", lambda *_: None)
    results = grade(folder, handed_in, isolated=ISOLATED, scheduler=scheduler, say=lambda _: None)
    for result in results.values():
        assert "has another version of the course" in result["notes"][0]
    assert not list((folder / "graded").iterdir())


def test_a_scheduler_that_dies_in_the_middle_is_one_line_and_what_is_graded_is_kept(course, monkeypatch):
    folder, handed_in = course
    with served() as (address, process):
        lines = []

        def say(line):
            lines.append(line)
            process.kill()

        with pytest.raises(RuntimeError, match=f"the scheduler at {address} .*the same command goes on"):
            grade(folder, handed_in, isolated=ISOLATED, scheduler=address, say=say)
    assert 1 <= len(lines) == len(list((folder / "graded").iterdir())) < STUDENTS


@contextmanager
def served():
    """(address, the process) of a scheduler of its own, with one worker."""
    port = free_ports(1)[0]
    command = [sys.executable, "-c", SERVES, str(port)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()


SERVES = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None,
                      scheduler_port=int(sys.argv[1]), silence_logs=50, protocol="tcp://") as one:
        print(one.scheduler_address, flush=True)
        sys.stdin.read()
"""
