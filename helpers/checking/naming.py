"""Which mistake explains a wrong answer: a known one of the exercise, for all of it or for a part, or a general one.

A mistake is named only if it fits on every case, and shows on one at least.
"""

import re
from typing import NamedTuple

import numpy as np

from helpers.diagnosis import Diagnosis, diagnose

from .compare import SINGLE_PRECISION, agree, keys
from .describe import leaves
from .exercise import Close
from .plain import Raised
from .recording import Recording, part_of

# What any answer may suffer from, beside the mistakes of a gradient.
OF_AN_ANSWER = {
    "measured": "The numbers are right (to the accuracy of a measurement). The exercise asks for the derivation: "
    "write the formula that you find on paper, and keep the measurement for testing it.",
    "single precision": "The numbers are right to 7 digits, and every one of them is a float32: somewhere on the way "
    "the other digits were lost (float32, dtype=...). The course computes in float64.",
    "few digits": "The numbers are right to 6 or 7 digits and not to the last ones: is there a float32, a rounding, a "
    "constant with few digits or a measured slope on the way?",
}
DERIVED = 1e-11  # what rounding may leave in a formula: 4e-12 where 1 - tanh² meets 1/cosh²


class Part(NamedTuple):
    """An answer, or one item of it: the recording of that item, and what was handed in for each case."""

    recording: Recording
    results: tuple

    @property
    def is_right(self):
        return all(_agree(self.recording, *pair) for pair in self.pairs())

    @property
    def is_rough(self):
        """Whether right results have the error of a difference quotient, and not that of a formula."""
        return not all(agree(mine, right, Close(DERIVED)) for mine, right in self.pairs())

    def pairs(self):
        """(what was handed in, what is expected) for each case."""
        return [(mine, case.expected) for mine, case in zip(self.results, self.recording.cases, strict=True)]

    def is_given_by(self, number, loosely=False):
        """Whether a known mistake gives these results on all cases, or up to an exception that it raises, too.

        An exception says enough after results that are wrong; then one of the same type will do, loosely. Without them
        the two have to fail on the same cases, each time in the same way.
        """
        failed, cases = False, self.recording.cases
        for k, (mine, case) in enumerate(zip(self.results, cases, strict=False)):
            wrong = case.mistaken[number]
            if type(mine) is type(wrong) is Raised:
                shown = not failed and any(
                    not _agree(self.recording, c.mistaken[number], c.expected) for c in cases[:k]
                )
                same = mine.type == wrong.type and ((loosely and shown) or _cause(mine.text) == _cause(wrong.text))
                if shown or not same:
                    return same
                failed = True
            elif Raised in (type(mine), type(wrong)) or not (failed or _agree(self.recording, mine, wrong)):
                return False
        return True

    def shown_by(self, number):
        """The first case on which a known mistake is a mistake, None if it is right in this item."""
        cases = self.recording.cases
        return next((case for case in cases if not _agree(self.recording, case.mistaken[number], case.expected)), None)


def divided(recording, results):
    """{key: Part} of every item; {None: Part} of the whole answer if it has not two or more items, as expected."""
    found = {tuple(keys(mine, case.expected) or ()) for mine, case in zip(results, recording.cases, strict=True)}
    if len(found) > 1 or len(places := found.pop()) < 2:
        return {None: Part(recording, results)}
    plain = [result.tolist() if type(result) is np.ndarray else result for result in results]
    return {key: Part(part_of(recording, key), [result[key] for result in plain]) for key in places}


def known_mistake(parts) -> int | None:
    """The number of the first known mistake that gives all these parts, of which one at least is not right."""
    raised = any(type(result) is Raised for part in parts for result in part.results)
    for loosely in (False, True) if raised else (False,):
        for number in range(len(parts[0].recording.mistakes)):
            if all(part.is_given_by(number, loosely) for part in parts):
                return number
    return None


