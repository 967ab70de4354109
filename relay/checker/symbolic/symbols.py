"""Symbols: the meaning of parameters, whose values are unknown."""

from __future__ import annotations

from relay.checker.symbolic.monomials import Factor
from relay.checker.symbolic.sizes import GiveUp, Size
from relay.checker.symbolic.sums import Sum
from relay.checker.symbolic.values import Matrix, Meaning, Names, Number, Reads, Scalar, SymbolicList, Vector
from relay.notation.syntax import BoolType, ListType, MatrixType, NatType, Parameter, ScalarType, Type, VectorType
from relay.notation.traversal import type_terms


def symbols(parameters: tuple[Parameter, ...], sizes: tuple[str, ...], reader: Reads) -> dict[str, Meaning]:
    """Return the meaning of every parameter and size name: symbols with that name.

    Notes the lower bounds in the algebra: 1 for size names, 0 for `Nat` parameters and lengths of lists.
    """
    names: dict[str, Meaning] = {}
    for name in sizes:
        reader.algebra.floors[name] = 1
        names[name] = Number(Size.name(name))
    for parameter in parameters:
        names[parameter.name] = _symbol(parameter.name, parameter.type, names, reader)
    return names


def _symbol(name: str, type_: Type, names: Names, reader: Reads) -> Meaning:
    if isinstance(type_, NatType):
        reader.algebra.floors[name] = 0
        return Number(Size.name(name))
    if isinstance(type_, ScalarType):
        return Scalar(reader.algebra.factor(Factor("entry", name, False, ())))
    if isinstance(type_, ListType):
        length = f"len {name}"
        reader.algebra.floors[length] = 0
        if isinstance(type_.item, ListType | NatType | BoolType):
            raise GiveUp
        item = type_.item
        return SymbolicList(Size.name(length), lambda k: symbol_array(name, item, names, (k,), reader))
    return symbol_array(name, type_, names, (), reader)


def symbol_array(name: str, type_: Type, names: Names, before: tuple[int, ...], reader: Reads) -> Meaning:
    """Return the scalar, vector or matrix of type `type_` whose entries are entries of the symbol `name`.

    An entry of the symbol has the indices `before`, followed by those of the array's entry. If the array is an item of
    a list, `before` contains the item's place in the list; otherwise it is empty.
    """

    def entry(*indices: int) -> Sum:
        return reader.algebra.factor(Factor("entry", name, False, (*before, *indices)))

    if isinstance(type_, ScalarType):
        return Scalar(entry())
    sizes = tuple(reader.size(term, names) for term in type_terms(type_))
    if not before:
        reader.algebra.declare(name, sizes)
    if isinstance(type_, VectorType):
        return Vector(sizes[0], entry)
    if isinstance(type_, MatrixType):
        return Matrix(sizes[0], sizes[1], entry)
    raise GiveUp
