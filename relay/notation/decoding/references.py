"""References to the rules for terms, which are made where they are first referred to.

A rule's name says what comes from it: its kind, a type, the most nodes, and a frame. What parameters there are, and
which numbers a fold counts with, is in the marks. The decoder confuses rules that begin at one place with different
marks; so what else a fold binds, a frame, is in the name.
"""

from __future__ import annotations

from collections.abc import Sequence

from relay.notation.decoding.names import Name, Names
from relay.notation.decoding.rules import Grammar, Reference
from relay.notation.decoding.sizes import limits, shares

__all__ = ["ITEM", "NUMERIC", "Frame", "References", "numeric"]

NUMERIC = ("Nat", "Scalar")
LEAST = {"Nat": 4, "Vector": 4, "Matrix": 6}
"""Nodes of the smallest terms that need no name: `count(True for i in range(0))`, and arrays of one numeral."""
ITEM = {"Scalar": 2, "Vector": 4, "Matrix": 6}
"""The same of what a fold counts through: there `i` will do for a Nat."""

Frame = tuple[str, ...]
"""The types of the values around a place that folds bind, and that are no numbers to count with, outermost first."""


class References:
    """Makes rules and hands out references to them. Each kind of rule is a method `_KIND` of a class below."""

    def __init__(self, grammar: Grammar, names: Names, types: Sequence[str], most: int) -> None:
        """`types`: those that terms may have, sizes left out; `most`: nodes of the largest term."""
        self.grammar, self.names, self.types, self.most = grammar, names, tuple(types), most
        self.scalars = "Scalar" in types
        self.order, self.range = names.mark(), names.mark()
        """Marks of where scalars may be compared by size, and types ranged over."""
        self.number = {type: number for number, type in enumerate(types)}
        self.counts = [one for one in names.generators if one.type == "Nat"]
        self.sorts = [type for type in types if type not in (*NUMERIC, "Bool", "Vector", "Matrix") and "[" not in type]
        self.deep = 1 if self.scalars else 2
        """How many values that are no numbers to count with folds around a place may bind."""
        self.made: set[str] = set()

    def slot(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """Terms of a type with at most `limit` nodes, where operators need no brackets."""
        return self.rule("slot", type, limit, frame, setting, own)

    def unit(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """The same where they do."""
        return self.rule("unit", type, limit, frame, setting, own)

    def rule(self, kind: str, type: str, limit: int, frame: Frame, setting: int, own: bool) -> Reference:
        own = own and self.scalars and numeric(type)
        limit = max(one for one in limits(self.most) if one <= limit)
        name = f"{kind}{self.number[type]}_{limit}{'_own' * own}{self.suffix(frame)}"
        if name not in self.made:
            self.made.add(name)
            getattr(self, f"_{kind}")(name, type, limit, frame, own)
        inside = limit - 2 if kind == "wide" else limit  # an operator has something beside it
        return Reference(name, setting, self.either(type, inside, frame, setting, own))

    def suffix(self, frame: Frame) -> str:
        return "".join(f"_in{self.number[type]}" for type in frame)

    def either(self, type: str, limit: int, frame: Frame, setting: int, own: bool) -> tuple[int, int] | None:
        """Where there is such a term at all: where a name is bound, or a term without names fits in."""
        has = self.names.has(type)
        if type in frame or setting & has or type == "Bool" or (type in NUMERIC and not own):
            return None
        if type == "Scalar":
            return (has, 0) if limit < 2 else None
        if type in self.sorts:
            return None if limit >= 3 and len(frame) < self.deep else (has, 0)
        if type.startswith("List["):
            item = type[5:-1]
            if limit > 1 and (item in frame or setting & self.names.has(item)):
                return None
            free = self.counts[-1].mark  # ranged over, its items need no names
            ranged = limit >= ITEM.get(item, 1) + 3 and not setting & free
            return (has | self.names.has(item) * (limit > 1), free * ranged)
        free = self.counts[1 if type == "Matrix" else -1].mark
        return (has, free if limit >= LEAST[type] and not setting & free else 0)

    def shares(self, room: int, parts: int) -> tuple[tuple[int, ...], ...]:
        """How `room` nodes are shared out."""
        return shares(room, parts, self.most)

    def name(self, type: str, frame: Frame, word: str = "name") -> Reference:
        """The names of a type; those in lists have a rule of their own, for a list that is written out and one that is
        ranged over begin alike, with different marks."""
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
        return [one for one in self.names.generators if one.type == type]


def numeric(type: str) -> bool:
    """Whether numerals decide nothing in it."""
    return type in NUMERIC or (type.startswith("List[") and numeric(type[5:-1]))
