"""A class of students for the tests: what each hands in, made from the release, the solutions and known mistakes."""

import contextlib
import functools
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from helpers.checking.recording import record
from helpers.checking.showing import solution_source
from helpers.classroom import hidden, report
from helpers.lessons import library, syllabus

with contextlib.suppress(ImportError):  # make classroom-env adds it
    import nbgrader.api

    # To make a database, nbgrader starts Python once more to ask for this: seconds each time.
    nbgrader.api.get_alembic_version = functools.cache(report.database_version)


@contextlib.contextmanager
def hidden_draws_without_mistakes():
    """Where only right answers and stubs are graded: to record every mistake would take most of the time."""

    def recorded(exercise, seed):
        exercise.mistakes = ()  # of the copy that draws more
        return record(exercise, seed)

    hidden.hidden.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hidden, "record", recorded)
        yield
    hidden.hidden.cache_clear()


def notebook(released, answers):
    """The JSON of a released notebook with the cells of these answers, {id: source}, in the place of the stubs."""
    made = json.loads(json.dumps(released))
    stub = None
    for cell in made["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "exercise" in tags:
            stub = cell
        elif "check" in tags:
            id = re.search(r'check\("([\d.]+)"', "".join(cell["source"]))[1]
            if id in answers:
                stub["source"] = answers[id]
    return made


def stubs(course):
    """{file name: JSON} of the notebooks that an assignment released."""
    released = (Path(course) / "release" / Path(course).name).iterdir()
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in released}


def hand_in(folder, student, released, answers, change=lambda made: None):
    """Write a student's folder: each of the released notebooks with the answers, {id: source}, and then changed."""
    (Path(folder) / student).mkdir(parents=True, exist_ok=True)
    for name, stub in released.items():
        made = notebook(stub, answers)
        change(made)
        (Path(folder) / student / name).write_text(json.dumps(made), encoding="utf-8")


def packed(files):
    """The bytes of a zip of {path: content}."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return data.getvalue()


def solved(id):
    return solution_source(library.exercise(id))


def mistaken(id, body):
    """A cell with an answer of answers/NN.txt: the function's name and arguments, and the lines of its body."""
    exercise = library.exercise(id)
    return "\n".join([f"def {exercise.name}({', '.join(exercise.arguments)}):", *body])


TELL = "import os\n    for k in range(3, 64):\n        try: {}\n        except OSError: pass\n    os._exit(0)"
FORGED = '{{"results": {{"tuple": [{{"probe": ["x", "helpers.lessons.x"]}}]}}}}'

# What stands in a function instead of an answer; {root} is the folder in which the class's folder `in` is.
HOSTILE = {
    "loops": "while True:\n        pass",
    "swallows the end": "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    "asks for all memory": "a = []\n    while True:\n        a.append(bytearray(10**8))",
    "ends Python": "import os; os._exit(0)",
    "forks": "import os\n    while True:\n        os.fork()",
    "leaves a process behind": "import os, time\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(100)",
    "prints without end": "import os\n    while True:\n        os.write(1, b'x' * 10**6)",
    "fills a file": "with open('big', 'wb') as f:\n        while True: f.write(b'x' * 10**7)",
    "fills a folder": "for k in range(8):\n        with open(f'big {{k}}', 'wb') as f: f.write(b'x' * 4 * 10**7)",
    "nests folders": "import os\n    for _ in range(3000):\n        os.mkdir('d')\n        os.chdir('d')",
    "leaves a pipe": "import os\n    for id in ('5.1', '5.3', '7.2'): os.mkfifo(f'{{id}}.json')",
    "leaves a link": "import os\n    for id in ('5.1', '5.3', '7.2'): os.symlink('/dev/zero', f'{{id}}.json')",
    "equals everything": "class A(float):\n        def __eq__(self, o): return True\n        __hash__ = None\n"
    "        def __sub__(self, o): return 0.0\n        __rsub__ = __sub__\n    return A(0)",
    "reads the sources": f"return open({library.__file__!r}).read()",
    "reads another's work": "return open('{root}/in/honest/" + syllabus.notebook(7).name + "').read()",
    "writes outside": "open('{root}/written', 'w').write('x'); open('/usr/written', 'w').write('x')",
    "kills its parent": "import os, signal\n    os.kill(os.getppid(), signal.SIGKILL)",
    "kills everything": "import os, signal\n    os.kill(1, signal.SIGKILL) if os.getppid() == 1 else os._exit(0)",
    "speaks in halves": "raise ValueError('\\ud800' + chr(0xdcff))",
    "speaks without end": "raise ValueError('x' * 10**7)",
    "tells another form": TELL.format("os.write(k, b'[1, 2]')"),
    "tells a text": TELL.format("os.write(k, b'\"error\"')"),
    "tells why at length": TELL.format("os.write(k, b'{{\"ended\": \"' + b'x' * 10**6 + b'\"}}')"),
    "tells no text": TELL.format(r"os.write(k, b'\xff\x00')"),
    "tells of a probe": TELL.format(f"os.write(k, b'{FORGED}')"),
    "tells of depths": TELL.format("os.write(k, b'[' * 10**5)"),
    "tells without end": TELL.format("[os.write(k, b'x' * 10**6) for _ in range(100)]"),
}
