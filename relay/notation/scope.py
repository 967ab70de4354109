"""The names that a statement may use: the operations of the task, and the definitions that its author can call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from relay.notation.syntax import Definition, Parameter, SortType, Type
from relay.notation.traversal import type_names
from relay.records.task import Given

__all__ = ["RESERVED", "SEEN", "Scope", "Signature", "given_signatures"]

RESERVED = frozenset({
    "True", "False", "and", "or", "not", "implies", "if", "else", "for", "in",
    "range", "sum", "prod", "all", "any", "count", "max", "min", "first", "vector",
    "matrix", "len", "scalar", "conj", "permutations", "subsets", "define", "claim", "over", "where",
    "Nat", "Bool", "Scalar", "Vector", "Matrix", "List", "Fn", "fields", "reals", "complexes",
})  # fmt: skip
"""The words of the notation, which can't be names. The grammar has the same list; a test compares the two."""

SEEN = "seen"
"""The name under which `evaluate` and `match` look up what a phenomenon shows. It is no word of the notation: a
definition may have it."""


@dataclass(frozen=True)
class Scope:
    """What the task gives, and the callable definitions by the name under which a statement calls them."""

    given: Given
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    seen: Mapping[int, Signature] | None = None
    """Number of a phenomenon -> the signature of `seen` with this number. None in statements, which can't use `seen`.
    A definition or an operation of the name `seen` takes its place."""

    def adding(self, definition: Definition) -> Scope:
        """This scope with one more definition, which replaces one of the same name."""
        return Scope(self.given, {**self.definitions, definition.name: definition}, self.seen)


@dataclass(frozen=True, slots=True)
class Signature:
    """What the elaboration of a call needs to know about the callee."""

    name: str
    key: str
    parameters: tuple[Parameter, ...]
    sizes: tuple[str, ...]
    result: Type
    dependent: frozenset[str]
    """Names of the parameters that stand in sizes. In the type of a call, the arguments for them take their place."""

    @staticmethod
    def of(name: str, key: str, parameters: Sequence[Parameter], sizes: Sequence[str], result: Type) -> Signature:
        """The signature of a definition, or of an operation of the task."""
        mentioned = type_names(result)
        for parameter in parameters:
            mentioned |= type_names(parameter.type)
        return Signature(name, key, tuple(parameters), tuple(sizes), result, mentioned - frozenset(sizes))


def given_signatures(given: Given) -> dict[str, Signature]:
    """The signatures of the operations of a task, by name."""
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
