"""Comparisons, and the connectives of truth values. `Unknown` stands for a truth value without a normal form."""

from __future__ import annotations

from itertools import product

from relay.checker.symbolic.monomials import Factor, concrete, inside
from relay.checker.symbolic.sizes import ZERO, GiveUp
from relay.checker.symbolic.sums import SumAlgebra
from relay.checker.symbolic.values import (
    LONGEST,
    All,
    CertainTruth,
    Formula,
    Implies,
    Indicator,
    Matrix,
    Meaning,
    NotZero,
    Number,
    Same,
    Scalar,
    SymbolicList,
    Unknown,
    Vector,
    Zero,
    place_of,
    short,
)


def equal(a: Meaning, b: Meaning, algebra: SumAlgebra) -> Formula:
    """Return the formula `a == b`. Raises `GiveUp` if the sizes may differ."""
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Zero(algebra.sub(a.sum, b.sum))
    if isinstance(a, Vector) and isinstance(b, Vector):
        if a.size != b.size:
            raise GiveUp
        if short(a.size):  # entry by entry: known entries may simplify further than an entry at an index
            return All(tuple(Zero(algebra.sub(a.at(k), b.at(k))) for k in short(a.size)))
        i = algebra.indices.fresh(a.size)
        return Zero(algebra.sub(a.at(i), b.at(i)), (i,))
    if isinstance(a, Matrix) and isinstance(b, Matrix):
        if (a.rows, a.columns) != (b.rows, b.columns):
            raise GiveUp
        if short(a.rows) and short(a.columns):
            places = list(product(short(a.rows), short(a.columns)))
            return All(tuple(Zero(algebra.sub(a.at(*place), b.at(*place))) for place in places))
        i, j = algebra.indices.fresh(a.rows), algebra.indices.fresh(a.columns)
        return Zero(algebra.sub(a.at(i, j), b.at(i, j)), (i, j))
    if isinstance(a, Number) and isinstance(b, Number):
        return _equal_numbers(a, b, algebra)
    if isinstance(a, SymbolicList) and isinstance(b, SymbolicList):
        if a.length != b.length:
            raise GiveUp
        number = a.length.number
        if number is not None and number <= LONGEST:
            return All(tuple(equal(a.at(-1 - k), b.at(-1 - k), algebra) for k in range(number)))
        k = algebra.indices.fresh(a.length)
        inner = equal(a.at(k), b.at(k), algebra)
        return for_all(inner, k)
    if isinstance(a, Number | Scalar | Vector | Matrix | SymbolicList):
        raise GiveUp
    if isinstance(b, Number | Scalar | Vector | Matrix | SymbolicList):
        raise GiveUp
    return Same(a, b)


def _equal_numbers(a: Number, b: Number, algebra: SumAlgebra) -> Formula:
    """Return the formula `a == b`. Raises `GiveUp` if the answer may depend on the value of an unknown size."""
    i, j = place_of(a), place_of(b)
    if i is not None and j is not None and (a.index is not None or b.index is not None):
        return _indicator("equal", i, j, algebra)
    if a.index is not None or b.index is not None:
        raise GiveUp
    difference = a.size - b.size
    if not difference.terms:
        return CertainTruth(True)
    # Different polynomials may still be equal at some sizes, unless one is certain to be larger.
    for signed in (difference, ZERO - difference):
        least = signed.least(algebra.floors)
        if least is not None and least > 0:
            return CertainTruth(False)
    raise GiveUp


def less(a: Meaning, b: Meaning, algebra: SumAlgebra) -> Formula:
    """Return the formula `a < b`. Raises `GiveUp` if the answer may depend on the value of an unknown size."""
    if not (isinstance(a, Number) and isinstance(b, Number)):
        raise GiveUp
    i, j = place_of(a), place_of(b)
    if i is not None and j is not None and (a.index is not None or b.index is not None):
        if concrete(j) == 0:
            return CertainTruth(False)
        return _indicator("less", i, j, algebra)
    if a.index is not None and j is None:  # an index against a size
        if inside(a.index, b.size, algebra.domains, algebra.floors):
            return CertainTruth(True)
        raise GiveUp
    if b.index is not None:
        raise GiveUp
    least = (b.size - a.size).least(algebra.floors)
    if least is not None and least > 0:
        return CertainTruth(True)
    least = (a.size - b.size).least(algebra.floors)
    if least is not None and least >= 0:
        return CertainTruth(False)
    raise GiveUp


def _indicator(kind: str, i: int, j: int, algebra: SumAlgebra) -> Formula:
    """Return the formula `i == j` or `i < j`; `kind` is `equal` or `less`."""
    found = algebra.factor(Factor(kind, "", False, (i, j)))
    return _settled(Indicator(found), algebra)


def negated(formula: Formula, algebra: SumAlgebra) -> Formula:
    """Return the negation of `formula`; `Unknown` if the negation has no normal form."""
    if isinstance(formula, CertainTruth):
        return CertainTruth(not formula.value)
    if isinstance(formula, Indicator):
        return Indicator(algebra.sub(algebra.number(1), formula.sum))
    if isinstance(formula, Zero):
        return NotZero(formula.sum, formula.free)
    if isinstance(formula, NotZero):
        return Zero(formula.sum, formula.free)
    return Unknown()


def both(a: Formula, b: Formula, algebra: SumAlgebra) -> Formula:
    """Return the formula `a and b`."""
    if isinstance(a, CertainTruth):
        return b if a.value else a
    if isinstance(b, CertainTruth) and b.value:
        return a
    if isinstance(a, Indicator) and isinstance(b, Indicator):
        return _settled(Indicator(algebra.mul(a.sum, b.sum)), algebra)
    return All((a, b))


def restricted(condition: Formula, formula: Formula, algebra: SumAlgebra) -> Formula:
    """Return the formula `condition implies formula`.

    If `condition` is an indicator, it is multiplied into the sums of `formula`.
    """
    if isinstance(condition, CertainTruth):
        return formula if condition.value else CertainTruth(True)
    if not isinstance(condition, Indicator):
        return Implies(condition, formula)
    if isinstance(formula, Zero):
        return Zero(algebra.mul(condition.sum, formula.sum), formula.free)
    if isinstance(formula, All):
        return All(tuple(restricted(condition, part, algebra) for part in formula.parts))
    if isinstance(formula, CertainTruth):
        return formula if formula.value else negated(condition, algebra)
    if isinstance(formula, Indicator):
        fails = algebra.sub(algebra.number(1), formula.sum)
        return Indicator(algebra.sub(algebra.number(1), algebra.mul(condition.sum, fails)))
    return Unknown()


def _settled(indicator: Indicator, algebra: SumAlgebra) -> Formula:
    """Return a certain truth value if the sum of `indicator` is always 0 or always 1; otherwise `indicator` itself."""
    if not indicator.sum:
        return CertainTruth(False)
    if not algebra.sub(indicator.sum, algebra.number(1)):
        return CertainTruth(True)
    return indicator


def for_all(formula: Formula, index: int) -> Formula:
    """Return the formula "`formula` is true for all values of `index`"; `Unknown` if that has no normal form."""
    if isinstance(formula, Zero):
        return Zero(formula.sum, (*formula.free, index))
    if isinstance(formula, All):
        return All(tuple(for_all(part, index) for part in formula.parts))
    if isinstance(formula, CertainTruth):
        # A false body makes the statement false only if the range is not empty, which is not known here.
        return formula if formula.value else Unknown()
    return Unknown()
