"""Run a submission's answers apart: a process that sees Python and the students' helpers, and can harm nobody.

bubblewrap hides everything else of the file system, the network and the other processes; prlimit sets the limits of
memory, time, processes and files.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

MEMORY_GB, PROCESSES, FILE_MB = 4, 64, 50
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/ssl", "/etc/fonts")
INSIDE = Path(__file__).with_name("inside.py")


def lacking():
    """What this system lacks for isolation, as names of programs."""
    missing = [program for program in ("bwrap", "prlimit") if shutil.which(program) is None]
    if not missing and subprocess.run([*_bubblewrap([]), "true"], capture_output=True).returncode:
        missing = ["bwrap (it is there, and may not make namespaces here)"]
    return missing


def answers(job, inputs, helpers_folder, isolated=True):
    """{id: what came back} for a job {id: {"name", "cells", "seconds"}}; an exercise that died has nothing.

    inputs:          {id: a Recording without what is expected}.
    helpers_folder:  the folder in which the students' `helpers` is.
    """
    came_back, left = {}, dict(job)
    while left:
        here = _once(left, inputs, helpers_folder, isolated)
        came_back |= here
        # One that stops the whole process costs its own points; those after it begin again.
        left = {id: exercise for id, exercise in left.items() if id not in here} if here else {}
    return {id: came_back.get(id, {}) for id in job}


def _once(job, inputs, helpers_folder, isolated):
    """{id: what came back} of the exercises that were begun."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for id in job:
            inputs[id].save(folder / f"{id}.inputs")
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        seconds = sum(exercise["seconds"] + 10 for exercise in job.values())
        command = [sys.executable, "-B", "/inside.py" if isolated else str(INSIDE), "/job/job.json"]
        if isolated:
            limits = [
                "prlimit", f"--as={MEMORY_GB * 2**30}", f"--cpu={int(seconds)}", f"--fsize={FILE_MB * 2**20}",
                f"--nproc={PROCESSES}", "--core=0", "--",
            ]  # fmt: skip
            command = [*_bubblewrap([(helpers_folder, "/course"), (INSIDE, "/inside.py")], folder), *limits, *command]
            course = "/course"
        else:
            command[-1], course = str(folder / "job.json"), str(helpers_folder)
        environment = {"PYTHONPATH": course, "PATH": "/usr/bin:/bin", "HOME": "/job", "MPLBACKEND": "agg",
                       "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"}  # fmt: skip
        process = subprocess.Popen(
            command, cwd=folder, env=environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return {id: _read(folder / f"{id}.json") for id in job if (folder / f"{id}.begun").exists()}


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size < FILE_MB * 2**20 else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _bubblewrap(shown, job=None):
    """bwrap with the system and this Python to be read, `shown` [(path, place)] too, and the job to be written."""
    pythons = dict.fromkeys([sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)])
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
    command += ["--tmpfs", "/tmp"]
    for place in [*SYSTEM, *pythons]:
        command += ["--ro-bind-try", place, place]
    for path, place in shown:
        command += ["--ro-bind", str(path), place]
    if job:
        command += ["--bind", str(job), "/job", "--chdir", "/job"]
    return command
