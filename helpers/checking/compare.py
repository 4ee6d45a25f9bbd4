"""Compare an answer with what is expected: structure first, then values. Both are plain data (plain.py)."""

from dataclasses import dataclass

import numpy as np

from helpers.compare import scale_of
from helpers.tuples import Tuple

from .describe import describe, short
from .plain import Strange

NUMBERS = (bool, int, float, complex, np.float16, np.float32, np.complex64)
SINGLE = (np.dtype("f2"), np.dtype("f4"), np.dtype("c8"))


@dataclass(frozen=True)
class Fault:
    """One difference: `where` is a path such as ["a + b"][0]; `got`, if the kind is wrong, the kind given."""

    where: str
    text: str
    structural: bool = True
    got: str = ""


@dataclass(frozen=True)
class Comparison:
    """`faults` is empty when the answer is right; `notes` say what was unusual about it."""

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def agrees(self):
        return not self.faults


def compare(given, expected, tolerance) -> Comparison:
    """Compare plain data. Shapes are literal: nothing is broadcast, a 1-D array is no column."""
    comparing = _Comparing(tolerance)
    with np.errstate(all="ignore"):
        comparing.value(given, expected, "", None)
    return Comparison(tuple(comparing.faults), tuple(dict.fromkeys(comparing.notes)))


