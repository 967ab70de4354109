"""`[a, b]` and `L + M`."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.gathering import gather_list
from relay.evaluation.lanes import Lanes
from relay.evaluation.type_sizes import guessed_sizes
from relay.evaluation.uniform_sizes import even, leaf_sizes
from relay.evaluation.values import Index, ListValue, Value, blank, item
from relay.notation.syntax import Apply, ListType, Type

ITEM_WORK = 4
"""Work of copying one item from list to list."""


def make_list(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the list of the arguments. Lanes whose items differ in size are undefined. Raises `Dead`."""
    everyone = np.arange(lanes.count)
    pieces = [(everyone, machine.run(arg, frame, lanes)) for arg in term.args]
    item_type = cast(ListType, term.type).item
    listed = gather_list(pieces, lanes.count, _empty(machine, item_type, lanes))
    return even(listed, lanes, lambda: guessed_sizes(machine, item_type, frame, lanes))


def concatenate(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the items of the first list, then those of the second. Each item costs one node. Raises `Dead`."""
    args = [machine.run(arg, frame, lanes) for arg in term.args]
    pieces: list[tuple[Index, Value]] = []
    for value in args:
        listed = cast(ListValue, value)
        length = np.broadcast_to(np.asarray(listed.length, dtype=np.int64), (lanes.count,))
        lanes.charge_all(length)
        machine.check_fuel(lanes)
        machine.done += ITEM_WORK * int(length.sum())
        inside = np.arange(listed.capacity)[None, :] < np.broadcast_to(listed.length, (lanes.count,))[:, None]
        owner, place = np.nonzero(inside)
        pieces.append((owner, item(listed, owner, place)))
    # Both lists are empty in every lane: the first keeps the sizes of its items.
    if not any(len(owner) for owner, _ in pieces):
        return args[0]
    empty = _empty(machine, cast(ListType, term.type).item, lanes)
    return even(gather_list(pieces, lanes.count, empty), lanes, lambda: leaf_sizes(args[0]))


def _empty(machine: Evaluator, item_type: Type, lanes: Lanes) -> Value:
    return blank(item_type, lanes.count, machine.model, lambda size: 0)
