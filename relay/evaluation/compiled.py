"""Terms turned into Python closures once, and then valued one value at a time (`relay.evaluation.plain_values`).

The meaning is that of `relay.evaluation.machine`, except for fuel: what is bounded is the number of items and calls.
Ranging over a type and operations of a structure are refused with `Undecidable`, when the term is turned. Closures are
composed from functions that stand here; no code is made from text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from math import prod
from operator import attrgetter
from typing import Any, cast

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.scalars import Scalars, Undefined
from relay.evaluation.machine import CALL_DEPTH
from relay.evaluation.naturals import NAT_LIMIT
from relay.evaluation.plain_values import Lst, Mat, sizes
from relay.notation.comparisons import AS_LESS, EQUALITIES, ORDERS
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Clause,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    Items,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Permutations,
    Range,
    ScalarType,
    Source,
    Subsets,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import has_functions, type_terms

Names = dict[str, Any]
Code = Callable[[Names, "Run"], Any]
Walk = Callable[[Names, "Run"], Iterable[Any]]
Listed = Callable[[Names, "Run"], list[Any]]

ITSELF = ""
"""The name under which a frame holds the definition that is being valued; no name of the notation is empty."""
MOST_PERMUTED = 7
MOST_CHOSEN = 24


class Run:
    """What one computation has at hand: arithmetic, definitions, and what it may still do."""

    __slots__ = ("_known", "definitions", "depth", "left", "scalars")

    def __init__(self, scalars: Scalars, definitions: Mapping[str, Definition], budget: int) -> None:
        self.scalars = scalars
        self.definitions = definitions
        self.left = budget
        """Items and calls that it may still value."""
        self.depth = 0
        """Calls within calls."""
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        """What was called with the very same scalars before: the arguments, kept alive, and the value."""

    def call(self, key: str, args: Sequence[Any], names: Names) -> Any:
        """The value of what is called by `key` in a frame. A call with arrays or scalars, in a loop that does not
        depend on it, is made once, and so is one with the very same scalars."""
        target = callee(key, names, self)
        if target.counts:
            return target.call(args, self)
        place = (target, *map(_mark, args))
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = (args, target.call(args, self))
        return known[1]


def _mark(arg: Any) -> Any:
    """Equal for two arguments in one place only if they are one value: a number, or arrays of the very same scalars,
    such as the minors of minors are. Whoever keeps it keeps the argument alive."""
    kind = arg.__class__
    if kind is int:
        return arg
    if kind is Mat:
        return (arg.rows, arg.columns, *map(id, arg.entries))
    return tuple(map(id, arg)) if kind is tuple else id(arg)


class CompiledDefinition:
    """A definition, ready to be called."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.names = tuple(parameter.name for parameter in definition.parameters)
        self.counts = all(isinstance(parameter.type, NatType) for parameter in definition.parameters)
        """Whether it takes natural numbers only."""
        self.binds: list[tuple[int, Callable[[Any], int], str]] = []
        self.compares: list[tuple[int, Callable[[Any], int], Code]] = []
        unbound = set(definition.sizes)
        if any(has_functions(parameter.type) for parameter in definition.parameters):
            raise Undecidable("functions are not passed on one by one")
        for n, parameter in enumerate(definition.parameters):
            for place, term in enumerate(type_terms(parameter.type)):
                if isinstance(term, Variable) and term.name in unbound:
                    unbound.discard(term.name)
                    self.binds.append((n, _size(parameter.type, place), term.name))
                else:
                    self.compares.append((n, _size(parameter.type, place), code(term)))
        self.body = definition.body
        self.run = code(definition.body)
        sure = isinstance(definition.body, Variable) or (
            isinstance(definition.body, Comprehension) and definition.body.kind in ("vector", "matrix")
        )
        checked = () if sure and definition.body.type == definition.result else type_terms(definition.result)
        self.result = tuple(code(term) for term in checked)

    def frame(self, args: Sequence[Any], run: Run) -> Names:
        """The names of a call. Raises `Undefined` where the sizes do not fit."""
        names: Names = dict(zip(self.names, args, strict=True))
        names[ITSELF] = self
        for n, size, name in self.binds:
            names[name] = size(args[n])
        for n, size, expected in self.compares:
            if expected(names, run) != size(args[n]):
                raise Undefined
        return names

    def call(self, args: Sequence[Any], run: Run) -> Any:
        """The value at given arguments."""
        run.left -= 1
        run.depth += 1
        if run.left < 0 or run.depth > CALL_DEPTH:
            raise TooLarge("the items and calls allowed for one value")
        names = self.frame(args, run)
        value = self.run(names, run)
        if self.result:
            for expected, size in zip(self.result, sizes(value), strict=True):
                if expected(names, run) != size:
                    raise Undefined
        run.depth -= 1
        return value


