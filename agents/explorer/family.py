"""The search over one family of parameters: terms built from the definitions that were read, then terms over entries.

A term over entries is no candidate if it has the same values as a call.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agents.explorer.callables import Callable, Kind
from agents.explorer.closed_terms import ClosedSearch
from agents.explorer.conjectures import Equal
from agents.explorer.open_terms import Closed, Frame, OpenSearch
from agents.explorer.pool import Piece
from agents.explorer.quantified_terms import QuantifiedSearch
from agents.explorer.signatures import SearchSignature
from agents.explorer.worth import WARMTH, worth_of
from relay.notation.syntax import Definition
from relay.researcher.bench import Arrays, LocalBench, Shape

BUILT_ON, LENT, LONGER, CONJUGATED = 0.4, 0.5, 0.5, 0.4
"""The worth of a term's laws is reduced by `CONJUGATED` for each conjugation. If the term calls definitions, its worth
is `LENT` times this, since it inherits most of its laws from them, plus `BUILT_ON` times their mean worth, minus
`LONGER` for each node."""

CHOSEN = 10
"""The most definitions that the terms of one family call."""

SPELLING = 0.4
"""The probability that a family is searched for terms over entries, if there are definitions to call."""

RARE = 0.015
"""A predicate is a candidate only if, in at least one model, the share of points where it is true and the share where
it is false are both at least `RARE`."""

Met = set[tuple[Kind, bytes]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed term that might be worth a name."""

    signature: SearchSignature
    kind: Kind
    piece: Piece
    worth: float


