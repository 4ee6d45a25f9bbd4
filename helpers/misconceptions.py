"""What a backward pass returns under each classical misconception, so that a wrong gradient can be given its name.

The forward pass is a black box: what is tried follows from its Jacobian, and, where it turns out to be a dense layer
σ(Wx + b), from its parts. Nothing here is computed unless a gradient is wrong already.
"""

from contextlib import suppress
from itertools import permutations

import numpy as np

from helpers.compare import near
from helpers.numerical import STEPS, measure

USES = 8  # of one input that are looked at
MOST = 10**6  # entries of a Jacobian that is formed to find a name


def of_one_input(forward, inputs, name):
    """forward as a function of one input, from a column (N, 1) to a column (M, 1), for a measurement."""
    return lambda x: np.reshape(forward(**(inputs | {name: x.reshape(inputs[name].shape)})), (-1, 1))


def misconceptions(forward, inputs, name, u, y, truth, mistakes):
    """Yield pairs (name of a mistake, the gradient of the input `name` that it leads to).

    forward, inputs, u, y:  the forward pass, its arguments, the upstream and the result y of u's shape.
    truth:                  the right gradient, the last axis of whose input may count the samples of a batch.
    mistakes:               the caller's own, {name: function like backward}; they come first.

    One that cannot be computed is passed over.
    """
    for mistake, backward in mistakes.items():
        with suppress(Exception):
            yield mistake, np.asarray(backward(u, **inputs)[name])
    for find in (_of_a_dense_layer, _of_the_jacobian, _of_the_uses):
        with suppress(Exception):  # zeros have a name of their own
            yield from (found for found in find(forward, inputs, name, u, y, truth) if np.any(found[1]))


def _of_the_jacobian(forward, inputs, name, u, y, truth):
    shape = truth.shape
    if truth.size * y.size > MOST:
        return

    def jacobian(at):
        found = measure(of_one_input(forward, inputs | {name: at}, name), at.reshape(-1, 1))
        return found.value.reshape(*y.shape, *shape)

    J = jacobian(inputs[name])
    gradient = lambda u: np.tensordot(u, J, u.ndim)
    yield "value instead of derivative", y
    yield "upstream forgotten", gradient(np.ones_like(u))
    if y.shape == shape:
        flat = J.reshape(y.size, y.size)
        local = np.diag(flat).reshape(shape)
        if np.array_equal(flat, np.diag(np.diag(flat))):
            yield _without_slope(local), u
            yield "dropped path", truth - u
            with suppress(ValueError):
                yield "slope at the wrong point", np.diag(jacobian(y).reshape(y.size, y.size)).reshape(shape) * u
            for slope in _slopes(inputs[name], y):
                # A slope that is the right one times a number is not another's: a factor is missing, as in dropout.
                if not near(slope * np.abs(local).max(), local * np.abs(slope).max(), 1e-9).all():
                    yield "another activation's slope", slope * u
        else:
            yield "diagonal only", local * u
            yield "dropped path", truth - u  # x itself, in x + f(x)
    if y.ndim == 2 and y.shape[1] > 1:
        only = lambda b: np.where(np.arange(y.shape[1]) == b, u, 0.0)
        parts = [gradient(only(b)) for b in range(y.shape[1])]
        yield from _of_samples(parts)
        if shape[1:] == (1,):  # a bias: one part for each sample, to be added up
            apart = np.hstack(parts)
            yield "bias not summed", apart
            for wrong in (apart.sum(axis=0, keepdims=True), apart.sum(axis=0), apart.sum(axis=0).reshape(-1, 1)):
                yield "wrong axis", wrong
    elif y.size == 1 and truth.ndim == 2 and shape[1] > 1:  # a loss of a batch
        yield from _of_samples([np.where(np.arange(shape[1]) == b, truth, 0.0) for b in range(shape[1])])
    if truth.size > 1:
        axes = [None, *(axis for axis in range(truth.ndim) if shape[axis] > 1)]
        yield from (("summed too early", truth.sum(axis, keepdims=keep)) for axis in axes for keep in (True, False))
    yield from (("one use only", part) for part in _of_one_use(u, J.reshape(u.size, *shape)))


def _of_one_use(u, J):
    """What is left of a gradient if every entry of the input is counted where it is used first, or last, by an output.

    So it is where a gradient is set and not added to. J is (outputs, *the input's shape).
    """
    terms = u.reshape(-1, *[1] * (J.ndim - 1)) * J
    used = J != 0
    for order in (slice(None), slice(None, None, -1)):
        yield np.take_along_axis(terms[order], used[order].argmax(axis=0)[None], axis=0)[0]


