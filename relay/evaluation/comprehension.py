"""Comprehensions: every lane becomes one lane an item, the body is valued once over all of them, and a sink folds what
comes out, in the order in which the items stand.

Batches are kept below `MOST_LANES` by working through items in blocks, in order. `any`, `all` and `first` stop where a
lane is decided: what later items would have cost or done is not held against it.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.folds import Deciding, Folding, Listing, Sink
from relay.evaluation.frame import Evaluator, Frame
from relay.evaluation.generators import Drawn, draw
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.values import (
    Index,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    as_array,
    zeros,
)
from relay.notation.syntax import Comprehension, Condition, Generator, ListType, Range

MOST_LANES = 1 << 15
"""Lanes of one batch inside a comprehension."""
FIRST_BLOCK = 16
"""Items a lane that are tried first where one item may decide."""


def comprehend(machine: Evaluator, term: Comprehension, frame: Frame, lanes: Lanes) -> Value:
    """The value of a comprehension over lanes. Raises `Dead` when no lane is left alive."""
    if term.kind == "matrix":
        return _matrix(machine, term, frame, lanes)
    if term.kind in ("any", "all", "first"):
        deciding = Deciding(term.kind, lanes)
        _Walk(machine, term, frame, deciding).clause(0, frame, lanes)
        return deciding.result(machine, term.type, frame)
    if term.kind in ("list", "vector"):
        listing = Listing(lanes)
        _Walk(machine, term, frame, listing).clause(0, frame, lanes)
        listing.settle()
        item_type = term.type.item if isinstance(term.type, ListType) else term.body.type
        value = listing.result(lambda: machine.blank(item_type, frame, lanes))
        if term.kind == "list":
            return machine.even(value, lanes)
        return VectorValue(cast(NDArray[np.int64], value.items), value.length)
    folding = Folding(term.kind, term.body.type, machine.model, lanes)
    _Walk(machine, term, frame, folding).clause(0, frame, lanes)
    folding.settle()
    return folding.result()


def _matrix(machine: Evaluator, term: Comprehension, frame: Frame, lanes: Lanes) -> Value:
    """Rows times columns entries in one go; the two ranges do not depend on each other."""
    sizes: list[Size] = []
    for clause in term.clauses:
        assert isinstance(clause, Generator) and isinstance(clause.source, Range)
        start, stop = (machine.sizes_of(frame, lanes, t) for t in (clause.source.start, clause.source.stop))
        span = stop - start
        sizes.append(max(span, 0) if isinstance(span, int) else np.maximum(span, 0))
    listing = Listing(lanes)
    _Walk(machine, term, frame, listing).clause(0, frame, lanes)
    listing.settle()
    rows, columns = sizes
    flat = listing.result(lambda: zeros(machine.model, (lanes.count,)))
    data = cast(NDArray[np.int64], flat.items)
    if isinstance(rows, int) and isinstance(columns, int):
        return MatrixValue(data.reshape(lanes.count, rows, columns), rows, columns)
    r, c = (np.broadcast_to(np.asarray(s), (lanes.count,)) for s in (rows, columns))
    i = np.arange(int(r.max(initial=0)))[None, :, None]
    j = np.arange(int(c.max(initial=0)))[None, None, :]
    place = np.minimum(i * c[:, None, None] + j, max(data.shape[1] - 1, 0))
    if data.shape[1]:
        spread = data[np.arange(lanes.count)[:, None, None], place]
    else:
        spread = zeros(machine.model, (lanes.count, i.shape[1], j.shape[2]))
    return MatrixValue(spread, rows, columns)


class _Walk:
    """One comprehension's way through its clauses."""

    def __init__(self, machine: Evaluator, term: Comprehension, frame: Frame, sink: Sink) -> None:
        self._machine = machine
        self._term = term
        self._sink = sink

    def clause(self, n: int, frame: Frame, lanes: Lanes) -> None:
        """Go through clauses from number `n` on for the given lanes, descendants of the sink's."""
        if n == len(self._term.clauses):
            self._leaf(frame, lanes)
            return
        clause = self._term.clauses[n]
        try:
            if isinstance(clause, Condition):
                kept = self._machine.run(clause.term, frame, lanes)
            else:
                drawn = draw(self._machine, clause.source, frame, lanes)
        except Dead:
            self._sink.leaf(lanes, None)
        else:
            if isinstance(clause, Condition):
                keep = np.flatnonzero(as_array(kept, lanes.count).astype(np.bool_) | ~lanes.alive())
                if len(keep):
                    self.clause(n + 1, frame, Lanes(len(keep), lanes, keep))
            else:
                self._generate(n, clause, drawn, frame, lanes)
        self._sink.done(lanes)

    def _leaf(self, frame: Frame, lanes: Lanes) -> None:
        try:
            value: Value | None = self._machine.run(self._term.body, frame, lanes)
        except Dead:
            value = None
        self._sink.leaf(lanes, value)
        self._sink.done(lanes)

    def _generate(self, n: int, clause: Generator, drawn: Drawn, frame: Frame, lanes: Lanes) -> None:
        size, items = drawn
        counts = np.broadcast_to(np.asarray(size, dtype=np.int64), (lanes.count,))
        alive = lanes.alive()
        if not (counts[alive] > 0).any():
            if not alive.all():
                self._sink.leaf(lanes, None)
            return
        if not alive.all() and not isinstance(size, int):
            # a dead lane goes along as one item, so that it is met in its place in the order
            counts = np.where(alive, counts, np.minimum(counts, 1))
        whole = int(counts.sum())
        everyone = np.arange(lanes.count)

        def go(which: Index, low: int, high: int) -> None:
            if isinstance(size, int) and low == 0 and high >= size and len(which) == lanes.count:
                index = np.repeat(everyone, size)
                place = np.tile(np.arange(size, dtype=np.int64), lanes.count)
                part = Lanes(len(index), lanes, index, regular=size)
            else:
                spans = np.clip(np.minimum(counts[which], high) - low, 0, None)
                index = np.repeat(which, spans)
                if not len(index):
                    return
                starts = np.cumsum(spans) - spans
                place = np.arange(len(index)) - np.repeat(starts, spans) + low
                part = Lanes(len(index), lanes, index)
            inner = frame.with_name(clause.variable.name, items(index, place), part)
            self.clause(n + 1, inner, part)

        top = lanes is self._sink.root
        if whole <= MOST_LANES and not (top and self._sink.lazy and whole > FIRST_BLOCK * lanes.count):
            go(everyone, 0, int(counts.max()))
        elif top and self._sink.lazy:
            self._by_items(counts, go, everyone)
        else:
            self._by_lanes(counts, go, lanes)

    def _by_items(self, counts: NDArray[np.int64], go: object, which: Index) -> None:
        """A few items of every lane, then more of those still undecided."""
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
        """Consecutive lanes, as many as fit; a lane that alone is too large, a part of its items at a time."""
        start = 0
        reach = np.cumsum(counts)
        owners = lanes.path(self._sink.root)
        while start < lanes.count:
            used = int(reach[start - 1]) if start else 0
            stop = max(int(np.searchsorted(reach, used + MOST_LANES, side="right")), start + 1)
            which = np.arange(start, stop)
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
