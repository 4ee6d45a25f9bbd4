"""How near is near enough: the three tolerances an exercise can ask for.

Each `accepts(given, expected)` compares two float (or complex) arrays of one shape, entry by entry, and
returns a bool array. NaN is accepted for NaN and an infinity for the same infinity, never otherwise.
"""

from dataclasses import dataclass, replace

import numpy as np

from helpers.compare import near, same

SINGLE_PRECISION = 8 * float(np.finfo(np.float32).eps)  # what float32 results may be off by, about 1e-6


@dataclass(frozen=True)
class Close:
    """|given - expected| <= atol + rtol * scale, where scale is the largest finite |expected| entry.

    Entries are judged against the largest one because a formula written another way leaves rounding of
    that size in all of them. If every expected entry is zero the scale is 1.
    """

    rtol: float = 1e-9
    atol: float = 0.0

    def accepts(self, given, expected, scale=None):
        return near(given, expected, self.rtol, scale, self.atol)

    def for_single_precision(self):
        return replace(self, rtol=max(self.rtol, SINGLE_PRECISION))


@dataclass(frozen=True)
class Factor:
    """The same sign, and not more than `factor` times too large or too small."""

    factor: float = 10.0

    def accepts(self, given, expected, scale=None):
        with np.errstate(all="ignore"):
            ratio = given / expected
            within = (ratio >= 1 / self.factor) & (ratio <= self.factor)
            return within | same(given, expected)

    def for_single_precision(self):
        return self


@dataclass(frozen=True)
class Exact:
    """Equal, to the last bit."""

    def accepts(self, given, expected, scale=None):
        return same(given, expected)

    def for_single_precision(self):
        return self
