"""A class as `make bench-classroom` draws it, small: what was planted is what the report shows."""

import re
from collections import Counter
from html import escape

import bench
import pytest

from helpers.classroom import report, sandbox
from helpers.classroom.grade import filename, total
from helpers.lessons import library

pytest.importorskip("nbgrader", reason="make classroom-env adds it")
STUDENTS = 12


@pytest.mark.skipif(bool(sandbox.lacking()), reason="bwrap and prlimit are not there")
def test_the_report_of_a_drawn_class_shows_what_was_planted(tmp_path):
    planted, results, _ = bench.graded(tmp_path, STUDENTS, workers=4)
    page = (tmp_path / "bench" / "report.html").read_text(encoding="utf-8")
    assert len(results) == STUDENTS and list(planted) == library.ids("07")
    for id, kinds in planted.items():
        entries = [result["exercises"][id] for result in results.values()]
        status = Counter(entry["status"] for entry in entries)
        assert kinds["right"] == status["right"] == STUDENTS // 2
        assert kinds["blank"] == status["not attempted"] == STUDENTS // 10
        assert kinds["hostile"] == 1 and status["wrong"] == STUDENTS - kinds["right"] - kinds["blank"]
        known = bench.library_names(id)
        named = {kind: count for kind, count in kinds.items() if kind in known}
        reported = report.mistakes(id, results)
        assert named and {name: reported[name] for name in reported if name in known} == named
        section = page.split(f"<h2>{id} ")[1].split("<h2>")[0]
        for name, count in named.items():
            assert re.search(
                rf"<td>{100 * count / STUDENTS:.0f} %</td><td>\d+ %</td><td>{re.escape(escape(name))}</td>", section
            )
        assert f"{kinds['right']} (50\N{NO-BREAK SPACE}%)</td><td>{status['wrong']}</td>" in page
    for student, result in results.items():
        right = sum(entry["of"] for entry in result["exercises"].values() if entry["status"] == "right")
        assert total(result) >= right
        assert (tmp_path / "bench" / "feedback" / f"{filename(student)}.html").is_file()
