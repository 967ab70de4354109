"""Evaluation of operations: arithmetic, comparisons, and access to parts of arrays and lists."""

from __future__ import annotations

from collections.abc import Sequence

from relay.checker.referee.arithmetic import Arithmetic, Inexpressible, NoValue
from relay.checker.referee.containers import comparable, joined, place
from relay.checker.referee.naturals import natural
from relay.checker.referee.values import Listed, RefereeMatrix, RefereeVector, Scalar, Value, scalars_of, sizes_of
from relay.notation.comparisons import COMPARISONS, EQUALITIES
from relay.notation.syntax import Apply, BoolType, ListType, NatType, Type

_ARITHMETIC = frozenset(("add", "sub", "mul", "div", "floordiv", "mod", "neg", "pow", "conj", "monus"))


class RefereeOperations:
    """Evaluates operations over one arithmetic."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self._scalars = arithmetic

    def value(self, term: Apply, args: Sequence[Value]) -> Value:
        """Return the value of an operation, given those of its arguments. Raises `NoValue` and `Inexpressible`."""
        op = term.op
        if op in EQUALITIES:
            return self._equal(args[0], args[1], term.args[0].type) == (op == "eq")
        if op == "not":
            return not self._scalars.truth(args[0])
        if op in COMPARISONS:
            return COMPARISONS[op](args[0], args[1])
        if op == "scalar":
            return self._scalars.number(args[0])
        if op == "len":
            return len(args[0].items)
        if op == "concat":
            return joined(args[0].items + args[1].items, args[0].sizes)
        if op in ("item", "component", "entry"):
            return place(args[0], args[1:])
        if op not in _ARITHMETIC:
            raise Inexpressible(f"the referee does not evaluate the operation `{op}`")
        return natural(op, args[0], args[1]) if isinstance(term.type, NatType) else self._scalar(op, args)

    def _scalar(self, op: str, args: Sequence[Value]) -> Scalar:
        """Return the value of an operation on scalars. Raises `NoValue` for a division by zero."""
        scalars = self._scalars
        if op == "neg":
            return scalars.negative(args[0])
        if op == "conj":
            return scalars.conjugate(args[0])
        a, b = args
        if op == "pow":
            return self._power(a, b)
        if op == "div":
            if scalars.vanish((b,)):
                raise NoValue
            return scalars.divide(a, b)
        if op == "mul":
            return scalars.multiply(a, b)
        return scalars.add(a, b if op == "add" else scalars.negative(b))

    def _power(self, a: Scalar, k: int) -> Scalar:
        """Return a power by repeated squaring. Raises `Inexpressible` for large exponents."""
        if k > 4_096:
            raise Inexpressible("an exponent is too large")
        result = self._scalars.number(1)
        while k:
            if k % 2:
                result = self._scalars.multiply(result, a)
            k //= 2
            if k:  # the last square would be unused, and is the longest polynomial
                a = self._scalars.multiply(a, a)
        return result

    def _equal(self, a: Value, b: Value, type_: Type) -> bool:
        """Return whether two values of a type are equal. Raises `NoValue` for arrays of different sizes."""
        if isinstance(a, Listed):
            if not comparable(a, b):
                raise NoValue
            if len(a.items) != len(b.items):
                return False
            assert isinstance(type_, ListType)
            item = type_.item
            return all(self._equal(x, y, item) for x, y in zip(a.items, b.items, strict=True))
        if isinstance(a, RefereeVector | RefereeMatrix):
            if sizes_of(a) != sizes_of(b):
                raise NoValue
            return self._same(scalars_of(a), scalars_of(b))
        if isinstance(type_, NatType):
            return bool(a == b)
        if isinstance(type_, BoolType):
            return self._scalars.truth(a) == self._scalars.truth(b)
        return self._same((a,), (b,))

    def _same(self, left: Sequence[Scalar], right: Sequence[Scalar]) -> bool:
        scalars = self._scalars
        return scalars.vanish([scalars.add(x, scalars.negative(y)) for x, y in zip(left, right, strict=True)])
