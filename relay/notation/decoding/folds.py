"""Rules for folds: `sum(... for i in range(n))` and the like, arrays, and lists made by `[... for ...]`."""

from __future__ import annotations

from dataclasses import dataclass

from relay.notation.decoding.names import Name
from relay.notation.decoding.references import ITEM, NUMERIC, Frame, References, numeric
from relay.notation.decoding.rules import Reference

__all__ = ["Folds"]


@dataclass(frozen=True)
class _Binding:
    """A variable that a generator binds, and what that means for the body."""

    variable: Name
    inner: Frame
    """The frame in which the body stands."""
    setting: int = 0
    """Marks that are set in the body; 0 if `inner` already says that the variable is bound."""
    earlier: int = 0
    """Marks of the variables that must be bound before this one."""


class Folds(References):
    """Adds the rules for folds to a grammar."""

    def folds(self, rule: str, type: str, limit: int, frame: Frame, own: bool) -> None:
        """Add to `rule` the folds that have the type `type` and at most `limit` nodes."""

        def add(head: str, kind: str, of: str, own: bool = False, needs: int = 0, tail: str = ")") -> None:
            # The fold, its body, and `range(k)` with two nodes. A scalar that decides its own type has 2: `scalar(0)`.
            least = 5 if own and of == "Scalar" else 4
            if limit >= least or (kind == "any" and self.sorts):
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
        if type in (*NUMERIC, *self.sorts):
            add("first(", "any", type, True)
        if type.startswith("List["):
            add("[", "any", type[5:-1], True, tail="]")
        if type == "Vector":
            add("vector(", "vector", "Scalar")
        if type == "Matrix":
            add("matrix(", "matrix", "Scalar")

    def _over(self, kind: str, type: str, room: int, frame: Frame, own: bool) -> Reference:
        """The rule for the body and the clauses of a fold, with at most `room` nodes together. `type` is the type of
        the body.

        Folds of kind `sum` bind only numbers to count with. Folds of kind `any` may also bind scalars, vectors, and
        values of sorts.
        """
        own = own and self.scalars and numeric(type)
        name = f"over_{kind}{self.number[type]}_{room}{'_own' * own}{self.suffix(frame)}"
        # Folds take the names of `counts` in order, so one is free as long as the last is. A matrix takes two
        # neighbours, so it can be written as long as the second is free.
        either: tuple[int, int] | None = (0, self.counts[1 if kind == "matrix" else -1].mark)
        if kind == "any" and len(frame) < self.deep and self.sorts:
            either = None
        elif kind == "any" and room < ITEM.get(type, 1) + 2:
            either = (self.names.has(type), 0)
        if name in self.made:
            return Reference(name, 0, either)
        self.made.add(name)
        if kind == "matrix":
            self._matrix(name, room, frame)
            return Reference(name, 0, either)
        here = self.names.has("Nat")
        if kind == "vector":
            self._vector(name, room, frame)
            return Reference(name, 0, either)
        for place, one in enumerate(self.counts):
            earlier = sum(other.mark for other in self.counts[:place])
            self._clause(name, type, room, frame, own, _Binding(one, frame, one.mark | here, earlier))
        if kind == "any" and len(frame) < self.deep:
            for other in ("Scalar", "Vector", *self.sorts):
                if other in self.types:
                    bound = self.bound(other)[frame.count(other)]
                    self._clause(name, type, room, frame, own, _Binding(bound, (*frame, other)))
        return Reference(name, 0, either)

    def _vector(self, rule: str, room: int, frame: Frame) -> None:
        for place, one in enumerate(self.counts):
            for a, b in self.shares(room - 1, 2):
                self.grammar.add(
                    rule,
                    self.slot("Scalar", a, frame, one.mark | self.names.has("Nat")),
                    f" for {one.text} in range(",
                    self._extent(b, frame),
                    ")",
                    needs=sum(other.mark for other in self.counts[:place]),
                    free=one.mark,
                )

    def _matrix(self, rule: str, room: int, frame: Frame) -> None:
        for place, (first, second) in enumerate(zip(self.counts, self.counts[1:], strict=False)):
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
                    needs=sum(one.mark for one in self.counts[:place]),
                    free=both,
                )

    def _extent(self, room: int, frame: Frame) -> Reference:
        """The rule for the bound of a `range` in an array: a name, a numeral, a length, or a name plus a numeral.

        It holds no fold, because the names that the array binds have no meaning in it and must not be bound again.
        """
        name = f"extent{min(room, 3)}{self.suffix(frame)}"
        if name not in self.made:
            self.made.add(name)
            counted = self.name("Nat", frame)
            self.grammar.add(name, counted)
            self.grammar.add(name, Reference("NUMERAL"))
            if room > 1:
                self.grammar.add(name, Reference("LONGNUMERAL"))
            for list in self.types if room > 1 else ():
                if list.startswith("List["):
                    self.grammar.add(name, "len(", self.name(list, frame), ")")
            if room > 2:
                self.grammar.add(name, counted, Reference("NATOPERATOR"), Reference("NUMERAL"))
        return Reference(name)

    def _clause(self, rule: str, type: str, room: int, frame: Frame, own: bool, binding: _Binding) -> None:
        """Add to `rule` a body with one generator, which binds `binding.variable`. If the variable is a number to count
        with, also add the same with a condition."""
        variable, inner, setting = binding.variable, binding.inner, binding.setting
        needs, free = binding.earlier, variable.mark if setting else 0
        head = f" for {variable.text} in "
        for a, b in self.shares(room, 2):
            source = self._source(variable.type, b, frame)
            if source is not None:
                body = self.slot(type, a, inner, setting, own)
                self.grammar.add(rule, body, head, source, needs=needs, free=free)
        for a, b in self.shares(room - 3, 2) if setting else ():
            source = self._source(variable.type, 3, frame)
            if source is not None:
                body, test = self.slot(type, a, inner, setting, own), self.slot("Bool", b, inner, setting)
                self.grammar.add(rule, body, head, source, " if ", test, needs=needs, free=free)

    def _source(self, type: str, room: int, frame: Frame) -> Reference | None:
        """The rule for what a variable of a type ranges over; None if nothing fits into `room` nodes."""
        name = f"source{self.number[type]}_{room}{self.suffix(frame)}"
        add = self.grammar.add
        if name not in self.made:
            self.made.add(name)
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
                add(name, self.name(f"List[{type}]", frame))
        if name not in self.grammar.rules:
            return None
        either = None
        if type in ("Scalar", "Vector") or (type == "Nat" and room < 2):
            either = (self.names.has(f"List[{type}]") | self.range * (type != "Nat"), 0)
        return Reference(name, 0, either)
