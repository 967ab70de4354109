"""What a hypothesis asks for, one requirement at a time.

A hypothesis is taken apart at `and`, at `all` and at predicates that do not call themselves. What is left are
equations, whose two sides can be valued apart, and everything else. Nothing here decides anything: values that are made
with the help of these parts are put to the whole hypothesis afterwards.
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
MOST_DEPTH = 8
FUEL = 20_000
"""Nodes that one named argument or requirement may cost for one value."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement."""

    term: Term
    names: frozenset[str]
    """The parameters with scalars in them that it mentions; none where it speaks of sizes and numbers only."""
    sides: tuple[Term, Term] | None
    """Two terms that must be equal, where it is an equation between scalars or arrays, or a list of such."""
    lets: tuple[tuple[str, Term], ...] = ()
    """Names that stand for arguments of opened predicates, in the order in which to value them."""


def parts(claim: Claim, definitions: Mapping[str, Definition]) -> tuple[Requirement, ...]:
    """The requirements of a claim's hypothesis; none where there is no hypothesis or where it has too many."""
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
    """The values of a requirement's names besides the given ones, the lanes in which they have one, and the work; None
    where that is nowhere. Raises `Undecidable` and `TooLarge`."""
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
    """Takes a hypothesis apart. Arguments of what it opens get names, so that they are valued once."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._unfolder = Unfolder({})
        self._lets: dict[str, Term] = {}

    def split(self, term: Term, clauses: tuple[Clause, ...], depth: int) -> Iterator[tuple[Term, tuple[Clause, ...]]]:
        """Requirements, each with the generators and conditions that it stands under."""
        if isinstance(term, Choice) and term.kind == "and":
            for arg in term.args:
                yield from self.split(arg, clauses, depth)
            return
        if isinstance(term, Choice) and term.kind in ("or", "implies") and clauses:
            first, second = term.args
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
        name = f"let'{len(self._lets)}"
        self._lets[name] = arg
        return Variable(name, arg.type)

    def needed(self, term: Term) -> tuple[tuple[str, Term], ...]:
        """The named arguments that a term mentions, directly or not, in order."""
        wanted = set(free_names(term))
        for name in reversed(self._lets):
            if name in wanted:
                wanted |= free_names(self._lets[name])
        return tuple((name, arg) for name, arg in self._lets.items() if name in wanted)


def _counts(term: Term) -> bool:
    """Whether a term speaks of natural numbers only."""
    return all(isinstance(t.type, NatType) for t in walk(term) if isinstance(t, Variable))


def _ranges(term: Comprehension) -> bool:
    return any(isinstance(c, Generator) and isinstance(c.source, Values) for c in term.clauses)


def _sides(term: Term, clauses: tuple[Clause, ...]) -> tuple[Term, Term] | None:
    if not (isinstance(term, Apply) and term.op == "eq") or isinstance(
        innermost(term.args[0].type), NatType | BoolType
    ):
        return None
    if not clauses:
        return term.args[0], term.args[1]
    bound = {c.variable.name for c in clauses if isinstance(c, Generator)}
    if any(type_names(side.type) & bound for side in term.args):
        return None
    left, right = (Comprehension("list", side, clauses, ListType(side.type)) for side in term.args)
    return left, right
