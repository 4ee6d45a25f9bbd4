"""The gradient check: right gradients pass, each planted fault is found and named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import ELEMENTWISE, bell
from planted import PLANTED, SHAPES, backward, faulty, forward, slope_at_x

from helpers import judging
from helpers.gradcheck import MISTAKES, Diagnosis, GradientError, check_gradients, diagnose
from helpers.judging import Truth, direction, last_digits


def test_a_right_backward_pass_is_accepted():
    # 3 probes; sizes are the primes 5, 3, 7 and, rotated, 3, 7, 2 and 7, 2, 5; a batch of 2 changes places with M.
    entries = sum(M * N + N * B + M for M, N, B in ((5, 3, 7), (2, 7, 3), (7, 2, 5)))
    assert check_gradients(forward, backward, SHAPES).endswith(f"{entries} entries compared")


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_mistake_is_named(name):
    with pytest.raises(GradientError) as raised:
        check_gradients(forward, PLANTED[name], SHAPES)
    assert MISTAKES[name] in str(raised.value)


@pytest.mark.parametrize("truth", [[[1, 2]], np.array([[1, 2]]), np.float32([[1, 2]])])
def test_a_truth_in_whole_numbers_or_with_fewer_digits_is_one(truth):
    assert diagnose(np.array([[1.0, 2.0]]), truth) is None
    assert diagnose(np.array([[1.0, 2.5]]), truth).message.endswith("2.5 instead of 2, off by 0.5.")


@pytest.mark.parametrize("truth", [None, np.array([[1j]]), np.array([["a"]])])
def test_a_truth_that_is_no_array_of_real_numbers_is_refused(truth):
    with pytest.raises(TypeError, match="expected the truth as an array of real numbers, got"):
        diagnose(np.array([[1.0]]), truth)


@pytest.mark.parametrize(
    ("yours", "truth", "got"),
    [(1.5, np.array(1.5), "a float"), (np.float64(1.5), np.ones((2, 1)), "a float64"), ([1.5], np.ones(1), "a list")],
)
def test_what_is_no_array_is_told_what_it_is(yours, truth, got):
    said = f"Expected an array of shape {truth.shape}, got {got}."
    assert diagnose(yours, truth) == Diagnosis(None, said)


def test_numbers_in_another_order_are_not_called_right_numbers():
    truth = np.random.default_rng(1).normal(size=(3, 5))
    assert diagnose(truth.reshape(5, 1, 3), truth).mistake == "axis too many"
    assert diagnose(truth.T.reshape(5, 1, 3), truth).mistake is None


def test_a_mistake_that_only_the_caller_knows_is_named():
    mistakes = {"slope at the wrong point": slope_at_x}
    with pytest.raises(GradientError, match="slope is taken at the wrong point"):
        check_gradients(forward, slope_at_x, SHAPES, mistakes=mistakes)
    assert check_gradients(forward, backward, SHAPES, mistakes=mistakes)


@pytest.mark.parametrize(
    "change",
    [
        lambda g, *_: g * 1.01,
        lambda g, *_: g * (1 + 1e-4),
        lambda g, *_: g * np.where(np.arange(g.size).reshape(g.shape) == 1, 1.01, 1.0),
        lambda g, *_: g * np.where(np.arange(g.size).reshape(g.shape) == 2, 0.0, 1.0),
        lambda g, *_: g * np.where(np.arange(g.size).reshape(g.shape) == 0, 1 + 1e-5, 1.0),
        lambda g, *_: g + 1e-7,
    ],
)
@pytest.mark.parametrize("name", SHAPES)
def test_small_faults_are_found(name, change):
    with pytest.raises(GradientError, match=f"gradient of {name}"):
        check_gradients(forward, faulty(name, change), SHAPES)


@pytest.mark.parametrize("activation", ["tanh", "identity", "abs"])
@pytest.mark.parametrize("entry", ["smallest", "largest"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_gradient_may_be_off_by_the_share_of_its_method_and_no_more(activation, entry, sign):
    f, slope = ELEMENTWISE[activation]
    share = 1e-7 if activation == "abs" else 1e-10  # of the largest entry; |z| is measured by differences

    def off_by(part):
        def backward(u, W, x):
            delta = slope(W @ x) * u
            g = delta @ x.T
            at = np.unravel_index((np.argmin if entry == "smallest" else np.argmax)(np.abs(g)), g.shape)
            g[at] += sign * part * share * np.abs(g).max()
            return {"W": g, "x": W.T @ delta}

        return lambda: check_gradients(lambda W, x: f(W @ x), backward, {"W": ("M", "N"), "x": ("N", "B")})

    assert "agree" in off_by(0.9)()
    with pytest.raises(GradientError, match="gradient of W"):
        off_by(1.2)()


def test_a_measurement_is_rough_from_5e_7_of_the_largest_entry_on():
    value = np.array([[2.0, -4.0]])
    for share, rough in ((4.9e-7, False), (5.1e-7, True)):
        assert Truth(value, 1e-7, np.array([[share * 4, 0.0]])).is_rough == rough


def test_a_measured_gradient_is_zero_up_to_its_error():
    error = np.array([[1e-9, 1e-3]])
    assert Truth(np.array([[0.99e-9, -0.99e-3]]), 1e-7, error).is_zero
    assert not Truth(np.array([[-1.01e-9, 0.0]]), 1e-7, error).is_zero
    assert Truth(np.zeros((1, 2)), 1e-7, np.zeros((1, 2))).is_zero


@pytest.mark.parametrize("truth", [np.array([[3.0, -5.0]]), 1e-200 * np.array([[3.0, -5.0]]), np.zeros((1, 2))])
@pytest.mark.parametrize("tol", [None, 1e-6])
def test_diagnose_allows_its_share_of_the_largest_entry_and_no_more(truth, tol):
    more = {} if tol is None else {"tol": tol}
    off = np.array([[(np.abs(truth).max() or 1.0) * (tol or 1e-9), 0.0]])
    assert diagnose(truth + 0.99 * off, truth, **more) is None
    assert diagnose(truth - 1.01 * off, truth, **more) is not None


def test_diagnose_allows_what_each_entry_of_a_measured_truth_may_be_off_by():
    error = np.array([[1e-3, 0.0]])
    for truth in (np.array([[3.0, -5.0]]), np.zeros((1, 2))):
        share = 1e-9 * np.abs(truth).max()  # a truth of zeros is no scale then
        assert diagnose(truth + 0.99 * (error + share), truth, error=error) is None
        assert diagnose(truth + 1.01 * (error + share), truth, error=error) is not None
        assert diagnose(truth + np.array([[0.0, 1.01 * share + 1e-300]]), truth, error=error) is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda g, *_: g.astype(np.float32), "Expected float64, got float32"),
        (lambda g, *_: g.tolist(), "got a list"),
        (lambda g, *_: float(g.sum()), "got a float"),
        (lambda g, *_: g[:1], "Expected shape"),
        (lambda g, *_: g * np.nan, "is nan"),
        (lambda g, *_: None, "got a NoneType"),
    ],
)
def test_structure_comes_before_values(change, says):
    with pytest.raises(GradientError, match=says):
        check_gradients(forward, faulty("W", change), SHAPES)


def test_names_arguments_and_memory():
    with pytest.raises(GradientError, match=r"names \['W', 'b', 'x'\], got \['W'\]"):
        check_gradients(forward, lambda u, W, x, b: {"W": W}, SHAPES)
    with pytest.raises(GradientError, match="got a tuple"):
        check_gradients(forward, lambda u, W, x, b: (W, x, b), SHAPES)

    def spoils(u, W, x, b):
        g = backward(u, W, x, b)
        u *= 2
        return g

    with pytest.raises(GradientError, match="changed its argument u"):
        check_gradients(forward, spoils, SHAPES)
    kept = {}

    def accumulates(u, W, x, b):
        g = backward(u, W, x, b)
        kept["W"] = kept.get("W", 0) + g["W"] if np.shape(kept.get("W", 0)) in ((), g["W"].shape) else g["W"]
        return g | {"W": kept["W"]}

    with pytest.raises(GradientError, match="something is kept between calls"):
        check_gradients(forward, accumulates, SHAPES, seeds=1)
    sums = {}

    def accumulates_in_place(u, W, x, b):  # what the first call returned is no longer what it was
        total = sums.setdefault("W", np.zeros_like(W))
        total += (g := backward(u, W, x, b))["W"]
        return g | {"W": total}

    with pytest.raises(GradientError, match="something is kept between calls"):
        check_gradients(forward, accumulates_in_place, SHAPES, seeds=1)


def test_a_parameter_used_twice_collects_both_uses():
    def twice(W, x):
        return np.tanh(W @ np.tanh(W @ x))

    def both(u, W, x):
        n = np.tanh(W @ x)
        upper = (1 - np.tanh(W @ n) ** 2) * u
        lower = (1 - n**2) * (W.T @ upper)
        return {"W": upper @ n.T + lower @ x.T, "x": W.T @ lower}

    def one(u, W, x):
        n = np.tanh(W @ x)
        return both(u, W, x) | {"W": ((1 - np.tanh(W @ n) ** 2) * u) @ n.T}

    shapes = {"W": ("N", "N"), "x": ("N", "B")}
    assert check_gradients(twice, both, shapes)
    with pytest.raises(GradientError, match="collects one term for each use"):
        check_gradients(twice, one, shapes, mistakes={"one use only": one})


def test_both_labels_are_tried():
    def logistic(f, y):
        return np.log1p(np.exp(-y * f))

    def as_printed(u, f, y):  # agrees with the truth for y = -1 only
        return {"f": u / (1 + np.exp(y * f))}

    shapes, choices = {"f": ("B", 1)}, {"y": (-1.0, 1.0)}
    assert check_gradients(logistic, lambda u, f, y: {"f": -y * u / (1 + np.exp(y * f))}, shapes, choices=choices)
    assert check_gradients(logistic, as_printed, shapes, choices={"y": (-1.0,)})
    with pytest.raises(GradientError, match="opposite sign"):
        check_gradients(logistic, as_printed, shapes, choices=choices)


def test_inputs_are_kept_off_kinks():
    def relu(z):
        return np.maximum(z, 0)

    seen = []

    def slope(u, z):
        seen.append(np.abs(z).min())
        return {"z": u * (z > 0)}

    check_gradients(relu, slope, {"z": ("N", "B")}, off_kinks=lambda z: z, seeds=6)
    assert min(seen) > 1e-2
    for near in (0.0, 0.99e-2, -0.99e-2):
        with pytest.raises(ValueError, match="1000 draws"):
            check_gradients(relu, slope, {"z": ("N", "B")}, off_kinks=lambda z, near=near: np.array([near, 1.0]))
    assert check_gradients(relu, slope, {"z": ("N", "B")}, off_kinks=lambda z: np.array([-1.01e-2, 1.0]))


def test_a_forward_that_compares_zero_with_zero_is_refused():
    with pytest.raises(ValueError, match="zeros prove nothing"):
        check_gradients(lambda x: np.ones((2, 1)), lambda u, x: {"x": 0 * x}, {"x": ("N", 1)})


@settings(max_examples=60)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1.0, 1e6]))
def test_diagnose_agrees_with_equal_and_disagrees_with_other(m, n, seed, scale):
    rng = np.random.default_rng(seed)
    truth = scale * rng.normal(size=(m, n))
    assert diagnose(truth * (1 + 1e-12), truth) is None
    at = tuple(rng.integers(0, (m, n)))
    other = truth.copy()
    other[at] += 1e-3 * np.abs(truth).max()
    found = diagnose(other, truth)
    assert found is not None
    if m * n > 1:
        assert found.mistake is None
        assert str([int(i) for i in at]) in found.message


def test_the_callers_candidate_comes_before_the_general_names():
    truth = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert diagnose(-truth, truth, candidates={"reversed product": -truth}).mistake == "reversed product"
    assert diagnose(-truth, truth).mistake == "sign"
    # A candidate that happens to be right is no mistake.
    assert diagnose(truth, truth, candidates={"sign": truth.copy()}) is None


def test_the_callers_candidate_is_known_in_another_form_too():
    truth, known = np.random.default_rng(0).normal(size=(2, 3, 5))
    said = lambda yours: diagnose(yours, truth, candidates={"upstream forgotten": known}).mistake
    assert said(known.T.copy()) == "upstream forgotten and transposed"
    assert said(known.ravel()) == "upstream forgotten and flattened"
    assert said(-known) == "upstream forgotten and sign"


@pytest.mark.parametrize(
    ("factor", "names"),
    [(-2.0, {"sign", "factor 2"}), (-7.0, {"sign", "times B"}), (1 / 14, {"factor 1/2", "divided by B"})],
)
def test_two_wrong_factors_have_the_names_of_both(factor, names):
    truth = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert set(diagnose(factor * truth, truth, batch=7).mistake.split(" and ")) == names


def test_a_small_error_or_a_single_number_is_no_constant_factor():
    truth = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert diagnose(1.5 * truth, truth).mistake == "constant factor"
    assert diagnose((1 + 1e-5) * truth, truth).mistake is None
    for sign in (1, -1):
        assert diagnose((1 + sign * 0.99e-3) * truth, truth).mistake is None
        assert diagnose((1 + sign * 1.01e-3) * truth, truth).mistake == "constant factor"
    assert diagnose(np.array([1.5, 3.0]), np.array([1.0, 2.0])).mistake == "constant factor"
    assert diagnose(np.array(1.5), np.array(1.0)).mistake is None


def test_broadcasting_never_helps():
    truth = np.full((3, 4), 2.0)
    for yours in (np.full((1, 4), 2.0), np.full((3, 1), 2.0), np.full((1, 1), 2.0), np.array(2.0)):
        assert isinstance(diagnose(yours, truth), Diagnosis)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("mean", "'mean'"),
        (None, "None"),
        ((0.0, 1.0), "a tuple"),
        ((np.ones(3), np.ones((2, 2))), "a tuple"),
        (np.array([1.0, np.nan]), r"an array \(2,\)"),
        (np.array([[0.0], [1.0], [0.0]]), r"an array \(3, 1\)"),
        (True, "True"),
        (3, "3"),
    ],
)
def test_an_argument_that_is_not_differentiated_may_be_anything(label, shown):
    """A right gradient passes, and a wrong one is told with that argument."""
    check = lambda factor: check_gradients(
        lambda x, t: x**2, lambda u, x, t: {"x": factor * x * u}, {"x": ("N", 1)}, choices={"t": (label,)}
    )
    assert "agree" in check(2)
    with pytest.raises(GradientError, match=rf"gradient of x \(N = \d+, t = {shown}\): .*opposite sign"):
        check(-2)


def test_an_exception_inside_backward_says_where_and_with_which_sizes():
    def backward(u, W, x):
        return {"W": u @ x.T, "x": W @ u}  # W.T is meant

    with pytest.raises(
        GradientError, match=r"backward raises ValueError for M = 5, N = 3, B = 7, with W \(5, 3\), x \(3, 7\), u"
    ):
        check_gradients(lambda W, x: W @ x, backward, {"W": ("M", "N"), "x": ("N", "B")})

    calls = []

    def only_once(u, x):
        calls.append(u)
        return {"x": np.cos(x) * u} if len(calls) % 2 else {}[0]

    with pytest.raises(GradientError, match=r"backward raises KeyError for N = 5, B = 3, with x \(5, 3\), u"):
        check_gradients(lambda x: np.sin(x), only_once, {"x": ("N", "B")})


@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (lambda W, x: W @ W, r"forward raises ValueError with W \(5, 3\), x \(3, 7\): "),
        (lambda W, x: x.missing, r"forward raises AttributeError with W \(5, 3\), x \(3, 7\): "),
        (lambda W: W, r"forward raises TypeError with W \(5, 3\), x \(3, 7\): .*unexpected keyword argument 'x'"),
        (lambda W, x: (W @ x, x), "expected forward to return an array or a number, got a tuple"),
        (lambda W, x: (W @ x).tolist(), "expected forward to return an array or a number, got a list"),
        (lambda W, x: None, "expected forward to return an array or a number, got a NoneType"),
    ],
)
def test_a_forward_that_fails_says_where_and_with_which_sizes(forward, says):
    with pytest.raises(ValueError, match="M = 5, N = 3, B = 7: " + says):
        check_gradients(forward, lambda u, W, x: {"W": W, "x": x}, {"W": ("M", "N"), "x": ("N", "B")})


def test_a_loss_may_be_a_number_of_python():
    check = lambda slope: check_gradients(
        lambda x: float((x.real**2).sum()), lambda u, x: {"x": slope * u * x}, {"x": ("N", "B")}
    )
    assert "agree" in check(2.0)
    with pytest.raises(GradientError, match="half"):
        check(1.0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"shapes": {"x": "NB"}}, r'expected shapes as {name: \("M", "N"\)}, a tuple for each name, got a str'),
        ({"shapes": {"x": np.ones((3, 2))}}, "expected shapes .* got shape"),
        ({"shapes": ["x"]}, "expected shapes .* got a list"),
        ({"choices": {"t": 1.0}}, r"expected choices as {name: \(-1.0, 1.0\)}, a tuple for each name, got a float"),
        ({"choices": {"t": np.eye(3)}}, "expected choices .* got shape"),
        ({"choices": {"t": "mean"}}, "expected choices .* got a str"),
    ],
)
def test_sizes_and_choices_are_tuples(change, says):
    given = {"shapes": {"x": ("N", "B")}, "choices": {"t": (1.0,)}} | change
    with pytest.raises(TypeError, match=says):
        check_gradients(lambda x, t: t * x, lambda u, x, t: {"x": t * u}, given["shapes"], choices=given["choices"])


def test_a_gradient_of_another_type_is_not_said_to_change_between_calls():
    """Objects are other objects at each call, and a long double has bytes that mean nothing."""
    for other in (object, np.longdouble):
        right = lambda u, x, other=other: {"x": (np.cos(x) * u).astype(other)}
        with pytest.raises(GradientError, match=r"gradient of x .*: Expected float64, got"):
            check_gradients(lambda x: np.sin(x), right, {"x": ("N", "B")})


@pytest.mark.parametrize("activation", ["tanh", "abs"])
def test_a_backward_that_uses_what_forward_has_kept_is_told_so(activation):
    """What forward was called with last is a step of the measurement."""
    (f, slope), kept = ELEMENTWISE[activation], {}

    def forward(W, x):
        kept["x"] = x
        return f(W @ x)

    def backward(u, W, x):
        delta = u * slope(W @ x)
        return {"W": delta @ kept["x"].T, "x": W.T @ delta}

    with pytest.raises(GradientError, match=r"gradient of W .*depends on what forward was called with last"):
        check_gradients(forward, backward, {"W": ("M", "N"), "x": ("N", "B")})


def test_a_draw_in_which_all_units_are_saturated_is_drawn_again():
    """The slope of a steep sigmoid is large at a few places only, and next to nothing beside its values elsewhere."""

    def forward(W, x, b):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-50 * (W @ x + b)))

    def backward(u, W, x, b, size=50):
        delta = size * bell(50 * (W @ x + b)) * u
        return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}

    assert "agree" in check_gradients(forward, backward, SHAPES, seeds=5)
    with pytest.raises(GradientError, match="half"):
        check_gradients(forward, lambda u, **i: backward(u, size=25, **i), SHAPES)


@pytest.mark.parametrize("shape", [("N", "B"), ("N",)])
def test_a_forward_may_raise_where_it_is_not_defined(shape):
    def forward(x):
        if x.real.min() < -4:
            raise ValueError("not defined there")
        return np.log(x + 4)

    assert "agree" in check_gradients(forward, lambda u, x: {"x": u / (x + 4)}, {"x": shape})
    with pytest.raises(GradientError, match="opposite sign"):
        check_gradients(forward, lambda u, x: {"x": -u / (x + 4)}, {"x": shape})


@pytest.mark.parametrize("size", [1.0, 1e-200])
def test_a_reader_who_wants_to_hear_of_underflow_is_not_told_of_the_checks_own(size):
    with np.errstate(all="raise"):
        right = lambda u, x: {"x": size * 4 * bell(2 * x) * u}
        assert "agree" in check_gradients(lambda x: size * np.tanh(x), right, {"x": ("N", "B")})


def test_as_many_digits_as_it_takes_to_see_the_difference():
    truth = np.array([[4.14556912], [1.0]])
    message = diagnose(truth + np.array([[3e-7], [0.0]]), truth, tol=1e-9).message
    assert "4.1455694 instead of 4.1455691" in message
    assert "3 instead of 1," in diagnose(np.array([[3.0], [1.0]]), np.array([[1.0], [1.0]])).message


def softmax_by_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=0))


def layer_norm(z):
    centred = z - z.mean(axis=0)
    return centred / np.sqrt((centred**2).mean(axis=0) + 1e-5)


def d_layer_norm(u, z):
    n, s = layer_norm(z), np.sqrt(z.var(axis=0) + 1e-5)
    return {"z": (u - u.mean(axis=0) - n * (n * u).mean(axis=0)) / s}


def batch_norm(z):
    return layer_norm(z.T).T


def d_batch_norm(u, z):
    return {"z": d_layer_norm(u.T, z.T)["z"].T}


def d_softmax(u, z):
    p = softmax_by_logaddexp(z)
    return {"z": p * (u - (p * u).sum(axis=0))}


@pytest.mark.parametrize(
    ("forward", "backward"),
    [(softmax_by_logaddexp, d_softmax), (layer_norm, d_layer_norm), (batch_norm, d_batch_norm)],
)
def test_a_right_gradient_is_not_refused_because_a_name_for_a_wrong_one_cannot_be_measured(forward, backward):
    """For an upstream of ones the gradient is zero in theory, and rounding in practice."""
    assert "agree" in check_gradients(forward, backward, {"z": ("N", "B")})
    with pytest.raises(GradientError, match="opposite sign"):
        check_gradients(forward, lambda u, z: {"z": -backward(u, z)["z"]}, {"z": ("N", "B")})


def test_a_candidate_that_fails_leaves_the_mismatch_without_a_name():
    def fails(u, x):
        raise RuntimeError("planted")

    with pytest.raises(GradientError, match="The worst entry is"):
        check_gradients(
            lambda x: np.sin(x), lambda u, x: {"x": np.cos(2 * x) * u}, {"x": ("N", 1)}, mistakes={"sign": fails}
        )


@pytest.mark.parametrize("shapes", [{"x": ("N", "B")}, {"x": ("B", "N"), "y": ("N", "M")}, {"x": ("B", 1)}])
def test_a_batch_is_never_drawn_as_2(shapes):
    from helpers.gradcheck import _sizes

    for seed in range(8):
        sizes = _sizes(shapes, seed)
        assert sizes["B"] != 2 and len(set(sizes.values())) == len(sizes)


def test_seven_letters_are_seven_primes():
    from helpers.gradcheck import _sizes

    for seed in range(3):
        sizes = _sizes({"x": tuple("ABCDEFG")}, seed)
        assert sorted(sizes.values()) == [2, 3, 5, 7, 11, 13, 17] and sizes["B"] != 2
    with pytest.raises(ValueError, match="at most 7 different sizes, got 8"):
        _sizes({"x": tuple("ABCDEFGH")}, 0)


def test_a_factor_b_is_named_as_that_for_every_seed():
    """For each of three seeds the batch is another size, and the mean is never taken for a factor 1/2."""
    for seeds in (1, 2, 3, 4, 5):
        with pytest.raises(GradientError, match="multiplied by the batch size"):
            check_gradients(
                lambda W, x: (W @ x).mean(axis=1, keepdims=True),
                lambda u, W, x: {"W": (u @ np.ones((1, x.shape[1]))) @ x.T, "x": W.T @ np.repeat(u, x.shape[1], 1)},
                {"W": ("M", "N"), "x": ("N", "B")},
                seeds=seeds,
            )


@pytest.mark.parametrize("form", ["column", "row"])
def test_entries_in_the_reverse_order_are_named_where_there_is_one_order(form):
    truth = np.array([[1.0], [2.0], [4.0]]) if form == "column" else np.array([[1.0, 2.0, 4.0]])
    assert diagnose(truth[::-1, ::-1].copy(), truth).mistake == "reversed order"
    square = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert diagnose(square[::-1, ::-1].copy(), square).mistake is None


@pytest.mark.parametrize("decay", [1e-8, 1e-9])
def test_a_penalty_that_hides_from_one_direction_is_seen_along_that_in_which_the_gradients_differ(decay):
    """Beside values of 1e4 the complex step that forgets |W| is not contradicted along a direction drawn at random."""

    def forward(W):
        return np.array([[1e4 + (W**2).sum() + decay * np.abs(W).sum()]])

    right = lambda u, W: {"W": u * (2 * W + decay * np.sign(W))}
    assert "agree" in check_gradients(forward, right, {"W": ("M", "N")}, seeds=6)
    with pytest.raises(GradientError, match="worst entry"):
        check_gradients(forward, lambda u, W: {"W": u * (2 * W + 1e-5 * np.sign(W))}, {"W": ("M", "N")})


def test_a_decay_of_a_millionth_is_neither_lost_nor_refused():
    def forward(W, x):
        return ((W @ x) ** 2).sum() + 1e-6 * np.abs(W).sum()

    def backward(u, W, x, decay=1e-6):
        return {"W": u * (2 * (W @ x) @ x.T + decay * np.sign(W)), "x": u * 2 * W.T @ (W @ x)}

    shapes = {"W": ("M", "N"), "x": ("N", "B")}
    assert "agree" in check_gradients(forward, backward, shapes)
    with pytest.raises(GradientError, match=r"gradient of W .*off by 1\.0\d*e-06"):
        check_gradients(forward, lambda u, W, x: backward(u, W, x, 0), shapes)


@pytest.mark.parametrize("shape", [("N", 1), ("N", "B"), (6, 1)])
@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize(
    ("sigma", "slope", "wrong"),
    [
        (lambda z: np.clip(z, 0, 6), lambda z: (z > 0) & (z < 6), lambda z: z > 0),
        (lambda z: np.maximum(z, -6), lambda z: z > -6, lambda z: 1),
        (
            lambda z: z * np.clip(z + 3, 0, 6) / 6,
            lambda z: np.where(np.abs(z) < 3, (2 * z + 3) / 6, z > 0),
            lambda z: (2 * z + 3) / 6,
        ),
    ],
    ids=["ReLU6", "floor", "hard swish"],
)
def test_a_slope_that_is_another_one_far_out_is_seen(sigma, slope, wrong, seeds, shape):
    def forward(z):
        return sigma(z)

    def backward(by):
        return lambda u, z: {"z": by(z) * u}

    assert "agree" in check_gradients(forward, backward(slope), {"z": shape}, seeds=seeds)
    with pytest.raises(GradientError, match="gradient of z"):
        check_gradients(forward, backward(wrong), {"z": shape}, seeds=seeds)


def test_a_gradient_that_is_zero_in_theory_may_be_zero_or_rounding():
    """A number added to all inputs of a softmax, and a bias before batch norm: neither moves anything."""

    def softmax_of(z, c):
        return softmax_by_logaddexp(z + c)

    def d_softmax_of(u, z, c):
        delta = d_softmax(u, z + c)["z"]
        return {"z": delta, "c": delta.sum().reshape(1, 1)}

    def norm_of(W, x, b):
        return batch_norm(W @ x + b)

    def d_norm_of(u, W, x, b):
        delta = d_batch_norm(u, W @ x + b)["z"]
        return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}

    for f, d_f, name, shapes in (
        (softmax_of, d_softmax_of, "c", {"z": ("N", "B"), "c": (1, 1)}),
        (norm_of, d_norm_of, "b", SHAPES),
    ):
        assert "agree" in check_gradients(f, d_f, shapes)
        zero = lambda u, d_f=d_f, name=name, **i: d_f(u, **i) | {name: np.zeros_like(i[name])}
        assert "agree" in check_gradients(f, zero, shapes)
        for off in (1e-6, 1.0):
            other = lambda u, d_f=d_f, name=name, off=off, **i: d_f(u, **i) | {name: off + np.zeros_like(i[name])}
            with pytest.raises(GradientError, match=f"gradient of {name}"):
                check_gradients(f, other, shapes)
    assert diagnose(1e-17 * np.ones((2, 1)), np.zeros((2, 1))) is None
    assert diagnose(np.zeros((2, 1)), np.zeros((2, 1)), error=np.zeros((2, 1))) is None


@pytest.mark.parametrize("batch", [1, "B"])
def test_a_unit_that_is_dead_in_a_draw_is_drawn_again(batch):
    def hinge(w, x, y):
        return np.maximum(0, 1 - y * (w.T @ x))

    def backward(u, w, x, y, sign=1):
        delta = u * -y * (1 - y * (w.T @ x) > 0)
        return {"w": sign * x @ delta.T, "x": w @ delta}

    shapes, choices = {"w": ("N", 1), "x": ("N", batch)}, {"y": (-1.0, 1.0)}
    assert "agree" in check_gradients(hinge, backward, shapes, choices=choices, seeds=10)
    with pytest.raises(GradientError, match=r"gradient of w .*opposite sign"):
        check_gradients(hinge, lambda u, w, x, y: backward(u, w, x, y, -1), shapes, choices=choices)


def test_only_a_size_called_b_counts_as_a_batch():
    backward = lambda u, x: {"x": x.shape[1] * np.cos(x) * u}
    for letter, says in (("M", "The constant is 3"), ("B", "multiplied by the batch size")):
        with pytest.raises(GradientError, match=says):
            check_gradients(lambda x: np.sin(x), backward, {"x": ("N", letter)})


def test_float32_inside_forward_is_no_fault_of_backward():
    with pytest.raises(ValueError, match="expected forward to return float64, got float32"):
        check_gradients(lambda x: np.sin(x.astype(np.float32)), lambda u, x: {"x": np.cos(x) * u}, {"x": ("N", 1)})
    with pytest.raises(ValueError, match=r"gradient of x cannot be measured: .* f computes in float32 inside"):
        check_gradients(
            lambda x: (x.astype(np.float32) ** 2).astype(float), lambda u, x: {"x": 2 * x * u}, {"x": ("N", 1)}
        )


def test_a_known_mistake_is_judged_by_its_own_size_and_zeros_by_that_of_the_truth():
    truth, large = np.array([[1.0], [3.0]]), np.array([[2e9], [1e9]])
    said = lambda yours: diagnose(yours, truth, candidates={"mask missing": large, "dropped path": 0 * truth}).mistake
    assert said(large * (1 + 1e-11)) == "mask missing"
    assert said(1e-11 * truth) == "dropped path"


def test_truncation_is_in_the_tolerance():
    """Square, |.| and sin one after the other: waves of many lengths, and no complex step to measure them by."""

    def forward(W, V, U, x):
        return (np.sin(U @ np.abs(V @ (W @ x) ** 2)) ** 2).sum()

    def backward(u, W, V, U, x):
        z = W @ x
        a = V @ z**2
        b = U @ np.abs(a)
        d_b = u * 2 * np.sin(b) * np.cos(b)
        d_a = np.sign(a) * (U.T @ d_b)
        d_z = 2 * z * (V.T @ d_a)
        return {"W": d_z @ x.T, "V": d_a @ (z**2).T, "U": d_b @ np.abs(a).T, "x": W.T @ d_z}

    shapes = {"W": ("M", "N"), "V": ("K", "M"), "U": ("L", "K"), "x": ("N", "B")}
    assert "agree" in check_gradients(forward, backward, shapes, seeds=7)


def test_an_axis_too_many_and_a_refilled_array_are_not_called_flattened():
    t = np.array([[1.0], [2.0], [5.0]])
    assert diagnose(t.reshape(3, 1, 1), t).mistake == "axis too many"
    assert diagnose(t.ravel(), t).mistake == "flattened"
    unsummed = np.array([[1.0, 2.0, 4.0], [0.5, 8.0, 1.5]])
    column = unsummed.sum(axis=1, keepdims=True)
    assert diagnose(unsummed, column, batch=3).mistake == "bias not summed"
    assert diagnose(unsummed, column).mistake == diagnose(unsummed, column, batch=5).mistake == "not summed"
    assert diagnose(np.diag(t.ravel()), t).mistake == "matrix for its diagonal"
    assert diagnose(np.diag(t.ravel())[:, [0, 2, 1]], t).mistake == "not summed"
    assert diagnose(unsummed, np.array([[unsummed.sum()]])).mistake == "not summed"
    A = np.arange(15.0).reshape(3, 5)
    assert diagnose(A.ravel(), A).mistake == diagnose(A.ravel(order="F"), A).mistake == "flattened"
    assert diagnose(A.reshape(5, 3), A).mistake == "reshaped"
    assert diagnose(A.T.copy(), A).mistake == "transposed"


@pytest.mark.parametrize(
    ("sigma", "slope", "most"),
    [
        (np.tanh, lambda z: 1 - np.tanh(z) ** 2, 201),
        (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), 201),
        (lambda z: np.logaddexp(z, 0), lambda z: 1 / (1 + np.exp(-z)), 301),
        (np.abs, np.sign, 337),
    ],
    ids=["tanh", "relu", "logaddexp", "abs"],
)
def test_a_full_check_takes_few_evaluations(sigma, slope, most):
    """A dense layer, three draws; as many as the check took before it measured its own errors (counted then)."""
    count = 0

    def forward(W, x, b):
        nonlocal count
        count += 1
        return sigma(W @ x + b)

    def backward(u, W, x, b):
        delta = u * slope(W @ x + b)
        return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}

    check_gradients(forward, backward, {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)})
    assert 0 < count <= most


@pytest.mark.parametrize(
    ("sigma", "slope", "most"),
    [
        (np.tanh, lambda z: 1 - np.tanh(z) ** 2, (251, 288)),
        (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0), (215, 252)),
        (lambda z: np.logaddexp(z, 0), lambda z: 1 / (1 + np.exp(-z)), (317, 352)),
        (np.abs, np.sign, (317, 361)),
    ],
    ids=["tanh", "relu", "logaddexp", "abs"],
)
@pytest.mark.parametrize("loss", [False, True])
def test_two_layers_take_few_evaluations_too(sigma, slope, most, loss):
    """Of the lower layer neither rows nor columns can be measured side by side, and of a loss nothing can."""
    count = 0

    def forward(V, W, x, b):
        nonlocal count
        count += 1
        y = V @ sigma(W @ x + b)
        return (y * y).sum() if loss else y

    def backward(u, V, W, x, b):
        z = W @ x + b
        above = 2 * u * (V @ sigma(z)) if loss else u
        delta = (V.T @ above) * slope(z)
        return {"V": above @ sigma(z).T, "W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}

    check_gradients(forward, backward, {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1), "V": ("K", "M")})
    assert 0 < count <= most[loss]


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_two_calls_of_backward_may_be_rounded_otherwise_and_no_more(size):
    for off, repeats in ((0.9e-12, True), (1.1e-12, False), (1e-3, False)):
        calls = []

        def backward(u, x, off=off, calls=calls):
            calls.append(u)
            return {"x": size * np.cos(x) * u * (1 + off * (len(calls) % 2))}

        check = lambda backward=backward: check_gradients(lambda x: size * np.sin(x), backward, {"x": ("N", "B")})
        if repeats:
            assert "agree" in check()
        else:
            with pytest.raises(GradientError, match="a second call gave another result"):
                check()


def side_by_side(forward, x):
    y = forward(x)
    draw = judging.Draw(forward, {"x": x}, ("x",), np.random.default_rng(1).normal(size=y.shape), y)
    return judging._measured_side_by_side(draw, "x", None)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_rows_and_columns_are_apart_if_one_of_them_moves_no_other_by_more_than_rounding(size):
    x = np.random.default_rng(0).normal(size=(4, 3))
    x[-1, -1] = 1.5  # of all outputs the largest
    for off, apart in ((0.9e-12, True), (1.1e-12, False), (1e-9, False)):

        def forward(x, off=off, at=x[0, 0]):
            """A jump, when the first entry has gone far: no slope is another one for it."""
            y, far = np.sin(x), abs(x[0, 0].real - at) > 0.1
            return size * y + far * off * size * np.sin(1.5)

        assert (side_by_side(forward, x) is not None) == apart


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_rows_and_columns_that_mix_when_all_move_are_not_measured_side_by_side(size):
    """The first one, moved alone, moves no other; the others move it by a share of what they move themselves."""
    x = np.random.default_rng(0).normal(size=(4, 3))
    for off, apart in ((3e-12, True), (6e-12, False), (1e-9, False)):  # the differences of several such shares count
        above = lambda n, off=off: np.eye(n) + off * np.triu(np.ones((n, n)), 1)
        forward = lambda x, above=above: size * above(4) @ x @ above(3).T
        assert (side_by_side(forward, x) is not None) == apart


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_a_direction_moves_no_two_entries_alike(size):
    """Two mistakes that are each other's opposite would not show along a direction of equal steps."""
    v = direction(np.random.default_rng(0), size * np.ones((20, 10))) / size
    assert len(set(np.abs(v).ravel())) == 200
    assert 1 <= np.abs(v).min() < 1.1 and 1.9 < np.abs(v).max() <= 2 and 60 < (v > 0).sum() < 140


