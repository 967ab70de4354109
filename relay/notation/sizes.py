"""Sizes in types. The arguments of a call decide the size names, which are then replaced in the type of the call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Numeral,
    Partial,
    Term,
    Type,
    Variable,
)
from relay.notation.traversal import map_sizes, type_terms

__all__ = ["SIZE_NODES", "bare_names", "bind_sizes", "is_size_term", "substitute"]

SIZE_NODES = 200
"""The most term nodes of a size. Sizes need their own bound, because they can double with every nested call."""

_SIZE_OPERATIONS = frozenset({"add", "sub", "mul", "floordiv", "mod", "pow", "len", "item"})


def is_size_term(term: Term) -> bool:
    """Whether a term may be a size in the header of a statement: arithmetic over names, and `len`."""
    if isinstance(term, Numeral | Variable):
        return True
    return isinstance(term, Apply) and term.op in _SIZE_OPERATIONS and all(is_size_term(arg) for arg in term.args)


def bare_names(types: Iterable[Type]) -> frozenset[str]:
    """The names that stand bare as sizes in these types."""
    return frozenset(size.name for type in types for size in type_terms(type) if isinstance(size, Variable))


def bind_sizes(pattern: Type, actual: Type, names: Collection[str], bindings: dict[str, Term]) -> None:
    """For each of `names` that stands bare in `pattern`, add to `bindings` the size in the same place of `actual`. A
    name that has a size already keeps it.

    Precondition: both types are of one kind.
    """
    for expected, found in zip(type_terms(pattern), type_terms(actual), strict=True):
        if isinstance(expected, Variable) and expected.name in names:
            bindings.setdefault(expected.name, found)


def substitute(type: Type, bindings: Mapping[str, Term]) -> Type:
    """`type`, which stands in a header, with terms in place of the names in `bindings`. Sizes of headers bind no names,
    so nothing is captured."""
    return map_sizes(type, lambda size: _replace(size, bindings))


def _replace(term: Term, bindings: Mapping[str, Term]) -> Term:
    if isinstance(term, Variable):
        return bindings.get(term.name, term)
    if isinstance(term, Apply):
        return Apply(term.op, tuple(_replace(arg, bindings) for arg in term.args), term.type)
    if isinstance(term, Call | Choice | Partial):
        raise TypeError("the sizes of a header are arithmetic over names")
    return term
