"""Functions as values: partial application, application, and equality."""

from __future__ import annotations

from typing import cast

import numpy as np

from relay.evaluation.application import apply_function, remaining_sizes
from relay.evaluation.closures import Closure, Curried
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.function_equality import LEFT, RIGHT, agreement, size_name
from relay.evaluation.indexing import base
from relay.evaluation.lanes import Lanes
from relay.evaluation.size_binding import bind
from relay.evaluation.type_sizes import size_around, size_of
from relay.evaluation.values import FunctionValue, Size, Target, Value, take
from relay.notation.sizes import bare_names
from relay.notation.syntax import Apply, Definition, FnType, Partial, Type
from relay.notation.traversal import type_terms


def make_partial(machine: Evaluator, term: Partial, frame: Frame, lanes: Lanes) -> Value:
    """Return the function that is a definition, or a given operation, with its first arguments fixed.

    The sizes of the fixed arguments are compared now; the sizes of the other arguments are compared at the call.
    """
    args = tuple(machine.run(arg, frame, lanes) for arg in term.args)
    if term.key.startswith("given:"):
        return _one_target(Closure(term.name, term.key, None, args), (), lanes)
    definition = machine.definitions[term.key] if term.key != "self" else frame.definition
    assert definition is not None
    sizes = _open_sizes(machine, term, definition, args, frame, lanes)
    return _one_target(Closure(term.name, definition.key, definition, args), sizes, lanes)


def _open_sizes(
    machine: Evaluator, term: Partial, definition: Definition, args: tuple[Value, ...], frame: Frame, lanes: Lanes
) -> tuple[Size, ...]:
    """Return the sizes in the types of the missing arguments, then those in the type of the result."""
    count = len(args)
    slots: dict[str, Slot] = {p.name: (v, lanes) for p, v in zip(definition.parameters, args, strict=False)}
    decided = bare_names(p.type for p in definition.parameters[:count])
    left = [size for size in definition.sizes if size not in decided]
    for name, size in zip(left, term.sizes, strict=True):
        slots[name] = (size_around(machine, size, frame, lanes), lanes)
    inner = Frame(slots, definition, frame.depth)
    bind(machine, definition, inner, lanes, count)
    types = (*(p.type for p in definition.parameters[count:]), definition.result)
    return tuple(size_of(machine, size, inner, lanes) for type_ in types for size in type_terms(type_))


def apply(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of `f(x, y)`, where every argument is given."""
    found, path = base(machine, term.args[0], frame, lanes)
    args = [machine.run(arg, frame, lanes) for arg in term.args[1:]]
    kind = cast(FnType, term.args[0].type)
    return apply_function(machine, cast(FunctionValue, found), path, args, kind, frame.depth, lanes)


def curry(machine: Evaluator, term: Apply, frame: Frame, lanes: Lanes) -> Value:
    """Return the value of `f(x)`, where only the first arguments are given: a function of the others."""
    found, path = base(machine, term.args[0], frame, lanes)
    args = [machine.run(arg, frame, lanes) for arg in term.args[1:]]
    kind = cast(FnType, term.args[0].type)
    here = cast(FunctionValue, found if path is None else take(found, path))
    sizes = remaining_sizes(here.sizes, args, kind, lanes)
    return _one_target(Curried(here, kind, tuple(args)), sizes, lanes)


def functions_agree(machine: Evaluator, left: Value, right: Value, kind: Type, frame: Frame, lanes: Lanes) -> Value:
    """For each lane, return whether `left` and `right` are equal. Both are functions, or lists of functions."""
    names: dict[str, Slot] = {LEFT: (left, lanes), RIGHT: (right, lanes)}
    if isinstance(left, FunctionValue):
        names.update({size_name(n): (size, lanes) for n, size in enumerate(left.sizes)})
    return machine.run(agreement(kind), Frame(names, None, frame.depth), lanes)


def _one_target(target: Target, sizes: tuple[Size, ...], lanes: Lanes) -> FunctionValue:
    """Return a function value whose lane l holds function number l of `target`."""
    return FunctionValue(np.zeros(lanes.count, dtype=np.int64), np.arange(lanes.count), (target,), sizes)
