"""Training: the optimizers against closed formulas and PyTorch, the loop against plain numpy, and what may happen."""

import signal
import threading

import numpy as np
import pytest
from complex_step import complex_step
from record_training import TABLE

from helpers.activations import Tanh
from helpers.datasets import breast_cancer, diabetes, digits
from helpers.dropout import Dropout
from helpers.layers import Affine, Dense
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip
from helpers.training import Adam, Descent, Optimizer, Run, accuracy, train

# --- the optimizers ----------------------------------------------------------------------------------------------


def visited(optimizer, start, grads):
    """Where the parameter is after each step."""
    param, places = start.copy(), []
    for grad in grads:
        optimizer.step([(param, grad)])
        places.append(param.copy())
    return np.array(places)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("Descent", lambda: Descent(0.1)),
        ("momentum", lambda: Descent(0.1, momentum=0.9)),
        ("Adam", lambda: Adam(0.01)),
        ("Adam, decay", lambda: Adam(0.01, 0.8, 0.95, 1e-3, decay=0.3)),
    ],
)
def test_a_step_is_that_of_pytorch(name, make):
    with np.load(TABLE) as table:
        ours = visited(make(), table["start"], table["grads"])
        np.testing.assert_allclose(ours, table[name], rtol=1e-13, atol=1e-13)


def test_momentum_is_a_sum_over_all_gradients_so_far():
    rng = np.random.default_rng(0)
    start, grads = rng.normal(size=(2, 3)), rng.normal(size=(5, 2, 3))
    velocity = lambda t: sum(0.7 ** (t - s) * grads[s] for s in range(t + 1))
    truth = [start - 0.2 * sum(velocity(s) for s in range(t + 1)) for t in range(5)]
    np.testing.assert_allclose(visited(Descent(0.2, momentum=0.7), start, grads), truth, atol=1e-13)


def test_the_first_step_of_adam_is_as_long_as_the_rate_whatever_the_gradient():
    grads = np.array([[[1e-4], [-1.0], [1e6]]])
    moved = visited(Adam(0.03), np.zeros((3, 1)), grads)[0]
    np.testing.assert_allclose(moved, [[-0.03], [0.03], [-0.03]], rtol=1e-3)


@pytest.mark.parametrize("make", [Descent, Adam])
def test_decay_alone_shrinks_by_the_same_factor_in_every_step(make):
    start = np.array([[2.0, -3.0]])
    places = visited(make(0.1, decay=0.5), start, np.zeros((4, 1, 2)))
    np.testing.assert_allclose(places, [start * 0.95**t for t in (1, 2, 3, 4)])


def test_decay_of_plain_descent_is_the_gradient_of_a_penalty():
    rng = np.random.default_rng(1)
    theta, grad = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    penalty = lambda theta: 0.3 / 2 * (theta * theta).sum()
    [there] = visited(Descent(0.1, decay=0.3), theta, [grad])
    np.testing.assert_allclose(there, theta - 0.1 * (grad + complex_step(penalty, theta)), atol=1e-14)


def test_an_optimizer_keeps_to_its_parameters():
    optimizer = Adam(0.1)
    optimizer.step([(np.ones((2, 1)), np.ones((2, 1)))])
    with pytest.raises(ValueError, match="make a new optimizer"):
        optimizer.step([(np.ones((3, 1)), np.ones((3, 1)))])


