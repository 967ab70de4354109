"""Finds values at which comparisons in one unknown change, over the reals and the complexes: `x ** 2 == x + 1` is true
at two numbers, and neither is ever drawn by chance.

The claim is evaluated for generic values, and the polynomials that it compares with zero are factored over the
integers. Roots of linear and quadratic factors become values. If a factor of a higher degree has a root in the reals or
complexes, no field here contains that root, so it cannot be tried."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Any

import flint

from relay.checker.cases import Case
from relay.checker.generic.zero_tests import factors, watch
from relay.evaluation.algebra.base import Algebra
from relay.evaluation.algebra.marked_fields import MarkedQuadraticField, MarkedRationals
from relay.evaluation.algebra.polynomial_facts import Poly
from relay.evaluation.algebra.quadratic_fields import Quadratic, QuadraticField
from relay.evaluation.algebra.rationals import Rationals
from relay.notation.syntax import Claim, Definition

__all__ = ["Roots", "roots"]

MOST_FACTORS = 12
"""Factors are collected until there are so many."""
MOST_BITS = 64
"""Discriminants with so many bits or more are not factored."""


@dataclass(slots=True)
class Roots:
    """The fields in which roots are tried, and a polynomial whose roots cannot be tried."""

    models: list[Algebra] = field(default_factory=list)
    """Fields of the class. Most of the random values that they draw are roots."""
    untried: str = ""
    """In words, a polynomial with a root in the class that is in none of `models`. Empty if there is none."""


def roots(claim: Claim, cases: Sequence[Case], definitions: Mapping[str, Definition]) -> Roots:
    """Returns the roots of polynomials in one unknown that the claim compares with zero at some cases."""
    real = claim.over == "reals"
    seen: dict[tuple[int, ...], None] = {}

    def note(polynomial: Poly) -> None:
        if len(seen) < MOST_FACTORS:
            seen.update(dict.fromkeys(factors(polynomial)))

    watch(claim, cases, definitions, note, involution=not real)
    found = Roots()
    # square-free number d -> pairs (x, y) for x + y sqrt(d)
    elements: dict[int, list[tuple[Any, Any]]] = {}
    # linear factors first; sorted, so that the fields do not depend on the order of evaluation
    for factor in sorted(seen, key=lambda f: (len(f), f)):
        if len(factor) == 2:
            elements.setdefault(1, []).append((flint.fmpq(-factor[0], factor[1]), flint.fmpq(0)))
        elif len(factor) == 3 and _bits(factor) < MOST_BITS:
            square, pairs = _quadratic(*factor)
            if square > 0 or not real:  # the reals have no square root of a negative number
                elements.setdefault(square, []).extend(pairs)
        elif not real or _has_real_root(factor):  # the complexes contain all roots
            found.untried = found.untried or f"it cannot be tried where {_shown(factor)} is 0"
    found.models = [_field(square, pairs, real) for square, pairs in sorted(elements.items())]
    return found


def _has_real_root(factor: Sequence[int]) -> bool:
    # isolated roots: flint returns an imaginary part of exactly 0 for the real ones
    found: Any = flint.fmpz_poly(list(factor)).complex_roots()
    return any(root.imag == 0 for root, _ in found)


def _bits(factor: Sequence[int]) -> int:
    c, b, a = factor
    return (b * b - 4 * a * c).bit_length()


def _quadratic(c: int, b: int, a: int) -> tuple[int, list[tuple[Any, Any]]]:
    """Returns the square-free part d of the discriminant of a x^2 + b x + c, and its roots as pairs (x, y) for
    x + y sqrt(d)."""
    discriminant = b * b - 4 * a * c
    square = 1 if discriminant > 0 else -1
    for prime, power in flint.fmpz(abs(discriminant)).factor():
        square *= int(prime) if power % 2 else 1
    outside = isqrt(discriminant // square)
    return square, [(flint.fmpq(-b, 2 * a), flint.fmpq(sign * outside, 2 * a)) for sign in (1, -1)]


def _field(square: int, pairs: Sequence[tuple[Any, Any]], real: bool) -> Algebra:
    """Returns a field of the class that mostly draws the elements x + y sqrt(square). These are given as `pairs` (x,
    y).

    It is the field of rationals with a square root of `square` and, for the complexes, one of -1."""
    below, zero = Rationals(fractions=True), flint.fmpq(0)
    if abs(square) == 1:
        if real:
            return MarkedRationals([x for x, _ in pairs])
        return MarkedQuadraticField([Quadratic(x, y, -1) for x, y in pairs], below, -1, "i")
    letter = f"sqrt({abs(square)})"
    if real:
        return MarkedQuadraticField([Quadratic(x, y, square) for x, y in pairs], below, square, letter, 1)
    # For square < 0, sqrt(square) is sqrt(-square) i: then y belongs to the imaginary part.
    inner = QuadraticField(below, abs(square), letter, 1)
    plain = [Quadratic(x, y if square > 0 else zero, abs(square)) for x, y in pairs]
    turned = [Quadratic(zero, zero if square > 0 else y, abs(square)) for _, y in pairs]
    return MarkedQuadraticField([Quadratic(x, y, -1) for x, y in zip(plain, turned, strict=True)], inner, -1, "i")


def _shown(factor: Sequence[int]) -> str:
    """Returns a polynomial in x as text."""
    powers = ("", "x", *(f"x**{k}" for k in range(2, len(factor))))
    parts = [f"{c}*{power}" if power else f"{c}" for c, power in zip(factor, powers, strict=True) if c]
    return re.sub(r"\b1\*", "", " + ".join(reversed(parts)).replace("+ -", "- "))
