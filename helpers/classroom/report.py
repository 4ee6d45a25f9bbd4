"""What a graded assignment says: a page for each student, a page and two tables for the instructor, the gradebook.

A student reads the mistake's name and where to read again, not what the hidden tests expect. The instructor's page says
for each exercise how many have it right, and which mistakes the class made.
"""

import csv
import logging
import re
import sqlite3
import warnings
from collections import Counter
from contextlib import closing
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from helpers.classroom.grade import filename, total
from helpers.classroom.hidden import for_students
from helpers.drawing.picture import Picture
from helpers.lessons import library, syllabus
from helpers.lessons.mistakes import MISTAKES

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
th, td {{ border-bottom: 1px solid #bbb; padding: 0.3rem 0.8rem; text-align: left; vertical-align: top; }}
img {{ max-width: 100%; }}
</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""
COLUMNS = (
    "student", "exercise", "points", "of", "status", "mistake", "attempts", "met on the way", "hints", "solution seen",
    "said",
)  # fmt: skip
GRADED = """select base_cell.name, notebook.name from grade_cells
join base_cell on base_cell.id = grade_cells.id join notebook on notebook.id = base_cell.notebook_id
join assignment on assignment.id = notebook.assignment_id where assignment.name = ?"""
HEADING = re.compile(r"\b(?:see|read|in|under|of) '([A-Z0-9].*?)'(?!\w)", re.I)


def write(assignment, results):
    """Write answers.csv, students.csv, feedback/<student>.html for all, and report.html; returns the path of this."""
    write_answers(results, assignment.folder / "answers.csv")
    write_totals(assignment, results, assignment.folder / "students.csv")
    feedback = assignment.folder / "feedback"
    feedback.mkdir(exist_ok=True)
    for student, result in results.items():
        (feedback / f"{filename(student)}.html").write_text(page_for(student, assignment, result), encoding="utf-8")
    report = assignment.folder / "report.html"
    report.write_text(overview(assignment, results), encoding="utf-8")
    return report


def page_for(student, assignment, result):
    """A student's page, as HTML. What the student wrote is escaped."""
    entries = result["exercises"]
    points, of = total(result), total(result, "of")
    rows = [
        [_title(id), f"{e['points']:g} of {e['of']:g}", e["status"], for_students(id, e["said"]), _again(id, e)]
        for id, e in entries.items()
    ]
    notes = "".join(f"<p>{escape(note)}</p>" for note in result["notes"])
    heads = ["exercise", "points", "result", "what the check says", "read again"]
    body = f"<p>{points:g} of {of:g} points.</p>{notes}{table(heads, rows)}"
    return PAGE.format(title=escape(f"{assignment.name}: {student}"), body=body)


def overview(assignment, results):
    """The instructor's page, as HTML."""
    count, records = len(results), sum(result["recorded"] for result in results.values())
    body = [
        f"<p>{count} student{'s' * (count != 1)}, of whom {records} handed in a record (my_progress.json). The points "
        "are in <code>students.csv</code>, a line for each student with the page to give back, and in "
        "<code>answers.csv</code>, a line for each answer.</p>"
    ]
    summary = [[_title(id), *_counts(id, results)] for id in assignment.points]
    heads = [
        "exercise",
        "right",
        "wrong",
        "not attempted or missing",
        "mean points",
        "mean attempts*",
        "mean hints*",
        "solution seen*",
    ]
    body.append(table(heads, summary) + "<p>* of those who handed in a record</p>")
    noted = [[student, note] for student, result in results.items() for note in result["notes"]]
    for id in assignment.points:
        made, met, others = mistakes(id, results), met_on_the_way(id, results), _without_a_name(id, results)
        if not met and not others:
            continue
        body.append(f"<h2>{escape(_title(id))}</h2>")
        if made:
            body.append(_chart(id, made, count))
        share = lambda number: f"{100 * number / count:.0f} %"
        rows = [
            [share(made.get(name, 0)), share(met[name]), name, said := _said(id, name, results), _section(id, said)]
            for name in dict.fromkeys([*made, *met])
        ]
        rows += [[share(number), "", "(no name)", said, _section(id, said)] for said, number in others.items()]
        heads = ["handed it in", "met it on the way, or handed it in", "mistake", "what the check says", "treated in"]
        body.append(table(heads, rows))
    if noted:
        body.append("<h2>What was unusual</h2>" + table(["student", "what"], noted))
    return PAGE.format(title=escape(assignment.name), body="\n".join(body))


def mistakes(id, results):
    """{name: how many students made it} for one exercise, the most frequent first."""
    made = Counter(result["exercises"][id]["mistake"] for result in results.values())
    del made[None]
    return dict(made.most_common())


def met_on_the_way(id, results):
    """{name: how many students made it, in what they handed in or in an attempt that their record has}."""
    made = Counter()
    for result in results.values():
        entry = result["exercises"][id]
        made.update({entry["mistake"], *entry["met"]} - {None})
    return dict(made.most_common())


def _without_a_name(id, results):
    """{what was said: how many students} of the wrong answers that have no name, the most frequent first."""
    entries = (result["exercises"][id] for result in results.values())
    said = (e["said"] for e in entries if e["status"] == "wrong" and e["mistake"] is None)
    return dict(Counter(map(_without_numbers, said)).most_common())


def _without_numbers(said):
    """What is the same for several students: neither the inputs of a case, nor numbers, nor the lines of their code."""
    first = re.sub(r"^For .*?: (?=\w)", "", said.split("\n")[0])
    return re.sub(r"(?<![\w.])-?\d+(\.\d+)?(e[+-]?\d+)?(?![\w])", "…", first)


def _counts(id, results):
    entries = [result["exercises"][id] for result in results.values()]
    recorded = [result["exercises"][id] for result in results.values() if result["recorded"]]
    status = Counter(entry["status"] for entry in entries)
    right, wrong = status["right"], status["wrong"]
    mean = lambda key, of, digits: f"{sum(entry[key] for entry in of) / len(of):.{digits}f}" if of else "–"
    share = f"{right} ({100 * right / len(entries):.0f}\N{NO-BREAK SPACE}%)"
    return [share, wrong, len(entries) - right - wrong, mean("points", entries, 2), mean("attempts", recorded, 1),
            mean("hints", recorded, 1), sum(entry["solution"] for entry in recorded) if recorded else "–"]  # fmt: skip


def _title(id):
    return f"{id} {library.exercise(id).title}"


def _said(id, name, results):
    """What the check says most often to those of the class who made a mistake; several mistakes may have one name.

    Where it is only met on the way, what the name means.
    """
    entries = (result["exercises"][id] for result in results.values())
    said = Counter(entry["said"] for entry in entries if entry["mistake"] == name)
    return said.most_common(1)[0][0] if said else MISTAKES[name]


def _section(id, said):
    """Where the lesson treats it: the heading that is named in what was said, else the lesson."""
    lesson = int(id.split(".")[0])
    named = HEADING.search(said)
    title = f"lesson {lesson:02}, {syllabus.SYLLABUS[lesson].title}"
    return f"{title}: {named[1]}" if named else title


def _again(id, entry):
    """Where to read again, for an answer that was handed in and is not right."""
    return _section(id, entry["said"]) if entry["status"] == "wrong" else ""


def _chart(id, made, count):
    """Bars of the mistakes in percent of the class."""
    figure = Figure(figsize=(7.5, 1.0 + 0.35 * len(made)), layout="constrained")
    figure.suptitle(f"The named mistakes in {id}")
    ax = figure.add_subplot()
    names, shares = list(made)[::-1], [100 * n / count for n in made.values()][::-1]
    ax.barh(names, shares, height=0.6)
    for place, share in enumerate(shares):
        ax.text(share, place, f" {share:.0f} %", va="center")
    ax.set_xlim(0, 115)  # room for the number beside a long bar
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel("% of the class")
    said = "; ".join(f"{100 * n / count:.0f} % {name}" for name, n in made.items())
    return Picture(figure, f"Of {count} students: {said}.").html()


def table(heads, rows):
    """An HTML table; every cell is escaped."""
    row = lambda kind, cells: "<tr>" + "".join(f"<{kind}>{escape(str(c))}</{kind}>" for c in cells) + "</tr>"
    return "<table>" + row("th", heads) + "".join(row("td", cells) for cells in rows) + "</table>"


def write_answers(results, path):
    """One line for each student and exercise; without a record, nothing stands where it would be counted."""
    rows = [COLUMNS]
    for student, result in results.items():
        for id, e in result["exercises"].items():
            said = " ".join(str(e["said"]).split())
            met = "; ".join(f"{name} {times}" for name, times in e["met"].items())
            own = (e["attempts"], met, e["hints"], "yes" if e["solution"] else "no") if result["recorded"] else [""] * 4
            rows.append((student, id, e["points"], e["of"], e["status"], e["mistake"] or "", *own, said))
    _write_table(rows, path)


def write_totals(assignment, results, path):
    """One line for each student: all points, those of each exercise, the page to give back, what was unusual."""
    rows = [("student", "points", "of", *assignment.points, "page", "unusual")]
    for student, result in results.items():
        each = (result["exercises"][id]["points"] for id in assignment.points)
        page = f"feedback/{filename(student)}.html"
        rows.append((student, total(result), total(result, "of"), *each, page, "; ".join(result["notes"])))
    _write_table(rows, path)


def _write_table(rows, path):
    """A CSV. A text that a spreadsheet would take for a formula gets a ' before it; numbers are written alike."""
    safe = lambda text: f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8-sig", newline="") as file:
        for row in rows:
            csv.writer(file).writerow([safe(each) if isinstance(each, str) else f"{each:g}" for each in row])
    beside.replace(path)


def database_version():
    """The version of the gradebooks that this nbgrader makes, which nbgrader itself starts Python to ask for."""
    import nbgrader
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(nbgrader.__file__).with_name("alembic"))).get_current_head()


