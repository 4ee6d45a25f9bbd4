"""The gradient check on random networks, a small part of what `make bench` tries."""

import numpy as np
import pytest
from networks import off_in_one_entry, random_network, said

from helpers.numerical import numerical_jacobian


# In 50084 a small decay of |W| hides behind waves that are too short for differences.
@pytest.mark.parametrize("seed", [*range(700, 724), 50084])
def test_a_right_gradient_is_not_refused_and_one_that_is_off_in_one_entry_is_not_accepted(seed):
    network = random_network(seed)
    verdict, message = said(network, network.backward)
    assert verdict != "wrong", message
    chosen, backward = off_in_one_entry(network, seed, 1e-6)
    found, message = said(network, backward)
    assert found == ("wrong" if verdict == "right" else found) != "right", message
    assert found != "wrong" or f"gradient of {chosen[0]} " in message


def test_the_tape_agrees_with_a_measurement():
    """The tape's gradients are the truth of these tests; here is theirs."""
    for seed in (701, 703, 716):
        network = random_network(seed)
        rng = np.random.default_rng(seed)
        sizes = {"N": 3, "M": 4, "K": 2, "L": 3, "J": 2, "B": 3}
        inputs = {name: rng.normal(size=[sizes.get(n, n) for n in shape]) for name, shape in network.shapes.items()}
        inputs |= {name: values[0] for name, values in network.choices.items()}
        u = rng.normal(size=network.forward(**inputs).shape)
        for name, gradient in network.backward(u, **inputs).items():
            measured = numerical_jacobian(along(network, inputs, name, u), inputs[name].reshape(-1, 1), "auto")
            size = max(1e-30, np.abs(measured).max())
            np.testing.assert_allclose(gradient.reshape(1, -1), measured, atol=1e-6 * size)


def along(network, inputs, name, u):
    """sum(u * y) as a function of a column, the entries of one input."""
    return lambda x: np.sum(u * network.forward(**(inputs | {name: x.reshape(inputs[name].shape)})))
