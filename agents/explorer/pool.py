"""Terms with their values, pruned when equal: the store that the search over arrays grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from relay.researcher.bench import Stack
from relay.researcher.bench.arrays import concatenated

KindT = TypeVar("KindT")


@dataclass(frozen=True, slots=True)
class Piece:
    """A term as text, with what the search needs to know of it."""

    text: str
    nodes: int
    uses: frozenset[int]
    """Places of the parameters that it mentions."""
    loose: bool = False
    """Whether it needs brackets as an operand."""
    calls: tuple[str, ...] = ()
    """The definitions that it calls, sorted, as often as it calls them."""

    @property
    def plain(self) -> bool:
        """Whether it is one call of a definition with different parameters: what it says, it says of all values."""
        return len(self.calls) == 1 and self.nodes == 1 + len(self.uses)

    @property
    def operand(self) -> str:
        """The text as an operand."""
        return f"({self.text})" if self.loose else self.text


@dataclass(slots=True)
class Pool(Generic[KindT]):
    """Pieces by kind (a pattern of indices, a type), each value once a kind."""

    pieces: dict[KindT, list[Piece]] = field(default_factory=dict)
    equal: list[tuple[KindT, Piece, Piece]] = field(default_factory=list)
    """A piece that was pruned, and the one that was there with its value: a law, perhaps."""
    _stacks: dict[KindT, list[Stack]] = field(default_factory=dict)
    _seen: dict[tuple[KindT, bytes], Piece | None] = field(default_factory=dict)

    def add(self, kind: KindT, pieces: Sequence[Piece], stack: Stack) -> list[int]:
        """Keep those whose value is new; returns their places among `pieces`."""
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
        """Values that need not be met again."""
        self._seen.update({(kind, key): None for key in stack.keys()})  # noqa: SIM118

    def stack(self, kind: KindT) -> Stack:
        """The values of all pieces of a kind, in order."""
        parts = self._stacks[kind]
        if len(parts) > 1:
            parts[:] = [concatenated(parts)]
        return parts[0]

    @property
    def kinds(self) -> list[KindT]:
        """Kinds, in the order in which they came."""
        return list(self.pieces)