class FamilySearch:
    """The search over one family of parameters."""

    def __init__(
        self,
        bench: LocalBench,
        signature: SearchSignature,
        library: Sequence[Callable],
        worths: Sequence[float],
        definitions: dict[str, Definition],
        largest: int,
        rng: Generator,
        stop: int,
    ) -> None:
        self._bench, self._signature, self._definitions = bench, signature, definitions
        self._library = library
        self._worths = {function.name: worth for function, worth in zip(library, worths, strict=True)}
        odds = np.exp(np.array(worths) / WARMTH)
        self._odds = odds / odds.sum()
        self._largest, self._rng, self._stop = largest, rng, stop
        self.equal: list[Equal] = []

    def run(self) -> Iterator[Candidate]:
        """Yield candidates of every kind until the bench has only `stop` evaluations left. `stop` is given to the
        constructor."""
        arrays = self._bench.arrays(self._signature.shapes)
        closed = ClosedSearch(arrays, self._signature, self._library, self._definitions, self._largest, self._rng)
        met: Met = set()
        if not self._library:
            yield from self._spelt_out(arrays, met, closed)
            return
        # First, so that the pool prunes later terms that only repeat a definition that was read.
        closed.recall(self._left(0.15))
        chosen = self._some()
        steps: list[tuple[float, Function[[Function[[], int]], Iterator[Closed]]]] = [
            (0.15, partial(closed.calls_at_parameters, chosen)),
            (0.35, partial(closed.calls_at_calls, chosen)),
            (0.1, closed.arithmetic),
        ]
        spelling = bool(self._rng.random() < SPELLING)
        if not spelling:
            steps += [(0.6, closed.equalities), (0.1, closed.junctions)]
        for share, search in steps:
            for each in search(self._left(share)):
                yield from self._judged(arrays, each, met)
        self.equal += [(self._signature, kind, one, other) for kind, one, other in closed.pool.equal]
        if spelling:
            yield from self._spelt_out(arrays, met, closed)
        else:
            yield from self._ranging()

    def _spelt_out(self, arrays: Arrays, met: Met, closed: ClosedSearch) -> Iterator[Candidate]:
        """Yield terms over entries as candidates, unless `closed.pool` already holds their values."""
        for kind in closed.pool.kinds:
            met.update((kind, key) for key in arrays.alike(closed.pool.stack(kind)))
        frames = self._frames()
        for place, frame in enumerate(frames):
            search = OpenSearch(arrays, self._signature, frame, self._largest, self._rng)
            for each in search.run(self._left(0.9 / (len(frames) - place))):
                yield from self._judged(arrays, each, met)
        if self._signature.shapes:
            search = OpenSearch(arrays, self._signature, frames[0], self._largest, self._rng)
            for each in search.corners(self._left(1.0)):
                yield from self._judged(arrays, each, met)

    def _ranging(self) -> Iterator[Candidate]:
        """Yield predicates with `any` or `all` over a type. Only families of one or two parameters have them."""
        signature = self._signature
        if not signature.shapes or len(signature.shapes) > 2:
            return
        shapes: list[Shape] = [(size,) for size in signature.sizes]
        if len(signature.sizes) == 1:
            shapes.append((signature.sizes[0],) * 2)
        for place, bound in enumerate(shapes):
            arrays = self._bench.arrays(signature.shapes, bound)
            left = self._left(1 / (len(shapes) - place))
            search = QuantifiedSearch(
                arrays, signature, self._library, self._definitions, self._largest - 3, self._rng, bound
            )
            search.recall(lambda left=left: left() // 4)  # type: ignore[misc]
            for _ in search.calls_at_parameters(self._some(), lambda left=left: left() // 3):  # type: ignore[misc]
                pass
            known = search.known_outside()
            met: Met = set() if known is None else {("bool", key) for key in arrays.alike(known)}
            for _ in search.equalities(lambda left=left: left() // 2):  # type: ignore[misc]
                pass
            for each in search.quantified(left):
                yield from self._judged(arrays, each, met)

    def _some(self) -> list[Callable]:
        """Return a random choice of definitions; better ones are more likely to be chosen."""
        if not self._library:
            return []
        count = min(len(self._library), CHOSEN)
        return [self._library[int(at)] for at in self._rng.choice(len(self._library), count, False, self._odds)]

    def _left(self, share: float) -> Function[[], int]:
        """Allow a `share` of the evaluations that the family has left now. Return a function that tells how many of
        these are left at the time of its call."""
        floor = self._bench.left - int(max(0, self._bench.left - self._stop) * share)
        return lambda: max(0, self._bench.left - floor)

    def _frames(self) -> list[Frame]:
        sizes = self._signature.sizes
        if len(sizes) == 1:
            return [(sizes[0],) * 3]
        everything = [(i, j, k) for i in sizes for j in sizes for k in sizes if self._reaches((i, j, k))]
        return [everything[int(at)] for at in self._rng.permutation(len(everything))[:2]]

    def _reaches(self, frame: Frame) -> bool:
        """Whether each size of each parameter is the size of an index of the frame."""
        return all(frame.count(size) >= 1 for shape in self._signature.shapes for size in shape)

    def _judged(self, arrays: Arrays, closed: Closed, met: Met) -> Iterator[Candidate]:
        """Yield as candidates those terms of `closed` that are new up to a factor, not constant and short enough.

        `met` holds the values of known terms, up to a factor. The values of the terms that are new are added to it.
        """
        fitting: list[int] = []
        for at, key in enumerate(arrays.alike(closed.stack)):
            if closed.pieces[at].nodes <= self._largest and (closed.kind, key) not in met:
                met.add((closed.kind, key))
                if self._varies(closed.stack.data, at):
                    fitting.append(at)
        fitting = fitting[: max(0, self._bench.left - self._stop)]
        if not fitting:
            return
        shape = closed.kind if isinstance(closed.kind, tuple) else ()
        for at, kept in zip(fitting, arrays.laws(closed.stack.take(fitting), shape), strict=True):
            piece = closed.pieces[at]
            if closed.kind == "bool" or not any(law.startswith("ignores") for law in kept):
                worth = worth_of(kept, closed.kind, piece.nodes, len(self._signature.shapes))
                worth -= CONJUGATED * piece.text.count("conj(")
                if piece.calls:
                    worth = LENT * worth + BUILT_ON * fmean(self._worths[name] for name in piece.calls)
                    worth -= LONGER * piece.nodes
                yield Candidate(self._signature, closed.kind, piece, worth)

    def _varies(self, data: Sequence[NDArray[Any]], at: int) -> bool:
        if not self._signature.shapes:
            return True
        return any(_varies(array[at].reshape(len(array[at]), -1)) for array in data)


def _varies(values: NDArray[Any]) -> bool:
    if values.dtype == np.bool_:
        return RARE <= float(values.mean()) <= 1 - RARE
    return not bool((values == values[:1]).all())
