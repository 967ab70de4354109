"""Terms that no variable occurs in, and their values.

A term is closed in a context: names of the definition that it stands in may be constants there, because the definition
was called with constants, and so may generator variables around it, because they range over constants.
"""

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
"""Values of one closed term under the generators around it."""
FUEL = 20_000
"""Nodes that valuing one closed term may take."""
MOST_FUEL = 200_000
"""Nodes that valuing all of them may take."""


@dataclass(frozen=True, slots=True)
class ClosedTermContext:
    """A reading of one body: the constants among its names, and the generators around the place that is read."""

    key: str
    names: Mapping[str, int]
    clauses: tuple[Generator, ...] = ()

    def closed(self) -> frozenset[str]:
        """Names that stand for constants, one or several."""
        return frozenset(self.names) | {clause.variable.name for clause in self.clauses}


class ClosedTerms:
    """Values closed terms, and knows whether it could value all that it was asked for."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._free: dict[int, tuple[Term, frozenset[str]]] = {}
        self._spent = 0
        self.followed = True

    def is_closed(self, term: Term, context: ClosedTermContext) -> bool:
        """Whether a term's value depends on constants alone."""
        return free_variables(term, self._free) <= context.closed()

    def values(self, term: Term, context: ClosedTermContext) -> Sequence[int]:
        """Every value of a closed term under the generators around it, of a scalar numerator and denominator."""
        if isinstance(term, Numeral):
            return (term.value,)
        if isinstance(term, Variable) and term.name in context.names:
            return (context.names[term.name],)
        if not self.followed:
            return ()
        clauses = self._needed(term, context)
        found = self._listed(term, clauses, context)
        if found is None and clauses:  # undefined for one of the generators' values: each by itself
            found = self._one_by_one(term, clauses, context)
        values = sorted({number for value in found or () for number in _plain(value)})
        if len(values) > MOST_VALUES:
            self.followed = False
        return values[:MOST_VALUES]

    def _listed(self, term: Term, clauses: tuple[Clause, ...], context: ClosedTermContext) -> list[Any] | None:
        """The values under the generators, in order; None where one of them is undefined."""
        item = SCALAR if isinstance(term.type, ScalarType) else NAT
        whole = with_keys(Comprehension("list", term, clauses or (_ONCE,), ListType(item)), {"self": context.key})
        names = {name: context.names[name] for name in free_variables(whole, self._free)}
        outcome = self._evaluate(whole, names, 1)
        if outcome is None or outcome.value is None:
            return None
        items = cast(ListValue, outcome.value).items
        return list(as_array(items, 1).reshape(-1))[: cast(int, cast(ListValue, outcome.value).length)]

    def _one_by_one(self, term: Term, clauses: tuple[Clause, ...], context: ClosedTermContext) -> list[Any] | None:
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
        """What became of it; None where that depends on the field. Notes what takes too long."""
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
        """The generators around a term that its value depends on."""
        names = set(free_variables(term, self._free))
        kept: list[Clause] = []
        for clause in reversed(context.clauses):
            if clause.variable.name in names:
                kept.append(clause)
                for part in source_terms(clause.source):
                    names |= free_variables(part, self._free)
        return tuple(reversed(kept))


_ONCE = Generator(Variable("once'", NAT), Range(Numeral(0, NAT), Numeral(1, NAT)))


def _plain(value: Any) -> tuple[int, ...]:
    return (int(value.p), int(value.q)) if isinstance(value, flint.fmpq) else (int(value),)