def _size(type_: Type, place: int) -> Callable[[Any], int]:
    """Reads one of the sizes of a value of a type."""
    if isinstance(type_, VectorType):
        return len
    if isinstance(type_, MatrixType):
        return _rows if place == 0 else _columns
    return lambda value: sizes(value)[place]


_rows, _columns = attrgetter("rows"), attrgetter("columns")

_KNOWN: dict[str, CompiledDefinition] = {}
"""By content hash, so that nothing has to be compared."""


def callee(key: str, names: Names, run: Run) -> CompiledDefinition:
    """What a call of `key` means."""
    if key == "self":
        return cast(CompiledDefinition, names[ITSELF])
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) > 2_048:
            _KNOWN.clear()
        found = _KNOWN[key] = CompiledDefinition(run.definitions[key])
    return found


def code(term: Term) -> Code:
    """The closure of a term. Raises `Undecidable` for what is not valued here."""
    make = _MAKERS.get(type(term))
    if make is None:
        raise Undecidable(f"{type(term).__name__} is not valued one by one")
    return make(term)


def _variable(term: Variable) -> Code:
    name = term.name
    return lambda names, run: names[name]


def _numeral(term: Numeral) -> Code:
    value = term.value
    if isinstance(term.type, NatType):
        return lambda names, run: value
    return lambda names, run: run.scalars.number(value)


def _truth(term: Truth) -> Code:
    value = term.value
    return lambda names, run: value


# --- operations ------------------------------------------------------------------------------------------------------


