"""Construction and comparison of lists, and access to parts of lists and arrays."""

from __future__ import annotations

from collections.abc import Sequence

from relay.checker.referee.arithmetic import NoValue
from relay.checker.referee.values import Listed, RefereeMatrix, Value, arrays_of, sizes_of, with_sizes


def joined(items: tuple[Value, ...], sizes: tuple[int, ...]) -> Listed:
    """Return the list of `items`. Its sizes are those of the arrays in it, or `sizes` if there are none.

    Raises `NoValue` if arrays in the list differ in size.
    """
    found = [array for item in items for array in arrays_of(item)]
    if any(array != found[0] for array in found):
        raise NoValue
    listed = with_sizes(Listed(items), found[0] if found else sizes)
    assert isinstance(listed, Listed)
    return listed


def comparable(a: Value, b: Value) -> bool:
    """Return whether two values can be compared.

    Arrays of different sizes can't be compared, also inside lists. Lists of different lengths can be compared: they are
    not equal.
    """
    if isinstance(a, Listed):
        return len(a.items) != len(b.items) or all(comparable(x, y) for x, y in zip(a.items, b.items, strict=True))
    return sizes_of(a) == sizes_of(b)


def place(whole: Value, at: Sequence[int]) -> Value:
    """Return the item or entry of `whole` at the indices `at`. Raises `NoValue` if an index is too large."""
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