@pytest.mark.parametrize("shape", [("N", "B"), ("N",)])
def test_a_gradient_may_be_off_by_ten_times_what_its_measurement_may_be_off_by(shape, monkeypatch):
    measured = judging.measure

    def less_exact(*arguments):
        found = measured(*arguments)
        return found._replace(error=np.full(found.error.shape, 1e-8))

    def backward(u, x, steps, off):
        g, at = 3 * u, np.unravel_index(np.argmax(np.abs(u)), u.shape)
        # Rows or columns are measured side by side along a direction that is once or twice the size of x.
        size = steps * max(np.abs(x[at]), np.sqrt(np.mean(x**2))) if len(shape) == 2 else 1.0
        outputs = np.linalg.norm(u, axis=-1, keepdims=True) + 0 * u  # of which each may be off, weighed by u
        g[at] += off * 10 * 1e-8 * outputs[at] / size
        return {"x": g}

    monkeypatch.setattr(judging, "measure", less_exact)
    check = lambda **off: check_gradients(lambda x: 3 * x, lambda u, x: backward(u, x, **off), {"x": shape}, seeds=1)
    assert "agree" in check(steps=2, off=0.9)
    with pytest.raises(GradientError, match="gradient of x"):
        check(steps=1, off=1.1)


@pytest.mark.parametrize("activation", ["sin", "abs"])
def test_rows_and_columns_that_move_only_those_before_them_are_not_measured_side_by_side(activation):
    """The first row, moved alone, moves nothing else; the others do."""
    f, slope = ELEMENTWISE[activation]
    above = lambda n: np.triu(np.ones((n, n)))
    forward = lambda x: f(above(len(x)) @ x @ above(x.shape[1]).T)

    def backward(u, x, right=True):
        delta = u * slope(above(len(x)) @ x @ above(x.shape[1]).T)
        return {"x": above(len(x)).T @ delta @ above(x.shape[1]) if right else delta}

    assert "agree" in check_gradients(forward, backward, {"x": ("N", "B")})
    with pytest.raises(GradientError, match="gradient of x"):
        check_gradients(forward, lambda u, x: backward(u, x, right=False), {"x": ("N", "B")})