def read_only(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("make", [lambda: Descent(0.1), lambda: Descent(0.1, momentum=0.9), lambda: Adam(0.1)])
@pytest.mark.parametrize(
    ("second", "error", "said"),
    [
        # A gradient that is broadcast hides a sum that was forgotten.
        (
            (np.ones((3, 1)), np.ones((1, 1))),
            ValueError,
            r"gradient in the shape of its parameter, .*, got .*\(1, 1\)\]",
        ),
        ((np.ones((3, 4)), np.ones((3, 1))), ValueError, "expected each gradient in the shape of its parameter"),
        ((np.ones((3, 1)), np.ones(3)), ValueError, "expected each gradient in the shape of its parameter"),
        ((np.ones((3, 1)), 1.0), TypeError, r"expected pairs \(parameter, gradient\) of arrays, got a list; use net"),
        ((np.ones((3, 1)), [[1.0]] * 3), TypeError, r"expected pairs \(parameter, gradient\) of arrays"),
        ((np.float64(2), np.float64(1)), TypeError, "changed in place, got one in float64, read-only; use np.array"),
        ((read_only(np.ones((3, 1))), np.ones((3, 1))), TypeError, "got one in float64, read-only"),
        ((np.ones((3, 1), int), np.ones((3, 1))), TypeError, "parameters in float64 .* got one in int64"),
    ],
)
def test_pairs_that_do_not_fit_are_refused_before_anything_moves(make, second, error, said):
    first = np.ones((2, 2))
    with pytest.raises(error, match=said):
        make().step([(first, np.ones((2, 2))), second])
    assert (first == 1).all()


def test_one_array_in_two_layers_would_be_moved_twice():
    rng = np.random.default_rng(0)
    W, b, X, Y = rng.normal(size=(3, 3)), np.zeros((3, 1)), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    given = {"epochs": 1, "batch": 4}
    with pytest.raises(ValueError, match="expected an array of its own for each parameter"):
        train(Network([Dense(W, b, Tanh()), Affine(W.copy(), b)]), SquaredLoss(), X, Y, Adam(0.1), **given)
    assert (b == 0).all()
    layer = Dense(W, b, Tanh())
    train(Network([layer, layer]), SquaredLoss(), X, Y, Adam(0.1), **given)
    assert (b != 0).all()


def test_gradients_by_name_are_no_pairs():
    net, X, Y = small()
    value_and_grads = net.gradients(X, Y, SoftmaxCrossEntropy())
    for wrong in (value_and_grads[1], value_and_grads, 3, None):
        with pytest.raises(TypeError, match=r"expected pairs .*; use net.params_and_grads\(grads\)"):
            Descent(0.1).step(wrong)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: Descent(-0.1), ValueError, "rate to be above 0, got -0.1"),
        (lambda: Descent(0), ValueError, "rate to be above 0, got 0"),
        (lambda: Adam(float("nan")), ValueError, "rate to be above 0, got nan"),
        (lambda: Descent(float("inf")), ValueError, "got inf"),
        (lambda: Descent("0.1"), TypeError, "rate to be a number, got a str"),
        (lambda: Descent(True), TypeError, "got a bool"),
        (lambda: Descent(0.1, momentum=1), ValueError, "momentum to be 0 or more and below 1, got 1"),
        (lambda: Descent(0.1, momentum=-0.5), ValueError, "momentum to be 0 or more"),
        (lambda: Descent(0.1, decay=-1e-4), ValueError, "decay to be 0 or more, got -0.0001"),
        (lambda: Adam(0.1, beta2=1.0), ValueError, "beta2 to be 0 or more and below 1, got 1.0"),
        (lambda: Adam(0.1, epsilon=0), ValueError, "epsilon to be above 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make, error, said):
    with pytest.raises(error, match=said):
        make()


# --- the loop ----------------------------------------------------------------------------------------------------


def small(seed=0, B=12):
    """(net, X, Y): tanh, then scores of three classes."""
    rng = np.random.default_rng(seed)
    lower = Dense(rng.normal(size=(4, 5)), np.zeros((4, 1)), Tanh())
    net = Network([lower, Affine(rng.normal(size=(3, 4)), np.zeros((3, 1)))])
    return net, rng.normal(size=(5, B)), np.eye(3)[:, rng.integers(3, size=B)]


def trained(optimizer=None, seed=0, **more):
    """(net, run) of 4 epochs, 12 samples in batches of 4."""
    net, X, Y = small()
    given = {"epochs": 4, "batch": 4, "seed": seed} | more
    return net, train(net, SoftmaxCrossEntropy(), X, Y, optimizer or Descent(0.1, momentum=0.5), **given)


def bits(net):
    return [param.tobytes() for param in net.params.values()]


@pytest.mark.parametrize("batch", [1, 2, 4, 5])
def test_in_an_epoch_every_sample_is_used_once(batch):
    # With one weight for each sample, the gradient for W_j is not zero where the sample j is in the mini-batch.
    y = np.arange(1.0, 13.0).reshape(1, 12)
    layer, seen = Affine(np.zeros((1, 12)), np.zeros((1, 1))), []
    run = train(layer, SquaredLoss(), np.eye(12), y, Steady(seen), epochs=3, batch=batch)
    sizes = [min(batch, 12 - k) for k in range(0, 12, batch)]
    assert [len(used) for used in seen] == 3 * sizes and run.steps == 3 * len(sizes) and run.epochs == 3
    epochs = (
        np.array_split(seen, 3)
        if 12 % batch == 0
        else [seen[k : k + len(sizes)] for k in range(0, len(seen), len(sizes))]
    )
    orders = [[j for used in epoch for j in used] for epoch in epochs]
    assert all(sorted(order) == list(range(12)) for order in orders)
    assert orders[0] != orders[1]  # each epoch has an order of its own


class Steady(Optimizer):
    """Moves nothing, and notes for which entries of W there was a gradient."""

    def __init__(self, seen):
        super().__init__(1, 0)
        self.seen = seen

    def step(self, pairs):
        (_, grad), _ = pairs
        self.seen.append([int(j) for j in np.flatnonzero(grad)])


def test_the_numbers_are_those_of_plain_numpy():
    rng = np.random.default_rng(5)
    X, y, w, b = rng.normal(size=(3, 8)), rng.normal(size=(1, 8)), rng.normal(size=(1, 3)), 0.2
    layer = Affine(w.copy(), np.array([[b]]))
    run = train(layer, SquaredLoss(), X, y, Descent(0.05), epochs=6, batch=8, test=(2 * X, y))
    losses, tests = [], []
    for _ in range(7):
        r = [sum(w[0, i] * X[i, s] for i in range(3)) + b - y[0, s] for s in range(8)]
        losses.append(sum(e * e for e in r) / 8)
        tests.append(sum((sum(2 * w[0, i] * X[i, s] for i in range(3)) + b - y[0, s]) ** 2 for s in range(8)) / 8)
        w = np.array([[w[0, i] - 0.05 * sum(2 * r[s] * X[i, s] for s in range(8)) / 8 for i in range(3)]])
        b = b - 0.05 * sum(2 * e for e in r) / 8
    np.testing.assert_allclose(run.loss, losses, rtol=1e-12)
    np.testing.assert_allclose(run.test_loss, tests, rtol=1e-12)
    np.testing.assert_allclose(run.batch_loss, losses[:6], rtol=1e-12)
    assert run.accuracy == run.test_accuracy == [] and run.stopped == ""


def test_the_first_point_of_the_curves_is_without_masks_too():
    _, X, Y = small()
    layer = Affine(np.ones((3, 5)), np.zeros((3, 1)))
    net = Network([Dropout(0.5, seed=1), layer])  # a seed of a check before
    run = train(net, SquaredLoss(), X, Y, Descent(0.1), epochs=0, batch=4)
    assert run.loss == [SquaredLoss()(layer(X), Y)] and net.layers[0].seed is None


def test_the_same_seed_gives_the_same_numbers_to_the_last_bit():
    (one, run), (two, again), (other, _) = trained(seed=3), trained(seed=3), trained(seed=4)
    assert bits(one) == bits(two) and run == again and bits(one) != bits(other)


def test_the_test_part_and_the_watching_change_nothing():
    _, X, Y = small(seed=8)
    watched = []
    plain, _ = trained()
    other, run = trained(test=(X, Y), watch=lambda run: watched.append(run.steps))
    assert bits(plain) == bits(other)
    assert watched == list(range(13)) and len(run.test_loss) == 5


def test_dropout_draws_other_masks_in_every_step_and_layer_and_none_outside():
    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(6, 8)), rng.normal(size=(2, 8))
    inner = Network([Dropout(0.5), Dense(rng.normal(size=(6, 6)), np.zeros((6, 1)), Tanh())])
    net = Network([Dropout(0.5), Skip(inner), Affine(rng.normal(size=(2, 6)), np.zeros((2, 1)))])
    dropouts, masks, seeds, before = (net.layers[0], inner.layers[0]), [], [], net(X)

    def loss_seen(run):
        assert [layer.seed for layer in dropouts] == [None, None]

    forward = Dropout._forward

    def keeps(layer, x):
        y, factors = forward(layer, x)
        masks.append(factors)
        seeds.append(layer.seed)
        return y, factors

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dropout, "_forward", keeps)
        run = train(net, SquaredLoss(), X, Y, Descent(1e-12), epochs=2, batch=4, watch=loss_seen)
    drawn = [mask for mask in masks if mask.shape == (6, 4)]  # the curves are measured with all 8 samples
    assert len(drawn) == 2 * run.steps == 8
    assert all((a != b).any() for k, a in enumerate(drawn) for b in drawn[:k])
    assert all((mask == 1).all() for mask in masks if mask.shape == (6, 8))
    first = lambda seed: np.random.default_rng(seed).random()
    orders = [first([0, epoch]) for epoch in range(8)]
    assert not {first(seed) for seed in seeds if seed is not None} & set(orders)  # the masks know nothing of the orders
    np.testing.assert_allclose(net(X), before, atol=1e-9)
    again = train(net, SquaredLoss(), X, Y, Descent(1e-12), epochs=2, batch=4)
    np.testing.assert_allclose(again.batch_loss, run.batch_loss, rtol=1e-9)


