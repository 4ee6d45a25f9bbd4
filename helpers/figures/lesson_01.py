"""Pictures of lesson 01: chords and tangent, digits that cancel, a step sideways, and the V of the errors."""

from math import comb, inf

import numpy as np

from helpers.figures.axes import Axes, plot
from helpers.figures.canvas import Figure

MINUS = "\N{MINUS SIGN}"


def _f(x):
    return x / (1 + x * x)


# --- one side, two sides ------------------------------------------------------------------------------------


def draw_chords(h=0.4, central=True):
    """The tangent of f(x) = x/(1 + x²) at x = 1/2, with the chords whose slopes are the two differences."""
    x, slope, ends = 0.5, 0.48, (-0.2, 1.4)
    title = f"The tangent and the chord{'s' * central} of f(x) = x / (1 + x²)"
    figure, ax = plot(title, ends, (-0.1, 0.7), "x", "f(x)")
    grid = np.linspace(*ends, 97)
    ax.curve(grid, _f(grid), "black", 2, label="f")
    ax.curve(ends, [_f(x) + slope * (t - x) for t in ends], "grey", 2, "2 4", f"tangent, slope {slope:.3f}")
    chords = [("forward", x, "blue", None)] + [("central", x - h, "orange", "8 4")] * central
    said = []
    for name, start, color, dash in chords:
        rise = (_f(x + h) - _f(start)) / (x + h - start)
        ax.curve(ends, [_f(start) + rise * (t - start) for t in ends], color, 2.5, dash, f"{name}, slope {rise:.3f}")
        said.append(f"the chord from {'x' if start == x else f'x {MINUS} h'} to x + h has the slope {rise:.3f}")
    marks = [(x, "x", -2, -12), (x + h, "x + h", -12, -14)] + [(x - h, f"x {MINUS} h", 8, 18)] * central
    for at, label, dx, dy in marks:
        ax.point(at, _f(at), "black", 4, label, dx, dy)
    ax.legend("nw")
    return figure.describe(
        f"At x = {x:g} the tangent has the slope {slope:.3f}. With h = {h:g} {' and '.join(said)}."
        + " The chord around x runs almost parallel to the tangent." * central
    )


# --- digits that cancel -------------------------------------------------------------------------------------


def draw_cancellation(powers=(4, 8, 12, 16)):
    """The digits of f(x + h) at x = 1/2 for h = 10^-p: those that f(x) shares, those that carry the slope."""
    figure = Figure(760, 128 + 52 * len(powers), "What is left of f(x + h) after f(x) is subtracted")
    figure.text(70, 62, "h", anchor="middle")
    figure.text(120, 62, "digits of f(x + h)")
    figure.text(480, 62, "digits left")
    figure.text(580, 62, "quotient D")
    said = []
    for row, p in enumerate(powers):
        # Division and square are rounded alike on every machine, so these last digits are the same everywhere.
        h, y = float(f"1e-{p}"), 76 + 52 * row
        digits = f"{_f(0.5 + h):.16f}"[2:]
        shared = next((k for k, (a, b) in enumerate(zip(digits, f"{_f(0.5):.16f}"[2:], strict=True)) if a != b), 16)
        figure.text(70, y + 22, f"10^{{{MINUS}{p}}}", anchor="middle")
        figure.text(119, y + 22, "0.", anchor="end")
        for k, digit in enumerate(digits):
            gone = k < shared
            figure.rect(122 + 20 * k, y, 20, 32, fill="light" if gone else "#FFE3B8", color="#B0B0B0")
            figure.text(132 + 20 * k, y + 22, digit, 15, "grey" if gone else "black", "middle", bold=not gone)
        quotient = (_f(0.5 + h) - _f(0.5)) / h
        figure.text(515, y + 22, f"{16 - shared}", anchor="middle", bold=True)
        figure.text(580, y + 22, f"{quotient:.8f}")
        said.append(f"h = 1e-{p} leaves {16 - shared} and D = {quotient:.4f}")
    bottom = 76 + 52 * len(powers)
    figure.rect(122, bottom + 10, 20, 20, fill="light", color="#B0B0B0")
    figure.text(150, bottom + 25, "the same in f(x): cancels", size=13)
    figure.rect(340, bottom + 10, 20, 20, fill="#FFE3B8", color="#B0B0B0")
    figure.text(368, bottom + 25, "left over: this is all the quotient is made of", size=13)
    return figure.describe(f"Of the 16 decimals of f(x + h) the step {'; '.join(said)}. The true slope is 0.48.")


# --- a step sideways ----------------------------------------------------------------------------------------

SIDEWAYS = {
    # name: (function of z, x, derivative at x)
    "z / (1 + z²)": (lambda z: z / (1 + z * z), 0.5, 0.48),
    "|z|²": (lambda z: complex(z.real * z.real + z.imag * z.imag), 0.8, 1.6),
}


