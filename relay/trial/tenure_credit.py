"""What one tenure has earned; it is never told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relay.records.events import Credited, Explained

__all__ = ["TenureCredit"]


class TenureCredit:
    """Concepts that its definitions are forms of, and phenomena that they explain."""

    def __init__(self, known: Mapping[str, frozenset[str]]) -> None:
        """`known`: key of a definition -> concepts that it is a form of, as it stood when the generation began."""
        self._known = known
        self.credited: dict[tuple[str, str], bool] = {}
        """Key and concept -> whether it was earned by a leap."""
        self.explained: set[tuple[str, int]] = set()
        """Key and number of a phenomenon."""

    def apply(self, event: Credited | Explained) -> None:
        """Take in what was earned."""
        match event:
            case Credited():
                self.credited[event.key, event.concept] = event.leap
            case Explained():
                self.explained.add((event.key, event.phenomenon))

    def concepts(self, readable: Iterable[str]) -> set[str]:
        """Concepts that it has earned, or that it can read a form of; `readable` are keys."""
        found = {concept for _, concept in self.credited}
        for key in readable:
            found |= self._known.get(key, frozenset())
        return found