def test_the_curves_begin_with_the_network_as_it_came():
    net, X, Y = small()
    loss = SoftmaxCrossEntropy()
    before = loss(net(X), Y)
    _, run = trained()
    assert run.loss[0] == before and len(run.loss) == 5 and run.loss[-1] < before
    assert run.accuracy[0] == (net(X).argmax(axis=0) == Y.argmax(axis=0)).mean()


def test_no_epochs_only_measure():
    net, run = trained(epochs=0)
    assert bits(net) == bits(small()[0]) and len(run.loss) == 1 and run.ended and not run.stopped


@pytest.mark.parametrize(
    ("f", "y", "share"),
    [
        ([[3.0, -1.0, 2.0, -0.5]], [[1.0, -1.0, -1.0, 1.0]], 0.5),
        ([[3.0, 1.0], [2.0, 5.0], [0.0, 6.0]], [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]], 1.0),
        ([[3.0, 1.0], [2.0, 7.0], [0.0, 6.0]], [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]], 0.5),
    ],
)
def test_accuracy_counts_columns(f, y, share):
    assert accuracy(np.array(f), np.array(y)) == share


@pytest.mark.parametrize("y", [np.arange(2), np.eye(2), np.zeros((1, 2)), [[1.0] * 2] * 3, None])
def test_accuracy_of_two_shapes_is_refused(y):
    with pytest.raises(ValueError, match=r"expected f and y of one shape \(K, B\), got shape \(3, 2\) and"):
        accuracy(np.zeros((3, 2)), y)


