"""What a person meets in a clone: line ends of a Windows checkout, and a newer version that keeps the work done."""

import re
import shlex
import subprocess

import pytest

from helpers.classroom.installation import LESSONS_NEED
from helpers.lessons.syllabus import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
WHO = ("-c", "user.name=A", "-c", "user.email=a@b.c")

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")


def git(folder, *arguments, who=()):
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_windows_checkout_has_the_same_line_ends(tmp_path):
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "--quiet", "--depth=1", ROOT.as_uri(), "course")
    for name in git(tmp_path / "course", "ls-files").splitlines():
        assert b"\r\n" not in (tmp_path / "course" / name).read_bytes(), name


def block(after):
    """The lines of the first block of commands after some words of the README."""
    return re.search(r"```\n(.*?)```", README.split(after)[1], re.DOTALL)[1].splitlines()


def test_a_newer_version_keeps_the_work_that_was_done(tmp_path, monkeypatch):
    """The README's own commands, again and again, in a clone with answers to exercises that change upstream."""
    course, mine = tmp_path / "course", tmp_path / "mine"
    (course / "notebooks").mkdir(parents=True)
    lesson, progress = "notebooks/01_lesson.ipynb", "notebooks/my_progress.json"
    (course / lesson).write_text("...\n")
    (course / ".gitignore").write_text((ROOT / ".gitignore").read_text(encoding="utf-8"))
    git(course, "init", "--quiet", "--initial-branch=main")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "--message=one", who=WHO)
    git(tmp_path, "clone", "--quiet", str(course), "mine")
    commands = block("**A newer version of the course**")
    assert all(command.startswith("git ") for command in commands)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "a git that knows nobody"))
    for version in ("1", "2", "3"):
        (mine / lesson).write_text(f"my answer {version}\n")
        (mine / progress).write_text("{}")
        (course / lesson).write_text(f"lesson {version}\n")
        git(course, "commit", "--quiet", "--all", "--message=another", who=WHO)
        for command in commands:
            words = shlex.split(command.removeprefix("git ").replace("my-answers-1", f"my-answers-{version}"))
            git(mine, *words)
        assert (mine / lesson).read_text() == f"lesson {version}\n"
        assert (mine / progress).read_text() == "{}"
    for version in ("1", "2", "3"):
        git(mine, "switch", f"my-answers-{version}")
        assert (mine / lesson).read_text() == f"my answer {version}\n"


def test_the_way_without_make_names_what_the_lessons_need():
    install = next(line for line in block("or with Python alone") if "pip install" in line)
    assert set(re.findall(r'"?([a-z-]+)(?:<[\d.]+")?', install.split(" install ")[1].removesuffix(" -e ."))) == {
        *LESSONS_NEED
    }
    listed = (ROOT / "environment.yml").read_text(encoding="utf-8")
    for name, bound in re.findall(r'"([a-z]+)(<[\d.]+)"', install):
        assert re.search(rf"- {name}>=[\d.]+,{bound}$", listed, re.MULTILINE)
