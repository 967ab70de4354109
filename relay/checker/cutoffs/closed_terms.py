"""Terms that depend on constants alone, and their values.

Whether a term is closed depends on its context. A parameter of the definition around the term is a constant if the
definition was called with a constant. A generator variable around the term stands for several constants if it ranges
over constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import flint
import numpy as np

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.evaluate import Outcome, evaluate
from relay.evaluation.lanes import EXHAUSTED
from relay.evaluation.values import ListValue, Value, as_array
from relay.notation.rewriting import with_keys
from relay.notation.syntax import (
    NAT,
    SCALAR,
    Clause,
    Comprehension,
    Definition,
    Generator,
    ListType,
    NatType,
    Numeral,
    Range,
    ScalarType,
    Term,
    Variable,
)
from relay.notation.traversal import free_variables, source_terms

MOST_VALUES = 400
"""The most values of one closed term. It may have one for each combination of values of the generators around it."""
FUEL = 20_000
"""Nodes that one closed term may cost."""
MOST_FUEL = 200_000
"""Nodes that all closed terms of a statement may cost together."""


@dataclass(frozen=True, slots=True)
class ClosedTermContext:
    """The context in which a term is read: the key of its definition, the constants among the names there, and the
    generators around the term."""

    key: str
    names: Mapping[str, int]
    clauses: tuple[Generator, ...] = ()

    def closed(self) -> frozenset[str]:
        """Returns the names that stand for one or several constants."""
        return frozenset(self.names) | {clause.variable.name for clause in self.clauses}


class ClosedTerms:
    """Evaluates closed terms. `followed` becomes False as soon as one of them takes too long; after that no term is
    evaluated any more."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._free: dict[int, tuple[Term, frozenset[str]]] = {}
        self._spent = 0
        self.followed = True

    def is_closed(self, term: Term, context: ClosedTermContext) -> bool:
        """Whether a term's value depends on constants alone."""
        return free_variables(term, self._free) <= context.closed()

    def values(self, term: Term, context: ClosedTermContext) -> Sequence[int]:
        """Returns, in increasing order, the values that a closed term has for all values of the generators around it.

        If the term is a scalar, returns the numerators and denominators of its values."""
        if isinstance(term, Numeral):  # most closed terms are numerals: no evaluation for them
            return (term.value,)
        if isinstance(term, Variable) and term.name in context.names:
            return (context.names[term.name],)
        if not self.followed:
            return ()
        clauses = self._needed(term, context)
        found = self._listed(term, clauses, context)
        if found is None and clauses:  # one undefined item makes the list undefined, so evaluate each by itself
            found = self._one_by_one(term, clauses, context)
        values = sorted({number for value in found or () for number in _plain(value)})
        if len(values) > MOST_VALUES:  # some are dropped, so the reading is incomplete
            self.followed = False
        return values[:MOST_VALUES]

    def _listed(self, term: Term, clauses: tuple[Clause, ...], context: ClosedTermContext) -> list[Any] | None:
        """Returns the values of `term` for all values of the generators in `clauses`, in the order of these, or None if
        one of them is undefined.

        Evaluates one list comprehension, which is much faster than one evaluation per value."""
        item = SCALAR if isinstance(term.type, ScalarType) else NAT
        # without generators, a list of one item: a comprehension needs a clause
        whole = with_keys(Comprehension("list", term, clauses or (_ONCE,), ListType(item)), {"self": context.key})
        names = {name: context.names[name] for name in free_variables(whole, self._free)}
        outcome = self._evaluate(whole, names, 1)
        if outcome is None or outcome.value is None:
            return None
        items = cast(ListValue, outcome.value).items
        return list(as_array(items, 1).reshape(-1))[: cast(int, cast(ListValue, outcome.value).length)]

    def _one_by_one(self, term: Term, clauses: tuple[Clause, ...], context: ClosedTermContext) -> list[Any] | None:
        """Returns the defined values, with one lane for each combination of the generators' values.

        If a generator does not range over natural numbers, or its values cannot be listed, sets `followed` to False and
        returns None."""
        names: dict[str, Value] = {
            name: context.names[name] for name in free_variables(term, self._free) & set(context.names)
        }
        lanes = 1
        for clause in clauses:
            variable = cast(Generator, clause).variable
            column = self._listed(variable, clauses, context) if isinstance(variable.type, NatType) else None
            if column is None:
                self.followed = False
                return None
            names[variable.name], lanes = np.array([int(k) for k in column], dtype=np.int64), len(column)
        outcome = self._evaluate(with_keys(term, {"self": context.key}), names, lanes) if lanes else None
        if outcome is None or outcome.value is None:
            return None
        return list(as_array(outcome.value, lanes)[outcome.ok])

    def _evaluate(self, term: Term, names: Mapping[str, Value], lanes: int) -> Outcome | None:
        """Returns the outcome, or None if it depends on the field. If the evaluation takes too long, sets `followed` to
        False."""
        try:
            outcome = evaluate(term, names, lanes, Rationals(), self._definitions, FUEL)
        except Undecidable:
            return None
        except (TooLarge, KeyError):
            self.followed = False
            return None
        self._spent += int(outcome.fuel.sum())
        if (outcome.status == EXHAUSTED).any() or self._spent > MOST_FUEL:
            self.followed = False
        return outcome

    def _needed(self, term: Term, context: ClosedTermContext) -> tuple[Clause, ...]:
        """Returns the generators around a term on which its value depends, outermost first."""
        names = set(free_variables(term, self._free))
        kept: list[Clause] = []
        # From the inside out: a generator may range over a term with the variables of outer ones.
        for clause in reversed(context.clauses):
            if clause.variable.name in names:
                kept.append(clause)
                for part in source_terms(clause.source):
                    names |= free_variables(part, self._free)
        return tuple(reversed(kept))


_ONCE = Generator(Variable("once'", NAT), Range(Numeral(0, NAT), Numeral(1, NAT)))


def _plain(value: Any) -> tuple[int, ...]:
    return (int(value.p), int(value.q)) if isinstance(value, flint.fmpq) else (int(value),)
