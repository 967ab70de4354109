"""The proof of a claim at all sizes: what it says is put in normal form, with what its hypothesis gives as rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relay.checking.allsizes.monomials import GiveUp
from relay.checking.allsizes.reading import Reader
from relay.checking.allsizes.rules import Rules
from relay.checking.allsizes.sums import Algebra, Sum
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
        self._algebra.simpler = self._simpler
        self._shown = self._given = 0

    def run(self) -> Certificate | None:
        claim = self._claim
        names = self._reader.symbols(claim.parameters, claim.sizes)
        if claim.hypothesis is not None:
            for part in _conjuncts(claim.hypothesis):
                try:
                    formula = self._reader.formula(part, names)
                except GiveUp:
                    continue  # what can't be used is not needed for what is shown without it
                self._assume(formula, self._rules)
        goal = self._reader.formula(claim.body, names)
        if not self._holds(goal, self._rules):
            return None
        recognised = sorted({self._definitions[key].name for key in self._reader.recognised})
        return Certificate(self._shown, self._given, tuple(recognised))

    def _simpler(self, s: Sum) -> Sum:
        self._take_facts()
        return self._rules.reduced(s)

    def _take_facts(self) -> None:
        """Use what is known about symbols that were made since."""
        facts = list(self._reader.facts)
        self._reader.facts.clear()
        self._rules.learn(facts)

    def _assume(self, formula: Formula, rules: Rules) -> None:
        equations: list[Zero] = []
        unequal: list[NotZero] = []
        _sort(formula, equations, unequal)
        self._take_facts()
        rules.learn(equations)
        for fact in unequal:
            try:
                rules.learn_nonzero(fact)
            except GiveUp:
                continue
        self._given += len(equations) + len(unequal)

    def _holds(self, goal: Formula, rules: Rules) -> bool:
        if isinstance(goal, Fact):
            return goal.value
        if isinstance(goal, All):
            return all(self._holds(part, rules) for part in goal.parts)
        if isinstance(goal, Zero):
            self._shown += 1
            self._take_facts()
            return not rules.reduced(goal.sum)
        if isinstance(goal, Indicator):
            self._shown += 1
            return not self._algebra.sub(goal.sum, self._algebra.number(1))
        if isinstance(goal, NotZero):
            self._shown += 1
            return rules.is_nonzero(goal)
        if isinstance(goal, Implies):
            return self._follows(goal.given, goal.then, rules)
        if isinstance(goal, Same):
            left, right = goal.left, goal.right
            return self._follows(left, right, rules) and self._follows(right, left, rules)
        return False

    def _follows(self, given: Formula, then: Formula, rules: Rules) -> bool:
        """Whether one formula follows from another, and from what is given already."""
        algebra = self._algebra
        before = dict(algebra.flips), set(algebra.nonzero)
        more = Rules(algebra)
        more.extend(rules)
        self._assume(given, more)
        shown = self._holds(then, more)
        algebra.flips, algebra.nonzero = before
        return shown


def _sort(formula: Formula, equations: list[Zero], unequal: list[NotZero]) -> None:
    """The equations and inequations that a formula says, as far as they can be used."""
    if isinstance(formula, All):
        for part in formula.parts:
            _sort(part, equations, unequal)
    elif isinstance(formula, Zero):
        equations.append(formula)
    elif isinstance(formula, NotZero):
        unequal.append(formula)


def _conjuncts(term: Term) -> Sequence[Term]:
    if isinstance(term, Choice) and term.kind == "and":
        return [c for arg in term.args for c in _conjuncts(arg)]
    return [term]
