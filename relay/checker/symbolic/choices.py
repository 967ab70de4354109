"""Terms that evaluate only some of their parts: `and`, `or`, `implies` and `if`."""

from __future__ import annotations

from relay.checker.symbolic.formulas import both, negated, restricted
from relay.checker.symbolic.sizes import GiveUp
from relay.checker.symbolic.sums import Sum
from relay.checker.symbolic.values import (
    CertainTruth,
    Formula,
    Indicator,
    Matrix,
    Meaning,
    Names,
    Reads,
    Scalar,
    Unknown,
    Vector,
)
from relay.notation.syntax import Choice, Definition, MatrixType, ScalarType, VectorType


class Choices:
    """Reads the terms `and`, `or`, `implies` and `if` of one claim as symbolic values."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._algebra = reader.algebra

    def read(self, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        """Return the meaning of a choice. Raises `GiveUp`.

        If the first part is certainly true or certainly false, a part that it excludes is not read. Otherwise all parts
        must be defined.
        """
        condition = self._reader.truth(term.args[0], names, callee)
        if term.kind == "if":
            return self._branches(condition, term, names, callee)
        if isinstance(condition, CertainTruth):
            decides = {"and": not condition.value, "or": condition.value, "implies": not condition.value}[term.kind]
            if decides:
                return CertainTruth(term.kind != "and")
            return self._reader.truth(term.args[1], names, callee)
        other = self._reader.truth(term.args[1], names, callee)
        if term.kind == "and":
            return both(condition, other, self._algebra)
        if term.kind == "implies":
            return restricted(condition, other, self._algebra)
        # `a or b` means `not a implies b`; only an indicator can be negated and used as a condition.
        for one, two in ((condition, other), (other, condition)):
            if isinstance(one, Indicator):
                return restricted(negated(one, self._algebra), two, self._algebra)
        return Unknown()

    def _branches(self, condition: Formula, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        """Return the branch that a certain condition chooses, or `c a + (1 - c) b` if it is an indicator `c`."""
        if isinstance(condition, CertainTruth):
            return self._reader.read(term.args[1 if condition.value else 2], names, callee)
        if not isinstance(condition, Indicator) or not isinstance(term.type, ScalarType | VectorType | MatrixType):
            raise GiveUp
        algebra, one = self._algebra, condition.sum
        other = algebra.sub(algebra.number(1), one)

        def joined(a: Sum, b: Sum) -> Sum:
            return algebra.add(algebra.mul(one, a), algebra.mul(other, b))

        a, b = (self._reader.read(arg, names, callee) for arg in term.args[1:])
        if isinstance(a, Scalar) and isinstance(b, Scalar):
            return Scalar(joined(a.sum, b.sum))
        if isinstance(a, Vector) and isinstance(b, Vector) and a.size == b.size:
            return Vector(a.size, lambda i: joined(a.at(i), b.at(i)))
        if isinstance(a, Matrix) and isinstance(b, Matrix) and (a.rows, a.columns) == (b.rows, b.columns):
            return Matrix(a.rows, a.columns, lambda i, j: joined(a.at(i, j), b.at(i, j)))
        raise GiveUp
