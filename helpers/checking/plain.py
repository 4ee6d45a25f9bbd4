"""Turn whatever was handed in into plain data: what can be compared, copied and recorded."""

import copy
import inspect
from dataclasses import dataclass
from numbers import Number
from types import BuiltinFunctionType, FunctionType, MethodType

import numpy as np

from helpers.tuples import Tuple

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


def settle(value):
    """(plain, notes): the answer as bools, numbers, texts, None, Ellipsis, base-class arrays, lists, tuples,
    Tuples and dicts of them, every array a copy of its own; a Strange in place of everything else. `notes` says what
    was unusual on the way."""
    notes = {}
    try:
        with np.errstate(all="ignore"):
            return _settled(value, notes), tuple(notes)
    except RecursionError:
        return Strange("something that contains itself"), ()
    except Exception:  # an object of a class of their own may fail when it is read
        return Strange("something that cannot be read"), ()


def _settled(value, notes):
    if value is None or value is Ellipsis or isinstance(value, SINGLE):
        return value
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind not in "biufcU":
        array = f"an array of dtype {value.dtype}: .astype(float) may make numbers of its entries"
        return Strange(array if value.ndim else f"a numpy value of type {value.dtype}")
    if isinstance(value, np.ndarray):
        if type(value) is not np.ndarray:
            notes[f"a {type(value).__name__}; return a plain array"] = None
        return np.array(value, subok=False)
    if isinstance(value, np.integer | np.bool_):
        return value.item()
    for kind in (bool, int, float, complex, str):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, Number):
        if not isinstance(value, np.generic):
            notes[f"a {type(value).__name__}, read as a float"] = None
        return complex(value) if isinstance(value, np.complexfloating) else float(value)
    if isinstance(value, range):
        notes["a range; list(...) makes the list of it"] = None
        value = list(value)
    for kind in (list, tuple, Tuple):
        if isinstance(value, kind):
            return kind([_settled(item, notes) for item in value])
    if isinstance(value, dict):
        return {_settled(key, notes): _settled(item, notes) for key, item in value.items()}
    return Strange(_kind(value))


def _kind(value):
    if inspect.isgenerator(value):
        return "a generator: use return instead of yield, or list(...) around it"
    if isinstance(value, type):
        return "a class"
    if isinstance(value, FunctionType | BuiltinFunctionType | MethodType | np.ufunc):
        return "a function"
    if isinstance(value, map | filter | zip | enumerate | reversed):
        return f"a {type(value).__name__} object: put list(...) around it"
    return f"an object of type {type(value).__name__[:60]}"


def fresh(value):
    """An independent copy of plain data, and of probes."""
    if isinstance(value, list | tuple | Tuple):
        return type(value)([fresh(item) for item in value])
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    return copy.copy(value)
