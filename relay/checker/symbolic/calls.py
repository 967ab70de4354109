"""Calls of definitions.

A call of a known function (see `functions`) or of a descent (see `recursion`) becomes a symbol. Any other call is
opened: the body of the called definition is read instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.symbolic.determinants import adjugate, determinant
from relay.checker.symbolic.functions import DET, Known, known
from relay.checker.symbolic.recursion import Descents, descent
from relay.checker.symbolic.sizes import GiveUp, Size
from relay.checker.symbolic.values import Matrix, Meaning, Names, Number, Reads, Scalar, SymbolicList, Vector
from relay.notation.syntax import Call, Definition, ListType, MatrixType, Term, Type, Variable, VectorType

DEPTH = 40
"""Largest nesting depth of opened calls."""


class Calls:
    """Interprets the calls in one claim."""

    def __init__(self, reader: Reads, definitions: Mapping[str, Definition]) -> None:
        self._reader = reader
        self._algebra = reader.algebra
        self._definitions = definitions
        self._descents = Descents(reader)
        self._depth = 0
        self.recognised: set[str] = set()
        """Keys of the definitions that were recognised as a known function."""

    def read(self, term: Call, names: Names, callee: Definition | None) -> Meaning:
        """Return the meaning of `term`. Raises `GiveUp`.

        `callee` is the definition whose body contains `term`; None for the claim itself.
        """
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
        # If the number is certainly positive or known, opening the call gives more than a symbol.
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
        # A call is undefined if its value has another size than declared.
        for declared, actual in self._sizes(definition.result, value):
            if self._reader.size(declared, inner) != actual:
                raise GiveUp
        return value

    def _known(self, function: Known, definition: Definition, args: list[Meaning]) -> Meaning:
        """Return the determinant or adjugate of the only argument.

        Raises `GiveUp` if the argument may be smaller than `function.least`: there `definition` is another function.
        """
        matrix = args[0]
        if not isinstance(matrix, Matrix) or matrix.rows != matrix.columns:
            raise GiveUp
        # Below its least size, the definition is another function.
        least = matrix.rows.least(self._algebra.floors)
        if least is None or least < function.least:
            raise GiveUp
        self.recognised.add(definition.key)
        if function.name == DET:
            return Scalar(determinant(matrix, self._algebra))
        return adjugate(matrix, self._algebra, self._reader.facts)

    def _bind(self, definition: Definition, names: dict[str, Meaning]) -> None:
        """Add the size names of `definition` to `names`, which already contains its parameters.

        Raises `GiveUp` if an argument's size may differ from the declared one.
        """
        # All names first: a size term may use a name that a later parameter binds.
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if isinstance(declared, Variable) and declared.name in definition.sizes:
                    names.setdefault(declared.name, Number(actual))
        for parameter in definition.parameters:
            for declared, actual in self._sizes(parameter.type, names[parameter.name]):
                if self._reader.size(declared, names) != actual:
                    raise GiveUp

    def _sizes(self, declared: Type, value: Meaning) -> list[tuple[Term, Size]]:
        """Return pairs of sizes: one that the type `declared` states, and the one that `value` has in its place."""
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
                    raise GiveUp  # an empty list has no items whose sizes could be compared
                places = range(-1, -1 - number, -1) if number else [self._algebra.indices.fresh(value.length)]
                return [pair for k in places for pair in self._sizes(declared.item, value.at(k))]
        return []
