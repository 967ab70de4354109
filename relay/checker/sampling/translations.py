"""Functions between sorts: the given operations of a structure, applied to the arguments and to constants."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.checker.sampling.function_sampler import MOST_POINTS, FunctionSampler, Maker
from relay.checker.sampling.general_functions import random
from relay.evaluation.algebra.base import Array
from relay.evaluation.function_families import Table, points
from relay.evaluation.values import Target
from relay.notation.syntax import SortType


def translations(s: FunctionSampler) -> list[Maker]:
    """Return one family for each argument of each operation whose values fit the result's sort.

    If the operation has as many arguments as the function, the family is the operation with that argument moved to the
    front. If it has one more, that argument is held fixed (in a group, this gives the translations). Sorts are told
    apart by their sizes alone.
    """
    found: list[Maker] = []
    sorts = [part.name for part in s.kind.parameters if isinstance(part, SortType)]
    taken = points(s.kind, s.sizes, s.model, MOST_POINTS)
    if taken is None or len(sorts) != len(s.kind.parameters):
        return found
    wanted = s.model.carriers[cast(SortType, s.kind.result).name]
    carriers = tuple(s.model.carriers[name] for name in sorts)
    for name in sorted(s.model.operations):
        table = s.model.operations[name]
        if int(table.max(initial=0)) < wanted and table.ndim in (len(sorts), len(sorts) + 1):
            found += [_translation(s, table, carriers, axis) for axis in range(table.ndim)]
    return found


def _translation(s: FunctionSampler, table: Array, carriers: tuple[int, ...], axis: int) -> Maker:
    def make(count: int) -> Target:
        turned = np.moveaxis(table, axis, 0)
        if table.ndim == len(carriers):
            fixed = np.broadcast_to(turned, (count, *turned.shape)) if turned.shape == carriers else None
        else:
            at = s.rng.integers(0, table.shape[axis], size=count)
            fixed = turned[at] if turned.shape[1:] == carriers else None
        if fixed is None:  # with this axis moved or fixed, the operation has other sorts
            return random(s, count)
        return Table(fixed.reshape(-1).astype(np.int64), int(np.prod(carriers)))

    return make
