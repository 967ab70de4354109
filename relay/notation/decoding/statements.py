"""The decoding grammar of statements. A body uses only names that its header binds, and no statement is too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from relay.notation.decoding.callees import Callee
from relay.notation.decoding.names import HABITS, Names
from relay.notation.decoding.rules import Grammar, Reference
from relay.notation.decoding.terms import Terms
from relay.notation.scope import RESERVED, SEEN
from relay.records.task import Given

__all__ = ["add_statements"]

NUMBERS = ("2", "3")
"""The numerals that may be sizes of arrays."""
SHIFTS = ("", " + 1", " - 1")
"""What may follow the name of a size in the type of a result."""
NEW_NAME = "[a-zA-Z][a-z0-9_]{2,23}"
"""Names of definitions and claims. They are longer than the names of parameters, so that the two are never equal."""


def add_statements(
    grammar: Grammar, given: Given, callees: Iterable[Callee], most: int, seen: Iterable[Callee] = ()
) -> None:
    """Add the rules `statement`, `term` for a term without free names, and `match` for the term of a `match`.

    `most`: the most nodes of a statement. `seen`: phenomena that `term` and `match` can look up, each with its number
    as its name."""
    called = tuple(callees)
    sorts = [sort.name for sort in given.sorts]
    arrays = [type for type in HABITS if type not in ("Nat", "Bool")]
    types = ["Nat", "Bool", *(arrays if given.scalars else sorts)]
    taken = {callee.name for callee in called}
    names = Names(types, sorts, taken)
    # A new name is no word of the notation and nothing that can be called: `& ~` excludes these from the terminal.
    words = "|".join(sorted({*RESERVED, *taken, *sorts}))
    grammar.terminals["NEWNAME"] = f"/{NEW_NAME}/ & ~/{words}/"
    # a definition or an operation of the name `seen` takes its place
    terms = Terms(grammar, names, called, types, most, () if SEEN in taken else seen)
    _Statements(grammar, names, terms, types, most).add()
    for callee in called:
        if callee.parameters:
            grammar.add("match", callee.name)


class _Statements:
    """Adds the rules for statements to a grammar, beside the rules for terms."""

    def __init__(self, grammar: Grammar, names: Names, terms: Terms, types: list[str], most: int) -> None:
        self._grammar, self._names, self._terms, self._types, self._most = grammar, names, terms, types, most

    def add(self) -> None:
        terms, most = self._terms, self._most
        self._sizes_of_results()
        for kind in ("define", "claim", "match"):
            self._parameters(kind)
        self._heads()
        for type in self._types:
            self._result(type)
        self._grammar.add("claim_rest", "): ", terms.slot("Bool", most))
        for a, b in terms.shares(most, 2):
            self._grammar.add("claim_rest", ") where ", terms.slot("Bool", a), ": ", terms.slot("Bool", b))
        for type in self._types:
            self._grammar.add("term", terms.slot(type, most, setting=terms.range | terms.look, own=True))
            self._grammar.add("match_rest", "): ", terms.slot(type, most, own=True))
        inside = terms.range | terms.order | terms.look
        self._grammar.add("match", "(", Reference("match_parameters", inside))

    def _heads(self) -> None:
        """Add the beginnings of statements. Each sets marks for what the statement may do by
        `relay.notation.model_classes`: compare scalars by size, and range over types with scalars."""
        add, terms, name = self._grammar.add, self._terms, Reference("NEWNAME")
        # A definition may do both. Order has a meaning over the reals only, ranging over a type in `fields` only.
        add("statement", "define ", name, "(", Reference("define_parameters", terms.range | terms.order))
        add("statement", "claim ", name, " (", Reference("claim_parameters", terms.range))
        add("statement", "claim (", Reference("claim_parameters", terms.range))
        if terms.scalars:
            add("statement", "claim over reals (", Reference("claim_parameters", terms.order))
            add("statement", "claim over complexes (", Reference("claim_parameters"))

    def _parameters(self, kind: str) -> None:
        """Add the rule `KIND_parameters`: one parameter or more, and the rest of the statement after them."""
        add, rule, more = self._grammar.add, f"{kind}_parameters", f"{kind}_more"
        for name in self._names.parameters:
            for written, marks in self._written(name.type):
                # `free`: each name is declared at most once.
                setting = name.mark | marks | self._names.has(name.type)
                add(rule, f"{name.text}: {written}", Reference(more, setting), free=name.mark)
        for size in self._names.sizes:
            add(rule, f"{size.text}: Nat", Reference(more, size.mark | self._names.has("Nat")), free=size.mark)
        # after the comma stands a name, so one must be left
        every = sum(one.mark for one in (*self._names.parameters, *self._names.sizes))
        add(more, ", ", Reference(rule, 0, (0, every)))
        add(more, Reference(f"{kind}_rest"))

    def _written(self, type: str) -> Iterator[tuple[str, int]]:
        """Yield the ways to write the type of a parameter, each with the marks of the sizes that it binds."""
        if type.startswith("List["):
            yield from ((f"List[{item}]", marks) for item, marks in self._written(type[5:-1]))
        elif type == "Vector":
            yield from ((f"Vector[{size}]", mark) for size, mark in self._sizes())
        elif type == "Matrix":
            for rows, first in self._sizes():
                yield from ((f"Matrix[{rows}, {columns}]", first | second) for columns, second in self._sizes())
        else:
            yield type, 0

    def _sizes(self) -> Iterator[tuple[str, int]]:
        yield from ((size.text, size.mark | self._names.has("Nat")) for size in self._names.sizes)
        yield from ((number, 0) for number in NUMBERS)

    def _sizes_of_results(self) -> None:
        """Add the rule `size`: a size in the type of a result."""
        add = self._grammar.add
        for one in self._names.sizes:
            for shift in SHIFTS:
                add("size", one.text + shift, needs=one.mark)
        for one in self._names.parameters:
            if one.type == "Nat":
                add("size", one.text, needs=one.mark)
        for number in NUMBERS:
            add("size", number)

    def _result(self, type: str) -> None:
        """Add the result type `type` and the body of a definition. If the whole body is a choice, it needs no
        brackets."""
        add, terms, size = self._grammar.add, self._terms, Reference("size")
        body = f"body{self._types.index(type)}"
        whole = terms.slot(type, self._most)
        add(body, whole)
        for a, b, c in terms.shares(self._most - 1, 3):
            add(body, terms.unit(type, a), " if ", terms.slot("Bool", b), " else ", terms.slot(type, c))
        array = type.removeprefix("List[").removesuffix("]")
        written: list[str | Reference] = [type]
        if array in ("Vector", "Matrix"):
            inside: list[str | Reference] = [size] if array == "Vector" else [size, ", ", size]
            before, after = type.split(array)
            written = [f"{before}{array}[", *inside, f"]{after}"]
        add("define_rest", ") -> ", *written, " = ", Reference(body, 0, whole.either))
