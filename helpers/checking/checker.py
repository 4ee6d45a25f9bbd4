"""Judge an answer. Knows recordings only: no solution is needed, and none is reached from here.

The order: not attempted -> a function that can be called -> run on all cases -> right -> the known mistake that fits
all cases -> right but for the last digits -> a general mistake -> a mistake in a part -> what differs.
"""

from dataclasses import dataclass

from .compare import compare
from .describe import describe, leaves, listed, short, summary
from .naming import OF_AN_ANSWER, Part, divided, general_mistake, known_in_part, known_mistake, nearly_right
from .plain import Strange, settle
from .recording import Recording
from .running import Run, run, untouched

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
    still = f": {listed(places)} {'are' if len(places) > 1 else 'is'} still ..." if places else ""
    return Verdict(recording.id, NOT_ATTEMPTED, f"{still}. Replace the ... and run both cells.")


def _wrong(recording, message, *details, mistake=None):
    return Verdict(recording.id, WRONG, message, mistake, tuple(dict.fromkeys(filter(None, details))))


def _judge_value(recording, answer):
    given, notes = settle(answer)
    entries = leaves(given, recording.name)
    if places := [place for place, entry in entries if entry is Ellipsis]:
        return _not_attempted(recording, places if len(places) < len(entries) else ())
    expected = recording.cases[0].expected
    asked = "a value is asked for" if recording.structure_is_asked else f"{describe(expected)} is asked for"
    if given is None and expected is not None:
        return _wrong(recording, f"{recording.name} is None; {asked}.")
    if type(given) is Strange and given.description == "a function":
        return _wrong(recording, f"{recording.name} is a function; {asked}. Hand in what it returns.")
    return _compared(recording, Run((given,), notes))


def _judge_function(recording, answer):
    return judge_run(recording, run(recording, answer))


def judge_run(recording, ran) -> Verdict:
    """The verdict on what a function gave when it ran, here or in a process of its own."""
    order = f"The check passes the arguments by position, in the order {', '.join(recording.arguments)}."
    extra = [order if ran.reordered else "", _printed(ran)]
    if ran.stopped:
        whole = [Part(recording, ran.results)]
        if ran.failed and (number := known_mistake(whole)) is not None:
            return _by_mistake(whole, number, "", ran.stopped)
        return _wrong(recording, ran.stopped, *extra)
    if all(result is Ellipsis for result in ran.results):
        return _not_attempted(recording)
    if ran.no_return:
        return _wrong(
            recording,
            "Your function has no return: what it computes is lost when it ends, and it gives back None. Write return "
            "before the result" + ("; print only shows it." if ran.printed else "."),
            *extra,
        )
    return _compared(recording, ran, extra)


def _compared(recording, ran, extra=()):
    """The verdict on one result for each case."""
    comparisons = []
    for mine, case in zip(ran.results, recording.cases, strict=True):
        comparisons.append(compare(mine, case.expected, recording.tolerance))
        if not comparisons[-1].agrees:  # what differs is said of this one
            break
    else:
        if recording.derivation_is_asked and (ran.measured or Part(recording, ran.results).is_rough):
            return _wrong(recording, OF_AN_ANSWER["measured"], mistake="measured")
        notes = dict.fromkeys([*ran.notes, *(note for comparison in comparisons for note in comparison.notes)])
        count = len(recording.cases)
        inputs = "" if recording.arguments is None else f", on {count} input{'s' * (count != 1)}"
        return Verdict(recording.id, RIGHT, inputs, details=tuple(f"Note: {note}." for note in notes))
    parts = divided(recording, ran.results)
    wrong = [key for key in parts if not parts[key].is_right]
    if set(wrong) - set(recording.follows):  # nothing is said yet of what follows from these
        parts = {key: part for key, part in parts.items() if key not in recording.follows}
        wrong = [key for key in wrong if key in parts]
    right = [key for key in parts if key not in wrong]
    praise = f"{_places(recording, right)} right. " if right else ""
    judged = list(parts.values())
    if (number := known_mistake([parts[key] for key in (*wrong, *right)])) is not None:  # most differ in a wrong one
        return _by_mistake(judged, number, praise, *extra)
    text = _differences(recording, ran.results, comparisons)
    if recording.structure_is_asked and recording.arguments is None and None not in parts:
        text = f"Not right yet: {listed(_label(recording, key) for key in wrong)}."  # not where inside a shape
    if named := nearly_right(Part(recording, ran.results)) or general_mistake(judged):
        shown = recording.arguments is not None and named.mistake != "measured"  # those numbers are right
        details = (text, *extra) if shown else ()
        return _wrong(recording, named.message, *details, mistake=named.mistake)
    return _by_parts(recording, parts, wrong, praise, text, extra)


