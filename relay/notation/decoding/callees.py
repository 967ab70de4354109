"""What a statement may call, as far as a grammar has to know it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from relay.notation import Scope, print_type
from relay.notation.model_classes import orders, ranges
from relay.notation.scope import given_signatures
from relay.notation.syntax import Definition, Type

__all__ = ["Callee", "callees", "plain_type"]

_SIZES = re.compile(r"\b(Vector|Matrix)\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]")


@dataclass(frozen=True, order=True)
class Callee:
    """What can be called: its name, the types of its parameters and of its result, sizes left out."""

    name: str
    parameters: tuple[str, ...]
    result: str
    ranges: bool = False
    """Whether it ranges over a type with scalars, itself or through what it calls."""
    orders: bool = False
    """Whether it compares scalars by size, itself or through what it calls."""


def callees(scope: Scope, definitions: Mapping[str, Definition]) -> tuple[Callee, ...]:
    """All that a scope can call, sorted; `definitions` by key: what those of the scope rest on."""
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
    """A type without its sizes, as `List[Vector]`."""
    return _SIZES.sub(r"\1", print_type(type))
