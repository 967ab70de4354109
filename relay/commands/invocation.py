"""Run the application on the command line of this process, and turn errors into one line and an exit status.

`cli.py` lists the exit statuses. A command chooses 0 or 1 itself; this module adds 2 and 130.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import typer

from relay.commands.output import say
from relay.errors import UsageError
from relay.text import excerpt

__all__ = ["invoke"]

MOST = 4_000
"""Most characters of an error that are shown: it may quote a name out of a file."""
LONGEST = 300
"""Most characters of an error in a component that are shown."""

MISUSED: type[Exception] = typer.BadParameter.__mro__[2]
"""The base class of typer's errors about a command line (click's `ClickException`). It is found through a subclass,
since newer versions of typer ship their own copy of click."""


def invoke(app: typer.Typer) -> None:
    """Run the application on this process's arguments, and exit. An error that the user can fix becomes one line and
    exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a character that the terminal's encoding lacks becomes `?`
            stream.reconfigure(errors="replace")
    try:
        sys.exit(app(prog_name="relay", standalone_mode=False))
    except UsageError as error:
        _fail(str(error))
    except MISUSED as error:
        _misused(error)
    except typer.Abort:
        say("stopped")
        sys.exit(130)
    except BrokenPipeError:  # the reader of the output has gone, as in `relay show DIR | head`
        # Python flushes standard output at exit, which would fail again and print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        from relay.component_code import failing_place, how_to_mend

        place = failing_place(error)
        if place is None and isinstance(error, OSError):
            _fail(
                f"{error.filename or 'the system'}: {error.strerror or error}; free space or fix the permissions there"
            )
        if place is None:  # then relay itself has a bug, and its traceback is shown
            raise
        told = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
        _fail(f"a component failed with {told} in {place}{how_to_mend(place)}")


def _misused(error: Exception) -> NoReturn:
    """Report a misspelt command, option or value in one line that names the help to read."""
    context: Any = getattr(error, "ctx", None)
    message = error.format_message().strip() if hasattr(error, "format_message") else str(error)
    if not message:  # a command line without arguments: typer has printed the help already
        sys.exit(2)
    _fail(f"{message.rstrip('.')} (see `{context.command_path if context else 'relay'} --help`)")


def _fail(message: str) -> NoReturn:
    say(f"relay: {excerpt(' '.join(message.split()), MOST)}")
    sys.exit(2)
