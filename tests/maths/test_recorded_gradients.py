"""Twenty networks whose gradients PyTorch's autograd found once: ours agree."""

import numpy as np
import pytest
from record_gradients import ACTIVATIONS, LOSSES, TABLE, layers_of

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.calculus import identity
from helpers.layers import Dense
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip

SIGMA = {"tanh": Tanh(), "sigmoid": Sigmoid(), "relu": ReLU(), "softmax": Softmax(), "identity": identity()}
LOSS = {"squared": SquaredLoss(), "logistic": LogisticLoss(), "cross-entropy": SoftmaxCrossEntropy()}


def recorded(k):
    with np.load(TABLE) as table:
        return {name.split("/")[1]: table[name] for name in table.files if name.startswith(f"{k}/")}


@pytest.mark.parametrize("k", range(20))
def test_our_gradients_are_those_of_pytorch(k):
    r = recorded(k)
    *sigmas, loss = map(str, r["plan"])
    dense = [Dense(r[f"W{i}"], r[f"b{i}"], SIGMA[sigma]) for i, sigma in enumerate(sigmas)]
    net = Network([Skip(dense[i]) if skip else dense[i] for i, skip in layers_of([*sigmas, loss], k)])
    value, grads = net.gradients(r["x"], r["y"], LOSS[loss])
    y, cache = net.forward(r["x"])
    below, _ = net.backward(LOSS[loss].gradient(y, r["y"]), cache)
    pairs = [(np.array(value), r["dloss"]), (below, r["dx"])]
    pairs += [(grad, r[f"d{name}{sorted({i for i, _ in grads}).index(i)}"]) for (i, name), grad in grads.items()]
    assert len(pairs) == 2 + 2 * len(sigmas)
    for ours, theirs in pairs:
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * max(1, np.abs(theirs).max()))


def test_the_table_has_every_activation_loss_and_shape_of_network():
    plans = [list(map(str, recorded(k)["plan"])) for k in range(20)]
    assert {plan[-1] for plan in plans} == set(LOSSES) and {s for plan in plans for s in plan[:-1]} == set(ACTIVATIONS)
    assert {len(layers_of(plan, k)) > len(plan) - 1 for k, plan in enumerate(plans)} == {True, False}
    assert any(skip for k, plan in enumerate(plans) for _, skip in layers_of(plan, k))
