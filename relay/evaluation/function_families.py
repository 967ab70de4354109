"""Families of functions over which a claim's parameters range: tables, hashes, and functions with structure.

A formula maps scalars to scalars with low degree. Its input is one row with the scalars of all arguments; those of
a matrix come row by row. If the result is a truth value, the formula is a predicate that is true where all values of
the formula are zero: for example membership in a subspace, a kernel, a subfield or a quadric.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.hashing import hashed_value, mix_value, scramble
from relay.evaluation.values import Index, MatrixValue, Size, Target, Value, VectorValue, as_array, take
from relay.notation.syntax import (
    NAT,
    BoolType,
    FnType,
    MatrixType,
    NatType,
    SortType,
    Term,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import endless, map_sizes, type_terms

SHOWN = 16
"""A function that has at most this many argument tuples is shown as a table."""
CHUNK = 1 << 20
"""Most products that a formula computes at a time, counted over all lanes. This bounds memory."""
WORTH = 16
"""This many products of a formula count as one node in the machine's work."""
FIRST = 4
"""If a hashed function has more than `SHOWN` argument tuples, this many of its values are shown."""


def sized(type_: Type, sizes: Sequence[Size]) -> tuple[Type, Callable[[Term], Size]]:
    """Return `type_` with a variable in place of each size, and a function that returns each variable's size."""
    left = iter(range(len(sizes)))
    named = map_sizes(type_, lambda term: Variable(f"size'{next(left)}", NAT))
    places = {f"size'{n}": size for n, size in enumerate(sizes)}
    return named, lambda term: places[cast(Variable, term).name]


def spans(kind: FnType, sizes: Sequence[int]) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Return the shape of each argument, and the shape of the result, of functions of type `kind`."""
    left = list(sizes)
    shapes = []
    for part in (*kind.parameters, kind.result):
        count = len(type_terms(part))
        shapes.append(tuple(left[:count]))
        del left[:count]
    return tuple(shapes[:-1]), shapes[-1]


def radix(type_: Type, model: Algebra) -> int | None:
    """Return how many values one entry of `type_` can have, or None if they can't be enumerated."""
    if isinstance(type_, BoolType):
        return 2
    if isinstance(type_, SortType):
        return model.carriers[type_.name]
    return None if endless(type_) else model.order


def points(kind: FnType, sizes: Sequence[int], model: Algebra, most: int) -> int | None:
    """Return how many argument tuples functions of type `kind` have in `model`, or None if more than `most`."""
    total = 1
    for part, shape in zip(kind.parameters, spans(kind, sizes)[0], strict=True):
        base = radix(part, model)
        if base is None:
            return None
        for _ in range(int(np.prod(shape, dtype=np.int64))):
            total *= base
            if total > most:
                return None
        if total > most:
            return None
    return total


def arguments(kind: FnType, sizes: Sequence[int], model: Algebra, count: int) -> list[Value]:
    """Return all argument tuples of functions of type `kind`, as one value for each parameter.

    Lane n holds the tuple number n; the last entry changes fastest. `count` is the number of tuples (see `points`).
    """
    left = np.arange(count, dtype=np.int64)
    found: list[Value] = []
    for part, shape in reversed(list(zip(kind.parameters, spans(kind, sizes)[0], strict=True))):
        base, entries = cast(int, radix(part, model)), int(np.prod(shape, dtype=np.int64))
        digits = np.empty((count, entries), dtype=np.int64)
        for k in range(entries - 1, -1, -1):
            digits[:, k] = left % base
            left = left // base
        found.append(compound(part, digits.reshape(count, *shape), shape))
    return found[::-1]


def compound(type_: Type, data: Array, shape: Sequence[int]) -> Value:
    """Return `data`, an array of entries `[lanes, *shape]`, as a value of `type_`."""
    if isinstance(type_, VectorType):
        return VectorValue(data, shape[0])
    if isinstance(type_, MatrixType):
        return MatrixValue(data, shape[0], shape[1])
    return data.astype(np.bool_) if isinstance(type_, BoolType) else data


def entries(type_: Type, value: Value, shape: Sequence[int], lanes: int) -> Array:
    """Return the entries of a value as one row for each lane, an array `[lanes, entries]`."""
    if isinstance(value, VectorValue):
        return value.data[:, : shape[0]]
    if isinstance(value, MatrixValue):
        return value.data[:, : shape[0], : shape[1]].reshape(lanes, -1)
    return as_array(value, lanes).reshape(lanes, 1)


