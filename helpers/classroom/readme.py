"""The parts of README.md that follow from the lessons: the list of lessons, the equations, the picture.

`python -m helpers.classroom.readme` rewrites them; a test fails while they are out of date.
"""

import re

import nbformat

from helpers.lessons.lesson_00.pictures import draw_map
from helpers.lessons.statements import equation_table
from helpers.lessons.syllabus import ROOT, SYLLABUS, notebook, written

README, PICTURE = ROOT / "README.md", ROOT / ".github" / "map.svg"


def lesson_table():
    """One row for each lesson that is there: its title, with a link, and the promise in its first cell."""
    rows = ["| no. | lesson | afterwards you can |", "|---|---|---|"]
    for number in written():
        path = notebook(number)
        first = nbformat.read(path, as_version=4).cells[0].source
        promise = re.match(r"#.*\n+(.+)", first)[1].removeprefix("After this lesson you can ").rstrip(".")
        rows.append(f"| {number:02} | [{SYLLABUS[number].title}](notebooks/{path.name}) | {promise} |")
    return "\n".join(rows)


def renewed(text):
    """README.md with its generated parts up to date. Raises ValueError where a marker is missing."""
    parts = {
        "picture": f"![{draw_map().alt}](.github/{PICTURE.name})",
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
    for path, new in ((README, renewed(README.read_text(encoding="utf-8"))), (PICTURE, draw_map().svg())):
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if new != old:
            path.write_text(new, encoding="utf-8")
        print(f"{path.name}: {'unchanged' if new == old else 'rewritten'}")


if __name__ == "__main__":
    main()
