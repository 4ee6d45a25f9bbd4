"""A picture: a matplotlib figure together with the words that say what it shows.

JupyterLab shows a figure without a text alternative, whatever its metadata say. So a Picture is shown as HTML: an
image that carries its words as `alt`, and the same words under it. Every viewer of notebooks lets that through.
"""

import base64
import hashlib
import html
import io
import sys

import matplotlib


class Picture:
    """A figure with its description.

    figure:       a matplotlib Figure; its suptitle is the picture's title. One made by pyplot is closed, so that the
                  notebook does not show it a second time, without its words.
    description:  what the picture shows, with its numbers, computed from the data that are drawn.

    Raises ValueError for a figure without a suptitle and for an empty description.
    """

    def __init__(self, figure, description):
        self.figure, self.description = figure, " ".join(description.split())
        if not figure.get_suptitle():
            raise ValueError('the figure has no title; call figure.suptitle("...")')
        if not self.description:
            raise ValueError(f"the figure {self.title!r} has no description; say what it shows, with its numbers")
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(figure)

    @property
    def title(self):
        """The figure's suptitle."""
        return self.figure.get_suptitle()

    @property
    def alt(self):
        """The text alternative: the title and the description."""
        return f"{self.title}. {self.description}"

    @property
    def size(self):
        """(width, height) in pixels of the page."""
        return tuple(round(inches * self.figure.dpi) for inches in self.figure.get_size_inches())

    def svg(self):
        """The figure as SVG text, the same in every run."""
        written = io.StringIO()
        # Names of clip paths and markers inside the SVG are hashes with this salt: one for each picture.
        salt = hashlib.sha256(self.alt.encode()).hexdigest()
        with matplotlib.rc_context({"svg.hashsalt": salt}):
            self.figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None})
        return written.getvalue()

    def html(self):
        """The image with its text alternative, and the description under it."""
        width, height = self.size
        data = base64.b64encode(self.svg().encode()).decode()
        # The caption is hidden from assistive technology, which has just read the same words as the alternative.
        return (
            f'<figure style="margin:0"><img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{data}" '
            f'width="{width}" height="{height}" '
            'style="max-width:100%;height:auto;border:1px solid #ccc;border-radius:6px">'
            f'<figcaption aria-hidden="true" style="max-width:{width}px;line-height:1.4">'
            f"{html.escape(self.description)}</figcaption></figure>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": self.alt}
