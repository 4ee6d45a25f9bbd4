"""Turn whatever a student handed in into plain data that can be compared without running their code.

Nothing here calls a method that a student could have written: types are read with type(), never with
isinstance (an object's __class__ may lie), and contents through the built-in type's own methods.
"""

import copy
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
)

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

    def same(self, other):
        return (self.type, self.text) == (other.type, other.text)


class _TooMuch(Exception):
    """Too many entries, or too deep: the answer as a whole is strange."""


class _Settler:
    """One conversion: counts the entries and collects the notes."""

    def __init__(self):
        self.entries = 0
        self.notes = []

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def settle(self, value, depth=0):
        kind = type(value)
        if value is None or value is Ellipsis or kind in (bool, int, float, complex, str):
            return value
        if issubclass(kind, np.ndarray):
            return self._array(value, kind)
        if issubclass(kind, np.generic):
            return self._numpy_scalar(value, kind)
        if issubclass(kind, int):
            return int.__int__(value)
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, complex):
            return complex.__complex__(value)
        if issubclass(kind, str):
            return str.__str__(value)
        if kind in (Fraction, Decimal):
            self.note(f"a {kind.__name__}; a float is meant")
            return float(value)
        if kind is range:
            self.note("a range; list(...) makes the list of it")
            return self._items(value[:MOST_ENTRIES], depth, list)
        if issubclass(kind, list):
            return self._items(list.__getitem__(value, slice(None)), depth, list)
        if issubclass(kind, tuple):
            return self._items(tuple.__getitem__(value, slice(None)), depth, tuple)
        if kind is Tuple:
            return self._tuple(value, depth)
        if issubclass(kind, dict):
            return self._dict(dict.copy(value), depth)
        return _strange(value, kind)

    def _array(self, value, kind):
        shape, dtype = np.ndarray.shape.__get__(value), np.ndarray.dtype.__get__(value)
        if dtype.kind not in "biufcU":
            return Strange(f"an array of dtype {dtype}")
        size = int(np.prod(shape, dtype=object)) if shape else 1
        self._count(size, f"an array of shape {shape}")
        if issubclass(kind, np.ma.MaskedArray):
            if np.ma.getmaskarray(value).any():
                return Strange("a masked array with masked entries")
            self.note("a masked array; return a plain array")
        elif kind is not np.ndarray:
            self.note("a matrix object; return a plain array" if issubclass(kind, np.matrix)
                      else "a special kind of array; return a plain array")  # fmt: skip
        return np.array(value, subok=False)

    def _numpy_scalar(self, value, kind):
        if kind in SINGLE:
            return value
        entry = np.asarray(value)
        if entry.dtype.kind not in "biufcU" or entry.shape:
            return Strange(f"a numpy value of type {entry.dtype}")
        if entry.dtype.kind in "fc":
            return entry.astype(np.float64 if entry.dtype.kind == "f" else np.complex128).item()
        return entry.item()

    def _items(self, items, depth, kind):
        self._count(len(items), f"a {kind.__name__} with more than {MOST_ENTRIES} entries")
        if depth == DEEPEST:
            raise _TooMuch(f"a {kind.__name__} nested more than {DEEPEST} deep, or one that contains itself")
        return kind(self.settle(item, depth + 1) for item in items)

    def _count(self, entries, description):
        self.entries += entries
        if self.entries > MOST_ENTRIES:
            raise _TooMuch(description)

    def _tuple(self, value, depth):
        items = self._items(list(value), depth, list)
        return items if type(items) is Strange else Tuple(items)

    def _dict(self, items, depth):
        keys = self._items(tuple(items), depth, tuple)
        if not all(map(_is_key, keys)):
            return Strange("a dict with keys that are not texts or numbers")
        return dict(zip(keys, self._items(list(items.values()), depth, list), strict=True))


def _is_key(key):
    return type(key) in (bool, int, float, str) or (type(key) is tuple and all(map(_is_key, key)))


def _strange(value, kind):
    if issubclass(kind, CoroutineType):
        return Strange("a coroutine: write def instead of async def")
    if issubclass(kind, GeneratorType | AsyncGeneratorType):
        return Strange("a generator: use return instead of yield, or list(...) around it")
    if issubclass(kind, type):
        return Strange("a class")
    if kind in (FunctionType, BuiltinFunctionType, MethodType, np.ufunc):
        return Strange("a function")
    if kind in (map, filter, zip, enumerate, reversed):
        return Strange(f"a {kind.__name__} object: put list(...) around it")
    return Strange(f"an object of type {name_of(kind)}")


def name_of(kind):
    """A class's name, even if its metaclass has other ideas."""
    return type.__dict__["__name__"].__get__(kind)[:60]


def settle(value):
    """(plain, notes): the answer as bools, numbers, texts, None, Ellipsis, base-class arrays, lists, tuples,
    Tuples and dicts of them, every array a copy of its own; a Strange in place of everything else. `notes` says what
    was unusual on the way. Never raises."""
    settler = _Settler()
    try:
        with np.errstate(all="ignore"):
            return settler.settle(value), tuple(settler.notes)
    except _TooMuch as too_much:
        return Strange(str(too_much)), ()
    except Exception:
        return Strange("something that cannot be read"), ()


def fresh(value):
    """An independent copy of plain data, and of probes."""
    if type(value) in (list, tuple):
        return type(value)(fresh(item) for item in value)
    if type(value) is Tuple:
        return Tuple(fresh(item) for item in value)
    if type(value) is dict:
        return {key: fresh(item) for key, item in value.items()}
    return copy.copy(value)
