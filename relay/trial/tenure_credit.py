"""What one tenure has earned. The researcher never learns it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from relay.records.events import Credited, Explained

__all__ = ["TenureCredit"]


class TenureCredit:
    """The concepts that a tenure's definitions are forms of, and the phenomena that they explain."""

    def __init__(self, known: Mapping[str, frozenset[str]]) -> None:
        """`known`: key of a definition -> concepts that it is a form of, at the start of the generation."""
        self._known = known
        self.credited: set[tuple[str, str]] = set()
        """(key, concept)."""
        self.explained: set[tuple[str, int]] = set()
        """(key, number of a phenomenon)."""

    def apply(self, event: Credited | Explained) -> None:
        """Add one credit."""
        match event:
            case Credited():
                self.credited.add((event.key, event.concept))
            case Explained():
                self.explained.add((event.key, event.phenomenon))

    def concepts(self, readable: Iterable[str]) -> set[str]:
        """Concepts that the tenure earned, or of which it can read a form; `readable` are keys."""
        found = {concept for _, concept in self.credited}
        for key in readable:
            found |= self._known.get(key, frozenset())
        return found
