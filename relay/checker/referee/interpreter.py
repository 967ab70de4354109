"""The meaning of checked terms, node by node, over any arithmetic on scalars.

Nothing is batched or shared: a term is read as NOTATION.md says it, from left to right, and only as far as it is
needed. Two things end a reading besides a value: `NoValue`, and `Inexpressible` where the referee gives up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations
from math import comb, factorial, prod

from relay.checker.referee.values import (
    Listed,
    RefereeMatrix,
    RefereeVector,
    Scalar,
    Value,
    arrays_of,
    scalars_of,
    sizes_of,
    with_sizes,
)
from relay.notation.comparisons import COMPARISONS, EQUALITIES
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    Items,
    ListType,
    NatType,
    Numeral,
    Permutations,
    Range,
    Source,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
)
from relay.notation.traversal import type_terms

LARGEST_NUMBER = 2**53
"""Naturals beyond this run out, as the checker's do; no claim is made about what lies behind."""
MOST_CALLS = 60
"""Calls inside calls."""
MOST_ITEMS = 1_000
"""Permutations or subsets of one generator."""

Names = Mapping[str, Value]


class NoValue(Exception):  # it is what a term can be, not an error
    """The term has no value."""


class Inexpressible(Exception):  # as above
    """The referee can't say; the reason is for a person."""


class NodeBudget:
    """What a claim may still cost, in nodes; long polynomials count for more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, amount: int = 1) -> None:
        """Raises `Inexpressible` where nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise Inexpressible("too much work")


class Arithmetic(ABC):
    """Scalars, one at a time."""

    @abstractmethod
    def number(self, k: int) -> Scalar: ...

    @abstractmethod
    def add(self, a: Scalar, b: Scalar) -> Scalar: ...

    @abstractmethod
    def negative(self, a: Scalar) -> Scalar: ...

    @abstractmethod
    def multiply(self, a: Scalar, b: Scalar) -> Scalar: ...

    @abstractmethod
    def divide(self, a: Scalar, b: Scalar) -> Scalar:
        """`b` is known not to be zero."""

    @abstractmethod
    def conjugate(self, a: Scalar) -> Scalar: ...

    @abstractmethod
    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        """Whether all of them are zero."""

    @abstractmethod
    def truth(self, value: Value) -> bool:
        """A truth value, which may be open as yet."""


_ARITHMETIC = frozenset(("add", "sub", "mul", "div", "floordiv", "mod", "neg", "pow", "conj", "monus"))


