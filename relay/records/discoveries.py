"""What the researchers of a trial have earned so far. Researchers never learn any of it."""

from __future__ import annotations

from collections.abc import Iterable

from relay.records.events import Credited, Explained, LawCredited
from relay.records.intervened import Intervened

__all__ = ["Discoveries"]


class Discoveries:
    """Concepts, laws and phenomena of the hidden graph that any tenure has found."""

    def __init__(self) -> None:
        self.established: dict[str, int] = {}
        """Concept -> the generation that first earned it."""
        self.without_leaps: set[str] = set()
        """Concepts that were credited at least once without a leap."""
        self.laws: set[str] = set()
        self.explained: set[int] = set()
        """Numbers of explained phenomena, as researchers see them."""
        self.forms: dict[str, frozenset[str]] = {}
        """Key of a definition -> concepts that it is a form of."""

    def apply(self, event: Credited | LawCredited | Explained | Intervened) -> None:
        """Add one credit, or what an intervention stated, which nobody has earned."""
        match event:
            case Credited(key=key, concept=concept):
                self.established.setdefault(concept, event.generation)
                if not event.leap:
                    self.without_leaps.add(concept)
                self.forms[key] = self.forms.get(key, frozenset()) | {concept}
            case Intervened(key=key, concepts=concepts):
                if concepts:
                    self.forms[key] = self.forms.get(key, frozenset()).union(concepts)
            case LawCredited():
                self.laws.add(event.law)
            case Explained():
                self.explained.add(event.phenomenon)

    def concepts_of(self, keys: Iterable[str]) -> set[str]:
        """Concepts of which at least one form is among the definitions `keys`."""
        return {concept for key in keys for concept in self.forms.get(key, ())}
