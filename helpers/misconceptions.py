"""What a backward pass returns under each classical misconception, so that a wrong gradient can be given its name.

The forward pass is a black box: what is tried follows from its Jacobian, and from the results of the operations on
arrays that it is seen to make, one after the other: between any two of them a slope may have been forgotten, and any
may be a path that was dropped. Nothing here is computed unless a gradient is wrong already.
"""

import warnings
from contextlib import suppress
from functools import cache, partial
from itertools import permutations

import numpy as np

from helpers.compare import near
from helpers.numerical import STEPS, measure

USES, MOST_USED = 8, 2000  # of one input that are looked at, and its entries
MOST = 10**6  # entries of a Jacobian that is formed to find a name
STEPS_SEEN = 60  # of a forward pass, between which slopes and paths are looked at
MOST_BETWEEN = 3 * 10**6  # entries of all Jacobians between them; of more, only a dense layer is known
MOST_FULL = 60  # entries of a result whose slopes, where they are no diagonal, are also tried at other places


def of_one_input(forward, inputs, name):
    """forward as a function of one input, from a column (N, 1) to a column (M, 1), for a measurement."""
    return lambda x: np.reshape(forward(**(inputs | {name: x.reshape(inputs[name].shape)})), (-1, 1))


def misconceptions(forward, inputs, name, u, y, truth, mistakes, batch=None):
    """Yield pairs (name of a mistake, the gradient of the input `name` that it leads to).

    forward, inputs, u, y:  the forward pass, its arguments, the upstream and the result y of u's shape.
    truth:                  the right gradient, the last axis of whose input may count the samples of a batch.
    mistakes:               the caller's own, {name: function like backward}; they come first.
    batch:                  the number of samples, where it is known: so many columns inside a loss are samples.

    One that cannot be computed is passed over.
    """
    for mistake, backward in mistakes.items():
        with suppress(Exception):
            yield mistake, np.asarray(backward(u, **inputs)[name])
    for find in (_of_the_jacobian, _of_the_uses, partial(_of_the_steps, batch)):
        # Zeros have a name of their own, and what forward says of an array of another kind is nobody's business.
        with suppress(Exception), np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            yield from (found for found in find(forward, inputs, name, u, y, truth) if np.any(found[1]))


def _of_the_jacobian(forward, inputs, name, u, y, truth):
    shape = truth.shape
    if truth.size * y.size > MOST:
        return
    found = measure(of_one_input(forward, inputs, name), inputs[name].reshape(-1, 1))
    J = found.value.reshape(*y.shape, *shape)
    gradient = lambda u: np.tensordot(u, J, u.ndim)
    yield "value instead of derivative", y
    yield "upstream forgotten", gradient(np.ones_like(u))
    if y.shape == shape:
        yield "dropped path", truth - u  # x itself, in x + f(x)
    if y.ndim == 2 and y.shape[1] > 1:
        only = lambda b: np.where(np.arange(y.shape[1]) == b, u, 0.0)
        parts = [gradient(only(b)) for b in range(y.shape[1])]
        yield from _of_samples(parts)
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


def _of_samples(parts):
    """parts: what each sample of the batch adds to a gradient."""
    total = sum(parts)
    for b in (0, -1):
        yield "one sample only", parts[b]
        yield "sample dropped", total - parts[b]
    if total.shape[1:] == (1,):  # a bias: one part for each sample, to be added up
        apart = np.hstack(parts)
        yield "bias not summed", apart
        for wrong in (apart.sum(axis=0, keepdims=True), apart.sum(axis=0), apart.sum(axis=0).reshape(-1, 1)):
            yield "wrong axis", wrong


class Multiplied(np.ndarray):
    """An array whose method dot is @, an operation that can be seen."""

    def dot(self, other):
        return self @ other


def _viewed(inputs, kind):
    return {key: array.view(kind) if isinstance(array, np.ndarray) else array for key, array in inputs.items()}


