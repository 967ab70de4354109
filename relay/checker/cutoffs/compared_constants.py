"""Reads in the text which constants a statement's sizes, lengths and natural numbers may meet.

A *meeting* has a variable on one side and a constant on the other. It is a comparison, a subtraction, a quotient, a
remainder, an end of a range or an index of an array, in the statement or in a definition that it rests on. The constant
may be computed: every closed term is evaluated, and a definition is read again for each constant with which it is
called. If that cannot be followed to the end (a recursion through hundreds of constants, a constant that takes too long
to compute), `Meetings.followed` is False. `relay.checker.cutoffs.observed_constants` finds constants that the text does
not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import lcm

from relay.checker.cutoffs.closed_terms import ClosedTermContext, ClosedTerms
from relay.notation.comparisons import COMPARISONS, EQUALITIES
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Definition,
    IfClause,
    Items,
    ListType,
    NatType,
    Numeral,
    Partial,
    Permutations,
    Range,
    ScalarType,
    Subsets,
    Term,
    Type,
    Variable,
)
from relay.notation.traversal import source_terms, type_terms

MOST_CONTEXTS = 400
"""The definitions together are read at most so many times. Each is read once for each list of constants with which it
is called."""
MOST_COMPARED = 8
"""If two constants with several values (under generators) are compared, only the largest values of each are used, at
most so many."""
MEETING = frozenset((*COMPARISONS, "sub", "floordiv", "mod", "monus"))


@dataclass(frozen=True, slots=True)
class Meetings:
    """The constants of a statement, by what they may affect."""

    constants: frozenset[int]
    """Numbers that a variable meets."""
    numbers: frozenset[int]
    """Absolute values of all closed terms; a fraction contributes its numerator and its denominator. Their prime
    divisors are characteristics to try."""
    followed: bool
    """Whether every constant could be computed. If not, the claim is left undecided."""
    scalars: frozenset[int]
    """The scalars among `numbers`: a statement with such a constant may speak of a characteristic."""
    exponents: frozenset[int]
    """Constants that occur as exponents of scalars."""
    degree: int
    """An upper bound for the degree of the statement's polynomials: the product of all numbers that may multiply
    degrees. These are exponents, ends of ranges under `prod`, and numbers with which definitions are called. At most
    `MOST_DEGREE`."""


MOST_DEGREE = 10**9


def meetings(
    terms: Sequence[Term], headers: Sequence[Type], definitions: Mapping[str, Definition], key: str = ""
) -> Meetings:
    """Returns the constants that the variables of a statement with these `terms` and parameter types (`headers`) may
    meet.

    If the body of a definition is among the terms, `key` is the key of that definition."""
    reader = _Reader(definitions)
    context = ClosedTermContext(key, {})
    for type_ in headers:
        reader.header(type_, context)
    for term in terms:
        reader.read(term, context)
    reader.rest()
    found = set(reader.found)
    if len(reader.moduli) > 1:  # n % 2 and n % 3 are both 0 at 6 first
        found.add(lcm(*reader.moduli))
    if reader.open_scalar:  # a natural number became a scalar, and may meet every scalar constant
        found |= reader.scalars
    return Meetings(
        constants=frozenset(found),
        numbers=frozenset(reader.numbers),
        scalars=frozenset(reader.scalars),
        exponents=frozenset(reader.exponents),
        followed=reader.followed and reader.closed.followed,
        degree=reader.degree,
    )


class _Reader:
    """Reads the statement and the definitions that it rests on, each once for each list of constants with which it is
    called."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self.closed = ClosedTerms(definitions)
        self._seen: set[tuple[str, tuple[tuple[str, int], ...]]] = set()
        self._waiting: list[tuple[Definition, ClosedTermContext]] = []
        self.found: set[int] = set()
        self.numbers: set[int] = set()
        self.scalars: set[int] = set()
        self.exponents: set[int] = set()
        self.moduli: set[int] = set()
        self.open_scalar = False
        self.followed = True
        self.degree = 1

    def rest(self) -> None:
        """Reads the definitions that were called so far, and those that they call."""
        while self._waiting and self.followed and self.closed.followed:
            definition, context = self._waiting.pop()
            for parameter in definition.parameters:
                self.header(parameter.type, context)
            self.header(definition.result, context)
            self.read(definition.body, context)

    def header(self, type_: Type, context: ClosedTermContext) -> None:
        for term in type_terms(type_):
            self.read(term, context)

    def read(self, term: Term, context: ClosedTermContext) -> None:
        if isinstance(term, Numeral):  # the general case below would find the same; this is faster
            self._number(term.value, isinstance(term.type, ScalarType))
            return
        if isinstance(term.type, NatType | ScalarType) and self.closed.is_closed(term, context):
            for value in self.closed.values(term, context):
                self._number(value, isinstance(term.type, ScalarType))
        if isinstance(term, Apply):
            self._apply(term, context)
        elif isinstance(term, Call | Partial):
            self._call(term, context)
        elif isinstance(term, Choice):
            for arg in term.args:
                self.read(arg, context)
        elif isinstance(term, Comprehension):
            self._comprehension(term, context)

    def _raises_degree(self, term: Term, context: ClosedTermContext) -> None:
        highest = max(self._constants(term, context), default=1)
        self.degree = min(self.degree * max(highest, 1), MOST_DEGREE)

    def _number(self, value: int, scalar: bool) -> None:
        self.numbers.add(abs(value))
        if scalar:
            self.scalars.add(abs(value))

    # --- meetings ----------------------------------------------------------------------------------------------------

    def _apply(self, term: Apply, context: ClosedTermContext) -> None:
        for arg in term.args:
            self.read(arg, context)
        if term.op == "pow":
            self._raises_degree(term.args[1], context)
            if isinstance(term.type, ScalarType):
                self.exponents |= self._constants(term.args[1], context)
        if term.op in ("apply", "curry"):
            # Which function is applied is not known here, so its arguments may meet anything.
            for place in term.args[1:]:
                self.found |= self._constants(place, context) if isinstance(_item(place.type), NatType) else set()
                if isinstance(place.type, NatType):
                    self._raises_degree(place, context)
        if term.op in ("entry", "component", "item"):
            for place in term.args[1:]:
                self.found |= self._constants(place, context)
        elif term.op == "scalar" and not self.closed.is_closed(term, context):
            self.open_scalar = True
        elif term.op in EQUALITIES and isinstance(term.args[0].type, ScalarType):
            self._compared_constants(term, context)
        elif term.op in MEETING and isinstance(term.args[0].type, NatType):
            if all(self.closed.is_closed(arg, context) for arg in term.args):  # no variable meets anything here
                return
            constants = {c for arg in term.args for c in self._constants(arg, context)}
            self.found |= constants
            if term.op in ("floordiv", "mod") and self.closed.is_closed(term.args[1], context):
                self.moduli |= {m for m in self.closed.values(term.args[1], context) if m > 1}
            # (n // 3) == 2 changes at 6 and again at 9
            for divisor in self._divisors(term, context):
                for quotient in constants - {divisor}:
                    self.found |= {quotient * divisor, quotient * divisor + divisor}

    def _compared_constants(self, term: Apply, context: ClosedTermContext) -> None:
        """If `term` compares two constants, records their differences: in a characteristic that divides a difference,
        the constants are equal."""
        if all(self.closed.is_closed(arg, context) for arg in term.args):
            left, right = (self.closed.values(arg, context)[-MOST_COMPARED:] for arg in term.args)
            for value in {abs(a - b) for a in left for b in right}:
                self._number(value, scalar=True)

    def _divisors(self, term: Term, context: ClosedTermContext) -> set[int]:
        """Returns the constants by which variables are divided inside a term, outside calls."""
        found: set[int] = set()
        if isinstance(term, Apply):
            for arg in term.args:
                if isinstance(arg, Apply) and arg.op == "floordiv" and self.closed.is_closed(arg.args[1], context):
                    found |= set(self.closed.values(arg.args[1], context))
                found |= self._divisors(arg, context)
        return found

    def _constants(self, term: Term, context: ClosedTermContext) -> set[int]:
        """Returns the values of the largest closed parts of a term."""
        if isinstance(term.type, NatType) and self.closed.is_closed(term, context):
            return set(self.closed.values(term, context))
        if isinstance(term, Apply) and term.op == "len":
            length = _length(term.args[0])
            return set() if length is None else {length}
        if isinstance(term, Apply | Choice | Call | Partial):
            parts = [arg for arg in term.args if isinstance(_item(arg.type), NatType)]
            return {c for arg in parts for c in self._constants(arg, context)}
        return set()

    def _comprehension(self, term: Comprehension, context: ClosedTermContext) -> None:
        for clause in term.clauses:
            if isinstance(clause, IfClause):
                self.read(clause.term, context)
                continue
            for part in source_terms(clause.source):
                self.read(part, context)
                if isinstance(clause.source, Range | Permutations | Subsets) or isinstance(_item(part.type), NatType):
                    self.found |= self._constants(part, context)
                if term.kind == "prod":
                    self._raises_degree(part, context)
            if isinstance(clause.source, Range | Permutations | Subsets | Items) and all(
                self.closed.is_closed(part, context) for part in source_terms(clause.source)
            ):
                # later clauses and the body may use the variable as a constant
                context = replace(context, clauses=(*context.clauses, clause))
        self.read(term.body, context)
        if term.kind in ("max", "min") and isinstance(term.body.type, NatType):
            self.found |= self._constants(term.body, context)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, term: Call | Partial, context: ClosedTermContext) -> None:
        for arg in (*term.args, *(term.sizes if isinstance(term, Partial) else ())):
            self.read(arg, context)
        # a closed call is a constant, whose value was read; nothing inside it meets a variable
        if term.key.startswith("given:") or (isinstance(term, Call) and self.closed.is_closed(term, context)):
            return
        definition = self._definitions.get(context.key if term.key == "self" else term.key)
        if definition is None:
            return
        known: dict[str, Sequence[int]] = {}
        for parameter, arg in zip(definition.parameters, term.args, strict=isinstance(term, Call)):
            if isinstance(parameter.type, NatType):
                if term.key != "self":  # a recursion would raise it once for each of its readings
                    self._raises_degree(arg, context)
                if self.closed.is_closed(arg, context):
                    known[parameter.name] = self.closed.values(arg, context)
                else:
                    self.found |= self._constants(arg, context)
            for size, value in _sizes(parameter.type, arg.type):
                if isinstance(size, Variable) and size.name in definition.sizes and size.name not in known:
                    if self.closed.is_closed(value, context):
                        known[size.name] = self.closed.values(value, context)
                    else:
                        self.found |= self._constants(value, context)
        for values in product(*known.values()):
            self._enter(definition, dict(zip(known, values, strict=True)))

    def _enter(self, definition: Definition, names: Mapping[str, int]) -> None:
        mark = (definition.key, tuple(sorted(names.items())))
        if mark in self._seen:
            return
        if len(self._seen) >= MOST_CONTEXTS:  # such as a recursion that counts down from a large constant
            self.followed = False
            return
        self._seen.add(mark)
        self._waiting.append((definition, ClosedTermContext(definition.key, names)))


def _item(type_: Type) -> Type:
    return _item(type_.item) if isinstance(type_, ListType) else type_


def _length(term: Term) -> int | None:
    """Returns the length of a list if the text shows it, or None. For a concatenation, adds those lengths of its parts
    that the text shows."""
    if isinstance(term, Apply) and term.op == "list":
        return len(term.args)
    if isinstance(term, Apply) and term.op == "concat":
        parts = [_length(arg) for arg in term.args]
        return sum(part or 0 for part in parts)
    return None


def _sizes(declared: Type, actual: Type) -> Iterator[tuple[Term, Term]]:
    yield from zip(type_terms(declared), type_terms(actual), strict=True)
