"""Comprehensions: every lane becomes one lane for each item, and the body is evaluated for many items at once.

A sink (`relay.evaluation.folds`) folds the values in the order of the items. Items are processed in blocks, in order,
so that a batch has at most about `MOST_LANES` lanes. `any`, `all` and `first` stop when a lane is decided: the fuel and
the failures of later items do not count. Where the machine counts the span, items go on to the end and all are charged.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Undecidable
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.folds import Deciding, Folding, Listing, Sink
from relay.evaluation.frame import Frame
from relay.evaluation.generators import Drawn, cells, draw
from relay.evaluation.lanes import EXHAUSTED, Dead, Lanes
from relay.evaluation.type_sizes import guessed_sizes
from relay.evaluation.uniform_sizes import even
from relay.evaluation.values import (
    Index,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    as_array,
    blank,
    room,
    zeros,
)
from relay.notation.syntax import Comprehension, Generator, IfClause, ListType, Range

Place = Callable[[Frame, Index, NDArray[np.int64], Lanes], Frame]
"""Called with a frame, arrays `owner` and `k`, and a batch `part` that has one lane for each item. Returns a frame in
which the variables are bound as well: in lane l of `part` to item number `k[l]` of lane `owner[l]`."""
MOST_LANES = 1 << 15
"""Most lanes of one batch inside a comprehension, which bounds memory."""
FIRST_BLOCK = 16
"""If one item may decide the result, this many items of each lane are tried first."""
MOST_KEPT = 4_096
"""The arrays of `_spread` are cached if they have at most this length."""


def comprehend(machine: Evaluator, term: Comprehension, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of a comprehension over lanes. Raises `Dead` if no lane is left alive."""
    if term.kind == "matrix":
        value = _matrix(machine, term, frame, lanes)
    elif term.kind in ("list", "vector"):
        value = _items(machine, term, frame, lanes)
    elif term.kind in ("any", "all", "first"):
        deciding = Deciding(term.kind, lanes, machine.whole)
        _Walk(machine, term, deciding).clause(0, frame, lanes)
        value = deciding.result()
    else:
        folding = Folding(term.kind, term.body.type, machine.model, lanes, machine.whole)
        _Walk(machine, term, folding).clause(0, frame, lanes)
        folding.settle()
        value = folding.result()
    machine.check_fuel(lanes)
    return value


def _items(machine: Evaluator, term: Comprehension, frame: Frame, lanes: Lanes) -> Value:
    """Return the list or the vector of the values of the body."""
    listing = Listing(lanes, machine.whole)
    _Walk(machine, term, listing).clause(0, frame, lanes)
    listing.settle()
    machine.check_fuel(lanes)
    item_type = term.type.item if isinstance(term.type, ListType) else term.body.type
    value = listing.result(lambda: blank(item_type, lanes.count, machine.model, lambda size: 0))
    if term.kind == "list":
        return even(value, lanes, lambda: guessed_sizes(machine, item_type, frame, lanes))
    return VectorValue(cast("NDArray[np.int64]", value.items), value.length)


