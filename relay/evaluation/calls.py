"""Calls of definitions and of given operations.

A call is made in the batch nearest to the root in which all names that it mentions have a value. One call then serves
all lanes that descend from the same lane there. If a call may be expensive, it is made once for all lanes whose
arguments are equal. Each lane is charged as if it had made the call alone.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Array
from relay.evaluation.call_sharing import distinct, worth_sharing
from relay.evaluation.definition_tables import CALL_DEPTH, places, table_of
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame, Slot, value_over
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import EXHAUSTED, Dead, Lanes, runs
from relay.evaluation.size_binding import bind, matches
from relay.evaluation.values import Index, Value, take
from relay.notation.syntax import TABLES, Call, Comprehension, Definition, Term, Type, Variable
from relay.notation.traversal import free_variables


def make_call(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of a call over lanes. Raises `Dead` if no lane is left alive."""
    level = _level(machine, term, frame, lanes)
    path = lanes.path(level)
    if path is not None:
        starts = runs(path)
        if len(starts) < lanes.count:
            back = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(path)))
            if machine.whole and lanes.status is not None:
                # what only dead lanes descend from is not valued, since nothing is charged for it
                alive = np.flatnonzero(lanes.alive())
                starts = alive[runs(path[alive])]
                back = np.maximum(np.searchsorted(path[starts], path, side="right") - 1, 0)
            # The call is made only in those lanes of `level` from which lanes here descend: the others need no value.
            return _elsewhere(machine, term, frame, lanes, Lanes(len(starts), level, path[starts]), back)
    # A call without free names has one value for all lanes: make it in one living lane.
    elif level is lanes and lanes.count > 1 and not free_variables(term, machine.free):
        some = np.flatnonzero(lanes.alive())[:1]
        back = np.zeros(lanes.count, dtype=np.intp)
        return _elsewhere(machine, term, frame, lanes, Lanes(len(some), lanes, some), back)
    return _here(machine, term, frame, lanes)


def _level(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes) -> Lanes:
    """Return the batch nearest to the root in which all names of the call have a value; `lanes` if it mentions none."""
    level: Lanes | None = None
    for name in free_variables(term, machine.free):
        owner = frame.names[name][1]
        if level is None or owner.depth > level.depth:
            level = owner
    return lanes if level is None else level


def _elsewhere(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes, part: Lanes, back: Index) -> Value:
    """Make the call over `part`, and give lane l of `lanes` the outcome of lane `back[l]` of `part`."""
    try:
        # `Dead` is caught, because `_spread` must charge the lanes before they die.
        value = _here(machine, term, frame, part)
    except Dead:
        value = None
    return _spread(machine, value, part, lanes, np.arange(lanes.count), back)


def _spread(machine: Evaluator, value: Value | None, part: Lanes, lanes: Lanes, where: Index, back: Index) -> Value:
    """Give lane `where[n]` of `lanes` the outcome of lane `back[n]` of `part`, and charge it for the call."""
    lanes.charge(where, part.total()[back])
    if part.status is not None and part.status.any():
        lanes.inherit(where, part.status[back])
        lanes.freeze()
    machine.check_fuel(lanes)
    lanes.check()
    assert value is not None
    whole = len(where) == lanes.count
    spread = take(value, back)
    return spread if whole else scatter([(where, spread)], lanes.count)


def _here(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes) -> Value:
    """Evaluate the arguments of the call over `lanes`, then make the call."""
    slots: list[Slot] = []
    for arg in term.args:
        if isinstance(arg, Variable):
            # The value stays in its own batch, so that equal arguments are not copied to every lane; it costs one node.
            lanes.flat += 1
            slots.append(frame.names[arg.name])
        else:
            slots.append((machine.run(arg, frame, lanes), lanes))
    if term.key.startswith(TABLES):
        return invoke(machine, term.key, None, slots, term.type, frame.depth, lanes)
    definition = machine.definitions[term.key] if term.key != "self" else frame.definition
    assert definition is not None
    return invoke(machine, term.key, definition, slots, definition.result, frame.depth, lanes)


def invoke(
    machine: Evaluator,
    key: str,
    definition: Definition | None,
    slots: list[Slot],
    result: Type,
    depth: int,
    lanes: Lanes,
) -> Value:
    """Return the value of `definition`, or of the given operation `key` if `definition` is None, at `slots`.

    `result` is the type of the value, `depth` the number of enclosing calls. If the machine has an oracle, the oracle
    answers instead.
    """
    if machine.oracle is not None:
        return machine.oracle.answer(machine, key, definition, slots, result, depth, lanes)
    return answered(machine, key, definition, slots, depth, lanes)


def answered(
    machine: Evaluator, key: str, definition: Definition | None, slots: list[Slot], depth: int, lanes: Lanes
) -> Value:
    """Return the value that `invoke` returns without an oracle."""
    if definition is not None:
        return look_up(machine, definition, slots, depth + 1, lanes)
    at = tuple(cast(Array, value_over(slot, lanes)) for slot in slots)
    return cast(Value, machine.model.operations[key.removeprefix("given:")][at])


def look_up(machine: Evaluator, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
    """Return the value that `call_definition` returns, from the definition's table if it has one."""
    table = table_of(machine, definition, depth, _body) if lanes.count else None
    if table is None:
        return call_definition(machine, definition, slots, depth, lanes)
    alive = np.flatnonzero(lanes.alive())
    return _spread(machine, table.value, table.points, lanes, alive, places(table, slots, lanes, alive))


def call_definition(machine: Evaluator, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
    """Return the value of `definition` at `slots` without its table. If `depth` exceeds `CALL_DEPTH`, all lanes are
    exhausted."""
    machine.check_fuel(lanes)
    if depth > CALL_DEPTH:
        lanes.mark(np.ones(lanes.count, dtype=np.bool_), EXHAUSTED)
    if lanes.count > 1 and worth_sharing(definition, machine.definitions):
        alive = np.flatnonzero(lanes.alive())
        found = distinct(slots, lanes, alive)
        if found is not None:
            first, back = found
            part = Lanes(len(first), lanes, alive[first])
            try:
                value = _body(machine, definition, slots, depth, part)
            except Dead:
                value = None
            return _spread(machine, value, part, lanes, alive, back)
    return _body(machine, definition, slots, depth, lanes)


def _body(machine: Evaluator, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
    """Bind the sizes of the arguments, evaluate the definition's body, then check the sizes of its value."""
    names = {p.name: slot for p, slot in zip(definition.parameters, slots, strict=True)}
    inner = Frame(names, definition, depth)
    bind(machine, definition, inner, lanes)
    value = machine.run(definition.body, inner, lanes)
    # Most bodies certainly have their type. The check evaluates sizes, so it is skipped for them.
    if definition.body.type != definition.result or not has_its_type(definition.body):
        matches(machine, definition.result, value, inner, lanes)
    return value


def has_its_type(term: Term) -> bool:
    """Whether the sizes of a term's value are certainly the sizes in its type. Those of an `if`, say, may differ."""
    return isinstance(term, Variable) or (isinstance(term, Comprehension) and term.kind in ("vector", "matrix"))
