"""What students handed in, as an instructor has it: folders, files and zips, with whatever names they came with."""

import io
import json
import re
import stat
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from helpers.lessons import syllabus

LARGEST = 50 * 2**20  # bytes of one notebook
MOST_CODE = 2**20  # characters of its code; what it shows may take more
MOST = 200 * 2**20  # bytes that one zip may unpack to
PROGRESS = "my_progress"  # the name of a student's record, without its ending
NOISE = ("__MACOSX", ".ipynb_checkpoints")
UNREADABLE = "is no notebook that can be read"


class Submission(NamedTuple):
    """One student's files {path: bytes}, and what was unusual about them."""

    student: str
    files: dict
    notes: tuple = ()


class HandedIn(NamedTuple):
    """The Submissions of a class, in the order of their students' names, and what was left out, a line for each."""

    submissions: list
    left_out: list


# What a learning platform makes of a name: "Ada Lovelace_123_assignsubmission_file_" (Moodle, a folder), and
# "lovelaceada_LATE_123_4567_07_perceptron-1.ipynb" (Canvas, a file; the second number is another for each file).
MOODLE = re.compile(r"_assignsubmission_(file|onlinetext)_?$")
CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<user>\d+)_\d+_(?P<file>.+)")


def collect(place):
    """HandedIn of a folder or a zip, a Submission for each student. Nothing in it is changed.

    A folder in it, or a zip, is a student's and has the student's name. A notebook that lies there itself is named by
    student and lesson, in either order: "alice_07_perceptron.ipynb", "alice 07.ipynb". Names that Moodle and Canvas
    give are read. Where a single folder holds those of the students, it is opened.

    Raises FileNotFoundError where there is nothing to read, ValueError for a zip that is refused as a whole, and where
    notebooks name no student.
    """
    place = Path(place)
    if not place.exists():
        raise FileNotFoundError(f"no folder or zip {place}")
    if place.is_file() and not _is_zip(place.name):
        raise ValueError(f"expected a folder or a zip with what a class handed in, got the file {place.name}")
    files = unpacked(place.read_bytes(), place.name) if place.is_file() else _within(place)
    files = {tuple(path.split("/")): content for path, content in files.items()}
    files = {parts: content for parts, content in files.items() if not _is_noise(parts)}
    while len({parts[0] for parts in files}) == 1 and _holds_students({parts[1:] for parts in files}):
        files = {parts[1:]: content for parts, content in files.items()}
    numbers = _lesson_numbers(files)
    found, left_out = {}, []
    for parts, content in files.items():
        student, inner, late = _owner(parts, numbers)
        if student is None:
            left_out.append(f"{parts[0]} is left out: it is neither a folder nor a zip nor a notebook")
            continue
        mine, notes = found.setdefault(student, ({}, []))
        if late:
            notes.append(f"{inner} was handed in late, its name says")
        try:
            content = _read(content)
            if content is None:
                continue
            if _is_zip(inner):
                unzipped = unpacked(content, inner)
                mine |= {f"{inner}/{name}": data for name, data in unzipped.items() if not _is_noise(name.split("/"))}
            else:
                mine[inner] = content
        except (OSError, ValueError) as error:
            notes.append(str(error))
    if "" in found:
        raise ValueError(
            f"{min(found[''][0])} names no student: expected a folder or a zip for each student, or notebooks with "
            "names such as alice_07_perceptron.ipynb"
        )
    if not found:
        raise FileNotFoundError(f"nothing was handed in: {place} is empty" + "".join(f"; {each}" for each in left_out))
    for files, notes in found.values():
        if not files and not notes:
            notes.append("nothing was handed in")
    found = sorted(found.items())
    return HandedIn([Submission(student, files, tuple(notes)) for student, (files, notes) in found], left_out)


def _is_noise(parts):
    """Whether a path is what an operating system or Jupyter has put there."""
    return any(part in NOISE or part.startswith(".") for part in parts)


def _is_zip(name):
    return name.lower().endswith(".zip")


def _within(place):
    """{path: where it lies, or None for a folder with nothing in it} of all below a folder."""
    files = {}
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.is_symlink():
            files[path.relative_to(place).as_posix()] = path
        elif path.is_dir() and path.parent == place and not any(path.iterdir()):
            files[f"{path.name}/"] = None
    return files


