"""The meaning of terms at unknown sizes: numbers, scalars, arrays, lists, and truth values.

An array is a function from indices to the sum that is its entry. `concrete` in `monomials` says which indices are
constants.
"""

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
    """A natural number: the size, or, if `index` is given, that index. If an index is not constant, ignore `size`."""

    size: Size
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Scalar:
    sum: Sum


@dataclass(frozen=True, slots=True)
class Vector:
    size: Size
    at: Callable[[int], Sum]
    """Returns the entry at an index, which must lie below `size`."""


@dataclass(frozen=True, slots=True)
class Matrix:
    rows: Size
    columns: Size
    at: Callable[[int, int], Sum]


@dataclass(frozen=True, slots=True)
class SymbolicList:
    """A list. `at` may raise `GiveUp` for an index that is not constant."""

    length: Size
    at: Callable[[int], Meaning]


# --- truth values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CertainTruth:
    """A truth value that is the same for all values of the parameters."""

    value: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """True if the sum, whose values are 0 and 1, is 1. It consists of products of `equal` and `less`."""

    sum: Sum


@dataclass(frozen=True, slots=True)
class Zero:
    """The sum is zero for all values of the indices in `free`."""

    sum: Sum
    free: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NotZero:
    """The negation of `Zero`: for some values of the indices in `free`, the sum is not zero."""

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
    """Both formulas are true, or both are false."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Unknown:
    """A truth value that the normal form can't express. It is never proved, and nothing follows from it."""


Formula = CertainTruth | Indicator | Zero | NotZero | All | Implies | Same | Unknown
Meaning = Number | Scalar | Vector | Matrix | SymbolicList | Formula
Names = Mapping[str, Meaning]


class Reads(Protocol):
    """Interprets terms; implemented by `relay.checker.symbolic.interpretation.TermInterpreter`."""

    algebra: SumAlgebra
    facts: list[Zero]

    def read(self, term: Term, names: Names, callee: Definition | None = None) -> Meaning: ...

    def size(self, term: Term, names: Names) -> Size: ...

    def scalar(self, term: Term, names: Names, callee: Definition | None) -> Sum: ...

    def truth(self, term: Term, names: Names, callee: Definition | None) -> Formula: ...


# --- numbers and indices -------------------------------------------------------------------------------------------


LONGEST = 6
"""Ranges of a known length up to this one are written out."""


def shape_of(value: Meaning) -> tuple[object, ...]:
    """Return the kind and the sizes of a value. Raises `GiveUp` for lists and truth values."""
    if isinstance(value, Vector):
        return Vector, value.size
    if isinstance(value, Matrix):
        return Matrix, value.rows, value.columns
    if isinstance(value, Number | Scalar):
        return (type(value),)
    raise GiveUp


def short(size: Size) -> range:
    """Return the constant indices below a size; empty if the size is unknown or above `LONGEST`."""
    number = size.number
    return range(-1, -1 - number, -1) if number is not None and number <= LONGEST else range(0)


def indexed(index: int) -> Number:
    """Return an index as a natural number."""
    number = concrete(index)
    return Number(ZERO, index) if number is None else Number(Size.constant(number), index)


def place_of(number: Number) -> int | None:
    """Return a natural number as an index; None if it is an unknown size."""
    if number.index is not None:
        return number.index
    value = number.size.number
    return None if value is None or value < 0 else -1 - value


def size_of(value: Meaning) -> Size:
    """Return a natural number as a size. Raises `GiveUp` for other values and for unknown indices."""
    if not isinstance(value, Number) or (value.index is not None and concrete(value.index) is None):
        raise GiveUp
    return value.size
