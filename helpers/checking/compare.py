"""Compare an answer with what is expected: structure first, then values. Both are plain data (plain.py)."""

from dataclasses import dataclass, field

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
    got: str = ""


@dataclass(frozen=True)
class Comparison:
    """`faults` is empty when the answer is right; `notes` say what was unusual about it.

    `parts`: the faults of each item, by key or index, if a dict, list, tuple or Tuple has the items that are expected.
    """

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    parts: dict = field(default_factory=dict)

    @property
    def agrees(self):
        return not self.faults


def compare(given, expected, tolerance, *, structure_is_asked=False) -> Comparison:
    """Compare plain data. Shapes are literal: nothing is broadcast, a 1-D array is no column.

    If the structure is the question, no fault tells which kind of thing, length or shape would be right.
    """
    comparing = _Comparing(tolerance, structure_is_asked)
    with np.errstate(all="ignore"):
        comparing.value(given, expected, "", None)
    return Comparison(tuple(comparing.faults), tuple(dict.fromkeys(comparing.notes)), comparing.parts)


class _Comparing:
    def __init__(self, tolerance, structure_is_asked):
        self.tolerance, self.structure_is_asked = tolerance, structure_is_asked
        self.faults, self.notes, self.parts = [], [], {}

    def fault(self, where, text):
        self.faults.append(Fault(where, text))

    def structural(self, where, given, expected, advice="", got=""):
        """Another kind of thing, another length, or another shape."""
        if self.structure_is_asked:
            return self.fault(where, f"{describe(given)} is not the structure that is asked for")
        got = got or describe(given)
        wanted = expected if type(expected) is _Words else describe(expected)
        self.faults.append(Fault(where, f"expected {wanted}, got {got}{advice}", got))

    def imaginary(self, where, given, expected):
        zero = not np.any(np.imag(given))
        self.structural(where, given, expected, "; its imaginary part is zero: return .real" if zero else "")

    def value(self, given, expected, where, scale):
        kind = type(expected)
        if Strange in (kind, type(given)) or expected is None or given is None or given is Ellipsis:
            if given is not expected:
                self.structural(where, given, expected)
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
        wanted, kind = type(expected), type(given)
        if kind not in NUMBERS or (wanted is bool and kind is not bool and given != expected):
            return self.structural(where, given, expected)
        if kind in (complex, np.complex64) and wanted is not complex:
            return self.imaginary(where, given, expected)
        single = kind in (np.float16, np.float32) and wanted is float
        if kind is not wanted and wanted is not complex and not single:
            self.notes.append(f"{describe(given)} where {describe(expected)} is meant")
        if not (kind is wanted is int and given == expected):  # an int may be too large for a float
            self.numbers(_one(given), _one(expected), kind.__name__ if single else "", where, scale, short(given))

    def array(self, given, expected, where):
        if type(given) in (list, tuple) and (stacked := _stacked(given)) is not None:
            self.notes.append(f"a {type(given).__name__} where an array is meant: use np.array(...)")
            given = stacked
        if type(given) is not np.ndarray or (given.shape == expected.shape and given.dtype.kind not in "biufc"):
            return self.structural(where, given, expected)
        if given.shape != expected.shape:
            got = f"shape {given.shape}" if given.dtype.kind in "biufc" else describe(given)
            return self.structural(where, given, expected, _advice(given, expected), got)
        if given.dtype.kind == "c" and expected.dtype.kind != "c":
            return self.imaginary(where, given, _Words("real numbers"))
        if given.dtype.kind in "biu" and expected.dtype.kind in "fc":
            kind = "bools" if given.dtype.kind == "b" else "integers"
            self.notes.append(f"{kind} where floats are meant: the course's arrays are float64")
        if given.dtype.kind != "b" and expected.dtype.kind == "b":
            self.notes.append("numbers where True and False are meant")
        kind = np.complex128 if expected.dtype.kind == "c" else np.float64
        single = given.dtype.name if given.dtype in SINGLE else ""
        # How far off it is would be the answer, for one number and for whole ones.
        hidden = given.size == 1 or expected.dtype.kind in "biu"
        self.numbers(given.astype(kind), expected.astype(kind), single, where, None, hidden)

    def numbers(self, given, expected, single, where, scale, hidden):
        """Values, once the shapes are the same. `single` names the precision they had, if less than float64;
        `hidden` is true, or the number as a text, if nothing may be said of the size of the error."""
        tolerance = self.tolerance.for_single_precision() if single else self.tolerance
        accepted = tolerance.accepts(given, expected, scale)
        if accepted.all():
            return self.notes.append(f"{single} precision; the course computes in float64") if single else None
        gap = np.where(accepted, 0.0, np.nan_to_num(np.abs(given - expected), nan=np.inf, posinf=np.inf))
        unbounded = ~accepted & ~np.isfinite(given) & np.isfinite(expected)
        at = np.unravel_index(np.argmax(unbounded if unbounded.any() else gap), gap.shape)
        shown = hidden if isinstance(hidden, str) else short(given[at].item())
        count = f" ({int((~accepted).sum())} of {gap.size} entries are not right)" if gap.size > 1 else ""
        if unbounded.any():
            text = f"{short(given[at].item())} where a finite number is expected"
        else:
            text = f"{shown} is {'not right' if hidden else f'off by {gap[at]:.3g}'}{count}"
        self.fault(where + (f"[{', '.join(str(int(i)) for i in at)}]" if at else ""), text)

    def text(self, given, expected, where):
        if type(given) is not str:
            return self.structural(where, given, expected)
        if _squeezed(given) != _squeezed(expected):
            return self.fault(where, f"{short(given)} is not right")
        if given != expected:
            self.notes.append(f'{short(given)} where "{expected}" is meant')

    def items(self, given, expected, where):
        if type(given) is np.ndarray and given.ndim == 1 and _flat(expected):
            self.notes.append(f"an array where a {type(expected).__name__} is meant")
            given = type(expected)(given.tolist())
        if type(given) not in (list, tuple, Tuple) or len(given) != len(expected):
            return self.structural(where, given, expected)
        if type(given) is not type(expected):
            self.notes.append(f"a {type(given).__name__} where a {type(expected).__name__} is meant")
        scale = None  # a list of numbers is judged as a vector is, the items of a tuple each by their own size
        if type(expected) is list and expected and {int, float, complex}.issuperset(map(type, expected)):
            scale = scale_of(np.array([_one(number) for number in expected]))
        self.each(
            {k: (mine, theirs) for k, (mine, theirs) in enumerate(zip(given, expected, strict=True))}, where, scale
        )

    def dict(self, given, expected, where):
        if type(given) is not dict:
            return self.structural(where, given, expected)
        for key in expected:
            if key not in given:
                self.fault(where, f"the key {short(key)} is missing")
        if extra := [key for key in given if key not in expected]:
            keys = describe(expected).removeprefix("a dict with ")
            self.fault(where, f"the key {short(extra[0])} is not one of {keys}")
        shared = {key: (given[key], expected[key]) for key in expected if key in given}
        self.each(shared, where, None, complete=len(shared) == len(expected) == len(given))

    def each(self, pairs, where, scale, complete=True):
        for key, (mine, theirs) in pairs.items():
            before = len(self.faults)
            self.value(mine, theirs, f"{where}[{short(key)}]", scale)
            if complete and not where:
                self.parts[key] = tuple(self.faults[before:])


class _Words(str):
    """What is expected, already in words."""


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


def _squeezed(text):
    """A text such as "J @ T" or "error" without what nobody means by it: blanks and capitals."""
    return "".join(text.split()).casefold()


def _advice(given, expected):
    if given.ndim == 1 and expected.shape == (given.size, 1):
        return "; use x.reshape(-1, 1)"
    if given.ndim == 1 and expected.shape == (1, given.size):
        return "; use x.reshape(1, -1)"
    if expected.ndim == 2 and given.shape == expected.shape[::-1]:
        return ", rows and columns the other way round"
    return ""
