"""All the checker needs of an exercise, as plain data: a copy that checks and diagnoses without a solution.

`record` runs the reference and every known mistake on the drawn cases. A Recording can be saved as JSON and
loaded again without losing a bit of a float.
"""

import functools
import gzip
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.tuples import Tuple

from .compare import keys
from .describe import first_line
from .exercise import Close, Exercise
from .plain import Raised, Strange, fresh, settle
from .probes import Probe, probe


@dataclass(frozen=True)
class Case:
    """One drawn input, what the reference gives for it, and what each mistake gives (or Raised)."""

    inputs: dict
    expected: object
    mistaken: tuple

    def part(self, key):
        """The case of one item; a mistake that does not give the items that are expected gives none."""
        items = (wrong[key] if keys(wrong, self.expected) else Raised("KeyError", "") for wrong in self.mistaken)
        return Case(self.inputs, self.expected[key], tuple(items))


@dataclass(frozen=True)
class Mistake:
    """A known mistake by name, and the message it earns."""

    name: str
    message: str


class Recording:
    """An Exercise without its code: its attributes, with Mistakes for its mistakes, and a tuple of Cases."""

    def __init__(self, **data):
        vars(self).update(data)

    def save(self, path):
        """Write it as JSON, packed if the path ends in .gz."""
        data = {name: encode(part) for name, part in vars(self).items()}
        text = json.dumps(data, indent=1, ensure_ascii=False).encode("utf-8")
        Path(path).write_bytes(gzip.compress(text, mtime=0) if Path(path).suffix == ".gz" else text)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        stored = Path(path).read_bytes()
        data = json.loads(gzip.decompress(stored) if Path(path).suffix == ".gz" else stored)
        return cls(**{name: decode(part) for name, part in data.items()})


@functools.lru_cache(maxsize=1000)  # every wrong answer to an exercise asks for the same ones
def part_of(recording: Recording, key) -> Recording:
    """The recording of one item of the answer, by its key or index."""
    return Recording(**vars(recording) | {"cases": tuple(case.part(key) for case in recording.cases)})


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
        inputs = {name: inputs[name] if type(inputs[name]) is Probe else settle(inputs[name])[0] for name in names}
        if strange := [name for name in names if type(inputs[name]) is Strange]:
            raise ValueError(f"{exercise.id}: the input {strange[0]} is no plain data; for a function use probe(...)")
        expected = _result(exercise.solution, inputs)
        if type(expected) in (Strange, Raised):
            raise ValueError(f"{exercise.id}: for {inputs} the solution gave {expected}")
        cases.append(Case(inputs, expected, tuple(_result(wrong.function, inputs) for wrong in exercise.mistakes)))
    if not cases:
        raise ValueError(f"{exercise.id}: cases() yields nothing")
    mistakes = tuple(Mistake(wrong.name, wrong.message) for wrong in exercise.mistakes)
    data = {name: getattr(exercise, name) for name in Exercise.__annotations__}
    return Recording(**data | {"mistakes": mistakes, "cases": tuple(cases)})


def _result(function, inputs):
    """The function's result as plain data, or what it raised."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return settle(function(*fresh(list(inputs.values()))))[0]
    except Exception as error:
        return Raised(type(error).__name__, first_line(error))


_SEQUENCES = {kind.__name__: kind for kind in (list, tuple, Tuple)}
_RECORDS = {kind.__name__: kind for kind in (Case, Close, Mistake, Raised, Strange)}


def encode(value):
    """Plain data as JSON: what JSON lacks becomes a dict with one key that names the kind."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind.__name__ in _SEQUENCES:
        return {kind.__name__: [encode(item) for item in value]}
    if kind.__name__ in _RECORDS:
        return {kind.__name__: [encode(part) for part in vars(value).values()]}
    if kind is dict:
        return {"dict": [[encode(key), encode(item)] for key, item in value.items()]}
    if kind is np.ndarray:
        return {"array": [value.dtype.str, list(value.shape), value.tobytes().hex()]}
    if isinstance(value, np.generic):  # a float32, whose digits are judged as such
        return {"number": [value.dtype.str, value.tobytes().hex()]}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is Probe:
        return {"probe": [value.name, value.home]}
    if value is Ellipsis:
        return {"...": None}
    raise TypeError(f"a {kind.__name__} cannot be recorded")


def decode(data):
    """What `encode` made of plain data, back again."""
    if not isinstance(data, dict):
        return data
    [(kind, content)] = data.items()
    if kind in _SEQUENCES:
        return _SEQUENCES[kind](map(decode, content))
    if kind in _RECORDS:
        return _RECORDS[kind](*map(decode, content))
    if kind == "dict":
        return {decode(key): decode(item) for key, item in content}
    if kind == "array":
        dtype, shape, digits = content
        return np.frombuffer(bytes.fromhex(digits), dtype).reshape(shape).copy()
    if kind == "number":
        dtype, digits = content
        return np.frombuffer(bytes.fromhex(digits), dtype)[0]
    if kind == "...":
        return ...
    return complex(*content) if kind == "complex" else probe(*content)
