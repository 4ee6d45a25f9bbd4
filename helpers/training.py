"""Training: mini-batch gradient descent, two optimizers of a few lines, and a run that can be interrupted.

An optimizer walks over pairs (parameter, its gradient), changes each parameter in place and knows no layer:
    optimizer.step(net.params_and_grads(grads))
`train` calls it for one mini-batch after the other, and keeps the learning curves in a `Run`.
"""

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from helpers.dropout import Dropout
from helpers.losses import LogisticLoss, Loss, SoftmaxCrossEntropy
from helpers.network import Network, Skip
from helpers.shapes import batch as batch_of
from helpers.shapes import described


class Optimizer:
    """What both have: the learning rate μ, weight decay λ, and what is kept of each parameter from step to step.

    Decay is decoupled (Loshchilov & Hutter 2019): a step also takes μλθ from every parameter θ, and λ enters neither
    velocity nor mean. For plain descent that is the same as a penalty (λ/2)‖θ‖² in the loss.

    Raises TypeError or ValueError for a rate that is not above 0, a decay below 0.
    """

    def __init__(self, rate, decay):
        self.rate, self.decay = _number("rate", rate, above=0), _number("decay", decay, low=0)
        self.kept = []

    def step(self, pairs):
        """Change every parameter of the pairs (parameter, gradient) in place.

        Raises TypeError for what is no list of pairs of arrays, and for a parameter that cannot be changed in place;
        ValueError for a gradient of another shape than its parameter, for an array that stands for two parameters, and
        for other parameters than those of the steps before. Then nothing has been changed.
        """
        pairs, shapes = _paired(pairs)
        if not self.kept:
            _check_changeable([param for param, _ in pairs])
            self.kept = [self._start(param) for param, _ in pairs]
        if shapes != [kept[0].shape for kept in self.kept]:
            raise ValueError("expected the parameters of the steps before; make a new optimizer for another network")
        for k, (param, grad) in enumerate(pairs):
            param -= self.rate * (self._direction(k, grad) + self.decay * param)


