"""One computation: what it has at hand, and what it may still do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relay.evaluation.algebra.scalars import Scalars
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.definitions import callee
from relay.evaluation.plain_values import Mat
from relay.notation.syntax import Definition


class Run:
    """What one computation has at hand: arithmetic, definitions, and what it may still do."""

    __slots__ = ("_known", "definitions", "depth", "left", "scalars")

    def __init__(self, scalars: Scalars, definitions: Mapping[str, Definition], budget: int) -> None:
        self.scalars = scalars
        self.definitions = definitions
        self.left = budget
        """Items and calls that it may still value."""
        self.depth = 0
        """Calls within calls."""
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        """What was called with the very same scalars before: the arguments, kept alive, and the value."""

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        """The value of what is called by `key` in a frame. A call with arrays or scalars, in a loop that does not
        depend on it, is made once, and so is one with the very same scalars."""
        target = callee(key, names, self)
        if target.counts:
            return target.call(args, self)
        place = (target, *map(_mark, args))
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = (args, target.call(args, self))
        return known[1]


def _mark(arg: Any) -> Any:
    """Equal for two arguments in one place only if they are one value: a number, or arrays of the very same scalars,
    such as the minors of minors are. Whoever keeps it keeps the argument alive."""
    kind = arg.__class__
    if kind is int:
        return arg
    if kind is Mat:
        return (arg.rows, arg.columns, *map(id, arg.entries))
    return tuple(map(id, arg)) if kind is tuple else id(arg)
