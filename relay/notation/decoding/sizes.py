"""How many nodes the parts of a term may have, so that the whole term keeps to its limit.

A rule derives the terms of a type with at most a given number of nodes. Only a few limits exist, and each is half as
large again as the one before: with a rule for every number, the grammar would be too large to decode with. Each part
gets the largest limit that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

__all__ = ["limits", "shares"]

MANY = 3
"""With more parts than this, only a few ways to share are used, because their number grows fast."""


@lru_cache
def limits(most: int) -> tuple[int, ...]:
    """The limits that rules may have, ascending. The last one is `most`."""
    found = [1]
    while found[-1] < most:
        # At least one more, because half of 1 is rounded down to 0.
        found.append(min(max(found[-1] + 1, found[-1] * 3 // 2), most))
    return tuple(found)


@lru_cache
def shares(room: int, parts: int, most: int) -> tuple[tuple[int, ...], ...]:
    """The ways to give `parts` terms limits that sum to at most `room`. A way is left out if another gives every part
    at least as much.

    With more than `MANY` parts, either every part but one gets a single node, or all parts get the same.
    """
    if parts == 0 or room < parts:
        return ((),) if parts == 0 and room >= 0 else ()
    if parts > MANY:
        # Every part needs at least one node, which is what the small ones get.
        largest, equal = _largest(room - parts + 1, most), _largest(room // parts, most)
        one_large = [tuple(largest if part == place else 1 for part in range(parts)) for place in range(parts)]
        found = [*one_large, (equal,) * parts]
    else:
        found = [*_all(room, parts, limits(most))]
    return tuple(one for one in found if not any(one != other and _covers(other, one) for other in found))


def _largest(room: int, most: int) -> int:
    """The largest limit that is at most `room`."""
    return max(limit for limit in limits(most) if limit <= room)


def _all(room: int, parts: int, known: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the choices of `parts` limits that sum to at most `room`. The last part gets the largest limit that the
    others leave."""
    if parts == 1:
        fitting = [limit for limit in known if limit <= room]
        if fitting:
            yield (fitting[-1],)
        return
    for limit in known:
        if limit + parts - 1 <= room:
            yield from ((limit, *rest) for rest in _all(room - limit, parts - 1, known))


def _covers(larger: tuple[int, ...], smaller: tuple[int, ...]) -> bool:
    """Whether `larger` gives every part at least as many nodes as `smaller`."""
    return all(a >= b for a, b in zip(larger, smaller, strict=True))
