"""What a lesson imports: the mathematics, the ritual of checking, the exercises and the explorations.

Each name is imported when it is first asked for, so that `helpers.classroom.installation` can say what is missing
where numpy or a widget library is, and the mathematics does not wait for the classroom.
"""

from importlib import import_module

MODULES = {  # each with the names that it gives
    "helpers.activations": ("ReLU", "Sigmoid", "Softmax", "Tanh"),
    "helpers.calculus": ("Function", "affine", "elementwise", "identity"),
    "helpers.channels": ("Channels",),
    "helpers.convolution": ("Convolution", "MaxPooling"),
    "helpers.digits": ("digit_network", "some_digits"),
    "helpers.drawing.curves": ("Live", "draw_curves"),
    "helpers.drawing.explore": ("explore",),
    "helpers.drawing.picture": ("Picture",),
    "helpers.dropout": ("Dropout",),
    "helpers.equations": ("fails", "holds"),
    "helpers.gradcheck": ("check_gradients", "diagnose"),
    "helpers.index_notation": ("Array", "Derivative", "delta", "derivative_array", "one"),
    "helpers.layers": ("Activation", "Affine", "Dense"),
    "helpers.lessons.exercises": ("check", "hint", "progress", "solution"),
    "helpers.losses": ("LogisticLoss", "SoftmaxCrossEntropy", "SquaredLoss"),
    "helpers.network": ("Network", "Skip"),
    "helpers.normalization": ("BatchNormalization",),
    "helpers.numerical": ("numerical_jacobian", "tolerance"),
    "helpers.training": ("Adam", "Descent", "train"),
    "helpers.tuples": ("Tuple",),
}
_MODULES = {name: module for module, names in MODULES.items() for name in names}
__all__ = sorted(_MODULES)


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value


def __dir__():
    return [*globals(), *__all__]