# --- what may happen ---------------------------------------------------------------------------------------------


def interrupting(after):
    def watch(run):
        if run.steps == after:
            signal.raise_signal(signal.SIGINT)

    return watch


def test_an_interrupted_run_is_kept_and_can_be_gone_on_with_to_the_bit():
    before = signal.getsignal(signal.SIGINT)
    whole, complete = trained()
    net, X, Y = small()
    optimizer = Descent(0.1, momentum=0.5)
    given = {"batch": 4, "watch": interrupting(after=5)}
    run = train(net, SoftmaxCrossEntropy(), X, Y, optimizer, epochs=4, **given)
    assert run.stopped == "interrupted after step 6" and run.epochs == 2 and len(run.loss) == 3
    assert run.ended and signal.getsignal(signal.SIGINT) is before
    assert train(net, SoftmaxCrossEntropy(), X, Y, optimizer, epochs=2, batch=4, run=run) is run
    assert bits(net) == bits(whole) and run == complete


def test_what_the_reader_does_with_interrupts_is_as_before():
    """A handler of its own: what other runs have left behind says nothing."""
    mine = lambda *_: None
    before = signal.signal(signal.SIGINT, mine)
    try:
        trained()
        assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_the_middle_of_an_epoch_too():
    whole, complete = trained()
    net, X, Y = small()
    optimizer = Descent(0.1, momentum=0.5)
    run = train(net, SoftmaxCrossEntropy(), X, Y, optimizer, epochs=4, batch=4, watch=interrupting(after=6))
    assert run.stopped == "interrupted after step 7" and run.epochs == 2
    train(net, SoftmaxCrossEntropy(), X, Y, optimizer, epochs=2, batch=4, run=run)
    assert bits(net) == bits(whole) and run == complete


