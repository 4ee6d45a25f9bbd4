"""The gradient check of a network: each layer by itself, the loss by itself, and then what joins them.

A layer is measured with an upstream of its own, so that the cost grows with the number of layers and not with the
product of their sizes, and a mistake is found in the layer where it was made. What the network does with its layers,
hand the upstream down and add over the uses of a parameter, is compared with the same steps taken here, and those
with the loss itself along random directions. `check_gradients(net, loss, X, Y)` comes here.
"""

from contextlib import contextmanager, suppress

import numpy as np

from helpers.compare import near
from helpers.diagnosis import diagnose, in_words, same_form
from helpers.judging import (
    DRAWS,
    ROUGH,
    SHARE,
    Draw,
    GradientError,
    called,
    direction,
    drawn_and_measured,
    judge,
    last_digits,
    told,
    typical,
)
from helpers.layers import Dense
from helpers.losses import Loss
from helpers.network import Network
from helpers.numerical import STEPS, measure
from helpers.shapes import batch, described

SAMPLES = 5  # of the batch, with which a layer is measured: not 1, and no factor that a mistake could be
MUCH = 200_000  # work, entries times columns, from which on a gradient is no longer measured entry by entry
WAYS = 3  # random directions in which a parameter of more is compared, and the loss of the whole network


@np.errstate(under="ignore")
def check_network(net, loss, X, Y, *, directions=None):
    """Check every gradient of a network and of its loss; return a verdict, or raise GradientError.

    X (N, B), Y (K, B):  samples and what the loss wants for them, one a column. Layers are measured near what these
                         samples send into them, not at it: an entry that is 0 in each sample would hide a mistake.
    directions:          without it, a gradient of up to some thousand entries is compared entry by entry, and a larger
                         one along 3 random directions. Each moves every entry by about its size, so that one entry
                         that is off by 1e-6 of the largest shows, at the cost of a few evaluations. A number asks for
                         so many directions for every gradient, 0 for every entry of all.

    The message names the layer, the gradient, the mistake or the worst entry. Raises TypeError or ValueError for
    arguments that do not fit, and ValueError where a forward pass fails, or a gradient cannot be measured or is zero
    wherever it was tried.
    """
    if not isinstance(loss, Loss):
        raise TypeError(f"expected check_gradients(net, loss, X, Y) with a Loss, got {described(loss)}")
    if directions is not None and not (isinstance(directions, int) and directions >= 0):
        raise ValueError(f"expected a number of directions, 0 or more, got {directions!r}")
    if not isinstance(net, Network):
        net = Network([net])
    rng, count, x, met = np.random.default_rng(0), 0, batch(X, net.n), []
    for i, layer in enumerate(net.layers):
        met.append((f"layer {i}: {layer.name}", layer, x))
        with told(ValueError, f"{met[i][0]}: forward", {"x": x}):
            x, _ = layer.forward(x)
    loss(x, Y)
    for which, layer, before in met:
        count += _check_layer(rng, layer, before, which, directions)
    count += _check_loss(rng, loss, x, Y)
    _check_chain(rng, net, loss, X, Y)
    return (
        f"gradients of {len(net.params)} parameters, the inputs and the loss agree with their measurement, layer by "
        f"layer: {count} numbers compared"
    )


def _check_layer(rng, layer, x, which, directions):
    """Check one layer near the inputs x (N, B) that it gets in its network; return how much was compared."""
    names = {_label(name): name for name in layer.params}
    shapes = {"x": (SAMPLES, len(x))} | {label: layer.params[name].shape for label, name in names.items()}
    sizes = {label: int(np.prod(shape)) for label, shape in shapes.items()}
    much = {label for label, shape in shapes.items() if sizes[label] * shape[-1] > MUCH}
    many = [label for label in sizes if directions or (directions is None and label in much)]
    few = [label for label in sizes if label not in many]

    def forward(x, **params):
        with _replaced(layer, {names[label]: array for label, array in params.items()}):
            return layer._forward(x)[0]

    def backward(u, x, **params):
        with _replaced(layer, {names[label]: array for label, array in params.items()}):
            returned = layer._backward(u, layer._forward(x)[1], True)
        if not (isinstance(returned, tuple) and len(returned) == 2 and isinstance(returned[1], dict)):
            raise TypeError("expected a pair (u_below, {name: gradient})")
        grads = {_label(name): grad for name, grad in returned[1].items()}
        if sorted(grads) != sorted(names):
            raise ValueError(f"expected gradients with the names {list(names)}, got {list(grads)}")
        return {"x": returned[0], **grads}

    def draws():
        for near_x in _near(rng, lambda: x[:, rng.integers(x.shape[1], size=SAMPLES)]):
            yield {"x": near_x} | {label: np.array(layer.params[name]) for label, name in names.items()}

    where, alive = f"{which}, {SAMPLES} samples", False
    if few:
        draw, truths = drawn_and_measured(rng, forward, few, draws().__next__, few, where)
        judge(rng, draw, truths, _only(few, backward), where, batch=SAMPLES)
        alive = not all(truth.is_zero for truth in truths.values())
    for label in many:
        of_it = _only([label], backward)
        alive |= _check_along(rng, forward, of_it, draws().__next__, label, where, directions or WAYS)
    if not alive:
        raise ValueError(f"{which}: every true gradient is zero wherever it was tried, and zeros prove nothing")
    return sum(sizes[label] for label in few) + (directions or WAYS) * len(many)


