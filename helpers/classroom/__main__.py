"""What an instructor does with a class: `python -m helpers.classroom release ...`, then `... grade ...`."""

import argparse
import re
import sys
from pathlib import Path

from helpers.classroom import report
from helpers.classroom.grade import Assignment, grade
from helpers.classroom.release import choose, deadline, due_date, release, with_points


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
    grading.add_argument("submissions", nargs="?", help="a folder, or one zip, with what the students handed in")
    grading.add_argument("--name", help="of the assignment")
    grading.add_argument("--into", default="assignments", help="the folder in which the assignment is")
    grading.add_argument("--workers", default="2", help="submissions at a time")
    grading.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="a Dask scheduler, to grade by its workers")
    grading.add_argument("--isolation", default="yes", help='"no" runs what students wrote as you yourself')
    grading.add_argument("--no-isolation", dest="isolation", action="store_const", const="no", help="the same")
    given = parser.parse_args(arguments)
    try:
        return _release(given) if given.command == "release" else _grade(given)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1


def _release(given):
    choice = choose(given.lessons, given.exercises, _points(given.points))
    name = given.name or "lesson-" + "-".join(choice.graded)
    due = due_date(given.due)
    path = release(choice, name, given.into, due)
    total = sum(choice.points[id] for id in choice.ids)
    print(f"{name}: {with_points(choice.ids, choice.points)}, in all {total:g}.{deadline(due)}")
    print(f"for students:    {path}")
    print(f"for you:         {path.parent} (source, release, gradebook.db; nbgrader works in it)")
    return 0


def _grade(given):
    if not given.submissions:
        raise ValueError("which submissions? make grade SUBMISSIONS=folder-or-zip NAME=week3")
    if not given.name:
        raise ValueError("which assignment? make grade SUBMISSIONS=folder-or-zip NAME=week3, as it was released")
    if not (given.workers.isdecimal() and int(given.workers)):
        raise ValueError(f"expected a number of workers, 1 or more, got {given.workers}")
    if given.scheduler and not re.fullmatch(r"(tcp|tls)://\S+:\d+", given.scheduler):
        raise ValueError(f"expected a scheduler such as tcp://host:8786, got {given.scheduler}")
    if given.isolation not in ("yes", "no"):
        raise ValueError(f"expected ISOLATION=no, or nothing, got {given.isolation}")
    folder = Path(given.into) / given.name
    isolated = given.isolation == "yes"
    assignment = Assignment(folder)
    report.check_gradebook(assignment)
    results = grade(
        folder, given.submissions, workers=int(given.workers), isolated=isolated, scheduler=given.scheduler or None
    )
    page = report.write(assignment, results)
    report.to_gradebook(assignment, results)
    print(f"points:          {folder / 'students.csv'}, {folder / 'answers.csv'} and {folder / 'gradebook.db'}")
    print(f"for students:    {folder / 'feedback'} (students.csv says whose is which)")
    print(f"for you:         {page}")
    if unusual := sum(bool(result["notes"]) for result in results.values()):
        print(f"unusual:         {unusual} of {len(results)}; the page above says what")
    return 0


def _points(given):
    """{"7.2": 3.0} of ["7.2=3"]."""
    try:
        return {id: float(number) for id, number in (each.split("=") for each in given)}
    except ValueError:
        raise ValueError(f"expected points such as 7.2=3, got {' '.join(given)}") from None


if __name__ == "__main__":
    sys.exit(main())