def _of_the_uses(forward, inputs, name, u, y, truth):
    """If the forward pass uses an input several times: the gradient by each of its uses alone, and by all but one."""
    x, h, parts, turn, count = inputs[name], STEPS["complex"], [], 0, 0

    class Used(np.ndarray):
        """The input with a small imaginary part that no operation sees but the one whose turn it is."""

        def __array_ufunc__(self, operation, method, *operands, **more):
            return getattr(operation, method)(*map(seen, operands), **more)

    def seen(operand):
        nonlocal count
        if not isinstance(operand, Used):
            return operand
        count += 1
        return np.asarray(operand) if count == turn else np.asarray(operand).real + 0j

    def derivative(entry):
        nonlocal count
        count, moved = 0, x.astype(complex)
        moved[entry] += 1j * h
        return np.sum(u * np.asarray(forward(**(inputs | {name: moved.view(Used)}))).imag / h)

    while turn < USES and turn <= count:
        turn += 1
        parts.append(np.array([derivative(entry) for entry in np.ndindex(x.shape)]).reshape(x.shape))
    parts = [part for part in parts if part.any()]
    if len(parts) > 1 and near(sum(parts), truth, 1e-6).all():
        # A share of equal terms is a wrong factor.
        apart = [part for part in parts if not near(part, truth / len(parts), 1e-6).all()]
        yield from (("one use only", part) for part in apart)
        yield from (("dropped path", truth - part) for part in apart)


def _of_samples(parts):
    """parts: what each sample of the batch adds to a gradient."""
    total = sum(parts)
    for b in (0, -1):
        yield "one sample only", parts[b]
        yield "sample dropped", total - parts[b]


def _of_a_dense_layer(forward, inputs, name, u, y, truth):
    """For σ(Wx + b) with an elementwise σ, recognised by what forward does; the names of W, x and b do not matter."""
    for layer in _readings(inputs, y):
        W, x, b = (inputs[part] if part else None for part in layer)
        z = W @ x if b is None else W @ x + b
        sigma = _activation(forward, inputs, layer)
        if not near(sigma(z), y, 1e-12).all():
            continue
        slope = _slope(sigma, z)
        gradient = {
            layer[0]: lambda delta, x=x: delta @ x.T,
            layer[1]: lambda delta, W=W: W.T @ delta,
            layer[2]: lambda delta: delta.sum(axis=1, keepdims=True),
        }[name]
        if not near(gradient(slope(z) * u), truth, 1e-6).all():  # not elementwise, or more than a layer
            continue
        yield _without_slope(slope(z)), gradient(u)
        yield "upstream forgotten", gradient(slope(z))
        for place in [y, W @ x, x] if x.shape == y.shape else [y, W @ x]:
            yield "slope at the wrong point", gradient(slope(place) * u)
        for wrong in _slopes(z, y):
            yield "another activation's slope", gradient(wrong * u)
        return


def _readings(inputs, y):
    """The names (W, x, b or None) of inputs whose shapes are those of a dense layer with the output y (M, B)."""
    shape = {name: np.shape(value) for name, value in inputs.items()}
    flat = [name for name in inputs if len(shape[name]) == 2]
    for W, x in permutations(flat, 2):
        if y.ndim == 2 and shape[W] == (y.shape[0], shape[x][0]) and shape[x][1] == y.shape[1]:
            biases = [name for name in flat if name not in (W, x) and shape[name] == (y.shape[0], 1)]
            yield from ((W, x, b) for b in biases or [None])


def _activation(forward, inputs, layer):
    """σ as a function of z (M, B), got from the forward pass: Wx is made to vanish and b to be z, or Wx to be z."""
    W, x, b = layer

    def column(z):
        if b:
            return {W: 0 * inputs[W], b: z}
        alone = {W: np.zeros(inputs[W].shape, z.dtype), x: np.zeros_like(inputs[x])}
        alone[W][:, [0]], alone[x][0] = z, 1.0
        return alone

    def sigma(z):
        return np.hstack([forward(**(inputs | column(z[:, [k]])))[:, [k]] for k in range(z.shape[1])])

    return sigma


def _slope(sigma, z):
    """σ' as a function, by the complex step where it agrees with differences at z."""
    central = lambda t: (sigma(t + 1e-6) - sigma(t - 1e-6)) / 2e-6
    h = STEPS["complex"]
    exact = lambda t: sigma(t + 1j * h).imag / h
    with suppress(Exception):
        if near(exact(z), central(z), 1e-6).all():
            return exact
    return central


def _slopes(z, n):
    """The slopes of the usual activations, right or as they are misremembered, from the input z and the output n."""
    sigmoid, tanh = 1 / (1 + np.exp(-z)), np.tanh(z)
    yield from (n * (1 - n), 1 - n**2, 1 - n, z * (1 - z), 1 - z**2, n, 1.0 * (n > 0), 1.0 * (z > 0))
    yield from (sigmoid * (1 - sigmoid), 1 - tanh**2, sigmoid, 1 + n, 2 * z, np.cos(z), np.sign(z))


def _without_slope(slope):
    """The name for a slope that is left out: of a slope that is 0 or 1 only the zeros are missing."""
    masked = np.isin(slope, (0.0, slope.max())).all() and not slope.all()
    return "mask missing" if masked else "outer derivative forgotten"