def fixed(sizes: Sequence[Size]) -> tuple[int, ...]:
    """Return the sizes of a drawn function as integers. Precondition: they do not differ by lane."""
    return tuple(size if isinstance(size, int) else int(size.reshape(-1)[0]) if size.size else 0 for size in sizes)


class Drawn(Target):
    """The base class of the families here: `show` returns the family's description of a function."""

    def show(self, row: int, kind: FnType, model: Algebra) -> str:
        return self.describe(row, model)

    def describe(self, row: int, model: Algebra) -> str:
        """Return a description of function number `row`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Table(Drawn):
    """Functions given by all of their values.

    Function number r has the values in the lanes r * count, ..., r * count + count - 1 of `values`, in the order of
    `arguments`.
    """

    values: Value
    count: int

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        place = np.zeros(lanes.count, dtype=np.int64)
        for part, arg, shape in zip(kind.parameters, args, spans(kind, fixed(sizes))[0], strict=True):
            base = cast(int, radix(part, machine.model))
            for column in entries(part, arg, shape, lanes.count).astype(np.int64).T:
                place = place * base + column
        # The arguments of dead lanes may be out of range.
        return take(self.values, rows * self.count + np.minimum(place, self.count - 1))

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        mixed = np.zeros(len(rows), dtype=np.uint64)
        for k in range(self.count):
            mixed = mix_value(mixed, take(self.values, rows * self.count + k), len(rows), model)
        return mixed

    def describe(self, row: int, model: Algebra) -> str:
        return "a function drawn value by value"


@dataclass(frozen=True, slots=True, eq=False)
class Hashed(Drawn):
    """Functions whose value is computed from a hash of the arguments and the function's seed."""

    seeds: NDArray[np.uint64]
    length: int
    """The length of lists in the result."""

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        mixed = self.seeds[rows]
        for arg in args:
            mixed = mix_value(mixed, arg, lanes.count, machine.model)
        count = len(type_terms(kind.result))
        result, known = sized(kind.result, sizes[len(sizes) - count :])
        return hashed_value(result, mixed, known, machine.model, self.length)

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        return scramble(self.seeds[rows])

    def describe(self, row: int, model: Algebra) -> str:
        return "a function drawn value by value"


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Drawn):
    """Functions with the same value at all arguments."""

    values: Value

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        return take(self.values, rows)

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        return mix_value(np.full(len(rows), 2, dtype=np.uint64), take(self.values, rows), len(rows), model)

    def describe(self, row: int, model: Algebra) -> str:
        return "a constant function"


@dataclass(frozen=True, slots=True, eq=False)
class Projection(Drawn):
    """The function that returns one of its arguments, which has the result's type."""

    position: int

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        return args[self.position]

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        return np.full(len(rows), 3 + self.position, dtype=np.uint64)

    def describe(self, row: int, model: Algebra) -> str:
        return f"its argument {self.position + 1}"


