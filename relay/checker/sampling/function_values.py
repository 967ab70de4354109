"""Functions for a claim's parameters: all of them where there are few, else random ones and ones with structure.

A uniformly random function is never linear, additive or a subspace's membership, so most of what is drawn is of a
family that hypotheses ask for. Lanes are drawn in groups, each of one family; one group is random.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from relay.evaluation.algebra.base import Algebra, Array, TooLarge
from relay.evaluation.function_families import (
    Constant,
    Countdown,
    Formula,
    Hashed,
    MonomialFunctions,
    Projection,
    Table,
    compound,
    points,
    radix,
    sized,
    spans,
)
from relay.evaluation.gathering import scatter
from relay.evaluation.hashing import hashed_value
from relay.evaluation.values import FunctionValue, Size, Target, Value
from relay.notation.syntax import (
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    VectorType,
)
from relay.notation.traversal import type_terms
from relay.seeds import integer_generator

MOST_POINTS = 256
"""Random functions that take at most so many values are tables."""
MOST_EXHAUSTED = 64
"""Functions that take more values than this are not exhausted."""
MOST_ENTRIES = 4_096
"""Coefficients of one formula."""
GROUPS = 6

Maker = Callable[[int], Target]
"""Draws so many functions of a family."""


def count_functions(kind: FnType, sizes: Sequence[int], model: Algebra) -> tuple[int, int] | None:
    """How many values the entries of all values of a function have, as base and power; None where functions of the type
    can't be exhausted."""
    base = radix(kind.result, model)
    if base is None or isinstance(kind.result, ListType | FnType | NatType):
        return None
    taken = points(kind, sizes, model, MOST_EXHAUSTED)
    if taken is None:
        return None
    return base, taken * int(np.prod(spans(kind, sizes)[1], dtype=np.int64))


def tables(kind: FnType, sizes: tuple[int, ...], model: Algebra, digits: Array) -> FunctionValue:
    """Functions from the entries of their values: `[functions, points * entries of the result]`."""
    shape = spans(kind, sizes)[1]
    count = cast(int, points(kind, sizes, model, MOST_POINTS))
    functions = digits.shape[0]
    values = compound(kind.result, digits.reshape(functions * count, *shape), shape)
    return FunctionValue(np.zeros(functions, dtype=np.int64), np.arange(functions), (Table(values, count),), sizes)


