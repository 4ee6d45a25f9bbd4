"""How fast a class is graded, and whether its report shows what was planted: `make bench-classroom [STUDENTS=200]`.

The class is drawn: half of the answers are solutions, a tenth blanks, one in a hundred hostile, the others wrong
answers as students wrote them (tests/lessons/answers).
"""

import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import school
from answerbook import read

import helpers
from helpers.classroom import report, sandbox
from helpers.classroom.grade import Assignment, grade
from helpers.classroom.release import choose, release
from helpers.lessons import library


def drawn(rng, id, wrong):
    """(what it is, the source of the cell or None) of one answer."""
    chance = rng.random()
    if chance < 0.5:
        return "right", school.solved(id)
    if chance < 0.6:
        return "blank", None
    exercise = library.exercise(id)
    if chance < 0.61:
        body = rng.choice(list(school.HOSTILE.values())).format(root="/tmp")
        return "hostile", f"def {exercise.name}({', '.join(exercise.arguments)}):\n    {body}\n"
    _, verdict, lines = rng.choice(wrong)
    return verdict, school.mistaken(id, lines)


def main(students, lesson="07", workers=2):
    rng, planted = random.Random(1), {id: Counter() for id in library.ids(lesson)}
    # Those that use a name which the lesson does not import would be wrong for that reason.
    other = re.compile(rf"\b({'|'.join(helpers.__all__)})\b")
    answers = [answer for answer in read(lesson) if not other.search("\n".join(answer[2]))]
    wrong = {id: [answer for answer in answers if answer[0] == id] for id in planted}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        release(choose([lesson]), "bench", folder)
        released = school.stubs(folder / "bench")
        for k in range(students):
            answers = {}
            for id in planted:
                kind, cell = drawn(rng, id, wrong[id])
                planted[id][kind] += 1
                answers |= {} if cell is None else {id: cell}
            school.hand_in(folder / "in", f"student {k:03}", released, answers)
        start = time.perf_counter()
        isolated = not sandbox.lacking()
        results = grade(folder / "bench", folder / "in", workers=workers, isolated=isolated, say=lambda _: None)
        seconds = time.perf_counter() - start
        report.write(Assignment(folder / "bench"), results)
    apart = "apart" if isolated else "not isolated"
    print(f"{students} submissions of lesson {lesson}, {workers} workers, {apart}: {seconds:.0f} s, "
          f"{seconds / students:.2f} s each")  # fmt: skip
    for id, kinds in planted.items():
        reported = report.mistakes(id, results)
        right = sum(result["exercises"][id]["status"] == "right" for result in results.values())
        print(f"{id}: right {kinds['right']} planted, {right} reported")
        for kind, count in kinds.most_common():
            if kind in library_names(id):
                shares = [100 * number / students for number in (count, reported.get(kind, 0))]
                print(f"    {kind:30} {shares[0]:5.1f} % planted {shares[1]:5.1f} % reported")


def library_names(id):
    return {wrong.name for wrong in library.exercise(id).mistakes}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
