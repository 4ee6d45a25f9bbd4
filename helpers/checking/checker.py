"""Judge an answer. Knows recordings only: no solution is needed, and none is reached from here.

The order: not attempted -> a function that can be called -> run on all cases -> right -> the known mistake that fits
all cases -> a general one -> a mistake in a part -> what differs.
"""

import re
from dataclasses import dataclass

from helpers.gradcheck import MISTAKES

from .attempt import reordered, unfilled, untouched
from .compare import compare
from .describe import describe, short, summary
from .naming import first_shown, general_mistake, known_in_part, known_mistake
from .plain import Strange, settle
from .recording import Recording
from .running import Stopped, run

NOT_ATTEMPTED, WRONG, RIGHT = "not attempted", "wrong", "right"


@dataclass(frozen=True)
class Verdict:
    """What is said about an answer; str() of it is what `check` prints."""

    id: str
    status: str  # "not attempted", "wrong" or "right"
    message: str = ""
    mistake: str | None = None  # the name of the mistake that fits; if several parts have one, of the first
    details: tuple[str, ...] = ()  # for which input, by how much; and the notes of a right answer

    def __str__(self):
        if self.status == NOT_ATTEMPTED:
            return f"{self.id} not attempted yet{self.message}"
        first = f"right{self.message}." if self.status == RIGHT else f"wrong. {self.message}"
        return "\n".join([f"{self.id} {first}", *self.details])


def judge(recording: Recording, answer) -> Verdict:
    """The verdict on a student's answer: a function, or a value."""
    if untouched(answer):
        return _not_attempted(recording)
    return (_judge_value if recording.arguments is None else _judge_function)(recording, answer)


def _not_attempted(recording, places=()):
    still = f": {_listed(places)} {'are' if len(places) > 1 else 'is'} still ..." if places else ""
    return Verdict(recording.id, NOT_ATTEMPTED, f"{still}. Replace the ... and run both cells.")


def _wrong(recording, message, *details, mistake=None):
    return Verdict(recording.id, WRONG, message, mistake, tuple(detail for detail in details if detail))


def _judge_value(recording, answer):
    given, notes = settle(answer)
    places, entries = unfilled(given, recording.name)
    if places:
        return _not_attempted(recording, places if len(places) < entries else ())
    expected = recording.cases[0].expected
    asked = "a value is asked for" if recording.structure_is_asked else f"{describe(expected)} is asked for"
    if given is None and expected is not None:
        return _wrong(recording, f"{recording.name} is None; {asked}.")
    if isinstance(given, Strange) and given.description == "a function":
        return _wrong(recording, f"{recording.name} is a function; {asked}. Hand in what it returns.")
    return _compared(recording, [given], notes)


def _judge_function(recording, answer):
    ran = run(recording, answer)
    extra = []
    if reordered(answer, recording.arguments):
        extra = [f"The check passes the arguments by position, in the order {', '.join(recording.arguments)}."]
    extra.append(_printed(ran))
    if isinstance(ran, Stopped):
        if ran.raised and (number := known_mistake(recording, ran.results, ran.raised)) is not None:
            return _by_mistake(recording, number, "", ran.message)
        return _wrong(recording, ran.message, *extra)
    if all(result is Ellipsis for result in ran.results):
        return _not_attempted(recording)
    return _compared(recording, ran.results, ran.notes, extra)


def _compared(recording, results, notes, extra=()):
    """The verdict on one result for each case."""
    hidden = recording.structure_is_asked
    pairs = list(zip(results, recording.cases, strict=True))
    comparisons = [compare(mine, case.expected, recording.tolerance, structure_is_asked=hidden) for mine, case in pairs]
    if all(comparison.agrees for comparison in comparisons):
        notes = dict.fromkeys([*notes, *(note for comparison in comparisons for note in comparison.notes)])
        return Verdict(recording.id, RIGHT, _on_inputs(recording), details=tuple(f"Note: {note}." for note in notes))
    right, wrong = _parts(comparisons)
    praise = f"{_places(recording, right)} right. " if right else ""
    if (number := known_mistake(recording, results)) is not None:
        return _by_mistake(recording, number, praise, *extra)
    text = _differences(recording, results, comparisons)
    if wrong and hidden and recording.arguments is None:
        text = f"Not right yet: {_listed(_label(recording, part) for part in wrong)}."  # not where inside a shape
    if named := general_mistake(recording, results, [case.expected for case in recording.cases]):
        details = () if recording.arguments is None else (text, *extra)
        return _wrong(recording, f"It looks like this: {_said(recording, named)}", *details, mistake=named.mistake)
    return _by_parts(recording, results, right, wrong, praise, text, extra)


