"""Run a submission's answers apart: a process that sees Python and the students' helpers, and can harm nobody.

bubblewrap hides everything else of the file system, the network and the other processes; prlimit sets the limits of
memory, time, processes and files, each for one process, and inside.py watches their sum. The job goes in by a pipe, and
what came back comes out by a file that was opened before: nothing that an answer has made is opened here. All that it
can write to is a folder in memory, of limited size, which is gone with it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from helpers.checking.recording import encode
from helpers.classroom.inside import MEMORY_GB, PROCESSES

FILE_MB, FOLDER_MB = 50, 200
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/fonts")
INSIDE = Path(__file__).with_name("inside.py")


def lacking():
    """What this system lacks for isolation, as names of programs."""
    missing = [program for program in ("bwrap", "prlimit") if shutil.which(program) is None]
    if not missing and subprocess.run([*_bubblewrap([]), "true"], capture_output=True).returncode:
        missing = ["bwrap (it is there, and may not make namespaces here)"]
    return missing


def answers(job, inputs, helpers_folder, isolated=True):
    """{id: what came back} for a job {id: {"name", "cells", "seconds"}}; an exercise that died has nothing, {}.

    What came back is JSON and no more is known of it: an answer can write there what it wants.

    inputs:          {id: a Recording without what is expected}.
    helpers_folder:  the folder in which the students' `helpers` is.

    Raises RuntimeError where no answer could be begun, which is no student's fault.
    """
    came_back, left = {}, dict(job)
    while left:
        here = _once(left, inputs, helpers_folder, isolated)
        came_back |= here
        # One that stops the whole process costs its own points; those after it begin again.
        left = {id: exercise for id, exercise in left.items() if id not in here}
    return {id: came_back[id] for id in job}


def _once(job, inputs, helpers_folder, isolated):
    """{id: what came back} of the exercises that were begun, at least one."""
    given = {
        id: exercise | {"inputs": {name: encode(part) for name, part in vars(inputs[id]).items()}}
        for id, exercise in job.items()
    }
    seconds = sum(exercise["seconds"] + 10 for exercise in job.values())
    folder, command = tempfile.mkdtemp(), [sys.executable, "-B", "/inside.py" if isolated else str(INSIDE)]
    if isolated:
        limits = [
            "prlimit", f"--as={MEMORY_GB * 2**30}", f"--cpu={int(seconds)}", f"--fsize={FILE_MB * 2**20}",
            f"--nproc={PROCESSES}", "--core=0", "--",
        ]  # fmt: skip
        command = [*_bubblewrap([(helpers_folder, "/course"), (INSIDE, "/inside.py")]), *limits, *command]
    environment = {"PYTHONPATH": "/course" if isolated else str(helpers_folder), "PATH": "/usr/bin:/bin",
                   "HOME": "/tmp" if isolated else folder, "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1",
                   "LANG": "C.UTF-8"}  # fmt: skip
    try:
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            with subprocess.Popen(
                command, cwd=folder, env=environment, start_new_session=True,
                stdin=subprocess.PIPE, stdout=output, stderr=errors,
            ) as process:  # fmt: skip
                try:
                    process.communicate(json.dumps(given).encode(), seconds)
                except subprocess.TimeoutExpired:
                    pass
                finally:
                    if process.poll() is None:
                        os.killpg(process.pid, signal.SIGKILL)
            if came_back := _read(output, job):
                return came_back
            errors.seek(0)
            said = errors.read(2**20).decode(errors="replace").strip().split("\n")[-1]
            raise RuntimeError(f"the process in which answers run did not begin: {said or 'it said nothing'}")
    finally:
        # Without isolation it is an answer's folder; shutil gives up where folders lie a thousand deep in each other.
        subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL)


def _read(output, job):
    """{id: what came back} of the lines [id, JSON] in a file, "" where an exercise is only begun."""
    came_back = {}
    output.seek(0)
    for line in output:
        try:
            id, said = json.loads(line)
            if id in job:
                came_back[id] = {}
                came_back[id] = json.loads(said or "{}")
        except (ValueError, TypeError, RecursionError, MemoryError):
            continue
    return came_back


def _bubblewrap(shown):
    """bwrap with the system and this Python to be read, and `shown` [(path, place)] too; /tmp can be written to."""
    pythons = dict.fromkeys([sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)])
    # Where root grades, an answer would be root with all its rights, and could make what is shown writable.
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
    command += ["--proc", "/proc", "--dev", "/dev", *_limit_of_size(), "--tmpfs", "/tmp", "--chdir", "/tmp"]
    for place in [*SYSTEM, *pythons]:
        command += ["--ro-bind-try", place, place]
    for path, place in shown:
        command += ["--ro-bind", str(path), place]
    for place in ("/proc", "/dev", "/"):  # /proc/sys holds settings of the whole machine, and root may write there
        command += ["--remount-ro", place]
    return command


@cache
def _limit_of_size():
    """The option of bwrap that limits the folder in memory; none for one before 0.7, or with the setuid bit."""
    option = ["--size", str(FOLDER_MB * 2**20)]
    tried = subprocess.run(["bwrap", "--ro-bind", "/", "/", *option, "--tmpfs", "/tmp", "true"], capture_output=True)
    return [] if tried.returncode else option
