"""Lanes: the rows of a batch, and how a comprehension or a branch makes new rows out of them.

A comprehension over c items does not loop: every lane becomes c lanes, the body is evaluated once over all of them, and
the results are folded back. A branch keeps some of the lanes. So a batch is a tree of `Lanes`; each node stores, for
each of its lanes, the parent's lane that it came from.

A lane that is undefined or out of fuel is dead. Values computed for a dead lane afterwards are ignored, and its fuel
does not change any more.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.values import Index

OK, UNDEFINED, EXHAUSTED = 0, 1, 2
MOST_KEPT = 4_096
"""Batches of up to this many lanes share one cached all-true array."""


class Dead(Exception):  # an early exit from a computation, not an error
    """No lane of the batch is alive any more."""


def runs(owners: Index) -> Index:
    """Return the positions where the runs of equal owners begin. Precondition: owners do not decrease."""
    if not len(owners):
        return np.zeros(0, dtype=np.intp)
    return np.concatenate([_FIRST, np.flatnonzero(owners[1:] != owners[:-1]) + 1])


_FIRST = np.zeros(1, dtype=np.intp)


@lru_cache(maxsize=256)
def _few(count: int) -> NDArray[np.bool_]:
    everyone = np.ones(count, dtype=np.bool_)
    everyone.flags.writeable = False  # the cache hands the same array to all callers
    return everyone


def _everyone(count: int) -> NDArray[np.bool_]:
    return _few(count) if count <= MOST_KEPT else np.ones(count, dtype=np.bool_)


class Lanes:
    """A batch of lanes.

    A lane's fuel is `flat` (spent by every lane alike) plus its entry of `fuel`; both count evaluated nodes.
    """

    __slots__ = ("_frozen", "_paths", "count", "depth", "flat", "fuel", "index", "parent", "regular", "status")

    def __init__(self, count: int, parent: Lanes | None = None, index: Index | None = None, regular: int = 0) -> None:
        self.count = count
        self.parent = parent
        self.index = index
        """For each lane the parent's lane that it came from, non-decreasing; None if both have the same lanes."""
        self.regular = regular
        """The number c if every lane of the parent became exactly c lanes; otherwise 0."""
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.flat = 0
        self.fuel: NDArray[np.int64] | None = None
        self.status: NDArray[np.int8] | None = None
        self._frozen: NDArray[np.int64] | None = None
        """For dead lanes the fuel that they had spent in this batch when they died; -1 for living lanes."""
        if parent is not None and parent.status is not None:
            self.status = parent.status.copy() if index is None else parent.status[index]
            self.freeze()
        self._paths: dict[int, Index | None] = {}

    def path(self, ancestor: Lanes) -> Index | None:
        """For each lane, return its lane in `ancestor`. Returns None if both batches have the same lanes."""
        if ancestor is self:
            return None
        # A batch has one ancestor at each depth, so the depth is a key. False means "not cached"; None is an answer.
        found = self._paths.get(ancestor.depth, False)
        if found is not False:
            return found  # type: ignore[return-value]
        assert self.parent is not None
        above = self.parent.path(ancestor)
        if self.index is None:
            path = above
        elif above is None:
            path = self.index
        else:
            path = above[self.index]
        self._paths[ancestor.depth] = path
        return path

    def total(self) -> NDArray[np.int64]:
        """Return the fuel that each lane spent in this batch."""
        spent = np.full(self.count, self.flat, dtype=np.int64) if self.fuel is None else self.fuel + self.flat
        return spent if self._frozen is None else np.where(self._frozen >= 0, self._frozen, spent)

    def charge(self, lanes: NDArray[np.int64] | Index, amount: NDArray[np.int64]) -> None:
        """Add `amount[n]` to the fuel of lane `lanes[n]`, for each n. Occurrences of one lane must be adjacent."""
        if self.fuel is None:
            self.fuel = np.zeros(self.count, dtype=np.int64)
        if len(lanes):
            # `+=` with an index array counts a repeated lane only once, so the amounts of each run are summed first.
            starts = runs(lanes)
            self.fuel[lanes[starts]] += amount if len(starts) == len(lanes) else np.add.reduceat(amount, starts)

    def charge_all(self, amount: NDArray[np.int64]) -> None:
        """Add `amount[l]` to the fuel of every lane l."""
        self.fuel = amount.astype(np.int64) if self.fuel is None else self.fuel + amount

    def mark(self, where: NDArray[np.bool_], status: int) -> None:
        """Give the living lanes among `where` the status `status`. Raises `Dead` if no lane is left alive."""
        if not where.any():
            return
        if self.status is None:
            self.status = np.zeros(self.count, dtype=np.int8)
        self.status[where & (self.status == OK)] = status
        self.freeze()
        self.check()

    def inherit(self, index: Index, statuses: NDArray[np.int8]) -> None:
        """Give lane `index[n]` the status `statuses[n]` of another lane, for each n. Dead lanes keep their status.

        Precondition: `index` has no repeats, and the fuel of the other lanes was already charged. The
        caller calls `freeze` afterwards.
        """
        if self.status is None:
            self.status = np.zeros(self.count, dtype=np.int8)
        fresh = self.status[index] == OK
        self.status[index[fresh]] = statuses[fresh]

    def freeze(self) -> None:
        """Fix the fuel of lanes that have died: later charges do not change it."""
        if self.status is None:
            return
        if self._frozen is None:
            self._frozen = np.full(self.count, -1, dtype=np.int64)
        self._frozen = np.where((self.status != OK) & (self._frozen < 0), self.total(), self._frozen)

    def alive(self) -> NDArray[np.bool_]:
        """Return a mask of the lanes that are alive. Callers must not write to it."""
        if self.status is None:
            return _everyone(self.count)
        return np.asarray(self.status == OK)

    def any_alive(self) -> bool:
        """Whether at least one lane is alive."""
        return self.status is None or bool((self.status == OK).any())

    def take_back(self, child: Lanes) -> None:
        """Take over the fuel and the statuses of `child`, whose lanes are a subset of these. Does not raise `Dead`."""
        index = child.index if child.index is not None else np.arange(self.count)
        if child.index is None and child.fuel is None and child._frozen is None:
            self.flat += child.flat
        else:
            self.charge(index, child.total())
        # Statuses come after the charge: `freeze` records the fuel that a lane has at that moment.
        if child.status is not None and child.status.any():
            self.inherit(index, child.status)
            self.freeze()

    def check(self) -> None:
        """Raise `Dead` if the batch has lanes and none of them is alive."""
        if self.status is not None and self.count and (self.status != OK).all():
            raise Dead
