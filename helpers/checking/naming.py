"""Which mistake explains a wrong answer: a known one of the exercise, for all of it or for a part, or a general one.

A mistake is named only if it fits on every case, and shows on one at least.
"""

import re

import numpy as np

from helpers.gradcheck import diagnose
from helpers.tuples import Tuple

from .compare import compare
from .plain import Raised


def known_mistake(recording, results, raised=None) -> int | None:
    """The number of the first known mistake that gives these results, and then fails like this, on the cases."""
    same_failure = [_same_failure, _same_kind] if raised else [None]
    for same in same_failure:
        for number in range(len(recording.mistakes)):
            mistaken = [case.mistaken[number] for case in recording.cases]
            if raised and not same(mistaken[len(results)], raised):
                continue
            if not all(_agree(recording, mine, wrong) for mine, wrong in zip(results, mistaken, strict=False)):
                continue
            if same is not _same_kind or any(
                _shows(recording, case, number) for case in recording.cases[: len(results)]
            ):
                return number
    return None


def first_shown(recording, number, part=None):
    """The first case on which a known mistake is a mistake, as a whole or in a part."""
    return next((case for case in recording.cases if _shows(recording, case, number, part)), recording.cases[0])


def known_in_part(recording, results, part) -> int | None:
    """The number of the known mistake that gives the same item under this key or index, on all cases.

    If several do, the one that fits wherever it is wrong counts more; if their names differ then, none is meant.
    """
    fitting = {}
    for number in range(len(recording.mistakes)):
        mine = [
            _parts(recording, given, case.mistaken[number])
            for given, case in zip(results, recording.cases, strict=True)
        ]
        shown = {
            key
            for case in recording.cases
            for key, faults in _parts(recording, case.mistaken[number], case.expected).items()
            if faults
        }
        if part in shown and all(part in parts and not parts[part] for parts in mine):
            fitting[number] = all(parts.get(key) == () for parts in mine for key in shown)
    best = [number for number, everywhere in fitting.items() if everywhere] or list(fitting)
    return best[0] if len({recording.mistakes[number].name for number in best}) == 1 else None


def general_mistake(recording, results, expected):
    """What the gradient check says of every number in the results, a Diagnosis; None if it says nothing of the kind.

    Nothing is said of whole numbers and truth values, nor of a lone number that is no function's result: the name
    would be the answer.
    """
    pairs = [pair for given, right in zip(results, expected, strict=True) for pair in _numbers(given, right) or [None]]
    if not pairs or None in pairs or (recording.arguments is None and sum(right.size for _, right in pairs) < 2):
        return None
    tol = getattr(recording.tolerance, "rtol", 1e-9)
    with np.errstate(all="ignore"):
        found = [diagnose(mine, right, tol=tol) for mine, right in pairs]
    names = set(found) - {None}
    if len(names) != 1 or not (named := names.pop()).mistake:
        return None
    unshown = [right for (_, right), diagnosis in zip(pairs, found, strict=True) if diagnosis is None]
    if not all(_cannot_show(named.mistake, right) for right in unshown):
        return None
    alone = all(right.ndim == 0 for _, right in pairs)
    return named._replace(message=named.message.replace("Every entry", "Every number")) if alone else named


def _agree(recording, given, mistaken):
    return type(mistaken) is not Raised and compare(given, mistaken, recording.tolerance).agrees


def _shows(recording, case, number, part=None):
    if part is None:
        return not _agree(recording, case.mistaken[number], case.expected)
    return bool(_parts(recording, case.mistaken[number], case.expected).get(part))


def _parts(recording, given, expected):
    if Raised in (type(given), type(expected)):
        return {}
    return compare(given, expected, recording.tolerance).parts


def _same_failure(mistaken, raised):
    """The same exception; of a product with sizes that do not meet, by whatever function it was formed."""
    return type(mistaken) is Raised and (mistaken.type, _cause(mistaken.text)) == (raised.type, _cause(raised.text))


def _same_kind(mistaken, raised):
    """An exception of the same type: enough where the results before it were those of the mistake."""
    return type(mistaken) is Raised and mistaken.type == raised.type


def _cause(text):
    """What a message of numpy's or Python's is about, if several idioms have words of their own for it."""
    if sizes := re.search(r"size (\d+) is different from (\d+)", text):  # A @ B, np.matmul
        return "product", sizes[2], sizes[1]
    if sizes := re.search(r"not aligned: (\d+) \(dim \d+\) != (\d+)", text):  # np.dot, A.dot(B)
        return "product", sizes[1], sizes[2]
    if operator := re.search(r"operand type\(s\) for (\S+?)=?:", text):  # whatever the operands were
        return "operator", operator[1]
    return text


def _numbers(given, expected):
    """The pairs of float arrays in a result and in the right one; None if their structures or kinds differ."""
    if type(expected) is np.ndarray and expected.dtype.kind == "f":
        mine = np.asarray(given) if type(given) is np.ndarray else None
        usable = mine is not None and mine.dtype.kind in "iuf" and np.isfinite(expected).all()
        return [(mine.astype(float), expected)] if usable else None
    if type(expected) is float:
        usable = isinstance(given, int | float) and np.isfinite(expected) and abs(given) < 1e300
        return [(np.array(float(given)), np.array(expected))] if usable else None
    if type(expected) is dict:
        matches = type(given) is dict and given.keys() == expected.keys()
        items = [(given[key], expected[key]) for key in expected] if matches else []
    else:
        kinds = (list, tuple, Tuple)
        matches = type(given) in kinds and type(expected) in kinds and len(given) == len(expected)
        items = zip(given, expected, strict=True) if matches else []
    found = [_numbers(mine, right) for mine, right in items]
    return None if not found or None in found else [pair for pairs in found for pair in pairs]


def _cannot_show(name, truth):
    """Whether the mistake would change nothing here."""
    return not truth.any() or (name == "transposed" and truth.shape == truth.T.shape and (truth == truth.T).all())
