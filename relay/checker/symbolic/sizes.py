"""Natural numbers that are not known: polynomials with integer coefficients in size names and `Nat` parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_SIZE_TERMS = 60
"""Terms of one polynomial."""
LARGEST_DEGREE = 24
LARGEST_COEFFICIENT = 2**256

Names = tuple[str, ...]
"""A product of names, sorted, with repetitions."""


class GiveUp(Exception):  # nobody's error: there is no proof of this kind
    """What was asked is beyond the normal form."""


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A polynomial; `terms` is sorted and has no zero coefficients, so that equal polynomials are equal objects."""

    terms: tuple[tuple[Names, int], ...] = ()

    @staticmethod
    def of(terms: Iterable[tuple[Names, int]]) -> Size:
        """The sum of some terms. Raises `GiveUp` where that is a long polynomial."""
        total: dict[Names, int] = {}
        for names, coefficient in terms:
            total[names] = total.get(names, 0) + coefficient
        if len(total) > MOST_SIZE_TERMS:
            raise GiveUp
        if any(len(names) > LARGEST_DEGREE or abs(c) > LARGEST_COEFFICIENT for names, c in total.items()):
            raise GiveUp
        return Size(tuple(sorted((names, c) for names, c in total.items() if c)))

    @staticmethod
    def constant(value: int) -> Size:
        return Size((((), value),) if value else ())

    @staticmethod
    def name(name: str) -> Size:
        return Size((((name,), 1),))

    def __add__(self, other: Size) -> Size:
        return Size.of((*self.terms, *other.terms))

    def __sub__(self, other: Size) -> Size:
        return Size.of((*self.terms, *((names, -c) for names, c in other.terms)))

    def __mul__(self, other: Size) -> Size:
        return Size.of((tuple(sorted((*a, *b))), c * d) for a, c in self.terms for b, d in other.terms)

    @property
    def number(self) -> int | None:
        """Its value, where it is a constant."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def rest(self) -> Size:
        """Without its constant term."""
        return Size(tuple(term for term in self.terms if term[0]))

    @property
    def head(self) -> int:
        """Its constant term."""
        return next((c for names, c in self.terms if not names), 0)

    @property
    def parity(self) -> Size:
        """A polynomial that is even where this one is, one for all that are: `n * n` and `n` have one parity."""
        return Size(tuple((names, 1) for names, c in Size.of((tuple(sorted(set(n))), c) for n, c in self.terms).terms
                          if c % 2))  # fmt: skip

    def least(self, floors: Mapping[str, int]) -> int | None:
        """A number that it is never below, where each name is at least what `floors` says; None where none shows."""
        total = 0
        for names, coefficient in self.terms:
            if names and coefficient < 0:
                return None
            value = coefficient
            for name in names:
                value *= floors[name]
            total += value
        return total


ZERO = Size()
ONE = Size.constant(1)
