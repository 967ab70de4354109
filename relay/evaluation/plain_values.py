"""Single values, as Python objects.

| type | value |
| --- | --- |
| `Nat`, `Bool` | `int`, `bool` |
| `Scalar` | an object made by the `Scalars` in use (`relay.evaluation.algebra.scalars`) |
| `Vector` | a `tuple` of scalars |
| `Matrix` | `Mat(rows, columns, entries)`, row by row |
| `List` | `Lst(items, sizes)`; `sizes` are the sizes of the arrays inside, also in an empty list |

Searches use batches of values (`relay.evaluation.machine`). Computations with one generic value use these objects,
which cost less than a batch of one lane.
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
    """A list, with the sizes of the arrays inside it."""

    items: Sequence[Any]
    sizes: tuple[int, ...] = ()


def sizes(value: Any) -> tuple[int, ...]:
    """Return the sizes of an array, or of the arrays inside a list, in the order of the type."""
    if isinstance(value, tuple):
        return (len(value),)
    if isinstance(value, Mat):
        return (value.rows, value.columns)
    return value.sizes if isinstance(value, Lst) else ()
