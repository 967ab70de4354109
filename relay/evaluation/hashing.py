"""Values computed from a hash of other values: they define functions that are random but fixed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array, Undecidable
from relay.evaluation.gathering import gather_list
from relay.evaluation.values import (
    FunctionValue,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    as_array,
    blank,
)
from relay.notation.syntax import (
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    SortType,
    Term,
    Type,
    VectorType,
)

Words = NDArray[np.uint64]


def number(text: str) -> int:
    """Return a number below 2^63 that depends on a text only."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 1


def scramble(x: Words) -> Words:
    """Apply the finaliser of splitmix64 (Steele, Lea, Flood, 2014), a random-looking bijection of 64-bit words."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def mix_value(mixed: Words, value: Value, lanes: int, model: Algebra) -> Words:
    """For each lane, return a hash of its word and its value. The hash of a function depends on its parts."""
    if isinstance(value, VectorValue):
        return mix_value(_mix_array(mixed, value.data, model), value.size, lanes, model)
    if isinstance(value, MatrixValue):
        inside = mix_value(_mix_array(mixed, value.data, model), value.rows, lanes, model)
        return mix_value(inside, value.columns, lanes, model)
    if isinstance(value, ListValue):
        return mix_value(mix_value(mixed, value.items, lanes, model), value.length, lanes, model)
    if isinstance(value, FunctionValue):
        words = np.zeros(value.which.shape, dtype=np.uint64)
        for n, target in enumerate(value.targets):
            here = value.which == n
            words[here] = target.words(value.row[here].astype(np.intp), model)
        mixed = _mix_array(mixed, words, model)
        for size in value.sizes:
            mixed = mix_value(mixed, size, lanes, model)
        return mixed
    return _mix_array(mixed, as_array(value, lanes), model)


def _mix_array(mixed: Words, array: Array, model: Algebra) -> Words:
    flat = array.reshape(array.shape[0], int(np.prod(array.shape[1:], dtype=np.int64)))
    # Python objects have no fixed bytes: the model numbers them.
    words = model.numbers(flat) if flat.dtype == object else flat.astype(np.int64)
    unsigned = words.astype(np.uint64)
    # Entries are mixed one after the other, so that their order matters; the count at the end tells apart sizes.
    for k in range(unsigned.shape[1]):
        mixed = scramble(mixed ^ (unsigned[:, k] + np.uint64(0x632BE59BD9B4E019)))
    return scramble(mixed + np.uint64(unsigned.shape[1] + 1))


def hashed_value(type_: Type, mixed: Words, sizes: Callable[[Term], Size], model: Algebra, length: int) -> Value:
    """For each lane, return a value of `type_` that is computed from the lane's word in `mixed` alone.

    `sizes` evaluates the sizes in the type; all lists have `length` items. Raises `Undecidable` for functions.
    """
    lanes = len(mixed)
    if isinstance(type_, NatType):
        return (mixed % np.uint64(4)).astype(np.int64)
    if isinstance(type_, BoolType):
        return (mixed & np.uint64(1)).astype(np.bool_)
    if isinstance(type_, FnType):
        raise Undecidable("functions that give functions are not drawn")
    if isinstance(type_, ListType):
        everyone = np.arange(lanes)
        items = [
            (everyone, hashed_value(type_.item, scramble(mixed + np.uint64(k + 1)), sizes, model, length))
            for k in range(length)
        ]
        return gather_list(items, lanes, blank(type_.item, lanes, model, sizes))
    like = blank(type_, lanes, model, sizes)
    if isinstance(type_, VectorType):
        vector = cast(VectorValue, like)
        return VectorValue(_codes(type_, vector.data.shape, mixed, model), vector.size)
    if isinstance(type_, MatrixType):
        matrix = cast(MatrixValue, like)
        return MatrixValue(_codes(type_, matrix.data.shape, mixed, model), matrix.rows, matrix.columns)
    return _codes(type_, (lanes,), mixed, model)


def _codes(type_: Type, full: tuple[int, ...], mixed: Words, model: Algebra) -> Array:
    cells = int(np.prod(full[1:], dtype=np.int64))
    places = np.arange(1, cells + 1, dtype=np.uint64)
    # Of 8 values one is all 1 and two are all 0. Without them two random functions would hardly ever agree anywhere.
    kind = scramble(mixed) % np.uint64(8)
    words = scramble(mixed[:, None] + places[None, :] * np.uint64(0x9E3779B97F4A7C15)).reshape(full)
    if isinstance(type_, SortType):
        return (words % np.uint64(model.carriers[type_.name])).astype(np.int64)
    plain = np.broadcast_to(kind.reshape(-1, *(1 for _ in full[1:])), full)
    simple = model.from_int(np.where(plain == 0, 1, 0).astype(np.int64))
    return np.where(plain < 3, simple, model.from_words(words))
