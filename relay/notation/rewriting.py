"""Terms with other targets of their calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

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
<<<<<<< HEAD
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
=======
    changed = with_children(term, lambda child: with_keys(child, keys))
    return replace(changed, key=keys.get(changed.key, changed.key)) if isinstance(changed, Call) else changed


def with_children(term: Term, change: Callable[[Term], Term]) -> Term:
    """The same term with the terms directly inside it changed; types stay as they are."""
    if isinstance(term, Apply | Call | Choice):
        return replace(term, args=tuple(change(arg) for arg in term.args))
>>>>>>> 5441a7a (A claim earns its law whichever way round it is written, and corruptions of definitions are made and scored)
    if isinstance(term, Comprehension):
        clauses: list[Clause] = [
            Condition(change(c.term)) if isinstance(c, Condition)
            else Generator(c.variable, map_source(c.source, change))
            for c in term.clauses
        ]  # fmt: skip
        return Comprehension(term.kind, change(term.body), tuple(clauses), term.type)
    return term
