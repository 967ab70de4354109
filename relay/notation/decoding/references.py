"""References to the rules for terms. A rule is made when it is first referred to.

A rule's name says what the rule derives: kind, type, most nodes, and frame. The marks say which parameters exist and
which numbers the folds around count with. The decoder confuses two rules that begin at the same place of a text with
different marks. Everything else that folds bind, the frame, is therefore part of the rule's name.
"""

from __future__ import annotations

from collections.abc import Sequence

from relay.notation.decoding.names import Name, Names
from relay.notation.decoding.rules import Grammar, Reference
from relay.notation.decoding.sizes import limits, shares

__all__ = ["ITEM", "NUMERIC", "Frame", "References", "numeric"]

NUMERIC = ("Nat", "Scalar")
LEAST = {"Nat": 4, "Vector": 4, "Matrix": 6}
"""Type -> number of nodes of its smallest term without names from outside: `count(True for i in range(0))`, or an array
of numerals."""
ITEM = {"Scalar": 2, "Vector": 4, "Matrix": 6}
"""Type -> number of nodes of its smallest term that can be the body of a fold and needs no name from outside the fold.
For a Nat it is 1: the variable that the fold counts with."""

Frame = tuple[str, ...]
"""The types of the values that the folds around a place bind, outermost first. Numbers to count with are not among
them."""


class References:
    """Makes rules and returns references to them. The method `_KIND` of a subclass makes the rules of one kind."""

    def __init__(self, grammar: Grammar, names: Names, types: Sequence[str], most: int) -> None:
        """`types`: the types of terms, without sizes. `most`: the most nodes of a term."""
        self.grammar, self.names, self.types, self.most = grammar, names, tuple(types), most
        self.scalars = "Scalar" in types
        self.order, self.range, self.look = names.mark(), names.mark(), names.mark()
        """The marks that allow scalars to be compared by size, types with scalars to be ranged over, and phenomena to
        be looked up."""
        self.number = {type: number for number, type in enumerate(types)}
        self.counts = [one for one in names.generators if one.type == "Nat"]
        self.sorts = [type for type in types if type not in (*NUMERIC, "Bool", "Vector", "Matrix") and "[" not in type]
        self.deep = 1 if self.scalars else 2
        """The length of the longest frame. Every frame has rules of its own, so longer frames make the grammar
        larger."""
        self.made: set[str] = set()
        """The names of the rules that exist, or that are being made."""

    def slot(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """The rule for terms of a type with at most `limit` nodes, in a place where operators need no brackets."""
        return self.rule("slot", type, limit, frame, setting, own)

    def unit(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """The rule for terms of a type with at most `limit` nodes, in a place where operators need brackets."""
        return self.rule("unit", type, limit, frame, setting, own)

    def rule(self, kind: str, type: str, limit: int, frame: Frame, setting: int, own: bool) -> Reference:
        """A reference to the rule for `kind`, `type`, `limit`, `frame` and `own`, which is made on the first request.
        The reference sets the marks `setting` inside the rule.

        If `own`, the rule's terms decide their type themselves: a bare numeral is not among them.
        """
        own = own and self.scalars and numeric(type)
        limit = max(one for one in limits(self.most) if one <= limit)
        name = f"{kind}{self.number[type]}_{limit}{'_own' * own}{self.suffix(frame)}"
        if name not in self.made:
            self.made.add(name)  # before it is made, because rules refer to themselves
            getattr(self, f"_{kind}")(name, type, limit, frame, own)
        # A `wide` term is at least an operator with another operand.
        inside = limit - 2 if kind == "wide" else limit
        return Reference(name, setting, self.either(type, inside, frame, setting, own))

    def suffix(self, frame: Frame) -> str:
        """The part of a rule's name that tells its frame."""
        return "".join(f"_in{self.number[type]}" for type in frame)

    def either(self, type: str, limit: int, frame: Frame, setting: int, own: bool) -> tuple[int, int] | None:
        """The condition under which a term of `type` with at most `limit` nodes exists (see `Reference.either`); None
        if one always exists.

        One exists if a name of the type is bound, or if a term without names fits into `limit` nodes.
        """
        has = self.names.has(type)
        if type in frame or setting & has or type == "Bool" or (type in NUMERIC and not own):
            return None
        if type == "Scalar":  # the smallest without names that decides its own type is `scalar(0)`
            return (has, 0) if limit < 2 else None
        if type in self.sorts:
            return None if limit >= 3 and len(frame) < self.deep else (has, 0)
        if type.startswith("List["):
            item = type[5:-1]
            if limit > 1 and (item in frame or setting & self.names.has(item)):
                return None
            free = self.counts[-1].mark  # `[t for i in range(k)]` needs no name, but a free one to count with
            ranged = limit >= ITEM.get(item, 1) + 3 and not setting & free
            return (has | self.names.has(item) * (limit > 1), free * ranged)
        free = self.counts[1 if type == "Matrix" else -1].mark
        return (has, free if limit >= LEAST[type] and not setting & free else 0)

    def shares(self, room: int, parts: int) -> tuple[tuple[int, ...], ...]:
        """The ways to share `room` nodes among `parts` terms."""
        return shares(room, parts, self.most)

    def name(self, type: str, frame: Frame, word: str = "name") -> Reference:
        """The rule for the bound names of a type.

        Names in written lists get a rule of their own, by another `word`: `[x, y]` and `[x for ...]` begin alike but
        with different marks, and the decoder would confuse them.
        """
        name = f"{word}{self.number[type]}{self.suffix(frame)}"
        if name not in self.made:
            self.made.add(name)
            for one in (*self.names.parameters, *self.names.sizes, *self.counts):
                if one.type == type:
                    self.grammar.add(name, one.text, needs=one.mark)
            for place in range(frame.count(type)):
                self.grammar.add(name, self.bound(type)[place].text)
        return Reference(name, 0, None if type in frame else (self.names.has(type), 0))

    def bound(self, type: str) -> list[Name]:
        """The generator variables of a type."""
        return [one for one in self.names.generators if one.type == type]


def numeric(type: str) -> bool:
    """Whether a term of numerals alone leaves the type open: a number, or a list of numbers."""
    return type in NUMERIC or (type.startswith("List[") and numeric(type[5:-1]))
