"""`if`, `and`, `or`, `implies`: each lane evaluates only the operands that it needs."""

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
"""One side of a choice: a term, or a fixed truth value, which costs no fuel."""


def choose(machine: Evaluator, term: Choice, frame: Frame, lanes: Lanes) -> Value:
    """For each lane, return the value of the branch that it takes. Raises `Dead` if no lane is left alive."""
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
    """Return the value of the first branch in lanes where the condition is true, and of the second in the others."""
    then, other = branches
    if isinstance(condition, bool | np.bool_):
        branch = then if condition else other
        return branch if isinstance(branch, bool) else machine.run(branch, frame, lanes)
    alive = lanes.alive()
    mask = cast("NDArray[np.bool_]", condition)
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
        # One branch may kill all of its lanes while the lanes of the other branch live.
        with suppress(Dead):
            pieces.append((index, machine.run(branch, frame, part)))
        lanes.take_back(part)
    lanes.check()
    return scatter(pieces, lanes.count)
