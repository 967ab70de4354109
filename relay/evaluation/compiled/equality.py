"""Closures of `==` and `!=`, and the condition under which two values may be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Code, Computation, Names
from relay.evaluation.plain_values import Lst, Mat, sizes
from relay.notation.syntax import BoolType, NatType, ScalarType, Type


def equality(a: Code, b: Code, type_: Type, positive: bool) -> Code:
    """Return the closure of `==`, or of `!=` if `positive` is false, for two values of a type."""
    if isinstance(type_, NatType | BoolType):
        return lambda names, run: (a(names, run) == b(names, run)) is positive
    if isinstance(type_, ScalarType):

        def scalars(names: Names, run: Computation) -> bool:
            x, y = a(names, run), b(names, run)
            same = run.scalars.same(x, y)
            return (run.scalars.decide(x, y) if same is None else same) is positive

        return scalars

    def value(names: Names, run: Computation) -> bool:
        x, y = a(names, run), b(names, run)
        if not _comparable(x, y):
            raise Undefined
        return _equal(x, y, run) is positive

    return value


def _comparable(a: Any, b: Any) -> bool:
    """Whether two values may be compared: lists of different lengths may, arrays of different sizes may not."""
    if isinstance(a, Lst):
        return len(a.items) != len(b.items) or all(map(_comparable, a.items, b.items))
    return sizes(a) == sizes(b)


def _equal(a: Any, b: Any, run: Computation) -> bool:
    """Whether two comparable values are equal. Pairs that `same` leaves open are decided last: that is expensive."""
    pairs = list(_pairs(a, b))
    if None in pairs:
        return False
    open_: list[tuple[Any, Any]] = []
    for pair in pairs:
        x, y = cast("tuple[Any, Any]", pair)
        same = (x == y) if isinstance(x, int | bool) else run.scalars.same(x, y)
        if same is False:
            return False
        if same is None:
            open_.append((x, y))
    return all(run.scalars.decide(x, y) for x, y in open_)


def _pairs(a: Any, b: Any) -> Iterator[tuple[Any, Any] | None]:
    """Yield the naturals, truth values and scalars of two values in pairs; None for lists of different lengths."""
    if isinstance(a, Mat):
        yield from zip(a.entries, b.entries, strict=True)
    elif isinstance(a, tuple):
        yield from zip(a, b, strict=True)
    elif isinstance(a, Lst):
        if len(a.items) != len(b.items):
            yield None
            return
        for x, y in zip(a.items, b.items, strict=True):
            yield from _pairs(x, y)
    else:
        yield a, b
