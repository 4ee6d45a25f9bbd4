"""Pictures: pure draw functions, one module a lesson. Parameters in, a described `Figure` out."""

from helpers.figures.canvas import COLORS, Figure

__all__ = ["COLORS", "Figure"]
