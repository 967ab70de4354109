"""A hash of the code that verdicts depend on. It is part of every key of the cache.

`CHECKER`, the checker's version, is raised by hand when a verdict may change. Somebody may forget to raise it, so the
source text is hashed as well.
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
"""All modules that the examiner imports; a test compares this list with the real imports."""
PACKAGES = ("numpy", "python-flint", "relay-instrument", "sympy")
"""Packages behind random values, exact arithmetic and terms. Another release of numpy, say, may draw other values."""


@cache
def fingerprint() -> str:
    """A hash of the checker's version, of the source files behind verdicts and credit, and of the versions of
    `PACKAGES`. Computed once per process."""
    home = Path(__file__).parents[1]
    files = [path for room in ROOMS for path in (home / room).rglob("*") if path.suffix in (".py", ".lark", ".json")]
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
