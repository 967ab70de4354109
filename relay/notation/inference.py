"""Open types, that is, types that are not known yet, and drafts of terms whose types may be open.

The place of a numeral or of `[]` decides its type. Elaboration visits the tree once and returns drafts. If it does not
know a type, it puts a `Hole`, which `unify` fills when a later term decides it. After the whole statement, the drafts
are made into terms. A hole that is still open then is an error.

Unification ignores sizes: two vectors are of one kind whatever their sizes, which are compared during evaluation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from relay.errors import NotationError
from relay.notation.printing import print_type
from relay.notation.raw import Raw
from relay.notation.syntax import (
    Apply,
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    Term,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import map_sizes, type_terms
from relay.text import excerpt

__all__ = [
    "Draft",
    "Hole",
    "Open",
    "OpenSize",
    "find",
    "is_numeric",
    "list_of",
    "no_function",
    "open_in",
    "open_size",
    "open_sizes",
    "resolve",
    "show",
    "size_of",
    "unify",
]


class Hole:
    """A type to be found: any type, or, if `numeric`, only `Nat` or `Scalar`."""

    __slots__ = ("numeric", "type")

    def __init__(self, *, numeric: bool = False) -> None:
        self.numeric = numeric
        self.type: Open | None = None


_WITHOUT_PARTS = (ScalarType, NatType, BoolType, SortType)

Open = Type | Hole
"""A type that may be a hole or a list of a hole. Its sizes may be open too."""


class OpenSize:
    """A size to be found, for a function whose given arguments do not decide all of its sizes.

    It takes the place of a term, in types of drafts only.
    """

    __slots__ = ("name", "term")

    def __init__(self, name: str) -> None:
        self.name = name
        """The callee's name for this size, for messages."""
        self.term: Term | None = None

    def __str__(self) -> str:
        return self.name


def open_size(name: str) -> Term:
    """A new open size, typed as a term."""
    return cast(Term, OpenSize(name))


def size_of(term: Term) -> Term:
    """The size with every decided `OpenSize` in it replaced by its term."""
    found: object = term
    if isinstance(found, OpenSize):
        return term if found.term is None else size_of(found.term)
    if isinstance(term, Apply):
        args = tuple(size_of(arg) for arg in term.args)
        return term if args == term.args else Apply(term.op, args, term.type)
    return term


def _unify_sizes(left: Type, right: Type) -> None:
    """Decide each open size by the size in its place in the other type. All other sizes are left to evaluation."""
    for one, other in zip(type_terms(left), type_terms(right), strict=True):
        a, b = size_of(one), size_of(other)
        for here, there in ((a, b), (b, a)):
            place: object = here
            if isinstance(place, OpenSize):
                # A size inside itself would have no end.
                if here is not there and not _mentions(there, place):
                    place.term = there
                break


def open_sizes(type: Open) -> list[OpenSize]:
    """The sizes in a type that are still open."""
    type = find(type)
    if isinstance(type, Hole):
        return []
    if isinstance(type, ListType):
        return open_sizes(type.item)
    return [found for size in type_terms(type) for found in open_in(size_of(size))]


def open_in(term: Term) -> list[OpenSize]:
    """The open sizes inside one size."""
    found: object = term
    if isinstance(found, OpenSize):
        return [found]
    return [inner for arg in term.args for inner in open_in(arg)] if isinstance(term, Apply) else []


def _mentions(term: Term, size: OpenSize) -> bool:
    found: object = term
    return found is size or (isinstance(term, Apply) and any(_mentions(arg, size) for arg in term.args))


def find(type: Open) -> Open:
    """The type itself, or, if it is a filled hole, the type in the hole."""
    while isinstance(type, Hole) and type.type is not None:
        type = type.type
    return type


def list_of(item: Open) -> ListType:
    """The type of lists of `item`, which may be open."""
    return ListType(cast(Type, item))


