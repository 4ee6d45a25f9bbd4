"""A lesson takes the time that it promises: 150 words a minute, 5 lines of code a minute, 6 minutes an exercise.

That is how long careful readers took. What stands after "Further" or "Reading the note" is optional and not counted.
"""

import json
import re

import pytest

from helpers.lessons import syllabus

REWRITTEN = syllabus.written()
OPTIONAL = re.compile(r"^## (Further|Reading the note)", re.M)


def main_line(number):
    """The cells before the optional end."""
    for cell in json.loads(syllabus.notebook(number).read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and OPTIONAL.search(source):
            return
        yield cell["cell_type"], cell["metadata"].get("tags", []), source


def words(text):
    """The words of a Markdown cell; a formula is one word, a displayed one five, a program to repair none."""
    text = re.sub(r"```.*?```|<[^>]+>", " ", text, flags=re.S)
    text = re.sub(r"\$\$.*?\$\$", " formula formula formula formula formula ", text, flags=re.S)
    text = re.sub(r"\$[^$]+\$|`[^`]+`", " formula ", text)
    return len(re.findall(r"[^\W_][\w'’.-]*", text))


def code_lines(text):
    """The lines of code in a cell: not blank and not only a comment."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in text.splitlines())


def minutes(number):
    time = 0.0
    for kind, tags, source in main_line(number):
        if kind == "markdown":
            time += words(source) / 150
        elif "exercise" in tags:
            time += 6
        elif "check" not in tags:
            time += code_lines(source) / 5
    return time


def promised(number):
    return int(re.search(r"^\**(\d+) minutes", next(main_line(number))[2], re.M)[1])


def test_words_and_lines_are_counted_as_they_are_read():
    assert words("We take $x_1$ and `W @ x`, don't we?\n$$a = b$$\n```python\nx = 1\n```") == 7 + 5
    assert code_lines("# only a comment\n\nx = 1\n  y = 2  # two\n") == 2


@pytest.mark.parametrize("number", REWRITTEN)
def test_a_lesson_takes_the_time_that_it_promises(number):
    assert promised(number) <= (60 if number else 25)
    assert 0.85 * promised(number) <= minutes(number) <= 1.02 * promised(number), f"{minutes(number):.1f} minutes"


if __name__ == "__main__":
    for number in syllabus.written():
        print(f"{number:02} promises {promised(number)} minutes and takes {minutes(number):.1f}")
