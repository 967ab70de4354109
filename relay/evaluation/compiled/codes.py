"""The types of closures. A closure is a function of the names of one call and of the computation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from relay.evaluation.algebra.scalars import Scalars
from relay.notation.syntax import Definition, Term

OVERSPENT = "the items and calls allowed for one value"
"""The message of `TooLarge` if a computation exceeds its limits."""

Names = dict[str, Any]


class Computation(Protocol):
    """The interface that one computation (`relay.evaluation.compiled.run.Run`) offers to closures."""

    left: int
    """The number of items and calls that may still be evaluated."""
    depth: int
    """The number of enclosing calls."""

    @property
    def scalars(self) -> Scalars:
        """The arithmetic of scalars."""

    @property
    def definitions(self) -> Mapping[str, Definition]: ...

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        """Return the value of a call of the definition `key` at `args`. `names` is the frame of the caller."""


Code = Callable[[Names, Computation], Any]
"""The closure of a term: returns its value."""
Walk = Callable[[Names, Computation], Iterable[Any]]
"""The closure of a source yields its items; that of a comprehension's clauses yields once for each item."""
Listed = Callable[[Names, Computation], list[Any]]
"""Returns the values of a comprehension's body at all items."""
Coding = Callable[[Term], Code]
"""Compiles a term (`relay.evaluation.compiled.terms.code`). Functions that compile a kind of term take it as an
argument to compile the parts of the term; importing it would make an import circle."""
