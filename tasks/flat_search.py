"""Flat searches, which certify the depth of generated theories: terms over x and y by their number of applications.

A search starts from some binary functions on one carrier. It values all terms of 1, 2, 3, ... applications, level by
level, and keeps one term for each table. Of the first level that costs more than the evaluations that are left, the
*last level*, it values a random share. If evaluations are left then, because some terms were drawn twice, they go to
random terms of larger levels.

A search can also be asked for a table in the whole last level: `holds` then compares only those terms with the table
that have its values at a few points, which costs a small part of what valuing the level would.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from relay.seeds import integer_generator

Rows = NDArray[np.uint8]
"""Tables [K, q * q] of K terms: the values at all points (x, y), y fastest."""
Index = NDArray[np.int64]

LEAST_CLASSES = 25
"""Least number of classes by which terms are looked up. More classes leave fewer terms to compare in each."""


class FlatSearch:
    """One search with a number of evaluations, finished when it is made."""

    def __init__(
        self,
        functions: Mapping[str, NDArray[np.int64]],
        evaluations: int,
        rng: Generator,
        *,
        to_the_end: bool = False,
        like: FlatSearch | None = None,
    ) -> None:
        """`functions` are tables [q, q]. Only the choice of random terms depends on `rng`. With `to_the_end`, the last
        level is searched whole. `like` is an earlier search with the same functions and evaluations: what it found in
        the levels below its last one is taken over."""
        self._functions = np.stack([functions[name] for name in sorted(functions)]).astype(np.uint8)
        q = self._functions.shape[1]
        self._known = _Known(np.indices((q, q), dtype=np.uint8).reshape(2, -1))
        self._levels = [self._known.rows]
        """For each number of applications, the tables that no smaller term has, in the order in which they came."""
        self._waiting: Index | None = None
        """Numbers of those terms of the last level that were drawn and are not valued yet."""
        self._to_the_end = to_the_end
        self.spent = 0
        """Evaluations that were spent."""
        self.applications = 0
        """Applications of the largest terms of which at least one was valued."""
        self.last: int | None = None
        """Applications of the terms of the last level; None if the evaluations suffice for every level."""
        self.share = 1.0
        """The share of the last level that was valued."""
        self._whole: tuple[_Known, int] | None = None
        """What was known before the last level, and what it took."""
        if like is not None and like.last is not None and like._whole is not None:
            known, self.spent = like._whole
            self._known, self._levels, self.applications = known.copy(), like._levels[: like.last], like.last - 1
        while self.spent < evaluations:
            self.applications += 1
            total, left = self._count(self.applications), evaluations - self.spent
            if not total:
                break
            if total > left and self._whole is None:
                self._whole = self._known.copy(), self.spent
            chosen = _chosen(total, left, rng)
            self.spent += len(chosen)
            if total > left and self.last is None:
                self.last, self.share = self.applications, len(chosen) / total
                if self.spent == evaluations:
                    # nothing that is drawn later depends on their values
                    self._waiting = chosen
                    break
            self._levels.append(self._known.add(self._valued(self.applications, chosen)))

    @property
    def distinct(self) -> int:
        """Number of tables among the terms that were valued."""
        self._value_waiting()
        return len(_first(self._known.rows, self._known.hashes))

    def holds(self, table: NDArray[np.int64]) -> bool:
        """Whether a term that was searched has this table [q, q], or the transposed one."""
        row, turned = (side.astype(np.uint8).reshape(-1) for side in (table, table.T))
        if self._to_the_end and self.last is not None:
            # exchanging x and y in a term transposes its table, so a whole level has both tables or neither
            return row in self._known or turned in self._known or self._last_level_holds(row)
        self._value_waiting()
        return row in self._known or turned in self._known

    # --- levels ------------------------------------------------------------------------------------------------------

    def _pairs(self, size: int) -> list[tuple[Rows, Rows]]:
        """The terms s and t of all f(s, t) of `size` applications, by the number of applications in s."""
        return [(self._levels[part], self._levels[size - 1 - part]) for part in range(size)]

    def _count(self, size: int) -> int:
        return len(self._functions) * sum(len(left) * len(right) for left, right in self._pairs(size))

    def _value_waiting(self) -> None:
        if self._waiting is not None:
            # no level rests on the last one, so nobody needs to know which of its tables are new
            self._known.append(self._valued(self.applications, self._waiting))
            self._waiting = None

    def _valued(self, size: int, numbers: Index) -> Rows:
        """The tables of those terms f(s, t) of `size` applications that have these numbers. Terms are numbered by f,
        then by the applications in s, then by s, then by t."""
        pairs, q = self._pairs(size), self._functions.shape[1]
        starts = np.cumsum([0, *(len(left) * len(right) for left, right in pairs)])
        which, place = np.divmod(numbers, starts[-1])
        rows = np.empty((len(numbers), self._levels[0].shape[1]), dtype=np.uint8)
        for (left, right), start, end in zip(pairs, starts, starts[1:], strict=False):
            here = np.flatnonzero((start <= place) & (place < end))
            s, t = np.divmod(place[here] - start, max(len(right), 1))
            # one gather from all tables, laid out end to end, is several times faster than one with three indices
            entries = np.take(left, s, axis=0).astype(np.int32) * q + np.take(right, t, axis=0)
            rows[here] = np.take(self._functions, entries + (which[here] * q * q).astype(np.int32)[:, None])
        return rows

    # --- the whole last level ----------------------------------------------------------------------------------------

    def _last_level_holds(self, row: Rows) -> bool:
        """Whether some f(s, t) of the last level has the table `row`.

        Terms with equal values at a few points are a class. Only for few pairs of classes of s and t, about one in as
        many as there are classes, f(s, t) has the values of `row` at these points; only their terms are compared."""
        points, allowed = self._points, np.ones((len(self._functions), 1, 1), dtype=np.bool_)
        for point in points:
            here = self._functions == row[point]
            size = allowed.shape[1] * len(here[0])
            allowed = (allowed[:, :, None, :, None] & here[:, None, :, None, :]).reshape(-1, size, size)
        which, left, right = np.nonzero(allowed)
        return any(
            self._compared(row, which, terms, left, others, right)
            for terms, others in zip(self._classes, reversed(self._classes), strict=True)
        )

    def _compared(self, row: Rows, which: Index, terms: _Classes, left: Index, others: _Classes, right: Index) -> bool:
        """Whether f(s, t) has the table `row` for some number k, where f is function `which[k]`, s is of the class
        `left[k]` of `terms`, and t is of the class `right[k]` of `others`."""
        ways = terms.sizes[left] * others.sizes[right]
        numbers = np.repeat(np.arange(len(ways)), ways)
        if not len(numbers):
            return False
        s, t = np.divmod(np.arange(len(numbers)) - (np.cumsum(ways) - ways)[numbers], others.sizes[right][numbers])
        f, s, t = which[numbers], s + terms.starts[left[numbers]], t + others.starts[right[numbers]]
        for point in range(len(row)):
            same = self._functions[f, terms.rows[s, point], others.rows[t, point]] == row[point]
            f, s, t = f[same], s[same], t[same]
            if not len(f):
                return False
        return True

    @cached_property
    def _points(self) -> list[int]:
        """The points at which terms of one class are equal."""
        q, count = self._functions.shape[1], 1
        while q**count < LEAST_CLASSES:
            count += 1
        return [int(point) for point in np.linspace(1, q * q - 2, count)]

    @cached_property
    def _classes(self) -> list[_Classes]:
        """The arguments of the last level, by their number of applications."""
        return [_Classes(level, self._points, self._functions.shape[1]) for level in self._levels[: self.last]]


class _Classes:
    """The terms of a level, sorted by their values at some points."""

    def __init__(self, rows: Rows, points: list[int], q: int) -> None:
        classes = np.zeros(len(rows), dtype=np.int64)
        for point in points:
            classes = q * classes + rows[:, point]
        self.rows = rows[np.argsort(classes, kind="stable")]
        self.sizes = np.bincount(classes, minlength=q ** len(points))
        """Number of terms of each class."""
        self.starts = np.cumsum(self.sizes) - self.sizes
        """Where the terms of each class begin in `rows`."""


class _Known:
    """Tables that were met, in the order in which they came."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        # fixed, so that nothing that is drawn depends on them
        self._factors = integer_generator(0).integers(2**64, size=rows.shape[1], dtype=np.uint64)
        self.hashes = self._hash(rows)

    def append(self, rows: Rows) -> None:
        """Append tables, whether or not they are new."""
        self.rows = np.concatenate([self.rows, rows])
        self.hashes = np.concatenate([self.hashes, self._hash(rows)])

    def add(self, rows: Rows) -> Rows:
        """Append the tables among `rows` that are new, and return them."""
        joined, hashes = np.concatenate([self.rows, rows]), np.concatenate([self.hashes, self._hash(rows)])
        first = _first(joined, hashes)
        fresh = np.sort(first[first >= len(self.rows)])
        self.rows, self.hashes = np.concatenate([self.rows, joined[fresh]]), np.append(self.hashes, hashes[fresh])
        return joined[fresh]

    def copy(self) -> _Known:
        """The same tables; what is added to one is not added to the other."""
        return copy(self)

    def __contains__(self, row: Rows) -> bool:
        alike = self.hashes == self._hash(row[None])
        return bool((self.rows[alike] == row).all(axis=1).any())

    def _hash(self, rows: Rows) -> NDArray[np.uint64]:
        hashes: NDArray[np.uint64] = rows.astype(np.uint64) @ self._factors
        return hashes


def _first(rows: Rows, hashes: NDArray[np.uint64]) -> Index:
    """Where each different row comes first, in no order. `hashes` are the hashes of `rows`, uint64[K]."""
    # Sorting whole tables is slow, and so is sorting indices. So numbers are sorted that begin with the hash and end
    # with the index: of equal rows, the first one comes first.
    end = np.uint64((1 << len(rows).bit_length()) - 1)
    places = np.sort((hashes & ~end) | np.arange(len(rows), dtype=np.uint64))
    index = (places & end).astype(np.int64)
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (places[1:] & ~end) != (places[:-1] & ~end)
    first = index[new]
    if (rows[first[np.cumsum(new) - 1]] != rows[index]).any():  # two tables begin alike
        return np.unique(rows, axis=0, return_index=True)[1]
    return first


def _chosen(total: int, allowance: int, rng: Generator) -> Index:
    """Numbers of the terms of a level that are valued, in order. If it has more than the allowance, they are drawn."""
    if total <= allowance:
        return np.arange(total)
    if total > 8 * allowance:
        # a permutation of a much larger level would take too much memory
        return np.unique(rng.integers(0, total, size=allowance))
    return np.sort(rng.permutation(total)[:allowance])
