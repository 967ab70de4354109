"""From terms to what they mean at sizes that are not known. Whatever is read here is defined for all values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from relay.checker.symbolic.arrays import pick
from relay.checker.symbolic.comprehensions import Comprehensions
from relay.checker.symbolic.determinants import adjugate, determinant
from relay.checker.symbolic.formulas import both, equal, less, negated, restricted
from relay.checker.symbolic.functions import DET, Known, known
from relay.checker.symbolic.monomials import Factor, concrete, inside
from relay.checker.symbolic.recursion import Descents, descent
from relay.checker.symbolic.sizes import ONE, GiveUp, Size
from relay.checker.symbolic.sums import Algebra, Sum
from relay.checker.symbolic.values import (
    LONGEST,
    CertainTruth,
    Formula,
    Indicator,
    Matrix,
    Meaning,
    Names,
    Number,
    Scalar,
    SymbolicList,
    Unknown,
    Vector,
    Zero,
    shape_of,
    size_of,
)
from relay.notation.comparisons import AS_LESS, EQUALITIES
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Definition,
    ListType,
    MatrixType,
    NatType,
    Numeral,
    Parameter,
    ScalarType,
    Term,
    Truth,
    Type,
    Variable,
    VectorType,
)
from relay.notation.traversal import type_terms

DEPTH = 40
"""Calls inside one another."""
READING = 5
"""Steps of work for one term."""


class TermInterpreter:
    """Reads the terms of one claim."""

    def __init__(self, algebra: Algebra, definitions: Mapping[str, Definition]) -> None:
        self.algebra = algebra
        self.facts: list[Zero] = []
        """What is known about the symbols that were made for what was read."""
        self._definitions = definitions
        self._depth = 0
        self._comprehensions = Comprehensions(self)
        self._descents = Descents(self)
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
            return SymbolicList(Size.name(length), lambda k: self.array(name, item, names, (k,)))
        return self.array(name, type_, names, ())

    def array(self, name: str, type_: Type, names: Names, before: tuple[int, ...]) -> Meaning:
        """The value whose entries are the symbol's, `before` standing before their own indices."""

        def entry(*indices: int) -> Sum:
            return self.algebra.factor(Factor("entry", name, False, (*before, *indices)))

        if isinstance(type_, ScalarType):
            return Scalar(entry())
        sizes = tuple(self.size(term, names) for term in type_terms(type_))
        if not before:
            self.algebra.declare(name, sizes)
        if isinstance(type_, VectorType):
            return Vector(sizes[0], entry)
        if isinstance(type_, MatrixType):
            return Matrix(sizes[0], sizes[1], entry)
        raise GiveUp

    # --- terms -------------------------------------------------------------------------------------------------------

    def read(self, term: Term, names: Names, callee: Definition | None = None) -> Meaning:
        """The meaning of a term; `callee` is the definition that it stands in. Raises `GiveUp`."""
        self.algebra.spend(READING)
        if isinstance(term, Numeral):
            if isinstance(term.type, NatType):
                return Number(Size.constant(term.value))
            return Scalar(self.algebra.number(term.value))
        if isinstance(term, Truth):
            return CertainTruth(term.value)
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
            return self._comprehensions.read(term, names, callee)
        raise GiveUp

    def size(self, term: Term, names: Names) -> Size:
        """A natural number that is no index."""
        return size_of(self.read(term, names))

    def scalar(self, term: Term, names: Names, callee: Definition | None) -> Sum:
        value = self.read(term, names, callee)
        if not isinstance(value, Scalar):
            raise GiveUp
        return value.sum

    def _apply(self, term: Apply, names: Names, callee: Definition | None) -> Meaning:
        op = term.op
        if op in EQUALITIES:
            a, b = (self.read(arg, names, callee) for arg in term.args)
            same = equal(a, b, self.algebra)
            return same if op == "eq" else negated(same, self.algebra)
        if op in AS_LESS:
            a, b = (self.read(arg, names, callee) for arg in term.args)
            exchanged, denied = AS_LESS[op]
            below = less(b, a, self.algebra) if exchanged else less(a, b, self.algebra)
            return negated(below, self.algebra) if denied else below
        if op == "not":
            return negated(self.truth(term.args[0], names, callee), self.algebra)
        if op in ("entry", "component", "item"):
            return self._element(term, names, callee)
        if op == "len":
            value = self.read(term.args[0], names, callee)
            return Number(cast(SymbolicList, value).length)
        if op == "list":
            items = [self.read(arg, names, callee) for arg in term.args]
            if len(items) > 1 and len({shape_of(item) for item in items}) > 1:
                raise GiveUp
            return SymbolicList(Size.constant(len(items)), lambda k: pick(items, k, self.algebra))
        if op == "scalar":
            value = self.read(term.args[0], names, callee)
            if isinstance(value, Number) and value.index is not None:
                return Scalar(self._index(value.index))
            return Scalar(self.algebra.size(size_of(value)))
        if isinstance(term.type, NatType):
            return self._natural(op, [size_of(self.read(arg, names, callee)) for arg in term.args])
        if isinstance(term.type, ScalarType):
            return Scalar(self._arithmetic(term, names, callee))
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
        first = self.scalar(term.args[0], names, callee)
        if term.op == "neg":
            return algebra.times(-1, first)
        if term.op == "conj":
            return algebra.conj(first)
        if term.op == "pow":
            exponent = self.read(term.args[1], names, callee)
            if isinstance(exponent, Number) and exponent.index is not None and concrete(exponent.index) is None:
                raise GiveUp
            return algebra.pow(first, size_of(exponent))
        second = self.scalar(term.args[1], names, callee)
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
        if isinstance(array, SymbolicList):
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
        return self.truth(term, names, None)

    def truth(self, term: Term, names: Names, callee: Definition | None) -> Formula:
        value = self.read(term, names, callee)
        if isinstance(value, Number | Scalar | Vector | Matrix | SymbolicList):
            raise GiveUp
        return value

    def _choice(self, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        condition = self.truth(term.args[0], names, callee)
        if term.kind == "if":
            return self._branches(condition, term, names, callee)
        if isinstance(condition, CertainTruth):
            decides = {"and": not condition.value, "or": condition.value, "implies": not condition.value}[term.kind]
            if decides:
                return CertainTruth(term.kind != "and")
            return self.truth(term.args[1], names, callee)
        other = self.truth(term.args[1], names, callee)
        if term.kind == "and":
            return both(condition, other, self.algebra)
        if term.kind == "implies":
            return restricted(condition, other, self.algebra)
        for one, two in ((condition, other), (other, condition)):
            if isinstance(one, Indicator):
                return restricted(negated(one, self.algebra), two, self.algebra)
        return Unknown()

    def _branches(self, condition: Formula, term: Choice, names: Names, callee: Definition | None) -> Meaning:
        if isinstance(condition, CertainTruth):
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
        if down is not None and self._descents.undecided(args[down.position]):
            return self._descents.symbolic(definition, down, inner)
        self._depth += 1
        if self._depth > DEPTH:
            raise GiveUp
        try:
            value = self.read(definition.body, inner, definition)
        finally:
            self._depth -= 1
        for declared, actual in self._sizes(definition.result, value):
            if self.size(declared, inner) != actual:
                raise GiveUp
        return value

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
            if not isinstance(value, SymbolicList) or isinstance(declared.item, ListType):
                raise GiveUp
            if isinstance(declared.item, VectorType | MatrixType):
                number = value.length.number
                if number == 0:
                    raise GiveUp  # an empty list has its sizes from its type
                places = range(-1, -1 - number, -1) if number else [self.algebra.indices.fresh(value.length)]
                return [pair for k in places for pair in self._sizes(declared.item, value.at(k))]
        return []

    # --- comprehensions ----------------------------------------------------------------------------------------------
