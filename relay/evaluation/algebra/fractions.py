"""RationalFunctions of polynomials over the integers, one at a time: what is true of them is true in every field.

Every indeterminate `x` may have a partner `x'` that stands for its conjugate. A scalar is a polynomial, or a `Ratio`
whose denominator is known not to be zero. That is known of 1 and -1, and of what divides a product of *facts*:
polynomials that a hypothesis says are not zero. Divisibility is over the integers, so 2*x needs 2 != 0 as well, and
nothing depends on the characteristic. *Equations* are polynomials that a hypothesis says are zero. One that has an
indeterminate with coefficient 1 or -1, and nowhere else, takes it out of all that is computed; of the others the
multiples are known to be zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flint

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.scalars import Scalars, Undefined

MAX_TERMS = 20_000
"""Products of more pairs of terms than this, and sums of more terms, end the computation."""
MAX_BITS = 4096
"""Likewise products with a coefficient of more bits."""
MAX_DEGREE = 10_000
"""Likewise comparing a polynomial of a higher degree."""
MAX_EXPONENT = 64
MOST_EQUATIONS = 64
MOST_COMPARED = 5_000
"""Pairs of terms of two polynomials beyond which they are neither divided nor is a common divisor looked for."""
ROUNDS = 3
"""Rounds of division by all equations."""

Poly = Any
"""`flint.fmpz_mpoly`, which has no type stubs."""


class NeedsPartners(Exception):
    """A conjugate was asked for where indeterminates have no partners."""


class OpenZeroTest(Undecidable):
    """Whether a polynomial is zero depends on the values of its indeterminates."""

    def __init__(self, polynomial: Poly) -> None:
        super().__init__("whether a polynomial is zero depends on the values")
        self.polynomial = polynomial


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction; the denominator is known not to be zero, and is not constant."""

    top: Poly
    bottom: Poly


@dataclass(frozen=True, slots=True)
class NonzeroFact:
    """A polynomial that is not zero, and why."""

    polynomial: Poly
    source: str


@lru_cache(maxsize=256)
def _context(count: int, partners: bool) -> tuple[Any, tuple[Poly, ...]]:
    letters = ("x", "y") if partners else ("x",)
    names = tuple(f"{letter}{i}" for i in range(max(count, 1)) for letter in letters)
    context = flint.fmpz_mpoly_ctx.get(names, "lex")
    return context, tuple(context.gens())