def _of_the_uses(forward, inputs, name, u, y, truth):
    """If the forward pass uses an input several times: the gradient by each of its uses alone, and by all but one."""
    x, turn, count, read_by = inputs[name], 0, 0, None
    if x.size > MOST_USED:
        return
    inputs = _viewed(inputs, Multiplied)

    class Used(Multiplied):
        """The input, whose imaginary part is how it moves: only the operation whose turn it is gets to see that."""

        def __array_ufunc__(self, operation, method, *operands, **more):
            return getattr(operation, method)(*(seen(operand, operation) for operand in operands), **more)

    def seen(operand, operation):
        nonlocal count, read_by
        if not isinstance(operand, Used):
            return operand
        count += 1
        if count != turn:
            return np.asarray(operand).real + 0 * step
        read_by = operation
        return np.asarray(operand).real + step * np.asarray(operand).imag

    def value(entry, by):
        nonlocal count, step
        count, step, moved = 0, by, x.astype(complex)
        moved[entry] += 1j
        return np.sum(u * np.asarray(forward(**(inputs | {name: moved.view(Used)}))))

    h, H, step = 1j * STEPS["complex"], STEPS["central"], 0.0
    for slope in (lambda at: value(at, h).imag / h.imag, lambda at: (value(at, H) - value(at, -H)) / (2 * H)):
        turn, parts = 0, []
        while turn < USES and turn <= count:
            turn += 1
            part = np.array([slope(entry) for entry in np.ndindex(x.shape)]).reshape(x.shape)
            parts += [(part, read_by)] if part.any() else []
        right = near(sum(part for part, _ in parts), truth, 1e-6).all()
        if right:
            break
    # A share of equal terms is a wrong factor.
    apart = [(part, by) for part, by in parts if not near(part, truth / len(parts), 1e-6).all()]
    if right and len(parts) > 1:
        yield from (("dropped path" if by in (np.add, np.subtract) else "one use only", part) for part, by in apart)
        yield from (("dropped path", truth - part) for part, _ in apart)


def _steps(forward, inputs):
    """run(at, value), for a forward pass: (the results of its operations on arrays, y last; the factors of each).

    at, value:  the result, or the input, that is replaced, by its number or its name.
    The factors are empty but for products, entry by entry or of matrices.
    """

    class Traced(Multiplied):
        """An array that leaves a note of what is made of it."""

        def __array_ufunc__(self, operation, method, *operands, out=(), **more):
            plain = [np.asarray(operand) if isinstance(operand, Traced) else operand for operand in operands]
            into = {"out": tuple(map(np.asarray, out))} if out else {}
            factors = (operation, *plain) if operation in (np.multiply, np.matmul) and method == "__call__" else ()
            return noted(getattr(operation, method)(*plain, **into, **more), factors, *out)

        def __array_function__(self, function, types, args, kwargs):
            return noted(super().__array_function__(function, types, args, kwargs))

    def noted(result, factors=(), *out):
        new = isinstance(result, np.ndarray | np.inexact) and not isinstance(result, Traced)
        if not new or result.dtype.kind not in "fc":
            return result
        given = np.asarray(changed.get(len(values), result))
        values.append(given.copy())
        made_of.append(factors)
        if out:
            out[0][...] = given
        return out[0] if out else given.view(Traced)

    def run(at=None, value=None, trace=Traced):
        nonlocal changed, values, made_of
        changed, values, made_of = {at: value}, [], []
        given = {key: changed.get(key, array) for key, array in inputs.items()}
        y = np.asarray(forward(**_viewed(given, trace)))
        if not (values and values[-1].shape == y.shape and near(values[-1], y, 0.0).all()):
            values.append(y)
            made_of.append(())
        return values, made_of

    changed, values, made_of = {}, [], []
    try:
        run()
    except Exception:  # forward takes plain arrays only
        return lambda at=None, value=None: run(at, value, np.ndarray)
    return run


