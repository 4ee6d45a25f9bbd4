"""How fast a class is graded, and whether its report shows what was planted: `make bench-classroom [STUDENTS=200]`.

The class is drawn: half of the answers are solutions, a tenth blanks, one in a hundred hostile (one at least), the
others wrong answers as students wrote them (tests/lessons/answers).
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


def drawn(rng, id, wrong, students):
    """[(what it is, the source of the cell or None)] of the answers of a class to one exercise, in any order."""
    exercise = library.exercise(id)
    head = f"def {exercise.name}({', '.join(exercise.arguments)}):\n    "
    counts = {"right": students // 2, "blank": students // 10, "hostile": max(1, students // 100)}
    answers = [("right", school.solved(id))] * counts["right"] + [("blank", None)] * counts["blank"]
    for _ in range(counts["hostile"]):
        answers.append(("hostile", head + rng.choice(list(school.HOSTILE.values())).format(root="/tmp")))
    for _, verdict, lines in rng.choices(wrong, k=students - len(answers)):
        answers.append((verdict, school.mistaken(id, lines)))
    rng.shuffle(answers)
    return answers


def wrong_answers(lesson):
    """{id: the wrong answers of the book} of a lesson."""
    # Those that use a name which the lesson does not import would be wrong for that reason.
    other = re.compile(rf"\b({'|'.join(helpers.__all__)})\b")
    answers = [answer for answer in read(lesson) if not other.search("\n".join(answer[2]))]
    return {id: [each for each in answers if each[:1] == (id,) and each[1] != "right"] for id in library.ids(lesson)}


def graded(folder, students, lesson="07", workers=2, isolated=True):
    """({id: Counter of what was planted}, what grade gave, the seconds it took) of a drawn class."""
    rng, planted = random.Random(1), {}
    release(choose([lesson]), "bench", folder)
    released = school.stubs(folder / "bench")
    answers = [{} for _ in range(students)]
    for id, wrong in wrong_answers(lesson).items():
        given = drawn(rng, id, wrong, students)
        planted[id] = Counter(kind for kind, _ in given)
        for mine, (_, cell) in zip(answers, given, strict=True):
            mine |= {} if cell is None else {id: cell}
    for k, mine in enumerate(answers):
        school.hand_in(folder / "in", f"student {k:03}", released, mine)
    start = time.perf_counter()
    results = grade(folder / "bench", folder / "in", workers=workers, isolated=isolated, say=lambda _: None)
    seconds = time.perf_counter() - start
    report.write(Assignment(folder / "bench"), results)
    return planted, results, seconds


def main(students, lesson="07", workers=2):
    isolated = not sandbox.lacking()
    with tempfile.TemporaryDirectory() as temporary:
        planted, results, seconds = graded(Path(temporary), students, lesson, workers, isolated)
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
