"""Types that are not known yet, and drafts of terms whose types may still be open.

Numerals and `[]` have a type that their place decides. Elaboration goes once over the tree and yields drafts; where a
type is not known it puts a `Hole`, which later evidence fills by `unify`. When the whole statement has been seen, the
drafts are made into terms; a hole that is still open then is an error.

Sizes take no part in this: two vectors are of one kind whatever their sizes, which are compared when evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from relay.notation.printing import print_type
from relay.notation.raw import Raw
from relay.notation.syntax import (
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    Term,
    Type,
    VectorType,
)

__all__ = ["Draft", "Hole", "Open", "find", "is_numeric", "list_of", "resolve", "show", "unify"]


class Hole:
    """A type to be found: any, or `Nat` or `Scalar` only."""

    __slots__ = ("numeric", "type")

    def __init__(self, *, numeric: bool = False) -> None:
        self.numeric = numeric
        self.type: Open | None = None


Open = Type | Hole
"""A type that may be a hole, or be a list of a hole."""


def find(type: Open) -> Open:
    """The type itself, or what is known of it."""
    while isinstance(type, Hole) and type.type is not None:
        type = type.type
    return type


def list_of(item: Open) -> ListType:
    """The type of lists of `item`, which may be open."""
    return ListType(cast(Type, item))


def is_numeric(type: Open) -> bool:
    """Whether the type is `Nat`, `Scalar`, or one of them still to be found."""
    type = find(type)
    return type.numeric if isinstance(type, Hole) else isinstance(type, NatType | ScalarType)


def unify(left: Open, right: Open) -> bool:
    """Make both types one kind, filling holes; false if they can't be."""
    left, right = find(left), find(right)
    if left is right:
        return True
    if isinstance(right, Hole):
        left, right = right, left
    if isinstance(left, Hole):
        if isinstance(right, Hole):
            right.numeric = right.numeric or left.numeric
        elif (left.numeric and not isinstance(right, NatType | ScalarType)) or _occurs(left, right):
            return False
        left.type = right
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return unify(left.item, right.item)
    if isinstance(left, VectorType | MatrixType):
        return type(left) is type(right)
    return left == right


def _occurs(hole: Hole, type: Open) -> bool:
    type = find(type)
    return type is hole or (isinstance(type, ListType) and _occurs(hole, type.item))


def resolve(type: Open) -> Type | None:
    """The type without holes; None while something is open."""
    type = find(type)
    if isinstance(type, Hole):
        return None
    if isinstance(type, ListType):
        item = resolve(type.item)
        return None if item is None else type if item is type.item else ListType(item)
    return type


def show(type: Open) -> str:
    """A type in a message; a very long one is cut."""
    type = find(type)
    if isinstance(type, Hole):
        return "a numeral" if type.numeric else "something undecided"
    text = _show(type)
    return text if len(text) <= 80 else text[:77] + "..."


def _show(type: Open) -> str:
    type = find(type)
    if isinstance(type, Hole):
        return "number" if type.numeric else "..."
    return f"List[{_show(type.item)}]" if isinstance(type, ListType) else print_type(type)


class Draft:
    """A term whose types may be open. `nodes` counts its term nodes without walking them."""

    __slots__ = ("_make", "_term", "nodes", "raw", "type")

    def __init__(self, raw: Raw, type: Open, nodes: int, make: Callable[[], Term]) -> None:
        self.raw = raw
        self.type = type
        self.nodes = nodes
        self._make = make
        self._term: Term | None = None

    def term(self) -> Term:
        """The term, made once. Raises `NotationError` where a type in it is still open."""
        if self._term is None:
            self._term = self._make()
        return self._term
