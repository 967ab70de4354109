"""Public points for scalars and arrays: values of some parameters in a few small finite fields, at a few sizes.

The points depend only on the types of the parameters. They come in families, so that laws can be read off a term's
values. A family is a base point and points that are made from it by one change each. For example, one argument is
replaced by another value, by a sum or by a multiple; or two arguments change places; or all scalars are conjugated.
After the families come points with structure (zeros, ones, symmetric, diagonal, repeated arguments), where predicates
vary. The last model is tiny and has structured points only: there even an equation between large arrays often holds by
chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from relay.evaluation.algebra import Algebra, GaloisField
from relay.seeds import content_generator

Array = NDArray[Any]

Shape = tuple[str, ...]
"""The size names of an array's axes: `()` for a scalar, `("n",)` for a vector, `("m", "n")` for a matrix."""

# GF(9) has a conjugation that changes values, GF(7) does not. n and m differ, in both orders, so that rows and
# columns are not confused.
FIELDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (3, 2, {"n": 2, "m": 3, "l": 2}),
    (7, 1, {"n": 3, "m": 2, "l": 2}),
)
"""Characteristic, degree and sizes of each public model."""

TINY: tuple[int, int, Mapping[str, int]] = (3, 1, {"n": 2, "m": 2, "l": 2})
"""Characteristic, degree and sizes of the tiny model, where equations often hold."""

SMALL: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (3, 1, {"n": 2, "m": 2, "l": 1}),
    (2, 1, {"n": 3, "m": 2, "l": 2}),
)
"""Characteristic, degree and sizes of the models for contexts with a bound variable. They are small, because the
variable ranges over every value of its type."""

FAMILIES, STRUCTURED, CHANCES, BOUND = 3, 14, 64, 16
"""Four numbers: of families, and of structured points, of each model in `FIELDS`; of structured points of the tiny
model; and of structured points of each model in `SMALL`."""


@dataclass(frozen=True, slots=True)
class PointFamily:
    """Indices of the points of one family."""

    base: int
    other: tuple[int, ...]
    """By parameter: the point with that argument replaced by a second value."""
    total: tuple[int, ...]
    """By parameter: the point with that argument replaced by the sum of its base value and its second value."""
    scaled: tuple[int, ...]
    """By parameter: the point with that argument multiplied by the family's scalar."""
    all_other: int
    """The point with every argument replaced by its second value."""
    all_total: int
    """The point with every argument replaced by the sum of its base value and its second value."""
    swapped: Mapping[tuple[int, int], int]
    """Two parameters of one shape, the first one first -> the point where their arguments have changed places."""
    transposed: int
    conjugated: int
    relabelled: int
    """The point with all indices renamed, by one permutation per size."""
    permutations: Mapping[str, Array]
    turned: int
    """The point with all arrays in other axes, by one orthogonal matrix per size."""
    turns: Mapping[str, Array]
    factor: int
    """Code of the family's scalar."""


@dataclass(frozen=True, slots=True)
class Block:
    """One public model with its points."""

    model: Algebra
    sizes: Mapping[str, int]
    values: tuple[Array, ...]
    """By parameter: an array [points, *axes]. With a bound variable, the first axis has `points * range` entries: for
    each point, all values of the variable."""
    families: tuple[PointFamily, ...]
    turned: tuple[tuple[int, int], ...]
    """Indices of a structured point and of the same point in other axes, in pairs."""
    points: int
    """Number of points, without the values of the bound variable."""
    range: int
    """Number of values of the bound variable; 1 without one."""


def public_blocks(shapes: Sequence[Shape], bound: Shape | None = None) -> tuple[Block, ...]:
    """The public models with points for parameters of these shapes. The result is shared: callers must not write into
    it."""
    return _blocks(tuple(shapes), bound)


