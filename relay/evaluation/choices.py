"""`if`, `and`, `or`, `implies`: each lane values only what it needs."""

from __future__ import annotations

from contextlib import suppress
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import Dead, Lanes
from relay.evaluation.values import Index, Value
from relay.notation.syntax import Choice, Term

Branch = Term | bool
"""What is valued on one side; a truth value costs nothing."""


def choose(machine: Evaluator, term: Choice, frame: Frame, lanes: Lanes) -> Value:
    """The value of the branch that each lane takes. Raises `Dead` when no lane is left alive."""
    first = machine.run(term.args[0], frame, lanes)
    if term.kind == "if":
        return _branches(machine, first, (term.args[1], term.args[2]), frame, lanes)
    if term.kind == "and":
        return _branches(machine, first, (term.args[1], False), frame, lanes)
    if term.kind == "or":
        return _branches(machine, first, (True, term.args[1]), frame, lanes)
    return _branches(machine, first, (term.args[1], True), frame, lanes)


def _branches(
    machine: Evaluator, condition: Value, branches: tuple[Branch, Branch], frame: Frame, lanes: Lanes
) -> Value:
    """The first branch where the condition is true, the second where it is false."""
    then, other = branches
    if isinstance(condition, bool | np.bool_):
        branch = then if condition else other
        return branch if isinstance(branch, bool) else machine.run(branch, frame, lanes)
    alive = lanes.alive()
    mask = cast(NDArray[np.bool_], condition)
    pieces: list[tuple[Index, Value]] = []
    for where, branch in ((mask & alive, then), (~mask & alive, other)):
        index = np.flatnonzero(where)
        if not len(index):
            continue
        if len(index) == lanes.count:
            return branch if isinstance(branch, bool) else machine.run(branch, frame, lanes)
        if isinstance(branch, bool):
            pieces.append((index, branch))
            continue
        part = Lanes(len(index), lanes, index)
        with suppress(Dead):
            pieces.append((index, machine.run(branch, frame, part)))
        lanes.take_back(part)
    lanes.check()
    return scatter(pieces, lanes.count)
