"""Phenomena with equal inputs over a finite structure, as one array, so that a definition is compared with all of them
at once. Most are no near miss of it, and need no closer look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from relay.checker.phenomena import Behaviour, RowGroup
from relay.evaluation.evaluate import Outcome
from relay.evaluation.values import as_array
from relay.notation.syntax import BoolType, NatType, SortType

__all__ = ["Shelf", "shelves"]


class Shelf:
    """Phenomena of one type whose rows have the same inputs, in the same order."""

    def __init__(self, behaviours: Sequence[Behaviour], places: Sequence[int]) -> None:
        """`places` are the positions of `behaviours` in the task."""
        self.first = behaviours[0]
        """Any of them: a definition that is computed for one is computed for all."""
        self.group: RowGroup = self.first.groups[0]
        """The rows of `first`."""
        self.places = tuple(places)
        self._outputs = np.stack([as_array(one.groups[0].output, self.group.count) for one in behaviours])
        self._needed = np.array([one.worth_telling for one in behaviours])

    def promising(self, outcomes: Sequence[Outcome | None]) -> list[int]:
        """The positions of the phenomena that may be worth telling, where these are the outcomes in all orders of the
        parameters."""
        best: NDArray[np.int64] = np.full(len(self.places), -1)
        for outcome in outcomes:
            if outcome is not None and outcome.value is not None:
                same = self._outputs == as_array(outcome.value, self.group.count)
                best = np.maximum(best, (same & outcome.ok).sum(axis=1))
        return [place for place, near in zip(self.places, best >= self._needed, strict=True) if near]


def shelves(behaviours: Sequence[Behaviour]) -> tuple[tuple[Shelf, ...], tuple[int, ...]]:
    """The shelves of a task's phenomena, and the positions of those phenomena that stand on none."""
    alike: dict[tuple[object, ...], list[int]] = {}
    single: list[int] = []
    for place, one in enumerate(behaviours):
        if len(one.groups) == 1 and one.model.carriers and isinstance(one.result, SortType | BoolType | NatType):
            alike.setdefault((one.types, repr(one.result), one.groups[0].asks), []).append(place)
        else:
            single.append(place)
    return tuple(Shelf([behaviours[place] for place in places], places) for places in alike.values()), tuple(single)
