"""Nothing that is handed in passes by chance, and nothing stops the checker."""

import numpy as np
from answering import function_exercise, value_exercise
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers.checking.checker import judge
from helpers.checking.exercise import Exercise
from helpers.checking.plain import Strange, settle

EXPECTED_COLUMN = np.array([[1.5], [-2.0], [4.0]])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(max_size=5)
    | hnp.arrays(st.sampled_from(["f8", "f4", "i8", "c16", "?", "O", "U3", "M8[D]"]), hnp.array_shapes(min_dims=0)),
    lambda inner: st.lists(inner, max_size=4)
    | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
ANYTHING = PLAIN | st.builds(object) | st.sampled_from([..., int, len, np.sin, Exercise, NotImplemented])
EXPECTED = [EXPECTED_COLUMN, 0.7312, 3, {"a": (2, 3), "b": "x"}, [0.25, 0.5], (EXPECTED_COLUMN, 17.5), "a->b"]
VALUES = [value_exercise(expected) for expected in EXPECTED]
FUNCTIONS = [function_exercise(expected) for expected in EXPECTED]


@settings(max_examples=300)
@given(ANYTHING, st.sampled_from(range(len(EXPECTED))))
def test_nothing_that_is_handed_in_passes_by_chance_or_raises(answer, number):
    as_value = judge(VALUES[number], answer)
    as_result = judge(FUNCTIONS[number], lambda x: answer)
    assert as_value.status in ("wrong", "not attempted") or answer == 3
    assert as_result.status == ("not attempted" if answer is ... else "wrong") or answer == 3
    assert str(as_value) == str(judge(VALUES[number], answer))


@settings(max_examples=200)
@given(hnp.arrays("f8", hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e3, 1e3)), st.data())
def test_one_changed_entry_is_enough_to_be_wrong(expected, data):
    at = tuple(data.draw(st.integers(0, side - 1)) for side in expected.shape)
    wrong = expected.copy()
    wrong[at] += 1e-7 * max(np.abs(expected).max(), 1.0)
    recording = value_exercise(expected)
    assert judge(recording, expected * (1 + 1e-12)).status == "right"
    assert judge(recording, expected.tolist()).status == "right"
    assert judge(recording, wrong).status == "wrong"
    assert judge(recording, expected[None]).status == "wrong"


@settings(max_examples=200)
@given(PLAIN)
def test_settled_data_is_of_built_in_types(value):
    plain, _ = settle(value)

    def only_plain(item):
        if type(item) in (list, tuple):
            return all(map(only_plain, item))
        if type(item) is dict:
            return all(map(only_plain, item)) and all(map(only_plain, item.values()))
        return type(item) in (bool, int, float, complex, str, np.ndarray, Strange, type(None))

    assert only_plain(plain)


def test_settled_arrays_share_no_memory_with_what_was_handed_in():
    handed_in = [np.ones((2, 2)), np.ones(3)[::2], np.ones((3, 1)).view(np.matrix)]
    settled, _ = settle(handed_in)
    plainly = [array.view(np.ndarray) for array in handed_in]
    assert all(map(np.array_equal, plainly, settled))
    assert not any(map(np.shares_memory, plainly, settled))
