"""Concepts that were credited by leaps: a prerequisite was neither readable nor established by that tenure.

What was credited both ways counts as no leap, as in the engine's measures without leaps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relay.records.events import AnyEvent, Credited


@dataclass(frozen=True)
class Leaps:
    """What was credited within some stretch of a log; ids are sorted."""

    credited: tuple[str, ...] = ()
    """Every concept that was credited in it, for the first time or again."""
    leapt: tuple[str, ...] = ()
    """Of these, what was credited in it by leaps alone."""

    @property
    def rate(self) -> float | None:
        """The share that was credited by leaps; None where nothing was credited."""
        return len(self.leapt) / len(self.credited) if self.credited else None

    @classmethod
    def together(cls, parts: Iterable[Leaps]) -> Leaps:
        """Several stretches as one."""
        count = LeapCount()
        for part in parts:
            count.add(part)
        return count.leaps()


class LeapCount:
    """`Leaps` in the making."""

    def __init__(self) -> None:
        self._credited: set[str] = set()
        self._without: set[str] = set()

    def take(self, event: AnyEvent) -> None:
        """Count one event."""
        if isinstance(event, Credited):
            self._credited.add(event.concept)
            if not event.leap:
                self._without.add(event.concept)

    def add(self, leaps: Leaps) -> None:
        """Count what was counted before."""
        self._credited.update(leaps.credited)
        self._without.update(set(leaps.credited) - set(leaps.leapt))

    def leaps(self) -> Leaps:
        """What it has come to."""
        return Leaps(credited=tuple(sorted(self._credited)), leapt=tuple(sorted(self._credited - self._without)))
