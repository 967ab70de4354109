"""The names that a statement may use: what is given, and the definitions that its author can call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from relay.notation.syntax import Definition, Parameter, SortType, Type
from relay.notation.traversal import type_names
from relay.records.task import Given

__all__ = ["RESERVED", "Scope", "Signature", "given_signatures"]

RESERVED = frozenset({
    "True", "False", "and", "or", "not", "implies", "if", "else", "for", "in",
    "range", "sum", "prod", "all", "any", "count", "max", "min", "first", "vector",
    "matrix", "len", "scalar", "conj", "permutations", "subsets", "define", "claim", "over", "where",
    "Nat", "Bool", "Scalar", "Vector", "Matrix", "List", "Fn", "fields", "reals", "complexes",
})  # fmt: skip
"""Words of the notation, which name nothing else. The grammar has the same list; a test compares them."""


@dataclass(frozen=True)
class Scope:
    """What is given, and callable definitions by the name under which they are called."""

    given: Given
    definitions: Mapping[str, Definition] = field(default_factory=dict)

    def adding(self, definition: Definition) -> Scope:
        """This scope with one more definition; one of the same name is replaced."""
        return Scope(self.given, {**self.definitions, definition.name: definition})


@dataclass(frozen=True, slots=True)
class Signature:
    """What a call needs to know of what it calls."""

    name: str
    key: str
    parameters: tuple[Parameter, ...]
    sizes: tuple[str, ...]
    result: Type
    dependent: frozenset[str]
    """Parameters that stand in the sizes of types: their arguments stand in the sizes of the call's type."""

    @staticmethod
    def of(name: str, key: str, parameters: Sequence[Parameter], sizes: Sequence[str], result: Type) -> Signature:
        """The signature of a definition."""
        mentioned = type_names(result)
        for parameter in parameters:
            mentioned |= type_names(parameter.type)
        return Signature(name, key, tuple(parameters), tuple(sizes), result, mentioned - frozenset(sizes))


def given_signatures(given: Given) -> dict[str, Signature]:
    """The operations of a task."""
    return {
        operation.name: Signature.of(
            operation.name,
            f"given:{operation.name}",
            [Parameter(f"x{index}", SortType(sort)) for index, sort in enumerate(operation.parameters)],
            (),
            SortType(operation.result),
        )
        for operation in given.operations
    }
