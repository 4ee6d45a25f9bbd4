"""What a value, an input or an exception is called in a message."""

import numpy as np
import pytest

from helpers.checking.describe import describe, first_line, kind_of, leaves, listed, short, summary, without_addresses
from helpers.checking.plain import Strange
from helpers.tuples import Tuple


@pytest.mark.parametrize(
    ("value", "kind", "whole"),
    [
        (True, "True or False", "True or False"),
        (3, "an int", "an int"),
        (0.5, "a float", "a float"),
        (1j, "a complex number", "a complex number"),
        ("J", "a text", "a text"),
        (None, "None", "None"),
        (..., "...", "..."),
        (np.float32(2), "a float32", "a float32"),
        (np.ones((3, 1)), "an array of float64", "a column (3, 1)"),
        (np.ones((1, 3)), "an array of float64", "a row (1, 3)"),
        (np.ones((1, 1)), "an array of float64", "an array of shape (1, 1)"),
        (np.ones((2, 3)), "an array of float64", "an array of shape (2, 3)"),
        (np.ones((3, 1, 1)), "an array of float64", "an array of shape (3, 1, 1)"),
        (np.ones((3, 1), np.float32), "an array of float32", "a column (3, 1)"),
        (np.ones((3, 1), int), "an array of integers", "a column (3, 1) of integers"),
        (np.ones(2, np.uint8), "an array of integers", "an array of shape (2,) of integers"),
        (np.ones((2, 2), bool), "an array of bools", "an array of shape (2, 2) of bools"),
        (np.ones((1, 2), complex), "an array of complex numbers", "a row (1, 2) of complex numbers"),
        (np.array(["a"]), "an array of texts", "an array of shape (1,) of texts"),
        ([], "a list", "a list of 0 items"),
        ([1.0], "a list", "a list of 1 item"),
        ((1, 2), "a tuple", "a tuple of 2 items"),
        (Tuple([np.eye(2), np.eye(2)]), "a Tuple", "a Tuple of 2 items"),
        ({}, "a dict", "an empty dict"),
        ({"a": 1, 2: 3}, "a dict", 'a dict with the keys "a", 2'),
        (Strange("a map object"), "a map object", "a map object"),
    ],
)
def test_a_value_is_called_by_its_kind_and_size(value, kind, whole):
    assert (kind_of(value), describe(value)) == (kind, whole)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (np.float32(0.1), "0.1"),
        (12_345_678, "12345678"),
        (1 / 3 + 2j, "0.333333+2j"),
        (np.complex64(1 + 1j), "1+1j"),
        ("J", '"J"'),
        ("x" * 41, f'"{"x" * 40}"'),
        ((1,) * 20, "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, "),
        (None, "None"),
    ],
)
def test_a_number_a_text_or_a_key_in_a_few_characters(value, shown):
    assert short(value) == shown


def test_short_lists_of_numbers_are_inputs_to_be_read_and_others_are_described():
    inputs = {"f": "sin", "n": 3, "x": 0.30000001, "a": [1.0, 2], "b": (True, 0.5), "c": [1, 2, 3, 4, 5, 6]}
    assert summary(inputs) == 'f = "sin", n = 3, x = 0.3, a = [1, 2], b = (True, 0.5), c = [1, 2, 3, 4, 5, 6]'
    inputs = {"a": [0] * 7, "b": ["x", 1], "c": {"k": 1}, "W": np.ones((5, 3)), "v": Tuple([np.eye(2)])}
    assert summary(inputs) == (
        'a, a list of 7 items, b, a list of 2 items, c, a dict with the keys "k", W of shape (5, 3), '
        "v, a Tuple of 1 item"
    )
    assert summary({}) == "no arguments"
    Ws = [np.ones((2, 3)), np.ones((4, 1))]
    assert summary({"Ws": Ws, "more": (*Ws, 1.5)}) == "Ws of shapes (2, 3) and (4, 1), more, a tuple of 3 items"
    assert summary({"Ws": (Ws[0],), "none": []}) == "Ws of shapes (2, 3), none = []"


def test_arrays_of_six_entries_in_all_are_written_out():
    W = np.array([[1.0, 0.5], [-2.0, 3.0]])
    assert summary({"W": W, "x": W[:, :1]}) == "W = [[1, 0.5], [-2, 3]], x = [[1], [-2]]"
    assert summary({"W": W, "x": np.ones(3)}) == "W of shape (2, 2), x of shape (3,)"
    assert summary({"x": np.arange(6)}) == "x = [0, 1, 2, 3, 4, 5]" and summary({"x": np.ones(7)}) == "x of shape (7,)"


def test_every_entry_has_its_place():
    value = {"a": [1.0, (2, "b")], 3: [None]}
    assert leaves(value, "answer") == [
        ('answer["a"][0]', 1.0),
        ('answer["a"][1][0]', 2),
        ('answer["a"][1][1]', "b"),
        ("answer[3][0]", None),
    ]
    assert [place for place, _ in leaves(Tuple([np.eye(2), np.eye(2)]))] == ["[0]", "[1]"]
    assert leaves(2.5) == [("", 2.5)] and leaves([]) == []


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("a", "a"),
        ("ab", "a and b"),
        ("abc", "a, b and c"),
        ("abcdef", "a, b, c, d, e and f"),
        ("abcdefg", "a, b, c, d, e, f and 1 more"),
        ("abcdefghij", "a, b, c, d, e, f and 4 more"),
    ],
)
def test_of_many_words_the_first_six_are_listed(words, whole):
    assert listed(iter(words)) == whole


def test_what_is_another_in_each_run_is_left_out():
    assert without_addresses("<f at 0x7f3a5c> and <g at 0xABCDEF01>") == "<f at 0x…> and <g at 0x…>"
    assert without_addresses("0xff is 255") == "0xff is 255"  # a number that somebody wrote
    assert first_line(ValueError("  one at 0x7f3a5c00\ntwo")) == "one at 0x…"
    assert first_line(ValueError("y" * 300)) == "y" * 200 and first_line(ValueError()) == ""
