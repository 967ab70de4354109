"""The door to the evaluator: a term or a call, valued over a batch of lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, TooLarge
from relay.evaluation.calls import call_definition
from relay.evaluation.evaluator import Observer, Oracle, OutOfWork
from relay.evaluation.frame import Frame
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import EXHAUSTED, OK, Dead, Lanes
from relay.evaluation.machine import Machine
from relay.evaluation.recursion_limit import deep
from relay.evaluation.values import Index, Value, take
from relay.notation.syntax import Definition, Term

WORK_PER_FUEL = 20
"""What may really be done for a batch, in nodes times lanes: this times the fuel of one lane, and no less than
`LEAST_WORK`. It bounds items that are valued together and then turn out not to be needed."""
LEAST_WORK = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a batch.

    `value` is None when no lane is alive. `status` is, per lane, `OK` (0), `UNDEFINED` (1) or `EXHAUSTED` (2); the
    value of a lane that is not `OK` means nothing. `fuel` is what each lane spent, in nodes.
    """

    value: Value | None
    status: NDArray[np.int8]
    fuel: NDArray[np.int64]
    work: int
    """What was really done, in nodes times lanes; for accounts of time, never for verdicts."""

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Lanes that have a value."""
        return np.asarray(self.status == OK)


def evaluate(
    term: Term,
    variables: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    fuel: int,
    observer: Observer | None = None,
    oracle: Oracle | None = None,
) -> Outcome:
    """Value a term whose free names (sizes too) have the given values. `observer` looks on; calls are answered by
    `oracle` where there is one. Raises `Undecidable` where the model can't answer."""
    engine = Machine(model, definitions, fuel, max(LEAST_WORK, WORK_PER_FUEL * fuel), observer, oracle)

    def run(names: Mapping[str, Value], root: Lanes) -> Value:
        return engine.run(term, Frame({name: (value, root) for name, value in names.items()}), root)

    return _batch(engine, variables, lanes, run)


def call(
    definition: Definition,
    args: Sequence[Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
    fuel: int,
) -> Outcome:
    """Value a definition at arguments in the order of its parameters."""
    engine = Machine(model, definitions, fuel, max(LEAST_WORK, WORK_PER_FUEL * fuel))

    def run(names: Mapping[str, Value], root: Lanes) -> Value:
        return call_definition(engine, definition, [(names[p.name], root) for p in definition.parameters], 1, root)

    names = {p.name: value for p, value in zip(definition.parameters, args, strict=True)}
    return _batch(engine, names, lanes, run)


def _batch(
    engine: Machine, names: Mapping[str, Value], lanes: int, run: Callable[[Mapping[str, Value], Lanes], Value]
) -> Outcome:
    """Value a batch. Where something grows too large, each half is tried alone: lanes die of their own size only."""
    root = Lanes(lanes)
    value: Value | None = None
    try:
        with deep():
            value = run(names, root)
    except Dead:
        pass
    except (OutOfWork, TooLarge) as stop:  # a `MemoryError` is the machine's: no lane's status may depend on it
        if lanes > 1 and not isinstance(stop, OutOfWork):
            halves = (np.arange(lanes // 2), np.arange(lanes // 2, lanes))
            parts = [
                _batch(engine, {name: take(value, half) for name, value in names.items()}, len(half), run)
                for half in halves
            ]
            return _joined(parts, halves, engine.done)
        root.inherit(np.arange(lanes), np.full(lanes, EXHAUSTED, dtype=np.int8))
    status = np.zeros(lanes, dtype=np.int8) if root.status is None else root.status
    fuel = root.total()
    status[fuel > engine.fuel] = EXHAUSTED
    return Outcome(value if (status == OK).any() else None, status, fuel, engine.done)


def _joined(parts: Sequence[Outcome], where: Sequence[Index], work: int) -> Outcome:
    pieces = [(index, part.value) for index, part in zip(where, parts, strict=True) if part.value is not None]
    status = np.concatenate([part.status for part in parts])
    fuel = np.concatenate([part.fuel for part in parts])
    return Outcome(scatter(pieces, len(status)) if pieces else None, status, fuel, work)
