"""Quantified terms: `any` and `all` of predicates over a bound variable that ranges over a type."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator, Mapping, Sequence

from numpy.random import Generator

from agents.explorer.callables import Callable
from agents.explorer.closed_terms import ClosedSearch, zero_text
from agents.explorer.open_terms import Closed
from agents.explorer.pool import Piece
from agents.explorer.signatures import SearchSignature, type_text
from relay.notation.syntax import Definition
from relay.researcher.bench import Arrays, Shape, Stack

__all__ = ["QuantifiedSearch"]

BOUND = "x"
"""The name of the bound variable; no parameter of a quantified signature has it."""


class QuantifiedSearch(ClosedSearch):
    """The search for closed terms over one signature and a bound variable, and for `any` and `all` of predicates found.

    The bound variable is treated as the last parameter.
    """

    def __init__(
        self,
        arrays: Arrays,
        signature: SearchSignature,
        library: Sequence[Callable],
        definitions: Mapping[str, Definition],
        largest: int,
        rng: Generator,
        bound: Shape,
    ) -> None:
        """`bound` is the shape of the bound variable; its sizes must be sizes of the signature."""
        within = SearchSignature((*signature.names, BOUND), (*signature.shapes, bound))
        super().__init__(arrays, within, library, definitions, largest, rng)
        self._bound, self._variable = bound, len(signature.names)

    def known_outside(self) -> Stack | None:
        """Return the values of those predicates in the pool that do not mention the bound variable; None if there are
        none."""
        pieces = self.pool.pieces.get("bool", [])
        places = [at for at, piece in enumerate(pieces) if self._variable not in piece.uses]
        return self._arrays.quantified("any", self.pool.stack("bool").take(places)) if places else None

    def quantified(self, left: Function[[], int]) -> Iterator[Closed]:
        """Yield `any` and `all`, over the bound variable, of those predicates in the pool that mention all
        parameters."""
        pieces = self.pool.pieces.get("bool", [])
        places = [at for at, piece in enumerate(pieces) if piece.uses == self._everything]
        if not places or left() < 6 * len(places):
            return
        stack = self.pool.stack("bool").take(places)
        outer = self._everything - {self._variable}
        source = f"for {BOUND} in {type_text(self._bound)}"
        for kind in ("any", "all"):
            made = [
                Piece(f"{kind}({pieces[at].text} {source})", pieces[at].nodes + 2, outer, False, pieces[at].calls)
                for at in places
            ]
            yield Closed("bool", tuple(made), self._arrays.quantified(kind, stack))
        # Many predicates are true at zero for every argument, so `any` is also tried with zero excluded.
        zero = Piece(*zero_text(self._bound), frozenset())
        values = self._arrays.combine(
            "eq",
            _repeat(self._arrays.parameter(self._variable), len(places)),
            _repeat(self._nothing(self._bound), len(places)),
        )
        some = self._arrays.both(self._arrays.negated(self._arrays.every(values)), stack)
        made = [
            Piece(f"any({BOUND} != {zero.text} and {pieces[at].operand} {source})",
                  pieces[at].nodes + zero.nodes + 5, outer, False, pieces[at].calls)
            for at in places
        ]  # fmt: skip
        yield Closed("bool", tuple(made), self._arrays.quantified("any", some))


def _repeat(stack: Stack, count: int) -> Stack:
    return stack.take([0] * count)
