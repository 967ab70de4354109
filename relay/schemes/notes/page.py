"""Pages that show notes in an order, up to the first that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from relay.researcher.tokens import Counter
from relay.schemes.notes.scheme import Part

__all__ = ["first_that_fit"]


def first_that_fit(groups: Iterable[Sequence[Part]], room: int, count: Counter) -> tuple[list[Part], int]:
    """The parts of the first groups, up to the group that no longer fits into `room` tokens, and the tokens that they
    leave. A group is shown as a whole. No group is asked for after the one that does not fit."""
    shown: list[Part] = []
    for group in groups:
        tokens = sum(part.tokens(count) for part in group)
        if tokens > room:
            break
        room -= tokens
        shown += group
    return shown, room
