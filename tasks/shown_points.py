"""Which points of a theory's tables are shown.

One mask holds for all tables of a theory: where a value of one phenomenon is missing, those of the others are missing
too, so no table fills the gaps of another.
"""

from __future__ import annotations

import json

from relay.seeds import content_generator

__all__ = ["shown_points"]


def shown_points(share: float, size: int, seed: int) -> frozenset[tuple[int, int]]:
    """The arguments at which the tables of a theory over `size` elements show a value: a `share` of all pairs, rounded,
    at least one, drawn from the theory's seed. Of one seed, a smaller share is a part of a larger one."""
    points = [(x, y) for x in range(size) for y in range(size)]
    key = json.dumps(["alien", seed, size, "shown"], separators=(",", ":"))
    order = content_generator(key, digest_bytes=32).permutation(len(points))
    count = max(1, round(share * len(points)))
    return frozenset(points[int(place)] for place in order[:count])
