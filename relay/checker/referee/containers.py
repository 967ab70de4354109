"""Lists and arrays put together, compared and taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from relay.checker.referee.arithmetic import NoValue
from relay.checker.referee.values import Listed, RefereeMatrix, Value, arrays_of, sizes_of, with_sizes


def joined(items: tuple[Value, ...], sizes: tuple[int, ...]) -> Listed:
    """A list whose arrays are all of one size; `sizes` where it has none. Raises `NoValue`."""
    found = [array for item in items for array in arrays_of(item)]
    if any(array != found[0] for array in found):
        raise NoValue
    listed = with_sizes(Listed(items), found[0] if found else sizes)
    assert isinstance(listed, Listed)
    return listed


def comparable(a: Value, b: Value) -> bool:
    """Lists of different lengths differ; arrays of different sizes can't be compared, wherever they stand."""
    if isinstance(a, Listed):
        return len(a.items) != len(b.items) or all(comparable(x, y) for x, y in zip(a.items, b.items, strict=True))
    return sizes_of(a) == sizes_of(b)


def place(whole: Value, at: Sequence[int]) -> Value:
    """The part of a list, a vector or a matrix at a place. Raises `NoValue`."""
    for index in at:
        if isinstance(whole, RefereeMatrix):
            if at[0] >= whole.rows or at[1] >= whole.columns:
                raise NoValue
            return whole.entries[at[0]][at[1]]
        parts = whole.items if isinstance(whole, Listed) else whole.entries
        if index >= len(parts):
            raise NoValue
        whole = parts[index]
    return whole
