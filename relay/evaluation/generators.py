"""Sources of generators: how many items each lane has, and which item is its k-th."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain, combinations, permutations
from math import factorial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Array, Undecidable
from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame
from relay.evaluation.indexing import base
from relay.evaluation.lanes import EXHAUSTED, Lanes
from relay.evaluation.naturals import everywhere
from relay.evaluation.values import Index, ListValue, MatrixValue, Size, Value, VectorValue, item, room
from relay.notation.syntax import (
    BoolType,
    Items,
    MatrixType,
    Permutations,
    Range,
    ScalarType,
    SortType,
    Source,
    Subsets,
    Type,
    VectorType,
)

MOST_ITEMS = 200_000
"""Most items of a generator over a type, `permutations` or `subsets`. A lane that would have more is exhausted."""
MOST_CHOSEN = 1_000
"""Most numbers of one of the `subsets`. One node would make longer lists, of which many lanes may hold one each. A lane
that would have a longer one is exhausted."""

Drawn = tuple[Size, Callable[[Index, NDArray[np.int64]], Value]]
"""The number of items of each lane, and a function of `owner` and `k` that returns item `k[n]` of lane `owner[n]`."""


def cells(rows: Size, columns: Size) -> Size:
    """Return `rows` times `columns`. In arrays, factors are cut to 2^31, which is still too large for any fuel."""
    if isinstance(rows, int) and isinstance(columns, int):
        return rows * columns
    most = 1 << 31  # the product does not overflow 64 bits, and is still too large for any fuel
    return np.asarray(np.minimum(rows, most) * np.minimum(columns, most), dtype=np.int64)


def draw(machine: Evaluator, source: Source, frame: Frame, lanes: Lanes) -> Drawn:
    """Return the items of `source` over `lanes`.

    Raises `Dead` if no lane is left alive, and `Undecidable` if the model's scalars must be enumerated but can't be.
    """
    if isinstance(source, Range):
        return _range(machine, source, frame, lanes)
    if isinstance(source, Items):
        value, path = base(machine, source.list, frame, lanes)
        listed = cast(ListValue, value)
        length = listed.length if isinstance(listed.length, int) or path is None else listed.length[path]
        return length, lambda owner, k: item(listed, owner if path is None else path[owner], k)
    if isinstance(source, Permutations):
        n = cast(Size, machine.run(source.n, frame, lanes))
        return _tables(lanes, np.asarray(n)[..., None], _permutations)
    if isinstance(source, Subsets):
        n, k = (cast(Size, machine.run(term, frame, lanes)) for term in (source.n, source.k))
        keys = np.stack(np.broadcast_arrays(n, k), axis=-1)
        return _tables(lanes, keys, _subsets)
    return _values(machine, source.type, frame, lanes)


def _range(machine: Evaluator, source: Range, frame: Frame, lanes: Lanes) -> Drawn:
    start = cast(Size, machine.run(source.start, frame, lanes))
    stop = cast(Size, machine.run(source.stop, frame, lanes))
    if isinstance(start, int) and isinstance(stop, int):
        return max(stop - start, 0), lambda owner, k: k + start
    counts = np.maximum(np.broadcast_to(np.asarray(stop) - start, (lanes.count,)), 0)
    if isinstance(start, int):
        return counts, lambda owner, k: k + start
    first = start
    return counts, lambda owner, k: k + first[owner]


@lru_cache(maxsize=64)
def _permutations(key: tuple[int, ...]) -> NDArray[np.int64] | None:
    n = key[0]
    return None if n > 20 or factorial(n) > MOST_ITEMS else _rows(permutations(range(n)), n)


@lru_cache(maxsize=64)
def _subsets(key: tuple[int, ...]) -> NDArray[np.int64] | None:
    n, k = key
    if k > n:
        return np.zeros((0, 0), dtype=np.int64)
    if k == 0:
        return np.zeros((1, 0), dtype=np.int64)
    if k > MOST_CHOSEN:
        return None
    if k == n:
        return np.arange(n)[None, :]
    count = 1
    for chosen in range(1, min(k, n - k) + 1):  # grows, and stops early: n and k may be huge
        count = count * (n - chosen + 1) // chosen
        if count > MOST_ITEMS:
            return None
    room(count, k)
    return _rows(combinations(range(n), k), k)


def _rows(rows: Iterable[tuple[int, ...]], width: int) -> NDArray[np.int64]:
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    return flat.reshape(-1, width) if width else np.zeros((1, 0), dtype=np.int64)


def _tables(
    lanes: Lanes, keys: NDArray[np.int64], rows: Callable[[tuple[int, ...]], NDArray[np.int64] | None]
) -> Drawn:
    """Return the items of a source whose items are the rows of a table, as lists of natural numbers.

    `keys` holds the key of each lane's table. `rows` makes the table of a key, or returns None if it would be too
    large; the lanes with this key are then exhausted.
    """
    keys = np.broadcast_to(keys, (lanes.count, keys.shape[-1]))
    # Dead lanes get the smallest table, since their sizes may be huge.
    keys = np.where(lanes.alive()[:, None], keys, 0)
    # Lanes often share a few keys: make each table once.
    different, which = np.unique(keys, axis=0, return_inverse=True)
    which = which.reshape(-1)
    found = [rows(tuple(int(x) for x in key)) for key in different]
    lanes.mark(np.array([table is None for table in found], dtype=np.bool_)[which], EXHAUSTED)
    tables = [np.zeros((0, 0), dtype=np.int64) if table is None else table for table in found]
    if len(tables) == 1:
        return len(tables[0]), lambda owner, k: ListValue(_taken(tables[0], k), tables[0].shape[1])
    lengths = np.array([table.shape[1] for table in tables], dtype=np.int64)
    total, width = sum(map(len, tables)), int(lengths.max())
    room(total, width)
    flat = np.zeros((total + 1, width), dtype=np.int64)  # one row more, for dead lanes with an empty table
    starts = np.cumsum([0, *(len(table) for table in tables)])
    for start, table in zip(starts, tables, strict=False):
        flat[start : start + len(table), : table.shape[1]] = table
    counts = np.array([len(table) for table in tables], dtype=np.int64)[which]
    return counts, lambda owner, k: ListValue(_taken(flat, starts[which[owner]] + k), lengths[which[owner]])


def _taken(table: NDArray[np.int64], rows: Index) -> NDArray[np.int64]:
    """Rows of a table, one for each lane. There may be many lanes, and each row may be long."""
    room(len(rows), table.shape[1])
    return table[rows]


def _values(machine: Evaluator, type_: Type, frame: Frame, lanes: Lanes) -> Drawn:
    """Return every value of `type_`; the last coordinate changes fastest.

    Raises `Undecidable` if the model's scalars must be enumerated but can't be.
    """
    model = machine.model
    if isinstance(type_, BoolType):
        return 2, lambda owner, k: k.astype(np.bool_)
    if isinstance(type_, SortType):
        return model.carriers[type_.name], lambda owner, k: k
    if model.order is None:
        raise Undecidable(f"{model.name} has too many elements to range over")
    q = model.order
    if isinstance(type_, ScalarType):
        return q, lambda owner, k: k
    if isinstance(type_, VectorType):
        size = cast(Size, machine.run(type_.size, frame, lanes))
        counts = _powers(q, size, lanes)
        size = _spared(size, lanes)
        return counts, lambda owner, k: VectorValue(_digits(q, k, _of(size, owner)), _of(size, owner))
    assert isinstance(type_, MatrixType)
    rows, columns = (cast(Size, machine.run(t, frame, lanes)) for t in (type_.rows, type_.columns))
    counts = _powers(q, cells(rows, columns), lanes)
    rows, columns = _spared(rows, lanes), _spared(columns, lanes)

    def matrices(owner: Index, k: NDArray[np.int64]) -> Value:
        r, c = _of(rows, owner), _of(columns, owner)
        digits = _digits(q, k, r * c)
        if isinstance(r, int) and isinstance(c, int):
            return MatrixValue(digits.reshape(len(k), r, c), r, c)
        most_r, most_c = int(np.max(r, initial=0)), int(np.max(c, initial=0))
        room(len(k), most_r, most_c)
        room(most_r + most_c)  # if one size is 0, the other is not bounded by the product
        i, j = np.arange(most_r)[None, :, None], np.arange(most_c)[None, None, :]
        place = np.minimum(i * np.reshape(c, (-1, 1, 1)) + j, max(digits.shape[1] - 1, 0))
        data = (
            digits[np.arange(len(k))[:, None, None], place]
            if digits.shape[1]
            else np.zeros((len(k), most_r, most_c), dtype=np.int64)
        )
        return MatrixValue(data, r, c)

    return counts, matrices


def _of(size: Size, owner: Index) -> Size:
    return size if isinstance(size, int) else size[owner]


def _spared(size: Size, lanes: Lanes) -> Size:
    """Return `size` with 0 in dead lanes, whose sizes may be too large."""
    return size if isinstance(size, int) or lanes.status is None else np.where(lanes.alive(), size, 0)


def _powers(q: int, cells: Size, lanes: Lanes) -> Size:
    """Return `q` to the power `cells`: the number of arrays with `cells` entries over `q` scalars.

    Lanes in which this number exceeds `MOST_ITEMS` are exhausted.
    """
    # q is at least 2, and 2^20 exceeds MOST_ITEMS: larger powers need not be computed.
    if isinstance(cells, int):
        count = q**cells if cells <= 20 else MOST_ITEMS + 1
        if count > MOST_ITEMS:
            lanes.mark(everywhere(True, lanes), EXHAUSTED)
        return count
    most = np.minimum(cells, 20)
    counts = np.power(np.float64(q), most)
    lanes.mark(counts > MOST_ITEMS, EXHAUSTED)
    return np.where(counts > MOST_ITEMS, 0, counts).astype(np.int64)


def _digits(q: int, k: NDArray[np.int64], cells: Size) -> Array:
    """Return the digits of `k` in base `q`, the most significant first. They are the entries of value number `k`."""
    width = cells if isinstance(cells, int) else int(cells.max(initial=0))
    places = np.arange(width)
    if isinstance(cells, int):
        exponents = (cells - 1 - places)[None, :]
    else:
        exponents = np.maximum(cells[:, None] - 1 - places[None, :], 0)
    return (k[:, None] // np.power(q, exponents)) % q