def _read(content):
    return content.read_bytes() if isinstance(content, Path) else content


def _holds_students(inner):
    """Whether these paths are those of a class: folders and zips, and not the one folder of a student's notebooks."""
    folders = {parts[0] for parts in inner if len(parts) > 1}
    files = [parts[0] for parts in inner if len(parts) == 1]
    return bool(folders or files) and folders != {"notebooks"} and all(map(_is_zip, files))


def _lesson_numbers(files):
    """{file: the number in its name that is its lesson's} of the notebooks that are named by number: "alice 07.ipynb".

    A number in a name may be the student's too. It is the lesson's where all these notebooks have that of their own
    lesson, as their checks show, at the same end of the name.
    """
    short = [
        parts[0]
        for parts in files
        if len(parts) == 1 and parts[0].endswith(".ipynb") and _without_lesson(parts[0]) == parts[0][:-6]
    ]
    for pattern in (r"[\s_.-]*{}$", r"^{}[\s_.-]*"):
        found = {}
        for name in short:
            checks = re.findall(rb"check\(\s*\\?[\"'](\d+)\.", _read(files[(name,)]) or b"")
            lesson = max(set(checks), key=checks.count, default=b"-").decode()
            found[name] = re.search(pattern.format(lesson.zfill(2)), name[:-6])
        if found and all(found.values()):
            return {name: match[0] for name, match in found.items()}
    return {}


def _without_lesson(name):
    """A notebook's name without its ending and the name of its lesson."""
    stem = name.removesuffix(".ipynb")
    for number in syllabus.SYLLABUS:
        for known in (syllabus.notebook(number).stem, syllabus.SYLLABUS[number].slug):
            stem = stem.replace(known, " ")
    return stem


def _owner(parts, numbers):
    """(student, the path within what the student handed in, whether it is late); no student for another file."""
    first = unicodedata.normalize("NFC", parts[0])
    if len(parts) > 1:
        return MOODLE.sub("", first), "/".join(parts[1:]), False
    stem, _, kind = first.rpartition(".")
    if _is_zip(first):
        return stem, first, False
    if kind == "json" and (name := stem.replace(PROGRESS, "").strip(" _.-")) and PROGRESS in stem:
        return name, f"{PROGRESS}.json", False
    if kind != "ipynb":
        return None, first, False
    if canvas := CANVAS.fullmatch(first):
        return f"{canvas['name']}_{canvas['user']}", canvas["file"], bool(canvas["late"])
    name = stem.replace(numbers[parts[0]], " ") if parts[0] in numbers else _without_lesson(first)
    return re.sub(r"\s+", " ", re.sub(r"(^[\s_.-]+|[\s_.-]+$)", "", name)), first, False


def unpacked(data, name):
    """{path: bytes} of a zip. Raises ValueError, with its name, for one that leads outside, links, or is a bomb."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        for entry in entries:
            path = PurePosixPath(entry.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", entry.filename):
                raise ValueError(f"{name} is refused: its entry {entry.filename!r} leads outside")
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise ValueError(f"{name} is refused: its entry {entry.filename!r} is a link")
        if sum(entry.file_size for entry in entries) > MOST:
            raise ValueError(f"{name} is refused: it unpacks to more than {MOST >> 20} MB")
        found = {}
        for entry in entries:
            with packed.open(entry) as file:
                found[entry.filename.replace("\\", "/")] = file.read(entry.file_size + 1)[: entry.file_size]
        return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError(f"{name} cannot be read as a zip ({error})") from None


def code_cells(data, name):
    """The sources of the code cells of a notebook. Raises ValueError, with what is wrong, where it is none."""
    if len(data) > LARGEST:
        raise ValueError(f"{name} has more than {LARGEST >> 20} MB")
    try:
        notebook = json.loads(data)
        cells = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(f"{name} {UNREADABLE}") from None
    if sum(map(len, sources)) > MOST_CODE:
        raise ValueError(f"{name} has more than {MOST_CODE >> 20} MB of code")
    return sources
