"""What a person meets in a clone: line ends of a Windows checkout, and a newer version that keeps the work done."""

import re
import subprocess

import pytest

from helpers.classroom.installation import LESSONS_NEED
from helpers.lessons.syllabus import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
WHO = ("-c", "user.name=A", "-c", "user.email=a@b.c")

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")


def git(folder, *arguments):
    done = subprocess.run(["git", *WHO, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_windows_checkout_has_the_same_line_ends(tmp_path):
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "--quiet", "--depth=1", ROOT.as_uri(), "course")
    for name in git(tmp_path / "course", "ls-files").splitlines():
        assert b"\r\n" not in (tmp_path / "course" / name).read_bytes(), name


def block(after):
    """The lines of the first block of commands after some words of the README."""
    return re.search(r"```\n(.*?)```", README.split(after)[1], re.DOTALL)[1].splitlines()


def test_a_newer_version_keeps_the_work_that_was_done(tmp_path):
    """The README's own commands, in a clone with an answered exercise whose notebook has changed upstream."""
    course, mine = tmp_path / "course", tmp_path / "mine"
    (course / "notebooks").mkdir(parents=True)
    lesson, progress = "notebooks/01_lesson.ipynb", "notebooks/my_progress.json"
    (course / lesson).write_text("...\n")
    (course / ".gitignore").write_text((ROOT / ".gitignore").read_text(encoding="utf-8"))
    git(course, "init", "--quiet", "--initial-branch=main")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message=one")
    git(tmp_path, "clone", "--quiet", str(course), "mine")
    (mine / lesson).write_text("my answer\n")
    (mine / progress).write_text("{}")
    (course / lesson).write_text("a better lesson\n")
    git(course, "commit", "--quiet", "--all", "--message=two")
    commands = block("**A newer version of the course**")
    assert all(command.startswith("git ") for command in commands)
    for command in commands:
        git(mine, *re.findall(r'"[^"]*"|\S+', command.removeprefix("git ")))
    assert (mine / lesson).read_text() == "a better lesson\n"
    assert (mine / progress).read_text() == "{}"
    git(mine, "switch", "my-answers")
    assert (mine / lesson).read_text() == "my answer\n"


def test_the_way_without_make_names_what_the_lessons_need():
    install = next(line for line in block("or with Python alone") if "pip install" in line)
    assert set(re.findall(r'"?([a-z-]+)(?:<[\d.]+")?', install.split(" install ")[1].removesuffix(" -e ."))) == {
        *LESSONS_NEED
    }
    listed = (ROOT / "environment.yml").read_text(encoding="utf-8")
    for name, bound in re.findall(r'"([a-z]+)(<[\d.]+)"', install):
        assert re.search(rf"- {name}>=[\d.]+,{bound}$", listed, re.MULTILINE)
