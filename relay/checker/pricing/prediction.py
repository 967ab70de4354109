"""The span of terms whose work depends on sizes alone, counted without valuing them.

Most statements are of this kind: sums and arrays over sizes, calls of definitions, recursion on a size. Natural numbers
and truth values are followed where they are known; what is counted is what `relay.evaluation.span` counts where every
part has a value. Anything else is *unpredictable*: a branch, a condition or the end of a generator that depends on a
value, functions that are applied, lists that are ranged over.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from math import comb, factorial, prod

from relay.evaluation.algebra.base import Algebra
from relay.evaluation.definition_tables import CALL_DEPTH
from relay.evaluation.generators import MOST_CHOSEN, MOST_ITEMS
from relay.evaluation.naturals import NAT_LIMIT
from relay.evaluation.operation_tables import OperationTables
from relay.evaluation.recursion_limit import deep
from relay.notation.comparisons import COMPARISONS
from relay.notation.syntax import (
    TABLES,
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Definition,
    Generator,
    IfClause,
    Items,
    NatType,
    Numeral,
    Partial,
    Permutations,
    Range,
    SortType,
    Source,
    Subsets,
    Term,
    Truth,
    Variable,
)
from relay.notation.traversal import functions_in, type_terms

__all__ = ["Prediction", "TooDear", "Unpredictable"]

MOST_STEPS = 5_000
"""Nodes that one prediction may look at, however many it counts; after that the span is counted by valuing."""

Known = int | bool | None
"""The value of a natural number or a truth value; None if it is not known."""


class Unpredictable(Exception):  # an outcome, not an error
    """The span depends on values."""


class TooDear(Exception):  # an outcome, not an error
    """The span is larger than it may be."""


class Prediction:
    """Counts spans in one model."""

    def __init__(
        self, model: Algebra, definitions: Mapping[str, Definition], tables: OperationTables | None, most: int
    ) -> None:
        """`most`: the largest span that is counted. `tables`: those of the definitions that only compose operations."""
        self._model, self._definitions, self._tables, self._most = model, definitions, tables, most
        self._steps = self._nodes = self._depth = 0
        self._calls: dict[tuple[str, tuple[tuple[str, Known], ...]], tuple[int, Known]] = {}

    def count(self, terms: Sequence[Term], names: Mapping[str, Known], within: Definition | None = None) -> int:
        """The span of `terms` together. `names` has what is known of the natural numbers and truth values among their
        free names; `within` is the definition whose body they are. Raises `Unpredictable`, and `TooDear` if the span is
        larger than it may be."""
        self._nodes = self._depth = 0
        try:
            with deep():
                for term in terms:
                    self._run(term, names, within)
        except (RecursionError, OverflowError):
            raise Unpredictable from None
        return self._nodes

    def _add(self, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > self._most:
            raise TooDear

    def _run(self, term: Term, names: Mapping[str, Known], within: Definition | None) -> Known:
        """Count a term; return its value if it is known. `within`: the definition that it stands in."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Unpredictable
        self._add(1)
        match term:
            case Variable():
                return names.get(term.name)
            case Numeral():
                return term.value if isinstance(term.type, NatType) else None
            case Truth():
                return term.value
            case Apply():
                return self._apply(term, names, within)
            case Call():
                return self._call(term, names, within)
            case Partial():
                for arg in term.args:
                    self._run(arg, names, within)
                return None
            case Choice():
                return self._choice(term, names, within)
        self._comprehension(term, names, within)
        return None

    def _apply(self, term: Apply, names: Mapping[str, Known], within: Definition | None) -> Known:
        if term.op in ("apply", "concat") or (term.op in ("eq", "ne") and functions_in(term.args[0].type)):
            raise Unpredictable
        args = [self._run(arg, names, within) for arg in term.args]
        if not isinstance(term.args[0].type if term.args else None, NatType | BoolType) or None in args:
            return None
        return _computed(term.op, [int(arg) for arg in args if arg is not None])

    def _choice(self, term: Choice, names: Mapping[str, Known], within: Definition | None) -> Known:
        first = self._run(term.args[0], names, within)
        if first is not None:
            if term.kind == "if":
                return self._run(term.args[1 if first else 2], names, within)
            # the value that decides without the second operand, and what is then the value of all
            deciding, whole = {"and": (False, False), "or": (True, True), "implies": (False, True)}[term.kind]
            return whole if bool(first) == deciding else self._run(term.args[1], names, within)
        if term.kind != "if":
            raise Unpredictable
        # both branches may cost the same, whichever is taken
        before = self._nodes
        self._run(term.args[1], names, within)
        one, self._nodes = self._nodes, before
        self._run(term.args[2], names, within)
        if one != self._nodes:
            raise Unpredictable
        return None

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, term: Call, names: Mapping[str, Known], within: Definition | None) -> Known:
        args = [self._run(arg, names, within) for arg in term.args]
        if term.key.startswith(TABLES):
            return None
        definition = within if term.key == "self" else self._definitions[term.key]
        assert definition is not None
        if self._tables is not None and self._tables.table(definition, self._definitions) is not None:
            return None
        inner: dict[str, Known] = {}
        for parameter, arg, known in zip(definition.parameters, term.args, args, strict=True):
            if isinstance(parameter.type, NatType | BoolType):
                inner[parameter.name] = known
            for size, actual in zip(type_terms(parameter.type), type_terms(arg.type), strict=True):
                if isinstance(size, Variable) and size.name in definition.sizes and size.name not in inner:
                    inner[size.name] = self._size(actual, names, within)
        key = definition.key, tuple(sorted(inner.items()))
        if key not in self._calls:
            self._calls[key] = self._body(definition, inner)
            return self._calls[key][1]
        nodes, value = self._calls[key]
        self._add(nodes)
        return value

    def _body(self, definition: Definition, names: Mapping[str, Known]) -> tuple[int, Known]:
        before = self._nodes
        self._depth += 1
        if self._depth > CALL_DEPTH:
            raise Unpredictable
        value = self._run(definition.body, names, definition)
        self._depth -= 1
        return self._nodes - before, value

    def _size(self, term: Term, names: Mapping[str, Known], within: Definition | None) -> Known:
        """The value of a size, which costs nothing."""
        before = self._nodes
        value = self._run(term, names, within)
        self._nodes = before
        return value

    # --- comprehensions ----------------------------------------------------------------------------------------------

    def _comprehension(self, term: Comprehension, names: Mapping[str, Known], within: Definition | None) -> None:
        # the two ranges of a matrix are evaluated first, once each; other sources once for each item of those before
        drawn = None
        if term.kind == "matrix":
            drawn = [
                self._items(clause.source, names, within) for clause in term.clauses if isinstance(clause, Generator)
            ]
        self._clauses(term, 0, names, within, drawn)

    def _clauses(
        self,
        term: Comprehension,
        place: int,
        names: Mapping[str, Known],
        within: Definition | None,
        drawn: Sequence[_Drawn] | None,
    ) -> None:
        """Count the clauses from number `place` on, and the body. `drawn`: the items of all generators, if they were
        counted before."""
        if place == len(term.clauses):
            self._run(term.body, names, within)
            return
        clause = term.clauses[place]
        if isinstance(clause, IfClause):
            holds = self._run(clause.term, names, within)
            if holds is None:
                raise Unpredictable
            if holds:
                self._clauses(term, place + 1, names, within, drawn)
            return
        count, numbers = self._items(clause.source, names, within) if drawn is None else drawn[place]
        if not count:
            return
        name, before, depth = clause.variable.name, self._nodes, self._depth
        try:
            self._clauses(term, place + 1, {**names, name: None}, within, drawn)
            each = self._nodes - before
        except Unpredictable:
            # it may depend on which item it is: then each number is followed by itself
            if numbers is None or self._steps > MOST_STEPS:
                raise
        else:
            self._add(each * (count - 1))
            return
        self._nodes, self._depth = before, depth
        for number in numbers:
            self._clauses(term, place + 1, {**names, name: number}, within, drawn)

    def _items(self, source: Source, names: Mapping[str, Known], within: Definition | None) -> _Drawn:
        if isinstance(source, Items):
            raise Unpredictable
        if isinstance(source, Range):
            start, stop = (self._run(term, names, within) for term in (source.start, source.stop))
            if start is None or stop is None:
                raise Unpredictable
            return max(stop - start, 0), range(start, stop)
        if isinstance(source, Permutations):
            n = self._run(source.n, names, within)
            if n is None or n > 20:  # 20! is far above `MOST_ITEMS`
                raise Unpredictable
            return _few(factorial(n)), None
        if isinstance(source, Subsets):
            n, k = (self._run(term, names, within) for term in (source.n, source.k))
            if n is None or k is None or n > MOST_CHOSEN:
                raise Unpredictable
            return _few(comb(n, k)), None
        if isinstance(source.type, BoolType):
            return 2, None
        if isinstance(source.type, SortType):
            return self._model.carriers[source.type.name], None
        sizes = [self._run(size, names, within) for size in type_terms(source.type)]
        known = [size for size in sizes if size is not None]
        # 2^20 is above `MOST_ITEMS`
        if self._model.order is None or len(known) < len(sizes) or prod(known) > 20:
            raise Unpredictable
        return _few(self._model.order ** prod(known)), None


_Drawn = tuple[int, range | None]
"""The number of a generator's items; and the items, if they are natural numbers that may be followed."""


def _few(count: int) -> int:
    """`count`, unless a generator with so many items has no value. Raises `Unpredictable`."""
    if count > MOST_ITEMS:
        raise Unpredictable
    return count


def _computed(op: str, args: Sequence[int]) -> Known:
    """The value of an operation on natural numbers, or on truth values. Raises `Unpredictable` if it has none."""
    if op == "not":
        return not args[0]
    if op in COMPARISONS:
        return bool(COMPARISONS[op](*args))
    if op not in _NATURAL:
        return None
    a, b = args
    if (op in ("floordiv", "mod") and not b) or (op == "pow" and a > 1 and b > 53):
        raise Unpredictable
    value = _NATURAL[op](a, b)
    if not 0 <= value <= NAT_LIMIT:
        raise Unpredictable
    return value


_NATURAL: Mapping[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "pow": operator.pow,
    "monus": lambda a, b: max(a - b, 0),
}