class RationalFunctions(Scalars):
    """RationalFunctions over Z[x0, x0', x1, x1', ...] with `count` indeterminates, with or without partners."""

    def __init__(self, count: int, partners: bool = False, work: int = 2_000_000, real: bool = False) -> None:
        """With `real` conjugation is the identity."""
        self._real = real
        self._context, self._variables = _context(count, partners)
        self._step = 2 if partners else 1
        self._numbers: dict[int, Poly] = {}
        self.work = work
        """Pairs of terms that may still be multiplied."""
        self.facts: list[NonzeroFact] = []
        self.zeros: list[Poly] = []
        """Polynomials that are zero and could not be solved for an indeterminate."""
        self.solved: dict[int, Poly] = {}
        """Place of an indeterminate -> what it is equal to; none of them stands in any of these."""
        self.used: set[str] = set()
        """Why denominators were not zero."""
        self.assuming = False
        """Whether a divisor is taken not to be zero, because what is computed is known to have a value."""

    # --- what is known -----------------------------------------------------------------------------------------------

    def indeterminates(self, start: int, count: int) -> list[Any]:
        """The indeterminates number `start` to `start + count - 1`, or what they are equal to."""
        places = range(start * self._step, (start + count) * self._step, self._step)
        if not self.solved:
            return [self._variables[place] for place in places]
        return [self.solved.get(place, self._variables[place]) for place in places]

    def is_nonzero(self, polynomial: Poly) -> bool:
        """Whether a polynomial is known not to be zero, in any field."""
        if _is_unit(polynomial):
            return True
        left = self._rest(polynomial)
        if _is_unit(left):
            return True
        if left.is_zero():
            return False
        used: list[str] = []
        for fact in self.facts:
            if len(left) * len(fact.polynomial) > MOST_COMPARED:
                continue
            self._spend(len(left) * len(fact.polynomial))
            common = left.gcd(fact.polynomial)
            while not _is_unit(common):
                left = left / common  # exact, and each factor taken away divides a fact
                used.append(fact.source)
                if _is_unit(left):
                    self.used.update(used)
                    return True
                common = left.gcd(common)
        return False

    def is_null(self, polynomial: Poly) -> bool:
        """Whether a polynomial is known to be zero."""
        return bool(polynomial.is_zero()) or bool(self._rest(polynomial).is_zero())

    def _rest(self, polynomial: Poly) -> Poly:
        """A polynomial that is equal to it wherever the equations hold, and smaller where division finds one."""
        if polynomial.total_degree() > MAX_DEGREE:  # division may leave as many terms as that
            raise TooLarge("a polynomial has outgrown its limit")
        if self.assuming:
            polynomial = self._reduced(polynomial)
        for _ in range(ROUNDS if self.zeros else 0):
            before = polynomial
            for zero in self.zeros:
                if len(zero) * len(polynomial) > MOST_COMPARED:
                    return polynomial
                self._spend(len(zero) * len(polynomial))
                polynomial = polynomial % zero
            if polynomial == before:
                break
        return polynomial

    def assume_nonzero(self, a: Any, source: str) -> bool:
        """Take note that a scalar is not zero; whether that can be."""
        top = a.top if isinstance(a, Ratio) else a
        top = self._reduced(top)
        if self.is_null(top):
            return False
        if not _is_unit(top):
            self.facts.append(NonzeroFact(top, source))
            if self._step == 2:
                self.facts.append(NonzeroFact(self._swapped(top), source))
        return True

    def assume_zero(self, a: Any) -> bool:
        """Take note that a scalar is zero; whether that can be."""
        top = a.top if isinstance(a, Ratio) else a
        return all(self._equation(p) for p in ((top, self._swapped(top)) if self._step == 2 else (top,)))

    def _equation(self, polynomial: Poly) -> bool:
        polynomial = self._reduced(polynomial)
        if polynomial.is_zero():
            return True
        if self.is_nonzero(polynomial):
            return False
        place, value = _solve(polynomial, self._variables)
        if place < 0:
            self.zeros.append(polynomial)
        else:
            if len(self.solved) >= MOST_EQUATIONS:
                raise TooLarge("too many equations")
            self.solved[place] = value
            only = {place: value}
            for other, known in list(self.solved.items()):
                if other != place:
                    self.solved[other] = self._substituted(known, only)
            self.zeros = [left for left in map(self._reduced, self.zeros) if not left.is_zero()]
            self.facts = [NonzeroFact(self._reduced(fact.polynomial), fact.source) for fact in self.facts]
        return not any(fact.polynomial.is_zero() for fact in self.facts) and not any(map(_is_unit, self.zeros))

    def _reduced(self, polynomial: Poly) -> Poly:
        return self._substituted(polynomial, self.solved) if self.solved else polynomial

    def _substituted(self, polynomial: Poly, values: dict[int, Poly]) -> Poly:
        self._check_composition(polynomial, values.values())
        return polynomial.compose(*(values.get(place, v) for place, v in enumerate(self._variables)))

    def _check_composition(self, polynomial: Poly, values: Any) -> None:
        longest = max(map(len, values), default=1)
        degree = int(polynomial.total_degree())
        if degree > MAX_EXPONENT or (longest > 1 and len(polynomial) * longest ** min(degree, 32) > MAX_TERMS):
            raise TooLarge("a polynomial has outgrown its limit")
        self._spend(len(polynomial) * len(self._variables))

    def _swapped(self, polynomial: Poly) -> Poly:
        if polynomial.is_constant():
            return polynomial
        if self._step == 1:
            raise NeedsPartners
        self._check_composition(polynomial, ())
        v = self._variables
        return self._reduced(polynomial.compose(*(v[i + 1 if i % 2 == 0 else i - 1] for i in range(len(v)))))

    def _spend(self, pairs: int) -> None:
        self.work -= pairs
        if self.work < 0:
            raise TooLarge("the work allowed for polynomials")

    # --- arithmetic --------------------------------------------------------------------------------------------------

    def number(self, k: int) -> Any:
        found = self._numbers.get(k)
        if found is None:
            found = self._numbers[k] = self._context.constant(k)
        return found

    def add(self, a: Any, b: Any) -> Any:
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            return self._sum(a, b, False)
        total = a + b
        if len(total) > MAX_TERMS:
            raise TooLarge("a polynomial has outgrown its limit")
        return total

    def total(self, items: Sequence[Any]) -> Any:
        if len(items) < 2 or any(item.__class__ is Ratio for item in items) or sum(map(len, items)) > MAX_TERMS:
            return super().total(items)
        result = items[0] + items[1]
        for item in items[2:]:
            result.iadd(item)  # nobody else has it yet
        return result

    def sub(self, a: Any, b: Any) -> Any:
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            return self._sum(a, b, True)
        total = a - b
        if len(total) > MAX_TERMS:
            raise TooLarge("a polynomial has outgrown its limit")
        return total

    def _sum(self, a: Any, b: Any, negative: bool) -> Any:
        top, bottom = _parts(a, self)
        other, under = _parts(b, self)
        if negative:
            other = -other
        if bottom == under:
            return self._ratio(self.add(top, other), bottom)
        return self._ratio(self.add(self.times(top, under), self.times(other, bottom)), self.times(bottom, under))

    def neg(self, a: Any) -> Any:
        return Ratio(-a.top, a.bottom) if isinstance(a, Ratio) else -a

    def mul(self, a: Any, b: Any) -> Any:
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            top, bottom = _parts(a, self)
            other, under = _parts(b, self)
            if top == under:
                return self._ratio(other, bottom)
            if other == bottom:
                return self._ratio(top, under)
            return self._ratio(self.times(top, other), self.times(bottom, under))
        return self.times(a, b)

    def times(self, a: Poly, b: Poly) -> Poly:
        """The product of two polynomials."""
        pairs = len(a) * len(b)
        if pairs > MAX_TERMS:
            raise TooLarge("a polynomial has outgrown its limit")
        self.work -= pairs
        if self.work < 0:
            raise TooLarge("the work allowed for polynomials")
        product = a * b
        if pairs == 1:
            if product.coeffs()[0].height_bits() > MAX_BITS:
                raise TooLarge("a coefficient has outgrown its limit")
        elif pairs and not product.is_zero():
            coefficients = product.coeffs()
            if max(max(coefficients).height_bits(), min(coefficients).height_bits()) > MAX_BITS:
                raise TooLarge("a coefficient has outgrown its limit")
        return product

    def div(self, a: Any, b: Any) -> Any:
        divisor, below = _parts(b, self)
        if _is_unit(divisor):
            return self.mul(a, self.times(divisor, below))
        if self.is_null(divisor):
            raise Undefined
        if not self.is_nonzero(divisor):
            if not self.assuming:
                raise Undecidable("whether a divisor is zero depends on the values")
            self.assume_nonzero(divisor, "the hypothesis has a value")
        top, bottom = _parts(a, self)
        if top == divisor:
            return self._ratio(below, bottom)
        return self._ratio(self.times(top, below), self.times(bottom, divisor))

    def _ratio(self, top: Poly, bottom: Poly) -> Any:
        if top.is_zero():
            return top
        if _is_unit(bottom):
            return top * bottom
        return top // top if top == bottom else Ratio(top, bottom)

    def conj(self, a: Any) -> Any:
        if self._real:
            return a
        if isinstance(a, Ratio):
            return Ratio(self._swapped(a.top), self._swapped(a.bottom))
        return self._swapped(a)

    def power(self, a: Any, exponent: int) -> Any:
        if exponent > MAX_EXPONENT:
            raise TooLarge("an exponent has outgrown its limit")
        result = None
        while exponent:
            if exponent & 1:
                result = a if result is None else self.mul(result, a)
            exponent >>= 1
            if exponent:
                a = self.mul(a, a)
        return self.number(1) if result is None else result

    def same(self, a: Any, b: Any) -> bool | None:
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            difference = self._sum(a, b, True)
            top = difference.top if isinstance(difference, Ratio) else difference
        elif a == b:
            return True
        else:
            top = a - b
        if self.is_null(top):
            return True
        return False if self.is_nonzero(top) else None

    def decide(self, a: Any, b: Any) -> bool:
        difference = self.sub(a, b)
        raise OpenZeroTest(difference.top if isinstance(difference, Ratio) else difference)


def _parts(a: Any, ring: RationalFunctions) -> tuple[Poly, Poly]:
    return (a.top, a.bottom) if isinstance(a, Ratio) else (a, ring.number(1))


def _is_unit(f: Poly) -> bool:
    """Whether a polynomial is 1 or -1: not zero in any field."""
    return bool(f.is_constant() and not f.is_zero() and abs(int(f.leading_coefficient())) == 1)


def _solve(polynomial: Poly, variables: Sequence[Poly]) -> tuple[int, Poly]:
    """The place of the last indeterminate that stands in one term only, alone and with coefficient 1 or -1, and what
    the equation `polynomial == 0` says it is; -1 where there is none."""
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
