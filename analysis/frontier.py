"""Concepts in layers of depth, and where the frontier stood after each generation.

Depth counts from 1: one more than the deepest prerequisite. The frontier is the set of concepts that are not retained
though all of their prerequisites are: what a successor could reach next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from graphlib import TopologicalSorter

from analysis.trials import Trial
from relay.records.task import Concept


def depths(concepts: Sequence[Concept]) -> dict[str, int]:
    """Concept id -> depth, in the task's order."""
    before = {concept.id: concept.prerequisites for concept in concepts}
    depth: dict[str, int] = {}
    for concept_id in TopologicalSorter(before).static_order():
        depth[concept_id] = 1 + max((depth[one] for one in before.get(concept_id, ())), default=0)
    return {concept_id: depth[concept_id] for concept_id in before}


def layers(concepts: Sequence[Concept]) -> tuple[tuple[str, ...], ...]:
    """The ids of each depth, shallowest first, each layer in the task's order."""
    depth = depths(concepts)
    return tuple(
        tuple(concept.id for concept in concepts if depth[concept.id] == level)
        for level in range(1, max(depth.values(), default=0) + 1)
    )


def frontier(concepts: Sequence[Concept], retained: Collection[str]) -> tuple[str, ...]:
    """Concepts that are not retained and whose prerequisites all are, sorted."""
    kept = frozenset(retained)
    return tuple(
        sorted(concept.id for concept in concepts if concept.id not in kept and kept.issuperset(concept.prerequisites))
    )


def recall(concepts: Collection[str], depth: Mapping[str, int]) -> float:
    """The sum of depths over `concepts`, by the sum of depths over all; 0 for a task without concepts."""
    total = sum(depth.values())
    return sum(depth[concept] for concept in concepts) / total if total else 0.0


def lost(trial: Trial) -> tuple[str, ...]:
    """Established at some time, and not retained at the end; sorted."""
    if not trial.rows:
        return ()
    last = trial.rows[-1]
    return tuple(sorted(set(last.established) - set(last.retained)))
