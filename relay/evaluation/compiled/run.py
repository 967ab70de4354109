"""One computation: its arithmetic, its definitions, its limits, and the cache of its calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relay.evaluation.algebra.scalars import Scalars
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.definitions import callee
from relay.evaluation.plain_values import Mat
from relay.notation.syntax import Definition


class Run:
    """One computation: arithmetic, definitions, the number of items and calls left, and a cache of calls."""

    __slots__ = ("_known", "definitions", "depth", "left", "scalars")

    def __init__(self, scalars: Scalars, definitions: Mapping[str, Definition], budget: int) -> None:
        self.scalars = scalars
        self.definitions = definitions
        self.left = budget
        """The number of items and calls that may still be evaluated."""
        self.depth = 0
        """The number of enclosing calls."""
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        """The cache of calls: the arguments, kept so that the ids in the key stay in use, and the value."""

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        """Return the value of a call of the definition `key` at `args`. `names` is the frame of the caller.

        If an earlier call had the same scalar objects as arguments, its value is taken from the cache: for example in a
        loop, if the arguments do not depend on the loop. Raises `Undefined`, `TooLarge` and `Undecidable`.
        """
        target = callee(key, names, self)
        if target.counts:  # calls with natural numbers only are not cached: loops make many different ones
            return target.call(args, self)
        place = (target, *map(_mark, args))
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = (args, target.call(args, self))
        return known[1]


def _mark(arg: Any) -> Any:
    """Return a key for the cache. Two arguments of one parameter have equal keys only if they are the same value.

    Arrays are the same if they contain the same scalar objects, as minors of minors often do. The caller must keep the
    argument alive as long as the key: an id may be used again after an object is gone.
    """
    kind = arg.__class__
    if kind is int:
        return arg
    if kind is Mat:
        return (arg.rows, arg.columns, *map(id, arg.entries))
    return tuple(map(id, arg)) if kind is tuple else id(arg)
