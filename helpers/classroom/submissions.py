"""What students handed in, as an instructor has it: folders, files and zips, with whatever names they came with."""

import io
import json
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from helpers.lessons import syllabus

LARGEST = 50 * 2**20  # bytes of one notebook
MOST_CODE = 2**20  # characters of its code; what it shows may take more
MOST = 200 * 2**20  # bytes that are read of one student
MOST_FILES = 1000  # of one zip
LONGEST = 500  # characters of what is said of a file
READ = (".ipynb", ".zip", ".json")  # a file with another ending counts, and is not read
PROGRESS = "my_progress"  # the name of a student's record, without its ending
NOISE = ("__MACOSX", ".ipynb_checkpoints")
UNREADABLE = "is no notebook that can be read"


class Submission(NamedTuple):
    """One student's files {path: bytes}, and what was unusual about them."""

    student: str
    files: dict
    notes: tuple = ()


class File(NamedTuple):
    """A file that was handed in: its size in bytes, and what reads it."""

    size: int
    read: Callable


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

    What cannot be read costs its student that file, with a note, and nobody else anything.

    Raises FileNotFoundError where there is nothing to read, ValueError for a class's zip that is none, and where
    notebooks name no student.
    """
    place = Path(place)
    if not place.exists():
        raise FileNotFoundError(f"no folder or zip {place}")
    if place.is_file() and not _is_zip(place.name):
        raise ValueError(f"expected a folder or a zip with what a class handed in, got the file {place.name}")
    files = zipped(place, place.name) if place.is_file() else _within(place)
    files = [(tuple(readable(path).split("/")), file) for path, file in files]
    files = [(parts, file) for parts, file in files if not _is_noise(parts)]
    while len({parts[0] for parts, _ in files}) == 1 and _holds_students({parts[1:] for parts, _ in files}):
        files = [(parts[1:], file) for parts, file in files]
    numbers = _lesson_numbers(dict(files))
    found, left_out, room = {}, [], Counter()
    for parts, file in files:
        if place.is_file() and leads_outside(f"{parts[0]}/"):
            left_out.append(f"{'/'.join(parts)} is left out: it leads outside")
            continue
        student, inner, late = _owner(parts, numbers)
        if student is None:
            left_out.append(f"{parts[0]} is left out: it is neither a folder nor a zip nor a notebook")
            continue
        mine, notes = found.setdefault(student, ({}, []))
        if late:
            notes.append(f"{inner} was handed in late, its name says")
        several = [(inner, file)]
        try:
            if _is_zip(inner):
                packed = zipped(io.BytesIO(_read(file, inner, room, student)), inner)
                several = [(f"{inner}/{readable(name)}", file) for name, file in packed[:MOST_FILES]]
                if len(packed) > MOST_FILES:
                    notes.append(f"{inner} has {len(packed)} files, of which the first {MOST_FILES} are read")
        except (OSError, ValueError) as error:
            notes.append(str(error))
            continue
        for name, file in several:
            if file is None or _is_noise(name.split("/")):
                continue
            try:
                mine[_free(name, mine)] = _read(file, name, room, student)
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
    said = lambda notes: tuple(readable(note)[:LONGEST] for note in notes)
    return HandedIn([Submission(student, files, said(notes)) for student, (files, notes) in found], left_out)


def readable(text):
    """The text as a file can hold it: bytes that were no UTF-8, as Python marks them, are read as Latin-1."""
    text = re.sub("[\udc80-\udcff]", lambda byte: chr(ord(byte[0]) - 0xDC00), text)
    return text.encode("utf-8", "replace").decode("utf-8")


def leads_outside(path):
    return path.startswith("/") or ".." in path.split("/") or bool(re.match(r"[A-Za-z]:", path))


def _is_noise(parts):
    """Whether a path is what an operating system or Jupyter has put there."""
    return any(part in NOISE or (part.startswith(".") and part != "..") for part in parts)


def _is_zip(name):
    return name.lower().endswith(".zip")


def _within(place):
    """[(path, its File, or None for a folder with nothing in it)] of all below a folder."""
    files, folders = [], [place]
    while folders:
        folder = folders.pop()
        name = "" if folder == place else f"{folder.relative_to(place).as_posix()}/"
        try:
            with os.scandir(folder) as entries:
                entries = [(folder / each.name, each.stat(follow_symlinks=False)) for each in entries]
        except OSError as error:  # no right to, or nested so deep that its path is too long
            if folder == place:
                raise
            entries = None
            files.append((name, File(0, partial(_refuse, f"{name} cannot be opened ({error.strerror})"))))
        if entries == [] and folder.parent == place:
            files.append((name, None))
        for path, about in entries or ():
            if stat.S_ISLNK(about.st_mode):
                refused = partial(_refuse, f"{name}{path.name} is a link, which is not followed")
                files.append((f"{name}{path.name}", File(0, refused)))
            elif stat.S_ISDIR(about.st_mode):
                folders.append(path)
            elif stat.S_ISREG(about.st_mode):
                files.append((f"{name}{path.name}", File(about.st_size, path.read_bytes)))
    return sorted(files, key=lambda each: each[0].split("/"))


def _refuse(why):
    raise ValueError(why)


def _read(file, name, room, student):
    """The bytes of a File, b"" where its ending is none that is read; `room` counts what is read of each student.

    Raises ValueError for too much, and what cannot be read raises what it does.
    """
    if file.size and not name.lower().endswith(READ):
        return b""
    if file.size > LARGEST and not _is_zip(name):
        raise ValueError(f"{name} has more than {LARGEST >> 20} MB")
    if room[student] + file.size > MOST:
        raise ValueError(f"{name} is not read: with it, what was handed in has more than {MOST >> 20} MB")
    room[student] += file.size
    return file.read()


def _free(path, files):
    """The path, with a number before its name where there is such a file already."""
    folder, slash, name = path.rpartition("/")
    paths = (f"{folder}{slash}{k} {name}" if k else path for k in range(len(files) + 1))
    return next(path for path in paths if path not in files)


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
            checks = re.findall(rb"check\(\s*\\?[\"'](\d+)\.", _read_or_nothing(files[(name,)]))
            [(lesson, _)] = Counter(checks).most_common(1) or [(b"-", 0)]
            found[name] = re.search(pattern.format(lesson.decode().zfill(2)), name[:-6])
        if found and all(found.values()):
            return {name: match[0] for name, match in found.items()}
    return {}


def _read_or_nothing(file):
    try:
        return file.read() if file.size <= LARGEST else b""
    except (OSError, ValueError):  # said where it is read as a student's
        return b""


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
    return re.sub(r"\s+", " ", name).strip(" _.-"), first, False


def zipped(file, name):
    """[(path, File)] of a zip. Raises ValueError, with its name, where it cannot be read as one."""
    try:
        packed = zipfile.ZipFile(file)
    except Exception as error:  # the readers of its parts raise what they want, on bytes that are none
        raise ValueError(f"{name} cannot be read as a zip ({error})") from None
    entries = [entry for entry in packed.infolist() if not entry.is_dir()]
    path = lambda entry: entry.filename.replace("\\", "/")
    return [(path(each), File(each.file_size, partial(_unpacked, packed, each, name))) for each in entries]


def _unpacked(packed, entry, name):
    """The bytes of an entry. Raises ValueError, with what is wrong, where it leads outside, links or is no such."""
    entry_of = f"the entry {entry.filename!r} of {name}"
    if leads_outside(entry.filename.replace("\\", "/")):
        raise ValueError(f"{entry_of} is refused: it leads outside")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ValueError(f"{entry_of} is refused: it is a link")
    try:
        with packed.open(entry) as file:
            return file.read(entry.file_size + 1)[: entry.file_size]
    except Exception as error:  # of zlib, bz2, lzma, or for a password
        raise ValueError(f"{entry_of} cannot be unpacked ({error})") from None


def code_cells(data, name):
    """The sources of the code cells of a notebook. Raises ValueError, with what is wrong, where it is none."""
    try:
        notebook = json.loads(data)
        cells = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError):
        raise ValueError(f"{name} {UNREADABLE}") from None
    if sum(map(len, sources)) > MOST_CODE:
        raise ValueError(f"{name} has more than {MOST_CODE >> 20} MB of code")
    return sources
