"""The explorer's search where the world is scalars and arrays: what keeps laws, is short, and was not read already."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from agents.explorer.calling import Callable, Kind, callable_from
from agents.explorer.closed_terms import ClosedSearch
from agents.explorer.conjectures import Equal, conjectures
from agents.explorer.find import Find, name_for
from agents.explorer.judging import WARMTH, appraise, worth_of
from agents.explorer.open_terms import Closed, Frame, OpenSearch
from agents.explorer.pool import Piece, Pool
from agents.explorer.signatures import Signature, signatures, type_text
from relay.bench import Arrays, LocalBench, Shape
from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.task import Given

EACH = 1_600
"""Evaluations that one family of parameters gets, about; fewer families are looked at where there are fewer."""

STATED = 500
"""One statement for so many evaluations."""

BUILT = 1.0
"""What building on something read is worth."""

CHOSEN = 10
"""How many definitions a family is built on."""


@dataclass(frozen=True, slots=True)
class ArraysPayload:
    """What the search is told; all of it stood in the observation, but the seed, which is the turn's own."""

    given: Given
    library: tuple[tuple[str, Definition], ...]
    statement_size: int
    study_cost: int
    seed: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed term that might be worth a name."""

    signature: Signature
    kind: Kind
    piece: Piece
    worth: float


def explore(bench: LocalBench, payload: ArraysPayload) -> tuple[Find, ...]:
    """The most interesting definitions found, best of each kind first."""
    rng = Generator(PCG64(payload.seed))
    library, definitions = _internalise(bench, payload, rng)
    odds = np.exp(np.array(appraise(bench, library, definitions)) / WARMTH)
    weights = odds / odds.sum()
    wanted = max(4, bench.left // STATED)
    spare = wanted + 2 + 2 * (len(payload.library) + wanted)
    families = list(signatures())
    shares = np.array([1 / max(1, len(signature.shapes)) for signature in families])
    count = min(len(families), max(4, bench.left // EACH))
    chosen = [families[int(at)] for at in rng.choice(len(families), count, replace=False, p=shares / shares.sum())]
    buckets: dict[tuple[int, Kind], list[Candidate]] = {}
    equals: list[Equal] = []
    for place, signature in enumerate(chosen):
        stop = bench.left - (bench.left - spare) // (len(chosen) - place)
        search = _Family(bench, signature, (library, weights), definitions, payload, rng, stop)
        for candidate in search.run():
            buckets.setdefault((place, candidate.kind), []).append(candidate)
        equals += search.equal
    scope = Scope(payload.given, dict(payload.library))
    claims = conjectures(equals, scope, payload.statement_size, wanted // 4)
    count = max(0, min(wanted, bench.left) - len(claims))
    return (*_chosen(buckets, scope, payload.statement_size, count, rng), *claims)


class _Family:
    """The search for one family of parameters."""

    def __init__(
        self,
        bench: LocalBench,
        signature: Signature,
        library: tuple[Sequence[Callable], NDArray[np.float64]],
        definitions: dict[str, Definition],
        payload: ArraysPayload,
        rng: Generator,
        stop: int,
    ) -> None:
        self._bench, self._signature, self._definitions = bench, signature, definitions
        self._library, self._odds = library
        self._largest, self._rng, self._stop = payload.statement_size, rng, stop
        self.equal: list[Equal] = []

    def run(self) -> Iterator[Candidate]:
        """Candidates of every kind, judged."""
        signature = self._signature
        arrays = self._bench.arrays(signature.shapes)
        met: Pool[Kind] = Pool()
        closed = ClosedSearch(arrays, signature, self._library, self._definitions, self._largest, self._rng)
        chosen = self._some()
        if self._library:
            found = list(closed.calls_at_parameters(chosen, self._left(0.25)))
            for kind in closed.pool.kinds:
                met.know(kind, closed.pool.stack(kind))
            for each in found:
                yield from self._judged(arrays, each, None)
        frames = self._frames()
        for frame in frames:
            search = OpenSearch(arrays, signature, frame, self._largest, self._rng)
            for each in search.run(self._left(0.35 / len(frames) if self._library else 0.8 / len(frames))):
                yield from self._judged(arrays, each, met)
        if signature.shapes:
            search = OpenSearch(arrays, signature, frames[0], self._largest, self._rng)
            for each in search.corners(self._left(0.1)):
                yield from self._judged(arrays, each, met)
        if self._library:
            for each in closed.calls_at_calls(chosen, self._left(0.4)):
                yield from self._judged(arrays, each, met)
            for each in closed.equalities(self._left(0.4)):
                yield from self._judged(arrays, each, met)
            for each in closed.junctions(self._left(0.3)):
                yield from self._judged(arrays, each, met)
            self.equal += [(signature, kind, one, other) for kind, one, other in closed.pool.equal]
            yield from self._ranging()

    def _ranging(self) -> Iterator[Candidate]:
        """Predicates that range over a type."""
        signature = self._signature
        if not signature.shapes or len(signature.shapes) > 2:
            return
        shapes: list[Shape] = [(size,) for size in signature.sizes]
        if len(signature.sizes) == 1:
            shapes.append((signature.sizes[0],) * 2)
        for place, bound in enumerate(shapes):
            arrays = self._bench.arrays(signature.shapes, bound)
            left = self._left(1 / (len(shapes) - place))
            search = ClosedSearch(
                arrays, signature, self._library, self._definitions, self._largest - 3, self._rng, bound
            )
            for _ in search.calls_at_parameters(self._some(), lambda left=left: left() // 2):  # type: ignore[misc]
                pass
            for _ in search.equalities(lambda left=left: left() // 2):  # type: ignore[misc]
                pass
            met: Pool[Kind] = Pool()
            for each in search.quantified(left):
                yield from self._judged(None, each, met)

    def _some(self) -> list[Callable]:
        """Some of what was read, the more readily the better it is."""
        if not self._library:
            return []
        count = min(len(self._library), CHOSEN)
        return [self._library[int(at)] for at in self._rng.choice(len(self._library), count, False, self._odds)]

    def _left(self, share: float) -> Function[[], int]:
        """How much is left of a share of what this family has left now."""
        floor = self._bench.left - int(max(0, self._bench.left - self._stop) * share)
        return lambda: max(0, self._bench.left - floor)

    def _frames(self) -> list[Frame]:
        sizes = self._signature.sizes
        if len(sizes) == 1:
            return [(sizes[0],) * 3]
        everything = [(i, j, k) for i in sizes for j in sizes for k in sizes if not (i == j == k)]
        return [everything[int(at)] for at in self._rng.permutation(len(everything))[: 2 if len(sizes) == 2 else 3]]

    def _judged(self, arrays: Arrays | None, closed: Closed, met: Pool[Kind] | None) -> Iterator[Candidate]:
        """New, not constant, short enough; with what its laws are worth."""
        pieces, stack = closed.pieces, closed.stack
        fitting = [
            at for at, piece in enumerate(pieces) if piece.nodes <= self._largest and self._varies(stack.data, at)
        ]
        if met is not None and fitting:
            new = met.add(closed.kind, [pieces[at] for at in fitting], stack.take(fitting))
            fitting = [fitting[place] for place in new]
        fitting = fitting[: max(0, self._bench.left - self._stop)]
        if not fitting:
            return
        laws = (
            arrays.laws(stack.take(fitting), closed.kind if isinstance(closed.kind, tuple) else ())
            if arrays is not None
            else [frozenset()] * len(fitting)
        )
        for at, kept in zip(fitting, laws, strict=True):
            piece = pieces[at]
            worth = worth_of(kept, closed.kind, piece.nodes)
            worth += BUILT if piece.calls else 0.0
            yield Candidate(self._signature, closed.kind, piece, worth)

    def _varies(self, data: Sequence[NDArray[Any]], at: int) -> bool:
        if not self._signature.shapes:
            return True
        for array in data:
            values = array[at].reshape(len(array[at]), -1)
            if bool((values == values[:1]).all()):
                return False
            if array.dtype == np.bool_ and not 0.02 <= float(values.mean()) <= 0.98:
                return False
        return True


def _internalise(
    bench: LocalBench, payload: ArraysPayload, rng: Generator
) -> tuple[list[Callable], dict[str, Definition]]:
    """What can be called; the price of study is paid in evaluations, and what it does not cover is not used."""
    definitions = {definition.key: definition for _, definition in payload.library}
    usable = [
        function for name, definition in payload.library if (function := callable_from(name, definition)) is not None
    ]
    if payload.study_cost:
        usable = [usable[int(at)] for at in rng.permutation(len(usable))]
        usable = usable[: bench.left // (2 * payload.study_cost)]
        for function in usable:
            _study(bench, function, definitions, payload.study_cost)
    return usable, definitions


def _study(bench: LocalBench, function: Callable, definitions: dict[str, Definition], cost: int) -> None:
    """Value a definition again and again: what it takes this researcher to get used to it."""
    shapes = tuple(kind for kind in function.parameters if isinstance(kind, tuple))
    renamed = {size: "nml"[place % 3] for place, size in enumerate(dict.fromkeys(s for shape in shapes for s in shape))}
    arrays = bench.arrays([tuple(renamed[size] for size in shape) for shape in shapes])
    places = iter(range(len(shapes)))
    arguments = [
        arrays.parameter(next(places)).take([0] * cost) if isinstance(kind, tuple) else "n"
        for kind in function.parameters
    ]
    if shapes:
        arrays.call(function.definition, definitions, arguments)


def _chosen(
    buckets: dict[tuple[int, Kind], list[Candidate]], scope: Scope, largest: int, wanted: int, rng: Generator
) -> Iterator[Find]:
    """The best of every bucket in turn, buckets in random order, until enough are stated."""
    queues = []
    for place in rng.permutation(len(buckets)):
        bucket = buckets[list(buckets)[int(place)]]
        queues.append(sorted(bucket, key=lambda candidate: (-candidate.worth, candidate.piece.text)))
    count = 0
    while count < wanted and any(queues):
        for queue in queues:
            while queue and count < wanted:
                find = _find(queue.pop(0), scope, largest)
                if find is not None:
                    count += 1
                    yield find
                    break


def _find(candidate: Candidate, scope: Scope, largest: int) -> Find | None:
    result = candidate.kind if isinstance(candidate.kind, str) else type_text(candidate.kind)
    rest = f"{candidate.signature.header('Bool' if result == 'bool' else result)} = {candidate.piece.text}"
    source = f"define {name_for(rest, 'd')}{rest}"
    try:
        statement = read_statement(source, scope)
    except NotationError:
        return None
    return None if statement.nodes > largest else Find(source, "", candidate.worth)
