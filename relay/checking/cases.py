"""Which sizes, lengths and natural parameters a statement is tried at.

A *case* fixes everything about a statement's parameters that is a natural number: its size names, its `Nat` parameters
and the lengths of its lists. Sizes start at 1, the others at 0. Where one of them may meet a constant c (a numeral of
type `Nat` anywhere in the statement or in what it rests on), c - 1, c and c + 1 are tried as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Comprehension,
    Definition,
    Generator,
    ListType,
    NatType,
    Numeral,
    Parameter,
    Range,
    SortType,
    Term,
    Type,
    Values,
)
from relay.notation.traversal import type_terms, walk

REACH = 9
"""The largest number that is tried for a size, a length or a natural parameter because a constant asks for it."""
MOST_CASES = 96


@dataclass(frozen=True, slots=True)
class Dimension:
    """One natural number of a case: a size name, a `Nat` parameter, or the length of a list parameter at a level."""

    kind: str
    """`size`, `nat` or `length`."""
    name: str
    level: int = 0


Case = Mapping[Dimension, int]


def dimensions(parameters: Sequence[Parameter], sizes: Sequence[str]) -> tuple[Dimension, ...]:
    """What a case of a statement with these parameters fixes."""
    found = [Dimension("size", name) for name in sizes]
    for parameter in parameters:
        if isinstance(parameter.type, NatType):
            found.append(Dimension("nat", parameter.name))
        type_: Type = parameter.type
        level = 0
        while isinstance(type_, ListType):
            found.append(Dimension("length", parameter.name, level))
            type_, level = type_.item, level + 1
    return tuple(found)


def closure(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> Iterator[Term]:
    """Every term inside the given ones and inside the definitions that they rest on, each definition once."""
    seen: set[str] = set()
    stack = list(terms)
    while stack:
        for term in walk(stack.pop()):
            yield term
            if isinstance(term, Call) and not given_or_self(term) and term.key not in seen:
                seen.add(term.key)
                stack.append(definitions[term.key].body)
                stack.extend(_header(definitions[term.key]))


def given_or_self(term: Call) -> bool:
    """Whether a call is of a given operation, or of the definition that it stands in."""
    return term.key == "self" or term.key.startswith("given:")


def _header(definition: Definition) -> Iterator[Term]:
    for parameter in definition.parameters:
        yield from type_terms(parameter.type)
    yield from type_terms(definition.result)


def constants(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> frozenset[int]:
    """Numerals of type `Nat` that a size, a length or a natural number may meet: operands of comparisons, subtraction,
    `//` and `%`. Ends of ranges and places of entries only add to them what the base cases try anyway, so they count
    too."""
    found: set[int] = set()
    for term in closure(terms, definitions):
        if isinstance(term, Apply) and isinstance(term.args[0].type if term.args else None, NatType):
            if term.op in ("eq", "ne", "lt", "le", "gt", "ge", "sub", "floordiv", "mod", "monus"):
                found.update(_numerals(term.args))
        elif isinstance(term, Apply) and term.op in ("entry", "component", "item"):
            found.update(_numerals(term.args[1:]))
        elif isinstance(term, Comprehension):
            for clause in term.clauses:
                if isinstance(clause, Generator) and isinstance(clause.source, Range):
                    found.update(_numerals((clause.source.start, clause.source.stop)))
    return frozenset(found)


def _numerals(terms: Sequence[Term]) -> Iterator[int]:
    for term in terms:
        for inner in walk(term):
            if isinstance(inner, Numeral) and isinstance(inner.type, NatType):
                yield inner.value


def scalar_constants(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> frozenset[int]:
    """Numerals that are, or may become, scalars: their prime divisors are tried as characteristics."""
    return frozenset(t.value for t in closure(terms, definitions) if isinstance(t, Numeral))


def ranges_over_fields(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> bool:
    """Whether the statement ranges over a type that has scalars in it, itself or through a definition."""
    return any(
        isinstance(clause.source, Values) and not isinstance(clause.source.type, SortType | BoolType)
        for term in closure(terms, definitions)
        if isinstance(term, Comprehension)
        for clause in term.clauses
        if isinstance(clause, Generator)
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases to try, smallest first, and the constants that could not be reached."""

    cases: tuple[Case, ...]
    out_of_reach: tuple[int, ...]


def plan(dims: Sequence[Dimension], meets: frozenset[int], largest: int, order: Sequence[int]) -> Plan:
    """Base cases (all combinations up to `largest`, thinned to `MOST_CASES` by the shuffled `order`), and for each
    dimension each number that a constant asks for, the others being equal to it or small.

    `order` is a source of numbers drawn from the statement's hash.
    """
    base = [list(range(1, largest + 1)) if d.kind == "size" else list(range(largest + 1)) for d in dims]
    if _count(base) <= 20_000:
        combinations = [dict(zip(dims, values, strict=True)) for values in product(*base)]
    else:
        combinations = []
        for n in range(MOST_CASES * 2):
            picks = (order[(n * len(dims) + k) % len(order)] for k in range(len(dims)))
            combinations.append({d: v[p % len(v)] for d, v, p in zip(dims, base, picks, strict=True)})
    if len(combinations) > MOST_CASES:
        keep = [c for c in combinations if len({c[d] for d in dims if d.kind == "size"}) <= 1 and _even(c)]
        rest = [c for c in combinations if c not in keep]
        ranked = sorted(range(len(rest)), key=lambda n: (order[n % len(order)] * 7919 + n * 104729) % 1_000_003)
        combinations = (keep + [rest[n] for n in ranked])[:MOST_CASES]
    asked = sorted({v for c in meets for v in (c - 1, c, c + 1) if v >= 0})
    out = tuple(v for v in asked if v > REACH) if dims else ()
    extra: list[dict[Dimension, int]] = []
    for value in asked:
        if value > REACH or value <= largest:
            continue
        for dim in dims:
            extra.append({d: value if d == dim else 2 for d in dims})
        extra.append(dict.fromkeys(dims, value))
        extra.append({d: value if d.kind == "size" else 1 for d in dims})
    seen: set[tuple[int, ...]] = set()
    cases: list[Case] = []
    for case in combinations + extra:
        key = tuple(case[d] for d in dims)
        if key not in seen:
            seen.add(key)
            cases.append(case)
    cases.sort(key=lambda c: (sum(c.values()), tuple(c[d] for d in dims)))
    return Plan(tuple(cases), out)


def _even(case: Case) -> bool:
    others = {v for d, v in case.items() if d.kind != "size"}
    return len(others) <= 1


def _count(values: Sequence[Sequence[int]]) -> int:
    count = 1
    for v in values:
        count *= len(v)
    return count
