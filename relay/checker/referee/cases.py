"""The sizes at which a claim is judged, and its parameters' values at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from relay.checker.referee.arithmetic import Inexpressible, NoValue
from relay.checker.referee.interpreter import Interpreter
from relay.checker.referee.values import Listed, RefereeMatrix, RefereeVector, Scalar, Value
from relay.notation.syntax import (
    BoolType,
    Claim,
    ListType,
    MatrixType,
    NatType,
    Parameter,
    ScalarType,
    Type,
    VectorType,
)
from relay.notation.traversal import type_terms

MOST_ENTRIES = 40
"""Largest number of scalars, arrays and lists in all parameters of a case."""


@dataclass(frozen=True, slots=True)
class Case:
    """The natural numbers of a claim.

    `numbers` gives the value of each size name and `Nat` parameter. `lengths` gives, for each parameter that is a list,
    one length per level of nesting, from the outermost list inwards.
    """

    numbers: Mapping[str, int]
    lengths: Mapping[str, tuple[int, ...]]

    def words(self) -> str:
        """Return the case as text, such as `n = 2, len(L) = 1`."""
        lengths = [f"len({name}{'[.]' * k}) = {v}" for name, its in self.lengths.items() for k, v in enumerate(its)]
        return ", ".join([f"{name} = {v}" for name, v in self.numbers.items()] + lengths)


def cases(claim: Claim, largest: int = 2) -> Iterator[Case]:
    """Yield every case whose numbers are at most `largest`, small cases first.

    Sizes start from 1; `Nat` parameters and lengths of lists start from 0.
    """
    naturals = [p.name for p in claim.parameters if isinstance(p.type, NatType)]
    lists = [p for p in claim.parameters if isinstance(p.type, ListType)]
    deep = [_depth(p.type) for p in lists]
    spans = [range(1, largest + 1)] * len(claim.sizes) + [range(largest + 1)] * (len(naturals) + sum(deep))
    for numbers in sorted(product(*spans), key=lambda row: (max(row, default=0), sum(row), row)):
        # The tail of the row holds the lengths of lists, one for each level of nesting.
        left = list(numbers[len(claim.sizes) + len(naturals) :])
        lengths = {}
        for parameter, depth in zip(lists, deep, strict=True):
            lengths[parameter.name], left = tuple(left[:depth]), left[depth:]
        yield Case(dict(zip((*claim.sizes, *naturals), numbers, strict=False)), lengths)


def _depth(type_: Type) -> int:
    """Return how many levels of lists a type has; 0 if it is no list."""
    return 1 + _depth(type_.item) if isinstance(type_, ListType) else 0


@dataclass(frozen=True, slots=True)
class PartSource:
    """Supplies the parts of the parameters' values, one by one, in the order of the parameters."""

    scalar: Callable[[], Scalar]
    truth: Callable[[], Value]
    natural: Callable[[], int]
    """Supplies items of lists of naturals. Other naturals belong to the case."""


def values(
    parameters: Sequence[Parameter], case: Case, interpreter: Interpreter, source: PartSource
) -> dict[str, Value] | None:
    """Return the values of all parameters and size names at `case`, by name; None if a size in a type is undefined.

    Raises `Inexpressible` for more than `MOST_ENTRIES` parts, and for types that the referee does not know.
    """
    names: dict[str, Value] = {
        **case.numbers,
        **{name: Listed((False,) * lengths[0]) for name, lengths in case.lengths.items()},  # sizes may mention `len`
    }
    made: dict[str, Value] = dict(case.numbers)
    count = 0

    def build(type_: Type, sizes: tuple[int, ...], lengths: tuple[int, ...]) -> Value:
        nonlocal count
        count += 1
        if count > MOST_ENTRIES:
            raise Inexpressible("too many entries")
        if isinstance(type_, ListType):
            return Listed(tuple(build(type_.item, sizes, lengths[1:]) for _ in range(lengths[0])), sizes)
        if isinstance(type_, VectorType):
            return RefereeVector(tuple(build(_SCALAR, (), ()) for _ in range(sizes[0])))
        if isinstance(type_, MatrixType):
            rows = tuple(tuple(build(_SCALAR, (), ()) for _ in range(sizes[1])) for _ in range(sizes[0]))
            return RefereeMatrix(sizes[0], sizes[1], rows)
        if isinstance(type_, ScalarType):
            return source.scalar()
        if isinstance(type_, BoolType):
            return source.truth()
        if isinstance(type_, NatType):
            return source.natural()
        raise Inexpressible("the claim uses a sort of the task")

    for parameter in parameters:
        if isinstance(parameter.type, NatType):
            continue  # the case gives its value
        try:
            sizes = tuple(interpreter.value(size, names) for size in type_terms(parameter.type))
        except NoValue:
            return None
        made[parameter.name] = build(parameter.type, sizes, case.lengths.get(parameter.name, ()))
    return made


_SCALAR = ScalarType()
