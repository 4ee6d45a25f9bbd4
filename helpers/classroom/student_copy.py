"""The copy of the course that students get: what the notebooks of some lessons need, and no solution.

The files are found by what imports what, beginning at the notebooks. The banks of the exercises are imported by none
of them; in their place stand recordings, from which the checks work.
"""

import ast
import functools
import importlib.util
import re
from pathlib import Path

import nbformat

import helpers
from helpers.checking.recording import Recording, record
from helpers.lessons import library, syllabus

ROOT = syllabus.ROOT
ALWAYS = ("helpers.classroom.installation", "helpers.classroom.lab")
AS_THEY_ARE = ("environment.yml", "pyproject.toml", "LICENSE")
TARGETS = ("help", "env", "lab", "requirements")  # of the Makefile: what a student runs
README = """# {name}

With Python 3.11, 3.12 or 3.13 and `make`, in this folder:

```
make lab
```

builds an environment in the folder `.venv` and opens JupyterLab. Without `make`, with conda:

```
conda env create -f environment.yml
conda activate matrix-calculus
jupyter lab notebooks
```

or with Python alone (on Windows `.venv\\Scripts\\python` in place of `.venv/bin/python`):

```
python -m venv .venv
.venv/bin/python -m pip install jupyterlab ipykernel numpy "matplotlib<3.12" ipywidgets
.venv/bin/python -m pip install "anywidget<0.12" scikit-learn tqdm -e .
.venv/bin/python -m jupyterlab notebooks
```

The environment takes about 1 GB. One that you have from another assignment of this course serves this one too: activate
it, and `make lab ENV=current`, or start JupyterLab from it.

The notebooks are in the folder `notebooks`. An exercise is a cell to complete, and the cell under it says what is right
and what kind of mistake a wrong answer is. {assigned}

Hand in the notebooks under their own names, in a folder or a zip that has your name, and with them
`notebooks/my_progress.json`: it counts your attempts and the hints you took, in JupyterLab. `from helpers import
progress` and `progress()` show it.
"""


def files(notebooks):
    """The files of `helpers` that these notebooks (NotebookNodes) need, as paths relative to the course."""
    code = "\n".join(
        "\n".join(line for line in cell.source.split("\n") if not line.lstrip().startswith(("%", "!")))
        for notebook in notebooks
        for cell in notebook.cells
        if cell.cell_type == "code"
    )
    modules, waiting = set(), [*ALWAYS, *helpers.MODULES, *_imported(code, "")]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in modules or path is None:
            continue
        modules.add(name)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        parents = [name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)]
        waiting += [*parents, *_imported_by(path, package)]
    sources = {_path(name) for name in modules}
    data = {
        file
        for folder in {source.parent for source in sources}
        for file in folder.iterdir()
        if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    return sorted(path.relative_to(ROOT) for path in sources | data)


@functools.cache  # most modules are needed by many lessons
def _imported_by(path, package):
    return tuple(_imported(path.read_text(encoding="utf-8"), package))


def _imported(source, package):
    """The names of the modules of `helpers` that a source imports, of every form that an import has."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "helpers")


def _path(name):
    """Where a module's source is, None if there is no such module, as for a function's name."""
    at = ROOT.joinpath(*name.split("."))
    for path in (at / "__init__.py", at.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def recording(id, seed=library.SEED, points=None):
    """The Recording of an exercise without the reasoning that is shown with its solution."""
    data = vars(record(library.exercise(id), seed)) | {"because": ""}
    return Recording(**data | ({} if points is None else {"points": points}))


def write(folder, notebooks, name, points, assigned):
    """Write the copy into an empty folder.

    notebooks:  {lesson: the notebook as students get it}.
    points:     {id: points} of the exercises that are graded; the others of these lessons are there for practice.
    assigned:   sentences for the README: what is asked, and until when.
    """
    folder = Path(folder)
    for path in files(notebooks.values()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / path).read_bytes())
    recorded = folder / library.RECORDED.relative_to(ROOT)
    recorded.mkdir(parents=True)
    for lesson in notebooks:
        for id in library.ids(lesson):
            recording(id, points=points.get(id, 0)).save(recorded / f"{id}{library.PACKED}")
    (folder / "notebooks").mkdir()
    for lesson, notebook in notebooks.items():
        nbformat.write(notebook, folder / "notebooks" / syllabus.notebook(int(lesson)).name)
    for file in AS_THEY_ARE:
        (folder / file).write_bytes((ROOT / file).read_bytes())
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (folder / "Makefile").write_text(_only_for_students(makefile), encoding="utf-8")
    (folder / "README.md").write_text(README.format(name=name, assigned=assigned), encoding="utf-8")


def _only_for_students(makefile):
    """The Makefile without the paragraphs whose rules need tests or banks, and without what they alone can be told."""
    makefile = re.sub(r"^#   (NB|INTO)=.*\n", "", makefile, flags=re.M)
    makefile = re.sub(r"^(#   ARGS=\.\.\. *more arguments for JupyterLab).*", r"\1", makefile, flags=re.M)
    rules = {paragraph: re.findall(r"^([a-z-]+):(?!=)", paragraph, re.M) for paragraph in makefile.split("\n\n")}
    kept = [paragraph for paragraph, names in rules.items() if not names or set(names) & set(TARGETS)]
    text = "\n\n".join(kept).rstrip("\n") + "\n"
    text = text.replace(" --LabApp.default_url=/lab/tree/00_start_here.ipynb", "")
    return re.sub(r"^\.PHONY:(.*\\\n)*.*$", f".PHONY: {' '.join(TARGETS)}", text, flags=re.M)