@dataclass(frozen=True, slots=True, eq=False)
class Formula(Drawn):
    """The functions `constant + linear u + conjugate conj(u) + u quadratic u + conj(u) sesquilinear u`.

    u is the row of the arguments' entries. `constant` is an array `[rows, entries of the result]`; `linear` and
    `conjugate` have one further axis over the entries of u, `quadratic` and `sesquilinear` two. If the result is a
    truth value, it says whether all values of the formula are zero. Natural numbers and truth values in the arguments
    are converted to scalars.
    """

    name: str
    constant: Array
    linear: Array | None = None
    conjugate: Array | None = None
    quadratic: Array | None = None
    sesquilinear: Array | None = None

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        model: Algebra = machine.model
        shapes, result = spans(kind, fixed(sizes))
        columns = []
        for part, arg, shape in zip(kind.parameters, args, shapes, strict=True):
            column = entries(part, arg, shape, lanes.count)
            columns.append(model.from_int(column) if isinstance(part, NatType | BoolType) else column)
        u = np.concatenate(columns, axis=1)
        each = 1 + sum(int(np.prod(array.shape[1:], dtype=np.int64)) for _, array in self._parts())
        machine.done += lanes.count * (each // WORTH)
        width = max(1, CHUNK // each)
        blocks = [self._valued(model, rows[at : at + width], u[at : at + width]) for at in range(0, len(rows), width)]
        total = np.concatenate(blocks) if blocks else self.constant[rows]
        if isinstance(kind.result, BoolType):
            return np.asarray(model.is_zero(total).all(axis=1))
        return compound(kind.result, total.reshape(lanes.count, *result), result)

    def _valued(self, model: Algebra, rows: Index, u: Array) -> Array:
        total = self.constant[rows]
        for factor, vector in ((self.linear, u), (self.conjugate, model.conj(u))):
            if factor is not None:
                total = model.add(total, model.sum(model.mul(factor[rows], vector[:, None, :])))
        for form, left in ((self.quadratic, u), (self.sesquilinear, model.conj(u))):
            if form is not None:
                inner = model.sum(model.mul(form[rows], u[:, None, None, :]))
                total = model.add(total, model.sum(model.mul(inner, left[:, None, :])))
        return total

    def _parts(self) -> list[tuple[str, Array]]:
        named = (
            ("constant", self.constant), ("linear", self.linear), ("conjugate", self.conjugate),
            ("quadratic", self.quadratic), ("sesquilinear", self.sesquilinear),
        )  # fmt: skip
        return [(name, array) for name, array in named if array is not None]

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        mixed = np.zeros(len(rows), dtype=np.uint64)
        for _, array in self._parts():
            mixed = mix_value(mixed, array[rows], len(rows), model)
        return mixed

    def describe(self, row: int, model: Algebra) -> str:
        shown = [
            f"{name} {_nested(array[row], model)}"
            for name, array in self._parts()
            if name != "constant" or len(self._parts()) == 1 or not model.is_zero(array[row]).all()
        ]
        alone = len(shown) == 1 and shown[0].startswith(f"{self.name} ")
        return shown[0] if alone else f"{self.name}: " + ", ".join(shown)


@dataclass(frozen=True, slots=True, eq=False)
class MonomialFunctions(Drawn):
    """The functions `factor` times the product of the arguments' entries, each to the power `exponents[row, entry]`.

    If `base` is given, the only argument is a natural number n, and the value is `factor` times `base` to the power n.
    """

    factor: Array
    exponents: NDArray[np.int64]
    base: Array | None = None

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        model: Algebra = machine.model
        if self.base is not None:
            powers = model.pow(self.base[rows], as_array(args[0], lanes.count).astype(np.int64))
            return model.mul(self.factor[rows], powers)
        shapes, _ = spans(kind, fixed(sizes))
        columns = [entries(p, a, s, lanes.count) for p, a, s in zip(kind.parameters, args, shapes, strict=True)]
        u = np.concatenate(columns, axis=1)
        return model.mul(self.factor[rows], model.prod(model.pow(u, self.exponents[rows])))

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        mixed = mix_value(np.ones(len(rows), dtype=np.uint64), self.factor[rows], len(rows), model)
        mixed = mix_value(mixed, self.exponents[rows], len(rows), model)
        return mixed if self.base is None else mix_value(mixed, self.base[rows], len(rows), model)

    def describe(self, row: int, model: Algebra) -> str:
        factor = model.show(self.factor[row])
        if self.base is not None:
            return f"{factor} times {model.show(self.base[row])} to the power of its argument"
        return f"{factor} times its arguments' entries to the powers {self.exponents[row].tolist()}"


@dataclass(frozen=True, slots=True, eq=False)
class Countdown(Drawn):
    """Functions of one natural number n with the value `start + step * n`.

    If the result is a truth value, it says whether the remainder of n divided by `step + 1` is `start`.
    """

    start: NDArray[np.int64]
    step: NDArray[np.int64]

    def apply(
        self, machine: Any, rows: Index, args: Sequence[Value], kind: FnType, sizes: Sequence[Size], depth: int,
        lanes: Any,
    ) -> Value:  # fmt: skip
        # Lanes with huge n are cut, so that the product does not overflow 64 bits.
        n = np.minimum(as_array(args[0], lanes.count).astype(np.int64), 1 << 40)
        if isinstance(kind.result, BoolType):
            return np.asarray(n % (self.step[rows] + 1) == self.start[rows])
        return self.start[rows] + self.step[rows] * n

    def words(self, rows: Index, model: Algebra) -> NDArray[np.uint64]:
        return scramble((self.start[rows] * 1024 + self.step[rows]).astype(np.uint64))

    def describe(self, row: int, model: Algebra) -> str:
        return f"counting from {self.start[row]} in steps of {self.step[row]}"


def _nested(array: Array, model: Algebra) -> str:
    if array.ndim == 0:
        return model.show(array[()])
    return "[" + ", ".join(_nested(part, model) if array.ndim > 1 else model.show(part) for part in array) + "]"