class Descent(Optimizer):
    """Gradient descent with momentum (Polyak 1964): v ← βv + ∇L, θ ← θ - μv. Without momentum, β = 0, v is ∇L.

    Raises TypeError or ValueError for a momentum outside 0 ≤ β < 1.
    """

    def __init__(self, rate, momentum=0.0, decay=0.0):
        super().__init__(rate, decay)
        self.momentum = _number("momentum", momentum, low=0, below=1)

    def _start(self, param):
        return [np.zeros_like(param)]  # v

    def _direction(self, k, grad):
        [v] = self.kept[k] = [self.momentum * self.kept[k][0] + grad]
        return v


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015): every entry's step is measured in units of its gradient's own usual size.

    m ← β₁m + (1 - β₁)∇L,  s ← β₂s + (1 - β₂)∇L²,  θ ← θ - μ m̂ / (√ŝ + ε)

    where m̂ = m/(1 - β₁ᵗ) and ŝ = s/(1 - β₂ᵗ) in step t make up for the zeros with which both begin.

    Raises TypeError or ValueError for a β outside 0 ≤ β < 1 and an ε that is not above 0.
    """

    def __init__(self, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, decay=0.0):
        super().__init__(rate, decay)
        self.beta1, self.beta2 = _number("beta1", beta1, low=0, below=1), _number("beta2", beta2, low=0, below=1)
        self.epsilon = _number("epsilon", epsilon, above=0)

    def _start(self, param):
        return [np.zeros_like(param), np.zeros_like(param), 0]  # m, s, t

    def _direction(self, k, grad):
        m, s, t = self.kept[k]
        m = self.beta1 * m + (1 - self.beta1) * grad
        s = self.beta2 * s + (1 - self.beta2) * grad**2
        self.kept[k] = [m, s, t + 1]
        return m / (1 - self.beta1 ** (t + 1)) / (np.sqrt(s / (1 - self.beta2 ** (t + 1))) + self.epsilon)


@dataclass
class Run:
    """A training run, finished or not.

    steps, epochs       how many have been made; an epoch is one pass over all samples
    asked               how many epochs have been asked for
    batch_loss          one number a step: the loss of its mini-batch before the step
    loss, test_loss     one number an epoch, over all samples of a part, the first of the network as it came
    accuracy, test_accuracy   the same, the share of samples read correctly; empty for a loss without classes
    stopped             why it ended before its time, in words; "" if it did not
    """

    asked: int = 0
    steps: int = 0
    epochs: int = 0
    batch_loss: list = field(default_factory=list, repr=False)
    loss: list = field(default_factory=list, repr=False)
    test_loss: list = field(default_factory=list, repr=False)
    accuracy: list = field(default_factory=list, repr=False)
    test_accuracy: list = field(default_factory=list, repr=False)
    steps_an_epoch: int = field(default=1, repr=False)
    stopped: str = ""

    @property
    def ended(self):
        """Whether nothing more will be added."""
        return bool(self.stopped) or self.epochs >= self.asked


def train(net, loss, X, Y, optimizer, *, epochs, batch=50, seed=0, test=None, watch=None, run=None):
    """Train a network in place; return the `Run`.

    X (N, B), Y (K, B)  the samples to learn from, one a column, and what the loss wants for them.
    optimizer           a `Descent` or an `Adam`; it keeps what it needs from step to step: a new one for each network.
    epochs, batch       in an epoch every sample is used once, in mini-batches of `batch` columns; if it does not divide
                        B, the last one is smaller.
    seed                of the order, which is another in each epoch, and of the masks of `Dropout`, which are others in
                        each step and none outside. The same seed gives the same numbers.
    test                (X_test, Y_test), which are measured after every epoch and never learnt from.
    watch               watch(run) is called at the start, after every step and at the end; see `drawing.curves.Live`.
    run                 an earlier run of the same data to go on with: its curves are continued, for `epochs` more.

    An interrupt (the stop button, Ctrl-C) is taken at the end of the step, and a number that is not finite ends the
    run: what was learnt stays in the network, and `run.stopped` says why, with the step and the layer.
    Raises TypeError or ValueError, saying what was received, for arguments that do not fit.
    """
    net = net if isinstance(net, Network) else Network([net])
    if not isinstance(loss, Loss):
        raise TypeError(f"expected loss to be a Loss such as SquaredLoss(), got {described(loss)}")
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"expected an optimizer such as Descent(0.1), got {described(optimizer)}")
    if test is not None and not (isinstance(test, tuple) and len(test) == 2):
        raise TypeError(f"expected test to be a pair (X_test, Y_test), got {described(test)}")
    parts = {"": (X, Y)} | ({"test_": test} if test is not None else {})
    for samples, labels in parts.values():
        with np.errstate(over="ignore"):
            f = net(batch_of(samples, net.n, "X"))
            value = loss(f, labels)
        if len(f) == 1 and isinstance(loss, SoftmaxCrossEntropy):
            raise ValueError(
                "expected two scores or more, got one, whose softmax is 1 whatever it is; use LogisticLoss with labels "
                "of +1 and -1"
            )
        if isinstance(value, complex):
            raise TypeError(
                "expected real numbers to learn from, got complex ones among X, Y or the parameters; use .real"
            )
    B = X.shape[1]
    _count("epochs", epochs, 0)
    _count("batch", batch, 1, B)
    _count("seed", seed, 0)
    if watch is not None and (isinstance(watch, type) or not callable(watch)):
        raise TypeError(f"expected watch to be a function of the run such as Live(), got {described(watch)}")
    if run is not None and not isinstance(run, Run):
        raise TypeError(f"expected run to be what an earlier train returned, got {described(run)}")
    run = Run(steps_an_epoch=-(-B // batch)) if run is None else run
    if run.steps_an_epoch != -(-B // batch):
        raise ValueError(f"expected {run.steps_an_epoch} steps an epoch, as in the run so far, got {-(-B // batch)}")
    if run.loss and bool(run.test_loss) != (test is not None):
        raise ValueError(
            f"expected {'a' if run.test_loss else 'no'} test part, as in the run so far: its curves go on side by side"
        )
    run.asked, run.stopped, order = run.epochs + epochs, "", None
    dropouts = list(_dropouts(net))
    for layer in dropouts:
        layer.seed = None

    with _interrupts() as interrupts:
        try:
            if not run.loss:
                _measure(run, net, loss, parts)
            if watch:
                watch(run)
            while not run.ended:
                place = run.steps % run.steps_an_epoch
                if place == 0 or order is None:
                    order = np.random.default_rng([seed, run.epochs]).permutation(B)
                chosen = order[place * batch : (place + 1) * batch]
                with _masks(dropouts, [seed, run.steps]):
                    _step(run, net, loss, X[:, chosen], Y[:, chosen], optimizer)
                if run.steps % run.steps_an_epoch == 0:
                    run.epochs += 1
                    _measure(run, net, loss, parts)
                if interrupts and not run.ended:
                    raise KeyboardInterrupt
                if watch:
                    watch(run)
        except KeyboardInterrupt:
            run.stopped = f"interrupted after step {run.steps}"
        except _NotFinite as error:
            run.stopped = f"step {run.steps + 1}: {error}"
        if watch and run.stopped:
            watch(run)
    return run


class _NotFinite(Exception):
    """A number that is not finite has arisen: where, in words."""


def _dropouts(layer):
    """The Dropout layers of a network, also those inside its parts."""
    if isinstance(layer, Dropout):
        yield layer
    parts = layer.layers if isinstance(layer, Network) else [layer.layer] if isinstance(layer, Skip) else []
    for part in parts:
        yield from _dropouts(part)


@contextmanager
def _masks(dropouts, seed):
    """Something is dropped for a while: each layer has masks of its own."""
    for k, layer in enumerate(dropouts):
        layer.seed = [*seed, k + 1]  # zeros at the end count for nothing, and [seed, epoch] is that of an order
    try:
        yield
    finally:
        for layer in dropouts:
            layer.seed = None


def _step(run, net, loss, X, Y, optimizer):
    with np.errstate(over="ignore", invalid="ignore"):  # looked for by gradients, which name the layer
        try:
            value, grads = net.gradients(X, Y, loss)
        except ValueError as error:
            raise _NotFinite(error) from None
        optimizer.step(net.params_and_grads(grads))
    run.batch_loss.append(value)
    run.steps += 1


def _measure(run, net, loss, parts):
    """Add one point to every curve."""
    for name, (X, Y) in parts.items():
        with np.errstate(over="ignore", invalid="ignore"):
            try:
                net._check_params()
                f = net._value(X)  # unlike net(X), which would say of the whole network that it is not finite
                if not np.isfinite(f).all():
                    net._find_where_it_arose(X)
                value = loss(f, Y)
            except ValueError as error:
                raise _NotFinite(error) from None
        if not np.isfinite(value):
            raise _NotFinite(f"the loss is {value}, although every layer's output is finite")
        getattr(run, f"{name}loss").append(value)
        if isinstance(loss, LogisticLoss | SoftmaxCrossEntropy):
            getattr(run, f"{name}accuracy").append(accuracy(f, Y))


def accuracy(f, y):
    """The share of the columns of f (K, B) that are read correctly: a single score by its sign, several by the largest.

    y (K, B) has the labels as the losses take them: +1 or -1, or a column with a 1 at the class. Raises ValueError for
    arrays of two shapes.
    """
    arrays = type(f) is type(y) is np.ndarray
    if not arrays or f.ndim != 2 or f.shape != y.shape:
        raise ValueError(f"expected f and y of one shape (K, B), got {described(f)} and {described(y)}")
    right = (f > 0) == (y > 0) if len(f) == 1 else f.argmax(axis=0) == y.argmax(axis=0)
    return right.mean().item()


@contextmanager
def _interrupts():
    """A list that fills when an interrupt comes, so that none strikes in the middle of a step; the second one does."""
    came = []
    if threading.current_thread() is not threading.main_thread():  # which alone receives them
        yield came
        return

    def take(*_):
        if came:
            raise KeyboardInterrupt
        came.append(True)

    before = signal.signal(signal.SIGINT, take)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)


def _paired(pairs):
    """The pairs as a list, and the shapes of the parameters; raises unless each gradient has that of its own."""
    try:
        pairs = list(pairs)
        shapes, of_grads = [param.shape for param, _ in pairs], [grad.shape for _, grad in pairs]
    except (AttributeError, TypeError, ValueError):
        raise TypeError(
            f"expected pairs (parameter, gradient) of arrays, got {described(pairs)}; use net.params_and_grads(grads)"
        ) from None
    if shapes != of_grads:
        raise ValueError(f"expected each gradient in the shape of its parameter, {shapes}, got {of_grads}")
    return pairs, shapes


def _check_changeable(params):
    """Raise unless each parameter is an array of its own that can be changed in place."""
    for param in params:
        if param.dtype != np.float64 or not param.flags.writeable:
            raise TypeError(
                "expected parameters in float64 that can be changed in place, got one in "
                f"{param.dtype}{'' if param.flags.writeable else ', read-only'}; use np.array(..., float)"
            )
    if len(set(map(id, params))) < len(params):
        raise ValueError(
            "expected an array of its own for each parameter, got one that would be moved twice; "
            "use .copy(), or one layer at both places if its parameters are to be the same"
        )


def _number(name, value, *, above=None, low=None, below=None):
    if isinstance(value, bool) or not isinstance(value, int | float | np.floating | np.integer):
        raise TypeError(f"expected {name} to be a number, got {described(value)}")
    wanted = [f"above {above}"] if above is not None else [f"{low} or more"]
    wanted += [f"below {below}"] if below is not None else []
    fits = (value > above if above is not None else value >= low) and (below is None or value < below)
    if not (fits and np.isfinite(value)):
        raise ValueError(f"expected {name} to be {' and '.join(wanted)}, got {value}")
    return float(value)


def _count(name, value, low, high=None):
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"expected {name} to be a whole number, got {described(value)}")
    if value < low or (high is not None and value > high):
        most = f" to {high}, the number of samples" if high is not None else " or more"
        raise ValueError(f"expected {name} to be {low}{most}, got {value}")
