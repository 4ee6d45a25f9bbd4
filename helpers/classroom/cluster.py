"""Grade on several machines: each submission is a task of its own for a Dask scheduler, `tcp://host:port`.

The workers need the course of the same version, with `.[classroom]`, and what isolates a submission; nothing else is
shared, no disk either. A task whose worker dies is given to another by the scheduler; after some deaths it is held for
their cause, and so is what waited on the same workers, so that each of those is tried once more by itself. What comes
back is written by the process that asked.
"""

import hashlib
import socket
from concurrent.futures import CancelledError
from functools import cache, partial
from itertools import chain
from pathlib import Path

from helpers.classroom import sandbox
from helpers.lessons.syllabus import ROOT

SECONDS = 10  # to wait for the scheduler, and for a first worker
KILLED = "every worker that graded it died; is there enough memory?"


def finished(scheduler, work, packed, submissions, isolated):
    """Yield (submission, what `work(packed, submission)` returned, "" or why there is nothing) as they are finished.

    packed: the students' zip, as bytes, which goes to each worker once.
    Raises RuntimeError, in one line, where there is no such scheduler, no worker, another version of the course on a
    worker, or none of what isolates.
    """
    with _connected(scheduler) as client:
        _check_workers(client, scheduler, isolated)
        from distributed import as_completed

        def send(submissions):
            # A task, not scattered data: the scheduler can make it again when the worker that has it dies.
            students_zip = client.submit(bytes, packed, pure=False)
            task = partial(client.submit, _by_this_version, version(), work, students_zip, pure=False)
            return {task(each): each for each in submissions}

        suspected = []
        for tasks in map(send, chain([submissions], ([each] for each in suspected))):
            for task in as_completed(tasks, loop=client.loop):
                result, lost = _came(task, scheduler)
                if lost == KILLED and len(tasks) > 1:
                    suspected.append(tasks[task])
                else:
                    yield tasks[task], result, lost


def _came(task, scheduler):
    """(what a finished task returned, "" or why there is nothing)."""
    try:
        return task.result(), ""  # of a worker that has died since, it is computed once more
    except CancelledError:  # nobody here cancels anything
        raise RuntimeError(
            f"the scheduler at {scheduler} is gone; what is graded is kept, and the same command goes on with the "
            "others when it is back"
        ) from None
    except Exception as error:  # no submission may cost the others anything
        return None, KILLED if type(error).__name__ == "KilledWorker" else f"{type(error).__name__}: {error}"


def _by_this_version(own, work, packed, submission):
    """What a worker does with a submission; it may have come after the workers were asked for their version."""
    if version() != own:
        raise RuntimeError("a worker has another version of the course; grade again, without it")
    return work(packed, submission)


def _connected(scheduler):
    try:
        from distributed import Client
    except ImportError:
        raise RuntimeError("grading with a scheduler needs Dask; make classroom-env adds it") from None
    try:
        if scheduler.startswith("tcp://"):
            host, _, port = scheduler.removeprefix("tcp://").rpartition(":")
            # Dask's client waits for ever for a server of another kind; a scheduler speaks first.
            with socket.create_connection((host, int(port)), SECONDS) as connection:
                if not connection.recv(1):
                    raise OSError("something else")
        return Client(scheduler, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RuntimeError(
            f"no Dask scheduler answers at {scheduler} ({type(error).__name__}); start one with `dask scheduler`, and "
            "workers with `dask worker`, or leave SCHEDULER out to grade on this machine"
        ) from None


def _check_workers(client, scheduler, isolated):
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError:
        raise RuntimeError(
            f"the scheduler at {scheduler} has no workers; start some: dask worker {scheduler}"
        ) from None
    own = version()
    for worker, its in client.run(version, on_error="return").items():
        if its != own:
            got = f"lacks the course ({its})" if isinstance(its, Exception) else "has another version of the course"
            raise RuntimeError(f"the worker {worker} {got}; install this one there: pip install -e '.[classroom]'")
    for worker, missing in client.run(sandbox.lacking).items() if isolated else ():
        if missing:
            raise RuntimeError(
                f"submissions cannot be run apart on the worker {worker}: {', '.join(missing)} is lacking"
            )


@cache
def version():
    """The course as a short text: another one where any of its Python files is another."""
    whole = hashlib.sha256()
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        whole.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + Path(path).read_bytes())
    return whole.hexdigest()
