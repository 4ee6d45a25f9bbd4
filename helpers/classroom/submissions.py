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
MOST = 200 * 2**20  # bytes that one zip may unpack to
NOISE = ("__MACOSX", ".ipynb_checkpoints")


class Submission(NamedTuple):
    """One student's files {path: bytes}, and what was unusual about them."""

    student: str
    files: dict
    notes: tuple = ()


def collect(place):
    """[Submission] of a folder or a zip, one for each student, in the order of their names. Nothing in it is changed.

    A folder in it, or a zip, is a student's and has the student's name. A notebook that lies there itself is named by
    student and lesson, in either order: "alice_07_perceptron.ipynb".

    Raises FileNotFoundError where there is nothing to read, ValueError for a zip that is refused as a whole.
    """
    place = Path(place)
    if not place.exists():
        raise FileNotFoundError(f"no folder or zip {place}")
    if place.is_file():
        files = unpacked(place.read_bytes(), place.name)
    else:
        files = {
            path.relative_to(place).as_posix(): path
            for path in sorted(place.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
    found = {}
    for path, content in files.items():
        parts = PurePosixPath(path).parts
        if any(part in NOISE or part.startswith(".") for part in parts):
            continue
        student, inner = _owner(parts)
        entry = found.setdefault(student, ({}, []))
        try:
            content = content.read_bytes() if isinstance(content, Path) else content
            if inner.endswith(".zip"):
                unzipped = unpacked(content, inner)
                entry[0].update({f"{inner}/{name}": data for name, data in unzipped.items()})
            else:
                entry[0][inner] = content
        except (OSError, ValueError) as error:
            entry[1].append(str(error))
    if not found:
        raise FileNotFoundError(f"nothing was handed in: {place} is empty")
    return [Submission(student, files, tuple(notes)) for student, (files, notes) in sorted(found.items())]


def _owner(parts):
    """(student, the path within what the student handed in)."""
    if len(parts) > 1:
        return unicodedata.normalize("NFC", parts[0]), "/".join(parts[1:])
    stem, _, kind = parts[0].rpartition(".")
    name = stem
    for number in syllabus.SYLLABUS:
        for known in (syllabus.notebook(number).stem, syllabus.SYLLABUS[number].slug):
            name = name.replace(known, " ")
    name = re.sub(r"\s+", " ", re.sub(r"(^[\s_.-]+|[\s_.-]+$)", "", name))
    return unicodedata.normalize("NFC", name or stem), parts[0] if kind else stem


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
        raise ValueError(f"{name} is no notebook that can be read") from None
    return [re.sub(r"^\s*[%!].*$", "", source, flags=re.M) for source in sources]
