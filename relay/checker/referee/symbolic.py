"""Generic entries: quotients of polynomials over the integers, in SymPy's sparse rings.

Every entry is an indeterminate of its own; where a claim speaks of conjugates, so is its conjugate, and `conj` swaps
the two. A denominator is only ever divided by after its path has said that it does not vanish, so that common factors
may be cancelled.
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
"""Terms of a polynomial, and pairs of terms in a product."""
MOST_CANCELLED = 200
"""Pairs of terms of a numerator and a denominator whose common factors are looked for."""
PAIRS = 8
"""Pairs of terms that cost as much as a node."""
MOST_BITS = 20_000
"""Bits of a coefficient."""

Quotient = tuple[Polynomial, Polynomial | None]
"""Numerator and denominator; None for 1."""


class OpenTruth:
    """A truth value that nothing decides but the path."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class GenericRing:
    """The ring that holds `count` entries, and their conjugates if `paired`."""

    def __init__(self, count: int, paired: bool) -> None:
        letters = ("x", "y") if paired else ("x",)
        symbols = [Symbol(f"{letter}{k}") for k in range(max(count, 1)) for letter in letters]
        self.paired = paired
        self.ring: Any = PolyRing(symbols, ZZ, lex)

    def entry(self, k: int) -> Quotient:
        """The k-th entry."""
        return self.ring.gens[2 * k if self.paired else k], None

    def conjugate(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with every entry and its conjugate swapped."""
        return conjugated(polynomial) if self.paired else polynomial


def conjugated(polynomial: Polynomial) -> Polynomial:
    """Neighbouring indeterminates swapped."""
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
        if q == s:
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
        pairs = len(a) * len(b)
        if pairs > MOST_TERMS:
            raise Inexpressible("a polynomial is too long")
        self._budget.spend(pairs // PAIRS)
        return _bounded(a * b)

    def _reduced(self, numerator: Polynomial, denominator: Polynomial) -> Quotient:
        if not numerator:
            return numerator, None
        pairs = len(numerator) * len(denominator)
        self._budget.spend(pairs)
        if pairs <= MOST_CANCELLED:
            numerator, denominator = numerator.cancel(denominator)
        if denominator.LC < 0:
            numerator, denominator = -numerator, -denominator
        return numerator, None if denominator == 1 else denominator

    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        return self._path.vanish([numerator for numerator, _ in scalars])

    def truth(self, value: Value) -> bool:
        return self._path.truth(value.name) if isinstance(value, OpenTruth) else bool(value)


def _bounded(polynomial: Polynomial) -> Polynomial:
    if len(polynomial) > MOST_TERMS or any(int(c).bit_length() > MOST_BITS for c in polynomial.itercoeffs()):
        raise Inexpressible("a polynomial is too long")
    return polynomial
