"""Networks: a chain of layers is a layer, and its backward pass is one loop (Dillon, Eqs. (50)-(55)).

net(x), net.forward(x), net.backward(u, cache), net.d(x), net.d_params(x) are those of a `Layer`;
net.gradients(x, y, loss) is one step of training without the change of the parameters.
"""

from cmath import isfinite
from collections.abc import Iterable
from types import MappingProxyType

import numpy as np

from helpers.layers import Layer
from helpers.losses import Loss
from helpers.shapes import batch, described
from helpers.tuples import Tuple


class Network(Layer):
    """n⁽ᵏ⁾ ∘ … ∘ n⁽⁰⁾: the layers in the order in which a sample meets them.

    params:  {(i, name): array} for the parameter `name` of layer i, (i, j, name) where layer i is a network itself; the
             arrays are those of the layers. A layer that stands at several places has its parameters once, under the
             first of them, and their gradients add up over its uses.

    Raises TypeError for what is no list of Layers, ValueError for no layers and for neighbours whose sizes do not fit.
    """

    def __init__(self, layers):
        if not isinstance(layers, Iterable):
            raise TypeError(f"expected a list of layers such as [Dense(W, b, Tanh())], got {described(layers)}")
        self.layers = tuple(layers)
        for i, layer in enumerate(self.layers):
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"expected layer {i} to be a Layer such as Dense(W, b, Tanh()), got {type(layer).__name__}"
                )
        if not self.layers:
            raise ValueError("expected at least one layer, got none")
        m = None
        for i, layer in enumerate(self.layers):
            if None not in (m, layer.n) and layer.n != m:
                raise ValueError(f"layer {i - 1} returns {m} numbers and layer {i} takes {layer.n}")
            m = layer.m if layer.m is not None else m
        first = {}
        self._keys = [  # for each layer {the name of a parameter: its key in params}
            {name: first.setdefault(owner, (i, *_parts(name))) for name, owner in layer._owners().items()}
            for i, layer in enumerate(self.layers)
        ]
        self._owner = {key: owner for owner, key in first.items()}
        # A layer without sizes returns as many numbers as it takes.
        self.n = next((layer.n for layer in self.layers if layer.n is not None), None)
        self.m, self.name = m, "Network"

    @property
    def params(self):
        """{key: array}, each parameter once; it cannot be written to, because the layers hold the arrays."""
        return MappingProxyType({key: owner.params[name] for key, (owner, name) in self._owner.items()})

    def _owners(self):
        return self._owner

    def params_and_grads(self, grads):
        """Pairs (parameter, its gradient): for param, grad in net.params_and_grads(grads): param -= mu * grad.

        grads is what `gradients` returned beside the value, or `backward` beside u_below. Raises ValueError where a
        parameter has none in it.
        """
        try:
            return [(array, grads[key]) for key, array in self.params.items()]
        except (KeyError, TypeError, IndexError):
            got = f"the names {', '.join(map(str, grads))}" if isinstance(grads, dict) else described(grads)
            raise ValueError(
                f"expected grads, a gradient for each of {', '.join(map(str, self._owner))}, got {got}; "
                "take value, grads = net.gradients(x, y, loss)"
            ) from None

    def gradients(self, x, y, loss):
        """(value, grads): the loss L of net(x) and the gradients of L, {(i, name): array of the parameter's shape}.

        x (N, B) and y (K, B) hold one sample a column; loss is a `Loss`, the mean over the batch.
        Raises TypeError or ValueError for what does not fit, and ValueError naming the layer where a number that is
        not finite has arisen.
        """
        if not isinstance(loss, Loss):
            raise TypeError(f"expected loss to be a Loss such as SquaredLoss(), got {described(loss)}")
        self._check_new_params()
        f, kept = self._forward(batch(x, self.n))
        value, u = loss._value_and_gradient(f, y)
        if not isfinite(value):
            self._find_where_it_arose(x)
            raise ValueError(f"the loss is {value}, although every layer's output is finite")
        return value, self._backward(u, kept, input_gradient=False)[1]

    def _find_where_it_arose(self, x):
        for i, layer in enumerate(self.layers):
            try:
                x, _ = layer.forward(x)
            except ValueError as error:
                raise ValueError(f"layer {i}: {error}") from None

    def _forward(self, x):
        kept = []
        for layer in self.layers:
            x, cache = layer._forward(x)
            kept.append(cache)
        return x, kept

    def _backward(self, u, kept, input_gradient):
        grads = dict.fromkeys(self._owner)
        for i in reversed(range(len(self.layers))):
            u, own = self.layers[i]._backward(u, kept[i], input_gradient or i > 0)
            for name, grad in own.items():
                key = self._keys[i][name]
                grads[key] = grad if grads[key] is None else grads[key] + grad
        return u, grads

    def _d(self, x):
        """dn⁽ᵏ⁾/dx, Eq. (50): each factor at its own input, the last layer's on the left."""
        J = np.eye(len(x))
        for layer in self.layers:
            x, J = layer._value(x), layer._d(x) @ J
        return J

    def _d_params(self, x):
        """dn⁽ᵏ⁾/dθ⁽ⁱ⁾ for every parameter, Eq. (52) without dL: the layers above i times the own derivative of i."""
        inputs = [x]
        for layer in self.layers[:-1]:
            inputs.append(layer._value(inputs[-1]))
        found, above = {}, np.eye(len(self._value(x)))
        for i in reversed(range(len(self.layers))):
            layer = self.layers[i]
            for name, own in zip(layer.params, layer._d_params(inputs[i]), strict=True):
                key = self._keys[i][name]
                found[key] = found[key] + above @ own if key in found else above @ own
            above = above @ layer._d(inputs[i])
        return Tuple(found[key] for key in self.params)

    def _check_params(self):
        for i, layer in enumerate(self.layers):
            try:
                layer._check_params()
            except (TypeError, ValueError) as error:
                raise type(error)(f"layer {i}: {error}") from None

    def _check_new_params(self):
        for layer in self.layers:
            layer._check_new_params()


class Skip(Layer):
    """y = x + f(x): the output of a layer, or of a network of layers, added to its input. Its Jacobian is I + df/dx.

    Raises TypeError for what is no Layer, ValueError where it returns another number of rows than it takes.
    """

    def __init__(self, layer):
        if not isinstance(layer, Layer):
            raise TypeError(f"expected a Layer to be skipped, got {type(layer).__name__}")
        self.layer, self.name = layer, "Skip"
        self.n = self.m = layer.n if layer.n is not None else layer.m
        self._check_sizes(self.n, layer.m if layer.m is not None else self.n)

    def _check_sizes(self, n, m):
        if n != m:
            raise ValueError(f"expected a layer that returns as many numbers as it takes, got {n} to {m}")

    @property
    def params(self):
        return self.layer.params

    def _owners(self):
        return self.layer._owners()

    def _forward(self, x):
        y, kept = self.layer._forward(x)
        self._check_sizes(len(x), len(y))  # of a layer without sizes they are known here only
        return x + y, kept

    def _backward(self, u, kept, input_gradient):
        below, grads = self.layer._backward(u, kept, input_gradient)
        return u + below if input_gradient else None, grads

    def _d(self, x):
        return np.eye(len(x)) + self.layer._d(x)

    def _d_params(self, x):
        return self.layer._d_params(x)

    def _check_params(self):
        self.layer._check_params()

    def _check_new_params(self):
        self.layer._check_new_params()


def _parts(name):
    """The name of a parameter as a tuple: a network inside a network has tuples for names already."""
    return name if isinstance(name, tuple) else (name,)
