"""Walks over checked terms, shared by everything that looks inside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relay.notation.syntax import (
    TABLES,
    Apply,
    Call,
    Choice,
    Comprehension,
    FnType,
    Generator,
    Items,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Partial,
    Permutations,
    Range,
    ScalarType,
    Source,
    Subsets,
    Term,
    Type,
    Variable,
    VectorType,
)

_WITH_ARGS = (Apply, Call, Partial, Choice)


def children(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term, in the order of evaluation. Terms inside types are not among them."""
    if isinstance(term, _WITH_ARGS):
        return term.args
    if isinstance(term, Comprehension):
        inside: list[Term] = []
        for clause in term.clauses:
            inside.extend(source_terms(clause.source) if isinstance(clause, Generator) else (clause.term,))
        return (*inside, term.body)
    return ()


def operands(term: Term, kind: str = "and") -> list[Term]:
    """If `term` is a chain of the connective `kind`, its parts in order; otherwise `term` alone."""
    if isinstance(term, Choice) and term.kind == kind:
        return [part for arg in term.args for part in operands(arg, kind)]
    return [term]


def has_functions(type_: Type) -> bool:
    """Whether values of a type are functions, or lists of them."""
    return isinstance(innermost(type_), FnType)


def source_terms(source: Source) -> tuple[Term, ...]:
    """The terms directly inside a generator's source. For a type these are its sizes."""
    if isinstance(source, Range):
        return (source.start, source.stop)
    if isinstance(source, Items):
        return (source.list,)
    if isinstance(source, Permutations):
        return (source.n,)
    if isinstance(source, Subsets):
        return (source.n, source.k)
    return type_terms(source.type)


def map_source(source: Source, change: Callable[[Term], Term]) -> Source:
    """A generator's source with `change` applied to its terms. If the source is a type, it stays as it is."""
    match source:
        case Range(start, stop):
            return Range(change(start), change(stop))
        case Items(items):
            return Items(change(items))
        case Permutations(n):
            return Permutations(change(n))
        case Subsets(n, k):
            return Subsets(change(n), change(k))
    return source


def type_terms(type_: Type) -> tuple[Term, ...]:
    """The sizes in a type, from left to right."""
    if isinstance(type_, VectorType):
        return (type_.size,)
    if isinstance(type_, MatrixType):
        return (type_.rows, type_.columns)
    if isinstance(type_, FnType):
        return tuple(size for part in (*type_.parameters, type_.result) for size in type_terms(part))
    return type_terms(type_.item) if isinstance(type_, ListType) else ()


def map_sizes(type_: Type, change: Callable[[Term], Term]) -> Type:
    """A type with `change` applied to its sizes. If no size changes, the result is `type_` itself, the same object."""
    match type_:
        case VectorType(size):
            new: Type = VectorType(change(size))
        case MatrixType(rows, columns):
            new = MatrixType(change(rows), change(columns))
        case ListType(item):
            inner = map_sizes(item, change)
            new = type_ if inner is item else ListType(inner)
        case FnType(parameters, result):
            new = FnType(tuple(map_sizes(part, change) for part in parameters), map_sizes(result, change))
        case _:
            return type_
    return type_ if new == type_ else new


def innermost(type_: Type) -> Type:
    """The type of the items of the innermost list in `type_`. If `type_` is no list, the result is `type_` itself."""
    while isinstance(type_, ListType):
        type_ = type_.item
    return type_


def functions_in(type_: Type) -> tuple[FnType, ...]:
    """One function type if values of `type_` are functions of this type, or lists of such functions; otherwise
    empty."""
    inner = innermost(type_)
    return (inner,) if isinstance(inner, FnType) else ()


def has_scalars(type_: Type) -> bool:
    """Whether values of the type are made of scalars, so that their number depends on the field."""
    if isinstance(type_, FnType):
        return any(has_scalars(part) for part in (*type_.parameters, type_.result))
    return isinstance(innermost(type_), ScalarType | VectorType | MatrixType)


def endless(type_: Type) -> bool:
    """Whether finite models can't enumerate the type: it has infinitely many values, or its values are functions."""
    return isinstance(type_, NatType | ListType | FnType)


def walk(term: Term) -> Iterator[Term]:
    """Yield a term and all terms inside it, each before its own parts, without recursion."""
    stack = [term]
    while stack:
        top = stack.pop()
        yield top
        inside = children(top)
        if inside:
            stack.extend(inside[::-1])  # so that the first one is popped first


def called(term: Term) -> str | None:
    """The key of the definition that a term calls or passes on as a function.

    None for all other terms, for calls that tables answer, and for a definition's use of itself.
    """
    if isinstance(term, Call | Partial) and term.key != "self" and not term.key.startswith(TABLES):
        return term.key
    return None


def sources(term: Term) -> Iterator[Source]:
    """Yield every generator source inside a term."""
    for inner in walk(term):
        if isinstance(inner, Comprehension):
            yield from (clause.source for clause in inner.clauses if isinstance(clause, Generator))


def own_nodes(term: Term) -> int:
    """The number of term nodes of `term` without the terms inside it: 1, and for a numeral as many as it has digits.
    Otherwise one node could hold a whole table of values."""
    return len(str(term.value)) if isinstance(term, Numeral) else 1


def count_nodes(term: Term, cap: int | None = None) -> int:
    """The number of term nodes of `term`, itself included; `statement_size` bounds it. If it is above `cap`, the result
    is above `cap` too, and counting stops there."""
    total, stack = 0, [term]
    while stack and (cap is None or total <= cap):
        top = stack.pop()
        total += own_nodes(top)
        stack.extend(children(top))
    return total


def free_names(term: Term) -> frozenset[str]:
    """The variables of a term that it does not bind itself. Types of terms are not searched (`free_variables` does)."""
    if isinstance(term, Variable):
        return frozenset({term.name})
    if not isinstance(term, Comprehension):
        names: frozenset[str] = frozenset()
        for child in children(term):
            names |= free_names(child)
        return names
    # From the last clause to the first: a variable is bound in everything after its own source.
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
    """The free variables in the sizes of a type."""
    names: frozenset[str] = frozenset()
    for size in type_terms(type):
        names |= free_names(size)
    return names


def free_variables(term: Term, known: dict[int, tuple[Term, frozenset[str]]]) -> frozenset[str]:
    """The names that a term needs from around it, including those in the sizes of types.

    `known` remembers results by the identity of terms. It keeps these terms alive, so that no identity is used again.
    """
    found = known.get(id(term))
    if found is not None:
        return found[1]
    if isinstance(term, Variable):
        names = frozenset((term.name,))
    elif isinstance(term, Comprehension):
        bound: frozenset[str] = frozenset()
        names = frozenset()
        for clause in term.clauses:
            inside = source_terms(clause.source) if isinstance(clause, Generator) else (clause.term,)
            for part in inside:
                names |= free_variables(part, known) - bound
            if isinstance(clause, Generator):
                bound |= {clause.variable.name}
        names |= free_variables(term.body, known) - bound
        for size in type_terms(term.type):  # the sizes of an empty list's items are in the type only
            names |= free_variables(size, known) - bound
    else:
        parts = (*children(term), *type_terms(term.type))
        if isinstance(term, Partial):
            parts = (*parts, *term.sizes)
        names = frozenset().union(*(free_variables(part, known) for part in parts)) if parts else frozenset()
    known[id(term)] = (term, names)
    return names
