"""Terms with other targets of their calls."""

from __future__ import annotations

from collections.abc import Mapping

from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Clause,
    Comprehension,
    Condition,
    Generator,
    Items,
    Permutations,
    Range,
    Source,
    Subsets,
    Term,
)


def with_keys(term: Term, keys: Mapping[str, str]) -> Term:
    """The same term, each call whose key is in `keys` made to another target of the same type."""
    if isinstance(term, Call):
        return Call(term.name, keys.get(term.key, term.key), _all(term.args, keys), term.type)
    if isinstance(term, Apply):
        return Apply(term.op, _all(term.args, keys), term.type)
    if isinstance(term, Choice):
        return Choice(term.kind, _all(term.args, keys), term.type)
    if isinstance(term, Comprehension):
        clauses: list[Clause] = [
            Condition(with_keys(c.term, keys)) if isinstance(c, Condition)
            else Generator(c.variable, _source(c.source, keys))
            for c in term.clauses
        ]  # fmt: skip
        return Comprehension(term.kind, with_keys(term.body, keys), tuple(clauses), term.type)
    return term


def _all(terms: tuple[Term, ...], keys: Mapping[str, str]) -> tuple[Term, ...]:
    return tuple(with_keys(t, keys) for t in terms)


def _source(source: Source, keys: Mapping[str, str]) -> Source:
    if isinstance(source, Range):
        return Range(with_keys(source.start, keys), with_keys(source.stop, keys))
    if isinstance(source, Items):
        return Items(with_keys(source.list, keys))
    if isinstance(source, Permutations):
        return Permutations(with_keys(source.n, keys))
    if isinstance(source, Subsets):
        return Subsets(with_keys(source.n, keys), with_keys(source.k, keys))
    return source