def _by_mistake(parts, number, praise, *details):
    recording = parts[0].recording
    known = recording.mistakes[number]
    return _wrong(recording, praise + known.message, _seen(parts, number), *details, mistake=known.name)


def _seen(parts, number):
    if parts[0].recording.arguments is None:
        return ""
    case = next(filter(None, (part.shown_by(number) for part in parts)), parts[0].recording.cases[0])
    return f"Seen for {summary(case.inputs)}."


def _by_parts(recording, parts, wrong, praise, text, extra):
    """What is right, the mistake of each part that has one, and what differs in the others."""
    said, details, names = {}, [], []  # said: the message, and the parts that it is about
    for key in wrong:
        if (number := known_in_part(parts[key], list(parts.values()))) is not None:
            name, message = recording.mistakes[number].name, recording.mistakes[number].message
            details.append(_seen([parts[key]], number))
        elif named := general_mistake([parts[key]]):
            name, message = named
        else:
            name, message = None, "not right yet."
        names.append(name)
        said.setdefault(message, []).append(key)
    if not any(names):
        return _wrong(recording, praise + text, *extra)
    rest = said.pop("not right yet.", [])
    messages = [f"{listed(_label(recording, key) for key in about)}: {message}" for message, about in said.items()]
    if rest:
        messages.append(f"{_places(recording, rest)} not right yet.")
    return _wrong(recording, praise + " ".join(messages), *details, *extra, mistake=next(filter(None, names)))


def _label(recording, part):
    if isinstance(recording.cases[0].expected, dict):
        return short(part)
    return f"{'result' if recording.arguments else recording.name}[{part}]"


def _places(recording, parts):
    return f"{listed(_label(recording, part) for part in parts)} {'are' if len(parts) > 1 else 'is'}"


def _differences(recording, results, comparisons):
    """What is not right, on the first case that shows it, the last that was compared; not what would be right."""
    hidden, follows = recording.structure_is_asked, [(key,) for key in recording.follows]
    at = len(comparisons) - 1
    # What follows from other parts comes last, another kind of thing first.
    faults = sorted(comparisons[at].faults, key=lambda fault: (fault.path[:1] in follows, not fault.got))
    first = faults[0]
    untold = hidden and first.got and not first.in_keys
    kind, colon, advice = first.got.partition(": ")
    text = f"{kind} is not the structure that is asked for{colon}{advice}" if untold else first.text
    if recording.arguments is None:
        if not first.path:
            return f"{recording.name}{f': {text}' if first.got else ' is not right'}."
        places = (f"{recording.name}{f.where}" + (f" ({f.got})" if f.got else "") for f in faults)
        return f"Not right yet: {listed(dict.fromkeys(places))}."
    where = f"For {summary(recording.cases[at].inputs)}: "
    if results[at] is None:
        asked = "" if hidden else f", not {recording.returns or describe(recording.cases[at].expected)}"
        return f"{where}your function returned None{asked}. Is a return missing?"
    if first.got == "...":
        part = f"result{first.where} is still ...: this part"
        return f"{where}{part if first.path else 'your function returned ...: this branch'} is not finished yet."
    return where + (f"result{first.where}: " if first.path else "") + text + "."


def _printed(ran):
    lines = ran.printed.strip().split("\n")
    shown = [line[:100] for line in lines[:5]] + ["…"] * (len(lines) > 5)
    return "\n    ".join(["It printed:", *shown]) if ran.printed.strip() else ""
