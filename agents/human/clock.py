"""The time left of a tenure, as the person in the chair sees it. The engine has its own clock, which decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from relay.text import quantity

__all__ = ["Clock", "in_words"]

WARNINGS = (120, 30)
"""Seconds left at which the person is warned."""


class Clock:
    """A countdown that starts when the object is made."""

    def __init__(self, seconds: float | None) -> None:
        """`seconds`: the time left; None: unlimited."""
        self._end = None if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds left, at least 0; None if unlimited."""
        return None if self._end is None else max(self._end - monotonic(), 0.0)

    @property
    def up(self) -> bool:
        """Whether the time is over. A fifth of a second is allowed for, since the engine's clock may be ahead."""
        return self.left is not None and self.left < 0.2

    def face(self) -> tuple[str, str]:
        """Style and text of the time left, as minutes and seconds; empty if unlimited."""
        if self.left is None:
            return "", ""
        late, later = WARNINGS
        colour = "ansired" if self.left <= later else "ansiyellow" if self.left <= late else "ansibrightblack"
        return colour, f"{int(self.left) // 60}:{int(self.left) % 60:02} "

    async def warn(self, tell: Callable[[str], None]) -> None:
        """Call `tell` once at each of the `WARNINGS`. Returns after the last one."""
        for mark in WARNINGS:
            if self.left is not None and self.left > mark:
                await asyncio.sleep(self.left - mark)
                tell(f"{in_words(mark)} left")


def in_words(seconds: float) -> str:
    """A duration in words: 600 gives `10 minutes`."""
    whole = round(seconds)
    parts = [(whole // 60, "minute"), (whole % 60, "second")]
    return " ".join(quantity(number, noun) for number, noun in parts if number) or "0 seconds"
