"""Pictures of lesson 01: digits that cancel, a step sideways, and the V of the errors."""

from math import comb, inf

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.drawing.matrices import draw_squares
from helpers.drawing.picture import Picture
from helpers.drawing.powers import powers, ten_to
from helpers.drawing.sheet import LABEL, ORANGE, PALE, sheet
from helpers.drawing.table import write_line
from helpers.drawing.template import template

MINUS = "\N{MINUS SIGN}"


# --- digits that cancel -------------------------------------------------------------------------------------


def draw_cancellation():
    """The decimals of f(x + h), f(x) = x/(1 + x²), at x = 1/2: those that f(x) shares, those that carry the slope."""

    def f(x):  # division and square are rounded alike on every machine, so the last decimals are the same everywhere
        return x / (1 + x * x)

    def decimals(value):
        return list(f"{value:.16f}"[2:])

    x, exponents = 0.5, (-4, -8, -12, -16)
    steps = [float(f"1e{p}") for p in exponents]
    digits = np.array([decimals(f(x + h)) for h in steps])
    shared = (digits != np.array(decimals(f(x)))).argmax(axis=1)  # how many decimals of each row cancel
    quotients = [(f(x + h) - f(x)) / h for h in steps]

    figure, ax = sheet(760, 300, "What is left of f(x + h) after f(x) is subtracted")
    left, top, cell, row = 118, 76, 24, 44
    columns = {
        48: ("h", *map(ten_to, exponents)),
        104: ("", *["0."] * 4),
        560: ("digits left", *(16 - shared)),
        670: ("quotient D", *(f"{D:.8f}" for D in quotients)),
    }
    for at, (head, *entries) in columns.items():
        ax.text(at, top - 14, head, ha="center")
        for i, text in enumerate(entries):
            ax.text(at, top + i * row + cell / 2, text, ha="center", va="center_baseline")
    ax.text(left, top - 14, "decimals of f(x + h)")
    corners = {(i, j): (left + j * cell, top + i * row) for i, j in np.ndindex(digits.shape)}
    lost = [at for at in corners if at[1] < shared[at[0]]]
    draw_squares(ax, [corners[at] for at in lost], cell, fc=PALE)
    draw_squares(ax, [corners[at] for at in corners if at not in lost], cell, fc=ORANGE)
    for (i, j), (x0, y0) in corners.items():
        look = {"color": "C5"} if (i, j) in lost else {"weight": "bold"}
        middle = x0 + cell / 2, y0 + cell / 2
        ax.text(*middle, digits[i, j], ha="center", va="center_baseline", label=f"decimals[{i},{j}]", **look)
    for at, fill, meaning in (
        (left, PALE, "grey: the same in f(x), cancels"),
        (left + 230, ORANGE, "bold: left over, all that the quotient is made of"),
    ):
        draw_squares(ax, [(at, 254)], 18, fc=fill)
        ax.text(at + 26, 263, meaning, size=LABEL, va="center_baseline")
    said = [f"h = 1e{p} leaves {16 - k} and D = {D:.4f}" for p, k, D in zip(exponents, shared, quotients, strict=True)]
    return Picture(figure, f"Of the 16 decimals of f(x + h) the step {'; '.join(said)}. The true slope is 0.48.")


# --- a step sideways ----------------------------------------------------------------------------------------

SIDEWAYS = {
    # name: (function of z, x, derivative at x)
    "z / (1 + z²)": (lambda z: z / (1 + z * z), 0.5, 0.48),
    "|z|²": (lambda z: complex(z.real * z.real + z.imag * z.imag), 0.8, 1.6),
}


