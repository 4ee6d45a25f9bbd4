"""Indices and exponents as letters of Unicode, which a picture draws as plain text: x₁, 10⁻⁸, n⁽¹⁾."""

_LOWERED = str.maketrans("0123456789+-−()ijkn", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ᵢⱼₖₙ")
_RAISED = str.maketrans("0123456789+-−()ikTn", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁱᵏᵀⁿ")


def lowered(index):
    """₁₂ for 12 or "12"."""
    return str(index).translate(_LOWERED)


def raised(exponent):
    """⁻⁸ for −8, ⁽¹⁾ for "(1)"."""
    return str(exponent).translate(_RAISED)
