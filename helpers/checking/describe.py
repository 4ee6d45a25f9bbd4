"""Plain data in words: what kind of thing a value is, and which inputs a case had."""

import re
import reprlib

import numpy as np

from helpers.tuples import Tuple

from .plain import Raised, Strange

WORDS = {
    bool: "True or False",
    int: "an int",
    float: "a float",
    complex: "a complex number",
    str: "a text",
    type(None): "None",
    type(...): "...",
}


def describe(value) -> str:
    """What kind of thing it is, without its values: "a column (3, 1)", "a float", "a list of 3 items"."""
    kind = type(value)
    if kind is Strange:
        return value.description
    if kind is Raised:
        return f"a {value.type}"
    if kind is np.ndarray:
        return _array(value)
    if kind is dict:
        return f"a dict with the keys {_keys(value)}" if value else "an empty dict"
    if kind in (list, tuple, Tuple):
        return f"a {kind.__name__} of {len(value)} item{'s' * (len(value) != 1)}"
    return WORDS.get(kind, f"a {kind.__name__}")


def _array(array):
    if array.dtype.kind == "U":
        return f"an array of texts of shape {array.shape}"
    of = {"b": " of bools", "c": " of complex numbers"}.get(array.dtype.kind, "")
    if array.ndim == 2 and array.shape[1] == 1 and array.shape[0] != 1:
        return f"a column {array.shape}{of}"
    if array.ndim == 2 and array.shape[0] == 1 and array.shape[1] != 1:
        return f"a row {array.shape}{of}"
    return f"an array of shape {array.shape}{of}"


def _keys(value):
    shown = [short(key) for key in list(value)[:12]]
    return ", ".join(shown + ["…"] * (len(value) > 12))


def short(value) -> str:
    """A number, a text or a key, in a few characters."""
    if type(value) in (float, np.float16, np.float32):
        return f"{float(value):.6g}"
    if type(value) is int and abs(value) >= 10**15:
        return "a very large int"
    if type(value) in (complex, np.complex64):
        return f"{complex(value):.6g}"
    if type(value) is str:
        return f'"{value[:40]}"'
    return reprlib.repr(value) if type(value) is tuple else str(value)[:40]


def without_addresses(text: str) -> str:
    """Text that is the same in every run: "<f at 0x7f3a5c>" becomes "<f at 0x…>"."""
    return re.sub(r"0x[0-9a-fA-F]{6,}", "0x…", text)


def first_line(error: BaseException) -> str:
    """The first line of an exception's text, the same in every run."""
    return without_addresses(str(error).strip().split("\n")[0][:200])


def summary(inputs: dict) -> str:
    """One case's inputs: "f = sin, x = 0.3, W of shape (5, 3)"."""
    if not inputs:
        return "no arguments"
    return ", ".join(_input(name, value) for name, value in inputs.items())


def _input(name, value):
    if type(value) is np.ndarray:
        if value.size == 1 and value.dtype.kind in "biuf":
            return f"{name} = {np.array2string(value, formatter={'all': lambda x: f'{x:.6g}'})}"
        return f"{name} of shape {value.shape}"
    if type(value) in (list, tuple, Tuple, dict):
        if type(value) in (list, tuple) and len(value) <= 6 and {int, float, bool}.issuperset(map(type, value)):
            brackets = "[]" if type(value) is list else "()"
            return f"{name} = {brackets[0]}{', '.join(map(short, value))}{brackets[1]}"
        return f"{name}, {describe(value)}"
    return f"{name} = {short(value)}"
