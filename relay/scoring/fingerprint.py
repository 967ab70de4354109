"""What a remembered verdict is a function of besides its statement: the code that reaches it.

The checker has a version, `CHECKER`, raised by hand when a verdict may change. A cache that outlives an upgrade, or an
edit, must not depend on anybody's having thought of that: the text of the code counts as well.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from relay.checker.checker import CHECKER

__all__ = ["fingerprint"]

ROOMS = ("checker", "evaluation", "scoring", "notation", "records")
MODULES = ("errors.py", "seeds.py", "text.py")
"""All that the examiner is made of; a test compares this with what it imports."""
PACKAGES = ("numpy", "python-flint", "relay-instrument", "sympy")
"""What random values, exact arithmetic and terms are made with. A new release of numpy may draw other values."""


@cache
def fingerprint() -> str:
    """A hash of the checker's version, of the source of all that a verdict or credit comes from, and of the versions of
    the packages that it computes with."""
    home = Path(__file__).parents[1]
    files = [path for room in ROOMS for path in (home / room).rglob("*") if path.suffix in (".py", ".lark")]
    files += [home / name for name in MODULES]
    whole = sha256("\n".join([f"checker {CHECKER}", *map(_version, PACKAGES)]).encode())
    for path in sorted(files):
        if path.is_file():
            whole.update(f"\n{path.relative_to(home).as_posix()} ".encode() + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} unknown"
