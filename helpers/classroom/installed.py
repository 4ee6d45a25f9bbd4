"""Is what the course needs installed here? For `make ENV=current`, which installs nothing.

Run as a file, with the requirements on standard input. Nothing can be taken for granted yet: it imports the
standard library only, and `packaging` where it is found.
"""

import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def missing(requirements):
    """Those of the requirements (lines such as `numpy>=2.2,<3` or `-e .`) that are not installed."""
    absent = (_missing(line.strip()) for line in requirements if line.strip())
    return [requirement for requirement in absent if requirement]


def _missing(requirement):
    if requirement == "-e .":
        spec = importlib.util.find_spec("helpers")
        if spec is None or Path(spec.origin).resolve().parents[1] != CHECKOUT:
            return "helpers (this course; run `pip install --no-deps -e .` in its folder)"
        return None
    name = re.match(r"[\w.-]+", requirement).group()
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return requirement
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return None  # packaging is on the list itself
    if version not in Requirement(requirement).specifier:
        return f"{requirement} (here: {version})"
    return None


if __name__ == "__main__":
    absent = missing(sys.stdin)
    if absent:
        version = sys.version.split()[0]
        print(f"The active environment (Python {version}) lacks:", *absent, sep="\n  ", file=sys.stderr)
        sys.exit(1)