def random_functions(
    kind: FnType, sizes: tuple[int, ...], model: Algebra, count: int, rng: np.random.Generator
) -> FunctionValue:
    """`count` functions of several families. Raises `TooLarge` for functions of functions."""
    if any(isinstance(part, FnType) for part in (*kind.parameters, kind.result)):
        raise TooLarge("ways to draw functions of functions")
    made = [*_Families(kind, sizes, model, rng).makers()]
    families = -(-count // max(1, -(-count // GROUPS)))
    order = [1 + int(n) for n in rng.permutation(len(made) - 1)]
    order = [*order[: max(families - 1, 0)], 0, *order]
    width = max(1, -(-count // GROUPS))
    pieces: list[tuple[Array, Value]] = []
    for number, start in enumerate(range(0, count, width)):
        lanes = np.arange(start, min(start + width, count))
        target = made[order[number % len(order)]](len(lanes))
        zeros = np.zeros(len(lanes), dtype=np.int64)
        pieces.append((lanes, FunctionValue(zeros, np.arange(len(lanes)), (target,), sizes)))
    return cast(FunctionValue, scatter(pieces, count)) if pieces else _none(sizes)


def _none(sizes: tuple[int, ...]) -> FunctionValue:
    nothing = np.zeros(0, dtype=np.int64)
    return FunctionValue(nothing, nothing, (), sizes)


_ARRAYS = (ScalarType, VectorType, MatrixType)


class _Families:
    """Families of functions of one type."""

    def __init__(self, kind: FnType, sizes: tuple[int, ...], model: Algebra, rng: np.random.Generator) -> None:
        self._kind, self._sizes, self._model, self._rng = kind, sizes, model, rng
        self._shapes, self._result = spans(kind, sizes)
        self._widths = [int(np.prod(shape, dtype=np.int64)) for shape in self._shapes]
        self._starts = [int(n) for n in np.cumsum([0, *self._widths])]
        self._inputs = sum(self._widths)
        self._outputs = int(np.prod(self._result, dtype=np.int64))
        fixed = integer_generator(1)
        self._probe: Array = np.zeros(1) if model.carriers else model.sample(fixed, (8,))

    def makers(self) -> list[Maker]:
        """A random function first, then each family that the type has."""
        found: list[Maker] = [self._random]
        kind = self._kind
        if not isinstance(kind.result, FnType):
            found.append(self._constant)
        found += [self._projection(n) for n in range(len(kind.parameters)) if self._same(n)]
        numbers = all(isinstance(part, (*_ARRAYS, NatType, BoolType)) for part in kind.parameters)
        scalars = any(isinstance(part, (*_ARRAYS, NatType)) for part in kind.parameters) and not self._model.carriers
        if numbers and scalars and self._inputs * max(self._outputs, 1) <= MOST_ENTRIES:
            if isinstance(kind.result, _ARRAYS):
                found += self._maps()
            if isinstance(kind.result, BoolType) and any(isinstance(part, _ARRAYS) for part in kind.parameters):
                found += self._predicates()
        if isinstance(kind.result, ScalarType) and all(isinstance(part, ScalarType) for part in kind.parameters):
            found.append(self._powers)
        if kind.parameters == (NatType(),):
            if isinstance(kind.result, ScalarType):
                found.append(self._geometric)
            if isinstance(kind.result, NatType | BoolType):
                found += [self._counting, self._counting]
        if self._model.carriers and isinstance(kind.result, SortType):
            found += self._translations()
        return found

    def _same(self, position: int) -> bool:
        part, result = self._kind.parameters[position], self._kind.result
        if isinstance(part, SortType) or isinstance(result, SortType):
            return part == result
        return type(part) is type(result) and not isinstance(part, ListType) and self._shapes[position] == self._result

    # --- of any type -------------------------------------------------------------------------------------------------

    def _random(self, count: int) -> Target:
        taken = points(self._kind, self._sizes, self._model, MOST_POINTS)
        base = radix(self._kind.result, self._model)
        if taken is None or base is None or isinstance(self._kind.result, ListType):
            return Hashed(self._rng.integers(1, 2**62, size=count).astype(np.uint64), 1 + int(self._rng.integers(0, 3)))
        digits = self._rng.integers(0, base, size=(count * taken, *self._result), dtype=np.int64)
        return Table(compound(self._kind.result, digits, self._result), taken)

    def _constant(self, count: int) -> Target:
        total = len(type_terms(self._kind.result))
        own: tuple[Size, ...] = self._sizes[len(self._sizes) - total :]
        result, known = sized(self._kind.result, own)
        words = self._rng.integers(1, 2**62, size=count).astype(np.uint64)
        return Constant(hashed_value(result, words, known, self._model, int(self._rng.integers(0, 3))))

    def _projection(self, position: int) -> Maker:
        return lambda count: Projection(position)

    def _counting(self, count: int) -> Target:
        step = self._rng.integers(0, 4, size=count)
        start = self._rng.integers(0, 4, size=count)
        return Countdown(start % (step + 1) if isinstance(self._kind.result, BoolType) else start, step)

    def _geometric(self, count: int) -> Target:
        factor, base = self._tiny(count), self._uniform(count)
        return MonomialFunctions(factor, np.zeros((count, 1), dtype=np.int64), base)

    def _powers(self, count: int) -> Target:
        exponents = self._rng.integers(0, 4, size=(count, self._inputs))
        one = self._number(np.ones(count, dtype=np.int64))
        return MonomialFunctions(one if self._rng.integers(0, 2) else self._uniform(count), exponents)

    def _translations(self) -> list[Maker]:
        """What the given operations make of the arguments and of constants."""
        found: list[Maker] = []
        sorts = [part.name for part in self._kind.parameters if isinstance(part, SortType)]
        taken = points(self._kind, self._sizes, self._model, MOST_POINTS)
        if taken is None or len(sorts) != len(self._kind.parameters):
            return found
        wanted = self._model.carriers[cast(SortType, self._kind.result).name]
        carriers = tuple(self._model.carriers[name] for name in sorts)
        for name in sorted(self._model.operations):
            table = self._model.operations[name]
            if int(table.max(initial=0)) < wanted and table.ndim in (len(sorts), len(sorts) + 1):
                found += [self._translation(table, carriers, axis) for axis in range(table.ndim)]
        return found

    def _translation(self, table: Array, carriers: tuple[int, ...], axis: int) -> Maker:
        def make(count: int) -> Target:
            if table.ndim == len(carriers):
                turned = np.moveaxis(table, axis, 0)
                fixed = np.broadcast_to(turned, (count, *turned.shape)) if turned.shape == carriers else None
            else:
                at = self._rng.integers(0, table.shape[axis], size=count)
                turned = np.moveaxis(table, axis, 0)
                fixed = turned[at] if turned.shape[1:] == carriers else None
            if fixed is None:
                return self._random(count)
            return Table(fixed.reshape(-1).astype(np.int64), int(np.prod(carriers)))

        return make

    # --- of scalars --------------------------------------------------------------------------------------------------

    def _number(self, k: Array) -> Array:
        return self._model.from_int(k)

    def _zeros(self, *shape: int) -> Array:
        return self._number(np.zeros(shape, dtype=np.int64))

    def _tiny(self, *shape: int) -> Array:
        return self._number(self._rng.choice(np.array([0, 0, 1, 1, -1, 2]), size=shape))

    def _uniform(self, *shape: int) -> Array:
        return self._model.sample(self._rng, shape)

    def _some(self, *shape: int) -> Array:
        return self._tiny(*shape) if self._rng.integers(0, 2) else self._uniform(*shape)

    def _maps(self) -> list[Maker]:
        c, n = self._outputs, self._inputs

        def none(count: int) -> Array:
            return self._zeros(count, c)

        found: list[Maker] = [
            lambda count: Formula("zero", none(count)),
            lambda count: Formula("linear", none(count), self._some(count, c, n)),
            lambda count: Formula("linear", none(count), self._some(count, c, n)),
            lambda count: Formula("linear", none(count), self._units(count)),
            lambda count: Formula("affine", self._some(count, c), self._some(count, c, n)),
        ]
        conjugates = not bool(self._model.equal(self._probe, self._model.conj(self._probe)).all())
        if conjugates:
            found.append(lambda count: Formula("conjugate-linear", none(count), conjugate=self._some(count, c, n)))
        if n * n * c > MOST_ENTRIES:
            return found
        if len(self._widths) == 1:
            found += [
                lambda count: Formula("quadratic", none(count), quadratic=self._some(count, c, n, n)),
                lambda count: Formula(
                    "polynomial", self._some(count, c), self._some(count, c, n), quadratic=self._tiny(count, c, n, n)
                ),
            ]
            if conjugates:
                found.append(lambda count: Formula("hermitian", none(count), sesquilinear=self._some(count, c, n, n)))
        else:
            found += [self._form(symmetry, False) for symmetry in (0, 0, 1, -1)]
            found += [self._form(symmetry, True) for symmetry in (0, 1) if conjugates]
            found.append(self._operation)
        return found

    def _units(self, count: int) -> Array:
        """A linear map whose matrix has one 1 in each row: a projection, a transposition, a sum of arguments."""
        c, n = self._outputs, self._inputs
        matrix = np.zeros((count, c, n), dtype=np.int64)
        for width, start, shape in zip(self._widths, self._starts, self._shapes, strict=False):
            if width == c and (len(self._widths) == 1 or self._rng.integers(0, 2)):
                places = np.arange(c)
                if len(shape) == 2 and shape == self._result[::-1] and self._rng.integers(0, 2):
                    places = np.arange(c).reshape(shape).T.reshape(-1)
                matrix[:, np.arange(c), start + places] = self._rng.choice(np.array([1, 1, -1]))
            elif c == 1 and len(shape) == 2 and shape[0] == shape[1]:  # the trace
                matrix[:, 0, start + np.arange(shape[0]) * (shape[0] + 1)] = 1
            elif c == 1:
                matrix[:, 0, start : start + width] = 1
        return self._number(matrix)

    def _form(self, symmetry: int, conjugate: bool) -> Maker:
        """Bilinear or sesquilinear in the first two arguments; symmetric, alternating or neither."""

        def make(count: int) -> Target:
            c, (p, q) = self._outputs, self._widths[:2]
            block = self._some(count, c, p, q)
            if symmetry and p == q:
                other = block.swapaxes(2, 3)
                other = self._model.conj(other) if conjugate else other
                block = self._model.add(block, other) if symmetry > 0 else self._model.sub(block, other)
            whole = self._zeros(count, c, self._inputs, self._inputs)
            whole[:, :, :p, p : p + q] = block
            none = self._zeros(count, c)
            if conjugate:
                return Formula("sesquilinear", none, sesquilinear=whole)
            return Formula("bilinear", none, quadratic=whole)

        return make

    def _operation(self, count: int) -> Target:
        """`a x y + b (x + y) + c`, entry by entry: among them sums, products and commutative operations."""
        c, width = self._outputs, self._widths[0]
        linear = self._zeros(count, c, self._inputs)
        if any(w != width for w in self._widths) or c != width:
            return Formula("linear", self._zeros(count, c), self._units(count))
        places = np.arange(c)
        factor = self._tiny(count, 1)
        for start in self._starts[:-1]:
            linear[:, places, start + places] = factor
        constant = self._zeros(count, c) if self._rng.integers(0, 2) else self._tiny(count, c)
        if not self._rng.integers(0, 2):
            return Formula("sum", constant, linear)
        product = self._zeros(count, c, self._inputs, self._inputs)
        product[:, places, places, width + places] = self._tiny(count, 1)
        return Formula("sum and product", constant, linear, quadratic=product)

    def _predicates(self) -> list[Maker]:
        n = self._inputs

        def rank() -> int:
            return int(self._rng.integers(0, n + 1))

        def subspace(count: int) -> Target:
            r = rank()
            return Formula("in the subspace where this is zero", self._zeros(count, r), self._some(count, r, n))

        def flat(count: int) -> Target:
            r = max(rank(), 1)
            return Formula("where this is zero", self._some(count, r), self._some(count, r, n))

        def identity(count: int) -> Array:
            return np.broadcast_to(self._number(np.eye(n, dtype=np.int64)), (count, n, n))

        def point(count: int) -> Target:
            at = self._some(count, n) if self._rng.integers(0, 2) else self._zeros(count, n)
            return Formula("where this is zero", self._model.neg(at), identity(count))

        conjugates = not bool(self._model.equal(self._probe, self._model.conj(self._probe)).all())

        def subfield(count: int) -> Target:
            none = self._zeros(count, n)
            return Formula("where this is zero", none, identity(count), self._model.neg(identity(count)))

        def nothing(count: int) -> Target:
            return Formula("where this is zero", self._number(np.ones((count, 1), dtype=np.int64)))

        def everything(count: int) -> Target:
            return Formula("where this is zero", self._zeros(count, 1))

        def quadric(count: int) -> Target:
            return Formula("where this is zero", self._zeros(count, 1), quadratic=self._some(count, 1, n, n))

        found: list[Maker] = [subspace, subspace, subspace, flat, point, nothing, everything]
        if conjugates:
            found.append(subfield)
        if n * n <= MOST_ENTRIES:
            found.append(quadric)
        if len(self._widths) == 2 and self._widths[0] == self._widths[1]:
            found += [self._congruence, self._congruence, self._orthogonality]
        return found

    def _congruence(self, count: int) -> Target:
        """Two arguments differ by an element of a subspace: an equivalence."""
        width = self._widths[0]
        r = int(self._rng.integers(0, width + 1))
        half = self._some(count, r, width) if self._rng.integers(0, 2) else self._number(
            np.broadcast_to(np.eye(width, dtype=np.int64), (count, width, width))
        )  # fmt: skip
        both = np.concatenate([half, self._model.neg(half)], axis=2)
        return Formula("in relation where this is zero", self._zeros(count, half.shape[1]), both)

    def _orthogonality(self, count: int) -> Target:
        width = self._widths[0]
        block = self._number(np.broadcast_to(np.eye(width, dtype=np.int64), (count, 1, width, width)))
        whole = self._zeros(count, 1, 2 * width, 2 * width)
        whole[:, :, :width, width:] = block
        none = self._zeros(count, 1)
        if self._rng.integers(0, 2):
            return Formula("in relation where this is zero", none, sesquilinear=whole)
        return Formula("in relation where this is zero", none, quadratic=whole)
