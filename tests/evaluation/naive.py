"""A reference evaluator: one lane, one node after another, without sharing. Slow, short, and unlike the real one.

It states the meaning of terms as plain recursion over `relay.notation.syntax`, on Python ints, `Fraction`s and tuples.
The evaluator must give the same in every lane:

- Each node that is reached costs one unit of fuel, from left to right, item after item. `L + M` also costs one for each
  item of both. The ranges of `matrix` are evaluated first, once each. Sizes in a header cost nothing; the sizes of a
  type that a generator ranges over are terms like any other.
- A lane is exhausted if it spends more than its fuel, if a natural number exceeds 2^53 (sums and products: when they
  are complete), if calls nest too deep, or if a generator has too many values.
- The status is undefined or exhausted, depending on what happens first.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from relay.evaluation.algebra import GaloisField
from relay.evaluation.definition_tables import CALL_DEPTH
from relay.evaluation.function_equality import LEFT, RIGHT, agreement, size_name
from relay.evaluation.generators import MOST_ITEMS
from relay.evaluation.naturals import NAT_LIMIT
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Definition,
    FnType,
    Generator,
    IfClause,
    Items,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Partial,
    Permutations,
    Range,
    ScalarType,
    SortType,
    Source,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import functions_in, type_terms


class Undefined(Exception):
    pass


class Exhausted(Exception):
    pass


@dataclass(frozen=True)
class Vec:
    data: tuple[Any, ...]


@dataclass(frozen=True)
class Mat:
    rows: int
    columns: int
    data: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Lst:
    items: tuple[Any, ...]
    sizes: tuple[int, ...] = field(default=(), compare=False)
    """The sizes of the arrays inside, also in an empty list."""


@dataclass(frozen=True, eq=False)
class Fun:
    sizes: tuple[int, ...]
    """The sizes in its type."""
    call: Callable[[list[Any], int], Any]
    """Returns the value for the arguments and the number of enclosing calls."""
    recipe: tuple[Any, ...] = ()
    """The way in which the function was drawn, for packing."""


@dataclass(frozen=True)
class Field:
    """Arithmetic on single scalars."""

    number: Callable[[int], Any]
    add: Callable[[Any, Any], Any]
    mul: Callable[[Any, Any], Any]
    neg: Callable[[Any], Any]
    inverse: Callable[[Any], Any]
    conj: Callable[[Any], Any] = lambda a: a
    elements: tuple[Any, ...] = ()
    carriers: Mapping[str, int] = field(default_factory=dict)
    operations: Mapping[str, Any] = field(default_factory=dict)
    """The tables of the operations, as nested tuples with one level for each argument."""


def prime(p: int) -> Field:
    return Field(
        lambda k: k % p, lambda a, b: (a + b) % p, lambda a, b: a * b % p, lambda a: -a % p,
        lambda a: pow(a, -1, p), elements=tuple(range(p)) if p < 64 else (),
    )  # fmt: skip


def table(p: int, k: int, involution: bool = True) -> Field:
    """Return a field from the tables of the model, which have tests of their own."""
    model = GaloisField(p, k, involution)
    q = p**k
    add = [[int(model.add(a, b)) for b in range(q)] for a in range(q)]  # type: ignore[call-overload]
    mul = [[int(model.mul(a, b)) for b in range(q)] for a in range(q)]  # type: ignore[call-overload]
    return Field(
        lambda n: n % p, lambda a, b: add[a][b], lambda a, b: mul[a][b], lambda a: add[a].index(0),
        lambda a: mul[a].index(1), lambda a: int(model.conj(a)), tuple(range(q)),
    )  # fmt: skip


RATIONALS = Field(Fraction, lambda a, b: a + b, lambda a, b: a * b, lambda a: -a, lambda a: 1 / a)


def leaf_sizes(value: Any) -> Iterator[tuple[int, ...]]:
    if isinstance(value, Vec):
        yield (len(value.data),)
    elif isinstance(value, Mat):
        yield (value.rows, value.columns)
    elif isinstance(value, Fun):
        yield value.sizes
    elif isinstance(value, Lst):
        for item in value.items:
            yield from leaf_sizes(item)


def sizes(value: Any) -> tuple[int, ...]:
    """Return the sizes of a value, in the order of `type_terms`."""
    return value.sizes if isinstance(value, Lst) else next(leaf_sizes(value), ())


def resized(value: Any, common: tuple[int, ...]) -> Any:
    return Lst(tuple(resized(item, common) for item in value.items), common) if isinstance(value, Lst) else value


def fits(a: Any, b: Any) -> bool:
    """Whether two values may be compared: lists of different lengths may, arrays of different sizes may not."""
    if isinstance(a, Lst):
        return len(a.items) != len(b.items) or all(fits(x, y) for x, y in zip(a.items, b.items, strict=True))
    return sizes(a) == sizes(b)


@dataclass
class Naive:
    field: Field
    definitions: Mapping[str, Definition]
    limit: int
    fuel: int = 0

    def charge(self, amount: int = 1) -> None:
        self.fuel += amount
        if self.fuel > self.limit:
            raise Exhausted

    def bound(self, definition: Definition, args: list[Any], names: dict[str, Any]) -> dict[str, Any]:
        """Return the names of a call with its first arguments; `names` holds the sizes that these do not decide."""
        names.update({p.name: arg for p, arg in zip(definition.parameters, args, strict=False)})
        unbound = set(definition.sizes) - names.keys()
        compare = []
        for parameter, arg in zip(definition.parameters, args, strict=False):
            for term, size in zip(type_terms(parameter.type), sizes(arg), strict=True):
                if isinstance(term, Variable) and term.name in unbound:
                    unbound.discard(term.name)
                    names[term.name] = size
                else:
                    compare.append((term, size))
        for term, size in compare:
            if self.free(term, names) != size:
                raise Undefined
        return names

    def call(self, definition: Definition, args: list[Any], depth: int = 1) -> Any:
        if depth > CALL_DEPTH:
            raise Exhausted
        assert len(args) == len(definition.parameters)
        names = self.bound(definition, args, {})
        value = self.run(definition.body, names, definition, depth)
        for term, size in zip(type_terms(definition.result), sizes(value), strict=True):
            if self.free(term, names) != size:
                raise Undefined
        return value

    def free(self, term: Term, names: Mapping[str, Any], definition: Definition | None = None, depth: int = 0) -> Any:
        """Return a size; it costs no fuel."""
        before = self.fuel
        self.fuel = 0
        try:
            return self.run(term, names, definition, depth)
        finally:
            self.fuel = before

    def ghost(self, type_: Type, names: Mapping[str, Any], definition: Definition | None, depth: int) -> Any:
        """Return the sizes of the items of an empty list: those of the type, or 0 for a size without a value."""
        found = []
        for term in type_terms(type_):
            try:
                found.append(self.free(term, names, definition, depth))
            except (Undefined, Exhausted):
                found.append(0)
        return tuple(found)

    def listed(self, items: tuple[Any, ...], ghost: Callable[[], tuple[int, ...]]) -> Lst:
        leaves = [leaf for item in items for leaf in leaf_sizes(item)]
        if any(leaf != leaves[0] for leaf in leaves):
            raise Undefined
        common = leaves[0] if leaves else sizes(items[0]) if items else ghost()
        return resized(Lst(items), common)

    def nat(self, value: int) -> int:
        if value < 0:
            raise Undefined
        if value > NAT_LIMIT:
            raise Exhausted
        return value

    def run(self, term: Term, names: Mapping[str, Any], definition: Definition | None, depth: int) -> Any:
        self.charge()
        if isinstance(term, Variable):
            return names[term.name]
        if isinstance(term, Truth):
            return term.value
        if isinstance(term, Numeral):
            return term.value if isinstance(term.type, NatType) else self.field.number(term.value)
        if isinstance(term, Apply):
            args = [self.run(arg, names, definition, depth) for arg in term.args]
            if term.op in ("apply", "curry"):
                return self.applied(term, args[0], args[1:], depth)
            if term.op in ("eq", "ne") and functions_in(term.args[0].type):
                same = self.agree(term.args[0].type, args[0], args[1], depth)
                return same == (term.op == "eq")
            if term.op == "concat":
                self.charge(len(args[0].items) + len(args[1].items))
                return self.listed(args[0].items + args[1].items, lambda: args[0].sizes)
            if term.op == "list":
                assert isinstance(term.type, ListType)
                item = term.type.item
                return self.listed(tuple(args), lambda: self.ghost(item, names, definition, depth))
            return self.apply(term, args)
        if isinstance(term, Call):
            args = [self.run(arg, names, definition, depth) for arg in term.args]
            if term.key.startswith("given:"):
                result = self.field.operations[term.key.removeprefix("given:")]
                for arg in args:
                    result = result[arg]
                return result
            target = definition if term.key == "self" else self.definitions[term.key]
            assert target is not None
            return self.call(target, args, depth + 1)
        if isinstance(term, Partial):
            return self.partial(term, names, definition, depth)
        if isinstance(term, Choice):
            first = self.run(term.args[0], names, definition, depth)
            if term.kind == "if":
                return self.run(term.args[1 if first else 2], names, definition, depth)
            if term.kind == "and":
                return first and self.run(term.args[1], names, definition, depth)
            if term.kind == "or":
                return first or self.run(term.args[1], names, definition, depth)
            return not first or self.run(term.args[1], names, definition, depth)
        return self.comprehend(term, names, definition, depth)

    def partial(self, term: Partial, names: Mapping[str, Any], definition: Definition | None, depth: int) -> Fun:
        args = [self.run(arg, names, definition, depth) for arg in term.args]
        if term.key.startswith("given:"):
            table = self.field.operations[term.key.removeprefix("given:")]

            def look(rest: list[Any], around: int) -> Any:
                result = table
                for arg in args + rest:
                    result = result[arg]
                return result

            return Fun((), look)
        target = definition if term.key == "self" else self.definitions[term.key]
        assert target is not None
        taken, rest = target.parameters[: len(args)], target.parameters[len(args) :]
        decided = {t.name for p in taken for t in type_terms(p.type) if isinstance(t, Variable)}
        left = [size for size in target.sizes if size not in decided]
        given = {size: self.free(t, names, definition, depth) for size, t in zip(left, term.sizes, strict=True)}
        inner = self.bound(target, args, given)
        types = [*(p.type for p in rest), target.result]
        sizes_ = tuple(self.free(size, inner) for type_ in types for size in type_terms(type_))
        return Fun(sizes_, lambda more, around: self.call(target, args + more, around + 1))

    def applied(self, term: Apply, function: Fun, args: list[Any], depth: int) -> Any:
        kind = term.args[0].type
        assert isinstance(kind, FnType)
        actual = [size for arg in args for size in sizes(arg)]
        if tuple(actual) != function.sizes[: len(actual)]:
            raise Undefined
        if term.op == "apply":
            return function.call(args, depth)
        return Fun(function.sizes[len(actual) :], lambda rest, around: function.call(args + rest, around))

    def agree(self, kind: Type, left: Any, right: Any, depth: int) -> Any:
        if not fits(left, right):
            raise Undefined
        names = {LEFT: left, RIGHT: right}
        if isinstance(left, Fun):
            names.update({size_name(n): size for n, size in enumerate(left.sizes)})
        return self.run(agreement(kind), names, None, depth)

    def apply(self, term: Apply, args: list[Any]) -> Any:
        op, field_ = term.op, self.field
        a, b = args[0], args[1] if len(args) > 1 else None
        if op == "len":
            return len(a.items)
        if op == "item":
            if b >= len(a.items):
                raise Undefined
            return a.items[b]
        if op == "component":
            if b >= len(a.data):
                raise Undefined
            return a.data[b]
        if op == "entry":
            if b >= a.rows or args[2] >= a.columns:
                raise Undefined
            return a.data[b][args[2]]
        if op in ("eq", "ne"):
            if not fits(a, b):
                raise Undefined
            return (a == b) == (op == "eq")
        if op == "not":
            return not a
        if op == "scalar":
            return field_.number(a)
        if op in ("lt", "le", "gt", "ge"):
            return {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[op]
        if isinstance(term.args[0].type, NatType):
            if op in ("floordiv", "mod") and b == 0:
                raise Undefined
            if op == "pow" and a > 1 and b > 53:
                raise Exhausted
            return self.nat(
                a + b if op == "add" else a - b if op == "sub" else a * b if op == "mul" else a**b if op == "pow"
                else a // b if op == "floordiv" else a % b if op == "mod" else max(a - b, 0)
            )  # fmt: skip
        if op == "neg":
            return field_.neg(a)
        if op == "conj":
            return field_.conj(a)
        if op == "pow":
            result = field_.number(1)
            for _ in range(b):
                result = field_.mul(result, a)
            return result
        if op == "div":
            if b == field_.number(0):
                raise Undefined
            return field_.mul(a, field_.inverse(b))
        return field_.mul(a, b) if op == "mul" else field_.add(a, b if op == "add" else field_.neg(b))

    # --- comprehensions ----------------------------------------------------------------------------------------------

    def comprehend(self, term: Comprehension, names: Mapping[str, Any], definition: Any, depth: int) -> Any:
        kind = term.kind
        if kind == "matrix":
            rows, columns = (self.source(c.source, names, definition, depth) for c in term.clauses)  # type: ignore[union-attr]
            i, j = (c.variable.name for c in term.clauses)  # type: ignore[union-attr]
            data = tuple(
                tuple(self.run(term.body, {**names, i: r, j: c}, definition, depth) for c in columns) for r in rows
            )
            return Mat(len(rows), len(columns), data)
        values = self.values(term, 0, names, definition, depth)
        if kind in ("any", "all"):
            return any(values) if kind == "any" else all(values)
        if kind == "first":
            for value in values:
                return value
            raise Undefined
        items = tuple(values)
        if kind == "vector":
            return Vec(items)
        if kind == "list":
            assert isinstance(term.type, ListType)
            item = term.type.item
            return self.listed(items, lambda: self.ghost(item, names, definition, depth))
        if kind == "count":
            return sum(items)
        if kind in ("max", "min"):
            if not items:
                raise Undefined
            return max(items) if kind == "max" else min(items)
        if isinstance(term.body.type, NatType):
            return self.nat(sum(items) if kind == "sum" else math.prod(items))
        total = self.field.number(0 if kind == "sum" else 1)
        for item in items:
            total = self.field.add(total, item) if kind == "sum" else self.field.mul(total, item)
        return total

    def values(self, term: Comprehension, n: int, names: Mapping[str, Any], d: Any, depth: int) -> Iterator[Any]:
        if n == len(term.clauses):
            yield self.run(term.body, names, d, depth)
            return
        clause = term.clauses[n]
        if isinstance(clause, IfClause):
            if self.run(clause.term, names, d, depth):
                yield from self.values(term, n + 1, names, d, depth)
            return
        assert isinstance(clause, Generator)
        for item in self.source(clause.source, names, d, depth):
            yield from self.values(term, n + 1, {**names, clause.variable.name: item}, d, depth)

    def source(self, source: Source, names: Mapping[str, Any], d: Any, depth: int) -> Any:
        if isinstance(source, Range):
            start = self.run(source.start, names, d, depth)
            return range(start, max(start, self.run(source.stop, names, d, depth)))
        if isinstance(source, Items):
            return self.run(source.list, names, d, depth).items
        if isinstance(source, Permutations):
            n = self.run(source.n, names, d, depth)
            if n > 12 or math.factorial(n) > MOST_ITEMS:
                raise Exhausted
            return [Lst(p) for p in itertools.permutations(range(n))]
        if isinstance(source, Subsets):
            n, k = self.run(source.n, names, d, depth), self.run(source.k, names, d, depth)
            if math.comb(n, k) > MOST_ITEMS:
                raise Exhausted
            return [Lst(p) for p in itertools.combinations(range(n), k)]
        type_ = source.type
        if isinstance(type_, BoolType):
            return [False, True]
        if isinstance(type_, SortType):
            return range(self.field.carriers[type_.name])
        elements = self.field.elements
        if isinstance(type_, ScalarType):
            return elements
        found = [self.run(size, names, d, depth) for size in type_terms(type_)]
        cells = math.prod(found)
        if cells > 20 or len(elements) ** cells > MOST_ITEMS:
            raise Exhausted
        every = itertools.product(elements, repeat=cells)
        if isinstance(type_, VectorType):
            return [Vec(v) for v in every]
        assert isinstance(type_, MatrixType)
        r, c = found
        return [Mat(r, c, tuple(v[i * c : (i + 1) * c] for i in range(r))) for v in every]
