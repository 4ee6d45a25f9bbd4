"""Compare an answer with what is expected: structure first, then values. Both are plain data (plain.py)."""

from typing import NamedTuple

import numpy as np

from helpers.compare import scale_of
from helpers.tuples import Tuple

from .describe import describe, kind_of, short
from .plain import SINGLE, Strange

NUMBERS = (bool, int, float, complex, *SINGLE)
SINGLE_PRECISION = 8 * float(np.finfo(np.float32).eps)  # what float32 results may be off by, about 1e-6


class Fault(NamedTuple):
    """One difference: `path` are keys and indices down to it; `got` is the kind that was given, if that is wrong.

    in_keys: whether it is about the keys of a dict, which no exercise asks for.
    """

    path: tuple
    text: str
    got: str = ""
    in_keys: bool = False

    @property
    def where(self):
        places = (", ".join(map(short, key)) if type(key) is tuple else short(key) for key in self.path)
        return "".join(f"[{place}]" for place in places)


class Comparison(NamedTuple):
    """`faults` is empty when the answer is right; `notes` say what was unusual about it."""

    faults: tuple
    notes: tuple

    @property
    def agrees(self):
        return not self.faults


def compare(given, expected, tolerance) -> Comparison:
    """Compare plain data. Shapes are literal: nothing is broadcast, a 1-D array is no column."""
    comparing = _Comparing(tolerance)
    with np.errstate(all="ignore"):
        faults = comparing.value(given, expected, (), None)
    return Comparison(tuple(faults), tuple(comparing.notes))


def agree(given, expected, tolerance) -> bool:
    """Whether they do, without a word: most answers are compared with every known mistake."""
    return not _Comparing(tolerance, in_words=False).value(given, expected, (), None)


def keys(given, expected):
    """The keys or indices of the items that are expected, None if the answer is of another kind or has other ones."""
    if type(expected) is dict:
        return list(expected) if type(given) is dict and given.keys() == expected.keys() else None
    flat = type(given) is np.ndarray and given.ndim == 1
    alike = type(expected) in (list, tuple, Tuple) and (flat or type(given) in (list, tuple, Tuple))
    return list(range(len(expected))) if alike and len(given) == len(expected) else None