def test_a_forward_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="forward returned a number that is not finite"):
        check_gradients(lambda x: np.vstack([x, np.inf * x[:1]]), lambda u, x: {"x": 0 * x}, {"x": ("N", "B")})


def test_a_thousand_draws_are_tried_to_keep_off_kinks():
    tried = []
    with pytest.raises(ValueError, match="in 1000 draws"):
        check_gradients(np.abs, lambda u, x: {"x": u}, {"x": ("N", 1)}, off_kinks=lambda x: 0 * (tried.append(x) or x))
    assert len(tried) == 1000


@pytest.mark.parametrize(("size", "rows"), [(6, 2), (6, 3), (404, 202)])
def test_a_column_that_is_a_table_read_in_the_other_order_is_named(size, rows):
    truth = np.sin(np.arange(size)).reshape(-1, 1)
    yours = truth.reshape(rows, -1).T.reshape(-1, 1)
    assert diagnose(yours, truth).mistake == diagnose(yours.T.copy(), truth.T).mistake == "reshaped"


@pytest.mark.parametrize(("rows", "tried"), [(997, True), (1009, False)])
def test_no_table_of_a_thousand_rows_or_more_is_tried(rows, tried):
    """A prime number of rows of two, which is no other table."""
    yours = np.sin(np.arange(2 * rows)).reshape(-1, 1)
    truth = yours.reshape(rows, 2).T.reshape(-1, 1)
    assert diagnose(yours, truth).mistake == ("reshaped" if tried else None)


