"""Unfolding: calls are replaced by the bodies of their callees."""

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
"""The most nodes of an unfolded term. Terms that would grow larger are not unfolded."""
ROUNDS = 24
"""The most passes over a term. One pass opens nested calls too. If a function is given its arguments and so becomes a
call, this call waits for the next pass."""
MOST_MADE = ROUNDS * MOST_NODES
"""The most terms that all passes may make together, by default. Without a bound, bodies that call one definition twice
would double with every layer."""


def unfold(term: Term, definitions: Mapping[str, Definition], most_made: int = MOST_MADE) -> Term | None:
    """Replace every call in `term` by the body of the called definition, unless that definition calls itself. The
    result is None if the term grows too large.

    Size names are replaced by the sizes in the arguments' types.
    """
    unfolder = Unfolder(definitions, most_made)
    for _ in range(ROUNDS):
        if count_nodes(term, MOST_NODES) > MOST_NODES:
            return None
        unfolder.changed = False
        try:
            term = unfolder.term(term, {})
        except TooLargeError:
            return None
        if not unfolder.changed:  # nothing is left to open
            return term
    return None


class TooLargeError(Exception):
    """Raised when an unfolder has made too many terms."""


def recurses(definition: Definition) -> bool:
    """Whether a definition calls itself or passes itself on as a function."""
    return any(isinstance(t, Call | Partial) and t.key == "self" for t in walk(definition.body))


class Unfolder:
    """Replaces names, opens calls, and gives bound variables fresh names."""

    def __init__(self, definitions: Mapping[str, Definition], most_made: int | None = None) -> None:
        self._definitions = definitions
        self._most_made = most_made
        self._fresh = 0
        self._made = 0
        self.changed = False
        """Whether a call was opened, or a function became a call."""

    def term(self, term: Term, names: Mapping[str, Term]) -> Term:
        """The term with names replaced and calls opened. Raises `TooLargeError` above the bound, if there is one."""
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
        """An application with its parts unfolded. If this gives a callee its last arguments, the result is a call."""
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
        """The body of a definition with its parameters and sizes replaced. Calls inside the body are opened too, if
        their definitions are known."""
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
            # A written name has no `'`, so a fresh name never captures another one.
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
    """For each of `sizes` that stands bare in `declared`, add to `names` the size in the same place of `actual`. A name
    that has a size already keeps it."""
    for term, value in zip(type_terms(declared), type_terms(actual), strict=True):
        if isinstance(term, Variable) and term.name in sizes:
            names.setdefault(term.name, value)
