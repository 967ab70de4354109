"""Unknown natural numbers: polynomials with integer coefficients in size names and `Nat` parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_SIZE_TERMS = 60
"""Largest number of terms of one polynomial."""
LARGEST_DEGREE = 24
LARGEST_COEFFICIENT = 2**256

Names = tuple[str, ...]
"""A product of names, sorted, with repetitions."""


class GiveUp(Exception):  # not named an error: a proof of this kind may simply not exist
    """No proof of this kind: the normal form can't express a term or its value, or a limit is exceeded."""


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A polynomial. `terms` is sorted and has no zero coefficients, so that equal polynomials compare equal."""

    terms: tuple[tuple[Names, int], ...] = ()

    @staticmethod
    def of(terms: Iterable[tuple[Names, int]]) -> Size:
        """Return the sum of `terms`.

        Raises `GiveUp` if the polynomial has too many terms, or a degree or coefficient that is too large.
        """
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
        """The value of a constant polynomial; None for any other."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    @property
    def rest(self) -> Size:
        """The polynomial without its constant term."""
        return Size(tuple(term for term in self.terms if term[0]))

    @property
    def head(self) -> int:
        """The constant term."""
        return next((c for names, c in self.terms if not names), 0)

    @property
    def parity(self) -> Size:
        """A polynomial that is odd at the same values as this one, in normal form.

        Two polynomials that are odd at the same values, such as `n * n` and `n`, have the same `parity`.
        """
        return Size(tuple((names, 1) for names, c in Size.of((tuple(sorted(set(n))), c) for n, c in self.terms).terms
                          if c % 2))  # fmt: skip

    def least(self, floors: Mapping[str, int]) -> int | None:
        """Return a lower bound of the polynomial. `floors` gives a lower bound of each name, 0 or more.

        Returns None if no bound is evident: if a term with a name in it has a negative coefficient.
        """
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