def is_numeric(type: Open) -> bool:
    """Whether the type is `Nat`, `Scalar`, or a hole for one of them."""
    type = find(type)
    return type.numeric if isinstance(type, Hole) else isinstance(type, NatType | ScalarType)


def unify(left: Open, right: Open) -> bool:
    """Make two types the same kind by filling holes. Returns False if they can't be the same."""
    left, right = find(left), find(right)
    if left is right:
        return True
    if isinstance(left, ScalarType) and isinstance(right, ScalarType):  # the common case first
        return True
    if isinstance(right, Hole):
        left, right = right, left
    if isinstance(left, Hole):
        if isinstance(right, Hole):
            # Two holes become one, which is as narrow as both.
            right.numeric = right.numeric or left.numeric
        elif (left.numeric and not isinstance(right, NatType | ScalarType)) or _occurs(left, right):
            return False
        left.type = right
        return True
    if isinstance(left, ListType) and isinstance(right, ListType):
        return unify(left.item, right.item)
    if isinstance(left, VectorType | MatrixType):
        if type(left) is not type(right):
            return False
        _unify_sizes(left, cast(Type, right))
        return True
    if isinstance(left, FnType) and isinstance(right, FnType):
        parts = zip((*left.parameters, left.result), (*right.parameters, right.result), strict=False)
        return len(left.parameters) == len(right.parameters) and all(unify(one, other) for one, other in parts)
    return left == right


def _occurs(hole: Hole, type: Open) -> bool:
    """Whether the hole is inside the type. Filling it with this type would make the type endless."""
    type = find(type)
    return type is hole or (isinstance(type, ListType) and _occurs(hole, type.item))


def resolve(type: Open) -> Type | None:
    """The type with what was found in place of its holes and open sizes. None if one of them is still open."""
    type = find(type)
    if isinstance(type, _WITHOUT_PARTS):
        return type
    if isinstance(type, Hole):
        return None
    if isinstance(type, ListType):
        item = resolve(type.item)
        return None if item is None else type if item is type.item else ListType(item)
    settled = map_sizes(type, size_of)
    return None if open_sizes(settled) else settled


def show(type: Open) -> str:
    """A type as messages show it. A very long one is cut."""
    type = find(type)
    if isinstance(type, Hole):
        return "a numeral" if type.numeric else "an undecided type"
    text = _show(type)
    return text if len(text) <= 80 else excerpt(text, 77) + "..."


def _show(type: Open) -> str:
    type = find(type)
    if isinstance(type, Hole):
        return "number" if type.numeric else "..."
    if isinstance(type, ListType):
        return f"List[{_show(type.item)}]"
    return print_type(map_sizes(type, _shown_size))


def _shown_size(term: Term) -> Term:
    found: object = size_of(term)
    if isinstance(found, OpenSize):
        return Variable(found.name, NatType())
    return Apply(found.op, tuple(map(_shown_size, found.args)), found.type) if isinstance(found, Apply) else term


class Draft:
    """A term whose types may still be open.

    `nodes` is the number of its term nodes, known before the term is made. `uncalled` is set if the draft is a
    function: the error to report if no function can stand in its place, usually because arguments were forgotten.
    """

    __slots__ = ("_make", "_term", "nodes", "raw", "type", "uncalled")

    def __init__(
        self, raw: Raw, type: Open, nodes: int, make: Callable[[], Term], uncalled: NotationError | None = None
    ) -> None:
        self.raw = raw
        self.uncalled = uncalled
        self.type = type
        self.nodes = nodes
        self._make = make
        self._term: Term | None = None

    def term(self) -> Term:
        """The term, made on the first request. Raises `NotationError` if a type in it is still open."""
        if self._term is None:
            self._term = self._make()
        return self._term


def no_function(*drafts: Draft) -> None:
    """Raise the `uncalled` error of the first draft that has one. For places where no function can stand."""
    for draft in drafts:
        if draft.uncalled is not None:
            raise draft.uncalled
