"""Values of the notation over any scalars. Naturals are `int`, truth values are `bool`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Scalar = Any
"""A scalar of the arithmetic in use."""


@dataclass(frozen=True, slots=True)
class RefereeVector:
    """A vector of scalars."""

    entries: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class RefereeMatrix:
    """A matrix as rows of scalars. `columns` is given even if there are no rows."""

    rows: int
    columns: int
    entries: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list. All arrays in it have the sizes `sizes`. For an empty list, `sizes` come from the list's type."""

    items: tuple[Value, ...]
    sizes: tuple[int, ...] = field(default=(), compare=False)


Value = Any
"""`int`, `bool`, a scalar, or one of the classes above."""

Names = Mapping[str, Value]
"""The values of names."""


def sizes_of(value: Value) -> tuple[int, ...]:
    """Return the sizes of each array in a value: `(n,)` or `(rows, columns)`; empty if it has no arrays."""
    if isinstance(value, RefereeVector):
        return (len(value.entries),)
    if isinstance(value, RefereeMatrix):
        return (value.rows, value.columns)
    return value.sizes if isinstance(value, Listed) else ()


def arrays_of(value: Value) -> Iterator[tuple[int, ...]]:
    """Yield the sizes of every array inside a value."""
    if isinstance(value, Listed):
        for item in value.items:
            yield from arrays_of(item)
    elif isinstance(value, RefereeVector | RefereeMatrix):
        yield sizes_of(value)


def with_sizes(value: Value, sizes: tuple[int, ...]) -> Value:
    """Return the value with `sizes` noted in every list in it, also in empty ones."""
    if isinstance(value, Listed):
        return Listed(tuple(with_sizes(item, sizes) for item in value.items), sizes)
    return value


def scalars_of(value: RefereeVector | RefereeMatrix) -> tuple[Scalar, ...]:
    """Return the entries of an array, row by row."""
    return value.entries if isinstance(value, RefereeVector) else tuple(x for row in value.entries for x in row)
