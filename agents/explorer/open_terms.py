"""Open terms: terms over the entries of arrays with free indices, and the closed terms made from them.

A frame gives each of the indices i, j, k a size. Entries at indices are multiplied, added, subtracted and summed over
k. Then the terms are closed: into an array, a sum over the indices, or the predicate that two terms agree at all
indices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.random import Generator

from agents.explorer.pool import Piece, Pool
from agents.explorer.signatures import SearchSignature
from relay.researcher.bench import Arrays, Shape, Stack

INDICES = "ijk"
Pattern = tuple[int, ...]
Frame = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed terms of one kind. `kind` is a shape or `bool`, and `stack` holds the values of the terms."""

    kind: Shape | str
    pieces: tuple[Piece, ...]
    stack: Stack


class OpenSearch:
    """The search for the terms of one frame."""

    def __init__(self, arrays: Arrays, signature: SearchSignature, frame: Frame, largest: int, rng: Generator) -> None:
        self._arrays, self._signature, self._frame = arrays, signature, frame
        self._largest, self._rng = largest, rng
        # Conjugates double the number of leaves, so only about half of the searches use them.
        self._conjugates = bool(rng.random() < 0.5)
        self._everything = frozenset(range(len(signature.shapes)))
        self._seen = Pool[Pattern]()

    def run(self, left: Callable[[], int]) -> Iterator[Closed]:
        """Yield closed terms, shorter ones first. `left` returns the number of evaluations that the search may still
        use."""
        leaves = self._leaves()
        yield from self._closings(leaves, left)
        yield from self._agreements(leaves, leaves, left, 0.15)
        pairs = self._combined(leaves, leaves, ("mul", "add", "sub"), left, 0.35)
        yield from self._closings(pairs, left)
        sums = self._summed([leaves, pairs], left)
        yield from self._closings(sums, left)
        yield from self._agreements(sums, leaves, left, 0.2)
        more = self._combined(sums, leaves, ("mul", "add", "sub"), left, 0.3)
        yield from self._closings(more, left)
        triples = self._combined(pairs, leaves, ("mul", "sub"), left, 0.5)
        yield from self._closings(triples, left)
        yield from self._closings(self._summed([triples], left), left)

    def corners(self, left: Callable[[], int]) -> Iterator[Closed]:
        """Yield sums and differences of products whose factors are scalars and entries at constant indices."""
        pool = Pool[Pattern]()
        for at, shape in enumerate(self._signature.shapes):
            for place in product(range(2), repeat=len(shape)):
                if left() <= 0:
                    return
                text = self._signature.names[at] + (f"[{', '.join(map(str, place))}]" if shape else "")
                nodes = 2 + len(shape) if shape else 1
                pool.add((), [Piece(text, nodes, frozenset({at}))], self._arrays.corner(at, place))
        products = self._combined(pool, pool, ("mul",), left, 0.3)
        yield from self._closings(self._combined(products, products, ("sub", "add"), left, 0.6), left)

    def _leaves(self) -> Pool[Pattern]:
        pool = Pool[Pattern]()
        for at, (name, shape) in enumerate(zip(self._signature.names, self._signature.shapes, strict=True)):
            for places in product(range(3), repeat=len(shape)):
                if any(self._frame[place] != size for place, size in zip(places, shape, strict=True)):
                    continue
                text = name + (f"[{', '.join(INDICES[place] for place in places)}]" if shape else "")
                piece = Piece(text, 2 + len(shape) if shape else 1, frozenset({at}))
                stack = self._arrays.entry(at, places, 3)
                pattern = tuple(sorted(set(places)))
                pool.add(pattern, [piece], stack)
                if not self._conjugates:
                    continue
                pool.add(pattern, [Piece(f"conj({text})", piece.nodes + 1, piece.uses)], self._arrays.conj(stack))
        if self._frame[0] == self._frame[1]:
            # Only if i and j have the same size: then an identity matrix has this entry.
            delta = Piece("1 if i == j else 0", 6, frozenset(), loose=True)
            pool.add((0, 1), [delta], self._arrays.delta(0, 1, 3, self._frame[0]))
        return pool

    def _combined(
        self, a: Pool[Pattern], b: Pool[Pattern], ops: tuple[str, ...], left: Callable[[], int], share: float
    ) -> Pool[Pattern]:
        """Return the terms that join a term of `a` and a term of `b` by one of `ops`.

        At most `share` of the evaluations left is used; if that is too little, a random part of the terms is returned.
        Terms are added or subtracted only if they have the same free indices.
        """
        jobs = [
            (op, p, q, len(a.pieces[p]) * len(b.pieces[q]))
            for op in ops
            for p in a.pieces
            for q in b.pieces
            if (op == "mul" or p == q) and not (a is b and op != "sub" and (p, q) > (q, p))
        ]
        total, allowed = sum(count for *_, count in jobs), int(max(0, left()) * share)
        result = Pool[Pattern]()
        for op, p, q, count in jobs:
            wanted = min(count, int(np.ceil(allowed * count / max(1, total))), max(0, left()))
            order = self._rng.permutation(count)
            if wanted < count:  # prefer terms that mention every parameter: the others can't be closed yet
                covers = [a.pieces[p][x].uses | b.pieces[q][y].uses == self._everything
                          for x, y in (divmod(int(at), len(b.pieces[q])) for at in order)]  # fmt: skip
                order = order[np.argsort(~np.array(covers), kind="stable")[:wanted]]
            order = np.sort(order)
            first, second = np.divmod(order, len(b.pieces[q]))
            pieces, kept = [], []
            for place, (x, y) in enumerate(zip(first, second, strict=True)):
                piece = joined(op, a.pieces[p][int(x)], b.pieces[q][int(y)])
                if piece.nodes <= self._largest and not (a is b and p == q and op != "sub" and y < x):
                    pieces.append(piece)
                    kept.append(place)
            if kept:
                values = self._arrays.combine(op, a.stack(p).take(first[kept]), b.stack(q).take(second[kept]))
                self._add(result, tuple(sorted({*p, *q})), pieces, values)
        return result

    def _add(self, pool: Pool[Pattern], pattern: Pattern, pieces: list[Piece], values: Stack) -> None:
        # `_seen` spans all steps of the frame: a value that an earlier step reached is not built on again.
        new = self._seen.add(pattern, pieces, values)
        if new:
            pool.add(pattern, [pieces[place] for place in new], values.take(new))

    def _summed(self, pools: list[Pool[Pattern]], left: Callable[[], int]) -> Pool[Pattern]:
        result = Pool[Pattern]()
        for pool in pools:
            for pattern in pool.kinds:
                if 2 in pattern:
                    fitting = [at for at, piece in enumerate(pool.pieces[pattern]) if piece.nodes + 3 <= self._largest]
                    fitting = fitting[: max(0, left() // 3)]
                    if fitting:
                        values = self._arrays.total(pool.stack(pattern).take(fitting), 2, self._frame[2])
                        pieces = [
                            Piece(f"sum({piece.text} for k in range({self._frame[2]}))", piece.nodes + 3, piece.uses)
                            for piece in (pool.pieces[pattern][at] for at in fitting)
                        ]
                        self._add(result, tuple(index for index in pattern if index != 2), pieces, values)
        return result

    def _closings(self, pool: Pool[Pattern], left: Callable[[], int]) -> Iterator[Closed]:
        i, j, _ = self._frame
        over_i, over_j = f"for i in range({i})", f"for j in range({j})"
        for pattern in pool.kinds:
            places = [at for at, piece in enumerate(pool.pieces[pattern]) if piece.uses == self._everything]
            if not places or pattern not in ((0, 1), (0,), ()):
                continue
            pieces, stack = [pool.pieces[pattern][at] for at in places], pool.stack(pattern).take(places)
            if pattern == (0, 1):
                yield Closed(
                    (i, j), tuple(_wrapped("matrix", p, f"{over_i} {over_j}", 5) for p in pieces), stack.squeezed([2])
                )
                if left() >= 2 * len(pieces):
                    summed = self._arrays.total(self._arrays.total(stack, 1, j), 0, i).squeezed([0, 1, 2])
                    yield Closed((), tuple(_wrapped("sum", p, f"{over_i} {over_j}", 5) for p in pieces), summed)
            elif pattern == (0,):
                yield Closed((i,), tuple(_wrapped("vector", p, over_i, 3) for p in pieces), stack.squeezed([1, 2]))
                if left() >= len(pieces):
                    summed = self._arrays.total(stack, 0, i).squeezed([0, 1, 2])
                    yield Closed((), tuple(_wrapped("sum", p, over_i, 3) for p in pieces), summed)
            else:
                squeezed = stack.squeezed(list(range(stack.data[0].ndim - 2)))
                yield Closed((), tuple(pieces), squeezed)

    def _agreements(
        self, a: Pool[Pattern], b: Pool[Pattern], left: Callable[[], int], share: float
    ) -> Iterator[Closed]:
        """Yield predicates `all(x == y ...)`, where `x` is a term of `a`, and `y` is zero or a term of `b`.

        At most `share` of the evaluations left is used.
        """
        i, j, _ = self._frame
        allowed = int(max(0, left()) * share)
        zero = Pool[Pattern]()
        zero.add((), [Piece("0", 1, frozenset())], self._arrays.constant(0, 3))
        for other in (zero, b):
            for p, q in product(a.kinds, other.kinds):
                pattern = tuple(sorted({*p, *q}))
                if pattern not in ((0, 1), (0,)):
                    continue
                chosen = [
                    (x, y)
                    for x, first in enumerate(a.pieces[p])
                    for y, second in enumerate(other.pieces[q])
                    if first.uses | second.uses == self._everything and not (a is other and (p, x) >= (q, y))
                ][: max(0, min(allowed, left()) // 2)]
                if not chosen:
                    continue
                allowed -= 2 * len(chosen)
                xs, ys = ([pair[side] for pair in chosen] for side in (0, 1))
                truth = self._arrays.combine("eq", a.stack(p).take(xs), other.stack(q).take(ys))
                over = f"for i in range({i})" + (f" for j in range({j})" if pattern == (0, 1) else "")
                pieces = [
                    Piece(
                        f"all({a.pieces[p][x].operand} == {other.pieces[q][y].operand} {over})",
                        a.pieces[p][x].nodes + other.pieces[q][y].nodes + (6 if pattern == (0, 1) else 4),
                        self._everything,
                    )
                    for x, y in chosen
                ]
                yield Closed("bool", tuple(pieces), self._arrays.every(truth))


def joined(op: str, a: Piece, b: Piece) -> Piece:
    """Return the terms `a` and `b` joined by `op`, with brackets only where they are needed."""
    nodes, uses, calls = a.nodes + b.nodes + 1, a.uses | b.uses, tuple(sorted((*a.calls, *b.calls)))
    if op == "mul":
        return Piece(f"{a.operand} * {b.operand}", nodes, uses, calls=calls)
    right = b.operand if op == "sub" else b.text if "if" not in b.text else b.operand
    left = a.text if " if " not in a.text else a.operand
    return Piece(f"{left} {'+' if op == 'add' else '-'} {right}", nodes, uses, loose=True, calls=calls)


def _wrapped(word: str, piece: Piece, clauses: str, nodes: int) -> Piece:
    text = piece.operand if " if " in piece.text else piece.text
    return Piece(f"{word}({text} {clauses})", piece.nodes + nodes, piece.uses)
