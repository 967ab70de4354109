"""The callees of a statement, with as much as a decoding grammar needs to know about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from relay.notation import Scope, print_type
from relay.notation.model_classes import orders, ranges
from relay.notation.scope import given_signatures
from relay.notation.syntax import Definition, Type

__all__ = ["Callee", "callees", "plain_type", "without_sizes"]

# An array type with its sizes, which may hold one level of brackets, as in `Vector[ks[0]]`.
_SIZES = re.compile(r"\b(Vector|Matrix)\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]")


@dataclass(frozen=True, order=True)
class Callee:
    """A definition or an operation that can be called, with types without sizes."""

    name: str
    parameters: tuple[str, ...]
    result: str
    ranges: bool = False
    """Whether it ranges over a type with scalars, itself or through its callees."""
    orders: bool = False
    """Whether it compares scalars by size, itself or through its callees."""


def callees(scope: Scope, definitions: Mapping[str, Definition]) -> tuple[Callee, ...]:
    """Everything that a scope can call, sorted. `definitions`, by key, holds all that its definitions rest on."""
    found = [
        Callee(name, tuple(plain_type(parameter.type) for parameter in one.parameters), plain_type(one.result))
        for name, one in given_signatures(scope.given).items()
    ]
    for name, definition in scope.definitions.items():
        found.append(
            Callee(
                name,
                tuple(plain_type(parameter.type) for parameter in definition.parameters),
                plain_type(definition.result),
                ranges(definition, definitions),
                orders(definition, definitions),
            )
        )
    return tuple(sorted(found))


def plain_type(type: Type) -> str:
    """The type as text without sizes, such as `List[Vector]`."""
    return without_sizes(print_type(type))


def without_sizes(type: str) -> str:
    """A type that is given as text, without its sizes."""
    return _SIZES.sub(r"\1", type)
