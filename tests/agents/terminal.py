"""A terminal for tests: a program behind a pseudo-terminal, with which tests interact as a person would."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

__all__ = ["CLEARED", "Terminal"]

ROOT = Path(__file__).resolve().parents[2]
CLEARED = "\x1b[3J"
"""The control sequence that erases the lines that could be scrolled back to."""
CONTROL = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>])")
PATIENCE = 60
"""Seconds to wait for anything. Nothing takes as long."""


class Terminal:
    """A program in a terminal of 80 columns."""

    def __init__(self, *command: str | Path) -> None:
        self._end, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
        surroundings = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "80"}
        self._process = subprocess.Popen(
            [sys.executable, *map(str, command)], stdin=other, stdout=other, stderr=other, cwd=ROOT, env=surroundings
        )
        os.close(other)
        self.raw = ""
        self._seen = 0

    @property
    def text(self) -> str:
        """Everything that was shown, without the terminal's control sequences."""
        return CONTROL.sub("", self.raw).replace("\r", "")

    def wait(self, words: str) -> None:
        """Wait until `words` are shown after everything that was waited for before."""
        self._until(re.escape(words))

    def ready(self) -> None:
        """Wait for a prompt. From then on keys are read one by one instead of by the line."""
        self._until(r"\d:\d\d (\[\d+\] )?>")

    def _until(self, pattern: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.text[self._seen :])) is None:
            if not self._pump(deadline):
                raise AssertionError(f"{pattern!r} is not shown; there is:\n{self.text[self._seen :]}")
        self._seen += found.end()

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._end, keys.encode())

    def enter(self, *lines: str) -> None:
        """Type lines."""
        for line in lines:
            self.type(f"{line}\r")

    def close(self) -> int:
        """Wait for the end of the program, and return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._pump(deadline):
            pass
        return self._process.wait(timeout=PATIENCE)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.kill()
        self._process.wait(timeout=PATIENCE)
        os.close(self._end)

    def _pump(self, deadline: float) -> bool:
        """Read available output. Returns False at the end, or after the time to wait."""
        if not select.select([self._end], [], [], max(deadline - time.monotonic(), 0))[0]:
            return False
        try:
            data = os.read(self._end, 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)