def test_an_interrupt_does_not_tear_a_step():
    class Slow(Descent):
        def _direction(self, k, grad):
            if k == 1 and len(steps) == 2:
                signal.raise_signal(signal.SIGINT)
            steps.append(k) if k == 3 else None
            return super()._direction(k, grad)

    steps = []
    net, run = trained(Slow(0.1))
    other, _ = trained(Descent(0.1), epochs=1)
    assert run.stopped == "interrupted after step 3" and bits(net) == bits(other)


def test_a_second_interrupt_does_not_wait():
    def watch(run):
        if run.steps == 2 and not run.stopped:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("not reached")

    _, run = trained(watch=watch)
    assert run.stopped == "interrupted after step 2"


def test_an_interrupt_by_an_exception_is_the_same():
    def watch(run):
        if run.steps == 3 and not run.stopped:
            raise KeyboardInterrupt

    net, run = trained(watch=watch)
    assert run.stopped == "interrupted after step 3" and bits(net) == bits(trained(epochs=1)[0])


def test_it_runs_in_a_thread_where_no_signals_arrive():
    found = []
    thread = threading.Thread(target=lambda: found.append(trained()))
    thread.start()
    thread.join()
    assert bits(found[0][0]) == bits(trained()[0])


def test_the_watchers_own_errors_are_not_swallowed():
    def watch(run):
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        trained(watch=watch)


def test_a_loss_that_is_not_finite_ends_the_run_with_the_step_and_the_layer():
    net, X, Y = small()
    told = []
    run = train(net, SquaredLoss(), X, Y, Descent(1e308), epochs=9, batch=4, watch=lambda r: told.append(r.stopped))
    assert run.stopped.startswith("step 2: layer 1: expected finite numbers, got ") and run.ended
    assert run.steps == 1 and len(run.loss) == 1 and np.isfinite([*run.loss, *run.batch_loss]).all()
    assert told[-1] == run.stopped


def test_a_loss_that_overflows_behind_a_sound_network_is_named_so():
    layer = Affine(np.zeros((1, 2)), np.zeros((1, 1)))
    X, y = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 2.0]])
    run = train(layer, SquaredLoss(), X, y, Descent(3.0), epochs=1000, batch=2)
    assert "the loss is inf" in run.stopped and f"step {run.steps + 1}: " in run.stopped
    assert np.isfinite(run.loss).all() and run.loss[-1] > 1e100


def test_a_test_part_that_overflows_ends_it_too():
    net, X, Y = small()
    net.layers[0].W[:] *= 1e-3
    run = train(Network([net.layers[1]]), SquaredLoss(), X[:4], Y, Descent(0.1), epochs=3, batch=4,
                test=(1e300 * X[:4], Y))  # fmt: skip
    assert run.stopped.startswith("step 1: the loss is inf") and run.steps == 0


def test_a_test_part_for_which_the_network_overflows_names_the_layer():
    layer, one = Affine(np.zeros((1, 1)), np.zeros((1, 1))), np.ones((1, 1))
    run = train(layer, SquaredLoss(), one, one, Descent(1e10), epochs=3, batch=1, test=(1e300 * one, one))
    assert run.stopped.startswith("step 2: layer 0: expected finite numbers, got inf at ") and run.steps == 1


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"batch": 13}, ValueError, "batch to be 1 to 12, the number of samples, got 13"),
        ({"batch": 0}, ValueError, "batch to be 1 to 12"),
        ({"batch": 2.0}, TypeError, "batch to be a whole number, got a float"),
        ({"epochs": -1}, ValueError, "epochs to be 0 or more, got -1"),
        ({"epochs": True}, TypeError, "epochs to be a whole number, got a bool"),
        ({"seed": -1}, ValueError, "seed to be 0 or more"),
        ({"optimizer": 0.1}, TypeError, r"expected an optimizer such as Descent\(0.1\), got a float"),
        ({"optimizer": Descent}, TypeError, "expected an optimizer"),
        ({"loss": SoftmaxCrossEntropy}, TypeError, "expected loss to be a Loss such as"),
        ({"net": np.ones((3, 5))}, TypeError, "expected layer 0 to be a Layer"),
        ({"test": np.ones((5, 2))}, TypeError, "test to be a pair"),
        ({"X": np.ones((4, 12))}, ValueError, "expected X to have 5 rows"),
        ({"X": np.ones((5, 11))}, ValueError, "expected y in the shape"),
        ({"X": [[1.0]]}, TypeError, "expected X to be an array"),
        ({"Y": np.arange(12) % 3}, ValueError, r"got \(12,\), class numbers"),
        ({"Y": -np.ones((3, 12))}, ValueError, "LogisticLoss"),
        ({"loss": LogisticLoss()}, ValueError, r"labels y of \+1 and -1"),
        ({"test": (np.ones((5, 2)), np.ones((3, 3)))}, ValueError, "expected y in the shape"),
        (
            {"net": Affine(np.ones((1, 5)), np.ones((1, 1))), "Y": np.ones((1, 12))},
            ValueError,
            "expected two scores or more, got one, whose softmax is 1 whatever it is; use LogisticLoss",
        ),
        (
            {"X": np.ones((5, 12)) + 0j},
            TypeError,
            "expected real numbers to learn from, got complex ones among X, Y or",
        ),
        ({"loss": SquaredLoss(), "Y": np.ones((3, 12)) * 1j}, TypeError, "expected real numbers to learn from"),
        ({"watch": 3}, TypeError, r"expected watch to be a function of the run such as Live\(\), got a int"),
        ({"watch": Run}, TypeError, "expected watch to be a function of the run"),
        ({"run": Run}, TypeError, "expected run to be what an earlier train returned, got the class Run"),
        (
            {"run": Run(loss=[1.0], test_loss=[1.0], steps_an_epoch=3)},
            ValueError,
            "expected a test part, as in the run so",
        ),
        (
            {"run": Run(loss=[1.0], steps_an_epoch=3), "test": (np.ones((5, 2)), np.eye(3)[:, :2])},
            ValueError,
            "no test",
        ),
        ({"run": Run(steps_an_epoch=7)}, ValueError, "expected 7 steps an epoch, as in the run so far, got 3"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_anything_moves(change, error, said):
    net, X, Y = small()
    before = bits(net)
    given = {"loss": SoftmaxCrossEntropy(), "X": X, "Y": Y, "optimizer": Descent(0.1), "epochs": 2, "batch": 4}
    with pytest.raises(error, match=said):
        train(**({"net": net} | given | change))
    assert bits(net) == before


# --- real data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", [lambda: Descent(0.1, momentum=0.9), lambda: Adam(0.01)])
def test_digits_are_read_to_97_percent(optimizer):
    X, Y, X_test, Y_test = digits()
    rng = np.random.default_rng(1)
    net = Network([
        Dense(rng.normal(size=(64, 64)) / 8, np.zeros((64, 1)), Tanh()),
        Affine(rng.normal(size=(10, 64)) / 8, np.zeros((10, 1))),
    ])  # fmt: skip
    run = train(net, SoftmaxCrossEntropy(), X, Y, optimizer(), epochs=30, test=(X_test, Y_test))
    assert run.test_accuracy[-1] >= 0.97 and run.accuracy[-1] > 0.99 and run.accuracy[0] < 0.3
    one_by_one = [net(X_test[:, [k]]).argmax() == Y_test[:, k].argmax() for k in range(597)]
    assert run.test_accuracy[-1] == np.mean(one_by_one)


def test_diabetes_comes_to_the_least_squares_solution():
    X, Y, X_test, Y_test = diabetes()
    layer = Affine(np.zeros((1, 10)), np.zeros((1, 1)))
    run = train(layer, SquaredLoss(), X, Y, Descent(0.1), epochs=800, batch=300, test=(X_test, Y_test))
    A = np.vstack([X, np.ones((1, 300))])
    best = np.linalg.lstsq(A.T, Y.T, rcond=None)[0]
    assert run.loss[0] == pytest.approx(1) and run.loss[-1] == pytest.approx(((best.T @ A - Y) ** 2).mean(), abs=1e-3)


def test_breast_cancer_is_told_by_the_sign_of_one_score():
    X, Y, X_test, Y_test = breast_cancer()
    run = train(Affine(np.zeros((1, 30)), np.zeros((1, 1))), LogisticLoss(), X, Y, Descent(0.1), epochs=50,
                test=(X_test, Y_test))  # fmt: skip
    assert run.loss[0] == pytest.approx(np.log(2)) and run.test_accuracy[-1] > 0.95 and run.accuracy[-1] > 0.97
