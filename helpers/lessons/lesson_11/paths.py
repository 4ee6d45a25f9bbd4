"""Every path from a node of a network to its loss, and the term that each of them adds to a derivative.

The network is a chain of layers, n⁽ⁱ⁾ = layer i at n⁽ⁱ⁻¹⁾, to which layer 2 may add a second use of layer 1 (`tie`) or
its own input (`skip`). A node is a pair: ("n", i), with ("n", -1) for the input x, ("W", i) or ("b", i).
"""

from typing import NamedTuple

import numpy as np

from helpers.drawing.scripts import raised
from helpers.tuples import Tuple

LOSS = ("L", 0)


class Arrow(NamedTuple):
    """From the node `tail` into the node `head`; `factor` is the derivative of the one with respect to the other."""

    tail: tuple
    head: tuple
    name: str
    factor: object  # an array, or a Tuple for a matrix W

    @property
    def shape(self):
        if isinstance(self.factor, Tuple):
            return f"{len(self.factor)} × {self.factor[0].shape}"
        return str(self.factor.shape)


def name(node):
    """n⁽²⁾, W⁽²⁾ or b⁽²⁾, and x for the input."""
    letter, i = node
    return "L" if node == LOSS else "x" if i < 0 else letter + raised(f"({i})")


def with_changes(layers, tie):
    """The layers as they stand in the chain: with `tie`, layer 1 stands at the place of layer 2, too."""
    return [*layers[:2], layers[1], *layers[3:]] if tie else list(layers)


def values(layers, x, tie=False, skip=False):
    """{i: n⁽ⁱ⁾} for i from -1, the input, to k."""
    n = {-1: x}
    for i, layer in enumerate(with_changes(layers, tie)):
        n[i] = layer(n[i - 1]) + (n[1] if skip and i == 2 else 0)
    return n


def arrows(layers, x, y, loss, tie=False, skip=False):
    """All arrows of the graph but the one from y, whose value no node of the network changes."""
    n, used = values(layers, x, tie, skip), with_changes(layers, tie)
    k = len(used) - 1
    found = [Arrow(("n", k), LOSS, f"dL/dn{raised(f'({k})')}", loss.d(n[k], y))]
    for i, layer in enumerate(used):
        node, up, own = ("n", i), raised(f"({i})"), 1 if tie and i == 2 else i
        found.append(Arrow(("n", i - 1), node, f"D{up}W{raised(f'({own})')}", layer.d(n[i - 1])))
        if skip and i == 2:
            found.append(Arrow(("n", 1), node, "I", np.eye(len(n[1]))))
        for letter, factor in zip("Wb", layer.d_params(n[i - 1]), strict=True):
            # With a skip n⁽ⁱ⁾ is more than the layer's own output, but only that depends on its parameters.
            found.append(Arrow((letter, own), node, f"dn{up}/d{name((letter, own))}", factor))
    return found


def paths(graph, node):
    """Lists of arrows that lead from L back to `node`, in the order in which their factors are multiplied."""

    def back_from(head):
        for arrow in graph:
            if arrow.head == head:
                if arrow.tail == node:
                    yield [arrow]
                yield from ([arrow, *rest] for rest in back_from(arrow.tail))

    return list(back_from(LOSS))


def gradient(path):
    """The product of a path's factors, transposed: in the shape of the node that it leads to."""
    product = path[0].factor
    for arrow in path[1:]:
        product = product @ arrow.factor
    return product.T.columns() if isinstance(product, Tuple) else product.T
