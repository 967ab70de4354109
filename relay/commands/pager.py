"""A console for long output: in a pager if standard output is a terminal, plain otherwise."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console

from relay.commands.console import SafeConsole

__all__ = ["pager_command", "reading_console"]

LESS = "FRX"
"""Options of `less`, unless `LESS` is set: quit if everything fits on a screen, keep colours, leave the text on the
screen."""


def pager_command() -> list[str]:
    """The pager as a command: `$PAGER`, or `less` if that is installed; empty if there is none, or if output and input
    are no terminal."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        return []
    if (chosen := os.environ.get("PAGER")) is not None:
        try:
            command = shlex.split(chosen)
        except ValueError:  # a quote that is not closed
            return []
        return command if command and shutil.which(command[0]) else []
    return ["less"] if shutil.which("less") else []


@contextmanager
def reading_console() -> Iterator[Console]:
    """A console that prints to the pager while it is open, or to standard output if there is no pager. What is printed
    can be read at once. If the reader closes the pager, printing ends."""
    command = pager_command()
    if not command:
        yield SafeConsole(highlight=False, emoji=False)
        return
    surroundings = {"LESS": LESS, **os.environ}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, env=surroundings, text=True, encoding="utf-8", errors="replace"
    )
    assert process.stdin is not None
    # The pager handles Ctrl-C itself: it stops a search in the text, for example.
    with suppress(BrokenPipeError, KeyboardInterrupt):
        # the pager's input is no terminal, but what it prints to is one
        yield _Paged(file=process.stdin, force_terminal=True, highlight=False, emoji=False)
    with suppress(BrokenPipeError):
        process.stdin.close()
    while True:
        try:
            process.wait()
            return
        except KeyboardInterrupt:
            continue


class _Paged(SafeConsole):
    """A console whose reader may close the pager. Rich would end the process then."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError
