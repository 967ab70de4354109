"""Sizes at a call: bare size names take their values from the arguments; all other sizes are compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.lanes import UNDEFINED, Lanes
from relay.evaluation.naturals import everywhere
from relay.evaluation.type_sizes import size_of
from relay.evaluation.uniform_sizes import leaf_sizes
from relay.evaluation.values import Size, Value
from relay.notation.syntax import Definition, Term, Type, Variable
from relay.notation.traversal import type_terms


def sizes_in(type_: Type, value: Value) -> list[tuple[Term, Size]]:
    """Return each size term of `type_`, with the size that `value` has at that place."""
    return list(zip(type_terms(type_), leaf_sizes(value), strict=True))


def bind(machine: Evaluator, definition: Definition, frame: Frame, lanes: Lanes, count: int | None = None) -> None:
    """Bind the definition's size names in `frame`. Lanes whose arguments have other sizes are marked as undefined.

    Precondition: the definition's parameters are bound in `frame`; only the first `count` of them if it is given.
    """
    unbound = set(definition.sizes) - frame.names.keys()
    compare: list[tuple[Term, Size, Lanes]] = []
    for parameter in definition.parameters[:count]:
        value, owner = frame.names[parameter.name]
        for term, size in sizes_in(parameter.type, value):
            if isinstance(term, Variable) and term.name in unbound:
                unbound.discard(term.name)
                frame.names[term.name] = (size, owner)
            else:
                compare.append((term, size, owner))
    # After all names are bound: a size may mention a name that a later parameter binds.
    for term, size, owner in compare:
        expected = size_of(machine, term, frame, lanes)
        path = lanes.path(owner)
        actual = size if isinstance(size, int) or path is None else size[path]
        _require(expected == actual, lanes)


def fits(expected: Sequence[Size], types: Sequence[Type], args: Sequence[Value], lanes: Lanes) -> None:
    """Mark as undefined the lanes in which `args`, arguments of the types `types`, do not have the sizes `expected`."""
    actual = [size for type_, arg in zip(types, args, strict=True) for _, size in sizes_in(type_, arg)]
    for wanted, found in zip(expected, actual, strict=True):
        _require(wanted == found, lanes)


def matches(machine: Evaluator, type_: Type, value: Value, frame: Frame, lanes: Lanes) -> None:
    """Mark as undefined the lanes in which `value` does not have the sizes in its declared type `type_`."""
    for term, size in sizes_in(type_, value):
        _require(size_of(machine, term, frame, lanes) == size, lanes)


def _require(same: object, lanes: Lanes) -> None:
    if same is not True:
        lanes.mark(~everywhere(cast(bool, same), lanes), UNDEFINED)