def _matrix(machine: Evaluator, term: Comprehension, frame: Frame, lanes: Lanes) -> Value:
    """Return a matrix. Both ranges are evaluated first, once each; then one walk computes all entries."""
    drawn: list[Drawn] = []
    names: list[str] = []
    for clause in term.clauses:
        assert isinstance(clause, Generator) and isinstance(clause.source, Range)
        drawn.append(draw(machine, clause.source, frame, lanes))
        names.append(clause.variable.name)
    (rows, row), (columns, column) = drawn

    def place(outer: Frame, owner: Index, k: NDArray[np.int64], part: Lanes) -> Frame:
        width = columns if isinstance(columns, int) else columns[owner]
        i, j = np.divmod(k, np.maximum(width, 1))  # a dead lane goes along as one item, and may have no columns
        return outer.with_name(names[0], row(owner, i), part).with_name(names[1], column(owner, j), part)

    listing = Listing(lanes, machine.whole)
    _Walk(machine, term, listing).items(2, cells(rows, columns), place, frame, lanes)
    listing.settle()
    machine.check_fuel(lanes)
    flat = listing.result(lambda: zeros(machine.model, (lanes.count,)))
    data = cast("NDArray[np.int64]", flat.items)
    if isinstance(rows, int) and isinstance(columns, int) and data.shape[1] == rows * columns:
        return MatrixValue(data.reshape(lanes.count, rows, columns), rows, columns)
    # Sizes differ by lane: move the entries of each lane, which stand side by side, to its rows and columns.
    r, c = (np.where(lanes.alive(), size, 0) for size in (rows, columns))
    most_r, most_c = int(r.max()), int(c.max())
    room(lanes.count, most_r, most_c)
    if not data.shape[1]:
        return MatrixValue(zeros(machine.model, (lanes.count, most_r, most_c)), rows, columns)
    spot = np.arange(most_r)[None, :, None] * c[:, None, None] + np.arange(most_c)[None, None, :]
    spread = data[np.arange(lanes.count)[:, None, None], np.minimum(spot, data.shape[1] - 1)]
    return MatrixValue(spread, rows, columns)


@lru_cache(maxsize=256)
def _spread(lanes: int, size: int) -> tuple[Index, NDArray[np.int64]]:
    """Return two arrays for `lanes` lanes with `size` items each: the lane of each item, and its number in that lane.

    Callers must not write to the arrays.
    """
    index = np.repeat(np.arange(lanes), size)
    k = np.tile(np.arange(size, dtype=np.int64), lanes)
    index.flags.writeable = k.flags.writeable = False  # the cache hands the same arrays to all callers
    return index, k


