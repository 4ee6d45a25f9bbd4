"""What must be true of every drawn figure."""

import re


def assert_texts_inside(figure):
    """Every text lies inside its figure, as far as its length in letters tells."""
    for x, y, anchor, text in re.findall(
        r"<text x='([\d.-]+)' y='([\d.-]+)'[^>]*text-anchor='(\w+)'[^>]*>(.*?)</text>", figure.svg()
    ):
        width = 7.2 * len(re.sub(r"<[^>]*>|&[^;]*;", "", text))
        left = float(x) - {"start": 0, "middle": width / 2, "end": width}[anchor]
        assert left > 0 and left + width < figure.width and 0 < float(y) < figure.height - 4, text
