"""Values of the notation whose scalars are anything at all. Naturals and truth values are Python's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Scalar = Any
"""What the arithmetic at hand calculates with."""


@dataclass(frozen=True, slots=True)
class RefereeVector:
    """`size` scalars."""

    entries: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class RefereeMatrix:
    """Rows of scalars; `columns` is known even where there are no rows."""

    rows: int
    columns: int
    entries: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list; `sizes` are those of the arrays in it, which an empty list has too."""

    items: tuple[Value, ...]
    sizes: tuple[int, ...] = field(default=(), compare=False)


Value = Any
"""`int`, `bool`, a scalar, or one of the classes above."""

Names = Mapping[str, Value]
"""What names stand for."""


def sizes_of(value: Value) -> tuple[int, ...]:
    """Sizes of a value's arrays, in the order in which its type has them."""
    if isinstance(value, RefereeVector):
        return (len(value.entries),)
    if isinstance(value, RefereeMatrix):
        return (value.rows, value.columns)
    return value.sizes if isinstance(value, Listed) else ()


def arrays_of(value: Value) -> Iterator[tuple[int, ...]]:
    """Sizes of every array inside a value."""
    if isinstance(value, Listed):
        for item in value.items:
            yield from arrays_of(item)
    elif isinstance(value, RefereeVector | RefereeMatrix):
        yield sizes_of(value)


def with_sizes(value: Value, sizes: tuple[int, ...]) -> Value:
    """A value whose lists, the empty ones too, know the sizes of their arrays."""
    if isinstance(value, Listed):
        return Listed(tuple(with_sizes(item, sizes) for item in value.items), sizes)
    return value


def scalars_of(value: RefereeVector | RefereeMatrix) -> tuple[Scalar, ...]:
    """The entries of an array, row by row."""
    return value.entries if isinstance(value, RefereeVector) else tuple(x for row in value.entries for x in row)