def draw_sideways(name="z / (1 + z²)", h=0.3):
    """The step from x to x + ih in the plane of inputs, and where f takes it in the plane of outputs."""
    f, x, slope = SIDEWAYS[name]
    start, end = f(complex(x)), f(complex(x, h))
    rise = end.imag / h
    figure = Figure(figsize=(7.6, 4))
    figure.suptitle(f"A step sideways through f(z) = {name}")
    figure.subplots_adjust(left=0.09, right=0.98, bottom=0.2, top=0.82, wspace=0.3)
    inputs, outputs = figure.subplots(1, 2, subplot_kw={"xlim": (0, 1.2), "ylim": (-0.2, 0.8), "aspect": "equal"})
    inputs.set(title="input", xlabel="Re z", ylabel="Im z")
    outputs.set(title="output", xlabel="Re f(z)", ylabel="Im f(z)")
    for ax, tail, tip, color, names in (
        (inputs, complex(x), complex(x, h), "C0", ("x", "x + ih")),
        (outputs, start, end, "C1", ("f(x)", "f(x + ih)")),
    ):
        ax.axhline(0, color="C4", lw=1)
        style = {"arrowstyle": "-|>", "color": color, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (tip.real, tip.imag), (tail.real, tail.imag), arrowprops=style)
        ax.plot(tail.real, tail.imag, "C4o", label=names[0])
        ax.text(tail.real, -0.1, names[0], ha="center")
        ax.text(tip.real, tip.imag + 0.04, names[1], ha="center")
    figure.text(0.77, 0.03, f"height / h = {rise:.3f}, true slope {slope:g}", ha="center")
    return Picture(
        figure,
        f"The step of height h = {h:g} over x = {x:g} arrives at a height of {end.imag:.3f}. "
        f"Divided by h this is {rise:.3f}; the slope f'(x) is {slope:g}."
        + (" The output has not left the real axis." if end.imag == 0 else ""),
    )


# --- the V of the errors ------------------------------------------------------------------------------------

# To the left of the best step the error is made of last bits. exp and sin differ there from machine to machine;
# +, −, ×, ÷ are rounded alike everywhere (IEEE 754). So the functions are quotients P/Q of polynomials, complex
# numbers are pairs of reals (a library's complex product may fuse two roundings into one), and h is read from
# decimal text, not computed by a power. Coefficients in rising order, and the point.
FUNCTIONS = {
    "x / (1 + x²) at x = 1/2": ((0, 1), (1, 0, 1), 1 / 2),
    "x² + 1000 at x = 1/2": ((1000, 0, 1), (1,), 1 / 2),
    "1 / (1 + 2500 x²) at x = 1/64": ((1,), (1, 0, 2500), 1 / 64),
    "3x + 2 at x = 1/2": ((2, 3), (1,), 1 / 2),
}
PRECISIONS = {"float64": np.float64, "float32": np.float32}
# Colour, dash, marker and its size at the reader's h: where marks coincide all are seen.
METHODS = {"forward": ("C0", "-", "o", 13), "central": ("C1", "--", "s", 9), "complex step": ("C2", ":", "^", 7)}
STEPS = np.array([float(f"{m}e{p}") for p in range(-20, 0) for m in (1, 2, 5)] + [1.0])


def draw_error_curves(power=-6, function="x / (1 + x²) at x = 1/2", precision="float64"):
    """The error of the three measurements against h, by formula and as measured, with the step 10^power marked."""
    h = float(f"1e{power}")
    eps = float(np.finfo(PRECISIONS[precision]).eps)
    taylor = _taylor(*FUNCTIONS[function])
    slope = taylor[1]
    measured = {name: D.astype(float) for name, D in measure(function, precision, STEPS).items()}
    errors = {name: np.abs(D - slope) / abs(slope) for name, D in measured.items()}
    k = STEPS.tolist().index(h)

    figure = _error_axes()
    figure.suptitle(f"f(x) = {function}, in {precision}")
    (ax,) = figure.axes
    ax.axvline(h, color="C5", lw=1)
    for name, (color, dash, marker, size) in METHODS.items():
        # A number is stored to within eps/2 of itself; smaller errors are drawn there.
        drawn = np.maximum(errors[name], eps / 2)
        ax.plot(STEPS, predicted(name, taylor, STEPS, eps) / abs(slope), color, ls=dash, label=f"{name}, formula")
        ax.plot(STEPS, drawn, color, marker=marker, ls="", ms=size / 3, label=f"{name}, measured")
        ax.plot(h, drawn[k], color, marker=marker, ms=size, zorder=3, label=f"{name}, your h")
    for y, name in zip(LINES, METHODS, strict=True):
        D = _written(measured[name][k], 12 if precision == "float64" else 7)
        write_line(figure, 0.2, y, (name, D, _limited(errors[name][k], eps, _scientific)), COLUMNS)

    said = ", ".join(f"{_limited(error[k], eps, _spoken)} ({name})" for name, error in errors.items())
    best = {name: best_step(name, taylor, eps) for name in METHODS}
    found = [f"{_spoken(step)} ({name})" for name, step in best.items() if 0 < step < inf]
    lowest = f"The formulas are lowest at h = {' and h = '.join(found)}. " if found else ""
    flat = errors["complex step"][STEPS <= 1e-9].max()
    return Picture(
        figure,
        "Lines are the error formulas, small marks the measurements, large marks those at your h. "
        f"At h = {_spoken(h)} the relative errors are {said}. {lowest}"
        f"For all h up to 1e-9 the complex step is right to within {_limited(flat, eps, _spoken).split()[-1]}.",
    )


