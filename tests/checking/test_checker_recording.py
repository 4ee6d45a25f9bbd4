"""A recording judges as its exercise does, and loses nothing on the way through a file."""

import json
import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import lessons
from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.plain import Raised, Strange, settle
from helpers.checking.probes import COLUMNS, ELEMENTWISE, Probe, add_probes, probe
from helpers.checking.recording import Recording, decode, encode, record


class Slope(Exercise):
    id, title, name, arguments = "1.7", "A slope — with σ", "slope", ("f", "x")
    points, returns, tolerance, seconds = 3, "a float", Close(1e-6), 2.5
    hints = ("Think.", "Think again.")
    mistakes = (
        Wrong("real part", lambda f, x: f(x), "The value."),
        Wrong("sign", lambda f, x: 1 / 0, "It raises."),
        Wrong("zero", lambda f, x: iter([]), "It is strange."),
    )

    def cases(self, rng):
        for name in ("sin", "cube"):
            yield {"x": float(rng.normal()), "f": probe(name)}  # in another order than the arguments

    def solution(self, f, x):
        return np.float64(f(x + 1e-20j).imag / 1e-20)


def through_file(recording, folder):
    recording.save(folder / "recording.json")
    return Recording.load(folder / "recording.json")


def test_a_recording_is_plain_and_comes_back_the_same(tmp_path):
    recording = record(Slope(), seed=3)
    assert vars(through_file(recording, tmp_path)) == vars(recording)
    assert list(recording.cases[0].inputs) == ["f", "x"]
    assert type(recording.cases[0].expected) is float
    assert recording.cases[0].mistaken[1:] == (
        Raised("ZeroDivisionError", "division by zero"),
        recording.cases[0].mistaken[2],
    )
    assert type(recording.cases[0].mistaken[2]) is Strange


def test_a_loaded_recording_judges_alike(tmp_path):
    recording = record(Slope())
    loaded = through_file(recording, tmp_path)
    answers = [Slope().solution, *(wrong.function for wrong in Slope.mistakes), lambda f, x: 3.0, lambda f: 0]
    verdicts = [judge(recording, answer) for answer in answers]
    assert [judge(loaded, answer) for answer in answers] == verdicts
    assert [verdict.mistake for verdict in verdicts] == [None, "real part", "sign", "zero", None, None]
    assert [verdict.status for verdict in verdicts] == ["right"] + 5 * ["wrong"]


def test_another_seed_draws_other_inputs_and_the_same_seed_the_same():
    assert vars(record(Slope(), 1)) == vars(record(Slope(), 1))
    assert record(Slope(), 1).cases[0].inputs["x"] != record(Slope(), 2).cases[0].inputs["x"]


def test_a_recording_holds_no_code(tmp_path):
    record(Slope()).save(tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    assert "1e-20j" not in text
    assert json.loads(text)["title"] == Slope.title and Slope.title in text


@pytest.mark.parametrize("tolerance", [Close(), Close(1e-3), Close(0)])
def test_tolerances_come_back(tolerance, tmp_path):
    recording = record(type("Other", (Slope,), {"tolerance": tolerance})())
    assert through_file(recording, tmp_path).tolerance == tolerance


ARRAYS = st.sampled_from(["<f8", "<f4", "<i8", "<c16", "|b1"]).flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, min_side=0), elements=hnp.from_dtype(np.dtype(dtype), allow_nan=False)
    )
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
OTHERS = [probe("sin"), probe("polar"), Raised("ValueError", "no"), Strange("a map"), np.inf]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | TEXT
    | st.sampled_from(OTHERS)
    | ARRAYS,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(TEXT | st.integers() | st.booleans(), inner)
    ),
)


def identical(a, b):
    """The same types, shapes and bits."""
    if type(a) is not type(b):
        return False
    if type(a) is np.ndarray:
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(identical, a, b))
    if type(a) is dict:
        return identical(list(a.items()), list(b.items()))
    if type(a) is float:
        return np.float64(a).tobytes() == np.float64(b).tobytes()
    if type(a) is complex:
        return identical([a.real, a.imag], [b.real, b.imag])
    return a == b