class _Comparing:
    def __init__(self, tolerance):
        self.tolerance, self.faults, self.notes = tolerance, [], []

    def fault(self, where, text, structural=True, got=""):
        self.faults.append(Fault(where, text, structural, got))

    def kind_fault(self, where, given, expected):
        self.fault(where, f"expected {describe(expected)}, got {describe(given)}", got=describe(given))

    def complex_fault(self, where, given, wanted):
        rest = "; its imaginary part is zero: return .real" if not np.any(np.imag(given)) else ""
        self.fault(where, f"expected {wanted}, got {describe(given)}{rest}", got=describe(given))

    def value(self, given, expected, where, scale):
        kind = type(expected)
        if Strange in (kind, type(given)) or expected is None or given is None or given is Ellipsis:
            if given is not expected:
                self.kind_fault(where, given, expected)
        elif kind in NUMBERS:
            self.number(given, expected, where, scale)
        elif kind is np.ndarray:
            self.array(given, expected, where)
        elif kind is str:
            self.text(given, expected, where)
        elif kind is dict:
            self.dict(given, expected, where)
        else:
            self.items(given, expected, where)

    def number(self, given, expected, where, scale):
        if type(given) is np.ndarray and given.size == 1 and given.dtype.kind in "biufc":
            self.notes.append(f"an array of shape {given.shape} where {describe(expected)} is meant: use .item()")
            given = given.reshape(())[()] if given.dtype in SINGLE else given.item()
        if type(given) not in NUMBERS:
            return self.kind_fault(where, given, expected)
        wanted, kind = type(expected), type(given)
        if kind in (complex, np.complex64) and wanted is not complex:
            return self.complex_fault(where, given, describe(expected))
        if wanted is bool and given not in (0, 1):
            return self.kind_fault(where, given, expected)
        if wanted is bool and given != expected:
            return self.fault(where, f"{bool(given)} is not right", structural=False)
        single = kind in (np.float16, np.float32) and wanted is float
        if kind is not wanted and wanted is not complex and not single:
            self.notes.append(f"{describe(given)} where {describe(expected)} is meant")
        if not (kind is wanted is int and given == expected):  # an int may be too large for a float
            self.numbers(_one(given), _one(expected), kind.__name__ if single else "", where, scale)

    def array(self, given, expected, where):
        if type(given) in (list, tuple) and (stacked := _stacked(given)) is not None:
            self.notes.append(f"a {type(given).__name__} where an array is meant: use np.array(...)")
            given = stacked
        if type(given) is not np.ndarray:
            return self.kind_fault(where, given, expected)
        if given.shape != expected.shape:
            text = f"expected {describe(expected)}, got {_shape(given)}{_advice(given, expected)}"
            return self.fault(where, text, got=_shape(given))
        if given.dtype.kind not in "biufc":
            return self.kind_fault(where, given, expected)
        if given.dtype.kind == "c" and expected.dtype.kind != "c":
            return self.complex_fault(where, given, "real numbers")
        if given.dtype.kind in "biu" and expected.dtype.kind in "fc":
            kind = "bools" if given.dtype.kind == "b" else "integers"
            self.notes.append(f"{kind} where floats are meant: the course's arrays are float64")
        if given.dtype.kind != "b" and expected.dtype.kind == "b":
            self.notes.append("numbers where True and False are meant")
        kind = np.complex128 if expected.dtype.kind == "c" else np.float64
        single = given.dtype.name if given.dtype in SINGLE else ""
        self.numbers(given.astype(kind), expected.astype(kind), single, where, None)

    def numbers(self, given, expected, single, where, scale):
        """Values, once the shapes are the same. `single` names the precision they had, if less than float64."""
        tolerance = self.tolerance.for_single_precision() if single else self.tolerance
        accepted = tolerance.accepts(given, expected, scale)
        if accepted.all():
            return self.notes.append(f"{single} precision; the course computes in float64") if single else None
        bad = np.argwhere(~accepted & ~np.isfinite(given) & np.isfinite(expected))
        if len(bad):
            at = tuple(int(i) for i in bad[0])
            text = f"{short(given[at].item())} where a finite number is expected"
            return self.fault(where + _at(at), text, structural=False)
        gap = np.where(accepted, 0.0, np.nan_to_num(np.abs(given - expected), nan=np.inf, posinf=np.inf))
        at = tuple(int(i) for i in np.unravel_index(np.argmax(gap), gap.shape))
        wrong = int((~accepted).sum())
        count = f" ({wrong} of {gap.size} entries are not right)" if gap.size > 1 else ""
        text = f"{short(given[at].item())} is off by {gap[at]:.3g}{count}"
        self.fault(where + _at(at), text, structural=False)

    def text(self, given, expected, where):
        if type(given) is not str:
            self.kind_fault(where, given, expected)
        elif given != expected:
            if given.strip().casefold() == expected.casefold():
                self.notes.append(f'{short(given)} where "{expected}" is meant')
            else:
                self.fault(where, f"{short(given)} is not right", structural=False)

    def items(self, given, expected, where):
        if type(given) is np.ndarray and given.ndim == 1 and _flat(expected):
            self.notes.append(f"an array where a {type(expected).__name__} is meant")
            given = type(expected)(given.tolist())
        if type(given) not in (list, tuple, Tuple) or len(given) != len(expected):
            return self.kind_fault(where, given, expected)
        if type(given) is not type(expected):
            self.notes.append(f"a {type(given).__name__} where a {type(expected).__name__} is meant")
        scale = None  # a list of numbers is judged as a vector is, the items of a tuple each by their own size
        if type(expected) is list and expected and {int, float, complex}.issuperset(map(type, expected)):
            scale = scale_of(np.array([_one(number) for number in expected]))
        for k, (mine, theirs) in enumerate(zip(given, expected, strict=True)):
            self.value(mine, theirs, f"{where}[{k}]", scale)

    def dict(self, given, expected, where):
        if type(given) is not dict:
            return self.kind_fault(where, given, expected)
        for key in expected:
            if key not in given:
                self.fault(where, f"the key {short(key)} is missing")
            else:
                self.value(given[key], expected[key], f"{where}[{short(key)}]", None)
        if extra := [key for key in given if key not in expected]:
            keys = describe(expected).removeprefix("a dict with ")
            self.fault(where, f"the key {short(extra[0])} is not one of {keys}")


def _one(number):
    try:
        return np.array(number, dtype=complex if type(number) in (complex, np.complex64) else float)
    except OverflowError:
        return np.array(np.inf)  # an int beyond float64


def _stacked(items):
    """The array that nested lists of numbers stand for, None if they are ragged or hold other things."""
    try:
        array = np.array(items)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biufc" else None


def _flat(items):
    return all(type(item) in (bool, int, float, str) for item in items)


def _at(index):
    return f"[{', '.join(map(str, index))}]" if index else ""


def _shape(given):
    return f"shape {given.shape}" if given.dtype.kind in "biufc" else describe(given)


def _advice(given, expected):
    if given.ndim == 1 and expected.shape == (given.size, 1):
        return "; use x.reshape(-1, 1)"
    if given.ndim == 1 and expected.shape == (1, given.size):
        return "; use x.reshape(1, -1)"
    if expected.ndim == 2 and given.shape == expected.shape[::-1]:
        return ", rows and columns the other way round"
    return ""
