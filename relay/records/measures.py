"""The measures of a generation, computed from its events alone. Researchers never learn any of them.

`depth_weighted_recall` is the sum of depths over the concepts of a set, divided by the sum of depths over all concepts.
`depth_50` is the largest d such that at least half of the concepts of every layer up to d are in the set. Both are
computed for three sets: the concepts retained, those established, and those established without leaps. Laws are counted
apart. The engine computes them when a generation ends, and the reader computes them again whenever a log is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from math import fsum

from relay.errors import UsageError
from relay.records.budget import Spent, milliseconds
from relay.records.discoveries import Discoveries
from relay.records.events import (
    Acted,
    Answered,
    AnyEvent,
    BrokenOff,
    GenerationEnded,
    Judged,
    Searched,
)
from relay.records.prices import plain
from relay.records.status import Status
from relay.records.task import Concept

__all__ = ["TenureTally", "deepest", "depth_50", "depth_weighted_recall", "depths", "end_of_generation"]


def depths(concepts: Iterable[Concept]) -> dict[str, int]:
    """Id -> depth, in the order of `concepts`: one more than the depth of the deepest prerequisite; 1 without
    prerequisites. Raises `UsageError` if the prerequisites form a cycle."""
    before = {concept.id: concept.prerequisites for concept in concepts}
    depth: dict[str, int] = {}
    try:
        for concept in TopologicalSorter(before).static_order():
            depth[concept] = 1 + max((depth[one] for one in before.get(concept, ())), default=0)
    except CycleError as error:
        raise UsageError(f"the prerequisites form a cycle: {' -> '.join(error.args[1])}; remove one of them") from None
    return {concept: depth[concept] for concept in before}


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


def deepest(concepts: Collection[str], depth: Mapping[str, int]) -> int:
    """The largest depth of a concept in `concepts`; 0 if there are none. No log holds it: it follows from the ids."""
    return max((depth[concept] for concept in concepts), default=0)


class TenureTally:
    """What one tenure has spent, and what it had spent at its first own definition: a fold over its events."""

    def __init__(self, inherited: Collection[str]) -> None:
        """`inherited`: keys of the definitions in messages, and in notes that the tenure was shown or that an index
        named at its start."""
        self._inherited = inherited
        # Plain numbers: adding a record for each event would take half of the time that reading a log takes.
        self._turns = self._tokens_in = self._tokens_out = self._tokens_cached = self._evaluations = 0
        self._seconds, self._money = 0.0, Decimal(0)
        self._sum: Spent | None = None
        """The tally as a record, which is asked for several times between two events."""
        self.orientation: Spent | None = None
        """What the tenure had spent when it stated its first own definition: one that is not inherited. None until
        then."""

    @property
    def spent(self) -> Spent:
        """What the tenure has spent."""
        if self._sum is None:
            self._sum = self._summed()
        return self._sum

    def _summed(self) -> Spent:
        return Spent(
            turns=self._turns,
            tokens_in=self._tokens_in,
            tokens_out=self._tokens_out,
            evaluations=self._evaluations,
            tokens_cached=self._tokens_cached,
            seconds=self._seconds,
            money=self._money,
        )

    def apply(self, event: AnyEvent) -> None:
        """Count one event of the tenure."""
        self._sum = None
        if isinstance(event, (Acted, Judged)):
            self._evaluations += event.evaluations
            if self.orientation is None and isinstance(event, Judged):
                self._orient(event)
        elif isinstance(event, Answered):
            self._turns += 1
            self._tokens_in += event.tokens_in
            self._tokens_out += event.tokens_out
            self._tokens_cached += event.tokens_cached
            self._evaluations += event.searched
            if event.seconds:
                self._seconds = milliseconds(self._seconds + event.seconds)
            if event.money:
                self._money = plain(self._money + event.money)
        elif isinstance(event, Searched):
            self._evaluations += event.count
        elif isinstance(event, BrokenOff):
            self._seconds = milliseconds(self._seconds + event.seconds)

    def _orient(self, event: Judged) -> None:
        if event.kind == "define" and event.status == Status.DEFINED and event.key not in self._inherited:
            self.orientation = self.spent


def end_of_generation(
    generation: int,
    depth: Mapping[str, int],
    found: Discoveries,
    readable: Collection[str],
    tenures: Sequence[TenureTally],
) -> GenerationEnded:
    """The end of a generation, without its `seq`. `readable` are the keys of the definitions that a successor could be
    shown, or could open."""
    sets = {
        "": tuple(sorted(found.concepts_of(readable))),
        "established_": tuple(sorted(found.established)),
        "without_leaps_": tuple(sorted(found.without_leaps)),
    }
    measures: dict[str, float] = {}
    for prefix, concepts in sets.items():
        measures[f"{prefix}depth_weighted_recall"] = depth_weighted_recall(concepts, depth)
        measures[f"{prefix}depth_50"] = float(depth_50(concepts, depth))
    return GenerationEnded(
        generation=generation,
        established=sets["established_"],
        established_without_leaps=sets["without_leaps_"],
        readable=tuple(sorted(readable)),
        retained=sets[""],
        laws=tuple(sorted(found.laws)),
        explained=tuple(sorted(found.explained)),
        measures=measures | _orientation(tenures),
        spent=sum((tenure.spent for tenure in tenures), start=Spent()),
    )


def _orientation(tenures: Sequence[TenureTally]) -> dict[str, float]:
    """Mean over `tenures` of what a tenure had spent at its first own definition.

    A tenure without an own definition counts with all that it spent, which is a lower bound. `orientation_reached` is
    the share of tenures that have an own definition.
    """
    costs = [tenure.orientation or tenure.spent for tenure in tenures]
    return {
        "orientation_turns": _mean(cost.turns for cost in costs),
        "orientation_tokens": _mean(cost.tokens for cost in costs),
        "orientation_evaluations": _mean(cost.evaluations for cost in costs),
        "orientation_reached": _mean(tenure.orientation is not None for tenure in tenures),
    }


def _mean(values: Iterable[float]) -> float:
    """The arithmetic mean. `statistics` is not imported for it, since that takes longer than reading a short log."""
    values = list(values)
    return fsum(values) / len(values)