class Interpreter:
    """Reads terms."""

    def __init__(self, arithmetic: Arithmetic, definitions: Mapping[str, Definition], budget: NodeBudget) -> None:
        self._scalars = arithmetic
        self._definitions = definitions
        self._budget = budget

    def value(self, term: Term, names: Names, home: Definition | None = None, depth: int = 0) -> Value:
        """The value of a term under names; `home` is the definition that it stands in. Raises `NoValue`,
        `Inexpressible`."""
        self._budget.spend()
        if isinstance(term, Numeral):
            return term.value if isinstance(term.type, NatType) else self._scalars.number(term.value)
        if isinstance(term, Truth):
            return term.value
        if isinstance(term, Variable):
            return names[term.name]
        if isinstance(term, Choice):
            return self._choice(term, names, home, depth)
        if isinstance(term, Comprehension):
            return self._comprehension(term, names, home, depth)
        if not isinstance(term, Apply | Call):
            raise Inexpressible(f"`{type(term).__name__}` is not read here")
        args = [self.value(arg, names, home, depth) for arg in term.args]
        if isinstance(term, Call):
            target = home if term.key == "self" else self._definitions.get(term.key)
            if target is None or len(args) != len(target.parameters):
                raise Inexpressible("it speaks of a function, or of an operation that the task gives")
            return self._call(target, args, depth + 1)
        if term.op == "list":
            assert isinstance(term.type, ListType)
            return self._listed(tuple(args), term.type.item, names, home, depth)
        return self._apply(term, args)

    # --- what reads no more than it needs ----------------------------------------------------------------------------

    def _choice(self, term: Choice, names: Names, home: Definition | None, depth: int) -> Value:
        first = self._scalars.truth(self.value(term.args[0], names, home, depth))
        if term.kind == "if":
            return self.value(term.args[1 if first else 2], names, home, depth)
        if first == (term.kind == "or"):  # `or` ends at a truth, `and` and `implies` at a falsehood
            return term.kind != "and"
        return self.value(term.args[1], names, home, depth)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, definition: Definition, args: Sequence[Value], depth: int) -> Value:
        if depth > MOST_CALLS:
            raise Inexpressible("calls nest too deep")
        names: dict[str, Value] = {p.name: arg for p, arg in zip(definition.parameters, args, strict=True)}
        asked: list[tuple[Term, int]] = []
        bound: set[str] = set()
        for parameter, arg in zip(definition.parameters, args, strict=True):
            for size, found in zip(type_terms(parameter.type), sizes_of(arg), strict=True):
                if isinstance(size, Variable) and size.name in definition.sizes and size.name not in bound:
                    bound.add(size.name)
                    names[size.name] = found
                else:
                    asked.append((size, found))
        self._compare(asked, names)
        value = self.value(definition.body, names, definition, depth)
        self._compare(list(zip(type_terms(definition.result), sizes_of(value), strict=True)), names)
        return value

    def _compare(self, asked: Sequence[tuple[Term, int]], names: Names) -> None:
        for size, found in asked:
            if self.value(size, names) != found:
                raise NoValue

    # --- operations --------------------------------------------------------------------------------------------------

    def _apply(self, term: Apply, args: Sequence[Value]) -> Value:
        op = term.op
        if op in EQUALITIES:
            return self._equal(args[0], args[1], term.args[0].type) == (op == "eq")
        if op == "not":
            return not self._scalars.truth(args[0])
        if op in COMPARISONS:
            return COMPARISONS[op](args[0], args[1])
        if op == "scalar":
            return self._scalars.number(args[0])
        if op == "len":
            return len(args[0].items)
        if op == "concat":
            return _joined(args[0].items + args[1].items, args[0].sizes)
        if op in ("item", "component", "entry"):
            return _place(args[0], args[1:])
        if op not in _ARITHMETIC:
            raise Inexpressible(f"`{op}` is not read here")
        return _natural(op, args[0], args[1]) if isinstance(term.type, NatType) else self._scalar(op, args)

    def _scalar(self, op: str, args: Sequence[Value]) -> Scalar:
        scalars = self._scalars
        if op == "neg":
            return scalars.negative(args[0])
        if op == "conj":
            return scalars.conjugate(args[0])
        a, b = args
        if op == "pow":
            return self._power(a, b)
        if op == "div":
            if scalars.vanish((b,)):
                raise NoValue
            return scalars.divide(a, b)
        if op == "mul":
            return scalars.multiply(a, b)
        return scalars.add(a, b if op == "add" else scalars.negative(b))

    def _power(self, a: Scalar, k: int) -> Scalar:
        if k > 4_096:
            raise Inexpressible("an exponent is too large")
        result = self._scalars.number(1)
        while k:
            if k % 2:
                result = self._scalars.multiply(result, a)
            k //= 2
            if k:
                a = self._scalars.multiply(a, a)
        return result

    def _equal(self, a: Value, b: Value, type_: Type) -> bool:
        if isinstance(a, Listed):
            if not _comparable(a, b):
                raise NoValue
            if len(a.items) != len(b.items):
                return False
            assert isinstance(type_, ListType)
            item = type_.item
            return all(self._equal(x, y, item) for x, y in zip(a.items, b.items, strict=True))
        if isinstance(a, RefereeVector | RefereeMatrix):
            if sizes_of(a) != sizes_of(b):
                raise NoValue
            return self._same(scalars_of(a), scalars_of(b))
        if isinstance(type_, NatType):
            return bool(a == b)
        if isinstance(type_, BoolType):
            return self._scalars.truth(a) == self._scalars.truth(b)
        return self._same((a,), (b,))

    def _same(self, left: Sequence[Scalar], right: Sequence[Scalar]) -> bool:
        scalars = self._scalars
        return scalars.vanish([scalars.add(x, scalars.negative(y)) for x, y in zip(left, right, strict=True)])

    # --- comprehensions ----------------------------------------------------------------------------------------------

    def _comprehension(self, term: Comprehension, names: Names, home: Definition | None, depth: int) -> Value:
        kind = term.kind
        if kind == "matrix":
            return self._matrix(term, names, home, depth)
        values = self._items(term, 0, names, home, depth)
        if kind in ("any", "all"):
            for value in values:
                if self._scalars.truth(value) == (kind == "any"):
                    return kind == "any"
            return kind == "all"
        if kind == "first":
            for value in values:
                return value
            raise NoValue
        items = tuple(values)
        if kind == "vector":
            return RefereeVector(items)
        if kind == "list":
            assert isinstance(term.type, ListType)
            return self._listed(items, term.type.item, names, home, depth)
        if kind == "count":
            return sum(self._scalars.truth(item) for item in items)
        if kind in ("max", "min"):
            if not items:
                raise NoValue
            return max(items) if kind == "max" else min(items)
        return self._folded(kind, items, isinstance(term.type, NatType))

    def _folded(self, kind: str, items: Sequence[Value], natural: bool) -> Value:
        if natural:
            return _held(sum(items) if kind == "sum" else prod(items))
        total = self._scalars.number(0 if kind == "sum" else 1)
        for item in items:
            total = self._scalars.add(total, item) if kind == "sum" else self._scalars.multiply(total, item)
        return total

    def _matrix(self, term: Comprehension, names: Names, home: Definition | None, depth: int) -> RefereeMatrix:
        (first, rows), (second, columns) = (
            (clause.variable.name, list(self._source(clause.source, names, home, depth)))
            for clause in term.clauses
            if isinstance(clause, Generator)
        )
        entries = tuple(
            tuple(self.value(term.body, {**names, first: i, second: j}, home, depth) for j in columns) for i in rows
        )
        return RefereeMatrix(len(rows), len(columns), entries)

    def _items(
        self, term: Comprehension, at: int, names: Names, home: Definition | None, depth: int
    ) -> Iterator[Value]:
        """Values of the body, one by one, so that whoever asks may stop."""
        if at == len(term.clauses):
            yield self.value(term.body, names, home, depth)
            return
        clause = term.clauses[at]
        if isinstance(clause, IfClause):
            if self._scalars.truth(self.value(clause.term, names, home, depth)):
                yield from self._items(term, at + 1, names, home, depth)
            return
        for item in self._source(clause.source, names, home, depth):
            yield from self._items(term, at + 1, {**names, clause.variable.name: item}, home, depth)

    def _source(self, source: Source, names: Names, home: Definition | None, depth: int) -> Iterator[Value]:
        if isinstance(source, Range):
            start = self.value(source.start, names, home, depth)
            yield from range(start, max(self.value(source.stop, names, home, depth), start))
        elif isinstance(source, Items):
            yield from self.value(source.list, names, home, depth).items
        elif isinstance(source, Permutations):
            n = self.value(source.n, names, home, depth)
            if n > 6 or factorial(n) > MOST_ITEMS:
                raise Inexpressible("too many permutations")
            yield from map(Listed, permutations(range(n)))
        elif isinstance(source, Subsets):
            n, k = self.value(source.n, names, home, depth), self.value(source.k, names, home, depth)
            if n > MOST_ITEMS or comb(n, k) > MOST_ITEMS:
                raise Inexpressible("too many subsets")
            yield from map(Listed, combinations(range(n), k))
        elif isinstance(source.type, BoolType):
            yield from (False, True)
        else:
            raise Inexpressible("it ranges over a type")

    def _listed(
        self, items: tuple[Value, ...], item: Type, names: Names, home: Definition | None, depth: int
    ) -> Listed:
        if items:
            return _joined(items, sizes_of(items[0]))
        sizes = []
        for size in type_terms(item):
            try:
                sizes.append(self.value(size, names, home, depth))
            except NoValue:
                sizes.append(0)
        return Listed((), tuple(sizes))


