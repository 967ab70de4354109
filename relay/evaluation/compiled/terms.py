"""Compilation of terms of every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from relay.evaluation.algebra.base import Undecidable
from relay.evaluation.compiled.codes import Code, Coding
from relay.evaluation.compiled.comprehensions import comprehension
from relay.evaluation.compiled.operations import operation
from relay.notation.syntax import Apply, Call, Choice, Comprehension, NatType, Numeral, Term, Truth, Variable


def code(term: Term) -> Code:
    """Return the closure of a term. Raises `Undecidable` if single values of the term can't be computed."""
    make = _MAKERS.get(type(term))
    if make is None:
        raise Undecidable(f"{type(term).__name__} can't be evaluated for a single value")
    return make(term, code)


def _variable(term: Variable, code: Coding) -> Code:
    name = term.name
    return lambda names, run: names[name]


def _numeral(term: Numeral, code: Coding) -> Code:
    value = term.value
    if isinstance(term.type, NatType):
        return lambda names, run: value
    return lambda names, run: run.scalars.number(value)


def _truth(term: Truth, code: Coding) -> Code:
    value = term.value
    return lambda names, run: value


def _choice(term: Choice, code: Coding) -> Code:
    a, b = code(term.args[0]), code(term.args[1])
    if term.kind == "if":
        c = code(term.args[2])
        return lambda names, run: b(names, run) if a(names, run) else c(names, run)
    if term.kind == "and":
        return lambda names, run: a(names, run) and b(names, run)
    if term.kind == "or":
        return lambda names, run: a(names, run) or b(names, run)
    return lambda names, run: not a(names, run) or b(names, run)


def _call(term: Call, code: Coding) -> Code:
    key = term.key
    if key.startswith("given:"):
        raise Undecidable("operations of a structure can't be evaluated for a single value")
    args = [code(arg) for arg in term.args]
    return lambda names, run: run.call(key, [arg(names, run) for arg in args], names)


_MAKERS: Mapping[type, Callable[[Any, Coding], Code]] = {
    Apply: operation,
    Call: _call,
    Choice: _choice,
    Comprehension: comprehension,
    Numeral: _numeral,
    Truth: _truth,
    Variable: _variable,
}
