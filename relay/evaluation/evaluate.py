"""The door to the evaluator: a term or a call, valued over a batch of lanes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.frame import Frame
from relay.evaluation.lanes import EXHAUSTED, OK, Dead, Lanes
from relay.evaluation.machine import Machine, OutOfWork
from relay.evaluation.values import Value
from relay.models.base import Model, TooLarge
from relay.notation.syntax import Definition, Term

WORK_PER_FUEL = 20
"""What may really be done for a batch, in nodes times lanes: this times the fuel of one lane, and no less than
`LEAST_WORK`. It bounds items that are valued together and then turn out not to be needed."""
LEAST_WORK = 20_000_000
RECURSION_LIMIT = 200_000
"""Python frames. The call depth and the nesting of terms are bounded, so this is never reached; the interpreter's own
default would be."""


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
    model: Model,
    definitions: Mapping[str, Definition],
    fuel: int,
    machine: type[Machine] = Machine,
) -> Outcome:
    """Value a term whose free names (sizes too) have the given values. Raises `Undecidable` where the model can't
    answer."""
    root = Lanes(lanes)
    frame = Frame({name: (value, root) for name, value in variables.items()})
    engine = machine(model, definitions, fuel, max(LEAST_WORK, WORK_PER_FUEL * fuel))
    return _guarded(engine, root, lambda: engine.run(term, frame, root))


def call(
    definition: Definition,
    args: Sequence[Value],
    lanes: int,
    model: Model,
    definitions: Mapping[str, Definition],
    fuel: int,
) -> Outcome:
    """Value a definition at arguments in the order of its parameters."""
    root = Lanes(lanes)
    engine = Machine(model, definitions, fuel, max(LEAST_WORK, WORK_PER_FUEL * fuel))
    return _guarded(engine, root, lambda: engine.call(definition, [(value, root) for value in args], 1, root))


def _guarded(engine: Machine, root: Lanes, compute: Callable[[], Value]) -> Outcome:
    if sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)
    value: Value | None = None
    try:
        value = compute()
    except Dead:
        pass
    except (OutOfWork, TooLarge, MemoryError):
        rest = root.alive()
        root.status = np.zeros(root.count, dtype=np.int8) if root.status is None else root.status
        root.status[rest] = EXHAUSTED
    status = np.zeros(root.count, dtype=np.int8) if root.status is None else root.status
    return Outcome(value, status, root.total(), engine.done)
