"""Identities of polynomials over the integers, size by size: true there, true in every field and under every
involution.

A claim is valued once, for generic values (`relay.checker.generic.values`), under what its hypothesis says of them
(`relay.checker.generic.assumptions`). A condition that is open is taken both ways. Division is carried out only where
the divisor is shown not to be zero.
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
MOST_CASES = 81
ITEMS = 60_000
"""Items and calls that valuing a claim in one case may take."""
WORK = 1_000_000
"""Pairs of terms that may be multiplied meanwhile."""
MOST_WORK = 4_000_000
"""What all cases together may take, in items times `ITEM_WORK` and pairs."""
ITEM_WORK = 10
MOST_SPLITS = 4
"""Open conditions that are taken both ways, one inside the other."""


@dataclass(frozen=True, slots=True)
class Identities:
    """Where a claim is an identity."""

    reached: int = 0
    """The largest number up to `LARGEST` so that it is one in all cases with numbers up to it; 0 where that is not
    shown even for 2, or, where there are no such numbers, at all."""
    shown: frozenset[tuple[int, ...]] = frozenset()
    """The numbers of all cases, those asked for included, in which it is one."""
    reasons: tuple[str, ...] = ()
    """Why what it divides by is not zero."""
    conditional: bool = False
    """Whether its hypothesis was needed, or a condition was taken both ways."""
    inhabited: bool = False
    """Whether in one of them the parameters have values."""

    def record(self) -> dict[str, Any]:
        """A line of evidence."""
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
    """Where the claim is an identity. `body` is the closure of what is claimed, where there is one already."""
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
        for case in cases if reached else ():
            if not prover.shows(case):
                break
    if not reached:
        return Identities()
    reasons = tuple(sorted(prover.reasons))
    return Identities(reached, frozenset(prover.shown), reasons, prover.conditional, prover.inhabited)


def contradictory(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> bool:
    """Whether it is certain that nothing satisfies the hypothesis at these cases, whatever the field."""
    try:
        prover = _Prover(claim, definitions, code(claim.body))
    except Undecidable:
        return False
    with deep():
        return bool(cases) and all(prover.excludes(case) for case in cases)


@dataclass(slots=True)
class _Prover:
    """Shows one claim, case by case."""

    claim: Claim
    definitions: Mapping[str, Definition]
    body: Code
    shown: set[tuple[int, ...]] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    conditional: bool = False
    inhabited: bool = False
    left: int = MOST_WORK
    partners: bool = False

    def shows(self, case: Case) -> bool:
        """Whether the claim is true at a case for all values that satisfy its hypothesis."""
        key = tuple(case.values())
        if key in self.shown:
            return True
        shown = self._tried(case, self._under)
        if shown:
            self.shown.add(key)
        return shown

    def excludes(self, case: Case) -> bool:
        """Whether no value at a case satisfies the hypothesis."""
        return self._tried(case, self._excluded)

    def _tried(self, case: Case, what: Callable[[GenericValues, tuple[Split, ...]], bool]) -> bool:
        try:
            generic = GenericValues(self.claim.parameters, case, self.definitions)
        except Undefined:
            return True  # there is no such value
        except (Undecidable, TooLarge):
            return False
        self.inhabited = True
        for _ in range(2):
            try:
                return what(generic, ())
            except (Undefined, Undecidable, TooLarge, ArithmeticError):
                return False
            except NeedsPartners:
                self.partners = True
        return False

    def _under(self, generic: GenericValues, path: tuple[Split, ...]) -> bool:
        """Whether the claim is true for all values that satisfy its hypothesis and go a way through its conditions."""
        if self.left <= 0:
            return False
        ring = RationalFunctions(generic.count, self.partners, WORK, real=self.claim.over == "reals")
        run = Run(ring, self.definitions, ITEMS)
        try:
            if not self._informed(generic, ring, run) or not all(_gone(ring, *split) for split in path):
                return True
            run.left = ITEMS
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
        """Tell the ring what the hypothesis says; whether that can be."""
        if self.claim.hypothesis is None:
            return True
        with suppress(TooLarge, Undecidable):  # what was said before it became too much remains true
            return assume(self.claim.hypothesis, generic.values(ring), run, ring)
        return True


Split = tuple[Poly, bool]
"""A polynomial, and whether it is taken to be zero."""


def _gone(ring: RationalFunctions, polynomial: Poly, zero: bool) -> bool:
    """Take a condition one way; whether it can be."""
    return ring.assume_zero(polynomial) if zero else ring.assume_nonzero(polynomial, "a condition of the claim")
