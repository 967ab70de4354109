"""Flat bottom-up enumeration on a finite structure: all terms up to a size, one term for each value.

This plain search certifies the depth of generated theories, and is the core of the embedded researcher's search. The
size of a term is its number of applications or, on request, of nodes. If the terms of one size, a level, cost more than
the allowance, a random part of them is evaluated. Which part that is depends only on the generator of random numbers.

Terms are numbered from 0 in the order in which they are met. No object is made for a term: a batch of K terms is an
array of values [K, points] and an array of the numbers of their arguments [K, arguments], and a term is spelled only on
request.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from relay.researcher.bench import BenchFunction, Rows
from relay.researcher.bench.connectives import spelt

Array = NDArray[Any]

BATCH = 8192
"""Terms evaluated in one gather; this bounds memory."""


@dataclass(frozen=True, slots=True)
class Level:
    """The terms of one sort and one size."""

    values: Array
    """Their values [terms, points]."""
    serials: Array
    """Their serial numbers [terms]."""


class Enumeration:
    """The terms that a search has met, over some variables. Of terms with equal values at every point, one is kept."""

    def __init__(self, rows: Rows, context: Sequence[tuple[str, str]], variable: int = 0) -> None:
        """`context`: name and sort of each free variable. `variable` is the size of a variable: with 0, the size of a
        term is its number of applications, with 1 its number of nodes."""
        self._rows = rows
        self._count = 0
        self._starts: list[int] = []
        """For each batch of terms that were kept, the serial number of the first."""
        self._built: list[tuple[str, Array]] = []
        """For each of these batches, what its terms apply, and the serial numbers of their arguments [terms,
        arguments]."""
        self._seen: dict[str, dict[bytes, int]] = {}
        """Sort -> values of a term -> its serial number."""
        self._levels: dict[tuple[str, int], list[Level]] = {}
        """Sort and size -> the terms, in parts that are joined at the first use."""
        self._done: set[tuple[str, tuple[int, ...]]] = set()
        variables = rows.variables([sort for _, sort in context])
        for (name, sort), row in zip(context, variables, strict=True):
            self._keep(sort, variable, name, row, [])

    def __len__(self) -> int:
        return self._count

    def find(self, sort: str, row: bytes) -> int | None:
        """The serial number of the term of `sort` whose values are `row`; None if there is none."""
        return self._seen.get(sort, {}).get(row)

    def rows(self, sort: str) -> set[bytes]:
        """The values of all terms of a sort."""
        return set(self._seen.get(sort, ()))

    def terms(self, sort: str) -> tuple[Array, Array]:
        """The values, as rows, and the serial numbers of all terms of a sort, the smallest terms first."""
        levels = [self._level(*key) for key in sorted(self._levels) if key[0] == sort]
        if not levels:
            return np.zeros((0, 0), dtype=self._rows.dtype), np.zeros(0, dtype=np.int64)
        whole = _joined(levels)
        return whole.values, whole.serials

    def spell(self, serial: int) -> str:
        """The term in the notation."""
        name, arguments = self._term(serial)
        return spelt(name, [self.spell(argument) for argument in arguments]) if arguments else name

    def calls(self, serial: int) -> frozenset[str]:
        """The names of the functions that the term applies."""
        name, arguments = self._term(serial)
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
                    count *= sum(len(level.serials) for level in self._levels.get((sort, part), ()))
                if count:
                    yield function, sizes, count

    def _value(self, function: BenchFunction, sizes: tuple[int, ...], size: int, indices: Array) -> int:
        """Evaluate those terms of a block whose numbers in the block are `indices`, and return how many they are."""
        parts = [self._level(sort, part) for sort, part in zip(function.parameters, sizes, strict=True)]
        picks = np.unravel_index(indices, tuple(len(part.serials) for part in parts))
        values = self._rows.apply(
            function.name, [part.values.take(pick, axis=0) for part, pick in zip(parts, picks, strict=True)]
        )
        arguments = [(part.serials, pick) for part, pick in zip(parts, picks, strict=True)]
        self._keep(function.result, size, function.name, values, arguments)
        return len(indices)

    def _level(self, sort: str, size: int) -> Level:
        """The terms of a sort and size."""
        levels = self._levels[sort, size]
        if len(levels) > 1:
            levels[:] = [_joined(levels)]
        return levels[0]

    def _keep(self, sort: str, size: int, name: str, values: Array, arguments: Sequence[tuple[Array, Array]]) -> None:
        """Keep those terms whose values, the rows of `values`, are new.

        Each term applies `name`. For each argument, `arguments` holds the serial numbers of some terms, and for each
        row of `values` the place of its argument among these.
        """
        seen = self._seen.setdefault(sort, {})
        first = serial = self._count
        fresh = []
        # The rows of a batch have one type, so that equal bytes are equal values. Python's dictionary of bytes is as
        # fast here as sorting in numpy, and it can be searched later.
        for place, key in enumerate(values.view(f"V{values.shape[1] * values.itemsize}").ravel().tolist()):
            if key not in seen:
                seen[key] = serial
                serial += 1
                fresh.append(place)
        if not fresh:
            return
        kept = np.array(fresh)
        built = [serials[places[kept]] for serials, places in arguments]
        self._count = serial
        self._starts.append(first)
        self._built.append((name, np.stack(built, axis=1) if built else np.zeros((len(fresh), 0), dtype=np.int64)))
        self._levels.setdefault((sort, size), []).append(Level(values[kept], np.arange(first, serial)))

    def _term(self, serial: int) -> tuple[str, list[int]]:
        """What a term applies, and the serial numbers of its arguments; the name of a variable has none."""
        batch = bisect_right(self._starts, serial) - 1
        name, arguments = self._built[batch]
        return name, arguments[serial - self._starts[batch]].tolist()


def _joined(levels: Sequence[Level]) -> Level:
    """The terms of all `levels`, in order."""
    values = np.concatenate([level.values for level in levels])
    return Level(values, np.concatenate([level.serials for level in levels]))


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to write `total` as a sum of so many natural numbers, in lexicographic order."""
    if parts <= 1:
        if parts or not total:
            yield (total,) * parts
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)