def test_six_digits_are_shown_at_least_and_all_where_the_last_one_differs():
    one = np.ones((2, 1))
    assert "is [0, 0]: 2.5 instead of 1," in diagnose(np.array([[2.5], [1.0]]), one).message
    last = np.array([[1.0], [1 + 2.0**-52]])
    assert "is [1, 0]: 1.0000000000000002 instead of 1," in diagnose(last, one, tol=0.0).message


@pytest.mark.parametrize("size", [-1e-200, 1.0, 1e200])
def test_the_last_digits_of_numbers_go_up_and_down(size):
    moved = last_digits(np.random.default_rng(0), np.full((40, 50), size)) / size - 1
    assert 3 * 2.0**-52 < moved.max() <= 4 * 2.0**-52 and -4 * 2.0**-52 <= moved.min() < -3 * 2.0**-52
    assert 800 < (moved > 0).sum() < 1200


def test_an_input_without_effect_is_looked_for_in_the_first_draws_only():
    draws = []
    for seeds in (1, 3):
        drawn = lambda x, unused, seeds=seeds: draws.append(seeds) or np.ones(1)
        forward, backward = lambda x, unused: np.sin(x), lambda u, x, unused: {"x": u * np.cos(x), "unused": 0 * unused}
        shapes = {"x": ("N", 1), "unused": ("M", 1)}
        assert "agree" in check_gradients(forward, backward, shapes, off_kinks=drawn, seeds=seeds)
    assert draws.count(3) == draws.count(1) + 2 > 3
