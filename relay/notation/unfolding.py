"""Unfolding: calls replaced by the bodies of what they call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Clause,
    Comprehension,
    Definition,
    FnType,
    Generator,
    IfClause,
    Partial,
    Source,
    Term,
    Type,
    Values,
    Variable,
)
from relay.notation.traversal import count_nodes, map_sizes, map_source, type_terms, walk

MOST_NODES = 5_000
"""Terms that would grow beyond this are not unfolded."""
ROUNDS = 24
MOST_MADE = ROUNDS * MOST_NODES
"""Terms that all rounds may make together, unless the caller says otherwise: bodies that call one thing twice double
with every call inside."""


def unfold(term: Term, definitions: Mapping[str, Definition], most_made: int = MOST_MADE) -> Term | None:
    """The term with every call of a definition that does not recurse replaced by its body, over and over; None where
    it grows too large. Sizes are replaced by the sizes in the arguments' types."""
    unfolder = Unfolder(definitions, most_made)
    for _ in range(ROUNDS):
        if count_nodes(term, MOST_NODES) > MOST_NODES:
            return None
        unfolder.changed = False
        try:
            term = unfolder.term(term, {})
        except TooLargeError:
            return None
        if not unfolder.changed:
            return term
    return None


class TooLargeError(Exception):
    """An unfolder has made too many terms."""


def recurses(definition: Definition) -> bool:
    return any(isinstance(t, Call | Partial) and t.key == "self" for t in walk(definition.body))


class Unfolder:
    """One pass over a term: names replaced, calls opened, bound names made fresh."""

    def __init__(self, definitions: Mapping[str, Definition], most_made: int | None = None) -> None:
        self._definitions = definitions
        self._most_made = most_made
        self._fresh = 0
        self._made = 0
        self.changed = False

    def term(self, term: Term, names: Mapping[str, Term]) -> Term:
        """The term with names replaced and calls opened. Raises `TooLargeError` where there is a bound."""
        self._made += 1
        if self._most_made is not None and self._made > self._most_made:
            raise TooLargeError
        if isinstance(term, Variable):
            return names.get(term.name, term)
        if isinstance(term, Apply) and term.op in ("apply", "curry"):
            return self._applied(term, names)
        if isinstance(term, Partial):
            args, sizes = (tuple(self.term(a, names) for a in part) for part in (term.args, term.sizes))
            return Partial(term.name, term.key, args, sizes, self.function(term.type, names))
        if isinstance(term, Apply):
            return Apply(term.op, tuple(self.term(a, names) for a in term.args), self.type(term.type, names))
        if isinstance(term, Choice):
            return Choice(term.kind, tuple(self.term(a, names) for a in term.args), self.type(term.type, names))
        if isinstance(term, Call):
            return self._call(term, names)
        if isinstance(term, Comprehension):
            return self._comprehension(term, names)
        return term

    def _applied(self, term: Apply, names: Mapping[str, Term]) -> Term:
        """An application; of what can be called, it is a call."""
        function, args = self.term(term.args[0], names), [self.term(a, names) for a in term.args[1:]]
        type_ = self.type(term.type, names)
        if isinstance(function, Apply) and function.op == "curry":
            args = [*function.args[1:], *args]
            function = function.args[0]
        if isinstance(function, Partial) and term.op == "apply":
            self.changed = True
            return Call(function.name, function.key, (*function.args, *args), type_)
        return Apply(term.op, (function, *args), type_)

    def function(self, type_: FnType, names: Mapping[str, Term]) -> FnType:
        return cast(FnType, self.type(type_, names))

    def _call(self, term: Call, names: Mapping[str, Term]) -> Term:
        args = tuple(self.term(a, names) for a in term.args)
        definition = self._definitions.get(term.key)
        if definition is None or recurses(definition):
            return Call(term.name, term.key, args, self.type(term.type, names))
        self.changed = True
        return self.opened(definition, args)

    def opened(self, definition: Definition, args: Sequence[Term]) -> Term:
        """What a call of a definition with these arguments says, one level deep."""
        inner: dict[str, Term] = {}
        for parameter, arg in zip(definition.parameters, args, strict=True):
            inner[parameter.name] = arg
            _bind(parameter.type, arg.type, definition.sizes, inner)
        return self.term(definition.body, inner)

    def _comprehension(self, term: Comprehension, names: Mapping[str, Term]) -> Term:
        inner = dict(names)
        clauses: list[Clause] = []
        for clause in term.clauses:
            if isinstance(clause, IfClause):
                clauses.append(IfClause(self.term(clause.term, inner)))
                continue
            source = self._source(clause.source, inner)
            self._fresh += 1
            variable = Variable(f"{clause.variable.name}'{self._fresh}", self.type(clause.variable.type, inner))
            inner[clause.variable.name] = variable
            clauses.append(Generator(variable, source))
        return Comprehension(term.kind, self.term(term.body, inner), tuple(clauses), self.type(term.type, inner))

    def _source(self, source: Source, names: Mapping[str, Term]) -> Source:
        if isinstance(source, Values):
            return Values(self.type(source.type, names))
        return map_source(source, lambda inner: self.term(inner, names))

    def type(self, type_: Type, names: Mapping[str, Term]) -> Type:
        return map_sizes(type_, lambda size: self.term(size, names))


def _bind(declared: Type, actual: Type, sizes: tuple[str, ...], names: dict[str, Term]) -> None:
    for term, value in zip(type_terms(declared), type_terms(actual), strict=True):
        if isinstance(term, Variable) and term.name in sizes:
            names.setdefault(term.name, value)
