"""The meaning of terms at unknown sizes: numbers, scalars, arrays, lists, and truth values.

An array is a function that takes indices and returns the entry there, a sum. An index is either named or a constant;
see `relay.checker.symbolic.monomials`.
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
    """A natural number: the value of `index` if that is given, otherwise `size`.

    If `index` is given and is not constant, `size` means nothing.
    """

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
    """A condition on indices: true where `sum` is 1, false where it is 0.

    `sum` consists of products of factors `equal` and `less`, and has no other values.
    """

    sum: Sum


@dataclass(frozen=True, slots=True)
class Zero:
    """True if `sum` is zero for all values of the indices in `free`."""

    sum: Sum
    free: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NotZero:
    """The negation of `Zero`: true if `sum` is not zero for some values of the indices in `free`."""

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
    """True if `left` and `right` are both true or both false."""

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
"""A range or list of a known length, at most this one, is written out item by item."""


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
    """Return all constant indices below `size`; none if `size` is unknown or above `LONGEST`."""
    number = size.number
    return range(-1, -1 - number, -1) if number is not None and number <= LONGEST else range(0)


def indexed(index: int) -> Number:
    """Return the natural number that is the value of `index`."""
    number = concrete(index)
    return Number(ZERO, index) if number is None else Number(Size.constant(number), index)


def place_of(number: Number) -> int | None:
    """Return the index whose value is `number`; None if `number` is an unknown size, which is no index."""
    if number.index is not None:
        return number.index
    value = number.size.number
    return None if value is None or value < 0 else -1 - value


def size_of(value: Meaning) -> Size:
    """Return the natural number `value` as a size.

    Raises `GiveUp` if `value` is no natural number, or an index that is not constant.
    """
    if not isinstance(value, Number) or (value.index is not None and concrete(value.index) is None):
        raise GiveUp
    return value.size
