"""Which cells an answer needs: what works in Jupyter works where it is graded."""

import ast
import json
import os
import subprocess
import sys

import pytest

from helpers.classroom.slicing import in_pieces, needed, where_unreadable
from helpers.classroom.submissions import code_cells

STUB = "def f(x):\n    ..."
RELEASED = ["import numpy as np", STUB, 'check("1.1", f)']


def graded(cells, name="f"):
    """What the answer is, once the cells that it needs have run as the sandbox runs them."""
    names = {}
    for cell in needed(name, cells, RELEASED):
        tree = ast.parse(cell)
        tree.body = [statement for statement in tree.body if not isinstance(statement, ast.Expr)]
        exec(compile(tree, "<cell>", "exec"), names)
    return names[name]


PLAIN = "def f(x):\n    return 3 * x"


@pytest.mark.parametrize(
    "cells",
    [
        ["def f(x):\n    return (7 * x\n            % 4)"],
        ["def f(x):\n    a = '''\n%d\n!''' % 3\n    return 3 * x if a == '\\n3\\n!' else 0"],
        [f"{PLAIN}\nf?"],
        [f"?f\n{PLAIN}\nf??"],
        [f"{PLAIN}\nt = %timeit -o f(2)"],
        [f"{PLAIN}\n%timeit -n 10 f(2)\n%matplotlib inline"],
        [f"files = !ls\n{PLAIN}\n!echo {{f}}"],
        [f"%%time\n{PLAIN}"],
        [f"%load_ext autoreload\n%autoreload 2\n{PLAIN}"],
        ["%time k = 3\ndef f(x):\n    return k * x"],
        ["k = %time 1 + 2", "def f(x):\n    return k * x"],
        ["def f(x):\n    %time y = 3\n    return 3 * x"],
        ["import asyncio\nawait asyncio.sleep(0)\nk = 3", "def f(x):\n    return k * x"],
        ["for _ in range(2):\n    !ls\n    k = 3", "def f(x):\n    return k * x"],
        ["if 'colab' in str(get_ipython()):\n    import google.colab", f"colab = 'x' in str(get_ipython())\n{PLAIN}"],
        ["    def f(x):\n        return 3 * x\n    %time"],
        [">>> def f(x):\n...     return 3 * x"],
    ],
)
def test_what_only_ipython_knows_costs_nothing(cells):
    assert graded(cells)(1) == 3


