"""`seen(5, x, y)`: the value that a phenomenon shows, looked up in its rows.

It stands in the terms of `evaluate` and `match` only, and computes on what is shown to every researcher. Where the rows
show no value, and in every model but the phenomenon's own, it is undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.checker.phenomena import Behaviour, RowGroup
from relay.evaluation.calls import answered
from relay.evaluation.equality import equal, same_shape
from relay.evaluation.evaluator import Evaluator, OutOfWork
from relay.evaluation.frame import Slot, value_over
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import UNDEFINED, Dead, Lanes
from relay.evaluation.values import Index, Value, take
from relay.notation.scope import SEEN, Signature
from relay.notation.syntax import NAT, Definition, Parameter, Type

__all__ = ["SeenRows", "seen_signature"]

PREFIX = "seen:"
NODE_WORK = 100
"""Work of comparing the arguments of all lanes with one row, beside that of the lanes (`relay.evaluation.machine`)."""


def seen_signature(behaviour: Behaviour, place: int) -> Signature:
    """The signature of `seen` for the phenomenon at `place` in its task. Its number, as a researcher knows it, is the
    first argument."""
    parameters = (Parameter("number", NAT), *behaviour.named)
    return Signature.of(SEEN, f"{PREFIX}{place}", parameters, behaviour.sizes, behaviour.result)


@dataclass(frozen=True)
class SeenRows:
    """An oracle for the evaluator that answers the calls of `seen`, and leaves all others as they are."""

    behaviours: Sequence[Behaviour]
    """The phenomena of the task, in its order."""

    def answer(
        self,
        machine: Evaluator,
        key: str,
        definition: Definition | None,
        slots: list[Slot],
        result: Type,
        depth: int,
        lanes: Lanes,
    ) -> Value:
        """The value of a call. Raises `Dead` if no lane is left alive, and `OutOfWork` if the work exceeds its
        bound."""
        if not key.startswith(PREFIX):
            return answered(machine, key, definition, slots, depth, lanes)
        behaviour = self.behaviours[int(key.removeprefix(PREFIX))]
        # the first argument is the number of the phenomenon, which the key says already
        args = [value_over(slot, lanes) for slot in slots[1:]]
        pieces: list[tuple[Index, Value]] = []
        missing = np.ones(lanes.count, dtype=np.bool_)
        for group in behaviour.groups if behaviour.model.name == machine.model.name else ():
            rows = _met(machine, behaviour, group, args, lanes.count)
            where = np.flatnonzero(rows >= 0)
            if len(where):
                pieces.append((where, take(group.output, rows[where])))
                missing[where] = False
        lanes.mark(missing, UNDEFINED)
        if not pieces:
            raise Dead  # only of a batch without lanes: in any other one, all lanes have just been marked
        return scatter(pieces, lanes.count)


def _met(
    machine: Evaluator, behaviour: Behaviour, group: RowGroup, args: Sequence[Value], lanes: int
) -> NDArray[np.intp]:
    """For each lane, the number of the row of `group` whose inputs the lane's arguments are, or -1."""
    found = np.full(lanes, -1, dtype=np.intp)
    for row in range(group.count):
        machine.done += NODE_WORK + lanes * len(args)
        if machine.done > machine.work:
            raise OutOfWork
        here = np.full(lanes, row)
        same = np.ones(lanes, dtype=np.bool_)
        for arg, inputs, type_ in zip(args, group.inputs, behaviour.parameters, strict=True):
            shown = take(inputs, here)
            same &= same_shape(arg, shown)
            same &= equal(arg, shown, lanes, type_, machine.model)
        found[same] = row
    return found
