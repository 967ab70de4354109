"""Application of function values to all of their arguments: lanes are split by the target that they call."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import numpy as np

from relay.evaluation.evaluator import Evaluator, OutOfWork
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.size_binding import fits
from relay.evaluation.values import FunctionValue, Index, Size, Value, take
from relay.notation.syntax import FnType
from relay.notation.traversal import type_terms

TARGET_WORK = 2_000
"""Work that is added for each target that is applied, because many targets make many small batches."""


def apply_function(
    machine: Evaluator,
    function: FunctionValue,
    path: Index | None,
    args: list[Value],
    kind: FnType,
    depth: int,
    lanes: Lanes,
) -> Value:
    """For each lane, return the value of its function at the arguments `args`. No argument is missing.

    Lane l calls the function in lane `path[l]` of `function`, or in lane l if `path` is None. `kind` is the type of the
    functions, `depth` the number of enclosing calls. Raises `Dead` if no lane is left alive, and `OutOfWork` if the
    work exceeds its bound.
    """
    here = function if path is None else cast(FunctionValue, take(function, path))
    remaining_sizes(here.sizes, args, kind, lanes)
    alive = lanes.alive()
    pieces: list[tuple[Index, Value]] = []
    for n, target in enumerate(here.targets):
        index = np.flatnonzero((here.which == n) & alive)
        if not len(index):
            continue
        machine.done += TARGET_WORK
        if machine.done > machine.work:
            raise OutOfWork
        # The common case: all lanes call one target, so nothing is split or put together.
        if len(index) == lanes.count:
            return target.apply(machine, here.row, args, kind, here.sizes, depth, lanes)
        part = Lanes(len(index), lanes, index)
        sizes = tuple(size if isinstance(size, int) else size[index] for size in here.sizes)
        with suppress(Dead):
            some = [take(arg, index) for arg in args]
            pieces.append((index, target.apply(machine, here.row[index], some, kind, sizes, depth, part)))
        lanes.take_back(part)
    lanes.check()
    return scatter(pieces, lanes.count)


def remaining_sizes(sizes: tuple[Size, ...], args: list[Value], kind: FnType, lanes: Lanes) -> tuple[Size, ...]:
    """Return `sizes` without those that belong to the first arguments, `args`.

    `sizes` are the sizes in the function type `kind`. Lanes in which `args` have other sizes are marked as undefined.
    """
    types = kind.parameters[: len(args)]
    count = sum(len(type_terms(type_)) for type_ in types)
    fits(sizes[:count], types, args, lanes)
    return sizes[count:]
