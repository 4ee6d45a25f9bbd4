"""Plain data in words: what kind of thing a value is, and which inputs a case had."""

import re

import numpy as np

from helpers.tuples import Tuple

from .plain import Strange

WORDS = {
    bool: "True or False",
    int: "an int",
    float: "a float",
    complex: "a complex number",
    str: "a text",
    type(None): "None",
    type(...): "...",
}


def kind_of(value) -> str:
    """What kind of thing it is, whatever its size: "a float", "a list", "an array of integers"."""
    if type(value) is Strange:
        return value.description
    if type(value) is np.ndarray:
        kinds = {"b": "bools", "i": "integers", "u": "integers", "c": "complex numbers", "U": "texts"}
        return f"an array of {kinds.get(value.dtype.kind, value.dtype.name)}"
    return WORDS.get(type(value), f"a {type(value).__name__}")


def describe(value) -> str:
    """What kind of thing it is, and its size: "a column (3, 1)", "a float", "a list of 3 items"."""
    if type(value) is np.ndarray:
        of = "" if value.dtype.kind == "f" else kind_of(value).removeprefix("an array")
        if value.ndim == 2 and 1 in value.shape and value.shape != (1, 1):
            return f"a {'column' if value.shape[1] == 1 else 'row'} {value.shape}{of}"
        return f"an array of shape {value.shape}{of}"
    if type(value) is dict:
        return f"a dict with the keys {', '.join(map(short, value))}" if value else "an empty dict"
    if type(value) in (list, tuple, Tuple):
        return f"{kind_of(value)} of {len(value)} item{'s' * (len(value) != 1)}"
    return kind_of(value)


def short(value) -> str:
    """A number, a text or a key, in a few characters."""
    if type(value) in (float, np.float16, np.float32):
        return f"{float(value):.6g}"
    if type(value) is int and abs(value) >= 10**15:
        return "a very large int"
    if type(value) in (complex, np.complex64):
        return f"{complex(value):.6g}"
    return f'"{value[:40]}"' if type(value) is str else str(value)[:40]


def summary(inputs: dict) -> str:
    """One case's inputs, so that they can be tried: "f = sin, x = [[0.3], [2]], W of shape (5, 3)"."""
    few = sum(value.size for value in inputs.values() if type(value) is np.ndarray) <= 6
    return ", ".join(_input(name, value, few) for name, value in inputs.items()) or "no arguments"


def _input(name, value, few):
    if type(value) is np.ndarray:
        return f"{name} = {_written(value.tolist())}" if few else f"{name} of shape {value.shape}"
    if type(value) in (list, tuple) and len(value) <= 6 and {int, float, bool}.issuperset(map(type, value)):
        return f"{name} = {_written(value)}"
    if type(value) in (list, tuple) and value and {np.ndarray}.issuperset(map(type, value)):
        return f"{name} of shapes {listed(str(array.shape) for array in value)}"
    if type(value) in (list, tuple, Tuple, dict):
        return f"{name}, {describe(value)}"
    return f"{name} = {short(value)}"


def _written(value):
    """Numbers, nested in lists or tuples, each in a few characters: "[[0.3], [2]]"."""
    if type(value) not in (list, tuple):
        return short(value)
    first, last = "[]" if type(value) is list else "()"
    return first + ", ".join(map(_written, value)) + last


def leaves(value, where=""):
    """(place, what stands there) of every entry of a plain value that is no list, tuple or dict."""
    if not isinstance(value, list | tuple | Tuple | dict):
        return [(where, value)]
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for key, item in pairs for leaf in leaves(item, f"{where}[{short(key)}]")]


def listed(words, most=6) -> str:
    """Some words as one: "a, b and c"; of many the first, at most so many."""
    words = list(words)
    shown = [*words[:most], *([f"{len(words) - most} more"] if len(words) > most else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def without_addresses(text: str) -> str:
    """Text that is the same in every run: "<f at 0x7f3a5c>" becomes "<f at 0x…>"."""
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0x…", text)


def first_line(error: BaseException) -> str:
    """The first line of an exception's text, the same in every run."""
    return without_addresses(str(error).strip().split("\n")[0][:200])
