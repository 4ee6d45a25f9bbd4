"""What runs in the sandbox: `python inside.py job.json`, with the students' copy of the helpers and nothing else.

Each exercise runs in a process of its own: the cells that its answer needs, then the answer on the inputs of the job.
What it returned is written as plain data beside the job. What is expected is not here, so nothing here can know it.
"""

import ast
import json
import linecache
import os
import signal
import sys
import time
from pathlib import Path

GRACE = 5  # seconds beyond an exercise's own limit, in which its cells run, before its process is killed


def main(path):
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    import numpy  # noqa: F401

    import helpers.checking.running  # noqa: F401  once, before the processes part

    for id, exercise in job.items():
        Path(path).with_name(f"{id}.begun").touch()
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            try:
                result = answer(id, exercise, Path(path).parent)
            except BaseException as error:
                result = {"error": f"{type(error).__name__}: {str(error)[:300]}"}
            Path(path).with_name(f"{id}.json").write_text(json.dumps(result), encoding="utf-8")
            os._exit(0)
        wait(child, exercise["seconds"] + GRACE)


def wait(child, seconds):
    """Wait for a process, and kill it and what it has started when its time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and os.waitpid(child, os.WNOHANG)[0] == 0:
        time.sleep(0.005)
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            continue
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        return


def answer(id, exercise, folder):
    """What the exercise's answer is or returns, as JSON."""
    from helpers.checking.plain import settle
    from helpers.checking.recording import Recording, encode
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
    recording = Recording.load(folder / f"{id}.inputs")
    if recording.arguments is None:
        value, notes = settle(given)
        return {"value": encode(value), "notes": list(notes)}
    ran = run(recording, given)
    return {name: encode(part) for name, part in vars(ran).items()}


if __name__ == "__main__":
    main(sys.argv[1])
