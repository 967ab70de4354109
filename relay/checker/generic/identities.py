"""Proves claims size by size, as identities of polynomials over the integers. Such an identity is true in every field
and under every involution.

A claim is evaluated once, for generic values (`relay.checker.generic.values`), under the consequences of its hypothesis
(`relay.checker.generic.assumptions`). If a condition is open, both of its outcomes are followed. A division is carried
out only if the divisor is shown not to be zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from relay.checker.cases import Case, Dimension, box, count
from relay.checker.generic.assumptions import assume
from relay.checker.generic.values import GenericValues
from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.fractions import OpenZeroTest, RationalFunctions
from relay.evaluation.algebra.polynomial_facts import NeedsPartners, Poly
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Code
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.recursion_limit import deep
from relay.notation.syntax import Claim, Definition

LARGEST = 4
"""Proofs are attempted for cases with numbers up to this one."""
MOST_CASES = 81
"""If there are more cases up to some number, the proof ends below it. 81 = 3^4 admits four sizes up to 3."""
ITEMS = 60_000
"""Items and calls that one evaluation of a claim may take."""
WORK = 1_000_000
"""Pairs of monomials that one evaluation may multiply."""
MOST_WORK = 4_000_000
"""Work for all cases together: items, each counted `ITEM_WORK` times, and pairs of monomials."""
ITEM_WORK = 10
MOST_SPLITS = 4
"""Open conditions are followed both ways to this depth: each level doubles the evaluations."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The cases at which a claim is an identity."""

    reached: int = 0
    """The largest number up to `LARGEST` such that the claim is an identity at all cases with numbers up to it. 0 if
    that is not shown for the number 2. If the claim has only one case, 1 if it is an identity, otherwise 0."""
    shown: frozenset[tuple[int, ...]] = frozenset()
    """The numbers of all cases at which the claim is an identity, also of cases beyond `reached`."""
    reasons: tuple[str, ...] = ()
    """Why the divisors in the claim are not zero, such as parts of the hypothesis in the notation."""
    conditional: bool = False
    """Whether the hypothesis was needed, or a condition was followed both ways."""
    inhabited: bool = False
    """Whether the parameters have values at some of the cases that were tried."""

    def record(self) -> dict[str, Any]:
        """Returns a record for the evidence."""
        record: dict[str, Any] = {
            "stage": "polynomial identity", "up to": self.reached, "cases": len(self.shown),
            "conditional": self.conditional,
        }  # fmt: skip
        return {**record, "denominators": list(self.reasons)} if self.reasons else record


def identities(
    claim: Claim,
    dims: Sequence[Dimension],
    cases: Sequence[Case],
    definitions: Mapping[str, Definition],
    body: Code | None = None,
) -> Identities:
    """Returns the cases at which the claim is an identity.

    First, all cases with numbers up to 2 are tried, then up to 3 and so on to `LARGEST`, until a case fails. If all
    cases up to 2 were shown, `cases` are tried next, until one fails; otherwise the result is empty. `body` is the
    compiled body of the claim, if the caller has it already."""
    try:
        prover = _Prover(claim, definitions, body or code(claim.body))
    except Undecidable:
        return Identities()
    reached = 0
    with deep():
        for top in range(2, LARGEST + 1) if dims else (1,):
            if count(dims, top) > MOST_CASES or not all(prover.shows(case) for case in box(dims, top)):
                break
            reached = top
        # cases that the loop above did not reach, smallest first; after one that fails, larger ones seldom succeed
        for case in cases if reached else ():
            if not prover.shows(case):
                break
    if not reached:
        return Identities()
    reasons = tuple(sorted(prover.reasons))
    return Identities(reached, frozenset(prover.shown), reasons, prover.conditional, prover.inhabited)


