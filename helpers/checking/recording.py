"""All the checker needs of an exercise, as plain data: a copy that checks and diagnoses without a solution.

`record` runs the reference and every known mistake on the drawn cases. A Recording can be saved as JSON and
loaded again without losing a bit of a float.
"""

import json
import math
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from helpers.tuples import Tuple

from .describe import first_line
from .exercise import Exercise
from .plain import Raised, Strange, fresh, settle
from .probes import Probe, probe
from .tolerance import Close, Exact, Factor

TOLERANCES = {kind.__name__: kind for kind in (Close, Exact, Factor)}


@dataclass(frozen=True)
class Case:
    """One drawn input, what the reference gives for it, and what each mistake gives (or Raised)."""

    inputs: dict
    expected: object
    mistaken: tuple


@dataclass(frozen=True)
class Mistake:
    """A known mistake by name, and the message it earns."""

    name: str
    message: str


@dataclass(frozen=True)
class Recording:
    """An Exercise without its code."""

    id: str
    title: str
    points: int
    name: str
    arguments: tuple[str, ...] | None
    returns: str
    tolerance: Close | Factor | Exact
    seconds: float
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    cases: tuple[Case, ...]
    structure_is_asked: bool = False

    def save(self, path):
        """Write it as JSON."""
        data = dict(vars(self))
        data["tolerance"] = {"kind": type(self.tolerance).__name__, **asdict(self.tolerance)}
        data["mistakes"] = [asdict(mistake) for mistake in self.mistakes]
        data["cases"] = [{name: encode(part) for name, part in vars(case).items()} for case in self.cases]
        text = json.dumps(data, indent=1, allow_nan=False, ensure_ascii=False)
        Path(path).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        tolerance = data.pop("tolerance")
        data["tolerance"] = TOLERANCES[tolerance.pop("kind")](**tolerance)
        data["mistakes"] = tuple(Mistake(**mistake) for mistake in data["mistakes"])
        cases = ({name: decode(part) for name, part in case.items()} for case in data["cases"])
        data["cases"] = tuple(Case(**case) for case in cases)
        data["arguments"] = None if data["arguments"] is None else tuple(data["arguments"])
        return cls(**data | {"hints": tuple(data["hints"])})


def record(exercise: Exercise, seed: int = 0) -> Recording:
    """Run the exercise's solution and mistakes on the cases that `seed` draws.

    Raises ValueError if it draws no case, if a case's inputs are not the arguments, or if an input or the
    solution's result is not plain data (numbers, texts, arrays, lists, tuples, dicts; inputs also probes).
    """
    names = exercise.arguments or ()
    cases = []
    for inputs in exercise.cases(np.random.default_rng(seed)):
        if set(inputs) != set(names):
            raise ValueError(f"{exercise.id}: expected a case with the inputs {names}, got {tuple(inputs)}")
        inputs = {name: _input(exercise.id, name, inputs[name]) for name in names}
        expected = _result(exercise.solution, inputs)
        if type(expected) in (Strange, Raised):
            raise ValueError(f"{exercise.id}: for {inputs} the solution gave {expected}")
        mistaken = tuple(_result(wrong.function, inputs) for wrong in exercise.mistakes)
        cases.append(Case(inputs, expected, mistaken))
    if not cases:
        raise ValueError(f"{exercise.id}: cases() yields nothing")
    return Recording(
        id=exercise.id,
        title=exercise.title,
        points=exercise.points,
        name=exercise.name,
        arguments=None if exercise.arguments is None else tuple(exercise.arguments),
        returns=exercise.returns,
        tolerance=exercise.tolerance,
        seconds=exercise.seconds,
        hints=tuple(exercise.hints),
        mistakes=tuple(Mistake(wrong.name, wrong.message) for wrong in exercise.mistakes),
        cases=tuple(cases),
        structure_is_asked=exercise.structure_is_asked,
    )


def _input(id, name, value):
    if type(value) is Probe:
        return value
    plain, _ = settle(value)
    if type(plain) is Strange:
        raise ValueError(f"{id}: the input {name} is {plain.description}; use plain data or probe(...)")
    return plain


def _result(function, inputs):
    """The function's result as plain data, or what it raised."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return settle(function(*fresh(list(inputs.values()))))[0]
    except Exception as error:
        return Raised(type(error).__name__, first_line(error))


def encode(value):
    """Plain data as JSON: what JSON lacks becomes a dict with one key that names the kind."""
    kind = type(value)
    if value is None or kind in (bool, int, str) or (kind is float and math.isfinite(value)):
        return value
    if kind is np.ndarray:
        values = [encode(entry) for entry in value.ravel().tolist()]
        return {"array": {"shape": list(value.shape), "dtype": value.dtype.str, "values": values}}
    if kind is dict:
        return {"dict": [[encode(key), encode(item)] for key, item in value.items()]}
    if kind in (list, tuple, Tuple):
        return {kind.__name__: [encode(item) for item in value]}
    if kind is Probe:
        return {"probe": value.name}
    if kind is complex:
        return {"complex": [encode(value.real), encode(value.imag)]}
    if kind is float:
        return {"float": repr(value)}
    if kind in (np.float16, np.float32, np.complex64):
        return {"scalar": encode(np.asarray(value))}
    if kind is Raised:
        return {"raised": [value.type, value.text]}
    if kind is Strange:
        return {"strange": value.description}
    if value is Ellipsis:
        return {"ellipsis": None}
    raise TypeError(f"a {kind.__name__} cannot be recorded")


def decode(data):
    """What `encode` made of plain data, back again."""
    if not isinstance(data, dict):
        return data
    [(kind, content)] = data.items()
    return _DECODERS[kind](content)


def _array(content):
    values = [decode(value) for value in content["values"]]
    return np.array(values, dtype=content["dtype"]).reshape(content["shape"])


_DECODERS = {
    "array": _array,
    "dict": lambda pairs: {decode(key): decode(item) for key, item in pairs},
    "list": lambda items: [decode(item) for item in items],
    "tuple": lambda items: tuple(decode(item) for item in items),
    "Tuple": lambda items: Tuple(decode(item) for item in items),
    "probe": probe,
    "complex": lambda parts: complex(*map(decode, parts)),
    "float": float,
    "scalar": lambda array: decode(array)[()],
    "raised": lambda parts: Raised(*parts),
    "strange": Strange,
    "ellipsis": lambda _: ...,
}
