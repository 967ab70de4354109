"""Values one at a time, as Python objects.

| type | value |
| --- | --- |
| `Nat`, `Bool` | `int`, `bool` |
| `Scalar` | an object that the `Scalars` at hand (`relay.evaluation.algebra.scalars`) made |
| `Vector` | a `tuple` of scalars |
| `Matrix` | `Mat(rows, columns, entries)`, row by row |
| `List` | `Lst(items, sizes)`; `sizes` are those of the arrays inside, which an empty list has too |

Batches of values (`relay.evaluation.machine`) are what searches are made with. What looks at one generic value, and not
at many, is spared their cost here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Mat:
    """A matrix; `entries[i * columns + j]` is in row i and column j."""

    rows: int
    columns: int
    entries: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Lst:
    """A list."""

    items: Sequence[Any]
    sizes: tuple[int, ...] = ()


def sizes(value: Any) -> tuple[int, ...]:
    """The sizes of an array, or of the arrays inside a list, in the order in which they stand in types."""
    if isinstance(value, tuple):
        return (len(value),)
    if isinstance(value, Mat):
        return (value.rows, value.columns)
    return value.sizes if isinstance(value, Lst) else ()
