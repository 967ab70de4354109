"""Collects the polynomials that a claim compares with zero for generic values: the differences of compared scalars, and
the divisors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product

import flint
import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.generic.values import MOST_INDETERMINATES
from relay.checker.sampling.parameter_values import indeterminates, shape
from relay.evaluation.algebra.base import Array, TooLarge, Undecidable
from relay.evaluation.algebra.polynomial_facts import Poly
from relay.evaluation.algebra.polynomials import Polynomials
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.evaluate import evaluate
from relay.notation.syntax import Claim, Definition

FUEL = 20_000
"""Nodes that one evaluation may cost."""
MOST_PAIRS = 1_000
"""Pairs of monomials that one product may take."""
MOST_INVERSES = 6
"""At most so many different polynomials may be divisors: each takes one more indeterminate."""
MOST_DEGREE = 12
"""Polynomials of a higher degree are not factored."""


def watch(
    claim: Claim,
    cases: Sequence[Case],
    definitions: Mapping[str, Definition],
    note: Callable[[Poly], None],
    involution: bool = True,
) -> None:
    """Evaluates the claim for generic values at some cases, and calls `note` with each polynomial that is compared with
    zero.

    The claim is evaluated twice, so that conditions are followed both ways. The first time, different polynomials count
    as unequal. The second time, they count as equal unless they differ by a number. An inverse y of a polynomial f is
    one more indeterminate, and f y - 1 is noted. Without `involution`, conjugation is the identity."""
    for case in cases:
        drawn = None
        with suppress(TooLarge):
            drawn = shape(claim.parameters, case, Rationals())
        if drawn is None or drawn.cells[1] or drawn.cells[0] > MOST_INDETERMINATES:
            continue
        terms = (claim.body,) if claim.hypothesis is None else (claim.hypothesis, claim.body)
        for equal, term in product((False, True), terms):
            ring = _Watched(drawn.cells[0], involution, note, equal)
            with suppress(Undecidable, TooLarge):
                evaluate(term, indeterminates(drawn, ring), 1, ring, definitions, FUEL)


def factors(polynomial: Poly) -> Iterator[tuple[int, ...]]:
    """Yields the irreducible factors of a polynomial in one indeterminate, each as its coefficients, the constant one
    first. Yields nothing for any other polynomial."""
    places = [place for place, degree in enumerate(polynomial.degrees()) if int(degree)]
    if len(places) != 1 or polynomial.total_degree() > MOST_DEGREE:
        return
    coefficients = [0] * (polynomial.total_degree() + 1)
    for monomial, coefficient in zip(polynomial.monoms(), polynomial.coeffs(), strict=True):
        coefficients[int(monomial[places[0]])] = int(coefficient)
    for factor, _ in flint.fmpz_poly(coefficients).factor()[1]:
        yield tuple(int(c) for c in factor.coeffs())


class _Watched(Polynomials):
    """A model of polynomials that reports each comparison with zero to `note`.

    If `equal` is false, different polynomials count as unequal. If it is true, they count as equal unless they differ
    by a number."""

    def __init__(self, count: int, involution: bool, note: Callable[[Poly], None], equal: bool) -> None:
        super().__init__(count + MOST_INVERSES, involution)
        self._equal = equal
        self._note = note
        self._count = count
        self._divisors: list[Poly] = []

    def mul(self, a: Array, b: Array) -> Array:
        # checked before multiplying, since the product is what takes long
        longest = [max((len(f) for f in factor.flat), default=0) for factor in (np.asarray(a), np.asarray(b))]
        if longest[0] * longest[1] > MOST_PAIRS:
            raise TooLarge("a polynomial is too long to look at")
        return super().mul(a, b)

    def inverse(self, a: Array) -> Array:
        inverses = np.empty(a.size, dtype=object)
        for place, polynomial in enumerate(a.flat):
            inverses[place] = self._inverse(polynomial)
        return inverses.reshape(a.shape)

    def equal(self, a: Array, b: Array) -> NDArray[np.bool_]:
        differences = self.add(a, self.neg(b))
        self._tell(differences)
        taken = [f == 0 or (self._equal and not f.is_constant()) for f in differences.flat]
        return np.array(taken, dtype=bool).reshape(differences.shape)

    def is_zero(self, a: Array) -> NDArray[np.bool_]:
        self._tell(a)
        return np.array([f == 0 for f in a.flat], dtype=bool).reshape(a.shape)

    def _inverse(self, polynomial: Poly) -> Poly:
        if polynomial == 1 or polynomial == -1:  # the units, which are their own inverses
            return polynomial
        if polynomial not in self._divisors:
            if len(self._divisors) == MOST_INVERSES:
                raise Undecidable("division by too many polynomials")
            # appended before `_inverse` is called again, which then finds it
            self._divisors.append(polynomial)
            self._note(self._inverse(polynomial) * polynomial - 1)
        return self.variables(self._count + self._divisors.index(polynomial), 1)[0]

    def _tell(self, differences: Array) -> None:
        for polynomial in differences.flat:
            self._note(polynomial)