def _of_the_steps(batch, forward, inputs, name, u, y, truth):
    """As `misconceptions`; a multiple of the right gradient lacks a factor and nothing else."""
    found = _between_the_steps(batch, forward, inputs, name, u, y, truth)
    yield from (
        (mistake, g) for mistake, g in found if truth.size == 1 or g.shape != truth.shape or not _a_multiple(g, truth)
    )


def _between_the_steps(batch, forward, inputs, name, u, y, truth):
    """One mistake between two results of the forward pass, or in one path, and everything else as it should be."""
    run = _steps(forward, inputs)
    values, made_of = run()
    last, sizes = len(values) - 1, [value.size for value in values]
    if len(sizes) > STEPS_SEEN or not near(values[last], y, 1e-12).all():
        return
    if sum(sizes) ** 2 > MOST_BETWEEN:
        yield from _of_a_dense_layer(forward, inputs, name, u, y, truth)
        return
    arrays = {key: value for key, value in inputs.items() if isinstance(value, np.ndarray)} | dict(enumerate(values))
    ends, exact = np.cumsum(sizes), True

    def along(at, value, entries):
        """The derivative of all results, one after the other, where these entries of `at` move from `value`."""

        def results(by):
            moved = value.astype(complex if exact else float)
            moved.flat[entries] += by
            return np.concatenate([found.ravel() for found in run(at, moved)[0]])

        h = STEPS["complex" if exact else "central"]
        return results(1j * h).imag / h if exact else (results(h) - results(-h)) / (2 * h)

    def jacobian(at, value):
        """[the Jacobian of each result by the step, or the input, `at`, where that is `value`]."""
        return np.split(np.array([along(at, value, entry) for entry in range(value.size)]).T, ends[:-1])

    def back_at(i, j, place, elementwise):
        """The gradient by i, if that by j goes back by the slopes at another place: all at once, where elementwise."""
        if elementwise:
            return g(j) * np.split(along(i, place, slice(None)), ends[:-1])[j].reshape(g(j).shape)
        return back(g(j), jacobian(i, place)[j], i)

    J = cache(lambda at: jacobian(at, arrays[at]))
    back = lambda delta, slope, at: np.reshape(delta.ravel() @ slope, arrays[at].shape)
    g = cache(lambda k: back(u, J(k)[last], k))  # the gradient by the result k
    # Where the input is a factor of matrix products only, its gradient needs no derivative by it.
    reads = [*_reads(made_of, inputs[name])]
    by_reads = lambda delta: sum((share(delta(k), other) for k, share, other, _ in reads), np.zeros(truth.shape))
    for exact in (True, False):  # noqa: B007 - J looks at it
        J.cache_clear(), g.cache_clear()
        with suppress(Exception):  # forward may refuse complex numbers
            if products := bool(reads) and near(by_reads(g), truth, 1e-6).all():
                break
            if truth.size * sum(sizes) <= MOST_BETWEEN and near(back(u, J(name)[last], name), truth, 1e-6).all():
                break
    else:
        return

    # Not the measured one, whose error would stay where a part is taken away.
    truth = by_reads(g) if products else back(u, J(name)[last], name)

    def down(at, delta):
        """The gradient by the input, from that by `at`."""
        if at == name:
            return delta
        return by_reads(lambda k: back(delta, J(k)[at], k)) if products else back(delta, J(name)[at], name)

    yield "upstream forgotten", down(last, np.ones_like(u))
    samples = [k for k in range(last) if values[k].ndim == 2 and values[k].shape[1] == batch]
    if samples and y.size == 1:  # behind the last of them it is a loss
        only = lambda b: np.where(np.arange(batch) == b, g(samples[-1]), 0.0)
        parts = [down(samples[-1], only(b)) for b in range(batch)]
        if near(sum(parts), truth, 1e-6).all():
            yield from _of_samples(parts)
    behind, others = set(), []  # slopes come after all that says more
    for j in range(last + 1):
        shape = values[j].shape
        for i in (key for key in (name, *range(j)) if arrays[key].shape == shape):
            slope = J(i)[j]
            local, elementwise = np.diag(slope).reshape(shape), not (slope - np.diag(np.diag(slope))).any()
            constant = elementwise and near(local, np.full(shape, local.flat[0]), 1e-9).all()
            if constant:  # what is forgotten of a number is a factor; what follows from -z follows from z
                behind |= {j} if local.flat[0] < 0 else set()
            if i in behind or not g(j).any():
                continue
            rest = truth - down(i, back(g(j), slope, i))
            put = lambda delta, i=i, rest=rest: rest + down(i, delta)
            if elementwise:
                others.append((put, local, i, j))
            else:
                yield "diagonal only", put(local * g(j))
            if constant:
                continue
            yield from ((mistake, put(size * g(j))) for mistake, size in _without_slope(local, elementwise))
            for key, place in arrays.items() if elementwise or values[j].size <= MOST_FULL else ():
                if place.shape == shape and key != i and (key == j or isinstance(key, str) or (i != name and key < i)):
                    with suppress(Exception):
                        yield "slope at the wrong point", put(back_at(i, j, place, elementwise))
    for k, share, other, on_the_left in reads:
        rest = truth - share(g(k), other)
        if other.shape[0] == other.shape[1]:
            yield "transposed", rest + share(g(k), other.T)
        for place in arrays.values():
            if place.shape == other.shape:
                yield "wrong layer's input" if on_the_left else "wrong layer's W", rest + share(g(k), place)
    for k, factors in enumerate(made_of):
        if factors[:1] == (np.multiply,) and values[k].shape == truth.shape:
            keys = [key for factor in factors[1:] for key, array in arrays.items() if np.array_equal(array, factor)]
            slopes = [1.0 if key == name else np.diag(J(name)[key]).reshape(truth.shape) for key in keys]
            if len(slopes) == 2:
                yield "product for sum", truth - down(k, g(k)) + slopes[0] * slopes[1] * g(k)
    for put, local, i, j in others:
        for slope in _slopes(arrays[i], values[j]):
            if not _a_multiple(slope, local):  # where it is one, a factor is missing, as in dropout
                yield "another activation's slope", put(slope * g(j))
    for k in range(last):
        through = down(k, g(k))
        if through.any() and not near(through, truth, 1e-6).all():
            yield "dropped path", truth - through


