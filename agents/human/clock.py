"""What is left of a tenure's time, as the person in the chair sees it. The engine keeps its own clock, which counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from relay.text import quantity

__all__ = ["Clock", "in_words"]

WARNINGS = (120, 30)
"""Seconds that are left when the person is told so."""


class Clock:
    """Runs from when it is made."""

    def __init__(self, seconds: float | None) -> None:
        """`seconds` that are left; None: there is no clock."""
        self._end = None if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds, never below 0; None without a clock."""
        return None if self._end is None else max(self._end - monotonic(), 0.0)

    @property
    def up(self) -> bool:
        """Whether the time is over. The engine may have been a little quicker."""
        return self.left is not None and self.left < 0.2

    def face(self) -> tuple[str, str]:
        """The minutes and seconds that are left, and their colour; empty without a clock."""
        if self.left is None:
            return "", ""
        late, later = WARNINGS
        colour = "ansired" if self.left <= later else "ansiyellow" if self.left <= late else "ansibrightblack"
        return colour, f"{int(self.left) // 60}:{int(self.left) % 60:02} "

    async def warn(self, tell: Callable[[str], None]) -> None:
        """Say when little time is left, each time once; ends when there is nothing more to say."""
        for mark in WARNINGS:
            if self.left is not None and self.left > mark:
                await asyncio.sleep(self.left - mark)
                tell(f"{in_words(mark)} left")


def in_words(seconds: float) -> str:
    """`600` as `10 minutes`."""
    whole = round(seconds)
    parts = [(whole // 60, "minute"), (whole % 60, "second")]
    return " ".join(quantity(number, noun) for number, noun in parts if number) or "0 seconds"
