"""What near means, just inside and just outside."""

import numpy as np
import pytest

from helpers.compare import near, same, scale_of

IN, OUT = 0.99, 1.01  # of what is allowed


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("scale", [1e-200, 1e-8, 1.0, 1e200])
@pytest.mark.parametrize("tol", [1e-12, 1e-6])
def test_a_share_of_the_largest_entry_may_be_missing_and_no_more(sign, scale, tol):
    truth = scale * np.array([[3.0, -4.0], [1e-9, 0.0]])
    for share, right in ((IN, True), (OUT, False)):
        for at in np.ndindex(2, 2):
            given = truth.copy()
            given[at] += sign * share * tol * 4 * scale
            expected = np.ones((2, 2), bool)
            expected[at] = right
            np.testing.assert_array_equal(near(given, truth, tol), expected)


def test_beside_zeros_the_scale_is_1_and_a_given_scale_is_taken_as_it_is():
    for share, right in ((IN, True), (OUT, False)):
        assert near(share * 1e-9, 0.0, 1e-9) == right
        assert near(5 + share * 1e-9, 5.0, 1e-9, scale=1.0) == right
        assert near(share * 1e-9 * 1e-20, 0.0, 1e-9, scale=1e-20) == right
        assert near(0.0, 0.0, 1e-9, scale=0.0) and not near(1e-300, 0.0, 1e-9, scale=0.0)


def test_a_floor_is_added_for_each_entry():
    truth, floor = np.array([2.0, 2.0, 0.5]), np.array([0.0, 1e-3, 1e-2])
    given = truth + IN * (1e-6 * 2 + floor)
    assert near(given, truth, 1e-6, floor=floor).all()
    assert not near(truth + OUT * (1e-6 * 2 + floor), truth, 1e-6, floor=floor).any()
    np.testing.assert_array_equal(near(truth - 5e-3, truth, 1e-6, floor=floor), [False, False, True])
    assert near(IN * 0.25, 0.0, 0.0, floor=0.25) and not near(OUT * 0.25, 0.0, 0.0, floor=0.25)


def test_exactly_as_far_off_as_may_be_is_within():
    """In powers of 2, which nothing rounds."""
    assert near(1.5, 1.0, 0.5) and not near(np.nextafter(1.5, 2), 1.0, 0.5)
    assert near(3.0, 2.0, 0.25, floor=0.5) and not near(np.nextafter(3.0, 4), 2.0, 0.25, floor=0.5)


def test_what_is_not_finite_is_near_itself_only_and_sets_no_scale():
    nan, inf = np.nan, np.inf
    truth = np.array([nan, inf, -inf, 1.0, nan, inf, 1.0, inf, 1.0])
    given = np.array([nan, inf, -inf, 1.0, 1.0, -inf, nan, 1.0, inf])
    for tol in (1e-12, 1e300):
        np.testing.assert_array_equal(near(given, truth, tol), [True] * 4 + [False] * 5)
    assert near([inf, 1 + 1e-7], [inf, 1.0], 1e-6).all() and not near([inf, 1 + 1e-5], [inf, 1.0], 1e-6).all()
    np.testing.assert_array_equal(same(np.array([nan, 1.0, 1.0, inf]), np.array([nan, nan, 1.0, inf])), [1, 0, 1, 1])


def test_arrays_of_two_shapes_are_not_compared():
    with pytest.raises(ValueError, match=r"one shape, got \(1, 2\) and \(2, 2\)"):
        near(np.ones((1, 2)), np.ones((2, 2)), 1e-6)


def test_whole_numbers_truth_values_and_complex_numbers_are_compared_as_they_are():
    assert near([True, False], [True, False], 0.0).all() and not near([True], [False], 0.5).any()
    assert near(np.uint8(3), np.uint8(3), 0.0) and not near(np.uint8(2), np.uint8(3), 1e-6)
    assert near(1 + 1e-9j, 1 + 0j, 1e-8) and not near(1 + 1e-7j, 1 + 0j, 1e-8)


@pytest.mark.parametrize(
    ("truth", "scale"),
    [([3.0, -7.0], 7.0), ([np.inf, 2.0, np.nan], 2.0), ([0.0, 0.0], 1.0), ([], 1.0), ([np.nan], 1.0), (1e-300, 1e-300)],
)
def test_the_scale_is_the_largest_finite_magnitude(truth, scale):
    assert scale_of(truth) == scale
