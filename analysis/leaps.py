"""Leaps. A credit is a leap if the tenure could neither read nor had established some prerequisite of the concept.

If a concept was credited both with and without a leap, it does not count as leapt, as in the engine's measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relay.records.events import AnyEvent, Credited


@dataclass(frozen=True)
class Leaps:
    """The concepts credited within a part of a log, such as a generation. Ids are sorted."""

    credited: tuple[str, ...] = ()
    """Every concept that was credited, for the first time or again."""
    leapt: tuple[str, ...] = ()
    """The credited concepts whose every credit was a leap."""

    @property
    def rate(self) -> float | None:
        """Share of the credited concepts whose every credit was a leap, 0 to 1; None if nothing was credited."""
        return len(self.leapt) / len(self.credited) if self.credited else None

    @classmethod
    def together(cls, parts: Iterable[Leaps]) -> Leaps:
        """Return the leaps of several parts of a log together."""
        count = LeapCount()
        for part in parts:
            count.add(part)
        return count.leaps()


class LeapCount:
    """Collects the credits of a log and builds `Leaps` from them."""

    def __init__(self) -> None:
        self._credited: set[str] = set()
        self._without: set[str] = set()
        """Concepts that were credited without a leap at least once."""

    def take(self, event: AnyEvent) -> None:
        """Count `event` if it is a credit."""
        if isinstance(event, Credited):
            self._credited.add(event.concept)
            if not event.leap:
                self._without.add(event.concept)

    def add(self, leaps: Leaps) -> None:
        """Count the credits of another part of the log."""
        self._credited.update(leaps.credited)
        self._without.update(set(leaps.credited) - set(leaps.leapt))

    def leaps(self) -> Leaps:
        """Return the `Leaps` of everything that was counted."""
        return Leaps(credited=tuple(sorted(self._credited)), leapt=tuple(sorted(self._credited - self._without)))
