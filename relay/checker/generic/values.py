"""Generic values of a statement's parameters: all their scalars are different indeterminates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Protocol

from relay.checker.cases import Case
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.fractions import RationalFunctions
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.plain_values import Lst, Mat
from relay.notation.syntax import (
    Definition,
    ListType,
    MatrixType,
    NatType,
    Parameter,
    ScalarType,
    Type,
    VectorType,
)
from relay.notation.traversal import type_terms

MOST_INDETERMINATES = 64
"""The default for the largest number of indeterminates: polynomials in more of them grow too fast."""
BUDGET = 1_000
"""Items and calls that computing the sizes may take."""


class IndeterminateSource(Protocol):
    """A supplier of indeterminates, such as a ring of polynomials."""

    def indeterminates(self, start: int, count: int) -> list[Any]:
        """Returns the indeterminates number `start` to `start + count - 1`."""


class GenericValues:
    """The shapes of a statement's parameters in one case; `values` fills them with indeterminates."""

    def __init__(
        self,
        parameters: Sequence[Parameter],
        case: Case,
        definitions: Mapping[str, Definition],
        most: int = MOST_INDETERMINATES,
    ) -> None:
        """Raises `Undefined` if the parameters have no values in this case, `Undecidable` if a parameter is not made of
        scalars, and `TooLarge` if the values need more than `most` indeterminates."""
        self._fixed: Names = {d.name: value for d, value in case.items() if d.kind != "length"}
        lengths = {(d.name, d.level): value for d, value in case.items() if d.kind == "length"}
        self._shapes: list[tuple[str, Type, tuple[int, ...], tuple[int, ...]]] = []
        self.count = 0
        """Number of indeterminates."""
        names = dict(self._fixed)
        run = Run(RationalFunctions(0), definitions, BUDGET)
        for parameter in parameters:
            inner: Type = parameter.type
            outer: list[int] = []
            while isinstance(inner, ListType):
                outer.append(lengths[parameter.name, len(outer)])
                inner = inner.item
            if isinstance(inner, NatType) and not outer:
                continue
            if outer:
                names[parameter.name] = Lst((None,) * outer[0])  # `len` in a later type needs its length only
            if not isinstance(inner, ScalarType | VectorType | MatrixType):
                raise Undecidable("only scalars have indeterminates")
            sizes = tuple(code(term)(names, run) for term in type_terms(inner))
            self._shapes.append((parameter.name, inner, tuple(outer), sizes))
            self.count += prod((*outer, *sizes))
            if self.count > most:
                raise TooLarge("there are too many scalars for each to be an indeterminate")

    def values(self, ring: IndeterminateSource) -> Names:
        """Returns the values of all parameters, made of `count` indeterminates of the ring."""
        names = dict(self._fixed)
        used = 0
        for name, inner, lengths, sizes in self._shapes:
            names[name], used = _value(inner, lengths, sizes, ring, used)
        return names


def _value(
    inner: Type, lengths: tuple[int, ...], sizes: tuple[int, ...], ring: IndeterminateSource, used: int
) -> tuple[Any, int]:
    if lengths:
        items = []
        for _ in range(lengths[0]):
            item, used = _value(inner, lengths[1:], sizes, ring, used)
            items.append(item)
        return Lst(items, sizes), used
    cells = ring.indeterminates(used, prod(sizes))
    if isinstance(inner, ScalarType):
        return cells[0], used + 1
    value = Mat(sizes[0], sizes[1], cells) if isinstance(inner, MatrixType) else tuple(cells)
    return value, used + len(cells)
