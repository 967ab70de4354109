"""Arithmetic on single rational functions over the integers. Two that are equal here are equal in every field.

A scalar is a polynomial, or a `Ratio` whose denominator is known not to be zero. `PolynomialFacts` keeps what is known
about polynomials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.polynomial_facts import MAX_EXPONENT, MAX_TERMS, Poly, PolynomialFacts, is_unit
from relay.evaluation.algebra.scalars import Scalars, Undefined

MAX_BITS = 4096
"""Products with a coefficient of more bits than this end the computation."""


class OpenZeroTest(Undecidable):
    """Whether a polynomial is zero depends on the values of its indeterminates."""

    def __init__(self, polynomial: Poly) -> None:
        super().__init__("whether a polynomial is zero depends on the values")
        self.polynomial = polynomial


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction whose denominator is known not to be zero and is not 1 or -1."""

    top: Poly
    bottom: Poly


class RationalFunctions(Scalars):
    """Quotients of polynomials in `count` indeterminates, with or without partners that stand for conjugates."""

    def __init__(self, count: int, partners: bool = False, work: int = 2_000_000, real: bool = False) -> None:
        """If `real`, conjugation is the identity. `work` is the number of pairs of terms that may be multiplied."""
        self.known = PolynomialFacts(count, partners, work)
        self._real = real
        self._numbers: dict[int, Poly] = {}

    def indeterminates(self, start: int, count: int) -> list[Any]:
        """Indeterminates `start` to `start + count - 1`, each replaced by its value if an equation gives one."""
        return self.known.indeterminates(start, count)

    def assume_nonzero(self, a: Any, source: str) -> bool:
        """Record that a scalar is not zero, with the reason `source`. Returns False if it is known to be zero."""
        return self.known.assume_nonzero(numerator(a), source)

    def assume_zero(self, a: Any) -> bool:
        """Record that a scalar is zero. Returns False if that contradicts the facts."""
        return self.known.assume_zero(numerator(a))

    def number(self, k: int) -> Any:
        found = self._numbers.get(k)
        if found is None:
            found = self._numbers[k] = self.known.context.constant(k)
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
            result.iadd(item)  # in place: `result` is new, so nothing else refers to it
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
        # Equal denominators are frequent, and need not be multiplied: the result stays small.
        if bottom == under:
            return self._ratio(self.add(top, other), bottom)
        return self._ratio(self.add(self.times(top, under), self.times(other, bottom)), self.times(bottom, under))

    def neg(self, a: Any) -> Any:
        return Ratio(-a.top, a.bottom) if isinstance(a, Ratio) else -a

    def mul(self, a: Any, b: Any) -> Any:
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            top, bottom = _parts(a, self)
            other, under = _parts(b, self)
            # cheap cancellations only: no greatest common divisor is computed
            if top == under:
                return self._ratio(other, bottom)
            if other == bottom:
                return self._ratio(top, under)
            return self._ratio(self.times(top, other), self.times(bottom, under))
        return self.times(a, b)

    def times(self, a: Poly, b: Poly) -> Poly:
        """The product of two polynomials. Raises `TooLarge` if it is too large or the work is used up."""
        pairs = len(a) * len(b)
        if pairs > MAX_TERMS:
            raise TooLarge("a polynomial has outgrown its limit")
        known = self.known
        known.work -= pairs
        if known.work < 0:
            raise TooLarge("the work allowed for polynomials")
        product = a * b
        # Monomials are the most frequent case, and need no search for the largest coefficient.
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
        if is_unit(divisor):
            return self.mul(a, self.times(divisor, below))
        known = self.known
        if known.is_null(divisor):
            raise Undefined
        if not known.is_nonzero(divisor):
            # A hypothesis may be assumed to have a value. Anywhere else the divisor could be zero.
            if not known.assuming:
                raise Undecidable("whether a divisor is zero depends on the values")
            known.assume_nonzero(divisor, "the hypothesis has a value")
        top, bottom = _parts(a, self)
        if top == divisor:
            return self._ratio(below, bottom)
        return self._ratio(self.times(top, below), self.times(bottom, divisor))

    def _ratio(self, top: Poly, bottom: Poly) -> Any:
        if top.is_zero():
            return top
        if is_unit(bottom):
            return top * bottom
        return top // top if top == bottom else Ratio(top, bottom)

    def conj(self, a: Any) -> Any:
        if self._real:
            return a
        if isinstance(a, Ratio):
            return Ratio(self.known.conjugate(a.top), self.known.conjugate(a.bottom))
        return self.known.conjugate(a)

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
            top = numerator(self._sum(a, b, True))
        elif a == b:
            return True
        else:
            top = a - b
        if self.known.is_null(top):
            return True
        return False if self.known.is_nonzero(top) else None

    def decide(self, a: Any, b: Any) -> bool:
        raise OpenZeroTest(numerator(self.sub(a, b)))


def _parts(a: Any, ring: RationalFunctions) -> tuple[Poly, Poly]:
    return (a.top, a.bottom) if isinstance(a, Ratio) else (a, ring.number(1))


def numerator(a: Any) -> Poly:
    """A polynomial that is zero if and only if the scalar is zero."""
    return a.top if isinstance(a, Ratio) else a
