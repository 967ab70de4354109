"""What was worked out for an object, kept for as long as the object lives and somebody asks for it again.

For records whose fields can't be hashed. It goes by identity, so a changed copy of a record has nothing kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import ref

__all__ = ["IdentityCache"]

T = TypeVar("T")


class IdentityCache(Generic[T]):
    """Values by object."""

    def __init__(self) -> None:
        self._values: dict[int, tuple[ref[Any], dict[Hashable, T]]] = {}

    def of(self, owner: Any, make: Callable[[], T], *about: Hashable) -> T:
        """What `make` gives, which is a function of `owner`, an immutable object, and of `about`."""
        name = id(owner)
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = (ref(owner, lambda _: self._values.pop(name, None)), {})
        values = found[1]
        if about not in values:
            values[about] = make()
        return values[about]
