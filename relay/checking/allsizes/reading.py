"""From terms to what they mean at sizes that are not known. Whatever is read here is defined for all values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import cast

from relay.checking.allsizes.functions import DET, Known, known
from relay.checking.allsizes.letters import adjugate, determinant, product_over, text_of
from relay.checking.allsizes.monomials import Factor, GiveUp, concrete, inside
from relay.checking.allsizes.recursion import Descent, descent
from relay.checking.allsizes.rules import Rules
from relay.checking.allsizes.sizes import ONE, ZERO, Size
from relay.checking.allsizes.sums import Algebra, Sum
from relay.checking.allsizes.values import (
    All,
    Fact,
    Formula,
    Implies,
    Indicator,
    Items,
    Matrix,
    Meaning,
    NotZero,
    Number,
    Same,
    Scalar,
    Unknown,
    Vector,
    Zero,
)
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Condition,
    Definition,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Parameter,
    Range,
    ScalarType,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)
from relay.notation.syntax import Items as ItemsSource

DEPTH = 40
"""Calls inside one another."""
LONGEST = 6
"""Ranges of a known length are written out up to this one."""

Names = Mapping[str, Meaning]


class Reader:
    """Reads the terms of one claim."""

    def __init__(self, algebra: Algebra, definitions: Mapping[str, Definition]) -> None:
        self.algebra = algebra
        self.facts: list[Zero] = []
        """What is known about the symbols that were made for what was read."""
        self._definitions = definitions
        self._depth = 0
        self._grounded: dict[str, tuple[str, ...]] = {}
        """Descents that were seen to be defined; the parameters that commute with them."""
        self._known_to_commute: set[tuple[str, Size]] = set()
        self.recognised: set[str] = set()
        """Definitions that were taken for a known function."""

    # --- parameters --------------------------------------------------------------------------------------------------

    def symbols(self, parameters: tuple[Parameter, ...], sizes: tuple[str, ...]) -> dict[str, Meaning]:
        """A symbol for every parameter and size name."""
        names: dict[str, Meaning] = {}
        for name in sizes:
            self.algebra.floors[name] = 1
            names[name] = Number(Size.name(name))
        for parameter in parameters:
            names[parameter.name] = self._symbol(parameter.name, parameter.type, names)
        return names

    def _symbol(self, name: str, type_: Type, names: Names) -> Meaning:
        if isinstance(type_, NatType):
            self.algebra.floors[name] = 0
            return Number(Size.name(name))
        if isinstance(type_, ScalarType):
            return Scalar(self.algebra.factor(Factor("entry", name, False, ())))
        if isinstance(type_, ListType):
            length = f"len {name}"
            self.algebra.floors[length] = 0
            if isinstance(type_.item, ListType | NatType | BoolType):
                raise GiveUp
            item = type_.item
            return Items(Size.name(length), lambda k: self._array(name, item, names, (k,)))
        return self._array(name, type_, names, ())

    def _array(self, name: str, type_: Type, names: Names, before: tuple[int, ...]) -> Meaning:
        """The value whose entries are the symbol's, `before` standing before their own indices."""

        def entry(*indices: int) -> Sum:
            return self.algebra.factor(Factor("entry", name, False, (*before, *indices)))

        if isinstance(type_, ScalarType):
            return Scalar(entry())
        if isinstance(type_, VectorType):
            return Vector(self.size(type_.size, names), entry)
        if isinstance(type_, MatrixType):
            return Matrix(self.size(type_.rows, names), self.size(type_.columns, names), entry)
        raise GiveUp

    # --- terms -------------------------------------------------------------------------------------------------------

    def read(self, term: Term, names: Names, callee: Definition | None = None) -> Meaning:
        """The meaning of a term; `callee` is the definition that it stands in. Raises `GiveUp`."""
        self.algebra.spend()
        if isinstance(term, Numeral):
            if isinstance(term.type, NatType):
                return Number(Size.constant(term.value))
            return Scalar(self.algebra.number(term.value))
        if isinstance(term, Truth):
            return Fact(term.value)
        if isinstance(term, Variable):
            if term.name not in names:
                raise GiveUp
            return names[term.name]
        if isinstance(term, Apply):
            return self._apply(term, names, callee)
        if isinstance(term, Choice):
            return self._choice(term, names, callee)
        if isinstance(term, Call):
            return self._call(term, names, callee)
        if isinstance(term, Comprehension):
            return self._comprehension(term, names, callee)
        raise GiveUp

    def size(self, term: Term, names: Names) -> Size:
        """A natural number that is no index."""
        return _size(self.read(term, names))

    def _scalar(self, term: Term, names: Names, callee: Definition | None) -> Sum:
        value = self.read(term, names, callee)
        if not isinstance(value, Scalar):
            raise GiveUp
        return value.sum

    def _apply(self, term: Apply, names: Names, callee: Definition | None) -> Meaning:
        op = term.op
        if op == "eq" or op == "ne":
            same = self._equal(*(self.read(arg, names, callee) for arg in term.args))
            return same if op == "eq" else self._not(same)
        if op in ("lt", "le", "gt", "ge"):
            a, b = (self.read(arg, names, callee) for arg in term.args)
            if op in ("gt", "ge"):
                a, b = b, a
            return self._less(a, b) if op in ("lt", "gt") else self._not(self._less(b, a))
        if op == "not":
            return self._not(self._formula(term.args[0], names, callee))
        if op in ("entry", "component", "item"):
            return self._element(term, names, callee)
        if op == "len":
            value = self.read(term.args[0], names, callee)
            return Number(cast(Items, value).length)
        if op == "list":
            items = [self.read(arg, names, callee) for arg in term.args]
            return Items(Size.constant(len(items)), lambda k: self._pick(items, k))
        if op == "scalar":
            value = self.read(term.args[0], names, callee)
            if isinstance(value, Number) and value.index is not None:
                return Scalar(self._index(value.index))
            return Scalar(self.algebra.size(_size(value)))
        if isinstance(term.type, NatType):
            return self._natural(op, [_size(self.read(arg, names, callee)) for arg in term.args])
        if isinstance(term.type, ScalarType):
            return Scalar(self._arithmetic(term, names, callee))
        raise GiveUp

    def _pick(self, items: list[Meaning], index: int) -> Meaning:
        """An item of a list that is written out."""
        number = concrete(index)
        if number is not None:
            return items[number]
        if len(items) > LONGEST:
            raise GiveUp
        algebra = self.algebra
        chosen = [algebra.factor(Factor("equal", "", False, (index, -1 - k))) for k in range(len(items))]

        def mixed(parts: list[Sum]) -> Sum:
            return algebra.add(*(algebra.mul(one, part) for one, part in zip(chosen, parts, strict=True)))

        if all(isinstance(item, Scalar) for item in items):
            return Scalar(mixed([item.sum for item in items if isinstance(item, Scalar)]))
        vectors = [item for item in items if isinstance(item, Vector)]
        if len(vectors) == len(items) and len({v.size for v in vectors}) == 1:
            return Vector(vectors[0].size, lambda i: mixed([v.at(i) for v in vectors]))
        raise GiveUp

    def _index(self, index: int) -> Sum:
        number = concrete(index)
        if number is not None:
            return self.algebra.number(number)
        return self.algebra.factor(Factor("index", "", False, (index,)))

    def _natural(self, op: str, args: list[Size]) -> Number:
        if op == "add":
            return Number(args[0] + args[1])
        if op == "mul":
            return Number(args[0] * args[1])
        if op == "sub":
            difference = args[0] - args[1]
            least = difference.least(self.algebra.floors)
            if least is not None and least >= 0:
                return Number(difference)
        numbers = [arg.number for arg in args]
        if op == "pow" and numbers[1] is not None and 0 <= numbers[1] <= LONGEST:
            result = ONE
            for _ in range(numbers[1]):
                result = result * args[0]
            return Number(result)
        if op in ("floordiv", "mod") and numbers[0] is not None and numbers[1]:
            return Number(Size.constant(numbers[0] // numbers[1] if op == "floordiv" else numbers[0] % numbers[1]))
        raise GiveUp

    def _arithmetic(self, term: Apply, names: Names, callee: Definition | None) -> Sum:
        algebra = self.algebra
        first = self._scalar(term.args[0], names, callee)
        if term.op == "neg":
            return algebra.times(-1, first)
        if term.op == "conj":
            return algebra.conj(first)
        if term.op == "pow":
            exponent = self.read(term.args[1], names, callee)
            if isinstance(exponent, Number) and exponent.index is not None and concrete(exponent.index) is None:
                raise GiveUp
            return algebra.pow(first, _size(exponent))
        second = self._scalar(term.args[1], names, callee)
        if term.op == "add":
            return algebra.add(first, second)
        if term.op == "sub":
            return algebra.sub(first, second)
        if term.op == "mul":
            return algebra.mul(first, second)
        if term.op == "div":
            return algebra.mul(first, algebra.inverse(second))
        raise GiveUp

    def _element(self, term: Apply, names: Names, callee: Definition | None) -> Meaning:
        array = self.read(term.args[0], names, callee)
        places = [self.read(arg, names, callee) for arg in term.args[1:]]
        if isinstance(array, Vector):
            return Scalar(array.at(self._within(places[0], array.size)))
        if isinstance(array, Matrix):
            i, j = self._within(places[0], array.rows), self._within(places[1], array.columns)
            return Scalar(array.at(i, j))
        if isinstance(array, Items):
            return array.at(self._within(places[0], array.length))
        raise GiveUp

    def _within(self, place: Meaning, bound: Size) -> int:
        """An index that is certain to lie below a bound."""
        index = None
        if isinstance(place, Number):
            number = place.size.number
            index = place.index if place.index is not None else (-1 - number if number is not None else None)
        if index is None or not inside(index, bound, self.algebra.domains, self.algebra.floors):
            raise GiveUp
        return index

    # --- truth -------------------------------------------------------------------------------------------------------

    def formula(self, term: Term, names: Names) -> Formula:
        """The meaning of a truth value. Raises `GiveUp`."""
        return self._formula(term, names, None)

    def _formula(self, term: Term, names: Names, callee: Definition | None) -> Formula:
        value = self.read(term, names, callee)
        if isinstance(value, Number | Scalar | Vector | Matrix | Items):
            raise GiveUp
        return value

    def _equal(self, a: Meaning, b: Meaning) -> Formula:
        algebra = self.algebra
        if isinstance(a, Scalar) and isinstance(b, Scalar):
            return Zero(algebra.sub(a.sum, b.sum))
        if isinstance(a, Vector) and isinstance(b, Vector):
            if a.size != b.size:
                raise GiveUp
            if _short(a.size):
                return All(tuple(Zero(algebra.sub(a.at(k), b.at(k))) for k in _short(a.size)))
            i = algebra.indices.fresh(a.size)
            return Zero(algebra.sub(a.at(i), b.at(i)), (i,))
        if isinstance(a, Matrix) and isinstance(b, Matrix):
            if (a.rows, a.columns) != (b.rows, b.columns):
                raise GiveUp
            if _short(a.rows) and _short(a.columns):
                places = list(product(_short(a.rows), _short(a.columns)))
                return All(tuple(Zero(algebra.sub(a.at(*place), b.at(*place))) for place in places))
            i, j = algebra.indices.fresh(a.rows), algebra.indices.fresh(a.columns)
            return Zero(algebra.sub(a.at(i, j), b.at(i, j)), (i, j))
        if isinstance(a, Number) and isinstance(b, Number):
            return self._equal_numbers(a, b)
        if isinstance(a, Items) and isinstance(b, Items):
            if a.length != b.length:
                raise GiveUp
            number = a.length.number
            if number is not None and number <= LONGEST:
                return All(tuple(self._equal(a.at(-1 - k), b.at(-1 - k)) for k in range(number)))
            k = algebra.indices.fresh(a.length)
            inner = self._equal(a.at(k), b.at(k))
            return _for_all(inner, k)
        if isinstance(a, Number | Scalar | Vector | Matrix | Items):
            raise GiveUp
        if isinstance(b, Number | Scalar | Vector | Matrix | Items):
            raise GiveUp
        return Same(a, b)

    def _equal_numbers(self, a: Number, b: Number) -> Formula:
        i, j = _place(a), _place(b)
        if i is not None and j is not None and (a.index is not None or b.index is not None):
            return self._indicator("equal", i, j)
        if a.index is not None or b.index is not None:
            raise GiveUp
        difference = a.size - b.size
        if not difference.terms:
            return Fact(True)
        for signed in (difference, ZERO - difference):
            least = signed.least(self.algebra.floors)
            if least is not None and least > 0:
                return Fact(False)
        raise GiveUp

    def _less(self, a: Meaning, b: Meaning) -> Formula:
        if not (isinstance(a, Number) and isinstance(b, Number)):
            raise GiveUp
        i, j = _place(a), _place(b)
        if i is not None and j is not None and (a.index is not None or b.index is not None):
            if concrete(j) == 0:
                return Fact(False)
            return self._indicator("less", i, j)
        if a.index is not None and j is None:  # an index against a size
            if inside(a.index, b.size, self.algebra.domains, self.algebra.floors):
                return Fact(True)
            raise GiveUp
        if b.index is not None:
            raise GiveUp
        least = (b.size - a.size).least(self.algebra.floors)
        if least is not None and least > 0:
            return Fact(True)
        least = (a.size - b.size).least(self.algebra.floors)
        if least is not None and least >= 0:
            return Fact(False)
        raise GiveUp

    def _indicator(self, kind: str, i: int, j: int) -> Formula:
        found = self.algebra.factor(Factor(kind, "", False, (i, j)))
        return _settled(Indicator(found), self.algebra)

    def _not(self, formula: Formula) -> Formula:
        if isinstance(formula, Fact):
            return Fact(not formula.value)
        if isinstance(formula, Indicator):
            return Indicator(self.algebra.sub(self.algebra.number(1), formula.sum))
        if isinstance(formula, Zero):
            return NotZero(formula.sum, formula.free)
        if isinstance(formula, NotZero):
            return Zero(formula.sum, formula.free)
        return Unknown()

    def _and(self, a: Formula, b: Formula) -> Formula:
        if isinstance(a, Fact):
            return b if a.value else a
        if isinstance(b, Fact) and b.value:
            return a
        if isinstance(a, Indicator) and isinstance(b, Indicator):
            return _settled(Indicator(self.algebra.mul(a.sum, b.sum)), self.algebra)
        return All((a, b))

    def _where(self, condition: Formula, formula: Formula) -> Formula:
        """The formula, where a condition on indices holds."""
        if isinstance(condition, Fact):
            return formula if condition.value else Fact(True)
        if not isinstance(condition, Indicator):
            return Implies(condition, formula)
        if isinstance(formula, Zero):
            return Zero(self.algebra.mul(condition.sum, formula.sum), formula.free)
        if isinstance(formula, All):
            return All(tuple(self._where(condition, part) for part in formula.parts))
        if isinstance(formula, Fact):
            return formula if formula.value else self._not(condition)
        if isinstance(formula, Indicator):
            negated = self.algebra.sub(self.algebra.number(1), formula.sum)
            return Indicator(self.algebra.sub(self.algebra.number(1), self.algebra.mul(condition.sum, negated)))
        return Unknown()

    def _choice(self, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        condition = self._formula(term.args[0], names, callee)
        if term.kind == "if":
            return self._branches(condition, term, names, callee)
        if isinstance(condition, Fact):
            decides = {"and": not condition.value, "or": condition.value, "implies": not condition.value}[term.kind]
            if decides:
                return Fact(term.kind != "and")
            return self._formula(term.args[1], names, callee)
        other = self._formula(term.args[1], names, callee)
        if term.kind == "and":
            return self._and(condition, other)
        if term.kind == "implies":
            return self._where(condition, other)
        for one, two in ((condition, other), (other, condition)):
            if isinstance(one, Indicator):
                return self._where(self._not(one), two)
        return Unknown()

    def _branches(self, condition: Formula, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        if isinstance(condition, Fact):
            return self.read(term.args[1 if condition.value else 2], names, callee)
        if not isinstance(condition, Indicator) or not isinstance(term.type, ScalarType | VectorType | MatrixType):
            raise GiveUp
        algebra, one = self.algebra, condition.sum
        other = algebra.sub(algebra.number(1), one)

        def joined(a: Sum, b: Sum) -> Sum:
            return algebra.add(algebra.mul(one, a), algebra.mul(other, b))

        a, b = (self.read(arg, names, callee) for arg in term.args[1:])
        if isinstance(a, Scalar) and isinstance(b, Scalar):
            return Scalar(joined(a.sum, b.sum))
        if isinstance(a, Vector) and isinstance(b, Vector) and a.size == b.size:
            return Vector(a.size, lambda i: joined(a.at(i), b.at(i)))
        if isinstance(a, Matrix) and isinstance(b, Matrix) and (a.rows, a.columns) == (b.rows, b.columns):
            return Matrix(a.rows, a.columns, lambda i, j: joined(a.at(i, j), b.at(i, j)))
        raise GiveUp

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, term: Call, names: Names, callee: Definition | None) -> Meaning:
        definition = callee if term.key == "self" else self._definitions.get(term.key)
        if definition is None:
            raise GiveUp
        args = [self.read(arg, names, callee) for arg in term.args]
        function = known(definition, self._definitions)
        if function is not None:
            return self._known(function, definition, args)
        inner: dict[str, Meaning] = {}
        for parameter, arg in zip(definition.parameters, args, strict=True):
            inner[parameter.name] = arg
        self._bind(definition, inner)
        down = descent(definition)
        if down is not None and self._undecided(args[down.position]):
            return self._symbolic(definition, down, inner)
        self._depth += 1
        if self._depth > DEPTH:
            raise GiveUp
        try:
            return self.read(definition.body, inner, definition)
        finally:
            self._depth -= 1

    # --- recursion ---------------------------------------------------------------------------------------------------

    def _undecided(self, number: Meaning) -> bool:
        """Whether a number may be 0 or not."""
        size = _size(number)
        least = size.least(self.algebra.floors)
        return size.number is None and (least is None or least < 1)

    def _symbolic(self, definition: Definition, down: Descent, names: Names) -> Meaning:
        """The value of a descent from an unknown number: a symbol, since it is defined for all of them."""
        number = definition.parameters[down.position].name
        others = [self._text(names[p.name]) for p in definition.parameters if p.name != number]
        head = f"{definition.key} of {' and '.join(others)}"
        if head not in self._grounded:
            self._grounded[head] = ()
            self._ground(definition, down, {**names}, number, head)
        value = self._made(definition, names, head, number)
        size = _size(names[number])
        if isinstance(value, Matrix) and (head, size) not in self._known_to_commute:
            self._known_to_commute.add((head, size))
            for name in self._grounded[head]:
                self.facts.append(self._commutator(cast(Matrix, names[name]), value))
        return value

    def _made(self, definition: Definition, names: Names, head: str, number: str) -> Meaning:
        """The symbol for a value of a descent."""
        symbol = f"{head} from {_size(names[number]).terms}"
        type_ = definition.result
        if isinstance(type_, NatType):
            self.algebra.floors[symbol] = 0
            return Number(Size.name(symbol))
        return self._array(symbol, type_, names, ())

    def _ground(self, definition: Definition, down: Descent, names: dict[str, Meaning], number: str, head: str) -> None:
        """See that base and step are defined and of the type that is said; and which parameters commute with what
        comes of it."""
        last = f"last of {head}"
        self.algebra.floors[last] = 1
        at = {**names, number: Number(ZERO)}, {**names, number: Number(Size.name(last))}
        base, step = self.read(down.base, at[0], definition), self.read(down.step, at[1], definition)
        for value, where in ((base, at[0]), (step, at[1])):
            if _shape(value) != _shape(self._made(definition, where, head, number)):
                raise GiveUp
        if not (isinstance(base, Matrix) and isinstance(step, Matrix) and base.rows == base.columns):
            return
        before = {**names, number: Number(Size.name(last) - ONE)}
        found = self._made(definition, before, head, number)
        for parameter in definition.parameters:
            given = names[parameter.name]
            if not isinstance(given, Matrix) or _shape(given) != _shape(base) or not isinstance(found, Matrix):
                continue
            rules = Rules(self.algebra)
            rules.learn([self._commutator(given, found)])
            if not any(rules.reduced(self._commutator(given, value).sum) for value in (base, step)):
                self._grounded[head] = (*self._grounded[head], parameter.name)

    def _commutator(self, a: Matrix, b: Matrix) -> Zero:
        """`a b - b a`, at indices of its own."""
        algebra = self.algebra
        i, j, k = (algebra.indices.fresh(a.rows) for _ in range(3))
        one = algebra.over(algebra.mul(a.at(i, k), b.at(k, j)), k)
        two = algebra.over(algebra.mul(b.at(i, k), a.at(k, j)), k)
        return Zero(algebra.sub(one, two), (i, j))

    def _text(self, value: Meaning) -> str:
        """A value as text, the same for equal values."""
        algebra = self.algebra
        if isinstance(value, Number):
            return repr(_size(value).terms)
        if isinstance(value, Scalar):
            return text_of(value.sum, ())
        if isinstance(value, Vector):
            place = algebra.place(0, value.size)
            return f"{value.size.terms} {text_of(value.at(place), (place,))}"
        if isinstance(value, Matrix):
            i, j = algebra.place(0, value.rows), algebra.place(1, value.columns)
            return f"{value.rows.terms} {value.columns.terms} {text_of(value.at(i, j), (i, j))}"
        raise GiveUp

    def _known(self, function: Known, definition: Definition, args: list[Meaning]) -> Meaning:
        matrix = args[0]
        if not isinstance(matrix, Matrix) or matrix.rows != matrix.columns:
            raise GiveUp
        least = matrix.rows.least(self.algebra.floors)
        if least is None or least < function.least:
            raise GiveUp
        self.recognised.add(definition.key)
        if function.name == DET:
            return Scalar(determinant(matrix, self.algebra))
        return adjugate(matrix, self.algebra, self.facts)

    def _bind(self, definition: Definition, names: dict[str, Meaning]) -> None:
        """Bind the size names of a callee, and see that its parameters have the sizes that it says."""
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if isinstance(declared, Variable) and declared.name in definition.sizes:
                    names.setdefault(declared.name, Number(actual))
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if self.size(declared, names) != actual:
                    raise GiveUp

    def _sizes(self, declared: Type, value: Meaning) -> list[tuple[Term, Size]]:
        """The sizes that a type declares, and those that a value has."""
        if isinstance(declared, VectorType) and isinstance(value, Vector):
            return [(declared.size, value.size)]
        if isinstance(declared, MatrixType) and isinstance(value, Matrix):
            return [(declared.rows, value.rows), (declared.columns, value.columns)]
        if isinstance(declared, ListType):
            if not isinstance(value, Items) or isinstance(declared.item, ListType):
                raise GiveUp
            if isinstance(declared.item, VectorType | MatrixType):
                number = value.length.number
                if number == 0:
                    raise GiveUp  # an empty list has its sizes from its type
                places = range(-1, -1 - number, -1) if number else [self.algebra.indices.fresh(value.length)]
                return [pair for k in places for pair in self._sizes(declared.item, value.at(k))]
        return []

    def _one_of(self, items: list[Sum], index: int) -> Sum:
        """The item at an index that is below the number of items."""
        picked = self._pick([Scalar(item) for item in items], index)
        assert isinstance(picked, Scalar)
        return picked.sum

    # --- comprehensions ----------------------------------------------------------------------------------------------

    def _comprehension(self, term: Comprehension, names: Names, callee: Definition | None) -> Meaning:
        if term.kind == "vector" and isinstance(term.type, VectorType):
            (size,) = self._ranges(term, names, callee)
            variable, i = _variable(term, 0), self.algebra.indices.fresh(size)
            if _short(size):
                items = [self._scalar(term.body, {**names, variable: _indexed(k)}, callee) for k in _short(size)]
                return Vector(size, lambda k: self._one_of(items, k))
            component = self._scalar(term.body, {**names, variable: _indexed(i)}, callee)
            return Vector(size, lambda k: self.algebra.put(component, {i: k}))
        if term.kind == "matrix" and isinstance(term.type, MatrixType):
            rows, columns = self._ranges(term, names, callee)
            i, j = self.algebra.indices.fresh(rows), self.algebra.indices.fresh(columns)
            one, two = _variable(term, 0), _variable(term, 1)
            if _short(rows) and _short(columns):
                table = [
                    [self._scalar(term.body, {**names, one: _indexed(a), two: _indexed(b)}, callee)
                     for b in _short(columns)]
                    for a in _short(rows)
                ]  # fmt: skip
                return Matrix(rows, columns, lambda a, b: self._one_of([self._one_of(row, b) for row in table], a))
            inner = {**names, one: _indexed(i), two: _indexed(j)}
            entry = self._scalar(term.body, inner, callee)
            return Matrix(rows, columns, lambda a, b: self.algebra.put(entry, {i: a, j: b}))
        if term.kind == "sum" and isinstance(term.type, ScalarType):
            return Scalar(self._total(term, 0, names, callee))
        if term.kind == "prod" and isinstance(term.type, ScalarType):
            return Scalar(self._product(term, 0, names, callee))
        if term.kind == "all":
            return self._all(term, 0, names, callee)
        if term.kind == "any":
            return self._not(self._all(replace(term, kind="none"), 0, names, callee))
        if term.kind == "list" and len(term.clauses) == 1:
            return self._list(term, names, callee)
        raise GiveUp

    def _ranges(self, term: Comprehension, names: Names, callee: Definition | None) -> list[Size]:
        sizes = []
        for clause in term.clauses:
            if isinstance(clause, Condition) or not isinstance(clause.source, Range):
                raise GiveUp
            start = _size(self.read(clause.source.start, names, callee))
            if start.number != 0:
                raise GiveUp
            stop = _size(self.read(clause.source.stop, names, callee))
            sizes.append(stop)
        return sizes

    def _total(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Sum:
        if at == len(term.clauses):
            return self._scalar(term.body, names, callee)
        clause = term.clauses[at]
        if isinstance(clause, Condition):
            condition = self._formula(clause.term, names, callee)
            if isinstance(condition, Fact):
                return self._total(term, at + 1, names, callee) if condition.value else self.algebra.number(0)
            if not isinstance(condition, Indicator):
                raise GiveUp
            return self.algebra.mul(condition.sum, self._total(term, at + 1, names, callee))
        total: list[Sum] = []
        for index, where, value in self._walk(term, at, names, callee):
            inner = self._total(term, at + 1, {**names, clause.variable.name: value}, callee)
            inner = inner if where is None else self.algebra.mul(where, inner)
            total.append(inner if index is None else self.algebra.over(inner, index))
        return self.algebra.add(*total)

    def _product(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Sum:
        if at == len(term.clauses):
            return self._scalar(term.body, names, callee)
        clause = term.clauses[at]
        if isinstance(clause, Condition):
            raise GiveUp
        result = self.algebra.number(1)
        for index, condition, value in self._walk(term, at, names, callee):
            inner = self._product(term, at + 1, {**names, clause.variable.name: value}, callee)
            if condition is not None:
                raise GiveUp
            result = self.algebra.mul(result, inner if index is None else product_over(inner, index, self.algebra))
        return result

    def _all(self, term: Comprehension, at: int, names: Names, callee: Definition | None) -> Formula:
        """That the body is true for all that is ranged over, or that it is false."""
        if at == len(term.clauses):
            body = self._formula(term.body, names, callee)
            return body if term.kind == "all" else self._not(body)
        clause = term.clauses[at]
        if isinstance(clause, Condition):
            condition = self._formula(clause.term, names, callee)
            return self._where(condition, self._all(term, at + 1, names, callee))
        parts: list[Formula] = []
        for index, where, value in self._walk(term, at, names, callee):
            inner = self._all(term, at + 1, {**names, clause.variable.name: value}, callee)
            inner = inner if where is None else self._where(Indicator(where), inner)
            parts.append(inner if index is None else _for_all(inner, index))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _walk(
        self, term: Comprehension, at: int, names: Names, callee: Definition | None
    ) -> list[tuple[int | None, Sum | None, Meaning]]:
        """What the generator at a place ranges over: an index (None where a value stands by itself), the condition on
        it, and the variable's value."""
        clause = term.clauses[at]
        assert not isinstance(clause, Condition)
        if isinstance(clause.source, ItemsSource):
            items = self.read(clause.source.list, names, callee)
            if not isinstance(items, Items):
                raise GiveUp
            number = items.length.number
            if number is not None and number <= LONGEST:
                return [(None, None, items.at(-1 - k)) for k in range(number)]
            index = self.algebra.indices.fresh(items.length)
            return [(index, None, items.at(index))]
        if not isinstance(clause.source, Range):
            raise GiveUp
        start = self.read(clause.source.start, names, callee)
        stop = self.read(clause.source.stop, names, callee)
        if not (isinstance(start, Number) and isinstance(stop, Number)):
            raise GiveUp
        below, domain = None, stop.size
        if stop.index is not None and concrete(stop.index) is None:
            below, domain = stop.index, self.algebra.domains[stop.index]
        elif stop.index is not None:
            domain = Size.constant(cast(int, concrete(stop.index)))
        low, high = start.size.number, domain.number
        if start.index is None and below is None and low is not None and high is not None and high - low <= LONGEST:
            return [(None, None, _indexed(-1 - k)) for k in range(low, high)]
        index = self.algebra.indices.fresh(domain)
        condition: Sum | None = None
        first = _place(start)
        if first is None:
            raise GiveUp
        if concrete(first) != 0:
            less = self.algebra.factor(Factor("less", "", False, (index, first)))
            condition = self.algebra.sub(self.algebra.number(1), less)
        if below is not None:
            less = self.algebra.factor(Factor("less", "", False, (index, below)))
            condition = less if condition is None else self.algebra.mul(condition, less)
        return [(index, condition, _indexed(index))]

    def _list(self, term: Comprehension, names: Names, callee: Definition | None) -> Items:
        clause = term.clauses[0]
        if isinstance(clause, Condition):
            raise GiveUp
        name = clause.variable.name
        source: Items | None = None
        if isinstance(clause.source, ItemsSource):
            found = self.read(clause.source.list, names, callee)
            if not isinstance(found, Items):
                raise GiveUp
            source, length = found, found.length
        else:
            (length,) = self._ranges(term, names, callee)

        def item(k: int) -> Meaning:
            value = _indexed(k) if source is None else source.at(k)
            return self.read(term.body, {**names, name: value}, callee)

        item(self.algebra.indices.fresh(length))  # whatever it is, it is defined
        return Items(length, item)


def _shape(value: Meaning) -> tuple[object, ...]:
    """What kind of value it is, and its sizes."""
    if isinstance(value, Vector):
        return Vector, value.size
    if isinstance(value, Matrix):
        return Matrix, value.rows, value.columns
    if isinstance(value, Number | Scalar):
        return (type(value),)
    raise GiveUp


def _short(size: Size) -> range:
    """The indices below a size that is a small number, none where it is not."""
    number = size.number
    return range(-1, -1 - number, -1) if number is not None and number <= LONGEST else range(0)


def _indexed(index: int) -> Number:
    number = concrete(index)
    return Number(ZERO, index) if number is None else Number(Size.constant(number), index)


def _place(number: Number) -> int | None:
    """A natural number as an index, where it is one or a constant."""
    if number.index is not None:
        return number.index
    value = number.size.number
    return None if value is None or value < 0 else -1 - value


def _size(value: Meaning) -> Size:
    if not isinstance(value, Number) or (value.index is not None and concrete(value.index) is None):
        raise GiveUp
    return value.size


def _variable(term: Comprehension, at: int) -> str:
    clause = term.clauses[at]
    if isinstance(clause, Condition):
        raise GiveUp
    return clause.variable.name


def _settled(indicator: Indicator, algebra: Algebra) -> Formula:
    """A fact, where the indicator is 0 or 1 whatever the indices are."""
    if not indicator.sum:
        return Fact(False)
    if not algebra.sub(indicator.sum, algebra.number(1)):
        return Fact(True)
    return indicator


def _for_all(formula: Formula, index: int) -> Formula:
    if isinstance(formula, Zero):
        return Zero(formula.sum, (*formula.free, index))
    if isinstance(formula, All):
        return All(tuple(_for_all(part, index) for part in formula.parts))
    if isinstance(formula, Fact):
        # the range may be empty, so that a certain falsehood says only that it is
        return formula if formula.value else Unknown()
    return Unknown()
