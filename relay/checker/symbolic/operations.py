"""Operations: arithmetic on scalars and numbers, comparisons, and parts of arrays and lists."""

from __future__ import annotations

from typing import cast

from relay.checker.symbolic.arrays import pick
from relay.checker.symbolic.formulas import equal, less, negated
from relay.checker.symbolic.monomials import Factor, concrete, inside
from relay.checker.symbolic.sizes import ONE, GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra
from relay.checker.symbolic.values import (
    LONGEST,
    Matrix,
    Meaning,
    Names,
    Number,
    Reads,
    Scalar,
    SymbolicList,
    Vector,
    shape_of,
    size_of,
)
from relay.notation.comparisons import AS_LESS, EQUALITIES
from relay.notation.syntax import Apply, Definition, NatType, ScalarType


class Operations:
    """Interprets the operations in one claim."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._algebra = reader.algebra

    def read(self, term: Apply, names: Names, callee: Definition | None) -> Meaning:
        """Return the meaning of an operation. Raises `GiveUp` if it may be undefined or has no normal form."""
        op = term.op
        if op in EQUALITIES:
            a, b = (self._reader.read(arg, names, callee) for arg in term.args)
            same = equal(a, b, self._algebra)
            return same if op == "eq" else negated(same, self._algebra)
        if op in AS_LESS:
            a, b = (self._reader.read(arg, names, callee) for arg in term.args)
            exchanged, denied = AS_LESS[op]
            below = less(b, a, self._algebra) if exchanged else less(a, b, self._algebra)
            return negated(below, self._algebra) if denied else below
        if op == "not":
            return negated(self._reader.truth(term.args[0], names, callee), self._algebra)
        if op in ("entry", "component", "item"):
            return self._element(term, names, callee)
        if op == "len":
            value = self._reader.read(term.args[0], names, callee)
            return Number(cast(SymbolicList, value).length)
        if op == "list":
            items = [self._reader.read(arg, names, callee) for arg in term.args]
            if len(items) > 1 and len({shape_of(item) for item in items}) > 1:
                raise GiveUp  # the sizes may differ, and then the list is undefined
            return SymbolicList(Size.constant(len(items)), lambda k: pick(items, k, self._algebra))
        if op == "scalar":
            value = self._reader.read(term.args[0], names, callee)
            if isinstance(value, Number) and value.index is not None:
                return Scalar(self._index(value.index))
            return Scalar(self._algebra.size(size_of(value)))
        if isinstance(term.type, NatType):
            return _natural(op, [size_of(self._reader.read(arg, names, callee)) for arg in term.args], self._algebra)
        if isinstance(term.type, ScalarType):
            return Scalar(self._arithmetic(term, names, callee))
        raise GiveUp

    def _index(self, index: int) -> Sum:
        """Return the scalar whose value is `index`."""
        number = concrete(index)
        if number is not None:
            return self._algebra.number(number)
        return self._algebra.factor(Factor("index", "", False, (index,)))

    def _arithmetic(self, term: Apply, names: Names, callee: Definition | None) -> Sum:
        algebra = self._algebra
        first = self._reader.scalar(term.args[0], names, callee)
        if term.op == "neg":
            return algebra.times(-1, first)
        if term.op == "conj":
            return algebra.conj(first)
        if term.op == "pow":
            exponent = self._reader.read(term.args[1], names, callee)
            if isinstance(exponent, Number) and exponent.index is not None and concrete(exponent.index) is None:
                raise GiveUp  # exponents are sizes, and an index is none
            return algebra.pow(first, size_of(exponent))
        second = self._reader.scalar(term.args[1], names, callee)
        if term.op == "add":
            return algebra.add(first, second)
        if term.op == "sub":
            return algebra.sub(first, second)
        if term.op == "mul":
            return algebra.mul(first, second)
        if term.op == "div":
            return algebra.mul(first, algebra.inverse(second))
        raise GiveUp

    def _element(self, term: Apply, names: Names, callee: Definition | None) -> Meaning:
        array = self._reader.read(term.args[0], names, callee)
        places = [self._reader.read(arg, names, callee) for arg in term.args[1:]]
        if isinstance(array, Vector):
            return Scalar(array.at(self._within(places[0], array.size)))
        if isinstance(array, Matrix):
            i, j = self._within(places[0], array.rows), self._within(places[1], array.columns)
            return Scalar(array.at(i, j))
        if isinstance(array, SymbolicList):
            return array.at(self._within(places[0], array.length))
        raise GiveUp

    def _within(self, place: Meaning, bound: Size) -> int:
        """Return the natural number `place` as an index. Raises `GiveUp` unless it certainly lies below `bound`."""
        index = None
        if isinstance(place, Number):
            number = place.size.number
            index = place.index if place.index is not None else (-1 - number if number is not None else None)
        if index is None or not inside(index, bound, self._algebra.domains, self._algebra.floors):
            raise GiveUp
        return index


def _natural(op: str, args: list[Size], algebra: SumAlgebra) -> Number:
    """Return the result of the operation `op` on naturals. Raises `GiveUp`, also if a difference may be negative."""
    if op == "add":
        return Number(args[0] + args[1])
    if op == "mul":
        return Number(args[0] * args[1])
    if op == "sub":
        difference = args[0] - args[1]
        least = difference.least(algebra.floors)
        if least is not None and least >= 0:
            return Number(difference)
    numbers = [arg.number for arg in args]
    if op == "pow" and numbers[1] is not None and 0 <= numbers[1] <= LONGEST:
        result = ONE
        for _ in range(numbers[1]):
            result = result * args[0]
        return Number(result)
    if op in ("floordiv", "mod") and numbers[0] is not None and numbers[1]:
        return Number(Size.constant(numbers[0] // numbers[1] if op == "floordiv" else numbers[0] % numbers[1]))
    raise GiveUp
