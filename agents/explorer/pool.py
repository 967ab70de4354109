"""Pools: the terms that the search over arrays has built, with their values; terms with equal values are pruned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from relay.researcher.bench import Stack
from relay.researcher.bench.arrays import concatenated

KindT = TypeVar("KindT")


@dataclass(frozen=True, slots=True)
class Piece:
    """A term as text, with the properties that the search uses."""

    text: str
    nodes: int
    uses: frozenset[int]
    """The places of the parameters that the term mentions."""
    loose: bool = False
    """Whether the term needs brackets as an operand."""
    calls: tuple[str, ...] = ()
    """The names of the definitions that the term calls, sorted, one for each call."""

    @property
    def plain(self) -> bool:
        """Whether the term is a single call whose arguments are different parameters. A law about it holds for all
        arguments of the definition."""
        return len(self.calls) == 1 and self.nodes == 1 + len(self.uses)

    @property
    def operand(self) -> str:
        """The text as an operand, in brackets if it needs them."""
        return f"({self.text})" if self.loose else self.text


@dataclass(slots=True)
class Pool(Generic[KindT]):
    """Pieces by kind, which is a pattern of indices or a type. Any two pieces of one kind have different values."""

    pieces: dict[KindT, list[Piece]] = field(default_factory=dict)
    equal: list[tuple[KindT, Piece, Piece]] = field(default_factory=list)
    """For each pruned piece: its kind, the piece, and the earlier piece with the same values. They suggest a law."""
    _stacks: dict[KindT, list[Stack]] = field(default_factory=dict)
    _seen: dict[tuple[KindT, bytes], Piece | None] = field(default_factory=dict)

    def add(self, kind: KindT, pieces: Sequence[Piece], stack: Stack) -> list[int]:
        """Keep those of `pieces` whose values no earlier piece of this `kind` has, and return their places in `pieces`.

        `stack` holds the values of `pieces`.
        """
        new = []
        for place, key in enumerate(stack.keys()):
            if (kind, key) not in self._seen:
                self._seen[kind, key] = pieces[place]
                new.append(place)
            elif (there := self._seen[kind, key]) is not None and there.text != pieces[place].text:
                self.equal.append((kind, pieces[place], there))
        if new:
            self.pieces.setdefault(kind, []).extend(pieces[place] for place in new)
            self._stacks.setdefault(kind, []).append(stack.take(new))
        return new

    def know(self, kind: KindT, stack: Stack) -> None:
        """Mark the values in `stack` as known. Later pieces with these values are pruned without a record in
        `equal`."""
        self._seen.update({(kind, key): None for key in stack.keys()})  # noqa: SIM118

    def stack(self, kind: KindT) -> Stack:
        """Return the values of all pieces of a kind, in order."""
        parts = self._stacks[kind]  # joined when they are read: joining at each `add` would copy the values every time
        if len(parts) > 1:
            parts[:] = [concatenated(parts)]
        return parts[0]

    @property
    def kinds(self) -> list[KindT]:
        """The kinds of pieces, in the order of their first piece."""
        return list(self.pieces)
