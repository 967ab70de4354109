"""What closures are: functions of the names of one call, and of the computation that they are part of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from relay.evaluation.algebra.scalars import Scalars
from relay.notation.syntax import Definition, Term

OVERSPENT = "the items and calls allowed for one value"
"""What has grown too large, for `TooLarge`."""

Names = dict[str, Any]


class Computation(Protocol):
    """What a closure has at hand (`relay.evaluation.compiled.run.Run`)."""

    left: int
    """Items and calls that it may still value."""
    depth: int
    """Calls within calls."""

    @property
    def scalars(self) -> Scalars:
        """Arithmetic."""

    @property
    def definitions(self) -> Mapping[str, Definition]: ...

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        """The value of what is called by `key` in a frame."""


Code = Callable[[Names, Computation], Any]
"""The closure of a term."""
Walk = Callable[[Names, Computation], Iterable[Any]]
"""Goes through items."""
Listed = Callable[[Names, Computation], list[Any]]
"""Gives all items."""
Coding = Callable[[Term], Code]
"""Turns a term into its closure (`relay.evaluation.compiled.terms.code`). What makes closures is given it, so that
terms may nest."""
