"""Generic entries: quotients of polynomials over the integers, in SymPy's sparse rings.

Every entry of a parameter is an indeterminate. If the claim mentions `conj`, the entry's conjugate is a second
indeterminate, and `conj` swaps the two. A division happens only after the path has decided that the divisor does not
vanish. Therefore common factors may be cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import ZZ, Symbol
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyRing

from relay.checker.referee.arithmetic import Arithmetic, Inexpressible, NodeBudget
from relay.checker.referee.paths import Path, Polynomial
from relay.checker.referee.values import Scalar, Value

MOST_TERMS = 3_000
"""Largest number of terms of a polynomial, and of pairs of terms in a product."""
MOST_CANCELLED = 200
"""Common factors are cancelled only if the numerator's terms times the denominator's terms are at most this many."""
PAIRS = 8
"""This many pairs of terms in a product cost as much as one node."""
MOST_BITS = 20_000
"""Largest number of bits of a coefficient."""

Quotient = tuple[Polynomial, Polynomial | None]
"""Numerator and denominator. None stands for the denominator 1."""


class OpenTruth:
    """A parameter's truth value, which the path decides."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class GenericRing:
    """The polynomial ring of `count` entries and, if `paired`, their conjugates."""

    def __init__(self, count: int, paired: bool) -> None:
        letters = ("x", "y") if paired else ("x",)
        # A claim without scalars needs a ring, too: its numerals are elements of it.
        symbols = [Symbol(f"{letter}{k}") for k in range(max(count, 1)) for letter in letters]
        self.paired = paired
        self.ring: Any = PolyRing(symbols, ZZ, lex)

    def entry(self, k: int) -> Quotient:
        """Return the k-th entry."""
        return self.ring.gens[2 * k if self.paired else k], None

    def conjugate(self, polynomial: Polynomial) -> Polynomial:
        """Return the polynomial with every entry and its conjugate swapped. If not `paired`, it is unchanged."""
        return conjugated(polynomial) if self.paired else polynomial


def conjugated(polynomial: Polynomial) -> Polynomial:
    """Return a polynomial with the indeterminates 2k and 2k + 1 swapped, for all k."""
    swapped = {
        tuple(e for k in range(0, len(powers), 2) for e in (powers[k + 1], powers[k])): coefficient
        for powers, coefficient in polynomial.iterterms()
    }
    return polynomial.ring.from_dict(swapped)


class Symbolic(Arithmetic):
    """Arithmetic on generic entries along one path."""

    def __init__(self, generic: GenericRing, path: Path, budget: NodeBudget) -> None:
        self._generic = generic
        self._path = path
        self._budget = budget

    def number(self, k: int) -> Scalar:
        return self._generic.ring.ground_new(k), None

    def add(self, a: Scalar, b: Scalar) -> Scalar:
        (p, q), (r, s) = a, b
        if q is None and s is None:
            return _bounded(p + r), None
        if q == s:  # keeps denominators short in sums of fractions with one denominator
            return self._reduced(p + r, q)
        one = self._generic.ring.one
        q, s = q or one, s or one
        return self._reduced(self._product(p, s) + self._product(r, q), self._product(q, s))

    def negative(self, a: Scalar) -> Scalar:
        return -a[0], a[1]

    def multiply(self, a: Scalar, b: Scalar) -> Scalar:
        (p, q), (r, s) = a, b
        product = self._product(p, r)
        if q is None and s is None:
            return product, None
        return self._reduced(product, s if q is None else q if s is None else self._product(q, s))

    def divide(self, a: Scalar, b: Scalar) -> Scalar:
        (p, q), (r, s) = a, b
        return self._reduced(p if s is None else self._product(p, s), r if q is None else self._product(q, r))

    def conjugate(self, a: Scalar) -> Scalar:
        swap = self._generic.conjugate
        return swap(a[0]), None if a[1] is None else swap(a[1])

    def _product(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """Return a product. Raises `Inexpressible`, before multiplying, if the product would be too long."""
        pairs = len(a) * len(b)
        if pairs > MOST_TERMS:
            raise Inexpressible("a polynomial is too long")
        self._budget.spend(pairs // PAIRS)
        return _bounded(a * b)

    def _reduced(self, numerator: Polynomial, denominator: Polynomial) -> Quotient:
        """Return a quotient. If it is short, common factors are cancelled.

        The denominator's leading coefficient is positive.
        """
        if not numerator:
            return numerator, None
        pairs = len(numerator) * len(denominator)
        self._budget.spend(pairs)  # dearer than a product, since cancelling needs a gcd
        if pairs <= MOST_CANCELLED:
            numerator, denominator = numerator.cancel(denominator)
        if denominator.LC < 0:
            numerator, denominator = -numerator, -denominator
        return numerator, None if denominator == 1 else denominator

    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        # A quotient vanishes if and only if its numerator does: the denominator is nonzero on this path.
        return self._path.vanish([numerator for numerator, _ in scalars])

    def truth(self, value: Value) -> bool:
        return self._path.truth(value.name) if isinstance(value, OpenTruth) else bool(value)


def _bounded(polynomial: Polynomial) -> Polynomial:
    """Return the polynomial. Raises `Inexpressible` if it is too long or has too large coefficients."""
    if len(polynomial) > MOST_TERMS or any(int(c).bit_length() > MOST_BITS for c in polynomial.itercoeffs()):
        raise Inexpressible("a polynomial is too long")
    return polynomial
