"""Flat bottom-up enumeration on a finite structure: all terms up to a size, one term for each value.

This plain search certifies the depth of generated theories, and is the core of the embedded researcher's search. The
size of a term is its number of applications or, on request, of nodes. A term is stored by how it was built, and spelled
only on request. If the terms of one size, a level, cost more than the allowance, a random part of them is evaluated.
Which part that is depends only on the generator of random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from relay.researcher.bench import BenchFunction, Rows
from relay.researcher.bench.connectives import spelt

Array = NDArray[Any]

BATCH = 8192
"""Terms evaluated in one gather; this bounds memory."""


class Enumeration:
    """The terms that a search has met, over some variables. Of terms with equal values at every point, one is kept."""

    def __init__(self, rows: Rows, context: Sequence[tuple[str, str]], variable: int = 0) -> None:
        """`context`: name and sort of each free variable. `variable` is the size of a variable: with 0, the size of a
        term is its number of applications, with 1 its number of nodes."""
        self._rows = rows
        self._built: list[tuple[str, tuple[int, ...]]] = []
        self._seen: dict[tuple[str, bytes], int] = {}
        self._values: dict[tuple[str, int], list[Array]] = {}
        self._serials: dict[tuple[str, int], list[Array]] = {}
        self._done: set[tuple[str, tuple[int, ...]]] = set()
        variables = rows.variables([sort for _, sort in context])
        for (name, sort), row in zip(context, variables, strict=True):
            self._add(sort, variable, row, name, np.zeros((1, 0), dtype=np.int64))

    def __len__(self) -> int:
        return len(self._built)

    def find(self, sort: str, row: bytes) -> int | None:
        """The serial number of the term of `sort` whose values are `row`; None if there is none."""
        return self._seen.get((sort, row))

    def rows(self, sort: str) -> set[bytes]:
        """The values of all terms of a sort."""
        return {row for kind, row in self._seen if kind == sort}

    def terms(self, sort: str) -> tuple[Array, Array]:
        """The values, as rows, and the serial numbers of all terms of a sort, the smallest terms first."""
        levels = [self._level(*key) for key in sorted(self._values) if key[0] == sort]
        if not levels:
            return np.zeros((0, 0), dtype=self._rows.dtype), np.zeros(0, dtype=np.int64)
        return np.concatenate([rows for rows, _ in levels]), np.concatenate([serials for _, serials in levels])

    def spell(self, serial: int) -> str:
        """The term in the notation."""
        name, arguments = self._built[serial]
        return spelt(name, [self.spell(argument) for argument in arguments]) if arguments else name

    def calls(self, serial: int) -> frozenset[str]:
        """The names of the functions that the term applies."""
        name, arguments = self._built[serial]
        if not arguments:
            return frozenset()
        return frozenset({name}).union(*(self.calls(argument) for argument in arguments))

    def cost(self, functions: Sequence[BenchFunction], size: int) -> int:
        """Evaluations that the level of `size` takes with these functions; 0 if it was evaluated completely."""
        return sum(count for _, _, count in self._blocks(functions, size))

    def grow(self, functions: Sequence[BenchFunction], size: int, allowance: int, rng: Generator) -> int:
        """Evaluate the level of `size` and return the number of evaluations spent. If the level costs more than
        `allowance`, only a random part of it is evaluated."""
        blocks = list(self._blocks(functions, size))
        total = sum(count for _, _, count in blocks)
        chosen: Array | None = None
        if total > allowance:
            chosen = (
                # A permutation of a much larger level would take too much memory. Drawing with repetition wastes few
                # draws there.
                np.unique(rng.integers(0, total, size=allowance))
                if total > 8 * allowance
                else np.sort(rng.permutation(total)[:allowance])
            )
        start = spent = 0
        for function, sizes, count in blocks:
            if chosen is None:
                indices = np.arange(count)
                self._done.add((function.name, sizes))
            else:
                low, high = np.searchsorted(chosen, [start, start + count])
                indices = chosen[low:high] - start
            start += count
            for at in range(0, len(indices), BATCH):
                spent += self._value(function, sizes, size, indices[at : at + BATCH])
        return spent

    def _blocks(
        self, functions: Sequence[BenchFunction], size: int
    ) -> Iterator[tuple[BenchFunction, tuple[int, ...], int]]:
        """The blocks of the level of `size`: one for each function and sizes of its arguments. A block is given as
        function, sizes, and number of terms. Blocks that were evaluated completely are left out."""
        for function in functions:
            # the function itself adds one to the term's size
            for sizes in _splits(size - 1, len(function.parameters)):
                if (function.name, sizes) in self._done:
                    continue
                count = 1
                for sort, part in zip(function.parameters, sizes, strict=True):
                    count *= sum(len(chunk) for chunk in self._values.get((sort, part), ()))
                if count:
                    yield function, sizes, count

    def _value(self, function: BenchFunction, sizes: tuple[int, ...], size: int, indices: Array) -> int:
        """Evaluate those terms of a block whose numbers in the block are `indices`, and return how many they are."""
        parts = [self._level(sort, part) for sort, part in zip(function.parameters, sizes, strict=True)]
        picks = np.unravel_index(indices, tuple(len(values) for values, _ in parts))
        rows = self._rows.apply(function.name, [values[pick] for (values, _), pick in zip(parts, picks, strict=True)])
        serials = np.stack([numbers[pick] for (_, numbers), pick in zip(parts, picks, strict=True)], axis=1)
        self._add(function.result, size, rows, function.name, serials)
        return len(rows)

    def _level(self, sort: str, size: int) -> tuple[Array, Array]:
        """Rows and serial numbers of the terms of a sort and size. Chunks are joined at the first use."""
        key = (sort, size)
        if len(self._values[key]) > 1:
            self._values[key] = [np.concatenate(self._values[key])]
            self._serials[key] = [np.concatenate(self._serials[key])]
        return self._values[key][0], self._serials[key][0]

    def _add(self, sort: str, size: int, rows: Array, name: str, arguments: Array) -> None:
        """Add those terms whose values, their rows in `rows`, are new. Each term applies `name` to the terms with the
        serial numbers in its row of `arguments`."""
        # Slices of one buffer are cheap keys: equal bytes are equal values, since all rows have one type.
        width, buffer = rows.shape[1] * rows.itemsize, np.ascontiguousarray(rows).tobytes()
        fresh, first = [], len(self._built)
        for index in range(len(rows)):
            key = (sort, buffer[index * width : (index + 1) * width])
            if key not in self._seen:
                self._seen[key] = len(self._built)
                self._built.append((name, tuple(int(serial) for serial in arguments[index])))
                fresh.append(index)
        if fresh:
            self._values.setdefault((sort, size), []).append(rows[fresh])
            self._serials.setdefault((sort, size), []).append(np.arange(first, len(self._built)))


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to write `total` as a sum of so many natural numbers, in lexicographic order."""
    if parts <= 1:
        if parts or not total:
            yield (total,) * parts
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)
