"""Calls of definitions and of given operations.

A call is made in the highest batch in which all that it mentions has a value, once for all lanes below that share its
arguments. Where a call may be dear, it is made once for all lanes whose arguments are equal. Each lane is charged as if
it had made the call by itself.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Array
from relay.evaluation.call_sharing import distinct, worth_sharing
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.gathering import scatter
from relay.evaluation.lanes import EXHAUSTED, Dead, Lanes, runs
from relay.evaluation.size_binding import bind, matches
from relay.evaluation.values import Index, Value, take
from relay.notation.syntax import Call, Comprehension, Definition, Term, Type, Variable
from relay.notation.traversal import free_variables

CALL_DEPTH = 256
"""Calls within calls; beyond, the evaluation runs out."""


def make_call(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes) -> Value:
    """The value of a call. Raises `Dead` when no lane is left alive."""
    level = _level(machine, term, frame, lanes)
    path = lanes.path(level)
    if path is not None:
        starts = runs(path)
        if len(starts) < lanes.count:
            back = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(path)))
            return _elsewhere(machine, term, frame, lanes, Lanes(len(starts), level, path[starts]), back)
    elif level is lanes and lanes.count > 1 and not free_variables(term, machine.free):
        some = np.flatnonzero(lanes.alive())[:1]
        back = np.zeros(lanes.count, dtype=np.intp)
        return _elsewhere(machine, term, frame, lanes, Lanes(len(some), lanes, some), back)
    return _here(machine, term, frame, lanes)


def _level(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes) -> Lanes:
    """The highest batch in which all that the call mentions has a value."""
    level: Lanes | None = None
    for name in free_variables(term, machine.free):
        owner = frame.names[name][1]
        if level is None or owner.depth > level.depth:
            level = owner
    return lanes if level is None else level


def _elsewhere(machine: Evaluator, term: Call, frame: Frame, lanes: Lanes, part: Lanes, back: Index) -> Value:
    """Make the call over `part`, once for all lanes that share its arguments; lane l takes what lane `back[l]` has."""
    try:
        value = _here(machine, term, frame, part)
    except Dead:
        value = None
    return _spread(machine, value, part, lanes, np.arange(lanes.count), back)


def _spread(machine: Evaluator, value: Value | None, part: Lanes, lanes: Lanes, where: Index, back: Index) -> Value:
    """Give lanes `where` the outcome of lane `back` of `part`, and charge each of them for it."""
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
    """Value the arguments in this batch, and make the call."""
    slots: list[Slot] = []
    for arg in term.args:
        if isinstance(arg, Variable):
            lanes.flat += 1
            slots.append(frame.names[arg.name])
        else:
            slots.append((machine.run(arg, frame, lanes), lanes))
    if term.key.startswith("given:"):
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
    """The value of a definition, or of the given operation `key`, at given arguments; `depth` calls are around."""
    if machine.oracle is not None:
        return machine.oracle.answer(machine, key, definition, slots, result, depth, lanes)
    if definition is not None:
        return call_definition(machine, definition, slots, depth + 1, lanes)
    places = []
    for value, owner in slots:
        path = lanes.path(owner)
        places.append(cast(Array, value if path is None else take(value, path)))
    return cast(Value, machine.model.operations[key.removeprefix("given:")][tuple(places)])


def call_definition(machine: Evaluator, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
    """A definition's value at given arguments."""
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
    names = {p.name: slot for p, slot in zip(definition.parameters, slots, strict=True)}
    inner = Frame(names, definition, depth)
    bind(machine, definition, inner, lanes)
    value = machine.run(definition.body, inner, lanes)
    if definition.body.type != definition.result or not has_its_type(definition.body):
        matches(machine, definition.result, value, inner, lanes)
    return value


def has_its_type(term: Term) -> bool:
    """Whether the sizes of a term's value are surely those of its type; the branches of `if` may differ, say."""
    return isinstance(term, Variable) or (isinstance(term, Comprehension) and term.kind in ("vector", "matrix"))
