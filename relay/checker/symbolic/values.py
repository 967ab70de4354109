"""What terms mean at sizes that are not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from relay.checker.symbolic.monomials import concrete
from relay.checker.symbolic.sizes import ZERO, GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra
from relay.notation.syntax import Definition, Term


@dataclass(frozen=True, slots=True)
class Number:
    """A natural number: a size, or an index where `index` is given (and then `size` says nothing)."""

    size: Size
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Scalar:
    sum: Sum


@dataclass(frozen=True, slots=True)
class Vector:
    size: Size
    at: Callable[[int], Sum]
    """From an index below `size`."""


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: Size
    columns: Size
    at: Callable[[int, int], Sum]


@dataclass(frozen=True, slots=True)
class SymbolicList:
    """A list; `at` may refuse an index that is not a number."""

    length: Size
    at: Callable[[int], Meaning]


# --- truth values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CertainTruth:
    """A truth value that is certain."""

    value: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """True where a sum of products of `equal` and `less` is 1; elsewhere it is 0."""

    sum: Sum


@dataclass(frozen=True, slots=True)
class Zero:
    """The sum is zero for all values of the indices in `free`."""

    sum: Sum
    free: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NotZero:
    """The sum is not zero for all values of the indices in `free`."""

    sum: Sum
    free: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    given: Formula
    then: Formula


@dataclass(frozen=True, slots=True)
class Same:
    """The two are both true or both false."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Unknown:
    """A truth value that the normal form has no words for, defined everywhere or not."""


Formula = CertainTruth | Indicator | Zero | NotZero | All | Implies | Same | Unknown
Meaning = Number | Scalar | Vector | Matrix | SymbolicList | Formula
Names = Mapping[str, Meaning]


class Reads(Protocol):
    """What reads terms; see `relay.checker.symbolic.interpretation`."""

    algebra: SumAlgebra
    facts: list[Zero]

    def read(self, term: Term, names: Names, callee: Definition | None = None) -> Meaning: ...

    def size(self, term: Term, names: Names) -> Size: ...

    def scalar(self, term: Term, names: Names, callee: Definition | None) -> Sum: ...

    def truth(self, term: Term, names: Names, callee: Definition | None) -> Formula: ...


# --- numbers and indices -------------------------------------------------------------------------------------------


LONGEST = 6
"""Ranges of a known length are written out up to this one."""


def shape_of(value: Meaning) -> tuple[object, ...]:
    """What kind of value it is, and its sizes."""
    if isinstance(value, Vector):
        return Vector, value.size
    if isinstance(value, Matrix):
        return Matrix, value.rows, value.columns
    if isinstance(value, Number | Scalar):
        return (type(value),)
    raise GiveUp


def short(size: Size) -> range:
    """The indices below a size that is a small number, none where it is not."""
    number = size.number
    return range(-1, -1 - number, -1) if number is not None and number <= LONGEST else range(0)


def indexed(index: int) -> Number:
    number = concrete(index)
    return Number(ZERO, index) if number is None else Number(Size.constant(number), index)


def place_of(number: Number) -> int | None:
    """A natural number as an index, where it is one or a constant."""
    if number.index is not None:
        return number.index
    value = number.size.number
    return None if value is None or value < 0 else -1 - value


def size_of(value: Meaning) -> Size:
    if not isinstance(value, Number) or (value.index is not None and concrete(value.index) is None):
        raise GiveUp
    return value.size
