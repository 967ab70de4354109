"""How far searches on the bench went, as they told themselves: whether they were exhausted, or how large their terms
were.

A search that told nothing, since it samples or since it had nothing to look for, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from relay.records.events import Searched
from relay.text import quantity


@dataclass(frozen=True)
class Searches:
    """The searches of a part of a log, such as a generation, that told how far they went."""

    count: int = 0
    exhausted: int = 0
    """Searches that tried everything in their reach."""
    evaluations: int = 0
    """Evaluations of all of them together."""
    size: int | None = None
    """Each of them tried every term in its reach with at most this many nodes; None without searches."""

    @classmethod
    def of(cls, event: Searched) -> Searches:
        """Return what one event tells: one search, or none."""
        if event.size is None:
            return cls()
        return cls(1, int(event.exhausted), event.count, event.size)

    @classmethod
    def together(cls, parts: Iterable[Searches]) -> Searches:
        """Return the searches of several parts of a log together."""
        told = [part for part in parts if part.count]
        return cls(
            count=sum(part.count for part in told),
            exhausted=sum(part.exhausted for part in told),
            evaluations=sum(part.evaluations for part in told),
            size=min((part.size for part in told if part.size is not None), default=None),
        )

    def record(self) -> dict[str, Any]:
        """Return what `--json` prints of them."""
        return {"searches": self.count, "exhausted_searches": self.exhausted, "searched_size": self.size}


def searches_words(searches: Searches) -> str:
    """Describe the searches: `search exhausted after 365 evaluations`; empty if none told how far it went."""
    if not searches.count:
        return ""
    spent = quantity(searches.evaluations, "evaluation", ",")
    tried = searches.size if searches.size is not None and searches.size > 1 else None
    reached = f", all terms of at most {tried} nodes tried" if tried else ""
    if searches.count == 1:
        return f"search exhausted after {spent}" if searches.exhausted else f"search ended after {spent}{reached}"
    if searches.exhausted == searches.count:
        return f"all {searches.count} searches exhausted after {spent} together"
    some = f"{searches.exhausted} of" if searches.exhausted else "none of"
    return f"{some} {searches.count} searches exhausted after {spent} together{reached}"
