"""What an instructor does with a class: `python -m helpers.classroom release ...`, then `... grade ...`."""

import argparse
import sys
from pathlib import Path

from helpers.classroom import report
from helpers.classroom.grade import Assignment, grade
from helpers.classroom.release import choose, due_date, release


def main(arguments=None):
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers.classroom", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("release", help="make an assignment: an nbgrader course folder and a zip for students")
    making.add_argument("--lessons", nargs="*", default=[], metavar="NN", help="lessons to assign, such as 07 12")
    making.add_argument("--exercises", nargs="*", default=[], metavar="ID", help="only these, such as 7.2 12.1")
    making.add_argument("--name", help="of the assignment; without it, the lessons'")
    making.add_argument("--due", help="such as 2026-12-01T23:59")
    making.add_argument("--points", nargs="*", default=[], metavar="ID=POINTS", help="other points, such as 7.2=3")
    making.add_argument("--into", default="assignments", help="the folder for it")
    grading = commands.add_parser("grade", help="grade what was handed in, and write the reports")
    grading.add_argument("submissions", help="a folder, or one zip, with what the students handed in")
    grading.add_argument("--name", required=True, help="of the assignment")
    grading.add_argument("--into", default="assignments", help="the folder in which the assignment is")
    grading.add_argument("--workers", type=int, default=2, help="submissions at a time")
    grading.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="a Dask scheduler, to grade by its workers")
    grading.add_argument("--no-isolation", action="store_true", help="run what students wrote as you yourself")
    given = parser.parse_args(arguments)
    try:
        return _release(given) if given.command == "release" else _grade(given)
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1


def _release(given):
    choice = choose(given.lessons, given.exercises, _points(given.points))
    name = given.name or "lesson-" + "-".join(choice.graded)
    path = release(choice, name, given.into, due_date(given.due))
    total = sum(choice.points[id] for id in choice.ids)
    print(f"{name}: {', '.join(choice.ids)}, {total:g} points")
    print(f"for students:    {path}")
    print(f"for you:         {path.parent} (source, release, gradebook.db; nbgrader works in it)")
    return 0


def _grade(given):
    folder = Path(given.into) / given.name
    isolated = not given.no_isolation
    results = grade(
        folder, given.submissions, workers=given.workers, isolated=isolated, scheduler=given.scheduler or None
    )
    assignment = Assignment(folder)
    report.to_gradebook(assignment, results)
    print(f"points:          {folder / 'grades.csv'} and {folder / 'gradebook.db'}")
    print(f"for students:    {folder / 'feedback'}")
    print(f"for you:         {report.write(assignment, results)}")
    return 0


def _points(given):
    """{"7.2": 3.0} of ["7.2=3"]."""
    try:
        return {id: float(number) for id, number in (each.split("=") for each in given)}
    except ValueError:
        raise ValueError(f"expected points such as 7.2=3, got {' '.join(given)}") from None


if __name__ == "__main__":
    sys.exit(main())
