"""The concept graph, its depths, and where its frontier stood after each generation.

Depth counts from 1: one more than the deepest prerequisite. The frontier is the set of concepts that are not retained
though all of their prerequisites are: what a successor could reach next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import networkx as nx

from analysis.trials import GenerationRow, Trial
from relay.records.task import Concept


def concept_graph(concepts: Sequence[Concept]) -> nx.DiGraph:
    """Prerequisite -> concept, nodes in the task's order, each with its `depth`."""
    graph = nx.DiGraph()
    graph.add_nodes_from(concept.id for concept in concepts)
    graph.add_edges_from((before, concept.id) for concept in concepts for before in concept.prerequisites)
    for depth, layer in enumerate(nx.topological_generations(graph), start=1):
        for concept_id in layer:
            graph.nodes[concept_id]["depth"] = depth
    return graph


def depths(concepts: Sequence[Concept]) -> dict[str, int]:
    """Concept id -> depth, in the task's order."""
    graph = concept_graph(concepts)
    return {concept.id: graph.nodes[concept.id]["depth"] for concept in concepts}


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


def summary(trial: Trial) -> dict[str, Any]:
    """What `relay show --json` prints: the keys of the contract, and a few more."""
    return {
        "task": trial.task.name,
        "seed": trial.seed,
        "condition": trial.condition,
        "auc": trial.auc,
        "reason": trial.reason,
        "currency": trial.currency,
        "unannounced": trial.unannounced,
        "concepts": depths(trial.task.concepts),
        "generations": [generation_summary(trial, row) for row in trial.rows],
    }


def generation_summary(trial: Trial, row: GenerationRow) -> dict[str, Any]:
    """One generation of `summary`."""
    return {
        "generation": row.generation,
        "established": list(row.established),
        "retained": list(row.retained),
        "depth_weighted_recall": row.measures.get("depth_weighted_recall", 0.0),
        "depth_50": row.measures.get("depth_50", 0.0),
        "turns": row.spent.turns,
        "tokens": row.spent.tokens,
        "evaluations": row.spent.evaluations,
        "tokens_cached": row.spent.tokens_cached,
        "seconds": row.spent.seconds if trial.clocked else None,
        "money": float(row.spent.money) if trial.currency else None,
        "unannounced": row.unannounced,
        "new": list(row.new),
        "frontier": list(frontier(trial.task.concepts, row.retained)),
        "established_without_leaps": list(row.established_without_leaps),
        "laws": list(row.laws),
        "explained": list(row.explained),
        "measures": dict(row.measures),
    }
