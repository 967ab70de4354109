"""How commands read statements and write results and messages."""

from __future__ import annotations

import json as jsonlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from relay.errors import UsageError
from relay.records.user_files import read_user_file
from relay.text import printable, printable_json

if TYPE_CHECKING:
    from rich.console import RenderableType


__all__ = [
    "echo", "echo_heading", "json_line", "print_json", "print_view", "read_source", "say", "source_name",
    "terminal_width", "write_line",
]  # fmt: skip


LARGEST = 2_000_000
"""Largest size of a text of statements in bytes: five hundred of the longest statements."""
WIDE = 1_000
"""Characters of a line if the output is no terminal: programs, and people who copy a command, want lines that are
whole."""


def source_name(file: Path | None) -> str:
    """Return the name of the source of statements, for messages."""
    return "standard input" if file is None or str(file) == "-" else str(file)


def read_source(file: Path | None) -> str:
    """Read a file, or standard input for None and `-`. Raises `UsageError` if it can't be read or is not UTF-8.

    A byte order mark, which some editors write, is dropped.
    """
    try:
        if file is None or str(file) == "-":
            if sys.stdin is None:  # the shell has closed it
                raise UsageError("standard input is closed; give a file of statements, or write them to `relay check`")
            if sys.stdin.isatty():
                say("type statements, and end with Ctrl-D on a new line")
            data = sys.stdin.buffer.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise UsageError(f"standard input has more than {LARGEST:,} bytes; check it in parts")
        else:
            data = read_user_file(file, LARGEST, pipe=True)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{source_name(file)} is not UTF-8 text (line {line}, byte {error.start}); save it as UTF-8"
        ) from None
    except OSError as error:
        raise UsageError(f"{source_name(file)} can't be read ({error.strerror}); give a file of statements") from None


def print_view(what: RenderableType) -> None:
    """Print a rich renderable: tables and coloured text."""
    from relay.commands.console import SafeConsole

    # no emoji: loading their names takes time, and none is used
    SafeConsole(highlight=False, emoji=False, width=terminal_width()).print(what)


def terminal_width() -> int:
    """Return the number of characters in a line of standard output; `WIDE` if it is no terminal and the environment
    says nothing."""
    from relay.commands.console import SafeConsole

    console = SafeConsole()
    return console.width if console.is_terminal or "COLUMNS" in os.environ else WIDE


def echo(text: str) -> None:
    """Print a text to standard output. It may quote texts of others, so unseen characters are spelt as escapes."""
    typer.echo(printable(text))


def echo_heading(text: str) -> None:
    """Like `echo`, in bold on a terminal."""
    typer.secho(printable(text), bold=True)


def print_json(data: object) -> None:
    """Print data as indented JSON."""
    echo(json_line(data, indent=2))


def json_line(data: object, indent: int | None = None) -> str:
    """Return data as JSON. Unseen characters are escaped, and all characters beyond ASCII unless standard output is
    UTF-8."""
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    return printable_json(jsonlib.dumps(data, indent=indent, ensure_ascii=not unicode))


def write_line(text: str) -> None:
    """Like `echo`, but at once, and whole: Ctrl-C is delayed until the line is written."""
    # Programs read these lines while the command runs; half a line would not parse.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        echo(text)
        sys.stdout.flush()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def say(text: str) -> None:
    """Write a message, which is not a result, to standard error. It may quote names and texts of others, so unseen
    characters are spelt as escapes."""
    typer.echo(printable(text), err=True)