def known_in_part(part, parts) -> int | None:
    """The number of the known mistake that gives this part.

    If several do, the one that fits wherever it is wrong counts more; if their names differ then, none is meant. A
    mistake that only exchanges parts is none unless it fits wherever it is wrong.
    """
    fitting = [n for n in range(len(part.recording.mistakes)) if part.shown_by(n) and part.is_given_by(n)]
    everywhere = [n for n in fitting if all(other.is_given_by(n) for other in parts if other.shown_by(n))]
    best = everywhere or [n for n in fitting if not _only_exchanges(parts, n)]
    return best[0] if len({part.recording.mistakes[n].name for n in best}) == 1 else None


def _only_exchanges(parts, number):
    """Whether a known mistake puts the right answer of another part into every part in which it is wrong."""
    wrong = [[case.mistaken[number] for case in part.recording.cases] for part in parts if part.shown_by(number)]
    return all(any(Part(other.recording, results).is_right for other in parts) for results in wrong)


def _agree(recording, given, expected):
    return type(expected) is not Raised and agree(given, expected, recording.tolerance)


def nearly_right(part):
    """The Diagnosis of results that are right but for their last digits, None if they are not."""
    recording, pairs = part.recording, part.pairs()
    if not 0 < recording.tolerance.rtol < SINGLE_PRECISION:
        return None
    near = Close(recording.measured_within if recording.derivation_is_asked else SINGLE_PRECISION)
    if not all(agree(mine, right, near) for mine, right in pairs):
        return None
    numbers = [mine for pair in pairs for mine, _ in _numbers(*pair) or ()]
    single = numbers and all((mine == np.float32(mine)).all() for mine in numbers)
    name = "single precision" if single else "measured" if recording.derivation_is_asked else "few digits"
    return Diagnosis(name, OF_AN_ANSWER[name])


def general_mistake(parts):
    """What the gradient check says of every number in the parts, a Diagnosis; None if it says nothing of the kind.

    Nothing is said of whole numbers and truth values, nor of a lone number that is no function's result: the name
    would be the answer.
    """
    recording = parts[0].recording
    pairs = [pair for part in parts for both in part.pairs() for pair in _numbers(*both) or [None]]
    if not pairs or None in pairs or (recording.arguments is None and sum(right.size for _, right in pairs) < 2):
        return None
    with np.errstate(all="ignore"):
        found = [diagnose(mine, right, tol=recording.tolerance.rtol or 1e-9) for mine, right in pairs]
    told = set(found) - {None}
    bare = {said._replace(message=re.sub(r"^Expected shape .*?\. ", "", said.message)) for said in told}
    # A part has one mistake in the shapes of several cases.
    names = bare if (len(parts) == 1 if len(told) > 1 else recording.structure_is_asked) else told
    if len(names) != 1 or not (named := names.pop()).mistake:
        return None
    unshown = [right for (_, right), diagnosis in zip(pairs, found, strict=True) if diagnosis is None]
    if not all(_cannot_show(named.mistake, right) for right in unshown):
        return None
    alone = all(right.ndim == 0 for _, right in pairs)
    return named._replace(message=named.message.replace("Every entry", "Every number")) if alone else named


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
    mine, right = dict(leaves(given)), dict(leaves(expected))
    usable = mine.keys() == right.keys() and all(_are_floats(mine[place], right[place]) for place in right)
    return [(np.asarray(mine[place], float), np.asarray(right[place])) for place in right] if usable else None


def _are_floats(given, expected):
    if type(expected) is float:
        return isinstance(given, int | float) and np.isfinite(expected) and abs(given) < 1e300
    arrays = type(given) is type(expected) is np.ndarray
    return arrays and given.dtype.kind in "iuf" and expected.dtype.kind == "f" and np.isfinite(expected).all()


def _cannot_show(name, truth):
    """Whether the mistake would change nothing here."""
    return not truth.any() or (name == "transposed" and truth.shape == truth.T.shape and (truth == truth.T).all())