def check_gradebook(assignment):
    """Whether the points can be put into nbgrader's gradebook, before hours of grading; nothing in it is changed.

    Raises ValueError, with what is wrong, where there is none, another file, one of another version or of another
    assignment, and one that cannot be written.
    """
    import nbgrader
    from nbgrader.api import Base

    book = _gradebook(assignment)
    refused = lambda why: ValueError(f"{book} {why}. Nothing was graded")
    if not book.is_file():
        raise refused(f"is not there: make release made it with {assignment.name}, and the points go into it")
    head = database_version()
    try:
        with closing(sqlite3.connect(f"{book.as_uri()}?mode=rw", uri=True)) as opened:
            opened.execute("begin immediate")  # which needs what writing will need
            if opened.execute("pragma quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("it is damaged")
            columns = lambda table: {row[1] for row in opened.execute(f"pragma table_info({table})")}
            versions = [row[0] for row in opened.execute("select version_num from alembic_version")]
            if versions != [head]:
                raise refused(
                    f"is of version {', '.join(versions) or 'none'}, and this nbgrader ({nbgrader.__version__}) has "
                    f"{head}: nbgrader db upgrade in {book.parent} renews an older one"
                )
            for table in Base.metadata.tables.values():
                if missing := {column.name for column in table.columns} - columns(table.name):
                    raise refused(f"has no {min(missing)} in its table {table.name}: expected one of {head}")
            there = set(opened.execute(GRADED, [assignment.name]))
    except sqlite3.Error as error:
        raise refused(f"cannot be used as nbgrader's gradebook: {error}") from None
    if lacking := [id for id in assignment.points if _cell(id) not in there]:
        raise refused(f"has no points for {lacking[0]}: expected the one that make release made with {assignment.name}")


def _gradebook(assignment):
    return Path(assignment.folder).resolve() / "gradebook.db"


def _cell(id):
    """(the name of an exercise's graded cell, the name of its notebook), as nbgrader has them."""
    return f"check-{id.replace('.', '_')}", syllabus.notebook(int(id.split(".")[0])).stem


def to_gradebook(assignment, results):
    """Put the points into nbgrader's gradebook, in the place of what stood there. One writer, this process.

    Raises RuntimeError, with SQLite's reason, where it cannot be written.
    """
    from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    logging.getLogger("tornado.application").addHandler(logging.NullHandler())  # nbgrader's tracebacks go there
    book = _gradebook(assignment)
    try:
        with warnings.catch_warnings(), Gradebook(f"sqlite:///{book}", assignment.name) as gradebook:
            warnings.simplefilter("ignore")  # nbgrader's own, about the order in which it adds rows
            for student, result in results.items():
                gradebook.update_or_create_student(student)
                gradebook.update_or_create_submission(assignment.name, student)
                for id, entry in result["exercises"].items():
                    grade = gradebook.find_grade(*_cell(id), assignment.name, student)
                    grade.auto_score, grade.needs_manual_grade = entry["points"], False
            gradebook.db.commit()
    except (SQLAlchemyError, InvalidEntry, MissingEntry) as error:
        why = str(error).split("\n")[0]
        raise RuntimeError(
            f"{book} could not be written ({why}). The reports have all points, and the same command tries it again"
        ) from None
