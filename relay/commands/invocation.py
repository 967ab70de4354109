"""A command line from its words to its exit status: 0 done; 1 a statement that is not accepted or defined, or a task
that fails its check; 2 unusable input, told in one line; 130 stopped by Ctrl-C."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, NoReturn

import typer

from relay.commands.output import say
from relay.errors import UsageError

__all__ = ["invoke"]

MISUSED: type[Exception] = typer.BadParameter.__mro__[2]
"""What typer raises for words that fit no command: the base of its own errors, wherever this version keeps it."""


def invoke(app: typer.Typer) -> None:
    """Run the application with the words that the process was given, and exit. What the user can mend becomes one line
    and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows `?` instead of it
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
    except BrokenPipeError:  # the reader of the output left: nothing to tell, and nothing to flush at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}; make room or mend the permissions there")


def _misused(error: Exception) -> NoReturn:
    """A misspelt command, option or value, in one line with where to read on; no words at all were answered by help."""
    context: Any = getattr(error, "ctx", None)
    said = error.format_message().strip() if hasattr(error, "format_message") else str(error)
    if not said:
        sys.exit(2)
    _fail(f"{said.rstrip('.')} (see `{context.command_path if context else 'relay'} --help`)")


def _fail(message: str) -> NoReturn:
    say(f"relay: {' '.join(message.split())}")
    sys.exit(2)
