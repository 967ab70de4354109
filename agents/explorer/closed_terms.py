"""Closed terms: calls of definitions, arithmetic on them, and equalities between them.

They are built level by level: calls at the parameters, calls at calls, then comparisons. Every step takes a function
`left` that returns the number of evaluations that it may still use.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np
from numpy.random import Generator

from agents.explorer.callables import Callable, Kind
from agents.explorer.calls import BATCH, CallSearch
from agents.explorer.open_terms import Closed, joined
from agents.explorer.pool import Piece, Pool
from agents.explorer.signatures import SearchSignature
from relay.notation.syntax import Definition
from relay.researcher.bench import Arrays, Shape, Stack


class ClosedSearch:
    """The search for closed terms over the parameters of one signature."""

    def __init__(
        self,
        arrays: Arrays,
        signature: SearchSignature,
        library: Sequence[Callable],
        definitions: Mapping[str, Definition],
        largest: int,
        rng: Generator,
    ) -> None:
        self._arrays, self._library, self._largest, self._rng = arrays, library, largest, rng
        self._everything = frozenset(range(len(signature.names)))
        """The places of all parameters. Only terms that mention all of them are candidates."""
        self.pool: Pool[Kind] = Pool()
        self._calls = CallSearch(arrays, self.pool, signature.sizes, definitions, rng)
        for at, (name, shape) in enumerate(zip(signature.names, signature.shapes, strict=True)):
            self.pool.add(shape, [Piece(name, 1, frozenset({at}))], arrays.parameter(at))
        for at, (name, shape) in enumerate(zip(signature.names, signature.shapes, strict=True)):
            if not shape:
                self.pool.add(shape, [Piece(f"conj({name})", 2, frozenset({at}))], arrays.conj(arrays.parameter(at)))

    def recall(self, left: Function[[], int]) -> None:
        """Put into the pool the calls at each parameter exactly once, and the calls at sizes only. They are not
        yielded, because they only repeat a definition."""
        for closed in self._calls.apply(self._library, left, wanted=self._each_once):
            self.pool.add(closed.kind, closed.pieces, closed.stack)

    def calls_at_parameters(self, chosen: Sequence[Callable], left: Function[[], int]) -> Iterator[Closed]:
        """Yield calls of the definitions in `chosen` at pieces of the pool, other than the calls that `recall`
        makes."""
        for closed in self._calls.apply(chosen, left, wanted=self._not_each_once):
            yield from self._keep(closed)

    def calls_at_calls(self, chosen: Sequence[Callable], left: Function[[], int]) -> Iterator[Closed]:
        """Yield calls of the definitions in `chosen` at arguments of which at least one contains a call."""
        base = {kind: len(self.pool.pieces[kind]) for kind in self.pool.kinds}
        for closed in self._calls.apply(chosen, left, wanted=self._at_calls, base=base):
            yield from self._keep(closed)

    def compare(self, left: Function[[], int]) -> None:
        """Put into the pool a call of every definition, and terms of one or two calls. Then `pool.equal` holds the
        pairs of terms with equal values."""
        self.recall(left)
        for _ in self.calls_at_parameters(self._library, lambda: left() // 2):
            pass
        base = {kind: len(self.pool.pieces[kind]) for kind in self.pool.kinds}
        for closed in self._calls.apply(self._library, left, wanted=self._one_call, base=base):
            self.pool.add(closed.kind, closed.pieces, closed.stack)

    def arithmetic(self, left: Function[[], int]) -> Iterator[Closed]:
        """Yield products, sums and differences of two scalars, of which at least one contains a call."""
        pieces = self.pool.pieces.get((), [])
        pairs = [
            (op, a, b)
            for op in ("mul", "add", "sub")
            for a, b in product(range(len(pieces)), repeat=2)
            if (a != b if op == "sub" else a <= b)
            and pieces[a].calls + pieces[b].calls
            and pieces[a].nodes + pieces[b].nodes < self._largest
        ]
        # Short terms first: they are more likely to be worth stating, and the evaluations may not cover all.
        pairs.sort(key=lambda each: pieces[each[1]].nodes + pieces[each[2]].nodes)
        some = pairs[: max(0, left())]
        made: list[Closed] = []
        for op in ("mul", "add", "sub"):
            places = [(a, b) for word, a, b in some if word == op]
            if places:
                stack = self.pool.stack(())
                first, second = stack.take([a for a, _ in places]), stack.take([b for _, b in places])
                texts = tuple(joined(op, pieces[a], pieces[b]) for a, b in places)
                made.append(Closed((), texts, self._arrays.combine(op, first, second)))
        for closed in made:
            yield from self._keep(closed)

    def equalities(self, left: Function[[], int]) -> Iterator[Closed]:
        """Yield equalities of two different closed terms, and equalities of a closed term with zero or one."""
        self._constants()
        for kind in self.pool.kinds:
            if isinstance(kind, str):
                continue
            pieces = self.pool.pieces[kind]
            pairs = [
                (a, b)
                for a, b in combinations(range(len(pieces)), 2)
                if pieces[a].uses | pieces[b].uses == self._everything
                and pieces[a].nodes + pieces[b].nodes < self._largest
                and pieces[a].calls + pieces[b].calls
            ]
            pairs.sort(key=lambda pair: pieces[pair[0]].nodes + pieces[pair[1]].nodes)
            for at in range(0, len(pairs), BATCH):
                some = pairs[at : at + BATCH][: max(0, left()) // 2]
                if not some:
                    break
                stack = self.pool.stack(kind)
                truth = self._arrays.combine("eq", stack.take([a for a, _ in some]), stack.take([b for _, b in some]))
                made = [
                    Piece(
                        f"{pieces[b].text} == {pieces[a].text}",
                        pieces[a].nodes + pieces[b].nodes + 1,
                        self._everything,
                        True,
                        tuple(sorted((*pieces[a].calls, *pieces[b].calls))),
                    )
                    for a, b in some
                ]
                yield from self._keep(Closed("bool", tuple(made), self._arrays.every(truth)))

    def junctions(self, left: Function[[], int]) -> Iterator[Closed]:
        """Yield `p and q`, and `not p`, for calls of predicates."""
        pieces = self.pool.pieces.get("bool", [])
        # Only single calls: their texts end with a bracket and need none as operands.
        simple = [at for at, piece in enumerate(pieces) if len(piece.calls) == 1 and piece.text.endswith(")")]
        pairs = list(combinations(simple, 2))
        some = [pairs[int(at)] for at in np.sort(self._rng.permutation(len(pairs))[: max(0, left()) // 4])]
        if some:
            stack = self.pool.stack("bool")
            made = [
                Piece(f"{pieces[a].text} and {pieces[b].text}", pieces[a].nodes + pieces[b].nodes + 1,
                      pieces[a].uses | pieces[b].uses, True, tuple(sorted((*pieces[a].calls, *pieces[b].calls))))
                for a, b in some
            ]  # fmt: skip
            both = self._arrays.both(stack.take([a for a, _ in some]), stack.take([b for _, b in some]))
            yield from self._keep(Closed("bool", tuple(made), both))
        if simple and left() >= len(simple):
            negated = self._arrays.negated(self.pool.stack("bool").take(simple))
            made = [
                Piece(f"not {pieces[a].text}", pieces[a].nodes + 1, pieces[a].uses, True, pieces[a].calls)
                for a in simple
            ]
            yield from self._keep(Closed("bool", tuple(made), negated))

    def _keep(self, closed: Closed) -> Iterator[Closed]:
        new = self.pool.add(closed.kind, closed.pieces, closed.stack)
        found = [place for place in new if closed.pieces[place].uses == self._everything]
        if found:
            yield Closed(closed.kind, tuple(closed.pieces[place] for place in found), closed.stack.take(found))

    def _constants(self) -> None:
        for kind in [kind for kind in self.pool.kinds if isinstance(kind, tuple)]:
            text, nodes = zero_text(kind)
            self.pool.add(kind, [Piece(text, nodes, frozenset())], self._nothing(kind))
        if () in self.pool.kinds:
            self.pool.add((), [Piece("1", 1, frozenset())], self._arrays.constant(1))

    def _nothing(self, shape: Shape) -> Stack:
        zero = self._arrays.constant(0, len(shape))
        return Stack(
            tuple(
                np.broadcast_to(array, (*array.shape[:2], *(block.sizes[size] for size in shape)))
                for array, block in zip(zero.data, self._arrays.blocks, strict=True)
            )
        )

    def _each_once(self, pieces: Sequence[Piece]) -> bool:
        """Whether the arguments `pieces` are the parameters, each exactly once. Also true of a call at sizes, without
        pieces."""
        return not pieces or self._covers(pieces)

    def _not_each_once(self, pieces: Sequence[Piece]) -> bool:
        return not self._covers(pieces)

    def _covers(self, pieces: Sequence[Piece]) -> bool:
        uses = [place for piece in pieces for place in piece.uses]
        plain = all(not piece.calls for piece in pieces)
        return plain and len(uses) == len(set(uses)) == len(self._everything)

    def _at_calls(self, pieces: Sequence[Piece]) -> bool:
        return any(piece.calls for piece in pieces) and sum(piece.nodes for piece in pieces) < self._largest

    def _one_call(self, pieces: Sequence[Piece]) -> bool:
        calls = sum(len(piece.calls) for piece in pieces)
        return calls == 1 and frozenset().union(*(piece.uses for piece in pieces)) == self._everything


def zero_text(shape: Shape) -> tuple[str, int]:
    """Return the text of the term of this `shape` that is zero everywhere, and the number of its nodes."""
    if not shape:
        return "0", 1
    if len(shape) == 1:
        return f"vector(0 for i in range({shape[0]}))", 4
    return f"matrix(0 for i in range({shape[0]}) for j in range({shape[1]}))", 6
