"""Copies of terms with other parts inside, or with other targets for their calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Clause,
    Comprehension,
    Generator,
    IfClause,
    Partial,
    Term,
)
from relay.notation.traversal import map_source


def with_keys(term: Term, keys: Mapping[str, str]) -> Term:
    """A copy of the term in which the key of each call is replaced as `keys` says. The new target must have the same
    type."""
    changed = with_children(term, lambda child: with_keys(child, keys))
    return replace(changed, key=keys.get(changed.key, changed.key)) if isinstance(changed, Call | Partial) else changed


def with_children(term: Term, change: Callable[[Term], Term]) -> Term:
    """A copy of the term with `change` applied to the terms directly inside it. Types stay as they are."""
    if isinstance(term, Partial):
        args, sizes = (tuple(change(inner) for inner in part) for part in (term.args, term.sizes))
        return replace(term, args=args, sizes=sizes)
    if isinstance(term, Apply | Call | Choice):
        return replace(term, args=tuple(change(arg) for arg in term.args))
    if isinstance(term, Comprehension):
        clauses: list[Clause] = [
            IfClause(change(c.term)) if isinstance(c, IfClause)
            else Generator(c.variable, map_source(c.source, change))
            for c in term.clauses
        ]  # fmt: skip
        return Comprehension(term.kind, change(term.body), tuple(clauses), term.type)
    return term
