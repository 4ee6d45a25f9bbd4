"""Logarithmic axes, their powers of ten written as plain text: typeset ones take half the time of a picture."""

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from .scripts import raised


def powers(ax, which, low, high, stride=1):
    """Make the "x" or the "y" axis of `ax` logarithmic, with ticks at 10^low, 10^(low + stride), … up to 10^high."""
    getattr(ax, f"set_{which}scale")("log")
    axis, ticks = getattr(ax, f"{which}axis"), range(low, high + 1, stride)
    axis.set_major_locator(FixedLocator([float(f"1e{p}") for p in ticks]))
    axis.set_major_formatter(FixedFormatter([ten_to(p) for p in ticks]))
    axis.set_minor_locator(NullLocator())


def ten_to(power):
    """10⁻⁸ for −8."""
    return "10" + raised(power)
