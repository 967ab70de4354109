"""Facts that a hypothesis gives about polynomials over the integers: which are zero, and which are not.

Every indeterminate `x` may have a partner `x'` that stands for its conjugate. A polynomial is known not to be zero if
it is 1 or -1, or divides a product of *facts*: polynomials that are not zero by hypothesis. Divisibility is over the
integers, so 2*x is known to be nonzero only if both 2 and x are known to be nonzero; results hold in every
characteristic. *Equations* are polynomials that are zero by hypothesis. If an indeterminate occurs in an equation once,
alone, with coefficient 1 or -1, the equation is solved for it, and the indeterminate is replaced everywhere. Multiples
of the other equations are known to be zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flint

from relay.evaluation.algebra.base import TooLarge

MAX_TERMS = 20_000
"""A product of more pairs of terms, or a sum of more terms, ends the computation."""
MAX_DEGREE = 10_000
"""The question whether a polynomial of a higher degree is zero ends the computation."""
MAX_EXPONENT = 64
"""Largest exponent of a power, and largest degree of a polynomial whose indeterminates are replaced."""
MOST_EQUATIONS = 64
"""Most equations that may be solved."""
MOST_COMPARED = 5_000
"""If two polynomials have more pairs of terms, neither their division nor a common divisor is tried."""
ROUNDS = 3
"""Most rounds of division by all equations. After a division, one that failed before may be possible."""

Poly = Any
"""`flint.fmpz_mpoly`, which has no type stubs."""


class NeedsPartners(Exception):
    """A conjugate is needed, but the indeterminates have no partners."""


@dataclass(frozen=True, slots=True)
class NonzeroFact:
    """A polynomial that is not zero, and the reason."""

    polynomial: Poly
    source: str


@lru_cache(maxsize=256)
def _context(count: int, partners: bool) -> tuple[Any, tuple[Poly, ...]]:
    letters = ("x", "y") if partners else ("x",)
    names = tuple(f"{letter}{i}" for i in range(max(count, 1)) for letter in letters)
    context = flint.fmpz_mpoly_ctx.get(names, "lex")
    return context, tuple(context.gens())


class PolynomialFacts:
    """Facts about polynomials in Z[x0, x0', x1, x1', ...] with `count` indeterminates, with or without partners.

    `work` is the number of pairs of terms that may be multiplied or compared. When it is used up, methods raise
    `TooLarge`.
    """

    def __init__(self, count: int, partners: bool, work: int) -> None:
        self.context, self.variables = _context(count, partners)
        self._step = 2 if partners else 1
        self.work = work
        """Pairs of terms that may still be multiplied or compared."""
        self.facts: list[NonzeroFact] = []
        self.zeros: list[Poly] = []
        """Polynomials that are zero and can't be solved for an indeterminate."""
        self.solved: dict[int, Poly] = {}
        """Indeterminate (by position) -> the polynomial that it equals. These polynomials contain no key."""
        self.used: set[str] = set()
        """Sources of the facts that were needed to show that polynomials are not zero."""
        self.assuming = False
        """Whether divisors are assumed not to be zero, since the computed term is known to have a value."""

    def indeterminates(self, start: int, count: int) -> list[Any]:
        """Indeterminates `start` to `start + count - 1`, each replaced by its value if an equation gives one."""
        places = range(start * self._step, (start + count) * self._step, self._step)
        if not self.solved:
            return [self.variables[place] for place in places]
        return [self.solved.get(place, self.variables[place]) for place in places]

    def is_nonzero(self, polynomial: Poly) -> bool:
        """Whether a polynomial is known to differ from zero in every field."""
        if is_unit(polynomial):
            return True
        left = self._rest(polynomial)
        if is_unit(left):
            return True
        if left.is_zero():
            return False
        used: list[str] = []
        for fact in self.facts:
            # the search goes on, because a smaller fact may suffice
            if len(left) * len(fact.polynomial) > MOST_COMPARED:
                continue
            self.spend(len(left) * len(fact.polynomial))
            common = left.gcd(fact.polynomial)
            while not is_unit(common):
                left = left / common  # exact; the factor that is removed divides a fact
                used.append(fact.source)
                if is_unit(left):
                    self.used.update(used)
                    return True
                common = left.gcd(common)
        return False

    def is_null(self, polynomial: Poly) -> bool:
        """Whether a polynomial is known to be zero in every field."""
        return bool(polynomial.is_zero()) or bool(self._rest(polynomial).is_zero())

    def _rest(self, polynomial: Poly) -> Poly:
        """The remainder of a polynomial after division by the equations. Both are equal wherever the equations hold."""
        if polynomial.total_degree() > MAX_DEGREE:  # division may leave as many terms as the degree
            raise TooLarge("a polynomial has outgrown its limit")
        # it may have been computed before an equation was solved, and contain the solved indeterminate
        if self.assuming:
            polynomial = self._reduced(polynomial)
        for _ in range(ROUNDS if self.zeros else 0):
            before = polynomial
            for zero in self.zeros:
                if len(zero) * len(polynomial) > MOST_COMPARED:
                    return polynomial
                self.spend(len(zero) * len(polynomial))
                polynomial = polynomial % zero
            if polynomial == before:
                break
        return polynomial

    def assume_nonzero(self, polynomial: Poly, source: str) -> bool:
        """Record that a polynomial is not zero, with the reason `source`. Returns False if it is known to be zero."""
        polynomial = self._reduced(polynomial)
        if self.is_null(polynomial):
            return False
        if not is_unit(polynomial):
            self.facts.append(NonzeroFact(polynomial, source))
            # an involution is injective, so the conjugate is not zero either
            if self._step == 2:
                self.facts.append(NonzeroFact(self.conjugate(polynomial), source))
        return True

    def assume_zero(self, polynomial: Poly) -> bool:
        """Record that a polynomial is zero. Returns False if that contradicts the facts."""
        both = (polynomial, self.conjugate(polynomial)) if self._step == 2 else (polynomial,)
        return all(self._equation(p) for p in both)

    def _equation(self, polynomial: Poly) -> bool:
        """Record the equation `polynomial == 0`, solved if possible. Returns False if it contradicts the facts."""
        polynomial = self._reduced(polynomial)
        if polynomial.is_zero():
            return True
        if self.is_nonzero(polynomial):
            return False
        place, value = _solve(polynomial, self.variables)
        if place < 0:
            self.zeros.append(polynomial)
        else:
            if len(self.solved) >= MOST_EQUATIONS:
                raise TooLarge("too many equations")
            self.solved[place] = value
            only = {place: value}
            # the new value goes into all earlier ones, so that no value contains a solved indeterminate
            for other, known in list(self.solved.items()):
                if other != place:
                    self.solved[other] = self._substituted(known, only)
            self.zeros = [left for left in map(self._reduced, self.zeros) if not left.is_zero()]
            self.facts = [NonzeroFact(self._reduced(fact.polynomial), fact.source) for fact in self.facts]
        return not any(fact.polynomial.is_zero() for fact in self.facts) and not any(map(is_unit, self.zeros))

    def _reduced(self, polynomial: Poly) -> Poly:
        return self._substituted(polynomial, self.solved) if self.solved else polynomial

    def _substituted(self, polynomial: Poly, values: dict[int, Poly]) -> Poly:
        self._check_composition(polynomial, values.values())
        return polynomial.compose(*(values.get(place, v) for place, v in enumerate(self.variables)))

    def _check_composition(self, polynomial: Poly, values: Any) -> None:
        # A bound on the result: each term becomes at most `longest ** degree` terms. 32 keeps the power small.
        longest = max(map(len, values), default=1)
        degree = int(polynomial.total_degree())
        if degree > MAX_EXPONENT or (longest > 1 and len(polynomial) * longest ** min(degree, 32) > MAX_TERMS):
            raise TooLarge("a polynomial has outgrown its limit")
        self.spend(len(polynomial) * len(self.variables))

    def conjugate(self, polynomial: Poly) -> Poly:
        """The polynomial with every indeterminate and its partner swapped. Raises `NeedsPartners` without partners."""
        if polynomial.is_constant():
            return polynomial
        if self._step == 1:
            raise NeedsPartners
        self._check_composition(polynomial, ())
        v = self.variables
        return self._reduced(polynomial.compose(*(v[i + 1 if i % 2 == 0 else i - 1] for i in range(len(v)))))

    def spend(self, pairs: int) -> None:
        """Subtract pairs of terms from the work left. Raises `TooLarge` if there is none left."""
        self.work -= pairs
        if self.work < 0:
            raise TooLarge("the work allowed for polynomials")


def is_unit(f: Poly) -> bool:
    """Whether a polynomial is 1 or -1. Only these differ from zero in every field, under every assignment."""
    return bool(f.is_constant() and not f.is_zero() and abs(int(f.leading_coefficient())) == 1)


def _solve(polynomial: Poly, variables: Sequence[Poly]) -> tuple[int, Poly]:
    """Solve `polynomial == 0` for an indeterminate. Returns its position and its value, or -1 and `polynomial`.

    The indeterminate must occur in one term only, alone and with coefficient 1 or -1. If there are several, the last is
    taken; if there is none, the position is -1.
    """
    degrees = polynomial.degrees()
    monomials = polynomial.monoms()
    coefficients = polynomial.coeffs()
    for place in range(len(variables) - 1, -1, -1):
        if int(degrees[place]) != 1:
            continue
        found = [n for n, monomial in enumerate(monomials) if int(monomial[place])]
        if len(found) == 1 and abs(int(coefficients[found[0]])) == 1 and sum(map(int, monomials[found[0]])) == 1:
            sign = int(coefficients[found[0]])
            return place, variables[place] - sign * polynomial
    return -1, polynomial