def _by_mistake(recording, number, praise, *details):
    known = recording.mistakes[number]
    seen = f"Seen for {summary(first_shown(recording, number).inputs)}." if recording.arguments else ""
    message = known.message if _without_praise(known.message) != known.message else praise + known.message
    return _wrong(recording, message, seen, *details, mistake=known.name)


def _by_parts(recording, results, right, wrong, praise, text, extra):
    """What is right, the mistake of each part that has one, and what differs in the others."""
    messages, details, names = [], [], []
    for part in wrong:
        mine = [result[part] for result in results]
        expected = [case.expected[part] for case in recording.cases]
        if (number := known_in_part(recording, results, part)) is not None:
            name, message = recording.mistakes[number].name, _without_praise(recording.mistakes[number].message)
            if recording.arguments:
                details.append(f"Seen for {summary(first_shown(recording, number, part).inputs)}.")
        elif named := general_mistake(recording, mine, expected):
            name, message = named.mistake, _said(recording, named)
        else:
            continue
        names.append(name)
        messages.append(f"{_label(recording, part)}: {message}")
        wrong = [other for other in wrong if other != part]
    if not names:
        return _wrong(recording, praise + text, *extra)
    if wrong:
        messages.append(f"{_places(recording, wrong)} not right yet.")
    return _wrong(recording, praise + " ".join(messages), *dict.fromkeys(details), *extra, mistake=names[0])


def _parts(comparisons):
    """The keys or indices of the parts that are right on every case, and of the others; none of either if the
    answer has not the same parts on every case."""
    keys = list(comparisons[0].parts)
    if len(keys) < 2 or any(list(comparison.parts) != keys for comparison in comparisons):
        return [], []
    right = [key for key in keys if not any(comparison.parts[key] for comparison in comparisons)]
    return right, [key for key in keys if key not in right]


def _label(recording, part):
    if isinstance(recording.cases[0].expected, dict):
        return short(part)
    return f"{'result' if recording.arguments else recording.name}[{part}]"


def _places(recording, parts):
    return f"{_listed(_label(recording, part) for part in parts)} {'are' if len(parts) > 1 else 'is'}"


def _without_praise(message):
    """A known mistake's message without a first sentence on what else is right, which need not be so in a part."""
    return re.sub(r"^(\w+ of \w+|[^.]*\b(is|are) right)\. ", "", message)  # "Six of eight. ", "W and b are right. "


def _said(recording, named):
    return MISTAKES.get(named.mistake, named.message) if recording.structure_is_asked else named.message


def _differences(recording, results, comparisons):
    """What is not right, on the first case that shows it, without telling what would be right."""
    at = next(k for k, comparison in enumerate(comparisons) if not comparison.agrees)
    faults = sorted(comparisons[at].faults, key=lambda fault: not fault.got)  # another kind of thing comes first
    if recording.arguments is None:
        if not faults[0].where:
            what = f": {faults[0].text}" if faults[0].got or recording.structure_is_asked else " is not right"
            return f"{recording.name}{what}."
        places = (f"{recording.name}{f.where}" + (f" ({f.got})" if f.got else "") for f in faults)
        return f"Not right yet: {_listed(dict.fromkeys(places))}."
    where = f"For {summary(recording.cases[at].inputs)}: "
    if results[at] is None:
        asked = recording.returns or describe(recording.cases[at].expected)
        asked = "" if recording.structure_is_asked else f", not {asked}"
        return f"{where}your function returned None{asked}. Is a return missing?"
    if results[at] is Ellipsis:
        return f"{where}your function returned ...: this branch is not finished yet."
    return where + (f"result{faults[0].where}: " if faults[0].where else "") + faults[0].text + "."


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
