"""The parts of README.md that follow from the lessons: the list of lessons, the equations, the picture.

`python -m helpers.classroom.readme` rewrites them; a test fails while they are out of date.
"""

import re
from pathlib import Path

import nbformat

from helpers.figures.lesson_00 import draw_map
from helpers.statements import equation_table

ROOT = Path(__file__).parents[2]
README, PICTURE = ROOT / "README.md", ROOT / ".github" / "map.svg"


def lesson_table():
    """One row for each notebook: its title, with a link, and the promise in its first cell."""
    rows = ["| no. | lesson | afterwards you can |", "|---|---|---|"]
    for path in sorted(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb")):
        first = nbformat.read(path, as_version=4).cells[0].source
        title, promise = re.match(r"# \d+ · (.+)\n+(.+)", first).groups()
        promise = promise.removeprefix("After this lesson you can ").rstrip(".")
        rows.append(f"| {path.name[:2]} | [{title}](notebooks/{path.name}) | {promise} |")
    return "\n".join(rows)


def renewed(text):
    """README.md with its generated parts up to date. Raises ValueError where a marker is missing."""
    figure = draw_map()
    parts = {
        "picture": f"![{figure.alt}](.github/{PICTURE.name})",
        "lessons": lesson_table(),
        "equations": equation_table(),
    }
    for name, content in parts.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
        text, count = re.subn(pattern, lambda m, content=content: m[1] + content + "\n" + m[2], text, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"expected one <!-- {name} --> … <!-- end of {name} --> in README.md, got {count}")
    return text


def main():
    for path, new in ((README, renewed(README.read_text(encoding="utf-8"))), (PICTURE, draw_map().svg() + "\n")):
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if new != old:
            path.write_text(new, encoding="utf-8")
        print(f"{path.name}: {'unchanged' if new == old else 'rewritten'}")


if __name__ == "__main__":
    main()
