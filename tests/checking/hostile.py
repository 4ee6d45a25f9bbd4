"""Objects that pretend to be the answer, whatever the answer is."""

import numpy as np


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = object.__hash__


class Liar:
    """Says it is a float, converts to one, compares as one."""

    __class__ = float

    def __eq__(self, other):
        return True

    def __float__(self):
        return 0.9553364891256060

    def __array__(self, *args, **kwargs):
        return np.array(0.9553364891256060)

    __hash__ = None


class Lazy:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("not yet")


class EndlessArray:
    def __array__(self, *args, **kwargs):
        while True:
            pass


class LyingFloat(float):
    """The number 3, which pretends in every way to be another one."""

    def __new__(cls, pretended):
        self = super().__new__(cls, 3.0)
        self.pretended = pretended
        return self

    def __eq__(self, other):
        return True

    def __float__(self):
        return self.pretended

    def __sub__(self, other):
        return self.pretended - other

    def __rsub__(self, other):
        return other - self.pretended

    def __array__(self, *args, **kwargs):
        return np.array(self.pretended)

    __hash__ = float.__hash__


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros(self.shape)

    def __array_function__(self, *args, **kwargs):
        return True


RECURSIVE = []
RECURSIVE.append(RECURSIVE)
BRANCHING = []
BRANCHING += [BRANCHING, BRANCHING]
DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]
