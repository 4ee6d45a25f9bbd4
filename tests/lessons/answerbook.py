"""What students hand in, as it stands in the files answers/NN.txt.

answers/NN.txt holds the answers to the exercises of lesson NN. A line with an id begins an exercise; then, for each
answer, a line "verdict | code", where code is the body of the function, or lines indented below it. In a table of
answers, R is the right one. The verdict is "right", or the name of the mistake; with a question mark where the name
may also be missing; "-" where no message of the bank is to stand for the whole answer, "none" where no part has a name.
"""

import re
from pathlib import Path

ANSWERS = Path(__file__).parent / "answers"


def read(lesson):
    """[(id, verdict, lines of code)] of one lesson's file."""
    found, id = [], None
    for line in (ANSWERS / f"{lesson}.txt").read_text(encoding="utf-8").splitlines():
        if re.fullmatch(r"\d+\.\d+", line):
            id = line
        elif line.startswith("    "):
            found[-1][2].append(line)
        elif line:
            verdict, _, code = line.partition(" | ")
            found.append((id, verdict, [f"    {code}"] if code else []))
    return found
