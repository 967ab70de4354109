"""Calls of definitions at terms of a pool."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from numpy.random import Generator

from agents.explorer.callables import Callable, Kind
from agents.explorer.open_terms import Closed
from agents.explorer.pool import Piece, Pool
from relay.notation.syntax import Definition
from relay.researcher.bench import Arrays, Stack

__all__ = ["BATCH", "CallSearch"]

BATCH = 64
"""The most terms that are evaluated together. This bounds memory."""


class CallSearch:
    """Evaluates calls of definitions at the pieces of one pool."""

    def __init__(
        self,
        arrays: Arrays,
        pool: Pool[Kind],
        sizes: Sequence[str],
        definitions: Mapping[str, Definition],
        rng: Generator,
    ) -> None:
        """`sizes` are the size names that may be passed as arguments."""
        self._arrays, self._pool, self._sizes = arrays, pool, sizes
        self._definitions, self._rng = definitions, rng

    def apply(
        self,
        library: Sequence[Callable],
        left: Function[[], int],
        *,
        wanted: Function[[Sequence[Piece]], bool],
        base: Mapping[Kind, int] | None = None,
    ) -> list[Closed]:
        """Return calls of the definitions in `library` at pieces of the pool.

        `left` returns the evaluations left, and `wanted` selects the tuples of arguments. With `base`, only the first
        `base[kind]` pieces of each kind are used, and the evaluations are shared among all definitions.
        """
        results = []
        kinds = [kind for kind in self._pool.kinds if isinstance(kind, tuple)]
        limit = {kind: len(self._pool.pieces[kind]) if base is None else base[kind] for kind in kinds}
        for function in library:
            share = max(0, left()) // (2 if base is None else max(2, len(library) // 2))
            for arguments, result in function.fits(kinds, self._sizes):
                tuples = [
                    choice
                    for choice in self._choices(
                        [limit[kind] if isinstance(kind, tuple) else 1 for kind in arguments], share
                    )
                    if wanted(self._picked(arguments, choice))
                ][:share]
                for at in range(0, len(tuples), BATCH):
                    closed = self._called(function, arguments, result, tuples[at : at + BATCH][: max(0, left())])
                    if closed is not None:
                        results.append(closed)
        return results

    def _choices(self, counts: Sequence[int], share: int) -> Iterator[tuple[int, ...]]:
        """Return tuples of places, each place below its number in `counts`.

        They are all tuples, or random ones if there are many more than the `share` that can be evaluated.
        """
        total = int(np.prod(counts))
        if total <= 8 * share:
            return product(*(range(count) for count in counts))
        # Twice as many as wanted, because repeats are dropped and `wanted` rejects some.
        drawn = np.unique(self._rng.integers(0, total, size=2 * share))
        picks = np.unravel_index(self._rng.permutation(drawn), tuple(counts))
        return iter(zip(*(axis.tolist() for axis in picks), strict=True))

    def _picked(self, kinds: Sequence[Kind], choice: Sequence[int]) -> list[Piece]:
        return [self._pool.pieces[kind][at] for kind, at in zip(kinds, choice, strict=True) if isinstance(kind, tuple)]

    def _called(
        self, function: Callable, kinds: Sequence[Kind], result: Kind, tuples: Sequence[Sequence[int]]
    ) -> Closed | None:
        if not tuples:
            return None
        arguments: list[Stack | str] = []
        pieces: list[list[Piece]] = []
        for place, kind in enumerate(kinds):
            if isinstance(kind, str):
                size = kind.removeprefix("nat:")
                arguments.append(size)
                pieces.append([Piece(size, 1, frozenset())] * len(tuples))
            else:
                picks = [choice[place] for choice in tuples]
                arguments.append(self._pool.stack(kind).take(picks))
                pieces.append([self._pool.pieces[kind][pick] for pick in picks])
        # Calls at sizes only have no further choice: one call is enough.
        if all(isinstance(argument, str) for argument in arguments):
            tuples = tuples[:1]
        stack, fine = self._arrays.call(function.definition, self._definitions, arguments)
        if stack is None:
            return None
        made = [
            Piece(
                f"{function.name}({', '.join(part[at].text for part in pieces)})",
                1 + sum(part[at].nodes for part in pieces),
                frozenset().union(*(part[at].uses for part in pieces)),
                False,
                tuple(sorted((function.name, *(name for part in pieces for name in part[at].calls)))),
            )
            for at in range(len(tuples))
            if fine[at]
        ]
        return Closed(result, tuple(made), stack)
