"""Work that is begun ahead of its turn and told in its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["in_order"]

T = TypeVar("T")


def in_order(begun: Iterable[T], is_done: Callable[[T], bool], most: int) -> Iterator[T]:
    """What `begun` gives, in its order, each as soon as it is done and those before it are told. Taking an item from
    `begun` begins it; no more than `most` are begun and not yet told, so memory stays flat. The last ones may not be
    done: whoever takes them waits."""
    waiting: deque[T] = deque()
    for item in begun:
        waiting.append(item)
        while waiting and (len(waiting) > most or is_done(waiting[0])):
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()
