"""Named functions that exercises hand to a student's function, so that a Recording can name them.

`probe("sin")` is a function of one real or complex number or array, elementwise; `probe("polar")` maps a
column (N, 1), or a batch (N, B), to a column (M, 1) or a batch (M, B). A lesson adds functions of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np


@dataclass(frozen=True)
class Probe:
    """A callable known by its name. Two probes of one name are the same function."""

    name: str
    function: Callable
    rows: int | None = None  # N for a function of columns, None for an elementwise one
    home: str | None = None  # the lesson's module that added it, a function of any arguments

    def __call__(self, *arguments, **named):
        if self.home:
            return self.function(*arguments, **named)
        if len(arguments) != 1 or named:
            raise TypeError(f"{self.name} takes one argument, got {len(arguments) + len(named)}")
        [x] = arguments
        if self.rows is not None and (np.ndim(x) != 2 or np.shape(x)[0] != self.rows):
            got = f"shape {np.shape(x)}" if np.ndim(x) else type(x).__name__
            raise ValueError(f"{self.name}: expected a column ({self.rows}, 1), got {got}")
        return self.function(x)

    def __repr__(self):
        return self.name


def _polar(x):  # (2, B): radius, angle -> two coordinates
    return np.vstack([x[:1] * np.cos(x[1:]), x[:1] * np.sin(x[1:])])


def _saddle_and_waves(x):  # (3, B) -> (2, B)
    return np.vstack([x[:1] * x[1:2] - x[2:] ** 2, np.sin(x[:1]) + x[1:2] * x[2:]])


def _curve(t):  # (1, B) -> (3, B), a helix
    return np.vstack([np.cos(t), np.sin(t), 0.5 * t])


ELEMENTWISE = {
    "sin": np.sin,
    "exp": np.exp,
    "tanh": np.tanh,
    "square": lambda x: x * x,
    "cube": lambda x: x * x * x,
    "polynomial": lambda x: 2 * x**3 - 3 * x + 1,
    "gaussian": lambda x: np.exp(-x * x),
    "tiny waves": lambda x: 1e-9 * np.sin(x),
    "huge waves": lambda x: 1e9 * np.sin(x),
    "oscillating": lambda x: np.sin(20 * x) / (1 + x * x),
    "exp over sines": lambda x: np.exp(x) / (np.sin(x) ** 3 + np.cos(x) ** 3),  # Squire & Trapp (1998)
}
COLUMNS = {
    "polar": (2, _polar),
    "paraboloid": (2, lambda x: x[:1] ** 2 + 3 * x[1:] ** 2),  # (2, B) -> (1, B)
    "bowl": (3, lambda x: np.sum(x * x, axis=0, keepdims=True)),  # (3, B) -> (1, B)
    "saddle and waves": (3, _saddle_and_waves),
    "helix": (1, _curve),
    "product": (2, lambda x: x[:1] * x[1:]),  # (2, B) -> (1, B)
    "power": (2, lambda x: x[:1] ** x[1:]),  # (2, B) -> (1, B), for x_1 > 0
    "twist": (2, lambda x: np.vstack([x[:1] + x[1:] ** 2, np.sin(x[:1])])),  # (2, B) -> (2, B)
    "fold": (2, lambda x: np.vstack([x[:1] * x[1:], x[1:] - x[:1] ** 2])),  # (2, B) -> (2, B)
}
_PROBES = {name: Probe(name, function) for name, function in ELEMENTWISE.items()}
_PROBES |= {name: Probe(name, function, rows) for name, (rows, function) in COLUMNS.items()}


def probe(name: str, home: str | None = None) -> Probe:
    """The probe of that name, which a lesson's module `home` may have to add first.

    Raises ValueError, with the names there are, for another.
    """
    if name not in _PROBES and home and home.startswith("helpers.lessons."):
        import_module(home)
    if name not in _PROBES:
        raise ValueError(f"no probe {name!r}; there are {', '.join(sorted(ELEMENTWISE | COLUMNS))}")
    return _PROBES[name]


def add_probes(home, functions):
    """Make {name: function} known as probes of the module `home`; they say themselves which arguments they take.

    Raises ValueError for a name that belongs to another function already.
    """
    for name, function in functions.items():
        added = Probe(name, function, home=home)
        if _PROBES.setdefault(name, added) != added:
            raise ValueError(f"there is another probe {name!r} already")
