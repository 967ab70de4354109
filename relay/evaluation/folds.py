"""Sinks fold the values of a comprehension's body to one result for each root lane.

The root is the batch over which the comprehension itself is evaluated. A leaf is a batch over which the body was
evaluated. Its lanes are sorted by the root lane that they belong to and, within a root lane, by the order of the items.
A sink first looks for *events*: a leaf lane that died, or (if one item may decide) a leaf lane that decided. Only the
first event of a root lane counts; later items are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.gathering import gather_list, scatter
from relay.evaluation.lanes import EXHAUSTED, UNDEFINED, Lanes, runs
from relay.evaluation.naturals import NAT_LIMIT, folded
from relay.evaluation.values import Index, ListValue, Value, agreed, as_array, take
from relay.notation.syntax import BoolType, NatType, Type

_NEVER = np.iinfo(np.int64).max


class Sink:
    """Reports to the root which lanes died and what fuel was spent; subclasses fold the values."""

    lazy = False
    """Whether one item can decide the result, so that later items are not evaluated."""

    def __init__(self, root: Lanes, whole: bool = False) -> None:
        """`whole`: whether items go on after the event that closes a root lane, and are charged."""
        self.root = root
        self._whole = whole
        alive = root.alive()
        self._at_first = alive
        self._died = np.zeros(root.count if whole else 0, dtype=np.int8)
        """If `whole`: the statuses of the root lanes that died. They take effect when all items were received."""
        self.closed = ~alive
        """The root lanes that need no more items, because they are dead or decided."""
        self._cuts: dict[int, NDArray[np.int64]] = {}
        """Batch (by id) -> for each root lane, the last lane of the batch whose fuel is charged to it."""

    def open_lanes(self) -> NDArray[np.bool_]:
        """Return a mask of the root lanes that still need items."""
        return self._at_first if self._whole else ~self.closed

    @property
    def stops(self) -> bool:
        """Whether a root lane that is decided gets no more items."""
        return self.lazy and not self._whole

    def leaf(self, lanes: Lanes, value: Value | None) -> None:
        """Receive the values of the body over the leaf `lanes`; `value` is None if all of its lanes are dead."""
        owner = self.owner(lanes)
        # A fast path: without deaths and decisions there are no events.
        if lanes.status is None and not self.lazy:
            if value is not None:
                self.fold(lanes, owner, value)
            return
        dead = ~lanes.alive()
        decided = self.decides(value, lanes)
        events = dead if decided is None else dead | (decided & ~dead)
        if events.any():
            self._meet(lanes, owner, dead, np.flatnonzero(events & ~self.closed[owner]), value)
        if value is not None:
            self.fold(lanes, owner, value)

    def owner(self, lanes: Lanes) -> Index:
        """For each lane of `lanes`, return the root lane that it belongs to."""
        path = lanes.path(self.root)
        return np.arange(lanes.count) if path is None else path

    def _meet(self, lanes: Lanes, owner: Index, dead: NDArray[np.bool_], events: Index, value: Value | None) -> None:
        """Close the root lanes of `events`. Each is closed by its first event: it dies, or it is decided.

        Also stores, for the leaf and for each batch between it and the root, the last lane that each closed root lane
        pays for.
        """
        # Events are sorted by root lane, so the first of each run is the first event of its root.
        where = events[runs(owner[events])]
        if not len(where):
            return
        roots = owner[where]
        self.closed[roots] = True
        died = dead[where]
        if died.any():
            assert lanes.status is not None
            if self._whole:
                self._died[roots[died]] = lanes.status[where[died]]
            else:
                self.root.inherit(roots[died], lanes.status[where[died]])
        if not died.all() and value is not None:
            self.decide(roots[~died], where[~died], value)
        if self._whole:
            return
        # Batches between leaf and root spent fuel on later items too, for example in conditions: cut them likewise.
        at: Lanes | None = lanes
        while at is not None and at is not self.root:
            cut = self._cuts.setdefault(id(at), np.full(self.root.count, _NEVER))
            path = lanes.path(at)
            cut[roots] = where if path is None else path[where]
            at = at.parent

    def done(self, lanes: Lanes) -> None:
        """Charge each root lane for the fuel of its lanes in the batch `lanes`, up to the event that closed it."""
        if lanes is self.root:
            return
        owner = self.owner(lanes)
        cut = self._cuts.pop(id(lanes), None)
        if cut is None:
            if lanes.fuel is None and lanes.status is None and lanes.regular and lanes.parent is self.root:
                self.root.flat += lanes.flat * lanes.regular
            else:
                self.root.charge(owner, lanes.total())
        else:
            counted = np.arange(lanes.count) <= cut[owner]
            self.root.charge(owner[counted], lanes.total()[counted])

    def settle(self) -> None:
        """Finish, after all items were received and charged. Raises `Dead` if no root lane is left alive."""
        if self._whole:
            where = np.flatnonzero(self._died)
            self.root.inherit(where, self._died[where])
        self.root.freeze()
        self.root.check()

    def decides(self, value: Value | None, lanes: Lanes) -> NDArray[np.bool_] | None:
        """Return a mask of the leaf lanes that decide their root lane, or None if no lane does."""
        return None

    def decide(self, roots: Index, where: Index, value: Value) -> None:
        """Record that the leaf lanes `where` decide the root lanes `roots`."""

    def fold(self, lanes: Lanes, owner: Index, value: Value) -> None:
        """Fold the values of a leaf. Values of dead lanes have no meaning: the results of their roots are ignored."""


class Deciding(Sink):
    """The sink of `any`, `all` and `first`: one item may decide the result."""

    lazy = True

    def __init__(self, kind: str, root: Lanes, whole: bool = False) -> None:
        super().__init__(root, whole)
        self._kind = kind
        self._decided = np.zeros(root.count, dtype=np.bool_)
        self._pieces: list[tuple[Index, Value]] = []

    def decides(self, value: Value | None, lanes: Lanes) -> NDArray[np.bool_] | None:
        if value is None:
            return None
        if self._kind == "first":
            return np.ones(lanes.count, dtype=np.bool_)
        truth = as_array(value, lanes.count).astype(np.bool_)
        return truth if self._kind == "any" else ~truth

    def decide(self, roots: Index, where: Index, value: Value) -> None:
        self._decided[roots] = True
        if self._kind == "first":
            found = value if isinstance(value, int | bool) else take(value, where)
            self._pieces.append((roots, found))

    def result(self) -> Value:
        """Return the truth values; for `first`, the first items. Lanes without items are undefined. Raises `Dead`."""
        self.settle()
        if self._kind != "first":
            return self._decided if self._kind == "any" else ~self._decided
        self.root.mark(~self._decided & self.root.alive(), UNDEFINED)
        return scatter(self._pieces, self.root.count)


class Listing(Sink):
    """The sink of `[...]`, `vector` and `matrix`: it keeps all values, in order."""

    def __init__(self, root: Lanes, whole: bool = False) -> None:
        super().__init__(root, whole)
        self._pieces: list[tuple[Index, Value]] = []

    def fold(self, lanes: Lanes, owner: Index, value: Value) -> None:
        self._pieces.append((owner, as_array(value, lanes.count) if isinstance(value, int | bool) else value))

    def result(self, empty: Callable[[], Value]) -> ListValue:
        """Return the lists. If no lane has an item, the value that `empty` returns gives the shape of the items."""
        nothing = 0 if any(len(owner) for owner, _ in self._pieces) else empty()
        return gather_list(self._pieces, self.root.count, nothing)


class Folding(Sink):
    """The sink of `sum`, `prod`, `count`, `max` and `min`."""

    def __init__(self, kind: str, type_: Type, model: Algebra, root: Lanes, whole: bool = False) -> None:
        super().__init__(root, whole)
        self._kind = kind
        self._natural = isinstance(type_, NatType | BoolType)
        self._model = model
        self._total: Array | None = None
        self._seen = np.zeros(root.count, dtype=np.bool_)

    def fold(self, lanes: Lanes, owner: Index, value: Value) -> None:
        values = as_array(value, lanes.count)
        if values.dtype == np.bool_:
            values = values.astype(np.int64)
        # If every root lane has the same number of items, they form a block without copying.
        regular = lanes.regular if lanes.parent is self.root else 0
        if regular:
            block = values.reshape(self.root.count, regular)
            self._add(None, self._fold_block(block))
            return
        starts = runs(owner)
        roots, counts = owner[starts], np.diff(starts, append=len(owner))
        width = int(counts.max())
        if (counts == width).all():
            block = values.reshape(len(roots), width)
        else:
            # Counts differ by root lane: fill up with a neutral element, so that one operation folds all rows.
            block = self._padding(values, (len(roots), width), starts)
            place = np.arange(len(owner)) - np.repeat(starts, counts)
            block[np.repeat(np.arange(len(roots)), counts), place] = values
        self._add(roots, self._fold_block(block))

    def _padding(self, values: Array, shape: tuple[int, int], starts: Index) -> Array:
        """Return a block of elements that do not change the fold: 0, 1, or for `max` and `min` the row's first item."""
        if self._kind in ("max", "min"):
            return np.repeat(values[starts][:, None], shape[1], axis=1)
        unit = 1 if self._kind == "prod" else 0
        fill = np.full(1, unit, dtype=np.int64)
        return np.broadcast_to(fill if self._natural else self._model.from_int(fill), shape).copy()

    def _fold_block(self, block: Array) -> Array:
        if not self._natural:
            if self._kind in ("max", "min"):
                best = block[:, 0]
                for k in range(1, block.shape[1]):
                    best = self._better(best, block[:, k])
                return best
            return self._model.sum(block) if self._kind == "sum" else self._model.prod(block)
        if self._kind == "max":
            return np.asarray(block.max(axis=1))
        if self._kind == "min":
            return np.asarray(block.min(axis=1))
        return folded(self._kind if self._kind == "prod" else "sum", block)

    def _better(self, a: Array, b: Array) -> Array:
        less = self._model.less(a, b)
        return np.where(less, b, a) if self._kind == "max" else np.where(less, a, b)

    def _add(self, roots: Index | None, part: Array) -> None:
        """Join `part`, the folds of one block, with the totals of earlier blocks. `roots` None means all root lanes."""
        if self._total is None:
            self._total = self._padding_total(part)
        where: Index | slice = slice(None) if roots is None else roots
        old, seen = self._total[where], self._seen[where]
        if self._kind in ("max", "min"):
            pick = np.maximum if self._kind == "max" else np.minimum
            better = pick(old, part) if self._natural else self._better(old, part)
            self._total[where] = np.where(seen, better, part)
        elif self._natural:
            self._total[where] = folded(self._kind if self._kind == "prod" else "sum", np.stack([old, part], axis=-1))
        else:
            op = self._model.mul if self._kind == "prod" else self._model.add
            self._total[where] = np.where(seen, op(old, part), part)
        self._seen[where] = True

    def _padding_total(self, part: Array) -> Array:
        unit = np.full(1, 1 if self._kind == "prod" else 0, dtype=np.int64)
        fill = unit if self._natural else self._model.from_int(unit)
        return np.broadcast_to(fill, (self.root.count,)).astype(part.dtype)

    def result(self) -> Value:
        """Return the folded values. For `max` and `min`, a lane without items is undefined. Raises `Dead`."""
        root = self.root
        if self._kind in ("max", "min"):
            root.mark(~self._seen & root.alive(), UNDEFINED)
        if self._total is None:
            unit = np.full(root.count, 1 if self._kind == "prod" else 0, dtype=np.int64)
            return cast(Array, unit if self._natural else self._model.from_int(unit))
        # Checked when the fold is complete: the meaning does not depend on the blocks in which items are folded.
        if self._natural and (self._total > NAT_LIMIT).any():
            root.mark(self._total > NAT_LIMIT, EXHAUSTED)
        return agreed(self._total) if self._natural and root.count == 1 else self._total
