"""Walks over checked terms: their parts, how many nodes they have, which names stand free in them."""

from __future__ import annotations

from collections.abc import Iterator

from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Condition,
    Generator,
    Items,
    ListType,
    MatrixType,
    Permutations,
    Range,
    Source,
    Subsets,
    Term,
    Type,
    Variable,
    VectorType,
)

__all__ = ["children", "count_nodes", "free_names", "source_terms", "type_names", "type_sizes"]


def type_sizes(type: Type) -> tuple[Term, ...]:
    """The size terms that stand in a type, left to right."""
    if isinstance(type, VectorType):
        return (type.size,)
    if isinstance(type, MatrixType):
        return (type.rows, type.columns)
    if isinstance(type, ListType):
        return type_sizes(type.item)
    return ()


def source_terms(source: Source) -> tuple[Term, ...]:
    """The terms that stand in a generator's source, the sizes of a type that it ranges over included."""
    if isinstance(source, Range):
        return (source.start, source.stop)
    if isinstance(source, Items):
        return (source.list,)
    if isinstance(source, Permutations):
        return (source.n,)
    if isinstance(source, Subsets):
        return (source.n, source.k)
    return type_sizes(source.type)


def children(term: Term) -> Iterator[Term]:
    """The terms directly inside a term, as written: the body of a comprehension first, then its clauses. Names that
    generators bind are no terms, and the types of terms are not entered."""
    if isinstance(term, Apply | Call | Choice):
        yield from term.args
    elif isinstance(term, Comprehension):
        yield term.body
        for clause in term.clauses:
            if isinstance(clause, Condition):
                yield clause.term
            else:
                yield from source_terms(clause.source)


def count_nodes(term: Term, cap: int | None = None) -> int:
    """Term nodes of `term`, itself included: what `statement_size` bounds. Stops counting beyond `cap`."""
    total, stack = 0, [term]
    while stack and (cap is None or total <= cap):
        total += 1
        stack.extend(children(stack.pop()))
    return total


def free_names(term: Term) -> frozenset[str]:
    """The variables of a term that it does not bind itself."""
    if isinstance(term, Variable):
        return frozenset({term.name})
    if not isinstance(term, Comprehension):
        names: frozenset[str] = frozenset()
        for child in children(term):
            names |= free_names(child)
        return names
    inner = free_names(term.body)
    for clause in reversed(term.clauses):
        if isinstance(clause, Generator):
            inner = inner - {clause.variable.name}
            for part in source_terms(clause.source):
                inner |= free_names(part)
        else:
            inner |= free_names(clause.term)
    return inner


def type_names(type: Type) -> frozenset[str]:
    """The variables that stand in the sizes of a type."""
    names: frozenset[str] = frozenset()
    for size in type_sizes(type):
        names |= free_names(size)
    return names
