"""Definitions as the search calls them: their parameters by shape, and the arguments that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from relay.notation.syntax import (
    BoolType,
    Definition,
    MatrixType,
    NatType,
    ScalarType,
    Term,
    Type,
    Variable,
    VectorType,
)
from relay.researcher.bench import Shape

Kind = Shape | str
"""The kind of a value: a shape, `bool`, or `nat` for a natural number. The argument of a `nat` parameter has the kind
`nat:SIZE`, where SIZE is the size name that is passed."""


@dataclass(frozen=True, slots=True)
class Callable:
    """A definition as the search calls it."""

    name: str
    definition: Definition
    parameters: tuple[Kind, ...]
    result: Kind
    """`bool`, or a shape whose sizes are size names or names of `Nat` parameters."""

    @property
    def sizes(self) -> dict[str, str]:
        """Size name of the definition, in order -> size name of the public points."""
        sizes = dict.fromkeys(size for kind in self.parameters if isinstance(kind, tuple) for size in kind)
        # The public points know three sizes; a fourth name shares one with the first.
        return {size: "nml"[at % 3] for at, size in enumerate(sizes)}

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes of the scalar and array parameters, with the size names of the public points."""
        names = self.sizes
        return tuple(tuple(names[size] for size in kind) for kind in self.parameters if isinstance(kind, tuple))

    def fits(self, kinds: Sequence[Kind], sizes: Sequence[str]) -> Iterator[tuple[tuple[Kind, ...], Kind]]:
        """Yield the tuples of kinds of arguments that fit the parameters, each with the kind of the call.

        `kinds` are the kinds of the arguments at hand. `sizes` are the size names that may be passed for `Nat`
        parameters.
        """
        options: list[list[Kind]] = []
        for parameter in self.parameters:
            if parameter == "nat":
                options.append([f"nat:{size}" for size in sizes])
            else:
                options.append(
                    [kind for kind in kinds if type(kind) is type(parameter) and len(kind) == len(parameter)]
                )
        for choice in product(*options):
            bound = self._bind(choice)
            if bound is None:
                continue
            if isinstance(self.result, str):
                yield choice, self.result
            elif all(size in bound for size in self.result):
                yield choice, tuple(bound[size] for size in self.result)

    def _bind(self, choice: Sequence[Kind]) -> Mapping[str, str] | None:
        bound: dict[str, str] = {}
        for at, (parameter, kind) in enumerate(zip(self.parameters, choice, strict=True)):
            if parameter == "nat":
                assert isinstance(kind, str)
                pairs = [(self.definition.parameters[at].name, kind.removeprefix("nat:"))]
            elif isinstance(parameter, str) or isinstance(kind, str):
                if parameter != kind:
                    return None
                pairs = []
            else:
                pairs = list(zip(parameter, kind, strict=True))
            for name, size in pairs:
                if bound.setdefault(name, size) != size:
                    return None
        return bound


def callable_from(name: str, definition: Definition) -> Callable | None:
    """Return a definition as a callable, or None if the search can't call it.

    The search can call a definition that has parameters, if all types are scalars, arrays of named sizes or truth
    values. Parameters may also be natural numbers.
    """
    parameters = [_kind(parameter.type) for parameter in definition.parameters]
    result = _kind(definition.result)
    if result is None or result == "nat" or any(kind is None for kind in parameters) or not parameters:
        return None
    return Callable(name, definition, tuple(kind for kind in parameters if kind is not None), result)


def _kind(type_: Type) -> Kind | None:
    if isinstance(type_, ScalarType):
        return ()
    if isinstance(type_, BoolType):
        return "bool"
    if isinstance(type_, NatType):
        return "nat"
    sizes: tuple[Term, ...]
    if isinstance(type_, VectorType):
        sizes = (type_.size,)
    elif isinstance(type_, MatrixType):
        sizes = (type_.rows, type_.columns)
    else:
        return None
    names = tuple(size.name for size in sizes if isinstance(size, Variable))
    return names if len(names) == len(sizes) else None
