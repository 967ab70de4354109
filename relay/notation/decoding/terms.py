"""Rules for terms that are well typed, have every name bound, and are not too large.

A *unit* is a term that needs no brackets anywhere: a name, a numeral, a call, an entry, a fold, or a term in brackets.
A *slot* holds a unit, or units joined by operators. A rule derives the terms of one type with at most a given number
of nodes. A numeral gets its type from the terms beside it, so each rule has a second form, `own`, for terms that decide
their type themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from relay.notation.decoding.callees import Callee
from relay.notation.decoding.folds import Folds
from relay.notation.decoding.names import Names
from relay.notation.decoding.references import NUMERIC, Frame
from relay.notation.decoding.rules import Grammar, Reference, Symbol
from relay.notation.scope import SEEN

__all__ = ["Terms"]

NUMERALS = {1: "NUMERAL", 2: "LONGNUMERAL"}
"""Digits of a numeral, which are its nodes -> its terminal."""


class Terms(Folds):
    """Adds the rules for terms to a grammar."""

    def __init__(
        self,
        grammar: Grammar,
        names: Names,
        callees: Iterable[Callee],
        types: Sequence[str],
        most: int,
        seen: Iterable[Callee] = (),
    ) -> None:
        """`types`: the types of terms, without sizes. `most`: the most nodes of a term. `seen`: phenomena that can be
        looked up, each with its number as its name."""
        super().__init__(grammar, names, types, most)
        self._words: dict[str, str] = {}
        self._calls: dict[str, dict[tuple[tuple[str, ...], int], list[str]]] = defaultdict(lambda: defaultdict(list))
        for callee in callees:
            if {callee.result, *callee.parameters} <= set(types):
                needs = self.range * callee.ranges | self.order * callee.orders
                self._calls[callee.result][callee.parameters, needs].append(callee.name)
        self._seen: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in seen:
            if one.parameters and {one.result, *one.parameters} <= set(types):
                self._seen[one.result][one.parameters].append(one.name)
        grammar.terminals |= {
            "NUMERAL": "/[0-9]/",
            "LONGNUMERAL": "/[1-9][0-9]/",
            "NATOPERATOR": '" + " | " - " | " * " | " // " | " % "',
            "SCALAROPERATOR": '" + " | " - " | " * " | " / "',
            "EQUALITY": '" == " | " != "',
            "ORDER": '" < " | " <= " | " > " | " >= "',
            "CONNECTIVE": '" and " | " or "',
        }

    # --- units -----------------------------------------------------------------------------------------------------

    def _unit(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        add = self.grammar.add
        add(rule, self.name(type, frame))
        if type in NUMERIC and not own:
            add(rule, Reference("NUMERAL"))
            if limit > 1:
                add(rule, Reference("LONGNUMERAL"))
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
        for kinds, numbers in sorted(self._seen[type].items()):
            room = limit - 1 - max(map(len, numbers))  # the call, and the numeral
            if self.shares(room, len(kinds)):
                needs = self.look | sum({self._asked(one, frame) for one in kinds})
                word = self._word([f"{SEEN}({number}, " for number in numbers])
                add(rule, Reference(word), self._arguments(kinds, room, frame), ")", needs=needs)
        self._entries(rule, type, limit, frame)
        self._functions(rule, type, limit, frame)
        if limit >= 3:
            self.folds(rule, type, limit, frame, own)
        if limit >= 3 and type in (*NUMERIC, "Bool"):
            add(rule, "(", self.rule("wide", type, limit, frame, 0, own), ")")

    def _asked(self, type: str, frame: Frame) -> int:
        """The mark that a term of one node of the type `type` requires; 0 if it requires none."""
        either = self.either(type, 1, frame, 0, False)
        return 0 if either is None else self.names.has(type)

    def _word(self, callees: Sequence[str]) -> str:
        """The terminal for the names `callees`, or other texts, which all have the same types. One terminal for all of
        them keeps the grammar small."""
        right = " | ".join(f'"{name}"' for name in sorted(callees))
        word = self._words.setdefault(right, f"CALLED{len(self._words)}")
        self.grammar.terminals[word] = right
        return word

    def _arguments(self, parameters: Sequence[str], room: int, frame: Frame) -> Reference:
        """The rule for the arguments of a call: one for each type in `parameters`, with at most `room` nodes
        together."""
        name = f"arguments{'_'.join(str(self.number[one]) for one in parameters)}of{room}{self.suffix(frame)}"
        if name not in self.made:
            self.made.add(name)
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
                add(rule, self.name("Vector", frame), "[", self.slot("Nat", a, frame), "]")
            for a, b in self.shares(limit - 2, 2):
                entry = (self.slot("Nat", a, frame), ", ", self.slot("Nat", b, frame))
                add(rule, self.name("Matrix", frame), "[", *entry, "]")
        if f"List[{type}]" in self.types:
            for (a,) in self.shares(limit - 2, 1):
                add(rule, self.name(f"List[{type}]", frame), "[", self.slot("Nat", a, frame), "]")

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
            item = self.name(type[5:-1], frame, "item")
            for count in range(1, min(limit, 4)):
                more: list[Symbol | str] = [", ", item] * (count - 1)
                add(rule, "[", item, *more, "]")

    # --- operators -------------------------------------------------------------------------------------------------

    def _slot(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        self.grammar.add(rule, self.unit(type, limit, frame, own=own))
        self._joined(rule, type, limit, frame, own)

    def _wide(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        """Add to `rule` the terms that need brackets around them: operators with their operands, and choices."""
        self._joined(rule, type, limit, frame, own)
        for a, b, c in self.shares(limit - 1, 3):
            yes, no = self.unit(type, a, frame, own=own), self.unit(type, c, frame)
            self.grammar.add(rule, yes, " if ", self.slot("Bool", b, frame), " else ", no)

    def _joined(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        """Add to `rule` the terms that consist of units and operators."""
        add = self.grammar.add
        if type in NUMERIC:
            operator = Reference(f"{type.upper()}OPERATOR")
            for a, b in self.shares(limit - 1, 2):
                add(rule, self.unit(type, a, frame, own=own), operator, self.unit(type, b, frame))
                if own and a in NUMERALS:  # a numeral, if the other side decides the type
                    add(rule, Reference(NUMERALS[a]), operator, self.unit(type, b, frame, own=True))
            # A few of the shares are enough for sums of three; all of them would make the grammar much larger.
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
                if type in NUMERIC and a in NUMERALS:
                    add(rule, Reference(NUMERALS[a]), Reference("EQUALITY"), self.slot(type, b, frame, own=True))
            add(rule, self.slot("Nat", a, frame, own=True), Reference("ORDER"), self.slot("Nat", b, frame))
            if self.scalars:
                left, right = self.slot("Scalar", a, frame, own=True), self.slot("Scalar", b, frame)
                add(rule, left, Reference("ORDER"), right, needs=self.order)
            for type in NUMERIC if a in NUMERALS and self.scalars else ():
                needs = self.order if type == "Scalar" else 0
                right = self.slot(type, b, frame, own=True)
                add(rule, Reference(NUMERALS[a]), Reference("ORDER"), right, needs=needs)