def _only(labels, backward):
    def of_these(u, **inputs):
        grads = backward(u, **inputs)
        return {label: grads[label] for label in labels}

    return of_these


def _check_along(rng, forward, backward, inputs, name, where, directions):
    """Compare one gradient along random directions; return whether it is more than zero in one of the draws."""
    problem = draw = None
    for _ in range(DRAWS):
        drawn = inputs()
        try:
            with told(ValueError, "forward", drawn):
                y = forward(**drawn)
            u = rng.normal(size=y.shape)
            found = [*_along(rng, forward, drawn, u, name, directions)]
        except ValueError as error:
            problem = error
            continue
        draw = Draw(forward, drawn, (name,), u, y)
        if any(slope.value for _, slope in found):
            break
    if draw is None:
        raise ValueError(f"{where}: the gradient of {name} cannot be measured: {problem}")
    mine = called(backward, draw, where)[name]
    fits = same_form(mine, draw.inputs[name]) and all(_agrees(mine * v, slope) for v, slope in found)
    if not fits or any(10 * slope.error.item() > ROUGH * np.abs(mine * v).max() for v, slope in found):
        draw, truths = drawn_and_measured(rng, forward, (name,), lambda: draw.inputs, (), where)
        judge(rng, draw, truths, backward, where, batch=SAMPLES)
    if not fits:
        raise GradientError(f"gradient of {name} ({where}): it does not fit what is measured along a random direction")
    return any(slope.value for _, slope in found)


def _along(rng, forward, drawn, u, name, directions):
    """Pairs (direction v, a Measurement of the derivative of sum(u * forward) along it)."""
    array, found = drawn[name], None
    for _ in range(directions):
        v = direction(rng, array)
        value = lambda t, v=v: (u * forward(**(drawn | {name: array + t * v}))).sum()
        if found is None or found.method != "complex":
            found = measure(value, np.zeros((1, 1)))
        else:  # where the complex step is right along one direction, another costs one evaluation
            h = STEPS["complex"]
            found = found._replace(value=np.array([[value(1j * h).imag / h]]))
        yield v, found


def _check_loss(rng, loss, f, Y):
    """Check the loss's gradient with respect to f (K, B), on samples with as many kinds of labels as there are."""
    _, kinds = np.unique(Y, axis=1, return_index=True)
    chosen = [*rng.permutation(kinds), *rng.integers(f.shape[1], size=SAMPLES)][:SAMPLES]
    y, scores = Y[:, chosen], f[:, chosen]

    inputs = ({"f": near_f} for near_f in _near(rng, lambda: scores)).__next__
    forward, where = lambda f: np.array([[loss(f, y)]]), f"the loss: {loss!r}"
    draw, truths = drawn_and_measured(rng, forward, ("f",), inputs, ("f",), where)
    judge(rng, draw, truths, lambda u, f: {"f": u * loss.gradient(f, y)}, where, batch=SAMPLES)
    if truths["f"].is_zero:
        raise ValueError(f"{where}: every true gradient is zero wherever it was tried, and zeros prove nothing")
    return truths["f"].value.size


