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
    Partial,
    Term,
)
from relay.notation.traversal import map_source


def with_keys(term: Term, keys: Mapping[str, str]) -> Term:
    """The same term, each call whose key is in `keys` made to another target of the same type."""
    if isinstance(term, Call):
        return Call(term.name, keys.get(term.key, term.key), _all(term.args, keys), term.type)
    if isinstance(term, Partial):
        return Partial(
            term.name, keys.get(term.key, term.key), _all(term.args, keys), _all(term.sizes, keys), term.type
        )
    if isinstance(term, Apply):
        return Apply(term.op, _all(term.args, keys), term.type)
    if isinstance(term, Choice):
        return Choice(term.kind, _all(term.args, keys), term.type)
    if isinstance(term, Comprehension):
        clauses: list[Clause] = [
            Condition(with_keys(c.term, keys)) if isinstance(c, Condition)
            else Generator(c.variable, map_source(c.source, lambda inner: with_keys(inner, keys)))
            for c in term.clauses
        ]  # fmt: skip
        return Comprehension(term.kind, with_keys(term.body, keys), tuple(clauses), term.type)
    return term


def _all(terms: tuple[Term, ...], keys: Mapping[str, str]) -> tuple[Term, ...]:
    return tuple(with_keys(t, keys) for t in terms)
