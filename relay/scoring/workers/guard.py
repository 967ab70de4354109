"""The guard: makes sure that checking a statement only computes.

Python calls an audit hook (PEP 578) before it runs code made from text, starts a process, opens a socket or writes a
file. While the guard is on, such operations are refused and recorded. The checker attempts none of them; the guard is
there so that this need not be taken on trust. It is not a sandbox for Python code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from relay.scoring.workers.limits import Guard

__all__ = ["OperationRefused", "guarded", "install"]

_FORBIDDEN = frozenset(
    ["code.__new__", "function.__new__", "builtins.input", "builtins.breakpoint", "sys.addaudithook"]
)
_STRANGE = frozenset(["import", "object.__getattr__", "object.__setattr__", "object.__delattr__", "gc.get_objects"])
"""Audit events that a library may have a reason to cause, but no statement has. Refused at the level STRICT only."""
_FAMILIES = frozenset(
    [
        "os",
        "subprocess",
        "pty",
        "fcntl",
        "socket",
        "ctypes",
        "shutil",
        "tempfile",
        "sqlite3",
        "signal",
        "ftplib",
        "http",
        "imaplib",
        "nntplib",
        "poplib",
        "smtplib",
        "telnetlib",
        "urllib",
        "webbrowser",
        "winreg",
        "msvcrt",
        "mmap",
        "syslog",
        "resource",
        "cpython",
        "pickle",
    ]
)
"""Modules whose audit events are refused, except for those in `_LOOKS`."""
_LOOKS = frozenset(["os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.listdrives", "os.getxattr", "os.listxattr"])
"""Audit events that only read directories. They are allowed, since imports need them."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_IMPORTING = ("importlib._bootstrap", "importlib._bootstrap_external")

_level = Guard.OFF
_noted: list[str] = []


class OperationRefused(RuntimeError):
    """The operation is not allowed while statements are checked."""


def install() -> None:
    """Set the audit hook, once per process. Python offers no way to remove it."""
    sys.addaudithook(_hook)


@contextmanager
def guarded(level: Guard) -> Iterator[list[str]]:
    """Guard the body of the `with` statement at `level`.

    The yielded list gets the names of all refused operations, even if the body catches the exceptions.
    """
    global _level
    _noted.clear()
    _level = level
    try:
        yield _noted
    finally:
        _level = Guard.OFF


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _level:
        return
    # most audit events are named `module.event`
    family = event.partition(".")[0]
    if family in _FAMILIES:
        refused = event not in _LOOKS
    elif event == "open":
        refused = bool(args[2] & _WRITING)
    elif event in ("exec", "compile"):
        # importing a module executes its code, so at the level ON only other code is refused
        refused = _level is Guard.STRICT or not _importing()
    else:
        refused = event in _FORBIDDEN or (_level is Guard.STRICT and event in _STRANGE)
    if refused:
        what = f"{event} {_short(args[0])}" if args else event
        # noted before it is raised: the code under guard may swallow the error
        _noted.append(what)
        raise OperationRefused(f"checking a statement may not do this: {what}")


def _importing() -> bool:
    """Whether the current operation is part of the import of a module."""
    frame = sys._getframe(2)  # the caller of the hook
    while frame is not None:
        if frame.f_globals.get("__name__") in _IMPORTING:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _short(what: object) -> str:
    text = what if isinstance(what, str) else type(what).__name__
    return text if len(text) <= 80 else text[:77] + "..."
