"""Plant faults in copies of a lesson, run the suite on the copies, and say which of its tests turn red.

A fault is a function of the lesson's JSON, which it changes, and of the folder its copy will lie in. A fault in
the helpers is planted in a copy of them in that folder, which the kernel finds first.
"""

import base64
import json
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

from helpers.classroom.regression import PICTURE
from helpers.lessons import syllabus
from helpers.lessons.syllabus import ROOT

NUMBER = re.compile(r"\d\.\d+")


def lesson():
    """The JSON of the first lesson that has a picture, an activation and an exploration, up to the last of them."""
    for number in syllabus.written():
        notebook = json.loads(syllabus.notebook(number).read_bytes())
        texts = [json.dumps(cell) for cell in notebook["cells"]]
        firsts = [
            next((place for place, text in enumerate(texts) if re.search(needed, text)), None)
            for needed in (PICTURE, r"\bexplore\(", r"\bSigmoid\(\)")
        ]
        if None not in firsts:
            notebook["cells"] = notebook["cells"][: max(firsts) + 1]
            return notebook
    raise LookupError("no lesson has all that is planted in: a picture, explore(...), Sigmoid()")


def turned_red(root, faults, *arguments):
    """Plant each fault in a copy of its own below `root`, `01_planted.ipynb`, and run pytest once on what is given.

    Returns {fault: names of the tests that failed on its copy}.
    """
    for fault in faults:
        folder = root / fault.__name__
        folder.mkdir()
        notebook = lesson()
        fault(notebook, folder)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "01_planted.ipynb").write_text(text + "\n", encoding="utf-8")
    report = root / "report.xml"
    run = [sys.executable, "-m", "pytest", "--config-file", ROOT / "pyproject.toml", "--notebooks", root]
    run += ["-p", "no:cacheprovider", f"--junit-xml={report}"]
    run += [ROOT / "tests" / "conftest.py", *arguments]  # named, so that pytest loads it for copies elsewhere
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest did not run:\n{done.stdout}\n{done.stderr}")
    red = {fault: set() for fault in faults}
    seen = set()
    for case in ElementTree.parse(report).iter("testcase"):
        where = re.search(r"(\w+)[./]01_planted", case.get("classname") + case.get("name"))[1]
        fault = next(fault for fault in faults if fault.__name__ == where)
        seen.add(fault)
        if case.find("failure") is not None or case.find("error") is not None:
            red[fault].add(case.get("name").split("[")[0])
    if seen != set(faults):
        raise RuntimeError(f"no test looked at some of the copies:\n{done.stdout}")
    return red


# --- places to plant in ----------------------------------------------------------------------------------------


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def change_text(notebook, change):
    """Change the first output of text that `change` makes another text of."""
    for output in (output for cell in code(notebook) for output in cell["outputs"]):
        holder, key = (output, "text") if "text" in output else (output.get("data", {}), "text/plain")
        old = "".join(holder.get(key, ""))
        if old and change(old) != old:
            holder[key] = change(old).splitlines(keepends=True)
            return
    raise LookupError("no output to plant in")


def change_html(notebook, pattern, change):
    """Replace what a pattern finds first in an output of HTML by change(match)."""
    for output in (output for cell in code(notebook) for output in cell["outputs"]):
        html = "".join(output.get("data", {}).get("text/html", ""))
        if re.search(pattern, html):
            output["data"]["text/html"] = re.sub(pattern, change, html, count=1).splitlines(keepends=True)
            return
    raise LookupError("no HTML to plant in")


def change_picture(notebook, change):
    """Replace the SVG text of the first picture by change(svg)."""

    def changed(found):
        svg = change(base64.b64decode(found[1]).decode())
        return found[0].replace(found[1], base64.b64encode(svg.encode()).decode())

    change_html(notebook, PICTURE, changed)


def next_digit(text):
    """The text with the last digit of its first decimal number one higher."""
    return NUMBER.sub(lambda found: found[0][:-1] + str((int(found[0][-1]) + 1) % 10), text, count=1)


def own_helpers(folder, module, *lines):
    """Copy the helpers beside the lesson, with lines added at the end of one module."""
    shutil.copytree(ROOT / "helpers", folder / "helpers")  # what is compiled, too
    with (folder / "helpers" / module).open("a", encoding="utf-8") as file:
        file.write("\n\n" + "\n".join(lines) + "\n")


def in_every_picture(folder, fault):
    """Plant a line of code in the copy of the helpers, which sees each `figure`, its first `line` and `text`."""
    own_helpers(
        folder,
        "drawing/picture.py",
        "_init = Picture.__init__",
        "def planted(self, figure, description):",
        "    line = next((line for ax in figure.axes for line in ax.lines), None)",
        "    texts = [text for ax in figure.axes for text in (*ax.texts, ax.xaxis.label) if text.get_text()]",
        "    text = texts[0] if texts else None",
        f"    if line and text: {fault}",
        "    _init(self, figure, description)",
        "Picture.__init__ = planted",
    )


def around_the_draw_function(notebook, *lines):
    """Put a wrapper around what the exploration draws; the lines see `state` and `seen`, the states so far."""
    call = re.compile(r"^explore\(\s*([\w.]+)", re.MULTILINE)
    for cell in code(notebook):
        source = "".join(cell["source"])
        if call.search(source):
            body = ["def planted(draw, seen=[]):", " def drawn(**state):", "  seen.append(state)"]
            body += [f"  {line}" for line in lines] + ["  return draw(**state)", " return drawn", ""]
            wrapped = call.sub(r"explore(planted(\1)", source, count=1)
            cell["source"] = ("\n".join(body) + wrapped).splitlines(keepends=True)
            return
    raise LookupError("no exploration to plant in")
