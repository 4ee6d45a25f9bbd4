"""What runs in the sandbox: `python inside.py`, with the students' copy of the helpers and nothing else.

The job is read from stdin. Each exercise runs in a process of its own: the cells that its answer needs, then the answer
on the inputs of the job. What it returned is passed on as it is, in a line [id, JSON]; a line [id, ""] says before that
it is begun. What is expected is not here, so nothing here can know it.
"""

import ast
import ctypes
import json
import linecache
import os
import select
import shutil
import signal
import sys
import time
from contextlib import suppress

MEMORY_GB, PROCESSES = 4, 64  # of all that an exercise starts together
GRACE = 5  # seconds beyond an exercise's own limit, in which its cells run, before its process is killed
MOST = 10 * 2**20  # bytes that an exercise may give back
ALONE = os.getpid() == 1  # the first process of a sandbox, which ends with it; its children cannot kill it
UNREADABLE = 4  # PR_SET_DUMPABLE of prctl(2)


def main():
    job = json.loads(sys.stdin.buffer.read())
    import numpy  # noqa: F401

    import helpers.checking.running  # noqa: F401  once, before the processes part

    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    if ALONE:  # or an answer could write to `output` by /proc/1/fd
        ctypes.CDLL(None).prctl(UNREADABLE, 0)
    for id, exercise in job.items():
        print(json.dumps([id, ""]), file=output, flush=True)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.close(output.fileno())
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                pipe.write(result(exercise))
            os._exit(0)
        os.close(writing)
        line = json.dumps([id, heard(child, reading, exercise["seconds"] + GRACE).decode(errors="replace")])
        os.close(reading)
        if len(line) <= MOST:
            print(line, file=output, flush=True)
        # What one leaves no room for is begun again elsewhere, so that it costs those after it nothing.
        if os.fstat(output.fileno()).st_size > 2 * MOST or shutil.disk_usage(".").free < MOST:
            return


def heard(child, pipe, seconds):
    """What a process writes into a pipe until it ends or takes too much; then it is killed, and what it started.

    Of one that took too much, and of one that wrote nothing, the reason is said instead, {"ended": reason}.
    """
    until, said, reason = time.monotonic() + seconds, b"", None
    while reason is None:
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        if select.select([pipe], [], [], 0.005)[0]:
            piece = os.read(pipe, 2**16)
            if not piece:
                break
            said += piece
        elif ended:
            break
        if len(said) > MOST:
            reason = f"it gave back more than {MOST >> 20} MB"
        elif time.monotonic() > until:
            reason = f"it ran longer than {seconds:g} s"
        elif ALONE:
            reason = too_much()
    with suppress(OSError):  # there is nothing left to kill
        while ALONE:
            os.kill(-1, signal.SIGKILL)
            os.waitpid(-1, 0)
    if not ALONE:
        for kill in (os.killpg, os.kill):
            with suppress(OSError):
                kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if reason is None and not said:
        reason = "it ended Python"
    return json.dumps({"ended": reason}).encode() if reason else said


def too_much():
    """Which limit all processes of the sandbox break together, a text; None if they keep them.

    The system's own limits are those of one process, and root's processes are not counted there.
    """
    numbers = [name for name in os.listdir("/proc") if name.isdigit()]
    if len(numbers) > PROCESSES:
        return f"it started more than {PROCESSES} processes"
    pages = 0
    for number in numbers:
        with suppress(OSError), open(f"/proc/{number}/statm") as file:  # it may have ended meanwhile
            pages += int(file.read().split()[1])
    if pages * os.sysconf("SC_PAGE_SIZE") > MEMORY_GB * 2**30:
        return f"its processes took more than {MEMORY_GB} GB of memory together"
    return None


def result(exercise):
    """What the answer gives back, or why it does not, as the text of JSON."""
    try:
        return json.dumps(answer(exercise))
    except BaseException as error:
        return json.dumps({"error": f"{type(error).__name__}: {str(error)[:300]}"})


def answer(exercise):
    """What the exercise's answer is or returns, as JSON."""
    from helpers.checking.plain import settle
    from helpers.checking.recording import Recording, decode, encode
    from helpers.checking.running import run, untouched

    names = {"__name__": "__main__", "display": lambda *_, **__: None}
    for number, cell in enumerate(exercise["cells"]):
        file = f"<cell {number}>"
        linecache.cache[file] = (len(cell), None, cell.splitlines(keepends=True), file)
        tree = ast.parse(cell)
        # What stands alone shows something: a check, a picture, a printed number. It gives no name to anything.
        tree.body = [statement for statement in tree.body if not isinstance(statement, ast.Expr)]
        exec(compile(tree, file, "exec"), names)
    given = names.get(exercise["name"], ...)
    if untouched(given):
        return {"untouched": True}
    recording = Recording(**{name: decode(part) for name, part in exercise["inputs"].items()})
    if recording.arguments is None:
        value, notes = settle(given)
        return {"value": encode(value), "notes": list(notes)}
    ran = run(recording, given)
    return {name: encode(part) for name, part in vars(ran).items()}


if __name__ == "__main__":
    main()