@lru_cache(maxsize=128)
def _blocks(shapes: tuple[Shape, ...], bound: Shape | None) -> tuple[Block, ...]:
    if bound is not None:
        return tuple(_maker(model, shapes, bound).bound_block(bound) for model in SMALL)
    return (*(_maker(model, shapes, None).block() for model in FIELDS), _maker(TINY, shapes, None).tiny_block())


def _maker(model: tuple[int, int, Mapping[str, int]], shapes: tuple[Shape, ...], bound: Shape | None) -> _Maker:
    p, k, sizes = model
    text = f"{p},{k},{sorted(sizes.items())},{shapes},{bound}"
    return _Maker(GaloisField(p, k), sizes, shapes, content_generator(text, digest_bytes=32))


class _Maker:
    """Draws the points of one model. The order of the draws is fixed: every logged digest of values depends on it."""

    def __init__(self, model: Algebra, sizes: Mapping[str, int], shapes: Sequence[Shape], rng: Generator) -> None:
        self._model, self._sizes, self._shapes, self._rng = model, sizes, tuple(shapes), rng
        self._points: list[list[Array]] = []

    def block(self) -> Block:
        families = tuple(self._family() for _ in range(FAMILIES))
        turned = []
        for _ in range(STRUCTURED):
            point = self._structured()
            turns = self._turns()
            turned.append((self._add(point), self._add(self._all_turned(point, turns))))
        return Block(self._model, self._sizes, self._stacked(), families, tuple(turned), len(self._points), 1)

    def tiny_block(self) -> Block:
        for _ in range(CHANCES):
            self._add(self._structured())
        return Block(self._model, self._sizes, self._stacked(), (), (), len(self._points), 1)

    def bound_block(self, bound: Shape) -> Block:
        for _ in range(BOUND):
            self._add(self._structured())
        shape = tuple(self._sizes[name] for name in bound)
        order = self._model.order or 0
        everything = np.array(list(product(range(order), repeat=int(np.prod(shape))))).reshape(-1, *shape)
        count, points = len(everything), len(self._points)
        values = [np.repeat(value, count, axis=0) for value in self._stacked()]
        values.append(np.tile(everything, (points, *(1 for _ in shape))))
        return Block(self._model, self._sizes, tuple(values), (), (), points, count)

    def _stacked(self) -> tuple[Array, ...]:
        return tuple(np.stack([point[at] for point in self._points]) for at in range(len(self._shapes)))

    def _add(self, point: list[Array]) -> int:
        self._points.append(point)
        return len(self._points) - 1

    def _random(self, shape: Shape) -> Array:
        return self._model.sample(self._rng, tuple(self._sizes[name] for name in shape))

    def _family(self) -> PointFamily:
        model = self._model
        base = [self._random(shape) for shape in self._shapes]
        # neither 0 nor 1, so that scaling changes values
        factor = int(self._rng.integers(2, model.order))
        other, total, scaled, seconds = [], [], [], []
        for at, shape in enumerate(self._shapes):
            second = self._random(shape)
            seconds.append(second)
            other.append(self._add(_replaced(base, at, second)))
            total.append(self._add(_replaced(base, at, model.add(base[at], second))))
            scaled.append(self._add(_replaced(base, at, model.mul(np.full_like(base[at], factor), base[at]))))
        swapped = {}
        for a, b in combinations(range(len(base)), 2):
            if self._shapes[a] == self._shapes[b]:
                swapped[a, b] = self._add(_replaced(_replaced(base, a, base[b]), b, base[a]))
        transposed = self._add([value.T if len(shape) == 2 and shape[0] == shape[1] else value
                                for value, shape in zip(base, self._shapes, strict=True)])  # fmt: skip
        conjugated = self._add([model.conj(value) for value in base])
        turns = self._turns()
        all_other = self._add(seconds)
        all_total = self._add([model.add(a, b) for a, b in zip(base, seconds, strict=True)])
        permutations = {name: self._rng.permutation(size) for name, size in sorted(self._sizes.items())}
        relabelled = self._add([_permuted(value, shape, permutations)
                                for value, shape in zip(base, self._shapes, strict=True)])  # fmt: skip
        return PointFamily(
            self._add(base), tuple(other), tuple(total), tuple(scaled), all_other, all_total, swapped, transposed,
            conjugated,            relabelled, permutations, self._add(self._all_turned(base, turns)), turns, factor,
        )  # fmt: skip

    def _all_turned(self, point: Sequence[Array], turns: Mapping[str, Array]) -> list[Array]:
        return [turned(self._model, value, shape, turns) for value, shape in zip(point, self._shapes, strict=True)]

    def _turns(self) -> dict[str, Array]:
        """Orthogonal matrices by size name: products of two reflections, over the prime field so that conjugation fixes
        them."""
        return {name: self._turn(size) for name, size in sorted(self._sizes.items())}

    def _turn(self, size: int) -> Array:
        p = self._model.characteristic
        turn: Array = np.eye(size, dtype=np.int64)
        done = 0
        while done < 2:
            mirror = self._rng.integers(0, p, size=size)
            length = int(mirror @ mirror) % p
            # a vector of length 0 has no reflection
            if length:
                turn = turn @ (np.eye(size, dtype=np.int64) - 2 * pow(length, -1, p) * np.outer(mirror, mirror)) % p
                done += 1
        return self._model.from_int(turn)

    def _structured(self) -> list[Array]:
        point: list[Array] = []
        for at, shape in enumerate(self._shapes):
            same = [before for before in range(at) if self._shapes[before] == shape]
            # Equal arguments are rare among random values, and predicates about pairs vary there.
            if same and self._rng.random() < 0.3:
                point.append(point[same[int(self._rng.integers(len(same)))]])
            else:
                point.append(self._nice(shape))
        return point

    def _nice(self, shape: Shape) -> Array:
        """An array with some structure, of a randomly chosen kind."""
        model, value = self._model, self._random(shape)
        kind = int(self._rng.integers(9))
        if kind == 0:
            return np.zeros_like(value)
        if kind == 1:  # zeros and ones
            return model.from_int(self._rng.integers(0, 2, size=value.shape))
        if kind == 2 and value.ndim:  # sparse
            return np.where(self._rng.random(value.shape) < 0.5, value, 0)
        if len(shape) == 2 and shape[0] == shape[1]:
            identity = np.eye(len(value), dtype=np.int64)
            if kind == 3:  # diagonal
                return np.where(identity == 1, value, 0)
            if kind == 4:  # symmetric; the two parts don't overlap, so plain addition of codes is enough
                return np.triu(value) + np.triu(value, 1).T
            if kind == 5:  # Hermitian
                return model.add(value, model.conj(value.T))
            if kind == 6:  # antisymmetric
                return model.sub(value, value.T)
            if kind == 7:  # a permutation
                permuted: Array = identity[self._rng.permutation(len(value))]
                return permuted
        elif kind == 3:  # the first unit vector; for matrices that are not square, a single 1
            return np.where(np.arange(value.size).reshape(value.shape) == 0, 1, 0)
        return value


def turned(model: Algebra, value: Array, shape: Shape, turns: Mapping[str, Array], lead: int = 0) -> Array:
    """`value` in other axes. Its first `lead` axes stay. Each axis after them has a size name in `shape`, and is
    multiplied by the matrix that `turns` has for that name."""
    for axis, size in enumerate(shape):
        rows = np.moveaxis(value, lead + axis, -1)[..., np.newaxis, :]
        value = np.moveaxis(model.sum(model.mul(turns[size], rows)), -1, lead + axis)
    return value


def _permuted(value: Array, shape: Shape, permutations: Mapping[str, Array]) -> Array:
    for axis, size in enumerate(shape):
        value = np.take(value, permutations[size], axis=axis)
    return value


def _replaced(point: Sequence[Array], at: int, value: Array) -> list[Array]:
    return [value if place == at else old for place, old in enumerate(point)]