@settings(max_examples=80)
@given(PLAIN)
def test_every_kind_of_data_survives_json(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert identical(back, value)


def test_what_is_no_plain_data_is_not_recorded():
    for other in ({1, 2}, object()):
        with pytest.raises(TypeError, match=f"a {type(other).__name__} cannot be recorded"):
            encode([other])


def test_dots_stay_dots():
    assert decode(json.loads(json.dumps(encode([..., {"a": ...}])))) == [..., {"a": ...}]


def test_nan_stays_nan():
    back = decode(json.loads(json.dumps(encode([np.nan, np.array([np.nan, 1.0]), complex(0, np.nan)]))))
    assert np.isnan([back[0], back[1][0], back[2].imag]).all()
    assert (back[1][1], back[2].real) == (1.0, 0.0)


def test_a_mistake_may_change_its_arguments_without_harm_to_the_rest():
    class Careless(Exercise):
        id, title, name, arguments = "1.8", "Twice", "twice", ("x",)
        mistakes = (Wrong("factor 2", lambda x: np.multiply(x, 4, out=x), "4."), Wrong("zero", lambda x: x * 0, "0."))

        def cases(self, rng):
            yield {"x": np.ones((2, 1))}

        def solution(self, x):
            return x.__imul__(2)

    [case] = record(Careless()).cases
    assert case.inputs["x"].tolist() == [[1.0], [1.0]]
    assert [case.expected[0, 0], case.mistaken[0][0, 0], case.mistaken[1][0, 0]] == [2.0, 4.0, 0.0]


def test_what_warns_is_recorded_in_silence():
    class Warns(Exercise):
        id, title, name, arguments = "1.8", "Twice", "twice", ("x",)
        mistakes = (Wrong("zero", lambda x: warnings.warn("again", stacklevel=1) or 0 * x / np.zeros(1), "0."),)

        def cases(self, rng):
            yield {"x": 1.5}

        def solution(self, x):
            warnings.warn("careful", stacklevel=1)
            return 2 * x + 0 * np.log(np.ones(1) - 1 + 1e-300).item()

    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        [case] = record(Warns()).cases
    assert case.expected == 3.0 and np.isnan(case.mistaken[0]).all()


def test_what_cannot_be_recorded_says_so():
    class NoCase(Slope):
        def cases(self, rng):
            return iter(())

    class Misnamed(Slope):
        def cases(self, rng):
            yield {"f": probe("sin"), "y": 1.0}

    class Lambda(Slope):
        def cases(self, rng):
            yield {"f": lambda x: x, "x": 1.0}

    class NoSolution(Exercise):
        id, title, name = "1.7", "A value", "answer"

    class Fails(Slope):
        def solution(self, f, x):
            return f(x) / 0

    for exercise, words in [
        (NoCase, "nothing"),
        (Misnamed, "'y'"),
        (Lambda, "probe"),
        (NoSolution, "solution gave .*NoSolution has no solution yet"),
        (Fails, "solution gave .*division by zero"),
    ]:
        with pytest.raises(ValueError, match=words):
            record(exercise())


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_probes_take_numbers_and_arrays_real_and_complex(name):
    f = probe(name)
    x = np.array([[0.3, 0.7], [1.1, 1.4]])
    for batch in (x, x + 1e-3j):
        assert np.shape(f(batch)) == x.shape
        np.testing.assert_allclose(f(batch)[1, 0], f(batch[1, 0]), rtol=1e-12)
    assert np.isscalar(f(0.3)) or np.shape(f(0.3)) == ()


@pytest.mark.parametrize("name", COLUMNS)
def test_column_probes_take_batches_and_refuse_flat_arrays(name):
    f, rng = probe(name), np.random.default_rng(0)
    batch = rng.uniform(0.5, 2.0, size=(f.rows, 4))
    columns = [f(batch[:, [k]]) for k in range(4)]
    assert all(column.shape == (len(column), 1) for column in columns)
    np.testing.assert_allclose(f(batch), np.hstack(columns), rtol=1e-12)
    assert np.iscomplexobj(f(batch + 1e-20j))
    for wrong, got in ((batch.ravel(), f"shape ({4 * f.rows},)"), (1.0, "float"), (np.ones((9, 1)), "shape (9, 1)")):
        with pytest.raises(ValueError, match=re.escape(f"{name}: expected a column ({f.rows}, 1), got {got}")):
            f(wrong)


ONE_NUMBER = {
    "sin": math.sin(0.7),
    "exp": math.exp(0.7),
    "tanh": math.tanh(0.7),
    "square": 0.49,
    "cube": 0.343,
    "polynomial": 2 * 0.343 - 2.1 + 1,
    "gaussian": math.exp(-0.49),
    "tiny waves": 1e-9 * math.sin(0.7),
    "huge waves": 1e9 * math.sin(0.7),
    "oscillating": math.sin(14) / 1.49,
    "exp over sines": math.exp(0.7) / (math.sin(0.7) ** 3 + math.cos(0.7) ** 3),
}
ONE_COLUMN = {  # at (0.5, 3, 2), of which the first rows are taken
    "polar": [0.5 * math.cos(3), 0.5 * math.sin(3)],
    "paraboloid": [0.25 + 27],
    "bowl": [0.25 + 9 + 4],
    "saddle and waves": [1.5 - 4, math.sin(0.5) + 6],
    "helix": [math.cos(0.5), math.sin(0.5), 0.25],
    "product": [1.5],
    "power": [0.125],
    "twist": [9.5, math.sin(0.5)],
    "fold": [1.5, 2.75],
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_probe_of_numbers_is_the_formula_of_its_name(name):
    assert probe(name)(0.7) == pytest.approx(ONE_NUMBER[name], rel=1e-12)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_probe_of_columns_is_the_formula_of_its_name(name):
    f = probe(name)
    value = f(np.array([[0.5], [3.0], [2.0]])[: f.rows])
    np.testing.assert_allclose(value, np.reshape(ONE_COLUMN[name], (-1, 1)), rtol=1e-12)


def test_a_probe_that_a_lesson_adds_is_found_where_nobody_has_imported_the_lesson(monkeypatch, tmp_path):
    for name in ("lesson_97", "elsewhere_97"):
        source = f"from {probe.__module__} import add_probes\nadd_probes(__name__, {{'of the {name}': abs}})"
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(lessons, "__path__", [*lessons.__path__, str(tmp_path)])
    monkeypatch.syspath_prepend(tmp_path)
    f = probe("of the lesson_97", "helpers.lessons.lesson_97")
    assert f(-3.0) == 3.0 and f.home == "helpers.lessons.lesson_97"
    with pytest.raises(ValueError, match="no probe 'of the elsewhere_97'"):  # a file names no module but a lesson's
        probe("of the elsewhere_97", "elsewhere_97")


def test_probes_are_known_by_name_and_cannot_be_changed():
    assert probe("sin") == probe("sin") == Probe("sin", np.sin)
    assert repr(probe("sin")) == "sin"
    with pytest.raises(AttributeError):
        probe("sin").function = np.cos
    with pytest.raises(ValueError, match=r"no probe 'sine'; there are bowl, .*sin"):
        probe("sine")


def test_a_probe_called_with_another_number_of_arguments_says_so():
    with pytest.raises(TypeError, match="sin takes one argument, got 2"):
        probe("sin")(1.0, 2.0)
    with pytest.raises(TypeError, match="sin takes one argument, got 2"):
        probe("sin")(1.0, x=2.0)


def test_a_lesson_adds_probes_of_several_arguments():
    def scaled(u, factor):
        return factor * u

    add_probes(__name__, {"a scaled upstream": scaled})
    add_probes(__name__, {"a scaled upstream": scaled})  # a lesson may be imported twice
    f = decode(encode(probe("a scaled upstream")))
    assert f(2.0, 3.0) == f(2.0, factor=3.0) == 6.0 and repr(f) == "a scaled upstream"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'factor'"):
        f(2.0)
    for name in ("a scaled upstream", "sin"):
        with pytest.raises(ValueError, match="there is another probe"):
            add_probes(__name__, {name: lambda u, factor: u})


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, np.complex64, np.int8, np.bool_, np.str_])
def test_a_number_of_numpy_comes_back_as_it_was(kind):
    """Grading carries a student's results from one process to another, and judges float32 as check does."""
    plain, _ = settle({"a": kind(1), "b": [kind(0)]})
    back = decode(encode(plain))
    assert back == plain
    assert [type(value) for value in (back["a"], *back["b"])] == [type(value) for value in (plain["a"], *plain["b"])]
