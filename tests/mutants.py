"""Mutants: one small fault at a time is put into the helpers, and the tests should see it. By hand, it takes minutes:

    .venv/bin/python tests/mutants.py                            100 faults in the mathematics
    .venv/bin/python tests/mutants.py --count 50 --seed 3        others
    .venv/bin/python tests/mutants.py --only numerical compare   in these modules
    .venv/bin/python tests/mutants.py --only checking            in the engine of the exercises

Each fault is made in a copy of the project, where the tests of its module run until the first fails. What is printed
are the faults that no test has seen, each as the line that was changed: a test is missing, or the code is not needed,
or the change cannot be observed.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
PATIENCE = 1.5  # times what all of the tests take together: beyond it a fault counts as seen, it may loop without end
MATHS = {  # a module, and the tests that belong to it, the most telling first
    "activations": ("test_activations", "test_calculus"),
    "calculus": ("test_calculus", "test_layers", "test_activations"),
    "compare": ("test_compare", "test_equations", "test_gradcheck", "test_misconceptions"),
    "convolution": ("test_convolution", "test_layers"),
    "dropout": ("test_dropout", "test_layers"),
    "equations": ("test_equations",),
    "diagnosis": ("test_gradcheck", "test_gradcheck_hostile", "test_convolution", "test_layer_check"),
    "gradcheck": ("test_gradcheck", "test_gradcheck_hostile"),
    "index_notation": ("test_index_notation",),
    "judging": ("test_gradcheck", "test_gradcheck_hostile", "test_misconceptions", "test_networks", "test_layer_check"),
    "layer_check": ("test_layer_check", "test_bug_hunt"),
    "layers": ("test_layers", "test_network"),
    "losses": ("test_losses", "test_network"),
    "matrix_derivatives": ("test_matrix_derivatives",),
    "misconceptions": ("test_misconceptions", "test_gradcheck"),
    "network": ("test_network", "test_recorded_gradients", "test_layer_check"),
    "normalization": ("test_normalization", "test_layers"),
    "numerical": ("test_numerical", "test_calculus", "test_gradcheck", "test_gradcheck_hostile", "test_networks"),
    "shapes": ("test_calculus", "test_numerical", "test_layers"),
    "training": ("test_training",),
    "tuples": ("test_tuples", "test_layers"),
}
CHECKING = {  # a module of the engine, and its own tests; those of the whole engine come after them
    "checker": ("test_checker_parts", "test_checker"),
    "compare": ("test_checker_values", "test_checker_structure"),
    "describe": ("test_describe",),
    "exercise": ("test_checker_values",),
    "limited": ("test_checker_limits",),
    "naming": ("test_checker_parts", "test_checker_digits"),
    "plain": ("test_checker_values", "test_checker_structure"),
    "probes": ("test_checker_recording",),
    "progress": ("test_progress",),
    "recording": ("test_checker_recording",),
    "running": ("test_checker_functions", "test_checker"),
    "showing": ("test_exercise_cells",),
}
SLOW = ("test_checker_recording", "test_checker_chance", "test_checker_kernel")
ENGINE = sorted((path.stem for path in ROOT.glob("tests/checking/test_*.py")), key=lambda test: (test in SLOW, test))
TESTS = {f"helpers/{name}.py": [f"tests/maths/{test}.py" for test in tests] for name, tests in MATHS.items()}
TESTS |= {
    f"helpers/checking/{name}.py": [f"tests/checking/{test}.py" for test in dict.fromkeys([*tests, *ENGINE])]
    for name, tests in CHECKING.items()
}

OTHER = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.BitAnd: (ast.BitOr,),  # not the other way round: | joins types too, which & never does
    ast.BitOr: (ast.BitAnd,),
}
NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "all": "any", "any": "all"}


@cache
def source(path):
    """A file as it was when it was first asked for, so that it may be edited while this runs."""
    return (ROOT / path).read_bytes()


class Mutant(NamedTuple):
    """One fault: the bytes from start to end of the file are replaced."""

    path: str
    start: int
    end: int
    text: str

    def applied(self):
        whole = source(self.path)
        return whole[: self.start] + self.text.encode() + whole[self.end :]

    def __str__(self):
        """The lines before and after, without those that are the same."""
        number = source(self.path)[: self.start].count(b"\n")
        before, after = (text.decode().splitlines() for text in (source(self.path), self.applied()))
        while before[-1] == after[-1]:
            before.pop(), after.pop()
        shown = [f"- {line.strip()}" for line in before[number:]] + [f"+ {line.strip()}" for line in after[number:]]
        return "\n    ".join([f"{self.path}:{number + 1}", *shown])


def changes(node):
    """The faults that one piece of code can have, each as another piece in its place.

    A float, and a whole number of 10 or more, is a magnitude and becomes ten times as large or small: a safety factor
    of 17 for 16 is equal in effect. A smaller whole number counts something and becomes its neighbour, or nothing.
    """
    if isinstance(node, ast.Compare):
        for k, op in enumerate(node.ops):
            for other in OTHER[type(op)]:
                yield changed(node, ops=[*node.ops[:k], other(), *node.ops[k + 1 :]])
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        for other in OTHER.get(type(node.op), ()):
            yield changed(node, op=other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield changed(node, value=not node.value)
        elif isinstance(node.value, int) and node.value >= 10:
            yield changed(node, value=node.value * 10)
            yield changed(node, value=node.value // 10)
        elif isinstance(node.value, int):
            yield changed(node, value=node.value + 1)
            yield changed(node, value=0 if node.value else 2)
        elif isinstance(node.value, float):
            yield changed(node, value=node.value * 10 or 1.0)
            yield changed(node, value=node.value / 10 or -1.0)
    elif isinstance(node, ast.keyword) and node.arg == "axis":
        yield changed(node, value=ast.Constant(1 - ast.literal_eval(node.value)))
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield changed(node, id=NAMES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield changed(node, attr=NAMES[node.attr])
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Raise):
        yield ast.Pass()
    elif isinstance(node, ast.Expr | ast.Assign | ast.AugAssign):
        yield ast.Return()
        if not isinstance(node, ast.Assign):
            yield ast.Pass()
    elif isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"):
        yield ast.Return()


def changed(node, **fields):
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def places(node, inside=False):
    """Every piece of code that may be changed, those of functions and of tables.

    No text of a message, annotation, docstring or decorator; not the strict of a zip, which guards against what cannot
    happen, nor the indent of a file; not the 1 of -1, which numpy takes for "the rest" as it takes -2.
    """
    for child in ast.iter_child_nodes(node):
        text = isinstance(child, ast.JoinedStr | ast.Import | ast.ImportFrom)
        text = text or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
        apart = [
            getattr(node, "returns", None),
            getattr(node, "annotation", None),
            *getattr(node, "decorator_list", ()),
        ]
        strict = isinstance(child, ast.keyword) and child.arg in ("strict", "indent")
        negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(child, ast.Constant)
        if text or strict or negated or child in apart:
            continue
        if inside or not isinstance(child, ast.Expr | ast.Assign):
            yield child
        if not isinstance(child, ast.Raise):
            yield from places(child, inside or isinstance(child, ast.FunctionDef))


def mutants(path):
    """All mutants of a file."""
    lines = [0]
    for line in source(path).splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    span = lambda node: (
        lines[node.lineno - 1] + node.col_offset,
        lines[node.end_lineno - 1] + node.end_col_offset,
    )
    for node in places(ast.parse(source(path))):
        for other in changes(node):
            yield Mutant(path, *span(node), ast.unparse(other))
        for test in [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []:
            for value in ("True", "False"):
                yield Mutant(path, *span(test), value)


def name(path):
    """A module as --only calls it: "numerical", or "checking/compare"."""
    return path.removeprefix("helpers/").removesuffix(".py")


def passes(folder, tests, seconds="unlimited"):
    """Whether the tests pass in a copy of the project, in so many seconds of work."""
    limited = ["sh", "-c", f'ulimit -t {seconds}; exec "$@"', "sh"]
    command = [*limited, sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    env = os.environ | {"CI": "true", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[], help="modules: numerical, checking/compare, checking")
    given = parser.parse_args()
    chosen = [path for path in TESTS if {name(path), name(path).split("/")[0]} & set(given.only or MATHS)]
    every = [mutant for path in chosen for mutant in mutants(path)]
    drawn = random.Random(given.seed).sample(every, min(given.count, len(every)))
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(WORKERS) as pool:
        folders = SimpleQueue()
        for k in range(WORKERS):
            leave = shutil.ignore_patterns(".venv", ".git", ".*_cache", "__pycache__", ".hypothesis")
            folders.put(Path(shutil.copytree(ROOT, Path(temporary, str(k)), ignore=leave)))

        def survives(mutant):
            folder = folders.get()
            try:
                (folder / mutant.path).write_bytes(mutant.applied())
                return passes(folder, TESTS[mutant.path], patience)
            finally:
                (folder / mutant.path).write_bytes(source(mutant.path))
                folders.put(folder)

        folder, start = folders.get(), time.perf_counter()
        if not passes(folder, sorted({test for mutant in drawn for test in TESTS[mutant.path]})):
            sys.exit("the tests fail without any fault")
        folders.put(folder)
        patience = round(PATIENCE * (time.perf_counter() - start))
        start, alive = time.perf_counter(), 0
        for k, (mutant, survived) in enumerate(zip(drawn, pool.map(survives, drawn), strict=True)):
            if survived:
                alive += 1
                print(f"{k}: {mutant}", flush=True)
    seconds = time.perf_counter() - start
    print(f"{len(drawn) - alive} of {len(drawn)} faults were seen, drawn with seed {given.seed} from {len(every)}")
    print(f"{seconds:.0f} s, {seconds / max(1, len(drawn)) * WORKERS:.1f} s each on one of {WORKERS} processes")


if __name__ == "__main__":
    main()
