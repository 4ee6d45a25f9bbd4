"""Judge an answer. Knows recordings only: no solution is needed, and none is reached from here.

The order: not attempted -> a function that can be called -> run on all cases -> right -> the known mistake
that fits all cases -> what differs in structure -> what differs in value.
"""

from dataclasses import dataclass, replace

import numpy as np

from helpers.gradcheck import diagnose
from helpers.tuples import Tuple

from .attempt import reordered, unfilled, untouched
from .compare import compare
from .describe import describe, summary
from .limited import limited
from .plain import Raised, Strange, settle
from .recording import Recording
from .running import Stopped, run

NOT_ATTEMPTED, WRONG, RIGHT = "not attempted", "wrong", "right"


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer; str() of it is what `check` prints."""

    id: str
    status: str  # "not attempted", "wrong" or "right"
    message: str = ""
    mistake: str | None = None  # the name of the known mistake that fits
    details: tuple[str, ...] = ()  # for which input, by how much; and the notes of a right answer

    def __str__(self):
        if self.status == NOT_ATTEMPTED:
            return f"{self.id} not attempted yet{self.message}"
        first = f"right{self.message}." if self.status == RIGHT else f"wrong. {self.message}"
        return "\n".join([f"{self.id} {first}", *self.details])


def judge(recording: Recording, answer) -> Verdict:
    """The verdict on a student's answer: a function, or a value. Never raises, whatever it is given."""
    if untouched(answer):
        return _not_attempted(recording)
    return (_judge_value if recording.arguments is None else _judge_function)(recording, answer)


def _not_attempted(recording, places=()):
    still = f": {_listed(places)} {'are' if len(places) > 1 else 'is'} still ..." if places else ""
    return Verdict(recording.id, NOT_ATTEMPTED, f"{still}. Replace the ... and run both cells.")


def _wrong(recording, message, *details, mistake=None):
    return Verdict(recording.id, WRONG, message, mistake, tuple(detail for detail in details if detail))


def _judge_value(recording, answer):
    [case] = recording.cases
    unreadable = (Strange("an object that cannot be read"), ())
    given, notes = limited(lambda: settle(answer), recording.seconds).value or unreadable
    places, entries = unfilled(given, recording.name)
    if places:
        return _not_attempted(recording, places if len(places) < entries else ())
    asked = f"{describe(case.expected)} is asked for"
    if given is None and case.expected is not None:
        return _wrong(recording, f"{recording.name} is None; {asked}.")
    if type(given) is Strange and given.description == "a function":
        return _wrong(recording, f"{recording.name} is a function; {asked}. Hand in what it returns.")
    return _compared(recording, [given], notes)


def _judge_function(recording, answer):
    ran = run(recording, answer)
    if isinstance(ran, Stopped):
        if ran.raised and (number := _fitting_mistake(recording, ran.results, ran.raised)) is not None:
            return _by_mistake(recording, number, ran.message)
        return _wrong(recording, ran.message, _order(recording, answer), _printed(ran))
    verdict = _compared(recording, ran.results, ran.notes)
    if verdict.status == WRONG:
        extra = filter(None, [_order(recording, answer), _printed(ran)])
        return replace(verdict, details=(*verdict.details, *extra))
    return verdict


def _compared(recording, results, notes):
    """The verdict on one result for each case."""
    pairs = zip(results, recording.cases, strict=True)
    comparisons = [compare(given, case.expected, recording.tolerance) for given, case in pairs]
    if all(comparison.agrees for comparison in comparisons):
        notes = dict.fromkeys([*notes, *(note for comparison in comparisons for note in comparison.notes)])
        details = tuple(f"Note: {note}." for note in notes)
        return Verdict(recording.id, RIGHT, _on_inputs(recording), details=details)
    if (number := _fitting_mistake(recording, results)) is not None:
        return _by_mistake(recording, number)
    at = next(k for k, comparison in enumerate(comparisons) if not comparison.agrees)
    faults = sorted(comparisons[at].faults, key=lambda fault: not fault.structural)
    if recording.arguments is None:
        return _wrong(recording, _value_faults(recording, faults))
    where = f"For {summary(recording.cases[at].inputs)}: "
    if results[at] is None:
        asked = recording.returns or describe(recording.cases[at].expected)
        return _wrong(recording, f"{where}your function returned None, not {asked}. Is a return missing?")
    if results[at] is Ellipsis:
        return _wrong(recording, f"{where}your function returned ...: this branch is not finished yet.")
    text = where + (f"result{faults[0].where}: " if faults[0].where else "") + faults[0].text + "."
    if named := _general_diagnosis(recording, results):
        return _wrong(recording, f"It looks like this: {named.message}", text, mistake=named.mistake)
    return _wrong(recording, text)