def _add(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.add(a(names, run), b(names, run))


def _sub(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.sub(a(names, run), b(names, run))


def _mul(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.mul(a(names, run), b(names, run))


def _div(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.div(a(names, run), b(names, run))


def _power(a: Code, b: Code) -> Code:
    return lambda names, run: run.scalars.power(a(names, run), b(names, run))


_ARITHMETIC = {"add": _add, "sub": _sub, "mul": _mul, "div": _div, "pow": _power}


def _apply(term: Apply) -> Code:
    op = term.op
    if op in _ARITHMETIC and type(term.type) is ScalarType:
        return _ARITHMETIC[op](code(term.args[0]), code(term.args[1]))
    if op in _LEAVES and isinstance(term.args[0].type, NatType) and isinstance(term.args[0], Variable):
        other = term.args[1]
        if isinstance(other, Variable):
            return _LEAVES[op][0](term.args[0].name, other.name)
        if isinstance(other, Numeral):
            return _LEAVES[op][1](term.args[0].name, other.value)
    args = [code(arg) for arg in term.args]
    if op == "list":
        return _list(args, cast(ListType, term.type).item)
    if op == "concat":
        return _concat(args[0], args[1], cast(ListType, term.type).item)
    a = args[0]
    if op in EQUALITIES:
        if has_functions(term.args[0].type):
            raise Undecidable("functions are not compared one by one")
        return _equality(a, args[1], term.args[0].type, op == "eq")
    if op == "not":
        return lambda names, run: not a(names, run)
    if op == "len":
        return lambda names, run: len(a(names, run).items)
    if op == "scalar":
        return lambda names, run: run.scalars.number(a(names, run))
    if op == "neg":
        return lambda names, run: run.scalars.neg(a(names, run))
    if op == "conj":
        return lambda names, run: run.scalars.conj(a(names, run))
    b = args[1]
    if op == "entry":
        array = term.args[0]
        return _entry_of(array.name, b, args[2]) if isinstance(array, Variable) else _entry(a, b, args[2])
    if op in ("component", "item"):
        return _item(a, b, op == "item")
    if isinstance(term.args[0].type, NatType):
        return _natural(op, a, b)
    if op in ORDERS:
        return _order(op, a, b)
    raise Undecidable(f"`{op}` is not valued one by one")


def _order(op: str, a: Code, b: Code) -> Code:
    exchanged, negated = AS_LESS[op]

    def value(names: Names, run: Run) -> bool:
        x, y = a(names, run), b(names, run)
        less = run.scalars.less(y, x) if exchanged else run.scalars.less(x, y)
        return not less if negated else less

    return value


def _entry_of(name: str, i: Code, j: Code) -> Code:
    def value(names: Names, run: Run) -> Any:
        matrix = names[name]
        row, column = i(names, run), j(names, run)
        width = matrix.columns
        if row >= matrix.rows or column >= width:
            raise Undefined
        return matrix.entries[row * width + column]

    return value


def _entry(a: Code, i: Code, j: Code) -> Code:
    def value(names: Names, run: Run) -> Any:
        matrix = a(names, run)
        row, column = i(names, run), j(names, run)
        if row >= matrix.rows or column >= matrix.columns:
            raise Undefined
        return matrix.entries[row * matrix.columns + column]

    return value


def _item(a: Code, k: Code, listed: bool) -> Code:
    def value(names: Names, run: Run) -> Any:
        items = a(names, run)
        if listed:
            items = items.items
        place = k(names, run)
        if place >= len(items):
            raise Undefined
        return items[place]

    return value


def _less(a: str, b: str) -> Code:
    return lambda names, run: names[a] < names[b]


def _less_than(a: str, k: int) -> Code:
    return lambda names, run: names[a] < k


def _alike(a: str, b: str) -> Code:
    return lambda names, run: names[a] == names[b]


def _is(a: str, k: int) -> Code:
    return lambda names, run: names[a] == k


_LEAVES: Mapping[str, tuple[Callable[[str, str], Code], Callable[[str, int], Code]]] = {
    "eq": (_alike, _is),
    "lt": (_less, _less_than),
}
"""What is most often asked of indices, with a name on the left, and a name or a numeral on the right."""


def _sum(a: Code, b: Code) -> Code:
    def value(names: Names, run: Run) -> int:
        result: int = a(names, run) + b(names, run)
        if result > NAT_LIMIT:
            raise TooLarge("a natural number has outgrown its limit")
        return result

    return value


def _natural(op: str, a: Code, b: Code) -> Code:
    if op == "add":
        return _sum(a, b)
    # The four orders are written out: to call a function of `COMPARISONS` would be a step more for every value.
    if op == "lt":
        return lambda names, run: a(names, run) < b(names, run)
    if op == "le":
        return lambda names, run: a(names, run) <= b(names, run)
    if op == "gt":
        return lambda names, run: a(names, run) > b(names, run)
    if op == "ge":
        return lambda names, run: a(names, run) >= b(names, run)

    def value(names: Names, run: Run) -> int:
        x, y = a(names, run), b(names, run)
        if op == "sub":
            result = x - y
            if result < 0:
                raise Undefined
        elif op == "mul":
            result = x * y
        elif op == "monus":
            result = max(x - y, 0)
        elif op == "pow":
            if x > 1 and y > 53:
                raise TooLarge("the items and calls allowed for one value")
            result = x**y
        else:
            if y == 0:
                raise Undefined
            result = x // y if op == "floordiv" else x % y
        if result > NAT_LIMIT:
            raise TooLarge("the items and calls allowed for one value")
        return int(result)

    return value


# --- equality --------------------------------------------------------------------------------------------------------


def _equality(a: Code, b: Code, type_: Type, positive: bool) -> Code:
    if isinstance(type_, NatType | BoolType):
        return lambda names, run: (a(names, run) == b(names, run)) is positive
    if isinstance(type_, ScalarType):

        def scalars(names: Names, run: Run) -> bool:
            x, y = a(names, run), b(names, run)
            same = run.scalars.same(x, y)
            return (run.scalars.decide(x, y) if same is None else same) is positive

        return scalars

    def value(names: Names, run: Run) -> bool:
        x, y = a(names, run), b(names, run)
        if not fits(x, y):
            raise Undefined
        return _equal(x, y, run) is positive

    return value


def fits(a: Any, b: Any) -> bool:
    """Whether two values may be compared: lists of different lengths may, arrays of different sizes may not."""
    if isinstance(a, Lst):
        return len(a.items) != len(b.items) or all(map(fits, a.items, b.items))
    return sizes(a) == sizes(b)


def _equal(a: Any, b: Any, run: Run) -> bool:
    pairs = list(_pairs(a, b))
    if None in pairs:
        return False
    open_: list[tuple[Any, Any]] = []
    for pair in pairs:
        x, y = cast(tuple[Any, Any], pair)
        same = (x == y) if isinstance(x, int | bool) else run.scalars.same(x, y)
        if same is False:
            return False
        if same is None:
            open_.append((x, y))
    return all(run.scalars.decide(x, y) for x, y in open_)


def _pairs(a: Any, b: Any) -> Iterator[tuple[Any, Any] | None]:
    """Naturals, truth values and scalars side by side; None for lists of different lengths."""
    if isinstance(a, Mat):
        yield from zip(a.entries, b.entries, strict=True)
    elif isinstance(a, tuple):
        yield from zip(a, b, strict=True)
    elif isinstance(a, Lst):
        if len(a.items) != len(b.items):
            yield None
            return
        for x, y in zip(a.items, b.items, strict=True):
            yield from _pairs(x, y)
    else:
        yield a, b


# --- lists -----------------------------------------------------------------------------------------------------------


def _has_arrays(type_: Type) -> bool:
    return bool(type_terms(type_))


def _ghost(type_: Type) -> Code:
    """The sizes that stand in a type, for a list that has no items; 0 where they have no value."""
    terms = [code(term) for term in type_terms(type_)]

    def value(names: Names, run: Run) -> tuple[int, ...]:
        found: list[int] = []
        for term in terms:
            try:
                found.append(term(names, run))
            except (Undefined, TooLarge):
                found.append(0)
        return tuple(found)

    return value


def _listed(items: Sequence[Any], ghost: Callable[[], tuple[int, ...]]) -> Lst:
    leaves = [leaf for item in items for leaf in _leaves(item)]
    if any(leaf != leaves[0] for leaf in leaves):
        raise Undefined
    common = leaves[0] if leaves else sizes(items[0]) if items else ghost()
    return cast(Lst, _resized(Lst(items), common))


def _leaves(value: Any) -> Iterator[tuple[int, ...]]:
    if isinstance(value, Lst):
        for item in value.items:
            yield from _leaves(item)
    elif isinstance(value, tuple | Mat):
        yield sizes(value)


def _resized(value: Any, common: tuple[int, ...]) -> Any:
    return Lst([_resized(item, common) for item in value.items], common) if isinstance(value, Lst) else value


def _list(args: Sequence[Code], item: Type) -> Code:
    if not _has_arrays(item):
        return lambda names, run: Lst([arg(names, run) for arg in args])
    ghost = _ghost(item)
    return lambda names, run: _listed([arg(names, run) for arg in args], lambda: ghost(names, run))


def _concat(a: Code, b: Code, item: Type) -> Code:
    arrays = _has_arrays(item)

    def value(names: Names, run: Run) -> Lst:
        left, right = a(names, run), b(names, run)
        run.left -= len(left.items) + len(right.items)
        if run.left < 0:
            raise TooLarge("the items and calls allowed for one value")
        items = [*left.items, *right.items]
        return _listed(items, lambda: cast(tuple[int, ...], left.sizes)) if arrays else Lst(items)

    return value


# --- choices and calls -----------------------------------------------------------------------------------------------


def _choice(term: Choice) -> Code:
    a, b = code(term.args[0]), code(term.args[1])
    if term.kind == "if":
        c = code(term.args[2])
        return lambda names, run: b(names, run) if a(names, run) else c(names, run)
    if term.kind == "and":
        return lambda names, run: a(names, run) and b(names, run)
    if term.kind == "or":
        return lambda names, run: a(names, run) or b(names, run)
    return lambda names, run: not a(names, run) or b(names, run)


def _call(term: Call) -> Code:
    key = term.key
    if key.startswith("given:"):
        raise Undecidable("operations of a structure are not valued one by one")
    args = [code(arg) for arg in term.args]
    return lambda names, run: run.call(key, [arg(names, run) for arg in args], names)


# --- comprehensions --------------------------------------------------------------------------------------------------


def _comprehension(term: Comprehension) -> Code:
    if term.kind == "matrix":
        return _matrix(term)
    body, kind = code(term.body), term.kind
    walk = walked(term.clauses)
    if kind == "any":
        return lambda names, run: any(body(names, run) for _ in walk(names, run))
    if kind == "all":
        return lambda names, run: all(body(names, run) for _ in walk(names, run))
    if kind == "first":

        def first(names: Names, run: Run) -> Any:
            for _ in walk(names, run):
                return body(names, run)
            raise Undefined

        return first

    items = _counted(term.clauses[0], body) if _is_one_range(term.clauses) else _items(walk, body)
    if kind == "vector":
        return lambda names, run: tuple(items(names, run))
    if kind == "list":
        item = cast(ListType, term.type).item
        if not _has_arrays(item):
            return lambda names, run: Lst(items(names, run))
        ghost = _ghost(item)
        return lambda names, run: _listed(items(names, run), lambda: ghost(names, run))
    if kind in ("max", "min"):
        return _best(items, kind == "max", isinstance(term.body.type, NatType))
    if kind == "count":
        return lambda names, run: sum(items(names, run))
    if isinstance(term.body.type, NatType):
        return _folded(items, sum if kind == "sum" else prod)
    if kind == "sum":
        return lambda names, run: run.scalars.total(items(names, run))
    return lambda names, run: run.scalars.product(items(names, run))


def _items(walk: Walk, body: Code) -> Listed:
    return lambda names, run: [body(names, run) for _ in walk(names, run)]


def _is_one_range(clauses: Sequence[Clause]) -> bool:
    return len(clauses) == 1 and isinstance(clauses[0], Generator) and isinstance(clauses[0].source, Range)


def _counted(clause: Clause, body: Code) -> Listed:
    """One generator over a range, which most comprehensions are."""
    assert isinstance(clause, Generator)
    numbers, name = _range(clause.source), clause.variable.name

    def value(names: Names, run: Run) -> list[Any]:
        found: list[Any] = []
        for number in numbers(names, run):
            run.left -= 1
            if run.left < 0:
                raise TooLarge("the items and calls allowed for one value")
            names[name] = number
            found.append(body(names, run))
        return found

    return value


def _folded(items: Listed, fold: Callable[[Iterable[int]], int]) -> Code:
    def value(names: Names, run: Run) -> int:
        result = fold(items(names, run))
        if result > NAT_LIMIT:
            raise TooLarge("the items and calls allowed for one value")
        return result

    return value


def _best(items: Listed, largest: bool, natural: bool) -> Code:
    def value(names: Names, run: Run) -> Any:
        found = items(names, run)
        if not found:
            raise Undefined
        if natural:
            return max(found) if largest else min(found)
        best = found[0]
        for item in found[1:]:
            less = run.scalars.less(best, item)
            best = item if less is largest else best
        return best

    return value


def _matrix(term: Comprehension) -> Code:
    """Both ranges are read first, once each."""
    body = code(term.body)
    rows, columns = (_range(clause.source) for clause in term.clauses if not isinstance(clause, IfClause))
    i, j = (clause.variable.name for clause in term.clauses if not isinstance(clause, IfClause))

    def value(names: Names, run: Run) -> Mat:
        down, across = rows(names, run), columns(names, run)
        run.left -= len(down) * len(across)
        if run.left < 0:
            raise TooLarge("the items and calls allowed for one value")
        entries: list[Any] = []
        for r in down:
            for c in across:
                names[i], names[j] = r, c
                entries.append(body(names, run))
        return Mat(len(down), len(across), entries)

    return value


def _range(source: Source) -> Callable[[Names, Run], range]:
    assert isinstance(source, Range)
    start, stop = code(source.start), code(source.stop)

    def value(names: Names, run: Run) -> range:
        low, high = start(names, run), stop(names, run)
        return range(low, max(low, high))

    return value


def walked(clauses: Sequence[Clause]) -> Walk:
    """Goes through the items: sets the variables in the frame, and yields once an item."""
    if not clauses:
        return lambda names, run: (None,)
    clause, rest = clauses[0], clauses[1:]
    inner = walked(rest) if rest else None
    if isinstance(clause, IfClause):
        condition = code(clause.term)

        def kept(names: Names, run: Run) -> Iterator[Any]:
            if condition(names, run):
                yield from (None,) if inner is None else inner(names, run)

        return kept
    source, name = _source(clause.source), clause.variable.name

    def drawn(names: Names, run: Run) -> Iterator[Any]:
        for item in source(names, run):
            run.left -= 1
            if run.left < 0:
                raise TooLarge("the items and calls allowed for one value")
            names[name] = item
            if inner is None:
                yield None
            else:
                yield from inner(names, run)

    return drawn


def _source(source: Source) -> Walk:
    if isinstance(source, Range):
        return _range(source)
    if isinstance(source, Items):
        listed = code(source.list)
        return lambda names, run: cast(Sequence[Any], listed(names, run).items)
    if isinstance(source, Permutations):
        n = code(source.n)

        def permuted(names: Names, run: Run) -> Iterator[Lst]:
            count = n(names, run)
            if count > MOST_PERMUTED:
                raise TooLarge("the items and calls allowed for one value")
            return (Lst(p) for p in permutations(range(count)))

        return permuted
    if isinstance(source, Subsets):
        whole, part = code(source.n), code(source.k)

        def chosen(names: Names, run: Run) -> Iterator[Lst]:
            n, k = whole(names, run), part(names, run)
            if n > MOST_CHOSEN:
                raise TooLarge("the items and calls allowed for one value")
            return (Lst(p) for p in combinations(range(n), k))

        return chosen
    if isinstance(source.type, BoolType):
        return lambda names, run: (False, True)
    raise Undecidable("ranging over a type has a meaning in finite models only")


_MAKERS: Mapping[type, Callable[[Any], Code]] = {
    Apply: _apply,
    Call: _call,
    Choice: _choice,
    Comprehension: _comprehension,
    Numeral: _numeral,
    Truth: _truth,
    Variable: _variable,
}
