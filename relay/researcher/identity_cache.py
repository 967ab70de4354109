"""Values computed for an object and cached for as long as the object lives.

The cache serves records whose fields can't be hashed. Objects are compared by identity, so a changed copy of a record
starts with an empty cache.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import ref

__all__ = ["IdentityCache", "LatestCache"]

T = TypeVar("T")


class IdentityCache(Generic[T]):
    """A cache of values by object and further arguments."""

    def __init__(self) -> None:
        self._values: dict[int, tuple[ref[Any], dict[Hashable, T]]] = {}

    def of(self, owner: Any, make: Callable[[], T], *about: Hashable) -> T:
        """The value of `make()` for `owner` and `about`, computed once. Precondition: the value depends only on these
        two, and `owner` is immutable."""
        name = id(owner)
        found = self._values.get(name)
        if found is None:
            # Ids are reused after an object's death, so the entry is removed with the object.
            found = self._values[name] = (ref(owner, lambda _: self._values.pop(name, None)), {})
        values = found[1]
        if about not in values:
            values[about] = make()
        return values[about]


class LatestCache(Generic[T]):
    """The value of the latest object alone. For objects that can't be referenced weakly, such as tuples."""

    def __init__(self) -> None:
        self._latest: tuple[Any, T] | None = None

    def of(self, owner: Any, make: Callable[[], T]) -> T:
        """The value of `make()` for `owner`. Precondition: the value depends only on `owner`, which is immutable."""
        latest = self._latest
        if latest is None or latest[0] is not owner:
            latest = self._latest = owner, make()
        return latest[1]