def _check_chain(rng, net, loss, X, Y):
    """Check what the network makes of its layers, which are right one by one."""
    # Near X too: where pixels are equal, as the white ones of a digit are, a maximum of them has a kink.
    for X in _near(rng, lambda x=X: x):
        try:
            value, truths, uses, passes = _step_by_step(net, loss, X, Y)
            break
        except ValueError as error:
            problem = error
    else:
        raise problem
    for _ in range(WAYS):
        v = {key: direction(rng, array) for key, array in {"x": X, **net.params}.items()}

        def along(t, v=v):
            with _replaced(net, {key: array + t * v[key] for key, array in net.params.items()}):
                return loss(net._value(X + t * v["x"]), Y)

        if not _agrees(np.concatenate([(truths[key] * v[key]).ravel() for key in v]), measure(along, np.zeros((1, 1)))):
            raise GradientError(
                "the layers are right one by one, but the loss of the whole network changes along a random direction "
                "in another way; does a layer keep something between its calls, or forward differ from net(x)?"
            )
    yours = net.gradients(X, Y, loss)
    if not near(yours[0], value, 1e-12):
        raise GradientError(f"net.gradients returns the loss {yours[0]:.6g}, and loss(net(X), Y) is {value:.6g}")
    f, cache = net.forward(X)
    yours = {"x": net.backward(loss.gradient(f, Y), cache)[0], **yours[1]}
    if list(yours) != list(truths):
        raise GradientError(f"expected gradients with the names {list(truths)[1:]}, got {list(yours)[1:]}")
    # From the last layer down, as a wrong upstream is handed down.
    for key in sorted(truths, key=lambda key: -1 if key == "x" else key[0], reverse=True):
        truth = truths[key]
        said = lambda error, more=(), key=key, truth=truth: diagnose(
            yours[key], truth, tol=SHARE["complex"], error=error, candidates=more, batch=X.shape[1]
        )
        if said(np.zeros(truth.shape)) and said(error := _rounding(rng, net, loss, X, Y, key, truth)):
            mistakes = [("one use only", part) for part in uses.get(key, ()) if len(uses[key]) > 1]
            with suppress(Exception):  # a layer of another make has no such mistakes
                mistakes += _of_other_layers(passes, key)
            found = said(error, mistakes)
            where = "x" if key == "x" else f"{_label(key[1:])} of layer {key[0]}"
            raise GradientError(
                f"gradient of {where} (in the network; each layer is right by itself): "
                f"{in_words(found, yours[key], truth)}"
            )


def _step_by_step(net, loss, X, Y):
    """(the loss, {"x" and each key: its gradient}, {key: its parts, one for each use}, passes), by the layers' own.

    passes: for each layer (the layer, its cache, its upstream).
    """
    x, caches = X, []
    for layer in net.layers:
        x, cache = layer.forward(x)
        caches.append(cache)
    u, uses, passes = loss.gradient(x, Y), {}, []
    key_of = {owner: key for key, owner in net._owners().items()}
    for layer, cache in zip(reversed(net.layers), reversed(caches), strict=True):
        owners = layer._owners()
        passes.insert(0, (layer, cache, u))
        u, grads = layer.backward(u, cache)
        for name, grad in grads.items():
            uses.setdefault(key_of[owners[name]], []).append(grad)
    return loss(x, Y), {"x": u, **{key: sum(uses[key]) for key in net.params}}, uses, passes


def _of_other_layers(passes, key):
    """Yield (mistake, gradient): with the input of another dense layer, or handed down by another's weights."""
    i, name = (-1, "x") if key == "x" else (key[0], key[-1])
    dense = [(layer, cache) for layer, cache, _ in passes if isinstance(layer, Dense)]
    layer, cache, u = passes[i]
    if i >= 0 and isinstance(layer, Dense):
        for _, other in dense:
            if other.x.shape == cache.x.shape:
                yield "wrong layer's input", layer._backward(u, (other.x, *cache.kept[1:]), False)[1][name]
    if i + 1 < len(passes) and isinstance(passes[i + 1][0], Dense):
        above, (_, z, n), u = passes[i + 1][0], passes[i + 1][1].kept, passes[i + 1][2]
        for other, _ in dense:
            if other.W.shape == above.W.shape:
                below = other.W.T @ above.sigma._vjp(z, n, u)
                yield "wrong layer's W", below if i < 0 else layer._backward(below, cache.kept, False)[1][name]


def _rounding(rng, net, loss, X, Y, key, truth):
    """What the last digits of all numbers make of one gradient: much, where it is a small sum of large terms."""
    off = 0.0
    for _ in range(3):
        with _replaced(net, {name: last_digits(rng, array) for name, array in net.params.items()}):
            again = _step_by_step(net, loss, last_digits(rng, X), Y)[1][key]
        off = max(off, np.abs(again - truth).max())
    return np.full(truth.shape, 16 * off)


def _agrees(terms, found):
    """Whether the sum of gradient times direction, given term by term, is the derivative that was measured."""
    most = np.abs(terms).max()
    return bool(near(terms.sum(), found.value.item(), SHARE[found.method], most, 10 * found.error.item()))


def _near(rng, samples):
    """Yield what samples() gives, with noise: nearer and nearer, because a layer may be defined on a part of space."""
    for k in range(1, DRAWS + 1):
        x = samples()
        yield x + 10.0 ** (1 - 2 * k) * typical(x) * rng.normal(size=x.shape)


@contextmanager
def _replaced(layer, arrays):
    """The layer with other parameters {name: array} for a while; those it had come back, whatever happens."""
    owners = layer._owners()
    places = [(owner.params, own, arrays[name]) for name, (owner, own) in owners.items() if name in arrays]
    kept = [(params, own, params[own]) for params, own, _ in places]
    try:
        for params, own, array in places:
            params[own] = array
        yield
    finally:
        for params, own, array in kept:
            params[own] = array


def _label(name):
    """The name of a parameter as one word: "W", or "0.W" for a parameter of a network inside a network."""
    return ".".join(map(str, name)) if isinstance(name, tuple) else name
