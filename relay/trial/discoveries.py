"""What the researchers of a trial have earned so far; none of them is ever told."""

from __future__ import annotations

from relay.records.events import Credited, Explained, LawCredited

__all__ = ["Discoveries"]


class Discoveries:
    """Concepts, laws and phenomena of the hidden graph that somebody has found."""

    def __init__(self) -> None:
        self.established: dict[str, int] = {}
        """Concept -> the generation that first earned it."""
        self.without_leaps: set[str] = set()
        """Concepts that were earned at some time without a leap."""
        self.laws: set[str] = set()
        self.explained: set[int] = set()
        """Numbers of phenomena, as researchers see them."""

    def apply(self, event: Credited | LawCredited | Explained) -> None:
        """Take in what was earned."""
        match event:
            case Credited():
                self.established.setdefault(event.concept, event.generation)
                if not event.leap:
                    self.without_leaps.add(event.concept)
            case LawCredited():
                self.laws.add(event.law)
            case Explained():
                self.explained.add(event.phenomenon)