@pytest.mark.parametrize(
    "cells",
    [
        ["from math import *", "def f(x):\n    return x * floor(pi)"],
        [
            "from math import *",
            "from numpy import *",
            "def f(x):\n    return sum(array([[x, x], [x, 0]]), axis=0)[0] + x",
        ],
        ["store = {}", "store.update(k=3)", "def f(x):\n    return store['k'] * x"],
        ["store = {}", "store['k'] = 3", "def f(x):\n    return store['k'] * x"],
        ["store = {}", "def f(x):\n    return store['k'] * x", "store['k'] = 3"],
        ["store = {'k': {}}", "store['k']['l'] = 3", "def f(x):\n    return store['k']['l'] * x"],
        ["class Box: pass\nbox = Box()", "box.k = 3", "def f(x):\n    return box.k * x"],
        ["class Box: pass\nbox = Box()", "setattr(box, 'k', 3)", "def f(x):\n    return box.k * x"],
        ["class Box: pass", "Box.k = 3", "def f(x):\n    return Box.k * x"],
        ["L = []", "L.append(3)", "def f(x):\n    return L[0] * x"],
        ["L = []\nL.append(3)\ndef f(x):\n    return L[0] * x"],
        ["L = [1, 2]", "for k in range(2):\n    L.append(k)", "def f(x):\n    return (L[1] + L[3]) * x"],
        ["L = [1, 2]", "[L.append(k) for k in range(2)]", "def f(x):\n    return (L[1] + L[3]) * x"],
        ["L = [1, 2]", "k = 0\nwhile k < 2:\n    L[k] += k\n    k += 1", "def f(x):\n    return L[1] * x"],
        ["L = [9, 3]", "del L[0]", "def f(x):\n    return L[0] * x"],
        ["import numpy as np", "W = np.eye(2)", "W[0, 0], b = 3, 1", "def f(x):\n    return W[0, 0] * x"],
        ["import numpy as np", "W = np.eye(2)", "np.fill_diagonal(W, 3)", "def f(x):\n    return W[0, 0] * x"],
        ["(k := 3)", "def f(x):\n    return k * x"],
        ["def fill(M):\n    M.append(3)", "L = []", "fill(L)", "def f(x):\n    return L[0] * x"],
        [
            "def fill(n, M):\n    for _ in range(n): M[0] += 1",
            "L = [1]\nfill(n=2, M=L)",
            "def f(x):\n    return L[0] * x",
        ],
        ["L = []\ndef fill():\n    L.append(3)\nfill()", "def f(x):\n    return L[0] * x"],
        ["k = 1\ndef tune():\n    global k\n    k = 3", "tune()", "def f(x):\n    return k * x"],
        ["L = [3]\ndef try_it(x):\n    L = [x]\n    L[0] = 7", "try_it(L)", "def f(x):\n    return L[0] * x"],
        ["k = 1", "k += 2", "def f(x):\n    return k * x"],
        ["k = 3\nL = []", "L.append(k)", "def g():\n    return L[0]", "def f(x):\n    return g() * x"],
        ["L = []\ndef f(x):\n    return L[0] * x", "L.append(3)"],
        ["L = [1]\ndef f(x):\n    return L[0] * x", "L[0] = 3\nprint(f(1))"],
        # Neither what was tried and failed, nor what changes another thing of the same name.
        ["L = [3]", "L[7] = 1", "def f(x):\n    return L[0] * x"],
        ["L = [3]\nL.insert()\ndef f(x):\n    return L[0] * x"],
        ["L = [1]", "k = 2\ndef f(x):\n    return k * L[0] * x", "k = 7\nL[0] += .5\ndef f(x):\n    ..."],
        ["L = []", "L.append(9)", "L = [3]", "def f(x):\n    return L[0] * x", "L = 1", "L.append(2)"],
    ],
)
def test_cells_that_change_what_an_answer_uses_belong_to_it(cells):
    assert graded(cells)(1) == 3


@pytest.mark.parametrize(
    "cells",
    [
        ["import numpy as np", "def f(x):\n    return 3 * x", "f = np.vectorize(f)"],
        ["def g(x):\n    return x", "def f(x):\n    return 3 * g(x)", "f0 = f\ndef f(x):\n    return f0(x)"],
        ["def f(x):\n    return 3 * x", "old = f\nf = lambda x: old(x)"],
        ["def g(x):\n    return f(x) if x > 5 else 3 * x", "def f(x):\n    return g(x)"],
        ["k = 3", "def f(x, k=k):\n    return k * x\nk = 7"],
        ["k = 1", "k += 1", "k = k + 1\ndef f(x):\n    return k * x"],
        ["k = 1", "k, m = 3, k\ndef f(x):\n    return k * m * x"],
        ["k = 1", "k = [k * 3 for _ in range(2)][0]\ndef f(x):\n    return k * x"],
        ["import numpy as np", "def f(x: np.ndarray) -> np.ndarray:\n    return 3 * x"],
        ["from typing import Callable", "def g(h: Callable):\n    return h", "def f(x):\n    return g(3) * x"],
        ["k = 3", "v: int = k\ndef f(x):\n    return v * x"],
        # A comprehension's own name is none of the cell's.
        ["x = 1 / 0", "t = [x for x in range(4)]\ndef f(x):\n    return t[3] * x"],
        ["x = 3", "t = [x for x in range(4)]\nk = x\ndef f(x):\n    return k * x"],
        ["def times(k):\n    return lambda f: lambda x: k * f(x)", "@times(3)\ndef f(x):\n    return x"],
        ["class Base:\n    k = 3", "class Base(Base): pass\ndef f(x):\n    return Base.k * x"],
        ["k = 1\ndef g(x):\n    return k * x", "k = 3", "def f(x):\n    return g(x)"],
        ["def f(x):\n    return k * x", "k = 3"],
        ["L = [1]", "def f(x):\n    return k * L[0] * x", "k = 3\ndef f(x):\n    ..."],
        ["def f(x):\n    return k * x", "k = 3\ndef f(x):\n    ...\nprint(f(1))"],
    ],
)
def test_an_answer_is_what_it_is_when_the_cells_run_in_their_order(cells):
    assert graded(cells)(1) == 3


