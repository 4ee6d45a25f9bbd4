"""Index notation against loops over every index, and its derivatives against the complex step."""

from itertools import product

import numpy as np
import pytest

from helpers.index_notation import Array, Derivative, delta, derivative_array, one

LENGTHS = {"i": 3, "j": 4, "k": 5, "l": 2, "p": 3, "q": 4}


def array(name, letters, seed=0):
    return Array(
        name, np.random.default_rng([seed, *map(ord, name + letters)]).normal(size=[LENGTHS[c] for c in letters])
    )


A, B, b, c = array("A", "ik"), array("B", "kj"), array("b", "k"), array("c", "i")
T, D = array("T", "ijk"), array("D", "ij")


def by_loops(terms, output, lengths=LENGTHS):
    """The sum over all values of all letters of the products of entries; terms: [(number, [(values, letters), …])]."""
    found = np.zeros([lengths[letter] for letter in output])
    for number, factors in terms:
        letters = list(dict.fromkeys("".join(own for _, own in factors)))
        for at in product(*(range(lengths[letter]) for letter in letters)):
            value = dict(zip(letters, at, strict=True))
            entry = number
            for values, own in factors:
                entry = entry * values[tuple(value[letter] for letter in own)]
            found[tuple(value[letter] for letter in output)] += entry
    return found


@pytest.mark.parametrize(
    ("expression", "terms", "outputs"),
    [
        (A["ik"] * b["k"], [(1, [(A.values, "ik"), (b.values, "k")])], ["i", "", "ik", "ki", "k"]),
        (A["ik"] * B["kj"], [(1, [(A.values, "ik"), (B.values, "kj")])], ["ij", "ji", "kij", "j", ""]),
        (
            -2 * T["ijk"] * b["k"] * c["i"],
            [(-2, [(T.values, "ijk"), (b.values, "k"), (c.values, "i")])],
            ["j", "ik", ""],
        ),
        (D["ij"] * D["ij"], [(1, [(D.values, "ij"), (D.values, "ij")])], ["", "i", "ij"]),
        (D["pj"] * D["ij"], [(1, [(D.values, "pj"), (D.values, "ij")])], ["pi", "ip"]),
        (delta["ip"] * A["ik"], [(1, [(np.eye(3), "ip"), (A.values, "ik")])], ["pk", "kp", "ipk", ""]),
        (
            A["ik"] * B["kj"] + one["i"] * array("d", "j")["j"],
            [(1, [(A.values, "ik"), (B.values, "kj")]), (1, [(np.ones(3), "i"), (array("d", "j").values, "j")])],
            ["ij", "ji", "i", ""],
        ),
        (
            D["ij"] - 3 * (c["i"] * one["j"]),
            [(1, [(D.values, "ij")]), (-3, [(c.values, "i"), (np.ones(4), "j")])],
            ["ij"],
        ),
    ],
)
def test_what_is_absent_on_the_left_is_summed_and_nothing_else(expression, terms, outputs):
    for output in outputs:
        found = expression.to(output)
        assert np.shape(found) == tuple(LENGTHS[letter] for letter in output)
        np.testing.assert_allclose(found, by_loops(terms, output), rtol=0, atol=1e-13)


def test_a_diagonal_and_a_trace():
    S = Array("S", np.arange(9.0).reshape(3, 3))
    assert S["ii"].to("").__class__ is float and S["ii"].to("") == 12
    np.testing.assert_array_equal(S["ii"].to("i"), [0, 4, 8])


def test_an_expression_prints_as_it_is_written_and_shows_its_calls():
    E = A["ik"] * B["kj"] - 2 * (one["i"] * array("d", "j")["j"])
    assert str(E) == repr(E) == "A_ik B_kj - 2 1_i d_j"
    assert E.einsum("ij") == (
        'np.einsum("ik,kj->ij", A, B, optimize=True) - 2.0 * np.einsum("i,j->ij", np.ones(3), d, optimize=True)'
    )
    assert E._repr_latex_() == r"$A_{ik}\,B_{kj} - 2 1_{i}\,d_{j}$"
    assert str(-A["ik"]) == "-A_ik" and repr(A) == "A, shape (3, 5)"
    assert str(delta["ip"] * c["p"]) == "δ_ip c_p"


