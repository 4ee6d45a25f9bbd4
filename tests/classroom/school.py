"""A class of students for the tests: what each hands in, made from the release, the solutions and known mistakes."""

import io
import json
import re
import zipfile
from pathlib import Path

from helpers.checking.showing import solution_source
from helpers.lessons import library


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


HOSTILE = {
    "loops": "while True:\n        pass",
    "swallows the end": "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    "asks for all memory": "a = []\n    while True:\n        a.append(bytearray(10**8))",
    "ends Python": "import os; os._exit(0)",
    "forks": "import os\n    while True:\n        os.fork()",
    "prints without end": "import os\n    while True:\n        os.write(1, b'x' * 10**6)",
    "fills the disk": "with open('/job/big', 'wb') as f:\n        while True: f.write(b'x' * 10**7)",
    "equals everything": "class A(float):\n        def __eq__(self, o): return True\n        __hash__ = None\n"
    "        def __sub__(self, o): return 0.0\n        __rsub__ = __sub__\n    return A(0)",
    "reads the sources": "return open('/inside.py').read() + open('{root}/helpers/lessons/library.py').read()",
    "writes outside": "open('{root}/written', 'w').write('x'); open('/usr/written', 'w').write('x')",
    "kills its parent": "import os, signal\n    os.kill(os.getppid(), signal.SIGKILL)",
}