def _joined(items: tuple[Value, ...], sizes: tuple[int, ...]) -> Listed:
    """A list whose arrays are all of one size; `sizes` where it has none."""
    found = [array for item in items for array in arrays_of(item)]
    if any(array != found[0] for array in found):
        raise NoValue
    listed = with_sizes(Listed(items), found[0] if found else sizes)
    assert isinstance(listed, Listed)
    return listed


def _comparable(a: Value, b: Value) -> bool:
    """Lists of different lengths differ; arrays of different sizes can't be compared, wherever they stand."""
    if isinstance(a, Listed):
        return len(a.items) != len(b.items) or all(_comparable(x, y) for x, y in zip(a.items, b.items, strict=True))
    return sizes_of(a) == sizes_of(b)


def _place(whole: Value, at: Sequence[int]) -> Value:
    for index in at:
        if isinstance(whole, RefereeMatrix):
            if at[0] >= whole.rows or at[1] >= whole.columns:
                raise NoValue
            return whole.entries[at[0]][at[1]]
        parts = whole.items if isinstance(whole, Listed) else whole.entries
        if index >= len(parts):
            raise NoValue
        whole = parts[index]
    return whole


def _held(number: int) -> int:
    if number > LARGEST_NUMBER:
        raise Inexpressible("a number is too large")
    return number


def _natural(op: str, a: int, b: int) -> int:
    if op == "sub":
        if b > a:
            raise NoValue
        return a - b
    if op == "monus":
        return max(a - b, 0)
    if op in ("floordiv", "mod"):
        if b == 0:
            raise NoValue
        return a // b if op == "floordiv" else a % b
    if op == "pow":
        if a > 1 and b > 53:
            raise Inexpressible("a number is too large")
        return _held(a**b)
    return _held(a + b if op == "add" else a * b)
