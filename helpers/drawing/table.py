"""Tables under a picture: a text for each line, in letters of one width.

A text for each cell would take several times as long to draw.
"""

from .sheet import NOTE


def write_line(on, x, y, cells, columns, **style):
    """Write the cells of a line of a table at (x, y) of axes or of a figure.

    columns: for each cell its place and width in letters, as Python's formats write them: "<14", "^11", ">8".
    style:   goes to matplotlib's Text: weight, ha, label and so on.
    """
    text = "".join(f"{cell:{column}}" for cell, column in zip(cells, columns, strict=True))
    return on.text(x, y, text, family="DejaVu Sans Mono", size=NOTE, va="center_baseline", **style)