class _Comparing:
    """One comparison; its methods yield Faults and collect the notes."""

    def __init__(self, tolerance, in_words=True):
        self.tolerance, self.in_words, self.notes = tolerance, in_words, {}

    def value(self, given, expected, path, scale):
        kind = type(expected)
        if Strange in (kind, type(given)) or expected is None or given is None or given is Ellipsis:
            return [] if type(given) is kind and given == expected else self.structural(path, given, expected)
        if kind in NUMBERS:
            faults = self.number(given, expected, path, scale)
        else:
            judges = {np.ndarray: self.array, str: self.text, dict: self.dict}
            faults = judges.get(kind, self.items)(given, expected, path)
        if self.in_words and not faults and kind is not complex and kind_of(given) != kind_of(expected):
            got = kind_of(given)
            if kind in NUMBERS and type(given) is np.ndarray:  # one number in it, but of which shape?
                got = got.replace("an array", f"an array {given.shape}")
            self.notes[f"{got} where {kind_of(expected)} is meant"] = None
        return faults

    def number(self, given, expected, path, scale):
        if type(given) is np.ndarray and given.size == 1 and given.dtype.kind in "biufc":
            given = given.reshape(())[()]
            given = given if isinstance(given, SINGLE) else given.item()
        wanted, kind = type(expected), type(given)
        if kind not in NUMBERS or (wanted is bool and kind is not bool and given != expected):
            return self.structural(path, given, expected)
        if kind in (complex, np.complex64) and wanted not in (complex, np.complex64):
            return [_imaginary(path, given, expected)]
        if kind is wanted and given == expected:  # as most are, and without arrays in a tenth of the time
            return []
        single, shown = isinstance(given, SINGLE), short(given) if self.in_words else True
        if (kind, wanted) != (float, float):
            given, expected = _one(given), _one(expected)
        return self.numbers(given, expected, single, path, scale, shown)

    def array(self, given, expected, path):
        if type(given) in (list, tuple) and (stacked := _stacked(given)) is not None:
            given = stacked
        if type(given) is not np.ndarray or given.shape != expected.shape or given.dtype.kind == "U":
            same = expected.dtype.kind == "U" and np.array_equal(given, expected)  # when it is called again
            return [] if same else self.structural(path, given, expected)
        if given.dtype == expected.dtype and given.tobytes() == expected.tobytes():  # as most are
            return []
        if given.dtype.kind == "c" and expected.dtype.kind != "c":
            return [_imaginary(path, given, expected)]
        kind = np.complex128 if expected.dtype.kind == "c" else np.float64
        single = given.dtype.type in SINGLE
        # How far off it is would be the answer, for one number and for whole ones.
        hidden = given.size == 1 or expected.dtype.kind in "biu"
        given, expected = given.astype(kind, copy=False), expected.astype(kind, copy=False)
        return self.numbers(given, expected, single, path, None, hidden)

    def numbers(self, given, expected, single, path, scale, hidden):
        """Values, once the shapes are the same. `single`: they had less than float64's precision. `hidden` is true, or
        the number as a text, if nothing may be said of the size of the error."""
        tolerance = self.tolerance
        if single and tolerance.rtol:
            tolerance = type(tolerance)(max(tolerance.rtol, SINGLE_PRECISION))
        accepted = tolerance.accepts(given, expected, scale)
        if accepted.all():
            return []
        if not self.in_words:
            return [Fault(path, "")]
        given, expected = np.asarray(given), np.asarray(expected)
        gap = np.where(accepted, 0.0, np.nan_to_num(np.abs(given - expected), nan=np.inf, posinf=np.inf))
        at = np.unravel_index(np.argmax(gap), gap.shape)
        shown = hidden if isinstance(hidden, str) else short(given[at].item())
        count = f" ({int((~accepted).sum())} of {gap.size} entries are not right)" if gap.size > 1 else ""
        text = f"{shown} is {'not right' if hidden else f'off by {gap[at]:.3g}'}{count}"
        if np.isinf(gap[at]) and np.isfinite(expected[at]):
            text = f"{short(given[at].item())} where a finite number is expected"
        return [Fault((*path, tuple(int(i) for i in at)) if at else path, text)]

    def text(self, given, expected, path):
        """A text such as "J @ T" or "error"; nobody means anything by blanks and capitals."""
        if type(given) is not str:
            return self.structural(path, given, expected)
        if "".join(given.split()).casefold() != "".join(expected.split()).casefold():
            return [Fault(path, f"{short(given)} is not right")]
        if given != expected:
            self.notes[f'{short(given)} where "{expected}" is meant'] = None
        return []

    def items(self, given, expected, path):
        if (places := keys(given, expected)) is None:
            return self.structural(path, given, expected)
        given = given.tolist() if type(given) is np.ndarray else given
        scale = None  # a list of numbers is judged as a vector is, the items of a tuple each by their own size
        if type(expected) is list and expected and {int, float, complex}.issuperset(map(type, expected)):
            scale = scale_of(np.array([_one(number) for number in expected]))
        return [fault for key in places for fault in self.value(given[key], expected[key], (*path, key), scale)]

    def dict(self, given, expected, path):
        if type(given) is not dict:
            return self.structural(path, given, expected)
        got, keys = describe(given), describe(expected).removeprefix("a dict with ")
        texts = [f"the key {short(key)} is missing" for key in expected if key not in given][:1]
        texts += [f"the key {short(key)} is not one of {keys}" for key in given if key not in expected][:1]
        faults = [Fault(path, ", and ".join(texts), got, True)] if texts else []
        shared = [key for key in expected if key in given]
        return faults + [f for key in shared for f in self.value(given[key], expected[key], (*path, key), None)]

    def structural(self, path, given, expected):
        """Another kind of thing, another length, or another shape."""
        if not self.in_words:
            return [Fault(path, "")]
        got, advice = describe(given), ""
        if type(given) is type(expected) is np.ndarray and given.dtype.kind != "U":
            got = f"shape {given.shape}"
            if given.ndim == 1 and expected.shape == (given.size, 1):
                advice = "; use x.reshape(-1, 1)"
            elif given.ndim == 1 and expected.shape == (1, given.size):
                advice = "; use x.reshape(1, -1)"
            elif expected.ndim == 2 and given.shape == expected.shape[::-1]:
                advice = ", rows and columns the other way round"
        return [Fault(path, f"expected {describe(expected)}, got {got}{advice}", got)]


def _imaginary(path, given, expected):
    wanted = "real numbers" if type(expected) is np.ndarray else describe(expected)
    advice = "" if np.any(np.imag(given)) else "; its imaginary part is zero: return .real"
    return Fault(path, f"expected {wanted}, got {describe(given)}{advice}", describe(given))


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