def contradictory(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> bool:
    """Whether it is certain that no value satisfies the hypothesis at these cases, in any field."""
    try:
        prover = _Prover(claim, definitions, code(claim.body))
    except Undecidable:
        return False
    with deep():
        return bool(cases) and all(prover.excludes(case) for case in cases)


@dataclass(slots=True)
class _Prover:
    """Proves one claim, case by case."""

    claim: Claim
    definitions: Mapping[str, Definition]
    body: Code
    shown: set[tuple[int, ...]] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    conditional: bool = False
    inhabited: bool = False
    left: int = MOST_WORK
    """Work left for all cases."""
    partners: bool = False
    """Whether each indeterminate has a partner that stands for its conjugate. They double the indeterminates, so they
    are made only once a conjugate is needed."""

    def shows(self, case: Case) -> bool:
        """Whether the claim is shown to be true at a case for all values that satisfy its hypothesis."""
        key = tuple(case.values())
        if key in self.shown:
            return True
        shown = self._tried(case, self._under)
        if shown:
            self.shown.add(key)
        return shown

    def excludes(self, case: Case) -> bool:
        """Whether it is shown that no value at a case satisfies the hypothesis."""
        return self._tried(case, self._excluded)

    def _tried(self, case: Case, what: Callable[[GenericValues, tuple[Split, ...]], bool]) -> bool:
        try:
            generic = GenericValues(self.claim.parameters, case, self.definitions)
        except Undefined:
            return True  # the parameters have no values at this case
        except (Undecidable, TooLarge):
            return False
        self.inhabited = True
        for _ in range(2):  # the second time with partners
            try:
                return what(generic, ())
            except (Undefined, Undecidable, TooLarge, ArithmeticError):
                return False
            except NeedsPartners:
                self.partners = True
        return False

    def _under(self, generic: GenericValues, path: tuple[Split, ...]) -> bool:
        """Whether the claim is shown for all values that satisfy its hypothesis and the conditions in `path`."""
        if self.left <= 0:
            return False
        ring = RationalFunctions(generic.count, self.partners, WORK, real=self.claim.over == "reals")
        run = Run(ring, self.definitions, ITEMS)
        try:
            if not self._informed(generic, ring, run) or not all(_gone(ring, *split) for split in path):
                return True  # no value satisfies the hypothesis and these conditions, so there is nothing to show
            run.left = ITEMS  # the claim gets its full allowance, whatever the hypothesis took
            value = self.body(generic.values(ring), run)
        except OpenZeroTest as condition:
            if len(path) >= MOST_SPLITS:
                return False
            self.conditional = True
            return all(self._under(generic, (*path, (condition.polynomial, zero))) for zero in (False, True))
        finally:
            self.left -= ITEM_WORK * (ITEMS - run.left) + WORK - ring.known.work
        known = ring.known
        self.reasons |= known.used
        self.conditional |= bool(known.used or known.solved or known.zeros)
        return value is True

    def _excluded(self, generic: GenericValues, path: tuple[Split, ...]) -> bool:
        ring = RationalFunctions(generic.count, self.partners, WORK, real=self.claim.over == "reals")
        return not self._informed(generic, ring, Run(ring, self.definitions, ITEMS))

    def _informed(self, generic: GenericValues, ring: RationalFunctions, run: Run) -> bool:
        """Records the hypothesis in the ring. Returns False if no value satisfies it."""
        if self.claim.hypothesis is None:
            return True
        with suppress(TooLarge, Undecidable):  # the consequences recorded before the exception remain true
            return assume(self.claim.hypothesis, generic.values(ring), run, ring)
        return True


Split = tuple[Poly, bool]
"""One outcome of an open condition: a polynomial, and whether it is assumed to be zero."""


def _gone(ring: RationalFunctions, polynomial: Poly, zero: bool) -> bool:
    """Assumes in the ring that `polynomial` is zero or, if `zero` is false, that it is not zero. Returns False if that
    is impossible."""
    return ring.assume_zero(polynomial) if zero else ring.assume_nonzero(polynomial, "a condition of the claim")
