"""`A[i, j]`, `v[i]`, `L[k]` and `len(L)`."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Array
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.lanes import UNDEFINED, Lanes
from relay.evaluation.naturals import Nat, everywhere
from relay.evaluation.values import Index, ListValue, MatrixValue, Size, Value, VectorValue, flattened, item
from relay.notation.syntax import Apply, BoolType, NatType, Term, Variable


def base(machine: Evaluator, term: Term, frame: Frame, lanes: Lanes) -> tuple[Value, Index | None]:
    """Return the value of `term` over some batch, and for each lane of `lanes` its lane in that batch.

    If that batch has the same lanes as `lanes`, the second result is None. The value is not copied to the lanes: to
    read one entry of a matrix, the whole matrix need not be gathered.
    """
    if isinstance(term, Variable):
        lanes.flat += 1
        value, owner = frame.names[term.name]
        return value, lanes.path(owner)
    if isinstance(term, Apply) and term.op == "item" and not isinstance(term.type, NatType | BoolType):
        lanes.flat += 1
        listed, rows, places = _place(machine, term, frame, lanes)
        capacity = cast(ListValue, listed).capacity
        return flattened(cast(ListValue, listed).items), rows * capacity + places[0]
    return machine.run(term, frame, lanes), None


def look_up(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return an entry, a component or an item. Lanes whose index is out of range are undefined. Raises `Dead`."""
    value, rows, places = _place(machine, term, frame, lanes)
    if isinstance(value, MatrixValue | VectorValue):
        return cast(Array, value.data[(rows, *places)])
    return item(cast(ListValue, value), rows, places[0])


def length_of(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the length of a list."""
    listed, path = base(machine, term.args[0], frame, lanes)
    found = cast(ListValue, listed).length
    return found if path is None or isinstance(found, int) else found[path]


def _place(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> tuple[Value, Index, list[Nat]]:
    """Return the indexed value, the lane of this value that each lane reads, and the indices.

    Lanes whose indices are out of range are marked as undefined.
    """
    value, path = base(machine, term.args[0], frame, lanes)
    places = [cast(Nat, machine.run(place, frame, lanes)) for place in term.args[1:]]
    if isinstance(value, MatrixValue):
        bounds: tuple[Size, ...] = (value.rows, value.columns)
    elif isinstance(value, VectorValue):
        bounds = (value.size,)
    else:
        bounds = (cast(ListValue, value).length,)
    for n, bound in enumerate(bounds):
        limit = bound if isinstance(bound, int) or path is None else bound[path]
        inside = places[n] < limit
        if not np.all(inside):
            lanes.mark(~everywhere(inside, lanes), UNDEFINED)
    if lanes.status is not None:  # the indices of dead lanes may be out of range
        places = [np.where(lanes.alive(), place, 0) for place in places]
    return value, np.arange(lanes.count) if path is None else path, places
