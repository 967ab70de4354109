"""The measures of a generation, from the state and the hidden graph. Researchers never learn any of them.

`depth_weighted_recall` is the sum of depths over the concepts of a set, divided by the sum of depths over all concepts.
`depth_50` is the largest d such that at least half of the concepts of every layer up to d are in the set. Both are
computed for three sets: the concepts retained, those established, and those established without leaps. Laws are counted
apart.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from statistics import fmean

from relay.records.budget import Spent
from relay.records.events import GenerationEnded
from relay.trial.opening import readable_keys
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.tenure_state import TenureState

__all__ = ["depth_50", "depth_weighted_recall", "measure", "retained"]


def depth_weighted_recall(concepts: Collection[str], depth: Mapping[str, int]) -> float:
    """The sum of the depths of `concepts`, divided by the sum of all depths; 0 for a task without concepts."""
    total = sum(depth.values())
    return sum(depth[concept] for concept in concepts) / total if total else 0.0


def depth_50(concepts: Collection[str], depth: Mapping[str, int]) -> int:
    """The largest d such that at least half of the concepts of every layer up to d are in `concepts`; 0 if layer 1 has
    fewer already."""
    deepest = 0
    for layer in range(1, max(depth.values(), default=0) + 1):
        there = [concept for concept, at in depth.items() if at == layer]
        if 2 * sum(concept in concepts for concept in there) < len(there):
            break
        deepest = layer
    return deepest


def retained(setup: TrialSetup, state: TrialState) -> tuple[str, ...]:
    """Concepts of which a successor could be shown, or could open, a form that it can call. Sorted."""
    found: set[str] = set()
    # state.generation + 1 is ending now, so its successors are in the generation after it
    for key in readable_keys(setup, state, state.generation + 2):
        found |= state.store.credits.get(key, frozenset())
    return tuple(sorted(found))


def measure(setup: TrialSetup, state: TrialState, tenures: Sequence[TenureState]) -> GenerationEnded:
    """The end event of generation `state.generation + 1`. Precondition: its notes are applied to the store."""
    depth = setup.theory.depth
    sets = {
        "": retained(setup, state),
        "established_": tuple(sorted(state.discoveries.established)),
        "without_leaps_": tuple(sorted(state.discoveries.without_leaps)),
    }
    measures: dict[str, float] = {}
    for prefix, concepts in sets.items():
        measures[f"{prefix}depth_weighted_recall"] = depth_weighted_recall(concepts, depth)
        measures[f"{prefix}depth_50"] = float(depth_50(concepts, depth))
    measures |= _orientation(tenures)
    return GenerationEnded(
        generation=state.generation + 1,
        seq=state.seq,
        established=sets["established_"],
        established_without_leaps=sets["without_leaps_"],
        retained=sets[""],
        laws=tuple(sorted(state.discoveries.laws)),
        explained=tuple(sorted(state.discoveries.explained)),
        measures=measures,
        spent=sum((tenure.spent for tenure in tenures), start=Spent()),
    )


def _orientation(tenures: Sequence[TenureState]) -> dict[str, float]:
    """Mean over `tenures` of what a tenure had spent at its first own definition (`TenureState.orientation`).

    A tenure without an own definition counts with all that it spent, which is a lower bound. `orientation_reached` is
    the share of tenures that have an own definition.
    """
    costs = [tenure.orientation or tenure.spent for tenure in tenures]
    return {
        "orientation_turns": fmean(cost.turns for cost in costs),
        "orientation_tokens": fmean(cost.tokens for cost in costs),
        "orientation_evaluations": fmean(cost.evaluations for cost in costs),
        "orientation_reached": fmean(tenure.orientation is not None for tenure in tenures),
    }
