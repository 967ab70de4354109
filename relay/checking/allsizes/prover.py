"""The proof of a claim at all sizes: what it says is put in normal form, with what its hypothesis gives as rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relay.checking.allsizes.monomials import GiveUp
from relay.checking.allsizes.reading import Reader
from relay.checking.allsizes.rules import Rules
from relay.checking.allsizes.sums import Algebra
from relay.checking.allsizes.values import (
    All,
    Fact,
    Formula,
    Implies,
    Indicator,
    NotZero,
    Same,
    Zero,
)
from relay.notation.syntax import Choice, Claim, Definition, Term


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a proof rests on."""

    equations: int
    """Sums that were shown to be zero."""
    given: int
    """Equations and inequations of the hypothesis that could be used."""
    known: tuple[str, ...]
    """Names of definitions that were recognised as a determinant, sorted."""


def prove(claim: Claim, definitions: Mapping[str, Definition]) -> Certificate | None:
    """A certificate that the claim is true and defined wherever its hypothesis is true, at all sizes and in every model
    of its class; None where the normal form does not show it."""
    try:
        return _Proof(claim, definitions).run()
    except (GiveUp, RecursionError):
        return None


class _Proof:
    def __init__(self, claim: Claim, definitions: Mapping[str, Definition]) -> None:
        self._claim = claim
        self._definitions = definitions
        self._algebra = Algebra(real=claim.over == "reals")
        self._reader = Reader(self._algebra, definitions)
        self._rules = Rules(self._algebra)
        self._shown = self._given = 0

    def run(self) -> Certificate | None:
        claim = self._claim
        names = self._reader.symbols(claim.parameters, claim.sizes)
        if claim.hypothesis is not None:
            equations: list[Zero] = []
            for part in _conjuncts(claim.hypothesis):
                try:
                    formula = self._reader.formula(part, names)
                except GiveUp:
                    continue  # what can't be used is not needed for what is shown without it
                self._assume(formula, equations)
            self._rules.learn(equations)
        goal = self._reader.formula(claim.body, names)
        if not self._holds(goal, self._rules):
            return None
        recognised = sorted({self._definitions[key].name for key in self._reader.recognised})
        return Certificate(self._shown, self._given, tuple(recognised))

    def _assume(self, formula: Formula, equations: list[Zero]) -> None:
        if isinstance(formula, All):
            for part in formula.parts:
                self._assume(part, equations)
        elif isinstance(formula, Zero):
            self._given += 1
            equations.append(formula)
        elif isinstance(formula, NotZero) and len(formula.sum) == 1:
            _, monomial = next(iter(formula.sum.values()))
            if not monomial.bound:
                self._given += 1
                self._algebra.nonzero.update(f for f, e in monomial.powers if (e.least(self._algebra.floors) or 0) > 0)

    def _holds(self, goal: Formula, rules: Rules) -> bool:
        if isinstance(goal, Fact):
            return goal.value
        if isinstance(goal, All):
            return all(self._holds(part, rules) for part in goal.parts)
        if isinstance(goal, Zero):
            self._shown += 1
            return not rules.reduced(goal.sum)
        if isinstance(goal, Indicator):
            self._shown += 1
            return not self._algebra.sub(goal.sum, self._algebra.number(1))
        if isinstance(goal, NotZero):
            return self._is_nonzero(goal)
        if isinstance(goal, Implies):
            return self._follows(goal.given, goal.then)
        if isinstance(goal, Same):
            return self._follows(goal.left, goal.right) and self._follows(goal.right, goal.left)
        return False

    def _is_nonzero(self, goal: NotZero) -> bool:
        """Whether a sum is a product of what is known not to be zero."""
        if len(goal.sum) != 1:
            return False
        coefficient, monomial = next(iter(goal.sum.values()))
        known = all(self._algebra.is_nonzero(factor) for factor, _ in monomial.powers)
        return coefficient in (1, -1) and not monomial.bound and known

    def _follows(self, given: Formula, then: Formula) -> bool:
        """Whether one formula follows from another, and from what is given already."""
        equations: list[Zero] = []
        flips, nonzero = dict(self._algebra.flips), set(self._algebra.nonzero)
        self._assume(given, equations)
        more = Rules(self._algebra)
        more.extend(self._rules)
        more.learn(equations)
        shown = self._holds(then, more)
        self._algebra.flips.clear()
        self._algebra.flips.update(flips)
        self._algebra.nonzero.clear()
        self._algebra.nonzero.update(nonzero)
        return shown


def _conjuncts(term: Term) -> Sequence[Term]:
    if isinstance(term, Choice) and term.kind == "and":
        return [c for arg in term.args for c in _conjuncts(arg)]
    return [term]
