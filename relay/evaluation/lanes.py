"""Lanes: the rows of a batch, and how a comprehension or a branch makes new rows out of them.

A comprehension over c items does not loop: every lane becomes c lanes, the body is evaluated once over all of them, and
the results are folded back. A branch keeps some lanes. So a batch is a tree of `Lanes`, each knowing which lane of its
parent each of its lanes came from. A lane that is undefined or out of fuel is dead: what is computed for it afterwards
means nothing, reaches nobody and costs it nothing: what a lane spent stands still when it dies.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.values import Index

OK, UNDEFINED, EXHAUSTED = 0, 1, 2
MOST_KEPT = 4_096
"""Lanes up to which an array that says that all are alive is kept."""


class Dead(Exception):  # a way out of a computation, not an error
    """No lane of the batch is alive any more."""


def runs(owners: Index) -> Index:
    """Where each run of equal owners begins; owners do not decrease."""
    if not len(owners):
        return np.zeros(0, dtype=np.intp)
    return np.concatenate([_FIRST, np.flatnonzero(owners[1:] != owners[:-1]) + 1])


_FIRST = np.zeros(1, dtype=np.intp)


@lru_cache(maxsize=256)
def _few(count: int) -> NDArray[np.bool_]:
    everyone = np.ones(count, dtype=np.bool_)
    everyone.flags.writeable = False
    return everyone


def _everyone(count: int) -> NDArray[np.bool_]:
    return _few(count) if count <= MOST_KEPT else np.ones(count, dtype=np.bool_)


class Lanes:
    """A batch of lanes.

    `flat` is fuel that every lane spent alike, `fuel` what they spent besides; both in evaluated nodes.
    """

    __slots__ = ("_frozen", "_paths", "count", "depth", "flat", "fuel", "index", "parent", "regular", "status")

    def __init__(self, count: int, parent: Lanes | None = None, index: Index | None = None, regular: int = 0) -> None:
        self.count = count
        self.parent = parent
        self.index = index
        """Lane of the parent that each lane came from, non-decreasing; None where lanes and parent's lanes coincide."""
        self.regular = regular
        """c, where every lane of the parent became exactly c lanes; else 0."""
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.flat = 0
        self.fuel: NDArray[np.int64] | None = None
        self.status: NDArray[np.int8] | None = None
        self._frozen: NDArray[np.int64] | None = None
        """What dead lanes had spent here when they died; -1 for the others."""
        if parent is not None and parent.status is not None:
            self.status = parent.status.copy() if index is None else parent.status[index]
            self.freeze()
        self._paths: dict[int, Index | None] = {}

    def path(self, ancestor: Lanes) -> Index | None:
        """For each lane its lane in `ancestor`; None where they coincide."""
        if ancestor is self:
            return None
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
        """Fuel spent by each lane in this batch."""
        spent = np.full(self.count, self.flat, dtype=np.int64) if self.fuel is None else self.fuel + self.flat
        return spent if self._frozen is None else np.where(self._frozen >= 0, self._frozen, spent)

    def charge(self, lanes: NDArray[np.int64] | Index, amount: NDArray[np.int64]) -> None:
        """Add fuel to given lanes; a lane may occur more than once, side by side."""
        if self.fuel is None:
            self.fuel = np.zeros(self.count, dtype=np.int64)
        if len(lanes):
            starts = runs(lanes)
            self.fuel[lanes[starts]] += amount if len(starts) == len(lanes) else np.add.reduceat(amount, starts)

    def charge_all(self, amount: NDArray[np.int64]) -> None:
        """Add fuel to every lane."""
        self.fuel = amount.astype(np.int64) if self.fuel is None else self.fuel + amount

    def mark(self, where: NDArray[np.bool_], status: int) -> None:
        """Lanes that were alive until now get a status; raises `Dead` when none is left alive."""
        if not where.any():
            return
        if self.status is None:
            self.status = np.zeros(self.count, dtype=np.int8)
        self.status[where & (self.status == OK)] = status
        self.freeze()
        self.check()

    def inherit(self, index: Index, statuses: NDArray[np.int8]) -> None:
        """Lanes `index` (no repeats) die of what others died of; those dead already stay as they are. Whoever calls
        has charged them, and then `freeze`s them."""
        if self.status is None:
            self.status = np.zeros(self.count, dtype=np.int8)
        fresh = self.status[index] == OK
        self.status[index[fresh]] = statuses[fresh]

    def freeze(self) -> None:
        """What dead lanes have spent changes no more."""
        if self.status is None:
            return
        if self._frozen is None:
            self._frozen = np.full(self.count, -1, dtype=np.int64)
        self._frozen = np.where((self.status != OK) & (self._frozen < 0), self.total(), self._frozen)

    def alive(self) -> NDArray[np.bool_]:
        """Which lanes are alive; not to be written to."""
        if self.status is None:
            return _everyone(self.count)
        return np.asarray(self.status == OK)

    def any_alive(self) -> bool:
        """Whether a lane is alive."""
        return self.status is None or bool((self.status == OK).any())

    def take_back(self, child: Lanes) -> None:
        """Fold a child whose lanes are a subset of these: its fuel and its statuses. Does not raise `Dead`."""
        index = child.index if child.index is not None else np.arange(self.count)
        if child.index is None and child.fuel is None and child._frozen is None:
            self.flat += child.flat
        else:
            self.charge(index, child.total())
        if child.status is not None and child.status.any():
            self.inherit(index, child.status)
            self.freeze()

    def check(self) -> None:
        """Raise `Dead` when no lane is alive."""
        if self.status is not None and self.count and (self.status != OK).all():
            raise Dead
