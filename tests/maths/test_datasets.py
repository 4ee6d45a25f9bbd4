"""The data sets: every sample of scikit-learn's is there once, with its own label, and the test part is not asked."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn import datasets as theirs

from helpers.datasets import breast_cancer, diabetes, digits
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.shapes import batch

SETS = {digits: "load_digits", breast_cancer: "load_breast_cancer", diabetes: "load_diabetes"}
each = pytest.mark.parametrize("load", SETS)


def unscaled(row, raw):
    """The row in the units of `raw`, of which it is a shuffled copy times a positive number plus another."""
    stretch = (raw.max() - raw.min()) / (row.max() - row.min()) if row.max() > row.min() else 1.0
    return raw.min() + stretch * (row - row.min())


@each
def test_every_sample_is_there_once_with_its_label(load):
    samples, labels = getattr(theirs, SETS[load])(return_X_y=True)
    data = load()
    X, Y = np.hstack([data.X, data.X_test]), np.hstack([data.Y, data.Y_test])
    rows = [unscaled(row, raw) for row, raw in zip(X, samples.T, strict=True)]
    told = np.array([column.argmax() for column in Y.T]) if load is digits else unscaled(Y[0], labels)
    mine, truth = np.column_stack([*rows, told]), np.column_stack([samples, labels])
    ordered = [table[np.lexsort(np.round(table, 6).T)] for table in (mine, truth)]
    np.testing.assert_allclose(*ordered, rtol=1e-6, atol=1e-6)


@each
def test_the_labels_are_of_the_kind_that_the_loss_wants(load):
    loss = {digits: SoftmaxCrossEntropy(), breast_cancer: LogisticLoss(), diabetes: SquaredLoss()}[load]
    X, Y, X_test, Y_test = load()
    assert [part.shape[1] for part in (X, X_test)] == {
        digits: [1200, 597], breast_cancer: [400, 169], diabetes: [300, 142]}[load]  # fmt: skip
    for samples, labels in ((X, Y), (X_test, Y_test)):
        batch(samples)
        assert np.isfinite(loss(np.zeros(labels.shape), labels)) and samples.shape[1] == labels.shape[1]
    if load is digits:
        assert X.min() == 0 and X.max() == 1
        assert set(Y.ravel()) == {0, 1} and (Y.sum(axis=0) == 1).all() and (Y.sum(axis=1) > 90).all()
    if load is breast_cancer:
        assert (Y > 0).mean() == pytest.approx(357 / 569, abs=0.03)  # benign is the more frequent


@pytest.mark.parametrize("load", [breast_cancer, diabetes])
def test_the_scale_is_that_of_the_part_to_learn_from(load):
    X, Y, X_test, Y_test = load()
    scaled = [X] if load is breast_cancer else [X, Y]
    for part in scaled:
        np.testing.assert_allclose(part.sum(axis=1), 0, atol=1e-10)
        np.testing.assert_allclose((part**2).mean(axis=1), 1)
    for part in (X_test, Y_test) if load is diabetes else (X_test,):
        assert np.abs(part.mean(axis=1)).max() > 0.01


@each
def test_the_seed_decides_the_order(load):
    first, again, other = load(seed=3), load(seed=3), load(seed=4)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.Y_test, other.Y_test)


def test_a_generator_is_a_seed_and_what_is_none_is_refused():
    ours, same = diabetes(seed=np.random.default_rng(3)), diabetes(seed=3)
    assert all(np.array_equal(a, b) for a, b in zip(ours, same, strict=True))
    for seed in (-1, 0.5, "0", [0.5]):
        with pytest.raises(ValueError, match="expected seed to be a whole number of 0 or more or a Generator, got"):
            diabetes(seed=seed)


@each
@pytest.mark.parametrize("test", [0, -1, 5000, 0.25, None])
def test_both_parts_have_a_sample(load, test):
    with pytest.raises(ValueError, match="expected a test part of 1 to"):
        load(test=test)


def test_the_size_of_the_test_part_is_chosen():
    X, _, X_test, _ = diabetes(test=42)
    assert X.shape == (10, 400) and X_test.shape == (10, 42)


@each
def test_it_says_what_is_missing(load, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match="scikit-learn, which is missing"):
        load()


def test_nobody_waits_for_scikit_learn_who_does_not_ask():
    code = "import sys, helpers.datasets, helpers.training; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
