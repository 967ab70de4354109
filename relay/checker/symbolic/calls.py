"""Calls of definitions: known functions become symbols of their own, descents too, and all others are opened."""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.symbolic.determinants import adjugate, determinant
from relay.checker.symbolic.functions import DET, Known, known
from relay.checker.symbolic.recursion import Descents, descent
from relay.checker.symbolic.sizes import GiveUp, Size
from relay.checker.symbolic.values import Matrix, Meaning, Names, Number, Reads, Scalar, SymbolicList, Vector
from relay.notation.syntax import Call, Definition, ListType, MatrixType, Term, Type, Variable, VectorType

DEPTH = 40
"""Calls inside one another."""


class Calls:
    """Reads the calls in the terms of one claim."""

    def __init__(self, reader: Reads, definitions: Mapping[str, Definition]) -> None:
        self._reader = reader
        self._algebra = reader.algebra
        self._definitions = definitions
        self._descents = Descents(reader)
        self._depth = 0
        self.recognised: set[str] = set()
        """Definitions that were taken for a known function."""

    def read(self, term: Call, names: Names, callee: Definition | None) -> Meaning:
        definition = callee if term.key == "self" else self._definitions.get(term.key)
        if definition is None:
            raise GiveUp
        args = [self._reader.read(arg, names, callee) for arg in term.args]
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
            value = self._reader.read(definition.body, inner, definition)
        finally:
            self._depth -= 1
        for declared, actual in self._sizes(definition.result, value):
            if self._reader.size(declared, inner) != actual:
                raise GiveUp
        return value

    def _known(self, function: Known, definition: Definition, args: list[Meaning]) -> Meaning:
        matrix = args[0]
        if not isinstance(matrix, Matrix) or matrix.rows != matrix.columns:
            raise GiveUp
        least = matrix.rows.least(self._algebra.floors)
        if least is None or least < function.least:
            raise GiveUp
        self.recognised.add(definition.key)
        if function.name == DET:
            return Scalar(determinant(matrix, self._algebra))
        return adjugate(matrix, self._algebra, self._reader.facts)

    def _bind(self, definition: Definition, names: dict[str, Meaning]) -> None:
        """Bind the size names of a callee, and see that its parameters have the sizes that it says."""
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if isinstance(declared, Variable) and declared.name in definition.sizes:
                    names.setdefault(declared.name, Number(actual))
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if self._reader.size(declared, names) != actual:
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
                places = range(-1, -1 - number, -1) if number else [self._algebra.indices.fresh(value.length)]
                return [pair for k in places for pair in self._sizes(declared.item, value.at(k))]
        return []
