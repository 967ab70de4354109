"""What terms mean at sizes that are not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relay.checking.allsizes.sizes import Size
from relay.checking.allsizes.sums import Sum


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
class Items:
    """A list; `at` may refuse an index that is not a number."""

    length: Size
    at: Callable[[int], Meaning]


# --- truth values ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
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


Formula = Fact | Indicator | Zero | NotZero | All | Implies | Same | Unknown
Meaning = Number | Scalar | Vector | Matrix | Items | Formula