def test_the_cells_do_not_depend_on_the_order_of_a_set():
    """Python puts the names of a set into another order each time it starts, where nobody fixes its seed."""
    cells = ["L = [1]", "k = 2\ndef f(x):\n    return k * L[0] * x", "k = 7\nL[0] += .5\ndef f(x):\n    ..."]
    script = f"from helpers.classroom.slicing import needed; print(needed('f', {cells}, {RELEASED}))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.PIPE
        ).stdout
        for seed in "01358"
    }
    assert found == {f"{needed('f', cells, RELEASED)}\n".encode()}


@pytest.mark.parametrize("expression", ['print("x")', "1 / 0", "np.testing.assert_allclose(f(1), 0)", "raise_it.now()"])
def test_what_stands_alone_and_changes_nothing_is_not_run(expression):
    assert graded([f"{PLAIN}\n{expression}"])(1) == 3
    assert needed("f", ["import numpy as np", "np.random.seed(1)", PLAIN], RELEASED) == [PLAIN]


@pytest.mark.parametrize(
    "below",
    [
        STUB,
        "def f(x):\n    ...  # mine",
        'def f(x):\n    """Three times x."""\n    pass',
        "def f(t):\n    return ...",
        f"# again\n\n{STUB}",
    ],
)
def test_an_untouched_stub_below_a_solved_cell_takes_nothing_away(below):
    assert graded([PLAIN, below])(1) == 3
    assert graded([PLAIN, "def f(x):\n    return 2 * x", below])(1) == 2
    assert graded([below])(1) in (None, ...)


def test_a_stub_of_a_value_takes_nothing_away_either():
    released = ['numbers = {"a": ..., "b": ...}']
    assert needed("numbers", ['numbers = {"a": 1, "b": ...}', *released], released) == ['numbers = {"a": 1, "b": ...}']
    assert needed("numbers", released * 2, released) == ["numbers = {'a': ..., 'b': ...}"]


def test_cells_that_are_no_python_give_nothing_and_say_where():
    assert in_pieces("%%time\ndef f(x)\n    return x", whole=True) == []
    assert where_unreadable("%%time\ndef f(x)\n    return x") == ": expected ':', in line 2 of the cell"
    assert where_unreadable("!ls\ndef f(x)\n    return x") == ": expected ':', in line 2 of the cell"
    assert where_unreadable("%time 1\n" * 600).startswith(": invalid syntax, in line 1 ")


@pytest.mark.parametrize("cell", ["\n" * 400_000 + "%", "%time 1\n" * 50_000, "%a\n" * 600, "(" * 10_000, "x\0"])
def test_no_cell_keeps_the_grader_busy(cell):
    assert needed("f", [PLAIN, cell], RELEASED) == [PLAIN]


def test_a_notebook_of_too_much_code_is_refused():
    cells = [{"cell_type": "code", "source": ["x = 1\n"] * 1000}] * 200
    with pytest.raises(ValueError, match=r"a\.ipynb has more than 1 MB of code"):
        code_cells(json.dumps({"cells": cells}).encode(), "a.ipynb")
    assert code_cells(json.dumps({"cells": cells[:2]}).encode(), "a.ipynb") == ["x = 1\n" * 1000] * 2
