"""Layers and the frontier of a concept graph.

The depth of a concept is one more than that of its deepest prerequisite; without prerequisites it is 1. The frontier is
the set of concepts that are not retained although all their prerequisites are: a successor could reach them next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analysis.trials import Trial
from relay.records.measures import depths
from relay.records.task import Concept


def layers(concepts: Sequence[Concept]) -> tuple[tuple[str, ...], ...]:
    """Return the ids at each depth, shallowest first; each layer is in the task's order."""
    depth = depths(concepts)
    return tuple(
        tuple(concept.id for concept in concepts if depth[concept.id] == level)
        for level in range(1, max(depth.values(), default=0) + 1)
    )


def frontier(concepts: Sequence[Concept], retained: Collection[str]) -> tuple[str, ...]:
    """Return the sorted ids of the concepts that are not retained though all their prerequisites are."""
    kept = frozenset(retained)
    return tuple(
        sorted(concept.id for concept in concepts if concept.id not in kept and kept.issuperset(concept.prerequisites))
    )


def lost(trial: Trial) -> tuple[str, ...]:
    """Return the sorted ids of the concepts that were established but are not retained at the end."""
    if not trial.rows:
        return ()
    last = trial.rows[-1]
    return tuple(sorted(set(last.established) - set(last.retained)))
