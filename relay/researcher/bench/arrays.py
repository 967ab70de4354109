"""Evaluates terms over scalars and arrays on the public points.

A context is the shapes of some parameters, and possibly that of a variable bound by `any` or `all`. A `Stack` holds the
values of K terms of one kind, as one array [K, points, *axes] per public model. The axes are those of an array, or
those of a frame, one for each of its index variables. A frame's axis has length 1 if the term does not mention the
index. Every method that computes charges K evaluations, one per term, before it works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation import MatrixValue, Value, VectorValue, call
from relay.evaluation.algebra import Undecidable
from relay.notation.syntax import BoolType, Definition, MatrixType, NatType, ScalarType, VectorType
from relay.researcher.bench.laws import read_laws
from relay.researcher.bench.meter import Meter
from relay.researcher.bench.points import Block, Shape, public_blocks
from relay.researcher.bench.remembered import CallMemory, Calls, digest

Array = NDArray[Any]

FUEL = 20_000
"""Fuel for one call of a definition at one point."""

REMEMBERED = CallMemory(64 << 20)
"""The calls that searches of this process have valued."""


@dataclass(frozen=True, slots=True)
class Stack:
    """The values of K terms: one array [K, points, *axes] per public model."""

    data: tuple[Array, ...]

    def __len__(self) -> int:
        return len(self.data[0])

    def take(self, index: Sequence[int] | Array) -> Stack:
        """The terms with these indices, in the given order."""
        return Stack(tuple(array[np.asarray(index, dtype=np.intp)] for array in self.data))

    def moved(self, axes: Sequence[int]) -> Stack:
        """The same values with the axes after [K, points] in another order."""
        return Stack(tuple(array.transpose(0, 1, *(axis + 2 for axis in axes)) for array in self.data))

    def squeezed(self, axes: Sequence[int]) -> Stack:
        """The same values without `axes`, which must have length 1. Axes are counted after [K, points]."""
        return Stack(tuple(array.squeeze(tuple(axis + 2 for axis in axes)) for array in self.data))

    def keys(self) -> list[bytes]:
        """One string of bytes per term. Two strings are equal if and only if the two terms have equal values at every
        point."""
        count = len(self)
        # 8 bits hold every element: the public fields have at most 9.
        flat = np.concatenate([array.reshape(count, -1).astype(np.uint8) for array in self.data], axis=1)
        width, buffer = flat.shape[1], flat.tobytes()
        return [buffer[at * width : (at + 1) * width] for at in range(count)]


def concatenated(stacks: Sequence[Stack]) -> Stack:
    """The terms of several stacks of one kind, in order."""
    return Stack(tuple(np.concatenate(parts) for parts in zip(*(stack.data for stack in stacks), strict=True)))


class Arrays:
    """The public models of a task about scalars and arrays, for one context."""

    def __init__(self, meter: Meter, shapes: Sequence[Shape], bound: Shape | None = None) -> None:
        self._meter = meter
        self._shapes = (*shapes, bound) if bound is not None else tuple(shapes)
        self.blocks: tuple[Block, ...] = public_blocks(shapes, bound)

    def parameter(self, at: int) -> Stack:
        """The values of parameter `at`; the bound variable counts as the last parameter. Nothing is computed, so
        nothing is charged."""
        return Stack(tuple(block.values[at][np.newaxis] for block in self.blocks))

    def entry(self, at: int, axes: Sequence[int], rank: int) -> Stack:
        """The entries of parameter `at` in a frame of `rank` indices. Costs one evaluation.

        `axes` names, for each axis of the parameter, the axis of the frame that it becomes. If both axes of a matrix
        become the same one, only the diagonal is taken.
        """
        self._meter.reserve(1)
        stacks = []
        for block in self.blocks:
            value = block.values[at]
            if len(axes) == 2 and axes[0] == axes[1]:
                value, places = np.diagonal(value, axis1=1, axis2=2), [axes[0]]
            else:
                places = list(axes)
                value = value.transpose(0, *(1 + int(place) for place in np.argsort(places)))
            shape = [1] * rank
            for place in places:
                shape[place] = value.shape[1 + sorted(places).index(place)]
            # axes that the term does not mention get length 1 and are broadcast later
            stacks.append(value.reshape(1, value.shape[0], *shape))
        return self._done(stacks)

    def delta(self, a: int, b: int, rank: int, size: str) -> Stack:
        """1 where the indices `a` and `b` of a frame are equal, else 0. Costs one evaluation.

        The frame has `rank` indices, and `size` is the size name of both `a` and `b`.
        """
        self._meter.reserve(1)
        stacks = []
        for block in self.blocks:
            shape = [1] * rank
            shape[a] = shape[b] = block.sizes[size]
            identity = np.eye(block.sizes[size], dtype=np.int64).reshape(shape)
            stacks.append(np.broadcast_to(identity, (1, block.points * block.range, *shape)))
        return self._done(stacks)

    def constant(self, value: int, rank: int = 0) -> Stack:
        """The values of the numeral `value` in a frame of `rank` indices. Costs one evaluation."""
        self._meter.reserve(1)
        return self._done(
            [
                np.broadcast_to(
                    block.model.from_int(np.array([value])), (1, block.points * block.range, *(1 for _ in range(rank)))
                )
                for block in self.blocks
            ]
        )

    def combine(self, op: str, a: Stack, b: Stack) -> Stack:
        """`op` (`add`, `sub`, `mul` or `eq`) of each term of `a` and the term of `b` at the same place. The only term
        of a stack of one is combined with every term of the other stack."""
        self._meter.reserve(max(len(a), len(b)))
        results = []
        for block, left, right in zip(self.blocks, a.data, b.data, strict=True):
            results.append(left == right if op == "eq" else getattr(block.model, op)(left, right))
        return self._done(results)

    def conj(self, a: Stack) -> Stack:
        """Conjugates of K terms."""
        self._meter.reserve(len(a))
        return self._done([block.model.conj(array) for block, array in zip(self.blocks, a.data, strict=True)])

    def negated(self, a: Stack) -> Stack:
        """`not` of K truth values."""
        self._meter.reserve(len(a))
        return self._done([~array for array in a.data])

    def both(self, a: Stack, b: Stack) -> Stack:
        """`and` of each term of `a` and the term of `b` at the same place. The only term of a stack of one is combined
        with every term of the other stack."""
        self._meter.reserve(max(len(a), len(b)))
        return self._done([left & right for left, right in zip(a.data, b.data, strict=True)])

    def total(self, a: Stack, axis: int, sizes: str) -> Stack:
        """The sum of each term over the frame's index `axis`, whose size name is `sizes`. The axis remains, with length
        1."""
        self._meter.reserve(len(a))
        results = []
        for block, array in zip(self.blocks, a.data, strict=True):
            at = axis + 2
            # A term that does not mention the index is summed as often as the index has values.
            if array.shape[at] == 1 and block.sizes[sizes] != 1:
                array = np.repeat(array, block.sizes[sizes], axis=at)
            results.append(np.expand_dims(block.model.sum(np.moveaxis(array, at, -1)), at))
        return self._done(results)

    def every(self, a: Stack) -> Stack:
        """`all` over every index of the frame: truth values [K, points]."""
        self._meter.reserve(len(a))
        return self._done([np.asarray(array.all(axis=tuple(range(2, array.ndim)))) for array in a.data])

    def quantified(self, kind: str, a: Stack) -> Stack:
        """`kind` (`any` or `all`) of each term over all values of the bound variable: truth values [K, points]."""
        self._meter.reserve(len(a))
        results: list[Array] = []
        for block, array in zip(self.blocks, a.data, strict=True):
            apart = array.reshape(len(array), block.points, block.range)
            results.append(np.asarray(apart.any(axis=2) if kind == "any" else apart.all(axis=2)))
        return self._done(results)

    def call(
        self, definition: Definition, definitions: Mapping[str, Definition], arguments: Sequence[Stack | str]
    ) -> tuple[Stack | None, Array]:
        """K calls of a definition. Each argument is a stack of closed values, or, for a `Nat` parameter, a size name.

        Returns the values of the calls that are defined at every point (None if there are none), and a mask [K] of
        these calls.
        """
        count = max((len(argument) for argument in arguments if isinstance(argument, Stack)), default=1)
        self._meter.reserve(count)

        def compute() -> Calls:
            return self._called(definition, definitions, arguments, count)

        # A natural number may be larger than what can be remembered.
        natural = isinstance(definition.result, NatType)
        results, fine = compute() if natural else REMEMBERED.of(self._name(definition, arguments), compute)
        return (self._done(results) if results else None), fine

    def _name(self, definition: Definition, arguments: Sequence[Stack | str]) -> tuple[object, ...]:
        """What the values of calls depend on, so that equal names have equal values."""
        models = tuple((each.model.name, *sorted(each.sizes.items()), each.points * each.range) for each in self.blocks)
        return definition.key, models, *(each if isinstance(each, str) else digest(each.data) for each in arguments)

    def _called(
        self, definition: Definition, known: Mapping[str, Definition], arguments: Sequence[Stack | str], count: int
    ) -> Calls:
        """`count` calls of a definition, made together. `known` are the definitions that it may rest on."""
        fine = np.ones(count, dtype=bool)
        results: list[Array] = []
        for place, block in enumerate(self.blocks):
            points = block.points * block.range
            values: list[Value] = []
            for argument, parameter in zip(arguments, definition.parameters, strict=True):
                if isinstance(argument, str):
                    values.append(block.sizes[argument])
                    continue
                array = argument.data[place]
                flat = np.ascontiguousarray(np.broadcast_to(array, (count, *array.shape[1:]))).reshape(
                    count * points, *array.shape[2:]
                )
                if isinstance(parameter.type, VectorType):
                    values.append(VectorValue(flat, flat.shape[1]))
                elif isinstance(parameter.type, MatrixType):
                    values.append(MatrixValue(flat, flat.shape[1], flat.shape[2]))
                else:
                    values.append(flat)
            try:
                outcome = call(definition, values, count * points, block.model, known, FUEL)
            except Undecidable:
                return [], np.zeros(count, dtype=bool)
            status = np.broadcast_to(outcome.status, (count * points,))
            # A call that fails at one point of one model is useless: its values could not be compared.
            fine &= (status.reshape(count, points) == 0).all(axis=1)
            if not fine.any():
                return [], fine
            plain = _plain(definition, outcome.value, count * points)
            if plain is None:
                return [], np.zeros(count, dtype=bool)
            results.append(plain.reshape(count, points, *plain.shape[1:]))
        return [array[fine] for array in results], fine

    def corner(self, at: int, place: Sequence[int]) -> Stack:
        """The entry of parameter `at` at the constant indices `place`, each 0 or 1: a closed scalar. Costs one
        evaluation."""
        self._meter.reserve(1)
        index: Any = (slice(None), *place)
        return self._done([block.values[at][index][np.newaxis] for block in self.blocks])

    def laws(self, a: Stack, shape: Shape = ()) -> list[frozenset[str]]:
        """The short laws that each of K closed terms satisfies (see `relay.researcher.bench.laws`). `shape` is the
        shape of their values."""
        self._meter.reserve(len(a))
        return read_laws(self.blocks, a.data, len(self._shapes), shape)

    def alike(self, a: Stack) -> list[bytes]:
        """One string of bytes per term. Two strings are equal if, in each public model, the values of the two terms
        agree up to one factor."""
        parts = []
        for block, array in zip(self.blocks, a.data, strict=True):
            flat = array.reshape(len(array), -1)
            if array.dtype != np.bool_:
                # divides by the first non-zero value
                first = np.take_along_axis(flat, np.argmax(flat != 0, axis=1)[:, np.newaxis], axis=1)
                flat = block.model.mul(flat, block.model.inverse(np.where(first == 0, 1, first)))
            parts.append(flat)
        return Stack(tuple(part[:, np.newaxis] for part in parts)).keys()

    def _done(self, arrays: Sequence[Array]) -> Stack:
        for array in arrays:
            self._meter.record(array)
        return Stack(tuple(arrays))


def _plain(definition: Definition, value: Value | None, lanes: int) -> Array | None:
    """`value`, a result of `definition`, as one array; None if its shape differs between points."""
    if isinstance(definition.result, VectorType):
        vector = cast(VectorValue, value)
        return vector.data if isinstance(vector.size, int) and vector.data.shape[1] == vector.size else None
    if isinstance(definition.result, MatrixType):
        matrix = cast(MatrixValue, value)
        exact = isinstance(matrix.rows, int) and isinstance(matrix.columns, int)
        return matrix.data if exact and matrix.data.shape[1:] == (matrix.rows, matrix.columns) else None
    if isinstance(definition.result, ScalarType | BoolType | NatType):
        return np.broadcast_to(np.asarray(value), (lanes,))
    return None
