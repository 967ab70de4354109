"""The entry point of the evaluator: evaluates a term or a call over a batch of lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, TooLarge
from relay.evaluation.calls import call_definition, look_up
from relay.evaluation.evaluator import Observer, Oracle, OutOfWork
from relay.evaluation.frame import Frame
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import EXHAUSTED, OK, Dead, Lanes
from relay.evaluation.machine import Machine
from relay.evaluation.recursion_limit import deep
from relay.evaluation.values import Index, Value, take
from relay.notation.syntax import Definition, Term

WORK_PER_FUEL = 20
"""The work bound of a batch, in nodes times lanes, is the fuel of one lane times this factor, but at least
`LEAST_WORK`. It bounds the time for items that are evaluated together with others and turn out not to be needed."""
LEAST_WORK = 20_000_000
"""The least work bound of a batch, so that small fuel does not abandon batches of many lanes."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The result of a batch.

    `value` is None if no lane is `OK`. `status` is, for each lane, `OK` (0), `UNDEFINED` (1) or `EXHAUSTED` (2); the
    value of a lane that is not `OK` has no meaning. `fuel` is the number of nodes that each lane spent.
    """

    value: Value | None
    status: NDArray[np.int8]
    fuel: NDArray[np.int64]
    work: int
    """The work done, in nodes times lanes. For measurements of time, never for verdicts."""

    @property
    def ok(self) -> NDArray[np.bool_]:
        """A mask of the lanes that have a value."""
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
    """Evaluate `term` over a batch of `lanes` lanes, each of which may spend `fuel` nodes.

    `variables` holds the values of the free names of `term`, including sizes. `observer` receives the values of nodes.
    If there is an `oracle`, it answers the calls of definitions and of given operations. Raises `Undecidable` if the
    model can't answer.
    """
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
    oracle: Oracle | None = None,
) -> Outcome:
    """Evaluate `definition` over a batch of `lanes` lanes, each of which may spend `fuel` nodes.

    `args` are the arguments, in the order of the parameters. The `oracle` is asked as in `evaluate`. Raises
    `Undecidable` if the model can't answer.
    """
    engine = Machine(model, definitions, fuel, max(LEAST_WORK, WORK_PER_FUEL * fuel), oracle=oracle)

    def run(names: Mapping[str, Value], root: Lanes) -> Value:
        slots = [(names[p.name], root) for p in definition.parameters]
        # the oracle answers the calls inside `definition`, which a table would hide
        called = look_up if oracle is None else call_definition
        return called(engine, definition, slots, 1, root)

    names = {p.name: value for p, value in zip(definition.parameters, args, strict=True)}
    return _batch(engine, names, lanes, run)


def _batch(
    engine: Machine, names: Mapping[str, Value], lanes: int, run: Callable[[Mapping[str, Value], Lanes], Value]
) -> Outcome:
    """Evaluate a batch with `run`.

    If a value grows too large, each half of the lanes is evaluated alone, so that only lanes with large values are
    exhausted.
    """
    root = Lanes(lanes)
    value: Value | None = None
    try:
        with deep():
            value = run(names, root)
    except Dead:
        pass
    except (OutOfWork, TooLarge) as stop:  # not `MemoryError`: a status must not depend on the computer's memory
        if lanes > 1 and not isinstance(stop, OutOfWork):
            halves = (np.arange(lanes // 2), np.arange(lanes // 2, lanes))
            parts = [
                _batch(engine, {name: take(value, half) for name, value in names.items()}, len(half), run)
                for half in halves
            ]
            return _joined(parts, halves, engine.done)
        root.inherit(np.arange(lanes), np.full(lanes, EXHAUSTED, dtype=np.int8))
    # Fuel is compared once more at the end, because `check_fuel` is called at some nodes only.
    status = np.zeros(lanes, dtype=np.int8) if root.status is None else root.status
    fuel = root.total()
    status[fuel > engine.fuel] = EXHAUSTED
    return Outcome(value if (status == OK).any() else None, status, fuel, engine.done)


def _joined(parts: Sequence[Outcome], where: Sequence[Index], work: int) -> Outcome:
    pieces = [(index, part.value) for index, part in zip(where, parts, strict=True) if part.value is not None]
    status = np.concatenate([part.status for part in parts])
    fuel = np.concatenate([part.fuel for part in parts])
    return Outcome(scatter(pieces, len(status)) if pieces else None, status, fuel, work)