def _reads(made_of, x):
    """Yield (k, share, the other factor, whether x stands on the left) for each matrix product k that x is a factor of.

    share(delta, other) is what a gradient by the product adds to that by x.
    """
    for k, (operation, *factors) in ((k, factors) for k, factors in enumerate(made_of) if factors):
        for mine, other, on_the_left in zip(factors, factors[::-1], (True, False), strict=True):
            if operation is not np.matmul or not np.shares_memory(mine, x) or {mine.ndim, other.ndim, x.ndim} != {2}:
                continue
            turned = (mine.shape, mine.strides) != (x.shape, x.strides)
            if mine.shape == (x.shape[::-1] if turned else x.shape):
                turn = np.transpose if turned else np.asarray
                if on_the_left:
                    yield k, lambda delta, other, turn=turn: turn(delta @ other.T), other, True
                else:
                    yield k, lambda delta, other, turn=turn: turn(other.T @ delta), other, False


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
        yield from ((mistake, size * gradient(u)) for mistake, size in _without_slope(slope(z), True))
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


def _without_slope(slope, elementwise):
    """Pairs (mistake, what stands in the place of a slope that is left out): of one that is 0 or c, the zeros too."""
    sizes = np.unique(slope)
    masked = elementwise and sizes.size == 2 and 0 in sizes
    if masked and sizes.sum() != 1:
        yield "mask missing", sizes.sum()
    if not masked or sizes.sum() > 0:
        yield "mask missing" if masked else "outer derivative forgotten", 1.0


def _a_multiple(a, b):
    """Whether one array is the other times a number."""
    a, b = a * np.abs(b).max(), b * np.abs(a).max()
    return near(a, b, 1e-9).all() or near(-a, b, 1e-9).all()
