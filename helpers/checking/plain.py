"""Turn whatever was handed in into plain data: what can be compared, copied and recorded."""

import copy
import inspect
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType, MethodType

import numpy as np

from helpers.tuples import Tuple

MOST_ENTRIES = 200_000
DEEPEST = 30
SINGLE = (np.float16, np.float32, np.complex64)  # kept as they are: their precision matters


@dataclass(frozen=True)
class Strange:
    """Something that cannot be an answer, described for a message."""

    description: str


@dataclass(frozen=True)
class Raised:
    """What a function raised instead of returning: the exception's type and text, and the student's line."""

    type: str
    text: str
    line: str = ""


class _TooMuch(Exception):
    """Too many entries, or too deep: the answer as a whole is strange."""


def settle(value):
    """(plain, notes): the answer as bools, numbers, texts, None, Ellipsis, base-class arrays, lists, tuples,
    Tuples and dicts of them, every array a copy of its own; a Strange in place of everything else. `notes` says what
    was unusual on the way."""
    settler = _Settler()
    try:
        with np.errstate(all="ignore"):
            return settler.settle(value), tuple(settler.notes)
    except _TooMuch as too_much:
        return Strange(str(too_much)), ()
    except Exception:  # an object of a class of their own may fail when it is read
        return Strange("something that cannot be read"), ()


class _Settler:
    """One conversion: counts the entries and collects the notes."""

    def __init__(self):
        self.entries = 0
        self.notes = {}

    def settle(self, value, depth=0):
        if value is None or value is Ellipsis:
            return value
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, np.generic):
            return self.numpy_scalar(value)
        for kind in (bool, int, float, complex, str):
            if isinstance(value, kind):
                return kind(value)
        if isinstance(value, Fraction | Decimal):
            self.notes[f"a {type(value).__name__}; a float is meant"] = None
            return float(value)
        if isinstance(value, range):
            self.notes["a range; list(...) makes the list of it"] = None
            return self.items(value, depth, list)
        for kind in (list, tuple, Tuple):
            if isinstance(value, kind):
                return self.items(value, depth, kind)
        if isinstance(value, dict):
            return self.dict(value, depth)
        return _strange(value)

    def array(self, value):
        if value.dtype.kind not in "biufcU":
            return Strange(f"an array of dtype {value.dtype}")
        self.count(value.size, f"an array of shape {value.shape}")
        if isinstance(value, np.ma.MaskedArray):
            if np.ma.getmaskarray(value).any():
                return Strange("a masked array with masked entries")
            self.notes["a masked array; return a plain array"] = None
        elif type(value) is not np.ndarray:
            kind = "a matrix object" if isinstance(value, np.matrix) else "a special kind of array"
            self.notes[f"{kind}; return a plain array"] = None
        return np.array(value, subok=False)

    def numpy_scalar(self, value):
        if isinstance(value, SINGLE):
            return value
        if value.dtype.kind not in "biufcU":
            return Strange(f"a numpy value of type {value.dtype}")
        wide = {"f": float, "c": complex}.get(value.dtype.kind)  # also where a C long double is wider
        return wide(value) if wide else value.item()

    def items(self, value, depth, kind):
        self.count(len(value), f"a {kind.__name__} with more than {MOST_ENTRIES} entries")
        if depth == DEEPEST:
            raise _TooMuch(f"a {kind.__name__} nested more than {DEEPEST} deep, or one that contains itself")
        return kind([self.settle(item, depth + 1) for item in value])

    def count(self, entries, description):
        self.entries += entries
        if self.entries > MOST_ENTRIES:
            raise _TooMuch(description)

    def dict(self, value, depth):
        keys = self.items(tuple(value), depth, tuple)
        if not all(map(_is_key, keys)):
            return Strange("a dict with keys that are not texts or numbers")
        return dict(zip(keys, self.items(list(value.values()), depth, list), strict=True))


def _is_key(key):
    return isinstance(key, bool | int | float | str) or (isinstance(key, tuple) and all(map(_is_key, key)))


def _strange(value):
    kind = type(value).__name__[:60]
    if inspect.iscoroutine(value):
        value.close()  # else it warns that nobody awaited it
        return Strange("a coroutine: write def instead of async def")
    if inspect.isgenerator(value) or inspect.isasyncgen(value):
        return Strange("a generator: use return instead of yield, or list(...) around it")
    if isinstance(value, type):
        return Strange("a class")
    if isinstance(value, FunctionType | BuiltinFunctionType | MethodType | np.ufunc):
        return Strange("a function")
    if isinstance(value, map | filter | zip | enumerate | reversed):
        return Strange(f"a {kind} object: put list(...) around it")
    return Strange(f"an object of type {kind}")


def fresh(value):
    """An independent copy of plain data, and of probes."""
    if isinstance(value, list | tuple | Tuple):
        return type(value)([fresh(item) for item in value])
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return copy.copy(value)
