"""What a student did so far, in a small file beside the notebook that they can read and delete.

Kept only in a kernel of a Jupyter server (it sets JPY_SESSION_NAME), so that executing a lesson for a test
neither writes a file nor prints what somebody's file says.
"""

import copy
import json
import os
from pathlib import Path

FILE = "my_progress.json"
EMPTY = {"attempts": 0, "right": False, "verdicts": {}, "hints": 0, "solution": False}
_complained = []  # once a kernel is enough


def kept() -> bool:
    """Whether this kernel keeps progress."""
    return bool(os.environ.get("JPY_SESSION_NAME"))


def note_verdict(verdict):
    """Count one judged attempt: "right", "wrong", or "wrong: name of the mistake"."""
    label = f"{verdict.status}: {verdict.mistake}" if verdict.mistake else verdict.status

    def count(entry):
        entry["attempts"] += 1
        entry["right"] = entry["right"] or verdict.status == "right"
        entry["verdicts"][label] = entry["verdicts"].get(label, 0) + 1

    if verdict.status != "not attempted":
        _update(verdict.id, count)


def note_hint(id, number):
    """The highest number of hints that was seen."""
    _update(id, lambda entry: entry.update(hints=max(entry["hints"], number)))


def note_solution(id):
    """The solution was shown."""
    _update(id, lambda entry: entry.update(solution=True))


def read() -> dict:
    """{id: entry} of what is kept here, {} if nothing is. A damaged file is moved aside."""
    path = Path(FILE)
    if not kept() or not path.is_file():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if all(entry.keys() == EMPTY.keys() for entry in entries.values()):
            return entries
    except (ValueError, AttributeError, RecursionError):  # no JSON, or of another form
        pass
    aside = path.replace("my_progress.damaged.json")
    print(f"{FILE} could not be read. It is now called {aside.name}, and a new one begins.")
    return {}


def _update(id, change):
    """Read, change and write: another kernel may have written since the last time."""
    if not kept():
        return
    try:
        entries = read()
        change(entries.setdefault(id, copy.deepcopy(EMPTY)))
        Path(FILE).write_text(json.dumps(entries, indent=1, ensure_ascii=False), encoding="utf-8")
    except OSError:
        if not _complained:
            _complained.append(FILE)
            print(f"(Your progress is not kept: {FILE} cannot be written here.)")


def report(entries: dict, recordings: dict) -> str:
    """The entries as text, lesson by lesson. `recordings` holds those of every exercise of these lessons."""
    lines = []
    for lesson in sorted({id.split(".")[0] for id in recordings}, key=int):
        mine = {id: recording for id, recording in recordings.items() if id.split(".")[0] == lesson}
        done = [id for id in mine if entries.get(id, EMPTY)["right"]]
        earned, of = sum(mine[id].points for id in done), sum(recording.points for recording in mine.values())
        lines.append(f"Lesson {lesson.zfill(2)}: {len(done)} of {len(mine)} right, {earned:g} of {of:g} points")
        lines += [f"    {id} {mine[id].title}: {_state(entries.get(id, EMPTY))}" for id in mine]
    return "\n".join(lines) or "Nothing attempted yet."


def _state(entry):
    state = "right" if entry["right"] else "not right yet" if entry["attempts"] else "not attempted"
    helped = [f"{entry['hints']} hint{'s' * (entry['hints'] != 1)}"] if entry["hints"] else []
    helped += ["solution seen"] if entry["solution"] else []
    tried = [f"{entry['attempts']} attempt{'s' * (entry['attempts'] != 1)}"] if entry["attempts"] else []
    return ", ".join([state, *tried, *helped])
