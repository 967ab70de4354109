"""Reading an item of a list that is written out, and writing a value as text."""

from __future__ import annotations

from relay.checker.symbolic.determinants import text_of
from relay.checker.symbolic.monomials import Factor, concrete
from relay.checker.symbolic.sizes import GiveUp
from relay.checker.symbolic.sums import Sum, SumAlgebra
from relay.checker.symbolic.values import LONGEST, Matrix, Meaning, Number, Scalar, Vector, size_of


def pick(items: list[Meaning], index: int, algebra: SumAlgebra) -> Meaning:
    """Return the item of `items` at `index`.

    If `index` is not constant, the result is the sum of all items, each times the indicator that `index` equals the
    item's place. Raises `GiveUp` then if there are more than `LONGEST` items, or if they are neither all scalars nor
    all vectors of one size.
    """
    number = concrete(index)
    if number is not None:
        return items[number]
    if len(items) > LONGEST:
        raise GiveUp
    chosen = [algebra.factor(Factor("equal", "", False, (index, -1 - k))) for k in range(len(items))]

    def mixed(parts: list[Sum]) -> Sum:
        return algebra.add(*(algebra.mul(one, part) for one, part in zip(chosen, parts, strict=True)))

    if all(isinstance(item, Scalar) for item in items):
        return Scalar(mixed([item.sum for item in items if isinstance(item, Scalar)]))
    vectors = [item for item in items if isinstance(item, Vector)]
    if len(vectors) == len(items) and len({v.size for v in vectors}) == 1:
        return Vector(vectors[0].size, lambda i: mixed([v.at(i) for v in vectors]))
    raise GiveUp


def one_of(items: list[Sum], index: int, algebra: SumAlgebra) -> Sum:
    """Return the scalar of `items` at `index`. The caller makes sure that `index` is below the number of items."""
    picked = pick([Scalar(item) for item in items], index, algebra)
    assert isinstance(picked, Scalar)
    return picked.sum


def written(value: Meaning, algebra: SumAlgebra) -> str:
    """Return a number, scalar, vector or matrix as text; equal normal forms give equal texts.

    Raises `GiveUp` for lists and truth values.
    """
    if isinstance(value, Number):
        return repr(size_of(value).terms)
    if isinstance(value, Scalar):
        return text_of(value.sum, ())
    if isinstance(value, Vector):
        place = algebra.place(0, value.size)
        return f"{value.size.terms} {text_of(value.at(place), (place,))}"
    if isinstance(value, Matrix):
        i, j = algebra.place(0, value.rows), algebra.place(1, value.columns)
        return f"{value.rows.terms} {value.columns.terms} {text_of(value.at(i, j), (i, j))}"
    raise GiveUp