class _Walk:
    """The walk through the clauses of one comprehension."""

    def __init__(self, machine: Evaluator, term: Comprehension, sink: Sink) -> None:
        self._machine = machine
        self._term = term
        self._sink = sink

    def clause(self, n: int, frame: Frame, lanes: Lanes) -> None:
        """Process the clauses from number `n` on for the given lanes, which descend from the sink's root.

        Every batch is reported to the sink with `done`, also a dead one: its fuel must reach the root.
        """
        if not lanes.any_alive():
            self._sink.leaf(lanes, None)
            self._sink.done(lanes)
            return
        if n == len(self._term.clauses):
            self._leaf(frame, lanes)
            return
        clause = self._term.clauses[n]
        try:
            if isinstance(clause, IfClause):
                kept = self._machine.run(clause.term, frame, lanes)
            else:
                drawn = draw(self._machine, clause.source, frame, lanes)
        except Dead:
            self._sink.leaf(lanes, None)
        except Undecidable:
            if not self._machine.whole:
                raise
            with suppress(Dead):
                lanes.mark(lanes.alive(), EXHAUSTED)
            self._sink.leaf(lanes, None)
        else:
            if isinstance(clause, IfClause):
                # Dead lanes are kept, so that the sink meets them at their place in the order.
                keep = np.flatnonzero(as_array(kept, lanes.count).astype(np.bool_) | ~lanes.alive())
                if len(keep):
                    self.clause(n + 1, frame, Lanes(len(keep), lanes, keep))
            else:
                size, items = drawn
                name = clause.variable.name
                self.items(n + 1, size, lambda f, o, k, part: f.with_name(name, items(o, k), part), frame, lanes)
        self._sink.done(lanes)

    def _leaf(self, frame: Frame, lanes: Lanes) -> None:
        try:
            value: Value | None = self._machine.run(self._term.body, frame, lanes)
        except Dead:
            value = None
        self._sink.leaf(lanes, value)
        self._sink.done(lanes)

    def items(self, n: int, size: Size, place: Place, frame: Frame, lanes: Lanes) -> None:
        """Make one lane for each item of each lane; then process the clauses from number `n` on, in blocks of lanes."""
        if isinstance(size, int) and lanes.status is None and self._plainly(n, size, place, frame, lanes):
            return
        counts = np.broadcast_to(np.asarray(size, dtype=np.int64), (lanes.count,))
        alive = lanes.alive()
        if not (counts[alive] > 0).any():
            if not alive.all():
                self._sink.leaf(lanes, None)
            return
        if int(counts.max()) > self._machine.fuel or not (isinstance(size, int) or alive.all()):
            # A dead lane goes along as one item, so that the sink meets it at its place in the order. A lane can't pay
            # for more items than it has fuel: one item more is enough to exhaust it.
            counts = np.where(alive, np.minimum(counts, self._machine.fuel + 1), 1)
            size = counts
        whole = int(counts.sum())
        everyone = np.arange(lanes.count)

        def go(which: Index, low: int, high: int) -> None:
            if isinstance(size, int) and low == 0 and high >= size and len(which) == lanes.count:
                index = np.repeat(everyone, size)
                k = np.tile(np.arange(size, dtype=np.int64), lanes.count)
                part = Lanes(len(index), lanes, index, regular=size)
            else:
                # A block takes the items from `low` to `high`; lanes with fewer items contribute fewer or none.
                spans = np.clip(np.minimum(counts[which], high) - low, 0, None)
                index = np.repeat(which, spans)
                if not len(index):
                    return
                starts = np.cumsum(spans) - spans
                k = np.arange(len(index)) - np.repeat(starts, spans) + low
                part = Lanes(len(index), lanes, index)
            self.clause(n, place(frame, index, k, part), part)

        top = lanes is self._sink.root
        if whole <= MOST_LANES and not (top and self._sink.stops and whole > FIRST_BLOCK * lanes.count):
            go(everyone, 0, int(counts.max()))
        elif top and self._sink.stops:
            self._by_items(counts, go, everyone)
        else:
            self._by_lanes(counts, go, lanes)

    def _plainly(self, n: int, size: int, place: Place, frame: Frame, lanes: Lanes) -> bool:
        """Process all items at once. If they need blocks, do nothing and return False.

        Precondition: all lanes are alive and have `size` items each. This is a fast path for the common case: small
        comprehensions inside large batches.
        """
        if size <= 0:
            return True
        whole = size * lanes.count
        lazy = self._sink.stops and lanes is self._sink.root and whole > FIRST_BLOCK * lanes.count
        if size > self._machine.fuel or whole > MOST_LANES or lazy:
            return False
        index, k = _spread(lanes.count, size) if whole <= MOST_KEPT else _spread.__wrapped__(lanes.count, size)
        part = Lanes(whole, lanes, index, regular=size)
        self.clause(n, place(frame, index, k, part), part)
        return True

    def _by_items(self, counts: NDArray[np.int64], go: object, which: Index) -> None:
        """Process a few items of every lane, then more items of the lanes that are still undecided."""
        # Blocks grow, because a lane that the first items did not decide is likely to need many.
        low, block = 0, FIRST_BLOCK
        most = int(counts.max())
        while low < most:
            which = which[self._sink.open_lanes()[which] & (counts[which] > low)]
            if not len(which):
                return
            high = low + max(1, min(block, MOST_LANES // len(which)))
            go(which, low, high)  # type: ignore[operator]
            low, block = high, block * 4

    def _by_lanes(self, counts: NDArray[np.int64], go: object, lanes: Lanes) -> None:
        """Process consecutive lanes together, as many at a time as `MOST_LANES` allows.

        If one lane alone has more items, its items are split into blocks.
        """
        start = 0
        reach = np.cumsum(counts)
        owners = lanes.path(self._sink.root)
        while start < lanes.count:
            used = int(reach[start - 1]) if start else 0
            stop = max(int(np.searchsorted(reach, used + MOST_LANES, side="right")), start + 1)
            which = np.arange(start, stop)
            # Lanes whose root an earlier block closed need no more items.
            which = which[self._sink.open_lanes()[which if owners is None else owners[which]]]
            if len(which) == 1 and counts[which[0]] > MOST_LANES:
                low = 0
                while low < counts[which[0]]:
                    if not self._sink.open_lanes()[which if owners is None else owners[which]].all():
                        break
                    go(which, low, low + MOST_LANES)  # type: ignore[operator]
                    low += MOST_LANES
            elif len(which):
                go(which, 0, int(counts.max()))  # type: ignore[operator]
            start = stop
