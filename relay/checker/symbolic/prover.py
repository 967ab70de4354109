"""The proof of a claim at all sizes.

The hypothesis becomes rewrite rules. The claim is put in normal form with these rules; it is proved if every equation
in it becomes `0 == 0`. If this direct proof fails, induction over each suitable `Nat` parameter is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from relay.checker.symbolic.interpretation import TermInterpreter
from relay.checker.symbolic.rewriting import RewriteRules
from relay.checker.symbolic.sizes import ONE, ZERO, GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra, Work
from relay.checker.symbolic.symbols import symbols
from relay.checker.symbolic.values import All, CertainTruth, Formula, Implies, Indicator, NotZero, Number, Same, Zero
from relay.notation.comparisons import ORDERS, STRICT, TURNED
from relay.notation.syntax import Apply, Claim, Definition, NatType, Numeral, Term, Variable
from relay.notation.traversal import free_variables, operands, type_terms


@dataclass(frozen=True, slots=True)
class Certificate:
    """A summary of a proof, for the evidence of a verdict."""

    equations: int
    """Number of equations and other goals that were checked."""
    given: int
    """Number of equations and inequations that were taken from the hypothesis."""
    known: tuple[str, ...]
    """Names of the definitions that were recognised as a known function, sorted."""
    induction: str = ""
    """Name of the parameter over which the induction runs; empty for a direct proof."""

    def record(self) -> dict[str, object]:
        """Return the certificate as part of a verdict's evidence."""
        return {
            "equations": self.equations,
            "given": self.given,
            "known": list(self.known),
            **({"induction": self.induction} if self.induction else {}),
        }


def prove(claim: Claim, definitions: Mapping[str, Definition]) -> Certificate | None:
    """Return a certificate if a proof is found that `claim` holds, None otherwise.

    The proof shows that the claim is true and defined at all values that satisfy its hypothesis, at all sizes and in
    every model of the claim's class. All attempts share one budget of work.
    """
    work = Work()
    found = _tried(_Proof(claim, definitions, work).direct)
    if found is not None:
        return found
    for parameter in claim.parameters:
        if isinstance(parameter.type, NatType) and not _rests_on(claim, parameter.name):
            found = _tried(partial(_by_induction, claim, definitions, parameter.name, work))
            if found is not None:
                return found
    return None


def _tried(attempt: Callable[[], Certificate | None]) -> Certificate | None:
    # Deeply nested terms exceed Python's recursion limit; that is no proof either.
    try:
        return attempt()
    except (GiveUp, RecursionError):
        return None


def _rests_on(claim: Claim, name: str) -> bool:
    """Return whether the parameter `name` occurs in the hypothesis or in a parameter's type.

    If it does, induction over it is not possible: the hypothesis or type would change from step to step.
    """
    terms = [t for p in claim.parameters for t in type_terms(p.type)]
    terms += [claim.hypothesis] if claim.hypothesis is not None else []
    return any(name in free_variables(term, {}) for term in terms)


def _by_induction(claim: Claim, definitions: Mapping[str, Definition], name: str, work: Work) -> Certificate | None:
    """Return a certificate if induction over the parameter `name` proves the claim; otherwise None, or raises `GiveUp`.

    The claim is proved at 0, and at `name + 1` under the assumption that it holds at `name`.
    """
    base = _Proof(claim, definitions, work).direct({name: Number(ZERO)})
    if base is None:
        return None
    following = {name: Number(Size.name(name) + ONE)}
    step = _Proof(claim, definitions, work).direct(following, known={name: Number(Size.name(name))})
    if step is None:
        return None
    both = sorted({*base.known, *step.known})
    return Certificate(base.equations + step.equations, max(base.given, step.given), tuple(both), name)