def _fitting_mistake(recording, results, raised=None):
    """The number of the first known mistake that gives these results, and then raises this, on the cases."""

    def fits(mistaken, given):
        if type(mistaken) is Raised or type(given) is Raised:
            return type(mistaken) is type(given) and mistaken.same(given)
        return compare(given, mistaken, recording.tolerance).agrees

    results = [*results, *([raised] if raised else [])]
    for number in range(len(recording.mistakes)):
        mistaken = [case.mistaken[number] for case in recording.cases]
        if all(map(fits, mistaken, results)):
            return number
    return None


def _by_mistake(recording, number, *details):
    known = recording.mistakes[number]
    differs = (
        case
        for case in recording.cases
        if type(case.mistaken[number]) is Raised
        or not compare(case.mistaken[number], case.expected, recording.tolerance).agrees
    )
    seen = f"Seen for {summary(next(differs, recording.cases[0]).inputs)}." if recording.arguments else ""
    return _wrong(recording, known.message, seen, *details, mistake=known.name)


def _general_diagnosis(recording, results):
    """What the gradient check would say, if it says the same of every case."""
    tol = getattr(recording.tolerance, "rtol", 1e-9)
    found = set()
    for given, case in zip(results, recording.cases, strict=True):
        pair = _as_arrays(given, case.expected)
        if pair is None:
            return None
        with np.errstate(all="ignore"):
            found.add(diagnose(*pair, tol=tol))
    [named, *others] = found
    return named if named and named.mistake and not others else None


def _as_arrays(given, expected):
    """Both as one array each, several arrays of the same shapes end to end; None if there are other things."""
    if type(given) in (float, np.ndarray) and type(expected) is type(given):
        return np.asarray(given), np.asarray(expected)
    if type(given) in (list, tuple, Tuple) and type(expected) in (list, tuple, Tuple) and len(given):
        shapes = [[item.shape if type(item) is np.ndarray else None for item in items] for items in (given, expected)]
        if shapes[0] == shapes[1] and None not in shapes[0]:
            return tuple(np.concatenate([item.ravel() for item in items]) for items in (given, expected))
    return None


def _value_faults(recording, faults):
    """What is wrong with a value, without telling what would be right."""
    if not faults[0].where:
        return f"{recording.name}{f': {faults[0].text}' if faults[0].structural else ' is not right'}."
    places = dict.fromkeys(f"{recording.name}{f.where}" + (f" ({f.got})" if f.got else "") for f in faults)
    return f"Not right yet: {_listed(places)}."


def _order(recording, answer):
    """A hint at arguments in another order, for a function that failed."""
    if limited(lambda: reordered(answer, recording.arguments), 1.0).value:
        return f"The check passes the arguments by position, in the order {', '.join(recording.arguments)}."
    return ""


def _printed(ran):
    lines = ran.printed.strip().split("\n")
    shown = [line[:100] for line in lines[:5]] + ["…"] * (len(lines) > 5)
    return "\n    ".join(["It printed:", *shown]) if ran.printed.strip() else ""


def _on_inputs(recording):
    count = len(recording.cases)
    return "" if recording.arguments is None else f", on {count} input{'s' * (count != 1)}"


def _listed(places):
    places = list(places)
    shown = [*places[:6], *([f"{len(places) - 6} more"] if len(places) > 6 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