def test_the_call_that_is_shown_is_the_one_that_is_made():
    E = T["ijk"] * delta["kl"] * b["l"] * one["i"]
    scope = {"np": np, "T": T.values, "b": b.values}
    np.testing.assert_array_equal(eval(E.einsum("ji"), scope), E.to("ji"))
    E = -1 / 3 * E - 1234567 * (one["j"] * one["i"])  # a number of more digits than are printed
    np.testing.assert_allclose(eval(E.einsum("ji"), scope), E.to("ji"), rtol=1e-15)


def test_a_number_of_numpy_is_a_number():
    for number in (np.int64(2), np.float32(0.1), np.float64(0.1), 3, True):
        for expression in (number * A["ik"], A["ik"] * number):
            np.testing.assert_array_equal(expression.to("ik"), float(number) * A.values)


def test_which_indices_are_summed_is_said_in_words():
    assert (A["ik"] * b["k"]).explain("i") == "on the left, not summed: i. Summed: k."
    assert (D["ij"] * D["ij"]).explain("") == "nothing on the left: the result is a number. Summed: i, j."
    told = "on the left, not summed: i, though it occurs twice; j. Summed: nothing."
    assert (D["ij"] * c["i"]).explain("ij") == told
    assert (D["ij"] * c["i"] + one["i"] * one["j"]).explain("ij") == told


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: A["ikj"], ValueError, "A has 2 axes, got 3 letters in 'ikj'; write one letter for each axis"),
        (lambda: b[""], ValueError, "b has 1 axis, got 0 letters"),
        (lambda: A["i"], ValueError, "A has 2 axes, got 1 letter in 'i'; write one letter for each axis"),
        (lambda: A[0], ValueError, "expected letters for the axes of A, such as 'ij', got 0"),
        (lambda: A["i1"], ValueError, "expected letters for the axes of A"),
        (lambda: delta["ijk"], ValueError, "δ has 2 axes, got 3 letters"),
        (lambda: (A["ik"] * B["ki"]).to("k"), ValueError, "the index i has length 3 in A_ik and 4 in B_ki"),
        (lambda: A["ii"].to(""), ValueError, "the index i has length 3 in A_ii and 5 in A_ii"),
        (lambda: (A["ik"] * delta["ik"]).to(""), ValueError, "δ_ik needs two indices of one length, i has 3 and k 5"),
        (lambda: (A["ik"] * b["k"]).to("iz"), ValueError, "the output index z does not occur in A_ik b_k"),
        (lambda: (A["ik"] * b["k"]).to("ii"), ValueError, "the output index i stands twice in 'ii'"),
        (lambda: (A["ik"] * b["k"]).to(0), ValueError, "expected the output indices as letters"),
        (lambda: delta["ij"].to("ij"), ValueError, "the length of the index i is not known: no array in δ_ij has it"),
        (lambda: (A["ik"] * b["k"] + c["p"]).to("i"), ValueError, "does not occur in the term c_p; all terms of a sum"),
        (lambda: A["ik"] * b.values, TypeError, r"expected a product of entries such as b\['k'\], got shape \(5,\)"),
        (lambda: A["ik"] + 1.0, TypeError, "expected a product of entries"),
        (lambda: Array(c.values, "c"), TypeError, r"a name and then the array, such as .*, got shape \(3,\) first"),
        (lambda: Array("A", [1.0]), TypeError, "expected A to be an array, got a list; use np.array"),
        (lambda: Array("A", np.ma.ones(3)), TypeError, "expected A to be an array, got a MaskedArray"),
        (lambda: Array("A", np.arange(3)), TypeError, "expected A in float64, got int64"),
        (lambda: Array("A", np.array([1, np.nan])), ValueError, "expected finite numbers, got nan at A"),
        (lambda: A.values + A["ik"], TypeError, r"expected a product of entries such as b\['k'\], got shape \(3, 5\)"),
        (lambda: A.values - A["ik"], TypeError, "expected a product of entries"),
        (lambda: A["ik"].renamed(i="pq"), ValueError, "expected one letter for an index, such as 'i', got 'pq'"),
        (lambda: A["ik"].renamed(i=""), ValueError, "expected one letter for an index"),
        (lambda: A["ik"].renamed(ik="p"), ValueError, "there is no index ik in A_ik"),
        (lambda: (A["ik"] * delta["ip"]).contract("ip"), ValueError, "expected one letter for an index, .* got 'ip'"),
        (
            lambda: (A["ik"] * delta["ip"]).contract(""),
            ValueError,
            "expected one letter for an index, such as 'i', got ''",
        ),
        (lambda: A["ik"].by_repeats(0), ValueError, "expected the output indices as letters, such as 'ij', got 0"),
        (lambda: Derivative(c.values, b, D["ij"], "i", "k"), TypeError, "expected an Array such as .* got shape"),
        (lambda: Derivative(c, b, A.values, "i", "k"), TypeError, "expected a product of entries such as"),
        (
            lambda: Derivative(c, b, A["ik"], "i", "k")["i", "k", "j"],
            ValueError,
            "letters of both arrays of dc_db, such",
        ),
        (lambda: Derivative(c, b, A["ik"], "i", "k")[0], ValueError, "letters of both arrays of dc_db, .* got 0"),
        (lambda: derivative_array(np.sin, [1.0]), TypeError, "expected B to be an array, got a list; use np.array"),
        (lambda: A["ik"].renamed(z="p"), ValueError, "there is no index z in A_ik"),
        (lambda: A["ik"].renamed(i="k"), ValueError, "k is in use in A_ik: i and k would become one index"),
        (lambda: A["ik"].renamed(i="p", k="p"), ValueError, "would become one index"),
        (lambda: (A["ik"] * delta["ip"]).contract("k"), ValueError, "no δ with the index k"),
        (lambda: (D["ij"] * c["i"]).by_repeats("ij"), ValueError, "i stands on the left and occurs twice in D_ij c_i"),
        (lambda: Derivative(c, b, D["ij"], "i", "k"), ValueError, "the output index k does not occur in D_ij"),
        (lambda: Derivative(c, b, D["ij"], "ij", "k"), ValueError, "the c of dc_db has 1 axis, got 2 letters"),
        (
            lambda: Derivative(c, b, D["ik"], "i", "k"),
            ValueError,
            "the index k has length 5 in the derivative and 4 in",
        ),
    ],
)
def test_a_bad_expression_is_explained(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_the_rule_of_repeats_sums_what_the_left_side_needs():
    slopes, G = D["ij"], array("G", "ij")["ij"]
    assert np.shape((G * slopes).by_repeats()) == ()
    np.testing.assert_allclose((G * slopes).to("ij"), G.to("ij") * D.values, atol=1e-15)
    np.testing.assert_allclose((A["ik"] * b["k"]).by_repeats(), A.values @ b.values, atol=1e-14)
    np.testing.assert_allclose((A["ik"] * b["k"]).by_repeats("i"), A.values @ b.values, atol=1e-14)


def test_letters_may_change_places():
    np.testing.assert_array_equal(D["ij"].renamed(i="j", j="i").to("ij"), D.values.T)


def elementwise():
    """Z (3, 4) and H = tanh(Z), with its derivative array as a formula."""
    Z = array("Z", "ij", 1)
    H, slope = Array("H", np.tanh(Z.values)), Array("S", 1 - np.tanh(Z.values) ** 2)
    return Z.values, Derivative(H, Z, slope["ab"] * delta["ac"] * delta["bd"], "ab", "cd")


def test_a_derivative_has_the_axes_of_both_and_the_values_of_the_complex_step():
    Z, dH_dZ = elementwise()
    assert dH_dZ.values.shape == (3, 4, 3, 4)
    np.testing.assert_allclose(dH_dZ.values, derivative_array(np.tanh, Z), atol=1e-14)
    W = array("W", "kj", 2)
    dY_dW = Derivative(Array("Y", A.values @ W.values), W, A["ic"] * delta["dj"], "ij", "cd")
    np.testing.assert_allclose(dY_dW.values, derivative_array(lambda W: A.values @ W, W.values), atol=1e-14)
    assert repr(dY_dW) == "∂Y_ij/∂W_cd = A_ic δ_dj"
    assert str(dY_dW["pq", "ik"]) == str(dY_dW["pqik"]) == "∂Y_pq/∂W_ik"


def test_a_number_has_a_derivative_with_the_axes_of_the_array():
    Z = array("Z", "ij", 1)
    dE_dZ = Derivative(Array("E", np.array((Z["ij"] * Z["ij"]).to(""))), Z, 2 * Z["ab"], "", "ab")
    assert str(dE_dZ["ij"]) == "∂E/∂Z_ij"
    np.testing.assert_allclose(dE_dZ.values, derivative_array(lambda Z: (Z**2).sum(), Z.values), atol=1e-13)


def test_a_chain_is_the_same_whole_expanded_and_contracted_one_delta_at_a_time():
    Z, dH_dZ = elementwise()
    X, W, G = array("X", "ik"), array("W", "kj", 3), array("G", "ij")
    dZ_dW = Derivative(Array("Z", Z), W, X["ic"] * delta["dj"], "ij", "cd")
    chain = G["ab"] * dH_dZ["ab", "cd"] * dZ_dW["cd", "ij"]
    truth = derivative_array(lambda W: (G.values * np.tanh(Z + X.values @ W)).sum(), 0 * W.values)
    expanded = chain.expanded()
    assert str(chain) == "G_ab ∂H_ab/∂Z_cd ∂Z_cd/∂W_ij" and str(expanded) == "G_ab S_ab δ_ac δ_bd X_ci δ_jd"
    steps = [chain, expanded, expanded.contract("a"), expanded.contract("a").contract("b")]
    steps.append(steps[-1].contract("d"))
    assert str(steps[-1]) == "G_cj S_cj X_ci"
    for step in steps:
        np.testing.assert_allclose(step.to("ij"), truth, atol=1e-13)
    # A: the 12 of G, 12·12 and 12·20 of the derivatives. B: 12 + 12 + 9 + 16 + 15 + 16, then 9, 16, 16 less.
    assert [step.bytes() // 8 for step in steps] == [12 + 144 + 240, 80, 71, 55, 39]


def test_a_formula_with_sums_of_its_own_captures_no_letter_of_the_product():
    """Y = A B, and dE/dA_ik = G_ij B_kj, whose j must not become the j that is outside already (F8)."""
    G, inner = array("G", "ij"), Array("C", np.random.default_rng(5).normal(size=(4, 4)))
    dE_dA = Derivative(Array("E", np.ones(())), A, G["ij"] * B["kj"], "", "ik")
    whole = inner["jl"] * dE_dA["ik"]
    with_letters = whole.expanded()
    assert len(set(with_letters.letters())) == 5
    np.testing.assert_allclose(with_letters.to("jlik"), whole.to("jlik"), atol=1e-13)
    truth = by_loops([(1, [(inner.values, "jl"), (G.values, "iq"), (B.values, "kq")])], "jlik", LENGTHS | {"l": 4})
    np.testing.assert_allclose(whole.to("jlik"), truth, atol=1e-13)


def test_a_contraction_with_a_delta_between_two_others_keeps_the_value():
    S = Array("S", np.random.default_rng(6).normal(size=(3, 3)))
    chain = S["ia"] * delta["ab"] * delta["bc"] * S["cj"]
    for order in product("abc", repeat=2):
        if len(set(order)) == 2:
            done = chain.contract(order[0]).contract(order[1]) if order != ("b", "b") else chain
            np.testing.assert_allclose(done.to("ij"), S.values @ S.values, atol=1e-14)


def test_a_delta_with_one_letter_twice_counts_its_values():
    assert (delta["pp"] * c["i"] * delta["ip"]).to("") == pytest.approx(c.values.sum(), abs=1e-14)


def test_a_product_with_a_sum_is_the_sum_of_the_products():
    S = A["ik"] * B["kj"] - 2 * (c["i"] * one["j"])
    terms = [(1, [(A.values, "ik"), (B.values, "kj"), (D.values, "pj")])]
    terms.append((-2, [(c.values, "i"), (np.ones(4), "j"), (D.values, "pj")]))
    for expression in (S * D["pj"], D["pj"] * S):
        np.testing.assert_allclose(expression.to("ip"), by_loops(terms, "ip"), atol=1e-13)


def test_a_derivative_whose_formula_is_a_sum_can_be_put_into_a_product():
    """E = Z_ij Z_ij + a sum over all entries, so that ∂E/∂Z_ij = 2 Z_ij + 1_i 1_j."""
    Z, G = array("Z", "ij", 1), array("G", "pj")
    dE_dZ = Derivative(Array("E", np.ones(())), Z, 2 * Z["ab"] + one["a"] * one["b"], "", "ab")
    truth = derivative_array(lambda Z: (Z**2).sum() + Z.sum(), Z.values)
    product = G["pj"] * dE_dZ["ij"]
    for expression in (product, product.expanded()):
        np.testing.assert_allclose(expression.to("pi"), G.values @ truth.T, atol=1e-13)


def test_an_array_without_letters_is_refused_on_either_side():
    for act in (lambda: c.values * A["ik"], lambda: A["ik"] * c.values, lambda: c.values + A["ik"]):
        with pytest.raises(TypeError):
            act()
