"""A picture as SVG text, and the sentence that says what it shows.

Coordinates are pixels from the top left corner. They are written with one decimal, so that the same data gives
the same text on every machine and a notebook's stored picture can be compared letter by letter.

Text understands subscripts and superscripts: "W_{12}", "h^2".
"""

import base64
import html
import math
import re

# Okabe and Ito's palette, told apart by readers with any kind of colour vision. Never the only sign: pair it
# with a dash, a marker or a label.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#007A5A",
    "purple": "#A3457D",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#222222",
    "grey": "#6B6B6B",
    "light": "#E4E4E4",
    "white": "#FFFFFF",
}
FONT = "font-family='Helvetica, Arial, DejaVu Sans, sans-serif'"


class Figure:
    """A white card of width × height pixels, legible on a light and on a dark page."""

    def __init__(self, width, height, title):
        self.width, self.height, self.title, self.description = width, height, title, ""
        self.parts = []
        self.text(width / 2, 24, title, size=16, anchor="middle", bold=True)

    def describe(self, sentence):
        """Set the description: what the picture shows, with its numbers, computed from the same data."""
        self.description = " ".join(sentence.split())
        return self

    # --- marks -------------------------------------------------------------------------------------------

    def line(self, points, color="black", width=2, dash=None, close=False, fill="none", opacity=1):
        """A path through [(x, y), …]; `dash` is a pattern such as "6 4"; `close` makes it a polygon."""
        name = "polygon" if close else "polyline"
        path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        extra = (f" stroke-dasharray='{dash}'" if dash else "") + (
            f" fill-opacity='{opacity:g}'" if opacity < 1 else ""
        )
        self.parts.append(
            f"<{name} points='{path}' fill='{_color(fill)}' stroke='{_color(color)}' stroke-width='{width:g}'{extra}/>"
        )

    def arrow(self, start, end, color="black", width=2, head=9, dash=None):
        """A line from start to end with a filled tip; a shorter tip where the arrow itself is short."""
        (x0, y0), (x1, y1) = start, end
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-9:
            return self.circle(x0, y0, 2.5, fill=color, color=color)
        ux, uy, head = (x1 - x0) / length, (y1 - y0) / length, min(head, 0.6 * length)
        bx, by = x1 - head * ux, y1 - head * uy
        self.line([(x0, y0), (bx, by)], color, width, dash)
        self.line(
            [(x1, y1), (bx - 0.45 * head * uy, by + 0.45 * head * ux), (bx + 0.45 * head * uy, by - 0.45 * head * ux)],
            color, 1, close=True, fill=color,
        )  # fmt: skip

    def circle(self, x, y, r=5, fill="white", color="black", width=2):
        self.parts.append(
            f"<circle cx='{number(x)}' cy='{number(y)}' r='{number(r)}' fill='{_color(fill)}' "
            f"stroke='{_color(color)}' stroke-width='{width:g}'/>"
        )

    def rect(self, x, y, w, h, fill="none", color="none", width=1, radius=0):
        self.parts.append(
            f"<rect x='{number(x)}' y='{number(y)}' width='{number(w)}' height='{number(h)}' rx='{number(radius)}' "
            f"fill='{_color(fill)}' stroke='{_color(color)}' stroke-width='{width:g}'/>"
        )

    def text(
        self,
        x,
        y,
        content,
        size=14,
        color="black",
        anchor="start",
        bold=False,
        italic=False,
        turn=0,
        halo=False,
    ):
        """One line of text with its baseline at y; anchor is "start", "middle" or "end"; turn in degrees.

        halo puts a white edge around the letters, for text that lies on a curve.
        """
        style = (" font-weight='bold'" if bold else "") + (" font-style='italic'" if italic else "")
        style += " paint-order='stroke' stroke='#FFFFFF' stroke-width='4' stroke-linejoin='round'" if halo else ""
        turned = f" transform='rotate({turn:g} {number(x)} {number(y)})'" if turn else ""
        self.parts.append(
            f"<text x='{number(x)}' y='{number(y)}' font-size='{size:g}' fill='{_color(color)}' "
            f"text-anchor='{anchor}'{style}{turned}>{_scripts(str(content))}</text>"
        )

    # --- the finished picture ------------------------------------------------------------------------------

    @property
    def alt(self):
        """The text alternative. Raises ValueError for a figure that nobody described."""
        if not self.description:
            raise ValueError(f"the figure {self.title!r} has no description; call .describe(...) with its numbers")
        return f"{_plain(self.title)}. {self.description}"

    def svg(self, attributes=""):
        """The picture as SVG text."""
        return (
            f"<svg xmlns='http://www.w3.org/2000/svg' width='{self.width}' height='{self.height}' "
            f"viewBox='0 0 {self.width} {self.height}' {FONT}{attributes}>"
            f"<rect x='0.5' y='0.5' width='{self.width - 1}' height='{self.height - 1}' rx='6' fill='#FFFFFF' "
            f"stroke='#C8C8C8'/>{''.join(self.parts)}</svg>"
        )

    def inline(self):
        """HTML for a live page: the SVG itself, with role and label, and the description under it."""
        label = html.escape(self.alt, quote=True)
        picture = self.svg(f" role='img' aria-label=\"{label}\" style='max-width:100%;height:auto'")
        return f"<figure style='margin:0'>{picture}{self._caption()}</figure>"

    def image(self, css_class="course-figure"):
        """HTML for a stored page: an image with its alternative text, which every viewer lets through."""
        data = base64.b64encode(self.svg().encode()).decode()
        return (
            f'<figure class="{css_class}" style="margin:0"><img alt="{html.escape(self.alt, quote=True)}" '
            f'src="data:image/svg+xml;base64,{data}" width="{self.width}" height="{self.height}" '
            f'style="max-width:100%;height:auto">{self._caption()}</figure>'
        )

    def _caption(self):
        # Hidden from assistive technology, which has just read the same words as the text alternative.
        return (
            f'<figcaption aria-hidden="true" style="max-width:{self.width}px;line-height:1.4">'
            f"{html.escape(self.description)}</figcaption>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.image(), "text/plain": self.alt}


def number(value):
    """A coordinate with one decimal: 12.0 -> "12", 12.34 -> "12.3"."""
    # The nudge decides ties alike on machines whose exp or tanh differ in the last bit.
    text = f"{value + 1e-6:.1f}"
    return "0" if text in ("0.0", "-0.0") else text.removesuffix(".0")


def _color(name):
    return COLORS.get(name, name)


def _scripts(content):
    """Escape the text, and turn _{…} and ^{…} into lowered and raised spans."""

    def span(match):
        dy = 4 if match[1] == "_" else -6
        inner = match[2] or match[3]
        return f"<tspan dy='{dy}' font-size='75%'>{inner}</tspan><tspan dy='{-dy}'>&#8203;</tspan>"

    return re.sub(r"([_^])(?:\{([^}]*)\}|(\w))", span, html.escape(content))


def _plain(content):
    return re.sub(r"([_^])\{([^}]*)\}", r"\1\2", content)