COLUMNS = ("<14", "<21", "<")  # of the table: name, measured D, relative error
LINES = (0.145, 0.1, 0.055)  # where they stand in the figure


@template
def _error_axes():
    """The axes, and under them the head of the table, which is also the legend."""
    figure = Figure(figsize=(7.6, 5.6))
    ax = figure.add_axes((0.11, 0.31, 0.86, 0.61), xlim=(4e-21, 2.5), ylim=(1e-18, 1e2))
    ax.set(xlabel="step h", ylabel=f"|D {MINUS} f′(x)| / |f′(x)|")
    powers(ax, "x", -20, 0, 5)
    powers(ax, "y", -16, 0, 4)
    write_line(figure, 0.2, 0.19, ("", "measured D", "relative error"), COLUMNS, weight="bold")
    for y, (color, dash, marker, size) in zip(LINES, METHODS.values(), strict=True):
        line = Line2D([0.11, 0.145, 0.18], [y, y, y], color=color, ls=dash, marker=marker, ms=size, markevery=[1])
        figure.add_artist(line)
    return figure


def measure(function, precision, steps):
    """{method: the measured derivatives}, in that precision throughout; each as long as `steps`."""
    P, Q, x = FUNCTIONS[function]
    dtype = PRECISIONS[precision]
    x, h = dtype(x), steps.astype(dtype)
    p, q = (np.array(c, dtype) for c in (P, Q))

    def f(t):
        return _horner(p, t) / _horner(q, t)

    (a, b), (c, d) = _horner_pair(p, x, h), _horner_pair(q, x, h)
    return {
        "forward": (f(x + h) - f(x)) / h,
        "central": (f(x + h) - f(x - h)) / (dtype(2) * h),
        "complex step": (b * c - a * d) / (c * c + d * d) / h,
    }


def predicted(method, taylor, h, eps):
    """The lesson's error formula: truncation plus rounding, absolute."""
    f0, f1, half_f2, sixth_f3 = (abs(c) for c in taylor)
    if method == "forward":
        return half_f2 * h + 2 * eps * f0 / h
    return sixth_f3 * h * h + (eps * f0 / h if method == "central" else eps * f1)


def best_step(method, taylor, eps):
    """Where `predicted` is lowest: 0 or infinity if it falls, or rises, for ever."""
    f0, _, half_f2, sixth_f3 = (abs(c) for c in taylor)
    if method == "forward":
        return (2 * eps * f0 / half_f2) ** 0.5 if half_f2 else inf
    if method == "central":
        return (eps * f0 / (2 * sixth_f3)) ** (1 / 3) if sixth_f3 else inf
    return 0


def _taylor(P, Q, x):
    """f, f', f''/2, f'''/6 of P/Q at x, by dividing the two polynomials' Taylor series."""
    p, q = ([sum(c * comb(j, k) * x ** (j - k) for j, c in enumerate(C) if j >= k) for k in range(4)] for C in (P, Q))
    series = []
    for k in range(4):
        series.append((p[k] - sum(q[i] * series[k - i] for i in range(1, k + 1))) / q[0])
    return series


def _horner(coefficients, x):
    value = 0 * x + coefficients[-1]
    for c in coefficients[-2::-1]:
        value = value * x + c
    return value


def _horner_pair(coefficients, x, h):
    """The polynomial at x + ih: its real and its imaginary part."""
    re, im = 0 * h + coefficients[-1], 0 * h
    for c in coefficients[-2::-1]:
        re, im = re * x - im * h + c, re * h + im * x
    return re, im


def _limited(error, eps, written):
    """An error in words; below 4 eps, where the last bits decide, only that it is below."""
    return f"below {written(4 * eps)}" if error < 4 * eps else written(error)


def _written(D, digits):
    """All digits of a measurement as drawn: 0.479999295977, −1.24960995466·10⁻⁵."""
    mantissa, _, exponent = f"{D:#.{digits}g}".partition("e")
    return mantissa.replace("-", MINUS) + (f"·{ten_to(int(exponent))}" if exponent else "")


def _scientific(value):
    """2·10⁻⁸ for 2e-08, as it is drawn; near 1 as a decimal."""
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{value:.1g}" if int(exponent) >= -1 else f"{mantissa}·{ten_to(int(exponent))}"


def _spoken(value):
    return f"{value:.1g}" if value > 0.09 else f"{value:.0e}".replace("e-0", "e-")
