"""Rules for terms: typed, every name bound, no larger than they may be.

A *unit* is a term that stands anywhere as it is: a name, a numeral, a call, an entry, a fold, or something in brackets.
A *slot* holds a unit, or units joined by operators. A rule stands for the terms of one type with at most so many nodes.
Numerals have a type only by what stands beside them, so there is a second rule for terms that decide it themselves,
`own`. What parameters there are, and which numbers a fold counts with, is in the marks. The decoder confuses rules that
begin at one place with different marks; so what else a fold binds, a *frame*, is in the rules' names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from relay.decoding.callees import Callee
from relay.decoding.names import Name, Names
from relay.decoding.rules import Grammar, Reference, Symbol
from relay.decoding.sizes import limits, shares

__all__ = ["Terms"]

NUMERIC = ("Nat", "Scalar")
ITEM = {"Scalar": 2, "Vector": 4, "Matrix": 6}
"""The same of what a fold counts through: there `i` will do for a Nat."""
LEAST = {"Nat": 4, "Vector": 4, "Matrix": 6}
"""Nodes of the smallest terms that need no name: `count(True for i in range(0))`, and arrays of one numeral."""

Frame = tuple[str, ...]
"""The types of such values, in the order in which they are bound."""


class Terms:
    """Adds the rules for terms to a grammar."""

    def __init__(
        self, grammar: Grammar, names: Names, callees: Iterable[Callee], types: Sequence[str], most: int
    ) -> None:
        """`types`: those that terms may have; `most`: nodes of the largest term."""
        self.grammar, self.names, self.types, self.most = grammar, names, tuple(types), most
        self.scalars = "Scalar" in types
        self.order, self.range = names.mark(), names.mark()
        """Marks of where scalars may be compared by size, and types ranged over."""
        self._number = {type: number for number, type in enumerate(types)}
        self._counts = [one for one in names.generators if one.type == "Nat"]
        self._sorts = [type for type in types if type not in (*NUMERIC, "Bool", "Vector", "Matrix") and "[" not in type]
        self._deep = 1 if self.scalars else 2
        """How many values that are no numbers to count with folds around a place may bind."""
        self._words: dict[str, str] = {}
        self._calls: dict[str, dict[tuple[tuple[str, ...], int], list[str]]] = defaultdict(lambda: defaultdict(list))
        for callee in callees:
            if {callee.result, *callee.parameters} <= set(types):
                needs = self.range * callee.ranges | self.order * callee.orders
                self._calls[callee.result][callee.parameters, needs].append(callee.name)
        self._made: set[str] = set()
        grammar.terminals |= {
            "NUMERAL": "/0|[1-9][0-9]?/",
            "NATOPERATOR": '" + " | " - " | " * " | " // " | " % "',
            "SCALAROPERATOR": '" + " | " - " | " * " | " / "',
            "EQUALITY": '" == " | " != "',
            "ORDER": '" < " | " <= " | " > " | " >= "',
            "CONNECTIVE": '" and " | " or "',
        }

    # --- references ------------------------------------------------------------------------------------------------

    def slot(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """Terms of a type with at most `limit` nodes, where operators need no brackets."""
        return self._rule("slot", type, limit, frame, setting, own)

    def unit(self, type: str, limit: int, frame: Frame = (), setting: int = 0, own: bool = False) -> Reference:
        """The same where they do."""
        return self._rule("unit", type, limit, frame, setting, own)

    def _rule(self, kind: str, type: str, limit: int, frame: Frame, setting: int, own: bool) -> Reference:
        own = own and self.scalars and _numeric(type)
        limit = max(one for one in limits(self.most) if one <= limit)
        name = f"{kind}{self._number[type]}_{limit}{'_own' * own}{self._suffix(frame)}"
        if name not in self._made:
            self._made.add(name)
            getattr(self, f"_{kind}")(name, type, limit, frame, own)
        inside = limit - 2 if kind == "wide" else limit  # an operator has something beside it
        return Reference(name, setting, self._either(type, inside, frame, setting, own))

    def _suffix(self, frame: Frame) -> str:
        return "".join(f"_in{self._number[type]}" for type in frame)

    def _either(self, type: str, limit: int, frame: Frame, setting: int, own: bool) -> tuple[int, int] | None:
        """Where there is such a term at all: where a name is bound, or a term without names fits in."""
        has = self.names.has(type)
        if type in frame or setting & has or type == "Bool" or (type in NUMERIC and not own):
            return None
        if type == "Scalar":
            return (has, 0) if limit < 2 else None
        if type in self._sorts:
            return None if limit >= 3 and len(frame) < self._deep else (has, 0)
        if type.startswith("List["):
            item = type[5:-1]
            if limit > 1 and (item in frame or setting & self.names.has(item)):
                return None
            free = self._counts[-1].mark  # ranged over, its items need no names
            ranged = limit >= ITEM.get(item, 1) + 3 and not setting & free
            return (has | self.names.has(item) * (limit > 1), free * ranged)
        free = self._counts[1 if type == "Matrix" else -1].mark
        return (has, free if limit >= LEAST[type] and not setting & free else 0)

    def shares(self, room: int, parts: int) -> tuple[tuple[int, ...], ...]:
        """How `room` nodes are shared out."""
        return shares(room, parts, self.most)

    def _name(self, type: str, frame: Frame, word: str = "name") -> Reference:
        """The names of a type; those in lists have a rule of their own, for a list that is written out and one that is
        ranged over begin alike, with different marks."""
        name = f"{word}{self._number[type]}{self._suffix(frame)}"
        if name not in self._made:
            self._made.add(name)
            for one in (*self.names.parameters, *self.names.sizes, *self._counts):
                if one.type == type:
                    self.grammar.add(name, one.text, needs=one.mark)
            for place in range(frame.count(type)):
                self.grammar.add(name, self._bound(type)[place].text)
        return Reference(name, 0, None if type in frame else (self.names.has(type), 0))

    def _bound(self, type: str) -> list[Name]:
        return [one for one in self.names.generators if one.type == type]

    # --- units -----------------------------------------------------------------------------------------------------

    def _unit(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        add = self.grammar.add
        add(rule, self._name(type, frame))
        if type in NUMERIC and not own:
            add(rule, Reference("NUMERAL"))
        if type == "Bool":
            add(rule, "True")
            add(rule, "False")
        for (parameters, needs), callees in sorted(self._calls[type].items()):
            if not parameters:
                add(rule, Reference(self._word(callees)), "()", needs=needs)
            elif self.shares(limit - 1, len(parameters)):
                needs |= sum({self._asked(one, frame) for one in parameters})
                arguments = self._arguments(parameters, limit - 1, frame)
                add(rule, Reference(self._word(callees)), "(", arguments, ")", needs=needs)
        self._entries(rule, type, limit, frame)
        self._functions(rule, type, limit, frame)
        if limit >= 3:
            self._folds(rule, type, limit, frame, own)
        if limit >= 3 and type in (*NUMERIC, "Bool"):
            add(rule, "(", self._rule("wide", type, limit, frame, 0, own), ")")

    def _asked(self, type: str, frame: Frame) -> int:
        """The mark without which there is no smallest term of a type."""
        either = self._either(type, 1, frame, 0, False)
        return 0 if either is None else self.names.has(type)

    def _word(self, callees: Sequence[str]) -> str:
        """The terminal of names that are called alike."""
        right = " | ".join(f'"{name}"' for name in sorted(callees))
        word = self._words.setdefault(right, f"CALLED{len(self._words)}")
        self.grammar.terminals[word] = right
        return word

    def _arguments(self, parameters: Sequence[str], room: int, frame: Frame) -> Reference:
        name = f"arguments{'_'.join(str(self._number[one]) for one in parameters)}of{room}{self._suffix(frame)}"
        if name not in self._made:
            self._made.add(name)
            for share in self.shares(room, len(parameters)):
                symbols: list[Symbol | str] = []
                for type, limit in zip(parameters, share, strict=True):
                    symbols += [", "] * bool(symbols) + [self.slot(type, limit, frame)]
                self.grammar.add(name, *symbols)
        return Reference(name)

    def _entries(self, rule: str, type: str, limit: int, frame: Frame) -> None:
        add = self.grammar.add
        if type == "Scalar":
            for (a,) in self.shares(limit - 2, 1):
                add(rule, self._name("Vector", frame), "[", self.slot("Nat", a, frame), "]")
            for a, b in self.shares(limit - 2, 2):
                entry = (self.slot("Nat", a, frame), ", ", self.slot("Nat", b, frame))
                add(rule, self._name("Matrix", frame), "[", *entry, "]")
        if f"List[{type}]" in self.types:
            for (a,) in self.shares(limit - 2, 1):
                add(rule, self._name(f"List[{type}]", frame), "[", self.slot("Nat", a, frame), "]")

    def _functions(self, rule: str, type: str, limit: int, frame: Frame) -> None:
        add = self.grammar.add
        for (a,) in self.shares(limit - 1, 1):
            if type == "Nat":
                for one in self.types:
                    if one.startswith("List["):
                        add(rule, "len(", self.slot(one, a, frame, own=True), ")")
            if type == "Scalar":
                add(rule, "scalar(", self.slot("Nat", a, frame), ")")
                add(rule, "conj(", self.slot("Scalar", a, frame, own=True), ")")
        for a, b in self.shares(limit - 1, 2):
            if type == "Bool":
                add(rule, "implies(", self.slot("Bool", a, frame), ", ", self.slot("Bool", b, frame), ")")

        if type.startswith("List["):
            item = self._name(type[5:-1], frame, "item")
            for count in range(1, min(limit, 4)):
                more: list[Symbol | str] = [", ", item] * (count - 1)
                add(rule, "[", item, *more, "]")

    # --- folds -----------------------------------------------------------------------------------------------------

    def _folds(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        def add(head: str, kind: str, of: str, own: bool = False, needs: int = 0, tail: str = ")") -> None:
            least = 5 if own and of == "Scalar" else 4  # a body, and `range(k)`, which has two nodes
            if limit >= least or (kind == "any" and self._sorts):
                over = self._over(kind, of, limit - 1, frame, own)
                self.grammar.add(rule, head, over, tail, needs=needs)

        if type in NUMERIC:
            for head in ("sum(", "prod("):
                add(head, "sum", type, own)
            for head in ("max(", "min("):
                add(head, "sum", type, own, self.order if type == "Scalar" else 0)
        if type == "Nat":
            add("count(", "sum", "Bool")
        if type == "Bool":
            add("all(", "any", "Bool")
            add("any(", "any", "Bool")
        if type in (*NUMERIC, *self._sorts):
            add("first(", "any", type, True)
        if type.startswith("List["):
            add("[", "any", type[5:-1], True, tail="]")
        if type == "Vector":
            add("vector(", "vector", "Scalar")
        if type == "Matrix":
            add("matrix(", "matrix", "Scalar")

    def _over(self, kind: str, type: str, room: int, frame: Frame, own: bool) -> Reference:
        """The body of a fold and its clauses. Folds of kind `any` range over more than numbers to count with."""
        own = own and self.scalars and _numeric(type)
        name = f"over_{kind}{self._number[type]}_{room}{'_own' * own}{self._suffix(frame)}"
        either: tuple[int, int] | None = (0, self._counts[1 if kind == "matrix" else -1].mark)
        if kind == "any" and len(frame) < self._deep and self._sorts:
            either = None
        elif kind == "any" and room < ITEM.get(type, 1) + 2:
            either = (self.names.has(type), 0)
        if name in self._made:
            return Reference(name, 0, either)
        self._made.add(name)
        if kind == "matrix":
            self._matrix(name, room, frame)
            return Reference(name, 0, either)
        here = self.names.has("Nat")
        if kind == "vector":
            self._vector(name, room, frame)
            return Reference(name, 0, either)
        for place, one in enumerate(self._counts):
            earlier = sum(other.mark for other in self._counts[:place])
            self._clause(name, type, room, frame, frame, own, one, one.mark | here, earlier)
        if kind == "any" and len(frame) < self._deep:
            for other in ("Scalar", "Vector", *self._sorts):
                if other in self.types:
                    bound = self._bound(other)[frame.count(other)]
                    self._clause(name, type, room, frame, (*frame, other), own, bound, 0, 0)
        return Reference(name, 0, either)

    def _vector(self, rule: str, room: int, frame: Frame) -> None:
        for place, one in enumerate(self._counts):
            for a, b in self.shares(room - 1, 2):
                self.grammar.add(
                    rule,
                    self.slot("Scalar", a, frame, one.mark | self.names.has("Nat")),
                    f" for {one.text} in range(",
                    self._extent(b, frame),
                    ")",
                    needs=sum(other.mark for other in self._counts[:place]),
                    free=one.mark,
                )

    def _matrix(self, rule: str, room: int, frame: Frame) -> None:
        for place, (first, second) in enumerate(zip(self._counts, self._counts[1:], strict=False)):
            both = first.mark | second.mark
            for a, b, c in self.shares(room - 2, 3):
                self.grammar.add(
                    rule,
                    self.slot("Scalar", a, frame, both | self.names.has("Nat")),
                    f" for {first.text} in range(",
                    self._extent(b, frame),
                    f") for {second.text} in range(",
                    self._extent(c, frame),
                    ")",
                    needs=sum(one.mark for one in self._counts[:place]),
                    free=both,
                )

    def _extent(self, room: int, frame: Frame) -> Reference:
        """How far the entries of an array go: something plain, for the names that the array binds mean nothing in it,
        and must not be bound in it."""
        name = f"extent{min(room, 3)}{self._suffix(frame)}"
        if name not in self._made:
            self._made.add(name)
            counted = self._name("Nat", frame)
            self.grammar.add(name, counted)
            self.grammar.add(name, Reference("NUMERAL"))
            for list in self.types if room > 1 else ():
                if list.startswith("List["):
                    self.grammar.add(name, "len(", self._name(list, frame), ")")
            if room > 2:
                self.grammar.add(name, counted, Reference("NATOPERATOR"), Reference("NUMERAL"))
        return Reference(name)

    def _clause(
        self, rule: str, type: str, room: int, frame: Frame, inner: Frame, own: bool, variable: Name, setting: int,
        earlier: int,
    ) -> None:  # fmt: skip
        """One generator over a variable, with which the body stands in the frame `inner`; maybe with a condition."""
        free = variable.mark if setting else 0
        head = f" for {variable.text} in "
        for a, b in self.shares(room, 2):
            source = self._source(variable.type, b, frame)
            if source is not None:
                body = self.slot(type, a, inner, setting, own)
                self.grammar.add(rule, body, head, source, needs=earlier, free=free)
        for a, b in self.shares(room - 3, 2) if setting else ():
            source = self._source(variable.type, 3, frame)
            if source is not None:
                body, test = self.slot(type, a, inner, setting, own), self.slot("Bool", b, inner, setting)
                self.grammar.add(rule, body, head, source, " if ", test, needs=earlier, free=free)

    def _source(self, type: str, room: int, frame: Frame) -> Reference | None:
        """What a variable of a type ranges over; None where nothing fits in."""
        name = f"source{self._number[type]}_{room}{self._suffix(frame)}"
        add = self.grammar.add
        if name not in self._made:
            self._made.add(name)
            if type == "Nat":
                for (a,) in self.shares(room - 1, 1):
                    add(name, "range(", self.slot("Nat", a, frame), ")")
                for a, b in self.shares(room, 2):
                    add(name, "range(", self.slot("Nat", a, frame), ", ", self.slot("Nat", b, frame), ")")
            elif type == "Scalar":
                add(name, "Scalar", needs=self.range)
            elif type == "Vector":
                for (a,) in self.shares(room, 1):
                    add(name, "Vector[", self.slot("Nat", a, frame), "]", needs=self.range)
            else:
                add(name, type)
            if f"List[{type}]" in self.types:
                add(name, self._name(f"List[{type}]", frame))
        if name not in self.grammar.rules:
            return None
        either = None
        if type in ("Scalar", "Vector") or (type == "Nat" and room < 2):
            either = (self.names.has(f"List[{type}]") | self.range * (type != "Nat"), 0)
        return Reference(name, 0, either)

    # --- operators -------------------------------------------------------------------------------------------------

    def _slot(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        self.grammar.add(rule, self.unit(type, limit, frame, own=own))
        self._joined(rule, type, limit, frame, own)

    def _wide(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        """What stands in brackets."""
        self._joined(rule, type, limit, frame, own)
        for a, b, c in self.shares(limit - 1, 3):
            yes, no = self.unit(type, a, frame, own=own), self.unit(type, c, frame)
            self.grammar.add(rule, yes, " if ", self.slot("Bool", b, frame), " else ", no)

    def _joined(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        """Units with operators between them."""
        add = self.grammar.add
        if type in NUMERIC:
            operator = Reference(f"{type.upper()}OPERATOR")
            for a, b in self.shares(limit - 1, 2):
                add(rule, self.unit(type, a, frame, own=own), operator, self.unit(type, b, frame))
                if own and a == 1:
                    add(rule, Reference("NUMERAL"), operator, self.unit(type, b, frame, own=True))
            for a, b, c in self.shares(limit - 2, 3)[:6]:
                left, middle, right = (
                    self.unit(type, a, frame, own=own),
                    self.unit(type, b, frame),
                    self.unit(type, c, frame),
                )
                add(rule, left, operator, middle, operator, right)
            for (a,) in self.shares(limit - 2, 1):
                add(rule, self.unit(type, a, frame, own=own), " ** ", self.unit("Nat", 1, frame))
            if type == "Scalar":
                for (a,) in self.shares(limit - 1, 1):
                    add(rule, "-", self.unit(type, a, frame, own=own))
        elif type == "Bool":
            self._tests(rule, limit, frame)
        elif type.startswith("List["):
            for a, b in self.shares(limit - 1, 2):
                add(rule, self.unit(type, a, frame, own=True), " + ", self.unit(type, b, frame, own=True))

    def _tests(self, rule: str, limit: int, frame: Frame) -> None:
        add = self.grammar.add
        for (a,) in self.shares(limit - 1, 1):
            add(rule, "not ", self.unit("Bool", a, frame))
        for a, b in self.shares(limit - 1, 2):
            add(rule, self.unit("Bool", a, frame), Reference("CONNECTIVE"), self.unit("Bool", b, frame))
            for type in self.types:
                right = self.unit(type, b, frame) if type == "Bool" else self.slot(type, b, frame)
                left = self.unit(type, a, frame) if type == "Bool" else self.slot(type, a, frame, own=True)
                add(rule, left, Reference("EQUALITY"), right)
                if type in NUMERIC and a == 1:
                    add(rule, Reference("NUMERAL"), Reference("EQUALITY"), self.slot(type, b, frame, own=True))
            add(rule, self.slot("Nat", a, frame, own=True), Reference("ORDER"), self.slot("Nat", b, frame))
            if self.scalars:
                left, right = self.slot("Scalar", a, frame, own=True), self.slot("Scalar", b, frame)
                add(rule, left, Reference("ORDER"), right, needs=self.order)
            for type in NUMERIC if a == 1 and self.scalars else ():
                needs = self.order if type == "Scalar" else 0
                right = self.slot(type, b, frame, own=True)
                add(rule, Reference("NUMERAL"), Reference("ORDER"), right, needs=needs)


def _numeric(type: str) -> bool:
    """Whether numerals decide nothing in it."""
    return type in NUMERIC or (type.startswith("List[") and _numeric(type[5:-1]))
