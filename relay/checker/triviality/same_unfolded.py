"""Decides whether two terms are one term after unfolding, up to the names of bound variables.

Both terms are read side by side, and calls are unfolded as the reader meets them. Unfolded terms may be huge, so they
are never written out, and the first difference ends the comparison. Calls of recursive definitions are not unfolded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relay.notation.dependencies import written
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Definition,
    IfClause,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Partial,
    Source,
    Term,
    Truth,
    Type,
    Values,
    Variable,
    VectorType,
)
from relay.notation.traversal import source_terms, type_terms

MOST_STEPS = 20_000
"""If more pairs of nodes are compared, the terms count as different."""

Names = Mapping[str, Any]
"""The meanings of names. A bound variable stands for a number; any other name stands for a pair: a term, and the
meanings of the names in that term."""


class _TooLong(Exception):
    pass


def one_term(left: Term, right: Term, definitions: Mapping[str, Definition]) -> bool:
    """Whether two terms are one term after unfolding. Returns False if the comparison takes too long."""
    try:
        return _Reader(definitions).same(left, {}, right, {})
    except (_TooLong, RecursionError):
        return False


@dataclass(slots=True)
class _Reader:
    definitions: Mapping[str, Definition]
    steps: int = 0
    bound: int = 0

    def same(self, a: Term, at: Names, b: Term, bt: Names) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooLong
        a, at = _resolved(a, at)
        b, bt = _resolved(b, bt)
        if isinstance(a, Call):
            # equal arguments settle two calls of one definition without unfolding it
            if isinstance(b, Call) and a.key == b.key:
                if self._all(a.args, at, b.args, bt):
                    return True
                if not self._opens(a):
                    return False
            if self._opens(a):
                return self.same(*self._opened(a, at), b, bt)
        # `a` cannot be unfolded any further; `b` may still unfold to it
        if isinstance(b, Call) and self._opens(b):
            return self.same(a, at, *self._opened(b, bt))
        if a.__class__ is not b.__class__:
            return False
        return self._alike(a, at, b, bt)

    def _alike(self, a: Term, at: Names, b: Any, bt: Names) -> bool:
        """Whether `a` and `b`, which are of the same Python class, are one term after unfolding."""
        if isinstance(a, Variable):
            return bool(at.get(a.name, a.name) == bt.get(b.name, b.name))
        if isinstance(a, Apply):
            if a.op != b.op:
                return False
            if a.op == "list" and not a.args:  # empty lists differ by the type of their items
                return not b.args and self._types(a.type, at, b.type, bt)
            return self._all(a.args, at, b.args, bt)
        if isinstance(a, Numeral):
            return bool(a.value == b.value and isinstance(a.type, NatType) is isinstance(b.type, NatType))
        if isinstance(a, Comprehension):
            return a.kind == b.kind and self._comprehensions(a, at, b, bt)
        if isinstance(a, Choice):
            return a.kind == b.kind and self._all(a.args, at, b.args, bt)
        if isinstance(a, Partial):
            return a.key == b.key and self._all(a.args, at, b.args, bt) and self._all(a.sizes, at, b.sizes, bt)
        return isinstance(a, Truth) and a.value is b.value

    def _all(self, left: tuple[Term, ...], at: Names, right: tuple[Term, ...], bt: Names) -> bool:
        return len(left) == len(right) and all(self.same(a, at, b, bt) for a, b in zip(left, right, strict=True))

    def _comprehensions(self, a: Comprehension, at: Names, b: Comprehension, bt: Names) -> bool:
        if len(a.clauses) != len(b.clauses):
            return False
        at, bt = dict(at), dict(bt)  # copies: the names are bound inside this comprehension only
        for one, two in zip(a.clauses, b.clauses, strict=True):
            if isinstance(one, IfClause) or isinstance(two, IfClause):
                if not (isinstance(one, IfClause) and isinstance(two, IfClause)):
                    return False
                if not self.same(one.term, at, two.term, bt):
                    return False
                continue
            if not self._sources(one.source, at, two.source, bt):
                return False
            # one fresh number for both names, whatever they are called
            self.bound += 1
            at[one.variable.name] = bt[two.variable.name] = self.bound
        return self.same(a.body, at, b.body, bt)

    def _sources(self, a: Source, at: Names, b: Source, bt: Names) -> bool:
        if type(a) is not type(b):
            return False
        if isinstance(a, Values) and isinstance(b, Values):
            return self._types(a.type, at, b.type, bt)
        return self._all(source_terms(a), at, source_terms(b), bt)

    def _types(self, a: Type, at: Names, b: Type, bt: Names) -> bool:
        if isinstance(a, ListType) and isinstance(b, ListType):
            return self._types(a.item, at, b.item, bt)
        if isinstance(a, VectorType | MatrixType):
            return type(a) is type(b) and self._all(type_terms(a), at, type_terms(b), bt)
        return a == b

    def _opens(self, call: Call) -> bool:
        """Whether a call can be replaced by the body of its definition: the definition is known and not recursive."""
        definition = self.definitions.get(call.key)
        return definition is not None and not written(definition).recursive

    def _opened(self, call: Call, names: Names) -> tuple[Term, Names]:
        definition = self.definitions[call.key]
        inner: dict[str, Any] = {}
        for parameter, arg in zip(definition.parameters, call.args, strict=True):
            inner[parameter.name] = (arg, names)
            for term, size in zip(type_terms(parameter.type), type_terms(arg.type), strict=False):
                if isinstance(term, Variable) and term.name in definition.sizes:
                    inner.setdefault(term.name, (size, names))
        return definition.body, inner


def _resolved(term: Term, names: Names) -> tuple[Term, Names]:
    """Returns the term for which a name stands, and the meanings of the names in that term. If `term` is no such name,
    returns `term` and `names`."""
    while isinstance(term, Variable):
        meant = names.get(term.name)
        if not isinstance(meant, tuple):
            break
        term, names = meant
    return term, names