class _Proof:
    """One attempt at a proof, with an algebra and rules of its own."""

    def __init__(self, claim: Claim, definitions: Mapping[str, Definition], work: Work) -> None:
        self._claim = claim
        self._definitions = definitions
        self._algebra = SumAlgebra(real=claim.over == "reals", work=work)
        self._reader = TermInterpreter(self._algebra, definitions)
        self._rules = RewriteRules(self._algebra)
        self._algebra.simpler = self._simpler
        self._shown = self._given = 0

    def direct(
        self, values: Mapping[str, Number] | None = None, known: Mapping[str, Number] | None = None
    ) -> Certificate | None:
        """Return a certificate if the claim is proved; otherwise None, or raises `GiveUp`.

        For induction, `values` gives numbers to some parameters. With `known`, the claim is assumed to hold where the
        parameters have these numbers.
        """
        claim = self._claim
        names = symbols(claim.parameters, claim.sizes, self._reader)
        if claim.hypothesis is not None:
            for part in operands(claim.hypothesis):
                # `n >= 2` raises the floor of a name, which every later reading uses. The floor must be strictly
                # higher than the one known; otherwise the part is read like any other.
                name, least = _floor(part)
                if least > self._algebra.floors.get(name, least):
                    self._algebra.floors[name] = least
                    continue
                try:
                    formula = self._reader.formula(part, names)
                except GiveUp:
                    continue  # a proof without this part of the hypothesis is still a proof
                self._assume(formula, self._rules)
        if known is not None:
            self._assume(self._reader.formula(claim.body, {**names, **known}), self._rules)
        goal = self._reader.formula(claim.body, {**names, **(values or {})})
        if not self._holds(goal, self._rules):
            return None
        recognised = sorted({self._definitions[key].name for key in self._reader.recognised})
        return Certificate(self._shown, self._given, tuple(recognised))

    def _simpler(self, s: Sum) -> Sum:
        """Return `s` reduced by all rules. The algebra calls this before it divides by `s`."""
        self._take_facts()
        return self._rules.reduced(s)

    def _take_facts(self) -> None:
        """Add the laws of the symbols made since the last call of this method to the rules."""
        facts = list(self._reader.facts)
        self._reader.facts.clear()
        self._rules.learn(facts)

    def _assume(self, formula: Formula, rules: RewriteRules) -> None:
        """Take `formula` as true: add its equations and inequations to `rules`."""
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

    def _holds(self, goal: Formula, rules: RewriteRules) -> bool:
        """Return whether `rules` prove `goal`."""
        if isinstance(goal, CertainTruth):
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

    def _follows(self, given: Formula, then: Formula, rules: RewriteRules) -> bool:
        """Return whether `then` follows from `given` and from the rules."""
        algebra = self._algebra
        # Assumptions also change the algebra's flips and nonzero factors, which must not outlive this formula.
        before = dict(algebra.flips), set(algebra.nonzero)
        more = RewriteRules(algebra)
        more.extend(rules)
        self._assume(given, more)
        shown = self._holds(then, more)
        algebra.flips, algebra.nonzero = before
        return shown


def _sort(formula: Formula, equations: list[Zero], unequal: list[NotZero]) -> None:
    """Append the equations of `formula` to `equations` and its inequations to `unequal`.

    Other parts of the formula are left out.
    """
    if isinstance(formula, All):
        for part in formula.parts:
            _sort(part, equations, unequal)
    elif isinstance(formula, Zero):
        equations.append(formula)
    elif isinstance(formula, NotZero):
        unequal.append(formula)


def _floor(term: Term) -> tuple[str, int]:
    """Return the name and the lower bound if `term` is a condition such as `k > 0` or `2 <= n`.

    Returns `("", 0)` for any other term.
    """
    if isinstance(term, Apply) and term.op in ORDERS and isinstance(term.args[0].type, NatType):
        larger, smaller = term.args if term.op in TURNED else term.args[::-1]
        if isinstance(larger, Variable) and isinstance(smaller, Numeral):
            return larger.name, smaller.value + (1 if term.op in STRICT else 0)
    return "", 0
