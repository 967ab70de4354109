"""The requirements of a hypothesis.

A hypothesis is split at `and`, at `all`, and at calls of predicates that are not recursive. Each part is either an
equation, whose two sides can be evaluated separately, or some other condition. The parts only guide the construction of
values: the checker evaluates the whole hypothesis at these values afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.evaluate import evaluate
from relay.evaluation.values import Value
from relay.notation.syntax import (
    BOOL,
    Apply,
    BoolType,
    Call,
    Choice,
    Claim,
    Clause,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    ListType,
    NatType,
    Numeral,
    Term,
    Values,
    Variable,
)
from relay.notation.traversal import free_names, innermost, type_names, walk
from relay.notation.unfolding import Unfolder, recurses

MOST_PARTS = 24
"""A hypothesis with more requirements than this is not used for construction."""
MOST_DEPTH = 8
"""Nesting depth to which predicates are opened."""
FUEL = 20_000
"""Nodes that one let or requirement may evaluate per lane."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One part of a hypothesis, with the parameters that it mentions."""

    term: Term
    names: frozenset[str]
    """The mentioned parameters whose items are neither naturals nor truth values. Empty if the requirement is about
    sizes and numbers only."""
    sides: tuple[Term, Term] | None
    """The left and the right side, if the requirement is an equation between scalars or arrays. If the equation stands
    under generators: the list of all left sides and the list of all right sides. Otherwise None."""
    lets: tuple[tuple[str, Term], ...] = ()
    """The lets, in the order of evaluation. Each is a name and the argument of an opened predicate that it replaces."""


def parts(claim: Claim, definitions: Mapping[str, Definition]) -> tuple[Requirement, ...]:
    """Return the requirements of a claim's hypothesis; an empty tuple if it has none or more than `MOST_PARTS`."""
    if claim.hypothesis is None:
        return ()
    names = {p.name for p in claim.parameters if not isinstance(innermost(p.type), NatType | BoolType)}
    splitter = _Splitter(definitions)
    found: list[Requirement] = []
    for term, clauses in splitter.split(claim.hypothesis, (), MOST_DEPTH):
        whole = Comprehension("all", term, clauses, BOOL) if clauses else term
        lets = splitter.needed(whole)
        mentioned = frozenset(n for t in (whole, *(t for _, t in lets)) for n in free_names(t)) & names
        found.append(Requirement(whole, mentioned, _sides(term, clauses) if mentioned else None, lets))
        if len(found) > MOST_PARTS:
            return ()
    return tuple(found)


def named(
    part: Requirement,
    values: Mapping[str, Value],
    lanes: int,
    model: Algebra,
    definitions: Mapping[str, Definition],
) -> tuple[dict[str, Value], NDArray[np.bool_], int] | None:
    """Evaluate the lets of a requirement.

    Returns a triple: first `values` and the values of the lets in one dict, then the lanes in which all lets are
    defined, then the work. Returns None if a let is undefined in all lanes. Raises `Undecidable` and `TooLarge`.
    """
    known = dict(values)
    fine = np.ones(lanes, dtype=np.bool_)
    work = 0
    for name, term in part.lets:
        outcome = evaluate(term, known, lanes, model, definitions, FUEL)
        work += outcome.work
        if outcome.value is None:
            return None
        fine &= outcome.ok
        known[name] = outcome.value
    return known, fine, work


class _Splitter:
    """Splits a hypothesis. Arguments of opened predicates get names, so that each is evaluated once."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._unfolder = Unfolder({})
        self._lets: dict[str, Term] = {}

    def split(self, term: Term, clauses: tuple[Clause, ...], depth: int) -> Iterator[tuple[Term, tuple[Clause, ...]]]:
        """Yield the parts of `term`, each with the generators and conditions of every `all` around it.

        `clauses` are the generators and conditions around `term` itself. Calls are opened down to `depth` levels.
        """
        if isinstance(term, Choice) and term.kind == "and":
            for arg in term.args:
                yield from self.split(arg, clauses, depth)
            return
        if isinstance(term, Choice) and term.kind in ("or", "implies") and clauses:
            first, second = term.args
            # A condition on naturals becomes an `if` clause of the generators around it. A condition on scalars does
            # not: the list of sides would then have a length that varies by lane, which can't be solved.
            if _counts(first):
                when = first if term.kind == "implies" else Apply("not", (first,), BOOL)
                yield from self.split(second, (*clauses, IfClause(when)), depth)
                return
            if term.kind == "or" and _counts(second):
                no = IfClause(Apply("not", (second,), BOOL))
                yield from self.split(first, (*clauses, no), depth)
                return
        if isinstance(term, Call) and depth:
            definition = self._definitions.get(term.key)
            if definition is not None and not recurses(definition):
                bound = {c.variable.name for c in clauses if isinstance(c, Generator)}
                args = [self._named(arg, bound) for arg in term.args]
                yield from self.split(self._unfolder.opened(definition, args), clauses, depth - 1)
                return
        if isinstance(term, Comprehension) and term.kind == "all" and not _ranges(term):
            yield from self.split(term.body, (*clauses, *term.clauses), depth)
            return
        yield term, clauses

    def _named(self, arg: Term, bound: set[str]) -> Term:
        if isinstance(arg, Variable | Numeral) or free_names(arg) & bound or type_names(arg.type) & bound:
            return arg
        name = f"let'{len(self._lets)}"  # the notation has no apostrophe in names, so that nothing is shadowed
        self._lets[name] = arg
        return Variable(name, arg.type)

    def needed(self, term: Term) -> tuple[tuple[str, Term], ...]:
        """Return the lets that a term mentions, directly or through other lets, in the order of evaluation."""
        wanted = set(free_names(term))
        # A let mentions earlier lets only: one pass backwards finds all.
        for name in reversed(self._lets):
            if name in wanted:
                wanted |= free_names(self._lets[name])
        return tuple((name, arg) for name, arg in self._lets.items() if name in wanted)


def _counts(term: Term) -> bool:
    """Return whether all variables in a term are natural numbers."""
    return all(isinstance(t.type, NatType) for t in walk(term) if isinstance(t, Variable))


def _ranges(term: Comprehension) -> bool:
    """Return whether a comprehension ranges over all values of a type."""
    return any(isinstance(c, Generator) and isinstance(c.source, Values) for c in term.clauses)


def _sides(term: Term, clauses: tuple[Clause, ...]) -> tuple[Term, Term] | None:
    """Return the two sides of an equation between scalars or arrays; if there are `clauses`, as two lists.

    Returns None if `term` is no such equation, or if the items of a list would have different sizes.
    """
    if not (isinstance(term, Apply) and term.op == "eq") or isinstance(
        innermost(term.args[0].type), NatType | BoolType
    ):
        return None
    if not clauses:
        return term.args[0], term.args[1]
    bound = {c.variable.name for c in clauses if isinstance(c, Generator)}
    if any(type_names(side.type) & bound for side in term.args):
        return None  # items of a list must be of one size, but these sizes depend on the generator
    left, right = (Comprehension("list", side, clauses, ListType(side.type)) for side in term.args)
    return left, right