def draw_sideways(name="z / (1 + z²)", h=0.3):
    """The step from x to x + ih in the plane of inputs, and where f takes it in the plane of outputs."""
    f, x, slope = SIDEWAYS[name]
    figure = Figure(760, 400, f"A step sideways through f(z) = {name}")
    inputs = Axes(figure, (70, 70, 280, 250), (0, 1.2), (-0.2, 0.8), "Re z", "Im z", "input")
    outputs = Axes(figure, (450, 70, 280, 250), (0, 1.2), (-0.2, 0.8), "Re f(z)", "Im f(z)", "output")
    for ax in (inputs, outputs):
        ax.curve([0, 1.2], [0, 0], "black", 1.5)
    start, end = f(complex(x)), f(complex(x, h))
    rise = end.imag / h
    inputs.arrow((x, 0), (x, h), "blue")
    inputs.point(x, 0, "black", 4, "x", -4, 20)
    inputs.text(x, h, "x + ih", dx=10, dy=4)
    outputs.arrow((start.real, 0), (end.real, end.imag), "orange")
    outputs.point(start.real, 0, "black", 4, "f(x)", -12, 20)
    outputs.text(end.real, end.imag, "f(x + ih)", dx=8, dy=-8)
    figure.text(590, 388, f"height / h = {rise:.3f}, true slope {slope:g}", anchor="middle")
    return figure.describe(
        f"The step of height h = {h:g} over x = {x:g} arrives at a height of {end.imag:.3f}. "
        f"Divided by h this is {rise:.3f}; the slope f'(x) is {slope:g}."
        + (" The output has not left the real axis." if end.imag == 0 else "")
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
# Colour, dash, and the size of the mark: where marks coincide all three are seen.
METHODS = {"forward": ("blue", None, 9), "central": ("orange", "9 4", 6.5), "complex step": ("green", "2 3", 4)}
STEPS = np.array([float(f"{m}e{p}") for p in range(-20, 0) for m in (1, 1.6, 2.5, 4, 6.3)] + [1.0])


def draw_error_curves(power=-6, function="x / (1 + x²) at x = 1/2", precision="float64"):
    """The error of the three measurements against h, by formula and as measured, with the step 10^power marked."""
    h = float(f"1e{power}")
    eps = float(np.finfo(PRECISIONS[precision]).eps)
    taylor = _taylor(*FUNCTIONS[function])
    slope = taylor[1]
    measured = measure(function, precision, STEPS)
    here = {name: float(D[0]) for name, D in measure(function, precision, np.array([h])).items()}
    errors = {name: np.abs(D.astype(float) - slope) / abs(slope) for name, D in measured.items()}
    error_here = {name: abs(D - slope) / abs(slope) for name, D in here.items()}
    best = {name: best_step(name, taylor, eps) for name in METHODS}

    figure = Figure(760, 560, f"f(x) = {function}, in {precision}")
    label = f"|D {MINUS} f'(x)| / |f'(x)|"
    ax = Axes(figure, (80, 50, 650, 340), (4e-21, 2.5), (1e-18, 1e2), "step h", label, logx=True, logy=True)
    ax.curve([h, h], [1e-18, 1e2], "grey", 1)
    for name, (color, dash, _) in METHODS.items():
        # A number is stored to within eps/2 of itself; smaller errors are drawn there.
        for step, error in zip(STEPS, np.maximum(errors[name], eps / 2), strict=True):
            if error < 1e2:
                figure.circle(*ax.at(step, error), 1.6, color, color, 1)
        ax.curve(STEPS, predicted(name, taylor, STEPS, eps) / abs(slope), color, 2, dash)
    for name, (color, _, r) in METHODS.items():
        ax.point(h, max(error_here[name], eps / 2), color, r)
    digits = {name: f"{D:#.{12 if precision == 'float64' else 7}g}".replace("-", MINUS) for name, D in here.items()}
    _table(figure, digits, {n: _limited(e, eps, _scientific) for n, e in error_here.items()}, best)

    said = ", ".join(f"{_limited(error, eps, _spoken)} ({name})" for name, error in error_here.items())
    found = [f"{_spoken(step)} ({name})" for name, step in best.items() if 0 < step < inf]
    lowest = f"The formulas are lowest at h = {' and h = '.join(found)}. " if found else ""
    flat = errors["complex step"][STEPS <= 1e-9].max()
    return figure.describe(
        f"At h = {_spoken(h)} the relative errors are {said}. {lowest}"
        f"For all h up to 1e-9 the complex step is right to within {_limited(flat, eps, _spoken).split()[-1]}."
    )


def _table(figure, digits, errors, best):
    """The three measurements at the reader's h, in numbers; it is also the legend."""
    for head, left in (("measured D", 250), ("relative error", 430), ("best h, by formula", 575)):
        figure.text(left, 456, head, 13, "grey")
    for row, (name, (color, dash, r)) in enumerate(METHODS.items()):
        y = 480 + 22 * row
        figure.line([(86, y - 5), (130, y - 5)], color, 2, dash)
        figure.circle(108, y - 5, r, color, color)
        figure.text(140, y, name)
        figure.text(250, y, digits[name])
        figure.text(430, y, errors[name])
        wish = {0: "as small as you like", inf: "as large as you like"}
        figure.text(575, y, wish.get(best[name]) or _scientific(best[name]))
    figure.text(86, 548, "Lines: the error formulas. Small dots: measured. Large dots: your h.", 13, "grey")


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


def _scientific(value):
    """2e-08 as it is drawn, 2·10^{-8}; near 1 as a decimal."""
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{value:.1g}" if int(exponent) >= -1 else f"{mantissa}·10^{{{MINUS}{-int(exponent)}}}"


def _spoken(value):
    return f"{value:.1g}" if value > 0.09 else f"{value:.0e}".replace("e-0", "e-")
